// OSError: errno picks the subclass, file names, the three forms of its text.
//
// The arguments are taken apart in __new__, so that the class can be chosen; a subclass with its own __init__ (and not __new__)
// may call OSError.__init__ with other arguments, so there they are taken apart in __init__.
#include <cerrno>

#include "objects/dict.h"
#include "objects/exception_details.h"
#include "objects/numbers.h"
#include "objects/str.h"

namespace baton {

struct ErrnoClass {
  int number;
  Type* type;
};
static ErrnoClass errno_classes[20];
static usize errno_class_count = 0;

void init_os_error_map() {
  auto add = [](int number, Type* type) { errno_classes[errno_class_count++] = {number, type}; };
  add(EAGAIN, exceptions.BlockingIOError);
  add(EALREADY, exceptions.BlockingIOError);
  add(EINPROGRESS, exceptions.BlockingIOError);
  add(EWOULDBLOCK, exceptions.BlockingIOError);
  add(EPIPE, exceptions.BrokenPipeError);
  add(ESHUTDOWN, exceptions.BrokenPipeError);
  add(ECHILD, exceptions.ChildProcessError);
  add(ECONNABORTED, exceptions.ConnectionAbortedError);
  add(ECONNREFUSED, exceptions.ConnectionRefusedError);
  add(ECONNRESET, exceptions.ConnectionResetError);
  add(EEXIST, exceptions.FileExistsError);
  add(ENOENT, exceptions.FileNotFoundError);
  add(EISDIR, exceptions.IsADirectoryError);
  add(ENOTDIR, exceptions.NotADirectoryError);
  add(EINTR, exceptions.InterruptedError);
  add(EACCES, exceptions.PermissionError);
  add(EPERM, exceptions.PermissionError);
  add(ESRCH, exceptions.ProcessLookupError);
  add(ETIMEDOUT, exceptions.TimeoutError);
}

static Type* class_of_errno(Value number) {
  i64 n;
  Value exact = int_exact(number);
  if (exact.is_absent() || !int_to_i64(exact, &n)) return nullptr;
  for (usize i = 0; i < errno_class_count; ++i)
    if (errno_classes[i].number == n) return errno_classes[i].type;
  return nullptr;
}

static Result<Value> os_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);
static Result<Value> os_error_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);

static bool parses_in_init(Type* type) {
  Value init = type->slot(Slot::init), constructor = type->slot(Slot::new_);
  bool own_init = !is<MethodDescriptor>(init) || init.as<MethodDescriptor>()->def()->entry != os_error_init;
  bool plain_new = is<NativeFunction>(constructor) && constructor.as<NativeFunction>()->def()->entry == os_error_new;
  return own_init && plain_new;
}

// args: without the class or self.
static Result<void> fill(Thread& thread, Exception* e, Value const* args, usize n) {
  if (n < 2 || n > 5) return exception_set_args(thread, e, args, n);
  TRY(set_detail(thread, e, kOSErrno, args[0]));
  TRY(set_detail(thread, e, kOSStrerror, args[1]));
  usize kept = n;
  if (n >= 3 && !args[2].is_none()) {
    bool number = args[2].is_small_int() || type_of(args[2])->slot(Slot::index).is_present() ||
                  type_of(args[2])->slot(Slot::int_).is_present() || type_of(args[2])->slot(Slot::float_).is_present();
    if (type_of(Value(e)) == exceptions.BlockingIOError && number) {
      Value written = TRY(to_index(thread, args[2]));
      i64 count;
      if (!int_to_i64(written, &count))
        return raise_value_error(thread, "cannot fit '{!t}' into an index-sized integer", args[2]);
      TRY(set_detail(thread, e, kOSWritten, written));
    } else {
      TRY(set_detail(thread, e, kOSFilename, args[2]));
      if (n == 5 && !args[4].is_none()) TRY(set_detail(thread, e, kOSFilename2, args[4]));
      kept = 2;
    }
  }
  return exception_set_args(thread, e, args, kept);
}

