// _imp: what importlib needs of the runtime: the import lock, built-in modules and frozen ones (frozen.h). There are no extension
// modules: extension_suffixes() is empty, so shared objects of other interpreters are never opened.
#include "base/siphash.h"
#include "compile/code_image.h"
#include "interp/interp.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/modules.h"
#include "modules/quick_import.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "threads/mutator.h"

namespace baton {

// The import lock: recursive, owned by a thread. Held around the look at module locks only.
static Mutex import_mutex;
static Atomic<Thread*> import_owner{nullptr};  // written by who holds import_mutex; others only compare it with themselves
static int import_depth = 0;

Result<void> acquire_import_lock(Thread& t) {
  if (import_owner.load_relaxed() == &t) {
    ++import_depth;
    return ok;
  }
  // While the interpreter finalises whoever holds the lock never runs again: it is ours then, held or not.
  if (!import_mutex.try_lock() && !is_finalizing()) blocking<BlockCause::Lock>(t, [] { import_mutex.lock(); });
  import_owner.store_relaxed(&t);
  import_depth = 1;
  return ok;
}
Result<void> release_import_lock(Thread& t) {
  if (import_owner.load_relaxed() != &t) return raise_runtime_error(t, "not holding the import lock");
  if (--import_depth == 0) {
    import_owner.store_relaxed(nullptr);
    import_mutex.unlock();
  }
  return ok;
}
static Result<bool> lock_held(Thread&) { return import_owner.load_relaxed() != nullptr; }
// Around fork: the forking thread holds the lock, so that the child finds no module half imported by another thread, and inherits
// a lock that is its own or free.
void hold_import_lock_for_fork(Thread& t) { MUST(acquire_import_lock(t)); /* waiting is all it can do */ }
void release_import_lock_after_fork(Thread& t, bool in_child) {
  if (in_child && import_depth == 1) import_mutex.reinit_after_fork();  // forgets waiters that don't exist here
  MUST(release_import_lock(t));                                         // held since before the fork
}

static Result<i64> is_builtin(Thread& t, Str* name) {
  Value owner;
  return find_builtin_module(str_utf8_lossy(t, name, &owner)) ? 1 : 0;
}
static Failed raise_frozen(Thread& t, Str* name, const char* what) {
  Value message(TRY(format_message(t, what, Value(name))));
  return raise_import_error(t, exceptions.ImportError, message, Value(name), kNone);
}
static Failed raise_no_frozen(Thread& t, Str* name) { return raise_frozen(t, name, "No such frozen object named {!r}"); }

static Result<bool> is_frozen(Thread& t, Str* name) {
  Value owner;
  return find_frozen_module(str_utf8_lossy(t, name, &owner)) != nullptr;
}
static Result<bool> is_frozen_package(Thread& t, Str* name) {
  Value owner;
  const FrozenModule* module = find_frozen_module(str_utf8_lossy(t, name, &owner));
  if (!module) return raise_no_frozen(t, name);
  return module->is_package;
}
static Result<Value> marshalled(Thread& t, Code* code) {
  return call(t, TRY(get_attr_ascii(t, TRY(import_module(t, "marshal")), "dumps")), Value(code));
}
static Result<Value> get_frozen_object(Thread& t, Str* name, Optional<BufferView> data) {
  if (data.present) {
    Value loads = TRY(get_attr_ascii(t, TRY(import_module(t, "marshal")), "loads"));
    Result<Value> code = call(t, loads, data.value.owner);
    if (code.is_failed() || !is<Code>(code.value())) {
      if (code.is_failed()) t.clear_pending();
      return raise_frozen(t, name, "Frozen object named {!r} is invalid");
    }
    return code;
  }
  Value owner;
  const FrozenModule* module = find_frozen_module(str_utf8_lossy(t, name, &owner));
  if (!module) return raise_no_frozen(t, name);
  return Value(TRY(frozen_module_code(t, *module)));
}
// (data or None, whether it is a package, the name it was frozen under), or None.
static Result<Value> find_frozen(Thread& t, Str* name, bool withdata) {
  Value owner;
  const FrozenModule* module = find_frozen_module(str_utf8_lossy(t, name, &owner));
  if (!module) return kNone;
  Value data = kNone;
  if (withdata) data = TRY(call(t, Value(types.memoryview), TRY(marshalled(t, TRY(frozen_module_code(t, *module))))));
  Value original = module->original ? Value(TRY(str_from_utf8(t, module->original))) : kNone;
  return tuple_of(t, data, Value::of_bool(module->is_package), original);
}

// Runs a frozen module, without a spec.
static Result<Value> init_frozen(Thread& t, Str* name) {
  Value code = TRY(get_frozen_object(t, name, {}));
  Module* module = TRY(make_module(t, name));
  TRY(module_set(t, module, "__builtins__", Value(runtime.builtins)));
  TRY(dict_set(t, runtime.modules, Value(name), Value(module)));
  TRY(run_code(t, code.as<Code>(), module->dict(), Value(module->dict())));
  return Value(module);
}

static Result<Value> create_builtin(Thread& t, Value spec) {
  Value name = TRY(get_attr(t, spec, names.name));
  if (!is<Str>(name)) return raise_type_error(t, "name must be string, not {!t}", name);
  Value owner;
  ModuleDef* def = find_builtin_module(str_utf8_lossy(t, name.as<Str>(), &owner));
  if (!def) return kNone;
  if (def->name == std::string_view("sys")) return Value(runtime.sys);
  if (def->name == std::string_view("builtins")) return Value(runtime.builtins);
  return module_from_def(t, *def);
}
static Result<i64> exec_builtin(Thread&, Value) { return 0; }
static Result<Value> create_dynamic(Thread& t, Value spec, Value file) {
  Value name = TRY(get_attr(t, spec, names.name));
  return raise_import_error(t, exceptions.ImportError,
                            Value(TRY(format_message(t, "extension modules of other interpreters can't be loaded: {}", name))),
                            name, kNone);
}
static Result<Value> extension_suffixes(Thread& t) { return make_list(t); }
static Result<Value> fix_co_filename(Thread& t, Code* code, Str* path) {
  if (str_equal(code->filename(), path)) return kNone;
  Str* old = code->filename();
  RootVector work;
  work.push(Value(code));
  while (!work.empty()) {
    Code* c = work.pop().as<Code>();
    if (!str_equal(c->filename(), old)) continue;
    c->filename_.set(c, path);
    for (Index i = 0; i < c->consts()->length(); ++i)
      if (is<Code>(c->consts()->at(i))) work.push(c->consts()->at(i));
  }
  return kNone;
}
static Result<Value> source_hash(Thread& t, u64 key, BufferView source) {
  u64 h = siphash13(key, 0, source.data, source.size);
  return bytes_from(t, &h, 8);
}
static Result<Value> override_frozen(Thread&, int choice) {
  override_frozen_modules(choice);
  return kNone;
}
static Result<Value> frozen_module_names(Thread& t) {
  List* names = TRY(make_list(t));
  for (usize i = 0; i < frozen_module_count(); ++i) TRY(list_append(t, names, Value(intern(t, frozen_module(i).name))));
  return names;
}

static constinit NativeDef imp_functions[] = {
    native<acquire_import_lock>(
        "acquire_lock()",
        "Take the lock that guards imports, waiting for it if need be.\n\nImport hooks hold it to stay safe with several "
        "threads. A thread that has it\nmay take it again. In a build without threads nothing happens."),
    native<release_import_lock>(
        "release_lock()",
        "Give back the lock that guards imports.\n\nRuntimeError is raised if the current thread does not hold "
        "it. In a build\nwithout threads nothing happens."),
    native<lock_held>(
        "lock_held()",
        "Tell whether some thread holds the lock that guards imports.\n\nIn a build without threads the answer is always False."),
    native<is_builtin>("is_builtin(name, /)",
                       "Tell whether name is a module built into the interpreter.\n\nThe answer is an integer, 0 for no."),
    native<is_frozen>("is_frozen(name, /)", "Tell whether there is a frozen module called name."),
    native<is_frozen_package>(
        "is_frozen_package(name, /)",
        "Tell whether the frozen module called name is a package.\n\nImportError is raised if no such module exists."),
    native<init_frozen>("init_frozen(name, /)", "Initializes a frozen module."),
    native<get_frozen_object>("get_frozen_object(name, data=None, /)", "Create a code object for a frozen module."),
    native<find_frozen>("find_frozen(name, /, *, withdata=False)",
                        "Look up a frozen module by name; give None if there is no such module.\n\nOtherwise the result is a "
                        "tuple of three items:\n\n  data        a memoryview of the marshalled code if withdata is true,\n       "
                        "       else None\n  is_package  True for a package\n  origname    the name the module was frozen under, "
                        "or None if it is\n              not from the standard library"),
    native<create_builtin>("create_builtin(spec, /)", "Create an extension module."),
    native<exec_builtin>("exec_builtin(mod, /)", "Initialize a built-in module."),
    native<create_dynamic>("create_dynamic(spec, file=None, /)", "Create an extension module."),
    native<exec_builtin>("exec_dynamic(mod, /)", "Initialize an extension module."),
    native<extension_suffixes>("extension_suffixes()", "Return a list of the file name endings that mark extension modules."),
    native<fix_co_filename>("_fix_co_filename(code, path, /)", "Changes code.co_filename to specify the passed-in file path."),
    native<source_hash>("source_hash(key, source)"),
    native<override_frozen>("_override_frozen_modules_for_tests(override, /)",
                            "(internal-only) Override PyConfig.use_frozen_modules."),
    native<frozen_module_names>("_frozen_module_names()",
                                "Return a list with the name of every frozen module, for internal use."),
};

static Result<void> imp_exec(Thread& t, Module* module) {
  return module_set(t, module, "check_hash_based_pycs", Value(TRY(str_from_utf8(t, config.check_hash_pycs))));
}

ModuleDef imp_module = {.name = "_imp",
                        .doc =
                            "Primitives that importlib builds the import system on.\n\nThey are as low-level as it gets; "
                            "programs should use importlib.",
                        .functions = imp_functions,
                        .function_count = count_of(imp_functions),
                        .exec = imp_exec};

}  // namespace baton
