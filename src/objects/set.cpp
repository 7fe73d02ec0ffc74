// set and frozenset as Python sees them. The table is in set_table.cpp.
//
// Both types share every function that doesn't write: their first parameter is AnySet. Operators take sets only, methods any
// iterable; results are of the base type of the left operand (set or frozenset), whatever subclass it is.
#include "objects/set.h"

#include "base/siphash.h"
#include "objects/at_this_moment.h"
#include "objects/dict.h"
#include "objects/iterator_defs.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set_table.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {
// self of a method that set and frozenset share.
struct AnySet {
  Set* set;
  Set* operator->() const { return set; }
  operator Set*() const { return set; }
};
}  // namespace
template <>
struct Converter<AnySet> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, AnySet* out) {
    if (is_any_set(v)) {
      out->set = v.as<Set>();
      return true;
    }
    (void)raise_argument_kind(thread, def, parameter, "set", v);
    return false;
  }
};

static Type* base_type_of(Set* set) { return set->kind() == kKindSet ? types.set : types.frozenset; }
static Value any(Set* set) { return Value(static_cast<Cell*>(set)); }
static bool is_plain_frozenset(Value v) { return type_of(v) == types.frozenset; }

static Result<Set*> new_like(Thread& thread, Set* set) { return make_of<Set>(thread, base_type_of(set)); }

static Result<Set*> copy_like(Thread& thread, Set* set) { return set_clone(thread, set, base_type_of(set)); }

// ---------------------------------------------------------------------------------------------------------------- construction

static Result<Value> set_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<Set>(thread, TRY(check_new_type(thread, args, n, types.set)));
}

static Result<Value> set_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Set* self = n ? cast<Set>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "set", kwnames));
  TRY(check_positional(thread, "set", n - 1, 0, 1));
  if (self->length()) set_clear_all(thread, self);
  __atomic_store_n(&self->hash_, 0, __ATOMIC_RELAXED);
  if (n > 1) TRY(set_update_from(thread, self, args[1]));
  return kNone;
}

static Result<Value> empty_frozenset(Thread& thread) { return any(TRY(make_frozenset(thread, nullptr, 0))); }

static Result<Value> frozenset_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.frozenset));
  if (type == types.frozenset || type->slot(Slot::init) == types.frozenset->slot(Slot::init))
    TRY(check_no_keywords(thread, "frozenset", kwnames));
  TRY(check_positional(thread, "frozenset", n - 1, 0, 1));
  if (type == types.frozenset) {
    if (n == 1) return empty_frozenset(thread);
    if (is_plain_frozenset(args[1])) return args[1];
  }
  Set* made = TRY(make_of<Set>(thread, type));
  if (n > 1) TRY(set_update_from(thread, made, args[1]));
  if (made->length() == 0 && type == types.frozenset) return empty_frozenset(thread);
  return any(made);
}

// Any iterable as a set: itself if it is one.
static Result<Set*> as_set(Thread& thread, Value iterable) {
  if (is_any_set(iterable)) return iterable.as<Set>();
  Set* made = TRY(make_set(thread));
  TRY(set_update_from(thread, made, iterable));
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- reading

static Result<Index> set_len(Thread& thread, AnySet self) { return self->length(); }
static Result<bool> set_contains(Thread& thread, AnySet self, Value key) { return set_contains_key(thread, self, key); }

static Result<Value> set_iter(Thread& thread, AnySet self) {
  Iterator* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, set_iterator_def)), any(self), Index{0}, Value()));
  it->aux_ = self->length();
  it->set_form(IteratorForm::Set);
  return Value(it);
}

