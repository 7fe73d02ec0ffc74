// What is known of registers, from instruction to instruction: on the ways that jumps take, round a loop, and at its exits.
//
// A result that is a float stays in an xmm register, and is stored when an instruction needs it in the frame, or at an exit.
// Ways that come together keep what all of them know; a loop's head has what was guessed of its variables (loop_facts.h), and
// whoever goes there checks what he doesn't know.
#include <algorithm>
#include <bit>
#include <cstdlib>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/jumps.h"
#include "jit/offsets.h"
#include "objects/list.h"
#include "objects/range.h"
#include "objects/tuple.h"

namespace baton {

static constexpr usize kMaxFacts = 20;
static constexpr u8 kFirstXmm = 2, kXmmEnd = 16;  // those before are scratch
// General registers for small ints: neither the state's nor the ones that templates use most. Machine code has no use for pc
// between instructions: whoever leaves sets it.
static constexpr Reg kIntRegisters[] = {Reg::rbp, kPc, Reg::r11, Reg::r9, Reg::r10, Reg::rbx};
static constexpr u32 bit_of(Reg r) { return 1u << static_cast<u8>(r); }
static constexpr u32 kAllIntRegisters =
    bit_of(Reg::rbp) | bit_of(kPc) | bit_of(Reg::r11) | bit_of(Reg::r9) | bit_of(Reg::r10) | bit_of(Reg::rbx);
static constexpr u32 kMostTemplates = kAllIntRegisters & ~bit_of(Reg::rbp);  // use no others of them
static constexpr int kLeftToRounds = 2;                                      // of these registers, by a loop's variables
static constexpr u32 kXmmsOfAnInstruction = 3;                               // that it gives a value at most
static constexpr u32 kMostWrongGuesses = 2;                                  // machine codes whose guesses of a loop were wrong
static constexpr i32 kGuessBudget = 100;
static constexpr i32 kPatience = 400;

// --- loops

void Baseline::find_targets() {
  is_target_.assign(count_ + 1, 0);
  auto mark = [&](i64 to) {
    if (to >= 0 && to <= count_) is_target_[static_cast<usize>(to)] = 1;
  };
  for (u32 i = 0; i < count_; ++i) for_each_jump(instructions_, i, mark);
}

void Baseline::find_loops() {
  LoopHints hints{
      [](void* self, u32 i) {
        Value word = static_cast<Baseline*>(self)->code_->caches()[i].get();
        return word.is_small_int() ? word.small_int() : 0;
      },
      [](void* self, u32 i) { return static_cast<Baseline*>(self)->is_left(i); },
      [](void* self, u32 i) { return static_cast<Baseline*>(self)->steps_range(i); },
      [](void* self, u32 head) { return static_cast<Baseline*>(self)->may_guess(head); },
      [](void* self, u32 n) { return static_cast<Baseline*>(self)->kind_now(n); },
      [](void* self, u32 number) { return static_cast<Baseline*>(self)->code_->consts()->at(static_cast<Index>(number)); },
      this};
  loops_ = plan_loops({instructions_, count_, code_->register_count_, code_->frame_local_count_, code_->live_top_}, hints);
  heads_.assign(count_ + 1, nullptr);
  loops_at_.assign(count_ + 1, nullptr);
  for (LoopPlan& loop : loops_) {
    choose_int_homes(&loop, loops_at_[loop.head]);
    heads_[loop.head] = &loop;
    for (u32 i = loop.head; i <= loop.end; ++i) loops_at_[i] = &loop;
    u32 failures = 0;
    if (const CompiledCode* old = code_->compiled_)
      for (const GuessedLoop& before : old->loops)
        if (before.head == loop.head) failures = before.failures + (before.left <= 0);
    compiled_->loops.push({loop.head, failures, kGuessBudget});
  }
}

bool Baseline::may_guess(u32 head) const {
  const CompiledCode* old = code_->compiled_;
  if (!old) return true;
  for (const GuessedLoop& loop : old->loops)
    if (loop.head == head) return loop.failures + (loop.left <= 0) < kMostWrongGuesses;
  return true;
}

// Those that the machine code before has left often, and those that would have been next.
void Baseline::find_left_often() {
  bool has_jump_back = false;
  for (u32 i = 0; i < count_ && !has_jump_back; ++i) has_jump_back = static_cast<Op>(instructions_[i].op) == Op::JumpBack;
  if (!has_jump_back) return;
  const i32* before = code_->compiled_ ? code_->compiled_->patience : nullptr;
  compiled_->patience = static_cast<i32*>(malloc(count_ * sizeof(i32)));
  BATON_CHECK(compiled_->patience, "out of memory");
  for (u32 i = 0; i < count_; ++i)
    compiled_->patience[i] = before && before[i] < kPatience / 2 ? kNoPatience : before ? before[i] : kPatience;
}
// An exit at instruction i counts.
bool Baseline::has_patience(u32 i) const {
  return compiled_->patience && loops_at_[i] && !loops_at_[i]->registers.empty() && !is_left_often(i) &&
         static_cast<Op>(instructions_[i].op) != Op::JumpBack;
}

// Whether a method written in Python has been seen to do what instruction i does with items.
bool Baseline::enters_item_method(u32 i) const {
  Value word = code_->caches()[i].get();
  i64 seen = word.is_small_int() ? word.small_int() : 0;
  switch (static_cast<Op>(instructions_[i].op)) {
    case Op::LoadItem:
    case Op::LoadItemInt:
    case Op::StoreItem:
    case Op::GetIter: return seen & kItemMethodSeen;
    case Op::Contains:
    case Op::NotContains: return seen & kMethodSearched;
    default: return false;
  }
}

// Whether facts end with instruction i: a call, and what has no template.
bool Baseline::is_left(u32 i) const {
  if (is_left_often(i)) return true;
  if (keeps_pending(i)) return false;
  if (enters_item_method(i)) return true;
  switch (static_cast<Op>(instructions_[i].op)) {
    case Op::LoadAttr:
    case Op::StoreAttr:
    case Op::LoadMethod:
    case Op::LoadItem:
    case Op::LoadItemInt:
    case Op::StoreItem:
    case Op::StoreDeref:
    case Op::Contains:
    case Op::NotContains:
    case Op::BuildTuple:
    case Op::BuildList:
    case Op::BuildDict:
    case Op::ListAppend:
    case Op::SetAdd:
    case Op::DictSet:
    case Op::LoadSlice:
    case Op::GetIter:
    case Op::MakeFunction: return false;
    case Op::Call: return call_kinds_[i] == CallKind::Called;
    default: return true;
  }
}

// What the loop at a ForIter steps through, if that seems to be a range by ones: by the call that makes it right before the loop.
u16 Baseline::range_kind(u32 loop) {
  const Instruction& for_iter = instructions_[loop];
  if (static_cast<Op>(for_iter.op) != Op::ForIter || for_iter.c == 0 || objects_are_locked() || noted(loop)) return 0;
  Value now = iterator_now(loop);
  if (now.is_present() && (!is_exact<Iterator>(now) || now.as<Iterator>()->form() != IteratorForm::Range)) return 0;
  constexpr u32 kMost = 12;
  u32 wanted = for_iter.b;
  for (u32 k = loop; k-- > 0 && loop - k < kMost && (!is_target_[k + 1] || k + 1 == loop);) {
    const Instruction& in = instructions_[k];
    Op op = static_cast<Op>(in.op);
    if (op == Op::GetIter && in.a == wanted) {
      wanted = in.b;
    } else if (op == Op::Call && in.c == wanted) {
      u32 before = std::exchange(i_, k);
      Value callee = likely_callee();
      i_ = before;
      bool is_range = callee == Value(types.range);  // where it has been called once its cache may be empty
      if (callee.is_absent() && now.is_present()) is_range = now.as<Iterator>()->source_.get().as<Range>()->small_step_ == 1;
      return !is_range || in.b > 2 ? u16{0} : in.b == 1 ? kRangeFromZero : kRangeByOnes;
    } else if (op_info(op).a == OperandKind::Write && in.a == wanted) {
      return 0;
    }
  }
  return 0;
}

// What register n, which a loop only reads, has been given before its head, if that is a constant.
const i32* Baseline::constant_before(u32 head, u32 n) {
  constexpr u32 kMost = 24;
  for (u32 k = head; k-- > 0 && head - k < kMost && (!is_target_[k + 1] || k + 1 == head);) {
    const Instruction& in = instructions_[k];
    Op op = static_cast<Op>(in.op);
    const OpInfo& info = op_info(op);
    bool is_load = op == Op::LoadSmallInt || op == Op::LoadConst, is_wide = op == Op::LoadGlobalCallee || op == Op::LoadMethod;
    if (is_load && in.a == n) {
      Value constant =
          op == Op::LoadConst ? code_->consts()->at(static_cast<Index>(in.wide())) : Value::of_small_int(in.jump32());
      auto bits = static_cast<i64>(constant.bits());
      constant_before_ = static_cast<i32>(bits);
      return constant.is_small_int() && bits == constant_before_ ? &constant_before_ : nullptr;
    }
    bool may_write = op == Op::UnpackSequence || op == Op::UnpackEx || (is_wide && in.a + 1u == n);
    for (auto [kind, operand] : {std::pair<OperandKind, u32>{info.a, in.a}, {info.b, in.b}, {info.c, in.c}})
      may_write |= (kind == OperandKind::Window && n >= operand) ||
                   ((kind == OperandKind::Write || kind == OperandKind::ReadWrite) && n == operand);
    if (may_write) return nullptr;
  }
  return nullptr;
}

bool Baseline::steps_range(u32 i) const {
  if (const_cast<Baseline*>(this)->range_kind(i)) return true;
  Value now = iterator_now(i);
  return is_exact<Iterator>(now) && now.as<Iterator>()->form() == IteratorForm::Range;
}

bool Baseline::is_home(Xmm xmm) const {
  const LoopPlan* loop = loops_at_[i_];
  return loop && std::any_of(loop->registers.begin(), loop->registers.end(),
                             [=](const LoopPlan::Register& r) { return r.is_float && r.home == xmm; });
}

bool Baseline::is_home(Reg gpr) const {
  const LoopPlan* loop = loops_at_[i_];
  return loop && std::any_of(loop->registers.begin(), loop->registers.end(),
                             [=](const LoopPlan::Register& r) { return r.has_gpr && r.gpr == gpr; });
}

// Registers that nothing in the loop uses for something else, the outer loop's for the same variable if they are free.
void Baseline::choose_int_homes(LoopPlan* loop, const LoopPlan* outer) {
  constexpr usize kMostWithIterator = 12;
  u16 range = range_kind(loop->head);
  if (range && may_guess(loop->head) && loop->registers.size() < kMostWithIterator)
    loop->registers.insert(loop->registers.begin(),
                           {.reg = instructions_[loop->head].b, .is_float = false, .home = Xmm::x0, .kind = range});
  u32 used = 0;
  for (u32 i = loop->head; i <= loop->end; ++i) used |= changed_by(i);
  u32 free = kAllIntRegisters & ~used, of_outer = 0;
  if (outer)
    for (const LoopPlan::Register& each : outer->registers) of_outer |= each.has_gpr ? bit_of(each.gpr) : 0u;
  int left = std::popcount(free) - std::max(0, kLeftToRounds - std::popcount(used & kAllIntRegisters));
  for (LoopPlan::Register& each : loop->registers) {
    bool is_range = each.kind >= kRangeByOnes;
    if (each.is_float || (each.kind && !is_range) || left <= 0) continue;
    if (const i32* constant = each.is_written || is_range ? nullptr : constant_before(loop->head, each.reg)) {
      each.is_constant = true;
      each.constant = *constant;
      continue;
    }
    const LoopPlan::Register* there = outer ? outer->find(each.reg) : nullptr;
    bool has_there = there && there->has_gpr && (free & bit_of(there->gpr));
    Reg home = has_there ? there->gpr : Reg::rax;
    for (u32 mask : {free & ~of_outer, free})
      for (Reg r : kIntRegisters)
        if (home == Reg::rax && (mask & bit_of(r))) home = r;
    each.has_gpr = true;
    each.gpr = home;
    free &= ~bit_of(home);
    --left;
  }
}

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
      if (f.is_pending) is_spoiled_ = true;
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
      return objects_are_locked() || expected_container(i, in.a) != kKindList ? kMostTemplates
             : is_int(in.c) || is_known_float(in.c)                           ? 0
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
  auto is_lost = [=](const Fact& f) { return f.is_in_register() && (written & bit_of(f.gpr)); };
  for (const Fact& fact : facts_)
    if (is_lost(fact) && !(given_ & bit_of(fact.gpr))) is_spoiled_ = true;
  for (const Fact& fact : at_begin_)
    if (is_lost(fact) && fact.is_pending && !(given_ & bit_of(fact.gpr))) is_spoiled_ = true;
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
    case Op::InplaceMatMul:
    case Op::BinaryPow:
    case Op::InplacePow: return false;
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
    case Op::StoreItem: return !objects_are_locked() && !(seen & kItemMethodSeen);
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
    if (is_target_[i] || is_left(i) || !keeps_pending(i)) return false;
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
    if (is_target_[i] || is_left(i) || !keeps_pending(i)) return false;
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
  auto room = [this] {
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

// --- ways

static bool has_places(const Baseline::Fact& fact) { return !fact.is_float && (fact.kind == 0 || fact.is_range()); }
static bool is_in_same_place(const Baseline::Fact& a, const Baseline::Fact& b) {
  if (a.reg != b.reg || a.is_float != b.is_float || a.kind != b.kind || a.cell != b.cell || a.version != b.version) return false;
  if (a.is_float) return a.xmm == b.xmm;
  if (a.in != b.in) return false;
  return a.in == Baseline::IntPlace::Register ? a.gpr == b.gpr : a.constant == b.constant;
}
// Somebody who has these facts has nothing to do for the wanted one but to store what is pending elsewhere.
static bool has_same(const Baseline::Facts& facts, const Baseline::Fact& wanted) {
  return std::any_of(facts.begin(), facts.end(), [&](const Baseline::Fact& f) {
    return is_in_same_place(f, wanted) || (f.reg == wanted.reg && has_places(f) && has_places(wanted) && f.kind == wanted.kind &&
                                           wanted.in == Baseline::IntPlace::Frame);
  });
}
static bool has_in_same_place(const Baseline::Facts& facts, const Baseline::Fact& fact) {
  return std::any_of(facts.begin(), facts.end(), [&](const Baseline::Fact& f) { return is_in_same_place(f, fact); });
}
// What has the fact needs it no more: nothing is to be stored for who knows `wanted`.
static bool goes_on_in(const Baseline::Facts& wanted, const Baseline::Fact& fact) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const Baseline::Fact& f) { return is_in_same_place(f, fact) && (f.is_pending || !fact.is_pending); });
}
static bool has_elsewhere(const Baseline::Facts& facts, const Baseline::Fact& wanted) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const Baseline::Fact& f) { return f.reg == wanted.reg && !f.is_float && f.kind == wanted.kind; });
}

