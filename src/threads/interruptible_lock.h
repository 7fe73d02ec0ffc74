// The lock behind Python's locks: one word, taken and released by a compare-and-swap when nobody waits. A waiting mutator
// is in a blocking region; a signal for it (kSignal in its poll word) ends the wait, to be tried again after the handler.
#pragma once
#include "threads/deferred_wake.h"
#include "threads/futex.h"
#include "threads/look_on.h"
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
    if (old >= kWatched) [[unlikely]]
      hand_over(old);
    return old != kFree;
  }
  void reset() {
    word_.store(kFree);
    asleep_.store(0);
  }

 private:
  // Watched: nobody sleeps, but somebody looks on. Noticed: contended, and see UntimedSleep.
  static constexpr u32 kFree = 0, kLocked = 1, kWatched = 2, kContended = 3, kNoticed = 4;

  struct Asleep {
    explicit Asleep(Atomic<u32>& count) : count(count) { count.fetch_add(1); }
    ~Asleep() { count.fetch_add(~u32{0}); }
    Atomic<u32>& count;
  };

  void hand_over(u32 old) {
    note_hand_over();
    if (old != kWatched) wake_when_gil_is_free(word_.address());
  }

  Look look_at_word() {
    u32 word = word_.load();
    if (word == kFree) return word_.try_change(kFree, kLocked) ? Look::Found : Look::Nothing;
    if (word == kLocked) word_.try_change(kLocked, kWatched);
    return word >= kContended ? Look::Useless : Look::Nothing;  // if others sleep already
  }

  template <class Deadline>
  LockWait wait_until(Mutator& mutator, Deadline deadline) {
    LookOn look(mutator);
    return blocking<BlockCause::Lock>(mutator, [this, &mutator, &look, deadline] {
      if (look.until_found([this] { return look_at_word(); })) return LockWait::Acquired;
      Asleep counted(asleep_);
      for (bool in_time = true, slept = false;; slept = true) {
        // Alone, it leaves no word behind that has the next unlock() wake somebody: whoever comes after this look says so again.
        if (asleep_.load() == 1 && word_.try_change(kFree, kLocked)) return LockWait::Acquired;
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
  Atomic<u32> asleep_{0};  // waiters that sleep or are about to; too many in a forked child, which costs wake-ups of nobody
};

}  // namespace baton
