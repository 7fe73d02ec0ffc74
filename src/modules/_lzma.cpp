// _lzma: xz and lzma streams, on liblzma.
//
// Filter chains come from sequences of dicts; their options live in the chain until the coder is made.
#include <lzma.h>

#include <cstdlib>
#include <cstring>

#include "modules/stream_objects.h"
#include "objects/dict.h"
#include "objects/numbers.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

enum Format : int { kAuto = 0, kXz = 1, kAlone = 2, kRaw = 3 };
static constexpr u32 kCheckUnknown = LZMA_CHECK_ID_MAX + 1;
static Root<Type>* lzma_error = nullptr;

static bool is_error(lzma_ret code) {
  return code != LZMA_OK && code != LZMA_GET_CHECK && code != LZMA_NO_CHECK && code != LZMA_STREAM_END;
}
static Failed raise_lzma(Thread& t, lzma_ret code) {
  const char* text;
  switch (code) {
    case LZMA_UNSUPPORTED_CHECK: text = "Unsupported integrity check"; break;
    case LZMA_MEM_ERROR: return raise_memory_error(t);
    case LZMA_MEMLIMIT_ERROR: text = "Memory usage limit exceeded"; break;
    case LZMA_FORMAT_ERROR: text = "Input format not supported by decoder"; break;
    case LZMA_OPTIONS_ERROR: text = "Invalid or unsupported options"; break;
    case LZMA_DATA_ERROR: text = "Corrupt input data"; break;
    case LZMA_BUF_ERROR: text = "Insufficient buffer space"; break;
    case LZMA_PROG_ERROR: text = "Internal error"; break;
    default: return raise(t, lzma_error->get(), "Unrecognized error from liblzma: {}", static_cast<int>(code));
  }
  return raise(t, lzma_error->get(), "{}", text);
}

// ---------------------------------------------------------------------------------------------------------------- filters

class FilterChain {
 public:
  FilterChain() { filters_[0] = {LZMA_VLI_UNKNOWN, nullptr}; }
  FilterChain(const FilterChain&) = delete;
  FilterChain& operator=(const FilterChain&) = delete;
  ~FilterChain() {
    for (usize i = 0; i < count_; ++i) free(filters_[i].options);
  }
  lzma_filter* data() { return filters_; }

  // A sequence of dicts.
  Result<void> parse(Thread& t, Value specs) {
    if (type_of(specs)->flags() & kTypeMapping) return raise_type_error(t, "{!t} is not a sequence", specs);
    Index n = TRY(length_of(t, specs));
    if (n > LZMA_FILTERS_MAX)
      return raise_value_error(t, "Too many filters - liblzma supports a maximum of {}", LZMA_FILTERS_MAX);
    for (Index i = 0; i < n; ++i) TRY(add(t, TRY(get_item(t, specs, Value::of_small_int(i)))));
    return ok;
  }
  Result<void> add(Thread& t, Value spec) {
    lzma_filter filter = {LZMA_VLI_UNKNOWN, nullptr};
    if (!is_dict_like(spec)) return raise_type_error(t, "Filter specifier must be a dict or dict-like object");
    Value id = TRY(entry(t, spec, "id"));
    if (id == kNotFound) return raise_value_error(t, "Filter specifier must have an \"id\" entry");
    u64 number;
    if (!convert_u64(t, id, &number)) return failed;
    filter.id = number;
    switch (filter.id) {
      case LZMA_FILTER_LZMA1:
      case LZMA_FILTER_LZMA2: filter.options = TRY(lzma_options(t, spec)); break;
      case LZMA_FILTER_DELTA: filter.options = TRY(delta_options(t, spec)); break;
      case LZMA_FILTER_X86:
      case LZMA_FILTER_POWERPC:
      case LZMA_FILTER_IA64:
      case LZMA_FILTER_ARM:
      case LZMA_FILTER_ARMTHUMB:
      case LZMA_FILTER_SPARC: filter.options = TRY(bcj_options(t, spec)); break;
      default: return raise_value_error(t, "Invalid filter ID: {}", number);
    }
    put(filter);
    return ok;
  }
  void put(lzma_filter filter) {
    filters_[count_++] = filter;
    filters_[count_] = {LZMA_VLI_UNKNOWN, nullptr};
  }

