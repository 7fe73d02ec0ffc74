// See utf8.h; encoding is in utf8_encode.cpp. ASCII is taken by words, of which the lowest byte that isn't ASCII tells how much
// of them counts; else the lead byte decides. A malformed sequence is classified as CPython does: the error range is the longest
// prefix that could have begun a well-formed sequence.
#include "base/utf8.h"

#include <bit>
#include <cstring>

#include "base/load.h"

namespace baton {

static constexpr u64 kHighBits = 0x8080808080808080;

// The bytes of a word, the first lowest, before the first that has its high bit set.
static inline usize ascii_bytes(u64 word) {
  u64 high = word & kHighBits;
  return high ? static_cast<usize>(std::countr_zero(high)) / 8 : 8;
}

const char* utf8_fault_text(Utf8Fault fault) {
  switch (fault) {
    case Utf8Fault::kInvalidStart: return "invalid start byte";
    case Utf8Fault::kInvalidContinuation: return "invalid continuation byte";
    case Utf8Fault::kUnexpectedEnd: return "unexpected end of data";
    case Utf8Fault::kNone:
    case Utf8Fault::kIncomplete: break;
  }
  return "";
}

static inline bool is_continuation(u8 byte) { return (byte & 0xC0) == 0x80; }

namespace {
struct Sequence {
  u8 length;  // of the character, or of the error range
  Utf8Fault fault;
};
}  // namespace

static constexpr Sequence bad(Utf8Fault fault, usize length) { return {static_cast<u8>(length), fault}; }

static Sequence cut_short(usize available, Utf8Input input) {
  return bad(input == Utf8Input::kFinal ? Utf8Fault::kUnexpectedEnd : Utf8Fault::kIncomplete, available);
}

// Is `second` allowed behind `lead`? Rules out overlong forms, surrogates and values beyond 0x10FFFF.
static inline bool second_fits(u8 lead, u8 second, Utf8Surrogates surrogates) {
  if (!is_continuation(second)) return false;
  switch (lead) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second < 0xA0 || surrogates == Utf8Surrogates::kPass;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second < 0x90;
  }
  return true;
}

static Sequence classify(const u8* p, usize available, Utf8Surrogates surrogates, Utf8Input input) {
  u8 lead = p[0];
  if (lead < 0xC2 || lead > 0xF4) return bad(Utf8Fault::kInvalidStart, 1);
  usize need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (available < 2) return cut_short(1, input);
  if (!second_fits(lead, p[1], surrogates)) {
    // A cut-off surrogate may still be completed by the next chunk and then handled by "surrogatepass".
    if (input == Utf8Input::kMoreFollows && lead == 0xED && available == 2 && is_continuation(p[1])) return cut_short(2, input);
    return bad(Utf8Fault::kInvalidContinuation, 1);
  }
  for (usize i = 2; i < need; ++i) {
    if (available <= i) return cut_short(i, input);
    if (!is_continuation(p[i])) return bad(Utf8Fault::kInvalidContinuation, i);
  }
  return {static_cast<u8>(need), Utf8Fault::kNone};
}

// The highest byte tells the widest character: lead bytes are in the order of what they begin, and above all others.
static u32 max_char_of(const u8* data, usize bytes) {
  u8 highest = 0;
  for (usize i = 0; i < bytes; ++i) highest = data[i] > highest ? data[i] : highest;
  return highest < 0x80 ? 0x7F : highest <= 0xC3 ? 0xFF : highest < 0xF0 ? 0xFFFF : kMaxCodePoint;
}

// 16 bytes side by side; a comparison answers 0xFF where it holds.
using Row = u8 __attribute__((vector_size(16)));
static inline Row row_at(const u8* at) {
  Row row;
  memcpy(&row, at, sizeof(row));
  return row;
}
static constexpr usize kRows = 4, kScanned = kRows * sizeof(Row);

