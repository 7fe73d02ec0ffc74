// cmath: the C library's complex functions with Python's errors. A number that maps to nan has left the domain (ValueError); a
// finite number that maps to an infinity is an overflow (OverflowError) or one of the few poles (ValueError).
#include <cfloat>
#include <cmath>

#include "objects/float_arith.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

// The C99 functions; <complex.h> is not for C++.
extern "C" {
_Complex double cacos(_Complex double);
_Complex double cacosh(_Complex double);
_Complex double casin(_Complex double);
_Complex double casinh(_Complex double);
_Complex double catan(_Complex double);
_Complex double catanh(_Complex double);
_Complex double ccos(_Complex double);
_Complex double ccosh(_Complex double);
_Complex double cexp(_Complex double);
_Complex double clog(_Complex double);
_Complex double csin(_Complex double);
_Complex double csinh(_Complex double);
_Complex double csqrt(_Complex double);
_Complex double ctan(_Complex double);
_Complex double ctanh(_Complex double);
}

namespace baton {

template <>
struct Converter<ComplexValue> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, ComplexValue* out) {
    Result<ComplexValue> z = to_complex(thread, v);
    if (z.is_failed()) return false;
    *out = z.value();
    return true;
  }
};

static bool is_finite(ComplexValue z) { return std::isfinite(z.real) && std::isfinite(z.imag); }
static bool has_nan(ComplexValue z) { return std::isnan(z.real) || std::isnan(z.imag); }
static bool has_inf(ComplexValue z) { return std::isinf(z.real) || std::isinf(z.imag); }
static Failed raise_domain(Thread& thread) { return raise_value_error(thread, "math domain error"); }
static Failed raise_range(Thread& thread) { return raise_overflow_error(thread, "math range error"); }

using ComplexFunction = _Complex double (*)(_Complex double);

template <ComplexFunction function>
static ComplexValue apply(ComplexValue z) {
  _Complex double c;
  __real__ c = z.real;
  __imag__ c = z.imag;
  c = function(c);
  return {__real__ c, __imag__ c};
}

// An exact square root of a real negative or imaginary number keeps its last bits: the textbook formula on scaled parts.
static ComplexValue square_root(ComplexValue z) {
  if (!is_finite(z) || (z.real == 0 && z.imag == 0)) return apply<csqrt>(z);
  double a = std::fabs(z.real), b = std::fabs(z.imag), s;
  if (a < DBL_MIN && b < DBL_MIN && (a > 0 || b > 0)) {
    a = std::ldexp(a, 53);
    s = std::ldexp(std::sqrt(a + std::hypot(a, std::ldexp(b, 53))), -27);
  } else {
    a /= 8.0;
    s = 2.0 * std::sqrt(a + std::hypot(a, b / 8.0));
  }
  double d = b / (2.0 * s);
  if (z.real >= 0) return {s, std::copysign(d, z.imag)};
  return {d, std::copysign(s, z.imag)};
}
// Kahan's formulas (Branch Cuts for Complex Elementary Functions, 1987) for moderate arguments: they end in the same last digit
// as CPython's results, which the C library's functions don't always do. Without an answer: the C library is asked.
static constexpr double kLarge = 4e307, kLargeHyperbolic = 350;

