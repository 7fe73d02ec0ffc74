// _pickle: the bytes of a pickle while it is read, from an object in memory or piece by piece from a file.
//
// From a file: with peek() a big piece is looked at without moving the file's position, and what was used of it is skipped later
// (skip_used, at the latest when the pickle ends); without peek() exactly what is needed is read. Pieces are cells or buffers
// held by this object, which lives on the stack.
#pragma once
#include <cstring>

#include "modules/pickle_internal.h"
#include "objects/new_exception.h"

namespace baton {

class PickleInput {
 public:
  PickleInput(Thread& thread, Unpickler* self) : thread_(thread), self_(self), peek_(self->peek_.get()) {}
  explicit PickleInput(Thread& thread, Unpickler* self, std::string_view memory) : PickleInput(thread, self) {
    at_ = reinterpret_cast<const u8*>(memory.data());
    end_ = at_ + memory.size();
  }
  ~PickleInput() { release_buffer(piece_); }
  PickleInput(const PickleInput&) = delete;
  PickleInput& operator=(const PickleInput&) = delete;

  // The next n bytes, valid until the next call. UnpicklingError "pickle data was truncated".
  BATON_ALWAYS_INLINE Result<const u8*> take(usize n) {
    if (static_cast<usize>(end_ - at_) < n) [[unlikely]]
      return slow_take(n);
    const u8* p = at_;
    at_ += n;
    return p;
  }
  // At least one byte is there, or -1: EOFError "Ran out of input" is pending, or what a file raised.
  BATON_ALWAYS_INLINE int next_op() {
    if (at_ == end_) [[unlikely]]
      return slow_next_op();
    return *at_++;
  }
  // The next byte if it is there without reading on, else -1.
  int peek_op() const { return at_ != end_ ? *at_ : -1; }
  // The next line with its newline.
  Result<std::string_view> take_line();
  // The next n bytes as an object, or into a buffer.
  Result<Bytes*> take_bytes(usize n);
  Result<void> take_into(ByteArray* target);
  // Before room for n bytes is made: fails at once when the input in memory is shorter.
  Result<void> require(usize n) {
    if (static_cast<usize>(end_ - at_) < n && !has_file()) return raise_truncated();
    return ok;
  }
  // A frame of n bytes follows: it is read at once.
  Result<void> begin_frame(usize n);
  // Moves the file's position to the first byte not used.
  Result<void> skip_used();

 private:
  bool has_file() const { return self_->read_.get().is_present(); }
  Failed raise_truncated();
  Result<const u8*> slow_take(usize n);
  int slow_next_op();
  Result<usize> read_piece(usize n);
  Result<void> set_piece(Value data);
  Result<usize> take_buffered(u8* to, usize n);

  Thread& thread_;
  Unpickler* self_;
  Value peek_;  // absent: the file has none
  const u8* at_ = nullptr;
  const u8* end_ = nullptr;
  const u8* unread_ = nullptr;  // from here on the piece was looked at only; null: all of it was read
  BufferView piece_;
};

}  // namespace baton
