// _bz2: bzip2 streams, on libbz2.
//
// A stream's state lives in its cell (cells never move) and is used under the cell's WorkLock, without the GIL; output is
// collected outside the heap. What a decompressor has not used yet waits in its tail_.
#include <bzlib.h>

#include <cstring>

#include "modules/stream_output.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

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

// Runs one action over the data. BZ_RUN with nothing to do would be an error of the library's.
static Result<Bytes*> compressor_step(Thread& t, Bz2Compressor* self, std::string_view data, int action, const char* used_up) {
  StreamOutput output;
  int code = BZ_OK;
  bool usable;
  {
    WorkGuard guard(t, self->lock_);
    usable = self->live_ && !self->flushed_;
    if (action == BZ_FINISH) self->flushed_ = true;
    if (usable && (action == BZ_FINISH || !data.empty())) {
      code = blocking<BlockCause::Native>(t, [&] {
        return compress_stream(
            self->stream_, StreamInput(data), output, BZ_MEM_ERROR,
            [&](bz_stream& stream) { return BZ2_bzCompress(&stream, action); },
            [](int c) { return is_error(c) || c == BZ_STREAM_END; });
      });
      if (self->flushed_) {  // the object may be found dead much later
        BZ2_bzCompressEnd(&self->stream_);
        self->live_ = false;
      }
    }
  }
  if (!usable) return raise_value_error(t, "{}", used_up);
  if (is_error(code)) return raise_bz2(t, code);
  return output.build(t);
}
static Result<Bytes*> compressor_compress(Thread& t, Bz2Compressor* self, BufferView data) {
  return compressor_step(t, self, data.text(), BZ_RUN, "Compressor has been flushed");
}
static Result<Bytes*> compressor_flush(Thread& t, Bz2Compressor* self) {
  return compressor_step(t, self, {}, BZ_FINISH, "Repeated call to flush()");
}

static constinit NativeDef compressor_methods[] = {
    native_raw(compressor_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<compressor_init>("__init__($self, compresslevel=9, /)",
                            "Set up a new instance from the arguments its class documents."),
    native<compressor_compress>("compress($self, data, /)",
                                "Take in more data and return the output that is ready.\n\nCompressors collect input in buffers, "
                                "so the result is often b''. Join all\nthe results in order, and end with that of flush()."),
    native<compressor_flush>("flush($self, /)",
                             "End the stream and return the rest of its compressed bytes.\n\nThis is the last call on a "
                             "compressor: it takes no data from then on."),
};
static constinit TypeDef compressor_def = {
    .name = "_bz2.BZ2Compressor",
    .doc =
        "BZ2Compressor(compresslevel=9, /)\n--\n\nCompress data in the bzip2 format piece by piece.\n\ncompresslevel, from 1 to "
        "9, sets the size of the blocks: higher levels\nusually give smaller output and take more memory. With all data at "
        "hand,\ncompress() does the job in one call.",
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

class Bz2Decompressor final : public StreamDecompressor {
 public:
  void init(Bytes* empty) {
    StreamDecompressor::init(empty);
    memset(&stream_, 0, sizeof stream_);
    broken_ = false;
  }
  void finalize_native() {
    if (live_) BZ2_bzDecompressEnd(&stream_);
  }
  bz_stream stream_;
  bool broken_;  // the data was in error: the stream's state means nothing any more
};

namespace {
struct Bz2Codec {
  using Code = int;
  static constexpr int kOk = BZ_OK, kEnd = BZ_STREAM_END, kNoMemory = BZ_MEM_ERROR;
  static constexpr bool kUsableAfterError = false;
  static bool is_error(int code) { return code < 0; }
  static Failed raise(Thread& t, int code) { return raise_bz2(t, code); }
  static int step(bz_stream& stream) { return BZ2_bzDecompress(&stream); }
  static int settle(Bz2Decompressor& self, int code, bool) {
    self.broken_ = is_error(code);
    return code;
  }
  static void end(Bz2Decompressor& self) { BZ2_bzDecompressEnd(&self.stream_); }
};
}  // namespace

static Result<Value> decompressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*);

static Result<void> decompressor_init(Thread& t, Bz2Decompressor* self, Rest args, KeywordRest keywords) {
  if (args.values->length()) return raise_type_error(t, "BZ2Decompressor() takes no positional arguments");
  if (keywords.values) return raise_type_error(t, "BZ2Decompressor() takes no keyword arguments");
  Bytes* empty = TRY(bytes_from(t, ""));
  WorkGuard guard(t, self->lock_);
  if (self->live_) BZ2_bzDecompressEnd(&self->stream_);
  memset(&self->stream_, 0, sizeof self->stream_);
  int code = BZ2_bzDecompressInit(&self->stream_, 0, 0);
  self->restart(!is_error(code), empty);
  self->broken_ = false;
  if (is_error(code)) return raise_bz2(t, code);
  return ok;
}

static Result<Bytes*> decompressor_decompress(Thread& t, Bz2Decompressor* self, BufferView data, Index max_length) {
  WorkGuard guard(t, self->lock_);
  if (self->eof_) return raise(t, exceptions.EOFError, "End of stream already reached");
  if (!self->live_) return raise_bz2(t, BZ_PARAM_ERROR);
  if (self->broken_) return raise_value_error(t, "Decompressor is unusable after a previous error");
  return decompress_stream<Bz2Codec>(t, self, data, max_length);
}

static Result<Value> get_eof(Thread&, Value self) { return Value::of_bool(self.as<Bz2Decompressor>()->eof_); }
static Result<Value> get_needs_input(Thread&, Value self) { return Value::of_bool(self.as<Bz2Decompressor>()->needs_input_); }
static Result<Value> get_unused_data(Thread&, Value self) { return Value(self.as<Bz2Decompressor>()->unused_.get()); }

static constinit GetSetDef decompressor_getsets[] = {
    {"eof", get_eof, nullptr, "True if the end-of-stream marker has been reached.", true},
    {"unused_data", get_unused_data, nullptr, "Data found after the end of the compressed stream.", true},
    {"needs_input", get_needs_input, nullptr,
     "Whether decompress() has to be given input to make progress.\n\nIt is False while output held back by max_length is "
     "waiting.",
     true},
};
static constinit NativeDef decompressor_methods[] = {
    native_raw(decompressor_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<decompressor_init>("__init__($self, /, *args, **kwargs)",
                              "Set up a new instance from the arguments its class documents."),
    native<decompressor_decompress>(
        "decompress($self, /, data, max_length=-1)",
        "Take in compressed data and return the bytes it expands to.\n\nA max_length of zero or more is a limit on the size of "
        "the result; a\nnegative one means no limit. When the limit holds back output,\nneeds_input turns False, and the rest "
        "can be had by calling again, with\nb'' as data if need be. Once everything available has been handed out,\nneeds_input "
        "is True again.\n\nBytes that follow the end of the stream are not decompressed but kept as\nunused_data. EOFError is "
        "raised for a call made after that end."),
};
static constinit TypeDef decompressor_def = {
    .name = "_bz2.BZ2Decompressor",
    .doc =
        "BZ2Decompressor()\n--\n\nDecompress one bzip2 stream piece by piece.\n\nWith all the input at hand, decompress() does "
        "the job in one call.",
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