// Are these kScanned bytes well-formed as far as they and the three in front of them tell? Those belong to whole characters, or
// to one that goes on here. *leads: how many characters begin here.
static bool block_is_valid(const u8* at, Utf8Surrogates surrogates, usize* leads) {
  auto where = [](auto comparison) { return reinterpret_cast<Row>(comparison); };
  const u8 first_surrogate = surrogates == Utf8Surrogates::kPass ? 0xC0 : 0xA0;
  Row bad = {}, continuing = {};
  for (usize i = 0; i < kScanned; i += sizeof(Row)) {
    Row row = row_at(at + i), before = row_at(at + i - 1);
    Row continues = where((row & 0xC0) == 0x80);
    Row expected = where(before >= 0xC0) | where(row_at(at + i - 2) >= 0xE0) | where(row_at(at + i - 3) >= 0xF0);
    bad |= continues ^ expected;
    bad |= where((row & 0xFE) == 0xC0) | where(row > 0xF4);
    bad |= where(before == 0xE0) & where(row < 0xA0);
    bad |= where(before == 0xED) & where(row >= first_surrogate);
    bad |= where(before == 0xF0) & where(row < 0x90);
    bad |= where(before == 0xF4) & where(row >= 0x90);
    continuing -= continues;
  }
  usize continued = 0;
  for (usize i = 0; i < sizeof(Row); ++i) continued += continuing[i];
  *leads = kScanned - continued;
  u64 halves[2];
  memcpy(halves, &bad, sizeof(bad));
  return !(halves[0] | halves[1]);
}

// How many of the bytes in front of `at` belong to a character that goes on there.
static usize begun_before(const u8* at) { return at[-1] >= 0xC0 ? 1 : at[-2] >= 0xE0 ? 2 : at[-3] >= 0xF0 ? 3 : 0; }

Utf8Scan utf8_scan(const u8* data, usize size, Utf8Surrogates surrogates, Utf8Input input) {
  usize i = ascii_prefix(data, size);
  usize chars = i;
  bool by_blocks = true;
  while (i < size) {
    if (by_blocks && i >= 3 && size - i >= kScanned) {
      usize leads;
      while (size - i >= kScanned && block_is_valid(data + i, surrogates, &leads)) i += kScanned, chars += leads;
      by_blocks = false;
      if (usize begun = begun_before(data + i)) i -= begun, --chars;
      continue;
    }
    u8 lead = data[i];
    if (lead < 0x80) {
      usize run = 1;
      if (size - i >= 8 && (run = ascii_bytes(load64(data + i))) == 8) run += ascii_prefix(data + i + 8, size - i - 8);
      i += run;
      chars += run;
      continue;
    }
    Sequence sequence = classify(data + i, size - i, surrogates, input);
    if (sequence.fault != Utf8Fault::kNone) return {i, chars, max_char_of(data, i), sequence.fault, sequence.length};
    i += sequence.length;
    ++chars;
  }
  return {i, chars, max_char_of(data, i), Utf8Fault::kNone, 0};
}

template <class Char>
static usize decode(const u8* data, usize bytes, Char* out) {
  const u8* end = data + bytes;
  Char* start = out;
  while (data < end) {
    if (end - data >= 32) {
      // At least eight characters are still to come out: what is too much of the word is overwritten.
      u8 word[8];
      memcpy(word, data, 8);
      for (usize i = 0; i < 8; ++i) out[i] = word[i];
      usize run = ascii_bytes(load64(word));
      data += run;
      out += run;
      if (run == 8) continue;
    } else if (*data < 0x80) {
      *out++ = *data++;
      continue;
    }
    do {
      if constexpr (sizeof(Char) == 1) {
        *out++ = static_cast<Char>((data[0] & 0x1F) << 6 | (data[1] & 0x3F));
        data += 2;
      } else if (*data < 0xE0) {
        *out++ = static_cast<Char>((data[0] & 0x1F) << 6 | (data[1] & 0x3F));
        data += 2;
      } else if (sizeof(Char) == 2 || *data < 0xF0) {
        *out++ = static_cast<Char>((data[0] & 0x0F) << 12 | (data[1] & 0x3F) << 6 | (data[2] & 0x3F));
        data += 3;
      } else {
        usize length;
        *out++ = static_cast<Char>(utf8_get(data, &length));
        data += length;
      }
    } while (data < end && *data >= 0x80);
  }
  return static_cast<usize>(out - start);
}

usize utf8_decode(const u8* data, usize bytes, u8* out) { return decode(data, bytes, out); }
usize utf8_decode(const u8* data, usize bytes, u16* out) { return decode(data, bytes, out); }
usize utf8_decode(const u8* data, usize bytes, u32* out) { return decode(data, bytes, out); }
usize utf8_decode(int kind, const u8* data, usize bytes, void* out) {
  return with_kind(kind, out, [&](auto* typed) { return decode(data, bytes, typed); });
}

}  // namespace baton
