// The GIL's mechanism (Gil) and the interface of its policies. Internal to this layer.
//
// The word is {holder's address | kContended}. With nobody waiting, taking and releasing are one compare-and-swap each and
// touch nothing else. As soon as somebody waits, kContended is set and every change goes through mutex_ and the policy,
// which then sees all events in order: it needs no atomics of its own.
//
// Sleeping: each waiter sleeps on its seat's signal word. At most one waiter (the "timer") sleeps with a deadline, the
// moment when the holder shall be asked to drop; it is whichever waiter went to sleep last with the earliest need, so that
// no wake-up is spent on handing the watch over. (Policy cpython has every waiter keep its own time, as CPython does.)
#pragma once
#include "threads/mutator.h"

namespace baton {

inline constexpr u64 kNever = UINT64_MAX;

// What policies may look at.
struct GilView {
  u64 last_switch = 0;    // ticks
  u64 switch_number = 0;  // grows when the holder differs from the last one
  u64 interval = 0;       // ticks, at least 1 us
  GilSeat* holder = nullptr;
};

// All decisions, called with the GIL's mutex held. `now` is ticks().
class GilPolicy {
 public:
  virtual void reset(u64 now, u64 seed) = 0;
  // Waiters. enqueue: to the tail.
  virtual void enqueue(GilSeat& seat, u64 now) = 0;
  virtual void remove(GilSeat& seat, u64 now) = 0;
  // Who shall have the GIL next, not removed; null when nobody waits.
  virtual GilSeat* successor(u64 now) = 0;
  // Any waiter at all, for begin_finalizing.
  virtual GilSeat* any() = 0;
  // When the holder shall be asked to drop: <= now means at once, kNever not at all. `seat` is who asks (null: the GIL itself).
  virtual u64 arm_time(const GilView& view, GilSeat* seat, u64 now) = 0;
  // A voluntary release: hand the GIL to `next` at once, or free it and let whoever is first take it?
  virtual bool transfers_on_release(const GilView& view, GilSeat& next, u64 now) = 0;
  virtual bool transfers_on_preemption() = 0;
  // The GIL is free and others have been told: may this newcomer take it?
  virtual bool may_barge(GilSeat& seat, u64 now) = 0;
  virtual void hold_started(GilSeat& seat, u64 now) = 0;
  virtual void hold_ended(GilSeat& seat, u64 now, bool preempted) = 0;
  virtual bool every_waiter_keeps_time() { return false; }
  virtual void woken_in_vain(const GilView& view, GilSeat& seat, u64 now) {}
  // Shall the kernel be asked to let I/O-bound threads run soon after a wake-up?
  virtual bool favours_io() { return false; }
  // Shall this waiter, which computes, watch for gaps between I/O-bound holds instead of sleeping?
  virtual bool watches_for_gaps(GilSeat& seat, u64 now) { return false; }
  // Seeded schedules: kGilDrop stays set, and each poll is put to the policy.
  virtual bool decides_at_polls() { return false; }
  virtual bool drops_at_poll() { return true; }

 protected:
  ~GilPolicy() = default;
};

GilPolicy& gil_policy_object(GilPolicyKind kind);
inline constexpr u64 kIoBoundNs = 1000000;  // a burst below it is I/O-bound, and an I/O grant ends after it
// Policy fair's notion, shown by the accounts under every policy.
bool is_io_bound(const GilSeat& seat);

// First in, first out, through the seats.
class SeatQueue {
 public:
  GilSeat* head() const { return head_; }
  void push(GilSeat& seat);
  void push_front(GilSeat& seat);
  void remove(GilSeat& seat);
  void clear() { head_ = tail_ = nullptr; }

 private:
  GilSeat* head_ = nullptr;
  GilSeat* tail_ = nullptr;
};

class Gil {
 public:
  void configure(GilPolicyKind kind, u64 seed);
  void configure_default();  // at the first attach, if configure_gil() was left out
  void set_interval_us(u64 us);

  // The caller is not Running and its open interval is closed at `now`; on return it owns the GIL and its account is running.
  void acquire(Mutator& mutator, u64 now);
  void release(Mutator& mutator, u64 now);
  // A poll saw kGilDrop.
  void preempt(Mutator& mutator);

  bool is_held_by(const Mutator& mutator) const { return holder_of(word_.load_relaxed()) == &mutator; }
  bool is_held() const { return holder_of(word_.load_relaxed()) != nullptr; }
  bool is_waited_for() const { return word_.load_relaxed() & kContended; }
  // A computing thread runs already, looking for a gap: letting go of the GIL costs little, and is of use at once. A hint.
  bool is_watched() const { return spinning_.load_relaxed() != nullptr; }
  // For the calling thread, which is Running: the kernel's own time slice again.
  void ask_for_ordinary_slice(Mutator& mutator);
  // Whether one of the threads that contend for the GIL has computed in the last 0.1 s.
  bool has_seen_computing(u64 now) const;
  void begin_finalizing(Mutator& mutator);
  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }
  void reinit_in_child(Mutator& mutator);
  void fill(GilAccount& account);

