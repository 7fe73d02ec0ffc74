// Slow paths of import statements.
#include "interp/slow.h"
#include "objects/dict.h"
#include "objects/dict_room.h"
#include "objects/exception.h"
#include "objects/foreign_builtins.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/tuple.h"

namespace baton {

static Str* name_of(Frame* f, u32 i) { return f->code->names_.get()->at(i).as<Str>(); }

Value slow_import_name(Thread& t, Frame* f, Value* w, u32 name) {
  Value import = value_or_absent(find_builtin(t, f->builtins, names.dunder_import));
  if (import.is_absent()) return import;
  if (import == kNotFound) {
    (void)raise_import_error(t, exceptions.ImportError, Value(intern(t, "__import__ not found")), kNone, kNone);
    return Value();
  }
  Value locals = f->locals.is_present() ? f->locals : kNone;
  Value args[5] = {Value(name_of(f, name)), Value(f->globals), locals, w[1], w[0]};
  return value_or_absent(call_values(t, import, args, 5));
}

static Result<Value> import_from(Thread& t, Value module, Str* name) {
  Value v = TRY(find_attr(t, module, name));
  if (v != kNotFound) return v;
  // A submodule that is being imported may not be an attribute of its package yet.
  Value package = TRY(find_attr(t, module, names.dunder_name));
  Value package_name = package != kNotFound && is<Str>(package) ? package : Value(intern(t, "<unknown module name>"));
  if (package != kNotFound && is<Str>(package)) {
    Str* full = TRY(format_message(t, "{}.{}", package, name));
    Value found = TRY(dict_find(t, runtime.modules, Value(full)));
    if (found != kNotFound) return found;
  }
  Value file = TRY(find_attr(t, module, names.dunder_file));
  Value message;
  if (file == kNotFound || !is<Str>(file)) {
    message = Value(TRY(format_message(t, "cannot import name {!r} from {!r} (unknown location)", Value(name), package_name)));
    return raise_import_error(t, exceptions.ImportError, message, package_name, kNone);
  }
  Value spec = TRY(find_attr(t, module, names.dunder_spec));
  Value initializing = spec != kNotFound && !spec.is_none() ? TRY(find_attr(t, spec, names.initializing)) : kNotFound;
  bool partial = initializing != kNotFound && TRY(truth(t, initializing));
  message = Value(TRY(format_message(
      t,
      partial ? "cannot import name {!r} from partially initialized module {!r} (most likely due to a circular import) ({})"
              : "cannot import name {!r} from {!r} ({})",
      Value(name), package_name, file)));
  return raise_import_error(t, exceptions.ImportError, message, package_name, file);
}
Value slow_import_from(Thread& t, Frame* f, Value module, u32 name) {
  return value_or_absent(import_from(t, module, name_of(f, name)));
}

static Result<void> import_star(Thread& t, Frame* f, Value module) {
  Value locals = f->locals.is_present() ? f->locals : Value(f->globals);
  Value all = TRY(find_attr(t, module, names.dunder_all));
  bool skip_private = all == kNotFound;
  if (skip_private) {
    Value dict = TRY(find_attr(t, module, names.dunder_dict));
    if (dict == kNotFound) return raise(t, exceptions.ImportError, "from-import-* object has no __dict__ and no __all__");
    all = TRY(call_method(t, dict, names.keys));
    all = Value(TRY(list_from_iterable(t, all)));
  }
  if (is_exact<Dict>(locals) && is_exact<List>(all)) TRY(dict_make_room(t, locals.as<Dict>(), all.as<List>()->length()));
  return for_each(t, all, [&](Value name) -> Result<bool> {
    if (!is<Str>(name)) {
      Value module_name = TRY(get_attr(t, module, names.dunder_name));
      return raise_type_error(
          t, skip_private ? "Key in {}.__dict__ must be str, not {!t}" : "Item in {}.__all__ must be str, not {!t}", module_name,
          name);
    }
    if (skip_private && name.as<Str>()->length() > 0 && name.as<Str>()->at(0) == '_') return true;
    Str* interned = TRY(str_intern(t, name.as<Str>()));
    Value v = TRY(get_attr(t, module, interned));
    if (is_exact<Dict>(locals))
      TRY(dict_set_str(t, locals.as<Dict>(), interned, v));
    else
      TRY(set_item(t, locals, Value(interned), v));
    return true;
  });
}
bool slow_import_star(Thread& t, Frame* f, Value module) { return !import_star(t, f, module).is_failed(); }

}  // namespace baton
