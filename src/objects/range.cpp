// range and its iterators. range_iterator steps through machine numbers (an Iterator with the index in position_ and the number
// of items in aux_), longrange_iterator through ints of any size (index in extra_).
#include "objects/range.h"

#include "objects/iterators.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

extern TypeDef long_range_iterator_def;

static const Value kZero = Value::of_small_int(0), kOne = Value::of_small_int(1);

static Result<Value> range_length(Thread& thread, Value start, Value stop, Value step) {
  bool down = int_sign(step) < 0;
  Value low = down ? stop : start, high = down ? start : stop;
  if (int_compare(low, high) >= 0) return kZero;
  Value span = TRY(int_sub(thread, TRY(int_sub(thread, high, low)), kOne));
  Value stride = down ? TRY(int_neg(thread, step)) : step;
  return int_add(thread, TRY(int_floordiv(thread, span, stride)), kOne);
}

Result<Range*> make_range(Thread& thread, Value start, Value stop, Value step) {
  if (int_sign(step) == 0) return raise_value_error(thread, "range() arg 3 must not be zero");
  return make<Range>(thread, start, stop, step, TRY(range_length(thread, start, stop, step)));
}

static Result<Value> range_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, types.range));
  TRY(check_no_keywords(thread, "range", kwnames));
  TRY(check_positional(thread, "range", n - 1, 1, 3));
  Value start = kZero, stop, step = kOne;
  if (n == 2) {
    stop = TRY(to_index(thread, args[1]));
  } else {
    start = TRY(to_index(thread, args[1]));
    stop = TRY(to_index(thread, args[2]));
    if (n == 4) step = TRY(to_index(thread, args[3]));
  }
  return make_range(thread, start, stop, step);
}

static Result<Value> item_at(Thread& thread, Range* self, Value index) {
  return int_add(thread, self->start(), TRY(int_mul(thread, index, self->step())));
}

static Result<Index> range_len(Thread& thread, Range* self) {
  i64 n;
  if (int_to_i64(self->length(), &n)) return n;
  return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
}

static Result<bool> range_bool(Thread& thread, Range* self) { return int_sign(self->length()) != 0; }

Result<Tuple*> slice_indices_of(Thread& thread, Slice* slice, Value length);

static Result<Value> range_getitem(Thread& thread, Range* self, Value key) {
  if (is<Slice>(key)) {
    Tuple* bounds = TRY(slice_indices_of(thread, key.as<Slice>(), self->length()));
    Value start = TRY(item_at(thread, self, bounds->at(0))), stop = TRY(item_at(thread, self, bounds->at(1)));
    return make_range(thread, start, stop, TRY(int_mul(thread, self->step(), bounds->at(2))));
  }
  if (!has_index(key)) return raise_type_error(thread, "range indices must be integers or slices, not {!t}", key);
  Value i = TRY(to_index(thread, key));
  if (self->is_small() && i.is_small_int()) {
    i64 at = i.small_int() < 0 ? i.small_int() + self->small_length_ : i.small_int();
    if (at < 0 || at >= self->small_length_) return raise_index_error(thread, "range object index out of range");
    return Value::of_small_int(self->small_start_ + at * self->small_step_);
  }
  if (int_sign(i) < 0) i = TRY(int_add(thread, i, self->length()));
  if (int_sign(i) < 0 || int_compare(i, self->length()) >= 0) return raise_index_error(thread, "range object index out of range");
  return item_at(thread, self, i);
}

// Index of the exact int v, or absent.
static Result<Value> find_int(Thread& thread, Range* self, Value v) {
  bool down = int_sign(self->step()) < 0;
  if (down ? int_compare(v, self->start()) > 0 || int_compare(v, self->stop()) <= 0
           : int_compare(v, self->start()) < 0 || int_compare(v, self->stop()) >= 0) {
    return kNotFound;
  }
  Value offset = TRY(int_sub(thread, v, self->start()));
  if (TRY(int_mod(thread, offset, self->step())) != kZero) return kNotFound;
  return int_floordiv(thread, offset, self->step());
}

static bool counts_as_int(Value v) { return is_exact_int(v) || v.is_bool(); }

static Result<bool> range_contains(Thread& thread, Range* self, Value key) {
  if (counts_as_int(key)) return TRY(find_int(thread, self, int_exact(key))) != kNotFound;
  Value iterator = TRY(get_iter(thread, Value(self)));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return false;
    if (TRY(same_or_equal(thread, v, key))) return true;
  }
}

