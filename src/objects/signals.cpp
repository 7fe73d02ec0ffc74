// The hook through which native code runs Python signal handlers.
#include "objects/signals.h"

namespace baton {

Result<void> (*run_signal_handlers)(Thread& thread) = nullptr;

}  // namespace baton
