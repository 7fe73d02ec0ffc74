// Calls whose callee's instructions are translated in their place: short Python functions without loops, that call at most others
// of the kind, or natives that have templates.
//
// Nothing is made for such a call: the callee's registers are the ones that it would have, in its caller's window, and what is
// known of registers (facts) holds on into it and back. An instruction that is left to its handler is left as everywhere,
// but the records of the frames come first. So handlers, tracebacks, the collector, profilers and whoever counts the depth see
// what they would see without; and from there the callee's own machine code goes on.
// What can't be undone later is asked before: whether there is room for the records and the registers, and how deep it is.
//
// The names of caches that are looked at while the caller is compiled are the callee's: whoever flushes those gives up the
// caller's machine code, too (jit.cpp).
#include <algorithm>

#include "jit/baseline.h"
#include "jit/jumps.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

static constexpr u32 kMostInstructions = 48;  // of one call, with those in it
static constexpr u32 kMostDepth = 3;

void Baseline::swap_body(Translation* body) {
  std::swap(code_, body->code);
  std::swap(instructions_, body->instructions);
  std::swap(count_, body->count);
  std::swap(i_, body->i);
  std::swap(labels_, body->labels);
  std::swap(leavings_, body->leavings);
  std::swap(is_target_, body->is_target);
  std::swap(call_kinds_, body->call_kinds);
  std::swap(heads_, body->heads);
  std::swap(loops_at_, body->loops_at);
  std::swap(at_begin_, body->at_begin);
  std::swap(facts_at_, body->facts_at);
  std::swap(ways_, body->ways);
  std::swap(late_ways_, body->late_ways);
  std::swap(returns_, body->returns);
  std::swap(is_reached_, body->is_reached);
  std::swap(falls_through_, body->falls_through);
  std::swap(inlined_, body->inlined);
}

// --- what is inlined

// How each call is going to be translated.
void Baseline::find_calls() {
  u32 before = i_;
  call_kinds_.assign(count_ + 1, CallKind::Called);
  for (i_ = 0; i_ < count_; ++i_) {
    if (static_cast<Op>(at().op) != Op::Call || is_left_often(i_)) continue;
    Value callee = likely_callee();
    if (native_template(callee) != NativeTemplate::None) {
      call_kinds_[i_] = CallKind::Native;
    } else if (Function* function = function_to_inline(callee)) {
      u32 size = inlined_size(function->code());
      if (size == 0 || (!inlined_ && size > inline_room_)) continue;
      if (!inlined_) inline_room_ -= size;
      call_kinds_[i_] = CallKind::Inlined;
    }
  }
  i_ = before;
}

// The callee of the call at i_, if it may be: null.
Function* Baseline::function_to_inline(Value callee) {
  u32 depth = inlined_ ? inlined_->depth : 0;
  if (!is_exact<Function>(callee) || depth == kMostDepth || inline_room_ == 0 || is_generator_code(root_code_)) return nullptr;
  auto* function = callee.as<Function>();
  Code* code = function->code();
  if (code->is_lazy() || is_generator_code(code) || code->has_flag(kCodeVarArgs) || code->has_flag(kCodeVarKeywords) ||
      code->kwonly_argcount_ || code->argcount_ != at().b + likely_self_ || code == root_code_)
    return nullptr;
  for (const Inlined* around = inlined_; around; around = around->outer)
    if (around->callee == code) return nullptr;
  return function;
}

