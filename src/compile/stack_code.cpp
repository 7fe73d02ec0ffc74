// Baton's register instructions as CPython 3.11's stack instructions.
//
// The stack before an instruction holds the temporaries that are still needed there, in the order of their registers: that is
// nearly what the code generator had in mind when it numbered them. An instruction is written as
//   - its operands: a temporary on top of the stack that nobody needs any more stays where it is, other temporaries are copied,
//     locals and constants loaded;
//   - the operation itself;
//   - STORE_FAST for a result that goes to a local, and SWAP and POP_TOP till the stack is as the next instruction wants it.
// So what is shown would do the same on CPython, instruction by instruction, but is longer than CPython's own code at times.
// CheckBound is a NOP, where errors of unbound locals are: LOAD_FAST checks. Registers of constants that loops use are LOAD_CONST
// where they are used.
#include "compile/stack_code.h"

#include <unordered_map>

#include "compile/code_image.h"
#include "compile/op_info.h"
#include "objects/object.h"
#include "objects/stack_code.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {

enum class StackOp : u8 {
#define STACK_OP(name, number, caches) name = number,
#include "compile/stack_ops.def"
#undef STACK_OP
};

u32 cache_units(StackOp op) {
  switch (op) {
#define STACK_OP(name, number, caches) \
  case StackOp::name: return caches;
#include "compile/stack_ops.def"
#undef STACK_OP
  }
  return 0;
}

StackOp backward_form(StackOp op) {
  switch (op) {
    case StackOp::JUMP_FORWARD: return StackOp::JUMP_BACKWARD;
    case StackOp::POP_JUMP_FORWARD_IF_TRUE: return StackOp::POP_JUMP_BACKWARD_IF_TRUE;
    case StackOp::POP_JUMP_FORWARD_IF_FALSE: return StackOp::POP_JUMP_BACKWARD_IF_FALSE;
    case StackOp::POP_JUMP_FORWARD_IF_NONE: return StackOp::POP_JUMP_BACKWARD_IF_NONE;
    case StackOp::POP_JUMP_FORWARD_IF_NOT_NONE: return StackOp::POP_JUMP_BACKWARD_IF_NOT_NONE;
    default: return op;
  }
}

// What stands in a place of the stack, or is wanted there: a register (>= 0), a constant, or nothing of interest.
constexpr i32 kStale = -1;
constexpr i32 constant_slot(i32 index) { return -2 - index; }
constexpr bool is_constant_slot(i32 slot) { return slot <= -2; }
constexpr i32 constant_of_slot(i32 slot) { return -2 - slot; }

// Operands and results of an instruction in the order they have on the stack, the topmost last.
struct Shape {
  std::vector<i32> inputs, outputs;
  std::vector<bool> kept;  // an output that is the input of the same register, left on the stack
  i32 in_place = -1;       // register of a container on the stack that the instruction changes
  void clear() {
    inputs.clear();
    outputs.clear();
    kept.clear();
    in_place = -1;
  }
  void in(i32 slot) { inputs.push_back(slot); }
  void out(i32 slot) {
    outputs.push_back(slot);
    kept.push_back(false);
  }
  void keep(i32 slot) {
    outputs.push_back(slot);
    kept.push_back(true);
  }
  void in_window(i32 first, i32 count) {
    for (i32 i = 0; i < count; ++i) in(first + i);
  }
};

// Sets of temporaries, one for each instruction.
class LiveSets {
 public:
  void resize(usize rows, usize bits) {
    width_ = (bits + 63) / 64;
    words_.assign(rows * width_, 0);
    scratch_.assign(width_, 0);
  }
  bool test(usize row, usize bit) const { return words_[row * width_ + bit / 64] >> (bit % 64) & 1; }
  void set(usize row, usize bit) { words_[row * width_ + bit / 64] |= u64{1} << (bit % 64); }
  // The set that is being put together.
  void begin() { scratch_.assign(width_, 0); }
  void add(usize bit) { scratch_[bit / 64] |= u64{1} << (bit % 64); }
  void remove(usize bit) { scratch_[bit / 64] &= ~(u64{1} << (bit % 64)); }
  void add_row(usize row) {
    for (usize i = 0; i < width_; ++i) scratch_[i] |= words_[row * width_ + i];
  }
  void keep_below(usize bit) {
    for (usize i = 0; i < width_; ++i) {
      if (i > bit / 64) scratch_[i] = 0;
      if (i == bit / 64) scratch_[i] &= (u64{1} << (bit % 64)) - 1;
    }
  }
  // Adds it to a row; true if that row has grown.
  bool merge_into(usize row) {
    bool grown = false;
    for (usize i = 0; i < width_; ++i) {
      u64& word = words_[row * width_ + i];
      grown = grown || (scratch_[i] & ~word);
      word |= scratch_[i];
    }
    return grown;
  }

 private:
  usize width_ = 0;
  std::vector<u64> words_, scratch_;
};

struct Emitted {
  StackOp op;
  u32 arg;
  i32 label;  // -1: no jump
  u32 pc;
  u32 depth;  // of the stack before
};

class Translator {
 public:
  Translator(const Code* code, StackCode& out) : code_(code), out_(out), n_(code->instruction_count_) {}

  // False: no compiler wrote these instructions.
  bool run() {
    read_instructions();
    find_constant_registers();
    find_live();
    translate_all();
    if (is_sound_) write_trampolines();
    if (!is_sound_) return false;
    lay_out();
    write();
    write_handlers();
    return true;
  }

 private:
  // ---- the code

  Op op_at(u32 pc) const { return static_cast<Op>(code_ops_[pc].op); }
  void read_instructions() {
    code_ops_.resize(n_);
    for (u32 pc = 0; pc < n_; ++pc) {
      code_ops_[pc] = code_->instructions_[pc];
      code_ops_[pc].op = base_op(code_ops_[pc].op);
    }
    first_temp_ = static_cast<i32>(code_->frame_local_count_);
    for (Index i = 0; i < code_->consts()->length(); ++i) {
      Value v = code_->consts()->at(i);
      if (v.is_none()) none_constant_ = static_cast<i32>(i);
      if (v.is_small_int()) int_constants_.try_emplace(v.small_int(), static_cast<i32>(i));
    }
    is_cell_.assign(code_->frame_local_count_, false);
    for (Index i = 0; i < code_->cellvars()->length(); ++i) {
      Index local = index_of(code_->varnames(), code_->cellvars()->at(i));
      if (local >= 0) is_cell_[static_cast<usize>(local)] = true;
    }
    for (usize i = code_->local_count_; i < code_->frame_local_count_; ++i) is_cell_[i] = true;
  }
  static Index index_of(Tuple* names, Value name) {
    for (Index i = 0; i < names->length(); ++i) {
      if (str_equal(names->at(i).as<Str>(), name.as<Str>())) return i;
    }
    return -1;
  }
  // Small ints are part of Baton's instructions and stand in co_consts, too.
  i32 int_slot(i64 value) const {
    auto it = int_constants_.find(value);
    return constant_slot(it == int_constants_.end() ? 0 : it->second);
  }
  bool is_temp(i32 slot) const { return slot >= first_temp_ && constant_of_register(slot) < 0; }
  usize bit(i32 slot) const { return static_cast<usize>(slot - first_temp_); }
  i32 constant_of_register(i32 reg) const {
    i32 i = reg - first_temp_;
    return i >= 0 && i < static_cast<i32>(constant_registers_.size()) ? constant_registers_[static_cast<usize>(i)] : -1;
  }

