// Calls of Python functions by positional arguments, and returns from them: what push_frame and pop_frame do, without a jump to a
// handler when the other side has machine code, too. Calls of natives are in baseline_native_call.cpp.
#include <algorithm>

#include "interp/interp.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/dict_inline.h"
#include "objects/native.h"
#include "objects/operators.h"
#include "objects/str.h"
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
    if (op_info(op).a == OperandKind::Write) return function_of_variable(in);  // or something else
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
      case CacheForm::SuperMethod:
        if (static_cast<Type*>(record->second_table_.get())->version() != record->type_version_) return Value();
        likely_self_ = true;
        likely_is_one_of_many_ = record->next_.get() != nullptr;
        return record->value_.get();
      default: return Value();
    }
  }
  return Value();
}

// That a variable has now which this instruction loads: the next one may be another one.
Value Baseline::function_of_variable(const Instruction& load) {
  Value now;
  if (static_cast<Op>(load.op) == Op::Move) {
    now = value_now(load.b);
  } else if (static_cast<Op>(load.op) == Op::LoadDeref) {
    Value cell = value_now(load.b);
    if (cell.is_present() && is_exact<ClosureCell>(cell)) now = cell.as<ClosureCell>()->get();
  }
  if (now.is_absent() || !is_exact<Function>(now)) return Value();
  likely_is_one_of_many_ = true;
  return now;
}

static constexpr u32 kMostItems = 16;  // of a tuple of *args

// A function: its record is made as push_frame and link_frame do. What is known of the likely one is constant; where there have
// been others, they are called, too.
void Baseline::call() {
  const Instruction& in = at();
  Value likely = likely_callee();
  if (call_native(likely)) return;
  if (native_def(likely)) {
    if (call_any_native(likely)) return;
    if (!is_exact<NativeFunction>(likely)) return leave_always();
  }
  if (likely == Value(types.super) && in.b == 0 && call_super()) return;
  if (is<Type>(likely)) {
    if (!is_exact<Type>(likely) || !construct_known(likely.as<Type>(), arguments_here(), in.c)) construct();
    return;
  }
  Function* function = is_exact<Function>(likely) ? likely.as<Function>() : nullptr;
  // Within an inlined call there is no frame to call others from.
  bool has_others = likely_is_one_of_many_ && !inlined_;
  Label another = has_others ? a_.make_label() : likely_is_one_of_many_ ? exit_to(i_, Why::Outside, at_begin_) : leave_counted();
  if (call_kinds_[i_] == CallKind::Inlined) {
    Facts before = at_begin_;
    inline_call(function, another);
    if (!has_others) return;
    if (!ends_here_) a_.jump(way_to(i_ + 1));
    a_.bind(another);
    ends_here_ = false;
    facts_ = before;
    write_back_all(i_);
    function = nullptr;
  }
  if (function && call_known(function, arguments_here(), in.c, another)) {
    if (!likely_is_one_of_many_) return;
    a_.bind(another);
  }
  if (!call_append_of_variable()) call_anything();
}

// Of the Call or CallKw at i_.
Baseline::Arguments Baseline::arguments_here() const {
  const Instruction& in = at();
  if (static_cast<Op>(in.op) == Op::Call) return {in.b, nullptr};
  Tuple* names = code_->consts()->at(in.c).as<Tuple>();
  return {in.b - static_cast<u32>(names->length()), names};
}

void Baseline::call_with_keywords() {
  const Instruction& in = at();
  Value likely = likely_callee();
  Arguments arguments = arguments_here();
  if (is_exact<Function>(likely)) {
    Label another = likely_is_one_of_many_ ? leave() : leave_counted();
    if (call_kinds_[i_] == CallKind::Inlined) return inline_call(likely.as<Function>(), another);
    if (call_known(likely.as<Function>(), arguments, in.a, another)) return;
  }
  if (is_exact<Type>(likely) && construct_known(likely.as<Type>(), arguments, in.a)) return;
  leave_always();
}