Label Baseline::way_to(u32 i) {
  if (i <= i_) is_spoiled_ = true;  // those are jump()'s
  Label label = a_.make_label();
  ways_[i].push_back({label, facts_});
  return label;
}

void Baseline::jump(i32 offset) {
  u32 to = static_cast<u32>(static_cast<i32>(i_) + 1 + offset);
  if (to > i_) {
    a_.jump(way_to(to));
  } else {
    change_facts(facts_at_[to], to);
    a_.jump(labels_[to]);
  }
  facts_.clear();
}

// From what is known here to what is known at instruction pc.
void Baseline::change_facts(const Facts& wanted, u32 pc) {
  for (const Fact& fact : Facts(facts_))
    if (fact.is_pending && !goes_on_in(wanted, fact) && is_live(fact, pc)) write_back(fact, pc);
  Facts before = facts_;
  facts_.remove_if([&](const Fact& fact) { return !has_in_same_place(wanted, fact); });
  for (const Fact& fact : wanted) {
    if (has_same(before, fact) || !fact.is_in_register() || !has_elsewhere(before, fact)) continue;
    a_.load64(fact.gpr, place(fact.reg));
    if (fact.is_range()) a_.load64(fact.gpr, Mem{fact.gpr, at::kIteratorPosition});
    facts_.add(Fact::of_position(fact.reg, fact.kind, fact.gpr, false));
  }
  Label fails;
  for (const Fact& fact : wanted) {
    if (has_same(before, fact) || has_same(facts_, fact)) continue;
    if (!fails.is_made()) fails = exit_to(pc, heads_[pc] ? Why::Guess : Why::Left, facts_);
    load_fact(fact, fails);
  }
}