// How many instructions of the code are translated, those of calls in it included; 0: it isn't inlined.
u32 Baseline::inlined_size(Code* callee) {
  if (!callee->live_top_ || callee->instruction_count_ > 3 * kMostInstructions) return 0;
  Inlined call{inlined_, inlined_ ? inlined_->depth + 1 : 1, 0, nullptr, callee, 0, 0, 0, {}, {}};
  Translation body;
  body.code = callee;
  body.instructions = callee->instructions();
  body.count = callee->instruction_count_;
  body.inlined = &call;
  swap_body(&body);
  find_targets();
  find_calls();
  u32 size = 0;
  bool is_wanted = true, has_jumped = false, is_reached = true;
  for (i_ = 0; i_ < count_ && is_wanted; ++i_) {
    if (is_target_[i_]) is_reached = true;
    if (!is_reached) continue;
    Op op = static_cast<Op>(at().op);
    for_each_jump(instructions_, i_, [&](i64 to) { is_wanted &= to > i_; });
    switch (inline_template()) {
      case InlineTemplate::None: is_wanted = false; break;
      case InlineTemplate::Leaves:
        is_wanted &= has_jumped;  // else nothing would be gained
        is_reached = false;
        break;
      case InlineTemplate::Whole:
        size += call_kinds_[i_] == CallKind::Inlined ? inlined_size(likely_callee().as<Function>()->code()) : 1;
    }
    for_each_jump(instructions_, i_, [&](i64) { has_jumped = true; });
    if (ends_block(op)) is_reached = false;
  }
  swap_body(&body);
  return is_wanted && size <= kMostInstructions ? size : 0;
}

// Nothing but an exception comes of it, from here on.
bool Baseline::leads_to_raise(u32 i) const {
  for (; i < count_; ++i) {
    switch (static_cast<Op>(instructions_[i].op)) {
      case Op::Raise:
      case Op::RaiseFrom:
      case Op::RaiseBare:
      case Op::Reraise: return true;
      default: break;
    }
    bool jumps = false;
    for_each_jump(instructions_, i, [&](i64) { jumps = true; });
    if (jumps || ends_block(static_cast<Op>(instructions_[i].op))) return false;
  }
  return false;
}

// Of the instruction at i_ in what is to be inlined: a template that leaves by nothing but leave(), and looks at nothing of the
// frame but registers. Leaves: none is needed, as it hasn't run so far, or raises.
Baseline::InlineTemplate Baseline::inline_template() {
  const Instruction& in = at();
  Op op = static_cast<Op>(in.op);
  Value cache = code_->caches()[i_].get();
  i64 seen = cache.is_small_int() ? cache.small_int() : 0;
  if (leads_to_raise(i_)) return InlineTemplate::Leaves;
  auto when = [](bool is_there) { return is_there ? InlineTemplate::Whole : InlineTemplate::None; };
  auto has_form = [&](std::initializer_list<CacheForm> forms) {
    for (auto* record = cache.as<CacheRecord>(); record; record = record->next_.get())
      if (std::find(forms.begin(), forms.end(), record->form_) == forms.end()) return false;
    return true;
  };
  if (op >= Op::JumpIfTrue && op <= Op::JumpUnlessGeInt) return when(!(seen & kMethodSeen));
  switch (op) {
    case Op::Nop:
    case Op::Move:
    case Op::LoadConst:
    case Op::LoadSmallInt:
    case Op::LoadAbsent:
    case Op::CheckBound:
    case Op::Is:
    case Op::IsNot:
    case Op::Jump:
    case Op::LoadItem:
    case Op::LoadItemInt:
    case Op::Contains:
    case Op::NotContains:
    case Op::UnpackSequence:
    case Op::UnaryNot:
    case Op::Return:
    case Op::ReturnConst: return InlineTemplate::Whole;
    case Op::UnaryNegative:
    case Op::UnaryInvert: return when(!(seen & kMethodSeen));
    case Op::StoreItem: return when(!objects_are_locked());
    case Op::BuildTuple:
    case Op::BuildList: return when(in.c <= kMostItemsInlined);
    case Op::LoadGlobal:
    case Op::LoadGlobalCallee:
    case Op::LoadMethod: return cache.is_cell() ? InlineTemplate::Whole : InlineTemplate::Leaves;
    case Op::LoadAttr:
      if (cache.is_absent()) return InlineTemplate::Leaves;
      return when(cache.is_small_int() ||
                  has_form({CacheForm::Slot, CacheForm::Overflow, CacheForm::ClassValue, CacheForm::Module, CacheForm::TupleItem,
                            CacheForm::ClassVariable, CacheForm::Owner, CacheForm::OwnerVariable, CacheForm::Method}));
    case Op::StoreAttr:
      if (cache.is_absent()) return InlineTemplate::Leaves;
      return when(!objects_are_locked() && (cache.is_small_int() || has_form({CacheForm::Slot, CacheForm::Transition,
                                                                              CacheForm::Overflow, CacheForm::NewOverflow})));
    case Op::BinaryMatMul:
    case Op::InplaceMatMul:
    case Op::BinaryPow:
    case Op::InplacePow: return InlineTemplate::None;
    case Op::BinaryFloorDiv:
    case Op::BinaryMod:
    case Op::BinaryAnd:
    case Op::BinaryOr:
    case Op::BinaryXor:
    case Op::BinaryLShift:
    case Op::BinaryRShift:
    case Op::InplaceFloorDiv:
    case Op::InplaceMod:
    case Op::InplaceAnd:
    case Op::InplaceOr:
    case Op::InplaceXor:
    case Op::InplaceLShift:
    case Op::InplaceRShift: return when(seen == 0);
    case Op::Call:
      return when(call_kinds_[i_] != CallKind::Called && (!objects_are_locked() || call_kinds_[i_] != CallKind::Native));
    default: break;
  }
  bool is_arithmetic = op >= Op::BinaryAdd && op <= Op::InplaceSubInt, is_comparison = op >= Op::CompareLt && op <= Op::CompareGe;
  return when((is_arithmetic || is_comparison) && !(seen & kMethodSeen));
}

