// bytearray: a growing array of bytes in a RawBytes cell. Methods shared with bytes: bytes_methods.h.
//
// Every change of length or storage happens under the object's critical section and only while nothing holds its buffer; the
// storage is replaced when it is too small, so a reader that took (storage, start, length) together may go on reading it.
// Big copies share the storage (is_shared_): then it is replaced before anything is written to it, by machine code and through
// exported buffers, too. Bytes objects that have it know nothing of that.
#include "objects/bytes_methods.h"
#include "objects/dict.h"
#include "objects/iterators.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"
#include "threads/os_thread.h"

namespace baton {

ByteSpan span_of(Thread& thread, ByteArray* self) {
  CriticalSection guard(thread, self);
  return {self->data(), self->length(), KeepAlive(self->storage_.get())};
}

int byte_at(Thread& thread, ByteArray* self, Index i) {
  CriticalSection guard(thread, self);
  if (i < 0) i += self->length();
  return i < 0 || i >= self->length() ? -1 : self->data()[i];
}

// --- storage

static Failed raise_exported(Thread& thread) {
  return raise_buffer_error(thread, "Existing exports of data: object cannot be re-sized");
}

Result<void> own_storage(Thread& thread, ByteArray* self) {
  if (!self->is_shared_) return ok;
  RawBytes* fresh = TRY(make_raw_bytes(thread, static_cast<usize>(self->length_ + 1)));
  memcpy(fresh->data(), self->data(), static_cast<usize>(self->length_));
  if (self->exports() > 0) self->lent_.set(self, self->storage_.get());
  self->storage_.set(self, fresh);
  self->start_ = 0;
  self->is_shared_ = false;
  return ok;
}

// Under the lock: whether others may have the same storage from now on. If so, a zero byte is behind the contents.
static bool share_locked(ByteArray* self) {
  RawBytes* storage = self->storage_.get();
  Index end = self->start_ + self->length_;
  if (self->length_ < kSharedLength || self->exports() > 0) return false;
  if (static_cast<usize>(self->length_) < storage->capacity() / 2 || static_cast<usize>(end) >= storage->capacity()) return false;
  if (!self->is_shared_)
    storage->data()[end] = 0;
  else if (storage->data()[end] != 0)
    return false;
  self->lent_.set(self, nullptr);
  self->is_shared_ = true;
  return true;
}

// Makes room for n bytes that may be written to, keeping the first min(length, n). The caller holds the critical section and
// sets length_.
static Result<void> reserve_locked(Thread& thread, ByteArray* self, Index n) {
  RawBytes* storage = self->is_shared_ ? nullptr : self->storage_.get();
  Index capacity = storage ? static_cast<Index>(storage->capacity()) - self->start_ : 0;
  if (n <= capacity) return ok;
  // A queue of bytes, added behind and deleted in front: as many were deleted as are moved now. Not where other threads may be
  // reading.
  if (storage && self->start_ >= self->length_ && n <= capacity + self->start_ && !objects_are_locked()) {
    if (self->length_) memmove(storage->data(), self->data(), static_cast<usize>(self->length_));
    self->start_ = 0;
    return ok;
  }
  if (n > (Index{1} << 54)) return raise_memory_error(thread);
  usize wanted = static_cast<usize>(n + (n >> 3) + 16);
  bool is_compact = self->start_ <= n >> 3;
  if (storage && is_compact && raw_bytes_grow(thread, storage, wanted + static_cast<usize>(self->start_))) return ok;
  RawBytes* fresh = TRY(make_raw_bytes(thread, wanted));
  Index keep = self->length() < n ? self->length() : n;
  if (keep) memcpy(fresh->data(), self->data(), static_cast<usize>(keep));
  self->storage_.set(self, fresh);
  self->lent_.set(self, nullptr);
  self->start_ = 0;
  self->is_shared_ = false;
  return ok;
}

// Without a GIL another thread may be in the middle of a native call that reads us: its export is over in a moment, and with a
// GIL nobody would have seen it. True: no export is left.
static bool outlast_readers(Thread& thread, ByteArray* self) {
  if (!objects_are_locked()) return false;
  for (int i = 0; i < 40; ++i) {
    blocking<BlockCause::Lock>(thread, [] { sleep_os_thread(20000); });
    if (self->exports() == 0) return true;
  }
  return false;
}

// Runs change() under the lock when no buffer is exported. change: Result<void>().
template <class Change>
static Result<void> mutate(Thread& thread, ByteArray* self, Change change) {
  for (bool collected = false;; collected = true) {
    do {
      CriticalSection guard(thread, self);
      if (self->exports() == 0) return change();
    } while (!collected && outlast_readers(thread, self));
    if (collected || !collect_dead_exports(thread, self)) return raise_exported(thread);
  }
}

Result<void> bytearray_resize(Thread& thread, ByteArray* self, Index n) {
  if (n == self->length()) return ok;
  return mutate(thread, self, [&]() -> Result<void> {
    TRY(reserve_locked(thread, self, n));
    self->length_ = n;
    return ok;
  });
}

// A fresh one, not published: no lock.
static Result<ByteArray*> new_bytearray(Thread& thread, Index n) {
  RawBytes* storage = n ? TRY(make_raw_bytes(thread, static_cast<usize>(n + 1))) : nullptr;
  ByteArray* result = TRY(make<ByteArray>(thread));
  result->storage_.set(result, storage);
  result->length_ = n;
  return result;
}

Result<ByteArray*> bytearray_from(Thread& thread, const void* data, usize n) {
  ByteArray* result = TRY(new_bytearray(thread, static_cast<Index>(n)));
  if (n) memcpy(result->data(), data, n);
  return result;
}

Result<ByteArray*> allocate_like(Thread& thread, const ByteArray*, Index n, u8** out) {
  ByteArray* result = TRY(new_bytearray(thread, n));
  *out = result->data();
  return result;
}

// The last bytes of self at one moment, at most that many. make(n) makes room for n bytes, in what it answers; data_of tells
// where that is.
template <class Make, class Data>
static auto copy_of(Thread& thread, ByteArray* self, Index most, Make make, Data data_of) -> decltype(make(Index{})) {
  for (;;) {
    Index length = self->length(), n = length < most ? length : most;
    auto result = TRY(make(n));
    CriticalSection guard(thread, self);
    if (self->length_ != length) continue;  // another thread has changed it meanwhile
    if (n) memcpy(data_of(result), self->data() + (length - n), static_cast<usize>(n));
    return result;
  }
}

Result<ByteArray*> end_of(Thread& thread, ByteArray* self, Index n) {
  if (n >= kSharedLength && self->length() >= kSharedLength) {
    ByteArray* result = TRY(make<ByteArray>(thread));
    CriticalSection guard(thread, self);
    Index shared = n < self->length_ ? n : self->length_.get();
    if (shared >= kSharedLength && static_cast<usize>(shared) >= self->storage_->capacity() / 2 && share_locked(self)) {
      result->storage_.set(result, self->storage_.get());
      result->start_ = self->start_ + (self->length_ - shared);
      result->length_ = shared;
      result->is_shared_ = true;
      return result;
    }
  }
  auto make_array = [&](Index size) { return new_bytearray(thread, size); };
  return copy_of(thread, self, n, make_array, [](ByteArray* made) { return made->data(); });
}
Result<ByteArray*> unchanged(Thread& thread, ByteArray* self) { return end_of(thread, self, kMaxIndex); }
Result<Bytes*> bytearray_bytes(Thread& thread, ByteArray* self) {
  if (self->length() >= kSharedLength) {
    if (RawBytes* storage = self->storage_.get()) {
      Bytes* result = TRY(bytes_within(thread, storage, storage->data(), 0));
      CriticalSection guard(thread, self);
      if (self->storage_.get() == storage && share_locked(self)) {
        result->data_ = self->data();
        result->length_ = self->length_;
        return result;
      }
    }
  }
  return copy_of(
      thread, self, kMaxIndex, [&](Index n) { return bytes_allocate(thread, static_cast<usize>(n)); }, bytes_mutable_data);
}

// Under the lock, while nothing is exported.
static Result<void> drop_locked(ByteArray* self) {
  self->storage_.set(self, nullptr);
  self->start_ = self->length_ = 0;
  self->is_shared_ = false;
  return ok;
}

// Replaces [start, stop) by n bytes. data may be null for n == 0; it may not point into self's storage. Under the lock.
static Result<void> splice_locked(Thread& thread, ByteArray* self, Index start, Index stop, const u8* data, Index n) {
  Index length = self->length_;
  if (stop > length) stop = length;
  if (start > stop) start = stop;
  Index tail = length - stop;
  if (start == 0 && n < stop && !(n && self->is_shared_)) {  // deletion at the front moves nothing
    if (tail == 0 && self->is_shared_) return drop_locked(self);
    self->start_ += stop - n;
    self->length_ = n + tail;
    if (n) memcpy(self->data(), data, static_cast<usize>(n));
    return ok;
  }
  if (tail == 0 && n == 0) {
    self->length_ = start;
    return ok;
  }
  if (start + n + tail < length) TRY(own_storage(thread, self));  // all of it: the end is moved
  TRY(reserve_locked(thread, self, start + n + tail));
  u8* to = self->data();
  if (tail) memmove(to + start + n, to + stop, static_cast<usize>(tail));
  if (n) memcpy(to + start, data, static_cast<usize>(n));
  self->length_ = start + n + tail;
  return ok;
}

static Result<void> splice(Thread& thread, ByteArray* self, Index start, Index stop, const u8* data, Index n) {
  Index old = self->length();
  if (stop > old) stop = old;
  if (start > stop) start = stop;
  if (stop - start == n) {  // same size: allowed while exported
    CriticalSection guard(thread, self);
    if (n) TRY(own_storage(thread, self));
    if (stop <= self->length() && n) memmove(self->data() + start, data, static_cast<usize>(n));
    return ok;
  }
  return mutate(thread, self, [&] { return splice_locked(thread, self, start, stop, data, n); });
}

static Result<void> append_bytes(Thread& thread, ByteArray* self, const u8* bytes, Index n) {
  if (n == 0) return ok;
  return mutate(thread, self, [&]() -> Result<void> {
    TRY(reserve_locked(thread, self, self->length_ + n));
    u8* data = self->data();
    memcpy(data + self->length_, bytes, static_cast<usize>(n));
    self->length_ += n;
    return ok;
  });
}

// --- construction

static Result<Value> bytearray_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, types.bytearray));
  return TRY(make_of<ByteArray>(thread, type));
}

