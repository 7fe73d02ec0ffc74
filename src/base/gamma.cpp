// See gamma.h. Gamma(x) = (x + g - 0.5)^(x - 0.5) * e^-(x + g - 0.5) * S(x), where S is a quotient of two polynomials of degree
// 12 (Lanczos 1964; g and coefficients by Godfrey and Maddock, for 53 bits). Negative arguments go by the reflection formula.
#include "base/gamma.h"

#include <cmath>

#include "base/types.h"

namespace baton {

static constexpr double kG = 6.024680040776729583740234375, kGLessHalf = 5.524680040776729583740234375;
static constexpr double kLogPi = 1.144729885849400174143427351353058711647;
static constexpr int kTerms = 13;
// Coefficients from the constant up.
static constexpr double kNumerator[kTerms] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static constexpr double kDenominator[kTerms] = {0,       39916800, 120543840, 150917976, 105258076, 45995730, 13339535,
                                                2637558, 357423,   32670,     1925,      66,        1};

// Of large arguments both polynomials are divided by their highest power, lest they overflow.
static double lanczos_sum(double x) {
  double p = 0, q = 0;
  if (x < 5) {
    for (int i = kTerms - 1; i >= 0; --i) {
      p = p * x + kNumerator[i];
      q = q * x + kDenominator[i];
    }
  } else {
    for (int i = 0; i < kTerms; ++i) {
      p = p / x + kNumerator[i];
      q = q / x + kDenominator[i];
    }
  }
  return p / q;
}

// sin(pi * x), accurate near its zeros.
static double sine_of_pi_times(double x) {
  double y = std::fmod(std::fabs(x), 2.0), r;
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0: r = std::sin(M_PI * y); break;
    case 1: r = std::cos(M_PI * (y - 0.5)); break;
    case 2: r = std::sin(M_PI * (1.0 - y)); break;  // not -sin(y - 1): a zero keeps the sign of x
    case 3: r = -std::cos(M_PI * (y - 1.5)); break;
    default: r = std::sin(M_PI * (y - 2.0)); break;
  }
  return std::copysign(1.0, x) * r;
}

double gamma_function(double x) {
  if (x == std::floor(x) && x >= 1 && x <= 23) {  // exact: 22! is the last factorial that fits 53 bits
    double r = 1;
    for (double i = 2; i < x; ++i) r *= i;
    return r;
  }
  double size = std::fabs(x);
  if (size < 1e-20) return 1.0 / x;
  if (size > 200) return x < 0 ? 0.0 / sine_of_pi_times(x) : INFINITY;
  // base = size + g - 0.5 as it can be represented; what rounding took from it is put back into the result.
  double base = size + kGLessHalf;
  double lost = size > kGLessHalf ? (base - size) - kGLessHalf : (base - kGLessHalf) - size;
  double correction = lost * kG / base, r;
  if (x < 0) {
    r = -M_PI / sine_of_pi_times(size) / size * std::exp(base) / lanczos_sum(size);
    r -= correction * r;
  } else {
    r = lanczos_sum(size) / std::exp(base);
    r += correction * r;
  }
  // A power that could overflow before the product does is multiplied in two halves.
  double exponent = size - 0.5, power = size < 140 ? std::pow(base, exponent) : std::pow(base, exponent / 2);
  for (int times = size < 140 ? 1 : 2; times; --times) r = x < 0 ? r / power : r * power;
  return r;
}

double log_gamma_function(double x) {
  if (x == 1 || x == 2) return 0.0;
  double size = std::fabs(x);
  if (size < 1e-20) return -std::log(size);
  double r = std::log(lanczos_sum(size)) - kG;
  r += (size - 0.5) * (std::log(size + kG - 0.5) - 1);
  return x < 0 ? kLogPi - std::log(std::fabs(sine_of_pi_times(size))) - std::log(size) - r : r;
}

}  // namespace baton
