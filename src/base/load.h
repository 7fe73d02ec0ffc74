// Loads of short and unaligned bytes.
#pragma once
#include <cstring>

#include "base/types.h"

namespace baton {

inline u64 load64(const void* p) {
  u64 word;
  memcpy(&word, p, 8);
  return word;
}

// n < 8 bytes as the low end of a word, the first lowest; zeros above them. Without a loop, whose number of rounds nothing
// predicts.
inline u64 load_tail(const u8* p, usize n) {
  if (n >= 4) {  // two halves that overlap, where they are equal
    u32 low, high;
    memcpy(&low, p, 4);
    memcpy(&high, p + n - 4, 4);
    return low | u64{high} << (8 * (n - 4));
  }
  if (n == 0) return 0;
  return p[0] | u64{p[n >> 1]} << (8 * (n >> 1)) | u64{p[n - 1]} << (8 * (n - 1));
}

}  // namespace baton
