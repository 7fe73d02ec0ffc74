// _bz2: bzip2 streams, on libbz2.
#include <bzlib.h>

#include <cstring>

#include "modules/stream_objects.h"
#include "objects/numbers.h"
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

class Bz2Compressor final : public StreamCompressor {
 public:
  void init() {
    StreamCompressor::init();
    memset(&stream_, 0, sizeof stream_);
  }
  void finalize_native() {
    if (live_) BZ2_bzCompressEnd(&stream_);
  }
  bz_stream stream_;
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

namespace {
struct Bz2Compression {
  using Code = int;
  using Action = int;
  static constexpr int kOk = BZ_OK, kNoMemory = BZ_MEM_ERROR, kRun = BZ_RUN, kFinish = BZ_FINISH;
  static bool is_error(int code) { return baton::is_error(code); }
  static bool is_end(int code) { return code == BZ_STREAM_END; }
  static Failed raise(Thread& t, int code) { return raise_bz2(t, code); }
  static bool is_idle(int action, std::string_view data) { return action == BZ_RUN && data.empty(); }
  static int step(bz_stream& stream, int action, std::string_view) { return BZ2_bzCompress(&stream, action); }
  static void end(Bz2Compressor& self) { BZ2_bzCompressEnd(&self.stream_); }
};
}  // namespace

static constinit NativeDef compressor_methods[] = {
    native_raw(compressor_new, "__new__(type, /, *args, **kwargs)", kStreamNewDoc),
    native<compressor_init>("__init__($self, compresslevel=9, /)", kStreamInitDoc),
    native<stream_compress<Bz2Compression, Bz2Compressor>>("compress($self, data, /)", kStreamCompressDoc),
    native<stream_flush<Bz2Compression, Bz2Compressor>>("flush($self, /)", kStreamFlushDoc),
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

static constinit GetSetDef decompressor_getsets[] = {
    kDecompressorEof,
    kDecompressorUnusedData,
    kDecompressorNeedsInput,
};
static constinit NativeDef decompressor_methods[] = {
    native_raw(decompressor_new, "__new__(type, /, *args, **kwargs)", kStreamNewDoc),
    native<decompressor_init>("__init__($self, /, *args, **kwargs)", kStreamInitDoc),
    native<decompressor_decompress>("decompress($self, /, data, max_length=-1)", kStreamDecompressDoc),
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
