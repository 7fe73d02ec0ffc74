// Checks of finished code: operands, jumps and registers in range. Run on every code object in builds with assertions.
#include "compile/validator.h"

#include "compile/op_info.h"

namespace baton {

namespace {

// Registers of the window operand that starts at `first` of instruction `ins`: how many are read (and must be in range).
u32 window_size(Op op, const Instruction& ins) {
  switch (op) {
    case Op::LoadGlobalCallee:
    case Op::LoadMethod: return 2;
    case Op::BuildSlice:
    case Op::LoadSlice:
    case Op::StoreSlice: return 3;
    case Op::BuildTuple:
    case Op::BuildList:
    case Op::BuildSet:
    case Op::BuildString:
    case Op::UnpackSequence: return ins.c;
    case Op::BuildDict: return 2u * ins.c;
    case Op::FormatValue: return ins.c & 4 ? 2 : 1;
    case Op::UnpackEx: return (ins.c & 255u) + 1u + (ins.c >> 8);
    case Op::Call:
    case Op::CallKw: return ins.b + 2u;
    case Op::CallEx: return 4;
    case Op::MakeFunction: return 4;
    case Op::BeforeWith:
    case Op::BeforeAsyncWith: return 3;
    case Op::WithExcept: return 5;
    case Op::CheckEgMatch: return 2;
    case Op::ImportName: return 2;
    case Op::MatchClass: return 3;
    default: return 1;
  }
}

class Validator {
 public:
  explicit Validator(const ValidatorInput& in) : in_(in) {}

  std::string run() {
    if (in_.count == 0) return "no instructions";
    for (pc_ = 0; pc_ < in_.count && error_.empty(); ++pc_) check_instruction(in_.instructions[pc_]);
    for (u32 i = 0; i < in_.exception_count && error_.empty(); ++i) {
      const ExceptionTableEntry& entry = in_.exceptions[i];
      if (entry.start >= entry.end || entry.end > in_.count || entry.handler >= in_.count ||
          entry.exception_register < in_.fixed_registers || entry.exception_register >= in_.register_count) {
        error_ = "bad exception table entry " + std::to_string(i);
      }
    }
    if (error_.empty() && !ends_block(static_cast<Op>(in_.instructions[in_.count - 1].op))) error_ = "control falls off the end";
    return error_;
  }

 private:
  void fail(const char* what) {
    if (!error_.empty()) return;
    u16 op = in_.instructions[pc_].op;
    error_ = std::to_string(pc_) + " " + (op < kOpCount ? op_infos[op].name : "?") + ": " + what;
  }
  void check_register(u32 reg) {
    if (reg >= in_.register_count) fail("register out of range");
  }
  void check_read(u32 reg) {
    check_register(reg);
    if (reg >= in_.fixed_registers && reg >= in_.live_top[pc_]) fail("reads a dead register");
  }
  void check_target(i64 target) {
    if (target < 0 || target >= in_.count) fail("jump out of range");
  }
  void check_operand(OperandKind kind, u16 value, const Instruction& ins) {
    Op op = static_cast<Op>(ins.op);
    switch (kind) {
      case OperandKind::Unused:
      case OperandKind::Immediate:
      case OperandKind::Unsigned: return;
      case OperandKind::Read:
      case OperandKind::ReadWrite: return check_read(value);
      case OperandKind::Write: return check_register(value);
      case OperandKind::Window: {
        if (op == Op::MakeFunction && value == 0xFFFF) return;
        u32 size = window_size(op, ins);
        if (u32{value} + size > in_.register_count) fail("window out of range");
        return;
      }
      case OperandKind::Const:
        if (value >= in_.const_count) fail("constant out of range");
        return;
      case OperandKind::Name:
        if (value >= in_.name_count) fail("name out of range");
        return;
      case OperandKind::Jump16:
        if (op == Op::ForIter && value == 0) return check_target(i64{pc_} + 2);
        return check_target(i64{pc_} + 1 + static_cast<i16>(value));
      case OperandKind::Jump32:
        if (op != Op::LoadSmallInt) check_target(i64{pc_} + 1 + ins.jump32());
        return;
      case OperandKind::Const32:
        if (ins.wide() >= in_.const_count) fail("constant out of range");
        return;
    }
  }
  void check_instruction(const Instruction& ins) {
    if (ins.op >= kOpCount) return fail("unknown op");
    if (in_.live_top[pc_] > in_.register_count) return fail("live_top beyond the registers");
    const OpInfo& info = op_infos[ins.op];
    check_operand(info.a, ins.a, ins);
    check_operand(info.b, ins.b, ins);
    if (info.b != OperandKind::Jump32 && info.b != OperandKind::Const32) check_operand(info.c, ins.c, ins);
    if (static_cast<Op>(ins.op) == Op::Send && pc_ + 2 >= in_.count) fail("Send at the end");
    if (static_cast<Op>(ins.op) == Op::YieldFrom && (pc_ == 0 || static_cast<Op>(in_.instructions[pc_ - 1].op) != Op::Jump))
      fail("YieldFrom without its Jump");
  }

  const ValidatorInput& in_;
  u32 pc_ = 0;
  std::string error_;
};

}  // namespace

std::string validate_bytecode(const ValidatorInput& input) { return Validator(input).run(); }

}  // namespace baton
