// See bigint.h. Functions here deal with signs, floors and sizes; the magnitudes are GMP's work. The few operations that GMP
// offers only for mpz go through read-only mpz views of the operands.
#include "base/bigint.h"

#include <gmp.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/float_text.h"
#include "base/load.h"

namespace baton {

static_assert(sizeof(mp_limb_t) == sizeof(Limb) && GMP_NUMB_BITS == 64 && GMP_NAIL_BITS == 0);
static_assert(std::is_same_v<mp_limb_t, Limb>);

LimbBuffer::~LimbBuffer() {
  if (data_ != inline_) free(data_);
}

bool LimbBuffer::reserve(usize capacity) {
  if (capacity <= capacity_) return true;
  if (capacity > SIZE_MAX / sizeof(Limb)) return false;
  Limb* fresh = static_cast<Limb*>(malloc(capacity * sizeof(Limb)));
  if (!fresh) return false;
  if (data_ != inline_) free(data_);
  data_ = fresh;
  capacity_ = capacity;
  return true;
}

static inline usize trimmed(const Limb* limbs, usize size) {
  while (size && limbs[size - 1] == 0) --size;
  return size;
}
static inline i64 signed_size(const Limb* limbs, usize size, bool negative) {
  i64 n = static_cast<i64>(trimmed(limbs, size));
  return negative ? -n : n;
}

// ---- machine integers ----

i64 big_from_u64(Limb* out, u64 value) {
  out[0] = value;
  return value != 0;
}

i64 big_from_i64(Limb* out, i64 value) {
  out[0] = value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value);
  return value < 0 ? -1 : value > 0;
}

i64 big_from_i128(Limb* out, __int128 value) {
  unsigned __int128 magnitude = value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  out[0] = static_cast<u64>(magnitude);
  out[1] = static_cast<u64>(magnitude >> 64);
  return signed_size(out, 2, value < 0);
}

bool big_to_i64(BigView a, i64* value) {
  if (a.size > 1) return false;
  u64 magnitude = a.size ? a.limbs[0] : 0;
  if (magnitude > static_cast<u64>(INT64_MAX) + a.negative) return false;
  *value = static_cast<i64>(a.negative ? 0 - magnitude : magnitude);
  return true;
}

bool big_to_u64(BigView a, u64* value) {
  if (a.size > 1 || a.negative) return false;
  *value = a.size ? a.limbs[0] : 0;
  return true;
}

u64 big_low_u64(BigView a) {
  u64 low = a.size ? a.limbs[0] : 0;
  return a.negative ? 0 - low : low;
}

static int compare_magnitude(BigView a, BigView b) {
  if (a.size != b.size) return a.size < b.size ? -1 : 1;
  if (a.size == 0) return 0;
  int order = mpn_cmp(a.limbs, b.limbs, static_cast<mp_size_t>(a.size));
  return (order > 0) - (order < 0);
}

int big_compare(BigView a, BigView b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = compare_magnitude(a, b);
  return a.negative ? -order : order;
}

int big_compare_double(BigView a, double b) {
  if (std::isinf(b)) return b > 0 ? -1 : 1;
  Limb whole[17];
  int order = big_compare(a, big_view(whole, big_from_double(whole, b)));
  if (order) return order;
  double fraction = b - std::trunc(b);
  return fraction > 0 ? -1 : fraction < 0;
}

// ---- arithmetic ----

static i64 add_magnitudes(Limb* out, BigView a, BigView b, bool negative) {
  if (a.size < b.size) std::swap(a, b);
  usize size = a.size;
  if (b.size == 0) {
    if (size && out != a.limbs) mpn_copyi(out, a.limbs, static_cast<mp_size_t>(size));
  } else {
    Limb carry = mpn_add(out, a.limbs, static_cast<mp_size_t>(a.size), b.limbs, static_cast<mp_size_t>(b.size));
    out[size] = carry;
    size += carry;
  }
  return negative ? -static_cast<i64>(size) : static_cast<i64>(size);
}

