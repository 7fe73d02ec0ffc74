// UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError: what failed, where, and why.
#include "objects/bytes.h"
#include "objects/exception_details.h"
#include "objects/numbers.h"
#include "objects/str.h"

namespace baton {

static Result<Value> get_position(Exception* e, u32 index) {
  Value v = detail_at(e, index);
  return v.is_present() ? v : Value::of_small_int(0);
}
template <u32 index>
static Result<Value> get_position_row(Thread&, Value self) {
  return get_position(self.as<Exception>(), index);
}
template <u32 index>
static Result<void> set_position_row(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete numeric/char attribute");
  if (!is_int(v)) return raise_type_error(thread, "an integer is required");
  i64 number;
  if (!int_to_i64(int_exact(v), &number)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
  return set_detail(thread, self.as<Exception>(), index, TRY(int_from_i64(thread, number)));
}

static i64 position(Exception* e, u32 index) {
  Value v = detail_at(e, index);
  i64 number = 0;
  if (v.is_present()) int_to_i64(v, &number);
  return number;
}

static Result<void> check_text(Thread& thread, Value v, int number) {
  if (is<Str>(v)) return ok;
  return raise_type_error(thread, "argument {} must be str, not {}", number, v.is_none() ? intern(thread, "None") : type_name(v));
}

static Result<void> count_arguments(Thread& thread, usize n, usize wanted) {
  if (n == wanted + 1) return ok;
  return raise_type_error(thread, "function takes exactly {} arguments ({} given)", static_cast<i64>(wanted),
                          static_cast<i64>(n) - 1);
}

static Result<void> set_range_and_reason(Thread& thread, Exception* e, Value const* args, int first_number) {
  i64 start, end;
  if (!convert_index(thread, args[0], &start) || !convert_index(thread, args[1], &end)) return failed;
  TRY(check_text(thread, args[2], first_number + 2));
  TRY(set_detail(thread, e, kUnicodeStart, TRY(int_from_i64(thread, start))));
  TRY(set_detail(thread, e, kUnicodeEnd, TRY(int_from_i64(thread, end))));
  return set_detail(thread, e, kUnicodeReason, args[2]);
}

static Result<Value> encode_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  TRY(count_arguments(thread, n, 5));
  TRY(check_text(thread, args[1], 1));
  TRY(check_text(thread, args[2], 2));
  TRY(set_range_and_reason(thread, e, args + 3, 3));
  TRY(set_detail(thread, e, kUnicodeEncoding, args[1]));
  TRY(set_detail(thread, e, kUnicodeObject, args[2]));
  return kNone;
}

static Result<Value> decode_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  TRY(count_arguments(thread, n, 5));
  TRY(check_text(thread, args[1], 1));
  TRY(set_range_and_reason(thread, e, args + 3, 3));
  Value object = args[2];
  if (!is<Bytes>(object)) {
    BufferView view;
    if (!convert_buffer(thread, object, &view)) return failed;
    Result<Bytes*> copy = bytes_from(thread, view.data, view.size);
    release_buffer(view);
    object = Value(TRY(copy));
  }
  TRY(set_detail(thread, e, kUnicodeEncoding, args[1]));
  TRY(set_detail(thread, e, kUnicodeObject, object));
  return kNone;
}

static Result<Value> translate_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  TRY(count_arguments(thread, n, 4));
  TRY(check_text(thread, args[1], 1));
  TRY(set_range_and_reason(thread, e, args + 2, 2));
  TRY(set_detail(thread, e, kUnicodeObject, args[1]));
  return kNone;
}

// '\xe9', '\u20ac' or '\U0001f600'
static void append_escape(StrBuilder& text, u32 c) {
  int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
  text.append_ascii(digits == 2 ? "'\\x" : digits == 4 ? "'\\u" : "'\\U");
  for (int shift = digits * 4 - 4; shift >= 0; shift -= 4) text.append(static_cast<u8>("0123456789abcdef"[(c >> shift) & 15]));
  text.append('\'');
}

