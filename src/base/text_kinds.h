// Helpers on text stored with 1, 2 or 4 bytes a character (PEP 393 kinds): the narrowest kind that fits, and copies between
// kinds. Buffers are u8/u16/u32 arrays; a runtime `kind` is 1, 2 or 4. A value class is the upper bound 0x7f, 0xff, 0xffff or
// 0x10ffff.
#pragma once
#include "base/load.h"
#include "base/types.h"

namespace baton {

inline constexpr u32 kMaxCodePoint = 0x10FFFF;
constexpr bool is_surrogate(u32 ch) { return (ch & 0xFFFFF800u) == 0xD800; }
constexpr bool is_high_surrogate(u32 ch) { return (ch & 0xFFFFFC00u) == 0xD800; }
constexpr bool is_low_surrogate(u32 ch) { return (ch & 0xFFFFFC00u) == 0xDC00; }
constexpr u32 join_surrogates(u32 high, u32 low) { return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF); }

// The class bound (0x7f, 0xff, 0xffff, 0x10ffff) of a character or of the OR of several.
constexpr u32 char_class(u32 bits) { return bits < 0x80 ? 0x7F : bits < 0x100 ? 0xFF : bits < 0x10000 ? 0xFFFF : kMaxCodePoint; }
constexpr int kind_for(u32 max_char) { return max_char < 0x100 ? 1 : max_char < 0x10000 ? 2 : 4; }

// Class bound of the characters of a buffer; empty gives 0x7f.
u32 max_char_class(const u8* text, usize length);
u32 max_char_class(const u16* text, usize length);
u32 max_char_class(const u32* text, usize length);
u32 max_char_class(int kind, const void* text, usize length);

// Number of leading bytes below 0x80.
usize ascii_prefix(const u8* text, usize length);
inline bool is_ascii(const u8* text, usize length) {
  constexpr u64 kHighBits = 0x8080808080808080;
  if (length < 8) return !(load_tail(text, length) & kHighBits);
  if (length <= 16) return !((load64(text) | load64(text + length - 8)) & kHighBits);
  return ascii_prefix(text, length) == length;
}

// Copies `length` characters between kinds. Narrowing requires that every character fits.
void convert_kind(int to_kind, void* to, int from_kind, const void* from, usize length);

inline u32 char_at(int kind, const void* text, usize i) {
  if (kind == 1) return static_cast<const u8*>(text)[i];
  if (kind == 2) return static_cast<const u16*>(text)[i];
  return static_cast<const u32*>(text)[i];
}
inline void put_char_at(int kind, void* text, usize i, u32 ch) {
  if (kind == 1)
    static_cast<u8*>(text)[i] = static_cast<u8>(ch);
  else if (kind == 2)
    static_cast<u16*>(text)[i] = static_cast<u16>(ch);
  else
    static_cast<u32*>(text)[i] = ch;
}

// Runs `body` with the buffer as a typed pointer: with_kind(kind, data, [&](auto* text) {...}).
template <class Body>
decltype(auto) with_kind(int kind, const void* text, Body&& body) {
  if (kind == 1) return body(static_cast<const u8*>(text));
  if (kind == 2) return body(static_cast<const u16*>(text));
  return body(static_cast<const u32*>(text));
}
template <class Body>
decltype(auto) with_kind(int kind, void* text, Body&& body) {
  if (kind == 1) return body(static_cast<u8*>(text));
  if (kind == 2) return body(static_cast<u16*>(text));
  return body(static_cast<u32*>(text));
}

}  // namespace baton
