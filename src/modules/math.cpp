// math: functions of the C library with Python's errors; exact sums and norms; the integer functions are in math_integer.cpp.
//
// A function that answers nan for a number has left its domain (ValueError); an infinity for a finite number is an overflow
// (OverflowError) or a pole (ValueError), which each row says.
#include <cfloat>
#include <cmath>
#include <cstdlib>

#include "base/gamma.h"
#include "modules/math_internal.h"
#include "objects/at_this_moment.h"
#include "objects/float_arith.h"
#include "objects/int_view.h"
#include "objects/iterators_inline.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

static Failed raise_domain(Thread& thread) { return raise_value_error(thread, "math domain error"); }
static Failed raise_range(Thread& thread) { return raise_overflow_error(thread, "math range error"); }

// ---------------------------------------------------------------------------------------------------------------- of one number

enum class Infinite : u8 { Pole, Overflow };

template <double (*function)(double), Infinite infinite>
static Result<double> math_1(Thread& thread, double x) {
  double r = function(x);
  if (std::isnan(r) && !std::isnan(x)) return raise_domain(thread);
  if (std::isinf(r) && std::isfinite(x)) {
    if (infinite == Infinite::Pole) return raise_domain(thread);
    return raise_range(thread);
  }
  return r;
}

static Result<double> math_gamma(Thread& thread, double x) {
  if (std::isnan(x)) return x;
  if (x == 0 || (x < 0 && (std::isinf(x) || x == std::floor(x)))) return raise_domain(thread);
  double r = gamma_function(x);
  if (std::isinf(r) && std::isfinite(x)) return raise_range(thread);
  return r;
}
static Result<double> math_lgamma(Thread& thread, double x) {
  if (!std::isfinite(x)) return std::isnan(x) ? x : INFINITY;
  if (x <= 0 && x == std::floor(x)) return raise_domain(thread);
  double r = log_gamma_function(x);
  if (std::isinf(r)) return raise_range(thread);
  return r;
}

static Result<double> math_fabs(Thread& thread, double x) { return std::fabs(x); }
static Result<double> math_degrees(Thread& thread, double x) { return x * (180.0 / M_PI); }
static Result<double> math_radians(Thread& thread, double x) { return x * (M_PI / 180.0); }
static Result<bool> math_isfinite(Thread& thread, double x) { return static_cast<bool>(std::isfinite(x)); }
static Result<bool> math_isinf(Thread& thread, double x) { return static_cast<bool>(std::isinf(x)); }
static Result<bool> math_isnan(Thread& thread, double x) { return static_cast<bool>(std::isnan(x)); }

static Result<double> math_ulp(Thread& thread, double x) {
  if (std::isnan(x)) return x;
  x = std::fabs(x);
  if (std::isinf(x)) return x;
  double next = std::nextafter(x, INFINITY);
  return std::isinf(next) ? x - std::nextafter(x, -INFINITY) : next - x;
}

static Result<Tuple*> math_frexp(Thread& thread, double x) {
  int exponent = 0;
  double m = std::isfinite(x) && x != 0 ? std::frexp(x, &exponent) : x;
  return tuple_of(thread, TRY(make_float(thread, m)), Value::of_small_int(exponent));
}
static Result<Tuple*> math_modf(Thread& thread, double x) {
  double whole = x, fraction = std::isinf(x) ? std::copysign(0.0, x) : x;
  if (std::isfinite(x)) fraction = std::modf(x, &whole);
  return tuple_of(thread, TRY(make_float(thread, fraction)), TRY(make_float(thread, whole)));
}

static Result<Value> rounded(Thread& thread, Value x, Str* method, double (*round)(double)) {
  if (!is_exact_float(x)) {
    Value bound = TRY(find_special(thread, x, method));
    if (bound != kNotFound) return call(thread, bound);
  }
  return int_from_double(thread, round(TRY(to_double(thread, x))));
}
static Result<Value> math_ceil(Thread& thread, Value x) { return rounded(thread, x, names.dunder_ceil, std::ceil); }
static Result<Value> math_floor(Thread& thread, Value x) { return rounded(thread, x, names.dunder_floor, std::floor); }
static Result<Value> math_trunc(Thread& thread, Value x) {
  if (is_exact_float(x)) return int_from_double(thread, float_value(x));
  Value bound = TRY(find_special(thread, x, names.dunder_trunc));
  if (bound == kNotFound) return raise_type_error(thread, "type {!t} doesn't define __trunc__ method", x);
  return call(thread, bound);
}

