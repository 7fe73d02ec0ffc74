// list: a length and a storage array of Values.
//
// Writers hold the list's CriticalSection; readers take no lock: they check the index against the length, then against the array
// they loaded, and treat an absent item as "shrunk meanwhile". Slots at and beyond the length are absent. Growth installs a new
// array; moves inside one array are single stores, each with its barrier, where others may read meanwhile.
// Sorting is in list_sort.cpp.
#include "objects/list.h"

#include <algorithm>
#include <cstring>

#include "objects/at_this_moment.h"
#include "objects/bytes.h"
#include "objects/dict_views.h"
#include "objects/iterators_inline.h"
#include "objects/list_inline.h"
#include "objects/memoryview.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/whole_list.h"

namespace baton {

extern TypeDef list_reverse_iterator_def;

static Index grown_capacity(Index n) { return (n + (n >> 3) + 6) & ~Index{3}; }

// Room for a list that grows item by item: the arrays left behind are garbage and copying, so small ones double.
static Index capacity_beyond(Index n) { return n < 4 ? 4 : n < 256 ? n * 2 : grown_capacity(n + (n >> 2)); }

// ---------------------------------------------------------------------------------------------------------------- making

Result<List*> make_list_with_capacity(Thread& thread, Index capacity) {
  ValueArray* storage = capacity ? TRY(make_value_array(thread, capacity)) : nullptr;
  List* list = TRY(make<List>(thread));
  if (storage) list->storage_.set(list, storage);
  return list;
}

Result<List*> make_list(Thread& thread, const Value* items, Index n) {
  if (n == 0) return make<List>(thread);
  ValueArray* storage = TRY(make_value_array(thread, n));
  for (Index i = 0; i < n; ++i) storage->slots()[i].init(items ? items[i] : kNone);
  List* list = TRY(make<List>(thread));
  list->storage_.set(list, storage);
  list->length_ = n;
  return list;
}

// A new array with room for `capacity` and the first `keep` items; not installed.
static Result<ValueArray*> copied_storage(Thread& thread, List* self, Index keep, Index capacity) {
  ValueArray* fresh = TRY(make_value_array(thread, capacity));
  ValueArray* storage = self->storage();
  // Nobody writes to the old array meanwhile, nobody knows the new one.
  if (keep > 0) memcpy(static_cast<void*>(fresh->slots()), storage->slots(), static_cast<usize>(keep) * sizeof(Value));
  return fresh;
}

// Under the list's lock.
static Result<void> ensure_capacity(Thread& thread, List* self, Index wanted) {
  ValueArray* storage = self->storage();
  if (storage && storage->capacity() >= wanted) return ok;
  self->storage_.set(self, TRY(copied_storage(thread, self, self->length_, grown_capacity(wanted))));
  return ok;
}

Result<void> list_append_grow(Thread& thread, List* self, Value item) {
  ValueArray* storage = TRY(copied_storage(thread, self, self->length_, capacity_beyond(self->length_)));
  storage->set_at(self->length_, item);
  self->storage_.set(self, storage);
  list_set_length(self, self->length_ + 1);
  return ok;
}

Result<void> list_append(Thread& thread, List* self, Value item) { return list_append_inline(thread, self, item); }

// Shortens to n items: under the list's lock. Gives memory back when most of it is unused.
static void truncate(Thread& thread, List* self, Index n) {
  ValueArray* storage = self->storage();
  Index old = self->length_;
  list_set_length(self, n);
  if (!storage) return;
  if (n == 0 && storage->capacity() > 64) {
    self->storage_.clear();
    return;
  }
  for (Index i = n; i < old; ++i) storage->slots()[i].clear();
  if (storage->capacity() > 64 && n < storage->capacity() / 4) {
    Result<ValueArray*> smaller = copied_storage(thread, self, n, grown_capacity(n));
    if (smaller.is_failed())
      thread.clear_pending();  // keeping the larger array is fine
    else
      self->storage_.set(self, smaller.value());
  }
}

// Moves items [start, end) of a list's storage by `delta` places; the caller has made room and holds the lock.
static void move_items(ValueArray* storage, Index start, Index end, Index delta) {
  if (start >= end) return;
  if (!objects_are_locked()) {  // nobody reads meanwhile
    memmove(static_cast<void*>(storage->slots() + start + delta), storage->slots() + start,
            static_cast<usize>(end - start) * sizeof(Value));
    return remember_cell(storage);
  }
  if (delta > 0)
    for (Index i = end - 1; i >= start; --i) storage->set_at(i + delta, storage->at(i));
  else
    for (Index i = start; i < end; ++i) storage->set_at(i + delta, storage->at(i));
}

// Under the list's lock.
static Result<void> replace_range(Thread& thread, List* self, Index start, Index stop, const Value* items, Index n) {
  Index length = self->length_;
  if (start > length) start = length;
  if (stop > length) stop = length;
  if (stop < start) stop = start;
  Index delta = n - (stop - start);
  if (delta > 0) {
    if (length > kMaxIndex - delta) return raise_memory_error(thread);
    TRY(ensure_capacity(thread, self, length + delta));
    move_items(self->storage(), stop, length, delta);
  } else if (delta < 0) {
    move_items(self->storage(), stop, length, delta);
  }
  if (n) {
    ValueArray* storage = self->storage();
    for (Index i = 0; i < n; ++i) storage->set_at(start + i, items[i]);
  }
  if (delta < 0)
    truncate(thread, self, length + delta);
  else
    list_set_length(self, length + delta);
  return ok;
}

Result<void> list_replace_range(Thread& thread, List* self, Index start, Index stop, const Value* items, Index n) {
  CriticalSection guard(thread, self);
  return replace_range(thread, self, start, stop, items, n);
}

Result<bool> list_remove_identical(Thread& thread, List* self, Value item) {
  CriticalSection guard(thread, self);
  Index i = 0, n = self->length_;
  while (i < n && self->storage()->at(i) != item) ++i;
  if (i == n) return false;
  TRY(replace_range(thread, self, i, i + 1, nullptr, 0));
  return true;
}

void list_clear_all(Thread& thread, List* self) {
  CriticalSection guard(thread, self);
  list_set_length(self, 0);
  self->storage_.clear();
}

Result<void> list_insert_at(Thread& thread, List* self, Index i, Value item) {
  if (i < 0) i += self->length();
  if (i < 0) i = 0;
  return list_replace_range(thread, self, i, i, &item, 1);
}

Value list_pop_last(Thread& thread, List* self) {
  CriticalSection guard(thread, self);
  return list_pop_last_locked(thread, self);
}

Value list_pop_last_locked(Thread& thread, List* self) {
  Index n = self->length_;
  if (n == 0) return Value();
  Value item = self->storage()->at(n - 1);
  truncate(thread, self, n - 1);
  return item;
}

Result<bool> list_try_set(Thread& thread, List* self, Index i, Value item) {
  CriticalSection guard(thread, self);
  if (static_cast<u64>(i) >= static_cast<u64>(self->length_)) return false;
  self->storage()->set_at(i, item);
  return true;
}

// Items [start, stop) of a list whose lock the caller holds, as many as there are; answers how many.
static Index copy_range(const List* self, Index start, Index stop, List* to, Index at) {
  if (stop > self->length_) stop = self->length_;
  const ValueArray* from = self->storage();
  for (Index i = start; i < stop; ++i) to->storage()->set_at(at++, from->at(i));
  return at;
}

// Under the list's lock: a thread that assigns to a slice overwrites items in place, and others shall not see half of it.
Result<List*> list_slice(Thread& thread, List* self, Index start, Index stop) {
  if (stop <= start) return make<List>(thread);
  List* made = TRY(make_list_with_capacity(thread, stop - start));
  CriticalSection guard(thread, self);
  made->length_ = copy_range(self, start, stop, made, 0);
  return made;
}

// Appends value_of(each item). The items stay where they are meanwhile.
template <class Item, class ValueOf>
static Result<void> extend_by(Thread& thread, List* self, const Item* items, Index n, ValueOf value_of) {
  if (n == 0) return ok;
  CriticalSection guard(thread, self);
  Index length = self->length_;
  if (length > kMaxIndex - n) return raise_memory_error(thread);
  TRY(ensure_capacity(thread, self, length + n));
  ValueArray* storage = self->storage();
  for (Index i = 0; i < n; ++i) storage->set_at(length + i, value_of(items[i]));
  list_set_length(self, length + n);
  return ok;
}

static Result<void> extend_from_array(Thread& thread, List* self, const Value* items, Index n) {
  return extend_by(thread, self, items, n, [](Value item) { return item; });
}
static Result<void> extend_from_bytes(Thread& thread, List* self, const u8* bytes, Index n) {
  return extend_by(thread, self, bytes, n, [](u8 byte) { return Value::of_small_int(byte); });
}

Result<void> list_append_times(Thread& thread, List* self, Value v, Index n) {
  CriticalSection guard(thread, self);
  Index length = self->length_;
  if (n <= 0) return ok;
  if (length > kMaxIndex - n) return raise_memory_error(thread);
  TRY(ensure_capacity(thread, self, length + n));
  ValueArray* storage = self->storage();
  for (Index i = 0; i < n; ++i) storage->set_at(length + i, v);
  list_set_length(self, length + n);
  return ok;
}

// What a dict, its keys or values, or a set holds goes into an empty list without an iterator. False: nothing was done.
static Result<bool> take_table(Thread& thread, List* self, Value iterable) {
  if (objects_are_locked() || self->length_ || !iterable.is_cell()) return false;
  Type* type = type_of(iterable);
  Dict* dict = nullptr;
  Set* set = nullptr;
  if (type == types.dict)
    dict = iterable.as<Dict>();
  else if (type == types.dict_keys || type == types.dict_values)
    dict = iterable.as<DictView>()->dict();
  else if (type == types.set || type == types.frozenset)
    set = iterable.as<Set>();
  else
    return false;
  Index n = dict ? dict->length() : set->length(), filled = 0;
  if (n == 0) return true;
  ValueArray* storage = TRY(make_value_array(thread, grown_capacity(n)));
  if (dict) {
    const DictTable* table = dict->table();
    const DictEntry* entries = table->entries();
    bool values = type == types.dict_values;
    for (u32 i = 0, count = table->entry_count(); i < count; ++i) {
      Value key = entries[i].key.get(), value = entries[i].value.get();
      if (value.is_absent() || key == kNotFound) continue;
      storage->slots()[filled++].init(values ? value : key);
    }
  } else {
    const SetTable* table = set->table();
    for (u64 i = 0; filled < n && i <= table->mask_; ++i) {
      Value key = table->entries()[i].key.get();
      if (key.is_present() && key != kSetRemoved) storage->slots()[filled++].init(key);
    }
  }
  self->storage_.set(self, storage);
  list_set_length(self, filled);
  return true;
}

// What is left of an iterator over a list or a tuple, or of one that has a loop of its own. False: nothing was done.
static Result<bool> take_rest(Thread& thread, List* self, Value iterable) {
  if (!iterable.is_cell() || objects_are_locked()) return false;
  if (ListFiller fill = list_filler_of(type_of(iterable))) {
    Result<bool> done = fill(thread, self, iterable);
    if (!done.is_failed() || exhausted_if_stopped(thread).is_failed()) return done;
    return true;  // a StopIteration out of what is called is an end like any other
  }
  if (!is_exact<Iterator>(iterable)) return false;
  auto* it = iterable.as<Iterator>();
  IteratorForm form = it->form();
  if (form == IteratorForm::Native) return reversed_dict_fill_list(thread, self, it);
  Value source = it->source();
  if (source.is_absent() || source == Value(self)) return false;
  Index from = it->position_;
  if (form == IteratorForm::Tuple || form == IteratorForm::List) {
    bool is_list = form == IteratorForm::List;
    Index n = (is_list ? source.as<List>()->length() : source.as<Tuple>()->length()) - from;
    if (n <= 0) return false;
    const Value* items =
        is_list ? reinterpret_cast<const Value*>(source.as<List>()->storage()->slots()) : source.as<Tuple>()->items();
    TRY(extend_from_array(thread, self, items + from, n));
    it->source_.clear();
    return true;
  }
  if (form != IteratorForm::ListReverse || from < 0 || from >= source.as<List>()->length()) return false;
  TRY(ensure_capacity(thread, self, self->length_ + from + 1));
  const ValueArray* items = source.as<List>()->storage();
  for (Index i = from; i >= 0; --i) TRY(list_append_locked(thread, self, items->at(i)));
  it->position_ = -1;
  it->source_.clear();
  return true;
}

Result<void> list_extend_from(Thread& thread, List* self, Value iterable) {
  if (is_exact<Tuple>(iterable))
    return extend_from_array(thread, self, iterable.as<Tuple>()->items(), iterable.as<Tuple>()->length());
  if (is_exact<List>(iterable) || iterable == Value(self)) {
    Tuple* snapshot = nullptr;  // a list may be extended by itself, or change under another thread
    List* other = iterable.as<List>();
    if (other != self && other->length() && !objects_are_locked())
      return extend_from_array(thread, self, reinterpret_cast<const Value*>(other->storage()->slots()), other->length());
    if (other->length() < 16) {
      Value items[16];
      Index n = 0;
      {
        CriticalSection guard(thread, other);
        for (; n < 16 && n < other->length_; ++n) items[n] = other->storage()->at(n);
        if (n < other->length_) n = -1;  // it has grown meanwhile
      }
      if (n >= 0) return extend_from_array(thread, self, items, n);
    }
    snapshot = TRY(list_to_tuple(thread, other));
    return extend_from_array(thread, self, snapshot->items(), snapshot->length());
  }
  if (is_exact<Str>(iterable)) {
    Str* text = iterable.as<Str>();
    {
      CriticalSection guard(thread, self);
      TRY(ensure_capacity(thread, self, self->length_ + text->length()));
    }
    Index i = 0;
    if (text->is_ascii()) {  // those that have been made already
      CriticalSection guard(thread, self);
      const char* units = text->ascii().data();
      ValueArray* storage = self->storage();
      Index at = self->length_, room = storage ? storage->capacity() - at : 0;
      for (Index n = text->length() < room ? text->length() : room; i < n; ++i) {
        Str* one = __atomic_load_n(&latin1_strings[static_cast<u8>(units[i])], __ATOMIC_ACQUIRE);
        if (!one) break;
        storage->set_at(at + i, Value(one));
      }
      list_set_length(self, at + i);
    }
    for (; i < text->length(); ++i) {
      u32 ch = text->at(i);
      Str* one = ch <= 0xFF ? __atomic_load_n(&latin1_strings[ch], __ATOMIC_ACQUIRE) : nullptr;
      TRY(list_append_inline(thread, self, one ? one : TRY(str_from_code_point(thread, ch))));
    }
    return ok;
  }
  if (is_exact<ByteArray>(iterable)) iterable = TRY(at_this_moment(thread, iterable));
  if (is_exact<Bytes>(iterable))
    return extend_from_bytes(thread, self, iterable.as<Bytes>()->data(), iterable.as<Bytes>()->length());
  if (is_exact<ByteArray>(iterable)) {
    KeepAlive keep(iterable.as<ByteArray>()->storage_.get());
    return extend_from_bytes(thread, self, iterable.as<ByteArray>()->data(), iterable.as<ByteArray>()->length());
  }
  WholeList make = whole_list_of(type_of(iterable));
  bool is_row = is<MemoryView>(iterable) && memoryview_is_row(iterable.as<MemoryView>());
  if (make || is_row) {
    // Nobody else's.
    List* whole = make ? TRY(make(thread, iterable)) : TRY(memoryview_tolist(thread, iterable.as<MemoryView>())).as<List>();
    if (whole->length() == 0) return ok;
    if (self->length() == 0 && !objects_are_locked()) {
      self->storage_.set(self, whole->storage());
      list_set_length(self, whole->length());
      return ok;
    }
    return extend_from_array(thread, self, reinterpret_cast<const Value*>(whole->storage()->slots()), whole->length());
  }
  if (TRY(take_rest(thread, self, iterable))) return ok;
  iterable = TRY(at_this_moment(thread, iterable));
  Value iterator = TRY(get_iter(thread, iterable));
  Index hint = TRY(length_hint(thread, iterable, 8));
  if (hint > 8 && hint <= (Index{1} << 24)) {
    CriticalSection guard(thread, self);
    if (self->length_ == 0) TRY(ensure_capacity(thread, self, hint));
  }
  for (Steps steps(iterator);;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) break;
    TRY(list_append_inline(thread, self, item));
  }
  ValueArray* storage = self->storage();
  if (storage && storage->capacity() > 64 && self->length() < storage->capacity() / 2) {  // the hint was too generous
    CriticalSection guard(thread, self);
    if (self->storage() == storage) self->storage_.set(self, TRY(copied_storage(thread, self, self->length_, self->length_)));
  }
  return ok;
}