// |a| - |b|, `negative` being the sign that |a| stands with.
static i64 subtract_magnitudes(Limb* out, BigView a, BigView b, bool negative) {
  int order = compare_magnitude(a, b);
  if (order == 0) return 0;
  if (order < 0) {
    std::swap(a, b);
    negative = !negative;
  }
  if (b.size == 0) {
    if (out != a.limbs) mpn_copyi(out, a.limbs, static_cast<mp_size_t>(a.size));
  } else {
    mpn_sub(out, a.limbs, static_cast<mp_size_t>(a.size), b.limbs, static_cast<mp_size_t>(b.size));
  }
  return signed_size(out, a.size, negative);
}

i64 big_add(Limb* out, BigView a, BigView b) {
  return a.negative == b.negative ? add_magnitudes(out, a, b, a.negative) : subtract_magnitudes(out, a, b, a.negative);
}

i64 big_sub(Limb* out, BigView a, BigView b) {
  return a.negative != b.negative ? add_magnitudes(out, a, b, a.negative) : subtract_magnitudes(out, a, b, a.negative);
}

i64 big_mul(Limb* out, BigView a, BigView b) {
  if (a.size == 0 || b.size == 0) return 0;
  if (a.size < b.size) std::swap(a, b);
  mp_size_t an = static_cast<mp_size_t>(a.size), bn = static_cast<mp_size_t>(b.size);
  if (a.limbs == b.limbs && an == bn)
    mpn_sqr(out, a.limbs, an);
  else if (bn == 1)
    out[an] = mpn_mul_1(out, a.limbs, an, b.limbs[0]);
  else
    mpn_mul(out, a.limbs, an, b.limbs, bn);
  return signed_size(out, a.size + b.size, a.negative != b.negative);
}

// By less than 2^32, half a limb at a time: few of these divisions take less than the inverse that the library computes first.
static Limb divide_by_half(Limb* quotient, BigView a, Limb divisor) {
  Limb rest = 0;
  for (usize i = a.size; i-- > 0;) {
    Limb high = rest << 32 | a.limbs[i] >> 32;
    Limb low = (high % divisor) << 32 | (a.limbs[i] & 0xFFFFFFFF);
    quotient[i] = (high / divisor) << 32 | low / divisor;
    rest = low % divisor;
  }
  return rest;
}

void big_divmod(Limb* quotient, i64* quotient_size, Limb* remainder, i64* remainder_size, BigView a, BigView b) {
  BATON_DCHECK(b.size != 0, "divisor is not zero");
  LimbBuffer quotient_scratch, remainder_scratch;
  Limb* r = remainder ? remainder : remainder_scratch.must_reserve(b.size);
  usize rn, qn;
  Limb* q = quotient;
  if (a.size < b.size) {
    qn = 0;
    rn = a.size;
    if (rn) mpn_copyi(r, a.limbs, static_cast<mp_size_t>(rn));
  } else {
    qn = a.size - b.size + 1;
    if (!q) q = quotient_scratch.must_reserve(qn + 1);
    if (b.size == 1 && a.size <= 4 && b.limbs[0] >> 32 == 0)
      r[0] = divide_by_half(q, a, b.limbs[0]);
    else if (b.size == 1)
      r[0] = mpn_divrem_1(q, 0, a.limbs, static_cast<mp_size_t>(a.size), b.limbs[0]);
    else
      mpn_tdiv_qr(q, r, 0, a.limbs, static_cast<mp_size_t>(a.size), b.limbs, static_cast<mp_size_t>(b.size));
    qn = trimmed(q, qn);
    rn = trimmed(r, b.size);
  }
  bool negative = a.negative != b.negative;
  if (rn && negative) {
    // Truncated to floored: the quotient goes one down, the remainder to the divisor's side.
    if (quotient) {
      if (qn == 0)
        q[0] = 1, qn = 1;
      else if (mpn_add_1(q, q, static_cast<mp_size_t>(qn), 1))
        q[qn++] = 1;
    }
    if (remainder) {
      mpn_sub(r, b.limbs, static_cast<mp_size_t>(b.size), r, static_cast<mp_size_t>(rn));
      rn = trimmed(r, b.size);
    }
  }
  if (quotient) *quotient_size = negative ? -static_cast<i64>(qn) : static_cast<i64>(qn);
  if (remainder) *remainder_size = b.negative ? -static_cast<i64>(rn) : static_cast<i64>(rn);
}

