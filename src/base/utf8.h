// UTF-8 kernels. Decoding is two passes: utf8_scan validates up to the first error (or end) and tells length and widest
// character; utf8_decode then fills an exactly sized buffer. Error positions and texts are CPython 3.11's, so that a caller
// can run an error handler at the reported range and go on scanning behind it.
#pragma once
#include "base/text_kinds.h"
#include "base/types.h"

namespace baton {

enum class Utf8Fault : u8 {
  kNone,
  kInvalidStart,         // "invalid start byte"
  kInvalidContinuation,  // "invalid continuation byte"
  kUnexpectedEnd,        // "unexpected end of data"
  kIncomplete,           // only when more input may follow: the tail is the beginning of a sequence, no error
};
const char* utf8_fault_text(Utf8Fault fault);

enum class Utf8Surrogates : u8 { kReject, kPass };  // kPass: the "surrogatepass" treatment of ED A0..BF xx
enum class Utf8Input : u8 { kFinal, kMoreFollows };

struct Utf8Scan {
  usize bytes;      // valid bytes before the fault; the fault starts here
  usize chars;      // characters in them
  u32 max_char;     // class bound: 0x7f, 0xff, 0xffff, 0x10ffff
  Utf8Fault fault;  // kNone: the whole input is valid
  u8 fault_length;  // bytes the error range covers (1..3)
};

Utf8Scan utf8_scan(const u8* data, usize size, Utf8Surrogates surrogates = Utf8Surrogates::kReject,
                   Utf8Input input = Utf8Input::kFinal);

// Decodes bytes that utf8_scan has accepted. `out` holds at least `chars` characters of a kind that fits max_char.
// Returns the number of characters.
usize utf8_decode(const u8* data, usize bytes, u8* out);
usize utf8_decode(const u8* data, usize bytes, u16* out);
usize utf8_decode(const u8* data, usize bytes, u32* out);
usize utf8_decode(int kind, const u8* data, usize bytes, void* out);

// Encoding: utf8_encode_scan measures up to the first surrogate, unless they pass.
struct Utf8EncodeScan {
  usize chars;       // characters before the first surrogate (the whole length if none)
  usize bytes;       // their size in UTF-8
  usize surrogates;  // length of the run of surrogates that starts there; 0 = none. Text: "surrogates not allowed"
};
Utf8EncodeScan utf8_encode_scan(int kind, const void* text, usize length, Utf8Surrogates surrogates = Utf8Surrogates::kReject);

// Encodes `length` characters (surrogates as three bytes); returns bytes written, which is what the scan said.
usize utf8_encode(int kind, const void* text, usize length, u8* out);

// One character, 1..4 bytes; returns their number.
inline usize utf8_put(u32 ch, u8* out) {
  if (ch < 0x80) {
    out[0] = static_cast<u8>(ch);
    return 1;
  }
  if (ch < 0x800) {
    out[0] = static_cast<u8>(0xC0 | (ch >> 6));
    out[1] = static_cast<u8>(0x80 | (ch & 0x3F));
    return 2;
  }
  if (ch < 0x10000) {
    out[0] = static_cast<u8>(0xE0 | (ch >> 12));
    out[1] = static_cast<u8>(0x80 | ((ch >> 6) & 0x3F));
    out[2] = static_cast<u8>(0x80 | (ch & 0x3F));
    return 3;
  }
  out[0] = static_cast<u8>(0xF0 | (ch >> 18));
  out[1] = static_cast<u8>(0x80 | ((ch >> 12) & 0x3F));
  out[2] = static_cast<u8>(0x80 | ((ch >> 6) & 0x3F));
  out[3] = static_cast<u8>(0x80 | (ch & 0x3F));
  return 4;
}

// The character that starts at a valid sequence; *length gets its bytes.
inline u32 utf8_get(const u8* p, usize* length) {
  u32 lead = p[0];
  if (lead < 0x80) return *length = 1, lead;
  if (lead < 0xE0) return *length = 2, ((lead & 0x1F) << 6) | (p[1] & 0x3Fu);
  if (lead < 0xF0) return *length = 3, ((lead & 0x0F) << 12) | ((p[1] & 0x3Fu) << 6) | (p[2] & 0x3Fu);
  *length = 4;
  return ((lead & 0x07) << 18) | ((p[1] & 0x3Fu) << 12) | ((p[2] & 0x3Fu) << 6) | (p[3] & 0x3Fu);
}

}  // namespace baton
