// type: the class of classes, as Python sees it.
#include "objects/audit.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/made_at_run_time.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/type_internal.h"

namespace baton {

Result<Value> type_dir(Thread& thread, Type* self);
Result<Value> make_mapping_proxy(Thread& thread, Value mapping);
Result<Value> make_union(Thread& thread, Value left, Value right);  // X | Y; kNotImplemented when an operand isn't a type form

static Result<Value> type_call_row(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Type>(args[0])) return raise_type_error(thread, "descriptor '__call__' requires a 'type' object");
  return type_call(thread, args[0].as<Type>(), args + 1, n - 1, kwnames);
}

// Names and docstrings of classes must be text that UTF-8 can hold.
static Result<void> check_encodable(Thread& thread, Str* text) {
  if (!text->is_ascii()) TRY(encode_utf8(thread, text, nullptr));
  return ok;
}

static Result<Value> type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, types.type));
  if (n != 4) return raise_type_error(thread, "type.__new__() takes exactly 3 arguments ({} given)", static_cast<i64>(n) - 1);
  static constexpr const char* kExpected[] = {"str", "tuple", "dict"};
  for (int i = 1; i <= 3; ++i) {
    bool good = i == 1 ? is<Str>(args[i]) : i == 2 ? is<Tuple>(args[i]) : is<Dict>(args[i]);
    if (!good) return raise_type_error(thread, "type.__new__() argument {} must be {}, not {!t}", i, kExpected[i - 1], args[i]);
  }
  Str* name = args[1].as<Str>();
  for (Index i = 0; i < name->length(); ++i)
    if (name->at(i) == 0) return raise_value_error(thread, "type name must not contain null characters");
  TRY(check_encodable(thread, name));
  if (Value doc = dict_find_str(args[3].as<Dict>(), names.dunder_doc); is<Str>(doc)) TRY(check_encodable(thread, doc.as<Str>()));
  return new_class(thread, args[0].as<Type>(), name, args[2].as<Tuple>(), args[3].as<Dict>(), args + n, kwnames);
}

static Result<Value> type_init(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (kwnames && n == 2) return raise_type_error(thread, "type.__init__() takes no keyword arguments");
  if (n != 2 && n != 4) return raise_type_error(thread, "type.__init__() takes 1 or 3 arguments");
  return kNone;
}

static Result<Str*> type_repr(Thread& thread, Type* self) {
  return format_message(thread, "<class '{}'>", TRY(type_qualified_name(thread, self)));
}

static Result<Value> type_getattribute(Thread& thread, Type* self, Str* name) {
  name = TRY(str_intern(thread, name));
  Value v = TRY(type_find_attribute(thread, Value(self), name));
  if (v == kNotFound) return raise_attribute_error(thread, Value(self), name);
  return v;
}
static Result<void> type_setattr(Thread& thread, Type* self, Str* name, Value value) {
  return type_set_attribute_hook(thread, Value(self), TRY(str_intern(thread, name)), value);
}
static Result<void> type_delattr(Thread& thread, Type* self, Str* name) {
  return type_set_attribute_hook(thread, Value(self), TRY(str_intern(thread, name)), Value());
}

static Result<Value> type_mro(Thread& thread, Type* self) {
  return list_from_iterable(thread, Value(TRY(compute_c3(thread, self, self->bases()))));
}
static Result<List*> type_subclasses(Thread& thread, Type* self) { return live_subclasses(thread, self); }
static Result<Value> type_prepare(Thread& thread, NativeDef const&, Value const*, usize, Tuple*) { return make_dict(thread); }
static Result<bool> type_instancecheck(Thread& thread, Type* self, Value v) {
  return recursive_isinstance(thread, v, Value(self));
}
static Result<bool> type_subclasscheck(Thread& thread, Type* self, Value v) {
  return default_subclasscheck(thread, v, Value(self));
}
static Result<Value> type_or(Thread& thread, Value a, Value b) { return make_union(thread, a, b); }
static Result<Value> type_ror(Thread& thread, Value a, Value b) { return make_union(thread, b, a); }
static Result<i64> type_sizeof(Thread&, Type* self) { return static_cast<i64>(heap_cell_size(self)); }

// --- getsets

