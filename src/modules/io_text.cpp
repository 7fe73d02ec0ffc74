// _io.TextIOWrapper: life, encoding, writing, attributes. Decoding and positions are in io_text_read.cpp.
#include <langinfo.h>

#include <cstring>

#include "modules/config.h"
#include "modules/io_text_internal.h"
#include "objects/exception.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

static Result<void> check_initialized(Thread& t, TextWrapper* self) {
  if (self->ok_) [[likely]]
    return ok;
  return raise_value_error(t, "I/O operation on uninitialized object");
}
Result<void> text_check(Thread& t, TextWrapper* self) {
  TRY(check_initialized(t, self));
  if (self->detached_) return raise_value_error(t, "underlying buffer has been detached");
  return ok;
}

static Result<bool> is_closed(Thread& t, TextWrapper* self) {
  if (Buffered* buffer = self->direct_buffer(); buffer && buffer->ok_) return buffered_is_closed(t, buffer);
  return truth(t, TRY(get_attr(t, self->buffer_.get(), names.closed)));
}
Result<void> text_check_open(Thread& t, TextWrapper* self) {
  if (!is_exact<TextWrapper>(Value(self))) return check_closed_attribute(t, Value(self));
  if (TRY(is_closed(t, self))) return raise_value_error(t, "I/O operation on closed file.");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- codecs

static NativeCodec native_codec_of(Str* encoding) {
  char name[16];
  Index n = encoding->length();
  if (!encoding->is_ascii() || n >= static_cast<Index>(sizeof name)) return NativeCodec::None;
  for (Index i = 0; i < n; ++i) {
    char c = encoding->ascii()[static_cast<usize>(i)];
    name[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  std::string_view text(name, static_cast<usize>(n));
  if (text == "utf-8" || text == "utf8") return NativeCodec::Utf8;
  if (text == "ascii" || text == "us-ascii") return NativeCodec::Ascii;
  if (text == "latin-1" || text == "latin1" || text == "iso-8859-1" || text == "iso8859-1") return NativeCodec::Latin1;
  return NativeCodec::None;
}

static Result<Str*> locale_encoding(Thread& t) {
  const char* name = ::nl_langinfo(CODESET);
  return str_from_utf8(t, *name ? name : "UTF-8");
}

// Byte order marks only belong at the start of a file.
static Result<void> fix_encoder_state(Thread& t, TextWrapper* self) {
  if (!self->seekable_ || !self->can_write_ || self->codec_ != NativeCodec::None) return ok;
  self->at_start_ = true;
  Value position = TRY(call_method(t, self->buffer_.get(), names.tell));
  if (TRY(equals(t, position, Value::of_small_int(0)))) return ok;
  self->at_start_ = false;
  TRY(call_method(t, self->encoder_.get(), names.setstate, Value::of_small_int(0)));
  return ok;
}

Result<void> encoder_reset_to(Thread& t, TextWrapper* self, bool start) {
  if (self->encoder_.get().is_absent()) return ok;
  self->at_start_ = start;
  if (start)
    TRY(call_method(t, self->encoder_.get(), names.reset));
  else
    TRY(call_method(t, self->encoder_.get(), names.setstate, Value::of_small_int(0)));
  return ok;
}

// Decoder and encoder for encoding and errors, as the buffer can read and write.
static Result<void> set_codecs(Thread& t, TextWrapper* self, Str* encoding, Str* errors) {
  NativeCodec codec = native_codec_of(encoding);
  Value decoder, encoder;
  bool reads = TRY(truth(t, TRY(call_method(t, self->buffer_.get(), names.readable))));
  bool writes = TRY(truth(t, TRY(call_method(t, self->buffer_.get(), names.writable))));
  if (codec == NativeCodec::None) {
    Tuple* info = TRY(codec_lookup(t, encoding));
    Value is_text = TRY(find_attr(t, Value(info), intern(t, "_is_text_encoding")));
    if (is_text != kNotFound && !TRY(truth(t, is_text))) {
      return raise_lookup_error(t, "'{}' is not a text encoding; use codecs.open() to handle arbitrary codecs", encoding);
    }
    if (reads) {
      decoder = TRY(call(t, TRY(get_attr_ascii(t, Value(info), "incrementaldecoder")), Value(errors)));
      if (self->universal_) {
        NewlineDecoder* wrapped = TRY(make_of<NewlineDecoder>(t, TRY(type_from_def(t, newline_decoder_def))));
        wrapped->decoder_.set(wrapped, decoder);
        wrapped->errors_.set(wrapped, Value(names.strict));
        wrapped->translate_ = self->translate_;
        decoder = Value(wrapped);
      }
    }
    if (writes) encoder = TRY(call(t, TRY(get_attr_ascii(t, Value(info), "incrementalencoder")), Value(errors)));
  }
  self->codec_ = codec;
  self->encoding_.set(self, encoding);
  self->errors_.set(self, errors);
  self->strict_ = str_equals_ascii(errors, "strict");
  self->decoder_.set(self, decoder);
  self->encoder_.set(self, encoder);
  self->can_read_ = reads;
  self->can_write_ = writes;
  self->partial_count_ = 0;
  self->pending_cr_ = false;
  self->seen_ = 0;
  return ok;
}

static Result<void> validate_newline(Thread& t, Value newline) {
  if (newline.is_none()) return ok;
  Str* s = newline.as<Str>();
  if (s->length() == 0 || str_equals_ascii(s, "\n") || str_equals_ascii(s, "\r") || str_equals_ascii(s, "\r\n")) return ok;
  return raise_value_error(t, "illegal newline value: {}", s);
}
static void set_newline(TextWrapper* self, Value newline) {
  Str* s = newline.is_none() ? nullptr : newline.as<Str>();
  self->universal_ = !s || s->length() == 0;
  self->translate_ = !s;
  self->write_translate_ = !s || s->length() > 0;
  self->read_newline_.set(self, s);
  // \n is written as it is on this platform unless an ending that contains \r was asked for.
  self->write_newline_.set(self, s && s->length() && s->at(0) == '\r' ? s : nullptr);
}

static Result<Value> text_or_none(Thread& t, Value v, const char* name) {
  if (v.is_none()) return v;
  if (!is<Str>(v)) return raise_type_error(t, "TextIOWrapper() argument '{}' must be str or None, not {!t}", name, v);
  if (str_find_unit(v.as<Str>(), 0, 0, v.as<Str>()->length()) >= 0) return raise_value_error(t, "embedded null character");
  return v;
}

Result<Str*> text_encoding_name(Thread& t, Value encoding) {
  if (encoding.is_none() && config.utf8_mode) return intern(t, "utf-8");
  if (encoding.is_none() || str_equals_ascii(encoding.as<Str>(), "locale")) return locale_encoding(t);
  return encoding.as<Str>();
}

static Result<bool> has_flag(Thread& t, const char* name) {
  Value flags = dict_find_str(runtime.sys->dict(), intern(t, "flags"));
  if (flags.is_absent()) return false;
  Value flag = TRY(find_attr(t, flags, intern(t, name)));
  return flag != kNotFound && TRY(truth(t, flag));
}

// ---------------------------------------------------------------------------------------------------------------- life

static Result<Value> text_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<TextWrapper>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}

static Result<void> text_init(Thread& t, TextWrapper* self, Value buffer, Value encoding, Value errors, Value newline,
                              bool line_buffering, bool write_through) {
  self->ok_ = false;
  self->detached_ = false;
  encoding = TRY(text_or_none(t, encoding, "encoding"));
  newline = TRY(text_or_none(t, newline, "newline"));
  if (errors.is_none()) errors = Value(names.strict);
  errors = TRY(text_or_none(t, errors, "errors"));
  TRY(validate_newline(t, newline));
  if (encoding.is_none() && TRY(has_flag(t, "warn_default_encoding")))
    TRY(warn(t, exceptions.EncodingWarning, "'encoding' argument not specified"));
  if (!str_equals_ascii(errors.as<Str>(), "strict") && TRY(has_flag(t, "dev_mode"))) TRY(codec_lookup_error(t, errors.as<Str>()));
  Str* name = TRY(text_encoding_name(t, encoding));
  Buffered* below = is_exact<Buffered>(buffer) ? buffer.as<Buffered>() : nullptr;
  if (below) finish_dropped_wrappers(t, below);
  forget_decoded(self);
  self->snapshot_input_.set(self, nullptr);
  self->pending_.set(self, nullptr);
  self->chunk_size_ = kDefaultBufferSize;
  self->line_buffering_ = line_buffering;
  self->write_through_ = write_through;
  set_newline(self, newline);
  self->buffer_.set(self, buffer);
  TRY(set_codecs(t, self, name, errors.as<Str>()));
  self->seekable_ = self->telling_ = TRY(truth(t, TRY(call_method(t, buffer, names.seekable))));
  self->has_read1_ = TRY(find_attr(t, buffer, names.read1)) != kNotFound;
  self->at_start_ = true;
  self->bytes_per_char_ = 0;
  TRY(fix_encoder_state(t, self));
  if (self->can_write_ && !self->membership_.join(self, true)) return raise_memory_error(t);
  if (below && below->wrappers_ < UINT8_MAX) ++below->wrappers_;
  self->ok_ = true;
  return ok;
}

static Result<void> text_flush_all(Thread& t, TextWrapper* self) {
  TRY(text_check(t, self));
  TRY(text_check_open(t, self));
  TextLock lock(t, self->writing_);
  self->telling_ = self->seekable_;
  TRY(write_pending(t, self));
  TRY(call_method(t, self->buffer_.get(), names.flush));
  return ok;
}
static Result<void> text_flush_method(Thread& t, TextWrapper* self) { return text_flush_all(t, self); }

Result<void> text_flush(Thread& t, Cell* cell) {
  auto* self = static_cast<TextWrapper*>(cell);
  if (!self->ok_ || self->detached_ || TRY(is_closed(t, self))) return ok;
  return text_flush_all(t, self);
}
const Buffered* text_unwritten(Cell* cell) {
  auto* self = static_cast<TextWrapper*>(cell);
  ByteArray* pending = self->pending_.get();
  return self->ok_ && pending && pending->length() ? self->direct_buffer() : nullptr;
}

// What a stream that is found dead still writes to.
Cell* stream_written_to(Cell* cell) {
  Value stream(cell), below;
  if (is<TextWrapper>(stream) && stream.as<TextWrapper>()->can_write_)
    below = stream.as<TextWrapper>()->buffer_.get();
  else if (is<Buffered>(stream) && stream.as<Buffered>()->writable_)
    below = stream.as<Buffered>()->raw_.get();
  return below.is_cell() ? below.cell() : nullptr;
}

static Result<Value> text_close(Thread& t, TextWrapper* self) {
  TRY(text_check(t, self));
  if (TRY(truth(t, TRY(get_attr(t, Value(self), names.closed))))) return kNone;
  if (self->finalizing_ && call_method(t, self->buffer_.get(), names.dealloc_warn_, Value(self)).is_failed()) t.clear_pending();
  Result<Value> flushed = call_method(t, Value(self), names.flush);
  Exception* first = flushed.is_failed() ? t.take_pending() : nullptr;
  Result<Value> result = call_method(t, self->buffer_.get(), names.close);
  if (first) {
    chain_pending(t, first);
    return failed;
  }
  if (!result.is_failed()) {
    self->membership_.leave();
    if (is_exact<TextWrapper>(Value(self))) self->remove_gc_flag(kFinalizable);
  }
  return result;
}

static Result<Value> text_detach(Thread& t, TextWrapper* self) {
  TRY(text_check(t, self));
  TRY(call_method(t, Value(self), names.flush));
  Value buffer = self->buffer_.get();
  if (Buffered* below = self->direct_buffer(); below && below->wrappers_ > 0) --below->wrappers_;
  self->buffer_.set(self, Value());
  self->detached_ = true;
  return buffer;
}

// None: the default. Anything else by int(): CPython takes numbers here.
static Result<bool> optional_flag(Thread& t, Value v, bool fallback) {
  if (v.is_none()) return fallback;
  return int_sign(TRY(to_index(t, v))) != 0;
}

static Result<void> text_reconfigure(Thread& t, TextWrapper* self, Value encoding, Value errors, Optional<Value> newline,
                                     Value line_buffering, Value write_through) {
  TextLock reading(t, self->reading_), writing(t, self->writing_);
  bool new_newline = newline.has_value();
  if (self->decoded_.get() && (!encoding.is_none() || !errors.is_none() || new_newline)) {
    return raise_unsupported(t, "It is not possible to set the encoding or newline of stream after the first read");
  }
  if (new_newline) {
    if (!newline.value.is_none() && !is<Str>(newline.value))
      return raise_type_error(t, "bad argument type for built-in operation");
    TRY(validate_newline(t, newline.value));
  }
  bool lines = TRY(optional_flag(t, line_buffering, self->line_buffering_));
  bool through = TRY(optional_flag(t, write_through, self->write_through_));
  TRY(call_method(t, Value(self), names.flush));
  self->bytes_per_char_ = 0;
  if (new_newline) set_newline(self, newline.value);
  if (!encoding.is_none() || !errors.is_none() || new_newline) {
    if ((!encoding.is_none() && !is<Str>(encoding)) || (!errors.is_none() && !is<Str>(errors)))
      return raise_type_error(t, "bad argument type for built-in operation");
    if (errors.is_none()) errors = encoding.is_none() ? Value(self->errors_.get()) : Value(names.strict);
    Str* name = encoding.is_none() ? self->encoding_.get() : TRY(text_encoding_name(t, encoding));
    TRY(set_codecs(t, self, name, errors.as<Str>()));
    TRY(fix_encoder_state(t, self));
  }
  self->line_buffering_ = lines;
  self->write_through_ = through;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- writing

Result<void> write_pending(Thread& t, TextWrapper* self) {
  TextLock lock(t, self->writing_, TextLock::kWithGilToo);
  ByteArray* pending = self->pending_.get();
  if (!pending || pending->length() == 0) return ok;
  self->pending_.set(self, nullptr);
  if (Buffered* direct = self->direct_buffer(); direct && direct->writable_) {
    Result<i64> r = buffered_write_bytes(t, direct, pending->data(), static_cast<usize>(pending->length()), Value(pending));
    if (r.is_failed()) return failed;
    // The storage is free again unless the write handed it to somebody.
    if (!self->pending_.get() && pending->exports() == 0) {
      TRY(bytearray_resize(t, pending, 0));
      self->pending_.set(self, pending);
    }
    return ok;
  }
  Value bytes(TRY(bytes_from(t, pending->data(), static_cast<usize>(pending->length()))));
  for (;;) {
    if (!call_method(t, self->buffer_.get(), names.write, bytes).is_failed()) return ok;
    if (!TRY(trap_interrupted(t))) return failed;
  }
}

static Result<void> add_pending(Thread& t, TextWrapper* self, std::string_view bytes, bool flush) {
  ByteArray* pending = self->pending_.get();
  if (pending && pending->length() > 0 && pending->length() + static_cast<Index>(bytes.size()) > self->chunk_size_) {
    TRY(write_pending(t, self));
    pending = self->pending_.get();
  }
  if (!pending) {
    pending = TRY(bytearray_from(t, bytes.data(), bytes.size()));
    self->pending_.set(self, pending);
  } else {
    Index old = pending->length();
    TRY(bytearray_resize(t, pending, old + static_cast<Index>(bytes.size())));
    if (!bytes.empty()) memcpy(pending->data() + old, bytes.data(), bytes.size());
  }
  if (pending->length() >= self->chunk_size_ || flush) return write_pending(t, self);
  return ok;
}

static Result<Bytes*> encode_for(Thread& t, TextWrapper* self, Str* text) {
  switch (self->codec_) {
    case NativeCodec::Utf8: return encode_utf8(t, text, self->codec_errors());
    case NativeCodec::Ascii: return encode_ascii(t, text, self->codec_errors());
    case NativeCodec::Latin1: return encode_latin1(t, text, self->codec_errors());
    case NativeCodec::None: break;
  }
  Value bytes = TRY(call_method(t, self->encoder_.get(), names.encode, Value(text)));
  self->at_start_ = false;
  if (!is<Bytes>(bytes)) return raise_type_error(t, "encoder should return a bytes object, not '{!t}'", bytes);
  return bytes.as<Bytes>();
}

// What was decoded before a write no longer follows. Another thread that is waiting for input just now goes on with its own.
static Result<void> forget_what_was_read(Thread& t, TextWrapper* self) {
  bool taken = false;
  if (objects_are_locked() && !self->reading_.is_mine(t)) {
    taken = self->reading_.try_take(t);
    if (!taken) return ok;
  }
  if (self->decoded_.get()) forget_decoded(self);
  if (self->snapshot_input_.get()) self->snapshot_input_.set(self, nullptr);
  Result<void> reset = self->can_read_ ? decoder_reset_all(t, self) : Result<void>(ok);
  if (taken) self->reading_.leave();
  return reset;
}

static Result<i64> text_write(Thread& t, TextWrapper* self, Str* text) {
  TRY(text_check(t, self));
  TextLock lock(t, self->writing_, self->codec_ == NativeCodec::None ? TextLock::kWithGilToo : TextLock::kWithoutGil);
  TRY(text_check_open(t, self));
  if (!self->can_write_) return raise_unsupported(t, "not writable");
  Index length = text->length();
  Str* newline = self->write_translate_ ? self->write_newline_.get() : nullptr;
  bool has_lf = (newline || self->line_buffering_) && str_find_unit(text, '\n', 0, length) >= 0;
  if (has_lf && newline) text = TRY(str_replace_all(t, text, TRY(str_from_ascii(t, "\n")), newline));
  bool flush = self->line_buffering_ && (has_lf || str_find_unit(text, '\r', 0, text->length()) >= 0);
  if (text->is_ascii() && self->codec_ != NativeCodec::None) {
    TRY(add_pending(t, self, text->ascii(), self->write_through_ || flush));
  } else {
    Bytes* bytes = TRY(encode_for(t, self, text));
    TRY(add_pending(t, self, bytes->text(), self->write_through_ || flush));
  }
  if (flush) TRY(call_method(t, self->buffer_.get(), names.flush));
  if (self->can_read_) TRY(forget_what_was_read(t, self));
  return length;
}
static Result<i64> text_write_method(Thread& t, TextWrapper* self, Value text) {
  if (!is<Str>(text)) return raise_type_error(t, "write() argument must be str, not {!a}", text);
  return text_write(t, self, text.as<Str>());
}

static Result<Value> text_truncate(Thread& t, TextWrapper* self, Value pos) {
  TRY(text_check(t, self));
  TRY(call_method(t, Value(self), names.flush));
  return call_method(t, self->buffer_.get(), names.truncate, pos);
}

// ---------------------------------------------------------------------------------------------------------------- asking the
// buffer

static Result<Value> forward(Thread& t, TextWrapper* self, Str* method) {
  TRY(text_check(t, self));
  return call_method(t, self->buffer_.get(), method);
}
static Result<Value> text_fileno(Thread& t, TextWrapper* self) { return forward(t, self, names.fileno); }
static Result<Value> text_seekable(Thread& t, TextWrapper* self) { return forward(t, self, names.seekable); }
static Result<Value> text_readable(Thread& t, TextWrapper* self) { return forward(t, self, names.readable); }
static Result<Value> text_writable(Thread& t, TextWrapper* self) { return forward(t, self, names.writable); }
static Result<Value> text_isatty(Thread& t, TextWrapper* self) { return forward(t, self, names.isatty); }

static Result<Str*> text_repr(Thread& t, TextWrapper* self) {
  TRY(check_initialized(t, self));
  if (TRY(repr_enter(t, Value(self)))) return raise_runtime_error(t, "reentrant call inside {}.__repr__", type_name(Value(self)));
  auto body = [&]() -> Result<Str*> {
    StrBuilder text;
    text.append_ascii("<_io.TextIOWrapper");
    for (Str* attribute : {names.name, names.mode}) {
      Result<Value> v = find_attr(t, Value(self), attribute);
      if (v.is_failed()) {
        if (attribute != names.name || !clear_pending_if(t, exceptions.ValueError)) return failed;
        continue;
      }
      if (v.value() == kNotFound) continue;
      text.append_ascii(" ");
      text.append(attribute);
      text.append_ascii("=");
      text.append(TRY(repr(t, v.value())));
    }
    text.append_ascii(" encoding=");
    text.append(TRY(repr(t, Value(self->encoding_.get()))));
    text.append('>');
    return text.build(t);
  };
  Result<Str*> result = body();
  repr_leave(t, Value(self));
  return result;
}

#define TEXT_SELF                   \
  auto* self = v.as<TextWrapper>(); \
  TRY(text_check(t, self))
static Result<Value> get_name(Thread& t, Value v) {
  TEXT_SELF;
  return get_attr(t, self->buffer_.get(), names.name);
}
static Result<Value> get_closed(Thread& t, Value v) {
  TEXT_SELF;
  if (Buffered* buffer = self->direct_buffer(); buffer && !self->finalizing_) finish_dropped_wrappers(t, buffer);
  return get_attr(t, self->buffer_.get(), names.closed);
}
static Result<Value> get_newlines(Thread& t, Value v) {
  TEXT_SELF;
  if (!self->can_read_) return kNone;
  if (self->codec_ != NativeCodec::None) return newlines_value(t, self->seen_);
  Value answer = TRY(find_attr(t, self->decoder_.get(), names.newlines));
  return answer == kNotFound ? kNone : answer;
}
static Result<Value> get_errors(Thread& t, Value v) {
  auto* self = v.as<TextWrapper>();
  TRY(check_initialized(t, self));
  return Value(self->errors_.get());
}
static Result<Value> get_chunk_size(Thread& t, Value v) {
  TEXT_SELF;
  return int_from_i64(t, self->chunk_size_);
}
static Result<void> set_chunk_size(Thread& t, Value v, Value size) {
  auto* self = v.as<TextWrapper>();
  TRY(text_check(t, self));
  if (size.is_absent()) return raise_attribute_error_text(t, "cannot delete attribute");
  i64 n = TRY(to_index_checked(t, size, exceptions.ValueError));
  if (n <= 0) return raise_value_error(t, "a strictly positive integer is required");
  self->chunk_size_ = n;
  return ok;
}
static Result<Value> get_encoding(Thread&, Value v) {
  Str* encoding = v.as<TextWrapper>()->encoding_.get();
  return encoding ? Value(encoding) : kNone;
}
static Result<Value> get_buffer_member(Thread& t, Value v) {
  Value buffer = v.as<TextWrapper>()->buffer_.get();
  if (buffer.is_absent()) {
    if (v.as<TextWrapper>()->detached_) return kNone;
    return raise_attribute_error(t, v, names.buffer_);
  }
  return buffer;
}
static Result<Value> get_line_buffering(Thread&, Value v) { return Value::of_bool(v.as<TextWrapper>()->line_buffering_); }
static Result<Value> get_write_through(Thread&, Value v) { return Value::of_bool(v.as<TextWrapper>()->write_through_); }
static Result<Value> get_finalizing(Thread&, Value v) { return Value::of_bool(v.as<TextWrapper>()->finalizing_); }
static Result<void> set_finalizing(Thread& t, Value v, Value flag) {
  if (flag.is_absent()) return raise_type_error(t, "can't delete numeric/char attribute");
  if (!flag.is_bool()) return raise_type_error(t, "attribute value type must be bool");
  v.as<TextWrapper>()->finalizing_ = flag.is_true();
  return ok;
}

static constinit NativeDef text_methods[] = {
    native_raw(text_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<text_init>(
        "__init__($self, /, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
        "Set up a new instance from the arguments its class documents."),
    native<text_detach>("detach($self, /)"),
    native<text_reconfigure>(
        "reconfigure($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
        "Change some of the stream's settings, after flushing it.\n\nThe parameters mean what they mean for the constructor; "
        "those left out, or\nNone, keep their present settings."),
    native<text_write_method>("write($self, text, /)"),
    native<text_read>("read($self, size=-1, /)"),
    native<text_readline>("readline($self, size=-1, /)"),
    native<text_next>("__next__($self, /)", "Implement next(self)."),
    native<text_flush_method>("flush($self, /)"),
    native<text_close>("close($self, /)"),
    native<text_fileno>("fileno($self, /)"),
    native<text_seekable>("seekable($self, /)"),
    native<text_readable>("readable($self, /)"),
    native<text_writable>("writable($self, /)"),
    native<text_isatty>("isatty($self, /)"),
    native<text_seek>("seek($self, cookie, whence=0, /)"),
    native<text_tell>("tell($self, /)"),
    native<text_truncate>("truncate($self, pos=None, /)"),
    native<text_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef text_getsets[] = {
    {"encoding", get_encoding, nullptr, nullptr, true},
    {"buffer", get_buffer_member, nullptr, nullptr, true},
    {"line_buffering", get_line_buffering, nullptr, nullptr, true},
    {"write_through", get_write_through, nullptr, nullptr, true},
    {"_finalizing", get_finalizing, set_finalizing, nullptr, true},
    {"name", get_name, nullptr, nullptr},
    {"closed", get_closed, nullptr, nullptr},
    {"newlines", get_newlines, nullptr, nullptr},
    {"errors", get_errors, nullptr, nullptr},
    {"_CHUNK_SIZE", get_chunk_size, set_chunk_size, nullptr},
};
constinit TypeDef text_io_wrapper_def = {
    .name = "_io.TextIOWrapper",
    .doc =
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, "
        "write_through=False)\n--\n\nA text stream on top of the buffered binary stream buffer.\n\nencoding names the codec "
        "between str and bytes, by default the one that\nlocale.getencoding() reports. errors says what to do with what it "
        "cannot\nhandle, by default \"strict\"; the names are those of codecs.register, also\nfound in "
        "help(codecs.Codec).\n\nnewline chooses the treatment of line ends:\n\n  value           reading                         "
        " writing '\\n' produces\n  None            '\\n', '\\r' and '\\r\\n' each end   os.linesep\n                  a line "
        "and become '\\n'\n  ''              the same three end a line, and   '\\n'\n                  are left as they are\n  "
        "'\\n'            only this ends a line            '\\n'\n  '\\r', '\\r\\n'    only this ends a line, and is    this\n   "
        "               left as it is\n\nWith a true line_buffering, writing text that contains a line end also\nflushes the "
        "stream. With a true write_through, text goes to buffer at once.",
    .base = &text_io_base_def,
    .dynamic_kind = &DynamicKind<TextWrapper>::value,
    .payload_size = sizeof(TextWrapper),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = text_methods,
    .method_count = count_of(text_methods),
    .getsets = text_getsets,
    .getset_count = 10,
    .kind_info = kind_info_of<TextWrapper>("_io.TextIOWrapper")};

}  // namespace baton
