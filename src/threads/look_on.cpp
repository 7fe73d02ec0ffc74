// See the header.
#include "threads/look_on.h"

#include "threads/clock.h"
#include "threads/deferred_wake.h"
#include "threads/gil_core.h"
#include "threads/processor_notes.h"

namespace baton {

namespace {

constexpr u32 kSoonGivenUp = 4;    // in vain so many times: every second time, then every fourth,
constexpr u32 kMostDoublings = 6;  // and every 64th at last

constinit LookOnGate gate;
constinit thread_local LookOnGate::Record record;
constinit thread_local bool handed_over = false;

constinit LookOnGate way_gate;  // of let_woken_go_first, where those who go first may answer a request before they sleep
constexpr u64 kWayTooLongNs = 800000;
constinit thread_local LookOnGate::Record way_record;

}  // namespace

bool LookOnGate::lets_in(Record& record, u64 now) const {
  if (!is_open(now)) return false;
  if (record.in_vain < kSoonGivenUp) return true;
  u32 doublings = record.in_vain - kSoonGivenUp + 1;
  if (doublings > kMostDoublings) doublings = kMostDoublings;
  if (++record.skipped < (1u << doublings)) return false;
  record.skipped = 0;
  return true;
}

void LookOnGate::paid(Record& record) {
  record.in_vain = 0;
  if (++record.turns < kCalmTurns) return;
  record.turns = 0;
  if (u32 steps = steps_.load_relaxed()) steps_.store_relaxed(steps - 1);
}

void LookOnGate::took_too_long(Record& record, u64 now) {
  record.turns = 0;
  u32 steps = steps_.load_relaxed();
  shut_until_.store_relaxed(now + ns_to_ticks(kFirstShutNs << (2 * steps)));
  if (steps < kMostSteps) steps_.store_relaxed(steps + 1);
}

void note_hand_over() { handed_over = true; }

void let_woken_go_first() {
  u64 before = ticks();
  if (!way_gate.is_open(before)) return;
  yield_os_thread();
  u64 now = ticks();
  if (ticks_to_ns(ticks_between(before, now)) > kWayTooLongNs) return way_gate.took_too_long(way_record, now);
  way_gate.paid(way_record);
}

bool keeps_gil_in_short_calls() {
  return gil_enabled() && gil.is_waited_for() && gil_policy() == GilPolicyKind::Fair && gil.has_seen_computing(ticks());
}

static bool is_turn_to_come(Mutator& mutator) {
  bool hands_over = handed_over || (mutator.poll_bits() & kDeferredWake);
  handed_over = false;
  if (!gil_enabled()) return hands_over;
  if (!hands_over || gil_policy() != GilPolicyKind::Fair) return false;
  // Beside a thread that computes a yield may cost that one's whole time slice, and without the GIL there is nothing to go on
  // with.
  u64 now = ticks();
  return !gil.has_seen_computing(now) && !was_contended_here(now);
}

LookOn::LookOn(Mutator& mutator, Target target)
    : mutator_(mutator), target_(target), wanted_(target == Target::Gil || is_turn_to_come(mutator)) {
  if (!wanted_) return;
  began_ = last_ = ticks();
  wanted_ = gate.lets_in(record, began_);
  // A yield puts a thread back by its time slice: of two that take turns the one with the shorter slice would yield again and
  // again before the other's turn came.
  if (wanted_ && target == Target::Turn && gil_enabled()) gil.ask_for_ordinary_slice(mutator);
}

bool LookOn::may_go_on() const { return target_ == Target::Gil || !gil_enabled() || !gil.is_held(); }

bool LookOn::yield() {
  if (target_ == Target::Turn && ((mutator_.poll_bits() & kSignal) || (gil_enabled() && gil.is_waited_for()))) return false;
  yield_os_thread();
  u64 now = ticks();
  if (ticks_to_ns(ticks_between(last_, now)) > LookOnGate::kTooLongNs) {
    gate.took_too_long(record, now);
    return false;
  }
  last_ = now;
  if (ticks_to_ns(ticks_between(began_, now)) <= kLongestNs) return true;
  gate.was_in_vain(record);
  return false;
}

void LookOn::paid() {
  if (last_ != began_) gate.paid(record);
}

}  // namespace baton
