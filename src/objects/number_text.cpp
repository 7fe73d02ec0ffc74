// NumberText: see number_text.h.
#include "objects/number_text.h"

#include <cstring>

#include "base/bigint.h"
#include "base/float_text.h"
#include "base/unicode.h"
#include "objects/raise.h"
#include "objects/str.h"

namespace baton {

char* NumberText::room(usize n) {
  if (n <= sizeof(inline_)) return text_ = inline_;
  free(heap_);
  heap_ = static_cast<char*>(malloc(n));
  return text_ = heap_;
}

Result<void> NumberText::set_int(Thread& thread, Value v, int base) {
  if (v.is_small_int()) {
    i64 value = v.small_int();
    if (base == 10) {
      size_ = i64_to_decimal(text_ = inline_, value);
      return ok;
    }
    u64 magnitude = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
    char reversed[72];
    usize n = 0;
    do {
      reversed[n++] = "0123456789abcdef"[magnitude % static_cast<u64>(base)];
      magnitude /= static_cast<u64>(base);
    } while (magnitude);
    if (value < 0) reversed[n++] = '-';
    text_ = inline_;
    for (usize i = 0; i < n; ++i) inline_[i] = reversed[n - 1 - i];
    size_ = n;
    return ok;
  }
  Str* digits = TRY(int_to_text(thread, v, base, false));
  size_ = static_cast<usize>(digits->length());
  char* to = room(size_);
  if (!to) return raise_memory_error(thread);
  memcpy(to, digits->data(), size_);
  return ok;
}

Result<void> NumberText::set_float(Thread& thread, double value, char code, int precision, u32 flags) {
  char* to = room(float_format_bound(code, precision));
  if (!to) return raise_memory_error(thread);
  size_ = float_format(value, code, precision, flags, to);
  return ok;
}

void NumberText::make_upper() {
  for (usize i = 0; i < size_; ++i) text_[i] = static_cast<char>(ascii_to_upper(static_cast<u8>(text_[i])));
}

}  // namespace baton
