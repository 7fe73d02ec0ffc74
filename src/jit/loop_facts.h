// What a loop's registers are going to hold where a round of it begins: floats, which machine code keeps in xmm registers from
// round to round, and small ints. A guess, from what the loop's instructions do with them and what was noted of their operands;
// every way to the loop's head checks what isn't known there, so a wrong guess costs time and nothing else.
#pragma once
#include <vector>

#include "jit/assembler.h"
#include "objects/code.h"

namespace baton {

struct LoopPlan {
  struct Register {
    u32 reg;
    bool is_float;
    Xmm home;              // of a float, as long as the translation is in this loop and in none inside of it
    u16 kind;              // of no float: the kind of the cell that it is, or 0: a small int
    bool has_gpr = false;  // a small int that has a register, as a float has
    Reg gpr = Reg::rax;
    bool is_written = false;   // in the loop
    bool is_constant = false;  // a small int that the loop doesn't write, of this Value
    i32 constant = 0;
  };
  u32 head, end;  // the first instruction, and the last jump back to it
  std::vector<Register> registers;
  const Register* find(u32 reg) const;
};

struct LoopCode {
  const Instruction* instructions;
  u32 count, registers, locals;
  const u16* live_top;
};
// Of an instruction: what the interpreter noted of it; whether what is known ends with it (a call, or a handler always); whether
// it is a ForIter over a range. Of a head: whether anything may be guessed there. Of a register: the kind of the built-in
// sequence that it has, or 0.
struct LoopHints {
  i64 (*noted)(void* context, u32 i);
  bool (*is_left)(void* context, u32 i);
  bool (*steps_range)(void* context, u32 i);
  bool (*may_plan)(void* context, u32 head);
  u16 (*kind_now)(void* context, u32 reg);
  Value (*constant)(void* context, u32 number);
  void* context;
};
// Of all loops of the code, outer ones before those inside of them.
std::vector<LoopPlan> plan_loops(const LoopCode& code, const LoopHints& hints);

}  // namespace baton
