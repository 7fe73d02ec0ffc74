// _pickle: classes by name, extension codes, persistent ids, and making instances.
#include "modules/pickle_load.h"
#include "objects/codecs.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/type_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- classes

// By way of the method, which a subclass may override.
Result<Value> PickleLoader::find_class(Value module_name, Value global_name) {
  if (type_of(Value(self_)) == unpickler_def.type) return unpickler_find_class(thread_, self_, module_name, global_name);
  return call_method(thread_, Value(self_), intern(thread_, "find_class"), module_name, global_name);
}

// A line without its newline.
Result<Value> PickleLoader::line_as_text(bool ascii_only) {
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 2) return raise_unpickling(thread_, "pickle data was truncated");
  CodecInput input = {reinterpret_cast<const u8*>(line.data()), line.size() - 1, Value()};
  return ascii_only ? decode_ascii(thread_, input, nullptr) : decode_utf8(thread_, input.data, input.size, nullptr);
}

Result<void> PickleLoader::load_global() {
  Value module_name = TRY(line_as_text(false)), global_name = TRY(line_as_text(false));
  push(TRY(find_class(module_name, global_name)));
  return ok;
}

Result<void> PickleLoader::load_stack_global() {
  Value global_name = TRY(pop());
  Result<Value> module = pop();
  // A missing module name is reported as one of a wrong type is.
  if (module.is_failed()) thread_.clear_pending();
  Value module_name = module.is_failed() ? kNone : module.value();
  if (!is_exact<Str>(module_name) || !is_exact<Str>(global_name)) return raise_unpickling(thread_, "STACK_GLOBAL requires str");
  push(TRY(find_class(module_name, global_name)));
  return ok;
}

