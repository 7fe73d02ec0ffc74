// Decimal numbers: limbs, rounding, the four operations, comparison, text.
#include "base/decimal.h"

#include <gmp.h>

#include <cstdlib>

#include "base/decimal_limbs.h"

namespace baton {

using namespace dec;

static constexpr u64 kMostLimbs = u64{1} << 31;  // longer is "no memory" at once
static constexpr u64 kSchoolLimbs = 64;          // from here on products and quotients go through GMP

// ---------------------------------------------------------------------------------------------------------------- numbers

DecNumber::~DecNumber() {
  if (limbs != inline_) free(limbs);
}

bool DecNumber::reserve(u64 n) {
  if (n <= capacity) return true;
  if (n > kMostLimbs) return false;
  u64 wanted = n + n / 4;
  auto* room = static_cast<DecLimb*>(malloc(wanted * sizeof(DecLimb)));
  if (!room) return false;
  memcpy(room, limbs, size * sizeof(DecLimb));
  if (limbs != inline_) free(limbs);
  limbs = room;
  capacity = wanted;
  return true;
}

bool DecNumber::assign(const DecView& v) {
  if (v.limbs != limbs) {
    size = 0;
    if (!reserve(v.size)) return false;
    memcpy(limbs, v.limbs, v.size * sizeof(DecLimb));
  }
  size = v.size;
  exponent = v.exponent;
  kind = v.kind;
  negative = v.negative;
  return true;
}

void DecNumber::set_u64(u64 coefficient, bool is_negative, i64 new_exponent) {
  kind = DecKind::Finite;
  negative = is_negative;
  exponent = new_exponent;
  for (size = 0; coefficient; coefficient /= kDecLimbBase) limbs[size++] = static_cast<u32>(coefficient % kDecLimbBase);
}

void DecNumber::set_special(DecKind new_kind, bool is_negative) {
  kind = new_kind;
  negative = is_negative;
  exponent = 0;
  size = 0;
}

i64 DecView::digits() const {
  if (size == 0) return kind == DecKind::Finite;
  return static_cast<i64>((size - 1) * kDecLimbDigits + digits_of(limbs[size - 1]));
}
int DecView::digit(i64 position) const {
  u64 limb = static_cast<u64>(position) / kDecLimbDigits;
  if (position < 0 || limb >= size) return 0;
  return static_cast<int>(divide_by_power(limbs[limb], static_cast<u64>(position) % kDecLimbDigits) % 10);
}
static bool any_digit_below(const DecView& v, u64 position) {
  u64 whole = position / kDecLimbDigits;
  for (u64 i = 0; i < whole && i < v.size; ++i)
    if (v.limbs[i]) return true;
  if (whole >= v.size) return false;
  u64 power = position % kDecLimbDigits;
  return v.limbs[whole] != divide_by_power(v.limbs[whole], power) * kPowers[power];
}
bool DecView::is_integer() const {
  if (!is_finite()) return false;
  if (size == 0 || exponent >= 0) return true;
  return adjusted() >= 0 && !any_digit_below(*this, static_cast<u64>(-exponent));
}
bool DecView::is_odd_integer() const { return exponent <= 0 && digit(-exponent) % 2; }

// ---------------------------------------------------------------------------------------------------------------- limbs

namespace dec {

int compare(const DecLimb* a, u64 an, const DecLimb* b, u64 bn) {
  if (an != bn) return an < bn ? -1 : 1;
  while (an-- > 0)
    if (a[an] != b[an]) return a[an] < b[an] ? -1 : 1;
  return 0;
}

u64 add(DecLimb* out, const DecLimb* a, u64 an, const DecLimb* b, u64 bn) {
  if (an < bn) {
    const DecLimb* t = a;
    a = b;
    b = t;
    u64 n = an;
    an = bn;
    bn = n;
  }
  u32 carry = 0;
  u64 i = 0;
  for (; i < bn; ++i) {
    u32 sum = a[i] + b[i] + carry;  // at most 2 * 10^9 - 1: fits
    carry = sum >= kDecLimbBase;
    out[i] = carry ? sum - kDecLimbBase : sum;
  }
  for (; i < an; ++i) {
    u32 sum = a[i] + carry;
    carry = sum >= kDecLimbBase;
    out[i] = carry ? 0 : sum;
  }
  if (carry) out[an++] = 1;
  return an;
}

u64 subtract(DecLimb* out, const DecLimb* a, u64 an, const DecLimb* b, u64 bn) {
  u32 borrow = 0;
  for (u64 i = 0; i < an; ++i) {
    u32 taken = (i < bn ? b[i] : 0) + borrow;
    borrow = a[i] < taken;
    out[i] = borrow ? a[i] + kDecLimbBase - taken : a[i] - taken;
  }
  return trimmed(out, an);
}

bool shift_left(DecNumber& d, u64 k) {
  if (d.size == 0 || k == 0) return true;
  u64 whole = k / kDecLimbDigits, part = k % kDecLimbDigits;
  if (whole > kMostLimbs || !d.reserve(d.size + whole + 1)) return false;
  DecLimb* limbs = d.limbs;
  if (part) {
    u64 carry = 0;
    for (u64 i = 0; i < d.size; ++i) {
      u64 t = static_cast<u64>(limbs[i]) * kPowers[part] + carry;
      carry = t / kDecLimbBase;
      limbs[i] = static_cast<u32>(t - carry * kDecLimbBase);
    }
    limbs[d.size++] = static_cast<u32>(carry);
  }
  if (whole) memmove(limbs + whole, limbs, d.size * sizeof(DecLimb));
  d.size += whole;
  memset(limbs, 0, whole * sizeof(DecLimb));
  d.trim();
  return true;
}

// What the digits of a limb below one of its places come to, of which there are `below` = 10^places.
static Rest rest_of(u32 low, u32 below) {
  u32 twice = 2 * low;  // below 2 * 10^9
  return low == 0 ? Rest::Nothing : twice < below ? Rest::BelowHalf : twice == below ? Rest::Half : Rest::AboveHalf;
}

// Each limb loses its lowest `part` digits, 1 to 8, and gets as many of the next at its top.
static void move_down(DecLimb* out, const DecLimb* limbs, u64 n, u64 part) {
  u32 down = kPowers[part], up = kPowers[kDecLimbDigits - part];
  u32 upper = divide_by_power(limbs[0], part);
  for (u64 i = 0; i < n; ++i) {
    u32 next = i + 1 < n ? limbs[i + 1] : 0, next_upper = divide_by_power(next, part);
    out[i] = upper + (next - next_upper * down) * up;
    upper = next_upper;
  }
}

Rest shift_right(DecNumber& d, u64 k) {
  if (k == 0 || d.size == 0) return Rest::Nothing;
  if (k < kDecLimbDigits && d.size > 1) {  // what rounding drops mostly
    Rest rest = rest_of(d.limbs[0] - divide_by_power(d.limbs[0], k) * kPowers[k], kPowers[k]);
    move_down(d.limbs, d.limbs, d.size, k);
    d.trim();
    return rest;
  }
  u64 digits = static_cast<u64>(d.view().digits());
  if (k > digits) {
    d.size = 0;
    return Rest::BelowHalf;
  }
  int first = d.view().digit(static_cast<i64>(k) - 1);
  bool more = any_digit_below(d, k - 1);
  Rest rest = first == 0 && !more   ? Rest::Nothing
              : first < 5           ? Rest::BelowHalf
              : first == 5 && !more ? Rest::Half
                                    : Rest::AboveHalf;
  u64 whole = k / kDecLimbDigits, part = k % kDecLimbDigits;
  if (part == 0) {
    memmove(d.limbs, d.limbs + whole, (d.size - whole) * sizeof(DecLimb));
    d.size -= whole;
  } else {
    u64 n = d.size - whole;
    move_down(d.limbs, d.limbs + whole, n, part);
    d.size = n;
  }
  d.trim();
  return rest;
}

bool add_one(DecNumber& d) {
  if (!d.reserve(d.size + 1)) return false;
  for (u64 i = 0; i < d.size; ++i) {
    if (++d.limbs[i] < kDecLimbBase) return true;
    d.limbs[i] = 0;
  }
  d.limbs[d.size++] = 1;
  return true;
}

// So many products of two limbs, and the carry of such a sum, fit 64 bits.
constexpr u64 kColumnLimbs = 18;
static_assert(kColumnLimbs * (kDecLimbBase - 1) * u64{kDecLimbBase - 1} < ~u64{0} - kColumnLimbs * kDecLimbBase);

// Column by column: one division for all products of a column. The shorter number has at most kColumnLimbs limbs.
static void multiply_columns(DecLimb* out, const DecView& a, const DecView& b) {
  u64 carry = 0;
  for (u64 k = 0, n = a.size + b.size - 1; k < n; ++k) {
    u64 first = k < b.size ? 0 : k - b.size + 1, last = k < a.size ? k : a.size - 1, sum = carry;
    for (u64 i = first; i <= last; ++i) sum += static_cast<u64>(a.limbs[i]) * b.limbs[k - i];
    carry = sum / kDecLimbBase;
    out[k] = static_cast<u32>(sum - carry * kDecLimbBase);
  }
  out[a.size + b.size - 1] = static_cast<u32>(carry);
}

// The same of numbers of up to four limbs, which have the 28 digits of the usual context: all columns, of which none waits for a
// carry, and then the carries. Fills eight limbs.
static void multiply_fours(DecLimb* out, const DecView& a, const DecView& b) {
  u64 p[4] = {}, q[4] = {};
  for (u64 i = 0; i < a.size; ++i) p[i] = a.limbs[i];
  for (u64 i = 0; i < b.size; ++i) q[i] = b.limbs[i];
  const u64 columns[7] = {p[0] * q[0],
                          p[0] * q[1] + p[1] * q[0],
                          p[0] * q[2] + p[1] * q[1] + p[2] * q[0],
                          p[0] * q[3] + p[1] * q[2] + p[2] * q[1] + p[3] * q[0],
                          p[1] * q[3] + p[2] * q[2] + p[3] * q[1],
                          p[2] * q[3] + p[3] * q[2],
                          p[3] * q[3]};
  u64 carry = 0;
  for (int k = 0; k < 7; ++k) {
    u64 sum = columns[k] + carry;
    carry = sum / kDecLimbBase;
    out[k] = static_cast<u32>(sum - carry * kDecLimbBase);
  }
  out[7] = static_cast<u32>(carry);
}

bool multiply(DecNumber& out, const DecView& a, const DecView& b) {
  out.size = 0;
  if (a.size == 0 || b.size == 0) return true;
  if (!out.reserve(a.size + b.size)) return false;
  if (a.size >= kSchoolLimbs && b.size >= kSchoolLimbs) {
    LimbBuffer x, y, product;
    if (!dec_to_big(x, a) || !dec_to_big(y, b) || !product.reserve(x.view().size + y.view().size)) return false;
    product.set_size(big_mul(product.data(), x.view(), y.view()));
    bool negative = out.negative;
    i64 exponent = out.exponent;
    bool good = dec_set_big(out, product.view());
    out.negative = negative;
    out.exponent = exponent;
    return good;
  }
  u64 n = a.size + b.size;
  if (a.size <= 2 && b.size <= 2) {
    u64 a0 = a.limbs[0], a1 = a.size == 2 ? a.limbs[1] : 0, b0 = b.limbs[0], b1 = b.size == 2 ? b.limbs[1] : 0;
    u64 low = a0 * b0, middle = a0 * b1 + a1 * b0 + low / kDecLimbBase, high = a1 * b1 + middle / kDecLimbBase;
    out.limbs[0] = static_cast<u32>(low % kDecLimbBase);
    out.limbs[1] = static_cast<u32>(middle % kDecLimbBase);
    out.limbs[2] = static_cast<u32>(high % kDecLimbBase);
    out.limbs[3] = static_cast<u32>(high / kDecLimbBase);
    out.size = trimmed(out.limbs, n);
    return true;
  }
  if (a.size <= 4 && b.size <= 4 && out.capacity >= 8) {
    multiply_fours(out.limbs, a, b);
    out.size = trimmed(out.limbs, n);
    return true;
  }
  if (a.size <= kColumnLimbs || b.size <= kColumnLimbs) {
    multiply_columns(out.limbs, a, b);
    out.size = trimmed(out.limbs, n);
    return true;
  }
  memset(out.limbs, 0, n * sizeof(DecLimb));
  for (u64 i = 0; i < a.size; ++i) {
    u64 factor = a.limbs[i], carry = 0;
    if (!factor) continue;
    DecLimb* row = out.limbs + i;
    for (u64 j = 0; j < b.size; ++j) {
      u64 t = factor * b.limbs[j] + row[j] + carry;  // below 10^18
      carry = t / kDecLimbBase;
      row[j] = static_cast<u32>(t - carry * kDecLimbBase);
    }
    row[b.size] = static_cast<u32>(carry);
  }
  out.size = trimmed(out.limbs, n);
  return true;
}

static u32 divide_by_limb(DecLimb* out, const DecLimb* a, u64 n, u32 divisor) {
  u64 rest = 0;
  while (n-- > 0) {
    u64 t = rest * kDecLimbBase + a[n];
    out[n] = static_cast<u32>(t / divisor);
    rest = t % divisor;
  }
  return static_cast<u32>(rest);
}

// Long division: the divisor's top limb is scaled up to at least half the base, so that each guess of a limb of the quotient from
// the top limbs is at most two too large.
static bool divide_long(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b) {
  u64 n = b.size, m = a.size - n;
  u32 scale = kDecLimbBase / (b.limbs[n - 1] + 1);
  DecNumber divisor;
  remainder.size = quotient.size = 0;
  if (!divisor.reserve(n) || !remainder.reserve(a.size + 1) || !quotient.reserve(m + 1)) return false;
  auto scaled = [scale](DecLimb* out, const DecLimb* in, u64 count) {
    u64 carry = 0;
    for (u64 i = 0; i < count; ++i) {
      u64 t = static_cast<u64>(in[i]) * scale + carry;
      carry = t / kDecLimbBase;
      out[i] = static_cast<u32>(t % kDecLimbBase);
    }
    return static_cast<u32>(carry);
  };
  scaled(divisor.limbs, b.limbs, n);
  DecLimb* u = remainder.limbs;
  u[a.size] = scaled(u, a.limbs, a.size);
  const DecLimb* v = divisor.limbs;
  for (u64 j = m + 1; j-- > 0;) {
    u64 top = static_cast<u64>(u[j + n]) * kDecLimbBase + u[j + n - 1];
    u64 guess = top / v[n - 1], left = top % v[n - 1];
    while (guess >= kDecLimbBase || guess * v[n - 2] > left * kDecLimbBase + u[j + n - 2]) {
      --guess;
      left += v[n - 1];
      if (left >= kDecLimbBase) break;
    }
    u64 carry = 0;
    i64 borrow = 0;
    for (u64 i = 0; i <= n; ++i) {
      u64 t = (i < n ? guess * v[i] : 0) + carry;
      carry = t / kDecLimbBase;
      i64 d = static_cast<i64>(u[i + j]) - static_cast<i64>(t % kDecLimbBase) - borrow;
      borrow = d < 0;
      u[i + j] = static_cast<u32>(borrow ? d + kDecLimbBase : d);
    }
    if (borrow) {  // one too many after all
      --guess;
      u32 over = 0;
      for (u64 i = 0; i <= n; ++i) {
        u32 t = u[i + j] + (i < n ? v[i] : 0) + over;
        over = t >= kDecLimbBase;
        u[i + j] = over ? t - kDecLimbBase : t;
      }
    }
    quotient.limbs[j] = static_cast<u32>(guess);
  }
  quotient.size = trimmed(quotient.limbs, m + 1);
  divide_by_limb(u, u, n, scale);
  remainder.size = trimmed(u, n);
  return true;
}

bool divide(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b) {
  quotient.kind = remainder.kind = DecKind::Finite;
  if (compare(a.limbs, a.size, b.limbs, b.size) < 0) {
    quotient.size = remainder.size = 0;
    if (!remainder.reserve(a.size)) return false;
    memcpy(remainder.limbs, a.limbs, a.size * sizeof(DecLimb));
    remainder.size = a.size;
    return true;
  }
  if (b.size == 1) {
    quotient.size = 0;
    if (!quotient.reserve(a.size)) return false;
    remainder.limbs[0] = divide_by_limb(quotient.limbs, a.limbs, a.size, b.limbs[0]);
    remainder.size = remainder.limbs[0] != 0;
    quotient.size = trimmed(quotient.limbs, a.size);
    return true;
  }
  if (b.size < kSchoolLimbs || a.size - b.size < kSchoolLimbs) return divide_long(quotient, remainder, a, b);
  LimbBuffer x, y, q, r;
  if (!dec_to_big(x, a) || !dec_to_big(y, b)) return false;
  usize xs = x.view().size, ys = y.view().size;
  if (!q.reserve((xs > ys ? xs - ys : 0) + 2) || !r.reserve(ys)) return false;
  i64 qn, rn;
  big_divmod(q.data(), &qn, r.data(), &rn, x.view(), y.view());
  q.set_size(qn);
  r.set_size(rn);
  return dec_set_big(quotient, q.view()) && dec_set_big(remainder, r.view());
}

// ---------------------------------------------------------------------------------------------------------------- nans

void set_invalid(DecNumber& out, u32 condition, u32* status) {
  out.set_special(DecKind::QuietNan, false);
  *status |= condition;
}

void assign(DecNumber& out, const DecView& v, u32* status) {
  if (!out.assign(v)) set_no_memory(out, status);
}

// The payload's low digits, as many as the context has room for.
static void fit_payload(DecNumber& d, const DecContext& context) {
  i64 room = context.precision - context.clamp;
  if (d.view().digits() <= room) return;
  u64 whole = static_cast<u64>(room) / kDecLimbDigits, part = static_cast<u64>(room) % kDecLimbDigits;
  if (part) {
    d.limbs[whole] %= kPowers[part];
    ++whole;
  }
  d.size = whole;
  d.trim();
}

bool propagate_nan(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (!a.is_nan() && !b.is_nan()) return false;
  DecView chosen = a;
  if (a.kind == DecKind::SignalingNan || b.kind == DecKind::SignalingNan) {
    *status |= kDecInvalidOperation;
    if (a.kind != DecKind::SignalingNan) chosen = b;
  } else if (!a.is_nan()) {
    chosen = b;
  }
  assign(out, chosen, status);
  out.kind = DecKind::QuietNan;
  fit_payload(out, context);
  return true;
}

// ---------------------------------------------------------------------------------------------------------------- rounding

bool rounds_up(DecRounding rounding, bool negative, u32 last_digit, Rest rest) {
  if (rest == Rest::Nothing) return false;
  switch (rounding) {
    case DecRounding::Up: return true;
    case DecRounding::Down: return false;
    case DecRounding::Ceiling: return !negative;
    case DecRounding::Floor: return negative;
    case DecRounding::HalfUp: return rest >= Rest::Half;
    case DecRounding::HalfDown: return rest == Rest::AboveHalf;
    case DecRounding::HalfEven: return rest == Rest::AboveHalf || (rest == Rest::Half && last_digit % 2);
    case DecRounding::ZeroFiveUp: return last_digit % 5 == 0;
  }
  return false;
}

}  // namespace dec

// Drops k digits, rounding. False: no memory.
[[nodiscard]] static bool drop_digits(DecNumber& d, u64 k, DecRounding rounding, Rest* rest) {
  *rest = shift_right(d, k);
  d.exponent += static_cast<i64>(k);
  if (rounds_up(rounding, d.negative, d.size ? d.limbs[0] % 10 : 0, *rest)) return add_one(d);
  return true;
}

// 999...9, `count` digits.
[[nodiscard]] static bool set_nines(DecNumber& d, i64 count) {
  u64 n = static_cast<u64>(count);
  u64 limbs = (n + kDecLimbDigits - 1) / kDecLimbDigits;
  d.size = 0;
  d.kind = DecKind::Finite;
  if (!d.reserve(limbs)) return false;
  for (u64 i = 0; i < limbs; ++i) d.limbs[i] = kDecLimbBase - 1;
  if (n % kDecLimbDigits) d.limbs[limbs - 1] = kPowers[n % kDecLimbDigits] - 1;
  d.size = limbs;
  return true;
}

static void set_overflow(DecNumber& d, const DecContext& context, u32* status) {
  *status |= kDecOverflow | kDecInexact | kDecRounded;
  bool to_infinity = true;
  switch (context.rounding) {
    case DecRounding::Down:
    case DecRounding::ZeroFiveUp: to_infinity = false; break;
    case DecRounding::Ceiling: to_infinity = !d.negative; break;
    case DecRounding::Floor: to_infinity = d.negative; break;
    default: break;
  }
  if (to_infinity) return d.set_special(DecKind::Infinity, d.negative);
  if (!set_nines(d, context.precision)) return set_no_memory(d, status);
  d.exponent = context.etop();
}

void dec_finish(DecNumber& d, const DecContext& context, u32* status) {
  if (d.kind != DecKind::Finite) {
    if (d.kind != DecKind::Infinity) fit_payload(d, context);
    return;
  }
  // Most numbers are far from every limit.
  i64 at_most = static_cast<i64>(d.size * kDecLimbDigits);
  if (d.size && at_most <= context.precision && d.exponent >= context.emin && d.exponent <= context.emax - at_most &&
      (!context.clamp || d.exponent <= context.etop()))
    return;
  const i64 etiny = context.etiny(), etop = context.etop();
  if (d.size == 0) {
    i64 most = context.clamp ? etop : context.emax;
    i64 wanted = d.exponent < etiny ? etiny : d.exponent > most ? most : d.exponent;
    if (wanted != d.exponent) *status |= kDecClamped;
    d.exponent = wanted;
    return;
  }
  i64 digits = d.view().digits();
  if (d.exponent > context.emax - (digits - 1)) return set_overflow(d, context, status);
  bool subnormal = d.exponent < context.emin - (digits - 1);
  i64 least = subnormal ? etiny : d.exponent + digits - context.precision;  // the exponent that the precision asks for
  if (d.exponent < least) {
    Rest rest;
    if (!drop_digits(d, static_cast<u64>(least - d.exponent), context.rounding, &rest)) return set_no_memory(d, status);
    d.exponent = least;
    if (d.view().digits() > context.precision) {  // 99.9 became 100
      (void)shift_right(d, 1);
      ++d.exponent;
    }
    *status |= kDecRounded;
    if (subnormal) *status |= kDecSubnormal;
    if (rest != Rest::Nothing) *status |= subnormal ? kDecInexact | kDecUnderflow : kDecInexact;
    if (d.size == 0) {
      *status |= kDecClamped;
      return;
    }
    if (d.view().adjusted() > context.emax) return set_overflow(d, context, status);
  } else if (subnormal) {
    *status |= kDecSubnormal;
  }
  if (context.clamp && d.exponent > etop) {
    *status |= kDecClamped;
    if (!shift_left(d, static_cast<u64>(d.exponent - etop))) return set_no_memory(d, status);
    d.exponent = etop;
  }
}

// ---------------------------------------------------------------------------------------------------------------- addition

// Sums of numbers that have up to 36 digits once they have the same exponent: in machine integers. False: not such numbers, or
// long ones that have it already, whose limbs are added sooner than turned to an integer.
static bool add_small(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (!a.is_finite() || !b.is_finite() || a.size - 1 > 3 || b.size - 1 > 3 || context.precision < 28) return false;
  i64 distance = a.exponent - b.exponent;
  __int128 x, y;
  if (distance <= 9 && distance >= -9 && a.size <= 2 && b.size <= 2) {
    x = small_coefficient(a), y = small_coefficient(b);
    if (distance > 0)
      x *= kPowers[distance];
    else
      y *= kPowers[-distance];
  } else {
    i64 moved = distance > 0 ? distance : -distance;
    if (moved == 0 || moved > 36 || (distance > 0 ? a : b).digits() + moved > 36) return false;
    x = static_cast<__int128>(medium_coefficient(a)), y = static_cast<__int128>(medium_coefficient(b));
    __int128& raised = distance > 0 ? x : y;
    for (; moved > 9; moved -= 9) raised *= kDecLimbBase;
    raised *= kPowers[moved];
  }
  __int128 sum = (a.negative ? -x : x) + (b.negative ? -y : y);
  if (sum == 0) return false;  // whose sign depends
  unsigned __int128 rest = static_cast<unsigned __int128>(sum < 0 ? -sum : sum);
  out.kind = DecKind::Finite;
  out.negative = sum < 0;
  out.exponent = distance > 0 ? b.exponent : a.exponent;
  out.size = 0;
  if (rest >> 64) {
    u64 low = static_cast<u64>(rest % kTwoLimbs);
    rest /= kTwoLimbs;
    out.limbs[0] = static_cast<u32>(low % kDecLimbBase);
    out.limbs[1] = static_cast<u32>(low / kDecLimbBase);
    out.size = 2;
  }
  for (u64 left = static_cast<u64>(rest); left; left /= kDecLimbBase)
    out.limbs[out.size++] = static_cast<u32>(left % kDecLimbBase);
  dec_finish(out, context, status);
  return true;
}

static void add_with_signs(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (add_small(out, a, b, context, status)) return;
  if (propagate_nan(out, a, b, context, status)) return;
  if (a.is_infinite() || b.is_infinite()) {
    if (a.is_infinite() && b.is_infinite() && a.negative != b.negative) return set_invalid(out, kDecInvalidOperation, status);
    return out.set_special(DecKind::Infinity, a.is_infinite() ? a.negative : b.negative);
  }
  i64 exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  if (a.size == 0 && b.size == 0) {
    bool negative = a.negative == b.negative ? a.negative : context.rounding == DecRounding::Floor;
    out.set_u64(0, negative, exponent);
    return dec_finish(out, context, status);
  }
  if (a.size == 0 || b.size == 0) {
    // The other number with the smaller exponent, as far as the precision sees it.
    DecView other = a.size ? a : b;
    i64 least = other.exponent + other.digits() - 1 - context.precision;
    if (exponent < least) exponent = least < other.exponent ? least : other.exponent;
    assign(out, other, status);
    if (out.kind != DecKind::Finite) return;
    if (exponent < other.exponent) {
      if (!shift_left(out, static_cast<u64>(other.exponent - exponent))) return set_no_memory(out, status);
      out.exponent = exponent;
    }
    return dec_finish(out, context, status);
  }
  DecView high = a.exponent >= b.exponent ? a : b, low = a.exponent >= b.exponent ? b : a;
  DecLimb one = 1;
  DecNumber raised;
  if (high.exponent > low.exponent) {
    // A low number that begins far behind the last digit that matters is only a direction: any tiny number does for it.
    i64 beyond = high.digits() - context.precision - 2;
    if (beyond > -1) beyond = -1;
    i64 tiny = high.exponent + beyond;
    if (low.adjusted() < tiny) low = {&one, 1, tiny, DecKind::Finite, low.negative};
    if (!raised.assign(high) || !shift_left(raised, static_cast<u64>(high.exponent - low.exponent)))
      return set_no_memory(out, status);
    high = raised;
  }
  out.kind = DecKind::Finite;
  out.exponent = low.exponent;
  out.size = 0;
  if (!out.reserve((high.size > low.size ? high.size : low.size) + 1)) return set_no_memory(out, status);
  if (high.negative == low.negative) {
    out.negative = high.negative;
    out.size = add(out.limbs, high.limbs, high.size, low.limbs, low.size);
  } else {
    int order = compare(high.limbs, high.size, low.limbs, low.size);
    if (order == 0) {
      out.negative = context.rounding == DecRounding::Floor;
    } else {
      DecView more = order > 0 ? high : low, less = order > 0 ? low : high;
      out.negative = more.negative;
      out.size = subtract(out.limbs, more.limbs, more.size, less.limbs, less.size);
    }
  }
  dec_finish(out, context, status);
}

void dec_add(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  add_with_signs(out, a, b, context, status);
}
void dec_sub(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  DecView negated = b;
  if (!b.is_nan()) negated.negative = !b.negative;  // a nan keeps its sign
  add_with_signs(out, a, negated, context, status);
}
static void copy_and_finish(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  assign(out, a, status);
  dec_finish(out, context, status);
}
// A zero has no sign after plus and minus, but for rounding to the floor.
void dec_plus(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  DecView positive = a;
  if (a.is_zero() && context.rounding != DecRounding::Floor) positive.negative = false;
  copy_and_finish(out, positive, context, status);
}
void dec_minus(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  DecView negated = a;
  negated.negative = a.is_zero() && context.rounding != DecRounding::Floor ? false : !a.negative;
  copy_and_finish(out, negated, context, status);
}
void dec_abs(DecNumber& out, const DecView& a, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, context, status)) return;
  if (a.negative)
    dec_minus(out, a, context, status);
  else
    dec_plus(out, a, context, status);
}

