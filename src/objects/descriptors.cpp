// property, staticmethod, classmethod, super, and the wrappers of native functions (builtin_function_or_method,
// method_descriptor, wrapper_descriptor, getset_descriptor, member_descriptor, method-wrapper).
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/frame.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/native_room.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/super.h"
#include "objects/type_internal.h"

namespace baton {

Result<Value> call_native(Thread& thread, NativeFunction* function, const Value* args, usize n, Tuple* kwnames);
Result<Value> call_descriptor(Thread& thread, MethodDescriptor* method, const Value* args, usize n, Tuple* kwnames);

static Result<Str*> hex_id(Thread& thread, Value v) {
  return int_to_text(thread, TRY(int_from_u64(thread, object_id(v))), 16, true);
}

// --- text of a row: name, doc, signature
static Result<Value> row_name(Thread& thread, NativeDef const& def) { return Value(intern(thread, def.name())); }
static Result<Value> row_doc(Thread& thread, NativeDef const& def) {
  if (!def.doc || !*def.doc) return kNone;
  return str_from_utf8(thread, def.doc);
}
static Result<Value> row_signature(Thread& thread, NativeDef const& def) {
  if (def.flags & kNativeTuple) return kNone;
  std::string_view text = def.signature.substr(def.name_length);
  if (text == "(*args, **kwargs)" && (def.flags & kNativeRaw) && def.name() != "__new__") return kNone;
  if (text.find('<') != std::string_view::npos) return kNone;  // a default that is no Python expression
  return str_from_utf8(thread, text);
}

// ---------------------------------------------------------------------------------------------------------------- builtin
// functions

static Result<Value> native_function_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_native(thread, args[0].as<NativeFunction>(), args + 1, n - 1, kwnames);
}
static bool is_plain_function(NativeFunction* f) { return f->self().is_absent() || is<Module>(f->self()); }
// What the function is an attribute of: the object it is bound to, of static methods the type; absent: a module's function.
static Value native_owner(NativeFunction* f) {
  if (f->self().is_absent()) return f->def()->owner ? Value(f->def()->owner->type) : Value();
  return is<Module>(f->self()) ? Value() : f->self();
}
static Result<Str*> native_function_repr(Thread& thread, NativeFunction* self) {
  Value owner = native_owner(self);
  if (owner.is_absent()) return format_message(thread, "<built-in function {}>", self->def()->name());
  return format_message(thread, "<built-in method {} of {!t} object at {}>", self->def()->name(), owner,
                        TRY(hex_id(thread, owner)));
}
static Result<Value> native_function_eq(Thread&, NativeFunction* self, Value other) {
  if (!is<NativeFunction>(other)) return kNotImplemented;
  return Value::of_bool(self->def() == other.as<NativeFunction>()->def() && self->self() == other.as<NativeFunction>()->self());
}
static Result<i64> native_function_hash(Thread&, NativeFunction* self) {
  u64 h = reinterpret_cast<u64>(self->def()) / 16 ^ (self->self().bits() >> 4);
  return static_cast<i64>(h);
}
static Result<Value> native_get_name(Thread& thread, Value self) { return row_name(thread, *self.as<NativeFunction>()->def()); }
static Result<Value> native_get_qualname(Thread& thread, Value self) {
  auto* f = self.as<NativeFunction>();
  if (f->def()->owner && f->self().is_absent())
    return format_message(thread, "{}.{}", f->def()->owner->type->name(), f->def()->name());
  if (is_plain_function(f)) return row_name(thread, *f->def());
  Type* type = is<Type>(f->self()) ? f->self().as<Type>() : type_of(f->self());
  return format_message(thread, "{}.{}", type->qualname_.get(), f->def()->name());
}
static Result<Value> native_get_module(Thread&, Value self) {
  Value v = self.as<NativeFunction>()->module();
  if (is<Module>(v)) {
    Value name = dict_find_str(v.as<Module>()->dict(), names.dunder_name);
    return name.is_present() ? name : kNone;
  }
  return kNone;
}
static Result<Value> native_get_self(Thread&, Value self) {
  auto* f = self.as<NativeFunction>();
  if (f->self().is_present()) return f->self();
  if (f->def()->owner) return f->def()->name() == "__new__" ? Value(f->def()->owner->type) : kNone;
  return f->module().is_present() ? f->module() : kNone;
}
static Result<Value> native_get_doc(Thread& thread, Value self) { return row_doc(thread, *self.as<NativeFunction>()->def()); }
static Result<Value> native_get_signature(Thread& thread, Value self) {
  NativeFunction* f = self.as<NativeFunction>();
  // One for all classes: what rows say of their parameters is for messages.
  if (f->def()->owner && f->def()->name() == "__new__") return str_from_ascii(thread, "($type, *args, **kwargs)");
  Value text = TRY(row_signature(thread, *f->def()));
  // A module's function is shown with the module in front, also where the row does not name it.
  bool is_module_function = f->self().is_present() && is<Module>(f->self());
  if (!is_module_function || !is<Str>(text)) return text;
  std::string_view row = f->def()->signature.substr(f->def()->name_length);
  if (row.find('$') != std::string_view::npos) return text;
  std::string_view parameters = row.substr(1, row.size() - 2);
  if (parameters.empty()) return str_from_ascii(thread, "($module, /)");
  bool has_slash = row.find("/)") != std::string_view::npos || row.find("/,") != std::string_view::npos;
  return Value(TRY(format_message(thread, has_slash ? "($module, {})" : "($module, /, {})", parameters)));
}
static Result<Value> native_reduce(Thread& thread, NativeFunction* self) {
  Value owner = native_owner(self);
  if (owner.is_absent()) return row_name(thread, *self->def());
  Value getattr = dict_find_str(runtime.builtins->dict(), intern(thread, "getattr"));
  return tuple_of(thread, getattr, Value(TRY(tuple_of(thread, owner, TRY(row_name(thread, *self->def()))))));
}
static constinit NativeDef native_function_methods[] = {
    native_raw(native_function_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<native_function_repr>("__repr__($self, /)", "Return repr(self)."),
    native<native_function_eq>("__eq__($self, value, /)", "Return self==value."),
    native<native_function_hash>("__hash__($self, /)", "Return hash(self)."),
    native<native_reduce>("__reduce__($self, /)"),
};
static GetSetDef native_function_getsets[] = {{"__name__", native_get_name, nullptr, nullptr},
                                              {"__qualname__", native_get_qualname, nullptr, nullptr},
                                              {"__module__", native_get_module, nullptr, nullptr, true},
                                              {"__self__", native_get_self, nullptr, nullptr},
                                              {"__doc__", native_get_doc, nullptr, nullptr},
                                              {"__text_signature__", native_get_signature, nullptr, nullptr}};
constinit TypeDef native_function_def = {.name = "builtin_function_or_method",
                                         .kind = kKindNativeFunction,
                                         .payload_size = sizeof(NativeFunction),
                                         .flags = kTypeWeakrefable | kTypeNoInstances,
                                         .methods = native_function_methods,
                                         .method_count = count_of(native_function_methods),
                                         .getsets = native_function_getsets,
                                         .getset_count = 6,
                                         .kind_info = kind_info_of<NativeFunction>("builtin_function_or_method")};

// method-wrapper: the same cell, another type (bound slot of a native type).
static Result<Str*> wrapper_repr(Thread& thread, NativeFunction* self) {
  return format_message(thread, "<method-wrapper '{}' of {!t} object at {}>", self->def()->name(), self->self(),
                        TRY(hex_id(thread, self->self())));
}
static Result<Value> wrapper_objclass(Thread&, Value self) { return Value(self.as<NativeFunction>()->def()->owner->type); }
static constinit NativeDef method_wrapper_methods[] = {
    native_raw(native_function_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<wrapper_repr>("__repr__($self, /)", "Return repr(self)."),
    native<native_function_eq>("__eq__($self, value, /)", "Return self==value."),
    native<native_function_hash>("__hash__($self, /)", "Return hash(self)."),
    native<native_reduce>("__reduce__($self, /)"),
};
static GetSetDef method_wrapper_getsets[] = {
    {"__name__", native_get_name, nullptr, nullptr},      {"__qualname__", native_get_qualname, nullptr, nullptr},
    {"__objclass__", wrapper_objclass, nullptr, nullptr}, {"__self__", native_get_self, nullptr, nullptr, true},
    {"__doc__", native_get_doc, nullptr, nullptr},        {"__text_signature__", native_get_signature, nullptr, nullptr}};
constinit TypeDef method_wrapper_def = {.name = "method-wrapper",
                                        .kind = kKindNativeFunction,
                                        .payload_size = sizeof(NativeFunction),
                                        .flags = kTypeNoInstances,
                                        .methods = method_wrapper_methods,
                                        .method_count = count_of(method_wrapper_methods),
                                        .getsets = method_wrapper_getsets,
                                        .getset_count = 6,
                                        .kind_info = kind_info_of<NativeFunction>("builtin_function_or_method")};

// ---------------------------------------------------------------------------------------------------------------- unbound native
// methods

static Result<Value> descriptor_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_descriptor(thread, args[0].as<MethodDescriptor>(), args + 1, n - 1, kwnames);
}
static Result<Value> descriptor_get(Thread& thread, Value self, Value instance, Value owner) {
  if (instance.is_none() && owner.is_none()) return raise_type_error(thread, "__get__(None, None) is invalid");
  return call_get(thread, self, instance, is<Type>(owner) ? owner.as<Type>() : type_of(instance));
}
static Result<Str*> method_descriptor_repr(Thread& thread, MethodDescriptor* self) {
  const char* format =
      type_of(Value(self)) == types.wrapper_descriptor ? "<slot wrapper '{}' of '{}' objects>" : "<method '{}' of '{}' objects>";
  return format_message(thread, format, self->def()->name(), TRY(type_shown_name(thread, self->owner())));
}
static Result<Value> descriptor_name(Thread& thread, Value self) { return row_name(thread, *self.as<MethodDescriptor>()->def()); }
static Result<Value> descriptor_qualname(Thread& thread, Value self) {
  auto* d = self.as<MethodDescriptor>();
  return format_message(thread, "{}.{}", d->owner()->qualname_.get(), d->def()->name());
}
static Result<Value> descriptor_objclass(Thread&, Value self) { return Value(self.as<MethodDescriptor>()->owner()); }
static Result<Value> descriptor_doc(Thread& thread, Value self) { return row_doc(thread, *self.as<MethodDescriptor>()->def()); }
static Result<Value> descriptor_signature(Thread& thread, Value self) {
  return row_signature(thread, *self.as<MethodDescriptor>()->def());
}
static Result<Value> descriptor_reduce(Thread& thread, MethodDescriptor* self) {
  Value getattr = dict_find_str(runtime.builtins->dict(), intern(thread, "getattr"));
  return tuple_of(thread, getattr, Value(TRY(tuple_of(thread, Value(self->owner()), TRY(row_name(thread, *self->def()))))));
}
static constinit NativeDef method_descriptor_methods[] = {
    native_raw(descriptor_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<descriptor_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<method_descriptor_repr>("__repr__($self, /)", "Return repr(self)."),
    native<descriptor_reduce>("__reduce__($self, /)"),
};
static constinit NativeDef wrapper_descriptor_methods[] = {
    native_raw(descriptor_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<descriptor_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<method_descriptor_repr>("__repr__($self, /)", "Return repr(self)."),
    native<descriptor_reduce>("__reduce__($self, /)"),
};
static constinit NativeDef classmethod_descriptor_methods[] = {
    native_raw(descriptor_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<descriptor_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<method_descriptor_repr>("__repr__($self, /)", "Return repr(self)."),
};
#define DESCRIPTOR_GETSETS                                                                                              \
  {                                                                                                                     \
    {"__name__", descriptor_name, nullptr, nullptr, true}, {"__qualname__", descriptor_qualname, nullptr, nullptr},     \
        {"__objclass__", descriptor_objclass, nullptr, nullptr, true}, {"__doc__", descriptor_doc, nullptr, nullptr}, { \
      "__text_signature__", descriptor_signature, nullptr, nullptr                                                      \
    }                                                                                                                   \
  }
static GetSetDef method_descriptor_getsets[] = DESCRIPTOR_GETSETS;
static GetSetDef wrapper_descriptor_getsets[] = DESCRIPTOR_GETSETS;
static GetSetDef classmethod_descriptor_getsets[] = DESCRIPTOR_GETSETS;
#undef DESCRIPTOR_GETSETS
constinit TypeDef method_descriptor_def = {.name = "method_descriptor",
                                           .kind = kKindMethodDescriptor,
                                           .payload_size = sizeof(MethodDescriptor),
                                           .flags = kTypeNoInstances,
                                           .methods = method_descriptor_methods,
                                           .method_count = count_of(method_descriptor_methods),
                                           .getsets = method_descriptor_getsets,
                                           .getset_count = 5,
                                           .kind_info = kind_info_of<MethodDescriptor>("method_descriptor")};
constinit TypeDef wrapper_descriptor_def = {.name = "wrapper_descriptor",
                                            .kind = kKindMethodDescriptor,
                                            .payload_size = sizeof(MethodDescriptor),
                                            .flags = kTypeNoInstances,
                                            .methods = wrapper_descriptor_methods,
                                            .method_count = count_of(wrapper_descriptor_methods),
                                            .getsets = wrapper_descriptor_getsets,
                                            .getset_count = 5,
                                            .kind_info = kind_info_of<MethodDescriptor>("method_descriptor")};
constinit TypeDef classmethod_descriptor_def = {.name = "classmethod_descriptor",
                                                .kind = kKindMethodDescriptor,
                                                .payload_size = sizeof(MethodDescriptor),
                                                .flags = kTypeNoInstances,
                                                .methods = classmethod_descriptor_methods,
                                                .method_count = count_of(classmethod_descriptor_methods),
                                                .getsets = classmethod_descriptor_getsets,
                                                .getset_count = 5,
                                                .kind_info = kind_info_of<MethodDescriptor>("method_descriptor")};

// --- getset and member descriptors. member_descriptor objects are GetSet cells (native members) or SlotMember cells (__slots__).
struct AttributeInfo {
  Type* owner;
  std::string_view name;
  const char* doc;
};
static AttributeInfo attribute_info(Value self) {
  if (is<SlotMember>(self)) return {self.as<SlotMember>()->owner(), self.as<SlotMember>()->name()->ascii(), nullptr};
  return {self.as<GetSet>()->owner(), self.as<GetSet>()->def()->name, self.as<GetSet>()->def()->doc};
}
static Result<Str*> attribute_name(Thread& thread, Value self) {
  if (is<SlotMember>(self)) return self.as<SlotMember>()->name();
  return intern(thread, self.as<GetSet>()->def()->name);
}
static Result<Value> attribute_get(Thread& thread, Value self, Value instance, Value owner) {
  if (instance.is_none() && owner.is_none()) return raise_type_error(thread, "__get__(None, None) is invalid");
  if (instance.is_none() && owner != Value(types.none)) return self;
  return call_get(thread, self, instance, is<Type>(owner) ? owner.as<Type>() : type_of(instance));
}
static Result<void> attribute_assign(Thread& thread, Value self, Value instance, Value value) {
  AttributeInfo info = attribute_info(self);
  if (!is_instance_of_type(instance, info.owner)) {
    return raise_descriptor_mismatch(thread, TRY(attribute_name(thread, self)), info.owner, instance);
  }
  if (is<SlotMember>(self)) {
    Field<Value>& slot = tail_of(instance.cell())->slots()[self.as<SlotMember>()->index()];
    if (value.is_absent() && slot.get().is_absent())
      return raise_with_value(thread, exceptions.AttributeError, Value(self.as<SlotMember>()->name()));
    if (value.is_absent())
      slot.clear();
    else
      slot.set(instance.cell(), value);
    return ok;
  }
  const GetSetDef* def = self.as<GetSet>()->def();
  if (!def->set) {
    if (def->is_member) return raise(thread, exceptions.AttributeError, "readonly attribute");
    return raise(thread, exceptions.AttributeError, "attribute '{}' of '{}' objects is not writable", def->name,
                 TRY(type_shown_name(thread, info.owner)));
  }
  return def->set(thread, instance, value);
}
static Result<void> attribute_set(Thread& thread, Value self, Value instance, Value value) {
  return attribute_assign(thread, self, instance, value);
}
static Result<void> attribute_delete(Thread& thread, Value self, Value instance) {
  return attribute_assign(thread, self, instance, Value());
}
static Result<Str*> attribute_repr(Thread& thread, Value self) {
  const char* format =
      type_of(self) == types.getset_descriptor ? "<attribute '{}' of '{}' objects>" : "<member '{}' of '{}' objects>";
  return format_message(thread, format, TRY(attribute_name(thread, self)),
                        TRY(type_shown_name(thread, attribute_info(self).owner)));
}
static Result<Value> attribute_get_name(Thread& thread, Value self) { return attribute_name(thread, self); }
static Result<Value> attribute_get_qualname(Thread& thread, Value self) {
  return format_message(thread, "{}.{}", attribute_info(self).owner->qualname_.get(), TRY(attribute_name(thread, self)));
}
static Result<Value> attribute_objclass(Thread&, Value self) { return Value(attribute_info(self).owner); }
static Result<Value> attribute_doc(Thread& thread, Value self) {
  const char* doc = attribute_info(self).doc;
  return doc ? Result<Value>(str_from_utf8(thread, doc)) : kNone;
}
static Result<Value> attribute_reduce(Thread& thread, Value self) {
  Value getattr = dict_find_str(runtime.builtins->dict(), intern(thread, "getattr"));
  return tuple_of(thread, getattr,
                  Value(TRY(tuple_of(thread, Value(attribute_info(self).owner), Value(TRY(attribute_name(thread, self)))))));
}
static constinit NativeDef getset_methods[] = {
    native<attribute_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<attribute_set>("__set__($self, instance, value, /)", "Set an attribute of instance to value."),
    native<attribute_delete>("__delete__($self, instance, /)", "Delete an attribute of instance."),
    native<attribute_repr>("__repr__($self, /)", "Return repr(self)."),
};
static constinit NativeDef member_methods[] = {
    native<attribute_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<attribute_set>("__set__($self, instance, value, /)", "Set an attribute of instance to value."),
    native<attribute_delete>("__delete__($self, instance, /)", "Delete an attribute of instance."),
    native<attribute_repr>("__repr__($self, /)", "Return repr(self)."),
    native<attribute_reduce>("__reduce__($self, /)"),
};
#define ATTRIBUTE_GETSETS                                                                                                 \
  {                                                                                                                       \
    {"__name__", attribute_get_name, nullptr, nullptr, true}, {"__qualname__", attribute_get_qualname, nullptr, nullptr}, \
        {"__objclass__", attribute_objclass, nullptr, nullptr, true}, {                                                   \
      "__doc__", attribute_doc, nullptr, nullptr                                                                          \
    }                                                                                                                     \
  }
static GetSetDef getset_getsets[] = ATTRIBUTE_GETSETS;
static GetSetDef member_getsets[] = ATTRIBUTE_GETSETS;
#undef ATTRIBUTE_GETSETS
constinit TypeDef getset_descriptor_def = {.name = "getset_descriptor",
                                           .kind = kKindGetSet,
                                           .payload_size = sizeof(GetSet),
                                           .flags = kTypeNoInstances,
                                           .methods = getset_methods,
                                           .method_count = count_of(getset_methods),
                                           .getsets = getset_getsets,
                                           .getset_count = 4,
                                           .kind_info = kind_info_of<GetSet>("getset_descriptor")};
constinit TypeDef member_descriptor_def = {.name = "member_descriptor",
                                           .kind = kKindSlotMember,
                                           .payload_size = sizeof(SlotMember),
                                           .flags = kTypeNoInstances,
                                           .methods = member_methods,
                                           .method_count = count_of(member_methods),
                                           .getsets = member_getsets,
                                           .getset_count = 4,
                                           .kind_info = kind_info_of<SlotMember>("member_descriptor")};

// ---------------------------------------------------------------------------------------------------------------- property

static Result<Value> property_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<Property>(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}
static Result<void> property_init(Thread& thread, Property* self, Value get, Value set, Value del, Value doc) {
  // Caches know the getter of a property by its class's version, which this doesn't change.
  if (!self->get_.get().is_none()) flush_inline_caches(thread, nullptr);
  self->get_.set(self, get);
  self->set_.set(self, set);
  self->delete_.set(self, del);
  self->doc_.set(self, doc);
  auto note_getter_doc = [self](bool is_getters) { __atomic_store_n(&self->getter_doc_, is_getters, __ATOMIC_RELAXED); };
  note_getter_doc(false);
  if (doc.is_none() && !get.is_none()) {
    Value from = TRY(find_attr(thread, get, names.dunder_doc));
    if (from != kNotFound && !from.is_none()) {
      note_getter_doc(true);
      if (!self->is_subclass_instance())
        self->doc_.set(self, from);
      else
        TRY(set_attr(thread, Value(self), names.dunder_doc, from));
    }
  }
  return ok;
}
static Failed property_missing(Thread& thread, Property* self, Value instance, const char* what) {
  Value name = self->name_.get();
  if (name.is_present())
    return raise(thread, exceptions.AttributeError, "property {!r} of {!r} object has no {}", name,
                 Value(type_of(instance)->qualname_.get()), what);
  return raise(thread, exceptions.AttributeError, "property of {!r} object has no {}", Value(type_of(instance)->qualname_.get()),
               what);
}
static Result<Value> property_get(Thread& thread, Property* self, Value instance, Value owner) {
  if (instance.is_none()) return Value(self);
  if (self->get_.get().is_none()) return property_missing(thread, self, instance, "getter");
  return call(thread, self->get_.get(), instance);
}
static Result<void> property_set(Thread& thread, Property* self, Value instance, Value value) {
  if (self->set_.get().is_none()) return property_missing(thread, self, instance, "setter");
  TRY(call(thread, self->set_.get(), instance, value));
  return ok;
}
static Result<void> property_delete(Thread& thread, Property* self, Value instance) {
  if (self->delete_.get().is_none()) return property_missing(thread, self, instance, "deleter");
  TRY(call(thread, self->delete_.get(), instance));
  return ok;
}
static Result<Value> property_copy(Thread& thread, Property* self, Value get, Value set, Value del) {
  if (get.is_absent()) get = self->get_.get();
  if (set.is_absent()) set = self->set_.get();
  if (del.is_absent()) del = self->delete_.get();
  Value doc = __atomic_load_n(&self->getter_doc_, __ATOMIC_RELAXED) && !get.is_none() ? kNone : self->doc_.get();
  Value made = TRY(call(thread, Value(type_of(Value(self))), get, set, del, doc));
  if (is<Property>(made)) made.as<Property>()->name_.set(made.cell(), self->name_.get());
  return made;
}
static Result<Value> property_getter(Thread& thread, Property* self, Value f) {
  return property_copy(thread, self, f, Value(), Value());
}
static Result<Value> property_setter(Thread& thread, Property* self, Value f) {
  return property_copy(thread, self, Value(), f, Value());
}
static Result<Value> property_deleter(Thread& thread, Property* self, Value f) {
  return property_copy(thread, self, Value(), Value(), f);
}
static Result<Value> property_set_name(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Property* self = n ? cast<Property>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "property.__set_name__", kwnames));
  if (n != 3)
    return raise_type_error(thread, "__set_name__() takes 2 positional arguments but {} were given", static_cast<i64>(n) - 1);
  self->name_.set(self, args[2]);
  return kNone;
}
static Result<Value> property_fget(Thread&, Value self) { return self.as<Property>()->get_.get(); }
static Result<Value> property_fset(Thread&, Value self) { return self.as<Property>()->set_.get(); }
static Result<Value> property_fdel(Thread&, Value self) { return self.as<Property>()->delete_.get(); }
static Result<Value> property_doc(Thread&, Value self) { return self.as<Property>()->doc_.get(); }
static Result<void> property_set_doc(Thread&, Value self, Value v) {
  self.as<Property>()->doc_.set(self.cell(), v.is_present() ? v : kNone);
  return ok;
}
static Result<Value> property_abstract(Thread& thread, Value self) {
  TRY(check_native_depth(thread));
  for (Value f : {self.as<Property>()->get_.get(), self.as<Property>()->set_.get(), self.as<Property>()->delete_.get()}) {
    if (f.is_none()) continue;
    Value flag = TRY(find_attr(thread, f, names.dunder_isabstractmethod));
    if (flag != kNotFound && TRY(truth(thread, flag))) return kTrue;
  }
  return kFalse;
}
static constinit NativeDef property_methods[] = {
    native_raw(property_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<property_init>("__init__($self, /, fget=None, fset=None, fdel=None, doc=None)",
                          "Set up a new instance from the arguments its class documents."),
    native<property_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<property_set>("__set__($self, instance, value, /)", "Set an attribute of instance to value."),
    native<property_delete>("__delete__($self, instance, /)", "Delete an attribute of instance."),
    native<property_getter>("getter($self, fget, /)", "Return a copy of the property that calls a different function to read."),
    native<property_setter>("setter($self, fset, /)", "Return a copy of the property that calls a different function to assign."),
    native<property_deleter>("deleter($self, fdel, /)",
                             "Return a copy of the property that calls a different function to delete."),
    native_raw(property_set_name, "__set_name__($self, owner, name, /)", "Method to set name of a property."),
};
static GetSetDef property_getsets[] = {{"fget", property_fget, nullptr, nullptr, true},
                                       {"fset", property_fset, nullptr, nullptr, true},
                                       {"fdel", property_fdel, nullptr, nullptr, true},
                                       {"__doc__", property_doc, property_set_doc, nullptr, true},
                                       {"__isabstractmethod__", property_abstract, nullptr, nullptr}};
constinit TypeDef property_def = {
    .name = "property",
    .doc =
        "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nAn attribute whose value comes from function calls.\n\n  "
        "fget\n    called to read the attribute, with the instance\n  fset\n    called to assign to it, with the instance and "
        "the value\n  fdel\n    called to delete it, with the instance\n  doc\n    the documentation; that of fget unless "
        "given\n\nAny of them can be missing, and what a missing function would do then\nraises AttributeError. Most often, "
        "decorators make the property:\n\nclass Circle:\n    @property\n    def area(self):\n        \"Depends on the "
        "radius.\"\n        return 3.0 * self.radius ** 2\n    @area.setter\n    def area(self, value):\n        self.radius = "
        "(value / 3.0) ** 0.5\n    @area.deleter\n    def area(self):\n        del self.radius\n\nThe same with a direct call, "
        "after defining three functions in the class:\n\n    area = property(get_area, set_area, del_area, \"Depends on the "
        "radius.\")",
    .kind = kKindProperty,
    .payload_size = sizeof(Property),
    .flags = kTypeSubclassable,
    .methods = property_methods,
    .method_count = count_of(property_methods),
    .getsets = property_getsets,
    .getset_count = 5,
    .kind_info = kind_info_of<Property>("property")};

// ---------------------------------------------------------------------------------------------------------------- staticmethod,
// classmethod

static Result<void> copy_wrapped_attributes(Thread& thread, Cell* self, Value callable) {
  for (Str* name : {names.dunder_module, names.dunder_name, names.dunder_qualname, names.dunder_doc, names.dunder_annotations}) {
    Value v = TRY(find_attr(thread, callable, name));
    if (v != kNotFound) TRY(instance_set(thread, self, name, v));
  }
  return ok;
}
template <class T>
static Result<Value> wrapper_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<T>(thread, TRY(check_new_type(thread, args, n, def.owner->type)), kNone);
}
template <class T>
static Result<Value> wrapper_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  T* self = n ? cast<T>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  const char* name = std::is_same_v<T, StaticMethod> ? "staticmethod" : "classmethod";
  TRY(check_no_keywords(thread, name, kwnames));
  TRY(check_positional(thread, name, n - 1, 1, 1));
  self->callable_.set(self, args[1]);
  TRY(copy_wrapped_attributes(thread, self, args[1]));
  return kNone;
}
static Result<Value> staticmethod_get(Thread& thread, StaticMethod* self, Value instance, Value owner) {
  if (instance.is_none() && owner.is_none()) return raise_type_error(thread, "__get__(None, None) is invalid");
  return self->callable();
}
static Result<Value> staticmethod_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_values(thread, args[0].as<StaticMethod>()->callable(), args + 1, n - 1, kwnames);
}
static Result<Value> classmethod_get(Thread& thread, ClassMethod* self, Value instance, Value owner) {
  Value cls = owner.is_none() ? Value(type_of(instance)) : owner;
  Value callable = self->callable();
  Type* type = type_of(callable);
  if (type->slot(Slot::get).is_present() && !is<Function>(callable) && !is<BoundMethod>(callable) &&
      !is<MethodDescriptor>(callable)) {
    if (!has_native_room(thread)) return raise_calls_too_deep(thread);
    return call_slot(thread, type->slot(Slot::get), callable, cls, cls);
  }
  return make<BoundMethod>(thread, callable, cls);
}
template <class T>
static Result<Str*> static_repr(Thread& thread, T* self) {
  return format_message(thread, std::is_same_v<T, StaticMethod> ? "<staticmethod({!r})>" : "<classmethod({!r})>",
                        self->callable());
}
static Result<Value> wrapped_callable(Thread&, Value self) { return self.as<WrappedCallable>()->callable(); }
static Result<Value> wrapped_abstract(Thread& thread, Value self) {
  TRY(check_native_depth(thread));
  Value flag = TRY(find_attr(thread, self.as<WrappedCallable>()->callable(), names.dunder_isabstractmethod));
  return Value::of_bool(flag != kNotFound && TRY(truth(thread, flag)));
}
static constinit NativeDef staticmethod_methods[] = {
    native_raw(wrapper_new<StaticMethod>, "__new__(*args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(wrapper_init<StaticMethod>, "__init__($self, function, /)",
               "Set up a new instance from the arguments its class documents."),
    native<staticmethod_get>("__get__($self, instance, owner=None, /)",
                             "Return an attribute of instance, which is of type owner."),
    native_raw(staticmethod_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<static_repr<StaticMethod>>("__repr__($self, /)", "Return repr(self)."),
};
static constinit NativeDef classmethod_methods[] = {
    native_raw(wrapper_new<ClassMethod>, "__new__(*args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(wrapper_init<ClassMethod>, "__init__($self, function, /)",
               "Set up a new instance from the arguments its class documents."),
    native<classmethod_get>("__get__($self, instance, owner=None, /)",
                            "Return an attribute of instance, which is of type owner."),
    native<static_repr<ClassMethod>>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef staticmethod_getsets[] = {{"__func__", wrapped_callable, nullptr, nullptr, true},
                                           {"__wrapped__", wrapped_callable, nullptr, nullptr, true},
                                           {"__isabstractmethod__", wrapped_abstract, nullptr, nullptr},
                                           {"__dict__", generic_get_dict, generic_set_dict, nullptr}};
static GetSetDef classmethod_getsets[] = {{"__func__", wrapped_callable, nullptr, nullptr, true},
                                          {"__wrapped__", wrapped_callable, nullptr, nullptr, true},
                                          {"__isabstractmethod__", wrapped_abstract, nullptr, nullptr},
                                          {"__dict__", generic_get_dict, generic_set_dict, nullptr}};
constinit TypeDef staticmethod_def = {
    .name = "staticmethod",
    .doc =
        "staticmethod(function) -> method\n\nMake a function that sits in a class, yet gets no automatic first "
        "argument.\n\nMostly written as a decorator:\n\n     class Circle:\n         @staticmethod\n         def area(radius):\n "
        "            return 3.14159 * radius ** 2\n\nCircle.area(2) and Circle().area(2) are the same call: neither the class "
        "nor\nthe instance is passed along. It is much like static in C++ or Java. A\nfunction that needs to know its class "
        "should be a classmethod instead.",
    .kind = kKindStaticMethod,
    .payload_size = sizeof(StaticMethod),
    .flags = kTypeSubclassable | kTypeHasDict,
    .methods = staticmethod_methods,
    .method_count = count_of(staticmethod_methods),
    .getsets = staticmethod_getsets,
    .getset_count = 4,
    .kind_info = kind_info_of<StaticMethod>("staticmethod")};
constinit TypeDef classmethod_def = {
    .name = "classmethod",
    .doc =
        "classmethod(function) -> method\n\nMake a method that gets the class, not the instance, as its first "
        "argument.\n\nMostly written as a decorator:\n\n  class Point:\n      @classmethod\n      def origin(cls):\n          "
        "return cls(0, 0)\n\nPoint.origin() and Point(1, 2).origin() do the same; of an instance, only the\nclass matters. "
        "Called on a subclass, cls is that subclass. For what C++ and\nJava call static, use staticmethod.",
    .kind = kKindClassMethod,
    .payload_size = sizeof(ClassMethod),
    .flags = kTypeSubclassable | kTypeHasDict,
    .methods = classmethod_methods,
    .method_count = count_of(classmethod_methods),
    .getsets = classmethod_getsets,
    .getset_count = 4,
    .kind_info = kind_info_of<ClassMethod>("classmethod")};

// ---------------------------------------------------------------------------------------------------------------- super

static Result<Value> super_check(Thread& thread, Type* type, Value object) {
  if (is<Type>(object) && object.as<Type>()->is_subtype_of(type)) return object;
  if (is_instance_of_type(object, type)) return Value(type_of(object));
  Value claimed = TRY(find_attr(thread, object, names.dunder_class));
  if (claimed != kNotFound && is<Type>(claimed) && claimed.as<Type>() != type_of(object) &&
      claimed.as<Type>()->is_subtype_of(type))
    return claimed;
  return raise_type_error(thread, "super(type, obj): obj must be an instance or subtype of type");
}
static Result<Value> super_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<Super>(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}

// The zero-argument form: first argument and __class__ cell of the calling frame.
static Result<void> super_from_frame(Thread& thread, Value* type, Value* object) {
  Frame* frame = thread.top_frame();
  if (!frame) return raise_runtime_error(thread, "super(): no current frame");
  Code* code = frame->code;
  if (code->argcount_ == 0) return raise_runtime_error(thread, "super(): no arguments");
  Value first = frame->registers[0];
  if (is<ClosureCell>(first)) {  // the first argument is captured by an inner function
    Value name = code->varnames()->at(0);
    for (Index i = 0; i < code->cellvars()->length(); ++i)
      if (code->cellvars()->at(i) == name || TRY(equals(thread, code->cellvars()->at(i), name))) {
        first = first.as<ClosureCell>()->get();
        break;
      }
  }
  if (first.is_absent()) return raise_runtime_error(thread, "super(): arg[0] deleted");
  Tuple* free = code->freevars();
  for (Index i = 0; i < free->length(); ++i) {
    if (!str_equals_ascii(free->at(i).as<Str>(), "__class__")) continue;
    Value cell = frame->registers[code->frame_local_count_ - static_cast<u32>(free->length()) + static_cast<u32>(i)];
    if (!is<ClosureCell>(cell)) return raise_runtime_error(thread, "super(): bad __class__ cell");
    Value v = cell.as<ClosureCell>()->get();
    if (v.is_absent()) return raise_runtime_error(thread, "super(): empty __class__ cell");
    if (!is<Type>(v)) return raise_runtime_error(thread, "super(): __class__ is not a type ({!t})", v);
    *type = v;
    *object = first;
    return ok;
  }
  return raise_runtime_error(thread, "super(): __class__ cell not found");
}
static Result<Value> super_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Super* self = n ? cast<Super>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "super", kwnames));
  if (n > 3) return raise_type_error(thread, "super() expected at most 2 arguments, got {}", static_cast<i64>(n - 1));
  Value t = n > 1 ? args[1] : Value(), o = n > 2 ? args[2] : kNone;
  if (n == 1)
    TRY(super_from_frame(thread, &t, &o));
  else if (!is<Type>(t))
    return raise_type_error(thread, "super() argument 1 must be {}type, not {!t}", is_exact<Super>(Value(self)) ? "a " : "", t);
  Value cls = kNone;
  if (!o.is_none()) cls = TRY(super_check(thread, t.as<Type>(), o));
  self->this_class_.set(self, t);
  self->self_.set(self, o);
  self->self_class_.set(self, cls);
  return kNone;
}
Result<Value> make_super(Thread& thread) {
  Value type, object;
  TRY(super_from_frame(thread, &type, &object));
  Value cls = object.is_none() ? object : TRY(super_check(thread, type.as<Type>(), object));
  Super* made = TRY(make<Super>(thread));
  made->this_class_.set(made, type);
  made->self_.set(made, object);
  made->self_class_.set(made, cls);
  return made;
}

