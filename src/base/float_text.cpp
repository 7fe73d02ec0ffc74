// Digits come from std::to_chars, which is exact at any precision; this file only lays them out as CPython does.
// Precisions beyond what a double can fill are padded with zeros here, so all scratch is of fixed size.
#include "base/float_text.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/check.h"

namespace baton {

// No double has more significant digits, respectively more digits behind the point, than these.
static constexpr int kMaxSignificant = 770, kMaxFraction = 1080;

double compose_double(u64 mantissa, bool sticky, i64 exponent) {
  if (mantissa == 0) return 0.0;
  int zeros = __builtin_clzll(mantissa);
  mantissa <<= zeros;
  exponent -= zeros;
  i64 top = exponent + 63;
  if (top > 1023) return std::numeric_limits<double>::infinity();
  i64 keep = top < -1022 ? 53 - (-1022 - top) : 53;
  if (keep < 0) return 0.0;
  int drop = static_cast<int>(64 - keep);
  u64 kept = drop == 64 ? 0 : mantissa >> drop;
  u64 rest = drop == 64 ? mantissa : mantissa & ((u64{1} << drop) - 1);
  u64 half = u64{1} << (drop - 1);
  if (rest > half || (rest == half && (sticky || (kept & 1)))) ++kept;
  return std::ldexp(static_cast<double>(kept), static_cast<int>(exponent + drop));
}

FloatParts float_parts(double value) {
  u64 bits = std::bit_cast<u64>(value);
  int exponent = static_cast<int>((bits >> 52) & 0x7FF);
  u64 mantissa = bits & ((u64{1} << 52) - 1);
  if (exponent)
    mantissa |= u64{1} << 52;
  else
    exponent = 1;
  exponent -= 1075;
  if (mantissa == 0) return {0, 0, bool(bits >> 63)};
  int zeros = __builtin_ctzll(mantissa);
  return {mantissa >> zeros, exponent + zeros, bool(bits >> 63)};
}

namespace {

struct Digits {
  char text[kMaxSignificant + 8];
  int count;    // digits in text, no trailing zeros beyond what was asked
  int decimal;  // position of the point: 0.d1d2... * 10^decimal
};

class Writer {
 public:
  explicit Writer(char* out) : start_(out), out_(out) {}
  void put(char ch) { *out_++ = ch; }
  void put(const char* text, i64 count) {
    if (count <= 0) return;
    memcpy(out_, text, static_cast<usize>(count));
    out_ += count;
  }
  void zeros(i64 count) {
    if (count <= 0) return;
    memset(out_, '0', static_cast<usize>(count));
    out_ += count;
  }
  usize length() const { return static_cast<usize>(out_ - start_); }

 private:
  char *start_, *out_;
};

}  // namespace

// Splits to_chars' "d.ddde+XX" into digits and decimal position.
static void split_scientific(const char* text, const char* end, Digits* digits) {
  digits->count = 0;
  const char* p = text;
  for (; p < end && *p != 'e'; ++p) {
    if (*p != '.') digits->text[digits->count++] = *p;
  }
  int exponent = 0;
  bool negative = p[1] == '-';
  for (p += 2; p < end; ++p) exponent = exponent * 10 + (*p - '0');
  digits->decimal = (negative ? -exponent : exponent) + 1;
}

// `significant` digits of a finite non-negative value, or as few as identify it if 0.
static void make_digits(double value, int significant, Digits* digits) {
  char buffer[kMaxSignificant + 16];
  std::to_chars_result r = significant == 0 ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific)
                                            : std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific,
                                                            (significant < kMaxSignificant ? significant : kMaxSignificant) - 1);
  BATON_DCHECK(r.ec == std::errc(), "digit buffer is large enough");
  split_scientific(buffer, r.ptr, digits);
}