static Result<Str*> set_repr(Thread& thread, AnySet self) {
  Str* name = type_name(any(self));
  if (self->length() == 0) return format_message(thread, "{}()", name);
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, any(self)))) return format_message(thread, "{}(...)", name);
  bool plain = type_of(any(self)) == types.set;
  StrBuilder text;
  if (!plain) {
    text.append(name);
    text.append('(');
  }
  text.append('{');
  Result<List*> keys = list_from_iterable(thread, any(self));
  bool good = !keys.is_failed();
  for (Index i = 0; good && i < keys.value()->length(); ++i) {
    Result<Str*> item = repr(thread, keys.value()->try_at(i));
    if ((good = !item.is_failed())) {
      if (i) text.append_ascii(", ");
      text.append(item.value());
    }
  }
  repr_leave(thread, any(self));
  if (!good) return failed;
  text.append('}');
  if (!plain) text.append(')');
  return text.build(thread);
}

static Result<i64> frozenset_hash(Thread& thread, AnySet self) {
  if (self->hash_) return static_cast<i64>(self->hash_);
  SetHasher hasher;
  Index position = 0;
  Value key;
  u64 hash;
  while (set_next_entry(self, &position, &key, &hash)) hasher.add(static_cast<i64>(hash));
  i64 answer = hasher.finish(static_cast<usize>(self->length()));
  self.set->hash_ = static_cast<u64>(answer);
  return answer;
}

static Result<bool> is_subset(Thread& thread, Set* a, Set* b) {
  if (objects_are_locked()) {
    bool is_known, any_else = TRY(set_select_at_once(thread, a, b, false, nullptr, &is_known));
    if (is_known) return !any_else;
    a = TRY(set_at_this_moment(thread, a));
  }
  if (a->length() > b->length()) return false;
  Index position = 0;
  Value key;
  u64 hash;
  while (set_next_entry(a, &position, &key, &hash)) {
    if (!TRY(set_has(thread, b, key, hash))) return false;
  }
  return true;
}

static Result<bool> set_equal(Thread& thread, Set* a, Set* b) {
  if (a->length() != b->length()) return false;
  TRY(set_pair_at_this_moment(thread, &a, &b));
  if (a->length() != b->length()) return false;
  if (a->hash_ && b->hash_ && a->hash_ != b->hash_) return false;
  return is_subset(thread, a, b);
}

template <CompareOp op>
static Result<Value> set_compare(Thread& thread, AnySet self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  Set *a = self, *b = value.as<Set>();
  bool answer = false;
  switch (op) {
    case CompareOp::Eq: answer = TRY(set_equal(thread, a, b)); break;
    case CompareOp::Ne: answer = !TRY(set_equal(thread, a, b)); break;
    case CompareOp::Le: answer = TRY(is_subset(thread, a, b)); break;
    case CompareOp::Ge: answer = TRY(is_subset(thread, b, a)); break;
    case CompareOp::Lt: answer = a->length() < b->length() && TRY(is_subset(thread, a, b)); break;
    case CompareOp::Gt: answer = b->length() < a->length() && TRY(is_subset(thread, b, a)); break;
  }
  return Value::of_bool(answer);
}

static Result<bool> set_issubset(Thread& thread, AnySet self, Value other) {
  return is_subset(thread, self, TRY(as_set(thread, other)));
}

static Result<bool> set_issuperset(Thread& thread, AnySet self, Value other) {
  if (is_any_set(other)) return is_subset(thread, other.as<Set>(), self);
  Value iterator = TRY(get_whole_iter(thread, other));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return true;
    if (!TRY(set_contains_key(thread, self, v))) return false;
  }
}

static Result<bool> set_isdisjoint(Thread& thread, AnySet self, Value other) {
  if (type_of(other) == types.set || type_of(other) == types.frozenset) {
    Set *small = other.as<Set>(), *large = self;
    if (small == large) return small->length() == 0;
    if (small->length() > large->length()) {
      Set* t = small;
      small = large;
      large = t;
    }
    if (objects_are_locked()) {
      bool is_known, any_common = TRY(set_select_at_once(thread, small, large, true, nullptr, &is_known));
      if (is_known) return !any_common;
      small = TRY(set_at_this_moment(thread, small));
    }
    Index position = 0;
    Value key;
    u64 hash;
    while (set_next_entry(small, &position, &key, &hash)) {
      if (TRY(set_has(thread, large, key, hash))) return false;
    }
    return true;
  }
  Value iterator = TRY(get_whole_iter(thread, other));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return true;
    u64 hash = TRY(key_hash(thread, v));
    if (TRY(set_has(thread, self, v, hash))) return false;
  }
}

