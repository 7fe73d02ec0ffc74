// itertools: product, permutations, combinations, combinations_with_replacement.
//
// a: pool (a tuple; product: a tuple of tuples), b: indices (a value array of small ints), c: cycles (permutations);
// i: r, the length of a result; flag: stopped; j: 1 once the first result has been given out. Steps are under the lock.
#include "modules/itertools.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"

namespace baton::itertools {

namespace {

Tuple* pool_of(Tool* self) { return self->a_.get().as<Tuple>(); }
ValueArray* indices_of(Tool* self) { return self->b_.get().as<ValueArray>(); }
Index index_at(ValueArray* array, Index i) { return array->at(i).small_int(); }
void set_index(ValueArray* array, Index i, Index v) { array->slots()[i].set_unremembered(Value::of_small_int(v)); }  // no cell

constexpr Index kFew = 16;  // a result of so many items is gathered on the stack

// The pool's items that the first r indices name.
Result<Value> pick(Thread& thread, Tool* self) {
  Tuple* pool = pool_of(self);
  ValueArray* indices = indices_of(self);
  Index r = self->i_;
  if (r <= kFew) {
    detail::Uninitialized<Value, kFew> items;
    for (Index i = 0; i < r; ++i) items.data()[i] = pool->at(index_at(indices, i));
    return TRY(make_tuple(thread, items.data(), r));
  }
  Tuple* made = TRY(make_tuple(thread, nullptr, r));
  for (Index i = 0; i < r; ++i) made->set_at(i, pool->at(index_at(indices, i)));
  return Value(made);
}

Result<Tuple*> index_tuple(Thread& thread, Value array, Index n) {
  Tuple* made = TRY(make_tuple(thread, nullptr, n));
  for (Index i = 0; i < n; ++i) made->set_at(i, array.as<ValueArray>()->at(i));
  return made;
}

Result<Value> stop(Tool* self) {
  self->flag_ = true;
  return kExhausted;
}

Result<Index> clamped_item(Thread& thread, Tuple* state, Index i, Index low, Index high) {
  Index v = TRY(to_index_checked(thread, state->at(i), exceptions.OverflowError));
  return v < low ? low : v > high ? high : v;
}

Result<Value> reduce_indices(Thread& thread, Tool* self) {
  Value r = TRY(int_from_i64(thread, self->i_));
  if (self->flag_) return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, Value(empty_tuple()), r)))));
  Tuple* arguments = TRY(tuple_of(thread, self->a_.get(), r));
  if (!self->j_) return TRY(tuple_of(thread, type_value(self), Value(arguments)));
  return TRY(tuple_of(thread, type_value(self), Value(arguments), Value(TRY(index_tuple(thread, self->b_.get(), self->i_)))));
}

Result<Index> sizeof_indices(Thread& thread, Tool* self) {
  return static_cast<Index>(sizeof(Tool)) + (self->b_.get().is_present() ? indices_of(self)->capacity() * 8 : 0);
}

// ---------------------------------------------------------------------------------------------------------------- combinations

Result<Value> combinations_new(Thread& thread, Type* type, Value iterable, Index r) {
  TRY(check_subtype(thread, type, combinations_def.type));
  Tuple* pool = TRY(tuple_from_iterable(thread, iterable));
  if (r < 0) return raise_value_error(thread, "r must be non-negative");
  ValueArray* indices = TRY(make_value_array(thread, r));
  for (Index i = 0; i < r; ++i) set_index(indices, i, i);
  Tool* made = TRY(make_of<Tool>(thread, type, Value(pool), Value(indices)));
  made->is_quiet_ = true;
  made->i_ = r;
  made->flag_ = r > pool->length();
  return Value(made);
}

Result<Value> combinations_next(Thread& thread, Tool* self) {
  CriticalSection guard(thread, self);
  if (self->flag_) return kExhausted;
  if (self->j_) {
    ValueArray* indices = indices_of(self);
    Index n = pool_of(self)->length(), r = self->i_, i = r - 1;
    while (i >= 0 && index_at(indices, i) == i + n - r) --i;
    if (i < 0) return stop(self);
    set_index(indices, i, index_at(indices, i) + 1);
    for (Index k = i + 1; k < r; ++k) set_index(indices, k, index_at(indices, k - 1) + 1);
  }
  self->j_ = 1;
  return pick(thread, self);
}

