// What is guessed of a loop's registers where a round begins.
#include "jit/loop_facts.h"

#include <vector>

#include "compile/ops.h"
#include "heap/value.h"
#include "interp/tiers.h"
#include "test.h"

using namespace baton;

namespace {

Instruction op(Op op, u32 a = 0, u32 b = 0, u32 c = 0) {
  return {static_cast<u16>(op), static_cast<u16>(a), static_cast<u16>(b), static_cast<u16>(c)};
}
Instruction jump(Op jump, u32 a, i32 by) { return op(jump, a, static_cast<u32>(by) & 0xFFFF, static_cast<u32>(by) >> 16); }

// An instruction and what was noted of it.
struct Noted {
  Instruction instruction;
  i64 seen = 0;
};

struct Program {
  std::vector<Noted> code;
  bool may_plan = true;

  static Program& self(void* context) { return *static_cast<Program*>(context); }
  std::vector<LoopPlan> plan() {
    std::vector<Instruction> instructions;
    for (const Noted& each : code) instructions.push_back(each.instruction);
    constexpr u32 kLocals = 16, kRegisters = 20;
    std::vector<u16> live_top(code.size(), kLocals);
    LoopHints hints{[](void* p, u32 i) { return self(p).code[i].seen; },
                    [](void* p, u32 i) { return static_cast<Op>(self(p).code[i].instruction.op) == Op::Call; },
                    [](void*, u32) { return true; },
                    [](void* p, u32) { return self(p).may_plan; },
                    [](void*, u32 n) { return n == 7 ? u16{42} : u16{0}; },
                    [](void*, u32) { return Value::try_of_float(0.5); },
                    this};
    return plan_loops({instructions.data(), static_cast<u32>(code.size()), kRegisters, kLocals, live_top.data()}, hints);
  }
};

// f, i or s: what register n is guessed to be at the head, or '-'.
char guess(const LoopPlan& plan, u32 n) {
  const LoopPlan::Register* found = plan.find(n);
  return !found ? '-' : found->is_float ? 'f' : found->kind ? 's' : 'i';
}

constexpr i64 kFloat = kFloatsSeen, kOther = kOthersSeen;

}  // namespace

TEST(loop_variables_are_guessed_by_what_is_done_with_them) {
  Program program{{
      {op(Op::JumpUnlessLt, 1, 2, 6)},        // while 1 < 2, ints
      {op(Op::BinaryMul, 16, 3, 4), kFloat},  // 3 = 3 * 4 + 3, floats
      {op(Op::BinaryAdd, 3, 16, 3), kFloat},
      {op(Op::LoadItem, 5, 7, 1)},           // 5 = 7[1]
      {op(Op::BinarySub, 6, 5, 6), kOther},  // 6 = 5 - 6
      {op(Op::AddInt, 1, 1, 1)},
      {jump(Op::JumpBack, 0, -7)},
      {op(Op::ReturnConst)},
  }};
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(plans.size() == 1 && plans[0].head == 0 && plans[0].end == 6);
  EXPECT(guess(plans[0], 1) == 'i' && guess(plans[0], 2) == 'i');
  EXPECT(guess(plans[0], 3) == 'f' && guess(plans[0], 4) == 'f' && plans[0].find(3)->home != plans[0].find(4)->home);
  EXPECT(guess(plans[0], 5) == '-' && guess(plans[0], 6) == '-' && guess(plans[0], 16) == '-');
  EXPECT(guess(plans[0], 7) == 's' && plans[0].find(7)->kind == 42);
  program.may_plan = false;
  EXPECT(program.plan().size() == 1 && program.plan()[0].registers.empty());
}

TEST(loop_variables_that_become_something_else_are_not_guessed) {
  Program program{{
      {op(Op::BinaryAdd, 1, 1, 2), kFloat},
      {op(Op::LoadAttr, 2, 3)},  // a float, then anything
      {op(Op::AddInt, 4, 4, 1)},
      {op(Op::LoadConst, 4)},  // an int, then a float
      {op(Op::BinaryAdd, 5, 5, 6)},
      {op(Op::Move, 6, 7)},
      {jump(Op::JumpBack, 0, -7)},
      {op(Op::ReturnConst)},
  }};
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(guess(plans[0], 1) == 'f' && guess(plans[0], 2) == '-' && guess(plans[0], 4) == '-' && guess(plans[0], 5) == 'i' &&
         guess(plans[0], 6) == '-');
}

TEST(loop_variables_that_turn_are_guessed) {  // 1, 2 = 2, 1 + 2
  Program program{{
      {op(Op::BinaryAdd, 16, 1, 2)},
      {op(Op::Move, 1, 2)},
      {op(Op::Move, 2, 16)},
      {jump(Op::JumpBack, 0, -4)},
      {op(Op::ReturnConst)},
  }};
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(guess(plans[0], 1) == 'i' && guess(plans[0], 2) == 'i');
}

TEST(loop_variables_are_guessed_only_behind_calls) {
  Program program{{
      {op(Op::BinaryAdd, 1, 1, 2), kFloat},
      {op(Op::Call, 16, 0, 5)},
      {op(Op::BinaryAdd, 3, 3, 4), kFloat},
      {jump(Op::JumpBack, 0, -4)},
      {op(Op::ReturnConst)},
  }};
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(guess(plans[0], 1) == '-' && guess(plans[0], 2) == '-' && guess(plans[0], 3) == 'f' && guess(plans[0], 4) == 'f');
}

TEST(loops_in_loops_share_their_floats_places) {
  Program program{{
      {op(Op::BinaryAdd, 1, 1, 2), kFloat},
      {op(Op::BinaryMul, 3, 3, 1), kFloat},
      {op(Op::InplaceAdd, 2, 2, 4), kFloat},
      {jump(Op::JumpBack, 0, -3)},  // to the second one
      {jump(Op::JumpBack, 0, -5)},
      {op(Op::ReturnConst)},
  }};
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(plans.size() == 2 && plans[0].head == 0 && plans[0].end == 4 && plans[1].head == 1 && plans[1].end == 3);
  for (u32 n : {1, 2, 3, 4}) EXPECT(guess(plans[0], n) == 'f' && guess(plans[1], n) == 'f');
  for (u32 n : {1, 2, 3, 4}) EXPECT(plans[0].find(n)->home == plans[1].find(n)->home);
}

TEST(loops_guess_no_more_than_there_is_room_for) {
  Program program;
  for (u32 n = 0; n < 12; ++n) program.code.push_back({op(Op::InplaceAdd, n, n, 15), kFloat});
  program.code.push_back({jump(Op::JumpBack, 0, -13)});
  program.code.push_back({op(Op::ReturnConst)});
  std::vector<LoopPlan> plans = program.plan();
  EXPECT(plans[0].registers.size() == 8 && guess(plans[0], 15) == 'f');
  for (const LoopPlan::Register& a : plans[0].registers)
    for (const LoopPlan::Register& b : plans[0].registers) EXPECT(a.reg == b.reg || a.home != b.home);
}