Result<List*> list_from_iterable(Thread& thread, Value iterable) {
  if (is_exact<List>(iterable)) return list_copy_whole(thread, iterable.as<List>());
  if (is_exact<Tuple>(iterable)) return make_list(thread, iterable.as<Tuple>()->items(), iterable.as<Tuple>()->length());
  List* list = TRY(make<List>(thread));
  if (!TRY(take_table(thread, list, iterable))) TRY(list_extend_from(thread, list, iterable));
  return list;
}

// ---------------------------------------------------------------------------------------------------------------- construction

static Result<Value> list_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.list));
  return make_of<List>(thread, type);
}

static Result<Value> list_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  List* self = n ? cast<List>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  Type* type = type_of(args[0]);
  if (type == types.list || type->slot(Slot::new_) == types.list->slot(Slot::new_))
    TRY(check_no_keywords(thread, "list", kwnames));
  TRY(check_positional(thread, "list", n - 1, 0, 1));
  if (self->length()) list_clear_all(thread, self);
  if (n > 1 && !TRY(take_table(thread, self, args[1]))) TRY(list_extend_from(thread, self, args[1]));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- items

static Result<Index> list_len(Thread& thread, List* self) { return self->length(); }

static Result<Index> list_index_key(Thread& thread, Value key) {
  if (key.is_small_int()) return key.small_int();
  if (!has_index(key)) return raise_type_error(thread, "list indices must be integers or slices, not {!t}", key);
  return to_index_checked(thread, key);
}

