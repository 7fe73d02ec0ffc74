// Waking the next owner of a lock, by a thread that holds the GIL: not before the GIL is free.
//
// Who releases a lock and goes on to wait for another is the common case of two threads that take turns. Woken at once, the
// second one finds the GIL taken, queues and sleeps again: twice the system calls, twice the switches. So the wake-up waits until
// the releaser lets go of the GIL, but no longer than 30 us of its polls; and only if the releaser is I/O-bound, in which case
// the woken thread couldn't have had the GIL earlier anyway. Everywhere else it is an ordinary wake-up.
#pragma once
#include "threads/mutator.h"

namespace baton {

inline constexpr u32 kDeferredWake = 1u << 9;  // beside PollBit's: this thread owes wake-ups

// One sleeper on the word, as futex_wake.
void wake_when_gil_is_free(const u32* word);
// At the points where the GIL is let go, and at polls when it is time.
void flush_deferred_wakes(Mutator& mutator);
void poll_deferred_wakes(Mutator& mutator);

}  // namespace baton
