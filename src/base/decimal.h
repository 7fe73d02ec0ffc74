// Decimal floating point of any precision: the General Decimal Arithmetic specification (IEEE 754-2008 decimal), without Python.
//
// A number is (-1)^negative * coefficient * 10^exponent, or an infinity, or a nan whose coefficient is its payload. Coefficients
// are limbs of nine digits, the lowest first, without a zero on top (zero has no limb): moving the decimal point and rounding,
// which decimal arithmetic does all the time, need no division of long numbers then. Long products and quotients and the
// transcendental functions go through binary integers (GMP).
//
// Operations take views, fill a DecNumber that is none of their operands, and add the conditions that arose to *status. They
// never fail otherwise: for want of memory the result is a nan and the status has kDecMallocError.
#pragma once
#include <string_view>

#include "base/bigint.h"

namespace baton {

enum class DecKind : u8 { Finite, Infinity, QuietNan, SignalingNan };
enum class DecRounding : u8 { Up, Down, Ceiling, Floor, HalfUp, HalfDown, HalfEven, ZeroFiveUp };
inline constexpr int kDecRoundingCount = 8;

enum DecCondition : u32 {
  kDecClamped = 1,
  kDecConversionSyntax = 2,
  kDecDivisionByZero = 4,
  kDecDivisionImpossible = 8,
  kDecDivisionUndefined = 0x10,
  kDecInexact = 0x40,
  kDecInvalidContext = 0x80,
  kDecInvalidOperation = 0x100,
  kDecMallocError = 0x200,
  kDecFloatOperation = 0x400,
  kDecOverflow = 0x800,
  kDecRounded = 0x1000,
  kDecSubnormal = 0x2000,
  kDecUnderflow = 0x4000,
};
// Everything that the signal InvalidOperation stands for.
inline constexpr u32 kDecAnyInvalid = kDecConversionSyntax | kDecDivisionImpossible | kDecDivisionUndefined | kDecInvalidContext |
                                      kDecInvalidOperation | kDecMallocError;

inline constexpr i64 kDecMaxPrecision = 999999999999999999, kDecMaxEmax = 999999999999999999, kDecMinEmin = -999999999999999999;
inline constexpr i64 kDecMinEtiny = kDecMinEmin - (kDecMaxPrecision - 1);

struct DecContext {
  i64 precision = 28, emax = 999999, emin = -999999;
  DecRounding rounding = DecRounding::HalfEven;
  bool clamp = false;
  i64 etiny() const { return emin - (precision - 1); }
  i64 etop() const { return emax - (precision - 1); }
};
// In which every number that can be written down is exact.
inline constexpr DecContext kDecMaxContext{kDecMaxPrecision, kDecMaxEmax, kDecMinEmin, DecRounding::HalfEven, false};

using DecLimb = u32;
inline constexpr u32 kDecLimbDigits = 9, kDecLimbBase = 1000000000;

// Somebody's limbs, which must stay where they are.
struct DecView {
  const DecLimb* limbs = nullptr;
  u64 size = 0;
  i64 exponent = 0;
  DecKind kind = DecKind::Finite;
  bool negative = false;

  bool is_nan() const { return kind >= DecKind::QuietNan; }
  bool is_finite() const { return kind == DecKind::Finite; }
  bool is_infinite() const { return kind == DecKind::Infinity; }
  bool is_zero() const { return is_finite() && size == 0; }
  i64 digits() const;  // of the coefficient, 1 for zero; of a payload, 0 for none
  i64 adjusted() const { return exponent + digits() - 1; }
  int digit(i64 position) const;  // from the right
  bool is_integer() const;
  bool is_odd_integer() const;  // of an integer
  DecView absolute() const {
    DecView v = *this;
    v.negative = false;
    return v;
  }
};

// A number that owns its limbs. Not copyable by accident.
class DecNumber {
 public:
  DecNumber() = default;
  DecNumber(const DecNumber&) = delete;
  DecNumber& operator=(const DecNumber&) = delete;
  ~DecNumber();

