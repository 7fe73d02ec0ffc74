// zlib: compression and decompression of buffers and streams, on libz.
//
// A stream's z_stream lives in its cell (cells never move) under the cell's WorkLock; the library works without the GIL, and
// output is collected outside the heap.
#include <zlib.h>

#include <climits>
#include <cstring>

#include "base/binascii_kernels.h"
#include "modules/stream_output.h"
#include "objects/int_view.h"
#include "objects/work_lock.h"

namespace baton {

static Root<Type>* zlib_error_type = nullptr;
static constexpr usize kBufferSize = 16 * 1024;  // zlib.DEF_BUF_SIZE
static constexpr int kDefaultMemLevel = 8;
static constexpr usize kChecksumReleases = 5 * 1024;  // from here checksums let go of the GIL

static Failed raise_zlib(Thread& thread, int code, const z_stream& stream, const char* what) {
  const char* text = code == Z_VERSION_ERROR ? "library version mismatch" : stream.msg;
  if (!text) {
    switch (code) {
      case Z_BUF_ERROR: text = "incomplete or truncated stream"; break;
      case Z_STREAM_ERROR: text = "inconsistent stream state"; break;
      case Z_DATA_ERROR: text = "invalid input data"; break;
    }
  }
  if (!text) return raise(thread, zlib_error_type->get(), "Error {} {}", code, what);
  return raise(thread, zlib_error_type->get(), "Error {} {}: {}", code, what, text);
}

static Failed raise_no_memory(Thread& thread, const char* text) { return raise(thread, exceptions.MemoryError, "{}", text); }

// ---------------------------------------------------------------------------------------------------------------- in one go

// Runs deflate over all input; the last piece with `flush`. Answers zlib's code.
static int deflate_all(z_stream& stream, StreamInput& input, StreamOutput& output, int flush) {
  int code = Z_OK;
  do {
    input.feed(stream);
    int mode = stream.avail_in == input.left() ? flush : Z_NO_FLUSH;
    do {
      if (!output.offer(stream)) return Z_MEM_ERROR;
      code = deflate(&stream, mode);
      bool full = output.took(stream);
      if (code == Z_STREAM_ERROR) return code;
      if (!full) break;
    } while (true);
    input.took(stream);
  } while (input.left());
  return code;
}

static Result<Bytes*> zlib_compress(Thread& thread, BufferView data, Optional<int> level, Optional<int> wbits) {
  z_stream stream{};
  int code = deflateInit2(&stream, level.value_or(Z_DEFAULT_COMPRESSION), Z_DEFLATED, wbits.value_or(MAX_WBITS), kDefaultMemLevel,
                          Z_DEFAULT_STRATEGY);
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Out of memory while compressing data");
  if (code == Z_STREAM_ERROR) return raise(thread, zlib_error_type->get(), "Bad compression level");
  if (code != Z_OK) {
    deflateEnd(&stream);
    return raise_zlib(thread, code, stream, "while compressing data");
  }
  StreamInput input(data.text());
  StreamOutput output;
  code = blocking<BlockCause::Native>(thread, [&] { return deflate_all(stream, input, output, Z_FINISH); });
  if (code == Z_STREAM_ERROR) {
    deflateEnd(&stream);
    return raise_zlib(thread, code, stream, "while compressing data");
  }
  code = deflateEnd(&stream);
  if (code != Z_OK && !output.failed()) return raise_zlib(thread, code, stream, "while finishing compression");
  return output.build(thread);
}

static Result<Bytes*> zlib_decompress(Thread& thread, BufferView data, Optional<int> wbits, Optional<Index> bufsize) {
  if (bufsize.has_value() && bufsize.value < 0) return raise_value_error(thread, "bufsize must be non-negative");
  z_stream stream{};
  int code = inflateInit2(&stream, wbits.value_or(MAX_WBITS));
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Out of memory while decompressing data");
  if (code != Z_OK) {
    inflateEnd(&stream);
    return raise_zlib(thread, code, stream, "while preparing to decompress data");
  }
  StreamInput input(data.text());
  StreamOutput output;
  do {
    input.feed(stream);
    bool last = stream.avail_in == input.left();
    do {
      if (!output.offer(stream)) {
        inflateEnd(&stream);
        return raise_memory_error(thread);
      }
      code = blocking<BlockCause::Native>(thread, [&] { return inflate(&stream, last ? Z_FINISH : Z_NO_FLUSH); });
      bool full = output.took(stream);
      if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END) {
        Failed error = raise_zlib(thread, code, stream, "while decompressing data");
        inflateEnd(&stream);
        return error;
      }
      if (!full) break;
    } while (code != Z_STREAM_END);
    input.took(stream);
  } while (code != Z_STREAM_END && input.left());
  if (code != Z_STREAM_END) {
    Failed error = raise_zlib(thread, code == Z_OK ? Z_BUF_ERROR : code, stream, "while decompressing data");
    inflateEnd(&stream);
    return error;
  }
  inflateEnd(&stream);
  return output.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- Compress

class Compress final : public Cell {
 public:
  void init() {
    memset(&stream_, 0, sizeof stream_);
    live_ = false;
    lock_.init();
  }
  void finalize_native() {
    if (live_) deflateEnd(&stream_);
  }
  void visit_edges(EdgeVisitor&) const {}
  WorkLock lock_;  // guards what follows
  z_stream stream_;
  bool live_;
};

static Result<Bytes*> compress_compress(Thread& thread, Compress* self, BufferView data) {
  StreamOutput output;
  int code;
  {
    WorkGuard guard(thread, self->lock_);
    StreamInput input(data.text());
    code = blocking<BlockCause::Native>(thread, [&] { return deflate_all(self->stream_, input, output, Z_NO_FLUSH); });
  }
  if (code == Z_STREAM_ERROR) return raise_zlib(thread, code, self->stream_, "while compressing data");
  return output.build(thread);
}

static Result<Bytes*> compress_flush(Thread& thread, Compress* self, Optional<int> mode) {
  int flush = mode.value_or(Z_FINISH);
  if (flush == Z_NO_FLUSH) return bytes_from(thread, "");
  StreamOutput output;
  int code;
  {
    WorkGuard guard(thread, self->lock_);
    StreamInput input({});
    code = blocking<BlockCause::Native>(thread, [&] { return deflate_all(self->stream_, input, output, flush); });
    if (code == Z_STREAM_END && flush == Z_FINISH) {
      code = deflateEnd(&self->stream_);
      self->live_ = false;
      if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while finishing compression");
    }
  }
  if (code != Z_OK && code != Z_BUF_ERROR && code != Z_MEM_ERROR)
    return raise_zlib(thread, code, self->stream_, "while flushing");
  return output.build(thread);
}

static Result<Value> compress_copy(Thread& thread, Compress* self);
static Result<Value> compress_deepcopy(Thread& thread, Compress* self, Value memo) { return compress_copy(thread, self); }

static constinit NativeDef compress_methods[] = {
    native<compress_compress>("compress($self, data, /)", "Returns a bytes object containing compressed data."),
    native<compress_flush>("flush($self, mode=zlib.Z_FINISH, /)",
                           "Return a bytes object containing any remaining compressed data."),
    native<compress_copy>("copy($self, /)", "Return a copy of the compression object."),
    native<compress_copy>("__copy__($self, /)"),
    native<compress_deepcopy>("__deepcopy__($self, memo, /)"),
};
static constinit TypeDef compress_def = {
    .name = "zlib.Compress",
    .dynamic_kind = &DynamicKind<Compress>::value,
    .payload_size = sizeof(Compress),
    .flags = kTypeNoInstances,
    .methods = compress_methods,
    .method_count = count_of(compress_methods),
    .kind_info = kind_info_of<Compress>("zlib.Compress"),
};

static Failed raise_inconsistent(Thread& thread) { return raise_value_error(thread, "Inconsistent stream state"); }

static Result<Value> compress_copy(Thread& thread, Compress* self) {
  Compress* copy = TRY(make_of<Compress>(thread, compress_def.type));
  WorkGuard guard(thread, self->lock_);
  if (!self->live_) return raise_inconsistent(thread);
  int code = deflateCopy(&copy->stream_, &self->stream_);
  if (code == Z_STREAM_ERROR) return raise_inconsistent(thread);
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Can't allocate memory for compression object");
  if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while copying compression object");
  copy->live_ = true;
  return Value(copy);
}

static Result<Value> zlib_compressobj(Thread& thread, Optional<int> level, Optional<int> method, Optional<int> wbits,
                                      Optional<int> mem_level, Optional<int> strategy, Optional<BufferView> zdict) {
  if (zdict.has_value() && zdict.value.size > UINT_MAX)
    return raise_overflow_error(thread, "zdict length does not fit in an unsigned int");
  Compress* self = TRY(make_of<Compress>(thread, TRY(type_from_def(thread, compress_def))));
  int code = deflateInit2(&self->stream_, level.value_or(Z_DEFAULT_COMPRESSION), method.value_or(Z_DEFLATED),
                          wbits.value_or(MAX_WBITS), mem_level.value_or(kDefaultMemLevel), strategy.value_or(Z_DEFAULT_STRATEGY));
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Can't allocate memory for compression object");
  if (code == Z_STREAM_ERROR) return raise_value_error(thread, "Invalid initialization option");
  if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while creating compression object");
  self->live_ = true;
  if (zdict.has_value()) {
    code = deflateSetDictionary(&self->stream_, zdict.value.data, static_cast<uInt>(zdict.value.size));
    if (code == Z_STREAM_ERROR) return raise_value_error(thread, "Invalid dictionary");
    if (code != Z_OK) return raise_value_error(thread, "deflateSetDictionary()");
  }
  return Value(self);
}

// ---------------------------------------------------------------------------------------------------------------- Decompress

class Decompress final : public Cell {
 public:
  void init(Bytes* empty, Bytes* zdict) {
    memset(&stream_, 0, sizeof stream_);
    live_ = eof_ = gone_ = false;
    lock_.init();
    unused_data_.init(empty);
    unconsumed_tail_.init(empty);
    zdict_.init(zdict);
  }
  void finalize_native() {
    if (live_ && !gone_) inflateEnd(&stream_);
  }
  // zlib's memory is given back at the end of the stream: the object may be found dead much later.
  int give_up_stream() {
    int code = gone_ ? Z_OK : inflateEnd(&stream_);
    gone_ = true;
    return code;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(unused_data_, unconsumed_tail_, zdict_); }
  WorkLock lock_;  // guards what follows
  z_stream stream_;
  bool live_, eof_;
  bool gone_;                                           // the stream has ended: whatever comes is behind it
  Field<Bytes> unused_data_, unconsumed_tail_, zdict_;  // zdict_: null when there is none
};

static Result<void> set_dictionary(Thread& thread, Decompress* self) {
  Bytes* zdict = self->zdict_.get();
  int code = inflateSetDictionary(&self->stream_, zdict->data(), static_cast<uInt>(zdict->length()));
  if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while setting zdict");
  return ok;
}

// Inflates until the input, the output's limit or the stream ends. *code: zlib's last answer.
static Result<void> inflate_all(Thread& thread, Decompress* self, StreamInput& input, StreamOutput& output, int last_mode,
                                int* code) {
  z_stream& stream = self->stream_;
  if (self->live_ && self->gone_) {
    *code = Z_STREAM_END;
    return ok;
  }
  *code = Z_OK;
  do {
    input.feed(stream);
    int mode = last_mode == Z_FINISH && stream.avail_in == input.left() ? Z_FINISH : Z_SYNC_FLUSH;
    for (;;) {
      if (output.at_limit()) {
        input.took(stream);
        return ok;
      }
      if (!output.offer(stream)) return raise_memory_error(thread);
      *code = blocking<BlockCause::Native>(thread, [&] { return inflate(&stream, mode); });
      bool full = output.took(stream);
      if (*code == Z_NEED_DICT && self->zdict_.get()) {
        TRY(set_dictionary(thread, self));
        continue;
      }
      if (*code != Z_OK && *code != Z_BUF_ERROR) break;
      if (!full) break;
    }
    input.took(stream);
  } while (*code != Z_STREAM_END && (*code == Z_OK || *code == Z_BUF_ERROR) && input.left());
  return ok;
}

// What is left of the input: behind the end of the stream it is unused data, before it the unconsumed tail.
static Result<void> save_leftover(Thread& thread, Decompress* self, const StreamInput& input, int code) {
  std::string_view left = input.rest();
  bool has_ended = code == Z_STREAM_END;
  if (has_ended && !left.empty()) self->unused_data_.set(self, TRY(bytes_concat(thread, self->unused_data_.get()->text(), left)));
  // One that there was stays, even so, as CPython has it.
  if ((!has_ended && !left.empty()) || self->unconsumed_tail_.get()->length())
    self->unconsumed_tail_.set(self, TRY(bytes_from(thread, left)));
  return ok;
}

static Result<Bytes*> decompress_decompress(Thread& thread, Decompress* self, BufferView data, Optional<Index> max_length) {
  Index limit = max_length.value_or(0);
  if (limit < 0) return raise_value_error(thread, "max_length must be non-negative");
  StreamOutput output(limit ? static_cast<usize>(limit) : SIZE_MAX);
  StreamInput input(data.text());
  int code;
  WorkGuard guard(thread, self->lock_);
  TRY(inflate_all(thread, self, input, output, Z_SYNC_FLUSH, &code));
  TRY(save_leftover(thread, self, input, code));
  if (code == Z_STREAM_END) {
    self->eof_ = true;
    (void)self->give_up_stream();
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return raise_zlib(thread, code, self->stream_, "while decompressing data");
  }
  return output.build(thread);
}

static Result<Bytes*> decompress_flush(Thread& thread, Decompress* self, Optional<Index> length) {
  if (length.has_value() && length.value <= 0) return raise_value_error(thread, "length must be greater than zero");
  StreamOutput output;
  int code;
  WorkGuard guard(thread, self->lock_);
  Bytes* tail = self->unconsumed_tail_.get();
  StreamInput input(tail->text());
  TRY(inflate_all(thread, self, input, output, Z_FINISH, &code));
  TRY(save_leftover(thread, self, input, code));
  if (code == Z_STREAM_END) {
    self->eof_ = true;
    self->live_ = false;
    code = self->give_up_stream();
    if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while finishing decompression");
  }  // damaged data are no error here, as in CPython: what could be made of them is the answer
  return output.build(thread);
}

static Result<Value> decompress_copy(Thread& thread, Decompress* self);
static Result<Value> decompress_deepcopy(Thread& thread, Decompress* self, Value memo) { return decompress_copy(thread, self); }
static Result<Value> decompress_unused_data(Thread& thread, Value self) {
  return Value(self.as<Decompress>()->unused_data_.get());
}
static Result<Value> decompress_unconsumed_tail(Thread& thread, Value self) {
  return Value(self.as<Decompress>()->unconsumed_tail_.get());
}
static Result<Value> decompress_eof(Thread& thread, Value self) { return Value::of_bool(self.as<Decompress>()->eof_); }

static constinit GetSetDef decompress_getsets[] = {
    {"unused_data", decompress_unused_data, nullptr, nullptr, true},
    {"unconsumed_tail", decompress_unconsumed_tail, nullptr, nullptr, true},
    {"eof", decompress_eof, nullptr, nullptr, true},
};
static constinit NativeDef decompress_methods[] = {
    native<decompress_decompress>("decompress($self, data, /, max_length=0)",
                                  "Return a bytes object containing the decompressed version of the data."),
    native<decompress_flush>("flush($self, length=zlib.DEF_BUF_SIZE, /)",
                             "Return a bytes object containing any remaining decompressed data."),
    native<decompress_copy>("copy($self, /)", "Return a copy of the decompression object."),
    native<decompress_copy>("__copy__($self, /)"),
    native<decompress_deepcopy>("__deepcopy__($self, memo, /)"),
};
static constinit TypeDef decompress_def = {
    .name = "zlib.Decompress",
    .dynamic_kind = &DynamicKind<Decompress>::value,
    .payload_size = sizeof(Decompress),
    .flags = kTypeNoInstances,
    .methods = decompress_methods,
    .method_count = count_of(decompress_methods),
    .getsets = decompress_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Decompress>("zlib.Decompress"),
};

static Result<Value> decompress_copy(Thread& thread, Decompress* self) {
  Decompress* copy = TRY(make_of<Decompress>(thread, decompress_def.type, self->unused_data_.get(), self->zdict_.get()));
  WorkGuard guard(thread, self->lock_);
  if (!self->live_) return raise_inconsistent(thread);
  int code = self->gone_ ? Z_OK : inflateCopy(&copy->stream_, &self->stream_);
  if (code == Z_STREAM_ERROR) return raise_inconsistent(thread);
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Can't allocate memory for decompression object");
  if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while copying decompression object");
  copy->live_ = true;
  copy->gone_ = self->gone_;
  copy->eof_ = self->eof_;
  copy->unused_data_.set(copy, self->unused_data_.get());
  copy->unconsumed_tail_.set(copy, self->unconsumed_tail_.get());
  return Value(copy);
}

static Result<Value> zlib_decompressobj(Thread& thread, Optional<int> wbits, Optional<Value> zdict) {
  Bytes* dictionary = nullptr;
  if (zdict.has_value()) {
    if (!has_buffer(zdict.value)) return raise_type_error(thread, "zdict argument must support the buffer protocol");
    dictionary = is_exact<Bytes>(zdict.value) ? zdict.value.as<Bytes>() : TRY(bytes_from_object(thread, zdict.value));
  }
  Bytes* empty = TRY(bytes_from(thread, ""));
  Decompress* self = TRY(make_of<Decompress>(thread, TRY(type_from_def(thread, decompress_def)), empty, dictionary));
  int window = wbits.value_or(MAX_WBITS);
  int code = inflateInit2(&self->stream_, window);
  if (code == Z_STREAM_ERROR) return raise_value_error(thread, "Invalid initialization option");
  if (code == Z_MEM_ERROR) return raise_no_memory(thread, "Can't allocate memory for decompression object");
  if (code != Z_OK) return raise_zlib(thread, code, self->stream_, "while creating decompression object");
  self->live_ = true;
  if (dictionary && window < 0) TRY(set_dictionary(thread, self));  // raw streams can't ask for it
  return Value(self);
}

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<u32> low_word(Thread& thread, Value v) { return static_cast<u32>(big_low_u64(IntView(TRY(to_index(thread, v))))); }

static Result<Value> zlib_adler32(Thread& thread, BufferView data, Value value) {
  u32 start = TRY(low_word(thread, value));
  return Value::of_small_int(
      work_on(thread, data.size > kChecksumReleases, [&] { return adler32(start, data.data, data.size); }));
}
static Result<Value> zlib_crc32(Thread& thread, BufferView data, Value value) {
  u32 start = TRY(low_word(thread, value));
  return Value::of_small_int(work_on(thread, data.size > kChecksumReleases, [&] { return crc32(start, data.data, data.size); }));
}

static Result<void> zlib_exec(Thread& thread, Module* module) {
  if (!zlib_error_type) zlib_error_type = new Root<Type>(TRY(make_exception_type(thread, "zlib.error", exceptions.Exception)));
  TRY(module_set(thread, module, "error", Value(zlib_error_type->get())));
  TRY(module_set(thread, module, "ZLIB_VERSION", Value(TRY(str_from_ascii(thread, ZLIB_VERSION)))));
  TRY(module_set(thread, module, "ZLIB_RUNTIME_VERSION", Value(TRY(str_from_ascii(thread, zlibVersion())))));
  return module_set(thread, module, "__version__", Value(TRY(str_from_ascii(thread, "1.0"))));
}

static constinit NativeDef zlib_functions[] = {
    native<zlib_adler32>("adler32($module, data, value=1, /)", "Compute an Adler-32 checksum of data."),
    native<zlib_compress>("compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)",
                          "Returns a bytes object containing compressed data."),
    native<zlib_compressobj>("compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, "
                             "memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=None)",
                             "Return a compressor object."),
    native<zlib_crc32>("crc32($module, data, value=0, /)", "Compute a CRC-32 checksum of data."),
    native<zlib_decompress>("decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)",
                            "Returns a bytes object containing the uncompressed data."),
    native<zlib_decompressobj>("decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')", "Return a decompressor object."),
};
static constexpr ModuleConstant zlib_constants[] = {
    {"MAX_WBITS", MAX_WBITS},
    {"DEFLATED", Z_DEFLATED},
    {"DEF_MEM_LEVEL", kDefaultMemLevel},
    {"DEF_BUF_SIZE", kBufferSize},
    {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
    {"Z_BEST_SPEED", Z_BEST_SPEED},
    {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
    {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
    {"Z_FILTERED", Z_FILTERED},
    {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
    {"Z_RLE", Z_RLE},
    {"Z_FIXED", Z_FIXED},
    {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
    {"Z_NO_FLUSH", Z_NO_FLUSH},
    {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
    {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
    {"Z_FULL_FLUSH", Z_FULL_FLUSH},
    {"Z_FINISH", Z_FINISH},
    {"Z_BLOCK", Z_BLOCK},
    {"Z_TREES", Z_TREES},
};
constinit ModuleDef zlib_module = {
    .name = "zlib",
    .doc =
        "Compress and decompress data with zlib, the library gzip is kin to.\n\ncompress() and decompress() take all data at "
        "once; compressobj() and\ndecompressobj() work piece by piece.  adler32() and crc32() compute\nchecksums.",
    .functions = zlib_functions,
    .function_count = count_of(zlib_functions),
    .constants = zlib_constants,
    .constant_count = sizeof zlib_constants / sizeof *zlib_constants,
    .exec = zlib_exec,
};

}  // namespace baton
