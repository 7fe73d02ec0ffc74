// _decimal: str() and format().
#include <climits>
#include <clocale>
#include <cstdlib>

#include "modules/decimal_internal.h"
#include "objects/dict.h"

namespace baton {

// The digits of a coefficient as text.
class DigitText {
 public:
  ~DigitText() { free(heap_); }
  Result<std::string_view> set(Thread& thread, const DecView& v) {
    u64 n = static_cast<u64>(v.digits());
    char* room = inline_;
    if (n > sizeof inline_) {
      heap_ = room = static_cast<char*>(malloc(n));
      if (!room) return raise_memory_error(thread);
    }
    dec_get_digits(reinterpret_cast<u8*>(room), v);
    for (u64 i = 0; i < n; ++i) room[i] = static_cast<char>(room[i] + '0');
    return std::string_view(room, n);
  }

 private:
  char inline_[64];
  char* heap_ = nullptr;
};

static void append_exponent(StrBuilder& out, i64 exponent, char letter) {
  char text[kI64TextMax + 1];
  out.append(static_cast<u8>(letter));
  if (exponent >= 0) out.append('+');
  out.append_ascii({text, i64_to_decimal(text, exponent)});
}

static bool append_special(StrBuilder& out, const DecView& v, std::string_view digits) {
  if (v.is_finite()) return false;
  if (v.is_infinite()) {
    out.append_ascii("Infinity");
    return true;
  }
  out.append_ascii(v.kind == DecKind::SignalingNan ? "sNaN" : "NaN");
  out.append_ascii(digits);
  return true;
}

// The digits with a point behind `place` of them (zeros are added on either side).
static void append_pointed(StrBuilder& out, std::string_view digits, i64 place) {
  i64 n = static_cast<i64>(digits.size());
  if (place <= 0) {
    out.append_ascii("0.");
    out.append_repeated('0', -place);
    out.append_ascii(digits);
  } else if (place >= n) {
    out.append_ascii(digits);
    out.append_repeated('0', place - n);
  } else {
    out.append_ascii(digits.substr(0, static_cast<usize>(place)));
    out.append('.');
    out.append_ascii(digits.substr(static_cast<usize>(place)));
  }
}

// Of a finite number that fits and needs no exponent: how long its text is, else 0.
static usize short_text(const DecView& v, char* out, usize room) {
  i64 digits = v.digits(), left = v.exponent + digits;
  if (!v.is_finite() || v.exponent > 0 || left <= -6 || digits + 10 > static_cast<i64>(room)) return 0;
  char* p = out;
  if (v.negative) *p++ = '-';
  if (left <= 0) {
    *p++ = '0';
    *p++ = '.';
    for (i64 i = left; i < 0; ++i) *p++ = '0';
  }
  dec_get_digits(reinterpret_cast<u8*>(p), v);
  for (i64 i = 0; i < digits; ++i) p[i] = static_cast<char>(p[i] + '0');
  if (left > 0 && v.exponent < 0) {
    memmove(p + left + 1, p + left, static_cast<usize>(digits - left));
    p[left] = '.';
    ++p;
  }
  return static_cast<usize>(p + digits - out);
}

Result<Str*> decimal_text(Thread& thread, const DecView& v, bool engineering, bool capitals) {
  char plain[64];
  if (usize n = short_text(v, plain, sizeof plain)) return str_from_ascii(thread, {plain, n});
  DigitText text;
  std::string_view digits = TRY(text.set(thread, v));
  StrBuilder out;
  if (v.negative) out.append('-');
  if (append_special(out, v, digits)) return out.build(thread);
  i64 left = v.exponent + static_cast<i64>(digits.size());  // digits in front of the point, without an exponent
  i64 place;
  if (v.exponent <= 0 && left > -6)
    place = left;
  else if (!engineering)
    place = 1;
  else if (v.size == 0)
    place = ((left + 1) % 3 + 3) % 3 - 1;  // the exponent is a multiple of three
  else
    place = ((left - 1) % 3 + 3) % 3 + 1;
  append_pointed(out, digits, place);
  if (left != place) append_exponent(out, left - place, capitals ? 'E' : 'e');
  return out.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- format()

namespace {
struct FormatSpec {
  u32 fill = ' ', align = 0;  // 0: not given
  char sign = '-', type = 'G';
  bool no_negative_zero = false, zero_padded = false, has_precision = false;
  i64 width = 0, precision = 0;
  // Of the digits in front of the point, in UTF-8.
  std::string_view separator, point = ".", grouping = "\3";
};

Failed raise_invalid_format(Thread& thread) { return raise_value_error(thread, "invalid format string"); }

Result<FormatSpec> parse_format(Thread& thread, const Str* spec, bool capitals) {
  FormatSpec f;
  if (!capitals) f.type = 'g';
  Index n = spec->length(), i = 0;
  auto at = [&](Index k) -> u32 { return k < n ? spec->at(k) : 0; };
  auto is_align = [](u32 c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  if (n >= 2 && is_align(at(1))) {
    f.fill = at(0);
    f.align = at(1);
    i = 2;
  } else if (is_align(at(0))) {
    f.align = at(i++);
  }
  if (at(i) == '+' || at(i) == '-' || at(i) == ' ') f.sign = static_cast<char>(at(i++));
  if (at(i) == 'z') {
    f.no_negative_zero = true;
    ++i;
  }
  if (at(i) == '0') {  // padding with zeros is an alignment and a fill of its own
    if (f.align) return raise_invalid_format(thread);
    f.zero_padded = true;
    f.fill = '0';
    f.align = '=';
    if (at(++i) == '0') return raise_invalid_format(thread);
  }
  auto number = [&](i64* out) -> bool {
    constexpr i64 kMost = INT64_MAX / 2;
    for (; at(i) >= '0' && at(i) <= '9'; ++i) {
      if (*out > kMost / 10 - 10) return false;
      *out = *out * 10 + (at(i) - '0');
    }
    return true;
  };
  if (!number(&f.width)) return raise_invalid_format(thread);
  if (at(i) == ',') {
    f.separator = ",";
    ++i;
  }
  if (at(i) == '.') {
    ++i;
    if (at(i) < '0' || at(i) > '9') return raise_invalid_format(thread);
    f.has_precision = true;
    if (!number(&f.precision)) return raise_invalid_format(thread);
  }
  if (i < n) {
    u32 c = at(i++);
    if (c == 0 || c > 127 || !strchr("eEfFgGn%N", static_cast<int>(c))) return raise_invalid_format(thread);
    f.type = static_cast<char>(c);
    if (c == 'n' || c == 'N') {
      if (!f.separator.empty()) return raise_invalid_format(thread);
      f.type = c == 'n' ? 'g' : 'G';
      const lconv* conv = localeconv();
      f.point = conv->decimal_point;
      f.separator = conv->thousands_sep;
      f.grouping = conv->grouping;
    }
  }
  if (i < n) return raise_invalid_format(thread);
  return f;
}

// Digits in front of the point, with separators, and with zeros added up to `least` characters.
void append_grouped(StrBuilder& out, Thread& thread, std::string_view digits, i64 zeros, const FormatSpec& f, i64 least) {
  if (f.separator.empty() || f.grouping.empty() || f.grouping[0] == CHAR_MAX) {
    i64 missing = least - zeros - static_cast<i64>(digits.size());
    if (missing > 0) out.append_repeated('0', missing);
    out.append_ascii(digits);
    out.append_repeated('0', zeros);
    return;
  }
  // From the right: how many characters belong to each group, then the text from the left.
  i64 separator_width = 0;
  for (char c : f.separator) separator_width += (c & 0xc0) != 0x80;
  i64 total = static_cast<i64>(digits.size()) + zeros;
  // With padding, the zeros in front take part in the grouping.
  i64 padded = total;
  auto width_of = [&](i64 count) {
    i64 width = count, left = count;
    usize g = 0;
    for (;;) {
      i64 group = f.grouping[g];
      if (group <= 0 || group == CHAR_MAX || left <= group) return width;
      left -= group;
      width += separator_width;
      if (g + 1 < f.grouping.size() && f.grouping[g + 1] > 0)
        ++g;
      else if (g + 1 < f.grouping.size() && f.grouping[g + 1] == CHAR_MAX)
        return width;
    }
  };
  while (width_of(padded) < least) ++padded;
  auto digit_at = [&](i64 i) -> u32 {  // of the padded text, from the left
    i -= padded - total;
    return i < 0 || i >= static_cast<i64>(digits.size()) ? '0' : static_cast<u8>(digits[static_cast<usize>(i)]);
  };
  // A separator stands in front of the digit with as many digits on its right (itself included) as a sum of groups.
  for (i64 i = 0; i < padded; ++i) {
    i64 right = padded - i, sum = 0;
    usize g = 0;
    bool boundary = false;
    while (i > 0) {
      i64 group = f.grouping[g];
      if (group <= 0 || group == CHAR_MAX) break;
      sum += group;
      if (sum >= right) {
        boundary = sum == right;
        break;
      }
      if (g + 1 < f.grouping.size()) {
        if (f.grouping[g + 1] == CHAR_MAX) break;
        if (f.grouping[g + 1] > 0) ++g;
      }
    }
    if (boundary) out.append_utf8(f.separator);
    out.append(digit_at(i));
  }
}

// v with at most `places` digits.
void round_to_digits(DecNumber& out, const DecView& v, i64 places, const DecContext& context, u32* status) {
  DecContext c = kDecMaxContext;
  c.precision = places;
  c.rounding = context.rounding;
  // Nothing overflows in the largest context but by rounding up, and what is shown then is what it is.
  dec_plus(out, v, c, status);
  if (out.kind == DecKind::Finite) out.negative = v.negative;
}
}  // namespace

// The parts of locale-dependent formats that the caller gives instead.
static Result<void> apply_override(Thread& thread, Value given, FormatSpec* f, Value* owners) {
  if (!is<Dict>(given)) return raise_type_error(thread, "optional argument must be a dict");
  const struct {
    const char* key;
    std::string_view* target;
  } parts[] = {{"decimal_point", &f->point}, {"thousands_sep", &f->separator}, {"grouping", &f->grouping}};
  for (usize i = 0; i < 3; ++i) {
    Value v = dict_find_str(given.as<Dict>(), intern(thread, parts[i].key));
    if (v.is_absent()) continue;
    if (!is<Str>(v)) return raise_type_error(thread, "argument must be str, not {!t}", v);
    *parts[i].target = TRY(str_utf8(thread, v.as<Str>(), &owners[i]));
    if (owners[i].is_absent()) owners[i] = v;
  }
  bool good = !f->point.empty() && f->point.size() <= 4 && f->separator.size() <= 4;
  for (char c : f->grouping) good = good && c >= 0;
  if (!good) return raise_value_error(thread, "invalid override dict");
  return ok;
}

Result<Str*> decimal_format(Thread& thread, const DecView& number, Str* spec, Value override_or_absent, DecimalContext* context) {
  FormatSpec f = TRY(parse_format(thread, spec, context->capitals_));
  Value owners[3];
  if (override_or_absent.is_present()) TRY(apply_override(thread, override_or_absent, &f, owners));
  constexpr i64 kMost = i64{1} << 40;
  if (f.width > kMost || f.precision > kMost)
    return raise_value_error(thread, "format specification exceeds internal limits of _decimal");
  DecContext settings = context->settings();
  u32 status = 0;
  DecView v = number;
  DecNumber room;
  char type = f.type;
  bool exponential = type == 'e' || type == 'E', fixed = type == 'f' || type == 'F' || type == '%';
  DigitText text;
  StrBuilder body;
  std::string_view digits;
  i64 place = 0, left = 0;
  if (v.is_finite()) {
    if (type == '%') v.exponent += 2;
    if (f.has_precision) {
      if (fixed) {
        dec_rescale(room, v, -f.precision, settings, &status);
        v = room;
      } else {
        i64 places = exponential ? f.precision + 1 : f.precision > 0 ? f.precision : 1;
        if (v.size && v.digits() > places) {
          round_to_digits(room, v, places, settings, &status);
          v = room;
        } else if (exponential && v.size && v.digits() < places) {
          dec_rescale(room, v, v.exponent - (places - v.digits()), settings, &status);
          v = room;
        }
      }
    }
    if (fixed && v.is_finite() && (v.exponent > 0 || v.size == 0) && v.exponent > 0) {
      DecNumber whole;
      dec_rescale(whole, v, 0, settings, &status);
      if (!room.assign(whole)) return raise_memory_error(thread);
      v = room;
    }
    if (status & (kDecMallocError | kDecInvalidOperation)) {
      if (status & kDecMallocError) return raise_memory_error(thread);
      return raise_value_error(thread, "format specification exceeds internal limits of _decimal");
    }
  }
  digits = TRY(text.set(thread, v));
  bool negative = v.negative && !(f.no_negative_zero && v.is_zero());
  std::string_view sign = negative ? "-" : f.sign == '+' ? "+" : f.sign == ' ' ? " " : "";
  StrBuilder tail;  // fraction, exponent, percent sign
  i64 zeros = 0;
  std::string_view whole = digits;
  bool special = append_special(body, v, digits);
  if (!special) {
    left = v.exponent + static_cast<i64>(digits.size());
    if (exponential)
      place = v.size == 0 && f.has_precision ? 1 - f.precision : 1;
    else if (fixed)
      place = left;
    else
      place = v.exponent <= 0 && left > -6 ? left : 1;
    i64 n = static_cast<i64>(digits.size());
    std::string_view fraction;
    i64 fraction_zeros = 0;
    if (place <= 0) {
      whole = "0";
      fraction_zeros = -place;
      fraction = digits;
    } else if (place >= n) {
      zeros = place - n;
    } else {
      whole = digits.substr(0, static_cast<usize>(place));
      fraction = digits.substr(static_cast<usize>(place));
    }
    if (!fraction.empty() || fraction_zeros) {
      tail.append_utf8(f.point);
      tail.append_repeated('0', fraction_zeros);
      tail.append_ascii(fraction);
    }
    if (left != place || exponential) append_exponent(tail, left - place, type == 'e' || type == 'g' ? 'e' : 'E');
  }
  if (type == '%') tail.append('%');
  if (!special) {
    i64 least = f.zero_padded ? f.width - static_cast<i64>(sign.size()) - tail.length() : 0;
    append_grouped(body, thread, whole, zeros, f, least);
  }
  if (special && f.zero_padded) f.fill = ' ', f.align = f.align == '=' ? '>' : f.align;
  StrBuilder out;
  i64 padding = f.width - static_cast<i64>(sign.size()) - body.length() - tail.length();
  if (padding < 0) padding = 0;
  u32 align = f.align ? f.align : '>';
  i64 before = align == '>' ? padding : align == '^' ? padding / 2 : 0, between = align == '=' ? padding : 0;
  out.append_repeated(f.fill, before);
  out.append_ascii(sign);
  out.append_repeated(f.fill, between);
  out.append_units(body.data(), body.length(), body.width());
  out.append_units(tail.data(), tail.length(), tail.width());
  out.append_repeated(f.fill, padding - before - between);
  return out.build(thread);
}

}  // namespace baton
