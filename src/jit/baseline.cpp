// The frame of the translation, moves, jumps and exits.
//
// Whoever comes to an instruction or leaves at one has all values in the frame's registers, so each instruction has an entry, at
// which a handler's dispatch comes back, and an exit: the instruction's handler, which does what the template doesn't. What a
// template needs to be true it checks before it changes anything.
#include "jit/baseline.h"

#include <algorithm>

#include "interp/tiers.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

Baseline::Baseline(Frame* frame, CompiledCode* compiled, u64 base_address, u64* exits)
    : frame_(frame),
      code_(frame->code),
      instructions_(frame->code->instructions()),
      count_(frame->code->instruction_count_),
      compiled_(compiled),
      exit_counts_(exits),
      base_address_(base_address),
      a_(base_address),
      labels_(count_ + 1),
      entries_(count_),
      leavings_(count_),
      root_code_(code_) {}

static bool is_init(const Code* code) {
  return str_equals_ascii(code->name(), "__init__") && code->argcount_ > 0 && !is_generator_code(code);
}

bool Baseline::run() {
  constexpr u32 kMostFailures = 2;
  knows_shapes_ = !objects_are_locked() && !(code_->compiled_ && code_->compiled_->recompilations >= kMostFailures);
  find_targets();
  find_cold();
  find_left_often();
  find_calls();
  find_loops();
  facts_at_.resize(count_);
  ways_.resize(count_ + 1);
  if (objects_are_locked()) private_.begin(instructions_, count_);
  if (objects_are_locked() && is_init(code_)) private_.begins_private(0);
  if (objects_are_locked()) find_private_containers();
  for (Label& label : labels_) label = a_.make_label();
  for (i_ = 0; i_ < count_; ++i_) {
    if (is_cold(i_)) {
      translate_cold(i_);
      continue;
    }
    come_to(i_);
    private_.come_to(i_);
    translate(i_);
    check_written();
    private_.pass(i_);
    if (is_left_often(i_)) forget_all();
    is_reached_ = !ends_block(static_cast<Op>(instructions_[i_].op)) && !ends_here_;
    ends_here_ = false;
  }
  a_.bind(labels_[count_]);  // not reached: code ends with a return, a raise or a jump
  for (const Way& way : ways_[count_]) a_.bind(way.label);
  emit_ways();
  emit_late_ways_of_inlined();
  emit_entries();
  emit_exits();
  emit_builds();
  emit_shared();
  return !a_.failed() && !is_spoiled_;
}

// What hasn't run: machine code that comes to it leaves.
void Baseline::translate_cold(u32 i) {
  if (heat_[i] == Heat::Leader) {
    come_to(i);
    a_.jump(exit_to(i, Why::Cold, {}));
  }
  private_.come_to(i);
  private_.pass(i);
  facts_.clear();
  is_reached_ = false;
}

void Baseline::store_constant(u32 n, u64 bits) {
  forget(n);
  if (static_cast<u64>(static_cast<i64>(static_cast<i32>(bits))) == bits) return a_.store64(reg(n), static_cast<i32>(bits));
  a_.move_constant(Reg::rax, bits);
  a_.store64(reg(n), Reg::rax);
}

// What is in a register now, if it is live where the frame is; absent: unknown.
Value Baseline::value_now(u32 n) const {
  if (inlined_) return Value();
  u32 live = code_->live_top_[frame_->pc - instructions_];
  return n < live || n < code_->frame_local_count_ ? frame_->registers[n] : Value();
}

Label Baseline::leave() {
  if (instead_of_leaving_.is_made()) return instead_of_leaving_;
  Label& label = leavings_[i_].plain;
  if (!label.is_made()) label = exit_to(i_, Why::Left, at_begin_);
  return label;
}

Label Baseline::leave_counted() {
  if (instead_of_leaving_.is_made()) return instead_of_leaving_;
  Label& label = leavings_[i_].counted;
  if (!label.is_made()) label = exit_to(i_, Why::Counted, at_begin_);
  return label;
}

