// Compressor and decompressor objects of _bz2 and _lzma: what the two modules' classes have in common. The library's stream, and
// what belongs to one format only, is in the derived classes.
//
// A stream's state lives in its cell (cells never move) and is used under the cell's WorkLock, without the GIL; output is
// collected outside the heap. What a decompressor has not used yet waits in its tail_.
#pragma once
#include "modules/stream_output.h"
#include "objects/raw_arguments.h"
#include "objects/work_lock.h"

namespace baton {

class StreamCompressor : public Cell {
 public:
  void init() {
    live_ = flushed_ = false;
    lock_.init();
  }
  void visit_edges(EdgeVisitor&) const {}
  WorkLock lock_;  // guards what follows, and the derived class's stream
  bool live_, flushed_;
};

// compress() and flush() of both: one action over `data`. `Codec` says
//   Code, Action, kOk, kNoMemory, kFinish, is_error(code), raise(t, code)
//   is_idle(action, data)      nothing to do, which would be an error of the library's
//   step(stream, action, data) runs the library, without the GIL
//   is_end(code)               the stream is complete
//   end(self)                  gives the stream up
// A ValueError that says `used_up` after a flush; raises what Codec::raise raises, and MemoryError.
template <class Codec, class Self>
Result<Bytes*> compress_step(Thread& t, Self* self, std::string_view data, typename Codec::Action action, const char* used_up) {
  StreamOutput output;
  typename Codec::Code code = Codec::kOk;
  bool usable;
  {
    WorkGuard guard(t, self->lock_);
    usable = self->live_ && !self->flushed_;
    if (action == Codec::kFinish) self->flushed_ = true;
    if (usable && !Codec::is_idle(action, data)) {
      code = blocking<BlockCause::Native>(t, [&] {
        return compress_stream(
            self->stream_, StreamInput(data), output, Codec::kNoMemory,
            [&](auto& stream) { return Codec::step(stream, action, data); },
            [](typename Codec::Code c) { return Codec::is_error(c) || Codec::is_end(c); });
      });
      if (self->flushed_) {  // the object may be found dead much later
        Codec::end(*self);
        self->live_ = false;
      }
    }
  }
  if (!usable) return raise_value_error(t, "{}", used_up);
  if (Codec::is_error(code)) return Codec::raise(t, code);
  return output.build(t);
}
template <class Codec, class Self>
Result<Bytes*> stream_compress(Thread& t, Self* self, BufferView data) {
  return compress_step<Codec>(t, self, data.text(), Codec::kRun, "Compressor has been flushed");
}
template <class Codec, class Self>
Result<Bytes*> stream_flush(Thread& t, Self* self) {
  return compress_step<Codec>(t, self, {}, Codec::kFinish, "Repeated call to flush()");
}

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

// The attributes that both modules' decompressors have.
inline Result<Value> decompressor_eof(Thread&, Value self) { return Value::of_bool(self.as<StreamDecompressor>()->eof_); }
inline Result<Value> decompressor_needs_input(Thread&, Value self) {
  return Value::of_bool(self.as<StreamDecompressor>()->needs_input_);
}
inline Result<Value> decompressor_unused_data(Thread&, Value self) { return Value(self.as<StreamDecompressor>()->unused_.get()); }
inline constexpr GetSetDef kDecompressorEof = {"eof", decompressor_eof, nullptr,
                                               "True if the end-of-stream marker has been reached.", true};
inline constexpr GetSetDef kDecompressorNeedsInput = {"needs_input", decompressor_needs_input, nullptr,
                                                      "Whether decompress() has to be given input to make progress.\n\nIt is "
                                                      "False while output held back by max_length is waiting.",
                                                      true};
inline constexpr GetSetDef kDecompressorUnusedData = {"unused_data", decompressor_unused_data, nullptr,
                                                      "Data found after the end of the compressed stream.", true};

// What help() says about the methods of both.
inline constexpr char kStreamNewDoc[] = "Make an instance; the class's own help describes the arguments.";
inline constexpr char kStreamInitDoc[] = "Set up a new instance from the arguments its class documents.";
inline constexpr char kStreamCompressDoc[] =
    "Take in more data and return the output that is ready.\n\nCompressors collect input in buffers, so the result is often b''. "
    "Join all\nthe results in order, and end with that of flush().";
inline constexpr char kStreamFlushDoc[] =
    "End the stream and return the rest of its compressed bytes.\n\nThis is the last call on a compressor: it takes no data from "
    "then on.";
inline constexpr char kStreamDecompressDoc[] =
    "Take in compressed data and return the bytes it expands to.\n\nA max_length of zero or more is a limit on the size of the "
    "result; a\nnegative one means no limit. When the limit holds back output,\nneeds_input turns False, and the rest can be had "
    "by "
    "calling again, with\nb'' as data if need be. Once everything available has been handed out,\nneeds_input is True "
    "again.\n\nBytes that follow the end of the stream are not decompressed but kept as\nunused_data. EOFError is raised for a "
    "call "
    "made after that end.";

}  // namespace baton