// ---------------------------------------------------------------------------------------------------------------- multiplication

// The exact product of finite numbers, or what infinities make of it. True: it is to be rounded.
static bool multiply_exactly(DecNumber& out, const DecView& a, const DecView& b, u32* status) {
  bool negative = a.negative != b.negative;
  if (a.is_infinite() || b.is_infinite()) {
    if (a.is_zero() || b.is_zero())
      set_invalid(out, kDecInvalidOperation, status);
    else
      out.set_special(DecKind::Infinity, negative);
    return false;
  }
  out.kind = DecKind::Finite;
  out.negative = negative;
  out.exponent = a.exponent + b.exponent;
  if (multiply(out, a, b)) return true;
  set_no_memory(out, status);
  return false;
}
void dec_mul(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  if (multiply_exactly(out, a, b, status)) dec_finish(out, context, status);
}
void dec_fma(DecNumber& out, const DecView& a, const DecView& b, const DecView& c, const DecContext& context, u32* status) {
  if (a.kind == DecKind::SignalingNan || b.kind == DecKind::SignalingNan || (!a.is_nan() && !b.is_nan())) {
    if (propagate_nan(out, a, b, context, status)) return;
  } else {  // a quiet nan in the product gives way to a signaling summand
    if (propagate_nan(out, c.kind == DecKind::SignalingNan ? c : a.is_nan() ? a : b, context, status)) return;
  }
  DecNumber product;
  if (!multiply_exactly(product, a, b, status) && product.kind != DecKind::Infinity) return assign(out, product, status);
  add_with_signs(out, product, c, context, status);
}

