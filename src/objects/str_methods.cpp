// str: construction, subscripts, operators, repr, padding and the table of methods.
#include <cstring>

#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/bytes.h"
#include "objects/codecs.h"
#include "objects/format_spec.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str_internal.h"
#include "objects/text_search.h"
#include "objects/tuple.h"

namespace baton {

// --- construction

static Result<Str*> str_argument(Thread& thread, Optional<Value> v, const char* name) {
  if (!v.present) return names.empty;
  if (Str* s = cast<Str>(v.value)) return s;
  return raise_type_error(thread, "str() argument '{}' must be str, not {!a}", name, v.value.is_none() ? Value(kNone) : v.value);
}

static Result<Str*> decode_object(Thread& thread, Value object, Str* encoding, Str* errors) {
  if (is<Bytes>(object)) {
    Bytes* bytes = object.as<Bytes>();
    return decode_text(thread, bytes->data(), static_cast<usize>(bytes->length()), object, encoding, errors);
  }
  if (is<Str>(object)) return raise_type_error(thread, "decoding str is not supported");
  if (!has_buffer(object)) return raise_type_error(thread, "decoding to str: need a bytes-like object, {!t} found", object);
  BufferView view;
  if (!convert_buffer(thread, object, &view)) return failed;
  Result<Str*> text = decode_text(thread, view.data, view.size, Value(), encoding, errors);
  release_buffer(view);
  return text;
}

static Result<Value> str_new(Thread& thread, Type* type, Optional<Value> object, Optional<Value> encoding,
                             Optional<Value> errors) {
  TRY(check_subtype(thread, type, types.str));
  Str* encoding_name = TRY(str_argument(thread, encoding, "encoding"));
  Str* errors_name = TRY(str_argument(thread, errors, "errors"));
  Str* text;
  if (!object.present)
    text = names.empty;
  else if (!encoding.present && !errors.present)
    text = TRY(str_of(thread, object.value));
  else
    text = TRY(
        decode_object(thread, object.value, encoding.present ? encoding_name : nullptr, errors.present ? errors_name : nullptr));
  if (type == types.str) return text;
  return TRY(str_new_instance(thread, type, text));
}

// --- subscripts

static Result<Str*> str_extended_slice(Thread& thread, Str* self, SliceRange range) {
  auto gather = [&](auto* from, void* out) {
    auto* to = static_cast<std::remove_const_t<std::remove_pointer_t<decltype(from)>>*>(out);
    for (Index i = 0, at = range.start; i < range.length; ++i, at += range.step) to[i] = from[at];
  };
  if (self->is_ascii()) {
    Str* result = TRY(str_allocate(thread, range.length, 1, true));
    gather(self->data1(), str_mutable_data(result));
    return result;
  }
  StrBuilder out;  // what is picked may be narrower
  void* space = out.extend(range.length, self->width());
  if (!space) return raise_memory_error(thread);
  with_kind(static_cast<int>(self->width()), self->data(), [&](auto* from) { gather(from, space); });
  return out.build(thread);
}

Result<Value> str_subscript(Thread& thread, Str* self, Value key) {
  if (key.is_small_int() || !is<Slice>(key)) {
    Index i;
    if (key.is_small_int()) {
      i = key.small_int();
    } else {
      if (!is_int(key) && type_of(key)->slot(Slot::index).is_absent())
        return raise_type_error(thread, "string indices must be integers, not '{!t}'", key);
      i = TRY(to_index_checked(thread, key));
    }
    if (i < 0) i += self->length();
    if (i < 0 || i >= self->length()) return raise_index_error(thread, "string index out of range");
    return str_item(thread, self, i);
  }
  return TRY(str_get_range(thread, self, TRY(slice_resolve(thread, key.as<Slice>(), self->length()))));
}

Result<Str*> str_get_range(Thread& thread, Str* self, const SliceRange& range) {
  if (range.length <= 0) return names.empty;
  if (range.step == 1) return str_slice(thread, self, range.start, range.start + range.length);
  return str_extended_slice(thread, self, range);
}

static Result<Value> str_getitem(Thread& thread, Str* self, Value key) { return str_subscript(thread, self, key); }
static Result<i64> str_len(Thread&, Str* self) { return self->length(); }

// --- operators

static Result<Value> str_add(Thread& thread, Str* self, Value value) {
  if (!is<Str>(value)) return raise_type_error(thread, "can only concatenate str (not \"{!t}\") to str", value);
  return str_concat(thread, self, value.as<Str>());
}

static Result<Value> str_mul(Thread& thread, Str* self, Value value) {
  return str_repeat(thread, self, TRY(to_index_checked(thread, value, exceptions.OverflowError)));
}

static Result<Value> str_mod(Thread& thread, Str* self, Value value) { return str_percent(thread, self, value); }
static Result<Value> str_rmod(Thread& thread, Str* self, Value value) {
  if (!is<Str>(value)) return kNotImplemented;
  return str_percent(thread, value.as<Str>(), self);
}

static Result<Value> str_eq(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(str_equal(self, value.as<Str>())) : kNotImplemented;
}
static Result<Value> str_ne(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(!str_equal(self, value.as<Str>())) : kNotImplemented;
}
static Result<Value> str_lt(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(str_compare(self, value.as<Str>()) < 0) : kNotImplemented;
}
static Result<Value> str_le(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(str_compare(self, value.as<Str>()) <= 0) : kNotImplemented;
}
static Result<Value> str_gt(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(str_compare(self, value.as<Str>()) > 0) : kNotImplemented;
}
static Result<Value> str_ge(Thread&, Str* self, Value value) {
  return is<Str>(value) ? Value::of_bool(str_compare(self, value.as<Str>()) >= 0) : kNotImplemented;
}
static Result<i64> str_hash_row(Thread&, Str* self) { return static_cast<i64>(str_hash(self)); }

// --- repr

namespace {
// How the characters of one text are written.
struct ReprForm {
  u32 quote;
  bool ascii_only;
  bool is_plain(u32 ch) const {
    return ch >= 0x20 && (ch < 0x7F ? ch != quote && ch != '\\' : !ascii_only && unicode_is_printable(ch));
  }
  // The letter behind the backslash; of a character that isn't plain.
  u8 letter(u32 ch) const {
    if (ch >= 0x100) return ch < 0x10000 ? 'u' : 'U';
    if (ch == quote || ch == '\\') return static_cast<u8>(ch);
    if (ch == '\t') return 't';
    if (ch == '\n') return 'n';
    if (ch == '\r') return 'r';
    return 'x';
  }
  // Without digits.
  bool is_short(u32 ch) const { return ch < 0x7F && is_short_ascii(ch); }
  bool is_short_ascii(u32 ch) const { return ch == quote || ch == '\\' || ch == '\t' || ch == '\n' || ch == '\r'; }
};
}  // namespace

template <class Char, class Out>
static void put_repr(const Char* text, Index n, ReprForm form, Out* out) {
  *out++ = static_cast<Out>(form.quote);
  for (Index i = 0; i < n; ++i) {
    u32 ch = text[i];
    if (form.is_plain(ch)) {
      *out++ = static_cast<Out>(ch);
      continue;
    }
    out[0] = '\\';
    out[1] = form.letter(ch);
    out += 2;
    if (form.is_short(ch)) continue;
    auto put_byte = [&out](u32 byte) {
      out[0] = static_cast<u8>("0123456789abcdef"[byte >> 4 & 15]);
      out[1] = static_cast<u8>("0123456789abcdef"[byte & 15]);
      out += 2;
    };
    if (ch >= 0x10000) put_byte(0), put_byte(ch >> 16);
    if (ch >= 0x100) put_byte(ch >> 8);
    put_byte(ch);
  }
  *out = static_cast<Out>(form.quote);
}

// Written as it is between single quotes: a text of ASCII without anything special.
static bool is_plain_ascii(const Str* s) {
  if (!s->is_ascii()) return false;
  const u8* text = s->data1();
  u8 special = 0;
  for (Index i = 0, n = s->length(); i < n; ++i) {
    u8 ch = text[i];
    special |=
        static_cast<u8>(ch < 0x20) | static_cast<u8>(ch == 0x7F) | static_cast<u8>(ch == '\'') | static_cast<u8>(ch == '\\');
  }
  return !special;
}

static Result<Str*> quoted(Thread& thread, Str* s, bool ascii_only) {
  if (is_plain_ascii(s)) {
    Index n = s->length();
    Str* result = TRY(str_allocate(thread, n + 2, 1, true));
    u8* out = static_cast<u8*>(str_mutable_data(result));
    out[0] = out[n + 1] = '\'';
    memcpy(out + 1, s->data1(), static_cast<usize>(n));
    return result;
  }
  bool single = str_find_unit(s, '\'', 0, s->length()) >= 0;
  ReprForm form{single && str_find_unit(s, '"', 0, s->length()) < 0 ? u32{'"'} : u32{'\''}, ascii_only};
  return with_kind(static_cast<int>(s->width()), s->data(), [&](auto* text) -> Result<Str*> {
    Index n = s->length(), length = n + 2;
    u32 bits = 0;
    for (Index i = 0; i < n; ++i) {
      u32 ch = text[i];
      if (form.is_plain(ch))
        bits |= ch;
      else
        length += form.is_short(ch) ? 1 : ch < 0x100 ? 3 : ch < 0x10000 ? 5 : 9;
    }
    u32 width = static_cast<u32>(kind_for(char_class(bits)));
    Str* result = TRY(str_allocate(thread, length, width, bits < 0x80));
    with_kind(static_cast<int>(width), str_mutable_data(result), [&](auto* out) {
      if (length > n + 2) return put_repr(text, n, form, out);
      out[0] = out[n + 1] = static_cast<u8>(form.quote);
      convert_kind(sizeof(*out), out + 1, sizeof(*text), text, static_cast<usize>(n));
    });
    return result;
  });
}

Result<Str*> str_repr(Thread& thread, Str* s) { return quoted(thread, s, false); }
Result<Str*> str_ascii_repr(Thread& thread, Str* s) { return quoted(thread, s, true); }

static Result<Str*> str_repr_row(Thread& thread, Str* self) { return str_repr(thread, self); }
static Result<Str*> str_str(Thread& thread, Str* self) { return str_exact(thread, self); }
static Result<Str*> str_format_row(Thread& thread, Str* self, Value format_spec) {
  Str* spec = cast<Str>(format_spec);
  if (!spec) return raise_type_error(thread, "__format__() argument must be str, not {!a}", format_spec);
  if (spec->length() == 0) return is_exact<Str>(Value(self)) ? Result<Str*>(self) : str_of(thread, self);
  return format_str(thread, self, spec);
}

// A copy: pickle's memo must not take the argument for the string itself.
static Result<Value> str_getnewargs(Thread& thread, Str* self) {
  Str* copy = TRY(str_allocate(thread, self->length(), self->width(), self->is_ascii()));
  if (self->length()) memcpy(str_mutable_data(copy), self->data(), static_cast<usize>(self->length()) * self->width());
  return TRY(tuple_of(thread, copy));
}

// The sizes of CPython's representations, which programs compare.
static Result<i64> str_sizeof(Thread&, Str* self) {
  if (self->is_ascii()) return 48 + self->length() + 1;
  return 72 + (self->length() + 1) * static_cast<i64>(self->width());
}

// --- padding

static Result<Str*> pad(Thread& thread, Str* self, Index left, Index right, u32 fill) {
  if (left < 0) left = 0;
  if (right < 0) right = 0;
  if (left == 0 && right == 0) return str_exact(thread, self);
  Index total;
  if (__builtin_add_overflow(left, right, &total) || __builtin_add_overflow(total, self->length(), &total)) {
    return raise_overflow_error(thread, "padded string is too long");
  }
  u32 fill_width = static_cast<u32>(kind_for(fill)), width = fill_width > self->width() ? fill_width : self->width();
  Str* result = TRY(str_allocate(thread, total, width, self->is_ascii() && fill < 0x80));
  void* data = str_mutable_data(result);
  auto fill_range = [&](Index start, Index n) {
    if (width == 1)
      memset(static_cast<u8*>(data) + start, static_cast<int>(fill), static_cast<usize>(n));
    else
      for (Index i = start; i < start + n; ++i) put_char_at(static_cast<int>(width), data, static_cast<usize>(i), fill);
  };
  fill_range(0, left);
  convert_kind(static_cast<int>(width), static_cast<u8*>(data) + static_cast<usize>(left) * width,
               static_cast<int>(self->width()), self->data(), static_cast<usize>(self->length()));
  fill_range(left + self->length(), right);
  return result;
}

static Result<u32> fill_character(Thread& thread, Optional<Value> fillchar) {
  if (!fillchar.present) return u32{' '};
  Str* s = cast<Str>(fillchar.value);
  if (!s) return raise_type_error(thread, "The fill character must be a unicode character, not {!t}", fillchar.value);
  if (s->length() != 1) return raise_type_error(thread, "The fill character must be exactly one character long");
  return s->at(0);
}

static Result<Str*> str_center(Thread& thread, Str* self, Index width, Optional<Value> fillchar) {
  u32 fill = TRY(fill_character(thread, fillchar));
  Index margin = width - self->length();
  if (width <= self->length()) return str_exact(thread, self);
  Index left = margin / 2 + (margin & width & 1);
  return pad(thread, self, left, margin - left, fill);
}

static Result<Str*> str_ljust(Thread& thread, Str* self, Index width, Optional<Value> fillchar) {
  u32 fill = TRY(fill_character(thread, fillchar));
  return pad(thread, self, 0, width <= self->length() ? 0 : width - self->length(), fill);
}

static Result<Str*> str_rjust(Thread& thread, Str* self, Index width, Optional<Value> fillchar) {
  u32 fill = TRY(fill_character(thread, fillchar));
  return pad(thread, self, width <= self->length() ? 0 : width - self->length(), 0, fill);
}

static Result<Str*> str_zfill(Thread& thread, Str* self, Index width) {
  if (width <= self->length()) return str_exact(thread, self);
  Index zeros = width - self->length();
  Str* result = TRY(pad(thread, self, zeros, 0, '0'));
  if (self->length() > 0) {
    u32 sign = self->at(0);
    if (sign == '+' || sign == '-') {
      put_char_at(static_cast<int>(result->width()), str_mutable_data(result), static_cast<usize>(zeros), '0');
      put_char_at(static_cast<int>(result->width()), str_mutable_data(result), 0, sign);
    }
  }
  return result;
}

static Result<Str*> str_expandtabs(Thread& thread, Str* self, int tabsize) {
  if (str_find_unit(self, '\t', 0, self->length()) < 0) return str_exact(thread, self);
  StrBuilder out;
  Index column = 0, total = 0;
  for (Index i = 0; i < self->length(); ++i) {
    u32 ch = self->at(i);
    if (ch == '\t') {
      Index spaces = tabsize > 0 ? tabsize - column % tabsize : 0;
      if (__builtin_add_overflow(total, spaces, &total)) return raise_overflow_error(thread, "new string is too long");
      out.append_repeated(' ', spaces);
      column += spaces;
    } else {
      out.append(ch);
      ++column;
      if (ch == '\n' || ch == '\r') column = 0;
    }
  }
  return out.build(thread);
}

static Result<Value> str_encode(Thread& thread, Str* self, Optional<Str*> encoding, Optional<Str*> errors) {
  return TRY(encode_text(thread, self, encoding.value_or(nullptr), errors.value_or(nullptr)));
}

// --- the table

constinit NativeDef str_methods[] = {
    native<str_new>("__new__(type, /, object='', encoding='utf-8', errors='strict')",
                    "Make an instance; the class's own help describes the arguments."),
    native<str_repr_row>("__repr__($self, /)", "Return repr(self)."),
    native<str_str>("__str__($self, /)", "Return str(self)."),
    native<str_hash_row>("__hash__($self, /)", "Return hash(self)."),
    native<str_lt>("__lt__($self, value, /)", "Return self<value."),
    native<str_le>("__le__($self, value, /)", "Return self<=value."),
    native<str_eq>("__eq__($self, value, /)", "Return self==value."),
    native<str_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<str_gt>("__gt__($self, value, /)", "Return self>value."),
    native<str_ge>("__ge__($self, value, /)", "Return self>=value."),
    native<str_method_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<str_len>("__len__($self, /)", "Return len(self)."),
    native<str_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<str_add>("__add__($self, value, /)", "Return self+value."),
    native<str_mul>("__mul__($self, value, /)", "Return self*value."),
    native<str_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<str_mod>("__mod__($self, value, /)", "Return self%value."),
    native<str_rmod>("__rmod__($self, value, /)", "Return value%self."),
    native<str_method_contains>("__contains__($self, key, /)", "Return key in self."),
    native<str_format_row>("__format__($self, format_spec, /)",
                           "Format the string as format() and f-strings do.\n\nformat_spec is the part that follows the colon in "
                           "a replacement field; it can\nset width, alignment, fill character and maximum length."),
    native<str_getnewargs>("__getnewargs__($self, /)"),
    native<str_sizeof>("__sizeof__($self, /)", "Return the size of the string in memory, in bytes."),
    native<str_encode>("encode($self, /, encoding='utf-8', errors='strict')",
                       "Encode the string using the codec registered for encoding.\n\nerrors says what happens to characters "
                       "that the encoding lacks: 'strict' raises\n"
                       "UnicodeEncodeError; 'ignore', 'replace', 'xmlcharrefreplace' and names registered\nwith "
                       "codecs.register_error are other choices."),
    native<str_method_replace>("replace($self, old, new, count=-1, /)",
                               "Return a copy with all occurrences of substring old replaced by new.\n\nA count that is not "
                               "negative limits the number of replacements, from the left."),
    native<str_method_split>("split($self, /, sep=None, maxsplit=-1)",
                             "Return a list of the substrings in the string, using sep as the separator string.\n\nWithout sep, "
                             "runs of whitespace separate and "
                             "empty strings are left out. At most\nmaxsplit splits are made, from the left; -1 means no limit."),
    native<str_method_rsplit>(
        "rsplit($self, /, sep=None, maxsplit=-1)",
        "Split the string into a list, working from the right.\n\nsep is the text between the parts; None (the default) splits "
        "at runs of\nwhitespace and drops empty parts.  At most maxsplit splits are made, the\nrightmost ones, so what is left "
        "over is the first item; -1 means no limit.\nAn empty sep raises ValueError."),
    native<str_join>("join($self, iterable, /)",
                     "Chain strings together with this one as the separator.\n\nThe strings come from an iterable, in whose "
                     "items anything but str is a\nTypeError. For instance, ', '.join(['red', 'blue']) gives 'red, blue'."),
    native<str_method_capitalize>("capitalize($self, /)",
                                  "Return a copy that has a capital first letter and is otherwise lowercase."),
    native<str_method_casefold>("casefold($self, /)",
                                "Return a copy in which differences of case are gone.\n\nCompare two strings after this to "
                                "ignore case. It goes further than lower():\na German sharp s becomes ss, for one."),
    native<str_method_title>("title($self, /)",
                             "Start every word with a titlecase letter and make its others lowercase.\n\nA word is a run of "
                             "cased letters, so the letter behind an apostrophe or a\ndigit begins a new one."),
    native<str_center>("center($self, width, fillchar=' ', /)",
                       "Return a centered string of length width, padded with fillchar."),
    native_tuple<str_method_count>("count($self, sub, start=None, end=None, /)",
                                   "Return the number of non-overlapping occurrences of sub in self[start:end]."),
    native<str_expandtabs>("expandtabs($self, /, tabsize=8)",
                           "Replace tabs by enough spaces to reach the next tab stop.\n\nStops are tabsize columns apart (8 by "
                           "default), counted from the start of\neach line.  With a tabsize of 0 or less, tabs just disappear."),
    native_tuple<str_method_find>("find($self, sub, start=None, end=None, /)",
                                  "Return the lowest index where sub is found in self[start:end], or -1."),
    native<str_method_partition>("partition($self, sep, /)",
                                 "Partition the string into three parts using the given separator.\n\nReturns the part before "
                                 "the first separator, the separator, and the part "
                                 "after it; or the\nstring and two empty strings if there is no separator in it."),
    native_tuple<str_method_index>("index($self, sub, start=None, end=None, /)",
                                   "Return the lowest index where sub is found in self[start:end]; ValueError if it is not."),
    native<str_ljust>("ljust($self, width, fillchar=' ', /)",
                      "Fill the string up on the right until it is width characters long.\n\nfillchar is the one character to "
                      "add, a space by default.  A string that\nis long enough already comes back unchanged."),
    native<str_method_lower>("lower($self, /)", "Return a copy of the string converted to lowercase."),
    native<str_method_lstrip>("lstrip($self, chars=None, /)",
                              "Return a copy of the string with leading whitespace, or leading characters of chars, removed."),
    native_tuple<str_method_rfind>("rfind($self, sub, start=None, end=None, /)",
                                   "Return the highest index where sub is found in self[start:end], or -1."),
    native_tuple<str_method_rindex>("rindex($self, sub, start=None, end=None, /)",
                                    "Return the highest index where sub is found in self[start:end]; ValueError if it is not."),
    native<str_rjust>("rjust($self, width, fillchar=' ', /)",
                      "Fill the string up on the left until it is width characters long.\n\nfillchar is the one character to "
                      "add, a space by default.  A string that\nis long enough already comes back unchanged."),
    native<str_method_rstrip>("rstrip($self, chars=None, /)",
                              "Return a copy of the string with trailing whitespace, or trailing characters of chars, removed."),
    native<str_method_rpartition>("rpartition($self, sep, /)",
                                  "Partition the string into three parts using the last occurrence of the separator.\n\nReturns "
                                  "the part before it, the separator, and the "
                                  "part after it; or two empty strings and the\nstring if there is no separator in it."),
    native<str_method_splitlines>("splitlines($self, /, keepends=False)",
                                  "Return a list of the lines in the string, with their line breaks if keepends is true."),
    native<str_method_strip>(
        "strip($self, chars=None, /)",
        "Cut unwanted characters off both ends.\n\nchars is a set of characters written as a string, in any order; "
        "every\ncharacter at either end that is in it goes.  With None, the default,\nwhitespace goes."),
    native<str_method_swapcase>("swapcase($self, /)", "Return a copy in which capital and small letters have traded places."),
    native<str_method_translate>("translate($self, table, /)",
                                 "Replace each character in the string using the given translation table.\n\nThe table maps "
                                 "ordinals to ordinals, strings or None (delete the "
                                 "character); characters for which\nit raises LookupError are left as they are."),
    native<str_method_upper>("upper($self, /)", "Return a copy of the string converted to uppercase."),
    native_tuple<str_method_startswith>("startswith($self, prefix, start=None, end=None, /)",
                                        "Return True if self[start:end] starts with prefix, a string or a tuple of strings."),
    native_tuple<str_method_endswith>("endswith($self, suffix, start=None, end=None, /)",
                                      "Return True if self[start:end] ends with suffix, a string or a tuple of strings."),
    native<str_method_removeprefix>(
        "removeprefix($self, prefix, /)",
        "Cut prefix off the front, if the string starts with it.\n\nOtherwise the result is the string as it was."),
    native<str_method_removesuffix>(
        "removesuffix($self, suffix, /)",
        "Cut suffix off the end, if the string ends with it.\n\nOtherwise the result is the string as it was."),
    native<str_method_isascii>("isascii($self, /)",
                               "Tell whether no character is above U+007F.\n\nSo the empty string counts as ASCII."),
    native<str_method_islower>("islower($self, /)",
                               "Return True if all cased characters are lowercase and there is at least one, False otherwise."),
    native<str_method_isupper>("isupper($self, /)",
                               "Return True if all cased characters are uppercase and there is at least one, False otherwise."),
    native<str_method_istitle>("istitle($self, /)",
                               "Tell whether each word begins with a capital and goes on in lowercase.\n\nThat is, uppercase and "
                               "titlecase letters come only behind uncased\ncharacters, and lowercase ones only behind cased "
                               "ones.  Without a cased\ncharacter the answer is False."),
    native<str_method_isspace>("isspace($self, /)",
                               "Tell whether there is nothing but whitespace, and some of it.\n\nWhat counts as whitespace is "
                               "decided by Unicode.  For the empty string the\nanswer is False."),
    native<str_method_isdecimal>("isdecimal($self, /)",
                                 "Tell whether each character is a digit of a decimal number system.\n\nSuch characters, of any "
                                 "script, are accepted by int().  For the empty\nstring the answer is False."),
    native<str_method_isdigit>("isdigit($self, /)",
                               "Tell whether each character is a digit.\n\nSuperscripts and circled digits count too, unlike in "
                               "isdecimal().  For the\nempty string the answer is False."),
    native<str_method_isnumeric>("isnumeric($self, /)",
                                 "Tell whether each character stands for a number.\n\nBesides digits these are fractions, Roman "
                                 "numerals, Chinese numerals and\nthe like.  For the empty string the answer is False."),
    native<str_method_isalpha>(
        "isalpha($self, /)",
        "Tell whether each character is a letter, in any script.\n\nFor the empty string the answer is False."),
    native<str_method_isalnum>("isalnum($self, /)",
                               "Tell whether each character is a letter or stands for a number.\n\nThis means that isalpha() or "
                               "isnumeric() is true for each one.  For the\nempty string the answer is False."),
    native<str_method_isidentifier>("isidentifier($self, /)",
                                    "Tell whether the string has the form of a name.\n\nKeywords such as \"for\" have it too: "
                                    "use keyword.iskeyword() to find them."),
    native<str_method_isprintable>("isprintable($self, /)", "Return True if the string is printable, False otherwise."),
    native<str_zfill>("zfill($self, width, /)",
                      "Return a copy that is at least width long, with zeros put in front.\n\nThe zeros go after a leading + or "
                      "- sign. What is long enough already stays\nthe same."),
    native<str_method_format>("format($self, /, *args, **kwargs)",
                              "Fill in the replacement fields of this string with the arguments.\n\nA field stands in braces: "
                              "{0} or just {} takes a positional argument, {name} a\nkeyword argument. A conversion such as !r "
                              "and, after a colon, a format may\nfollow. Two braces in a row stand for one literal brace."),
    native<str_method_format_map>("format_map($self, mapping, /)",
                                  "Return a formatted version of the string, using substitutions from mapping."),
    native_static<str_maketrans>(
        "maketrans(x, y=None, z=None, /)",
        "Return a translation table usable for str.translate().\n\nOne argument is a dictionary from ordinals or characters to "
        "ordinals, strings or None. "
        "Two are\nstrings of equal length whose characters correspond; a third holds characters that are deleted."),
};

static constexpr KindInfo str_kind() {
  KindInfo info = kind_info_of<Str>("str");
  info.has_opaque_words = true;  // the characters
  return info;
}

constinit TypeDef str_def = {
    .name = "str",
    .doc =
        "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nTurn an object into text, or decode "
        "bytes.\n\nWith one argument, the text is what the object's __str__() returns, which by\ndefault is the same as its "
        "repr().\n\nIf there is an encoding or errors argument, the first one has to be a\nbytes-like object to decode. The "
        "encoding is then UTF-8 unless given, and\nerrors, 'strict' unless given, names the way to deal with invalid bytes.",
    .kind = kKindStr,
    .payload_size = sizeof(Str) + sizeof(Field<Cell>),  // of instances of subclasses
    .flags = kTypeSubclassable | kTypeImmutable | kTypeIsStr | kTypeMatchSelf,
    .methods = str_methods,
    .method_count = count_of(str_methods),
    .kind_info = str_kind(),
};

}  // namespace baton
