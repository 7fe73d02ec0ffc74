// tuple: immutable, items inline; and value arrays, the storage of list and others.
//
// The empty tuple is one object. make_tuple(nullptr, n) hands out a tuple of Nones that its maker fills before Python sees it.
#include "objects/tuple.h"

#include "base/siphash.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/type_internal.h"
#include "threads/gil.h"

namespace baton {

Result<ValueArray*> make_value_array(Thread& thread, Index n) {
  if (static_cast<u64>(n) > static_cast<u64>(kMaxIndex) / 16) return raise_memory_error(thread);
  auto* array = static_cast<ValueArray*>(allocate_cell(thread, ValueArray::size_for(n), kKindValueArray, 0));
  if (!array) return raise_memory_error(thread);
  array->capacity_ = n;
  __builtin_memset(static_cast<void*>(array->slots()), 0, static_cast<usize>(n) * sizeof(Value));
  return array;
}

Tuple* empty_tuple() {
  static Tuple* made = nullptr;
  Tuple* known = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
  if (known) [[likely]]
    return known;
  Result<Tuple*> fresh = make<Tuple>(current_thread(), static_cast<const Value*>(nullptr), Index{0});
  BATON_CHECK(!fresh.is_failed(), "out of memory for the empty tuple");
  static Root<Tuple>& root = *new Root<Tuple>(fresh.value());  // other threads have it while exit() destroys what is static
  __atomic_store_n(&made, root.get(), __ATOMIC_RELEASE);
  return root.get();
}

Result<Tuple*> make_tuple(Thread& thread, const Value* items, Index n) {
  if (n == 0) return empty_tuple();
  if (static_cast<u64>(n) > static_cast<u64>(kMaxIndex) / 16) return raise_memory_error(thread);
  return make<Tuple>(thread, items, n);
}

Result<Tuple*> tuple_slice(Thread& thread, Tuple* self, Index start, Index stop) {
  if (stop <= start) return empty_tuple();
  if (start == 0 && stop == self->length() && is_exact<Tuple>(Value(self))) return self;
  return make_tuple(thread, self->items() + start, stop - start);
}

Result<Tuple*> list_to_tuple(Thread& thread, List* self) {
  CriticalSection guard(thread, self);  // whole, also beside a thread that assigns to a slice
  Index n = self->length_;
  if (n == 0) return empty_tuple();
  return make_tuple(thread, reinterpret_cast<const Value*>(self->storage()->slots()), n);
}

Result<Tuple*> tuple_from_iterable(Thread& thread, Value iterable) {
  if (is_exact<Tuple>(iterable)) return iterable.as<Tuple>();
  if (is_exact<List>(iterable)) return list_to_tuple(thread, iterable.as<List>());
  List* list = TRY(list_from_iterable(thread, iterable));
  return list_to_tuple(thread, list);
}

// ---------------------------------------------------------------------------------------------------------------- construction

static Result<Value> tuple_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.tuple));
  if (type == types.tuple || type->slot(Slot::init) == types.tuple->slot(Slot::init))
    TRY(check_no_keywords(thread, "tuple", kwnames));
  TRY(check_positional(thread, "tuple", n - 1, 0, 1));
  Tuple* items = n > 1 ? TRY(tuple_from_iterable(thread, args[1])) : empty_tuple();
  if (type == types.tuple) return Value(items);
  return TRY(make_of<Tuple>(thread, type, items->items(), items->length()));
}

static Result<Value> tuple_getnewargs(Thread& thread, Tuple* self) {
  Tuple* plain = TRY(make_tuple(thread, self->items(), self->length()));
  return TRY(tuple_of(thread, Value(plain)));
}

// ---------------------------------------------------------------------------------------------------------------- reading

static Result<Index> tuple_len(Thread& thread, Tuple* self) { return self->length(); }

Result<Tuple*> tuple_get_range(Thread& thread, Tuple* self, const SliceRange& range) {
  if (range.step == 1) return tuple_slice(thread, self, range.start, range.start + range.length);
  Tuple* made = TRY(make_tuple(thread, nullptr, range.length));
  for (Index i = 0, from = range.start; i < range.length; ++i, from += range.step) made->set_at(i, self->at(from));
  return made;
}

static Result<Value> tuple_getitem(Thread& thread, Tuple* self, Value key) {
  if (is<Slice>(key)) return TRY(tuple_get_range(thread, self, TRY(slice_resolve(thread, key.as<Slice>(), self->length()))));
  if (!has_index(key)) return raise_type_error(thread, "tuple indices must be integers or slices, not {!t}", key);
  Index i = TRY(to_index_checked(thread, key));
  if (i < 0) i += self->length();
  if (static_cast<u64>(i) >= static_cast<u64>(self->length())) return raise_index_error(thread, "tuple index out of range");
  return self->at(i);
}

