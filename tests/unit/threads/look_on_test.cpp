// Looking on before sleeping: when the gate lets a thread do it, and that no turn is lost between looking on and sleeping.
#include "threads/look_on.h"

#include "fixture.h"
#include "threads/deferred_wake.h"
#include "threads/interruptible_lock.h"

using namespace baton;
using namespace baton::test;

TEST(a_yield_that_takes_too_long_shuts_the_gate_for_ever_longer) {
  init_clock();
  LookOnGate gate;
  LookOnGate::Record record;
  u64 now = ticks();
  u64 before = 0;
  for (u32 i = 0; i <= LookOnGate::kMostSteps + 1; ++i) {
    EXPECT(gate.lets_in(record, now));
    gate.took_too_long(record, now);
    u64 shut = LookOnGate::kFirstShutNs << (2 * (i < LookOnGate::kMostSteps ? i : LookOnGate::kMostSteps));
    EXPECT(shut >= before);
    before = shut;
    EXPECT(!gate.lets_in(record, now + ns_to_ticks(shut - 1000)));
    now += ns_to_ticks(shut + 1000);
  }
}

TEST(calm_turns_shorten_the_time_that_the_gate_is_shut) {
  init_clock();
  LookOnGate gate;
  LookOnGate::Record record;
  u64 now = ticks();
  for (u32 i = 0; i < 3; ++i) {
    gate.took_too_long(record, now);
    now += ns_to_ticks(LookOnGate::kFirstShutNs << (2 * i)) + 1;
  }
  for (u32 i = 0; i < 2 * LookOnGate::kCalmTurns; ++i) gate.paid(record);
  gate.took_too_long(record, now);
  EXPECT(!gate.lets_in(record, now + ns_to_ticks((LookOnGate::kFirstShutNs << 2) - 1000)));
  EXPECT(gate.lets_in(record, now + ns_to_ticks((LookOnGate::kFirstShutNs << 2) + 1000)));
}

TEST(who_looks_on_in_vain_does_it_seldom) {
  init_clock();
  LookOnGate gate;
  LookOnGate::Record record;
  u64 now = ticks();
  for (int i = 0; i < 4; ++i) {
    EXPECT(gate.lets_in(record, now));
    gate.was_in_vain(record);
  }
  for (int i = 0; i < 200; ++i) gate.was_in_vain(record);
  int let_in = 0;
  for (int i = 0; i < 640; ++i) let_in += gate.lets_in(record, now);
  EXPECT(let_in == 10);
  gate.paid(record);
  EXPECT(gate.lets_in(record, now));
}

// Sleepers, lookers and passers-by on one lock; who is woken for nothing or not at all would hang or break the exclusion.
static void hammer(GilMode mode) {
  Configure configured({mode});
  if (mode == GilMode::Off) expect_second_thread();
  InterruptibleLock lock;
  u64 counter = 0, inside = 0;
  constexpr usize kThreads = 4, kRounds = 20000;
  Mutator main;
  main.attach("main");
  blocking(main, [&] {
    Workers workers(kThreads, [&](Mutator& mutator, usize index) {
      for (usize i = 0; i < kRounds; ++i) {
        if (index == 0 || i % 7 == index) note_hand_over();  // looks on at its next wait
        u64 deadline = i % 5 == index ? monotonic_ns() + 20000 : kForever;
        LockWait got = lock.try_lock() ? LockWait::Acquired : lock.wait(mutator, deadline);
        if (got == LockWait::TimedOut) continue;
        EXPECT(got == LockWait::Acquired);
        EXPECT(++inside == 1u);
        ++counter;
        --inside;
        if (i % 3 == 0) blocking(mutator, [] { yield_os_thread(); });
        EXPECT(lock.unlock());
        poll(mutator);
      }
    });
  });
  EXPECT(counter > kRounds);
  EXPECT(!lock.is_locked());
  main.detach();
}

TEST(lookers_and_sleepers_share_a_lock) { hammer(GilMode::On); }
TEST(lookers_and_sleepers_share_a_lock_without_gil) { hammer(GilMode::Off); }

// The turn of two threads by two locks: every unlock() is the other one's wake-up.
TEST(no_turn_is_lost_between_looking_on_and_sleeping) {
  Configure configured({});
  InterruptibleLock there, back;
  EXPECT(there.try_lock() && back.try_lock());
  constexpr int kTurns = 50000;
  Mutator main;
  main.attach("main");
  auto side = [](Mutator& mutator, InterruptibleLock& gives, InterruptibleLock& takes, bool begins) {
    for (int i = 0; i < kTurns; ++i) {
      if (begins) gives.unlock();
      if (!takes.try_lock()) EXPECT(takes.wait(mutator, kForever) == LockWait::Acquired);
      if (!begins) gives.unlock();
      if (i % 1000 == 0) blocking(mutator, [] { sleep_os_thread(30000); });  // longer than anybody looks on
    }
  };
  Worker other("other", [&](Mutator& mutator) { side(mutator, back, there, false); });
  side(main, there, back, true);
  blocking(main, [&] { other.join(); });
  main.detach();
}
