// Imports of built-in and frozen modules and of the library's own, by the steps that importlib takes, in its order and with the
// objects it makes: module lock, finders of sys.meta_path, spec, loader, module, sys.modules. Running importlib's Python for them
// is two thirds of what importing a small module costs, and a program imports dozens.
//
// Nobody can tell, for it is done only while importlib is as it was made: its functions, finders, loaders and ModuleSpec are
// looked at before each import (`watched`), and it isn't done for who traces, profiles, audits or asks for -v. A finder, a loader
// or a path entry that isn't importlib's own is asked as importlib would ask it; and a module that isn't of the library is loaded
// by importlib, so that its code finds the frames above it that it expects.
#include "modules/quick_import.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <string>

#include "interp/interp.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/io_writers.h"
#include "modules/library_identity.h"
#include "modules/modules.h"
#include "objects/audit.h"
#include "objects/dict_near.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/mappingproxy.h"
#include "objects/numbers.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"
#include "threads/relaxed.h"

namespace baton {
namespace {

// Interned names that are used here only.
enum Name : u8 {
  kCached,
  kCachedField,
  kFileCache,
  kFileLoaders,
  kFileMtime,
  kFillCache,
  kGetSpec,
  kLoader,
  kLoaderState,
  kLocations,
  kOrigin,
  kSetFileAttribute,
  kUninitialized,
  kAcquire,
  kRelease,
  kExecModule,
  kImporterCache,
  kMetaPath,
  kPathImporterCache,
  kPycachePrefix,
  kImplementation,
  kCacheTag,
  kStdlibDir,
  kFilename,
  kOriginalName,
  kNameCount,
};
constexpr const char* kNames[kNameCount] = {"__cached__",
                                            "_cached",
                                            "_path_cache",
                                            "_loaders",
                                            "_path_mtime",
                                            "_fill_cache",
                                            "_get_spec",
                                            "loader",
                                            "loader_state",
                                            "submodule_search_locations",
                                            "origin",
                                            "_set_fileattr",
                                            "_uninitialized_submodules",
                                            "acquire",
                                            "release",
                                            "exec_module",
                                            "_path_importer_cache",
                                            "meta_path",
                                            "path_importer_cache",
                                            "pycache_prefix",
                                            "implementation",
                                            "cache_tag",
                                            "_stdlib_dir",
                                            "filename",
                                            "origname"};

// Of importlib._bootstrap and importlib._bootstrap_external: what the steps below stand for.
constexpr const char* kBootstrap[] = {"_find_and_load",
                                      "_find_and_load_unlocked",
                                      "_find_spec",
                                      "_load_unlocked",
                                      "_ImportLockContext",
                                      "_ModuleLockManager",
                                      "_call_with_frames_removed",
                                      "_get_module_lock",
                                      "_imp",
                                      "_init_module_attrs",
                                      "_new_module",
                                      "module_from_spec",
                                      "spec_from_loader",
                                      "sys"};
constexpr const char* kExternal[] = {"_bootstrap",
                                     "_get_cached",
                                     "_os",
                                     "_path_isabs",
                                     "_path_isdir",
                                     "_path_isfile",
                                     "_path_join",
                                     "_path_split",
                                     "_path_stat",
                                     "_relax_case",
                                     "_path_is_mode_type",
                                     "cache_from_source",
                                     "sys",
                                     "spec_from_file_location"};

struct Watched {
  Dict* dict;  // kept alive by `kept`, as are all below
  Str* name;
  Value value;
  u64 version;  // of a Python function or a class
  Relaxed<u32> place;
};
constexpr usize kMostWatched = 40;

struct Parts {
  Watched watched[kMostWatched];
  usize count = 0;
  Str* names[kNameCount];
  Type *spec, *builtin_importer, *frozen_importer, *path_finder, *file_finder, *source_loader;
  bool is_cache_usual;  // cache_from_source is importlib's own
  RootVector kept;
};
Parts* parts = nullptr;  // never changed once it is there

Str* name_of(Name n) { return parts->names[n]; }

u64 version_of(Value v) {
  if (is<Function>(v)) return v.as<Function>()->version_;
  return is<Type>(v) ? v.as<Type>()->version() : 0;
}
bool is_as_made() {
  for (usize i = 0; i < parts->count; ++i) {
    Watched& w = parts->watched[i];
    if (dict_find_str_near(w.dict, w.name, w.place) != w.value || version_of(w.value) != w.version) return false;
  }
  return true;
}

Value sys_value(Str* name) { return dict_find_str(runtime.sys->dict(), name); }
// sys.modules, usually a dict; whatever else a program has put there is asked by the protocols.
Result<Value> sys_modules(Thread& t) {
  Value modules = sys_value(names.modules);
  if (modules.is_absent()) return raise_runtime_error(t, "unable to get sys.modules");
  return modules;
}
Result<Value> loaded_module(Thread& t, Value name) {
  Value modules = TRY(sys_modules(t));
  if (is_exact<Dict>(modules)) return dict_find(t, modules.as<Dict>(), name);
  return TRY(contains(t, modules, name)) ? TRY(get_item(t, modules, name)) : kNotFound;
}
Result<Value> pop_module(Thread& t, Value name) {
  Value modules = TRY(sys_modules(t));
  if (!is_exact<Dict>(modules)) return call_method(t, modules, intern(t, "pop"), name);
  Value module = TRY(dict_pop(t, modules.as<Dict>(), name));
  if (module == kNotFound) return raise_key_error(t, name);
  return module;
}

Value text_or_absent(Value v) { return is_exact<Str>(v) && v.as<Str>()->is_ascii() ? v : Value(); }

// --------------------------------------------------------------------------------------------------------------------- specs

Result<Value> make_spec(Thread& t, Str* name, Value loader, Value origin, Value state, Value locations, bool is_file) {
  Value spec = TRY(object_new_instance(t, parts->spec));
  Cell* cell = spec.cell();
  TRY(instance_set(t, cell, names.name, Value(name)));
  TRY(instance_set(t, cell, name_of(kLoader), loader));
  TRY(instance_set(t, cell, name_of(kOrigin), origin));
  TRY(instance_set(t, cell, name_of(kLoaderState), state));
  TRY(instance_set(t, cell, name_of(kLocations), locations));
  TRY(instance_set(t, cell, name_of(kUninitialized), Value(TRY(make_list(t)))));
  TRY(instance_set(t, cell, name_of(kSetFileAttribute), Value::of_bool(is_file)));
  TRY(instance_set(t, cell, name_of(kCachedField), kNone));
  return spec;
}

enum class Origin : u8 { None, BuiltIn, Frozen, Library, Other };
struct Found {
  Origin origin = Origin::None;
  Value spec;
  ModuleDef* def = nullptr;              // BuiltIn
  const FrozenModule* frozen = nullptr;  // Frozen
  Value loader, file, locations;         // Library
  struct stat st;                        // of the file
};

Result<void> find_builtin(Thread& t, Str* name, Value path, Found* found) {
  if (!path.is_none()) return ok;
  ModuleDef* def = find_builtin_module(name->ascii());
  if (!def) return ok;
  Value origin(intern(t, "built-in"));
  found->spec = TRY(make_spec(t, name, Value(parts->builtin_importer), origin, kNone, kNone, false));
  found->def = def;
  found->origin =
      def->name == name->ascii() && name->ascii() != "sys" && name->ascii() != "builtins" ? Origin::BuiltIn : Origin::Other;
  return ok;
}

// False: something about it is unusual, importlib shall answer.
Result<bool> find_frozen(Thread& t, Str* name, Found* found) {
  const FrozenModule* module = find_frozen_module(name->ascii());
  if (!module) return true;
  Value directory = text_or_absent(sys_value(name_of(kStdlibDir)));
  if (!module->original || name->ascii() != module->original || module->is_package || directory.is_absent()) return false;
  std::string file(directory.as<Str>()->ascii());
  if (file.empty()) return false;
  file += '/';
  for (char c : name->ascii()) file += c == '.' ? '/' : c;
  file += ".py";
  Dict* state = TRY(make_dict(t));
  found->file = Value(TRY(str_from_ascii(t, file)));
  TRY(dict_set_str(t, state, name_of(kFilename), found->file));
  TRY(dict_set_str(t, state, name_of(kOriginalName), Value(intern(t, module->original))));
  Value origin(intern(t, "frozen"));
  found->spec =
      TRY(make_spec(t, name, Value(parts->frozen_importer), origin, TRY(make_simple_namespace(t, state)), kNone, false));
  found->frozen = module;
  found->origin = Origin::Frozen;
  return true;
}

// importlib._bootstrap_external._path_join: parts lose the separators at their ends, empty ones don't count.
std::string join(std::string_view directory, std::string_view file) {
  bool is_empty = directory.empty();
  while (directory.ends_with('/')) directory.remove_suffix(1);
  std::string path(directory);
  if (!is_empty) path += '/';
  return path.append(file);
}

// FileFinder._get_spec.
Result<void> found_file(Thread& t, Value finder, Value loader_class, Str* name, const std::string& path, Value locations,
                        const struct stat& st, Found* found) {
  Value file(TRY(str_from_ascii(t, path)));
  if (loader_class != Value(parts->source_loader)) {
    Value get_spec = TRY(get_attr(t, finder, name_of(kGetSpec)));
    Value args[5] = {loader_class, Value(name), file, locations, kNone};
    found->spec = TRY(call_values(t, get_spec, args, 5));
    found->origin = Origin::Other;
    return ok;
  }
  Value loader = TRY(object_new_instance(t, parts->source_loader));
  TRY(instance_set(t, loader.cell(), names.name, Value(name)));
  TRY(instance_set(t, loader.cell(), names.path, file));
  found->spec = TRY(make_spec(t, name, loader, file, kNone, locations, true));
  found->loader = loader;
  found->file = file;
  found->locations = locations;
  found->st = st;
  found->origin = is_library_source(path) ? Origin::Library : Origin::Other;
  return ok;
}

enum class Answer : u8 { No, Yes, Unusual };  // Unusual: importlib shall answer

// How often each finder (a hint: slots are shared) has said no without having listed its directory.
struct Denials {
  Relaxed<Cell*> finder;
  Relaxed<u32> count;
};
constexpr usize kDenialSlots = 32;
constexpr u32 kMostDenials = 12;
Denials denials[kDenialSlots];

bool may_deny(Cell* finder) {
  Denials& d = denials[(reinterpret_cast<usize>(finder) >> 5) % kDenialSlots];
  if (d.finder.get() != finder) {
    d.finder = finder;
    d.count = 0;
  }
  u32 count = d.count;
  d.count = count + 1;
  return count < kMostDenials;
}

// A FileFinder that is asked for a module.
class FileSearch {
 public:
  FileSearch(Thread& t, Value finder, Str* name) : thread_(t), finder_(finder), name_(name) {}

