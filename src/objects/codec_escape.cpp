// The escape codecs: unicode_escape, raw_unicode_escape, and the escapes of bytes literals.
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/codec_errors.h"

namespace baton {

static int hex_value(u8 ch) {
  if (byte_is_digit(ch)) return ch - '0';
  u8 lower = ch | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool push_hex_escape(ByteBuilder& out, u32 ch) {
  int digits = ch < 0x100 ? 2 : ch < 0x10000 ? 4 : 8;
  if (!out.push('\\') || !out.push(ch < 0x100 ? 'x' : ch < 0x10000 ? 'u' : 'U')) return false;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    if (!out.push(static_cast<u8>("0123456789abcdef"[(ch >> shift) & 15]))) return false;
  return true;
}

Result<Bytes*> encode_unicode_escape(Thread& thread, Str* text) {
  ByteBuilder out;
  bool good = true;
  for (Index i = 0; good && i < text->length(); ++i) {
    u32 ch = text->at(i);
    switch (ch) {
      case '\\': good = out.append("\\\\", 2); break;
      case '\t': good = out.append("\\t", 2); break;
      case '\n': good = out.append("\\n", 2); break;
      case '\r': good = out.append("\\r", 2); break;
      default: good = ch >= ' ' && ch < 0x7F ? out.push(static_cast<u8>(ch)) : push_hex_escape(out, ch);
    }
  }
  if (!good) return raise_memory_error(thread);
  return bytes_from(thread, out.data(), out.size());
}

Result<Bytes*> encode_raw_unicode_escape(Thread& thread, Str* text) {
  ByteBuilder out;
  for (Index i = 0; i < text->length(); ++i) {
    u32 ch = text->at(i);
    if (!(ch < 0x100 ? out.push(static_cast<u8>(ch)) : push_hex_escape(out, ch))) return raise_memory_error(thread);
  }
  return bytes_from(thread, out.data(), out.size());
}

static Result<void> warn_invalid_escape(Thread& thread, const char* kind, std::string_view escape) {
  StrBuilder text;
  text.append_ascii("invalid ");
  text.append_ascii(kind);
  text.append_ascii("escape sequence '\\");
  text.append_units(escape.data(), static_cast<Index>(escape.size()), 1);  // bytes stand for Latin-1 characters
  text.append('\'');
  Str* message = TRY(text.build(thread));
  Value owner;
  return warn(thread, exceptions.DeprecationWarning, str_utf8_lossy(thread, message, &owner));
}

// What an escape came to.
enum class EscapeEnd { Done, Incomplete, Bad };

// Up to `digits` hexadecimal digits from *at.
static EscapeEnd read_hex(const DecodeErrors& in, Index* at, int digits, u32* value) {
  *value = 0;
  for (; digits > 0; --digits, ++*at) {
    if (*at >= in.size()) return EscapeEnd::Incomplete;
    int digit = hex_value(in.data()[*at]);
    if (digit < 0) return EscapeEnd::Bad;
    *value = (*value << 4) | static_cast<u32>(digit);
  }
  return EscapeEnd::Done;
}

// \N{name} behind the N.
static EscapeEnd read_name(const DecodeErrors& in, Index* at, u32* value, const char** reason) {
  *reason = "malformed \\N character escape";
  if (*at >= in.size()) return EscapeEnd::Incomplete;
  if (in.data()[*at] != '{') return EscapeEnd::Bad;
  Index start = ++*at;
  while (*at < in.size() && in.data()[*at] != '}') ++*at;
  if (*at >= in.size()) return EscapeEnd::Incomplete;
  if (*at == start) return EscapeEnd::Bad;
  std::string_view name(reinterpret_cast<const char*>(in.data()) + start, static_cast<usize>(*at - start));
  ++*at;
  *reason = "unknown Unicode character name";
  return unicode_lookup(name.data(), name.size(), value) ? EscapeEnd::Done : EscapeEnd::Bad;
}

static u32 simple_escape(u8 ch) {
  switch (ch) {
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
    default: return 0;
  }
}

// The first invalid escape is reported once the text is complete.
struct InvalidEscape {
  bool octal = false;
  char text[4];
  usize length = 0;
};

Result<Str*> decode_unicode_escape(Thread& thread, const CodecInput& input, Str* errors_name, usize* consumed) {
  DecodeErrors errors(thread, "unicodeescape", input, errors_name);
  StrBuilder out;
  InvalidEscape invalid;
  Index at = 0;
  while (at < errors.size()) {
    u8 ch = errors.data()[at];
    if (ch != '\\') {
      out.append(ch);
      ++at;
      continue;
    }
    Index start = at++;
    const char* reason = "\\ at end of string";
    EscapeEnd end = EscapeEnd::Incomplete;
    u32 value = 0;
    if (at < errors.size()) {
      ch = errors.data()[at++];
      if (ch == '\n') continue;
      value = simple_escape(ch);
      if (value) {
        end = EscapeEnd::Done;
      } else if (ch >= '0' && ch <= '7') {
        value = static_cast<u32>(ch - '0');
        for (int i = 0; i < 2 && at < errors.size() && errors.data()[at] >= '0' && errors.data()[at] <= '7'; ++i)
          value = value * 8 + (errors.data()[at++] - '0');
        if (value > 0377 && !invalid.length) {
          invalid.octal = true;
          while (start + 1 + static_cast<Index>(invalid.length) < at)
            invalid.text[invalid.length] = static_cast<char>(errors.data()[start + 1 + static_cast<Index>(invalid.length)]),
            ++invalid.length;
        }
        end = EscapeEnd::Done;
      } else if (ch == 'x' || ch == 'u' || ch == 'U') {
        reason = ch == 'x' ? "truncated \\xXX escape" : ch == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
        end = read_hex(errors, &at, ch == 'x' ? 2 : ch == 'u' ? 4 : 8, &value);
        if (end == EscapeEnd::Done && value > kMaxCodePoint) {
          reason = "illegal Unicode character";
          end = EscapeEnd::Bad;
        }
      } else if (ch == 'N') {
        end = read_name(errors, &at, &value, &reason);
      } else {
        if (!invalid.length) invalid.text[invalid.length++] = static_cast<char>(ch);
        out.append('\\');
        value = ch;
        end = EscapeEnd::Done;
      }
    }
    if (end == EscapeEnd::Done) {
      out.append(value);
      continue;
    }
    if (end == EscapeEnd::Incomplete && consumed) {
      at = start;
      break;
    }
    TRY(errors.handle(start, at, reason, out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  Str* text = TRY(out.build(thread));
  if (invalid.length) TRY(warn_invalid_escape(thread, invalid.octal ? "octal " : "", {invalid.text, invalid.length}));
  return text;
}

Result<Str*> decode_raw_unicode_escape(Thread& thread, const CodecInput& input, Str* errors_name, usize* consumed) {
  DecodeErrors errors(thread, "rawunicodeescape", input, errors_name);
  StrBuilder out;
  Index at = 0;
  while (at < errors.size()) {
    u8 ch = errors.data()[at];
    if (ch != '\\' || (at + 1 >= errors.size() && !consumed)) {
      out.append(ch);
      ++at;
      continue;
    }
    Index start = at++;
    if (at >= errors.size()) {
      at = start;
      break;
    }
    ch = errors.data()[at++];
    if (ch != 'u' && ch != 'U') {
      out.append('\\');
      out.append(ch);
      continue;
    }
    u32 value;
    const char* reason = ch == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
    EscapeEnd end = read_hex(errors, &at, ch == 'u' ? 4 : 8, &value);
    if (end == EscapeEnd::Done && value > kMaxCodePoint) {
      reason = "\\Uxxxxxxxx out of range";
      end = EscapeEnd::Bad;
    }
    if (end == EscapeEnd::Done) {
      out.append(value);
      continue;
    }
    if (end == EscapeEnd::Incomplete && consumed) {
      at = start;
      break;
    }
    TRY(errors.handle(start, at, reason, out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  return out.build(thread);
}

Result<Bytes*> decode_bytes_escape(Thread& thread, const CodecInput& input, Str* errors) {
  ByteBuilder out;
  InvalidEscape invalid;
  bool good = true;
  usize n = input.size;
  const u8* data = input.data;
  for (usize i = 0; good && i < n;) {
    u8 ch = data[i++];
    if (ch != '\\') {
      good = out.push(ch);
      continue;
    }
    if (i >= n) return raise_value_error(thread, "Trailing \\ in string");
    usize start = i - 1;
    ch = data[i++];
    if (ch == '\n') continue;
    if (u32 simple = simple_escape(ch)) {
      good = out.push(static_cast<u8>(simple));
    } else if (ch >= '0' && ch <= '7') {
      u32 value = static_cast<u32>(ch - '0');
      for (int k = 0; k < 2 && i < n && data[i] >= '0' && data[i] <= '7'; ++k) value = value * 8 + (data[i++] - '0');
      if (value > 0377 && !invalid.length) {
        invalid.octal = true;
        for (usize k = start + 1; k < i; ++k) invalid.text[invalid.length++] = static_cast<char>(data[k]);
      }
      good = out.push(static_cast<u8>(value));
    } else if (ch == 'x') {
      int high = i < n ? hex_value(data[i]) : -1, low = i + 1 < n ? hex_value(data[i + 1]) : -1;
      if (high >= 0 && low >= 0) {
        good = out.push(static_cast<u8>(high << 4 | low));
        i += 2;
        continue;
      }
      if (!errors || str_equals_ascii(errors, "strict"))
        return raise_value_error(thread, "invalid \\x escape at position {}", static_cast<i64>(start));
      if (str_equals_ascii(errors, "replace"))
        good = out.push('?');
      else if (!str_equals_ascii(errors, "ignore"))
        return raise_value_error(thread, "decoding error; unknown error handling code: {}", errors);
      if (high >= 0) ++i;  // the digit that is there belongs to the escape
    } else {
      if (!invalid.length) invalid.text[invalid.length++] = static_cast<char>(ch);
      good = out.push('\\') && out.push(ch);
    }
  }
  if (!good) return raise_memory_error(thread);
  Bytes* result = TRY(bytes_from(thread, out.data(), out.size()));
  if (invalid.length) TRY(warn_invalid_escape(thread, invalid.octal ? "octal " : "", {invalid.text, invalid.length}));
  return result;
}

}  // namespace baton