 private:
  static bool is_dict_like(Value v) {
    return type_of(v)->slot(Slot::getitem).is_present() && !is<Str>(v) && !is<Bytes>(v) && !is<Tuple>(v) &&
           !(type_of(v)->flags() & kTypeIsList);
  }
  // kNotFound when the key is missing.
  static Result<Value> entry(Thread& t, Value spec, const char* key) {
    Value name(intern(t, key));
    if (is_exact<Dict>(spec)) return dict_find(t, spec.as<Dict>(), name);
    Result<Value> found = get_item(t, spec, name);
    if (found.is_failed() && clear_pending_if(t, exceptions.KeyError)) return kNotFound;
    return found;
  }
  static Result<u32> option(Thread& t, Value v) {
    u64 wide;
    if (!convert_u64(t, v, &wide)) return failed;
    if (wide > UINT32_MAX) return raise_overflow_error(t, "Value too large for uint32_t type");
    return static_cast<u32>(wide);
  }
  struct Field32 {
    const char* name;
    u32* at;
  };
  // Fills the options named; any other key than these (and "id") is an error.
  static Result<void> fill(Thread& t, Value spec, const Field32* fields, usize n, const char* kind) {
    usize known = 1;
    for (usize i = 0; i < n; ++i) {
      Value v = TRY(entry(t, spec, fields[i].name));
      if (v == kNotFound) continue;
      ++known;
      if (fields[i].at) *fields[i].at = TRY(option(t, v));
    }
    if (static_cast<usize>(TRY(length_of(t, spec))) != known)
      return raise_value_error(t, "Invalid filter specifier for {} filter", kind);
    return ok;
  }
  template <class T>
  static Result<void*> finish(Thread& t, const T& options) {
    void* copy = malloc(sizeof(T));
    if (!copy) return raise_memory_error(t);
    memcpy(copy, &options, sizeof(T));
    return copy;
  }
  static Result<void*> lzma_options(Thread& t, Value spec) {
    u32 preset = LZMA_PRESET_DEFAULT;
    Value given = TRY(entry(t, spec, "preset"));
    if (given != kNotFound) preset = TRY(option(t, given));
    lzma_options_lzma options = {};
    if (lzma_lzma_preset(&options, preset)) return raise(t, lzma_error->get(), "Invalid compression preset: {}", preset);
    u32 mode = options.mode, mf = options.mf;
    const Field32 fields[] = {{"preset", nullptr},
                              {"dict_size", &options.dict_size},
                              {"lc", &options.lc},
                              {"lp", &options.lp},
                              {"pb", &options.pb},
                              {"mode", &mode},
                              {"nice_len", &options.nice_len},
                              {"mf", &mf},
                              {"depth", &options.depth}};
    TRY(fill(t, spec, fields, 9, "LZMA"));
    options.mode = static_cast<lzma_mode>(mode);
    options.mf = static_cast<lzma_match_finder>(mf);
    return finish(t, options);
  }
  static Result<void*> delta_options(Thread& t, Value spec) {
    lzma_options_delta options = {};
    options.type = LZMA_DELTA_TYPE_BYTE;
    options.dist = 1;
    const Field32 fields[] = {{"dist", &options.dist}};
    TRY(fill(t, spec, fields, 1, "delta"));
    return finish(t, options);
  }
  static Result<void*> bcj_options(Thread& t, Value spec) {
    lzma_options_bcj options = {};
    const Field32 fields[] = {{"start_offset", &options.start_offset}};
    TRY(fill(t, spec, fields, 1, "BCJ"));
    return finish(t, options);
  }

  lzma_filter filters_[LZMA_FILTERS_MAX + 1];
  usize count_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------- LZMACompressor

class LzmaCompressor final : public StreamCompressor {
 public:
  void init() {
    StreamCompressor::init();
    stream_ = LZMA_STREAM_INIT;
  }
  void finalize_native() {
    if (live_) lzma_end(&stream_);
  }
  lzma_stream stream_;
};

static Result<Value> compressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*);

