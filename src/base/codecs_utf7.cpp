// UTF-7 (RFC 2152) with CPython's choices: optional direct characters and blanks stand for themselves when encoding, lone
// surrogates pass, and every ASCII character but '+' is taken as itself outside a base64 section. See codecs_kernels.h.
#include <cstring>

#include "base/codecs_kernels.h"

namespace baton {

static int base64_digit(u8 byte) {
  if (byte >= 'A' && byte <= 'Z') return byte - 'A';
  if (byte >= 'a' && byte <= 'z') return byte - 'a' + 26;
  if (byte >= '0' && byte <= '9') return byte - '0' + 52;
  return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

// A finished UTF-16 unit inside a base64 section.
static void take_unit(TextBuffer& out, Utf7State& state, u32 unit) {
  if (state.surrogate) {
    u32 high = state.surrogate;
    state.surrogate = 0;
    if (is_low_surrogate(unit)) {
      out.push(join_surrogates(high, unit));
      return;
    }
    out.push(high);
  }
  if (is_high_surrogate(unit))
    state.surrogate = unit;
  else
    out.push(unit);
}

static void take_digit(TextBuffer& out, Utf7State& state, u32 digit) {
  state.buffer = state.buffer << 6 | digit;
  state.bits += 6;
  if (state.bits < 16) return;
  state.bits -= 16;
  u32 unit = state.buffer >> state.bits;
  state.buffer &= (1u << state.bits) - 1;
  take_unit(out, state, unit);
}

// A byte that is no digit ends the section. Null if all is well; *at moves behind what is used up.
static const char* leave_section(TextBuffer& out, Utf7State& state, u8 byte, usize* at) {
  state.shifted = false;
  if (state.bits >= 6) return ++*at, "partial character in shift sequence";
  if (state.bits && state.buffer) return ++*at, "non-zero padding bits in shift sequence";
  if (state.surrogate && byte < 0x80 && byte != '+') out.push(state.surrogate);
  state.surrogate = 0;
  if (byte == '-') ++*at;
  return nullptr;
}

CodecStop utf7_decode(TextBuffer& out, Utf7State& state, const u8* data, usize size, usize at, CodecInputEnd end) {
  while (at < size) {
    u8 byte = data[at];
    if (state.shifted) {
      if (int digit = base64_digit(byte); digit >= 0) {
        take_digit(out, state, static_cast<u32>(digit));
        ++at;
      } else if (const char* reason = leave_section(out, state, byte, &at)) {
        return {state.shift_start, at, reason};
      }
    } else if (byte == '+') {
      state.shift_start = at++;
      if (at < size && data[at] == '-') {
        out.push('+');
        ++at;
      } else if (at < size && base64_digit(data[at]) < 0) {
        return {state.shift_start, at + 1, "ill-formed sequence"};
      } else {
        state.shifted = true;
        state.bits = state.buffer = state.surrogate = 0;
        state.shift_out = out.size();
      }
    } else if (byte < 0x80) {
      out.push(byte);
      ++at;
    } else {
      state.shift_start = at;
      return {at, at + 1, "unexpected special character"};
    }
  }
  if (!state.shifted) return {at, at, nullptr};
  if (end == CodecInputEnd::kMoreFollows) {
    out.truncate(state.shift_out);
    return {state.shift_start, state.shift_start, nullptr};
  }
  state.shifted = false;
  if (state.surrogate || state.bits >= 6 || (state.bits && state.buffer)) {
    return {state.shift_start, size, "unterminated shift sequence"};
  }
  return {at, at, nullptr};
}

static bool is_direct(u32 ch) {
  if (ch >= 0x80 || ch == 0) return false;
  if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r') return true;
  return ch > 0x20 && ch < 0x7E && ch != '+' && ch != '\\';
}

void utf7_encode(ByteBuffer& out, int kind, const void* text, usize length) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  bool shifted = false;
  u32 buffer = 0, bits = 0;
  auto put_unit = [&](u32 unit) {
    buffer = buffer << 16 | unit;
    bits += 16;
    while (bits >= 6) {
      bits -= 6;
      out.push(static_cast<u8>(kDigits[buffer >> bits & 63]));
    }
    buffer &= (1u << bits) - 1;
  };
  auto flush = [&] {
    if (bits) out.push(static_cast<u8>(kDigits[buffer << (6 - bits) & 63]));
    buffer = bits = 0;
    shifted = false;
  };
  for (usize i = 0; i < length; ++i) {
    u32 ch = char_at(kind, text, i);
    if (is_direct(ch)) {
      if (shifted) {
        flush();
        if (base64_digit(static_cast<u8>(ch)) >= 0 || ch == '-') out.push('-');
      }
      out.push(static_cast<u8>(ch));
      continue;
    }
    if (!shifted) {
      out.push('+');
      if (ch == '+') {
        out.push('-');
        continue;
      }
      shifted = true;
    }
    if (ch > 0xFFFF) {
      put_unit(0xD800 + ((ch - 0x10000) >> 10));
      put_unit(0xDC00 + (ch & 0x3FF));
    } else {
      put_unit(ch);
    }
  }
  if (shifted) {
    flush();
    out.push('-');
  }
}

}  // namespace baton
