// collections.OrderedDict: a dict (which is ordered anyway) with move_to_end, popitem(last), order-sensitive comparison, and
// methods that go through overridden __setitem__ of subclasses as the Python version does. Instances have a __dict__ in a tail
// behind the Dict. Its iterators notice every change of order: another table, or entries added to it.
#include "objects/ordered_dict.h"

#include "objects/at_this_moment.h"
#include "objects/dict_order.h"
#include "objects/dict_views.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

extern TypeDef dict_def, dict_keys_def, dict_values_def, dict_items_def;
extern TypeDef odict_iterator_def, odict_keys_def, odict_values_def, odict_items_def;

static bool is_plain(Value v) { return type_of(v) == ordered_dict_def.type; }
static bool is_ordered_dict(Value v) { return is<Dict>(v) && is_instance_of_type(v, ordered_dict_def.type); }

Result<Dict*> make_ordered_dict(Thread& thread) { return make_of<Dict>(thread, TRY(type_from_def(thread, ordered_dict_def))); }

Result<Dict*> ordered_dict_copy(Thread& thread, Dict* self) {
  Dict* made = TRY(make_ordered_dict(thread));
  TRY(dict_copy_into_empty(thread, made, self));
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- update

static Result<void> update_pairs(Thread& thread, Value self, Value pairs) {
  Value iterator = TRY(get_whole_iter(thread, pairs));
  for (;;) {
    Value pair = TRY(iter_next(thread, iterator));
    if (pair == kExhausted) return ok;
    Value parts = TRY(get_iter(thread, pair));
    Value key = TRY(iter_next(thread, parts)), value = key == kExhausted ? key : TRY(iter_next(thread, parts));
    if (value == kExhausted)
      return raise_value_error(thread, "need more than {} value{} to unpack", key == kExhausted ? 0 : 1,
                               key == kExhausted ? "s" : "");
    if (TRY(iter_next(thread, parts)) != kExhausted) return raise_value_error(thread, "too many values to unpack (expected 2)");
    TRY(set_item(thread, self, key, value));
  }
}

static Result<void> update_from(Thread& thread, Value self, Value other) {
  if (is_exact<Dict>(other)) {
    Dict* dict = TRY(dict_at_this_moment(thread, other.as<Dict>()));
    Index position = 0, expected = dict->length();
    Value key, value;
    while (dict_next(dict, &position, &key, &value)) {
      TRY(set_item(thread, self, key, value));
      if (dict->length() != expected) return raise_runtime_error(thread, "dictionary changed size during iteration");
    }
    return ok;
  }
  Value keys = TRY(find_attr(thread, other, names.keys));
  if (keys != kNotFound) {
    Value iterator = TRY(get_iter(thread, TRY(call(thread, keys))));
    for (;;) {
      Value key = TRY(iter_next(thread, iterator));
      if (key == kExhausted) return ok;
      TRY(set_item(thread, self, key, TRY(get_item(thread, other, key))));
    }
  }
  Value items = TRY(find_attr(thread, other, names.items));
  return update_pairs(thread, self, items != kNotFound ? TRY(call(thread, items)) : other);
}

static Result<Value> update_from_call(Thread& thread, Value const* args, usize n, Tuple* kwnames) {
  if (n > 1) TRY(update_from(thread, args[0], args[1]));
  if (kwnames) {
    for (Index i = 0; i < kwnames->length(); ++i) TRY(set_item(thread, args[0], kwnames->at(i), args[n + static_cast<usize>(i)]));
  }
  return kNone;
}

static Result<Value> odict_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is_ordered_dict(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n > 2) return raise_type_error(thread, "expected at most 1 arguments, got {}", static_cast<i64>(n - 1));
  return update_from_call(thread, args, n, kwnames);
}

static Result<Value> odict_update(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Dict>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n > 2) return raise_type_error(thread, "update() takes at most 1 positional argument ({} given)", static_cast<i64>(n - 1));
  return update_from_call(thread, args, n, kwnames);
}

static Result<Value> odict_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<Dict>(thread, TRY(check_new_type(thread, args, n, ordered_dict_def.type)));
}

static Result<Value> odict_fromkeys(Thread& thread, Type* type, Value iterable, Value value) {
  Value made = TRY(call(thread, Value(type)));
  Value iterator = TRY(get_whole_iter(thread, iterable));
  for (;;) {
    Value key = TRY(iter_next(thread, iterator));
    if (key == kExhausted) return made;
    TRY(set_item(thread, made, key, value));
  }
}

// ---------------------------------------------------------------------------------------------------------------- items

