// enumerate, zip, map and filter: iterators over other iterators, all on the Iterator cell.
//
//              source_            extra_                 position_   aux_
// enumerate    iterator           count once it is big   count       is quiet
// zip          tuple of iterators                        strict      is quiet
// map          function           tuple of iterators                 is quiet
// filter       function           iterator
//
// Quiet ones step other iterators without running Python code, so they do it under their own lock, if they are shared: what
// belongs together comes out together. They needn't lock iterators of their own. Others step iterators that lock themselves.
#include "objects/call_one.h"
#include "objects/iterators_inline.h"
#include "objects/list_inline.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "objects/whole_list.h"

namespace baton {

static Result<Value> return_self(Thread& thread, Value self) { return self; }

static constexpr Index kMaxInlineIterators = 16;

// Whether all of them are quiet; otherwise they are marked as shared.
static bool are_quiet(const Value* iterators, Index n) {
  bool quiet = true;
  for (Index i = 0; i < n; ++i) quiet = quiet && is_quiet_iterator(iterators[i]);
  for (Index i = 0; i < n && !quiet; ++i) publish_iterator(iterators[i]);
  return quiet;
}

// Python code is about to see the iterators that this one steps.
static void publish_iterators(Thread& thread, Iterator* self, const Value* iterators, Index n) {
  IteratorGuard guard(thread, self);
  for (Index i = 0; i < n; ++i) publish_iterator(iterators[i]);
}

// ---------------------------------------------------------------------------------------------------------------- enumerate

static Result<Value> enumerate_new(Thread& thread, Type* type, Optional<Value> source, Optional<Value> start) {
  TRY(check_subtype(thread, type, enumerate_def.type));
  if (!source.has_value()) {
    bool is_subclass = type != enumerate_def.type;
    return raise_type_error(thread, "enumerate() missing required argument 'iterable'{}", is_subclass ? " (pos 1)" : "");
  }
  Value iterable = source.value;
  Value count = start.has_value() ? TRY(to_index(thread, start.value)) : Value::of_small_int(0);
  Value iterator = TRY(get_iter(thread, iterable));
  Iterator* it = TRY(make_of<Iterator>(thread, type, iterator, count.is_small_int() ? Index{count.small_int()} : Index{0},
                                       count.is_small_int() ? Value() : count));
  it->set_form(IteratorForm::Enumerate);
  it->aux_ = are_quiet(&iterator, 1);
  return Value(it);
}

static Result<Value> enumerate_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self, self->aux_ != 0);
  Value item = TRY(iter_next_inline(thread, self->source()));
  if (item == kExhausted) return item;
  Value big = self->extra_.get(), count;
  if (big.is_present()) {
    count = big;
    self->extra_.set(self, TRY(int_add(thread, big, Value::of_small_int(1))));
  } else {
    count = Value::of_small_int(self->position_);
    if (self->position_ == Value::kMaxSmallInt)
      self->extra_.set(self, TRY(int_add(thread, count, Value::of_small_int(1))));
    else
      ++self->position_;
  }
  return TRY(tuple_of(thread, count, item));
}

static Result<Value> enumerate_reduce(Thread& thread, Iterator* self) {
  Value iterator = self->source();
  publish_iterators(thread, self, &iterator, 1);
  Value big = self->extra_.get();
  Value count = big.is_present() ? big : Value::of_small_int(self->position_);
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, iterator, count)))));
}

