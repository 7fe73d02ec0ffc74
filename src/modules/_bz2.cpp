// _bz2: bzip2 streams, on libbz2.
//
// A stream's state lives in its cell (cells never move) and is used under the cell's WorkLock, without the GIL; output is
// collected outside the heap. What a decompressor has not used yet waits in its tail_.
#include <bzlib.h>

#include <climits>
#include <cstring>

#include "base/text_buffer.h"
#include "objects/bytes.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "objects/work_lock.h"

namespace baton {

static constexpr usize kChunk = 32 * 1024;

static Failed raise_bz2(Thread& t, int code) {
  switch (code) {
    case BZ_PARAM_ERROR: return raise_value_error(t, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR: return raise_memory_error(t);
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC: return raise(t, exceptions.OSError, "Invalid data stream");
    case BZ_IO_ERROR: return raise(t, exceptions.OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
      return raise(t, exceptions.EOFError, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR: return raise_runtime_error(t, "Internal error - Invalid sequence of commands sent to libbzip2");
    default: return raise(t, exceptions.OSError, "Unrecognized error from libbzip2: {}", code);
  }
}
static bool is_error(int code) { return code < 0; }

// Room behind the output so far, no more than the limit allows; 0: the limit is reached, or no memory.
static u32 offer(ByteBuffer& out, bz_stream& stream, usize limit) {
  usize n = out.size() < kChunk ? kChunk : out.size();
  if (n > limit - out.size()) n = limit - out.size();
  if (n > UINT_MAX) n = UINT_MAX;
  u8* room = n ? out.extend(n) : nullptr;
  if (!room) return 0;
  stream.next_out = reinterpret_cast<char*>(room);
  stream.avail_out = static_cast<u32>(n);
  return stream.avail_out;
}
static void take(ByteBuffer& out, bz_stream& stream) {
  out.truncate(out.size() - stream.avail_out);
  stream.next_out = nullptr;
  stream.avail_out = 0;
}
static Result<Bytes*> build(Thread& t, const ByteBuffer& out) {
  if (out.failed()) return raise_memory_error(t);
  return bytes_from(t, out.data(), out.size());
}

// ---------------------------------------------------------------------------------------------------------------- BZ2Compressor

class Bz2Compressor final : public Cell {
 public:
  void init() {
    memset(&stream_, 0, sizeof stream_);
    live_ = flushed_ = false;
    lock_.init();
  }
  void finalize_native() {
    if (live_) BZ2_bzCompressEnd(&stream_);
  }
  void visit_edges(EdgeVisitor&) const {}
  WorkLock lock_;  // guards what follows
  bz_stream stream_;
  bool live_, flushed_;
};

static Result<Value> compressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*);

static Result<void> compressor_init(Thread& t, Bz2Compressor* self, int level) {
  if (level < 1 || level > 9) return raise_value_error(t, "compresslevel must be between 1 and 9");
  WorkGuard guard(t, self->lock_);
  if (self->live_) BZ2_bzCompressEnd(&self->stream_);
  memset(&self->stream_, 0, sizeof self->stream_);
  int code = BZ2_bzCompressInit(&self->stream_, level, 0, 0);
  self->live_ = !is_error(code);
  self->flushed_ = false;
  if (is_error(code)) return raise_bz2(t, code);
  return ok;
}

// Runs one action over the data to its end. Answers libbz2's code.
static int run_compressor(bz_stream& stream, const u8* data, usize size, ByteBuffer& out, int action) {
  for (;;) {
    u32 piece = size > UINT_MAX ? UINT_MAX : static_cast<u32>(size);
    stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(data));
    stream.avail_in = piece;
    if (action == BZ_RUN && piece == 0) return BZ_OK;
    for (;;) {
      if (!offer(out, stream, SIZE_MAX)) return BZ_MEM_ERROR;
      int code = BZ2_bzCompress(&stream, action);
      bool full = stream.avail_out == 0;
      take(out, stream);
      if (is_error(code) || code == BZ_STREAM_END) return code;
      if (action == BZ_RUN && stream.avail_in == 0 && !full) break;
    }
    data += piece;
    size -= piece;
  }
}

static Result<Bytes*> compressor_compress(Thread& t, Bz2Compressor* self, BufferView data) {
  ByteBuffer out;
  int code = BZ_OK;
  bool usable;
  {
    WorkGuard guard(t, self->lock_);
    usable = self->live_ && !self->flushed_;
    if (usable)
      code = blocking<BlockCause::Native>(t, [&] { return run_compressor(self->stream_, data.data, data.size, out, BZ_RUN); });
  }
  if (!usable) return raise_value_error(t, "Compressor has been flushed");
  if (is_error(code)) return raise_bz2(t, code);
  return build(t, out);
}
static Result<Bytes*> compressor_flush(Thread& t, Bz2Compressor* self) {
  ByteBuffer out;
  int code = BZ_OK;
  bool usable;
  {
    WorkGuard guard(t, self->lock_);
    usable = self->live_ && !self->flushed_;
    self->flushed_ = true;
    if (usable) code = blocking<BlockCause::Native>(t, [&] { return run_compressor(self->stream_, nullptr, 0, out, BZ_FINISH); });
  }
  if (!usable) return raise_value_error(t, "Repeated call to flush()");
  if (is_error(code)) return raise_bz2(t, code);
  return build(t, out);
}

static constinit NativeDef compressor_methods[] = {
    native_raw(compressor_new, "__new__(type, /, *args, **kwargs)",
               "Create and return a new object.  See help(type) for accurate signature."),
    native<compressor_init>("__init__($self, compresslevel=9, /)",
                            "Initialize self.  See help(type(self)) for accurate signature."),
    native<compressor_compress>(
        "compress($self, data, /)",
        "Provide data to the compressor object.\n\nReturns a chunk of compressed data if possible, or b'' otherwise.\n\nWhen you "
        "have finished providing data to the compressor, call the\nflush() method to finish the compression process."),
    native<compressor_flush>("flush($self, /)",
                             "Finish the compression process.\n\nReturns the compressed data left in internal buffers.\n\nThe "
                             "compressor object may not be used after this method is called."),
};
static constinit TypeDef compressor_def = {
    .name = "_bz2.BZ2Compressor",
    .doc =
        "BZ2Compressor(compresslevel=9, /)\n--\n\nCreate a compressor object for compressing data incrementally.\n\n  "
        "compresslevel\n    Compression level, as a number between 1 and 9.\n\nFor one-shot compression, use the compress() "
        "function instead.",
    .dynamic_kind = &DynamicKind<Bz2Compressor>::value,
    .payload_size = sizeof(Bz2Compressor),
    .methods = compressor_methods,
    .method_count = count_of(compressor_methods),
    .kind_info = kind_info_of<Bz2Compressor>("_bz2.BZ2Compressor"),
};
static Result<Value> compressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(make_of<Bz2Compressor>(t, TRY(check_new_type(t, args, n, compressor_def.type))));
}

// ----------------------------------------------------------------------------------------------------------------
// BZ2Decompressor

class Bz2Decompressor final : public Cell {
 public:
  void init(Bytes* empty) {
    memset(&stream_, 0, sizeof stream_);
    live_ = eof_ = false;
    lock_.init();
    needs_input_ = true;
    broken_ = false;
    tail_.init(empty);
    unused_.init(empty);
  }
  void finalize_native() {
    if (live_) BZ2_bzDecompressEnd(&stream_);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(tail_, unused_); }
  WorkLock lock_;  // guards what follows
  bz_stream stream_;
  bool live_, eof_, needs_input_;
  bool broken_;  // the data was in error: the stream's state means nothing any more
  Field<Bytes> tail_, unused_;
};

static Result<Value> decompressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*);

