// _pickle: writing classes and functions by name.
#include "modules/pickle_save.h"
#include "objects/numbers.h"

namespace baton {

// The types of singletons have no name by which they could be found.
Result<void> PickleSaver::save_type(Type* type) {
  for (Value singleton : {kNone, kEllipsis, kNotImplemented}) {
    if (type_of(singleton) != type) continue;
    Value args = Value(TRY(tuple_of(thread_, singleton)));
    return save_reduce(TRY(tuple_of(thread_, Value(types.type), args)), Value(type));
  }
  return save_global(Value(type));
}

// An extension code of copyreg, if the name has one.
Result<bool> PickleSaver::save_extension(Value v, Value module_name, Value name) {
  Dict* registry = pickle_globals->extension_registry.get().as<Dict>();
  if (registry->length() == 0) return false;
  Value code = TRY(dict_find(thread_, registry, Value(TRY(tuple_of(thread_, module_name, name)))));
  if (code == kNotFound) return false;
  if (!is_int(code)) return raise_pickling(thread_, "Can't pickle {!r}: extension code {!r} isn't an integer", v, code);
  i64 number;
  if (!int_to_i64(int_exact(code), &number)) return raise_overflow_error(thread_, "Python int too large to convert to C long");
  if (number <= 0 || number > 0x7FFFFFFF)
    return raise_pickling(thread_, "Can't pickle {!r}: extension code {} is out of range", v, number);
  if (number <= 0xFF)
    out_.op_u8(kOpExt1, static_cast<u8>(number));
  else if (number <= 0xFFFF)
    out_.op_u16(kOpExt2, static_cast<u16>(number));
  else
    out_.op_u32(kOpExt4, static_cast<u32>(number));
  return true;
}

// One line of a GLOBAL opcode.
Result<void> PickleSaver::save_identifier_line(Value text, const char* what) {
  Str* s = text.as<Str>();
  if (!s->is_ascii()) {
    if (protocol_ < 3)
      return raise_pickling(thread_, "can't pickle {} identifier '{}' using pickle protocol {}", what, text, protocol_);
    Value owner;
    Result<std::string_view> bytes = str_utf8(thread_, s, &owner);
    if (bytes.is_failed()) {
      if (!clear_pending_if(thread_, exceptions.UnicodeEncodeError)) return failed;
      return raise_pickling(thread_, "can't pickle {} identifier '{}' using pickle protocol {}", what, text, protocol_);
    }
    out_.text(bytes.value());
  } else {
    out_.text(s->ascii());
  }
  out_.op('\n');
  return ok;
}

Result<void> PickleSaver::save_global_lines(Value module_name, Value name) {
  if (protocol_ < 3 && fix_imports_) TRY(pickle_map_names(thread_, PickleNames::ToPython2, &module_name, &name));
  if (!is<Str>(module_name) || !is<Str>(name)) return raise_pickling(thread_, "Can't pickle: names must be strings");
  out_.op(kOpGlobal);
  TRY(save_identifier_line(module_name, "module"));
  return save_identifier_line(name, "global");
}

Result<void> PickleSaver::save_global(Value v, Value name) {
  if (name.is_absent()) {
    name = TRY(find_attr(thread_, v, names.dunder_qualname));
    if (name == kNotFound) name = TRY(get_attr(thread_, v, names.dunder_name));
  }
  if (!is<Str>(name)) return raise_type_error(thread_, "must be str, not {!t}", name);
  Str* path = name.as<Str>();
  TRY(pickle_check_path(thread_, Value(), path));
  Value module_name = TRY(pickle_which_module(thread_, v, path));
  Result<Value> module = pickle_import(thread_, module_name);
  if (module.is_failed()) {
    thread_.clear_pending();  // told by the next one
    return raise_pickling(thread_, "Can't pickle {!r}: import of module {!r} failed", v, module_name);
  }
  Value parent;
  Result<Value> found = pickle_get_path(thread_, module.value(), path, &parent);
  if (found.is_failed() || found.value() == kNotFound) {
    if (found.is_failed()) thread_.clear_pending();  // likewise
    return raise_pickling(thread_, "Can't pickle {!r}: attribute lookup {} on {} failed", v, name, module_name);
  }
  if (found.value() != v)
    return raise_pickling(thread_, "Can't pickle {!r}: it's not the same object as {}.{}", v, module_name, name);
  if (protocol_ >= 2 && TRY(save_extension(v, module_name, name))) return ok;
  Index dot = str_rfind_in(path, intern(thread_, "."), 0, path->length());
  Value last = dot < 0 ? name : Value(TRY(str_slice(thread_, path, dot + 1, path->length())));
  bool nested = parent != module.value();
  if (!nested) name = last;  // also for a path that leads through the module itself
  if (protocol_ >= 4) {
    TRY(save(module_name));
    TRY(save(name));
    out_.op(kOpStackGlobal);
  } else if (nested) {
    Value args = Value(TRY(tuple_of(thread_, parent, last)));
    TRY(save_reduce(TRY(tuple_of(thread_, pickle_globals->getattr_function.get(), args)), Value()));
  } else {
    TRY(save_global_lines(module_name, name));
  }
  return memoize(v);
}

}  // namespace baton