static ComplexValue area_sine(ComplexValue z) {
  ComplexValue a = square_root({1 + z.imag, -z.real}), b = square_root({1 - z.imag, z.real});
  return {std::asinh(a.real * b.imag - b.real * a.imag), std::atan2(z.imag, a.real * b.real - a.imag * b.imag)};
}
static ComplexValue hyperbolic_tangent(ComplexValue z) {
  double tx = std::tanh(z.real), ty = std::tan(z.imag), cx = 1 / std::cosh(z.real), both = tx * ty, divisor = 1 + both * both;
  return {tx * (1 + ty * ty) / divisor, ((ty / divisor) * cx) * cx};
}
// Near the unit circle, where the logarithm of the absolute value is near 0, it is made of the difference from 1.
static ComplexValue logarithm(ComplexValue z) {
  double a = std::fabs(z.real), b = std::fabs(z.imag), angle = std::atan2(z.imag, z.real);
  if (!is_finite(z) || (a == 0 && b == 0)) return apply<clog>(z);
  if (a > kLarge || b > kLarge) return {std::log(std::hypot(a / 2, b / 2)) + M_LN2, angle};
  if (a < DBL_MIN && b < DBL_MIN) return {std::log(std::hypot(std::ldexp(a, 53), std::ldexp(b, 53))) - 53 * M_LN2, angle};
  double absolute = std::hypot(a, b);
  if (absolute < 0.71 || absolute > 1.73) return {std::log(absolute), angle};
  double larger = a > b ? a : b, smaller = a > b ? b : a;
  return {std::log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2, angle};
}
static constexpr double kLargeSquare = 6.7e153;  // its square is below kLarge
static bool area_tangent(ComplexValue z, ComplexValue* out) {
  if (z.real < 0 || (z.real == 0 && std::signbit(z.real))) {
    if (!area_tangent({-z.real, -z.imag}, out)) return false;
    *out = {-out->real, -out->imag};
    return true;
  }
  double height = std::fabs(z.imag), rest = 1 - z.real;
  if (z.real > kLargeSquare || height > kLargeSquare || (z.real == 1 && height < 1e-150)) return false;
  *out = {std::log1p(4 * z.real / (rest * rest + height * height)) / 4,
          -std::atan2(-2 * z.imag, rest * (1 + z.real) - height * height) / 2};
  return true;
}
template <ComplexFunction function>
static bool by_formula(ComplexValue z, ComplexValue* out) {
  if (!is_finite(z) || std::fabs(z.real) > kLarge || std::fabs(z.imag) > kLarge) return false;
  if constexpr (function == cacos) {
    ComplexValue a = square_root({1 - z.real, -z.imag}), b = square_root({1 + z.real, z.imag});
    *out = {2 * std::atan2(a.real, b.real), std::asinh(b.real * a.imag - b.imag * a.real)};
  } else if constexpr (function == cacosh) {
    ComplexValue a = square_root({z.real - 1, z.imag}), b = square_root({z.real + 1, z.imag});
    *out = {std::asinh(a.real * b.real + a.imag * b.imag), 2 * std::atan2(a.imag, b.real)};
  } else if constexpr (function == casinh) {
    *out = area_sine(z);
  } else if constexpr (function == casin) {
    ComplexValue r = area_sine({-z.imag, z.real});
    *out = {r.imag, -r.real};
  } else if constexpr (function == catanh) {
    return area_tangent(z, out);
  } else if constexpr (function == catan) {
    ComplexValue r;
    if (!area_tangent({-z.imag, z.real}, &r)) return false;
    *out = {r.imag, -r.real};
  } else if constexpr (function == ctanh) {
    if (std::fabs(z.real) > kLargeHyperbolic) return false;
    *out = hyperbolic_tangent(z);
  } else if constexpr (function == ctan) {
    if (std::fabs(z.imag) > kLargeHyperbolic) return false;
    ComplexValue r = hyperbolic_tangent({-z.imag, z.real});
    *out = {r.imag, -r.real};
  } else {
    return false;
  }
  return true;
}

enum class Infinite : u8 { Pole, Overflow };

