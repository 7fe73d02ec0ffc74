// array: typed arrays of numbers and characters.
//
// Length and storage change only under the array's CriticalSection and while no buffer is exported. Items are converted, which
// may run Python code, before the lock is taken; an index from the end, a slice or a search means the array as it is under the
// lock.
#include "modules/array.h"

#include <cstring>

#include "objects/at_this_moment.h"
#include "objects/audit.h"
#include "objects/int_view.h"
#include "objects/iterators_inline.h"
#include "objects/list_inline.h"
#include "objects/module.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/whole_list.h"

namespace baton {

Array* as_array(Value v) { return cast<Array>(v); }

// ---------------------------------------------------------------------------------------------------------------- storage

static Failed raise_exported(Thread& thread) {
  return raise_buffer_error(thread, "cannot resize an array that is exporting buffers");
}

// Under the lock.
static Result<void> reserve_locked(Thread& thread, Array* self, Index n) {
  RawBytes* old = self->storage_.get();
  usize size = static_cast<usize>(n) * self->item()->size;
  if (old && size <= old->capacity() && size * 4 >= old->capacity()) return ok;
  if (!old && n == 0) return ok;
  if (static_cast<u64>(n) > (u64{1} << 40)) return raise_memory_error(thread);
  usize room = static_cast<usize>(n <= self->length() ? n : n + (n >> 4) + (n < 8 ? 3 : 7)) * self->item()->size;
  if (old && size > old->capacity() && raw_bytes_grow(thread, old, room + 8)) return ok;
  RawBytes* fresh = TRY(make_raw_bytes(thread, room + 8));
  usize keep = self->byte_size() < size ? self->byte_size() : size;
  if (old && keep) memcpy(fresh->data(), old->data(), keep);
  self->storage_.set(self, fresh);
  return ok;
}

// Runs change() under the lock when no buffer is exported. change: Result<void>().
template <class Change>
static Result<void> mutate(Thread& thread, Array* self, Change change) {
  for (bool collected = false;; collected = true) {
    {
      CriticalSection guard(thread, self);
      if (__atomic_load_n(&self->exports_, __ATOMIC_SEQ_CST) == 0) return change();
    }
    if (collected || !collect_dead_exports(thread, self)) return raise_exported(thread);
  }
}

Result<void> array_resize(Thread& thread, Array* self, Index n) {
  if (n == self->length()) return ok;
  return mutate(thread, self, [&]() -> Result<void> {
    TRY(reserve_locked(thread, self, n));
    if (n > self->length()) memset(self->at(self->length()), 0, static_cast<usize>(n - self->length()) * self->item()->size);
    self->length_ = n;
    return ok;
  });
}

Result<Array*> make_array_of(Thread& thread, Type* type, const ItemType* item, Index n) {
  if (static_cast<u64>(n) > (u64{1} << 40)) return raise_memory_error(thread);
  usize size = static_cast<usize>(n) * item->size;
  RawBytes* storage = n ? TRY(make_raw_bytes(thread, size)) : nullptr;
  Array* array = TRY(make_of<Array>(thread, type, item));
  array->storage_.set(array, storage);
  array->length_ = n;
  return array;
}

static Result<Array*> new_like(Thread& thread, Array* self, Index n) {
  return make_array_of(thread, array_array_def.type, self->item(), n);
}

// Inserts `n` items given as bytes at i, which may count from the end, clamped to the array as it is then.
static Result<void> insert_bytes(Thread& thread, Array* self, Index i, const u8* bytes, Index n) {
  return mutate(thread, self, [&]() -> Result<void> {
    if (n == 0) return ok;  // nothing may be all that there is, with no storage
    Index length = self->length();
    if (i < 0) i = i + length < 0 ? 0 : i + length;
    if (i > length) i = length;
    TRY(reserve_locked(thread, self, length + n));
    usize size = self->item()->size;
    memmove(self->at(i + n), self->at(i), static_cast<usize>(length - i) * size);
    memcpy(self->at(i), bytes, static_cast<usize>(n) * size);
    self->length_ = length + n;
    return ok;
  });
}

// Under the lock.
static void remove_locked(Array* self, Index start, Index stop) {
  Index length = self->length();
  if (stop > length) stop = length;
  if (start >= stop) return;
  memmove(self->at(start), self->at(stop), static_cast<usize>(length - stop) * self->item()->size);
  self->length_ = length - (stop - start);
}
static Result<void> remove_range(Thread& thread, Array* self, Index start, Index stop) {
  return mutate(thread, self, [&]() -> Result<void> {
    remove_locked(self, start, stop);
    return ok;
  });
}

static void copy_item(u8* to, const u8* from, usize size) {
  switch (size) {
    case 1: *to = *from; return;
    case 2: memcpy(to, from, 2); return;
    case 4: memcpy(to, from, 4); return;
    default: memcpy(to, from, 8); return;
  }
}

template <class T>
BATON_ALWAYS_INLINE static T read_item(const u8* from) {
  T item;
  memcpy(&item, from, sizeof item);
  return item;
}

// An item of the kinds that are used most; absent: of another, or one that needs a cell.
BATON_ALWAYS_INLINE static Value load_simple_item(char code, const u8* from) {
  switch (code) {
    case 'B': return Value::of_small_int(*from);
    case 'i': return Value::of_small_int(read_item<i32>(from));
    case 'd': return Value::try_of_float(read_item<double>(from));
    case 'l':
    case 'q': {
      i64 n = read_item<i64>(from);
      return Value::fits_small_int(n) ? Value::of_small_int(n) : Value();
    }
    default: return Value();
  }
}

// The bytes of such a value; false: look closer.
BATON_ALWAYS_INLINE static bool store_simple_item(char code, Value v, u8* to) {
  if (code == 'd' && v.is_immediate_float()) {
    double number = v.immediate_float();
    memcpy(to, &number, sizeof number);
    return true;
  }
  i64 n = v.is_small_int() ? v.small_int() : -1;
  bool fits = v.is_small_int() && (code == 'i'   ? n == static_cast<i32>(n)
                                   : code == 'B' ? n == static_cast<u8>(n)
                                                 : code == 'l' || code == 'q');
  if (fits) memcpy(to, &n, sizeof n);  // little-endian
  return fits;
}

Result<void> array_append_value(Thread& thread, Array* self, Value v) {
  u8 item[8];
  if (!store_simple_item(self->item()->code, v, item)) TRY(convert_item(thread, *self->item(), v, item));
  Index n = self->length();
  RawBytes* storage = self->storage_.get();
  usize size = self->item()->size;
  if (objects_are_locked() || self->exports_ || !storage || static_cast<usize>(n + 1) * size > storage->capacity())
    return insert_bytes(thread, self, kMaxIndex, item, 1);
  copy_item(self->at(n), item, size);
  self->length_ = n + 1;
  return ok;
}

Result<void> array_append_bytes(Thread& thread, Array* self, const u8* data, usize size) {
  usize item = self->item()->size;
  if (size % item) return raise_value_error(thread, "bytes length not a multiple of item size");
  return size ? insert_bytes(thread, self, kMaxIndex, data, static_cast<Index>(size / item)) : Result<void>(ok);
}

// Where an item is that may be counted from the end; -1: out of range.
BATON_ALWAYS_INLINE static Index place_of(const Array* self, Index i) {
  Index length = self->length(), at = i < 0 ? i + length : i;
  return static_cast<u64>(at) < static_cast<u64>(length) ? at : -1;
}

// The item, or absent when i is out of range.
BATON_ALWAYS_INLINE static Result<Value> item_or_absent(Thread& thread, Array* self, Index i, bool* found) {
  if (!objects_are_locked()) {
    i = place_of(self, i);
    *found = i >= 0;
    if (!*found) return kNone;
    Value simple = load_simple_item(self->item()->code, self->at(i));
    return simple.is_present() ? Result<Value>(simple) : load_item(thread, *self->item(), self->at(i));
  }
  u8 bytes[8];
  {
    CriticalSection guard(thread, self);
    i = place_of(self, i);
    *found = i >= 0;
    if (*found) copy_item(bytes, self->at(i), self->item()->size);
  }
  return *found ? load_item(thread, *self->item(), bytes) : Result<Value>(kNone);
}
static Result<Value> get_item_at(Thread& thread, Array* self, Index i) {
  bool found;
  Value v = TRY(item_or_absent(thread, self, i, &found));
  if (!found) return raise_index_error(thread, "array index out of range");
  return v;
}
static Result<void> set_item_at(Thread& thread, Array* self, Index i, Value v) {
  u8 bytes[8];
  if (place_of(self, i) < 0) return raise_index_error(thread, "array assignment index out of range");
  TRY(convert_item(thread, *self->item(), v, bytes));
  CriticalSection guard(thread, self);
  i = place_of(self, i);
  if (i < 0) return raise_index_error(thread, "array assignment index out of range");
  copy_item(self->at(i), bytes, self->item()->size);
  return ok;
}

// A copy of all items as they are at one moment.
static Result<Array*> copy_of(Thread& thread, Array* self) {
  for (;;) {
    Index n = self->length();
    Array* copy = TRY(new_like(thread, self, n));
    CriticalSection guard(thread, self);
    if (self->length() != n) continue;  // another thread has changed it meanwhile
    if (n) memcpy(copy->data(), self->data(), self->byte_size());
    return copy;
  }
}

// What a native may read at leisure: a copy if other threads may change the array meanwhile.
static Result<Array*> array_at_this_moment(Thread& thread, Array* self) {
  return objects_are_locked() ? copy_of(thread, self) : Result<Array*>(self);
}

Result<List*> array_tolist(Thread& thread, Array* self) {
  self = TRY(array_at_this_moment(thread, self));
  List* list = TRY(make_list_with_capacity(thread, self->length()));
  for (Index i = 0; i < self->length(); ++i) {
    bool found;
    Value v = TRY(item_or_absent(thread, self, i, &found));
    if (!found) break;
    TRY(list_append_inline(thread, list, v));
  }
  return list;
}

// ---------------------------------------------------------------------------------------------------------------- construction

static Result<void> extend_from(Thread& thread, Array* self, Value source) {
  if (Array* other = as_array(source)) {
    if (other->item() != self->item()) return raise_type_error(thread, "can only extend with array of same kind");
    other = TRY(array_at_this_moment(thread, other));
    KeepAlive keep{Value(other->storage_.get())};
    return insert_bytes(thread, self, kMaxIndex, other->data(), other->length());
  }
  for (Steps steps(TRY(get_whole_iter(thread, source)));;) {
    Value v = TRY(steps.next(thread));
    if (v == kExhausted) return ok;
    TRY(array_append_value(thread, self, v));
  }
}

static Result<void> append_text(Thread& thread, Array* self, Str* text) {
  Array* added = TRY(new_like(thread, self, text->length()));
  for (Index i = 0; i < text->length(); ++i) {
    u32 ch = text->at(i);
    memcpy(added->at(i), &ch, sizeof ch);
  }
  KeepAlive keep{Value(added->storage_.get())};
  return insert_bytes(thread, self, kMaxIndex, added->data(), added->length());
}

static Failed raise_cannot_use(Thread& thread, const char* what, u32 code) {
  Str* text = TRY(str_from_code_point(thread, code));
  return raise_type_error(thread, "cannot use a {} to initialize an array with typecode '{}'", what, text);
}

static Result<Value> array_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, array_array_def.type));
  if (type->slot(Slot::init) == array_array_def.type->slot(Slot::init)) TRY(check_no_keywords(thread, "array.array", kwnames));
  if (n < 2) return raise_type_error(thread, "array() takes at least 1 argument (0 given)");
  if (n > 3) return raise_type_error(thread, "array() takes at most 2 arguments ({} given)", static_cast<u64>(n - 1));
  if (!is<Str>(args[1]) || args[1].as<Str>()->length() != 1)
    return raise_type_error(thread, "array() argument 1 must be a unicode character, not {!t}", args[1]);
  u32 code = args[1].as<Str>()->at(0);
  Value initial = n == 3 ? args[2] : Value();
  TRY(audit(thread, "array.__new__", args[1], initial.is_present() ? initial : kNone));
  bool is_text = initial.is_present() && is<Str>(initial);
  if (initial.is_present() && code != 'u') {
    if (is_text) return raise_cannot_use(thread, "str", code);
    if (Array* a = as_array(initial); a && a->item()->code == 'u') return raise_cannot_use(thread, "unicode array", code);
  }
  bool is_bytes = initial.is_present() && (is<Bytes>(initial) || is<ByteArray>(initial));
  Value iterator;
  if (initial.is_present() && !is_text && !is_bytes && !is<List>(initial) && !is<Tuple>(initial) && !as_array(initial)) {
    iterator = TRY(get_whole_iter(thread, initial));
  }
  const ItemType* item = find_item_type(code);
  if (!item) return raise_value_error(thread, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
  Array* self = TRY(make_array_of(thread, type, item, 0));
  if (initial.is_absent()) return Value(self);
  if (is_text) {
    TRY(append_text(thread, self, initial.as<Str>()));
  } else if (is_bytes) {
    ScopedBuffer buffer;
    TRY(buffer.get(thread, initial));
    TRY(array_append_bytes(thread, self, buffer.data, buffer.size));
  } else if (Array* other = as_array(initial); other && other->item() == item) {
    TRY(extend_from(thread, self, initial));
  } else {
    if (!iterator.is_present()) iterator = TRY(get_whole_iter(thread, initial));
    TRY(for_each(thread, iterator, [&](Value v) -> Result<bool> {
      TRY(array_append_value(thread, self, v));
      return true;
    }));
  }
  return Value(self);
}

