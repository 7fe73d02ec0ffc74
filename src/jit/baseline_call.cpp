// Calls of Python functions by positional arguments, and returns from them: what push_frame and pop_frame do, without a jump to a
// handler when the other side has machine code, too. Of natives: the few that take less time than a call.
#include <algorithm>

#include "interp/interp.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/native.h"
#include "threads/gil.h"

namespace baton {

// What the instruction before the arguments found the last time: the callee of the call at i_, or absent.
Value Baseline::likely_callee() {
  u32 window = at().a;
  likely_self_ = false;
  likely_shape_ = 0;
  likely_is_one_of_many_ = false;
  for (u32 k = i_; k-- > 0 && i_ - k < 64 && !is_target_[k + 1];) {
    const Instruction& in = instructions_[k];
    Op op = static_cast<Op>(in.op);
    if (op == Op::Call && in.c == window) return Value();  // the callee is what that call answered
    if (in.a != window) continue;
    if (op_info(op).a == OperandKind::Write) return Value();  // or something else
    if (op != Op::LoadMethod && op != Op::LoadGlobalCallee) continue;
    Value cache = code_->caches()[k].get();
    if (!cache.is_cell()) return Value();
    auto* record = cache.as<CacheRecord>();
    switch (record->form_) {
      case CacheForm::Global:
      case CacheForm::Builtin:
      case CacheForm::Module: return record->place_->get();
      case CacheForm::Method:  // the value is weak, but the class that has it isn't of another version
      case CacheForm::ClassMethod:
        if (shape_numbered(record->shape_)->type()->version() != record->type_version_) return Value();
        likely_self_ = true;
        likely_is_one_of_many_ = record->next_.get() != nullptr;
        if (record->form_ == CacheForm::Method) likely_shape_ = record->shape_;
        return record->value_.get();
      default: return Value();
    }
  }
  return Value();
}

static NativeDef* native_def(Value callee) {
  if (is_exact<NativeFunction>(callee)) return callee.as<NativeFunction>()->def();
  return is_exact<MethodDescriptor>(callee) ? callee.as<MethodDescriptor>()->def() : nullptr;
}

// The callee, rax, is this native; whatever its address is by then.
void Baseline::need_native(Value callee) {
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, callee.cell()->kind_word(), leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(native_def(callee)));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kNativeDef});
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);  // a call polls
  a_.jump_if(Cond::not_equal, leave());
}

// list.append(x) of a list with room.
void Baseline::call_append(Value callee) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  load(Reg::rax, in.a + 1u);
  a_.alu64(Alu::test, Reg::rax, Reg::rax);
  a_.jump_if(Cond::equal, leave());
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindList, leave());
  append(in.a + 2u);
  store_constant(in.c, Value::kNoneBits);
}

// len() of a built-in container.
void Baseline::call_len(Value callee) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rax, in.a + 2u);
  need_cell(Reg::rax, leave());
  load_length(leave());
  tag_int(Reg::rdx);
  store(in.c, Reg::rdx);
  know_int(in.c);
}

// To what does this call once its callee is checked.
void Baseline::enter_handler_of(CompiledCall call) {
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.jump_address(call_address(call));
  facts_.clear();
}

// A native of any kind. False: it isn't called with what the window has.
bool Baseline::call_any_native(Value callee) {
  NativeDef* def = native_def(callee);
  bool is_method = is_exact<MethodDescriptor>(callee);
  if (is_method) {
    if (!likely_shape_ || (def->flags & kNativeClassMethod) ||
        !shape_numbered(likely_shape_)->type()->is_subtype_of(callee.as<MethodDescriptor>()->owner()))
      return false;
  } else if (callee.as<NativeFunction>()->passes_self()) {
    return false;
  }
  load(Reg::rax, at().a);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, callee.cell()->kind_word(), leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(def));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kNativeDef});
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rdx, at().a + 1u);
  if (is_method) {
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    a_.jump_if(Cond::equal, leave());
    need_cell(Reg::rdx, leave());
    need_shape(Reg::rdx, likely_shape_, leave());
    // Classes may share a definition. The owner is kept by the shape's class.
    a_.move_constant(Reg::rcx, reinterpret_cast<u64>(callee.as<MethodDescriptor>()->owner()));
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kMethodOwner});
    a_.jump_if(Cond::not_equal, leave());
  } else {
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    a_.jump_if(Cond::not_equal, leave());
  }
  enter_handler_of(is_method ? CompiledCall::NativeMethod : CompiledCall::NativeFunction);
  return true;
}