  // Loads of constants before the body have no place, and nothing else writes their registers.
  void find_constant_registers() {
    u32 pc = 0;
    while (pc < n_ && (op_at(pc) == Op::MakeCell || op_at(pc) == Op::CopyFreeVars || op_at(pc) == Op::ReturnGenerator)) ++pc;
    prologue_end_ = pc;
    skipped_.assign(n_, false);
    std::vector<i32> constants;
    for (u32 at = pc; at < n_ && (op_at(at) == Op::LoadConst || op_at(at) == Op::LoadSmallInt); ++at) {
      i32 reg = first_temp_ + static_cast<i32>(constants.size());
      if (code_ops_[at].a != reg || code_->positions()[at].has_place() || !written_once(reg)) break;
      shape_of(at);
      constants.push_back(constant_of_slot(shape_.inputs[0]));
      skipped_[at] = true;
    }
    constant_registers_ = std::move(constants);
  }
  bool written_once(i32 reg) {
    int writes = 0;
    for (u32 pc = 0; pc < n_; ++pc) {
      shape_of(pc);
      for (i32 slot : shape_.outputs) writes += slot == reg;
    }
    return writes == 1;
  }

  // ---- operands and results

  // Was what stands in the register before pc put there as an absent operand?
  bool holds_absent(i32 reg, u32 pc) const {
    while (pc-- > 0) {
      const Instruction& ins = code_ops_[pc];
      if (op_info(static_cast<Op>(ins.op)).a == OperandKind::Write && ins.a == reg) return op_at(pc) == Op::LoadAbsent;
      if ((op_at(pc) == Op::Call || op_at(pc) == Op::CallEx) && ins.c == reg) return false;
    }
    return false;
  }

  void shape_of(u32 pc) {
    Shape& s = shape_;
    s.clear();
    const Instruction& ins = code_ops_[pc];
    i32 a = ins.a, b = ins.b, c = ins.c;
    switch (static_cast<Op>(ins.op)) {
      case Op::CheckBound:
      case Op::DeleteLocal:
      case Op::MakeCell:
      case Op::DeleteDeref: return;
      case Op::LoadConst: s.in(constant_slot(static_cast<i32>(ins.wide()))); return s.out(a);
      case Op::ReturnConst: return s.in(constant_slot(static_cast<i32>(ins.wide())));
      case Op::LoadSmallInt: s.in(int_slot(ins.jump32())); return s.out(a);
      case Op::LoadDeref:
      case Op::LoadClassDeref: return s.out(a);
      case Op::StoreDeref: return s.in(b);
      case Op::LoadGlobalCallee: s.out(a); return s.out(a + 1);
      case Op::LoadMethod:
        s.in(b);
        s.out(a);
        return s.out(a + 1);
      case Op::AddInt:
      case Op::SubInt:
      case Op::InplaceAddInt:
      case Op::InplaceSubInt:
      case Op::LoadItemInt:
        s.in(b);
        s.in(int_slot(static_cast<i16>(ins.c)));
        return s.out(a);
      case Op::JumpUnlessLtInt:
      case Op::JumpUnlessLeInt:
      case Op::JumpUnlessEqInt:
      case Op::JumpUnlessNeInt:
      case Op::JumpUnlessGtInt:
      case Op::JumpUnlessGeInt: s.in(a); return s.in(int_slot(static_cast<i16>(ins.b)));
      case Op::StoreAttr: s.in(b); return s.in(a);
      case Op::StoreItem:
        s.in(c);
        s.in(a);
        return s.in(b);
      case Op::LoadSlice:
        s.in(b);
        s.in_window(c, 3);
        return s.out(a);
      case Op::StoreSlice:
        s.in(c);
        s.in(a);
        return s.in_window(b, 3);
      case Op::BuildSlice: s.in_window(b, 3); return s.out(a);
      case Op::BuildTuple:
      case Op::BuildList:
      case Op::BuildSet:
      case Op::BuildString: s.in_window(b, c); return s.out(a);
      case Op::BuildDict: s.in_window(b, 2 * c); return s.out(a);
      case Op::FormatValue: s.in_window(b, c & 4 ? 2 : 1); return s.out(a);
      case Op::TupleExtend:
        s.in(b);
        s.in(c);
        return s.out(a);
      case Op::ListAppend:
      case Op::ListExtend:
      case Op::SetAdd:
      case Op::SetUpdate:
      case Op::DictUpdate:
      case Op::DictMerge:
        s.in(b);
        s.in_place = a;
        return;
      case Op::DictSet:
        s.in(b);
        s.in(c);
        s.in_place = a;
        return;
      case Op::UnpackSequence: s.in(b); return out_reversed(a, c);
      case Op::UnpackEx: s.in(b); return out_reversed(a, (c & 255) + 1 + (c >> 8));
      case Op::Call: s.in_window(a, b + 2); return s.out(c);
      case Op::CallKw: s.in_window(a, b + 2); return s.out(a);
      case Op::CallEx: s.in_window(a, holds_absent(a + 3, pc) ? 3 : 4); return s.out(c);
      case Op::MakeFunction:
        for (i32 i = 0; c != 0xFFFF && i < 4; ++i) {
          if (!holds_absent(c + i, pc)) s.in(c + i);
        }
        s.in(constant_slot(b));
        return s.out(a);
      case Op::ForIter:
      case Op::GetANext:
      case Op::ImportFrom:
      case Op::MatchMapping:
      case Op::MatchSequence:
      case Op::GetLen:
        s.in(b);
        s.keep(b);
        return s.out(a);
      case Op::Send:
        s.in(b);
        s.in(c);
        s.keep(b);
        return s.out(a);
      case Op::YieldFrom:
        s.in(b);
        s.in_place = c;
        return s.out(a);
      case Op::MatchKeys:
      case Op::CopyDictWithoutKeys:
        s.in(b);
        s.in(c);
        s.keep(b);
        s.keep(c);
        return s.out(a);
      case Op::MatchClass: s.in_window(b, 3); return s.out(a);
      case Op::ImportName: s.in_window(b, 2); return s.out(a);
      case Op::BeforeWith:
      case Op::BeforeAsyncWith:
        s.in(b);
        s.out(a);
        s.out(a + 1);
        return s.out(a + 2);
      case Op::WithExcept:
        s.in_window(a, 2);
        for (int i = 0; i < 3; ++i) s.in(c);
        for (int i = 0; i < 5; ++i) s.out(kStale);
        return s.out(b);
      case Op::PushExc:
        s.in(b);
        s.out(a);
        return s.keep(b);
      case Op::CheckExcMatch:
        s.in(b);
        s.in(c);
        s.keep(b);
        return s.out(a);
      case Op::CheckEgMatch:
        s.in(b);
        s.in(c);
        s.out(a);
        return s.out(a + 1);
      default: return plain_shape(ins);
    }
  }
  // Registers read, in order, and the one that is written.
  void plain_shape(const Instruction& ins) {
    const OpInfo& info = op_info(static_cast<Op>(ins.op));
    const OperandKind kinds[] = {info.a, info.b, info.c};
    const i32 values[] = {ins.a, ins.b, ins.c};
    for (int i = 0; i < 3; ++i) {
      if (kinds[i] == OperandKind::Read) shape_.in(values[i]);
    }
    for (int i = 0; i < 3; ++i) {
      if (kinds[i] == OperandKind::Write) shape_.out(values[i]);
    }
  }
  void out_reversed(i32 first, i32 count) {
    for (i32 i = count; i-- > 0;) shape_.out(first + i);
  }

