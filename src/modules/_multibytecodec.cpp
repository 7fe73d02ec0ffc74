// _multibytecodec: the codec object, incremental coders and stream classes that the CJK codecs of the encodings package derive
// from.
//
// A coder keeps what it couldn't finish: up to kMaxPendingText characters (a first half of a pair) or kMaxPendingBytes bytes.
// Handlers of errors run Python code in the middle; state lives in the object and is written back when a call is over.
#include <cstring>

#include "modules/cjk_codec.h"
#include "objects/codec_errors.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

static constexpr Index kMaxPendingText = 2, kMaxPendingBytes = 8;

class MultibyteCodec final : public Cell {
 public:
  void init(const CjkCodec* codec) { codec_ = codec; }
  void visit_edges(EdgeVisitor&) const {}
  const CjkCodec* codec_;
};
extern TypeDef multibyte_codec_def;

Result<Value> make_multibyte_codec(Thread& t, const CjkCodec& codec) {
  Type* type = TRY(type_from_def(t, multibyte_codec_def));
  return TRY(make_of<MultibyteCodec>(t, type, &codec));
}

// ---------------------------------------------------------------------------------------------------------------- conversions

static void reset_encoder(const CjkCodec& codec, u64* state, ByteBuffer& out) {
  if (codec.reset) codec.reset(state, out);
}

static Result<void> append_replacement(Thread& t, const CjkCodec& codec, u64* state, Value replacement, ByteBuffer& out) {
  if (is<Bytes>(replacement)) {
    Bytes* bytes = replacement.as<Bytes>();
    out.append(bytes->data(), static_cast<usize>(bytes->length()));
    return ok;
  }
  Str* text = replacement.as<Str>();
  for (Index i = 0; i < text->length();) {
    bool has_next = i + 1 < text->length();
    int used = codec.encode(codec, state, text->at(i), has_next ? text->at(i + 1) : 0, has_next, true, out);
    if (used <= 0) return raise_unicode_encode_error(t, codec.name, text, i, i + 1, "illegal multibyte sequence");
    i += used;
  }
  return ok;
}
// Encodes as far as it goes; -> where it stopped: the end, or before characters that need to know what follows.
static Result<i64> encode_into(Thread& t, const CjkCodec& codec, u64* state, Str* text, Str* errors, bool flush,
                               ByteBuffer& out) {
  EncodeErrors handler(t, codec.name, text, errors);
  Index i = 0, n = text->length();
  while (i < n) {
    bool has_next = i + 1 < n;
    int used = codec.encode(codec, state, text->at(i), has_next ? text->at(i + 1) : 0, has_next, flush, out);
    if (used > 0) {
      i += used;
      continue;
    }
    if (used == 0) break;
    EncodeErrors::Repair repair = TRY(handler.handle(i, i + 1, "illegal multibyte sequence"));
    TRY(append_replacement(t, codec, state, repair.replacement, out));
    i = repair.position;
  }
  return i;
}
enum class Remainder : u8 { Keep, IsAnError };
// Decodes as far as it goes; -> how many bytes at the end are left over.
static Result<i64> decode_into(Thread& t, const CjkCodec& codec, u64* state, const CodecInput& input, Str* errors, Remainder rest,
                               StrBuilder& out) {
  DecodeErrors handler(t, codec.name, input, errors);
  Index i = 0;
  while (i < handler.size()) {
    int used = codec.decode(codec, state, handler.data() + i, static_cast<usize>(handler.size() - i), out);
    if (used > 0) {
      i += used;
      continue;
    }
    if (used == 0 && rest == Remainder::Keep) return handler.size() - i;
    Index end = used == 0 ? handler.size() : i - used;
    const char* reason = used == 0 ? "incomplete multibyte sequence" : "illegal multibyte sequence";
    Index position = i;
    TRY(handler.handle(i, end, reason, out, &position));
    i = position;
  }
  return i64{0};
}
static Result<Bytes*> built(Thread& t, const ByteBuffer& out) {
  if (out.failed()) return raise_memory_error(t);
  return bytes_from(t, out.data(), out.size());
}

// ---------------------------------------------------------------------------------------------------------------- MultibyteCodec

