// itertools: the iterators that pass items through, and the module. Combinatorics are in itertools_combinatorics.cpp, groupby and
// tee in itertools_groups.cpp.
#include "modules/itertools.h"

#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/whole_list.h"

namespace baton::itertools {

static const Value kOne = Value::of_small_int(1);

// ---------------------------------------------------------------------------------------------------------------- count

// a: the next value, b: the step
extern TypeDef count_def;

static bool is_number(Value v) {
  Type* type = type_of(v);
  return type->slot(Slot::index).is_present() || type->slot(Slot::int_).is_present() || type->slot(Slot::float_).is_present() ||
         is<Complex>(v);
}

static bool has_plain_add(Value v) { return is_exact_int(v) || is_exact_float(v); }

static Result<Value> count_new(Thread& thread, Type* type, Value start, Value step) {
  TRY(check_subtype(thread, type, count_def.type));
  if (!is_number(start) || !is_number(step)) return raise_type_error(thread, "a number is required");
  if (is_int(start) && is_int(step)) {  // counted in machine words: what a subclass of int is isn't kept
    Value first = int_exact(start), by = int_exact(step);
    i64 unused;
    if (by == kOne && int_to_i64(first, &unused)) {
      start = first;
      step = by;
    }
  }
  Tool* made = TRY(make_of<Tool>(thread, type, start, step));
  made->is_quiet_ = has_plain_add(start) && has_plain_add(step);
  return Value(made);
}

// Programs share counters between threads to number things, so no number is given twice without a GIL either: the next value is
// stored only where nobody else has stored one since, as long as adding has no effects of its own.
static Result<Value> count_next(Thread& thread, Tool* self) {
  Value step = self->b_.get();
  for (;;) {
    Value now = self->a_.get(), next;
    if (both_small_ints(now, step)) [[likely]] {
      i64 sum = now.small_int() + step.small_int();
      next = Value::fits_small_int(sum) ? Value::of_small_int(sum) : TRY(int_from_i64(thread, sum));
    } else {
      next = TRY(binary_op(thread, BinaryOp::Add, now, step));
    }
    CriticalSection guard(thread, self);
    if (self->a_.get() != now && has_plain_add(now) && has_plain_add(step)) continue;
    self->a_.set(self, next);
    return now;
  }
}

// As long as the numbers fit a word and are counted one by one, only the next one is told.
static bool counts_in_words(Tool* self) {
  Value next = self->a_.get();
  i64 word;
  return self->b_.get() == kOne && is_exact_int(next) && int_to_i64(next, &word) && word != INT64_MAX;
}

static Result<Str*> count_repr(Thread& thread, Tool* self) {
  Value step = int_exact(self->b_.get());
  if (step.is_present() && step == kOne) return format_message(thread, "{}({!r})", type_name(Value(self)), self->a_.get());
  return format_message(thread, "{}({!r}, {!r})", type_name(Value(self)), self->a_.get(), self->b_.get());
}

static Result<Value> count_reduce(Thread& thread, Tool* self) {
  Tuple* arguments =
      counts_in_words(self) ? TRY(tuple_of(thread, self->a_.get())) : TRY(tuple_of(thread, self->a_.get(), self->b_.get()));
  return TRY(tuple_of(thread, type_value(self), Value(arguments)));
}

static constinit NativeDef count_methods[] = {
    native<count_new>("__new__(type, start=0, step=1)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(count_next),
    native<count_repr>("__repr__($self, /)", "Return repr(self)."),
    TOOL_REDUCE(count_reduce),
};
TOOL_TYPE(count, "count",
          "count(start=0, step=1)\n--\n\nCount without end, from start upwards by step.\n\nstart defaults to 0 and step to 1. "
          "Both may be any numbers, fractions and\nnegative values included: count(10, 5) yields 10, 15, 20 and so on.")

// ---------------------------------------------------------------------------------------------------------------- cycle

// a: iterator, absent once exhausted; b: saved items, a list; i: where we are in them; flag: the items are saved already
extern TypeDef cycle_def;

static Result<Value> cycle_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, cycle_def.type));
  if (rejects_keywords(type, cycle_def)) TRY(check_no_keywords(thread, "cycle", kwnames));
  TRY(check_positional(thread, "cycle", n - 1, 1, 1));
  Value iterator = TRY(get_shared_iter(thread, args[1]));
  List* saved = TRY(make_list(thread));
  Tool* made = TRY(make_of<Tool>(thread, type, iterator, Value(saved)));
  made->is_quiet_ = is_quiet_iterator(iterator);
  return Value(made);
}

static BATON_NOINLINE Result<Value> cycle_next_generally(Thread& thread, Tool* self) {
  ToolGuard guard(thread, self);
  List* saved = self->b_.get().as<List>();
  Value iterator = self->a_.get();
  if (iterator.is_present()) {
    Value v = TRY(iter_next_inline(thread, iterator));
    if (v != kExhausted) {
      if (!self->flag_) TRY(list_append(thread, saved, v));
      return v;
    }
    self->a_.clear();
  }
  Value v = saved->try_at(self->i_);
  if (v.is_absent()) return kExhausted;
  self->i_ = self->i_ + 1 >= saved->length() ? 0 : self->i_ + 1;
  return v;
}

