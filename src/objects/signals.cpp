// The hook through which native code runs Python signal handlers.
#include "objects/signals.h"

namespace baton {

constinit thread_local bool lock_just_taken = false;

Result<void> (*run_signal_handlers)(Thread& thread) = nullptr;

}  // namespace baton
