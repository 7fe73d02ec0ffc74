// _collections: deque, defaultdict, OrderedDict (objects/ordered_dict.cpp), _tuplegetter, _count_elements.
//
// A deque is a ring of Values: `head_` is the slot of the first item, slots outside the ring's used part are absent. Its reads
// are inside its CriticalSection like its writes: head, length and ring belong together. `changes_` counts writes, for iterators.
// A defaultdict is a Dict with the factory as a member slot of its tail.
#include <cstring>

#include "modules/deque.h"
#include "objects/at_this_moment.h"
#include "objects/dict_inline.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/ordered_dict.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/whole_list.h"
#include "threads/relaxed.h"

namespace baton {

extern TypeDef dict_def;

namespace {

class Deque final : public Cell {
 public:
  void init() {
    ring_.init(nullptr);
    head_ = length_ = 0;
    maxlen_ = -1;
    changes_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(ring_); }
  Index length() const { return length_; }
  Index slot(Index i) const {
    Index at = head_ + i, capacity = ring_->capacity();
    return at >= capacity ? at - capacity : at;
  }

  Field<ValueArray> ring_;
  Index head_;
  Relaxed<Index> length_;  // written under the lock, as the others are, and read without it by len() and for hints
  Relaxed<Index> maxlen_;
  Relaxed<u64> changes_;
};

extern TypeDef deque_def, deque_iterator_def, deque_reverse_iterator_def, default_dict_def, tuple_getter_def;

// ---------------------------------------------------------------------------------------------------------------- the ring

// Under the lock: room for so many more.
BATON_NOINLINE Result<void> grow(Thread& thread, Deque* self, Index more) {
  Index n = self->length_, wanted = n ? n * 2 : 8;
  ValueArray* larger = TRY(make_value_array(thread, wanted < n + more ? n + more : wanted));
  for (Index i = 0; i < n; ++i) larger->slots()[i].init(self->ring_->at(self->slot(i)));
  self->ring_.set(self, larger);
  self->head_ = 0;
  return ok;
}
BATON_ALWAYS_INLINE Result<void> reserve(Thread& thread, Deque* self, Index more) {
  ValueArray* ring = self->ring_.get();
  return ring && self->length_ + more <= ring->capacity() ? Result<void>(ok) : grow(thread, self, more);
}

void drop_left(Deque* self) {
  self->ring_->slots()[self->head_].clear();
  self->head_ = self->slot(1);
  --self->length_;
}
void drop_right(Deque* self) {
  self->ring_->slots()[self->slot(self->length_ - 1)].clear();
  --self->length_;
}

// An item comes in at one end as one goes at the other: under the lock. The length stays, as len() takes no lock.
void come_left_go_right(Deque* self, Value v) {
  ValueArray* ring = self->ring_.get();
  ring->slots()[self->slot(self->length_ - 1)].clear();
  self->head_ = self->head_ == 0 ? ring->capacity() - 1 : self->head_ - 1;
  ring->set_at(self->head_, v);
}
void come_right_go_left(Deque* self, Value v) {
  ValueArray* ring = self->ring_.get();
  ring->slots()[self->head_].clear();
  self->head_ = self->slot(1);
  ring->set_at(self->slot(self->length_ - 1), v);
}

// Under the lock.
Result<void> push_right_locked(Thread& thread, Deque* self, Value v) {
  ++self->changes_;
  if (self->maxlen_ == 0) return ok;
  if (self->length_ == self->maxlen_) {
    come_right_go_left(self, v);
    return ok;
  }
  TRY(reserve(thread, self, 1));
  self->ring_->set_at(self->slot(self->length_), v);
  ++self->length_;
  return ok;
}

Result<void> push_left_locked(Thread& thread, Deque* self, Value v) {
  ++self->changes_;
  if (self->maxlen_ == 0) return ok;
  if (self->length_ == self->maxlen_) {
    come_left_go_right(self, v);
    return ok;
  }
  TRY(reserve(thread, self, 1));
  self->head_ = self->head_ == 0 ? self->ring_->capacity() - 1 : self->head_ - 1;
  self->ring_->set_at(self->head_, v);
  ++self->length_;
  return ok;
}

Result<void> push_right(Thread& thread, Deque* self, Value v) {
  CriticalSection guard(thread, self);
  return push_right_locked(thread, self, v);
}

Result<void> push_left(Thread& thread, Deque* self, Value v) {
  CriticalSection guard(thread, self);
  return push_left_locked(thread, self, v);
}

// Item i, or absent; i < 0 counts from the right.
BATON_ALWAYS_INLINE Value item_at(Thread& thread, Deque* self, Index i) {
  CriticalSection guard(thread, self);
  if (i < 0) i += self->length_;
  if (static_cast<u64>(i) >= static_cast<u64>(self->length_)) return Value();
  return self->ring_->at(self->slot(i));
}

void clear_all(Thread& thread, Deque* self) {
  CriticalSection guard(thread, self);
  ++self->changes_;
  self->ring_.clear();
  self->head_ = self->length_ = 0;
}

// Items [start, end) go to the next place, onto the one behind them; under the lock.
void move_right(Deque* self, Index start, Index end) {
  ValueArray* ring = self->ring_.get();
  if (objects_are_locked()) {  // others read meanwhile
    for (Index k = end; k > start; --k) ring->set_at(self->slot(k), ring->at(self->slot(k - 1)));
    return;
  }
  auto* slots = static_cast<void*>(ring->slots());
  auto move = [slots](Index from, Index n) {
    auto* at = static_cast<Value*>(slots) + from;
    memmove(static_cast<void*>(at + 1), at, static_cast<usize>(n) * sizeof(Value));
  };
  Index first = self->slot(start), last = self->slot(end), top = ring->capacity() - 1;
  if (first <= last) {
    move(first, last - first);
  } else {  // round the seam
    move(0, last);
    memcpy(slots, static_cast<Value*>(slots) + top, sizeof(Value));
    move(first, top - first);
  }
  remember_cell(ring);
}

// Items [start, end), of which the first isn't item 0, go to the place before; under the lock.
void move_left(Deque* self, Index start, Index end) {
  ValueArray* ring = self->ring_.get();
  if (objects_are_locked()) {
    for (Index k = start; k < end; ++k) ring->set_at(self->slot(k - 1), ring->at(self->slot(k)));
    return;
  }
  if (start == end) return;
  auto* slots = static_cast<void*>(ring->slots());
  auto move = [slots](Index to, Index n) {
    auto* at = static_cast<Value*>(slots) + to;
    memmove(static_cast<void*>(at), at + 1, static_cast<usize>(n) * sizeof(Value));
  };
  Index first = self->slot(start - 1), last = self->slot(end - 1), top = ring->capacity() - 1;
  if (first <= last) {
    move(first, last - first);
  } else {
    move(first, top - first);
    memcpy(static_cast<void*>(static_cast<Value*>(slots) + top), slots, sizeof(Value));
    move(0, last);
  }
  remember_cell(ring);
}

// Removes item i (i < 0 counts from the right), under the lock; false: there is none.
bool remove_at_locked(Deque* self, Index i) {
  if (i < 0) i += self->length_;
  if (static_cast<u64>(i) >= static_cast<u64>(self->length_)) return false;
  ++self->changes_;
  if (i < self->length_ / 2) {
    move_right(self, 0, i);
    drop_left(self);
  } else {
    move_left(self, i + 1, self->length_);
    drop_right(self);
  }
  return true;
}
bool remove_at(Thread& thread, Deque* self, Index i) {
  CriticalSection guard(thread, self);
  return remove_at_locked(self, i);
}

// The items at one moment: copying, comparing and printing see no change by another thread.
Result<List*> snapshot(Thread& thread, Deque* self) {
  List* list = TRY(make<List>(thread));
  CriticalSection guard(thread, self);
  Index n = self->length_;
  if (n == 0) return list;
  ValueArray* items = TRY(make_value_array(thread, n));
  for (Index i = 0; i < n; ++i) items->slots()[i].init(self->ring_->at(self->slot(i)));
  list->storage_.set(list, items);
  list->length_ = n;
  return list;
}

// Of items that nobody changes meanwhile.
Result<void> push_all(Thread& thread, Deque* self, const Value* items, Index n) {
  if (n == 0) return ok;
  CriticalSection guard(thread, self);
  TRY(reserve(thread, self, n));
  ++self->changes_;
  ValueArray* ring = self->ring_.get();
  Index at = self->slot(self->length_);
  for (Index i = 0; i < n; ++i) {
    ring->set_at(at, items[i]);
    if (++at == ring->capacity()) at = 0;
  }
  self->length_ += n;
  return ok;
}

// The items of deques, and of exact lists and tuples where other threads could come between them, as a tuple or a list that
// nobody else knows; the iterable itself if they come one by one.
Result<Value> items_at_once(Thread& thread, Deque* self, Value iterable) {
  if (iterable == Value(self) || type_of(iterable) == deque_def.type) return Value(TRY(snapshot(thread, iterable.as<Deque>())));
  if (!objects_are_locked() || is_exact<Tuple>(iterable)) return iterable;
  return is_exact<List>(iterable) ? Value(TRY(tuple_from_iterable(thread, iterable))) : iterable;
}

// Adds those items in one step.
template <Result<void> (*push)(Thread&, Deque*, Value)>
Result<void> push_at_once(Thread& thread, Deque* self, Value items) {
  CriticalSection guard(thread, self);
  Index n = is<Tuple>(items) ? items.as<Tuple>()->length() : items.as<List>()->length();
  for (Index i = 0; i < n; ++i)
    TRY(push(thread, self, is<Tuple>(items) ? items.as<Tuple>()->at(i) : items.as<List>()->try_at(i)));
  return ok;
}

Result<void> extend_right(Thread& thread, Deque* self, Value iterable) {
  Value items = TRY(items_at_once(thread, self, iterable));
  bool has_limit = self->maxlen_ >= 0;
  if (is_exact<Tuple>(items) && !has_limit)
    return push_all(thread, self, items.as<Tuple>()->items(), items.as<Tuple>()->length());
  if (is_exact<List>(items) && !has_limit && (items != iterable || !objects_are_locked()) && items.as<List>()->length()) {
    ValueArray* storage = items.as<List>()->storage();
    KeepAlive keep{Value(storage)};
    return push_all(thread, self, reinterpret_cast<const Value*>(storage->slots()), items.as<List>()->length());
  }
  if (is_exact<Tuple>(items) || items != iterable) return push_at_once<push_right_locked>(thread, self, items);
  for (Steps steps(TRY(get_whole_iter(thread, items)));;) {
    Value v = TRY(steps.next(thread));
    if (v == kExhausted) return ok;
    TRY(push_right(thread, self, v));
  }
}

// ---------------------------------------------------------------------------------------------------------------- construction

Result<Value> deque_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<Deque>(thread, TRY(check_new_type(thread, args, n, deque_def.type)));
}

Result<void> deque_init(Thread& thread, Deque* self, Optional<Value> iterable, Value maxlen) {
  Index limit = -1;
  if (!maxlen.is_none()) {
    if (int_exact(maxlen).is_absent()) return raise_type_error(thread, "an integer is required");
    limit = TRY(to_index_checked(thread, maxlen, exceptions.OverflowError));
    if (limit < 0) return raise_value_error(thread, "maxlen must be non-negative");
  }
  self->maxlen_ = limit;
  if (self->length() > 0) clear_all(thread, self);
  if (iterable.has_value()) TRY(extend_right(thread, self, iterable.value));
  return ok;
}

Result<Value> copy_of(Thread& thread, Deque* self) {
  Type* type = type_of(Value(self));
  if (type == deque_def.type) {
    Deque* made = TRY(make_of<Deque>(thread, type));
    made->maxlen_ = self->maxlen_;
    TRY(extend_right(thread, made, Value(self)));
    return Value(made);
  }
  if (self->maxlen_ < 0) return call(thread, Value(type), Value(self));
  return call(thread, Value(type), Value(self), TRY(int_from_i64(thread, self->maxlen_.get())));
}

// ---------------------------------------------------------------------------------------------------------------- both ends

Result<void> deque_append(Thread& thread, Deque* self, Value v) { return push_right(thread, self, v); }
Result<void> deque_appendleft(Thread& thread, Deque* self, Value v) { return push_left(thread, self, v); }

Result<Value> deque_pop(Thread& thread, Deque* self) {
  CriticalSection guard(thread, self);
  if (self->length_ == 0) return raise_index_error(thread, "pop from an empty deque");
  Value v = self->ring_->at(self->slot(self->length_ - 1));
  ++self->changes_;
  drop_right(self);
  return v;
}

Result<Value> deque_popleft(Thread& thread, Deque* self) {
  CriticalSection guard(thread, self);
  if (self->length_ == 0) return raise_index_error(thread, "pop from an empty deque");
  Value v = self->ring_->at(self->head_);
  ++self->changes_;
  drop_left(self);
  return v;
}

Result<void> deque_extend(Thread& thread, Deque* self, Value iterable) { return extend_right(thread, self, iterable); }

Result<void> deque_extendleft(Thread& thread, Deque* self, Value iterable) {
  Value items = TRY(items_at_once(thread, self, iterable));
  if (is_exact<Tuple>(items) || items != iterable) return push_at_once<push_left_locked>(thread, self, items);
  Value iterator = TRY(get_iter(thread, iterable));
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return ok;
    TRY(push_left(thread, self, v));
  }
}

