// Word-at-a-time scans and kind conversions. The loops are written so that the compiler vectorises them.
#include "base/text_kinds.h"

#include <cstring>

#include "base/load.h"

namespace baton {

static constexpr u64 kHighBits = 0x8080808080808080ull;

usize ascii_prefix(const u8* text, usize length) {
  usize i = 0;
  for (; i + 32 <= length; i += 32) {
    u64 any = load64(text + i) | load64(text + i + 8) | load64(text + i + 16) | load64(text + i + 24);
    if (any & kHighBits) break;
  }
  for (; i + 8 <= length; i += 8) {
    u64 high = load64(text + i) & kHighBits;
    if (high) return i + static_cast<usize>(__builtin_ctzll(high)) / 8;
  }
  u64 high = load_tail(text + i, length - i) & kHighBits;
  return high ? i + static_cast<usize>(__builtin_ctzll(high)) / 8 : length;
}

u32 max_char_class(const u8* text, usize length) { return is_ascii(text, length) ? 0x7F : 0xFF; }

u32 max_char_class(const u16* text, usize length) {
  // In blocks, so that a wide character near the start ends the scan.
  u32 bits = 0;
  while (length) {
    usize block = length < 256 ? length : 256;
    u16 any = 0;
    for (usize i = 0; i < block; ++i) any |= text[i];
    bits |= any;
    if (bits >= 0x100) return 0xFFFF;
    text += block;
    length -= block;
  }
  return char_class(bits);
}

u32 max_char_class(const u32* text, usize length) {
  u32 bits = 0;
  while (length) {
    usize block = length < 256 ? length : 256;
    u32 any = 0;
    for (usize i = 0; i < block; ++i) any |= text[i];
    bits |= any;
    if (bits >= 0x10000) return kMaxCodePoint;
    text += block;
    length -= block;
  }
  return char_class(bits);
}

u32 max_char_class(int kind, const void* text, usize length) {
  return with_kind(kind, text, [&](auto* typed) { return max_char_class(typed, length); });
}

template <class To, class From>
static void copy_chars(To* to, const From* from, usize length) {
  for (usize i = 0; i < length; ++i) to[i] = static_cast<To>(from[i]);
}

void convert_kind(int to_kind, void* to, int from_kind, const void* from, usize length) {
  if (to_kind == from_kind) {
    if (length) memcpy(to, from, length * static_cast<usize>(to_kind));
    return;
  }
  with_kind(from_kind, from,
            [&](auto* source) { with_kind(to_kind, to, [&](auto* target) { copy_chars(target, source, length); }); });
}

}  // namespace baton
