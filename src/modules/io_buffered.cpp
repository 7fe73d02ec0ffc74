// _io.BufferedReader, BufferedWriter, BufferedRandom: life, positions, writing, and the types. Reading is in
// io_buffered_read.cpp.
//
// The raw stream may be any object; when it is exactly a FileIO its operations are called directly (direct_).
#include <unistd.h>

#include <cstring>

#include "modules/io_buffered_internal.h"
#include "objects/exception.h"
#include "objects/raw_arguments.h"

namespace baton {

void Buffered::finalize_native() { membership_.leave(); }

// Frees a lock whose holder was lost in a fork. Under a mutex of its own: only one thread may do so.
static Mutex stale_mutex;
bool IoLock::take_from_lost_thread(Thread& thread) {
  if (epoch_ == io_fork_epoch || is_mine(thread)) return false;
  Guard guard(stale_mutex);
  if (epoch_ == io_fork_epoch) return false;
  mutex_.reinit_after_fork();
  if (!mutex_.try_lock()) return false;  // somebody found it free at once
  epoch_ = io_fork_epoch;
  return true;
}
bool IoLock::try_take(Thread& thread) {
  if (!mutex_.try_lock() && !take_from_lost_thread(thread)) return false;
  note_taken(thread);
  return true;
}
void IoLock::take(Thread& thread) {
  if (try_take(thread)) return;
  blocking<BlockCause::Lock>(thread, [this] { mutex_.lock(); });
  note_taken(thread);
}

Result<void> BufferedLock::enter() {
  if (!self_->lock_.try_take(thread_)) {
    if (self_->lock_.is_mine(thread_)) return raise_runtime_error(thread_, "reentrant call inside {!r}", Value(self_));
    // A daemon thread that stopped for good while it held the lock.
    if (is_finalizing())
      return raise_runtime_error(
          thread_, "could not acquire lock for {!r} at interpreter shutdown, possibly due to daemon threads", Value(self_));
    if (!runtime.finalizing) {
      self_->lock_.take(thread_);
    } else {
      // At exit the holder may be a daemon thread that never runs again: after a moment its lock counts as ours. CPython aborts
      // here.
      Mutex& mutex = self_->lock_.mutex();
      blocking<BlockCause::Lock>(thread_, [&] {
        for (int i = 0; i < 100 && !mutex.try_lock(); ++i) ::usleep(2000);
      });
      self_->lock_.note_taken(thread_);
    }
  }
  held_ = true;
  return ok;
}

Result<void> check_initialized(Thread& t, Buffered* self) {
  if (self->ok_) [[likely]]
    return ok;
  return raise_value_error(t, self->detached_ ? "raw stream has been detached" : "I/O operation on uninitialized object");
}

Result<bool> buffered_is_closed(Thread& t, Buffered* self) {
  if (self->direct_) return self->raw_.get().as<FileIO>()->fd_ < 0;
  return truth(t, TRY(get_attr(t, self->raw_.get(), names.closed)));
}

// What is buffered may still be read from a closed file.
Result<void> check_open(Thread& t, Buffered* self, const char* message) {
  bool closed = !self->buffer_.get() || TRY(buffered_is_closed(t, self));
  if (closed && self->read_ahead() == 0) return raise_value_error(t, "{}", message);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- positions

static Result<i64> stream_offset(Thread& t, Value v) {
  i64 n = TRY(offset_of(t, v, exceptions.ValueError));
  if (n < 0) return raise(t, exceptions.OSError, "Raw stream returned invalid position {}", n);
  return n;
}
Result<i64> raw_tell(Thread& t, Buffered* self) {
  i64 n;
  if (self->direct_)
    n = TRY(file_io_seek(t, self->raw_.get().as<FileIO>(), 0, SEEK_CUR));
  else
    n = TRY(stream_offset(t, TRY(call_method(t, self->raw_.get(), names.tell))));
  self->abs_pos_ = n;
  return n;
}
Result<i64> raw_position(Thread& t, Buffered* self) {
  return self->abs_pos_ != -1 ? Result<i64>(self->abs_pos_) : raw_tell(t, self);
}
Result<i64> raw_seek(Thread& t, Buffered* self, i64 target, int whence) {
  i64 n;
  if (self->direct_)
    n = TRY(file_io_seek(t, self->raw_.get().as<FileIO>(), target, whence));
  else
    n = TRY(stream_offset(
        t, TRY(call_method(t, self->raw_.get(), names.seek, TRY(int_from_i64(t, target)), Value::of_small_int(whence)))));
  self->abs_pos_ = n;
  return n;
}

// ---------------------------------------------------------------------------------------------------------------- life

Result<void> buffered_init(Thread& t, Buffered* self, Value raw, i64 buffer_size) {
  if (buffer_size <= 0) return raise_value_error(t, "buffer size must be strictly positive");
  ByteArray* buffer = TRY(bytearray_from(t, nullptr, 0));
  TRY(bytearray_resize(t, buffer, buffer_size));
  self->raw_.set(self, raw);
  self->buffer_.set(self, buffer);
  self->buffer_size_ = buffer_size;
  self->pos_ = self->raw_pos_ = 0;
  self->abs_pos_ = -1;
  self->reset_read();
  self->reset_write();
  self->detached_ = false;
  self->direct_ = is_exact<FileIO>(raw);
  if (raw_tell(t, self).is_failed()) t.clear_pending();  // streams that can't tell are fine: the position stays unknown
  if (self->writable_ && !self->membership_.join(self, false)) return raise_memory_error(t);
  self->ok_ = true;
  return ok;
}
Result<void> init_reader(Thread& t, Buffered* self, Value raw, i64 size) {
  self->ok_ = self->detached_ = false;
  TRY(check_readable(t, raw));
  self->readable_ = true;
  self->writable_ = false;
  return buffered_init(t, self, raw, size);
}
Result<void> init_writer(Thread& t, Buffered* self, Value raw, i64 size) {
  self->ok_ = self->detached_ = false;
  TRY(check_writable(t, raw));
  self->readable_ = false;
  self->writable_ = true;
  TRY(buffered_init(t, self, raw, size));
  self->pos_ = 0;
  return ok;
}
Result<void> init_random(Thread& t, Buffered* self, Value raw, i64 size) {
  self->ok_ = self->detached_ = false;
  TRY(check_seekable(t, raw));
  TRY(check_readable(t, raw));
  TRY(check_writable(t, raw));
  self->readable_ = self->writable_ = true;
  TRY(buffered_init(t, self, raw, size));
  self->pos_ = 0;
  return ok;
}

static Result<Value> buffered_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<Buffered>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}
static Result<void> reader_init(Thread& t, Buffered* self, Value raw, i64 size) { return init_reader(t, self, raw, size); }
static Result<void> writer_init(Thread& t, Buffered* self, Value raw, i64 size) { return init_writer(t, self, raw, size); }
static Result<void> random_init(Thread& t, Buffered* self, Value raw, i64 size) { return init_random(t, self, raw, size); }

static Result<Value> forward_warning(Thread& t, Buffered* self, Value source) {
  if (!self->ok_ || self->raw_.get().is_absent()) return kNone;
  if (call_method(t, self->raw_.get(), names.dealloc_warn_, source).is_failed()) t.clear_pending();
  return kNone;
}
static Result<Value> buffered_dealloc_warn(Thread& t, Buffered* self, Value source) { return forward_warning(t, self, source); }

static Result<Value> buffered_close(Thread& t, Buffered* self) {
  TRY(check_initialized(t, self));
  BUFFERED_LOCK(t, self);
  if (TRY(buffered_is_closed(t, self))) return kNone;
  if (self->finalizing_) TRY(forward_warning(t, self, Value(self)));
  // flush() takes the lock itself, and may be overridden.
  lock.leave();
  Result<Value> flushed = call_method(t, Value(self), names.flush);
  TRY([&]() -> Result<void> {
    if (!flushed.is_failed()) return lock.enter();
    Exception* e = t.take_pending();
    Result<void> r = lock.enter();
    if (r.is_failed()) return failed;
    t.set_pending(e);
    return ok;
  }());
  Exception* first = t.has_pending() ? t.take_pending() : nullptr;
  Result<Value> result = call_method(t, self->raw_.get(), names.close);
  self->buffer_.set(self, nullptr);
  if (first) {
    chain_pending(t, first);
    result = failed;
  }
  self->read_end_ = 0;
  self->pos_ = 0;
  if (!result.is_failed()) {
    self->membership_.leave();
    if (is_exact<Buffered>(Value(self))) self->remove_gc_flag(kFinalizable);
  }
  return result;
}

static Result<Value> buffered_detach(Thread& t, Buffered* self) {
  TRY(check_initialized(t, self));
  TRY(call_method(t, Value(self), names.flush));
  Value raw = self->raw_.get();
  self->raw_.set(self, Value());
  self->detached_ = true;
  self->ok_ = self->direct_ = false;
  return raw;
}

// ---------------------------------------------------------------------------------------------------------------- asking the raw
// stream

static Result<Value> forward(Thread& t, Buffered* self, Str* method) {
  TRY(check_initialized(t, self));
  return call_method(t, self->raw_.get(), method);
}
static Result<Value> buffered_seekable(Thread& t, Buffered* self) { return forward(t, self, names.seekable); }
static Result<Value> buffered_readable(Thread& t, Buffered* self) { return forward(t, self, names.readable); }
static Result<Value> buffered_writable(Thread& t, Buffered* self) { return forward(t, self, names.writable); }
static Result<Value> buffered_fileno(Thread& t, Buffered* self) { return forward(t, self, names.fileno); }
static Result<Value> buffered_isatty(Thread& t, Buffered* self) { return forward(t, self, names.isatty); }
static Result<Value> buffered_simple_flush(Thread& t, Buffered* self) { return forward(t, self, names.flush); }

static Result<Value> get_closed(Thread& t, Value v) {
  auto* self = v.as<Buffered>();
  TRY(check_initialized(t, self));
  if (!self->finalizing_) finish_dropped_wrappers(t, self);
  return get_attr(t, self->raw_.get(), names.closed);
}
static Result<Value> get_name(Thread& t, Value v) {
  TRY(check_initialized(t, v.as<Buffered>()));
  return get_attr(t, v.as<Buffered>()->raw_.get(), names.name);
}
static Result<Value> get_mode(Thread& t, Value v) {
  TRY(check_initialized(t, v.as<Buffered>()));
  return get_attr(t, v.as<Buffered>()->raw_.get(), names.mode);
}
static Result<Value> get_raw(Thread&, Value v) {
  Value raw = v.as<Buffered>()->raw_.get();
  return raw.is_absent() ? kNone : raw;
}
static Result<Value> get_finalizing(Thread&, Value v) { return Value::of_bool(v.as<Buffered>()->finalizing_); }
static Result<void> set_finalizing(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "can't delete numeric/char attribute");
  if (!v.is_bool()) return raise_type_error(t, "attribute value type must be bool");
  self.as<Buffered>()->finalizing_ = v.is_true();
  return ok;
}