// The items of a range that another thread may have shortened, into a new list with room for them: under the lock.
static void copy_items_of(List* self, const SliceRange& range, List* made) {
  if (range.step == 1) {
    made->length_ = copy_range(self, range.start, range.start + range.length, made, 0);
    return;
  }
  ValueArray *from = self->storage(), *to = made->storage();
  Index at = range.start, limit = self->length_, n = 0;
  for (; n < range.length && static_cast<u64>(at) < static_cast<u64>(limit); ++n, at += range.step) to->set_at(n, from->at(at));
  made->length_ = n;
}

Result<List*> list_get_range(Thread& thread, List* self, const SliceRange& range) {
  if (range.length <= 0) return make<List>(thread);
  List* made = TRY(make_list_with_capacity(thread, range.length));
  CriticalSection guard(thread, self);
  copy_items_of(self, range, made);
  return made;
}

Result<List*> list_copy_slice(Thread& thread, List* self, Value start, Value stop, Value step) {
  for (Index spare = 0;; spare = spare * 2 + 8) {
    Index length = self->length();
    SliceRange range = TRY(slice_resolve(thread, start, stop, step, length));
    if (range.length <= 0) return make<List>(thread);
    Index room = range.length + spare;
    List* made = TRY(make_list_with_capacity(thread, room));
    CriticalSection guard(thread, self);
    if (self->length_ != length) {  // another thread has changed it meanwhile
      range = TRY(slice_resolve(thread, start, stop, step, self->length_));
      if (range.length > room) continue;
    }
    if (range.length > 0) copy_items_of(self, range, made);
    return made;
  }
}

