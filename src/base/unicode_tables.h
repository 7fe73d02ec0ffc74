// Internal layout of the generated Unicode tables (tools/gen_unicode.py writes them in this form). Others use base/unicode.h.
#pragma once
#include "base/types.h"

namespace baton::unicode_detail {

enum CharFlag : u32 {
  kAlpha = 1 << 0,
  kLower = 1 << 1,
  kUpper = 1 << 2,
  kTitle = 1 << 3,
  kSpace = 1 << 4,
  kPrintable = 1 << 5,
  kLineBreak = 1 << 6,
  kDecimal = 1 << 7,
  kDigit = 1 << 8,
  kNumeric = 1 << 9,
  kXidStart = 1 << 10,
  kXidContinue = 1 << 11,
  kCased = 1 << 12,
  kCaseIgnorable = 1 << 13,
  kMirrored = 1 << 14,
  kHasDecomposition = 1 << 15,
  kAssigned32 = 1 << 16,  // already assigned in 3.2.0
  kChanged32 = 1 << 17,   // some property differs there: see old_records
};

// One for each distinct combination of properties.
struct CharRecord {
  u32 flags;
  u16 case_index;  // into case_records
  u8 category, bidi, combining, width;
  u8 decimal, digit;  // 255: none
  u8 quick_check;     // two bits each for NFD, NFKD, NFC, NFKC: 0 yes, 1 maybe, 2 no
};

// Distances to the simple mappings. `special` leads to the four full mappings in special_case, each a length and the code
// points, where they differ from the simple ones (bit 0 upper, 1 lower, 2 title, 3 fold); a mapping that doesn't is empty there.
struct CaseRecord {
  i32 upper, lower, title, fold;
  u16 special;
  u8 special_mask;
};

// What 3.2.0 says instead; 255: nothing else.
struct OldRecord {
  u32 code;
  u8 category, bidi, mirrored, width, decimal;
};

const CharRecord& record_of(u32 ch);
const OldRecord* old_record_of(u32 ch);  // null unless kChanged32

}  // namespace baton::unicode_detail