template <ComplexFunction function, Infinite infinite>
static Result<ComplexValue> checked(Thread& thread, ComplexValue z) {
  ComplexValue r;
  if (!by_formula<function>(z, &r)) r = apply<function>(z);
  // Where the standard leaves a part open, or has changed its mind since.
  if (function == cacosh && z.real == 0 && std::isnan(z.imag)) r = {NAN, NAN};
  if (function == ctanh && z.real == 0 && std::isnan(z.imag)) r = {NAN, NAN};
  if (function == ctan && z.imag == 0 && std::isnan(z.real)) r = {NAN, NAN};
  if (has_nan(r) && !has_nan(z)) return raise_domain(thread);
  if (is_finite(z) && has_inf(r)) {
    if (infinite == Infinite::Pole) return raise_domain(thread);
    return raise_range(thread);
  }
  return r;
}
template <ComplexFunction function, Infinite infinite>
static Result<Value> cmath_1(Thread& thread, ComplexValue z) {
  ComplexValue r = TRY((checked<function, infinite>(thread, z)));
  return make_complex(thread, r.real, r.imag);
}

static Result<Value> cmath_sqrt(Thread& thread, ComplexValue z) {
  ComplexValue r = square_root(z);
  return make_complex(thread, r.real, r.imag);
}

static Result<Value> cmath_log(Thread& thread, Value x, Optional<Value> base) {
  ComplexValue z = TRY(to_complex(thread, x));
  ComplexValue r = logarithm(z);
  bool pole = z.real == 0 && z.imag == 0;
  if (base.has_value()) {
    ComplexValue b = TRY(to_complex(thread, base.value));
    pole |= b.real == 0 && b.imag == 0;
    if (!complex_quotient(r, logarithm(b), &r)) pole = true;
  }
  if (pole) return raise_domain(thread);
  return make_complex(thread, r.real, r.imag);
}
static Result<Value> cmath_log10(Thread& thread, ComplexValue z) {
  if (z.real == 0 && z.imag == 0) return raise_domain(thread);
  ComplexValue r = logarithm(z);
  constexpr double kLn10 = 2.302585092994045684017991454684364208;
  return make_complex(thread, r.real / kLn10, r.imag / kLn10);
}

static Result<double> cmath_phase(Thread& thread, ComplexValue z) { return std::atan2(z.imag, z.real); }
static Result<Tuple*> cmath_polar(Thread& thread, ComplexValue z) {
  double r = std::hypot(z.real, z.imag);
  if (std::isinf(r) && is_finite(z)) return raise_range(thread);
  return tuple_of(thread, TRY(make_float(thread, r)), TRY(make_float(thread, std::atan2(z.imag, z.real))));
}

static Result<Value> cmath_rect(Thread& thread, double r, double phi) {
  if (std::isinf(phi) && r != 0 && !std::isnan(r)) return raise_domain(thread);
  if (phi == 0)
    return make_complex(thread, r,
                        r * phi == r * phi ? r * phi
                        : std::isinf(r)    ? std::copysign(0.0, phi) * (r < 0 ? -1 : 1)
                                           : phi);
  if (r == 0 && !std::isfinite(phi)) return make_complex(thread, 0.0, 0.0);
  if (std::isinf(r) && std::isfinite(phi)) {
    double s = std::copysign(1.0, r);
    return make_complex(thread, s * std::copysign(INFINITY, std::cos(phi)), s * std::copysign(INFINITY, std::sin(phi)));
  }
  if (std::isinf(r)) return make_complex(thread, INFINITY, NAN);
  return make_complex(thread, r * std::cos(phi), r * std::sin(phi));
}

static Result<bool> cmath_isfinite(Thread& thread, ComplexValue z) { return is_finite(z); }
static Result<bool> cmath_isinf(Thread& thread, ComplexValue z) { return has_inf(z); }
static Result<bool> cmath_isnan(Thread& thread, ComplexValue z) { return has_nan(z); }

static Result<bool> cmath_isclose(Thread& thread, ComplexValue a, ComplexValue b, double rel_tol, double abs_tol) {
  if (rel_tol < 0 || abs_tol < 0) return raise_value_error(thread, "tolerances must be non-negative");
  if (a.real == b.real && a.imag == b.imag) return true;
  if (has_inf(a) || has_inf(b)) return false;
  double difference = std::hypot(a.real - b.real, a.imag - b.imag);
  return difference <= rel_tol * std::hypot(b.real, b.imag) || difference <= rel_tol * std::hypot(a.real, a.imag) ||
         difference <= abs_tol;
}

