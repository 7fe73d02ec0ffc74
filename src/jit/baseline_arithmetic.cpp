// Arithmetic of ints and floats that are immediate, concatenation, and complex numbers. Which of the two a place gets is what it
// has seen: floats leave a note in the cache word. A place that has been left often for the other kind is compiled for both.
#include <bit>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

i64 Baseline::noted(u32 i) const {
  Value word = code_->caches()[i].get();
  return word.is_small_int() ? word.small_int() : 0;
}

// What the operands are going to be.
Baseline::Operands Baseline::expected(u32 i, u32 a, u32 b) const {
  if (is_int(a) && is_int(b)) return Operands::Ints;
  i64 seen = noted(i) & ~i64{kTuplesSeen | kBytesSeen | kSetsSeen | kMethodSeen};
  if (seen & kWideSeen) seen = (seen & ~i64{kWideSeen}) | kOthersSeen;
  if (seen == 0) return is_known_float(a) && is_known_float(b) ? Operands::Floats : Operands::Ints;
  if (seen == kFloatsSeen) return is_int(a) || is_int(b) ? Operands::Others : Operands::Floats;
  return seen == kOthersSeen ? Operands::Others : Operands::Any;
}

// The value of a register that is a float, else the handler does the instruction. other: keeps what it holds.
Xmm Baseline::unboxed(u32 n, Xmm other) {
  if (const Fact* known = fact(n); known && known->is_float) return known->xmm;
  load(Reg::rax, n);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave_counted());
  Xmm xmm = know_float(n, other);
  unbox(xmm, Reg::rax);
  return xmm;
}

// Floats that need a cell are the handler's.
void Baseline::box_into(u32 n, Xmm from) {
  box(Reg::rax, from, leave());
  store(n, Reg::rax);
}

void Baseline::float_operation(FloatOp op, u32 a, u32 b) {
  Xmm x = unboxed(a), y = unboxed(b, x);
  a_.move(Xmm::x0, x);
  finish_float_operation(op, y);
}

// A float has all digits of the number. Uses rcx.
void Baseline::need_exact_float(Reg number, Label otherwise) {
  constexpr u8 kDigits = 52;
  a_.move(Reg::rcx, number);
  a_.shift64(Shift::sar, Reg::rcx, kDigits);
  a_.alu64(Alu::add, Reg::rcx, 1);  // 0 or 1: nothing above but the sign
  a_.alu64(Alu::cmp, Reg::rcx, 1);
  a_.jump_if(Cond::above, otherwise);
}