  DecView view() const { return {limbs, size, exponent, kind, negative}; }
  operator DecView() const { return view(); }
  // Room for n limbs, the present ones kept. False: no memory.
  [[nodiscard]] bool reserve(u64 n);
  [[nodiscard]] bool assign(const DecView& v);
  void set_u64(u64 coefficient, bool is_negative = false, i64 new_exponent = 0);
  void set_special(DecKind new_kind, bool is_negative);
  void trim() {
    while (size && limbs[size - 1] == 0) --size;
  }

  DecLimb* limbs = inline_;
  u64 size = 0, capacity = kInline;
  i64 exponent = 0;
  DecKind kind = DecKind::Finite;
  bool negative = false;

 private:
  static constexpr u64 kInline = 16;
  DecLimb inline_[kInline];
};

// ---- text
enum class DecParse : u8 { kOk, kSyntax };
// An ASCII text as Python's Decimal() takes it, exactly; exponents beyond 64 bits saturate. Not rounded.
DecParse dec_parse(DecNumber& out, std::string_view text, u32* status);
// Digits (values 0..9), the highest first.
[[nodiscard]] bool dec_set_digits(DecNumber& out, const u8* digits, u64 count);
void dec_get_digits(u8* out /* v.digits() */, const DecView& v);  // values 0..9, the highest first
// Rounds to the context, or makes the nan of a text whose payload is too long.
void dec_finish_parsed(DecNumber& number, const DecContext& context, u32* status);

// ---- integers
[[nodiscard]] bool dec_set_big(DecNumber& out, BigView integer);   // exponent 0
[[nodiscard]] bool dec_to_big(LimbBuffer& out, const DecView& v);  // the coefficient, as a positive integer

// ---- arithmetic
void dec_finish(DecNumber& number, const DecContext& context, u32* status);  // rounds to the context
void dec_plus(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_minus(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_abs(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_add(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_sub(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_mul(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_div(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_fma(DecNumber& out, const DecView& a, const DecView& b, const DecView& c, const DecContext& context, u32* status);
void dec_div_int(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_remainder(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_divmod(DecNumber& quotient, DecNumber& remainder, const DecView& a, const DecView& b, const DecContext& context,
                u32* status);
void dec_remainder_near(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_sqrt(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_exp(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_ln(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_log10(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_pow(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_powmod(DecNumber& out, const DecView& a, const DecView& b, const DecView& modulus, const DecContext& context,
                u32* status);

// ---- comparison
int dec_order(const DecView& a, const DecView& b);        // neither is a nan: -1, 0, 1
int dec_total_order(const DecView& a, const DecView& b);  // of all values and representations
void dec_compare(DecNumber& out, const DecView& a, const DecView& b, bool signal_quiet, const DecContext& context, u32* status);
enum class DecPick : u8 { Max, MaxMag, Min, MinMag };
void dec_pick(DecNumber& out, DecPick which, const DecView& a, const DecView& b, const DecContext& context, u32* status);

// ---- exponents and digits
void dec_quantize(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
// To exponent `exponent` as the context rounds, without limits of the precision: for formatting and round().
void dec_rescale(DecNumber& out, const DecView& a, i64 exponent, const DecContext& context, u32* status);
void dec_to_integral(DecNumber& out, const DecView& a, bool exact, const DecContext& context, u32* status);
void dec_normalize(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_logb(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_scaleb(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_shift(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_rotate(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_next_plus(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_next_minus(DecNumber& out, const DecView& a, const DecContext& context, u32* status);
void dec_next_toward(DecNumber& out, const DecView& a, const DecView& b, const DecContext& context, u32* status);
enum class DecLogic : u8 { And, Or, Xor };
void dec_logic(DecNumber& out, DecLogic which, const DecView& a, const DecView& b, const DecContext& context, u32* status);
void dec_invert(DecNumber& out, const DecView& a, const DecContext& context, u32* status);

// ---- classes
bool dec_is_normal(const DecView& a, const DecContext& context);
bool dec_is_subnormal(const DecView& a, const DecContext& context);
const char* dec_class(const DecView& a, const DecContext& context);

}  // namespace baton