// ---------------------------------------------------------------------------------------------------------------- division

// The quotient to `precision` digits and one that tells where the rest lies. *exact: nothing is left.
[[nodiscard]] static bool divide_to(DecNumber& out, const DecView& a, const DecView& b, i64 precision, bool* exact) {
  i64 shift = b.digits() - a.digits() + precision + 1;
  i64 ideal = a.exponent - b.exponent;
  DecNumber scaled, rest;
  if (!scaled.assign(shift >= 0 ? a : b) || !shift_left(scaled, static_cast<u64>(shift >= 0 ? shift : -shift))) return false;
  if (!divide(out, rest, shift >= 0 ? scaled.view() : a, shift >= 0 ? b : scaled.view())) return false;
  out.negative = a.negative != b.negative;
  out.exponent = ideal - shift;
  *exact = rest.size == 0;
  if (!*exact) {
    if (out.size == 0 || out.limbs[0] % 5 == 0) return add_one(out);  // neither a tie nor exact
    return true;
  }
  // As short as the exponent of the operands allows.
  i64 most = ideal - out.exponent, zeros = 0;
  while (zeros < most && out.size && out.view().digit(zeros) == 0) ++zeros;
  (void)shift_right(out, static_cast<u64>(zeros));
  out.exponent += zeros;
  return true;
}

