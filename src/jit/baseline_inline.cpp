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
  std::swap(private_, body->privates);
}

// --- what is inlined

// How each call is going to be translated.
void Baseline::find_calls() {
  u32 before = i_;
  call_kinds_.assign(count_ + 1, CallKind::Called);
  for (i_ = 0; i_ < count_; ++i_) {
    Op op = static_cast<Op>(at().op);
    bool is_getter = op == Op::LoadAttr;
    if ((op != Op::Call && op != Op::CallKw && !is_getter) || is_left_often(i_) || is_cold(i_)) continue;
    if (!inlined_ && has_been_left(i_)) {
      compiled_->calls.push({i_, kNoPatience, 0});
      continue;
    }
    Value callee = is_getter ? Value() : likely_callee();
    Binding binding;
    if (op == Op::Call && native_template(callee) != NativeTemplate::None) {
      call_kinds_[i_] = CallKind::Native;
    } else if (Function* function = is_getter ? getter_to_inline() : function_to_inline(callee, &binding)) {
      u32 size = inlined_size(function->code(), is<Type>(callee));
      if (size == 0 || (!inlined_ && size > inline_room_)) continue;
      call_kinds_[i_] = CallKind::Inlined;
      if (inlined_) continue;
      inline_room_ -= size;
      compiled_->calls.push({i_, kExitsOfInlined, 0});
    }
  }
  i_ = before;
}

// The machine code before had the call of the code itself inlined, and left it too often.
bool Baseline::has_been_left(u32 call) const {
  const CompiledCode* old = code_->compiled_;
  return old && std::any_of(old->calls.begin(), old->calls.end(),
                            [=](const InlinedCall& c) { return c.call == call && c.left == kNoPatience; });
}
i32* Baseline::exits_left(u32 call) {
  for (InlinedCall& each : compiled_->calls)
    if (each.call == call) return &each.left;
  return &compiled_->budget;  // not reached
}

// What the call at i_ runs if its callee is this, and how its arguments bind, if it may be inlined: else null.
Function* Baseline::function_to_inline(Value callee, Binding* binding) {
  u32 self = likely_self_;
  if (is_exact<Type>(callee)) {
    if (!is_constructed_plainly(callee.as<Type>())) return nullptr;
    callee = callee.as<Type>()->slot(Slot::init);
    self = 1;
  }
  if (!is_exact<Function>(callee)) return nullptr;
  auto* function = callee.as<Function>();
  Arguments arguments = arguments_here();
  return may_inline(function) && bind(function, arguments.positional + self, arguments.names, binding) ? function : nullptr;
}

// That of the property, of one class, that the LoadAttr at i_ has found: null.
Function* Baseline::getter_to_inline() {
  Value cache = code_->caches()[i_].get();
  if (!cache.is_cell()) return nullptr;
  auto* record = cache.as<CacheRecord>();
  if (record->form_ != CacheForm::Property || !record->shape_ || record->next_.get() ||
      shape_numbered(record->shape_)->type()->version() != record->type_version_)
    return nullptr;
  auto* function = record->value_.get().as<Function>();
  return may_inline(function) && function->code()->simple_argcount() == 1 ? function : nullptr;
}

bool Baseline::may_inline(Function* function) {
  Code* code = function->code();
  u32 depth = inlined_ ? inlined_->depth : 0;
  if (depth == kMostDepth || inline_room_ == 0 || is_generator_code(root_code_) || code->is_lazy() ||
      (inlined_ && code == root_code_) || is_generator_code(code) || code->has_flag(kCodeVarArgs) ||
      code->has_flag(kCodeVarKeywords) || code->kwonly_argcount_)
    return false;
  for (const Inlined* around = inlined_; around; around = around->outer)
    if (around->callee == code) return false;
  return true;
}

