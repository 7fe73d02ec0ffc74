// The iterators over list, tuple and any sequence, iter(callable, sentinel), and reversed.
//
// A shared iterator whose steps may run Python code (any sequence, reversed) takes its position before, so that no item is given
// twice; the source is loaded once a step. The others' steps are locked (IteratorGuard).
#include "objects/iterators.h"

#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/sequence_item.h"
#include "objects/tuple.h"
#include "objects/ways_by_type.h"

namespace baton {

extern TypeDef sequence_iterator_def, callable_iterator_def;

Result<Value> builtin_named(Thread& thread, std::string_view name) {
  return get_attr_ascii(thread, Value(runtime.builtins), name);
}

Result<Value> make_sequence_iterator(Thread& thread, Value sequence) {
  return make_of<Iterator>(thread, TRY(type_from_def(thread, sequence_iterator_def)), sequence, Index{0}, Value());
}

Result<Value> make_callable_iterator(Thread& thread, Value callable, Value sentinel) {
  return make_of<Iterator>(thread, TRY(type_from_def(thread, callable_iterator_def)), callable, Index{0}, sentinel);
}

Result<Value> get_shared_iter(Thread& thread, Value v) { return publish_iterator(TRY(get_iter(thread, v))); }

bool (*is_quiet_tool)(Value iterator) = [](Value) { return false; };

bool is_quiet_iterator(Value iterator) {
  if (!is_exact<Iterator>(iterator)) return is_quiet_tool(iterator);
  auto* it = iterator.as<Iterator>();
  switch (it->form()) {
    case IteratorForm::Other: return false;
    case IteratorForm::Enumerate:
    case IteratorForm::Zip: return it->aux_ != 0;
    default: return true;
  }
}

Value step_shared_iterator(Iterator* it) {
  IteratorForm form = objects_are_locked() ? IteratorForm::Other : it->form();
  return form > IteratorForm::Native ? iterator_step_as(form, it) : Value();
}

static Result<Value> return_self(Thread& thread, Value self) { return self; }

// (function, (source,), position), or (iter, (empty,)) when exhausted.
static Result<Value> reduce_position(Thread& thread, Iterator* self, std::string_view function, Value empty) {
  Value source = self->source();
  if (source.is_absent()) {
    Value iter = TRY(builtin_named(thread, "iter"));
    return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, empty)))));
  }
  Value callable = TRY(builtin_named(thread, function));
  return TRY(tuple_of(thread, callable, Value(TRY(tuple_of(thread, source))), TRY(int_from_i64(thread, self->position_))));
}

static Result<Index> state_index(Thread& thread, Value state) {
  if (!has_index(state)) return raise_type_error(thread, "an integer is required");
  return to_index_checked(thread, state, exceptions.OverflowError);
}

// ---------------------------------------------------------------------------------------------------------------- list

static Result<Value> list_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index i = self->position_;
  Value item = source.as<List>()->try_at(i);
  if (item.is_absent()) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = i + 1;
  return item;
}

static Result<Index> list_iterator_length_hint(Thread& thread, Iterator* self) {
  Value source = self->source();
  Index left = source.is_absent() ? 0 : source.as<List>()->length() - self->position_;
  return left < 0 ? 0 : left;
}

static Result<Value> list_iterator_reduce(Thread& thread, Iterator* self) {
  return reduce_position(thread, self, "iter", self->source().is_absent() ? Value(TRY(make_list(thread))) : kNone);
}

static Result<void> list_iterator_setstate(Thread& thread, Iterator* self, Value state) {
  Index i = TRY(state_index(thread, state));
  if (self->source().is_absent()) return ok;
  Index n = self->source().as<List>()->length();
  self->position_ = i < 0 ? 0 : i > n ? n : i;
  return ok;
}

static Result<Value> list_reverse_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index i = self->position_;
  Value item = i >= 0 ? source.as<List>()->try_at(i) : Value();
  if (item.is_absent()) {
    self->position_ = -1;
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = i - 1;
  return item;
}

