// The GIL's mechanism; see gil_core.h for the invariants. What is decided here is only what all policies share:
// the word, who sleeps and who wakes, the record of holds for the accounting, and the exit of threads at finalisation.
//
// kGilDrop is set only under mutex_ while its target holds the GIL and somebody waits, and is cleared before the GIL leaves
// that holder; so a drop request never outlives the hold that it was meant for.
#include <unistd.h>

#include <cstring>

#include "threads/clock.h"
#include "threads/gil_core.h"
#include "threads/gil_takings.h"
#include "threads/look_on.h"
#include "threads/os_thread.h"
#include "threads/process_barrier.h"
#include "threads/processor_notes.h"
#include "threads/world.h"

namespace baton {

constinit Gil gil;
GilMode gil_mode_flag = GilMode::On;
bool objects_are_locked_flag = false;
void (*objects_begin_to_be_locked)() = nullptr;

namespace {

GilPolicyKind policy_kind = GilPolicyKind::Fair;
Atomic<u64> interval_us{kDefaultSwitchIntervalUs};
constexpr const char* kPolicyNames[] = {"fair", "cpython", "fifo", "seeded"};
// An earlier need than the timer's by less than this doesn't pay for a wake-up.
constexpr u64 kTimerSlackNs = 30000;
// A burst counts at most this much in the moving average, so that a former hog is soon recognised as I/O-bound again.
constexpr u64 kBurstCapNs = 8000000;
constexpr u64 kComputingRememberedNs = 100000000;  // twenty turns of the default interval
Atomic<u64> burst_cap{0};                          // kBurstCapNs in ticks
Atomic<u64> long_hold{0};                          // kIoBoundNs in ticks

void note_burst_ended(GilSeat& seat, u64 held) {
  u64 burst = seat.burst.load_relaxed() + held;
  seat.burst.store_relaxed(0);
  if (u64 cap = burst_cap.load_relaxed(); burst > cap) burst = cap;
  u64 average = seat.average_hold.load_relaxed();
  seat.average_hold.store_relaxed(average - average / 4 + burst / 4);
}

void raise_maximum(Atomic<u64>& maximum, u64 value) {
  if (value > maximum.load_relaxed()) maximum.store_relaxed(value);
}

}  // namespace

// Wake-ups are issued after mutex_ is released: the woken thread's next step is often to take it.
struct Gil::Wakes {
  const u32* words[4];
  int count = 0;
  void add(const u32* word) {
    if (count == 4) {
      futex_wake(words[0], 1);
      words[0] = words[--count];
    }
    words[count++] = word;
  }
  void flush() {
    for (int i = 0; i < count; ++i) futex_wake(words[i], 1);
    count = 0;
  }
};

void SeatQueue::push(GilSeat& seat) {
  seat.next = nullptr;
  seat.previous = tail_;
  (tail_ ? tail_->next : head_) = &seat;
  tail_ = &seat;
}

void SeatQueue::push_front(GilSeat& seat) {
  seat.previous = nullptr;
  seat.next = head_;
  (head_ ? head_->previous : tail_) = &seat;
  head_ = &seat;
}

void SeatQueue::remove(GilSeat& seat) {
  (seat.previous ? seat.previous->next : head_) = seat.next;
  (seat.next ? seat.next->previous : tail_) = seat.previous;
  seat.next = seat.previous = nullptr;
}

void Gil::configure(GilPolicyKind kind, u64 seed) {
  policy_ = &gil_policy_object(kind);
  always_contended_ = policy_->decides_at_polls();
  seed_ = seed;
  policy_->reset(ticks(), seed);
  word_.store(idle_word());
}

void Gil::configure_default() {
  if (policy_) return;
  configure(policy_kind, 0);
  set_interval_us(switch_interval_us());
}

void Gil::set_interval_us(u64 us) {
  burst_cap.store_relaxed(ns_to_ticks(kBurstCapNs));
  long_hold.store_relaxed(ns_to_ticks(kIoBoundNs));
  interval_.store_relaxed(ns_to_ticks((us ? us : 1) * 1000));
}

GilView Gil::view(Mutator* holder) const {
  return {last_switch_.load_relaxed(), switch_number_.load_relaxed(), interval_.load_relaxed(),
          holder ? &holder->seat_ : nullptr};
}

// ---- taking ----

u64 gil_takings(const Mutator& mutator) { return MutatorAccess::counters(mutator).acquisitions.load_relaxed(); }

void Gil::acquire(Mutator& mutator, u64 now) {
  // Before the word: a waiter that sees us as holder reads when we began.
  mutator.seat_.hold_start.store_relaxed(now);
  if (!word_.try_change(0, bits(mutator))) [[unlikely]]
    return acquire_slow(mutator, now);
  mutator.counters_.acquisitions.owner_add(1);
  mutator.counters_.turn(Activity::Running, now);
  note_holder(mutator, now);
}

void Gil::note_holder(Mutator& mutator, u64 now) {
  if (last_holder_id_.load_relaxed() == mutator.id_) return;
  last_holder_id_.store_relaxed(mutator.id_);
  switch_number_.owner_add(1);
  last_switch_.store_relaxed(now);
}

// A woken thread that the kernel puts on a busy core waits for the next tick there, up to 4 ms, unless the running one has a
// longer time slice than it. So threads that compute under contention ask for a long one: they give way to whoever wakes up, of
// other processes too. I/O-bound threads beside them ask for a short one, and so does the computing thread that keeps the time,
// while it sleeps. I/O-bound threads among themselves have the kernel's own: with a short one they would push aside, at every
// message, the process that is about to send them the next.
void Gil::adjust_time_slice(Mutator& mutator, u64 now) {
  constexpr u64 kSeenEnough = 16;
  GilSeat& seat = mutator.seat_;
  if (!policy_->favours_io()) return;
  if (!is_io_bound(seat)) {
    computing_seen_.store_relaxed(now);
    return ask_for_slice(seat, TimeSlice::Long);
  }
  if (mutator.counters_.acquisitions.load_relaxed() < kSeenEnough) return;
  ask_for_slice(seat, has_seen_computing(now) ? TimeSlice::Short : TimeSlice::Default);
}

void Gil::ask_for_ordinary_slice(Mutator& mutator) { ask_for_slice(mutator.seat_, TimeSlice::Default); }

bool Gil::has_seen_computing(u64 now) const {
  u64 seen = computing_seen_.load_relaxed();
  return seen && ticks_between(seen, now) < ns_to_ticks(kComputingRememberedNs);
}

void Gil::ask_for_slice(GilSeat& seat, TimeSlice slice) {
  if (seat.slice == slice) return;
  __atomic_store(&seat.slice, &slice, __ATOMIC_RELAXED);  // the owner, just woken, looks without the mutex
  request_time_slice(seat.owner.os_tid_, slice);
}

// Before the wake-up, so that a computing thread doesn't push others aside when it is woken to compute.
void Gil::end_timekeeping(GilSeat& seat) {
  if (seat.slice == TimeSlice::Short && !is_io_bound(seat)) ask_for_slice(seat, TimeSlice::Long);
}

BATON_NOINLINE void Gil::acquire_slow(Mutator& mutator, u64 began) {
  Wakes wakes;
  adjust_time_slice(mutator, began);
  mutex_.lock();
  u64 before = word_.fetch_or(kContended);
  if (Mutator* holder = holder_of(before); holder && !(before & kContended)) contention_began(*holder, began);
  wait_for_turn(mutator, began, wakes);
}

// Until now the holder's doings were nobody's business: tell the policy what it missed.
void Gil::contention_began(Mutator& holder, u64 now) {
  armed_ = false;
  timer_ = nullptr;
  policy_->hold_started(holder.seat_, now);
}

void Gil::enqueue(GilSeat& seat, u64 now) {
  seat.queued = true;
  seat.waiting_since = now;
  if (waiting_++ == 0) waited_since_ = now;
  waiting_count_.store_relaxed(waiting_);
  policy_->enqueue(seat, now);
}

void Gil::dequeue(GilSeat& seat, u64 now) {
  policy_->remove(seat, now);
  seat.queued = false;
  --waiting_;
  waiting_count_.store_relaxed(waiting_);
  if (timer_ == &seat) timer_ = nullptr;
}

// Called with mutex_ held, returns without it, as the GIL's owner.
void Gil::wait_for_turn(Mutator& mutator, u64 began, Wakes& wakes) {
  GilSeat& seat = mutator.seat_;
  Counters& counters = mutator.counters_;
  if (counters.activity.load_relaxed() != Activity::WaitingForGil) counters.turn(Activity::WaitingForGil, began);
  bool slept = false;
  u64 now = began;
  while (true) {
    if (finalizer_ && finalizer_ != &mutator) withdraw_for_ever(mutator, wakes);
    u64 deadline = kNever;
    bool ends_turn = false;  // keeps a computing thread's time
    if (forced_waiter_ != &seat) {
      u64 word = word_.fetch_or(kContended);
      if (!holder_of(word) && (seat.queued || policy_->may_barge(seat, now))) {
        take(mutator, now, wakes);
        mutex_.unlock();
        wakes.flush();
        // Without a sleep there is no reason to read the clock again.
        return started_running(mutator, began, slept ? ticks() : now);
      }
      if (!seat.queued) enqueue(seat, now);
      deadline = watch(mutator, word, now);
      ends_turn = deadline != kNever && holder_of(word) && !is_io_bound(holder_of(word)->seat_);
    }
    // Before the wake-ups: the thread that computes next would run in place of this one, with nobody keeping the time.
    if (ends_turn && policy_->favours_io()) ask_for_slice(seat, TimeSlice::Short);
    bool watches = seat.queued && policy_->watches_for_gaps(seat, now);
    bool asks = armed_ && policy_->favours_io() && is_io_bound(seat);
    Mutator* holder = asks || watches ? holder_of(word_.load()) : nullptr;
    u32 elsewhere = holder ? holder->seat_.processor.load_relaxed() : UINT32_MAX;
    bool is_elsewhere = elsewhere != UINT32_MAX && elsewhere != current_processor(), looks = asks && is_elsewhere;
    if (looks || watches) seat.signal.store(GilSeat::kLooks);
    mutex_.unlock();
    wakes.flush();
    if (looks) look_for_answer(seat);
    bool found_gap = watches && look_for_gap(mutator, is_elsewhere);
    if ((looks || watches) && !found_gap) seat.signal.try_change(GilSeat::kLooks, GilSeat::kSleep);
    if (!found_gap && seat.signal.load_relaxed() == GilSeat::kSleep) {
      // The kernel may have kept this thread from running since `now`.
      futex_wait(seat.signal.address(), GilSeat::kSleep,
                 deadline == kNever ? kForever : ticks_to_ns(ticks_between(ticks(), deadline)) + 1);
      TimeSlice asked;
      __atomic_load(&seat.slice, &asked, __ATOMIC_RELAXED);
      if (asked == TimeSlice::Long) let_woken_go_first();
    }
    slept = true;
    if (seat.signal.load() == GilSeat::kGranted) break;
    mutex_.lock();
    now = ticks();
    u32 signal = seat.signal.load_relaxed();
    if (signal == GilSeat::kGranted) {
      mutex_.unlock();
      break;
    }
    seat.signal.store(GilSeat::kSleep);
    if (timer_ == &seat) timer_ = nullptr;
    if (signal == GilSeat::kNudge && seat.queued && holder_of(word_.load())) policy_->woken_in_vain(view(nullptr), seat, now);
  }
  seat.signal.store(GilSeat::kSleep);
  now = ticks();
  adjust_time_slice(mutator, now);
  last_switch_.store_relaxed(now);  // the slice begins when its owner runs, not when it was appointed
  started_running(mutator, began, now);
}

// Asks the holder to drop if it is time, or answers when to look again (kNever: somebody else keeps watch).
u64 Gil::watch(Mutator& mutator, u64 word, u64 now) {
  GilSeat& seat = mutator.seat_;
  Mutator* holder = holder_of(word);
  bool own_time = policy_->every_waiter_keeps_time();
  if (!own_time && (!holder || armed_)) return kNever;
  u64 at = policy_->arm_time(view(holder), &seat, now);
  if (at <= now) {
    if (holder) arm(*holder);
    return own_time ? now + interval_.load_relaxed() : kNever;
  }
  if (own_time) return at;
  if (at == kNever || (timer_ && timer_ != &seat && timer_time_ <= at)) return kNever;
  timer_ = &seat;
  timer_time_ = at;
  return at;
}

// The holder has been asked to drop the GIL, and runs on another processor: at its next poll it will. (On this one it couldn't.)
void Gil::look_for_answer(GilSeat& seat) {
  constexpr u64 kAnswerNs = 3000;
  u64 end = ticks() + ns_to_ticks(kAnswerNs);
  while (seat.signal.load_relaxed() == GilSeat::kLooks && ticks() < end) cpu_pause();
}

// Such a thread runs: given the GIL it goes on at once, where taking it itself means to fetch the mutex and the policy's state
// from the releaser's processor first. One that is about to yield may not be back for milliseconds: it isn't given the GIL. Nor
// is one of several that wait: the releaser, not it, would then wake the next one to keep the time, on the processor of the I/O.
bool Gil::is_spinning_alone(const GilSeat& seat) const {
  return waiting_ == 1 && spinning_.load_relaxed() == &seat && seat.signal.load_relaxed() == GilSeat::kLooks && !seat.in_io_queue;
}

// True: the GIL is free, or the caller's. While its holder runs on another processor a yield only makes a look come later: half a
// microsecond in which nobody has the GIL, though it is charged to I/O.
bool Gil::look_for_gap(Mutator& mutator, bool holder_is_elsewhere) {
  constexpr u64 kBetweenYieldsNs = 1500;
  LookOn looks(mutator, LookOn::Target::Gil);
  // Whoever lets go of the GIL tells the first in the queue: the word itself, which its owner is writing to, is looked at seldom
  // by the only one.
  GilSeat& seat = mutator.seat_;
  bool is_only_one = waiting_count_.load_relaxed() == 1;
  auto is_told = [&] { return seat.signal.load_relaxed() != GilSeat::kLooks || (!is_only_one && !is_held()); };
  auto look = [&] {
    bool found = is_told() || !is_held();
    if (found || !holder_is_elsewhere) return found ? Look::Found : Look::Nothing;
    spinning_.store_relaxed(&seat);
    u64 end = ticks() + ns_to_ticks(kBetweenYieldsNs);
    do {
      cpu_pause();
      found = is_told();
    } while (!found && ticks() < end);
    spinning_.try_change(&seat, nullptr);  // another one may have begun
    return found || is_told() ? Look::Found : Look::Nothing;
  };
  return looks.until_found(look);
}

void Gil::arm(Mutator& holder) {
  armed_ = true;
  holder.request(kGilDrop);
}

void Gil::nudge(GilSeat& seat, Wakes& wakes) {
  u32 signal = seat.signal.load_relaxed();
  if (signal != GilSeat::kSleep && signal != GilSeat::kLooks) return;
  end_timekeeping(seat);
  if (seat.signal.exchange(GilSeat::kNudge) == GilSeat::kSleep) wakes.add(seat.signal.address());
}

void Gil::take(Mutator& mutator, u64 now, Wakes& wakes) {
  if (mutator.seat_.queued) dequeue(mutator.seat_, now);
  word_.store(bits(mutator) | idle_word());
  armed_ = false;
  mutator.seat_.hold_start.store_relaxed(now);
  policy_->hold_started(mutator.seat_, now);
  note_holder(mutator, now);
  if (always_contended_) arm(mutator);
  if (forced_waiter_ && forced_waiter_ != &mutator.seat_) {
    nudge(*forced_waiter_, wakes);
    forced_waiter_ = nullptr;
  }
  ensure_timer(now, wakes);
}

void Gil::grant(GilSeat& seat, u64 now, bool others_coming, Wakes& wakes) {
  dequeue(seat, now);
  word_.store(bits(seat.owner) | (others_coming ? kContended : idle_word()));
  armed_ = false;
  seat.hold_start.store_relaxed(now);
  policy_->hold_started(seat, now);
  note_holder(seat.owner, now);
  if (always_contended_) arm(seat.owner);
  end_timekeeping(seat);
  if (seat.signal.exchange(GilSeat::kGranted) == GilSeat::kSleep) wakes.add(seat.signal.address());
}

// After the GIL changed hands without a loser that keeps watch: somebody must, and early enough.
void Gil::ensure_timer(u64 now, Wakes& wakes) {
  Mutator* holder = holder_of(word_.load_relaxed());
  if (!waiting_ || armed_ || !holder || policy_->every_waiter_keeps_time()) return;
  u64 at = policy_->arm_time(view(holder), nullptr, now);
  if (at == kNever) return;
  if (at <= now) return arm(*holder);
  if (timer_ && timer_time_ <= at + ns_to_ticks(kTimerSlackNs)) return;
  if (GilSeat* keeper = policy_->successor(now)) nudge(*keeper, wakes);
}

void Gil::started_running(Mutator& mutator, u64 began, u64 now) {
  u32 processor = current_processor();
  mutator.seat_.processor.store_relaxed(processor);
  mutator.seat_.hold_start.store_relaxed(now);
  Counters& counters = mutator.counters_;
  u64 waited = counters.turn(Activity::Running, now);
  counters.acquisitions.owner_add(1);
  if (now == began) return;
  if (policy_->favours_io() && has_seen_computing(now)) note_contention(processor, now);
  counters.contended.owner_add(1);
  raise_maximum(counters.longest_wait, waited);
  attribute_wait(mutator, began, now);
}

// Only the GIL's owner touches the ring of holds, so this needs no lock. A wait longer than the ring counts as "others".
void Gil::attribute_wait(Mutator& mutator, u64 began, u64 now) {
  Counters& counters = mutator.counters_;
  u64 cursor = now;  // everything after it is accounted for
  u64 oldest = hold_count_ > kHolds ? hold_count_ - kHolds : 0;
  for (u64 i = hold_count_; i > oldest && static_cast<i64>(cursor - began) > 0; --i) {
    const Hold& hold = holds_[(i - 1) % kHolds];
    if (static_cast<i64>(hold.end - began) <= 0) {
      counters.nobody.owner_add(cursor - began);
      return;
    }
    counters.nobody.owner_add(ticks_between(hold.end, cursor));
    u64 from = static_cast<i64>(hold.start - began) > 0 ? hold.start : began;
    if (hold.id != mutator.id_) counters.add_holder_wait(hold.id, ticks_between(from, hold.end));
    cursor = from;
  }
  if (static_cast<i64>(cursor - began) <= 0) return;
  (hold_count_ > kHolds ? counters.other_holders : counters.nobody).owner_add(cursor - began);
}

// ---- letting go ----

// What a hold counts as in its burst. The kernel may have kept the owner from running meanwhile: on a busy core, a thread that
// never computes for long would seem to. So it is at most the processor's time that the thread took for each of its bursts since
// the last look (each look at the clock comes after a hold of 1 ms at least).
u64 Gil::without_stolen(Mutator& mutator, u64 held) {
  GilSeat& seat = mutator.seat_;
  const Counters& counters = mutator.counters_;
  u64 cpu = os_thread_cpu_ns(mutator.os_tid_);
  u64 bursts = counters.acquisitions.load_relaxed() - counters.forced.load_relaxed();
  // A forked child's counters begin anew.
  u64 spent = cpu - (seat.cpu_seen <= cpu ? seat.cpu_seen : 0);
  u64 since = bursts - (seat.bursts_seen <= bursts ? seat.bursts_seen : 0);
  seat.cpu_seen = cpu;
  seat.bursts_seen = bursts;
  u64 computed = ns_to_ticks(spent / (since ? since : 1));
  return computed < held ? computed : held;
}

void Gil::release(Mutator& mutator, u64 now) {
  GilSeat& seat = mutator.seat_;
  u64 held = ticks_between(seat.hold_start.load_relaxed(), now);
  raise_maximum(mutator.counters_.longest_hold, held);
  if (held >= long_hold.load_relaxed()) [[unlikely]]
    held = without_stolen(mutator, held);
  note_burst_ended(seat, held);
  if (!word_.try_change(bits(mutator), 0)) [[unlikely]]
    release_slow(mutator, now);
}

// The longest time that this thread, in one hold, kept somebody waiting; and where. Its frames may be read: it owns the GIL
// still.
void Gil::note_kept(Mutator& mutator, u64 now) {
  u64 start = mutator.seat_.hold_start.load_relaxed();
  u64 kept = ticks_between(static_cast<i64>(waited_since_ - start) > 0 ? waited_since_ : start, now);
  Counters& counters = mutator.counters_;
  if (kept <= counters.longest_kept.load_relaxed()) return;
  counters.longest_kept.store_relaxed(kept);
  if (mutator_hooks.describe_place) mutator_hooks.describe_place(mutator, counters.kept_at, kPlaceSize);
}

void Gil::end_hold(Mutator& mutator, u64 now, bool preempted) {
  GilSeat& seat = mutator.seat_;
  u64 start = seat.hold_start.load_relaxed();
  holds_[hold_count_++ % kHolds] = {mutator.id_, start, now};
  if (waiting_) note_kept(mutator, now);
  if (preempted) {
    u64 held = ticks_between(start, now);
    raise_maximum(mutator.counters_.longest_hold, held);
    seat.burst.owner_add(held < long_hold.load_relaxed() ? held : without_stolen(mutator, held));
    mutator.counters_.forced.owner_add(1);
    forced_switches_.owner_add(1);
  } else if (waiting_) {
    mutator.counters_.voluntary.owner_add(1);
  }
  mutator.clear_request(kGilDrop);
  armed_ = false;
  policy_->hold_ended(seat, now, preempted);
}

BATON_NOINLINE void Gil::release_slow(Mutator& mutator, u64 now) {
  Wakes wakes;
  mutex_.lock();
  end_hold(mutator, now, false);
  GilSeat* next = finalizer_ ? nullptr : policy_->successor(now);
  if (!next) {
    word_.store(idle_word());
  } else if (is_spinning_alone(*next) || policy_->transfers_on_release(view(nullptr), *next, now)) {
    grant(*next, now, false, wakes);
    ensure_timer(now, wakes);
  } else {
    word_.store(kContended);
    nudge(*next, wakes);
  }
  mutex_.unlock();
  wakes.flush();
}

void Gil::preempt(Mutator& mutator) {
  GilSeat& seat = mutator.seat_;
  adjust_time_slice(mutator, ticks());
  mutex_.lock();
  u64 now = ticks();
  GilSeat* next = finalizer_ ? nullptr : policy_->successor(now);
  if (!next || !policy_->drops_at_poll()) {
    if (!always_contended_ || finalizer_) {
      mutator.clear_request(kGilDrop);
      armed_ = false;
    }
    mutex_.unlock();
    return;
  }
  Wakes wakes;
  // Before the GIL leaves us: nobody may see two Running.
  mutator.state_.store_release(static_cast<u32>(MutatorState::Parked));
  end_hold(mutator, now, true);
  mutator.counters_.turn(Activity::WaitingForGil, now);
  if (policy_->transfers_on_preemption()) {
    grant(*next, now, true, wakes);
    enqueue(seat, now);
  } else {
    forced_waiter_ = &seat;
    word_.store(kContended);
    nudge(*next, wakes);
  }
  wait_for_turn(mutator, now, wakes);
  mutator.state_.store_release(static_cast<u32>(MutatorState::Running));
}

// ---- the end, and fork ----

// The withdrawn waiter takes its drop request along, or the holder would wait for a successor that never comes.
void Gil::withdraw_for_ever(Mutator& mutator, Wakes& wakes) {
  if (mutator.seat_.queued) dequeue(mutator.seat_, ticks());
  if (forced_waiter_ == &mutator.seat_) forced_waiter_ = nullptr;
  if (Mutator* holder = holder_of(word_.load()); holder && !waiting_) {
    holder->clear_request(kGilDrop);
    armed_ = false;
  }
  mutex_.unlock();
  wakes.flush();
  sleep_for_ever();
}

void Gil::begin_finalizing(Mutator& mutator) {
  Wakes wakes;
  mutex_.lock();
  finalizer_ = &mutator;
  word_.fetch_or(kContended);  // from now on every taker goes through acquire_slow, which turns strangers away
  u64 now = ticks();
  while (GilSeat* seat = policy_->any()) {
    dequeue(*seat, now);
    nudge(*seat, wakes);
  }
  if (forced_waiter_) nudge(*forced_waiter_, wakes);
  forced_waiter_ = nullptr;
  timer_ = nullptr;
  armed_ = false;
  mutator.clear_request(kGilDrop);
  mutex_.unlock();
  wakes.flush();
}

void Gil::reinit_in_child(Mutator& mutator) {
  mutex_.reinit_after_fork();
  waiting_ = 0;
  waiting_count_.store_relaxed(0);
  armed_ = false;
  timer_ = forced_waiter_ = nullptr;
  finalizer_ = nullptr;
  spinning_.store_relaxed(nullptr);
  policy_->reset(ticks(), seed_);
  policy_->hold_started(mutator.seat_, ticks());
  word_.store(bits(mutator) | idle_word());
  mutator.clear_request(kGilDrop);
  if (always_contended_) arm(mutator);
}

void Gil::fill(GilAccount& account) {
  account.switches = switch_number_.load_relaxed();
  account.forced_switches = forced_switches_.load_relaxed();
  account.waiters = waiting_count_.load_relaxed();
}

void sleep_for_ever() {
  while (true) pause();
}

// ---- start-up and settings ----

void configure_gil(const GilOptions& options) {
  init_clock();
  gil_mode_flag = options.mode;
  objects_are_locked_flag = !gil_enabled();
  policy_kind = options.policy;
  init_accounts();
  share_processor_notes();
  gil.configure(options.policy, options.seed);
  gil.set_interval_us(interval_us.load_relaxed());
}

void begin_single_threaded() { objects_are_locked_flag = false; }
void expect_second_thread() {
  if (objects_are_locked_flag || gil_enabled()) return;
  objects_are_locked_flag = true;
  process_barrier_works();  // asked while there is one thread the kernel answers at once, later after some 10 ms
  if (objects_begin_to_be_locked) objects_begin_to_be_locked();
}

GilPolicyKind gil_policy() { return policy_kind; }
const char* gil_policy_name(GilPolicyKind kind) { return kPolicyNames[static_cast<usize>(kind)]; }

bool parse_gil_policy(const char* name, GilPolicyKind* out) {
  for (usize i = 0; i < sizeof kPolicyNames / sizeof *kPolicyNames; ++i) {
    if (strcmp(name, kPolicyNames[i]) != 0) continue;
    *out = static_cast<GilPolicyKind>(i);
    return true;
  }
  return false;
}

u64 switch_interval_us() { return interval_us.load_relaxed(); }

void set_switch_interval_us(u64 us) {
  interval_us.store_relaxed(us);
  gil.set_interval_us(us);
}

}  // namespace baton
