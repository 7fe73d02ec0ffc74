// Attribute access: descriptors, instances, classes; object.__getattribute__/__setattr__ and type's versions of them.
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/instance_lookup.h"
#include "objects/made_at_run_time.h"
#include "objects/mappingproxy.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/super.h"
#include "objects/type_internal.h"

namespace baton {

bool is_data_descriptor(Value v) {
  if (!v.is_cell()) return false;
  Type* type = type_of(v);
  return type->slot(Slot::set).is_present() || type->slot(Slot::delete_).is_present();
}

Failed raise_descriptor_mismatch(Thread& thread, Str* name, Type* owner, Value got) {
  return raise_type_error(thread, "descriptor '{}' for '{}' objects doesn't apply to a '{!t}' object", name,
                          TRY(type_shown_name(thread, owner)), got);
}

// Binds a descriptor found on a class. instance absent: class access.
static Result<Value> bind(Thread& thread, Value descriptor, Value instance, Type* owner) {
  switch (descriptor.cell()->kind()) {
    case kKindFunction:
      if (instance.is_absent()) return descriptor;
      return make<BoundMethod>(thread, descriptor, instance);
    case kKindMethodDescriptor: {
      auto* method = descriptor.as<MethodDescriptor>();
      if (method->def()->flags & kNativeClassMethod) return make<NativeFunction>(thread, method->def(), Value(owner), Value());
      if (instance.is_absent()) return descriptor;
      if (!is_instance_of_type(instance, method->owner())) {
        return raise_descriptor_mismatch(thread, intern(thread, method->def()->name()), method->owner(), instance);
      }
      if (type_of(descriptor) == types.wrapper_descriptor) {
        Value bound = TRY(make<NativeFunction>(thread, method->def(), instance, Value()));
        bound.cell()->set_shape_id(types.method_wrapper->instance_shape()->id());
        return bound;
      }
      return make<NativeFunction>(thread, method->def(), instance, Value());
    }
    case kKindGetSet: {
      auto* getset = descriptor.as<GetSet>();
      if (instance.is_absent()) return descriptor;
      if (!is_instance_of_type(instance, getset->owner()))
        return raise_descriptor_mismatch(thread, intern(thread, getset->def()->name), getset->owner(), instance);
      return getset->def()->get(thread, instance);
    }
    case kKindSlotMember: {
      auto* member = descriptor.as<SlotMember>();
      if (instance.is_absent()) return descriptor;
      if (!is_instance_of_type(instance, member->owner()))
        return raise_descriptor_mismatch(thread, member->name(), member->owner(), instance);
      Value v = tail_of(instance.cell())->slots()[member->index()].get();
      if (v.is_absent()) return raise_attribute_error(thread, instance, member->name());
      return v;
    }
    case kKindProperty:
      if (!descriptor.cell()->is_subclass_instance()) {
        if (instance.is_absent()) return descriptor;
        Value getter = descriptor.as<Property>()->get_.get();
        if (!getter.is_none()) return call(thread, getter, instance);
      }
      break;
    case kKindStaticMethod:
      if (!descriptor.cell()->is_subclass_instance()) return descriptor.as<StaticMethod>()->callable();
      break;
    default: break;
  }
  Value get = type_of(descriptor)->slot(Slot::get);
  return call_slot(thread, get, descriptor, instance.is_absent() ? kNone : instance, Value(owner));
}

Result<Value> call_get(Thread& thread, Value descriptor, Value instance, Type* owner) {
  if (!descriptor.is_cell() || type_of(descriptor)->slot(Slot::get).is_absent()) return descriptor;
  return bind(thread, descriptor, instance.is_none() && owner != types.none ? Value() : instance, owner);
}

static bool has_get(Value v) { return v.is_cell() && type_of(v)->slot(Slot::get).is_present(); }

Result<Value> generic_find_attr(Thread& thread, Value object, Str* name) {
  Type* type = type_of(object);
  Value descriptor = type_lookup(type, name);
  bool gets = descriptor.is_present() && has_get(descriptor);
  if (gets && is_data_descriptor(descriptor)) return bind(thread, descriptor, object, type);
  if (object.is_cell() && type->tail_offset()) {
    Value v = TRY(instance_lookup(thread, object.cell(), name));
    if (v != kNotFound) return v;
  }
  if (gets) return bind(thread, descriptor, object, type);
  return descriptor.is_present() ? descriptor : kNotFound;
}

Result<void> generic_set_attr(Thread& thread, Value object, Str* name, Value value) {
  Type* type = type_of(object);
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_cell()) {
    if (is<SlotMember>(descriptor)) {
      auto* member = descriptor.as<SlotMember>();
      if (!is_instance_of_type(object, member->owner())) return raise_descriptor_mismatch(thread, name, member->owner(), object);
      Field<Value>& slot = tail_of(object.cell())->slots()[member->index()];
      if (value.is_absent()) {
        if (slot.get().is_absent()) return raise_with_value(thread, exceptions.AttributeError, Value(name));
        slot.clear();
      } else {
        slot.set(object.cell(), value);
      }
      return ok;
    }
    if (is<GetSet>(descriptor)) {
      auto* getset = descriptor.as<GetSet>();
      if (!is_instance_of_type(object, getset->owner())) return raise_descriptor_mismatch(thread, name, getset->owner(), object);
      if (!getset->def()->set) {
        if (getset->def()->is_member) return raise(thread, exceptions.AttributeError, "readonly attribute");
        return raise(thread, exceptions.AttributeError, "attribute '{}' of '{}' objects is not writable", name,
                     TRY(type_shown_name(thread, getset->owner())));
      }
      return getset->def()->set(thread, object, value);
    }
    Type* descriptor_type = type_of(descriptor);
    Value set = descriptor_type->slot(value.is_absent() ? Slot::delete_ : Slot::set);
    if (set.is_present()) {
      if (value.is_absent())
        TRY(call_slot(thread, set, descriptor, object));
      else
        TRY(call_slot(thread, set, descriptor, object, value));
      return ok;
    }
    if (is_data_descriptor(descriptor)) {
      return raise(thread, exceptions.AttributeError, value.is_absent() ? "__delete__" : "__set__");
    }
  }
  if (object.is_cell() && type->has_flag(kTypeHasDict) && type->tail_offset()) {
    if (value.is_present()) return instance_set(thread, object.cell(), name, value);
    if (TRY(instance_delete(thread, object.cell(), name))) return ok;
    return raise_not_settable(thread, object, name);
  }
  if (descriptor.is_present()) {
    Failed f = raise(thread, exceptions.AttributeError, "'{!t}' object attribute '{}' is read-only", object, name);
    return f;
  }
  return raise_not_settable(thread, object, name);
}

