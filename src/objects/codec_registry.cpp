// The codec registry, and str.encode / bytes.decode with their shortcuts for the common encodings.
#include "base/unicode.h"
#include "objects/codec_errors.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static Root<List>* search_path = nullptr;   // search functions
static Root<Dict>* lookup_cache = nullptr;  // normalised name -> CodecInfo
static bool loading_encodings = false;

static Result<void> ensure_registry(Thread& thread) {
  if (!search_path) {
    search_path = new Root<List>(TRY(make_list(thread)));
    lookup_cache = new Root<Dict>(TRY(make_dict(thread)));
  }
  if (search_path->get()->length() == 0 && !loading_encodings) {
    loading_encodings = true;  // the package registers its search function
    Result<Value> module = import_module(thread, "encodings");
    loading_encodings = false;
    if (module.is_failed()) return failed;
  }
  return ok;
}

Result<void> codec_register(Thread& thread, Value search_function) {
  if (!is_callable(search_function)) return raise_type_error(thread, "argument must be callable");
  bool was_loading = loading_encodings;
  loading_encodings = true;  // being called from the package itself: don't import it again
  Result<void> ready = ensure_registry(thread);
  loading_encodings = was_loading;
  if (ready.is_failed()) return failed;
  return list_append(thread, search_path->get(), search_function);
}

Result<void> codec_unregister(Thread& thread, Value search_function) {
  if (!search_path) return ok;
  List* list = search_path->get();
  for (Index i = 0; i < list->length(); ++i) {
    if (!(list->try_at(i) == search_function)) continue;
    dict_clear_all(thread, lookup_cache->get());
    RootVector kept;
    for (Index j = 0; j < list->length(); ++j)
      if (j != i) kept.push(list->try_at(j));
    search_path->set(TRY(make_list(thread, kept.data(), static_cast<Index>(kept.size()))));
    return ok;
  }
  return ok;
}

// Lower case; runs of anything but ASCII letters, digits and dots become one underscore between them.
static Result<Str*> normalise(Thread& thread, Str* encoding) {
  StrBuilder out;
  bool gap = false;
  for (Index i = 0; i < encoding->length(); ++i) {
    u32 ch = encoding->at(i);
    if (ch == 0) return raise_value_error(thread, "embedded null character");
    bool keep = ch < 128 && (byte_is_alpha(static_cast<u8>(ch)) || byte_is_digit(static_cast<u8>(ch)) || ch == '.');
    if (!keep) {
      gap = true;
      continue;
    }
    if (gap && out.length()) out.append('_');
    gap = false;
    out.append(ascii_to_lower(static_cast<u8>(ch)));
  }
  return out.build(thread);
}

Result<Tuple*> codec_lookup(Thread& thread, Str* encoding) {
  TRY(ensure_registry(thread));
  Value owner;
  if (!encoding->is_ascii()) TRY(str_utf8(thread, encoding, &owner));  // a name with lone surrogates is no name
  Str* name = TRY(normalise(thread, encoding));
  Value cached = TRY(dict_find(thread, lookup_cache->get(), name));
  if (!(cached == kNotFound)) return cached.as<Tuple>();
  List* list = search_path->get();
  if (list->length() == 0) return raise_lookup_error(thread, "no codec search functions registered: can't find encoding");
  for (Index i = 0; i < list->length(); ++i) {
    Value search = list->try_at(i);
    if (search.is_absent()) break;
    Value found = TRY(call(thread, search, Value(name)));
    if (found.is_none()) continue;
    Tuple* info = cast<Tuple>(found);
    if (!info || info->length() != 4) return raise_type_error(thread, "codec search functions must return 4-tuples");
    TRY(dict_set(thread, lookup_cache->get(), name, found));
    return info;
  }
  return raise_lookup_error(thread, "unknown encoding: {}", encoding);
}

// --- calling codecs

// Does the exception's type construct from one message without surprises, and is there nothing in the instance that would get
// lost?
static NativeEntry native_entry(Value slot) {
  if (is<MethodDescriptor>(slot)) return slot.as<MethodDescriptor>()->def()->entry;
  if (is<NativeFunction>(slot)) return slot.as<NativeFunction>()->def()->entry;
  return nullptr;
}

