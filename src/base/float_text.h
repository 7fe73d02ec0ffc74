// double <-> text with CPython 3.11's layouts, and the exact pieces behind float's methods. All conversions are correctly
// rounded.
#pragma once
#include "base/types.h"

namespace baton {

// (mantissa + f) * 2^exponent rounded half to even, where 0 < f < 1 if sticky and f = 0 otherwise; infinity when too large.
// mantissa 0 gives 0.0.
double compose_double(u64 mantissa, bool sticky, i64 exponent);

// A finite double as +-mantissa * 2^exponent with mantissa odd (or 0, exponent 0): numerator and denominator of
// float.as_integer_ratio are mantissa << exponent over 1, or mantissa over 1 << -exponent.
struct FloatParts {
  u64 mantissa;
  int exponent;
  bool negative;
};
FloatParts float_parts(double value);

inline constexpr usize kFloatReprMax = 32;
usize float_repr(double value, char* out);  // returns the length; at most kFloatReprMax characters, no terminator

enum FloatFormatFlag : u32 {
  kFloatPlusSign = 1,   // '+' before non-negative values
  kFloatAddDot0 = 2,    // ".0" where neither point nor exponent would show it is a float
  kFloatAlternate = 4,  // '#': keep the point, and trailing zeros of 'g'
  kFloatNoNegZero = 8,  // 'z': a result of only zeros loses its minus sign
};
// code: e E f F g G % or r (shortest; precision is ignored). '%' multiplies by 100 and appends the sign.
// float_format_bound gives a sufficient buffer size.
usize float_format_bound(char code, int precision);
usize float_format(double value, char code, int precision, u32 flags, char* out);

// Python's float syntax without blanks and underscores: decimal, "inf", "infinity", "nan", any case, signs.
// Returns the number of characters that belong to the number, 0 if there is none. Too large gives inf, too small 0.
usize float_parse(const char* text, usize length, double* value);

inline constexpr usize kFloatHexMax = 32;
usize float_to_hex(double value, char* out);

// float.fromhex on text without surrounding blanks.
enum class FloatHexStatus : u8 {
  kOk,
  kInvalid,   // ValueError: "invalid hexadecimal floating-point string"
  kOverflow,  // OverflowError: "hexadecimal value too large to represent as a float"
};
FloatHexStatus float_from_hex(const char* text, usize length, double* value);

// round(value, ndigits) of a finite value. An infinite result means OverflowError "rounded value too large to represent".
double float_round(double value, i64 ndigits);
// round(value): the nearest integral double, ties to even.
double float_round_to_integral(double value);

}  // namespace baton
