// Whether a module is still being imported.
#pragma once
#include "objects/object.h"

namespace baton {

// module.__spec__._initializing. Whoever finds such a module waits for the import by importlib's _lock_unlock_module, or imports
// it anew.
Result<bool> is_initializing(Thread& thread, Value module);

}  // namespace baton
