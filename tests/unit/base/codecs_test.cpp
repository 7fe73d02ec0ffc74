#include <cstring>
#include <string>

#include "base/binascii_kernels.h"
#include "base/codecs_kernels.h"
#include "test.h"

using namespace baton;

static const u8* bytes_of(const char* text) { return reinterpret_cast<const u8*>(text); }
static std::string taken(const ByteBuffer& buffer) {
  return std::string(reinterpret_cast<const char*>(buffer.data()), buffer.size());
}

TEST(codecs_text_buffer_widens) {
  TextBuffer text;
  text.append_ascii("abc");
  text.push(0xE9);
  EXPECT(text.kind() == 1);
  text.push(0x20AC);
  EXPECT(text.kind() == 2 && text.at(3) == 0xE9);
  text.push(0x1F600);
  EXPECT(text.kind() == 4 && text.size() == 6 && text.at(4) == 0x20AC && text.max_char_class() == kMaxCodePoint);
  text.truncate(3);
  EXPECT(text.max_char_class() == 0x7F && !text.failed());
}

TEST(codecs_utf16) {
  TextBuffer out;
  CodecStop stop = utf16_decode(out, bytes_of("a\0\x3D\xD8\0\xDE\0\xD8z\0\x3D"), 11, 0, Endian::kLittle, CodecInputEnd::kFinal);
  EXPECT(stop.start == 6 && stop.end == 8 && !strcmp(stop.reason, "illegal UTF-16 surrogate") && out.at(1) == 0x1F600);
  stop = utf16_decode(out, bytes_of("a\0\x3D"), 3, 0, Endian::kLittle, CodecInputEnd::kMoreFollows);
  EXPECT(!stop.reason && stop.start == 2);
  u16 lone[] = {'x', 0xD800};
  ByteBuffer encoded;
  stop = utf16_encode(encoded, 2, lone, 2, 0, Endian::kBig);
  EXPECT(stop.start == 1 && stop.end == 2 && encoded.size() == 2 && encoded.data()[1] == 'x');
}

TEST(codecs_utf7) {
  u16 text[] = {'h', 'i', 0x20AC, '-', '+'};
  ByteBuffer encoded;
  utf7_encode(encoded, 2, text, 5);
  EXPECT(taken(encoded) == "hi+IKw--+-");
  TextBuffer out;
  Utf7State state;
  EXPECT(!utf7_decode(out, state, encoded.data(), encoded.size(), 0, CodecInputEnd::kFinal).reason && out.size() == 5 &&
         out.at(2) == 0x20AC);
}

TEST(codecs_escapes) {
  TextBuffer out;
  usize invalid = kNoPosition;
  const char* source = "\\x41\\u20ac\\N{DIGIT ONE}\\101\\q\\\n\\U00110000";
  CodecStop stop = unicode_escape_decode(out, bytes_of(source), strlen(source), 0, CodecInputEnd::kFinal, &invalid);
  EXPECT(stop.reason && !strcmp(stop.reason, "illegal Unicode character") && invalid == 28 && out.size() == 6 &&
         out.at(1) == 0x20AC);
  ByteBuffer bytes;
  stop = bytes_escape_decode(bytes, bytes_of("a\\x4"), 4, 0, &invalid);
  EXPECT(stop.start == 1 && !strcmp(stop.reason, "invalid \\x escape at position"));
}

// Long data takes ways of its own: any length, and pieces, give what going bit by bit and byte by byte does.
TEST(codecs_checksums_of_long_data) {
  u8 data[700];
  u32 state = 1;
  for (u8& byte : data) byte = static_cast<u8>((state = state * 1664525 + 1013904223) >> 24);
  u32 crc = 0xffffffff, a = 1, b = 0;
  for (usize size = 0; size <= sizeof data; ++size) {
    EXPECT(crc32(0, data, size) == ~crc && adler32(1, data, size) == (b << 16 | a));
    usize cut = size / 3;
    EXPECT(crc32(crc32(0, data, cut), data + cut, size - cut) == ~crc);
    EXPECT(adler32(adler32(1, data, cut), data + cut, size - cut) == (b << 16 | a));
    if (size == sizeof data) break;
    crc ^= data[size];
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    a = (a + data[size]) % 65521;
    b = (b + a) % 65521;
  }
  static u8 high[20000];  // sums as large as they get
  memset(high, 0xff, sizeof high);
  a = 1, b = 0;
  for (u8 byte : high) b = (b + (a = (a + byte) % 65521)) % 65521;
  EXPECT(adler32(1, high, sizeof high) == (b << 16 | a));
}

TEST(codecs_binascii) {
  EXPECT(crc32(0, bytes_of("123456789"), 9) == 0xCBF43926 && crc_hqx(0, bytes_of("123456789"), 9) == 0x31C3);
  EXPECT(adler32(1, bytes_of("Wikipedia"), 9) == 0x11E60398);
  ByteBuffer out;
  base64_encode(out, bytes_of("any carnal pleas"), 16, Base64Newline::kNone);
  EXPECT(taken(out) == "YW55IGNhcm5hbCBwbGVhcw==");
  ByteBuffer back;
  usize chars;
  EXPECT(!base64_decode(back, out.data(), out.size(), Base64Mode::kStrict, &chars) && taken(back) == "any carnal pleas");
  EXPECT(base64_decode(back, bytes_of("A"), 1, Base64Mode::kLenient, &chars) == kBase64TooMany);
  u8 hex[32];
  hex_encode_grouped(hex, bytes_of("abcde"), 5, ':', 2);
  EXPECT(hex_encoded_size(5, 2) == 12 && !memcmp(hex, "61:6263:6465", 12));
}
