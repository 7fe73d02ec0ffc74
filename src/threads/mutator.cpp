// Mutator life cycle, polls and blocking regions: the one place where state, GIL and accounting change together.
#include "threads/mutator.h"

#include <cerrno>
#include <cstring>

#include "threads/clock.h"
#include "threads/crowd.h"
#include "threads/deferred_wake.h"
#include "threads/gil_core.h"
#include "threads/lock_bias.h"
#include "threads/os_thread.h"
#include "threads/reenter.h"
#include "threads/spill.h"
#include "threads/timeline.h"
#include "threads/world.h"

namespace baton {

constinit thread_local Mutator* current_mutator_slot = nullptr;
constinit MutatorHooks mutator_hooks;

namespace {
Atomic<u32> next_id{1};
Mutex setup_mutex;
bool setup_is_done = false;               // guarded by setup_mutex
ForkMutex setup_fork_mutex{setup_mutex};  // a thread that is being born while another one forks may hold it
}  // namespace

Mutator::Mutator() : seat_(*this) { id_ = next_id.fetch_add_relaxed(1); }

Mutator::~Mutator() {
  BATON_CHECK(!registered_, "a mutator is detached before it is destroyed");
  delete counters_.base;
  delete counters_.timeline;
}

void Mutator::set_name(const char* name) {
  usize length = strnlen(name, kThreadNameSize - 1);
  memcpy(name_, name, length);
  name_[length] = 0;
  // The initial thread's name is the process's, too: it stays what it was started as.
  if (counters_.timeline) timeline::name_thread(*this);
  if (current_mutator() == this && os_tid_ != current_process_id()) name_os_thread(name_);
}

// ---- transitions, all on the owner's thread, with the stack pointer published ----

constexpr u8 kFirstWaits = 8;  // a threading.Thread that is being started has two or three

struct Transition {
  static void leave(Mutator& mutator, MutatorState to, Activity activity) {
    BATON_DCHECK(mutator.is_running(), "only a Running mutator blocks");
    if (u8& left = MutatorAccess::first_waits(mutator); left && to == MutatorState::Native) [[unlikely]] {
      --left;
      if (mutator_hooks.waits) mutator_hooks.waits(mutator);
    }
    u64 now = ticks();
    MutatorAccess::counters(mutator).turn(activity, now);
    if (gil_enabled()) {
      if (UntimedSleep::is_going_on() && !(mutator.poll_bits() & kDeferredWake)) [[unlikely]]
        UntimedSleep::end();
      MutatorAccess::state(mutator).store_release(static_cast<u32>(to));
      gil.release(mutator, now);
      if (mutator.poll_bits() & kDeferredWake) flush_deferred_wakes(mutator);
    } else {
      world.leave_running(mutator, to);
    }
  }

