// _asyncio: the running loop, the current and all tasks, and the module's table. Future and Task are in asyncio_future.cpp and
// asyncio_task.cpp, what they ask of a loop in asyncio_loop.cpp.
//
// The running loop is the thread's. A forked child begins without one, as a loop belongs to the process that started it.
#include "modules/asyncio_internal.h"
#include "modules/os_support.h"
#include "objects/async_generator.h"
#include "objects/code.h"
#include "objects/function.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"

namespace baton {

namespace {

struct ImportedName {
  const char* module;
  const char* name;
};
constexpr ImportedName kImportedNames[] = {
    {"asyncio.exceptions", "CancelledError"},
    {"asyncio.exceptions", "InvalidStateError"},
    {"asyncio.base_futures", "_future_repr"},
    {"asyncio.base_tasks", "_task_repr"},
    {"asyncio.base_tasks", "_task_get_stack"},
    {"asyncio.base_tasks", "_task_print_stack"},
    {"asyncio.coroutines", "iscoroutine"},
    {"asyncio.events", "get_event_loop_policy"},
    {"traceback", "extract_stack"},
    {"asyncio.base_events", "BaseEventLoop"},
    {"asyncio.events", "Handle"},
};
static_assert(sizeof kImportedNames / sizeof *kImportedNames == static_cast<usize>(Imported::kCount));

// Attributes of the library's loops and of WeakSet.
enum class AttributeName : u8 {
  asyncgens,
  asyncgens_shutdown_called,
  asyncgen_firstiter_hook,
  data,
  remove,
  pending_removals,
  iterating,
  kCount
};
constexpr const char* kAttributeNames[] = {
    "_asyncgens", "_asyncgens_shutdown_called", "_asyncgen_firstiter_hook", "data", "_remove", "_pending_removals", "_iterating"};
static_assert(sizeof kAttributeNames / sizeof *kAttributeNames == static_cast<usize>(AttributeName::kCount));

// What lives as long as the process. Made when the module is first imported.
struct AsyncioState {
  Root<Value> imported[static_cast<usize>(Imported::kCount)];
  Root<Str> attribute_names[static_cast<usize>(AttributeName::kCount)];
  Root<Dict> current_tasks;                                                          // loop -> task
  Root<Value> all_tasks;                                                             // a WeakSet
  Root<Value> weak_set_data, weak_set_remove, weak_set_pending, weak_set_iterating;  // attributes of all_tasks
  Root<Type> weak_set;
  Root<Function> generator_hook;  // the library's BaseEventLoop._asyncgen_firstiter_hook, once it was seen
  Root<Code> generator_hook_code;
  u32 weak_set_version = 0;
};
AsyncioState* state = nullptr;
Str* attribute_name(AttributeName which) { return state->attribute_names[static_cast<usize>(which)].get(); }

}  // namespace

Result<Value> imported(Thread& thread, Imported what) {
  Root<Value>& slot = state->imported[static_cast<usize>(what)];
  if (Value known = slot.get(); known.is_present()) [[likely]]
    return known;
  const ImportedName& name = kImportedNames[static_cast<usize>(what)];
  Value found = TRY(get_attr_ascii(thread, TRY(import_module(thread, name.module)), name.name));
  slot.set(found);
  return found;
}

void asyncio_before_modules_go(Thread& thread) {
  if (!state) return;
  for (usize i = 0; i < static_cast<usize>(Imported::kCount); ++i) {
    if (dict_find_str(runtime.modules, intern(thread, kImportedNames[i].module)).is_absent()) continue;
    if (imported(thread, static_cast<Imported>(i)).is_failed()) thread.clear_pending();
  }
}

Failed raise_imported(Thread& thread, Imported type, const char* text) {
  return raise(thread, TRY(imported(thread, type)).as<Type>(), "{}", text);
}

// ---------------------------------------------------------------------------------------------------------------- loops

Result<Value> running_loop(Thread& thread) {
  Value loop = thread.current_asyncio_loop_;
  return loop.is_present() ? loop : kNone;
}
static void forget_running_loop(Thread& thread) { thread.current_asyncio_loop_ = Value(); }

Result<Value> current_event_loop(Thread& thread) {
  if (Value loop = TRY(running_loop(thread)); !loop.is_none()) return loop;
  Value policy = TRY(call(thread, TRY(imported(thread, Imported::get_event_loop_policy))));
  return call_method(thread, policy, names.get_event_loop);
}

static Result<Value> asyncio_get_running_loop(Thread& thread) { return running_loop(thread); }
static Result<Value> asyncio_set_running_loop(Thread& thread, Value loop) {
  thread.current_asyncio_loop_ = loop.is_none() ? Value() : loop;
  return kNone;
}
static Result<Value> asyncio_required_running_loop(Thread& thread) {
  Value loop = TRY(running_loop(thread));
  if (loop.is_none()) return raise_runtime_error(thread, "no running event loop");
  return loop;
}
static Result<Value> asyncio_get_event_loop(Thread& thread) { return current_event_loop(thread); }
static Result<Value> asyncio_internal_get_event_loop(Thread& thread, int) { return current_event_loop(thread); }

// ---------------------------------------------------------------------------------------------------------------- tasks

Result<void> enter_task(Thread& thread, Value loop, Value task) {
  Dict* tasks = state->current_tasks.get();
  u64 hash = TRY(key_hash(thread, loop));
  Value other = TRY(dict_insert_hashed(thread, tasks, loop, hash, task));
  if (other == kNotFound) [[likely]]
    return ok;
  return raise_runtime_error(thread, "Cannot enter into task {!r} while another task {!r} is being executed.", task, other);
}

Result<void> leave_task(Thread& thread, Value loop, Value task) {
  Dict* tasks = state->current_tasks.get();
  u64 hash = TRY(key_hash(thread, loop));
  Value current = TRY(dict_pop_hashed(thread, tasks, loop, hash));
  if (current == task) [[likely]]
    return ok;
  if (current == kNotFound)
    current = kNone;
  else
    TRY(dict_set_hashed(thread, tasks, loop, hash, current));
  return raise_runtime_error(thread, "Leaving task {!r} does not match the current task {!r}.", task, current);
}

// An attribute that is the object's own and no property of its class; absent: it isn't that simple. Runs no Python.
static Value plain_attribute(Value object, Str* name) {
  if (!object.is_cell() || type_of(object)->has_flag(kTypeCustomGetattribute) || type_lookup(type_of(object), name).is_present())
    return Value();
  return instance_find(object.cell(), name);
}

// What a WeakSet of the library is made of; no data: the attributes aren't what they are there.
struct WeakSetParts {
  Set* data = nullptr;
  Value remove;
  List* pending = nullptr;
  Set* iterating = nullptr;
};
static WeakSetParts parts_of(Value set) {
  Value data = plain_attribute(set, attribute_name(AttributeName::data)),
        remove = plain_attribute(set, attribute_name(AttributeName::remove));
  Value pending = plain_attribute(set, attribute_name(AttributeName::pending_removals)),
        iterating = plain_attribute(set, attribute_name(AttributeName::iterating));
  if (!is_exact<Set>(data) || remove.is_absent() || !is_exact<List>(pending) || !is_exact<Set>(iterating)) return {};
  return {data.as<Set>(), remove, pending.as<List>(), iterating.as<Set>()};
}
// The same; no data either if it's of another class, or if somebody has changed the class.
static WeakSetParts weak_set_parts(Value set) {
  Type* type = state->weak_set.get();
  if (!type || !set.is_cell() || type_of(set) != type || type->version() != state->weak_set_version) return {};
  return parts_of(set);
}

static bool is_empty(Value v) {
  if (is<List>(v)) return v.as<List>()->length() == 0;
  return is_any_set(v) && v.as<Set>()->length() == 0;
}

// What WeakSet.add does, as long as it is the library's.
Result<void> register_task(Thread& thread, Task* task) {
  Type* weak_set = state->weak_set.get();
  if (!weak_set || weak_set->version() != state->weak_set_version || !is_empty(state->weak_set_pending.get())) {
    TRY(call_method(thread, state->all_tasks.get(), names.add, Value(task)));
    return ok;
  }
  Value reference = TRY(make_weakref(thread, Value(task), state->weak_set_remove.get()));
  TRY(set_add_key(thread, state->weak_set_data.get().as<Set>(), reference));
  task->registration_.set(task, reference);
  return ok;
}

// A finished task is of no interest to all_tasks(); without this its reference would stay till the collector finds the task dead.
void forget_registration(Thread& thread, Task* task) {
  Value reference = task->registration_.get();
  if (reference.is_absent() || !is_empty(state->weak_set_iterating.get())) return;
  task->registration_.clear();
  if (set_discard_key(thread, state->weak_set_data.get().as<Set>(), reference).is_failed()) {
    report_unraisable(thread, nullptr, Value(task));  // __eq__ of some task raised
  }
}

// ---------------------------------------------------------------------------------------------------------------- async
// generators

// A loop's hook adds every async generator to its _asyncgens, a WeakSet, so that shutdown_asyncgens() can close what is left.
// With reference counts a generator leaves it as it dies, mostly right after its end. Here all would stay till a collection, and
// the loop's end would close each by a task. So the library's hook is done natively, and a generator that ends takes its
// reference out.

static Result<bool> is_library_hook(Thread& thread, Value hook) {
  if (!is_exact<Function>(hook)) return false;
  auto* function = hook.as<Function>();
  if (function == state->generator_hook.get()) return function->code() == state->generator_hook_code.get();
  Value loop_class = TRY(imported(thread, Imported::base_event_loop));
  if (!is<Type>(loop_class) || type_lookup(loop_class.as<Type>(), attribute_name(AttributeName::asyncgen_firstiter_hook)) != hook)
    return false;
  if (!str_equals_ascii(function->code()->qualname(), "BaseEventLoop._asyncgen_firstiter_hook")) return false;  // replaced
  state->generator_hook_code.set(function->code());
  state->generator_hook.set(function);
  return true;
}

static Result<bool> begin_async_generator(Thread& thread, Value hook, Generator* generator) {
  Value finalizer = generator->finalizer_.get();
  if (!is_exact<BoundMethod>(hook) || !is_exact<BoundMethod>(finalizer)) return false;
  Value loop = hook.as<BoundMethod>()->self();
  if (finalizer.as<BoundMethod>()->self() != loop || !TRY(is_library_hook(thread, hook.as<BoundMethod>()->function())))
    return false;
  if (plain_attribute(loop, attribute_name(AttributeName::asyncgens_shutdown_called)) != kFalse) return false;
  WeakSetParts set = weak_set_parts(plain_attribute(loop, attribute_name(AttributeName::asyncgens)));
  if (!set.data || set.pending->length()) return false;
  Value reference = TRY(make_weakref(thread, Value(generator), set.remove));
  TRY(set_add_key(thread, set.data, reference));
  generator->origin_.set(generator, reference);
  return true;
}

static void end_async_generator(Thread& thread, Generator* generator) {
  Value loop = generator->finalizer_.get().as<BoundMethod>()->self();
  WeakSetParts set = weak_set_parts(plain_attribute(loop, attribute_name(AttributeName::asyncgens)));
  if (!set.data || set.iterating->length()) return;
  Value reference = generator->origin_.get();
  generator->origin_.set(generator, kNone);
  if (set_discard_key(thread, set.data, reference).is_failed())
    report_unraisable(thread, nullptr, Value(generator));  // __eq__ of something that a program put there
}

// ---------------------------------------------------------------------------------------------------------------- current tasks

static Result<Value> asyncio_enter_task(Thread& thread, Value loop, Value task) {
  TRY(enter_task(thread, loop, task));
  return kNone;
}
static Result<Value> asyncio_leave_task(Thread& thread, Value loop, Value task) {
  TRY(leave_task(thread, loop, task));
  return kNone;
}
static Result<Value> asyncio_register_task(Thread& thread, Value task) {
  TRY(call_method(thread, state->all_tasks.get(), names.add, task));
  return kNone;
}
static Result<Value> asyncio_unregister_task(Thread& thread, Value task) {
  TRY(call_method(thread, state->all_tasks.get(), names.discard, task));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- the module

// The attributes of a library's WeakSet; without them (another class, other attributes) tasks are added by its method.
static void learn_weak_set(Value set, Type* type) {
  WeakSetParts parts = parts_of(set);
  if (!parts.data) return;
  state->weak_set.set(type);
  state->weak_set_version = type->version();
  state->weak_set_data.set(Value(parts.data));
  state->weak_set_remove.set(parts.remove);
  state->weak_set_pending.set(Value(parts.pending));
  state->weak_set_iterating.set(Value(parts.iterating));
}

static Result<void> asyncio_exec(Thread& thread, Module* module) {
  if (!state) {
    Value type = TRY(get_attr_ascii(thread, TRY(import_module(thread, "weakref")), "WeakSet"));
    Value set = TRY(call(thread, type));
    Dict* current = TRY(make_dict(thread));
    TRY(learn_loop_names(thread));
    state = new AsyncioState;
    for (usize i = 0; i < static_cast<usize>(AttributeName::kCount); ++i)
      state->attribute_names[i].set(intern(thread, kAttributeNames[i]));
    state->all_tasks.set(set);
    state->current_tasks.set(current);
    register_fork_child_hook(forget_running_loop);
    if (is<Type>(type)) learn_weak_set(set, type.as<Type>());
    register_async_generator = begin_async_generator;
    forget_async_generator = end_async_generator;
  }
  TRY(module_set(thread, module, "_all_tasks", state->all_tasks.get()));
  return module_set(thread, module, "_current_tasks", Value(state->current_tasks.get()));
}

static constinit NativeDef asyncio_functions[] = {
    native<asyncio_get_event_loop>(
        "get_event_loop($module, /)",
        "Return the event loop to use in the current context.\n\nInside a coroutine, or a callback that a loop runs (one passed "
        "to call_soon()\nfor instance), that is the loop now running. Elsewhere the event loop policy\ndecides: the call goes to "
        "get_event_loop_policy().get_event_loop()."),
    native<asyncio_internal_get_event_loop>("_get_event_loop($module, /, stacklevel=3)", nullptr),
    native<asyncio_required_running_loop>(
        "get_running_loop($module, /)",
        "Return the event loop running in the current thread.\n\nWith no loop running in this thread, RuntimeError is raised."),
    native<asyncio_get_running_loop>("_get_running_loop($module, /)",
                                     "Return the current thread's running event loop, or None without one.\n\nMeant for code "
                                     "that implements event loops; programs should prefer\nget_running_loop()."),
    native<asyncio_set_running_loop>("_set_running_loop($module, loop, /)",
                                     "Record loop as the one running in the current thread; None clears it.\n\nOnly code that "
                                     "implements an event loop needs to call this."),
    native<asyncio_register_task>("_register_task($module, /, task)",
                                  "Add task to the set of tasks that asyncio knows about.\n\nThe result is None."),
    native<asyncio_unregister_task>("_unregister_task($module, /, task)", "Unregister a task.\n\nReturns None."),
    native<asyncio_enter_task>(
        "_enter_task($module, /, loop, task)",
        "Make task the current task of its event loop, loop.\n\nCalled when a task starts or goes on after a pause. RuntimeError "
        "is raised\nif the loop has a current task already. The result is None."),
    native<asyncio_leave_task>("_leave_task($module, /, loop, task)",
                               "Declare that task is no longer the current task of its event loop, loop.\n\nCalled when a task "
                               "pauses or ends. RuntimeError is raised if it was not the\ncurrent one. The result is None."),
};
static TypeDef* const asyncio_types[] = {&future_def, &task_def};
constinit ModuleDef asyncio_module = {
    .name = "_asyncio",
    .doc = "Accelerator module for asyncio",
    .functions = asyncio_functions,
    .function_count = count_of(asyncio_functions),
    .types = asyncio_types,
    .type_count = 2,
    .exec = asyncio_exec,
};

}  // namespace baton