static Result<Index> list_reverse_length_hint(Thread& thread, Iterator* self) {
  Index left = self->position_ + 1;
  return self->source().is_absent() || self->source().as<List>()->length() < left ? 0 : left;
}

static Result<Value> list_reverse_reduce(Thread& thread, Iterator* self) {
  return reduce_position(thread, self, "reversed", self->source().is_absent() ? Value(TRY(make_list(thread))) : kNone);
}

static Result<void> list_reverse_setstate(Thread& thread, Iterator* self, Value state) {
  Index i = TRY(state_index(thread, state));
  if (self->source().is_absent()) return ok;
  Index n = self->source().as<List>()->length();
  self->position_ = i < -1 ? -1 : i > n - 1 ? n - 1 : i;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- tuple

static Result<Value> tuple_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index i = self->position_;
  if (i >= source.as<Tuple>()->length()) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = i + 1;
  return source.as<Tuple>()->at(i);
}

static Result<Index> tuple_iterator_length_hint(Thread& thread, Iterator* self) {
  return self->source().is_absent() ? 0 : self->source().as<Tuple>()->length() - self->position_;
}

static Result<Value> tuple_iterator_reduce(Thread& thread, Iterator* self) {
  return reduce_position(thread, self, "iter", Value(empty_tuple()));
}

static Result<void> tuple_iterator_setstate(Thread& thread, Iterator* self, Value state) {
  Index i = TRY(state_index(thread, state));
  if (self->source().is_absent()) return ok;
  Index n = self->source().as<Tuple>()->length();
  self->position_ = i < 0 ? 0 : i > n ? n : i;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- any sequence

static constinit WaysByType<SequenceItem> sequence_items;

void register_sequence_item(Type* type, SequenceItem item) {
  if (!sequence_items.of(type)) sequence_items.add(type, item);
}

// The item at i, or kExhausted after IndexError or StopIteration.
static Result<Value> sequence_item(Thread& thread, Value sequence, Index i) {
  SequenceItem way = sequence_items.of(type_of(sequence));
  Result<Value> item = way ? way(thread, sequence.cell(), i) : get_item(thread, sequence, TRY(int_from_i64(thread, i)));
  if (!item.is_failed()) return item;
  if (clear_pending_if(thread, exceptions.IndexError) || clear_pending_if(thread, exceptions.StopIteration)) return kExhausted;
  return failed;
}

// A step's position. Of an iterator that other threads may step it is taken before the item is asked for, which may run Python
// code, and given back if there is none; else it moves on afterwards.
namespace {
class TakenPosition {
 public:
  TakenPosition(Thread& thread, Iterator* it, Index step)
      : thread_(thread), it_(it), step_(step), is_taken_(objects_are_locked() && it->is_shared()) {
    IteratorGuard guard(thread, it);
    at = it->position_;
    if (is_taken_) it->position_ = at + step;
  }
  void use() {
    if (!is_taken_) it_->position_ = it_->position_ + step_;
  }
  void give_back() {
    if (!is_taken_) return;
    IteratorGuard guard(thread_, it_);
    if (it_->position_ == at + step_) it_->position_ = at;
  }
  Index at;

 private:
  Thread& thread_;
  Iterator* it_;
  Index step_;
  bool is_taken_;
};
}  // namespace

static Result<Value> sequence_iterator_next(Thread& thread, Iterator* self) {
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index at = self->position_;
  if (at == kMaxIndex) return raise_overflow_error(thread, "iter index too large");
  if (!objects_are_locked()) {
    Result<Value> item = sequence_item(thread, source, at);
    if (item.is_failed()) return item;
    if (item.value() == kExhausted)
      self->source_.clear();
    else
      self->position_ = self->position_ + 1;  // it may have been stepped meanwhile
    return item;
  }
  TakenPosition position(thread, self, 1);
  Result<Value> item = sequence_item(thread, source, position.at);
  if (item.is_failed())
    position.give_back();
  else if (item.value() == kExhausted)
    self->source_.clear();
  else
    position.use();
  return item;
}

static Result<Value> sequence_iterator_length_hint(Thread& thread, Iterator* self) {
  Value source = self->source();
  if (source.is_absent()) return Value::of_small_int(0);
  if (type_of(source)->slot(Slot::len).is_absent()) return kNotImplemented;
  Index left = TRY(length_of(thread, source)) - self->position_;
  return Value::of_small_int(left < 0 ? 0 : left);
}

static Result<Value> sequence_iterator_reduce(Thread& thread, Iterator* self) {
  return reduce_position(thread, self, "iter", Value(empty_tuple()));
}

static Result<void> sequence_iterator_setstate(Thread& thread, Iterator* self, Value state) {
  Index i = TRY(state_index(thread, state));
  if (self->source().is_present()) self->position_ = i < 0 ? 0 : i;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- iter(f,
// sentinel)

bool is_callable_iterator(Value v) { return is<Iterator>(v) && type_of(v) == callable_iterator_def.type; }

static Result<Value> callable_iterator_next(Thread& thread, Iterator* self) {
  Value callable = self->source(), sentinel = self->extra_.get();
  if (callable.is_absent()) return kExhausted;
  Result<Value> item = call(thread, callable);
  if (item.is_failed()) {
    if (!clear_pending_if(thread, exceptions.StopIteration)) return failed;
    self->source_.clear();
    return kExhausted;
  }
  if (self->source().is_absent()) return kExhausted;  // the call has exhausted this iterator
  if (!TRY(same_or_equal(thread, sentinel, item.value()))) return item;
  self->source_.clear();
  return kExhausted;
}

static Result<Value> callable_iterator_reduce(Thread& thread, Iterator* self) {
  Value iter = TRY(builtin_named(thread, "iter"));
  if (self->source().is_absent()) return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(empty_tuple()))))));
  return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, self->source(), self->extra_.get())))));
}

