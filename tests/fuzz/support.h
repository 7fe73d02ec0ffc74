// What the fuzzers share: how an input selects options, and what must hold whatever the input is. A broken promise ends the
// process, which the fuzzer reports with the input.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/types.h"

namespace baton::fuzz {

[[noreturn]] inline void broken(const char* promise) {
  fprintf(stderr, "broken promise: %s\n", promise);
  abort();
}

inline void promise(bool holds, const char* what) {
  if (!holds) broken(what);
}

// Leaves a quarter of the ordinary stack to what is called last, as the runtime does for its threads.
inline const char* stack_limit() { return static_cast<const char*>(__builtin_frame_address(0)) - 6 * 1024 * 1024; }

// The first byte of an input chooses options, the rest is source.
struct Input {
  u8 choice = 0;
  std::string_view source;

  Input(const u8* data, usize size) {
    if (size == 0) return;
    choice = data[0];
    source = {reinterpret_cast<const char*>(data) + 1, size - 1};
  }
  bool bit(int n) const { return (choice >> n) & 1; }
};

}  // namespace baton::fuzz
