#include "base/siphash.h"

#include <cstring>

#include "test.h"

using namespace baton;

TEST(hash_text_of_seed_42) {
  HashSecret secret = hash_secret_from_seed(42);
  EXPECT(hash_bytes(secret, "abc", 3) == 3869580338025362921);
  EXPECT(hash_bytes(secret, "abcdefghijklmnopqrstuvwxyz", 26) == -4570622922743979430);
  u16 wide[] = {0x20AC, 'x'};
  EXPECT(hash_bytes(secret, wide, 4) == 5570975265233553142);
  EXPECT(hash_bytes(secret, "", 0) == 0);
}

TEST(hash_numbers) {
  EXPECT(hash_double(1.5) == 1152921504606846977 && hash_double(-1.0) == -2 && hash_double(-0.0) == 0);
  EXPECT(hash_double(1e300) == 1224995262755759164 && hash_double(5e-324) == 16777216);
  EXPECT(hash_double(2305843009213693951.0) == 1);
  EXPECT(hash_i64(INT64_MIN) == -4 && hash_i64(-1) == -2 && hash_i64(2305843009213693951) == 0);
  u64 limbs[] = {1, 2, 3};
  EXPECT(hash_limbs(limbs, 3, true) == -209);
}

TEST(hash_containers) {
  TupleHasher t;
  t.add(1);
  t.add(2);
  EXPECT(t.finish(2) == -3550055125485641917);
  EXPECT(TupleHasher().finish(0) == 5740354900026072187);
  SetHasher s;
  s.add(1);
  s.add(2);
  s.add(3);
  EXPECT(s.finish(3) == -272375401224217160);
  EXPECT(SetHasher().finish(0) == 133146708735736);
}