// ---------------------------------------------------------------------------------------------------------------- reversed

static Result<Value> reversed_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, TRY(type_from_def(thread, reversed_def))));
  if (type == reversed_def.type || type->slot(Slot::init) == reversed_def.type->slot(Slot::init))
    TRY(check_no_keywords(thread, "reversed", kwnames));
  TRY(check_positional(thread, "reversed", n - 1, 1, 1));
  Value sequence = args[1];
  Value method = TRY(find_special(thread, sequence, names.dunder_reversed));
  if (method.is_none()) return raise_type_error(thread, "'{!t}' object is not reversible", sequence);
  if (method != kNotFound) return call(thread, method);
  if (is<Dict>(sequence) || type_of(sequence)->slot(Slot::getitem).is_absent() || (type_of(sequence)->flags() & kTypeKeysOnly))
    return raise_type_error(thread, "'{!t}' object is not reversible", sequence);
  Index length = TRY(length_of(thread, sequence));
  return make_of<Iterator>(thread, type, sequence, length - 1, Value());
}

// Of a sequence that doesn't change; kNotFound: the general way tells more.
static Result<Value> item_at_once(Thread& thread, Value sequence, Index i) {
  if (i < 0) return kNotFound;
  if (is_exact<Tuple>(sequence)) return i < sequence.as<Tuple>()->length() ? sequence.as<Tuple>()->at(i) : kNotFound;
  if (is_exact<Bytes>(sequence))
    return i < sequence.as<Bytes>()->length() ? Value::of_small_int(sequence.as<Bytes>()->data()[i]) : kNotFound;
  if (!is_exact<Str>(sequence) || i >= sequence.as<Str>()->length()) return kNotFound;
  return TRY(str_from_code_point(thread, sequence.as<Str>()->at(i)));
}

static Result<Value> reversed_next(Thread& thread, Iterator* self) {
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  if (Index i = self->position_; !objects_are_locked()) {
    Value item = TRY(item_at_once(thread, source, i));
    if (item != kNotFound) {
      self->position_ = i - 1;
      return item;
    }
  }
  if (self->position_ >= 0) {
    TakenPosition position(thread, self, -1);
    Value quick = TRY(item_at_once(thread, source, position.at));
    if (quick != kNotFound) {
      position.use();
      return quick;
    }
    Result<Value> item = position.at >= 0 ? sequence_item(thread, source, position.at) : Result<Value>(kExhausted);
    if (item.is_failed()) {
      position.give_back();
      return failed;
    }
    if (item.value() != kExhausted) {
      position.use();
      return item;
    }
  }
  self->position_ = -1;
  self->source_.clear();
  return kExhausted;
}

