// Character names. A name is stored as numbers of words; frequent words take one byte, others two. Names are ordered by code
// point and each is preceded by its length, with an index to every eighth. A hash table leads from names to that order.
// Hangul syllables and unified ideographs are computed. Aliases and named sequences lie apart as plain sorted text.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "base/unicode.h"
#include "base/unicode_tables.h"

namespace baton {

using namespace unicode_detail;

namespace {
#include "unicode_names.inc"

static_assert(kLongestName < kUnicodeNameMax);

constexpr char kHangulPrefix[] = "HANGUL SYLLABLE ", kIdeographPrefix[] = "CJK UNIFIED IDEOGRAPH-";
constexpr u32 kHangulBase = 0xAC00, kVCount = 21, kTCount = 28, kHangulCount = 11172;
}  // namespace

// Where the names of each 256 code points begin among all.
struct NameBlocks {
  u16 first[(0x110000 >> 8) + 1];
};
static constexpr NameBlocks name_blocks() {
  static_assert(kNameCount <= 0xFFFF);
  NameBlocks blocks{};
  usize at = 0;
  for (u32 block = 0; block < std::size(blocks.first); ++block) {
    while (at < kNameCount && name_codes[at] >> 8 < block) ++at;
    blocks.first[block] = static_cast<u16>(at);
  }
  return blocks;
}
static constexpr NameBlocks kNameBlocks = name_blocks();

// The number of the character's name; kNameCount: it has none there.
static usize name_index(u32 ch) {
  usize first = kNameBlocks.first[ch >> 8], end = kNameBlocks.first[(ch >> 8) + 1];
  if (first == end) return kNameCount;
  // Most blocks have no gap before the character, or none behind it.
  u32 distance = ch - name_codes[first];
  if (usize guess = first + distance; distance < end - first && name_codes[guess] == ch) return guess;
  distance = name_codes[end - 1] - ch;
  if (usize guess = end - 1 - distance; distance < end - first && name_codes[guess] == ch) return guess;
  const u32* found = std::lower_bound(name_codes + first, name_codes + end, ch);
  return found != name_codes + end && *found == ch ? static_cast<usize>(found - name_codes) : kNameCount;
}

static bool is_ideograph(u32 ch) {
  for (usize i = 0; i < std::size(ideograph_ranges); i += 2) {
    if (ch >= ideograph_ranges[i] && ch <= ideograph_ranges[i + 1]) return true;
  }
  return false;
}

// Appends word number `n`; returns the new length.
static usize put_word(char* out, usize length, u32 n) {
  const u8* p = word_bytes + word_offsets[n / 8];
  for (u32 skip = n % 8; skip; --skip) {
    while (!(*p & 0x80)) ++p;
    ++p;
  }
  if (length && out[length - 1] != '-' && out[length - 1] != ' ') out[length++] = ' ';
  while (!(*p & 0x80)) out[length++] = static_cast<char>(*p++);
  out[length++] = static_cast<char>(*p & 0x7F);
  return length;
}

static usize put_name(char* out, usize index) {
  const u8* p = name_data + name_starts[index / 8];
  for (usize skip = index % 8; skip; --skip) p += 1 + p[0];
  const u8* end = p + 1 + p[0];
  usize length = 0;
  for (++p; p < end;) {
    u32 n = *p++;
    if (n >= kShortWords) n = kShortWords + ((n - kShortWords) << 8 | *p++);
    length = put_word(out, length, n);
  }
  return length;
}

static usize put_text(char* out, usize length, const char* text) {
  usize n = strlen(text);
  memcpy(out + length, text, n);
  return length + n;
}

static usize hangul_name(u32 index, char* out) {
  usize length = put_text(out, 0, kHangulPrefix);
  length = put_text(out, length, jamo_l[index / (kVCount * kTCount)]);
  length = put_text(out, length, jamo_v[index / kTCount % kVCount]);
  return put_text(out, length, jamo_t[index % kTCount]);
}

usize unicode_name(u32 ch, char* out, UcdVersion version) {
  if (ch > 0x10FFFF) return 0;
  if (version == UcdVersion::k3_2_0 && !(record_of(ch).flags & kAssigned32)) return 0;
  if (ch - kHangulBase < kHangulCount) return hangul_name(ch - kHangulBase, out);
  if (is_ideograph(ch)) return static_cast<usize>(snprintf(out, kUnicodeNameMax, "%s%X", kIdeographPrefix, ch));
  usize index = name_index(ch);
  return index == kNameCount ? 0 : put_name(out, index);
}

static bool has_prefix(const char* name, usize length, const char* prefix, usize prefix_length) {
  return length >= prefix_length && memcmp(name, prefix, prefix_length) == 0;
}

// The longest of `count` jamo that begins the text; -1 if none does (an empty one always does).
static int match_jamo(const char* const* jamo, int count, const char* text, usize length, usize* matched) {
  int best = -1;
  *matched = 0;
  for (int i = 0; i < count; ++i) {
    usize n = strlen(jamo[i]);
    if ((best < 0 || n > *matched) && n <= length && memcmp(text, jamo[i], n) == 0) {
      best = i;
      *matched = n;
    }
  }
  return best;
}

static bool lookup_hangul(const char* text, usize length, u32* ch) {
  usize n;
  int l = match_jamo(jamo_l, 19, text, length, &n);
  text += n, length -= n;
  int v = match_jamo(jamo_v, 21, text, length, &n);
  text += n, length -= n;
  int t = match_jamo(jamo_t, 28, text, length, &n);
  if (l < 0 || v < 0 || t < 0 || n != length) return false;
  *ch = kHangulBase + (static_cast<u32>(l) * kVCount + static_cast<u32>(v)) * kTCount + static_cast<u32>(t);
  return true;
}

static bool lookup_ideograph(const char* text, usize length, u32* ch) {
  if (length != 4 && length != 5) return false;
  u32 value = 0;
  for (usize i = 0; i < length; ++i) {
    char digit = text[i];
    if (digit >= '0' && digit <= '9')
      value = value * 16 + static_cast<u32>(digit - '0');
    else if (digit >= 'A' && digit <= 'F')
      value = value * 16 + static_cast<u32>(digit - 'A' + 10);
    else
      return false;
  }
  *ch = value;
  return is_ideograph(value);
}

// Upper-cases into `out`; false if it can't be a name.
static bool fold_name(const char* name, usize length, char* out) {
  if (length == 0 || length > kLongestName) return false;
  for (usize i = 0; i < length; ++i) out[i] = static_cast<char>(ascii_to_upper(static_cast<u8>(name[i])));
  return true;
}

// Index among the aliases and sequences, -1 if not there.
static i64 find_extra(const char* name, usize length) {
  usize low = 0, high = kExtraCount;
  while (low < high) {
    usize middle = (low + high) / 2;
    const char* text = reinterpret_cast<const char*>(extra_names) + extra_offsets[2 * middle];
    usize text_length = strlen(text);
    int order = memcmp(text, name, std::min(text_length, length));
    if (order == 0 && text_length == length) return static_cast<i64>(middle);
    if (order < 0 || (order == 0 && text_length < length))
      low = middle + 1;
    else
      high = middle;
  }
  return -1;
}

bool unicode_lookup(const char* name, usize length, u32* ch, UcdVersion version) {
  // The computed names are matched in capitals only.
  if (has_prefix(name, length, kHangulPrefix, sizeof kHangulPrefix - 1)) {
    return lookup_hangul(name + sizeof kHangulPrefix - 1, length - (sizeof kHangulPrefix - 1), ch);
  }
  if (has_prefix(name, length, kIdeographPrefix, sizeof kIdeographPrefix - 1)) {
    return lookup_ideograph(name + sizeof kIdeographPrefix - 1, length - (sizeof kIdeographPrefix - 1), ch);
  }
  char folded[kUnicodeNameMax], candidate[kUnicodeNameMax];
  if (!fold_name(name, length, folded)) return false;
  u32 hash = 0;
  for (usize i = 0; i < length; ++i) hash = hash * 31 + static_cast<u8>(folded[i]);
  for (u32 at = (hash ^ hash >> 15) & (kNameTableSize - 1); name_table[at] != 0xFFFF; at = (at + 1) & (kNameTableSize - 1)) {
    usize index = name_table[at];
    if (put_name(candidate, index) == length && memcmp(candidate, folded, length) == 0) {
      *ch = name_codes[index];
      return version == UcdVersion::k14_0_0 || (record_of(*ch).flags & kAssigned32);
    }
  }
  if (version == UcdVersion::k3_2_0) return false;
  i64 extra = find_extra(folded, length);
  if (extra < 0) return false;
  const u32* target = extra_targets + extra_offsets[2 * extra + 1];
  *ch = target[1];
  return target[0] == 1;
}

usize unicode_lookup_sequence(const char* name, usize length, u32 (&out)[kNamedSequenceMax]) {
  char folded[kUnicodeNameMax];
  if (!fold_name(name, length, folded)) return 0;
  i64 extra = find_extra(folded, length);
  if (extra < 0) return 0;
  const u32* target = extra_targets + extra_offsets[2 * extra + 1];
  if (target[0] < 2) return 0;
  for (u32 i = 0; i < target[0]; ++i) out[i] = target[1 + i];
  return target[0];
}

}  // namespace baton