Result<void> deque_clear(Thread& thread, Deque* self) {
  clear_all(thread, self);
  return ok;
}

Result<void> deque_rotate(Thread& thread, Deque* self, Index n) {
  CriticalSection guard(thread, self);
  Index length = self->length_;
  if (length <= 1) return ok;
  ++self->changes_;
  n %= length;
  if (n < 0) n += length;
  ValueArray* ring = self->ring_.get();
  if (length == ring->capacity()) {  // full ring: turning is moving the head
    self->head_ = self->slot(length - n);
    return ok;
  }
  if (n <= length / 2) {
    for (; n > 0; --n) come_left_go_right(self, ring->at(self->slot(length - 1)));
  } else {
    for (n = length - n; n > 0; --n) come_right_go_left(self, ring->at(self->head_));
  }
  return ok;
}

Result<void> deque_reverse(Thread& thread, Deque* self) {
  CriticalSection guard(thread, self);
  for (Index i = 0, j = self->length_ - 1; i < j; ++i, --j) {
    ValueArray* ring = self->ring_.get();
    Value low = ring->at(self->slot(i)), high = ring->at(self->slot(j));
    ring->set_at(self->slot(i), high);
    ring->set_at(self->slot(j), low);
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- items

Result<Index> deque_len(Thread& thread, Deque* self) { return self->length(); }

// As given: what is counted from the right is resolved under the lock.
Result<Index> item_index(Thread& thread, Value key) {
  if (!has_index(key)) return raise_type_error(thread, "sequence index must be integer, not '{!t}'", key);
  return to_index_checked(thread, key);
}

Result<Value> deque_getitem(Thread& thread, Deque* self, Value key) {
  Value v = item_at(thread, self, TRY(item_index(thread, key)));
  if (v.is_absent()) return raise_index_error(thread, "deque index out of range");
  return v;
}

Result<void> deque_setitem(Thread& thread, Deque* self, Value key, Value value) {
  Index i = TRY(item_index(thread, key));
  CriticalSection guard(thread, self);
  if (i < 0) i += self->length_;
  if (static_cast<u64>(i) >= static_cast<u64>(self->length_)) return raise_index_error(thread, "deque index out of range");
  self->ring_->set_at(self->slot(i), value);
  return ok;
}

Result<void> deque_delitem(Thread& thread, Deque* self, Value key) {
  Index i = TRY(item_index(thread, key));
  if (!remove_at(thread, self, i)) return raise_index_error(thread, "deque index out of range");
  return ok;
}

// What is nearer to one of the ends moves by a place.
Result<void> deque_insert(Thread& thread, Deque* self, Index i, Value v) {
  CriticalSection guard(thread, self);
  Index n = self->length_;
  if (self->maxlen_ >= 0 && n >= self->maxlen_) return raise_index_error(thread, "deque already at its maximum size");
  if (i >= n) return push_right_locked(thread, self, v);
  if (i <= -n || i == 0) return push_left_locked(thread, self, v);
  if (i < 0) i += n;
  bool is_left = i < n / 2;
  TRY(is_left ? push_left_locked(thread, self, v) : push_right_locked(thread, self, v));
  if (is_left)
    move_left(self, 1, i + 1);
  else
    move_right(self, i, n);
  self->ring_->set_at(self->slot(i), v);
  return ok;
}

Result<bool> deque_contains(Thread& thread, Deque* self, Value key) {
  u64 changes = self->changes_;
  List* whole = objects_are_locked() ? TRY(snapshot(thread, self)) : nullptr;  // at one moment
  for (Index i = 0, n = (whole ? whole->length() : self->length()); i < n; ++i) {
    Value v = whole ? whole->try_at(i) : item_at(thread, self, i);
    if (v.is_absent()) break;
    if (TRY(same_or_equal(thread, v, key))) return true;
    if (!whole && changes != self->changes_) return raise_runtime_error(thread, "deque mutated during iteration");
  }
  return false;
}

Result<Index> deque_count(Thread& thread, Deque* self, Value value) {
  u64 changes = self->changes_;
  List* whole = objects_are_locked() ? TRY(snapshot(thread, self)) : nullptr;  // at one moment
  Index found = 0;
  for (Index i = 0, n = (whole ? whole->length() : self->length()); i < n; ++i) {
    Value v = whole ? whole->try_at(i) : item_at(thread, self, i);
    if (v.is_absent()) break;
    found += TRY(same_or_equal(thread, v, value));
    if (!whole && changes != self->changes_) return raise_runtime_error(thread, "deque mutated during iteration");
  }
  return found;
}

Result<Index> deque_index(Thread& thread, Deque* self, Value value, Optional<Value> start, Optional<Value> stop) {
  Index from = start.has_value() ? TRY(slice_bound(thread, start.value)) : 0;
  Index to = stop.has_value() ? TRY(slice_bound(thread, stop.value)) : kMaxIndex;
  u64 changes = self->changes_;
  List* whole = objects_are_locked() ? TRY(snapshot(thread, self)) : nullptr;  // at one moment
  clip_bounds(whole ? whole->length() : self->length(), &from, &to);
  for (Index i = from; i < to; ++i) {
    Value v = whole ? whole->try_at(i) : item_at(thread, self, i);
    if (v.is_absent()) break;
    if (TRY(same_or_equal(thread, v, value))) return i;
    if (!whole && changes != self->changes_) return raise_runtime_error(thread, "deque mutated during iteration");
  }
  return raise_value_error(thread, "{!r} is not in deque", value);
}

// Removes the first item equal to the value in one step. Unknown: a comparison takes a call.
PlainEqual remove_at_once(Thread& thread, Deque* self, Value value) {
  CriticalSection guard(thread, self);
  for (Index i = 0; i < self->length_; ++i) {
    PlainEqual equal = plain_equal(self->ring_->at(self->slot(i)), value);
    if (equal == PlainEqual::Yes) remove_at_locked(self, i);
    if (equal != PlainEqual::No) return equal;
  }
  return PlainEqual::No;
}

Result<void> deque_remove(Thread& thread, Deque* self, Value value) {
  PlainEqual known = objects_are_locked() ? remove_at_once(thread, self, value) : PlainEqual::Unknown;
  if (known == PlainEqual::Yes) return ok;
  if (known == PlainEqual::No) return raise_value_error(thread, "{!r} is not in deque", value);
  u64 changes = self->changes_;
  for (Index i = 0, n = self->length(); i < n; ++i) {
    Value v = item_at(thread, self, i);
    if (v.is_absent()) break;
    bool equal = TRY(same_or_equal(thread, v, value));
    if (changes != self->changes_) return raise_index_error(thread, "deque mutated during iteration");
    if (equal) {
      remove_at(thread, self, i);
      return ok;
    }
  }
  return raise_value_error(thread, "{!r} is not in deque", value);
}

// ---------------------------------------------------------------------------------------------------------------- whole deques

Result<Str*> deque_repr(Thread& thread, Deque* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "[...]");
  Result<List*> items = snapshot(thread, self);
  Result<Str*> text = items.is_failed() ? Result<Str*>(failed) : repr(thread, Value(items.value()));
  repr_leave(thread, Value(self));
  Str* shown = TRY(text);
  if (self->maxlen_ >= 0) return format_message(thread, "{}({}, maxlen={})", type_name(Value(self)), shown, self->maxlen_.get());
  return format_message(thread, "{}({})", type_name(Value(self)), shown);
}

template <CompareOp op>
Result<Value> deque_compare(Thread& thread, Deque* self, Value value) {
  Deque* other = cast<Deque>(value);
  if (!other) return kNotImplemented;
  Index n = self->length(), m = other->length();
  if (op == CompareOp::Eq && (self == other || n != m)) return Value::of_bool(self == other);
  if (op == CompareOp::Ne && (self == other || n != m)) return Value::of_bool(self != other);
  TRY(check_native_depth(thread, " in comparison"));
  Steps left(TRY(get_whole_iter(thread, Value(self)))), right(TRY(get_whole_iter(thread, value)));
  for (;;) {
    Value a = TRY(left.next(thread)), b = TRY(right.next(thread));
    if (a == kExhausted || b == kExhausted) return Value::of_bool(compare_indexes(op, a != kExhausted, b != kExhausted));
    if (TRY(same_or_equal(thread, a, b))) continue;
    if (op == CompareOp::Eq) return kFalse;
    if (op == CompareOp::Ne) return kTrue;
    return rich_compare(thread, op, a, b);
  }
}

Result<Value> deque_add(Thread& thread, Deque* self, Value value) {
  if (!is<Deque>(value)) return raise_type_error(thread, "can only concatenate deque (not \"{!t}\") to deque", value);
  Value made = TRY(copy_of(thread, self));
  TRY(call_method(thread, made, names.extend, value));
  return made;
}

Result<Value> deque_iadd(Thread& thread, Deque* self, Value value) {
  TRY(extend_right(thread, self, value));
  return Value(self);
}

Result<Value> deque_imul(Thread& thread, Deque* self, Value value) {
  Index times = TRY(to_index_checked(thread, value, exceptions.OverflowError)), n = self->length(), total;
  if (n == 0 || times == 1) return Value(self);
  if (times <= 0) {
    clear_all(thread, self);
    return Value(self);
  }
  if (__builtin_mul_overflow(n, times, &total)) return raise_memory_error(thread);
  if (self->maxlen_ >= 0 && total > self->maxlen_ + n) {  // what falls out on the left need not be made
    times = (self->maxlen_ + n - 1) / n + 1;
    total = times * n;
  }
  List* items = TRY(snapshot(thread, self));
  n = items->length();
  for (Index at = n; at < total; at += n) {
    for (Index i = 0; i < n; ++i) TRY(push_right(thread, self, items->try_at(i)));
  }
  return Value(self);
}

Result<Value> deque_mul(Thread& thread, Deque* self, Value value) {
  return deque_imul(thread, TRY(copy_of(thread, self)).as<Deque>(), value);
}

Result<Value> deque_reduce(Thread& thread, Deque* self) {
  Value state = TRY(call_method(thread, Value(self), names.dunder_getstate));
  Value iterator = TRY(get_shared_iter(thread, TRY(at_this_moment(thread, Value(self)))));
  Value arguments(empty_tuple());
  if (self->maxlen_ >= 0)
    arguments = Value(TRY(tuple_of(thread, Value(empty_tuple()), TRY(int_from_i64(thread, self->maxlen_.get())))));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), arguments, state, iterator));
}