static Result<Str*> buffered_repr(Thread& t, Buffered* self) {
  Str* type = TRY(type_qualified_name(t, type_of(Value(self))));
  Result<Value> name = find_attr(t, Value(self), names.name);
  if (name.is_failed()) {
    if (!pending_matches(t, exceptions.ValueError)) return failed;
    t.clear_pending();  // detached or not initialised: a plain repr
    name = kNotFound;
  }
  if (name.value() == kNotFound) return format_message(t, "<{}>", type);
  if (TRY(repr_enter(t, Value(self)))) return raise_runtime_error(t, "reentrant call inside {}.__repr__", type);
  Result<Str*> text = format_message(t, "<{} name={!r}>", type, name.value());
  repr_leave(t, Value(self));
  return text;
}
static Result<i64> buffered_sizeof(Thread&, Buffered* self) {
  return static_cast<i64>(sizeof(Buffered)) + (self->buffer_.get() ? self->buffer_size_ : 0);
}

// ---------------------------------------------------------------------------------------------------------------- seek, tell,
// truncate

static Result<Value> buffered_tell(Thread& t, Buffered* self) {
  TRY(check_initialized(t, self));
  i64 position = TRY(raw_tell(t, self));
  return int_from_i64(t, position - self->raw_offset());
}

// Moves within the read-ahead, without a system call: true, and *answer is where.
static Result<bool> seek_in_buffer(Thread& t, Buffered* self, i64 target, int whence, i64* answer) {
  if ((whence != 0 && whence != 1) || !self->readable_) return false;
  i64 current = TRY(raw_position(t, self)), n = self->read_ahead();
  if (n <= 0) return false;
  i64 offset = whence == 0 ? target - (current - self->raw_offset()) : target;
  if (offset < -self->pos_ || offset > n) return false;
  *answer = current - self->raw_offset() + offset;
  self->pos_ += offset;
  return true;
}