void Baseline::need_cell(Reg value, Label otherwise) {
  a_.alu8(Alu::test, value, 7);
  a_.jump_if(Cond::not_equal, otherwise);
}
void Baseline::need_kind(Reg cell, u16 kind, Label otherwise) {
  a_.alu16(Alu::cmp, Mem{cell, at::kKindWord}, kind);
  a_.jump_if(Cond::not_equal, otherwise);
}
void Baseline::need_int(u32 n, Reg value, Label otherwise) {
  if (is_int(n)) return;
  a_.load_address32(Reg::rcx, Mem{value, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::not_equal, otherwise);
}
void Baseline::unbox(Xmm to, Reg value) {
  a_.shift64(Shift::rol, value, 60);
  a_.move_constant(Reg::r8, Value::kFloatOffset);
  a_.alu64(Alu::add, value, Reg::r8);
  a_.move_to_xmm(to, value);
}
void Baseline::need_shape(Reg cell, u32 shape, Label otherwise) {
  a_.alu32(Alu::cmp, Mem{cell, at::kShape}, static_cast<i32>(shape));
  a_.jump_if(Cond::not_equal, otherwise);
  compiled_->shapes.push(shape);
}
void Baseline::need_no_barrier(Reg owner, Reg value, Label otherwise) {
  Label fine = a_.make_label();
  a_.alu8(Alu::test, value, 7);
  a_.jump_if(Cond::not_equal, fine);
  a_.alu8(Alu::test, Mem{owner, at::kGcFlags}, kOld);
  a_.jump_if(Cond::equal, fine);
  a_.alu8(Alu::test, Mem{value, at::kGcFlags}, kOld);
  a_.jump_if(Cond::equal, otherwise);
  a_.bind(fine);
}
// The same for a value that takes the place of another one: where that is young the field is remembered already, as
// remember_replaced_field() has it. Uses rcx, rbx, r10.
void Baseline::need_no_barrier(Reg owner, Reg value, Mem field, Label otherwise) {
  Label fine = a_.make_label();
  a_.alu8(Alu::test, value, 7);
  a_.jump_if(Cond::not_equal, fine);
  a_.alu8(Alu::test, Mem{owner, at::kGcFlags}, kOld);
  a_.jump_if(Cond::equal, fine);
  a_.alu8(Alu::test, Mem{value, at::kGcFlags}, kOld);
  a_.jump_if(Cond::not_equal, fine);
  a_.load64(Reg::rbx, field);
  a_.alu8(Alu::test, Reg::rbx, 7);
  a_.jump_if(Cond::not_equal, otherwise);
  a_.alu64(Alu::test, Reg::rbx, Reg::rbx);
  a_.jump_if(Cond::equal, otherwise);
  // Its mark bit: see mark_word() and mark_mask(). Shifts go by the low 6 bits of rcx.
  a_.move(Reg::rcx, Reg::rbx);
  a_.shift64(Shift::shr, Reg::rcx, 4);
  a_.shift64(Shift::shr, Reg::rbx, 10);
  a_.move_constant(Reg::r10, kMarkBase - (kHeapBase >> 10) * sizeof(u64));
  a_.load64(Reg::rbx, Mem{Reg::r10, 0, Reg::rbx, 8});
  a_.shift64_cl(Shift::shr, Reg::rbx);
  a_.alu8(Alu::test, Reg::rbx, 1);
  a_.jump_if(Cond::not_equal, otherwise);
  a_.bind(fine);
}
void Baseline::need_version(Type* type, u32 version, Label otherwise) {
  if (is_known_version(type, version)) return;
  a_.move_constant(Reg::r8, reinterpret_cast<u64>(type) + at::kTypeVersion);
  a_.alu32(Alu::cmp, Mem{Reg::r8}, static_cast<i32>(version));
  a_.jump_if(Cond::not_equal, otherwise);
}

// Jumps if the truth of the value rax, register n's, is `when`: of bools, None, small ints, and what has been tested here before:
// floats, built-in containers, and those whose class has neither __bool__ nor __len__. Uses rax, rcx, rdx, r8.
void Baseline::jump_by_truth(u32 n, bool when, Label to) {
  i64 seen = noted();
  Label other = a_.make_label(), no_int = a_.make_label(), is_cell = a_.make_label();
  Cond is_wanted = when ? Cond::not_equal : Cond::equal;
  if (u16 kind = known_kind(n); std::find(std::begin(kSizedKinds), std::end(kSizedKinds), kind) != std::end(kSizedKinds)) {
    load_length_of(kind);
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    return a_.jump_if(is_wanted, to);
  }
  auto jump_if_equal = [&](u64 bits, bool truth) {
    a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(bits));
    a_.jump_if(Cond::equal, truth == when ? to : other);
  };
  jump_if_equal(Value::kTrueBits, true);
  jump_if_equal(Value::kFalseBits, false);
  jump_if_equal(Value::kNoneBits, false);
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::equal, is_cell);
  a_.load_address32(Reg::rcx, Mem{Reg::rax, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::not_equal, seen & kFloatTested ? no_int : leave_counted());
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::of_small_int(0).bits()));
  a_.jump_if(is_wanted, to);
  a_.jump(other);
  if (seen & kFloatTested) {
    a_.bind(no_int);
    a_.alu8(Alu::test, Reg::rax, 2);
    a_.jump_if(Cond::equal, leave());
    unbox(Xmm::x0, Reg::rax);
    a_.alu64(Alu::add, Reg::rax, Reg::rax);  // zeros have nothing but a sign
    a_.jump_if(is_wanted, to);
    a_.jump(other);
  }
  a_.bind(is_cell);
  bool has_sized = seen & kSizedTested, has_other = seen & kOtherTested;
  if (has_sized) {
    Label no_container = has_other ? a_.make_label() : leave_counted();
    load_length(no_container, seen);
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    a_.jump_if(is_wanted, to);
    if (has_other) {
      a_.jump(other);
      a_.bind(no_container);
    }
  }
  if (has_other) {
    load_class(Reg::rcx, Reg::rax);
    for (Slot slot : {Slot::bool_, Slot::len}) {
      a_.alu64(Alu::cmp, Mem{Reg::rcx, at::slot_of(slot)}, 0);
      a_.jump_if(Cond::not_equal, has_sized ? leave() : leave_counted());
    }
    if (when) a_.jump(to);
  }
  if (!has_sized && !has_other) a_.jump(leave_counted());
  a_.bind(other);
}

