// Last stage of a code object: jump threading, removal of Nops and empty jumps, layout with far forms of short jumps, exception
// table.
//
// Far forms of a compare-and-branch to a distant target:      JumpX a b +1;  Jump +1;  Jump target
// and of a distant ForIter:                                    ForIter x it 0;  Jump target
#include <unordered_map>

#include "compile/unit.h"

namespace baton::compile {

namespace {

constexpr i32 kMaxRegister = 0xFFFE;  // 0xFFFF has a meaning of its own in MakeFunction

// Where an instruction is: at its span; on the line of the one that leads to it; nowhere; on a line, without columns.
enum class Place : u8 { Own, Before, None, Line };

class Assembler {
 public:
  Assembler(AssemblerInput& input, FinishedCode& code) : in_(input), out_(code), shift_(input.local_slots - input.used_locals) {}

  const char* run() {
    if (in_.register_count > kMaxRegister) return "too many registers needed";
    if (out_.names.size() > 0xFFFF) return "too many names";
    insert_constant_loads();
    drop_.assign(in_.code.size(), false);
    thread_jumps();
    copy_exits();
    drop_unreachable();
    drop_empty_jumps();
    drop_nops();
    find_lines();
    lay_out();
    write();
    write_exceptions();
    out_.register_count = static_cast<u32>(in_.register_count - shift_ + constants_);
    return nullptr;
  }

 private:
  usize size() const { return in_.code.size(); }
  i32 position_of(LabelId label) const { return in_.label_positions[label]; }
  // First instruction at or after i that stays.
  i32 kept(i32 i) const {
    while (i < static_cast<i32>(size()) && drop_[i]) ++i;
    return i;
  }

  void insert_constant_loads() {
    constants_ = static_cast<i32>(in_.constant_loads.size());
    prologue_end_ = in_.body_start + constants_;
    if (!constants_) return;
    in_.code.insert(in_.code.begin() + in_.body_start, in_.constant_loads.begin(), in_.constant_loads.end());
    for (i32& position : in_.label_positions) {
      if (position >= in_.body_start) position += constants_;
    }
  }

  void thread_jumps() {
    for (PendingInstruction& ins : in_.code) {
      if (ins.label < 0 || ins.op == Op::JumpBack || ins.op == Op::JumpNoPoll) continue;
      for (int hops = 0; hops < 8; ++hops) {
        const PendingInstruction* next = next_real(position_of(ins.label));
        if (!next) break;
        bool tests = ins.op == Op::JumpIfFalse || ins.op == Op::JumpIfTrue;
        if (next->op == Op::Jump && next->label != ins.label) {
          if (!next->artificial && (ins.artificial || ins.span.lineno != next->span.lineno)) break;  // its line shows
          if (tests && next->c == kStaysTarget) break;
          ins.label = next->label;
        } else if (tests && (next->op == Op::JumpIfFalse || next->op == Op::JumpIfTrue) && next->a == ins.a &&
                   next->span.lineno == ins.span.lineno && next->label != ins.label) {
          // The same value again, as in (a and b) and c: what it is is known.
          if (next->op == ins.op) {
            ins.label = next->label;
          } else {
            in_.label_positions.push_back(position_of(ins.label) + 1);
            ins.label = static_cast<LabelId>(in_.label_positions.size() - 1);
          }
        } else if (ins.op == Op::Jump && next->op == Op::JumpBack) {
          ins.op = Op::JumpBack;
          ins.label = next->label;
          break;
        } else if (ins.op == Op::Jump && next->op == Op::ReturnConst) {
          ins.op = Op::ReturnConst;
          ins.b = next->b;
          ins.label = -1;
          break;
        } else {
          break;
        }
      }
    }
  }
  // An exit without a line (the return at the end, a Reraise) belongs to the line that it is reached from: each line that
  // branches to it gets its own.
  void copy_exits() {
    usize count = size();
    std::unordered_map<u64, LabelId> copies;  // by line and original
    for (usize i = 0; i < count; ++i) {
      LabelId label = in_.code[i].label;
      if (label < 0 || position_of(label) < 0 || position_of(label) >= static_cast<i32>(count)) continue;
      usize first = static_cast<usize>(position_of(label)), end = first;
      while (end < count && in_.code[end].artificial && in_.code[end].label < 0 && !ends_block(in_.code[end].op)) ++end;
      if (end == count || !in_.code[end].artificial || in_.code[end].label >= 0 || !ends_block(in_.code[end].op)) continue;
      bool own_line = !in_.code[i].artificial, is_return = in_.code[end].op == Op::ReturnConst && first == end;
      if (is_return && in_.code[end].span.lineno == in_.code[i].span.lineno) continue;
      u64 line = own_line ? static_cast<u32>(in_.code[i].span.lineno) : ~u32{0} - i;
      u64 key = line << 32 | static_cast<u32>(first);
      auto [it, fresh] = copies.try_emplace(key, static_cast<LabelId>(in_.label_positions.size()));
      if (fresh) {
        in_.label_positions.push_back(static_cast<i32>(size()));
        for (usize k = first; k <= end; ++k) {
          PendingInstruction copy = in_.code[k];
          copy.span = in_.code[i].span;
          copy.artificial = !own_line;
          in_.code.push_back(copy);
          drop_.push_back(false);
        }
      }
      in_.code[i].label = it->second;
    }
  }
  const PendingInstruction* next_real(i32 i) const {
    if (i < 0 || i >= static_cast<i32>(size())) return nullptr;
    return &in_.code[i];
  }