// A class whose class is type.
void Baseline::construct() {
  load(Reg::rax, at().a);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindType, leave());
  a_.alu64(Alu::cmp, reg(at().a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  enter_handler_of(CompiledCall::Construct);
}

// isinstance() with a class whose class is type: what its mro says, but another object's __class__ may say otherwise than no.
// Those that aren't cells are the handler's.
void Baseline::call_isinstance(Value callee) {
  const Instruction& in = at();
  Label yes = a_.make_label(), no = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.a);
  need_native(callee);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rax, in.a + 2u);
  load(Reg::rdx, in.a + 3u);
  need_cell(Reg::rax, leave());
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindType, leave());
  a_.alu32(Alu::cmp, Mem{Reg::rdx, at::kShape}, static_cast<i32>(types.type->instance_shape()->id()));
  a_.jump_if(Cond::not_equal, leave());
  jump_if_instance(yes);
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  for (u16 kind : {kKindStr, kKindList, kKindTuple, kKindDict, kKindBytes, kKindSet}) {
    a_.alu32(Alu::cmp, Reg::rcx, kind);
    a_.jump_if(Cond::equal, no);
  }
  a_.jump(leave());
  a_.bind(no);
  store_constant(in.c, Value::kFalseBits);
  a_.jump(done);
  a_.bind(yes);
  store_constant(in.c, Value::kTrueBits);
  a_.bind(done);
}

// type() of a cell.
void Baseline::call_type() {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.type));
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rax, in.a + 2u);
  need_cell(Reg::rax, leave());
  load_class(Reg::rcx, Reg::rax);
  store(in.c, Reg::rcx);
}

// Tells whether it is a native that a template knows.
bool Baseline::call_native(Value callee) {
  if (callee == Value(types.type) && at().b == 1) {
    call_type();
    return true;
  }
  NativeDef* def = native_def(callee);
  if (!def) return false;
  std::string_view name = def->name();
  bool is_builtin = is_exact<NativeFunction>(callee) && def->module && std::string_view(def->module->name) == "builtins";
  if (is_builtin && name == "isinstance" && at().b == 2) {
    call_isinstance(callee);
    return true;
  }
  if (at().b != 1) return false;
  if (is_exact<MethodDescriptor>(callee) && callee.as<MethodDescriptor>()->owner() == types.list && name == "append") {
    if (objects_are_locked()) return false;
    call_append(callee);
    return true;
  }
  if (is_builtin && name == "len") {
    call_len(callee);
    return true;
  }
  return false;
}

static constexpr u32 kDefault = ~u32{0};  // a parameter's source

