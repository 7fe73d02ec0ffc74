// dict as Python sees it: construction, update, methods, comparison. The table is in dict.cpp, views and iterators in
// dict_views.cpp.
#include "objects/at_this_moment.h"
#include "objects/dict.h"
#include "objects/dict_inline.h"
#include "objects/dict_mapping.h"
#include "objects/dict_views.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set_table.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- update

// From a dict whose iteration is dict's own. Without the GIL the items are those of one moment: what another thread does to
// `other` meanwhile is neither seen nor an error, as with the GIL, where only a key's Python code can come between. They are
// stored in one step then, up to the first key whose comparison with another one of the same hash may run Python code.
static Result<void> merge_dict(Thread& thread, Dict* self, Dict* other) {
  if (self == other || other->length() == 0) return ok;
  if (self->length() == 0 && TRY(dict_copy_into_empty(thread, self, other))) return ok;
  Dict* source = TRY(dict_at_this_moment(thread, other));
  Index expected = source->length(), position = 0;
  if (source != other) TRY(dict_merge_plainly(thread, self, source, &position));
  for (;;) {
    Value key, value;
    u64 hash;
    if (!dict_next_hashed(source, &position, &key, &value, &hash)) return ok;
    TRY(dict_set_hashed(thread, self, key, hash, value));
    if (other->length() != expected && source == other) return raise_runtime_error(thread, "dict mutated during update");
  }
}

static bool iterates_as_dict(Value v) {
  return is<Dict>(v) && (is_exact<Dict>(v) || type_of(v)->slot(Slot::iter) == types.dict->slot(Slot::iter));
}

static Result<void> merge_keys(Thread& thread, Dict* self, Value mapping, Value keys_method) {
  Value keys = TRY(call(thread, keys_method));
  Value iterator = TRY(get_iter(thread, keys));
  for (;;) {
    Value key = TRY(iter_next_inline(thread, iterator));
    if (key == kExhausted) return ok;
    Value value = TRY(get_item(thread, mapping, key));
    TRY(dict_set(thread, self, key, value));
  }
}

static Result<void> merge_pairs(Thread& thread, Dict* self, Value pairs) {
  Steps steps(TRY(get_whole_iter(thread, pairs)));
  for (Index i = 0;; ++i) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) return ok;
    if (is_exact<Tuple>(item) && item.as<Tuple>()->length() == 2) {
      TRY(dict_set(thread, self, item.as<Tuple>()->at(0), item.as<Tuple>()->at(1)));
      continue;
    }
    Result<Tuple*> converted = tuple_from_iterable(thread, item);
    if (converted.is_failed()) {
      if (type_of(item)->slot(Slot::iter).is_absent() && clear_pending_if(thread, exceptions.TypeError)) {
        return raise_type_error(thread, "cannot convert dictionary update sequence element #{} to a sequence", i);
      }
      return failed;
    }
    Tuple* pair = converted.value();
    if (pair->length() != 2) {
      return raise_value_error(thread, "dictionary update sequence element #{} has length {}; 2 is required", i, pair->length());
    }
    TRY(dict_set(thread, self, pair->at(0), pair->at(1)));
  }
}

Result<void> dict_update_from(Thread& thread, Dict* self, Value source) {
  if (iterates_as_dict(source)) return merge_dict(thread, self, source.as<Dict>());
  Value keys_method = TRY(find_attr(thread, source, names.keys));
  if (keys_method == kNotFound) return merge_pairs(thread, self, source);
  return merge_keys(thread, self, source, keys_method);
}

Result<Dict*> dict_copy_as_mapping(Thread& thread, Dict* self) {
  if (self->length() == 0 || iterates_as_dict(Value(self))) return dict_copy_of(thread, self);
  Dict* made = TRY(make_dict(thread));
  TRY(dict_update_from(thread, made, Value(self)));
  return made;
}

Result<void> dict_merge_mapping(Thread& thread, Dict* self, Value mapping) {
  if (iterates_as_dict(mapping)) return merge_dict(thread, self, mapping.as<Dict>());
  Value keys_method = TRY(find_attr(thread, mapping, names.keys));
  if (keys_method == kNotFound) return raise_type_error(thread, "'{!t}' object is not a mapping", mapping);
  return merge_keys(thread, self, mapping, keys_method);
}