static constinit NativeDef enumerate_methods[] = {
    native<enumerate_new>("__new__(type, iterable=<required>, start=0)",
                          "Make an instance; the class's own help describes the arguments."),
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<enumerate_next>("__next__($self, /)", "Implement next(self)."),
    native<enumerate_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef enumerate_def = {
    .name = "enumerate",
    .doc =
        "enumerate(iterable, start=0)\n--\n\nCount along with the items of an iterable.\n\n  iterable\n    what to take the "
        "items from\n  start\n    the number that goes with the first item; 0 unless given\n\nThe result is an iterator over "
        "(number, item) tuples: for 'xyz', it has\n(0, 'x'), (1, 'y') and (2, 'z').",
    .kind = kKindIterator,
    .payload_size = sizeof(Iterator),
    .flags = kTypeSubclassable,
    .methods = enumerate_methods,
    .method_count = count_of(enumerate_methods),
    .kind_info = kind_info_of<Iterator>("iterator"),
};

// ---------------------------------------------------------------------------------------------------------------- zip

static Result<Tuple*> iterators_of(Thread& thread, const Value* iterables, usize n) {
  Tuple* iterators = TRY(make_tuple(thread, nullptr, static_cast<Index>(n)));
  for (usize i = 0; i < n; ++i) iterators->set_at(static_cast<Index>(i), TRY(get_iter(thread, iterables[i])));
  return iterators;
}

static Result<Value> zip_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, zip_def.type));
  bool strict = false;
  if (kwnames) {
    if (kwnames->length() > 1)
      return raise_type_error(thread, "zip() takes at most 1 keyword argument ({} given)", kwnames->length());
    Value given = keyword_value(args, n, kwnames, "strict");
    if (given.is_absent()) return raise_type_error(thread, "'{}' is an invalid keyword argument for zip()", kwnames->at(0));
    strict = TRY(truth(thread, given));
  }
  Tuple* iterators = TRY(iterators_of(thread, args + 1, n - 1));
  Iterator* it = TRY(make_of<Iterator>(thread, type, Value(iterators), Index{strict}, Value()));
  it->set_form(IteratorForm::Zip);
  it->aux_ = are_quiet(iterators->items(), iterators->length());
  return Value(it);
}

static Failed raise_zip_length(Thread& thread, Index i, const char* how) {
  return raise_value_error(thread, "zip() argument {} is {} than argument{}{}", i + 1, how, i == 1 ? " " : "s 1-", i);
}

// Iterator i of a strict zip is exhausted: all must be.
static Result<Value> check_strict(Thread& thread, Tuple* iterators, Index i) {
  if (i > 0) return raise_zip_length(thread, i, "shorter");
  for (i = 1; i < iterators->length(); ++i) {
    Value item = TRY(iter_next_inline(thread, iterators->at(i)));
    if (item != kExhausted) return raise_zip_length(thread, i, "longer");
  }
  return kExhausted;
}

static Result<Value> zip_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self, self->aux_ != 0);
  Tuple* iterators = self->source().as<Tuple>();
  Index n = iterators->length();
  if (n == 0) return kExhausted;
  if (n <= 4) {
    Value items[4];
    for (Index i = 0; i < n; ++i) {
      items[i] = TRY(iter_next_inline(thread, iterators->at(i)));
      if (items[i] == kExhausted) return self->position_ ? check_strict(thread, iterators, i) : Result<Value>(kExhausted);
    }
    return TRY(make_tuple(thread, items, n));
  }
  Tuple* made = TRY(make_tuple(thread, nullptr, n));
  for (Index i = 0; i < n; ++i) {
    Value item = TRY(iter_next_inline(thread, iterators->at(i)));
    if (item == kExhausted) return self->position_ ? check_strict(thread, iterators, i) : Result<Value>(kExhausted);
    made->set_at(i, item);
  }
  return Value(made);
}

static Result<Value> zip_reduce(Thread& thread, Iterator* self) {
  publish_iterators(thread, self, self->source().as<Tuple>()->items(), self->source().as<Tuple>()->length());
  Value type(type_of(Value(self)));
  if (self->position_) return TRY(tuple_of(thread, type, self->source(), kTrue));
  return TRY(tuple_of(thread, type, self->source()));
}

static Result<void> zip_setstate(Thread& thread, Iterator* self, bool strict) {
  self->position_ = strict;
  return ok;
}

