// Where compiled code is kept for a source whose __pycache__ can't be written: in the user's cache directory, in the same layout
// as below sys.pycache_prefix.
//
// importlib asks its function cache_from_source for the path, for reading and for writing. Where the library itself can't be
// written, that function is replaced by one that asks it and answers another path if there is no file at the usual one and none
// could be made. What an administrator compiled is thus used; where the directories can be written nothing is replaced.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "modules/cache_file.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/os_support.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

static Root<Value>* usual = nullptr;  // importlib's function

static std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Answers no only if that is certain: a directory that is not there at all is somebody else's problem.
static bool can_write(const std::string& pycache) {
  if (access(pycache.c_str(), W_OK) == 0) return true;
  if (errno == EACCES || errno == EROFS) return false;
  if (errno != ENOENT) return true;
  return access(directory_of(pycache).c_str(), W_OK) == 0 || (errno != EACCES && errno != EROFS);
}

static Result<Value> cache_from_source(Thread& t, Value path, Value debug_override, Value optimization) {
  Value args[3] = {path, debug_override, optimization};
  Tuple* names = TRY(tuple_of(t, Value(intern(t, "optimization"))));
  Value answer = TRY(call_values(t, usual->get(), args, 2, names));
  if (!is<Str>(answer)) return answer;
  Value prefix = dict_find_str(runtime.sys->dict(), intern(t, "pycache_prefix"));
  if (prefix.is_present() && !prefix.is_none()) return answer;
  std::string file(c_text(TRY(file_system_bytes(t, answer))));
  struct stat st;
  if (file.empty() || file[0] != '/' || stat(file.c_str(), &st) == 0) return answer;
  std::string pycache = directory_of(file), own = user_cache_directory();
  if (own.empty() || can_write(pycache)) return answer;
  return file_system_text(t, (own + "/pycache" + directory_of(pycache) + file.substr(pycache.size())).c_str());
}

static constinit NativeDef rows[] = {native<cache_from_source>(
    "cache_from_source(path, debug_override=None, *, optimization=None)",
    "Given the path to a .py file, return the path to its .pyc file.\n\nThe .py file does not need to exist; this simply returns "
    "the path to the\n.pyc file calculated as if the .py file were imported.")};

Result<void> install_cache_fallback(Thread& thread) {
  if (!config.pycache_prefix.empty() || access(config.stdlib_dir.c_str(), W_OK) == 0 || (errno != EACCES && errno != EROFS))
    return ok;
  Module* external = runtime.importlib_external.as<Module>();
  usual = new Root<Value>(TRY(get_attr_ascii(thread, Value(external), "cache_from_source")));
  return module_set(thread, external, "cache_from_source",
                    Value(TRY(make<NativeFunction>(thread, &rows[0], Value(), Value(intern(thread, "importlib.util"))))));
}

}  // namespace baton