// The number in a register as a float: an int if a float has all its digits. Uses rcx, r8, changes value.
void Baseline::number_to_float(Reg value, Xmm to, Label otherwise) {
  Label is_float = a_.make_label(), done = a_.make_label();
  a_.load_address32(Reg::rcx, Mem{value, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::not_equal, is_float);
  a_.shift64(Shift::sar, value, 2);
  need_exact_float(value, otherwise);
  a_.convert_to_float(to, value);
  a_.jump(done);
  a_.bind(is_float);
  a_.alu8(Alu::test, value, 2);
  a_.jump_if(Cond::equal, otherwise);
  unbox(to, value);
  a_.bind(done);
}

// What is True or False becomes a small int.
void Baseline::bool_to_int(Reg value) {
  Label no_bool = a_.make_label(), is_false = a_.make_label();
  a_.alu64(Alu::cmp, value, static_cast<i32>(Value::kFalseBits));
  a_.jump_if(Cond::equal, is_false);
  a_.alu64(Alu::cmp, value, static_cast<i32>(Value::kTrueBits));
  a_.jump_if(Cond::not_equal, no_bool);
  a_.bind(is_false);
  static_assert(Value::kTrueBits - Value::kFalseBits == 8);
  a_.alu64(Alu::sub, value, static_cast<i32>(Value::kFalseBits));
  a_.shift64(Shift::sar, value, 1);
  a_.alu64(Alu::or_, value, 1);
  a_.bind(no_bool);
}

// One operand is known to be a float, so that the result is one: else it is the handler's.
void Baseline::mixed_float_operation(FloatOp op) {
  const Instruction& in = at();
  auto to_float = [&](u32 n, Xmm to) {
    if (is_known_float(n)) return a_.move(to, fact(n)->xmm);
    load(Reg::rax, n);
    if (is_int(n)) {
      a_.shift64(Shift::sar, Reg::rax, 2);
      need_exact_float(Reg::rax, leave());
      return a_.convert_to_float(to, Reg::rax);
    }
    bool_to_int(Reg::rax);
    number_to_float(Reg::rax, to, leave_counted());
  };
  to_float(in.b, Xmm::x0);
  to_float(in.c, Xmm::x1);
  finish_float_operation(op, Xmm::x1);
}

// Ints, bools and floats mixed, complex numbers, or strings. A quotient is one of floats also if both are ints, all else of two
// ints is the handler's.
void Baseline::mixed_operation(FloatOp op) {
  const Instruction& in = at();
  if (has_known_float()) return mixed_float_operation(op);
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  Label done = a_.make_label();
  if (op != FloatOp::div) {
    Label numbers = a_.make_label(), no_complex = op == FloatOp::add ? a_.make_label() : leave();
    a_.alu8(Alu::test, Reg::rax, 7);
    a_.jump_if(Cond::not_equal, numbers);
    need_cell(Reg::rdx, leave());
    complex_operation(op, no_complex);
    if (op == FloatOp::add) {
      a_.jump(done);
      a_.bind(no_complex);
      Label no_lists = a_.make_label();
      bool adds_lists = static_cast<Op>(in.op) == Op::BinaryAdd && !types.list->tail_offset();
      if (adds_lists) {
        need_kind(Reg::rax, kKindList, no_lists);
        alone([&] { concatenate_lists(); });
        a_.jump(done);
        a_.bind(no_lists);
      }
      if (!types.tuple->tail_offset()) {
        Label no_tuples = a_.make_label();
        need_kind(Reg::rax, kKindTuple, no_tuples);
        concatenate_tuples();
        a_.jump(done);
        a_.bind(no_tuples);
      }
      if (noted() & kBytesSeen) {
        Label no_bytes = a_.make_label();
        need_kind(Reg::rax, kKindBytes, no_bytes);
        concatenate_bytes();
        a_.jump(done);
        a_.bind(no_bytes);
      }
      concatenate_strings();
    }
    a_.jump(done);
    a_.bind(numbers);
  }
  if (op != FloatOp::div) {
    Label mixed = a_.make_label();
    for (Reg value : {Reg::rax, Reg::rdx}) {
      bool_to_int(value);
      a_.load_address32(Reg::rcx, Mem{value, -1});
      a_.alu8(Alu::test, Reg::rcx, 3);
      a_.jump_if(Cond::not_equal, mixed);
    }
    if (op == FloatOp::mul) {
      a_.jump(leave());
    } else {
      a_.alu64(Alu::sub, Reg::rdx, 1);
      a_.alu64(op == FloatOp::add ? Alu::add : Alu::sub, Reg::rax, Reg::rdx);
      a_.jump_if(Cond::overflow, leave());
      store(in.a, Reg::rax);
      a_.jump(done);
    }
    a_.bind(mixed);
  }
  number_to_float(Reg::rax, Xmm::x0, leave());
  number_to_float(Reg::rdx, Xmm::x1, leave());
  if (op == FloatOp::div) return finish_float_operation(op, Xmm::x1);
  a_.float_op(op, Xmm::x0, Xmm::x1);
  box_into(in.a, Xmm::x0);
  a_.bind(done);
}

// x0 by y: what needs a cell, and a division by zero, is the handler's.
void Baseline::finish_float_operation(FloatOp op, Xmm y) {
  if (op == FloatOp::div) {
    a_.move_from_xmm(Reg::rcx, y);
    a_.alu64(Alu::add, Reg::rcx, Reg::rcx);
    a_.jump_if(Cond::equal, leave());
  }
  a_.float_op(op, Xmm::x0, y);
  a_.move(know_pending(at().a), Xmm::x0);
}

void Baseline::load_float_constant(Xmm to, i64 constant) {
  a_.move_constant(Reg::rcx, std::bit_cast<u64>(static_cast<double>(constant)));
  a_.move_to_xmm(to, Reg::rcx);
}

// A known float by an int constant.
void Baseline::float_by_constant(FloatOp op, i64 constant) {
  a_.move(Xmm::x0, unboxed(at().b));
  load_float_constant(Xmm::x1, constant);
  finish_float_operation(op, Xmm::x1);
}

// An int or a float by an int constant, at a place that has seen others than small ints.
void Baseline::add_or_subtract_any(Alu op, FloatOp float_op, i64 constant) {
  const Instruction& in = at();
  Label no_int = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.b);
  need_int(in.b, Reg::rax, no_int);
  a_.alu64(op, Reg::rax, static_cast<i32>(constant * 4));
  a_.jump_if(Cond::overflow, leave());
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_int);
  number_to_float(Reg::rax, Xmm::x0, leave());
  load_float_constant(Xmm::x1, constant);
  a_.float_op(float_op, Xmm::x0, Xmm::x1);
  box_into(in.a, Xmm::x0);
  a_.bind(done);
}