// A Python function of parameters without stars by the items of a tuple and its defaults, and by no keywords; self may be in
// front of them.
void Baseline::call_with_tuple() {
  const Instruction& in = at();
  Label is_function = a_.make_label(), no_dict = a_.make_label(), no_self = a_.make_label();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  a_.alu32(Alu::cmp, Reg::rcx, kKindFunction);
  a_.jump_if(Cond::equal, is_function);
  a_.alu32(Alu::cmp, Reg::rcx, kKindBoundMethod);  // taken apart in the window
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kBoundSelf});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBoundFunction});
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindFunction, leave());
  a_.store64(reg(in.a), Reg::rax);
  a_.store64(reg(in.a + 1u), Reg::rcx);
  a_.bind(is_function);
  load(Reg::rdx, in.a + 3u);
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::equal, no_dict);
  need_kind(Reg::rdx, kKindDict, leave());
  a_.alu64(Alu::cmp, Mem{Reg::rdx, at::kDictLength}, 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(no_dict);
  load(Reg::rdx, in.a + 2u);
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindTuple, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kTupleLength});
  a_.move(Reg::r10, Reg::rsi);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::equal, no_self);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.bind(no_self);
  Label is_complete = a_.make_label();
  a_.load32(Reg::r8, Mem{Reg::rcx, at::kCodeSimpleArgcount});  // large where stars need more
  a_.alu64(Alu::sub, Reg::r8, Reg::r10);
  a_.jump_if(Cond::equal, is_complete);
  load_present(Reg::r9, Mem{Reg::rax, at::kFunctionDefaults});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::r9, at::kTupleLength});
  a_.jump_if(Cond::above, leave());
  a_.move_to_xmm(Xmm::x0, Reg::r9);
  a_.bind(is_complete);
  a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  need_room(nullptr, 0);
  begin_call();
  Label no_self_to_copy = a_.make_label(), next = a_.make_label(), copied = a_.make_label(), clear = a_.make_label(),
        cleared = a_.make_label();
  a_.move(Reg::r10, Reg::rbx);
  load(kPc, in.a + 1u);
  a_.alu64(Alu::test, kPc, kPc);
  a_.jump_if(Cond::equal, no_self_to_copy);
  a_.store64(Mem{Reg::r10}, kPc);
  a_.alu64(Alu::add, Reg::r10, 8);
  a_.bind(no_self_to_copy);
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::rsi, 1);
  a_.jump_if(Cond::sign, copied);
  a_.load64(kPc, Mem{Reg::rdx, at::kTupleItems});
  a_.store64(Mem{Reg::r10}, kPc);
  a_.alu64(Alu::add, Reg::rdx, 8);
  a_.alu64(Alu::add, Reg::r10, 8);
  a_.jump(next);
  a_.bind(copied);
  // The last of the defaults, as many as are missing.
  Label next_default = a_.make_label(), bound = a_.make_label();
  a_.load32(Reg::rsi, Mem{Reg::rcx, at::kCodeSimpleArgcount});
  a_.load_address(Reg::rsi, Mem{Reg::rbx, 0, Reg::rsi, 8});
  a_.alu64(Alu::cmp, Reg::r10, Reg::rsi);
  a_.jump_if(Cond::above_equal, bound);
  a_.move_from_xmm(Reg::rdx, Xmm::x0);
  a_.load64(kPc, Mem{Reg::rdx, at::kTupleLength});
  a_.load_address(Reg::rdx, Mem{Reg::rdx, at::kTupleItems, kPc, 8});
  a_.alu64(Alu::sub, Reg::rdx, Reg::rsi);
  a_.alu64(Alu::add, Reg::rdx, Reg::r10);
  a_.bind(next_default);
  a_.load64(kPc, Mem{Reg::rdx});
  a_.store64(Mem{Reg::r10}, kPc);
  a_.alu64(Alu::add, Reg::rdx, 8);
  a_.alu64(Alu::add, Reg::r10, 8);
  a_.alu64(Alu::cmp, Reg::r10, Reg::rsi);
  a_.jump_if(Cond::below, next_default);
  a_.bind(bound);
  a_.load32(Reg::rsi, Mem{Reg::rcx, at::kCodeFrameLocalCount});
  a_.load_address(Reg::rsi, Mem{Reg::rbx, 0, Reg::rsi, 8});
  a_.bind(clear);
  a_.alu64(Alu::cmp, Reg::r10, Reg::rsi);
  a_.jump_if(Cond::above_equal, cleared);
  a_.store64(Mem{Reg::r10}, 0);
  a_.alu64(Alu::add, Reg::r10, 8);
  a_.jump(clear);
  a_.bind(cleared);
  enter_callee(nullptr, in.c, EntryKind::Call);
}

// f(**b) and {**b} of a dict that is empty, or of a small one whose keys are all strings, none deleted, into an empty one.
void Baseline::merge_small_dict() {
  const Instruction& in = at();
  Label done = a_.make_label();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindDict, leave());
  a_.load64(Reg::r9, Mem{Reg::rax, at::kDictLength});
  a_.alu64(Alu::test, Reg::r9, Reg::r9);
  a_.jump_if(Cond::equal, done);
  load(Reg::rdx, in.a);
  need_kind(Reg::rdx, kKindDict, leave());
  alone([&] { copy_small_dict(); });
  a_.bind(done);
}

