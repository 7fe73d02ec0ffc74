// Attributes of instances whose dictionary may have keys that are no str: those are asked whether they are the name.
#pragma once
#include "objects/type.h"

namespace baton {

// instance_find(), and asks the keys that are no str (which may run Python). kNotFound if there is none.
Result<Value> instance_lookup(Thread& thread, Cell* object, Str* name);
// Whether instance_lookup() finds nothing, without asking anybody: false if that isn't sure.
bool instance_surely_lacks(Cell* object, Str* name);

}  // namespace baton
