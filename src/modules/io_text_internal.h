// TextIOWrapper's cell, shared by its reading and its writing half.
//
// Encodings with a native conversion (utf-8, ascii, latin-1) need no codec objects: the wrapper decodes and encodes itself and
// keeps the decoder's state (`partial_`, `pending_cr_`). Others go through codec objects, the decoder wrapped in an
// IncrementalNewlineDecoder.
#pragma once
#include "modules/io_internal.h"
#include "objects/codecs.h"

namespace baton {

enum class NativeCodec : u8 { None, Utf8, Ascii, Latin1 };

class TextWrapper final : public Cell {
 public:
  void init() {
    buffer_.init(Value());
    encoder_.init(Value());
    decoder_.init(Value());
    snapshot_flags_.init(Value());
    encoding_.init(nullptr);
    errors_.init(nullptr);
    read_newline_.init(nullptr);
    write_newline_.init(nullptr);
    decoded_.init(nullptr);
    snapshot_input_.init(nullptr);
    pending_.init(nullptr);
    decoded_used_ = 0;
    chunk_size_ = kDefaultBufferSize;
    bytes_per_char_ = 0;
    codec_ = NativeCodec::None;
    ok_ = detached_ = false;
    line_buffering_ = write_through_ = universal_ = translate_ = write_translate_ = false;
    seekable_ = telling_ = has_read1_ = finalizing_ = can_read_ = can_write_ = strict_ = false;
    at_start_ = true;
    pending_cr_ = false;
    seen_ = partial_count_ = 0;
    reading_.init();
    writing_.init();
    membership_.init();
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(buffer_, encoder_, decoder_, snapshot_flags_, encoding_, errors_, read_newline_, write_newline_, decoded_,
          snapshot_input_, pending_, tail_.extra_);
  }
  void finalize_native() { membership_.leave(); }
  Buffered* direct_buffer() const { return is_exact<Buffered>(buffer_.get()) ? buffer_.get().as<Buffered>() : nullptr; }
  Str* codec_errors() const { return strict_ ? nullptr : errors_.get(); }

  Field<Value> buffer_;
  Field<Value> encoder_, decoder_;  // absent: none, or native
  Field<Value> snapshot_flags_;     // decoder flags before the last chunk was decoded
  Field<Str> encoding_, errors_;
  Field<Str> read_newline_, write_newline_;  // the ending looked for; what \n is written as (null: as it is)
  Field<Str> decoded_;                       // text of the last chunk, decoded_used_ of it handed out; null: none
  Field<Bytes> snapshot_input_;              // bytes decoded since then; null: no snapshot
  Field<ByteArray> pending_;                 // encoded, not yet passed on
  Index decoded_used_;
  i64 chunk_size_;
  double bytes_per_char_;
  NativeCodec codec_;
  Relaxed<bool> ok_, detached_;  // open() has a look at the first, as at pending_
  bool line_buffering_, write_through_;
  bool universal_, translate_, write_translate_;
  bool seekable_, has_read1_, finalizing_;
  Relaxed<bool> telling_;
  bool can_read_, can_write_;  // there is a decoder, an encoder
  bool strict_;                // errors is "strict"
  bool at_start_;              // the encoder is at the start of the stream (byte order marks)
  bool pending_cr_;            // native decoder: a \r kept back
  u8 seen_, partial_count_;
  u8 partial_[4];             // native decoder: start of an unfinished character
  IoLock reading_, writing_;  // see TextLock
  IoMembership membership_;
  ObjectTail tail_;
};

// With a GIL the steps of a method belong together wherever CPython's do. Two belong together in any case (kWithGilToo): what was
// collected is passed on by one thread at a time, so that it keeps its order while a buffer is waited for; and an encoder that is
// a Python object has a state, like the byte order mark. Without one, one thread at a time decodes, and one
// collects what is to be written and passes it on: so lines stay whole and keep their order. A thread that waits for input
// doesn't keep others from writing. Taken again by the thread that holds it (a raw stream, handler or finaliser that calls back)
// it is no lock; nor is it at exit, when its holder never runs again. Who holds reading_ may take writing_; the other way only
// try.
class TextLock {
 public:
  enum When : bool { kWithoutGil, kWithGilToo };
  TextLock(Thread& thread, IoLock& lock, When when = kWithoutGil) {
    if (when == kWithoutGil && !objects_are_locked()) [[likely]]
      return;
    if (lock.is_mine(thread)) return;
    if (!lock.try_take(thread)) {
      if (is_finalizing()) return;
      lock.take(thread);
    }
    lock_ = &lock;
  }
  ~TextLock() {
    if (lock_) lock_->leave();
  }
  TextLock(const TextLock&) = delete;
  TextLock& operator=(const TextLock&) = delete;

 private:
  IoLock* lock_ = nullptr;
};

struct DecoderState {
  Bytes* buffer;
  Value flags;
};

Result<void> text_check(Thread& thread, TextWrapper* self);       // initialised, not detached
Result<void> text_check_open(Thread& thread, TextWrapper* self);  // and not closed
Result<void> write_pending(Thread& thread, TextWrapper* self);
void forget_decoded(TextWrapper* self);
Result<Str*> decoder_run(Thread& thread, TextWrapper* self, Bytes* input, bool final);
Result<DecoderState> decoder_state(Thread& thread, TextWrapper* self);
Result<void> decoder_set_state(Thread& thread, TextWrapper* self, Bytes* buffer, Value flags);
Result<void> decoder_reset_all(Thread& thread, TextWrapper* self);
Result<void> encoder_reset_to(Thread& thread, TextWrapper* self, bool start_of_stream);

Result<Value> text_read(Thread& thread, TextWrapper* self, Value size);
Result<Value> text_readline(Thread& thread, TextWrapper* self, i64 size);
Result<Value> text_next(Thread& thread, TextWrapper* self);
Result<Value> text_tell(Thread& thread, TextWrapper* self);
Result<Value> text_seek(Thread& thread, TextWrapper* self, Value cookie, int whence);

}  // namespace baton