void Baseline::move_value(u32 to, u32 from) {
  if (to == from) return;
  if (is_known_float(from)) {
    Xmm xmm = fact(from)->xmm;
    return a_.move(know_pending(to, xmm), xmm);
  }
  const Fact* known = fact(from);
  Fact same = known ? *known : Fact();
  if (same.is_int() && known) {
    if (same.in == IntPlace::Constant) return define_constant(to, Value::of_small_int(same.constant >> 2));
    same.in == IntPlace::Register ? a_.move(Reg::rax, same.gpr) : load(Reg::rax, from);
    return define_int(to, Reg::rax);
  }
  load(Reg::rax, from);
  store(to, Reg::rax);
  if (!known) return;
  if (same.cell)
    facts_.add(Fact::of_cell(to, same.kind, same.cell));
  else
    know_kind(to, same.kind);
}

void Baseline::load_constant(u32 to, Value constant) {
  constant.is_small_int() ? define_constant(to, constant) : store_constant(to, constant.bits());
}

void Baseline::translate(u32 i) {
  const Instruction& in = instructions_[i];
  Op op = static_cast<Op>(in.op);
  switch (op) {
    case Op::Nop: return;
    case Op::Move: return move_value(in.a, in.b);
    case Op::LoadConst: {
      Value constant = code_->consts()->at(static_cast<Index>(in.wide()));
      if (constant.is_immediate_float() && is_wanted_unboxed(in.a, true)) return load_float(in.a, constant.immediate_float());
      return load_constant(in.a, constant);
    }
    case Op::LoadSmallInt: return define_constant(in.a, Value::of_small_int(in.jump32()));
    case Op::LoadAbsent: return store_constant(in.a, 0);
    case Op::CheckBound:
      if (is_known_present(in.a)) return;
      a_.alu64(Alu::cmp, reg(in.a), 0);
      return a_.jump_if(Cond::equal, leave());
    case Op::DeleteLocal:
      a_.alu64(Alu::cmp, reg(in.a), 0);
      a_.jump_if(Cond::equal, leave());
      return store_constant(in.a, 0);
    case Op::Is:
    case Op::IsNot:
      load(Reg::rax, in.b);
      a_.move_constant(Reg::rcx, 0);
      a_.alu64(Alu::cmp, Reg::rax, reg(in.c));
      a_.set_if(op == Op::Is ? Cond::equal : Cond::not_equal, Reg::rcx);
      static_assert(Value::kTrueBits - Value::kFalseBits == 8);
      a_.load_address(Reg::rax, Mem{Reg::rcx, static_cast<i32>(Value::kFalseBits), Reg::rcx, 8});
      a_.alu64(Alu::sub, Reg::rax, Reg::rcx);
      return store(in.a, Reg::rax);
    case Op::Jump:
    case Op::JumpNoPoll: return jump(in.jump32());
    case Op::JumpBack:
      a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
      a_.jump_if(Cond::not_equal, leave());
      return jump(in.jump32());
    case Op::JumpIfTrue:
    case Op::JumpIfFalse:
      if (is_int(in.a)) {
        i32 zero = static_cast<i32>(Value::of_small_int(0).bits());
        IntOperand operand = int_operand(in.a, Reg::rax);
        if (operand.is_constant) load_operand(Reg::rax, operand);
        a_.alu64(Alu::cmp, operand.is_constant ? Reg::rax : operand.reg, zero);
        return a_.jump_if(op == Op::JumpIfTrue ? Cond::not_equal : Cond::equal, target(in.jump32()));
      }
      if (noted() & kMethodSeen) jump_by_method(in.a, op == Op::JumpIfTrue);
      load(Reg::rax, in.a);
      return jump_by_truth(in.a, op == Op::JumpIfTrue, target(in.jump32()));
    case Op::JumpIfNone:
    case Op::JumpIfNotNone:
      a_.alu64(Alu::cmp, reg(in.a), static_cast<i32>(Value::kNoneBits));
      return a_.jump_if(op == Op::JumpIfNone ? Cond::equal : Cond::not_equal, target(in.jump32()));
    case Op::JumpIfAbsent: a_.alu64(Alu::cmp, reg(in.a), 0); return a_.jump_if(Cond::equal, target(in.jump32()));
    case Op::JumpIfIs:
    case Op::JumpIfIsNot:
      load(Reg::rax, in.a);
      a_.alu64(Alu::cmp, Reg::rax, reg(in.b));
      return a_.jump_if(op == Op::JumpIfIs ? Cond::equal : Cond::not_equal, target(static_cast<i16>(in.c)));
    default: break;
  }
  if (translate_arithmetic(op) || translate_comparison(op) || translate_object(op) || translate_call(op) ||
      translate_exception(op) || translate_build(op) || translate_slice(op) || translate_text(op))
    return;
  leave_always();
}

}  // namespace baton
