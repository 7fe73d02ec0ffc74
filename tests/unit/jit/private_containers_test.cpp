// Which stores are found to go into containers that nobody else can know.
#include "jit/private_containers.h"

#include <vector>

#include "compile/ops.h"
#include "test.h"

using namespace baton;

namespace {

// Registers 0 and 1 are parameters, up to 7 are variables, from 8 on temporaries.
Instruction op(Op op, u32 a = 0, u32 b = 0, u32 c = 0) {
  return {static_cast<u16>(op), static_cast<u16>(a), static_cast<u16>(b), static_cast<u16>(c)};
}
Instruction jump(Op jump, u32 a, i32 by) { return op(jump, a, static_cast<u32>(by) & 0xFFFF, static_cast<u32>(by) >> 16); }

std::vector<u32> private_stores(const std::vector<Instruction>& code, std::vector<ExceptionTableEntry> handlers = {},
                                std::string_view method = "append") {
  auto name = [](void* context, u32) { return *static_cast<std::string_view*>(context); };
  u32 count = static_cast<u32>(code.size());
  PrivateContainers containers;
  containers.find({code.data(), count, 2, 8, handlers.data(), static_cast<u32>(handlers.size()), name, &method});
  std::vector<u32> found;
  for (u32 i = 0; i < count; ++i)
    if (containers.stores_into_private(i)) found.push_back(i);
  return found;
}

using Found = std::vector<u32>;
const Instruction kMake = op(Op::BuildDict, 2, 8, 0), kStore = op(Op::StoreItem, 2, 0, 1);

}  // namespace

TEST(what_a_function_makes_is_private_until_others_find_it) {
  EXPECT(private_stores({kMake, kStore, op(Op::Return, 2)}) == Found({1}));
  EXPECT(private_stores({kStore, op(Op::Return, 2)}).empty());
  for (Instruction publishes :
       {op(Op::StoreItem, 0, 1, 2), op(Op::StoreAttr, 0, 2, 0), op(Op::Move, 9, 2), op(Op::Move, 2, 0), op(Op::StoreGlobal, 0, 2),
        op(Op::MakeCell, 2), op(Op::GetIter, 9, 2), op(Op::CompareEq, 9, 2, 0), op(Op::Yield, 9, 2),
        op(Op::UnpackSequence, 1, 0, 2), op(Op::Call, 9, 0, 2), op(Op::LoadAttr, 9, 2, 0), op(Op::BinaryAdd, 9, 2, 0),
        op(Op::StoreDeref, 3, 2), op(Op::LoadItem, 9, 0, 2), op(Op::DeleteLocal, 2)}) {
    EXPECT(private_stores({kMake, kStore, publishes, kStore}) == Found({1}));
    EXPECT(private_stores({kMake, kStore, publishes, kMake, kStore}) == Found({1, 4}));
  }
  EXPECT(private_stores({kMake, op(Op::StoreItem, 2, 2, 1), kStore}) == Found({1}));
  for (Instruction keeps : {op(Op::LoadItem, 9, 2, 0), op(Op::LoadItemInt, 9, 2, 0), op(Op::Contains, 9, 0, 2),
                            op(Op::DeleteItem, 2, 0), op(Op::StoreItem, 0, 1, 3), op(Op::Call, 9, 0, 3), op(Op::UnaryNot, 9, 2),
                            op(Op::Move, 9, 3), op(Op::UnpackSequence, 3, 0, 2)}) {
    EXPECT(private_stores({kMake, kStore, keeps, kStore}) == Found({1, 3}));
  }
}

TEST(private_containers_are_followed_through_loops_and_to_handlers) {
  // for ...: table[...] = ...; and handed out behind the loop, or in it
  EXPECT(private_stores({kMake, op(Op::ForIter, 3, 9, 2), kStore, jump(Op::JumpBack, 0, -3), op(Op::Move, 9, 2), kStore}) ==
         Found({2}));
  EXPECT(
      private_stores({kMake, op(Op::ForIter, 3, 9, 3), kStore, op(Op::Move, 9, 2), jump(Op::JumpBack, 0, -4), kStore}).empty());
  // a handler may begin before or after what was handed out
  EXPECT(private_stores({kMake, op(Op::Move, 9, 2), op(Op::ReturnConst), kStore}, {{1, 2, 3, 9, 0}}).empty());
  EXPECT(private_stores({kMake, kStore, op(Op::ReturnConst), kStore}, {{1, 2, 3, 9, 0}}) == Found({1, 3}));
  // what raises has made nothing
  EXPECT(private_stores({op(Op::Move, 2, 0), kMake, op(Op::ReturnConst), kStore}, {{1, 2, 3, 9, 0}}).empty());
  EXPECT(private_stores({kMake, kStore}, {{1, 2, 0, 2, 0}}).empty());  // the exception is put there
}

TEST(methods_that_keep_their_object_to_themselves) {
  const Instruction make = op(Op::BuildList, 2, 8, 0), load = op(Op::LoadMethod, 9, 2, 0), call = op(Op::Call, 9, 1, 12);
  std::vector<Instruction> code = {make, load, op(Op::Move, 11, 0), call, kStore};
  EXPECT(private_stores(code) == Found({3, 4}));
  EXPECT(private_stores(code, {}, "__iter__").empty());
  // a nested call lies in a window further up
  EXPECT(private_stores({make, load, op(Op::LoadGlobalCallee, 11), op(Op::Call, 11, 0, 11), call}) == Found({4}));
  // the variable has another container by then, or the window is another's
  EXPECT(private_stores({make, load, make, call}).empty());
  EXPECT(private_stores({make, load, op(Op::LoadGlobalCallee, 9), call}).empty());
  // a parameter's was made by somebody else, whatever comes later
  EXPECT(private_stores({op(Op::BuildList, 1, 8, 0), op(Op::StoreItem, 1, 0, 2)}).empty());
}