Result<List*> list_copy_whole(Thread& thread, List* self) { return list_copy_slice(thread, self, kNone, kNone, kNone); }

Result<Value> list_get_at(Thread& thread, List* self, Index i) {
  Value item = self->try_at_signed(i);
  if (item.is_absent() && i < 0) {
    CriticalSection guard(thread, self);
    item = self->try_at(i + self->length());
  }
  if (item.is_absent()) return raise_index_error(thread, "list index out of range");
  return item;
}

static Result<Value> list_getitem(Thread& thread, List* self, Value key) {
  if (is<Slice>(key)) {
    Value start = key.as<Slice>()->start(), stop = key.as<Slice>()->stop(), step = key.as<Slice>()->step();
    TRY(make_slice_plain(thread, &start, &stop, &step));
    return list_copy_slice(thread, self, start, stop, step);
  }
  return list_get_at(thread, self, TRY(list_index_key(thread, key)));
}

// Removes the items of an extended slice: under the lock.
static void delete_extended(Thread& thread, List* self, SliceRange range) {
  if (range.length <= 0) return;
  Index low = range.step > 0 ? range.start : range.start + range.step * (range.length - 1);
  Index step = range.step > 0 ? range.step : -range.step;
  Index length = self->length_;
  ValueArray* storage = self->storage();
  Index to = low;
  Index next_removed = low, removed = 0;
  for (Index i = low; i < length; ++i) {
    if (removed < range.length && i == next_removed) {
      ++removed;
      next_removed += step;
    } else {
      storage->set_at(to++, storage->at(i));
    }
  }
  truncate(thread, self, to);
}

