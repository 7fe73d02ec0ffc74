// Which registers stay private through instructions, jumps and loops.
#include "jit/private_registers.h"

#include <vector>

#include "compile/ops.h"
#include "test.h"

using namespace baton;

namespace {

Instruction op(Op op, u32 a = 0, u32 b = 0, u32 c = 0) {
  return {static_cast<u16>(op), static_cast<u16>(a), static_cast<u16>(b), static_cast<u16>(c)};
}
Instruction jump(Op jump, u32 a, i32 by) { return op(jump, a, static_cast<u32>(by) & 0xFFFF, static_cast<u32>(by) >> 16); }

// Goes through the code; at instruction `makes` an instance is made. answers[i]: is the register private when i begins?
std::vector<bool> follow(const std::vector<Instruction>& code, u32 reg, bool begins_private, u32 makes = ~u32{0}) {
  PrivateRegisters registers;
  registers.begin(code.data(), static_cast<u32>(code.size()));
  if (begins_private) registers.begins_private(0);
  std::vector<bool> answers;
  for (u32 i = 0; i < code.size(); ++i) {
    registers.come_to(i);
    answers.push_back(registers.has(reg));
    if (i == makes) registers.result_is_private();
    registers.pass(i);
  }
  return answers;
}

}  // namespace

TEST(private_self_of_an_init) {
  std::vector<Instruction> code = {
      op(Op::StoreAttr, 0, 1, 0), op(Op::LoadConst, 2), op(Op::BuildList, 3, 2, 1),
      op(Op::StoreAttr, 0, 3, 1), op(Op::ReturnConst),
  };
  EXPECT(follow(code, 0, true) == std::vector<bool>({true, true, true, true, true}));
  EXPECT(follow(code, 0, false) == std::vector<bool>(5, false));
  EXPECT(follow(code, 1, true) == std::vector<bool>(5, false));
}

TEST(private_until_others_find_it) {
  for (Instruction publishes :
       {op(Op::StoreAttr, 1, 0), op(Op::StoreItem, 1, 2, 0), op(Op::StoreItem, 1, 0, 2), op(Op::BuildTuple, 3, 0, 1),
        op(Op::BuildList, 3, 0, 2), op(Op::BuildDict, 3, 0, 1), op(Op::LoadAttr, 3, 0, 0), op(Op::LoadMethod, 3, 0, 0),
        op(Op::Call, 5, 0, 3), op(Op::CallKw, 5, 1, 0), op(Op::StoreGlobal, 0, 0), op(Op::ListAppend, 1, 0), op(Op::MakeCell, 0),
        op(Op::Yield, 3, 0), op(Op::GetIter, 3, 0), op(Op::LoadConst, 0), op(Op::Move, 0, 1)}) {
    EXPECT(follow({op(Op::Nop), publishes, op(Op::Nop)}, 0, true) == std::vector<bool>({true, true, false}));
  }
  for (Instruction keeps : {op(Op::StoreAttr, 1, 2), op(Op::StoreAttr, 0, 2), op(Op::BinaryAdd, 3, 0, 1), op(Op::Is, 3, 0, 1),
                            op(Op::LoadItem, 3, 1, 2), op(Op::LoadAttr, 3, 1, 0), op(Op::Move, 3, 0), op(Op::LoadGlobalCallee, 4),
                            op(Op::BuildTuple, 3, 1, 2)}) {
    EXPECT(follow({op(Op::Nop), keeps, op(Op::Nop)}, 0, true) == std::vector<bool>({true, true, true}));
  }
}

TEST(private_copies_go_together) {
  std::vector<Instruction> code = {op(Op::Move, 3, 0), op(Op::Nop), op(Op::StoreItem, 1, 2, 3), op(Op::Nop)};
  EXPECT(follow(code, 3, true) == std::vector<bool>({false, true, true, false}));
  EXPECT(follow(code, 0, true) == std::vector<bool>({true, true, true, false}));
}

TEST(private_result_of_a_call) {
  std::vector<Instruction> code = {op(Op::Call, 4, 1, 2), op(Op::StoreAttr, 2, 1, 0), op(Op::Call, 4, 1, 3), op(Op::Nop)};
  EXPECT(follow(code, 2, false, 0) == std::vector<bool>({false, true, true, false}));
  EXPECT(follow(code, 3, false, 2) == std::vector<bool>({false, false, false, true}));
  std::vector<Instruction> by_keywords = {op(Op::CallKw, 4, 1, 2), op(Op::Nop)};
  EXPECT(follow(by_keywords, 4, false, 0) == std::vector<bool>({false, true}));
}

TEST(private_where_ways_meet) {
  // if r1: publishes or not; both ways go on at 4.
  auto code = [](Instruction in_one_way) {
    return std::vector<Instruction>{jump(Op::JumpIfTrue, 1, 2), in_one_way, jump(Op::Jump, 0, 1), op(Op::LoadConst, 2),
                                    op(Op::Nop)};
  };
  EXPECT(follow(code(op(Op::LoadConst, 2)), 0, true) == std::vector<bool>({true, true, true, true, true}));
  EXPECT(follow(code(op(Op::StoreItem, 1, 2, 0)), 0, true) == std::vector<bool>({true, true, false, true, false}));
  // What comes after the end of a way is known by jumps only.
  EXPECT(follow({jump(Op::JumpIfNone, 1, 1), op(Op::Return, 1), op(Op::Nop)}, 0, true) == std::vector<bool>({true, true, true}));
  EXPECT(follow({op(Op::Return, 1), op(Op::Nop)}, 0, true) == std::vector<bool>({true, false}));
}

TEST(private_not_where_a_loop_begins) {
  std::vector<Instruction> code = {op(Op::Nop), op(Op::StoreAttr, 0, 1, 0), op(Op::StoreItem, 1, 2, 0), jump(Op::JumpBack, 0, -3),
                                   op(Op::Return, 1)};
  EXPECT(follow(code, 0, true) == std::vector<bool>({true, false, false, false, false}));
}
