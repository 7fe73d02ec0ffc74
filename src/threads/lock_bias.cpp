// Giving and revoking the bias; lock_bias.h says what it is.
//
// mutex_ is never held across a safepoint, so a Running mutator may wait for it. Inside it nothing waits for another mutator.
#include "threads/lock_bias.h"

#include <cstddef>

#include "threads/clock.h"
#include "threads/crowd.h"
#include "threads/lock_byte.h"
#include "threads/os_thread.h"
#include "threads/process_barrier.h"
#include "threads/short_lock.h"

namespace baton {

constinit Atomic<Mutator*> LockBias::holder_{nullptr};

namespace {

constexpr u64 kLookAgainNs = 30000;
constexpr u64 kDenseNs = 250;  // a lock so often, and its cost counts
constexpr int kShortLooks = 200;
constexpr u64 kShortSleepNs = 20000;

constinit Mutex mutex;
constinit ForkMutex fork_mutex{mutex};
constinit Atomic<bool> mutex_is_registered{false};
constinit Atomic<u64> pause_ns{kLockBiasPauseNs};
constinit Atomic<u64> not_before{0};  // ticks
constinit Atomic<u64> grants{0};
constinit thread_local u64 last_considered = 0;

void pause_for(u64 ns, u64 now) { not_before.store_relaxed(now + ns_to_ticks(ns)); }

}  // namespace

// In one order with the stores to holder_ and has_bias_.
MutatorState LockBias::state_now(Mutator& mutator) {
  return static_cast<MutatorState>(mutator.state_.load() & Mutator::kStateMask);
}

BATON_NOINLINE void LockBias::consider(Mutator& mutator) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winvalid-offsetof"
  static_assert(offsetof(Mutator, has_bias_) == kHasBiasOffset && sizeof(mutator.has_bias_) == 1);
  static_assert(offsetof(Mutator, in_short_section_) == kInShortSectionOffset);
  static_assert(offsetof(Mutator, bias_countdown_) == kBiasCountdownOffset);
#pragma clang diagnostic pop
  mutator.bias_countdown_ = kStride;
  if (mutator.biased_section_.load_relaxed() || holder_.load_relaxed()) return;
  if (mutex_is_registered.try_change(false, true)) register_fork_mutex(fork_mutex);
  u64 now = ticks();
  bool is_dense = ticks_between(last_considered, now) < ns_to_ticks(kDenseNs * kStride);
  u32 here = current_processor();
  last_considered = now;
  mutator.processor_.store_relaxed(here);
  if (now < not_before.load_relaxed() || !process_barrier_works() || !mutex.try_lock()) return;
  if (!holder_.load_relaxed()) {
    // Either we see another one Running, or it sees us as the holder when it has become Running.
    holder_.store(&mutator);
    bool alone = true, has_processor = false;
    for_each_mutator([&](Mutator& other) {
      // One that is Parked, for a collection or an object's lock, is about to run on.
      MutatorState state = state_now(other);
      if (&other == &mutator || (state == MutatorState::Parked && other.is_aside_.load())) return;
      if (state != MutatorState::Running && state != MutatorState::Parked) return;
      alone = false;
      if (other.processor_.load_relaxed() != here) has_processor = true;
    });
    if (alone) {
      grants.store_relaxed(grants.load_relaxed() + 1);
      mutator.has_bias_.store(1);
    } else {
      holder_.store(nullptr);
      pause_for(kLookAgainNs, now);
      if (is_dense && !has_processor) crowd_shares_processor(mutator, now);
    }
  }
  mutex.unlock();
}

BATON_NOINLINE void LockBias::revoke(Mutator& mutator) {
  Guard guard(mutex);
  Mutator* holder = holder_.load();
  if (!holder || holder == &mutator) return;
  holder->has_bias_.store(0);
  // A holder that is not Running has made its note visible, and has to pass revoke_for() before it could make another.
  if (state_now(*holder) == MutatorState::Running) {
    process_barrier();
    pause_for(pause_ns.load_relaxed(), ticks());
    // No safepoint is in there, nor anything that waits for us: it takes long only where the kernel has other plans.
    for (int looks = 0; holder->in_short_section_.load_acquire(); ++looks) {
      if (looks < kShortLooks)
        cpu_pause();
      else
        sleep_os_thread(kShortSleepNs);
    }
  }
  if (u8* byte = holder->biased_section_.load_acquire()) inflate(*holder, byte);
  holder_.store(nullptr);
}

// A byte that is not free was not locked by right of the bias: the holder is about to take its note back.
void LockBias::inflate(Mutator& holder, u8* byte) {
  u8 expected = 0;
  if (!__atomic_compare_exchange_n(byte, &expected, u8{1}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) return;
  holder.inflated_.store(byte);
  process_barrier();
  // Either the holder's note is still there, and when it takes it back it sees inflated_; or it is gone, and the holder may have
  // missed it.
  if (holder.biased_section_.load_acquire() != byte) release_inflated(holder);
}

BATON_NOINLINE void LockBias::release_inflated(Mutator& mutator) {
  u8* byte = mutator.inflated_.exchange(nullptr);
  u8 expected = 1;
  if (byte && !__atomic_compare_exchange_n(byte, &expected, u8{0}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    lock_byte_release_slow(byte);
  }
}

// The others may share the bias's advantage at once: the pause after the last revocation is for threads that come unbidden.
void LockBias::step_aside(Mutator& mutator) {
  BATON_DCHECK(mutator.lock_bytes_held() == 0, "who steps aside has no object locked");
  mutator.is_aside_.store(1);
  not_before.store_relaxed(0);
}

void LockBias::give_up(Mutator& mutator) {
  if (holder_.load() != &mutator) return;
  Guard guard(mutex);
  if (holder_.load() != &mutator) return;
  mutator.has_bias_.store(0);
  holder_.store(nullptr);
}

void LockBias::reinit_in_child() {
  if (Mutator* holder = holder_.load()) holder->has_bias_.store(0);
  holder_.store(nullptr);
}

void set_lock_bias_pause(u64 ns) {
  pause_ns.store_relaxed(ns);
  not_before.store_relaxed(0);
}

u64 lock_bias_grants() { return grants.load_relaxed(); }

}  // namespace baton