// Arguments of dict() and update(): at most one positional, and keywords.
Result<void> dict_update_from_call(Thread& thread, const char* name, Dict* self, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_positional(thread, name, n, 0, 1));
  if (n == 1) TRY(dict_update_from(thread, self, args[0]));
  if (kwnames) {
    for (Index i = 0; i < kwnames->length(); ++i) {
      if (!is<Str>(kwnames->at(i))) return raise_type_error(thread, "keywords must be strings");
      TRY(dict_set(thread, self, kwnames->at(i), args[n + static_cast<usize>(i)]));
    }
  }
  return ok;
}

static Result<Value> dict_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<Dict>(thread, TRY(check_new_type(thread, args, n, types.dict)));
}

static Result<Value> dict_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Dict* self = n ? cast<Dict>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(dict_update_from_call(thread, "dict", self, args + 1, n - 1, kwnames));
  return kNone;
}

static Result<Value> dict_update(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Dict* self = n ? cast<Dict>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(dict_update_from_call(thread, "update", self, args + 1, n - 1, kwnames));
  return kNone;
}

static Result<Value> dict_fromkeys(Thread& thread, Type* type, Value iterable, Value value) {
  Value made = TRY(call(thread, Value(type)));
  if (is_exact<Dict>(made) && made.as<Dict>()->length() == 0 &&
      (is_exact<Dict>(iterable) || (is_any_set(iterable) && !iterable.cell()->is_subclass_instance()))) {
    iterable = TRY(at_this_moment(thread, iterable));
    Index position = 0;  // the keys' hashes are known
    Value key, ignored;
    u64 hash;
    while (is<Dict>(iterable) ? dict_next_hashed(iterable.as<Dict>(), &position, &key, &ignored, &hash)
                              : set_next_entry(iterable.as<Set>(), &position, &key, &hash)) {
      TRY(dict_set_hashed(thread, made.as<Dict>(), key, hash, value));
    }
    return made;
  }
  Value iterator = TRY(get_whole_iter(thread, iterable));
  bool plain = is_exact<Dict>(made);
  for (;;) {
    Value key = TRY(iter_next_inline(thread, iterator));
    if (key == kExhausted) return made;
    if (plain)
      TRY(dict_set(thread, made.as<Dict>(), key, value));
    else
      TRY(set_item(thread, made, key, value));
  }
}

// ---------------------------------------------------------------------------------------------------------------- items

static Result<Index> dict_len(Thread& thread, Dict* self) { return self->length(); }

static Result<Value> dict_getitem(Thread& thread, Dict* self, Value key) {
  Value found = TRY(dict_find(thread, self, key));
  if (found != kNotFound) return found;
  if (!is_exact<Dict>(Value(self))) {
    Value missing = TRY(find_special(thread, Value(self), names.dunder_missing));
    if (missing != kNotFound) return call(thread, missing, key);
  }
  return raise_key_error(thread, key);
}

static Result<void> dict_delitem(Thread& thread, Dict* self, Value key) {
  if (!TRY(dict_remove(thread, self, key))) return raise_key_error(thread, key);
  return ok;
}

static Result<bool> dict_contains(Thread& thread, Dict* self, Value key) {
  return TRY(dict_find(thread, self, key)) != kNotFound;
}

static Result<Value> dict_get(Thread& thread, Dict* self, Value key, Value fallback) {
  Value found = TRY(dict_find(thread, self, key));
  return found == kNotFound ? fallback : found;
}

static Result<Value> dict_pop_method(Thread& thread, Dict* self, Value key, Optional<Value> fallback) {
  Value found = self->length() == 0 ? kNotFound : TRY(dict_pop(thread, self, key));
  if (found != kNotFound) return found;
  if (fallback.has_value()) return fallback.value;
  return raise_key_error(thread, key);
}

static Result<Value> dict_popitem(Thread& thread, Dict* self) {
  Value pair = TRY(dict_pop_end(thread, self, true));
  if (pair != kNotFound) return pair;
  return raise_with_value(thread, exceptions.KeyError, Value(TRY(str_from_ascii(thread, "popitem(): dictionary is empty"))));
}

static Result<void> dict_clear(Thread& thread, Dict* self) {
  dict_clear_all(thread, self);
  return ok;
}

