// Stop-the-world, object locks, fork and finalisation, in both modes.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "threads/fixture.h"

namespace baton::test {

namespace {

constexpr GilMode kBothModes[] = {GilMode::On, GilMode::Off};

// The exit status of body() in a forked child; -1 if it hung or was killed.
template <class Function>
int in_child(Function body) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(10);
    body();
    _exit(99);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST(stopped_world_has_one_running) {
  for (GilMode mode : kBothModes) {
    Configure configure({mode});
    long shared = 0;  // plain: only touched in a stopped world
    Atomic<int> wrong{0};
    {
      Workers workers(6, [&](Mutator& mutator, usize index) {
        for (int i = 0; i < 400; ++i) {
          for (int k = 0; k < 50; ++k) poll(mutator);
          if (i % 5 == 0) blocking(mutator, [] { yield_os_thread(); });
          if (i % 20 == static_cast<int>(index)) {
            StopTheWorld stop(mutator);
            if (!world_is_stopped()) wrong.fetch_add(1);
            long before = shared;
            for_each_mutator([&](Mutator& other) {
              if (&other != &mutator && other.is_running()) wrong.fetch_add(1);
              if (&other != &mutator && other.published_sp() > other.stack().base) wrong.fetch_add(1);
            });
            StopTheWorld nested(mutator);
            shared = before + 1;
          }
        }
      });
    }
    EXPECT(wrong.load() == 0);
    EXPECT(shared == 6 * 20);
    EXPECT(!world_is_stopped());
    EXPECT(mutator_count() == 0);
  }
}

TEST(threads_come_and_go_while_the_world_stops) {
  for (GilMode mode : kBothModes) {
    Configure configure({mode});
    Atomic<bool> done{false};
    int stops = 0;
    {
      Workers stopper(1, [&](Mutator& mutator, usize) {
        while (!done.load()) {
          {
            StopTheWorld stop(mutator);
            ++stops;
          }
          blocking(mutator, [] { yield_os_thread(); });
        }
      });
      for (int round = 0; round < 20; ++round) {
        Workers workers(8, [&](Mutator& mutator, usize) {
          for (int i = 0; i < 200; ++i) poll(mutator);
        });
      }
      done.store(true);
    }
    EXPECT(stops > 0);
  }
}

TEST(two_thousand_threads) {
  for (GilMode mode : kBothModes) {
    Configure configure({mode});
    Atomic<u64> total{0};
    Atomic<bool> go{false};
    u64 start = monotonic_ns();
    {
      Workers workers(2000, [&](Mutator& mutator, usize) {
        while (!go.load()) blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(20000000); });
        for (int i = 0; i < 20; ++i) {
          total.fetch_add(1);
          poll(mutator);
          if (i % 8 == 0) blocking(mutator, [] { yield_os_thread(); });
        }
      });
      go.store(true);
    }
    EXPECT(total.load() == 2000 * 20);
    printf("  2000 threads, %s: %.2f s\n", mode == GilMode::On ? "GIL" : "no GIL",
           static_cast<double>(monotonic_ns() - start) * 1e-9);
    EXPECT(mutator_count() == 0);
  }
}

TEST(lock_bytes_exclude_and_hand_over) {
  Configure configure({GilMode::Off});
  struct Object {
    u8 lock = 0;
    long value = 0;
  } objects[3];
  {
    Workers workers(8, [&](Mutator& mutator, usize index) {
      for (int i = 0; i < 4000; ++i) {
        Object& a = objects[(index + static_cast<usize>(i)) % 3];
        Object& b = objects[static_cast<usize>(i) % 3];
        if (i % 3) {
          ByteLock guard(mutator, &a.lock);
          ++a.value;
          if (i % 512 == 1) yield_os_thread();
        } else {
          ByteLock guard(mutator, &a.lock, &b.lock);
          ++a.value;
          --b.value;
        }
        if (i % 200 == 0) {
          StopTheWorld stop(mutator);
          objects[0].value += 0;
        }
        poll(mutator);
      }
      EXPECT(mutator.lock_bytes_held() == 0);
    });
  }
  long sum = objects[0].value + objects[1].value + objects[2].value;
  long expected = 0;
  for (int i = 0; i < 4000; ++i) expected += i % 3 ? 8 : 0;
  EXPECT(sum == expected);
  for (Object& object : objects) EXPECT(object.lock == 0);
}

