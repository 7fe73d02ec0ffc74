// Arithmetic on exact ints: 62-bit fast paths in front of the limb kernels (base/bigint.h).
//
// Operands are exact ints (small or BigInt cells); results are normalised: what fits 62 bits is never a cell.
#include <cmath>

#include "base/siphash.h"
#include "objects/int_view.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- conversion

Result<Value> int_from_limbs(Thread& thread, const u64* limbs, usize n, bool negative) {
  while (n > 0 && limbs[n - 1] == 0) --n;
  if (n == 0) return Value::of_small_int(0);
  if (n == 1 && limbs[0] <= (u64{1} << 61)) {
    i64 v = negative ? -static_cast<i64>(limbs[0]) : static_cast<i64>(limbs[0]);
    if (Value::fits_small_int(v)) return Value::of_small_int(v);
  }
  return TRY(make<BigInt>(thread, limbs, negative ? -static_cast<i64>(n) : static_cast<i64>(n)));
}

Result<Value> int_from_i64(Thread& thread, i64 v) {
  if (Value::fits_small_int(v)) [[likely]]
    return Value::of_small_int(v);
  u64 limb = v < 0 ? 0 - static_cast<u64>(v) : static_cast<u64>(v);
  return TRY(make<BigInt>(thread, static_cast<const u64*>(&limb), i64{v < 0 ? -1 : 1}));
}

Result<Value> int_from_u64(Thread& thread, u64 v) {
  if (v <= static_cast<u64>(Value::kMaxSmallInt)) [[likely]]
    return Value::of_small_int(static_cast<i64>(v));
  return TRY(make<BigInt>(thread, static_cast<const u64*>(&v), i64{1}));
}

static Result<Value> int_from_i128(Thread& thread, __int128 v) {
  if (v >= Value::kMinSmallInt && v <= Value::kMaxSmallInt) [[likely]]
    return Value::of_small_int(static_cast<i64>(v));
  Limb limbs[2];
  i64 n = big_from_i128(limbs, v);
  return int_from_limbs(thread, limbs, static_cast<usize>(n < 0 ? -n : n), n < 0);
}

Result<Value> int_from_double(Thread& thread, double d) {
  if (d > -2305843009213693952.0 && d < 2305843009213693952.0) [[likely]]
    return int_from_i64(thread, static_cast<i64>(d));
  if (std::isnan(d)) return raise_value_error(thread, "cannot convert float NaN to integer");
  if (std::isinf(d)) return raise_overflow_error(thread, "cannot convert float infinity to integer");
  return build_int(thread, 17, [&](Limb* out) { return big_from_double(out, d); });
}

bool int_to_i64(Value v, i64* out) {
  if (v.is_small_int()) {
    *out = v.small_int();
    return true;
  }
  IntView view(v);
  if (big_to_i64(view, out)) return true;
  *out = view->negative ? INT64_MIN : INT64_MAX;
  return false;
}

bool int_to_u64(Value v, u64* out) {
  if (v.is_small_int()) {
    bool fits = v.small_int() >= 0;
    *out = fits ? static_cast<u64>(v.small_int()) : 0;
    return fits;
  }
  IntView view(v);
  if (big_to_u64(view, out)) return true;
  *out = view->negative ? 0 : UINT64_MAX;
  return false;
}

int int_sign(Value v) {
  if (v.is_small_int()) return v.small_int() < 0 ? -1 : v.small_int() > 0;
  return v.as<BigInt>()->negative() ? -1 : 1;
}

double int_to_double_or_inf(Value v) {
  if (v.is_small_int()) return static_cast<double>(v.small_int());
  return big_to_double(IntView(v));
}

Result<double> int_to_double(Thread& thread, Value v) {
  double d = int_to_double_or_inf(v);
  if (std::isinf(d)) return raise_overflow_error(thread, "int too large to convert to float");
  return d;
}

u64 int_hash(Value v) {
  if (v.is_small_int()) return static_cast<u64>(hash_i64(v.small_int()));
  BigInt* big = v.as<BigInt>();
  return static_cast<u64>(hash_limbs(big->limbs(), static_cast<usize>(big->size()), big->negative()));
}