// The dict rax, which has r9 entries, into the empty dict rdx.
void Baseline::copy_small_dict() {
  Label is_small = a_.make_label(), made = a_.make_label(), next = a_.make_label();
  a_.alu64(Alu::cmp, Mem{Reg::rdx, at::kDictTable}, 0);
  a_.jump_if(Cond::not_equal, leave());
  load_present(Reg::r10, Mem{Reg::rax, at::kDictTable});
  a_.alu32(Alu::cmp, Mem{Reg::r10, at::kTableAllStr}, 0);
  a_.jump_if(Cond::equal, leave());
  a_.alu32(Alu::cmp, Mem{Reg::r10, at::kTableIndexMask}, 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::rax, at::kDictLength});
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Reg::r9, Mem{Reg::r10, at::kTableEntryCount});
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::r9, 4);
  a_.jump_if(Cond::below_equal, is_small);
  a_.alu64(Alu::cmp, Reg::r9, static_cast<i32>(kLinearEntries));
  a_.jump_if(Cond::above, leave());
  allocate_dict_table(Reg::rsi, kLinearEntries);
  a_.jump(made);
  a_.bind(is_small);
  allocate_dict_table(Reg::rsi, 4);
  a_.bind(made);
  static_assert(at::kEntrySize == 24);
  a_.load_address(Reg::rcx, Mem{Reg::r9, 0, Reg::r9, 2});
  a_.bind(next);
  a_.load64(Reg::r8, Mem{Reg::r10, at::kTableEntries - 8, Reg::rcx, 8});
  a_.store64(Mem{Reg::rsi, at::kTableEntries - 8, Reg::rcx, 8}, Reg::r8);
  a_.alu64(Alu::sub, Reg::rcx, 1);
  a_.jump_if(Cond::not_equal, next);
  a_.store32(Mem{Reg::rsi, at::kTableEntryCount}, Reg::r9);
  need_no_barrier(Reg::rdx, Reg::rsi, leave());
  a_.store64(Mem{Reg::rdx, at::kDictTable}, Reg::rsi);
  a_.store64(Mem{Reg::rdx, at::kDictLength}, Reg::r9);
}

// Where a keyword-only parameter's default is in the function's dict, which has few and no index; -1: somewhere else.
static i64 keyword_default_entry(Function* function, u32 parameter) {
  Dict* defaults = function->kwdefaults();
  DictTable* table = defaults && is_exact<Dict>(Value(defaults)) ? defaults->table() : nullptr;
  if (!table || table->index_mask_ != 0) return -1;
  for (u32 e = 0; e < table->entry_count(); ++e)
    if (table->entries()[e].key.get() == function->code()->varnames()->at(parameter)) return e;
  return -1;
}

// How so many positional arguments and those behind them bind to the parameters of `function` now. False: that needs more than
// templates do.
bool Baseline::bind(Function* function, u32 positional, Tuple* names, Binding* binding) {
  constexpr u32 kMostInDict = 4;
  Code* code = function->code();
  if (code->is_lazy()) return false;
  u32 argcount = code->argcount_, count = argcount + code->kwonly_argcount_;
  *binding = {};
  binding->positional = std::min(positional, argcount);
  binding->given = positional;
  binding->by_name = names ? static_cast<u32>(names->length()) : 0;
  binding->has_rest = code->has_flag(kCodeVarArgs);
  binding->has_extra = code->has_flag(kCodeVarKeywords);
  if (positional > argcount && (!binding->has_rest || positional - argcount > kMostItems)) return false;
  if ((binding->has_rest && types.tuple->tail_offset()) || (binding->has_extra && types.dict->tail_offset())) return false;
  binding->sources.assign(count, kDefault);
  for (u32 k = 0; k < binding->positional; ++k) binding->sources[k] = k;
  for (u32 k = 0; k < binding->by_name; ++k) {
    u32 p = std::max(code->posonly_argcount_, binding->positional);
    while (p < count && code->varnames()->at(p) != names->at(k)) ++p;  // both are interned
    if (p < count) {
      if (binding->sources[p] != kDefault) return false;
      binding->sources[p] = k;
      continue;
    }
    // Not the name of another parameter: that is an error, or a positional one's, which may be here.
    if (!binding->has_extra || binding->extra.size() == kMostInDict) return false;
    for (u32 q = 0; q < count; ++q)
      if (code->varnames()->at(q) == names->at(k)) return false;
    str_hash(names->at(k).as<Str>());
    binding->extra.push_back(k);
  }
  u32 defaults = function->defaults() ? static_cast<u32>(function->defaults()->length()) : 0;
  for (u32 p = 0; p < count; ++p) {
    if (binding->sources[p] != kDefault) continue;
    if (p < argcount ? p + defaults < argcount : objects_are_locked() || keyword_default_entry(function, p) < 0) return false;
  }
  binding->names = names;
  return true;
}

// With the code and the number of defaults that `function` has now; another: where to go with functions of other code. False:
// there is no template for these arguments.
bool Baseline::call_known(Function* function, Arguments arguments, u32 result, Label another) {
  const Instruction& in = at();
  Code* callee = function->code();
  bool has_self = likely_self_;
  Binding binding;
  if (!bind(function, arguments.positional + has_self, arguments.names, &binding)) return false;
  need_function(callee, has_self, another);
  a_.load_address(Reg::rdx, reg(in.a + 2u - has_self));
  enter_known(function, binding, result, EntryKind::Call);
  return true;
}

// What is called here is a function, to rax, with the code `callee`, to rcx, and with or without an object in front. Uses rsi.
void Baseline::need_function(const Code* callee, bool has_self, Label another) {
  const Fact* known = fact(at().a);
  compiled_->codes.push(const_cast<Code*>(callee));
  if (known && known->kind == Fact::kCallable && shape_numbered(known->cell)->kind_word() == kKindFunction) {
    a_.move_constant(Reg::rax, reinterpret_cast<u64>(shape_numbered(known->cell)));
  } else {
    load(Reg::rax, at().a);
    need_cell(Reg::rax, another);
    need_kind(Reg::rax, kKindFunction, another);
  }
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, another);
  if (has_self ? is_known_present(at().a + 1u) : is_known_absent(at().a + 1u)) return;
  a_.alu64(Alu::cmp, reg(at().a + 1u), 0);
  a_.jump_if(has_self ? Cond::equal : Cond::not_equal, leave());
}

