// types.GenericAlias (list[int]) and the substitution of type parameters (PEP 585, 612, 646).
//
// TypeVar, ParamSpec and TypeVarTuple are classes of typing.py: they take part through __typing_subst__ and
// __typing_prepare_subst__.
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_forms.h"

namespace baton {

Result<Value> make_generic_alias(Thread& thread, Value origin, Value args, bool starred) {
  Tuple* list = is<Tuple>(args) ? args.as<Tuple>() : TRY(tuple_of(thread, args));
  return Value(TRY(make<GenericAlias>(thread, origin, list, starred)));
}

// ---------------------------------------------------------------------------------------------------------------- parameters

static bool has_identical(const RootVector& list, Value v) {
  for (usize i = 0; i < list.size(); ++i)
    if (list[i] == v) return true;
  return false;
}

Result<Tuple*> type_parameters_of(Thread& thread, Tuple* args) {
  RootVector found;
  for (Index i = 0; i < args->length(); ++i) {
    Value t = args->at(i);
    if (is<Type>(t)) continue;  // the __parameters__ of a bare class are its own affair
    if (TRY(find_attr(thread, t, names.dunder_typing_subst)) != kNotFound) {
      if (!has_identical(found, t)) found.push(t);
      continue;
    }
    Value inner = TRY(find_attr(thread, t, names.dunder_parameters));
    if (inner == kNotFound || !is<Tuple>(inner)) continue;
    for (Index k = 0; k < inner.as<Tuple>()->length(); ++k) {
      if (!has_identical(found, inner.as<Tuple>()->at(k))) found.push(inner.as<Tuple>()->at(k));
    }
  }
  return make_tuple(thread, found.data(), static_cast<Index>(found.size()));
}

static Index index_in(Tuple* list, Value v) {
  for (Index i = 0; i < list->length(); ++i)
    if (list->at(i) == v) return i;
  return -1;
}

// The arguments of a subscription with unpacked tuples (*tuple[int, str]) replaced by their items.
static Result<void> unpack_arguments(Thread& thread, Value item, RootVector& out) {
  const Value* items = &item;
  Index n = 1;
  if (is<Tuple>(item)) {
    items = item.as<Tuple>()->items();
    n = item.as<Tuple>()->length();
  }
  for (Index i = 0; i < n; ++i) {
    Value v = items[i];
    if (!is<Type>(v)) {
      Value inner = TRY(find_attr(thread, v, intern(thread, "__typing_unpacked_tuple_args__")));
      if (inner != kNotFound && is<Tuple>(inner)) {
        Tuple* list = inner.as<Tuple>();
        if (list->length() == 0 || list->at(list->length() - 1) != kEllipsis) {
          for (Index k = 0; k < list->length(); ++k) out.push(list->at(k));
          continue;
        }
      }
    }
    out.push(v);
  }
  return ok;
}

// obj[...] with the parameters that obj contains replaced.
static Result<Value> substitute_inside(Thread& thread, Value object, Tuple* parameters, Tuple* arguments) {
  Value inner = TRY(find_attr(thread, object, names.dunder_parameters));
  if (inner == kNotFound || !is<Tuple>(inner) || inner.as<Tuple>()->length() == 0) return object;
  RootVector replaced;
  for (Index i = 0; i < inner.as<Tuple>()->length(); ++i) {
    Value v = inner.as<Tuple>()->at(i);
    Index at = index_in(parameters, v);
    if (at >= 0) {
      Value parameter = parameters->at(at);
      v = arguments->at(at);
      if (type_of(parameter)->slot(Slot::iter).is_present() && is<Tuple>(v)) {  // a TypeVarTuple
        for (Index k = 0; k < v.as<Tuple>()->length(); ++k) replaced.push(v.as<Tuple>()->at(k));
        continue;
      }
    }
    replaced.push(v);
  }
  return get_item(thread, object, Value(TRY(make_tuple(thread, replaced.data(), static_cast<Index>(replaced.size())))));
}

Result<Tuple*> substitute_parameters(Thread& thread, Value self, Tuple* args, Tuple* parameters, Value item) {
  Index count = parameters->length();
  if (count == 0) return raise_type_error(thread, "{!r} is not a generic class", self);
  RootVector given;
  TRY(unpack_arguments(thread, item, given));
  Tuple* arguments = TRY(make_tuple(thread, given.data(), static_cast<Index>(given.size())));
  for (Index i = 0; i < count; ++i) {
    Value prepare = TRY(find_attr(thread, parameters->at(i), intern(thread, "__typing_prepare_subst__")));
    if (prepare == kNotFound || prepare.is_none()) continue;
    Value prepared = TRY(call(thread, prepare, self, Value(arguments)));
    arguments = is<Tuple>(prepared) ? prepared.as<Tuple>() : TRY(tuple_of(thread, prepared));
  }
  if (arguments->length() != count) {
    return raise_type_error(thread, "Too {} arguments for {!r}; actual {}, expected {}",
                            arguments->length() > count ? "many" : "few", self, arguments->length(), count);
  }
  RootVector made;
  for (Index i = 0; i < args->length(); ++i) {
    Value v = args->at(i);
    if (is<Type>(v)) {
      made.push(v);
      continue;
    }
    Value unpacked = TRY(find_attr(thread, v, intern(thread, "__typing_is_unpacked_typevartuple__")));
    bool unpack = unpacked != kNotFound && TRY(truth(thread, unpacked));
    Value substitute = TRY(find_attr(thread, v, names.dunder_typing_subst));
    if (substitute != kNotFound)
      v = TRY(call(thread, substitute, arguments->at(index_in(parameters, v))));
    else
      v = TRY(substitute_inside(thread, v, parameters, arguments));
    if (unpack && is<Tuple>(v)) {
      for (Index k = 0; k < v.as<Tuple>()->length(); ++k) made.push(v.as<Tuple>()->at(k));
    } else {
      made.push(v);
    }
  }
  return make_tuple(thread, made.data(), static_cast<Index>(made.size()));
}

// ---------------------------------------------------------------------------------------------------------------- text

static Result<void> append_type_list(Thread& thread, StrBuilder& out, Value list) {
  out.append('[');
  for (Index i = 0;; ++i) {
    Value item = list.as<List>()->try_at(i);
    if (item.is_absent()) break;
    if (i) out.append_ascii(", ");
    TRY(append_type_form(thread, out, item));
  }
  out.append(']');
  return ok;
}

Result<void> append_type_form(Thread& thread, StrBuilder& out, Value v) {
  if (v == kEllipsis) {
    out.append_ascii("...");
    return ok;
  }
  bool plain =
      TRY(find_attr(thread, v, names.dunder_origin)) != kNotFound && TRY(find_attr(thread, v, names.dunder_args)) != kNotFound;
  if (!plain) {
    Value qualname = TRY(find_attr(thread, v, names.dunder_qualname));
    Value module = qualname == kNotFound ? kNotFound : TRY(find_attr(thread, v, names.dunder_module));
    if (module != kNotFound && !module.is_none()) {
      if (!is<Str>(module) || !str_equals_ascii(module.as<Str>(), "builtins")) {
        out.append(TRY(str_of(thread, module)));
        out.append('.');
      }
      out.append(TRY(str_of(thread, qualname)));
      return ok;
    }
  }
  out.append(TRY(repr(thread, v)));
  return ok;
}

static Result<Str*> alias_repr(Thread& thread, GenericAlias* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  StrBuilder out;
  if (self->starred_) out.append('*');
  TRY(append_type_form(thread, out, self->origin()));
  out.append('[');
  Tuple* args = self->args();
  for (Index i = 0; i < args->length(); ++i) {
    if (i) out.append_ascii(", ");
    if (is<List>(args->at(i)))
      TRY(append_type_list(thread, out, args->at(i)));  // a ParamSpec's arguments
    else
      TRY(append_type_form(thread, out, args->at(i)));
  }
  if (args->length() == 0) out.append_ascii("()");
  out.append(']');
  return out.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- operations

static Result<Tuple*> alias_parameters_of(Thread& thread, GenericAlias* self) {
  if (!self->parameters_.get()) self->parameters_.set(self, TRY(type_parameters_of(thread, self->args())));
  return self->parameters_.get();
}

static Result<Value> alias_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.generic_alias));
  TRY(check_no_keywords(thread, "GenericAlias", kwnames));
  TRY(check_positional(thread, "GenericAlias", n - 1, 2, 2));
  Tuple* list = is<Tuple>(args[2]) ? args[2].as<Tuple>() : TRY(tuple_of(thread, args[2]));
  return Value(TRY(make_of<GenericAlias>(thread, type, args[1], list, false)));
}

