// Audit events (PEP 578). Raising an event costs one test of a global while no hook is there; hooks are for ever.
#pragma once
#include "objects/object.h"

namespace baton {

extern bool has_audit_hooks;  // set by the first sys.addaudithook, never reset

// Calls the hooks with the event and the tuple of arguments; failed if one of them raised.
Result<void> raise_audit_event(Thread& thread, std::string_view event, const Value* args, usize n);

template <class... V>
inline Result<void> audit(Thread& thread, std::string_view event, V... args) {
  if (!has_audit_hooks) [[likely]]
    return ok;
  Value list[sizeof...(V) + 1] = {Value(args)...};
  return raise_audit_event(thread, event, list, sizeof...(V));
}

Result<void> add_audit_hook(Thread& thread, Value hook);

// Attributes through which code is reached or changed: object.__getattr__, object.__setattr__ and object.__delattr__ (v absent).
Result<void> audit_read(Thread& thread, Value object, const char* name);
Result<void> audit_write(Thread& thread, Value object, const char* name, Value v);

}  // namespace baton
