// MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4). The Merkle-Damgard bookkeeping is shared; constants that are roots of small
// numbers are written out.
#include <bit>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/digest.h"

namespace baton {

static inline u32 load_be32(const u8* p) {
  u32 v;
  memcpy(&v, p, 4);
  return __builtin_bswap32(v);
}
static inline u64 load_be64(const u8* p) {
  u64 v;
  memcpy(&v, p, 8);
  return __builtin_bswap64(v);
}
static inline void store_be32(u8* p, u32 v) {
  v = __builtin_bswap32(v);
  memcpy(p, &v, 4);
}
static inline void store_be64(u8* p, u64 v) {
  v = __builtin_bswap64(v);
  memcpy(p, &v, 8);
}

// f(0), f(1) ... f(n - 1), where f sees a constant, and no loop: words that change places each round stay in their registers
// then.
template <usize n, class F>
BATON_ALWAYS_INLINE void unrolled(F&& f) {
  [&]<usize... i>(std::index_sequence<i...>)
      __attribute__((always_inline)) { (f(std::integral_constant<u32, i>()), ...); }(std::make_index_sequence<n>());
}

// Feeds whole blocks, keeping the rest in `pending`; *total counts all bytes ever seen.
template <usize kBlock, class Block>
static void feed(u8* pending, u64* total, const void* data, usize size, Block&& block) {
  const u8* p = static_cast<const u8*>(data);
  usize held = *total % kBlock;
  *total += size;
  if (held) {
    usize take = kBlock - held < size ? kBlock - held : size;
    if (take) memcpy(pending + held, p, take);
    if (held + take < kBlock) return;
    block(pending);
    p += take;
    size -= take;
  }
  for (; size >= kBlock; size -= kBlock, p += kBlock) block(p);
  if (size) memcpy(pending, p, size);
}

// The final block(s): 0x80, zeros, and the length in bits in the last kLength bytes.
enum class LengthOrder : u8 { kLittle, kBig };
template <usize kBlock, usize kLength, class Block>
static void close(u8* pending, u64 total, LengthOrder order, Block&& block) {
  usize held = total % kBlock;
  pending[held++] = 0x80;
  if (held > kBlock - kLength) {
    memset(pending + held, 0, kBlock - held);
    block(pending);
    held = 0;
  }
  memset(pending + held, 0, kBlock - held);
  u64 bits = total * 8;
  if (order == LengthOrder::kLittle) {
    memcpy(pending + kBlock - 8, &bits, 8);
  } else {
    store_be64(pending + kBlock - 8, bits);
    if (kLength == 16) store_be64(pending + kBlock - 16, total >> 61);
  }
  block(pending);
}

// ---- MD5 ----

static constexpr u32 kMd5Sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
    0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
    0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
    0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
    0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
static constexpr u8 kMd5Shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

void Md5::block(const u8* data) {
  u32 w[16];
  memcpy(w, data, 64);
  u32 a = h_[0], b = h_[1], c = h_[2], d = h_[3];
  unrolled<64>([&](auto round) __attribute__((always_inline)) {
    constexpr u32 i = round;
    u32 f, k;
    switch (i / 16) {
      case 0: f = (b & c) | (~b & d), k = i; break;
      case 1: f = (d & b) | (~d & c), k = (5 * i + 1) % 16; break;
      case 2: f = b ^ c ^ d, k = (3 * i + 5) % 16; break;
      default: f = c ^ (b | ~d), k = (7 * i) % 16;
    }
    u32 rotated = std::rotl(a + f + kMd5Sines[i] + w[k], kMd5Shifts[i / 16][i % 4]);
    a = d, d = c, c = b;
    b += rotated;
  });
  h_[0] += a, h_[1] += b, h_[2] += c, h_[3] += d;
}

void Md5::update(const void* data, usize size) {
  feed<64>(pending_, &total_, data, size, [this](const u8* p) { block(p); });
}

void Md5::finish(u8* out) {
  close<64, 8>(pending_, total_, LengthOrder::kLittle, [this](const u8* p) { block(p); });
  memcpy(out, h_, kDigestSize);
}

// ---- SHA-1 ----

void Sha1::block(const u8* data) {
  u32 w[80];
  for (int i = 0; i < 16; ++i) w[i] = load_be32(data + 4 * i);
  for (int i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  u32 a = h_[0], b = h_[1], c = h_[2], d = h_[3], e = h_[4];
  unrolled<80>([&](auto round) __attribute__((always_inline)) {
    constexpr u32 i = round;
    u32 f, k;
    if (i < 20)
      f = (b & c) | (~b & d), k = 0x5a827999;
    else if (i < 40)
      f = b ^ c ^ d, k = 0x6ed9eba1;
    else if (i < 60)
      f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
    else
      f = b ^ c ^ d, k = 0xca62c1d6;
    u32 next = std::rotl(a, 5) + f + e + k + w[i];
    e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
  });
  h_[0] += a, h_[1] += b, h_[2] += c, h_[3] += d, h_[4] += e;
}

void Sha1::update(const void* data, usize size) {
  feed<64>(pending_, &total_, data, size, [this](const u8* p) { block(p); });
}

void Sha1::finish(u8* out) {
  close<64, 8>(pending_, total_, LengthOrder::kBig, [this](const u8* p) { block(p); });
  for (int i = 0; i < 5; ++i) store_be32(out + 4 * i, h_[i]);
}

// ---- SHA-2 ----

// Cube roots of the first 80 primes; SHA-256 uses the upper halves of the first 64.
static constexpr u64 kSha2Constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
    0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
    0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
    0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
    0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
    0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
    0x5fcb6fab3ad6faec, 0x6c44198c4a475817};
static constexpr u64 kSha512Start[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
static constexpr u64 kSha384Start[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
                                        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};

Sha256::Sha256(bool is_224) : digest_size_(is_224 ? 28 : 32) {
  // SHA-256 starts from the upper halves of SHA-512's words, SHA-224 from the lower halves of SHA-384's.
  for (int i = 0; i < 8; ++i) h_[i] = static_cast<u32>(is_224 ? kSha384Start[i] : kSha512Start[i] >> 32);
}

void Sha256::block(const u8* data) {
  u32 w[64];
  for (int i = 0; i < 16; ++i) w[i] = load_be32(data + 4 * i);
  for (int i = 16; i < 64; ++i) {
    u32 s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    u32 s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  u32 v[8];
  memcpy(v, h_, sizeof v);
  unrolled<64>([&](auto round) __attribute__((always_inline)) {
    constexpr u32 i = round;
    u32 s1 = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    u32 choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    u32 t1 = v[7] + s1 + choice + static_cast<u32>(kSha2Constants[i] >> 32) + w[i];
    u32 s0 = std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22);
    u32 majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t1;
    v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t1 + s0 + majority;
  });
  for (int i = 0; i < 8; ++i) h_[i] += v[i];
}

void Sha256::update(const void* data, usize size) {
  feed<64>(pending_, &total_, data, size, [this](const u8* p) { block(p); });
}

void Sha256::finish(u8* out) {
  close<64, 8>(pending_, total_, LengthOrder::kBig, [this](const u8* p) { block(p); });
  for (u32 i = 0; i < digest_size_ / 4; ++i) store_be32(out + 4 * i, h_[i]);
}

Sha512::Sha512(bool is_384) : digest_size_(is_384 ? 48 : 64) { memcpy(h_, is_384 ? kSha384Start : kSha512Start, sizeof h_); }

void Sha512::block(const u8* data) {
  u64 w[80];
  for (int i = 0; i < 16; ++i) w[i] = load_be64(data + 8 * i);
  for (int i = 16; i < 80; ++i) {
    u64 s0 = std::rotr(w[i - 15], 1) ^ std::rotr(w[i - 15], 8) ^ (w[i - 15] >> 7);
    u64 s1 = std::rotr(w[i - 2], 19) ^ std::rotr(w[i - 2], 61) ^ (w[i - 2] >> 6);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  u64 v[8];
  memcpy(v, h_, sizeof v);
  unrolled<80>([&](auto round) __attribute__((always_inline)) {
    constexpr u32 i = round;
    u64 s1 = std::rotr(v[4], 14) ^ std::rotr(v[4], 18) ^ std::rotr(v[4], 41);
    u64 choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    u64 t1 = v[7] + s1 + choice + kSha2Constants[i] + w[i];
    u64 s0 = std::rotr(v[0], 28) ^ std::rotr(v[0], 34) ^ std::rotr(v[0], 39);
    u64 majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t1;
    v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t1 + s0 + majority;
  });
  for (int i = 0; i < 8; ++i) h_[i] += v[i];
}

void Sha512::update(const void* data, usize size) {
  feed<128>(pending_, &total_, data, size, [this](const u8* p) { block(p); });
}

void Sha512::finish(u8* out) {
  close<128, 16>(pending_, total_, LengthOrder::kBig, [this](const u8* p) { block(p); });
  for (u32 i = 0; i < digest_size_ / 8; ++i) store_be64(out + 8 * i, h_[i]);
}

}  // namespace baton