Result<void> combinations_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* given = cast<Tuple>(state);
  Index n = pool_of(self)->length(), r = self->i_;
  if (!given || given->length() != r) return raise_value_error(thread, "invalid arguments");
  for (Index i = 0; i < r; ++i) set_index(indices_of(self), i, TRY(clamped_item(thread, given, i, 0, i + n - r)));
  self->j_ = 1;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- with
// replacement

Result<Value> with_replacement_new(Thread& thread, Type* type, Value iterable, Index r) {
  TRY(check_subtype(thread, type, combinations_with_replacement_def.type));
  Tuple* pool = TRY(tuple_from_iterable(thread, iterable));
  if (r < 0) return raise_value_error(thread, "r must be non-negative");
  ValueArray* indices = TRY(make_value_array(thread, r));
  for (Index i = 0; i < r; ++i) set_index(indices, i, 0);
  Tool* made = TRY(make_of<Tool>(thread, type, Value(pool), Value(indices)));
  made->is_quiet_ = true;
  made->i_ = r;
  made->flag_ = pool->length() == 0 && r > 0;
  return Value(made);
}

Result<Value> with_replacement_next(Thread& thread, Tool* self) {
  CriticalSection guard(thread, self);
  if (self->flag_) return kExhausted;
  if (self->j_) {
    ValueArray* indices = indices_of(self);
    Index n = pool_of(self)->length(), r = self->i_, i = r - 1;
    while (i >= 0 && index_at(indices, i) == n - 1) --i;
    if (i < 0) return stop(self);
    Index next = index_at(indices, i) + 1;
    for (; i < r; ++i) set_index(indices, i, next);
  }
  self->j_ = 1;
  return pick(thread, self);
}

Result<void> with_replacement_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* given = cast<Tuple>(state);
  Index n = pool_of(self)->length(), r = self->i_;
  if (!given || given->length() != r) return raise_value_error(thread, "invalid arguments");
  for (Index i = 0; i < r; ++i) set_index(indices_of(self), i, TRY(clamped_item(thread, given, i, 0, n - 1)));
  self->j_ = 1;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- permutations

Result<Value> permutations_new(Thread& thread, Type* type, Value iterable, Value length) {
  TRY(check_subtype(thread, type, permutations_def.type));
  Tuple* pool = TRY(tuple_from_iterable(thread, iterable));
  Index n = pool->length(), r = n;
  if (!length.is_none()) {
    if (int_exact(length).is_absent()) return raise_type_error(thread, "Expected int as r");
    r = TRY(to_index_checked(thread, length, exceptions.OverflowError));
  }
  if (r < 0) return raise_value_error(thread, "r must be non-negative");
  ValueArray* indices = TRY(make_value_array(thread, n));
  for (Index i = 0; i < n; ++i) set_index(indices, i, i);
  ValueArray* cycles = TRY(make_value_array(thread, r));
  for (Index i = 0; i < r; ++i) set_index(cycles, i, n - i);
  Tool* made = TRY(make_of<Tool>(thread, type, Value(pool), Value(indices), Value(cycles)));
  made->is_quiet_ = true;
  made->i_ = r;
  made->flag_ = r > n;
  return Value(made);
}

Result<Value> permutations_next(Thread& thread, Tool* self) {
  CriticalSection guard(thread, self);
  if (self->flag_) return kExhausted;
  if (self->j_) {
    ValueArray *indices = indices_of(self), *cycles = self->c_.get().as<ValueArray>();
    Index n = pool_of(self)->length(), i = self->i_ - 1;
    if (n == 0) return stop(self);
    for (; i >= 0; --i) {
      Index left = index_at(cycles, i) - 1;
      if (left > 0) {
        set_index(cycles, i, left);
        Index a = index_at(indices, i), b = index_at(indices, n - left);
        set_index(indices, i, b);
        set_index(indices, n - left, a);
        break;
      }
      Index first = index_at(indices, i);  // this position has had all its values: back to sorted order
      for (Index k = i; k < n - 1; ++k) set_index(indices, k, index_at(indices, k + 1));
      set_index(indices, n - 1, first);
      set_index(cycles, i, n - i);
    }
    if (i < 0) return stop(self);
  }
  self->j_ = 1;
  return pick(thread, self);
}