// bytearray(n): in place, if that is no time in which a signal would have to be seen. Beyond, by pieces.
static constexpr Index kZerosAtOnce = Index{16} << 20;
static Result<void> fill_with_zeros(Thread& thread, ByteArray* self, Index n) {
  return mutate(thread, self, [&]() -> Result<void> {
    TRY(reserve_locked(thread, self, n));
    memset(self->storage_->data() + self->start_, 0, static_cast<usize>(n));
    self->length_ = n;
    return ok;
  });
}

static Result<void> bytearray_init(Thread& thread, ByteArray* self, Optional<Value> source, Optional<Value> encoding,
                                   Optional<Value> errors) {
  if (self->length() != 0) TRY(bytearray_resize(thread, self, 0));
  if (source.present && source.value.is_small_int() && !encoding.present && !errors.present) {
    if (i64 n = source.value.small_int(); n > 0 && n <= kZerosAtOnce) return fill_with_zeros(thread, self, n);
  }
  if (source.present && is_exact<Bytes>(source.value) && !encoding.present && !errors.present)
    return append_bytes(thread, self, source.value.as<Bytes>()->data(), source.value.as<Bytes>()->length());
  ByteBuilder content;
  Value whole;
  TRY(bytes_construct(thread, "bytearray", source, encoding, errors, &content, &whole));
  return splice(thread, self, 0, self->length(), content.data(), static_cast<Index>(content.size()));
}

