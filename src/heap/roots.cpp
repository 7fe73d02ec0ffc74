// Root and RootVector: intrusive lists of off-heap references. One mutex guards both lists.
#include <cstdlib>
#include <cstring>

#include "heap/heap_internal.h"

namespace baton {

template <class T>
static void link_root(T* item, T*& first) {
  Guard guard(heap.roots_lock);
  item->previous_ = nullptr;
  item->next_ = first;
  if (first) first->previous_ = item;
  first = item;
}

RootBase::RootBase() { link_root(this, heap.roots); }
RootBase::~RootBase() {
  Guard guard(heap.roots_lock);
  unlink_root(this, heap.roots);
}

// On the list from the first entry on: most of those that natives have beside them stay empty.
RootVector::RootVector() = default;
RootVector::~RootVector() {
  if (!data_) return;
  {
    Guard guard(heap.roots_lock);
    unlink_root(this, heap.root_vectors);
  }
  free(data_);
}

void RootVector::grow(usize at_least) {
  usize wanted = capacity_ ? capacity_ * 2 : 8;
  if (wanted < at_least) wanted = at_least;
  Value* bigger = static_cast<Value*>(realloc(static_cast<void*>(data_), wanted * sizeof(Value)));
  BATON_CHECK(bigger, "the system has memory for a RootVector");
  bool is_first = !data_;
  data_ = bigger;
  capacity_ = wanted;
  if (is_first) link_root(this, heap.root_vectors);
}

void RootVector::resize(usize n) {
  if (n > capacity_) grow(n);
  for (usize i = size_; i < n; ++i) data_[i] = Value();
  size_ = n;
}

}  // namespace baton