static void put_exponent(Writer& w, char letter, int exponent) {
  w.put(letter);
  w.put(exponent < 0 ? '-' : '+');
  if (exponent < 0) exponent = -exponent;
  if (exponent >= 100) w.put(static_cast<char>('0' + exponent / 100));
  w.put(static_cast<char>('0' + exponent / 10 % 10));
  w.put(static_cast<char>('0' + exponent % 10));
}

// Lays out `shown` digits (padding with zeros) with the point at digits.decimal, or behind the first digit with an exponent.
static void layout(Writer& w, const Digits& digits, i64 shown, bool exponential, char letter, u32 flags) {
  i64 point = exponential ? 1 : digits.decimal;
  i64 have = digits.count < shown ? digits.count : shown;
  if (point <= 0) {
    w.put('0');
    w.put('.');
    w.zeros(-point);
    w.put(digits.text, have);
    w.zeros(shown - have);
  } else if (shown <= point) {
    w.put(digits.text, have);
    w.zeros(point - have);
    if (!exponential && (flags & kFloatAddDot0))
      w.put(".0", 2);
    else if (flags & kFloatAlternate)
      w.put('.');
  } else {
    i64 whole = have < point ? have : point;
    w.put(digits.text, whole);
    w.zeros(point - whole);
    w.put('.');
    w.put(digits.text + whole, have - whole);
    w.zeros(shown - (whole < point ? point : have));
  }
  if (exponential) put_exponent(w, letter, digits.decimal - 1);
}

static void strip_trailing_zeros(Digits* digits) {
  while (digits->count > 1 && digits->text[digits->count - 1] == '0') --digits->count;
}

static bool all_zeros(const char* text, usize length) {
  for (usize i = 0; i < length; ++i) {
    if (text[i] >= '1' && text[i] <= '9') return false;
  }
  return true;
}

static constexpr int kMaxPlaces = 17;
static constexpr u64 kTens[kMaxPlaces + 1] = {1,
                                              10,
                                              100,
                                              1000,
                                              10000,
                                              100000,
                                              1000000,
                                              10000000,
                                              100000000,
                                              1000000000,
                                              10000000000,
                                              100000000000,
                                              1000000000000,
                                              10000000000000,
                                              100000000000000,
                                              1000000000000000,
                                              10000000000000000,
                                              100000000000000000};
// magnitude * 10^places as an integer, rounded half to even, exactly: a double below 2^52 is an integer over a power of two.
// False: too large.
static bool scaled_to_integer(double magnitude, i64 places, u64* out) {
  u64 bits = std::bit_cast<u64>(magnitude), mantissa = bits & ((u64{1} << 52) - 1);
  int exponent = static_cast<int>(bits >> 52);
  if (exponent)
    mantissa |= u64{1} << 52;
  else
    exponent = 1;
  int shift = 1075 - exponent;
  if (places > kMaxPlaces || shift <= 0) return false;
  unsigned __int128 product = static_cast<unsigned __int128>(mantissa) * kTens[places], one = 1;
  if (shift > 112) {  // less than a half: the product has at most 110 bits
    *out = 0;
    return true;
  }
  unsigned __int128 whole = product >> shift, rest = product & ((one << shift) - 1), half = one << (shift - 1);
  whole += rest > half || (rest == half && (whole & 1));
  *out = static_cast<u64>(whole);
  return whole >> 64 == 0;
}

static void format_fixed(Writer& w, double magnitude, int precision, u32 flags) {
  if (u64 scaled; precision > 0 && scaled_to_integer(magnitude, precision, &scaled)) {
    char digits[24];
    u64 whole = scaled / kTens[precision], fraction = scaled % kTens[precision];
    w.put(digits, std::to_chars(digits, digits + sizeof digits, whole).ptr - digits);
    digits[0] = '.';
    for (int i = precision; i > 0; --i, fraction /= 10) digits[i] = static_cast<char>('0' + fraction % 10);
    return w.put(digits, precision + 1);
  }
  char buffer[kMaxFraction + 320];
  int exact = precision < kMaxFraction ? precision : kMaxFraction;
  std::to_chars_result r = std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::fixed, exact);
  BATON_DCHECK(r.ec == std::errc(), "digit buffer is large enough");
  w.put(buffer, r.ptr - buffer);
  w.zeros(precision - exact);
  if (precision == 0) {
    if (flags & kFloatAddDot0)
      w.put(".0", 2);
    else if (flags & kFloatAlternate)
      w.put('.');
  }
}

