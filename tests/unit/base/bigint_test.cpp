#include "base/bigint.h"

#include <cmath>
#include <cstring>
#include <string>

#include "test.h"

using namespace baton;

namespace {
struct Number {  // from decimal text
  LimbBuffer buffer;
  explicit Number(const char* text) {
    bool negative = *text == '-';
    text += negative;
    buffer.must_reserve(big_from_text_bound(strlen(text), 10));
    i64 size = big_from_text(buffer.data(), text, strlen(text), 10);
    buffer.set_size(negative ? -size : size);
  }
  explicit Number(i64 capacity) { buffer.must_reserve(static_cast<usize>(capacity)); }
  operator BigView() const { return buffer.view(); }
};
std::string text(BigView a, int base = 10) {
  std::string out(big_text_bound(a, base), '?');
  out.resize(big_to_text(out.data(), a, base));
  return out;
}
}  // namespace

TEST(bigint_floor_division) {
  Number a("-100000000000000000000000000000000000000001"), b("10000000000000000000000");
  Number q(10), r(10);
  i64 qn, rn;
  big_divmod(q.buffer.data(), &qn, r.buffer.data(), &rn, a, b);
  EXPECT(text(big_view(q.buffer.data(), qn)) == "-10000000000000000001");
  EXPECT(text(big_view(r.buffer.data(), rn)) == "9999999999999999999999");
}

TEST(bigint_bits) {
  Number a("-18446744073709551616"), out(4);
  out.buffer.set_size(big_shift_right(out.buffer.data(), a, 1));
  EXPECT(text(out) == "-9223372036854775808");
  SmallBig minus_one(-1), five(5);
  out.buffer.set_size(big_shift_right(out.buffer.data(), minus_one, 200));
  EXPECT(text(out) == "-1");
  out.buffer.set_size(big_bit_op(out.buffer.data(), a, five, BitOp::kOr));
  EXPECT(text(out) == "-18446744073709551611");
  EXPECT(big_bit_length(a) == 65 && big_bit_count(a) == 1);
}

TEST(bigint_doubles) {
  EXPECT(big_to_double(Number("9007199254740993")) == 9007199254740992.0 &&
         big_to_double(Number("9007199254740995")) == 9007199254740996.0);
  Number one("1"), three("3");
  LimbBuffer power;
  EXPECT(big_pow(power, SmallBig(10), 400) && std::isinf(big_to_double(power.view())));
  EXPECT(big_true_divide(one, three) == 1.0 / 3 && big_true_divide(one, power.view()) == 0);
  EXPECT(big_compare_double(power.view(), INFINITY) < 0 && big_compare_double(three, 2.5) > 0);
}

TEST(bigint_powers) {
  LimbBuffer out;
  EXPECT(big_pow(out, SmallBig(-3), 41) && text(out.view()) == "-36472996377170786403");
  EXPECT(!big_pow(out, SmallBig(3), u64{1} << 62));
  EXPECT(big_powmod(out, SmallBig(3), SmallBig(-1), SmallBig(-7)) == PowModStatus::kOk && text(out.view()) == "-2");
  EXPECT(big_powmod(out, SmallBig(2), SmallBig(-1), SmallBig(4)) == PowModStatus::kNotInvertible);
  EXPECT(big_factorial(out, 25) && text(out.view()) == "15511210043330985984000000");
}

TEST(bigint_bytes) {
  u8 bytes[3];
  EXPECT(big_to_bytes(bytes, 2, SmallBig(-32768), ByteOrder::kBig, true) == ToBytesStatus::kOk && bytes[0] == 0x80 &&
         bytes[1] == 0);
  EXPECT(big_to_bytes(bytes, 2, SmallBig(32768), ByteOrder::kBig, true) == ToBytesStatus::kTooBig);
  EXPECT(big_to_bytes(bytes, 2, SmallBig(-1), ByteOrder::kBig, false) == ToBytesStatus::kNegative);
  Limb out[1];
  EXPECT(big_from_bytes(out, reinterpret_cast<const u8*>("\xFF\xFE"), 2, ByteOrder::kBig, true) == -1 && out[0] == 2);
}

TEST(bigint_divisors_of_half_a_limb) {
  u64 state = 7;
  auto random = [&] { return state = state * 6364136223846793005u + 1442695040888963407u; };
  for (int round = 0; round < 3000; ++round) {
    Limb a[5], b = 1 + (random() >> (round % 2 ? 32 : 40 + round % 20)), back[6], quotient[6], rest[2];
    usize size = 1 + static_cast<usize>(round) % 5;
    for (usize i = 0; i < size; ++i) a[i] = round % 3 ? random() : ~Limb{0};
    if (!a[size - 1]) a[size - 1] = 1;
    i64 quotient_size, rest_size, length = static_cast<i64>(size);
    big_divmod(quotient, &quotient_size, rest, &rest_size, big_view(a, length), big_view(&b, 1));
    EXPECT(rest_size == 0 || (rest_size == 1 && rest[0] < b));
    i64 n = big_mul(back, big_view(quotient, quotient_size), big_view(&b, 1));
    Limb sum[8];
    n = big_add(sum, big_view(back, n), big_view(rest, rest_size));
    EXPECT(n == length && memcmp(sum, a, size * sizeof(Limb)) == 0);
  }
}
