// Which blocks are taken for such that haven't run.
#include "jit/cold_blocks.h"

#include <string>
#include <vector>

#include "compile/ops.h"
#include "test.h"

using namespace baton;

namespace {

struct Seen {
  Op op;
  i32 jump = 0;  // by how many instructions behind the next one
  RunsSeen seen = RunsSeen::Unknown;
};

// W, c or L an instruction.
std::string heat_of(const std::vector<Seen>& code) {
  std::vector<Instruction> instructions;
  for (const Seen& each : code)
    instructions.push_back(
        {static_cast<u16>(each.op), 0, static_cast<u16>(each.jump & 0xFFFF), static_cast<u16>(each.jump >> 16)});
  HeatHints hints{[](void* all, u32 i) { return (*static_cast<const std::vector<Seen>*>(all))[i].seen; },
                  const_cast<std::vector<Seen>*>(&code)};
  std::string text;
  for (Heat heat : find_heat(instructions.data(), static_cast<u32>(code.size()), hints))
    text += heat == Heat::Warm ? 'W' : heat == Heat::Cold ? 'c' : 'L';
  return text;
}

constexpr RunsSeen kSome = RunsSeen::Some, kNever = RunsSeen::None;

}  // namespace

TEST(blocks_with_an_empty_cache_are_cold) {
  EXPECT(heat_of({{Op::JumpIfTrue, 2}, {Op::Nop}, {Op::LoadGlobal, 0, kNever}, {Op::LoadGlobal, 0, kSome}, {Op::Return}}) ==
         "WLcWW");
  EXPECT(heat_of({{Op::JumpIfTrue, 2}, {Op::LoadAttr, 0, kSome}, {Op::LoadGlobal, 0, kNever}, {Op::Nop}, {Op::Return}}) ==
         "WWWWW");
  EXPECT(heat_of({{Op::LoadGlobal, 0, kNever}, {Op::Return}}) == "WW");  // it is being called
}

TEST(what_only_cold_blocks_lead_to_is_cold) {
  EXPECT(heat_of({{Op::JumpIfTrue, 4}, {Op::LoadAttr, 0, kNever}, {Op::JumpIfFalse, 1}, {Op::Nop}, {Op::Return}, {Op::Return}}) ==
         "WLcccW");
  // A loop, whose head is come to again.
  EXPECT(heat_of({{Op::JumpIfTrue, 4},
                  {Op::LoadGlobal, 0, kNever},
                  {Op::JumpIfTrue, 1},
                  {Op::JumpBack, -2},
                  {Op::Return},
                  {Op::Return}}) == "WLLccW");
}

TEST(blocks_that_only_lead_to_cold_ones_are_cold) {
  EXPECT(heat_of({{Op::JumpIfTrue, 5},
                  {Op::JumpIfFalse, 2},
                  {Op::LoadAttr, 0, kNever},
                  {Op::Return},
                  {Op::LoadAttr, 0, kNever},
                  {Op::Return},
                  {Op::Return}}) == "WLccccW");
}

TEST(handlers_of_exceptions_are_warm_if_they_have_run) {
  EXPECT(heat_of({{Op::Nop}, {Op::Return}, {Op::LoadGlobal, 0, kSome}, {Op::Return}, {Op::PushExc}, {Op::Return}}) == "WWWWLc");
}