Result<Index> deque_sizeof(Thread& thread, Deque* self) {
  return static_cast<Index>(sizeof(Deque)) + (self->ring_.get() ? self->ring_->capacity() * 8 : 0);
}

Result<Value> deque_maxlen(Thread& thread, Value self) {
  Index maxlen = self.as<Deque>()->maxlen_;
  return maxlen < 0 ? kNone : TRY(int_from_i64(thread, maxlen));
}

// ---------------------------------------------------------------------------------------------------------------- iterators

// position_: items gone by; aux_: items left; extra_: the deque's change count.
Result<Value> make_deque_iterator(Thread& thread, Deque* deque, TypeDef& def) {
  Iterator* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, def)), Value(deque), Index{0},
                                       Value::of_small_int(static_cast<i64>(deque->changes_))));
  it->aux_ = deque->length();
  it->set_form(IteratorForm::Native);
  return Value(it);
}
Result<Value> deque_iter(Thread& thread, Deque* self) { return make_deque_iterator(thread, self, deque_iterator_def); }
Result<Value> deque_reversed(Thread& thread, Deque* self) {
  return make_deque_iterator(thread, self, deque_reverse_iterator_def);
}

BATON_NOINLINE Failed raise_mutated(Thread& thread, Iterator* self) {
  self->aux_ = 0;
  return raise_runtime_error(thread, "deque mutated during iteration");
}

