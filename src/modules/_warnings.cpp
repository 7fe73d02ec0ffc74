// _warnings: issuing warnings by the filters of the `warnings` module, or by the initial ones while it isn't imported.
//
// What Python code may replace (filters, defaultaction, onceregistry, _showwarnmsg) is looked up in `warnings` each time. A
// module's
// __warningregistry__ is valid for one version of the filters: _filters_mutated() starts a new one.
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/source_lines.h"

namespace baton {

struct WarningState {
  Root<Value> filters, once_registry, default_action;
  i64 version = 0;
};
static WarningState* state = nullptr;

static Result<WarningState*> get_state(Thread& thread) {
  if (state) return state;
  auto* made = new WarningState;
  Value zero = Value::of_small_int(0);
  auto filter = [&](const char* action, Type* category, const char* module) {
    return tuple_of(thread, Value(intern(thread, action)), kNone, Value(category), module ? Value(intern(thread, module)) : kNone,
                    zero);
  };
  List* filters = TRY(make_list(thread));
  TRY(list_append(thread, filters, Value(TRY(filter("default", exceptions.DeprecationWarning, "__main__")))));
  for (Type* ignored : {exceptions.DeprecationWarning, exceptions.PendingDeprecationWarning, exceptions.ImportWarning,
                        exceptions.ResourceWarning}) {
    TRY(list_append(thread, filters, Value(TRY(filter("ignore", ignored, nullptr)))));
  }
  made->filters.set(Value(filters));
  made->once_registry.set(Value(TRY(make_dict(thread))));
  made->default_action.set(Value(intern(thread, "default")));
  state = made;
  return made;
}

// An attribute of the warnings module; kNotFound when there is none (or no module yet).
static Result<Value> warnings_attribute(Thread& thread, const char* name, bool may_import) {
  Value module;
  if (runtime.finalizing) may_import = false;  // what is imported now would not work any more
  if (may_import) {
    Result<Value> imported = import_module(thread, "warnings");
    if (imported.is_failed()) {
      if (!clear_pending_if(thread, exceptions.ImportError)) return failed;
      return kNotFound;
    }
    module = imported.value();
  } else {
    if (runtime.finalizing || !runtime.modules) return kNotFound;
    module = dict_find_str(runtime.modules, intern(thread, "warnings"));
    if (module.is_absent()) return kNotFound;
  }
  return find_attr(thread, module, intern(thread, name));
}

// ---------------------------------------------------------------------------------------------------------------- filters

static Result<bool> filter_matches(Thread& thread, Value pattern, Value text) {
  if (pattern.is_none()) return true;
  if (is_exact<Str>(pattern)) return equals(thread, pattern, text);
  return truth(thread, TRY(call_method(thread, pattern, intern(thread, "match"), text)));
}

static Result<Value> find_action(Thread& thread, Value category, Value text, i64 line, Value module, Value* item) {
  WarningState& s = *TRY(get_state(thread));
  Value filters = TRY(warnings_attribute(thread, "filters", false));
  if (filters == kNotFound) filters = s.filters.get();
  if (!is<List>(filters)) return raise_value_error(thread, "_warnings.filters must be a list");
  s.filters.set(filters);
  List* list = filters.as<List>();
  for (Index i = 0; i < list->length(); ++i) {
    Value entry = list->try_at(i);
    if (!is<Tuple>(entry) || entry.as<Tuple>()->length() != 5)
      return raise_value_error(thread, "_warnings.filters item {} isn't a 5-tuple", i);
    Tuple* f = entry.as<Tuple>();
    if (!is<Str>(f->at(0))) return raise_type_error(thread, "action must be a string, not '{!t}'", f->at(0));
    if (!TRY(filter_matches(thread, f->at(1), text)) || !TRY(filter_matches(thread, f->at(3), module))) continue;
    if (!TRY(is_subclass(thread, category, f->at(2)))) continue;
    i64 wanted;
    if (!convert_index(thread, f->at(4), &wanted)) return failed;
    if (wanted != 0 && wanted != line) continue;
    *item = entry;
    return f->at(0);
  }
  Value action = TRY(warnings_attribute(thread, "defaultaction", false));
  if (action == kNotFound) action = s.default_action.get();
  if (!is<Str>(action)) return raise_type_error(thread, "_warnings.defaultaction must be a string, not '{!t}'", action);
  s.default_action.set(action);
  *item = kNone;
  return action;
}

// True when the key is registered for the present filters.
static Result<bool> already_warned(Thread& thread, Dict* registry, Value key, bool set) {
  WarningState& s = *TRY(get_state(thread));
  Str* version_key = intern(thread, "version");
  Value version = dict_find_str(registry, version_key);
  i64 number = -1;
  bool current = version.is_small_int() && int_to_i64(version, &number) && number == s.version;
  if (!current) {
    dict_clear_all(thread, registry);
    TRY(dict_set_str(thread, registry, version_key, Value::of_small_int(s.version)));
  } else {
    Value known = TRY(dict_find(thread, registry, key));
    if (known != kNotFound && TRY(truth(thread, known))) return true;
  }
  if (set) TRY(dict_set(thread, registry, key, kTrue));
  return false;
}

// ---------------------------------------------------------------------------------------------------------------- showing

static Result<void> show_plainly(Thread& thread, Value category, Value text, Str* filename, i64 line, Value source_line) {
  Value out = runtime.sys ? dict_find_str(runtime.sys->dict(), names.stderr_) : Value();
  if (out.is_absent() || out.is_none()) return ok;
  StrBuilder message;
  Value name = TRY(get_attr(thread, category, names.dunder_name));
  message.append(TRY(format_message(thread, "{}:{}: {}: {}\n", filename, line, name, text)));
  Str* shown = is<Str>(source_line) ? source_line.as<Str>() : SourceLines().line(thread, filename, line);
  if (shown) {
    Index start = 0, end = shown->length();
    auto blank = [&](Index i) {
      u32 c = shown->at(i);
      return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r';
    };
    while (start < end && blank(start)) ++start;
    while (end > start && blank(end - 1)) --end;
    message.append_ascii("  ");
    message.append(shown, start, end);
    message.append_ascii("\n");
  }
  TRY(call_method(thread, out, names.write, Value(TRY(message.build(thread)))));
  return ok;
}

static Result<void> show(Thread& thread, Value category, Value text, Value message, Str* filename, i64 line, Value source_line,
                         Value source) {
  bool has_source = source.is_present() && !source.is_none();
  Value hook = TRY(warnings_attribute(thread, "_showwarnmsg", has_source));
  if (hook == kNotFound) return show_plainly(thread, category, text, filename, line, source_line);
  if (!is_callable(hook)) return raise_type_error(thread, "warnings._showwarnmsg() must be set to a callable");
  Value type = TRY(warnings_attribute(thread, "WarningMessage", false));
  if (type == kNotFound) return raise_runtime_error(thread, "unable to get warnings.WarningMessage");
  Value made = TRY(call(thread, type, message, category, Value(filename), Value::of_small_int(line), kNone, kNone,
                        has_source ? source : kNone));
  TRY(call(thread, hook, made));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- warn_explicit

static Result<Str*> module_of_file(Thread& thread, Str* filename) {
  Index n = filename->length();
  if (n == 0) return str_from_ascii(thread, "<unknown>");
  if (n >= 3 && filename->at(n - 3) == '.' && filename->at(n - 2) == 'p' && filename->at(n - 1) == 'y')
    return str_slice(thread, filename, 0, n - 3);
  return filename;
}

// module absent: from the file's name; None: nothing is shown. registry: a dict, None, or absent.
static Result<Value> warn_at(Thread& thread, Value category, Value message, Str* filename, i64 line, Value module, Value registry,
                             Value source_line, Value source) {
  if (module.is_present() && module.is_none()) return kNone;
  if (registry.is_present() && !registry.is_none() && !is<Dict>(registry))
    return raise_type_error(thread, "'registry' must be a dict or None");
  Dict* known = is<Dict>(registry) ? registry.as<Dict>() : nullptr;
  if (module.is_absent()) module = Value(TRY(module_of_file(thread, filename)));
  Value text = message;
  if (is_instance_of_type(message, exceptions.Warning)) {
    text = Value(TRY(str_of(thread, message)));
    category = Value(type_of(message));
  } else {
    message = TRY(call(thread, category, message));
  }
  Tuple* key = TRY(tuple_of(thread, text, category, Value::of_small_int(line)));
  if (known && TRY(already_warned(thread, known, Value(key), false))) return kNone;
  Value item = kNone;
  Value action_value = TRY(find_action(thread, category, text, line, module, &item));
  Str* action = action_value.as<Str>();
  if (str_equals_ascii(action, "error")) return raise_object(thread, message);
  if (str_equals_ascii(action, "ignore")) return kNone;
  if (!str_equals_ascii(action, "always")) {
    if (known) TRY(dict_set(thread, known, Value(key), kTrue));
    Tuple* any_line = TRY(tuple_of(thread, text, category));
    if (str_equals_ascii(action, "once")) {
      if (!known) {
        Value once = TRY(warnings_attribute(thread, "onceregistry", false));
        if (once == kNotFound) once = TRY(get_state(thread))->once_registry.get();
        if (!is<Dict>(once)) return raise_type_error(thread, "_warnings.onceregistry must be a dict, not '{!t}'", once);
        known = once.as<Dict>();
      }
      if (TRY(already_warned(thread, known, Value(any_line), true))) return kNone;
    } else if (str_equals_ascii(action, "module")) {
      if (known && TRY(already_warned(thread, known, Value(any_line), true))) return kNone;
    } else if (!str_equals_ascii(action, "default")) {
      return raise_runtime_error(thread, "Unrecognized action ({!r}) in warnings.filters:\n {!r}", action_value, item);
    }
  }
  TRY(show(thread, category, text, message, filename, line, source_line, source));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- warn

// Frames of the import system are skipped when counting stack levels.
static bool is_internal(Frame* frame) {
  Value owner;
  Thread& thread = current_thread();
  std::string_view filename = str_utf8_lossy(thread, frame->code->filename(), &owner);
  return filename.find("importlib") != std::string_view::npos && filename.find("_bootstrap") != std::string_view::npos;
}

static Frame* frame_at_level(Thread& thread, i64 level) {
  Frame* frame = thread.top_frame();
  if (level <= 0 || (frame && is_internal(frame))) {
    while (--level > 0 && frame) frame = frame->previous;
    return frame;
  }
  while (--level > 0 && frame) {
    do frame = frame->previous;
    while (frame && is_internal(frame));
  }
  return frame;
}

static Result<Value> do_warn(Thread& thread, Value message, Value category, i64 level, Value source) {
  Frame* frame = frame_at_level(thread, level);
  Dict* globals = frame ? frame->globals : runtime.sys->dict();
  Str* filename = frame ? frame->code->filename() : names.sys;
  i64 line = frame ? frame_line(frame) : 1;
  Str* registry_name = intern(thread, "__warningregistry__");
  Value registry = dict_find_str(globals, registry_name);
  if (registry.is_absent()) {
    registry = Value(TRY(make_dict(thread)));
    TRY(dict_set_str(thread, globals, registry_name, registry));
  }
  Value module = dict_find_str(globals, names.dunder_name);
  if (!is<Str>(module)) module = module.is_present() && module.is_none() ? module : Value(intern(thread, "<string>"));
  return warn_at(thread, category, message, filename, line, module, registry, Value(), source);
}

static Result<Value> warnings_warn(Thread& thread, Value message, Value category, Index stack_level, Value source) {
  if (is_instance_of_type(message, exceptions.Warning))
    category = Value(type_of(message));
  else if (category.is_none())
    category = Value(exceptions.UserWarning);
  if (!is<Type>(category) || !TRY(is_subclass(thread, category, Value(exceptions.Warning)))) {
    return raise_type_error(thread, "category must be a Warning subclass, not '{!t}'", category);
  }
  return do_warn(thread, message, category, stack_level, source);
}

// The line of a module whose source only its loader has.
static Result<Value> loader_line(Thread& thread, Dict* globals, i64 line) {
  Value loader = dict_find_str(globals, names.dunder_loader), name = dict_find_str(globals, names.dunder_name);
  if (loader.is_absent() || name.is_absent()) return kNone;
  Value method = TRY(find_attr(thread, loader, intern(thread, "get_source")));
  if (method == kNotFound) return kNone;
  Value source = TRY(call(thread, method, name));
  if (source.is_none()) return kNone;
  if (!is<Str>(source)) return raise_type_error(thread, "must be str, not {!t}", source);
  Value lines =
      TRY(call(thread, type_lookup(types.str, intern(thread, "splitlines")), source));  // str's own, whatever a subclass has
  return get_item(thread, lines, Value::of_small_int(line - 1));
}

static Result<Value> warnings_warn_explicit(Thread& thread, Value message, Value category, Str* filename, int line,
                                            Optional<Value> module, Optional<Value> registry, Optional<Value> module_globals,
                                            Optional<Value> source) {
  Value source_line;
  if (module_globals.has_value() && !module_globals.value.is_none()) {
    if (!is<Dict>(module_globals.value))
      return raise_type_error(thread, "module_globals must be a dict, not '{!t}'", module_globals.value);
    source_line = TRY(loader_line(thread, module_globals.value.as<Dict>(), line));
  }
  return warn_at(thread, category, message, filename, line, module.has_value() ? module.value : Value(),
                 registry.has_value() ? registry.value : Value(), source_line, source.has_value() ? source.value : Value());
}

static Result<Value> filters_mutated(Thread& thread) {
  ++TRY(get_state(thread))->version;
  return kNone;
}

static Result<void> warnings_exec(Thread& thread, Module* module) {
  WarningState& s = *TRY(get_state(thread));
  TRY(module_set(thread, module, "filters", s.filters.get()));
  TRY(module_set(thread, module, "_onceregistry", s.once_registry.get()));
  return module_set(thread, module, "_defaultaction", s.default_action.get());
}

static constinit NativeDef warnings_functions[] = {
    native<warnings_warn>(
        "warn($module, /, message, category=None, stacklevel=1, source=None)",
        "Give the programmer a warning.\n\nmessage is a string or a Warning instance, category a subclass of "
        "Warning\n(UserWarning unless given). stacklevel says which caller to put the blame on:\n1, the default, for the one who "
        "calls warn(), 2 for that one's caller, and so\non. source is the object that caused it, if any. Depending on the "
        "warning\nfilters, the warning is shown, dropped or raised as an exception."),
    native<warnings_warn_explicit>("warn_explicit($module, /, message, category, filename, lineno, module=None, registry=None, "
                                   "module_globals=None, source=None)",
                                   "Low-level interface to warnings functionality."),
    native<filters_mutated>("_filters_mutated($module, /)", nullptr),
};

constinit ModuleDef _warnings_module = {
    .name = "_warnings",
    .doc =
        "Native parts of the warnings module: warning filters and warn().\n\nThey make warnings work early, before any Python "
        "code is loaded.",
    .functions = warnings_functions,
    .function_count = count_of(warnings_functions),
    .exec = warnings_exec,
};

}  // namespace baton
