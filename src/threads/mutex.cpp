// Three-state futex mutex. A word of kContended means "somebody may sleep": a sleeper that wakes takes the lock as
// kContended, as it can't know whether others still sleep.
#include "threads/mutex.h"

#include <climits>

namespace baton {

namespace {
// Holders keep these locks for well under a microsecond; a short spin saves most sleeps when a second core runs.
constexpr int kSpins = 60;
}  // namespace

void Mutex::lock_slow() {
  for (int i = 0; i < kSpins; ++i) {
    if (word_.load_relaxed() == kFree && try_lock()) return;
    cpu_pause();
  }
  while (word_.exchange(kContended) != kFree) futex_wait(word_.address(), kContended);
}

bool CondVar::wait(Mutex& mutex, u64 timeout_ns) {
  u32 seen = sequence_.load();
  waiters_.fetch_add(1);
  mutex.unlock();
  bool in_time = futex_wait(sequence_.address(), seen, timeout_ns);
  mutex.lock();
  waiters_.fetch_add(static_cast<u32>(-1));
  return in_time;
}

void CondVar::notify_one() {
  sequence_.fetch_add(1);
  if (waiters_.load()) futex_wake(sequence_.address(), 1);
}

void CondVar::notify_all() {
  sequence_.fetch_add(1);
  if (waiters_.load()) futex_wake(sequence_.address(), INT_MAX);
}

}  // namespace baton