// Where other threads may change the deque at any time.
template <bool reverse>
BATON_NOINLINE Result<Value> next_locked(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Index left = self->aux_, position = self->position_;
  if (left <= 0) return kExhausted;
  Value v = item_at(thread, self->source().as<Deque>(), reverse ? left - 1 : position);
  if (v.is_absent()) return kExhausted;
  self->position_ = position + 1;
  self->aux_ = left - 1;
  return v;
}

template <bool reverse>
BATON_ALWAYS_INLINE Result<Value> deque_iterator_next(Thread& thread, Iterator* self) {
  Deque* deque = self->source().as<Deque>();
  if (self->extra_.get() != Value::of_small_int(static_cast<i64>(deque->changes_))) return raise_mutated(thread, self);
  Index left = self->aux_, position = self->position_;
  if (left <= 0) return kExhausted;
  if (objects_are_locked()) return next_locked<reverse>(thread, self);
  self->position_ = position + 1;
  self->aux_ = left - 1;
  return deque->ring_->at(deque->slot(reverse ? left - 1 : position));  // as many items as when it began
}

Result<Index> deque_iterator_length_hint(Thread& thread, Iterator* self) { return self->aux_.get(); }

Result<Value> deque_iterator_reduce(Thread& thread, Iterator* self) {
  Index gone = self->source().as<Deque>()->length() - self->aux_;
  return TRY(
      tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, self->source(), Value::of_small_int(gone))))));
}

