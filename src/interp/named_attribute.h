// Attributes whose names are values: getattr() and its like. By the records that places of many shapes share, where those have
// one; else as get_attr(), find_attr() and set_attr() do it, which this answers and raises as. name: interned.
#pragma once
#include "objects/object.h"

namespace baton {

Result<Value> get_named_attribute(Thread& thread, Value object, Str* name);
Result<Value> find_named_attribute(Thread& thread, Value object, Str* name);  // or kNotFound
Result<bool> has_named_attribute(Thread& thread, Value object, Str* name);
Result<void> set_named_attribute(Thread& thread, Value object, Str* name, Value value);

}  // namespace baton
