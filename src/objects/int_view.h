// Exact ints as operands of the integer kernels, results of kernels as ints, and the self parameters of rows of int and float.
#pragma once
#include <bit>

#include "base/bigint.h"
#include "objects/numbers.h"

namespace baton {

// The limbs of an exact int. Not copyable: the view may point into it. Points into the cell of a BigInt: make it after the last
// allocation before its use, while the Value is still at hand.
class IntView {
 public:
  explicit IntView(Value exact) {
    if (exact.is_small_int()) {
      i64 v = exact.small_int();
      limb_ = v < 0 ? 0 - static_cast<u64>(v) : static_cast<u64>(v);
      view_ = {&limb_, v != 0, v < 0};
    } else {
      BigInt* big = exact.as<BigInt>();
      view_ = {big->limbs(), static_cast<usize>(big->size()), big->negative()};
    }
  }
  IntView(const IntView&) = delete;
  IntView& operator=(const IntView&) = delete;
  operator BigView() const { return view_; }
  const BigView& view() const { return view_; }
  const BigView* operator->() const { return &view_; }

 private:
  Limb limb_ = 0;
  BigView view_;
};

inline usize int_limb_count(Value exact) { return exact.is_small_int() ? 1 : static_cast<usize>(exact.as<BigInt>()->size()); }
inline u64 int_small_magnitude(Value exact) {  // of a small int
  i64 n = exact.small_int();
  return n < 0 ? 0 - static_cast<u64>(n) : static_cast<u64>(n);
}
inline u64 int_bit_length(Value exact) {
  if (exact.is_small_int()) return static_cast<u64>(std::bit_width(int_small_magnitude(exact)));
  return big_bit_length(IntView(exact));
}
inline Result<Value> int_from_buffer(Thread& thread, const LimbBuffer& buffer) {
  BigView v = buffer.view();
  return int_from_limbs(thread, v.limbs, v.size, v.negative);
}

// The result of kernel(Limb* out) -> signed size, which needs room for `capacity` limbs. The kernel makes its IntViews itself:
// the result's cell is allocated before.
inline constexpr usize kStackLimbs = 32;
inline constexpr usize kMaxLimbs = usize{1} << 32;
template <class Kernel>
Result<Value> build_int(Thread& thread, usize capacity, Kernel kernel) {
  if (capacity <= kStackLimbs) {
    Limb room[kStackLimbs];
    i64 n = kernel(room);
    return int_from_limbs(thread, room, static_cast<usize>(n < 0 ? -n : n), n < 0);
  }
  if (capacity > kMaxLimbs) return raise_memory_error(thread);
  // What make<BigInt>() does, but for zeros in all limbs.
  usize bytes = BigInt::size_for(nullptr, static_cast<i64>(capacity));
  auto* cell =
      static_cast<BigInt*>(allocate_cell(thread, bytes, types.int_->instance_kind(), types.int_->instance_shape()->id()));
  if (!cell) return failed;
  cell->set_signed_size(static_cast<i64>(capacity));
  i64 n = kernel(cell->mutable_limbs());
  if (n >= -1 && n <= 1) {
    cell->set_signed_size(0);
    Limb limb = n ? cell->limbs()[0] : 0;
    return int_from_limbs(thread, &limb, n != 0, n < 0);
  }
  cell->set_signed_size(n);
  return Value(cell);
}

// Parameter types for $self of int's and float's rows: check the kind, see through subclasses and immediates.
struct IntSelf {
  Value number;
  Value object;
};
struct BoolSelf {
  bool truth;
};
struct FloatSelf {
  double value;
  Value object;
};
template <>
struct Converter<IntSelf> {
  static bool convert(Thread& thread, NativeDef const& def, u32, Value v, IntSelf* out) {
    out->object = v;
    out->number = v.is_small_int() ? v : int_exact(v);
    if (out->number.is_present()) [[likely]]
      return true;
    (void)raise_self_type_error(thread, def, v);
    return false;
  }
};
template <>
struct Converter<BoolSelf> {
  static bool convert(Thread& thread, NativeDef const& def, u32, Value v, BoolSelf* out) {
    if (v.is_bool()) [[likely]] {
      out->truth = v.is_true();
      return true;
    }
    (void)raise_self_type_error(thread, def, v);
    return false;
  }
};
template <>
struct Converter<FloatSelf> {
  static bool convert(Thread& thread, NativeDef const& def, u32, Value v, FloatSelf* out) {
    if (is_float(v)) [[likely]] {
      out->object = v;
      out->value = float_value(v);
      return true;
    }
    (void)raise_self_type_error(thread, def, v);
    return false;
  }
};

}  // namespace baton
