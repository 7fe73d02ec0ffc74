// What is known of registers where the translation is, and where their values are.
//
// A result that is a float stays in an xmm register, and a small int in a general one; they are stored when an instruction needs
// them in the frame, or at an exit.
#include <algorithm>
#include <bit>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/jumps.h"
#include "jit/offsets.h"
#include "objects/list.h"
#include "objects/range.h"
#include "objects/tuple.h"

namespace baton {

static constexpr usize kMaxFacts = 20;
static constexpr u32 kMostTemplates = kAllIntRegisters & ~bit_of(Reg::rbp);  // use no others of them
static constexpr u32 kXmmsOfAnInstruction = 3;                               // that it gives a value at most

// --- facts

const Baseline::Fact* Baseline::fact(u32 n) const {
  for (const Fact& fact : facts_)
    if (fact.reg == n) return &fact;
  return nullptr;
}
void Baseline::forget(u32 n) {
  facts_.remove_if([n](const Fact& fact) { return fact.reg == n; });
}
// Behind the instruction that has been translated.
void Baseline::forget_all() {
  if (i_ + 1 < count_) write_back_all(i_ + 1);  // its result
  facts_.clear();
}
// An entry has to establish them, so there aren't many.
void Baseline::make_room_for_fact() {
  if (facts_.size() < kMaxFacts) return;
  auto is_least = [this](const Fact& f) {
    return !f.is_pending && !(f.is_float && is_home(f.xmm)) && !(f.is_in_register() && is_home(f.gpr));
  };
  const Fact* least = std::find_if(facts_.begin(), facts_.end(), is_least);
  if (least == facts_.end()) {
    least = std::find_if(facts_.begin(), facts_.end(), [](const Fact& f) { return f.is_int(); });
    if (least != facts_.end()) write_back(Fact(*least), i_);
  }
  if (least != facts_.end()) facts_.remove(static_cast<u32>(least - facts_.begin()));
  if (facts_.size() == Facts::kMost) is_spoiled_ = true;
}
void Baseline::know_int(u32 n) {
  if (is_int(n)) return;
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_int(n));
}

// A cell of a kind that nothing changes.
void Baseline::know_kind(u32 n, u16 kind) {
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_kind(n, kind));
}
// The shape that the object in the register is known to have, or 0.
u32 Baseline::known_shape(u32 n) const {
  const Fact* known = fact(n);
  if (!known) return 0;
  if (known->kind == kKindList) return types.list->instance_shape()->id();
  return known->kind == Fact::kOfShape ? known->cell : 0;
}
void Baseline::know_shape(u32 n, u32 shape) {
  if (!knows_shapes_ || known_kind(n)) return;
  if (shape == types.list->instance_shape()->id()) return know_kind(n, kKindList);
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_cell(n, Fact::kOfShape, shape));
}
// Of the object in register n, by a store: other registers may have that object, too.
void Baseline::change_shape(u32 n, u32 before, u32 after, bool is_known) {
  facts_.remove_if([=](const Fact& fact) { return fact.kind == Fact::kOfShape && fact.cell == before; });
  if (is_known) know_shape(n, after);
}
// The value of register n is an object of this shape, from here on.
void Baseline::need_object(Reg cell, u32 n, u32 shape, Label otherwise) {
  if (known_shape(n) == shape) return;
  need_cell(cell, otherwise);
  need_shape(cell, shape, otherwise);
  know_shape(n, shape);
}
bool Baseline::is_known_version(Type* type, u32 version) const {
  return std::any_of(facts_.begin(), facts_.end(), [=](const Fact& fact) {
    return fact.kind == Fact::kVersion && fact.cell == Cell::shape_id_of(type) && fact.version == version;
  });
}
void Baseline::know_version(Type* type, u32 version) {
  if (!knows_shapes_ || is_known_version(type, version)) return;
  make_room_for_fact();
  facts_.add(Fact::of_cell(Fact::kNoRegister, Fact::kVersion, Cell::shape_id_of(type), version));
}
// The register has been given this.
void Baseline::know_callable(u32 n, Value callable) {
  if (!knows_shapes_ || !callable.is_cell()) return;
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_cell(n, Fact::kCallable, Cell::shape_id_of(callable.cell())));
  compiled_->callables.push(callable.cell());
}
bool Baseline::is_known_callable(u32 n, Value callable) const {
  const Fact* known = fact(n);
  return known && known->kind == Fact::kCallable && callable.is_cell() && known->cell == Cell::shape_id_of(callable.cell());
}
void Baseline::know_absent(u32 n) {
  if (!knows_shapes_) return;
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_cell(n, Fact::kAbsent, 0));
}
// Of all registers from this one on.
void Baseline::forget_from(u32 first) {
  facts_.remove_if([=](const Fact& fact) { return fact.reg >= first && fact.reg != Fact::kNoRegister; });
}
// Of the built-in sequence that the register has while this is compiled; 0: of none. A hint.
u16 Baseline::kind_now(u32 n) const {
  Value now = value_now(n);
  return is_exact<List>(now) ? kKindList : is_exact<Tuple>(now) ? kKindTuple : u16{0};
}