namespace {
// mpz temporaries: owned results and read-only views.
class Mpz {
 public:
  Mpz() { mpz_init(value_); }
  ~Mpz() { mpz_clear(value_); }
  Mpz(const Mpz&) = delete;
  Mpz& operator=(const Mpz&) = delete;
  operator mpz_ptr() { return value_; }
  i64 signed_size() const {
    return mpz_sgn(value_) < 0 ? -static_cast<i64>(mpz_size(value_)) : static_cast<i64>(mpz_size(value_));
  }
  void copy_limbs(Limb* out) const {
    if (mpz_size(value_)) mpn_copyi(out, mpz_limbs_read(value_), static_cast<mp_size_t>(mpz_size(value_)));
  }
  bool copy_to(LimbBuffer& out) const {
    if (!out.reserve(mpz_size(value_))) return false;
    copy_limbs(out.data());
    out.set_size(signed_size());
    return true;
  }

 private:
  mpz_t value_;
};

class MpzView {
 public:
  explicit MpzView(BigView a) {
    mp_size_t size = static_cast<mp_size_t>(a.size);
    mpz_roinit_n(value_, a.limbs, a.negative ? -size : size);
  }
  operator mpz_srcptr() const { return value_; }

 private:
  mpz_t value_;
};
}  // namespace

// GMP stops the process above 2^37 bits or when memory runs out, so larger results are refused before: 2^35 bits are 4 GiB.
static constexpr double kMaxResultBits = 34359738368.0;

bool big_pow(LimbBuffer& out, BigView base, u64 exponent) {
  bool trivial = base.size == 0 || (base.size == 1 && base.limbs[0] == 1);
  if (trivial || exponent == 0) {
    out.data()[0] = 1;
    out.set_size(exponent == 0 ? 1 : base.size == 0 ? 0 : (base.negative && (exponent & 1)) ? -1 : 1);
    return true;
  }
  if ((static_cast<double>(big_bit_length(base)) - 1) * static_cast<double>(exponent) > kMaxResultBits) return false;
  if (base.size == 1 && (base.limbs[0] & (base.limbs[0] - 1)) == 0) {
    u64 shift = static_cast<u64>(std::countr_zero(base.limbs[0])) * exponent;
    if (!out.reserve(shift / kLimbBits + 2)) return false;
    SmallBig one(base.negative && (exponent & 1) ? -1 : 1);
    out.set_size(big_shift_left(out.data(), one, shift));
    return true;
  }
  Mpz result;
  mpz_pow_ui(result, MpzView(base), exponent);
  return result.copy_to(out);
}

PowModStatus big_powmod(LimbBuffer& out, BigView base, BigView exponent, BigView modulus) {
  Mpz result, inverse;
  MpzView magnitude(modulus.magnitude());
  if (exponent.negative) {
    if (!mpz_invert(inverse, MpzView(base), magnitude)) {
      // Modulo 1 everything is 0, which is invertible there.
      if (!(modulus.size == 1 && modulus.limbs[0] == 1)) return PowModStatus::kNotInvertible;
    }
    mpz_powm(result, inverse, MpzView(exponent.magnitude()), magnitude);
  } else {
    mpz_powm(result, MpzView(base), MpzView(exponent), magnitude);
  }
  if (modulus.negative && result.signed_size() != 0) mpz_add(result, result, MpzView(modulus));
  BATON_CHECK(result.copy_to(out), "out of memory in integer arithmetic");
  return PowModStatus::kOk;
}

i64 big_gcd(Limb* out, BigView a, BigView b) {
  Mpz result;
  mpz_gcd(result, MpzView(a.magnitude()), MpzView(b.magnitude()));
  result.copy_limbs(out);
  return result.signed_size();
}

i64 big_isqrt(Limb* out, BigView a) {
  BATON_DCHECK(!a.negative, "isqrt of a non-negative value");
  if (a.size == 0) return 0;
  LimbBuffer remainder;
  mpn_sqrtrem(out, remainder.must_reserve(a.size), a.limbs, static_cast<mp_size_t>(a.size));
  return signed_size(out, (a.size + 1) / 2, false);
}

bool big_factorial(LimbBuffer& out, u64 n) {
  if (n > 2000000000) return false;
  Mpz result;
  mpz_fac_ui(result, n);
  return result.copy_to(out);
}

bool big_binomial(LimbBuffer& out, u64 n, u64 k) {
  if (k > n - k) k = n - k;
  if (k > 2000000000) return false;
  Mpz result;
  mpz_bin_uiui(result, n, k);
  return result.copy_to(out);
}

