// What the modules over zlib, libbz2 and liblzma share: input in pieces, and output that is collected outside the heap. The three
// libraries' streams have the same four fields, at different widths.
#pragma once
#include <limits>
#include <string_view>

#include "base/text_buffer.h"
#include "objects/bytes.h"
#include "objects/new_exception.h"

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