// What the classes behind this_class_ have, unbound.
static Value find_behind(Super* s, Str* name) {
  Value cls = s->self_class_.get();
  Tuple* mro = is<Type>(cls) && name != names.dunder_class ? cls.as<Type>()->mro() : nullptr;
  if (!mro) return Value();  // as of a class whose mro() is still running
  Index i = 0, n = mro->length();
  while (i < n && mro->at(i) != s->this_class_.get()) ++i;
  for (++i; i < n; ++i)
    if (Value v = dict_find_str(mro->at(i).as<Type>()->dict(), name); v.is_present()) return v;
  return Value();
}
Value super_method(Super* super, Str* name) {
  Value v = super->has_instance() ? find_behind(super, name) : Value();
  bool is_plain =
      is_exact<Function>(v) || (is_exact<MethodDescriptor>(v) && !(v.as<MethodDescriptor>()->def()->flags & kNativeClassMethod));
  return is_plain ? v : Value();
}

static Result<Value> super_find(Thread& thread, Value self, Str* name) {
  Super* s = self.as<Super>();
  Value v = find_behind(s, name);
  if (v.is_absent()) return generic_find_attr(thread, self, name);
  if (!v.is_cell() || type_of(v)->slot(Slot::get).is_absent()) return v;
  return call_get(thread, v, s->has_instance() ? s->self_.get() : kNone, s->self_class_.get().as<Type>());
}
static Result<Value> super_getattribute(Thread& thread, Super* self, Str* name) {
  name = TRY(str_intern(thread, name));
  Value v = TRY(super_find(thread, Value(self), name));
  if (v == kNotFound) return raise_attribute_error(thread, Value(self), name);
  return v;
}
static Result<Value> super_get(Thread& thread, Super* self, Value instance, Value owner) {
  if (instance.is_none() || !self->self_.get().is_none()) return Value(self);
  if (self->is_subclass_instance()) return call(thread, Value(type_of(Value(self))), self->this_class_.get(), instance);
  Value cls = TRY(super_check(thread, self->this_class_.get().as<Type>(), instance));
  Super* made = TRY(make<Super>(thread));
  made->this_class_.set(made, self->this_class_.get());
  made->self_.set(made, instance);
  made->self_class_.set(made, cls);
  return made;
}
static Result<Str*> super_repr(Thread& thread, Super* self) {
  Value t = self->this_class_.get();
  if (is<Type>(self->self_class_.get())) {
    return format_message(thread, "<super: <class '{}'>, <{} object>>",
                          is<Type>(t) ? Value(t.as<Type>()->name()) : Value(intern(thread, "NULL")),
                          self->self_class_.get().as<Type>()->name());
  }
  return format_message(thread, "<super: <class '{}'>, NULL>",
                        is<Type>(t) ? Value(t.as<Type>()->name()) : Value(intern(thread, "NULL")));
}
static Result<Value> super_this_class(Thread&, Value self) { return self.as<Super>()->this_class_.get(); }
static Result<Value> super_self(Thread&, Value self) { return self.as<Super>()->self_.get(); }
static Result<Value> super_self_class(Thread&, Value self) { return self.as<Super>()->self_class_.get(); }
static constinit NativeDef super_methods[] = {
    native_raw(super_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(super_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<super_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<super_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<super_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef super_getsets[] = {
    {"__thisclass__", super_this_class, nullptr, "the class invoking super()", true},
    {"__self__", super_self, nullptr, "the instance invoking super(); may be None", true},
    {"__self_class__", super_self_class, nullptr, "the type of the instance invoking super(); may be None", true}};
constinit TypeDef super_def = {
    .name = "super",
    .doc =
        "super() -> super(__class__, <first argument>), inside a method\nsuper(type) -> unbound super object\nsuper(type, obj) "
        "-> for an instance; isinstance(obj, type) has to hold\nsuper(type, type2) -> for a class; issubclass(type2, type) has "
        "to hold\n\nReach the methods that a class overrides. Attributes of the result are looked\nup in the classes that follow "
        "type in the method resolution order of the\nsecond argument. Inside a class, the form without arguments is all you "
        "need:\n\nclass Logged(Base):\n    def close(self):\n        print('closing')\n        return super().close()\n\nIt "
        "works in class methods too, where the first argument is the class:\n\nclass Counted(Base):\n    @classmethod\n    def "
        "create(cls):\n        cls.count += 1\n        return super().create()",
    .kind = kKindSuper,
    .payload_size = sizeof(Super),
    .flags = kTypeSubclassable,
    .methods = super_methods,
    .method_count = count_of(super_methods),
    .getsets = super_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Super>("super"),
    .find_attribute = super_find};

}  // namespace baton
