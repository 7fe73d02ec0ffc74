// IEEE 754 binary16, as struct's 'e' and memoryview read it.
#pragma once
#include <bit>
#include <cmath>

#include "base/types.h"

namespace baton {

inline double double_from_half(u16 half) {
  int exponent = (half >> 10) & 31;
  u32 fraction = half & 0x3FF;
  double d;
  if (exponent == 31) {
    // Quiet and signalling NaNs keep their bits.
    u64 bits = (u64{0x7FF} << 52) | (u64{fraction} << 42);
    d = std::bit_cast<double>(bits);
  } else {
    d = exponent ? std::ldexp(1024.0 + fraction, exponent - 25) : std::ldexp(static_cast<double>(fraction), -24);
  }
  return half & 0x8000 ? std::copysign(d, -1.0) : d;
}

// Rounds half to even. False: too large.
inline bool half_from_double(double d, u16* out) {
  u16 sign = std::signbit(d) ? 0x8000 : 0;
  if (std::isnan(d)) {
    u64 fraction = (std::bit_cast<u64>(d) >> 42) & 0x3FF;
    *out = static_cast<u16>(sign | 0x7C00 | (fraction ? fraction : 0x200));
    return true;
  }
  double a = std::fabs(d);
  if (std::isinf(a)) {
    *out = sign | 0x7C00;
    return true;
  }
  if (a == 0) {
    *out = sign;
    return true;
  }
  int exponent;
  std::frexp(a, &exponent);
  // One unit of the last place: 2^(exponent - 11), at least that of subnormals.
  int unit = exponent - 11 < -24 ? -24 : exponent - 11;
  double units = std::nearbyint(std::ldexp(a, -unit));
  if (units >= 2048) {
    units /= 2;
    ++unit;
  }
  if (units * std::ldexp(1.0, unit) >= 65536.0) return false;
  u32 n = static_cast<u32>(units);
  *out = static_cast<u16>(sign | (n < 1024 ? n : (static_cast<u32>(unit + 25) << 10 | (n - 1024))));
  return true;
}

}  // namespace baton
