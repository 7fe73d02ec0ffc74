// Bump allocator that owns one parse: AST nodes, sequences and text. Nothing in it has a destructor that matters; everything
// dies with the Arena. Not thread-safe: one arena belongs to one parse (or one compile) at a time.
#pragma once
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/types.h"

namespace baton::syntax {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept
      : cursor_(std::exchange(other.cursor_, nullptr)),
        limit_(std::exchange(other.limit_, nullptr)),
        chunks_(std::exchange(other.chunks_, nullptr)),
        total_(std::exchange(other.total_, 0)) {}
  ~Arena() { release(); }

  // Never null: running out of memory stops the process (sources are bounded by what the caller could already load).
  void* allocate(usize bytes) {
    bytes = (bytes + 7) & ~usize{7};
    if (static_cast<usize>(limit_ - cursor_) < bytes) [[unlikely]]
      return allocate_slow(bytes);
    void* result = cursor_;
    cursor_ += bytes;
    return result;
  }

  template <class T>
  T* allocate_array(usize count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    return new (allocate(sizeof(T))) T{std::forward<Args>(args)...};
  }

  // The copy is followed by a NUL byte that is not part of the view.
  std::string_view copy(std::string_view text) {
    char* data = static_cast<char*>(allocate(text.size() + 1));
    if (!text.empty()) memcpy(data, text.data(), text.size());
    data[text.size()] = 0;
    return {data, text.size()};
  }

  // Gives back the tail of the most recent allocation (a buffer that turned out too long).
  void shrink_last(void* block, usize old_bytes, usize new_bytes) {
    old_bytes = (old_bytes + 7) & ~usize{7};
    new_bytes = (new_bytes + 7) & ~usize{7};
    if (static_cast<char*>(block) + old_bytes == cursor_) cursor_ = static_cast<char*>(block) + new_bytes;
  }

  usize bytes_reserved() const { return total_; }

 private:
  struct Chunk {
    Chunk* next;
    usize size;
  };
  void* allocate_slow(usize bytes);
  void release();

  char* cursor_ = nullptr;
  char* limit_ = nullptr;
  Chunk* chunks_ = nullptr;
  usize total_ = 0;
};

// A sequence in an arena. Cheap to copy; does not own.
template <class T>
struct Seq {
  T* data = nullptr;
  u32 size = 0;

  bool empty() const { return size == 0; }
  T& operator[](usize i) const { return data[i]; }
  T* begin() const { return data; }
  T* end() const { return data + size; }
  T& front() const { return data[0]; }
  T& back() const { return data[size - 1]; }
};

}  // namespace baton::syntax
