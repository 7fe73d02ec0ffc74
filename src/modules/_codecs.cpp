// _codecs: the registry and the native conversions, as the encodings package wants them. Decoders answer (text, bytes consumed),
// encoders (bytes, characters consumed).
#include "objects/bytes_internal.h"
#include "objects/codecs.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

using Errors = OrNone<Str*>;

static Str* errors_of(const Errors& errors) { return errors.value_or(nullptr); }

static Result<Value> consumed_pair(Thread& thread, Value result, Index consumed) {
  return TRY(tuple_of(thread, result, TRY(int_from_i64(thread, consumed))));
}
static Result<Value> encoded(Thread& thread, Result<Bytes*> bytes, Str* text) {
  return consumed_pair(thread, TRY(bytes), text->length());
}
static Result<Value> decoded(Thread& thread, Result<Str*> text, usize consumed) {
  return consumed_pair(thread, TRY(text), static_cast<Index>(consumed));
}

static CodecInput input_of(const BufferView& view) { return {view.data, view.size, view.owner}; }

// --- the registry

static Result<void> codecs_register(Thread& thread, Value search_function) { return codec_register(thread, search_function); }
static Result<void> codecs_unregister(Thread& thread, Value search_function) { return codec_unregister(thread, search_function); }
static Result<Value> codecs_lookup(Thread& thread, Str* encoding) { return TRY(codec_lookup(thread, encoding)); }
static Result<Value> codecs_encode(Thread& thread, Value object, Str* encoding, Optional<Str*> errors) {
  return codec_encode_any(thread, object, encoding, errors.value_or(nullptr));
}
static Result<Value> codecs_decode(Thread& thread, Value object, Str* encoding, Optional<Str*> errors) {
  return codec_decode_any(thread, object, encoding, errors.value_or(nullptr));
}
static Result<void> codecs_register_error(Thread& thread, Str* name, Value handler) {
  return codec_register_error(thread, name, handler);
}
static Result<Value> codecs_lookup_error(Thread& thread, Str* name) { return codec_lookup_error(thread, name); }

// --- encoders

static Result<Value> utf_8_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf8(thread, text, errors_of(errors)), text);
}
static Result<Value> utf_7_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf7(thread, text, errors_of(errors)), text);
}
static Result<Value> latin_1_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_latin1(thread, text, errors_of(errors)), text);
}
static Result<Value> ascii_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_ascii(thread, text, errors_of(errors)), text);
}
static TextOrder order_of(int byteorder) {
  return byteorder < 0 ? TextOrder::kLittle : byteorder > 0 ? TextOrder::kBig : TextOrder::kNative;
}
static Result<Value> utf_16_encode(Thread& thread, Str* text, Errors errors, int byteorder) {
  return encoded(thread, encode_utf16(thread, text, errors_of(errors), order_of(byteorder)), text);
}
static Result<Value> utf_16_le_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf16(thread, text, errors_of(errors), TextOrder::kLittle), text);
}
static Result<Value> utf_16_be_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf16(thread, text, errors_of(errors), TextOrder::kBig), text);
}
static Result<Value> utf_32_encode(Thread& thread, Str* text, Errors errors, int byteorder) {
  return encoded(thread, encode_utf32(thread, text, errors_of(errors), order_of(byteorder)), text);
}
static Result<Value> utf_32_le_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf32(thread, text, errors_of(errors), TextOrder::kLittle), text);
}
static Result<Value> utf_32_be_encode(Thread& thread, Str* text, Errors errors) {
  return encoded(thread, encode_utf32(thread, text, errors_of(errors), TextOrder::kBig), text);
}
static Result<Value> unicode_escape_encode(Thread& thread, Str* text, Errors) {
  return encoded(thread, encode_unicode_escape(thread, text), text);
}
static Result<Value> raw_unicode_escape_encode(Thread& thread, Str* text, Errors) {
  return encoded(thread, encode_raw_unicode_escape(thread, text), text);
}
static Result<Value> charmap_encode(Thread& thread, Str* text, Errors errors, Value mapping) {
  return encoded(thread, encode_charmap(thread, text, mapping, errors_of(errors)), text);
}
static Result<Value> charmap_build(Thread& thread, Str* map) { return build_encoding_map(thread, map); }

// data: bytes only.
static Result<Value> escape_encode(Thread& thread, Bytes* data, Errors) {
  ByteBuilder out;
  bool good = true;
  for (char c : data->text()) {
    u8 ch = static_cast<u8>(c);
    if (c == '\'' || c == '\\')
      good = good && out.push('\\') && out.push(ch);
    else if (c == '\t')
      good = good && out.append("\\t", 2);
    else if (c == '\n')
      good = good && out.append("\\n", 2);
    else if (c == '\r')
      good = good && out.append("\\r", 2);
    else if (ch < ' ' || ch >= 0x7F) {
      good = good && out.append("\\x", 2) && out.push(static_cast<u8>("0123456789abcdef"[ch >> 4])) &&
             out.push(static_cast<u8>("0123456789abcdef"[ch & 15]));
    } else {
      good = good && out.push(ch);
    }
  }
  if (!good) return raise_memory_error(thread);
  return consumed_pair(thread, TRY(bytes_from(thread, out.data(), out.size())), data->length());
}

