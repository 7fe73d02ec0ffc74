// Keccak-f[1600] sponges (FIPS 202) and BLAKE2 (RFC 7693).
#include <bit>
#include <cstring>

#include "base/digest.h"

namespace baton {

// ---- SHA-3 ----

static constexpr u64 kKeccakRounds[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
static constexpr u8 kKeccakRotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                            25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

void Sha3::permute() {
  u64* a = lanes_;
  for (u64 constant : kKeccakRounds) {
    u64 column[5], b[25];
    for (int x = 0; x < 5; ++x) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; ++x) {
      u64 d = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
    }
    for (int x = 0; x < 5; ++x) {
      for (int y = 0; y < 5; ++y) b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y], kKeccakRotations[x + 5 * y]);
    }
    for (int y = 0; y < 25; y += 5) {
      for (int x = 0; x < 5; ++x) a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    }
    a[0] ^= constant;
  }
}

void Sha3::update(const void* data, usize size) {
  const u8* p = static_cast<const u8*>(data);
  while (size && at_ % 8) absorb(*p++), --size;
  for (; size >= 8; size -= 8, p += 8) {  // rates are multiples of 8
    u64 word;
    memcpy(&word, p, 8);
    lanes_[at_ / 8] ^= word;
    if ((at_ += 8) == rate_) permute(), at_ = 0;
  }
  while (size--) absorb(*p++);
}

void Sha3::finish(u8* out, usize size) {
  lanes_[at_ / 8] ^= static_cast<u64>(suffix_) << (8 * (at_ % 8));
  lanes_[(rate_ - 1) / 8] ^= u64{0x80} << (8 * ((rate_ - 1) % 8));
  permute();
  while (size) {
    usize take = size < rate_ ? size : rate_;
    memcpy(out, lanes_, take);
    out += take;
    if (size -= take) permute();
  }
}

// ---- BLAKE2 ----

static constexpr u8 kSigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

// The initial vectors are those of SHA-512 and SHA-256; the latter are the upper halves of the former.
static constexpr u64 kBlakeStart[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                       0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

template <class Word>
static constexpr Word blake_start(int i) {
  return sizeof(Word) == 8 ? static_cast<Word>(kBlakeStart[i]) : static_cast<Word>(kBlakeStart[i] >> 32);
}

template <class Word>
static void mix(Word* v, int a, int b, int c, int d, Word x, Word y) {
  constexpr int r1 = sizeof(Word) == 8 ? 32 : 16, r2 = sizeof(Word) == 8 ? 24 : 12, r3 = sizeof(Word) == 8 ? 16 : 8,
                r4 = sizeof(Word) == 8 ? 63 : 7;
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], r1);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], r2);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], r3);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], r4);
}

template <class Word>
void Blake2<Word>::block(const u8* data, usize advance, bool last) {
  count_[0] += static_cast<Word>(advance);
  count_[1] += count_[0] < advance;
  Word m[16], v[16];
  memcpy(m, data, sizeof m);
  for (int i = 0; i < 8; ++i) {
    v[i] = h_[i];
    v[i + 8] = blake_start<Word>(i);
  }
  v[12] ^= count_[0];
  v[13] ^= count_[1];
  if (last) {
    v[14] = ~v[14];
    if (last_node_) v[15] = ~v[15];
  }
  constexpr int rounds = sizeof(Word) == 8 ? 12 : 10;
  for (int round = 0; round < rounds; ++round) {
    const u8* s = kSigma[round % 10];
    for (int i = 0; i < 4; ++i) mix(v, i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[2 * i + 1]]);
    for (int i = 0; i < 4; ++i) mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, m[s[2 * i + 8]], m[s[2 * i + 9]]);
  }
  for (int i = 0; i < 8; ++i) h_[i] ^= v[i] ^ v[i + 8];
}

template <class Word>
Blake2<Word>::Blake2(const Blake2Parameters& p) : digest_size_(p.digest_size), last_node_(p.last_node) {
  // The parameter block: BLAKE2b has eight bytes of node offset and 14 reserved, BLAKE2s six and none.
  u8 block[8 * sizeof(Word)] = {};
  block[0] = p.digest_size;
  block[1] = static_cast<u8>(p.key_size);
  block[2] = p.fanout;
  block[3] = p.depth;
  memcpy(block + 4, &p.leaf_size, 4);
  memcpy(block + 8, &p.node_offset, sizeof(Word) == 8 ? 8 : 6);
  constexpr usize depth_at = sizeof(Word) == 8 ? 16 : 14;
  block[depth_at] = p.node_depth;
  block[depth_at + 1] = p.inner_size;
  if (p.salt) memcpy(block + sizeof block - kSaltSize - kPersonSize, p.salt, kSaltSize);
  if (p.person) memcpy(block + sizeof block - kPersonSize, p.person, kPersonSize);
  for (usize i = 0; i < 8; ++i) {
    Word word;
    memcpy(&word, block + i * sizeof(Word), sizeof(Word));
    h_[i] = blake_start<Word>(static_cast<int>(i)) ^ word;
  }
  if (p.key_size) {
    u8 key[kBlockSize] = {};
    memcpy(key, p.key, p.key_size);
    update(key, kBlockSize);
  }
}

// The last block is compressed by finish() only, so a full one stays pending until more comes.
template <class Word>
void Blake2<Word>::update(const void* data, usize size) {
  const u8* p = static_cast<const u8*>(data);
  while (size) {
    if (pending_size_ == kBlockSize) {
      block(pending_, kBlockSize, false);
      pending_size_ = 0;
    }
    while (pending_size_ == 0 && size > kBlockSize) {
      block(p, kBlockSize, false);
      p += kBlockSize;
      size -= kBlockSize;
    }
    usize take = kBlockSize - pending_size_ < size ? kBlockSize - pending_size_ : size;
    memcpy(pending_ + pending_size_, p, take);
    pending_size_ += static_cast<u32>(take);
    p += take;
    size -= take;
  }
}

template <class Word>
void Blake2<Word>::finish(u8* out) {
  memset(pending_ + pending_size_, 0, kBlockSize - pending_size_);
  block(pending_, pending_size_, true);
  memcpy(out, h_, digest_size_);
}

template class Blake2<u64>;
template class Blake2<u32>;

}  // namespace baton