static Result<void> odict_delitem(Thread& thread, Dict* self, Value key) {
  if (!TRY(dict_remove(thread, self, key))) return raise_key_error(thread, key);
  return ok;
}

// KeyError with the key as the value of a raised class: a tuple gives the arguments, None none.
static Failed raise_odict_key_error(Thread& thread, Value key) {
  if (key.is_none()) return raise_with_args(thread, exceptions.KeyError, nullptr, 0);
  if (is<Tuple>(key))
    return raise_with_args(thread, exceptions.KeyError, key.as<Tuple>()->items(), static_cast<usize>(key.as<Tuple>()->length()));
  return raise_key_error(thread, key);
}

static Result<Value> odict_pop(Thread& thread, Dict* self, Value key, Optional<Value> fallback) {
  Value found = TRY(dict_pop(thread, self, key));
  if (found != kNotFound) return found;
  if (fallback.has_value()) return fallback.value;
  return raise_odict_key_error(thread, key);
}

static Result<Value> odict_popitem(Thread& thread, Dict* self, bool last) {
  Value pair = TRY(dict_pop_end(thread, self, last));
  if (pair != kNotFound) return pair;
  return raise_with_value(thread, exceptions.KeyError, Value(TRY(str_from_ascii(thread, "dictionary is empty"))));
}

static Result<void> odict_move_to_end(Thread& thread, Dict* self, Value key, bool last) {
  if (!TRY(dict_move_to_end(thread, self, key, last))) return raise_odict_key_error(thread, key);
  return ok;
}

static Result<Value> odict_setdefault(Thread& thread, Dict* self, Value key, Value value) {
  if (is_plain(Value(self))) return dict_set_default(thread, self, key, value);
  if (TRY(contains(thread, Value(self), key))) return get_item(thread, Value(self), key);
  TRY(set_item(thread, Value(self), key, value));
  return value;
}

static Result<void> odict_clear(Thread& thread, Dict* self) {
  dict_clear_all(thread, self);
  return ok;
}

static Result<Value> odict_copy(Thread& thread, Dict* self) {
  if (is_plain(Value(self))) return Value(TRY(ordered_dict_copy(thread, self)));
  Value made = TRY(call(thread, Value(type_of(Value(self)))));
  Dict* order = TRY(dict_at_this_moment(thread, self));
  Index position = 0;
  Value key, value;
  while (dict_next(order, &position, &key, &value)) TRY(set_item(thread, made, key, TRY(get_item(thread, Value(self), key))));
  return made;
}

template <bool negate>
static Result<Value> odict_eq(Thread& thread, Dict* self, Value other) {
  if (!is<Dict>(other)) return kNotImplemented;
  Dict* b = other.as<Dict>();
  bool equal = TRY(dict_equal(thread, self, b));
  if (equal && is_ordered_dict(other)) {
    self = TRY(dict_at_this_moment(thread, self));
    b = TRY(dict_at_this_moment(thread, b));
    Index i = 0, j = 0;
    Value key, other_key, value;
    while (equal && dict_next(self, &i, &key, &value) && dict_next(b, &j, &other_key, &value))
      equal = TRY(same_or_equal(thread, key, other_key));
  }
  return Value::of_bool(equal != negate);
}
static Result<Value> odict_order(Thread& thread, Dict* self, Value other) { return kNotImplemented; }

static Result<Value> merged(Thread& thread, Type* type, Value left, Value right) {
  Value made = TRY(call(thread, Value(type), left));
  TRY(update_from(thread, made, right));
  return made;
}
static Result<Value> odict_or(Thread& thread, Dict* self, Value other) {
  if (!is<Dict>(other)) return kNotImplemented;
  return merged(thread, type_of(Value(self)), Value(self), other);
}
static Result<Value> odict_ror(Thread& thread, Dict* self, Value other) {
  if (!is<Dict>(other)) return kNotImplemented;
  return merged(thread, type_of(Value(self)), other, Value(self));
}
static Result<Value> odict_ior(Thread& thread, Dict* self, Value other) {
  TRY(update_from(thread, Value(self), other));
  return Value(self);
}

static Result<Str*> odict_repr(Thread& thread, Dict* self) {
  Str* name = type_name(Value(self));
  if (self->length() == 0) return format_message(thread, "{}()", name);
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "...");
  Result<Value> items = call_method(thread, Value(self), names.items);
  Result<List*> list = items.is_failed() ? Result<List*>(failed) : list_from_iterable(thread, items.value());
  Result<Str*> text = list.is_failed() ? Result<Str*>(failed) : repr(thread, Value(list.value()));
  repr_leave(thread, Value(self));
  return format_message(thread, "{}({})", name, TRY(text));
}