// The value of register n, which is known to be a small int from now on: where it is, or in `scratch`. Uses rcx.
Baseline::IntOperand Baseline::int_operand(u32 n, Reg scratch) {
  if (const Fact* known = fact(n); known && known->is_int() && known->in != IntPlace::Frame)
    return {known->in == IntPlace::Constant, known->gpr, known->constant};
  load(scratch, n);
  need_int(n, scratch, leave_counted());
  know_int(n);
  return {false, scratch, 0};
}
// Of two, loaded into rax and rdx if they are in the frame.
void Baseline::need_ints(u32 a, u32 b, IntOperand* x, IntOperand* y) {
  *x = int_operand(a, Reg::rax);
  *y = a == b ? *x : int_operand(b, Reg::rdx);
}
void Baseline::load_operand(Reg to, IntOperand operand) {
  if (operand.is_constant)
    a_.move_constant(to, static_cast<u64>(i64{operand.bits}));
  else if (operand.reg != to)
    a_.move(to, operand.reg);
}
void Baseline::alu_operand(Alu op, Reg to, IntOperand operand) {
  operand.is_constant ? a_.alu64(op, to, operand.bits) : a_.alu64(op, to, operand.reg);
}

void Baseline::add_or_subtract(bool subtract, const i64* constant) {
  const Instruction& in = at();
  Alu op = subtract ? Alu::sub : Alu::add;
  FloatOp float_op = subtract ? FloatOp::sub : FloatOp::add;
  IntOperand x, y;
  if (constant) {
    if (is_known_float(in.b)) return float_by_constant(float_op, *constant);
    if (wants_wide() && !is_int(in.b)) return operate_wide(subtract ? WideOp::Sub : WideOp::Add, constant);
    if (noted() && !is_int(in.b)) return add_or_subtract_any(op, float_op, *constant);
    x = int_operand(in.b, Reg::rax);
    y = {true, Reg::rax, static_cast<i32>(Value::of_small_int(*constant).bits())};
  } else {
    switch (expected(in.b, in.c)) {
      case Operands::Floats: return float_operation(float_op, in.b, in.c);
      case Operands::Others:
        if (wants_wide()) return operate_wide(subtract ? WideOp::Sub : WideOp::Add);
        return mixed_operation(float_op);
      case Operands::Any: return any_operation(float_op);
      case Operands::Ints: break;
    }
    need_ints(in.b, in.c, &x, &y);
    if (x.is_constant && !subtract) std::swap(x, y);
  }
  Reg result = begin_int(in.a);
  if (result == Reg::rax && !y.is_constant && y.reg == Reg::rax) {  // x is elsewhere
    a_.move(Reg::rdx, Reg::rax);
    y.reg = Reg::rdx;
  }
  if (y.is_constant) {
    load_operand(result, x);
    a_.alu64(op, result, y.bits - 1);
  } else if (!subtract) {
    a_.load_address(result, Mem{x.reg, -1});
    a_.alu64(op, result, y.reg);
  } else {
    load_operand(result, x);
    a_.alu64(op, result, y.reg);
  }
  a_.jump_if(Cond::overflow, leave());
  if (subtract && !y.is_constant) a_.alu64(Alu::add, result, 1);
  define_int(in.a, result);
}

// (4a) * b overflows when the product doesn't fit 62 bits.
void Baseline::multiply_by(Reg result, IntOperand x, i32 number) {
  a_.load_address(result, Mem{x.reg, -1});
  a_.multiply(result, result, number);
  a_.jump_if(Cond::overflow, leave());
  a_.alu64(Alu::add, result, 1);
}

