// Decimal numbers: exponents, digits, neighbours, logical operations, classes.
#include <cstdlib>

#include "base/decimal_limbs.h"

namespace baton {

using namespace dec;

// To the exponent, rounding when digits are lost. False: no memory.
[[nodiscard]] static bool move_exponent(DecNumber& d, i64 exponent, DecRounding rounding, Rest* rest) {
  *rest = Rest::Nothing;
  if (d.exponent >= exponent) {
    if (!shift_left(d, static_cast<u64>(d.exponent - exponent))) return false;
  } else {
    *rest = shift_right(d, static_cast<u64>(exponent - d.exponent));
    d.exponent = exponent;
    if (rounds_up(rounding, d.negative, d.size ? d.limbs[0] % 10 : 0, *rest)) return add_one(d);
  }
  d.exponent = exponent;
  return true;
}

// Of a number of up to 18 digits, to an exponent that is close, far from the context's limits. False: not so.
static bool quantize_small(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (!a.is_finite() || !b.is_finite() || a.size - 1 > 1) return false;
  i64 dropped = b.exponent - a.exponent;
  constexpr i64 kFar = 64;  // more than the digits that may be
  if (dropped > 17 || dropped < -9 || context.precision < 28 || b.exponent > context.emax - kFar ||
      b.exponent < context.emin + kFar || context.clamp)
    return false;
  u64 coefficient = small_coefficient(a);
  if (dropped <= 0) {
    if (a.size == 2 && dropped < 0) return false;
    coefficient *= kPowers[-dropped];
  } else {
    u64 unit = kPowers[dropped > 9 ? 9 : dropped] * u64{kPowers[dropped > 9 ? dropped - 9 : 0]};
    u64 rest = coefficient % unit;
    coefficient /= unit;
    Rest kind = rest == 0 ? Rest::Nothing : rest * 2 < unit ? Rest::BelowHalf : rest * 2 == unit ? Rest::Half : Rest::AboveHalf;
    coefficient += rounds_up(context.rounding, a.negative, static_cast<u32>(coefficient % 10), kind);
    *status |= rest ? kDecInexact | kDecRounded : u32{kDecRounded};
  }
  out.kind = DecKind::Finite;
  out.negative = a.negative;
  out.exponent = b.exponent;
  set_small_coefficient(out, coefficient);
  return true;
}

void dec_quantize(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (quantize_small(out, a, b, context, status)) return;
  if (propagate_nan(out, a, b, context, status)) return;
  if (a.is_infinite() || b.is_infinite()) {
    if (a.is_infinite() && b.is_infinite()) return assign(out, a, status);
    return set_invalid(out, kDecInvalidOperation, status);
  }
  if (b.exponent > context.emax || b.exponent < context.etiny()) return set_invalid(out, kDecInvalidOperation, status);
  if (a.size == 0) {
    out.set_u64(0, a.negative, b.exponent);
    return dec_finish(out, context, status);
  }
  if (a.adjusted() > context.emax || a.adjusted() - b.exponent + 1 > context.precision)
    return set_invalid(out, kDecInvalidOperation, status);
  assign(out, a, status);
  Rest rest;
  if (!move_exponent(out, b.exponent, context.rounding, &rest)) return set_no_memory(out, status);
  if (out.view().digits() > context.precision || out.view().adjusted() > context.emax)
    return set_invalid(out, kDecInvalidOperation, status);
  if (a.exponent < b.exponent) *status |= kDecRounded;
  if (rest != Rest::Nothing) *status |= kDecInexact | kDecRounded;
  if (out.size && out.view().adjusted() < context.emin) *status |= kDecSubnormal;
  DecContext exact = context;
  u32 ignored = 0;
  dec_finish(out, exact, &ignored);
  *status |= ignored & kDecClamped;
}

void dec_rescale(DecNumber& out, const DecView& a, i64 exponent, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  assign(out, a, status);
  if (out.kind != DecKind::Finite) return;
  if (exponent > kDecMaxEmax + 1 || exponent < kDecMinEtiny - 1) return set_invalid(out, kDecInvalidOperation, status);
  Rest rest;
  if (!move_exponent(out, exponent, context.rounding, &rest)) return set_no_memory(out, status);
  if (a.exponent < exponent) *status |= kDecRounded;
  if (rest != Rest::Nothing) *status |= kDecInexact | kDecRounded;
}

void dec_to_integral(DecNumber& out, const DecView& a, bool exact, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  assign(out, a, status);
  if (out.kind != DecKind::Finite || out.exponent >= 0) return;
  if (out.size == 0) {
    out.exponent = 0;
    return;
  }
  Rest rest;
  if (!move_exponent(out, 0, context.rounding, &rest)) return set_no_memory(out, status);
  if (exact) {
    *status |= kDecRounded;
    if (rest != Rest::Nothing) *status |= kDecInexact;
  }
}

void dec_normalize(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  assign(out, a, status);
  dec_finish(out, context, status);
  if (out.kind != DecKind::Finite) return;
  if (out.size == 0) {
    out.exponent = 0;  // also where the context has no such exponent, as in CPython
    return;
  }
  i64 most = context.clamp ? context.etop() : context.emax, zeros = 0;
  while (out.exponent + zeros < most && out.view().digit(zeros) == 0) ++zeros;
  (void)shift_right(out, static_cast<u64>(zeros));
  out.exponent += zeros;
}

void dec_logb(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  if (a.is_infinite()) return out.set_special(DecKind::Infinity, false);
  if (a.size == 0) {
    *status |= kDecDivisionByZero;
    return out.set_special(DecKind::Infinity, true);
  }
  i64 adjusted = a.adjusted();
  out.set_u64(static_cast<u64>(adjusted < 0 ? -adjusted : adjusted), adjusted < 0);
  dec_finish(out, context, status);
}

// An integral operand within +-limit.
static bool small_integer(const DecView& v, i64 limit, i64* n) {
  if (!v.is_finite() || v.exponent != 0) return false;
  if (v.digits() > 18 && v.size > 3) return false;
  u64 magnitude = 0;
  for (u64 i = v.size; i-- > 0;) {
    if (magnitude > UINT64_MAX / kDecLimbBase - 1) return false;
    magnitude = magnitude * kDecLimbBase + v.limbs[i];
  }
  if (magnitude > static_cast<u64>(limit)) return false;
  *n = v.negative ? -static_cast<i64>(magnitude) : static_cast<i64>(magnitude);
  return true;
}

void dec_scaleb(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  // Beyond +-2 (Emax + precision) the operand is refused, if only the numbers fit.
  constexpr i64 kMost = (i64{1} << 62) - 1;
  i64 limit = 2 * (context.emax + context.precision), n;
  if (limit > kMost) limit = kMost;
  if (!small_integer(b, limit, &n)) return set_invalid(out, kDecInvalidOperation, status);
  assign(out, a, status);
  if (out.kind != DecKind::Finite) return;
  out.exponent += n;
  dec_finish(out, context, status);
}

// The digits of a coefficient, the highest first, padded or cut to the precision. Null: no memory.
static u8* padded_digits(const DecView& v, i64 precision, i64* have) {
  constexpr i64 kMost = i64{1} << 34;
  i64 n = v.digits();
  if (precision > kMost || n > kMost) return nullptr;
  auto* all = static_cast<u8*>(calloc(static_cast<usize>(n > precision ? n : precision), 1));
  if (!all) return nullptr;
  if (n <= precision) {
    dec_get_digits(all + (precision - n), v);
  } else {
    dec_get_digits(all, v);
    memmove(all, all + (n - precision), static_cast<usize>(precision));
  }
  *have = n < precision ? n : precision;
  return all;
}

// The digits that fit the precision; what is beyond on the left is lost.
static void keep_low_digits(DecNumber& d, i64 precision) {
  if (d.view().digits() <= precision) return;
  u64 whole = static_cast<u64>(precision) / kDecLimbDigits, part = static_cast<u64>(precision) % kDecLimbDigits;
  if (part) {
    d.limbs[whole] %= kPowers[part];
    ++whole;
  }
  d.size = whole;
  d.trim();
}

void dec_shift(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  i64 n;
  if (!small_integer(b, context.precision, &n)) return set_invalid(out, kDecInvalidOperation, status);
  assign(out, a, status);
  if (out.kind != DecKind::Finite) return;
  keep_low_digits(out, context.precision);
  if (n < 0) {
    (void)shift_right(out, static_cast<u64>(-n));
    return;
  }
  if (!shift_left(out, static_cast<u64>(n))) return set_no_memory(out, status);
  keep_low_digits(out, context.precision);
}

void dec_rotate(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  i64 n, have;
  if (!small_integer(b, context.precision, &n)) return set_invalid(out, kDecInvalidOperation, status);
  if (a.is_infinite()) return assign(out, a, status);
  i64 precision = context.precision;
  u8* digits = padded_digits(a, precision, &have);
  if (!digits) return set_no_memory(out, status);
  auto* turned = static_cast<u8*>(malloc(static_cast<usize>(precision)));
  bool good = turned;
  if (good) {
    for (i64 i = 0; i < precision; ++i) turned[i] = digits[((i + n) % precision + precision) % precision];
    good = dec_set_digits(out, turned, static_cast<u64>(precision));
  }
  free(digits);
  free(turned);
  if (!good) return set_no_memory(out, status);
  out.kind = DecKind::Finite;
  out.negative = a.negative;
  out.exponent = a.exponent;
}

// ---------------------------------------------------------------------------------------------------------------- neighbours

static void set_largest(DecNumber& out, bool negative, const DecContext& context, u32* status) {
  // 1 above the largest, rounded towards zero, is the largest.
  out.set_u64(1, negative, context.emax + 1);
  DecContext down = context;
  down.rounding = DecRounding::Down;
  u32 ignored = 0;
  dec_finish(out, down, &ignored);
  *status |= ignored & kDecMallocError;
}

// The nearest number on one side: what is not a number of the context is rounded there; a number gets a hair added.
static void step(DecNumber& out, const DecView& a, bool up, const DecContext& context, u32* status) {
  DecContext directed = context;
  directed.rounding = up ? DecRounding::Ceiling : DecRounding::Floor;
  if (a.is_infinite()) {
    if (a.negative != up) return assign(out, a, status);
    return set_largest(out, a.negative, context, status);
  }
  u32 ignored = 0;
  DecNumber rounded;
  assign(rounded, a, status);
  dec_finish(rounded, directed, &ignored);
  if (rounded.kind != DecKind::Finite || dec_order(rounded, a) != 0) {
    *status |= ignored & kDecMallocError;
    return assign(out, rounded, status);
  }
  DecLimb one = 1;
  DecView hair{&one, 1, context.etiny() - 1, DecKind::Finite, !up};
  dec_add(out, a, hair, directed, &ignored);
  *status |= ignored & kDecMallocError;
}

void dec_next_plus(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  step(out, a, true, context, status);
}
void dec_next_minus(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  step(out, a, false, context, status);
}
void dec_next_toward(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  int order = dec_order(a, b);
  if (order == 0) {
    assign(out, a, status);
    out.negative = b.negative;
    return;
  }
  step(out, a, order < 0, context, status);
  if (out.kind == DecKind::Infinity) {
    if (!a.is_infinite()) *status |= kDecOverflow | kDecInexact | kDecRounded;
  } else if (out.kind == DecKind::Finite && (out.size == 0 || out.view().adjusted() < context.emin)) {
    *status |= kDecUnderflow | kDecSubnormal | kDecInexact | kDecRounded;
    if (out.size == 0) *status |= kDecClamped;
  }
}

// ---------------------------------------------------------------------------------------------------------------- logic

static bool is_logical(const DecView& v) {
  if (!v.is_finite() || v.negative || v.exponent != 0) return false;
  for (u64 i = 0; i < v.size; ++i)
    for (u32 limb = v.limbs[i]; limb; limb /= 10)
      if (limb % 10 > 1) return false;
  return true;
}

void dec_logic(DecNumber& out, DecLogic which, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (!is_logical(a) || !is_logical(b)) return set_invalid(out, kDecInvalidOperation, status);
  u64 n = a.size > b.size ? a.size : b.size;
  out.set_u64(0);
  if (!out.reserve(n)) return set_no_memory(out, status);
  for (u64 i = 0; i < n; ++i) {
    u32 x = i < a.size ? a.limbs[i] : 0, y = i < b.size ? b.limbs[i] : 0, limb = 0;
    for (u32 k = 0; k < kDecLimbDigits; ++k) {
      u32 p = x / kPowers[k] % 10, q = y / kPowers[k] % 10;
      limb += (which == DecLogic::And ? p & q : which == DecLogic::Or ? p | q : p ^ q) * kPowers[k];
    }
    out.limbs[i] = limb;
  }
  out.size = trimmed(out.limbs, n);
  keep_low_digits(out, context.precision);
}

void dec_invert(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (!is_logical(a)) return set_invalid(out, kDecInvalidOperation, status);
  i64 have;
  u8* digits = padded_digits(a, context.precision, &have);
  if (!digits) return set_no_memory(out, status);
  for (i64 i = 0; i < context.precision; ++i) digits[i] ^= 1;
  out.set_u64(0);
  if (!dec_set_digits(out, digits, static_cast<u64>(context.precision))) set_no_memory(out, status);
  free(digits);
}

// ---------------------------------------------------------------------------------------------------------------- classes

bool dec_is_normal(const DecView& a, const DecContext& context) {
  return a.is_finite() && a.size && a.adjusted() >= context.emin;
}
bool dec_is_subnormal(const DecView& a, const DecContext& context) {
  return a.is_finite() && a.size && a.adjusted() < context.emin;
}
const char* dec_class(const DecView& a, const DecContext& context) {
  if (a.kind == DecKind::QuietNan) return "NaN";
  if (a.kind == DecKind::SignalingNan) return "sNaN";
  if (a.is_infinite()) return a.negative ? "-Infinity" : "+Infinity";
  if (a.size == 0) return a.negative ? "-Zero" : "+Zero";
  if (dec_is_normal(a, context)) return a.negative ? "-Normal" : "+Normal";
  return a.negative ? "-Subnormal" : "+Subnormal";
}

}  // namespace baton