// A function: its record is made as push_frame and link_frame do. What is known of the likely one is constant; where there have
// been others, they are called, too.
void Baseline::call() {
  const Instruction& in = at();
  Value likely = likely_callee();
  if (call_native(likely)) return;
  if (native_def(likely)) {
    if (!call_any_native(likely)) leave_always();
    return;
  }
  if (is<Type>(likely)) {
    if (!is_exact<Type>(likely) || !construct_known(likely.as<Type>())) construct();
    return;
  }
  Function* function = is_exact<Function>(likely) ? likely.as<Function>() : nullptr;
  Label another = likely_is_one_of_many_ ? a_.make_label() : leave_counted();
  if (function && call_known(function, {in.b, nullptr}, in.c, another)) {
    if (!likely_is_one_of_many_) return;
    a_.bind(another);
  }
  Label is_function = a_.make_label();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  a_.alu32(Alu::cmp, Reg::rcx, kKindFunction);
  a_.jump_if(Cond::equal, is_function);
  // A bound method is taken apart in the window, as the handler does it.
  a_.alu32(Alu::cmp, Reg::rcx, kKindBoundMethod);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kBoundSelf});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBoundFunction});
  a_.store64(reg(in.a), Reg::rax);
  a_.store64(reg(in.a + 1u), Reg::rcx);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindFunction, leave());
  a_.bind(is_function);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  // rdx: the arguments, self in front if there is one; rsi: how many.
  Label has_no_self = a_.make_label();
  a_.load_address(Reg::rdx, reg(in.a + 2u));
  a_.move_constant(Reg::rsi, in.b);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::equal, has_no_self);
  a_.alu64(Alu::sub, Reg::rdx, 8);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.bind(has_no_self);
  a_.alu32(Alu::cmp, Reg::rsi, Mem{Reg::rcx, at::kCodeSimpleArgcount});
  a_.jump_if(Cond::not_equal, leave());
  choose_registers();
  need_room(nullptr, 0);
  begin_call();
  if (is_generator_code(code_)) copy_arguments();
  Label clear = a_.make_label(), cleared = a_.make_label();
  a_.load32(Reg::r10, Mem{Reg::rcx, at::kCodeFrameLocalCount});
  a_.bind(clear);
  a_.alu32(Alu::cmp, Reg::rsi, Reg::r10);
  a_.jump_if(Cond::above_equal, cleared);
  a_.store64(Mem{Reg::rbx, 0, Reg::rsi, 8}, 0);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.jump(clear);
  a_.bind(cleared);
  enter_callee(nullptr, in.c, EntryKind::Call);
}

void Baseline::call_with_keywords() {
  const Instruction& in = at();
  Value likely = likely_callee();
  Tuple* names = code_->consts()->at(in.c).as<Tuple>();
  u32 positional = in.b - static_cast<u32>(names->length());
  if (is_exact<Function>(likely) && call_known(likely.as<Function>(), {positional, names}, in.a, leave_counted())) return;
  leave_always();
}

// Which argument, positional or by keyword, each parameter of `function` gets: its number, or kDefault. False: binding needs
// more.
static bool match_arguments(Function* function, u32 positional, Tuple* names, std::vector<u32>* sources) {
  Code* code = function->code();
  u32 count = code->simple_argcount();
  if (code->is_lazy() || count == ~u32{0} || positional > count) return false;
  sources->assign(count, kDefault);
  for (u32 k = 0; k < positional; ++k) (*sources)[k] = k;
  for (u32 k = 0; names && k < static_cast<u32>(names->length()); ++k) {
    u32 p = code->posonly_argcount_ > positional ? code->posonly_argcount_ : positional;
    while (p < count && code->varnames()->at(p) != names->at(k)) ++p;  // both are interned
    if (p >= count || (*sources)[p] != kDefault) return false;
    (*sources)[p] = positional + k;
  }
  u32 defaults = function->defaults() ? static_cast<u32>(function->defaults()->length()) : 0;
  for (u32 p = 0; p + defaults < count; ++p)
    if ((*sources)[p] == kDefault) return false;
  return true;
}

// With the code and the number of defaults that `function` has now; another: where to go with functions of other code. False:
// there is no template for these arguments.
bool Baseline::call_known(Function* function, Arguments arguments, u32 result, Label another) {
  const Instruction& in = at();
  auto [positional, names] = arguments;
  Code* callee = function->code();
  bool has_self = likely_self_;
  std::vector<u32> sources;
  if (!match_arguments(function, positional + has_self, names, &sources)) return false;
  u32 given = positional + has_self, by_name = names ? static_cast<u32>(names->length()) : 0;
  compiled_->codes.push(callee);
  load(Reg::rax, in.a);
  need_cell(Reg::rax, another);
  need_kind(Reg::rax, kKindFunction, another);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, another);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(has_self ? Cond::equal : Cond::not_equal, leave());
  a_.load_address(Reg::rdx, reg(in.a + 2u - has_self));
  enter_known(function, sources, {given, by_name}, result, EntryKind::Call);
  return true;
}

