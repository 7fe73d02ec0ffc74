// TextIOWrapper: decoding, reading, and positions.
//
// A position is an opaque number: where the buffer stood at the snapshot, plus, when the point lies inside decoded text, how to
// get there again: the decoder's flags, how many bytes to feed it, whether to tell it the end has come, how many characters to
// skip.
#include <cstring>

#include "modules/io_text_internal.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- the decoder

static Result<Str*> native_decode(Thread& t, TextWrapper* self, Bytes* input, bool final) {
  CodecInput in{input->data(), static_cast<usize>(input->length()), Value(input)};
  switch (self->codec_) {
    case NativeCodec::Latin1: return decode_latin1(t, in);
    case NativeCodec::Ascii: return decode_ascii(t, in, self->codec_errors());
    default: break;
  }
  if (self->partial_count_) {
    input = TRY(bytes_concat(t, {reinterpret_cast<char*>(self->partial_), self->partial_count_}, input->text()));
    in = {input->data(), static_cast<usize>(input->length()), Value(input)};
  }
  usize consumed = in.size;
  Str* text = TRY(decode_utf8_stateful(t, in, self->codec_errors(), final ? nullptr : &consumed));
  usize rest = final ? 0 : in.size - consumed;
  BATON_CHECK(rest <= sizeof self->partial_, "an unfinished UTF-8 character has at most three bytes");
  memcpy(self->partial_, in.data + consumed, rest);
  self->partial_count_ = static_cast<u8>(rest);
  return text;
}

static Result<Str*> decoder_object_run(Thread& t, TextWrapper* self, Value input, bool final) {
  Value decoder = self->decoder_.get();
  if (is_exact<NewlineDecoder>(decoder)) return newline_decoder_decode(t, decoder.as<NewlineDecoder>(), input, final);
  Value text = TRY(call_method(t, decoder, names.decode, input, Value::of_bool(final)));
  if (!is<Str>(text)) return raise_type_error(t, "decoder should return a string result, not '{!t}'", text);
  return text.as<Str>();
}

Result<Str*> decoder_run(Thread& t, TextWrapper* self, Bytes* input, bool final) {
  if (self->codec_ != NativeCodec::None) {
    Str* text = TRY(native_decode(t, self, input, final));
    if (!self->universal_) return text;
    return translate_newlines(t, text, final, self->translate_, &self->pending_cr_, &self->seen_);
  }
  return decoder_object_run(t, self, Value(input), final);
}

Result<DecoderState> decoder_state(Thread& t, TextWrapper* self) {
  if (self->codec_ != NativeCodec::None) {
    Bytes* partial = TRY(bytes_from(t, self->partial_, self->partial_count_));
    return DecoderState{partial, Value::of_small_int(self->universal_ && self->pending_cr_ ? 1 : 0)};
  }
  Value state = TRY(call_method(t, self->decoder_.get(), names.getstate));
  if (!is<Tuple>(state) || state.as<Tuple>()->length() != 2) return raise_type_error(t, "illegal decoder state");
  Value buffer = state.as<Tuple>()->at(0);
  if (!is<Bytes>(buffer))
    return raise_type_error(t, "illegal decoder state: the first item should be a bytes object, not '{!t}'", buffer);
  Value flags = state.as<Tuple>()->at(1);
  return DecoderState{buffer.as<Bytes>(), TRY(to_index(t, flags))};
}

Result<void> decoder_set_state(Thread& t, TextWrapper* self, Bytes* buffer, Value flags) {
  if (self->codec_ != NativeCodec::None) {
    usize n = static_cast<usize>(buffer->length());
    if (n > sizeof self->partial_) return raise_value_error(t, "illegal decoder state");
    memcpy(self->partial_, buffer->data(), n);
    self->partial_count_ = static_cast<u8>(n);
    i64 bits = 0;
    int_to_i64(flags, &bits);
    self->pending_cr_ = self->universal_ && (bits & 1);
    return ok;
  }
  TRY(call_method(t, self->decoder_.get(), names.setstate, Value(TRY(tuple_of(t, Value(buffer), flags)))));
  return ok;
}

