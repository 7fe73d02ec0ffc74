// _pickle: writing built-in objects.
//
// Bytes, order of memo numbers and batches are CPython's. Each nested container counts as a call against the recursion limit.
#include "modules/pickle_save.h"

#include <cstdio>
#include <cstring>

#include "base/bigint.h"
#include "base/float_text.h"
#include "objects/at_this_moment.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/memoryview.h"
#include "objects/numbers.h"

namespace baton {

PickleSaver::PickleSaver(Thread& thread, Pickler* self)
    : thread_(thread),
      self_(self),
      protocol_(self->protocol_),
      bin_(self->bin_),
      fast_(self->fast_),
      fix_imports_(self->fix_imports_),
      persistent_id_(self->persistent_id_.get()),
      dispatch_table_(self->dispatch_table_.get()),
      write_(self->write_.get()),
      buffer_callback_(self->buffer_callback_.get()) {}

Result<Value> PickleSaver::dump(Value object) {
  if (type_of(Value(self_)) != pickler_def.type) {
    static Root<Str>& name = *new Root<Str>(intern(thread_, "reducer_override"));
    Value override = TRY(find_attr(thread_, Value(self_), name.get()));
    if (override != kNotFound) reducer_override_ = override;
  }
  if (protocol_ >= 2) out_.op_u8(kOpProto, static_cast<u8>(protocol_));
  if (protocol_ >= 4) out_.set_framing(true);
  TRY(save(object));
  out_.op(kOpStop);
  out_.close_frame();
  out_.set_framing(false);
  if (out_.failed()) return raise_memory_error(thread_);
  if (write_.is_absent()) return Value(TRY(bytes_from(thread_, out_.data(), out_.size())));
  TRY(flush());
  return kNone;
}

Result<Value> pickle_dump(Thread& thread, Pickler* self, Value object) {
  PickleSaver saver(thread, self);
  return saver.dump(object);
}

// ---------------------------------------------------------------------------------------------------------------- the stream

Result<void> PickleSaver::flush() {
  Value chunk = Value(TRY(bytes_from(thread_, out_.data(), out_.size())));
  out_.clear();
  TRY(call(thread_, write_, chunk));
  return ok;
}

BATON_NOINLINE Result<void> PickleSaver::slow_boundary() {
  if (out_.failed()) return raise_memory_error(thread_);
  if ((steps_ & 0xFFFF) == 0) poll_stop_only(thread_);
  if (out_.frame_is_full()) {
    out_.close_frame();
    if (write_.is_present()) TRY(flush());
  }
  return ok;
}

// At most kMaxClaim bytes, without a call.
BATON_ALWAYS_INLINE static void copy_short(u8* to, const u8* from, usize n) {
  for (; n >= 8; n -= 8, to += 8, from += 8) memcpy(to, from, 8);
  if (n & 4) {
    memcpy(to, from, 4);
    to += 4;
    from += 4;
  }
  if (n & 2) {
    memcpy(to, from, 2);
    to += 2;
    from += 2;
  }
  if (n & 1) *to = *from;
}

// Big data get no frame, and to a file go directly. payload: an object with these bytes, or absent.
Result<void> PickleSaver::write_payload(const u8* header, usize header_size, const u8* data, usize n, Value payload) {
  if (header_size + n <= PickleOutput::kMaxClaim) [[likely]] {
    u8* at = out_.claim(header_size + n);
    for (usize i = 0; i < header_size; ++i) at[i] = header[i];
    copy_short(at + header_size, data, n);
    return ok;
  }
  if (n < kFrameSizeTarget) [[likely]] {
    out_.bytes(header, header_size);
    out_.bytes(data, n);
    return ok;
  }
  bool framing = out_.framing();
  out_.close_frame();
  out_.set_framing(false);
  out_.bytes(header, header_size);
  if (write_.is_present()) {
    TRY(flush());
    if (payload.is_absent()) payload = Value(TRY(bytes_from(thread_, data, n)));
    TRY(call(thread_, write_, payload));
  } else {
    out_.bytes(data, n);
  }
  out_.set_framing(framing);
  return ok;
}

Result<void> PickleSaver::memoize(Value v) {
  if (fast_) return ok;
  i64 number = TRY(pickle_memo_add(thread_, memo(), v));
  if (protocol_ >= 4) {
    out_.op(kOpMemoize);
  } else if (!bin_) {
    char line[32];
    out_.text({line, static_cast<usize>(snprintf(line, sizeof line, "p%lld\n", static_cast<long long>(number)))});
  } else if (number < 256) {
    out_.op_u8(kOpBinPut, static_cast<u8>(number));
  } else if (number <= 0xFFFFFFFF) {
    out_.op_u32(kOpLongBinPut, static_cast<u32>(number));
  } else {
    return raise_pickling(thread_, "memo id too large for LONG_BINPUT");
  }
  return ok;
}

void PickleSaver::write_get(i64 number) {
  if (!bin_) {
    char line[32];
    out_.text({line, static_cast<usize>(snprintf(line, sizeof line, "g%lld\n", static_cast<long long>(number)))});
  } else if (number < 256) {
    out_.op_u8(kOpBinGet, static_cast<u8>(number));
  } else {
    out_.op_u32(kOpLongBinGet, static_cast<u32>(number));
  }
}

Result<bool> PickleSaver::write_get_if_known(Value v) {
  if (fast_) return false;
  i64 number = memo()->find(v);
  if (number < 0) return false;
  if (bin_ && number > 0xFFFFFFFF) return raise_pickling(thread_, "memo id too large for LONG_BINGET");
  write_get(number);
  return true;
}

// ---------------------------------------------------------------------------------------------------------------- dispatch

Result<bool> PickleSaver::save_persistent(Value v) {
  Value id = TRY(call(thread_, persistent_id_, v));
  if (id.is_none()) return false;
  if (bin_) {
    TRY(save_without_persistent_id(id));
    out_.op(kOpBinPersId);
    return true;
  }
  Str* text = TRY(str_of(thread_, id));
  if (!text->is_ascii()) return raise_pickling(thread_, "persistent IDs in protocol 0 must be ASCII strings");
  out_.op(kOpPersId);
  out_.text(text->ascii());
  out_.op('\n');
  return true;
}

Result<void> PickleSaver::save(Value v) {
  if (persistent_id_.is_present()) [[unlikely]] {
    TRY(boundary());
    if (TRY(save_persistent(v))) return ok;
  }
  return save_without_persistent_id(v);
}

Result<void> PickleSaver::save_without_persistent_id(Value v) {
  TRY(boundary());
  if (v.is_small_int()) return save_small_int(v.small_int());
  if (v.is_immediate_float()) return save_float(v.immediate_float());
  if (v.is_cell()) {
    u16 kind = v.cell()->kind_word();
    if (kind == kKindBigInt) return save_long(v);
    if (kind == kKindFloat) return save_float(v.as<Float>()->value());
    if (TRY(write_get_if_known(v))) return ok;
    if (kind == kKindStr) return save_str(v.as<Str>());
    if (kind == kKindBytes) return save_bytes(v.as<Bytes>());
  } else {
    if (v.is_none() || v.is_bool()) {
      write_constant(v);
      return ok;
    }
    if (TRY(write_get_if_known(v))) return ok;
  }
  return save_nested(v);
}

Result<void> PickleSaver::save_nested(Value v) {
  NativeDepth depth(thread_, " while pickling an object");
  TRY(depth.check());
  if (v.is_cell()) {
    switch (v.cell()->kind_word()) {
      case kKindDict: return save_dict(v.as<Dict>());
      case kKindList: return save_list(v.as<List>());
      case kKindTuple: return save_tuple(v.as<Tuple>());
      case kKindSet: return save_set(v.as<Set>());
      case kKindFrozenSet: return save_frozenset(v.as<Set>());
      case kKindByteArray: return save_bytearray(v.as<ByteArray>());
    }
    if (is_exact<PickleBuffer>(v)) return save_pickle_buffer(v.as<PickleBuffer>());
  }
  return save_object(v);
}

// ---------------------------------------------------------------------------------------------------------------- numbers

void PickleSaver::write_constant(Value v) {
  if (v.is_none())
    out_.op(kOpNone);
  else if (protocol_ >= 2)
    out_.op(v.is_true() ? kOpNewTrue : kOpNewFalse);
  else
    out_.text(v.is_true() ? "I01\n" : "I00\n");
}

// The least number of bytes of v in two's complement.
static usize two_complement_bytes(i64 v) {
  u64 magnitude_bits = v < 0 ? ~static_cast<u64>(v) : static_cast<u64>(v);
  usize bits = 64 - static_cast<usize>(std::countl_zero(magnitude_bits)) + 1;
  return (bits + 7) / 8;
}

Result<void> PickleSaver::save_small_int(i64 v) {
  bool fits32 = v == static_cast<i32>(v);
  if (!bin_) {
    char line[32];
    const char* format = fits32 ? "I%lld\n" : "L%lldL\n";
    out_.text({line, static_cast<usize>(snprintf(line, sizeof line, format, static_cast<long long>(v)))});
  } else if (fits32) {
    if (static_cast<u64>(v) <= 0xFF)
      out_.op_u8(kOpBinInt1, static_cast<u8>(v));
    else if (static_cast<u64>(v) <= 0xFFFF)
      out_.op_u16(kOpBinInt2, static_cast<u16>(v));
    else
      out_.op_u32(kOpBinInt, static_cast<u32>(v));
  } else if (protocol_ >= 2) {
    usize n = two_complement_bytes(v);
    out_.op_u8(kOpLong1, static_cast<u8>(n));
    memcpy(out_.claim(n), &v, n);
  } else {
    return save_long(Value::of_small_int(v));
  }
  return ok;
}

// v is an exact int.
Result<void> PickleSaver::save_long(Value v) {
  if (protocol_ < 2) {
    Str* digits = TRY(int_to_text(thread_, v, 10, false));
    out_.op(kOpLong);
    out_.text(digits->ascii());
    out_.text("L\n");
    return ok;
  }
  Bytes* bytes;
  {
    usize n = static_cast<usize>(int_bit_length(v) / 8 + 1);
    bytes = TRY(bytes_allocate(thread_, n));
    IntView view(v);
    u8* to = bytes_mutable_data(bytes);
    bool carry = true;
    for (usize i = 0; i < n; ++i) {
      usize limb = i / sizeof(Limb);
      u8 byte = limb < view->size ? static_cast<u8>(view->limbs[limb] >> (8 * (i % sizeof(Limb)))) : 0;
      if (view->negative) {
        byte = static_cast<u8>(~byte + carry);
        carry = carry && byte == 0;
      }
      to[i] = byte;
    }
    // -2^(8k-1) has a byte too many.
    if (view->negative && n > 1 && to[n - 1] == 0xFF && (to[n - 2] & 0x80)) --n;
    if (n > 0x7FFFFFFF) return raise_overflow_error(thread_, "int too large to pickle");
    if (n < 256)
      out_.op_u8(kOpLong1, static_cast<u8>(n));
    else
      out_.op_u32(kOpLong4, static_cast<u32>(n));
    out_.bytes(to, n);
  }
  return ok;
}

Result<void> PickleSaver::save_float(double d) {
  if (bin_) {
    u8* at = out_.claim(9);
    u64 bits = __builtin_bswap64(std::bit_cast<u64>(d));
    at[0] = kOpBinFloat;
    memcpy(at + 1, &bits, 8);
    return ok;
  }
  char text[kFloatReprMax];
  usize n = float_repr(d, text);
  out_.op(kOpFloat);
  out_.bytes(text, n);
  out_.op('\n');
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- text, bytes

// Protocol 0: raw-unicode-escape, with what would end the line or the escape escaped too.
void PickleSaver::save_unicode_line(Str* s) {
  out_.op(kOpUnicode);
  for (Index i = 0, n = s->length(); i < n; ++i) {
    u32 c = s->at(i);
    if (c < 0x100 && c != '\\' && c != 0 && c != '\n' && c != '\r' && c != 0x1A) {
      out_.op(static_cast<u8>(c));
    } else {
      int digits = c >= 0x10000 ? 8 : 4;
      u8* at = out_.claim(2 + static_cast<usize>(digits));
      at[0] = '\\';
      at[1] = digits == 8 ? 'U' : 'u';
      for (int d = 0; d < digits; ++d) at[2 + d] = static_cast<u8>("0123456789abcdef"[(c >> (4 * (digits - 1 - d))) & 15]);
    }
  }
  out_.op('\n');
}

Result<void> PickleSaver::save_str(Str* s) {
  if (!bin_) {
    save_unicode_line(s);
    return memoize(Value(s));
  }
  Value owner;
  std::string_view text = s->is_ascii() ? s->ascii() : str_utf8_lossy(thread_, s, &owner);
  KeepAlive keep(owner);
  usize n = text.size();
  u8 header[9];
  usize header_size;
  if (n <= 0xFF && protocol_ >= 4) {
    header[0] = kOpShortBinUnicode;
    header[1] = static_cast<u8>(n);
    header_size = 2;
  } else if (n <= 0xFFFFFFFF) {
    header[0] = kOpBinUnicode;
    memcpy(header + 1, &n, 4);
    header_size = 5;
  } else if (protocol_ >= 4) {
    header[0] = kOpBinUnicode8;
    memcpy(header + 1, &n, 8);
    header_size = 9;
  } else {
    return raise_overflow_error(thread_, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
  }
  TRY(write_payload(header, header_size, reinterpret_cast<const u8*>(text.data()), n, Value()));
  return memoize(Value(s));
}

Result<void> PickleSaver::save_bytes_data(Value owner, const u8* data, usize n) {
  u8 header[9];
  usize header_size;
  if (n <= 0xFF) {
    header[0] = kOpShortBinBytes;
    header[1] = static_cast<u8>(n);
    header_size = 2;
  } else if (n <= 0xFFFFFFFF) {
    header[0] = kOpBinBytes;
    memcpy(header + 1, &n, 4);
    header_size = 5;
  } else if (protocol_ >= 4) {
    header[0] = kOpBinBytes8;
    memcpy(header + 1, &n, 8);
    header_size = 9;
  } else {
    return raise_overflow_error(thread_, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
  }
  TRY(write_payload(header, header_size, data, n, owner));
  return memoize(owner);
}

Result<void> PickleSaver::save_bytes(Bytes* b) {
  if (protocol_ >= 3) return save_bytes_data(Value(b), b->data(), static_cast<usize>(b->length()));
  // Python 2 has no type for it: text, encoded when it is read.
  NativeDepth depth(thread_, " while pickling an object");
  TRY(depth.check());
  if (b->length() == 0) return save_reduce(TRY(tuple_of(thread_, Value(types.bytes), Value(empty_tuple()))), Value(b));
  Value text = Value(TRY(str_from_latin1(thread_, b->data(), static_cast<usize>(b->length()))));
  Value args = Value(TRY(tuple_of(thread_, text, Value(intern(thread_, "latin1")))));
  return save_reduce(TRY(tuple_of(thread_, pickle_globals->codecs_encode.get(), args)), Value(b));
}

Result<void> PickleSaver::save_bytearray_data(Value owner, const u8* data, usize n) {
  u8 header[9];
  header[0] = kOpByteArray8;
  memcpy(header + 1, &n, 8);
  TRY(write_payload(header, 9, data, n, owner));
  return memoize(owner);
}

Result<void> PickleSaver::save_bytearray(ByteArray* b) {
  if (protocol_ >= 5) {
    BufferView view;  // holds its size
    if (!convert_buffer(thread_, Value(b), &view)) return failed;
    Result<void> done = save_bytearray_data(Value(b), view.data, view.size);
    release_buffer(view);
    return done;
  }
  Value args = Value(empty_tuple());
  if (b->length() > 0) {
    Value content = Value(TRY(bytes_from_object(thread_, Value(b))));
    args = Value(TRY(tuple_of(thread_, content)));
  }
  return save_reduce(TRY(tuple_of(thread_, Value(types.bytearray), args)), Value(b));
}

Result<void> PickleSaver::save_pickle_buffer(PickleBuffer* buffer) {
  if (protocol_ < 5) return raise_pickling(thread_, "PickleBuffer can only pickled with protocol >= 5");
  MemoryView* view = buffer->view_.get();
  if (!view) return raise_value_error(thread_, "operation forbidden on released PickleBuffer object");
  if (!memoryview_is_contiguous(view))
    return raise_pickling(thread_, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
  bool in_band = true;
  if (buffer_callback_.is_present()) in_band = TRY(truth(thread_, TRY(call(thread_, buffer_callback_, Value(buffer)))));
  if (!in_band) {
    out_.op(kOpNextBuffer);
    if (view->readonly_) out_.op(kOpReadOnlyBuffer);
    return ok;
  }
  BufferInfo info;
  TRY(memoryview_get_buffer(thread_, view, &info, false));
  Result<void> done = view->readonly_ ? save_bytes_data(Value(buffer), info.data, info.size)
                                      : save_bytearray_data(Value(buffer), info.data, info.size);
  memoryview_release_buffer(view);
  return done;
}

// ---------------------------------------------------------------------------------------------------------------- sequences

// fast: no memo, so cycles are looked for once nesting gets deep.
Result<void> PickleSaver::fast_enter(Value v) {
  static constexpr int kNestingLimit = 50;
  if (++fast_nesting_ < kNestingLimit) return ok;
  if (!fast_memo_) fast_memo_ = TRY(make_dict(thread_));
  Value key = TRY(int_from_u64(thread_, object_id(v)));
  if (TRY(dict_find(thread_, fast_memo_, key)) != kNotFound) {
    char address[32];
    usize n = static_cast<usize>(snprintf(address, sizeof address, "0x%llx", static_cast<unsigned long long>(object_id(v))));
    return raise_value_error(thread_, "fast mode: can't pickle cyclic objects including object type {!t} at {}", v,
                             std::string_view(address, n));
  }
  return dict_set(thread_, fast_memo_, key, kNone);
}
void PickleSaver::fast_leave(Value v) {
  if (fast_nesting_-- < 50 || !fast_memo_) return;
  Result<Value> key = int_from_u64(thread_, object_id(v));
  if (key.is_failed() || dict_remove(thread_, fast_memo_, key.value()).is_failed()) thread_.clear_pending();  // no memory: stays
}

Result<void> PickleSaver::save_tuple(Tuple* t) {
  Index n = t->length();
  if (n == 0) {
    if (bin_)
      out_.op(kOpEmptyTuple);
    else
      out_.text("(t");
    return ok;
  }
  bool is_short = n <= 3 && protocol_ >= 2;
  if (!is_short) out_.op(kOpMark);
  for (Index i = 0; i < n; ++i) TRY(save(t->at(i)));
  i64 number = fast_ ? -1 : memo()->find(Value(t));
  if (number >= 0) {  // it contains itself, and was written meanwhile
    if (is_short || !bin_) {
      for (Index i = 0; i < n + !is_short; ++i) out_.op(kOpPop);
    } else {
      out_.op(kOpPopMark);
    }
    write_get(number);
    return ok;
  }
  out_.op(is_short ? static_cast<u8>(kOpTuple1 + n - 1) : static_cast<u8>(kOpTuple));
  return memoize(Value(t));
}

Result<void> PickleSaver::batch_list(List* list) {
  list = TRY(list_at_this_moment(thread_, list));
  if (list->length() == 1) {
    Value only = list->try_at(0);
    if (only.is_absent()) return ok;  // another thread has taken it
    TRY(save(only));
    out_.op(kOpAppend);
    return ok;
  }
  Index i = 0;
  do {
    out_.op(kOpMark);
    for (Index batch = 0; batch < kPickleBatch; ++batch) {
      Value item = list->try_at(i);
      if (item.is_absent()) break;
      TRY(save(item));
      ++i;
    }
    out_.op(kOpAppends);
  } while (i < list->length());
  return ok;
}

Result<void> PickleSaver::save_list(List* list) {
  if (fast_) TRY(fast_enter(Value(list)));
  if (bin_)
    out_.op(kOpEmptyList);
  else
    out_.text("(l");
  TRY(memoize(Value(list)));
  if (list->length() != 0) {
    if (protocol_ > 0)
      TRY(batch_list(list));
    else
      TRY(batch_items(TRY(get_whole_iter(thread_, Value(list)))));
  }
  if (fast_) fast_leave(Value(list));
  return ok;
}

// Items of an iterator, for the list on top of the reader's stack.
Result<void> PickleSaver::batch_items(Value iterator) {
  if (protocol_ == 0) {
    for (;;) {
      Value item = TRY(iter_next(thread_, iterator));
      if (item == kExhausted) return ok;
      TRY(save(item));
      out_.op(kOpAppend);
    }
  }
  Index n;
  do {
    Value first = TRY(iter_next(thread_, iterator));
    if (first == kExhausted) return ok;
    Value item = TRY(iter_next(thread_, iterator));
    if (item == kExhausted) {
      TRY(save(first));
      out_.op(kOpAppend);
      return ok;
    }
    out_.op(kOpMark);
    TRY(save(first));
    for (n = 1; item != kExhausted;) {
      TRY(save(item));
      if (++n == kPickleBatch) break;
      item = TRY(iter_next(thread_, iterator));
    }
    out_.op(kOpAppends);
  } while (n == kPickleBatch);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- dict, set

Result<void> PickleSaver::batch_dict(Dict* dict) {
  dict = TRY(dict_at_this_moment(thread_, dict));
  Index length = dict->length(), position = 0, batch;
  Value key, value;
  if (length == 1) {
    if (!dict_next(dict, &position, &key, &value)) return ok;
    TRY(save(key));
    TRY(save(value));
    out_.op(kOpSetItem);
    return ok;
  }
  do {
    out_.op(kOpMark);
    for (batch = 0; batch < kPickleBatch && dict_next(dict, &position, &key, &value); ++batch) {
      TRY(save(key));
      TRY(save(value));
    }
    out_.op(kOpSetItems);
    if (dict->length() != length) return raise_runtime_error(thread_, "dictionary changed size during iteration");
  } while (batch == kPickleBatch);
  return ok;
}

Result<void> PickleSaver::save_dict(Dict* dict) {
  if (fast_) TRY(fast_enter(Value(dict)));
  if (bin_)
    out_.op(kOpEmptyDict);
  else
    out_.text("(d");
  TRY(memoize(Value(dict)));
  if (dict->length() != 0) {
    if (protocol_ > 0)
      TRY(batch_dict(dict));
    else
      TRY(batch_dict_items(TRY(get_iter(thread_, TRY(call_method(thread_, Value(dict), names.items))))));
  }
  if (fast_) fast_leave(Value(dict));
  return ok;
}

Result<void> PickleSaver::save_pair(Value pair) {
  if (!is<Tuple>(pair) || pair.as<Tuple>()->length() != 2)
    return raise_type_error(thread_, "dict items iterator must return 2-tuples");
  TRY(save(pair.as<Tuple>()->at(0)));
  return save(pair.as<Tuple>()->at(1));
}

Result<void> PickleSaver::batch_dict_items(Value iterator) {
  if (protocol_ == 0) {
    for (;;) {
      Value pair = TRY(iter_next(thread_, iterator));
      if (pair == kExhausted) return ok;
      TRY(save_pair(pair));
      out_.op(kOpSetItem);
    }
  }
  Index n;
  do {
    Value first = TRY(iter_next(thread_, iterator));
    if (first == kExhausted) return ok;
    if (!is<Tuple>(first) || first.as<Tuple>()->length() != 2)
      return raise_type_error(thread_, "dict items iterator must return 2-tuples");
    Value pair = TRY(iter_next(thread_, iterator));
    if (pair == kExhausted) {
      TRY(save_pair(first));
      out_.op(kOpSetItem);
      return ok;
    }
    out_.op(kOpMark);
    TRY(save_pair(first));
    for (n = 1; pair != kExhausted;) {
      TRY(save_pair(pair));
      if (++n == kPickleBatch) break;
      pair = TRY(iter_next(thread_, iterator));
    }
    out_.op(kOpSetItems);
  } while (n == kPickleBatch);
  return ok;
}

// Before protocol 4: type(list of items).
Result<void> PickleSaver::save_set_by_list(Set* set) {
  Value items = Value(TRY(list_from_iterable(thread_, Value(set))));
  Value args = Value(TRY(tuple_of(thread_, items)));
  return save_reduce(TRY(tuple_of(thread_, Value(type_of(Value(set))), args)), Value(set));
}

Result<void> PickleSaver::save_set(Set* set) {
  if (protocol_ < 4) return save_set_by_list(set);
  out_.op(kOpEmptySet);
  TRY(memoize(Value(set)));
  set = TRY(set_at_this_moment(thread_, set));
  Index length = set->length(), position = 0, batch;
  if (length == 0) return ok;
  do {
    out_.op(kOpMark);
    Value item;
    for (batch = 0; batch < kPickleBatch && set_next(set, &position, &item); ++batch) TRY(save(item));
    out_.op(kOpAddItems);
    if (set->length() != length) return raise_runtime_error(thread_, "set changed size during iteration");
  } while (batch == kPickleBatch);
  return ok;
}

Result<void> PickleSaver::save_frozenset(Set* set) {
  if (fast_) TRY(fast_enter(Value(set)));
  if (protocol_ < 4) {
    TRY(save_set_by_list(set));
    if (fast_) fast_leave(Value(set));
    return ok;
  }
  out_.op(kOpMark);
  Index position = 0;
  for (Value item; set_next(set, &position, &item);) TRY(save(item));
  i64 number = fast_ ? -1 : memo()->find(Value(set));
  if (number >= 0) {  // it contains itself, and was written meanwhile
    out_.op(kOpPopMark);
    write_get(number);
    return ok;
  }
  if (fast_) fast_leave(Value(set));
  out_.op(kOpFrozenSet);
  return memoize(Value(set));
}

}  // namespace baton
