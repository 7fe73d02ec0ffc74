// Raising exceptions from C++. The exception waits in the Thread; every raise_* answers `failed`.
//
// Message directives in format text:  {}  str of the argument (Str*, string_view, const char*, integers, double, Value as
// str(v)),
// {!r} repr(v) (may run Python), {!t} name of the type of v (native types: with their module), {!T} fully qualified name of the
// type of v ("mod.C", builtins without module), {{ and }} for braces.
#pragma once
#include <string_view>

#include "objects/fwd.h"

namespace baton {

struct FormatArg {
  enum Kind : u8 { kValue, kText, kInt, kUnsigned, kDouble, kTypeName } kind;
  Value value;
  std::string_view text;
  i64 integer = 0;
  double number = 0;
  FormatArg(Value v) : kind(kValue), value(v) {}
  FormatArg(Str* s);
  FormatArg(Type* t);  // its name
  FormatArg(std::string_view s) : kind(kText), text(s) {}
  FormatArg(const char* s) : kind(kText), text(s) {}
  FormatArg(i64 v) : kind(kInt), integer(v) {}
  FormatArg(int v) : kind(kInt), integer(v) {}
  FormatArg(u64 v) : kind(kUnsigned), integer(static_cast<i64>(v)) {}
  FormatArg(u32 v) : kind(kInt), integer(v) {}
  FormatArg(double v) : kind(kDouble), number(v) {}
};
Result<Str*> format_message_args(Thread& thread, const char* format, const FormatArg* args, usize n);
template <class... A>
Result<Str*> format_message(Thread& thread, const char* format, A... args) {
  FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg(0)};
  return format_message_args(thread, format, list, sizeof...(A));
}
[[gnu::cold]] Failed raise_formatted(Thread& thread, Type* type, const char* format, const FormatArg* args, usize n);
template <class... A>
[[gnu::cold]] BATON_NOINLINE Failed raise(Thread& thread, Type* type, const char* format, A... args) {
  FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg(0)};
  return raise_formatted(thread, type, format, list, sizeof...(A));
}

// Types of the built-in exceptions: exceptions.TypeError and so on (exceptions.def).
struct ExceptionTypes {
#define EXCEPTION(name, base, doc) Type* name;
#include "objects/exceptions.def"
#undef EXCEPTION
};
extern ExceptionTypes exceptions;

#define BATON_RAISER(function, Name)                                                            \
  template <class... A>                                                                         \
  [[gnu::cold]] BATON_NOINLINE Failed function(Thread& thread, const char* format, A... args) { \
    return raise(thread, exceptions.Name, format, args...);                                     \
  }
BATON_RAISER(raise_type_error, TypeError)
BATON_RAISER(raise_value_error, ValueError)
BATON_RAISER(raise_index_error, IndexError)
BATON_RAISER(raise_runtime_error, RuntimeError)
BATON_RAISER(raise_overflow_error, OverflowError)
BATON_RAISER(raise_attribute_error_text, AttributeError)
BATON_RAISER(raise_system_error, SystemError)
BATON_RAISER(raise_zero_division, ZeroDivisionError)
BATON_RAISER(raise_buffer_error, BufferError)
BATON_RAISER(raise_recursion_error, RecursionError)
BATON_RAISER(raise_lookup_error, LookupError)
BATON_RAISER(raise_not_implemented, NotImplementedError)
#undef BATON_RAISER

// Instance of type with these constructor arguments (through the type's __new__/__init__), made pending.
Failed raise_with_args(Thread& thread, Type* type, const Value* args, usize n);
Failed raise_with_value(Thread& thread, Type* type, Value argument);  // type(argument)
Failed raise_key_error(Thread& thread, Value key);
Failed raise_stop_iteration(Thread& thread, Value value);
Failed raise_memory_error(Thread& thread);
Failed raise_object(Thread& thread,
                    Value exception_or_class);  // the `raise` statement: instantiates classes, TypeErrors, chains context
void raise_exception(Thread& thread, Exception* exception);  // pending, with what is handled as its context
Failed raise_object_from(Thread& thread, Value exception_or_class, Value cause);
// AttributeError with name and obj set, and the wording for the kind of object ("type object 'X' has ...", "module ...").
Failed raise_attribute_error(Thread& thread, Value object, Str* name);
// For setting and deleting: other words for modules, and, as in 3.11, without `name` and `obj`, so that nothing is suggested.
Failed raise_not_settable(Thread& thread, Value object, Str* name);
Failed raise_name_error(Thread& thread, Str* name);  // "name 'x' is not defined"
Failed raise_unbound_local(Thread& thread,
                           Str* name);  // "cannot access local variable 'x' where it is not associated with a value"
// OSError(errno, strerror(errno)[, filename[, None, filename2]]) as the errno's subclass.
Failed raise_os_error(Thread& thread, int error_number);
Failed raise_os_error_with_path(Thread& thread, int error_number, Value path, Value path2 = Value());
Failed raise_import_error(Thread& thread, Type* type, Value message, Value name, Value path);
Failed raise_unicode_encode_error(Thread& thread, const char* encoding, Str* object, Index start, Index end, const char* reason);
Failed raise_unicode_decode_error(Thread& thread, const char* encoding, Value bytes_object, Index start, Index end,
                                  const char* reason);
// Issues a warning through the warnings machinery; failed if it became an exception.
Result<void> warn(Thread& thread, Type* category, std::string_view message, int stack_level = 1);
template <class... A>
Result<void> warn_format(Thread& thread, Type* category, int stack_level, const char* format, A... args);

// --- matching and clearing
bool pending_matches(Thread& thread, Type* type);  // pending exception is an instance of type
// Clears the pending exception if it is of that type and answers true.
bool clear_pending_if(Thread& thread, Type* type);
Result<bool> exception_matches(Thread& thread, Value exception, Value type_or_tuple);  // `except` clause matching
// Reports an exception that can't be raised (in __del__, callbacks): sys.unraisablehook. Clears it.
void report_unraisable(Thread& thread, const char* message_or_null, Value object);

}  // namespace baton
