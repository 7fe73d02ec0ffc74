// What is known on the ways that jumps take, round a loop, and at exits.
//
// Ways that come together keep what all of them know; a loop's head has what was guessed of its variables (loop_facts.h), and
// whoever goes there checks what he doesn't know.
#include <algorithm>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/jumps.h"
#include "jit/offsets.h"
#include "objects/list.h"
#include "objects/range.h"

namespace baton {

static constexpr usize kMaxFacts = 20;
static constexpr u32 kMostWrongGuesses = 2;  // machine codes whose guesses of a loop were wrong

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

Baseline::KeptFacts Baseline::keep(const Facts& facts) {
  KeptFacts kept{static_cast<u32>(kept_facts_.size()), facts.size()};
  kept_facts_.insert(kept_facts_.end(), facts.begin(), facts.end());
  return kept;
}
Baseline::Facts Baseline::kept(KeptFacts facts) const {
  Facts copy;
  for (u32 k = 0; k < facts.size; ++k) copy.add(kept_facts_[facts.first + k]);
  return copy;
}

Label Baseline::way_to(u32 i) {
  if (i <= i_) is_spoiled_ = true;  // those are jump()'s
  if (is_cold(i)) heat_[i] = Heat::Leader;
  Label label = a_.make_label();
  ways_[i].push_back({label, keep(facts_)});
  return label;
}

void Baseline::jump(i32 offset) {
  u32 to = static_cast<u32>(static_cast<i32>(i_) + 1 + offset);
  if (to > i_) {
    a_.jump(way_to(to));
  } else {
    change_facts(kept(facts_at_[to]), to);
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
    given_ |= bit_of(fact.gpr);  // what it had is written back
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
  if (is_cold(i)) {
    // Nothing: machine code ends here.
  } else if (const LoopPlan* loop = heads_[i]) {
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
      wanted = kept(ways[0].facts);
    for (const Way& way : ways) {
      Facts facts = kept(way.facts);
      for (Fact& fact : wanted)
        if (has_places(fact) && !has_in_same_place(facts, fact)) fact = Fact::of_kind(fact.reg, fact.kind);
      wanted.remove_if([&](const Fact& fact) { return !has_same(facts, fact); });
      for (Fact& fact : wanted)
        for (const Fact& other : facts) fact.is_pending |= other.is_pending && is_in_same_place(fact, other);
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
  facts_ = wanted;
  facts_at_[i] = keep(wanted);
  a_.bind(labels_[i]);
  for (const Way& way : ways) {
    Facts facts = kept(way.facts);
    bool goes_straight = std::all_of(wanted.begin(), wanted.end(), [&](const Fact& f) { return has_same(facts, f); }) &&
                         std::none_of(facts.begin(), facts.end(),
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
    facts_ = kept(late.way.facts);
    change_facts(kept(facts_at_[late.to]), late.to);
    a_.jump(labels_[late.to]);
  }
  facts_.clear();
}

// --- entries and exits

void Baseline::emit_entries() {
  for (u32 i = 0; i < count_; ++i) {
    if (is_cold(i) && heat_[i] != Heat::Leader) continue;  // the handler
    entries_[i] = labels_[i];
    if (facts_at_[i].size == 0) continue;
    entries_[i] = a_.make_label();
    a_.bind(entries_[i]);
    Label fails = exit_to(i, heads_[i] ? Why::Guess : Why::Left, {});
    for (const Fact& fact : kept(facts_at_[i])) load_fact(fact, fails);
    a_.jump(labels_[i]);
  }
}

Label Baseline::exit_to(u32 pc, Why why, const Facts& facts) {
  Facts pending;
  for (const Fact& fact : facts)
    if (fact.is_pending && is_live(fact, pc)) pending.add(fact);
  exits_.push_back({pc, why, keep(pending), a_.make_label(), inlined_});
  return exits_.back().label;
}

i32* Baseline::guess_budget(u32 head) {
  for (GuessedLoop& loop : compiled_->loops)
    if (loop.head == head) return &loop.left;
  return &compiled_->budget;  // not reached
}

void Baseline::emit_exits() {
  for (const Exit& exit : exits_) {
    auto is_float = [](const Fact& fact) { return fact.is_float; };
    Facts pending = kept(exit.pending);
    auto floats = std::count_if(pending.begin(), pending.end(), is_float);
    bool writes_back = floats != 0;
    const Instruction* in = exit.inlined ? exit.inlined->callee->instructions() + exit.pc : &instructions_[exit.pc];
    u32 base = exit.inlined ? exit.inlined->base : 0;
    u64 pc = reinterpret_cast<u64>(in);
    Label again, wrong;
    a_.bind(exit.label);
    for (const Fact& fact : pending)
      if (!fact.is_float) store_pending(fact);
    static_assert(kXmmEnd - kFirstXmm <= InterpState::kMostPending);
    if (writes_back) {
      a_.load64(Reg::r8, Mem{kThread, at::kInterpState});
      i32 k = 0;
      for (const Fact& fact : pending) {
        if (!fact.is_float) continue;
        a_.store_double(Mem{Reg::r8, at::kPendingFloats + k * 8}, fact.xmm);
        a_.store32(Mem{Reg::r8, at::kPendingRegisters + k * 4}, static_cast<i32>(fact.reg - base));
        ++k;
      }
      a_.store32(Mem{Reg::r8, at::kPendingCount}, static_cast<i32>(floats));
    }
    bool is_counted = exit.why == Why::Counted || exit.why == Why::Cold, is_outside = exit.why == Why::Outside;
    bool may_be_wrong = !is_outside && (exit.inlined || exit.why == Why::Guess || has_patience(exit.pc));
    auto count_down = [&](i32* budget, u32 by, Cond when, Label& at_end) {
      at_end = a_.make_label();
      a_.move_constant(Reg::rax, reinterpret_cast<u64>(budget));
      a_.alu32(Alu::sub, Mem{Reg::rax}, static_cast<i32>(by));
      a_.jump_if(when, at_end);
    };
    auto go_to = [&](u64 address) {
      a_.move_constant(kPc, pc);
      if (!exit.inlined) return a_.jump_address(address);
      a_.move_constant(Reg::rdx, address);
      if (!exit.inlined->build.is_made()) exit.inlined->build = a_.make_label();
      a_.jump(exit.inlined->build);
    };
    if (exit.why == Why::Cold) {
      a_.move_constant(Reg::rax, reinterpret_cast<u64>(&compiled_->met[exit.pc]));
      a_.store8(Mem{Reg::rax}, u8{1});
    }
    u32 weight = exit.why == Why::Cold ? weight_of_cold_exit(root_code_->instruction_count_) : 1;
    if (is_counted) count_down(&compiled_->budget, weight, Cond::less_equal, again);
    if (may_be_wrong) {
      i32* left = exit.inlined             ? exits_left(exit.inlined->outermost_call)
                  : exit.why == Why::Guess ? guess_budget(exit.pc)
                                           : &compiled_->patience[exit.pc];
      count_down(left, 1, Cond::equal, wrong);
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