static bool is_pending_in(const Baseline::Facts& facts, Xmm xmm) {
  return std::any_of(facts.begin(), facts.end(),
                     [=](const Baseline::Fact& f) { return f.is_pending && f.is_float && f.xmm == xmm; });
}

// The loop's own for n, or else the next one in turn that holds nothing, or nothing that has to be kept: by `other`, or for the
// instruction's handler.
Xmm Baseline::know_float(u32 n, Xmm other) {
  forget(n);
  make_room_for_fact();
  const LoopPlan* loop = loops_at_[i_];
  const LoopPlan::Register* planned = loop ? loop->find(n) : nullptr;
  Xmm xmm = Xmm::x0;
  if (planned && planned->is_float) {
    xmm = planned->home;
  } else {
    for (bool only_empty : {true, false}) {
      for (u8 k = kFirstXmm; k < kXmmEnd && xmm == Xmm::x0; ++k) {
        auto next = static_cast<Xmm>(kFirstXmm + next_xmm_++ % (kXmmEnd - kFirstXmm));
        bool is_full = std::any_of(facts_.begin(), facts_.end(), [=](const Fact& f) { return f.is_float && f.xmm == next; });
        if (next == other || is_home(next) || is_pending_in(facts_, next) || is_pending_in(at_begin_, next)) continue;
        if (!only_empty || !is_full) xmm = next;
      }
    }
    if (xmm == Xmm::x0) is_spoiled_ = true;  // prepare() has seen to it that there is one
  }
  if (is_pending_in(facts_, xmm)) is_spoiled_ = true;
  facts_.remove_if([xmm](const Fact& fact) { return fact.is_float && fact.xmm == xmm; });
  facts_.add(Fact::of_float(n, xmm, false));
  return xmm;
}
Xmm Baseline::know_pending(u32 n, Xmm other) {
  Xmm xmm = know_float(n, other);
  (facts_.end() - 1)->is_pending = true;
  return xmm;
}

// --- ints in registers

// For the value of register n: the loop's own, or one that holds nothing that has to be kept; rax: there is none. may_leave: the
// instruction may yet be left to its handler, so that it isn't changed: only an empty one will do.
Reg Baseline::choose_int_register(u32 n, bool may_leave) const {
  auto is_kept = [=, this](const Fact& f) { return f.is_pending && f.reg != n && is_needed_behind(f); };
  auto is_full = [&](Reg r) { return std::any_of(facts_.begin(), facts_.end(), [=](const Fact& f) { return f.is_in(r); }); };
  auto keeps = [&](Reg r) {
    return std::any_of(facts_.begin(), facts_.end(), [&](const Fact& f) { return f.is_in(r) && is_kept(f); });
  };
  auto has_at_begin = [&](Reg r) {
    return std::any_of(at_begin_.begin(), at_begin_.end(), [=](const Fact& f) { return f.is_in(r); });
  };
  const LoopPlan* loop = loops_at_[i_];
  const LoopPlan::Register* planned = loop ? loop->find(n) : nullptr;
  if (planned && planned->has_gpr)
    return may_leave && (is_full(planned->gpr) || has_at_begin(planned->gpr)) ? Reg::rax : planned->gpr;
  for (bool only_empty : {true, false}) {
    for (auto k = std::size(kIntRegisters); k > 0; --k) {
      Reg r = kIntRegisters[k - 1];
      if (is_home(r) || (only_empty || may_leave ? is_full(r) || has_at_begin(r) : keeps(r))) continue;
      return r;
    }
  }
  return Reg::rax;
}