static constinit NativeDef zip_methods[] = {
    native_raw(zip_new, "__new__(type, /, *iterables, strict=False)",
               "Make an instance; the class's own help describes the arguments."),
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<zip_next>("__next__($self, /)", "Implement next(self)."),
    native<zip_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<zip_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
constinit TypeDef zip_def = {
    .name = "zip",
    .doc =
        "zip(*iterables, strict=False) --> iterator over tuples\n\nGo through several iterables in parallel.\n\n   >>> "
        "list(zip('xyz', [4, 5, 6], range(2)))\n   [('x', 4, 0), ('y', 5, 1)]\n\nEvery tuple has one item of each iterable, in "
        "the order of the arguments. The\nend comes as soon as one of them runs out; when strict is true and the others\nhave "
        "items left at that point, it is a ValueError.",
    .kind = kKindIterator,
    .payload_size = sizeof(Iterator),
    .flags = kTypeSubclassable,
    .methods = zip_methods,
    .method_count = count_of(zip_methods),
    .kind_info = kind_info_of<Iterator>("iterator"),
};

// ---------------------------------------------------------------------------------------------------------------- map

static Result<Value> map_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, map_def.type));
  if (type == map_def.type || type->slot(Slot::init) == map_def.type->slot(Slot::init))
    TRY(check_no_keywords(thread, "map", kwnames));
  if (n < 3) return raise_type_error(thread, "map() must have at least two arguments.");
  Tuple* iterators = TRY(iterators_of(thread, args + 2, n - 2));
  Iterator* it = TRY(make_of<Iterator>(thread, type, args[1], Index{0}, Value(iterators)));
  it->aux_ = are_quiet(iterators->items(), iterators->length());
  return Value(it);
}

// The arguments of the next call; false at the end.
template <class Put>
static Result<bool> map_arguments(Thread& thread, Iterator* self, Put put) {
  IteratorGuard guard(thread, self, self->aux_ != 0);
  Tuple* iterators = self->extra_.get().as<Tuple>();
  for (Index i = 0, n = iterators->length(); i < n; ++i) {
    Value item = TRY(iter_next_inline(thread, iterators->at(i)));
    if (item == kExhausted) return false;
    put(i, item);
  }
  return true;
}

static BATON_NOINLINE Result<Value> map_next_generally(Thread& thread, Iterator* self) {
  Index n = self->extra_.get().as<Tuple>()->length();
  if (n == 1) [[likely]] {
    Value item;
    if (!TRY(map_arguments(thread, self, [&](Index, Value v) { item = v; }))) return kExhausted;
    Value function = self->source();
    if (is<NativeFunction>(function) && !function.as<NativeFunction>()->passes_self()) {
      NativeDef* def = function.as<NativeFunction>()->def();
      return def->entry(thread, *def, &item, 1, nullptr);
    }
    return call_one_value(thread, function, &item);
  }
  if (n <= kMaxInlineIterators) {
    Value items[kMaxInlineIterators];
    if (!TRY(map_arguments(thread, self, [&](Index i, Value item) { items[i] = item; }))) return kExhausted;
    return call_values(thread, self->source(), items, static_cast<usize>(n));
  }
  Tuple* items = TRY(make_tuple(thread, nullptr, n));
  if (!TRY(map_arguments(thread, self, [&](Index i, Value item) { items->set_at(i, item); }))) return kExhausted;
  return call_values(thread, self->source(), items->items(), static_cast<usize>(n));
}

static Result<Value> map_next(Thread& thread, Iterator* self) {
  Tuple* iterators = self->extra_.get().as<Tuple>();
  Value function = self->source();
  if (iterators->length() == 1 && is<NativeFunction>(function) && !objects_are_locked()) {
    const NativeDef* def = function.as<NativeFunction>()->def();
    if (!function.as<NativeFunction>()->passes_self()) {
      Value item = sequence_step(iterators->at(0));
      if (item.is_present()) return def->entry(thread, *def, &item, 1, nullptr);
    }
  }
  return map_next_generally(thread, self);
}

Result<bool> map_fill_list(Thread& thread, List* into, Value iterator) {
  auto* self = iterator.as<Iterator>();
  Tuple* iterators = self->extra_.get().as<Tuple>();
  if (iterators->length() != 1) return false;
  CallsOfOne calls(self->source());
  TRY(calls.check_depth(thread));
  for (Steps steps(iterators->at(0));;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) return true;
    TRY(list_append_inline(thread, into, TRY(calls.call(thread, item))));
  }
}

