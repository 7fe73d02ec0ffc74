// Normalisation forms (UAX #15) and decomposition text. Hangul is computed; everything else comes from one sorted table of
// decompositions and one of primary composites.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "base/text_kinds.h"
#include "base/unicode.h"
#include "base/unicode_tables.h"

namespace baton {

using namespace unicode_detail;

namespace {
#include "unicode_normalization.inc"

constexpr const char* tag_texts[] = {"",          "<circle>",   "<compat>", "<final>",    "<font>",    "<fraction>",
                                     "<initial>", "<isolated>", "<medial>", "<narrow>",   "<noBreak>", "<small>",
                                     "<square>",  "<sub>",      "<super>",  "<vertical>", "<wide>"};

constexpr u32 kHangulBase = 0xAC00, kLBase = 0x1100, kVBase = 0x1161, kTBase = 0x11A7;
constexpr u32 kLCount = 19, kVCount = 21, kTCount = 28, kHangulCount = kLCount * kVCount * kTCount;

constexpr u32 kFirstMark = 0x300;  // below it all are starters, and nothing is composed of two
static_assert([] {
  for (u64 pair : composition_pairs)
    if (static_cast<u32>(pair) < kFirstMark) return false;
  return true;
}());

struct Decomposition {
  const u32* chars;
  u32 count;
  u32 tag;  // 0: canonical
};
}  // namespace

// Where a character is in the table of decompositions, or would be. Those of Latin letters, which are most of what is asked for,
// are looked up.
namespace {
constexpr u32 kLatinEnd = 0x250;
struct LatinPlaces {
  u16 places[kLatinEnd];
  constexpr LatinPlaces() : places() {
    u16 at = 0;
    for (u32 ch = 0; ch < kLatinEnd; ++ch) {
      while (at < std::size(decomposition_codes) && decomposition_codes[at] < ch) ++at;
      places[ch] = at;
    }
  }
};
constexpr LatinPlaces kLatinPlaces;
}  // namespace

static usize decomposition_place(u32 ch) {
  if (ch < kLatinEnd) return kLatinPlaces.places[ch];
  return static_cast<usize>(std::lower_bound(decomposition_codes, decomposition_codes + std::size(decomposition_codes), ch) -
                            decomposition_codes);
}

CharBuffer::~CharBuffer() { free(data_); }

bool CharBuffer::reserve(usize capacity) {
  if (capacity <= capacity_) return true;
  void* fresh = realloc(data_, capacity * sizeof(u32));
  if (!fresh) return false;
  data_ = static_cast<u32*>(fresh);
  capacity_ = capacity;
  return true;
}

static bool find_decomposition(u32 ch, UcdVersion version, Decomposition* found) {
  u32 flags = record_of(ch).flags;
  if (!(flags & kHasDecomposition)) return false;
  if (version == UcdVersion::k3_2_0 && !(flags & kAssigned32)) return false;
  const u32* data = decomposition_data + decomposition_offsets[decomposition_place(ch)];
  *found = {data + 1, data[0] & 0xFF, data[0] >> 8};
  return true;
}

usize unicode_decomposition_text(u32 ch, char* out, UcdVersion version) {
  Decomposition found;
  if (!find_decomposition(ch, version, &found)) return 0;
  usize length = strlen(tag_texts[found.tag]);
  memcpy(out, tag_texts[found.tag], length);
  for (u32 i = 0; i < found.count; ++i) {
    if (length) out[length++] = ' ';
    length += static_cast<usize>(snprintf(out + length, 8, "%04X", found.chars[i]));
  }
  return length;
}

static bool push_decomposed(CharBuffer& out, u32 ch, bool compatible, UcdVersion version) {
  if (ch < 0xA0) return out.push(ch);
  if (ch - kHangulBase < kHangulCount) {
    u32 index = ch - kHangulBase, t = index % kTCount;
    return out.push(kLBase + index / (kVCount * kTCount)) && out.push(kVBase + index / kTCount % kVCount) &&
           (t == 0 || out.push(kTBase + t));
  }
  if (version == UcdVersion::k3_2_0) {
    for (usize i = 0; i < std::size(corrections_3_2); i += 2) {
      if (corrections_3_2[i] == ch) return out.push(corrections_3_2[i + 1]);
    }
  }
  Decomposition found;
  if (!find_decomposition(ch, version, &found) || (found.tag && !compatible)) return out.push(ch);
  for (u32 i = 0; i < found.count; ++i) {
    if (!push_decomposed(out, found.chars[i], compatible, version)) return false;
  }
  return true;
}

// Stable counting sort by combining class, for runs too long for insertion.
static bool sort_marks(u32* text, usize length) {
  u32* copy = static_cast<u32*>(malloc(length * sizeof(u32)));
  if (!copy) return false;
  memcpy(copy, text, length * sizeof(u32));
  usize starts[257] = {};
  for (usize i = 0; i < length; ++i) ++starts[record_of(copy[i]).combining + 1];
  for (int order = 0; order < 256; ++order) starts[order + 1] += starts[order];
  for (usize i = 0; i < length; ++i) text[starts[record_of(copy[i]).combining]++] = copy[i];
  free(copy);
  return true;
}

// Sorts each run of non-starters by combining class, stably.
static bool order_marks(u32* text, usize length) {
  for (usize i = 0; i < length;) {
    if (text[i] < kFirstMark || record_of(text[i]).combining == 0) {
      ++i;
      continue;
    }
    usize end = i + 1;
    while (end < length && record_of(text[end]).combining != 0) ++end;
    if (end - i > 16) {
      if (!sort_marks(text + i, end - i)) return false;
      i = end;
      continue;
    }
    for (usize j = i + 1; j < end; ++j) {
      u32 ch = text[j];
      u8 order = record_of(ch).combining;
      usize k = j;
      for (; k > i && record_of(text[k - 1]).combining > order; --k) text[k] = text[k - 1];
      text[k] = ch;
    }
    i = end;
  }
  return true;
}

// The primary composite of two characters, 0 if there is none.
static u32 compose(u32 first, u32 second) {
  if (first - kLBase < kLCount && second - kVBase < kVCount) {
    return kHangulBase + ((first - kLBase) * kVCount + (second - kVBase)) * kTCount;
  }
  if (first - kHangulBase < kHangulCount && (first - kHangulBase) % kTCount == 0 && second - (kTBase + 1) < kTCount - 1) {
    return first + (second - kTBase);
  }
  if (second < kFirstMark) return 0;  // as most are
  u64 key = static_cast<u64>(first) << 32 | second;
  const u64* end = composition_pairs + std::size(composition_pairs);
  const u64* at = std::lower_bound(composition_pairs, end, key);
  return at != end && *at == key ? composition_results[at - composition_pairs] : 0;
}

// Composes decomposed text in place; returns the new length.
static usize compose_text(u32* text, usize length) {
  constexpr usize kNone = static_cast<usize>(-1);
  usize starter = kNone, filled = 0;
  u8 previous = 0;  // class of the last character kept since the starter; 0 right behind it
  for (usize i = 0; i < length; ++i) {
    u32 ch = text[i];
    u8 order = ch < kFirstMark ? 0 : record_of(ch).combining;
    bool adjacent = starter != kNone && starter + 1 == filled;
    if (starter != kNone && (adjacent || (previous != 0 && previous < order))) {
      if (u32 composed = compose(text[starter], ch)) {
        text[starter] = composed;
        continue;
      }
    }
    if (order == 0) starter = filled;
    previous = order;
    text[filled++] = ch;
  }
  return filled;
}

bool unicode_normalize(CharBuffer& out, NormalForm form, int kind, const void* text, usize length, UcdVersion version) {
  usize start = out.size();
  if (!out.reserve(start + length + length / 4 + 8)) return false;
  bool compatible = form == NormalForm::kNfkd || form == NormalForm::kNfkc;
  for (usize i = 0; i < length; ++i) {
    if (!push_decomposed(out, char_at(kind, text, i), compatible, version)) return false;
  }
  if (!order_marks(out.data() + start, out.size() - start)) return false;
  if (form == NormalForm::kNfc || form == NormalForm::kNfkc) {
    out.truncate(start + compose_text(out.data() + start, out.size() - start));
  }
  return true;
}

}  // namespace baton