// ---- bits ----

namespace {
// The limbs of a value in two's complement, sign-extended without end, from the lowest up.
class TwosComplement {
 public:
  explicit TwosComplement(BigView a) : a_(a), carry_(a.negative) {}
  Limb next() {
    Limb limb = at_ < a_.size ? a_.limbs[at_++] : 0;
    if (!a_.negative) return limb;
    limb = ~limb + carry_;
    carry_ = carry_ && limb == 0;
    return limb;
  }

 private:
  BigView a_;
  usize at_ = 0;
  bool carry_;
};
}  // namespace

static void negate_in_place(Limb* limbs, usize size) {
  bool carry = true;
  for (usize i = 0; i < size; ++i) {
    limbs[i] = ~limbs[i] + carry;
    carry = carry && limbs[i] == 0;
  }
}

static Limb apply(BitOp op, Limb x, Limb y) { return op == BitOp::kAnd ? x & y : op == BitOp::kOr ? x | y : x ^ y; }

i64 big_bit_op(Limb* out, BigView a, BigView b, BitOp op) {
  if (!a.negative && !b.negative) {
    if (a.size < b.size) std::swap(a, b);
    usize size = op == BitOp::kAnd ? b.size : a.size;
    mp_size_t common = static_cast<mp_size_t>(b.size);
    if (common) {
      switch (op) {
        case BitOp::kAnd: mpn_and_n(out, a.limbs, b.limbs, common); break;
        case BitOp::kOr: mpn_ior_n(out, a.limbs, b.limbs, common); break;
        case BitOp::kXor: mpn_xor_n(out, a.limbs, b.limbs, common); break;
      }
    }
    if (size > b.size) mpn_copyi(out + b.size, a.limbs + b.size, static_cast<mp_size_t>(size - b.size));
    return signed_size(out, size, false);
  }
  usize size = (a.size > b.size ? a.size : b.size) + 1;
  bool negative = apply(op, a.negative, b.negative);
  TwosComplement x(a), y(b);
  for (usize i = 0; i < size; ++i) out[i] = apply(op, x.next(), y.next());
  if (negative) negate_in_place(out, size);
  return signed_size(out, size, negative);
}

i64 big_invert(Limb* out, BigView a) {
  // ~a = -(a + 1)
  SmallBig one(1);
  return -big_add(out, a, one);
}

i64 big_shift_left(Limb* out, BigView a, u64 count) {
  if (a.size == 0) return 0;
  usize limbs = count / kLimbBits, bits = count % kLimbBits;
  usize size = a.size + limbs;
  if (limbs) memset(out, 0, limbs * sizeof(Limb));
  if (bits) {
    Limb top = mpn_lshift(out + limbs, a.limbs, static_cast<mp_size_t>(a.size), static_cast<unsigned>(bits));
    if (top) out[size++] = top;
  } else {
    memcpy(out + limbs, a.limbs, a.size * sizeof(Limb));
  }
  return a.negative ? -static_cast<i64>(size) : static_cast<i64>(size);
}

i64 big_shift_right(Limb* out, BigView a, u64 count) {
  usize limbs = count / kLimbBits, bits = count % kLimbBits;
  if (limbs >= a.size) {
    out[0] = 1;
    return a.negative ? -1 : 0;
  }
  usize size = a.size - limbs;
  bool dropped = false;
  if (a.negative) {
    for (usize i = 0; i < limbs && !dropped; ++i) dropped = a.limbs[i] != 0;
    if (bits && (a.limbs[limbs] << (kLimbBits - bits))) dropped = true;
  }
  if (bits)
    mpn_rshift(out, a.limbs + limbs, static_cast<mp_size_t>(size), static_cast<unsigned>(bits));
  else
    memcpy(out, a.limbs + limbs, size * sizeof(Limb));
  if (dropped && mpn_add_1(out, out, static_cast<mp_size_t>(size), 1)) out[size++] = 1;
  return signed_size(out, size, a.negative);
}

u64 big_bit_length(BigView a) {
  if (a.size == 0) return 0;
  return a.size * kLimbBits - static_cast<u64>(std::countl_zero(a.limbs[a.size - 1]));
}

u64 big_bit_count(BigView a) { return a.size ? mpn_popcount(a.limbs, static_cast<mp_size_t>(a.size)) : 0; }

