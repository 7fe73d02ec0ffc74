// What each instruction does with private registers; private_registers.h says what they are.
#include "jit/private_registers.h"

#include <algorithm>

#include "jit/jumps.h"

namespace baton {

void PrivateRegisters::begin(const Instruction* instructions, u32 count) {
  instructions_ = instructions;
  places_.assign(count + 1, Place::Plain);
  from_jumps_.assign(count + 1, {});
  for (u32 i = 0; i < count; ++i) {
    for_each_jump(instructions, i, [&](i64 to) {
      if (to >= 0 && to <= i) places_[static_cast<usize>(to)] = Place::LoopBegin;
    });
  }
}

bool PrivateRegisters::has(u32 n) const { return std::find(now_.begin(), now_.end(), n) != now_.end(); }
bool PrivateRegisters::has_any(u32 first, u32 end) const {
  return std::any_of(now_.begin(), now_.end(), [=](u32 n) { return n >= first && n < end; });
}

void PrivateRegisters::write(u32 n, bool is_private) {
  std::erase(now_, n);
  if (is_private) now_.push_back(n);
}

static void keep_common(std::vector<u32>& registers, const std::vector<u32>& others) {
  std::erase_if(registers, [&](u32 n) { return std::find(others.begin(), others.end(), n) == others.end(); });
}

void PrivateRegisters::come_to(u32 i) {
  makes_instance_ = only_reads_ = false;
  if (places_.empty()) return;
  if (places_[i] == Place::LoopBegin) {
    now_.clear();
  } else if (places_[i] == Place::JumpedTo) {
    if (is_reached_)
      keep_common(now_, from_jumps_[i]);
    else
      now_ = from_jumps_[i];
  }
}

void PrivateRegisters::leave_for(i64 target) {
  if (target < 0 || target >= static_cast<i64>(places_.size())) return;
  auto to = static_cast<usize>(target);
  if (places_[to] == Place::JumpedTo)
    keep_common(from_jumps_[to], now_);
  else if (places_[to] == Place::Plain)
    from_jumps_[to] = now_;
  if (places_[to] == Place::Plain) places_[to] = Place::JumpedTo;
}

void PrivateRegisters::pass(u32 i) {
  if (places_.empty()) return;
  const Instruction& in = instructions_[i];
  if (!now_.empty() || makes_instance_) apply(in);
  for_each_jump(instructions_, i, [this](i64 to) { leave_for(to); });
  is_reached_ = !ends_block(static_cast<Op>(in.op));
  if (!is_reached_) now_.clear();
}

// Where Python code may run, because a handler or a template calls it, InterpState::private_instance says so; here is what a
// template does itself. Whatever isn't known gives all up.
void PrivateRegisters::apply(const Instruction& in) {
  Op op = static_cast<Op>(in.op);
  const OpInfo& info = op_info(op);
  if (op >= Op::BinaryAdd && op <= Op::NotContains) return write(in.a, false);
  if (op >= Op::Jump && op <= Op::JumpUnlessGeInt) return;
  switch (op) {
    case Op::Nop:
    case Op::CheckBound:
    case Op::Return:
    case Op::ReturnConst: return;
    case Op::Move: return write(in.a, has(in.b));
    case Op::LoadConst:
    case Op::LoadSmallInt:
    case Op::LoadAbsent:
    case Op::LoadGlobal:
    case Op::LoadDeref:
    case Op::LoadItem:
    case Op::LoadItemInt: return write(in.a, false);
    case Op::LoadGlobalCallee: write(in.a, false); return write(in.a + 1u, false);
    case Op::LoadAttr:  // a bound method holds its object
      if (has(in.b) && !only_reads_) now_.clear();
      return write(in.a, false);
    case Op::StoreAttr:
      if (has(in.b)) now_.clear();
      return;
    case Op::StoreItem:
      if (has(in.b) || has(in.c)) now_.clear();
      return;
    case Op::BuildTuple:
    case Op::BuildList:
    case Op::BuildDict:
      if (has_any(in.b, in.b + (op == Op::BuildDict ? 2u : 1u) * in.c)) now_.clear();
      return write(in.a, false);
    case Op::Call:
    case Op::CallKw:
      now_.clear();
      if (makes_instance_) write(info.c == OperandKind::Write ? in.c : in.a, true);
      return;
    default: now_.clear();
  }
}

}  // namespace baton
