#include "base/load.h"

#include "base/text_kinds.h"
#include "test.h"

namespace baton {

TEST(load_tail_is_the_bytes_in_order) {
  u8 bytes[8] = {0x81, 0x12, 0xF3, 0x44, 0xA5, 0x56, 0xE7, 0x98};
  for (usize n = 0; n < 8; ++n) {
    u64 expected = 0;
    for (usize i = 0; i < n; ++i) expected |= u64{bytes[i]} << (8 * i);
    EXPECT(load_tail(bytes, n) == expected);
  }
}

TEST(ascii_prefix_ends_at_the_first_other_byte) {
  u8 text[80];
  for (usize length = 0; length <= sizeof text; ++length) {
    for (u8& c : text) c = 'x';
    EXPECT(ascii_prefix(text, length) == length);
    for (usize at = length; at-- > 0;) {
      text[at] = 0x80;
      EXPECT(ascii_prefix(text, length) == at);
    }
  }
}

}  // namespace baton