static Result<Value> cycle_next(Thread& thread, Tool* self) {
  if (self->a_.get().is_present() || objects_are_locked()) return cycle_next_generally(thread, self);
  List* saved = self->b_.get().as<List>();
  Index i = self->i_;
  Value v = saved->try_at(i);
  if (v.is_absent()) return kExhausted;
  self->i_ = i + 1 >= saved->length() ? 0 : i + 1;
  return v;
}

static Result<Value> cycle_reduce(Thread& thread, Tool* self) {
  Value iterator = self->a_.get();
  bool saved_already = self->flag_;
  if (iterator.is_absent()) {
    iterator = TRY(get_shared_iter(thread, self->b_.get()));
    if (self->i_) TRY(call_method(thread, iterator, names.dunder_setstate, Value::of_small_int(self->i_)));
    saved_already = true;
  }
  Tuple* state = TRY(tuple_of(thread, self->b_.get(), Value::of_bool(saved_already)));
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, iterator))), Value(state)));
}

static Result<void> cycle_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* parts = TRY(state_tuple(thread, state));
  if (parts->length() != 2) return raise_type_error(thread, "function takes exactly 2 arguments ({} given)", parts->length());
  if (!is<List>(parts->at(0))) return raise_type_error(thread, "argument 1 must be list, not {!t}", parts->at(0));
  Index saved_already = TRY(to_index_checked(thread, parts->at(1), exceptions.OverflowError));
  self->b_.set(self, parts->at(0));
  self->flag_ = saved_already != 0;
  self->i_ = 0;
  return ok;
}

static constinit NativeDef cycle_methods[] = {
    native_raw(cycle_new, "__new__(type, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(cycle_next),
    TOOL_REDUCE(cycle_reduce),
    TOOL_SETSTATE(cycle_setstate),
};
TOOL_TYPE(cycle, "cycle",
          "cycle(iterable, /)\n--\n\nGo through the items of an iterable over and over, without end.\n\nA copy of each item is "
          "remembered, since the iterable itself is used once.")

// ---------------------------------------------------------------------------------------------------------------- repeat

// a: the object; i: times left, -1: for ever
extern TypeDef repeat_def;

static Result<Value> repeat_new(Thread& thread, Type* type, Value object, Optional<Index> times) {
  TRY(check_subtype(thread, type, repeat_def.type));
  Tool* made = TRY(make_of<Tool>(thread, type, object));
  made->i_ = times.has_value() ? (times.value < 0 ? 0 : times.value) : -1;
  made->is_quiet_ = true;
  return Value(made);
}

static Result<Value> repeat_next(Thread& thread, Tool* self) {
  CriticalSection guard(thread, self);
  if (self->i_ == 0) return kExhausted;
  if (self->i_ > 0) --self->i_;
  return self->a_.get();
}

// What is left, if it has an end.
static Result<bool> repeat_fill_list(Thread& thread, List* into, Value iterator) {
  auto* self = iterator.as<Tool>();
  Index left;
  {
    CriticalSection guard(thread, self);
    left = self->i_;
    if (left > 0) self->i_ = 0;
  }
  if (left < 0) return false;
  TRY(list_append_times(thread, into, self->a_.get(), left));
  return true;
}

static Result<Str*> repeat_repr(Thread& thread, Tool* self) {
  if (self->i_ < 0) return format_message(thread, "{}({!r})", type_name(Value(self)), self->a_.get());
  return format_message(thread, "{}({!r}, {})", type_name(Value(self)), self->a_.get(), self->i_);
}

static Result<Index> repeat_length_hint(Thread& thread, Tool* self) {
  if (self->i_ < 0) return raise_type_error(thread, "len() of unsized object");
  return self->i_.get();
}

static Result<Value> repeat_reduce(Thread& thread, Tool* self) {
  Tuple* arguments = self->i_ < 0 ? TRY(tuple_of(thread, self->a_.get()))
                                  : TRY(tuple_of(thread, self->a_.get(), TRY(int_from_i64(thread, self->i_))));
  return TRY(tuple_of(thread, type_value(self), Value(arguments)));
}

static constinit NativeDef repeat_methods[] = {
    native<repeat_new>("__new__(type, object, times=<unrepresentable>)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(repeat_next),
    native<repeat_repr>("__repr__($self, /)", "Return repr(self)."),
    native<repeat_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    TOOL_REDUCE(repeat_reduce),
};
TOOL_TYPE(repeat, "repeat",
          "repeat(object [,times]) -> repeat object\n\nYield the same object again and again: times times, or without end "
          "when\ntimes is left out.")

// ---------------------------------------------------------------------------------------------------------------- accumulate

// a: iterator; b: function or None; c: total, absent at first; d: initial value still to be given out, or absent
extern TypeDef accumulate_def;

static Result<Value> accumulate_new(Thread& thread, Type* type, Value iterable, Value function, Value initial) {
  TRY(check_subtype(thread, type, accumulate_def.type));
  Value iterator = TRY(get_shared_iter(thread, iterable));
  Tool* made = TRY(make_of<Tool>(thread, type, iterator, function, Value(), initial.is_none() ? Value() : initial));
  made->is_quiet_ = is_quiet_iterator(iterator);
  return Value(made);
}

// True: *v is the next value. False: it is an item that has yet to be added to *total, which may run Python code.
static Result<bool> accumulate_quietly(Thread& thread, Tool* self, Value* v, Value* total) {
  ToolGuard guard(thread, self);
  *v = self->d_.get();
  if (v->is_present()) {
    self->d_.clear();
    self->c_.set(self, *v);
    return true;
  }
  *v = TRY(iter_next_inline(thread, self->a_.get()));
  if (*v == kExhausted) return true;
  *total = self->c_.get();
  if (total->is_present()) {
    if (!self->b_.get().is_none() || !has_plain_add(*total) || !has_plain_add(*v)) return false;
    *v = TRY(binary_op(thread, BinaryOp::Add, *total, *v));
  }
  self->c_.set(self, *v);
  return true;
}

static Result<Value> accumulate_next(Thread& thread, Tool* self) {
  Value v, total, function = self->b_.get();
  if (TRY(accumulate_quietly(thread, self, &v, &total))) return v;
  v = function.is_none() ? TRY(binary_op(thread, BinaryOp::Add, total, v)) : TRY(call(thread, function, total, v));
  self->c_.set(self, v);
  return v;
}

static Result<Value> accumulate_reduce(Thread& thread, Tool* self) {
  Value chain_type(TRY(type_from_def(thread, chain_def))), function = self->b_.get(), total = self->c_.get();
  if (Value initial = self->d_.get(); initial.is_present()) {
    Value chained = TRY(call(thread, chain_type, Value(TRY(tuple_of(thread, initial))), self->a_.get()));
    return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, chained, function))), kNone));
  }
  if (total.is_none()) {  // as a state, None would mean "no total yet"
    Value chained = TRY(call(thread, chain_type, Value(TRY(tuple_of(thread, total))), self->a_.get()));
    Value fresh = TRY(call(thread, type_value(self), chained, function));
    return TRY(tuple_of(thread, Value(TRY(type_from_def(thread, islice_def))), Value(TRY(tuple_of(thread, fresh, kOne, kNone)))));
  }
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), function))),
                      total.is_present() ? total : kNone));
}

