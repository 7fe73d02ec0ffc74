// Coefficients of decimal numbers: arrays of limbs in base 10^9, the lowest first. Shared by the files of base/decimal*.
#pragma once
#include <bit>
#include <cstring>

#include "base/decimal.h"

namespace baton::dec {

inline constexpr u32 kPowers[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

// limb / 10^power, power < 9, without a division: limbs have less than 30 bits, for which the rounded reciprocals are exact.
struct DecReciprocals {
  consteval DecReciprocals() {
    for (int i = 0; i < 9; ++i) {
      shift[i] = static_cast<u8>(30 + std::bit_width(kPowers[i] - 1));
      multiplier[i] = static_cast<u32>(((u64{1} << shift[i]) + kPowers[i] - 1) / kPowers[i]);
    }
  }
  u32 multiplier[9] = {};
  u8 shift[9] = {};
};
inline constexpr DecReciprocals kReciprocals;
inline u32 divide_by_power(u32 limb, u64 power) {
  return static_cast<u32>(static_cast<u64>(limb) * kReciprocals.multiplier[power] >> kReciprocals.shift[power]);
}

inline u32 digits_of(u32 limb) {  // 1 for 0
  u32 bits = 32 - static_cast<u32>(__builtin_clz(limb | 1));
  u32 n = bits * 1233 >> 12;  // log10(2) times the bits: right, or one too few
  return n + (limb >= kPowers[n]) + (limb == 0);
}
inline constexpr u64 kTwoLimbs = u64{kDecLimbBase} * kDecLimbBase;
inline u64 small_coefficient(const DecView& v) {  // of at most two limbs
  return v.size == 0 ? 0 : v.size == 1 ? v.limbs[0] : v.limbs[0] + u64{v.limbs[1]} * kDecLimbBase;
}
inline unsigned __int128 medium_coefficient(const DecView& v) {  // of at most four limbs
  if (v.size <= 2) return small_coefficient(v);
  u64 low = v.limbs[0] + u64{v.limbs[1]} * kDecLimbBase;
  u64 high = v.limbs[2] + (v.size == 4 ? u64{v.limbs[3]} * kDecLimbBase : 0);
  return static_cast<unsigned __int128>(high) * kTwoLimbs + low;
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