// The tuple of *args and the dict of **kwargs, to xmm1 and xmm2: cells that nobody has, if it isn't called after all. Of the
// function rax and the arguments that rdx points at; uses rcx, rbx, r8, r11. An __init__'s first one is still in xmm0: there
// is nothing in its register while the call may be left to the handler.
void Baseline::make_rest_and_extra(const Binding& binding, EntryKind entry) {
  constexpr Reg made = Reg::rbx;
  if (binding.has_rest) {
    u32 count = binding.given - binding.positional;
    if (count) {
      allocate(made, sizeof(Tuple) + count * sizeof(Value));
      store_header(made, header_of(types.tuple));
      a_.store64(Mem{made, at::kTupleLength}, static_cast<i32>(count));
      for (u32 k = 0; k < count; ++k) {
        if (entry == EntryKind::Init && binding.positional + k == 0)  // def __init__(*args)
          a_.move_from_xmm(Reg::rcx, Xmm::x0);
        else
          a_.load64(Reg::rcx, Mem{Reg::rdx, static_cast<i32>((binding.positional + k) * 8)});
        a_.store64(Mem{made, at::kTupleItems + static_cast<i32>(k * 8)}, Reg::rcx);
      }
    } else {
      a_.move_constant(made, reinterpret_cast<u64>(empty_tuple()));
    }
    a_.move_to_xmm(Xmm::x1, made);
  }
  if (!binding.has_extra) return;
  u32 count = static_cast<u32>(binding.extra.size());
  a_.move_constant(Reg::r11, 0);
  if (count) {
    allocate_dict_table(Reg::r11, count);
    for (u32 k = 0; k < count; ++k) {
      i32 entry = at::kTableEntries + static_cast<i32>(k) * at::kEntrySize;
      auto* name = binding.names->at(binding.extra[k]).as<Str>();
      a_.move_constant(Reg::rcx, name->cached_hash());
      a_.store64(Mem{Reg::r11, entry + at::kEntryHash}, Reg::rcx);
      a_.move_constant(Reg::rcx, Value(name).bits());  // kept by the code
      a_.store64(Mem{Reg::r11, entry + at::kEntryKey}, Reg::rcx);
      a_.load64(Reg::rcx, Mem{Reg::rdx, static_cast<i32>((binding.given + binding.extra[k]) * 8)});
      a_.store64(Mem{Reg::r11, entry + at::kEntryValue}, Reg::rcx);
    }
    a_.store32(Mem{Reg::r11, at::kTableEntryCount}, static_cast<i32>(count));
  }
  allocate(made, sizeof(Dict));
  store_header(made, header_of(types.dict));
  a_.store64(Mem{made, at::kDictTable}, Reg::r11);
  a_.store64(Mem{made, at::kDictLength}, static_cast<i32>(count));
  a_.move_to_xmm(Xmm::x2, made);
}

// The default that a keyword-only parameter of the function rax had when this was compiled is where it was, or else the handler
// binds. Uses r8, r11.
void Baseline::need_keyword_default(Function* function, u32 parameter) {
  i64 entry = keyword_default_entry(function, parameter);
  i32 place = at::kTableEntries + static_cast<i32>(entry) * at::kEntrySize;
  load_present(Reg::r11, Mem{Reg::rax, at::kFunctionKwdefaults});
  need_kind(Reg::r11, kKindDict, leave());
  load_present(Reg::r11, Mem{Reg::r11, at::kDictTable});
  a_.alu32(Alu::cmp, Mem{Reg::r11, at::kTableEntryCount}, static_cast<i32>(entry));
  a_.jump_if(Cond::below_equal, leave());
  a_.move_constant(Reg::r8, function->code()->varnames()->at(parameter).bits());
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::r11, place + at::kEntryKey});
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Mem{Reg::r11, place + at::kEntryValue}, 0);
  a_.jump_if(Cond::equal, leave());
}

