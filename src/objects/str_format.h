// Pieces of str.format that the _string module publishes.
#pragma once
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

Result<Value> formatter_parser(Thread& thread, Str* text);             // iterator of (literal, field, spec, conversion)
Result<Tuple*> formatter_field_name_split(Thread& thread, Str* text);  // (first, iterator of (is_attribute, name))

}  // namespace baton
