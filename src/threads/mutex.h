// The runtime's own mutex (4 bytes, constant-initialised) and condition variable.
//
// They know nothing of mutators: a Running mutator may hold one only across code that neither polls, allocates nor
// blocks, else a stopped world can deadlock. Where a Running mutator has to wait for long, use lock_running() in mutator.h.
#pragma once
#include "threads/atomic.h"
#include "threads/futex.h"

namespace baton {

class Mutex {
 public:
  constexpr Mutex() = default;

  BATON_ALWAYS_INLINE bool try_lock() { return word_.try_change(kFree, kLocked); }
  BATON_ALWAYS_INLINE void lock() {
    if (!try_lock()) [[unlikely]]
      lock_slow();
  }
  BATON_ALWAYS_INLINE void unlock() {
    if (word_.exchange(kFree) == kContended) [[unlikely]]
      futex_wake(word_.address(), 1);
  }
  bool is_locked() const { return word_.load_relaxed() != kFree; }

  // In a forked child, where whoever held or awaited it may not exist.
  void reinit_after_fork() { word_.store(kFree); }

 private:
  static constexpr u32 kFree = 0, kLocked = 1, kContended = 2;
  void lock_slow();
  Atomic<u32> word_{kFree};
};

class Guard {
 public:
  explicit Guard(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Guard() { mutex_.unlock(); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  Mutex& mutex_;
};

// Waiters re-check their condition in a loop: returns may be spurious.
class CondVar {
 public:
  constexpr CondVar() = default;
  // False when the time ran out. The mutex is held again either way.
  bool wait(Mutex& mutex, u64 timeout_ns = kForever);
  void notify_one();
  void notify_all();
  void reinit_after_fork() { waiters_.store(0); }

 private:
  Atomic<u32> sequence_{0};
  Atomic<u32> waiters_{0};
};

}  // namespace baton
