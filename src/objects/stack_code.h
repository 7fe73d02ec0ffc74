// What code objects show of their instructions: co_code, co_exceptiontable, co_stacksize and the offsets in f_lasti, tb_lasti,
// co_lines and co_positions speak of a stack machine's instructions, CPython 3.11's, that do what Baton's own do. So `dis`, and
// what reads bytecode to find names and imports, works. They are made on demand (compile/stack_code.h) and never run.
#pragma once
#include <vector>

#include "objects/code.h"

namespace baton {

struct StackCode {
  struct Handler {
    u32 start, end, target;  // code units
    u32 depth;               // of the stack below the exception
  };
  static constexpr u32 kNoInstruction =
      ~u32{0};  // in pc_of_unit: what begins a frame, which no instruction of Baton's stands for
  static constexpr u32 kNoPlace = kNoInstruction - 1;  // there, too: part of the next unit's instruction, but on no line
  std::vector<u8> bytes;                               // two a code unit
  std::vector<u32> pc_of_unit, unit_of_pc;             // unit_of_pc: of the stack instruction that does the work
  std::vector<Handler> handlers;
  u32 stack_size = 0;
};

// Set by compile/ at start-up. False: the instructions are none that the compiler could have written; they came from outside.
extern bool (*make_stack_code)(const Code* code, StackCode& out);
// The instructions of `code` for other constants (at least as many): small ints are part of the instructions. False: a number
// that is an operand of arithmetic or a comparison would become something that does not fit in there.
extern bool (*rebind_int_constants)(const Code* code, Tuple* wanted, Instruction* out);

// Whether what follows the instruction is what runs after it.
extern bool (*falls_into_next)(const Code* code, u32 pc);

// Of the stack instructions that one of Baton's becomes. Resume: the one behind a yield, where a generator goes on.
enum class InstructionPart : u8 { Start, Work, Resume };
// Offsets as Python sees them, and the instructions they stand for: -1 for what begins a frame. A negative number is answered as
// it is.
Result<i64> offset_of_pc(Thread& thread, Code* code, i64 pc, InstructionPart part = InstructionPart::Work);
// Of the RESUME behind what begins a frame.
Result<i64> offset_of_first_resume(Thread& thread, Code* code);
Result<i64> pc_of_offset(Thread& thread, Code* code, i64 offset);

// A traceback made by Python code keeps the offset it was given, as -2 - offset.
constexpr i32 pc_for_given_offset(i32 offset) { return offset < 0 ? -1 : -2 - offset; }
constexpr i32 given_offset(i32 pc) { return -2 - pc; }
// Number of the instruction, or -1: unknown.
Result<i64> traceback_pc(Thread& thread, const Traceback* tb);

}  // namespace baton