template <bool reverse>
Result<Value> deque_iterator_new(Thread& thread, Type* type, Value deque, Index index) {
  TypeDef& def = reverse ? deque_reverse_iterator_def : deque_iterator_def;
  TRY(check_subtype(thread, type, def.type));
  if (!is<Deque>(deque))
    return raise_type_error(thread, "{}() argument 1 must be collections.deque, not {!t}", def.type->name(), deque);
  Value made = TRY(make_deque_iterator(thread, deque.as<Deque>(), def));
  for (Index i = 0; i < index; ++i) {
    if (TRY(deque_iterator_next<reverse>(thread, made.as<Iterator>())) == kExhausted) break;
  }
  return made;
}

Result<Value> return_self(Thread& thread, Value self) { return self; }

#define DEQUE_ITERATOR(id, text, reverse)                                                                                        \
  constinit NativeDef id##_methods[] = {                                                                                         \
      native<deque_iterator_new<reverse>>("__new__(type, deque, index=0, /)",                                                    \
                                          "Make an instance; the class's own help describes the arguments."),                    \
      native<return_self>("__iter__($self, /)", "Implement iter(self)."),                                                        \
      native<deque_iterator_next<reverse>>("__next__($self, /)", "Implement next(self)."),                                       \
      native<deque_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."), \
      native<deque_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),                           \
  };                                                                                                                             \
  constinit TypeDef id##_def = {.name = text,                                                                                    \
                                .kind = kKindIterator,                                                                           \
                                .payload_size = sizeof(Iterator),                                                                \
                                .methods = id##_methods,                                                                         \
                                .method_count = count_of(id##_methods),                                                          \
                                .kind_info = kind_info_of<Iterator>("iterator")};
