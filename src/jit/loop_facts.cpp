// Guesses from one walk over a loop's instructions in their order; loop_facts.h says what for.
//
// A register is guessed to be a float (a small int) at the head if the loop reads it as one before it writes it, writes nothing
// else to it, and has read or written it since the last instruction behind which machine code knows nothing, if there is such
// one: else what is in memory there would be unboxed at the end of the round and not before it is needed.
#include "jit/loop_facts.h"

#include <algorithm>

#include "compile/op_info.h"
#include "interp/tiers.h"
#include "jit/jumps.h"
#include "jit/registers.h"
#include "objects/typed_array.h"

namespace baton {

static constexpr usize kMostFloats = 8, kMostOthers = 6;  // six xmm registers are left to what comes and goes in a round

const LoopPlan::Register* LoopPlan::find(u32 reg) const {
  for (const Register& each : registers)
    if (each.reg == reg) return &each;
  return nullptr;
}

namespace {

enum class Guess : u8 { Unknown, Int, Float, Sequence, Other };

// The walk over one loop.
class LoopWalk {
 public:
  LoopWalk(const LoopCode& code, const LoopHints& hints) : code_(code), hints_(hints), seen_(code.registers) {}

  // Twice: what a variable is at the end of a round it may be at the beginning of the next.
  void walk(u32 head, u32 end) {
    for (int round = 0; round < 2; ++round) {
      for (Seen& seen : seen_) {
        Guess wanted = seen.wanted;
        seen = Seen();
        if (wanted != Guess::Other) seen.now = wanted;
      }
      stretch_ = 0;
      for (u32 i = head; i <= end; ++i) {
        step(i);
        if (hints_.is_left(hints_.context, i)) ++stretch_;
      }
    }
  }
  // What is guessed of register n at the head; how often it is used.
  Guess at_head(u32 n) const {
    const Seen& seen = seen_[n];
    bool is_same = seen.written == Guess::Unknown || seen.written == seen.wanted;
    return is_same && seen.stretch == stretch_ ? seen.wanted : Guess::Other;
  }
  u32 uses(u32 n) const { return seen_[n].uses; }
  bool is_written(u32 n) const { return seen_[n].is_written; }
  u32 register_count() const { return static_cast<u32>(seen_.size()); }

 private:
  struct Seen {
    Guess wanted = Guess::Unknown;   // as what it is read first, before it is written
    Guess written = Guess::Unknown;  // by all writes
    Guess now = Guess::Unknown;
    bool is_written = false;
    u32 stretch = 0;  // the last one that used it
    u32 uses = 0;
  };

  i64 noted(u32 i) const { return hints_.noted(hints_.context, i); }

  void read(u32 n, Guess kind) {
    Seen& seen = seen_[n];
    if (!seen.is_written && seen.wanted == Guess::Unknown && kind != Guess::Unknown) seen.wanted = seen.now = kind;
    seen.stretch = stretch_;
    ++seen.uses;
  }
  void write(u32 n, Guess kind) {
    Seen& seen = seen_[n];
    if (seen.wanted == Guess::Unknown && !seen.is_written) seen.wanted = Guess::Other;  // nothing that the head must have
    seen.is_written = true;
    seen.now = kind;
    seen.written = seen.written == Guess::Unknown || seen.written == kind ? kind : Guess::Other;
    seen.stretch = stretch_;
    ++seen.uses;
  }

  // What the operands of an arithmetic instruction or a comparison are, by its note.
  Guess operands(u32 i, Guess a, Guess b) const {
    i64 seen = noted(i);
    if (seen == kFloatsSeen) return Guess::Float;
    if (seen != 0) return Guess::Other;
    return a == Guess::Float && b == Guess::Float   ? Guess::Float
           : a == Guess::Float || b == Guess::Float ? Guess::Other
                                                    : Guess::Int;
  }

  // Of a float and what may be an int: a float. So is a quotient. False: it is no such operation.
  bool mix(u32 i, bool is_quotient) {
    const Instruction& in = code_.instructions[i];
    bool has_float = seen_[in.b].now == Guess::Float || seen_[in.c].now == Guess::Float;
    if (noted(i) != kOthersSeen || !(has_float || is_quotient)) return false;
    for (u32 n : {in.b, in.c}) read(n, seen_[n].now);
    write(in.a, Guess::Float);
    return true;
  }
  void operate(u32 i, bool only_ints, bool only_floats) {
    const Instruction& in = code_.instructions[i];
    if (!only_ints && mix(i, only_floats)) return;
    Guess kind = operands(i, seen_[in.b].now, seen_[in.c].now);
    read(in.b, kind);
    read(in.c, kind);
    if ((only_ints && kind == Guess::Float) || (only_floats && kind == Guess::Int)) kind = Guess::Other;
    write(in.a, kind);
  }
  void operate_with_int(u32 i, u32 operand, const u32* result) {
    Guess kind = seen_[operand].now == Guess::Float ? Guess::Float : noted(i) ? Guess::Other : Guess::Int;
    read(operand, kind);
    if (result) write(*result, kind);
  }
  void compare(u32 i, u32 a, u32 b) {
    Guess kind = operands(i, seen_[a].now, seen_[b].now);
    read(a, kind);
    read(b, kind);
  }