// ---------------------------------------------------------------------------------------------------------------- new sets

static Result<Set*> intersection_of(Thread& thread, Set* self, Value other) {
  if (any(self) == other) return copy_like(thread, self);
  Set* made = TRY(new_like(thread, self));
  if (is_any_set(other)) {
    Set *small = self, *large = other.as<Set>();
    if (large->length() <= small->length()) {
      Set* t = small;
      small = large;
      large = t;
    }
    if (objects_are_locked()) {
      bool is_known;
      TRY(set_select_at_once(thread, small, large, true, made, &is_known));
      if (is_known) return made;
      made = TRY(new_like(thread, self));
      small = TRY(set_at_this_moment(thread, small));
    }
    Index position = 0;
    Value key;
    u64 hash;
    while (set_next_entry(small, &position, &key, &hash)) {
      if (TRY(set_has(thread, large, key, hash))) TRY(set_put(thread, made, key, hash));
    }
    return made;
  }
  Value iterator = TRY(get_whole_iter(thread, other));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return made;
    u64 hash = TRY(key_hash(thread, v));
    if (TRY(set_has(thread, self, v, hash))) TRY(set_put(thread, made, v, hash));
  }
}

static Result<void> remove_all(Thread& thread, Set* self, Value other) {
  if (any(self) == other) {
    set_clear_all(thread, self);
    return ok;
  }
  if (is_any_set(other)) {
    if (other.as<Set>()->length() >> 3 > self->length()) other = any(TRY(intersection_of(thread, self, other)));
    Set* keys = TRY(set_at_this_moment(thread, other.as<Set>()));
    Index position = 0;
    if (objects_are_locked()) set_remove_at_once(thread, self, keys, &position);
    Value key;
    u64 hash;
    while (set_next_entry(keys, &position, &key, &hash)) TRY(set_discard_hashed(thread, self, key, hash));
    return set_drop_removed(thread, self);
  }
  Value iterator = TRY(get_whole_iter(thread, other));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return set_drop_removed(thread, self);
    TRY(set_discard_hashed(thread, self, v, TRY(key_hash(thread, v))));
  }
}

static Result<Set*> difference_of(Thread& thread, Set* self, Value other) {
  bool sized = is_any_set(other) || is<Dict>(other);
  Index other_length = is_any_set(other) ? other.as<Set>()->length() : is<Dict>(other) ? other.as<Dict>()->length() : 0;
  if (!sized || self->length() >> 2 > other_length) {
    Set* made = TRY(copy_like(thread, self));
    TRY(remove_all(thread, made, other));
    return made;
  }
  Set* made = TRY(new_like(thread, self));
  if (objects_are_locked()) {
    bool is_known = false;
    if (is_any_set(other)) TRY(set_select_at_once(thread, self, other.as<Set>(), false, made, &is_known));
    if (is_known) return made;
    made = TRY(new_like(thread, self));
    self = TRY(set_at_this_moment(thread, self));
  }
  Index position = 0;
  Value key;
  u64 hash;
  while (set_next_entry(self, &position, &key, &hash)) {
    bool there = is<Dict>(other) ? TRY(dict_find_hashed(thread, other.as<Dict>(), key, hash)) != kNotFound
                                 : TRY(set_has(thread, other.as<Set>(), key, hash));
    if (!there) TRY(set_put(thread, made, key, hash));
  }
  return made;
}

static Result<void> toggle(Thread& thread, Set* self, Value key, u64 hash) {
  bool goes = TRY(set_has(thread, self, key, hash)) && TRY(set_discard_hashed(thread, self, key, hash));
  return goes ? Result<void>(ok) : set_put(thread, self, key, hash);
}

