// Checks what the interpreter takes for granted about a piece of bytecode: known ops, operands and jumps in range, live_top
// within the registers. Run on everything compiled in builds with assertions, and on everything read from a file in all builds.
#pragma once
#include <string>

#include "objects/code.h"

namespace baton {

struct ValidatorInput {
  const Instruction* instructions;
  const u16* live_top;
  u32 count;
  const ExceptionTableEntry* exceptions;
  u32 exception_count;
  u32 register_count, fixed_registers, const_count, name_count;
};

// Empty: valid. Otherwise what is wrong, with the instruction's number.
std::string validate_bytecode(const ValidatorInput& input);

}  // namespace baton
