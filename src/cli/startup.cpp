// Start-up: the pure-Python import system from the installed library, standard streams, site.
#include "cli/startup.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "interp/interp.h"
#include "modules/frozen.h"
#include "modules/modules.h"
#include "modules/quick_import.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "threads/mutator.h"

namespace baton {

extern int default_optimize_level;

// Runs importlib's core before there is an import system. It finds its __origname__ and makes its own spec of it.
static Result<Module*> run_importlib(Thread& t) {
  const FrozenModule* frozen = find_frozen_module("_frozen_importlib");
  Code* code = TRY(frozen_module_code(t, *frozen));
  Str* module_name = intern(t, frozen->name);
  Module* module = TRY(make_module(t, module_name));
  TRY(module_set(t, module, "__builtins__", Value(runtime.builtins->dict())));
  TRY(module_set(t, module, "__origname__", Value(intern(t, frozen->original))));
  TRY(dict_set(t, runtime.modules, Value(module_name), Value(module)));
  TRY(run_code_once(t, code, module->dict(), Value(module->dict())));
  return module;
}

static Result<void> make_core_modules(Thread& t) {
  runtime.modules = TRY(make_dict(t, 200));
  // sys.exec needs builtins' dict for __import__'s sake; functions made before it exists fall back to it lazily.
  runtime.builtins = TRY(module_from_def(t, *find_builtin_module("builtins")));
  runtime.sys = TRY(module_from_def(t, *find_builtin_module("sys")));
  TRY(dict_set_ascii(t, runtime.modules, "builtins", Value(runtime.builtins)));
  TRY(dict_set_ascii(t, runtime.modules, "sys", Value(runtime.sys)));
  runtime.import_function = dict_find_str(runtime.builtins->dict(), names.dunder_import);
  return ok;
}

static Result<void> start_importlib(Thread& t) {
  Module* bootstrap = TRY(run_importlib(t));
  runtime.importlib = Value(bootstrap);
  Module* imp = TRY(module_from_def(t, *find_builtin_module("_imp")));
  TRY(dict_set_ascii(t, runtime.modules, "_imp", Value(imp)));
  TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_install")), Value(runtime.sys), Value(imp)));
  TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_install_external_importers"))));
  runtime.importlib_external = TRY(import_module(t, "_frozen_importlib_external"));
  TRY(install_cache_fallback(t));
  TRY(install_library_images(t));
  TRY(install_quick_import(t));
  Value zipimport = TRY(import_module(t, "zipimport"));
  Value hooks = dict_find_str(runtime.sys->dict(), names.path_hooks);
  TRY(list_insert_at(t, hooks.as<List>(), 0, TRY(get_attr_ascii(t, zipimport, "zipimporter"))));
  return ok;
}

// The standard streams and what they are made of.
static RootVector* standard_streams = nullptr;
RootVector& standard_stream_parts() { return *standard_streams; }

static Result<Value> open_stream(Thread& t, int fd, const char* name, bool writing) {
  struct stat st;
  if (fstat(fd, &st) != 0) return kNone;  // closed: sys.std* is None
  Value io = TRY(import_module(t, "io"));
  Value args[8] = {Value::of_small_int(fd),
                   Value(intern(t, writing ? "wb" : "rb")),
                   Value::of_small_int(config.unbuffered && writing ? 0 : -1),
                   kNone,
                   kNone,
                   kNone,
                   kFalse};
  Tuple* no_names = nullptr;
  Value raw_or_buffer = TRY(call_values(t, TRY(get_attr_ascii(t, io, "open")), args, 7, no_names));
  bool raw_write = config.unbuffered && writing;
  Value raw = raw_write ? raw_or_buffer : TRY(get_attr_ascii(t, raw_or_buffer, "raw"));
  std::string shown = std::string("<") + name + ">";
  TRY(set_attr(t, raw, names.name, Value(intern(t, shown))));
  std::string encoding = config.stdio_encoding, errors = config.stdio_errors;
  bool usual = encoding == "utf-8" || encoding == "ascii";
  if (!config.io_encoding.empty()) {
    usize colon = config.io_encoding.find(':');
    std::string e = config.io_encoding.substr(0, colon);
    if (!e.empty()) {
      encoding = e;
      usual = false;
    }
    if (colon != std::string::npos && colon + 1 < config.io_encoding.size())
      errors = config.io_encoding.substr(colon + 1);
    else if (!e.empty())
      errors = "strict";
  }
  if (fd == 2) errors = "backslashreplace";
  Value shown_encoding(TRY(str_from_utf8(t, encoding)));
  if (!usual) {  // under its codec's own name
    Tuple* codec = TRY(codec_lookup(t, shown_encoding.as<Str>()));
    shown_encoding = TRY(get_attr(t, Value(codec), names.name));
  }
  bool tty = isatty(fd);
  Value text_args[6] = {raw_or_buffer,
                        shown_encoding,
                        Value(TRY(str_from_utf8(t, errors))),
                        Value(intern(t, "\n")),
                        Value::of_bool(!config.unbuffered && writing && (tty || fd == 2)),
                        Value::of_bool(raw_write)};
  if (!writing) text_args[3] = kNone;
  Value stream = TRY(call_values(t, TRY(get_attr_ascii(t, io, "TextIOWrapper")), text_args, 6));
  TRY(set_attr(t, stream, names.mode, Value(intern(t, writing ? "w" : "r"))));
  for (Value part : {raw, raw_or_buffer, stream}) standard_streams->push(part);
  return stream;
}

// What CPython says when a process can't have its streams; `cause` is what had been raised, or empty.
[[noreturn, gnu::cold]] static void no_streams(const char* text, const std::string& cause) {
  fprintf(
      stderr,
      "Fatal Python error: %s\nPython runtime state: core initialized\n%s\nCurrent thread 0x%016lx (most recent call first):\n"
      "  <no Python frame>\n",
      text, cause.c_str(), static_cast<unsigned long>(pthread_self()));
  exit(1);
}

[[gnu::cold]] static void require_stream_encoding(Thread& t) {
  std::string encoding = config.io_encoding.substr(0, config.io_encoding.find(':'));
  if (encoding.empty()) return;
  Result<Str*> name = str_from_utf8(t, encoding);
  if (!name.is_failed() && !codec_lookup(t, name.value()).is_failed()) return;
  Result<Str*> shown = format_exception_text(t, Value(t.take_pending()));
  Value owner;
  std::string cause = shown.is_failed() ? std::string() : std::string(str_utf8_lossy(t, shown.value(), &owner));
  no_streams("init_stdio_encoding: failed to get the Python codec name of the stdio encoding", cause);
}

static Result<void> open_standard_streams(Thread& t) {
  if (!config.io_encoding.empty()) require_stream_encoding(t);
  struct stat input;
  if (fstat(0, &input) == 0 && S_ISDIR(input.st_mode))
    no_streams("init_sys_streams: <stdin> is a directory, cannot continue", "");
  struct Stream {
    int fd;
    const char *name, *attribute, *saved;
  };
  standard_streams = new RootVector;
  for (Stream s :
       {Stream{0, "stdin", "stdin", "__stdin__"}, {1, "stdout", "stdout", "__stdout__"}, {2, "stderr", "stderr", "__stderr__"}}) {
    Value stream = TRY(open_stream(t, s.fd, s.name, s.fd != 0));
    TRY(module_set(t, runtime.sys, s.attribute, stream));
    TRY(module_set(t, runtime.sys, s.saved, stream));
  }
  return ok;
}

Result<void> start_up(Thread& t, const Launch& launch) {
  default_optimize_level = config.optimize;
  keep_debug_ranges = !config.no_debug_ranges;
  codecs_check_names = config.dev_mode;
  if (config.int_max_str_digits >= 0) int_max_str_digits = config.int_max_str_digits;
  bytes_warning_level = config.bytes_warning;
  file_system_is_ascii = config.filesystem_encoding == "ascii";
  open_frozen_modules();
  TRY(make_core_modules(t));
  for (const char* stream : {"stdin", "stdout", "stderr"}) TRY(module_set(t, runtime.sys, stream, kNone));
  if (config.tracemalloc) {
    Module* tracemalloc = TRY(module_from_def(t, *find_builtin_module("_tracemalloc")));
    TRY(call(t, dict_find_str(tracemalloc->dict(), intern(t, "start")), Value::of_small_int(config.tracemalloc)));
  }
  TRY(start_importlib(t));
  TRY(import_module(t, "encodings"));
  TRY(import_module(t, "_signal"));
  TRY(import_module(t, "abc"));
  Value io = TRY(import_module(t, "io"));
  TRY(open_standard_streams(t));
  if (config.faulthandler) TRY(call(t, TRY(get_attr_ascii(t, TRY(import_module(t, "faulthandler")), "enable"))));
  TRY(module_set(t, runtime.builtins, "open", TRY(get_attr_ascii(t, io, "open"))));
  Module* main = TRY(make_module(t, names.dunder_main));
  TRY(module_set(t, main, "__builtins__", Value(runtime.builtins)));
  TRY(module_set(t, main, "__annotations__", Value(TRY(make_dict(t)))));
  TRY(module_set(t, main, "__loader__", TRY(get_attr_ascii(t, runtime.importlib, "BuiltinImporter"))));
  TRY(dict_set_str(t, runtime.modules, names.dunder_main, Value(main)));
  if (!config.warnoptions.empty()) TRY(import_module(t, "warnings"));
  if (!config.no_site) TRY(import_module(t, "site"));
  store_frozen_modules();
  (void)launch;
  return ok;
}

}  // namespace baton
