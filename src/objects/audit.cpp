// The hooks of sys.addaudithook, and calling them. Trace functions don't see what hooks do, unless a hook's __cantrace__ is true.
#include "objects/audit.h"

#include "objects/exception.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

bool has_audit_hooks = false;
static RootVector* hooks = nullptr;  // made with the first hook; not a list, so that gc doesn't show it

static Result<void> call_hook(Thread& thread, Value hook, Value event, Value args) {
  bool traced = false;
  if (thread.trace_function_.is_present() || thread.profile_function_.is_present()) {
    Value can_trace = TRY(find_attr(thread, hook, intern(thread, "__cantrace__")));
    traced = can_trace != kNotFound && TRY(truth(thread, can_trace));
  }
  int depth = thread.tracing_;
  thread.tracing_ = traced ? depth : depth + 1;
  Result<Value> answer = call(thread, hook, event, args);
  thread.tracing_ = depth;
  TRY(answer);
  return ok;
}

Result<void> raise_audit_event(Thread& thread, std::string_view event, const Value* args, usize n) {
  if (!hooks) return ok;
  // An event may come while an exception is on its way: hooks run beside it, unless they raise one of their own.
  Exception* pending = thread.has_pending() ? thread.take_pending() : nullptr;
  Value name(intern(thread, event)), tuple(TRY(make_tuple(thread, args, static_cast<Index>(n))));
  for (usize i = 0; i < hooks->size(); ++i) TRY(call_hook(thread, (*hooks)[i], name, tuple));
  if (pending) thread.set_pending(pending);
  return ok;
}

Result<void> add_audit_hook(Thread& thread, Value hook) {
  if (hooks) {
    if (raise_audit_event(thread, "sys.addaudithook", nullptr, 0).is_failed()) {
      if (clear_pending_if(thread, exceptions.Exception)) return ok;  // a veto is silent
      return failed;
    }
  } else {
    hooks = new RootVector;
  }
  hooks->push(hook);
  has_audit_hooks = true;
  return ok;
}

Result<void> audit_read(Thread& thread, Value object, const char* name) {
  if (!has_audit_hooks) [[likely]]
    return ok;
  return audit(thread, "object.__getattr__", object, Value(intern(thread, name)));
}
Result<void> audit_write(Thread& thread, Value object, const char* name, Value v) {
  if (!has_audit_hooks) [[likely]]
    return ok;
  if (v.is_absent()) return audit(thread, "object.__delattr__", object, Value(intern(thread, name)));
  return audit(thread, "object.__setattr__", object, Value(intern(thread, name)), v);
}

}  // namespace baton
