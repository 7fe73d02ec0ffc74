// A field that several threads may read and write at the same time, where any recent value will do: positions of shared
// iterators, hints, counters of caches, flags that only ever go one way. Each access is one relaxed atomic load or store, which
// compiles to an ordinary one; it orders nothing else. `++` and the like are a load and a store: an update may be lost.
#pragma once
#include "base/check.h"
#include "base/types.h"

namespace baton {

template <class T>
class Relaxed {
 public:
  constexpr Relaxed() : value_{} {}
  constexpr Relaxed(T value) : value_(value) {}
  Relaxed(const Relaxed& other) : value_(other.get()) {}

  BATON_ALWAYS_INLINE T get() const {
    T value;
    __atomic_load(&value_, &value, __ATOMIC_RELAXED);
    return value;
  }
  BATON_ALWAYS_INLINE void set(T value) { __atomic_store(&value_, &value, __ATOMIC_RELAXED); }

  BATON_ALWAYS_INLINE operator T() const { return get(); }
  BATON_ALWAYS_INLINE T operator=(T value) {
    set(value);
    return value;
  }
  BATON_ALWAYS_INLINE Relaxed& operator=(const Relaxed& other) {
    set(other.get());
    return *this;
  }
  BATON_ALWAYS_INLINE T operator->() const { return get(); }
  BATON_ALWAYS_INLINE T operator++() { return *this = static_cast<T>(get() + 1); }
  BATON_ALWAYS_INLINE T operator--() { return *this = static_cast<T>(get() - 1); }
  BATON_ALWAYS_INLINE T operator++(int) {
    T old = get();
    set(static_cast<T>(old + 1));
    return old;
  }
  BATON_ALWAYS_INLINE T operator--(int) {
    T old = get();
    set(static_cast<T>(old - 1));
    return old;
  }
  template <class U>
  BATON_ALWAYS_INLINE T operator+=(U amount) {
    return *this = static_cast<T>(get() + amount);
  }
  template <class U>
  BATON_ALWAYS_INLINE T operator-=(U amount) {
    return *this = static_cast<T>(get() - amount);
  }
  template <class U>
  BATON_ALWAYS_INLINE T operator|=(U bits) {
    return *this = static_cast<T>(get() | bits);
  }

 private:
  T value_;
};

}  // namespace baton