static bool same_slot(Type* type, Slot slot) {
  Value own = type->slot(slot), base = exceptions.BaseException->slot(slot);
  return own == base || (native_entry(own) && native_entry(own) == native_entry(base));
}

static Result<bool> can_rewrap(Thread& thread, Exception* exception) {
  Type* type = type_of(exception);
  if (!same_slot(type, Slot::new_) || !same_slot(type, Slot::init)) return false;
  Tuple* args = exception->args();
  if (args->length() > 1 || (args->length() == 1 && !is<Str>(args->at(0)))) return false;
  Dict* attributes = TRY(instance_attributes_copy(thread, exception));
  return attributes->length() == 0;
}

// Turns a codec's failure into one that names the codec, with the original as its cause.
static Failed wrap_codec_error(Thread& thread, const char* operation, Str* encoding) {
  Exception* original = thread.take_pending();
  Result<bool> can = can_rewrap(thread, original);
  if (can.is_failed()) return failed;
  if (!can.value()) {
    thread.set_pending(original);
    return failed;
  }
  Result<Str*> text = str_of(thread, original);
  if (text.is_failed()) return failed;
  Result<Str*> message =
      format_message(thread, "{} with '{}' codec failed ({!t}: {})", operation, encoding, Value(original), text.value());
  if (message.is_failed()) return failed;
  Result<Value> wrapped = call(thread, Value(type_of(original)), Value(message.value()));
  if (wrapped.is_failed()) return failed;
  return raise_object_from(thread, wrapped.value(), original);
}

static Result<Value> run_codec(Thread& thread, Tuple* info, Index which, Value object, Str* encoding, Str* errors) {
  const char* operation = which == 0 ? "encoding" : "decoding";
  Result<Value> result = errors ? call(thread, info->at(which), object, Value(errors)) : call(thread, info->at(which), object);
  if (result.is_failed()) return wrap_codec_error(thread, operation, encoding);
  Tuple* tuple = cast<Tuple>(result.value());
  if (!tuple || tuple->length() != 2) {
    return raise_type_error(
        thread, which == 0 ? "encoder must return a tuple (object, integer)" : "decoder must return a tuple (object,integer)");
  }
  return tuple->at(0);
}

Result<Value> codec_encode_any(Thread& thread, Value object, Str* encoding, Str* errors) {
  return run_codec(thread, TRY(codec_lookup(thread, encoding)), 0, object, encoding, errors);
}

Result<Value> codec_decode_any(Thread& thread, Value object, Str* encoding, Str* errors) {
  return run_codec(thread, TRY(codec_lookup(thread, encoding)), 1, object, encoding, errors);
}

static Result<Value> make_incremental(Thread& thread, Str* encoding, Str* errors, const char* attribute) {
  Tuple* info = TRY(codec_lookup(thread, encoding));
  Value factory = TRY(get_attr_ascii(thread, info, attribute));
  if (errors) return call(thread, factory, Value(errors));
  return call(thread, factory);
}
Result<Value> codec_incremental_encoder(Thread& thread, Str* encoding, Str* errors) {
  return make_incremental(thread, encoding, errors, "incrementalencoder");
}
Result<Value> codec_incremental_decoder(Thread& thread, Str* encoding, Str* errors) {
  return make_incremental(thread, encoding, errors, "incrementaldecoder");
}

// CodecInfo of a text encoding: str to bytes and back.
static Result<Tuple*> lookup_text_encoding(Thread& thread, Str* encoding, const char* alternative) {
  Tuple* info = TRY(codec_lookup(thread, encoding));
  if (is_exact<Tuple>(Value(info))) return info;
  Value flag = TRY(find_attr(thread, info, intern(thread, "_is_text_encoding")));
  if (!(flag == kNotFound) && !TRY(truth(thread, flag))) {
    return raise_lookup_error(thread, "'{}' is not a text encoding; use {} to handle arbitrary codecs", encoding, alternative);
  }
  return info;
}

// --- text conversions

enum class KnownEncoding : u8 { Other, Utf8, Latin1, Ascii, Utf16, Utf16Le, Utf16Be, Utf32, Utf32Le, Utf32Be };