int int_compare(Value a, Value b) {
  if (both_small_ints(a, b)) return a.small_int() < b.small_int() ? -1 : a.small_int() > b.small_int();
  if (a.is_small_int()) return b.as<BigInt>()->negative() ? 1 : -1;
  if (b.is_small_int()) return a.as<BigInt>()->negative() ? -1 : 1;
  const BigInt *x = a.as<BigInt>(), *y = b.as<BigInt>();
  if (x->signed_size() != y->signed_size()) return x->signed_size() < y->signed_size() ? -1 : 1;
  for (i64 i = x->size(); i-- > 0;) {
    if (u64 p = x->limbs()[i], q = y->limbs()[i]; p != q) return (p < q) != x->negative() ? -1 : 1;
  }
  return 0;
}

// ---------------------------------------------------------------------------------------------------------------- two limbs

// Ints of up to 128 bits: hashes, masks and generators of random numbers work with those. In registers all the way; the kernels
// would load what was just stored piece by piece.
namespace {
struct Wide {
  unsigned __int128 magnitude;
  bool negative;
};
}  // namespace

BATON_ALWAYS_INLINE static bool is_wide(Value v) { return v.is_small_int() || v.as<BigInt>()->size() <= 2; }
BATON_ALWAYS_INLINE static Wide wide_of(Value v) {
  if (v.is_small_int()) {
    i64 n = v.small_int();
    return {n < 0 ? 0 - static_cast<u64>(n) : static_cast<u64>(n), n < 0};
  }
  const BigInt* big = v.as<BigInt>();
  u64 high = big->size() == 2 ? big->limbs()[1] : 0;
  return {static_cast<unsigned __int128>(high) << 64 | big->limbs()[0], big->negative()};
}

static Result<Value> int_from_wide(Thread& thread, unsigned __int128 magnitude, bool negative, u64 top = 0) {
  u64 limbs[3] = {static_cast<u64>(magnitude), static_cast<u64>(magnitude >> 64), top};
  BigInt* cell;
  if (top) {
    cell = TRY(make<BigInt>(thread, static_cast<const u64*>(limbs), i64{3}));
  } else if (limbs[1]) {
    cell = TRY(make<BigInt>(thread, static_cast<const u64*>(limbs), i64{2}));
  } else {
    if (limbs[0] <= u64{1} << 61) {
      i64 v = negative ? -static_cast<i64>(limbs[0]) : static_cast<i64>(limbs[0]);
      if (Value::fits_small_int(v)) return Value::of_small_int(v);
    }
    cell = TRY(make<BigInt>(thread, static_cast<const u64*>(limbs), i64{1}));
  }
  if (negative) cell->set_signed_size(-cell->signed_size());
  return Value(cell);
}

static Result<Value> add_wide(Thread& thread, Wide x, Wide y) {
  if (x.negative != y.negative) {
    bool less = x.magnitude < y.magnitude;
    return int_from_wide(thread, less ? y.magnitude - x.magnitude : x.magnitude - y.magnitude, less ? y.negative : x.negative);
  }
  unsigned __int128 sum = x.magnitude + y.magnitude;
  return int_from_wide(thread, sum, x.negative, sum < x.magnitude);
}

// y has one limb.
static Result<Value> multiply_wide(Thread& thread, Wide x, Wide y) {
  u64 factor = static_cast<u64>(y.magnitude);
  unsigned __int128 low = static_cast<unsigned __int128>(static_cast<u64>(x.magnitude)) * factor;
  unsigned __int128 high = static_cast<unsigned __int128>(static_cast<u64>(x.magnitude >> 64)) * factor + (low >> 64);
  return int_from_wide(thread, high << 64 | static_cast<u64>(low), x.negative != y.negative, static_cast<u64>(high >> 64));
}

// ---------------------------------------------------------------------------------------------------------------- sums, products