// ---------------------------------------------------------------------------------------------------------------- sequence

static Result<Index> array_len(Thread& thread, Array* self) { return self->length(); }

// The slice with numbers instead of what has __index__.
static Result<Slice*> plain_slice(Thread& thread, Slice* slice) {
  Value start = slice->start(), stop = slice->stop(), step = slice->step();
  TRY(make_slice_plain(thread, &start, &stop, &step));
  if (start == slice->start() && stop == slice->stop() && step == slice->step()) return slice;
  return make<Slice>(thread, start, stop, step);
}

static Result<Array*> slice_of(Thread& thread, Array* self, Slice* slice) {
  slice = TRY(plain_slice(thread, slice));
  for (;;) {
    Index length = self->length();
    SliceRange range = TRY(slice_resolve(thread, slice, length));
    Array* result = TRY(new_like(thread, self, range.length));
    CriticalSection guard(thread, self);
    if (self->length() != length) continue;  // another thread has changed it meanwhile
    usize size = self->item()->size;
    if (range.step == 1) {
      if (range.length) memcpy(result->data(), self->at(range.start), static_cast<usize>(range.length) * size);
      return result;
    }
    Index from = range.start;
    for (Index i = 0; i < range.length; ++i, from += range.step) memcpy(result->at(i), self->at(from), size);
    return result;
  }
}

