// math's functions on ints.
#include <cmath>
#include <numeric>

#include "modules/math_internal.h"
#include "objects/int_view.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

static constexpr Value kZero = Value::of_small_int(0), kOne = Value::of_small_int(1);

static Result<Value> magnitude(Thread& thread, Value exact) {
  return int_sign(exact) < 0 ? int_neg(thread, exact) : Result<Value>(exact);
}

static Result<Value> gcd_of(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) return int_from_i64(thread, std::gcd(a.small_int(), b.small_int()));
  usize n = int_limb_count(a) > int_limb_count(b) ? int_limb_count(a) : int_limb_count(b);
  return build_int(thread, n, [&](Limb* out) { return big_gcd(out, IntView(a), IntView(b)); });
}

Result<Value> math_gcd(Thread& thread, Rest integers) {
  Value result = kZero;
  for (Index i = 0; i < integers.values->length(); ++i) {
    Value x = TRY(to_index(thread, integers.values->at(i)));
    if (result != kOne) result = TRY(gcd_of(thread, result, x));  // the rest is still checked
  }
  return magnitude(thread, result);
}

Result<Value> math_lcm(Thread& thread, Rest integers) {
  Value result = kOne;
  for (Index i = 0; i < integers.values->length(); ++i) {
    Value x = TRY(to_index(thread, integers.values->at(i)));
    if (result == kZero) continue;
    if (x == kZero) {
      result = kZero;
      continue;
    }
    Value common = TRY(gcd_of(thread, result, x));
    result = TRY(magnitude(thread, TRY(int_mul(thread, TRY(int_floordiv(thread, result, common)), x))));
  }
  return result;
}

Result<Value> math_isqrt(Thread& thread, Value n) {
  Value exact = TRY(to_index(thread, n));
  if (int_sign(exact) < 0) return raise_value_error(thread, "isqrt() argument must be nonnegative");
  if (exact.is_small_int()) {
    u64 number = int_small_magnitude(exact), root = static_cast<u64>(std::sqrt(static_cast<double>(number)));  // or one off
    if (root * root > number) --root;
    if ((root + 1) * (root + 1) <= number) ++root;
    return Value::of_small_int(static_cast<i64>(root));
  }
  return build_int(thread, (int_limb_count(exact) + 1) / 2 + 1, [&](Limb* out) { return big_isqrt(out, IntView(exact)); });
}

Result<Value> math_factorial(Thread& thread, Value n) {
  Value exact = TRY(to_index(thread, n));
  if (int_sign(exact) < 0) return raise_value_error(thread, "factorial() not defined for negative values");
  i64 count;
  if (!int_to_i64(exact, &count)) return raise_overflow_error(thread, "factorial() argument should not exceed {}", kMaxIndex);
  if (count <= 20) {  // fits 64 bits
    u64 product = 1;
    for (u64 i = 2; i <= static_cast<u64>(count); ++i) product *= i;
    return int_from_u64(thread, product);
  }
  LimbBuffer out;
  if (!big_factorial(out, static_cast<u64>(count))) return raise_memory_error(thread);
  return int_from_buffer(thread, out);
}

// n * (n - 1) * ... of `count` factors, halved so that the factors of each product are of like size.
static Result<Value> falling_product(Thread& thread, Value n, i64 count) {
  if (count == 0) return kOne;
  if (count <= 8) {
    Value product = n;
    for (i64 i = 1; i < count; ++i) product = TRY(int_mul(thread, product, TRY(int_sub(thread, n, Value::of_small_int(i)))));
    return product;
  }
  i64 half = count / 2;
  Value rest = TRY(int_sub(thread, n, Value::of_small_int(half)));
  return int_mul(thread, TRY(falling_product(thread, n, half)), TRY(falling_product(thread, rest, count - half)));
}

static Result<void> check_not_negative(Thread& thread, Value n, Value k) {
  if (int_sign(n) < 0) return raise_value_error(thread, "n must be a non-negative integer");
  if (int_sign(k) < 0) return raise_value_error(thread, "k must be a non-negative integer");
  return ok;
}

Result<Value> math_perm(Thread& thread, Value n_arg, Value k_arg) {
  if (k_arg.is_none()) return math_factorial(thread, n_arg);
  Value n = TRY(to_index(thread, n_arg)), k = TRY(to_index(thread, k_arg));
  TRY(check_not_negative(thread, n, k));
  if (int_compare(n, k) < 0) return kZero;
  i64 count;
  if (!int_to_i64(k, &count)) return raise_overflow_error(thread, "k must not exceed {}", kMaxIndex);
  return falling_product(thread, n, count);
}

// n! is odd_ times a power of two; inverse_ is the inverse of odd_ modulo 2**64. So a quotient of factorials whose value fits 64
// bits takes two products.
struct OddFactorials {
  static constexpr u64 kMost = 67;  // every C(n, k) up to here fits
  u64 odd_[kMost + 1] = {}, inverse_[kMost + 1] = {};
  u8 twos_[kMost + 1] = {};
  constexpr OddFactorials() {
    odd_[0] = inverse_[0] = 1;
    for (u64 n = 1; n <= kMost; ++n) {
      int twos = __builtin_ctzll(n);
      u64 odd = n >> twos, inverse = odd;  // right in its lowest three bits, then in twice as many each time
      for (int bits = 3; bits < 64; bits *= 2) inverse *= 2 - odd * inverse;
      odd_[n] = odd_[n - 1] * odd;
      inverse_[n] = inverse_[n - 1] * inverse;
      twos_[n] = static_cast<u8>(twos_[n - 1] + twos);
    }
  }
  constexpr u64 choose(u64 n, u64 k) const {
    return (odd_[n] * inverse_[k] * inverse_[n - k]) << (twos_[n] - twos_[k] - twos_[n - k]);
  }
};
static constexpr OddFactorials odd_factorials;
static_assert(odd_factorials.choose(67, 33) == 14226520737620288370u && odd_factorials.choose(4, 2) == 6);

Result<Value> math_comb(Thread& thread, Value n_arg, Value k_arg) {
  Value n = TRY(to_index(thread, n_arg)), k = TRY(to_index(thread, k_arg));
  if (n.is_small_int() && k.is_small_int()) {
    u64 all = static_cast<u64>(n.small_int()), chosen = static_cast<u64>(k.small_int());
    if (all <= OddFactorials::kMost && chosen <= all) return int_from_u64(thread, odd_factorials.choose(all, chosen));
  }
  TRY(check_not_negative(thread, n, k));
  if (int_compare(n, k) < 0) return kZero;
  Value other = TRY(int_sub(thread, n, k));
  if (int_compare(other, k) < 0) k = other;
  i64 count;
  if (!int_to_i64(k, &count)) return raise_overflow_error(thread, "min(n - k, k) must not exceed {}", kMaxIndex);
  u64 small_n;
  if (int_to_u64(n, &small_n)) {
    u64 product = 1;  // C(n, i) after the i-th step, whose division is exact
    i64 i = 1;
    for (u64 t; i <= count && !__builtin_mul_overflow(product, small_n - static_cast<u64>(i) + 1, &t); ++i)
      product = t / static_cast<u64>(i);
    if (i > count) return int_from_u64(thread, product);
    LimbBuffer out;
    if (!big_binomial(out, small_n, static_cast<u64>(count))) return raise_memory_error(thread);
    return int_from_buffer(thread, out);
  }
  Value divisor = TRY(math_factorial(thread, k));
  return int_floordiv(thread, TRY(falling_product(thread, n, count)), divisor);
}

}  // namespace baton
