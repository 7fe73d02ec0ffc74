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

// What characters without surrogates take in units of 2 or 4 bytes.
struct PlainRun {
  Index chars;  // before the first surrogate
  usize units;
};

template <class Char>
static PlainRun plain_run(const Char* from, Index length, bool wide) {
  usize n = static_cast<usize>(length);
  if constexpr (sizeof(Char) == 1) return {length, n};
  bool surrogate = false;
  usize astral = 0;
  for (usize i = 0; i < n; ++i) {
    surrogate |= is_surrogate(from[i]);
    if constexpr (sizeof(Char) == 4) astral += from[i] > 0xFFFF;
  }
  if (surrogate) {
    n = astral = 0;
    for (; !is_surrogate(from[n]); ++n) astral += from[n] > 0xFFFF;
  }
  return {static_cast<Index>(n), wide ? n : n + astral};
}

template <class Unit, bool kBig, class Char>
static void put_plain(const Char* from, Index n, u8* to) {
  auto put = [&](u32 value) {
    Unit unit = static_cast<Unit>(value);
    if constexpr (kBig)
      unit = sizeof(Unit) == 2 ? __builtin_bswap16(static_cast<u16>(unit)) : static_cast<Unit>(__builtin_bswap32(unit));
    memcpy(to, &unit, sizeof(unit));
    to += sizeof(unit);
  };
  for (Index i = 0; i < n; ++i) {
    u32 ch = from[i];
    if constexpr (sizeof(Unit) == 2 && sizeof(Char) == 4) {
      if (ch > 0xFFFF) {
        put(0xD800 + ((ch - 0x10000) >> 10));
        ch = 0xDC00 + (ch & 0x3FF);
      }
    }
    put(ch);
  }
}

