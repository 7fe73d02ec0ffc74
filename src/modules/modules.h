// The native modules, by name.
#pragma once
#include "objects/module.h"

namespace baton {

ModuleDef* find_builtin_module(std::string_view name);
// Sorted names of all native modules (sys.builtin_module_names).
Result<Tuple*> builtin_module_names(Thread& thread);

}  // namespace baton
