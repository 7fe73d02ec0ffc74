// types.SimpleNamespace: attributes and nothing else.
#include "objects/dict.h"
#include "objects/mappingproxy.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

Result<Value> make_simple_namespace(Thread& thread, Dict* attributes) {
  SimpleNamespace* made = TRY(make<SimpleNamespace>(thread));
  if (attributes) TRY(dict_update_from(thread, TRY(instance_dict(thread, made)), Value(attributes)));
  return Value(made);
}

static Result<Value> namespace_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<SimpleNamespace>(thread, TRY(check_new_type(thread, args, n, types.simple_namespace)));
}

static Result<Value> namespace_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<SimpleNamespace>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n > 1) return raise_type_error(thread, "no positional arguments expected");
  if (!kwnames) return kNone;
  Dict* dict = TRY(instance_dict(thread, args[0].cell()));
  for (Index i = 0; i < kwnames->length(); ++i) {
    if (!is<Str>(kwnames->at(i))) return raise_type_error(thread, "keywords must be strings");
    TRY(dict_set(thread, dict, kwnames->at(i), args[n + static_cast<usize>(i)]));
  }
  return kNone;
}

static Result<void> append_attributes(Thread& thread, Dict* dict, StrBuilder& text) {
  Index position = 0;
  Value key, value;
  bool first = true;
  while (dict_next(dict, &position, &key, &value)) {
    if (!is<Str>(key) || key.as<Str>()->length() == 0) continue;
    Str* shown = TRY(repr(thread, value));
    if (!first) text.append_ascii(", ");
    first = false;
    text.append(key.as<Str>());
    text.append('=');
    text.append(shown);
  }
  return ok;
}

static Result<Str*> namespace_repr(Thread& thread, SimpleNamespace* self) {
  StrBuilder text;
  if (type_of(Value(self)) == types.simple_namespace)
    text.append_ascii("namespace");
  else
    text.append(type_name(Value(self)));
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) {
    text.append_ascii("(...)");
    return text.build(thread);
  }
  text.append('(');
  Result<Dict*> dict = instance_attributes_copy(thread, self);
  Result<void> done = dict.is_failed() ? Result<void>(failed) : append_attributes(thread, dict.value(), text);
  repr_leave(thread, Value(self));
  TRY(done);
  text.append(')');
  return text.build(thread);
}

template <CompareOp op>
static Result<Value> namespace_compare(Thread& thread, SimpleNamespace* self, Value other) {
  if (!is<SimpleNamespace>(other)) return kNotImplemented;
  Dict *a = TRY(instance_dict(thread, self)), *b = TRY(instance_dict(thread, other.cell()));
  return rich_compare(thread, op, Value(a), Value(b));
}

static Result<Value> namespace_reduce(Thread& thread, SimpleNamespace* self) {
  Dict* dict = TRY(instance_dict(thread, self));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(empty_tuple()), Value(dict)));
}

static constinit GetSetDef namespace_getsets[] = {{"__dict__", generic_get_dict, nullptr, nullptr, true}};
static constinit NativeDef namespace_methods[] = {
    native_raw(namespace_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(namespace_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<namespace_repr>("__repr__($self, /)", "Return repr(self)."),
    native<namespace_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<namespace_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<namespace_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<namespace_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<namespace_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<namespace_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<namespace_reduce>("__reduce__($self, /)", "Return state information for pickling"),
};
constinit TypeDef simple_namespace_def = {
    .name = "types.SimpleNamespace",
    .doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
    .kind = kKindSimpleNamespace,
    .payload_size = sizeof(SimpleNamespace),
    .flags = kTypeSubclassable | kTypeHasDict,
    .methods = namespace_methods,
    .method_count = count_of(namespace_methods),
    .getsets = namespace_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<SimpleNamespace>("SimpleNamespace"),
};

}  // namespace baton