static void format_finite(Writer& w, double magnitude, char code, int precision, u32 flags) {
  Digits digits;
  char letter = code == 'E' || code == 'G' ? 'E' : 'e';
  switch (code) {
    case 'e':
    case 'E':
      make_digits(magnitude, precision < kMaxSignificant ? precision + 1 : kMaxSignificant, &digits);
      layout(w, digits, i64{precision} + 1, true, letter, flags);
      return;
    case 'g':
    case 'G': {
      if (precision == 0) precision = 1;
      make_digits(magnitude, precision, &digits);
      bool exponential = digits.decimal <= -4 || digits.decimal > precision - ((flags & kFloatAddDot0) ? 1 : 0);
      if (!(flags & kFloatAlternate)) strip_trailing_zeros(&digits);
      layout(w, digits, (flags & kFloatAlternate) ? precision : digits.count, exponential, letter, flags);
      return;
    }
    case 'r':
      make_digits(magnitude, 0, &digits);
      layout(w, digits, digits.count, digits.decimal <= -4 || digits.decimal > 16, letter, flags);
      return;
    default: format_fixed(w, magnitude, precision, flags);
  }
}

usize float_format_bound(char code, int precision) {
  usize bound = 32 + static_cast<usize>(precision < 0 ? 0 : precision);
  if (code == 'f' || code == 'F' || code == '%') bound += 312;
  return bound;
}

usize float_format(double value, char code, int precision, u32 flags, char* out) {
  BATON_DCHECK(precision >= 0 || code == 'r', "precision is not negative");
  bool percent = code == '%';
  if (percent) {
    value *= 100;
    code = 'f';
  }
  bool upper = code == 'E' || code == 'F' || code == 'G';
  Writer w(out);
  if (std::isfinite(value)) {
    bool negative = std::signbit(value);
    if (negative)
      w.put('-');
    else if (flags & kFloatPlusSign)
      w.put('+');
    usize sign = w.length();
    format_finite(w, std::fabs(value), code, precision, flags);
    usize length = w.length();
    if (negative && (flags & kFloatNoNegZero)) {
      usize digits_end = 1;
      while (digits_end < length && out[digits_end] != 'e' && out[digits_end] != 'E') ++digits_end;
      if (all_zeros(out + sign, digits_end - sign)) {
        if (flags & kFloatPlusSign)
          out[0] = '+';
        else
          memmove(out, out + 1, --length);
      }
    }
    if (percent) out[length++] = '%';
    return length;
  }
  if (std::isinf(value) && value < 0)
    w.put('-');
  else if (flags & kFloatPlusSign)
    w.put('+');
  w.put(std::isinf(value) ? (upper ? "INF" : "inf") : (upper ? "NAN" : "nan"), 3);
  if (percent) w.put('%');
  return w.length();
}

usize float_repr(double value, char* out) { return float_format(value, 'r', 0, kFloatAddDot0, out); }

static bool is_digit(char ch) { return ch >= '0' && ch <= '9'; }
static char lower(char ch) { return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch; }

static bool starts_with_word(const char* p, const char* end, const char* word) {
  for (; *word; ++word, ++p) {
    if (p == end || lower(*p) != *word) return false;
  }
  return true;
}