static Result<Index> index_key(Thread& thread, Value key) {
  if (!has_index(key)) return raise_type_error(thread, "array indices must be integers");
  return to_index_checked(thread, key);
}

static Result<Value> array_getitem(Thread& thread, Array* self, Value key) {
  if (is<Slice>(key)) return TRY(slice_of(thread, self, key.as<Slice>()));
  return get_item_at(thread, self, TRY(index_key(thread, key)));
}

// The items of `other` in place of a slice of as many: under the lock.
static void overwrite_locked(Array* self, const SliceRange& range, const Array* other) {
  Index to = range.start;
  for (Index i = 0; i < range.length; ++i, to += range.step) copy_item(self->at(to), other->at(i), self->item()->size);
}

// The items of `other` in place of [start, stop): under the lock, and nothing is exported.
static Result<void> replace_locked(Thread& thread, Array* self, Index start, Index stop, Array* other) {
  Index length = self->length(), n = other->length(), result = length - (stop - start) + n;
  usize size = self->item()->size;
  if (result > length) TRY(reserve_locked(thread, self, result));
  if (result) memmove(self->at(start + n), self->at(stop), static_cast<usize>(length - stop) * size);
  if (n) memcpy(self->at(start), other->data(), static_cast<usize>(n) * size);
  self->length_ = result;
  return ok;
}