static Result<Value> alias_getitem(Thread& thread, GenericAlias* self, Value item) {
  Tuple* parameters = TRY(alias_parameters_of(thread, self));
  Tuple* args = TRY(substitute_parameters(thread, Value(self), self->args(), parameters, item));
  return make_generic_alias(thread, self->origin(), Value(args), self->starred_);
}

static Result<i64> alias_hash(Thread& thread, GenericAlias* self) {
  u64 origin = TRY(hash_of(thread, self->origin()));
  u64 args = TRY(hash_of(thread, Value(self->args())));
  return static_cast<i64>(origin ^ args);
}

static Result<Value> alias_equal(Thread& thread, GenericAlias* self, Value other) {
  if (!is<GenericAlias>(other)) return kNotImplemented;
  auto* b = other.as<GenericAlias>();
  if (self->starred_ != b->starred_) return kFalse;
  if (!TRY(same_or_equal(thread, self->origin(), b->origin()))) return kFalse;
  return rich_compare(thread, CompareOp::Eq, Value(self->args()), Value(b->args()));
}
static Result<Value> alias_not_equal(Thread& thread, GenericAlias* self, Value other) {
  Value equal = TRY(alias_equal(thread, self, other));
  return equal == kNotImplemented ? equal : Value::of_bool(!TRY(truth(thread, equal)));
}

