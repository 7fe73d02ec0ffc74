// Texts in order, for who compares each of them often: a word in front tells most of them apart, without a look at the object,
// which is a cache miss as often as not.
#pragma once
#include "base/load.h"
#include "base/text_kinds.h"
#include "objects/str.h"

namespace baton {

// Words in the order of the texts, or equal. What a shorter text doesn't have counts as zero.
// Of one byte a character: the first eight, the first highest.
inline u64 narrow_beginning(const Str* text) {
  usize n = static_cast<usize>(text->length());
  return __builtin_bswap64(n >= 8 ? load64(text->data1()) : load_tail(text->data1(), n));
}
// Of any width: the first three characters of 21 bits.
inline u64 any_beginning(const Str* text) {
  int kind = static_cast<int>(text->width());
  Index n = text->length();
  u64 word = 0;
  for (Index i = 0; i < 3; ++i) word = word << 21 | (i < n ? char_at(kind, text->data(), static_cast<usize>(i)) : 0);
  return word;
}

struct OrderedText {
  u64 beginning;
  Str* text;
};

// Both of one byte a character, with narrow_beginning().
inline bool narrow_less(OrderedText a, OrderedText b) {
  if (a.beginning != b.beginning) return a.beginning < b.beginning;
  usize n = static_cast<usize>(a.text->length()), m = static_cast<usize>(b.text->length());
  if (n <= 8 || m <= 8) return n < m;
  int order = memcmp(a.text->data1() + 8, b.text->data1() + 8, (n < m ? n : m) - 8);
  return order ? order < 0 : n < m;
}
// With any_beginning().
inline bool any_less(OrderedText a, OrderedText b) {
  if (a.beginning != b.beginning) return a.beginning < b.beginning;
  return str_compare(a.text, b.text) < 0;
}

}  // namespace baton