// A byte held for milliseconds: waiters sleep, and get it in turn.
TEST(lock_byte_held_for_long) {
  Configure configure({GilMode::Off});
  u8 byte = 0;
  int turns[4] = {};
  {
    Workers workers(4, [&](Mutator& mutator, usize index) {
      for (int i = 0; i < 10; ++i) {
        ByteLock guard(mutator, &byte);
        sleep_os_thread(500000);
        ++turns[index];
      }
    });
  }
  for (int count : turns) EXPECT(count == 10);
  EXPECT(byte == 0);
}

TEST(byte_lock_is_nothing_in_gil_mode) {
  Workers workers(1, [](Mutator& mutator, usize) {
    u8 byte = 0;
    ByteLock guard(mutator, &byte);
    EXPECT(byte == 0);
  });
}

TEST(stop_outside_critical_sees_no_locked_object) {
  Configure configure({GilMode::Off});
  u8 bytes[2] = {};
  Atomic<bool> done{false};
  int stops = 0, locked = 0;
  {
    Workers lockers(3, [&](Mutator& mutator, usize) {
      while (!done.load()) {
        {
          ByteLock guard(mutator, &bytes[0], &bytes[1]);
          poll_stop_only(mutator);  // as an allocation would
        }
        poll(mutator);
      }
    });
    Workers stopper(1, [&](Mutator& mutator, usize) {
      for (; stops < 50; ++stops) {
        StopTheWorld stop(mutator, StopKind::OutsideCritical);
        if ((bytes[0] | bytes[1]) & 1) ++locked;
      }
      done.store(true);
    });
  }
  EXPECT(stops == 50);
  EXPECT(locked == 0);
}

#if !defined(__SANITIZE_THREAD__) && !__has_feature(thread_sanitizer)  // it can't start threads after a multi-threaded fork
TEST(fork_beside_running_threads) {
  for (GilMode mode : kBothModes) {
    Configure configure({mode});
    static Mutex runtime_mutex;
    static ForkMutex entry{runtime_mutex};
    static bool registered = (register_fork_mutex(entry), true);
    (void)registered;
    Atomic<bool> done{false};
    u8 byte = 0;
    int failures = 0;
    {
      Workers others(4, [&](Mutator& mutator, usize index) {
        while (!done.load()) {
          if (index == 0) blocking(mutator, [] { yield_os_thread(); });
          if (index == 1) {
            ByteLock guard(mutator, &byte);
            poll_stop_only(mutator);
          }
          if (index == 2) {
            lock_running(mutator, runtime_mutex);
            runtime_mutex.unlock();
          }
          compute(mutator, 5);
        }
      });
      Workers forker(1, [&](Mutator& mutator, usize) {
        while (mutator_count() < 5) blocking(mutator, [] { yield_os_thread(); });
        for (int round = 0; round < 15; ++round) {
          before_fork(mutator);
          pid_t child = fork();
          if (child == 0) {
            alarm(10);
            int dead = 0;
            after_fork_child(
                mutator, [](Mutator& other, void* count) { *static_cast<int*>(count) += other.state() == MutatorState::Dead; },
                &dead);
            if (dead != 4 || mutator_count() != 1 || mutator.os_tid() != static_cast<u32>(getpid())) _exit(1);
            if ((byte & 1) || runtime_mutex.is_locked() || world_is_stopped()) _exit(2);
            long sum = 0;
            Atomic<int> finished{0};
            {
              Workers fresh(3, [&](Mutator& inner, usize) {
                for (int i = 0; i < 100; ++i) {
                  poll(inner);
                  ByteLock guard(inner, &byte);
                  ++sum;
                }
                finished.fetch_add(1);
              });
              // Joining them while Running would keep the GIL from them.
              while (finished.load() < 3 || mutator_count() > 1) blocking(mutator, [] { yield_os_thread(); });
            }
            if (sum != 300) _exit(3);
            {
              StopTheWorld stop(mutator);
            }
            _exit(0);
          }
          after_fork_parent(mutator);
          int status = 0;
          blocking(mutator, [&] { waitpid(child, &status, 0); });
          if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            fprintf(stderr, "mode %d round %d: child status %x\n", static_cast<int>(mode), round, static_cast<unsigned>(status));
            ++failures;
          }
        }
        done.store(true);
      });
    }
    EXPECT(failures == 0);
  }
}

