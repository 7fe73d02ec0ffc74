// The format mini-language for str, int, float and complex.
//
// A formatted number is laid out as  [left fill][sign][prefix][inner fill][grouped digits][point][rest][right fill];  the inner
// fill is that of '=' alignment. With a fill of '0' and '=', the digits themselves are extended with zeros so that these are
// grouped too.
#include "objects/format_spec.h"

#include <climits>
#include <clocale>
#include <cmath>
#include <cstring>

#include "base/float_text.h"
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/number_text.h"
#include "objects/object.h"

namespace baton {

namespace {

enum class Grouping : u8 { None, Comma, Underscore, UnderscoreFour, Locale };

struct Spec {
  u32 fill = ' ';
  u32 align = '<';  // '<', '>', '=', '^'
  bool alternate = false, no_negative_zero = false, align_given = false;
  u32 sign = 0;  // 0, ' ', '+', '-'
  Index width = -1;
  Grouping grouping = Grouping::None;
  i64 precision = -1;
  u32 type = 0;
};

bool is_align(u32 ch) { return ch == '<' || ch == '>' || ch == '=' || ch == '^'; }

// Digits from *at; false with ValueError pending when there are too many. *value stays when there are none.
Result<bool> parse_digits(Thread& thread, Str* spec, Index* at, i64* value) {
  i64 n = 0;
  bool any = false;
  for (; *at < spec->length(); ++*at) {
    int digit = unicode_decimal_value(spec->at(*at));
    if (digit < 0) break;
    any = true;
    if (n > (kMaxIndex - digit) / 10) return raise_value_error(thread, "Too many decimal digits in format string");
    n = n * 10 + digit;
  }
  if (any) *value = n;
  return any;
}

Failed raise_hex_message(Thread& thread, const char* with_char, const char* with_hex, u32 first, u32 ch, FormatArg type) {
  // Characters outside printable ASCII are shown as \x and hex digits.
  char one[2] = {static_cast<char>(first), 0};
  if (ch > 32 && ch < 128) {
    char shown[2] = {static_cast<char>(ch), 0};
    if (first) return raise_value_error(thread, with_char, static_cast<const char*>(one), static_cast<const char*>(shown));
    return raise_value_error(thread, with_char, static_cast<const char*>(shown), type);
  }
  char hex[12];
  usize n = 0;
  for (int shift = 28; shift >= 0; shift -= 4) {
    u32 digit = (ch >> shift) & 15;
    if (digit || n || shift == 0) hex[n++] = "0123456789abcdef"[digit];
  }
  hex[n] = 0;
  if (first) return raise_value_error(thread, with_hex, static_cast<const char*>(one), static_cast<const char*>(hex));
  return raise_value_error(thread, with_hex, static_cast<const char*>(hex), type);
}

// Name of the type that errors speak of.
FormatArg shown_type(Value object, const char* type) {
  return object.is_absent() ? FormatArg(type) : FormatArg(type_name(object));
}

Failed raise_unknown_type(Thread& thread, u32 ch, FormatArg type) {
  return raise_hex_message(thread, "Unknown format code '{}' for object of type '{}'",
                           "Unknown format code '\\x{}' for object of type '{}'", 0, ch, type);
}

Result<void> check_grouping(Thread& thread, Spec* out) {
  if (out->grouping == Grouping::None) return ok;
  switch (out->type) {
    case 'd':
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'G':
    case '%':
    case 'F':
    case 0: return ok;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      if (out->grouping == Grouping::Underscore) {
        out->grouping = Grouping::UnderscoreFour;
        return ok;
      }
      [[fallthrough]];
    default:
      return raise_hex_message(thread, "Cannot specify '{}' with '{}'.", "Cannot specify '{}' with '\\x{}'.",
                               out->grouping == Grouping::Comma ? ',' : '_', out->type, "");
  }
}

Result<void> parse_spec(Thread& thread, Str* spec, Spec* out, u32 default_type, u32 default_align, FormatArg type) {
  Index at = 0, end = spec->length();
  out->align = default_align;
  out->type = default_type;
  bool fill_given = false;
  auto peek = [&](Index i) -> u32 { return i < end ? spec->at(i) : 0; };
  if (end >= 2 && is_align(peek(1))) {
    out->align = peek(1);
    out->fill = peek(0);
    fill_given = out->align_given = true;
    at = 2;
  } else if (end >= 1 && is_align(peek(0))) {
    out->align = peek(0);
    out->align_given = true;
    at = 1;
  }
  u32 ch = peek(at);
  if (at < end && (ch == ' ' || ch == '+' || ch == '-')) out->sign = ch, ++at;
  if (at < end && peek(at) == 'z') out->no_negative_zero = true, ++at;
  if (at < end && peek(at) == '#') out->alternate = true, ++at;
  if (!fill_given && at < end && peek(at) == '0') {
    out->fill = '0';
    if (!out->align_given && default_align == '>') out->align = '=';
    ++at;
  }
  TRY(parse_digits(thread, spec, &at, &out->width));
  if (at < end && peek(at) == ',') out->grouping = Grouping::Comma, ++at;
  if (at < end && peek(at) == '_') {
    if (out->grouping != Grouping::None) return raise_value_error(thread, "Cannot specify both ',' and '_'.");
    out->grouping = Grouping::Underscore;
    ++at;
  }
  if (at < end && peek(at) == ',' && out->grouping == Grouping::Underscore)
    return raise_value_error(thread, "Cannot specify both ',' and '_'.");
  if (at < end && peek(at) == '.') {
    ++at;
    if (!TRY(parse_digits(thread, spec, &at, &out->precision)))
      return raise_value_error(thread, "Format specifier missing precision");
  }
  if (end - at > 1) return raise_value_error(thread, "Invalid format specifier '{}' for object of type '{}'", spec, type);
  if (end - at == 1) out->type = peek(at);
  return check_grouping(thread, out);
}

// --- numbers

// What separates groups of digits, and the decimal point, with CPython's meaning of localeconv().grouping.
struct Separators {
  u32 thousands[8] = {};
  u32 point[8] = {};
  int thousands_length = 0, point_length = 0;
  char grouping[8] = {CHAR_MAX};
};

int decode_locale_text(const char* text, u32 (&out)[8]) {
  int n = 0;
  const u8* p = reinterpret_cast<const u8*>(text);
  while (*p && n < 8) {
    if (*p < 0x80)
      out[n++] = *p++;
    else if (*p < 0xE0 && p[1])
      out[n++] = static_cast<u32>((*p & 0x1F) << 6 | (p[1] & 0x3F)), p += 2;
    else if (*p < 0xF0 && p[1] && p[2])
      out[n++] = static_cast<u32>((*p & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F)), p += 3;
    else
      out[n++] = *p++;
  }
  return n;
}

Separators separators_for(Grouping grouping) {
  Separators s;
  s.point[0] = '.';
  s.point_length = 1;
  switch (grouping) {
    case Grouping::None: break;
    case Grouping::Comma:
    case Grouping::Underscore:
    case Grouping::UnderscoreFour:
      s.thousands[0] = grouping == Grouping::Comma ? ',' : '_';
      s.thousands_length = 1;
      s.grouping[0] = grouping == Grouping::UnderscoreFour ? 4 : 3;
      s.grouping[1] = 0;  // the last one repeats
      break;
    case Grouping::Locale: {
      lconv* conv = localeconv();
      s.point_length = decode_locale_text(conv->decimal_point, s.point);
      s.thousands_length = decode_locale_text(conv->thousands_sep, s.thousands);
      for (int i = 0; i < 7; ++i)
        if ((s.grouping[i] = conv->grouping[i]) == 0 || s.grouping[i] == CHAR_MAX) break;
      if (s.grouping[0] == 0) s.grouping[0] = CHAR_MAX;
      break;
    }
  }
  return s;
}

// Appends the digits with separators, extended by zeros to min_width. Produced back to front, then turned round.
void append_grouped(StrBuilder& out, std::string_view digits, Index min_width, const Separators& sep) {
  Index left = static_cast<Index>(digits.size());
  if (sep.thousands_length == 0 || sep.grouping[0] == CHAR_MAX) {
    out.append_repeated('0', min_width - left);
    out.append_ascii(digits);
    return;
  }
  StrBuilder reversed;
  bool use_separator = false;
  int group_index = 0;
  Index group = 0;
  for (;;) {
    bool last = false;
    char next = sep.grouping[group_index];
    if (next == CHAR_MAX)
      last = true;
    else if (next != 0)
      group = next, ++group_index;
    Index most = left > min_width ? left : min_width;
    if (most < 1) most = 1;
    Index size = last || group > most ? most : group;
    Index chars = left < size ? left : size;
    if (use_separator)
      for (int i = sep.thousands_length; i-- > 0;) reversed.append(sep.thousands[i]);
    for (Index i = 0; i < chars; ++i) reversed.append(static_cast<u8>(digits[static_cast<usize>(left - 1 - i)]));
    reversed.append_repeated('0', size - chars);
    use_separator = true;
    left -= chars;
    min_width -= size;
    if (last || (left <= 0 && min_width <= 0)) break;
    min_width -= sep.thousands_length;
  }
  for (Index i = reversed.length(); i-- > 0;) out.append(reversed.at(i));
}

Index grouped_length(Index digits, Index min_width, const Separators& sep) {
  if (sep.thousands_length == 0 || sep.grouping[0] == CHAR_MAX) return digits > min_width ? digits : min_width;
  StrBuilder scratch;
  char zeros[64];
  memset(zeros, '0', sizeof(zeros));
  if (digits <= 64) {
    append_grouped(scratch, {zeros, static_cast<usize>(digits)}, min_width, sep);
    return scratch.length();
  }
  // Long numbers: count instead.
  Index total = 0, left = digits, group = 0;
  int group_index = 0;
  bool use_separator = false;
  for (;;) {
    bool last = false;
    char next = sep.grouping[group_index];
    if (next == CHAR_MAX)
      last = true;
    else if (next != 0)
      group = next, ++group_index;
    Index most = left > min_width ? left : min_width;
    if (most < 1) most = 1;
    Index size = last || group > most ? most : group;
    total += size + (use_separator ? sep.thousands_length : 0);
    use_separator = true;
    left -= left < size ? left : size;
    min_width -= size;
    if (last || (left <= 0 && min_width <= 0)) return total;
    min_width -= sep.thousands_length;
  }
}

// The parts of a number before layout: text is ASCII.
struct NumberParts {
  bool negative = false;
  std::string_view prefix;
  std::string_view digits;  // before the point
  bool has_point = false;
  std::string_view rest;  // behind the point; exponent, '%', "inf", "nan"
  u32 character = 0;      // 'c': one character instead of everything above
  bool is_character = false;
};

Result<void> append_number(Thread& thread, StrBuilder& out, const Spec& spec, const NumberParts& n, const Separators& sep) {
  char sign = n.negative ? '-' : spec.sign == '+' ? '+' : spec.sign == ' ' ? ' ' : 0;
  Index other = (sign != 0) + static_cast<Index>(n.prefix.size()) + (n.has_point ? sep.point_length : 0) +
                static_cast<Index>(n.rest.size()) + n.is_character;
  Index min_width = spec.fill == '0' && spec.align == '=' ? spec.width - other : 0;
  Index digit_count = static_cast<Index>(n.digits.size());
  Index grouped = digit_count == 0 ? 0 : grouped_length(digit_count, min_width, sep);
  Index fill = spec.width > other + grouped ? spec.width - other - grouped : 0;
  Index left = spec.align == '>' ? fill : spec.align == '^' ? fill / 2 : 0;
  Index inner = spec.align == '=' ? fill : 0;
  out.append_repeated(spec.fill, left);
  if (sign) out.append(static_cast<u8>(sign));
  out.append_ascii(n.prefix);
  out.append_repeated(spec.fill, inner);
  if (n.is_character) out.append(n.character);
  if (digit_count) append_grouped(out, n.digits, min_width, sep);
  if (n.has_point)
    for (int i = 0; i < sep.point_length; ++i) out.append(sep.point[i]);
  out.append_ascii(n.rest);
  out.append_repeated(spec.fill, fill - left - inner);
  (void)thread;
  return ok;
}

// Splits float text ("-12.5e+10", "inf", "nan%") into parts.
NumberParts split_float(std::string_view text) {
  NumberParts n;
  if (!text.empty() && text[0] == '-') {
    n.negative = true;
    text.remove_prefix(1);
  }
  usize i = 0;
  while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
  n.digits = text.substr(0, i);
  if (i < text.size() && text[i] == '.') {
    n.has_point = true;
    ++i;
  }
  n.rest = text.substr(i);
  return n;
}

Result<Str*> format_real(Thread& thread, double value, const Spec& spec) {
  u32 type = spec.type;
  i64 precision = spec.precision, default_precision = 6;
  u32 flags = (spec.alternate ? kFloatAlternate : 0) | (spec.no_negative_zero ? kFloatNoNegZero : 0);
  if (precision > INT_MAX) return raise_value_error(thread, "precision too big");
  if (type == 0) {
    flags |= kFloatAddDot0;
    type = 'r';
    default_precision = 0;
  }
  if (type == 'n') type = 'g';
  if (precision < 0)
    precision = default_precision;
  else if (type == 'r')
    type = 'g';
  NumberText text;
  TRY(text.set_float(thread, value, static_cast<char>(type), static_cast<int>(precision), flags));
  Separators sep = separators_for(spec.type == 'n' ? Grouping::Locale : spec.grouping);
  StrBuilder out;
  TRY(append_number(thread, out, spec, split_float(text.view()), sep));
  return out.build(thread);
}

bool is_float_type(u32 type) {
  switch (type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
    case '%': return true;
    default: return false;
  }
}

Result<Str*> format_character(Thread& thread, Value v, const Spec& spec) {
  if (spec.sign) return raise_value_error(thread, "Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) return raise_value_error(thread, "Alternate form (#) not allowed with integer format specifier 'c'");
  i64 code;
  if (!int_to_i64(v, &code)) return raise_overflow_error(thread, "Python int too large to convert to C long");
  if (code < 0 || code > static_cast<i64>(kMaxCodePoint)) return raise_overflow_error(thread, "%c arg not in range(0x110000)");
  NumberParts n;
  n.is_character = true;
  n.character = static_cast<u32>(code);
  StrBuilder out;
  TRY(append_number(thread, out, spec, n, separators_for(Grouping::None)));
  return out.build(thread);
}

Result<Str*> format_integer(Thread& thread, Value v, const Spec& spec) {
  if (spec.precision >= 0) return raise_value_error(thread, "Precision not allowed in integer format specifier");
  if (spec.no_negative_zero)
    return raise_value_error(thread, "Negative zero coercion (z) not allowed in integer format specifier");
  if (spec.type == 'c') return format_character(thread, v, spec);
  int base = spec.type == 'b' ? 2 : spec.type == 'o' ? 8 : spec.type == 'x' || spec.type == 'X' ? 16 : 10;
  NumberText text;
  TRY(text.set_int(thread, v, base));
  if (spec.type == 'X') text.make_upper();
  NumberParts n;
  n.digits = text.view();
  if (n.digits[0] == '-') {
    n.negative = true;
    n.digits.remove_prefix(1);
  }
  if (spec.alternate && base != 10) n.prefix = spec.type == 'b' ? "0b" : spec.type == 'o' ? "0o" : spec.type == 'x' ? "0x" : "0X";
  StrBuilder out;
  TRY(append_number(thread, out, spec, n, separators_for(spec.type == 'n' ? Grouping::Locale : spec.grouping)));
  return out.build(thread);
}

}  // namespace

Result<Str*> format_str(Thread& thread, Str* text, Str* spec_text) {
  if (spec_text->length() == 0) return str_exact(thread, text);
  Spec spec;
  FormatArg type(type_name(text));
  TRY(parse_spec(thread, spec_text, &spec, 's', '<', type));
  if (spec.type != 's') return raise_unknown_type(thread, spec.type, type);
  if (spec.sign) {
    return spec.sign == ' ' ? raise_value_error(thread, "Space not allowed in string format specifier")
                            : raise_value_error(thread, "Sign not allowed in string format specifier");
  }
  if (spec.no_negative_zero)
    return raise_value_error(thread, "Negative zero coercion (z) not allowed in string format specifier");
  if (spec.alternate) return raise_value_error(thread, "Alternate form (#) not allowed in string format specifier");
  if (spec.align == '=') return raise_value_error(thread, "'=' alignment not allowed in string format specifier");
  Index n = text->length();
  if (spec.precision >= 0 && n > spec.precision) n = spec.precision;
  if (spec.width <= n) return str_slice(thread, text, 0, n);
  Index fill = spec.width - n;
  Index left = spec.align == '>' ? fill : spec.align == '^' ? fill / 2 : 0;
  if (text->is_ascii() && spec.fill < 128) {
    Str* made = TRY(str_allocate(thread, spec.width, 1, true));
    u8* p = static_cast<u8*>(str_mutable_data(made));
    memset(p, static_cast<int>(spec.fill), static_cast<usize>(left));
    memcpy(p + left, text->data(), static_cast<usize>(n));
    memset(p + left + n, static_cast<int>(spec.fill), static_cast<usize>(fill - left));
    return made;
  }
  StrBuilder out;
  out.append_repeated(spec.fill, left);
  out.append(text, 0, n);
  out.append_repeated(spec.fill, fill - left);
  return out.build(thread);
}

Result<Str*> format_int(Thread& thread, Value v, Str* spec_text, Value object) {
  if (spec_text->length() == 0) return int_to_text(thread, v, 10, false);
  Spec spec;
  FormatArg type = shown_type(object, "int");
  TRY(parse_spec(thread, spec_text, &spec, 'd', '>', type));
  switch (spec.type) {
    case 'b':
    case 'c':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
    case 'n': return format_integer(thread, v, spec);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': return format_real(thread, TRY(int_to_double(thread, v)), spec);
    default: return raise_unknown_type(thread, spec.type, type);
  }
}

Result<Str*> format_float(Thread& thread, double value, Str* spec_text, Value object) {
  Spec spec;
  FormatArg type = shown_type(object, "float");
  TRY(parse_spec(thread, spec_text, &spec, 0, '>', type));
  if (!is_float_type(spec.type)) return raise_unknown_type(thread, spec.type, type);
  return format_real(thread, value, spec);
}

Result<Str*> format_complex(Thread& thread, double real, double imag, Str* spec_text, Value object) {
  Spec spec;
  FormatArg shown = shown_type(object, "complex");
  TRY(parse_spec(thread, spec_text, &spec, 0, '>', shown));
  if (!is_float_type(spec.type) || spec.type == '%') return raise_unknown_type(thread, spec.type, shown);
  if (spec.fill == '0') return raise_value_error(thread, "Zero padding is not allowed in complex format specifier");
  if (spec.align == '=') return raise_value_error(thread, "'=' alignment flag is not allowed in complex format specifier");
  if (spec.precision > INT_MAX) return raise_value_error(thread, "precision too big");
  u32 type = spec.type, flags = (spec.alternate ? kFloatAlternate : 0) | (spec.no_negative_zero ? kFloatNoNegZero : 0);
  i64 precision = spec.precision, default_precision = 6;
  bool skip_real = false, parentheses = false;
  if (type == 0) {
    type = 'r';
    default_precision = 0;
    if (real == 0.0 && !std::signbit(real))
      skip_real = true;
    else
      parentheses = true;
  }
  if (type == 'n') type = 'g';
  if (precision < 0)
    precision = default_precision;
  else if (type == 'r')
    type = 'g';
  NumberText real_text, imag_text;
  TRY(real_text.set_float(thread, real, static_cast<char>(type), static_cast<int>(precision), flags));
  TRY(imag_text.set_float(thread, imag, static_cast<char>(type), static_cast<int>(precision), flags));
  Separators sep = separators_for(spec.type == 'n' ? Grouping::Locale : spec.grouping);
  // Padding goes round the whole; the parts get none.
  Spec part = spec;
  part.fill = 0;
  part.align = '<';
  part.width = -1;
  StrBuilder number;
  if (parentheses) number.append('(');
  if (!skip_real) {
    TRY(append_number(thread, number, part, split_float(real_text.view()), sep));
    part.sign = '+';
  }
  TRY(append_number(thread, number, part, split_float(imag_text.view()), sep));
  number.append('j');
  if (parentheses) number.append(')');
  Index fill = spec.width > number.length() ? spec.width - number.length() : 0;
  Index left = spec.align == '>' ? fill : spec.align == '^' ? fill / 2 : 0;
  StrBuilder out;
  out.append_repeated(spec.fill, left);
  out.append_units(number.data(), number.length(), number.width());
  out.append_repeated(spec.fill, fill - left);
  return out.build(thread);
}

}  // namespace baton
