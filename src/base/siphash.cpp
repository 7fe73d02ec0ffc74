// SipHash with one compression and three finalisation rounds (Aumasson and Bernstein's construction), and number hashes.
#include "base/siphash.h"

#include <bit>
#include <cstring>

#include "base/load.h"

namespace baton {

namespace {
struct SipState {
  u64 v0, v1, v2, v3;
  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
};
}  // namespace

u64 siphash13(u64 key0, u64 key1, const void* data, usize size) {
  SipState s{key0 ^ 0x736f6d6570736575ull, key1 ^ 0x646f72616e646f6dull, key0 ^ 0x6c7967656e657261ull,
             key1 ^ 0x7465646279746573ull};
  const u8* p = static_cast<const u8*>(data);
  u64 last = static_cast<u64>(size) << 56;
  for (; size >= 8; size -= 8, p += 8) {
    u64 word = load64(p);
    s.v3 ^= word;
    s.round();
    s.v0 ^= word;
  }
  last |= load_tail(p, size);
  s.v3 ^= last;
  s.round();
  s.v0 ^= last;
  s.v2 ^= 0xff;
  s.round();
  s.round();
  s.round();
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

HashSecret hash_secret_from_bytes(const u8 (&bytes)[24]) {
  HashSecret secret;
  memcpy(&secret.key0, bytes, 8);
  memcpy(&secret.key1, bytes + 8, 8);
  memcpy(secret.rest, bytes + 16, 8);
  return secret;
}

HashSecret hash_secret_from_seed(u32 seed) {
  if (seed == 0) return {};
  u8 bytes[24];
  u32 x = seed;
  for (u8& byte : bytes) {
    x = x * 214013 + 2531011;
    byte = static_cast<u8>(x >> 16);
  }
  return hash_secret_from_bytes(bytes);
}

// Multiplication by 2^n modulo 2^61-1 is a rotation of 61 bits.
static constexpr u64 rotate_mod_hash(u64 x, int n) { return n == 0 ? x : ((x << n) & kHashModulus) | (x >> (kHashBits - n)); }

i64 hash_limbs(const u64* limbs, usize size, bool negative) {
  u64 acc = 0;
  while (size) {
    acc = rotate_mod_hash(acc, 64 - kHashBits) + reduce_mod_hash(limbs[--size]);
    if (acc >= kHashModulus) acc -= kHashModulus;
  }
  i64 hash = static_cast<i64>(acc);
  return finish_hash(negative ? -hash : hash);
}

i64 hash_double(double value) {
  u64 bits = std::bit_cast<u64>(value);
  bool negative = bits >> 63;
  int exponent = static_cast<int>((bits >> 52) & 0x7FF);
  u64 mantissa = bits & ((u64{1} << 52) - 1);
  if (exponent == 0x7FF) return negative ? -kHashInf : kHashInf;
  if (exponent)
    mantissa |= u64{1} << 52;
  else
    exponent = 1;
  int shift = (exponent - 1075) % kHashBits;
  if (shift < 0) shift += kHashBits;
  i64 hash = static_cast<i64>(rotate_mod_hash(mantissa, shift));
  if (static_cast<u64>(hash) == kHashModulus) hash = 0;
  return finish_hash(negative ? -hash : hash);
}

}  // namespace baton
