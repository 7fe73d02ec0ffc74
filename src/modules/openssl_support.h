// What the modules over OpenSSL share: loading the library when it is first needed.
#pragma once
#include "objects/object.h"

namespace baton {

// ImportError with the loader's text if the library isn't there. Comes before any of its functions is called.
Result<void> load_libcrypto(Thread& thread);
bool is_libcrypto_present();   // loaded by us, or by somebody else (ctypes)
const char* libcrypto_path();  // the file that load_libcrypto loaded; null: unknown
// A module was imported that will need the library, but hasn't loaded it.
void promise_libcrypto();
// Loads it if it was promised: before the process loses sight of the file.
void keep_libcrypto_promise();
Result<void> load_libssl(Thread& thread);  // both

}  // namespace baton
