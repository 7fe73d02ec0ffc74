// mappingproxy: every operation goes to the mapping behind it; none of them writes.
#include "objects/mappingproxy.h"

#include "objects/dict.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/made_at_run_time.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

static bool is_mapping(Value v) {
  if (is<MappingProxy>(v)) return true;
  return has_mapping_items(v) && !is<List>(v) && !is<Tuple>(v);
}

Result<Value> make_mapping_proxy(Thread& thread, Value mapping) { return make<MappingProxy>(thread, mapping); }

static Result<Value> proxy_new(Thread& thread, Type* type, Value mapping) {
  TRY(check_subtype(thread, type, types.mappingproxy));
  if (!is_mapping(mapping)) return raise_type_error(thread, "mappingproxy() argument must be a mapping, not {!t}", mapping);
  return make_of<MappingProxy>(thread, type, mapping);
}

static Result<Value> proxy_getitem(Thread& thread, MappingProxy* self, Value key) {
  return get_item(thread, self->mapping(), key);
}
static Result<bool> proxy_contains(Thread& thread, MappingProxy* self, Value key) {
  return contains(thread, self->mapping(), key);
}
static Result<Index> proxy_len(Thread& thread, MappingProxy* self) { return length_of(thread, self->mapping()); }
static Result<Value> proxy_iter(Thread& thread, MappingProxy* self) { return get_shared_iter(thread, self->mapping()); }
static Result<Str*> proxy_str(Thread& thread, MappingProxy* self) { return str_of(thread, self->mapping()); }
static Result<Str*> proxy_repr(Thread& thread, MappingProxy* self) {
  return format_message(thread, "mappingproxy({!r})", self->mapping());
}

static Result<Value> proxy_get(Thread& thread, MappingProxy* self, Value key, Value fallback) {
  return call_method(thread, self->mapping(), names.get, key, fallback);
}
static Result<Value> proxy_keys(Thread& thread, MappingProxy* self) { return call_method(thread, self->mapping(), names.keys); }
static Result<Value> proxy_values(Thread& thread, MappingProxy* self) {
  return call_method(thread, self->mapping(), names.values);
}
static Result<Value> proxy_items(Thread& thread, MappingProxy* self) { return call_method(thread, self->mapping(), names.items); }
static Result<Value> proxy_copy(Thread& thread, MappingProxy* self) { return call_method(thread, self->mapping(), names.copy); }
static Result<Value> proxy_reversed(Thread& thread, MappingProxy* self) {
  return call_method(thread, self->mapping(), names.dunder_reversed);
}

template <CompareOp op>
static Result<Value> proxy_compare(Thread& thread, MappingProxy* self, Value other) {
  return rich_compare(thread, op, self->mapping(), other);
}

static Value unwrapped(Value v) { return is<MappingProxy>(v) ? v.as<MappingProxy>()->mapping() : v; }
static Result<Value> proxy_or(Thread& thread, MappingProxy* self, Value other) {
  return binary_op(thread, BinaryOp::Or, self->mapping(), unwrapped(other));
}
static Result<Value> proxy_ror(Thread& thread, MappingProxy* self, Value other) {
  return binary_op(thread, BinaryOp::Or, unwrapped(other), self->mapping());
}
static Result<Value> proxy_ior(Thread& thread, MappingProxy* self, Value other) {
  return raise_type_error(thread, "'|=' is not supported by {}; use '|' instead", types.mappingproxy->name());
}

static constinit NativeDef proxy_methods[] = {
    native<proxy_new>("__new__(type, mapping)", "Make an instance; the class's own help describes the arguments."),
    native<proxy_repr>("__repr__($self, /)", "Return repr(self)."),
    native<proxy_str>("__str__($self, /)", "Return str(self)."),
    native<proxy_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<proxy_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<proxy_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<proxy_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<proxy_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<proxy_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<proxy_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<proxy_or>("__or__($self, value, /)", "Return self|value."),
    native<proxy_ror>("__ror__($self, value, /)", "Return value|self."),
    native<proxy_ior>("__ior__($self, value, /)", "Return self|=value."),
    native<proxy_len>("__len__($self, /)", "Return len(self)."),
    native<proxy_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<proxy_contains>("__contains__($self, key, /)", "Return key in self."),
    native<proxy_get>("get($self, key, default=None, /)", "D.get(k[,d]) -> D[k] if k in D, else d.  d defaults to None."),
    native<proxy_keys>("keys($self, /)",
                       "Return a view of the keys, which follows later changes of the dict.\n\nIt can be iterated over and "
                       "supports the operators of sets."),
    native<proxy_values>("values($self, /)", "D.values() -> an object providing a view on D's values"),
    native<proxy_items>("items($self, /)",
                        "Return a view of all (key, value) tuples, following changes of the dict.\n\nIt can be iterated over "
                        "and, with hashable values, used like a set."),
    native<proxy_copy>("copy($self, /)", "D.copy() -> a shallow copy of D"),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
    native<proxy_reversed>("__reversed__($self, /)", "D.__reversed__() -> reverse iterator"),
};
constinit TypeDef mappingproxy_def = {
    .name = "mappingproxy",
    .kind = kKindMappingProxy,
    .payload_size = sizeof(MappingProxy),
    .flags = kTypeMapping,
    .methods = proxy_methods,
    .method_count = count_of(proxy_methods),
    .kind_info = kind_info_of<MappingProxy>("mappingproxy"),
};

}  // namespace baton
