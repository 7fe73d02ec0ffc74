// Start-up: the pure-Python import system from the installed library, standard streams, site; and shutdown.
#include "cli/startup.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "heap/exit_scan.h"
#include "interp/interp.h"
#include "modules/frozen.h"
#include "modules/io_end.h"
#include "modules/modules.h"
#include "modules/quick_import.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/generator.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/source_lines.h"
#include "objects/tuple.h"
#include "objects/weakref.h"
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
  return false;
}

static bool flush_streams(Thread& t) {
  bool out = flush_stream(t, names.stdout_);
  return flush_stream(t, names.stderr_) && out;
}

void flush_all_files(Thread& thread);
void run_atexit(Thread& thread);

// What the program has put into a built-in module, instances and modules, would outlive it otherwise. Streams and hooks stay:
// what finalisers print goes through them.
static void forget_additions(Thread& t, Dict* dict) {
  RootVector names_of_additions;
  Result<void> looked = for_each(t, Value(dict), [&](Value key) -> Result<bool> {
    if (!is<Str>(key)) return true;
    Value v = dict_find_str(dict, key.as<Str>());
    bool foreign = v.is_present() && v.is_cell() && (is<Module>(v) || type_of(v)->has_flag(kTypeHeap));
    std::string_view name = key.as<Str>()->is_ascii() ? key.as<Str>()->ascii() : std::string_view();
    bool serves = name.find("std") != std::string_view::npos || name.ends_with("hook") || name.starts_with("__");
    if (foreign && !serves) names_of_additions.push(key);
    return true;
  });
  if (looked.is_failed()) t.clear_pending();
  for (usize i = 0; i < names_of_additions.size(); ++i)
    if (dict_remove(t, dict, names_of_additions[i]).is_failed()) t.clear_pending();
}

// Objects that only modules keep alive are finalised while their modules are still whole: the modules leave sys.modules, and what
// nobody else refers to is found by the collection that follows. What finalisers need in order to print and to warn stays.
// Out of line: what it has on the stack must not keep anything alive afterwards.
BATON_NOINLINE static void drop_modules(Thread& t) {
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
  Value main_module = dict_find_str(runtime.modules, intern(t, "__main__"));
  if (is<Module>(main_module)) {
    heap_note_last_globals(main_module.as<Module>()->dict(), [](u16 kind) { return kind == kKindList || kind == kKindTuple; });
  }
  dict_clear_all(t, runtime.modules);
  if (dict_update_from(t, runtime.modules, Value(kept)).is_failed()) t.clear_pending();
}

static void collect_and_finalise(Thread& t);

// The last to go. As in CPython, sys has no standard error any more then: what their finalisers raise is told to nobody.
static void drop_additions(Thread& t) {
  Dict* sys = runtime.sys->dict();
  Str* name = names.stderr_;
  Value stderr_now = dict_find_str(sys, name);
  if (dict_set_str(t, sys, name, kNone).is_failed()) t.clear_pending();
  forget_additions(t, runtime.builtins->dict());
  forget_additions(t, sys);
  collect_and_finalise(t);
  if (stderr_now.is_present() && dict_set_str(t, sys, name, stderr_now).is_failed()) t.clear_pending();
}

// Callbacks that only keep a container of weak references in order: what remains to be done in a process that ends is nothing.
struct Bookkeeping {
  const char *module, *function;
  Dict* globals;  // during shut_down, whose frame holds the modules
};
static Bookkeeping bookkeeping[] = {{"_frozen_importlib", "cb", nullptr},  // of module locks
                                    {"weakref", "remove", nullptr},
                                    {"_weakrefset", "_remove", nullptr},
                                    {"logging", "_removeHandlerRef", nullptr}};
static bool is_bookkeeping(Value callback) {
  if (!is<Function>(callback)) return false;
  Function* f = callback.as<Function>();
  for (const Bookkeeping& known : bookkeeping)
    if (f->globals() == known.globals && str_equals_ascii(f->code()->name(), known.function)) return true;
  return false;
}

// A generator that has nothing to close: not begun, or suspended where no handler and no delegate could see the GeneratorExit.
// (A coroutine not begun was never awaited, which is reported.)
static bool ends_silently(Cell* cell) {
  if (cell->kind() != kKindGenerator && cell->kind() != kKindAsyncGenerator) return false;
  auto* g = static_cast<Generator*>(cell);
  auto state = static_cast<GeneratorState>(g->state_);
  if (state == GeneratorState::Created) return true;
  return cell->kind() == kKindGenerator && state == GeneratorState::Suspended && g->code_.get()->exception_count_ == 0 &&
         g->yield_from_.get().is_absent();
}

// Is there a finaliser, or a callback of a weak reference, that the end of the modules could set off?
static bool is_anything_to_finalise(Thread& t) {
  StopTheWorld world(t);
  return heap_any_finalizable([](Cell* cell) {
           for (Value v : *standard_streams)
             if (v == Value(cell)) return false;
           return !ends_silently(cell) && !io_ends_silently(cell);
         }) ||
         heap_any_weak_list([](Cell* head) {
           for (WeakLink* link = static_cast<WeakList*>(head)->first_; link; link = link->next_)
             if (!link->callback().is_none() && !is_bookkeeping(link->callback())) return true;
           return false;
         });
}

// Clears the stack that earlier calls have used: a collection that follows must not take what they left there for references.
BATON_NOINLINE static void forget_earlier_calls() {
  char used[64 * 1024];
  memset(used, 0, sizeof used);
  asm volatile("" : : "r"(used) : "memory");
}

// What finalizers let go of dies in a further round.
static void collect_and_finalise(Thread& t) {
  for (int round = 0; round < 4 && is_anything_to_finalise(t); ++round) {
    forget_earlier_calls();
    heap_collect(t, Generation::Full);
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    if (run_finalizers(t).is_failed()) t.clear_pending();
  }
}

int shut_down(Thread& t, int status) {
  Value threading = dict_find_str(runtime.modules, intern(t, "threading"));
  if (threading.is_present() && !threading.is_none()) {
    Result<Value> r = call_method(t, threading, intern(t, "_shutdown"));
    if (r.is_failed()) report_unraisable(t, nullptr, threading);
  }
  run_atexit(t);
  report(t, "atexit");
  bool flushed = flush_streams(t);
  runtime.finalizing = true;
  begin_finalizing(t);
  Dict* modules_of_callbacks[sizeof bookkeeping / sizeof *bookkeeping];
  for (usize i = 0; i < sizeof bookkeeping / sizeof *bookkeeping; ++i) {
    Value module = dict_find_str(runtime.modules, intern(t, bookkeeping[i].module));
    bookkeeping[i].globals = modules_of_callbacks[i] = is<Module>(module) ? module.as<Module>()->dict() : nullptr;
  }
  collect_and_finalise(t);  // what is dead already, before what the modules keep alive
  if (is_anything_to_finalise(t)) {
    drop_modules(t);
    forget_source_lines();
    flush_caches(t);  // caches refer to what names meant once
    collect_and_finalise(t);
    drop_additions(t);
  }
  for (Dict* globals : modules_of_callbacks) KeepAlive keep(globals);
  store_frozen_modules();
  store_library_images(t);
  flush_all_files(t);
  flushed = flushed && flush_streams(t);  // what could not be written has been reported
  return flushed ? status : 120;
}

}  // namespace baton
