// -X dev: a warning before fork() that names the locks other threads hold, for in the child nobody will ever release them.
//
// A lock has no name; what is shown is where it was found: a variable of a module, an attribute of an object in such a variable,
// a local variable of the thread that holds it. Locks found nowhere are not reported: threads that wait for events hold such ones
// all the time, and those are nobody's problem. The library's modules that make their locks anew after a fork are left out.
#include "interp/interp.h"
#include "modules/config.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

u64 lock_holder(Value v);  // _thread.cpp: the ident of the thread that holds this lock; 0: not a lock, or free

namespace {
class HeldLocks {
 public:
  explicit HeldLocks(Thread& thread) : thread_(thread) {}
  Result<void> search_modules();
  Result<void> search_frames();
  Result<void> warn_if_any();

 private:
  bool held_elsewhere(Value v, u64* ident) const {
    *ident = lock_holder(v);
    return *ident && *ident != thread_.python_ident_;
  }
  Result<void> look_at(Value v, Str* name);
  Result<void> look_into(Value object, Str* name);
  Result<void> add(Value lock, Str* name, u64 ident);

  Thread& thread_;
  RootVector locks_;         // each once
  StrBuilder descriptions_;  // "name (held by thread N), ..."
};
}  // namespace

Result<void> HeldLocks::add(Value lock, Str* name, u64 ident) {
  for (Value known : locks_)
    if (known == lock) return ok;
  if (!locks_.empty()) descriptions_.append_ascii(", ");
  locks_.push(lock);
  descriptions_.append(TRY(format_message(thread_, "{} (held by thread {})", name, ident)));
  return ok;
}

// The value itself, or the attributes of an ordinary object.
Result<void> HeldLocks::look_at(Value v, Str* name) {
  u64 ident;
  if (held_elsewhere(v, &ident)) return add(v, name, ident);
  if (v.is_cell() && type_of(v)->has_flag(kTypeHeap) && type_of(v)->has_flag(kTypeHasDict) && !is<Type>(v) && !is<Module>(v))
    return look_into(v, name);
  return ok;
}

Result<void> HeldLocks::look_into(Value object, Str* name) {
  Dict* attributes = TRY(instance_attributes_copy(thread_, object.cell()));
  Index position = 0;
  Value key, v;
  while (dict_next(attributes, &position, &key, &v)) {
    u64 ident;
    if (!is<Str>(key) || str_equals_ascii(key.as<Str>(), "_tstate_lock") || !held_elsewhere(v, &ident)) continue;
    TRY(add(v, TRY(format_message(thread_, "{}.{}", name, key)), ident));
  }
  return ok;
}

// Modules that reset their locks in the child themselves.
static bool looks_after_itself(Str* module) {
  for (const char* name : {"threading", "_thread", "logging", "random", "_weakrefset", "_pydecimal"})
    if (str_equals_ascii(module, name)) return true;
  return str_starts_with(module, "concurrent.") || str_starts_with(module, "importlib");
}

Result<void> HeldLocks::search_modules() {
  Index position = 0;
  Value name, module;
  while (dict_next(runtime.modules, &position, &name, &module)) {
    if (!is<Str>(name) || !is<Module>(module) || looks_after_itself(name.as<Str>())) continue;
    Index inner = 0;
    Value key, v;
    while (dict_next(module.as<Module>()->dict(), &inner, &key, &v)) {
      if (is<Str>(key)) TRY(look_at(v, TRY(format_message(thread_, "{}.{}", name, key))));
    }
  }
  return ok;
}

// Local variables of other threads' running functions. They don't run meanwhile: we own the GIL, or the world is stopped for as
// long as their frames are read.
Result<void> HeldLocks::search_frames() {
  RootVector found;  // function name, variable name, value
  {
    StopTheWorld stopped(thread_);
    for (Thread* other = first_thread(); other; other = other->next_thread_) {
      if (other == &thread_) continue;
      for (Frame* f = other->top_frame_; f; f = f->previous) {
        Value module = f->globals ? dict_find_str(f->globals, names.dunder_name) : Value();
        if (module.is_present() && is<Str>(module) && looks_after_itself(module.as<Str>())) continue;
        Tuple* variables = f->code->varnames();
        for (Index i = 0; i < variables->length(); ++i) {
          Value v = f->registers[i];
          if (is<ClosureCell>(v)) v = v.as<ClosureCell>()->get();
          if (v.is_absent() || !v.is_cell()) continue;
          found.push(Value(f->code->qualname()));
          found.push(variables->at(i));
          found.push(v);
        }
      }
    }
  }
  for (usize i = 0; i + 2 < found.size(); i += 3) {
    u64 ident;
    if (!held_elsewhere(found[i + 2], &ident)) continue;
    TRY(add(found[i + 2], TRY(format_message(thread_, "{} in {}()", found[i + 1], found[i])), ident));
  }
  return ok;
}

Result<void> HeldLocks::warn_if_any() {
  if (locks_.empty()) return ok;
  Str* text = TRY(format_message(thread_,
                                 "fork() while other threads hold locks, which stay locked for ever in the child: {}",
                                 TRY(descriptions_.build(thread_))));
  Value owner;
  return warn(thread_, exceptions.RuntimeWarning, TRY(str_utf8(thread_, text, &owner)), 1);
}

Result<void> warn_about_held_locks(Thread& thread) {
  if (!config.dev_mode || !first_thread() || !first_thread()->next_thread_) return ok;
  HeldLocks held(thread);
  TRY(held.search_modules());
  TRY(held.search_frames());
  return held.warn_if_any();
}

}  // namespace baton
