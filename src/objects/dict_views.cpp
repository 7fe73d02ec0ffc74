// dict_keys, dict_values, dict_items, and the iterators over dicts, forwards and backwards.
//
// An iterator remembers the dict's length when it was made: another length later is an error, as is finding more entries than
// that. It steps through entry numbers, so it stays memory-safe whatever happens to the dict.
#include "objects/dict_views.h"

#include "objects/at_this_moment.h"
#include "objects/fixed_name.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/mappingproxy.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"
#include "objects/tuple.h"

namespace baton {

extern TypeDef dict_key_iterator_def, dict_value_iterator_def, dict_item_iterator_def, dict_reverse_key_iterator_def,
    dict_reverse_value_iterator_def, dict_reverse_item_iterator_def;

// ---------------------------------------------------------------------------------------------------------------- iterators

// aux_: the dict's length at the start in the high half (-1: failed before), entries still expected in the low one.
static i64 pack_lengths(Index length, Index left) {
  return static_cast<i64>((static_cast<u64>(length) << 32) | static_cast<u32>(left));
}

Result<Value> make_dict_iterator(Thread& thread, Dict* dict, DictPart part, bool reverse) {
  TypeDef* defs[2][3] = {{&dict_key_iterator_def, &dict_value_iterator_def, &dict_item_iterator_def},
                         {&dict_reverse_key_iterator_def, &dict_reverse_value_iterator_def, &dict_reverse_item_iterator_def}};
  Type* type = TRY(type_from_def(thread, *defs[reverse][static_cast<int>(part)]));
  Iterator* it = TRY(make_of<Iterator>(thread, type, Value(dict), reverse ? Index{-1} : Index{0}, Value()));
  it->aux_ = pack_lengths(dict->length(), dict->length());
  it->set_form(reverse                    ? IteratorForm::Native
               : part == DictPart::Keys   ? IteratorForm::DictKeys
               : part == DictPart::Values ? IteratorForm::DictValues
                                          : IteratorForm::DictItems);
  return Value(it);
}

template <DictPart part, bool reverse>
static Result<Value> dict_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Dict* dict = source.as<Dict>();
  Index expected = self->aux_ >> 32, left = static_cast<i32>(self->aux_);
  if (dict->length() != expected) {
    self->aux_ = pack_lengths(-1, left);
    return raise_runtime_error(thread, "dictionary changed size during iteration");
  }
  Value key, value;
  Index position = self->position_;
  bool more = reverse ? dict_previous(dict, &position, &key, &value) : dict_next(dict, &position, &key, &value);
  self->position_ = position;
  if (!more) {
    self->source_.clear();
    return kExhausted;
  }
  if (left == 0) {
    self->source_.clear();
    return raise_runtime_error(thread, "dictionary keys changed during iteration");
  }
  self->aux_ = pack_lengths(expected, left - 1);
  if constexpr (part == DictPart::Keys) return key;
  if constexpr (part == DictPart::Values) return value;
  return TRY(tuple_of(thread, key, value));
}

template <DictPart part>
static Result<bool> fill_list_backwards(Thread& thread, List* into, Iterator* self) {
  Value source = self->source();
  if (source.is_absent()) return false;
  auto* dict = source.as<Dict>();
  Index left = static_cast<i32>(self->aux_), position = self->position_;
  if (dict->length() != self->aux_ >> 32) return false;
  Value key, value;
  while (dict_previous(dict, &position, &key, &value)) {
    if (left-- == 0) return false;
    Value item = part == DictPart::Keys ? key : part == DictPart::Values ? value : Value(TRY(tuple_of(thread, key, value)));
    TRY(list_append_inline(thread, into, item));
    self->position_ = position;
    self->aux_ = pack_lengths(dict->length(), left);
  }
  self->source_.clear();
  return true;
}

Result<bool> reversed_dict_fill_list(Thread& thread, List* into, Iterator* iterator) {
  Type* type = type_of(Value(iterator));
  if (type == dict_reverse_key_iterator_def.type) return fill_list_backwards<DictPart::Keys>(thread, into, iterator);
  if (type == dict_reverse_value_iterator_def.type) return fill_list_backwards<DictPart::Values>(thread, into, iterator);
  if (type == dict_reverse_item_iterator_def.type) return fill_list_backwards<DictPart::Items>(thread, into, iterator);
  return false;
}

static Result<Value> return_self(Thread& thread, Value self) { return self; }

