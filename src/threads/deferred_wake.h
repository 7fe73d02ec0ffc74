// Waking the next owner of a lock, by a thread that holds the GIL: not before the GIL is free.
//
// Who releases a lock and goes on to wait for another is the common case of two threads that take turns. Woken at once, the
// second one finds the GIL taken, queues and sleeps again: twice the system calls, twice the switches. So the wake-up waits until
// the releaser lets go of the GIL, but no longer than 30 us of its polls; and only if the releaser is I/O-bound, in which case
// the woken thread couldn't have had the GIL earlier anyway. Everywhere else it is an ordinary wake-up.
//
// The same hand-over needs no timer. The main thread's wait for a lock ends after a while, to look whether the program idles; the
// kernel takes half a microsecond to set the timer and cancel it, a tenth of a round trip. A thread that goes to sleep owing a
// wake-up sleeps without (UntimedSleep): somebody will run. Who next lets go of the GIL without waking anybody, whatever for,
// has the sleeper set its timer. That takes a change of the word that it sleeps on, by a holder of the GIL: without the GIL the
// word could be gone, as the sleeper's lock may die as soon as the sleeper runs again.
#pragma once
#include "threads/atomic.h"
#include "threads/mutator.h"

namespace baton {

inline constexpr u32 kDeferredWake = 1u << 9;  // beside PollBit's: this thread owes wake-ups

// One sleeper on the word, as futex_wake.
void wake_when_gil_is_free(const u32* word);
// At the points where the GIL is let go, and at polls when it is time.
void flush_deferred_wakes(Mutator& mutator);
void poll_deferred_wakes(Mutator& mutator);
// As futex_wake; how many.
int futex_wake_counted(const u32* word, int count);

// One sleep of a thread that would otherwise set a timer: the main thread's, so there is one at a time.
class UntimedSleep {
 public:
  // By the thread itself, while it runs; the destructor too. It is untimed if the thread owes a wake-up. Then, as long as it
  // lasts, others may change the word from `sleeping` to `noticed`, and wake whoever sleeps on it.
  UntimedSleep(Mutator& mutator, Atomic<u32>& word, u32 sleeping, u32 noticed);
  ~UntimedSleep() { current.store(nullptr); }
  bool lasts() const { return current.load() == this; }
  static bool is_going_on() { return current.load_relaxed() != nullptr; }
  // The sleeper needs its timer now. By a holder of the GIL.
  static void end();
  // By a thread that has let go of the GIL, and found that nobody slept whom it owed a wake-up.
  static void end_without_gil();
  static void forget_in_child() { current.store(nullptr); }

 private:
  static inline constinit Atomic<UntimedSleep*> current{nullptr};
  static inline constinit Atomic<const u32*> current_word{nullptr};
  Atomic<u32>& word_;
  u32 sleeping_, noticed_;
};

}  // namespace baton