static Result<void> compressor_init(Thread& t, LzmaCompressor* self, int format, int check, Value preset_value, Value filters) {
  if (!preset_value.is_none() && !filters.is_none()) return raise_value_error(t, "Cannot specify both preset and filter chain");
  u32 preset = LZMA_PRESET_DEFAULT;
  if (!preset_value.is_none()) {
    u64 wide;
    if (!convert_u64(t, preset_value, &wide)) return failed;
    if (wide > UINT32_MAX) return raise_overflow_error(t, "Value too large for uint32_t type");
    preset = static_cast<u32>(wide);
  }
  if (format != kXz && check != -1 && check != LZMA_CHECK_NONE)
    return raise_value_error(t, "Integrity checks are only supported by FORMAT_XZ");
  if (format != kXz && format != kAlone && format != kRaw) return raise_value_error(t, "Invalid container format: {}", format);
  if (format == kRaw && filters.is_none()) return raise_value_error(t, "Must specify filters for FORMAT_RAW");
  FilterChain chain;
  if (!filters.is_none()) TRY(chain.parse(t, filters));
  lzma_check integrity = check == -1 ? LZMA_CHECK_CRC64 : static_cast<lzma_check>(check);
  lzma_ret code;
  {
    WorkGuard guard(t, self->lock_);
    if (self->live_) lzma_end(&self->stream_);
    self->stream_ = LZMA_STREAM_INIT;
    self->flushed_ = false;
    if (format == kXz) {
      code = filters.is_none() ? lzma_easy_encoder(&self->stream_, preset, integrity)
                               : lzma_stream_encoder(&self->stream_, chain.data(), integrity);
    } else if (format == kRaw) {
      code = lzma_raw_encoder(&self->stream_, chain.data());
    } else if (filters.is_none()) {
      lzma_options_lzma options;
      if (lzma_lzma_preset(&options, preset)) return raise(t, lzma_error->get(), "Invalid compression preset: {}", preset);
      code = lzma_alone_encoder(&self->stream_, &options);
    } else {
      lzma_filter* filter = chain.data();
      if (filter[0].id != LZMA_FILTER_LZMA1 || filter[1].id != LZMA_VLI_UNKNOWN) {
        return raise_value_error(t, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
      }
      code = lzma_alone_encoder(&self->stream_, static_cast<lzma_options_lzma*>(filter[0].options));
    }
    self->live_ = code == LZMA_OK;
  }
  if (is_error(code)) return raise_lzma(t, code);
  return ok;
}

namespace {
struct LzmaCompression {
  using Code = lzma_ret;
  using Action = lzma_action;
  static constexpr lzma_ret kOk = LZMA_OK, kNoMemory = LZMA_MEM_ERROR;
  static constexpr lzma_action kRun = LZMA_RUN, kFinish = LZMA_FINISH;
  static bool is_error(lzma_ret code) { return baton::is_error(code); }
  static bool is_end(lzma_ret code) { return code == LZMA_STREAM_END; }
  static Failed raise(Thread& t, lzma_ret code) { return raise_lzma(t, code); }
  static bool is_idle(lzma_action, std::string_view) { return false; }
  static lzma_ret step(lzma_stream& stream, lzma_action action, std::string_view data) {
    lzma_ret answer = lzma_code(&stream, action);
    // Nothing to read, and room to write: there was nothing to do.
    return answer == LZMA_BUF_ERROR && data.empty() && stream.avail_out ? LZMA_OK : answer;
  }
  static void end(LzmaCompressor& self) { lzma_end(&self.stream_); }
};
}  // namespace

static constinit NativeDef compressor_methods[] = {
    native_raw(compressor_new, "__new__(type, /, *args, **kwargs)", kStreamNewDoc),
    native<compressor_init>("__init__($self, /, format=1, check=-1, preset=None, filters=None)", kStreamInitDoc),
    native<stream_compress<LzmaCompression, LzmaCompressor>>("compress($self, data, /)", kStreamCompressDoc),
    native<stream_flush<LzmaCompression, LzmaCompressor>>("flush($self, /)", kStreamFlushDoc),
};
static constinit TypeDef compressor_def = {
    .name = "_lzma.LZMACompressor",
    .doc =
        "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\nCompress data with LZMA piece by "
        "piece.\n\nformat is the container to write: FORMAT_XZ, the older FORMAT_ALONE, or\nFORMAT_RAW for no container at "
        "all.\n\ncheck names the checksum stored with the data. -1 means CHECK_CRC64 in\nFORMAT_XZ; other formats have no room "
        "for one and accept only -1 and\nCHECK_NONE.\n\nThe method of compression is chosen by one of two arguments:\n\n  preset "
        "  a level from 0 to 9, to which PRESET_EXTREME may be added with\n           the | operator; FORMAT_RAW has no "
        "presets\n  filters  a chain of filters as a sequence of dicts, in which \"id\" is the\n           number of the filter "
        "and other keys are its options; FORMAT_RAW\n           needs this\n\nWith neither, the level is PRESET_DEFAULT. With "
        "all data at hand,\ncompress() does the job in one call.",
    .dynamic_kind = &DynamicKind<LzmaCompressor>::value,
    .payload_size = sizeof(LzmaCompressor),
    .methods = compressor_methods,
    .method_count = count_of(compressor_methods),
    .kind_info = kind_info_of<LzmaCompressor>("_lzma.LZMACompressor"),
};
static Result<Value> compressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(make_of<LzmaCompressor>(t, TRY(check_new_type(t, args, n, compressor_def.type))));
}

