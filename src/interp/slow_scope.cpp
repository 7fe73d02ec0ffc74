// Slow paths of names: locals, globals, builtins, cells.
#include "interp/inline_cache.h"
#include "interp/slow.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/foreign_builtins.h"
#include "objects/module.h"
#include "objects/tuple.h"

namespace baton {

static Str* name_of(Frame* f, u32 i) { return f->code->names_.get()->at(i).as<Str>(); }

void slow_unbound(Thread& t, Frame* f, u32 local) { (void)raise_unbound_local(t, f->code->varnames()->at(local).as<Str>()); }

// Variable name of a cell register: registers are varnames, then cellvars that are not varnames, then freevars.
void slow_unbound_cell(Thread& t, Frame* f, u32 reg) {
  Code* code = f->code;
  u32 free_start = code->frame_local_count_ - static_cast<u32>(code->freevars()->length());
  if (reg >= free_start) {
    Str* name = code->freevars()->at(reg - free_start).as<Str>();
    Value argument = value_or_absent(
        format_message(t, "cannot access free variable '{}' where it is not associated with a value in enclosing scope", name));
    if (argument.is_absent()) return;
    Result<Exception*> e = make_exception(t, exceptions.NameError, &argument, 1);
    if (e.is_failed() || set_attr(t, Value(e.value()), names.name, Value(name)).is_failed()) return;
    t.set_pending(e.value());
    return;
  }
  if (reg < code->local_count_) return slow_unbound(t, f, reg);
  u32 at = code->local_count_;
  for (Index i = 0; i < code->cellvars()->length(); ++i) {
    bool is_local = false;
    for (Index k = 0; k < code->varnames()->length() && !is_local; ++k)
      is_local = str_equal(code->varnames()->at(k).as<Str>(), code->cellvars()->at(i).as<Str>());
    if (is_local) continue;
    if (at++ == reg) return (void)raise_unbound_local(t, code->cellvars()->at(i).as<Str>());
  }
}

static Value find_in_mapping(Thread& t, Value mapping, Str* name);

Value slow_load_global(Thread& t, Frame* f, const Instruction* pc) {
  Str* name = name_of(f, pc->b);
  Value v;
  if (is_exact<Dict>(Value(f->globals))) {
    v = dict_find_str(f->globals, name);
    if (v.is_present()) {
      cache_global(t, f, pc, name);
      return v;
    }
  } else {
    Value found = find_in_mapping(t, Value(f->globals), name);  // a subclass may have __missing__ or __getitem__
    if (found != kNotFound) return found;
  }
  v = value_or_absent(find_builtin(t, f->builtins, name));
  if (v == kNotFound) {
    (void)raise_name_error(t, name);
    return Value();
  }
  if (v.is_present() && is_exact<Dict>(Value(f->builtins))) cache_global(t, f, pc, name);
  return v;
}

bool slow_store_global(Thread& t, Frame* f, const Instruction* pc, Value v) {
  Str* name = name_of(f, pc->a);
  if (dict_set_str(t, f->globals, name, v).is_failed()) return false;
  cache_global(t, f, pc, name);
  return true;
}

bool slow_delete_global(Thread& t, Frame* f, u32 name) {
  Result<bool> removed = dict_remove_str(t, f->globals, name_of(f, name));
  if (removed.is_failed()) return false;
  if (removed.value()) return true;
  (void)raise_name_error(t, name_of(f, name));
  return false;
}

// kNotFound, value, or absent (failed).
static Value find_in_mapping(Thread& t, Value mapping, Str* name) {
  if (is_exact<Dict>(mapping)) {
    Value v = dict_find_str(mapping.as<Dict>(), name);
    return v.is_present() ? v : kNotFound;
  }
  Result<Value> v = get_item(t, mapping, Value(name));
  if (!v.is_failed()) return v.value();
  return clear_pending_if(t, exceptions.KeyError) ? kNotFound : Value();
}

Value slow_load_name(Thread& t, Frame* f, const Instruction* pc) {
  Str* name = name_of(f, pc->b);
  Value locals = f->locals;
  if (locals.is_present()) {
    Value v = find_in_mapping(t, locals, name);
    if (v != kNotFound) {
      if (v.is_present() && locals == Value(f->globals)) cache_global(t, f, pc, name);
      return v;
    }
  }
  if (locals.is_absent() || locals != Value(f->globals)) {
    Value v = find_in_mapping(t, Value(f->globals), name);
    if (v != kNotFound) return v;
  }
  Value v = value_or_absent(find_builtin(t, f->builtins, name));
  if (v == kNotFound) {
    (void)raise_name_error(t, name);
    return Value();
  }
  if (v.is_present() && locals == Value(f->globals) && is_exact<Dict>(Value(f->builtins))) cache_global(t, f, pc, name);
  return v;
}

static Value locals_of(Frame* f) { return f->locals.is_present() ? f->locals : Value(f->globals); }

bool slow_store_name(Thread& t, Frame* f, const Instruction* pc, Value v) {
  Str* name = name_of(f, pc->a);
  Value locals = locals_of(f);
  if (!is_exact<Dict>(locals)) return !set_item(t, locals, Value(name), v).is_failed();
  if (dict_set_str(t, locals.as<Dict>(), name, v).is_failed()) return false;
  if (locals == Value(f->globals)) cache_global(t, f, pc, name);
  return true;
}

bool slow_delete_name(Thread& t, Frame* f, u32 name) {
  Value locals = locals_of(f);
  if (is_exact<Dict>(locals)) {
    Result<bool> removed = dict_remove_str(t, locals.as<Dict>(), name_of(f, name));
    if (removed.is_failed()) return false;
    if (removed.value()) return true;
  } else {
    if (!delete_item(t, locals, Value(name_of(f, name))).is_failed()) return true;
    if (!clear_pending_if(t, exceptions.KeyError)) return false;
  }
  (void)raise_name_error(t, name_of(f, name));
  return false;
}

Value slow_make_cell(Thread& t, Value v) { return value_or_absent(make<ClosureCell>(t, v)); }

Value slow_load_class_deref(Thread& t, Frame* f, Value cell, u32 reg, u32 name) {
  if (f->locals.is_present()) {
    Value v = find_in_mapping(t, f->locals, name_of(f, name));
    if (v != kNotFound) return v;
  }
  Value v = cell.as<ClosureCell>()->get();
  if (v.is_absent()) slow_unbound_cell(t, f, reg);
  return v;
}

Value slow_load_locals(Thread& t, Frame* f) {
  if (f->locals.is_present()) return f->locals;
  (void)raise_system_error(t, "no locals");
  return Value();
}

bool slow_setup_annotations(Thread& t, Frame* f) {
  Value locals = locals_of(f);
  Value v = find_in_mapping(t, locals, names.dunder_annotations);
  if (v.is_absent()) return false;
  if (v != kNotFound) return true;
  Result<Dict*> made = make_dict(t);
  if (made.is_failed()) return false;
  if (is_exact<Dict>(locals))
    return !dict_set_str(t, locals.as<Dict>(), names.dunder_annotations, Value(made.value())).is_failed();
  return !set_item(t, locals, Value(names.dunder_annotations), Value(made.value())).is_failed();
}

}  // namespace baton