// --- translation

// In place of the call at i_. another: as in call_known().
void Baseline::inline_call(Function* function, bool has_self, Label another) {
  const Instruction& in = at();
  Code* callee = function->code();
  all_inlined_.push_back({inlined_,
                          inlined_ ? inlined_->depth + 1 : 1,
                          inlined_ ? inlined_->outermost_call : i_,
                          original(i_),
                          callee,
                          in.a + 2u - has_self,
                          in.a,
                          in.c,
                          {},
                          {}});
  Inlined* call = &all_inlined_.back();
  compiled_->inlined.push(callee);
  need_function(callee, has_self, another);
  need_inline_room(*call);
  if (!inlined_) forget_private_instance();
  u32 argument_end = call->base + callee->argcount_;
  facts_.remove_if([&](const Fact& fact) { return fact.reg >= argument_end; });
  for (u32 k = callee->argcount_; k < callee->frame_local_count_; ++k) store_constant(call->base + k, 0);
  translate_inlined(call);
}

// As need_room() has it, for the frames in which the call is as well. Nothing is polled for: no loop and no call is without.
void Baseline::need_inline_room(const Inlined& call) {
  u32 end = call.base + call.callee->register_count_, others = call.depth - 1;
  a_.load_address(Reg::rcx, place(end));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kRegistersLimit});
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rcx, Mem{kThread, at::kRecursionDepth});
  if (others) a_.alu64(Alu::add, Reg::rcx, static_cast<i32>(others));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, leave());
  a_.load64(Reg::rcx, Mem{kThread, at::kNextFrame});
  if (others) a_.alu64(Alu::sub, Reg::rcx, static_cast<i32>(others * sizeof(Frame)));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kFramesLimit});
  a_.jump_if(Cond::below_equal, leave());
}

// The callee's instructions with registers by the numbers of the outermost caller.
static std::vector<Instruction> with_registers_from(const Code* code, u32 base) {
  std::vector<Instruction> copy(code->instructions(), code->instructions() + code->instruction_count_);
  for (Instruction& in : copy) {
    const OpInfo& info = op_info(static_cast<Op>(in.op));
    auto shift = [base](OperandKind kind, u16& operand) {
      bool is_register = kind == OperandKind::Read || kind == OperandKind::Write || kind == OperandKind::ReadWrite ||
                         kind == OperandKind::Window;
      if (is_register) operand = static_cast<u16>(operand + base);
    };
    shift(info.a, in.a);
    shift(info.b, in.b);
    shift(info.c, in.c);
  }
  return copy;
}