static Result<void> accumulate_setstate(Thread& thread, Tool* self, Value state) {
  self->c_.set(self, state);
  return ok;
}

static constinit NativeDef accumulate_methods[] = {
    native<accumulate_new>("__new__(type, iterable, func=None, *, initial=None)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(accumulate_next),
    TOOL_REDUCE(accumulate_reduce),
    TOOL_SETSTATE(accumulate_setstate),
};
TOOL_TYPE(accumulate, "accumulate",
          "accumulate(iterable, func=None, *, initial=None)\n--\n\nIterate over running totals: the first item, the first two "
          "added up, etc.\n\nfunc, a function of two arguments, is used in place of addition. initial,\nunless None, is the "
          "value to begin with, and so becomes the first result.")

// ---------------------------------------------------------------------------------------------------------------- chain

// a: iterator over iterables, absent once exhausted; b: iterator over the current one, or absent
//
// Going on to the next iterable is one step, under the lock, where it runs no Python code: else two threads that do so at once
// would leave out one of theirs.
static Result<Value> chain_of(Thread& thread, Type* type, Value iterables) {
  Value source = TRY(get_shared_iter(thread, iterables));
  return make_of<Tool>(thread, type, source);
}

static Result<Value> chain_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, chain_def.type));
  if (rejects_keywords(type, chain_def)) TRY(check_no_keywords(thread, "chain", kwnames));
  return chain_of(thread, type, Value(TRY(make_tuple(thread, args + 1, static_cast<Index>(n - 1)))));
}

static Result<Value> chain_from_iterable(Thread& thread, Type* type, Value iterable) { return chain_of(thread, type, iterable); }

// Whether iter(v) runs no Python code.
static bool iterates_quietly(Value v) {
  Type* type = type_of(v);
  if (type->has_flag(kTypeHeap)) return false;
  return is<List>(v) || is<Tuple>(v) || is<Dict>(v) || is<Set>(v) || is<Str>(v) || is<Bytes>(v) || is<Range>(v) ||
         is_quiet_iterator(v);
}

// Makes the next iterable's iterator the current one. True: *next is that, or kExhausted. False: it is an iterable that is the
// caller's to make an iterator of.
static Result<bool> chain_advance(Thread& thread, Tool* self, Value source, Value* next) {
  CriticalSection guard(thread, self);
  *next = self->b_.get();
  if (next->is_present()) return true;
  *next = TRY(iter_next_inline(thread, source));
  if (*next == kExhausted) return true;
  if (!iterates_quietly(*next)) return false;
  *next = TRY(get_shared_iter(thread, *next));
  self->b_.set(self, *next);
  return true;
}

// The iterator of the next iterable, or kExhausted.
static Result<Value> chain_next_iterator(Thread& thread, Tool* self) {
  Value source = self->a_.get(), next;
  if (source.is_absent()) return kExhausted;
  if (is_quiet_iterator(source)) {
    if (TRY(chain_advance(thread, self, source, &next))) return next;
  } else {
    next = TRY(iter_next_inline(thread, source));
    if (next == kExhausted) return next;
  }
  Value iterator = TRY(get_shared_iter(thread, next));
  self->b_.set(self, iterator);
  return iterator;
}

