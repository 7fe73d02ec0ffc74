// Small tables of what native modules do in ways of their own with instances of exactly a type.
#pragma once
#include "objects/object.h"

namespace baton {

// Written by the modules as they are imported, one after the other; a type is stored before the number that includes it.
template <class Way>
class WaysByType {
 public:
  void add(Type* type, Way way) {
    usize n = count_;
    BATON_CHECK(n < kMost, "there is room for every type with a way of its own");
    rows_[n] = {new Root<Type>(type), way};
    __atomic_store_n(&count_, n + 1, __ATOMIC_RELEASE);
  }
  Way of(const Type* type) const {
    for (usize i = 0, n = __atomic_load_n(&count_, __ATOMIC_ACQUIRE); i < n; ++i)
      if (rows_[i].type->get() == type) return rows_[i].way;
    return nullptr;
  }

 private:
  static constexpr usize kMost = 8;
  struct {
    Root<Type>* type;
    Way way;
  } rows_[kMost] = {};
  usize count_ = 0;  // atomic
};
}  // namespace baton