// Behind the instruction that is being translated; arguments of a call that is inlined are moved yet.
bool Baseline::is_needed_behind(const Fact& fact) const { return call_kinds_[i_] == CallKind::Inlined || is_live(fact, i_ + 1); }

// Where a template may make the small int that is going to be register n's, before its operands are read for the last time: rax,
// or a register that is empty. may_leave: as above; else it may have an operand.
Reg Baseline::begin_int(u32 n, bool may_leave) {
  if (i_ + 1 >= count_ || !keeps_pending(i_ + 1)) return Reg::rax;
  Reg r = choose_int_register(n, may_leave);
  if (r != Reg::rax) given_ |= bit_of(r);
  return r;
}

// Register n becomes a small int, made in `from`. Behind this the template doesn't leave.
void Baseline::define_int(u32 n, Reg from) {
  Reg to =
      from == Reg::rax || from == Reg::rdx || from == Reg::rsi || !(given_ & bit_of(from)) ? choose_int_register(n, false) : from;
  bool is_wanted = i_ + 1 < count_ && keeps_pending(i_ + 1);
  if (to == Reg::rax || (!is_wanted && !is_home(to))) {
    store(n, from);
    return know_int(n);
  }
  forget(n);
  make_room_for_fact();
  facts_.remove_if([=, this](const Fact& f) { return f.is_in(to) && f.is_pending && !is_needed_behind(f); });
  for (Fact& f : facts_)
    if (f.is_in(to)) {
      BATON_DCHECK(!f.is_pending, "nothing pending is in a register that is given away");
      is_spoiled_ |= f.is_pending;
      f.in = IntPlace::Frame;
    }
  if (to != from) a_.move(to, from);
  given_ |= bit_of(to);
  facts_.add(Fact::of_int_in(n, to, true));
}
void Baseline::define_constant(u32 n, Value constant) {
  i64 bits = static_cast<i64>(constant.bits());
  bool is_wanted = i_ + 1 < count_ && keeps_pending(i_ + 1);
  if (!is_wanted || bits != static_cast<i32>(bits)) {
    store_constant(n, constant.bits());
    return know_int(n);
  }
  forget(n);
  make_room_for_fact();
  facts_.add(Fact::of_constant(n, static_cast<i32>(bits), true));
}

// Of the registers for ints, those that the template of instruction i may use for something else.
u32 Baseline::changed_by(u32 i) const {
  const Instruction& in = instructions_[i];
  Op op = static_cast<Op>(in.op);
  if (is_cold(i)) return 0;
  if (is_left(i)) return kAllIntRegisters;
  if (call_kinds_[i] != CallKind::Called || enters_item_method(i)) return kMostTemplates;
  auto none_if = [](bool is_short) { return is_short ? 0u : kMostTemplates; };
  switch (op) {
    case Op::Nop:
    case Op::Move:
    case Op::LoadConst:
    case Op::LoadSmallInt:
    case Op::LoadAbsent:
    case Op::CheckBound:
    case Op::DeleteLocal:
    case Op::Is:
    case Op::IsNot:
    case Op::LoadGlobal:
    case Op::LoadGlobalCallee:
    case Op::LoadDeref:
    case Op::UnpackSequence:
    case Op::Return:
    case Op::ReturnConst: return 0;
    case Op::LoadItem:
    case Op::LoadItemInt: return none_if(only_array(i) || expected_container(i, in.b));
    case Op::StoreItem:
      if (only_array(i)) return 0;
      return expected_container(i, in.a) != kKindList ? kMostTemplates
             : is_int(in.c) || is_known_float(in.c)   ? 0
                                                      : bit_of(Reg::rbx) | bit_of(Reg::r10);
    case Op::ForIter: {
      for (IteratorForm form : iterator_forms(i))
        if (form != IteratorForm::List && form != IteratorForm::ListReverse && form != IteratorForm::Tuple &&
            form != IteratorForm::Range)
          return kMostTemplates;
      return 0;
    }
    default: break;
  }
  if (op >= Op::JumpUnlessLt && op <= Op::JumpIfGe) return none_if(expected(i, in.a, in.b) != Operands::Others);
  if (op >= Op::Jump && op <= Op::JumpUnlessGeInt) return 0;
  bool is_arithmetic = op >= Op::BinaryAdd && op <= Op::InplaceSubInt, is_comparison = op >= Op::CompareLt && op <= Op::CompareGe;
  bool has_constant = op == Op::AddInt || op == Op::SubInt || op == Op::InplaceAddInt || op == Op::InplaceSubInt;
  if (has_constant || op == Op::UnaryNegative || op == Op::UnaryInvert || op == Op::UnaryNot) return 0;
  if (is_arithmetic && has_known_float(in)) return 0;
  return none_if((is_arithmetic || is_comparison) && expected(i, in.b, in.c) != Operands::Others);
}

