// Thin atomics over the compiler's builtins: <atomic> costs a quarter of a second in every source file.
// The order is in the method's name; the bare names are sequentially consistent.
#pragma once
#include "base/check.h"
#include "base/types.h"

namespace baton {

template <class T>
class Atomic {
 public:
  constexpr Atomic() : value_{} {}
  constexpr Atomic(T value) : value_(value) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  BATON_ALWAYS_INLINE T load() const { return load_as<__ATOMIC_SEQ_CST>(); }
  BATON_ALWAYS_INLINE T load_acquire() const { return load_as<__ATOMIC_ACQUIRE>(); }
  BATON_ALWAYS_INLINE T load_relaxed() const { return load_as<__ATOMIC_RELAXED>(); }
  BATON_ALWAYS_INLINE void store(T value) { __atomic_store(&value_, &value, __ATOMIC_SEQ_CST); }
  BATON_ALWAYS_INLINE void store_release(T value) { __atomic_store(&value_, &value, __ATOMIC_RELEASE); }
  BATON_ALWAYS_INLINE void store_relaxed(T value) { __atomic_store(&value_, &value, __ATOMIC_RELAXED); }
  BATON_ALWAYS_INLINE T exchange(T value) {
    T old;
    __atomic_exchange(&value_, &value, &old, __ATOMIC_SEQ_CST);
    return old;
  }
  BATON_ALWAYS_INLINE T fetch_add(T value) { return __atomic_fetch_add(&value_, value, __ATOMIC_SEQ_CST); }
  BATON_ALWAYS_INLINE T fetch_add_relaxed(T value) { return __atomic_fetch_add(&value_, value, __ATOMIC_RELAXED); }
  BATON_ALWAYS_INLINE T fetch_or(T value) { return __atomic_fetch_or(&value_, value, __ATOMIC_SEQ_CST); }
  BATON_ALWAYS_INLINE T fetch_and(T value) { return __atomic_fetch_and(&value_, value, __ATOMIC_SEQ_CST); }

  // On failure `expected` holds what was found.
  BATON_ALWAYS_INLINE bool compare_exchange(T& expected, T desired) {
    return __atomic_compare_exchange(&value_, &expected, &desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
  BATON_ALWAYS_INLINE bool try_change(T from, T to) { return compare_exchange(from, to); }

  // For a counter that one thread alone writes and others read: no read-modify-write.
  BATON_ALWAYS_INLINE void owner_add(T value) { store_relaxed(static_cast<T>(load_relaxed() + value)); }

  T* address() { return &value_; }

 private:
  template <int kOrder>
  BATON_ALWAYS_INLINE T load_as() const {
    T value;
    __atomic_load(&value_, &value, kOrder);
    return value;
  }
  T value_;
};

BATON_ALWAYS_INLINE void cpu_pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

}  // namespace baton
