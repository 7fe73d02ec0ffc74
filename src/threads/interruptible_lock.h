// The lock behind Python's locks: one word, taken and released by a compare-and-swap when nobody waits. A waiting mutator
// is in a blocking region; a signal for it (kSignal in its poll word) ends the wait, to be tried again after the handler.
#pragma once
#include "threads/deferred_wake.h"
#include "threads/futex.h"
#include "threads/mutator.h"

namespace baton {

enum class LockWait : u8 { Acquired, TimedOut, Interrupted, Again };

class InterruptibleLock {
 public:
  BATON_ALWAYS_INLINE bool try_lock() { return word_.try_change(kFree, kLocked); }
  bool is_locked() const { return word_.load_acquire() != kFree; }
  // deadline in monotonic_ns(), kForever: none.
  LockWait wait(Mutator& mutator, u64 deadline) {
    return wait_until(mutator, [deadline] { return deadline; });
  }
  // The same for a thread that only wants to look around then: it may come later if it wouldn't find the program idle.
  LockWait wait_and_look(Mutator& mutator, u64 look_at) {
    UntimedSleep sleep(mutator, word_, kContended, kNoticed);
    return wait_until(mutator, [&sleep, look_at] { return sleep.lasts() ? kForever : look_at; });
  }
  // False: it was not locked.
  bool unlock() {
    u32 old = word_.exchange(kFree);
    if (old >= kContended) [[unlikely]]
      wake_when_gil_is_free(word_.address());
    return old != kFree;
  }
  void reset() { word_.store(kFree); }

 private:
  static constexpr u32 kFree = 0, kLocked = 1, kContended = 2, kNoticed = 3;  // the last: contended, and see UntimedSleep

  template <class Deadline>
  LockWait wait_until(Mutator& mutator, Deadline deadline) {
    return blocking<BlockCause::Lock>(mutator, [this, &mutator, deadline] {
      for (bool in_time = true, slept = false;; slept = true) {
        if (word_.exchange(kContended) == kFree) return LockWait::Acquired;
        if (mutator.poll_bits() & kSignal) return LockWait::Interrupted;
        if (!in_time) return LockWait::TimedOut;
        // Woken for nothing: the one who relied on this thread's running must hear of its going to sleep.
        if (slept && UntimedSleep::is_going_on()) return LockWait::Again;
        in_time = futex_wait_until(word_.address(), kContended, deadline());
      }
    });
  }
  Atomic<u32> word_{kFree};
};

}  // namespace baton