TEST(only_the_finalizing_thread_runs) {
  for (GilMode mode : kBothModes) {
    for (GilPolicyKind policy : kAllPolicies) {
      int status = in_child([&] {
        configure_gil({mode, policy, 5});
        static Atomic<u64> work{0};
        static Atomic<int> started{0};
        Mutator main;
        main.attach("main");
        for (usize i = 0; i < 5; ++i) {
          static Atomic<usize> next{0};
          start_os_thread(
              [](void*) {
                Mutator mutator;
                usize index = next.fetch_add(1);
                mutator.attach("daemon");
                started.fetch_add(1);
                while (true) {
                  compute(mutator, 5);
                  work.fetch_add(1);
                  if (index % 2) blocking(mutator, [] { yield_os_thread(); });
                }
              },
              nullptr);
        }
        while (started.load() < 5) {
          poll(main);
          blocking<BlockCause::Sleep>(main, [] { sleep_os_thread(1000000); });
        }
        begin_finalizing(main);
        if (!is_finalizing()) _exit(1);
        u64 before = work.load();
        for (int i = 0; i < 20; ++i) {
          blocking<BlockCause::Sleep>(main, [] { sleep_os_thread(1000000); });
          compute(main, 1000);
          StopTheWorld stop(main);
        }
        _exit(work.load() == before ? 0 : 2);
      });
      EXPECT(status == 0);
    }
  }
}
#endif

TEST(parker_keeps_a_token) {
  Parker parker;
  parker.unpark();
  parker.unpark();
  EXPECT(parker.park());
  u64 start = monotonic_ns();
  EXPECT(!parker.park(5000000));
  EXPECT(monotonic_ns() - start >= 4900000);
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* pointer) -> void* {
        sleep_os_thread(2000000);
        static_cast<Parker*>(pointer)->unpark();
        return nullptr;
      },
      &parker);
  EXPECT(parker.park());
  pthread_join(thread, nullptr);
}

TEST(mutex_and_condition) {
  static Mutex mutex;
  static CondVar changed;
  static int value;
  value = 0;
  mutex.lock();
  EXPECT(!mutex.try_lock());
  EXPECT(!changed.wait(mutex, 2000000));
  pthread_t threads[3];
  for (pthread_t& thread : threads) {
    pthread_create(
        &thread, nullptr,
        [](void*) -> void* {
          for (int i = 0; i < 2000; ++i) {
            Guard guard(mutex);
            ++value;
          }
          changed.notify_all();
          return nullptr;
        },
        nullptr);
  }
  while (value < 6000) changed.wait(mutex, 100000000);
  mutex.unlock();
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  EXPECT(value == 6000);
}

TEST(stack_bounds_contain_frames) {
  char here;
  StackBounds main = current_stack_bounds();
  EXPECT(&here < main.base && &here > main.limit);
  Workers workers(1, [](Mutator& mutator, usize) {
    char inner;
    EXPECT(&inner < mutator.stack().base && &inner > mutator.stack().limit);
    EXPECT(mutator.stack().base - mutator.stack().limit >= 64 * 1024);
  });
}

}  // namespace baton::test