using Wide = unsigned __int128;

// rest * factor / divisor, the new rest in *rest. rest < divisor, factor <= 10^18.
static u64 scaled_quotient(u64* rest, u64 factor, u64 divisor) {
  Wide scaled = static_cast<Wide>(*rest) * factor;
  u64 quotient = static_cast<u64>(scaled / divisor);
  *rest = static_cast<u64>(scaled - static_cast<Wide>(quotient) * divisor);
  return quotient;
}

// The same with a divisor below 2^127: from the upper halves of both, the divisor's with its highest bit set, comes a guess that
// is at most two too large.
static u64 scaled_quotient(Wide* rest, u64 factor, Wide divisor) {
  if (divisor >> 64 == 0) {
    u64 small = static_cast<u64>(*rest), quotient = scaled_quotient(&small, factor, static_cast<u64>(divisor));
    *rest = small;
    return quotient;
  }
  int up = __builtin_clzll(static_cast<u64>(divisor >> 64));
  Wide d = divisor << up, r = *rest << up;
  u64 d1 = static_cast<u64>(d >> 64), d0 = static_cast<u64>(d);
  Wide low = static_cast<Wide>(static_cast<u64>(r)) * factor;
  Wide upper = static_cast<Wide>(static_cast<u64>(r >> 64)) * factor + static_cast<u64>(low >> 64);  // above the lowest 64 bits
  u64 lowest = static_cast<u64>(low);
  u64 guess = static_cast<u64>(upper / d1);  // fits: upper >> 64 is below the factor, d1 is not
  // upper:lowest - guess * d, in 192 bits: above the lowest 64 a signed number of 128.
  Wide low_product = static_cast<Wide>(guess) * d0;
  u64 left_lowest = lowest - static_cast<u64>(low_product);
  Wide left_upper = upper - static_cast<Wide>(guess) * d1 - static_cast<u64>(low_product >> 64) - (left_lowest > lowest);
  while (static_cast<__int128>(left_upper) < 0) {
    --guess;
    u64 sum = left_lowest + d0;
    left_upper += d1 + static_cast<Wide>(sum < d0);
    left_lowest = sum;
  }
  *rest = (left_upper << 64 | left_lowest) >> up;
  return guess;
}