// The function rax with code rcx, which is as it is now, is called with what rdx points at. For an __init__ xmm0 is the new
// instance.
void Baseline::enter_known(Function* function, const Binding& binding, u32 result, EntryKind entry) {
  Code* callee = function->code();
  u32 argcount = callee->argcount_, count = static_cast<u32>(binding.sources.size());
  i32 default_count = 0;
  for (u32 p = argcount; p < count; ++p)
    if (binding.sources[p] == kDefault) need_keyword_default(function, p);
  if (binding.has_rest || binding.has_extra) {
    make_rest_and_extra(binding, entry);
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  }
  if (std::find(binding.sources.begin(), binding.sources.begin() + argcount, kDefault) != binding.sources.begin() + argcount) {
    default_count = static_cast<i32>(function->defaults()->length());
    load_present(Reg::rsi, Mem{Reg::rax, at::kFunctionDefaults});
    a_.alu64(Alu::cmp, Mem{Reg::rsi, at::kTupleLength}, default_count);
    a_.jump_if(Cond::not_equal, leave());
  }
  choose_registers();
  need_room(callee, binding.by_name);
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
  for (u32 k = 0; k < binding.by_name; ++k) copy(Reg::rdx, static_cast<i32>((binding.given + k) * 8), Reg::r9, k);
  if (is_generator_code(code_))
    for (u32 k = 0; k < binding.positional; ++k) copy(Reg::rdx, static_cast<i32>(k * 8), Reg::rbx, k);
  for (u32 p = binding.positional; p < count; ++p) {
    if (binding.sources[p] != kDefault) {
      copy(Reg::r9, static_cast<i32>(binding.sources[p] * 8), Reg::rbx, p);
    } else if (p < argcount) {
      copy(Reg::rsi, at::kTupleItems + (default_count - static_cast<i32>(argcount - p)) * 8, Reg::rbx, p);
    } else {
      a_.load64(Reg::r10, Mem{Reg::rax, at::kFunctionKwdefaults});
      a_.load64(Reg::r10, Mem{Reg::r10, at::kDictTable});
      copy(Reg::r10, at::kTableEntries + static_cast<i32>(keyword_default_entry(function, p)) * at::kEntrySize + at::kEntryValue,
           Reg::rbx, p);
    }
  }
  for (auto [is_there, made] : {std::pair{binding.has_rest, Xmm::x1}, std::pair{binding.has_extra, Xmm::x2}}) {
    if (!is_there) continue;
    a_.move_from_xmm(kPc, made);
    a_.store64(Mem{Reg::rbx, static_cast<i32>(count++ * 8)}, kPc);
  }
  for (u32 k = count; k < callee->frame_local_count_; ++k) a_.store64(Mem{Reg::rbx, static_cast<i32>(k * 8)}, 0);
  enter_callee(callee, result, entry);
}

// A class whose construction is "allocate, then run __init__", as slow_begin_construct() does it.
bool Baseline::is_constructed_plainly(Type* type) {
  constexpr usize kMostBytes = 256;
  return type->has_flag(kTypeHeap) && type_of(Value(type)) == types.type && type->version() != 0 &&
         (type->instance_kind() & kKindMask) == kKindObject && type->slot(Slot::new_) == types.object->slot(Slot::new_) &&
         instance_bytes(type) <= kMostBytes;
}

// Such a class whose __init__ is written in Python, or that has none and is called without arguments. False: it isn't one now, or
// its __init__ takes other arguments.
bool Baseline::construct_known(Type* type, Arguments arguments, u32 result) {
  const Instruction& in = at();
  if (!is_constructed_plainly(type)) return false;
  bool is_bare = type->slot(Slot::init) == types.object->slot(Slot::init);
  Function* init = is_exact<Function>(type->slot(Slot::init)) ? type->slot(Slot::init).as<Function>() : nullptr;
  Binding binding;
  if (is_bare ? arguments.positional || arguments.names
              : !init || is_generator_code(init->code()) || !bind(init, arguments.positional + 1, arguments.names, &binding))
    return false;
  Shape* shape = type->instance_shape();
  compiled_->shapes.push(shape->id());
  if (init) compiled_->codes.push(init->code());
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
  if (!is_known_absent(in.a + 1u)) {
    a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
    a_.jump_if(Cond::not_equal, leave());
  }
  if (is_bare) {
    a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);  // a call polls
    a_.jump_if(Cond::not_equal, leave());
    allocate_instance(Reg::rdx, type);
    note_private_instance(Reg::rdx);
    store(result, Reg::rdx);
    know_shape(result, shape->id());
    return true;
  }
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(init));  // kept by the class of that version
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(init->code()));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, leave_counted());
  if (call_kinds_[i_] == CallKind::Inlined) {
    inline_init(type, init, binding);
    return true;
  }
  allocate_instance(Reg::rdx, type);
  note_private_instance(Reg::rdx);
  a_.move_to_xmm(Xmm::x0, Reg::rdx);  // a cell that nobody has, if it isn't called after all
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.load_address(Reg::rdx, reg(in.a + 1u));
  enter_known(init, binding, result, EntryKind::Init);
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
  need_frame();
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  begin_call_at_pc();
}
void Baseline::begin_call_at_pc() {
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.store64(Mem{kThread, at::kRecursionDepth}, Reg::r10);
}

// The locals from number rsi on, of the function rax with code rcx and registers rbx, are emptied; then as enter_callee(). Uses
// r10.
void Baseline::clear_and_enter(u32 result, EntryKind entry) {
  Label clear = a_.make_label(), cleared = a_.make_label();
  a_.load32(Reg::r10, Mem{Reg::rcx, at::kCodeFrameLocalCount});
  a_.bind(clear);
  a_.alu32(Alu::cmp, Reg::rsi, Reg::r10);
  a_.jump_if(Cond::above_equal, cleared);
  a_.store64(Mem{Reg::rbx, 0, Reg::rsi, 8}, 0);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.jump(clear);
  a_.bind(cleared);
  enter_callee(nullptr, result, entry);
}

