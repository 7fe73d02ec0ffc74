// Registry, stop-the-world, finalisation and fork; see world.h for the protocol.
#include "threads/world.h"

#include "threads/crowd.h"
#include "threads/deferred_wake.h"
#include "threads/gil_core.h"
#include "threads/lock_bias.h"
#include "threads/lock_table.h"
#include "threads/os_thread.h"
#include "threads/report.h"
#include "threads/timeline.h"

namespace baton {

constinit World world;

namespace {
constexpr u64 kRetryNs = 50000;  // between two attempts to stop the world outside of critical sections
ForkMutex* fork_mutexes = nullptr;
Mutex fork_list_mutex;

constexpr u32 word_of(MutatorState state) { return static_cast<u32>(state); }
}  // namespace

// ---- registry ----

void World::add(Mutator& mutator) {
  Guard guard(mutex_);
  u32 held = stopper_ || (finalizer_ && finalizer_ != &mutator) ? Mutator::kHeld : 0;
  mutator.state_.store(word_of(MutatorState::Native) | held);
  mutator.next_ = head_;
  mutator.previous_ = nullptr;
  if (head_) head_->previous_ = &mutator;
  head_ = &mutator;
  mutator.registered_ = true;
  count_.owner_add(1);
}

void World::unlink(Mutator& mutator) {
  (mutator.previous_ ? mutator.previous_->next_ : head_) = mutator.next_;
  if (mutator.next_) mutator.next_->previous_ = mutator.previous_;
  mutator.next_ = mutator.previous_ = nullptr;
  mutator.registered_ = false;
  count_.owner_add(static_cast<usize>(-1));
  ThreadAccount account = thread_account(mutator);
  account.alive = false;
  add_account(detached_, account);
  remember_ended(account);
}

// The table keeps those that ran and waited for the GIL most.
void World::remember_ended(const ThreadAccount& account) {
  auto weight = [](const ThreadAccount& a) { return a.running_ns + a.waiting_ns; };
  if (ended_count_ < kEndedThreads) {
    ended_[ended_count_++] = account;
    return;
  }
  ThreadAccount* lightest = &ended_[0];
  for (ThreadAccount& each : ended_) {
    if (weight(each) < weight(*lightest)) lightest = &each;
  }
  if (weight(account) > weight(*lightest)) *lightest = account;
}

usize World::ended_accounts(ThreadAccount* out) {
  Guard guard(mutex_);
  for (usize i = 0; i < ended_count_; ++i) out[i] = ended_[i];
  return ended_count_;
}

void World::forget_ended() {
  Guard guard(mutex_);
  detached_ = {};
  ended_count_ = 0;
}

void World::remove(Mutator& mutator) {
  Guard guard(mutex_);
  unlink(mutator);
  mutator.state_.store(word_of(MutatorState::Dead));
}

void World::for_each(void (*body)(Mutator& mutator, void* context), void* context) {
  bool mine = owner_.load_relaxed() && owner_.load_relaxed() == current_mutator();
  if (!mine) mutex_.lock();
  for (Mutator* mutator = head_; mutator; mutator = mutator->next_) body(*mutator, context);
  if (!mine) mutex_.unlock();
}

void World::detached_account(ThreadAccount& out) {
  Guard guard(mutex_);
  out = detached_;
}

// ---- leaving and returning ----

void World::leave_running(Mutator& mutator, MutatorState to) {
  if (mutator.state_.try_change(word_of(MutatorState::Running), word_of(to))) return;
  // Held: a stopper counted us as Running.
  Guard guard(mutex_);
  u32 held = mutator.state_.load() & Mutator::kHeld;
  mutator.state_.store(word_of(to) | held);
  if (held && --running_ == 0) all_stopped_.notify_all();
}

void World::return_to_running(Mutator& mutator, MutatorState from) {
  if (!mutator.state_.try_change(word_of(from), word_of(MutatorState::Running))) {
    Guard guard(mutex_);
    while (!mutator.state_.try_change(word_of(from), word_of(MutatorState::Running))) resumed_.wait(mutex_);
  }
  LockBias::revoke_for(mutator);
}

// ---- stopping ----

void World::stop(Mutator& mutator, StopKind kind) {
  BATON_DCHECK(mutator.is_running(), "only a Running mutator stops the world");
  if (owner_.load_relaxed() == &mutator) {
    ++depth_;
    return;
  }
  if (gil_enabled()) {
    BATON_DCHECK(gil.is_held_by(mutator), "the stopper owns the GIL");
    mutex_.lock();
  } else {
    while (true) {
      mutex_.lock();
      while (stopper_) {  // somebody else's stop comes first, and we are among those it waits for
        mutex_.unlock();
        // Even inside a critical section, where a poll would be deferred: a stop wanted there (an allocation's collection)
        // has to give way, and the other stopper, seeing our lock byte, lets go and tries again.
        parked_call(mutator, nullptr, nullptr);
        mutex_.lock();
      }
      stop_kind_.store_relaxed(kind);
      hold_others(mutator);
      while (running_) all_stopped_.wait(mutex_);
      if (kind == StopKind::AnyPoint || !somebody_holds_an_object(mutator)) break;
      release_others(mutator);
      mutex_.unlock();
      sleep_os_thread(kRetryNs);
    }
  }
  depth_ = 1;
  stopper_ = &mutator;
  owner_.store_relaxed(&mutator);
  stopped_.store_release(true);
}

void World::hold_others(Mutator& mutator) {
  stopper_ = &mutator;
  running_ = 0;
  for (Mutator* other = head_; other; other = other->next_) {
    if (other == &mutator) continue;
    u32 old = other->state_.fetch_or(Mutator::kHeld);
    other->request(kStopTheWorld);
    if (old == word_of(MutatorState::Running)) ++running_;
  }
}

void World::release_others(Mutator& mutator) {
  for (Mutator* other = head_; other; other = other->next_) {
    if (other == &mutator || (finalizer_ && finalizer_ != other)) continue;
    other->clear_request(kStopTheWorld);
    other->state_.fetch_and(~Mutator::kHeld);
  }
  stopper_ = nullptr;
  resumed_.notify_all();
}

void World::resume(Mutator& mutator) {
  BATON_DCHECK(owner_.load_relaxed() == &mutator, "only the stopper resumes the world");
  if (--depth_) return;
  stopped_.store_release(false);
  owner_.store_relaxed(nullptr);
  if (gil_enabled()) {
    stopper_ = nullptr;
  } else {
    release_others(mutator);
  }
  mutex_.unlock();
}

bool World::somebody_holds_an_object(Mutator& except) {
  for (Mutator* other = head_; other; other = other->next_) {
    if (other != &except && other->lock_bytes_held()) return true;
  }
  return false;
}

StopTheWorld::StopTheWorld(Mutator& mutator, StopKind kind) : mutator_(mutator) { world.stop(mutator, kind); }
StopTheWorld::~StopTheWorld() { world.resume(mutator_); }
bool world_is_stopped() { return world.is_stopped(); }
void for_each_mutator_call(void (*body)(Mutator& mutator, void* context), void* context) { world.for_each(body, context); }
usize mutator_count() { return world.count(); }

// ---- finalisation ----

// Free-threaded: the others are stopped once and their kHeld stays for ever.
void World::begin_finalizing(Mutator& mutator) {
  stop(mutator, StopKind::OutsideCritical);
  finalizer_ = &mutator;
  finalizing_.store(true);
  resume(mutator);
}

void begin_finalizing(Mutator& mutator) {
  world.begin_finalizing(mutator);
  if (gil_enabled()) gil.begin_finalizing(mutator);
}

bool is_finalizing() { return world.is_finalizing(); }

// ---- fork ----

void register_fork_mutex(ForkMutex& entry) {
  Guard guard(fork_list_mutex);
  entry.next = fork_mutexes;
  fork_mutexes = &entry;
}

void before_fork(Mutator& mutator) {
  if (mutator.poll_bits() & kDeferredWake) flush_deferred_wakes(mutator);
  world.stop(mutator, StopKind::OutsideCritical);
  if (gil_enabled()) gil.lock_for_fork();
  fork_list_mutex.lock();
  for (ForkMutex* entry = fork_mutexes; entry; entry = entry->next) entry->mutex.lock();
}

void after_fork_parent(Mutator& mutator) {
  for (ForkMutex* entry = fork_mutexes; entry; entry = entry->next) entry->mutex.unlock();
  fork_list_mutex.unlock();
  if (gil_enabled()) gil.unlock_after_fork();
  world.resume(mutator);
}

void after_fork_child(Mutator& mutator, void (*on_dead)(Mutator& dead, void* context), void* context) {
  UntimedSleep::forget_in_child();
  for (ForkMutex* entry = fork_mutexes; entry; entry = entry->next) entry->mutex.reinit_after_fork();
  fork_list_mutex.reinit_after_fork();
  if (gil_enabled()) gil.reinit_in_child(mutator);
  lock_table_reinit_in_child();
  crowd_reinit_in_child();
  LockBias::reinit_in_child();
  forget_idle_threads_in_child();
  if (GilSeat& seat = MutatorAccess::seat(mutator); seat.slice != TimeSlice::Default) {
    seat.slice = TimeSlice::Default;
    request_time_slice(0, TimeSlice::Default);
  }
  world.reinit_in_child(mutator, on_dead, context);
  reset_accounts_in_child(mutator);
  gil_report_in_child();
  timeline::begin_in_child(mutator);
}

void World::reinit_in_child(Mutator& mutator, void (*on_dead)(Mutator& dead, void* context), void* context) {
  mutex_.reinit_after_fork();
  all_stopped_.reinit_after_fork();
  resumed_.reinit_after_fork();
  detached_ = {};
  ended_count_ = 0;
  Mutator* other = head_;
  head_ = nullptr;
  stopper_ = nullptr;
  finalizer_ = nullptr;
  finalizing_.store(false);
  running_ = depth_ = 0;
  stopped_.store(false);
  owner_.store(nullptr);
  count_.store(1);
  while (other) {
    Mutator* next = other->next_;
    other->next_ = other->previous_ = nullptr;
    if (other != &mutator) {
      other->registered_ = false;
      other->state_.store(word_of(MutatorState::Dead));
      if (on_dead) on_dead(*other, context);
    }
    other = next;
  }
  head_ = &mutator;
  mutator.os_tid_ = current_os_tid();
  mutator.clear_request(kStopTheWorld);
  mutator.parker_.reinit_after_fork();
}

}  // namespace baton