void Baseline::multiply() {
  const Instruction& in = at();
  switch (expected(in.b, in.c)) {
    case Operands::Floats: return float_operation(FloatOp::mul, in.b, in.c);
    case Operands::Others: return wants_wide() ? operate_wide(WideOp::Mul) : mixed_operation(FloatOp::mul);
    case Operands::Any: return any_operation(FloatOp::mul);
    case Operands::Ints: break;
  }
  IntOperand x, y;
  need_ints(in.b, in.c, &x, &y);
  if (x.is_constant) std::swap(x, y);
  Reg result = begin_int(in.a);
  if (y.is_constant && !x.is_constant) {
    multiply_by(result, x, y.number());
  } else {
    load_operand(Reg::rcx, y);
    load_operand(result, x);
    a_.alu64(Alu::sub, result, 1);
    a_.shift64(Shift::sar, Reg::rcx, 2);
    a_.multiply(result, Reg::rcx);
    a_.jump_if(Cond::overflow, leave());
    a_.alu64(Alu::add, result, 1);
  }
  define_int(in.a, result);
}

// A place that sees both: ints are tried first.
void Baseline::any_operation(FloatOp op) {
  const Instruction& in = at();
  Label no_ints = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_int(in.b, Reg::rax, no_ints);
  need_int(in.c, Reg::rdx, no_ints);
  a_.alu64(Alu::sub, op == FloatOp::mul ? Reg::rax : Reg::rdx, 1);
  if (op == FloatOp::mul) {
    a_.shift64(Shift::sar, Reg::rdx, 2);
    a_.multiply(Reg::rax, Reg::rdx);
  } else {
    a_.alu64(op == FloatOp::add ? Alu::add : Alu::sub, Reg::rax, Reg::rdx);
  }
  a_.jump_if(Cond::overflow, leave());
  if (op == FloatOp::mul) a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_ints);
  a_.move(Reg::rcx, Reg::rax);
  a_.alu32(Alu::and_, Reg::rcx, Reg::rdx);
  a_.alu8(Alu::test, Reg::rcx, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  unbox(Xmm::x1, Reg::rdx);
  a_.float_op(op, Xmm::x0, Xmm::x1);
  box_into(in.a, Xmm::x0);
  a_.bind(done);
}

void Baseline::divide() {
  if (expected(at().b, at().c) == Operands::Floats) return float_operation(FloatOp::div, at().b, at().c);
  mixed_operation(FloatOp::div);
}

// By a power of two: shifted, or what is below.
bool Baseline::divide_by_constant(bool want_quotient, IntOperand x, IntOperand y) {
  if (!y.is_constant || x.is_constant || y.number() <= 0 || !std::has_single_bit(static_cast<u32>(y.number()))) return false;
  Reg result = begin_int(at().a, false);
  load_operand(result, x);
  if (want_quotient) {
    a_.shift64(Shift::sar, result, static_cast<u8>(std::countr_zero(static_cast<u32>(y.number()))));
    a_.alu64(Alu::and_, result, -4);
    a_.alu64(Alu::or_, result, 1);
  } else {
    a_.alu64(Alu::and_, result, y.bits - 4);
  }
  define_int(at().a, result);
  return true;
}

// By a positive int, rounded down.
void Baseline::divide_ints(bool want_quotient) {
  const Instruction& in = at();
  if (expected(in.b, in.c) == Operands::Others)
    return wants_wide() ? operate_wide(want_quotient ? WideOp::FloorDiv : WideOp::Mod) : leave_always();
  IntOperand x, y;
  need_ints(in.b, in.c, &x, &y);
  if (divide_by_constant(want_quotient, x, y)) return;
  if (y.is_constant && y.number() > 0) {
    a_.move_constant(Reg::rcx, static_cast<u64>(y.number()));
    load_operand(Reg::rax, x);
  } else {
    load_operand(Reg::rcx, y);
    load_operand(Reg::rax, x);
    a_.shift64(Shift::sar, Reg::rcx, 2);
    a_.alu64(Alu::cmp, Reg::rcx, 0);
    a_.jump_if(Cond::less_equal, leave());
  }
  a_.shift64(Shift::sar, Reg::rax, 2);
  a_.divide_rax(Reg::rcx);
  Label exact = a_.make_label();
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::no_sign, exact);
  if (want_quotient)
    a_.alu64(Alu::sub, Reg::rax, 1);
  else
    a_.alu64(Alu::add, Reg::rdx, Reg::rcx);
  a_.bind(exact);
  Reg result = want_quotient ? Reg::rax : Reg::rdx;
  tag_int(result);
  define_int(in.a, result);
}

