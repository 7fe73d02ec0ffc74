// The table of frozen modules, and their code: from the mapped file of images, or compiled from the source as it is now.
#include "modules/frozen.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile/code_image.h"
#include "compile/compiler.h"
#include "modules/config.h"
#include "objects/object.h"
#include "objects/str.h"
#include "threads/mutex.h"

namespace baton {

extern int default_optimize_level;

static constexpr FrozenModule kModules[] = {
    {"_frozen_importlib", "importlib/_bootstrap.py", "importlib._bootstrap", false, true},
    {"_frozen_importlib_external", "importlib/_bootstrap_external.py", "importlib._bootstrap_external", false, true},
    {"zipimport", "zipimport.py", "zipimport", false, true},
    {"abc", "abc.py", "abc", false, false},
    {"codecs", "codecs.py", "codecs", false, false},
    {"io", "io.py", "io", false, false},
    {"_collections_abc", "_collections_abc.py", "_collections_abc", false, false},
    {"_sitebuiltins", "_sitebuiltins.py", "_sitebuiltins", false, false},
    {"genericpath", "genericpath.py", "genericpath", false, false},
    {"ntpath", "ntpath.py", "ntpath", false, false},
    {"posixpath", "posixpath.py", "posixpath", false, false},
    {"os", "os.py", "os", false, false},
    {"site", "site.py", "site", false, false},
    {"stat", "stat.py", "stat", false, false},
    {"importlib.util", "importlib/util.py", "importlib.util", false, false},
    {"importlib.machinery", "importlib/machinery.py", "importlib.machinery", false, false},
    {"runpy", "runpy.py", "runpy", false, false},
    {"__hello__", "__hello__.py", "__hello__", false, false},
    {"__hello_alias__", "__hello__.py", "__hello__", false, false},
    {"__phello_alias__", "__hello__.py", "__hello__", true, false},
    {"__phello_alias__.spam", "__hello__.py", "__hello__", false, false},
    {"__phello__", "__phello__/__init__.py", "__phello__", true, false},
    {"__phello__.__init__", "__phello__/__init__.py", "<__phello__", false, false},
    {"__phello__.ham.__init__", "__phello__/ham/__init__.py", "<__phello__.ham", false, false},
    {"__phello__.spam", "__phello__/spam.py", "__phello__.spam", false, false},
    {"__phello__.ham", "__phello__/ham/__init__.py", "__phello__.ham", true, false},
    {"__phello__.ham.eggs", "__phello__/ham/eggs.py", "__phello__.ham.eggs", false, false},
    {"__hello_only__", "", nullptr, false, false, "initialized = True\nprint('Hello world!')\n"},
};
static constexpr usize kCount = sizeof kModules / sizeof *kModules;

static FrozenImage images[kCount];       // of this process's library; written under images_mutex
static std::string fresh_bytes[kCount];  // of those made by this process
static bool is_store_due = false;
static Mutex images_mutex;
static bool switched_on = true;
static int override_choice = 0;

usize frozen_module_count() { return kCount; }
const FrozenModule& frozen_module(usize number) { return kModules[number]; }
void override_frozen_modules(int choice) { override_choice = choice; }

const FrozenModule* find_frozen_module(std::string_view name) {
  bool on = override_choice ? override_choice > 0 : switched_on;
  for (const FrozenModule& module : kModules)
    if (name == module.name) return on || module.is_essential ? &module : nullptr;
  return nullptr;
}

void open_frozen_modules() {
  for (auto& [name, value] : config.xoptions)
    if (name == "frozen_modules") switched_on = value != "off";
  map_frozen_file(images, kCount);
}

static bool source_of(const FrozenModule& module, std::string& path, struct stat& st) {
  if (module.source) return false;
  path = config.stdlib_dir + "/" + module.path;
  return stat(path.c_str(), &st) == 0;
}
static i64 mtime_ns(const struct stat& st) { return i64{st.st_mtim.tv_sec} * 1000000000 + st.st_mtim.tv_nsec; }

static bool read_file(const std::string& path, std::string& text) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char buffer[65536];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<usize>(n));
  close(fd);
  return n == 0;
}

static Result<Code*> compile_module(Thread& thread, const FrozenModule& module, const std::string& path) {
  std::string source;
  if (module.source)
    source = module.source;
  else if (!read_file(path, source))
    return raise_os_error_with_path(thread, errno, Value(TRY(str_from_utf8(thread, path))));
  CompileOptions options;
  options.optimize = default_optimize_level;
  std::string_view name = module.original ? std::string_view(module.original) : module.name;
  if (name.starts_with('<')) name.remove_prefix(1);
  Str* filename = TRY(format_message(thread, "<frozen {}>", name));
  return compile_bytes(thread, source, filename, options);
}

Result<Code*> frozen_module_code(Thread& thread, const FrozenModule& module) {
  usize number = static_cast<usize>(&module - kModules);
  std::string path;
  struct stat st;
  bool exists = source_of(module, path, st);
  FrozenImage image;
  {
    Guard guard(images_mutex);
    image = images[number];
  }
  if (exists && !image.image.empty() && image.mtime_ns == mtime_ns(st) && image.source_size == static_cast<u64>(st.st_size)) {
    Result<Code*> code = read_code_image(thread, image.image, ImageBytes::Forever);
    if (!code.is_failed()) return code;
    thread.clear_pending();  // damaged: made again
  }
  Code* code = TRY(compile_module(thread, module, path));
  std::string bytes;
  if (!exists || !write_code_image(thread, code, bytes)) return code;
  Guard guard(images_mutex);
  if (!fresh_bytes[number].empty()) return code;
  fresh_bytes[number] = static_cast<std::string&&>(bytes);
  images[number] = {mtime_ns(st), static_cast<u64>(st.st_size), fresh_bytes[number]};
  is_store_due = true;
  return code;
}

void store_frozen_modules() {
  if (is_store_due && !config.dont_write_bytecode && !config.no_debug_ranges) write_frozen_file(images, kCount);
  is_store_due = false;
}

}  // namespace baton