// --- comparison

static int compare_spans(const u8* a, Index na, const u8* b, Index nb) {
  Index n = na < nb ? na : nb;
  int c = n ? memcmp(a, b, static_cast<usize>(n)) : 0;
  if (c) return c;
  return na < nb ? -1 : na > nb;
}

template <class Test>
static Result<Value> compare_with(Thread& thread, ByteArray* self, Value other, Test test) {
  if (!has_buffer(other)) {
    if (bytes_warning_level && is<Str>(other))
      TRY(warn(thread, exceptions.BytesWarning, "Comparison between bytearray and string"));
    return kNotImplemented;
  }
  BytesArg arg;
  if (arg.take(thread, other).is_failed()) {
    thread.clear_pending();  // a buffer that isn't contiguous
    return kNotImplemented;
  }
  ByteSpan span = span_of(thread, self);
  return Value::of_bool(test(compare_spans(span.data, span.size, arg.data(), arg.size())));
}
static Result<Value> bytearray_eq(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c == 0; });
}
static Result<Value> bytearray_ne(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c != 0; });
}
static Result<Value> bytearray_lt(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c < 0; });
}
static Result<Value> bytearray_le(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c <= 0; });
}
static Result<Value> bytearray_gt(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c > 0; });
}
static Result<Value> bytearray_ge(Thread& thread, ByteArray* self, Value v) {
  return compare_with(thread, self, v, [](int c) { return c >= 0; });
}

