// The sums over all loops of a process, and the timing of one callback. See loop_account.h.
#include "threads/loop_account.h"

#include <cstdio>
#include <cstring>

#include "threads/clock.h"
#include "threads/gil_core.h"
#include "threads/mutex.h"

namespace baton {

namespace loop_account {

bool is_on = false;

namespace {
Mutex mutex;          // a thread's last act in a callback: nothing is called under it
LoopAccount account;  // guarded by mutex

void add(u64 ns, const char* what, const char* at) {
  Guard guard(mutex);
  ++account.callbacks;
  account.busy_ns += ns;
  if (ns < kSlowCallbackNs) return;
  ++account.slow;
  account.slow_ns += ns;
  if (ns <= account.longest_ns) return;
  account.longest_ns = ns;
  memcpy(account.longest_what, what, kPlaceSize);
  memcpy(account.longest_at, at, kPlaceSize);
}
}  // namespace

LoopAccount total() {
  Guard guard(mutex);
  return account;
}

void reset() {
  Guard guard(mutex);
  account = {};
}

void reset_in_child() {
  mutex.reinit_after_fork();
  account = {};
}

}  // namespace loop_account

LoopCallback::LoopCallback(Mutator& mutator) : mutator_(mutator), began_(ticks()), last_turn_(began_) {
  Counters& counters = MutatorAccess::counters(mutator);
  next_watcher = counters.watchers;
  counters.watchers = this;
  counters.callback = this;
}

LoopCallback::~LoopCallback() {
  Counters& counters = MutatorAccess::counters(mutator_);
  if (counters.callback != this) return;  // in a child that was forked meanwhile, whose accounts began anew
  counters.watchers = next_watcher;
  counters.callback = nullptr;
  u64 now = ticks();
  bool ended_longest = ticks_between(last_turn_, now) > longest_;
  loop_account::add(ticks_to_ns(ticks_between(began_, now)), what_, ended_longest && end_at_[0] ? end_at_ : at_);
}

LoopCallback* LoopCallback::of(const Mutator& mutator) { return MutatorAccess::counters(mutator).callback; }

void LoopCallback::turn(Activity, u64 begin, u64 end, Activity) {
  constexpr u64 kPlacedNs = 1000000;  // a shorter interval isn't what makes a callback slow
  u64 spent = ticks_between(begin > began_ ? begin : began_, end);
  last_turn_ = end;
  if (spent <= longest_) return;
  longest_ = spent;
  at_[0] = 0;
  if (ticks_to_ns(spent) >= kPlacedNs && mutator_hooks.describe_place) mutator_hooks.describe_place(mutator_, at_, kPlaceSize);
}

bool LoopCallback::is_slow() const { return ticks_to_ns(ticks_between(began_, ticks())) >= kSlowCallbackNs; }

void LoopCallback::describe(const char* what, const char* at) {
  if (what_[0]) return;
  snprintf(what_, sizeof what_, "%s", what);
  snprintf(end_at_, sizeof end_at_, "%s", at);
}

}  // namespace baton
