// The Unicode 14.0.0 character database, and the parts of 3.2.0 that stringprep needs. Tables are generated at build time from
// the Unicode data files; every answer agrees with CPython 3.11's str methods and unicodedata, its oddities included (unassigned
// code points have east asian width "F").
#pragma once
#include "base/types.h"

namespace baton {

enum class UcdVersion : u8 { k14_0_0, k3_2_0 };

enum class UnicodeCategory : u8 {
  kCn,
  kLu,
  kLl,
  kLt,
  kMn,
  kMc,
  kMe,
  kNd,
  kNl,
  kNo,
  kZs,
  kZl,
  kZp,
  kCc,
  kCf,
  kCs,
  kCo,
  kLm,
  kLo,
  kPc,
  kPd,
  kPs,
  kPe,
  kPi,
  kPf,
  kPo,
  kSm,
  kSc,
  kSk,
  kSo,
};

// ---- one character's properties ----
namespace unicode_detail {
enum Latin1Flag : u8 {
  kLatin1Alpha = 1,
  kLatin1Lower = 2,
  kLatin1Upper = 4,
  kLatin1Space = 8,
  kLatin1Printable = 16,
  kLatin1Decimal = 32,
  kLatin1XidStart = 64,
  kLatin1XidContinue = 128,
};
extern const u8 latin1_table[256];
bool has_flag(u32 ch, u32 char_flag);
inline bool test(u32 ch, u8 latin1_flag, u32 char_flag) {
  return ch < 256 ? (latin1_table[ch] & latin1_flag) != 0 : has_flag(ch, char_flag);
}
}  // namespace unicode_detail

inline bool unicode_is_alpha(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Alpha, 1 << 0); }
inline bool unicode_is_lower(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Lower, 1 << 1); }
inline bool unicode_is_upper(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Upper, 1 << 2); }
inline bool unicode_is_title(u32 ch) { return ch >= 256 && unicode_detail::has_flag(ch, 1 << 3); }
inline bool unicode_is_space(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Space, 1 << 4); }
inline bool unicode_is_printable(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Printable, 1 << 5); }
inline bool unicode_is_decimal(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1Decimal, 1 << 7); }
inline bool unicode_is_digit(u32 ch) { return ch < 128 ? ch - '0' < 10 : unicode_detail::has_flag(ch, 1 << 8); }
inline bool unicode_is_numeric(u32 ch) { return ch < 128 ? ch - '0' < 10 : unicode_detail::has_flag(ch, 1 << 9); }
inline bool unicode_is_alnum(u32 ch) {
  return ch < 128 ? (unicode_detail::latin1_table[ch] & (unicode_detail::kLatin1Alpha | unicode_detail::kLatin1Decimal)) != 0
                  : unicode_detail::has_flag(ch, 1 << 0 | 1 << 7 | 1 << 8 | 1 << 9);
}
inline bool unicode_is_linebreak(u32 ch) {
  if (ch < 256) return ch - 0x0A < 4 || ch - 0x1C < 3 || ch == 0x85;
  return ch == 0x2028 || ch == 0x2029;
}
// As for identifiers of PEP 3131 without the underscore, which the caller allows at the start.
inline bool unicode_is_xid_start(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1XidStart, 1 << 10); }
inline bool unicode_is_xid_continue(u32 ch) { return unicode_detail::test(ch, unicode_detail::kLatin1XidContinue, 1 << 11); }
bool unicode_is_cased(u32 ch);
bool unicode_is_case_ignorable(u32 ch);

UnicodeCategory unicode_category_code(u32 ch, UcdVersion version = UcdVersion::k14_0_0);
const char* unicode_category(u32 ch, UcdVersion version = UcdVersion::k14_0_0);
const char* unicode_bidirectional(u32 ch, UcdVersion version = UcdVersion::k14_0_0);  // "" if unassigned
const char* unicode_east_asian_width(u32 ch, UcdVersion version = UcdVersion::k14_0_0);
int unicode_combining(u32 ch, UcdVersion version = UcdVersion::k14_0_0);
bool unicode_mirrored(u32 ch, UcdVersion version = UcdVersion::k14_0_0);
int unicode_decimal_value(u32 ch, UcdVersion version = UcdVersion::k14_0_0);  // -1: none
int unicode_digit_value(u32 ch);                                              // -1: none
bool unicode_numeric_value(u32 ch, double* value, UcdVersion version = UcdVersion::k14_0_0);