// The value is in the frame. Uses rax, rcx, r8.
void Baseline::load_fact(const Fact& fact, Label otherwise) {
  if (fact.kind == Fact::kVersion)
    return need_version(reinterpret_cast<Type*>(shape_numbered(fact.cell)), fact.version, otherwise);
  if (fact.kind == Fact::kRoom) return emit_room_check(fact.cell, fact.version, otherwise);
  a_.load64(Reg::rax, place(fact.reg));
  if (fact.kind == Fact::kAbsent) {
    a_.alu64(Alu::test, Reg::rax, Reg::rax);
    a_.jump_if(Cond::not_equal, otherwise);
  } else if (fact.kind == Fact::kCallable) {
    a_.move_constant(Reg::rcx, reinterpret_cast<u64>(shape_numbered(fact.cell)));
    a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
    a_.jump_if(Cond::not_equal, otherwise);
  } else if (fact.is_float) {
    a_.alu8(Alu::test, Reg::rax, 2);
    a_.jump_if(Cond::equal, otherwise);
    unbox(fact.xmm, Reg::rax);
  } else if (fact.is_range()) {
    a_.alu64(Alu::test, Reg::rax, Reg::rax);
    a_.jump_if(Cond::equal, otherwise);
    need_cell(Reg::rax, otherwise);
    need_kind(Reg::rax, kKindIterator, otherwise);
    need_form(IteratorForm::Range, otherwise);
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kIteratorSource});
    a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kRangeStep}, 1);
    a_.jump_if(Cond::not_equal, otherwise);
    if (fact.kind == kRangeFromZero) {
      a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kRangeStart}, 0);
      a_.jump_if(Cond::not_equal, otherwise);
    }
    if (fact.is_in_register()) a_.load64(fact.gpr, Mem{Reg::rax, at::kIteratorPosition});
  } else if (fact.kind) {
    a_.alu64(Alu::test, Reg::rax, Reg::rax);  // a variable may be unbound
    a_.jump_if(Cond::equal, otherwise);
    need_cell(Reg::rax, otherwise);
    if (fact.kind == Fact::kOfShape)
      need_shape(Reg::rax, fact.cell, otherwise);
    else
      need_kind(Reg::rax, fact.kind, otherwise);
  } else if (fact.in == IntPlace::Constant) {
    a_.alu64(Alu::cmp, Reg::rax, fact.constant);
    a_.jump_if(Cond::not_equal, otherwise);
  } else {
    a_.load_address32(Reg::rcx, Mem{Reg::rax, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    a_.jump_if(Cond::not_equal, otherwise);
    if (fact.in == IntPlace::Register) a_.move(fact.gpr, Reg::rax);
  }
}

// The instruction of a loop writes register n, a variable.
static bool writes(const Instruction& in, u32 n) {
  Op op = static_cast<Op>(in.op);
  const OpInfo& info = op_info(op);
  auto is_written = [n](OperandKind kind, u32 operand) {
    return (kind == OperandKind::Write || kind == OperandKind::ReadWrite) && operand == n;
  };
  if (is_written(info.a, in.a) || is_written(info.b, in.b) || is_written(info.c, in.c)) return true;
  u32 count = op == Op::UnpackSequence ? in.c : op == Op::UnpackEx ? (in.c & 255u) + 1 + (in.c >> 8) : 0;
  return n >= in.a && n < in.a + count;
}

// What a loop wants to know of objects in variables that it doesn't write: so it is checked once, before the first round. Where
// calls in the loop end what is known it would be checked in each round all the same.
void Baseline::guess_objects(const LoopPlan& loop, Facts* wanted) const {
  if (!knows_shapes_) return;
  for (const GuessedLoop& guessed : compiled_->loops)
    if (guessed.head == loop.head && guessed.failures >= kMostWrongGuesses) return;
  bool has_inlined = false;
  for (u32 i = loop.head; i <= loop.end; ++i) {
    if (static_cast<Op>(instructions_[i].op) != Op::JumpBack && is_left(i)) return;
    has_inlined |= call_kinds_[i] == CallKind::Inlined;
  }
  auto add = [&](const Fact& fact) {
    for (const Fact& there : *wanted) {
      if (fact.reg == Fact::kNoRegister && there.kind == fact.kind && there.cell == fact.cell) return;
      if (fact.reg != Fact::kNoRegister && there.reg == fact.reg) return;
    }
    if (wanted->size() < kMaxFacts) wanted->add(fact);
  };
  if (has_inlined) add(room_fact());
  for (u32 i = loop.head; i <= loop.end; ++i) {
    const Instruction& in = instructions_[i];
    Op op = static_cast<Op>(in.op);
    u32 n = op == Op::StoreAttr ? in.a : in.b;
    if ((op != Op::StoreAttr && op != Op::LoadAttr && op != Op::LoadMethod) || n >= code_->frame_local_count_) continue;
    if (std::any_of(instructions_ + loop.head, instructions_ + loop.end + 1, [=](const Instruction& x) { return writes(x, n); }))
      continue;
    Value cache = code_->caches()[i].get();
    u32 shape = cache.is_small_int() ? cached_shape(cache) : 0;
    if (cache.is_cell()) {
      auto* record = cache.as<CacheRecord>();
      CacheForm form = record->form_;
      bool changes_shape = form == CacheForm::Transition || form == CacheForm::NewOverflow;
      if (record->next_.get() || !record->shape_ || changes_shape || has_many_shapes(code_, i)) continue;
      shape = record->shape_;
      Type* type = shape_numbered(shape)->type();
      bool is_of_class = form == CacheForm::Method || form == CacheForm::ClassValue || form == CacheForm::Property;
      if (is_of_class && type->version() == record->type_version_)
        add(Fact::of_cell(Fact::kNoRegister, Fact::kVersion, Cell::shape_id_of(type), record->type_version_));
    }
    if (shape == types.list->instance_shape()->id())
      add(Fact::of_kind(n, kKindList));
    else if (shape)
      add(Fact::of_cell(n, Fact::kOfShape, shape));
  }
}

// Begins instruction i, with what all ways to it know.
void Baseline::come_to(u32 i) {
  std::vector<Way>& ways = ways_[i];
  Facts wanted;
  if (const LoopPlan* loop = heads_[i]) {
    for (const LoopPlan::Register& each : loop->registers)
      wanted.add(each.is_float      ? Fact::of_float(each.reg, each.home, true)
                 : each.is_constant ? Fact::of_constant(each.reg, each.constant, false)
                 : each.has_gpr     ? Fact::of_position(each.reg, each.kind, each.gpr, true)
                                    : Fact::of_kind(each.reg, each.kind));
    guess_objects(*loop, &wanted);
  } else {
    if (is_reached_)
      wanted = facts_;
    else if (!ways.empty())
      wanted = ways[0].facts;
    for (const Way& way : ways) {
      for (Fact& fact : wanted)
        if (has_places(fact) && !has_in_same_place(way.facts, fact)) fact = Fact::of_kind(fact.reg, fact.kind);
      wanted.remove_if([&](const Fact& fact) { return !has_same(way.facts, fact); });
      for (Fact& fact : wanted)
        for (const Fact& other : way.facts) fact.is_pending |= other.is_pending && is_in_same_place(fact, other);
    }
    const LoopPlan* around = loops_at_[i];
    wanted.remove_if([&](const Fact& fact) {
      Fact stored = fact;
      stored.is_pending = false;
      if (!is_live(stored, i)) return true;
      if (fact.is_in_register() && is_home(fact.gpr)) {
        const LoopPlan::Register* own = around->find(fact.reg);
        return !own || !own->has_gpr || own->gpr != fact.gpr;
      }
      if (!fact.is_float || !is_home(fact.xmm)) return false;
      const LoopPlan::Register* planned = around->find(fact.reg);  // its place may be another one's now
      return !planned || !planned->is_float || planned->home != fact.xmm;
    });
  }
  if (is_reached_) change_facts(wanted, i);
  facts_ = facts_at_[i] = wanted;
  a_.bind(labels_[i]);
  for (const Way& way : ways) {
    bool goes_straight = std::all_of(wanted.begin(), wanted.end(), [&](const Fact& f) { return has_same(way.facts, f); }) &&
                         std::none_of(way.facts.begin(), way.facts.end(),
                                      [&](const Fact& f) { return f.is_pending && is_live(f, i) && !goes_on_in(wanted, f); });
    if (goes_straight)
      a_.bind(way.label);
    else
      late_ways_.push_back({i, way});
  }
  ways.clear();
  prepare(i);
}

void Baseline::emit_ways() {
  for (const LateWay& late : late_ways_) {
    a_.bind(late.way.label);
    facts_ = late.way.facts;
    change_facts(facts_at_[late.to], late.to);
    a_.jump(labels_[late.to]);
  }
  facts_.clear();
}

// --- entries and exits

void Baseline::emit_entries() {
  for (u32 i = 0; i < count_; ++i) {
    entries_[i] = labels_[i];
    if (facts_at_[i].empty()) continue;
    entries_[i] = a_.make_label();
    a_.bind(entries_[i]);
    Label fails = exit_to(i, heads_[i] ? Why::Guess : Why::Left, {});
    for (const Fact& fact : facts_at_[i]) load_fact(fact, fails);
    a_.jump(labels_[i]);
  }
}

Label Baseline::exit_to(u32 pc, Why why, const Facts& facts) {
  exits_.push_back({pc, why, {}, a_.make_label(), inlined_});
  Exit& exit = exits_.back();
  for (const Fact& fact : facts)
    if (fact.is_pending && is_live(fact, pc)) exit.pending.add(fact);
  return exit.label;
}

i32* Baseline::guess_budget(u32 head) {
  for (GuessedLoop& loop : compiled_->loops)
    if (loop.head == head) return &loop.left;
  return &compiled_->budget;  // not reached
}

void Baseline::emit_exits() {
  for (const Exit& exit : exits_) {
    auto is_float = [](const Fact& fact) { return fact.is_float; };
    auto floats = std::count_if(exit.pending.begin(), exit.pending.end(), is_float);
    bool writes_back = floats != 0;
    const Instruction* in = exit.inlined ? exit.inlined->callee->instructions() + exit.pc : &instructions_[exit.pc];
    u32 base = exit.inlined ? exit.inlined->base : 0;
    u64 pc = reinterpret_cast<u64>(in);
    Label again, wrong;
    a_.bind(exit.label);
    for (const Fact& fact : exit.pending)
      if (!fact.is_float) store_pending(fact);
    static_assert(kXmmEnd - kFirstXmm <= InterpState::kMostPending);
    if (writes_back) {
      a_.load64(Reg::r8, Mem{kThread, at::kInterpState});
      i32 k = 0;
      for (const Fact& fact : exit.pending) {
        if (!fact.is_float) continue;
        a_.store_double(Mem{Reg::r8, at::kPendingFloats + k * 8}, fact.xmm);
        a_.store32(Mem{Reg::r8, at::kPendingRegisters + k * 4}, static_cast<i32>(fact.reg - base));
        ++k;
      }
      a_.store32(Mem{Reg::r8, at::kPendingCount}, static_cast<i32>(floats));
    }
    bool is_counted = exit.why == Why::Counted, is_outside = exit.why == Why::Outside;
    bool may_be_wrong = !is_outside && (exit.inlined || exit.why == Why::Guess || has_patience(exit.pc));
    auto count_down = [&](i32* budget, Cond when, Label& at_end) {
      at_end = a_.make_label();
      a_.move_constant(Reg::rax, reinterpret_cast<u64>(budget));
      a_.alu32(Alu::sub, Mem{Reg::rax}, 1);
      a_.jump_if(when, at_end);
    };
    auto go_to = [&](u64 address) {
      a_.move_constant(kPc, pc);
      if (!exit.inlined) return a_.jump_address(address);
      a_.move_constant(Reg::rdx, address);
      if (!exit.inlined->build.is_made()) exit.inlined->build = a_.make_label();
      a_.jump(exit.inlined->build);
    };
    if (is_counted) count_down(&compiled_->budget, Cond::less_equal, again);
    if (may_be_wrong) {
      i32* left = exit.inlined             ? exits_left(exit.inlined->outermost_call)
                  : exit.why == Why::Guess ? guess_budget(exit.pc)
                                           : &compiled_->patience[exit.pc];
      count_down(left, Cond::equal, wrong);
    }
    if (exit_counts_ && !is_outside) {
      a_.move_constant(Reg::rax, reinterpret_cast<u64>(&exit_counts_[in->op]));
      a_.alu64(Alu::add, Mem{Reg::rax}, 1);
    }
    go_to(writes_back ? write_back_address() : is_outside ? resume_address() : handler_address(in->op));
    if (!is_counted && !may_be_wrong) continue;
    if (may_be_wrong) {
      a_.bind(wrong);
      a_.move_constant(Reg::rax, reinterpret_cast<u64>(&compiled_->budget));
      a_.store32(Mem{Reg::rax}, 0);
    }
    if (is_counted) a_.bind(again);
    go_to(writes_back ? write_back_and_recompile_address() : recompile_address());
  }
}

}  // namespace baton
