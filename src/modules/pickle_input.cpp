// _pickle: reading from files.
#include "modules/pickle_input.h"

#include "objects/numbers.h"

namespace baton {

static constexpr usize kPrefetch = 128 * 1024;

Failed PickleInput::raise_truncated() { return raise_unpickling(thread_, "pickle data was truncated"); }

// Points at the bytes of an object; the piece before is given up.
Result<void> PickleInput::set_piece(Value data) {
  release_buffer(piece_);
  piece_ = BufferView();
  at_ = end_ = unread_ = nullptr;
  if (!convert_buffer(thread_, data, &piece_)) return failed;
  at_ = piece_.data;
  end_ = at_ + piece_.size;
  return ok;
}

Result<void> PickleInput::skip_used() {
  if (!unread_ || at_ == unread_) return ok;
  Value used = Value::of_small_int(at_ - unread_);
  unread_ = at_;
  TRY(call(thread_, self_->read_.get(), used));
  return ok;
}

// The next piece, of n bytes or more unless the file ends. What is left of the old one has been looked at only, or belongs to a
// frame that was too short.
Result<usize> PickleInput::read_piece(usize n) {
  TRY(skip_used());
  if (peek_.is_present() && n < kPrefetch) {
    Result<Value> seen = call(thread_, peek_, Value::of_small_int(static_cast<i64>(kPrefetch)));
    if (seen.is_failed()) {
      if (!clear_pending_if(thread_, exceptions.NotImplementedError)) return failed;
      peek_ = Value();
    } else {
      TRY(set_piece(seen.value()));
      unread_ = at_;
      if (n <= piece_.size) return piece_.size;
    }
  }
  TRY(set_piece(TRY(call(thread_, self_->read_.get(), TRY(int_from_u64(thread_, n))))));
  return piece_.size;
}

Result<const u8*> PickleInput::slow_take(usize n) {
  if (!has_file() || n > static_cast<usize>(kMaxIndex)) return raise_truncated();
  if (TRY(read_piece(n)) < n) return raise_truncated();
  const u8* p = at_;
  at_ += n;
  return p;
}

int PickleInput::slow_next_op() {
  Result<const u8*> p = slow_take(1);
  if (!p.is_failed()) return *p.value();
  if (clear_pending_if(thread_, pickle_globals->unpickling_error.get()))
    (void)raise(thread_, exceptions.EOFError, "Ran out of input");
  return -1;
}

Result<std::string_view> PickleInput::take_line() {
  const void* newline = at_ ? memchr(at_, '\n', static_cast<usize>(end_ - at_)) : nullptr;
  if (!newline) {
    if (!has_file()) return raise_truncated();
    TRY(skip_used());
    TRY(set_piece(TRY(call(thread_, self_->readline_.get()))));
    if (at_ == end_ || end_[-1] != '\n') return raise_truncated();
    newline = memchr(at_, '\n', static_cast<usize>(end_ - at_));
  }
  const char* start = reinterpret_cast<const char*>(at_);
  at_ = static_cast<const u8*>(newline) + 1;
  return std::string_view(start, static_cast<usize>(reinterpret_cast<const char*>(at_) - start));
}

Result<Bytes*> PickleInput::take_bytes(usize n) {
  usize buffered = static_cast<usize>(end_ - at_);
  if (n <= buffered || !has_file()) return bytes_from(thread_, TRY(take(n)), n);
  if (buffered == 0 && n >= kPrefetch) {  // as read() gives them
    TRY(skip_used());
    Value data = TRY(call(thread_, self_->read_.get(), TRY(int_from_u64(thread_, n))));
    if (!is<Bytes>(data)) return raise_value_error(thread_, "read() returned non-bytes object ({!r})", data);
    if (static_cast<usize>(data.as<Bytes>()->length()) < n) return raise_truncated();
    if (is_exact<Bytes>(data) && static_cast<usize>(data.as<Bytes>()->length()) == n) return data.as<Bytes>();
    return bytes_from(thread_, data.as<Bytes>()->data(), n);
  }
  ByteArray* whole = TRY(bytearray_from(thread_, nullptr, 0));
  TRY(bytearray_resize(thread_, whole, static_cast<Index>(n)));
  TRY(take_into(whole));
  return bytes_from(thread_, whole->data(), n);
}

// What is there already goes first; the answer is how much that was.
Result<usize> PickleInput::take_buffered(u8* to, usize n) {
  usize buffered = static_cast<usize>(end_ - at_);
  if (buffered > n) buffered = n;
  if (buffered) memcpy(to, at_, buffered);
  at_ += buffered;
  return buffered;
}

Result<void> PickleInput::take_into(ByteArray* target) {
  usize n = static_cast<usize>(target->length());
  usize done = TRY(take_buffered(target->data(), n));
  if (done == n) return ok;
  if (!has_file()) return raise_truncated();
  TRY(skip_used());
  Value readinto = self_->readinto_.get();
  if (readinto.is_absent()) {
    Value data = TRY(call(thread_, self_->read_.get(), TRY(int_from_u64(thread_, n - done))));
    if (!is<Bytes>(data)) return raise_value_error(thread_, "read() returned non-bytes object ({!r})", data);
    if (static_cast<usize>(data.as<Bytes>()->length()) < n - done) return raise_truncated();
    if (static_cast<usize>(target->length()) < n) return raise_truncated();  // Python code had no way to it, but be sure
    memcpy(target->data() + done, data.as<Bytes>()->data(), n - done);
    return ok;
  }
  Value view = TRY(make_memoryview(thread_, Value(target)));
  if (done) {
    Value slice = Value(TRY(make<Slice>(thread_, Value::of_small_int(static_cast<i64>(done)), kNone, kNone)));
    view = TRY(get_item(thread_, view, slice));
  }
  Value count = TRY(call(thread_, readinto, view));
  Index read = TRY(to_index_checked(thread_, count, exceptions.OverflowError));
  if (read < 0) return raise_value_error(thread_, "readinto() returned negative size");
  if (static_cast<usize>(read) < n - done) return raise_truncated();
  return ok;
}

Result<void> PickleInput::begin_frame(usize n) {
  TRY(take(n));
  at_ -= n;
  return ok;
}

}  // namespace baton