  // Of an array.array, if nothing else was noted.
  Guess item_of_array(u32 i) const {
    i64 seen = noted(i);
    if (!seen) return Guess::Other;
    for (const ItemType& item : item_types)
      if (seen == array_seen(number_of(&item))) return item.is_integer ? Guess::Int : Guess::Float;
    return Guess::Other;
  }

  void step(u32 i);
  void step_other(u32 i);

  const LoopCode& code_;
  const LoopHints& hints_;
  std::vector<Seen> seen_;
  u32 stretch_ = 0;  // number of instructions so far behind which nothing is known
};

void LoopWalk::step(u32 i) {
  const Instruction& in = code_.instructions[i];
  Op op = static_cast<Op>(in.op);
  u32 result = in.a;
  switch (op) {
    case Op::BinaryAdd:
    case Op::InplaceAdd:
    case Op::BinarySub:
    case Op::InplaceSub:
    case Op::BinaryMul:
    case Op::InplaceMul: return operate(i, false, false);
    case Op::BinaryTrueDiv:
    case Op::InplaceTrueDiv: return operate(i, false, true);
    case Op::BinaryFloorDiv:
    case Op::InplaceFloorDiv:
    case Op::BinaryMod:
    case Op::InplaceMod:
    case Op::BinaryLShift:
    case Op::InplaceLShift:
    case Op::BinaryRShift:
    case Op::InplaceRShift:
    case Op::BinaryAnd:
    case Op::InplaceAnd:
    case Op::BinaryOr:
    case Op::InplaceOr:
    case Op::BinaryXor:
    case Op::InplaceXor: return operate(i, true, false);
    case Op::AddInt:
    case Op::SubInt:
    case Op::InplaceAddInt:
    case Op::InplaceSubInt: return operate_with_int(i, in.b, &result);
    case Op::JumpUnlessLtInt:
    case Op::JumpUnlessLeInt:
    case Op::JumpUnlessEqInt:
    case Op::JumpUnlessNeInt:
    case Op::JumpUnlessGtInt:
    case Op::JumpUnlessGeInt: return operate_with_int(i, in.a, nullptr);
    case Op::CompareLt:
    case Op::CompareLe:
    case Op::CompareEq:
    case Op::CompareNe:
    case Op::CompareGt:
    case Op::CompareGe: compare(i, in.b, in.c); return write(in.a, Guess::Other);
    case Op::JumpUnlessLt:
    case Op::JumpUnlessLe:
    case Op::JumpUnlessEq:
    case Op::JumpUnlessNe:
    case Op::JumpUnlessGt:
    case Op::JumpUnlessGe:
    case Op::JumpIfLt:
    case Op::JumpIfLe:
    case Op::JumpIfEq:
    case Op::JumpIfNe:
    case Op::JumpIfGt:
    case Op::JumpIfGe: return compare(i, in.a, in.b);
    case Op::UnaryNegative: {
      Guess kind = seen_[in.b].now == Guess::Float ? Guess::Float : Guess::Other;
      read(in.b, kind);
      return write(in.a, kind);
    }
    case Op::Move: {
      Guess kind = seen_[in.b].now;
      read(in.b, kind);
      return write(in.a, kind == Guess::Unknown ? Guess::Other : kind);
    }
    case Op::LoadConst: {
      Value constant = hints_.constant(hints_.context, in.wide());
      return write(in.a, constant.is_small_int() ? Guess::Int : constant.is_immediate_float() ? Guess::Float : Guess::Other);
    }
    case Op::LoadSmallInt: return write(in.a, Guess::Int);
    case Op::LoadItem: {
      read(in.b, noted(i) ? Guess::Other : Guess::Sequence);
      read(in.c, noted(i) ? Guess::Other : Guess::Int);
      return write(in.a, item_of_array(i));
    }
    case Op::LoadItemInt: {
      read(in.b, noted(i) ? Guess::Other : Guess::Sequence);
      return write(in.a, item_of_array(i));
    }
    case Op::StoreItem: {
      read(in.a, noted(i) ? Guess::Other : Guess::Sequence);
      read(in.b, noted(i) ? Guess::Other : Guess::Int);
      return;  // what is stored may be anything
    }
    case Op::ForIter: return write(in.a, hints_.steps_range(hints_.context, i) ? Guess::Int : Guess::Other);
    case Op::CheckBound: return;
    default: return step_other(i);
  }
}

// Whatever reads its operands as they come, and writes what isn't known.
void LoopWalk::step_other(u32 i) {
  const Instruction& in = code_.instructions[i];
  Op op = static_cast<Op>(in.op);
  const OpInfo& info = op_info(op);
  const std::pair<OperandKind, u32> operands[] = {{info.a, in.a}, {info.b, in.b}, {info.c, in.c}};
  for (auto [kind, n] : operands)
    if (kind == OperandKind::Write || kind == OperandKind::ReadWrite) write(n, Guess::Other);
  if (op == Op::UnpackSequence || op == Op::UnpackEx) {
    u32 count = op == Op::UnpackSequence ? in.c : (in.c & 255u) + 1 + (in.c >> 8);
    for (u32 k = 0; k < count; ++k) write(in.a + k, Guess::Other);
  }
}

struct Candidate {
  u32 reg, uses;
  bool is_float;
  u16 kind;
};

}  // namespace

static Xmm choose_home(const LoopPlan& plan, const LoopPlan* outer, u32 reg) {
  auto is_taken = [&](Xmm xmm) {
    return std::any_of(plan.registers.begin(), plan.registers.end(),
                       [=](const LoopPlan::Register& r) { return r.is_float && r.home == xmm; });
  };
  if (const LoopPlan::Register* there = outer ? outer->find(reg) : nullptr)
    if (there->is_float && !is_taken(there->home)) return there->home;
  auto outer_has = [&](Xmm xmm) {
    return outer && std::any_of(outer->registers.begin(), outer->registers.end(),
                                [=](const LoopPlan::Register& r) { return r.is_float && r.home == xmm; });
  };
  for (bool avoids_outer : {true, false})
    for (u8 k = kXmmEnd - 1; k >= kFirstXmm; --k)
      if (auto xmm = static_cast<Xmm>(k); !is_taken(xmm) && !(avoids_outer && outer_has(xmm))) return xmm;
  return Xmm::x15;  // not reached: fewer floats than registers
}

static void plan_loop(const LoopCode& code, const LoopHints& hints, const LoopPlan* outer, LoopPlan* plan) {
  LoopWalk walk(code, hints);
  walk.walk(plan->head, plan->end);
  u32 live = std::max<u32>(code.live_top[plan->head], code.locals);
  std::vector<Candidate> candidates;
  for (u32 n = 0; n < walk.register_count() && n < live; ++n) {
    Guess kind = walk.at_head(n);
    u16 sequence = kind == Guess::Sequence ? hints.kind_now(hints.context, n) : u16{0};
    if (kind == Guess::Int || kind == Guess::Float || sequence)
      candidates.push_back({n, walk.uses(n), kind == Guess::Float, sequence});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.uses != b.uses ? a.uses > b.uses : a.reg < b.reg; });
  usize floats = 0, others = 0;
  for (const Candidate& candidate : candidates) {
    if ((candidate.is_float ? floats : others)++ >= (candidate.is_float ? kMostFloats : kMostOthers)) continue;
    plan->registers.push_back({.reg = candidate.reg, .is_float = false, .home = Xmm::x0, .kind = candidate.kind});
    plan->registers.back().is_written = walk.is_written(candidate.reg);
    if (candidate.is_float) {
      Xmm home = choose_home(*plan, outer, candidate.reg);
      plan->registers.back() = {.reg = candidate.reg, .is_float = true, .home = home, .kind = 0};
    }
  }
}

std::vector<LoopPlan> plan_loops(const LoopCode& code, const LoopHints& hints) {
  std::vector<LoopPlan> plans;
  const Instruction* instructions = code.instructions;
  for (u32 i = 0; i < code.count; ++i) {
    for_each_jump(instructions, i, [&](i64 to) {
      if (to < 0 || to > i) return;
      auto head = static_cast<u32>(to);
      auto known = std::find_if(plans.begin(), plans.end(), [=](const LoopPlan& plan) { return plan.head == head; });
      if (known == plans.end())
        plans.push_back({head, i, {}});
      else
        known->end = i;
    });
  }
  std::sort(plans.begin(), plans.end(), [](const LoopPlan& a, const LoopPlan& b) { return a.head < b.head; });
  for (usize k = 0; k < plans.size(); ++k) {
    LoopPlan& plan = plans[k];
    if (!hints.may_plan(hints.context, plan.head)) continue;
    const LoopPlan* outer = nullptr;
    for (usize j = 0; j < k; ++j)
      if (plans[j].end >= plan.end) outer = &plans[j];
    plan_loop(code, hints, outer, &plan);
  }
  return plans;
}

}  // namespace baton
