// The GIL under every policy: mutual exclusion, progress, fairness. Speeds are printed, never asserted.
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "threads/fixture.h"
#include "threads/gil_core.h"

namespace baton::test {

TEST(gil_is_mutually_exclusive_under_every_policy) {
  for (GilPolicyKind policy : kAllPolicies) {
    Configure configure({GilMode::On, policy, 7});
    long counter = 0;  // plain: the GIL is its lock
    Atomic<int> inside{0};
    bool overlapped = false;
    {
      Workers workers(6, [&](Mutator& mutator, usize index) {
        for (int i = 0; i < 3000; ++i) {
          if (inside.fetch_add(1) != 0) overlapped = true;
          ++counter;
          inside.fetch_add(-1);
          poll(mutator);
          if (i % 7 == static_cast<int>(index)) blocking(mutator, [] { yield_os_thread(); });
        }
      });
    }
    EXPECT(counter == 6 * 3000);
    EXPECT(!overlapped);
  }
}

TEST(blocking_returns_value_and_errno) {
  Workers workers(1, [](Mutator& mutator, usize) {
    int result = blocking(mutator, [] {
      errno = 42;
      return 17;
    });
    EXPECT(result == 17);
    EXPECT(errno == 42);
    EXPECT(mutator.is_running());
    blocking<BlockCause::Sleep>(mutator, [&] {
      EXPECT(mutator.state() == MutatorState::Native);
      char here;
      EXPECT(mutator.published_sp() > &here && mutator.published_sp() < mutator.stack().base);
    });
  });
}

// The caller's callee-saved registers are above the published stack pointer.
TEST(blocking_publishes_registers) {
  Workers workers(1, [](Mutator& mutator, usize) {
    u64 secret = 0x5ec4e7000000 + static_cast<u64>(rand() % 1000);
    u64 opaque = secret;
    __asm__ volatile("" : "+r"(opaque));
    bool found = blocking(mutator, [&mutator, probe = secret * 3] {
      for (char* p = mutator.published_sp(); p < mutator.stack().base; p += 8) {
        if (*reinterpret_cast<u64*>(p) * 3 == probe) return true;
      }
      return false;
    });
    __asm__ volatile("" : "+r"(opaque));
    EXPECT(found);
    EXPECT(opaque == secret);
  });
}

TEST(hogs_all_progress_under_every_policy) {
  for (GilPolicyKind policy : kAllPolicies) {
    Configure configure({GilMode::On, policy, 3});
    u64 done[5] = {};
    u64 end = monotonic_ns() + 300000000;
    {
      Workers workers(5, [&](Mutator& mutator, usize index) {
        while (monotonic_ns() < end) {
          compute(mutator, 20);
          ++done[index];
        }
      });
    }
    for (u64 count : done) EXPECT(count > 0);
  }
}

// Other programs run on the processor in the middle of its holds, for milliseconds.
TEST(a_thread_that_the_kernel_keeps_from_running_does_not_compute) {
  int here = sched_getcpu();
  auto stay_here = [here] {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(here, &set);
    sched_setaffinity(0, sizeof set, &set);
  };
  static Atomic<bool> done{false};
  done.store(false);
  struct Other {
    decltype(stay_here) stay;
    static void* run(void* self) {
      static_cast<Other*>(self)->stay();
      while (!done.load_relaxed()) {
      }
      return nullptr;
    }
  } other{stay_here};
  pthread_t others[3];
  for (pthread_t& thread : others) pthread_create(&thread, nullptr, Other::run, &other);
  int seemed_to_compute = 0;
  Workers(1, [&](Mutator& mutator, usize) {
    stay_here();
    u64 end = monotonic_ns() + 400000000;
    while (monotonic_ns() < end) {
      for (int i = 0; i < 20000; ++i) poll(mutator);
      blocking(mutator, [] {});
      if (!is_io_bound(MutatorAccess::seat(mutator))) ++seemed_to_compute;
    }
  });
  done.store(true);
  for (pthread_t thread : others) pthread_join(thread, nullptr);
  EXPECT(seemed_to_compute == 0);
}

// What the kernel has for the calling thread; 0 where it keeps no slices (before Linux 6.12) or the policy isn't the ordinary
// one.
static u64 kernel_time_slice() {
  struct {
    u32 size, policy;
    u64 flags;
    i32 nice;
    u32 priority;
    u64 runtime, deadline, period;
  } attributes{};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0 || attributes.policy != 0) return 0;
  return attributes.runtime;
}

// Who computes beside others gives way to woken threads, and no longer after its turn as timekeeper.
TEST(computing_threads_hold_the_gil_with_a_long_time_slice) {
  if (!kernel_time_slice()) return;
  Configure configure({GilMode::On, GilPolicyKind::Fair, 0});
  Atomic<u64> least{UINT64_MAX};
  u64 end = monotonic_ns() + 200000000;
  {
    Workers workers(3, [&](Mutator& mutator, usize) {
      int turns = 0;
      u64 before = MutatorAccess::counters(mutator).forced.load_relaxed();
      while (monotonic_ns() < end) {
        compute(mutator, 20);
        if (u64 now = MutatorAccess::counters(mutator).forced.load_relaxed(); now != before) {
          before = now;
          if (++turns > 1) {
            u64 slice = kernel_time_slice();
            if (slice < least.load()) least.store(slice);
          }
        }
      }
    });
  }
  EXPECT(least.load() >= 4000000);  // also when nobody was preempted twice: then nothing was seen
}

// With a short slice each of them would push aside whoever is about to send it more work. Beside a computing thread it has one.
TEST(waiting_threads_have_a_short_time_slice_beside_computing_ones_only) {
  u64 own = kernel_time_slice();
  if (!own) return;
  Configure configure({GilMode::On, GilPolicyKind::Fair, 0});
  auto wait_and_work = [](Mutator& mutator) {
    blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(100000); });
    compute(mutator, 200);
  };
  constexpr int kAttempts = 40, kBursts = 100;
  Atomic<u64> least{0};
  // On a loaded machine a burst takes long at times, and its thread counts as computing for a while.
  for (int attempt = 0; attempt < kAttempts && least.load() < own; ++attempt) {
    if (attempt) sleep_os_thread(150000000);
    least.store(UINT64_MAX);
    Atomic<u64> acquired{0};
    {
      Workers workers(3, [&](Mutator& mutator, usize) {
        for (int i = 0; i < kBursts; ++i) wait_and_work(mutator);
        acquired.fetch_add(MutatorAccess::counters(mutator).acquisitions.load_relaxed());
        if (u64 slice = kernel_time_slice(); slice < least.load()) least.store(slice);
      });
    }
    EXPECT(acquired.load() >= 3 * kBursts);
  }
  EXPECT(least.load() >= own);

  Atomic<bool> done{false};
  least.store(UINT64_MAX);
  u64 end = monotonic_ns() + 20000000000;
  {
    Workers workers(2, [&](Mutator& mutator, usize index) {
      if (index == 0) {
        while (!done.load_relaxed()) compute(mutator, 20);
        return;
      }
      while (kernel_time_slice() >= own && monotonic_ns() < end) wait_and_work(mutator);
      least.store(kernel_time_slice());
      done.store(true);
    });
  }
  EXPECT(least.load() < own);
}

}  // namespace baton::test
