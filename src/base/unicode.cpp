// Character properties and case mappings: one two-stage table leads from a code point to a shared record.
#include "base/unicode.h"

#include <algorithm>
#include <iterator>

#include "base/text_kinds.h"
#include "base/unicode_tables.h"

namespace baton {

namespace unicode_detail {

namespace {
#include "unicode_properties.inc"
}  // namespace

const u8 latin1_table[256] = {
#include "unicode_latin1.inc"
};

// Code points beyond the range have the record of an unassigned one.
const CharRecord& record_of(u32 ch) {
  if (ch > kMaxCodePoint) return records[0];
  u32 block = record_stage1[ch >> kBlockShift];
  return records[record_stage2[(block << kBlockShift) | (ch & ((1u << kBlockShift) - 1))]];
}

const OldRecord* old_record_of(u32 ch) {
  const OldRecord* end = old_records + std::size(old_records);
  const OldRecord* found = std::lower_bound(old_records, end, ch, [](const OldRecord& r, u32 code) { return r.code < code; });
  return found != end && found->code == ch ? found : nullptr;
}

bool has_flag(u32 ch, u32 char_flag) { return (record_of(ch).flags & char_flag) != 0; }

}  // namespace unicode_detail

using namespace unicode_detail;

namespace {
// A character as one version of the database sees it.
struct Lookup {
  const CharRecord& record;
  const OldRecord* old;
  bool unassigned;
  Lookup(u32 ch, UcdVersion version) : record(record_of(ch)), old(nullptr), unassigned(false) {
    if (version == UcdVersion::k14_0_0) return;
    unassigned = !(record.flags & kAssigned32);
    if (record.flags & kChanged32) old = old_record_of(ch);
  }
};
}  // namespace

bool unicode_is_cased(u32 ch) { return has_flag(ch, kCased); }
bool unicode_is_case_ignorable(u32 ch) { return has_flag(ch, kCaseIgnorable); }

UnicodeCategory unicode_category_code(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return UnicodeCategory::kCn;
  return static_cast<UnicodeCategory>(at.old && at.old->category != 255 ? at.old->category : at.record.category);
}

const char* unicode_category(u32 ch, UcdVersion version) {
  return category_names[static_cast<u8>(unicode_category_code(ch, version))];
}

const char* unicode_bidirectional(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return "";
  return bidi_names[at.old && at.old->bidi != 255 ? at.old->bidi : at.record.bidi];
}

const char* unicode_east_asian_width(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return width_names[0];
  return width_names[at.old && at.old->width != 255 ? at.old->width : at.record.width];
}

int unicode_combining(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  return at.unassigned ? 0 : at.record.combining;
}

bool unicode_mirrored(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return false;
  return at.old && at.old->mirrored != 255 ? at.old->mirrored != 0 : (at.record.flags & kMirrored) != 0;
}

int unicode_decimal_value(u32 ch, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return -1;
  u8 value = at.old && at.old->decimal != 255 ? at.old->decimal : at.record.decimal;
  return value == 255 ? -1 : value;
}

int unicode_digit_value(u32 ch) {
  u8 value = record_of(ch).digit;
  return value == 255 ? -1 : value;
}

bool unicode_numeric_value(u32 ch, double* value, UcdVersion version) {
  Lookup at(ch, version);
  if (at.unassigned) return false;
  if (at.old && at.old->decimal != 255) return *value = at.old->decimal, true;
  if (!(at.record.flags & kNumeric)) return false;
  if (at.record.decimal != 255) return *value = at.record.decimal, true;
  const u32* found = std::lower_bound(numeric_codes, numeric_codes + std::size(numeric_codes), ch);
  *value = numeric_distinct[numeric_index[found - numeric_codes]];
  return true;
}

// ---- case ----

static const CaseRecord& case_of(u32 ch) { return case_records[record_of(ch).case_index]; }

u32 unicode_simple_upper(u32 ch) { return ch + static_cast<u32>(case_of(ch).upper); }
u32 unicode_simple_lower(u32 ch) { return ch + static_cast<u32>(case_of(ch).lower); }
u32 unicode_simple_title(u32 ch) { return ch + static_cast<u32>(case_of(ch).title); }

// `which` of the four full mappings, else the simple one `delta` away.
static int map_case(u32 ch, const CaseRecord& record, int which, i32 delta, u32 (&out)[3]) {
  if (!(record.special_mask >> which & 1)) {
    out[0] = ch + static_cast<u32>(delta);
    return 1;
  }
  const u32* mapping = special_case + record.special;
  for (int i = 0; i < which; ++i) mapping += 1 + mapping[0];
  int count = static_cast<int>(mapping[0]);
  for (int i = 0; i < count; ++i) out[i] = mapping[1 + i];
  return count;
}

int unicode_upper(u32 ch, u32 (&out)[3]) {
  const CaseRecord& record = case_of(ch);
  return map_case(ch, record, 0, record.upper, out);
}
int unicode_lower(u32 ch, u32 (&out)[3]) {
  const CaseRecord& record = case_of(ch);
  return map_case(ch, record, 1, record.lower, out);
}
int unicode_title(u32 ch, u32 (&out)[3]) {
  const CaseRecord& record = case_of(ch);
  return map_case(ch, record, 2, record.title, out);
}
int unicode_casefold(u32 ch, u32 (&out)[3]) {
  const CaseRecord& record = case_of(ch);
  return map_case(ch, record, 3, record.fold, out);
}

bool unicode_is_final_sigma(int kind, const void* text, usize length, usize at) {
  usize i = at;
  while (i > 0 && unicode_is_case_ignorable(char_at(kind, text, i - 1))) --i;
  if (i == 0 || !unicode_is_cased(char_at(kind, text, i - 1))) return false;
  i = at + 1;
  while (i < length && unicode_is_case_ignorable(char_at(kind, text, i))) ++i;
  return i == length || !unicode_is_cased(char_at(kind, text, i));
}

// Here, where the tables are at hand.
template <class Char>
static QuickCheck quick_check(NormalForm form, const Char* text, usize length) {
  // Characters below are left as they are by the form, and have no class.
  constexpr u32 kChangedFrom[] = {0xC0, 0xA0, 0x300, 0xA0};
  u32 changed_from = kChangedFrom[static_cast<int>(form)];
  int shift = static_cast<int>(form) * 2;
  QuickCheck result = QuickCheck::kYes;
  u8 previous = 0;
  for (usize i = 0; i < length; ++i) {
    u32 ch = text[i];
    if (ch < changed_from) {
      previous = 0;
      continue;
    }
    const CharRecord& record = record_of(ch);
    if (record.combining && record.combining < previous) return QuickCheck::kNo;
    previous = record.combining;
    QuickCheck check = static_cast<QuickCheck>(record.quick_check >> shift & 3);
    if (check == QuickCheck::kNo) return check;
    if (check == QuickCheck::kMaybe) result = check;
  }
  return result;
}

QuickCheck unicode_quick_check(NormalForm form, int kind, const void* text, usize length, UcdVersion version) {
  if (kind == 1 && is_ascii(static_cast<const u8*>(text), length)) return QuickCheck::kYes;
  if (version == UcdVersion::k3_2_0) return QuickCheck::kMaybe;
  return with_kind(kind, text, [&](auto* typed) { return quick_check(form, typed, length); });
}

}  // namespace baton