// The function rax with code rcx, which is as it is now, is called with what rdx points at. For an __init__ xmm0 is the new
// instance. sources: see match_arguments.
void Baseline::enter_known(Function* function, const std::vector<u32>& sources, Given given, u32 result, EntryKind entry) {
  Code* callee = function->code();
  u32 count = static_cast<u32>(sources.size());
  i32 default_count = 0;
  if (std::find(sources.begin(), sources.end(), kDefault) != sources.end()) {
    default_count = static_cast<i32>(function->defaults()->length());
    load_present(Reg::rsi, Mem{Reg::rax, at::kFunctionDefaults});
    a_.alu64(Alu::cmp, Mem{Reg::rsi, at::kTupleLength}, default_count);
    a_.jump_if(Cond::not_equal, leave());
  }
  choose_registers();
  need_room(callee, given.by_name);
  begin_call();
  if (entry == EntryKind::Init) {  // in the place of the class, and as the first argument
    a_.move_from_xmm(kPc, Xmm::x0);
    a_.store64(reg(at().a), kPc);
    a_.store64(reg(at().a + 1u), kPc);
  }
  auto copy = [&](Reg from, i32 from_index, Reg to, u32 to_index) {  // by pc, which is saved
    a_.load64(kPc, Mem{from, from_index});
    a_.store64(Mem{to, static_cast<i32>(to_index * 8)}, kPc);
  };
  // Keywords' values lie where other parameters may have to go: they make room first.
  for (u32 k = 0; k < given.by_name; ++k) copy(Reg::rdx, static_cast<i32>((given.positional + k) * 8), Reg::r9, k);
  if (is_generator_code(code_))
    for (u32 k = 0; k < given.positional; ++k) copy(Reg::rdx, static_cast<i32>(k * 8), Reg::rbx, k);
  for (u32 p = given.positional; p < count; ++p) {
    if (sources[p] == kDefault)
      copy(Reg::rsi, at::kTupleItems + (default_count - static_cast<i32>(count - p)) * 8, Reg::rbx, p);
    else
      copy(Reg::r9, static_cast<i32>((sources[p] - given.positional) * 8), Reg::rbx, p);
  }
  for (u32 k = count; k < callee->frame_local_count_; ++k) a_.store64(Mem{Reg::rbx, static_cast<i32>(k * 8)}, 0);
  enter_callee(callee, result, entry);
}

// A class whose construction is "allocate, then run a Python __init__", as slow_begin_construct() does it. False: it isn't one
// now, or its __init__ takes other arguments.
bool Baseline::construct_known(Type* type) {
  const Instruction& in = at();
  if (!type->has_flag(kTypeHeap) || type_of(Value(type)) != types.type || type->version() == 0 ||
      type->instance_kind() != kKindObject)
    return false;
  if (type->slot(Slot::new_) != types.object->slot(Slot::new_) || !is_exact<Function>(type->slot(Slot::init))) return false;
  auto* init = type->slot(Slot::init).as<Function>();
  std::vector<u32> sources;
  constexpr usize kMostBytes = 256;
  if (instance_bytes(type) > kMostBytes || is_generator_code(init->code()) ||
      !match_arguments(init, in.b + 1u, nullptr, &sources))
    return false;
  Shape* shape = type->instance_shape();
  compiled_->shapes.push(shape->id());
  compiled_->codes.push(init->code());
  load(Reg::rax, in.a);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(type));
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu32(Alu::cmp, Mem{Reg::rax, at::kShape}, static_cast<i32>(type->shape_id()));  // its class is still type
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Mem{Reg::rax, at::kTypeVersion}, static_cast<i32>(type->version()));
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kTypeFlags});
  a_.alu32(Alu::and_, Reg::rcx, static_cast<i32>(kTypeAbstract | kTypeHasDel));
  a_.jump_if(Cond::not_equal, leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(shape));  // it grows with the attributes that instances get
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kTypeInstanceShape});
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(init));  // kept by the class of that version
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(init->code()));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, leave_counted());
  allocate_instance(Reg::rdx, type);
  a_.move_to_xmm(Xmm::x0, Reg::rdx);  // a cell that nobody has, if it isn't called after all
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.load_address(Reg::rdx, reg(in.a + 1u));
  enter_known(init, sources, {in.b + 1u, 0}, in.c, EntryKind::Init);
  return true;
}