static Failed raise_wrong_size(Thread& thread, Index given, Index wanted) {
  return raise_value_error(thread, "attempt to assign sequence of size {} to extended slice of size {}", given, wanted);
}

// The parts are plain. In one step, where other threads may change the list.
static Result<void> set_range_at_once(Thread& thread, List* self, Value first, Value last, Value stride, const Tuple* items) {
  CriticalSection guard(thread, self);
  SliceRange range = TRY(slice_resolve(thread, first, last, stride, self->length_));
  if (range.step == 1)
    return replace_range(thread, self, range.start, range.start + range.length, items->items(), items->length());
  if (items->length() != range.length) return raise_wrong_size(thread, items->length(), range.length);
  for (Index i = 0, at = range.start; i < range.length; ++i, at += range.step) self->storage()->set_at(at, items->at(i));
  return ok;
}

// The items for a slice: of an iterator over value, whose own __len__ isn't asked.
static Result<Tuple*> assigned_items(Thread& thread, Value value) {
  if (is<List>(value) || is<Tuple>(value)) return tuple_from_iterable(thread, value);
  return tuple_from_iterable(thread, TRY(get_iter(thread, value)));
}

Result<void> list_set_range(Thread& thread, List* self, Value first, Value last, Value stride, Value value) {
  TRY(make_slice_plain(thread, &first, &last, &stride));
  if (objects_are_locked() && (is_exact<List>(value) || is_exact<Tuple>(value)))
    return set_range_at_once(thread, self, first, last, stride, TRY(tuple_from_iterable(thread, value)));
  SliceRange range = TRY(slice_resolve(thread, first, last, stride, self->length()));
  if (range.step == 1) {
    if (is_exact<List>(value) && value != Value(self)) {
      auto* source = value.as<List>();  // nothing runs that could change it
      const Value* items = source->length() ? reinterpret_cast<const Value*>(source->storage()->slots()) : nullptr;
      return list_replace_range(thread, self, range.start, range.start + range.length, items, source->length());
    }
    if (!type_of(value)->slot(Slot::iter).is_present() && !type_of(value)->slot(Slot::getitem).is_present())
      return raise_type_error(thread, "can only assign an iterable");
    Tuple* items = TRY(assigned_items(thread, value));
    Index start = range.start, stop = range.start + range.length;  // the slice's bounds as they were before the iteration
    return list_replace_range(thread, self, start, stop, items->items(), items->length());
  }
  if (!type_of(value)->slot(Slot::iter).is_present() && !type_of(value)->slot(Slot::getitem).is_present()) {
    return raise_type_error(thread, "must assign iterable to extended slice");
  }
  Tuple* items = TRY(assigned_items(thread, value));
  range = TRY(slice_resolve(thread, first, last, stride, self->length()));
  if (items->length() != range.length) return raise_wrong_size(thread, items->length(), range.length);
  CriticalSection guard(thread, self);
  for (Index i = 0, at = range.start; i < range.length; ++i, at += range.step) {
    if (at < self->length_) self->storage()->set_at(at, items->at(i));
  }
  return ok;
}

static Result<void> list_setitem(Thread& thread, List* self, Value key, Value value) {
  if (is<Slice>(key)) {
    auto* slice = key.as<Slice>();
    return list_set_range(thread, self, slice->start(), slice->stop(), slice->step(), value);
  }
  Index i = TRY(list_index_key(thread, key));
  {
    CriticalSection guard(thread, self);
    if (i < 0) i += self->length_;  // which others change
    if (static_cast<u64>(i) < static_cast<u64>(self->length_)) {
      self->storage()->set_at(i, value);
      return ok;
    }
  }
  return raise_index_error(thread, "list assignment index out of range");
}

// Under the list's lock.
static Value take_item(Thread& thread, List* self, Index i) {
  ValueArray* storage = self->storage();
  Index n = self->length_;
  Value item = storage->at(i);
  move_items(storage, i + 1, n, -1);
  truncate(thread, self, n - 1);
  return item;
}