// --- item and slice assignment

// The bytes that an assignment or extend() takes from v, copied.
static Result<void> collect_bytes(Thread& thread, Value v, ByteBuilder* out) {
  if (has_buffer(v)) {
    BytesArg arg;
    TRY(arg.take(thread, v));
    if (!out->append(arg.data(), static_cast<usize>(arg.size()))) return raise_memory_error(thread);
    return ok;
  }
  return out->extend(thread, v, "byte");
}

static Result<void> collect_assigned(Thread& thread, Value v, ByteBuilder* out) {
  if (!has_buffer(v) && (is_index(v) || is<Str>(v) || type_of(v)->slot(Slot::iter).is_absent())) {
    return raise_type_error(thread, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
  }
  return collect_bytes(thread, v, out);
}

static Result<void> assign_slice(Thread& thread, ByteArray* self, Slice* slice, const u8* data, Index n) {
  Value start = slice->start(), stop = slice->stop(), step = slice->step();
  TRY(make_slice_plain(thread, &start, &stop, &step));  // each asked once; they may change the length
  SliceRange range = TRY(slice_resolve(thread, start, stop, step, self->length()));
  Index count = range.length < 0 ? 0 : range.length;
  if (range.step == 1) {
    return splice(thread, self, range.start, range.start + count, data, n);
  }
  if (n == 0) {  // delete every step-th
    if (count == 0) return ok;
    return mutate(thread, self, [&]() -> Result<void> {
      TRY(own_storage(thread, self));
      Index first = range.step > 0 ? range.start : range.start + (count - 1) * range.step;
      Index step = range.step > 0 ? range.step : -range.step;
      u8* at = self->data();
      Index to = first, next = first, removed = 0;
      for (Index i = first; i < self->length_; ++i) {
        if (i == next && removed < count) {
          ++removed;
          next += step;
          continue;
        }
        at[to++] = at[i];
      }
      self->length_ = to;
      return ok;
    });
  }
  if (n != count) return raise_value_error(thread, "attempt to assign bytes of size {} to extended slice of size {}", n, count);
  CriticalSection guard(thread, self);
  TRY(own_storage(thread, self));
  for (Index i = 0, at = range.start; i < n; ++i, at += range.step)
    if (at < self->length_) self->data()[at] = data[i];
  return ok;
}

static Result<void> bytearray_setitem(Thread& thread, ByteArray* self, Value key, Value value) {
  if (is_index(key)) {
    Index i = TRY(to_index_checked(thread, key));
    if (i < 0) i += self->length();
    u8 byte = TRY(byte_value(thread, value));  // asked before the index
    CriticalSection guard(thread, self);
    if (i < 0 || i >= self->length_) return raise_index_error(thread, "bytearray index out of range");
    TRY(own_storage(thread, self));
    self->data()[i] = byte;
    return ok;
  }
  Slice* slice = cast<Slice>(key);
  if (!slice) return raise_type_error(thread, "bytearray indices must be integers or slices, not {!t}", key);
  if (!is<ByteArray>(value) || value == Value(self))  // CPython asks for the bounds before it makes a bytearray, and after
    TRY(slice_resolve(thread, slice, self->length()));
  if (is_exact<Bytes>(value)) {
    ByteSpan content = span_of(thread, value.as<Bytes>());
    return assign_slice(thread, self, slice, content.data, content.size);
  }
  ByteBuilder content;
  TRY(collect_assigned(thread, value, &content));
  return assign_slice(thread, self, slice, content.data(), static_cast<Index>(content.size()));
}

static Result<void> bytearray_delitem(Thread& thread, ByteArray* self, Value key) {
  if (is_index(key)) {
    Index i = TRY(to_index_checked(thread, key));
    if (i < 0) i += self->length();
    if (i < 0 || i >= self->length()) return raise_index_error(thread, "bytearray index out of range");
    return splice(thread, self, i, i + 1, nullptr, 0);
  }
  Slice* slice = cast<Slice>(key);
  if (!slice) return raise_type_error(thread, "bytearray indices must be integers or slices, not {!t}", key);
  return assign_slice(thread, self, slice, nullptr, 0);
}

// --- changing methods

static Result<void> bytearray_append(Thread& thread, ByteArray* self, Value item) {
  u8 byte = TRY(byte_value(thread, item));
  return mutate(thread, self, [&]() -> Result<void> {
    TRY(reserve_locked(thread, self, self->length_ + 1));
    u8* data = self->data();
    data[self->length_++] = byte;
    return ok;
  });
}

static Result<void> bytearray_extend(Thread& thread, ByteArray* self, Value iterable) {
  if (is_exact<Bytes>(iterable)) {
    ByteSpan content = span_of(thread, iterable.as<Bytes>());
    return append_bytes(thread, self, content.data, content.size);
  }
  if (!has_buffer(iterable) && type_of(iterable)->slot(Slot::iter).is_absent() &&
      type_of(iterable)->slot(Slot::getitem).is_absent()) {
    return raise_type_error(thread, "can't extend bytearray with {!t}", iterable);
  }
  if (has_buffer(iterable) && iterable != Value(self)) {
    BytesArg arg;
    TRY(arg.take(thread, iterable));
    return append_bytes(thread, self, arg.data(), arg.size());
  }
  if (!has_buffer(iterable)) TRY(length_hint(thread, iterable, 0));  // its exceptions count
  ByteBuilder content;
  TRY(collect_bytes(thread, iterable, &content));
  return append_bytes(thread, self, content.data(), static_cast<Index>(content.size()));
}

static Result<void> bytearray_insert(Thread& thread, ByteArray* self, Index index, Value item) {
  u8 byte = TRY(byte_value(thread, item));
  Index n = self->length();
  if (index < 0 && (index += n) < 0) index = 0;
  if (index > n) index = n;
  return splice(thread, self, index, index, &byte, 1);
}

// Finds a byte and removes it in one step. find() says where it is, or -1, under the lock; it is asked before, too, as its
// failure is told rather than that of a bytearray that is exported. The byte, or -1.
template <class Find>
static Result<i64> take_byte(Thread& thread, ByteArray* self, Find find) {
  i64 taken = -1;
  {
    CriticalSection guard(thread, self);
    if (find() < 0) return taken;
  }
  TRY(mutate(thread, self, [&]() -> Result<void> {
    Index at = find();
    if (at < 0) return ok;
    taken = self->data()[at];
    return splice_locked(thread, self, at, at + 1, nullptr, 0);
  }));
  return taken;
}

static Result<i64> bytearray_pop(Thread& thread, ByteArray* self, Index index) {
  if (self->length() == 0) return raise_index_error(thread, "pop from empty bytearray");
  i64 taken = TRY(take_byte(thread, self, [&]() -> Index {
    Index n = self->length(), at = index < 0 ? index + n : index;
    return at >= 0 && at < n ? at : -1;
  }));
  if (taken < 0) return raise_index_error(thread, "pop index out of range");
  return taken;
}

static Result<void> bytearray_remove(Thread& thread, ByteArray* self, Value value) {
  u8 byte = TRY(byte_value(thread, value));
  i64 taken = TRY(take_byte(thread, self, [&]() -> Index {
    const u8* data = self->data();
    Index n = self->length();
    const void* hit = n ? memchr(data, byte, static_cast<usize>(n)) : nullptr;
    return hit ? static_cast<const u8*>(hit) - data : -1;
  }));
  if (taken < 0) return raise_value_error(thread, "value not found in bytearray");
  return ok;
}

static Result<void> bytearray_reverse(Thread& thread, ByteArray* self) {
  CriticalSection guard(thread, self);
  TRY(own_storage(thread, self));
  u8* data = self->data();
  for (Index i = 0, j = self->length_ - 1; i < j; ++i, --j) {
    u8 byte = data[i];
    data[i] = data[j];
    data[j] = byte;
  }
  return ok;
}

static Result<void> bytearray_clear(Thread& thread, ByteArray* self) {
  if (self->length() == 0) return ok;
  return mutate(thread, self, [&] { return drop_locked(self); });
}

static Result<ByteArray*> bytearray_copy(Thread& thread, ByteArray* self) { return unchanged(thread, self); }

static Result<Value> bytearray_iadd(Thread& thread, ByteArray* self, Value value) {
  if (!has_buffer(value)) return raise_type_error(thread, "can't concat {!t} to {!t}", value, self);
  if (value == Value(self)) {  // its buffer is in use while it grows
    if (self->length()) return raise_exported(thread);
    return self;
  }
  BytesArg arg;
  TRY(arg.take(thread, value));
  TRY(append_bytes(thread, self, arg.data(), arg.size()));
  return self;
}

static Result<Value> bytearray_imul(Thread& thread, ByteArray* self, Value value) {
  Index count = TRY(to_index_checked(thread, value, exceptions.OverflowError));
  if (count < 0) count = 0;
  if (count == 1) return self;
  TRY(mutate(thread, self, [&]() -> Result<void> {
    Index total, size = self->length_;
    if (__builtin_mul_overflow(size, count, &total)) return raise_memory_error(thread);
    TRY(reserve_locked(thread, self, total));
    u8* data = self->data();
    if (total) repeat_bytes(data, data, static_cast<usize>(size), static_cast<usize>(total));
    self->length_ = total;
    return ok;
  }));
  return self;
}

// --- representation

static Result<Str*> bytearray_repr(Thread& thread, ByteArray* self) {
  ByteSpan span = span_of(thread, self);
  Str* content = TRY(bytes_repr_with(thread, span.text(), true));
  return format_message(thread, "{}({})", type_name(self), content);
}
static Result<Str*> bytearray_str(Thread& thread, ByteArray* self) {
  if (bytes_warning_level) TRY(warn(thread, exceptions.BytesWarning, "str() on a bytearray instance"));
  return bytearray_repr(thread, self);
}

static Result<i64> bytearray_sizeof(Thread& thread, ByteArray* self) {
  CriticalSection guard(thread, self);
  RawBytes* storage = self->storage_.get();
  return 56 + (storage ? static_cast<i64>(storage->capacity()) : 0);
}
static Result<i64> bytearray_alloc(Thread& thread, ByteArray* self) {
  CriticalSection guard(thread, self);
  RawBytes* storage = self->storage_.get();
  return (storage ? static_cast<i64>(storage->capacity()) : 0) + 1;  // CPython counts a zero byte behind the last
}

// (type, arguments, instance attributes or None)
static Result<Value> reduce(Thread& thread, ByteArray* self, int protocol) {
  Value state = TRY(call_method(thread, self, names.dunder_getstate));
  ByteSpan span = span_of(thread, self);
  Value arguments;
  if (protocol < 3) {
    Str* text = TRY(str_from_latin1(thread, span.data, static_cast<usize>(span.size)));
    arguments = span.size ? TRY(tuple_of(thread, text, intern(thread, "latin-1"))) : empty_tuple();
  } else {
    arguments =
        span.size ? TRY(tuple_of(thread, TRY(bytes_from(thread, span.data, static_cast<usize>(span.size))))) : empty_tuple();
  }
  return TRY(tuple_of(thread, type_of(self), arguments, state));
}
static Result<Value> bytearray_reduce(Thread& thread, ByteArray* self) { return reduce(thread, self, 2); }
static Result<Value> bytearray_reduce_ex(Thread& thread, ByteArray* self, int proto) { return reduce(thread, self, proto); }

// --- iterator

BATON_NOINLINE static Result<Value> next_locked(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index at = self->position_.get();
  int byte = byte_at(thread, source.as<ByteArray>(), at);
  if (byte < 0) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = at + 1;
  return Value::of_small_int(byte);
}
static Result<Value> bytearray_iterator_next(Thread& thread, Iterator* self) {
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Index at = self->position_.get();
  auto* bytes = source.as<ByteArray>();
  if (objects_are_locked() || at >= bytes->length()) return next_locked(thread, self);
  self->position_ = at + 1;
  return Value::of_small_int(bytes->data()[at]);
}
static Result<Value> bytearray_iterator_iter(Thread&, Iterator* self) { return self; }
static Result<i64> bytearray_iterator_length_hint(Thread&, Iterator* self) {
  Value source = self->source();
  Index left = source.is_absent() ? 0 : source.as<ByteArray>()->length() - self->position_;
  return left < 0 ? 0 : left;
}
static Result<Value> bytearray_iterator_reduce(Thread& thread, Iterator* self) {
  Value iter = TRY(get_attr_ascii(thread, runtime.builtins, "iter"));
  Value source = self->source();
  if (source.is_absent()) return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, empty_tuple()))));
  return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, source)), TRY(int_from_i64(thread, self->position_))));
}
static Result<void> bytearray_iterator_setstate(Thread&, Iterator* self, Index state) {
  Value source = self->source();
  if (source.is_absent()) return ok;
  Index n = source.as<ByteArray>()->length();
  self->position_ = state < 0 ? 0 : state > n ? n : state;
  return ok;
}
static constinit NativeDef bytearray_iterator_methods[] = {
    native<bytearray_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<bytearray_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<bytearray_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<bytearray_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<bytearray_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
static TypeDef bytearray_iterator_def = {.name = "bytearray_iterator",
                                         .kind = kKindIterator,
                                         .payload_size = sizeof(Iterator),
                                         .flags = kTypeNoInstances,
                                         .methods = bytearray_iterator_methods,
                                         .method_count = count_of(bytearray_iterator_methods),
                                         .kind_info = kind_info_of<Iterator>("iterator")};
static Result<Value> bytearray_iter(Thread& thread, ByteArray* self) {
  auto* it = TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, bytearray_iterator_def)), Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::Native);
  return Value(it);
}

