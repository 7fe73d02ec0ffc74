// The hook for line editing, null until a module installs itself; and waiting for a key or a signal.
#include "objects/terminal_input.h"

#include <poll.h>
#include <pthread.h>

#include <cerrno>
#include <csignal>

#include "objects/raise.h"
#include "objects/signals.h"

namespace baton {

Result<Value> (*read_terminal_line)(Thread& thread, const char* prompt) = nullptr;

// Between the look at the poll word and the wait every signal is blocked, and ppoll() lets them in again as it begins to wait.
// One that another thread receives meanwhile shows in the poll word, or is passed on to this thread if it is the main thread.
Result<bool> wait_for_input(Thread& thread, int descriptor) {
  sigset_t all, usual;
  sigfillset(&all);
  int n = blocking(thread, [&] {
    pthread_sigmask(SIG_SETMASK, &all, &usual);
    pollfd p{descriptor, POLLIN, 0};
    int ready = -1, error = EINTR;
    if (!(thread.poll_bits() & kSignal)) {
      ready = ::ppoll(&p, 1, nullptr, &usual);
      error = errno;
    }
    pthread_sigmask(SIG_SETMASK, &usual, nullptr);
    errno = error;
    return ready;
  });
  int error = errno;
  TRY(check_signals(thread));
  if (n > 0) return true;
  if (error != EINTR) return raise_os_error(thread, error);
  return false;
}

}  // namespace baton