  // Threading leaves jumps behind that nothing leads to any more.
  void drop_unreachable() {
    std::vector<bool> live(size(), false);
    std::vector<i32> work{0};
    auto visit = [&](i32 i) {
      if (i >= 0 && i < static_cast<i32>(size()) && !live[i]) {
        live[i] = true;
        work.push_back(i);
      }
    };
    if (size()) live[0] = true;
    while (!work.empty()) {
      i32 i = work.back();
      work.pop_back();
      const PendingInstruction& ins = in_.code[i];
      if (!ends_block(ins.op)) visit(i + 1);
      if (ins.op == Op::Send) visit(i + 2);
      if (ins.label >= 0) visit(position_of(ins.label));
      if (ins.handler != kNoHandler) visit(position_of(in_.handlers[ins.handler].label));
    }
    for (usize i = 0; i < size(); ++i) drop_[i] = !live[i];
  }

  // A Nop carries the line of a statement without code; it goes if a neighbour carries it too, or can take it over.
  void drop_nops() {
    i32 previous_line = -1;
    bool previous_falls_through = false;
    std::vector<bool> is_target(size() + 1, false);
    for (const PendingInstruction& ins : in_.code) {
      if (ins.label >= 0) is_target[position_of(ins.label)] = true;
    }
    for (const PendingHandler& handler : in_.handlers) {
      if (position_of(handler.label) >= 0) is_target[position_of(handler.label)] = true;
    }
    for (usize i = static_cast<usize>(prologue_end_); i < size(); ++i) {
      PendingInstruction& ins = in_.code[i];
      if (drop_[i]) continue;
      if (ins.op == Op::Nop) {
        i32 after = kept(static_cast<i32>(i) + 1);
        PendingInstruction* next = after < static_cast<i32>(size()) ? &in_.code[after] : nullptr;
        bool same_as_previous = previous_falls_through && !is_target[i] && previous_line == ins.span.lineno;
        if (same_as_previous || (next && !next->artificial && next->span.lineno == ins.span.lineno)) {
          drop_[i] = true;
          continue;
        }
        if (next && next->artificial) {
          next->span = ins.span;
          next->artificial = false;
          drop_[i] = true;
          continue;
        }
      }
      previous_line = ins.artificial ? -1 : ins.span.lineno;
      previous_falls_through = !ends_block(ins.op);
    }
  }

  void drop_empty_jumps() {
    for (usize i = 0; i < size(); ++i) {
      if (drop_[i] || in_.code[i].op != Op::Jump) continue;
      // The Jump after a Send belongs to the pattern that YieldFrom relies on.
      if (i > 0 && in_.code[i - 1].op == Op::Send) continue;
      if (i > 0 && in_.code[i - 1].op == Op::YieldFrom) continue;
      if (kept(position_of(in_.code[i].label)) != kept(static_cast<i32>(i) + 1)) continue;
      if (in_.code[i].artificial) {
        drop_[i] = true;
      } else {  // its line may still have to be seen
        in_.code[i].op = Op::Nop;
        in_.code[i].label = -1;
      }
    }
  }