static Result<void> decompressor_init(Thread& t, Bz2Decompressor* self, Rest args, KeywordRest keywords) {
  if (args.values->length()) return raise_type_error(t, "BZ2Decompressor() takes no positional arguments");
  if (keywords.values) return raise_type_error(t, "BZ2Decompressor() takes no keyword arguments");
  Bytes* empty = TRY(bytes_from(t, ""));
  WorkGuard guard(t, self->lock_);
  if (self->live_) BZ2_bzDecompressEnd(&self->stream_);
  memset(&self->stream_, 0, sizeof self->stream_);
  int code = BZ2_bzDecompressInit(&self->stream_, 0, 0);
  self->live_ = !is_error(code);
  self->eof_ = false;
  self->needs_input_ = true;
  self->tail_.set(self, empty);
  self->unused_.set(self, empty);
  if (is_error(code)) return raise_bz2(t, code);
  return ok;
}

static Result<Bytes*> decompressor_decompress(Thread& t, Bz2Decompressor* self, BufferView data, Index max_length) {
  WorkGuard guard(t, self->lock_);
  if (self->eof_) return raise(t, exceptions.EOFError, "End of stream already reached");
  if (!self->live_) return raise_bz2(t, BZ_PARAM_ERROR);
  if (self->broken_) return raise_value_error(t, "Decompressor is unusable after a previous error");
  usize limit = max_length < 0 ? SIZE_MAX : static_cast<usize>(max_length);
  Bytes* joined = nullptr;  // waiting input and the new one
  std::string_view input = data.text();
  if (self->tail_.get()->length()) {
    joined = data.size ? TRY(bytes_concat(t, self->tail_.get()->text(), input)) : self->tail_.get();
    input = joined->text();
  }
  ByteBuffer out;
  int code = BZ_OK;
  usize used = 0;
  bool full = false;
  {
    bz_stream& stream = self->stream_;
    for (;;) {
      usize left = input.size() - used;
      u32 piece = left > UINT_MAX ? UINT_MAX : static_cast<u32>(left);
      stream.next_in = const_cast<char*>(input.data() + used);
      stream.avail_in = piece;
      if (!offer(out, stream, limit)) {
        if (out.failed())
          code = BZ_MEM_ERROR;
        else
          full = true;
        break;
      }
      code = blocking<BlockCause::Native>(t, [&] { return BZ2_bzDecompress(&stream); });
      full = stream.avail_out == 0;
      take(out, stream);
      used += piece - stream.avail_in;
      stream.next_in = nullptr;
      stream.avail_in = 0;
      if (is_error(code) || code == BZ_STREAM_END) break;
      if (used == input.size() && !full) break;
    }
  }
  if (is_error(code)) {
    self->tail_.set(self, TRY(bytes_from(t, "")));
    self->broken_ = true;
    self->needs_input_ = false;
    return raise_bz2(t, code);
  }
  std::string_view rest = input.substr(used);
  Bytes* keep = joined && !used ? joined : TRY(bytes_from(t, rest));
  Bytes* empty = TRY(bytes_from(t, ""));
  if (code == BZ_STREAM_END) {
    self->eof_ = true;
    self->needs_input_ = false;
    self->unused_.set(self, keep);
    self->tail_.set(self, empty);
  } else {
    self->needs_input_ = rest.empty() && !full;
    self->tail_.set(self, keep);
  }
  return build(t, out);
}

