// The native modules, by name.
#pragma once
#include "objects/module.h"

namespace baton {

ModuleDef* find_builtin_module(std::string_view name);
// Sorted names of all native modules (sys.builtin_module_names).
Result<Tuple*> builtin_module_names(Thread& thread);
// At the end of the process, while sys.modules is whole: what tasks and futures need of their library to be reported later.
void asyncio_before_modules_go(Thread& thread);

}  // namespace baton