// ---------------------------------------------------------------------------------------------------------------- logarithms

static double log_of(double x) { return x > 0 ? std::log(x) : x == 0 ? -INFINITY : std::isnan(x) ? x : NAN; }
static double log2_of(double x) { return x > 0 ? std::log2(x) : x == 0 ? -INFINITY : std::isnan(x) ? x : NAN; }
static double log10_of(double x) { return x > 0 ? std::log10(x) : x == 0 ? -INFINITY : std::isnan(x) ? x : NAN; }

// Ints of any size have a logarithm.
template <double (*function)(double)>
static Result<double> logarithm(Thread& thread, Value x) {
  Value exact = int_exact(x);
  if (exact.is_present()) {
    if (int_sign(exact) <= 0) return raise_domain(thread);
    double d = int_to_double_or_inf(exact);
    if (std::isfinite(d)) return function(d);
    i64 exponent;
    double fraction = big_frexp(IntView(exact), &exponent);
    return function(fraction) + function(2.0) * static_cast<double>(exponent);
  }
  return math_1<function, Infinite::Pole>(thread, TRY(to_double(thread, x)));
}

static Result<Value> math_log(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "log", kwnames));
  if (n < 1 || n > 2) return raise_type_error(thread, "math.log requires 1 to 2 arguments");
  double x = TRY(logarithm<log_of>(thread, args[0]));
  if (n == 1) return make_float(thread, x);
  double base = TRY(logarithm<log_of>(thread, args[1]));
  if (base == 0) return raise_zero_division(thread, "float division by zero");
  return make_float(thread, x / base);
}

// ---------------------------------------------------------------------------------------------------------------- of two numbers

static Result<double> math_atan2(Thread& thread, double y, double x) { return std::atan2(y, x); }
static Result<double> math_copysign(Thread& thread, double x, double y) { return std::copysign(x, y); }
static Result<double> math_nextafter(Thread& thread, double x, double y) { return std::nextafter(x, y); }

