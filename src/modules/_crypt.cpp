// _crypt: crypt(3).
#include <crypt.h>

#include <cstdlib>
#include <cstring>

#include "modules/os_support.h"

namespace baton {

static Result<Value> crypt_crypt(Thread& t, Value word, Value salt) {
  for (int i = 0; i < 2; ++i) {
    Value v = i ? salt : word;
    if (!is<Str>(v)) return raise_type_error(t, "crypt() argument {} must be str, not {!t}", i + 1, v);
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
                        "Hash a *word* with the given *salt* and return the hashed password.\n\n*word* will usually be a user's "
                        "password.  *salt* (either a random 2 or 16\ncharacter string, possibly prefixed with $digit$ to "
                        "indicate the method)\nwill be used to perturb the "
                        "encryption algorithm and produce distinct\nresults for a given *word*."),
};
ModuleDef crypt_module = {.name = "_crypt", .functions = crypt_functions, .function_count = count_of(crypt_functions)};

}  // namespace baton