// "inf", "infinity" or "nan" at p: length, or 0.
static usize parse_word(const char* p, const char* end, double* value) {
  if (starts_with_word(p, end, "inf")) {
    *value = std::numeric_limits<double>::infinity();
    return starts_with_word(p + 3, end, "inity") ? 8 : 3;
  }
  if (starts_with_word(p, end, "nan")) {
    *value = std::numeric_limits<double>::quiet_NaN();
    return 3;
  }
  return 0;
}

// Where a decimal literal's value lies outside the doubles: is it huge or tiny? The first nonzero digit's power of ten tells.
static double out_of_range_value(const char* p, const char* end) {
  i64 position = 0, exponent = 0;
  bool seen_point = false, seen_digit = false;
  for (; p < end && (is_digit(*p) || *p == '.'); ++p) {
    if (*p == '.') {
      seen_point = true;
    } else if (seen_digit || *p != '0') {
      seen_digit = true;
      if (!seen_point) ++position;
    } else if (seen_point) {
      --position;
    }
  }
  if (!seen_digit) return 0.0;
  if (p < end) {
    bool negative = p[1] == '-';
    for (p += is_digit(p[1]) ? 1 : 2; p < end; ++p) {
      if (exponent < (i64{1} << 58)) exponent = exponent * 10 + (*p - '0');
    }
    if (negative) exponent = -exponent;
  }
  return position + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
}

usize float_parse(const char* text, usize length, double* value) {
  const char *p = text, *end = text + length;
  bool negative = false;
  if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
  const char* start = p;
  double magnitude = 0;
  if (usize word = parse_word(p, end, &magnitude)) {
    p += word;
  } else {
    bool any = false;
    for (; p < end && is_digit(*p); ++p) any = true;
    if (p < end && *p == '.') {
      const char* point = p++;
      for (; p < end && is_digit(*p); ++p) any = true;
      if (!any) p = point;
    }
    if (!any) return 0;
    if (p < end && (*p == 'e' || *p == 'E')) {
      const char* q = p + 1;
      if (q < end && (*q == '+' || *q == '-')) ++q;
      if (q < end && is_digit(*q)) {
        while (q < end && is_digit(*q)) ++q;
        p = q;
      }
    }
    std::from_chars_result r = std::from_chars(start, p, magnitude);
    if (r.ec != std::errc()) magnitude = out_of_range_value(start, p);
  }
  *value = negative ? -magnitude : magnitude;
  return static_cast<usize>(p - text);
}

usize float_to_hex(double value, char* out) {
  if (!std::isfinite(value)) return float_repr(value, out);
  Writer w(out);
  u64 bits = std::bit_cast<u64>(value);
  if (bits >> 63) w.put('-');
  u64 mantissa = bits & ((u64{1} << 52) - 1);
  int exponent = static_cast<int>((bits >> 52) & 0x7FF);
  if (mantissa == 0 && exponent == 0) {
    w.put("0x0.0p+0", 8);
    return w.length();
  }
  w.put("0x", 2);
  w.put(exponent ? '1' : '0');
  w.put('.');
  for (int shift = 48; shift >= 0; shift -= 4) w.put("0123456789abcdef"[(mantissa >> shift) & 15]);
  exponent = exponent ? exponent - 1023 : -1022;
  w.put('p');
  w.put(exponent < 0 ? '-' : '+');
  char digits[8];
  std::to_chars_result r = std::to_chars(digits, digits + sizeof digits, exponent < 0 ? -exponent : exponent);
  w.put(digits, r.ptr - digits);
  return w.length();
}