// How many instructions of the code are translated, those of calls in it included; 0: it isn't inlined.
u32 Baseline::inlined_size(Code* callee, bool is_init) {
  if (callee->instruction_count_ > 3 * kMostInstructions) return 0;
  Inlined call;
  call.outer = inlined_;
  call.depth = inlined_ ? inlined_->depth + 1 : 1;
  call.callee = callee;
  Translation body;
  body.code = callee;
  body.instructions = callee->instructions();
  body.count = callee->instruction_count_;
  body.inlined = &call;
  swap_body(&body);
  find_targets();
  find_calls();
  u32 size = 0;
  bool is_wanted = true, has_return = false;
  std::vector<u8> is_reached(count_ + 1, 0);
  is_reached[0] = 1;
  for (i_ = 0; i_ < count_ && is_wanted; ++i_) {
    if (!is_reached[i_]) continue;
    Op op = static_cast<Op>(at().op);
    if (inline_template(is_init) != InlineTemplate::Whole) {
      is_wanted &= op != Op::JumpBack;  // a round of a loop would be here, and the others there
      continue;
    }
    size += size_here();
    has_return |= op == Op::Return || op == Op::ReturnConst;
    for_each_jump(instructions_, i_, [&](i64 to) {
      is_wanted &= to > i_;
      if (to > i_) is_reached[static_cast<usize>(to)] = 1;
    });
    if (!ends_block(op)) is_reached[i_ + 1] = 1;
  }
  is_wanted &= has_return;  // else nothing would be gained
  swap_body(&body);
  return is_wanted && size <= kMostInstructions ? size : 0;
}
u32 Baseline::size_here() {
  if (call_kinds_[i_] != CallKind::Inlined) return 1;
  bool is_getter = static_cast<Op>(at().op) == Op::LoadAttr;
  Value callee = is_getter ? Value() : likely_callee();
  Binding binding;
  Function* function = is_getter ? getter_to_inline() : function_to_inline(callee, &binding);
  return 1 + (function ? inlined_size(function->code(), is<Type>(callee)) : 0);
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

// Of the instruction at i_ in what is to be inlined: whether it has a template that leaves by nothing but leave(), and looks at
// nothing of the frame but registers. Leaves: none is needed, as it hasn't run so far, or raises. None: the callee goes on in a
// frame of its own from there.
Baseline::InlineTemplate Baseline::inline_template(bool is_init) {
  const Instruction& in = at();
  Op op = static_cast<Op>(in.op);
  Value cache = code_->caches()[i_].get();
  i64 seen = cache.is_small_int() ? cache.small_int() : 0;
  if (leads_to_raise(i_)) return InlineTemplate::Leaves;
  if (enters_item_method(i_)) return InlineTemplate::None;
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
    case Op::CopyFreeVars:
    case Op::LoadDeref: return InlineTemplate::Whole;
    case Op::Return: return when(!is_init);
    case Op::ReturnConst: return when(!is_init || code_->consts()->at(static_cast<Index>(in.wide())).is_none());
    case Op::UnaryNegative:
    case Op::UnaryInvert: return when(!(seen & kMethodSeen));
    case Op::StoreItem: return InlineTemplate::Whole;
    case Op::BuildTuple:
    case Op::BuildList: return when(in.c <= kMostItemsInlined);
    case Op::LoadGlobal:
    case Op::LoadGlobalCallee:
    case Op::StoreGlobal:
    case Op::LoadMethod: return cache.is_cell() ? InlineTemplate::Whole : InlineTemplate::Leaves;
    case Op::LoadAttr:
      if (call_kinds_[i_] == CallKind::Inlined) return InlineTemplate::Whole;
      if (cache.is_absent()) return InlineTemplate::Leaves;
      return when(cache.is_small_int() ||
                  has_form({CacheForm::Slot, CacheForm::Overflow, CacheForm::ClassValue, CacheForm::Module, CacheForm::TupleItem,
                            CacheForm::ClassVariable, CacheForm::Owner, CacheForm::OwnerVariable, CacheForm::Method}));
    case Op::StoreAttr:
      if (cache.is_absent()) return InlineTemplate::Leaves;
      return when(cache.is_small_int() || has_form({CacheForm::Slot, CacheForm::Transition, CacheForm::Overflow,
                                                    CacheForm::NewOverflow, CacheForm::OwnerVariable}));
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
    case Op::InplaceRShift: return when(seen == 0 || seen == kWideSeen);
    case Op::Call: return when(call_kinds_[i_] != CallKind::Called);
    default: break;
  }
  bool is_arithmetic = op >= Op::BinaryAdd && op <= Op::InplaceSubInt, is_comparison = op >= Op::CompareLt && op <= Op::CompareGe;
  return when((is_arithmetic || is_comparison) && !(seen & kMethodSeen));
}

// --- translation

Baseline::Inlined* Baseline::begin_inlined(Code* callee, bool has_self) {
  const Instruction& in = at();
  all_inlined_.emplace_back();
  Inlined* call = &all_inlined_.back();
  call->outer = inlined_;
  call->depth = inlined_ ? inlined_->depth + 1 : 1;
  call->outermost_call = inlined_ ? inlined_->outermost_call : i_;
  call->call = original(i_);
  call->callee = callee;
  call->base = in.a + 2u - has_self;
  call->callable = in.a;
  call->result = static_cast<Op>(in.op) == Op::Call ? in.c : in.a;
  compiled_->inlined.push(callee);
  return call;
}