  // Which lines instructions without one belong to, as CPython 3.11 has it: that of the instruction before, also across a jump
  // if there is no other way in; or none. A return at the end of such a block takes the block to the last line above it, which is
  // above the jump where only one leads there (CPython copies what ends a function to the jump). A body without code belongs to
  // the function's first line.
  void find_lines() {
    usize n = size();
    place_.assign(n, Place::Own);
    std::vector<u32> ways_in(n + 1, 0);
    std::vector<bool> begins(n + 1, false), is_handler(in_.handlers.size(), false);
    bool falls = false;
    for (usize i = 0; i < n; ++i) {
      if (drop_[i]) continue;
      const PendingInstruction& ins = in_.code[i];
      ways_in[i] += falls;
      if (ins.label >= 0) {
        i32 target = kept(position_of(ins.label));
        ++ways_in[target];
        begins[target] = begins[kept(static_cast<i32>(i) + 1)] = true;
      } else if (ends_block(ins.op)) {
        begins[kept(static_cast<i32>(i) + 1)] = true;
      }
      if (ins.handler != kNoHandler && !is_handler[ins.handler]) {
        is_handler[ins.handler] = true;
        i32 target = kept(position_of(in_.handlers[ins.handler].label));
        ++ways_in[target];
        begins[target] = true;
      }
      falls = !ends_block(ins.op);
    }
    std::vector<const ast::Span*> led_from(n + 1, nullptr), above_jump(n + 1, nullptr);
    const ast::Span* before = nullptr;  // place of the instruction before in this block
    const ast::Span* last = nullptr;    // where the last block with a line ended
    usize block = 0;
    usize first = static_cast<usize>(kept(prologue_end_));
    if (first < n && in_.code[first].artificial && in_.code[first].op == Op::ReturnConst && !begins[first]) {
      in_.code[first].artificial = false;
      in_.code[first].span = {out_.first_line, 0, out_.first_line, 0};
    }
    for (usize i = 0; i < n; ++i) {
      if (drop_[i]) continue;
      PendingInstruction& ins = in_.code[i];
      if (begins[i] || static_cast<i32>(i) < prologue_end_) {
        block = i;
        before = led_from[i];
      }
      if (!ins.artificial) {
        before = &ins.span;
      } else if (before) {
        place_[i] = Place::Before;
        ins.span = *before;
      } else {
        place_[i] = Place::None;
      }
      usize next = static_cast<usize>(kept(static_cast<i32>(i) + 1));
      if (next < n && !begins[next]) continue;
      if (before) {
        last = before;
      } else if (const ast::Span* line = above_jump[block] ? above_jump[block] : last;
                 line && (ins.op == Op::ReturnConst || ins.op == Op::Return)) {
        for (usize k = block; k <= i; ++k) {
          place_[k] = Place::Line;
          in_.code[k].span = *line;
        }
      }
      if (!ends_block(ins.op) && ways_in[next] == 1) led_from[next] = before;
      if (ins.label >= 0) {
        i32 target = kept(position_of(ins.label));
        if (ways_in[target] == 1) led_from[target] = before;
        if (ways_in[target] == 1 && ins.op == Op::Jump) above_jump[target] = last;
      }
    }
  }

  static bool is_short_jump(const PendingInstruction& ins) { return op_info(ins.op).c == OperandKind::Jump16; }

  void lay_out() {
    is_far_.assign(size(), false);
    start_.resize(size() + 1);
    for (bool changed = true; changed;) {
      changed = false;
      u32 at = 0;
      for (usize i = 0; i < size(); ++i) {
        start_[i] = at;
        if (!drop_[i]) at += width(i);
      }
      start_[size()] = at;
      if (at < 0x7000) return;
      for (usize i = 0; i < size(); ++i) {
        if (drop_[i] || is_far_[i] || !is_short_jump(in_.code[i])) continue;
        i64 distance = i64{start_[position_of(in_.code[i].label)]} - (start_[i] + 1);
        if (distance > 0x7FFF) is_far_[i] = changed = true;
      }
    }
  }
  u32 width(usize i) const { return !is_far_[i] ? 1 : in_.code[i].op == Op::ForIter ? 2 : 3; }