void Baseline::translate_inlined(Inlined* call) {
  inlined_bodies_.emplace_back();
  Translation* body = &inlined_bodies_.back();
  u32 count = call->callee->instruction_count_;
  const LoopPlan* loop = loops_at_[i_];
  call->copy = with_registers_from(call->callee, call->base);
  body->code = call->callee;
  body->instructions = call->copy.data();
  body->count = count;
  body->heads.assign(count + 1, nullptr);
  body->loops_at.assign(count + 1, loop);
  body->labels.resize(count + 1);
  body->leavings.resize(count);
  body->facts_at.resize(count);
  body->ways.resize(count + 1);
  body->inlined = call;
  swap_body(body);
  for (Label& label : labels_) label = a_.make_label();
  find_targets();
  find_calls();
  for (i_ = 0; i_ < count_; ++i_) {
    if (!is_reached_ && ways_[i_].empty()) continue;
    come_to(i_);
    ends_here_ = false;
    if (leads_to_raise(i_))
      leave_always();
    else
      translate(i_);
    is_reached_ = !ends_block(static_cast<Op>(at().op)) && !ends_here_;
  }
  bool falls_through = falls_through_;
  std::vector<Way> returns = std::move(returns_);
  swap_body(body);
  ends_here_ = !falls_through;
  if (!falls_through) facts_.clear();
  for (const Way& way : returns) ways_[i_ + 1].push_back(way);
}

// The result goes to where the call has it, and the translation on behind that.
void Baseline::return_inlined(bool is_constant) {
  const Instruction& in = at();
  u32 result = inlined_->result, base = inlined_->base;
  if (is_constant)
    load_constant(result, code_->consts()->at(static_cast<Index>(in.wide())));
  else
    move_value(result, in.a);
  facts_.remove_if([&](const Fact& fact) { return fact.reg >= base && fact.reg != result; });
  bool is_last = true;
  for (u32 i = i_ + 1; i <= count_; ++i) is_last &= ways_[i].empty();
  if (is_last) {
    falls_through_ = true;
    return;
  }
  Label label = a_.make_label();
  returns_.push_back({label, facts_});
  a_.jump(label);
  facts_.clear();
}

// Of each inlined call, with what is by instruction being its again.
void Baseline::emit_late_ways_of_inlined() {
  for (Translation& body : inlined_bodies_) {
    swap_body(&body);
    emit_ways();
    swap_body(&body);
  }
}

// Behind the exits: the records of the frames in which an instruction of an inlined call is left. To rdx, pc is the
// instruction.
void Baseline::emit_builds() {
  for (const Inlined& innermost : all_inlined_) {
    if (!innermost.build.is_made()) continue;
    std::vector<const Inlined*> calls;
    for (const Inlined* call = &innermost; call; call = call->outer) calls.insert(calls.begin(), call);
    a_.bind(innermost.build);
    u32 base = 0;
    for (const Inlined* call : calls) {
      auto in_caller = [&](u32 n) { return Mem{kRegisters, static_cast<i32>((n - base) * 8)}; };
      a_.move_constant(Reg::r10, reinterpret_cast<u64>(call->call));
      a_.store64(Mem{kFrame, at::kFramePc}, Reg::r10);
      a_.alu64(Alu::add, Mem{kThread, at::kRecursionDepth}, 1);
      a_.load64(Reg::r11, Mem{kThread, at::kNextFrame});
      a_.load64(Reg::rax, in_caller(call->function));
      a_.move_constant(Reg::rcx, reinterpret_cast<u64>(call->callee));
      a_.load_address(Reg::rbx, in_caller(call->base));
      a_.load_address(Reg::r9, in_caller(call->base + call->callee->register_count_));
      make_record(call->result - base, EntryKind::Call);
      base = call->base;
    }
    a_.jump_register(Reg::rdx);
  }
}

}  // namespace baton