// __getattribute__ without __getattr__: kNotFound when missing (AttributeErrors raised by Python code stay errors).
static Result<Value> plain_find(Thread& thread, Value object, Str* name) {
  Type* type = type_of(object);
  if (type->find_attribute_) return type->find_attribute_(thread, object, name);
  return generic_find_attr(thread, object, name);
}

static Result<Value> find_with_hooks(Thread& thread, Value object, Str* name, bool probing) {
  Type* type = type_of(object);
  Result<Value> found = failed;
  if (type->has_flag(kTypeCustomGetattribute))
    found = call_slot(thread, type->slot(Slot::getattribute), object, Value(name));
  else
    found = plain_find(thread, object, name);
  if (!found.is_failed() && found.value() != kNotFound) return found;
  if (type->has_flag(kTypeHasGetattr)) {
    if (found.is_failed() && !clear_pending_if(thread, exceptions.AttributeError)) return failed;
    found = call_slot(thread, type->slot(Slot::getattr), object, Value(name));
  }
  if (found.is_failed() && probing && clear_pending_if(thread, exceptions.AttributeError)) return kNotFound;
  return found;
}

Result<Value> find_attr(Thread& thread, Value object, Str* name) { return find_with_hooks(thread, object, name, true); }

// An AttributeError that Python code raised without saying for what: the attribute asked for.
BATON_COLD static Failed complete_attribute_error(Thread& thread, Value object, Str* name) {
  if (!pending_matches(thread, exceptions.AttributeError)) return failed;
  Exception* e = thread.take_pending();
  Value self(e);
  Result<Value> has_name = generic_find_attr(thread, self, names.name), has_obj = generic_find_attr(thread, self, names.obj);
  if (!has_name.is_failed() && !has_obj.is_failed() && has_name.value().is_none() && has_obj.value().is_none()) {
    if (generic_set_attr(thread, self, names.name, Value(name)).is_failed() ||
        generic_set_attr(thread, self, names.obj, object).is_failed())
      thread.clear_pending();
  }
  thread.clear_pending();
  thread.pending_ = self;
  return failed;
}

Result<Value> get_attr(Thread& thread, Value object, Str* name) {
  Result<Value> found = find_with_hooks(thread, object, name, false);
  if (found.is_failed()) return complete_attribute_error(thread, object, name);
  Value v = found.value();
  if (v == kNotFound) return raise_attribute_error(thread, object, name);
  return v;
}

Result<Value> get_attr_ascii(Thread& thread, Value object, std::string_view name) {
  return get_attr(thread, object, intern(thread, name));
}

static Result<void> set_or_delete(Thread& thread, Value object, Str* name, Value value) {
  Type* type = type_of(object);
  if (type->has_flag(kTypeCustomSetattr)) {
    if (value.is_present()) {
      TRY(call_slot(thread, type->slot(Slot::setattr), object, Value(name), value));
    } else {
      TRY(call_slot(thread, type->slot(Slot::delattr), object, Value(name)));
    }
    return ok;
  }
  if (type->set_attribute_) return type->set_attribute_(thread, object, name, value);
  return generic_set_attr(thread, object, name, value);
}