  // ---- what is needed where

  i64 jump_target(u32 pc) const {
    const Instruction& ins = code_ops_[pc];
    const OpInfo& info = op_info(static_cast<Op>(ins.op));
    if (info.b == OperandKind::Jump32 && op_at(pc) != Op::LoadSmallInt) return i64{pc} + 1 + ins.jump32();
    if (info.c == OperandKind::Jump16)
      return op_at(pc) == Op::ForIter && ins.c == 0 ? i64{pc} + 1 : i64{pc} + 1 + static_cast<i16>(ins.c);
    return -1;
  }
  // Where control goes after pc but for the jump: a ForIter before a far jump and a Send skip an instruction.
  i64 next_of(u32 pc) const {
    Op op = op_at(pc);
    if (ends_block(op)) return -1;
    return i64{pc} + (op == Op::Send || (op == Op::ForIter && code_ops_[pc].c == 0) ? 2 : 1);
  }
  void add_successors(u32 pc) {
    auto add = [&](i64 to) {
      if (to >= 0 && to < i64{n_}) live_.add_row(static_cast<usize>(to));
    };
    add(next_of(pc));
    add(jump_target(pc));
    if (op_at(pc) == Op::Send) add(i64{pc} + 1);
    if (op_at(pc) == Op::YieldFrom) add(i64{pc} - 1);  // the delegate may have ended
  }

  void find_live() {
    live_.resize(n_, code_->register_count_ > code_->frame_local_count_ ? code_->register_count_ - code_->frame_local_count_ : 1);
    for (bool changed = true; changed;) {
      changed = false;
      for (u32 pc = n_; pc-- > 0;) changed = update_live(pc) || changed;
      for (u32 i = 0; i < code_->exception_count_; ++i) changed = update_handler(code_->exception_table_[i]) || changed;
    }
  }
  bool update_live(u32 pc) {
    live_.begin();
    if (skipped_[pc]) {
      add_successors(pc);
      return live_.merge_into(pc);
    }
    shape_of(pc);
    add_successors(pc);
    for (i32 slot : shape_.outputs) {
      if (is_temp(slot)) live_.remove(bit(slot));
    }
    for (i32 slot : shape_.inputs) {
      if (is_temp(slot)) live_.add(bit(slot));
    }
    if (is_temp(shape_.in_place)) live_.add(bit(shape_.in_place));
    return live_.merge_into(pc);
  }
  bool may_raise(u32 pc) const { return op_info(op_at(pc)).flags & (kOpRaises | kOpPolls); }
  // What stands below the exception is the same wherever it may be raised: an unwound stack is cut, not sorted.
  bool update_handler(const ExceptionTableEntry& e) {
    live_.begin();
    for (u32 pc = e.start; pc < e.end; ++pc) {
      if (may_raise(pc)) live_.add_row(pc);
    }
    live_.add_row(e.handler);
    live_.keep_below(bit(e.exception_register));
    bool changed = live_.merge_into(e.handler);
    for (u32 pc = e.start; pc < e.end; ++pc) {
      if (may_raise(pc)) changed = live_.merge_into(pc) || changed;
    }
    return changed;
  }
  std::vector<i32> stack_at(i64 pc) const {
    std::vector<i32> stack;
    if (pc < 0 || pc >= i64{n_}) return stack;
    i32 end = static_cast<i32>(code_->register_count_);
    for (i32 reg = first_temp_; reg < end; ++reg) {
      if (live_.test(static_cast<usize>(pc), bit(reg))) stack.push_back(reg);
    }
    return stack;
  }
  bool needed_after(i32 reg, u32 pc) const {
    auto in = [&](i64 to) { return to >= 0 && to < i64{n_} && live_.test(static_cast<usize>(to), bit(reg)); };
    return in(next_of(pc)) || in(jump_target(pc)) || (op_at(pc) == Op::Send && in(i64{pc} + 1));
  }

  // ---- emission; stack_ is what stands on the stack

  void emit(StackOp op, u32 arg = 0, i32 label = -1) {
    emitted_.push_back({op, arg, label, pc_, static_cast<u32>(stack_.size())});
  }
  void push(i32 slot) {
    stack_.push_back(slot);
    note_height(stack_.size());
  }
  void note_height(usize height) {
    if (height > out_.stack_size) out_.stack_size = static_cast<u32>(height);
  }
  void pop(usize count = 1) { stack_.resize(stack_.size() - count); }
  void swap(usize from_top) {  // with the topmost
    emit(StackOp::SWAP, static_cast<u32>(from_top));
    std::swap(stack_.back(), stack_[stack_.size() - from_top]);
  }
  i32 new_label() {
    label_at_.push_back(0);
    return static_cast<i32>(label_at_.size()) - 1;
  }
  void bind(i32 label) { label_at_[static_cast<usize>(label)] = emitted_.size(); }

  void load(i32 slot) {
    i32 constant = is_constant_slot(slot) ? constant_of_slot(slot) : constant_of_register(slot);
    if (constant >= 0) {
      emit(StackOp::LOAD_CONST, static_cast<u32>(constant));
    } else if (is_temp(slot)) {
      emit(StackOp::COPY, static_cast<u32>(stack_.size() - place_of(slot)));
    } else {
      emit(is_cell_[static_cast<usize>(slot)] ? StackOp::LOAD_CLOSURE : StackOp::LOAD_FAST, static_cast<u32>(slot));
    }
    push(kStale);
  }
  usize place_of(i32 reg) {
    for (usize i = stack_.size(); i-- > 0;) {
      if (stack_[i] == reg) return i;
    }
    is_sound_ = false;  // a temporary that is read has not been written
    return 0;
  }

