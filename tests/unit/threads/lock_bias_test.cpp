// Objects locked by right of the bias are locked for everybody, whoever comes when.
#include "threads/lock_bias.h"

#include "threads/fixture.h"
#include "threads/gil_core.h"
#include "threads/process_barrier.h"

namespace baton::test {

namespace {

struct BiasAtOnce {
  BiasAtOnce() { set_lock_bias_pause(0); }
  ~BiasAtOnce() { set_lock_bias_pause(kLockBiasPauseNs); }
};

u8 value_of(const u8& byte) { return __atomic_load_n(&byte, __ATOMIC_ACQUIRE); }

void wait_for_stage(Mutator& mutator, Atomic<int>& stage, int wanted) {
  blocking(mutator, [&] {
    while (stage.load() < wanted) yield_os_thread();
  });
}

// Takes locks until the bias is the mutator's; all others have to be waiting.
void get_bias(Mutator& mutator, u8* byte) {
  for (u64 before = lock_bias_grants(); lock_bias_grants() == before;) ByteLock guard(mutator, byte);
}

}  // namespace

TEST(object_locked_by_bias_is_locked_for_who_comes) {
  if (!process_barrier_works()) return;
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  u8 held = 0, other = 0;
  Atomic<int> stage{0};
  {
    Workers newcomer(1, [&](Mutator& mutator, usize) {
      blocking(mutator, [&] {
        stage.store(1);
        while (stage.load() < 2) yield_os_thread();
      });
      EXPECT(value_of(held) == 1);
      EXPECT(!ByteLock::try_acquire(mutator, &held));
      EXPECT(ByteLock::try_acquire(mutator, &other));
      ByteLock::release(mutator, &other);
      stage.store(3);
      ByteLock guard(mutator, &held);
      EXPECT(stage.load() == 4);
    });
    Workers holder(1, [&](Mutator& mutator, usize) {
      wait_for_stage(mutator, stage, 1);
      get_bias(mutator, &other);
      ByteLock guard(mutator, &held);
      EXPECT(value_of(held) == 0);
      EXPECT(mutator.lock_bytes_held() == 1);
      stage.store(2);
      while (stage.load() < 3) yield_os_thread();  // Running all the time: the newcomer doesn't need a safepoint of ours
      stage.store(4);
    });
  }
  EXPECT(held == 0 && other == 0);
}

TEST(holder_of_the_bias_respects_a_locked_byte) {
  if (!process_barrier_works()) return;
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  u8 held = 0, other = 0;
  Atomic<int> stage{0};
  {
    Workers owner(1, [&](Mutator& mutator, usize) {
      ByteLock guard(mutator, &held);
      EXPECT(value_of(held) == 1);
      blocking(mutator, [&] {
        stage.store(1);
        while (stage.load() < 2) yield_os_thread();
      });
    });
    Workers holder(1, [&](Mutator& mutator, usize) {
      wait_for_stage(mutator, stage, 1);
      get_bias(mutator, &other);
      EXPECT(!ByteLock::try_acquire(mutator, &held));
      ByteLock outer(mutator, &other);
      EXPECT(value_of(other) == 0);
      EXPECT(!ByteLock::try_acquire(mutator, &held));
      EXPECT(mutator.lock_bytes_held() == 1);
      stage.store(2);
    });
  }
  EXPECT(held == 0 && other == 0);
}

// Who comes while the holder is at a store of a few instructions runs only after it.
TEST(short_section_is_waited_for) {
  if (!process_barrier_works()) return;
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  u8 other = 0;
  Atomic<int> stage{0};
  {
    Workers newcomer(1, [&](Mutator& mutator, usize) {
      blocking(mutator, [&] {
        stage.store(1);
        while (stage.load() < 2) yield_os_thread();
      });
      stage.store(3);
      EXPECT(!LockBias::enter_short(mutator));
    });
    Workers holder(1, [&](Mutator& mutator, usize) {
      wait_for_stage(mutator, stage, 1);
      get_bias(mutator, &other);
      EXPECT(LockBias::enter_short(mutator));
      stage.store(2);
      u64 end = monotonic_ns() + 20000000;
      while (monotonic_ns() < end) EXPECT(stage.load() == 2);
      LockBias::leave_short(mutator);
    });
  }
  EXPECT(stage.load() == 3);
}

// A thread that has stepped aside for others is no reason not to lock without atomic instructions; one that waits for a lock is.
TEST(bias_is_given_while_others_stand_aside) {
  if (!process_barrier_works()) return;
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  u8 byte = 0;
  Atomic<int> stage{0};
  {
    Workers polite(1, [&](Mutator& mutator, usize) {
      auto wait = [](void* pointer) {
        auto& at = *static_cast<Atomic<int>*>(pointer);
        int until = at.load() + 2;
        at.store(until - 1);
        while (at.load() < until) yield_os_thread();
      };
      parked_call(mutator, wait, &stage);  // to 1, until 2
      LockBias::step_aside(mutator);
      parked_call(mutator, wait, &stage);  // to 3, until 4
      LockBias::stop_aside(mutator);
      EXPECT(ByteLock::try_acquire(mutator, &byte));
      EXPECT(value_of(byte) == 1);
      ByteLock::release(mutator, &byte);
    });
    Workers other(1, [&](Mutator& mutator, usize) {
      wait_for_stage(mutator, stage, 1);
      u64 before = lock_bias_grants();
      for (int i = 0; i < 1000; ++i) ByteLock guard(mutator, &byte);
      EXPECT(lock_bias_grants() == before);
      stage.store(2);
      wait_for_stage(mutator, stage, 3);
      get_bias(mutator, &byte);
      stage.store(4);
    });
  }
  EXPECT(byte == 0);
}

// Plain counters, changed under locks that are taken in both ways and nested; threads come, block and go all the time.
TEST(lock_bias_comes_and_goes) {
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  struct Object {
    u8 lock = 0;
    long value = 0;
  } objects[4];
  constexpr int kRounds = 60, kSteps = 700;
  u64 grants = lock_bias_grants();
  {
    Workers workers(3, [&](Mutator& mutator, usize index) {
      u32 seed = static_cast<u32>(index) * 77 + 1;
      for (int round = 0; round < kRounds; ++round) {
        for (int i = 0; i < kSteps; ++i) {
          seed = seed * 1664525 + 1013904223;
          Object& a = objects[seed >> 30];
          Object& b = objects[(seed >> 28) & 3];
          if (i % 8 && i % 2 && LockBias::enter_short(mutator)) {
            ++a.value;
            LockBias::leave_short(mutator);
          } else if (i % 8) {
            ByteLock guard(mutator, &a.lock);
            ++a.value;
          } else {
            ByteLock guard(mutator, &a.lock, &b.lock);
            ++a.value;
            ++b.value;
          }
          poll(mutator);
        }
        EXPECT(mutator.lock_bytes_held() == 0);
        if (round % 8 == 3) StopTheWorld stop(mutator, StopKind::OutsideCritical);
        blocking(mutator, [&] { sleep_os_thread((seed >> 20) * 50); });
      }
    });
  }
  long sum = 0;
  for (Object& object : objects) {
    sum += object.value;
    EXPECT(object.lock == 0);
  }
  long a_step_each = 3L * kRounds * kSteps, doubled = 3L * kRounds * ((kSteps + 7) / 8);
  EXPECT(sum == a_step_each + doubled);
  EXPECT(!process_barrier_works() || lock_bias_grants() > grants);
}

// Each stores to its own variable under its own lock and reads the other's: not both may miss the other's store.
TEST(stores_under_biased_locks_are_in_one_order) {
  Configure configure({GilMode::Off});
  BiasAtOnce at_once;
  constexpr int kRounds = 3000;
  u8 locks[2] = {};
  Atomic<int> values[2];
  Atomic<int> arrived[2];
  static int seen[2][kRounds];
  {
    Workers workers(2, [&](Mutator& mutator, usize me) {
      usize you = 1 - me;
      for (int round = 0; round < kRounds; ++round) {
        if (round % 64 == static_cast<int>(me) * 32) {
          blocking(mutator, [&] { yield_os_thread(); });
        }
        arrived[me].store(round + 1);
        int patience = 2000;
        // Even rounds: Running, so that both take bytes. Odd rounds: one comes back while the other may have the bias.
        if (round % 2) {
          blocking(mutator, [&] {
            while (arrived[you].load() <= round && --patience) cpu_pause();
          });
        }
        while (arrived[you].load() <= round) {
          poll(mutator);
          if (--patience < 0) yield_os_thread();
        }
        {
          ByteLock guard(mutator, &locks[me]);
          values[me].store_relaxed(round + 1);
        }
        seen[me][round] = values[you].load_relaxed();
      }
    });
  }
  int missed = 0;
  for (int round = 0; round < kRounds; ++round) missed += seen[0][round] <= round && seen[1][round] <= round;
  EXPECT(missed == 0);
}

}  // namespace baton::test
