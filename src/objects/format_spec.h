// The format mini-language: [[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision][type], for str, int, float and complex.
// spec is the text behind the colon. Errors are CPython's ValueErrors.
#pragma once
#include "objects/str.h"

namespace baton {

Result<Str*> format_str(Thread& thread, Str* text, Str* spec);
Result<Str*> format_int(Thread& thread, Value exact_int, Str* spec);        // __format__ of int and (for a non-empty spec) bool
Result<Str*> format_float(Thread& thread, double value, Str* spec);
Result<Str*> format_complex(Thread& thread, double real, double imag, Str* spec);

}  // namespace baton
