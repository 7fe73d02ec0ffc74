// Where an instruction goes other than to the next one.
#pragma once
#include "compile/op_info.h"
#include "objects/code.h"

namespace baton {

// Calls fn(number) for each such instruction. What is skipped on one way counts, too.
template <class F>
void for_each_jump(const Instruction* instructions, u32 i, F fn) {
  const Instruction& in = instructions[i];
  Op op = static_cast<Op>(in.op);
  const OpInfo& info = op_info(op);
  if (info.b == OperandKind::Jump32 && op != Op::LoadSmallInt) fn(i64{i} + 1 + in.jump32());
  if (info.c == OperandKind::Jump16) fn(i64{i} + 1 + static_cast<i16>(in.c));
  if (op == Op::ForIter && in.c == 0) fn(i64{i} + 2);
}

}  // namespace baton
