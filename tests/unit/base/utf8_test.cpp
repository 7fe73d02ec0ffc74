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

// What a scan by single characters says, which is too short for blocks.
static Utf8Scan scan_singly(const std::string& s, Utf8Surrogates surrogates, Utf8Input input) {
  Utf8Scan total{0, 0, 0x7F, Utf8Fault::kNone, 0};
  while (total.bytes < s.size()) {
    const u8* at = reinterpret_cast<const u8*>(s.data()) + total.bytes;
    usize left = s.size() - total.bytes, length = *at < 0x80 ? 1 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;
    Utf8Scan one = utf8_scan(at, left < length ? left : length, surrogates, left < length ? input : Utf8Input::kFinal);
    if (one.fault != Utf8Fault::kNone) {
      total.fault = one.fault;
      total.fault_length = one.fault_length;
      return total;
    }
    total.bytes += length;
    ++total.chars;
    if (one.max_char > total.max_char) total.max_char = one.max_char;
  }
  return total;
}

TEST(utf8_long_texts_scan_as_single_characters_do) {
  const char* const pieces[] = {
      "a", " word ", "\xC3\xA9", "\xD0\xB6", "\xE2\x82\xAC", "\xE0\xA0\x80", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
  const char* const faults[] = {
      "",     "\x80",     "\xC1\xBF",     "\xF5\x80\x80\x80", "\xE2\x82 ", "\xE0\x9F\xBF", "\xED\xA0\x80",
      "\xED", "\xED\xBF", "\xF0\x8F\xBF", "\xF4\x90\x80\x80", "\xF0\x9F",  "\xFF",         "\xC3"};
  u32 state = 1;
  auto random = [&](u32 below) { return (state = state * 1664525 + 1013904223, (state >> 8) % below); };
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    u32 kinds = 1 + random(8), before = random(300), behind = random(200);
    while (text.size() < before) text += pieces[random(kinds)];
    text += faults[random(14)];
    if (random(3)) {
      usize end = text.size() + behind;
      while (text.size() < end) text += pieces[random(kinds)];
    }
    for (Utf8Surrogates surrogates : {Utf8Surrogates::kReject, Utf8Surrogates::kPass}) {
      for (Utf8Input input : {Utf8Input::kFinal, Utf8Input::kMoreFollows}) {
        Utf8Scan fast = scan(text, surrogates, input), slow = scan_singly(text, surrogates, input);
        if (fast.bytes != slow.bytes || fast.chars != slow.chars || fast.max_char != slow.max_char || fast.fault != slow.fault ||
            fast.fault_length != slow.fault_length) {
          EXPECT(!"the same scan");
          return;
        }
        if (surrogates == Utf8Surrogates::kReject) {
          int kind = kind_for(fast.max_char);
          std::string units(fast.chars * static_cast<usize>(kind), '\0'), back(fast.bytes + 1, '!');
          EXPECT(utf8_decode(kind, reinterpret_cast<const u8*>(text.data()), fast.bytes, units.data()) == fast.chars);
          Utf8EncodeScan size = utf8_encode_scan(kind, units.data(), fast.chars);
          EXPECT(size.bytes == fast.bytes && size.surrogates == 0);
          EXPECT(utf8_encode(kind, units.data(), fast.chars, reinterpret_cast<u8*>(back.data())) == fast.bytes);
          EXPECT(back == text.substr(0, fast.bytes) + "!");
        }
      }
    }
  }
}

TEST(utf8_encodes_rows_of_any_characters_as_it_does_single_ones) {
  const u32 ranges[][2] = {{0, 0x80},        {0x20, 0x100},    {0x7E, 0x82},      {0x7FE, 0x802},      {0x400, 0x460},
                           {0xD700, 0xE100}, {0x800, 0x10000}, {0xFFFE, 0x10002}, {0x10000, 0x110000}, {0, 0x900}};
  u32 state = 1;
  auto random = [&](u32 below) { return (state = state * 1664525 + 1013904223, (state >> 8) % below); };
  for (int round = 0; round < 4000; ++round) {
    u32 length = random(90), kinds = 1 + random(10), widest = 0;
    std::u32string text;
    while (text.size() < length) {
      const u32* range = ranges[random(2) ? random(kinds) : 0];
      for (u32 run = 1 + random(20); run && text.size() < length; --run) {
        text += static_cast<char32_t>(range[0] + random(range[1] - range[0]));
        if (text.back() > widest) widest = text.back();
      }
    }
    std::string expected;
    for (char32_t ch : text) {
      u8 bytes[4];
      usize n = utf8_put(ch, bytes);
      expected.append(reinterpret_cast<char*>(bytes), n);
    }
    for (int kind : {1, 2, 4}) {
      if (kind < kind_for(widest)) continue;
      std::string units(length * static_cast<usize>(kind), '\0'), back(expected.size() + 1, '!');
      for (u32 i = 0; i < length; ++i) memcpy(&units[i * static_cast<usize>(kind)], &text[i], static_cast<usize>(kind));
      EXPECT(utf8_encode(kind, units.data(), length, reinterpret_cast<u8*>(back.data())) == expected.size());
      if (back != expected + "!") {
        EXPECT(!"the same bytes");
        return;
      }
    }
  }
}
