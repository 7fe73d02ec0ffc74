// object: the methods every class inherits; and the types of None, NotImplemented and Ellipsis.
#include "objects/at_this_moment.h"
#include "objects/audit.h"
#include "objects/constant_text.h"
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/fixed_name.h"
#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/type_internal.h"

namespace baton {

extern TypeDef object_def;

// --- construction

static Result<Value> object_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(thread, "object.__new__(): not enough arguments");
  if (!is<Type>(args[0])) return raise_type_error(thread, "object.__new__(X): X is not a type object ({!t})", args[0]);
  Type* type = args[0].as<Type>();
  // Instances of native types are made by their own __new__, also where their layout is an object's.
  Type* maker = type;
  while (maker->base() && !is<NativeFunction>(maker->slot(Slot::new_))) maker = maker->base();
  if (maker->slot(Slot::new_) != types.object->slot(Slot::new_)) {
    return raise_type_error(thread, "object.__new__({}) is not safe, use {}.__new__()", TRY(type_shown_name(thread, type)),
                            TRY(type_shown_name(thread, maker)));
  }
  if (n > 1 || kwnames) {
    if (type->slot(Slot::new_) != types.object->slot(Slot::new_)) {
      return raise_type_error(thread, "object.__new__() takes exactly one argument (the type to instantiate)");
    }
    if (type->slot(Slot::init) == types.object->slot(Slot::init))
      return raise_type_error(thread, "{}() takes no arguments", type->name());
  }
  return object_new_instance(thread, type);
}

static Result<Value> object_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(thread, "descriptor '__init__' of 'object' object needs an argument");
  if (n > 1 || kwnames) {
    Type* type = type_of(args[0]);
    if (type->slot(Slot::init) != types.object->slot(Slot::init)) {
      return raise_type_error(thread, "object.__init__() takes exactly one argument (the instance to initialize)");
    }
    if (type->slot(Slot::new_) == types.object->slot(Slot::new_) && !type->has_flag(kTypeNoInstances))
      return raise_type_error(thread, "{}.__init__() takes exactly one argument (the instance to initialize)", type->name());
  }
  return kNone;
}

// --- text

static Result<Str*> object_repr(Thread& thread, Value self) {
  char address[20];
  u64 bits = object_id(self);
  usize n = 0;
  for (int shift = 60; shift >= 0; shift -= 4) {
    u32 digit = (bits >> shift) & 15;
    if (n == 0 && digit == 0 && shift) continue;
    address[n++] = "0123456789abcdef"[digit];
  }
  return format_message(thread, "<{} object at 0x{}>", TRY(type_qualified_name(thread, type_of(self))),
                        std::string_view(address, n));
}

static Result<Value> object_str(Thread& thread, Value self) {
  TRY(check_native_depth(thread, " while getting the str of an object"));  // __repr__ may be __str__
  return call_slot(thread, type_of(self)->slot(Slot::repr), self);
}

static Result<Str*> object_format(Thread& thread, Value self, Str* spec) {
  if (spec->length() > 0) return raise_type_error(thread, "unsupported format string passed to {!t}.__format__", self);
  return str_of(thread, self);
}

// --- comparison and hash: by identity

static Result<Value> object_eq(Thread&, Value self, Value other) { return self == other ? kTrue : kNotImplemented; }
static Result<Value> object_ne(Thread& thread, Value self, Value other) {
  Value slot = type_of(self)->slot(Slot::eq);
  if (slot.is_absent()) return kNotImplemented;
  Value v = TRY(call_slot(thread, slot, self, other));
  if (v.is_not_implemented()) return v;
  return Value::of_bool(!TRY(truth(thread, v)));
}
static Result<Value> object_order(Thread&, Value, Value) { return kNotImplemented; }
static Result<i64> object_hash(Thread&, Value self) {
  u64 id = object_id(self);
  i64 h = static_cast<i64>((id >> 4) | (id << 60));
  return h == -1 ? -2 : h;
}