// Under the lock, and nothing is exported.
static void delete_locked(Array* self, SliceRange range) {
  if (range.length == 0) return;
  if (range.step < 0) {
    range.start += range.step * (range.length - 1);
    range.step = -range.step;
  }
  usize size = self->item()->size;
  Index length = self->length(), out = range.start, next = range.start, removed = 0;
  for (Index i = range.start; i < length; ++i) {
    if (i == next && removed < range.length) {
      next += range.step;
      ++removed;
    } else {
      memmove(self->at(out++), self->at(i), size);
    }
  }
  self->length_ = out;
}

static Result<void> set_slice(Thread& thread, Array* self, Slice* slice, Value value) {
  Array* other = as_array(value);
  if (!other) return raise_type_error(thread, "can only assign array (not \"{!t}\") to array slice", value);
  other = other == self ? TRY(copy_of(thread, self)) : TRY(array_at_this_moment(thread, other));
  if (other->item() != self->item()) return raise_type_error(thread, "bad argument type for built-in operation");
  slice = TRY(plain_slice(thread, slice));
  Index n = other->length();
  if (n) {
    CriticalSection guard(thread, self);
    SliceRange range = TRY(slice_resolve(thread, slice, self->length()));
    if (n == range.length) {
      overwrite_locked(self, range, other);
      return ok;
    }
  }
  return mutate(thread, self, [&]() -> Result<void> {
    SliceRange range = TRY(slice_resolve(thread, slice, self->length()));
    if (range.step == 1) return replace_locked(thread, self, range.start, range.start + range.length, other);
    if (n != range.length && n != 0)
      return raise_value_error(thread, "attempt to assign array of size {} to extended slice of size {}", n, range.length);
    if (n)
      overwrite_locked(self, range, other);
    else
      delete_locked(self, range);
    return ok;
  });
}
static Result<void> array_setitem(Thread& thread, Array* self, Value key, Value value) {
  if (is<Slice>(key)) return set_slice(thread, self, key.as<Slice>(), value);
  return set_item_at(thread, self, TRY(index_key(thread, key)), value);
}

static Result<void> delete_slice(Thread& thread, Array* self, Slice* slice) {
  slice = TRY(plain_slice(thread, slice));
  return mutate(thread, self, [&]() -> Result<void> {
    delete_locked(self, TRY(slice_resolve(thread, slice, self->length())));
    return ok;
  });
}
static Result<void> array_delitem(Thread& thread, Array* self, Value key) {
  if (is<Slice>(key)) return delete_slice(thread, self, key.as<Slice>());
  Index i = TRY(index_key(thread, key));
  bool found = place_of(self, i) >= 0;  // that it isn't there is said before exported buffers are
  if (found) {
    TRY(mutate(thread, self, [&]() -> Result<void> {
      Index at = place_of(self, i);
      found = at >= 0;
      if (found) remove_locked(self, at, at + 1);
      return ok;
    }));
  }
  return found ? Result<void>(ok) : Result<void>(raise_index_error(thread, "array assignment index out of range"));
}

static Result<Value> array_iadd(Thread& thread, Array* self, Value value) {
  if (!as_array(value)) return raise_type_error(thread, "can only extend array with array (not \"{!t}\")", value);
  TRY(extend_from(thread, self, value));
  return Value(self);
}

// Fills the rest of a buffer with what its first bytes are, by twice as much each time.
static void repeat_bytes(u8* data, usize piece, usize total) {
  while (piece < total) {
    usize more = piece < total - piece ? piece : total - piece;
    memcpy(data + piece, data, more);
    piece += more;
  }
}
static Result<Index> repeat_count(Thread& thread, Value value) {
  Index times = TRY(to_index_checked(thread, value, exceptions.OverflowError));
  return times < 0 ? 0 : times;
}
static Result<Value> array_mul(Thread& thread, Array* self, Value value) {
  if (!has_index(value)) return raise_type_error(thread, "can't multiply sequence by non-int of type '{!t}'", value);
  Index times = TRY(repeat_count(thread, value)), total;
  self = TRY(array_at_this_moment(thread, self));
  Index n = self->length();
  if (__builtin_mul_overflow(times, n, &total)) return raise_memory_error(thread);
  Array* result = TRY(new_like(thread, self, total));
  if (total) {
    memcpy(result->data(), self->data(), self->byte_size());
    repeat_bytes(result->data(), self->byte_size(), result->byte_size());
  }
  return Value(result);
}
static Result<Value> array_imul(Thread& thread, Array* self, Value value) {
  Index times = TRY(repeat_count(thread, value));
  if (times == 1 || self->length() == 0) return Value(self);
  TRY(mutate(thread, self, [&]() -> Result<void> {
    Index n = self->length(), total;
    if (__builtin_mul_overflow(times, n, &total)) return raise_memory_error(thread);
    TRY(reserve_locked(thread, self, total));
    self->length_ = total;
    if (total) repeat_bytes(self->data(), static_cast<usize>(n) * self->item()->size, self->byte_size());
    return ok;
  }));
  return Value(self);
}