// The current iterator is exhausted: unless another thread has gone on already.
static void chain_leave(Thread& thread, Tool* self, Value exhausted) {
  CriticalSection guard(thread, self);
  if (self->b_.get() == exhausted) self->b_.clear();
}

static BATON_NOINLINE Result<Value> chain_next_generally(Thread& thread, Tool* self) {
  for (;;) {
    if (self->a_.get().is_absent()) return kExhausted;
    Value active = self->b_.get();
    if (active.is_absent()) {
      Result<Value> next = chain_next_iterator(thread, self);
      if (next.is_failed() || next.value() == kExhausted) {
        self->a_.clear();
        return next;
      }
      active = next.value();
    }
    Value v = TRY(iter_next_inline(thread, active));
    if (v != kExhausted) return v;
    chain_leave(thread, self, active);
  }
}

static Result<Value> chain_next(Thread& thread, Tool* self) {
  Value v = self->a_.get().is_present() ? sequence_step(self->b_.get()) : Value();
  return v.is_present() ? Result<Value>(v) : chain_next_generally(thread, self);
}

// Lists and tuples are appended in whole.
static Result<bool> chain_fill_list(Thread& thread, List* into, Value iterator) {
  auto* self = iterator.as<Tool>();
  TRY(check_native_depth(thread));  // chains of chains
  for (;;) {
    if (self->a_.get().is_absent()) return true;
    Value active = self->b_.get();
    if (active.is_absent()) {
      Result<Value> next = iter_next_inline(thread, self->a_.get());
      if (next.is_failed() || next.value() == kExhausted) {
        self->a_.clear();
        if (next.is_failed()) return failed;
        return true;
      }
      Value iterable = next.value();
      if (is_exact<Tuple>(iterable) || (is_exact<List>(iterable) && iterable != Value(into))) {
        TRY(list_extend_from(thread, into, iterable));
        continue;
      }
      Result<Value> made = get_shared_iter(thread, iterable);
      if (made.is_failed()) {
        self->a_.clear();
        return failed;
      }
      active = made.value();
      self->b_.set(self, active);
    }
    TRY(list_extend_from(thread, into, active));
    chain_leave(thread, self, active);
  }
}

static Result<Value> chain_reduce(Thread& thread, Tool* self) {
  Value source = self->a_.get(), active = self->b_.get();
  if (source.is_absent()) return TRY(tuple_of(thread, type_value(self), Value(empty_tuple())));
  Tuple* state = active.is_present() ? TRY(tuple_of(thread, source, active)) : TRY(tuple_of(thread, source));
  return TRY(tuple_of(thread, type_value(self), Value(empty_tuple()), Value(state)));
}

static Result<void> chain_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* parts = TRY(state_tuple(thread, state));
  Index n = parts->length();
  if (n < 1) return raise_type_error(thread, "function takes at least 1 argument ({} given)", n);
  if (n > 2) return raise_type_error(thread, "function takes at most 2 arguments ({} given)", n);
  for (Index i = 0; i < n; ++i) {
    if (!is_iterator(parts->at(i))) return raise_type_error(thread, "Arguments must be iterators.");
  }
  CriticalSection guard(thread, self);
  self->a_.set(self, parts->at(0));
  if (n == 2)
    self->b_.set(self, parts->at(1));
  else
    self->b_.clear();
  return ok;
}

static constinit NativeDef chain_methods[] = {
    native_raw(chain_new, "__new__(type, /, *iterables)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(chain_next),
    native<chain_from_iterable>("from_iterable($type, iterable, /)",
                                "Chain the iterables that are the items of the argument.\n\nEach of them is fetched only when "
                                "the one before it is used up, so there may\nbe endlessly many."),
    TOOL_REDUCE(chain_reduce),
    TOOL_SETSTATE(chain_setstate),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
TOOL_TYPE(chain, "chain",
          "chain(*iterables) --> chain object\n\nGo through several iterables in turn, as though they were a single long one.")

// ---------------------------------------------------------------------------------------------------------------- compress

// a: data, b: selectors
extern TypeDef compress_def;

static Result<Value> compress_new(Thread& thread, Type* type, Value data, Value selectors) {
  TRY(check_subtype(thread, type, compress_def.type));
  Value a = TRY(get_shared_iter(thread, data)), b = TRY(get_shared_iter(thread, selectors));
  Tool* made = TRY(make_of<Tool>(thread, type, a, b));
  made->is_quiet_ = is_quiet_iterator(a) && is_quiet_iterator(b);
  return Value(made);
}

// The next item, or kExhausted, with its selector.
static Result<Value> compress_step(Thread& thread, Tool* self, Value* selector) {
  ToolGuard guard(thread, self);
  Value item = TRY(iter_next_inline(thread, self->a_.get()));
  if (item == kExhausted) return item;
  *selector = TRY(iter_next_inline(thread, self->b_.get()));
  return *selector == kExhausted ? kExhausted : item;
}

static Result<Value> compress_next(Thread& thread, Tool* self) {
  for (;;) {
    Value selector, item = TRY(compress_step(thread, self, &selector));
    if (item == kExhausted || TRY(truth(thread, selector))) return item;
  }
}

static Result<bool> compress_fill_list(Thread& thread, List* into, Value iterator) {
  auto* self = iterator.as<Tool>();
  Steps data(self->a_.get()), selectors(self->b_.get());
  for (;;) {
    Value item = TRY(data.next(thread));
    if (item == kExhausted) return true;
    Value selector = TRY(selectors.next(thread));
    if (selector == kExhausted) return true;
    bool is_kept = selector.is_bool()        ? selector.is_true()
                   : selector.is_small_int() ? selector.small_int() != 0
                                             : TRY(truth(thread, selector));
    if (is_kept) TRY(list_append_inline(thread, into, item));
  }
}

static Result<Value> reduce_ab(Thread& thread, Tool* self) {
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), self->b_.get())))));
}