// The last step of a quotient that isn't exact: `chunks` are its first digits, `digits` of them, 18 digits a chunk, the highest
// first, and rest / divisor is what follows. Gives it all digits of the precision at once, rounded, so that none is to be
// dropped. False: they don't fit 128 bits, or the result lies near a limit of the context, which dec_finish() knows all of.
template <class N>
static bool end_quotient(DecNumber& out, const u64* chunks, i64 count, i64 digits, N rest, N divisor, i64 exponent,
                         const DecContext& context, u32* status) {
  i64 more = context.precision - digits;
  exponent -= more;
  if (more <= 0 || more > 18 || count > 2 || context.precision > 36 || exponent < context.emin ||
      exponent > context.emax - context.precision || (context.clamp && exponent > context.etop()))
    return false;
  auto power = [](i64 n) { return u64{kPowers[n > 9 ? 9 : n]} * kPowers[n > 9 ? n - 9 : 0]; };
  u64 scale = power(more);
  N left = rest;
  u64 last = scaled_quotient(&left, scale, divisor);
  if (left == 0) return false;  // exact: may be shorter
  unsigned __int128 first = count == 2 ? static_cast<unsigned __int128>(chunks[0]) * kTwoLimbs + chunks[1] : chunks[0];
  unsigned __int128 coefficient = first * scale + last;
  Rest below = left < divisor - left ? Rest::BelowHalf : left == divisor - left ? Rest::Half : Rest::AboveHalf;
  if (rounds_up(context.rounding, out.negative, static_cast<u32>(last % 10), below)) {
    ++coefficient;
    unsigned __int128 limit =
        static_cast<unsigned __int128>(power(context.precision / 2)) * power(context.precision - context.precision / 2);
    if (coefficient == limit) {  // 99.9 became 100
      coefficient /= 10;
      ++exponent;
    }
  }
  u64 high = static_cast<u64>(coefficient / kTwoLimbs),
      low = static_cast<u64>(coefficient - static_cast<unsigned __int128>(high) * kTwoLimbs);
  out.limbs[0] = static_cast<u32>(low % kDecLimbBase);
  out.limbs[1] = static_cast<u32>(low / kDecLimbBase);
  out.limbs[2] = static_cast<u32>(high % kDecLimbBase);
  out.limbs[3] = static_cast<u32>(high / kDecLimbBase);
  out.size = trimmed(out.limbs, 4);
  out.kind = DecKind::Finite;
  out.exponent = exponent;
  *status |= kDecInexact | kDecRounded;
  return true;
}