// The bytes of a str (UTF-8) or of a buffer.
static Result<Value> readbuffer_encode(Thread& thread, Value data, Errors) {
  if (Str* s = cast<Str>(data)) {
    Bytes* bytes = TRY(encode_utf8(thread, s, nullptr));
    return consumed_pair(thread, bytes, bytes->length());
  }
  BytesArg view;
  TRY(view.take(thread, data));
  return consumed_pair(thread, TRY(bytes_from(thread, view.data(), static_cast<usize>(view.size()))), view.size());
}

// --- decoders

static Result<Value> utf_8_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  usize consumed = data.size;
  Result<Str*> text = decode_utf8_stateful(thread, input_of(data), errors_of(errors), final ? nullptr : &consumed);
  return decoded(thread, text, consumed);
}
static Result<Value> utf_7_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  usize consumed = data.size;
  Result<Str*> text = decode_utf7(thread, input_of(data), errors_of(errors), final ? nullptr : &consumed);
  return decoded(thread, text, consumed);
}

using WideDecoder = Result<Str*> (*)(Thread&, const CodecInput&, Str*, TextOrder*, usize*);
static Result<Value> decode_wide(Thread& thread, WideDecoder decode, const BufferView& data, const Errors& errors, bool final,
                                 TextOrder order) {
  usize consumed = data.size;
  Result<Str*> text = decode(thread, input_of(data), errors_of(errors), &order, final ? nullptr : &consumed);
  return decoded(thread, text, consumed);
}
static Result<Value> utf_16_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf16, data, errors, final, TextOrder::kNative);
}
static Result<Value> utf_16_le_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf16, data, errors, final, TextOrder::kLittle);
}
static Result<Value> utf_16_be_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf16, data, errors, final, TextOrder::kBig);
}
static Result<Value> utf_32_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf32, data, errors, final, TextOrder::kNative);
}
static Result<Value> utf_32_le_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf32, data, errors, final, TextOrder::kLittle);
}
static Result<Value> utf_32_be_decode(Thread& thread, BufferView data, Errors errors, bool final) {
  return decode_wide(thread, decode_utf32, data, errors, final, TextOrder::kBig);
}

// (text, consumed, byte order found)
static Result<Value> decode_wide_ex(Thread& thread, WideDecoder decode, const BufferView& data, const Errors& errors,
                                    int byteorder, bool final) {
  usize consumed = data.size;
  TextOrder order = order_of(byteorder);
  Str* text = TRY(decode(thread, input_of(data), errors_of(errors), &order, final ? nullptr : &consumed));
  return TRY(tuple_of(thread, text, TRY(int_from_u64(thread, consumed)), Value::of_small_int(static_cast<int>(order))));
}
static Result<Value> utf_16_ex_decode(Thread& thread, BufferView data, Errors errors, int byteorder, bool final) {
  return decode_wide_ex(thread, decode_utf16, data, errors, byteorder, final);
}
static Result<Value> utf_32_ex_decode(Thread& thread, BufferView data, Errors errors, int byteorder, bool final) {
  return decode_wide_ex(thread, decode_utf32, data, errors, byteorder, final);
}

static Result<Value> latin_1_decode(Thread& thread, BufferView data, Errors) {
  return decoded(thread, decode_latin1(thread, input_of(data)), data.size);
}
static Result<Value> ascii_decode(Thread& thread, BufferView data, Errors errors) {
  return decoded(thread, decode_ascii(thread, input_of(data), errors_of(errors)), data.size);
}
static Result<Value> charmap_decode(Thread& thread, BufferView data, Errors errors, Value mapping) {
  return decoded(thread, decode_charmap(thread, input_of(data), mapping, errors_of(errors)), data.size);
}

// The escape decoders also take str: its UTF-8 bytes.
using EscapeDecoder = Result<Str*> (*)(Thread&, const CodecInput&, Str*, usize*);
static Result<Value> decode_escaped(Thread& thread, EscapeDecoder decode, Value data, const Errors& errors, bool final) {
  Value source = data;
  if (is<Str>(data)) source = TRY(encode_utf8(thread, data.as<Str>(), nullptr));
  BytesArg view;
  TRY(view.take(thread, source));
  usize consumed = static_cast<usize>(view.size());
  CodecInput input{view.data(), consumed, source};
  Result<Str*> text = decode(thread, input, errors_of(errors), final ? nullptr : &consumed);
  return decoded(thread, text, consumed);
}
static Result<Value> unicode_escape_decode(Thread& thread, Value data, Errors errors, bool final) {
  return decode_escaped(thread, decode_unicode_escape, data, errors, final);
}
static Result<Value> raw_unicode_escape_decode(Thread& thread, Value data, Errors errors, bool final) {
  return decode_escaped(thread, decode_raw_unicode_escape, data, errors, final);
}
static Result<Value> escape_decode(Thread& thread, Value data, Errors errors) {
  Value source = data;
  if (is<Str>(data)) source = TRY(encode_utf8(thread, data.as<Str>(), nullptr));
  BytesArg view;
  TRY(view.take(thread, source));
  Bytes* bytes = TRY(decode_bytes_escape(thread, {view.data(), static_cast<usize>(view.size()), source}, errors_of(errors)));
  return consumed_pair(thread, bytes, view.size());
}