// ----------------------------------------------------------------------------------------------------------------
// LZMADecompressor

class LzmaDecompressor final : public StreamDecompressor {
 public:
  void init(Bytes* empty) {
    StreamDecompressor::init(empty);
    stream_ = LZMA_STREAM_INIT;
    check_ = kCheckUnknown;
  }
  void finalize_native() {
    if (live_) lzma_end(&stream_);
  }
  lzma_stream stream_;
  u32 check_;
};

namespace {
struct LzmaCodec {
  using Code = lzma_ret;
  static constexpr lzma_ret kOk = LZMA_OK, kEnd = LZMA_STREAM_END, kNoMemory = LZMA_MEM_ERROR;
  static constexpr bool kUsableAfterError = true;
  static bool is_error(lzma_ret code) { return baton::is_error(code); }
  static Failed raise(Thread& t, lzma_ret code) { return raise_lzma(t, code); }
  static lzma_ret step(lzma_stream& stream) { return lzma_code(&stream, LZMA_RUN); }
  static lzma_ret settle(LzmaDecompressor& self, lzma_ret code, bool starved) {
    if (code == LZMA_BUF_ERROR && starved) return LZMA_OK;  // wants input
    if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) self.check_ = lzma_get_check(&self.stream_);
    return code;
  }
  static void end(LzmaDecompressor& self) { lzma_end(&self.stream_); }
};
}  // namespace

static Result<Value> decompressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*);

static Result<void> decompressor_init(Thread& t, LzmaDecompressor* self, int format, Value memlimit, Value filters) {
  u64 limit = UINT64_MAX;
  if (!memlimit.is_none()) {
    if (format == kRaw) return raise_value_error(t, "Cannot specify memory limit with FORMAT_RAW");
    if (!convert_u64(t, memlimit, &limit)) return failed;
  }
  if (format == kRaw && filters.is_none()) return raise_value_error(t, "Must specify filters for FORMAT_RAW");
  if (format != kRaw && !filters.is_none()) return raise_value_error(t, "Cannot specify filters except with FORMAT_RAW");
  if (format < kAuto || format > kRaw) return raise_value_error(t, "Invalid container format: {}", format);
  FilterChain chain;
  if (format == kRaw) TRY(chain.parse(t, filters));
  Bytes* empty = TRY(bytes_from(t, ""));
  constexpr u32 kFlags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
  lzma_ret code;
  {
    WorkGuard guard(t, self->lock_);
    if (self->live_) lzma_end(&self->stream_);
    self->stream_ = LZMA_STREAM_INIT;
    switch (format) {
      case kAuto: code = lzma_auto_decoder(&self->stream_, limit, kFlags); break;
      case kXz: code = lzma_stream_decoder(&self->stream_, limit, kFlags); break;
      case kAlone: code = lzma_alone_decoder(&self->stream_, limit); break;
      default: code = lzma_raw_decoder(&self->stream_, chain.data()); break;
    }
    self->restart(code == LZMA_OK, empty);
    self->check_ = format == kAlone || format == kRaw ? u32{LZMA_CHECK_NONE} : kCheckUnknown;
  }
  if (is_error(code)) return raise_lzma(t, code);
  return ok;
}

