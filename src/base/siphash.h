// Hash algorithms of CPython 3.11 (64-bit): siphash13 for text and bytes, numbers modulo 2^61-1, the tuple and frozenset
// combiners. A Python hash is never -1; every function here that returns a finished hash has already replaced it.
#pragma once
#include "base/types.h"

namespace baton {

u64 siphash13(u64 key0, u64 key1, const void* data, usize size);

struct HashSecret {
  u64 key0 = 0, key1 = 0;
  u8 rest[8] = {};  // completes CPython's 24 byte secret (used by expat's hash salt)
};
// PYTHONHASHSEED=n, n in 0..4294967295; 0 gives the all-zero secret.
HashSecret hash_secret_from_seed(u32 seed);
HashSecret hash_secret_from_bytes(const u8 (&bytes)[24]);

constexpr i64 finish_hash(i64 hash) { return hash == -1 ? -2 : hash; }

// str: over the buffer of its narrowest kind; bytes: over the content. Empty hashes to 0.
inline i64 hash_bytes(const HashSecret& secret, const void* data, usize size) {
  if (size == 0) return 0;
  return finish_hash(static_cast<i64>(siphash13(secret.key0, secret.key1, data, size)));
}

// Numbers: a value p/q hashes to p * q^-1 modulo the prime, so equal numbers of all types hash equally.
inline constexpr int kHashBits = 61;
inline constexpr u64 kHashModulus = (u64{1} << kHashBits) - 1;
inline constexpr i64 kHashInf = 314159;
inline constexpr i64 kHashImag = 1000003;  // hash(complex) = hash(real) + kHashImag * hash(imag), wrapping

constexpr u64 reduce_mod_hash(u64 x) {
  x = (x & kHashModulus) + (x >> kHashBits);
  return x >= kHashModulus ? x - kHashModulus : x;
}
constexpr i64 hash_i64(i64 value) {
  u64 magnitude = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
  i64 hash = static_cast<i64>(reduce_mod_hash(magnitude));
  return finish_hash(value < 0 ? -hash : hash);
}
// Sign and magnitude, least significant limb first.
i64 hash_limbs(const u64* limbs, usize size, bool negative);
// Not for nan, whose hash is the object's identity hash: the caller decides. Infinities give +-kHashInf.
i64 hash_double(double value);

constexpr i64 hash_pointer_bits(u64 bits) { return finish_hash(static_cast<i64>((bits >> 4) | (bits << 60))); }

// tuple: add() each item's hash, then finish(count).
class TupleHasher {
 public:
  void add(i64 item_hash) {
    acc_ += static_cast<u64>(item_hash) * kPrime2;
    acc_ = (acc_ << 31) | (acc_ >> 33);
    acc_ *= kPrime1;
  }
  i64 finish(usize count) const {
    u64 acc = acc_ + (count ^ kLengthMask);
    return acc == ~u64{0} ? kInsteadOfAllOnes : static_cast<i64>(acc);
  }

  static constexpr u64 kPrime1 = 11400714785074694791ull, kPrime2 = 14029467366897019727ull, kPrime5 = 2870177450012600261ull;
  static constexpr u64 kLengthMask = kPrime5 ^ 3527539u;
  static constexpr i64 kInsteadOfAllOnes = 1546275796;

 private:
  u64 acc_ = kPrime5;
};

// frozenset: independent of order.
class SetHasher {
 public:
  void add(i64 item_hash) {
    u64 hash = static_cast<u64>(item_hash);
    acc_ ^= ((hash ^ 89869747u) ^ (hash << 16)) * 3644798167u;
  }
  i64 finish(usize count) const {
    u64 hash = acc_ ^ (count + 1) * 1927868237u;
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash * 69069u + 907133923u;
    return hash == ~u64{0} ? 590923713 : static_cast<i64>(hash);
  }

 private:
  u64 acc_ = 0;
};

}  // namespace baton