Result<void> list_delete_item(Thread& thread, List* self, Value key) {
  if (is<Slice>(key)) {
    Value start = key.as<Slice>()->start(), stop = key.as<Slice>()->stop(), step = key.as<Slice>()->step();
    TRY(make_slice_plain(thread, &start, &stop, &step));
    CriticalSection guard(thread, self);
    SliceRange range = TRY(slice_resolve(thread, start, stop, step, self->length_));
    if (range.step == 1) return replace_range(thread, self, range.start, range.start + range.length, nullptr, 0);
    delete_extended(thread, self, range);
    return ok;
  }
  Index i = TRY(list_index_key(thread, key));
  {
    CriticalSection guard(thread, self);
    Index n = self->length_;
    if (i < 0) i += n;
    if (static_cast<u64>(i) < static_cast<u64>(n)) {
      take_item(thread, self, i);
      return ok;
    }
  }
  return raise_index_error(thread, "list assignment index out of range");
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Value> list_pop(Thread& thread, List* self, Index index) {
  CriticalSection guard(thread, self);
  Index n = self->length_;
  if (n == 0) return raise_index_error(thread, "pop from empty list");
  if (index < 0) index += n;
  if (static_cast<u64>(index) >= static_cast<u64>(n)) return raise_index_error(thread, "pop index out of range");
  return take_item(thread, self, index);
}

static Result<void> list_insert(Thread& thread, List* self, Index index, Value item) {
  return list_insert_at(thread, self, index, item);
}

static Result<void> list_clear(Thread& thread, List* self) {
  list_clear_all(thread, self);
  return ok;
}

static Result<List*> list_copy(Thread& thread, List* self) { return list_copy_whole(thread, self); }

// Looks for a value among the items [*at, stop) in one step, as with the GIL, as far as no comparison runs Python code. Yes: *at
// is its place; Unknown: *item, at *at, has to be compared by a call.
static PlainEqual search_at_once_locked(List* self, Value value, Index* at, Index stop, Value* item) {
  for (Index end = stop < self->length_ ? stop : self->length_; *at < end; ++*at) {
    *item = self->storage()->at(*at);
    PlainEqual equal = plain_equal(*item, value);
    if (equal != PlainEqual::No) return equal;
  }
  return PlainEqual::No;
}

static PlainEqual search_at_once(Thread& thread, List* self, Value value, Index* at, Index stop, Value* item) {
  CriticalSection guard(thread, self);
  return search_at_once_locked(self, value, at, stop, item);
}

// The place of a value among the items [at, stop), or -1.
static Result<Index> find_value(Thread& thread, List* self, Value value, Index at, Index stop) {
  for (;; ++at) {
    Value item;
    if (objects_are_locked()) {
      PlainEqual found = search_at_once(thread, self, value, &at, stop, &item);
      if (found != PlainEqual::Unknown) return found == PlainEqual::Yes ? at : Index{-1};
    } else {
      item = at < stop ? self->try_at(at) : Value();
      if (item.is_absent()) return Index{-1};
    }
    if (TRY(same_or_equal(thread, item, value))) return at;
  }
}

// Without a GIL others may move items while this looks for one: it is searched for anew then.
static Result<void> list_remove(Thread& thread, List* self, Value value) {
  Index length = self->length();
  for (Index i = 0;; ++i) {
    Value item;
    if (objects_are_locked()) {
      CriticalSection guard(thread, self);
      PlainEqual found = search_at_once_locked(self, value, &i, kMaxIndex, &item);
      if (found == PlainEqual::Yes) {
        take_item(thread, self, i);
        return ok;
      }
      if (found == PlainEqual::No) item = Value();
    } else {
      item = self->try_at(i);
    }
    if (item.is_absent()) {
      if (!objects_are_locked() || self->length() == length) return raise_value_error(thread, "list.remove(x): x not in list");
    } else {
      if (!TRY(same_or_equal(thread, item, value))) continue;
      if (!objects_are_locked()) return list_replace_range(thread, self, i, i + 1, nullptr, 0);
      CriticalSection guard(thread, self);
      if (self->try_at(i) == item) {
        take_item(thread, self, i);
        return ok;
      }
    }
    length = self->length();
    i = -1;
  }
}

static Result<Index> list_count(Thread& thread, List* self, Value value) {
  Index found = 0;
  if (objects_are_locked()) {
    for (Steps steps(TRY(get_whole_iter(thread, Value(self))));;) {
      Value item = TRY(steps.next(thread));
      if (item == kExhausted) return found;
      found += TRY(same_or_equal(thread, item, value));
    }
  }
  for (Index i = 0;; ++i) {
    Value item = self->try_at(i);
    if (item.is_absent()) return found;
    found += TRY(same_or_equal(thread, item, value));
  }
}

static Result<Index> list_index(Thread& thread, List* self, Value value, Optional<Value> start, Optional<Value> stop) {
  Index from = start.has_value() ? TRY(slice_bound(thread, start.value)) : 0;
  Index to = stop.has_value() ? TRY(slice_bound(thread, stop.value)) : kMaxIndex;
  Index n = self->length();
  if (from < 0) {
    from += n;
    if (from < 0) from = 0;
  }
  if (to < 0) {
    to += n;
    if (to < 0) to = 0;
  }
  Index found = TRY(find_value(thread, self, value, from, to));
  if (found < 0) return raise_value_error(thread, "{!r} is not in list", value);
  return found;
}

static Result<bool> list_contains(Thread& thread, List* self, Value key) {
  return TRY(find_value(thread, self, key, 0, kMaxIndex)) >= 0;
}

void list_reverse_in_place(Thread& thread, List* self) {
  CriticalSection guard(thread, self);
  ValueArray* storage = self->storage();
  if (storage && !objects_are_locked()) {
    Value* values = reinterpret_cast<Value*>(storage->slots());
    std::reverse(values, values + self->length_);
    return remember_cell(storage);
  }
  for (Index i = 0, j = self->length_ - 1; i < j; ++i, --j) {
    Value low = storage->at(i), high = storage->at(j);
    storage->slots()[i].set_unremembered(high);
    storage->slots()[j].set_unremembered(low);
  }
  if (storage) remember_cell(storage);
}

static Result<void> list_reverse(Thread& thread, List* self) {
  list_reverse_in_place(thread, self);
  return ok;
}

static Result<void> list_sort(Thread& thread, List* self, Value key, Value reverse) {
  if (!has_index(reverse)) return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", reverse);
  return list_sort_in_place(thread, self, key, TRY(truth(thread, TRY(to_index(thread, reverse)))));
}

static Result<Index> list_sizeof(Thread& thread, List* self) {
  ValueArray* storage = self->storage();
  return static_cast<Index>(sizeof(List)) + 16 + (storage ? storage->capacity() * 8 : 0);
}

static Result<Value> list_iter(Thread& thread, List* self) {
  Iterator* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, list_iterator_def)), Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::List);
  return Value(it);
}