static Result<Value> dict_keys(Thread& thread, Dict* self) { return make_dict_view(thread, self, DictPart::Keys); }
static Result<Value> dict_values(Thread& thread, Dict* self) { return make_dict_view(thread, self, DictPart::Values); }
static Result<Value> dict_items(Thread& thread, Dict* self) { return make_dict_view(thread, self, DictPart::Items); }
static Result<Value> dict_iter(Thread& thread, Dict* self) { return make_dict_iterator(thread, self, DictPart::Keys, false); }
static Result<Value> dict_reversed(Thread& thread, Dict* self) { return make_dict_iterator(thread, self, DictPart::Keys, true); }

static Result<Index> dict_sizeof(Thread& thread, Dict* self) {
  DictTable* table = self->table();
  Index size = static_cast<Index>(sizeof(Dict)) + 16;
  if (table)
    size += static_cast<Index>(sizeof(DictTable) + table->entry_capacity() * sizeof(DictEntry)) +
            (table->index_mask_ ? table->index_mask_ + 1 : 0);
  return size;
}

// ---------------------------------------------------------------------------------------------------------------- whole dicts

static Result<void> append_pairs(Thread& thread, Dict* self, StrBuilder& text) {
  Index position = 0;
  Value key, value;
  bool first = true;
  self = TRY(dict_at_this_moment(thread, self));
  while (dict_next(self, &position, &key, &value)) {
    if (!first) text.append_ascii(", ");
    first = false;
    text.append(TRY(repr(thread, key)));
    text.append_ascii(": ");
    text.append(TRY(repr(thread, value)));
  }
  return ok;
}

Result<Str*> dict_repr(Thread& thread, Dict* self) {
  if (self->length() == 0) return str_from_ascii(thread, "{}");
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "{...}");
  StrBuilder text;
  text.append('{');
  Result<void> done = append_pairs(thread, self, text);
  repr_leave(thread, Value(self));
  TRY(done);
  text.append('}');
  return text.build(thread);
}

// The value of a key that is likely to stand at the same place in this dict too, as it does in a copy; absent: search.
static Value value_at(Dict* self, Index place, Value key) {
  DictTable* table = self->table();
  if (!table || place >= static_cast<Index>(table->entry_count()) || table->entries()[place].key.get() != key) return Value();
  return table->entries()[place].value.get();
}

Result<bool> dict_equal(Thread& thread, Dict* a, Dict* b) {
  if (objects_are_locked()) {
    PlainEqual equal = dict_equal_at_once(thread, a, b);
    if (equal != PlainEqual::Unknown) return equal == PlainEqual::Yes;
    a = TRY(dict_at_this_moment(thread, a));
  }
  if (a->length() != b->length()) return false;
  TRY(check_native_depth(thread, " in comparison"));
  Index position = 0;
  Value key, value;
  u64 hash;
  while (dict_next_hashed(a, &position, &key, &value, &hash)) {
    Value other = value_at(b, position - 1, key);
    if (other.is_absent()) other = TRY(dict_find_hashed(thread, b, key, hash));
    if (other == kNotFound) return false;
    if (!TRY(same_or_equal(thread, value, other))) return false;
  }
  return true;
}

template <bool negate>
static Result<Value> dict_eq(Thread& thread, Dict* self, Value value) {
  if (!is<Dict>(value)) return kNotImplemented;
  return Value::of_bool(TRY(dict_equal(thread, self, value.as<Dict>())) != negate);
}

static Result<Value> dict_order(Thread& thread, Dict* self, Value value) { return kNotImplemented; }

static Result<Value> dict_or(Thread& thread, Dict* self, Value value) {
  if (!is<Dict>(value)) return kNotImplemented;
  Dict* made = TRY(dict_copy_as_mapping(thread, self));
  TRY(dict_update_from(thread, made, value));
  return Value(made);
}

static Result<Value> dict_ror(Thread& thread, Dict* self, Value value) {
  if (!is<Dict>(value)) return kNotImplemented;
  Dict* made = TRY(dict_copy_as_mapping(thread, value.as<Dict>()));
  TRY(dict_update_from(thread, made, Value(self)));
  return Value(made);
}

static Result<Value> dict_ior(Thread& thread, Dict* self, Value value) {
  TRY(dict_update_from(thread, self, value));
  return Value(self);
}

