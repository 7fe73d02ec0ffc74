// How messages and descriptors name a class.
#pragma once

#include "objects/object.h"

namespace baton {

// "module.name" if the class is native (builtins without module), else its bare __name__.
Result<Str*> type_shown_name(Thread& thread, Type* type);

// The TypeError of a descriptor for owner's instances that is given another object.
Failed raise_descriptor_mismatch(Thread& thread, Str* name, Type* owner, Value got);

}  // namespace baton
