#include "base/utf8.h"

#include <string>

#include "test.h"

using namespace baton;

static Utf8Scan scan(const std::string& s, Utf8Surrogates surrogates = Utf8Surrogates::kReject,
                     Utf8Input input = Utf8Input::kFinal) {
  return utf8_scan(reinterpret_cast<const u8*>(s.data()), s.size(), surrogates, input);
}
static bool fault_is(const std::string& s, usize start, usize length, Utf8Fault fault) {
  Utf8Scan r = scan(s);
  return r.bytes == start && r.fault_length == length && r.fault == fault;
}

TEST(utf8_round_trip_every_code_point) {
  for (u32 ch = 0; ch <= kMaxCodePoint; ++ch) {
    u8 buffer[4];
    usize n = utf8_encode(4, &ch, 1, buffer);
    Utf8Scan pass = utf8_scan(buffer, n, Utf8Surrogates::kPass);
    u32 back = 0;
    if (pass.bytes != n || pass.chars != 1 || pass.max_char != char_class(ch) || utf8_decode(buffer, n, &back) != 1 ||
        back != ch) {
      EXPECT(!"round trip");
      break;
    }
    Utf8Scan strict = utf8_scan(buffer, n);
    if ((strict.fault != Utf8Fault::kNone) != is_surrogate(ch)) EXPECT(!"surrogates rejected");
  }
}

TEST(utf8_faults) {
  EXPECT(fault_is("abc\x80", 3, 1, Utf8Fault::kInvalidStart));
  EXPECT(fault_is("\xC0\x80", 0, 1, Utf8Fault::kInvalidStart));
  EXPECT(fault_is("\xF5\x80\x80\x80", 0, 1, Utf8Fault::kInvalidStart));
  EXPECT(fault_is("\xE2\x82", 0, 2, Utf8Fault::kUnexpectedEnd));
  EXPECT(fault_is("\xE2\x82 ", 0, 2, Utf8Fault::kInvalidContinuation));
  EXPECT(fault_is("\xE0\x80\x80", 0, 1, Utf8Fault::kInvalidContinuation));
  EXPECT(fault_is("\xED\xA0\x80", 0, 1, Utf8Fault::kInvalidContinuation));
  EXPECT(fault_is("\xF0\x9F\x98", 0, 3, Utf8Fault::kUnexpectedEnd));
  EXPECT(fault_is("\xF0\x9F\x98!", 0, 3, Utf8Fault::kInvalidContinuation));
  EXPECT(fault_is("\xF4\x90\x80\x80", 0, 1, Utf8Fault::kInvalidContinuation));
  EXPECT(scan("a\xE2\x82", Utf8Surrogates::kReject, Utf8Input::kMoreFollows).fault == Utf8Fault::kIncomplete);
  EXPECT(scan("\xED\xA0", Utf8Surrogates::kReject, Utf8Input::kMoreFollows).fault == Utf8Fault::kIncomplete);
}

TEST(utf8_widths) {
  Utf8Scan r = scan("plain ascii text that is longer than a few words, h\xC3\xA9 \xE2\x82\xAC");
  EXPECT(r.fault == Utf8Fault::kNone && r.chars == 54 && r.max_char == 0xFFFF);
  EXPECT(scan("").max_char == 0x7F && scan("\xC3\xBF").max_char == 0xFF && scan("\xC4\x80").max_char == 0xFFFF);
  u16 text[] = {'a', 0xD800, 0xDC00, 'b'};
  Utf8EncodeScan e = utf8_encode_scan(2, text, 4);
  EXPECT(e.chars == 1 && e.bytes == 1 && e.surrogates == 2);
  EXPECT(utf8_encode_scan(2, text, 4, Utf8Surrogates::kPass).bytes == 8);
}
