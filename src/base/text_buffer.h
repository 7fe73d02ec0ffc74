// Growing buffers outside the heap for codecs and formatters: TextBuffer holds characters at the narrowest kind that has been
// needed so far, ByteBuffer bytes. Running out of memory is sticky: later additions do nothing and failed() tells at the end.
#pragma once
#include "base/text_kinds.h"
#include "base/types.h"

namespace baton {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  ~ByteBuffer();

  void push(u8 byte) {
    if (size_ == capacity_ && !grow(1)) return;
    data_[size_++] = byte;
  }
  void append(const void* bytes, usize count);
  void append_text(const char* text);  // up to its terminator
  // `count` bytes of space at the end that the caller fills at once and completely; null if there is no memory.
  u8* extend(usize count);
  void truncate(usize size) { size_ = size; }
  const u8* data() const { return data_; }
  u8* data() { return data_; }
  usize size() const { return size_; }
  bool failed() const { return failed_; }

 private:
  bool grow(usize more);
  u8* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
  bool failed_ = false;
};

class TextBuffer {
 public:
  TextBuffer() = default;
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;
  ~TextBuffer();

  void push(u32 ch) {
    if ((ch >> 8 && ch > limit_ && !widen(ch)) || (size_ == capacity_ && !grow(1))) return;
    put_char_at(kind_, data_, size_++, ch);
  }
  void append(int kind, const void* text, usize length);
  void append_latin1(const u8* text, usize length);
  void append_ascii(const char* text);  // up to its terminator
  // Decodes bytes that utf8_scan has accepted with this result.
  void append_utf8(const u8* data, usize bytes, usize chars, u32 max_char);
  void truncate(usize size) { size_ = size; }

  int kind() const { return kind_; }  // may be wider than needed after truncate(): max_char_class() tells
  const void* data() const { return data_; }
  usize size() const { return size_; }
  u32 at(usize i) const { return char_at(kind_, data_, i); }
  u32 max_char_class() const { return baton::max_char_class(kind_, data_, size_); }
  bool failed() const { return failed_; }

 private:
  bool grow(usize more);
  bool widen(u32 ch);
  void* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
  u32 limit_ = 0xFF;  // the widest character the kind holds
  int kind_ = 1;
  bool failed_ = false;
};

}  // namespace baton
