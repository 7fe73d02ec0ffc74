// _pickle: names of classes and functions: dotted paths, the module that has one, and the names of Python 2.
#include "modules/pickle_internal.h"
#include "objects/audit.h"
#include "objects/list.h"

namespace baton {

static Result<Value> part_of(Thread& thread, Str* path, Index start, Index stop) {
  if (start == 0 && stop == path->length()) return TRY(str_intern(thread, path));
  return TRY(str_intern(thread, TRY(str_slice(thread, path, start, stop))));
}
static Index part_end(const Str* path, Index start) {
  Index dot = str_find_unit(path, '.', start, path->length());
  return dot < 0 ? path->length() : dot;
}

Result<void> pickle_check_path(Thread& thread, Value object, Str* path) {
  for (Index start = 0;; ++start) {
    Index stop = part_end(path, start);
    if (stop - start == 8 && path->at(start) == '<') {
      Value part = TRY(part_of(thread, path, start, stop));
      if (str_equals_ascii(part.as<Str>(), "<locals>")) {
        if (object.is_absent()) return raise_attribute_error_text(thread, "Can't pickle local object {!r}", Value(path));
        return raise_attribute_error_text(thread, "Can't pickle local attribute {!r} on {!r}", Value(path), object);
      }
    }
    if (stop == path->length()) return ok;
    start = stop;
  }
}

Result<Value> pickle_get_path(Thread& thread, Value object, Str* path, Value* parent) {
  for (Index start = 0;;) {
    Index stop = part_end(path, start);
    Value part = TRY(part_of(thread, path, start, stop));
    if (parent) *parent = object;
    object = TRY(find_attr(thread, object, part.as<Str>()));
    if (object == kNotFound || stop == path->length()) return object;
    start = stop + 1;
  }
}

Result<Value> pickle_import(Thread& thread, Value module_name) {
  if (!is<Str>(module_name)) return raise_type_error(thread, "module name must be a string");
  if (runtime.modules && is_exact<Str>(module_name)) {
    Value module = dict_find_str(runtime.modules, module_name.as<Str>());
    if (module.is_present() && is<Module>(module)) {
      // One that another thread is importing must be waited for.
      Value spec = dict_find_str(module.as<Module>()->dict(), names.dunder_spec);
      Value busy = spec.is_absent() || spec.is_none() ? kNotFound : TRY(find_attr(thread, spec, names.initializing));
      if (busy == kNotFound || !TRY(truth(thread, busy))) return module;
    }
  }
  Value args[5] = {module_name, kNone, kNone, Value(TRY(make_list(thread))), Value::of_small_int(0)};
  TRY(call_values(thread, runtime.import_function, args, 5));
  Value module = TRY(dict_find(thread, runtime.modules, module_name));
  if (module == kNotFound) return raise_key_error(thread, module_name);
  return module;
}

static Result<bool> leads_to(Thread& thread, Value module_name, Value module, Value object, Str* path) {
  if (module.is_none() || (is<Str>(module_name) && str_equals_ascii(module_name.as<Str>(), "__main__"))) return false;
  return TRY(pickle_get_path(thread, module, path, nullptr)) == object;
}

Result<Value> pickle_which_module(Thread& thread, Value object, Str* path) {
  Value name = TRY(find_attr(thread, object, names.dunder_module));
  if (name != kNotFound && !name.is_none()) return name;
  // Functions of some extension types don't say: look for the object in every module.
  Value modules = dict_find_str(runtime.sys->dict(), names.modules);
  if (modules.is_absent()) return raise_runtime_error(thread, "unable to get sys.modules");
  Value key, module;
  if (is_exact<Dict>(modules)) {
    Index position = 0;
    while (dict_next(modules.as<Dict>(), &position, &key, &module))
      if (TRY(leads_to(thread, key, module, object, path))) return key;
  } else {
    Value iterator = TRY(get_iter(thread, modules));
    for (;;) {
      key = TRY(iter_next(thread, iterator));
      if (key == kExhausted) break;
      if (TRY(leads_to(thread, key, TRY(get_item(thread, modules, key)), object, path))) return key;
    }
  }
  return Value(names.dunder_main);
}

Result<void> pickle_map_names(Thread& thread, PickleNames direction, Value* module, Value* name) {
  bool reverse = direction == PickleNames::ToPython2;
  PickleGlobals& globals = *pickle_globals;
  const char* prefix = reverse ? "REVERSE_" : "";
  Dict* pairs = (reverse ? globals.reverse_name_mapping : globals.name_mapping).get().as<Dict>();
  Value pair = TRY(dict_find(thread, pairs, Value(TRY(tuple_of(thread, *module, *name)))));
  if (pair != kNotFound) {
    Tuple* both = cast<Tuple>(pair);
    if (!both || both->length() != 2)
      return raise_runtime_error(thread, "_compat_pickle.{}NAME_MAPPING values should be 2-tuples, not {!t}", prefix, pair);
    if (!is<Str>(both->at(0)) || !is<Str>(both->at(1))) {
      return raise_runtime_error(thread, "_compat_pickle.{}NAME_MAPPING values should be pairs of str, not ({!t}, {!t})", prefix,
                                 both->at(0), both->at(1));
    }
    *module = both->at(0);
    *name = both->at(1);
    return ok;
  }
  Dict* modules = (reverse ? globals.reverse_import_mapping : globals.import_mapping).get().as<Dict>();
  Value mapped = TRY(dict_find(thread, modules, *module));
  if (mapped == kNotFound) return ok;
  if (!is<Str>(mapped))
    return raise_runtime_error(thread, "_compat_pickle.{}IMPORT_MAPPING values should be strings, not {!t}", prefix, mapped);
  *module = mapped;
  return ok;
}

Result<Value> unpickler_find_class(Thread& thread, Unpickler* self, Value module_name, Value global_name) {
  TRY(audit(thread, "pickle.find_class", module_name, global_name));
  if (self->protocol_ < 3 && self->fix_imports_)
    TRY(pickle_map_names(thread, PickleNames::ToPython3, &module_name, &global_name));
  Value module = TRY(pickle_import(thread, module_name));
  if (!is<Str>(global_name)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", global_name);
  Str* path = global_name.as<Str>();
  Value found;
  if (self->protocol_ >= 4) {
    TRY(pickle_check_path(thread, module, path));
    found = TRY(pickle_get_path(thread, module, path, nullptr));
  } else {
    found = TRY(find_attr(thread, module, TRY(str_intern(thread, path))));
  }
  if (found == kNotFound) return raise_attribute_error_text(thread, "Can't get attribute {!r} on {!r}", global_name, module);
  return found;
}

}  // namespace baton
