// _ctypes, its parts' common ground: what a C type is, an object of C memory, an argument ready to be passed.
//
//     _ctypes.cpp          the module: dlopen and friends, sizeof, byref, POINTER ...
//     ctypes_types.cpp     metaclasses: making the type information, the class methods that all C types have
//     ctypes_data.cpp      objects: memory, what they keep alive, buffers, pickling, reading and storing by type
//     ctypes_values.cpp    the simple types' values: C representation <-> Python value
//     ctypes_simple.cpp    _SimpleCData and its metaclass
//     ctypes_sequence.cpp  Array and _Pointer
//     ctypes_struct.cpp    Structure, Union and their fields: layout, bit fields, packing
//     ctypes_function.cpp  CFuncPtr: prototypes, parameter flags, results
//     ctypes_call.cpp      arguments, and the call itself through libffi
//     ctypes_callback.cpp  C entry points that run Python
//     ctypes_python_api.cpp, ctypes_capsule.cpp, ctypes_object_api.cpp  what ctypes.pythonapi has of CPython's C API
//
// C memory lies in cells without references (or inside the object, if small), never moves, and lives as long as the object. What
// the memory refers to is kept alive by the `_objects` of the outermost object, as in CPython: a value, or a dict by place.
#pragma once
#include <ffi.h>

#include <cstdlib>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/relaxed.h"

namespace baton {

enum class CKind : u8 { Simple, Pointer, Array, Struct, Union, Function };

enum FunctionFlag : u32 {
  kFunctionCdecl = 1,
  kFunctionPythonApi = 4,  // keep the GIL during the call
  kFunctionUseErrno = 8,
  kFunctionUseLastError = 16,
};

// What a C type is: in Type::module_state_ of each class of ours but the abstract ones.
class CTypeInfo final : public Cell {
 public:
  void init(CKind kind) {
    kind_ = kind;
    code_ = 0;
    final_ = false;
    swapped_ = pointer_ = has_pointer_ = false;
    size_ = 0;
    align_ = 1;
    length_ = 0;
    flags_ = 0;
    ndim_ = 0;
    shape_ = nullptr;
    format_ = nullptr;
    ffi_ = nullptr;
    item_.init(nullptr);
    fields_.init(nullptr);
    arrays_.init(nullptr);
    argtypes_.init(Value());
    converters_.init(nullptr);
    restype_.init(Value());
    checker_.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const { visit(item_, fields_, arrays_, argtypes_, converters_, restype_, checker_); }
  void finalize_native();  // frees shape, format and the type description of libffi

  CKind kind_;
  char code_;            // Simple: its _type_
  bool swapped_;         // the other byte order
  Relaxed<bool> final_;  // used in an object, a field or a subclass: no new _fields_
  bool pointer_;         // is an address
  bool has_pointer_;     // contains one: can't be pickled
  usize size_, align_;
  Index length_;  // items of an array; fields of a structure, its bases' included
  u32 flags_;     // Function: FunctionFlag
  int ndim_;
  Index* shape_;                    // malloc
  char* format_;                    // malloc: struct code with PEP 3118's additions, or null
  ffi_type* ffi_;                   // malloc, or one of libffi's own
  Field<Type> item_;                // Array, Pointer: of what; Pointer: null while incomplete
  Field<Tuple> fields_;             // Struct, Union: the types of all fields, bases' first
  Field<Dict> arrays_;              // length -> weak reference to the array type of this item
  Field<Value> argtypes_;           // Function: as given, or absent
  Field<Tuple> converters_;         // their from_param methods, or null
  Field<Value> restype_, checker_;  // Function: absent: none given
};
CTypeInfo* info_of_type(Type* type);  // null: not one of our types, or abstract
CTypeInfo* info_of_type(Value type);
class CData;
CTypeInfo* info_of(CData* object);

// What only function objects have.
class CFunctionState final : public Cell {
 public:
  void init() {
    thunk_.init(nullptr);
    callable_.init(Value());
    argtypes_.init(Value());
    converters_.init(nullptr);
    restype_.init(Value());
    checker_.init(Value());
    errcheck_.init(Value());
    paramflags_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(thunk_, callable_, argtypes_, converters_, restype_, checker_, errcheck_, paramflags_);
  }
  Field<Cell> thunk_;  // the CThunk of a callback
  Field<Value> callable_;
  Field<Value> argtypes_;  // as given; absent: the class's
  Field<Tuple> converters_;
  Field<Value> restype_, checker_, errcheck_;
  Field<Tuple> paramflags_;
};

// An object of a C type: its memory, which is its own or a part of another object's.
class CData final : public Cell {
 public:
  static constexpr usize kInline = 16;
  void init(usize size) {
    data_ = inline_;
    size_ = size;
    index_ = 0;
    length_ = 0;
    for (u8& b : inline_) b = 0;
    storage_.init(nullptr);
    base_.init(nullptr);
    owner_.init(Value());
    objects_.init(Value());
    function_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_, base_, owner_, objects_, function_); }
  u8* data() const { return __atomic_load_n(&data_, __ATOMIC_RELAXED); }
  u8* pointer() const {  // the address stored in the memory
    u8* p;
    __builtin_memcpy(&p, data(), sizeof p);
    return p;
  }
  void set_pointer(const void* p) { __builtin_memcpy(data(), &p, sizeof p); }
  bool owns_memory() const { return data_ == inline_ || storage_.get(); }