// ---- text ----

static bool is_power_of_two(int base) { return (base & (base - 1)) == 0; }

usize i64_to_decimal(char* out, i64 value) { return static_cast<usize>(std::to_chars(out, out + kI64TextMax, value).ptr - out); }

usize big_text_bound(BigView a, int base) {
  return a.size ? mpn_sizeinbase(a.limbs, static_cast<mp_size_t>(a.size), base) + 3 : 2;
}

// Exactly eight decimal digits, four pairs that don't wait for each other.
static void put_eight_digits(char* out, u32 value) {
  u32 high = value / 10000, low = value % 10000;
  auto put_two = [&](int at, u32 pair) {
    out[at] = static_cast<char>('0' + pair / 10);
    out[at + 1] = static_cast<char>('0' + pair % 10);
  };
  put_two(0, high / 100);
  put_two(2, high % 100);
  put_two(4, low / 100);
  put_two(6, low % 100);
}

static constexpr u64 kChunk = 10'000'000'000'000'000'000u;  // 10^19: its highest bit is set

// high:low / kChunk, high < kChunk, by the chunk's reciprocal: the guess is the quotient, or one off either way.
static u64 divide_by_chunk(u64 high, u64 low, u64* rest) {
  constexpr u64 kReciprocal = static_cast<u64>(~static_cast<unsigned __int128>(0) / kChunk);  // without its highest bit, 2^64
  unsigned __int128 guess =
      static_cast<unsigned __int128>(high) * kReciprocal + (static_cast<unsigned __int128>(high) << 64 | low);
  u64 quotient = static_cast<u64>(guess >> 64) + 1, left = low - quotient * kChunk;
  if (left > static_cast<u64>(guess)) {
    --quotient;
    left += kChunk;
  }
  if (left >= kChunk) [[unlikely]] {
    ++quotient;
    left -= kChunk;
  }
  *rest = left;
  return quotient;
}

