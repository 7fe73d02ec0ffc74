// Encodings of one byte a character: Latin-1, ASCII, and those described by a mapping (charmap).
#include "base/text_kinds.h"
#include "objects/codec_errors.h"
#include "objects/dict.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static usize decimal_digits(u32 n) {
  return n < 1000 ? 1 + usize{n >= 10} + usize{n >= 100} : 4 + usize{n >= 10000} + usize{n >= 100000} + usize{n >= 1000000};
}

// What stands for a character that doesn't fit, and what its length is: built-in handlers, without a text in between.
static usize escape_length(u32 ch, ErrorMode mode) {
  switch (mode) {
    case ErrorMode::Replace: return 1;
    case ErrorMode::Backslash: return ch < 0x100 ? 4 : ch < 0x10000 ? 6 : 10;
    case ErrorMode::XmlCharRef: return decimal_digits(ch) + 3;
    default: return 0;  // Ignore
  }
}

static u8* put_escape(u32 ch, ErrorMode mode, u8* to) {
  usize length = escape_length(ch, mode);
  u8* end = to + length;
  if (mode == ErrorMode::Replace) *to = '?';
  if (mode == ErrorMode::Backslash) {
    to[0] = '\\';
    to[1] = length == 4 ? 'x' : length == 6 ? 'u' : 'U';
    for (u8* at = end; at > to + 2; ch >>= 4) *--at = static_cast<u8>("0123456789abcdef"[ch & 15]);
  }
  if (mode == ErrorMode::XmlCharRef) {
    to[0] = '&';
    to[1] = '#';
    end[-1] = ';';
    for (u8* at = end - 1; at > to + 2; ch /= 10) *--at = static_cast<u8>('0' + ch % 10);
  }
  return end;
}

template <class Char>
static Result<Bytes*> encode_with_escapes(Thread& thread, const Char* text, usize n, u32 limit, ErrorMode mode) {
  usize fitting = 0, escapes = 0;
  for (usize i = 0; i < n; ++i) fitting += text[i] < limit;
  if (mode == ErrorMode::Replace) escapes = n - fitting;
  if (mode == ErrorMode::Backslash || mode == ErrorMode::XmlCharRef)
    for (usize i = 0; i < n; ++i) escapes += text[i] < limit ? 0 : escape_length(text[i], mode);
  Bytes* bytes = TRY(bytes_allocate(thread, fitting + escapes));
  u8* to = bytes_mutable_data(bytes);
  if (mode == ErrorMode::Replace) {
    for (usize i = 0; i < n; ++i) to[i] = text[i] < limit ? static_cast<u8>(text[i]) : '?';
    return bytes;
  }
  for (usize i = 0; i < n; ++i) {
    if (text[i] < limit)
      *to++ = static_cast<u8>(text[i]);
    else
      to = put_escape(text[i], mode, to);
  }
  return bytes;
}

