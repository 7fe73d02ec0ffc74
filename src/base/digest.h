// Message digests as plain copyable states: update() any number of times, then finish() a copy (or the state itself, which is
// then used up). Behind _md5, _sha1, _sha256, _sha512, _sha3 and _blake2.
#pragma once
#include "base/types.h"

namespace baton {

class Md5 {
 public:
  static constexpr usize kBlockSize = 64, kDigestSize = 16;
  void update(const void* data, usize size);
  void finish(u8* out /* kDigestSize */);

 private:
  void block(const u8* data);
  u32 h_[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  u64 total_ = 0;
  u8 pending_[64];
};

class Sha1 {
 public:
  static constexpr usize kBlockSize = 64, kDigestSize = 20;
  void update(const void* data, usize size);
  void finish(u8* out /* kDigestSize */);

 private:
  void block(const u8* data);
  u32 h_[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  u64 total_ = 0;
  u8 pending_[64];
};

class Sha256 {  // and SHA-224
 public:
  static constexpr usize kBlockSize = 64;
  explicit Sha256(bool is_224 = false);
  usize digest_size() const { return digest_size_; }
  void update(const void* data, usize size);
  void finish(u8* out /* digest_size() */);

 private:
  void block(const u8* data);
  u32 h_[8];
  u32 digest_size_;
  u64 total_ = 0;
  u8 pending_[64];
};

class Sha512 {  // and SHA-384
 public:
  static constexpr usize kBlockSize = 128;
  explicit Sha512(bool is_384 = false);
  usize digest_size() const { return digest_size_; }
  void update(const void* data, usize size);
  void finish(u8* out /* digest_size() */);

 private:
  void block(const u8* data);
  u64 h_[8];
  u32 digest_size_;
  u64 total_ = 0;  // bytes; 2^61 are enough
  u8 pending_[128];
};

class Sha3 {  // SHA3-224..512 and SHAKE128/256
 public:
  // Digest size 28, 32, 48 or 64 for SHA-3; for SHAKE the security level in bits, 128 or 256.
  static Sha3 sha3(usize digest_size) { return Sha3(200 - 2 * digest_size, 0x06, digest_size); }
  static Sha3 shake(usize level) { return Sha3(200 - level / 4, 0x1f, 0); }
  usize block_size() const { return rate_; }
  usize digest_size() const { return digest_size_; }  // 0: as long as wanted
  void update(const void* data, usize size);
  void finish(u8* out, usize size);

 private:
  Sha3(usize rate, u8 suffix, usize digest_size)
      : rate_(static_cast<u32>(rate)), digest_size_(static_cast<u32>(digest_size)), suffix_(suffix) {}
  void permute();
  void absorb(u8 byte) {
    lanes_[at_ / 8] ^= static_cast<u64>(byte) << (8 * (at_ % 8));
    if (++at_ == rate_) permute(), at_ = 0;
  }
  u64 lanes_[25] = {};
  u32 rate_, digest_size_, at_ = 0;
  u8 suffix_;
};

// BLAKE2 (RFC 7693 with the full parameter block). Word: u64 for BLAKE2b, u32 for BLAKE2s.
struct Blake2Parameters {
  u8 digest_size, fanout = 1, depth = 1;
  const void* key = nullptr;
  usize key_size = 0;
  u32 leaf_size = 0;
  u64 node_offset = 0;  // 48 bits used by BLAKE2s
  u8 node_depth = 0, inner_size = 0;
  bool last_node = false;
  const void* salt = nullptr;    // exactly kSaltSize bytes, or null for zeros; the caller pads
  const void* person = nullptr;  // likewise
};

template <class Word>
class Blake2 {
 public:
  static constexpr usize kBlockSize = 16 * sizeof(Word), kMaxDigestSize = 8 * sizeof(Word), kMaxKeySize = kMaxDigestSize;
  static constexpr usize kSaltSize = 2 * sizeof(Word), kPersonSize = 2 * sizeof(Word);
  explicit Blake2(const Blake2Parameters& parameters);
  usize digest_size() const { return digest_size_; }
  void update(const void* data, usize size);
  void finish(u8* out /* digest_size() */);

 private:
  void block(const u8* data, usize advance, bool last);
  Word h_[8];
  Word count_[2] = {};
  u32 pending_size_ = 0;
  u8 digest_size_;
  bool last_node_;
  u8 pending_[kBlockSize];
};
using Blake2b = Blake2<u64>;
using Blake2s = Blake2<u32>;
extern template class Blake2<u64>;
extern template class Blake2<u32>;

}  // namespace baton