  // Brings the operands onto the stack. Those that were taken from it and not copied are in taken_.
  void load_inputs(u32 pc) {
    const std::vector<i32>& inputs = shape_.inputs;
    usize n = inputs.size();
    taken_.assign(n, false);
    auto can_be_taken = [&](usize i) {
      if (!is_temp(inputs[i])) return false;
      for (usize j = 0; j < n; ++j) {
        if (j != i && inputs[j] == inputs[i]) return false;
      }
      for (i32 slot : shape_.outputs) {
        if (slot == inputs[i]) return true;
      }
      return !needed_after(inputs[i], pc);
    };
    usize takers = 0;
    for (usize i = 0; i < n; ++i) takers += taken_[i] = can_be_taken(i);
    // The topmost must be just these.
    bool on_top = takers <= stack_.size();
    for (usize k = 0; on_top && k < takers; ++k) {
      bool found = false;
      for (usize i = 0; i < n; ++i) found = found || (taken_[i] && inputs[i] == stack_[stack_.size() - 1 - k]);
      on_top = found;
    }
    if (!on_top) taken_.assign(n, false);
    std::vector<usize> order;  // which input each place holds
    if (on_top) {
      for (usize k = stack_.size() - takers; k < stack_.size(); ++k) {
        for (usize i = 0; i < n; ++i) {
          if (taken_[i] && inputs[i] == stack_[k]) order.push_back(i);
        }
      }
    }
    for (usize i = 0; i < n; ++i) {
      if (taken_[i]) continue;
      load(inputs[i]);
      order.push_back(i);
    }
    sort_top(order);
  }
  void sort_top(std::vector<usize>& order) {
    usize n = order.size();
    for (;;) {
      usize wrong = n ? n - 1 : 0;
      if (n && order[n - 1] == n - 1) {
        wrong = 0;
        while (wrong < n && order[wrong] == wrong) ++wrong;
      } else if (n) {
        wrong = order[n - 1];
      }
      if (wrong >= n) return;
      swap(n - wrong);
      std::swap(order[n - 1], order[wrong]);
    }
  }

  // The operands are gone, the results are there.
  void push_outputs() {
    std::vector<i32> results = shape_.outputs;
    for (usize i = 0; i < results.size(); ++i) {
      if (!shape_.kept[i]) continue;
      bool taken = false;
      for (usize k = 0; k < shape_.inputs.size(); ++k) taken = taken || (taken_[k] && shape_.inputs[k] == results[i]);
      if (!taken) results[i] = kStale;
    }
    for (i32 slot : results) {
      // What the register held before is of no use any more.
      for (i32& old : stack_) {
        if (old == slot) old = kStale;
      }
      push(slot);
    }
    while (!stack_.empty() && stack_.back() >= 0 && !is_temp(stack_.back())) {
      emit(StackOp::STORE_FAST, static_cast<u32>(stack_.back()));
      pop();
    }
  }

  // Sorts and drops till the stack is as wanted.
  void settle(const std::vector<i32>& wanted) {
    while (is_sound_ && stack_ != wanted) {
      usize home = wanted.size();
      if (!stack_.empty()) {
        for (usize i = 0; i < wanted.size(); ++i) {
          if (wanted[i] == stack_.back()) home = i;
        }
      }
      if (!stack_.empty() && home == wanted.size()) {
        emit(StackOp::POP_TOP);
        pop();
      } else if (stack_.empty() || home >= stack_.size()) {
        is_sound_ = false;  // a temporary that is needed has not been written
      } else if (home + 1 < stack_.size() && stack_[home] == wanted[home]) {
        is_sound_ = false;  // it stands there twice
      } else if (home + 1 < stack_.size()) {
        swap(stack_.size() - home);
      } else {
        usize i = 0;
        while (i < stack_.size() && stack_[i] == wanted[i]) ++i;
        if (i == stack_.size())
          is_sound_ = false;  // the same
        else
          swap(stack_.size() - i);
      }
    }
  }

  // A label to jump to with stack_ as it is now: pc's own, or of code at the end that settles the stack first.
  i32 label_for(i64 pc) {
    std::vector<i32> wanted = stack_at(pc);
    if (stack_ == wanted) return static_cast<i32>(pc);
    i32 label = new_label();
    trampolines_.push_back({label, static_cast<i32>(pc), pc_, stack_});
    return label;
  }
  void write_trampolines() {
    first_trampoline_ = static_cast<usize>(new_label());
    bind(static_cast<i32>(first_trampoline_));
    for (const Trampoline& t : trampolines_) {
      bind(t.label);
      pc_ = t.pc;
      stack_ = t.stack;
      settle(stack_at(t.target));
      emit(StackOp::JUMP_FORWARD, 0, t.target);
    }
  }

  void translate_all() {
    for (u32 pc = 0; pc < n_; ++pc) label_at_.push_back(0);
    main_.assign(n_, 0);
    for (u32 pc = 0; pc < n_ && is_sound_; ++pc) {
      if (pc == prologue_end_) {
        pc_ = StackCode::kNoInstruction;
        emit(StackOp::RESUME);
      }
      bind(static_cast<i32>(pc));
      pc_ = pc;
      main_[pc] = emitted_.size();
      if (skipped_[pc]) continue;
      stack_ = stack_at(pc);
      note_height(stack_.size() + 1);
      shape_of(pc);
      translate(pc);
    }
  }

  void translate(u32 pc) {
    Op op = op_at(pc);
    switch (op) {
      case Op::Jump:
      case Op::JumpBack:
      case Op::JumpNoPoll: {
        i64 target = jump_target(pc);
        settle(stack_at(target));
        bool back = target <= i64{pc};
        return emit(op == Op::JumpNoPoll && back ? StackOp::JUMP_BACKWARD_NO_INTERRUPT : StackOp::JUMP_FORWARD, 0,
                    static_cast<i32>(target));
      }
      case Op::ForIter: return translate_for(pc);
      case Op::Send: return translate_send(pc);
      case Op::LoadAbsent:
        if (!is_temp(shape_.outputs[0])) return unbind(shape_.outputs[0]);
        if (!needed_after(shape_.outputs[0], pc)) return;
        break;
      default:
        if (jump_target(pc) >= 0) return translate_branch(pc);
        break;
    }
    load_inputs(pc);
    main_[pc] = emitted_.size();
    operation(pc);
    pop(shape_.inputs.size());
    push_outputs();
    if (i64 next = next_of(pc); next >= 0) settle(stack_at(next));
  }

