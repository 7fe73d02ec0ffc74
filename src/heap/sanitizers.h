// Address sanitizer support: free cells are poisoned for it, and functions that scan stacks are exempt.
#pragma once
#include "base/types.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BATON_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define BATON_TSAN 1
#endif
#endif

#ifdef BATON_ASAN
extern "C" void __asan_poison_memory_region(void const volatile* address, size_t bytes);
extern "C" void __asan_unpoison_memory_region(void const volatile* address, size_t bytes);
extern "C" int __asan_address_is_poisoned(void const volatile* address);
#endif

#define BATON_NO_SANITIZE __attribute__((no_sanitize("address", "thread", "undefined")))

namespace baton {
inline void poison_memory([[maybe_unused]] const void* address, [[maybe_unused]] usize bytes) {
#ifdef BATON_ASAN
  __asan_poison_memory_region(address, bytes);
#endif
}
// A word of a stack that no variable in scope owns: what is left in it refers to nothing.
inline bool is_poisoned_memory([[maybe_unused]] const void* address) {
#ifdef BATON_ASAN
  return __asan_address_is_poisoned(address);
#else
  return false;
#endif
}
inline void unpoison_memory([[maybe_unused]] const void* address, [[maybe_unused]] usize bytes) {
#ifdef BATON_ASAN
  __asan_unpoison_memory_region(address, bytes);
#endif
}
}  // namespace baton