static Result<void> toggle_all(Thread& thread, Set* self, Value other) {
  if (any(self) == other) {
    set_clear_all(thread, self);
    return ok;
  }
  if (is_exact<Dict>(other)) {
    Index position = 0;
    Value key, value;
    u64 hash;
    Dict* dict = TRY(dict_at_this_moment(thread, other.as<Dict>()));
    while (dict_next_hashed(dict, &position, &key, &value, &hash)) {
      TRY(toggle(thread, self, key, hash));
    }
    return ok;
  }
  Set* keys = is_any_set(other) ? TRY(set_at_this_moment(thread, other.as<Set>())) : TRY(as_set(thread, other));
  Index position = 0;
  if (objects_are_locked()) TRY(set_toggle_at_once(thread, self, keys, &position));
  Value key;
  u64 hash;
  while (set_next_entry(keys, &position, &key, &hash)) {
    TRY(toggle(thread, self, key, hash));
  }
  return ok;
}

static Result<Set*> symmetric_of(Thread& thread, Set* self, Value other) {
  Set* made = TRY(new_like(thread, self));
  if (is_any_set(other)) {
    Set* keys = other.as<Set>();
    TRY(set_pair_at_this_moment(thread, &self, &keys));
    other = any(keys);
  }
  TRY(set_update_from(thread, made, other));
  TRY(toggle_all(thread, made, any(self)));
  return made;
}

namespace {
// What tells whether a set has changed.
struct SetState {
  explicit SetState(Set* set) : table(set->table()), adds(table ? table->adds() : 0), length(set->length()) {}
  bool operator==(const SetState&) const = default;
  SetTable* table;
  u64 adds;
  Index length;
};
}  // namespace

static bool replace_if_unchanged(Thread& thread, Set* self, Set* made, const SetState& before) {
  CriticalSection guard(thread, self);
  if (objects_are_locked() && SetState(self) != before) return false;
  self->table_.set(self, made->table());
  __atomic_store_n(&self->length_, made->length(), __ATOMIC_RELEASE);
  return true;
}

// `made` is what shall be left of `was`, a copy of self of the moment after `before`. What other threads have added since isn't
// lost: then those keys of `was` that aren't in `made` go one by one.
static Result<void> reduce_to(Thread& thread, Set* self, Set* was, Set* made, const SetState& before) {
  if (replace_if_unchanged(thread, self, made, before)) return ok;
  Index position = 0;
  Value key;
  u64 hash;
  while (set_next_entry(was, &position, &key, &hash)) {
    if (!TRY(set_has(thread, made, key, hash))) TRY(set_discard_hashed(thread, self, key, hash));
  }
  return set_drop_removed(thread, self);
}

static Result<Set*> union_of(Thread& thread, Set* self, Value other) {
  if (is_any_set(other) && any(self) != other) {
    Type* type = base_type_of(self);
    Set* keys = other.as<Set>();
    TRY(set_pair_at_this_moment(thread, &self, &keys));
    Set* made = TRY(set_clone(thread, self, type));
    TRY(set_update_from(thread, made, any(keys)));
    return made;
  }
  Set* made = TRY(copy_like(thread, self));
  if (any(self) != other) TRY(set_update_from(thread, made, other));
  return made;
}

static Result<Value> set_copy(Thread& thread, AnySet self) {
  if (is_plain_frozenset(any(self))) return any(self);
  return any(TRY(copy_like(thread, self)));
}

static Result<Value> set_union(Thread& thread, AnySet self, Rest others) {
  Set* made = others.values->length() ? TRY(union_of(thread, self, others.values->at(0))) : TRY(copy_like(thread, self));
  for (Index i = 1; i < others.values->length(); ++i) {
    if (others.values->at(i) != any(self)) TRY(set_update_from(thread, made, others.values->at(i)));
  }
  return any(made);
}

static Result<Value> set_intersection(Thread& thread, AnySet self, Rest others) {
  if (others.values->length() == 0) return any(TRY(copy_like(thread, self)));
  Set* made = self;
  for (Index i = 0; i < others.values->length(); ++i) made = TRY(intersection_of(thread, made, others.values->at(i)));
  return any(made);
}

