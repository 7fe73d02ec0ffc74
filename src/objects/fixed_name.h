// fixed_name<"text">(thread): an interned str, looked up once a process, for names that natives need all the time but that
// names.def doesn't have.
#pragma once
#include "heap/heap.h"
#include "objects/str.h"

namespace baton {

template <usize n>
struct FixedText {
  consteval FixedText(const char (&from)[n]) {
    for (usize i = 0; i < n; ++i) text[i] = from[i];
  }
  char text[n];
};

BATON_NOINLINE inline Str* make_fixed_name(Thread& thread, std::string_view text, Root<Str>** name) {
  auto* made = new Root<Str>(intern(thread, text));  // two threads at once make the same
  __atomic_store_n(name, made, __ATOMIC_RELEASE);
  return made->get();
}

template <FixedText text>
inline Root<Str>* fixed_name_root = nullptr;  // atomic

template <FixedText text>
inline Str* fixed_name(Thread& thread) {
  Root<Str>* made = __atomic_load_n(&fixed_name_root<text>, __ATOMIC_ACQUIRE);
  if (made) [[likely]]
    return made->get();
  return make_fixed_name(thread, {text.text, sizeof text.text - 1}, &fixed_name_root<text>);
}

}  // namespace baton
