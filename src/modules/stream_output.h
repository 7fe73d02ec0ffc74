// What the modules over zlib, libbz2 and liblzma share: output that is collected outside the heap, and decompressors that keep
// the input which they have not used yet. The three libraries' streams have the same four fields, at different widths.
#pragma once
#include <limits>
#include <string_view>

#include "base/text_buffer.h"
#include "objects/bytes.h"
#include "objects/new_exception.h"
#include "objects/work_lock.h"

namespace baton {

// Room for a stream's output; doubles, up to a limit in bytes.
class StreamOutput {
 public:
  explicit StreamOutput(usize limit = SIZE_MAX) : limit_(limit) {}
  bool at_limit() const { return buffer_.size() >= limit_; }
  bool failed() const { return buffer_.failed(); }  // no memory
  // Space for the stream to write into; false: no memory, or the limit is reached.
  template <class Stream>
  bool offer(Stream& stream) {
    constexpr usize kFirst = 32 * 1024, kMost = std::numeric_limits<decltype(stream.avail_out)>::max();
    usize n = buffer_.size() < kFirst ? kFirst : buffer_.size();
    if (n > limit_ - buffer_.size()) n = limit_ - buffer_.size();
    if (n > kMost) n = kMost;
    u8* room = n ? buffer_.extend(n) : nullptr;
    if (!room) return false;
    stream.next_out = reinterpret_cast<decltype(stream.next_out)>(room);
    stream.avail_out = static_cast<decltype(stream.avail_out)>(n);
    return true;
  }
  // After the stream has written: keeps what it wrote, and leaves no stale pointer in the cell. Answers whether the room was used
  // up.
  template <class Stream>
  bool took(Stream& stream) {
    bool full = stream.avail_out == 0;
    buffer_.truncate(buffer_.size() - stream.avail_out);
    stream.next_out = nullptr;
    stream.avail_out = 0;
    return full;
  }
  // Raises MemoryError.
  Result<Bytes*> build(Thread& t) const {
    if (failed()) return raise_memory_error(t);
    return bytes_from(t, buffer_.data(), buffer_.size());
  }

 private:
  ByteBuffer buffer_;
  usize limit_;
};

// Input for a stream, in pieces that its count can express.
class StreamInput {
 public:
  explicit StreamInput(std::string_view input) : data_(input.data()), left_(input.size()) {}
  usize left() const { return left_; }
  std::string_view rest() const { return {data_, left_}; }
  template <class Stream>
  void feed(Stream& stream) {
    constexpr usize kMost = std::numeric_limits<decltype(stream.avail_in)>::max();
    usize n = left_ > kMost ? kMost : left_;
    // The libraries' types lack const or differ in the character's sign; none of them writes to its input.
    stream.next_in = (decltype(stream.next_in))(data_);
    stream.avail_in = static_cast<decltype(stream.avail_in)>(n);
    fed_ = n;
  }
  template <class Stream>
  void took(Stream& stream) {
    usize used = fed_ - stream.avail_in;
    data_ += used;
    left_ -= used;
    stream.next_in = nullptr;
    stream.avail_in = 0;
  }

 private:
  const char* data_;
  usize left_, fed_ = 0;
};

// A decompressor object of _bz2 or _lzma. The library's stream and what belongs to one format only is in the derived class.
class StreamDecompressor : public Cell {
 public:
  void init(Bytes* empty) {
    lock_.init();
    live_ = eof_ = false;
    needs_input_ = true;
    tail_.init(empty);
    unused_.init(empty);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(tail_, unused_); }
  // A fresh stream, made or not; the caller holds lock_.
  void restart(bool made, Bytes* empty) {
    live_ = made;
    eof_ = false;
    needs_input_ = true;
    tail_.set(this, empty);
    unused_.set(this, empty);
  }
  WorkLock lock_;  // guards what follows, and the derived class's stream
  bool live_, eof_, needs_input_;
  Field<Bytes> tail_, unused_;  // input for the next call; what came behind the end of the stream
};

// decompress() of both: `data` behind the input that waits, at most `max_length` bytes of output if that isn't negative. `Codec`
// says
//   Code, kOk, kEnd, kNoMemory, is_error(code), raise(t, code)
//   kUsableAfterError              whether an object may be asked again after an error; else it wants no input any more
//   step(stream)                   runs the library, without the GIL
//   settle(self, code, starved)    what the code means, where the library's answer needs a second look
//   end(self)                      gives the stream up
// Raises what Codec::raise raises, MemoryError. The caller holds self->lock_ and has seen that the stream is live and not at its
// end.
template <class Codec, class Self>
Result<Bytes*> decompress_stream(Thread& t, Self* self, BufferView data, Index max_length) {
  Bytes* joined = nullptr;  // waiting input and the new one
  std::string_view text = data.text();
  if (self->tail_.get()->length()) {
    joined = data.size ? TRY(bytes_concat(t, self->tail_.get()->text(), text)) : self->tail_.get();
    text = joined->text();
  }
  StreamOutput output(max_length < 0 ? SIZE_MAX : static_cast<usize>(max_length));
  StreamInput input(text);
  typename Codec::Code code;
  bool full;
  for (;;) {
    input.feed(self->stream_);
    if (!output.offer(self->stream_)) {
      code = output.failed() ? Codec::kNoMemory : Codec::kOk;
      full = true;
      input.took(self->stream_);
      break;
    }
    code = blocking<BlockCause::Native>(t, [&] { return Codec::step(self->stream_); });
    full = output.took(self->stream_);
    input.took(self->stream_);
    code = Codec::settle(*self, code, input.left() == 0 && !full);
    if (Codec::is_error(code) || code == Codec::kEnd || (input.left() == 0 && !full)) break;
  }
  Bytes* empty = TRY(bytes_from(t, ""));
  if (Codec::is_error(code)) {
    self->tail_.set(self, empty);
    self->needs_input_ &= Codec::kUsableAfterError;
    return Codec::raise(t, code);
  }
  Bytes* keep = joined && input.left() == text.size() ? joined : TRY(bytes_from(t, input.rest()));
  self->eof_ = code == Codec::kEnd;
  if (self->eof_) {  // the library's memory goes back now: the object may be found dead much later
    Codec::end(*self);
    self->live_ = false;
  }
  self->needs_input_ = !self->eof_ && input.left() == 0 && !full;
  self->unused_.set(self, self->eof_ ? keep : empty);
  self->tail_.set(self, self->eof_ ? empty : keep);
  return output.build(t);
}

// Runs one action over all input. `step(stream)` answers the library's code, and `is_last(code)` whether it ends the run; without
// an end the run ends when the input is used up and the output fits. Answers the last code, or `no_memory`.
template <class Stream, class Code, class Step, class IsLast>
Code compress_stream(Stream& stream, StreamInput input, StreamOutput& output, Code no_memory, Step&& step, IsLast&& is_last) {
  for (;;) {
    input.feed(stream);
    if (!output.offer(stream)) return no_memory;
    Code code = step(stream);
    bool full = output.took(stream);
    input.took(stream);
    if (is_last(code) || (input.left() == 0 && !full)) return code;
  }
}

}  // namespace baton
