// Decimal operations on what most decimals are: coefficients of at most 18 digits, in a context that has room for 20. Where the
// result is exact, in the middle of the range of exponents and raises no condition, one machine word does; everything else is
// told by `false`, and for the general functions of decimal.h.
#pragma once
#include "base/decimal_limbs.h"

namespace baton {

struct DecSmall {
  u64 coefficient;
  i64 exponent;
  bool negative;
};

// The limbs of a small number, for as long as it is looked at.
class DecSmallLimbs {
 public:
  explicit DecSmallLimbs(const DecSmall& n) {
    u64 rest = n.coefficient;
    u64 size = 0;
    for (; rest; rest /= kDecLimbBase) limbs_[size++] = static_cast<DecLimb>(rest % kDecLimbBase);
    view_ = {limbs_, size, n.exponent, DecKind::Finite, n.negative};
  }
  const DecView& view() const { return view_; }

 private:
  DecLimb limbs_[3];
  DecView view_;
};

inline bool dec_is_small(const DecView& v) { return v.size <= 2 && v.kind == DecKind::Finite; }
inline DecSmall dec_small_of(const DecView& v) { return {dec::small_coefficient(v), v.exponent, v.negative}; }

// Whether every coefficient of 64 bits with this exponent is a number of the context as it is.
inline bool dec_small_fits(i64 exponent, const DecContext& context) {
  return context.precision >= 20 && !context.clamp && exponent >= context.emin && exponent <= context.emax - 20;
}

// The coefficients with the smaller of the exponents, which is *exponent. False: one of them is too long then.
inline bool dec_small_align(const DecSmall& a, const DecSmall& b, u64* left, u64* right, i64* exponent) {
  constexpr i64 kMost = 2 * kDecLimbDigits;
  i64 distance = a.exponent - b.exponent;
  if (distance > kMost || distance < -kMost) return false;
  auto ten_to = [](i64 n) {
    return n <= kDecLimbDigits ? u64{dec::kPowers[n]} : u64{dec::kPowers[kDecLimbDigits]} * dec::kPowers[n - kDecLimbDigits];
  };
  *left = a.coefficient;
  *right = b.coefficient;
  *exponent = distance < 0 ? a.exponent : b.exponent;
  if (distance > 0) return !__builtin_mul_overflow(*left, ten_to(distance), left);
  return distance == 0 || !__builtin_mul_overflow(*right, ten_to(-distance), right);
}

// The signs of zeros are the general functions' business: these answer none, but for remainders.
inline bool dec_small_add(DecSmall* out, const DecSmall& a, const DecSmall& b) {
  u64 left, right;
  if (!dec_small_align(a, b, &left, &right, &out->exponent)) return false;
  out->negative = a.negative;
  if (a.negative == b.negative) return !__builtin_add_overflow(left, right, &out->coefficient) && out->coefficient;
  if (left < right) out->negative = b.negative;
  out->coefficient = left < right ? right - left : left - right;
  return left != right;
}
inline bool dec_small_sub(DecSmall* out, const DecSmall& a, DecSmall b) {
  b.negative = !b.negative;
  return dec_small_add(out, a, b);
}
inline bool dec_small_mul(DecSmall* out, const DecSmall& a, const DecSmall& b) {
  out->exponent = a.exponent + b.exponent;
  out->negative = a.negative != b.negative;
  return !__builtin_mul_overflow(a.coefficient, b.coefficient, &out->coefficient) && out->coefficient;
}
inline bool dec_small_div_int(DecSmall* out, const DecSmall& a, const DecSmall& b) {
  u64 left, right;
  i64 exponent;
  if (!dec_small_align(a, b, &left, &right, &exponent) || left < right || right == 0) return false;
  *out = {left / right, 0, a.negative != b.negative};
  return true;
}
inline bool dec_small_remainder(DecSmall* out, const DecSmall& a, const DecSmall& b) {
  u64 left, right;
  if (!dec_small_align(a, b, &left, &right, &out->exponent) || left == 0 || right == 0) return false;
  out->coefficient = left % right;
  out->negative = a.negative;
  return true;
}

}  // namespace baton