static constinit NativeDef compress_methods[] = {
    native<compress_new>("__new__(type, data, selectors)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(compress_next),
    TOOL_REDUCE(reduce_ab),
};
TOOL_TYPE(compress, "compress",
          "compress(data, selectors)\n--\n\nKeep the items of data whose partner in selectors is true.\n\ndata and selectors are "
          "read side by side; the result is an iterator that\nstops at the end of the shorter one.")

// ---------------------------------------------------------------------------------------------------------------- function,
// iterable

// dropwhile, takewhile, filterfalse, starmap: a: function, b: iterator; flag: the first two have seen the turn
extern TypeDef dropwhile_def, takewhile_def, filterfalse_def, starmap_def;

template <TypeDef& def>
static Result<Value> function_iterable_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, def.type));
  const char* name = def.name + sizeof("itertools.") - 1;
  if (rejects_keywords(type, def)) TRY(check_no_keywords(thread, name, kwnames));
  TRY(check_positional(thread, name, n - 1, 2, 2));
  Value iterator = TRY(get_shared_iter(thread, args[2]));
  return make_of<Tool>(thread, type, args[1], iterator);
}

static Result<Value> dropwhile_next(Thread& thread, Tool* self) {
  for (;;) {
    Value v = TRY(iter_next_inline(thread, self->b_.get()));
    if (v == kExhausted || self->flag_) return v;
    if (!TRY(truth(thread, TRY(call(thread, self->a_.get(), v))))) {
      self->flag_ = true;
      return v;
    }
  }
}

static Result<Value> takewhile_next(Thread& thread, Tool* self) {
  if (self->flag_) return kExhausted;
  Value v = TRY(iter_next_inline(thread, self->b_.get()));
  if (v == kExhausted || TRY(truth(thread, TRY(call(thread, self->a_.get(), v))))) return v;
  self->flag_ = true;
  return kExhausted;
}

static Result<Value> filterfalse_next(Thread& thread, Tool* self) {
  Value function = self->a_.get();
  bool plain = function.is_none() || function == Value(types.bool_);
  for (;;) {
    Value v = TRY(iter_next_inline(thread, self->b_.get()));
    if (v == kExhausted || !TRY(truth(thread, plain ? v : TRY(call(thread, function, v))))) return v;
  }
}

static Result<Value> starmap_next(Thread& thread, Tool* self) {
  Value v = TRY(iter_next_inline(thread, self->b_.get()));
  if (v == kExhausted) return v;
  Tuple* args = is<Tuple>(v) ? v.as<Tuple>() : TRY(tuple_from_iterable(thread, v));
  return call_values(thread, self->a_.get(), args->items(), static_cast<usize>(args->length()));
}

static Result<Value> reduce_ab_flag(Thread& thread, Tool* self) {
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), self->b_.get()))),
                      Value::of_small_int(self->flag_)));
}
static Result<void> set_flag(Thread& thread, Tool* self, bool state) {
  self->flag_ = state;
  return ok;
}

