// Backslash escapes: unicode_escape, raw_unicode_escape, and those of bytes literals. See codecs_kernels.h.
#include <cstring>

#include "base/codecs_kernels.h"
#include "base/unicode.h"

namespace baton {

static int hex_digit(u8 byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

namespace {
enum class Parsed : u8 { kChar, kMalformed, kIncomplete };
}  // namespace

// `count` hex digits at *at, which ends behind the last good one.
static Parsed read_hex(const u8* data, usize size, usize* at, int count, u32* value) {
  *value = 0;
  for (; count; --count, ++*at) {
    if (*at == size) return Parsed::kIncomplete;
    int digit = hex_digit(data[*at]);
    if (digit < 0) return Parsed::kMalformed;
    *value = *value << 4 | static_cast<u32>(digit);
  }
  return Parsed::kChar;
}

// Up to two more octal digits.
static u32 read_octal(const u8* data, usize size, usize* at, u8 first) {
  u32 value = static_cast<u32>(first - '0');
  for (int more = 2; more && *at < size && data[*at] >= '0' && data[*at] <= '7'; --more) {
    value = value * 8 + static_cast<u32>(data[(*at)++] - '0');
  }
  return value;
}

// \N{...} with *at behind the N.
static Parsed read_named(const u8* data, usize size, usize* at, u32* ch, const char** reason) {
  *reason = "malformed \\N character escape";
  if (*at == size) return Parsed::kIncomplete;
  if (data[*at] != '{') return Parsed::kMalformed;
  usize start = ++*at;
  while (*at < size && data[*at] != '}') ++*at;
  if (*at == size) return Parsed::kIncomplete;
  if (*at == start) return Parsed::kMalformed;
  usize length = *at - start;
  ++*at;
  if (unicode_lookup(reinterpret_cast<const char*>(data) + start, length, ch)) return Parsed::kChar;
  *reason = "unknown Unicode character name";
  return Parsed::kMalformed;
}

// The single character for the letter of a simple escape, -1 for others. A backslash before a newline (-2) yields nothing.
static int simple_escape(u8 letter) {
  switch (letter) {
    case '\n': return -2;
    case '\\': return '\\';
    case '\'': return '\'';
    case '"': return '"';
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
  }
  return -1;
}

CodecStop unicode_escape_decode(TextBuffer& out, const u8* data, usize size, usize at, CodecInputEnd end, usize* first_invalid) {
  while (at < size) {
    const void* found = memchr(data + at, '\\', size - at);
    usize run = found ? static_cast<usize>(static_cast<const u8*>(found) - (data + at)) : size - at;
    out.append_latin1(data + at, run);
    at += run;
    if (at == size) break;
    usize start = at++;
    Parsed parsed = Parsed::kChar;
    const char* reason = "\\ at end of string";
    u32 ch = 0;
    u8 letter = at < size ? data[at++] : 0;
    if (at == start + 1) {
      parsed = Parsed::kIncomplete;
    } else if (int simple = simple_escape(letter); simple != -1) {
      if (simple >= 0) out.push(static_cast<u32>(simple));
      continue;
    } else if (letter >= '0' && letter <= '7') {
      out.push(read_octal(data, size, &at, letter));
      continue;
    } else if (letter == 'x') {
      reason = "truncated \\xXX escape";
      parsed = read_hex(data, size, &at, 2, &ch);
    } else if (letter == 'u') {
      reason = "truncated \\uXXXX escape";
      parsed = read_hex(data, size, &at, 4, &ch);
    } else if (letter == 'U') {
      reason = "truncated \\UXXXXXXXX escape";
      parsed = read_hex(data, size, &at, 8, &ch);
      if (parsed == Parsed::kChar && ch > kMaxCodePoint) {
        reason = "illegal Unicode character";
        parsed = Parsed::kMalformed;
      }
    } else if (letter == 'N') {
      parsed = read_named(data, size, &at, &ch, &reason);
    } else {
      if (*first_invalid == kNoPosition) *first_invalid = at - 1;
      out.push('\\');
      out.push(letter);
      continue;
    }
    if (parsed == Parsed::kIncomplete && end == CodecInputEnd::kMoreFollows) return {start, start, nullptr};
    if (parsed != Parsed::kChar) return {start, at, reason};
    out.push(ch);
  }
  return {at, at, nullptr};
}

CodecStop raw_unicode_escape_decode(TextBuffer& out, const u8* data, usize size, usize at, CodecInputEnd end) {
  bool more = end == CodecInputEnd::kMoreFollows;
  while (at < size) {
    usize start = at;
    u8 byte = data[at++];
    if (byte != '\\' || (at == size && !more)) {
      out.push(byte);
      continue;
    }
    if (at == size) return {start, start, nullptr};
    u8 letter = data[at++];
    if (letter != 'u' && letter != 'U') {
      out.push('\\');
      out.push(letter);
      continue;
    }
    u32 ch;
    Parsed parsed = read_hex(data, size, &at, letter == 'u' ? 4 : 8, &ch);
    if (parsed == Parsed::kIncomplete && more) return {start, start, nullptr};
    if (parsed != Parsed::kChar) return {start, at, letter == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape"};
    if (ch > kMaxCodePoint) return {start, at, "\\Uxxxxxxxx out of range"};
    out.push(ch);
  }
  return {at, at, nullptr};
}

static void put_hex_escape(ByteBuffer& out, u8 letter, u32 ch, int digits) {
  u8* to = out.extend(2 + static_cast<usize>(digits));
  if (!to) return;
  *to++ = '\\';
  *to++ = letter;
  while (digits) *to++ = static_cast<u8>("0123456789abcdef"[ch >> (4 * --digits) & 15]);
}

static void put_wide_escape(ByteBuffer& out, u32 ch) {
  if (ch > 0xFFFF)
    put_hex_escape(out, 'U', ch, 8);
  else
    put_hex_escape(out, 'u', ch, 4);
}

// \\ \t \n \r; false if the character has no short form.
static bool put_short_escape(ByteBuffer& out, u32 ch) {
  u8 letter = ch == '\\' ? '\\' : ch == '\t' ? 't' : ch == '\n' ? 'n' : ch == '\r' ? 'r' : 0;
  if (!letter) return false;
  out.push('\\');
  out.push(letter);
  return true;
}

void unicode_escape_encode(ByteBuffer& out, int kind, const void* text, usize length) {
  for (usize i = 0; i < length; ++i) {
    u32 ch = char_at(kind, text, i);
    if (ch > 0xFF)
      put_wide_escape(out, ch);
    else if (put_short_escape(out, ch))
      continue;
    else if (ch < 0x20 || ch >= 0x7F)
      put_hex_escape(out, 'x', ch, 2);
    else
      out.push(static_cast<u8>(ch));
  }
}

void raw_unicode_escape_encode(ByteBuffer& out, int kind, const void* text, usize length) {
  for (usize i = 0; i < length; ++i) {
    u32 ch = char_at(kind, text, i);
    if (ch > 0xFF)
      put_wide_escape(out, ch);
    else
      out.push(static_cast<u8>(ch));
  }
}

CodecStop bytes_escape_decode(ByteBuffer& out, const u8* data, usize size, usize at, usize* first_invalid) {
  while (at < size) {
    u8 byte = data[at];
    if (byte != '\\') {
      out.push(byte);
      ++at;
      continue;
    }
    usize start = at++;
    if (at == size) return {start, size, "Trailing \\ in string"};
    u8 letter = data[at++];
    if (int simple = simple_escape(letter); simple != -1) {
      if (simple >= 0) out.push(static_cast<u8>(simple));
    } else if (letter >= '0' && letter <= '7') {
      out.push(static_cast<u8>(read_octal(data, size, &at, letter)));
    } else if (letter == 'x') {
      u32 value;
      if (read_hex(data, size, &at, 2, &value) != Parsed::kChar) return {start, at, "invalid \\x escape at position"};
      out.push(static_cast<u8>(value));
    } else {
      if (*first_invalid == kNoPosition) *first_invalid = at - 1;
      out.push('\\');
      --at;  // the character itself may be the next escape's backslash; it is not, and is copied by the next round
    }
  }
  return {at, at, nullptr};
}

void bytes_escape_encode(ByteBuffer& out, const u8* data, usize size) {
  for (usize i = 0; i < size; ++i) {
    u8 byte = data[i];
    if (byte == '\'') {
      out.push('\\');
      out.push(byte);
    } else if (!put_short_escape(out, byte)) {
      if (byte < 0x20 || byte >= 0x7F)
        put_hex_escape(out, 'x', byte, 2);
      else
        out.push(byte);
    }
  }
}

}  // namespace baton