static constinit NativeDef codecs_functions[] = {
    native<codecs_register>("register($module, search_function, /)",
                            "Register a codec search function.\n\nIt takes an encoding name in lower case and returns a tuple "
                            "of\n(encoder, decoder, stream_reader, stream_writer), or None."),
    native<codecs_unregister>("unregister($module, search_function, /)",
                              "Stop consulting search_function when an encoding is looked up.\n\nAll codecs found so far are "
                              "forgotten as well, so the next lookup of each\nencoding asks the remaining functions again.  A "
                              "function that was never\nregistered is silently ignored."),
    native<codecs_lookup>("lookup($module, encoding, /)",
                          "Return the CodecInfo of the codec registered for encoding.\n\nLookupError is raised if no search "
                          "function knows the name."),
    native<codecs_encode>("encode($module, /, obj, encoding='utf-8', errors='strict')",
                          "Encodes obj using the codec registered for encoding."),
    native<codecs_decode>("decode($module, /, obj, encoding='utf-8', errors='strict')",
                          "Decodes obj using the codec registered for encoding."),
    native<codecs_register_error>("register_error($module, errors, handler, /)",
                                  "Register the specified error handler under the name errors."),
    native<codecs_lookup_error>("lookup_error($module, name, /)",
                                "Return the error handler registered under a name; LookupError if there is none."),
    native<escape_encode>("escape_encode($module, data, errors=None, /)"),
    native<escape_decode>("escape_decode($module, data, errors=None, /)"),
    native<utf_8_encode>("utf_8_encode($module, str, errors=None, /)"),
    native<utf_8_decode>("utf_8_decode($module, data, errors=None, final=False, /)"),
    native<utf_7_encode>("utf_7_encode($module, str, errors=None, /)"),
    native<utf_7_decode>("utf_7_decode($module, data, errors=None, final=False, /)"),
    native<utf_16_encode>("utf_16_encode($module, str, errors=None, byteorder=0, /)"),
    native<utf_16_le_encode>("utf_16_le_encode($module, str, errors=None, /)"),
    native<utf_16_be_encode>("utf_16_be_encode($module, str, errors=None, /)"),
    native<utf_16_decode>("utf_16_decode($module, data, errors=None, final=False, /)"),
    native<utf_16_le_decode>("utf_16_le_decode($module, data, errors=None, final=False, /)"),
    native<utf_16_be_decode>("utf_16_be_decode($module, data, errors=None, final=False, /)"),
    native<utf_16_ex_decode>("utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False, /)"),
    native<utf_32_encode>("utf_32_encode($module, str, errors=None, byteorder=0, /)"),
    native<utf_32_le_encode>("utf_32_le_encode($module, str, errors=None, /)"),
    native<utf_32_be_encode>("utf_32_be_encode($module, str, errors=None, /)"),
    native<utf_32_decode>("utf_32_decode($module, data, errors=None, final=False, /)"),
    native<utf_32_le_decode>("utf_32_le_decode($module, data, errors=None, final=False, /)"),
    native<utf_32_be_decode>("utf_32_be_decode($module, data, errors=None, final=False, /)"),
    native<utf_32_ex_decode>("utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False, /)"),
    native<unicode_escape_encode>("unicode_escape_encode($module, str, errors=None, /)"),
    native<unicode_escape_decode>("unicode_escape_decode($module, data, errors=None, final=True, /)"),
    native<raw_unicode_escape_encode>("raw_unicode_escape_encode($module, str, errors=None, /)"),
    native<raw_unicode_escape_decode>("raw_unicode_escape_decode($module, data, errors=None, final=True, /)"),
    native<latin_1_encode>("latin_1_encode($module, str, errors=None, /)"),
    native<latin_1_decode>("latin_1_decode($module, data, errors=None, /)"),
    native<ascii_encode>("ascii_encode($module, str, errors=None, /)"),
    native<ascii_decode>("ascii_decode($module, data, errors=None, /)"),
    native<charmap_encode>("charmap_encode($module, str, errors=None, mapping=None, /)"),
    native<charmap_decode>("charmap_decode($module, data, errors=None, mapping=None, /)"),
    native<charmap_build>("charmap_build($module, map, /)"),
    native<readbuffer_encode>("readbuffer_encode($module, data, errors=None, /)"),
};

constinit ModuleDef _codecs_module = {
    .name = "_codecs",
    .functions = codecs_functions,
    .function_count = count_of(codecs_functions),
};

}  // namespace baton
