// UTF-8, UTF-16 and UTF-32.
#include "base/text_kinds.h"
#include "base/utf8.h"
#include "objects/codec_errors.h"

namespace baton {

// --- UTF-8

static Result<Bytes*> build_bytes(Thread& thread, ByteBuilder& out) { return bytes_from(thread, out.data(), out.size()); }

static Result<Bytes*> encode_utf8_with_errors(Thread& thread, Str* text, Str* errors_name) {
  EncodeErrors errors(thread, "utf-8", text, errors_name);
  ByteBuilder out;
  int kind = static_cast<int>(text->width());
  Index at = 0, n = text->length();
  while (at < n) {
    const u8* from = static_cast<const u8*>(text->data()) + static_cast<usize>(at) * text->width();
    Utf8EncodeScan scan = utf8_encode_scan(kind, from, static_cast<usize>(n - at));
    for (usize i = 0; i < scan.chars; ++i) {
      u8 bytes[4];
      usize count = utf8_put(char_at(kind, from, i), bytes);
      if (!out.append(bytes, count)) return raise_memory_error(thread);
    }
    at += static_cast<Index>(scan.chars);
    if (!scan.surrogates) break;
    Index end = at + static_cast<Index>(scan.surrogates);
    static constexpr const char* kReason = "surrogates not allowed";
    EncodeErrors::Repair repair = TRY(errors.handle(at, end, kReason));
    if (Bytes* bytes = cast<Bytes>(repair.replacement)) {
      if (!out.append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    } else if (!append_narrow(out, repair.replacement.as<Str>(), 0x80)) {
      return errors.raise(at, end, kReason);
    }
    at = repair.position;
  }
  return build_bytes(thread, out);
}

Result<Bytes*> encode_utf8(Thread& thread, Str* text, Str* errors) {
  if (text->is_ascii()) return bytes_from(thread, text->ascii());
  int kind = static_cast<int>(text->width());
  usize n = static_cast<usize>(text->length());
  Utf8EncodeScan scan = utf8_encode_scan(kind, text->data(), n);
  if (scan.surrogates) return encode_utf8_with_errors(thread, text, errors);
  Bytes* bytes = TRY(bytes_allocate(thread, scan.bytes));
  utf8_encode(kind, text->data(), n, bytes_mutable_data(bytes));
  return bytes;
}

static Result<void> append_utf8(Thread& thread, StrBuilder& out, const u8* data, const Utf8Scan& scan) {
  if (scan.chars == 0) return ok;
  void* space = out.extend(static_cast<Index>(scan.chars), static_cast<u32>(kind_for(scan.max_char)));
  if (!space) return raise_memory_error(thread);
  utf8_decode(static_cast<int>(out.width()), data, scan.bytes, space);
  return ok;
}

Result<Str*> decode_utf8_stateful(Thread& thread, const CodecInput& input, Str* errors_name, usize* consumed) {
  if (consumed) *consumed = input.size;
  if (is_ascii(input.data, input.size)) return str_from_ascii(thread, {reinterpret_cast<const char*>(input.data), input.size});
  Utf8Input mode = consumed ? Utf8Input::kMoreFollows : Utf8Input::kFinal;
  Utf8Scan scan = utf8_scan(input.data, input.size, Utf8Surrogates::kReject, mode);
  if (scan.fault == Utf8Fault::kNone || scan.fault == Utf8Fault::kIncomplete) {
    if (consumed) *consumed = scan.bytes;
    if (scan.chars <= 1) {
      usize length;
      return scan.chars ? str_from_code_point(thread, utf8_get(input.data, &length)) : Result<Str*>(names.empty);
    }
    Str* text = TRY(
        str_allocate(thread, static_cast<Index>(scan.chars), static_cast<u32>(kind_for(scan.max_char)), scan.max_char == 0x7F));
    utf8_decode(static_cast<int>(text->width()), input.data, scan.bytes, str_mutable_data(text));
    return text;
  }
  DecodeErrors errors(thread, "utf-8", input, errors_name);
  StrBuilder out;
  Index at = 0;
  for (;;) {
    scan = utf8_scan(errors.data() + at, static_cast<usize>(errors.size() - at), Utf8Surrogates::kReject, mode);
    TRY(append_utf8(thread, out, errors.data() + at, scan));
    at += static_cast<Index>(scan.bytes);
    if (scan.fault == Utf8Fault::kNone || scan.fault == Utf8Fault::kIncomplete) break;
    TRY(errors.handle(at, at + scan.fault_length, utf8_fault_text(scan.fault), out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  return out.build(thread);
}

Result<Str*> decode_utf8(Thread& thread, const u8* data, usize n, Str* errors) {
  return decode_utf8_stateful(thread, {data, n, Value()}, errors, nullptr);
}

// --- UTF-16 and UTF-32

static bool push_unit16(ByteBuilder& out, u32 unit, bool big) {
  u8 low = static_cast<u8>(unit), high = static_cast<u8>(unit >> 8);
  u8 bytes[2] = {big ? high : low, big ? low : high};
  return out.append(bytes, 2);
}
static bool push_char16(ByteBuilder& out, u32 ch, bool big) {
  if (ch < 0x10000) return push_unit16(out, ch, big);
  ch -= 0x10000;
  return push_unit16(out, 0xD800 + (ch >> 10), big) && push_unit16(out, 0xDC00 + (ch & 0x3FF), big);
}
static bool push_char32(ByteBuilder& out, u32 ch, bool big) {
  u8 bytes[4];
  for (int i = 0; i < 4; ++i) bytes[big ? 3 - i : i] = static_cast<u8>(ch >> (8 * i));
  return out.append(bytes, 4);
}

// Encodes the characters before the first surrogate (and, for UTF-16, beyond the BMP); how many, or -1 without memory.
static Index encode_plain(Str* text, ByteBuilder& out, bool big, bool wide) {
  return with_kind(static_cast<int>(text->width()), text->data(), [&](auto* from) -> Index {
    Index n = 0, length = text->length();
    if constexpr (sizeof(*from) == 1)
      n = length;
    else
      while (n < length && !is_surrogate(from[n]) && (wide || from[n] < 0x10000)) ++n;
    u8* to = out.extend(static_cast<usize>(n) * (wide ? 4 : 2));
    if (!to) return n ? -1 : 0;
    if (wide) {
      for (Index i = 0; i < n; ++i, to += 4) {
        u32 ch = big ? __builtin_bswap32(from[i]) : from[i];
        memcpy(to, &ch, 4);
      }
    } else {
      for (Index i = 0; i < n; ++i, to += 2) {
        u16 ch = big ? __builtin_bswap16(static_cast<u16>(from[i])) : static_cast<u16>(from[i]);
        memcpy(to, &ch, 2);
      }
    }
    return n;
  });
}

// unit: 2 or 4 bytes.
static Result<Bytes*> encode_wide(Thread& thread, Str* text, Str* errors_name, TextOrder order, Index unit) {
  bool big = order == TextOrder::kBig, wide = unit == 4;
  const char* encoding = wide ? (order == TextOrder::kNative ? "utf-32"
                                 : big                       ? "utf-32-be"
                                                             : "utf-32-le")
                              : (order == TextOrder::kNative ? "utf-16"
                                 : big                       ? "utf-16-be"
                                                             : "utf-16-le");
  EncodeErrors errors(thread, encoding, text, errors_name);
  ByteBuilder out;
  auto push = [&](u32 ch) { return wide ? push_char32(out, ch, big) : push_char16(out, ch, big); };
  if (order == TextOrder::kNative && !push(0xFEFF)) return raise_memory_error(thread);
  Index n = text->length();
  Index plain = encode_plain(text, out, big, wide);
  if (plain < 0) return raise_memory_error(thread);
  for (Index at = plain; at < n;) {
    u32 ch = text->at(at);
    if (!is_surrogate(ch)) {
      if (!push(ch)) return raise_memory_error(thread);
      ++at;
      continue;
    }
    static constexpr const char* kReason = "surrogates not allowed";
    EncodeErrors::Repair repair = TRY(errors.handle(at, at + 1, kReason));
    if (Bytes* bytes = cast<Bytes>(repair.replacement)) {
      if (bytes->length() % unit) return errors.raise(at, at + 1, kReason);
      if (!out.append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    } else {
      Str* replacement = repair.replacement.as<Str>();
      if (!replacement->is_ascii()) return errors.raise(at, at + 1, kReason);
      for (Index i = 0; i < replacement->length(); ++i)
        if (!push(replacement->at(i))) return raise_memory_error(thread);
    }
    at = repair.position;
  }
  return build_bytes(thread, out);
}

Result<Bytes*> encode_utf16(Thread& thread, Str* text, Str* errors, TextOrder order) {
  return encode_wide(thread, text, errors, order, 2);
}
Result<Bytes*> encode_utf32(Thread& thread, Str* text, Str* errors, TextOrder order) {
  return encode_wide(thread, text, errors, order, 4);
}

static u32 unit16(const u8* p, bool big) { return big ? static_cast<u32>(p[0] << 8 | p[1]) : static_cast<u32>(p[1] << 8 | p[0]); }
static u32 unit32(const u8* p, bool big) {
  return big ? static_cast<u32>(p[0]) << 24 | static_cast<u32>(p[1]) << 16 | static_cast<u32>(p[2]) << 8 | p[3]
             : static_cast<u32>(p[3]) << 24 | static_cast<u32>(p[2]) << 16 | static_cast<u32>(p[1]) << 8 | p[0];
}

// The byte order, from the mark if the caller leaves it open; *at skips the mark.
static bool is_big_endian(const CodecInput& input, TextOrder* order, Index unit, Index* at) {
  *at = 0;
  if (*order == TextOrder::kNative && static_cast<Index>(input.size) >= unit) {
    u32 little = unit == 2 ? unit16(input.data, false) : unit32(input.data, false);
    u32 big = unit == 2 ? unit16(input.data, true) : unit32(input.data, true);
    if (little == 0xFEFF)
      *order = TextOrder::kLittle, *at = unit;
    else if (big == 0xFEFF)
      *order = TextOrder::kBig, *at = unit;
  }
  return *order == TextOrder::kBig;
}

Result<Str*> decode_utf16(Thread& thread, const CodecInput& input, Str* errors_name, TextOrder* order, usize* consumed) {
  Index at;
  bool big = is_big_endian(input, order, 2, &at);
  DecodeErrors errors(thread, big ? "utf-16-be" : "utf-16-le", input, errors_name);
  StrBuilder out;
  while (at < errors.size()) {
    const u8* p = errors.data() + at;
    Index left = errors.size() - at;
    const char* reason;
    Index bad = 2;
    if (left < 2) {
      if (consumed) break;
      reason = "truncated data";
      bad = left;
    } else {
      u32 unit = unit16(p, big);
      if (!is_surrogate(unit)) {
        out.append(unit);
        at += 2;
        continue;
      }
      if (!is_high_surrogate(unit)) {
        reason = "illegal encoding";
      } else if (left < 4) {
        if (consumed) break;
        reason = "unexpected end of data";
        bad = left;
      } else if (u32 second = unit16(p + 2, big); is_low_surrogate(second)) {
        out.append(join_surrogates(unit, second));
        at += 4;
        continue;
      } else {
        reason = "illegal UTF-16 surrogate";
      }
    }
    TRY(errors.handle(at, at + bad, reason, out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  return out.build(thread);
}

Result<Str*> decode_utf32(Thread& thread, const CodecInput& input, Str* errors_name, TextOrder* order, usize* consumed) {
  Index at;
  bool big = is_big_endian(input, order, 4, &at);
  DecodeErrors errors(thread, big ? "utf-32-be" : "utf-32-le", input, errors_name);
  StrBuilder out;
  while (at < errors.size()) {
    Index left = errors.size() - at, bad = 4;
    const char* reason;
    if (left < 4) {
      if (consumed) break;
      reason = "truncated data";
      bad = left;
    } else {
      u32 ch = unit32(errors.data() + at, big);
      if (ch <= kMaxCodePoint && !is_surrogate(ch)) {
        out.append(ch);
        at += 4;
        continue;
      }
      reason =
          ch > kMaxCodePoint ? "code point not in range(0x110000)" : "code point in surrogate code point range(0xd800, 0xe000)";
    }
    TRY(errors.handle(at, at + bad, reason, out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  return out.build(thread);
}

}  // namespace baton