// The quotient 18 digits at a time, until the precision is reached or nothing is left.
template <class N>
static bool divide_by_chunks(DecNumber& out, const DecView& a, const DecView& b, N rest, N divisor, const DecContext& context,
                             u32* status) {
  constexpr i64 kChunkDigits = 18, kMostChunks = 8;
  u64 chunks[kMostChunks];
  N whole = rest / divisor;
  rest -= whole * divisor;
  i64 count = 0, units = 1, digits = 0, ideal = a.exponent - b.exponent;
  if (whole >= kTwoLimbs) {
    chunks[count++] = static_cast<u64>(whole / kTwoLimbs);
    whole %= kTwoLimbs;
    units = 2;
  }
  chunks[count++] = static_cast<u64>(whole);
  auto digits_of_chunk = [](u64 c) {
    return static_cast<i64>(c < kDecLimbBase ? digits_of(static_cast<u32>(c))
                                             : 9 + digits_of(static_cast<u32>(c / kDecLimbBase)));
  };
  if (chunks[0]) digits = digits_of_chunk(chunks[0]) + (units - 1) * kChunkDigits;
  out.negative = a.negative != b.negative;
  while (rest && digits <= context.precision) {
    if (digits &&
        end_quotient(out, chunks, count, digits, rest, divisor, ideal - (count - units) * kChunkDigits, context, status))
      return true;
    u64 chunk = scaled_quotient(&rest, kTwoLimbs, divisor);
    digits = digits ? digits + kChunkDigits : chunk ? digits_of_chunk(chunk) : 0;
    chunks[count++] = chunk;
  }
  out.kind = DecKind::Finite;
  out.exponent = ideal - (count - units) * kChunkDigits;
  for (i64 i = 0; i < count; ++i) {
    u64 chunk = chunks[count - 1 - i];
    out.limbs[2 * i] = static_cast<u32>(chunk % kDecLimbBase);
    out.limbs[2 * i + 1] = static_cast<u32>(chunk / kDecLimbBase);
  }
  out.size = trimmed(out.limbs, static_cast<u64>(2 * count));
  if (rest) {
    if (out.limbs[0] % 5 == 0) ++out.limbs[0];  // neither a tie nor exact
  } else {
    // As short as the exponent of the operands allows.
    i64 most = ideal - out.exponent, zeros = 0;
    while (zeros < most && out.view().digit(zeros) == 0) ++zeros;
    (void)shift_right(out, static_cast<u64>(zeros));
    out.exponent += zeros;
  }
  dec_finish(out, context, status);
  return true;
}

// Quotients of numbers of up to 36 digits. False: not such numbers.
static bool divide_small(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (!a.is_finite() || !b.is_finite() || a.size - 1 > 3 || b.size - 1 > 3 || context.precision > 60) return false;
  if (a.size <= 2 && b.size <= 2)
    return divide_by_chunks<u64>(out, a, b, small_coefficient(a), small_coefficient(b), context, status);
  return divide_by_chunks<Wide>(out, a, b, medium_coefficient(a), medium_coefficient(b), context, status);
}

void dec_div(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (divide_small(out, a, b, context, status)) return;
  if (propagate_nan(out, a, b, context, status)) return;
  bool negative = a.negative != b.negative;
  if (a.is_infinite()) {
    if (b.is_infinite()) return set_invalid(out, kDecInvalidOperation, status);
    return out.set_special(DecKind::Infinity, negative);
  }
  if (b.is_infinite()) {
    out.set_u64(0, negative, context.etiny());
    *status |= kDecClamped;
    return;
  }
  if (b.size == 0) {
    if (a.size == 0) return set_invalid(out, kDecDivisionUndefined, status);
    *status |= kDecDivisionByZero;
    return out.set_special(DecKind::Infinity, negative);
  }
  if (a.size == 0) {
    out.set_u64(0, negative, a.exponent - b.exponent);
    return dec_finish(out, context, status);
  }
  bool exact = false;
  // With an enormous precision only an exact quotient can be had; it has at most as many digits as this.
  i64 enough = 4 * (a.digits() + b.digits());
  if (enough < context.precision && !divide_to(out, a, b, enough, &exact)) return set_no_memory(out, status);
  if (!exact && !divide_to(out, a, b, context.precision, &exact)) return set_no_memory(out, status);
  dec_finish(out, context, status);
}

// The integral quotient and the remainder of finite numbers, b not zero. False: the result is set to a nan.
static bool divide_integers(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b,
                            const DecContext& context, u32* status) {
  i64 ideal = a.exponent < b.exponent ? a.exponent : b.exponent;
  bool negative = a.negative != b.negative;
  auto impossible = [&](u32 condition) {
    set_invalid(quotient, condition, status);
    set_invalid(remainder, condition, status);
    return false;
  };
  i64 distance = a.size ? a.adjusted() - b.adjusted() : -2;
  if (a.size == 0 || distance < 0) {
    quotient.set_u64(0, negative, 0);
    if (a.size == 0) {
      remainder.set_u64(0, a.negative, ideal);
      return true;
    }
    if (!remainder.assign(a)) return impossible(kDecMallocError);
    // With the exponent of the operands, as far as the precision has room: more zeros would be rounded away again.
    if (a.exponent > ideal) {
      i64 most = context.precision - a.digits();
      i64 shift = a.exponent - ideal;
      if (shift > most + 1) shift = most + 1 > 0 ? most + 1 : 0;
      if (!shift_left(remainder, static_cast<u64>(shift))) return impossible(kDecMallocError);
      remainder.exponent -= shift;
    }
    return true;
  }
  if (distance > context.precision) return impossible(kDecDivisionImpossible);
  DecNumber scaled;
  bool raise_a = a.exponent >= b.exponent;
  if (!scaled.assign(raise_a ? a : b) ||
      !shift_left(scaled, static_cast<u64>(raise_a ? a.exponent - b.exponent : b.exponent - a.exponent)) ||
      !divide(quotient, remainder, raise_a ? scaled.view() : a, raise_a ? b : scaled.view())) {
    return impossible(kDecMallocError);
  }
  quotient.exponent = 0;
  quotient.negative = negative;
  remainder.exponent = ideal;
  remainder.negative = a.negative;
  if (quotient.size && quotient.view().digits() > context.precision) return impossible(kDecDivisionImpossible);
  return true;
}