// Text form, e.g. "<compat> 0020 0308"; writes at most kDecompositionTextMax characters and returns the length, 0 if none.
inline constexpr usize kDecompositionTextMax = 128;
usize unicode_decomposition_text(u32 ch, char* out, UcdVersion version = UcdVersion::k14_0_0);

// ---- case ----
u32 unicode_simple_upper(u32 ch);
u32 unicode_simple_lower(u32 ch);
u32 unicode_simple_title(u32 ch);
// Full mappings; at most 3 characters, returns how many. Final sigma is a matter of context: unicode_is_final_sigma.
int unicode_upper(u32 ch, u32 (&out)[3]);
int unicode_lower(u32 ch, u32 (&out)[3]);
int unicode_title(u32 ch, u32 (&out)[3]);
int unicode_casefold(u32 ch, u32 (&out)[3]);
// Is the capital sigma at text[at] the last cased letter of its word, so that it lowers to U+03C2?
bool unicode_is_final_sigma(int kind, const void* text, usize length, usize at);
inline u8 ascii_to_lower(u8 ch) { return ch - 'A' < 26u ? ch | 0x20 : ch; }
inline u8 ascii_to_upper(u8 ch) { return ch - 'a' < 26u ? ch & ~0x20 : ch; }

// ---- normalisation ----
class CharBuffer {  // growing array of code points
 public:
  CharBuffer() = default;
  CharBuffer(const CharBuffer&) = delete;
  CharBuffer& operator=(const CharBuffer&) = delete;
  ~CharBuffer();
  [[nodiscard]] bool reserve(usize capacity);  // keeps the contents; false: no memory
  [[nodiscard]] bool push(u32 ch) {
    if (size_ == capacity_ && !reserve(capacity_ ? capacity_ * 2 : 64)) return false;
    data_[size_++] = ch;
    return true;
  }
  u32* data() { return data_; }
  const u32* data() const { return data_; }
  usize size() const { return size_; }
  void truncate(usize size) { size_ = size; }

 private:
  u32* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};

enum class NormalForm : u8 { kNfd, kNfkd, kNfc, kNfkc };
enum class QuickCheck : u8 { kYes, kMaybe, kNo };
// Without normalising. The 3.2.0 database can only say "maybe" about text that isn't ASCII.
QuickCheck unicode_quick_check(NormalForm form, int kind, const void* text, usize length,
                               UcdVersion version = UcdVersion::k14_0_0);
// Appends the normalised text to `out`. False: no memory.
[[nodiscard]] bool unicode_normalize(CharBuffer& out, NormalForm form, int kind, const void* text, usize length,
                                     UcdVersion version = UcdVersion::k14_0_0);
inline bool unicode_nfc(CharBuffer& out, int kind, const void* text, usize length) {
  return unicode_normalize(out, NormalForm::kNfc, kind, text, length);
}
inline bool unicode_nfkc(CharBuffer& out, int kind, const void* text, usize length) {
  return unicode_normalize(out, NormalForm::kNfkc, kind, text, length);
}

// ---- names ----
inline constexpr usize kUnicodeNameMax = 128;
// Writes the name (no terminator) into at least kUnicodeNameMax characters, returns its length, 0 if it has none.
usize unicode_name(u32 ch, char* out, UcdVersion version = UcdVersion::k14_0_0);
// Finds a character by name or alias, any case of letters. False: none.
bool unicode_lookup(const char* name, usize length, u32* ch, UcdVersion version = UcdVersion::k14_0_0);
// The named sequences; returns the number of code points (up to kNamedSequenceMax), 0 if none.
inline constexpr usize kNamedSequenceMax = 8;
usize unicode_lookup_sequence(const char* name, usize length, u32 (&out)[kNamedSequenceMax]);

}  // namespace baton