static Result<Value> range_count(Thread& thread, Range* self, Value value) {
  if (counts_as_int(value)) return TRY(find_int(thread, self, int_exact(value))) != kNotFound ? kOne : kZero;
  i64 found = 0;
  Value iterator = TRY(get_iter(thread, Value(self)));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return Value::of_small_int(found);
    found += TRY(same_or_equal(thread, v, value));
  }
}

static Result<Value> range_index(Thread& thread, Range* self, Value value) {
  if (counts_as_int(value)) {
    Value at = TRY(find_int(thread, self, int_exact(value)));
    if (at == kNotFound) return raise_value_error(thread, "{!r} is not in range", value);
    return at;
  }
  Value iterator = TRY(get_iter(thread, Value(self)));
  for (i64 i = 0;; ++i) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return raise_value_error(thread, "sequence.index(x): x not in sequence");
    if (TRY(same_or_equal(thread, v, value))) return Value::of_small_int(i);
  }
}

static Result<Str*> range_repr(Thread& thread, Range* self) {
  if (self->step() == kOne) return format_message(thread, "range({!r}, {!r})", self->start(), self->stop());
  return format_message(thread, "range({!r}, {!r}, {!r})", self->start(), self->stop(), self->step());
}

// What equality goes by: length, then start, then step, the latter two only where they matter.
static Result<Tuple*> essence(Thread& thread, Range* self) {
  if (self->length() == kZero) return tuple_of(thread, kZero, kNone, kNone);
  return tuple_of(thread, self->length(), self->start(), self->length() == kOne ? kNone : self->step());
}

static Result<i64> range_hash(Thread& thread, Range* self) {
  return static_cast<i64>(TRY(hash_of(thread, Value(TRY(essence(thread, self))))));
}

template <bool negate>
static Result<Value> range_eq(Thread& thread, Range* self, Value value) {
  if (!is<Range>(value)) return kNotImplemented;
  Tuple *a = TRY(essence(thread, self)), *b = TRY(essence(thread, value.as<Range>()));
  return Value::of_bool(TRY(equals(thread, Value(a), Value(b))) != negate);
}
static Result<Value> range_order(Thread& thread, Range* self, Value value) { return kNotImplemented; }

static Result<Value> iterate(Thread& thread, Range* range) {
  Type* type = TRY(type_from_def(thread, range->is_small() ? range_iterator_def : long_range_iterator_def));
  Iterator* it = TRY(make_of<Iterator>(thread, type, Value(range), Index{0}, kZero));
  it->aux_ = range->small_length_;
  it->set_form(range->is_small() ? IteratorForm::Range : IteratorForm::Native);
  return Value(it);
}

static Result<Value> range_iter(Thread& thread, Range* self) { return iterate(thread, self); }

static Result<Value> range_reversed(Thread& thread, Range* self) {
  Value last = TRY(item_at(thread, self, TRY(int_sub(thread, self->length(), kOne))));
  Value stop = TRY(int_sub(thread, self->start(), self->step()));
  return iterate(thread, TRY(make_range(thread, last, stop, TRY(int_neg(thread, self->step())))));
}

static Result<Value> range_reduce(Thread& thread, Range* self) {
  return TRY(tuple_of(thread, Value(types.range), Value(TRY(tuple_of(thread, self->start(), self->stop(), self->step())))));
}

static Result<Value> get_start(Thread&, Value self) { return self.as<Range>()->start(); }
static Result<Value> get_stop(Thread&, Value self) { return self.as<Range>()->stop(); }
static Result<Value> get_step(Thread&, Value self) { return self.as<Range>()->step(); }
static constinit GetSetDef range_getsets[] = {{"start", get_start, nullptr, nullptr, true},
                                              {"stop", get_stop, nullptr, nullptr, true},
                                              {"step", get_step, nullptr, nullptr, true}};

// ---------------------------------------------------------------------------------------------------------------- iterators

static Result<Value> return_self(Thread& thread, Value self) { return self; }

static Result<Value> range_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Index i = self->position_;
  if (i >= self->aux_) return kExhausted;
  self->position_ = i + 1;
  Range* range = self->source().as<Range>();
  return Value::of_small_int(range->small_start_ + i * range->small_step_);
}

static Result<Index> range_iterator_length_hint(Thread& thread, Iterator* self) { return self->aux_ - self->position_; }

static Result<Value> reduce_with_index(Thread& thread, Iterator* self, Value index) {
  Range* range = self->source().as<Range>();
  Value stop = TRY(int_add(thread, range->start(), TRY(int_mul(thread, range->length(), range->step()))));
  Range* plain = TRY(make_range(thread, range->start(), stop, range->step()));
  return TRY(tuple_of(thread, TRY(builtin_named(thread, "iter")), Value(TRY(tuple_of(thread, Value(plain)))), index));
}

