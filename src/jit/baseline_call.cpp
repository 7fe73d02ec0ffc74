// Calls of Python functions by positional arguments, and returns from them: what push_frame and pop_frame do, without a jump to a
// handler when the other side has machine code, too.
#include "interp/interp.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

void Baseline::call() {
  const Instruction& in = at();
  if (code_->flags() & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator)) return leave_always();  // see callee_registers
  u64 pc = reinterpret_cast<u64>(&in);
  Label has_no_self = a_.make_label(), clear = a_.make_label(), cleared = a_.make_label();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindFunction, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.load64(Reg::r8, Mem{Reg::rcx, at::kCodeCompiled});
  a_.alu64(Alu::test, Reg::r8, Reg::r8);
  a_.jump_if(Cond::equal, leave());
  a_.load_address(Reg::rdx, reg(in.a + 2u));
  a_.move_constant(Reg::rsi, in.b);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::equal, has_no_self);
  a_.alu64(Alu::sub, Reg::rdx, 8);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.bind(has_no_self);
  a_.alu32(Alu::cmp, Reg::rsi, Mem{Reg::rcx, at::kCodeSimpleArgcount});
  a_.jump_if(Cond::not_equal, leave());
  a_.load32(Reg::r9, Mem{Reg::rcx, at::kCodeRegisterCount});
  a_.load_address(Reg::r9, Mem{Reg::rdx, 0, Reg::r9, 8});
  a_.alu64(Alu::cmp, Reg::r9, Mem{kThread, at::kRegistersLimit});
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::r10, Mem{kThread, at::kRecursionDepth});
  a_.alu64(Alu::cmp, Reg::r10, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, leave());
  a_.load64(Reg::r11, Mem{kThread, at::kNextFrame});
  a_.alu64(Alu::cmp, Reg::r11, Mem{kThread, at::kFramesLimit});
  a_.jump_if(Cond::below_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
  // Nothing stops it any more.
  a_.move_constant(kPc, pc);
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.store64(Mem{kThread, at::kRecursionDepth}, Reg::r10);
  a_.load32(Reg::r10, Mem{Reg::rcx, at::kCodeFrameLocalCount});
  a_.bind(clear);
  a_.alu32(Alu::cmp, Reg::rsi, Reg::r10);
  a_.jump_if(Cond::above_equal, cleared);
  a_.store64(Mem{Reg::rdx, 0, Reg::rsi, 8}, 0);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.jump(clear);
  a_.bind(cleared);
  a_.load_address(Reg::rsi, Mem{Reg::r11, -static_cast<i32>(sizeof(Frame))});
  a_.store64(Mem{kThread, at::kNextFrame}, Reg::rsi);
  a_.store64(Mem{Reg::r11, at::kFramePrevious}, kFrame);
  a_.store64(Mem{Reg::r11, at::kFrameFunction}, Reg::rax);
  a_.store64(Mem{Reg::r11, at::kFrameCode}, Reg::rcx);
  a_.store64(Mem{Reg::r11, at::kFrameRegisters}, Reg::rdx);
  a_.store64(Mem{Reg::r11, at::kFrameStackTop}, Reg::r9);
  a_.load64(kPc, Mem{Reg::rcx, at::kCodeInstructions});
  a_.store64(Mem{Reg::r11, at::kFramePc}, kPc);
  a_.load64(Reg::rsi, Mem{Reg::rcx, at::kCodeCachesOffset});
  a_.store64(Mem{Reg::r11, at::kFrameCachesOffset}, Reg::rsi);
  a_.load64(Reg::rsi, Mem{Reg::rcx, at::kCodeConsts});
  a_.alu64(Alu::add, Reg::rsi, at::kTupleItems);
  a_.store64(Mem{Reg::r11, at::kFrameConsts}, Reg::rsi);
  a_.load64(Reg::rsi, Mem{Reg::rax, at::kFunctionGlobals});
  a_.store64(Mem{Reg::r11, at::kFrameGlobals}, Reg::rsi);
  a_.load64(Reg::rsi, Mem{Reg::rax, at::kFunctionBuiltins});
  a_.store64(Mem{Reg::r11, at::kFrameBuiltins}, Reg::rsi);
  a_.store64(Mem{Reg::r11, at::kFrameLocals}, 0);
  a_.store64(Mem{Reg::r11, at::kFrameObject}, 0);
  a_.store64(Mem{Reg::r11, at::kFrameGenerator}, 0);
  a_.store32(Mem{Reg::r11, at::kFrameReturnRegister}, in.c);
  a_.store32(Mem{Reg::r11, at::kFrameEntry}, static_cast<i32>(EntryKind::Call));
  a_.store32(Mem{Reg::r11, at::kFrameTraceLine}, -1);
  a_.store64(Mem{kThread, at::kTopFrame}, Reg::r11);
  a_.move(kFrame, Reg::r11);
  a_.move(kRegisters, Reg::rdx);
  a_.jump_memory(Mem{kPc, 0, Reg::r8, 1});
  facts_.clear();
}

void Baseline::return_value(bool is_constant) {
  const Instruction& in = at();
  Label interpreted = a_.make_label();
  a_.alu32(Alu::cmp, Mem{kFrame, at::kFrameEntry}, static_cast<i32>(EntryKind::Call));  // and not traced
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Mem{kFrame, at::kFrameObject}, 0);
  a_.jump_if(Cond::not_equal, leave());
  if (is_constant)
    a_.move_constant(Reg::rax, code_->consts()->at(static_cast<Index>(in.wide())).bits());
  else
    load(Reg::rax, in.a);
  a_.store64(Mem{kThread, at::kNextFrame}, kFrame);
  a_.load32(Reg::rcx, Mem{kFrame, at::kFrameReturnRegister});
  a_.load64(kFrame, Mem{kFrame, at::kFramePrevious});
  a_.store64(Mem{kThread, at::kTopFrame}, kFrame);
  a_.alu64(Alu::sub, Mem{kThread, at::kRecursionDepth}, 1);
  a_.load64(kRegisters, Mem{kFrame, at::kFrameRegisters});
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
  a_.load64(Reg::rdx, Mem{kFrame, at::kFrameCode});
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kCodeCompiled});
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::rax);
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::equal, interpreted);
  a_.jump_memory(Mem{kPc, 0, Reg::rdx, 1});
  a_.bind(interpreted);
  a_.jump_address(resume_address());
  facts_.clear();
}

bool Baseline::translate_call(Op op) {
  switch (op) {
    case Op::Call: call(); return true;
    case Op::Return: return_value(false); return true;
    case Op::ReturnConst: return_value(true); return true;
    default: return false;
  }
}

}  // namespace baton