static Result<Value> alias_call(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<GenericAlias>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  Value made = TRY(call_values(thread, args[0].as<GenericAlias>()->origin(), args + 1, n - 1, kwnames));
  if (set_attr(thread, made, intern(thread, "__orig_class__"), args[0]).is_failed()) {
    if (!clear_pending_if(thread, exceptions.AttributeError) && !clear_pending_if(thread, exceptions.TypeError)) return failed;
  }
  return made;
}

static Result<Value> alias_mro_entries(Thread& thread, GenericAlias* self, Value) { return tuple_of(thread, self->origin()); }
static Result<Value> alias_instancecheck(Thread& thread, GenericAlias*, Value) {
  return raise_type_error(thread, "isinstance() argument 2 cannot be a parameterized generic");
}
static Result<Value> alias_subclasscheck(Thread& thread, GenericAlias*, Value) {
  return raise_type_error(thread, "issubclass() argument 2 cannot be a parameterized generic");
}

extern TypeDef alias_iterator_def;
class AliasIterator final : public Cell {
 public:
  void init(GenericAlias* alias) { alias_.init(alias); }
  void visit_edges(EdgeVisitor& visit) const { visit(alias_); }
  Field<GenericAlias> alias_;  // null: exhausted
};

static Result<Value> alias_iter(Thread& thread, GenericAlias* self) {
  return Value(TRY(make_of<AliasIterator>(thread, TRY(type_from_def(thread, alias_iterator_def)), self)));
}
static Result<Value> alias_reduce(Thread& thread, GenericAlias* self) {
  if (self->starred_) {
    Value plain = TRY(make_generic_alias(thread, self->origin(), Value(self->args())));
    Value next = TRY(get_attr_ascii(thread, Value(runtime.builtins), "next"));
    return tuple_of(thread, next, Value(TRY(tuple_of(thread, TRY(alias_iter(thread, plain.as<GenericAlias>()))))));
  }
  return tuple_of(thread, Value(types.generic_alias), Value(TRY(tuple_of(thread, self->origin(), Value(self->args())))));
}

static Result<Value> alias_or(Thread& thread, Value a, Value b) { return make_union(thread, a, b); }
static Result<Value> alias_ror(Thread& thread, Value a, Value b) { return make_union(thread, b, a); }

// Attributes of the alias itself; the origin has the rest.
static constexpr const char* kOwnAttributes[] = {
    "__class__",       "__origin__",    "__args__",   "__unpacked__", "__parameters__", "__typing_unpacked_tuple_args__",
    "__mro_entries__", "__reduce_ex__", "__reduce__", "__copy__",     "__deepcopy__"};

static Result<Value> alias_find_attribute(Thread& thread, Value self, Str* name) {
  if (name->is_ascii() && name->length() > 4 && name->at(0) == '_' && name->at(1) == '_') {
    for (const char* own : kOwnAttributes)
      if (str_equals_ascii(name, own)) return generic_find_attr(thread, self, name);
  }
  return get_attr(thread, self.as<GenericAlias>()->origin(), name);
}
static Result<Value> alias_getattribute(Thread& thread, GenericAlias* self, Str* name) {
  Value v = TRY(alias_find_attribute(thread, Value(self), TRY(str_intern(thread, name))));
  return v == kNotFound ? Result<Value>(raise_attribute_error(thread, Value(self), name)) : v;
}

