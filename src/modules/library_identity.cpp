// What modules of the unchanged library have to be told about the interpreter they run on.
//
// platform tells implementations apart by sys.version and knows IronPython, Jython and PyPy; all else is CPython to it. Programs
// ask platform.python_implementation() whether objects die with their last reference and whether extension modules can be built,
// and test suites which of CPython's internals they may look at. It looks into its cache first: the answer is put there.
#include "modules/library_identity.h"

#include <string>
#include <string_view>

#include "modules/config.h"
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/names.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {
namespace {

// Of "VERSION (BUILD, DATE, TIME) [COMPILER]".
struct VersionParts {
  std::string version, build, date, compiler;
};
bool take_apart(std::string_view text, VersionParts* parts) {
  auto take = [&text](std::string_view up_to, std::string* out) {
    usize end = text.find(up_to);
    if (end == text.npos) return false;
    *out = text.substr(0, end);
    text.remove_prefix(end + up_to.size());
    return true;
  };
  std::string time;
  if (!take(" (", &parts->version) || !take(", ", &parts->build) || !take(", ", &parts->date) || !take(") [", &time))
    return false;
  parts->date += " " + time;
  return take("]", &parts->compiler);
}

Result<void> tell_platform(Thread& t, Dict* globals) {
  Value cache = dict_find_str(globals, intern(t, "_sys_version_cache"));
  Value version = dict_find_str(runtime.sys->dict(), intern(t, "version"));
  VersionParts parts;
  if (!is_exact<Dict>(cache) || !is_exact<Str>(version) || !version.as<Str>()->is_ascii()) return ok;
  if (!take_apart(version.as<Str>()->ascii(), &parts)) return ok;
  auto text = [&t](std::string_view s) { return Value(intern(t, s)); };
  Value known(TRY(tuple_of(t, text("Baton"), text(parts.version), Value(names.empty), Value(names.empty), text(parts.build),
                           text(parts.date), text(parts.compiler))));
  return dict_set_str(t, cache.as<Dict>(), version.as<Str>(), known);
}

}  // namespace

Result<void> library_module_has_run(Thread& t, Code* code, Dict* globals) {
  constexpr std::string_view kPlatform = "/platform.py";
  Str* file = code->filename();
  if (!file->is_ascii() || !file->ascii().ends_with(kPlatform)) return ok;
  if (file->ascii() != config.stdlib_dir + std::string(kPlatform) || code->name()->ascii() != "<module>") return ok;
  return tell_platform(t, globals);
}

}  // namespace baton