Result<void> PickleLoader::load_extension(i64 code) {
  if (code <= 0) return raise_unpickling(thread_, "EXT specifies code <= 0");
  PickleGlobals& globals = *pickle_globals;
  Value key = Value::of_small_int(code);
  Value known = TRY(dict_find(thread_, globals.extension_cache.get().as<Dict>(), key));
  if (known != kNotFound) {
    push(known);
    return ok;
  }
  Value pair = TRY(dict_find(thread_, globals.inverted_registry.get().as<Dict>(), key));
  if (pair == kNotFound) return raise_value_error(thread_, "unregistered extension code {}", code);
  Tuple* names = cast<Tuple>(pair);
  if (!names || names->length() != 2 || !is<Str>(names->at(0)) || !is<Str>(names->at(1)))
    return raise_value_error(thread_, "_inverted_registry[{}] isn't a 2-tuple of strings", code);
  Value object = TRY(find_class(names->at(0), names->at(1)));
  TRY(dict_set(thread_, globals.extension_cache.get().as<Dict>(), key, object));
  push(object);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- persistent ids

Result<Value> PickleLoader::call_persistent_load(Value id) {
  Value load = self_->persistent_load_.get();
  if (load.is_absent()) {
    return raise_unpickling(thread_,
                            "A load persistent id instruction was encountered,\nbut no persistent_load function was specified.");
  }
  return call(thread_, load, id);
}

Result<void> PickleLoader::load_persistent_line() {
  if (self_->persistent_load_.get().is_absent()) {
    (void)TRY(call_persistent_load(kNone));
    return ok;
  }
  std::string_view line = TRY(in_.take_line());
  if (line.size() < 1) return raise_unpickling(thread_, "pickle data was truncated");
  line.remove_suffix(1);
  Result<Str*> id = decode_ascii(thread_, {reinterpret_cast<const u8*>(line.data()), line.size(), Value()}, nullptr);
  if (id.is_failed()) {
    if (!clear_pending_if(thread_, exceptions.UnicodeDecodeError)) return failed;
    return raise_unpickling(thread_, "persistent IDs in protocol 0 must be ASCII strings");
  }
  push(TRY(call_persistent_load(Value(id.value()))));
  return ok;
}

Result<void> PickleLoader::load_persistent() {
  if (self_->persistent_load_.get().is_absent()) {
    (void)TRY(call_persistent_load(kNone));
    return ok;
  }
  Value id = TRY(pop());
  push(TRY(call_persistent_load(id)));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- instances

// What Python 2 did for INST and OBJ: the class is called, unless there are no arguments and no __getinitargs__.
Result<Value> PickleLoader::instantiate(Value cls, const Value* args, usize n) {
  if (n == 0 && is<Type>(cls)) {
    Value init_args = TRY(find_attr(thread_, cls, intern(thread_, "__getinitargs__")));
    if (init_args == kNotFound) return call_method(thread_, cls, names.dunder_new_, cls);
  }
  return call_values(thread_, cls, args, n);
}

Result<void> PickleLoader::load_inst() {
  usize from = TRY(pop_mark());
  Value module_name = TRY(line_as_text(true)), class_name = TRY(line_as_text(true));
  Value cls = TRY(find_class(module_name, class_name));
  Value object = TRY(instantiate(cls, stack_.data() + from, stack_.size() - from));
  stack_.resize(from);
  push(object);
  return ok;
}

Result<void> PickleLoader::load_obj() {
  usize from = TRY(pop_mark());
  if (stack_.size() <= from) return raise_underflow();
  Value object = TRY(instantiate(stack_[from], stack_.data() + from + 1, stack_.size() - from - 1));
  stack_.resize(from);
  push(object);
  return ok;
}

// cls.__new__(cls, *args, **kwargs)
Result<Value> PickleLoader::construct(const char* op, Value cls, Value args, Value kwargs) {
  if (!is<Type>(cls)) return raise_unpickling(thread_, "{} class argument must be a type, not {!t}", op, cls);
  Type* type = cls.as<Type>();
  if (!is<Tuple>(args)) return raise_unpickling(thread_, "{} args argument must be a tuple, not {!t}", op, args);
  if (kwargs.is_present() && !is<Dict>(kwargs))
    return raise_unpickling(thread_, "{} kwargs argument must be a dict, not {!t}", op, kwargs);
  if (type->slot(Slot::new_).is_absent() || type->has_flag(kTypeNoInstances))
    return raise_unpickling(thread_, "{} class argument '{}' doesn't have __new__", op, type);
  Tuple* list = args.as<Tuple>();
  bool no_keywords = kwargs.is_absent() || kwargs.as<Dict>()->length() == 0;
  if (list->length() == 0 && no_keywords && type->slot(Slot::new_) == types.object->slot(Slot::new_))
    return object_new_instance(thread_, type);
  Tuple* all = TRY(make_tuple(thread_, nullptr, list->length() + 1));
  all->set_at(0, cls);
  for (Index i = 0; i < list->length(); ++i) all->set_at(i + 1, list->at(i));
  Value constructor = TRY(get_attr(thread_, cls, names.dunder_new_));
  return call_tuple_dict(thread_, constructor, all, no_keywords ? nullptr : kwargs.as<Dict>());
}

Result<void> PickleLoader::load_newobj() {
  Value args = TRY(pop()), cls = TRY(pop());
  push(TRY(construct("NEWOBJ", cls, args, Value())));
  return ok;
}
Result<void> PickleLoader::load_newobj_ex() {
  Value kwargs = TRY(pop()), args = TRY(pop()), cls = TRY(pop());
  push(TRY(construct("NEWOBJ_EX", cls, args, kwargs)));
  return ok;
}

Result<void> PickleLoader::load_reduce() {
  Value args = TRY(pop()), callable = TRY(pop());
  if (!is<Tuple>(args)) return raise_type_error(thread_, "argument list must be a tuple");
  push(TRY(call_values(thread_, callable, args.as<Tuple>()->items(), static_cast<usize>(args.as<Tuple>()->length()))));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- state

Result<Str*> PickleLoader::interned_name(Str* name) {
  if (name->is_interned()) return name;
  usize place = (reinterpret_cast<u64>(name) >> 4) % kNameCache;
  if (seen_[place] == name) return interned_[place];
  Str* interned = TRY(str_intern(thread_, name));
  seen_[place] = name;
  interned_[place] = interned;
  return interned;
}

// object.__dict__.update(state)
Result<void> PickleLoader::set_attributes(Value object, Dict* state) {
  Type* type = type_of(object);
  Index position = 0;
  Value key, value;
  GetSet* accessor = type->has_flag(kTypeHasDict) ? cast<GetSet>(type_lookup(type, names.dunder_dict)) : nullptr;
  bool plain = accessor && accessor->def()->get == generic_get_dict && object.is_cell() && tail_of(object.cell()) &&
               !type->has_flag(kTypeCustomGetattribute) && !type->find_attribute_;
  if (plain) {  // straight into the instance: no dict is made for it
    while (dict_next(state, &position, &key, &value)) {
      if (is_exact<Str>(key))
        TRY(instance_set(thread_, object.cell(), TRY(interned_name(key.as<Str>())), value));
      else
        TRY(dict_set(thread_, TRY(instance_dict(thread_, object.cell())), key, value));
    }
    return ok;
  }
  Value dict = TRY(get_attr(thread_, object, names.dunder_dict));
  while (dict_next(state, &position, &key, &value)) {
    if (is_exact<Str>(key)) key = Value(TRY(interned_name(key.as<Str>())));
    TRY(set_item(thread_, dict, key, value));
  }
  return ok;
}

Result<void> PickleLoader::set_slots(Value object, Value slot_state) {
  if (!is<Dict>(slot_state)) return raise_unpickling(thread_, "slot state is not a dictionary");
  Index position = 0;
  for (Value key, value; dict_next(slot_state.as<Dict>(), &position, &key, &value);) {
    if (!is<Str>(key)) return raise_type_error(thread_, "attribute name must be string, not '{!t}'", key);
    TRY(set_attr(thread_, object, TRY(str_intern(thread_, key.as<Str>())), value));
  }
  return ok;
}

Result<void> PickleLoader::load_build() {
  if (stack_.size() < fence_ + 2) return raise_underflow();
  Value state = stack_.pop(), object = stack_.back();
  Value setter = TRY(find_attr(thread_, object, names.dunder_setstate));
  if (setter != kNotFound) {
    TRY(call(thread_, setter, state));
    return ok;
  }
  Value slot_state = kNone;
  if (is<Tuple>(state) && state.as<Tuple>()->length() == 2) {
    slot_state = state.as<Tuple>()->at(1);
    state = state.as<Tuple>()->at(0);
  }
  if (!state.is_none()) {
    if (!is<Dict>(state)) return raise_unpickling(thread_, "state is not a dictionary");
    TRY(set_attributes(object, state.as<Dict>()));
  }
  if (!slot_state.is_none()) TRY(set_slots(object, slot_state));
  return ok;
}

}  // namespace baton
