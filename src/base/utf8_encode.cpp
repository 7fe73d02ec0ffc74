// See utf8.h: the way from characters to bytes. Characters side by side become groups of one to three bytes in lanes as wide as
// the longest, from which a table, by how long each is, tells what moves together.
#include <cstring>

#include "base/load.h"
#include "base/utf8.h"

#if defined(__x86_64__)
#include <tmmintrin.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#endif

namespace baton {

template <class Char>
static Utf8EncodeScan encode_scan(const Char* text, usize length, Utf8Surrogates surrogates) {
  usize bytes = 0;
  // Without branches first, and by blocks for which counters as wide as a character do: what a vector can do.
  constexpr usize kBlock = sizeof(Char) == 1 ? 192 : 4096;
  bool surrogate = false;
  for (usize at = 0; at < length; at += kBlock) {
    usize block = length - at < kBlock ? length - at : kBlock;
    const Char* from = text + at;
    Char more = 0, any = 0;
    for (usize i = 0; i < block; ++i) {
      Char ch = from[i];
      if constexpr (sizeof(Char) == 1) {
        more = static_cast<Char>(more + (ch >> 7));
      } else if constexpr (sizeof(Char) == 2) {
        more = static_cast<Char>(more + (ch >= 0x80) + (ch >= 0x800));
        any |= static_cast<Char>((ch & 0xF800) == 0xD800);
      } else {
        more += (ch >= 0x80) + (ch >= 0x800) + (ch >= 0x10000);
        any |= (ch & 0xFFFFF800) == 0xD800;
      }
    }
    bytes += block + more;
    surrogate |= any != 0;
  }
  if (!surrogate || surrogates != Utf8Surrogates::kReject) return {length, bytes, 0};
  if constexpr (sizeof(Char) > 1) {
    bytes = 0;
    for (usize i = 0; i < length; ++i) {
      u32 ch = text[i];
      if (is_surrogate(ch) && surrogates == Utf8Surrogates::kReject) {
        usize run = 1;
        while (i + run < length && is_surrogate(text[i + run])) ++run;
        return {i, bytes, run};
      }
      bytes += 1 + (ch >= 0x80) + (ch >= 0x800) + (ch >= 0x10000);
    }
  }
  return {length, bytes, 0};
}

Utf8EncodeScan utf8_encode_scan(int kind, const void* text, usize length, Utf8Surrogates surrogates) {
  return with_kind(kind, text, [&](auto* typed) { return encode_scan(typed, length, surrogates); });
}

#if defined(__x86_64__)
namespace {
// Which byte of a row of lanes comes to each place, above 0x7F: none.
struct Packing {
  u8 from[16];
};
// For rows of `lanes` groups of up to `longest` bytes. The number is one bit for each group of more than one byte, and above
// these one for each of more than two.
struct Packings {
  Packing at[256];
  u8 bytes[256];  // of all groups
};
constexpr Packings packings(unsigned lanes) {
  Packings all{};
  unsigned width = 16 / lanes;
  for (unsigned number = 0; number < 256; ++number) {
    u8 n = 0;
    for (unsigned i = 0; i < lanes; ++i) {
      unsigned length = 1 + (number >> i & 1) + (lanes == 4 ? number >> (4 + i) & 1 : 0);
      for (unsigned k = 0; k < length; ++k) all.at[number].from[n++] = static_cast<u8>(width * i + k);
    }
    all.bytes[number] = n;
    while (n < 16) all.at[number].from[n++] = 0x80;
  }
  return all;
}
constexpr Packings kFours = packings(4), kEights = packings(8);

// The C library has asked the processor already; a compiler's own support asks again as each program starts.
bool shuffles_bytes() {
#ifdef CPU_FEATURE_ACTIVE
  return CPU_FEATURE_ACTIVE(SSSE3);
#else
  return __builtin_cpu_supports("ssse3");
#endif
}

// Four characters, each in a word.
inline __m128i four_at(const u16* text) {
  return _mm_unpacklo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(text)), _mm_setzero_si128());
}
inline __m128i four_at(const u32* text) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text)); }

// Eight characters, each in half a word.
inline __m128i eight_at(const u8* text) {
  return _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(text)), _mm_setzero_si128());
}
inline __m128i eight_at(const u16* text) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text)); }

inline __m128i where(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

// Stores 16 ASCII characters as bytes, if that is what they are.
inline bool put_16_ascii(const u8* text, u8* out) {
  __m128i row = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  if (_mm_movemask_epi8(row)) return false;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), row);
  return true;
}
inline bool put_16_ascii(const u16* text, u8* out) {
  auto rows = reinterpret_cast<const __m128i*>(text);
  __m128i first = _mm_loadu_si128(rows), second = _mm_loadu_si128(rows + 1);
  __m128i high = _mm_and_si128(_mm_or_si128(first, second), _mm_set1_epi16(static_cast<short>(0xFF80)));
  if (_mm_movemask_epi8(_mm_cmpeq_epi8(high, _mm_setzero_si128())) != 0xFFFF) return false;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(first, second));
  return true;
}
inline bool put_16_ascii(const u32* text, u8* out) {
  __m128i rows[4], any = _mm_setzero_si128();
  for (int i = 0; i < 4; ++i) {
    rows[i] = four_at(text + 4 * i);
    any = _mm_or_si128(any, rows[i]);
  }
  if (_mm_movemask_epi8(_mm_cmpgt_epi32(any, _mm_set1_epi32(0x7F)))) return false;
  __m128i first = _mm_packs_epi32(rows[0], rows[1]), second = _mm_packs_epi32(rows[2], rows[3]);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(first, second));
  return true;
}