// --- attributes

static Result<Str*> attribute_name(Thread& thread, Value name) {
  if (!is<Str>(name)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", name);
  return str_intern(thread, name.as<Str>());
}

// Modules and classes keep their own attributes elsewhere than instances do.
static Value find_in_own_dict(Value self, Str* name) {
  Dict* dict = is<Module>(self) ? self.as<Module>()->dict() : is<Type>(self) ? self.as<Type>()->dict() : nullptr;
  return dict ? dict_find_str(dict, name) : Value();
}

static Result<Value> object_getattribute(Thread& thread, Value self, Value name_value) {
  Str* name = TRY(attribute_name(thread, name_value));
  if (Value own = find_in_own_dict(self, name); own.is_present()) {
    Value descriptor = type_lookup(type_of(self), name);
    if (descriptor.is_absent() || !is_data_descriptor(descriptor)) return own;
  }
  Value v = TRY(generic_find_attr(thread, self, name));
  if (v == kNotFound) return raise_attribute_error(thread, self, name);
  return v;
}
static Result<void> object_setattr(Thread& thread, Value self, Value name, Value value) {
  if (is<Type>(self)) return raise_type_error(thread, "can't apply this __setattr__ to {} object", type_name(self));
  return generic_set_attr(thread, self, TRY(attribute_name(thread, name)), value);
}
static Result<void> object_delattr(Thread& thread, Value self, Value name) {
  if (is<Type>(self)) return raise_type_error(thread, "can't apply this __delattr__ to {} object", type_name(self));
  return generic_set_attr(thread, self, TRY(attribute_name(thread, name)), Value());
}

// The slots that two classes with the same number of them add: same names in the same places.
static bool have_same_members(Type* a, Type* b) {
  Index position = 0;
  Value key, value;
  while (dict_next(a->dict(), &position, &key, &value)) {
    if (!is<SlotMember>(value) || !is<Str>(key)) continue;
    Value other = dict_find_str(b->dict(), key.as<Str>());
    if (!is<SlotMember>(other) || other.as<SlotMember>()->index() != value.as<SlotMember>()->index()) return false;
  }
  return true;
}

static Result<Value> object_get_class(Thread&, Value self) { return Value(type_of(self)); }
static Result<void> object_set_class(Thread& thread, Value self, Value value) {
  if (value.is_absent()) return raise_type_error(thread, "can't delete __class__ attribute");
  if (!is<Type>(value)) return raise_type_error(thread, "__class__ must be set to a class, not '{!t}' object", value);
  TRY(audit(thread, "object.__setattr__", self, Value(names.dunder_class), value));
  Type *from = type_of(self), *to = value.as<Type>();
  bool modules = is<Module>(self) && to->is_subtype_of(types.module);
  if (!modules && (!from->has_flag(kTypeHeap) || !to->has_flag(kTypeHeap) || (to->flags() & kTypeImmutable))) {
    return raise_type_error(thread, "__class__ assignment only supported for mutable types or ModuleType subclasses");
  }
  bool same_layout = from->instance_kind() == to->instance_kind() && from->tail_offset() == to->tail_offset() &&
                     from->member_slot_count() == to->member_slot_count() &&
                     from->has_flag(kTypeHasDict) == to->has_flag(kTypeHasDict) &&
                     from->has_flag(kTypeWeakrefable) == to->has_flag(kTypeWeakrefable);
  if (same_layout && from->member_slot_count()) {  // the slots must be the same ones: same names from the base that added them
    Type *a = from, *b = to;
    while (a->base() && a->base()->member_slot_count() == a->member_slot_count()) a = a->base();
    while (b->base() && b->base()->member_slot_count() == b->member_slot_count()) b = b->base();
    if (a != b) same_layout = a->base() == b->base() && have_same_members(a, b);
  }
  if (modules) {
    // module subclasses: the tail of a plain module is its own member
    self.cell()->set_shape_id(to->instance_shape()->id());
    return ok;
  }
  if (!same_layout)
    return raise_type_error(thread, "__class__ assignment: '{}' object layout differs from '{}'", to->name(), from->name());
  if (is<Tuple>(self)) forget_tuple_hashes();
  return assign_class(thread, self.cell(), to);
}

static Result<void> merge_class_names(Thread& thread, Dict* into, Value cls) {
  if (!is<Type>(cls)) {
    Value dict = TRY(find_attr(thread, cls, names.dunder_dict));
    if (dict != kNotFound) TRY(dict_update_from(thread, into, dict));
    Value bases = TRY(find_attr(thread, cls, names.dunder_bases));
    if (bases == kNotFound || !is<Tuple>(bases)) return ok;
    for (Index i = 0; i < bases.as<Tuple>()->length(); ++i) TRY(merge_class_names(thread, into, bases.as<Tuple>()->at(i)));
    return ok;
  }
  Tuple* mro = cls.as<Type>()->mro();
  for (Index i = mro->length() - 1; i >= 0; --i) TRY(dict_update_from(thread, into, Value(mro->at(i).as<Type>()->dict())));
  return ok;
}

static Result<Value> dict_keys_list(Thread& thread, Dict* dict) { return list_from_iterable(thread, Value(dict)); }

static Result<Value> object_dir(Thread& thread, Value self) {
  Dict* all = TRY(make_dict(thread));
  Value own = TRY(find_attr(thread, self, names.dunder_dict));
  if (own != kNotFound && is<Dict>(own)) TRY(dict_update_from(thread, all, own));
  Value cls = TRY(find_attr(thread, self, names.dunder_class));
  if (cls != kNotFound) TRY(merge_class_names(thread, all, cls));
  return dict_keys_list(thread, all);
}

Result<Value> type_dir(Thread& thread, Type* self) {
  Dict* all = TRY(make_dict(thread));
  TRY(merge_class_names(thread, all, Value(self)));
  return dict_keys_list(thread, all);
}

static Result<i64> object_sizeof(Thread&, Value self) {
  return self.is_cell() ? static_cast<i64>(heap_cell_size(self.cell())) : 8;
}
static Result<Value> object_init_subclass(Thread&, Value) { return kNone; }
static Result<Value> object_subclasshook(Thread&, Value, Value) { return kNotImplemented; }

// --- pickling: __getstate__, __reduce__, __reduce_ex__

static Result<Value> slot_names(Thread& thread, Type* type) {
  Value known = dict_find_str(type->dict(), intern(thread, "__slotnames__"));
  if (known.is_present() && is<List>(known)) return known;
  Value copyreg = TRY(import_module_value(thread, "copyreg"));
  return call(thread, TRY(get_attr_ascii(thread, copyreg, "_slotnames")), Value(type));
}

static Result<Value> default_getstate(Thread& thread, Value self, bool required) {
  Type* type = type_of(self);
  if (required && (type->instance_kind() & kKindMask) != kKindObject && type->def()->payload_size > sizeof(Cell) &&
      !type->has_flag(kTypeIsException)) {
    // A native payload that only the type itself knows how to save.
    u16 kind = type->instance_kind() & kKindMask;
    if (kind != kKindList && kind != kKindDict && kind != kKindIntObject && kind != kKindTuple && kind != kKindStr &&
        kind != kKindBytes && kind != kKindFloat) {
      if (kind == kKindMemoryView || kind == kKindCode) return raise_type_error(thread, "cannot pickle {!t} objects", self);
      if (type->has_flag(kTypeHeap)) TRY(slot_names(thread, type));  // kept in the class, also where pickling fails
      return raise_type_error(thread, "cannot pickle '{!t}' object", self);
    }
  }
  Value state = kNone;
  GetSet* accessor = type->has_flag(kTypeHasDict) ? cast<GetSet>(type_lookup(type, names.dunder_dict)) : nullptr;
  if (accessor && accessor->def()->get == generic_get_dict && !type->has_flag(kTypeCustomGetattribute)) {
    // Asking for __dict__ would make the object slower from then on; nobody has seen it yet, so a copy will do.
    Shape* shape = shape_of(self.cell());
    if (!shape->is_dictionary_mode())
      state = attribute_count(shape) ? Value(TRY(instance_attributes_copy(thread, self.cell()))) : kNone;
    else if (Cell* extra = tail_of(self.cell())->extra())
      state = Value(extra);
    if (is<Dict>(state) && state.as<Dict>()->length() == 0) state = kNone;
  } else if (type->has_flag(kTypeHasDict)) {
    Value dict = TRY(find_attr(thread, self, names.dunder_dict));
    if (dict != kNotFound) state = dict;
    if (is<Dict>(state) && state.as<Dict>()->length() == 0) state = kNone;
  }
  if (type->has_flag(kTypeHeap)) {
    Value slots = TRY(slot_names(thread, type));
    if (is<List>(slots) && slots.as<List>()->length() > 0) {
      Dict* values = TRY(make_dict(thread));
      for (Index i = 0; i < slots.as<List>()->length(); ++i) {
        Value name = slots.as<List>()->try_at(i);
        Value v = TRY(find_attr(thread, self, TRY(str_intern(thread, name.as<Str>()))));
        if (v != kNotFound) TRY(dict_set(thread, values, name, v));
      }
      if (values->length() > 0) state = Value(TRY(tuple_of(thread, state, Value(values))));
    }
  }
  return state;
}

static Result<Value> object_getstate(Thread& thread, Value self) { return default_getstate(thread, self, false); }

Result<Value> call_getstate(Thread& thread, Value self, bool required) {
  Value method = TRY(get_attr(thread, self, names.dunder_getstate));
  if (is<NativeFunction>(method) && method.as<NativeFunction>()->def()->owner == &object_def)
    return default_getstate(thread, self, required);
  return call(thread, method);
}

static Result<Value> reduce_protocol2(Thread& thread, Value self) {
  Type* type = type_of(self);
  if (type->slot(Slot::new_).is_absent() || type->has_flag(kTypeNoInstances))
    return raise_type_error(thread, "cannot pickle '{!t}' object", self);
  Value copyreg = TRY(import_module_value(thread, "copyreg"));
  Value args = Value(empty_tuple()), kwargs = kNotFound;
  bool has_args = false;
  Value getnewargs_ex = TRY(find_special(thread, self, names.dunder_getnewargs_ex));
  if (getnewargs_ex != kNotFound) {
    Value both = TRY(call(thread, getnewargs_ex));
    if (!is<Tuple>(both)) return raise_type_error(thread, "__getnewargs_ex__ should return a tuple, not '{!t}'", both);
    if (both.as<Tuple>()->length() != 2)
      return raise_value_error(thread, "__getnewargs_ex__ should return a tuple of length 2, not {}", both.as<Tuple>()->length());
    args = both.as<Tuple>()->at(0);
    kwargs = both.as<Tuple>()->at(1);
    if (!is<Tuple>(args))
      return raise_type_error(thread, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{!t}'", args);
    if (!is<Dict>(kwargs))
      return raise_type_error(thread, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{!t}'",
                              kwargs);
    has_args = true;
  } else {
    Value getnewargs = TRY(find_special(thread, self, names.dunder_getnewargs));
    if (getnewargs != kNotFound) {
      args = TRY(call(thread, getnewargs));
      if (!is<Tuple>(args)) return raise_type_error(thread, "__getnewargs__ should return a tuple, not '{!t}'", args);
      has_args = true;
    }
  }
  Value newobj, newargs;
  if (kwargs != kNotFound && kwargs.as<Dict>()->length() > 0) {
    newobj = TRY(get_attr_ascii(thread, copyreg, "__newobj_ex__"));
    newargs = Value(TRY(tuple_of(thread, Value(type), args, kwargs)));
  } else {
    newobj = TRY(get_attr_ascii(thread, copyreg, "__newobj__"));
    Tuple* list = args.as<Tuple>();
    Tuple* made = TRY(make_tuple(thread, nullptr, list->length() + 1));
    made->set_at(0, Value(type));
    for (Index i = 0; i < list->length(); ++i) made->set_at(i + 1, list->at(i));
    newargs = Value(made);
  }
  bool required = !has_args && !is<List>(self) && !is<Dict>(self);
  Value state = TRY(call_getstate(thread, self, required));
  Value list_items = kNone, dict_items = kNone;
  if (is<List>(self)) list_items = TRY(get_shared_iter(thread, self));
  if (is<Dict>(self))
    dict_items = TRY(get_shared_iter(thread, TRY(at_this_moment(thread, TRY(call_method(thread, self, names.items))))));
  return tuple_of(thread, newobj, newargs, state, list_items, dict_items);
}

static Result<Value> common_reduce(Thread& thread, Value self, i64 protocol) {
  if (protocol >= 2) return reduce_protocol2(thread, self);
  Value copyreg = TRY(import_module_value(thread, "copyreg"));
  return call(thread, TRY(get_attr_ascii(thread, copyreg, "_reduce_ex")), self, Value::of_small_int(protocol));
}

static Result<Value> object_reduce(Thread& thread, Value self) { return common_reduce(thread, self, 0); }
static Result<Value> object_reduce_ex(Thread& thread, Value self, Index protocol) {
  Value reduce = TRY(find_attr(thread, self, names.dunder_reduce));
  if (reduce != kNotFound) {
    Value on_class = TRY(get_attr(thread, Value(type_of(self)), names.dunder_reduce));
    if (on_class != dict_find_str(types.object->dict(), names.dunder_reduce)) return call(thread, reduce);
  }
  return common_reduce(thread, self, protocol);
}

static constinit NativeDef object_methods[] = {
    native_raw(object_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(object_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<object_repr>("__repr__($self, /)", "Return repr(self)."),
    native<object_str>("__str__($self, /)", "Return str(self)."),
    native<object_format>("__format__($self, format_spec, /)", "Default object formatter."),
    native<object_hash>("__hash__($self, /)", "Return hash(self)."),
    native<object_eq>("__eq__($self, value, /)", "Return self==value."),
    native<object_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<object_order>("__lt__($self, value, /)", "Return self<value."),
    native<object_order>("__le__($self, value, /)", "Return self<=value."),
    native<object_order>("__gt__($self, value, /)", "Return self>value."),
    native<object_order>("__ge__($self, value, /)", "Return self>=value."),
    native<object_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<object_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),
    native<object_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),
    native<object_dir>("__dir__($self, /)", "Default dir() implementation."),
    native<object_sizeof>("__sizeof__($self, /)", "Size of object in memory, in bytes."),
    native_tuple<object_init_subclass>(
        "__init_subclass__($type, /)",
        "Hook that runs on a class whenever someone derives from it.\n\nThe new class is the argument cls; keywords from the "
        "class statement follow.\nThis version accepts no keywords and does nothing."),
    native_tuple<object_subclasshook>("__subclasshook__($type, object, /)",
                                      "Hook with which an abstract class can decide issubclass() by itself.\n\nabc.ABCMeta asks "
                                      "it before anything else and remembers the answer: True or\nFalse settles the matter, "
                                      "NotImplemented leaves it to the usual rules. This\nversion returns NotImplemented."),
    native<object_getstate>("__getstate__($self, /)", "Helper for pickle."),
    native<object_reduce>("__reduce__($self, /)", "Helper for pickle."),
    native<object_reduce_ex>("__reduce_ex__($self, protocol, /)", "Helper for pickle."),
};
static GetSetDef object_getsets[] = {{"__class__", object_get_class, object_set_class, "the object's class"}};

constinit TypeDef object_def = {
    .name = "object",
    .doc =
        "object()\n--\n\nThe class from which all classes derive.\n\nobject() makes a bare instance. It takes no arguments, and "
        "attributes can't\nbe set on it; its use is to be different from anything else.",
    .kind = kKindObject,
    .payload_size = 8,
    .flags = kTypeSubclassable,
    .methods = object_methods,
    .method_count = count_of(object_methods),
    .getsets = object_getsets,
    .getset_count = 1,
    .kind_info = {"object", nullptr, nullptr}};

// ---------------------------------------------------------------------------------------------------------------- constants

static Result<Value> no_arguments(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames,
                                  Value answer) {
  Type* type = TRY(check_new_type(thread, args, n, def.owner->type));
  if (n > 1 || kwnames) return raise_type_error(thread, "{} takes no arguments", type->name());
  return answer;
}
static Result<Str*> none_repr(Thread& thread, Value v) { return constant_text(thread, v); }
Str* constant_text(Thread& thread, Value v) {
  return v.is_none() ? fixed_name<"None">(thread) : v.is_true() ? fixed_name<"True">(thread) : fixed_name<"False">(thread);
}
static Result<bool> none_bool(Thread&, Value) { return false; }
static Result<Value> none_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return no_arguments(thread, def, args, n, kwnames, kNone);
}
static constinit NativeDef none_methods[] = {
    native_raw(none_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<none_repr>("__repr__($self, /)", "Return repr(self)."),
    native<none_bool>("__bool__($self, /)", "True if self else False"),
};
constinit TypeDef none_def = {
    .name = "NoneType", .kind = kKindNone, .methods = none_methods, .method_count = count_of(none_methods)};

static Result<Str*> not_implemented_repr(Thread& thread, Value) { return str_from_ascii(thread, "NotImplemented"); }
static Result<Str*> not_implemented_reduce(Thread& thread, Value) { return str_from_ascii(thread, "NotImplemented"); }
static Result<bool> not_implemented_bool(Thread& thread, Value) {
  TRY(warn(thread, exceptions.DeprecationWarning, "NotImplemented should not be used in a boolean context", 1));
  return true;
}
static Result<Value> not_implemented_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return no_arguments(thread, def, args, n, kwnames, kNotImplemented);
}
static constinit NativeDef not_implemented_methods[] = {
    native_raw(not_implemented_new, "__new__(*args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<not_implemented_repr>("__repr__($self, /)", "Return repr(self)."),
    native<not_implemented_bool>("__bool__($self, /)", "True if self else False"),
    native<not_implemented_reduce>("__reduce__($self, /)", "Helper for pickle."),
};
constinit TypeDef not_implemented_def = {.name = "NotImplementedType",
                                         .kind = kKindNone,
                                         .methods = not_implemented_methods,
                                         .method_count = count_of(not_implemented_methods)};

static Result<Str*> ellipsis_repr(Thread& thread, Value) { return str_from_ascii(thread, "Ellipsis"); }
static Result<Value> ellipsis_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, def.owner->type));
  if (n > 1 || kwnames) return raise_type_error(thread, "EllipsisType takes no arguments");
  return kEllipsis;
}
static constinit NativeDef ellipsis_methods[] = {
    native_raw(ellipsis_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<ellipsis_repr>("__repr__($self, /)", "Return repr(self)."),
    native<ellipsis_repr>("__reduce__($self, /)", "Helper for pickle."),
};
constinit TypeDef ellipsis_def = {
    .name = "ellipsis", .kind = kKindNone, .methods = ellipsis_methods, .method_count = count_of(ellipsis_methods)};

}  // namespace baton