static Result<Str*> errors_or_null(Thread& t, Value errors) {
  if (errors.is_none()) return intern(t, "strict");
  return errors.as<Str>();
}
static Result<bool> check_errors(Thread& t, const char* function, Value errors) {
  if (errors.is_none() || is<Str>(errors)) return true;
  return raise_type_error(t, "{}() argument 'errors' must be str or None, not {!t}", function, errors);
}
static Result<Value> codec_encode(Thread& t, MultibyteCodec* self, Value input, Value errors) {
  TRY(check_errors(t, "encode", errors));
  Str* text = is<Str>(input) ? input.as<Str>() : TRY(str_of(t, input));
  ByteBuffer out;
  u64 state = 0;
  TRY(encode_into(t, *self->codec_, &state, text, TRY(errors_or_null(t, errors)), true, out));
  reset_encoder(*self->codec_, &state, out);
  Bytes* bytes = TRY(built(t, out));
  return TRY(tuple_of(t, Value(bytes), Value::of_small_int(text->length())));
}
static Result<Value> codec_decode(Thread& t, MultibyteCodec* self, BufferView input, Value errors) {
  TRY(check_errors(t, "decode", errors));
  StrBuilder out;
  u64 state = 0;
  CodecInput source{input.data, input.size, input.exported ? Value() : input.owner};
  TRY(decode_into(t, *self->codec_, &state, source, TRY(errors_or_null(t, errors)), Remainder::IsAnError, out));
  Str* text = TRY(out.build(t));
  return TRY(tuple_of(t, Value(text), Value::of_small_int(static_cast<i64>(input.size))));
}
static constinit NativeDef codec_methods[] = {
    native<codec_encode>("encode($self, /, input, errors=None)",
                         "Encode text: (bytes, number of characters).\n\nerrors names the handler for what has no code."),
    native<codec_decode>("decode($self, /, input, errors=None)",
                         "Decode bytes: (text, number of bytes).\n\nerrors names the handler for what is no code."),
};
constinit TypeDef multibyte_codec_def = {
    .name = "_multibytecodec.MultibyteCodec",
    .dynamic_kind = &DynamicKind<MultibyteCodec>::value,
    .payload_size = sizeof(MultibyteCodec),
    .flags = kTypeNoInstances,
    .methods = codec_methods,
    .method_count = count_of(codec_methods),
    .kind_info = kind_info_of<MultibyteCodec>("MultibyteCodec"),
};

// ---------------------------------------------------------------------------------------------------------------- coders

// Incremental coders and stream classes alike.
class Coder final : public Cell {
 public:
  void init(const CjkCodec* codec, Str* errors, Value stream) {
    codec_ = codec;
    state_ = 0;
    pending_size_ = 0;
    errors_.init(errors);
    pending_text_.init(nullptr);
    stream_.init(stream);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(errors_, pending_text_, stream_); }

  const CjkCodec* codec_;
  u64 state_;
  u8 pending_[kMaxPendingBytes];  // of decoders
  Index pending_size_;
  Field<Str> errors_;
  Field<Str> pending_text_;  // of encoders; null: none
  Field<Value> stream_;      // of stream classes
};

// errors_at: the place of errors among the arguments.
static Result<Value> make_coder(Thread& t, Type* type, Value stream, Value errors, int errors_at) {
  if (!is<Str>(errors)) return raise_type_error(t, "{}() argument {} must be str, not {!a}", type->name(), errors_at, errors);
  Value codec = TRY(find_attr(t, Value(type), intern(t, "codec")));
  if (codec == kNotFound) {
    Value name = type->has_flag(kTypeHeap) ? Value(type->name()) : Value(intern(t, type->def()->name));
    return raise_attribute_error_text(t, "type object '{}' has no attribute 'codec'", name);
  }
  if (!is<MultibyteCodec>(codec)) return raise_type_error(t, "codec is unexpected type");
  return TRY(make_of<Coder>(t, type, codec.as<MultibyteCodec>()->codec_, errors.as<Str>(), stream));
}
static Result<Value> coder_new(Thread& t, Type* type, Optional<Value> errors) {
  return make_coder(t, type, kNone, errors.has_value() ? errors.value : Value(intern(t, "strict")), 1);
}
static Result<Value> stream_new(Thread& t, Type* type, Value stream, Optional<Value> errors) {
  return make_coder(t, type, stream, errors.has_value() ? errors.value : Value(intern(t, "strict")), 2);
}
static Result<void> coder_init(Thread&, Value, Rest, KeywordRest) { return ok; }
static Result<Value> get_errors(Thread&, Value self) { return Value(self.as<Coder>()->errors_.get()); }
static Result<void> set_errors(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_attribute_error_text(t, "cannot delete attribute");
  if (!is<Str>(v)) return raise_type_error(t, "errors must be a string");
  self.as<Coder>()->errors_.set(self.as<Coder>(), v.as<Str>());
  return ok;
}
static Result<Value> get_stream(Thread&, Value self) { return self.as<Coder>()->stream_.get(); }

