// Why not a C++ guard object: see blocking_call in mutator.h. On other machines than x86-64 the builtin makes the compiler
// save every callee-saved register in this frame, and the frame's own address bounds them from below.
#include "threads/spill.h"

#include "base/check.h"

#if defined(__x86_64__)
__asm__(R"(
  .text
  .p2align 4
  .globl baton_spill_registers
  .type baton_spill_registers, @function
baton_spill_registers:
  .cfi_startproc
  pushq %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  pushq %rbx
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbx, 0
  pushq %r12
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r12, 0
  pushq %r13
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r13, 0
  pushq %r14
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r14, 0
  pushq %r15
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r15, 0
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  movq %rdi, %rax
  movq %rsp, %rdi
  callq *%rax
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  popq %r15
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r15
  popq %r14
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r14
  popq %r13
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r13
  popq %r12
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r12
  popq %rbx
  .cfi_adjust_cfa_offset -8
  .cfi_restore %rbx
  popq %rbp
  .cfi_adjust_cfa_offset -8
  .cfi_restore %rbp
  retq
  .cfi_endproc
  .size baton_spill_registers, .-baton_spill_registers
)");
#else
extern "C" BATON_NOINLINE void baton_spill_registers(void (*body)(void* sp, void* context), void* context) {
  __builtin_unwind_init();
  volatile char lowest = 0;
  // The stack grows downward and body's frame lies below ours: what it reports as sp must not exclude our saved registers.
  char* here = const_cast<char*>(&lowest);
  char* frame = static_cast<char*>(__builtin_frame_address(0));
  body(here < frame ? here - 512 : frame - 512, context);
  lowest = 1;
}
#endif