  // FileFinder.find_spec, of a directory that isn't part of a namespace package.
  Result<Answer> run(Found* found) {
    Cell* cell = finder_.cell();
    Value path = text_or_absent(instance_find(cell, names.path)), loaders = instance_find(cell, name_of(kFileLoaders));
    if (path.is_absent() || !path.as<Str>()->ascii().starts_with('/') || !loaders.is_present() || !is_exact<List>(loaders) ||
        instance_find(cell, names.find_spec).is_present() || instance_find(cell, name_of(kFillCache)).is_present() ||
        instance_find(cell, name_of(kGetSpec)).is_present())
      return Answer::Unusual;
    loaders_ = loaders.as<List>();
    directory_ = path.as<Str>()->ascii();
    tail_ = name_->ascii();
    if (usize dot = tail_.rfind('.'); dot != tail_.npos) tail_ = tail_.substr(dot + 1);
    base_ = join(directory_, tail_);
    double mtime = -1;
    if (status_of(directory_)) mtime = static_cast<double>(st_.st_mtim.tv_sec) + 1e-9 * static_cast<double>(st_.st_mtim.tv_nsec);
    Value known = instance_find(cell, name_of(kFileMtime));
    bool is_unlisted = known.is_present() && known.is_small_int() && known.small_int() == -1;
    if (is_unlisted && mtime >= 0) {
      Answer answer = TRY(run_unlisted(found));
      if (answer != Answer::Unusual) return answer;
    }
    bool is_fresh = is_unlisted ? mtime < 0 : known.is_present() && is_exact_float(known) && float_value(known) == mtime;
    if (!is_fresh) {
      TRY(call_method(thread_, finder_, name_of(kFillCache)));
      TRY(instance_set(thread_, cell, name_of(kFileMtime),
                       mtime < 0 ? Value::of_small_int(-1) : TRY(make_float(thread_, mtime))));
    }
    Value cache = instance_find(cell, name_of(kFileCache));
    if (cache.is_absent() || !is_exact<Set>(cache)) return Answer::Unusual;
    return run_listed(cache.as<Set>(), found);
  }