static Result<Bytes*> encode_limited(Thread& thread, Str* text, Str* errors_name, u32 limit, const char* encoding,
                                     const char* reason) {
  Index n = text->length();
  if (text->is_ascii() || (limit == 0x100 && text->width() == 1)) return bytes_from(thread, text->data(), static_cast<usize>(n));
  EncodeErrors errors(thread, encoding, text, errors_name);
  if (errors.mode() == ErrorMode::Ignore || errors.mode() == ErrorMode::Replace || errors.mode() == ErrorMode::Backslash ||
      errors.mode() == ErrorMode::XmlCharRef)
    return with_kind(static_cast<int>(text->width()), text->data(),
                     [&](auto* from) { return encode_with_escapes(thread, from, static_cast<usize>(n), limit, errors.mode()); });
  ByteBuilder out;
  for (Index at = 0; at < n;) {
    u32 ch = text->at(at);
    if (ch < limit) {
      if (!out.push(static_cast<u8>(ch))) return raise_memory_error(thread);
      ++at;
      continue;
    }
    Index end = at + 1;
    while (end < n && text->at(end) >= limit) ++end;
    EncodeErrors::Repair repair = TRY(errors.handle(at, end, reason));
    if (Bytes* bytes = cast<Bytes>(repair.replacement)) {
      if (!out.append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    } else if (!append_narrow(out, repair.replacement.as<Str>(), limit)) {
      return errors.raise(at, end, reason);
    }
    at = repair.position;
  }
  return bytes_from(thread, out.data(), out.size());
}

Result<Bytes*> encode_latin1(Thread& thread, Str* text, Str* errors) {
  return encode_limited(thread, text, errors, 0x100, "latin-1", "ordinal not in range(256)");
}
Result<Bytes*> encode_ascii(Thread& thread, Str* text, Str* errors) {
  return encode_limited(thread, text, errors, 0x80, "ascii", "ordinal not in range(128)");
}

Result<Str*> decode_latin1(Thread& thread, const CodecInput& input) { return str_from_latin1(thread, input.data, input.size); }

// What each byte beyond ASCII becomes with a built-in handler: one character, or none.
static Result<Str*> decode_ascii_replacing(Thread& thread, const u8* data, usize n, ErrorMode mode) {
  usize beyond = 0;
  for (usize i = 0; i < n; ++i) beyond += data[i] >> 7;
  if (mode == ErrorMode::Ignore) {
    if (n - beyond == 0) return names.empty;
    if (n - beyond == 1) {
      while (*data >= 0x80) ++data;
      return str_from_code_point(thread, *data);
    }
    Str* text = TRY(str_allocate(thread, static_cast<Index>(n - beyond), 1, true));
    u8* out = static_cast<u8*>(str_mutable_data(text));
    for (usize i = 0; i < n; ++i)
      if (data[i] < 0x80) *out++ = data[i];
    return text;
  }
  Str* text = TRY(str_allocate(thread, static_cast<Index>(n), 2, false));
  u16* out = static_cast<u16*>(str_mutable_data(text));
  bool is_replaced = mode == ErrorMode::Replace;
  for (usize i = 0; i < n; ++i) out[i] = data[i] < 0x80 ? data[i] : is_replaced ? 0xFFFD : static_cast<u16>(0xDC00 + data[i]);
  return text;
}

Result<Str*> decode_ascii(Thread& thread, const CodecInput& input, Str* errors_name) {
  usize plain = ascii_prefix(input.data, input.size);
  if (plain == input.size) return str_from_ascii(thread, {reinterpret_cast<const char*>(input.data), input.size});
  DecodeErrors errors(thread, "ascii", input, errors_name);
  if (errors.mode() == ErrorMode::Replace || errors.mode() == ErrorMode::SurrogateEscape || errors.mode() == ErrorMode::Ignore)
    return decode_ascii_replacing(thread, input.data, input.size, errors.mode());
  StrBuilder out;
  for (Index at = 0; at < errors.size();) {
    usize run = ascii_prefix(errors.data() + at, static_cast<usize>(errors.size() - at));
    out.append_ascii({reinterpret_cast<const char*>(errors.data() + at), run});
    at += static_cast<Index>(run);
    if (at < errors.size()) TRY(errors.handle(at, at + 1, "ordinal not in range(128)", out, &at));
  }
  return out.build(thread);
}

// --- charmap

static constexpr const char* kUndefined = "character maps to <undefined>";

// Characters of a mapping (a str indexed by the byte) for quick encoding: a table of places found by a hash of the character,
// twice as many as there may be, so that most are found at the first look.
class EncodingMap final : public Cell {
 public:
  static constexpr u32 kSlots = 512, kEmpty = ~u32{0};
  static u32 first_slot(u32 ch) { return ch * 0x9E3779B1u >> 23; }

  void init(RawBytes* slots) { slots_.init(slots); }
  // A place holds a character and, above it, the byte.
  const u32* slots() const { return reinterpret_cast<const u32*>(slots_->data()); }
  static int find(const u32* slots, u32 ch) {
    for (u32 i = first_slot(ch);; i = (i + 1) % kSlots) {
      if ((slots[i] & kChar) == ch) return static_cast<int>(slots[i] >> kCharBits);
      if (slots[i] == kEmpty) return -1;
    }
  }
  static void insert(u32* slots, u32 ch, u32 byte) {
    u32 i = first_slot(ch);
    while (slots[i] != kEmpty && (slots[i] & kChar) != ch) i = (i + 1) % kSlots;
    slots[i] = byte << kCharBits | ch;  // a later byte replaces an earlier one
  }
  void visit_edges(EdgeVisitor& visit) const { visit(slots_); }

  Field<RawBytes> slots_;

 private:
  static constexpr u32 kCharBits = 21, kChar = (u32{1} << kCharBits) - 1;
};

static Result<i64> encoding_map_size(Thread&, EncodingMap* self) {
  return static_cast<i64>(self->slots_->capacity()) + static_cast<i64>(sizeof(EncodingMap));
}
static NativeDef encoding_map_methods[] = {
    native<encoding_map_size>("size($self, /)", "Return the size (in bytes) of this object.")};
static TypeDef encoding_map_def = {.name = "EncodingMap",
                                   .dynamic_kind = &DynamicKind<EncodingMap>::value,
                                   .payload_size = sizeof(EncodingMap),
                                   .flags = kTypeNoInstances,
                                   .methods = encoding_map_methods,
                                   .method_count = count_of(encoding_map_methods),
                                   .kind_info = kind_info_of<EncodingMap>("EncodingMap")};

Result<Value> build_encoding_map(Thread& thread, Str* table) {
  Index n = table->length() < 256 ? table->length() : 256;
  Type* type = TRY(type_from_def(thread, encoding_map_def));
  RawBytes* storage = TRY(make_raw_bytes(thread, EncodingMap::kSlots * sizeof(u32)));
  auto* slots = reinterpret_cast<u32*>(storage->data());
  for (u32 i = 0; i < EncodingMap::kSlots; ++i) slots[i] = EncodingMap::kEmpty;
  for (Index i = 0; i < n; ++i) {
    u32 ch = table->at(i);
    if (ch != 0xFFFE) EncodingMap::insert(slots, ch, static_cast<u32>(i));
  }
  return TRY(make_of<EncodingMap>(thread, type, storage));
}

// Appends what the mapping says for ch; false: undefined.
static Result<bool> encode_mapped(Thread& thread, Value mapping, u32 ch, ByteBuilder& out) {
  if (EncodingMap* map = cast<EncodingMap>(mapping)) {
    int byte = EncodingMap::find(map->slots(), ch);
    if (byte < 0) return false;
    if (!out.push(static_cast<u8>(byte))) return raise_memory_error(thread);
    return true;
  }
  Result<Value> found = get_item(thread, mapping, Value::of_small_int(ch));
  if (found.is_failed()) {
    if (clear_pending_if(thread, exceptions.LookupError)) return false;
    return failed;
  }
  Value v = found.value();
  if (v.is_none()) return false;
  if (is_int(v)) {
    i64 byte = -1;
    if (!int_to_i64(int_exact(v), &byte) || byte < 0 || byte > 255)
      return raise_type_error(thread, "character mapping must be in range(256)");
    if (!out.push(static_cast<u8>(byte))) return raise_memory_error(thread);
    return true;
  }
  if (Bytes* bytes = cast<Bytes>(v)) {
    if (!out.append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    return true;
  }
  return raise_type_error(thread, "character mapping must return integer, bytes or None, not {!t}", v);
}

// Encodes up to the first character without a byte, and answers how many those were.
static Index encode_by_map(const Str* text, const EncodingMap* map, u8* to) {
  return with_kind(static_cast<int>(text->width()), text->data(), [&](auto* from) {
    Index n = text->length(), i = 0;
    const u32* slots = map->slots();
    for (int byte; i < n && (byte = EncodingMap::find(slots, from[i])) >= 0; ++i) to[i] = static_cast<u8>(byte);
    return i;
  });
}

Result<Bytes*> encode_charmap(Thread& thread, Str* text, Value mapping, Str* errors_name) {
  if (mapping.is_absent() || mapping.is_none()) return encode_latin1(thread, text, errors_name);
  Index n = text->length(), plain = 0;
  ByteBuilder out;
  if (EncodingMap* map = cast<EncodingMap>(mapping)) {
    Bytes* bytes = TRY(bytes_allocate(thread, static_cast<usize>(n)));
    plain = encode_by_map(text, map, bytes_mutable_data(bytes));
    if (plain == n) return bytes;
    if (!out.append(bytes->data(), static_cast<usize>(plain))) return raise_memory_error(thread);
  }
  EncodeErrors errors(thread, "charmap", text, errors_name);
  for (Index at = plain; at < n;) {
    if (TRY(encode_mapped(thread, mapping, text->at(at), out))) {
      ++at;
      continue;
    }
    Index end = at + 1;  // the run of characters without a mapping
    ByteBuilder ignored;
    while (end < n && !TRY(encode_mapped(thread, mapping, text->at(end), ignored))) ++end;
    EncodeErrors::Repair repair = TRY(errors.handle(at, end, kUndefined));
    if (errors.mode() == ErrorMode::SurrogateEscape && repair.position != end)
      return errors.raise(at, end, kUndefined);  // all or nothing here
    if (Bytes* bytes = cast<Bytes>(repair.replacement)) {
      if (!out.append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    } else {
      Str* replacement = repair.replacement.as<Str>();
      for (Index i = 0; i < replacement->length(); ++i)
        if (!TRY(encode_mapped(thread, mapping, replacement->at(i), out))) return errors.raise(at, end, kUndefined);
    }
    at = repair.position;
  }
  return bytes_from(thread, out.data(), out.size());
}

// Appends the text for a byte; false: undefined.
static Result<bool> decode_mapped(Thread& thread, Value mapping, u8 byte, StrBuilder& out) {
  if (is_exact<Str>(mapping)) {
    Str* table = mapping.as<Str>();
    if (byte >= table->length() || table->at(byte) == 0xFFFE) return false;
    out.append(table->at(byte));
    return true;
  }
  Result<Value> found = get_item(thread, mapping, Value::of_small_int(byte));
  if (found.is_failed()) {
    if (clear_pending_if(thread, exceptions.LookupError)) return false;
    return failed;
  }
  Value v = found.value();
  if (v.is_none()) return false;
  if (is_int(v)) {
    i64 code = -1;
    if (!int_to_i64(int_exact(v), &code) || code < 0 || code > static_cast<i64>(kMaxCodePoint)) {
      return raise_type_error(thread, "character mapping must be in range(0x110000)");
    }
    if (code == 0xFFFE) return false;
    out.append(static_cast<u32>(code));
    return true;
  }
  if (Str* s = cast<Str>(v)) {
    if (s->length() == 1 && s->at(0) == 0xFFFE) return false;
    out.append(s);
    return true;
  }
  return raise_type_error(thread, "character mapping must return integer, None or str");
}

// False: a byte has no character.
static Result<bool> decode_by_table(Thread& thread, const CodecInput& input, const Str* table, Str** text) {
  return with_kind(static_cast<int>(table->width()), table->data(), [&](auto* chars) -> Result<bool> {
    u32 bits = 0;
    u8 highest = 0;
    bool has_gap = false;
    for (usize i = 0; i < input.size; ++i) highest = input.data[i] > highest ? input.data[i] : highest;
    if (highest >= table->length()) return false;
    for (usize i = 0; i < input.size; ++i) {
      u32 ch = chars[input.data[i]];
      bits |= ch;
      has_gap |= ch == 0xFFFE;
    }
    if (has_gap) return false;
    u32 width = static_cast<u32>(kind_for(char_class(bits)));
    *text = TRY(str_allocate(thread, static_cast<Index>(input.size), width, bits < 0x80));
    with_kind(static_cast<int>(width), str_mutable_data(*text), [&](auto* out) {
      for (usize i = 0; i < input.size; ++i)
        out[i] = static_cast<std::remove_reference_t<decltype(out[0])>>(chars[input.data[i]]);
    });
    return true;
  });
}

Result<Str*> decode_charmap(Thread& thread, const CodecInput& input, Value mapping, Str* errors_name) {
  if (mapping.is_absent() || mapping.is_none()) return decode_latin1(thread, input);
  if (is_exact<Str>(mapping) && input.size > 1) {
    Str* text;
    if (TRY(decode_by_table(thread, input, mapping.as<Str>(), &text))) return text;
  }
  DecodeErrors errors(thread, "charmap", input, errors_name);
  StrBuilder out;
  for (Index at = 0; at < errors.size();) {
    if (TRY(decode_mapped(thread, mapping, errors.data()[at], out)))
      ++at;
    else
      TRY(errors.handle(at, at + 1, kUndefined, out, &at));
  }
  return out.build(thread);
}

}  // namespace baton