static Result<Index> dict_iterator_length_hint(Thread& thread, Iterator* self) {
  if (self->source().is_absent()) return 0;
  return self->source().as<Dict>()->length() == self->aux_ >> 32 ? static_cast<i32>(self->aux_) : 0;
}

// (iter, ([what is left],)): a copy of the iterator is run out.
template <DictPart part, bool reverse>
static Result<Value> dict_iterator_reduce(Thread& thread, Iterator* self) {
  List* rest = TRY(make_list(thread));
  if (self->source().is_present()) {
    Iterator* copy = TRY(make_of<Iterator>(thread, type_of(Value(self)), self->source(), self->position_, Value()));
    copy->aux_ = self->aux_;
    for (;;) {
      Value v = TRY((dict_iterator_next<part, reverse>(thread, copy)));
      if (v == kExhausted) break;
      TRY(list_append(thread, rest, v));
    }
  }
  Value iter = TRY(builtin_named(thread, "iter"));
  return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(rest))))));
}

#define DICT_ITERATOR(id, text, part, reverse)                                                                                  \
  static constinit NativeDef id##_methods[] = {                                                                                 \
      native<return_self>("__iter__($self, /)", "Implement iter(self)."),                                                       \
      native<dict_iterator_next<DictPart::part, reverse>>("__next__($self, /)", "Implement next(self)."),                       \
      native<dict_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."), \
      native<dict_iterator_reduce<DictPart::part, reverse>>("__reduce__($self, /)", "Return state information for pickling."),  \
  };                                                                                                                            \
  constinit TypeDef id##_def = {.name = text,                                                                                   \
                                .kind = kKindIterator,                                                                          \
                                .payload_size = sizeof(Iterator),                                                               \
                                .flags = kTypeNoInstances,                                                                      \
                                .methods = id##_methods,                                                                        \
                                .method_count = count_of(id##_methods),                                                         \
                                .kind_info = kind_info_of<Iterator>("iterator")};
DICT_ITERATOR(dict_key_iterator, "dict_keyiterator", Keys, false)
DICT_ITERATOR(dict_value_iterator, "dict_valueiterator", Values, false)
DICT_ITERATOR(dict_item_iterator, "dict_itemiterator", Items, false)
DICT_ITERATOR(dict_reverse_key_iterator, "dict_reversekeyiterator", Keys, true)
DICT_ITERATOR(dict_reverse_value_iterator, "dict_reversevalueiterator", Values, true)
DICT_ITERATOR(dict_reverse_item_iterator, "dict_reverseitemiterator", Items, true)
#undef DICT_ITERATOR

// ---------------------------------------------------------------------------------------------------------------- views

Result<Value> make_dict_view(Thread& thread, Dict* dict, DictPart part) {
  Type* type = part == DictPart::Keys ? types.dict_keys : part == DictPart::Values ? types.dict_values : types.dict_items;
  return make_of<DictView>(thread, type, dict);
}

static Result<Index> view_len(Thread& thread, DictView* self) { return self->dict()->length(); }

template <DictPart part>
static Result<Value> view_iter(Thread& thread, DictView* self) {
  return make_dict_iterator(thread, self->dict(), part, false);
}

template <DictPart part>
static Result<Value> view_reversed(Thread& thread, DictView* self) {
  return make_dict_iterator(thread, self->dict(), part, true);
}

static Result<Value> view_mapping(Thread& thread, Value self) {
  return make<MappingProxy>(thread, Value(self.as<DictView>()->dict()));
}

static Result<Str*> view_repr(Thread& thread, DictView* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "...");
  Result<List*> items = list_from_iterable(thread, Value(self));
  Result<Str*> text = items.is_failed() ? Result<Str*>(failed) : repr(thread, Value(items.value()));
  repr_leave(thread, Value(self));
  return format_message(thread, "{}({})", type_name(Value(self)), TRY(text));
}

static Result<bool> keys_contains(Thread& thread, DictView* self, Value key) {
  return TRY(dict_find(thread, self->dict(), key)) != kNotFound;
}

static Result<bool> items_contains(Thread& thread, DictView* self, Value item) {
  Tuple* pair = cast<Tuple>(item);
  if (!pair || pair->length() != 2) return false;
  Value found = TRY(dict_find(thread, self->dict(), pair->at(0)));
  if (found == kNotFound) return false;
  return same_or_equal(thread, found, pair->at(1));
}

static bool is_set_view(Value v) {
  if (!is<DictView>(v)) return false;
  Type* type = type_of(v);
  return type->is_subtype_of(types.dict_keys) || type->is_subtype_of(types.dict_items);
}

