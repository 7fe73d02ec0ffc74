// _crypt: crypt(3). The library is loaded when the module is imported.
#include <crypt.h>

#include <cstdlib>
#include <cstring>

#include "base/on_demand.h"
#include "modules/os_support.h"

BATON_ON_DEMAND_DEFINE(crypt_r)

namespace baton {

static const OnDemandImport crypt_imports[] = {{"crypt_r", &baton_slot_crypt_r}};
static OnDemandLibrary crypt_library(BATON_SONAME_CRYPT, crypt_imports, 1);

static Result<void> crypt_exec(Thread& t, Module*) {
  const char* error = crypt_library.load();
  if (!error) return ok;
  return raise_import_error(t, exceptions.ImportError, Value(TRY(str_from_utf8(t, error))), kNone, kNone);
}

static Result<Value> crypt_crypt(Thread& t, Value word, Value salt) {
  for (int i = 0; i < 2; ++i) {
    Value v = i ? salt : word;
    if (!is<Str>(v)) return raise_type_error(t, "crypt() argument {} must be str, not {!a}", i + 1, v);
  }
  Bytes* text = TRY(file_system_bytes(t, word));
  Bytes* setting = TRY(file_system_bytes(t, salt));
  auto* work = static_cast<crypt_data*>(calloc(1, sizeof(crypt_data)));
  if (!work) return raise_memory_error(t);
  char* hashed = blocking<BlockCause::Native>(t, [&] { return ::crypt_r(c_text(text), c_text(setting), work); });
  int error = errno;
  Result<Value> result = hashed ? Result<Value>(file_system_text(t, hashed)) : Result<Value>(raise_os_error(t, error));
  free(work);
  return result;
}

static constinit NativeDef crypt_functions[] = {
    native<crypt_crypt>("crypt($module, word, salt, /)",
                        "Return the encrypted form of a password.\n\nword is the password in clear. salt varies the algorithm, "
                        "so that equal\npasswords need not have equal hashes: two or 16 random characters, behind a\nprefix of "
                        "the form $digit$ where one selects the method."),
};
ModuleDef crypt_module = {
    .name = "_crypt", .functions = crypt_functions, .function_count = count_of(crypt_functions), .exec = crypt_exec};

}  // namespace baton
