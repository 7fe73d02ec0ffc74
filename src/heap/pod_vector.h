// A growable array of trivially copyable items in malloc memory, usable as a constant-initialised global. The heap's own tables
// only: the collector does not see what is in it. No destructor (globals outlive exit handlers): release() gives the memory back.
#pragma once
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/types.h"

namespace baton {

template <class T>
class PodVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  constexpr PodVector() = default;
  PodVector(const PodVector&) = delete;
  PodVector& operator=(const PodVector&) = delete;

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  usize capacity() const { return capacity_; }
  T* data() { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](usize i) { return data_[i]; }
  const T& operator[](usize i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  void push(T item) {
    if (size_ == capacity_) [[unlikely]]
      grow(size_ + 1);
    data_[size_++] = item;
  }
  T pop() { return data_[--size_]; }
  void append(const T* items, usize n) {
    if (n == 0) return;
    if (size_ + n > capacity_) grow(size_ + n);
    memcpy(data_ + size_, items, n * sizeof(T));
    size_ += n;
  }
  void append_zeros(usize n) {
    reserve(size_ + n);
    memset(static_cast<void*>(data_ + size_), 0, n * sizeof(T));
    size_ += n;
  }
  void clear() { size_ = 0; }
  void truncate(usize n) { size_ = n; }
  void reserve(usize n) {
    if (n > capacity_) grow(n);
  }
  void release() {
    free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  // Keeps [0, n); used after filtering in place. Gives memory back when mostly empty.
  void shrink_to(usize n) {
    size_ = n;
    if (capacity_ > 4096 && n < capacity_ / 8) {
      usize wanted = n * 2 + 64;
      if (T* smaller = static_cast<T*>(realloc(static_cast<void*>(data_), wanted * sizeof(T)))) {
        data_ = smaller;
        capacity_ = wanted;
      }
    }
  }
  void swap(PodVector& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  BATON_NOINLINE void grow(usize at_least) {
    usize wanted = capacity_ ? capacity_ * 2 : 16;
    if (wanted < at_least) wanted = at_least;
    T* bigger = static_cast<T*>(realloc(static_cast<void*>(data_), wanted * sizeof(T)));
    BATON_CHECK(bigger, "the system has memory for the collector's own tables");
    data_ = bigger;
    capacity_ = wanted;
  }
  T* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};

}  // namespace baton
