// A mutator's place in the GIL's queues, embedded in it so that queueing never allocates.
#pragma once
#include "threads/atomic.h"
#include "threads/os_thread.h"

namespace baton {

class Mutator;

struct GilSeat {
  // kSleep: the owner sleeps or is about to. kLooks: it looks at the word again and again, and needs no wake-up. kNudge: look
  // again (the GIL is free, or a timer needs keeping). kGranted: it is yours.
  enum Signal : u32 { kSleep, kLooks, kNudge, kGranted };

  explicit constexpr GilSeat(Mutator& mutator) : owner(mutator) {}

  Mutator& owner;
  Atomic<u32> signal{kSleep};  // futex word
  // Guarded by the GIL's mutex:
  GilSeat* next = nullptr;
  GilSeat* previous = nullptr;
  bool queued = false;
  bool in_io_queue = false;
  u64 waiting_since = 0;
  u64 timer_start = 0;                   // policy cpython: the start of this waiter's own interval,
  u64 timer_switch = 0;                  // and the switch number then
  TimeSlice slice = TimeSlice::Default;  // what the kernel was last asked for; of the owner, while it is queued of the mutex
  u64 cpu_seen = 0;                      // of the owner: its processor time when a hold of 1 ms or more last ended,
  u64 bursts_seen = 0;                   // and how many bursts had begun
  // Written by the owner while it holds the GIL, read by waiters: relaxed. All in ticks.
  Atomic<u64> hold_start{0};
  Atomic<u64> burst{0};               // held since the owner last let go by itself; preemption doesn't end a burst
  Atomic<u64> average_hold{0};        // moving average of finished bursts
  Atomic<u32> processor{UINT32_MAX};  // on which the owner began its last contended hold
};

}  // namespace baton