static Result<Value> set_difference(Thread& thread, AnySet self, Rest others) {
  if (others.values->length() == 0) return any(TRY(copy_like(thread, self)));
  Set* made = TRY(difference_of(thread, self, others.values->at(0)));
  for (Index i = 1; i < others.values->length(); ++i) TRY(remove_all(thread, made, others.values->at(i)));
  return any(made);
}

static Result<Value> set_symmetric_difference(Thread& thread, AnySet self, Value other) {
  return any(TRY(symmetric_of(thread, self, other)));
}

template <Result<Set*> (*operation)(Thread&, Set*, Value), bool reflected>
static Result<Value> set_operator(Thread& thread, AnySet self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  Set *left = self, *right = value.as<Set>();
  if (reflected) {
    Set* t = left;
    left = right;
    right = t;
  }
  return any(TRY(operation(thread, left, any(right))));
}

// ---------------------------------------------------------------------------------------------------------------- writing (set)

static Result<void> set_add(Thread& thread, Set* self, Value key) {
  TRY(set_add_key(thread, self, key));
  return ok;
}

static Result<void> set_discard(Thread& thread, Set* self, Value key) {
  TRY(set_discard_key(thread, self, key));
  return ok;
}

static Result<void> set_remove(Thread& thread, Set* self, Value key) {
  if (!TRY(set_discard_key(thread, self, key))) return raise_key_error(thread, key);
  return ok;
}

static Result<Value> set_pop(Thread& thread, Set* self) {
  Value key = set_pop_any(thread, self);
  if (key.is_absent())
    return raise_with_value(thread, exceptions.KeyError, Value(TRY(str_from_ascii(thread, "pop from an empty set"))));
  return key;
}

static Result<void> set_clear(Thread& thread, Set* self) {
  set_clear_all(thread, self);
  return ok;
}

static Result<void> set_update(Thread& thread, Set* self, Rest others) {
  for (Index i = 0; i < others.values->length(); ++i) TRY(set_update_from(thread, self, others.values->at(i)));
  return ok;
}

static Result<void> set_intersection_update(Thread& thread, Set* self, Rest others) {
  SetState before(self);
  Set* was = TRY(set_at_this_moment(thread, self));
  Value made = TRY(set_intersection(thread, AnySet{was}, others));
  return made != any(was) ? reduce_to(thread, self, was, made.as<Set>(), before) : Result<void>(ok);
}

static Result<void> set_difference_update(Thread& thread, Set* self, Rest others) {
  for (Index i = 0; i < others.values->length(); ++i) TRY(remove_all(thread, self, others.values->at(i)));
  return ok;
}

static Result<void> set_symmetric_difference_update(Thread& thread, Set* self, Value other) {
  return toggle_all(thread, self, other);
}

static Result<Value> set_ior(Thread& thread, Set* self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  TRY(set_update_from(thread, self, value));
  return any(self);
}
static Result<Value> set_iand(Thread& thread, Set* self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  SetState before(self);
  Set* was = TRY(set_at_this_moment(thread, self));
  TRY(reduce_to(thread, self, was, TRY(intersection_of(thread, was, value)), before));
  return any(self);
}
static Result<Value> set_isub(Thread& thread, Set* self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  TRY(remove_all(thread, self, value));
  return any(self);
}
static Result<Value> set_ixor(Thread& thread, Set* self, Value value) {
  if (!is_any_set(value)) return kNotImplemented;
  TRY(toggle_all(thread, self, value));
  return any(self);
}

static Result<Value> set_reduce(Thread& thread, AnySet self) {
  List* keys = TRY(list_from_iterable(thread, any(self)));
  Value state = kNone;
  if (type_of(any(self))->has_flag(kTypeHeap)) {
    state = TRY(call_method(thread, any(self), names.dunder_getstate));
  }
  return TRY(tuple_of(thread, Value(type_of(any(self))), Value(TRY(tuple_of(thread, Value(keys)))), state));
}