Result<Value> permutations_reduce(Thread& thread, Tool* self) {
  Value r = TRY(int_from_i64(thread, self->i_));
  if (!self->j_) return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), r)))));
  if (self->flag_) return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, Value(empty_tuple()), r)))));
  Tuple* indices = TRY(index_tuple(thread, self->b_.get(), pool_of(self)->length()));
  Tuple* cycles = TRY(index_tuple(thread, self->c_.get(), self->i_));
  Tuple* state = TRY(tuple_of(thread, Value(indices), Value(cycles)));
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), r))), Value(state)));
}

Result<void> permutations_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* parts = TRY(state_tuple(thread, state));
  if (parts->length() != 2 || !is<Tuple>(parts->at(0)) || !is<Tuple>(parts->at(1)))
    return raise_type_error(thread, "state is not a tuple of two tuples");
  Tuple *indices = parts->at(0).as<Tuple>(), *cycles = parts->at(1).as<Tuple>();
  Index n = pool_of(self)->length();
  if (indices->length() != n || cycles->length() != self->i_) return raise_value_error(thread, "invalid arguments");
  for (Index i = 0; i < n; ++i) set_index(indices_of(self), i, TRY(clamped_item(thread, indices, i, 0, n - 1)));
  for (Index i = 0; i < self->i_; ++i)
    set_index(self->c_.get().as<ValueArray>(), i, TRY(clamped_item(thread, cycles, i, 1, n - i)));
  self->j_ = 1;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- product

Result<Value> product_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, product_def.type));
  Index repeat = 1, given = static_cast<Index>(n) - 1;
  if (kwnames && kwnames->length() > 0) {
    if (kwnames->length() > 1)
      return raise_type_error(thread, "product() takes at most 1 keyword argument ({} given)", kwnames->length());
    Value times = keyword_value(args, n, kwnames, "repeat");
    if (times.is_absent()) return raise_type_error(thread, "'{}' is an invalid keyword argument for product()", kwnames->at(0));
    repeat = TRY(to_index_checked(thread, times, exceptions.OverflowError));
    if (repeat < 0) return raise_value_error(thread, "repeat argument cannot be negative");
  }
  Index total;
  if (__builtin_mul_overflow(given, repeat, &total) || total > (Index{1} << 40))
    return raise_overflow_error(thread, "repeat argument too large");
  Tuple* pools = TRY(make_tuple(thread, nullptr, total));
  if (total) {
    for (Index i = 0; i < given; ++i) pools->set_at(i, Value(TRY(tuple_from_iterable(thread, args[i + 1]))));
    for (Index i = given; i < total; ++i) pools->set_at(i, pools->at(i - given));
  }
  ValueArray* indices = TRY(make_value_array(thread, total));
  for (Index i = 0; i < total; ++i) set_index(indices, i, 0);
  Tool* made = TRY(make_of<Tool>(thread, type, Value(pools), Value(indices)));
  made->is_quiet_ = true;
  made->i_ = total;
  return Value(made);
}

Result<Value> pick_from_pools(Thread& thread, Tool* self) {
  Tuple* pools = pool_of(self);
  Index r = self->i_;
  if (r <= kFew) {
    detail::Uninitialized<Value, kFew> items;
    for (Index i = 0; i < r; ++i) {
      Tuple* pool = pools->at(i).as<Tuple>();
      if (pool->length() == 0) return stop(self);
      items.data()[i] = pool->at(index_at(indices_of(self), i));
    }
    return TRY(make_tuple(thread, items.data(), r));
  }
  Tuple* made = TRY(make_tuple(thread, nullptr, r));
  for (Index i = 0; i < r; ++i) {
    Tuple* pool = pools->at(i).as<Tuple>();
    if (pool->length() == 0) return stop(self);
    made->set_at(i, pool->at(index_at(indices_of(self), i)));
  }
  return Value(made);
}

