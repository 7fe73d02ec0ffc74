// What the modules over OpenSSL share: loading the library on first import.
#pragma once
#include "objects/object.h"

namespace baton {

// ImportError with the loader's text if the library isn't there. Call it first in exec.
Result<void> load_libcrypto(Thread& thread);
Result<void> load_libssl(Thread& thread);  // both

}  // namespace baton