// The encodings that need no registered codec. Names count without their case; whatever is between letters and digits is one
// separator, and behind them nothing.
static KnownEncoding known_encoding(Str* encoding) {
  if (!encoding) return KnownEncoding::Utf8;
  char name[11];
  usize n = 0;
  if (!encoding->is_ascii()) return KnownEncoding::Other;
  bool separated = false;
  for (Index i = 0; i < encoding->length(); ++i) {
    u8 ch = encoding->data1()[i];
    u8 lower = ascii_to_lower(ch);
    bool is_letter = lower >= 'a' && lower <= 'z', is_digit = ch >= '0' && ch <= '9';
    if (!is_letter && !is_digit && ch != '.') {
      separated = true;
      continue;
    }
    if (n + 2 > sizeof name) return KnownEncoding::Other;
    if (separated && n) name[n++] = '_';
    separated = false;
    name[n++] = static_cast<char>(lower);
  }
  std::string_view text(name, n);
  static constexpr struct {
    std::string_view name;
    KnownEncoding encoding;
  } kTable[] = {
      {"utf_8", KnownEncoding::Utf8},        {"utf8", KnownEncoding::Utf8},         {"ascii", KnownEncoding::Ascii},
      {"us_ascii", KnownEncoding::Ascii},    {"latin1", KnownEncoding::Latin1},     {"latin_1", KnownEncoding::Latin1},
      {"iso_8859_1", KnownEncoding::Latin1}, {"iso8859_1", KnownEncoding::Latin1},  {"utf_16", KnownEncoding::Utf16},
      {"utf16", KnownEncoding::Utf16},       {"utf_16_le", KnownEncoding::Utf16Le}, {"utf_16_be", KnownEncoding::Utf16Be},
      {"utf_32", KnownEncoding::Utf32},      {"utf32", KnownEncoding::Utf32},       {"utf_32_le", KnownEncoding::Utf32Le},
      {"utf_32_be", KnownEncoding::Utf32Be},
  };
  for (auto& row : kTable)
    if (row.name == text) return row.encoding;
  return KnownEncoding::Other;
}

// Errors of those that CPython has registered name the codec.
template <class T>
static Result<T> as_registered(Thread& thread, const char* operation, Str* encoding, Result<T> result) {
  if (result.is_failed()) return wrap_codec_error(thread, operation, encoding);
  return result;
}

static Result<Bytes*> encode_registered(Thread& thread, Str* text, Str* encoding, Str* errors) {
  Tuple* info = TRY(lookup_text_encoding(thread, encoding, "codecs.encode()"));
  Value encoded = TRY(run_codec(thread, info, 0, text, encoding, errors));
  if (is<Bytes>(encoded)) return encoded.as<Bytes>();
  if (is<ByteArray>(encoded)) {
    Str* message = TRY(format_message(
        thread, "encoder {} returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types", encoding));
    Value owner;
    TRY(warn(thread, exceptions.RuntimeWarning, str_utf8_lossy(thread, message, &owner)));
    return bytes_from_object(thread, encoded);
  }
  return raise_type_error(thread,
                          "'{}' encoder returned '{!t}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
                          encoding, encoded);
}

bool codecs_check_names = false;

static Result<void> check_names(Thread& thread, Str* encoding, Str* errors) {
  if (!codecs_check_names || runtime.finalizing) return ok;
  if (encoding && known_encoding(encoding) == KnownEncoding::Other) (void)TRY(codec_lookup(thread, encoding));
  if (errors) (void)TRY(find_error_handler(thread, errors));
  return ok;
}

