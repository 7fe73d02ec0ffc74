// What a code object's loops are, before it is translated: where they begin and end, which of their instructions are left to
// handlers too often, and which registers their variables have throughout.
#include <algorithm>
#include <bit>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/jumps.h"
#include "jit/offsets.h"
#include "objects/range.h"

namespace baton {

static constexpr int kLeftToRounds = 2;      // of the registers for ints, by a loop's variables
static constexpr u32 kMostWrongGuesses = 2;  // machine codes whose guesses of a loop were wrong
static constexpr i32 kGuessBudget = 100;
static constexpr i32 kPatience = 400;

void Baseline::find_targets() {
  is_target_.assign(count_ + 1, 0);
  auto mark = [&](i64 to) {
    if (to >= 0 && to <= count_) is_target_[static_cast<usize>(to)] = 1;
  };
  for (u32 i = 0; i < count_; ++i) for_each_jump(instructions_, i, mark);
}

// Nothing is cold in the last machine code, nor where globals aren't in a plain dict: then caches don't tell.
void Baseline::find_cold() {
  const CompiledCode* old = code_->compiled_;
  if ((old && old->recompilations + 1 >= kMaxRecompilations) || !is_exact<Dict>(Value(frame_->globals))) return;
  HeatHints hints{[](void* self, u32 i) { return static_cast<Baseline*>(self)->runs_seen(i); }, this};
  heat_ = find_heat(instructions_, count_, hints);
  if (std::all_of(heat_.begin(), heat_.end(), [](Heat heat) { return heat == Heat::Warm; })) return heat_.clear();
  compiled_->met = static_cast<u8*>(calloc(count_, 1));
  BATON_CHECK(compiled_->met, "out of memory");
}

// A load from an object or from globals that has succeeded once is counted as a miss, and the next time it fills its cache.
RunsSeen Baseline::runs_seen(u32 i) const {
  const CompiledCode* old = code_->compiled_;
  if (frame_->pc == instructions_ + i || (old && old->met && old->met[i])) return RunsSeen::Some;
  if (code_->caches()[i].get().is_present() || __atomic_load_n(&code_->cache_misses_[i], __ATOMIC_RELAXED) > 1)
    return RunsSeen::Some;
  switch (static_cast<Op>(instructions_[i].op)) {
    case Op::LoadGlobal:
    case Op::LoadGlobalCallee:
    case Op::LoadAttr:
    case Op::LoadMethod: return RunsSeen::None;
    default: return RunsSeen::Unknown;
  }
}

// Whether its guess was wrong often, or would have been by the next time: loops that are wrong by and by are made anew at once.
static bool has_failed(const GuessedLoop& loop) { return loop.left < kGuessBudget / 2; }

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
        if (before.head == loop.head) failures = before.failures + has_failed(before);
    compiled_->loops.push({loop.head, failures, kGuessBudget});
  }
}

bool Baseline::may_guess(u32 head) const {
  const CompiledCode* old = code_->compiled_;
  if (!old) return true;
  for (const GuessedLoop& loop : old->loops)
    if (loop.head == head) return loop.failures + has_failed(loop) < kMostWrongGuesses;
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
  return compiled_->patience && !is_cold(i) && loops_at_[i] && !loops_at_[i]->registers.empty() && !is_left_often(i) &&
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
    case Op::JumpIfTrue:
    case Op::JumpIfFalse: return seen & kMethodSeen;
    default: return false;
  }
}

// Whether facts end with instruction i: a call, and what has no template.
bool Baseline::is_left(u32 i) const {
  if (is_left_often(i)) return true;
  if (keeps_pending(i) || is_cold(i)) return false;
  if (enters_item_method(i)) return true;
  switch (static_cast<Op>(instructions_[i].op)) {
    case Op::LoadAttr:
    case Op::StoreAttr:
    case Op::LoadMethod:
    case Op::LoadItem:
    case Op::LoadItemInt:
    case Op::StoreItem:
    case Op::StoreGlobal:
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
  if (static_cast<Op>(for_iter.op) != Op::ForIter || for_iter.c == 0 || noted(loop)) return 0;
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

}  // namespace baton
