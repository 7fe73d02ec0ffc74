// Arithmetic and comparison of ints and floats that are immediate.
#include "jit/baseline.h"

namespace baton {

void Baseline::unbox(Xmm to, Reg value) {
  a_.shift64(Shift::rol, value, 60);
  a_.move_constant(Reg::r8, Value::kFloatOffset);
  a_.alu64(Alu::add, value, Reg::r8);
  a_.move_to_xmm(to, value);
}

// Floats that need a cell are the handler's.
void Baseline::box_into(u32 n, Xmm from) {
  a_.move_from_xmm(Reg::rax, from);
  a_.move_constant(Reg::r8, Value::kFloatOffset);
  a_.alu64(Alu::sub, Reg::rax, Reg::r8);
  a_.shift64(Shift::rol, Reg::rax, 4);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  store(n, Reg::rax);
}

// rax op rdx, both floats or it is the handler's.
void Baseline::float_operation(FloatOp op) {
  a_.move(Reg::rcx, Reg::rax);
  a_.alu32(Alu::and_, Reg::rcx, Reg::rdx);
  a_.alu8(Alu::test, Reg::rcx, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  unbox(Xmm::x1, Reg::rdx);
  if (op == FloatOp::div) {  // by zero: an error
    a_.move(Reg::rcx, Reg::rdx);
    a_.alu64(Alu::add, Reg::rcx, Reg::rdx);
    a_.jump_if(Cond::equal, leave());
  }
  a_.float_op(op, Xmm::x0, Xmm::x1);
  box_into(at().a, Xmm::x0);
}

void Baseline::add_or_subtract(bool subtract, const i64* constant) {
  const Instruction& in = at();
  Alu op = subtract ? Alu::sub : Alu::add;
  load(Reg::rax, in.b);
  if (constant) {
    a_.load_address32(Reg::rcx, Mem{Reg::rax, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    a_.jump_if(Cond::not_equal, leave());
    a_.alu64(op, Reg::rax, static_cast<i32>(*constant * 4));
    a_.jump_if(Cond::overflow, leave());
    return store(in.a, Reg::rax);
  }
  load(Reg::rdx, in.c);
  Label no_ints = a_.make_label(), done = a_.make_label();
  need_both_ints(Reg::rax, Reg::rdx, no_ints);
  a_.load_address(Reg::rcx, Mem{Reg::rdx, -1});
  a_.alu64(op, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::overflow, leave());
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_ints);
  float_operation(subtract ? FloatOp::sub : FloatOp::add);
  a_.bind(done);
}

void Baseline::multiply() {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  Label no_ints = a_.make_label(), done = a_.make_label();
  need_both_ints(Reg::rax, Reg::rdx, no_ints);
  // (4a) * b: overflows when the product doesn't fit 62 bits.
  a_.load_address(Reg::rcx, Mem{Reg::rax, -1});
  a_.shift64(Shift::sar, Reg::rdx, 2);
  a_.multiply(Reg::rcx, Reg::rdx);
  a_.jump_if(Cond::overflow, leave());
  a_.alu64(Alu::or_, Reg::rcx, 1);
  store(in.a, Reg::rcx);
  a_.jump(done);
  a_.bind(no_ints);
  float_operation(FloatOp::mul);
  a_.bind(done);
}

void Baseline::divide() {
  load(Reg::rax, at().b);
  load(Reg::rdx, at().c);
  float_operation(FloatOp::div);
}

// By a positive int, rounded down.
void Baseline::divide_ints(bool want_quotient) {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_both_ints(Reg::rax, Reg::rdx, leave());
  a_.move(Reg::rcx, Reg::rdx);
  a_.shift64(Shift::sar, Reg::rcx, 2);
  a_.alu64(Alu::cmp, Reg::rcx, 0);
  a_.jump_if(Cond::less_equal, leave());
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
  a_.load_address(Reg::rcx, Mem{result, 0});
  a_.shift64(Shift::shl, Reg::rcx, 2);
  a_.alu64(Alu::or_, Reg::rcx, 1);
  store(in.a, Reg::rcx);
}

void Baseline::bitwise(Alu op) {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_both_ints(Reg::rax, Reg::rdx, leave());
  a_.alu64(op, Reg::rax, Reg::rdx);
  if (op == Alu::xor_) a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
}

void Baseline::shift_left() {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_both_ints(Reg::rax, Reg::rdx, leave());
  a_.move(Reg::rcx, Reg::rdx);
  a_.shift64(Shift::sar, Reg::rcx, 2);
  a_.alu64(Alu::cmp, Reg::rcx, 61);
  a_.jump_if(Cond::above_equal, leave());
  a_.alu64(Alu::sub, Reg::rax, 1);  // the value times 4: what is shifted out must be the sign's
  a_.move(Reg::rdx, Reg::rax);
  a_.shift64_cl(Shift::shl, Reg::rax);
  a_.move(Reg::rsi, Reg::rax);
  a_.shift64_cl(Shift::sar, Reg::rsi);
  a_.alu64(Alu::cmp, Reg::rsi, Reg::rdx);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
}

void Baseline::shift_right() {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_both_ints(Reg::rax, Reg::rdx, leave());
  a_.move(Reg::rcx, Reg::rdx);
  a_.shift64(Shift::sar, Reg::rcx, 2);
  a_.alu64(Alu::cmp, Reg::rcx, 62);
  a_.jump_if(Cond::above_equal, leave());
  a_.shift64_cl(Shift::sar, Reg::rax);
  a_.alu64(Alu::and_, Reg::rax, -4);
  a_.alu64(Alu::or_, Reg::rax, 1);
  store(in.a, Reg::rax);
}

static Cond by_floats(Cond ints) {  // of ucomisd with the operands so ordered that unordered means no
  switch (ints) {
    case Cond::less:
    case Cond::greater: return Cond::above;
    case Cond::less_equal:
    case Cond::greater_equal: return Cond::above_equal;
    default: return ints;
  }
}

// jumps: to the instruction's target when the answer is jump_when; else the answer is stored as a bool.
void Baseline::compare(Cond ints, bool jumps, bool jump_when, const i64* constant) {
  const Instruction& in = at();
  Label no_ints = a_.make_label(), done = a_.make_label();
  Label to = jumps ? target(static_cast<i16>(in.c)) : done;
  auto answer = [&](Cond yes) {
    if (jumps) return a_.jump_if(jump_when ? yes : opposite(yes), to);
    a_.set_if(yes, Reg::rcx);
    a_.extend8(Reg::rcx);
    a_.shift64(Shift::shl, Reg::rcx, 3);
    a_.alu64(Alu::add, Reg::rcx, static_cast<i32>(Value::kFalseBits));
    store(in.a, Reg::rcx);
  };
  if (constant) {
    load(Reg::rax, in.a);
    a_.load_address32(Reg::rcx, Mem{Reg::rax, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    a_.jump_if(Cond::not_equal, leave());
    a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(*constant * 4 + 1));
    return answer(ints);
  }
  load(Reg::rax, jumps ? in.a : in.b);
  load(Reg::rdx, jumps ? in.b : in.c);
  need_both_ints(Reg::rax, Reg::rdx, no_ints);
  a_.alu64(Alu::cmp, Reg::rax, Reg::rdx);
  answer(ints);
  a_.jump(done);
  a_.bind(no_ints);
  a_.move(Reg::rcx, Reg::rax);
  a_.alu32(Alu::and_, Reg::rcx, Reg::rdx);
  a_.alu8(Alu::test, Reg::rcx, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  unbox(Xmm::x1, Reg::rdx);
  if (ints == Cond::equal || ints == Cond::not_equal) {
    a_.compare_floats(Xmm::x0, Xmm::x1);
    if (jumps) {  // unordered: different
      bool jump_if_equal = (ints == Cond::equal) == jump_when;
      a_.jump_if(Cond::parity, jump_if_equal ? done : to);
      a_.jump_if(jump_if_equal ? Cond::equal : Cond::not_equal, to);
    } else {
      a_.set_if(Cond::no_parity, Reg::rcx);
      a_.set_if(Cond::equal, Reg::rdx);
      a_.alu32(Alu::and_, Reg::rcx, Reg::rdx);
      a_.extend8(Reg::rcx);
      if (ints == Cond::not_equal) a_.alu32(Alu::xor_, Reg::rcx, 1);
      a_.shift64(Shift::shl, Reg::rcx, 3);
      a_.alu64(Alu::add, Reg::rcx, static_cast<i32>(Value::kFalseBits));
      store(in.a, Reg::rcx);
    }
  } else {
    bool swapped = ints == Cond::less || ints == Cond::less_equal;
    a_.compare_floats(swapped ? Xmm::x1 : Xmm::x0, swapped ? Xmm::x0 : Xmm::x1);
    answer(by_floats(ints));
  }
  a_.bind(done);
}

bool Baseline::translate_arithmetic(Op op) {
  const Instruction& in = at();
  i64 constant = static_cast<i16>(in.c);
  i64 compared = static_cast<i16>(in.b);
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
    case Op::InplaceLShift: shift_left(); return true;
    case Op::BinaryRShift:
    case Op::InplaceRShift: shift_right(); return true;
#define COMPARISON(name, cond)                                                       \
  case Op::Compare##name: compare(Cond::cond, false, false, nullptr); return true;   \
  case Op::JumpUnless##name: compare(Cond::cond, true, false, nullptr); return true; \
  case Op::JumpIf##name: compare(Cond::cond, true, true, nullptr); return true;      \
  case Op::JumpUnless##name##Int: compare(Cond::cond, true, false, &compared); return true;
      COMPARISON(Lt, less)
      COMPARISON(Le, less_equal)
      COMPARISON(Eq, equal)
      COMPARISON(Ne, not_equal)
      COMPARISON(Gt, greater)
      COMPARISON(Ge, greater_equal)
#undef COMPARISON
    case Op::UnaryNot:
      load(Reg::rax, in.b);
      a_.load_address(Reg::rcx, Mem{Reg::rax, -static_cast<i32>(Value::kFalseBits)});
      a_.alu64(Alu::test, Reg::rcx, ~8);
      a_.jump_if(Cond::not_equal, leave());
      a_.alu64(Alu::xor_, Reg::rcx, 8);
      a_.alu64(Alu::add, Reg::rcx, static_cast<i32>(Value::kFalseBits));
      store(in.a, Reg::rcx);
      return true;
    default: return false;
  }
}

}  // namespace baton
