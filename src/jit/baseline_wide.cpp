// Arithmetic of ints of one or two limbs that aren't negative, at places which have seen ints that are no small ones and nothing
// else: numbers of 64 bits, and their products and shifts before they are masked. What is longer, or negative, is the handler's.
//
// The left operand, then the result, is in rdx:rax, the right one in r8:rsi. Registers in which ints are kept aren't touched.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/int_view.h"

namespace baton {

static constexpr u8 kSmallBits = 61, kLimb = 64;  // of a small int that isn't negative, and of a limb

bool Baseline::wants_wide() const { return noted() == kWideSeen && !is_known_float(at().b); }

Baseline::WideConstant Baseline::wide_constant(u32 n) const {
  Value constant = constant_in(n);
  if (constant.is_small_int() && constant.small_int() >= 0) return {true, static_cast<u64>(constant.small_int()), 0};
  if (!constant.is_cell() || constant.cell()->kind() != kKindBigInt) return {};
  auto* big = constant.as<BigInt>();
  if (big->signed_size() < 1 || big->signed_size() > 2) return {};
  return {true, big->limbs()[0], big->signed_size() == 2 ? big->limbs()[1] : 0};
}

// The value of register n. Uses rcx.
void Baseline::load_limbs(u32 n, Reg low, Reg high, Limbs limbs) {
  Label is_big = a_.make_label(), done = a_.make_label();
  load(low, n);
  need_int(n, low, is_big);
  a_.shift64(Shift::sar, low, 2);
  if (limbs != Limbs::Lowest) a_.jump_if(Cond::sign, leave());
  if (limbs == Limbs::Two) a_.move_constant(high, 0);
  if (is_int(n)) return a_.bind(is_big);
  a_.jump(done);
  a_.bind(is_big);
  need_cell(low, leave_counted());
  need_kind(low, kKindBigInt, leave_counted());
  Mem size{low, at::kBigIntSize};
  if (limbs == Limbs::Two) {
    Label is_one = a_.make_label();
    a_.move_constant(high, 0);
    a_.alu64(Alu::cmp, size, 1);
    a_.jump_if(Cond::equal, is_one);
    a_.alu64(Alu::cmp, size, 2);
    a_.jump_if(Cond::not_equal, leave());
    a_.load64(high, Mem{low, at::kBigIntLimbs + static_cast<i32>(sizeof(u64))});
    a_.bind(is_one);
  } else {
    a_.alu64(Alu::cmp, size, limbs == Limbs::One);
    a_.jump_if(limbs == Limbs::One ? Cond::not_equal : Cond::less_equal, leave());
  }
  a_.load64(low, Mem{low, at::kBigIntLimbs});
  a_.bind(done);
}
void Baseline::load_limbs_or_constant(u32 n, const WideConstant& constant, Reg low, Reg high, Limbs limbs) {
  if (!constant.is_given) return load_limbs(n, low, high, limbs);
  a_.move_constant(low, constant.low);
  if (limbs == Limbs::Two) a_.move_constant(high, constant.high);
}

// Small ints whose result is one, of whatever sign: what overflows, and other operands, go to `otherwise`.
void Baseline::operate_small(WideOp op, const i64* constant, Label otherwise, Label done) {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  need_int(in.b, Reg::rax, otherwise);
  if (op == WideOp::RShift) {
    WideConstant by = wide_constant(in.c);
    a_.shift64(Shift::sar, Reg::rax, static_cast<u8>(by.high || by.low >= kLimb ? kLimb - 1 : by.low));
    a_.alu64(Alu::and_, Reg::rax, -4);
    a_.alu64(Alu::or_, Reg::rax, 1);
    store(in.a, Reg::rax);
    return a_.jump(done);
  }
  if (constant) {
    a_.alu64(op == WideOp::Add ? Alu::add : Alu::sub, Reg::rax, static_cast<i32>(*constant * 4));
  } else {
    load(Reg::rsi, in.c);
    need_int(in.c, Reg::rsi, otherwise);
    switch (op) {
      case WideOp::Add:
      case WideOp::Sub:
        a_.alu64(Alu::sub, Reg::rsi, 1);
        a_.alu64(op == WideOp::Add ? Alu::add : Alu::sub, Reg::rax, Reg::rsi);
        break;
      case WideOp::Mul:
        a_.alu64(Alu::sub, Reg::rax, 1);
        a_.shift64(Shift::sar, Reg::rsi, 2);
        a_.multiply(Reg::rax, Reg::rsi);
        break;
      default: a_.alu64(op == WideOp::And ? Alu::and_ : op == WideOp::Or ? Alu::or_ : Alu::xor_, Reg::rax, Reg::rsi); break;
    }
  }
  if (op == WideOp::Add || op == WideOp::Sub || op == WideOp::Mul) a_.jump_if(Cond::overflow, otherwise);
  if (op == WideOp::Mul || op == WideOp::Xor) a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
  a_.jump(done);
}

// The result, a new int if it isn't small.
void Baseline::store_wide(bool has_high) {
  Label is_big = a_.make_label(), done = a_.make_label();
  a_.move(Reg::rcx, Reg::rax);
  a_.shift64(Shift::shr, Reg::rcx, kSmallBits);
  if (has_high) a_.alu64(Alu::or_, Reg::rcx, Reg::rdx);
  a_.jump_if(Cond::not_equal, is_big);
  a_.load_address(Reg::rax, Mem{Reg::rax, 1, Reg::rax, 4, false});
  a_.jump(done);
  a_.bind(is_big);
  // One limb takes as much room as two.
  allocate(Reg::rsi, sizeof(BigInt) + 2 * sizeof(u64));
  store_header(Reg::rsi, header_of(types.int_));
  a_.store64(Mem{Reg::rsi, at::kBigIntLimbs}, Reg::rax);
  if (has_high) {
    a_.store64(Mem{Reg::rsi, at::kBigIntLimbs + static_cast<i32>(sizeof(u64))}, Reg::rdx);
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    a_.set_if(Cond::not_equal, Reg::rcx);
    a_.extend8(Reg::rcx);
    a_.alu64(Alu::add, Reg::rcx, 1);
    a_.store64(Mem{Reg::rsi, at::kBigIntSize}, Reg::rcx);
  } else {
    a_.store64(Mem{Reg::rsi, at::kBigIntSize}, 1);
  }
  a_.move(Reg::rax, Reg::rsi);
  a_.bind(done);
  store(at().a, Reg::rax);
}

// Of an int that isn't negative, or small, the bits that a limb has.
void Baseline::mask_lowest(u32 n, u64 mask) {
  constexpr u64 kMostImmediate = 0x7FFFFFFF;
  load_limbs(n, Reg::rax, Reg::rdx, Limbs::Lowest);
  if (mask <= kMostImmediate) {
    a_.alu64(Alu::and_, Reg::rax, static_cast<i32>(mask));
  } else if (mask != ~u64{0}) {
    a_.move_constant(Reg::rsi, mask);
    a_.alu64(Alu::and_, Reg::rax, Reg::rsi);
  }
  if (mask >> kSmallBits) return store_wide(false);
  tag_int(Reg::rax);
  define_int(at().a, Reg::rax);
}

void Baseline::shift_wide(bool left) {
  const Instruction& in = at();
  load_limbs(in.b, Reg::rax, Reg::rdx, left ? Limbs::One : Limbs::Two);
  if (WideConstant by = wide_constant(in.c); by.is_given) {
    if (by.high || by.low >= kLimb) return a_.jump(leave());
    auto count = static_cast<u8>(by.low), rest = static_cast<u8>(kLimb - by.low);
    if (count == 0) return store_wide(!left);
    if (left) {
      a_.move(Reg::rdx, Reg::rax);
      a_.shift64(Shift::shr, Reg::rdx, rest);
      a_.shift64(Shift::shl, Reg::rax, count);
    } else {
      a_.move(Reg::rsi, Reg::rdx);
      a_.shift64(Shift::shl, Reg::rsi, rest);
      a_.shift64(Shift::shr, Reg::rax, count);
      a_.alu64(Alu::or_, Reg::rax, Reg::rsi);
      a_.shift64(Shift::shr, Reg::rdx, count);
    }
    return store_wide(true);
  }
  load(Reg::r8, in.c);
  need_int(in.c, Reg::r8, leave());
  a_.shift64(Shift::sar, Reg::r8, 2);
  a_.alu64(Alu::cmp, Reg::r8, kLimb);
  a_.jump_if(Cond::above_equal, leave());
  a_.move(Reg::rcx, Reg::r8);
  // What goes from one limb to the other is shifted by 64 less the count: by one, and by 63 less the count.
  if (left) {
    a_.move(Reg::rdx, Reg::rax);
    a_.shift64_cl(Shift::shl, Reg::rax);
    a_.alu64(Alu::xor_, Reg::rcx, kLimb - 1);
    a_.shift64(Shift::shr, Reg::rdx, 1);
    a_.shift64_cl(Shift::shr, Reg::rdx);
  } else {
    a_.move(Reg::rsi, Reg::rdx);
    a_.shift64_cl(Shift::shr, Reg::rax);
    a_.shift64_cl(Shift::shr, Reg::rdx);
    a_.alu64(Alu::xor_, Reg::rcx, kLimb - 1);
    a_.shift64(Shift::shl, Reg::rsi, 1);
    a_.shift64_cl(Shift::shl, Reg::rsi);
    a_.alu64(Alu::or_, Reg::rax, Reg::rsi);
  }
  store_wide(true);
}

// constant: the right operand of an instruction that has it; else null.
void Baseline::operate_wide(WideOp op, const i64* constant) {
  const Instruction& in = at();
  WideConstant left = wide_constant(in.b), right;
  if (!constant)
    right = wide_constant(in.c);
  else if (*constant >= 0)
    right = {true, static_cast<u64>(*constant), 0};
  if (op == WideOp::And && right.is_given && !right.high) return mask_lowest(in.b, right.low);
  if (op == WideOp::And && left.is_given && !left.high) return mask_lowest(in.c, left.low);
  Label wide = a_.make_label(), done = a_.make_label();
  bool divides = op == WideOp::FloorDiv || op == WideOp::Mod, shifts = op == WideOp::LShift || op == WideOp::RShift;
  if (op == WideOp::RShift ? right.is_given : !divides && op != WideOp::LShift) {
    operate_small(op, constant, wide, done);
    a_.bind(wide);
  }
  if (shifts) {
    shift_wide(op == WideOp::LShift);
    return a_.bind(done);
  }
  if (constant && *constant < 0) {
    a_.jump(leave());
    return a_.bind(done);
  }
  bool is_bitwise = op == WideOp::And || op == WideOp::Or || op == WideOp::Xor;
  Limbs limbs = is_bitwise ? Limbs::Two : Limbs::One;
  if (!is_bitwise && (left.high || right.high)) left = right = {};  // the handler's, it will turn out
  load_limbs_or_constant(in.b, left, Reg::rax, Reg::rdx, divides ? Limbs::Two : limbs);
  load_limbs_or_constant(in.c, right, Reg::rsi, Reg::r8, limbs);
  bool has_high = !divides && op != WideOp::Sub;
  switch (op) {
    case WideOp::Add:
      a_.alu64(Alu::add, Reg::rax, Reg::rsi);
      a_.set_if(Cond::below, Reg::rdx);
      a_.extend8(Reg::rdx);
      break;
    case WideOp::Sub:
      a_.alu64(Alu::sub, Reg::rax, Reg::rsi);
      a_.jump_if(Cond::below, leave());
      break;
    case WideOp::Mul: a_.multiply_rax_unsigned(Reg::rsi); break;
    case WideOp::FloorDiv:
    case WideOp::Mod:
      a_.alu64(Alu::cmp, Reg::rdx, Reg::rsi);
      a_.jump_if(Cond::above_equal, leave());  // the quotient has two limbs, or none
      a_.divide_wide_unsigned(Reg::rsi);
      if (op == WideOp::Mod) a_.move(Reg::rax, Reg::rdx);
      break;
    default: {
      Alu alu = op == WideOp::And ? Alu::and_ : op == WideOp::Or ? Alu::or_ : Alu::xor_;
      a_.alu64(alu, Reg::rax, Reg::rsi);
      a_.alu64(alu, Reg::rdx, Reg::r8);
    }
  }
  store_wide(has_high);
  a_.bind(done);
}

}  // namespace baton