static constinit NativeDef dict_methods[] = {
    native_raw(dict_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(dict_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    native<dict_repr>("__repr__($self, /)", "Return repr(self)."),
    native<dict_order>("__lt__($self, value, /)", "Return self<value."),
    native<dict_order>("__le__($self, value, /)", "Return self<=value."),
    native<dict_eq<false>>("__eq__($self, value, /)", "Return self==value."),
    native<dict_eq<true>>("__ne__($self, value, /)", "Return self!=value."),
    native<dict_order>("__gt__($self, value, /)", "Return self>value."),
    native<dict_order>("__ge__($self, value, /)", "Return self>=value."),
    native<dict_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<dict_or>("__or__($self, value, /)", "Return self|value."),
    native<dict_ror>("__ror__($self, value, /)", "Return value|self."),
    native<dict_ior>("__ior__($self, value, /)", "Return self|=value."),
    native<dict_len>("__len__($self, /)", "Return len(self)."),
    native<dict_getitem>("__getitem__($self, key, /)", "x.__getitem__(y) <==> x[y]"),
    native<dict_set>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<dict_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<dict_contains>("__contains__($self, key, /)", "True if the dictionary has the specified key, else False."),
    native<dict_sizeof>("__sizeof__($self, /)", "D.__sizeof__() -> size of D in memory, in bytes"),
    native<dict_get>("get($self, key, default=None, /)", "Look up a key; a missing one gives default instead of KeyError."),
    native<dict_set_default>("setdefault($self, key, default=None, /)",
                             "Look up a key and, if it is missing, add it first.\n\nIt is added with default as its value. "
                             "Either way, the result is the value\nthat the dict now has for it."),
    native<dict_pop_method>(
        "pop($self, key, default=<unrepresentable>, /)",
        "Delete a key and return the value it had.\n\nA missing key gives default, or raises KeyError if you passed none."),
    native<dict_popitem>("popitem($self, /)",
                         "Delete the key that was added last and return it with its value.\n\nThe result is a tuple of the two. "
                         "On an empty dict it raises KeyError."),
    native<dict_keys>("keys($self, /)",
                      "Return a view of the keys, which follows later changes of the dict.\n\nIt can be iterated over and "
                      "supports the operators of sets."),
    native<dict_items>("items($self, /)",
                       "Return a view of all (key, value) tuples, following changes of the dict.\n\nIt can be iterated over and, "
                       "with hashable values, used like a set."),
    native<dict_values>("values($self, /)", "D.values() -> an object providing a view on D's values"),
    native_raw(dict_update, "update($self, /, *args, **kwargs)",
               "Add keys with their values, or new values for existing keys.\n\nThey come from an optional positional argument "
               "and then from keyword\narguments. An object with a keys() method is treated as a mapping; any other\none has to "
               "be an iterable of pairs. Returns None."),
    native<dict_fromkeys>("fromkeys($type, iterable, value=None, /)",
                          "Make a dict that has the same value, by default None, for all its keys.\n\nThe keys are the items of "
                          "the iterable. The value is not copied."),
    native<dict_clear>("clear($self, /)", "D.clear() -> None.  Remove all items from D."),
    native<dict_copy_as_mapping>("copy($self, /)", "D.copy() -> a shallow copy of D"),
    native<dict_reversed>("__reversed__($self, /)", "Return a reverse iterator over the dict keys."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef dict_def = {
    .name = "dict",
    .doc =
        "dict() -> empty dict\ndict(mapping) -> dict with the keys and values of another mapping\ndict(iterable) -> dict made of "
        "pairs; it is the same as this:\n    d = {}\n    for key, value in iterable:\n        d[key] = value\ndict(**kwargs) -> "
        "dict with the keywords as its keys, which can also follow\n    one of the other arguments; dict(x=3, y=4) is {'x': 3, "
        "'y': 4}",
    .kind = kKindDict,
    .payload_size = sizeof(Dict),
    .flags = kTypeSubclassable | kTypeMapping | kTypeIsDict | kTypeMatchSelf,
    .methods = dict_methods,
    .method_count = count_of(dict_methods),
    .kind_info = kind_info_of<Dict>("dict"),
};

}  // namespace baton