static constinit NativeDef dropwhile_methods[] = {
    native_raw(function_iterable_new<dropwhile_def>, "__new__(type, predicate, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(dropwhile_next),
    TOOL_REDUCE(reduce_ab_flag),
    TOOL_SETSTATE(set_flag),
};
TOOL_TYPE(dropwhile, "dropwhile",
          "dropwhile(predicate, iterable, /)\n--\n\nLeave out items at the start for as long as the predicate holds.\n\nThe "
          "first item for which predicate(item) is false ends this: it and everything\nafter it come out untested.")
static constinit NativeDef takewhile_methods[] = {
    native_raw(function_iterable_new<takewhile_def>, "__new__(type, predicate, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(takewhile_next),
    TOOL_REDUCE(reduce_ab_flag),
    TOOL_SETSTATE(set_flag),
};
TOOL_TYPE(takewhile, "takewhile",
          "takewhile(predicate, iterable, /)\n--\n\nStop at the first item for which the predicate does not hold.\n\nItems "
          "before it come out; predicate(item) is true for all of them.")
static constinit NativeDef filterfalse_methods[] = {
    native_raw(function_iterable_new<filterfalse_def>, "__new__(type, function, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(filterfalse_next),
    TOOL_REDUCE(reduce_ab),
};
TOOL_TYPE(filterfalse, "filterfalse",
          "filterfalse(function, iterable, /)\n--\n\nIterate over the items of iterable that fail the test function.\n\nAn item "
          "passes through when function(item) is false. With None in place\nof the function, the truth of the item itself "
          "decides, so only false items\ncome out.")
static constinit NativeDef starmap_methods[] = {
    native_raw(function_iterable_new<starmap_def>, "__new__(type, function, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(starmap_next),
    TOOL_REDUCE(reduce_ab),
};
TOOL_TYPE(starmap, "starmap",
          "starmap(function, iterable, /)\n--\n\nCall a function with each item of an iterable as its argument list.\n\nThe "
          "items are tuples or other iterables; the results of function(*item) come\nout one by one.")

// ---------------------------------------------------------------------------------------------------------------- islice

// a: iterator, absent once done; i: number of the next item to give out; j: stop or -1; k: step; l: items taken so far
static Result<Index> islice_bound(Thread& thread, Value v, Index none, const char* complaint) {
  if (v.is_none()) return none;
  Result<Index> i = has_index(v) ? to_index_checked(thread, v, exceptions.OverflowError) : Result<Index>(-1);
  if (i.is_failed()) {
    thread.clear_pending();  // any failure is reported in islice's own words
    i = -1;
  }
  if (i.value() == -1) return raise_value_error(thread, complaint);
  return i;
}

static Result<Value> islice_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, islice_def.type));
  if (rejects_keywords(type, islice_def)) TRY(check_no_keywords(thread, "islice", kwnames));
  TRY(check_positional(thread, "islice", n - 1, 2, 4));
  constexpr const char* kStop = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kIndices = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kStep = "Step for islice() must be a positive integer or None.";
  Index start = 0, stop = -1, step = 1;
  if (n == 3) {
    if (!args[2].is_none()) stop = TRY(islice_bound(thread, args[2], -1, kStop));
  } else {
    if (!args[2].is_none()) {
      Result<Index> from = islice_bound(thread, args[2], 0, kIndices);
      if (from.is_failed()) thread.clear_pending();  // a stop that doesn't fit is reported first
      start = from.is_failed() ? -1 : from.value();
    }
    if (!args[3].is_none()) stop = TRY(islice_bound(thread, args[3], -1, kStop));
  }
  if (start < 0 || stop < -1) return raise_value_error(thread, kIndices);
  if (n == 5 && !args[4].is_none()) {
    step = TRY(islice_bound(thread, args[4], 1, kStep));
    if (step < 1) return raise_value_error(thread, kStep);
  }
  Tool* made = TRY(make_of<Tool>(thread, type, TRY(get_shared_iter(thread, args[1]))));
  made->is_quiet_ = is_quiet_iterator(made->a_.get());
  made->i_ = start;
  made->j_ = stop;
  made->k_ = step;
  return Value(made);
}

static BATON_NOINLINE Result<Value> islice_next_generally(Thread& thread, Tool* self) {
  ToolGuard guard(thread, self);
  Value iterator = self->a_.get();
  if (iterator.is_absent()) return kExhausted;
  Value v = kExhausted;
  while (self->l_ < self->i_) {
    v = TRY(iter_next_inline(thread, iterator));
    if (v == kExhausted) break;
    ++self->l_;
  }
  if (self->l_ < self->i_ || (self->j_ != -1 && self->l_ >= self->j_) ||
      (v = TRY(iter_next_inline(thread, iterator))) == kExhausted) {
    self->a_.clear();
    return kExhausted;
  }
  ++self->l_;
  Index next;
  if (__builtin_add_overflow(self->i_.get(), self->k_.get(), &next) || (self->j_ != -1 && next > self->j_))
    next = self->j_ == -1 ? kMaxIndex : self->j_.get();
  self->i_ = next;
  return v;
}

static Result<Value> islice_next(Thread& thread, Tool* self) {
  Index at = self->l_;
  if (self->k_ == 1 && at == self->i_ && (self->j_ == -1 || at < self->j_) && !objects_are_locked()) {
    if (Value v = sequence_step(self->a_.get()); v.is_present()) {
      self->l_ = self->i_ = at + 1;
      return v;
    }
  }
  return islice_next_generally(thread, self);
}

// Steps what it slices without going through itself. Python code that this runs may step it, too.
static Result<bool> islice_fill_list(Thread& thread, List* into, Value slice) {
  auto* self = slice.as<Tool>();
  Value iterator = self->a_.get();
  if (objects_are_locked() || iterator.is_absent()) return iterator.is_absent();
  for (Steps steps(iterator); self->a_.get() == iterator;) {
    if (self->k_ != 1 || self->l_ != self->i_) {  // items to be left out
      Value v = TRY(islice_next_generally(thread, self));
      if (v == kExhausted) break;
      TRY(list_append_inline(thread, into, v));
      continue;
    }
    Index at = self->l_;
    Value v = self->j_ == -1 || at < self->j_ ? TRY(steps.next(thread)) : kExhausted;
    if (v == kExhausted) {
      self->a_.clear();
      break;
    }
    self->l_ = self->l_ + 1;
    if (self->j_ == -1 || self->i_ < self->j_) self->i_ = self->i_ + 1;
    TRY(list_append_inline(thread, into, v));
  }
  return true;
}

static Result<Value> islice_reduce(Thread& thread, Tool* self) {
  Value iterator = self->a_.get();
  if (iterator.is_absent()) {  // an exhausted one
    Value empty = TRY(get_shared_iter(thread, Value(TRY(make_list(thread)))));
    return TRY(
        tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, empty, Value::of_small_int(0)))), Value::of_small_int(0)));
  }
  Value stop = self->j_ == -1 ? kNone : TRY(int_from_i64(thread, self->j_));
  Tuple* arguments =
      TRY(tuple_of(thread, iterator, TRY(int_from_i64(thread, self->i_)), stop, TRY(int_from_i64(thread, self->k_))));
  return TRY(tuple_of(thread, type_value(self), Value(arguments), TRY(int_from_i64(thread, self->l_))));
}