static Result<bool> view_contains(Thread& thread, DictView* self, Value v) {
  return type_of(Value(self))->is_subtype_of(types.dict_items) ? items_contains(thread, self, v) : keys_contains(thread, self, v);
}

// Is each item of one dict, or each key, the other's? Steps as a dict's iterator does.
template <DictPart part>
static Result<bool> all_contained_in_dict(Thread& thread, Dict* some, Dict* container) {
  some = TRY(dict_at_this_moment(thread, some));
  Index expected = some->length(), left = expected, position = 0;
  for (;;) {
    if (some->length() != expected) return raise_runtime_error(thread, "dictionary changed size during iteration");
    Value key, value;
    if (!dict_next(some, &position, &key, &value)) return true;
    if (left-- == 0) return raise_runtime_error(thread, "dictionary keys changed during iteration");
    Value found = TRY(dict_find(thread, container, key));
    if (found == kNotFound) return false;
    if (part == DictPart::Items && found != value && !TRY(same_or_equal(thread, found, value))) return false;
  }
}

static Result<bool> all_contained(Thread& thread, Value some, Value container) {
  if (Type* type = type_of(some); type == type_of(container) && (type == types.dict_keys || type == types.dict_items)) {
    Dict *one = some.as<DictView>()->dict(), *other = container.as<DictView>()->dict();
    return type == types.dict_keys ? all_contained_in_dict<DictPart::Keys>(thread, one, other)
                                   : all_contained_in_dict<DictPart::Items>(thread, one, other);
  }
  Value iterator = TRY(get_whole_iter(thread, some));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return true;
    if (!TRY(contains(thread, container, v))) return false;
  }
}

template <CompareOp op>
static Result<Value> view_compare(Thread& thread, DictView* self, Value other) {
  if (!is_any_set(other) && !is_set_view(other)) return kNotImplemented;
  Index n = self->dict()->length(), m = TRY(length_of(thread, other));
  bool answer = false;
  switch (op) {
    case CompareOp::Eq:
    case CompareOp::Ne: answer = n == m && TRY(all_contained(thread, Value(self), other)); break;
    case CompareOp::Lt: answer = n < m && TRY(all_contained(thread, Value(self), other)); break;
    case CompareOp::Le: answer = n <= m && TRY(all_contained(thread, Value(self), other)); break;
    case CompareOp::Gt: answer = n > m && TRY(all_contained(thread, other, Value(self))); break;
    case CompareOp::Ge: answer = n >= m && TRY(all_contained(thread, other, Value(self))); break;
  }
  return Value::of_bool(op == CompareOp::Ne ? !answer : answer);
}

// For natives that take in all keys: a dict in the place of a view of its keys, for it knows their hashes.
static Value keys_source(Value iterable) {
  if (!iterable.is_cell() || type_of(iterable) != types.dict_keys) return iterable;
  Value dict(iterable.as<DictView>()->dict());
  return is_exact<Dict>(dict) ? dict : iterable;
}

static Result<Set*> set_of(Thread& thread, Value iterable) {
  Set* made = TRY(make_set(thread));
  TRY(set_update_from(thread, made, keys_source(iterable)));
  return made;
}

static Result<Value> view_and(Thread& thread, DictView* self, Value other) {
  if (is_set_view(other) && other.as<DictView>()->dict()->length() > self->dict()->length()) {
    Value swapped = Value(self);
    self = other.as<DictView>();
    other = swapped;
  }
  if (is_exact<Set>(other) && self->dict()->length() <= other.as<Set>()->length()) {
    return call_method(thread, other, fixed_name<"intersection">(thread), Value(self));
  }
  Value iterator = TRY(get_whole_iter(thread, other));
  Set* made = TRY(make_set(thread));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return Value(made);
    if (TRY(view_contains(thread, self, v))) TRY(set_add_key(thread, made, v));
  }
}

static Result<Value> difference(Thread& thread, Value left, Value right) {
  Set* made = TRY(set_of(thread, left));
  TRY(call_method(thread, Value(made), fixed_name<"difference_update">(thread), keys_source(right)));
  return Value(made);
}
static Result<Value> view_sub(Thread& thread, DictView* self, Value other) { return difference(thread, Value(self), other); }
static Result<Value> view_rsub(Thread& thread, DictView* self, Value other) { return difference(thread, other, Value(self)); }

static Result<Value> set_union(Thread& thread, Value left, Value right) {
  Set* made = TRY(set_of(thread, left));
  TRY(set_update_from(thread, made, keys_source(right)));
  return Value(made);
}
static Result<Value> view_or(Thread& thread, DictView* self, Value other) { return set_union(thread, Value(self), other); }
static Result<Value> view_ror(Thread& thread, DictView* self, Value other) { return set_union(thread, other, Value(self)); }

