// The lock of an object whose native work runs outside of the GIL (compressors, digests): a word in the cell.
//
// A CriticalSection won't do there: it is nothing at all under the GIL, and no blocking region may be inside one. Waiting for a
// WorkLock is a blocking region; while it is held the owner may run blocking regions of its own, allocate and raise, but never
// Python code, which could come back for the same lock. A child forked while another thread works finds the lock held, as with
// every lock of a thread that is gone.
#pragma once
#include "objects/thread.h"
#include "threads/mutex.h"

namespace baton {

class WorkLock {
 public:
  void init() { mutex_.reinit_after_fork(); }

 private:
  friend class WorkGuard;
  Mutex mutex_;
};

class WorkGuard {
 public:
  WorkGuard(Thread& thread, WorkLock& lock) : mutex_(lock.mutex_) {
    if (!mutex_.try_lock()) blocking<BlockCause::Lock>(thread, [this] { mutex_.lock(); });
  }
  ~WorkGuard() { mutex_.unlock(); }
  WorkGuard(const WorkGuard&) = delete;
  WorkGuard& operator=(const WorkGuard&) = delete;

 private:
  Mutex& mutex_;
};

// Native work over a buffer outside the heap's business; the GIL is kept for the small ones, for which letting go costs more.
template <class Function>
inline auto work_on(Thread& thread, bool worth_it, Function&& function) {
  if (!worth_it) return function();
  return blocking<BlockCause::Native>(thread, function);
}

}  // namespace baton
