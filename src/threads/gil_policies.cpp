// The GIL's policies. Each decides, under the GIL's mutex, from the events it is told; none blocks or reads a clock.
//
//   fair     two FIFO queues. A thread whose moving average of hold times is under 1 ms is I/O-bound: it is served at once,
//            out of a budget; CPU-bound threads take turns of one interval. The budget is a token bucket in time: it drains
//            while a CPU-bound thread waits because of an I/O-bound one (the hand-over gaps included) and fills at a fixed
//            rate otherwise, so that in any 50 ms I/O takes at most rate * 50 ms + capacity = 20 ms from those who compute.
//            Who computes and is preempted for I/O keeps the rest of its turn and goes to the front of its queue: it resumes
//            on the core it came from. (Sent to the tail, it has the kernel place a third thread at every request, which often
//            lands behind a running one: 447 instead of 1950 requests of 0.2 ms a second beside four hogs on two cores.)
//   cpython  rules 1.1-1.8 of CPython 3.11: every waiter times one interval, any switch restarts it; the dropper frees
//            the GIL, wakes one waiter and stays away until somebody has taken it.
//   fifo     one queue, strict hand-off at every release.
//   seeded   fifo's queue, but a seeded generator decides at which poll the holder drops and who comes next.
#include "threads/clock.h"
#include "threads/gil_core.h"

namespace baton {

constexpr u64 kBudgetPerMille = 365;     // tokens gained per 1000 of time
constexpr u64 kBudgetCapNs = 1500000;    // 0.365 * 50 ms + 1.5 ms < 20 ms
constexpr u64 kBudgetResumeNs = 400000;  // an exhausted budget lasts again from here: bursts, not drips
constexpr u64 kPreemptionNs = 700;       // what stopping for I/O and going on costs a computing thread
constexpr u64 kBudgetDebtNs = 4000000;   // one overlong hold (or the kernel not running its owner) costs I/O no more than this

bool is_io_bound(const GilSeat& seat) {
  u64 bound = ns_to_ticks(kIoBoundNs);
  return seat.average_hold.load_relaxed() < bound && seat.burst.load_relaxed() < bound;
}

namespace {

class alignas(128) FairPolicy final : public GilPolicy {
 public:
  void reset(u64 now, u64) override {
    io_.clear();
    cpu_.clear();
    tokens_ = static_cast<i64>(ns_to_ticks(kBudgetCapNs));
    settled_at_ = now;
    exhausted_ = charging_ = holder_is_io_ = false;
    turn_owner_ = nullptr;
    turn_used_ = turn_length_ = 0;
  }

  void enqueue(GilSeat& seat, u64 now) override {
    settle(now);
    seat.in_io_queue = is_io_bound(seat);
    if (seat.in_io_queue) {
      io_.push(seat);
    } else if (&seat == turn_owner_ && turn_used_ < turn_length_) {
      cpu_.push_front(seat);
    } else {
      if (&seat == turn_owner_) turn_owner_ = nullptr;
      cpu_.push(seat);
    }
    recharge();
  }

  void remove(GilSeat& seat, u64 now) override {
    settle(now);
    (seat.in_io_queue ? io_ : cpu_).remove(seat);
    recharge();
  }

  GilSeat* successor(u64 now) override {
    settle(now);
    if (io_.head() && (!exhausted_ || !cpu_.head())) return io_.head();
    return cpu_.head();
  }

  GilSeat* any() override { return io_.head() ? io_.head() : cpu_.head(); }

  u64 arm_time(const GilView& view, GilSeat*, u64 now) override {
    settle(now);
    turn_length_ = view.interval;
    u64 at = kNever;
    if (cpu_.head()) at = view.holder == turn_owner_ ? turn_end(view) : view.last_switch + view.interval;
    if (io_.head()) {
      u64 io_at = holder_is_io_ ? view.holder->hold_start.load_relaxed() + ns_to_ticks(kIoBoundNs) : budget_time(now);
      if (io_at < at) at = io_at;
    }
    return at;
  }