  static void come_back(Mutator& mutator, MutatorState from) {
    if (gil_enabled()) {
      gil.acquire(mutator, ticks());
      MutatorAccess::state(mutator).store_release(static_cast<u32>(MutatorState::Running));
    } else {
      world.return_to_running(mutator, from);
      MutatorAccess::counters(mutator).turn(Activity::Running, ticks());
    }
    if (!mutator.heap_state && mutator_hooks.attached) [[unlikely]]
      mutator_hooks.attached(mutator);
  }
};

namespace {

struct Call {
  Mutator& mutator;
  void (*body)(void* context);
  void* context;
  BlockCause cause;
};

void run_blocking(void* sp, void* pointer) {
  Call& call = *static_cast<Call*>(pointer);
  char* previous = MutatorAccess::publish(call.mutator, static_cast<char*>(sp));
  Transition::leave(call.mutator, MutatorState::Native, blocked_for(call.cause));
  call.body(call.context);
  int error = errno;
  Transition::come_back(call.mutator, MutatorState::Native);
  MutatorAccess::publish(call.mutator, previous);
  errno = error;
}

void run_reentered(void* pointer) {
  // The pointer published for the blocking region stays: nothing above it changes before the region ends.
  Call& call = *static_cast<Call*>(pointer);
  int error = errno;
  Transition::come_back(call.mutator, MutatorState::Native);
  call.body(call.context);
  Transition::leave(call.mutator, MutatorState::Native, blocked_for(call.cause));
  errno = error;
}

void run_parked(void* sp, void* pointer) {
  Call& call = *static_cast<Call*>(pointer);
  int error = errno;
  char* previous = MutatorAccess::publish(call.mutator, static_cast<char*>(sp));
  Transition::leave(call.mutator, MutatorState::Parked, Activity::Stopped);
  if (call.body) call.body(call.context);
  Transition::come_back(call.mutator, MutatorState::Parked);
  MutatorAccess::publish(call.mutator, previous);
  errno = error;
}

void run_published(void* sp, void* pointer) {
  Call& call = *static_cast<Call*>(pointer);
  char* previous = MutatorAccess::publish(call.mutator, static_cast<char*>(sp));
  call.body(call.context);
  MutatorAccess::publish(call.mutator, previous);
}

void run_preempted(void* sp, void* pointer) {
  Mutator& mutator = *static_cast<Mutator*>(pointer);
  int error = errno;
  char* previous = MutatorAccess::publish(mutator, static_cast<char*>(sp));
  gil.preempt(mutator);
  MutatorAccess::publish(mutator, previous);
  errno = error;
}

void run_attach(void* sp, void* pointer) {
  Mutator& mutator = *static_cast<Mutator*>(pointer);
  MutatorAccess::publish(mutator, static_cast<char*>(sp));
  world.add(mutator);
  Transition::come_back(mutator, MutatorState::Native);
  MutatorAccess::publish(mutator, nullptr);
}

void run_detach(void* sp, void* pointer) {
  Mutator& mutator = *static_cast<Mutator*>(pointer);
  MutatorAccess::publish(mutator, static_cast<char*>(sp));
  Transition::leave(mutator, MutatorState::Native, Activity::None);
  world.remove(mutator);
}

}  // namespace

void blocking_call(Mutator& mutator, BlockCause cause, void (*body)(void* context), void* context) {
  Call call{mutator, body, context, cause};
  baton_spill_registers(run_blocking, &call);
}

void reenter_call(Mutator& mutator, BlockCause cause, void (*body)(void* context), void* context) {
  BATON_DCHECK(mutator.state() == MutatorState::Native, "only a blocking region is re-entered");
  Call call{mutator, body, context, cause};
  run_reentered(&call);
}

void parked_call(Mutator& mutator, void (*body)(void* context), void* context) {
  Call call{mutator, body, context, BlockCause::Lock};
  baton_spill_registers(run_parked, &call);
}

void with_published_stack(Mutator& mutator, void (*body)(void* context), void* context) {
  Call call{mutator, body, context, BlockCause::Native};
  baton_spill_registers(run_published, &call);
}

// ---- life ----

void Mutator::attach(const char* name) {
  BATON_CHECK(!current_mutator() && state() == MutatorState::New, "an OS thread attaches one fresh mutator");
  {
    Guard guard(setup_mutex);
    if (!setup_is_done) register_fork_mutex(setup_fork_mutex);
    setup_is_done = true;
    init_clock();
    gil.configure_default();
  }
  stack_ = current_stack_bounds();
  os_tid_ = current_os_tid();
  current_mutator_slot = this;
  if (name) set_name(name);
  u64 now = ticks();
  counters_.attached_at.store_relaxed(now);
  counters_.cpu_base = is_fresh_os_thread() ? 0 : os_thread_cpu_ns(os_tid_);
  if (timeline::is_on) timeline::begin_thread(*this);
  counters_.turn(gil_enabled() ? Activity::WaitingForGil : Activity::Stopped, now);
  first_waits_ = gil_enabled() ? 0 : kFirstWaits;
  baton_spill_registers(run_attach, this);
}

void Mutator::detach() {
  BATON_CHECK(current_mutator() == this, "a mutator detaches on its own thread");
  BATON_DCHECK(lock_bytes_held() == 0, "no object is locked at the end of a thread");
  if (mutator_hooks.detaching) mutator_hooks.detaching(*this);
  LockBias::give_up(*this);
  current_mutator_slot = nullptr;
  baton_spill_registers(run_detach, this);
}

// ---- polls ----

void slow_poll_threads(Mutator& mutator) {
  u32 bits = mutator.poll_bits();
  if (bits & kStopTheWorld) poll_stop_only(mutator);
  if (bits & kDeferredWake) bits& kGilDrop ? flush_deferred_wakes(mutator) : poll_deferred_wakes(mutator);
  if (bits & kGilDrop) baton_spill_registers(run_preempted, &mutator);
  if (bits & kMakeWay) crowd_polled(mutator);
}

void poll_stop_only(Mutator& mutator) {
  if (!(mutator.poll_bits() & kStopTheWorld) || world.defers_stop(mutator)) return;
  parked_call(mutator, nullptr, nullptr);
}

void lock_running(Mutator& mutator, Mutex& mutex) {
  // The lock is not kept while returning to Running: that may wait for a stopper who wants this very lock.
  while (!mutex.try_lock()) {
    blocking<BlockCause::Lock>(mutator, [&] {
      mutex.lock();
      mutex.unlock();
    });
  }
}

}  // namespace baton
