// errno: the system's error numbers, and their names by number.
#include <cerrno>

#include "objects/dict.h"
#include "objects/module.h"

namespace baton {

static constexpr ModuleConstant errno_constants[] = {
#define ERRNO(name) {#name, name},
#include "modules/errno_names.def"
#undef ERRNO
};

static Result<void> errno_exec(Thread& thread, Module* module) {
  Dict* codes = TRY(make_dict(thread));
  for (const ModuleConstant& c : errno_constants)
    TRY(dict_set(thread, codes, Value::of_small_int(c.value), Value(intern(thread, c.name))));
  return module_set(thread, module, "errorcode", Value(codes));
}

constinit ModuleDef errno_module = {
    .name = "errno",
    .doc =
        "This module makes available standard errno system symbols.\n\nThe value of each symbol is the corresponding integer "
        "value,\ne.g., on most systems, errno.ENOENT equals the integer 2.\n\nThe dictionary errno.errorcode maps numeric codes "
        "to symbol names,\ne.g., errno.errorcode[2] could be the string 'ENOENT'.\n\nSymbols that are not relevant to the "
        "underlying system are not defined.\n\nTo map error codes to error messages, use the function os.strerror(),\ne.g. "
        "os.strerror(2) could return 'No such file or directory'.",
    .constants = errno_constants,
    .constant_count = sizeof(errno_constants) / sizeof(*errno_constants),
    .exec = errno_exec,
};

}  // namespace baton