static Failed raise_immutable(Thread& thread, const char* name, Type* type) {
  return raise_type_error(thread, "cannot set '{}' attribute of immutable type '{}'", name,
                          TRY(type_qualified_name(thread, type)));
}
static Result<void> check_assignment(Thread& thread, Type* type, const char* name, Value value) {
  if (!type->has_flag(kTypeHeap)) return raise_immutable(thread, name, type);
  if (value.is_absent())
    return raise_type_error(thread, "cannot delete '{}' attribute of immutable type '{}'", name, type->name());
  if (has_audit_hooks) TRY(audit(thread, "object.__setattr__", Value(type), Value(intern(thread, name)), value));
  return ok;
}

static Result<Value> get_name(Thread&, Value self) { return Value(self.as<Type>()->name()); }
static Result<void> set_name(Thread& thread, Value self, Value v) {
  TRY(check_assignment(thread, self.as<Type>(), "__name__", v));
  if (!is<Str>(v))
    return raise_type_error(thread, "can only assign string to {}.__name__, not '{!t}'", self.as<Type>()->name(), v);
  for (Index i = 0; i < v.as<Str>()->length(); ++i)
    if (v.as<Str>()->at(i) == 0) return raise_value_error(thread, "type name must not contain null characters");
  TRY(check_encodable(thread, v.as<Str>()));
  self.as<Type>()->name_.set(self.cell(), v.as<Str>());
  return ok;
}
static Result<Value> get_qualname(Thread&, Value self) {
  Type* type = self.as<Type>();
  return Value(type->qualname());
}
static Result<void> set_qualname(Thread& thread, Value self, Value v) {
  TRY(check_assignment(thread, self.as<Type>(), "__qualname__", v));
  if (!is<Str>(v))
    return raise_type_error(thread, "can only assign string to {}.__qualname__, not '{!t}'", self.as<Type>()->name(), v);
  self.as<Type>()->qualname_.set(self.cell(), v.as<Str>());
  return ok;
}
static Result<Value> get_module(Thread& thread, Value self) {
  if (!self.as<Type>()->has_flag(kTypeHeap)) {  // from the definition's name: type's own dict holds this very getset
    std::string_view full = self.as<Type>()->def()->name;
    usize dot = full.rfind('.');
    return Value(dot == std::string_view::npos ? names.builtins : intern(thread, full.substr(0, dot)));
  }
  Value v = dict_find_str(self.as<Type>()->dict(), names.dunder_module);
  if (v.is_present()) return v;
  if (self.as<Type>()->has_flag(kTypeHeap)) return raise_attribute_error(thread, self, names.dunder_module);
  return Value(names.builtins);
}
static Result<void> set_module(Thread& thread, Value self, Value v) {
  TRY(check_assignment(thread, self.as<Type>(), "__module__", v));
  return type_set_attribute(thread, self.as<Type>(), names.dunder_module, v);
}
static Result<Value> get_bases(Thread&, Value self) { return Value(self.as<Type>()->bases()); }

// Computes the MRO of type and of its subclasses anew. mro() may be the user's and change classes meanwhile: what was replaced is
// noted in `changes` as triples (type, new MRO, old MRO), and a type whose MRO changed under it is left as it is.
static Result<void> refresh_mro(Thread& thread, Type* type, RootVector& changes) {
  Tuple* old_mro = type->mro();
  Tuple* mro = TRY(compute_type_mro(thread, type));
  if (type->mro() != old_mro) return ok;
  type->mro_.set(type, mro);
  type_modified(thread, type);
  changes.push(Value(type));
  changes.push(Value(mro));
  changes.push(Value(old_mro));
  List* subclasses = TRY(live_subclasses(thread, type));
  for (Index i = 0; i < subclasses->length(); ++i) TRY(refresh_mro(thread, subclasses->try_at(i).as<Type>(), changes));
  return ok;
}

static void undo_mro_changes(Thread& thread, RootVector& changes) {
  for (usize i = 0; i < changes.size(); i += 3) {
    Type* type = changes[i].as<Type>();
    if (Value(type->mro()) != changes[i + 1]) continue;
    type->mro_.set(type, changes[i + 2].as<Tuple>());
    type_modified(thread, type);
  }
}

// By the MRO, and by the chain of bases, which is ahead of the MRO while a __bases__ assignment runs.
static bool derives_from(Type* type, Type* ancestor) {
  if (type->is_subtype_of(ancestor)) return true;
  for (Type* base = type->base(); base; base = base->base())
    if (base == ancestor) return true;
  return false;
}

// CPython frees instances of types that its cycle collector knows in another way than the rest, and says so.
static bool is_collected_by_cpython(Type* type) {
  if (type->has_flag(kTypeHasDict) || type->member_slot_count()) return true;
  while (type->has_flag(kTypeHeap) && type->base()) type = type->base();
  return type != types.object && type != types.int_ && type != types.bool_ && type != types.float_ && type != types.complex &&
         type != types.str && type != types.bytes && type != types.bytearray && type != types.range;
}

