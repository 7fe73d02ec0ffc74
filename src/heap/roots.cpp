// Root and RootVector: intrusive lists of off-heap references. One spin lock guards both lists: sections are a few instructions.
#include <cstdlib>
#include <cstring>

#include <sched.h>

#include "heap/heap_internal.h"

namespace baton {

void lock_roots() {
  while (__atomic_exchange_n(&heap.roots_lock, 1, __ATOMIC_ACQUIRE)) {
    while (__atomic_load_n(&heap.roots_lock, __ATOMIC_RELAXED)) sched_yield();
  }
}
void unlock_roots() { __atomic_store_n(&heap.roots_lock, 0, __ATOMIC_RELEASE); }

template <class T>
static void link_root(T* item, T*& first) {
  lock_roots();
  item->previous_ = nullptr;
  item->next_ = first;
  if (first) first->previous_ = item;
  first = item;
  unlock_roots();
}

template <class T>
static void unlink_root(T* item, T*& first) {
  lock_roots();
  if (item->previous_) item->previous_->next_ = item->next_;
  else first = item->next_;
  if (item->next_) item->next_->previous_ = item->previous_;
  unlock_roots();
}

RootBase::RootBase() { link_root(this, heap.roots); }
RootBase::~RootBase() { unlink_root(this, heap.roots); }

RootVector::RootVector() { link_root(this, heap.root_vectors); }
RootVector::~RootVector() {
  unlink_root(this, heap.root_vectors);
  free(data_);
}

void RootVector::grow(usize at_least) {
  usize wanted = capacity_ ? capacity_ * 2 : 8;
  if (wanted < at_least) wanted = at_least;
  Value* bigger = static_cast<Value*>(realloc(static_cast<void*>(data_), wanted * sizeof(Value)));
  BATON_CHECK(bigger, "the system has memory for a RootVector");
  data_ = bigger;
  capacity_ = wanted;
}

void RootVector::resize(usize n) {
  if (n > capacity_) grow(n);
  for (usize i = size_; i < n; ++i) data_[i] = Value();
  size_ = n;
}

}  // namespace baton