  // At the end of `except ... as name`; the body may have unbound the name.
  void unbind(i32 local) {
    emit(StackOp::LOAD_CONST, static_cast<u32>(none_constant_));
    emit(StackOp::STORE_FAST, static_cast<u32>(local));
    emit(StackOp::DELETE_FAST, static_cast<u32>(local));
    note_height(stack_.size() + 1);
  }

  void translate_for(u32 pc) {
    i64 exhausted = jump_target(pc), next = next_of(pc);
    load_inputs(pc);
    main_[pc] = emitted_.size();
    std::vector<i32> before = stack_;
    pop();
    emit(StackOp::FOR_ITER, 0, label_for(exhausted));
    stack_ = before;
    pop();
    push_outputs();
    settle(stack_at(next));
    if (next != i64{pc} + 1) emit(StackOp::JUMP_FORWARD, 0, static_cast<i32>(next));
  }

  void translate_send(u32 pc) {
    load_inputs(pc);
    main_[pc] = emitted_.size();
    std::vector<i32> before = stack_;
    i32 result = shape_.outputs[1];
    bool short_cut = op_at(pc + 1) == Op::Jump;  // it is only there for the way of the result
    i64 returned = short_cut ? jump_target(pc + 1) : i64{pc} + 1;
    pop(2);
    push(result);
    emit(StackOp::SEND, 0, label_for(returned));
    stack_ = before;
    pop(2);
    push_outputs();
    settle(stack_at(next_of(pc)));
    if (short_cut) {
      skipped_[pc + 1] = true;
    } else {
      emit(StackOp::JUMP_FORWARD, 0, static_cast<i32>(next_of(pc)));
    }
  }

  struct Branch {
    StackOp jump = StackOp::POP_JUMP_FORWARD_IF_FALSE;
    StackOp compare = StackOp::NOP;
    u32 arg = 0;
  };
  static Branch branch_of(Op op) {
    constexpr StackOp kTrue = StackOp::POP_JUMP_FORWARD_IF_TRUE, kFalse = StackOp::POP_JUMP_FORWARD_IF_FALSE;
    constexpr StackOp kCompare = StackOp::COMPARE_OP;
    switch (op) {
      case Op::JumpIfTrue: return {kTrue};
      case Op::JumpIfNone:
      case Op::JumpIfAbsent: return {StackOp::POP_JUMP_FORWARD_IF_NONE};
      case Op::JumpIfNotNone: return {StackOp::POP_JUMP_FORWARD_IF_NOT_NONE};
      case Op::JumpUnlessLt:
      case Op::JumpUnlessLtInt: return {kFalse, kCompare, 0};
      case Op::JumpUnlessLe:
      case Op::JumpUnlessLeInt: return {kFalse, kCompare, 1};
      case Op::JumpUnlessEq:
      case Op::JumpUnlessEqInt: return {kFalse, kCompare, 2};
      case Op::JumpUnlessNe:
      case Op::JumpUnlessNeInt: return {kFalse, kCompare, 3};
      case Op::JumpUnlessGt:
      case Op::JumpUnlessGtInt: return {kFalse, kCompare, 4};
      case Op::JumpUnlessGe:
      case Op::JumpUnlessGeInt: return {kFalse, kCompare, 5};
      case Op::JumpIfLt: return {kTrue, kCompare, 0};
      case Op::JumpIfLe: return {kTrue, kCompare, 1};
      case Op::JumpIfEq: return {kTrue, kCompare, 2};
      case Op::JumpIfNe: return {kTrue, kCompare, 3};
      case Op::JumpIfGt: return {kTrue, kCompare, 4};
      case Op::JumpIfGe: return {kTrue, kCompare, 5};
      case Op::JumpIfIs: return {kTrue, StackOp::IS_OP, 0};
      case Op::JumpIfIsNot: return {kTrue, StackOp::IS_OP, 1};
      default: return {};
    }
  }
  void translate_branch(u32 pc) {
    Branch branch = branch_of(op_at(pc));
    i64 target = jump_target(pc), next = next_of(pc);
    // `and`, `or`: the value stays if it decides.
    if (branch.compare == StackOp::NOP && !stack_.empty() && shape_.inputs[0] == stack_.back() && target > i64{pc} &&
        stack_ == stack_at(target) && !live_.test(static_cast<usize>(next), bit(stack_.back()))) {
      bool when = branch.jump == StackOp::POP_JUMP_FORWARD_IF_TRUE;
      if (when || branch.jump == StackOp::POP_JUMP_FORWARD_IF_FALSE) {
        emit(when ? StackOp::JUMP_IF_TRUE_OR_POP : StackOp::JUMP_IF_FALSE_OR_POP, 0, static_cast<i32>(target));
        pop();
        return settle(stack_at(next));
      }
    }
    load_inputs(pc);
    main_[pc] = emitted_.size();
    if (branch.compare != StackOp::NOP) {
      emit(branch.compare, branch.arg);
      pop();
    }
    pop();
    emit(branch.jump, 0, label_for(target));
    settle(stack_at(next));
  }

  // ---- operations: what stands between operands and results

  void binary(u32 number) { emit(StackOp::BINARY_OP, number); }
  void in_place(StackOp op) { emit(op, static_cast<u32>(stack_.size() - shape_.inputs.size() - place_of(shape_.in_place))); }
  // Of the several that an instruction becomes, the one that runs Python: where f_lasti and tb_lasti point.
  void emit_main(StackOp op, u32 arg = 0) {
    main_[pc_] = emitted_.size();
    emit(op, arg);
  }
  void call(u32 count) {
    emit(StackOp::PRECALL, count);
    emit_main(StackOp::CALL, count);
  }
  // A tuple of arguments to which TupleExtend adds: a list in CPython's code.
  bool is_extended(u32 pc) const {
    u32 tuple = code_ops_[pc].a;
    for (u32 at = pc + 1; at < n_; ++at) {
      if (op_at(at) == Op::TupleExtend && code_ops_[at].b == tuple) return true;
      if (op_at(at) == Op::BuildTuple && code_ops_[at].a == tuple) return false;
    }
    return false;
  }
  u32 function_flags(const Instruction& ins, u32 pc) const {
    u32 flags = 0;
    for (i32 i = 0; ins.c != 0xFFFF && i < 4; ++i) flags |= holds_absent(ins.c + i, pc) ? 0 : 1u << i;
    return flags;
  }

  // CALL_FUNCTION_EX takes no method and self.
  bool is_called_with_tuple(u32 pc) const {
    for (u32 at = pc + 1; at < n_; ++at) {
      bool is_call = op_at(at) == Op::Call || op_at(at) == Op::CallKw || op_at(at) == Op::CallEx;
      if (is_call && code_ops_[at].a == code_ops_[pc].a) return op_at(at) == Op::CallEx;
    }
    return false;
  }