static Result<Value> list_reversed(Thread& thread, List* self) {
  Iterator* it = TRY(
      make_of<Iterator>(thread, TRY(type_from_def(thread, list_reverse_iterator_def)), Value(self), self->length() - 1, Value()));
  it->set_form(IteratorForm::ListReverse);
  return Value(it);
}

static Result<Str*> list_repr(Thread& thread, List* self) {
  if (self->length() == 0) return str_from_ascii(thread, "[]");
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "[...]");
  StrBuilder text;
  text.append('[');
  Result<List*> items = list_at_this_moment(thread, self);
  for (Index i = 0; !items.is_failed(); ++i) {
    Value v = items.value()->try_at(i);
    if (v.is_absent()) break;
    if (i) text.append_ascii(", ");
    Result<Str*> item = repr(thread, v);
    if (item.is_failed()) {
      repr_leave(thread, Value(self));
      return failed;
    }
    text.append(item.value());
  }
  text.append(']');
  repr_leave(thread, Value(self));
  TRY(items);
  return text.build(thread);
}

namespace {
struct Differing {
  Index place;
  Value a, b;           // the items there; absent: beyond the end of its list
  PlainEqual is_equal;  // of the two: not Yes
};
}  // namespace

// The first items of two lists that differ, or have to be compared by a call: of both lists at the same moment.
static Differing first_differing(Thread& thread, List* self, List* other) {
  CriticalSection guard(thread, self, other);
  Index n = self->length_, m = other->length_;
  for (Index i = 0;; ++i) {
    Value a = i < n ? self->storage()->at(i) : Value(), b = i < m ? other->storage()->at(i) : Value();
    PlainEqual equal = i < n && i < m ? plain_equal(a, b) : PlainEqual::No;
    if (equal != PlainEqual::Yes) return {i, a, b, equal};
  }
}

template <CompareOp op>
static Result<Value> list_compare(Thread& thread, List* self, Value value) {
  List* other = cast<List>(value);
  if (!other) return kNotImplemented;
  Index same = 0;  // items at the front
  if (objects_are_locked()) {
    auto [place, a, b, is_equal] = first_differing(thread, self, other);
    if (is_equal == PlainEqual::No) {
      if (a.is_absent() || b.is_absent()) return Value::of_bool(compare_indexes(op, a.is_present(), b.is_present()));
      if (op == CompareOp::Eq) return kFalse;
      if (op == CompareOp::Ne) return kTrue;
      return rich_compare(thread, op, a, b);
    }
    same = place;
  }
  if constexpr (op == CompareOp::Eq || op == CompareOp::Ne) {
    if (self->length() != other->length()) return Value::of_bool(op == CompareOp::Ne);
  }
  TRY(check_native_depth(thread, " in comparison"));
  if (!objects_are_locked()) {
    Index n = self->length() < other->length() ? self->length() : other->length();
    const Field<Value>*a = n ? self->storage()->slots() : nullptr, *b = n ? other->storage()->slots() : nullptr;
    while (same < n && a[same].get() == b[same].get()) ++same;
  }
  for (Index i = same;; ++i) {
    Value a = self->try_at(i), b = other->try_at(i);
    if (a.is_absent() || b.is_absent()) return Value::of_bool(compare_indexes(op, self->length(), other->length()));
    if (a == b || TRY(same_or_equal(thread, a, b))) continue;
    // The comparison may have shortened the lists: then there is no item left that differs.
    if (i >= self->length() || i >= other->length()) return Value::of_bool(compare_indexes(op, self->length(), other->length()));
    if (op == CompareOp::Eq) return kFalse;
    if (op == CompareOp::Ne) return kTrue;
    return rich_compare(thread, op, a, b);
  }
}

// ---------------------------------------------------------------------------------------------------------------- operators

static Result<Value> list_add(Thread& thread, List* self, Value value) {
  List* other = cast<List>(value);
  if (!other) return raise_type_error(thread, "can only concatenate list (not \"{!t}\") to list", value);
  for (Index spare = 0;; spare = spare * 2 + 8) {
    Index room = self->length() + other->length() + spare;
    List* made = TRY(make_list_with_capacity(thread, room));
    CriticalSection guard(thread, self, other);
    Index n = self->length_, m = other->length_;
    if (n + m > room) continue;  // another thread has added items
    made->length_ = copy_range(other, 0, m, made, copy_range(self, 0, n, made, 0));
    return Value(made);
  }
}