// Decimal digits of a few limbs, 19 by each round of divisions. `a` is not zero.
static char* put_decimal(char* out, BigView a) {
  Limb rest[kFewDecimalLimbs];
  u64 chunks[kFewDecimalLimbs + kFewDecimalLimbs / 32 + 1];
  usize size = a.size, count = 0;
  mpn_copyi(rest, a.limbs, static_cast<mp_size_t>(size));
  while (size > 1) {
    u64 left = 0;
    for (usize i = size; i-- > 0;) rest[i] = divide_by_chunk(left, rest[i], &left);
    chunks[count++] = left;
    size -= rest[size - 1] == 0;
  }
  u64 top = rest[0];
  if (top >= kChunk) {
    chunks[count++] = top - kChunk;
    top = 1;
  }
  out = std::to_chars(out, out + 20, top).ptr;
  while (count) {
    u64 chunk = chunks[--count];
    u32 first = static_cast<u32>(chunk / 10'000'000'000'000'000);
    u64 others = chunk % 10'000'000'000'000'000;
    out[0] = static_cast<char>('0' + first / 100);
    out[1] = static_cast<char>('0' + first / 10 % 10);
    out[2] = static_cast<char>('0' + first % 10);
    put_eight_digits(out + 3, static_cast<u32>(others / 100'000'000));
    put_eight_digits(out + 11, static_cast<u32>(others % 100'000'000));
    out += 19;
  }
  return out;
}

// `a` is not zero.
static char* put_hexadecimal(char* out, BigView a) {
  out = std::to_chars(out, out + 16, a.limbs[a.size - 1], 16).ptr;
  for (usize i = a.size - 1; i-- > 0;) {
    u64 limb = a.limbs[i];
    for (int k = 15; k >= 0; --k, limb >>= 4) out[k] = "0123456789abcdef"[limb & 15];
    out += 16;
  }
  return out;
}

usize big_to_text(char* out, BigView a, int base) {
  char* start = out;
  if (a.negative) *out++ = '-';
  if (a.size <= 1) {
    u64 value = a.size ? a.limbs[0] : 0;
    return static_cast<usize>(std::to_chars(out, out + 64, value, base).ptr - start);
  }
  if (base == 16) return static_cast<usize>(put_hexadecimal(out, a) - start);
  if (base == 10 && a.size <= kFewDecimalLimbs) return static_cast<usize>(put_decimal(out, a) - start);
  LimbBuffer scratch;
  Limb* source = const_cast<Limb*>(a.limbs);
  if (!is_power_of_two(base)) {
    // mpn_get_str destroys its operand, save for powers of two.
    source = scratch.must_reserve(a.size + 1);
    mpn_copyi(source, a.limbs, static_cast<mp_size_t>(a.size));
  }
  u8* digits = reinterpret_cast<u8*>(out);
  usize count = mpn_get_str(digits, base, source, static_cast<mp_size_t>(a.size));
  usize zeros = 0;
  while (zeros + 1 < count && digits[zeros] == 0) ++zeros;
  for (usize i = zeros; i < count; ++i) out[i - zeros] = "0123456789abcdefghijklmnopqrstuvwxyz"[digits[i]];
  return static_cast<usize>(out - start) + count - zeros;
}

usize big_from_text_bound(usize digit_count, int base) {
  int bits = std::bit_width(static_cast<unsigned>(base - 1));  // enough for one digit
  double exact = static_cast<double>(digit_count) * std::log2(static_cast<double>(base)) * (1 + 1e-12);
  double loose = static_cast<double>(digit_count) * bits;
  return static_cast<usize>((exact < loose ? exact : loose) / 64) + 3;
}

static u8 digit_value(char ch) {
  if (ch <= '9') return static_cast<u8>(ch - '0');
  return static_cast<u8>((ch | 0x20) - 'a' + 10);
}

i64 big_from_text(Limb* out, const char* digits, usize digit_count, int base) {
  while (digit_count && *digits == '0') ++digits, --digit_count;
  if (digit_count == 0) return 0;
  if (digit_count <= 12) {  // 36^12 < 2^64
    u64 value = 0;
    for (usize i = 0; i < digit_count; ++i) value = value * static_cast<u64>(base) + digit_value(digits[i]);
    return big_from_u64(out, value);
  }
  LimbBuffer scratch;
  u8* values = reinterpret_cast<u8*>(scratch.must_reserve(digit_count / sizeof(Limb) + 1));
  for (usize i = 0; i < digit_count; ++i) values[i] = digit_value(digits[i]);
  return signed_size(out, static_cast<usize>(mpn_set_str(out, values, digit_count, base)), false);
}

// ---- doubles ----

// The top 64 bits of a nonzero value, whether anything below is set, and the exponent of the lowest of the 64.
static Limb top_bits(BigView a, bool* sticky, i64* exponent) {
  int zeros = std::countl_zero(a.limbs[a.size - 1]);
  Limb top = a.limbs[a.size - 1] << zeros;
  usize below = a.size - 1;
  *sticky = false;
  if (zeros && below) {
    --below;
    top |= a.limbs[below] >> (kLimbBits - static_cast<usize>(zeros));
    *sticky = (a.limbs[below] << zeros) != 0;
  }
  for (usize i = 0; i < below && !*sticky; ++i) *sticky = a.limbs[i] != 0;
  *exponent = static_cast<i64>(a.size - 1) * 64 - zeros;
  return top;
}

double big_to_double(BigView a) {
  if (a.size == 0) return 0.0;
  bool sticky;
  i64 exponent;
  Limb top = top_bits(a, &sticky, &exponent);
  double magnitude = compose_double(top, sticky, exponent);
  return a.negative ? -magnitude : magnitude;
}

double big_frexp(BigView a, i64* exponent) {
  *exponent = 0;
  if (a.size == 0) return 0.0;
  bool sticky;
  i64 low;
  Limb top = top_bits(a, &sticky, &low);
  double magnitude = compose_double(top, sticky, -64);
  *exponent = low + 64;
  if (magnitude == 1.0) {
    magnitude = 0.5;
    ++*exponent;
  }
  return a.negative ? -magnitude : magnitude;
}

i64 big_from_double(Limb* out, double value) {
  FloatParts parts = float_parts(std::trunc(value));
  if (parts.mantissa == 0) return 0;
  i64 size = big_shift_left(out, {&parts.mantissa, 1, false}, static_cast<u64>(parts.exponent));
  return parts.negative ? -size : size;
}

double big_true_divide(BigView a, BigView b) {
  if (a.size == 0) return b.negative ? -0.0 : 0.0;
  bool negative = a.negative != b.negative;
  i64 shift = 66 - (static_cast<i64>(big_bit_length(a)) - static_cast<i64>(big_bit_length(b)));
  // Scale so that the quotient has 66 or 67 bits; then 64 of them and the rest as a sticky bit decide every rounding.
  LimbBuffer scaled, quotient, remainder;
  bool sticky = false;
  BigView dividend = a.magnitude();
  if (shift > 0) {
    scaled.must_reserve(a.size + static_cast<usize>(shift) / kLimbBits + 1);
    scaled.set_size(big_shift_left(scaled.data(), dividend, static_cast<u64>(shift)));
    dividend = scaled.view();
  } else if (shift < 0) {
    u64 count = static_cast<u64>(-shift);
    scaled.must_reserve(a.size + 1);
    scaled.set_size(big_shift_right(scaled.data(), dividend, count));
    for (usize i = 0; i < count / kLimbBits && !sticky; ++i) sticky = a.limbs[i] != 0;
    if (count % kLimbBits && (a.limbs[count / kLimbBits] << (kLimbBits - count % kLimbBits))) sticky = true;
    dividend = scaled.view();
  }
  i64 qn = 0, rn = 0;
  quotient.must_reserve(dividend.size - b.size + 2);
  remainder.must_reserve(b.size);
  big_divmod(quotient.data(), &qn, remainder.data(), &rn, dividend, b.magnitude());
  bool low = false;
  i64 exponent;
  Limb top = top_bits(big_view(quotient.data(), qn), &low, &exponent);
  double magnitude = compose_double(top, sticky || low || rn != 0, exponent - shift);
  return negative ? -magnitude : magnitude;
}

// ---- bytes ----

ToBytesStatus big_to_bytes(u8* out, usize length, BigView a, ByteOrder order, bool is_signed) {
  if (a.negative && !is_signed) return ToBytesStatus::kNegative;
  u64 bits = big_bit_length(a);
  if (is_signed && length) {
    // -2^(n-1) has n bits of magnitude and still fits.
    bool power = a.negative && bits && (a.limbs[a.size - 1] & (a.limbs[a.size - 1] - 1)) == 0;
    for (usize i = 0; power && i + 1 < a.size; ++i) power = a.limbs[i] == 0;
    if (!power) ++bits;
  }
  // CPython lets -1 pass in no bytes at all; so do we.
  bool minus_one_in_nothing = length == 0 && a.negative && a.size == 1 && a.limbs[0] == 1;
  if (bits > length * 8 && !minus_one_in_nothing) return ToBytesStatus::kTooBig;
  TwosComplement limbs(a);
  usize i = 0;
  for (; i + 8 <= length; i += 8) {
    Limb limb = limbs.next();
    if (order == ByteOrder::kBig) limb = __builtin_bswap64(limb);
    memcpy(order == ByteOrder::kLittle ? out + i : out + length - 8 - i, &limb, sizeof limb);
  }
  for (Limb limb = i < length ? limbs.next() : 0; i < length; ++i, limb >>= 8)
    out[order == ByteOrder::kLittle ? i : length - 1 - i] = static_cast<u8>(limb);
  return ToBytesStatus::kOk;
}

i64 big_from_bytes(Limb* out, const u8* bytes, usize length, ByteOrder order, bool is_signed) {
  if (length == 0) return 0;
  usize size = (length + 7) / 8;
  bool negative = is_signed && (order == ByteOrder::kLittle ? bytes[length - 1] : bytes[0]) >= 0x80;
  Limb fill = negative ? ~Limb{0} : 0;
  for (usize i = 0; i < size; ++i) {
    if (usize at = i * 8; at + 8 <= length) {
      out[i] = order == ByteOrder::kLittle ? load64(bytes + at) : __builtin_bswap64(load64(bytes + length - at - 8));
      continue;
    }
    Limb limb = fill;
    for (usize j = 0; j < 8; ++j) {
      usize at = i * 8 + j;
      if (at >= length) break;
      u8 byte = bytes[order == ByteOrder::kLittle ? at : length - 1 - at];
      limb = (limb & ~(Limb{0xFF} << (8 * j))) | static_cast<Limb>(byte) << (8 * j);
    }
    out[i] = limb;
  }
  if (negative) negate_in_place(out, size);
  return signed_size(out, size, negative);
}

}  // namespace baton