// What the template so far has written: a mistake if it was needed, but no wrong code.
void Baseline::check_written() {
  u32 written = a_.take_written() & kAllIntRegisters;
  auto is_lost = [=, this](const Fact& f) { return f.is_in_register() && (written & ~given_ & bit_of(f.gpr)); };
  bool has_lost = std::any_of(facts_.begin(), facts_.end(), is_lost) ||
                  std::any_of(at_begin_.begin(), at_begin_.end(), [&](const Fact& f) { return f.is_pending && is_lost(f); });
  BATON_DCHECK(!has_lost, "changed_by() tells all registers that a template writes");
  is_spoiled_ |= has_lost;
}

// Whether the template of instruction i takes the small ints among its operands from where they are, and not from the frame.
bool Baseline::takes_ints(u32 i) const {
  const Instruction& in = instructions_[i];
  Op op = static_cast<Op>(in.op);
  Value word = code_->caches()[i].get();
  i64 seen = word.is_small_int() ? word.small_int() : 0;
  switch (op) {
    case Op::Move:
    case Op::CheckBound:
    case Op::JumpIfTrue:
    case Op::JumpIfFalse: return true;
    case Op::Return: return inlined_ != nullptr;
    case Op::LoadItem:
    case Op::LoadItemInt: return !enters_item_method(i) && (only_array(i) || expected_container(i, in.b));
    case Op::StoreItem: return !enters_item_method(i) && (only_array(i) || expected_container(i, in.a) == kKindList);
    case Op::UnaryNegative:
    case Op::UnaryInvert: return is_int(in.b);
    case Op::AddInt:
    case Op::SubInt:
    case Op::InplaceAddInt:
    case Op::InplaceSubInt: return !seen || is_int(in.b);
    case Op::JumpUnlessLtInt:
    case Op::JumpUnlessLeInt:
    case Op::JumpUnlessEqInt:
    case Op::JumpUnlessNeInt:
    case Op::JumpUnlessGtInt:
    case Op::JumpUnlessGeInt: return !seen || is_int(in.a);
    default: break;
  }
  if (op >= Op::JumpUnlessLt && op <= Op::JumpIfGe) return expected(i, in.a, in.b) != Operands::Others;
  if (op >= Op::CompareLt && op <= Op::CompareGe) return expected(i, in.b, in.c) != Operands::Others;
  if (op < Op::BinaryAdd || op > Op::InplaceSubInt) return false;
  Operands operands = expected(i, in.b, in.c);
  return operands == Operands::Ints || operands == Operands::Floats || (operands == Operands::Others && has_known_float(in));
}

// Whether anybody looks at the fact's register at instruction i or later.
bool Baseline::is_live(const Fact& fact, u32 i) const {
  u32 base = inlined_ ? inlined_->base : 0;
  if (fact.reg == Fact::kNoRegister || (fact.is_range() && fact.is_pending)) return true;  // others may have the iterator
  if (fact.reg < base + code_->frame_local_count_ || i >= count_ || fact.reg < base + code_->live_top_[i]) return true;
  const Instruction& in = instructions_[i];
  const OpInfo& info = op_info(static_cast<Op>(in.op));
  auto has = [&](OperandKind kind, u32 n) {
    return kind == OperandKind::Window || ((kind == OperandKind::Read || kind == OperandKind::ReadWrite) && n == fact.reg);
  };
  return has(info.a, in.a) || has(info.b, in.b) || has(info.c, in.c);
}