DEQUE_ITERATOR(deque_iterator, "_collections._deque_iterator", false)
DEQUE_ITERATOR(deque_reverse_iterator, "_collections._deque_reverse_iterator", true)
#undef DEQUE_ITERATOR

constinit GetSetDef deque_getsets[] = {{"maxlen", deque_maxlen, nullptr, "maximum size of a deque or None if unbounded"}};
constinit NativeDef deque_methods[] = {
    native_raw(deque_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<deque_init>("__init__($self, iterable=<unrepresentable>, maxlen=None)",
                       "Set up a new instance from the arguments its class documents."),
    native<deque_repr>("__repr__($self, /)", "Return repr(self)."),
    native<deque_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<deque_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<deque_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<deque_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<deque_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<deque_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<deque_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<deque_len>("__len__($self, /)", "Return len(self)."),
    native<deque_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<deque_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<deque_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<deque_add>("__add__($self, value, /)", "Return self+value."),
    native<deque_mul>("__mul__($self, value, /)", "Return self*value."),
    native<deque_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<deque_iadd>("__iadd__($self, value, /)", "Implement self+=value."),
    native<deque_imul>("__imul__($self, value, /)", "Implement self*=value."),
    native<deque_contains>("__contains__($self, key, /)", "Return key in self."),
    native<deque_append>("append($self, object, /)", "Add an element to the right side of the deque."),
    native<deque_appendleft>("appendleft($self, object, /)", "Add an element to the left side of the deque."),
    native<deque_clear>("clear($self, /)", "Remove all elements from the deque."),
    native<copy_of>("__copy__($self, /)", "Return a shallow copy of a deque."),
    native<copy_of>("copy($self, /)", "Return a shallow copy of a deque."),
    native<deque_count>("count($self, value, /)", "D.count(value) -- return number of occurrences of value"),
    native<deque_extend>("extend($self, iterable, /)", "Append each item that iterable yields, in order, at the right end."),
    native<deque_extendleft>(
        "extendleft($self, iterable, /)",
        "Append each item that iterable yields at the left end, one by one.\n\nThe items therefore end up in reverse order."),
    native_tuple<deque_index>(
        "index($self, value, start=0, stop=sys.maxsize, /)",
        "D.index(value, [start, [stop]]) -> int\n\nPosition of the first item equal to value, looking only at "
        "positions from\nstart up to, but not including, stop. ValueError if there is none."),
    native_tuple<deque_insert>("insert($self, index, object, /)", "D.insert(index, object) -- insert object before index"),
    native<deque_pop>("pop($self, /)", "Remove and return the rightmost element."),
    native<deque_popleft>("popleft($self, /)", "Remove and return the leftmost element."),
    native<deque_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<deque_remove>("remove($self, value, /)", "D.remove(value) -- remove first occurrence of value."),
    native<deque_reversed>("__reversed__($self, /)", "D.__reversed__() -- return a reverse iterator over the deque"),
    native<deque_reverse>("reverse($self, /)", "D.reverse() -- reverse *IN PLACE*"),
    native<deque_rotate>(
        "rotate($self, n=1, /)",
        "Move n items, one by default, from the right end round to the left.\n\nA negative n moves items the other way."),
    native<deque_sizeof>("__sizeof__($self, /)", "D.__sizeof__() -- size of D in memory, in bytes"),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef deque_def = {
    .name = "collections.deque",
    .doc =
        "deque([iterable[, maxlen]]) --> deque object\n\nA double-ended queue: adding and removing is fast at both ends.\n\nIt "
        "starts with the items of iterable. Given a maxlen, a full deque drops an\nitem from one end for each item added at the "
        "other.",
    .dynamic_kind = &DynamicKind<Deque>::value,
    .payload_size = sizeof(Deque),
    .flags = kTypeSubclassable | kTypeSequence | kTypeWeakrefable,
    .methods = deque_methods,
    .method_count = count_of(deque_methods),
    .getsets = deque_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<Deque>("deque"),
};

// ---------------------------------------------------------------------------------------------------------------- defaultdict

Field<Value>& factory_of(Dict* self) { return tail_of(self)->slots()[0]; }
Value factory_value(Dict* self) {
  Value v = factory_of(self).get();
  return v.is_absent() ? kNone : v;
}

Result<void> finish_default_dict(Thread& thread, Type* type) {
  type->instance_kind_ = kKindDict | kSubclassBit;
  type->tail_offset_ = sizeof(Dict);
  type->member_slots_ = 1;
  return ok;
}

Result<Value> default_dict_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return make_of<Dict>(thread, TRY(check_new_type(thread, args, n, default_dict_def.type)));
}

Result<Value> default_dict_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is_instance_of_type(args[0], default_dict_def.type))
    return raise_self_type_error(thread, def, n ? args[0] : kNone);
  Dict* self = args[0].as<Dict>();
  Value factory = n > 1 ? args[1] : kNone;
  if (!factory.is_none() && !is_callable(factory)) return raise_type_error(thread, "first argument must be callable or None");
  factory_of(self).set(self, factory);
  TRY(dict_update_from_call(thread, "dict", self, args + (n > 1 ? 2 : 1), n > 1 ? n - 2 : 0, kwnames));
  return kNone;
}

