// str.translate and str.maketrans.
#include "base/text_kinds.h"
#include "objects/dict.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str_internal.h"

namespace baton {

// What the table says about a character: an int, a str, None, or kNotFound for "leave it".
static Result<Value> look_up(Thread& thread, Value table, u32 ch) {
  Value key = Value::of_small_int(ch);
  if (is_exact<Dict>(table)) return dict_find(thread, table.as<Dict>(), key);
  Result<Value> found = get_item(thread, table, key);
  if (found.is_failed() && clear_pending_if(thread, exceptions.LookupError)) return kNotFound;
  return found;
}

static Result<void> append_translation(Thread& thread, StrBuilder& out, u32 ch, Value mapped) {
  if (mapped == kNotFound) {
    out.append(ch);
    return ok;
  }
  if (mapped.is_none()) return ok;
  if (Str* s = cast<Str>(mapped)) {
    out.append(s);
    return ok;
  }
  if (!is_int(mapped)) return raise_type_error(thread, "character mapping must return integer, None or str");
  i64 code = 0;
  if (!int_to_i64(int_exact(mapped), &code) || code < 0 || code > static_cast<i64>(kMaxCodePoint)) {
    return raise_value_error(thread, "character mapping must be in range(0x110000)");
  }
  out.append(static_cast<u32>(code));
  return ok;
}

// ASCII text: each character is looked up once. False when a replacement is no ASCII text (*at: where).
static Result<bool> translate_ascii(Thread& thread, Str* self, Value table, StrBuilder& out, Value (&cache)[128], Index* at) {
  enum : u8 { kUnknown = 0x80, kText = 0x81, kDeleted = 0x82 };  // others: the replacement
  u8 map[128];
  for (u8& entry : map) entry = kUnknown;
  Index length = self->length(), done = 0;  // so many characters are in front of the room that is written to
  u8* room = static_cast<u8*>(out.extend(length, 1));
  if (!room) return raise_memory_error(thread);
  u8* next = room;
  const u8* text = self->data1();
  for (Index i = 0; i < length; ++i) {
    u8 ch = text[i], mapped = map[ch];
    if (mapped == kUnknown) [[unlikely]] {
      Value v = cache[ch] = TRY(look_up(thread, table, ch));
      if (v == kNotFound)
        mapped = ch;
      else if (v.is_none())
        mapped = kDeleted;
      else if (v.is_small_int() && v.small_int() >= 0 && v.small_int() < 128)
        mapped = static_cast<u8>(v.small_int());
      else if (is<Str>(v) && v.as<Str>()->is_ascii())
        mapped = v.as<Str>()->length() == 1 ? v.as<Str>()->data1()[0] : u8{kText};
      else {
        out.truncate(done + (next - room));
        *at = i;
        return false;
      }
      map[ch] = mapped;
    }
    if (mapped == kText) {
      done += next - room;
      out.truncate(done);
      Str* replacement = cache[ch].as<Str>();
      out.append(replacement);
      done += replacement->length();
      room = next = static_cast<u8*>(out.extend(length - i, 1));  // one too many, so that it is never none
      if (!room) return raise_memory_error(thread);
      continue;
    }
    *next = mapped;
    next += mapped != kDeleted;
  }
  out.truncate(done + (next - room));
  return true;
}

Result<Str*> str_method_translate(Thread& thread, Str* self, Value table) {
  StrBuilder out;
  Value ascii_cache[128] = {};  // what the table said, as long as the text is ASCII
  Index start = 0;
  if (self->is_ascii() && TRY(translate_ascii(thread, self, table, out, ascii_cache, &start))) return out.build(thread);
  for (Index i = start; i < self->length(); ++i) {
    u32 ch = self->at(i);
    Value mapped;
    if (self->is_ascii()) {
      mapped = ascii_cache[ch];
      if (mapped.is_absent()) mapped = ascii_cache[ch] = TRY(look_up(thread, table, ch));
    } else {
      mapped = TRY(look_up(thread, table, ch));
    }
    TRY(append_translation(thread, out, ch, mapped));
  }
  return out.build(thread);
}

static Result<Value> maketrans_from_dict(Thread& thread, Value x) {
  if (!is<Dict>(x)) return raise_type_error(thread, "if you give only one argument to maketrans it must be a dict");
  Dict* result = TRY(make_dict(thread));
  Index position = 0;
  Value key, value;
  while (dict_next(x.as<Dict>(), &position, &key, &value)) {
    if (Str* s = cast<Str>(key)) {
      if (s->length() != 1) return raise_value_error(thread, "string keys in translate table must be of length 1");
      TRY(dict_set(thread, result, Value::of_small_int(s->at(0)), value));
    } else if (is_int(key)) {
      TRY(dict_set(thread, result, key, value));
    } else {
      return raise_type_error(thread, "keys in translate table must be strings or integers");
    }
  }
  return result;
}

Result<Value> str_maketrans(Thread& thread, Value x, Optional<Value> y, Optional<Value> z) {
  if (!y.present) return maketrans_from_dict(thread, x);
  Str* to = cast<Str>(y.value);
  if (!to) return raise_type_error(thread, "maketrans() argument 2 must be str, not {!a}", y.value);
  Str* removed = z.present ? cast<Str>(z.value) : nullptr;
  if (z.present && !removed) return raise_type_error(thread, "maketrans() argument 3 must be str, not {!a}", z.value);
  Str* from = cast<Str>(x);
  if (!from) return raise_type_error(thread, "first maketrans argument must be a string if there is a second argument");
  if (from->length() != to->length())
    return raise_value_error(thread, "the first two maketrans arguments must have equal length");
  Dict* result = TRY(make_dict(thread));
  for (Index i = 0; i < from->length(); ++i)
    TRY(dict_set(thread, result, Value::of_small_int(from->at(i)), Value::of_small_int(to->at(i))));
  for (Index i = 0; removed && i < removed->length(); ++i)
    TRY(dict_set(thread, result, Value::of_small_int(removed->at(i)), kNone));
  return result;
}

}  // namespace baton
