// Locking an object for a few instructions without a safepoint: the interpreter's stores, and those of machine code, which does
// the same by the offsets below (lock_bias.h says what a short section is).
#pragma once
#include "threads/lock_byte.h"

namespace baton {

// Of fields of a Mutator; lock_bias.cpp checks them.
inline constexpr usize kHasBiasOffset = 24, kInShortSectionOffset = 25, kBiasCountdownOffset = 28;

// The byte itself, if it is free. Not counted as held: no safepoint comes before its release, so nobody can ask.
BATON_ALWAYS_INLINE bool try_lock_byte_shortly(Mutator& mutator, u8* byte) {
  LockBias::count_down(mutator);
  u8 expected = 0;
  return __atomic_compare_exchange_n(byte, &expected, u8{1}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}
BATON_ALWAYS_INLINE void release_short_lock(u8* byte) {
  u8 expected = 1;
  if (!__atomic_compare_exchange_n(byte, &expected, u8{0}, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) [[unlikely]]
    lock_byte_release_slow(byte);
}

}  // namespace baton