static Result<void> islice_setstate(Thread& thread, Tool* self, Index state) {
  self->l_ = state;
  return ok;
}

static constinit NativeDef islice_methods[] = {
    native_raw(islice_new, "__new__(type, /, *args)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(islice_next),
    TOOL_REDUCE(islice_reduce),
    TOOL_SETSTATE(islice_setstate),
};
TOOL_TYPE(
    islice, "islice",
    "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nIterate over the items "
    "that a slice of a list would have. Positions\ncount from 0, where start is by default; step, by default 1, is how far "
    "apart\nthe items taken are. With None for stop it goes on to the end. Unlike in real\nslices, nothing may be negative.")

// ---------------------------------------------------------------------------------------------------------------- pairwise

// a: iterator, absent once exhausted; b: the previous item
extern TypeDef pairwise_def;

static Result<Value> pairwise_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, pairwise_def.type));
  if (rejects_keywords(type, pairwise_def)) TRY(check_no_keywords(thread, "pairwise", kwnames));
  TRY(check_positional(thread, "pairwise", n - 1, 1, 1));
  Value iterator = TRY(get_shared_iter(thread, args[1]));
  Tool* made = TRY(make_of<Tool>(thread, type, iterator));
  made->is_quiet_ = is_quiet_iterator(iterator);
  return Value(made);
}

static Result<Value> pairwise_next(Thread& thread, Tool* self) {
  ToolGuard guard(thread, self);
  Value iterator = self->a_.get(), old = self->b_.get();
  if (iterator.is_absent()) return kExhausted;
  if (old.is_absent()) {
    Result<Value> first = iter_next_inline(thread, iterator);
    if (first.is_failed() || first.value() == kExhausted) {
      self->a_.clear();
      return first;
    }
    old = first.value();
    self->b_.set(self, old);
    iterator = self->a_.get();
    if (iterator.is_absent()) {  // exhausted by a call from inside
      self->b_.clear();
      return kExhausted;
    }
  }
  Result<Value> next = iter_next_inline(thread, iterator);
  if (next.is_failed() || next.value() == kExhausted) {
    self->a_.clear();
    self->b_.clear();
    return next;
  }
  self->b_.set(self, next.value());
  return TRY(tuple_of(thread, old, next.value()));
}

static constinit NativeDef pairwise_methods[] = {
    native_raw(pairwise_new, "__new__(type, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(pairwise_next),
};
TOOL_TYPE(pairwise, "pairwise",
          "pairwise(iterable, /)\n--\n\nIterate over each item of the input together with its successor.\n\npairwise('wxyz') "
          "yields ('w', 'x'), ('x', 'y') and ('y', 'z'). An input\nof fewer than two items yields nothing.")

// ---------------------------------------------------------------------------------------------------------------- zip_longest

// a: array of iterators, absent where exhausted; b: fill value; i: how many are not exhausted
extern TypeDef zip_longest_def;

static Result<Value> zip_longest_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, zip_longest_def.type));
  Value fill = kNone;
  if (kwnames && kwnames->length() > 0) {
    fill = keyword_value(args, n, kwnames, "fillvalue");
    if (fill.is_absent() || kwnames->length() > 1)
      return raise_type_error(thread, "zip_longest() got an unexpected keyword argument");
  }
  ValueArray* iterators = TRY(make_value_array(thread, static_cast<Index>(n - 1)));
  bool is_quiet = true;
  for (usize i = 1; i < n; ++i) {
    Value iterator = TRY(get_shared_iter(thread, args[i]));
    is_quiet = is_quiet && is_quiet_iterator(iterator);
    iterators->set_at(static_cast<Index>(i) - 1, iterator);
  }
  Tool* made = TRY(make_of<Tool>(thread, type, Value(iterators), fill));
  made->i_ = iterators->capacity();
  made->is_quiet_ = is_quiet;
  return Value(made);
}

static Result<Value> zip_longest_next(Thread& thread, Tool* self) {
  ToolGuard guard(thread, self);
  ValueArray* iterators = self->a_.get().as<ValueArray>();
  Index n = iterators->capacity();
  if (n == 0 || self->i_ == 0) return kExhausted;
  Tuple* made = TRY(make_tuple(thread, nullptr, n));
  for (Index i = 0; i < n; ++i) {
    Value iterator = iterators->at(i), v = kExhausted;
    if (iterator.is_present()) {
      Result<Value> next = iter_next_inline(thread, iterator);
      if (next.is_failed()) {
        self->i_ = 0;
        return failed;
      }
      v = next.value();
      if (v == kExhausted) {
        iterators->slots()[i].clear();
        if (--self->i_ <= 0) {
          self->i_ = 0;
          return kExhausted;
        }
      }
    }
    made->set_at(i, v == kExhausted ? self->b_.get() : v);
  }
  return Value(made);
}

