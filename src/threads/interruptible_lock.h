// The lock behind Python's locks: one word, taken and released by a compare-and-swap when nobody waits. A waiting mutator
// is in a blocking region; a signal for it (kSignal in its poll word) ends the wait, to be tried again after the handler.
#pragma once
#include "threads/deferred_wake.h"
#include "threads/futex.h"
#include "threads/mutator.h"

namespace baton {

enum class LockWait : u8 { Acquired, TimedOut, Interrupted };

class InterruptibleLock {
 public:
  BATON_ALWAYS_INLINE bool try_lock() { return word_.try_change(kFree, kLocked); }
  bool is_locked() const { return word_.load_acquire() != kFree; }
  // deadline in monotonic_ns(), kForever: none.
  LockWait wait(Mutator& mutator, u64 deadline) {
    return blocking<BlockCause::Lock>(mutator, [this, &mutator, deadline] {
      for (bool in_time = true;;) {
        if (word_.exchange(kContended) == kFree) return LockWait::Acquired;
        if (mutator.poll_bits() & kSignal) return LockWait::Interrupted;
        if (!in_time) return LockWait::TimedOut;
        in_time = futex_wait_until(word_.address(), kContended, deadline);
      }
    });
  }
  // False: it was not locked.
  bool unlock() {
    u32 old = word_.exchange(kFree);
    if (old == kContended) [[unlikely]]
      wake_when_gil_is_free(word_.address());
    return old != kFree;
  }
  void reset() { word_.store(kFree); }

 private:
  static constexpr u32 kFree = 0, kLocked = 1, kContended = 2;
  Atomic<u32> word_{kFree};
};

}  // namespace baton