 private:
  bool status_of(const std::string& file) {
    auto look = [&] { return blocking(thread_, [&] { return stat(file.c_str(), &st_); }) == 0; };
    return look() && (!status_may_change(thread_, st_) || look());
  }
  bool is_file(const std::string& file) { return status_of(file) && S_ISREG(st_.st_mode); }

  bool loader_at(Index i, std::string_view* suffix, Value* loader_class) const {
    Value pair = loaders_->try_at(i);
    if (!is_exact<Tuple>(pair) || pair.as<Tuple>()->length() != 2) return false;
    Value text = text_or_absent(pair.as<Tuple>()->at(0));
    if (text.is_absent()) return false;
    *suffix = text.as<Str>()->ascii();
    *loader_class = pair.as<Tuple>()->at(1);
    return true;
  }

  Result<Answer> found_package(Value loader_class, const std::string& file, Found* found) {
    Value locations(TRY(str_from_ascii(thread_, base_)));
    locations = Value(TRY(make_list(thread_, &locations, 1)));
    TRY(found_file(thread_, finder_, loader_class, name_, file, locations, st_, found));
    return Answer::Yes;
  }

  // Listing a directory costs more than a few looks for the names themselves. They decide where nothing is there by any of them,
  // or by the first that counts what the library's file knows by just that name, upper and lower case included; else the list
  // does.
  Result<Answer> run_unlisted(Found* found) {
    std::string_view suffix;
    Value loader_class;
    if (status_of(base_)) {
      if (!loader_at(0, &suffix, &loader_class)) return Answer::Unusual;
      std::string file = join(base_, "__init__");
      file += suffix;
      if (!library_file_has(file) || !is_file(file)) return Answer::Unusual;
      return found_package(loader_class, file, found);
    }
    for (Index i = 0; i < loaders_->length(); ++i) {
      if (!loader_at(i, &suffix, &loader_class)) return Answer::Unusual;
      std::string file = base_;
      file += suffix;
      if (!status_of(file)) continue;
      if (!library_file_has(file) || !S_ISREG(st_.st_mode)) return Answer::Unusual;
      TRY(found_file(thread_, finder_, loader_class, name_, file, kNone, st_, found));
      return Answer::Yes;
    }
    return may_deny(finder_.cell()) ? Answer::No : Answer::Unusual;
  }