void dec_divmod(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b, const DecContext& context,
                u32* status) {
  if (propagate_nan(quotient, a, b, context, status)) return assign(remainder, quotient, status);
  bool negative = a.negative != b.negative;
  if (a.is_infinite()) {
    set_invalid(remainder, kDecInvalidOperation, status);
    if (b.is_infinite()) return set_invalid(quotient, kDecInvalidOperation, status);
    return quotient.set_special(DecKind::Infinity, negative);
  }
  if (b.is_infinite()) {
    quotient.set_u64(0, negative, 0);
    return copy_and_finish(remainder, a, context, status);
  }
  if (b.size == 0) {
    if (a.size == 0) {
      set_invalid(quotient, kDecDivisionUndefined, status);
      return set_invalid(remainder, kDecDivisionUndefined, status);
    }
    *status |= kDecDivisionByZero;
    quotient.set_special(DecKind::Infinity, negative);
    return set_invalid(remainder, kDecInvalidOperation, status);
  }
  if (divide_integers(quotient, remainder, a, b, context, status)) {
    dec_finish(quotient, context, status);
    dec_finish(remainder, context, status);
  }
}

void dec_div_int(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  bool negative = a.negative != b.negative;
  if (a.is_infinite()) {
    if (b.is_infinite()) return set_invalid(out, kDecInvalidOperation, status);
    return out.set_special(DecKind::Infinity, negative);
  }
  if (b.is_infinite()) return out.set_u64(0, negative, 0);
  if (b.size == 0) {
    if (a.size == 0) return set_invalid(out, kDecDivisionUndefined, status);
    *status |= kDecDivisionByZero;
    return out.set_special(DecKind::Infinity, negative);
  }
  DecNumber rest;
  if (divide_integers(out, rest, a, b, context, status)) dec_finish(out, context, status);
}

void dec_remainder(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  if (a.is_infinite()) return set_invalid(out, kDecInvalidOperation, status);
  if (b.is_infinite()) return copy_and_finish(out, a, context, status);
  if (b.size == 0) return set_invalid(out, a.size == 0 ? kDecDivisionUndefined : kDecInvalidOperation, status);
  DecNumber quotient;
  if (divide_integers(quotient, out, a, b, context, status)) dec_finish(out, context, status);
}

void dec_remainder_near(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) return;
  if (a.is_infinite()) return set_invalid(out, kDecInvalidOperation, status);
  if (b.is_infinite()) return copy_and_finish(out, a, context, status);
  if (b.size == 0) return set_invalid(out, a.size == 0 ? kDecDivisionUndefined : kDecInvalidOperation, status);
  DecNumber quotient;
  if (!divide_integers(quotient, out, a, b, context, status)) return;
  if (out.size == 0 || out.kind != DecKind::Finite) return dec_finish(out, context, status);
  // Twice the remainder against the divisor: above, or equal with an odd quotient, the next multiple is nearer.
  DecNumber twice;
  if (out.view().adjusted() >= b.adjusted() - 1) {
    if (!twice.reserve(out.size + 1)) return set_no_memory(out, status);
    twice.size = add(twice.limbs, out.limbs, out.size, out.limbs, out.size);
    twice.exponent = out.exponent;
    int order = dec_order(twice, b.absolute());
    bool odd = quotient.size && quotient.limbs[0] % 2;
    if (order > 0 || (order == 0 && odd)) {
      // The quotient with one more must be an integer within the precision, too.
      if (!add_one(quotient)) return set_no_memory(out, status);
      if (quotient.view().digits() > context.precision) return set_invalid(out, kDecDivisionImpossible, status);
      DecView step = b;
      step.negative = !out.negative;
      DecNumber nearer;
      dec_add(nearer, out, step, kDecMaxContext, status);
      assign(out, nearer, status);
    }
  }
  dec_finish(out, context, status);
}

// ---------------------------------------------------------------------------------------------------------------- comparison

int dec_order(const DecView& a, const DecView& b) {
  if (a.exponent == b.exponent && a.size <= 2 && b.size <= 2 && a.is_finite() && b.is_finite()) {
    i64 x = static_cast<i64>(small_coefficient(a)), y = static_cast<i64>(small_coefficient(b));
    if (a.negative) x = -x;
    if (b.negative) y = -y;
    return x < y ? -1 : x > y;
  }
  int sign_a = a.is_zero() ? 0 : a.negative ? -1 : 1, sign_b = b.is_zero() ? 0 : b.negative ? -1 : 1;
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  if (sign_a == 0) return 0;
  if (a.is_infinite() || b.is_infinite()) return a.is_infinite() && b.is_infinite() ? 0 : a.is_infinite() ? sign_a : -sign_a;
  i64 adjusted_a = a.adjusted(), adjusted_b = b.adjusted();
  if (adjusted_a != adjusted_b) return adjusted_a < adjusted_b ? -sign_a : sign_a;
  if (a.exponent == b.exponent) return sign_a * compare(a.limbs, a.size, b.limbs, b.size);
  // As many digits before the point: compared from the top.
  i64 da = a.digits(), db = b.digits(), n = da > db ? da : db;
  if (n <= 9) {
    u64 x = u64{a.limbs[0]} * kPowers[n - da], y = u64{b.limbs[0]} * kPowers[n - db];
    return x == y ? 0 : x < y ? -sign_a : sign_a;
  }
  for (i64 i = 1; i <= n; ++i) {
    int x = a.digit(da - i), y = b.digit(db - i);
    if (x != y) return x < y ? -sign_a : sign_a;
  }
  return 0;
}

int dec_total_order(const DecView& a, const DecView& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int sign = a.negative ? -1 : 1;
  auto rank = [](const DecView& v) { return v.kind == DecKind::QuietNan ? 2 : v.kind == DecKind::SignalingNan ? 1 : 0; };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -sign : sign;
  if (a.is_nan()) return sign * compare(a.limbs, a.size, b.limbs, b.size);
  if (int order = dec_order(a, b)) return order;
  if (a.is_infinite() || a.exponent == b.exponent) return 0;
  return a.exponent < b.exponent ? -sign : sign;
}

void dec_compare(DecNumber& out, const DecView& a, const DecView& b, bool signal_quiet, const DecContext& context, u32* status) {
  if (propagate_nan(out, a, b, context, status)) {
    if (signal_quiet) *status |= kDecInvalidOperation;
    return;
  }
  int order = dec_order(a, b);
  out.set_u64(order != 0, order < 0);
}

