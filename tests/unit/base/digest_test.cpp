#include "base/digest.h"

#include <cstring>

#include "base/binascii_kernels.h"
#include "base/mersenne.h"
#include "test.h"

using namespace baton;

static bool is_hex(const u8* digest, usize size, const char* expected) {
  u8 text[200];
  hex_encode(text, digest, size);
  return strlen(expected) == 2 * size && !memcmp(text, expected, 2 * size);
}

template <class Digest>
static bool abc_gives(Digest digest, usize size, const char* expected) {
  u8 out[64];
  digest.update("a", 1);
  digest.update("bc", 2);
  digest.finish(out);
  return is_hex(out, size, expected);
}

TEST(digest_known_answers) {
  EXPECT(abc_gives(Md5(), 16, "900150983cd24fb0d6963f7d28e17f72"));
  EXPECT(abc_gives(Sha1(), 20, "a9993e364706816aba3e25717850c26c9cd0d89d"));
  EXPECT(abc_gives(Sha256(), 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  EXPECT(abc_gives(Sha256(true), 28, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"));
  EXPECT(abc_gives(Sha512(true), 48,
                   "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"));
  EXPECT(abc_gives(Blake2s({.digest_size = 32}), 32, "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
  EXPECT(abc_gives(Blake2b({.digest_size = 20, .key = "key", .key_size = 3}), 20, "63c5e9d2e167991e7fca9fe84b4afcb2fab7cc99"));
  u8 out[300];
  Sha3 shake = Sha3::shake(256), sha3 = Sha3::sha3(32);
  shake.update("abc", 3);
  shake.finish(out, 300);
  EXPECT(is_hex(out + 280, 20, "66caa7d8ddcbec7da52b42215c11d5f8ee57f341"));
  sha3.update("abc", 3);
  sha3.finish(out, 32);
  EXPECT(is_hex(out, 32, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"));
}

TEST(digest_long_input) {
  Sha512 whole, pieces;
  u8 data[3000], a[64], b[64];
  for (usize i = 0; i < sizeof data; ++i) data[i] = static_cast<u8>(i * 7);
  whole.update(data, sizeof data);
  for (usize i = 0; i < sizeof data; i += 100) pieces.update(data + i, 100);
  whole.finish(a);
  pieces.finish(b);
  EXPECT(!memcmp(a, b, 64));
}

TEST(mersenne_matches_cpython) {
  Mersenne random;
  u32 key[] = {42};
  random.seed_by_array(key, 1);
  EXPECT(random.next_double() == 0.6394267984578837 && random.next_double() == 0.025010755222666936);
}
