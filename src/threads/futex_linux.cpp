// futex(2) on private words. A relative timeout is measured on CLOCK_MONOTONIC, so a step of the wall clock
// neither shortens nor stretches a wait.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

#include "threads/deferred_wake.h"
#include "threads/futex.h"

namespace baton {

bool futex_wait(const u32* word, u32 expected, u64 timeout_ns) {
  int saved = errno;
  timespec time, *limit = nullptr;
  if (timeout_ns != kForever) {
    time.tv_sec = static_cast<time_t>(timeout_ns / 1000000000);
    time.tv_nsec = static_cast<long>(timeout_ns % 1000000000);
    limit = &time;
  }
  long failed = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, limit, nullptr, 0);
  bool timed_out = failed && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

bool futex_wait_until(const u32* word, u32 expected, u64 deadline) {
  if (deadline == kForever) return futex_wait(word, expected);
  int saved = errno;
  timespec time{static_cast<time_t>(deadline / 1000000000), static_cast<long>(deadline % 1000000000)};
  // Of the two ways to wait it is the one whose time is absolute, by CLOCK_MONOTONIC.
  long failed = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, &time, nullptr, FUTEX_BITSET_MATCH_ANY);
  bool timed_out = failed && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

int futex_wake_counted(const u32* word, int count) {
  int saved = errno;
  long woken = syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
  errno = saved;
  return woken > 0 ? static_cast<int>(woken) : 0;
}
void futex_wake(const u32* word, int count) { futex_wake_counted(word, count); }

}  // namespace baton