static Result<Value> get_eof(Thread&, Value self) { return Value::of_bool(self.as<Bz2Decompressor>()->eof_); }
static Result<Value> get_needs_input(Thread&, Value self) { return Value::of_bool(self.as<Bz2Decompressor>()->needs_input_); }
static Result<Value> get_unused_data(Thread&, Value self) { return Value(self.as<Bz2Decompressor>()->unused_.get()); }

static constinit GetSetDef decompressor_getsets[] = {
    {"eof", get_eof, nullptr, "True if the end-of-stream marker has been reached.", true},
    {"unused_data", get_unused_data, nullptr, "Data found after the end of the compressed stream.", true},
    {"needs_input", get_needs_input, nullptr, "True if more input is needed before more decompressed data can be produced.",
     true},
};
static constinit NativeDef decompressor_methods[] = {
    native_raw(decompressor_new, "__new__(type, /, *args, **kwargs)",
               "Create and return a new object.  See help(type) for accurate signature."),
    native<decompressor_init>("__init__($self, /, *args, **kwargs)",
                              "Initialize self.  See help(type(self)) for accurate signature."),
    native<decompressor_decompress>(
        "decompress($self, /, data, max_length=-1)",
        "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most "
        "*max_length* bytes of\ndecompressed data. If this limit is reached and further output can be\nproduced, "
        "*self.needs_input* will be set to ``False``. In this case, the next\ncall to *decompress()* may provide *data* as b'' "
        "to obtain more of the output.\n\nIf all of the input data was decompressed and returned (either because this\nwas less "
        "than *max_length* bytes, or because *max_length* was negative),\n*self.needs_input* will be set to True.\n\nAttempting "
        "to decompress data after the end of stream is reached raises an\nEOFError.  Any data found after the end of the stream "
        "is ignored and saved in\nthe unused_data attribute."),
};
static constinit TypeDef decompressor_def = {
    .name = "_bz2.BZ2Decompressor",
    .doc =
        "BZ2Decompressor()\n--\n\nCreate a decompressor object for decompressing data incrementally.\n\nFor one-shot "
        "decompression, use the decompress() function instead.",
    .dynamic_kind = &DynamicKind<Bz2Decompressor>::value,
    .payload_size = sizeof(Bz2Decompressor),
    .methods = decompressor_methods,
    .method_count = count_of(decompressor_methods),
    .getsets = decompressor_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Bz2Decompressor>("_bz2.BZ2Decompressor"),
};
static Result<Value> decompressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(t, args, n, decompressor_def.type));
  return TRY(make_of<Bz2Decompressor>(t, type, TRY(bytes_from(t, ""))));
}

static TypeDef* const bz2_types[] = {&compressor_def, &decompressor_def};
ModuleDef bz2_module = {.name = "_bz2", .types = bz2_types, .type_count = 2};

}  // namespace baton