  u16 register_number(i32 reg) const {
    if (reg >= kConstantRegisterBase) return static_cast<u16>(in_.first_temp - shift_ + (reg - kConstantRegisterBase));
    if (reg >= in_.first_temp) return static_cast<u16>(reg - shift_ + constants_);
    return static_cast<u16>(reg >= in_.local_slots ? reg - shift_ : reg);
  }
  u16 operand(OperandKind kind, i32 value) const {
    switch (kind) {
      case OperandKind::Read:
      case OperandKind::Write:
      case OperandKind::ReadWrite: return register_number(value);
      case OperandKind::Window: return value == 0xFFFF ? 0xFFFF : register_number(value);
      default: return static_cast<u16>(value);
    }
  }

  void append(const PendingInstruction& ins, u16 a, u16 b, u16 c, Op op) {
    out_.instructions.push_back({static_cast<u16>(op), a, b, c});
    Place place = place_[static_cast<usize>(&ins - in_.code.data())];
    i32 column = place == Place::Own ? ins.span.col_offset : place == Place::Line ? -1 : Position::kPlaceBefore;
    if (place == Place::None) column = Position::kNoPlace;
    if (&ins - in_.code.data() < prologue_end_) column = Position::kPlaceBefore;
    out_.positions.push_back({ins.span.lineno, ins.span.end_lineno, column, place == Place::Own ? ins.span.end_col_offset : -1});
    // Every live_top is at least first_temp: locals and cells always count.
    out_.live_top.push_back(static_cast<u16>(ins.live_top - shift_ + (&ins - in_.code.data() >= prologue_end_ ? constants_ : 0)));
    handler_of_.push_back(ins.handler);
  }
  void append_jump(const PendingInstruction& ins, Op op, u16 a, u32 target) {
    i32 distance = static_cast<i32>(target) - static_cast<i32>(out_.instructions.size() + 1);
    append(ins, a, static_cast<u16>(distance), static_cast<u16>(static_cast<u32>(distance) >> 16), op);
  }

  void write() {
    for (usize i = 0; i < size(); ++i) {
      if (drop_[i]) continue;
      const PendingInstruction& ins = in_.code[i];
      const OpInfo& info = op_info(ins.op);
      u16 a = operand(info.a, ins.a);
      if (ins.op == Op::LoadSmallInt) {
        append(ins, a, static_cast<u16>(ins.b), static_cast<u16>(static_cast<u32>(ins.b) >> 16), ins.op);
      } else if (info.b == OperandKind::Jump32) {
        append_jump(ins, ins.op, a, start_[position_of(ins.label)]);
      } else if (info.b == OperandKind::Const32) {
        append(ins, a, static_cast<u16>(ins.b), static_cast<u16>(static_cast<u32>(ins.b) >> 16), ins.op);
      } else if (is_short_jump(ins)) {
        u16 b = operand(info.b, ins.b);
        u32 target = start_[position_of(ins.label)];
        if (!is_far_[i]) {
          append(ins, a, b, static_cast<u16>(target - (start_[i] + 1)), ins.op);
        } else if (ins.op == Op::ForIter) {
          append(ins, a, b, 0, ins.op);
          append_jump(ins, Op::Jump, 0, target);
        } else {
          append(ins, a, b, 1, ins.op);
          append(ins, 0, 1, 0, Op::Jump);
          append_jump(ins, Op::Jump, 0, target);
        }
      } else {
        append(ins, a, operand(info.b, ins.b), operand(info.c, ins.c), ins.op);
      }
    }
  }

  void write_exceptions() {
    u32 n = static_cast<u32>(handler_of_.size());
    for (u32 i = 0; i < n;) {
      i32 handler = handler_of_[i];
      u32 end = i + 1;
      while (end < n && handler_of_[end] == handler) ++end;
      if (handler != kNoHandler) {
        const PendingHandler& pending = in_.handlers[handler];
        BATON_DCHECK(position_of(pending.label) >= 0, "a handler in force has been bound");
        out_.exceptions.push_back({i, end, start_[position_of(pending.label)], register_number(pending.exception_register), 0});
      }
      i = end;
    }
  }

  AssemblerInput& in_;
  FinishedCode& out_;
  i32 shift_;
  i32 constants_ = 0, prologue_end_ = 0;
  std::vector<Place> place_;
  std::vector<bool> drop_, is_far_;
  std::vector<u32> start_;
  std::vector<i32> handler_of_;
};

}  // namespace

bool assemble(AssemblerInput& input, FinishedCode& code, const char** message) {
  *message = Assembler(input, code).run();
  return *message == nullptr;
}

}  // namespace baton::compile