Result<void> set_attr(Thread& thread, Value object, Str* name, Value value) { return set_or_delete(thread, object, name, value); }
Result<void> delete_attr(Thread& thread, Value object, Str* name) { return set_or_delete(thread, object, name, Value()); }

Result<void> load_method(Thread& thread, Value object, Str* name, Value* callable, Value* self) {
  Type* type = type_of(object);
  if (!type->has_flag(kTypeCustomGetattribute | kTypeHasGetattr) && !type->find_attribute_) {
    Value descriptor = type_lookup(type, name);
    bool unbound = is<Function>(descriptor) ||
                   (is<MethodDescriptor>(descriptor) && !(descriptor.as<MethodDescriptor>()->def()->flags & kNativeClassMethod));
    if (unbound) {
      Value own = object.is_cell() && type->tail_offset() ? TRY(instance_lookup(thread, object.cell(), name)) : kNotFound;
      if (own == kNotFound) {
        *callable = descriptor;
        *self = object;
        return ok;
      }
      *callable = own;
      *self = Value();
      return ok;
    }
  }
  if (is_exact<Super>(object)) {
    *callable = super_method(object.as<Super>(), name);
    *self = object.as<Super>()->self_.get();
    if (callable->is_present()) return ok;
  }
  *callable = TRY(get_attr(thread, object, name));
  *self = Value();
  return ok;
}

Result<Value> find_special(Thread& thread, Value object, Str* name) {
  Type* type = type_of(object);
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_absent()) return kNotFound;
  return has_get(descriptor) ? bind(thread, descriptor, object, type) : Result<Value>(descriptor);
}

// ---------------------------------------------------------------------------------------------------------------- class
// attributes

Result<Value> type_find_attribute(Thread& thread, Value self, Str* name) {
  Type* type = self.as<Type>();
  Type* meta = type_of(self);
  Value meta_descriptor = type_lookup(meta, name);
  bool meta_gets = meta_descriptor.is_present() && has_get(meta_descriptor);
  if (meta_gets && is_data_descriptor(meta_descriptor)) return bind(thread, meta_descriptor, self, meta);
  Value own = type_lookup(type, name);
  if (own.is_present()) return has_get(own) ? bind(thread, own, Value(), type) : Result<Value>(own);
  if (meta_gets) return bind(thread, meta_descriptor, self, meta);
  return meta_descriptor.is_present() ? meta_descriptor : kNotFound;
}

Result<void> type_set_attribute_hook(Thread& thread, Value self, Str* name, Value value) {
  Type* type = self.as<Type>();
  if (type->has_flag(kTypeImmutable) && !takes_attributes(type)) {
    return raise_type_error(thread, "cannot set '{}' attribute of immutable type '{}'", name,
                            TRY(type_qualified_name(thread, type)));
  }
  Value descriptor = type_lookup(type_of(self), name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return generic_set_attr(thread, self, name, value);
  return type_set_attribute(thread, type, name, value);
}

Result<Value> generic_get_dict(Thread& thread, Value self) {
  if (is<Type>(self)) return make_mapping_proxy(thread, Value(self.as<Type>()->dict()));
  if (is<Module>(self)) return Value(self.as<Module>()->dict());
  if (!self.is_cell() || !tail_of(self.cell()) || !type_of(self)->has_flag(kTypeHasDict))
    return raise_attribute_error(thread, self, names.dunder_dict);
  return instance_dict(thread, self.cell());
}

Result<void> native_set_dict(Thread& thread, Value self, Value dict) {
  if (dict.is_absent()) return raise_type_error(thread, "cannot delete __dict__");
  return generic_set_dict(thread, self, dict);
}

Result<void> generic_set_dict(Thread& thread, Value self, Value dict) {
  if (is<Type>(self)) return raise(thread, exceptions.AttributeError, "attribute '__dict__' of 'type' objects is not writable");
  if (is<Module>(self)) return raise(thread, exceptions.AttributeError, "readonly attribute");
  if (dict.is_absent() && (!type_of(self)->has_flag(kTypeHeap) || type_of(self)->has_flag(kTypeIsException)))
    return raise_type_error(thread, "cannot delete __dict__");
  if (dict.is_absent()) {
    TRY(instance_dict(thread, self.cell()));
    return instance_set_dict(thread, self.cell(), TRY(make_dict(thread)));
  }
  if (!is<Dict>(dict)) return raise_type_error(thread, "__dict__ must be set to a dictionary, not a '{!t}'", dict);
  return instance_set_dict(thread, self.cell(), dict.as<Dict>());
}

}  // namespace baton