  alignas(16) u8 inline_[kInline];
  u8* data_;
  usize size_;
  Index index_;              // place in base_
  Index length_;             // as the type's length_ when it was made: > 0 asks for a dict of kept objects
  Field<RawBytes> storage_;  // own memory that doesn't fit inline_
  Field<CData> base_;        // the object whose memory this is a part of
  Field<Value> owner_;       // whose buffer the memory is (from_buffer)
  Field<Value> objects_;     // outermost objects: what the memory refers to; absent: not used yet
  Field<CFunctionState> function_;
};
inline CData* as_cdata(Value v) { return cast<CData>(v); }

// An argument as libffi takes it. Lives in a cell (byref(), from_param()) or on the stack.
union CValue {
  i8 b;
  i16 h;
  i32 i;
  i64 q;
  u64 bits;
  float f;
  double d;
  long double g;
  void* p;
};
class CArgument final : public Cell {
 public:
  void init(char tag, ffi_type* type, Value object) {
    value_.g = 0;
    value_.bits = 0;
    type_ = type;
    size_ = 0;
    tag_ = tag;
    object_.init(object);
    kept_.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const { visit(object_, kept_); }
  alignas(16) CValue value_;
  ffi_type* type_;
  usize size_;  // of a structure
  char tag_;
  Field<Value> object_;  // what Python sees as _obj
  Field<Value> kept_;    // besides: the structure's copy
};
Result<CArgument*> make_argument(Thread& thread, char tag, ffi_type* type, Value object);
// The argument that stands for an object passed by value.
Result<CArgument*> argument_of(Thread& thread, CData* object);

extern TypeDef type_def;  // of `type`, the base of our metaclasses
extern TypeDef ctypes_data_def, ctypes_simple_def, ctypes_structure_def, ctypes_union_def, ctypes_array_def, ctypes_pointer_def,
    ctypes_function_def, ctypes_field_def, ctypes_argument_def;
extern TypeDef ctypes_simple_meta_def, ctypes_structure_meta_def, ctypes_union_meta_def, ctypes_array_meta_def,
    ctypes_pointer_meta_def, ctypes_function_meta_def;
extern Root<Type>* argument_error;  // ctypes.ArgumentError
extern Root<Dict>* pointer_types;   // _pointer_type_cache
inline bool has_metaclass(Value type, const TypeDef& meta) {
  return is<Type>(type) && meta.type && is_instance_of_type(type, meta.type);
}

// --- ctypes_types.cpp
// The first steps of each metaclass's __new__: type.__new__, then fresh information attached.
Result<Type*> new_ctype(Thread& thread, Value const* args, usize n, Tuple* kwnames);
Result<CTypeInfo*> attach_info(Thread& thread, Type* type, CKind kind);
Result<Value> ctype_from_param(Thread& thread, Type* type, Value value);  // an object of the type, or its argument
// value.from_param of the type, or TypeError that says what was given instead.
Failed raise_expected_instance(Thread& thread, Type* type, Value got);
char* format_text(const char* a, const char* b, const char* c = "");  // malloc
char* format_with_shape(int ndim, const Index* shape, const char* before, const char* after);
Result<Type*> array_type_of(Thread& thread, Type* item, Index length);
Result<Type*> pointer_type_to(Thread& thread, Value target);  // POINTER()
// value's _as_parameter_, or kNotFound.
Result<Value> as_parameter(Thread& thread, Value value);
// Sets the metaclass of a native base class: its `finish`.
Result<void> set_metaclass(Thread& thread, Type* type, TypeDef& meta);
// Rows that several metaclasses share.
Result<Value> meta_from_address(Thread& thread, Type* type, Value address);
Result<Value> meta_from_buffer(Thread& thread, Type* type, Value source, Index offset);
Result<Value> meta_from_buffer_copy(Thread& thread, Type* type, Value source, Index offset);
Result<Value> meta_in_dll(Thread& thread, Type* type, Value dll, Str* name);
Result<Value> meta_repeat(Thread& thread, Type* type, Value length);
#define CTYPES_META_ROWS(from_param_function)                                                                            \
  native<from_param_function>("from_param($self, value, /)", "Convert a Python object into a function call parameter."), \
      native<meta_from_address>("from_address($self, address, /)",                                                       \
                                "C.from_address(integer) -> C instance\naccess a C instance "                            \
                                "at the specified address"),                                                             \
      native_tuple<meta_from_buffer>(                                                                                    \
          "from_buffer($self, object, offset=0, /)",                                                                     \
          "C.from_buffer(object, offset=0, /) -> C instance\ncreate a C instance from a writeable buffer"),              \
      native_tuple<meta_from_buffer_copy>(                                                                               \
          "from_buffer_copy($self, object, offset=0, /)",                                                                \
          "C.from_buffer_copy(object, offset=0, /) -> C instance\ncreate a C instance from a readable buffer"),          \
      native_tuple<meta_in_dll>("in_dll($self, dll, name, /)",                                                           \
                                "C.in_dll(dll, name) -> C instance\naccess a C instance in a dll"),                      \
      native<meta_repeat>("__mul__($self, value, /)", "Return self*value."),                                             \
      native<meta_repeat>("__rmul__($self, value, /)", "Return value*self.")

// --- ctypes_data.cpp
Result<CData*> new_cdata(Thread& thread, Type* type);                      // zeroed memory of its own; TypeError "abstract class"
Result<CData*> cdata_at(Thread& thread, Type* type, const void* address);  // memory of C
Result<CData*> cdata_part(Thread& thread, Type* type, CData* base, Index index, const void* address);
Result<CData*> cdata_copy(Thread& thread, Type* type, const void* from);  // memory of its own, copied
// Reads memory as `type`: simple types give their value, others an object on the memory.
Result<Value> read_ctype(Thread& thread, Type* type, CData* base, Index index, u8* address);
// Stores value into `address`, which belongs to `object` as its part `index`, and keeps alive what it refers to.
Result<void> store_ctype(Thread& thread, CData* object, Type* type, Value value, Index index, usize size, u8* address);
// The same without keeping: answers what must be kept (None: nothing).
Result<Value> write_ctype(Thread& thread, CData* object, Type* type, Value value, usize size, u8* address);
Result<void> keep_reference(Thread& thread, CData* object, Index index, Value keep);
CData* outermost(CData* object);
Result<Value> kept_objects(Thread& thread, CData* object);  // of the outermost object; None: nothing
Result<void> resize_cdata(Thread& thread, CData* object, usize size);
// A simple type made by subclassing c_int and the like: its objects are not unwrapped into values.
bool is_simple_subclass(Type* type);

// --- ctypes_values.cpp
struct SimpleCode {
  char code;
  u8 size;
  bool can_swap;
  ffi_type* ffi;
  char format;  // in buffers; 0: as code
};
const SimpleCode* find_simple_code(u32 code);  // null: not supported
extern const char kSimpleCodes[];
// size: of the memory; > 0xFFFF: a bit field, width << 16 | low bit.
Result<Value> load_value(Thread& thread, char code, bool swapped, const u8* from, usize size);
// Answers what the memory now refers to and the caller must keep, None if nothing.
Result<Value> store_value(Thread& thread, char code, bool swapped, u8* to, Value v, usize size);
Result<Value> load_char_array(Thread& thread, char code, const u8* from, usize size);  // up to the first zero
Result<Value> store_char_array(Thread& thread, char code, u8* to, Value v, usize size);
Result<Value> text_from_wide(Thread& thread, const wchar_t* text, usize n);
u64 low_bits(Value exact_int);  // modulo 2^64
Result<u64> address_from(Thread& thread, Value exact_int);
Result<Value> wide_text(Thread& thread, Str* text);  // a bytes object with the terminated wchar_t text

// --- ctypes_call.cpp
inline constexpr usize kMaxArguments = 1024;
struct CallTarget {
  void* address;
  u32 flags;
  Tuple* converters;  // or null
  Value restype;      // absent: int
  Value checker;      // absent: none
};
Result<Value> call_foreign(Thread& thread, const CallTarget& target, Value const* args, usize n);
Result<ffi_type*> ffi_type_of_result(Thread& thread, Value restype);
int& saved_errno();  // the calling thread's copy for use_errno
// Turns the pending exception into `type` with "prefix<class 'X'>: text" (prefix made by the caller).
Failed extend_error(Thread& thread, Type* type, Str* prefix);

// --- ctypes_callback.cpp
// An entry point for C that calls `callable`; also kept alive by it: the converters.
Result<Cell*> make_thunk(Thread& thread, Value callable, Tuple* converters, Value restype, u32 flags);
void* thunk_address(Cell* thunk);

// --- ctypes_function.cpp
Result<Tuple*> converters_from(Thread& thread, Value argtypes);

// --- ctypes_python_api.cpp
// The C function that stands for one of CPython's C API, or null. For PyDLL calls: it wants an attached thread, and may raise.
void* python_api_function(const char* name);

// --- the module
Result<void> audit_event(Thread& thread, std::string_view event, Value const* args, usize n);

}  // namespace baton
