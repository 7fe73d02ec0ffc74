// libcrypto and libssl are loaded when a module that needs them is imported, or later (docs/tls.md).
#include <openssl/crypto.h>

#include "base/on_demand.h"
#include "modules/openssl_support.h"
#include "objects/str.h"
#include "threads/atomic.h"

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

static Atomic<bool> is_crypto_ready{false}, is_crypto_promised{false};

// Threads that are inside the library when the process ends must not find it torn down.
static void set_up_libcrypto() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  is_crypto_ready.store_release(true);
}

Result<void> load_libcrypto(Thread& t) {
  if (is_crypto_ready.load_acquire()) return ok;
  TRY(load(t, crypto_library));
  set_up_libcrypto();
  return ok;
}
bool is_libcrypto_present() { return crypto_library.is_present(); }
const char* libcrypto_path() { return crypto_library.path(); }
void promise_libcrypto() { is_crypto_promised.store_relaxed(true); }
void keep_libcrypto_promise() {
  if (is_crypto_promised.load_relaxed() && !is_crypto_ready.load_acquire() && !crypto_library.load()) set_up_libcrypto();
}
Result<void> load_libssl(Thread& t) {
  TRY(load_libcrypto(t));
  return load(t, ssl_library);
}

}  // namespace baton