static Result<Bytes*> decompressor_decompress(Thread& t, LzmaDecompressor* self, BufferView data, Index max_length) {
  WorkGuard guard(t, self->lock_);
  if (self->eof_) return raise(t, exceptions.EOFError, "Already at end of stream");
  if (!self->live_) return raise_lzma(t, LZMA_PROG_ERROR);
  return decompress_stream<LzmaCodec>(t, self, data, max_length);
}

static Result<Value> get_check(Thread&, Value self) { return Value::of_small_int(self.as<LzmaDecompressor>()->check_); }

static constinit GetSetDef decompressor_getsets[] = {
    {"check", get_check, nullptr, "ID of the integrity check used by the input stream.", true},
    kDecompressorEof,
    kDecompressorNeedsInput,
    kDecompressorUnusedData,
};
static constinit NativeDef decompressor_methods[] = {
    native_raw(decompressor_new, "__new__(type, /, *args, **kwargs)", kStreamNewDoc),
    native<decompressor_init>("__init__($self, /, format=0, memlimit=None, filters=None)", kStreamInitDoc),
    native<decompressor_decompress>("decompress($self, /, data, max_length=-1)", kStreamDecompressDoc),
};
static constinit TypeDef decompressor_def = {
    .name = "_lzma.LZMADecompressor",
    .doc =
        "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)\n--\n\nDecompress one LZMA stream piece by piece.\n\n "
        " format    the container to expect; FORMAT_AUTO, the default, tells\n            FORMAT_XZ and FORMAT_ALONE apart by "
        "itself, but can't\n            recognize FORMAT_RAW\n  memlimit  how many bytes of memory may be used; input that needs "
        "more\n            raises LZMAError\n  filters   for FORMAT_RAW, which needs it, and for nothing else: the\n            "
        "chain of filters, a sequence of dicts that hold the id of\n            a filter and its options\n\nWith all the input "
        "at hand, decompress() does the job in one call.",
    .dynamic_kind = &DynamicKind<LzmaDecompressor>::value,
    .payload_size = sizeof(LzmaDecompressor),
    .methods = decompressor_methods,
    .method_count = count_of(decompressor_methods),
    .getsets = decompressor_getsets,
    .getset_count = 4,
    .kind_info = kind_info_of<LzmaDecompressor>("_lzma.LZMADecompressor"),
};
static Result<Value> decompressor_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(t, args, n, decompressor_def.type));
  return TRY(make_of<LzmaDecompressor>(t, type, TRY(bytes_from(t, ""))));
}

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<bool> lzma_is_check_supported(Thread&, int check) {
  return lzma_check_is_supported(static_cast<lzma_check>(check)) != 0;
}

static Result<Bytes*> lzma_encode_properties(Thread& t, Value spec) {
  FilterChain chain;
  TRY(chain.add(t, spec));
  u32 size;
  lzma_ret code = lzma_properties_size(&size, chain.data());
  if (is_error(code)) return raise_lzma(t, code);
  ByteBuffer out;
  u8* room = out.extend(size + 1);
  if (!room) return raise_memory_error(t);
  code = lzma_properties_encode(chain.data(), room);
  if (is_error(code)) return raise_lzma(t, code);
  return bytes_from(t, room, size);
}