// Both arrays at the same moment, if other threads may change them.
static Result<void> both_at_this_moment(Thread& thread, Array** a, Array** b) {
  while (objects_are_locked()) {
    Index n = (*a)->length(), m = (*b)->length();
    Array *first = TRY(new_like(thread, *a, n)), *second = TRY(new_like(thread, *b, m));
    CriticalSection guard(thread, *a, *b);
    if ((*a)->length() != n || (*b)->length() != m) continue;
    if (n) memcpy(first->data(), (*a)->data(), first->byte_size());
    if (m) memcpy(second->data(), (*b)->data(), second->byte_size());
    *a = first;
    *b = second;
    break;
  }
  return ok;
}

static Result<Value> array_add(Thread& thread, Array* self, Value value) {
  Array* other = as_array(value);
  if (!other) return raise_type_error(thread, "can only append array (not \"{!t}\") to array", value);
  if (other->item() != self->item()) return raise_type_error(thread, "bad argument type for built-in operation");
  TRY(both_at_this_moment(thread, &self, &other));
  Index n = self->length(), m = other->length(), total;
  if (__builtin_add_overflow(n, m, &total)) return raise_memory_error(thread);
  Array* result = TRY(new_like(thread, self, total));
  if (n) memcpy(result->data(), self->data(), self->byte_size());
  if (m) memcpy(result->at(n), other->data(), other->byte_size());
  return Value(result);
}

template <CompareOp op>
static Result<Value> array_compare(Thread& thread, Array* self, Value value) {
  Array* other = as_array(value);
  if (!other) return kNotImplemented;
  TRY(both_at_this_moment(thread, &self, &other));
  if (self->length() != other->length() && (op == CompareOp::Eq || op == CompareOp::Ne))
    return Value::of_bool(op == CompareOp::Ne);
  bool plain = self->item() == other->item() && self->item()->is_integer;
  Index i = 0;
  for (;; ++i) {
    if (plain && i < self->length() && i < other->length() && memcmp(self->at(i), other->at(i), self->item()->size) == 0)
      continue;
    bool found_a, found_b;
    Value a = TRY(item_or_absent(thread, self, i, &found_a)), b = TRY(item_or_absent(thread, other, i, &found_b));
    if (!found_a || !found_b) break;
    if (!TRY(equals(thread, a, b))) {
      if (op == CompareOp::Eq) return kFalse;
      if (op == CompareOp::Ne) return kTrue;
      return rich_compare(thread, op, a, b);
    }
  }
  return Value::of_bool(compare_indexes(op, self->length(), other->length()));
}

static Result<Str*> array_repr(Thread& thread, Array* self) {
  Str* code = TRY(str_from_code_point(thread, static_cast<u32>(self->item()->code)));
  Str* name = type_of(Value(self))->name();
  self = TRY(array_at_this_moment(thread, self));
  if (self->length() == 0) return format_message(thread, "{}('{}')", name, code);
  Value content = self->item()->code == 'u' ? Value(TRY(array_text(thread, self))) : Value(TRY(array_tolist(thread, self)));
  return format_message(thread, "{}('{}', {!r})", name, code, content);
}

// Whether comparing an item with v is native, quick, and allocates nothing that matters.
static bool compares_plainly(const Array* self, Value v) {
  if (is_exact<Str>(v) || v.is_none()) return true;
  return self->item()->is_integer ? is_exact_int(v) || v.is_bool() : self->item()->code != 'u' && is_exact_float(v);
}

