// Start-up: the pure-Python import system from the installed library, standard streams, site; and shutdown.
#include "cli/startup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "compile/compiler.h"
#include "interp/interp.h"
#include "modules/modules.h"
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
#include "objects/weakref.h"

namespace baton {

extern int default_optimize_level;

static Result<Value> read_whole_file(Thread& t, const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return raise_os_error_with_path(t, errno, Value(TRY(str_from_utf8(t, path))));
  std::string text;
  char buffer[65536];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<usize>(n));
  int error = errno;
  close(fd);
  if (n < 0) return raise_os_error_with_path(t, error, Value(TRY(str_from_utf8(t, path))));
  return bytes_from(t, text.data(), text.size());
}

// Runs a library source as module `name`, before there is an import system.
static Result<Module*> run_bootstrap_module(Thread& t, const char* name, const std::string& path) {
  Value source = TRY(read_whole_file(t, path));
  CompileOptions options;
  options.optimize = default_optimize_level;
  Str* filename = TRY(format_message(t, "<frozen {}>", std::string_view(name)));
  Code* code = TRY(compile_bytes(t, source.as<Bytes>()->text(), filename, options));
  Str* module_name = intern(t, strcmp(name, "importlib._bootstrap") == 0 ? "_frozen_importlib" : "_frozen_importlib_external");
  Module* module = TRY(make_module(t, module_name));
  TRY(module_set(t, module, "__builtins__", Value(runtime.builtins->dict())));
  TRY(dict_set(t, runtime.modules, Value(module_name), Value(module)));
  TRY(run_code(t, code, module->dict(), Value(module->dict())));
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
  Module* bootstrap = TRY(run_bootstrap_module(t, "importlib._bootstrap", config.stdlib_dir + "/importlib/_bootstrap.py"));
  runtime.importlib = Value(bootstrap);
  Module* imp = TRY(module_from_def(t, *find_builtin_module("_imp")));
  TRY(dict_set_ascii(t, runtime.modules, "_imp", Value(imp)));
  TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_install")), Value(runtime.sys), Value(imp)));
  Module* external =
      TRY(run_bootstrap_module(t, "importlib._bootstrap_external", config.stdlib_dir + "/importlib/_bootstrap_external.py"));
  runtime.importlib_external = Value(external);
  TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_install_external_importers"))));
  Value zipimport = TRY(import_module(t, "zipimport"));
  Value hooks = dict_find_str(runtime.sys->dict(), names.path_hooks);
  TRY(list_insert_at(t, hooks.as<List>(), 0, TRY(get_attr_ascii(t, zipimport, "zipimporter"))));
  return ok;
}

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
  if (!config.io_encoding.empty()) {
    usize colon = config.io_encoding.find(':');
    std::string e = config.io_encoding.substr(0, colon);
    if (!e.empty()) encoding = e;
    if (colon != std::string::npos && colon + 1 < config.io_encoding.size())
      errors = config.io_encoding.substr(colon + 1);
    else if (!e.empty())
      errors = "strict";
  }
  if (fd == 2) errors = "backslashreplace";
  bool tty = isatty(fd);
  Value text_args[6] = {raw_or_buffer,
                        Value(TRY(str_from_utf8(t, encoding))),
                        Value(TRY(str_from_utf8(t, errors))),
                        Value(intern(t, "\n")),
                        Value::of_bool(!config.unbuffered && writing && (tty || fd == 2)),
                        Value::of_bool(raw_write)};
  if (!writing) text_args[3] = kNone;
  Value stream = TRY(call_values(t, TRY(get_attr_ascii(t, io, "TextIOWrapper")), text_args, 6));
  TRY(set_attr(t, stream, names.mode, Value(intern(t, writing ? "w" : "r"))));
  return stream;
}

static Result<void> open_standard_streams(Thread& t) {
  struct Stream {
    int fd;
    const char *name, *attribute, *saved;
  };
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
  TRY(make_core_modules(t));
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
  (void)launch;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- shutdown

static void report(Thread& t, const char* what) {
  if (t.has_pending()) report_unraisable(t, nullptr, Value(intern(t, what)));
}

static bool flush_stream(Thread& t, Str* name) {
  Value stream = dict_find_str(runtime.sys->dict(), name);
  if (stream.is_absent() || stream.is_none()) return true;
  Result<Value> closed = find_attr(t, stream, names.closed);
  if (closed.is_failed()) {
    t.clear_pending();
    return true;
  }
  if (closed.value() != kNotFound) {
    Result<bool> is_closed = truth(t, closed.value());
    if (is_closed.is_failed())
      t.clear_pending();
    else if (is_closed.value())
      return true;
  }
  if (!call_method(t, stream, names.flush).is_failed()) return true;
  // A daemon thread stopped for good with the stream's lock: what is in there came from daemons, after the flush before.
  if (runtime.finalizing && clear_pending_if(t, exceptions.RuntimeError)) return true;
  if (name == names.stdout_) report_unraisable(t, nullptr, stream);
  t.clear_pending();
  return name != names.stdout_;
}

void flush_all_files(Thread& thread);
void run_atexit(Thread& thread);

// Objects that only modules keep alive are finalised while their modules are still whole: the modules leave sys.modules, and what
// nobody else refers to is found by the collection that follows. What finalisers need in order to print and to warn stays.
static void drop_modules(Thread& t) {
  Dict* kept = nullptr;
  if (Result<Dict*> made = make_dict(t); !made.is_failed())
    kept = made.value();
  else
    return t.clear_pending();
  for (const char* name : {"sys", "builtins", "_warnings", "warnings", "_io", "io", "codecs", "encodings", "threading", "_thread",
                           "_frozen_importlib", "_frozen_importlib_external"}) {
    Value module = dict_find_str(runtime.modules, intern(t, name));
    if (module.is_present() && dict_set_ascii(t, kept, name, module).is_failed()) return t.clear_pending();
  }
  dict_clear_all(t, runtime.modules);
  if (dict_update_from(t, runtime.modules, Value(kept)).is_failed()) t.clear_pending();
}

int shut_down(Thread& t, int status) {
  Value threading = dict_find_str(runtime.modules, intern(t, "threading"));
  if (threading.is_present() && !threading.is_none()) {
    Result<Value> r = call_method(t, threading, intern(t, "_shutdown"));
    if (r.is_failed()) report_unraisable(t, nullptr, threading);
  }
  run_atexit(t);
  report(t, "atexit");
  bool flushed = flush_stream(t, names.stdout_);
  flush_stream(t, names.stderr_);
  runtime.finalizing = true;
  begin_finalizing(t);
  drop_modules(t);
  // What finalizers let go of dies in a further round.
  for (int round = 0; round < 4; ++round) {
    heap_collect(t, Generation::Full);
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    if (run_finalizers(t).is_failed()) t.clear_pending();
  }
  flush_all_files(t);
  flushed = flush_stream(t, names.stdout_) && flushed;
  flush_stream(t, names.stderr_);
  return flushed ? status : (status ? status : 120);
}

}  // namespace baton