static Result<double> math_fmod(Thread& thread, double x, double y) {
  if (std::isinf(y) && std::isfinite(x)) return x;
  double r = std::fmod(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return raise_domain(thread);
  return r;
}
static Result<double> math_remainder(Thread& thread, double x, double y) {
  double r = std::remainder(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return raise_domain(thread);
  return r;
}
static Result<double> math_pow(Thread& thread, double x, double y) {
  double r = std::pow(x, y);
  if (!std::isfinite(x) || !std::isfinite(y) || std::isfinite(r)) return r;
  if (std::isnan(r) || x == 0) return raise_domain(thread);
  return raise_range(thread);
}

static Result<double> math_ldexp(Thread& thread, double x, Value i) {
  Value exact = int_exact(i);
  if (exact.is_absent()) return raise_type_error(thread, "Expected an int as second argument to ldexp.");
  i64 exponent;
  int_to_i64(exact, &exponent);
  if (x == 0 || !std::isfinite(x)) return x;
  if (exponent < INT32_MIN) return std::copysign(0.0, x);
  double r = exponent > INT32_MAX ? INFINITY : std::ldexp(x, static_cast<int>(exponent));
  if (std::isinf(r)) return raise_range(thread);
  return r;
}

static Result<bool> math_isclose(Thread& thread, double a, double b, double rel_tol, double abs_tol) {
  if (rel_tol < 0 || abs_tol < 0) return raise_value_error(thread, "tolerances must be non-negative");
  if (a == b) return true;
  if (std::isinf(a) || std::isinf(b)) return false;
  double difference = std::fabs(b - a);
  return difference <= std::fabs(rel_tol * b) || difference <= std::fabs(rel_tol * a) || difference <= abs_tol;
}

// ---------------------------------------------------------------------------------------------------------------- sums and norms

namespace {

class DoubleList {  // growing array
 public:
  ~DoubleList() {
    if (data_ != inline_) free(data_);
  }
  [[nodiscard]] bool push(double d) {
    if (size_ == capacity_) {
      usize wider = capacity_ * 2;
      double* grown =
          static_cast<double*>(data_ == inline_ ? malloc(wider * sizeof(double)) : realloc(data_, wider * sizeof(double)));
      if (!grown) return false;
      if (data_ == inline_)
        for (usize i = 0; i < size_; ++i) grown[i] = inline_[i];
      data_ = grown;
      capacity_ = wider;
    }
    data_[size_++] = d;
    return true;
  }
  double& operator[](usize i) { return data_[i]; }
  usize size() const { return size_; }
  void truncate(usize n) { size_ = n; }
  double* data() { return data_; }

 private:
  double inline_[32];
  double* data_ = inline_;
  usize size_ = 0, capacity_ = 32;
};

struct Pair {
  double high, low;
};  // an unevaluated exact sum

Pair two_sum(double a, double b) {
  double s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
Pair split(double a) {
  double t = a * 134217729.0, high = t - (t - a);
  return {high, a - high};
}
Pair two_product(double a, double b) {
  double p = a * b;
  Pair x = split(a), y = split(b);
  return {p, ((x.high * y.high - p) + x.high * y.low + x.low * y.high) + x.low * y.low};
}

}  // namespace

// Euclidean norm within an ulp: values scaled by a power of two, squares and their sum exact to twice the precision, and one
// correction step on the root.
static double vector_norm(double* v, usize n, double largest, bool found_nan) {
  if (std::isinf(largest)) return INFINITY;
  if (found_nan) return NAN;
  if (largest == 0 || n <= 1) return largest;
  int exponent;
  std::frexp(largest, &exponent);
  double scale = 1;
  if (exponent < -1000) {  // subnormal: bring up first
    double up = std::ldexp(1.0, 600);
    for (usize i = 0; i < n; ++i) v[i] *= up;
    return vector_norm(v, n, largest * up, false) / up;
  }
  scale = std::ldexp(1.0, -exponent);
  double sum = 1.0, low1 = 0, low2 = 0;
  for (usize i = 0; i < n; ++i) {
    double x = v[i] * scale;
    Pair square = two_product(x, x);
    Pair s = two_sum(sum, square.high);
    sum = s.high;
    low1 += square.low;
    low2 += s.low;
  }
  double h = std::sqrt(sum - 1.0 + (low1 + low2));
  Pair square = two_product(-h, h);
  Pair s = two_sum(sum, square.high);
  sum = s.high;
  low1 += square.low;
  low2 += s.low;
  double residue = sum - 1.0 + (low1 + low2);
  h += residue / (2.0 * h);
  return h / scale;
}

static Result<Value> norm_of(Thread& thread, DoubleList& values) {
  double largest = 0;
  bool found_nan = false;
  for (usize i = 0; i < values.size(); ++i) {
    double x = values[i] = std::fabs(values[i]);
    found_nan |= std::isnan(x);
    if (x > largest) largest = x;
  }
  return make_float(thread, vector_norm(values.data(), values.size(), largest, found_nan));
}

static Result<Value> math_hypot(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "hypot", kwnames));
  DoubleList values;
  for (usize i = 0; i < n; ++i)
    if (!values.push(TRY(to_double(thread, args[i])))) return raise_memory_error(thread);
  return norm_of(thread, values);
}

static Result<Tuple*> as_tuple(Thread& thread, Value v) { return is<Tuple>(v) ? v.as<Tuple>() : tuple_from_iterable(thread, v); }

static Result<Value> math_dist(Thread& thread, Value p, Value q) {
  Tuple *a = TRY(as_tuple(thread, p)), *b = TRY(as_tuple(thread, q));
  if (a->length() != b->length()) return raise_value_error(thread, "both points must have the same number of dimensions");
  DoubleList values;
  for (Index i = 0; i < a->length(); ++i) {
    double x = TRY(to_double(thread, a->at(i))), y = TRY(to_double(thread, b->at(i)));
    if (!values.push(x - y)) return raise_memory_error(thread);
  }
  return norm_of(thread, values);
}

// Adds x to the partial sums, which stay non-overlapping and in increasing order (Shewchuk). False: overflow.
static bool add_partial(DoubleList& partials, double x, bool* memory) {
  usize kept = 0;
  for (usize j = 0; j < partials.size(); ++j) {
    double y = partials[j];
    Pair s = std::fabs(x) >= std::fabs(y) ? two_sum(x, y) : two_sum(y, x);
    if (s.low != 0) partials[kept++] = s.low;
    x = s.high;
  }
  partials.truncate(kept);
  if (x == 0) return true;
  if (!std::isfinite(x)) return false;
  *memory = partials.push(x);
  return true;
}

static double sum_of_partials(DoubleList& partials) {
  usize n = partials.size();
  if (n == 0) return 0.0;
  double high = partials[--n], low = 0;
  while (n > 0) {
    Pair s = two_sum(high, partials[--n]);
    high = s.high;
    low = s.low;
    if (low != 0) break;
  }
  // Half-even across the remaining partials: a tie is no tie if something follows in its direction.
  if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
    double twice = low * 2, rounded = high + twice;
    if (twice == rounded - high) high = rounded;
  }
  return high;
}

