// Handlers of exceptions: entering one, leaving it, and whether it is meant; and entering `with`. Raising is the handlers' work.
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/type_internal.h"

namespace baton {

// What is handled in a generator is kept in the generator, too: the handler's.
void Baseline::push_exception() {
  const Instruction& in = at();
  if (is_generator_code(code_)) return leave_always();
  load(Reg::rdx, in.b);
  a_.load64(Reg::rax, Mem{kThread, at::kHandled});
  store(in.a, Reg::rax);
  a_.store64(Mem{kThread, at::kHandled}, Reg::rdx);
}

void Baseline::pop_exception() {
  if (is_generator_code(code_)) return leave_always();
  load(Reg::rax, at().a);
  a_.store64(Mem{kThread, at::kHandled}, Reg::rax);
}

// The class of a cell. Uses `scratch`.
void Baseline::load_class(Reg to, Reg cell, Reg scratch) {
  a_.load32(to, Mem{cell, at::kShape});
  a_.shift64(Shift::shl, to, 4);
  a_.move_constant(scratch, kHeapBase);
  a_.load64(to, Mem{to, at::kShapeType, scratch, 1});
}

// Instances of the class have it as their __class__.
void Baseline::need_plain_class(Reg type) {
  a_.alu32(Alu::test, Mem{type, at::kTypeFlags}, static_cast<i32>(kTypeCustomGetattribute | kTypeClaimsClass));
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Mem{type, at::kTypeFindAttribute}, 0);
  a_.jump_if(Cond::not_equal, leave());
}

// Whether the cell rax is an instance of the class rdx by its class's mro: jumps if so. Uses rcx, rsi, r8.
void Baseline::jump_if_instance(Label yes) {
  Label next = a_.make_label(), no = a_.make_label();
  load_class(Reg::rcx, Reg::rax);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rdx);
  a_.jump_if(Cond::equal, yes);
  load_present(Reg::rcx, Mem{Reg::rcx, at::kTypeMro});
  a_.load64(Reg::rsi, Mem{Reg::rcx, at::kTupleLength});
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::rsi, 1);
  a_.jump_if(Cond::sign, no);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kTupleItems, Reg::rsi, 8});
  a_.jump_if(Cond::equal, yes);
  a_.jump(next);
  a_.bind(no);
}

// Against one exception class.
void Baseline::check_exception_match() {
  const Instruction& in = at();
  Label yes = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_cell(Reg::rax, leave());
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindType, leave());
  a_.alu32(Alu::test, Mem{Reg::rdx, at::kTypeFlags}, static_cast<i32>(kTypeIsException));
  a_.jump_if(Cond::equal, leave());
  jump_if_instance(yes);
  store_constant(in.a, Value::kFalseBits);
  a_.jump(done);
  a_.bind(yes);
  store_constant(in.a, Value::kTrueBits);
  a_.bind(done);
}

// A manager whose class has both methods written in Python: the second is put into the window, and the first is entered.
void Baseline::before_with(Slot enter, Slot exit) {
  const Instruction& in = at();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  load_class(Reg::rdx, Reg::rax);
  load_present(Reg::rax, Mem{Reg::rdx, at::slot_of(exit)});
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindFunction, leave());
  need_method(enter, in.b, 1, leave());
  begin_call();
  load(Reg::rdx, in.b);
  a_.store64(Mem{Reg::rbx, 0}, Reg::rdx);
  load_class(Reg::rsi, Reg::rdx, Reg::r10);
  a_.load64(Reg::rsi, Mem{Reg::rsi, at::slot_of(exit)});
  store(in.a, Reg::rsi);
  store(in.a + 1u, Reg::rdx);
  a_.move_constant(Reg::rsi, 1);
  clear_and_enter(in.a + 2u, EntryKind::Call);
}

bool Baseline::translate_exception(Op op) {
  switch (op) {
    case Op::BeforeWith: before_with(Slot::enter, Slot::exit); return true;
    case Op::BeforeAsyncWith: before_with(Slot::aenter, Slot::aexit); return true;
    case Op::PushExc: push_exception(); return true;
    case Op::PopExc: pop_exception(); return true;
    case Op::CheckExcMatch: check_exception_match(); return true;
    default: return false;
  }
}

}  // namespace baton
