// What modules of the unchanged library have to be told about the interpreter they run on (library_identity.cpp).
#pragma once
#include "objects/object.h"

namespace baton {

// A module's code has run, with these globals.
Result<void> library_module_has_run(Thread& thread, Code* code, Dict* globals);

}  // namespace baton
