// Whole-database checksums against CPython 3.11 (tests/unit/base/unicode_checksums.py prints the expected values).
#include "base/unicode.h"

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "test.h"

using namespace baton;

namespace {
struct Checksum {
  u64 value = 0;
  void add(u32 ch) {
    value = (value ^ ch) * 0x9E3779B97F4A7C15ull + 1;
    value ^= value >> 29;
  }
  void add(const char* text, usize length) {
    for (usize i = 0; i < length; ++i) add(static_cast<u8>(text[i]));
  }
};
}  // namespace

static u64 flags_checksum() {
  Checksum sum;
  for (u32 c = 0; c < 0x110000; ++c) {
    bool bits[] = {unicode_is_alpha(c),     unicode_is_lower(c),     unicode_is_upper(c),        unicode_is_space(c),
                   unicode_is_printable(c), unicode_is_decimal(c),   unicode_is_digit(c),        unicode_is_numeric(c),
                   unicode_is_alnum(c),     unicode_is_xid_start(c), unicode_is_xid_continue(c), unicode_is_linebreak(c)};
    for (bool bit : bits) sum.add(bit ? '1' : '0');
  }
  return sum.value;
}

static u64 case_checksum() {
  Checksum sum;
  for (u32 c = 0; c < 0x110000; ++c) {
    for (auto* map : {unicode_upper, unicode_lower, unicode_title, unicode_casefold}) {
      u32 out[3];
      int count = map(c, out);
      if (map != &unicode_upper) sum.add('|');
      for (int i = 0; i < count; ++i) sum.add(out[i]);
    }
  }
  return sum.value;
}

static u64 database_checksum(UcdVersion version) {
  Checksum sum;
  for (u32 c = 0; c < 0x110000; ++c) {
    char line[400], decomposition[kDecompositionTextMax + 1], name[kUnicodeNameMax + 1];
    decomposition[unicode_decomposition_text(c, decomposition, version)] = 0;
    name[unicode_name(c, name, version)] = 0;
    int length = snprintf(line, sizeof line, "%s|%s|%s|%d|%d|%d|%s|%s\n", unicode_category(c, version),
                          unicode_bidirectional(c, version), unicode_east_asian_width(c, version), unicode_combining(c, version),
                          unicode_mirrored(c, version), unicode_decimal_value(c, version), decomposition, name);
    sum.add(line, static_cast<usize>(length));
  }
  return sum.value;
}

static u64 normal_form_checksum(NormalForm form) {
  Checksum sum;
  CharBuffer out;
  for (u32 c = 0; c < 0x110000; ++c) {
    out.truncate(0);
    if (!unicode_normalize(out, form, 4, &c, 1)) return 0;
    for (usize i = 0; i < out.size(); ++i) sum.add(out.data()[i]);
  }
  return sum.value;
}

TEST(unicode_flags) { EXPECT(flags_checksum() == 0x5197feac52804d51ull); }
TEST(unicode_case) { EXPECT(case_checksum() == 0x1ed9ccb9f5e6d0a3ull); }
TEST(unicode_database_14) { EXPECT(database_checksum(UcdVersion::k14_0_0) == 0x1350b090a30403e1ull); }
TEST(unicode_database_3_2) { EXPECT(database_checksum(UcdVersion::k3_2_0) == 0xab80845e429e99b4ull); }
TEST(unicode_normal_forms) {
  EXPECT(normal_form_checksum(NormalForm::kNfd) == 0x6cd224a749eab997ull);
  EXPECT(normal_form_checksum(NormalForm::kNfkd) == 0x5835be7379611de9ull);
  EXPECT(normal_form_checksum(NormalForm::kNfc) == 0x5247b22d215775b8ull);
  EXPECT(normal_form_checksum(NormalForm::kNfkc) == 0x77a42bb526dfb4dbull);
}

TEST(unicode_names) {
  u32 ch = 0, sequence[kNamedSequenceMax];
  auto find = [&](const char* name) { return unicode_lookup(name, strlen(name), &ch); };
  EXPECT(find("latin small letter a") && ch == 'a');
  EXPECT(find("NULL") && ch == 0);
  EXPECT(find("HANGUL SYLLABLE GAGG") && ch == 0xAC02 && !find("HANGUL SYLLABLE X"));
  EXPECT(find("CJK UNIFIED IDEOGRAPH-4E00") && ch == 0x4E00 && !find("CJK UNIFIED IDEOGRAPH-4e00"));
  EXPECT(!find("KEYCAP DIGIT ONE") && !find("") && !find("NO SUCH CHARACTER"));
  EXPECT(unicode_lookup_sequence("keycap digit one", 16, sequence) == 3 && sequence[1] == 0xFE0F);
}

TEST(unicode_final_sigma) {
  u32 word[] = {'A', 0x3A3, '\'', ' ', 'b'};
  EXPECT(unicode_is_final_sigma(4, word, 5, 1));
  EXPECT(!unicode_is_final_sigma(4, word + 1, 4, 0));
}

TEST(unicode_composition) {
  u16 text[] = {'e', 0x323, 0x302, 'x', 0x1100, 0x1161, 0x11A8};
  CharBuffer out;
  EXPECT(unicode_nfc(out, 2, text, 7) && out.size() == 3 && out.data()[0] == 0x1EC7 && out.data()[2] == 0xAC01);
  EXPECT(unicode_quick_check(NormalForm::kNfc, 2, text, 7) == QuickCheck::kMaybe);
}