static Result<Index> set_sizeof(Thread& thread, AnySet self) {
  SetTable* table = self->table();
  return static_cast<Index>(sizeof(Set) + 16 + (table ? sizeof(SetTable) + (table->mask_ + 1) * sizeof(SetEntry) : 0));
}

// ---------------------------------------------------------------------------------------------------------------- iterator

static Result<Value> iterator_self(Thread& thread, Value self) { return self; }

static Result<Value> set_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Set* set = source.as<Set>();
  if (set->length() != self->aux_) {
    self->aux_ = -1;
    return raise_runtime_error(thread, "Set changed size during iteration");
  }
  Value key;
  Index position = self->position_;
  bool more = set_next(set, &position, &key);
  self->position_ = position;
  if (more) return key;
  self->source_.clear();
  return kExhausted;
}

static Result<Index> set_iterator_length_hint(Thread& thread, Iterator* self) {
  if (self->source().is_absent() || self->source().as<Set>()->length() != self->aux_) return 0;
  Index left = 0, position = self->position_;
  Value key;
  while (set_next(self->source().as<Set>(), &position, &key)) ++left;
  return left;
}

static Result<Value> set_iterator_reduce(Thread& thread, Iterator* self) {
  List* rest = TRY(make_list(thread));
  if (self->source().is_present()) {
    Index position = self->position_;
    Value key;
    while (set_next(self->source().as<Set>(), &position, &key)) TRY(list_append(thread, rest, key));
  }
  Value iter = TRY(builtin_named(thread, "iter"));
  return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(rest))))));
}

static constinit NativeDef set_iterator_methods[] = {
    native<iterator_self>("__iter__($self, /)", "Implement iter(self)."),
    native<set_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<set_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<set_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef set_iterator_def = {.name = "set_iterator",
                                      .kind = kKindIterator,
                                      .payload_size = sizeof(Iterator),
                                      .flags = kTypeNoInstances,
                                      .methods = set_iterator_methods,
                                      .method_count = count_of(set_iterator_methods),
                                      .kind_info = kind_info_of<Iterator>("iterator")};

#define SHARED_SET_METHODS                                                                                                       \
  native<set_repr>("__repr__($self, /)", "Return repr(self)."),                                                                  \
      native<set_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),                                       \
      native<set_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),                                      \
      native<set_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),                                      \
      native<set_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),                                      \
      native<set_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),                                       \
      native<set_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),                                      \
      native<set_iter>("__iter__($self, /)", "Implement iter(self)."),                                                           \
      native<set_operator<difference_of, false>>("__sub__($self, value, /)", "Return self-value."),                              \
      native<set_operator<difference_of, true>>("__rsub__($self, value, /)", "Return value-self."),                              \
      native<set_operator<intersection_of, false>>("__and__($self, value, /)", "Return self&value."),                            \
      native<set_operator<intersection_of, true>>("__rand__($self, value, /)", "Return value&self."),                            \
      native<set_operator<symmetric_of, false>>("__xor__($self, value, /)", "Return self^value."),                               \
      native<set_operator<symmetric_of, true>>("__rxor__($self, value, /)", "Return value^self."),                               \
      native<set_operator<union_of, false>>("__or__($self, value, /)", "Return self|value."),                                    \
      native<set_operator<union_of, true>>("__ror__($self, value, /)", "Return value|self."),                                    \
      native<set_len>("__len__($self, /)", "Return len(self)."),                                                                 \
      native<set_contains>("__contains__($self, key, /)", "x.__contains__(y) <==> y in x."),                                     \
      native<set_copy>("copy($self, /)", "Return a shallow copy of a set."),                                                     \
      native<set_difference>("difference($self, /, *others)",                                                                    \
                             "Make a set of those elements of this set that no argument contains.\n\nThe arguments, any number " \
                             "of them, may be all kinds of iterables."),                                                         \
      native<set_intersection>("intersection($self, /, *others)",                                                                \
                               "Make a set of those elements that all of the arguments contain too.\n\nThe arguments, any "      \
                               "number of them, may be all kinds of iterables."),                                                \
      native<set_isdisjoint>("isdisjoint($self, other, /)", "Return True if two sets have a null intersection."),                \
      native<set_issubset>("issubset($self, other, /)", "Report whether another set contains this set."),                        \
      native<set_issuperset>("issuperset($self, other, /)", "Report whether this set contains another set."),                    \
      native<set_symmetric_difference>(                                                                                          \
          "symmetric_difference($self, other, /)",                                                                               \
          "Make a set of what either this set or the argument has, but not both.\n\nThe argument may be any iterable."),         \
      native<set_union>("union($self, /, *others)",                                                                              \
                        "Make a set of everything in this set and in the arguments.\n\nThe arguments, any number of them, may "  \
                        "be all kinds of iterables."),                                                                           \
      native<set_reduce>("__reduce__($self, /)", "Return state information for pickling."),                                      \
      native<set_sizeof>("__sizeof__($self, /)", "S.__sizeof__() -> size of S in memory, in bytes"),                             \
      native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585")

