// Waiting for object locks. A waiter sleeps in a bucket chosen by the byte's address. Bit 1 of the byte says that the
// bucket may hold waiters: it is set under the bucket's mutex, before queueing, and only while bit 0 is set, so the releaser,
// whose compare-and-swap from 1 then fails, comes to the bucket and finds the waiter.
//
// Who may lock: a Running mutator, or a waiter to whom a Running releaser hands the byte over (it counts it for the waiter at
// once). Never a thread in state Parked by itself: in a stopped world no byte changes hands, so a forked child's bytes agree
// with lock_bytes_held. A woken waiter competes with newcomers, which is quickest; one that has waited a millisecond gets it.
#include "threads/lock_byte.h"

#include "threads/clock.h"
#include "threads/crowd.h"
#include "threads/gil_core.h"
#include "threads/lock_table.h"
#include "threads/os_thread.h"

namespace baton {

namespace {

constexpr u8 kLocked = 1, kWaiters = 2;
constexpr int kSpins = 80;
constexpr u64 kHandOverNs = 1000000;
constexpr usize kBuckets = 256;

struct Waiter {
  u8* byte;
  Mutator* mutator;
  Waiter* next;
  u64 since;
  Atomic<u32> signal{0};  // 0 asleep, 1 try again, 2 the byte is yours
};

struct alignas(64) Bucket {
  Mutex mutex;
  Waiter* head = nullptr;  // guarded by mutex, first in first out
};
constinit Bucket buckets[kBuckets];

Bucket& bucket_of(const u8* byte) {
  u64 hash = reinterpret_cast<u64>(byte) * 0x9E3779B97F4A7C15u;
  return buckets[hash >> 56];
}

bool change(u8* byte, u8 from, u8 to) {
  return __atomic_compare_exchange_n(byte, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}
u8 look(const u8* byte) { return __atomic_load_n(byte, __ATOMIC_RELAXED); }

bool spin_for(u8* byte) {
  for (int i = 0; i < kSpins; ++i) {
    u8 seen = look(byte);
    if (!(seen & kLocked)) {
      if (change(byte, seen, seen | kLocked)) return true;
    } else if (seen & kWaiters) {
      return false;  // others sleep already: no use in hurrying
    }
    cpu_pause();
  }
  return false;
}

// In the bucket unless the byte turned out free. True: queued.
bool enqueue(Waiter& waiter) {
  Bucket& bucket = bucket_of(waiter.byte);
  Guard guard(bucket.mutex);
  while (true) {
    u8 seen = look(waiter.byte);
    if (!(seen & kLocked)) return false;
    if ((seen & kWaiters) || change(waiter.byte, seen, seen | kWaiters)) break;
  }
  Waiter** place = &bucket.head;
  while (*place) place = &(*place)->next;
  *place = &waiter;
  return true;
}

void sleep_in_bucket(void* context) {
  Waiter& waiter = *static_cast<Waiter*>(context);
  if (!enqueue(waiter)) return;
  while (waiter.signal.load() == 0) futex_wait(waiter.signal.address(), 0);
}

}  // namespace

BATON_NOINLINE void lock_byte_acquire_slow(Mutator& mutator, u8* byte) {
  u64 since = ticks();
  crowd_collided(mutator, since);
  while (true) {
    if (spin_for(byte)) break;
    Waiter waiter{byte, &mutator, nullptr, since};
    parked_call(mutator, sleep_in_bucket, &waiter);
    if (waiter.signal.load() == 2) return;  // counted by the releaser
    u8 seen = look(byte);
    if (!(seen & kLocked) && change(byte, seen, seen | kLocked)) break;
  }
  MutatorAccess::add_lock_byte(mutator);
}

BATON_NOINLINE void lock_byte_release_slow(u8* byte) {
  Bucket& bucket = bucket_of(byte);
  Waiter *chosen = nullptr, **place = &bucket.head;
  bucket.mutex.lock();
  while (*place && (*place)->byte != byte) place = &(*place)->next;
  chosen = *place;
  u8 left = 0;
  if (chosen) {
    *place = chosen->next;
    for (Waiter* other = chosen->next; other && !left; other = other->next) left = other->byte == byte ? kWaiters : 0;
  }
  u32 signal = 1;
  // (Never once the interpreter finalises: no waiter runs again.)
  if (chosen && !is_finalizing() && ticks_to_ns(ticks_between(chosen->since, ticks())) >= kHandOverNs) {
    signal = 2;
    left |= kLocked;
    MutatorAccess::add_lock_byte(*chosen->mutator);
  }
  __atomic_exchange_n(byte, left, __ATOMIC_SEQ_CST);
  const u32* word = chosen ? chosen->signal.address() : nullptr;
  if (chosen) chosen->signal.store(signal);  // from here on *chosen may be gone
  bucket.mutex.unlock();
  if (word) futex_wake(word, 1);
}

void lock_table_reinit_in_child() {
  for (Bucket& bucket : buckets) {
    bucket.mutex.reinit_after_fork();
    bucket.head = nullptr;
  }
}

}  // namespace baton