// Calls fn(i) for each item of the array, as it is at one moment, that is equal to v, until it answers false. start and stop may
// count from the end. v's Python code, if it has some, sees a copy once there are other threads.
template <class F>
static Result<void> each_equal(Thread& thread, Array* self, Value v, Index start, Index stop, F fn) {
  if (objects_are_locked() && compares_plainly(self, v)) {
    CriticalSection guard(thread, self);
    clip_bounds(self->length(), &start, &stop);
    for (Index i = start; i < stop; ++i) {
      Value item = TRY(load_item(thread, *self->item(), self->at(i)));
      if (plain_equal(item, v) == PlainEqual::Yes && !fn(i)) break;
    }
    return ok;
  }
  self = TRY(array_at_this_moment(thread, self));
  clip_bounds(self->length(), &start, &stop);
  for (Index i = start; i < stop; ++i) {
    bool found;
    Value item = TRY(item_or_absent(thread, self, i, &found));
    if (!found) break;
    if (TRY(equals(thread, item, v)) && !fn(i)) break;
  }
  return ok;
}
static Result<bool> array_contains(Thread& thread, Array* self, Value key) {
  bool found = false;
  TRY(each_equal(thread, self, key, 0, kMaxIndex, [&](Index) { return !(found = true); }));
  return found;
}
static Result<Index> array_count(Thread& thread, Array* self, Value v) {
  Index count = 0;
  TRY(each_equal(thread, self, v, 0, kMaxIndex, [&](Index) { return ++count > 0; }));
  return count;
}
// The place of the first item equal to v, or -1.
static Result<Index> place_of_value(Thread& thread, Array* self, Value v, Index start, Index stop) {
  Index at = -1;
  TRY(each_equal(thread, self, v, start, stop, [&](Index i) {
    at = i;
    return false;
  }));
  return at;
}
static Result<Index> array_index(Thread& thread, Array* self, Value v, Value start_value, Value stop_value) {
  Index start = TRY(slice_bound(thread, start_value)), stop = TRY(slice_bound(thread, stop_value));
  Index at = TRY(place_of_value(thread, self, v, start, stop));
  if (at < 0) return raise_value_error(thread, "array.index(x): x not in array");
  return at;
}
static Result<void> array_remove(Thread& thread, Array* self, Value v) {
  for (;;) {
    Array* searched = TRY(array_at_this_moment(thread, self));
    Index at = TRY(place_of_value(thread, searched, v, 0, kMaxIndex));
    if (at < 0) return raise_value_error(thread, "array.remove(x): x not in array");
    bool removed = false;
    TRY(mutate(thread, self, [&]() -> Result<void> {
      // It is the first one still if all up to it is as it was.
      removed = searched == self ||
                (at < self->length() && memcmp(self->data(), searched->data(), searched->at(at + 1) - searched->data()) == 0);
      if (removed) remove_locked(self, at, at + 1);
      return ok;
    }));
    if (removed) return ok;
  }
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<void> array_extend(Thread& thread, Array* self, Value bb) { return extend_from(thread, self, bb); }
static Result<void> array_insert(Thread& thread, Array* self, Index i, Value v) {
  u8 item[8];
  TRY(convert_item(thread, *self->item(), v, item));
  return insert_bytes(thread, self, i, item, 1);
}
static Result<Value> array_pop(Thread& thread, Array* self, Index i) {
  if (self->length() == 0) return raise_index_error(thread, "pop from empty array");
  Value popped;
  // What is wrong with the index is said before exported buffers are; others may shorten the array until the lock is taken.
  if (place_of(self, i) >= 0) {
    TRY(mutate(thread, self, [&]() -> Result<void> {
      Index at = place_of(self, i);
      if (at < 0) return ok;
      popped = TRY(load_item(thread, *self->item(), self->at(at)));
      remove_locked(self, at, at + 1);
      return ok;
    }));
  }
  if (popped.is_absent()) return raise_index_error(thread, "pop index out of range");
  return popped;
}
static Result<Tuple*> array_buffer_info(Thread& thread, Array* self) {
  return tuple_of(thread, TRY(int_from_u64(thread, reinterpret_cast<u64>(self->data()))), Value::of_small_int(self->length()));
}
static void reverse_bytes(u8* p, usize n) {
  for (usize i = 0; i < n / 2; ++i) {
    u8 t = p[i];
    p[i] = p[n - 1 - i];
    p[n - 1 - i] = t;
  }
}
template <class Unit>
static void swap_units(u8* data, usize bytes, Unit (*swap)(Unit)) {
  for (usize i = 0; i < bytes; i += sizeof(Unit)) {
    Unit unit;
    memcpy(&unit, data + i, sizeof(unit));
    unit = swap(unit);
    memcpy(data + i, &unit, sizeof(unit));
  }
}
static Result<void> array_byteswap(Thread& thread, Array* self) {
  CriticalSection guard(thread, self);
  u8* data = self->data();
  usize n = self->byte_size();
  switch (self->item()->size) {
    case 2: swap_units<u16>(data, n, [](u16 unit) -> u16 { return __builtin_bswap16(unit); }); break;
    case 4: swap_units<u32>(data, n, [](u32 unit) -> u32 { return __builtin_bswap32(unit); }); break;
    case 8: swap_units<u64>(data, n, [](u64 unit) -> u64 { return __builtin_bswap64(unit); }); break;
  }
  return ok;
}
static Result<void> array_reverse(Thread& thread, Array* self) {
  CriticalSection guard(thread, self);
  usize size = self->item()->size;
  if (self->length() == 0) return ok;
  reverse_bytes(self->data(), self->byte_size());  // all bytes, then each item back
  for (Index i = 0; i < self->length(); ++i) reverse_bytes(self->at(i), size);
  return ok;
}
static Result<Array*> array_copy(Thread& thread, Array* self) { return copy_of(thread, self); }
static Result<Array*> array_deepcopy(Thread& thread, Array* self, Value) { return array_copy(thread, self); }
Result<Bytes*> array_tobytes(Thread& thread, Array* self) {
  for (;;) {
    usize n = self->byte_size();
    Bytes* result = TRY(bytes_allocate(thread, n));
    CriticalSection guard(thread, self);
    if (self->byte_size() != n) continue;  // another thread has changed it meanwhile
    if (n) memcpy(bytes_mutable_data(result), self->data(), n);
    return result;
  }
}
static Result<Str*> array_tounicode(Thread& thread, Array* self) {
  if (self->item()->code != 'u') return raise_value_error(thread, "tounicode() may only be called on unicode type arrays");
  return array_text(thread, TRY(array_at_this_moment(thread, self)));
}
static Result<void> array_fromunicode(Thread& thread, Array* self, Str* ustr) {
  if (self->item()->code != 'u') return raise_value_error(thread, "fromunicode() may only be called on unicode type arrays");
  return append_text(thread, self, ustr);
}
static Result<void> array_frombytes(Thread& thread, Array* self, Value buffer) {
  if (Array* other = as_array(buffer); other && other->item()->size != 1)
    return raise_type_error(thread, "a bytes-like object is required");
  ScopedBuffer view;
  TRY(view.get(thread, buffer));
  return array_append_bytes(thread, self, view.data, view.size);
}
static Result<void> array_fromlist(Thread& thread, Array* self, Value list_value) {
  if (!is<List>(list_value)) return raise_type_error(thread, "arg must be list");
  List* list = list_value.as<List>();
  Index before = self->length(), n = list->length();
  for (Index i = 0; i < n; ++i) {
    Value v = list->try_at(i);
    Result<void> added = v.is_present() ? array_append_value(thread, self, v)
                                        : Result<void>(raise_runtime_error(thread, "list changed size during iteration"));
    if (!added.is_failed() && list->length() != n) added = raise_runtime_error(thread, "list changed size during iteration");
    if (added.is_failed()) {
      Exception* pending = thread.take_pending();
      (void)remove_range(thread, self, before, kMaxIndex);  // a failure to shrink leaves the items; the first error counts
      thread.clear_pending();
      thread.set_pending(pending);
      return failed;
    }
  }
  return ok;
}
static Result<void> array_fromfile(Thread& thread, Array* self, Value f, Index n) {
  if (n < 0) return raise_value_error(thread, "negative count");
  Index size;
  if (__builtin_mul_overflow(n, Index{self->item()->size}, &size)) return raise_memory_error(thread);
  Value content = TRY(call_method(thread, f, names.read, Value::of_small_int(size)));
  if (!is<Bytes>(content)) return raise_type_error(thread, "read() didn't return bytes");
  Bytes* bytes = content.as<Bytes>();
  TRY(array_append_bytes(thread, self, bytes->data(), static_cast<usize>(bytes->length())));
  if (bytes->length() != size) return raise(thread, exceptions.EOFError, "read() didn't return enough bytes");
  return ok;
}
static Result<void> array_tofile(Thread& thread, Array* self, Value f) {
  constexpr usize kBlock = 64 * 1024;
  self = TRY(array_at_this_moment(thread, self));
  for (usize at = 0; at < self->byte_size(); at += kBlock) {
    usize n = self->byte_size() - at < kBlock ? self->byte_size() - at : kBlock;
    Bytes* block = TRY(bytes_from(thread, self->data() + at, n));
    TRY(call_method(thread, f, names.write, Value(block)));
  }
  return ok;
}
static Result<u64> array_sizeof(Thread& thread, Array* self) { return 64 + self->byte_size(); }
static Result<Value> array_get_typecode(Thread& thread, Value self) {
  return TRY(str_from_code_point(thread, static_cast<u32>(self.as<Array>()->item()->code)));
}
static Result<Value> array_get_itemsize(Thread& thread, Value self) {
  return Value::of_small_int(self.as<Array>()->item()->size);
}

// ---------------------------------------------------------------------------------------------------------------- iterator

static Result<Value> array_iterator_self(Thread& thread, Value self) { return self; }
static Result<Value> array_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  bool found;
  Value v = TRY(item_or_absent(thread, source.as<Array>(), self->position_, &found));
  if (found) {
    ++self->position_;
    return v;
  }
  self->source_.clear();
  return kExhausted;
}
static Result<Value> array_iterator_reduce(Thread& thread, Iterator* self) {
  Value iter = TRY(get_attr_ascii(thread, Value(runtime.builtins), "iter"));
  if (self->source().is_absent()) return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, Value(empty_tuple()))))));
  return TRY(tuple_of(thread, iter, Value(TRY(tuple_of(thread, self->source()))), TRY(int_from_i64(thread, self->position_))));
}
static Result<void> array_iterator_setstate(Thread& thread, Iterator* self, Index state) {
  if (self->source().is_absent()) return ok;
  Index n = self->source().as<Array>()->length();
  self->position_ = state < 0 ? 0 : state > n ? n : state;
  return ok;
}
static constinit NativeDef array_iterator_methods[] = {
    native<array_iterator_self>("__iter__($self, /)", "Implement iter(self)."),
    native<array_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<array_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<array_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
static constinit TypeDef array_iterator_def = {.name = "array.arrayiterator",
                                               .kind = kKindIterator,
                                               .payload_size = sizeof(Iterator),
                                               .flags = kTypeNoInstances,
                                               .methods = array_iterator_methods,
                                               .method_count = count_of(array_iterator_methods),
                                               .kind_info = kind_info_of<Iterator>("iterator")};
static Result<Value> array_iter(Thread& thread, Array* self) {
  auto* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, array_iterator_def)), Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::Native);
  return Value(it);
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<bool> get_array_buffer(Thread& thread, Cell* cell, BufferInfo* out, bool writable) {
  static constexpr const char* kFormats[] = {"b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "f", "d"};
  Array* self = static_cast<Array*>(cell);
  CriticalSection guard(thread, self);
  const char* format = "w";
  for (const char* f : kFormats)
    if (*f == self->item()->code) format = f;
  __atomic_fetch_add(&self->exports_, 1, __ATOMIC_SEQ_CST);
  *out = {self->data(), self->byte_size(), false, format, self->item()->size, 1, nullptr, nullptr};
  return true;
}
static void release_array_buffer(Cell* cell) { __atomic_fetch_sub(&static_cast<Array*>(cell)->exports_, 1, __ATOMIC_SEQ_CST); }

static Result<void> array_finish(Thread& thread, Type* type) {
  register_buffer_kind(DynamicKind<Array>::value, get_array_buffer, release_array_buffer);
  return type_set_attribute(thread, type, names.dunder_hash, kNone);
}

static constinit GetSetDef array_getsets[] = {
    {"typecode", array_get_typecode, nullptr, "the typecode character used to create the array"},
    {"itemsize", array_get_itemsize, nullptr, "the size, in bytes, of one array item"},
};
static constinit NativeDef array_methods[] = {
    native_raw(array_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<array_repr>("__repr__($self, /)", "Return repr(self)."),
    native<array_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<array_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<array_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<array_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<array_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<array_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<array_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<array_len>("__len__($self, /)", "Return len(self)."),
    native<array_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<array_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<array_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<array_add>("__add__($self, value, /)", "Return self+value."),
    native<array_mul>("__mul__($self, value, /)", "Return self*value."),
    native<array_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<array_contains>("__contains__($self, key, /)", "Return key in self."),
    native<array_iadd>("__iadd__($self, value, /)", "Implement self+=value."),
    native<array_imul>("__imul__($self, value, /)", "Implement self*=value."),
    native<array_append_value>("append($self, v, /)", "Append new value v to the end of the array."),
    native<array_buffer_info>("buffer_info($self, /)",
                              "Tell where the items are in memory: (address, number of items).\n\nThe address is good only until "
                              "the array changes its size."),
    native<array_byteswap>("byteswap($self, /)", "Byteswap all items of the array."),
    native<array_copy>("__copy__($self, /)", "Return a copy of the array."),
    native<array_count>("count($self, v, /)", "Return number of occurrences of v in the array."),
    native<array_deepcopy>("__deepcopy__($self, unused, /)", "Return a copy of the array."),
    native<array_extend>("extend($self, bb, /)", "Append items to the end of the array."),
    native<array_fromfile>("fromfile($self, f, n, /)",
                           "Append n items read from a binary file, in machine representation.\n\nIf the file holds fewer, those "
                           "are appended and EOFError is raised."),
    native<array_fromlist>("fromlist($self, list, /)", "Append items to array from list."),
    native<array_frombytes>("frombytes($self, buffer, /)",
                            "Append the items whose machine representation a bytes-like object holds.\n\nValueError if its "
                            "length isn't a multiple of itemsize."),
    native<array_fromunicode>("fromunicode($self, ustr, /)", "Extends this array with data from the unicode string ustr."),
    native<array_index>("index($self, v, start=0, stop=sys.maxsize, /)", "Return index of first occurrence of v in the array."),
    native<array_insert>("insert($self, i, v, /)", "Insert a new item v into the array before position i."),
    native<array_pop>("pop($self, i=-1, /)", "Return the i-th element and delete it from the array."),
    native<array_reduce_ex>("__reduce_ex__($self, value, /)", "Return state information for pickling."),
    native<array_remove>("remove($self, v, /)", "Remove the first occurrence of v in the array."),
    native<array_reverse>("reverse($self, /)", "Reverse the order of the items in the array."),
    native<array_tofile>("tofile($self, f, /)", "Write all items (as machine values) to the file object f."),
    native<array_tolist>("tolist($self, /)", "Convert array to an ordinary list with the same items."),
    native<array_tobytes>("tobytes($self, /)", "Return the items in machine representation, as one bytes object."),
    native<array_tounicode>("tounicode($self, /)", "Extends this array with data from the unicode string ustr."),
    native<array_sizeof>("__sizeof__($self, /)", "Size of the array in memory, in bytes."),
};
constinit TypeDef array_array_def = {
    .name = "array.array",
    .doc =
        "array(typecode [, initializer]) -> array\n\nA compact sequence of numbers or characters, all of one machine "
        "type.\n\ntypecode is a letter that stands for this type. The items come from\ninitializer, if given: an iterable of "
        "values, another array, a str (only\nfor 'u'), or a bytes or bytearray with their machine representation.",
    .dynamic_kind = &DynamicKind<Array>::value,
    .payload_size = sizeof(Array),
    .flags = kTypeSubclassable | kTypeWeakrefable | kTypeSequence,
    .methods = array_methods,
    .method_count = count_of(array_methods),
    .getsets = array_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<Array>("array.array"),
    .finish = array_finish,
};

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<Value> array_reconstructor_function(Thread& thread, NativeDef const& def, Value const* args, usize n,
                                                  Tuple* kwnames) {
  TRY(check_no_keywords(thread, "array._array_reconstructor", kwnames));
  TRY(check_positional(thread, "_array_reconstructor", n, 4, 4));
  if (!is<Str>(args[1]) || args[1].as<Str>()->length() != 1) {
    return raise_type_error(thread, "_array_reconstructor() argument 2 must be a unicode character, not {!t}", args[1]);
  }
  int format;
  if (!convert_int(thread, args[2], &format)) return failed;
  return array_reconstructor(thread, args[0], args[1], format, args[3]);
}

static Result<void> array_exec(Thread& thread, Module* module) {
  Value type = Value(array_array_def.type);
  if (!whole_list_of(array_array_def.type))
    register_whole_list(array_array_def.type, [](Thread& t, Value v) { return array_tolist(t, v.as<Array>()); });
  TRY(module_set(thread, module, "ArrayType", type));
  TRY(module_set(thread, module, "typecodes", Value(TRY(str_from_ascii(thread, "bBuhHiIlLqQfd")))));
  Value abc = TRY(get_attr_ascii(thread, TRY(import_module(thread, "collections.abc")), "MutableSequence"));
  TRY(call(thread, TRY(get_attr_ascii(thread, abc, "register")), type));
  return ok;
}

static constinit NativeDef array_functions[] = {
    native_raw(array_reconstructor_function, "_array_reconstructor(arraytype, typecode, mformat_code, items, /)",
               "Internal. Used for pickling support."),
};
static TypeDef* const array_types[] = {&array_array_def};
constinit ModuleDef array_module = {
    .name = "array",
    .doc =
        "Compact sequences of numbers or characters that all have the same type.\n\nAn array behaves like a list but stores its "
        "items as C values; a type code\ngiven on creation says which C type that is.",
    .functions = array_functions,
    .function_count = count_of(array_functions),
    .types = array_types,
    .type_count = 1,
    .exec = array_exec,
};

}  // namespace baton