// --- the table

constinit NativeDef bytearray_methods[] = {
    native_raw(bytearray_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<bytearray_init>("__init__($self, /, source=b'', encoding='utf-8', errors='strict')",
                           "Set up a new instance from the arguments its class documents."),
    native<bytearray_repr>("__repr__($self, /)", "Return repr(self)."),
    native<bytearray_str>("__str__($self, /)", "Return str(self)."),
    native<bytearray_lt>("__lt__($self, value, /)", "Return self<value."),
    native<bytearray_le>("__le__($self, value, /)", "Return self<=value."),
    native<bytearray_eq>("__eq__($self, value, /)", "Return self==value."),
    native<bytearray_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<bytearray_gt>("__gt__($self, value, /)", "Return self>value."),
    native<bytearray_ge>("__ge__($self, value, /)", "Return self>=value."),
    native<bytearray_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<bytearray_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<bytearray_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<bytearray_iadd>("__iadd__($self, value, /)", "Implement self+=value."),
    native<bytearray_imul>("__imul__($self, value, /)", "Implement self*=value."),
    native<bytearray_alloc>("__alloc__($self, /)", "Return the number of bytes actually allocated."),
    native<bytearray_sizeof>("__sizeof__($self, /)", "Return how many bytes of memory the bytearray takes, spare room included."),
    native<bytearray_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<bytearray_reduce_ex>("__reduce_ex__($self, proto=0, /)", "Return state information for pickling."),
    native<bytearray_append>("append($self, item, /)", "Append a single item to the end of the bytearray."),
    native<bytearray_extend>("extend($self, iterable_of_ints, /)",
                             "Add several bytes at the end, each given as an int from 0 to 255.\n\nThey come from any iterable, "
                             "which may be another bytes-like object."),
    native<bytearray_insert>("insert($self, index, item, /)",
                             "Put one byte in front of position index, moving up the bytes behind.\n\n  index\n    As in slices: "
                             "negative values count from the end, and those beyond\n    either end mean that end.\n  item\n    "
                             "The byte, as an int from 0 to 255; other ints raise ValueError."),
    native<bytearray_pop>("pop($self, index=-1, /)", "Remove and return a single item, the last one if no index is given."),
    native<bytearray_remove>("remove($self, value, /)", "Remove the first occurrence of a value in the bytearray."),
    native<bytearray_reverse>("reverse($self, /)", "Turn the bytearray around, so that the last byte is now the first."),
    native<bytearray_clear>("clear($self, /)", "Remove all items from the bytearray."),
    native<bytearray_copy>("copy($self, /)", "Return a copy of the bytearray."),
    BATON_BYTES_ROWS(ByteArray),
};

static Result<void> bytearray_finish(Thread& thread, Type* type) {
  return type_set_attribute(thread, type, names.dunder_hash, kNone);
}

constinit TypeDef bytearray_def = {
    .name = "bytearray",
    .doc =
        "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> encoded "
        "text\nbytearray(bytes_or_buffer) -> copy of the contents\nbytearray(int) -> that many zero bytes\nbytearray() -> no "
        "bytes yet\n\nMake a sequence of bytes that can change and grow. What it has at first\ncomes from:\n  - ints that fit "
        "into one byte each, 0 to 255\n  - text, for which you have to name an encoding\n  - bytes, or the memory of some other "
        "object, such as an array\n  - nowhere, if you give a length or no argument at all",
    .kind = kKindByteArray,
    .payload_size = sizeof(ByteArray),
    .flags = kTypeSubclassable | kTypeImmutable | kTypeMatchSelf,
    .methods = bytearray_methods,
    .method_count = count_of(bytearray_methods),
    .kind_info = kind_info_of<ByteArray>("bytearray"),
    .finish = bytearray_finish,
};

}  // namespace baton