Result<Value> product_next(Thread& thread, Tool* self) {
  CriticalSection guard(thread, self);
  if (self->flag_) return kExhausted;
  if (self->j_) {
    ValueArray* indices = indices_of(self);
    Index i = self->i_ - 1;
    for (; i >= 0; --i) {
      Index next = index_at(indices, i) + 1;
      if (next < pool_of(self)->at(i).as<Tuple>()->length()) {
        set_index(indices, i, next);
        break;
      }
      set_index(indices, i, 0);
    }
    if (i < 0) return stop(self);
  }
  self->j_ = 1;
  return pick_from_pools(thread, self);
}

Result<Value> product_reduce(Thread& thread, Tool* self) {
  if (self->flag_) return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, Value(empty_tuple()))))));
  if (!self->j_) return TRY(tuple_of(thread, type_value(self), self->a_.get()));
  return TRY(tuple_of(thread, type_value(self), self->a_.get(), Value(TRY(index_tuple(thread, self->b_.get(), self->i_)))));
}

Result<void> product_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* given = cast<Tuple>(state);
  if (!given || given->length() != self->i_) return raise_value_error(thread, "invalid arguments");
  for (Index i = 0; i < self->i_; ++i) {
    Index size = pool_of(self)->at(i).as<Tuple>()->length();
    if (size == 0) {
      self->flag_ = true;
      return ok;
    }
    set_index(indices_of(self), i, TRY(clamped_item(thread, given, i, 0, size - 1)));
  }
  self->j_ = 1;
  return ok;
}

}  // namespace

#define SIZEOF_ROW native<sizeof_indices>("__sizeof__($self, /)", "Returns size in memory, in bytes.")

static constinit NativeDef combinations_methods[] = {
    native<combinations_new>("__new__(type, iterable, r)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(combinations_next),
    TOOL_REDUCE(reduce_indices),
    TOOL_SETSTATE(combinations_setstate),
    SIZEOF_ROW,
};
TOOL_TYPE(
    combinations, "combinations",
    "combinations(iterable, r)\n--\n\nIterate over all ways to choose r items, as tuples.\n\nEvery item is used once at most, "
    "and tuples keep the order of the iterable:\ncombinations('wxyz', 3) gives wxy, wxz, wyz and xyz, split into letters.")
static constinit NativeDef combinations_with_replacement_methods[] = {
    native<with_replacement_new>("__new__(type, iterable, r)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(with_replacement_next),
    TOOL_REDUCE(reduce_indices),
    TOOL_SETSTATE(with_replacement_setstate),
    SIZEOF_ROW,
};
TOOL_TYPE(combinations_with_replacement, "combinations_with_replacement",
          "combinations_with_replacement(iterable, r)\n--\n\nIterate over all ways to choose r items, repetition allowed, as "
          "tuples.\n\nTuples keep the order of the iterable: with 'xyz' and r = 2, they are xx, xy,\nxz, yy, yz and zz, split "
          "into letters.")
static constinit NativeDef permutations_methods[] = {
    native<permutations_new>("__new__(type, iterable, r=None)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(permutations_next),
    TOOL_REDUCE(permutations_reduce),
    TOOL_SETSTATE(permutations_setstate),
    SIZEOF_ROW,
};
TOOL_TYPE(permutations, "permutations",
          "permutations(iterable, r=None)\n--\n\nIterate over all ordered selections of r items from iterable.\n\nEvery "
          "selection is a tuple. r defaults to the number of items, which gives\nthe full permutations. Items count as different "
          "by position, not by value,\nand the order of the input determines the order of the output.\n\npermutations('abc', 2) "
          "--> ab, ac, ba, bc, ca, cb (as tuples)")
static constinit NativeDef product_methods[] = {
    native_raw(product_new, "__new__(type, /, *iterables, repeat=1)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(product_next),
    TOOL_REDUCE(product_reduce),
    TOOL_SETSTATE(product_setstate),
    SIZEOF_ROW,
};
TOOL_TYPE(
    product, "product",
    "product(*iterables, repeat=1) --> product object\n\nIterate over every way to pick one item from each of the "
    "iterables.\n\nEach choice is a tuple. The order is that of for loops nested in argument\norder: the last place changes at "
    "each step, the first one slowest.\nrepeat=n uses the whole list of arguments n times over, so\nproduct(digits, repeat=3) is "
    "product(digits, digits, digits).\n\nproduct('xy', [1, 2]) --> ('x', 1) ('x', 2) ('y', 1) ('y', 2)")

}  // namespace baton::itertools