  void operation(u32 pc) {
    const Instruction& ins = code_ops_[pc];
    Op op = static_cast<Op>(ins.op);
    u32 a = ins.a, b = ins.b, c = ins.c;
    // The order of numbers is that of BINARY_OP's table.
    constexpr Op kBinary[] = {Op::BinaryAdd,       Op::BinaryAnd,     Op::BinaryFloorDiv, Op::BinaryLShift, Op::BinaryMatMul,
                              Op::BinaryMul,       Op::BinaryMod,     Op::BinaryOr,       Op::BinaryPow,    Op::BinaryRShift,
                              Op::BinarySub,       Op::BinaryTrueDiv, Op::BinaryXor,      Op::InplaceAdd,   Op::InplaceAnd,
                              Op::InplaceFloorDiv, Op::InplaceLShift, Op::InplaceMatMul,  Op::InplaceMul,   Op::InplaceMod,
                              Op::InplaceOr,       Op::InplacePow,    Op::InplaceRShift,  Op::InplaceSub,   Op::InplaceTrueDiv,
                              Op::InplaceXor};
    for (u32 i = 0; i < 26; ++i) {
      if (kBinary[i] == op) return binary(i);
    }
    switch (op) {
      case Op::Nop:
      case Op::CheckBound: return emit(StackOp::NOP);
      case Op::Move:
      case Op::LoadConst:
      case Op::LoadSmallInt: return;
      case Op::LoadAbsent:
        emit(StackOp::PUSH_NULL);
        // CPython has the two in the other order.
        if (!stack_.empty() && stack_.back() == static_cast<i32>(a) - 1) emit(StackOp::SWAP, 2);
        return;
      case Op::DeleteLocal: return emit(StackOp::DELETE_FAST, a);
      case Op::LoadGlobal: return emit(StackOp::LOAD_GLOBAL, b << 1);
      case Op::LoadGlobalCallee: return emit(StackOp::LOAD_GLOBAL, b << 1 | 1);
      case Op::StoreGlobal: return emit(StackOp::STORE_GLOBAL, a);
      case Op::DeleteGlobal: return emit(StackOp::DELETE_GLOBAL, a);
      case Op::LoadName: return emit(StackOp::LOAD_NAME, b);
      case Op::StoreName: return emit(StackOp::STORE_NAME, a);
      case Op::DeleteName: return emit(StackOp::DELETE_NAME, a);
      case Op::MakeCell: return emit(StackOp::MAKE_CELL, a);
      case Op::CopyFreeVars: return emit(StackOp::COPY_FREE_VARS, b);
      case Op::LoadDeref: return emit(StackOp::LOAD_DEREF, b);
      case Op::LoadClassDeref: return emit(StackOp::LOAD_CLASSDEREF, b);
      case Op::StoreDeref: return emit(StackOp::STORE_DEREF, a);
      case Op::DeleteDeref: return emit(StackOp::DELETE_DEREF, a);
      case Op::SetupAnnotations: return emit(StackOp::SETUP_ANNOTATIONS);
      case Op::AddInt: return binary(0);
      case Op::SubInt: return binary(10);
      case Op::InplaceAddInt: return binary(13);
      case Op::InplaceSubInt: return binary(23);
      case Op::UnaryNegative: return emit(StackOp::UNARY_NEGATIVE);
      case Op::UnaryPositive: return emit(StackOp::UNARY_POSITIVE);
      case Op::UnaryInvert: return emit(StackOp::UNARY_INVERT);
      case Op::UnaryNot: return emit(StackOp::UNARY_NOT);
      case Op::CompareLt: return emit(StackOp::COMPARE_OP, 0);
      case Op::CompareLe: return emit(StackOp::COMPARE_OP, 1);
      case Op::CompareEq: return emit(StackOp::COMPARE_OP, 2);
      case Op::CompareNe: return emit(StackOp::COMPARE_OP, 3);
      case Op::CompareGt: return emit(StackOp::COMPARE_OP, 4);
      case Op::CompareGe: return emit(StackOp::COMPARE_OP, 5);
      case Op::Is: return emit(StackOp::IS_OP, 0);
      case Op::IsNot: return emit(StackOp::IS_OP, 1);
      case Op::Contains: return emit(StackOp::CONTAINS_OP, 0);
      case Op::NotContains: return emit(StackOp::CONTAINS_OP, 1);
      case Op::LoadAttr: return emit(StackOp::LOAD_ATTR, c);
      case Op::StoreAttr: return emit(StackOp::STORE_ATTR, c);
      case Op::DeleteAttr: return emit(StackOp::DELETE_ATTR, c);
      case Op::LoadMethod:
        if (!is_called_with_tuple(pc)) return emit(StackOp::LOAD_METHOD, c);
        emit(StackOp::LOAD_ATTR, c);
        emit(StackOp::PUSH_NULL);
        return emit(StackOp::SWAP, 2);
      case Op::LoadItem:
      case Op::LoadItemInt: return emit(StackOp::BINARY_SUBSCR);
      case Op::StoreItem: return emit(StackOp::STORE_SUBSCR);
      case Op::DeleteItem: return emit(StackOp::DELETE_SUBSCR);
      case Op::LoadSlice: emit(StackOp::BUILD_SLICE, 3); return emit_main(StackOp::BINARY_SUBSCR);
      case Op::StoreSlice: emit(StackOp::BUILD_SLICE, 3); return emit_main(StackOp::STORE_SUBSCR);
      case Op::BuildSlice: return emit(StackOp::BUILD_SLICE, 3);
      case Op::BuildTuple: return emit(is_extended(pc) ? StackOp::BUILD_LIST : StackOp::BUILD_TUPLE, c);
      case Op::TupleExtend: emit(StackOp::LIST_EXTEND, 1); return emit(StackOp::LIST_TO_TUPLE);
      case Op::BuildList: return emit(StackOp::BUILD_LIST, c);
      case Op::BuildSet: return emit(StackOp::BUILD_SET, c);
      case Op::BuildDict: return emit(StackOp::BUILD_MAP, c);
      case Op::BuildString: return emit(StackOp::BUILD_STRING, c);
      case Op::FormatValue: return emit(StackOp::FORMAT_VALUE, c);
      case Op::ListAppend: return in_place(StackOp::LIST_APPEND);
      case Op::ListExtend: return in_place(StackOp::LIST_EXTEND);
      case Op::SetAdd: return in_place(StackOp::SET_ADD);
      case Op::SetUpdate: return in_place(StackOp::SET_UPDATE);
      case Op::DictSet: return in_place(StackOp::MAP_ADD);
      case Op::DictUpdate: return in_place(StackOp::DICT_UPDATE);
      case Op::DictMerge: return in_place(StackOp::DICT_MERGE);
      case Op::ListToTuple: return emit(StackOp::LIST_TO_TUPLE);
      case Op::UnpackSequence: return emit(StackOp::UNPACK_SEQUENCE, c);
      case Op::UnpackEx: return emit(StackOp::UNPACK_EX, c);
      case Op::Call: return call(b);
      case Op::CallKw: emit(StackOp::KW_NAMES, c); return call(b);
      case Op::CallEx: return emit(StackOp::CALL_FUNCTION_EX, shape_.inputs.size() == 4);
      case Op::Return:
      case Op::ReturnConst: return emit(StackOp::RETURN_VALUE);
      case Op::MakeFunction: return emit(StackOp::MAKE_FUNCTION, function_flags(ins, pc));
      case Op::LoadBuildClass: return emit(StackOp::LOAD_BUILD_CLASS);
      case Op::GetIter: return emit(StackOp::GET_ITER);
      case Op::ReturnGenerator: emit(StackOp::RETURN_GENERATOR); return emit(StackOp::POP_TOP);
      case Op::Yield: emit(StackOp::YIELD_VALUE); return emit(StackOp::RESUME, 1);
      case Op::YieldFrom: {
        bool awaits = code_->has_flag(kCodeCoroutine) || code_->has_flag(kCodeAsyncGenerator);
        emit(StackOp::YIELD_VALUE);
        return emit(StackOp::RESUME, awaits ? 3 : 2);
      }
      case Op::GetYieldFromIter: return emit(StackOp::GET_YIELD_FROM_ITER);
      case Op::GetAwaitable: return emit(StackOp::GET_AWAITABLE, c);
      case Op::GetAIter: return emit(StackOp::GET_AITER);
      case Op::GetANext: return emit(StackOp::GET_ANEXT);
      case Op::EndAsyncFor:  // takes the iterator's place, too
        emit(StackOp::PUSH_NULL);
        emit(StackOp::SWAP, 2);
        return emit_main(StackOp::END_ASYNC_FOR);
      case Op::AsyncGenWrap: return emit(StackOp::ASYNC_GEN_WRAP);
      case Op::BeforeWith:
      case Op::BeforeAsyncWith:
        emit(StackOp::PUSH_NULL);
        emit(StackOp::SWAP, 2);
        return emit_main(op == Op::BeforeWith ? StackOp::BEFORE_WITH : StackOp::BEFORE_ASYNC_WITH);
      case Op::WithExcept: return emit(StackOp::WITH_EXCEPT_START);
      case Op::PushExc:
        // A bare `except` begins its line with what drops the exception.
        if (code_->positions()[pc].has_place()) pc_ = StackCode::kNoPlace;
        emit(StackOp::PUSH_EXC_INFO);
        pc_ = pc;
        main_[pc] = emitted_.size();
        return;
      case Op::PopExc: return emit(StackOp::POP_EXCEPT);
      case Op::CheckExcMatch: return emit(StackOp::CHECK_EXC_MATCH);
      case Op::CheckEgMatch: return emit(StackOp::CHECK_EG_MATCH);
      case Op::Raise: return emit(StackOp::RAISE_VARARGS, 1);
      case Op::RaiseFrom: return emit(StackOp::RAISE_VARARGS, 2);
      case Op::RaiseBare: return emit(StackOp::RAISE_VARARGS, 0);
      case Op::Reraise: return emit(StackOp::RERAISE, 0);
      case Op::PrepReraiseStar: return emit(StackOp::PREP_RERAISE_STAR);
      case Op::LoadAssertionError: return emit(StackOp::LOAD_ASSERTION_ERROR);
      case Op::ImportName: return emit(StackOp::IMPORT_NAME, c);
      case Op::ImportFrom: return emit(StackOp::IMPORT_FROM, c);
      case Op::ImportStar: return emit(StackOp::IMPORT_STAR);
      case Op::MatchMapping: return emit(StackOp::MATCH_MAPPING);
      case Op::MatchSequence: return emit(StackOp::MATCH_SEQUENCE);
      case Op::MatchKeys: return emit(StackOp::MATCH_KEYS);
      case Op::MatchClass: return emit(StackOp::MATCH_CLASS, c);
      case Op::GetLen: return emit(StackOp::GET_LEN);
      case Op::CopyDictWithoutKeys: return copy_dict_without_keys(pc);
      case Op::PrintExpr: return emit(StackOp::PRINT_EXPR);
      // Written elsewhere, or never emitted. No default: the compiler names an op that is missing here.
      case Op::LoadLocals:
      case Op::BinaryAdd:
      case Op::BinarySub:
      case Op::BinaryMul:
      case Op::BinaryMatMul:
      case Op::BinaryTrueDiv:
      case Op::BinaryFloorDiv:
      case Op::BinaryMod:
      case Op::BinaryPow:
      case Op::BinaryLShift:
      case Op::BinaryRShift:
      case Op::BinaryAnd:
      case Op::BinaryOr:
      case Op::BinaryXor:
      case Op::InplaceAdd:
      case Op::InplaceSub:
      case Op::InplaceMul:
      case Op::InplaceMatMul:
      case Op::InplaceTrueDiv:
      case Op::InplaceFloorDiv:
      case Op::InplaceMod:
      case Op::InplacePow:
      case Op::InplaceLShift:
      case Op::InplaceRShift:
      case Op::InplaceAnd:
      case Op::InplaceOr:
      case Op::InplaceXor:
      case Op::Jump:
      case Op::JumpBack:
      case Op::JumpNoPoll:
      case Op::JumpIfTrue:
      case Op::JumpIfFalse:
      case Op::JumpIfNone:
      case Op::JumpIfNotNone:
      case Op::JumpIfAbsent:
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
      case Op::JumpIfGe:
      case Op::JumpIfIs:
      case Op::JumpIfIsNot:
      case Op::JumpUnlessLtInt:
      case Op::JumpUnlessLeInt:
      case Op::JumpUnlessEqInt:
      case Op::JumpUnlessNeInt:
      case Op::JumpUnlessGtInt:
      case Op::JumpUnlessGeInt:
      case Op::ForIter:
      case Op::Send:
      case Op::kCount: break;
    }
    is_sound_ = false;
  }
  // Subject and keys are on the stack: a new dict, updated from the subject, less the keys.
  void copy_dict_without_keys(u32 pc) {
    u32 count = 0;
    for (u32 at = pc; at-- > 0;) {
      if (code_ops_[at].a != code_ops_[pc].c) continue;
      if (op_at(at) == Op::BuildTuple) count = code_ops_[at].c;
      if (op_at(at) == Op::LoadConst) {
        Tuple* keys = cast<Tuple>(code_->consts()->at(code_ops_[at].wide()));
        if (keys)
          count = static_cast<u32>(keys->length());
        else
          is_sound_ = false;
      }
      if (op_at(at) == Op::BuildTuple || op_at(at) == Op::LoadConst) break;
    }
    emit(StackOp::BUILD_MAP, 0);
    emit(StackOp::COPY, 3);
    emit(StackOp::DICT_UPDATE, 1);
    emit(StackOp::COPY, 2);
    emit(StackOp::UNPACK_SEQUENCE, count);
    note_height(stack_.size() + 2 + count);
    for (u32 left = count; left > 0; --left) {
      emit(StackOp::COPY, left + 1);
      emit(StackOp::SWAP, 2);
      emit(StackOp::DELETE_SUBSCR);
    }
  }