Result<void> decoder_reset_all(Thread& t, TextWrapper* self) {
  if (self->codec_ != NativeCodec::None) {
    self->partial_count_ = 0;
    self->pending_cr_ = false;
    self->seen_ = 0;
    return ok;
  }
  if (self->decoder_.get().is_absent()) return ok;
  TRY(call_method(t, self->decoder_.get(), names.reset));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- chunks

void forget_decoded(TextWrapper* self) {
  self->decoded_.set(self, nullptr);
  self->decoded_used_ = 0;
}
static void set_decoded(TextWrapper* self, Str* text) {
  self->decoded_.set(self, text);
  self->decoded_used_ = 0;
}

// Bytes of any bytes-like answer.
static Result<Bytes*> bytes_like(Thread& t, Value v, const char* message) {
  if (is<Bytes>(v)) return v.as<Bytes>();
  if (!has_buffer(v)) return raise_type_error(t, message, v);
  BufferView view;
  if (!convert_buffer(t, v, &view)) return failed;
  Result<Bytes*> copy = bytes_from(t, view.data, view.size);
  release_buffer(view);
  return copy;
}

// Decodes the next chunk into decoded_. false: end of the stream.
static Result<bool> read_chunk(Thread& t, TextWrapper* self, i64 size_hint) {
  if (!self->can_read_) return raise_unsupported(t, "not readable");
  DecoderState before{nullptr, Value()};
  if (self->telling_) before = TRY(decoder_state(t, self));
  i64 wanted = self->chunk_size_;
  if (size_hint > 0) {
    double scaled =
        self->bytes_per_char_ > 1 ? self->bytes_per_char_ * static_cast<double>(size_hint) : static_cast<double>(size_hint);
    if (scaled > static_cast<double>(wanted)) wanted = static_cast<i64>(scaled);
  }
  Value input;
  Buffered* direct = self->direct_buffer();
  if (direct && direct->readable_) {
    input = TRY(buffered_read1(t, direct, wanted));
  } else {
    input = TRY(call_method(t, self->buffer_.get(), self->has_read1_ ? names.read1 : names.read, TRY(int_from_i64(t, wanted))));
  }
  Bytes* bytes = TRY(bytes_like(t, input,
                                self->has_read1_ ? "underlying read1() should have returned a bytes-like object, not '{!t}'"
                                                 : "underlying read() should have returned a bytes-like object, not '{!t}'"));
  Index n = bytes->length();
  bool eof = n == 0;
  // Ctrl-C ends whole pipelines: the end of the input may be there with the signal. It isn't taken for the regular end then
  // (CPython runs codecs' Python code here, which notices the signal).
  if (eof) TRY(check_signals(t));
  Str* text = TRY(decoder_run(t, self, bytes, eof));
  set_decoded(self, text);
  Index chars = text->length();
  self->bytes_per_char_ = chars > 0 ? static_cast<double>(n) / static_cast<double>(chars) : 0.0;
  if (chars > 0) eof = false;
  if (self->telling_) {
    // Decoder state `before`, fed this input, gives decoded_.
    Bytes* fed = before.buffer->length() ? TRY(bytes_concat(t, before.buffer->text(), bytes->text())) : bytes;
    self->snapshot_flags_.set(self, before.flags);
    self->snapshot_input_.set(self, fed);
  }
  return !eof;
}

// Up to n (negative: all) of the decoded characters not handed out yet.
static Result<Str*> take_decoded(Thread& t, TextWrapper* self, i64 n) {
  Str* text = self->decoded_.get();
  if (!text) return str_from_ascii(t, "");
  Index have = text->length() - self->decoded_used_;
  if (n < 0 || n > have) n = have;
  Index from = self->decoded_used_;
  self->decoded_used_ += n;
  if (from == 0 && n == text->length()) return text;
  return str_slice(t, text, from, from + n);
}

// ---------------------------------------------------------------------------------------------------------------- read

// The text of all that is left of the stream. What isn't bytes-like (None of a stream that would block) goes to the decoder, too:
// the complaint is the codec's. Of our own codecs only UTF-8 puts what it kept back before its input.
static Result<Str*> decode_whole(Thread& t, TextWrapper* self, Value input) {
  if (has_buffer(input))
    return decoder_run(t, self, TRY(bytes_like(t, input, "a bytes-like object is required, not '{!t}'")), true);
  if (self->codec_ == NativeCodec::Utf8) return raise_type_error(t, "can't concat {!t} to bytes", input);
  if (self->codec_ != NativeCodec::None) return raise_type_error(t, "a bytes-like object is required, not '{!t}'", input);
  return decoder_object_run(t, self, input, true);
}

static Result<Value> read_rest(Thread& t, TextWrapper* self) {
  Value raw = TRY(call_method(t, self->buffer_.get(), names.read));
  Str* rest = TRY(decode_whole(t, self, raw));
  Str* head = TRY(take_decoded(t, self, -1));
  Str* all = head->length() ? TRY(str_concat(t, head, rest)) : rest;
  forget_decoded(self);
  self->snapshot_input_.set(self, nullptr);
  return Value(all);
}

Result<Value> text_read(Thread& t, TextWrapper* self, Value size) {
  i64 n = -1;
  if (!size.is_none()) {
    if (!size.is_small_int() && type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    n = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  TRY(text_check(t, self));
  TRY(text_check_open(t, self));
  if (!self->can_read_) return raise_unsupported(t, "not readable");
  TextLock lock(t, self->reading_);
  TRY(write_pending(t, self));
  if (n < 0) return read_rest(t, self);
  Str* first = TRY(take_decoded(t, self, n));
  if (first->length() == n) return Value(first);
  StrBuilder text;
  text.append(first);
  i64 remaining = n - first->length();
  while (remaining > 0) {
    Result<bool> more = read_chunk(t, self, remaining);
    if (more.is_failed()) {
      if (TRY(trap_interrupted(t))) continue;
      return failed;
    }
    if (!more.value()) break;
    Str* piece = TRY(take_decoded(t, self, remaining));
    text.append(piece);
    remaining -= piece->length();
  }
  return text.build(t);
}

// ---------------------------------------------------------------------------------------------------------------- lines

static bool has_decoded(TextWrapper* self) {
  Str* text = self->decoded_.get();
  return text && self->decoded_used_ < text->length();
}

// Whether it is a file of ours that is open, and only read: nothing to be called, nothing to be written first.
static bool is_plain_reader(TextWrapper* self) {
  if (!self->ok_ || self->detached_ || self->can_write_) return false;
  Buffered* below = self->direct_buffer();
  return below && below->direct_ && below->raw_.get().as<FileIO>()->fd_ >= 0;
}

// The next line of a plain reader where it lies whole among the decoded characters, and endings have become \n: what a loop over
// a file does nearly always. kNotFound: the long way.
static Result<Value> next_decoded_line(Thread& t, TextWrapper* self) {
  TextLock lock(t, self->reading_);
  Str* text = self->decoded_.get();
  if (!text || !self->translate_) return kNotFound;
  Index start = self->decoded_used_, length = text->length(), end;
  if (text->is_ascii()) [[likely]] {
    const char* from = text->ascii().data() + start;
    auto* found = static_cast<const char*>(memchr(from, '\n', static_cast<usize>(length - start)));
    if (!found) return kNotFound;
    end = start + (found - from) + 1;
    self->decoded_used_ = end;
    return Value(TRY(str_from_ascii(t, {from, static_cast<usize>(end - start)})));
  }
  end = str_find_unit(text, '\n', start, length);
  if (end < 0) return kNotFound;
  self->decoded_used_ = ++end;
  return Value(TRY(str_slice(t, text, start, end)));
}

static BATON_NOINLINE Result<Str*> read_line(Thread& t, TextWrapper* self, i64 limit) {
  TRY(text_check_open(t, self));
  TextLock lock(t, self->reading_);
  TRY(write_pending(t, self));
  StrBuilder whole;
  Str* held = nullptr;  // may begin the line ending
  for (;;) {
    while (!has_decoded(self)) {
      Result<bool> more = read_chunk(t, self, 0);
      if (more.is_failed()) {
        if (TRY(trap_interrupted(t))) continue;
        return failed;
      }
      if (more.value()) continue;
      forget_decoded(self);
      self->snapshot_input_.set(self, nullptr);
      if (held) whole.append(held);
      return whole.build(t);
    }
    Str* line = self->decoded_.get();
    Index start = self->decoded_used_, held_length = 0;
    if (held) {
      held_length = held->length();
      line = TRY(str_concat(t, held, TRY(str_slice(t, line, start, line->length()))));
      self->decoded_used_ = 0;
      if (start) self->decoded_.set(self, TRY(str_slice(t, self->decoded_.get(), start, self->decoded_->length())));
      start = 0;
      held = nullptr;
    }
    Index consumed;
    Index end = find_line_end(line, start, self->translate_, self->universal_, self->read_newline_.get(), &consumed);
    bool complete = end >= 0;
    if (!complete) end = start + consumed;
    if (limit >= 0 && end - start + whole.length() >= limit) {
      end = start + limit - whole.length();
      complete = true;
    }
    if (complete) {
      self->decoded_used_ = end - held_length;
      if (whole.length() == 0) return start == 0 && end == line->length() ? Result<Str*>(line) : str_slice(t, line, start, end);
      whole.append(line, start, end);
      return whole.build(t);
    }
    whole.append(line, start, end);
    if (end < line->length()) held = TRY(str_slice(t, line, end, line->length()));
    forget_decoded(self);
  }
}

Result<Value> text_readline(Thread& t, TextWrapper* self, i64 size) {
  if (size < 0 && is_exact<TextWrapper>(Value(self)) && is_plain_reader(self)) {
    Value line = TRY(next_decoded_line(t, self));
    if (line != kNotFound) return line;
  }
  TRY(text_check(t, self));
  return read_line(t, self, size);
}

static BATON_NOINLINE Result<Value> next_line_in_general(Thread& t, TextWrapper* self) {
  TRY(text_check(t, self));
  self->telling_ = false;
  Value line;
  if (is_exact<TextWrapper>(Value(self))) {
    line = Value(TRY(read_line(t, self, -1)));
  } else {
    line = TRY(call_method(t, Value(self), names.readline));
    if (!is<Str>(line)) return raise(t, exceptions.OSError, "readline() should have returned a str object, not '{!t}'", line);
  }
  if (line.as<Str>()->length() > 0) return line;
  self->snapshot_input_.set(self, nullptr);
  self->telling_ = self->seekable_;
  return kExhausted;
}

Result<Value> text_next(Thread& t, TextWrapper* self) {
  if (is_exact<TextWrapper>(Value(self)) && is_plain_reader(self)) [[likely]] {
    self->telling_ = false;
    Value line = TRY(next_decoded_line(t, self));
    if (line != kNotFound) [[likely]]
      return line;
  }
  return next_line_in_general(t, self);
}

// ---------------------------------------------------------------------------------------------------------------- positions

// 21 bytes, little end first: start 8, flags 4, bytes to feed 4, characters to skip 4, end of input 1.
struct Cookie {
  u64 start = 0;
  u32 flags = 0, bytes_to_feed = 0, chars_to_skip = 0;
  bool need_eof = false;
};

static Result<Value> cookie_value(Thread& t, const Cookie& c) {
  u64 limbs[3] = {c.start, u64{c.flags} | u64{c.bytes_to_feed} << 32, u64{c.chars_to_skip} | u64{c.need_eof} << 32};
  return int_from_limbs(t, limbs, 3, false);
}
static Result<Cookie> parse_cookie(Thread& t, Value v) {
  u64 limbs[3];
  Value rest = v, shift = Value::of_small_int(64), mask = TRY(int_from_u64(t, UINT64_MAX));
  for (int i = 0; i < 3; ++i) {
    int_to_u64(TRY(int_and(t, rest, mask)), &limbs[i]);
    rest = TRY(int_rshift(t, rest, shift));
  }
  if (int_sign(rest) != 0 || limbs[2] >> 40) return raise_overflow_error(t, "int too big to convert");
  return Cookie{limbs[0], static_cast<u32>(limbs[1]), static_cast<u32>(limbs[1] >> 32), static_cast<u32>(limbs[2]),
                static_cast<bool>(limbs[2] >> 32)};
}

// The decoder as it is at the cookie's start.
static Result<void> decoder_start_at(Thread& t, TextWrapper* self, const Cookie& c) {
  if (c.start == 0 && c.flags == 0) return decoder_reset_all(t, self);
  return decoder_set_state(t, self, TRY(bytes_from(t, nullptr, 0)), Value::of_small_int(c.flags));
}

static u32 flags_number(Value flags) {
  i64 n = 0;
  int_to_i64(flags, &n);
  return static_cast<u32>(n);
}

// Moves the cookie from the snapshot to where `skip` characters of input have been handed out, using the decoder.
static Result<void> locate(Thread& t, TextWrapper* self, Cookie& c, Bytes* input, Index skip) {
  // Guess from the ratio of bytes to characters, then go back until the guess is a safe start: nothing kept in the decoder.
  i64 skip_bytes = static_cast<i64>(self->bytes_per_char_ * static_cast<double>(skip)), skip_back = 1;
  if (skip_bytes > input->length()) skip_bytes = input->length();
  bool found = false;
  while (skip_bytes > 0) {
    TRY(decoder_start_at(t, self, c));
    Str* text = TRY(decoder_run(t, self, TRY(bytes_from(t, input->data(), static_cast<usize>(skip_bytes))), false));
    if (text->length() <= skip) {
      DecoderState state = TRY(decoder_state(t, self));
      if (state.buffer->length() == 0) {
        c.flags = flags_number(state.flags);
        skip -= text->length();
        found = true;
        break;
      }
      skip_bytes -= state.buffer->length();
      skip_back = 1;
    } else {
      skip_bytes -= skip_back;
      skip_back *= 2;
    }
  }
  if (!found) {
    skip_bytes = 0;
    TRY(decoder_start_at(t, self, c));
  }
  c.start += static_cast<u64>(skip_bytes);
  c.chars_to_skip = static_cast<u32>(skip);
  if (skip == 0) return ok;
  // Byte by byte to the point, noting each safe start on the way.
  Index decoded = 0, i = skip_bytes;
  for (; i < input->length(); ++i) {
    Str* text = TRY(decoder_run(t, self, TRY(bytes_from(t, input->data() + i, 1)), false));
    decoded += text->length();
    ++c.bytes_to_feed;
    DecoderState state = TRY(decoder_state(t, self));
    if (state.buffer->length() == 0 && decoded <= skip) {
      c.start += c.bytes_to_feed;
      skip -= decoded;
      c.flags = flags_number(state.flags);
      c.bytes_to_feed = 0;
      decoded = 0;
    }
    if (decoded >= skip) break;
  }
  if (i == input->length()) {
    Str* text = TRY(decoder_run(t, self, TRY(bytes_from(t, nullptr, 0)), true));
    decoded += text->length();
    c.need_eof = true;
    if (decoded < skip) return raise(t, exceptions.OSError, "can't reconstruct logical file position");
  }
  c.chars_to_skip = static_cast<u32>(skip);
  return ok;
}

Result<Value> text_tell(Thread& t, TextWrapper* self) {
  TRY(text_check(t, self));
  TRY(text_check_open(t, self));
  if (!self->seekable_) return raise_unsupported(t, "underlying stream is not seekable");
  if (!self->telling_) return raise(t, exceptions.OSError, "telling position disabled by next() call");
  TextLock reading(t, self->reading_), writing(t, self->writing_);
  TRY(write_pending(t, self));
  TRY(call_method(t, Value(self), names.flush));
  Value position = TRY(call_method(t, self->buffer_.get(), names.tell));
  if (!self->can_read_ || !self->snapshot_input_.get()) return position;
  Cookie c;
  if (!int_to_u64(TRY(to_index(t, position)), &c.start)) return raise_overflow_error(t, "int too big to convert");
  c.flags = flags_number(self->snapshot_flags_.get());
  Bytes* input = self->snapshot_input_.get();
  c.start -= static_cast<u64>(input->length());
  Index skip = self->decoded_.get() ? self->decoded_used_ : 0;
  if (skip == 0) return cookie_value(t, c);
  DecoderState saved = TRY(decoder_state(t, self));
  u8 seen = self->seen_;
  Result<void> done = locate(t, self, c, input, skip);
  self->seen_ = seen;
  if (done.is_failed()) {
    Exception* e = t.take_pending();
    if (decoder_set_state(t, self, saved.buffer, saved.flags).is_failed()) t.clear_pending();
    t.set_pending(e);
    return failed;
  }
  TRY(decoder_set_state(t, self, saved.buffer, saved.flags));
  return cookie_value(t, c);
}

static Result<bool> is_zero(Thread& t, Value v) { return equals(t, v, Value::of_small_int(0)); }

Result<Value> text_seek(Thread& t, TextWrapper* self, Value cookie, int whence) {
  TRY(text_check(t, self));
  TRY(text_check_open(t, self));
  TextLock reading(t, self->reading_), writing(t, self->writing_);
  if (!self->seekable_) return raise_unsupported(t, "underlying stream is not seekable");
  switch (whence) {
    case 0: break;
    case 1:
      if (!TRY(is_zero(t, cookie))) return raise_unsupported(t, "can't do nonzero cur-relative seeks");
      cookie = TRY(call_method(t, Value(self), names.tell));  // brings the buffer to the current position
      break;
    case 2: {
      if (!TRY(is_zero(t, cookie))) return raise_unsupported(t, "can't do nonzero end-relative seeks");
      TRY(call_method(t, Value(self), names.flush));
      forget_decoded(self);
      self->snapshot_input_.set(self, nullptr);
      if (self->can_read_) TRY(decoder_reset_all(t, self));
      Value end = TRY(call_method(t, self->buffer_.get(), names.seek, Value::of_small_int(0), Value::of_small_int(2)));
      if (self->can_write_) TRY(encoder_reset_to(t, self, TRY(is_zero(t, end))));
      return end;
    }
    default: return raise_value_error(t, "invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (TRY(compare_truth(t, CompareOp::Lt, cookie, Value::of_small_int(0))))
    return raise_value_error(t, "negative seek position {!r}", cookie);
  TRY(call_method(t, Value(self), names.flush));
  Cookie c = TRY(parse_cookie(t, TRY(to_index(t, cookie))));
  TRY(call_method(t, self->buffer_.get(), names.seek, TRY(int_from_u64(t, c.start))));
  forget_decoded(self);
  self->snapshot_input_.set(self, nullptr);
  if (self->can_read_) TRY(decoder_start_at(t, self, c));
  Value flags = Value::of_small_int(c.flags);
  if (c.chars_to_skip) {
    Value input = TRY(call_method(t, self->buffer_.get(), names.read, Value::of_small_int(c.bytes_to_feed)));
    if (!is<Bytes>(input)) return raise_type_error(t, "underlying read() should have returned a bytes object, not '{!t}'", input);
    self->snapshot_flags_.set(self, flags);
    self->snapshot_input_.set(self, input.as<Bytes>());
    Str* text = TRY(decoder_run(t, self, input.as<Bytes>(), c.need_eof));
    set_decoded(self, text);
    if (text->length() < c.chars_to_skip) return raise(t, exceptions.OSError, "can't restore logical file position");
    self->decoded_used_ = c.chars_to_skip;
  } else {
    Bytes* empty = TRY(bytes_from(t, nullptr, 0));
    self->snapshot_flags_.set(self, flags);
    self->snapshot_input_.set(self, empty);
  }
  if (self->can_write_) TRY(encoder_reset_to(t, self, c.start == 0 && c.flags == 0));
  return cookie;
}

}  // namespace baton