static constinit NativeDef set_methods[] = {
    native_raw(set_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(set_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    SHARED_SET_METHODS,
    native<set_isub>("__isub__($self, value, /)", "Return self-=value."),
    native<set_iand>("__iand__($self, value, /)", "Return self&=value."),
    native<set_ixor>("__ixor__($self, value, /)", "Return self^=value."),
    native<set_ior>("__ior__($self, value, /)", "Return self|=value."),
    native<set_add>("add($self, object, /)", "Put an object into the set, unless an equal one is in there."),
    native<set_clear>("clear($self, /)", "Remove all elements from this set."),
    native<set_discard>("discard($self, object, /)",
                        "Take an element out of the set; if it is not in there, nothing happens.\n\nremove() is the variant that "
                        "raises KeyError."),
    native<set_difference_update>("difference_update($self, /, *others)", "Remove all elements of another set from this set."),
    native<set_intersection_update>("intersection_update($self, /, *others)",
                                    "Update a set with the intersection of itself and another."),
    native<set_pop>(
        "pop($self, /)",
        "Take some element out of the set and return it.\n\nWhich one is up to the set. On an empty set it raises KeyError."),
    native<set_remove>("remove($self, object, /)",
                       "Take an element out of the set; if it is not in there, raise KeyError.\n\ndiscard() is the variant that "
                       "lets this pass."),
    native<set_symmetric_difference_update>("symmetric_difference_update($self, other, /)",
                                            "Keep what only this set has and add what only the argument has."),
    native<set_update>("update($self, /, *others)", "Update a set with the union of itself and others."),
};
constinit TypeDef set_def = {
    .name = "set",
    .doc =
        "set() -> set without elements\nset(iterable) -> set of the items\n\nA group of distinct hashable objects that can grow "
        "and shrink. They are in no\nparticular order, and duplicates in the iterable count once.",
    .kind = kKindSet,
    .payload_size = sizeof(Set),
    .flags = kTypeSubclassable | kTypeWeakrefable | kTypeMatchSelf,
    .methods = set_methods,
    .method_count = count_of(set_methods),
    .kind_info = kind_info_of<Set>("set"),
};

static constinit NativeDef frozenset_methods[] = {
    native_raw(frozenset_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    SHARED_SET_METHODS,
    native<frozenset_hash>("__hash__($self, /)", "Return hash(self)."),
};
constinit TypeDef frozenset_def = {
    .name = "frozenset",
    .doc =
        "frozenset() -> frozenset without elements\nfrozenset(iterable) -> frozenset of the items\n\nA group of distinct "
        "hashable objects that stays as it was made. Since it is\nhashable itself, it can be the key of a dict or an element of "
        "a set.",
    .kind = kKindFrozenSet,
    .payload_size = sizeof(Set),
    .flags = kTypeSubclassable | kTypeWeakrefable | kTypeMatchSelf,
    .methods = frozenset_methods,
    .method_count = count_of(frozenset_methods),
    .kind_info = kind_info_of<Set>("frozenset"),
};

}  // namespace baton
