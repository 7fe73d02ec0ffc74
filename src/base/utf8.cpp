// See utf8.h. The scanner takes whole words of ASCII at a time and otherwise branches on the lead byte; a malformed sequence
// is classified as CPython does: the error range is the longest prefix that could have begun a well-formed sequence.
#include "base/utf8.h"

#include <bit>
#include <cstring>

namespace baton {

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

Utf8Scan utf8_scan(const u8* data, usize size, Utf8Surrogates surrogates, Utf8Input input) {
  usize i = ascii_prefix(data, size);
  usize chars = i;
  u32 widest = 0;  // lead bytes order sequences by width class, save for 0xC2/0xC3 (latin-1) which the final mapping settles
  while (i < size) {
    u8 lead = data[i];
    if (lead < 0x80) {  // runs are mostly short here: step singly up to a word's worth, then in words
      ++i;
      ++chars;
      usize run = 1;
      while (run < 8 && i < size && data[i] < 0x80) ++i, ++chars, ++run;
      if (run == 8) {
        usize more = ascii_prefix(data + i, size - i);
        i += more;
        chars += more;
      }
      continue;
    }
    if (size - i >= 3) {  // the usual sequences of two and three bytes
      if (lead >= 0xC2 && lead < 0xE0 && is_continuation(data[i + 1])) {
        if (lead > widest) widest = lead;
        i += 2;
        ++chars;
        continue;
      }
      if (lead > 0xE0 && lead < 0xF0 && lead != 0xED && is_continuation(data[i + 1]) && is_continuation(data[i + 2])) {
        if (lead > widest) widest = lead;
        i += 3;
        ++chars;
        continue;
      }
    }
    Sequence sequence = classify(data + i, size - i, surrogates, input);
    if (sequence.fault != Utf8Fault::kNone) {
      u32 max_char = widest == 0 ? 0x7F : widest <= 0xC3 ? 0xFF : widest < 0xF0 ? 0xFFFF : kMaxCodePoint;
      return {i, chars, max_char, sequence.fault, sequence.length};
    }
    if (lead > widest) widest = lead;
    i += sequence.length;
    ++chars;
  }
  u32 max_char = widest == 0 ? 0x7F : widest <= 0xC3 ? 0xFF : widest < 0xF0 ? 0xFFFF : kMaxCodePoint;
  return {i, chars, max_char, Utf8Fault::kNone, 0};
}

template <class Char>
static usize decode(const u8* data, usize bytes, Char* out) {
  const u8* end = data + bytes;
  Char* start = out;
  while (data < end) {
    if (*data < 0x80) {
      *out++ = *data++;
      int single = 1;
      while (single < 8 && data < end && *data < 0x80) *out++ = *data++, ++single;
      if (single < 8) continue;
      usize run = ascii_prefix(data, static_cast<usize>(end - data));
      if constexpr (sizeof(Char) == 1)
        memcpy(out, data, run);
      else
        for (usize i = 0; i < run; ++i) out[i] = data[i];
      data += run;
      out += run;
      continue;
    }
    if constexpr (sizeof(Char) == 1) {
      *out++ = static_cast<Char>((data[0] & 0x1F) << 6 | (data[1] & 0x3F));
      data += 2;
    } else {
      usize length;
      *out++ = static_cast<Char>(utf8_get(data, &length));
      data += length;
    }
  }
  return static_cast<usize>(out - start);
}

usize utf8_decode(const u8* data, usize bytes, u8* out) { return decode(data, bytes, out); }
usize utf8_decode(const u8* data, usize bytes, u16* out) { return decode(data, bytes, out); }
usize utf8_decode(const u8* data, usize bytes, u32* out) { return decode(data, bytes, out); }
usize utf8_decode(int kind, const u8* data, usize bytes, void* out) {
  return with_kind(kind, out, [&](auto* typed) { return decode(data, bytes, typed); });
}

template <class Char>
static Utf8EncodeScan encode_scan(const Char* text, usize length, Utf8Surrogates surrogates) {
  usize bytes = 0;
  if constexpr (sizeof(Char) == 1) {
    usize wide = 0;
    for (usize i = 0; i < length; ++i) wide += text[i] >> 7;
    return {length, length + wide, 0};
  } else {
    // Without branches first: what a vector can do.
    u32 surrogate = 0;
    for (usize i = 0; i < length; ++i) {
      u32 ch = text[i];
      surrogate |= is_surrogate(ch);
      bytes += 1u + (ch >= 0x80) + (ch >= 0x800) + (ch >= 0x10000);
    }
    if (!surrogate || surrogates != Utf8Surrogates::kReject) return {length, bytes, 0};
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
    return {length, bytes, 0};
  }
}

Utf8EncodeScan utf8_encode_scan(int kind, const void* text, usize length, Utf8Surrogates surrogates) {
  return with_kind(kind, text, [&](auto* typed) { return encode_scan(typed, length, surrogates); });
}

static usize encode(const u8* text, usize length, u8* out) {
  constexpr u64 kHighBits = 0x8080808080808080;
  u8* start = out;
  for (usize i = 0; i < length;) {
    if (length - i >= 8) {  // as many bytes are still to come out: a word may be stored of which only the beginning counts
      u64 word, high;
      memcpy(&word, text + i, 8);
      memcpy(out, &word, 8);
      high = word & kHighBits;
      usize run = high ? static_cast<usize>(std::countr_zero(high)) / 8 : 8;
      out += run;
      i += run;
      if (!high) continue;
    } else if (text[i] < 0x80) {
      *out++ = text[i++];
      continue;
    }
    *out++ = static_cast<u8>(0xC0 | (text[i] >> 6));
    *out++ = static_cast<u8>(0x80 | (text[i] & 0x3F));
    ++i;
  }
  return static_cast<usize>(out - start);
}

template <class Char>
static usize encode(const Char* text, usize length, u8* out) {
  u8* start = out;
  for (usize i = 0; i < length;) {
    if constexpr (sizeof(Char) == 2) {  // four ASCII characters at a time
      u64 word;
      if (length - i >= 4 && (memcpy(&word, text + i, 8), !(word & 0xFF80FF80FF80FF80))) {
        word |= word >> 8;
        u32 packed = static_cast<u32>((word & 0xFFFF) | ((word >> 16) & 0xFFFF0000));
        memcpy(out, &packed, 4);
        out += 4;
        i += 4;
        continue;
      }
    }
    usize stop = length - i < 4 ? length : i + 4;
    while (i < stop) out += utf8_put(text[i++], out);
  }
  return static_cast<usize>(out - start);
}

usize utf8_encode(int kind, const void* text, usize length, u8* out) {
  return with_kind(kind, text, [&](auto* typed) { return encode(typed, length, out); });
}

}  // namespace baton
