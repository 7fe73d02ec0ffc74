// Snapshots of the counters, converted to nanoseconds. A snapshot of another thread is not atomic as a whole, but each
// figure in it was right at some moment during the call.
#include "threads/accounting.h"

#include <cstring>
#include <ctime>
#include <new>

#include "threads/clock.h"
#include "threads/gil_core.h"
#include "threads/loop_account.h"
#include "threads/timeline.h"
#include "threads/world.h"

namespace baton {

const char* block_cause_name(BlockCause cause) {
  constexpr const char* kNames[] = {"io", "lock", "sleep", "native"};
  return kNames[static_cast<usize>(cause)];
}

void tell_watchers(TurnWatcher& first, Activity closed, u64 begin, u64 end, Activity next) {
  for (TurnWatcher* watcher = &first; watcher; watcher = watcher->next_watcher) watcher->turn(closed, begin, end, next);
}

// The table keeps those who cost most: a newcomer takes the place of the cheapest only when it has cost more.
void Counters::add_holder_wait(u32 id, u64 spent) {
  if (!spent) return;
  HolderSlot* cheapest = &holders[0];
  for (HolderSlot& slot : holders) {
    u32 found = slot.id.load_relaxed();
    if (found == id) return slot.ticks.owner_add(spent);
    if (!found) {
      slot.ticks.store_relaxed(spent);
      slot.id.store_relaxed(id);
      return;
    }
    if (slot.ticks.load_relaxed() < cheapest->ticks.load_relaxed()) cheapest = &slot;
  }
  if (spent <= cheapest->ticks.load_relaxed()) return other_holders.owner_add(spent);
  other_holders.owner_add(cheapest->ticks.load_relaxed());
  cheapest->ticks.store_relaxed(spent);
  cheapest->id.store_relaxed(id);
}

namespace {

void copy_holders(const Counters& counters, ThreadAccount& out) {
  for (const HolderSlot& slot : counters.holders) {
    u32 id = slot.id.load_relaxed();
    if (!id) continue;
    HolderWait wait{id, ticks_to_ns(slot.ticks.load_relaxed())};
    usize place = out.holder_count++;
    for (; place && out.holders[place - 1].ns < wait.ns; --place) out.holders[place] = out.holders[place - 1];
    out.holders[place] = wait;
  }
}

void add_open_interval(const Counters& counters, u64 now, ThreadAccount& out) {
  u64 open = ticks_to_ns(ticks_between(counters.since.load_relaxed(), now));
  Activity activity = counters.activity.load_relaxed();
  switch (activity) {
    case Activity::None: break;
    case Activity::Running:
      out.running_ns += open;
      if (gil_enabled() && open > out.longest_hold_ns) out.longest_hold_ns = open;
      break;
    case Activity::WaitingForGil: out.waiting_ns += open; break;
    case Activity::Stopped: out.stopped_ns += open; break;
    default: out.off_ns[static_cast<usize>(activity) - static_cast<usize>(Activity::BlockedFirst)] += open;
  }
}

}  // namespace

namespace {

void less(u64& value, u64 base) { value = value > base ? value - base : 0; }

void subtract(ThreadAccount& out, const ThreadAccount& base) {
  less(out.attached_ns, base.attached_ns);
  less(out.cpu_ns, base.cpu_ns);
  less(out.running_ns, base.running_ns);
  less(out.waiting_ns, base.waiting_ns);
  less(out.stopped_ns, base.stopped_ns);
  for (usize i = 0; i < kBlockCauses; ++i) less(out.off_ns[i], base.off_ns[i]);
  less(out.forced_switches, base.forced_switches);
  less(out.voluntary_switches, base.voluntary_switches);
  less(out.acquisitions, base.acquisitions);
  less(out.contended_acquisitions, base.contended_acquisitions);
  less(out.waiting_for_others_ns, base.waiting_for_others_ns);
  less(out.waiting_for_nobody_ns, base.waiting_for_nobody_ns);
  for (usize i = 0; i < out.holder_count; ++i) {
    for (usize k = 0; k < base.holder_count; ++k) {
      if (base.holders[k].thread_id == out.holders[i].thread_id) less(out.holders[i].ns, base.holders[k].ns);
    }
  }
}

}  // namespace

u64 os_thread_cpu_ns(u32 os_tid) {
  auto clock = static_cast<clockid_t>((~os_tid << 3) | 6);
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return 0;
  return static_cast<u64>(time.tv_sec) * 1000000000 + static_cast<u64>(time.tv_nsec);
}

ThreadAccount thread_account(const Mutator& mutator) {
  const Counters& counters = MutatorAccess::counters(mutator);
  u64 now = ticks();
  ThreadAccount out{};
  out.id = mutator.id();
  out.os_tid = mutator.os_tid();
  memcpy(out.name, mutator.name(), kThreadNameSize);
  out.name[kThreadNameSize - 1] = 0;
  out.alive = mutator.state() != MutatorState::Dead;
  out.is_io_bound = is_io_bound(MutatorAccess::seat(mutator));
  bool has_ended = counters.activity.load_relaxed() == Activity::None;
  u64 end = has_ended ? counters.since.load_relaxed() : now;
  out.attached_ns = ticks_to_ns(ticks_between(counters.attached_at.load_relaxed(), end));
  out.cpu_ns = os_thread_cpu_ns(out.os_tid);
  less(out.cpu_ns, counters.cpu_base);
  out.running_ns = ticks_to_ns(counters.total(Activity::Running));
  out.waiting_ns = ticks_to_ns(counters.total(Activity::WaitingForGil));
  out.stopped_ns = ticks_to_ns(counters.total(Activity::Stopped));
  for (usize i = 0; i < kBlockCauses; ++i) out.off_ns[i] = ticks_to_ns(counters.total(blocked_for(static_cast<BlockCause>(i))));
  out.forced_switches = counters.forced.load_relaxed();
  out.voluntary_switches = counters.voluntary.load_relaxed();
  out.acquisitions = counters.acquisitions.load_relaxed();
  out.contended_acquisitions = counters.contended.load_relaxed();
  out.longest_hold_ns = ticks_to_ns(counters.longest_hold.load_relaxed());
  out.longest_wait_ns = ticks_to_ns(counters.longest_wait.load_relaxed());
  out.longest_kept_ns = ticks_to_ns(counters.longest_kept.load_relaxed());
  memcpy(out.kept_at, counters.kept_at, kPlaceSize);
  copy_holders(counters, out);
  out.waiting_for_others_ns = ticks_to_ns(counters.other_holders.load_relaxed());
  out.waiting_for_nobody_ns = ticks_to_ns(counters.nobody.load_relaxed());
  add_open_interval(counters, now, out);
  if (counters.base) subtract(out, *counters.base);
  return out;
}

void add_account(ThreadAccount& total, const ThreadAccount& account) {
  ++total.id;
  total.attached_ns += account.attached_ns;
  total.cpu_ns += account.cpu_ns;
  total.running_ns += account.running_ns;
  total.waiting_ns += account.waiting_ns;
  total.stopped_ns += account.stopped_ns;
  for (usize i = 0; i < kBlockCauses; ++i) total.off_ns[i] += account.off_ns[i];
  total.forced_switches += account.forced_switches;
  total.voluntary_switches += account.voluntary_switches;
  total.acquisitions += account.acquisitions;
  total.contended_acquisitions += account.contended_acquisitions;
  if (account.longest_hold_ns > total.longest_hold_ns) total.longest_hold_ns = account.longest_hold_ns;
  if (account.longest_wait_ns > total.longest_wait_ns) total.longest_wait_ns = account.longest_wait_ns;
  for (usize i = 0; i < account.holder_count; ++i) total.waiting_for_others_ns += account.holders[i].ns;
  total.waiting_for_others_ns += account.waiting_for_others_ns;
  total.waiting_for_nobody_ns += account.waiting_for_nobody_ns;
}

usize thread_accounts(ThreadAccount* out, usize capacity) {
  usize count = 0;
  for_each_mutator([&](Mutator& mutator) {
    if (count < capacity) out[count] = thread_account(mutator);
    ++count;
  });
  return count;
}

ThreadAccount detached_account() {
  ThreadAccount out;
  world.detached_account(out);
  return out;
}

usize ended_accounts(ThreadAccount* out) { return world.ended_accounts(out); }

namespace {

// Where the process's figures began: guarded by the registry's mutex.
struct Beginning {
  u64 at = 0;
  u64 switches = 0, forced = 0;
};
Beginning beginning;

void begin_process() {
  GilAccount now{};
  gil.fill(now);
  beginning = {ticks(), now.switches, now.forced_switches};
}

void begin_thread(Mutator& mutator) {
  Counters& counters = MutatorAccess::counters(mutator);
  delete counters.base;
  counters.base = nullptr;
  auto* base = new ThreadAccount(thread_account(mutator));
  counters.longest_hold.store_relaxed(0);
  counters.longest_wait.store_relaxed(0);
  counters.longest_kept.store_relaxed(0);
  counters.kept_at[0] = 0;
  counters.base = base;
}

}  // namespace

GilAccount gil_account() {
  GilAccount out{};
  out.enabled = gil_enabled();
  out.policy = gil_policy_name(gil_policy());
  out.interval_us = switch_interval_us();
  out.threads = mutator_count();
  gil.fill(out);
  out.switches -= beginning.switches;
  out.forced_switches -= beginning.forced;
  out.elapsed_ns = ticks_to_ns(ticks_between(beginning.at, ticks()));
  return out;
}

void init_accounts() { begin_process(); }

void reset_accounts() {
  world.forget_ended();
  for_each_mutator([](Mutator& mutator) { begin_thread(mutator); });
  loop_account::reset();
  begin_process();
}

void reset_accounts_in_child(Mutator& mutator) {
  Counters& counters = MutatorAccess::counters(mutator);
  delete counters.base;
  delete counters.timeline;
  Activity activity = counters.activity.load_relaxed();
  counters.~Counters();
  new (&counters) Counters;
  u64 now = ticks();
  counters.attached_at.store_relaxed(now);
  counters.turn(activity, now);
  begin_process();
}

}  // namespace baton
