// unicodedata: the character database of base/unicode.h, in its current version and, as ucd_3_2_0, in that of 2002.
//
// Every function is a template on the version: the module publishes those of 14.0.0, the one UCD object those of 3.2.0.
#include "base/unicode.h"
#include "objects/module.h"
#include "objects/native.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/str.h"

namespace baton {

// A str of length 1, as its code point.
namespace {
struct UnicodeChar {
  u32 value;
};
}  // namespace
template <>
struct Converter<UnicodeChar> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, UnicodeChar* out) {
    if (is<Str>(v) && v.as<Str>()->length() == 1) {
      out->value = v.as<Str>()->at(0);
      return true;
    }
    (void)raise_argument_kind(thread, def, parameter, "a unicode character", v);
    return false;
  }
};

class Ucd final : public Cell {  // the object ucd_3_2_0
 public:
  void init() {}
};

using V = UcdVersion;

template <V version>
static Result<Value> decimal(Thread& thread, UnicodeChar chr, Optional<Value> fallback) {
  int digit = unicode_decimal_value(chr.value, version);
  if (digit >= 0) return Value::of_small_int(digit);
  if (fallback.has_value()) return fallback.value;
  return raise_value_error(thread, "not a decimal");
}
template <V version>
static Result<Value> digit(Thread& thread, UnicodeChar chr, Optional<Value> fallback) {
  int value = unicode_digit_value(chr.value);
  if (value >= 0) return Value::of_small_int(value);
  if (fallback.has_value()) return fallback.value;
  return raise_value_error(thread, "not a digit");
}
template <V version>
static Result<Value> numeric(Thread& thread, UnicodeChar chr, Optional<Value> fallback) {
  double value;
  if (unicode_numeric_value(chr.value, &value, version)) return make_float(thread, value);
  if (fallback.has_value()) return fallback.value;
  return raise_value_error(thread, "not a numeric character");
}
template <V version>
static Result<Str*> category(Thread& thread, UnicodeChar chr) {
  return str_from_ascii(thread, unicode_category(chr.value, version));
}
template <V version>
static Result<Str*> bidirectional(Thread& thread, UnicodeChar chr) {
  return str_from_ascii(thread, unicode_bidirectional(chr.value, version));
}
template <V version>
static Result<int> combining(Thread& thread, UnicodeChar chr) {
  return unicode_combining(chr.value, version);
}
template <V version>
static Result<int> mirrored(Thread& thread, UnicodeChar chr) {
  return unicode_mirrored(chr.value, version);
}
template <V version>
static Result<Str*> east_asian_width(Thread& thread, UnicodeChar chr) {
  return str_from_ascii(thread, unicode_east_asian_width(chr.value, version));
}
template <V version>
static Result<Str*> decomposition(Thread& thread, UnicodeChar chr) {
  char text[kDecompositionTextMax];
  return str_from_ascii(thread, {text, unicode_decomposition_text(chr.value, text, version)});
}

template <V version>
static Result<Value> name(Thread& thread, UnicodeChar chr, Optional<Value> fallback) {
  char text[kUnicodeNameMax];
  usize n = unicode_name(chr.value, text, version);
  if (n) return TRY(str_from_ascii(thread, {text, n}));
  if (fallback.has_value()) return fallback.value;
  return raise_value_error(thread, "no such name");
}

template <V version>
static Result<Value> lookup(Thread& thread, Value name_value) {
  Value owner;
  std::string_view text;
  ScopedBuffer buffer;
  if (is<Str>(name_value)) {
    text = TRY(str_utf8(thread, name_value.as<Str>(), &owner));
  } else {
    TRY(buffer.get(thread, name_value));
    text = buffer.text();
  }
  if (text.size() > 256) return raise_key_error(thread, Value(TRY(str_from_ascii(thread, "name too long"))));
  u32 ch;
  if (unicode_lookup(text.data(), text.size(), &ch, version)) return TRY(str_from_code_point(thread, ch));
  u32 sequence[kNamedSequenceMax];
  if (usize n = version == V::k14_0_0 ? unicode_lookup_sequence(text.data(), text.size(), sequence) : 0) {
    return TRY(str_from_units(thread, sequence, static_cast<Index>(n), 4));
  }
  return raise_key_error(thread, Value(TRY(format_message(thread, "undefined character name '{}'", text))));
}

static Result<NormalForm> normal_form(Thread& thread, Str* form) {
  if (str_equals_ascii(form, "NFC")) return NormalForm::kNfc;
  if (str_equals_ascii(form, "NFD")) return NormalForm::kNfd;
  if (str_equals_ascii(form, "NFKC")) return NormalForm::kNfkc;
  if (str_equals_ascii(form, "NFKD")) return NormalForm::kNfkd;
  return raise_value_error(thread, "invalid normalization form");
}

static Result<Str*> normalized(Thread& thread, NormalForm form, Str* text, V version) {
  CharBuffer out;
  if (!unicode_normalize(out, form, static_cast<int>(text->width()), text->data(), static_cast<usize>(text->length()), version))
    return raise_memory_error(thread);
  return str_from_units(thread, out.data(), static_cast<Index>(out.size()), 4);
}

template <V version>
static Result<Str*> normalize(Thread& thread, Str* form_name, Str* text) {
  if (text->length() == 0) return text;
  NormalForm form = TRY(normal_form(thread, form_name));
  if (text->is_ascii()) return text;
  if (unicode_quick_check(form, static_cast<int>(text->width()), text->data(), static_cast<usize>(text->length()), version) ==
      QuickCheck::kYes)
    return text;
  return normalized(thread, form, text, version);
}
template <V version>
static Result<bool> is_normalized(Thread& thread, Str* form_name, Str* text) {
  NormalForm form = TRY(normal_form(thread, form_name));
  switch (unicode_quick_check(form, static_cast<int>(text->width()), text->data(), static_cast<usize>(text->length()), version)) {
    case QuickCheck::kYes: return true;
    case QuickCheck::kNo: return false;
    case QuickCheck::kMaybe: break;
  }
  return str_equal(TRY(normalized(thread, form, text, version)), text);
}