void Baseline::bitwise(Alu op) {
  const Instruction& in = at();
  if (expected(in.b, in.c) == Operands::Others) {
    if (!wants_wide()) return leave_always();
    return operate_wide(op == Alu::and_ ? WideOp::And : op == Alu::or_ ? WideOp::Or : WideOp::Xor);
  }
  IntOperand x, y;
  need_ints(in.b, in.c, &x, &y);
  if (x.is_constant || (!y.is_constant && y.reg == Reg::rax)) std::swap(x, y);
  Reg result = begin_int(in.a, false);
  if (!y.is_constant && y.reg == result) std::swap(x, y);
  load_operand(result, x);
  if (op == Alu::xor_ && y.is_constant) {
    a_.alu64(op, result, y.bits - 1);
  } else {
    alu_operand(op, result, y);
    if (op == Alu::xor_) a_.alu64(Alu::or_, result, 1);
  }
  define_int(in.a, result);
}

void Baseline::shift(bool left) {
  const Instruction& in = at();
  constexpr i32 kMostByProduct = 29;
  if (expected(in.b, in.c) == Operands::Others && wants_wide()) return operate_wide(left ? WideOp::LShift : WideOp::RShift);
  IntOperand x, y;
  need_ints(in.b, in.c, &x, &y);
  i32 by = y.is_constant ? y.number() : -1;
  if (by >= 0 && !x.is_constant && (left ? by <= kMostByProduct : by < 61)) {
    Reg result = begin_int(in.a, left);
    if (left) {
      multiply_by(result, x, i32{1} << by);
    } else {
      load_operand(result, x);
      a_.shift64(Shift::sar, result, static_cast<u8>(by));
      a_.alu64(Alu::and_, result, -4);
      a_.alu64(Alu::or_, result, 1);
    }
    return define_int(in.a, result);
  }
  load_operand(Reg::rcx, y);
  load_operand(Reg::rax, x);
  a_.shift64(Shift::sar, Reg::rcx, 2);
  a_.alu64(Alu::cmp, Reg::rcx, 61);
  a_.jump_if(Cond::above_equal, leave());
  if (left) {
    a_.alu64(Alu::sub, Reg::rax, 1);  // the value times 4: what is shifted out must be the sign's
    a_.move(Reg::rdx, Reg::rax);
    a_.shift64_cl(Shift::shl, Reg::rax);
    a_.move(Reg::rsi, Reg::rax);
    a_.shift64_cl(Shift::sar, Reg::rsi);
    a_.alu64(Alu::cmp, Reg::rsi, Reg::rdx);
    a_.jump_if(Cond::not_equal, leave());
  } else {
    a_.shift64_cl(Shift::sar, Reg::rax);
    a_.alu64(Alu::and_, Reg::rax, -4);
  }
  a_.alu64(Alu::or_, Reg::rax, 1);
  define_int(in.a, Reg::rax);
}

// The square or the cube of a small int.
void Baseline::power() {
  const Instruction& in = at();
  Value exponent = constant_in(in.c);
  bool is_square = exponent == Value::of_small_int(2), is_cube = exponent == Value::of_small_int(3);
  if (noted() || !(is_square || is_cube)) return leave_always();
  load_operand(Reg::rdx, int_operand(in.b, Reg::rdx));
  a_.move(Reg::rax, Reg::rdx);
  a_.shift64(Shift::sar, Reg::rdx, 2);
  a_.alu64(Alu::sub, Reg::rax, 1);  // the value times 4, as in multiply_by()
  for (int k = is_square; k < 2; ++k) {
    a_.multiply(Reg::rax, Reg::rdx);
    a_.jump_if(Cond::overflow, leave());
  }
  a_.alu64(Alu::add, Reg::rax, 1);
  define_int(in.a, Reg::rax);
}

