// Buffered reading: how requests are served from read-ahead and the raw stream.
//
// The number and size of raw reads is CPython's: a request takes what is buffered, then whole blocks straight into the result,
// then fills the buffer once more for the rest; read1 and readinto1 do at most one raw read. What is buffered already is taken
// without the lock where no other thread can run meanwhile (buffer_is_ours).
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>

#include "modules/io_buffered_internal.h"
#include "objects/exception.h"
#include "objects/list.h"

namespace baton {

// A memoryview of n bytes at `start` of what owner exports.
static Result<Value> view_of(Thread& t, Value owner, usize start, usize n) {
  Value view = TRY(make_memoryview(t, owner));
  Index total = TRY(length_of(t, view));
  if (start == 0 && static_cast<usize>(total) == n) return view;
  return get_item(t, view,
                  Value(TRY(make<Slice>(t, Value::of_small_int(static_cast<i64>(start)),
                                        Value::of_small_int(static_cast<i64>(start + n)), kNone))));
}

Result<i64> raw_read(Thread& t, Buffered* self, Value owner, u8* data, usize start, usize n) {
  i64 got;
  if (self->direct_) {
    got = TRY(file_io_read(t, self->raw_.get().as<FileIO>(), data, n));
    if (got == kWouldBlock) return got;
  } else {
    Value view = TRY(view_of(t, owner, start, n));
    Value answer;
    for (;;) {
      Result<Value> r = call_method(t, self->raw_.get(), names.readinto, view);
      if (!r.is_failed()) {
        answer = r.value();
        break;
      }
      if (!TRY(trap_interrupted(t))) return failed;
    }
    if (answer.is_none()) return kWouldBlock;
    Result<Index> count = to_index_checked(t, answer, exceptions.ValueError);
    if (count.is_failed()) {
      Exception* cause = t.take_pending();
      Value text(TRY(str_from_ascii(t, "raw readinto() failed")));
      Value made = TRY(call(t, Value(exceptions.OSError), text));
      made.as<Exception>()->context_.set(made.cell(), Value(cause));
      return raise_object_from(t, made, Value(cause));
    }
    got = count.value();
    if (got < 0 || got > static_cast<i64>(n)) {
      return raise(t, exceptions.OSError, "raw readinto() returned invalid length {} (should have been between 0 and {})", got,
                   static_cast<i64>(n));
    }
  }
  if (got > 0 && self->abs_pos_ != -1) self->abs_pos_ += got;
  return got;
}

Result<i64> raw_write(Thread& t, Buffered* self, Value owner, const u8* data, usize start, usize n) {
  i64 written;
  if (self->direct_) {
    written = TRY(file_io_write(t, self->raw_.get().as<FileIO>(), data, n));
    if (written == kWouldBlock) return written;
  } else {
    Value view = TRY(view_of(t, owner, start, n));
    Value answer;
    for (;;) {
      Result<Value> r = call_method(t, self->raw_.get(), names.write, view);
      if (!r.is_failed()) {
        answer = r.value();
        break;
      }
      if (!TRY(trap_interrupted(t))) return failed;
    }
    if (answer.is_none()) return kWouldBlock;
    written = TRY(to_index_checked(t, answer, exceptions.ValueError));
    if (written < 0 || written > static_cast<i64>(n)) {
      return raise(t, exceptions.OSError, "raw write() returned invalid length {} (should have been between 0 and {})", written,
                   static_cast<i64>(n));
    }
  }
  if (written > 0 && self->abs_pos_ != -1) self->abs_pos_ += written;
  return written;
}

Result<i64> fill_buffer(Thread& t, Buffered* self) {
  i64 start = self->has_read_data() ? self->read_end_.get() : 0;
  i64 n = TRY(raw_read(t, self, Value(self->buffer_.get()), self->data() + start, static_cast<usize>(start),
                       static_cast<usize>(self->buffer_size_ - start)));
  if (n <= 0) return n;
  self->read_end_ = start + n;
  self->raw_pos_ = start + n;
  return n;
}

static Result<Bytes*> take_buffered(Thread& t, Buffered* self, i64 n) {
  Bytes* bytes = TRY(bytes_from(t, self->data() + self->pos_, static_cast<usize>(n)));
  self->pos_ += n;
  return bytes;
}

// ---------------------------------------------------------------------------------------------------------------- read

static Result<Value> join_two(Thread& t, Bytes* head, Value tail) {
  if (!head || head->length() == 0) return tail;
  if (tail.is_none()) return Value(head);
  return Value(TRY(bytes_concat(t, head->text(), tail.as<Bytes>()->text())));
}

static Result<Value> read_everything(Thread& t, Buffered* self) {
  i64 buffered = self->read_ahead();
  Bytes* head = buffered ? TRY(take_buffered(t, self, buffered)) : nullptr;
  if (self->writable_) TRY(flush_and_rewind_unlocked(t, self));
  self->reset_read();
  Value raw = self->raw_.get();
  if (self->direct_) {
    Value rest = TRY(file_io_readall(t, raw.as<FileIO>()));
    if (is<Bytes>(rest) && self->abs_pos_ != -1) self->abs_pos_ += rest.as<Bytes>()->length();
    return join_two(t, head, rest);
  }
  Value readall = TRY(find_attr(t, raw, names.readall));
  if (readall != kNotFound) {
    Value rest = TRY(call(t, readall));
    if (!rest.is_none() && !is<Bytes>(rest)) return raise_type_error(t, "readall() should return bytes");
    return join_two(t, head, rest);
  }
  ByteArray* all = TRY(bytearray_from(t, head ? head->data() : nullptr, head ? static_cast<usize>(head->length()) : 0));
  for (;;) {
    Value piece = TRY(call_method(t, raw, names.read));
    if (!piece.is_none() && !is<Bytes>(piece)) return raise_type_error(t, "read() should return bytes");
    if (piece.is_none() || piece.as<Bytes>()->length() == 0) {
      if (all->length() == 0) return piece;
      return bytes_from(t, all->data(), static_cast<usize>(all->length()));
    }
    Index n = piece.as<Bytes>()->length(), old = all->length();
    TRY(bytearray_resize(t, all, old + n));
    memcpy(all->data() + old, piece.as<Bytes>()->data(), static_cast<usize>(n));
    if (self->abs_pos_ != -1) self->abs_pos_ += n;
  }
}

static constexpr i64 kHugeRead = 1 << 24;

static Result<Value> read_sized(Thread& t, Buffered* self, i64 n) {
  i64 current = self->read_ahead();
  if (n <= current) return take_buffered(t, self, n);
  if (n > kHugeRead && self->direct_) {  // never more memory than the file has bytes
    FileIO* file = self->raw_.get().as<FileIO>();
    struct stat st;
    i64 position = self->abs_pos_;
    if (file->is_regular_ && position >= 0 && ::fstat(file->fd_, &st) == 0 && st.st_size > position &&
        st.st_size - position + current < n)
      n = st.st_size - position + current;
  }
  // Raw streams of other kinds fill a bytearray; a FileIO fills the result itself.
  Bytes* result = self->direct_ ? TRY(bytes_allocate(t, static_cast<usize>(n))) : nullptr;
  ByteArray* out = result ? nullptr : TRY(bytearray_from(t, nullptr, 0));
  if (out) TRY(bytearray_resize(t, out, n));
  u8* data = result ? bytes_mutable_data(result) : out->data();
  auto answer = [&](i64 length) -> Result<Value> {
    if (result && length == n) return Value(result);
    return bytes_from(t, data, static_cast<usize>(length));
  };
  i64 remaining = n, written = 0;
  if (current > 0) {
    memcpy(data, self->data() + self->pos_, static_cast<usize>(current));
    remaining -= current;
    written += current;
    self->pos_ += current;
  }
  if (self->writable_) TRY(flush_and_rewind_unlocked(t, self));
  self->reset_read();
  auto finished = [&](i64 r) -> Result<Value> {
    if (r == 0 || written > 0) return answer(written);
    return kNone;  // nothing there yet
  };
  while (remaining > 0) {
    i64 whole = remaining - remaining % self->buffer_size_;
    if (whole == 0) break;
    i64 r = TRY(
        raw_read(t, self, result ? Value() : Value(out), data + written, static_cast<usize>(written), static_cast<usize>(whole)));
    if (r <= 0) return finished(r);
    remaining -= r;
    written += r;
  }
  self->pos_ = self->raw_pos_ = 0;
  self->read_end_ = 0;
  while (remaining > 0 && self->read_end_ < self->buffer_size_) {
    i64 r = TRY(fill_buffer(t, self));
    if (r <= 0) return finished(r);
    i64 taken = remaining < r ? remaining : r;
    memcpy(data + written, self->data() + self->pos_, static_cast<usize>(taken));
    written += taken;
    self->pos_ += taken;
    remaining -= taken;
  }
  return answer(written);
}

Result<Value> buffered_read(Thread& t, Buffered* self, Value size) {
  i64 n = -1;
  if (!size.is_none()) {
    if (!size.is_small_int() && type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    n = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  TRY(check_initialized(t, self));
  if (n < -1) return raise_value_error(t, "read length must be non-negative or -1");
  TRY(check_open(t, self, "read of closed file"));
  if (buffer_is_ours() && n >= 0 && n <= self->read_ahead() && self->buffer_.get()) return take_buffered(t, self, n);
  BUFFERED_LOCK_OPEN(t, self, "read of closed file");
  return n == -1 ? read_everything(t, self) : read_sized(t, self, n);
}

Result<Value> buffered_read1(Thread& t, Buffered* self, i64 n) {
  TRY(check_initialized(t, self));
  if (n < 0) n = self->buffer_size_;
  TRY(check_open(t, self, "read of closed file"));
  if (n == 0) return bytes_from(t, nullptr, 0);
  if (i64 have = buffer_is_ours() ? self->read_ahead() : 0; have > 0) return take_buffered(t, self, n < have ? n : have);
  BUFFERED_LOCK_OPEN(t, self, "read of closed file");
  if (i64 have = self->read_ahead(); have > 0) return take_buffered(t, self, n < have ? n : have);
  self->reset_read();
  if (self->direct_) {
    u8 small[8192];
    u8* data = n <= static_cast<i64>(sizeof small) ? small : static_cast<u8*>(malloc(static_cast<usize>(n)));
    if (!data) return raise_memory_error(t);
    Result<i64> r = raw_read(t, self, Value(), data, 0, static_cast<usize>(n));
    Result<Value> result = failed;
    if (!r.is_failed()) result = bytes_from(t, data, r.value() > 0 ? static_cast<usize>(r.value()) : 0);
    if (data != small) free(data);
    return result;
  }
  ByteArray* out = TRY(bytearray_from(t, nullptr, 0));
  TRY(bytearray_resize(t, out, n));
  i64 r = TRY(raw_read(t, self, Value(out), out->data(), 0, static_cast<usize>(n)));
  return bytes_from(t, out->data(), r > 0 ? static_cast<usize>(r) : 0);
}
Result<Value> buffered_read1_method(Thread& t, Buffered* self, i64 n) { return buffered_read1(t, self, n); }

Result<Value> buffered_peek(Thread& t, Buffered* self, i64) {
  TRY(check_initialized(t, self));
  TRY(check_open(t, self, "peek of closed file"));
  BUFFERED_LOCK_OPEN(t, self, "peek of closed file");
  if (self->writable_) TRY(flush_and_rewind_unlocked(t, self));
  i64 have = self->read_ahead();
  if (have > 0) return bytes_from(t, self->data() + self->pos_, static_cast<usize>(have));
  self->reset_read();
  i64 r = TRY(fill_buffer(t, self));
  if (r == kWouldBlock) r = 0;
  self->pos_ = 0;
  return bytes_from(t, self->data(), static_cast<usize>(r));
}

// ---------------------------------------------------------------------------------------------------------------- readinto

// As much of the read-ahead as there is, n bytes at most; answers how much.
static i64 copy_buffered(Buffered* self, u8* to, i64 n) {
  i64 have = self->read_ahead(), taken = have < n ? have : n;
  if (taken <= 0) return 0;
  memcpy(to, self->data() + self->pos_, static_cast<usize>(taken));
  self->pos_ += taken;
  return taken;
}

static Result<Value> read_into_buffer(Thread& t, Buffered* self, WritableBuffer& buffer, bool only_one) {
  TRY(check_initialized(t, self));
  TRY(check_open(t, self, "readinto of closed file"));
  i64 length = static_cast<i64>(buffer.size), ahead = buffer_is_ours() ? self->read_ahead() : 0;
  if (ahead > 0 && length <= ahead) return Value::of_small_int(copy_buffered(self, buffer.bytes(), length));
  BUFFERED_LOCK_OPEN(t, self, "readinto of closed file");
  ahead = self->read_ahead();
  i64 written = copy_buffered(self, buffer.bytes(), length);
  if (ahead > 0 && written == length) return Value::of_small_int(length);
  if (self->writable_) TRY(flush_and_rewind_unlocked(t, self));
  self->reset_read();
  self->pos_ = 0;
  i64 offset = 0;
  if (!self->direct_) {  // where the caller's view starts in what its owner exports
    BufferInfo info;
    if (TRY(get_buffer(t, buffer.owner, &info, false))) {
      offset = buffer.data - info.data;
      release_exported(buffer.owner.cell());
    }
  }
  i64 n;
  for (i64 remaining = length - written; remaining > 0; remaining -= n, written += n) {
    if (remaining > self->buffer_size_) {
      n = TRY(raw_read(t, self, buffer.owner, buffer.bytes() + written, static_cast<usize>(offset + written),
                       static_cast<usize>(remaining)));
    } else if (!(only_one && written)) {
      n = TRY(fill_buffer(t, self));
      if (n > 0) {
        if (n > remaining) n = remaining;
        memcpy(buffer.bytes() + written, self->data() + self->pos_, static_cast<usize>(n));
        self->pos_ += n;
        continue;
      }
    } else {
      n = 0;
    }
    if (n == 0 || (n == kWouldBlock && written > 0)) break;
    if (n < 0) return kNone;
    if (only_one) {
      written += n;
      break;
    }
  }
  return Value::of_small_int(written);
}
Result<Value> buffered_readinto(Thread& t, Buffered* self, WritableBuffer buffer) {
  return read_into_buffer(t, self, buffer, false);
}
Result<Value> buffered_readinto1(Thread& t, Buffered* self, WritableBuffer buffer) {
  return read_into_buffer(t, self, buffer, true);
}

// ---------------------------------------------------------------------------------------------------------------- lines

// A line that is buffered as a whole, or as much of it as the limit asks for; false: there's more to read.
static Result<bool> take_line(Thread& t, Buffered* self, i64 limit, Bytes** line) {
  i64 n = self->read_ahead();
  if (limit >= 0 && n > limit) n = limit;
  u8* start = self->buffer_.get() ? self->data() + self->pos_ : nullptr;
  auto* found = n > 0 ? static_cast<u8*>(memchr(start, '\n', static_cast<usize>(n))) : nullptr;
  if (!found && n != limit) return false;
  *line = TRY(take_buffered(t, self, found ? found - start + 1 : n));
  return true;
}

static Result<Bytes*> read_line(Thread& t, Buffered* self, i64 limit) {
  TRY(check_open(t, self, "readline of closed file"));
  Bytes* whole;
  if (buffer_is_ours() && TRY(take_line(t, self, limit, &whole))) return whole;
  BUFFERED_LOCK_OPEN(t, self, "readline of closed file");
  if (TRY(take_line(t, self, limit, &whole))) return whole;
  ByteArray* line = nullptr;
  Bytes* head = nullptr;
  i64 n = self->read_ahead();
  if (limit >= 0 && n > limit) n = limit;
  if (n > 0) {
    head = TRY(bytes_from(t, self->data() + self->pos_, static_cast<usize>(n)));
    self->pos_ += n;
    if (limit >= 0) limit -= n;
  }
  if (self->writable_) TRY(flush_and_rewind_unlocked(t, self));
  for (;;) {
    self->reset_read();
    n = TRY(fill_buffer(t, self));
    if (n <= 0) break;
    self->pos_ = 0;
    if (limit >= 0 && n > limit) n = limit;
    u8* start = self->data();
    auto* found = n > 0 ? static_cast<u8*>(memchr(start, '\n', static_cast<usize>(n))) : nullptr;
    i64 taken = found ? found - start + 1 : n;
    self->pos_ = taken;
    if (!head && (found || n == limit)) return bytes_from(t, start, static_cast<usize>(taken));
    if (!line) {
      line = TRY(bytearray_from(t, head ? head->data() : nullptr, head ? static_cast<usize>(head->length()) : 0));
      if (!head) head = TRY(bytes_from(t, nullptr, 0));
    }
    Index old = line->length();
    TRY(bytearray_resize(t, line, old + taken));
    memcpy(line->data() + old, self->data(), static_cast<usize>(taken));
    if (found || n == limit) break;
    if (limit >= 0) limit -= n;
  }
  if (line) return bytes_from(t, line->data(), static_cast<usize>(line->length()));
  if (head) return head;
  return bytes_from(t, nullptr, 0);
}

Result<Value> buffered_readline(Thread& t, Buffered* self, Value size) {
  i64 limit = -1;
  if (!size.is_none()) {
    if (!size.is_small_int() && type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    limit = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  TRY(check_initialized(t, self));
  return read_line(t, self, limit);
}

Result<Value> buffered_next(Thread& t, Buffered* self) {
  TRY(check_initialized(t, self));
  Value line;
  if (is_exact<Buffered>(Value(self))) {
    line = Value(TRY(read_line(t, self, -1)));
  } else {
    line = TRY(call_method(t, Value(self), names.readline));
    if (!is<Bytes>(line)) return raise(t, exceptions.OSError, "readline() should have returned a bytes object, not '{!t}'", line);
  }
  return line.as<Bytes>()->length() == 0 ? kExhausted : line;
}

}  // namespace baton
