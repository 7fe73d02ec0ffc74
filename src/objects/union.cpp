// types.UnionType: int | str (PEP 604).
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_forms.h"

namespace baton {

static bool is_type_form(Value v) { return v.is_none() || is<Type>(v) || is<GenericAlias>(v) || is<Union>(v); }

static Result<void> add_member(Thread& thread, RootVector& members, Value v) {
  if (v.is_none()) v = Value(types.none);
  for (usize i = 0; i < members.size(); ++i) {
    if (members[i] == v) return ok;
    if (is<GenericAlias>(members[i]) && is<GenericAlias>(v) && TRY(equals(thread, members[i], v))) return ok;
  }
  members.push(v);
  return ok;
}

static Result<void> add_members(Thread& thread, RootVector& members, Value v) {
  if (!is<Union>(v)) return add_member(thread, members, v);
  Tuple* args = v.as<Union>()->args();
  for (Index i = 0; i < args->length(); ++i) TRY(add_member(thread, members, args->at(i)));
  return ok;
}

Result<Value> make_union(Thread& thread, Value left, Value right) {
  if (!is_type_form(left) || !is_type_form(right)) return kNotImplemented;
  if (left.is_none()) left = Value(types.none);
  if (right.is_none()) right = Value(types.none);
  if (is<Type>(left) && is<Type>(right)) {
    if (left == right) return left;
    return Value(TRY(make<Union>(thread, TRY(tuple_of(thread, left, right)))));
  }
  RootVector members;
  TRY(add_members(thread, members, left));
  TRY(add_members(thread, members, right));
  if (members.size() == 1) return members[0];
  return Value(TRY(make<Union>(thread, TRY(make_tuple(thread, members.data(), static_cast<Index>(members.size()))))));
}

static Result<Value> union_or(Thread& thread, Value a, Value b) { return make_union(thread, a, b); }
static Result<Value> union_ror(Thread& thread, Value a, Value b) { return make_union(thread, b, a); }

static Result<Set*> member_set(Thread& thread, Union* self) {
  return make_frozenset(thread, self->args()->items(), self->args()->length());
}

static Result<i64> union_hash(Thread& thread, Union* self) {
  return static_cast<i64>(TRY(hash_of(thread, Value(TRY(member_set(thread, self))))));
}
static Result<Value> union_equal(Thread& thread, Union* self, Value other) {
  if (!is<Union>(other)) return kNotImplemented;
  Set *a = TRY(member_set(thread, self)), *b = TRY(member_set(thread, other.as<Union>()));
  return rich_compare(thread, CompareOp::Eq, Value(a), Value(b));
}
static Result<Value> union_not_equal(Thread& thread, Union* self, Value other) {
  Value equal = TRY(union_equal(thread, self, other));
  return equal == kNotImplemented ? equal : Value::of_bool(!TRY(truth(thread, equal)));
}

static Result<Str*> union_repr(Thread& thread, Union* self) {
  StrBuilder out;
  for (Index i = 0; i < self->args()->length(); ++i) {
    if (i) out.append_ascii(" | ");
    Value v = self->args()->at(i);
    if (v == Value(types.none))
      out.append_ascii("None");
    else
      TRY(append_type_form(thread, out, v));
  }
  return out.build(thread);
}

static Result<bool> union_instancecheck(Thread& thread, Union* self, Value instance) {
  for (Index i = 0; i < self->args()->length(); ++i) {
    Value v = self->args()->at(i);
    if (is<GenericAlias>(v)) return raise_type_error(thread, "isinstance() argument 2 cannot be a parameterized generic");
    if (is<Type>(v) && TRY(is_instance(thread, instance, v))) return true;
  }
  return false;
}
static Result<bool> union_subclasscheck(Thread& thread, Union* self, Value cls) {
  if (!is<Type>(cls)) return raise_type_error(thread, "issubclass() arg 1 must be a class");
  for (Index i = 0; i < self->args()->length(); ++i) {
    Value v = self->args()->at(i);
    if (is<GenericAlias>(v)) return raise_type_error(thread, "issubclass() argument 2 cannot be a parameterized generic");
    if (is<Type>(v) && TRY(is_subclass(thread, cls, v))) return true;
  }
  return false;
}

static Result<Tuple*> parameters_of(Thread& thread, Union* self) {
  if (!self->parameters_.get()) self->parameters_.set(self, TRY(type_parameters_of(thread, self->args())));
  return self->parameters_.get();
}
static Result<Value> union_getitem(Thread& thread, Union* self, Value item) {
  Tuple* parameters = TRY(parameters_of(thread, self));
  Tuple* args = TRY(substitute_parameters(thread, Value(self), self->args(), parameters, item));
  if (args->length() == 0) return raise_type_error(thread, "Cannot take a Union of no types.");
  Value made = args->at(0);
  for (Index i = 1; i < args->length(); ++i) made = TRY(binary_op(thread, BinaryOp::Or, made, args->at(i)));
  return made;
}

static Result<Value> union_args(Thread&, Value self) { return Value(self.as<Union>()->args()); }
static Result<Value> union_parameters(Thread& thread, Value self) { return parameters_of(thread, self.as<Union>()); }

static constinit GetSetDef union_getsets[] = {
    {"__args__", union_args, nullptr, nullptr, true},
    {"__parameters__", union_parameters, nullptr, "Type variables in the types.UnionType."},
};

// The module of the type is the union's, too.
static Result<Value> union_find_attribute(Thread& thread, Value self, Str* name) {
  if (name == names.dunder_module) return get_attr(thread, Value(types.union_type), name);
  return generic_find_attr(thread, self, name);
}
static Result<Value> union_getattribute(Thread& thread, Union* self, Str* name) {
  Value v = TRY(union_find_attribute(thread, Value(self), TRY(str_intern(thread, name))));
  return v == kNotFound ? Result<Value>(raise_attribute_error(thread, Value(self), name)) : v;
}

static constinit NativeDef union_methods[] = {
    native<union_repr>("__repr__($self, /)", "Return repr(self)."),
    native<union_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<union_hash>("__hash__($self, /)", "Return hash(self)."),
    native<union_equal>("__eq__($self, value, /)", "Return self==value."),
    native<union_not_equal>("__ne__($self, value, /)", "Return self!=value."),
    native<union_or>("__or__($self, value, /)", "Return self|value."),
    native<union_ror>("__ror__($self, value, /)", "Return value|self."),
    native<union_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<union_instancecheck>("__instancecheck__($self, instance, /)", nullptr),
    native<union_subclasscheck>("__subclasscheck__($self, cls, /)", nullptr),
};
constinit TypeDef union_type_def = {
    .name = "types.UnionType",
    .doc = "Represent a PEP 604 union type\n\nE.g. for int | str",
    .kind = kKindUnion,
    .payload_size = sizeof(Union),
    .flags = kTypeNoInstances | kTypeKeysOnly,
    .methods = union_methods,
    .method_count = count_of(union_methods),
    .getsets = union_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<Union>("types.UnionType"),
    .find_attribute = union_find_attribute,
};

}  // namespace baton