  Result<Answer> run_listed(Set* cache, Found* found) {
    auto is_listed = [&](std::string_view file) -> Result<bool> {
      return set_contains_key(thread_, cache, Value(TRY(str_from_ascii(thread_, file))));
    };
    std::string_view suffix;
    Value loader_class;
    if (TRY(is_listed(tail_))) {
      for (Index i = 0; i < loaders_->length(); ++i) {
        if (!loader_at(i, &suffix, &loader_class)) return Answer::Unusual;
        std::string file = join(base_, "__init__");
        file += suffix;
        if (is_file(file)) return found_package(loader_class, file, found);
      }
      if (status_of(base_) && S_ISDIR(st_.st_mode)) return Answer::Unusual;
    }
    for (Index i = 0; i < loaders_->length(); ++i) {
      if (!loader_at(i, &suffix, &loader_class)) return Answer::Unusual;
      std::string file(tail_);
      file += suffix;
      if (!TRY(is_listed(file))) continue;
      file = join(directory_, file);
      if (!is_file(file)) continue;
      TRY(found_file(thread_, finder_, loader_class, name_, file, kNone, st_, found));
      return Answer::Yes;
    }
    return Answer::No;
  }

  Thread& thread_;
  Value finder_;
  Str* name_;
  List* loaders_ = nullptr;
  std::string directory_, base_;
  std::string_view tail_;
  struct stat st_;
};

// The finder of an entry of sys.path or of a package's __path__; None: it has none.
Result<Value> finder_of(Thread& t, Str* entry) {
  Value cache = sys_value(name_of(kPathImporterCache));
  if (cache.is_present() && is_exact<Dict>(cache)) {
    Value key(entry);
    char directory[PATH_MAX];
    bool is_plain = true;
    if (entry->length() == 0) {
      std::string_view here = getcwd(directory, sizeof directory) ? std::string_view(directory) : std::string_view();
      for (char c : here) is_plain = is_plain && static_cast<signed char>(c) > 0;
      is_plain = is_plain && !here.empty();
      if (is_plain) key = Value(TRY(str_from_ascii(t, here)));
    }
    if (is_plain) {
      Value finder = TRY(dict_find(t, cache.as<Dict>(), key));
      if (finder != kNotFound) return finder;
    }
  }
  return call_method(t, Value(parts->path_finder), name_of(kImporterCache), Value(entry));
}

// PathFinder.find_spec.
Result<Answer> ask_path_finder(Thread& t, Str* name, Value path, Found* found) {
  if (path.is_none()) path = sys_value(names.path);
  if (path.is_absent() || !is_exact<List>(path)) return Answer::Unusual;
  for (Index i = 0;; ++i) {
    Value entry = path.as<List>()->try_at(i);
    if (entry.is_absent()) return Answer::No;
    if (!is<Str>(entry)) continue;
    if (!is_exact<Str>(entry)) return Answer::Unusual;
    Value finder = TRY(finder_of(t, entry.as<Str>()));
    if (finder.is_none()) continue;
    Answer answer = Answer::Unusual;
    if (type_of(finder) == parts->file_finder) answer = TRY(FileSearch(t, finder, name).run(found));
    if (answer == Answer::Yes && found->origin == Origin::Other && found->spec.is_none()) answer = Answer::No;
    if (answer != Answer::No) return answer;
  }
}

// Asks one finder of sys.meta_path. found->spec stays absent: it doesn't know the module.
Result<void> ask(Thread& t, Value finder, Str* name, Value path, Found* found) {
  if (finder == Value(parts->builtin_importer)) return find_builtin(t, name, path, found);
  if (finder == Value(parts->frozen_importer) && TRY(find_frozen(t, name, found))) return ok;
  if (finder == Value(parts->path_finder) && TRY(ask_path_finder(t, name, path, found)) != Answer::Unusual) return ok;
  Value find_spec = TRY(find_attr(t, finder, names.find_spec)), spec;
  if (find_spec == kNotFound)
    spec = TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_find_spec_legacy")), finder, Value(name), path));
  else
    spec = TRY(call(t, find_spec, Value(name), path, kNone));
  if (spec.is_none()) return ok;
  found->spec = spec;
  found->origin = Origin::Other;
  return ok;
}

// _find_spec.
Result<void> find_spec(Thread& t, Str* name, Value path, Found* found) {
  Value finders = sys_value(name_of(kMetaPath));
  for (Index i = 0; is_exact<List>(finders); ++i) {
    Value finder = finders.as<List>()->try_at(i);
    if (finder.is_absent()) return ok;
    TRY(acquire_import_lock(t));
    Result<void> asked = ask(t, finder, name, path, found);
    Exception* failure = asked.is_failed() ? t.take_pending() : nullptr;
    TRY(release_import_lock(t));
    if (failure) {
      t.set_pending(failure);
      return failed;
    }
    if (found->spec.is_absent()) continue;
    Value there = TRY(loaded_module(t, Value(name)));  // imported by the finder: that module's spec counts
    if (there == kNotFound) return ok;
    Value spec = TRY(find_attr(t, there, names.dunder_spec));
    if (spec != kNotFound && !spec.is_none()) found->spec = spec;
    found->origin = Origin::Other;
    return ok;
  }
  return ok;
}

// -------------------------------------------------------------------------------------------------------------------- loading

// ModuleSpec.cached, of a source file.
Result<Value> cached_path(Thread& t, Value file) {
  Value prefix = sys_value(name_of(kPycachePrefix)), implementation = sys_value(name_of(kImplementation)), tag;
  if (implementation.is_present() && is_exact<SimpleNamespace>(implementation))
    tag = instance_find(implementation.cell(), name_of(kCacheTag));
  std::string_view path = file.as<Str>()->ascii();
  usize slash = path.rfind('/');
  bool is_usual = parts->is_cache_usual && prefix.is_present() && prefix.is_none() && tag.is_present() && config.optimize == 0 &&
                  text_or_absent(tag).is_present() && path.ends_with(".py") && slash != path.npos && slash + 4 < path.size();
  if (!is_usual) return call(t, TRY(get_attr_ascii(t, runtime.importlib_external, "_get_cached")), file);
  std::string name(path.substr(slash + 1));
  name.resize(name.size() - 2);
  name.append(tag.as<Str>()->ascii()).append(".pyc");
  return str_from_ascii(t, join(join(path.substr(0, slash), "__pycache__"), name));
}

// module_from_spec.
Result<Value> make_from_spec(Thread& t, Str* name, const Found& found) {
  Value parent = kNone;
  usize dot = name->ascii().rfind('.');
  if (found.origin == Origin::Library && !found.locations.is_none())
    parent = Value(name);
  else
    parent = Value(TRY(str_from_ascii(t, dot == std::string_view::npos ? std::string_view() : name->ascii().substr(0, dot))));
  if (found.origin == Origin::BuiltIn) {
    Module* module = TRY(module_from_def(t, *found.def));
    auto set_if_none = [&](Str* key, Value v) -> Result<void> {
      Value known = dict_find_str(module->dict(), key);
      return known.is_present() && !known.is_none() ? Result<void>(ok) : dict_set_str(t, module->dict(), key, v);
    };
    TRY(set_if_none(names.dunder_name, Value(name)));
    TRY(set_if_none(names.dunder_loader, Value(parts->builtin_importer)));
    TRY(set_if_none(names.dunder_package, parent));
    TRY(dict_set_str(t, module->dict(), names.dunder_spec, found.spec));
    return Value(module);
  }
  Module* module = TRY(make_module(t, name));
  Dict* dict = module->dict();
  if (found.origin == Origin::Frozen) TRY(dict_set_str(t, dict, names.dunder_file, found.file));
  Value loader = found.origin == Origin::Frozen ? Value(parts->frozen_importer) : found.loader;
  TRY(dict_set_str(t, dict, names.dunder_loader, loader));
  TRY(dict_set_str(t, dict, names.dunder_package, parent));
  TRY(dict_set_str(t, dict, names.dunder_spec, found.spec));
  if (found.origin == Origin::Frozen) return Value(module);
  if (!found.locations.is_none()) TRY(dict_set_str(t, dict, names.dunder_path, found.locations));
  TRY(dict_set_str(t, dict, names.dunder_file, found.file));
  Value cached = TRY(cached_path(t, found.file));
  TRY(instance_set(t, found.spec.cell(), name_of(kCachedField), cached));
  if (!cached.is_none()) TRY(dict_set_str(t, dict, name_of(kCached), cached));
  return Value(module);
}

// The loader's exec_module.
Result<void> run_module(Thread& t, Module* module, const Found& found) {
  if (found.origin == Origin::BuiltIn) return ok;
  Value code;
  if (found.origin == Origin::Frozen)
    code = Value(TRY(frozen_module_code(t, *found.frozen)));
  else
    code = TRY(library_file_code(t, found.file.as<Str>()->ascii(), found.st));
  if (code == kNotFound) {
    TRY(call_method(t, found.loader, name_of(kExecModule), Value(module)));
    return ok;
  }
  Dict* dict = module->dict();
  TRY(dict_set_str(t, dict, names.dunder_builtins, Value(runtime.builtins->dict())));
  TRY(run_code_once(t, code.as<Code>(), dict, Value(dict)));
  return library_module_has_run(t, code.as<Code>(), dict);
}

// What _load_unlocked does between the marks that the module is being initialised.
Result<Value> enter_module(Thread& t, Str* name, Module* module, const Found& found) {
  TRY(set_item(t, TRY(sys_modules(t)), Value(name), Value(module)));
  if (run_module(t, module, found).is_failed()) {
    Exception* failure = t.take_pending();
    Result<Value> popped = pop_module(t, Value(name));
    if (popped.is_failed() && !clear_pending_if(t, exceptions.KeyError)) return failed;
    t.set_pending(failure);
    return failed;
  }
  // To the end of sys.modules; and it may have put another one in its place.
  Value entered = TRY(pop_module(t, Value(name)));
  TRY(set_item(t, TRY(sys_modules(t)), Value(name), entered));
  return entered;
}

// _load_unlocked.
Result<Value> load(Thread& t, Str* name, const Found& found) {
  if (found.origin == Origin::Other) return call(t, TRY(get_attr_ascii(t, runtime.importlib, "_load_unlocked")), found.spec);
  Value module = TRY(make_from_spec(t, name, found));
  TRY(set_attr(t, found.spec, names.initializing, kTrue));
  Result<Value> entered = enter_module(t, name, module.as<Module>(), found);
  Exception* failure = entered.is_failed() ? t.take_pending() : nullptr;
  TRY(set_attr(t, found.spec, names.initializing, kFalse));
  if (!failure) return entered;
  t.set_pending(failure);
  return failed;
}

// _find_and_load_unlocked.
Result<Value> find_and_load(Thread& t, Str* name) {
  std::string_view text = name->ascii();
  usize dot = text.rfind('.');
  Value path = kNone, parent, parent_spec = kNone, child;
  if (dot != text.npos) {
    parent = Value(TRY(str_from_ascii(t, text.substr(0, dot))));
    if (TRY(loaded_module(t, parent)) == kNotFound) TRY(call(t, runtime.import_function, parent));
    Value there = TRY(loaded_module(t, Value(name)));
    if (there != kNotFound) return there;
    Value parent_module = TRY(get_item(t, TRY(sys_modules(t)), parent));
    path = TRY(find_attr(t, parent_module, names.dunder_path));
    if (path == kNotFound)  // importlib has the words for it
      return call(t, TRY(get_attr_ascii(t, runtime.importlib, "_find_and_load_unlocked")), Value(name), runtime.import_function);
    parent_spec = TRY(get_attr(t, parent_module, names.dunder_spec));
    child = Value(intern(t, text.substr(dot + 1)));
  }
  Found found;
  TRY(find_spec(t, name, path, &found));
  if (found.spec.is_absent()) {
    Value message(TRY(format_message(t, "No module named {!r}", Value(name))));
    return raise_import_error(t, exceptions.ModuleNotFoundError, message, Value(name), kNone);
  }
  bool is_counted = !parent_spec.is_none() && TRY(truth(t, parent_spec));
  if (is_counted) TRY(call_method(t, TRY(get_attr(t, parent_spec, name_of(kUninitialized))), names.append, child));
  Result<Value> loaded = load(t, name, found);
  if (is_counted) {
    Exception* failure = loaded.is_failed() ? t.take_pending() : nullptr;
    TRY(call_method(t, TRY(get_attr(t, parent_spec, name_of(kUninitialized))), intern(t, "pop")));
    if (failure) t.set_pending(failure);
  }
  Value module = TRY(loaded);
  if (parent.is_absent()) return module;
  Value parent_module = TRY(get_item(t, TRY(sys_modules(t)), parent));
  if (set_attr(t, parent_module, child.as<Str>(), module).is_failed()) {
    if (!clear_pending_if(t, exceptions.AttributeError)) return failed;
    Str* message = TRY(format_message(t, "Cannot set an attribute on {!r} for child module {!r}", parent, child));
    Value warnings = TRY(get_attr_ascii(t, runtime.importlib, "_warnings"));
    TRY(call(t, TRY(get_attr_ascii(t, warnings, "warn")), Value(message), Value(exceptions.ImportWarning)));
  }
  return module;
}

}  // namespace

Result<void> install_quick_import(Thread& t) {
  auto* made = new Parts;
  for (usize i = 0; i < kNameCount; ++i) {
    made->names[i] = intern(t, kNames[i]);
    made->kept.push(Value(made->names[i]));
  }
  bool is_complete = true;
  auto watch = [&](Value module, const char* attribute) {
    Watched& w = made->watched[made->count++];
    w.dict = module.as<Module>()->dict();
    w.name = intern(t, attribute);
    w.value = dict_find_str(w.dict, w.name);
    is_complete = is_complete && w.value.is_present();
    w.version = version_of(w.value);
    for (Value v : {Value(w.dict), Value(w.name), w.value}) made->kept.push(v);
    return w.value;
  };
  auto watch_type = [&](Value module, const char* attribute) -> Type* {
    Value v = watch(module, attribute);
    is_complete = is_complete && v.is_present() && is<Type>(v);
    return is_complete ? v.as<Type>() : nullptr;
  };
  static_assert(sizeof kBootstrap / sizeof *kBootstrap + sizeof kExternal / sizeof *kExternal + 6 <= kMostWatched);
  for (const char* attribute : kBootstrap) watch(runtime.importlib, attribute);
  for (const char* attribute : kExternal) watch(runtime.importlib_external, attribute);
  made->spec = watch_type(runtime.importlib, "ModuleSpec");
  made->builtin_importer = watch_type(runtime.importlib, "BuiltinImporter");
  made->frozen_importer = watch_type(runtime.importlib, "FrozenImporter");
  made->path_finder = watch_type(runtime.importlib_external, "PathFinder");
  made->file_finder = watch_type(runtime.importlib_external, "FileFinder");
  made->source_loader = watch_type(runtime.importlib_external, "SourceFileLoader");
  Value cache = dict_find_str(runtime.importlib_external.as<Module>()->dict(), intern(t, "cache_from_source"));
  made->is_cache_usual = cache.is_present() && is<Function>(cache);
  if (is_complete)
    parts = made;
  else
    delete made;  // another importlib than the one this was written for
  return ok;
}

bool can_import_quickly(Thread& t, Value name) {
  if (!parts || has_audit_hooks || config.verbose || t.trace_function_.is_present() || t.profile_function_.is_present() ||
      t.profile_hook_ || !is_exact<Str>(name) || !name.as<Str>()->is_ascii())
    return false;
  std::string_view text = name.as<Str>()->ascii();
  // Names with empty parts are errors, which importlib reports.
  if (text.empty() || text.starts_with('.') || text.ends_with('.') || text.find("..") != text.npos) return false;
  if (sys_value(names.modules) != Value(runtime.modules)) return false;
  Value finders = sys_value(name_of(kMetaPath));
  return text.find('\0') == text.npos && finders.is_present() && is_exact<List>(finders) && finders.as<List>()->length() > 0 &&
         is_as_made();
}

// _find_and_load.
Result<Value> import_quickly(Thread& t, Str* name) {
  Value lock = TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_get_module_lock")), Value(name)));
  TRY(call_method(t, lock, name_of(kAcquire)));
  Result<Value> found = loaded_module(t, Value(name));  // by another thread meanwhile?
  bool is_new = !found.is_failed() && found.value() == kNotFound;
  if (is_new) found = find_and_load(t, name);
  Exception* failure = found.is_failed() ? t.take_pending() : nullptr;
  TRY(call_method(t, lock, name_of(kRelease)));
  if (failure) {
    t.set_pending(failure);
    return failed;
  }
  if (is_new) return found;
  return call(t, TRY(get_attr_ascii(t, runtime.importlib, "_find_and_load")), Value(name), runtime.import_function);
}

}  // namespace baton
