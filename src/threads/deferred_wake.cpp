// See the header. The words belong to locks that may die meanwhile: a wake-up of a word that is gone wakes nobody.
#include "threads/deferred_wake.h"

#include "threads/clock.h"
#include "threads/futex.h"
#include "threads/gil_core.h"

namespace baton {

namespace {

constexpr u32 kMostWords = 8;
constexpr u64 kLongestNs = 30000;
constexpr u64 kShortHoldNs = 1000000;

struct Owed {
  const u32* words[kMostWords] = {};
  u32 count = 0;
  u64 since = 0;
};
constinit thread_local Owed owed;

bool may_defer(Mutator& mutator, u64 now) {
  if (!gil_enabled() || gil_policy() != GilPolicyKind::Fair || !mutator.is_running()) return false;
  const GilSeat& seat = MutatorAccess::seat(mutator);
  return is_io_bound(seat) && ticks_between(seat.hold_start.load_relaxed(), now) < ns_to_ticks(kShortHoldNs);
}

}  // namespace

void wake_when_gil_is_free(const u32* word) {
  Mutator* mutator = current_mutator();
  u64 now = ticks();
  if (!mutator || owed.count == kMostWords || !may_defer(*mutator, now)) return futex_wake(word, 1);
  if (owed.count == 0) {
    owed.since = now;
    mutator->request(kDeferredWake);
  }
  owed.words[owed.count++] = word;
}

void flush_deferred_wakes(Mutator& mutator) {
  mutator.clear_request(kDeferredWake);
  u32 count = owed.count;
  owed.count = 0;
  for (u32 i = 0; i < count; ++i) futex_wake(owed.words[i], 1);
}

void poll_deferred_wakes(Mutator& mutator) {
  if (ticks_between(owed.since, ticks()) >= ns_to_ticks(kLongestNs)) flush_deferred_wakes(mutator);
}

}  // namespace baton