static usize larger(Value a, Value b) { return int_limb_count(a) > int_limb_count(b) ? int_limb_count(a) : int_limb_count(b); }

Result<Value> int_add(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return int_from_i64(thread, a.small_int() + b.small_int());
  if (is_wide(a) && is_wide(b)) return add_wide(thread, wide_of(a), wide_of(b));
  return build_int(thread, larger(a, b) + 1, [&](Limb* out) { return big_add(out, IntView(a), IntView(b)); });
}

Result<Value> int_sub(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return int_from_i64(thread, a.small_int() - b.small_int());
  if (is_wide(a) && is_wide(b)) {
    Wide y = wide_of(b);
    return add_wide(thread, wide_of(a), {y.magnitude, !y.negative});
  }
  return build_int(thread, larger(a, b) + 1, [&](Limb* out) { return big_sub(out, IntView(a), IntView(b)); });
}

Result<Value> int_mul(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return int_from_i128(thread, static_cast<__int128>(a.small_int()) * b.small_int());
  if (is_wide(a) && is_wide(b)) {
    if (int_limb_count(b) == 1) return multiply_wide(thread, wide_of(a), wide_of(b));
    if (int_limb_count(a) == 1) return multiply_wide(thread, wide_of(b), wide_of(a));
  }
  return build_int(thread, int_limb_count(a) + int_limb_count(b),
                   [&](Limb* out) { return big_mul(out, IntView(a), IntView(b)); });
}

Result<Value> int_neg(Thread& thread, Value a) {
  if (a.is_small_int()) [[likely]]
    return int_from_i64(thread, -a.small_int());
  usize n = int_limb_count(a);
  return build_int(thread, n, [&](Limb* out) {
    BigInt* big = a.as<BigInt>();
    for (usize i = 0; i < n; ++i) out[i] = big->limbs()[i];
    return -big->signed_size();
  });
}

// ---------------------------------------------------------------------------------------------------------------- division

static i64 floor_div(i64 a, i64 b) {
  i64 q = a / b;
  return (a % b != 0 && (a ^ b) < 0) ? q - 1 : q;
}
static i64 floor_mod(i64 a, i64 b) {
  i64 r = a % b;
  return (r != 0 && (r ^ b) < 0) ? r + b : r;
}

static Failed raise_division(Thread& thread) { return raise_zero_division(thread, "integer division or modulo by zero"); }

static usize quotient_room(Value a, Value b) {
  usize n = int_limb_count(a), d = int_limb_count(b);
  return (n > d ? n - d : 0) + 2;
}

static Result<Value> big_quotient(Thread& thread, Value a, Value b) {
  return build_int(thread, quotient_room(a, b), [&](Limb* out) {
    i64 n = 0, unused = 0;
    big_divmod(out, &n, nullptr, &unused, IntView(a), IntView(b));
    return n;
  });
}

static Result<Value> big_remainder(Thread& thread, Value a, Value b) {
  return build_int(thread, int_limb_count(b), [&](Limb* out) {
    i64 n = 0, unused = 0;
    big_divmod(nullptr, &unused, out, &n, IntView(a), IntView(b));
    return n;
  });
}