// rbx: the callee's registers: its arguments in the window, rdx; but a generator's window has nothing behind it (see
// callee_registers).
void Baseline::choose_registers() {
  if (is_generator_code(code_))
    a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  else
    a_.move(Reg::rbx, Reg::rdx);
}

// The last checks before a call of the function rax with code rcx (callee, if known): its machine code's entries to r8, the end
// of its registers to r9 with room for `more` words behind, its frame record to r11, the depth to r10.
void Baseline::need_room(const Code* callee, u32 more) {
  load_present(Reg::r8, Mem{Reg::rcx, at::kCodeCompiled});
  if (callee) {
    a_.load_address(Reg::r9, Mem{Reg::rbx, static_cast<i32>(callee->register_count_ * 8)});
  } else {
    a_.load32(Reg::r9, Mem{Reg::rcx, at::kCodeRegisterCount});
    a_.load_address(Reg::r9, Mem{Reg::rbx, 0, Reg::r9, 8});
  }
  Reg end = Reg::r9;
  if (more) {
    end = Reg::r10;
    a_.load_address(end, Mem{Reg::r9, static_cast<i32>(more * 8)});
  }
  a_.alu64(Alu::cmp, end, Mem{kThread, at::kRegistersLimit});
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::r10, Mem{kThread, at::kRecursionDepth});
  a_.alu64(Alu::cmp, Reg::r10, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, leave());
  a_.load64(Reg::r11, Mem{kThread, at::kNextFrame});
  a_.alu64(Alu::cmp, Reg::r11, Mem{kThread, at::kFramesLimit});
  a_.jump_if(Cond::below_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
}

// Nothing stops it any more.
void Baseline::begin_call() {
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.store64(Mem{kThread, at::kRecursionDepth}, Reg::r10);
}

// Makes the record r11 and goes there.
void Baseline::enter_callee(const Code* callee, u32 result, EntryKind entry) {
  a_.load_address(Reg::rsi, Mem{Reg::r11, -static_cast<i32>(sizeof(Frame))});
  a_.store64(Mem{kThread, at::kNextFrame}, Reg::rsi);
  a_.store64(Mem{Reg::r11, at::kFramePrevious}, kFrame);
  a_.store64(Mem{Reg::r11, at::kFrameFunction}, Reg::rax);
  a_.store64(Mem{Reg::r11, at::kFrameCode}, Reg::rcx);
  a_.store64(Mem{Reg::r11, at::kFrameRegisters}, Reg::rbx);
  a_.store64(Mem{Reg::r11, at::kFrameStackTop}, Reg::r9);
  if (callee)
    a_.move_constant(kPc, reinterpret_cast<u64>(callee->instructions()));
  else
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
  a_.store32(Mem{Reg::r11, at::kFrameReturnRegister}, static_cast<i32>(result));
  a_.store32(Mem{Reg::r11, at::kFrameEntry}, static_cast<i32>(entry));
  a_.store32(Mem{Reg::r11, at::kFrameTraceLine}, -1);
  a_.store64(Mem{kThread, at::kTopFrame}, Reg::r11);
  a_.move(kFrame, Reg::r11);
  a_.move(kRegisters, Reg::rbx);
  a_.jump_memory(Mem{kPc, 0, Reg::r8, 1});
  facts_.clear();
}

// A property's getter, of the object rax, which such a property's class and version have been checked of.
void Baseline::call_getter(Function* getter) {
  Code* callee = getter->code();
  compiled_->codes.push(callee);
  a_.move(Reg::rdx, Reg::rax);
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(getter));
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  need_room(callee, 0);
  begin_call();
  a_.store64(Mem{Reg::rbx}, Reg::rdx);
  for (u32 k = 1; k < callee->frame_local_count_; ++k) a_.store64(Mem{Reg::rbx, static_cast<i32>(k * 8)}, 0);
  enter_callee(callee, at().a, EntryKind::Call);
}