static Result<Value> odict_reduce(Thread& thread, Dict* self) {
  Value state = TRY(call_method(thread, Value(self), names.dunder_getstate));
  Value items = TRY(get_shared_iter(thread, TRY(at_this_moment(thread, TRY(call_method(thread, Value(self), names.items))))));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(empty_tuple()), state, kNone, items));
}

static Result<Index> odict_sizeof(Thread& thread, Dict* self) {
  DictTable* table = self->table();
  return static_cast<Index>(sizeof(Dict) + 24 +
                            (table ? sizeof(DictTable) + table->entry_capacity_ * sizeof(DictEntry) + table->index_mask_ : 0));
}

// ---------------------------------------------------------------------------------------------------------------- iteration

// position_: where the iteration stands; aux_: DictPart and direction in the low bits, above them what tells that the order or
// the keys have changed; extra_: the table at the start.
static Index state_of(Dict* dict, DictTable* table) {
  u64 used = table ? dict_used_entries(table) : 0;
  return static_cast<Index>((used << 31 ^ static_cast<u64>(dict->length())) & (u64{1} << 60) - 1);
}
static Value table_value(DictTable* table) { return table ? Value(table) : kNone; }

static Result<Value> make_iterator(Thread& thread, Dict* dict, DictPart part, bool reverse) {
  Iterator* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, odict_iterator_def)), Value(dict),
                                       reverse ? Index{-1} : Index{0}, Value()));
  DictTable* table = dict->table();
  it->aux_ = static_cast<Index>(part) | (reverse ? 4 : 0) | state_of(dict, table) << 3;
  it->extra_.set(it, table_value(table));
  if (is_plain(Value(dict))) it->set_form(IteratorForm::Native);
  return Value(it);
}

// The next entry, and whether there is one.
static Result<bool> odict_iterator_step(Thread& thread, Iterator* self, Value* key, Value* value) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return false;
  Dict* dict = source.as<Dict>();
  DictTable* table = dict->table();
  if (self->extra_.get() != table_value(table) || state_of(dict, table) != self->aux_ >> 3) {
    self->source_.clear();
    return raise_runtime_error(thread, "OrderedDict mutated during iteration");
  }
  Index position = self->position_;
  bool more = self->aux_ & 4 ? dict_previous(dict, &position, key, value) : dict_next(dict, &position, key, value);
  self->position_ = position;
  if (!more) self->source_.clear();
  return more;
}

static Result<Value> odict_iterator_next(Thread& thread, Iterator* self) {
  Value source = self->source(), key, value;
  if (!TRY(odict_iterator_step(thread, self, &key, &value))) return kExhausted;
  DictPart part = static_cast<DictPart>(self->aux_ & 3);
  if (part == DictPart::Keys) return key;
  if (!is_plain(source)) value = TRY(get_item(thread, source, key));
  if (part == DictPart::Values) return value;
  return TRY(tuple_of(thread, key, value));
}

static Result<Value> return_self(Thread& thread, Value self) { return self; }

static Result<Value> odict_iterator_reduce(Thread& thread, Iterator* self) {
  List* rest = TRY(make_list(thread));
  if (self->source().is_present()) {
    Iterator* copy = TRY(make_of<Iterator>(thread, odict_iterator_def.type, self->source(), self->position_, self->extra_.get()));
    copy->aux_ = self->aux_;
    TRY(list_extend_from(thread, rest, Value(copy)));
  }
  return TRY(tuple_of(thread, TRY(builtin_named(thread, "iter")), Value(TRY(tuple_of(thread, Value(rest))))));
}

static Result<Value> odict_iter(Thread& thread, Dict* self) { return make_iterator(thread, self, DictPart::Keys, false); }
static Result<Value> odict_reversed(Thread& thread, Dict* self) { return make_iterator(thread, self, DictPart::Keys, true); }

static Result<Value> make_view(Thread& thread, Dict* self, TypeDef& def) {
  return make_of<DictView>(thread, TRY(type_from_def(thread, def)), self);
}
static Result<Value> odict_keys(Thread& thread, Dict* self) { return make_view(thread, self, odict_keys_def); }
static Result<Value> odict_values(Thread& thread, Dict* self) { return make_view(thread, self, odict_values_def); }
static Result<Value> odict_items(Thread& thread, Dict* self) { return make_view(thread, self, odict_items_def); }

template <DictPart part, bool reverse>
static Result<Value> view_iterate(Thread& thread, DictView* self) {
  return make_iterator(thread, self->dict(), part, reverse);
}

