// See text_util.h.
#include "syntax/text_util.h"

#include <cstdio>

#include "base/utf8.h"

namespace baton::syntax {

static Utf8Scan scan_text(std::string_view text) {
  return utf8_scan(reinterpret_cast<const u8*>(text.data()), text.size(), Utf8Surrogates::kPass);
}

i32 count_characters(std::string_view text) {
  i32 count = 0;
  while (!text.empty()) {
    Utf8Scan scan = scan_text(text);
    count += static_cast<i32>(scan.chars);
    if (scan.fault == Utf8Fault::kNone) break;
    ++count;
    text.remove_prefix(scan.bytes + scan.fault_length);
  }
  return count;
}

std::string_view replace_invalid(Arena& arena, std::string_view text) {
  if (scan_text(text).fault == Utf8Fault::kNone) return text;
  char* out = static_cast<char*>(arena.allocate(text.size() * 3 + 1));
  usize size = 0;
  while (!text.empty()) {
    Utf8Scan scan = scan_text(text);
    memcpy(out + size, text.data(), scan.bytes);
    size += scan.bytes;
    if (scan.fault == Utf8Fault::kNone) break;
    size += utf8_put(0xFFFD, reinterpret_cast<u8*>(out + size));
    text.remove_prefix(scan.bytes + scan.fault_length);
  }
  out[size] = 0;
  return {out, size};
}

std::string_view utf8_decode_message(Arena& arena, std::string_view text) {
  Utf8Scan scan = scan_text(text);
  if (scan.fault == Utf8Fault::kNone) return {};
  char message[120];
  int length;
  if (scan.fault_length > 1) {
    length = snprintf(message, sizeof message, "'utf-8' codec can't decode bytes in position %zu-%zu: %s", scan.bytes,
                      scan.bytes + scan.fault_length - 1, utf8_fault_text(scan.fault));
  } else {
    length = snprintf(message, sizeof message, "'utf-8' codec can't decode byte 0x%02x in position %zu: %s",
                      static_cast<u8>(text[scan.bytes]), scan.bytes, utf8_fault_text(scan.fault));
  }
  return arena.copy({message, static_cast<usize>(length)});
}

std::string_view line_around(const char* begin, const char* end, const char* at) {
  const char* start = at;
  while (start > begin && start[-1] != '\n') --start;
  auto* newline = static_cast<const char*>(memchr(at, '\n', end - at));
  const char* limit = newline ? newline + 1 : end;
  return {start, static_cast<usize>(limit - start)};
}

}  // namespace baton::syntax