static Result<Value> zip_longest_reduce(Thread& thread, Tool* self) {
  ValueArray* iterators = self->a_.get().as<ValueArray>();
  Tuple* arguments = TRY(make_tuple(thread, nullptr, iterators->capacity()));
  for (Index i = 0; i < iterators->capacity(); ++i)
    arguments->set_at(i, iterators->at(i).is_present() ? iterators->at(i) : Value(empty_tuple()));
  return TRY(tuple_of(thread, type_value(self), Value(arguments), self->b_.get()));
}

static Result<void> zip_longest_setstate(Thread& thread, Tool* self, Value state) {
  self->b_.set(self, state);
  return ok;
}

static constinit NativeDef zip_longest_methods[] = {
    native_raw(zip_longest_new, "__new__(type, /, *iterables, fillvalue=None)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(zip_longest_next),
    TOOL_REDUCE(zip_longest_reduce),
    TOOL_SETSTATE(zip_longest_setstate),
};
TOOL_TYPE(zip_longest, "zip_longest",
          "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\nLike zip(), but go on to the end of the "
          "longest argument.\n\nEach step yields a tuple with one item per argument, in argument order.\nOnce an argument has "
          "run out, its place in the tuple is taken by fillvalue\n(keyword only, None unless given).")

Result<Value> tee_function(Thread& thread, Value iterable, Index n);
ListFiller group_list_filler();  // of itertools._grouper

static bool is_quiet_tool_cell(Value iterator) {
  return is<Tool>(iterator) && !type_of(iterator)->has_flag(kTypeHeap) && iterator.as<Tool>()->is_quiet_;
}

static Result<void> exec(Thread& thread, Module*) {
  is_quiet_tool = is_quiet_tool_cell;
  if (!list_filler_of(chain_def.type)) {
    register_list_filler(chain_def.type, chain_fill_list);
    register_list_filler(repeat_def.type, repeat_fill_list);
    register_list_filler(islice_def.type, islice_fill_list);
    register_list_filler(compress_def.type, compress_fill_list);
    register_list_filler(TRY(type_from_def(thread, grouper_def)), group_list_filler());
  }
  return ok;
}

static constinit NativeDef functions[] = {
    native<tee_function>("tee($module, iterable, n=2, /)", "Returns a tuple of n independent iterators."),
};
static TypeDef* const exported[] = {&accumulate_def,  &combinations_def, &combinations_with_replacement_def,
                                    &cycle_def,       &dropwhile_def,    &takewhile_def,
                                    &islice_def,      &starmap_def,      &chain_def,
                                    &compress_def,    &filterfalse_def,  &count_def,
                                    &zip_longest_def, &pairwise_def,     &permutations_def,
                                    &product_def,     &repeat_def,       &groupby_def,
                                    &grouper_def,     &tee_def,          &tee_data_def};

}  // namespace baton::itertools

namespace baton {

constinit ModuleDef itertools_module = {
    .name = "itertools",
    .doc =
        "Building blocks for iterators: fast, lazy and easy to combine.\n\nWithout end:\ncount(start=0, step=1)     numbers at "
        "equal distances\ncycle(p)                   the items of p, round and round\nrepeat(elem [,n])          elem for ever, "
        "or just n times\n\nUntil an input runs out:\naccumulate(p[, func])      running totals, or running results of "
        "func\nstarmap(fun, seq)          fun(*args) for each tuple args in seq\nchain(p, q, ...)           all of p, next all "
        "of q, and so on\nchain.from_iterable(ps)    the same, with the inputs in one iterable\ncompress(data, selectors)  items "
        "of data whose selector is true\ndropwhile(predicate, seq)  skips items as long as predicate holds\ntakewhile(predicate, "
        "seq)  stops at the first item that fails predicate\nfilterfalse(predicate, seq)\n                           items for "
        "which predicate is false\ngroupby(iterable[, keyfunc])\n                           runs of items that share a "
        "key\nislice(seq, [start,] stop [, step])\n                           what the slice would select, lazily\npairwise(s)   "
        "             each item with the one after it\ntee(it, n=2)               n independent iterators out of "
        "one\nzip_longest(p, q, ...)     zip() that pads the shorter inputs\n\nCombinations:\nproduct(p, q, ... [repeat=1])\n    "
        "                       one item from each input, in all ways\npermutations(p[, r])       ordered selections of r "
        "items\ncombinations(p, r)         selections of r items in input order\ncombinations_with_replacement(p, r)\n           "
        "                the same, where an item may come up again",
    .functions = itertools::functions,
    .function_count = count_of(itertools::functions),
    .types = itertools::exported,
    .type_count = sizeof(itertools::exported) / sizeof(*itertools::exported),
    .exec = itertools::exec,
};

}  // namespace baton