  // ---- layout

  static u32 extensions(u32 arg) { return arg > 0xFFFFFF ? 3 : arg > 0xFFFF ? 2 : arg > 0xFF ? 1 : 0; }
  void lay_out() {
    start_.assign(emitted_.size() + 1, 0);
    for (bool changed = true; changed;) {
      changed = false;
      u32 at = 0;
      for (usize i = 0; i < emitted_.size(); ++i) {
        start_[i] = at;
        at += extensions(emitted_[i].arg) + 1 + cache_units(emitted_[i].op);
      }
      start_.back() = at;
      for (usize i = 0; i < emitted_.size(); ++i) {
        Emitted& e = emitted_[i];
        if (e.label < 0) continue;
        usize target = label_at_[static_cast<usize>(e.label)];
        bool back = target <= i;
        if (back) e.op = backward_form(e.op);
        u32 distance = back ? start_[i + 1] - start_[target] : start_[target] - start_[i + 1];
        if (extensions(distance) < extensions(e.arg)) continue;  // shrinking might never end
        changed = changed || extensions(distance) != extensions(e.arg);
        e.arg = distance;
      }
    }
  }
  void write() {
    for (const Emitted& e : emitted_) {
      for (u32 k = extensions(e.arg); k > 0; --k) put_unit(StackOp::EXTENDED_ARG, e.arg >> (8 * k), e.pc);
      put_unit(e.op, e.arg, e.pc);
      for (u32 k = cache_units(e.op); k > 0; --k) put_unit(StackOp::CACHE, 0, e.pc);
    }
    for (u32 pc = 0; pc < n_; ++pc) {
      usize i = main_[pc];
      out_.unit_of_pc.push_back(i < emitted_.size() ? start_[i] + extensions(emitted_[i].arg) : start_[i]);
    }
  }
  void put_unit(StackOp op, u32 arg, u32 pc) {
    out_.bytes.push_back(static_cast<u8>(op));
    out_.bytes.push_back(static_cast<u8>(arg));
    out_.pc_of_unit.push_back(pc);
  }
  // The place of pc's first instruction in emitted_; trampolines, at the end, belong to none.
  usize place_of_pc(u32 pc) const { return label_at_[pc < n_ ? pc : first_trampoline_]; }
  void write_handlers() {
    for (u32 i = 0; i < code_->exception_count_; ++i) {
      const ExceptionTableEntry& e = code_->exception_table_[i];
      u32 depth = 0;
      for (i32 reg : stack_at(e.handler)) depth += reg < static_cast<i32>(e.exception_register);
      // What has dropped a part of the stack already, on the way out, cannot raise.
      usize end = place_of_pc(e.end);
      for (usize at = place_of_pc(e.start); at < end;) {
        usize next = at;
        while (next < end && emitted_[next].depth >= depth) ++next;
        if (next > at) out_.handlers.push_back({start_[at], start_[next], start_[place_of_pc(e.handler)], depth});
        at = next + 1;
      }
    }
  }

