// Error handlers: the built-in ones, as functions on ranges of text or bytes, and as the callables that codecs.lookup_error gives
// out.
#include "objects/codec_errors.h"

#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static Root<Dict>* error_registry = nullptr;  // name -> callable, the built-in ones included
static bool overridden[9] = {};               // built-in modes whose name was registered anew

static constexpr const char* kModeNames[] = {"strict",           "ignore",      "replace",         "xmlcharrefreplace",
                                             "backslashreplace", "namereplace", "surrogateescape", "surrogatepass"};

static ErrorMode mode_of_name(Str* name) {
  for (u32 i = 0; i < 8; ++i)
    if (str_equals_ascii(name, kModeNames[i])) return static_cast<ErrorMode>(i);
  return ErrorMode::Registered;
}

ErrorMode error_mode(Str* errors) {
  if (!errors) return ErrorMode::Strict;
  ErrorMode mode = mode_of_name(errors);
  return overridden[static_cast<u8>(mode)] ? ErrorMode::Registered : mode;
}

bool append_narrow(ByteBuilder& out, const Str* text, u32 limit) {
  for (Index i = 0; i < text->length(); ++i) {
    u32 ch = text->at(i);
    if (ch >= limit || !out.push(static_cast<u8>(ch))) return false;
  }
  return true;
}

// --- replacements of the built-in handlers

static void append_hex(StrBuilder& out, u32 ch) {
  int digits = ch < 0x100 ? 2 : ch < 0x10000 ? 4 : 8;
  out.append_ascii(ch < 0x100 ? "\\x" : ch < 0x10000 ? "\\u" : "\\U");
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.append(static_cast<u8>("0123456789abcdef"[(ch >> shift) & 15]));
}

static void append_name(StrBuilder& out, u32 ch) {
  char name[kUnicodeNameMax];
  usize n = unicode_name(ch, name);
  if (n == 0) return append_hex(out, ch);
  out.append_ascii("\\N{");
  out.append_ascii({name, n});
  out.append('}');
}

static void append_char_reference(StrBuilder& out, u32 ch) {
  char digits[12];
  int n = 0;
  do digits[n++] = static_cast<char>('0' + ch % 10);
  while (ch /= 10);
  out.append_ascii("&#");
  while (n) out.append(static_cast<u8>(digits[--n]));
  out.append(';');
}

// Replacement text of a range for the handlers that write ASCII text.
static Result<Str*> textual_replacement(Thread& thread, ErrorMode mode, Str* object, Index start, Index end) {
  StrBuilder out;
  for (Index i = start; i < end; ++i) {
    u32 ch = object->at(i);
    switch (mode) {
      case ErrorMode::Replace: out.append('?'); break;
      case ErrorMode::XmlCharRef: append_char_reference(out, ch); break;
      case ErrorMode::Backslash: append_hex(out, ch); break;
      case ErrorMode::Name: append_name(out, ch); break;
      default: break;  // Ignore: nothing
    }
  }
  return out.build(thread);
}

// --- surrogatepass: which encoding a name means

struct SurrogateForm {
  enum Kind { None, Utf8, Utf16Le, Utf16Be, Utf32Le, Utf32Be } kind = None;
  Index bytes = 0;
};

static SurrogateForm surrogate_form(std::string_view name) {
  auto lower_at = [&](usize i) -> char {
    return i < name.size() ? static_cast<char>(ascii_to_lower(static_cast<u8>(name[i]))) : 0;
  };
  if (lower_at(0) != 'u' || lower_at(1) != 't' || lower_at(2) != 'f') {
    return name == "CP_UTF8" || name == "cp65001" ? SurrogateForm{SurrogateForm::Utf8, 3} : SurrogateForm{};
  }
  usize i = 3;
  if (lower_at(i) == '-' || lower_at(i) == '_') ++i;
  if (lower_at(i) == '8' && i + 1 == name.size()) return {SurrogateForm::Utf8, 3};
  bool wide;
  if (lower_at(i) == '1' && lower_at(i + 1) == '6')
    wide = false;
  else if (lower_at(i) == '3' && lower_at(i + 1) == '2')
    wide = true;
  else
    return {};
  i += 2;
  bool big = false;
  if (i < name.size()) {
    if (lower_at(i) == '-' || lower_at(i) == '_') ++i;
    if (i + 2 != name.size() || lower_at(i + 1) != 'e' || (lower_at(i) != 'l' && lower_at(i) != 'b')) return {};
    big = lower_at(i) == 'b';
  }
  if (wide) return {big ? SurrogateForm::Utf32Be : SurrogateForm::Utf32Le, 4};
  return {big ? SurrogateForm::Utf16Be : SurrogateForm::Utf16Le, 2};
}