Result<Value> default_dict_missing(Thread& thread, Dict* self, Value key) {
  Value factory = factory_value(self);
  if (factory.is_none()) return raise_key_error(thread, key);
  Value value = TRY(call(thread, factory));
  // With a GIL nobody comes between the look-up and here if no Python code runs: the first one's value is everybody's.
  bool is_one_step =
      is_exact<Type>(factory) && !factory.as<Type>()->has_flag(kTypeHeap) && !type_of(Value(self))->has_flag(kTypeHeap);
  if (is_one_step && objects_are_locked()) return dict_set_default(thread, self, key, value);
  TRY(set_item(thread, Value(self), key, value));
  return value;
}

Result<Value> default_dict_copy(Thread& thread, Dict* self) {
  return call(thread, Value(type_of(Value(self))), factory_value(self), Value(self));
}

Result<Value> default_dict_reduce(Thread& thread, Dict* self) {
  Value factory = factory_value(self);
  Value arguments = factory.is_none() ? Value(empty_tuple()) : Value(TRY(tuple_of(thread, factory)));
  Value items = TRY(get_shared_iter(thread, TRY(at_this_moment(thread, TRY(call_method(thread, Value(self), names.items))))));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), arguments, kNone, kNone, items));
}

Result<Str*> default_dict_repr(Thread& thread, Dict* self) {
  Str* base = TRY(dict_repr(thread, self));
  Value factory = factory_value(self);
  if (factory.is_none()) return format_message(thread, "{}(None, {})", type_name(Value(self)), base);
  if (TRY(repr_enter(thread, factory))) return format_message(thread, "{}(..., {})", type_name(Value(self)), base);
  Result<Str*> shown = repr(thread, factory);
  repr_leave(thread, factory);
  return format_message(thread, "{}({}, {})", type_name(Value(self)), TRY(shown), base);
}

Result<Value> default_dict_merge(Thread& thread, Dict* self, Value left, Value right) {
  Value made = TRY(call(thread, Value(type_of(Value(self))), factory_value(self), left));
  TRY(dict_update_from(thread, made.as<Dict>(), right));
  return made;
}
Result<Value> default_dict_or(Thread& thread, Dict* self, Value other) {
  return is<Dict>(other) ? default_dict_merge(thread, self, Value(self), other) : Result<Value>(kNotImplemented);
}
Result<Value> default_dict_ror(Thread& thread, Dict* self, Value other) {
  if (!is<Dict>(other)) return kNotImplemented;
  // The factory comes from the left one if that is of the same kind.
  Dict* model = type_of(other)->is_subtype_of(default_dict_def.type) ? other.as<Dict>() : self;
  return default_dict_merge(thread, model, other, Value(self));
}

Result<Value> get_factory(Thread& thread, Value self) { return factory_value(self.as<Dict>()); }
Result<void> set_factory(Thread& thread, Value self, Value v) {
  factory_of(self.as<Dict>()).set(self.cell(), v.is_absent() ? kNone : v);
  return ok;
}

constinit GetSetDef default_dict_getsets[] = {
    {"default_factory", get_factory, set_factory, "Factory for default value called by __missing__().", true}};