// Encodes the first n characters, which have no surrogates, to the room that plain_run() told.
static void encode_plain(const Str* text, Index n, u8* to, bool big, bool wide) {
  with_kind(static_cast<int>(text->width()), text->data(), [&](auto* from) {
    if (wide)
      big ? put_plain<u32, true>(from, n, to) : put_plain<u32, false>(from, n, to);
    else
      big ? put_plain<u16, true>(from, n, to) : put_plain<u16, false>(from, n, to);
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
  Index n = text->length();
  PlainRun plain = with_kind(static_cast<int>(text->width()), text->data(), [&](auto* from) { return plain_run(from, n, wide); });
  usize mark = order == TextOrder::kNative ? static_cast<usize>(unit) : 0, plain_bytes = plain.units * static_cast<usize>(unit);
  auto put_beginning = [&](u8* to) {
    const u32 mark_bytes = 0xFEFF;
    memcpy(to, &mark_bytes, mark);
    encode_plain(text, plain.chars, to + mark, big, wide);
  };
  if (plain.chars == n) {
    Bytes* bytes = TRY(bytes_allocate(thread, mark + plain_bytes));
    put_beginning(bytes_mutable_data(bytes));
    return bytes;
  }
  EncodeErrors errors(thread, encoding, text, errors_name);
  ByteBuilder out;
  auto push = [&](u32 ch) { return wide ? push_char32(out, ch, big) : push_char16(out, ch, big); };
  if (mark + plain_bytes) {
    u8* to = out.extend(mark + plain_bytes);
    if (!to) return raise_memory_error(thread);
    put_beginning(to);
  }
  for (Index at = plain.chars; at < n;) {
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

template <class Unit>
static Unit load_unit(const u8* p, bool big) {
  Unit unit;
  memcpy(&unit, p, sizeof(unit));
  if (!big) return unit;
  return sizeof(Unit) == 2 ? static_cast<Unit>(__builtin_bswap16(static_cast<u16>(unit)))
                           : static_cast<Unit>(__builtin_bswap32(unit));
}

// The units before the first that is no character by itself; *bits: all of them or'ed.
template <class Unit, bool kBig>
static usize run_of_characters(const u8* p, usize units, u32* bits) {
  auto is_character = [](u32 unit) { return !is_surrogate(unit) && (sizeof(Unit) == 2 || unit <= kMaxCodePoint); };
  constexpr usize kBlock = 32;
  usize i = 0;
  *bits = 0;
  for (; units - i >= kBlock; i += kBlock) {  // what a vector can do
    Unit other = 0, all = 0;
    for (usize k = 0; k < kBlock; ++k) {
      Unit unit = load_unit<Unit>(p + (i + k) * sizeof(Unit), kBig);
      other |= static_cast<Unit>(!is_character(unit));
      all |= unit;
    }
    if (other) break;
    *bits |= all;
  }
  for (; i < units; ++i) {
    u32 unit = load_unit<Unit>(p + i * sizeof(Unit), kBig);
    if (!is_character(unit)) break;
    *bits |= unit;
  }
  return i;
}

template <class Unit, bool kBig>
static void put_characters(const u8* p, usize n, int kind, void* space) {
  with_kind(kind, space, [&](auto* out) {
    for (usize i = 0; i < n; ++i)
      out[i] = static_cast<std::remove_reference_t<decltype(out[0])>>(load_unit<Unit>(p + i * sizeof(Unit), kBig));
  });
}

// Appends the characters from *at on that are one unit each, and moves *at behind them. Where they are all that there is text
// is made of them at once: *whole.
template <class Unit>
static Result<void> take_characters(Thread& thread, const DecodeErrors& input, bool big, StrBuilder& out, Index* at,
                                    Str** whole) {
  u32 bits;
  const u8* from = input.data() + *at;
  usize units = static_cast<usize>(input.size() - *at) / sizeof(Unit);
  usize n = big ? run_of_characters<Unit, true>(from, units, &bits) : run_of_characters<Unit, false>(from, units, &bits);
  if (n == 0) return ok;
  u32 width = static_cast<u32>(kind_for(char_class(bits)));
  void* space;
  if (out.length() == 0 && n > 1 && *at + static_cast<Index>(n * sizeof(Unit)) == input.size()) {
    *whole = TRY(str_allocate(thread, static_cast<Index>(n), width, bits < 0x80));
    space = str_mutable_data(*whole);
  } else {
    space = out.extend(static_cast<Index>(n), width);
    if (!space) return raise_memory_error(thread);
    width = out.width();
  }
  big ? put_characters<Unit, true>(from, n, static_cast<int>(width), space)
      : put_characters<Unit, false>(from, n, static_cast<int>(width), space);
  *at += static_cast<Index>(n * sizeof(Unit));
  return ok;
}

Result<Str*> decode_utf16(Thread& thread, const CodecInput& input, Str* errors_name, TextOrder* order, usize* consumed) {
  Index at;
  bool big = is_big_endian(input, order, 2, &at);
  DecodeErrors errors(thread, big ? "utf-16-be" : "utf-16-le", input, errors_name);
  StrBuilder out;
  Str* whole = nullptr;
  while (at < errors.size()) {
    TRY(take_characters<u16>(thread, errors, big, out, &at, &whole));
    if (at == errors.size()) break;
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
  return whole ? whole : out.build(thread);
}

Result<Str*> decode_utf32(Thread& thread, const CodecInput& input, Str* errors_name, TextOrder* order, usize* consumed) {
  Index at;
  bool big = is_big_endian(input, order, 4, &at);
  DecodeErrors errors(thread, big ? "utf-32-be" : "utf-32-le", input, errors_name);
  StrBuilder out;
  Str* whole = nullptr;
  while (at < errors.size()) {
    TRY(take_characters<u32>(thread, errors, big, out, &at, &whole));
    if (at == errors.size()) break;
    Index left = errors.size() - at, bad = 4;
    const char* reason;
    if (left < 4) {
      if (consumed) break;
      reason = "truncated data";
      bad = left;
    } else {
      u32 ch = unit32(errors.data() + at, big);
      reason =
          ch > kMaxCodePoint ? "code point not in range(0x110000)" : "code point in surrogate code point range(0xd800, 0xe000)";
    }
    TRY(errors.handle(at, at + bad, reason, out, &at));
  }
  if (consumed) *consumed = static_cast<usize>(at);
  return whole ? whole : out.build(thread);
}

}  // namespace baton