static Result<Index> reversed_length_hint(Thread& thread, Iterator* self) {
  if (self->source().is_absent()) return 0;
  Index n = TRY(length_of(thread, self->source())), left = self->position_ + 1;
  return n < left ? 0 : left;
}

static Result<Value> reversed_reduce(Thread& thread, Iterator* self) {
  Value type(type_of(Value(self)));
  if (self->source().is_absent()) return TRY(tuple_of(thread, type, Value(TRY(tuple_of(thread, Value(empty_tuple()))))));
  return TRY(tuple_of(thread, type, Value(TRY(tuple_of(thread, self->source()))), TRY(int_from_i64(thread, self->position_))));
}

static Result<void> reversed_setstate(Thread& thread, Iterator* self, Index i) {
  if (self->source().is_absent()) return ok;
  Index n = TRY(length_of(thread, self->source()));
  self->position_ = i < -1 ? -1 : i > n - 1 ? n - 1 : i;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- tables

#define ITERATOR_METHODS(prefix)                                                                                           \
  native<return_self>("__iter__($self, /)", "Implement iter(self)."),                                                      \
      native<prefix##_next>("__next__($self, /)", "Implement next(self)."),                                                \
      native<prefix##_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."), \
      native<prefix##_reduce>("__reduce__($self, /)", "Return state information for pickling."),                           \
      native<prefix##_setstate>("__setstate__($self, state, /)", "Set state information for unpickling.")
#define ITERATOR_TYPE(prefix, id, text)                                       \
  static constinit NativeDef prefix##_methods[] = {ITERATOR_METHODS(prefix)}; \
  constinit TypeDef id = {.name = text,                                       \
                          .kind = kKindIterator,                              \
                          .payload_size = sizeof(Iterator),                   \
                          .flags = kTypeNoInstances,                          \
                          .methods = prefix##_methods,                        \
                          .method_count = count_of(prefix##_methods),         \
                          .kind_info = kind_info_of<Iterator>("iterator")};
ITERATOR_TYPE(list_iterator, list_iterator_def, "list_iterator")
ITERATOR_TYPE(list_reverse, list_reverse_iterator_def, "list_reverseiterator")
ITERATOR_TYPE(tuple_iterator, tuple_iterator_def, "tuple_iterator")
ITERATOR_TYPE(sequence_iterator, sequence_iterator_def, "iterator")
#undef ITERATOR_TYPE

static constinit NativeDef callable_iterator_methods[] = {
    native<return_self>("__iter__($self, /)", "Implement iter(self)."),
    native<callable_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<callable_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef callable_iterator_def = {.name = "callable_iterator",
                                           .kind = kKindIterator,
                                           .payload_size = sizeof(Iterator),
                                           .flags = kTypeNoInstances,
                                           .methods = callable_iterator_methods,
                                           .method_count = count_of(callable_iterator_methods),
                                           .kind_info = kind_info_of<Iterator>("iterator")};

static constinit NativeDef reversed_methods[] = {
    native_raw(reversed_new, "__new__(type, sequence, /)", "Make an instance; the class's own help describes the arguments."),
    ITERATOR_METHODS(reversed),
};
constinit TypeDef reversed_def = {
    .name = "reversed",
    .doc =
        "reversed(sequence, /)\n--\n\nIterate over a sequence from its last item to its first.\n\nIt works for objects that have "
        "a __reversed__() method or both __len__() and\n__getitem__().",
    .kind = kKindIterator,
    .payload_size = sizeof(Iterator),
    .flags = kTypeSubclassable,
    .methods = reversed_methods,
    .method_count = count_of(reversed_methods),
    .kind_info = kind_info_of<Iterator>("iterator")};

}  // namespace baton