static Result<Type*> check_new_bases(Thread& thread, Type* type, Value v) {
  if (!is<Tuple>(v)) return raise_type_error(thread, "can only assign tuple to {}.__bases__, not {!t}", type->name(), v);
  Tuple* bases = v.as<Tuple>();
  if (bases->length() == 0)
    return raise_type_error(thread, "can only assign non-empty tuple to {}.__bases__, not ()", type->name());
  for (Index i = 0; i < bases->length(); ++i) {
    if (!is<Type>(bases->at(i)))
      return raise_type_error(thread, "{}.__bases__ must be tuple of classes, not '{!t}'", type->name(), bases->at(i));
    if (derives_from(bases->at(i).as<Type>(), type))
      return raise_type_error(thread, "a __bases__ item causes an inheritance cycle");
  }
  Type* new_base = nullptr;
  for (Index i = 0; i < bases->length(); ++i) {
    Type* b = bases->at(i).as<Type>();
    if (!b->has_flag(kTypeSubclassable)) return raise_type_error(thread, "type '{}' is not an acceptable base type", b->name());
    if (!new_base || b->payload_size_ > new_base->payload_size_ || b->member_slot_count() > new_base->member_slot_count())
      new_base = b;
  }
  if (is_collected_by_cpython(new_base) != is_collected_by_cpython(type->base()))
    return raise_type_error(thread, "__bases__ assignment: '{}' deallocator differs from '{}'", new_base->name(),
                            type->base()->name());
  bool compatible = new_base->payload_size_ == type->base()->payload_size_ &&
                    new_base->member_slot_count() == type->base()->member_slot_count() &&
                    (new_base->instance_kind() & kKindMask) == (type->base()->instance_kind() & kKindMask) &&
                    !(new_base->tail_offset() == 0 && type->base()->tail_offset() != 0 && type->has_flag(kTypeHasDict) &&
                      new_base == types.object);
  if (!compatible)
    return raise_type_error(thread, "__bases__ assignment: '{}' object layout differs from '{}'", new_base->name(),
                            type->base()->name());
  return new_base;
}

