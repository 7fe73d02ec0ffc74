// Audit events raised by C++ code.
#pragma once
#include "objects/fwd.h"

namespace baton {

// Calls the hooks of sys.addaudithook(); null while there are none. Set by modules/sys.
extern Result<void> (*run_audit_hooks)(Thread& thread, Str* event, Tuple* args);

}  // namespace baton
