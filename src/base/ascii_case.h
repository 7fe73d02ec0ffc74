// Upper and lower case of ASCII text, eight bytes at a time. Bytes that are not letters of ASCII stay as they are.
#pragma once
#include "base/load.h"

namespace baton {

// Which letters change: those from `first`, 'A' or 'a', to the 26th from there.
inline u64 flip_case8(u64 word, u8 first) {
  constexpr u64 kOnes = 0x0101010101010101, kHigh = 0x80 * kOnes;
  u64 low_bits = word & ~kHigh;
  u64 from_first = low_bits + (0x80u - first) * kOnes;      // bit 7: not below the first
  u64 past_last = low_bits + (0x80u - first - 26) * kOnes;  // bit 7: beyond the last
  return word ^ (from_first & ~past_last & ~word & kHigh) >> 2;
}

inline void flip_case(u8* out, const u8* in, usize n, u8 first) {
  for (; n >= 8; n -= 8, in += 8, out += 8) {
    u64 word = flip_case8(load64(in), first);
    memcpy(out, &word, 8);
  }
  for (; n; --n, ++in) *out++ = static_cast<u8>(static_cast<u8>(*in - first) < 26 ? *in ^ 0x20 : *in);
}
inline void ascii_lower(u8* out, const u8* in, usize n) { flip_case(out, in, n, 'A'); }
inline void ascii_upper(u8* out, const u8* in, usize n) { flip_case(out, in, n, 'a'); }

}  // namespace baton