 private:
  struct Wakes;
  struct Hold {
    u32 id;
    u64 start, end;
  };
  static constexpr u64 kContended = 1;
  static constexpr usize kHolds = 64;

  static Mutator* holder_of(u64 word) { return reinterpret_cast<Mutator*>(word & ~kContended); }
  static u64 bits(Mutator& mutator) { return reinterpret_cast<u64>(&mutator); }

  void acquire_slow(Mutator& mutator, u64 began);
  void release_slow(Mutator& mutator, u64 now);
  void wait_for_turn(Mutator& mutator, u64 began, Wakes& wakes);
  u64 watch(Mutator& mutator, u64 word, u64 now);
  bool look_for_gap(Mutator& mutator, bool holder_is_elsewhere);
  void look_for_answer(GilSeat& seat);
  bool is_spinning_alone(const GilSeat& seat) const;
  void grant(GilSeat& seat, u64 now, bool others_coming, Wakes& wakes);
  void take(Mutator& mutator, u64 now, Wakes& wakes);
  void note_holder(Mutator& mutator, u64 now);
  void end_hold(Mutator& mutator, u64 now, bool preempted);
  void note_kept(Mutator& mutator, u64 now);
  u64 without_stolen(Mutator& mutator, u64 held);
  void ensure_timer(u64 now, Wakes& wakes);
  void arm(Mutator& holder);
  void nudge(GilSeat& seat, Wakes& wakes);
  void enqueue(GilSeat& seat, u64 now);
  void dequeue(GilSeat& seat, u64 now);
  void contention_began(Mutator& holder, u64 now);
  GilView view(Mutator* holder) const;
  u64 idle_word() const { return waiting_ || finalizer_ || always_contended_ ? kContended : 0; }
  void started_running(Mutator& mutator, u64 began, u64 now);
  void adjust_time_slice(Mutator& mutator, u64 now);
  void ask_for_slice(GilSeat& seat, TimeSlice slice);
  void end_timekeeping(GilSeat& seat);
  void attribute_wait(Mutator& mutator, u64 began, u64 now);
  [[noreturn]] void withdraw_for_ever(Mutator& mutator, Wakes& wakes);

  // Two cache lines, which processors fetch as a pair, with all that a hand-over changes but for the record of holds.
  alignas(128) Atomic<u64> word_{0};
  // Written by the GIL's owner:
  Atomic<u64> last_switch_{0};
  Atomic<u64> switch_number_{0};
  Atomic<u64> forced_switches_{0};
  Atomic<u64> computing_seen_{0};  // when a computing thread last wanted the GIL or gave it up on request; 0: never
  u64 hold_count_ = 0;             // holds that ended while somebody waited: a ring, touched by the owner only
  Atomic<u32> last_holder_id_{0};

  alignas(64) Mutex mutex_;
  // Guarded by mutex_:
  Atomic<u32> waiting_count_{0};
  u32 waiting_ = 0;
  bool armed_ = false;
  bool always_contended_ = false;
  GilPolicy* policy_ = nullptr;
  Atomic<u64> interval_{0};
  u64 waited_since_ = 0;  // when waiting_ last left 0
  GilSeat* timer_ = nullptr;
  u64 timer_time_ = 0;
  GilSeat* forced_waiter_ = nullptr;  // dropped on request and waits until another has taken it (policy cpython)
  Mutator* finalizer_ = nullptr;
  u64 seed_ = 0;
  Atomic<GilSeat*> spinning_{nullptr};  // looks for a gap without yielding; only compared, and not guarded
  Hold holds_[kHolds] = {};             // the owner's
};

extern Gil gil;

// Layer-internal access to a Mutator's fields.
struct MutatorAccess {
  static GilSeat& seat(Mutator& mutator) { return mutator.seat_; }
  static Counters& counters(Mutator& mutator) { return mutator.counters_; }
  static const Counters& counters(const Mutator& mutator) { return mutator.counters_; }
  static const GilSeat& seat(const Mutator& mutator) { return mutator.seat_; }
  static Atomic<u32>& state(Mutator& mutator) { return mutator.state_; }
  static u8& first_waits(Mutator& mutator) { return mutator.first_waits_; }
  static void add_lock_byte(Mutator& mutator) { mutator.lock_bytes_held_.owner_add(1); }
  // Answers what was published before: regions nest (a collector that publishes its own stack, then blocks).
  static char* publish(Mutator& mutator, char* sp) {
    char* previous = mutator.published_sp_.load_relaxed();
    mutator.published_sp_.store_release(sp);
    return previous;
  }
};

[[noreturn]] void sleep_for_ever();

// Like blocking_call, in state Parked and accounted as stopped: for waits inside the runtime's own critical code.
void parked_call(Mutator& mutator, void (*body)(void* context), void* context);

}  // namespace baton