// Makes the record r11 and goes there.
void Baseline::enter_callee(const Code* callee, u32 result, EntryKind entry) {
  if (entry != EntryKind::Init) forget_private_instance();
  if (callee)
    a_.move_constant(kPc, reinterpret_cast<u64>(callee->instructions()));
  else
    a_.load64(kPc, Mem{Reg::rcx, at::kCodeInstructions});
  make_record(result, entry);
  a_.jump_memory(Mem{kPc, 0, Reg::r8, 1});
  facts_.clear();
}

// The record r11 of the function rax with code rcx, registers rbx up to r9, which is at pc: the state becomes its. The result
// goes to register `result`, or with kResultInRdx to the one whose number is in rdx. Uses rsi.
void Baseline::make_record(u32 result, EntryKind entry) {
  a_.load_address(Reg::rsi, Mem{Reg::r11, -static_cast<i32>(sizeof(Frame))});
  a_.store64(Mem{kThread, at::kNextFrame}, Reg::rsi);
  a_.store64(Mem{Reg::r11, at::kFramePrevious}, kFrame);
  a_.store64(Mem{Reg::r11, at::kFrameFunction}, Reg::rax);
  a_.store64(Mem{Reg::r11, at::kFrameCode}, Reg::rcx);
  a_.store64(Mem{Reg::r11, at::kFrameRegisters}, Reg::rbx);
  a_.store64(Mem{Reg::r11, at::kFrameStackTop}, Reg::r9);
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
  if (result == kResultInRdx)
    a_.store32(Mem{Reg::r11, at::kFrameReturnRegister}, Reg::rdx);
  else
    a_.store32(Mem{Reg::r11, at::kFrameReturnRegister}, static_cast<i32>(result));
  a_.store32(Mem{Reg::r11, at::kFrameEntry}, static_cast<i32>(entry));
  a_.store32(Mem{Reg::r11, at::kFrameTraceLine}, -1);
  a_.store64(Mem{kThread, at::kTopFrame}, Reg::r11);
  a_.move(kFrame, Reg::r11);
  a_.move(kRegisters, Reg::rbx);
}

// A property's getter or setter, of the object rdx, which such a property's class and version have been checked of. stored: what
// the setter gets. With a descriptor it is that one's __get__ or __set__.
void Baseline::call_property(Function* function, Cell* descriptor, const Xmm* stored, u32 result) {
  Code* callee = function->code();
  compiled_->codes.push(callee);
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(function));
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.move_constant(Reg::rsi, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  need_room(callee, 0);
  begin_call();
  u32 count = 0;
  auto give = [&](Reg value) { a_.store64(Mem{Reg::rbx, static_cast<i32>(count++ * 8)}, value); };
  if (descriptor) {
    a_.move_constant(kPc, reinterpret_cast<u64>(descriptor));
    give(kPc);
  }
  give(Reg::rdx);
  if (stored) {
    a_.move_from_xmm(kPc, *stored);
    give(kPc);
  } else if (descriptor) {
    load_class(kPc, Reg::rdx, Reg::r10);
    give(kPc);
  }
  for (u32 k = count; k < callee->frame_local_count_; ++k) a_.store64(Mem{Reg::rbx, static_cast<i32>(k * 8)}, 0);
  enter_callee(callee, result, EntryKind::Call);
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
  if (code_->simple_argcount() == 2) return_from_operator(is_call);
  if (code_->simple_argcount() == 1) return_truth_or_length(is_call);
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Init));
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::not_equal, leave());
  if (!private_.has(0)) forget_private_instance();
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
  forget_private_instance();
  drop_frame(Caller::Python);
  a_.bind(store_result);
  go_on_behind_call();
}

// Out of a __bool__ or __len__, to a jump, or to the call of len(): with a bool, or a small int that isn't below 0. Any other
// answer is finish_operator's. rdx: the frame's entry, kept.
void Baseline::return_truth_or_length(Label is_call) {
  Label other = a_.make_label(), is_truth = a_.make_label(), is_answered = a_.make_label(), no_jump = a_.make_label();
  auto is_entry = [&](EntryKind entry) { a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(entry)); };
  static_assert(static_cast<int>(EntryKind::Truth) + 1 == static_cast<int>(EntryKind::TruthOfLength) &&
                static_cast<int>(EntryKind::Truth) + 2 == static_cast<int>(EntryKind::Length));
  a_.load_address32(Reg::rcx, Mem{Reg::rdx, -static_cast<i32>(EntryKind::Truth)});
  a_.alu32(Alu::cmp, Reg::rcx, 2);
  a_.jump_if(Cond::above, other);
  is_entry(EntryKind::Truth);
  a_.jump_if(Cond::equal, is_truth);
  a_.move(Reg::rcx, Reg::rax);
  a_.shift64(Shift::rol, Reg::rcx, 62);  // the tag comes to the top, the sign below it
  a_.shift64(Shift::shr, Reg::rcx, 61);
  a_.alu32(Alu::cmp, Reg::rcx, 2);
  a_.jump_if(Cond::not_equal, leave());
  is_entry(EntryKind::Length);
  a_.jump_if(Cond::equal, is_call);
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::of_small_int(0).bits()));
  a_.move_constant(Reg::rax, Value::kTrueBits);
  a_.jump_if(Cond::not_equal, is_answered);
  a_.move_constant(Reg::rax, Value::kFalseBits);
  a_.jump(is_answered);
  a_.bind(is_truth);
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::kTrueBits));
  a_.jump_if(Cond::equal, is_answered);
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(Value::kFalseBits));
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(is_answered);
  a_.alu32(Alu::cmp, Mem{kFrame, at::kFrameReturnRegister}, 0);  // `not`
  a_.jump_if(Cond::equal, leave());
  forget_private_instance();
  drop_frame(Caller::Python);
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, no_jump);
  a_.load_signed(Reg::rdx, Mem{kPc, offsetof(Instruction, b)}, 4);
  a_.load_address(kPc, Mem{kPc, 0, Reg::rdx, 8});
  a_.bind(no_jump);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
  a_.bind(other);
}