static Result<Value> os_error_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(exception_new_type(thread, def, args, n));
  if (parses_in_init(type)) return exception_allocate(thread, type, nullptr, 0);
  TRY(exception_no_keywords(thread, type, kwnames));
  if (type == exceptions.OSError && n >= 3 && n <= 6) {
    if (Type* better = class_of_errno(args[1])) type = better;
  }
  Exception* e = TRY(exception_allocate(thread, type, nullptr, 0));
  TRY(fill(thread, e, args + 1, n - 1));
  return e;
}

static Result<Value> os_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Exception* self = TRY(exception_init_self(thread, def, args, n));
  Type* type = type_of(args[0]);
  if (!parses_in_init(type)) return kNone;
  TRY(exception_no_keywords(thread, type, kwnames));
  TRY(fill(thread, self, args + 1, n - 1));
  return kNone;
}

static Result<Str*> os_error_str(Thread& thread, Exception* self) {
  Value number = detail_at(self, kOSErrno), text = detail_at(self, kOSStrerror), filename = detail_at(self, kOSFilename),
        filename2 = detail_at(self, kOSFilename2);
  Value number_shown = number.is_present() ? number : kNone, text_shown = text.is_present() ? text : kNone;
  if (filename.is_present()) {
    if (filename2.is_present())
      return format_message(thread, "[Errno {}] {}: {!r} -> {!r}", number_shown, text_shown, filename, filename2);
    return format_message(thread, "[Errno {}] {}: {!r}", number_shown, text_shown, filename);
  }
  if (number.is_present() && text.is_present()) return format_message(thread, "[Errno {}] {}", number_shown, text_shown);
  return base_exception_str(thread, self);
}

static Result<Value> os_error_reduce(Thread& thread, Exception* self) {
  Tuple* args = self->args();
  Value filename = detail_at(self, kOSFilename), filename2 = detail_at(self, kOSFilename2);
  if (args->length() == 2 && filename.is_present()) {
    if (filename2.is_present())
      args = TRY(tuple_of(thread, args->at(0), args->at(1), filename, kNone, filename2));
    else
      args = TRY(tuple_of(thread, args->at(0), args->at(1), filename));
  }
  Dict* state = TRY(exception_attributes(thread, self));
  Value type(type_of(Value(self)));
  if (state->length()) return tuple_of(thread, type, Value(args), Value(state));
  return tuple_of(thread, type, Value(args));
}

static Result<Value> get_written(Thread& thread, Value self) {
  Value v = detail_at(self.as<Exception>(), kOSWritten);
  if (v.is_absent()) return raise(thread, exceptions.AttributeError, "characters_written");
  return v;
}
static Result<void> set_written(Thread& thread, Value self, Value v) {
  auto* e = self.as<Exception>();
  if (v.is_absent()) {
    if (detail_at(e, kOSWritten).is_absent()) return raise(thread, exceptions.AttributeError, "characters_written");
    return set_detail(thread, e, kOSWritten, Value());
  }
  Value exact = TRY(to_index(thread, v));
  i64 count;
  if (!int_to_i64(exact, &count)) return raise_value_error(thread, "cannot fit '{!t}' into an index-sized integer", v);
  return set_detail(thread, e, kOSWritten, exact);
}

static constinit NativeDef os_error_methods[] = {
    EXCEPTION_NEW(os_error_new),
    EXCEPTION_INIT(os_error_init),
    EXCEPTION_STR(os_error_str),
    native<os_error_reduce>("__reduce__($self, /)", nullptr),
};
static GetSetDef os_error_getsets[] = {
    DETAIL_ROW("errno", kOSErrno, "POSIX exception code"),     DETAIL_ROW("strerror", kOSStrerror, "exception strerror"),
    DETAIL_ROW("filename", kOSFilename, "exception filename"), DETAIL_ROW("filename2", kOSFilename2, "second exception filename"),
    {"characters_written", get_written, set_written, nullptr},
};
const ExceptionRows os_error_rows[] = {
    {"OSError", os_error_methods, count_of(os_error_methods), os_error_getsets, 5, true, nullptr},
    {},
};

}  // namespace baton