// The UCD object's methods: the same with an unused self.
template <auto function>
struct Method;
template <class R, class... P, Result<R> (*function)(Thread&, P...)>
struct Method<function> {
  static Result<R> call(Thread& thread, Ucd*, P... arguments) { return function(thread, arguments...); }
};

#define UNICODEDATA_ROWS(self, f)                                                                                                \
  native<f(decimal)>("decimal(" self ", chr, default=<unrepresentable>, /)",                                                     \
                     "Tell which decimal digit a character is, as an int.\n\nIf it is none, the result is default; without "     \
                     "one, ValueError is raised."),                                                                              \
      native<f(digit)>("digit(" self ", chr, default=<unrepresentable>, /)",                                                     \
                       "Tell which digit a character is, as an int; superscripts count too.\n\nIf it is none, the result is "    \
                       "default; without one, ValueError is raised."),                                                           \
      native<f(numeric)>(                                                                                                        \
          "numeric(" self ", chr, default=<unrepresentable>, /)",                                                                \
          "Tell which number a character stands for, as a float.\n\nFractions and numerals such as the Roman ones have a value " \
          "too.  If there\nis none, the result is default; without one, ValueError is raised."),                                 \
      native<f(category)>("category(" self ", chr, /)", "General category of the character chr, a short string such as 'Lu'."),  \
      native<f(bidirectional)>("bidirectional(" self ", chr, /)",                                                                \
                               "Tell in which direction a character runs: its bidirectional class.\n\nThe class is a str such "  \
                               "as 'L', 'R' or 'AN', empty if there is none."),                                                  \
      native<f(combining)>("combining(" self ", chr, /)",                                                                        \
                           "Canonical combining class of the character chr, an integer.\n\nIt is 0 for characters that do not "  \
                           "combine with others."),                                                                              \
      native<f(mirrored)>("mirrored(" self ", chr, /)",                                                                          \
                          "Tell whether right-to-left text shows the mirror image of a character.\n\nThe result is 1 if so, as " \
                          "for brackets, otherwise 0."),                                                                         \
      native<f(east_asian_width)>("east_asian_width(" self ", chr, /)",                                                          \
                                  "Width of the character chr in East Asian text, a string such as 'Na'."),                      \
      native<f(decomposition)>(                                                                                                  \
          "decomposition(" self ", chr, /)",                                                                                     \
          "Tell what a character can be broken into.\n\nThe result is a str of code points in hexadecimal, maybe with a tag "    \
          "such\nas '<compat>' in front, or empty if the character has no decomposition."),                                      \
      native<f(name)>("name(" self ", chr, default=<unrepresentable>, /)",                                                       \
                      "Returns the name assigned to the character chr as a string."),                                            \
      native<f(lookup)>("lookup(" self ", name, /)", "Look up character by name."),                                              \
      native<f(is_normalized)>("is_normalized(" self ", form, unistr, /)",                                                       \
                               "Tell whether normalize() would leave a string as it is.\n\nform is 'NFC', 'NFKC', 'NFD' or "     \
                               "'NFKD'; another raises ValueError."),                                                            \
      native<f(normalize)>("normalize(" self ", form, unistr, /)",                                                               \
                           "Return the normal form 'form' for the Unicode string unistr.")

#define CURRENT(f) f<V::k14_0_0>
#define OLD(f) Method<f<V::k3_2_0>>::call
static constinit NativeDef unicodedata_functions[] = {UNICODEDATA_ROWS("$module", CURRENT)};
static constinit NativeDef ucd_methods[] = {UNICODEDATA_ROWS("$self", OLD)};
#undef CURRENT
#undef OLD

static Result<Value> ucd_version(Thread& thread, Value self) { return TRY(str_from_ascii(thread, "3.2.0")); }
static constinit GetSetDef ucd_getsets[] = {{"unidata_version", ucd_version, nullptr, nullptr, true}};
static constinit TypeDef ucd_def = {
    .name = "unicodedata.UCD",
    .dynamic_kind = &DynamicKind<Ucd>::value,
    .payload_size = 16,
    .flags = kTypeNoInstances,
    .methods = ucd_methods,
    .method_count = count_of(ucd_methods),
    .getsets = ucd_getsets,
    .getset_count = 1,
    .kind_info = {.name = "unicodedata.UCD"},
};

static Result<void> unicodedata_exec(Thread& thread, Module* module) {
  TRY(module_set(thread, module, "unidata_version", Value(TRY(str_from_ascii(thread, "14.0.0")))));
  return module_set(thread, module, "ucd_3_2_0", Value(TRY(make_of<Ucd>(thread, ucd_def.type))));
}

static TypeDef* const unicodedata_types[] = {&ucd_def};
constinit ModuleDef unicodedata_module = {
    .name = "unicodedata",
    .doc =
        "Properties of characters as the Unicode standard lists them.\n\nThe functions look up names, categories, numeric values "
        "and more, and\nbring text into normal forms.  unidata_version is the version of the data;\nucd_3_2_0 has the same "
        "functions for version 3.2.0.",
    .functions = unicodedata_functions,
    .function_count = count_of(unicodedata_functions),
    .types = unicodedata_types,
    .type_count = 1,
    .exec = unicodedata_exec,
};

}  // namespace baton