// Encodes what is pending and the text; keeps what needs to know its successor.
static Result<Bytes*> encode_more(Thread& t, Coder* self, Value input, bool final) {
  if (!is<Str>(input)) input = Value(TRY(str_of(t, input)));
  Str* text = input.as<Str>();
  if (Str* pending = self->pending_text_.get()) text = TRY(str_concat(t, pending, text));
  ByteBuffer out;
  u64 state = self->state_;
  Index done = TRY(encode_into(t, *self->codec_, &state, text, self->errors_.get(), final, out));
  if (text->length() - done > kMaxPendingText) return raise(t, exceptions.UnicodeError, "pending buffer overflow");
  Str* rest = done < text->length() ? TRY(str_slice(t, text, done, text->length())) : nullptr;
  if (final) reset_encoder(*self->codec_, &state, out);
  Bytes* bytes = TRY(built(t, out));
  self->pending_text_.set(self, rest);
  self->state_ = state;
  return bytes;
}
// Decodes what is pending and the bytes.
static Result<Str*> decode_more(Thread& t, Coder* self, std::string_view data, bool final, Index* length = nullptr) {
  Bytes* joined =
      TRY(bytes_concat(t, {reinterpret_cast<const char*>(self->pending_), static_cast<usize>(self->pending_size_)}, data));
  StrBuilder out;
  u64 state = self->state_;
  CodecInput input{joined->data(), static_cast<usize>(joined->length()), Value(joined)};
  Index left =
      TRY(decode_into(t, *self->codec_, &state, input, self->errors_.get(), final ? Remainder::IsAnError : Remainder::Keep, out));
  if (left > kMaxPendingBytes) {
    self->pending_size_ = 0;
    return raise(t, exceptions.UnicodeError, "pending buffer overflow");
  }
  Str* text = TRY(out.build(t));
  memcpy(self->pending_, joined->data() + joined->length() - left, static_cast<usize>(left));
  self->pending_size_ = left;
  self->state_ = state;
  if (length) *length = text->length();
  return text;
}

// ---------------------------------------------------------------------------------------------------------------- incremental