Result<Bytes*> encode_text(Thread& thread, Str* text, Str* encoding, Str* errors) {
  TRY(check_names(thread, encoding, errors));
  switch (known_encoding(encoding)) {
    case KnownEncoding::Utf8: return encode_utf8(thread, text, errors);
    case KnownEncoding::Latin1: return encode_latin1(thread, text, errors);
    case KnownEncoding::Ascii: return encode_ascii(thread, text, errors);
    case KnownEncoding::Utf16: return encode_utf16(thread, text, errors, TextOrder::kNative);
    case KnownEncoding::Utf16Le:
      return as_registered(thread, "encoding", encoding, encode_utf16(thread, text, errors, TextOrder::kLittle));
    case KnownEncoding::Utf16Be:
      return as_registered(thread, "encoding", encoding, encode_utf16(thread, text, errors, TextOrder::kBig));
    case KnownEncoding::Utf32: return encode_utf32(thread, text, errors, TextOrder::kNative);
    case KnownEncoding::Utf32Le:
      return as_registered(thread, "encoding", encoding, encode_utf32(thread, text, errors, TextOrder::kLittle));
    case KnownEncoding::Utf32Be:
      return as_registered(thread, "encoding", encoding, encode_utf32(thread, text, errors, TextOrder::kBig));
    case KnownEncoding::Other: break;
  }
  return encode_registered(thread, text, encoding, errors);
}

static Result<Str*> decode_registered(Thread& thread, const u8* data, usize n, Value owner, Str* encoding, Str* errors) {
  Tuple* info = TRY(lookup_text_encoding(thread, encoding, "codecs.decode()"));
  Value object = owner;
  if (!is<Bytes>(object)) object = TRY(bytes_from(thread, data, n));
  Value decoded = TRY(run_codec(thread, info, 1, object, encoding, errors));
  if (is<Str>(decoded)) return decoded.as<Str>();
  return raise_type_error(thread,
                          "'{}' decoder returned '{!t}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
                          encoding, decoded);
}

Result<Str*> decode_text(Thread& thread, const u8* data, usize n, Value owner, Str* encoding, Str* errors) {
  TRY(check_names(thread, encoding, errors));
  if (n == 0 && known_encoding(encoding) == KnownEncoding::Other) return names.empty;
  CodecInput input{data, n, owner};
  TextOrder order;
  switch (known_encoding(encoding)) {
    case KnownEncoding::Utf8: return decode_utf8_stateful(thread, input, errors, nullptr);
    case KnownEncoding::Latin1: return decode_latin1(thread, input);
    case KnownEncoding::Ascii: return decode_ascii(thread, input, errors);
    case KnownEncoding::Utf16: order = TextOrder::kNative; return decode_utf16(thread, input, errors, &order, nullptr);
    case KnownEncoding::Utf16Le:
      order = TextOrder::kLittle;
      return as_registered(thread, "decoding", encoding, decode_utf16(thread, input, errors, &order, nullptr));
    case KnownEncoding::Utf16Be:
      order = TextOrder::kBig;
      return as_registered(thread, "decoding", encoding, decode_utf16(thread, input, errors, &order, nullptr));
    case KnownEncoding::Utf32: order = TextOrder::kNative; return decode_utf32(thread, input, errors, &order, nullptr);
    case KnownEncoding::Utf32Le:
      order = TextOrder::kLittle;
      return as_registered(thread, "decoding", encoding, decode_utf32(thread, input, errors, &order, nullptr));
    case KnownEncoding::Utf32Be:
      order = TextOrder::kBig;
      return as_registered(thread, "decoding", encoding, decode_utf32(thread, input, errors, &order, nullptr));
    case KnownEncoding::Other: break;
  }
  return decode_registered(thread, data, n, owner, encoding, errors);
}

static Str* surrogateescape_name(Thread& thread) {
  static Str* name = nullptr;  // interned: lives as long as the process
  if (!name) name = intern(thread, "surrogateescape");
  return name;
}

bool file_system_is_ascii = false;
Result<Bytes*> encode_file_system(Thread& thread, Str* text) {
  Str* errors = surrogateescape_name(thread);
  return file_system_is_ascii ? encode_ascii(thread, text, errors) : encode_utf8(thread, text, errors);
}
Result<Str*> decode_file_system(Thread& thread, std::string_view text) {
  Str* errors = surrogateescape_name(thread);
  auto* data = reinterpret_cast<const u8*>(text.data());
  if (file_system_is_ascii) return decode_ascii(thread, {data, text.size(), Value()}, errors);
  return decode_utf8(thread, data, text.size(), errors);
}

}  // namespace baton
