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
        "Names for the error numbers of the operating system.\n\nEach name is an int constant: errno.EACCES, say, is 13 on most "
        "systems. Only\nnames that mean something on this system are there.\n\nThe dict errorcode goes the other way: "
        "errorcode[13] is then 'EACCES'. For a\nmessage to show to people, such as 'Permission denied', call os.strerror()\nwith "
        "the number.",
    .constants = errno_constants,
    .constant_count = sizeof(errno_constants) / sizeof(*errno_constants),
    .exec = errno_exec,
};

}  // namespace baton