__attribute__((target("ssse3"))) inline u8* put_packed(__m128i groups, u32 number, const Packings& packings, u8* out) {
  __m128i from = _mm_loadu_si128(reinterpret_cast<const __m128i*>(packings.at[number].from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(groups, from));
  return out + packings.bytes[number];
}

// Eight characters of up to 0x7FF.
__attribute__((target("ssse3"))) inline u8* put_eight(__m128i ch, u8* out) {
  __m128i above_ascii = _mm_cmpgt_epi16(ch, _mm_set1_epi16(0x7F));
  __m128i last = _mm_slli_epi16(_mm_and_si128(ch, _mm_set1_epi16(0x3F)), 8);
  __m128i two = _mm_or_si128(_mm_or_si128(_mm_srli_epi16(ch, 6), last), _mm_set1_epi16(static_cast<short>(0x80C0)));
  u32 number = static_cast<u32>(_mm_movemask_epi8(_mm_packs_epi16(above_ascii, _mm_setzero_si128())));
  return put_packed(where(above_ascii, two, ch), number, kEights, out);
}

// Four characters of up to 0xFFFF.
__attribute__((target("ssse3"))) inline u8* put_four(__m128i ch, u8* out) {
  __m128i bits = _mm_set1_epi32(0x3F), goes_on = _mm_set1_epi32(0x80), shifted = _mm_srli_epi32(ch, 6);
  __m128i above_ascii = _mm_cmpgt_epi32(ch, _mm_set1_epi32(0x7F)), above_two = _mm_cmpgt_epi32(ch, _mm_set1_epi32(0x7FF));
  u32 number =
      static_cast<u32>(_mm_movemask_ps(_mm_castsi128_ps(above_ascii)) | _mm_movemask_ps(_mm_castsi128_ps(above_two)) << 4);
  __m128i last = _mm_or_si128(_mm_and_si128(ch, bits), goes_on), middle = _mm_or_si128(_mm_and_si128(shifted, bits), goes_on);
  __m128i two = _mm_or_si128(_mm_or_si128(shifted, _mm_set1_epi32(0xC0)), _mm_slli_epi32(last, 8));
  __m128i first = _mm_or_si128(_mm_srli_epi32(ch, 12), _mm_set1_epi32(0xE0));
  __m128i three = _mm_or_si128(_mm_or_si128(first, _mm_slli_epi32(middle, 8)), _mm_slli_epi32(last, 16));
  return put_packed(where(above_two, three, where(above_ascii, two, ch)), number, kFours, out);
}

// One of any length.
inline u8* put_any(u32 ch, u8* out) {
  if (ch < 0x10000) return out + utf8_put(ch, out);
  u32 bytes = (0xF0 | ch >> 18) | (0x80 | (ch >> 12 & 0x3F)) << 8 | (0x80 | (ch >> 6 & 0x3F)) << 16 | (0x80 | (ch & 0x3F)) << 24;
  memcpy(out, &bytes, 4);
  return out + 4;
}

inline bool are_below_0x800(__m128i ch) {
  __m128i high = _mm_and_si128(ch, _mm_set1_epi16(static_cast<short>(0xF800)));
  return _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) == 0xFFFF;
}

// The next eight characters.
__attribute__((target("ssse3"))) inline u8* put_next(const u8* text, u8* out) { return put_eight(eight_at(text), out); }
__attribute__((target("ssse3"))) inline u8* put_next(const u16* text, u8* out) {
  __m128i ch = eight_at(text);
  if (are_below_0x800(ch)) return put_eight(ch, out);
  return put_four(four_at(text + 4), put_four(four_at(text), out));
}
__attribute__((target("ssse3"))) inline u8* put_next(const u32* text, u8* out) {
  for (int i = 0; i < 8; i += 4) {
    __m128i ch = four_at(text + i);
    if (!_mm_movemask_epi8(_mm_cmpgt_epi32(ch, _mm_set1_epi32(0xFFFF)))) {
      out = put_four(ch, out);
    } else {
      for (int k = 0; k < 4; ++k) out = put_any(text[i + k], out);
    }
  }
  return out;
}

// The last four characters of a row write sixteen bytes, of which some count: so many characters are still to come out.
constexpr usize kRowsAtLeast = 12 + 16;

// Encodes all but the last characters and tells how many; *end: where they end.
template <class Char>
__attribute__((target("ssse3"))) usize encode_by_rows(const Char* text, usize length, u8* out, u8** end) {
  constexpr usize kRow = 16, kNext = 8;
  usize i = 0;
  while (length - i >= kRowsAtLeast) {
    if (put_16_ascii(text + i, out)) {
      i += kRow;
      out += kRow;
      continue;
    }
    // What has one letter that isn't ASCII has more of them: the next row isn't asked before this one is over.
    out = put_next(text + i + kNext, put_next(text + i, out));
    i += kRow;
  }
  *end = out;
  return i;
}
}  // namespace
#endif

template <class Char>
static usize encode(const Char* text, usize length, u8* out) {
  u8* start = out;
  usize i = 0;
#if defined(__x86_64__)
  if (length >= kRowsAtLeast && shuffles_bytes()) {
    u8* end;
    i = encode_by_rows(text, length, out, &end);
    out = end;
  }
#endif
  while (i < length) out += utf8_put(text[i++], out);
  return static_cast<usize>(out - start);
}

usize utf8_encode(int kind, const void* text, usize length, u8* out) {
  return with_kind(kind, text, [&](auto* typed) { return encode(typed, length, out); });
}

}  // namespace baton