// Of 128 bits by 64. The top half is below the divisor, so that the quotient fits.
static u64 divide_two_words(u64 top, u64 low, u64 divisor, u64* rest) {
#if defined(__x86_64__)
  u64 quotient;
  asm("divq %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(top), "r"(divisor) : "cc");
  return quotient;
#else
  unsigned __int128 all = static_cast<unsigned __int128>(top) << 64 | low;
  *rest = static_cast<u64>(all % divisor);
  return static_cast<u64>(all / divisor);
#endif
}

// An int of up to 128 bits divided by a small one, towards minus infinity.
struct WideQuotient {
  unsigned __int128 magnitude;
  bool negative;
  i64 remainder;  // has the divisor's sign
};
static WideQuotient divide_wide(Wide a, i64 b) {
  u64 divisor = b < 0 ? 0 - static_cast<u64>(b) : static_cast<u64>(b), top = static_cast<u64>(a.magnitude >> 64), rest;
  unsigned __int128 quotient = static_cast<unsigned __int128>(top / divisor) << 64;
  quotient |= divide_two_words(top % divisor, static_cast<u64>(a.magnitude), divisor, &rest);
  bool differ = a.negative != (b < 0);
  if (differ && rest) {
    ++quotient;  // away from zero: a quotient by 1 leaves no rest, so this doesn't overflow
    rest = divisor - rest;
  }
  return {quotient, differ, b < 0 ? -static_cast<i64>(rest) : static_cast<i64>(rest)};
}

Result<Value> int_floordiv(Thread& thread, Value a, Value b) {
  if (b == Value::of_small_int(0)) return raise_division(thread);
  if (both_small_ints(a, b)) [[likely]]
    return int_from_i64(thread, floor_div(a.small_int(), b.small_int()));
  if (b.is_small_int() && is_wide(a)) {
    WideQuotient result = divide_wide(wide_of(a), b.small_int());
    return int_from_wide(thread, result.magnitude, result.negative);
  }
  return big_quotient(thread, a, b);
}

Result<Value> int_mod(Thread& thread, Value a, Value b) {
  if (b == Value::of_small_int(0)) return raise_zero_division(thread, "integer modulo by zero");
  if (both_small_ints(a, b)) [[likely]]
    return int_from_i64(thread, floor_mod(a.small_int(), b.small_int()));
  if (b.is_small_int() && is_wide(a)) return int_from_i64(thread, divide_wide(wide_of(a), b.small_int()).remainder);
  return big_remainder(thread, a, b);
}

Result<Value> int_divmod(Thread& thread, Value a, Value b) {
  if (b == Value::of_small_int(0)) return raise_division(thread);
  if (both_small_ints(a, b)) {
    i64 x = a.small_int(), y = b.small_int();
    return tuple_of(thread, TRY(int_from_i64(thread, floor_div(x, y))), TRY(int_from_i64(thread, floor_mod(x, y))));
  }
  LimbBuffer remainder;
  i64 remainder_size = 0;
  if (!remainder.reserve(int_limb_count(b) + 1)) return raise_memory_error(thread);
  Value quotient = TRY(build_int(thread, quotient_room(a, b), [&](Limb* out) {
    i64 n = 0;
    big_divmod(out, &n, remainder.data(), &remainder_size, IntView(a), IntView(b));
    return n;
  }));
  remainder.set_size(remainder_size);
  return tuple_of(thread, quotient, TRY(int_from_buffer(thread, remainder)));
}

Result<Value> int_truediv(Thread& thread, Value a, Value b) {
  constexpr i64 kExact = i64{1} << 53;
  if (b == Value::of_small_int(0)) return raise_zero_division(thread, "division by zero");
  if (both_small_ints(a, b)) {
    i64 x = a.small_int(), y = b.small_int();
    if (x >= -kExact && x <= kExact && y >= -kExact && y <= kExact)
      return make_float(thread, static_cast<double>(x) / static_cast<double>(y));
  }
  double d = big_true_divide(IntView(a), IntView(b));
  if (std::isinf(d)) return raise_overflow_error(thread, "integer division result too large for a float");
  return make_float(thread, d);
}

// ---------------------------------------------------------------------------------------------------------------- power

// base ** exponent % modulus; modulus positive, the others not negative. Number: twice as wide as the modulus.
template <class Number>
static i64 small_modular_power(u64 base, u64 exponent, u64 modulus) {
  u64 result = 1 % modulus;
  base %= modulus;
  for (;; exponent >>= 1) {
    if (exponent & 1) result = static_cast<u64>(static_cast<Number>(result) * base % modulus);
    if (exponent <= 1) return static_cast<i64>(result);
    base = static_cast<u64>(static_cast<Number>(base) * base % modulus);
  }
}

static Result<Value> modular_power(Thread& thread, Value a, Value b, Value modulus) {
  if (modulus == Value::of_small_int(0)) return raise_value_error(thread, "pow() 3rd argument cannot be 0");
  if (both_small_ints(a, b) && modulus.is_small_int() && modulus.small_int() > 0 && b.small_int() >= 0) {
    i64 m = modulus.small_int();
    u64 base = static_cast<u64>(floor_mod(a.small_int(), m)), exponent = static_cast<u64>(b.small_int());
    bool narrow = m <= i64{1} << 32;
    return Value::of_small_int(narrow ? small_modular_power<u64>(base, exponent, static_cast<u64>(m))
                                      : small_modular_power<unsigned __int128>(base, exponent, static_cast<u64>(m)));
  }
  LimbBuffer out;
  if (big_powmod(out, IntView(a), IntView(b), IntView(modulus)) == PowModStatus::kNotInvertible) {
    return raise_value_error(thread, "base is not invertible for the given modulus");
  }
  return int_from_buffer(thread, out);
}

Result<Value> int_pow(Thread& thread, Value a, Value b, Value mod_or_none) {
  if (!mod_or_none.is_none()) return modular_power(thread, a, b, mod_or_none);
  if (int_sign(b) < 0) {
    double x = TRY(int_to_double(thread, a)), y = TRY(int_to_double(thread, b));
    if (x == 0) return raise_zero_division(thread, "0.0 cannot be raised to a negative power");
    return make_float(thread, std::pow(x, y));
  }
  u64 exponent;
  bool fits = int_to_u64(b, &exponent);
  if (a.is_small_int()) {
    i64 x = a.small_int();
    if (exponent == 0) return Value::of_small_int(1);
    if (x == 0 || x == 1) return a;
    if (x == -1) return Value::of_small_int((fits ? exponent & 1 : IntView(b)->is_odd()) ? -1 : 1);
    // Squaring while everything stays small.
    i64 result = 1, square = x;
    u64 e = exponent;
    bool overflow = false;
    while (e && !overflow) {
      if (e & 1) overflow |= __builtin_mul_overflow(result, square, &result);
      e >>= 1;
      if (e) overflow |= __builtin_mul_overflow(square, square, &square);
    }
    if (!overflow) return int_from_i64(thread, result);
  } else if (exponent == 0) {
    return Value::of_small_int(1);
  }
  if (!fits) return raise_memory_error(thread);
  LimbBuffer out;
  if (!big_pow(out, IntView(a), exponent)) return raise_memory_error(thread);
  return int_from_buffer(thread, out);
}

// ---------------------------------------------------------------------------------------------------------------- bits

Result<Value> int_lshift(Thread& thread, Value a, Value b) {
  if (int_sign(b) < 0) return raise_value_error(thread, "negative shift count");
  if (a == Value::of_small_int(0)) return a;
  i64 count;
  if (!int_to_i64(b, &count)) {
    constexpr unsigned __int128 kMostDigits = u64{1} << 61, kDigitBits = 30;  // CPython's: what has more isn't tried
    if (is_wide(b) && wide_of(b).magnitude / kDigitBits < kMostDigits) return raise_memory_error(thread);
    return raise_overflow_error(thread, "too many digits in integer");
  }
  if (a.is_small_int() && count < 62) {
    i64 x = a.small_int();
    i64 shifted = static_cast<i64>(static_cast<u64>(x) << count);
    if ((shifted >> count) == x && Value::fits_small_int(shifted)) return Value::of_small_int(shifted);
  }
  if (count < 128 && is_wide(a)) {
    Wide x = wide_of(a);
    unsigned __int128 shifted = x.magnitude << count;
    if (shifted >> count == x.magnitude) return int_from_wide(thread, shifted, x.negative);
  }
  usize room = int_limb_count(a) + static_cast<usize>(count) / kLimbBits + 1;
  return build_int(thread, room, [&](Limb* out) { return big_shift_left(out, IntView(a), static_cast<u64>(count)); });
}

Result<Value> int_rshift(Thread& thread, Value a, Value b) {
  if (int_sign(b) < 0) return raise_value_error(thread, "negative shift count");
  i64 count;
  if (!int_to_i64(b, &count)) return Value::of_small_int(int_sign(a) < 0 ? -1 : 0);
  if (a.is_small_int()) return Value::of_small_int(a.small_int() >> (count > 63 ? 63 : count));
  if (count < 128 && is_wide(a)) {
    Wide x = wide_of(a);
    unsigned __int128 shifted = x.magnitude >> count;
    if (x.negative) shifted += shifted << count != x.magnitude;  // towards minus infinity
    return int_from_wide(thread, shifted, x.negative);
  }
  usize n = int_limb_count(a), drop = static_cast<usize>(count) / kLimbBits;
  return build_int(thread, (n > drop ? n - drop : 0) + 1,
                   [&](Limb* out) { return big_shift_right(out, IntView(a), static_cast<u64>(count)); });
}

template <BitOp op>
static u64 bits_of(u64 a, u64 b) {
  return op == BitOp::kAnd ? a & b : op == BitOp::kOr ? a | b : a ^ b;
}

// Of numbers that aren't negative, a the longer one: how many limbs the result has is known before there is room for it.
template <BitOp op>
static Result<Value> bit_op_of_limbs(Thread& thread, BigView a, BigView b) {
  usize n = op == BitOp::kAnd ? b.size : a.size;
  if (op != BitOp::kOr && n == b.size)
    while (n && bits_of<op>(a.limbs[n - 1], b.limbs[n - 1]) == 0) --n;
  if (n <= 1) {
    u64 limb = n ? bits_of<op>(a.limbs[0], b.size ? b.limbs[0] : 0) : 0;
    return int_from_limbs(thread, &limb, n, false);
  }
  usize bytes = BigInt::size_for(nullptr, static_cast<i64>(n)), common = n < b.size ? n : b.size;
  auto* cell =
      static_cast<BigInt*>(allocate_cell(thread, bytes, types.int_->instance_kind(), types.int_->instance_shape()->id()));
  if (!cell) return failed;
  cell->set_signed_size(static_cast<i64>(n));
  u64* out = cell->mutable_limbs();
  for (usize i = 0; i < common; ++i) out[i] = bits_of<op>(a.limbs[i], b.limbs[i]);
  for (usize i = common; i < n; ++i) out[i] = a.limbs[i];
  return Value(cell);
}

template <BitOp op>
static Result<Value> bit_op(Thread& thread, Value a, Value b) {
  if (is_wide(a) && is_wide(b)) {
    Wide x = wide_of(a), y = wide_of(b);
    if (!x.negative && !y.negative) {
      unsigned __int128 p = x.magnitude, q = y.magnitude;
      return int_from_wide(thread, op == BitOp::kAnd ? p & q : op == BitOp::kOr ? p | q : p ^ q, false);
    }
  }
  {
    IntView p(a), q(b);
    if (!p->negative && !q->negative) {
      bool swapped = p->size < q->size;
      KeepAlive keep(a), keep_other(b);
      return bit_op_of_limbs<op>(thread, swapped ? q : p, swapped ? p : q);
    }
  }
  return build_int(thread, larger(a, b) + 1, [&](Limb* out) { return big_bit_op(out, IntView(a), IntView(b), op); });
}
Result<Value> int_and(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return Value::of_small_int(a.small_int() & b.small_int());
  return bit_op<BitOp::kAnd>(thread, a, b);
}
Result<Value> int_or(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return Value::of_small_int(a.small_int() | b.small_int());
  return bit_op<BitOp::kOr>(thread, a, b);
}
Result<Value> int_xor(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) [[likely]]
    return Value::of_small_int(a.small_int() ^ b.small_int());
  return bit_op<BitOp::kXor>(thread, a, b);
}
Result<Value> int_invert(Thread& thread, Value a) {
  if (a.is_small_int()) [[likely]]
    return Value::of_small_int(~a.small_int());
  return build_int(thread, int_limb_count(a) + 1, [&](Limb* out) { return big_invert(out, IntView(a)); });
}

}  // namespace baton