// In place of the call at i_. another: as in call_known().
void Baseline::inline_call(Function* function, Label another) {
  bool has_self = likely_self_;
  Arguments arguments = arguments_here();
  Binding binding;
  bind(function, arguments.positional + has_self, arguments.names, &binding);  // as when it was chosen
  Inlined* call = begin_inlined(function->code(), has_self);
  need_function(call->callee, has_self, another);
  need_inline_room(*call, binding.by_name);
  forget_private_instance();
  need_defaults(binding, function);
  bind_inlined(*call, binding, function);
  translate_inlined(call);
}

// In place of the call of a class at i_, behind the guards: rax is its __init__.
void Baseline::inline_init(Type* type, Function* init, const Binding& binding) {
  Inlined* call = begin_inlined(init->code(), true);
  call->function = init;
  call->is_init = true;
  need_inline_room(*call, binding.by_name);
  need_defaults(binding, init);
  allocate_instance(Reg::rdx, type);
  note_private_instance(Reg::rdx);
  store(call->callable, Reg::rdx);
  store(call->base, Reg::rdx);
  know_shape(call->base, type->instance_shape()->id());
  bind_inlined(*call, binding, init);
  translate_inlined(call);
  private_.result_is_private();
}

// In place of the LoadAttr at i_. The getter's registers are behind its caller's.
void Baseline::inline_getter() {
  const Instruction& in = at();
  auto* record = code_->caches()[i_].get().as<CacheRecord>();
  auto* function = record->value_.get().as<Function>();
  Code* callee = function->code();
  Inlined* call = begin_inlined(callee, true);
  call->function = function;
  call->base = (inlined_ ? inlined_->base : 0) + code_->register_count_;
  compiled_->codes.push(callee);
  load(Reg::rax, in.b);
  need_object(Reg::rax, in.b, record->shape_, leave_counted());
  need_version(shape_numbered(record->shape_)->type(), record->type_version_, leave_counted());
  know_version(shape_numbered(record->shape_)->type(), record->type_version_);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(function));
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rsi, Mem{Reg::rcx, at::kFunctionCode});
  a_.jump_if(Cond::not_equal, leave_counted());
  need_inline_room(*call, 0);
  forget_private_instance();
  forget_from(call->base);
  move_value(call->base, in.b);
  for (u32 k = 1; k < callee->frame_local_count_; ++k) store_constant(call->base + k, 0);
  translate_inlined(call);
}

// As many defaults as there are now, if some are needed, of the function rax: in rsi.
void Baseline::need_defaults(const Binding& binding, Function* function) {
  if (std::find(binding.sources.begin(), binding.sources.end(), kDefault) == binding.sources.end()) return;
  load_present(Reg::rsi, Mem{Reg::rax, at::kFunctionDefaults});
  a_.alu64(Alu::cmp, Mem{Reg::rsi, at::kTupleLength}, static_cast<i32>(function->defaults()->length()));
  a_.jump_if(Cond::not_equal, leave());
}

// Arguments to parameters, defaults from the tuple rsi. Nothing leaves here.
void Baseline::bind_inlined(const Inlined& call, const Binding& binding, Function* function) {
  u32 count = static_cast<u32>(binding.sources.size()), end = call.base + call.callee->register_count_;
  forget_from(call.base + binding.given + binding.by_name);
  // Keywords' values lie where other parameters may have to go: they make room first.
  for (u32 k = 0; k < binding.by_name; ++k) move_value(end + k, call.base + binding.given + k);
  for (u32 p = binding.positional; p < count; ++p) {
    if (binding.sources[p] != kDefault) {
      move_value(call.base + p, end + binding.sources[p]);
    } else {
      i32 from_end = static_cast<i32>(count - p), defaults = static_cast<i32>(function->defaults()->length());
      a_.load64(Reg::rcx, Mem{Reg::rsi, at::kTupleItems + (defaults - from_end) * 8});
      store(call.base + p, Reg::rcx);
    }
  }
  forget_from(call.base + count);
  for (u32 k = count; k < call.callee->frame_local_count_; ++k) store_constant(call.base + k, 0);
}

// The function that is inlined.
void Baseline::load_function(Reg to) {
  if (inlined_->function)
    a_.move_constant(to, reinterpret_cast<u64>(inlined_->function));  // kept by the class, whose version has been looked at
  else
    a_.load64(to, place(inlined_->callable));
}
// The globals or builtins, of the frame or of the function that is inlined.
void Baseline::load_of_function(Reg to, i32 frame_field, i32 function_field) {
  if (!inlined_) return a_.load64(to, Mem{kFrame, frame_field});
  load_function(to);
  a_.load64(to, Mem{to, function_field});
}

