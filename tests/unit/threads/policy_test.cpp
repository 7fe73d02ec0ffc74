// The policies' rules, one by one: fair's budget in simulated time, cpython's timing as lower bounds (which load can't break).
#include <algorithm>
#include <cstdio>

#include "threads/accounting.h"
#include "threads/fixture.h"
#include "threads/gil_core.h"

namespace baton::test {

namespace {

// One CPU-bound thread that always wants to run and one I/O-bound thread that comes back `away` after each `hold`.
// Time is simulated in steps; what Gil does around the policy is done here in its simplest form.
struct Simulation {
  GilPolicy& policy = gil_policy_object(GilPolicyKind::Fair);
  Mutator hog_mutator, io_mutator;
  GilSeat& hog = MutatorAccess::seat(hog_mutator);
  GilSeat& io = MutatorAccess::seat(io_mutator);
  u64 us = ns_to_ticks(1000);
  std::vector<bool> io_time;  // for each microsecond: did the hog have to wait?

  void run(u64 hold_us, u64 away_us, u64 total_us) {
    u64 now = ticks();
    policy.reset(now, 0);
    hog.average_hold.store(8000 * us);
    io.average_hold.store(hold_us * us);
    GilView view{now, 0, 5000 * us, &hog};
    hog.hold_start.store(now);
    policy.hold_started(hog, now);
    GilSeat* holder = &hog;
    bool io_waits = false;
    u64 io_event = 0;  // when the I/O thread next comes or goes
    for (u64 t = 0; t < total_us; ++t, now += us) {
      if (holder == &hog && !io_waits && t >= io_event) {
        policy.enqueue(io, now);
        io_waits = true;
      }
      if (holder == &hog && io_waits) {
        view.holder = &hog;
        if (policy.arm_time(view, &io, now) <= now && policy.successor(now) == &io) {
          policy.hold_ended(hog, now, true);
          policy.remove(io, now);
          io.hold_start.store(now);
          policy.hold_started(io, now);
          policy.enqueue(hog, now);
          hog.waiting_since = now;
          holder = &io;
          io_waits = false;
          io_event = t + hold_us;
        }
      } else if (holder == &io && t >= io_event) {
        policy.hold_ended(io, now, false);
        policy.remove(hog, now);
        hog.hold_start.store(now);
        policy.hold_started(hog, now);
        holder = &hog;
        io_event = t + away_us;
      }
      io_time.push_back(holder == &io);
    }
    if (io_waits) policy.remove(io, now);
    if (holder == &io) policy.remove(hog, now);
  }