static Result<bool> tuple_contains(Thread& thread, Tuple* self, Value key) {
  for (Index i = 0, n = self->length(); i < n; ++i) {
    if (TRY(same_or_equal(thread, self->at(i), key))) return true;
  }
  return false;
}

static Result<Index> tuple_count(Thread& thread, Tuple* self, Value value) {
  Index found = 0;
  for (Index i = 0, n = self->length(); i < n; ++i) found += TRY(same_or_equal(thread, self->at(i), value));
  return found;
}

static Result<Index> tuple_index(Thread& thread, Tuple* self, Value value, Optional<Value> start, Optional<Value> stop) {
  Index from = start.has_value() ? TRY(slice_bound(thread, start.value)) : 0;
  Index to = stop.has_value() ? TRY(slice_bound(thread, stop.value)) : kMaxIndex;
  clip_bounds(self->length(), &from, &to);
  for (Index i = from; i < to; ++i) {
    if (TRY(same_or_equal(thread, self->at(i), value))) return i;
  }
  return raise_value_error(thread, "tuple.index(x): x not in tuple");
}

static Result<Value> tuple_iter(Thread& thread, Tuple* self) {
  Iterator* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, tuple_iterator_def)), Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::Tuple);
  return Value(it);
}

static Result<Str*> tuple_repr(Thread& thread, Tuple* self) {
  if (self->length() == 0) return str_from_ascii(thread, "()");
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "(...)");
  StrBuilder text;
  text.append('(');
  for (Index i = 0, n = self->length(); i < n; ++i) {
    if (i) text.append_ascii(", ");
    Result<Str*> item = repr(thread, self->at(i));
    if (item.is_failed()) {
      repr_leave(thread, Value(self));
      return failed;
    }
    text.append(item.value());
  }
  text.append_ascii(self->length() == 1 ? ",)" : ")");
  repr_leave(thread, Value(self));
  return text.build(thread);
}

namespace {
// Hashes of tuples that have tuples in them, and otherwise only what has the same hash for ever: each found by the tuple's
// address, till the next collection. With a GIL only.
struct KnownHashes {
  static constexpr u64 kPlaces = 1024;
  struct {
    u64 tuple;
    i64 hash;
  } places[kPlaces];
  bool are_stale;
};
constinit KnownHashes known_hashes{};
}  // namespace

// Others than the thread with the GIL only say so: without one no hash is kept.
void forget_tuple_hashes() { __atomic_store_n(&known_hashes.are_stale, true, __ATOMIC_RELAXED); }

static auto& place_of_hash(Tuple* tuple) {
  if (known_hashes.are_stale) [[unlikely]]
    known_hashes = {};
  return known_hashes.places[(reinterpret_cast<u64>(tuple) >> 4) % KnownHashes::kPlaces];
}

static bool is_hashed_as_tuple(Value v) {
  if (is_exact<Tuple>(v)) return true;
  return is<Tuple>(v) && type_of(v)->slot(Slot::hash) == types.tuple->slot(Slot::hash);
}

// *may_change: set where there is an item that may have another hash the next time.
static Result<i64> hash_items(Thread& thread, Tuple* self, bool* may_change) {
  TRY(check_native_depth(thread, ""));
  constexpr Index kLongest = 64;  // large cells may be freed without a collection
  TupleHasher hasher;
  bool is_nested = false, items_change = false;
  Index n = self->length();
  for (Index i = 0; i < n; ++i) {
    Value v = self->at(i);
    if (v.is_small_int()) {
      hasher.add(hash_i64(v.small_int()));
    } else if (is_exact<Str>(v)) {
      hasher.add(static_cast<i64>(str_hash(v.as<Str>())));
    } else if (is_hashed_as_tuple(v)) {
      if (!is_nested && n <= kLongest && gil_enabled()) {
        auto& place = place_of_hash(self);
        if (place.tuple == reinterpret_cast<u64>(self)) return place.hash;
        is_nested = true;
      }
      hasher.add(TRY(hash_items(thread, v.as<Tuple>(), &items_change)));
    } else {
      if (v.is_cell()) items_change = true;
      hasher.add(static_cast<i64>(TRY(hash_of(thread, v))));
    }
  }
  i64 hash = hasher.finish(static_cast<usize>(n));
  if (items_change)
    *may_change = true;
  else if (is_nested)
    place_of_hash(self) = {reinterpret_cast<u64>(self), hash};
  return hash;
}

Result<i64> tuple_hash(Thread& thread, Tuple* self) {
  bool may_change = false;
  return hash_items(thread, self, &may_change);
}

