// int, bool, float, complex: representation and the arithmetic that the interpreter, modules and other types call.
//
// An int is a small int Value or, beyond 62 bits, a BigInt cell (always normalised). Instances of subclasses of int are IntObject
// cells that hold an exact int; int_exact() looks through them and through bool. Floats are immediate or a Float cell.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class BigInt final : public Cell {
 public:
  static constexpr u16 kKind = kKindBigInt;
  static Type* type() { return types.int_; }
  static usize size_for(const u64*, i64 size_and_sign) {
    return sizeof(BigInt) + 8 * static_cast<usize>(size_and_sign < 0 ? -size_and_sign : size_and_sign);
  }
  void init(const u64* limbs, i64 size_and_sign) {
    size_and_sign_ = size_and_sign;
    for (i64 i = 0, n = size(); i < n; ++i) mutable_limbs()[i] = limbs ? limbs[i] : 0;
  }
  bool negative() const { return size_and_sign_ < 0; }
  i64 size() const { return size_and_sign_ < 0 ? -size_and_sign_ : size_and_sign_; }
  const u64* limbs() const { return reinterpret_cast<const u64*>(this + 1); }
  u64* mutable_limbs() { return reinterpret_cast<u64*>(this + 1); }
  i64 signed_size() const { return size_and_sign_; }
  void set_signed_size(i64 n) { size_and_sign_ = n; }  // of an unpublished result that turned out shorter than its room

 private:
  i64 size_and_sign_;  // number of limbs, negative for negative numbers
};

class IntObject final : public Cell {  // instance of a subclass of int
 public:
  static constexpr u16 kKind = kKindIntObject;
  void init(Value number) { number_.init(number); }
  Value number() const { return number_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(number_); }

 private:
  Field<Value> number_;
};

class Float final : public Cell {
 public:
  static constexpr u16 kKind = kKindFloat;
  static Type* type() { return types.float_; }
  void init(double v) { value_ = v; }
  double value() const { return value_; }

 private:
  double value_;
};

class Complex final : public Cell {
 public:
  static constexpr u16 kKind = kKindComplex;
  static Type* type() { return types.complex; }
  void init(double re, double im) {
    real_ = re;
    imag_ = im;
  }
  double real() const { return real_; }
  double imag() const { return imag_; }

 private:
  double real_, imag_;
};

// --- int
inline bool is_int(Value v) {  // int, bool and subclasses
  return v.is_small_int() || v.is_bool() ||
         (v.is_cell() && (v.cell()->kind() == kKindBigInt || v.cell()->kind() == kKindIntObject));
}
inline bool is_exact_int(Value v) { return v.is_small_int() || is_exact<BigInt>(v); }
// The exact int (small or BigInt) of an int, bool or instance of a subclass; absent for anything else.
Value int_exact(Value v);
Result<Value> int_from_i64(Thread& thread, i64 v);
Result<Value> int_from_u64(Thread& thread, u64 v);
Result<Value> int_from_limbs(Thread& thread, const u64* limbs, usize n, bool negative);  // normalises
Result<Value> int_from_double(Thread& thread, double d);           // truncates; OverflowError/ValueError for inf/nan
Result<Value> int_from_text(Thread& thread, Str* text, int base);  // int(text, base), with its ValueErrors
Result<Value> int_from_bytes_text(Thread& thread, std::string_view text, int base);  // the same for int(b"12")
Result<Value> int_from_ascii(Thread& thread, std::string_view digits, int base);     // digits only, already validated (literals)
// Fits i64: true and *out; otherwise false with *out clamped to the nearest (sign kept). v: exact int.
bool int_to_i64(Value v, i64* out);
bool int_to_u64(Value v, u64* out);
int int_sign(Value v);
Result<double> int_to_double(Thread& thread, Value v);  // OverflowError "int too large to convert to float"
double int_to_double_or_inf(Value v);
u64 int_hash(Value v);
// Exact ints in, exact int out. Operators with CPython's semantics (floor division).
Result<Value> int_add(Thread& thread, Value a, Value b);
Result<Value> int_sub(Thread& thread, Value a, Value b);
Result<Value> int_mul(Thread& thread, Value a, Value b);
Result<Value> int_floordiv(Thread& thread, Value a, Value b);
Result<Value> int_mod(Thread& thread, Value a, Value b);
Result<Value> int_divmod(Thread& thread, Value a, Value b);   // a tuple
Result<Value> int_truediv(Thread& thread, Value a, Value b);  // a float
Result<Value> int_pow(Thread& thread, Value a, Value b, Value mod_or_none);
Result<Value> int_lshift(Thread& thread, Value a, Value b);
Result<Value> int_rshift(Thread& thread, Value a, Value b);
Result<Value> int_and(Thread& thread, Value a, Value b);
Result<Value> int_or(Thread& thread, Value a, Value b);
Result<Value> int_xor(Thread& thread, Value a, Value b);
Result<Value> int_neg(Thread& thread, Value a);
Result<Value> int_invert(Thread& thread, Value a);
int int_compare(Value a, Value b);                                         // exact ints: <0, 0, >0
Result<Str*> int_to_text(Thread& thread, Value v, int base, bool prefix);  // digit limit applies to base 10
// Digits of decimal conversions in either direction; 0: no limit (sys.set_int_max_str_digits).
inline constexpr i64 kDefaultMaxStrDigits = 4300, kMinMaxStrDigits = 640;
extern i64 int_max_str_digits;
Result<Value> int_from_object(Thread& thread, Value v);  // int(v)

// --- float
inline bool is_float(Value v) { return v.is_immediate_float() || is<Float>(v); }
inline bool is_exact_float(Value v) { return v.is_immediate_float() || is_exact<Float>(v); }
inline double float_value(Value v) {
  return v.is_immediate_float() ? v.immediate_float() : v.as<Float>()->value();
}  // is_float only
Result<Value> make_float(Thread& thread, double d);
u64 float_hash(double d);
Result<Str*> float_repr(Thread& thread, double d);
Result<Value> make_complex(Thread& thread, double re, double im);
// float(v) for any object with __float__ or __index__; TypeError "must be real number, not str".
Result<double> to_double(Thread& thread, Value v);
Result<Value> float_from_object(Thread& thread, Value v);  // float(v), text included

// --- index protocol
Result<Value> to_index(Thread& thread, Value v);          // operator.index: an exact int
Result<Index> to_index_clipped(Thread& thread, Value v);  // for slices: clips silently
Result<Index> to_index_checked(Thread& thread, Value v,
                               Type* overflow_error = nullptr);  // error when it doesn't fit (default IndexError "cannot fit
                                                                 // 'int' into an index-sized integer")

}  // namespace baton