  // The largest part of any 50 ms in which the hog waited.
  double worst_window() const {
    constexpr usize kWindow = 50000;
    usize inside = 0, worst = 0;
    for (usize i = 0; i < io_time.size(); ++i) {
      inside += io_time[i];
      if (i >= kWindow) inside -= io_time[i - kWindow];
      if (i + 1 >= kWindow) worst = std::max(worst, inside);
    }
    return static_cast<double>(worst) / kWindow;
  }
  double share() const {
    return static_cast<double>(std::count(io_time.begin(), io_time.end(), true)) / static_cast<double>(io_time.size());
  }
};

}  // namespace

TEST(fair_budget_bounds_io_in_every_window) {
  init_clock();
  struct Case {
    u64 hold_us, away_us;
  };
  for (Case c : {Case{20, 5}, Case{100, 1}, Case{700, 1}, Case{5, 1}, Case{900, 300}}) {
    Simulation simulation;
    simulation.run(c.hold_us, c.away_us, 300000);
    printf("  I/O holding %lu us every %lu us: %.1f %% of the time, at most %.1f %% of any 50 ms\n", c.hold_us,
           c.hold_us + c.away_us, 100 * simulation.share(), 100 * simulation.worst_window());
    EXPECT(simulation.worst_window() <= 0.42);  // 40 % and one last hold
    EXPECT(simulation.share() > 0.3);
  }
  Simulation modest;  // within its budget it is never kept waiting
  modest.run(50, 950, 200000);
  EXPECT(modest.share() > 0.045 && modest.share() < 0.055);
  configure_gil({});
}

// While I/O takes no more than its budget gains the computing thread sleeps; at an empty budget it has the GIL anyway.
TEST(fair_computing_thread_watches_for_gaps_while_the_budget_lasts) {
  init_clock();
  Simulation s;
  u64 now = ticks();
  s.policy.reset(now, 0);
  s.hog.average_hold.store(8000 * s.us);
  s.io.average_hold.store(20 * s.us);
  s.policy.hold_started(s.io, now);
  s.policy.enqueue(s.hog, now);
  EXPECT(s.policy.watches_for_gaps(s.hog, now));
  EXPECT(s.policy.watches_for_gaps(s.hog, now + 1500 * s.us));
  EXPECT(!s.policy.watches_for_gaps(s.hog, now + 3000 * s.us));
  s.policy.hold_started(s.hog, now + 9000 * s.us);
  EXPECT(!s.policy.watches_for_gaps(s.hog, now + 9000 * s.us));
  s.policy.remove(s.hog, now + 3000 * s.us);
  configure_gil({});
}

TEST(cpython_waiter_waits_a_whole_interval) {
  Configure configure({GilMode::On, GilPolicyKind::Cpython, 0});
  Atomic<bool> stop{false};
  u64 shortest = UINT64_MAX;
  {
    Workers workers(2, [&](Mutator& mutator, usize index) {
      if (index == 0) {
        while (!stop.load_relaxed()) compute(mutator, 50);
        return;
      }
      for (int i = 0; i < 15; ++i) {
        blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(2000000); });
        u64 contended = thread_account(mutator).contended_acquisitions, before = thread_account(mutator).waiting_ns;
        blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(1000000); });
        ThreadAccount after = thread_account(mutator);
        if (after.contended_acquisitions > contended) shortest = std::min(shortest, after.waiting_ns - before);
      }
      stop.store(true);
    });
  }
  EXPECT(shortest >= 4900000);
}

// The dropper stays away until somebody else has taken the GIL: every forced drop is a change of holder.
TEST(cpython_drop_forces_a_switch) {
  Configure configure({GilMode::On, GilPolicyKind::Cpython, 0});
  set_switch_interval_us(500);
  GilAccount before = gil_account();
  for (int round = 0; round < 20 && gil_account().forced_switches - before.forced_switches <= 10; ++round) {
    u64 end = monotonic_ns() + 150000000;
    Workers workers(3, [&](Mutator& mutator, usize) {
      while (monotonic_ns() < end) compute(mutator, 20);
    });
  }
  GilAccount after = gil_account();
  u64 forced = after.forced_switches - before.forced_switches, switches = after.switches - before.switches;
  EXPECT(forced > 10);
  EXPECT(switches >= forced);
  set_switch_interval_us(kDefaultSwitchIntervalUs);
}

TEST(policy_names_round_trip) {
  for (GilPolicyKind kind : kAllPolicies) {
    GilPolicyKind parsed;
    EXPECT(parse_gil_policy(gil_policy_name(kind), &parsed) && parsed == kind);
  }
  GilPolicyKind untouched = GilPolicyKind::Fifo;
  EXPECT(!parse_gil_policy("fairest", &untouched) && untouched == GilPolicyKind::Fifo);
}

// A collection wanted under an object's lock meets a fork that waits for no locks: neither may wait for the other.
TEST(stops_inside_and_outside_critical_sections_meet) {
  Configure configure({GilMode::Off});
  u8 bytes[3] = {};
  int stops = 0;
  {
    Workers workers(5, [&](Mutator& mutator, usize index) {
      for (int i = 0; i < 150; ++i) {
        if (index < 3) {
          ByteLock guard(mutator, &bytes[index]);
          StopTheWorld stop(mutator);
          ++stops;
        } else {
          StopTheWorld stop(mutator, StopKind::OutsideCritical);
          EXPECT(((bytes[0] | bytes[1] | bytes[2]) & 1) == 0);
          ++stops;
        }
        poll(mutator);
        if (i % 10 == 0) blocking(mutator, [] { yield_os_thread(); });
      }
    });
  }
  EXPECT(stops == 5 * 150);
}

}  // namespace baton::test