Result<Value> tuple_order(Thread& thread, CompareOp op, Tuple* self, Tuple* other) {
  Index n = self->length(), m = other->length(), i = 0;
  if (n && m && both_small_ints(self->at(0), other->at(0)) && self->at(0) != other->at(0))
    return Value::of_bool(compare_indexes(op, self->at(0).small_int(), other->at(0).small_int()));
  if (n && m && self->at(0).is_immediate_float() && other->at(0).is_immediate_float() &&
      self->at(0).immediate_float() < other->at(0).immediate_float())
    return Value::of_bool(compare_indexes(op, 0, 1));
  TRY(check_native_depth(thread, " in comparison"));
  while (i < n && i < m && TRY(same_or_equal(thread, self->at(i), other->at(i)))) ++i;
  if (i >= n || i >= m) return Value::of_bool(compare_indexes(op, n, m));
  if (op == CompareOp::Eq) return kFalse;
  if (op == CompareOp::Ne) return kTrue;
  return rich_compare(thread, op, self->at(i), other->at(i));
}

template <CompareOp op>
static Result<Value> tuple_compare(Thread& thread, Tuple* self, Value value) {
  Tuple* other = cast<Tuple>(value);
  return other ? tuple_order(thread, op, self, other) : kNotImplemented;
}

// ---------------------------------------------------------------------------------------------------------------- operators

static Result<Value> tuple_add(Thread& thread, Tuple* self, Value value) {
  Tuple* other = cast<Tuple>(value);
  if (!other) return raise_type_error(thread, "can only concatenate tuple (not \"{!t}\") to tuple", value);
  if (self->length() == 0 && is_exact<Tuple>(value)) return value;
  if (other->length() == 0 && is_exact<Tuple>(Value(self))) return Value(self);
  Index n = self->length(), m = other->length();
  Tuple* made = TRY(make_tuple(thread, nullptr, n + m));
  for (Index i = 0; i < n; ++i) made->set_at(i, self->at(i));
  for (Index i = 0; i < m; ++i) made->set_at(n + i, other->at(i));
  return Value(made);
}

static Result<Value> tuple_mul(Thread& thread, Tuple* self, Value value) {
  Index times = TRY(to_index_checked(thread, value, exceptions.OverflowError)), n = self->length();
  if (n == 0 || times == 1) {
    if (is_exact<Tuple>(Value(self))) return Value(self);
  }
  if (n == 0 || times <= 0) return Value(empty_tuple());
  Index total;
  if (__builtin_mul_overflow(n, times, &total)) return raise_memory_error(thread);
  Tuple* made = TRY(make_tuple(thread, nullptr, total));
  for (Index at = 0; at < total; at += n) {
    for (Index i = 0; i < n; ++i) made->set_at(at + i, self->at(i));
  }
  return Value(made);
}

static constinit NativeDef tuple_methods[] = {
    native_raw(tuple_new, "__new__(type, iterable=(), /)", "Make an instance; the class's own help describes the arguments."),
    native<tuple_repr>("__repr__($self, /)", "Return repr(self)."),
    native<tuple_hash>("__hash__($self, /)", "Return hash(self)."),
    native<tuple_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<tuple_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<tuple_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<tuple_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<tuple_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<tuple_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<tuple_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<tuple_len>("__len__($self, /)", "Return len(self)."),
    native<tuple_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<tuple_add>("__add__($self, value, /)", "Return self+value."),
    native<tuple_mul>("__mul__($self, value, /)", "Return self*value."),
    native<tuple_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<tuple_contains>("__contains__($self, key, /)", "Return key in self."),
    native<tuple_getnewargs>("__getnewargs__($self, /)"),
    native<tuple_index>("index($self, value, start=0, stop=sys.maxsize, /)",
                        "Find the lowest position at which an item equals value.\n\nThe search covers positions from start up "
                        "to, but without, stop. ValueError\nmeans that there is none."),
    native<tuple_count>("count($self, value, /)", "Return number of occurrences of value."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef tuple_def = {
    .name = "tuple",
    .doc =
        "tuple(iterable=(), /)\n--\n\nAn immutable sequence of any objects.\n\ntuple() is empty; tuple(iterable) has the items "
        "of iterable in their order.\nSince a tuple cannot change, one passed in is not copied but comes back\nitself.",
    .kind = kKindTuple,
    .payload_size = sizeof(Tuple),
    .flags = kTypeSubclassable | kTypeSequence | kTypeIsTuple | kTypeMatchSelf,
    .methods = tuple_methods,
    .method_count = count_of(tuple_methods),
    .kind_info = kind_info_of<Tuple>("tuple"),
};

}  // namespace baton