static Result<Value> buffered_seek(Thread& t, Buffered* self, Value where, int whence) {
  TRY(check_initialized(t, self));
  if (whence < 0 || whence > 4) return raise_value_error(t, "whence value {} unsupported", whence);
  TRY(check_open(t, self, "seek of closed file"));
  TRY(check_seekable(t, self->raw_.get()));
  i64 target = TRY(offset_of(t, where, exceptions.ValueError));
  i64 answer;
  bool is_ours = buffer_is_ours();
  if (is_ours && TRY(seek_in_buffer(t, self, target, whence, &answer))) return int_from_i64(t, answer);
  BUFFERED_LOCK_OPEN(t, self, "seek of closed file");
  if (!is_ours && TRY(seek_in_buffer(t, self, target, whence, &answer))) return int_from_i64(t, answer);
  if (self->writable_) {
    TRY(flush_unlocked(t, self));
  }
  if (whence == 1) target -= self->raw_offset();
  i64 n = TRY(raw_seek(t, self, target, whence));
  self->raw_pos_ = -1;
  if (self->readable_) self->reset_read();
  return int_from_i64(t, n);
}

static Result<Value> buffered_truncate(Thread& t, Buffered* self, Value pos) {
  TRY(check_initialized(t, self));
  TRY(check_open(t, self, "truncate of closed file"));
  if (!self->writable_) return raise_unsupported(t, "truncate");
  BUFFERED_LOCK_OPEN(t, self, "truncate of closed file");
  TRY(flush_and_rewind_unlocked(t, self));
  Value result = TRY(call_method(t, self->raw_.get(), names.truncate, pos));
  if (raw_tell(t, self).is_failed()) t.clear_pending();  // the position may have become unknown
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- writing

static Failed raise_would_block(Thread& t, i64 written) {
  Value args[3] = {Value::of_small_int(EAGAIN), Value(TRY(str_from_ascii(t, "write could not complete without blocking"))),
                   Value::of_small_int(written)};
  return raise_object(t, TRY(call_values(t, Value(exceptions.BlockingIOError), args, 3)));
}

static void move_to(Buffered* self, i64 position) {
  self->pos_ = position;
  if (self->has_read_data() && self->read_end_ < position) self->read_end_ = position;
}

Result<void> flush_unlocked(Thread& t, Buffered* self) {
  if (self->has_write_data() && self->write_pos_ != self->write_end_) {
    i64 rewind = self->raw_offset() + (self->pos_ - self->write_pos_);
    if (rewind != 0) {
      TRY(raw_seek(t, self, -rewind, 1));
      self->raw_pos_ -= rewind;
    }
    while (self->write_pos_ < self->write_end_) {
      i64 n = TRY(raw_write(t, self, Value(self->buffer_.get()), self->data() + self->write_pos_,
                            static_cast<usize>(self->write_pos_), static_cast<usize>(self->write_end_ - self->write_pos_)));
      if (n == kWouldBlock) return raise_would_block(t, 0);
      self->write_pos_ += n;
      self->raw_pos_ = self->write_pos_;
      TRY(check_signals(t));  // a partial write may be the work of a signal
    }
  }
  self->reset_write();
  return ok;
}

Result<void> flush_and_rewind_unlocked(Thread& t, Buffered* self) {
  TRY(flush_unlocked(t, self));
  if (!self->readable_) return ok;
  Result<i64> r = raw_seek(t, self, -self->raw_offset(), 1);
  self->reset_read();
  if (r.is_failed()) return failed;
  return ok;
}

Result<void> buffered_flush_all(Thread& t, Buffered* self) {
  TRY(check_initialized(t, self));
  TRY(check_open(t, self, "flush of closed file"));
  BUFFERED_LOCK_OPEN(t, self, "flush of closed file");
  return flush_and_rewind_unlocked(t, self);
}
static Result<void> buffered_flush(Thread& t, Buffered* self) { return buffered_flush_all(t, self); }

const Buffered* buffered_unwritten(const Buffered* self) {
  return self->ok_ && self->has_write_data() && self->write_pos_ != self->write_end_ ? self : nullptr;
}

// Takes what fits, in place of data that could not be written without blocking.
static Result<i64> buffer_or_block(Thread& t, Buffered* self, const u8* data, i64 n) {
  if (self->readable_) self->reset_read();
  u8* buffer = self->data();
  memmove(buffer, buffer + self->write_pos_, static_cast<usize>(self->write_end_ - self->write_pos_));
  self->write_end_ -= self->write_pos_;
  self->raw_pos_ -= self->write_pos_;
  self->pos_ -= self->write_pos_;
  self->write_pos_ = 0;
  i64 room = self->buffer_size_ - self->write_end_;
  i64 taken = n < room ? n : room;
  memcpy(buffer + self->write_end_, data, static_cast<usize>(taken));
  self->write_end_ += taken;
  self->pos_ += taken;
  if (taken == n) return n;
  return raise_would_block(t, taken);
}

Result<i64> buffered_write_bytes(Thread& t, Buffered* self, const u8* data, usize size, Value owner) {
  TRY(check_initialized(t, self));
  BUFFERED_LOCK(t, self);
  if (!self->buffer_.get() || TRY(buffered_is_closed(t, self))) return raise_value_error(t, "write to closed file");
  i64 n = static_cast<i64>(size);
  if (!self->has_read_data() && !self->has_write_data()) self->pos_ = self->raw_pos_ = 0;
  i64 room = self->buffer_size_ - self->pos_;
  if (n <= room) {
    memcpy(self->data() + self->pos_, data, size);
    if (!self->has_write_data() || self->write_pos_ > self->pos_) self->write_pos_ = self->pos_;
    move_to(self, self->pos_ + n);
    if (self->write_end_ < self->pos_) self->write_end_ = self->pos_;
    return n;
  }
  if (flush_unlocked(t, self).is_failed()) {
    if (!clear_pending_if(t, exceptions.BlockingIOError)) return failed;
    return buffer_or_block(t, self, data, n);
  }
  // Read-ahead that was not overwritten leaves the raw stream away from our position.
  i64 offset = self->raw_offset();
  if (offset != 0) {
    TRY(raw_seek(t, self, -offset, 1));
    self->raw_pos_ -= offset;
  }
  i64 remaining = n, written = 0, base = 0;
  if (!self->direct_ && owner.is_present()) {
    BufferInfo info;
    if (TRY(get_buffer(t, owner, &info, false))) {
      base = data - info.data;
      release_exported(owner.cell());
    }
  }
  while (remaining > self->buffer_size_) {
    i64 w = TRY(raw_write(t, self, owner, data + written, static_cast<usize>(base + written), static_cast<usize>(remaining)));
    if (w == kWouldBlock) {
      if (remaining > self->buffer_size_) {
        memcpy(self->data(), data + written, static_cast<usize>(self->buffer_size_));
        self->raw_pos_ = 0;
        move_to(self, self->buffer_size_);
        self->write_end_ = self->buffer_size_;
        written += self->buffer_size_;
        return raise_would_block(t, written);
      }
      break;
    }
    written += w;
    remaining -= w;
    TRY(check_signals(t));
  }
  if (self->readable_) self->reset_read();
  if (remaining > 0) {
    memcpy(self->data(), data + written, static_cast<usize>(remaining));
    written += remaining;
  }
  self->write_pos_ = 0;
  self->write_end_ = remaining;
  move_to(self, remaining);
  self->raw_pos_ = 0;
  return written;
}
Result<i64> buffered_write(Thread& t, Buffered* self, BufferView buffer) {
  return buffered_write_bytes(t, self, buffer.data, buffer.size, buffer.owner);
}

// ---------------------------------------------------------------------------------------------------------------- types

#define BUFFERED_COMMON(init)                                                                                                    \
  native_raw(buffered_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."), \
      native<init>("__init__($self, /, raw, buffer_size=8192)",                                                                  \
                   "Set up a new instance from the arguments its class documents."),                                             \
      native<buffered_detach>("detach($self, /)"), native<buffered_close>("close($self, /)"),                                    \
      native<buffered_seekable>("seekable($self, /)"), native<buffered_fileno>("fileno($self, /)"),                              \
      native<buffered_isatty>("isatty($self, /)"), native<buffered_dealloc_warn>("_dealloc_warn($self, source, /)"),             \
      native<buffered_seek>("seek($self, target, whence=0, /)"), native<buffered_tell>("tell($self, /)"),                        \
      native<buffered_truncate>("truncate($self, pos=None, /)"), native<buffered_sizeof>("__sizeof__($self, /)"),                \
      native<buffered_repr>("__repr__($self, /)", "Return repr(self).")
#define BUFFERED_READING                                                                                                   \
  native<buffered_read>("read($self, size=-1, /)"), native<buffered_read1_method>("read1($self, size=-1, /)"),             \
      native<buffered_peek>("peek($self, size=0, /)"), native<buffered_readinto>("readinto($self, buffer, /)"),            \
      native<buffered_readinto1>("readinto1($self, buffer, /)"), native<buffered_readline>("readline($self, size=-1, /)"), \
      native<buffered_next>("__next__($self, /)", "Implement next(self)."), native<buffered_readable>("readable($self, /)")

static constinit NativeDef reader_methods[] = {BUFFERED_COMMON(reader_init), BUFFERED_READING,
                                               native<buffered_simple_flush>("flush($self, /)")};
static constinit NativeDef writer_methods[] = {
    BUFFERED_COMMON(writer_init), native<buffered_writable>("writable($self, /)"), native<buffered_flush>("flush($self, /)"),
    native<buffered_write>("write($self, buffer, /)",
                           "Accept all bytes of buffer for writing, and return how many they were.\n\nThey may stay in memory "
                           "until the buffer is full or flush() is called.\nBlockingIOError is raised if the raw stream is "
                           "non-blocking and there is\nno room for the rest; its characters_written tells how much was taken.")};
static constinit NativeDef random_methods[] = {
    BUFFERED_COMMON(random_init), BUFFERED_READING, native<buffered_writable>("writable($self, /)"),
    native<buffered_flush>("flush($self, /)"), native<buffered_write>("write($self, buffer, /)")};
#define BUFFERED_GETSETS                                                                                      \
  {                                                                                                           \
    {"raw", get_raw, nullptr, nullptr, true}, {"_finalizing", get_finalizing, set_finalizing, nullptr, true}, \
        {"closed", get_closed, nullptr, nullptr}, {"name", get_name, nullptr, nullptr}, {                     \
      "mode", get_mode, nullptr, nullptr                                                                      \
    }                                                                                                         \
  }
static GetSetDef reader_getsets[] = BUFFERED_GETSETS;
static GetSetDef writer_getsets[] = BUFFERED_GETSETS;
static GetSetDef random_getsets[] = BUFFERED_GETSETS;

#define BUFFERED_TYPE(type_name, doc_text, rows, getset_rows)    \
  {.name = type_name,                                            \
   .doc = doc_text,                                              \
   .base = &buffered_io_base_def,                                \
   .dynamic_kind = &DynamicKind<Buffered>::value,                \
   .payload_size = sizeof(Buffered),                             \
   .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable, \
   .methods = rows,                                              \
   .method_count = count_of(rows),                               \
   .getsets = getset_rows,                                       \
   .getset_count = 5,                                            \
   .kind_info = kind_info_of<Buffered>("_io.Buffered")}
constinit TypeDef buffered_reader_def =
    BUFFERED_TYPE("_io.BufferedReader",
                  "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for reading the raw stream raw.\n\nIt "
                  "fetches up to buffer_size bytes at a time and serves reads from them.",
                  reader_methods, reader_getsets);
constinit TypeDef buffered_writer_def =
    BUFFERED_TYPE("_io.BufferedWriter",
                  "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for writing to the raw stream raw.\n\nIt "
                  "collects up to buffer_size bytes, by default DEFAULT_BUFFER_SIZE, before\nit passes them on.",
                  writer_methods, writer_getsets);
constinit TypeDef buffered_random_def = BUFFERED_TYPE(
    "_io.BufferedRandom",
    "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for both reading and writing a raw stream that can "
    "seek.\n\nraw is that stream, and buffer_size the number of bytes to hold, by default\nDEFAULT_BUFFER_SIZE.",
    random_methods, random_getsets);

// ---------------------------------------------------------------------------------------------------------------- BufferedRWPair

static Result<Value> pair_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<BufferedPair>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}
static Result<void> pair_init(Thread& t, BufferedPair* self, Value reader, Value writer, i64 size) {
  TRY(check_readable(t, reader));
  TRY(check_writable(t, writer));
  Value args[2] = {reader, TRY(int_from_i64(t, size))};
  self->reader_.set(self, TRY(call_values(t, Value(TRY(type_from_def(t, buffered_reader_def))), args, 2)));
  args[0] = writer;
  self->writer_.set(self, TRY(call_values(t, Value(TRY(type_from_def(t, buffered_writer_def))), args, 2)));
  return ok;
}
static Result<Value> pair_forward(Thread& t, Value target, Str* method, const Value* args, usize n) {
  if (target.is_absent()) return raise_value_error(t, "I/O operation on uninitialized object");
  return call_method_values(t, target, method, args, n);
}
static Result<Value> pair_read(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->reader_.get(), names.read, r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_peek(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->reader_.get(), names.peek, r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_read1(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->reader_.get(), names.read1, r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_readinto(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->reader_.get(), names.readinto, r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_readinto1(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->reader_.get(), intern(t, "readinto1"), r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_write(Thread& t, BufferedPair* self, Rest r) {
  return pair_forward(t, self->writer_.get(), names.write, r.values->items(), static_cast<usize>(r.values->length()));
}
static Result<Value> pair_flush(Thread& t, BufferedPair* self) {
  return pair_forward(t, self->writer_.get(), names.flush, nullptr, 0);
}
static Result<Value> pair_readable(Thread& t, BufferedPair* self) {
  return pair_forward(t, self->reader_.get(), names.readable, nullptr, 0);
}
static Result<Value> pair_writable(Thread& t, BufferedPair* self) {
  return pair_forward(t, self->writer_.get(), names.writable, nullptr, 0);
}
static Result<Value> pair_close(Thread& t, BufferedPair* self) {
  Result<Value> first = pair_forward(t, self->writer_.get(), names.close, nullptr, 0);
  Exception* e = first.is_failed() ? t.take_pending() : nullptr;
  Result<Value> second = pair_forward(t, self->reader_.get(), names.close, nullptr, 0);
  if (e) {
    chain_pending(t, e);
    return failed;
  }
  return second;
}
static Result<Value> pair_isatty(Thread& t, BufferedPair* self) {
  Value answer = TRY(pair_forward(t, self->writer_.get(), names.isatty, nullptr, 0));
  if (!answer.is_false()) return answer;
  return pair_forward(t, self->reader_.get(), names.isatty, nullptr, 0);
}
static Result<Value> pair_closed(Thread& t, Value v) {
  Value writer = v.as<BufferedPair>()->writer_.get();
  if (writer.is_absent()) return raise_runtime_error(t, "the BufferedRWPair object is being garbage-collected");
  return get_attr(t, writer, names.closed);
}
static constinit NativeDef pair_methods[] = {
    native_raw(pair_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<pair_init>("__init__($self, reader, writer, buffer_size=8192, /)",
                      "Set up a new instance from the arguments its class documents."),
    native<pair_read>("read($self, /, *args)"),
    native<pair_peek>("peek($self, /, *args)"),
    native<pair_read1>("read1($self, /, *args)"),
    native<pair_readinto>("readinto($self, /, *args)"),
    native<pair_readinto1>("readinto1($self, /, *args)"),
    native<pair_write>("write($self, /, *args)"),
    native<pair_flush>("flush($self, /)"),
    native<pair_readable>("readable($self, /)"),
    native<pair_writable>("writable($self, /)"),
    native<pair_close>("close($self, /)"),
    native<pair_isatty>("isatty($self, /)"),
};
static GetSetDef pair_getsets[] = {{"closed", pair_closed, nullptr, nullptr}};
constinit TypeDef buffered_pair_def = {
    .name = "_io.BufferedRWPair",
    .doc =
        "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)\n--\n\nTwo buffers in one object, to read from one "
        "raw stream and write to another.\n\nreader has to be readable and writer writable; neither is ever moved to\nanother "
        "position, so the usual case is a socket or a pair of pipes. Each\nbuffer holds buffer_size bytes, by default "
        "DEFAULT_BUFFER_SIZE.",
    .base = &buffered_io_base_def,
    .dynamic_kind = &DynamicKind<BufferedPair>::value,
    .payload_size = sizeof(BufferedPair),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = pair_methods,
    .method_count = count_of(pair_methods),
    .getsets = pair_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<BufferedPair>("_io.BufferedRWPair")};

}  // namespace baton