void dec_pick(DecNumber& out, DecPick which, const DecView& a, const DecView& b, const DecContext& context, u32* status) {
  if (a.kind == DecKind::QuietNan && !b.is_nan()) return copy_and_finish(out, b, context, status);
  if (b.kind == DecKind::QuietNan && !a.is_nan()) return copy_and_finish(out, a, context, status);
  if (propagate_nan(out, a, b, context, status)) return;
  bool magnitudes = which == DecPick::MaxMag || which == DecPick::MinMag;
  int order = magnitudes ? dec_order(a.absolute(), b.absolute()) : dec_order(a, b);
  if (order == 0) order = dec_total_order(a, b);
  bool greatest = which == DecPick::Max || which == DecPick::MaxMag;
  bool first = greatest ? order > 0 || (order == 0) : order < 0;
  copy_and_finish(out, first ? a : b, context, status);
}

// ---------------------------------------------------------------------------------------------------------------- text, integers

bool dec_set_digits(DecNumber& out, const u8* digits, u64 count) {
  while (count && *digits == 0) {
    ++digits;
    --count;
  }
  out.size = 0;
  if (!out.reserve((count + kDecLimbDigits - 1) / kDecLimbDigits)) return false;
  for (u64 end = count; end > 0;) {
    u64 begin = end > kDecLimbDigits ? end - kDecLimbDigits : 0;
    u32 limb = 0;
    for (u64 i = begin; i < end; ++i) limb = limb * 10 + digits[i];
    out.limbs[out.size++] = limb;
    end = begin;
  }
  return true;
}

void dec_get_digits(u8* out, const DecView& v) {
  u64 n = static_cast<u64>(v.digits());
  if (v.size == 0) {
    if (n) *out = 0;
    return;
  }
  u8* p = out + n;
  for (u64 i = 0; i < v.size; ++i) {
    u32 limb = v.limbs[i];
    for (u32 k = 0; k < kDecLimbDigits && p > out; ++k) {
      *--p = static_cast<u8>(limb % 10);
      limb /= 10;
    }
  }
}

static bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (usize i = 0; i < text.size(); ++i)
    if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]) != lower[i]) return false;
  return true;
}

DecParse dec_parse(DecNumber& out, std::string_view text, u32* status) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  out.kind = DecKind::Finite;
  out.negative = negative;
  out.exponent = 0;
  out.size = 0;
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity")) {
    out.set_special(DecKind::Infinity, negative);
    return DecParse::kOk;
  }
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  bool signaling = text.size() >= 4 && equals_ignoring_case(text.substr(0, 4), "snan");
  bool nan = signaling || (text.size() >= 3 && equals_ignoring_case(text.substr(0, 3), "nan"));
  if (nan) text.remove_prefix(signaling ? 4 : 3);
  // The digits in front of and behind the point, then the exponent.
  usize end = 0, digits = 0, point = std::string_view::npos;
  for (; end < text.size(); ++end) {
    if (is_digit(text[end]))
      ++digits;
    else if (text[end] == '.' && point == std::string_view::npos && !nan)
      point = end;
    else
      break;
  }
  if (digits == 0 && !nan) return DecParse::kSyntax;
  i64 exponent = 0;
  if (end < text.size()) {
    if (nan || (text[end] | 32) != 'e') return DecParse::kSyntax;
    usize i = end + 1;
    bool minus = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) minus = text[i++] == '-';
    if (i == text.size()) return DecParse::kSyntax;
    constexpr i64 kLimit = i64{1} << 62;  // beyond every exponent, and still far from an overflow with what is added below
    for (; i < text.size(); ++i) {
      if (!is_digit(text[i])) return DecParse::kSyntax;
      exponent = exponent > kLimit / 10 - 1 ? kLimit : exponent * 10 + (text[i] - '0');
    }
    if (minus) exponent = -exponent;
  }
  usize last = end;
  out.exponent = exponent - (point == std::string_view::npos ? 0 : static_cast<i64>(end - point - 1));
  if (!out.reserve(digits / kDecLimbDigits + 1)) {
    set_no_memory(out, status);
    return DecParse::kOk;
  }
  u32 limb = 0, place = 0;
  for (usize i = last; i-- > 0;) {
    if (i == point) continue;
    limb += static_cast<u32>(text[i] - '0') * kPowers[place];
    if (++place == kDecLimbDigits) {
      out.limbs[out.size++] = limb;
      limb = place = 0;
    }
  }
  if (place) out.limbs[out.size++] = limb;
  out.trim();
  if (nan) {
    out.kind = signaling ? DecKind::SignalingNan : DecKind::QuietNan;
    out.exponent = 0;
  }
  return DecParse::kOk;
}

void dec_finish_parsed(DecNumber& d, const DecContext& context, u32* status) {
  if (d.view().is_nan() && d.view().digits() > context.precision - context.clamp)
    return set_invalid(d, kDecConversionSyntax, status);
  dec_finish(d, context, status);
}

bool dec_set_big(DecNumber& out, BigView integer) {
  out.kind = DecKind::Finite;
  out.negative = integer.negative;
  out.exponent = 0;
  if (integer.size <= 1) {
    out.set_u64(integer.size ? integer.limbs[0] : 0, integer.negative);
    return true;
  }
  if (integer.size <= 32) {  // short: by repeated division
    Limb rest[32];
    memcpy(rest, integer.limbs, integer.size * sizeof(Limb));
    out.size = 0;
    if (!out.reserve(integer.size * 64 * 10 / 289 + 2)) return false;
    for (mp_size_t n = static_cast<mp_size_t>(integer.size); n > 0;) {
      out.limbs[out.size++] = static_cast<u32>(mpn_divrem_1(rest, 0, rest, n, kDecLimbBase));
      while (n > 0 && rest[n - 1] == 0) --n;
    }
    return true;
  }
  usize bound = big_text_bound(integer, 10);
  auto* text = static_cast<char*>(malloc(bound));
  if (!text) return false;
  usize n = big_to_text(text, integer.magnitude(), 10);
  for (usize i = 0; i < n; ++i) text[i] = static_cast<char>(text[i] - '0');
  bool good = dec_set_digits(out, reinterpret_cast<u8*>(text), n);
  free(text);
  return good;
}

bool dec_to_big(LimbBuffer& out, const DecView& v) {
  if (!out.reserve(v.size / 2 + 2)) return false;
  if (v.size <= 64) {
    mp_size_t n = 0;
    for (u64 i = v.size; i-- > 0;) {
      Limb carry = n ? mpn_mul_1(out.data(), out.data(), n, kDecLimbBase) : 0;
      if (carry) out.data()[n++] = carry;
      if (n == 0) {
        if (v.limbs[i]) out.data()[n++] = v.limbs[i];
      } else if (mpn_add_1(out.data(), out.data(), n, v.limbs[i])) {
        out.data()[n++] = 1;
      }
    }
    out.set_size(n);
    return true;
  }
  u64 digits = static_cast<u64>(v.digits());
  auto* text = static_cast<u8*>(malloc(digits));
  if (!text) return false;
  dec_get_digits(text, v);
  for (u64 i = 0; i < digits; ++i) text[i] = static_cast<u8>(text[i] + '0');
  bool good = out.reserve(big_from_text_bound(digits, 10));
  if (good) out.set_size(big_from_text(out.data(), reinterpret_cast<char*>(text), digits, 10));
  free(text);
  return good;
}

}  // namespace baton
