// Open-addressing table of identifiers. The stored text is the first occurrence in the source.
#include "syntax/names.h"

#include <cstdlib>

#include "base/check.h"
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "base/utf8.h"

namespace baton::syntax {

NameTable::~NameTable() { free(entries_); }

static u32 hash_name(std::string_view text, u8* high_bits) {
  u64 hash = text.size() * 0x9E3779B97F4A7C15u;
  u64 seen = 0;
  const char* p = text.data();
  usize left = text.size();
  for (; left >= 8; left -= 8, p += 8) {
    u64 word;
    memcpy(&word, p, 8);
    seen |= word;
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  if (left) {
    u64 word;
    memcpy(&word, p, 8);
    word &= ~u64{0} >> (64 - 8 * left);
    seen |= word;
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  *high_bits = (seen & 0x8080808080808080u) != 0;
  return static_cast<u32>(hash ^ (hash >> 16));
}

void NameTable::grow() {
  u32 capacity = entries_ ? (mask_ + 1) * 2 : 64;
  auto* fresh = static_cast<Entry*>(calloc(capacity, sizeof(Entry)));
  BATON_CHECK(fresh, "out of memory while parsing");
  for (u32 i = 0; entries_ && i <= mask_; ++i) {
    if (!entries_[i].data) continue;
    u32 at = entries_[i].hash & (capacity - 1);
    while (fresh[at].data) at = (at + 1) & (capacity - 1);
    fresh[at] = entries_[i];
  }
  free(entries_);
  entries_ = fresh;
  mask_ = capacity - 1;
}

std::string_view NameTable::intern(std::string_view text) {
  u8 not_ascii;
  u32 hash = hash_name(text, &not_ascii);
  if (not_ascii) {
    text = normalized(text);
    hash = hash_name(text, &not_ascii);
  }
  if (used_ * 2 >= mask_) grow();
  u32 at = hash & mask_;
  for (; entries_[at].data; at = (at + 1) & mask_) {
    const Entry& entry = entries_[at];
    if (entry.hash == hash && entry.size == text.size() && memcmp(entry.data, text.data(), text.size()) == 0) {
      return {entry.data, entry.size};
    }
  }
  entries_[at] = {text.data(), static_cast<u32>(text.size()), hash};
  ++used_;
  return text;
}

std::string_view NameTable::normalized(std::string_view text) {
  auto* bytes = reinterpret_cast<const u8*>(text.data());
  Utf8Scan scan = utf8_scan(bytes, text.size());
  u32* chars = static_cast<u32*>(malloc(scan.chars * sizeof(u32) + 4));
  BATON_CHECK(chars, "out of memory while parsing");
  usize count = utf8_decode(bytes, scan.bytes, chars);
  CharBuffer result;
  BATON_CHECK(unicode_nfkc(result, 4, chars, count), "out of memory while parsing");
  free(chars);
  char* out = static_cast<char*>(arena_.allocate(result.size() * 4 + 8));
  usize size = 0;
  for (usize i = 0; i < result.size(); ++i) size += utf8_put(result.data()[i], reinterpret_cast<u8*>(out) + size);
  return {out, size};
}

}  // namespace baton::syntax