  bool transfers_on_release(const GilView& view, GilSeat& next, u64 now) override {
    if (ticks_between(next.waiting_since, now) >= view.interval) return true;
    return exhausted_ && !next.in_io_queue;
  }

  bool transfers_on_preemption() override { return true; }
  bool favours_io() override { return true; }

  bool may_barge(GilSeat& seat, u64 now) override {
    settle(now);
    return !exhausted_ || !cpu_.head() || !is_io_bound(seat);
  }

  // An I/O-bound hold is over within microseconds, sooner than a sleep and a wake-up. The gaps between such holds are charged to
  // I/O, too: a computing thread that takes them makes its budget last. And while it watches its processor isn't idle: the kernel
  // would wake there whoever the I/O is with, and have the two take turns.
  bool watches_for_gaps(GilSeat& seat, u64 now) override {
    settle(now);
    return !seat.in_io_queue && holder_is_io_ && !exhausted_;
  }

  void hold_started(GilSeat& seat, u64 now) override {
    settle(now);
    holder_is_io_ = is_io_bound(seat);
    if (!holder_is_io_ && &seat != turn_owner_) {
      turn_owner_ = &seat;
      turn_used_ = 0;
    }
    recharge();
  }

  // The gap until the next hold is charged to whoever caused it: holder_is_io_ stays.
  void hold_ended(GilSeat& seat, u64 now, bool preempted) override {
    settle(now);
    if (preempted && io_.head() && !is_io_bound(seat)) tokens_ -= static_cast<i64>(ns_to_ticks(kPreemptionNs));
    if (&seat != turn_owner_) return;
    turn_used_ += ticks_between(seat.hold_start.load_relaxed(), now);
    if (!preempted) turn_owner_ = nullptr;
  }

 private:
  u64 turn_end(const GilView& view) const {
    u64 start = view.holder->hold_start.load_relaxed();
    return turn_used_ < view.interval ? start + (view.interval - turn_used_) : start;
  }

  void settle(u64 now) {
    u64 spent = ticks_between(settled_at_, now);
    settled_at_ = now;
    i64 cap = static_cast<i64>(ns_to_ticks(kBudgetCapNs)), debt = static_cast<i64>(ns_to_ticks(kBudgetDebtNs));
    if (spent > (u64{1} << 40)) spent = u64{1} << 40;
    tokens_ += static_cast<i64>(spent * kBudgetPerMille / 1000);
    if (charging_) tokens_ -= static_cast<i64>(spent);
    if (tokens_ > cap) tokens_ = cap;
    if (tokens_ < -debt) tokens_ = -debt;
    if (tokens_ <= 0) exhausted_ = true;
    if (tokens_ >= static_cast<i64>(ns_to_ticks(kBudgetResumeNs))) exhausted_ = false;
  }

  void recharge() { charging_ = cpu_.head() && holder_is_io_; }

  u64 budget_time(u64 now) const {
    if (!exhausted_) return now;
    i64 missing = static_cast<i64>(ns_to_ticks(kBudgetResumeNs)) - tokens_;
    return missing <= 0 ? now : now + static_cast<u64>(missing) * 1000 / kBudgetPerMille;
  }

  SeatQueue io_, cpu_;
  i64 tokens_ = 0;
  u64 settled_at_ = 0;
  bool exhausted_ = false;
  bool charging_ = false;
  bool holder_is_io_ = false;
  // Whose turn it is among the CPU-bound, only ever compared: the thread may be gone.
  GilSeat* turn_owner_ = nullptr;
  u64 turn_used_ = 0;    // ticks of its turn before the present hold
  u64 turn_length_ = 0;  // the interval, as last seen
};

class FifoPolicy : public GilPolicy {
 public:
  void reset(u64, u64) override { queue_.clear(); }
  void enqueue(GilSeat& seat, u64) override { queue_.push(seat); }
  void remove(GilSeat& seat, u64) override { queue_.remove(seat); }
  GilSeat* successor(u64) override { return queue_.head(); }
  GilSeat* any() override { return queue_.head(); }
  u64 arm_time(const GilView& view, GilSeat*, u64) override { return queue_.head() ? view.last_switch + view.interval : kNever; }
  bool transfers_on_release(const GilView&, GilSeat&, u64) override { return true; }
  bool transfers_on_preemption() override { return true; }
  bool may_barge(GilSeat&, u64) override { return !queue_.head(); }
  void hold_started(GilSeat&, u64) override {}
  void hold_ended(GilSeat&, u64, bool) override {}

