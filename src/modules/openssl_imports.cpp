// libcrypto and libssl are loaded when a module that needs them is imported.
#include <openssl/crypto.h>

#include "base/on_demand.h"
#include "modules/openssl_support.h"
#include "objects/str.h"

#define IMPORT(name) BATON_ON_DEMAND_DEFINE(name)
#include "modules/libcrypto.def"
#include "modules/libssl.def"
#undef IMPORT

namespace baton {

static const OnDemandImport crypto_imports[] = {
#define IMPORT(name) {#name, &baton_slot_##name},
#include "modules/libcrypto.def"
#undef IMPORT
};
static const OnDemandImport ssl_imports[] = {
#define IMPORT(name) {#name, &baton_slot_##name},
#include "modules/libssl.def"
#undef IMPORT
};
static OnDemandLibrary crypto_library(BATON_SONAME_CRYPTO, crypto_imports, sizeof crypto_imports / sizeof *crypto_imports);
static OnDemandLibrary ssl_library(BATON_SONAME_SSL, ssl_imports, sizeof ssl_imports / sizeof *ssl_imports);

static Result<void> load(Thread& t, OnDemandLibrary& library) {
  const char* error = library.load();
  if (!error) return ok;
  Value text(TRY(str_from_utf8(t, error)));
  return raise_import_error(t, exceptions.ImportError, text, kNone, kNone);
}

Result<void> load_libcrypto(Thread& t) {
  TRY(load(t, crypto_library));
  // Threads that are inside the library when the process ends must not find it torn down.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  return ok;
}
Result<void> load_libssl(Thread& t) {
  TRY(load_libcrypto(t));
  return load(t, ssl_library);
}

}  // namespace baton
