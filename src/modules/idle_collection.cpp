// Idle collections: when they are worth their pause, and the work itself.
//
// The pause must not be felt when the program goes on just then: bigger heaps wait for the next ordinary collection. All
// these collections together take a hundredth of the time at most.
#include "modules/idle_collection.h"

#include <ctime>

#include "interp/interp.h"
#include "objects/main_thread.h"
#include "objects/weakref.h"
#include "threads/clock.h"
#include "threads/gil.h"

namespace baton {

static constexpr u64 kFirstLookNs = 100'000'000;
static constexpr u64 kMostCells = 1'000'000;  // some 5 to 10 ms
static constexpr u64 kShareOfTime = 100;
static constexpr u64 kNothingNs = 1'000;  // by so much two clocks may differ that are read one after the other
static constexpr int kMostRounds = 5;     // what finalisers let go of dies in the next one

Atomic<i64> held_until_finalised{0};
Atomic<void (*)(Thread& thread)> give_up_held{nullptr};

static u64 next_allowed = 0;  // monotonic_ns(); the main thread's

static u64 cpu_ns(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<u64>(t.tv_sec) * 1'000'000'000 + static_cast<u64>(t.tv_nsec);
}
static u64 process_cpu_ns() { return cpu_ns(CLOCK_PROCESS_CPUTIME_ID); }
static u64 others_cpu_ns() {
  u64 all = process_cpu_ns();
  return all - cpu_ns(CLOCK_THREAD_CPUTIME_ID);
}

IdleWait::IdleWait(Thread& thread, u64 deadline) : deadline_(deadline), next_(kForever) {
  if (is_main_thread(thread)) next_ = coarse_monotonic_ns() + kFirstLookNs;  // the first look may come a tick early
}

void give_up_what_is_dead(Thread& thread) {
  if (held_until_finalised.load_relaxed() > 0)
    if (auto* give_up = give_up_held.load_acquire()) give_up(thread);
}

static void collect_and_finalise(Thread& thread, bool is_exact, Value kept) {
  u64 began = cpu_ns(CLOCK_THREAD_CPUTIME_ID);  // on a busy machine the wall clock would count what others do
  for (int round = 0; round < kMostRounds; ++round) {
    collect_exactly(thread, Generation::Full, is_exact, kept);
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    thread.clear_request(kFinalizers);
    MUST(run_finalizers(thread));  // reports what they raise
  }
  give_up_what_is_dead(thread);
  next_allowed = monotonic_ns() + (cpu_ns(CLOCK_THREAD_CPUTIME_ID) - began) * kShareOfTime;
}

bool IdleWait::timed_out(Thread& thread, bool is_exact, Value kept) {
  u64 now = monotonic_ns();
  if (now >= deadline_) return true;
  if (now < next_) return false;
  u64 cpu = process_cpu_ns();
  if (!looked_) {  // short waits pay for nothing of this
    looked_ = now;
    cpu_ = cpu;
    collections_ = heap_full_collections();
    next_ = now + kFirstLookNs;
    return false;
  }
  u64 elapsed = now - looked_;
  bool idle = (cpu - cpu_) * 10 < elapsed;
  if (heap_live_cells() > kMostCells || !heap_enabled() || is_finalizing()) {
    next_ = kForever;
    return false;
  }
  if (heap_full_collections() != collections_) {
    give_up_what_is_dead(thread);
    note_collection();
  } else if (idle && now >= next_allowed && (!collected_ || others_cpu_ns() > others_ + kNothingNs)) {
    collect_and_finalise(thread, is_exact, kept);
    note_collection();
    now = monotonic_ns();
    cpu = process_cpu_ns();
    if (now >= deadline_) return true;
  }
  looked_ = now;
  cpu_ = cpu;
  next_ = now + elapsed * 2;
  return false;
}

void IdleWait::note_collection() {
  collected_ = true;
  collections_ = heap_full_collections();
  others_ = others_cpu_ns();
}

}  // namespace baton