static Result<Value> list_mul(Thread& thread, List* self, Value value) {
  Index times = TRY(to_index_checked(thread, value, exceptions.OverflowError)), n = self->length();
  if (times <= 0 || n == 0) return make<List>(thread);
  Index total;
  if (__builtin_mul_overflow(n, times, &total)) return raise_memory_error(thread);
  Value only = n == 1 ? self->try_at(0) : Value();
  Tuple* items = only.is_present() ? nullptr : TRY(list_to_tuple(thread, self));
  if (items) n = items->length();
  total = n * times;
  ValueArray* storage = TRY(make_value_array(thread, total));
  Field<Value>* slots = storage->slots();
  for (Index at = 0; items && at < total; at += n) {
    for (Index i = 0; i < n; ++i) slots[at + i].init(items->at(i));
  }
  for (Index at = 0; !items && at < total; ++at) slots[at].init(only);
  List* made = TRY(make<List>(thread));
  made->storage_.set(made, storage);
  made->length_ = total;
  return Value(made);
}

static Result<Value> list_iadd(Thread& thread, List* self, Value value) {
  TRY(list_extend_from(thread, self, value));
  return Value(self);
}

static Result<Value> list_imul(Thread& thread, List* self, Value value) {
  Index times = TRY(to_index_checked(thread, value, exceptions.OverflowError));
  if (times <= 0) {
    list_clear_all(thread, self);
    return Value(self);
  }
  CriticalSection guard(thread, self);
  Index n = self->length_, total;
  if (__builtin_mul_overflow(n, times, &total)) return raise_memory_error(thread);
  if (times == 1 || n == 0) return Value(self);
  TRY(ensure_capacity(thread, self, total));
  for (Index at = n; at + n <= total; at += n) {
    for (Index i = 0; i < n; ++i) self->storage()->set_at(at + i, self->storage()->at(i));
  }
  list_set_length(self, total);
  return Value(self);
}

static constinit NativeDef list_methods[] = {
    native_raw(list_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(list_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    native<list_repr>("__repr__($self, /)", "Return repr(self)."),
    native<list_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<list_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<list_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<list_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<list_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<list_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<list_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<list_len>("__len__($self, /)", "Return len(self)."),
    native<list_getitem>("__getitem__($self, key, /)", "x.__getitem__(y) <==> x[y]"),
    native<list_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<list_delete_item>("__delitem__($self, key, /)", "Delete self[key]."),
    native<list_add>("__add__($self, value, /)", "Return self+value."),
    native<list_mul>("__mul__($self, value, /)", "Return self*value."),
    native<list_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<list_iadd>("__iadd__($self, value, /)", "Implement self+=value."),
    native<list_imul>("__imul__($self, value, /)", "Implement self*=value."),
    native<list_contains>("__contains__($self, key, /)", "Return key in self."),
    native<list_reversed>("__reversed__($self, /)", "Return a reverse iterator over the list."),
    native<list_sizeof>("__sizeof__($self, /)", "Return the size of the list in memory, in bytes."),
    native<list_clear>("clear($self, /)", "Remove all items from list."),
    native<list_copy>("copy($self, /)", "Return a shallow copy of the list."),
    native<list_append>("append($self, object, /)", "Append object to the end of the list."),
    native<list_insert>("insert($self, index, object, /)", "Insert object before index."),
    native<list_extend_from>("extend($self, iterable, /)", "Extend list by appending elements from the iterable."),
    native<list_pop>("pop($self, index=-1, /)",
                     "Take an item out of the list and return it.\n\nWithout an argument, it is the last one. IndexError means "
                     "that there is no\nsuch item."),
    native<list_remove>("remove($self, value, /)",
                        "Take the first item that equals value out of the list.\n\nValueError means that there is none."),
    native<list_index>("index($self, value, start=0, stop=sys.maxsize, /)",
                       "Find the lowest position at which an item equals value.\n\nThe search covers positions from start up to, "
                       "but without, stop. ValueError\nmeans that there is none."),
    native<list_count>("count($self, value, /)", "Return number of occurrences of value."),
    native<list_reverse>("reverse($self, /)", "Reverse *IN PLACE*."),
    native<list_sort>(
        "sort($self, /, *, key=None, reverse=False)",
        "Put the items in order, smallest first; the result is None.\n\nThe list itself changes, and items that compare equal "
        "keep the order they\nhad.\n\nkey is a function of one argument: items are ordered by what it returns for\nthem, and it "
        "gets called once per item. With a true reverse, the largest\nitem comes first."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef list_def = {
    .name = "list",
    .doc =
        "list(iterable=(), /)\n--\n\nA sequence whose items can be changed, added and removed.\n\nlist(iterable) takes over all "
        "items of the iterable in order; list() is empty.",
    .kind = kKindList,
    .payload_size = sizeof(List),
    .flags = kTypeSubclassable | kTypeSequence | kTypeIsList | kTypeMatchSelf,
    .methods = list_methods,
    .method_count = count_of(list_methods),
    .kind_info = kind_info_of<List>("list"),
};

}  // namespace baton
