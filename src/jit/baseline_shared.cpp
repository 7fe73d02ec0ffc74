// What many places of a code object would have alike: it is there once, behind all instructions, and gets at its operands by pc.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

void Baseline::emit_shared() {
  if (general_call_.is_made()) emit_general_call();
}

// A Call of whatever it may be.
void Baseline::call_anything() {
  need_frame();
  if (!general_call_.is_made()) general_call_ = a_.make_label();
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.jump(general_call_);
  facts_.clear();
}

// The Call at pc: Python functions, bound ones and objects with a __call__ written in Python are entered; natives and classes go
// to the handlers of their own.
void Baseline::emit_general_call() {
  constexpr Reg window = Reg::rdx;
  const Mem callable{window, 0}, self{window, 8};
  Label is_function = a_.make_label(), is_native = a_.make_label(), is_class = a_.make_label(), is_other = a_.make_label(),
        no_method = a_.make_label();
  instead_of_leaving_ = is_other;
  auto operand = [&](Reg to, usize offset) { a_.load16(to, Mem{kPc, static_cast<i32>(offset)}); };
  a_.bind(general_call_);
  operand(Reg::rdx, offsetof(Instruction, a));
  a_.load_address(window, Mem{kRegisters, 0, Reg::rdx, 8});
  a_.load64(Reg::rax, callable);
  need_cell(Reg::rax, is_other);
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  a_.alu32(Alu::cmp, Reg::rcx, kKindFunction);
  a_.jump_if(Cond::equal, is_function);
  // A bound method is taken apart in the window, as the handler does it.
  a_.alu64(Alu::cmp, self, 0);
  a_.jump_if(Cond::not_equal, is_other);
  a_.alu32(Alu::cmp, Reg::rcx, kKindNativeFunction);
  a_.jump_if(Cond::equal, is_native);
  a_.alu32(Alu::cmp, Reg::rcx, kKindBoundMethod);
  a_.jump_if(Cond::not_equal, no_method);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kBoundSelf});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBoundFunction});
  a_.store64(callable, Reg::rax);
  a_.store64(self, Reg::rcx);
  need_cell(Reg::rax, is_other);
  need_kind(Reg::rax, kKindFunction, is_other);
  a_.jump(is_function);
  // So is an object with a __call__ written in Python.
  a_.bind(no_method);
  a_.alu32(Alu::cmp, Reg::rcx, kKindType);
  a_.jump_if(Cond::equal, is_class);
  load_class(Reg::rcx, Reg::rax);
  load_present(Reg::rsi, Mem{Reg::rcx, at::slot_of(Slot::call)});
  need_cell(Reg::rsi, is_other);
  need_kind(Reg::rsi, kKindFunction, is_other);
  a_.load64(Reg::rcx, Mem{kThread, at::kRecursionDepth});  // the handler's error has another text
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, is_other);
  a_.store64(callable, Reg::rsi);
  a_.store64(self, Reg::rax);
  a_.move(Reg::rax, Reg::rsi);
  a_.bind(is_function);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  // rdx: the arguments, self in front if there is one; rsi: how many.
  Label has_no_self = a_.make_label();
  operand(Reg::rsi, offsetof(Instruction, b));
  a_.alu64(Alu::add, Reg::rdx, 16);
  a_.alu64(Alu::cmp, Mem{Reg::rdx, -8}, 0);
  a_.jump_if(Cond::equal, has_no_self);
  a_.alu64(Alu::sub, Reg::rdx, 8);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.bind(has_no_self);
  Label is_complete = a_.make_label(), is_bound = a_.make_label(), next_default = a_.make_label();
  a_.load32(Reg::r8, Mem{Reg::rcx, at::kCodeSimpleArgcount});  // large where stars need more
  a_.alu64(Alu::sub, Reg::r8, Reg::rsi);
  a_.jump_if(Cond::equal, is_complete);
  load_present(Reg::r9, Mem{Reg::rax, at::kFunctionDefaults});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::r9, at::kTupleLength});
  a_.jump_if(Cond::above, is_other);
  a_.move_to_xmm(Xmm::x0, Reg::r9);
  a_.bind(is_complete);
  choose_registers();
  need_room(nullptr, 0);
  begin_call_at_pc();
  if (is_generator_code(code_)) copy_arguments();
  // The last of the defaults, as many as are missing.
  a_.load32(Reg::r10, Mem{Reg::rcx, at::kCodeSimpleArgcount});
  a_.alu32(Alu::cmp, Reg::rsi, Reg::r10);
  a_.jump_if(Cond::equal, is_bound);
  a_.move_from_xmm(Reg::rdx, Xmm::x0);
  a_.load64(kPc, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::sub, kPc, Reg::r10);
  a_.load_address(Reg::rdx, Mem{Reg::rdx, at::kTupleItems, kPc, 8});
  a_.bind(next_default);
  a_.load64(kPc, Mem{Reg::rdx, 0, Reg::rsi, 8});
  a_.store64(Mem{Reg::rbx, 0, Reg::rsi, 8}, kPc);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.alu32(Alu::cmp, Reg::rsi, Reg::r10);
  a_.jump_if(Cond::below, next_default);
  a_.bind(is_bound);
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
  operand(Reg::rdx, offsetof(Instruction, c));
  clear_and_enter(kResultInRdx, EntryKind::Call);
  auto enter = [&](Label label, CompiledCall call) {
    a_.bind(label);
    a_.store64(Mem{kFrame, at::kFramePc}, kPc);
    a_.jump_address(call_address(call));
  };
  enter(is_class, CompiledCall::Construct);
  enter(is_native, CompiledCall::AnyNativeFunction);
  a_.bind(is_other);
  if (exit_counts_) {
    a_.move_constant(Reg::rax, reinterpret_cast<u64>(&exit_counts_[static_cast<u16>(Op::Call)]));
    a_.alu64(Alu::add, Mem{Reg::rax}, 1);
  }
  a_.jump_address(handler_address(static_cast<u16>(Op::Call)));
  instead_of_leaving_ = Label{};
}

}  // namespace baton
