// The native codecs besides UTF-8 as buffer-to-buffer kernels. A kernel goes on from `at` until the input ends or something is
// wrong; then it reports the range and the text of CPython 3.11's UnicodeError, the caller's error handler supplies a
// replacement and a position, and the kernel is called again there. Memory shortage is sticky in the output buffer.
#pragma once
#include "base/text_buffer.h"
#include "base/types.h"

namespace baton {

struct CodecStop {
  usize start;  // with a reason: the range of the error; without: start is the number of input units used
  usize end;
  const char* reason;  // null: done
};

// For decoders: with kMoreFollows an incomplete end is left unused instead of being an error.
enum class CodecInputEnd : u8 { kFinal, kMoreFollows };
enum class Endian : u8 { kLittle, kBig };
inline constexpr Endian kNativeEndian = Endian::kLittle;

// ---- ascii, latin-1 ----
CodecStop ascii_decode(TextBuffer& out, const u8* data, usize size, usize at);
// limit 128 (ascii) or 256 (latin-1); the reported range is the whole run of characters that do not fit.
CodecStop narrow_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, u32 limit);

// ---- utf-16, utf-32 ----
// Looks for a byte order mark; returns its size in bytes (0: none) and sets *endian if there is one.
usize utf16_mark(const u8* data, usize size, Endian* endian);
usize utf32_mark(const u8* data, usize size, Endian* endian);
CodecStop utf16_decode(TextBuffer& out, const u8* data, usize size, usize at, Endian endian, CodecInputEnd end);
CodecStop utf32_decode(TextBuffer& out, const u8* data, usize size, usize at, Endian endian, CodecInputEnd end);
enum class LoneSurrogates : u8 { kReject, kPass };
CodecStop utf16_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, Endian endian,
                       LoneSurrogates lone = LoneSurrogates::kReject);
CodecStop utf32_encode(ByteBuffer& out, int kind, const void* text, usize length, usize at, Endian endian,
                       LoneSurrogates lone = LoneSurrogates::kReject);

// ---- utf-7 ----
struct Utf7State {
  bool shifted = false;
  u32 bits = 0;  // number of bits waiting in buffer
  u32 buffer = 0;
  u32 surrogate = 0;      // high surrogate that waits for its partner
  usize shift_start = 0;  // where the '+' was
  usize shift_out = 0;    // size of the output then
};
CodecStop utf7_decode(TextBuffer& out, Utf7State& state, const u8* data, usize size, usize at, CodecInputEnd end);
void utf7_encode(ByteBuffer& out, int kind, const void* text, usize length);

// ---- escapes ----
inline constexpr usize kNoPosition = static_cast<usize>(-1);
// *first_invalid gets the position of the first unknown escape's character (DeprecationWarning "invalid escape sequence '\%c'"),
// unless it is already set; it starts as kNoPosition.
CodecStop unicode_escape_decode(TextBuffer& out, const u8* data, usize size, usize at, CodecInputEnd end, usize* first_invalid);
CodecStop raw_unicode_escape_decode(TextBuffer& out, const u8* data, usize size, usize at, CodecInputEnd end);
void unicode_escape_encode(ByteBuffer& out, int kind, const void* text, usize length);
void raw_unicode_escape_encode(ByteBuffer& out, int kind, const void* text, usize length);
// Escapes of a bytes literal. The errors are ValueErrors: reason "invalid \\x escape at position" (append " %zd" of start) or
// "Trailing \\ in string"; end is where decoding goes on after a replaced ("?") or ignored escape.
CodecStop bytes_escape_decode(ByteBuffer& out, const u8* data, usize size, usize at, usize* first_invalid);
void bytes_escape_encode(ByteBuffer& out, const u8* data, usize size);

}  // namespace baton
