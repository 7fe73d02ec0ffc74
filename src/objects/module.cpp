// module objects, native modules, and the runtime-wide state.
#include "objects/module.h"

#include "objects/function.h"
#include "objects/intern_ascii.h"
#include "objects/list.h"
#include "objects/module_state.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/type_internal.h"

namespace baton {

Runtime runtime;
FindNativeModule find_native_module = nullptr;

static Result<Module*> new_module_of(Thread& thread, Type* type, Index expected = 0) {
  Dict* dict = TRY(make_dict(thread, expected));
  auto* module = static_cast<Module*>(allocate_instance(thread, type));
  if (!module) return failed;
  module->dict_.init(dict);
  module->state_.init(Value());
  module->def_ = nullptr;
  module->tail_.extra_.init(nullptr);
  return module;
}

static Result<void> fill_names(Thread& thread, Module* module, Value name, Value doc) {
  Dict* dict = module->dict();
  TRY(dict_set_str(thread, dict, names.dunder_name, name));
  TRY(dict_set_str(thread, dict, names.dunder_doc, doc));
  TRY(dict_set_str(thread, dict, names.dunder_package, kNone));
  TRY(dict_set_str(thread, dict, names.dunder_loader, kNone));
  return dict_set_str(thread, dict, names.dunder_spec, kNone);
}

static Result<Module*> make_module_for(Thread& thread, Str* name, Index expected) {
  Module* module = TRY(new_module_of(thread, types.module, expected));
  TRY(fill_names(thread, module, Value(name), kNone));
  return module;
}

Result<Module*> make_module(Thread& thread, Str* name) { return make_module_for(thread, name, 0); }

Result<void> module_set(Thread& thread, Module* module, std::string_view name, Value value) {
  return dict_set_str(thread, module->dict(), intern(thread, name), value);
}

Result<Module*> module_from_def(Thread& thread, ModuleDef& def) {
  constexpr Index kOwnNames = 8;  // __name__ and the like, and some of what `exec` adds
  Index rows = Index{def.function_count} + def.type_count + def.constant_count;
  Module* module = TRY(make_module_for(thread, intern(thread, def.name), rows + kOwnNames));
  module->def_ = &def;
  Dict* dict = module->dict();
  if (def.doc) TRY(dict_set_str(thread, dict, names.dunder_doc, Value(TRY(str_from_utf8(thread, def.doc)))));
  for (u32 i = 0; i < def.function_count; ++i) {
    NativeDef& row = def.functions[i];
    row.module = &def;
    Value function(TRY(make<NativeFunction>(thread, &row, Value(module), Value(module))));
    TRY(dict_set_str(thread, dict, intern_ascii(thread, row.name()), function));
  }
  for (u32 i = 0; i < def.type_count; ++i) {
    Type* type = TRY(type_from_def(thread, *def.types[i]));
    TRY(dict_set_str(thread, dict, type->name(), Value(type)));
  }
  for (u32 i = 0; i < def.constant_count; ++i) {
    TRY(dict_set_str(thread, dict, intern_ascii(thread, def.constants[i].name),
                     TRY(int_from_i64(thread, def.constants[i].value))));
  }
  if (def.exec) TRY(def.exec(thread, module));
  return module;
}

Result<bool> is_initializing(Thread& thread, Value module) {
  Value spec = TRY(find_attr(thread, module, names.dunder_spec));
  if (spec == kNotFound || spec.is_none()) return false;
  Value v = TRY(find_attr(thread, spec, names.initializing));
  return v != kNotFound && TRY(truth(thread, v));
}

Result<Value> import_module_value(Thread& thread, std::string_view name) {
  Str* interned = intern(thread, name);
  if (runtime.modules) {
    Value v = dict_find_str(runtime.modules, interned);
    if (v.is_present() && !v.is_none() && !TRY(is_initializing(thread, v))) return v;  // else another thread may be importing it
  }
  Value args[5] = {Value(interned), kNone, kNone, Value(TRY(make_list(thread))), Value::of_small_int(0)};
  TRY(call_values(thread, runtime.import_function, args, 5));
  Value v = TRY(dict_find(thread, runtime.modules, Value(interned)));
  if (v == kNotFound) return raise_key_error(thread, Value(interned));
  return v;
}
Result<Value> import_module(Thread& thread, std::string_view name) { return import_module_value(thread, name); }

void visit_native_types(EdgeVisitor& visitor);
void visit_runtime_roots(EdgeVisitor& visit) {
  visit.visit(Value(runtime.modules));
  visit.visit(Value(runtime.builtins));
  visit.visit(Value(runtime.sys));
  visit.visit(runtime.import_function);
  visit.visit(runtime.importlib);
  visit.visit(runtime.importlib_external);
  visit_native_types(visit);
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> module_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return new_module_of(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}
static Result<void> module_init(Thread& thread, Module* self, Str* name, Value doc) {
  return fill_names(thread, self, Value(TRY(str_exact(thread, name))), doc);
}

static Result<Value> module_find(Thread& thread, Value self, Str* name) {
  Type* type = type_of(self);
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return call_get(thread, descriptor, self, type);
  Dict* dict = self.as<Module>()->dict();
  Value v = dict_find_str(dict, name);
  if (v.is_present()) return v;
  if (descriptor.is_present()) return call_get(thread, descriptor, self, type);
  Value hook = dict_find_str(dict, names.dunder_getattr);
  if (hook.is_present()) {
    Result<Value> found = call(thread, hook, Value(name));
    return found;
  }
  return kNotFound;
}
static Result<Value> module_getattribute(Thread& thread, Module* self, Str* name) {
  name = TRY(str_intern(thread, name));
  Value v = TRY(module_find(thread, Value(self), name));
  if (v == kNotFound) return raise_attribute_error(thread, Value(self), name);
  return v;
}
static Result<void> module_assign(Thread& thread, Value self, Str* name, Value value) {
  Value descriptor = type_lookup(type_of(self), name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return generic_set_attr(thread, self, name, value);
  Dict* dict = self.as<Module>()->dict();
  if (value.is_present()) return dict_set_str(thread, dict, name, value);
  if (!TRY(dict_remove_str(thread, dict, name))) return raise_not_settable(thread, self, name);
  return ok;
}
static Result<void> module_setattr(Thread& thread, Value self, Str* name, Value value) {
  return module_assign(thread, self, TRY(str_intern(thread, name)), value);
}
static Result<void> module_delattr(Thread& thread, Value self, Str* name) {
  return module_assign(thread, self, TRY(str_intern(thread, name)), Value());
}

static Result<Value> module_repr(Thread& thread, Module* self) {
  if (runtime.importlib.is_present())
    return call(thread, TRY(get_attr_ascii(thread, runtime.importlib, "_module_repr")), Value(self));
  Value name = dict_find_str(self->dict(), names.dunder_name);
  return format_message(thread, "<module {!r}>", name.is_present() ? name : Value(intern(thread, "?")));
}
static Result<Value> module_dir(Thread& thread, Module* self) {
  Value dict = TRY(get_attr(thread, Value(self), names.dunder_dict));
  if (!is<Dict>(dict)) return raise_type_error(thread, "<module>.__dict__ is not a dictionary");
  Value hook = dict_find_str(dict.as<Dict>(), names.dunder_dir);
  if (hook.is_present()) return call(thread, hook);
  return list_from_iterable(thread, dict);
}
static Result<Value> get_dict(Thread&, Value self) { return Value(self.as<Module>()->dict()); }
static Result<Value> get_annotations(Thread& thread, Value self) {
  Dict* dict = self.as<Module>()->dict();
  Value v = dict_find_str(dict, names.dunder_annotations);
  if (v.is_present()) return v;
  Dict* made = TRY(make_dict(thread));
  TRY(dict_set_str(thread, dict, names.dunder_annotations, Value(made)));
  return made;
}
static Result<void> set_annotations(Thread& thread, Value self, Value v) {
  if (v.is_present()) return dict_set_str(thread, self.as<Module>()->dict(), names.dunder_annotations, v);
  if (!TRY(dict_remove_str(thread, self.as<Module>()->dict(), names.dunder_annotations)))
    return raise(thread, exceptions.AttributeError, "__annotations__");
  return ok;
}

static constinit NativeDef module_methods[] = {
    native_raw(module_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<module_init>("__init__($self, /, name, doc=None)", "Set up a new instance from the arguments its class documents."),
    native<module_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<module_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),
    native<module_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),
    native<module_repr>("__repr__($self, /)", "Return repr(self)."),
    native<module_dir>("__dir__($self, /)", "__dir__() -> list\nspecialized dir() implementation"),
};
static GetSetDef module_getsets[] = {{"__dict__", get_dict, nullptr, nullptr, true},
                                     {"__annotations__", get_annotations, set_annotations, nullptr}};
constinit TypeDef module_def = {.name = "module",
                                .doc =
                                    "module(name, doc=None)\n--\n\nCreate a module object.\n\nThe name must be a string; the "
                                    "optional docstring can have any type.",
                                .kind = kKindModule,
                                .payload_size = sizeof(Module),
                                .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
                                .methods = module_methods,
                                .method_count = count_of(module_methods),
                                .getsets = module_getsets,
                                .getset_count = 2,
                                .kind_info = kind_info_of<Module>("module"),
                                .find_attribute = module_find,
                                .set_attribute = module_assign};

}  // namespace baton