static Result<Value> alias_dir(Thread& thread, GenericAlias* self) {
  Value dir = TRY(get_attr_ascii(thread, Value(runtime.builtins), "dir"));
  Value list = TRY(call(thread, dir, self->origin()));
  if (!is<List>(list)) return list;
  for (const char* own : kOwnAttributes) {
    Value name(intern(thread, own));
    if (!TRY(contains(thread, list, name))) TRY(list_append(thread, list.as<List>(), name));
  }
  return list;
}

static Result<Value> alias_origin(Thread&, Value self) { return self.as<GenericAlias>()->origin(); }
static Result<Value> alias_args(Thread&, Value self) { return Value(self.as<GenericAlias>()->args()); }
static Result<Value> alias_unpacked(Thread&, Value self) { return Value::of_bool(self.as<GenericAlias>()->starred_); }
static Result<Value> alias_parameters(Thread& thread, Value self) { return alias_parameters_of(thread, self.as<GenericAlias>()); }
static Result<Value> alias_unpacked_tuple_args(Thread&, Value self) {
  auto* alias = self.as<GenericAlias>();
  return alias->starred_ && alias->origin() == Value(types.tuple) ? Value(alias->args()) : kNone;
}

static Result<Value> alias_iterator_next(Thread& thread, AliasIterator* self) {
  GenericAlias* alias = self->alias_.get();
  if (!alias) return kExhausted;
  self->alias_.clear();
  return make_generic_alias(thread, alias->origin(), Value(alias->args()), true);
}
static Result<Value> alias_iterator_iter(Thread&, AliasIterator* self) { return Value(self); }
static Result<Value> alias_iterator_reduce(Thread& thread, AliasIterator* self) {
  Value iter = TRY(get_attr_ascii(thread, Value(runtime.builtins), "iter"));
  if (GenericAlias* alias = self->alias_.get()) return tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(alias)))));
  return tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(empty_tuple())))));
}
static constinit NativeDef alias_iterator_methods[] = {
    native<alias_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<alias_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<alias_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef alias_iterator_def = {
    .name = "generic_alias_iterator",
    .dynamic_kind = &DynamicKind<AliasIterator>::value,
    .payload_size = sizeof(AliasIterator),
    .flags = kTypeNoInstances,
    .methods = alias_iterator_methods,
    .method_count = count_of(alias_iterator_methods),
    .kind_info = kind_info_of<AliasIterator>("generic alias iterator"),
};

static constinit GetSetDef alias_getsets[] = {
    {"__origin__", alias_origin, nullptr, nullptr, true},
    {"__args__", alias_args, nullptr, nullptr, true},
    {"__unpacked__", alias_unpacked, nullptr, nullptr, true},
    {"__parameters__", alias_parameters, nullptr, "Type variables in the GenericAlias."},
    {"__typing_unpacked_tuple_args__", alias_unpacked_tuple_args, nullptr, nullptr},
};
static constinit NativeDef alias_methods[] = {
    native_raw(alias_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<alias_repr>("__repr__($self, /)", "Return repr(self)."),
    native<alias_hash>("__hash__($self, /)", "Return hash(self)."),
    native_raw(alias_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<alias_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<alias_equal>("__eq__($self, value, /)", "Return self==value."),
    native<alias_not_equal>("__ne__($self, value, /)", "Return self!=value."),
    native<alias_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<alias_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<alias_or>("__or__($self, value, /)", "Return self|value."),
    native<alias_ror>("__ror__($self, value, /)", "Return value|self."),
    native<alias_mro_entries>("__mro_entries__($self, bases, /)", nullptr),
    native<alias_instancecheck>("__instancecheck__($self, instance, /)", nullptr),
    native<alias_subclasscheck>("__subclasscheck__($self, cls, /)", nullptr),
    native<alias_reduce>("__reduce__($self, /)", nullptr),
    native<alias_dir>("__dir__($self, /)", nullptr),
};
constinit TypeDef generic_alias_def = {
    .name = "types.GenericAlias",
    .doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    .kind = kKindGenericAlias,
    .payload_size = sizeof(GenericAlias),
    .flags = kTypeSubclassable | kTypeWeakrefable,
    .methods = alias_methods,
    .method_count = count_of(alias_methods),
    .getsets = alias_getsets,
    .getset_count = 5,
    .kind_info = kind_info_of<GenericAlias>("types.GenericAlias"),
    .find_attribute = alias_find_attribute,
};

}  // namespace baton
