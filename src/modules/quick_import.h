// Imports of modules that belong to the runtime and its library without running importlib's Python (quick_import.cpp).
#pragma once
#include "objects/object.h"

namespace baton {

// Remembers importlib as it is now: once its parts are in place, and before anybody could have changed them.
Result<void> install_quick_import(Thread& thread);

// Is importlib as it was, and is nobody watching? Then import_quickly(name) does what _find_and_load(name, __import__) does, for
// a module that isn't in sys.modules.
bool can_import_quickly(Thread& thread, Value name);
Result<Value> import_quickly(Thread& thread, Str* name);

// The import lock, of _imp.
Result<void> acquire_import_lock(Thread& thread);
Result<void> release_import_lock(Thread& thread);

}  // namespace baton