// A jump that has met objects whose truth a method in Python tells: enters it. What else there is goes on behind.
void Baseline::jump_by_method(u32 n, bool when) {
  Label no_method = a_.make_label(), no_length = a_.make_label();
  const Given given[] = {{n}};
  u32 jumps_when = static_cast<u32>(Value::of_bool(when).bits());
  enter_item_method(Slot::bool_, given, 1, jumps_when, EntryKind::Truth, no_method);
  a_.bind(no_method);
  if (!(noted() & kLengthTested)) return;
  load(Reg::rax, n);
  need_cell(Reg::rax, no_length);
  load_class(Reg::rdx, Reg::rax);
  a_.alu64(Alu::cmp, Mem{Reg::rdx, at::slot_of(Slot::bool_)}, 0);
  a_.jump_if(Cond::not_equal, no_length);
  enter_item_method(Slot::len, given, 1, jumps_when, EntryKind::TruthOfLength, no_length);
  a_.bind(no_length);
}

// Out of an operator's method, to its instruction: see finish_operator in ops_operator.inc, whose are NotImplemented and what is
// compared with an answer other than a bool. rdx: the frame's entry, kept.
void Baseline::return_from_operator(Label is_call) {
  Label other = a_.make_label(), no_jump = a_.make_label(), jumps = a_.make_label(), go_on = a_.make_label();
  static_assert(static_cast<int>(EntryKind::ComparisonJump) == static_cast<int>(EntryKind::Operator) + 4);
  a_.load_address32(Reg::rcx, Mem{Reg::rdx, -static_cast<i32>(EntryKind::Operator)});
  a_.alu32(Alu::cmp, Reg::rcx, 4);
  a_.jump_if(Cond::above, other);
  a_.jump_if(Cond::equal, jumps);
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(kNotImplemented.bits()));
  a_.jump_if(Cond::not_equal, is_call);
  a_.jump(leave());
  a_.bind(jumps);
  for (u64 answer : {Value::kTrueBits, Value::kFalseBits}) {
    a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(answer));
    a_.jump_if(Cond::equal, go_on);
  }
  a_.jump(leave());
  a_.bind(go_on);
  forget_private_instance();
  drop_frame(Caller::Python);
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, no_jump);
  static_assert(sizeof(Instruction) == 8);
  a_.load16(Reg::rdx, Mem{kPc, offsetof(Instruction, c)});  // forward
  a_.load_address(kPc, Mem{kPc, 0, Reg::rdx, 8});
  a_.bind(no_jump);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
  a_.bind(other);
}

// Calls the method in `slot` of the class of the object in register a, if it is written in Python and has the first say (see
// find_operator_method), with the one in b; not_by: if the class has nothing in that slot.
void Baseline::call_operator(Slot slot, EntryKind entry, u32 a, u32 b, u32 result, Slot not_by) {
  Label has_first_say = a_.make_label();
  load(Reg::rax, a);
  need_cell(Reg::rax, leave_counted());
  load_class(Reg::rdx, Reg::rax);
  if (not_by != Slot::kCount) {
    a_.alu64(Alu::cmp, Mem{Reg::rdx, at::slot_of(not_by)}, 0);
    a_.jump_if(Cond::not_equal, leave());
  }
  load_present(Reg::r9, Mem{Reg::rdx, at::slot_of(slot)});
  load(Reg::rax, b);
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::not_equal, has_first_say);
  load_class(Reg::rcx, Reg::rax);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rdx);
  a_.jump_if(Cond::equal, has_first_say);
  jump_if_instance(leave());
  a_.bind(has_first_say);
  a_.move(Reg::rax, Reg::r9);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindFunction, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.alu32(Alu::cmp, Mem{Reg::rcx, at::kCodeSimpleArgcount}, 2);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  a_.alu64(Alu::add, Reg::rbx, 16);
  need_room(nullptr, 0);
  begin_call();
  load(Reg::rdx, a);
  load(Reg::rsi, b);
  for (i32 at : {-16, 0}) {
    a_.store64(Mem{Reg::rbx, at}, Reg::rdx);
    a_.store64(Mem{Reg::rbx, at + 8}, Reg::rsi);
  }
  a_.move_constant(Reg::rsi, 2);
  clear_and_enter(result, entry);
}