static Result<void> set_bases(Thread& thread, Value self, Value v) {
  Type* type = self.as<Type>();
  TRY(check_assignment(thread, type, "__bases__", v));
  Type* new_base = TRY(check_new_bases(thread, type, v));
  Tuple* bases = v.as<Tuple>();
  Tuple* old_bases = type->bases();
  Type* old_base = type->base();
  type->bases_.set(type, bases);
  type->base_.set(type, new_base);
  RootVector changes;
  if (refresh_mro(thread, type, changes).is_failed()) {
    undo_mro_changes(thread, changes);
    if (type->bases() == bases) {
      type->bases_.set(type, old_bases);
      type->base_.set(type, old_base);
    }
    return failed;
  }
  if (type->bases() != bases) return ok;  // a call of mro() has assigned others
  for (Index i = 0; i < old_bases->length(); ++i) remove_subclass(thread, old_bases->at(i).as<Type>(), type);
  for (Index i = 0; i < bases->length(); ++i) TRY(add_subclass(thread, bases->at(i).as<Type>(), type));
  type_modified(thread, type);
  return ok;
}
static Result<Value> get_base(Thread&, Value self) { return self.as<Type>()->base() ? Value(self.as<Type>()->base()) : kNone; }
static Result<Value> get_mro(Thread&, Value self) { return self.as<Type>()->mro() ? Value(self.as<Type>()->mro()) : kNone; }
static Result<Value> get_dict(Thread& thread, Value self) { return make_mapping_proxy(thread, Value(self.as<Type>()->dict())); }
static Result<Value> get_doc(Thread& thread, Value self) {
  const TypeDef* def = self.as<Type>()->def();
  if (!self.as<Type>()->has_flag(kTypeHeap) && def->doc) {
    std::string_view doc = def->doc;
    usize marker = doc.find("\n--\n\n");
    if (marker != std::string_view::npos && doc.find('(') < marker) doc = doc.substr(marker + 5);
    return str_from_utf8(thread, doc);
  }
  Value v = dict_find_str(self.as<Type>()->dict(), names.dunder_doc);
  if (v.is_absent()) return kNone;
  if (type_of(v)->slot(Slot::get).is_present()) return call_get(thread, v, kNone, self.as<Type>());
  return v;
}
static Result<void> set_doc(Thread& thread, Value self, Value v) {
  TRY(check_assignment(thread, self.as<Type>(), "__doc__", v));
  return type_set_attribute(thread, self.as<Type>(), names.dunder_doc, v);
}
// "Name(parameters)\n--\n\n..." at the beginning of a docstring, be it a native class's or not.
static Result<Value> get_text_signature(Thread& thread, Value self) {
  auto* type = self.as<Type>();
  std::string_view doc;
  Value owner;
  if (!type->has_flag(kTypeHeap)) {
    if (type->def()->doc) doc = type->def()->doc;
  } else if (Value v = dict_find_str(type->dict(), names.dunder_doc); is<Str>(v)) {
    doc = str_utf8_lossy(thread, v.as<Str>(), &owner);
    Value name_owner;
    std::string_view name = str_utf8_lossy(thread, type->name(), &name_owner);
    if (!doc.starts_with(name) || doc.size() == name.size() || doc[name.size()] != '(') return kNone;
  }
  usize marker = doc.find("\n--\n\n");
  usize open = doc.find('(');
  if (marker == std::string_view::npos || open > marker) return kNone;
  return str_from_utf8(thread, doc.substr(open, marker - open));
}
static Result<Value> get_abstract(Thread& thread, Value self) {
  Value v = self != Value(types.type) ? dict_find_str(self.as<Type>()->dict(), names.dunder_abstractmethods) : Value();
  if (v.is_absent()) return raise(thread, exceptions.AttributeError, "__abstractmethods__");
  return v;
}
static Result<void> set_abstract(Thread& thread, Value self, Value v) {
  Type* type = self.as<Type>();
  bool on = v.is_present() && TRY(truth(thread, v));
  if (v.is_absent() && dict_find_str(type->dict(), names.dunder_abstractmethods).is_absent())
    return raise(thread, exceptions.AttributeError, "__abstractmethods__");
  TRY(type_set_attribute(thread, type, names.dunder_abstractmethods, v));
  CriticalSection guard(thread, types.type);
  __atomic_store_n(&type->flags_, on ? type->flags() | kTypeAbstract : type->flags() & ~kTypeAbstract, __ATOMIC_RELAXED);
  return ok;
}
static Result<Value> get_annotations(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  if (!type->has_flag(kTypeHeap))
    return raise(thread, exceptions.AttributeError, "type object '{}' has no attribute '__annotations__'", type->name());
  Value v = dict_find_str(type->dict(), names.dunder_annotations);
  if (v.is_present()) return call_get(thread, v, kNone, type);
  Dict* made = TRY(make_dict(thread));
  TRY(type_set_attribute(thread, type, names.dunder_annotations, Value(made)));
  return made;
}
static Result<void> set_annotations(Thread& thread, Value self, Value v) {
  Type* type = self.as<Type>();
  if (!type->has_flag(kTypeHeap)) return raise_immutable(thread, "__annotations__", type);
  if (v.is_absent() && dict_find_str(type->dict(), names.dunder_annotations).is_absent())
    return raise(thread, exceptions.AttributeError, "__annotations__");
  return type_set_attribute(thread, type, names.dunder_annotations, v);
}
static Result<Value> get_flags(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  u64 flags = 1u << 12;  // ready
  if (type->has_flag(kTypeHeap) || is_made_at_run_time(type)) flags |= 1u << 9;
  if (type->has_flag(kTypeImmutable) && !takes_attributes(type)) flags |= 1u << 8;
  if (type->has_flag(kTypeSubclassable)) flags |= 1u << 10;
  flags |= 1u << 14;  // takes part in garbage collection
  if (type->has_flag(kTypeAbstract)) flags |= 1u << 20;
  if (type->has_flag(kTypeSequence)) flags |= 1u << 5;
  if (type->has_flag(kTypeMapping)) flags |= 1u << 6;
  if (type->is_subtype_of(types.int_)) flags |= 1u << 24;
  if (type->is_subtype_of(types.list)) flags |= 1u << 25;
  if (type->is_subtype_of(types.tuple)) flags |= 1u << 26;
  if (type->is_subtype_of(types.bytes)) flags |= 1u << 27;
  if (type->is_subtype_of(types.str)) flags |= 1u << 28;
  if (type->is_subtype_of(types.dict)) flags |= 1u << 29;
  if (type->has_flag(kTypeIsException)) flags |= 1u << 30;
  if (type->has_flag(kTypeIsType)) flags |= 1u << 31;
  return int_from_u64(thread, flags);
}
static Result<Value> get_basicsize(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  i64 size = type->payload_size_ + 8 + 8 * type->member_slot_count() + (type->has_flag(kTypeHasDict) ? 8 : 0) +
             (type->has_flag(kTypeWeakrefable) ? 8 : 0);
  return int_from_i64(thread, size);
}
static Result<Value> get_itemsize(Thread& thread, Value self) {
  u16 kind = self.as<Type>()->instance_kind() & kKindMask;
  i64 n = kind == kKindTuple                              ? 8
          : kind == kKindBytes                            ? 1
          : kind == kKindBigInt || kind == kKindIntObject ? 4
          : kind == kKindType                             ? 40
                                                          : 0;
  return int_from_i64(thread, n);
}
static Result<Value> get_dictoffset(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  return int_from_i64(thread, type->has_flag(kTypeHasDict)  ? static_cast<i64>(type->tail_offset() ? type->tail_offset() : 16)
                              : type->has_flag(kTypeIsType) ? 264
                                                            : 0);
}
static Result<Value> get_weakrefoffset(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  return int_from_i64(thread, type->has_flag(kTypeWeakrefable) ? static_cast<i64>(type->payload_size_ + 16) : 0);
}

