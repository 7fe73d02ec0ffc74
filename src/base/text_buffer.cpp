// See text_buffer.h. Capacities double; a TextBuffer that meets a wider character moves to the wider kind once.
#include "base/text_buffer.h"

#include <cstdlib>
#include <cstring>

#include "base/utf8.h"

namespace baton {

static usize grown_capacity(usize size, usize more, usize capacity) {
  usize wanted = capacity < 32 ? 64 : capacity * 2;
  return wanted - size < more ? size + more : wanted;
}

ByteBuffer::~ByteBuffer() { free(data_); }

bool ByteBuffer::grow(usize more) {
  usize capacity = grown_capacity(size_, more, capacity_);
  void* fresh = failed_ ? nullptr : realloc(data_, capacity);
  if (!fresh) {
    failed_ = true;
    return false;
  }
  data_ = static_cast<u8*>(fresh);
  capacity_ = capacity;
  return true;
}

u8* ByteBuffer::extend(usize count) {
  if (capacity_ - size_ < count && !grow(count)) return nullptr;
  size_ += count;
  return data_ + size_ - count;
}

void ByteBuffer::append(const void* bytes, usize count) {
  if (count == 0) return;
  if (u8* at = extend(count)) memcpy(at, bytes, count);
}

void ByteBuffer::append_text(const char* text) { append(text, strlen(text)); }

TextBuffer::~TextBuffer() { free(data_); }

bool TextBuffer::grow(usize more) {
  usize capacity = grown_capacity(size_, more, capacity_);
  void* fresh = failed_ ? nullptr : realloc(data_, capacity * static_cast<usize>(kind_));
  if (!fresh) {
    failed_ = true;
    return false;
  }
  data_ = fresh;
  capacity_ = capacity;
  return true;
}

bool TextBuffer::widen(u32 ch) {
  int kind = kind_for(ch);
  if (kind <= kind_) return true;
  usize capacity = capacity_ < 32 ? 32 : capacity_;
  void* fresh = failed_ ? nullptr : malloc(capacity * static_cast<usize>(kind));
  if (!fresh) {
    failed_ = true;
    return false;
  }
  convert_kind(kind, fresh, kind_, data_, size_);
  free(data_);
  data_ = fresh;
  capacity_ = capacity;
  kind_ = kind;
  limit_ = kind == 2 ? 0xFFFF : 0xFFFFFFFF;
  return true;
}

static void* offset_chars(void* data, int kind, usize count) { return static_cast<u8*>(data) + count * static_cast<usize>(kind); }

void TextBuffer::append(int kind, const void* text, usize length) {
  if (length == 0) return;
  if (kind > kind_) {
    u32 widest = baton::max_char_class(kind, text, length);
    if (widest > limit_ && !widen(widest)) return;
  }
  if (capacity_ - size_ < length && !grow(length)) return;
  convert_kind(kind_, offset_chars(data_, kind_, size_), kind, text, length);
  size_ += length;
}

void TextBuffer::append_latin1(const u8* text, usize length) { append(1, text, length); }
void TextBuffer::append_ascii(const char* text) { append(1, text, strlen(text)); }

void TextBuffer::append_utf8(const u8* data, usize bytes, usize chars, u32 max_char) {
  if (chars == 0 || (max_char > limit_ && !widen(max_char))) return;
  if (capacity_ - size_ < chars && !grow(chars)) return;
  utf8_decode(kind_, data, bytes, offset_chars(data_, kind_, size_));
  size_ += chars;
}

}  // namespace baton