  struct Trampoline {
    i32 label, target;
    u32 pc;
    std::vector<i32> stack;
  };

  const Code* code_;
  StackCode& out_;
  u32 n_;
  i32 first_temp_ = 0;
  u32 prologue_end_ = 0;
  bool is_sound_ = true;
  i32 none_constant_ = 0;
  std::vector<Instruction> code_ops_;
  std::vector<bool> is_cell_, skipped_, taken_;
  std::vector<i32> constant_registers_, stack_;
  std::unordered_map<i64, i32> int_constants_;
  LiveSets live_;
  Shape shape_;
  u32 pc_ = 0;
  std::vector<Emitted> emitted_;
  std::vector<usize> label_at_, main_;  // label pc is instruction pc
  std::vector<Trampoline> trampolines_;
  usize first_trampoline_ = 0;  // a label
  std::vector<u32> start_;
};

}  // namespace

// The number that is part of an instruction, if there is one.
static bool int_of(const Instruction& ins, i64* value) {
  switch (static_cast<Op>(ins.op)) {
    case Op::LoadSmallInt: *value = ins.jump32(); return true;
    case Op::AddInt:
    case Op::SubInt:
    case Op::InplaceAddInt:
    case Op::InplaceSubInt:
    case Op::LoadItemInt: *value = static_cast<i16>(ins.c); return true;
    case Op::JumpUnlessLtInt:
    case Op::JumpUnlessLeInt:
    case Op::JumpUnlessEqInt:
    case Op::JumpUnlessNeInt:
    case Op::JumpUnlessGtInt:
    case Op::JumpUnlessGeInt: *value = static_cast<i16>(ins.b); return true;
    default: return false;
  }
}
static bool set_constant(Instruction& ins, u32 index, Value v) {
  i64 number = v.is_small_int() ? v.small_int() : 0;
  if (static_cast<Op>(ins.op) == Op::LoadSmallInt) {
    bool fits = v.is_small_int() && number == static_cast<i32>(number);
    u32 bits = fits ? static_cast<u32>(number) : index;
    if (!fits) ins.op = static_cast<u16>(Op::LoadConst);
    ins.b = static_cast<u16>(bits);
    ins.c = static_cast<u16>(bits >> 16);
    return true;
  }
  if (!v.is_small_int() || number != static_cast<i16>(number)) return false;
  bool in_b = op_info(static_cast<Op>(ins.op)).b == OperandKind::Immediate;
  (in_b ? ins.b : ins.c) = static_cast<u16>(number);
  return true;
}
static bool rebind_constants(const Code* code, Tuple* wanted, Instruction* out) {
  Tuple* now = code->consts();
  for (u32 pc = 0; pc < code->instruction_count_; ++pc) {
    out[pc] = code->instructions_[pc];
    out[pc].op = base_op(out[pc].op);
    i64 value;
    if (!int_of(out[pc], &value)) continue;
    Index i = 0;
    while (i < now->length() && now->at(i) != Value::of_small_int(value)) ++i;
    if (i == now->length() || wanted->at(i) == now->at(i)) continue;
    if (!set_constant(out[pc], static_cast<u32>(i), wanted->at(i))) return false;
  }
  return true;
}

void init_stack_code() {
  make_stack_code = [](const Code* code, StackCode& out) { return Translator(code, out).run(); };
  rebind_int_constants = rebind_constants;
  falls_into_next = [](const Code* code, u32 pc) { return !ends_block(static_cast<Op>(code->instructions()[pc].op)); };
}

}  // namespace baton
