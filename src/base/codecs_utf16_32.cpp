// ascii, latin-1, utf-16 and utf-32. See codecs_kernels.h.
#include <bit>
#include <cstring>

#include "base/codecs_kernels.h"

namespace baton {

static_assert(std::endian::native == std::endian::little);

CodecStop ascii_decode(TextBuffer& out, const u8* data, usize size, usize at) {
  usize run = ascii_prefix(data + at, size - at);
  out.append_latin1(data + at, run);
  at += run;
  if (at == size) return {at, at, nullptr};
  return {at, at + 1, "ordinal not in range(128)"};
}

CodecStop narrow_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, u32 limit) {
  usize fits = at;
  while (fits < length && char_at(kind, text, fits) < limit) ++fits;
  if (u8* to = fits > at ? out.extend(fits - at) : nullptr) {
    convert_kind(1, to, kind, static_cast<const u8*>(text) + at * static_cast<usize>(kind), fits - at);
  }
  if (fits == length) return {length, length, nullptr};
  usize end = fits;
  while (end < length && char_at(kind, text, end) >= limit) ++end;
  return {fits, end, limit == 128 ? "ordinal not in range(128)" : "ordinal not in range(256)"};
}

static inline u32 load16(const u8* p, Endian endian) {
  u16 unit;
  memcpy(&unit, p, 2);
  return endian == Endian::kLittle ? unit : __builtin_bswap16(unit);
}
static inline u32 load32(const u8* p, Endian endian) {
  u32 unit;
  memcpy(&unit, p, 4);
  return endian == Endian::kLittle ? unit : __builtin_bswap32(unit);
}
static inline u8* store16(u8* p, u32 unit, Endian endian) {
  u16 swapped = endian == Endian::kLittle ? static_cast<u16>(unit) : __builtin_bswap16(static_cast<u16>(unit));
  memcpy(p, &swapped, 2);
  return p + 2;
}
static inline u8* store32(u8* p, u32 unit, Endian endian) {
  u32 swapped = endian == Endian::kLittle ? unit : __builtin_bswap32(unit);
  memcpy(p, &swapped, 4);
  return p + 4;
}

usize utf16_mark(const u8* data, usize size, Endian* endian) {
  if (size < 2 || (load16(data, Endian::kLittle) != 0xFEFF && load16(data, Endian::kBig) != 0xFEFF)) return 0;
  *endian = data[0] == 0xFF ? Endian::kLittle : Endian::kBig;
  return 2;
}

usize utf32_mark(const u8* data, usize size, Endian* endian) {
  if (size < 4 || (load32(data, Endian::kLittle) != 0xFEFF && load32(data, Endian::kBig) != 0xFEFF)) return 0;
  *endian = data[0] == 0xFF ? Endian::kLittle : Endian::kBig;
  return 4;
}

CodecStop utf16_decode(TextBuffer& out, const u8* data, usize size, usize at, Endian endian, CodecInputEnd end) {
  bool more = end == CodecInputEnd::kMoreFollows;
  while (size - at >= 2) {
    u32 unit = load16(data + at, endian);
    if (!is_surrogate(unit)) {
      out.push(unit);
      at += 2;
      continue;
    }
    if (is_low_surrogate(unit)) return {at, at + 2, "illegal encoding"};
    if (size - at < 4) {
      if (more) return {at, at, nullptr};
      return {at, size, "unexpected end of data"};
    }
    u32 low = load16(data + at + 2, endian);
    if (!is_low_surrogate(low)) return {at, at + 2, "illegal UTF-16 surrogate"};
    out.push(join_surrogates(unit, low));
    at += 4;
  }
  if (at < size && !more) return {at, size, "truncated data"};
  return {at, at, nullptr};
}

CodecStop utf32_decode(TextBuffer& out, const u8* data, usize size, usize at, Endian endian, CodecInputEnd end) {
  for (; size - at >= 4; at += 4) {
    u32 ch = load32(data + at, endian);
    if (is_surrogate(ch)) return {at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)"};
    if (ch > kMaxCodePoint) return {at, at + 4, "code point not in range(0x110000)"};
    out.push(ch);
  }
  if (at < size && end == CodecInputEnd::kFinal) return {at, size, "truncated data"};
  return {at, at, nullptr};
}

// Up to the first surrogate that may not pass: encodes [at, stop) and reports that one (UTF-8 and ascii report whole runs).
template <usize kUnit>
static CodecStop encode_units(ByteBuffer& out, int kind, const void* text, usize length, usize at, Endian endian,
                              LoneSurrogates lone) {
  usize stop = at, units = 0;
  for (; stop < length; ++stop) {
    u32 ch = char_at(kind, text, stop);
    if (lone == LoneSurrogates::kReject && is_surrogate(ch)) break;
    units += kUnit == 2 && ch > 0xFFFF ? 2 : 1;
  }
  u8* to = units ? out.extend(units * kUnit) : nullptr;
  for (usize i = at; to && i < stop; ++i) {
    u32 ch = char_at(kind, text, i);
    if constexpr (kUnit == 4) {
      to = store32(to, ch, endian);
    } else if (ch > 0xFFFF) {
      to = store16(to, 0xD800 + ((ch - 0x10000) >> 10), endian);
      to = store16(to, 0xDC00 + (ch & 0x3FF), endian);
    } else {
      to = store16(to, ch, endian);
    }
  }
  if (stop == length) return {length, length, nullptr};
  return {stop, stop + 1, "surrogates not allowed"};
}

CodecStop utf16_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, Endian endian, LoneSurrogates lone) {
  return encode_units<2>(out, kind, text, length, at, endian, lone);
}
CodecStop utf32_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, Endian endian, LoneSurrogates lone) {
  return encode_units<4>(out, kind, text, length, at, endian, lone);
}

}  // namespace baton