static int hex_value(char ch) {
  if (is_digit(ch)) return ch - '0';
  ch = lower(ch);
  return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

FloatHexStatus float_from_hex(const char* text, usize length, double* value) {
  const char *p = text, *end = text + length;
  bool negative = false;
  if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
  double magnitude = 0;
  if (usize word = parse_word(p, end, &magnitude)) {
    if (p + word != end) return FloatHexStatus::kInvalid;
    *value = negative ? -magnitude : magnitude;
    return FloatHexStatus::kOk;
  }
  if (end - p >= 2 && p[0] == '0' && lower(p[1]) == 'x') p += 2;
  u64 mantissa = 0;
  bool sticky = false, any = false, seen_point = false;
  i64 exponent = 0;
  for (; p < end; ++p) {
    if (*p == '.' && !seen_point) {
      seen_point = true;
      continue;
    }
    int digit = hex_value(*p);
    if (digit < 0) break;
    any = true;
    if (mantissa >> 60) {
      sticky |= digit != 0;
      if (!seen_point) exponent += 4;
    } else {
      mantissa = mantissa << 4 | static_cast<u64>(digit);
      if (seen_point) exponent -= 4;
    }
  }
  if (!any) return FloatHexStatus::kInvalid;
  if (p < end && lower(*p) == 'p') {
    ++p;
    bool exponent_negative = false;
    if (p < end && (*p == '+' || *p == '-')) exponent_negative = *p++ == '-';
    if (p == end || !is_digit(*p)) return FloatHexStatus::kInvalid;
    i64 written = 0;
    for (; p < end && is_digit(*p); ++p) {
      if (written < (i64{1} << 58)) written = written * 10 + (*p - '0');
    }
    exponent += exponent_negative ? -written : written;
  }
  if (p != end) return FloatHexStatus::kInvalid;
  magnitude = compose_double(mantissa, sticky, exponent);
  if (std::isinf(magnitude)) return FloatHexStatus::kOverflow;
  *value = negative ? -magnitude : magnitude;
  return FloatHexStatus::kOk;
}

double float_round_to_integral(double value) {
  double rounded = std::round(value);
  if (std::fabs(value - rounded) == 0.5) rounded = 2.0 * std::round(value / 2.0);
  return rounded;
}

// Rounds the integral part's decimal digits at 10^places, half to even; what the value has behind the point breaks ties.
static double round_to_tens(double magnitude, int places) {
  double whole = std::trunc(magnitude);
  bool fraction = whole != magnitude;
  char digits[330];
  char* end = std::to_chars(digits, digits + 320, whole, std::chars_format::fixed, 0).ptr;
  i64 count = end - digits, keep = count - places;
  if (keep < 0) return 0.0;
  bool sticky = fraction;
  for (i64 i = keep + 1; i < count; ++i) sticky |= digits[i] != '0';
  char next = digits[keep];
  bool odd = keep > 0 && ((digits[keep - 1] - '0') & 1);
  bool up = next > '5' || (next == '5' && (sticky || odd));
  for (i64 i = keep; i < count; ++i) digits[i] = '0';
  if (up) {
    i64 i = keep - 1;
    while (i >= 0 && digits[i] == '9') digits[i--] = '0';
    if (i >= 0) {
      ++digits[i];
    } else {
      memmove(digits + 1, digits, static_cast<usize>(count));
      digits[0] = '1';
      ++count;
    }
  }
  double result = 0;
  float_parse(digits, static_cast<usize>(count), &result);
  return result;
}

double float_round(double value, i64 ndigits) {
  if (ndigits > 323 || value == 0) return value;
  if (ndigits < -308) return 0.0 * value;
  double magnitude = std::fabs(value);
  double result = 0;
  if (ndigits < 0) {
    result = round_to_tens(magnitude, static_cast<int>(-ndigits));
  } else if (u64 scaled; scaled_to_integer(magnitude, ndigits, &scaled) && scaled < u64{1} << 53) {
    result = static_cast<double>(scaled) / static_cast<double>(kTens[ndigits]);  // both are exact: rounded once
  } else {
    char buffer[700];
    std::to_chars_result r =
        std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::fixed, static_cast<int>(ndigits));
    float_parse(buffer, static_cast<usize>(r.ptr - buffer), &result);
  }
  return std::signbit(value) ? -result : result;
}

}  // namespace baton
