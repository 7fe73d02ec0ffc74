// Exceptions that nobody can catch: reported through sys.unraisablehook, or to the standard error descriptor when there is no
// sys.
#include <unistd.h>

#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

static void write_to_stderr(Thread& thread, Str* text) {
  Value owner;
  std::string_view bytes = str_utf8_lossy(thread, text, &owner);
  while (!bytes.empty()) {
    ssize_t n = ::write(2, bytes.data(), bytes.size());
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<usize>(n));
  }
}

// The text without the hook.
static Result<void> report_plainly(Thread& thread, Exception* e, const char* message, Value object) {
  StrBuilder text;
  text.append_utf8(message ? message : "Exception ignored in");
  text.append_ascii(": ");
  if (object.is_present() && !object.is_none()) {
    Result<Str*> shown = repr(thread, object);
    if (shown.is_failed()) {
      thread.clear_pending();
      text.append_ascii("<object repr() failed>");
    } else {
      text.append(shown.value());
    }
  }
  text.append_ascii("\n");
  Value tb = e->traceback() ? Value(e->traceback()) : kNone;
  text.append(TRY(ignored_exception_text(thread, Value(type_of(Value(e))), Value(e), tb)));
  write_to_stderr(thread, TRY(text.build(thread)));
  return ok;
}

static Result<void> report_through_hook(Thread& thread, Exception* e, const char* message, Value object) {
  Value hook = runtime.sys ? dict_find_str(runtime.sys->dict(), intern(thread, "unraisablehook")) : Value();
  Value args_type = runtime.sys ? dict_find_str(runtime.sys->dict(), intern(thread, "UnraisableHookArgs")) : Value();
  if (hook.is_absent() || hook.is_none() || args_type.is_absent()) return report_plainly(thread, e, message, object);
  Value text = message ? Value(TRY(str_from_utf8(thread, message))) : kNone;
  Traceback* tb = e->traceback();
  Value fields[5] = {Value(type_of(Value(e))), Value(e), tb ? Value(tb) : kNone, text, object.is_present() ? object : kNone};
  Tuple* tuple = TRY(make_tuple(thread, fields, 5));
  Value args = TRY(call(thread, args_type, Value(tuple)));
  if (!call(thread, hook, args).is_failed()) return ok;
  return report_plainly(thread, thread.take_pending(), "Exception ignored in sys.unraisablehook", hook);
}

void report_unraisable(Thread& thread, const char* message, Value object) {
  if (!thread.has_pending()) return;
  Exception* e = thread.take_pending();
  if (!e->traceback() && thread.top_frame() && traceback_here(thread, e, thread.top_frame()).is_failed()) thread.clear_pending();
  if (report_through_hook(thread, e, message, object).is_failed()) thread.clear_pending();
}

}  // namespace baton
