// Decimal numbers: square root, exp, ln, log10, powers.
//
// The transcendental functions are rounded correctly: a value is computed in binary fixed point with an error bound, and again
// with more digits while the bound leaves the digits of the result open. All three are irrational but for the arguments that are
// answered beforehand, so that this ends, and no result is a tie.
#include <gmp.h>

#include <cstdlib>

#include "base/decimal_limbs.h"

namespace baton {

using namespace dec;

namespace {

// An integer of GMP that is freed. (What GMP cannot allocate ends the process: callers bound the sizes.)
class Big {
 public:
  Big() { mpz_init(z); }
  ~Big() { mpz_clear(z); }
  Big(const Big&) = delete;
  Big& operator=(const Big&) = delete;
  operator mpz_ptr() { return z; }
  mpz_ptr operator->() { return z; }
  mpz_t z;
};

constexpr i64 kMostDigits = 200'000'000;  // of a transcendental function; more is "no memory"

[[nodiscard]] bool big_of(mpz_ptr out, const DecView& v) {
  LimbBuffer limbs;
  if (!dec_to_big(limbs, v)) return false;
  mpz_import(out, limbs.view().size, -1, sizeof(Limb), 0, 0, limbs.data());
  return true;
}
[[nodiscard]] bool number_of(DecNumber& out, mpz_srcptr z) {
  return dec_set_big(out, {mpz_limbs_read(z), mpz_size(z), mpz_sgn(z) < 0});
}
void power_of_ten(mpz_ptr out, u64 n) { mpz_ui_pow_ui(out, 10, n); }
u64 bits_for_digits(i64 digits) { return static_cast<u64>(digits) * 3322 / 1000 + 8; }

// 2^bits * atanh(1/n), at most a few units too small.
void atanh_inverse(mpz_ptr out, u32 n, u64 bits) {
  Big term, part;
  mpz_setbit(term, bits);
  mpz_fdiv_q_ui(term, term, n);
  mpz_set(out, term);
  for (u32 k = 3; mpz_sgn(term) != 0; k += 2) {
    mpz_fdiv_q_ui(term, term, n);
    mpz_fdiv_q_ui(term, term, n);
    mpz_fdiv_q_ui(part, term, k);
    mpz_add(out, out, part);
  }
}

// 2^bits * ln 10, error below 2^20 units. ln 10 = 46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161).
void ln_ten(mpz_ptr out, u64 bits) {
  Big part;
  mpz_set_ui(out, 0);
  constexpr struct {
    u32 factor, n;
  } kTerms[] = {{46, 31}, {34, 49}, {20, 161}};
  for (auto& t : kTerms) {
    atanh_inverse(part, t.n, bits);
    mpz_addmul_ui(out, part, t.factor);
  }
}

// 2^bits * exp(x / 2^bits), 0 <= x < 4 * 2^bits. The error is below 2^(halvings + 8) units, where halvings is about sqrt(bits).
u64 halvings_for(u64 bits) {
  u64 n = 4;
  while (n * n < bits) ++n;
  return n + 2;
}
void exp_fixed(mpz_ptr out, mpz_srcptr x, u64 bits) {
  u64 halvings = halvings_for(bits);
  Big r, term;
  mpz_fdiv_q_2exp(r, x, halvings);
  mpz_set_ui(out, 0);
  mpz_setbit(out, bits);
  mpz_set(term, out);
  for (u32 k = 1; mpz_sgn(term) != 0; ++k) {
    mpz_mul(term, term, r);
    mpz_fdiv_q_2exp(term, term, bits);
    mpz_fdiv_q_ui(term, term, k);
    mpz_add(out, out, term);
  }
  for (u64 i = 0; i < halvings; ++i) {
    mpz_mul(out, out, out);
    mpz_fdiv_q_2exp(out, out, bits);
  }
}

// 2^bits * ln(m / 2^bits) for m between 2^bits / 4 and 4 * 2^bits; the error is below 2^(roots + 12) units.
u64 roots_for(u64 bits) {
  u64 n = 4;
  while (n * n < bits) ++n;
  return n / 2 + 2;
}
void ln_fixed(mpz_ptr out, mpz_srcptr m, u64 bits) {
  u64 roots = roots_for(bits);
  Big root, square, above, below;
  mpz_set(root, m);
  for (u64 i = 0; i < roots; ++i) {
    mpz_mul_2exp(root, root, bits);
    mpz_sqrt(root, root);
  }
  // ln(y) = 2 atanh((y - 1) / (y + 1))
  Big one;
  mpz_setbit(one, bits);
  mpz_sub(above, root, one);
  mpz_add(below, root, one);
  mpz_mul_2exp(above, above, bits);
  mpz_tdiv_q(root, above, below);
  mpz_mul(square, root, root);
  mpz_fdiv_q_2exp(square, square, bits);
  mpz_set(out, root);
  for (u32 k = 3; mpz_sgn(root) != 0; k += 2) {
    mpz_mul(root, root, square);
    mpz_tdiv_q_2exp(root, root, bits);
    mpz_tdiv_q_ui(above, root, k);
    mpz_add(out, out, above);
  }
  mpz_mul_2exp(out, out, roots + 1);
}

// value / 2^bits with an error of up to 2^slack units, as `digits` digits and one that tells "and more". False: the error leaves
// the digits open. The value is not zero. On success out is the result times 10^exponent.
enum class Settled : u8 { No, Yes, NoMemory };
Settled settle(DecNumber& out, mpz_srcptr value, u64 bits, u64 slack, i64 digits) {
  Big low, high, scale, error;
  // How many digits has value / 2^bits in front of the point?
  i64 places = static_cast<i64>((static_cast<double>(mpz_sizeinbase(value, 2)) - static_cast<double>(bits)) * 0.30103);
  i64 shift = digits - places;  // decimal places wanted; one more or less does no harm
  mpz_setbit(error, slack);
  bool negative = mpz_sgn(value) < 0;
  mpz_abs(low, value);
  mpz_add(high, low, error);
  mpz_sub(low, low, error);
  if (mpz_sgn(low) <= 0) return Settled::No;
  power_of_ten(scale, static_cast<u64>(shift < 0 ? -shift : shift));
  for (mpz_ptr z : {static_cast<mpz_ptr>(low), static_cast<mpz_ptr>(high)}) {
    if (shift >= 0) {
      mpz_mul(z, z, scale);
      mpz_fdiv_q_2exp(z, z, bits);
    } else {
      mpz_fdiv_q_2exp(z, z, bits);
      mpz_fdiv_q(z, z, scale);
    }
  }
  if (mpz_cmp(low, high) != 0) return Settled::No;
  mpz_mul_ui(low, low, 10);
  mpz_add_ui(low, low, 1);
  if (!number_of(out, low)) return Settled::NoMemory;
  out.negative = negative;
  out.exponent = -shift - 1;
  return Settled::Yes;
}

void set_one(DecNumber& out) { out.set_u64(1); }

// 1 and as many zeros as the precision, with a digit behind them that rounds up or down.
void set_almost_one(DecNumber& out, bool above, const DecContext& context, u32* status) {
  out.set_u64(1);
  if (!shift_left(out, static_cast<u64>(context.precision) + 1)) return set_no_memory(out, status);
  out.exponent = -(context.precision + 1);
  if (above) {
    out.limbs[0] += 1;
  } else {
    DecLimb one = 1;
    out.size = subtract(out.limbs, out.limbs, out.size, &one, 1);
  }
}

bool is_power_of_ten(const DecView& v) {
  if (v.size == 0) return false;
  i64 top = v.digits() - 1;
  if (v.digit(top) != 1) return false;
  for (u64 i = 0; i + 1 < v.size; ++i)
    if (v.limbs[i]) return false;
  u32 limb = v.limbs[v.size - 1];
  return limb == kPowers[digits_of(limb) - 1];
}
bool is_one(const DecView& v) { return v.is_finite() && v.size && is_power_of_ten(v) && v.adjusted() == 0; }

// exp(x) for finite x other than zero, to `precision` digits and one more. Far beyond the exponents of the context: a number that
// overflows or underflows as well.
void exp_digits(DecNumber& out, const DecView& x, i64 precision, const DecContext& context, u32* status) {
  if (x.adjusted() > 19) {
    out.set_u64(1, false, x.negative ? kDecMinEtiny - 10 : kDecMaxEmax + 10);
    return;
  }
  if (x.adjusted() < -precision - 2) return set_almost_one(out, !x.negative, context, status);
  if (precision > kMostDigits) return set_no_memory(out, status);
  Big coefficient, scale, fixed, ten, reduced, value;
  if (!big_of(coefficient, x)) return set_no_memory(out, status);
  for (i64 extra = 16;; extra *= 2) {
    u64 bits = bits_for_digits(precision + extra);
    u64 inner = bits + halvings_for(bits) + 96;  // room for the errors, and for the integral part of x
    mpz_mul_2exp(fixed, coefficient, inner);
    power_of_ten(scale, static_cast<u64>(x.exponent < 0 ? -x.exponent : x.exponent));
    if (x.exponent < 0)
      mpz_fdiv_q(fixed, fixed, scale);
    else
      mpz_mul(fixed, fixed, scale);
    if (x.negative) mpz_neg(fixed, fixed);
    // x = k ln 10 + r: exp(x) = 10^k exp(r). ln 10 needs as many more bits as k has.
    Big k;
    Big wide;
    ln_ten(ten, inner + 80);
    mpz_mul_2exp(wide, fixed, 80);
    mpz_fdiv_qr(k, reduced, wide, ten);
    mpz_fdiv_q_2exp(reduced, reduced, 80);
    exp_fixed(value, reduced, inner);
    Settled settled = settle(out, value, inner, halvings_for(inner) + 12, precision + 2);
    if (settled == Settled::NoMemory) return set_no_memory(out, status);
    if (settled == Settled::Yes) {
      out.exponent += mpz_get_si(k);
      return;
    }
  }
}

// ln(x) for x > 0 other than 1 (by_ten: log10, for x other than a power of ten).
void ln_digits(DecNumber& out, const DecView& x, bool by_ten, i64 precision, u32* status) {
  if (precision > kMostDigits || x.digits() > kMostDigits) return set_no_memory(out, status);
  // x = m * 10^k with m around 1.
  i64 k = x.adjusted();
  int first = x.digit(x.digits() - 1);
  if (first >= 4) ++k;
  // Near 1 the logarithm is small: it loses as many digits as x and 1 have in common.
  i64 lost = 0;
  if (k == 0) {
    DecLimb limb = 1;
    DecView one{&limb, 1, 0, DecKind::Finite, true};
    DecNumber difference;
    u32 ignored = 0;
    dec_add(difference, x, one, kDecMaxContext, &ignored);
    if (ignored & kDecMallocError) return set_no_memory(out, status);
    lost = -difference.view().adjusted();
    if (lost < 0) lost = 0;
  }
  if (lost > kMostDigits) return set_no_memory(out, status);
  Big coefficient, scale, m, value, ten;
  if (!big_of(coefficient, x)) return set_no_memory(out, status);
  for (i64 extra = 16;; extra *= 2) {
    u64 bits = bits_for_digits(precision + lost + extra);
    u64 inner = bits + roots_for(bits) + 96;
    mpz_mul_2exp(m, coefficient, inner);
    i64 places = k - x.exponent;  // m = coefficient / 10^places
    power_of_ten(scale, static_cast<u64>(places < 0 ? -places : places));
    if (places >= 0)
      mpz_fdiv_q(m, m, scale);
    else
      mpz_mul(m, m, scale);
    ln_fixed(value, m, inner);
    u64 slack = roots_for(inner) + 16;
    if (k != 0 || by_ten) ln_ten(ten, inner + 80);
    if (k != 0) {
      Big whole;
      mpz_set_si(whole, k);
      mpz_mul(whole, whole, ten);
      mpz_fdiv_q_2exp(whole, whole, 80);
      mpz_add(value, value, whole);
    }
    if (by_ten) {
      mpz_mul_2exp(value, value, inner + 80);
      mpz_fdiv_q(value, value, ten);
    }
    Settled settled = settle(out, value, inner, slack, precision + 2);
    if (settled == Settled::NoMemory) return set_no_memory(out, status);
    if (settled == Settled::Yes) return;
  }
}

DecContext half_even(const DecContext& context) {
  DecContext c = context;
  c.rounding = DecRounding::HalfEven;
  return c;
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- square root

// The root to `precision` digits and one that tells where the rest lies. *exact: nothing is left.
[[nodiscard]] static bool sqrt_to(DecNumber& out, const DecView& a, i64 precision, bool* exact) {
  i64 ideal = a.exponent >> 1;
  bool odd = a.exponent & 1;
  i64 digits = a.digits() + odd;
  i64 shift = precision + 1 - (digits + 1) / 2;  // places of the root
  DecNumber scaled;
  if (!scaled.assign(a)) return false;
  i64 places = 2 * shift + odd;
  Rest rest = Rest::Nothing;
  if (places >= 0) {
    if (!shift_left(scaled, static_cast<u64>(places))) return false;
  } else {
    rest = shift_right(scaled, static_cast<u64>(-places));
  }
  Big radicand, root, left;
  if (!big_of(radicand, scaled)) return false;
  mpz_sqrtrem(root, left, radicand);
  *exact = rest == Rest::Nothing && mpz_sgn(left) == 0;
  if (!number_of(out, root)) return false;
  out.exponent = ideal - shift;
  if (!*exact) {
    if (out.size == 0 || out.limbs[0] % 5 == 0) return add_one(out);
    return true;
  }
  if (out.exponent > ideal) {
    if (!shift_left(out, static_cast<u64>(out.exponent - ideal))) return false;
    out.exponent = ideal;
  }
  i64 zeros = 0;
  while (out.exponent + zeros < ideal && out.view().digit(zeros) == 0) ++zeros;
  (void)shift_right(out, static_cast<u64>(zeros));
  out.exponent += zeros;
  return true;
}

void dec_sqrt(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  if (a.is_zero()) {
    out.set_u64(0, a.negative, a.exponent >> 1);
    return dec_finish(out, context, status);
  }
  if (a.negative) return set_invalid(out, kDecInvalidOperation, status);
  if (a.is_infinite()) return assign(out, a, status);
  bool exact = false;
  i64 enough = a.digits() + 2;
  if (enough < context.precision && !sqrt_to(out, a, enough, &exact)) return set_no_memory(out, status);
  if (!exact) {
    if (context.precision > kMostDigits) return set_no_memory(out, status);
    if (!sqrt_to(out, a, context.precision, &exact)) return set_no_memory(out, status);
  }
  dec_finish(out, half_even(context), status);
}

// ---------------------------------------------------------------------------------------------------------------- exp and
// logarithms

void dec_exp(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  if (a.is_infinite()) {
    if (a.negative) return out.set_u64(0);
    return assign(out, a, status);
  }
  if (a.size == 0) return set_one(out);
  exp_digits(out, a, context.precision, context, status);
  dec_finish(out, half_even(context), status);
}

static bool log_special(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return true;
  if (a.is_zero()) {
    out.set_special(DecKind::Infinity, true);
    return true;
  }
  if (a.negative) {
    set_invalid(out, kDecInvalidOperation, status);
    return true;
  }
  if (a.is_infinite()) {
    assign(out, a, status);
    return true;
  }
  return false;
}

void dec_ln(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (log_special(out, a, context, status)) return;
  if (is_one(a)) return out.set_u64(0);
  ln_digits(out, a, false, context.precision, status);
  dec_finish(out, half_even(context), status);
}

void dec_log10(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (log_special(out, a, context, status)) return;
  if (is_power_of_ten(a)) {
    i64 n = a.adjusted();
    out.set_u64(static_cast<u64>(n < 0 ? -n : n), n < 0);
  } else {
    ln_digits(out, a, true, context.precision, status);
  }
  dec_finish(out, half_even(context), status);
}

// ---------------------------------------------------------------------------------------------------------------- powers

// |base| ^ n by squaring, rounded to the context at each step.
static void pow_unsigned(DecNumber& out, const DecView& base, u64 n, const DecContext& context, u32* status) {
  DecNumber next;
  assign(out, base, status);
  for (int bit = 62 - __builtin_clzll(n); bit >= 0; --bit) {
    dec_mul(next, out, out, context, status);
    if ((n >> bit) & 1) {
      DecNumber more;
      dec_mul(more, next, base, context, status);
      assign(next, more, status);
    }
    assign(out, next, status);
    if (out.kind != DecKind::Finite || out.size == 0) return;
  }
}

// x ^ y for finite x > 0 other than 1 and an integer y other than 0.
static void pow_integer(DecNumber& out, const DecView& base, const DecView& y, u64 n, const DecContext& context, u32* status) {
  DecView x = base;
  DecContext work = context;
  work.rounding = DecRounding::HalfEven;
  work.clamp = false;
  i64 more = y.digits() + y.exponent + 2 + y.negative;
  work.precision = context.precision > kDecMaxPrecision - more ? kDecMaxPrecision : context.precision + more;
  work.emax = kDecMaxEmax;
  work.emin = kDecMinEmin;
  u32 arisen = 0;
  DecNumber inverse;
  if (y.negative) {
    DecLimb limb = 1;
    dec_div(inverse, DecView{&limb, 1, 0, DecKind::Finite, false}, x, work, &arisen);
    x = inverse;
  }
  pow_unsigned(out, x, n, work, &arisen);
  *status |= arisen & (kDecInexact | kDecRounded | kDecMallocError | kDecOverflow | kDecUnderflow | kDecSubnormal);
  // Beyond even the widest exponents: so it is in the context.
  if (out.kind == DecKind::Infinity) out.set_u64(1, false, kDecMaxEmax + 10);
  if (out.kind == DecKind::Finite && out.size == 0) out.set_u64(1, false, kDecMinEtiny - 10);
}

// |v| of an integral v with at most 19 digits in front of the point; UINT64_MAX: too large. False: no memory.
[[nodiscard]] static bool integer_of(const DecView& v, u64* n) {
  DecNumber whole;
  u32 ignored = 0;
  dec_rescale(whole, v.absolute(), 0, kDecMaxContext, &ignored);
  LimbBuffer limbs;
  if (whole.kind != DecKind::Finite || !dec_to_big(limbs, whole)) return false;
  if (!big_to_u64(limbs.view(), n)) *n = UINT64_MAX;
  return true;
}

void dec_pow(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  bool integral = b.is_integer();
  bool negative = a.negative && integral && b.is_odd_integer();
  if (b.is_zero()) {
    if (a.is_zero()) return set_invalid(out, kDecInvalidOperation, status);
    return set_one(out);
  }
  if (a.is_zero()) {
    if (a.negative && !integral && !b.is_infinite()) negative = false;
    if (b.negative) return out.set_special(DecKind::Infinity, negative);
    return out.set_u64(0, negative, 0);
  }
  if (a.negative && !integral) return set_invalid(out, kDecInvalidOperation, status);
  bool is_two = b.size == 1 && b.limbs[0] == 2 && b.exponent == 0 && !b.negative;
  if (is_two && a.is_finite() && 2 * a.digits() <= context.precision) return dec_mul(out, a, a, context, status);  // exact
  if (a.is_infinite()) {
    if (b.negative) return out.set_u64(0, negative, 0);
    return out.set_special(DecKind::Infinity, negative);
  }
  DecView x = a.absolute();
  DecLimb limb = 1;
  DecView one{&limb, 1, 0, DecKind::Finite, false};
  if (dec_order(x, one) == 0) {
    // 1.00 ^ 3 is 1.000000, its inverse is short, and powers that aren't integers fill the precision.
    i64 places = context.precision - 1, each = -a.exponent;
    if (!integral) {
      *status |= kDecInexact | kDecRounded;
    } else if (b.negative || each == 0) {
      places = 0;
    } else {
      u64 n = UINT64_MAX;
      if (b.adjusted() < 18 && !integer_of(b, &n)) return set_no_memory(out, status);
      if (n <= static_cast<u64>(places / each))
        places = each * static_cast<i64>(n);
      else
        *status |= kDecRounded;
    }
    out.set_u64(1, negative);
    if (!shift_left(out, static_cast<u64>(places))) return set_no_memory(out, status);
    out.exponent = -places;
    return dec_finish(out, context, status);
  }
  bool above = dec_order(x, one) > 0;
  if (b.is_infinite()) {
    if (above != b.negative) return out.set_special(DecKind::Infinity, negative);
    return out.set_u64(0, negative);
  }
  if (integral && b.adjusted() < 19) {
    u64 n;
    if (!integer_of(b, &n)) return set_no_memory(out, status);
    if (n != UINT64_MAX) {
      pow_integer(out, x, b, n, context, status);
      out.negative = negative;
      return dec_finish(out, context, status);
    }
  }
  // exp(y ln x), with a logarithm as exact as the size of the product and the precision ask.
  if (b.adjusted() > 40) {
    bool grows = above != b.negative;
    out.set_u64(1, negative, grows ? kDecMaxEmax + 10 : kDecMinEtiny - 10);
    return dec_finish(out, context, status);
  }
  *status |= kDecInexact | kDecRounded;
  // So many digits behind the precision that rounding twice shows hardly ever, and then as many that are noise.
  constexpr i64 kGuard = 23, kNoise = 8;
  DecNumber log, product;
  i64 more = kGuard + kNoise + 19 + (b.adjusted() > 0 ? b.adjusted() : 0);
  ln_digits(log, x, false, context.precision + more, status);
  if (log.kind != DecKind::Finite) return set_no_memory(out, status);
  u32 ignored = 0;
  dec_mul(product, log, b, kDecMaxContext, &ignored);
  if (product.kind != DecKind::Finite) return set_no_memory(out, status);
  exp_digits(out, product, context.precision + kGuard + 2, context, status);
  if (out.kind == DecKind::Finite) {
    // Without the noise, so that a power that is exact comes out so.
    i64 drop = out.view().digits() - (context.precision + kGuard);
    if (drop > 0) {
      Rest rest = shift_right(out, static_cast<u64>(drop));
      out.exponent += drop;
      if (rounds_up(DecRounding::HalfEven, false, out.size ? out.limbs[0] % 10 : 0, rest) && !add_one(out))
        return set_no_memory(out, status);
    }
  }
  out.negative = negative;
  u32 arisen = 0;
  dec_finish(out, context, &arisen);
  if (arisen & kDecSubnormal) arisen |= kDecUnderflow;  // inexact, whatever the digits look like
  *status |= arisen;
}

void dec_powmod(DecNumber& out, const DecView& a, const DecView& b, const DecView& modulus, const DecContext& context,
                u32* status) {
  if (a.is_nan() || b.is_nan() || modulus.is_nan()) {
    // Signaling ones first, in the order of the operands.
    for (DecView v : {a, b, modulus})
      if (v.kind == DecKind::SignalingNan) {
        (void)propagate_nan(out, v, context, status);
        return;
      }
    (void)propagate_nan(out, a.is_nan() ? a : b.is_nan() ? b : modulus, context, status);
    return;
  }
  if (!a.is_integer() || !b.is_integer() || !modulus.is_integer() || (b.negative && b.size) || modulus.size == 0)
    return set_invalid(out, kDecInvalidOperation, status);
  if (modulus.adjusted() >= context.precision) return set_invalid(out, kDecInvalidOperation, status);
  if (a.size == 0 && b.size == 0) return set_invalid(out, kDecInvalidOperation, status);
  if (b.adjusted() > kMostDigits) return set_no_memory(out, status);
  bool negative = a.negative && b.size && b.is_odd_integer();
  DecNumber whole_b, whole_m;
  u32 ignored = 0;
  dec_rescale(whole_b, b.absolute(), 0, context, &ignored);
  dec_rescale(whole_m, modulus.absolute(), 0, context, &ignored);
  Big x, y, m, scale, base;
  DecView coefficient = a.absolute();
  DecNumber integral;
  if (a.exponent < 0) {
    dec_rescale(integral, coefficient, 0, context, &ignored);
    coefficient = integral;
  }
  if (!big_of(x, coefficient) || !big_of(y, whole_b) || !big_of(m, whole_m)) return set_no_memory(out, status);
  if (coefficient.exponent > 0) {  // c * 10^e, reduced before it grows
    Big ten, e;
    mpz_set_ui(ten, 10);
    mpz_set_si(e, coefficient.exponent);
    mpz_powm(scale, ten, e, m);
    mpz_mul(x, x, scale);
  }
  mpz_powm(base, x, y, m);
  if (!number_of(out, base)) return set_no_memory(out, status);
  out.negative = negative;
  out.exponent = 0;
}

}  // namespace baton