static constinit NativeDef type_methods[] = {
    native_raw(type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(type_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    native_raw(type_call_row, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<type_repr>("__repr__($self, /)", "Return repr(self)."),
    native<type_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<type_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),
    native<type_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),
    native<type_mro>("mro($self, /)", "Return a type's method resolution order."),
    native<type_subclasses>("__subclasses__($self, /)", "Return a list of immediate subclasses."),
    native_raw(type_prepare, "__prepare__($type, /, *args, **kwargs)",
               "Return the mapping that is to collect the names of a class body.\n\nA class statement calls it first. This "
               "version accepts any arguments and\nreturns an empty dict; metaclasses may override it."),
    native<type_instancecheck>("__instancecheck__($self, instance, /)", "Check if an object is an instance."),
    native<type_subclasscheck>("__subclasscheck__($self, subclass, /)", "Check if a class is a subclass."),
    native<type_dir>("__dir__($self, /)", "Specialized __dir__ implementation for types."),
    native<type_sizeof>("__sizeof__($self, /)", "Return memory consumption of the type object."),
    native<type_or>("__or__($self, value, /)", "Return self|value."),
    native<type_ror>("__ror__($self, value, /)", "Return value|self."),
};
static GetSetDef type_getsets[] = {
    {"__name__", get_name, set_name, nullptr},
    {"__qualname__", get_qualname, set_qualname, nullptr},
    {"__module__", get_module, set_module, nullptr},
    {"__bases__", get_bases, set_bases, nullptr},
    {"__base__", get_base, nullptr, nullptr, true},
    {"__mro__", get_mro, nullptr, nullptr, true},
    {"__dict__", get_dict, nullptr, nullptr},
    {"__doc__", get_doc, set_doc, nullptr},
    {"__text_signature__", get_text_signature, nullptr, nullptr},
    {"__abstractmethods__", get_abstract, set_abstract, nullptr},
    {"__annotations__", get_annotations, set_annotations, nullptr},
    {"__flags__", get_flags, nullptr, nullptr, true},
    {"__basicsize__", get_basicsize, nullptr, nullptr, true},
    {"__itemsize__", get_itemsize, nullptr, nullptr, true},
    {"__dictoffset__", get_dictoffset, nullptr, nullptr, true},
    {"__weakrefoffset__", get_weakrefoffset, nullptr, nullptr, true},
};
constinit TypeDef type_def = {
    .name = "type",
    .doc =
        "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type\n\nFind out what class an object is "
        "of, or create a class without a class\nstatement. For the latter, name is a string; bases is a tuple with the "
        "classes\nto derive from, and may be empty; dict has the attributes, methods included,\nand is copied. All keywords are "
        "handed on to __init_subclass__().",
    .kind = kKindType,
    .payload_size = sizeof(Type),
    .flags = kTypeSubclassable | kTypeIsType | kTypeWeakrefable | kTypeHasDict,
    .methods = type_methods,
    .method_count = count_of(type_methods),
    .getsets = type_getsets,
    .getset_count = sizeof(type_getsets) / sizeof(*type_getsets),
    .kind_info = kind_info_of<Type>("type"),
    .find_attribute = type_find_attribute,
    .set_attribute = type_set_attribute_hook};

}  // namespace baton
