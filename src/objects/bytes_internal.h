// What bytes and bytearray share: arguments, spans, and the templates of their common methods (bytes_methods.h).
#pragma once
#include <cstring>

#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/object.h"

namespace baton {

// The content of a bytes or bytearray at one moment. The storage stays alive as long as this does.
struct ByteSpan {
  const u8* data;
  Index size;
  KeepAlive keep;
  std::string_view text() const { return {reinterpret_cast<const char*>(data), static_cast<usize>(size)}; }
};
inline ByteSpan span_of(Thread&, Bytes* self) { return {self->data(), self->length(), KeepAlive(self)}; }
ByteSpan span_of(Thread& thread, ByteArray* self);
// The byte at an index, which counts from the end if it is negative; -1: there is none.
inline int byte_at(Thread&, Bytes* self, Index i) {
  if (i < 0) i += self->length();
  return i < 0 || i >= self->length() ? -1 : self->data()[i];
}
int byte_at(Thread& thread, ByteArray* self, Index i);

inline Result<Bytes*> make_like(Thread& thread, const Bytes*, const u8* data, Index n) {
  return bytes_from(thread, data, static_cast<usize>(n));
}
inline Result<ByteArray*> make_like(Thread& thread, const ByteArray*, const u8* data, Index n) {
  return bytearray_from(thread, data, static_cast<usize>(n));
}
Bytes* kept_empty_bytes();  // b"", which stays as long as the process; null: not made yet
// A new object of n bytes to be filled at once through *out.
Result<Bytes*> allocate_like(Thread& thread, const Bytes*, Index n, u8** out);
Result<ByteArray*> allocate_like(Thread& thread, const ByteArray*, Index n, u8** out);
// The content unchanged: an exact bytes object answers itself.
Result<Bytes*> unchanged(Thread& thread, Bytes* self);
Result<ByteArray*> unchanged(Thread& thread, ByteArray* self);
// The last n bytes, or those that there are; many of them share the storage (raw_bytes.h).
Result<Bytes*> end_of(Thread& thread, Bytes* whole, Index n);
Result<ByteArray*> end_of(Thread& thread, ByteArray* self, Index n);

// A bytes-like argument, held for the call.
class BytesArg {
 public:
  BytesArg() = default;
  ~BytesArg() { release_buffer(view_); }
  BytesArg(const BytesArg&) = delete;
  BytesArg& operator=(const BytesArg&) = delete;
  Result<void> take(Thread& thread, Value v);  // "a bytes-like object is required, not 'str'"
  Result<void> take_or_byte(Thread& thread,
                            Value v);  // also an int in range(256); "argument should be integer or bytes-like object, ..."
  const u8* data() const { return view_.data; }
  Index size() const { return static_cast<Index>(view_.size); }

 private:
  BufferView view_;
  u8 byte_ = 0;
};

// An int in range(256): ValueError "byte must be in range(0, 256)".
Result<u8> byte_value(Thread& thread, Value v, const char* what = "byte");
inline bool is_index(Value v) {
  return v.is_small_int() || v.is_bool() || (v.is_cell() && type_of(v)->slot(Slot::index).is_present());
}

inline bool byte_is_space(u8 ch) { return ch == ' ' || (ch >= 9 && ch <= 13); }
inline bool byte_is_upper(u8 ch) { return ch >= 'A' && ch <= 'Z'; }
inline bool byte_is_lower(u8 ch) { return ch >= 'a' && ch <= 'z'; }
inline bool byte_is_digit(u8 ch) { return ch >= '0' && ch <= '9'; }
inline bool byte_is_alpha(u8 ch) { return byte_is_upper(ch) || byte_is_lower(ch); }

Result<Bytes*> bytes_maketrans(Thread& thread, Value from, Value to);
Result<Value> decode_bytes_hex(Thread& thread, Str* text, u8* out, Index* length);  // out: at least text length / 2 bytes
Result<Str*> bytes_hex_method(Thread& thread, ByteSpan span, Optional<Value> sep, Index bytes_per_sep);
// repr with or without an escape for every single quote (bytearray).
Result<Str*> bytes_repr_with(Thread& thread, std::string_view content, bool escape_single);
// Appends the ints of an iterable (or the bytes of a buffer) to malloc memory; see bytes_from_object.
class ByteBuilder {
 public:
  ByteBuilder() = default;
  ~ByteBuilder();
  ByteBuilder(const ByteBuilder&) = delete;
  ByteBuilder& operator=(const ByteBuilder&) = delete;
  bool append(const void* data, usize n);  // false: out of memory
  bool push(u8 byte) {
    if (size_ == capacity_ && !grow(1)) return false;
    data_[size_++] = byte;
    return true;
  }
  // n more bytes to be filled by the caller; null: out of memory (or n == 0 in an empty builder).
  u8* extend(usize n) {
    if (size_ + n > capacity_ && !grow(n)) return nullptr;
    u8* at = data_ + size_;
    size_ += n;
    return at;
  }
  u8* data() { return data_; }
  usize size() const { return size_; }
  // Items of an iterable of ints, or of its iterator, which isn't asked for __iter__ again. out_of_range: "bytes" or "byte" of
  // the ValueError.
  Result<void> extend(Thread& thread, Value source, const char* out_of_range, bool is_iterator = false);

 private:
  bool grow(usize extra);
  u8* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};
// The constructors' common part: fills `out` from source/encoding/errors. *whole: set instead when source is bytes already.
Result<void> bytes_construct(Thread& thread, const char* type_name, Optional<Value> source, Optional<Value> encoding,
                             Optional<Value> errors, ByteBuilder* out, Value* whole);

}  // namespace baton