static constinit NativeDef odict_iterator_methods[] = {
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<odict_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<odict_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling"),
};
constinit TypeDef odict_iterator_def = {.name = "odict_iterator",
                                        .kind = kKindIterator,
                                        .payload_size = sizeof(Iterator),
                                        .flags = kTypeNoInstances,
                                        .methods = odict_iterator_methods,
                                        .method_count = count_of(odict_iterator_methods),
                                        .kind_info = kind_info_of<Iterator>("iterator")};
#define ODICT_VIEW(part, id, text, base_def)                                                      \
  static constinit NativeDef id##_methods[] = {                                                   \
      native<view_iterate<DictPart::part, false>>("__iter__($self, /)", "Implement iter(self)."), \
      native<view_iterate<DictPart::part, true>>("__reversed__($self, /)", ""),                   \
  };                                                                                              \
  constinit TypeDef id##_def = {.name = text,                                                     \
                                .base = &base_def,                                                \
                                .flags = kTypeNoInstances,                                        \
                                .methods = id##_methods,                                          \
                                .method_count = count_of(id##_methods)};
ODICT_VIEW(Keys, odict_keys, "odict_keys", dict_keys_def)
ODICT_VIEW(Values, odict_values, "odict_values", dict_values_def)
ODICT_VIEW(Items, odict_items, "odict_items", dict_items_def)
#undef ODICT_VIEW

static Result<void> finish_ordered_dict(Thread& thread, Type* type) {
  type->instance_kind_ = kKindDict | kSubclassBit;  // not the exact layout: a tail with the instance's __dict__
  type->tail_offset_ = sizeof(Dict);
  return ok;
}

static constinit GetSetDef odict_getsets[] = {{"__dict__", generic_get_dict, nullptr, nullptr}};
static constinit NativeDef odict_methods[] = {
    native_raw(odict_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(odict_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<odict_repr>("__repr__($self, /)", "Return repr(self)."),
    native<odict_order>("__lt__($self, value, /)", "Return self<value."),
    native<odict_order>("__le__($self, value, /)", "Return self<=value."),
    native<odict_eq<false>>("__eq__($self, value, /)", "Return self==value."),
    native<odict_eq<true>>("__ne__($self, value, /)", "Return self!=value."),
    native<odict_order>("__gt__($self, value, /)", "Return self>value."),
    native<odict_order>("__ge__($self, value, /)", "Return self>=value."),
    native<odict_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<odict_or>("__or__($self, value, /)", "Return self|value."),
    native<odict_ror>("__ror__($self, value, /)", "Return value|self."),
    native<odict_ior>("__ior__($self, value, /)", "Return self|=value."),
    native<dict_set>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<odict_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<odict_fromkeys>("fromkeys($type, /, iterable, value=None)",
                           "Build an OrderedDict that maps every item of iterable to value.\n\nThe keys keep the order in which "
                           "iterable yields them."),
    native<odict_sizeof>("__sizeof__($self, /)"),
    native<odict_reduce>("__reduce__($self, /)", "Return state information for pickling"),
    native<odict_setdefault>("setdefault($self, /, key, default=None)",
                             "Look up a key and, if it is missing, add it first.\n\nIt is added with default as its value. "
                             "Either way, the result is the value\nthat the dict now has for it."),
    native<odict_pop>("pop($self, /, key, default=<unrepresentable>)",
                      "od.pop(key[,default]) -> v\n\nTake the item with this key out and return its value.\n\nFor a missing key "
                      "the result is default, or KeyError if none was given."),
    native<odict_popitem>(
        "popitem($self, /, last=True)",
        "Take out the last item, or the first one, as a (key, value) tuple.\n\nThe item added most recently goes first "
        "(last=True, the default); with\nlast=False it is the oldest one. KeyError if there are no items."),
    native<odict_keys>("keys($self, /)"),
    native<odict_values>("values($self, /)"),
    native<odict_items>("items($self, /)"),
    native_raw(odict_update, "update($self, /, *args, **kwargs)"),
    native<odict_clear>("clear($self, /)", "od.clear() -> None.  Remove all items from od."),
    native<odict_copy>("copy($self, /)", "od.copy() -> a shallow copy of od"),
    native<odict_reversed>("__reversed__($self, /)", "od.__reversed__() <==> reversed(od)"),
    native<odict_move_to_end>(
        "move_to_end($self, /, key, last=True)",
        "Make key the last one in the order, or the first with last=False.\n\nKeyError if the dictionary has no such key."),
};
constinit TypeDef ordered_dict_def = {
    .name = "collections.OrderedDict",
    .doc = "Dictionary that remembers insertion order",
    .base = &dict_def,
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = odict_methods,
    .method_count = count_of(odict_methods),
    .getsets = odict_getsets,
    .getset_count = 1,
    .finish = finish_ordered_dict,
};

}  // namespace baton
