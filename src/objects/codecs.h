// Codecs: the registry behind _codecs and str.encode/bytes.decode, error handlers, and the built-in conversions.
//
// Encodings with a native conversion (utf-8, latin-1, ascii, utf-16/32 ...) under their usual names never touch the registry.
// `errors` is null for "strict".
#pragma once
#include "objects/bytes.h"
#include "objects/str.h"

namespace baton {

// --- str.encode, bytes.decode: text codecs only; the result type is checked.
Result<Bytes*> encode_text(Thread& thread, Str* text, Str* encoding_or_null, Str* errors_or_null);
Result<Str*> decode_text(Thread& thread, const u8* data, usize n, Value owner, Str* encoding_or_null, Str* errors_or_null);

// -X dev: conversions look the names of encoding and error handler up even when they turn out not to need them.
extern bool codecs_check_names;

// --- shortcuts
Result<Bytes*> encode_utf8(Thread& thread, Str* text, Str* errors_or_null);
Result<Str*> decode_utf8(Thread& thread, const u8* data, usize n, Str* errors_or_null);
// File names and the environment: UTF-8, or ASCII in the C locale without UTF-8 mode, with surrogateescape.
extern bool file_system_is_ascii;
Result<Bytes*> encode_file_system(Thread& thread, Str* text);
Result<Str*> decode_file_system(Thread& thread, std::string_view text);

// --- the registry
Result<void> codec_register(Thread& thread, Value search_function);
Result<void> codec_unregister(Thread& thread, Value search_function);
Result<Tuple*> codec_lookup(Thread& thread, Str* encoding);  // the CodecInfo; LookupError "unknown encoding: x"
Result<Value> codec_encode_any(Thread& thread, Value object, Str* encoding, Str* errors_or_null);  // codecs.encode
Result<Value> codec_decode_any(Thread& thread, Value object, Str* encoding, Str* errors_or_null);
Result<Value> codec_incremental_encoder(Thread& thread, Str* encoding, Str* errors_or_null);
Result<Value> codec_incremental_decoder(Thread& thread, Str* encoding, Str* errors_or_null);
Result<void> codec_register_error(Thread& thread, Str* name, Value handler);
Result<Value> codec_lookup_error(Thread& thread, Str* name_or_null);  // LookupError "unknown error handler name 'x'"

// --- native conversions. Decoders with `consumed` treat an incomplete end as "more follows" and report how much they used;
// without (null) the input is final.
struct CodecInput {
  const u8* data;
  usize size;
  Value owner;  // bytes object for error reports, or absent: a copy is made when one is needed
};
enum class TextOrder : i8 { kLittle = -1, kNative = 0, kBig = 1 };  // kNative: byte order mark

Result<Bytes*> encode_latin1(Thread& thread, Str* text, Str* errors);
Result<Bytes*> encode_ascii(Thread& thread, Str* text, Str* errors);
Result<Bytes*> encode_utf16(Thread& thread, Str* text, Str* errors, TextOrder order);
Result<Bytes*> encode_utf32(Thread& thread, Str* text, Str* errors, TextOrder order);
Result<Bytes*> encode_utf7(Thread& thread, Str* text, Str* errors);
Result<Bytes*> encode_unicode_escape(Thread& thread, Str* text);
Result<Bytes*> encode_raw_unicode_escape(Thread& thread, Str* text);
Result<Bytes*> encode_charmap(Thread& thread, Str* text, Value mapping, Str* errors);
Result<Str*> decode_utf8_stateful(Thread& thread, const CodecInput& input, Str* errors, usize* consumed);
Result<Str*> decode_latin1(Thread& thread, const CodecInput& input);
Result<Str*> decode_ascii(Thread& thread, const CodecInput& input, Str* errors);
// *order: in, the order wanted; out, the one found by a byte order mark (kNative input only).
Result<Str*> decode_utf16(Thread& thread, const CodecInput& input, Str* errors, TextOrder* order, usize* consumed);
Result<Str*> decode_utf32(Thread& thread, const CodecInput& input, Str* errors, TextOrder* order, usize* consumed);
Result<Str*> decode_utf7(Thread& thread, const CodecInput& input, Str* errors, usize* consumed);
Result<Str*> decode_unicode_escape(Thread& thread, const CodecInput& input, Str* errors, usize* consumed);
Result<Str*> decode_raw_unicode_escape(Thread& thread, const CodecInput& input, Str* errors, usize* consumed);
Result<Str*> decode_charmap(Thread& thread, const CodecInput& input, Value mapping, Str* errors);
// String-literal escapes on bytes (codecs.escape_decode, pickle protocol 0).
Result<Bytes*> decode_bytes_escape(Thread& thread, const CodecInput& input, Str* errors);
Result<Value> build_encoding_map(Thread& thread, Str* decoding_table);  // codecs.charmap_build

}  // namespace baton