static void put_surrogate(SurrogateForm::Kind kind, u32 ch, u8* out) {
  u8 low = static_cast<u8>(ch), high = static_cast<u8>(ch >> 8);
  switch (kind) {
    case SurrogateForm::Utf8:
      out[0] = static_cast<u8>(0xE0 | ch >> 12);
      out[1] = static_cast<u8>(0x80 | ((ch >> 6) & 0x3F));
      out[2] = static_cast<u8>(0x80 | (ch & 0x3F));
      break;
    case SurrogateForm::Utf16Le: out[0] = low, out[1] = high; break;
    case SurrogateForm::Utf16Be: out[0] = high, out[1] = low; break;
    case SurrogateForm::Utf32Le: out[0] = low, out[1] = high, out[2] = out[3] = 0; break;
    case SurrogateForm::Utf32Be: out[0] = out[1] = 0, out[2] = high, out[3] = low; break;
    case SurrogateForm::None: break;
  }
}

// The surrogate at data[start], 0 if there is none in this form.
static u32 get_surrogate(SurrogateForm form, const u8* p, Index left) {
  if (left < form.bytes) return 0;
  u32 ch = 0;
  switch (form.kind) {
    case SurrogateForm::Utf8:
      if ((p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80)
        ch = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
      break;
    case SurrogateForm::Utf16Le: ch = p[0] | p[1] << 8; break;
    case SurrogateForm::Utf16Be: ch = p[1] | p[0] << 8; break;
    case SurrogateForm::Utf32Le: ch = p[0] | p[1] << 8 | p[2] << 16 | static_cast<u32>(p[3]) << 24; break;
    case SurrogateForm::Utf32Be: ch = p[3] | p[2] << 8 | p[1] << 16 | static_cast<u32>(p[0]) << 24; break;
    case SurrogateForm::None: break;
  }
  return is_surrogate(ch) ? ch : 0;
}

// Bytes of the leading characters of [start, end) that the handler can pass; *done: how many.
static Result<Bytes*> pass_surrogates(Thread& thread, std::string_view encoding, Str* object, Index start, Index end,
                                      Index* done) {
  SurrogateForm form = surrogate_form(encoding);
  ByteBuilder out;
  *done = 0;
  if (form.kind != SurrogateForm::None) {
    Index i = start;
    for (; i < end && is_surrogate(object->at(i)); ++i) {
      u8 bytes[4];
      put_surrogate(form.kind, object->at(i), bytes);
      if (!out.append(bytes, static_cast<usize>(form.bytes))) return raise_memory_error(thread);
    }
    *done = i == end ? end - start : 0;  // all or nothing
  }
  return bytes_from(thread, out.data(), out.size());
}

static Result<Bytes*> escape_surrogates(Thread& thread, Str* object, Index start, Index end, Index* done) {
  ByteBuilder out;
  Index i = start;
  for (; i < end; ++i) {
    u32 ch = object->at(i);
    if (ch < 0xDC80 || ch > 0xDCFF) break;
    if (!out.push(static_cast<u8>(ch - 0xDC00))) return raise_memory_error(thread);
  }
  *done = i - start;
  return bytes_from(thread, out.data(), out.size());
}

// Decoding: at most four bytes beyond ASCII become lone surrogates. 0: none.
static Index escape_bytes(const u8* data, Index start, Index end, u32 (&out)[4]) {
  Index n = 0;
  while (n < 4 && start + n < end && data[start + n] >= 0x80) {
    out[n] = 0xDC00u + data[start + n];
    ++n;
  }
  return n;
}

// --- encoding

// What a handler returned: (replacement, position).
static Result<EncodeErrors::Repair> check_encode_repair(Thread& thread, Value result, Index length) {
  Tuple* tuple = cast<Tuple>(result);
  if (!tuple || tuple->length() != 2 || (!is<Str>(tuple->at(0)) && !is<Bytes>(tuple->at(0))) || !is_int(tuple->at(1))) {
    return raise_type_error(thread, "encoding error handler must return (str/bytes, int) tuple");
  }
  Index position = TRY(to_index_checked(thread, tuple->at(1)));
  if (position < 0) position += length;
  if (position < 0 || position > length)
    return raise_index_error(thread, "position {} from error handler out of bounds", position);
  return EncodeErrors::Repair{tuple->at(0), position};
}

Result<EncodeErrors::Repair> EncodeErrors::handle(Index start, Index end, const char* reason) {
  Index done = 0;
  switch (mode_) {
    case ErrorMode::Strict: return raise(start, end, reason);
    case ErrorMode::Ignore:
    case ErrorMode::Replace:
    case ErrorMode::XmlCharRef:
    case ErrorMode::Backslash:
    case ErrorMode::Name: return Repair{TRY(textual_replacement(thread_, mode_, object_, start, end)), end};
    case ErrorMode::SurrogateEscape: {
      Bytes* bytes = TRY(escape_surrogates(thread_, object_, start, end, &done));
      if (!done) return raise(start, end, reason);
      return Repair{bytes, start + done};
    }
    case ErrorMode::SurrogatePass: {
      Bytes* bytes = TRY(pass_surrogates(thread_, encoding_, object_, start, end, &done));
      if (!done) return raise(start, end, reason);
      return Repair{bytes, start + done};
    }
    case ErrorMode::Registered: break;
  }
  if (handler_.is_absent()) handler_ = TRY(find_error_handler(thread_, errors_));
  Str* encoding = TRY(str_from_utf8(thread_, encoding_));
  Str* reason_text = TRY(str_from_utf8(thread_, reason));
  Value exception = TRY(call(thread_, Value(exceptions.UnicodeEncodeError), Value(encoding), Value(object_),
                             Value::of_small_int(start), Value::of_small_int(end), Value(reason_text)));
  Value result = TRY(call(thread_, handler_, exception));
  return check_encode_repair(thread_, result, object_->length());
}

// --- decoding

Result<Value> DecodeErrors::object() {
  if (is<Bytes>(input_.owner)) return input_.owner;
  input_.owner = TRY(bytes_from(thread_, input_.data, input_.size));
  return input_.owner;
}

Failed DecodeErrors::raise(Index start, Index end, const char* reason) {
  Result<Value> bytes = object();
  if (bytes.is_failed()) return failed;
  return raise_unicode_decode_error(thread_, encoding_, bytes.value(), start, end, reason);
}

Result<void> DecodeErrors::call_handler(Index start, Index end, const char* reason, StrBuilder& out, Index* position) {
  if (handler_.is_absent()) handler_ = TRY(find_error_handler(thread_, errors_));
  Value bytes = TRY(object());
  Str* encoding = TRY(str_from_utf8(thread_, encoding_));
  Str* reason_text = TRY(str_from_utf8(thread_, reason));
  Value exception = TRY(call(thread_, Value(exceptions.UnicodeDecodeError), Value(encoding), bytes, Value::of_small_int(start),
                             Value::of_small_int(end), Value(reason_text)));
  Value result = TRY(call(thread_, handler_, exception));
  Tuple* tuple = cast<Tuple>(result);
  if (!tuple || tuple->length() != 2 || !is<Str>(tuple->at(0)) || !is_int(tuple->at(1))) {
    return raise_type_error(thread_, "decoding error handler must return (str, int) tuple");
  }
  Index at = TRY(to_index_checked(thread_, tuple->at(1)));
  Value exchanged = TRY(get_attr_ascii(thread_, exception, "object"));
  if (!is<Bytes>(exchanged)) return raise_type_error(thread_, "exception attribute object must be bytes");
  input_.owner = exchanged;
  input_.data = exchanged.as<Bytes>()->data();
  input_.size = static_cast<usize>(exchanged.as<Bytes>()->length());
  if (at < 0) at += size();
  if (at < 0 || at > size()) return raise_index_error(thread_, "position {} from error handler out of bounds", at);
  out.append(tuple->at(0).as<Str>());
  *position = at;
  return ok;
}

Result<void> DecodeErrors::handle(Index start, Index end, const char* reason, StrBuilder& out, Index* position) {
  switch (mode_) {
    case ErrorMode::Ignore: break;
    case ErrorMode::Replace: out.append(0xFFFD); break;
    case ErrorMode::Backslash:
      for (Index i = start; i < end; ++i) append_hex(out, input_.data[i]);
      break;
    case ErrorMode::SurrogateEscape: {
      u32 escaped[4];
      Index n = escape_bytes(input_.data, start, end, escaped);
      if (!n) return raise(start, end, reason);
      for (Index i = 0; i < n; ++i) out.append(escaped[i]);
      *position = start + n;
      return ok;
    }
    case ErrorMode::SurrogatePass: {
      SurrogateForm form = surrogate_form(encoding_);
      u32 ch = form.kind == SurrogateForm::None ? 0 : get_surrogate(form, input_.data + start, size() - start);
      if (!ch) return raise(start, end, reason);
      out.append(ch);
      *position = start + form.bytes;
      return ok;
    }
    case ErrorMode::Strict: return raise(start, end, reason);
    case ErrorMode::XmlCharRef:
    case ErrorMode::Name: return raise_type_error(thread_, "don't know how to handle UnicodeDecodeError in error callback");
    case ErrorMode::Registered: return call_handler(start, end, reason, out, position);
  }
  *position = end;
  return ok;
}

// --- the callables

// The range and object of a Unicode error, clipped to the object as CPython's accessors do.
struct ErrorRange {
  Value object;
  Index start = 0, end = 0;
  enum { Encode, Decode, Translate } kind = Encode;
};

static Result<Index> integer_attribute(Thread& thread, Value exception, const char* name) {
  return to_index_checked(thread, TRY(get_attr_ascii(thread, exception, name)));
}

static Failed raise_unhandled(Thread& thread, Value exception) {
  return raise_type_error(thread, "don't know how to handle {!t} in error callback", exception);
}

static Result<ErrorRange> error_range(Thread& thread, Value exception) {
  ErrorRange range;
  if (is_instance_of_type(exception, exceptions.UnicodeEncodeError))
    range.kind = ErrorRange::Encode;
  else if (is_instance_of_type(exception, exceptions.UnicodeDecodeError))
    range.kind = ErrorRange::Decode;
  else if (is_instance_of_type(exception, exceptions.UnicodeTranslateError))
    range.kind = ErrorRange::Translate;
  else
    return raise_unhandled(thread, exception);
  range.object = TRY(get_attr_ascii(thread, exception, "object"));
  Index size;
  if (range.kind == ErrorRange::Decode) {
    if (!is<Bytes>(range.object)) return raise_type_error(thread, "object attribute must be bytes");
    size = range.object.as<Bytes>()->length();
  } else {
    if (!is<Str>(range.object)) return raise_type_error(thread, "object attribute must be unicode");
    size = range.object.as<Str>()->length();
  }
  range.start = TRY(integer_attribute(thread, exception, "start"));
  range.end = TRY(integer_attribute(thread, exception, "end"));
  if (range.start >= size) range.start = size - 1;
  if (range.start < 0) range.start = 0;
  if (range.end < 1) range.end = 1;
  if (range.end > size) range.end = size;
  if (range.start > range.end) range.start = range.end;
  return range;
}

static Result<Value> repair_tuple(Thread& thread, Value replacement, Index position) {
  return TRY(tuple_of(thread, replacement, TRY(int_from_i64(thread, position))));
}

static Result<Value> strict_errors(Thread& thread, Value exception) {
  if (!is<Exception>(exception)) return raise_type_error(thread, "codec must pass exception instance");
  return raise_object(thread, exception);
}

static Result<Value> ignore_errors(Thread& thread, Value exception) {
  ErrorRange range = TRY(error_range(thread, exception));
  return repair_tuple(thread, names.empty, range.end);
}

static Result<Value> replace_errors(Thread& thread, Value exception) {
  ErrorRange range = TRY(error_range(thread, exception));
  StrBuilder out;
  if (range.kind == ErrorRange::Encode)
    out.append_repeated('?', range.end - range.start);
  else if (range.kind == ErrorRange::Decode)
    out.append(0xFFFD);
  else
    out.append_repeated(0xFFFD, range.end - range.start);
  return repair_tuple(thread, TRY(out.build(thread)), range.end);
}

static Result<Value> xmlcharrefreplace_errors(Thread& thread, Value exception) {
  if (!is_instance_of_type(exception, exceptions.UnicodeEncodeError)) return raise_unhandled(thread, exception);
  ErrorRange range = TRY(error_range(thread, exception));
  return repair_tuple(
      thread, TRY(textual_replacement(thread, ErrorMode::XmlCharRef, range.object.as<Str>(), range.start, range.end)), range.end);
}

static Result<Value> backslashreplace_errors(Thread& thread, Value exception) {
  ErrorRange range = TRY(error_range(thread, exception));
  if (range.kind != ErrorRange::Decode) {
    return repair_tuple(thread,
                        TRY(textual_replacement(thread, ErrorMode::Backslash, range.object.as<Str>(), range.start, range.end)),
                        range.end);
  }
  StrBuilder out;
  for (Index i = range.start; i < range.end; ++i) append_hex(out, range.object.as<Bytes>()->data()[i]);
  return repair_tuple(thread, TRY(out.build(thread)), range.end);
}

static Result<Value> namereplace_errors(Thread& thread, Value exception) {
  if (!is_instance_of_type(exception, exceptions.UnicodeEncodeError)) return raise_unhandled(thread, exception);
  ErrorRange range = TRY(error_range(thread, exception));
  return repair_tuple(thread, TRY(textual_replacement(thread, ErrorMode::Name, range.object.as<Str>(), range.start, range.end)),
                      range.end);
}

static Result<Value> surrogateescape_errors(Thread& thread, Value exception) {
  ErrorRange range = TRY(error_range(thread, exception));
  if (range.kind == ErrorRange::Encode) {
    Index done;
    Bytes* bytes = TRY(escape_surrogates(thread, range.object.as<Str>(), range.start, range.end, &done));
    if (done != range.end - range.start) return raise_object(thread, exception);
    return repair_tuple(thread, bytes, range.end);
  }
  if (range.kind == ErrorRange::Translate) return raise_unhandled(thread, exception);
  u32 escaped[4];
  Index n = escape_bytes(range.object.as<Bytes>()->data(), range.start, range.end, escaped);
  if (!n) return raise_object(thread, exception);
  return repair_tuple(thread, TRY(str_from_units(thread, escaped, n, 4)), range.start + n);
}

static Result<Value> surrogatepass_errors(Thread& thread, Value exception) {
  ErrorRange range = TRY(error_range(thread, exception));
  if (range.kind == ErrorRange::Translate) return raise_unhandled(thread, exception);
  Value encoding = TRY(get_attr_ascii(thread, exception, "encoding"));
  if (!is<Str>(encoding)) return raise_type_error(thread, "encoding attribute must be unicode");
  Value owner;
  std::string_view name = TRY(str_utf8(thread, encoding.as<Str>(), &owner));
  if (range.kind == ErrorRange::Encode) {
    Index done;
    Bytes* bytes = TRY(pass_surrogates(thread, name, range.object.as<Str>(), range.start, range.end, &done));
    if (!done) return raise_object(thread, exception);
    return repair_tuple(thread, bytes, range.end);
  }
  SurrogateForm form = surrogate_form(name);
  Bytes* bytes = range.object.as<Bytes>();
  u32 ch = form.kind == SurrogateForm::None ? 0 : get_surrogate(form, bytes->data() + range.start, bytes->length() - range.start);
  if (!ch) return raise_object(thread, exception);
  return repair_tuple(thread, TRY(str_from_code_point(thread, ch)), range.start + form.bytes);
}

static constinit NativeDef error_handlers[] = {
    native<strict_errors>("strict_errors(exception, /)",
                          "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."),
    native<ignore_errors>("ignore_errors(exception, /)",
                          "Implements the 'ignore' error handling, which ignores malformed data and continues."),
    native<replace_errors>("replace_errors(exception, /)",
                           "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."),
    native<xmlcharrefreplace_errors>("xmlcharrefreplace_errors(exception, /)",
                                     "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character "
                                     "with the appropriate XML character reference."),
    native<backslashreplace_errors>(
        "backslashreplace_errors(exception, /)",
        "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence."),
    native<namereplace_errors>(
        "namereplace_errors(exception, /)",
        "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence."),
    native<surrogateescape_errors>("surrogateescape(exception, /)"),
    native<surrogatepass_errors>("surrogatepass(exception, /)"),
};

static Result<Dict*> registry(Thread& thread) {
  if (error_registry) return error_registry->get();
  Dict* dict = TRY(make_dict(thread));
  for (u32 i = 0; i < 8; ++i) {
    Value handler = TRY(make<NativeFunction>(thread, &error_handlers[i], Value(), Value()));
    TRY(dict_set_ascii(thread, dict, kModeNames[i], handler));
  }
  error_registry = new Root<Dict>(dict);
  return dict;
}

Result<Value> find_error_handler(Thread& thread, Str* name) {
  Dict* dict = TRY(registry(thread));
  Value found = TRY(dict_find(thread, dict, TRY(str_exact(thread, name))));
  if (found == kNotFound) return raise_lookup_error(thread, "unknown error handler name '{}'", name);
  return found;
}

Result<Value> codec_lookup_error(Thread& thread, Str* name) { return find_error_handler(thread, name ? name : names.strict); }

Result<void> codec_register_error(Thread& thread, Str* name, Value handler) {
  if (!is_callable(handler)) return raise_type_error(thread, "handler must be callable");
  Dict* dict = TRY(registry(thread));
  TRY(dict_set(thread, dict, TRY(str_exact(thread, name)), handler));
  ErrorMode mode = mode_of_name(name);
  if (mode != ErrorMode::Registered) {
    bool own = is<NativeFunction>(handler) && handler.as<NativeFunction>()->def() == &error_handlers[static_cast<u8>(mode)];
    overridden[static_cast<u8>(mode)] = !own;
  }
  return ok;
}

}  // namespace baton
