// "Did you mean" for NameError and AttributeError.
#pragma once
#include "objects/exception.h"

namespace baton {

// The closest name to the one the exception misses, or null. Never fails.
Str* suggest_name(Thread& thread, Exception* exception);

}  // namespace baton