static Result<Bytes*> encoder_encode(Thread& t, Coder* self, Value input, bool final) {
  return encode_more(t, self, input, final);
}
static Result<void> encoder_reset(Thread&, Coder* self) {
  self->state_ = 0;
  self->pending_text_.set(self, nullptr);
  return ok;
}
// The state as a number: a byte for the length of the pending text's UTF-8, the text, eight bytes of the codec's state.
static Result<Value> encoder_getstate(Thread& t, Coder* self) {
  u8 bytes[1 + 8 + 8] = {};
  usize n = 0;
  if (Str* pending = self->pending_text_.get()) {
    Value owner;
    std::string_view text = str_utf8_lossy(t, pending, &owner);
    n = text.size() < 8 ? text.size() : 8;
    memcpy(bytes + 1, text.data(), n);
  }
  bytes[0] = static_cast<u8>(n);
  u64 state = self->state_ ^ self->codec_->shown_encoder_state;
  memcpy(bytes + 1 + n, &state, 8);
  u64 limbs[3] = {};
  memcpy(limbs, bytes, 1 + n + 8);
  return int_from_limbs(t, limbs, 3, false);
}
static Result<void> encoder_setstate(Thread& t, Coder* self, IntArg state) {
  u8 bytes[24] = {};
  if (int_sign(state.value) < 0) return raise_overflow_error(t, "can't convert negative int to unsigned");
  if (state.value.is_small_int()) {
    i64 small = state.value.small_int();
    memcpy(bytes, &small, 8);
  } else {
    auto* big = state.value.as<BigInt>();
    if (big->size() > 3) return raise_overflow_error(t, "int too big to convert");
    memcpy(bytes, big->limbs(), static_cast<usize>(big->size()) * 8);
  }
  usize n = bytes[0];
  if (n > 8) return raise(t, exceptions.UnicodeError, "pending buffer too large");
  Str* pending = nullptr;
  if (n) pending = TRY(decode_utf8(t, bytes + 1, n, nullptr));
  self->pending_text_.set(self, pending);
  memcpy(&self->state_, bytes + 1 + n, 8);
  self->state_ ^= self->codec_->shown_encoder_state;
  return ok;
}
static Result<Str*> decoder_decode(Thread& t, Coder* self, BufferView input, bool final) {
  return decode_more(t, self, input.text(), final);
}
static Result<void> decoder_reset(Thread&, Coder* self) {
  self->state_ = 0;
  self->pending_size_ = 0;
  return ok;
}
static Result<Value> decoder_getstate(Thread& t, Coder* self) {
  Value pending(TRY(bytes_from(t, self->pending_, static_cast<usize>(self->pending_size_))));
  return TRY(tuple_of(t, pending, TRY(int_from_u64(t, self->state_ ^ self->codec_->shown_decoder_state))));
}
static Result<void> decoder_setstate(Thread& t, Coder* self, Value state) {
  if (!is<Tuple>(state)) return raise_type_error(t, "setstate() argument must be tuple, not {!t}", state);
  auto* items = state.as<Tuple>();
  if (items->length() != 2 || !is<Bytes>(items->at(0)) || !is_int(items->at(1)))
    return raise_type_error(t, "setstate(): illegal state argument");
  Bytes* pending = items->at(0).as<Bytes>();
  if (pending->length() > kMaxPendingBytes) return raise(t, exceptions.UnicodeError, "pending buffer too large");
  u64 number;
  if (int_sign(int_exact(items->at(1))) < 0) return raise_overflow_error(t, "can't convert negative int to unsigned");
  if (!int_to_u64(int_exact(items->at(1)), &number)) return raise_overflow_error(t, "int too big to convert");
  memcpy(self->pending_, pending->data(), static_cast<usize>(pending->length()));
  self->pending_size_ = pending->length();
  self->state_ = number ^ self->codec_->shown_decoder_state;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- streams

// size < 0: everything. method: of the stream.
static Result<Str*> read_stream(Thread& t, Coder* self, const char* method, i64 size) {
  if (size == 0) return str_from_ascii(t, "");
  for (i64 wanted = size;; wanted = 1) {
    Str* name = intern(t, method);
    Value data = wanted < 0 ? TRY(call_method(t, self->stream_.get(), name))
                            : TRY(call_method(t, self->stream_.get(), name, Value::of_small_int(wanted)));
    if (!is<Bytes>(data)) return raise_type_error(t, "stream function returned a non-bytes object ({!t})", data);
    bool ended = data.as<Bytes>()->length() == 0;
    Index length = 0;
    Str* text = TRY(decode_more(t, self, data.as<Bytes>()->text(), ended || size < 0, &length));
    // Half a character is no reason to report the end of the file.
    if (size < 0 || length != 0 || ended) return text;
  }
}
static Result<i64> stream_size(Thread& t, Value size) {
  if (size.is_none()) return i64{-1};
  if (!is_int(size)) return raise_type_error(t, "arg 1 must be an integer");
  return to_index_checked(t, size, exceptions.OverflowError);
}
static Result<Str*> reader_read(Thread& t, Coder* self, Value size) {
  return read_stream(t, self, "read", TRY(stream_size(t, size)));
}
static Result<Str*> reader_readline(Thread& t, Coder* self, Value size) {
  return read_stream(t, self, "readline", TRY(stream_size(t, size)));
}
static Result<Value> reader_readlines(Thread& t, Coder* self, Value size) {
  Str* text = TRY(read_stream(t, self, "read", TRY(stream_size(t, size))));
  return call_method(t, Value(text), intern(t, "splitlines"), kTrue);
}
static Result<void> writer_write(Thread& t, Coder* self, Value text) {
  Bytes* bytes = TRY(encode_more(t, self, text, false));
  TRY(call_method(t, self->stream_.get(), names.write, Value(bytes)));
  return ok;
}
static Result<void> writer_writelines(Thread& t, Coder* self, Value lines) {
  Index n = TRY(length_of(t, lines));
  for (Index i = 0; i < n; ++i) TRY(writer_write(t, self, TRY(get_item(t, lines, Value::of_small_int(i)))));
  return ok;
}
static Result<void> writer_reset(Thread& t, Coder* self) {
  Bytes* bytes = TRY(encode_more(t, self, Value(TRY(str_from_ascii(t, ""))), true));
  if (bytes->length()) TRY(call_method(t, self->stream_.get(), names.write, Value(bytes)));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- types

#define CODER_NEW(fn, parameters) \
  native<fn>("__new__(type, /, " parameters ")", "Make an instance; the class's own help describes the arguments.")
#define CODER_INIT \
  native<coder_init>("__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents.")

static constinit NativeDef encoder_methods[] = {
    CODER_NEW(coder_new, "errors='strict'"),
    CODER_INIT,
    native<encoder_encode>("encode($self, /, input, final=False)", nullptr),
    native<encoder_getstate>("getstate($self, /)", nullptr),
    native<encoder_setstate>("setstate($self, state, /)", nullptr),
    native<encoder_reset>("reset($self, /)", nullptr),
};
static constinit NativeDef decoder_methods[] = {
    CODER_NEW(coder_new, "errors='strict'"),
    CODER_INIT,
    native<decoder_decode>("decode($self, /, input, final=False)", nullptr),
    native<decoder_getstate>("getstate($self, /)", nullptr),
    native<decoder_setstate>("setstate($self, state, /)", nullptr),
    native<decoder_reset>("reset($self, /)", nullptr),
};
static constinit NativeDef reader_methods[] = {
    CODER_NEW(stream_new, "stream, errors='strict'"),
    CODER_INIT,
    native<reader_read>("read($self, sizeobj=None, /)", nullptr),
    native<reader_readline>("readline($self, sizeobj=None, /)", nullptr),
    native<reader_readlines>("readlines($self, sizehintobj=None, /)", nullptr),
    native<decoder_reset>("reset($self, /)", nullptr),
};
static constinit NativeDef writer_methods[] = {
    CODER_NEW(stream_new, "stream, errors='strict'"),         CODER_INIT,
    native<writer_write>("write($self, strobj, /)", nullptr), native<writer_writelines>("writelines($self, lines, /)", nullptr),
    native<writer_reset>("reset($self, /)", nullptr),
};
static constinit GetSetDef coder_getsets[] = {
    {"errors", get_errors, set_errors, "how to treat errors"},
    {"stream", get_stream, nullptr, nullptr, true},
};
constexpr TypeDef coder_type(const char* name, NativeDef* methods, u32 count, u32 getsets) {
  TypeDef def{};
  def.name = name;
  def.dynamic_kind = &DynamicKind<Coder>::value;
  def.payload_size = sizeof(Coder);
  def.flags = kTypeSubclassable;
  def.methods = methods;
  def.method_count = count;
  def.getsets = coder_getsets;
  def.getset_count = getsets;
  def.kind_info = kind_info_of<Coder>("multibyte coder");
  return def;
}
static constinit TypeDef encoder_def =
    coder_type("_multibytecodec.MultibyteIncrementalEncoder", encoder_methods, count_of(encoder_methods), 1);
static constinit TypeDef decoder_def =
    coder_type("_multibytecodec.MultibyteIncrementalDecoder", decoder_methods, count_of(decoder_methods), 1);
static constinit TypeDef reader_def =
    coder_type("_multibytecodec.MultibyteStreamReader", reader_methods, count_of(reader_methods), 2);
static constinit TypeDef writer_def =
    coder_type("_multibytecodec.MultibyteStreamWriter", writer_methods, count_of(writer_methods), 2);

static Result<Value> create_codec(Thread& t, Value) { return raise_type_error(t, "argument type invalid"); }
static constinit NativeDef functions[] = {
    native<create_codec>("__create_codec($module, arg, /)", "Makes codecs from C structures, which are never given here."),
};
static TypeDef* const coder_types[] = {&encoder_def, &decoder_def, &reader_def, &writer_def};
ModuleDef multibytecodec_module = {
    .name = "_multibytecodec", .functions = functions, .function_count = 1, .types = coder_types, .type_count = 4};

}  // namespace baton
