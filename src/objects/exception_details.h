// What the built-in exception classes with native attributes share: where the attributes lie in Exception::details(), and the
// rows.
#pragma once
#include "objects/exception.h"
#include "objects/object.h"

namespace baton {

// Every details array has room for the largest class, so that a mismatched class can never index beyond it.
inline constexpr Index kDetailCount = 8;

enum ValueDetail : u32 { kDetailValue };  // StopIteration.value, SystemExit.code
enum ImportDetail : u32 { kImportMsg, kImportName, kImportPath };
enum NameDetail : u32 { kDetailName, kDetailObj };  // NameError.name; AttributeError.name, obj
enum OSDetail : u32 { kOSErrno, kOSStrerror, kOSFilename, kOSFilename2, kOSWritten };
enum SyntaxDetail : u32 {
  kSyntaxMsg,
  kSyntaxFilename,
  kSyntaxLineno,
  kSyntaxOffset,
  kSyntaxText,
  kSyntaxEndLineno,
  kSyntaxEndOffset,
  kSyntaxPrint
};
enum UnicodeDetail : u32 { kUnicodeEncoding, kUnicodeObject, kUnicodeStart, kUnicodeEnd, kUnicodeReason };
enum GroupDetail : u32 { kGroupMessage, kGroupExceptions };

// Absent when it was never set.
inline Value detail_at(const Exception* e, u32 index) {
  ValueArray* details = e->details();
  return details ? details->at(index) : Value();
}
inline Value detail_or_none(const Exception* e, u32 index) {
  Value v = detail_at(e, index);
  return v.is_present() ? v : kNone;
}
Result<void> set_detail(Thread& thread, Exception* e, u32 index, Value value_or_absent);

template <u32 index>
Result<Value> get_detail_row(Thread&, Value self) {
  return detail_or_none(self.as<Exception>(), index);
}
template <u32 index>
Result<void> set_detail_row(Thread& thread, Value self, Value v) {
  return set_detail(thread, self.as<Exception>(), index, v);
}
#define DETAIL_ROW(name, index, doc) {name, get_detail_row<index>, set_detail_row<index>, doc, true}

// --- pieces of constructors. Raw rows: args[0] is the class or self.
Result<Type*> exception_new_type(Thread& thread, NativeDef const& def, Value const* args, usize n);
Result<Exception*> exception_init_self(Thread& thread, NativeDef const& def, Value const* args, usize n);
Result<void> exception_set_args(Thread& thread, Exception* e, Value const* args, usize n);
Result<void> exception_no_keywords(Thread& thread, Type* type, Tuple* kwnames);
Result<Exception*> exception_allocate(Thread& thread, Type* type, Value const* args, usize n);
Result<Value> base_exception_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);
Result<Value> base_exception_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);
Result<Str*> base_exception_str(Thread& thread, Exception* self);
// The instance's attributes if it has any, else null.
Result<Dict*> exception_attributes(Thread& thread, Exception* e);

#define EXCEPTION_INIT(fn) \
  native_raw(fn, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents.")
#define EXCEPTION_NEW(fn) \
  native_raw(fn, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments.")
#define EXCEPTION_STR(fn) native<fn>("__str__($self, /)", "Return str(self).")

// Rows of one class beyond BaseException's.
struct ExceptionRows {
  std::string_view name;
  NativeDef* methods;
  u32 method_count;
  GetSetDef* getsets;
  u32 getset_count;
  bool own_layout;  // can't be combined with another class that has one
  Result<void> (*finish)(Thread& thread, Type* type);
};
extern const ExceptionRows value_exception_rows[];  // StopIteration, SystemExit, ImportError ...: end with an empty name
extern const ExceptionRows unicode_error_rows[];
extern const ExceptionRows os_error_rows[];
extern const ExceptionRows exception_group_rows[];
void init_os_error_map();

}  // namespace baton
