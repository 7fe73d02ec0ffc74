// Threads that change one object all the time, or have one processor between them, take turns; each of them with the bias.
#include "threads/crowd.h"

#include <sched.h>

#include "fixture.h"
#include "threads/lock_bias.h"
#include "threads/process_barrier.h"

using namespace baton;
using namespace baton::test;

namespace {

struct Object {
  u8 lock = 0;
  long value = 0;
};

// n threads add to one of the objects, or each to its own, for 0.2 s. Answers how often one of them got the bias.
u64 add_side_by_side(usize n, bool one_object) {
  constexpr u64 kNs = 200000000;
  Object objects[8];
  long steps[8] = {};
  u64 before = lock_bias_grants();
  {
    Workers workers(n, [&](Mutator& mutator, usize index) {
      Object& object = objects[one_object ? 0 : index];
      u64 end = monotonic_ns() + kNs;
      while (monotonic_ns() < end) {
        for (int i = 0; i < 100; ++i) {
          ByteLock guard(mutator, &object.lock);
          ++object.value;
        }
        steps[index] += 100;
        poll(mutator);
      }
    });
  }
  long found = 0, made = 0;
  for (usize i = 0; i < n; ++i) {
    found += objects[i].value;
    made += steps[i];
    EXPECT(objects[i].lock == 0);
    EXPECT(steps[i] > 0);
  }
  EXPECT(found == made);
  return lock_bias_grants() - before;
}

}  // namespace

TEST(threads_that_change_one_object_take_turns) {
  if (!process_barrier_works()) return;
  Configure configure({GilMode::Off});
  for (usize n : {usize{2}, usize{4}}) EXPECT(add_side_by_side(n, true) > 20);
}

TEST(threads_on_one_processor_take_turns) {
  if (!process_barrier_works()) return;
  cpu_set_t all, one;
  if (sched_getaffinity(0, sizeof all, &all) != 0) return;
  CPU_ZERO(&one);
  CPU_SET(current_processor(), &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) return;  // the workers inherit it
  Configure configure({GilMode::Off});
  for (usize n : {usize{2}, usize{4}}) EXPECT(add_side_by_side(n, false) > 20);
  sched_setaffinity(0, sizeof all, &all);
}

// Nobody else is there to make way, and a request that came late is nobody's.
TEST(request_to_make_way_without_anybody_aside_is_forgotten) {
  Configure configure({GilMode::Off});
  Workers worker(1, [](Mutator& mutator, usize) {
    mutator.request(kMakeWay);
    u64 began = monotonic_ns();
    poll(mutator);
    EXPECT(!mutator.poll_pending());
    EXPECT(monotonic_ns() - began < 1000000000);
  });
}