// rsi words from rdx to rbx; uses r10 and pc, which is saved.
void Baseline::copy_arguments() {
  Label next = a_.make_label(), copied = a_.make_label();
  a_.move_constant(Reg::r10, 0);
  a_.bind(next);
  a_.alu64(Alu::cmp, Reg::r10, Reg::rsi);
  a_.jump_if(Cond::above_equal, copied);
  a_.load64(kPc, Mem{Reg::rdx, 0, Reg::r10, 8});
  a_.store64(Mem{Reg::rbx, 0, Reg::r10, 8}, kPc);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.jump(next);
  a_.bind(copied);
}

// To a caller in this loop, out of an __init__ that made an instance, or to the native that called. A frame with a frame object,
// a generator's, or a traced one is the handler's.
void Baseline::return_value(bool is_constant) {
  const Instruction& in = at();
  Value constant = is_constant ? code_->consts()->at(static_cast<Index>(in.wide())) : Value();
  Label is_call = a_.make_label(), is_native = a_.make_label();
  a_.alu64(Alu::cmp, Mem{kFrame, at::kFrameObject}, 0);
  a_.jump_if(Cond::not_equal, leave());
  if (is_constant)
    a_.move_constant(Reg::rax, constant.bits());
  else
    load(Reg::rax, in.a);
  if (is_generator_code(code_)) return return_from_generator();
  a_.load32(Reg::rdx, Mem{kFrame, at::kFrameEntry});  // and what tells that it is traced
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Call));
  a_.jump_if(Cond::equal, is_call);
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Native));
  a_.jump_if(Cond::equal, is_native);
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Init));
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::not_equal, leave());
  drop_frame(Caller::Python);
  a_.load16(Reg::rdx, Mem{kPc, offsetof(Instruction, a)});  // where the call has its callable is the instance now
  a_.load64(Reg::rax, Mem{kRegisters, 0, Reg::rdx, 8});
  Label store_result = a_.make_label();
  a_.jump(store_result);
  a_.bind(is_native);
  a_.alu64(Alu::cmp, Mem{kFrame, at::kFrameGenerator}, 0);
  a_.jump_if(Cond::not_equal, leave());
  drop_frame(Caller::Native);
  a_.leave_function();  // the dispatch loop ends with the value in rax
  a_.bind(is_call);
  drop_frame(Caller::Python);
  a_.bind(store_result);
  go_on_behind_call();
}

// With rax as the result, in the register whose number is rcx.
void Baseline::go_on_behind_call() {
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::rax);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
}

// Python: its state, and the register for the result in rcx. Keeps rax.
void Baseline::drop_frame(Caller caller) {
  a_.store64(Mem{kThread, at::kNextFrame}, kFrame);
  a_.load32(Reg::rcx, Mem{kFrame, at::kFrameReturnRegister});
  a_.load64(kFrame, Mem{kFrame, at::kFramePrevious});
  a_.store64(Mem{kThread, at::kTopFrame}, kFrame);
  a_.alu64(Alu::sub, Mem{kThread, at::kRecursionDepth}, 1);
  if (caller == Caller::Native) return;
  a_.load64(kRegisters, Mem{kFrame, at::kFrameRegisters});
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
}

// At kPc of kFrame, whose code may have no machine code.
void Baseline::go_on_in_frame() {
  Label interpreted = a_.make_label();
  a_.load64(Reg::rdx, Mem{kFrame, at::kFrameCode});
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kCodeCompiled});
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
    case Op::CallKw: call_with_keywords(); return true;
    case Op::Send: send(); return true;
    case Op::ReturnGenerator: return_generator(); return true;
    case Op::GetAwaitable: get_awaitable(); return true;
    case Op::Yield:
    case Op::YieldFrom: yield(); return true;
    case Op::Return: return_value(false); return true;
    case Op::ReturnConst: return_value(true); return true;
    default: return false;
  }
}

}  // namespace baton