static Result<double> math_fsum(Thread& thread, Value seq) {
  DoubleList partials;
  double special = 0, infinities = 0;
  for (Steps steps(TRY(get_whole_iter(thread, seq)));;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) break;
    double x = item.is_immediate_float() ? item.immediate_float() : TRY(to_double(thread, item));
    if (!std::isfinite(x)) {
      if (std::isinf(x)) infinities += x;
      special += x;
      partials.truncate(0);
      continue;
    }
    bool memory = true;
    if (!add_partial(partials, x, &memory)) return raise_overflow_error(thread, "intermediate overflow in fsum");
    if (!memory) return raise_memory_error(thread);
  }
  if (special != 0) {
    if (std::isnan(infinities)) return raise_value_error(thread, "-inf + inf in fsum");
    return special;
  }
  return sum_of_partials(partials);
}

static Result<Value> math_prod(Thread& thread, Value iterable, Value start) {
  Value product = start;
  for (Steps steps(TRY(get_whole_iter(thread, iterable)));;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) return product;
    if (is_exact_int(product) && is_exact_int(item))
      product = TRY(int_mul(thread, product, item));
    else if (product.is_immediate_float() && item.is_immediate_float())
      product = TRY(make_float(thread, product.immediate_float() * item.immediate_float()));
    else
      product = TRY(binary_op(thread, BinaryOp::Mul, product, item));
  }
}

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<void> math_exec(Thread& thread, Module* module) {
  const struct {
    const char* name;
    double value;
  } constants[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
  for (auto& c : constants) TRY(module_set(thread, module, c.name, TRY(make_float(thread, c.value))));
  return ok;
}

static constinit NativeDef math_functions[] = {
    native<math_1<std::acos, Infinite::Pole>>("acos($module, x, /)", "Inverse cosine of x, an angle in radians from 0 to pi."),
    native<math_1<std::acosh, Infinite::Pole>>("acosh($module, x, /)", "Return the inverse hyperbolic cosine of x."),
    native<math_1<std::asin, Infinite::Pole>>("asin($module, x, /)",
                                              "Inverse sine of x, an angle in radians from -pi/2 to pi/2."),
    native<math_1<std::asinh, Infinite::Pole>>("asinh($module, x, /)", "Return the inverse hyperbolic sine of x."),
    native<math_1<std::atan, Infinite::Pole>>("atan($module, x, /)",
                                              "Inverse tangent of x, an angle in radians from -pi/2 to pi/2."),
    native<math_atan2>("atan2($module, y, x, /)",
                       "Angle in radians between the positive x axis and the point (x, y).\n\nIts tangent is y/x. The signs of "
                       "the two arguments select the quadrant, so\nthe result covers -pi to pi, which atan(y/x) cannot do."),
    native<math_1<std::atanh, Infinite::Pole>>("atanh($module, x, /)", "Return the inverse hyperbolic tangent of x."),
    native<math_1<std::cbrt, Infinite::Pole>>("cbrt($module, x, /)", "Return the cube root of x."),
    native<math_ceil>(
        "ceil($module, x, /)",
        "Round x up to the nearest integer that is not below it.\n\nTypes with a __ceil__ method decide on their own result."),
    native<math_copysign>(
        "copysign($module, x, y, /)",
        "Combine the absolute value of x with the sign of y, as a float.\n\nZeros have a sign too: copysign(1.0, -0.0) is -1.0."),
    native<math_1<std::cos, Infinite::Pole>>("cos($module, x, /)", "Return the cosine of x (measured in radians)."),
    native<math_1<std::cosh, Infinite::Overflow>>("cosh($module, x, /)", "Return the hyperbolic cosine of x."),
    native<math_degrees>("degrees($module, x, /)", "Convert angle x from radians to degrees."),
    native<math_dist>("dist($module, p, q, /)",
                      "Measure the straight line from p to q.\n\nBoth are points, given as sequences or iterables of "
                      "coordinates.  If they\ndon't have equally many, ValueError is raised."),
    native<math_1<std::erf, Infinite::Pole>>("erf($module, x, /)", "Error function at x."),
    native<math_1<std::erfc, Infinite::Pole>>("erfc($module, x, /)", "Complementary error function at x."),
    native<math_1<std::exp, Infinite::Overflow>>("exp($module, x, /)", "Return e raised to the power of x."),
    native<math_1<std::exp2, Infinite::Overflow>>("exp2($module, x, /)", "Return 2 raised to the power of x."),
    native<math_1<std::expm1, Infinite::Overflow>>("expm1($module, x, /)", "Return exp(x)-1, precise for small x."),
    native<math_fabs>("fabs($module, x, /)", "Return the absolute value of the float x."),
    native<math_floor>(
        "floor($module, x, /)",
        "Round x down to the nearest integer that is not above it.\n\nTypes with a __floor__ method decide on their own result."),
    native<math_fmod>("fmod($module, x, y, /)",
                      "Remainder of x divided by y as the C library computes it.\n\nThe result takes the sign of x, whereas x % "
                      "y takes the sign of y."),
    native<math_frexp>("frexp($module, x, /)", "Return the mantissa and exponent of x, as pair (m, e)."),
    native<math_fsum>("fsum($module, seq, /)",
                      "Add up the numbers in seq without losing precision on the way.\n\nUnlike with sum(), rounding errors of "
                      "the partial sums do not pile up; the\nresult is a float."),
    native<math_gamma>("gamma($module, x, /)", "Gamma function at x."),
    native_raw(
        math_hypot, "hypot(*coordinates)",
        "hypot(*coordinates) -> float\n\nCompute the length of a vector: the square root of the sum of squares.\n\nWith two "
        "arguments this is the hypotenuse of a right triangle with these\nlegs.  Intermediate results don't overflow."),
    native<math_isclose>("isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
                         "Tell whether a and b differ by no more than a tolerance.\n\n  rel_tol\n    The tolerance as a fraction "
                         "of the larger absolute value; 1e-09 by\n    default, which asks for about nine equal digits.\n  "
                         "abs_tol\n    The least tolerance, useful near zero; 0.0 by default.\n\nOne of the two is enough; a "
                         "negative one raises ValueError.  NaN is close\nto nothing, and an infinity only to itself."),
    native<math_isfinite>("isfinite($module, x, /)", "Tell whether x is an ordinary number: not infinite, not NaN."),
    native<math_isinf>("isinf($module, x, /)", "Tell whether x is infinite, with either sign."),
    native<math_isnan>("isnan($module, x, /)", "Tell whether x is the special float value NaN."),
    native<math_ldexp>(
        "ldexp($module, x, i, /)",
        "Scale x by a power of two: x times 2 to the i.\n\nApplied to a pair from frexp(), this restores the original number."),
    native<math_lgamma>("lgamma($module, x, /)", "Natural logarithm of absolute value of Gamma function at x."),
    native_raw(
        math_log, "log(x, base=math.e, /)",
        "log(x, [base=math.e])\n\nFind the power to which base must be raised to get x.\n\nWithout base this is the natural "
        "logarithm.  x may be an int too large for\na float.  If x or base is not positive, ValueError is raised."),
    native<logarithm<log10_of>>("log10($module, x, /)", "Return the base 10 logarithm of x."),
    native<math_1<std::log1p, Infinite::Pole>>(
        "log1p($module, x, /)",
        "Compute log(1 + x) without losing the digits of a tiny x.\n\nIf x is -1 or less, ValueError is raised."),
    native<logarithm<log2_of>>("log2($module, x, /)", "Return the base 2 logarithm of x."),
    native<math_modf>("modf($module, x, /)",
                      "Split x into a pair of floats: (part after the point, whole part).\n\nEach of the two carries the sign of "
                      "x: modf(-2.75) is (-0.75, -2.0)."),
    native<math_nextafter>("nextafter($module, x, y, /)", "Return the next floating-point value after x towards y."),
    native<math_pow>("pow($module, x, y, /)", "Return x**y (x to the power of y)."),
    native<math_prod>(
        "prod($module, iterable, /, *, start=1)",
        "Multiply start (1 by default) by each item of an iterable in turn.\n\nSo the product of no items is start itself."),
    native<math_radians>("radians($module, x, /)", "Convert angle x from degrees to radians."),
    native<math_remainder>("remainder($module, x, y, /)", "Difference between x and the closest integer multiple of y."),
    native<math_1<std::sin, Infinite::Pole>>("sin($module, x, /)", "Return the sine of x (measured in radians)."),
    native<math_1<std::sinh, Infinite::Overflow>>("sinh($module, x, /)", "Return the hyperbolic sine of x."),
    native<math_1<std::sqrt, Infinite::Pole>>("sqrt($module, x, /)", "Return the square root of x."),
    native<math_1<std::tan, Infinite::Pole>>("tan($module, x, /)", "Return the tangent of x (measured in radians)."),
    native<math_1<std::tanh, Infinite::Pole>>("tanh($module, x, /)", "Return the hyperbolic tangent of x."),
    native<math_trunc>("trunc($module, x, /)", "Truncates the Real x to the nearest Integral toward 0."),
    native<math_ulp>("ulp($module, x, /)", "Size of one unit in the last place of the float x."),
    native<math_comb>("comb($module, n, k, /)",
                      "Count the subsets of size k of a set of n elements.\n\nThis is n! / (k! * (n - k)!), or zero if k is "
                      "greater than n.  Negative\narguments raise ValueError, those that are not integers TypeError."),
    native<math_factorial>("factorial($module, n, /)",
                           "Product of all integers from 1 to x.\n\nValueError is raised for a negative x, TypeError for one "
                           "that is not an\ninteger."),
    native<math_gcd>("gcd($module, *integers)", "Greatest Common Divisor."),
    native<math_isqrt>("isqrt($module, n, /)",
                       "Largest integer whose square does not exceed the argument.\n\nThe computation is exact for integers of "
                       "any size. A negative argument\nraises ValueError."),
    native<math_lcm>("lcm($module, *integers)", "Least Common Multiple."),
    native<math_perm>(
        "perm($module, n, k=None, /)",
        "Count the sequences of k different elements of a set of n.\n\nThis is n! / (n - k)!, or zero if k is greater than n.  "
        "If k is None or\nleft out, it is n!.  Negative arguments raise ValueError, those that are\nnot integers TypeError."),
};

constinit ModuleDef math_module = {
    .name = "math",
    .doc = "Functions and constants for real numbers, after <math.h> of standard C.",
    .functions = math_functions,
    .function_count = count_of(math_functions),
    .exec = math_exec,
};

}  // namespace baton