constinit NativeDef default_dict_methods[] = {
    native_raw(default_dict_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(default_dict_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<default_dict_repr>("__repr__($self, /)", "Return repr(self)."),
    native<default_dict_or>("__or__($self, value, /)", "Return self|value."),
    native<default_dict_ror>("__ror__($self, value, /)", "Return value|self."),
    native<default_dict_missing>(
        "__missing__($self, key, /)",
        "__missing__(key) -> value\n\nSupply the value of a key that d[key] did not find.\n\nCalls default_factory(), stores "
        "what it returns under key and returns it.\nIf default_factory is None, KeyError is raised with key as its argument."),
    native<default_dict_copy>("copy($self, /)", "D.copy() -> a shallow copy of D."),
    native<default_dict_copy>("__copy__($self, /)", "D.copy() -> a shallow copy of D."),
    native<default_dict_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef default_dict_def = {
    .name = "collections.defaultdict",
    .doc =
        "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nA dict that makes up values for keys it "
        "lacks.\n\nLooking up a missing key as d[key] calls default_factory(), stores the\nresult under the key and returns it; "
        "get() and other methods never do so.\nWith None as the factory, KeyError is raised as usual. Any other arguments,\nby "
        "position or keyword, go to dict(). In comparisons only the items count,\nso a plain dict can be equal.",
    .base = &dict_def,
    .flags = kTypeSubclassable | kTypeMapping,
    .methods = default_dict_methods,
    .method_count = count_of(default_dict_methods),
    .getsets = default_dict_getsets,
    .getset_count = 1,
    .finish = finish_default_dict,
};

// ---------------------------------------------------------------------------------------------------------------- _tuplegetter

Result<Value> tuple_getter_new(Thread& thread, Type* type, Index index, Value doc) {
  TRY(check_subtype(thread, type, tuple_getter_def.type));
  return make_of<TupleGetter>(thread, type, index, doc);
}

Result<Value> tuple_getter_get(Thread& thread, TupleGetter* self, Value instance, Value owner) {
  if (instance.is_none()) return Value(self);
  Tuple* tuple = cast<Tuple>(instance);
  if (!tuple)
    return raise_type_error(thread, "descriptor for index '{}' for tuple subclasses doesn't apply to '{!t}' object", self->index_,
                            instance);
  if (self->index_ < 0 || self->index_ >= tuple->length()) return raise_index_error(thread, "tuple index out of range");
  return tuple->at(self->index_);
}

Result<void> tuple_getter_set(Thread& thread, TupleGetter* self, Value instance, Value value) {
  return raise_attribute_error_text(thread, "can't set attribute");
}
Result<void> tuple_getter_delete(Thread& thread, TupleGetter* self, Value instance) {
  return raise_attribute_error_text(thread, "can't delete attribute");
}

Result<Value> tuple_getter_reduce(Thread& thread, TupleGetter* self) {
  return TRY(tuple_of(thread, Value(type_of(Value(self))),
                      Value(TRY(tuple_of(thread, TRY(int_from_i64(thread, self->index_)), self->doc_.get())))));
}
Result<Str*> tuple_getter_repr(Thread& thread, TupleGetter* self) {
  return format_message(thread, "_tuplegetter({}, {!r})", self->index_, self->doc_.get());
}

Result<Value> get_getter_doc(Thread& thread, Value self) { return self.as<TupleGetter>()->doc_.get(); }
Result<void> set_getter_doc(Thread& thread, Value self, Value v) {
  self.as<TupleGetter>()->doc_.set(self.cell(), v.is_absent() ? kNone : v);
  return ok;
}
constinit GetSetDef getter_doc = {"__doc__", get_getter_doc, set_getter_doc, nullptr, true};

Result<void> finish_tuple_getter(Thread& thread, Type* type) {
  GetSet* getset = TRY(make<GetSet>(thread, &getter_doc, type));
  getset->set_shape_id(types.member_descriptor->instance_shape()->id());
  TRY(dict_set_str(thread, type->dict(), names.dunder_doc, Value(getset)));
  type_modified(thread, type);
  return ok;
}

constinit NativeDef tuple_getter_methods[] = {
    native<tuple_getter_new>("__new__(type, index, doc, /)", "Make an instance; the class's own help describes the arguments."),
    native<tuple_getter_repr>("__repr__($self, /)", "Return repr(self)."),
    native<tuple_getter_get>("__get__($self, instance, owner=None, /)",
                             "Return an attribute of instance, which is of type owner."),
    native<tuple_getter_set>("__set__($self, instance, value, /)", "Set an attribute of instance to value."),
    native<tuple_getter_delete>("__delete__($self, instance, /)", "Delete an attribute of instance."),
    native<tuple_getter_reduce>("__reduce__($self, /)"),
};
constinit TypeDef tuple_getter_def = {
    .name = "_collections._tuplegetter",
    .dynamic_kind = &DynamicKind<TupleGetter>::value,
    .payload_size = sizeof(TupleGetter),
    .methods = tuple_getter_methods,
    .method_count = count_of(tuple_getter_methods),
    .kind_info = kind_info_of<TupleGetter>("_tuplegetter"),
    .finish = finish_tuple_getter,
};

// ----------------------------------------------------------------------------------------------------------------
// _count_elements

Result<Value> count_elements(Thread& thread, Value mapping, Value iterable) {
  Steps steps(TRY(get_whole_iter(thread, iterable)));
  Value one = Value::of_small_int(1);
  Type* type = type_of(mapping);
  Str* get_name = names.get;
  bool direct = is<Dict>(mapping) && type_lookup(type, get_name) == type_lookup(types.dict, get_name) &&
                type->slot(Slot::setitem) == types.dict->slot(Slot::setitem);
  Value get = direct ? Value() : TRY(get_attr(thread, mapping, get_name));
  for (;;) {
    Value key = TRY(steps.next(thread));
    if (key == kExhausted) return kNone;
    if (direct) {
      TRY(dict_count(thread, mapping.as<Dict>(), key));
    } else {
      Value old = TRY(call(thread, get, key, Value::of_small_int(0)));
      TRY(set_item(thread, mapping, key, TRY(binary_op(thread, BinaryOp::Add, old, one))));
    }
  }
}

constinit NativeDef functions[] = {
    native<count_elements>("_count_elements($module, mapping, iterable, /)",
                           "Count elements in the iterable, updating the mapping"),
};
TypeDef* const exported[] = {&deque_def,          &default_dict_def,           &ordered_dict_def,
                             &deque_iterator_def, &deque_reverse_iterator_def, &tuple_getter_def};

Result<void> collections_exec(Thread&, Module*) {
  if (!whole_list_of(deque_def.type))
    register_whole_list(deque_def.type, [](Thread& t, Value v) { return snapshot(t, v.as<Deque>()); });
  return ok;
}

}  // namespace

bool is_exact_deque(Value v) { return is_exact<Deque>(v); }
Result<void> append_to_deque(Thread& thread, Value deque, Value v) { return push_right(thread, deque.as<Deque>(), v); }

constinit ModuleDef collections_module = {
    .name = "_collections",
    .doc =
        "Native container types behind the collections module.\n\n- deque: a sequence that grows and shrinks quickly at either "
        "end\n- defaultdict: a dict that calls a factory to fill in missing keys\n- OrderedDict: a dict whose items can be "
        "reordered",
    .functions = functions,
    .function_count = count_of(functions),
    .types = exported,
    .type_count = sizeof(exported) / sizeof(*exported),
    .exec = collections_exec,
};

}  // namespace baton
