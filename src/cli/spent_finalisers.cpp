// Which of the library's finalisers have nothing to do at the end of a process: the object was closed (and its class calls no
// method of the program's to see that), or all that they would do is to keep a container of weak references in order, or to close
// descriptors a moment before the kernel does. Each row says what the finaliser, as the installed library has it, looks at first.
#include "cli/spent_finalisers.h"

#include "interp/interp.h"
#include "modules/io_end.h"
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/generator.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type.h"

namespace baton {

namespace {

constexpr const char* kModules[SpentFinalisers::kModules] = {
    "_frozen_importlib",
    "weakref",
    "_weakrefset",
    "logging",
    "subprocess",
    "tempfile",
    "zipfile",
    "concurrent.futures.thread",
    "asyncio.base_events",
    "asyncio.sslproto",
    "asyncio.base_subprocess",
    "asyncio.selector_events",
    "asyncio.streams",
    "asyncio.unix_events",
    "multiprocessing.pool",
    "multiprocessing.connection",
    "multiprocessing.util",
};

// Of the SpentFinalisers that there is.
const u64* noted = nullptr;         // globals of kModules, 0 for those that were not imported
RootVector* noted_names = nullptr;  // see kNames

u64 hidden(Cell* cell) { return ~reinterpret_cast<u64>(cell); }

bool is_function_of(Value v, std::string_view module) {
  if (!noted || !is<Function>(v)) return false;
  for (int i = 0; i < SpentFinalisers::kModules; ++i)
    if (module == kModules[i]) return noted[i] == hidden(v.as<Function>()->globals());
  return false;
}

bool is_function_of(Value v, std::string_view module, std::string_view qualname) {
  return is_function_of(v, module) && str_equals_ascii(v.as<Function>()->code()->qualname(), qualname);
}

enum class Is { True, False, None, NotNone, NotRun, EmptyDict, Any };

// Names that are looked up, interned before the world is stopped.
enum Name : u8 {
  kChildCreated,
  kReturncode,
  kInternalPoll,
  kCloseCalled,
  kClose,
  kFp,
  kClosed,
  kIsClosed,
  kSock,
  kPipe,
  kCloseHandle,
  kState,
  kLogger,
  kCallback,
  kThreads,
  kShutdown,
  kNoName,
};
constexpr const char* kNames[] = {"_child_created", "returncode", "_internal_poll", "close_called", "close",  "fp",
                                  "_closed",        "is_closed",  "_sock",          "_pipe",        "_close", "_state",
                                  "_logger",        "_callback",  "_threads",       "_shutdown"};
static_assert(sizeof kNames / sizeof *kNames == kNoName);

// The finaliser does nothing if the instance's attribute is so, and the methods it calls are the module's own.
struct Spent {
  const char *module, *name;  // __qualname__ of __del__
  Name attribute;
  Is state;
  Name calls;  // or kNoName
};

constexpr Spent kSpent[] = {
    {"subprocess", "Popen.__del__", kChildCreated, Is::False, kNoName},
    {"subprocess", "Popen.__del__", kReturncode, Is::NotNone, kInternalPoll},
    {"tempfile", "_TemporaryFileCloser.__del__", kCloseCalled, Is::True, kClose},
    {"zipfile", "ZipFile.__del__", kFp, Is::None, kClose},
    {"asyncio.base_events", "BaseEventLoop.__del__", kClosed, Is::True, kIsClosed},
    {"asyncio.base_subprocess", "BaseSubprocessTransport.__del__", kClosed, Is::True, kNoName},
    {"asyncio.selector_events", "_SelectorTransport.__del__", kSock, Is::None, kNoName},
    {"asyncio.sslproto", "_SSLProtocolTransport.__del__", kClosed, Is::True, kNoName},
    {"asyncio.streams", "StreamReaderProtocol.__del__", kNoName, Is::Any, kNoName},  // has its future's exception not reported
    {"asyncio.unix_events", "_UnixReadPipeTransport.__del__", kPipe, Is::None, kNoName},
    {"asyncio.unix_events", "_UnixWritePipeTransport.__del__", kPipe, Is::None, kNoName},
    {"asyncio.unix_events", "ThreadedChildWatcher.__del__", kThreads, Is::EmptyDict, kNoName},
    {"multiprocessing.connection", "_ConnectionBase.__del__", kNoName, Is::Any, kCloseHandle},
    {"multiprocessing.pool", "Pool.__del__", kState, Is::NotRun, kNoName},
};

struct Callback {
  const char *module, *name;  // __qualname__
};

constexpr Callback kCallbacks[] = {
    {"_frozen_importlib", "_get_module_lock.<locals>.cb"},
    {"weakref", "WeakValueDictionary.__init__.<locals>.remove"},
    {"weakref", "WeakKeyDictionary.__init__.<locals>.remove"},
    {"_weakrefset", "WeakSet.__init__.<locals>._remove"},
    {"logging", "_removeHandlerRef"},
    // Tells the executor's threads, which were joined: they end before the callbacks of atexit.
    {"concurrent.futures.thread", "ThreadPoolExecutor._adjust_thread_count.<locals>.weakref_cb"},
};

// An attribute of the instance, or of its class if that is plain data; or absent.
Value plain_attribute(Cell* cell, Name name) {
  Str* interned = (*noted_names)[name].as<Str>();
  Value own = instance_find(cell, interned);
  return own.is_present() ? own : type_lookup(type_of(Value(cell)), interned);
}

bool is_so(Value v, Is state) {
  switch (state) {
    case Is::True: return v == kTrue;
    case Is::False: return v == kFalse;
    case Is::None: return v.is_none();
    case Is::NotNone: return v.is_present() && !v.is_none();
    case Is::NotRun: return is<Str>(v) && !str_equals_ascii(v.as<Str>(), "RUN");
    case Is::EmptyDict: return is_exact<Dict>(v) && v.as<Dict>()->length() == 0;
    case Is::Any: return true;
  }
  return false;
}

bool is_spent(Cell* cell, Value finaliser, const Spent& known) {
  if (!is_function_of(finaliser, known.module, known.name)) return false;
  if (known.calls != kNoName && !is_function_of(plain_attribute(cell, known.calls), known.module)) return false;
  return known.state == Is::Any || is_so(plain_attribute(cell, known.attribute), known.state);
}

// multiprocessing.util.Finalize(process, close_fds, ...), while its logger writes nothing down.
bool only_closes_descriptors(Value callback) {
  constexpr const char* kUtil = "multiprocessing.util";
  if (!callback.is_cell() || !tail_of(callback.cell())) return false;
  if (!is_function_of(type_lookup(type_of(callback), names.dunder_call), kUtil, "Finalize.__call__")) return false;
  Value what = plain_attribute(callback.cell(), kCallback);
  if (!is_function_of(what, kUtil, "close_fds")) return false;
  return dict_find_str(what.as<Function>()->globals(), (*noted_names)[kLogger].as<Str>()).is_none();
}

// weakref.finalize, once the callbacks of atexit have run.
bool is_shut_down(Value callback) {
  return callback.is_cell() &&
         is_function_of(type_lookup(type_of(callback), names.dunder_call), "weakref", "finalize.__call__") &&
         type_lookup(type_of(callback), (*noted_names)[kShutdown].as<Str>()) == kTrue;
}

// A generator that has nothing to close: not begun, or suspended where no handler and no delegate could see the GeneratorExit.
// (A coroutine not begun was never awaited, which is reported.)
bool generator_is_spent(Cell* cell) {
  if (cell->kind() != kKindGenerator && cell->kind() != kKindAsyncGenerator) return false;
  auto* g = static_cast<Generator*>(cell);
  auto state = static_cast<GeneratorState>(g->state_);
  if (state == GeneratorState::Created) return true;
  return cell->kind() == kKindGenerator && state == GeneratorState::Suspended && g->code_.get()->exception_count_ == 0 &&
         g->yield_from_.get().is_absent();
}

}  // namespace

SpentFinalisers::SpentFinalisers(Thread& t) {
  for (int i = 0; i < SpentFinalisers::kModules; ++i) {
    Value module = dict_find_str(runtime.modules, intern(t, baton::kModules[i]));
    if (is<Module>(module)) globals_[i] = hidden(module.as<Module>()->dict());
  }
  noted_names = new RootVector;
  for (const char* name : kNames) noted_names->push(Value(intern(t, name)));
  noted = globals_;
}

SpentFinalisers::~SpentFinalisers() {
  noted = nullptr;
  delete noted_names;
}

bool finaliser_is_spent(Cell* cell) {
  if (generator_is_spent(cell) || io_ends_silently(cell)) return true;
  if (!cell->is_subclass_instance() && !type_of(Value(cell))->has_flag(kTypeHeap)) return false;
  Value finaliser = type_lookup(type_of(Value(cell)), names.dunder_del);
  for (const Spent& known : kSpent)
    if (is_spent(cell, finaliser, known)) return true;
  return false;
}

bool callback_is_spent(Value callback) {
  if (!is<Function>(callback)) return only_closes_descriptors(callback) || is_shut_down(callback);
  for (const Callback& known : kCallbacks)
    if (is_function_of(callback, known.module, known.name)) return true;
  return false;
}

}  // namespace baton
