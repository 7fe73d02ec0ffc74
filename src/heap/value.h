// Value: one 64-bit word that is any Python object, or absent.
//
//     low 3 bits   meaning
//     000          heap cell, address = bits; all-zero = absent: never a Python object
//     x01          int, 62-bit signed, value = bits >> 2
//     x1x          float: bits = rotl(ieee - 2^60, 4)   (decode: rotr 4, + 2^60)
//     100          constant: None, False, True, NotImplemented, Ellipsis
//
// Floats outside about 2^-255..2^257 (and not tiny, huge, zero, inf or nan) and ints beyond 62 bits are heap cells.
#pragma once
#include <bit>

#include "base/check.h"
#include "base/types.h"

namespace baton {

class Cell;

class Value {
 public:
  constexpr Value() : bits_(0) {}
  constexpr explicit Value(u64 bits) : bits_(bits) {}
  Value(const Cell* cell) : bits_(reinterpret_cast<u64>(cell)) {}  // NOLINT: every cell is a Value

  static constexpr Value absent() { return Value(); }
  static constexpr Value of_small_int(i64 v) { return Value((static_cast<u64>(v) << 2) | 1); }
  static constexpr Value of_bool(bool b) { return Value(b ? kTrueBits : kFalseBits); }
  static constexpr bool fits_small_int(i64 v) { return v >= kMinSmallInt && v <= kMaxSmallInt; }

  constexpr u64 bits() const { return bits_; }
  constexpr bool is_absent() const { return bits_ == 0; }
  constexpr bool is_present() const { return bits_ != 0; }
  constexpr bool is_cell() const { return (bits_ & 7) == 0 && bits_ != 0; }
  constexpr bool is_cell_or_absent() const { return (bits_ & 7) == 0; }
  constexpr bool is_small_int() const { return (bits_ & 3) == 1; }
  constexpr bool is_immediate_float() const { return (bits_ & 2) != 0; }
  constexpr bool is_constant() const { return (bits_ & 7) == 4; }
  constexpr bool is_none() const { return bits_ == kNoneBits; }
  constexpr bool is_true() const { return bits_ == kTrueBits; }
  constexpr bool is_false() const { return bits_ == kFalseBits; }
  constexpr bool is_bool() const { return ((bits_ - kFalseBits) & ~(kTrueBits - kFalseBits)) == 0; }
  constexpr bool is_not_implemented() const { return bits_ == kNotImplementedBits; }

  constexpr i64 small_int() const { return static_cast<i64>(bits_) >> 2; }
  Cell* cell() const { return reinterpret_cast<Cell*>(bits_); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(bits_);
  }  // unchecked; see is<T>() and cast<T>() in objects/

  // The immediate encoding of d, or absent when d needs a boxed cell.
  static Value try_of_float(double d) {
    u64 bits = std::rotl(std::bit_cast<u64>(d) - kFloatOffset, 4);
    return (bits & 2) ? Value(bits) : Value();
  }
  double immediate_float() const { return std::bit_cast<double>(std::rotr(bits_, 4) + kFloatOffset); }

  // Identity: immediates go by value, cells by address.
  friend constexpr bool operator==(Value a, Value b) { return a.bits_ == b.bits_; }

  static constexpr u64 kNoneBits = 0x04, kFalseBits = 0x0C, kTrueBits = 0x14, kNotImplementedBits = 0x1C, kEllipsisBits = 0x24;
  static constexpr u64 kFloatOffset = u64{1} << 60;
  static constexpr i64 kMaxSmallInt = (i64{1} << 61) - 1, kMinSmallInt = -(i64{1} << 61);

 private:
  u64 bits_;
};

inline constexpr Value kNone{Value::kNoneBits}, kFalse{Value::kFalseBits}, kTrue{Value::kTrueBits},
    kNotImplemented{Value::kNotImplementedBits}, kEllipsis{Value::kEllipsisBits};

inline constexpr bool both_small_ints(Value a, Value b) { return (((a.bits() - 1) | (b.bits() - 1)) & 3) == 0; }

}  // namespace baton