 protected:
  SeatQueue queue_;
};

class CpythonPolicy final : public FifoPolicy {
 public:
  void enqueue(GilSeat& seat, u64 now) override {
    FifoPolicy::enqueue(seat, now);
    seat.timer_start = 0;
  }
  u64 arm_time(const GilView& view, GilSeat* seat, u64 now) override {
    if (!seat) return kNever;
    if (!seat->timer_start) restart(view, *seat, now);
    if (now >= seat->timer_start + view.interval) {
      if (seat->timer_switch == view.switch_number) return now;
      restart(view, *seat, now);
    }
    return seat->timer_start + view.interval;
  }
  bool transfers_on_release(const GilView&, GilSeat&, u64) override { return false; }
  bool transfers_on_preemption() override { return false; }
  bool may_barge(GilSeat&, u64) override { return true; }
  bool every_waiter_keeps_time() override { return true; }
  void woken_in_vain(const GilView& view, GilSeat& seat, u64 now) override { restart(view, seat, now); }

 private:
  static void restart(const GilView& view, GilSeat& seat, u64 now) {
    seat.timer_start = now;
    seat.timer_switch = view.switch_number;
  }
};

// Deterministic as far as the program is: given the same sequence of polls, releases and arrivals, the same choices.
class SeededPolicy final : public FifoPolicy {
 public:
  void reset(u64 now, u64 seed) override {
    FifoPolicy::reset(now, seed);
    state_ = seed * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u;
    polls_left_ = draw(kMeanPolls) + 1;
    waiting_ = 0;
    chosen_ = nullptr;  // in a forked child it would be a thread that isn't there
  }
  void enqueue(GilSeat& seat, u64 now) override {
    ++waiting_;
    chosen_ = nullptr;
    FifoPolicy::enqueue(seat, now);
  }
  void remove(GilSeat& seat, u64 now) override {
    --waiting_;
    chosen_ = nullptr;
    FifoPolicy::remove(seat, now);
  }
  // Drawn once for each state of the queue, however often it is asked.
  GilSeat* successor(u64) override {
    if (!chosen_ && waiting_) {
      chosen_ = queue_.head();
      for (u64 skip = draw(waiting_); skip; --skip) chosen_ = chosen_->next;
    }
    return chosen_;
  }
  u64 arm_time(const GilView&, GilSeat*, u64) override { return kNever; }
  bool decides_at_polls() override { return true; }
  bool drops_at_poll() override {
    if (--polls_left_) return false;
    polls_left_ = draw(2 * kMeanPolls) + 1;
    return true;
  }

 private:
  static constexpr u64 kMeanPolls = 50;
  u64 draw(u64 bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return (state_ * 0x2545F4914F6CDD1Du >> 33) % bound;
  }
  u64 state_ = 1;
  u64 polls_left_ = 1;
  u64 waiting_ = 0;
  GilSeat* chosen_ = nullptr;
};

constinit FairPolicy fair_policy;
constinit CpythonPolicy cpython_policy;
constinit FifoPolicy fifo_policy;
constinit SeededPolicy seeded_policy;

}  // namespace

GilPolicy& gil_policy_object(GilPolicyKind kind) {
  switch (kind) {
    case GilPolicyKind::Fair: return fair_policy;
    case GilPolicyKind::Cpython: return cpython_policy;
    case GilPolicyKind::Fifo: return fifo_policy;
    case GilPolicyKind::Seeded: return seeded_policy;
  }
  BATON_UNREACHABLE("GIL policy");
}

}  // namespace baton
