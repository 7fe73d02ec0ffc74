// Integer kernels for Python's int on sign-magnitude limb arrays (GMP's mpn layer underneath), with Python's floor and
// two's-complement meaning. No heap objects: results go to arrays whose size each function states, or to a LimbBuffer.
//
// Inputs are normalised: no zero top limb, zero has size 0 and is not negative. Outputs are too: a function that fills an array
// returns a signed size as GMP's mpz does (negative for a negative value). Outputs must not overlap inputs unless said.
#pragma once
#include "base/check.h"
#include "base/types.h"

namespace baton {

using Limb = u64;
inline constexpr usize kLimbBits = 64;

struct BigView {
  const Limb* limbs = nullptr;
  usize size = 0;
  bool negative = false;

  bool is_zero() const { return size == 0; }
  bool is_odd() const { return size && (limbs[0] & 1); }
  BigView magnitude() const { return {limbs, size, false}; }
  BigView negated() const { return {limbs, size, size != 0 && !negative}; }
};
inline BigView big_view(const Limb* limbs, i64 signed_size) {
  return {limbs, static_cast<usize>(signed_size < 0 ? -signed_size : signed_size), signed_size < 0};
}

// A machine integer as an operand. Not copyable: its view points into it.
class SmallBig {
 public:
  explicit SmallBig(i64 value) : limb_(value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value)), negative_(value < 0) {}
  SmallBig(const SmallBig&) = delete;
  SmallBig& operator=(const SmallBig&) = delete;
  BigView view() const { return {&limb_, limb_ != 0, negative_}; }
  operator BigView() const { return view(); }

 private:
  Limb limb_;
  bool negative_;
};

// Growing scratch for results whose size is not known before: inline up to 16 limbs, then malloc.
class LimbBuffer {
 public:
  LimbBuffer() = default;
  LimbBuffer(const LimbBuffer&) = delete;
  LimbBuffer& operator=(const LimbBuffer&) = delete;
  ~LimbBuffer();

  // Room for `capacity` limbs; earlier contents are lost. False: no memory.
  [[nodiscard]] bool reserve(usize capacity);
  Limb* data() { return data_; }
  const Limb* data() const { return data_; }
  void set_size(i64 signed_size) { size_ = signed_size; }
  i64 signed_size() const { return size_; }
  BigView view() const { return big_view(data_, size_); }
  // For kernels whose failure for want of memory cannot be reported: stops the process instead.
  Limb* must_reserve(usize capacity) {
    BATON_CHECK(reserve(capacity), "out of memory in integer arithmetic");
    return data_;
  }

 private:
  static constexpr usize kInline = 16;
  Limb* data_ = inline_;
  usize capacity_ = kInline;
  i64 size_ = 0;
  Limb inline_[kInline];
};

// ---- machine integers ----
i64 big_from_i64(Limb* out /* 1 */, i64 value);
i64 big_from_u64(Limb* out /* 1 */, u64 value);
i64 big_from_i128(Limb* out /* 2 */, __int128 value);
bool big_to_i64(BigView a, i64* value);       // false: does not fit
bool big_to_u64(BigView a, u64* value);       // false: negative or does not fit
u64 big_low_u64(BigView a);                   // two's complement, modulo 2^64
int big_compare(BigView a, BigView b);        // -1, 0, 1
int big_compare_double(BigView a, double b);  // b is not nan; infinities allowed

// ---- arithmetic ----
i64 big_add(Limb* out /* max(a, b) + 1; may be a or b */, BigView a, BigView b);
i64 big_sub(Limb* out /* max(a, b) + 1; may be a or b */, BigView a, BigView b);
i64 big_mul(Limb* out /* a + b */, BigView a, BigView b);
// Floor division, b nonzero. quotient: max(a - b, 0) + 2 limbs, remainder: b limbs; either may be null.
void big_divmod(Limb* quotient, i64* quotient_size, Limb* remainder, i64* remainder_size, BigView a, BigView b);
// base ** exponent; false: the result would not fit in memory (MemoryError).
[[nodiscard]] bool big_pow(LimbBuffer& out, BigView base, u64 exponent);
// pow(base, exponent, modulus), modulus nonzero, result with the modulus' sign.
enum class PowModStatus : u8 { kOk, kNotInvertible };  // "base is not invertible for the given modulus"
PowModStatus big_powmod(LimbBuffer& out, BigView base, BigView exponent, BigView modulus);
i64 big_gcd(Limb* out /* max(a, b) */, BigView a, BigView b);
i64 big_isqrt(Limb* out /* (a + 1) / 2 */, BigView a);  // a >= 0
[[nodiscard]] bool big_factorial(LimbBuffer& out, u64 n);
[[nodiscard]] bool big_binomial(LimbBuffer& out, u64 n, u64 k);  // k <= n; false: does not fit in memory

// ---- bits (two's complement) ----
enum class BitOp : u8 { kAnd, kOr, kXor };
i64 big_bit_op(Limb* out /* max(a, b) + 1 */, BigView a, BigView b, BitOp op);
i64 big_invert(Limb* out /* a + 1 */, BigView a);
i64 big_shift_left(Limb* out /* a + count / 64 + 1 */, BigView a, u64 count);
i64 big_shift_right(Limb* out /* max(a - count / 64, 0) + 1 */, BigView a, u64 count);  // floor
u64 big_bit_length(BigView a);
u64 big_bit_count(BigView a);  // of the magnitude

// ---- text, base 2..36, lower case, with '-' but without prefix ----
inline constexpr usize kFewDecimalLimbs =
    16;  // up to so many become decimal digits soon; 20 characters a limb are enough for them
usize big_text_bound(BigView a, int base);
usize big_to_text(char* out, BigView a, int base);  // returns the length
inline constexpr usize kI64TextMax = 20;
usize i64_to_decimal(char* out, i64 value);
// `digits` are ASCII digits and letters of the base, no sign, no underscores (the caller has checked them).
usize big_from_text_bound(usize digit_count, int base);
i64 big_from_text(Limb* out, const char* digits, usize digit_count, int base);

// ---- doubles ----
double big_to_double(BigView a);             // half to even; infinite if too large ("int too large to convert to float")
double big_frexp(BigView a, i64* exponent);  // a = result * 2^exponent, 0.5 <= |result| < 1, rounded half to even
i64 big_from_double(Limb* out /* 17 */, double value);  // truncates; value is finite
double big_true_divide(BigView a, BigView b);           // b nonzero; infinite: "integer division result too large for a float"

// ---- bytes ----
enum class ByteOrder : u8 { kLittle, kBig };
enum class ToBytesStatus : u8 {
  kOk,
  kNegative,  // OverflowError "can't convert negative int to unsigned"
  kTooBig,    // OverflowError "int too big to convert"
};
ToBytesStatus big_to_bytes(u8* out, usize length, BigView a, ByteOrder order, bool is_signed);
i64 big_from_bytes(Limb* out /* (length + 7) / 8 */, const u8* bytes, usize length, ByteOrder order, bool is_signed);

}  // namespace baton