// Whether instruction i, as it is translated, leaves by nothing but leave() and leave_counted(), and uses nothing of the frame
// but its operands.
bool Baseline::keeps_pending(u32 i) const {
  const Instruction& in = instructions_[i];
  Op op = static_cast<Op>(in.op);
  Value word = code_->caches()[i].get();
  i64 seen = word.is_small_int() ? word.small_int() : 0;
  if (is_left_often(i)) return false;
  if (call_kinds_[i] == CallKind::Inlined || (inlined_ && (op == Op::Return || op == Op::ReturnConst))) return true;
  if (op >= Op::Jump && op <= Op::JumpUnlessGeInt) return !(seen & kMethodSeen);
  switch (op) {
    case Op::BinaryMatMul:
    case Op::InplaceMatMul: return false;
    case Op::BinaryPow:
    case Op::InplacePow: return !seen;
    case Op::Nop:
    case Op::Move:
    case Op::LoadConst:
    case Op::LoadSmallInt:
    case Op::LoadAbsent:
    case Op::CheckBound:
    case Op::DeleteLocal:
    case Op::LoadGlobal:
    case Op::LoadGlobalCallee:
    case Op::LoadDeref:
    case Op::Is:
    case Op::IsNot:
    case Op::UnpackSequence: return true;
    case Op::LoadItem:
    case Op::LoadItemInt: return !(seen & kItemMethodSeen);
    case Op::StoreItem: return !(seen & kItemMethodSeen);
    case Op::LoadAttr: return word.is_small_int();
    case Op::ForIter: return !(seen & kGeneratorSeen) && !is_exact<Generator>(iterator_now(i));
    case Op::UnaryNegative:
    case Op::UnaryInvert:
    case Op::UnaryNot: return true;
    default: break;
  }
  bool is_arithmetic = op >= Op::BinaryAdd && op <= Op::InplaceSubInt, is_comparison = op >= Op::CompareLt && op <= Op::CompareGe;
  return (is_arithmetic || is_comparison) && !(seen & kMethodSeen);
}

// Whether the template of instruction i takes the floats among its operands from xmm registers.
bool Baseline::takes_unboxed(u32 i) const {
  const Instruction& in = instructions_[i];
  switch (static_cast<Op>(in.op)) {
    case Op::Move:
    case Op::CheckBound: return true;
    case Op::Return: return inlined_ != nullptr;
    case Op::BinaryAdd:
    case Op::InplaceAdd:
    case Op::BinarySub:
    case Op::InplaceSub:
    case Op::BinaryMul:
    case Op::InplaceMul:
    case Op::BinaryTrueDiv:
    case Op::InplaceTrueDiv: {
      Operands operands = expected(in.b, in.c);
      return operands == Operands::Floats || (operands == Operands::Others && has_known_float());
    }
    case Op::CompareLt:
    case Op::CompareLe:
    case Op::CompareEq:
    case Op::CompareNe:
    case Op::CompareGt:
    case Op::CompareGe: return expected(in.b, in.c) == Operands::Floats;
    case Op::JumpUnlessLt:
    case Op::JumpUnlessLe:
    case Op::JumpUnlessEq:
    case Op::JumpUnlessNe:
    case Op::JumpUnlessGt:
    case Op::JumpUnlessGe:
    case Op::JumpIfLt:
    case Op::JumpIfLe:
    case Op::JumpIfEq:
    case Op::JumpIfNe:
    case Op::JumpIfGt:
    case Op::JumpIfGe: return expected(in.a, in.b) == Operands::Floats;
    case Op::AddInt:
    case Op::SubInt:
    case Op::InplaceAddInt:
    case Op::InplaceSubInt:
    case Op::UnaryNegative: return is_known_float(in.b);
    case Op::JumpUnlessLtInt:
    case Op::JumpUnlessLeInt:
    case Op::JumpUnlessEqInt:
    case Op::JumpUnlessNeInt:
    case Op::JumpUnlessGtInt:
    case Op::JumpUnlessGeInt: return is_known_float(in.a);
    default: return false;
  }
}