// A small int or a float; the smallest int has no small opposite.
void Baseline::negate() {
  const Instruction& in = at();
  constexpr u64 kSign = u64{1} << 63;
  if (is_known_float(in.b)) {
    a_.move_from_xmm(Reg::rcx, fact(in.b)->xmm);
    a_.move_constant(Reg::rax, kSign);
    a_.alu64(Alu::xor_, Reg::rcx, Reg::rax);
    return a_.move_to_xmm(know_pending(in.a), Reg::rcx);
  }
  Label no_int = a_.make_label(), done = a_.make_label();
  if (is_int(in.b)) {
    Reg result = begin_int(in.a);
    load_operand(result, int_operand(in.b, Reg::rax));
    a_.alu64(Alu::sub, result, 1);
    a_.negate(result);
    a_.jump_if(Cond::overflow, leave());
    a_.alu64(Alu::add, result, 1);
    return define_int(in.a, result);
  }
  load(Reg::rax, in.b);
  need_int(in.b, Reg::rax, no_int);
  a_.alu64(Alu::sub, Reg::rax, 1);
  a_.negate(Reg::rax);
  a_.jump_if(Cond::overflow, leave());
  a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_int);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  a_.move_constant(Reg::rcx, kSign);
  a_.alu64(Alu::xor_, Reg::rax, Reg::rcx);
  a_.move_to_xmm(Xmm::x0, Reg::rax);
  box_into(in.a, Xmm::x0);
  a_.bind(done);
}

// The cells rax and rdx, which are complex numbers: else goes to `otherwise`. Their difference, sum or product.
void Baseline::complex_operation(FloatOp op, Label otherwise) {
  for (Reg number : {Reg::rax, Reg::rdx}) need_kind(number, kKindComplex, otherwise);
  Xmm a = Xmm::x0, b = Xmm::x1;
  auto part = [&](Reg number, i32 k) { return Mem{number, at::kComplexParts + k * 8}; };
  allocate(Reg::rbx, sizeof(Complex));
  store_header(Reg::rbx, header_of(types.complex));
  for (i32 k : {0, 1}) {
    a_.load_double(a, part(Reg::rax, 0));
    if (op == FloatOp::mul) {  // the real part is a difference of products, the other one a sum
      a_.load_double(b, part(Reg::rdx, k));
      a_.float_op(FloatOp::mul, a, b);
      a_.move_from_xmm(Reg::rcx, a);
      a_.load_double(a, part(Reg::rax, 1));
      a_.load_double(b, part(Reg::rdx, 1 - k));
      a_.float_op(FloatOp::mul, b, a);
      a_.move_to_xmm(a, Reg::rcx);
      a_.float_op(k == 0 ? FloatOp::sub : FloatOp::add, a, b);
    } else {
      a_.load_double(a, part(Reg::rax, k));
      a_.load_double(b, part(Reg::rdx, k));
      a_.float_op(op, a, b);
    }
    a_.store_double(part(Reg::rbx, k), a);
  }
  store(at().a, Reg::rbx);
}

bool Baseline::translate_arithmetic(Op op) {
  if (operate_by_method(op)) return true;
  const Instruction& in = at();
  i64 constant = static_cast<i16>(in.c);
  switch (op) {
    case Op::BinaryAdd:
    case Op::InplaceAdd: add_or_subtract(false, nullptr); return true;
    case Op::BinarySub:
    case Op::InplaceSub: add_or_subtract(true, nullptr); return true;
    case Op::AddInt:
    case Op::InplaceAddInt: add_or_subtract(false, &constant); return true;
    case Op::SubInt:
    case Op::InplaceSubInt: add_or_subtract(true, &constant); return true;
    case Op::BinaryMul:
    case Op::InplaceMul: multiply(); return true;
    case Op::BinaryTrueDiv:
    case Op::InplaceTrueDiv: divide(); return true;
    case Op::BinaryFloorDiv:
    case Op::InplaceFloorDiv: divide_ints(true); return true;
    case Op::BinaryMod:
    case Op::InplaceMod: divide_ints(false); return true;
    case Op::BinaryAnd:
    case Op::InplaceAnd: bitwise(Alu::and_); return true;
    case Op::BinaryOr:
    case Op::InplaceOr: bitwise(Alu::or_); return true;
    case Op::BinaryXor:
    case Op::InplaceXor: bitwise(Alu::xor_); return true;
    case Op::BinaryLShift:
    case Op::InplaceLShift: shift(true); return true;
    case Op::BinaryRShift:
    case Op::InplaceRShift: shift(false); return true;
    case Op::BinaryPow:
    case Op::InplacePow: power(); return true;
    case Op::UnaryNegative: negate(); return true;
    case Op::UnaryInvert:
      load(Reg::rax, in.b);
      need_int(in.b, Reg::rax, leave());
      a_.alu64(Alu::xor_, Reg::rax, -4);  // all but the tag
      define_int(in.a, Reg::rax);
      return true;
    default: return false;
  }
}

}  // namespace baton