// The method in `slot` of the class of register `object`, if that is a Python function of so many parameters, to rax; its code to
// rcx, its registers' place to rbx, and what else make_record() wants of need_room(). What has another class goes `otherwise`,
// with nothing changed.
void Baseline::need_method(Slot slot, u32 object, u32 count, Label otherwise) {
  load(Reg::rax, object);
  need_cell(Reg::rax, otherwise);
  load_class(Reg::rdx, Reg::rax);
  a_.load64(Reg::rax, Mem{Reg::rdx, at::slot_of(slot)});
  a_.alu64(Alu::test, Reg::rax, Reg::rax);
  a_.jump_if(Cond::equal, otherwise);
  need_cell(Reg::rax, otherwise);
  need_kind(Reg::rax, kKindFunction, otherwise);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kFunctionCode});
  a_.alu32(Alu::cmp, Mem{Reg::rcx, at::kCodeSimpleArgcount}, static_cast<i32>(count));
  a_.jump_if(Cond::not_equal, leave());
  if (slot == Slot::iter || slot == Slot::await ||
      slot == Slot::anext) {  // what a generator or coroutine function answers needs no look
    a_.load32(Reg::rdx, Mem{Reg::rcx, at::kCodeFlags});
    a_.alu32(Alu::and_, Reg::rdx,
             static_cast<i32>(kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator | kCodeIterableCoroutine));
    a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(slot == Slot::anext ? kCodeCoroutine : kCodeGenerator));
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.load64(Reg::rbx, Mem{kFrame, at::kFrameStackTop});
  need_room(nullptr, 0);
}

// The method of given[0]'s class, for __getitem__ and its like, as need_method() finds it.
void Baseline::enter_item_method(Slot slot, const Given* given, u32 count, u32 result, EntryKind entry, Label otherwise) {
  need_method(slot, given[0].reg, count, otherwise);
  begin_call();
  for (u32 k = 0; k < count; ++k) {
    if (given[k].constant)
      a_.move_constant(Reg::rdx, given[k].constant);
    else
      load(Reg::rdx, given[k].reg);
    a_.store64(Mem{Reg::rbx, static_cast<i32>(k * 8)}, Reg::rdx);
  }
  a_.move_constant(Reg::rsi, count);
  clear_and_enter(result, entry);
}

// False: not an operator, or none for which a method in Python has been seen.
bool Baseline::operate_by_method(Op op) {
  if (!(noted() & kMethodSeen)) return false;
  const Instruction& in = at();
  auto number = [](Op o) { return static_cast<u16>(o); };
  auto behind = [&](Op first) { return static_cast<u16>(number(op) - number(first)); };
  constexpr u16 kOperators = static_cast<u16>(BinaryOp::Xor) + 1, kComparisons = static_cast<u16>(CompareOp::Ge) + 1;
  for (Op first : {Op::BinaryAdd, Op::InplaceAdd}) {
    if (behind(first) >= kOperators) continue;
    BinaryInfo slots = operator_slots(static_cast<BinaryOp>(behind(first)));
    call_operator(slots.forward, EntryKind::Operator, in.b, in.c, in.a, first == Op::InplaceAdd ? slots.inplace : Slot::kCount);
    return true;
  }
  if (behind(Op::CompareLt) < kComparisons) {
    Slot slot = comparison_slot(static_cast<CompareOp>(behind(Op::CompareLt)));
    call_operator(slot, EntryKind::Comparison, in.b, in.c, in.a, Slot::kCount);
    return true;
  }
  for (Op first : {Op::JumpUnlessLt, Op::JumpIfLt}) {
    if (behind(first) >= kComparisons) continue;
    u64 jump_when = Value::of_bool(first == Op::JumpIfLt).bits();
    call_operator(comparison_slot(static_cast<CompareOp>(behind(first))), EntryKind::ComparisonJump, in.a, in.b,
                  static_cast<u32>(jump_when), Slot::kCount);
    return true;
  }
  return false;
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
  need_frame();
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
    case Op::CallEx: call_with_tuple(); return true;
    case Op::DictMerge:
    case Op::DictUpdate: merge_small_dict(); return true;
    case Op::Send: send(); return true;
    case Op::ReturnGenerator: return_generator(); return true;
    case Op::GetAwaitable: get_awaitable(); return true;
    case Op::GetANext: get_async_next(); return true;
    case Op::AsyncGenWrap: async_generator_wrap(); return true;
    case Op::Yield:
    case Op::YieldFrom: yield(); return true;
    case Op::Return: inlined_ ? return_inlined(false) : return_value(false); return true;
    case Op::ReturnConst: inlined_ ? return_inlined(true) : return_value(true); return true;
    default: return false;
  }
}

}  // namespace baton
