// _io.BytesIO: bytes in memory.
//
// The contents are `length_` bytes of `storage_` (growing, zero beyond), or an immutable bytes object shared with Python until
// the first write. getbuffer() exports the storage through a _BytesIOBuffer; while exported it can't be resized.
#include <cstring>

#include "heap/large_cells.h"
#include "modules/io_internal.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"
#include "threads/relaxed.h"

namespace baton {

class BytesIOBuffer;

class BytesIO final : public Cell {
 public:
  void init() {
    storage_.init(nullptr);
    shared_.init(nullptr);
    exporter_.init(nullptr);
    length_ = position_ = 0;
    exports_ = 0;
    closed_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_, shared_, exporter_, tail_.extra_); }
  u32 exports() const { return __atomic_load_n(&exports_, __ATOMIC_RELAXED); }
  const u8* data() const { return shared_.get() ? shared_->data() : storage_.get() ? storage_->data() : nullptr; }

  Field<RawBytes> storage_;
  Field<Bytes> shared_;   // not null: the contents, length_ of them; storage_ is unused
  Field<Cell> exporter_;  // the _BytesIOBuffer of getbuffer(): lives as long as we do, to be told when views die
  Relaxed<i64> length_, position_;
  u32 exports_;
  Relaxed<bool> closed_;
  ObjectTail tail_;
};

class BytesIOBuffer final : public Cell {
 public:
  void init(BytesIO* source) { source_.init(source); }
  void visit_edges(EdgeVisitor& visit) const { visit(source_); }
  Field<BytesIO> source_;
};

static Result<void> check(Thread& t, BytesIO* self) {
  if (self->closed_) return raise_value_error(t, "I/O operation on closed file.");
  return ok;
}
static Failed raise_exported(Thread& t) { return raise_buffer_error(t, "Existing exports of data: object cannot be re-sized"); }
static Result<void> check_exports(Thread& t, BytesIO* self) {
  if (self->exports() > 0 && (!collect_dead_exports(t, self->exporter_.get()) || self->exports() > 0)) return raise_exported(t);
  return ok;
}

// Whatever reads or moves in the contents is under the lock: storage, length and position belong together.

// How much more than is needed for contents that grow from `have` to `wanted` bytes: an eighth. Big ones that grow by pieces get
// two times as much, huge ones half, for each time may be a copy; room that isn't used costs no memory.
static usize growing_room(usize have, usize wanted) {
  constexpr usize kBig = usize{32} << 10, kBigger = usize{1} << 20, kHuge = usize{16} << 20;
  bool by_pieces = wanted > kBig && have >= wanted / 4;
  if (by_pieces && wanted < kHuge) return wanted < kBigger ? wanted * 2 : wanted / 2;
  return wanted / 8 + (wanted < 9 ? 3 : 6);
}

// Own storage of at least `capacity` bytes, keeping the contents.
static Result<void> ensure_storage(Thread& t, BytesIO* self, i64 capacity) {
  RawBytes* old = self->storage_.get();
  if (!self->shared_.get() && old && static_cast<i64>(old->capacity()) >= capacity) return ok;
  usize wanted = static_cast<usize>(capacity);
  if (!self->shared_.get() && old) {
    wanted += growing_room(static_cast<usize>(self->length_), wanted);
    if (raw_bytes_grow(t, old, wanted)) return ok;
  }
  RawBytes* fresh = TRY(make_raw_bytes(t, wanted));
  if (capacity >= static_cast<i64>(kFilledAtOnce)) heap_will_be_filled(fresh, static_cast<usize>(capacity));
  if (self->length_ > 0) memcpy(fresh->data(), self->data(), static_cast<usize>(self->length_));
  self->storage_.set(self, fresh);
  self->shared_.set(self, nullptr);
  if (old && self->exports_ == 0) heap_free_large(old);
  return ok;
}

