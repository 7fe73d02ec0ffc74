// Encodings of one byte a character: Latin-1, ASCII, and those described by a mapping (charmap).
#include "base/text_kinds.h"
#include "objects/codec_errors.h"
#include "objects/dict.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static Result<Bytes*> encode_limited(Thread& thread, Str* text, Str* errors_name, u32 limit, const char* encoding,
                                     const char* reason) {
  Index n = text->length();
  if (text->is_ascii() || (limit == 0x100 && text->width() == 1)) return bytes_from(thread, text->data(), static_cast<usize>(n));
  EncodeErrors errors(thread, encoding, text, errors_name);
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
    if (errors.mode() == ErrorMode::Replace || errors.mode() == ErrorMode::Ignore) {
      for (; at < end; ++at)
        if (errors.mode() == ErrorMode::Replace && !out.push('?')) return raise_memory_error(thread);
      continue;
    }
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

Result<Str*> decode_ascii(Thread& thread, const CodecInput& input, Str* errors_name) {
  usize plain = ascii_prefix(input.data, input.size);
  if (plain == input.size) return str_from_ascii(thread, {reinterpret_cast<const char*>(input.data), input.size});
  DecodeErrors errors(thread, "ascii", input, errors_name);
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

// Characters of a mapping (a str indexed by the byte) for quick encoding: pairs sorted by character.
class EncodingMap final : public Cell {
 public:
  struct Pair {
    u32 ch;
    u32 byte;
  };
  void init(RawBytes* pairs, Index count) {
    pairs_.init(pairs);
    count_ = count;
  }
  int find(u32 ch) const {
    const Pair* pairs = reinterpret_cast<const Pair*>(pairs_->data());
    Index low = 0, high = count_;
    while (low < high) {
      Index middle = (low + high) / 2;
      if (pairs[middle].ch < ch)
        low = middle + 1;
      else
        high = middle;
    }
    return low < count_ && pairs[low].ch == ch ? static_cast<int>(pairs[low].byte) : -1;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(pairs_); }

  Field<RawBytes> pairs_;
  Index count_;
};

static Result<i64> encoding_map_size(Thread&, EncodingMap* self) {
  return static_cast<i64>(self->pairs_->capacity()) + static_cast<i64>(sizeof(EncodingMap));
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
  RawBytes* storage = TRY(make_raw_bytes(thread, 256 * sizeof(EncodingMap::Pair)));
  auto* pairs = reinterpret_cast<EncodingMap::Pair*>(storage->data());
  Index count = 0;
  for (Index i = 0; i < n; ++i) {
    u32 ch = table->at(i);
    if (ch == 0xFFFE) continue;
    // Insertion into sorted order; a later byte replaces an earlier one for the same character.
    Index at = count;
    while (at > 0 && pairs[at - 1].ch > ch) --at;
    if (at > 0 && pairs[at - 1].ch == ch) {
      pairs[at - 1].byte = static_cast<u32>(i);
      continue;
    }
    for (Index j = count; j > at; --j) pairs[j] = pairs[j - 1];
    pairs[at] = {ch, static_cast<u32>(i)};
    ++count;
  }
  return TRY(make_of<EncodingMap>(thread, type, storage, count));
}

// Appends what the mapping says for ch; false: undefined.
static Result<bool> encode_mapped(Thread& thread, Value mapping, u32 ch, ByteBuilder& out) {
  if (EncodingMap* map = cast<EncodingMap>(mapping)) {
    int byte = map->find(ch);
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

Result<Bytes*> encode_charmap(Thread& thread, Str* text, Value mapping, Str* errors_name) {
  if (mapping.is_absent() || mapping.is_none()) return encode_latin1(thread, text, errors_name);
  EncodeErrors errors(thread, "charmap", text, errors_name);
  ByteBuilder out;
  Index n = text->length();
  for (Index at = 0; at < n;) {
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

Result<Str*> decode_charmap(Thread& thread, const CodecInput& input, Value mapping, Str* errors_name) {
  if (mapping.is_absent() || mapping.is_none()) return decode_latin1(thread, input);
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
