// Signal handlers, for native code that may wait: handlers written in Python run between two tries of a system call (PEP 475).
#pragma once
#include "objects/thread.h"

namespace baton {

// Installed by modules/_signal: runs the Python handlers of the signals that have arrived.
extern Result<void> (*run_signal_handlers)(Thread& thread);

// Set by a native function that has taken a lock: in an __enter__ the poll behind its call leaves signals to the next poll. So
// `def __enter__(self): return self._lock.__enter__()` is not torn apart by a Ctrl-C that arrived meanwhile, which would leave
// the lock held for ever. (CPython 3.11 has that gap.)
extern constinit thread_local bool lock_just_taken __attribute__((tls_model("initial-exec")));

// Runs handlers that are due on this thread; failed if one raised.
inline Result<void> check_signals(Thread& thread) {
  if (!(thread.poll_bits() & kSignal) || !run_signal_handlers) return ok;
  thread.clear_request(kSignal);
  return run_signal_handlers(thread);
}

}  // namespace baton