static Result<Value> map_reduce(Thread& thread, Iterator* self) {
  Tuple* iterators = self->extra_.get().as<Tuple>();
  publish_iterators(thread, self, iterators->items(), iterators->length());
  Tuple* arguments = TRY(make_tuple(thread, nullptr, iterators->length() + 1));
  arguments->set_at(0, self->source());
  for (Index i = 0; i < iterators->length(); ++i) arguments->set_at(i + 1, iterators->at(i));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(arguments)));
}

static constinit NativeDef map_methods[] = {
    native_raw(map_new, "__new__(type, func, /, *iterables)", "Make an instance; the class's own help describes the arguments."),
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<map_next>("__next__($self, /)", "Implement next(self)."),
    native<map_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef map_def = {
    .name = "map",
    .doc =
        "map(func, *iterables) --> map object\n\nCall a function for each item and iterate over the results. With more than "
        "one\niterable, the function gets an argument from each, and the end comes as soon\nas one of them runs out.",
    .kind = kKindIterator,
    .payload_size = sizeof(Iterator),
    .flags = kTypeSubclassable,
    .methods = map_methods,
    .method_count = count_of(map_methods),
    .kind_info = kind_info_of<Iterator>("iterator"),
};

// ---------------------------------------------------------------------------------------------------------------- filter

static Result<Value> filter_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, filter_def.type));
  if (type == filter_def.type || type->slot(Slot::init) == filter_def.type->slot(Slot::init))
    TRY(check_no_keywords(thread, "filter", kwnames));
  TRY(check_positional(thread, "filter", n - 1, 2, 2));
  Value iterator = TRY(get_shared_iter(thread, args[2]));
  return make_of<Iterator>(thread, type, args[1], Index{0}, iterator);
}

static BATON_NOINLINE Result<Value> filter_next_generally(Thread& thread, Iterator* self) {
  Value function = self->source(), iterator = self->extra_.get();
  bool plain = function.is_none() || function == Value(types.bool_);
  for (;;) {
    Value item = TRY(iter_next_inline(thread, iterator));
    if (item == kExhausted) return item;
    if (TRY(truth(thread, plain ? item : TRY(call(thread, function, item))))) return item;
  }
}

static Result<Value> filter_next(Thread& thread, Iterator* self) {
  if (self->source().is_none()) {
    for (Value v; (v = sequence_step(self->extra_.get())).is_present();) {
      if (v.is_small_int() ? v.small_int() != 0 : is_exact<Str>(v) ? v.as<Str>()->length() != 0 : TRY(truth(thread, v))) return v;
    }
  }
  return filter_next_generally(thread, self);
}

Result<bool> filter_fill_list(Thread& thread, List* into, Value iterator) {
  auto* self = iterator.as<Iterator>();
  Value function = self->source();
  bool plain = function.is_none() || function == Value(types.bool_);
  CallsOfOne calls(function);
  if (!plain) TRY(calls.check_depth(thread));
  for (Steps steps(self->extra_.get());;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) return true;
    Value answer = plain ? item : TRY(calls.call(thread, item));
    if (answer.is_small_int() ? answer.small_int() != 0 : TRY(truth(thread, answer))) TRY(list_append_inline(thread, into, item));
  }
}

static Result<Value> filter_reduce(Thread& thread, Iterator* self) {
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, self->source(), self->extra_.get())))));
}

static constinit NativeDef filter_methods[] = {
    native_raw(filter_new, "__new__(type, function, iterable, /)",
               "Make an instance; the class's own help describes the arguments."),
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<filter_next>("__next__($self, /)", "Implement next(self)."),
    native<filter_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef filter_def = {
    .name = "filter",
    .doc =
        "filter(function or None, iterable) --> filter object\n\nIterate over only those items for which the function returns "
        "something true.\nGiven None for the function, the truth of the items themselves decides.",
    .kind = kKindIterator,
    .payload_size = sizeof(Iterator),
    .flags = kTypeSubclassable,
    .methods = filter_methods,
    .method_count = count_of(filter_methods),
    .kind_info = kind_info_of<Iterator>("iterator"),
};

}  // namespace baton
