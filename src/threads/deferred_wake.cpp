// See the header. The words belong to locks that may die meanwhile: a wake-up of a word that is gone wakes nobody.
#include "threads/deferred_wake.h"

#include <climits>

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
  int woken = 0;
  for (u32 i = 0; i < count; ++i) woken += futex_wake_counted(owed.words[i], 1);
  if (woken == 0 && UntimedSleep::is_going_on()) [[unlikely]]
    UntimedSleep::end_without_gil();
}

UntimedSleep::UntimedSleep(Mutator& mutator, Atomic<u32>& word, u32 sleeping, u32 noticed)
    : word_(word), sleeping_(sleeping), noticed_(noticed) {
  if (!(mutator.poll_bits() & kDeferredWake)) return;
  current_word.store(word.address());
  current.store(this);
}

void UntimedSleep::end() {
  UntimedSleep* sleep = current.exchange(nullptr);
  // Not `sleeping` any more, or not yet: the sleeper looks at `current` before it sleeps (again).
  if (sleep && sleep->word_.try_change(sleep->sleeping_, sleep->noticed_)) futex_wake(sleep->word_.address(), INT_MAX);
}

// The sleeper sleeps already, unless the kernel stopped it on the last few instructions before: it let go of the GIL before this
// thread got it. If it is the caller itself, it looks at `current` after this.
void UntimedSleep::end_without_gil() {
  if (current.exchange(nullptr)) futex_wake(current_word.load(), INT_MAX);
}

void poll_deferred_wakes(Mutator& mutator) {
  if (ticks_between(owed.since, ticks()) >= ns_to_ticks(kLongestNs)) flush_deferred_wakes(mutator);
}

}  // namespace baton
