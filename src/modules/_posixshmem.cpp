// _posixshmem: named shared memory.
#include <sys/mman.h>

#include "modules/os_support.h"

namespace baton {

static Result<int> posixshmem_shm_open(Thread& t, Str* path, int flags, int mode) {
  Bytes* name = TRY(file_system_bytes(t, Value(path)));
  i64 fd = TRY(retrying(t, [&] { return ::shm_open(c_text(name), flags, static_cast<mode_t>(mode)); }));
  if (fd < 0) return raise_os_error_with_path(t, errno, Value(path));
  return static_cast<int>(fd);
}
static Result<void> posixshmem_shm_unlink(Thread& t, Str* path) {
  Bytes* name = TRY(file_system_bytes(t, Value(path)));
  i64 r = TRY(retrying(t, [&] { return ::shm_unlink(c_text(name)); }));
  if (r < 0) return raise_os_error_with_path(t, errno, Value(path));
  return ok;
}
static constinit NativeDef posixshmem_functions[] = {
    native<posixshmem_shm_open>("shm_open($module, /, path, flags, mode=511)",
                                "Open the shared memory object path and return a file descriptor for it.\n\nflags and mode are "
                                "like those of os.open(); mode applies to a new object."),
    native<posixshmem_shm_unlink>("shm_unlink($module, /, path)",
                                  "Remove the name path of a shared memory object, as unlink() does for files.\n\nThe memory "
                                  "itself is given up, contents and all, once no process has it\nmapped any more."),
};
ModuleDef posixshmem_module = {.name = "_posixshmem",
                               .doc = "POSIX shared memory module",
                               .functions = posixshmem_functions,
                               .function_count = count_of(posixshmem_functions)};

}  // namespace baton