static Result<Value> lzma_decode_properties(Thread& t, u64 id, BufferView encoded) {
  FilterChain chain;
  lzma_filter filter = {id, nullptr};
  lzma_ret code = lzma_properties_decode(&filter, nullptr, encoded.data, encoded.size);
  if (is_error(code)) return raise_lzma(t, code);
  chain.put(filter);  // frees the options
  Dict* spec = TRY(make_dict(t));
  auto put = [&](const char* name, u64 v) -> Result<void> {
    return dict_set(t, spec, Value(intern(t, name)), TRY(int_from_u64(t, v)));
  };
  TRY(put("id", id));
  switch (id) {
    case LZMA_FILTER_LZMA1: {
      auto* options = static_cast<lzma_options_lzma*>(filter.options);
      TRY(put("lc", options->lc));
      TRY(put("lp", options->lp));
      TRY(put("pb", options->pb));
      TRY(put("dict_size", options->dict_size));
      break;
    }
    case LZMA_FILTER_LZMA2: TRY(put("dict_size", static_cast<lzma_options_lzma*>(filter.options)->dict_size)); break;
    case LZMA_FILTER_DELTA: TRY(put("dist", static_cast<lzma_options_delta*>(filter.options)->dist)); break;
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC:
      if (filter.options) TRY(put("start_offset", static_cast<lzma_options_bcj*>(filter.options)->start_offset));
      break;
    default: return raise_value_error(t, "Invalid filter ID: {}", id);
  }
  return Value(spec);
}

static Result<void> lzma_exec(Thread& t, Module* module) {
  if (!lzma_error)
    lzma_error = new Root<Type>(TRY(make_exception_type(t, "_lzma.LZMAError", exceptions.Exception, "Call to liblzma failed.")));
  return module_set(t, module, "LZMAError", Value(lzma_error->get()));
}

static constinit NativeDef lzma_functions[] = {
    native<lzma_is_check_supported>("is_check_supported($module, check_id, /)",
                                    "Tell whether the liblzma in use can compute a kind of integrity check.\n\ncheck_id is one "
                                    "of the CHECK_ constants. CHECK_NONE and CHECK_CRC32 are\nthere in every build."),
    native<lzma_encode_properties>(
        "_encode_filter_properties($module, filter, /)",
        "Convert between a filter's options and their form in a compressed file.\n\nA filter is specified by a dict; its "
        "options, also called properties, are\nstored as bytes. Encoding takes the dict and returns these bytes, in which\nthe "
        "filter's ID is not included. Decoding takes the ID and the bytes and\nreturns the dict."),
    native<lzma_decode_properties>(
        "_decode_filter_properties($module, filter_id, encoded_props, /)",
        "Convert between a filter's options and their form in a compressed file.\n\nA filter is specified by a dict; its "
        "options, also called properties, are\nstored as bytes. Encoding takes the dict and returns these bytes, in which\nthe "
        "filter's ID is not included. Decoding takes the ID and the bytes and\nreturns the dict."),
};
static constexpr ModuleConstant kConstants[] = {
    {"FORMAT_AUTO", kAuto},
    {"FORMAT_XZ", kXz},
    {"FORMAT_ALONE", kAlone},
    {"FORMAT_RAW", kRaw},
    {"CHECK_NONE", LZMA_CHECK_NONE},
    {"CHECK_CRC32", LZMA_CHECK_CRC32},
    {"CHECK_CRC64", LZMA_CHECK_CRC64},
    {"CHECK_SHA256", LZMA_CHECK_SHA256},
    {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
    {"CHECK_UNKNOWN", kCheckUnknown},
    {"FILTER_LZMA1", LZMA_FILTER_LZMA1},
    {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
    {"FILTER_DELTA", LZMA_FILTER_DELTA},
    {"FILTER_X86", LZMA_FILTER_X86},
    {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
    {"FILTER_IA64", LZMA_FILTER_IA64},
    {"FILTER_ARM", LZMA_FILTER_ARM},
    {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
    {"FILTER_SPARC", LZMA_FILTER_SPARC},
    {"MF_HC3", LZMA_MF_HC3},
    {"MF_HC4", LZMA_MF_HC4},
    {"MF_BT2", LZMA_MF_BT2},
    {"MF_BT3", LZMA_MF_BT3},
    {"MF_BT4", LZMA_MF_BT4},
    {"MODE_FAST", LZMA_MODE_FAST},
    {"MODE_NORMAL", LZMA_MODE_NORMAL},
    {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
    {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
};
static TypeDef* const lzma_types[] = {&compressor_def, &decompressor_def};
ModuleDef lzma_module = {.name = "_lzma",
                         .functions = lzma_functions,
                         .function_count = count_of(lzma_functions),
                         .types = lzma_types,
                         .type_count = 2,
                         .constants = kConstants,
                         .constant_count = sizeof kConstants / sizeof *kConstants,
                         .exec = lzma_exec};

}  // namespace baton