static Result<Value> symmetric(Thread& thread, Value left, Value right) {
  Set* made = TRY(set_of(thread, left));
  TRY(call_method(thread, Value(made), fixed_name<"symmetric_difference_update">(thread), keys_source(right)));
  return Value(made);
}
static Result<Value> view_xor(Thread& thread, DictView* self, Value other) { return symmetric(thread, Value(self), other); }
static Result<Value> view_rxor(Thread& thread, DictView* self, Value other) { return symmetric(thread, other, Value(self)); }

static Result<bool> view_isdisjoint(Thread& thread, DictView* self, Value other) {
  if (Value(self) == other) return self->dict()->length() == 0;
  if (is_any_set(other) || is_set_view(other)) {
    Index m = TRY(length_of(thread, other));
    if (m > self->dict()->length()) {
      Value iterator = TRY(get_whole_iter(thread, Value(self)));
      for (;;) {
        Value v = TRY(iter_next(thread, iterator));
        if (v == kExhausted) return true;
        if (TRY(contains(thread, other, v))) return false;
      }
    }
  }
  Value iterator = TRY(get_whole_iter(thread, other));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return true;
    if (TRY(view_contains(thread, self, v))) return false;
  }
}

static constinit GetSetDef view_getsets[] = {{"mapping", view_mapping, nullptr, "dictionary that this view refers to"}};

#define SET_VIEW_METHODS(part, contains_function, reversed_doc)                                            \
  native<view_repr>("__repr__($self, /)", "Return repr(self)."),                                           \
      native<view_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),                \
      native<view_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),               \
      native<view_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),               \
      native<view_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),               \
      native<view_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),                \
      native<view_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),               \
      native<view_iter<DictPart::part>>("__iter__($self, /)", "Implement iter(self)."),                    \
      native<view_sub>("__sub__($self, value, /)", "Return self-value."),                                  \
      native<view_rsub>("__rsub__($self, value, /)", "Return value-self."),                                \
      native<view_and>("__and__($self, value, /)", "Return self&value."),                                  \
      native<view_and>("__rand__($self, value, /)", "Return value&self."),                                 \
      native<view_xor>("__xor__($self, value, /)", "Return self^value."),                                  \
      native<view_rxor>("__rxor__($self, value, /)", "Return value^self."),                                \
      native<view_or>("__or__($self, value, /)", "Return self|value."),                                    \
      native<view_ror>("__ror__($self, value, /)", "Return value|self."),                                  \
      native<view_len>("__len__($self, /)", "Return len(self)."),                                          \
      native<contains_function>("__contains__($self, key, /)", "Return key in self."),                     \
      native<view_isdisjoint>("isdisjoint($self, other, /)",                                               \
                              "Return True if the view and the given iterable have a null intersection."), \
      native<view_reversed<DictPart::part>>("__reversed__($self, /)", reversed_doc)

static constinit NativeDef keys_methods[] = {
    SET_VIEW_METHODS(Keys, keys_contains, "Return a reverse iterator over the dict keys.")};
static constinit NativeDef items_methods[] = {
    SET_VIEW_METHODS(Items, items_contains, "Return a reverse iterator over the dict items.")};
static constinit NativeDef values_methods[] = {
    native<view_repr>("__repr__($self, /)", "Return repr(self)."),
    native<view_iter<DictPart::Values>>("__iter__($self, /)", "Implement iter(self)."),
    native<view_len>("__len__($self, /)", "Return len(self)."),
    native<view_reversed<DictPart::Values>>("__reversed__($self, /)", "Return a reverse iterator over the dict values."),
};
#define DICT_VIEW(id, text, rows)                           \
  constinit TypeDef id = {.name = text,                     \
                          .kind = kKindDictView,            \
                          .payload_size = sizeof(DictView), \
                          .flags = kTypeNoInstances,        \
                          .methods = rows,                  \
                          .method_count = count_of(rows),   \
                          .getsets = view_getsets,          \
                          .getset_count = 1,                \
                          .kind_info = kind_info_of<DictView>("dict view")};
DICT_VIEW(dict_keys_def, "dict_keys", keys_methods)
DICT_VIEW(dict_items_def, "dict_items", items_methods)
DICT_VIEW(dict_values_def, "dict_values", values_methods)
#undef DICT_VIEW

}  // namespace baton
