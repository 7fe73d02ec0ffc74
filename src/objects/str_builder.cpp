// StrBuilder: growing text in malloc memory, widened when a wider character comes, narrowed by build().
#include <cstdlib>
#include <cstring>

#include "base/text_kinds.h"
#include "base/utf8.h"
#include "objects/raise.h"
#include "objects/str.h"

namespace baton {

StrBuilder::~StrBuilder() {
  if (data_ != inline_) free(data_);
}

bool StrBuilder::reserve(Index extra, u32 width) {
  usize units = static_cast<usize>(length_) + static_cast<usize>(extra);
  if (width <= width_ && units * width_ <= capacity_ && extra >= 0) [[likely]]
    return !out_of_memory_;
  if (out_of_memory_ || extra < 0 || units > (usize{1} << 60)) {
    out_of_memory_ = true;
    return false;
  }
  if (width < width_) width = width_;
  usize bytes = units * width;
  if (width == width_ || bytes > capacity_) {
    usize capacity = bytes + bytes / 2;
    u8* data = static_cast<u8*>(malloc(capacity));
    if (!data && capacity > bytes) data = static_cast<u8*>(malloc(capacity = bytes));
    if (!data) {
      out_of_memory_ = true;
      return false;
    }
    convert_kind(static_cast<int>(width), data, static_cast<int>(width_), data_, static_cast<usize>(length_));
    if (data_ != inline_) free(data_);
    data_ = data;
    capacity_ = capacity;
  } else {
    // Widens in place, from the end.
    for (Index i = length_; i-- > 0;)
      put_char_at(static_cast<int>(width), data_, static_cast<usize>(i),
                  char_at(static_cast<int>(width_), data_, static_cast<usize>(i)));
  }
  width_ = width;
  return true;
}

void StrBuilder::append_slow(u32 ch) {
  if (!reserve(1, static_cast<u32>(kind_for(ch)))) return;
  put_char_at(static_cast<int>(width_), data_, static_cast<usize>(length_++), ch);
}

void StrBuilder::append_units(const void* units, Index n, u32 width) {
  if (n <= 0) return;
  if (width == 1 && width_ == 1) {
    if (!reserve(n, 1)) return;
    memcpy(data_ + length_, units, static_cast<usize>(n));
    length_ += n;
    return;
  }
  if (width > width_) {
    u32 needed = static_cast<u32>(kind_for(max_char_class(static_cast<int>(width), units, static_cast<usize>(n))));
    if (!reserve(n, needed)) return;
  } else if (!reserve(n, 1)) {
    return;
  }
  convert_kind(static_cast<int>(width_), data_ + static_cast<usize>(length_) * width_, static_cast<int>(width), units,
               static_cast<usize>(n));
  length_ += n;
}

void StrBuilder::append_ascii(std::string_view text) { append_units(text.data(), static_cast<Index>(text.size()), 1); }

void StrBuilder::append_utf8(std::string_view text) {
  const u8* data = reinterpret_cast<const u8*>(text.data());
  while (!text.empty()) {
    usize ascii = ascii_prefix(data, text.size());
    append_units(data, static_cast<Index>(ascii), 1);
    data += ascii;
    text.remove_prefix(ascii);
    if (text.empty()) return;
    Utf8Scan scan = utf8_scan(data, text.size(), Utf8Surrogates::kPass);
    for (usize at = 0; at < scan.bytes;) {
      usize length;
      append(utf8_get(data + at, &length));
      at += length;
    }
    data += scan.bytes;
    text.remove_prefix(scan.bytes);
    if (scan.fault != Utf8Fault::kNone) {  // not UTF-8: show it as replacement characters
      append(0xFFFD);
      data += scan.fault_length;
      text.remove_prefix(scan.fault_length);
    }
  }
}

void StrBuilder::append(const Str* s) { append_units(s->data(), s->length(), s->width()); }

void StrBuilder::append(const Str* s, Index start, Index stop) {
  append_units(static_cast<const u8*>(s->data()) + static_cast<usize>(start) * s->width(), stop - start, s->width());
}

void StrBuilder::append_repeated(u32 ch, Index n) {
  if (n <= 0 || !reserve(n, static_cast<u32>(kind_for(ch)))) return;
  if (width_ == 1)
    memset(data_ + length_, static_cast<int>(ch), static_cast<usize>(n));
  else
    for (Index i = 0; i < n; ++i) put_char_at(static_cast<int>(width_), data_, static_cast<usize>(length_ + i), ch);
  length_ += n;
}

u32 StrBuilder::at(Index i) const { return char_at(static_cast<int>(width_), data_, static_cast<usize>(i)); }

Result<Str*> StrBuilder::build(Thread& thread) {
  if (out_of_memory_) return raise_memory_error(thread);
  return str_from_units(thread, data_, length_, width_);
}

}  // namespace baton