static Result<i64> write_bytes(Thread& t, BytesIO* self, Value b) {
  TRY(check(t, self));
  TRY(check_exports(t, self));
  BufferView view;
  if (!convert_buffer(t, b, &view)) return failed;
  i64 n = static_cast<i64>(view.size);
  Result<void> r = ok;
  if (n > 0) {
    CriticalSection guard(t, self);
    i64 end;
    if (self->exports() > 0)  // since we looked
      r = raise_exported(t);
    else if (__builtin_add_overflow(self->position_.get(), n, &end))
      r = raise_overflow_error(t, "new position too large");
    else
      r = ensure_storage(t, self, end > self->length_ ? end : self->length_.get());
    if (!r.is_failed()) {
      u8* data = self->storage_->data();
      if (self->position_ > self->length_) memset(data + self->length_, 0, static_cast<usize>(self->position_ - self->length_));
      memcpy(data + self->position_, view.data, view.size);
      self->position_ = end;
      if (end > self->length_) self->length_ = end;
    }
  }
  release_buffer(view);
  if (r.is_failed()) return failed;
  return n;
}

static Result<Value> bytesio_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<BytesIO>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}
static Result<void> bytesio_init(Thread& t, BytesIO* self, Value initial) {
  TRY(check_exports(t, self));
  {
    CriticalSection guard(t, self);
    self->length_ = self->position_ = 0;
    self->storage_.set(self, nullptr);
    self->shared_.set(self, nullptr);
    self->closed_ = false;
    if (is_exact<Bytes>(initial)) {
      self->shared_.set(self, initial.as<Bytes>());
      self->length_ = initial.as<Bytes>()->length();
    }
    if (initial.is_none() || is_exact<Bytes>(initial)) return ok;
  }
  TRY(write_bytes(t, self, initial));
  self->position_ = 0;
  return ok;
}

static Result<i64> size_argument(Thread& t, Value v) {
  if (v.is_none()) return i64{-1};
  if (!v.is_small_int() && type_of(v)->slot(Slot::index).is_absent())
    return raise_type_error(t, "argument should be integer or None, not '{!t}'", v);
  return TRY(to_index_checked(t, v, exceptions.OverflowError));
}

static Result<Value> take(Thread& t, BytesIO* self, i64 n) {
  i64 from = self->position_;
  self->position_ += n;
  if (n > 1 && from == 0 && n == self->length_ && self->shared_.get()) return Value(self->shared_.get());
  return bytes_from(t, self->data() + from, static_cast<usize>(n));
}
static i64 available(BytesIO* self) { return self->length_ > self->position_ ? self->length_ - self->position_ : 0; }

static Result<Value> bytesio_read(Thread& t, BytesIO* self, Value size) {
  i64 n = TRY(size_argument(t, size));
  TRY(check(t, self));
  CriticalSection guard(t, self);
  i64 have = available(self);
  if (n < 0 || n > have) n = have;
  return take(t, self, n);
}
static Result<Value> bytesio_readinto(Thread& t, BytesIO* self, WritableBuffer buffer) {
  TRY(check(t, self));
  CriticalSection guard(t, self);
  i64 n = available(self);
  if (n > static_cast<i64>(buffer.size)) n = static_cast<i64>(buffer.size);
  memmove(buffer.bytes(), self->data() + self->position_, static_cast<usize>(n));
  self->position_ += n;
  return Value::of_small_int(n);
}
// Length of the line at the position, at most `limit` (negative: any).
static i64 line_length(BytesIO* self, i64 limit) {
  i64 n = available(self);
  if (n == 0) return 0;
  const u8* start = self->data() + self->position_;
  if (limit >= 0 && n > limit) n = limit;
  auto* end = static_cast<const u8*>(memchr(start, '\n', static_cast<usize>(n)));
  return end ? end - start + 1 : n;
}
static Result<Value> bytesio_readline(Thread& t, BytesIO* self, Value size) {
  i64 limit = TRY(size_argument(t, size));
  TRY(check(t, self));
  CriticalSection guard(t, self);
  return take(t, self, line_length(self, limit));
}
static Result<Value> bytesio_readlines(Thread& t, BytesIO* self, Value arg) {
  TRY(check(t, self));
  i64 most = 0;
  if (!arg.is_none()) {
    if (!is_int(arg)) return raise_type_error(t, "integer argument expected, got '{!t}'", arg);
    if (!int_to_i64(arg, &most)) return raise_overflow_error(t, "Python int too large to convert to C ssize_t");
  }
  List* lines = TRY(make_list(t));
  i64 total = 0;
  for (;;) {
    CriticalSection guard(t, self);
    i64 n = line_length(self, -1);
    if (n == 0) break;
    TRY(list_append(t, lines, TRY(take(t, self, n))));
    total += n;
    if (most > 0 && total >= most) break;
  }
  return lines;
}
static Result<Value> bytesio_next(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  CriticalSection guard(t, self);
  i64 n = line_length(self, -1);
  if (n == 0) return kExhausted;
  return take(t, self, n);
}
static Result<Value> bytesio_iter(Thread&, BytesIO* self) { return Value(self); }
static Result<i64> bytesio_write(Thread& t, BytesIO* self, Value b) { return write_bytes(t, self, b); }
static Result<void> bytesio_writelines(Thread& t, BytesIO* self, Value lines) {
  TRY(check(t, self));
  return for_each(t, lines, [&](Value line) -> Result<bool> {
    TRY(write_bytes(t, self, line));
    return true;
  });
}

