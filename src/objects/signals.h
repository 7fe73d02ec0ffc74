// Signal handlers, for native code that may wait: handlers written in Python run between two tries of a system call (PEP 475).
#pragma once
#include "objects/thread.h"

namespace baton {

// Installed by modules/_signal: runs the Python handlers of the signals that have arrived.
extern Result<void> (*run_signal_handlers)(Thread& thread);

// Runs handlers that are due on this thread; failed if one raised.
inline Result<void> check_signals(Thread& thread) {
  if (!(thread.poll_bits() & kSignal) || !run_signal_handlers) return ok;
  thread.clear_request(kSignal);
  return run_signal_handlers(thread);
}

}  // namespace baton
