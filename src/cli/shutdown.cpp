// The way down: threads, atexit, finalisers of what is dead and of what only modules kept alive, streams.
#include <cstring>

#include "cli/spent_finalisers.h"
#include "cli/startup.h"
#include "heap/exit_scan.h"
#include "interp/interp.h"
#include "modules/frozen.h"
#include "modules/modules.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/source_lines.h"
#include "objects/weakref.h"
#include "threads/mutator.h"

namespace baton {

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
// what finalisers print goes through them. True if there was any.
static bool forget_additions(Thread& t, Dict* dict) {
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
  return names_of_additions.size() != 0;
}

// As CPython has it while the modules go: nothing can be imported that isn't there, and what the program printed to is forgotten.
static void forget_import_system(Thread& t) {
  Dict* sys = runtime.sys->dict();
  for (const char* name : {"path", "argv", "ps1", "ps2", "last_type", "last_value", "last_traceback", "path_hooks",
                           "path_importer_cache", "meta_path", "__interactivehook__"})
    if (dict_set_ascii(t, sys, name, kNone).is_failed()) t.clear_pending();
  for (const char* name : {"stdin", "stdout", "stderr"}) {
    std::string original = std::string("__") + name + "__";
    Value stream = dict_find_str(sys, intern(t, original));
    if (dict_set_ascii(t, sys, name, stream.is_present() ? stream : kNone).is_failed()) t.clear_pending();
  }
  if (dict_set_ascii(t, runtime.builtins->dict(), "_", kNone).is_failed()) t.clear_pending();
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
  forget_import_system(t);
}

static void collect_and_finalise(Thread& t, Generation further);

// The last to go. As in CPython, sys has no standard error any more then: what their finalisers raise is told to nobody.
static void drop_additions(Thread& t) {
  Dict* sys = runtime.sys->dict();
  Str* name = names.stderr_;
  Value stderr_now = dict_find_str(sys, name);
  if (dict_set_str(t, sys, name, kNone).is_failed()) t.clear_pending();
  bool any = forget_additions(t, runtime.builtins->dict());
  any |= forget_additions(t, sys);
  if (any) collect_and_finalise(t, Generation::Full);
  if (stderr_now.is_present() && dict_set_str(t, sys, name, stderr_now).is_failed()) t.clear_pending();
}

// Is there a finaliser, or a callback of a weak reference, that the end of the modules could set off?
static bool is_anything_to_finalise(Thread& t) {
  StopTheWorld world(t);
  return heap_any_finalizable([](Cell* cell) {
           for (Value v : standard_stream_parts())
             if (v == Value(cell)) return false;
           return !finaliser_is_spent(cell);
         }) ||
         heap_any_weak_list([](Cell* head) {
           for (WeakLink* link = static_cast<WeakList*>(head)->first_; link; link = link->next_)
             if (!link->callback().is_none() && !callback_is_spent(link->callback())) return true;
           return false;
         });
}

// Clears the stack that earlier calls have used: a collection that follows must not take what they left there for references.
BATON_NOINLINE static void forget_earlier_calls() {
  char used[64 * 1024];
  memset(used, 0, sizeof used);
  asm volatile("" : : "r"(used) : "memory");
}

// What finalizers let go of dies in a further round: all of it, or only what they made.
static void collect_and_finalise(Thread& t, Generation further) {
  for (int round = 0; round < 4 && is_anything_to_finalise(t); ++round) {
    forget_earlier_calls();
    heap_collect(t, round == 0 ? Generation::Full : further);
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    if (run_finalizers(t).is_failed()) t.clear_pending();
  }
}

// Out of line, as its frame comes where forget_earlier_calls() has cleared the stack.
BATON_NOINLINE static int end_interpreter(Thread& t, int status) {
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
  SpentFinalisers spent(t);
  collect_and_finalise(t, Generation::Minor);  // what is dead already, before what the modules keep alive
  if (is_anything_to_finalise(t)) {
    asyncio_before_modules_go(t);
    drop_modules(t);
    forget_source_lines();
    flush_caches(t);  // caches refer to what names meant once
    collect_and_finalise(t, Generation::Full);
    drop_additions(t);
  }
  store_frozen_modules();
  store_library_images(t);
  flush_all_files(t);
  flushed = flushed && flush_streams(t);  // what could not be written has been reported
  return flushed ? status : 120;
}

int shut_down(Thread& t, int status) {
  forget_earlier_calls();
  return end_interpreter(t, status);
}

}  // namespace baton