static Result<Value> bytesio_truncate(Thread& t, BytesIO* self, Value size) {
  i64 given = -1;
  if (!size.is_none()) {
    if (!size.is_small_int() && type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    given = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  TRY(check(t, self));
  TRY(check_exports(t, self));
  i64 n = given;
  if (size.is_none()) n = self->position_;
  if (n < 0) return raise_value_error(t, "negative size value {}", n);
  CriticalSection guard(t, self);
  if (n < self->length_) {
    if (self->exports() > 0) return raise_exported(t);
    if (self->shared_.get()) {
      self->length_ = n;
      TRY(ensure_storage(t, self, n));
    }
    self->length_ = n;
  }
  return int_from_i64(t, n);
}
static Result<Value> bytesio_seek(Thread& t, BytesIO* self, i64 position, int whence) {
  TRY(check(t, self));
  if (position < 0 && whence == 0) return raise_value_error(t, "negative seek value {}", position);
  CriticalSection guard(t, self);
  i64 base = whence == 1 ? self->position_.get() : whence == 2 ? self->length_.get() : 0;
  if (whence < 0 || whence > 2) return raise_value_error(t, "invalid whence ({}, should be 0, 1 or 2)", whence);
  i64 target;
  if (__builtin_add_overflow(base, position, &target)) return raise_overflow_error(t, "new position too large");
  if (target < 0) target = 0;
  self->position_ = target;
  return int_from_i64(t, target);
}
static Result<i64> bytesio_tell(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  return self->position_.get();
}

// The contents, which are then shared until the next write. A big one's aren't copied; what they don't need of their memory is
// given back.
static Result<Bytes*> contents_as_bytes(Thread& t, BytesIO* self) {
  constexpr usize kBig = usize{64} << 10;
  usize n = static_cast<usize>(self->length_);
  RawBytes* storage = self->storage_.get();
  bool fits = n >= kBig && storage && self->exports() == 0 && storage->capacity() > n;
  if (fits && storage->capacity() - n > n / 4) fits = raw_bytes_shrink(storage, n + 1);
  return fits ? bytes_over(t, storage, n) : bytes_from(t, self->data(), n);
}

static Result<Value> bytesio_getvalue(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  CriticalSection guard(t, self);
  if (self->shared_.get() && self->shared_->length() == self->length_) return Value(self->shared_.get());
  Bytes* bytes = TRY(contents_as_bytes(t, self));
  if (self->exports() == 0) {
    self->shared_.set(self, bytes);
    self->storage_.set(self, nullptr);
  }
  return Value(bytes);
}

static Result<bool> bytesio_true(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  return true;
}
static Result<bool> bytesio_isatty(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  return false;
}
static Result<void> bytesio_flush(Thread& t, BytesIO* self) { return check(t, self); }
static Result<void> bytesio_close(Thread& t, BytesIO* self) {
  TRY(check_exports(t, self));
  CriticalSection guard(t, self);
  if (self->exports() > 0) return raise_exported(t);
  self->storage_.set(self, nullptr);
  self->shared_.set(self, nullptr);
  self->length_ = 0;
  self->closed_ = true;
  return ok;
}
static Result<Value> bytesio_get_closed(Thread&, Value self) { return Value::of_bool(self.as<BytesIO>()->closed_); }

static Result<Value> bytesio_getbuffer(Thread& t, BytesIO* self) {
  TRY(check(t, self));
  if (!self->exporter_.get())
    self->exporter_.set(self, TRY(make_of<BytesIOBuffer>(t, TRY(type_from_def(t, bytes_io_buffer_def)), self)));
  return make_memoryview(t, Value(self->exporter_.get()));
}

static Result<bool> get_bytesio_buffer(Thread& t, Cell* cell, BufferInfo* out, bool) {
  BytesIO* self = static_cast<BytesIOBuffer*>(cell)->source_.get();
  CriticalSection guard(t, self);
  TRY(ensure_storage(t, self, self->length_ ? self->length_.get() : 1));
  __atomic_fetch_add(&self->exports_, 1, __ATOMIC_SEQ_CST);
  *out = {self->storage_->data(), static_cast<usize>(self->length_), false, "B", 1, 1, nullptr, nullptr};
  return true;
}
static void release_bytesio_buffer(Cell* cell) {
  __atomic_fetch_sub(&static_cast<BytesIOBuffer*>(cell)->source_->exports_, 1, __ATOMIC_SEQ_CST);
}

// State: (contents, position, instance dict or None).
static Result<Value> bytesio_getstate(Thread& t, BytesIO* self) {
  Value contents = TRY(bytesio_getvalue(t, self));
  Dict* attributes = TRY(instance_attributes_copy(t, self));
  Value dict = attributes && attributes->length() ? Value(attributes) : kNone;
  return TRY(tuple_of(t, contents, TRY(int_from_i64(t, self->position_)), dict));
}
static Result<void> bytesio_setstate(Thread& t, BytesIO* self, Value state) {
  if (!is<Tuple>(state) || state.as<Tuple>()->length() < 3) {
    return raise_type_error(t, "{!t}.__setstate__ argument should be 3-tuple, got {!t}", Value(self), state);
  }
  TRY(check_exports(t, self));
  Tuple* parts = state.as<Tuple>();
  {
    CriticalSection guard(t, self);
    self->length_ = self->position_ = 0;
    self->shared_.set(self, nullptr);
  }
  TRY(write_bytes(t, self, parts->at(0)));
  Value position = parts->at(1);
  if (!is_int(position)) return raise_type_error(t, "second item of state must be an integer, not {!t}", position);
  i64 at = TRY(to_index_checked(t, position, exceptions.OverflowError));
  if (at < 0) return raise_value_error(t, "position value cannot be negative");
  self->position_ = at;
  Value dict = parts->at(2);
  if (dict.is_none()) return ok;
  if (!is<Dict>(dict)) return raise_type_error(t, "third item of state should be a dict, got a {!t}", dict);
  return dict_update_from(t, TRY(instance_dict(t, self)), dict);
}
static Result<i64> bytesio_sizeof(Thread& t, BytesIO* self) {
  CriticalSection guard(t, self);
  return static_cast<i64>(sizeof(BytesIO)) + (self->storage_.get() ? static_cast<i64>(self->storage_->capacity()) : 0);
}

static Result<void> finish_bytesio(Thread& t, Type* type) {
  type->flags_ &= ~static_cast<u32>(kTypeHasDel);  // nothing to do at the end of one, unless a subclass says so
  heap_owns_buffers(type->instance_kind());
  return ok;
}
static Result<void> finish_bytesio_buffer(Thread&, Type* type) {
  heap_owns_buffers(type->instance_kind());
  register_buffer_kind(type->instance_kind(), get_bytesio_buffer, release_bytesio_buffer);
  return Result<void>();
}

static constinit NativeDef bytesio_methods[] = {
    native_raw(bytesio_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<bytesio_init>("__init__($self, /, initial_bytes=b'')",
                         "Set up a new instance from the arguments its class documents."),
    native<bytesio_read>(
        "read($self, size=-1, /)",
        "Return at most size bytes, or b'' when nothing is left.\n\nA negative size, the default, means everything to the end."),
    native<bytesio_read>("read1($self, size=-1, /)",
                         "Return at most size bytes, or b'' when nothing is left.\n\nWithout a size, or with a negative one, "
                         "everything to the end is returned.\nThe method does the same as read()."),
    native<bytesio_readinto>("readinto($self, buffer, /)",
                             "Fill buffer, a writable bytes-like object, with the bytes that come next.\n\nThe result says how "
                             "many there were, 0 at the end."),
    native<bytesio_readline>("readline($self, size=-1, /)",
                             "Return the next line as bytes, with its b'\\n', or b'' if none is left.\n\nA size that is not "
                             "negative is the most to return, if need be only part of\nthe line."),
    native<bytesio_readlines>("readlines($self, size=None, /)",
                              "Return a list with the lines left, each of type bytes.\n\nWith a positive size, reading stops "
                              "about there: once the lines add up to\nthat many bytes, no further line is read."),
    native<bytesio_next>("__next__($self, /)", "Implement next(self)."),
    native<bytesio_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<bytesio_write>("write($self, b, /)", "Write bytes to file.\n\nReturn the number of bytes written."),
    native<bytesio_writelines>("writelines($self, lines, /)",
                               "Write each bytes-like object in the iterable lines, as write() would.\n\nLine ends have to be in "
                               "the data; none are added."),
    native<bytesio_truncate>(
        "truncate($self, size=None, /)",
        "Cut off whatever lies beyond the first size bytes.\n\nWithout a size, that is what follows the present position, which "
        "itself\nstays as it is. A shorter buffer is not extended. The result is size."),
    native<bytesio_seek>("seek($self, pos, whence=0, /)",
                         "Move to another position and return it, counted from the start.\n\npos is a number of bytes, and "
                         "whence the place to count from:\n 0  the start (default); pos is not negative\n 1  the present "
                         "position; pos has either sign\n 2  the end; pos is mostly negative"),
    native<bytesio_tell>("tell($self, /)", "Current file position, an integer."),
    native<bytesio_getvalue>("getvalue($self, /)", "Retrieve the entire contents of the BytesIO object."),
    native<bytesio_getbuffer>("getbuffer($self, /)",
                              "Return a memoryview of the buffer, through which it can be changed.\n\nThe object cannot change "
                              "its size as long as such a view exists."),
    native<bytesio_true>("readable($self, /)", "Returns True if the IO object can be read."),
    native<bytesio_true>("writable($self, /)", "Returns True if the IO object can be written."),
    native<bytesio_true>("seekable($self, /)", "Returns True if the IO object can be seeked."),
    native<bytesio_isatty>("isatty($self, /)", "Return False, as a buffer in memory is no terminal."),
    native<bytesio_flush>("flush($self, /)", "Does nothing."),
    native<bytesio_close>("close($self, /)", "Disable all I/O operations."),
    native<bytesio_getstate>("__getstate__($self, /)"),
    native<bytesio_setstate>("__setstate__($self, state, /)"),
    native<bytesio_sizeof>("__sizeof__($self, /)"),
};
static GetSetDef bytesio_getsets[] = {{"closed", bytesio_get_closed, nullptr, "True if the file is closed."}};
constinit TypeDef bytes_io_def = {
    .name = "_io.BytesIO",
    .doc = "BytesIO(initial_bytes=b'')\n--\n\nBuffered I/O implementation using an in-memory bytes buffer.",
    .base = &buffered_io_base_def,
    .dynamic_kind = &DynamicKind<BytesIO>::value,
    .payload_size = sizeof(BytesIO),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = bytesio_methods,
    .method_count = count_of(bytesio_methods),
    .getsets = bytesio_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<BytesIO>("_io.BytesIO"),
    .finish = finish_bytesio};
constinit TypeDef bytes_io_buffer_def = {.name = "_io._BytesIOBuffer",
                                         .dynamic_kind = &DynamicKind<BytesIOBuffer>::value,
                                         .payload_size = sizeof(BytesIOBuffer),
                                         .flags = kTypeNoInstances,
                                         .kind_info = kind_info_of<BytesIOBuffer>("_io._BytesIOBuffer"),
                                         .finish = finish_bytesio_buffer};

}  // namespace baton