static Result<void> cmath_exec(Thread& thread, Module* module) {
  const struct {
    const char* name;
    double value;
  } constants[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
  for (auto& c : constants) TRY(module_set(thread, module, c.name, TRY(make_float(thread, c.value))));
  TRY(module_set(thread, module, "infj", TRY(make_complex(thread, 0.0, INFINITY))));
  return module_set(thread, module, "nanj", TRY(make_complex(thread, 0.0, NAN)));
}

static constinit NativeDef cmath_functions[] = {
    native<cmath_1<cacos, Infinite::Overflow>>("acos($module, z, /)", "Return the arc cosine of z."),
    native<cmath_1<cacosh, Infinite::Overflow>>("acosh($module, z, /)", "Return the inverse hyperbolic cosine of z."),
    native<cmath_1<casin, Infinite::Overflow>>("asin($module, z, /)", "Return the arc sine of z."),
    native<cmath_1<casinh, Infinite::Overflow>>("asinh($module, z, /)", "Return the inverse hyperbolic sine of z."),
    native<cmath_1<catan, Infinite::Pole>>("atan($module, z, /)", "Return the arc tangent of z."),
    native<cmath_1<catanh, Infinite::Pole>>("atanh($module, z, /)", "Return the inverse hyperbolic tangent of z."),
    native<cmath_1<ccos, Infinite::Overflow>>("cos($module, z, /)", "Return the cosine of z."),
    native<cmath_1<ccosh, Infinite::Overflow>>("cosh($module, z, /)", "Return the hyperbolic cosine of z."),
    native<cmath_1<cexp, Infinite::Overflow>>("exp($module, z, /)", "Return the exponential value e**z."),
    native<cmath_isclose>("isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
                          "Determine whether two complex numbers are close in value."),
    native<cmath_isfinite>("isfinite($module, z, /)", "Tell whether z has neither an infinity nor a NaN in its two parts."),
    native<cmath_isinf>("isinf($module, z, /)", "Tell whether at least one part of z is an infinity."),
    native<cmath_isnan>("isnan($module, z, /)", "Tell whether at least one part of z is a NaN."),
    native<cmath_log>("log($module, z, base=<unrepresentable>, /)",
                      "log(z[, base]) -> complex\n\nCompute a logarithm of z, the natural one unless you give a base.\n\nThe "
                      "branch cut is the negative real axis. For z = 0 it raises ValueError."),
    native<cmath_log10>("log10($module, z, /)", "Return the base-10 logarithm of z."),
    native<cmath_phase>("phase($module, z, /)", "Return the angle of z in the complex plane, in radians from -pi to pi."),
    native<cmath_polar>("polar($module, z, /)",
                        "Turn z into polar coordinates, a tuple (r, phi).\n\nr is the absolute value and phi the angle in "
                        "radians, the one that phase()\ngives."),
    native<cmath_rect>("rect($module, r, phi, /)", "Convert from polar coordinates to rectangular coordinates."),
    native<cmath_1<csin, Infinite::Overflow>>("sin($module, z, /)", "Return the sine of z."),
    native<cmath_1<csinh, Infinite::Overflow>>("sinh($module, z, /)", "Return the hyperbolic sine of z."),
    native<cmath_sqrt>("sqrt($module, z, /)", "Return the square root of z."),
    native<cmath_1<ctan, Infinite::Overflow>>("tan($module, z, /)", "Return the tangent of z."),
    native<cmath_1<ctanh, Infinite::Overflow>>("tanh($module, z, /)", "Return the hyperbolic tangent of z."),
};
constinit ModuleDef cmath_module = {
    .name = "cmath",
    .doc = "Functions of the math module's kind, for complex numbers.",
    .functions = cmath_functions,
    .function_count = count_of(cmath_functions),
    .exec = cmath_exec,
};

}  // namespace baton
