// Coefficients of decimal numbers: arrays of limbs in base 10^9, the lowest first. Shared by the files of base/decimal*.
#pragma once
#include <cstring>

#include "base/decimal.h"

namespace baton::dec {

inline constexpr u32 kPowers[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

inline u32 digits_of(u32 limb) {  // 1 for 0
  u32 bits = 32 - static_cast<u32>(__builtin_clz(limb | 1));
  u32 n = bits * 1233 >> 12;  // log10(2) times the bits: right, or one too few
  return n + (limb >= kPowers[n]) + (limb == 0);
}
inline constexpr u64 kTwoLimbs = u64{kDecLimbBase} * kDecLimbBase;
inline u64 small_coefficient(const DecView& v) {  // of at most two limbs
  return v.size == 0 ? 0 : v.size == 1 ? v.limbs[0] : v.limbs[0] + u64{v.limbs[1]} * kDecLimbBase;
}
inline void set_small_coefficient(DecNumber& out, u64 coefficient) {  // below 10^18
  u64 high = coefficient / kDecLimbBase;
  out.limbs[0] = static_cast<u32>(coefficient - high * kDecLimbBase);
  out.limbs[1] = static_cast<u32>(high);
  out.size = coefficient == 0 ? 0 : high == 0 ? 1 : 2;
}
inline u64 trimmed(const DecLimb* a, u64 n) {
  while (n && a[n - 1] == 0) --n;
  return n;
}
// What lies below a kept part, in units of its last digit.
enum class Rest : u8 { Nothing, BelowHalf, Half, AboveHalf };

int compare(const DecLimb* a, u64 an, const DecLimb* b, u64 bn);
// Sums and differences; out may be a. Sizes come back trimmed.
u64 add(DecLimb* out /* max + 1 */, const DecLimb* a, u64 an, const DecLimb* b, u64 bn);
u64 subtract(DecLimb* out /* an */, const DecLimb* a, u64 an, const DecLimb* b, u64 bn);  // a >= b
// d * 10^k / 10^k, in place; d.exponent is left alone.
[[nodiscard]] bool shift_left(DecNumber& d, u64 k);
Rest shift_right(DecNumber& d, u64 k);
[[nodiscard]] bool add_one(DecNumber& d);
// out = a * b; a and b aren't out.
[[nodiscard]] bool multiply(DecNumber& out, const DecView& a, const DecView& b);
// quotient and remainder of the coefficients, b not zero. Neither is a or b.
[[nodiscard]] bool divide(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b);

void set_invalid(DecNumber& out, u32 condition, u32* status);  // a nan
inline void set_no_memory(DecNumber& out, u32* status) { set_invalid(out, kDecMallocError, status); }
void assign(DecNumber& out, const DecView& v, u32* status);
// Does an operand that is a nan decide the result?
bool propagate_nan(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
inline bool propagate_nan(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  return propagate_nan(out, a, DecView{}, context, status);
}
bool rounds_up(DecRounding rounding, bool negative, u32 last_digit, Rest rest);

}  // namespace baton::dec