// As need_room() has it, for the frames in which the call is as well, and for more that may come: so others needn't ask. What the
// poll word asks for comes before the outermost one: tracing may have begun in what the caller called last. Uses rcx.
void Baseline::need_inline_room(const Inlined& call, u32 more) {
  u32 end = call.base + call.callee->register_count_ + more;
  Fact room = room_fact();
  if (!knows_shapes_ || end > room.cell) return emit_room_check(end, call.depth, leave());
  for (const Fact& fact : facts_)
    if (fact.kind == Fact::kRoom) return;
  emit_room_check(room.cell, room.version, leave());
  make_room_for_fact();
  facts_.add(room);
}
// Registers up to this number, and so many frames, are enough for most inlined calls of the code.
Baseline::Fact Baseline::room_fact() const {
  constexpr u32 kMoreRegisters = 120;
  return Fact::of_cell(Fact::kNoRegister, Fact::kRoom, root_code_->register_count_ + kMoreRegisters, kMostDepth);
}
// For registers up to number `end` and so many frames.
void Baseline::emit_room_check(u32 end, u32 frames, Label otherwise) {
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, otherwise);
  a_.load_address(Reg::rcx, place(end));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kRegistersLimit});
  a_.jump_if(Cond::above, otherwise);
  a_.load64(Reg::rcx, Mem{kThread, at::kRecursionDepth});
  if (frames > 1) a_.alu64(Alu::add, Reg::rcx, static_cast<i32>(frames - 1));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, otherwise);
  a_.load64(Reg::rcx, Mem{kThread, at::kNextFrame});
  if (frames > 1) a_.alu64(Alu::sub, Reg::rcx, static_cast<i32>((frames - 1) * sizeof(Frame)));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{kThread, at::kFramesLimit});
  a_.jump_if(Cond::below_equal, otherwise);
}

// The callee's instructions with registers by the numbers of the outermost caller.
static std::vector<Instruction> with_registers_from(const Code* code, u32 base) {
  std::vector<Instruction> copy(code->instructions(), code->instructions() + code->instruction_count_);
  for (Instruction& in : copy) {
    const OpInfo& info = op_info(static_cast<Op>(in.op));
    if (static_cast<Op>(in.op) == Op::CopyFreeVars) in.a = static_cast<u16>(in.a + base);  // the number of a register
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
  check_written();
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
  if (objects_are_locked()) private_.begin(instructions_, count_);
  if (objects_are_locked() && call->is_init) private_.begins_private(call->base);
  for (i_ = 0; i_ < count_; ++i_) {
    private_.come_to(i_);
    if (!is_reached_ && ways_[i_].empty()) {
      private_.pass(i_);
      continue;
    }
    come_to(i_);
    ends_here_ = false;
    InlineTemplate kind = inline_template(call->is_init);
    if (kind == InlineTemplate::None)
      go_on_outside();
    else if (leads_to_raise(i_))
      leave_always();
    else
      translate(i_);
    check_written();
    private_.pass(i_);
    is_reached_ = !ends_block(static_cast<Op>(at().op)) && !ends_here_;
  }
  bool falls_through = falls_through_;
  std::vector<Way> returns = std::move(returns_);
  swap_body(body);
  ends_here_ = !falls_through;
  if (!falls_through) facts_.clear();
  for (const Way& way : returns) ways_[i_ + 1].push_back(way);
}

// From this instruction on the callee's own machine code, if it has some, does it.
void Baseline::go_on_outside() {
  a_.jump(exit_to(i_, Why::Outside, facts_));
  end_here();
}

// The result goes to where the call has it, and the translation on behind that.
void Baseline::return_inlined(bool is_constant) {
  const Instruction& in = at();
  u32 result = inlined_->result, base = inlined_->base;
  if (inlined_->is_init && objects_are_locked() && !private_.has(base)) forget_private_instance();
  if (inlined_->is_init)
    move_value(result, inlined_->callable);
  else if (is_constant)
    load_constant(result, code_->consts()->at(static_cast<Index>(in.wide())));
  else
    move_value(result, in.a);
  facts_.remove_if([&](const Fact& fact) { return fact.reg >= base && fact.reg != result && fact.reg != Fact::kNoRegister; });
  bool is_last = true;
  for (u32 i = i_ + 1; i <= count_; ++i) is_last &= ways_[i].empty();
  if (is_last) {
    falls_through_ = true;
    return;
  }
  Label label = a_.make_label();
  returns_.push_back({label, keep(facts_)});
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
      if (call->function)
        a_.move_constant(Reg::rax, reinterpret_cast<u64>(call->function));
      else
        a_.load64(Reg::rax, in_caller(call->callable));
      a_.move_constant(Reg::rcx, reinterpret_cast<u64>(call->callee));
      a_.load_address(Reg::rbx, in_caller(call->base));
      a_.load_address(Reg::r9, in_caller(call->base + call->callee->register_count_));
      make_record(call->result - base, call->is_init ? EntryKind::Init : EntryKind::Call);
      base = call->base;
    }
    a_.jump_register(Reg::rdx);
  }
}

}  // namespace baton