static Result<Str*> encode_error_str(Thread& thread, Exception* self) {
  Value object = detail_at(self, kUnicodeObject);
  if (!is<Str>(object)) return names.empty;
  Str* reason = TRY(str_of(thread, detail_or_none(self, kUnicodeReason)));
  Str* encoding = TRY(str_of(thread, detail_or_none(self, kUnicodeEncoding)));
  i64 start = position(self, kUnicodeStart), end = position(self, kUnicodeEnd);
  if (start >= 0 && start < object.as<Str>()->length() && end == start + 1) {
    StrBuilder character;
    append_escape(character, object.as<Str>()->at(start));
    return format_message(thread, "'{}' codec can't encode character {} in position {}: {}", encoding,
                          TRY(character.build(thread)), start, reason);
  }
  return format_message(thread, "'{}' codec can't encode characters in position {}-{}: {}", encoding, start, end - 1, reason);
}

static Result<Str*> decode_error_str(Thread& thread, Exception* self) {
  Value object = detail_at(self, kUnicodeObject);
  if (!is<Bytes>(object)) return names.empty;
  Str* reason = TRY(str_of(thread, detail_or_none(self, kUnicodeReason)));
  Str* encoding = TRY(str_of(thread, detail_or_none(self, kUnicodeEncoding)));
  i64 start = position(self, kUnicodeStart), end = position(self, kUnicodeEnd);
  if (start >= 0 && start < object.as<Bytes>()->length() && end == start + 1) {
    u8 byte = object.as<Bytes>()->data()[start];
    char hex[3] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15], 0};
    return format_message(thread, "'{}' codec can't decode byte 0x{} in position {}: {}", encoding, static_cast<const char*>(hex),
                          start, reason);
  }
  return format_message(thread, "'{}' codec can't decode bytes in position {}-{}: {}", encoding, start, end - 1, reason);
}

static Result<Str*> translate_error_str(Thread& thread, Exception* self) {
  Value object = detail_at(self, kUnicodeObject);
  if (!is<Str>(object)) return names.empty;
  Str* reason = TRY(str_of(thread, detail_or_none(self, kUnicodeReason)));
  i64 start = position(self, kUnicodeStart), end = position(self, kUnicodeEnd);
  if (start >= 0 && start < object.as<Str>()->length() && end == start + 1) {
    StrBuilder character;
    append_escape(character, object.as<Str>()->at(start));
    return format_message(thread, "can't translate character {} in position {}: {}", TRY(character.build(thread)), start, reason);
  }
  return format_message(thread, "can't translate characters in position {}-{}: {}", start, end - 1, reason);
}

static constinit NativeDef encode_error_methods[] = {EXCEPTION_INIT(encode_error_init), EXCEPTION_STR(encode_error_str)};
static constinit NativeDef decode_error_methods[] = {EXCEPTION_INIT(decode_error_init), EXCEPTION_STR(decode_error_str)};
static constinit NativeDef translate_error_methods[] = {EXCEPTION_INIT(translate_error_init), EXCEPTION_STR(translate_error_str)};
static GetSetDef unicode_getsets[] = {
    DETAIL_ROW("encoding", kUnicodeEncoding, "exception encoding"),
    DETAIL_ROW("object", kUnicodeObject, "exception object"),
    {"start", get_position_row<kUnicodeStart>, set_position_row<kUnicodeStart>, "exception start", true},
    {"end", get_position_row<kUnicodeEnd>, set_position_row<kUnicodeEnd>, "exception end", true},
    DETAIL_ROW("reason", kUnicodeReason, "exception reason"),
};
const ExceptionRows unicode_error_rows[] = {
    {"UnicodeEncodeError", encode_error_methods, 2, unicode_getsets, 5, true, nullptr},
    {"UnicodeDecodeError", decode_error_methods, 2, unicode_getsets, 5, true, nullptr},
    {"UnicodeTranslateError", translate_error_methods, 2, unicode_getsets, 5, true, nullptr},
    {},
};

}  // namespace baton
