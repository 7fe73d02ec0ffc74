// The per-object lock: one byte in the cell's header, for free-threaded mode. 0 = free, bit 0 = locked, bit 1 = somebody
// may be waiting. Waiting happens in a parking table keyed by the byte's address, and is a safepoint (state Parked).
// Unlocking is a read-modify-write, so everything before it is visible, in one order, to whoever locks next. While only one
// thread runs it leaves the bytes alone (lock_bias.h).
//
// No Python code and no blocking region under a lock byte. Not recursive.
#pragma once
#include "threads/lock_bias.h"

namespace baton {

void lock_byte_acquire_slow(Mutator& mutator, u8* byte);
void lock_byte_release_slow(u8* byte);

class ByteLock {
 public:
  // Nothing at all in GIL mode, and while there is only one thread.
  BATON_ALWAYS_INLINE ByteLock(Mutator& mutator, u8* byte) : mutator_(mutator), first_(objects_are_locked() ? byte : nullptr) {
    if (first_) acquire(mutator_, first_);
  }
  // Both, in order of address, so that two threads can't wait for each other. The same byte twice is locked once.
  BATON_ALWAYS_INLINE ByteLock(Mutator& mutator, u8* a, u8* b) : mutator_(mutator) {
    if (!objects_are_locked()) return;
    first_ = a < b ? a : b;
    second_ = a == b ? nullptr : a < b ? b : a;
    acquire(mutator_, first_);
    if (second_) acquire(mutator_, second_);
  }
  BATON_ALWAYS_INLINE ~ByteLock() {
    if (second_) release(mutator_, second_);
    if (first_) release(mutator_, first_);
  }
  ByteLock(const ByteLock&) = delete;
  ByteLock& operator=(const ByteLock&) = delete;

  BATON_ALWAYS_INLINE static void acquire(Mutator& mutator, u8* byte) {
    if (!try_acquire(mutator, byte)) [[unlikely]]
      lock_byte_acquire_slow(mutator, byte);
  }
  // Without waiting, hence no safepoint.
  BATON_ALWAYS_INLINE static bool try_acquire(Mutator& mutator, u8* byte) {
    return LockBias::enter(mutator, byte) || try_acquire_byte(mutator, byte);
  }
  // The byte itself, whoever has the bias.
  BATON_ALWAYS_INLINE static bool try_acquire_byte(Mutator& mutator, u8* byte) {
    LockBias::count_down(mutator);
    u8 expected = 0;
    if (!__atomic_compare_exchange_n(byte, &expected, u8{1}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) return false;
    mutator.lock_bytes_held_.owner_add(1);
    return true;
  }
  BATON_ALWAYS_INLINE static void release(Mutator& mutator, u8* byte) {
    if (!LockBias::leave(mutator, byte)) release_byte(mutator, byte);
  }
  BATON_ALWAYS_INLINE static void release_byte(Mutator& mutator, u8* byte) {
    u8 expected = 1;
    if (!__atomic_compare_exchange_n(byte, &expected, u8{0}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) [[unlikely]] {
      lock_byte_release_slow(byte);
    }
    mutator.lock_bytes_held_.owner_add(static_cast<u32>(-1));
  }

 private:
  Mutator& mutator_;
  u8* first_ = nullptr;
  u8* second_ = nullptr;
};

// Whatever the mode, for callers that keep no guard object.
BATON_ALWAYS_INLINE void lock_byte_acquire(Mutator& mutator, u8* byte) { ByteLock::acquire(mutator, byte); }
BATON_ALWAYS_INLINE void lock_byte_release(Mutator& mutator, u8* byte) { ByteLock::release(mutator, byte); }

}  // namespace baton