// Whether it takes the value of register n, a float that is pending, by load_boxed(), or from its xmm register.
bool Baseline::takes_boxed(u32 i, u32 n) const {
  const Instruction& in = instructions_[i];
  if (static_cast<Op>(in.op) != Op::StoreItem || n != in.c || n == in.a || n == in.b) return false;
  const ItemType* item = only_array();
  return item ? !item->is_integer : expected_container(in.a) == kKindList;
}
// Uses r8. What is pending stays so; one that needs a cell is the handler's.
void Baseline::load_boxed(Reg to, u32 n) {
  if (!is_pending(n) || is_int(n)) return load(to, n);
  box(to, fact(n)->xmm, leave());
}
void Baseline::box(Reg to, Xmm from, Label otherwise) {
  a_.move_from_xmm(to, from);
  a_.move_constant(Reg::r8, Value::kFloatOffset);
  a_.alu64(Alu::sub, to, Reg::r8);
  a_.shift64(Shift::rol, to, 4);
  a_.alu8(Alu::test, to, 2);
  a_.jump_if(Cond::equal, otherwise);
}

// One of the next few instructions is arithmetic of floats, or of floats and others, and reads register n.
bool Baseline::is_wanted_unboxed(u32 n, bool is_surely_float) const {
  constexpr u32 kNext = 8;
  for (u32 i = i_ + 1; i < count_ && i <= i_ + kNext; ++i) {
    const Instruction& in = instructions_[i];
    Op op = static_cast<Op>(in.op);
    if (is_target_[i] || is_cold(i) || is_left(i) || !keeps_pending(i)) return false;
    Value seen = code_->caches()[i].get();
    bool is_float = seen == Value::of_small_int(kFloatsSeen);
    bool is_operation = (op >= Op::BinaryAdd && op <= Op::BinaryTrueDiv) || (op >= Op::InplaceAdd && op <= Op::InplaceTrueDiv) ||
                        (op >= Op::CompareLt && op <= Op::CompareGe);
    bool may_mix = is_surely_float && seen == Value::of_small_int(kOthersSeen) && op < Op::CompareLt;
    if (is_operation && (in.b == n || in.c == n)) return is_float || may_mix;
    if (op >= Op::JumpUnlessLt && op <= Op::JumpIfGe) return is_float && (in.a == n || in.b == n);
    bool writes_only_a = is_operation || op == Op::LoadConst || op == Op::LoadItem || op == Op::LoadItemInt ||
                         op == Op::LoadAttr || op == Op::LoadGlobal || op == Op::LoadDeref || op == Op::CheckBound;
    if (!writes_only_a || in.a == n || in.b == n || (in.c == n && op == Op::LoadItem)) return false;
  }
  return false;
}
// What has been loaded becomes the value of register n. Where a float is wanted it is unboxed at once. Uses r8, changes `value`.
void Baseline::store_loaded(u32 n, Reg value) {
  if (is_wanted_int(n)) {
    define_int(n, value);
    const Fact* known = fact(n);
    Reg in = known->in == IntPlace::Register ? known->gpr : value;
    a_.load_address32(Reg::rcx, Mem{in, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    return a_.jump_if(Cond::not_equal, exit_to(i_ + 1, Why::Counted, facts_));
  }
  store(n, value);
  if (!is_wanted_unboxed(n, false)) return;
  a_.alu8(Alu::test, value, 2);
  a_.jump_if(Cond::equal, exit_to(i_ + 1, Why::Counted, facts_));
  unbox(know_float(n), value);
}
// One of the next few instructions is arithmetic of small ints and reads register n.
bool Baseline::is_wanted_int(u32 n) const {
  constexpr u32 kNext = 4;
  for (u32 i = i_ + 1; i < count_ && i <= i_ + kNext; ++i) {
    const Instruction& in = instructions_[i];
    Op op = static_cast<Op>(in.op);
    if (is_target_[i] || is_cold(i) || is_left(i) || !keeps_pending(i)) return false;
    bool is_noted = code_->caches()[i].get().is_present();
    bool is_operation = (op >= Op::BinaryAdd && op <= Op::InplaceRShift) || (op >= Op::CompareLt && op <= Op::CompareGe);
    if (is_operation && (in.b == n || in.c == n)) return !is_noted && takes_ints(i);
    bool with_constant = op == Op::AddInt || op == Op::SubInt || op == Op::InplaceAddInt || op == Op::InplaceSubInt;
    if (with_constant && in.b == n) return !is_noted;
    if (op >= Op::JumpUnlessLt && op <= Op::JumpUnlessGeInt) return !is_noted && (in.a == n || (op <= Op::JumpIfGe && in.b == n));
    bool writes_only_a = is_operation || with_constant || op == Op::LoadConst || op == Op::LoadSmallInt || op == Op::LoadItem ||
                         op == Op::LoadItemInt || op == Op::LoadGlobal || op == Op::LoadDeref;
    if (op == Op::LoadItem && in.c == n) return !is_noted;
    if (op == Op::CheckBound) continue;
    if (!writes_only_a || in.a == n || in.b == n) return false;
  }
  return false;
}
void Baseline::load_float(u32 n, double value) {
  Xmm to = know_pending(n);
  a_.move_constant(Reg::rcx, std::bit_cast<u64>(value));
  a_.move_to_xmm(to, Reg::rcx);
}

// --- what is pending

// A float that needs a cell is stored at the exit to instruction pc.
void Baseline::write_back(const Fact& fact, u32 pc) {
  u32 n = fact.reg;
  if (!fact.is_float) {
    store_pending(fact);
    for (Fact& each : facts_)
      if (each.reg == n) each.is_pending = false;
    return;
  }
  box(Reg::rax, fact.xmm, exit_to(pc, Why::Left, facts_));
  a_.store64(place(n), Reg::rax);
  for (Fact& each : facts_)
    if (each.reg == n) each.is_pending = false;
}
void Baseline::store_pending(const Fact& fact) {
  if (fact.is_range()) {
    a_.load64(Reg::rax, place(fact.reg));
    return a_.store64(Mem{Reg::rax, at::kIteratorPosition}, fact.gpr);
  }
  fact.in == IntPlace::Register ? a_.store64(place(fact.reg), fact.gpr) : a_.store64(place(fact.reg), fact.constant);
}
void Baseline::write_back_all(u32 pc) {
  for (const Fact& fact : Facts(facts_))
    if (fact.is_pending) write_back(fact, pc);
}

// Before an instruction is translated.
void Baseline::prepare(u32 i) {
  at_begin_.clear();
  given_ = 0;
  u32 changed = changed_by(i);
  for (const Fact& fact : Facts(facts_)) {
    if (!fact.is_in_register() || !(changed & bit_of(fact.gpr))) continue;
    if (fact.is_pending) write_back(fact, i);
    for (Fact& each : facts_)
      if (each.reg == fact.reg) each.in = IntPlace::Frame;
  }
  bool has_unboxed = takes_unboxed(i), has_ints = takes_ints(i);
  if (!keeps_pending(i)) {
    write_back_all(i);
  } else if (!has_unboxed || !has_ints) {
    const Instruction& in = instructions_[i];
    const OpInfo& info = op_info(static_cast<Op>(in.op));
    for (auto [kind, n] : {std::pair<OperandKind, u32>{info.a, in.a}, {info.b, in.b}, {info.c, in.c}})
      if ((kind == OperandKind::Read || kind == OperandKind::ReadWrite) && is_pending(n) &&
          !(fact(n)->is_range() ? static_cast<Op>(in.op) == Op::ForIter
            : is_int(n)         ? has_ints
                                : has_unboxed || takes_boxed(i, n)))
        write_back(Fact(*fact(n)), i);
    if (call_kinds_[i] == CallKind::Inlined && static_cast<Op>(in.op) != Op::LoadAttr)  // what it looks at
      for (u32 n : {in.a + 0u, in.a + 1u})
        if (is_pending(n)) write_back(Fact(*fact(n)), i);
  }
  const LoopPlan* loop = loops_at_[i];
  bool has_floats = (loop && !loop->registers.empty()) ||
                    std::any_of(facts_.begin(), facts_.end(), [](const Fact& f) { return f.is_float && f.is_pending; });
  auto room = [this, has_floats] {
    if (!has_floats) return kXmmsOfAnInstruction;
    u32 free = 0;
    for (u8 k = kFirstXmm; k < kXmmEnd; ++k) free += !is_home(static_cast<Xmm>(k)) && !is_pending_in(facts_, static_cast<Xmm>(k));
    return free;
  };
  while (room() < kXmmsOfAnInstruction) {
    auto oldest = std::find_if(facts_.begin(), facts_.end(),
                               [this](const Fact& f) { return f.is_pending && f.is_float && !is_home(f.xmm); });
    if (oldest == facts_.end()) break;
    write_back(Fact(*oldest), i);
  }
  at_begin_ = facts_;
  a_.take_written();
}

}  // namespace baton
