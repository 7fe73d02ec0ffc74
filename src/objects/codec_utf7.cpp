// UTF-7 (RFC 2152): runs of modified base64 over UTF-16 between '+' and '-'.
#include "base/text_kinds.h"
#include "objects/codec_errors.h"

namespace baton {

static constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(u32 ch) {
  if (ch >= 'A' && ch <= 'Z') return static_cast<int>(ch - 'A');
  if (ch >= 'a' && ch <= 'z') return static_cast<int>(ch - 'a') + 26;
  if (ch >= '0' && ch <= '9') return static_cast<int>(ch - '0') + 52;
  return ch == '+' ? 62 : ch == '/' ? 63 : -1;
}

// Characters written as themselves: sets D and O of the RFC and white space; not '+', '\' and '~'.
static bool is_direct(u32 ch) {
  if (ch == '\t' || ch == '\n' || ch == '\r' || ch == ' ') return true;
  return ch > ' ' && ch < 0x7F && ch != '+' && ch != '\\' && ch != '~';
}

Result<Bytes*> encode_utf7(Thread& thread, Str* text, Str*) {
  ByteBuilder out;
  bool shifted = false, good = true;
  u32 buffer = 0;
  int bits = 0;
  auto push = [&](char ch) { good = good && out.push(static_cast<u8>(ch)); };
  auto push_unit = [&](u32 unit) {
    buffer = (buffer << 16) | unit;
    for (bits += 16; bits >= 6;) {
      bits -= 6;
      push(kBase64[(buffer >> bits) & 63]);
    }
    buffer &= (1u << bits) - 1;
  };
  auto flush = [&] {
    if (bits) push(kBase64[(buffer << (6 - bits)) & 63]);
    buffer = 0;
    bits = 0;
  };
  for (Index i = 0; i < text->length(); ++i) {
    u32 ch = text->at(i);
    if (is_direct(ch)) {
      if (shifted) {
        flush();
        shifted = false;
        if (base64_value(ch) >= 0 || ch == '-') push('-');
      }
      push(static_cast<char>(ch));
      continue;
    }
    if (!shifted) {
      push('+');
      if (ch == '+') {
        push('-');
        continue;
      }
      shifted = true;
    }
    if (ch >= 0x10000) {
      push_unit(0xD800 + ((ch - 0x10000) >> 10));
      push_unit(0xDC00 + ((ch - 0x10000) & 0x3FF));
    } else {
      push_unit(ch);
    }
  }
  if (shifted) {
    flush();
    push('-');
  }
  if (!good) return raise_memory_error(thread);
  return bytes_from(thread, out.data(), out.size());
}

Result<Str*> decode_utf7(Thread& thread, const CodecInput& input, Str* errors_name, usize* consumed) {
  DecodeErrors errors(thread, "utf7", input, errors_name);
  StrBuilder out;
  Index at = 0, start = 0, shift_start = 0;  // start: of the shift sequence; shift_start: length of the text before it
  bool shifted = false;
  u32 buffer = 0, surrogate = 0;
  int bits = 0;
  for (;;) {
    while (at < errors.size()) {
      u8 ch = errors.data()[at];
      const char* reason = nullptr;
      if (shifted) {
        int value = base64_value(ch);
        if (value >= 0) {
          buffer = (buffer << 6) | static_cast<u32>(value);
          bits += 6;
          ++at;
          if (bits < 16) continue;
          bits -= 16;
          u32 unit = buffer >> bits;
          buffer &= (1u << bits) - 1;
          if (surrogate) {
            if (is_low_surrogate(unit)) {
              out.append(join_surrogates(surrogate, unit));
              surrogate = 0;
              continue;
            }
            out.append(surrogate);
            surrogate = 0;
          }
          if (is_high_surrogate(unit))
            surrogate = unit;
          else
            out.append(unit);
          continue;
        }
        shifted = false;
        if (bits >= 6)
          reason = "partial character in shift sequence";
        else if (bits > 0 && buffer)
          reason = "non-zero padding bits in shift sequence";
        if (reason) {
          ++at;
        } else {
          if (surrogate && ch < 0x80 && ch != '+') out.append(surrogate);
          surrogate = 0;
          if (ch == '-') ++at;
          continue;
        }
      } else if (ch == '+') {
        start = at++;
        if (at < errors.size() && errors.data()[at] == '-') {
          ++at;
          out.append('+');
          continue;
        }
        if (at < errors.size() && base64_value(errors.data()[at]) < 0) {
          ++at;
          reason = "ill-formed sequence";
        } else {
          shifted = true;
          surrogate = 0;
          shift_start = out.length();
          bits = 0;
          buffer = 0;
          continue;
        }
      } else if (ch < 0x80) {
        ++at;
        out.append(ch);
        continue;
      } else {
        start = at++;
        reason = "unexpected special character";
      }
      TRY(errors.handle(start, at, reason, out, &at));
    }
    if (!shifted || consumed) break;
    shifted = false;
    if (!(surrogate || bits >= 6 || (bits > 0 && buffer))) break;
    TRY(errors.handle(start, errors.size(), "unterminated shift sequence", out, &at));
    if (at >= errors.size()) break;
  }
  if (consumed) {
    if (shifted) {
      out.truncate(shift_start);
      *consumed = static_cast<usize>(start);
    } else {
      *consumed = static_cast<usize>(at);
    }
  }
  return out.build(thread);
}

}  // namespace baton
