// Which register holds what: the state of the interpreter, and values that stay between instructions.
#pragma once
#include "jit/assembler.h"

namespace baton {

// State is where the handlers have it (clang's preserve_none convention): these are never touched but to change the state; pc,
// which whoever leaves sets, also holds ints between instructions.
inline constexpr Reg kThread = Reg::r12, kPc = Reg::r13, kRegisters = Reg::r14, kFrame = Reg::r15, kTable = Reg::rdi;

inline constexpr u8 kFirstXmm = 2, kXmmEnd = 16;  // those before are scratch
// General registers for small ints: those that templates use least.
inline constexpr Reg kIntRegisters[] = {Reg::rbp, kPc, Reg::r11, Reg::r9, Reg::r10, Reg::rbx};
constexpr u32 bit_of(Reg r) { return 1u << static_cast<u8>(r); }
inline constexpr u32 kAllIntRegisters =
    bit_of(Reg::rbp) | bit_of(kPc) | bit_of(Reg::r11) | bit_of(Reg::r9) | bit_of(Reg::r10) | bit_of(Reg::rbx);

}  // namespace baton
