// The search for locks' names: modules' variables, then frames.
#include "modules/lock_names.h"

#include "interp/interp.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/module.h"
#include "objects/tuple.h"

namespace baton {

Str* LockNames::name_of(Value lock) const {
  for (usize i = 0; i < locks_.size(); ++i)
    if (locks_[i] == lock) return name(i);
  return nullptr;
}

void LockNames::add(Value lock, Str* name) {
  if (name_of(lock)) return;
  locks_.push(lock);
  names_.push(Value(name));
}

static bool is_ordinary_object(Value v) {
  return v.is_cell() && type_of(v)->has_flag(kTypeHeap) && type_of(v)->has_flag(kTypeHasDict) && !is<Type>(v) && !is<Module>(v);
}

// The value itself, or the attributes of an ordinary object.
Result<void> LockNames::look_at(Value v, Str* name) {
  if (wanted_(v, context_)) {
    add(v, name);
    return ok;
  }
  return is_ordinary_object(v) ? look_into(v, name) : Result<void>(ok);
}

Result<void> LockNames::look_into(Value object, Str* name) {
  Dict* attributes = TRY(instance_attributes_copy(thread_, object.cell()));
  Index position = 0;
  Value key, v;
  while (dict_next(attributes, &position, &key, &v)) {
    if (!is<Str>(key) || str_equals_ascii(key.as<Str>(), "_tstate_lock") || !wanted_(v, context_)) continue;
    add(v, TRY(format_message(thread_, "{}.{}", name, key)));
  }
  return ok;
}

static bool looks_after_itself(Str* module) {
  for (const char* name : {"threading", "_thread", "logging", "random", "_weakrefset", "_pydecimal"})
    if (str_equals_ascii(module, name)) return true;
  return str_starts_with(module, "concurrent.") || str_starts_with(module, "importlib");
}

Result<void> LockNames::search_modules() {
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

// Appends function name, variable name, value. The thread doesn't run meanwhile: the world is stopped, or it is the calling one.
void LockNames::collect_locals(Thread& of, RootVector& found) const {
  for (Frame* f = of.top_frame_; f; f = f->previous) {
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

Result<void> LockNames::look_at_locals(const RootVector& found, bool with_attributes) {
  for (usize i = 0; i + 2 < found.size(); i += 3) {
    Value function = found[i], variable = found[i + 1], v = found[i + 2];
    if (wanted_(v, context_)) {
      add(v, TRY(format_message(thread_, "{} in {}()", variable, function)));
    } else if (with_attributes && is_ordinary_object(v)) {
      usize before = count();
      TRY(look_into(v, variable.as<Str>()));
      for (usize n = before; n < count(); ++n) names_[n] = Value(TRY(format_message(thread_, "{} in {}()", names_[n], function)));
    }
  }
  return ok;
}

Result<void> LockNames::search_other_threads(bool with_attributes) {
  RootVector found;
  {
    StopTheWorld stopped(thread_);
    for (Thread* other = first_thread(); other; other = other->next_thread_)
      if (other != &thread_) collect_locals(*other, found);
  }
  return look_at_locals(found, with_attributes);
}

Result<void> LockNames::search_own_frames(bool with_attributes) {
  RootVector found;
  collect_locals(thread_, found);
  return look_at_locals(found, with_attributes);
}

}  // namespace baton