static Result<Value> range_iterator_reduce(Thread& thread, Iterator* self) {
  return reduce_with_index(thread, self, Value::of_small_int(self->position_));
}

static Result<void> range_iterator_setstate(Thread& thread, Iterator* self, Index index) {
  self->position_ = index < 0 ? 0 : index > self->aux_ ? self->aux_.get() : index;
  return ok;
}

static Result<Value> long_range_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Range* range = self->source().as<Range>();
  Value index = self->extra_.get();
  if (int_compare(index, range->length()) >= 0) return kExhausted;
  Value next = TRY(int_add(thread, index, kOne));
  Value item = TRY(item_at(thread, range, index));
  self->extra_.set(self, next);
  return item;
}

static Result<Value> long_range_length_hint(Thread& thread, Iterator* self) {
  return int_sub(thread, self->source().as<Range>()->length(), self->extra_.get());
}

static Result<Value> long_range_reduce(Thread& thread, Iterator* self) {
  return reduce_with_index(thread, self, self->extra_.get());
}

static Result<void> long_range_setstate(Thread& thread, Iterator* self, Value state) {
  Value index = int_exact(state);
  if (index.is_absent()) return raise_type_error(thread, "state must be an int, not {!t}", state);
  Value length = self->source().as<Range>()->length();
  if (int_sign(index) < 0) index = kZero;
  if (int_compare(index, length) > 0) index = length;
  self->extra_.set(self, index);
  return ok;
}

static constinit NativeDef range_iterator_methods[] = {
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<range_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<range_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<range_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<range_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
constinit TypeDef range_iterator_def = {.name = "range_iterator",
                                        .kind = kKindIterator,
                                        .payload_size = sizeof(Iterator),
                                        .flags = kTypeNoInstances,
                                        .methods = range_iterator_methods,
                                        .method_count = count_of(range_iterator_methods),
                                        .kind_info = kind_info_of<Iterator>("iterator")};
static constinit NativeDef long_range_iterator_methods[] = {
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<long_range_next>("__next__($self, /)", "Implement next(self)."),
    native<long_range_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<long_range_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<long_range_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
constinit TypeDef long_range_iterator_def = {.name = "longrange_iterator",
                                             .kind = kKindIterator,
                                             .payload_size = sizeof(Iterator),
                                             .flags = kTypeNoInstances,
                                             .methods = long_range_iterator_methods,
                                             .method_count = count_of(long_range_iterator_methods),
                                             .kind_info = kind_info_of<Iterator>("iterator")};

static constinit NativeDef range_methods[] = {
    native_raw(range_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<range_repr>("__repr__($self, /)", "Return repr(self)."),
    native<range_hash>("__hash__($self, /)", "Return hash(self)."),
    native<range_order>("__lt__($self, value, /)", "Return self<value."),
    native<range_order>("__le__($self, value, /)", "Return self<=value."),
    native<range_eq<false>>("__eq__($self, value, /)", "Return self==value."),
    native<range_eq<true>>("__ne__($self, value, /)", "Return self!=value."),
    native<range_order>("__gt__($self, value, /)", "Return self>value."),
    native<range_order>("__ge__($self, value, /)", "Return self>=value."),
    native<range_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<range_bool>("__bool__($self, /)", "True if self else False"),
    native<range_len>("__len__($self, /)", "Return len(self)."),
    native<range_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<range_contains>("__contains__($self, key, /)", "Return key in self."),
    native<range_reversed>("__reversed__($self, /)", "Return a reverse iterator."),
    native<range_reduce>("__reduce__($self, /)"),
    native<range_count>("count($self, value, /)", "Tell how often a value, the only argument, occurs: mostly 0 or 1 times."),
    native<range_index>("index($self, value, /)",
                        "Return the position of a value, the only argument, in the range.\n\nValueError means that the range "
                        "does not contain it."),
};
constinit TypeDef range_def = {
    .name = "range",
    .doc =
        "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nA sequence of ints at equal distances, "
        "computed as needed. It begins with\nstart, 0 unless given, and goes on in steps of step, 1 unless given, as long\nas "
        "stop is not reached. So range(3) has the items 0, 1 and 2, which are all\nthe positions in a sequence of length 3. "
        "Steps may be negative: range(5, 0,\n-2) has 5, 3 and 1. A step of 0 is a ValueError.",
    .kind = kKindRange,
    .payload_size = sizeof(Range),
    .flags = kTypeSequence,
    .methods = range_methods,
    .method_count = count_of(range_methods),
    .getsets = range_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Range>("range"),
};

}  // namespace baton
