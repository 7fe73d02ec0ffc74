// _weakref: the functions; the types are in objects/weakref.cpp.
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/weakref.h"

namespace baton {

extern Result<void> (*run_weakref_callbacks)(Thread& thread);
static struct InstallHook {
  InstallHook() { run_weakref_callbacks = run_queued_weakref_callbacks; }
} install_hook;

static Result<i64> getweakrefcount(Thread&, Value object) {
  RootVector links;
  weak_links_of(object, links);
  return static_cast<i64>(links.size());
}

// Oldest callback-less reference first, then the newest: CPython keeps the shared reference and proxy at the front.
static Result<Value> getweakrefs(Thread& thread, Value object) {
  RootVector links;
  weak_links_of(object, links);
  List* result = TRY(make_list(thread));
  auto is_shared = [](Value v) { return v.as<WeakLink>()->callback().is_none() && !v.cell()->is_subclass_instance(); };
  for (Value v : links)
    if (is_shared(v) && is<WeakRef>(v)) TRY(list_append(thread, result, v));
  for (Value v : links)
    if (is_shared(v) && !is<WeakRef>(v)) TRY(list_append(thread, result, v));
  for (Value v : links)
    if (!is_shared(v)) TRY(list_append(thread, result, v));
  return Value(result);
}

static Result<Value> weakref_proxy(Thread& thread, Value object, Value callback) {
  return make_weak_proxy(thread, object, callback);
}

static Result<void> remove_dead_weakref(Thread& thread, Dict* dict, Value key) {
  u64 hash = TRY(key_hash(thread, key));
  Value v = TRY(dict_find_hashed(thread, dict, key, hash));
  if (v == kNotFound) return ok;
  if (!is<WeakRef>(v)) return raise_type_error(thread, "not a weakref");
  if (v.as<WeakRef>()->target()) return ok;
  TRY(dict_remove_hashed(thread, dict, key, hash));
  return ok;
}

static constinit NativeDef weakref_functions[] = {
    native<getweakrefcount>("getweakrefcount($module, object, /)", "Return the number of weak references to 'object'."),
    native<getweakrefs>("getweakrefs($module, object, /)", "List the weak references and proxies that exist for an object."),
    native<weakref_proxy>("proxy($module, object, callback=None, /)",
                          "Make a proxy that stands in for an object without keeping it alive.\n\nThe proxy passes operations on "
                          "to the object and raises ReferenceError once\nthe object is gone. callback, unless None, is called "
                          "with the proxy as its\nargument when the object is about to go."),
    native<remove_dead_weakref>("_remove_dead_weakref($module, dct, key, /)",
                                "Delete dct[key] if its value is a weak reference to a vanished object.\n\nNo other thread gets "
                                "in between the check and the deletion."),
};

static Result<void> weakref_exec(Thread& thread, Module* module) {
  TRY(module_set(thread, module, "ref", Value(types.weakref)));
  TRY(module_set(thread, module, "ReferenceType", Value(types.weakref)));
  TRY(module_set(thread, module, "ProxyType", Value(TRY(type_from_def(thread, weak_proxy_def)))));
  return module_set(thread, module, "CallableProxyType", Value(TRY(type_from_def(thread, callable_weak_proxy_def))));
}

ModuleDef weakref_module = {.name = "_weakref",
                            .doc = "Weak-reference support module.",
                            .functions = weakref_functions,
                            .function_count = count_of(weakref_functions),
                            .exec = weakref_exec};

}  // namespace baton
