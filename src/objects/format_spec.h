// The format mini-language: [[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision][type], for str, int, float and
// complex. spec is the text behind the colon. Errors are CPython's ValueErrors.
#pragma once
#include "objects/str.h"

namespace baton {

// object: whose type the errors name, when it is not the exact type.
Result<Str*> format_str(Thread& thread, Str* text, Str* spec);
Result<Str*> format_int(Thread& thread, Value exact_int, Str* spec,
                        Value object = Value());  // __format__ of int and (for a non-empty spec) bool
Result<Str*> format_float(Thread& thread, double value, Str* spec, Value object = Value());
Result<Str*> format_complex(Thread& thread, double real, double imag, Str* spec, Value object = Value());

}  // namespace baton
