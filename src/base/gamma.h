// The gamma function and its logarithm, by Lanczos' approximation: the last digits are those of CPython's results, which the
// C library's functions don't always give.
#pragma once

namespace baton {

// Gamma(x) of a finite x that is no pole (0, -1, -2 ...); an infinity where it doesn't fit a double.
double gamma_function(double x);
// log|Gamma(x)| of a finite x that is no pole; an infinity where it doesn't fit a double.
double log_gamma_function(double x);

}  // namespace baton
