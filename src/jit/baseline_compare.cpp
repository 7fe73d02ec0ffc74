// Comparisons: of small ints and floats, by what a place has seen, and of texts, bytes, tuples, sets and what is equal by
// identity.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

// Leaves the answer's bool in register n; zero_or_one has no other bits.
void Baseline::store_bool(u32 n, Reg zero_or_one) {
  static_assert(Value::kTrueBits - Value::kFalseBits == 8);
  a_.shift64(Shift::shl, zero_or_one, 3);
  a_.alu64(Alu::add, zero_or_one, static_cast<i32>(Value::kFalseBits));
  store(n, zero_or_one);
}

// jumps: to the instruction's target when the answer is jump_when; else the answer is stored.
void Baseline::compare_ints(Cond cond, bool jumps, bool jump_when, const i64* constant) {
  const Instruction& in = at();
  if (constant) {
    if (is_known_float(in.a)) {
      load_float_constant(Xmm::x1, *constant);
      return finish_float_comparison(cond, fact(in.a)->xmm, Xmm::x1, jumps, jump_when);
    }
    if (noted() && !is_int(in.a)) {
      load(Reg::rax, in.a);
      return compare_any_with(*constant, cond, jump_when);
    }
    IntOperand x = int_operand(in.a, Reg::rax);
    if (x.is_constant) {
      load_operand(Reg::rax, x);
      x = {false, Reg::rax, 0};
    }
    a_.alu64(Alu::cmp, x.reg, static_cast<i32>(*constant * 4 + 1));
  } else {
    IntOperand x, y;
    need_ints(jumps ? in.a : in.b, jumps ? in.b : in.c, &x, &y);
    if (x.is_constant) {
      load_operand(Reg::rax, x);
      x = {false, Reg::rax, 0};
    }
    alu_operand(Alu::cmp, x.reg, y);
  }
  if (jumps) return a_.jump_if(jump_when ? cond : opposite(cond), target(static_cast<i16>(in.c)));
  a_.set_if(cond, Reg::rcx);
  a_.extend8(Reg::rcx);
  store_bool(in.a, Reg::rcx);
}

void Baseline::compare_floats(Cond cond, bool jumps, bool jump_when) {
  const Instruction& in = at();
  Xmm x = unboxed(jumps ? in.a : in.b), y = unboxed(jumps ? in.b : in.c, x);
  finish_float_comparison(cond, x, y, jumps, jump_when);
}

// A jump by comparing rax, an int or a float, with a constant, at a place that has seen others than small ints.
void Baseline::compare_any_with(i64 constant, Cond cond, bool jump_when) {
  const Instruction& in = at();
  Label no_int = a_.make_label(), done = a_.make_label();
  need_int(in.a, Reg::rax, no_int);
  a_.alu64(Alu::cmp, Reg::rax, static_cast<i32>(constant * 4 + 1));
  a_.jump_if(jump_when ? cond : opposite(cond), target(static_cast<i16>(in.c)));
  a_.jump(done);
  a_.bind(no_int);
  number_to_float(Reg::rax, Xmm::x0, leave());
  load_float_constant(Xmm::x1, constant);
  finish_float_comparison(cond, Xmm::x0, Xmm::x1, true, jump_when);
  a_.bind(done);
}

// ucomisd sets the flags of an unsigned comparison, and all of carry, zero and parity when one is no number.
void Baseline::finish_float_comparison(Cond cond, Xmm x, Xmm y, bool jumps, bool jump_when) {
  const Instruction& in = at();
  Label to = jumps ? target(static_cast<i16>(in.c)) : Label{};
  if (cond == Cond::equal || cond == Cond::not_equal) {
    a_.compare_floats(x, y);
    if (jumps) {
      bool jump_if_equal = (cond == Cond::equal) == jump_when;
      Label not_taken = a_.make_label();
      a_.jump_if(Cond::parity, jump_if_equal ? not_taken : to);
      a_.jump_if(jump_if_equal ? Cond::equal : Cond::not_equal, to);
      return a_.bind(not_taken);
    }
    a_.set_if(Cond::no_parity, Reg::rcx);
    a_.set_if(Cond::equal, Reg::rdx);
    a_.alu32(Alu::and_, Reg::rcx, Reg::rdx);
    a_.extend8(Reg::rcx);
    if (cond == Cond::not_equal) a_.alu32(Alu::xor_, Reg::rcx, 1);
    return store_bool(in.a, Reg::rcx);
  }
  // So ordered that what can't be compared is neither above nor equal.
  bool swapped = cond == Cond::less || cond == Cond::less_equal;
  Cond yes = cond == Cond::less || cond == Cond::greater ? Cond::above : Cond::above_equal;
  a_.compare_floats(swapped ? y : x, swapped ? x : y);
  if (jumps) return a_.jump_if(jump_when ? yes : opposite(yes), to);
  a_.set_if(yes, Reg::rcx);
  a_.extend8(Reg::rcx);
  store_bool(in.a, Reg::rcx);
}

// The flags of comparing the tuples rax and rdx by their first items that aren't the same object, if those are small ints, or
// else by their lengths; short strings that differ decide, too. Goes to `otherwise` if rax is no tuple.
void Baseline::compare_tuples(Cond cond, bool jumps, bool jump_when, Label otherwise) {
  Label next = a_.make_label(), differ = a_.make_label(), decided = a_.make_label();
  need_kind(Reg::rax, kKindTuple, otherwise);
  need_kind(Reg::rdx, kKindTuple, leave());
  a_.load64(Reg::r10, Mem{Reg::rax, at::kTupleLength});
  a_.load64(Reg::r11, Mem{Reg::rdx, at::kTupleLength});
  a_.move_constant(Reg::r9, 0);
  a_.bind(next);
  Label no_first = a_.make_label();
  a_.alu64(Alu::cmp, Reg::r9, Reg::r10);
  a_.jump_if(Cond::equal, no_first);
  a_.alu64(Alu::cmp, Reg::r9, Reg::r11);
  a_.jump_if(Cond::equal, no_first);
  a_.load64(Reg::rbx, Mem{Reg::rax, at::kTupleItems, Reg::r9, 8});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kTupleItems, Reg::r9, 8});
  a_.alu64(Alu::add, Reg::r9, 1);
  a_.alu64(Alu::cmp, Reg::rbx, Reg::rsi);
  a_.jump_if(Cond::not_equal, differ);
  a_.jump(next);
  a_.bind(no_first);
  a_.alu64(Alu::cmp, Reg::r10, Reg::r11);
  a_.jump(decided);
  a_.bind(differ);
  Label strings = a_.make_label(), done = a_.make_label();
  a_.alu8(Alu::test, Reg::rbx, 7);
  a_.jump_if(Cond::equal, strings);
  for (Reg item : {Reg::rbx, Reg::rsi}) {
    a_.load_address32(Reg::rcx, Mem{item, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.alu64(Alu::cmp, Reg::rbx, Reg::rsi);
  a_.bind(decided);
  finish_comparison(cond, jumps, jump_when);
  a_.jump(done);
  a_.bind(strings);
  need_cell(Reg::rsi, leave());
  a_.move(Reg::rax, Reg::rbx);
  a_.move(Reg::rdx, Reg::rsi);
  Cond by_text = compare_characters(cond);
  a_.jump_if(Cond::equal, leave());  // what is behind them decides
  finish_comparison(by_text, jumps, jump_when);
  a_.bind(done);
}

// By the flags.
void Baseline::finish_comparison(Cond cond, bool jumps, bool jump_when) {
  const Instruction& in = at();
  if (jumps) return a_.jump_if(jump_when ? cond : opposite(cond), target(static_cast<i16>(in.c)));
  a_.set_if(cond, Reg::rcx);
  a_.extend8(Reg::rcx);
  store_bool(in.a, Reg::rcx);
}

// The cell rax and rdx, if their classes leave equality to object; what is no cell is none of rax, nor does its class ask for
// that. Flags tell whether they are one. Uses rcx, r8.
void Baseline::compare_identities(Cond cond) {
  Label is_known = a_.make_label();
  auto need_slots_of = [&](Reg cell) {
    load_class(Reg::rcx, cell);
    for (Slot slot : {Slot::eq, Slot::ne}) {
      if (slot == Slot::ne && cond == Cond::equal) continue;
      a_.move_constant(Reg::r8, types.object->slot(slot).bits());
      a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, at::slot_of(slot)});
      a_.jump_if(Cond::not_equal, leave());
    }
  };
  need_slots_of(Reg::rax);
  a_.alu8(Alu::test, Reg::rdx, 7);
  a_.jump_if(Cond::not_equal, is_known);
  need_slots_of(Reg::rdx);
  a_.bind(is_known);
  a_.alu64(Alu::cmp, Reg::rax, Reg::rdx);
}

// Whether the other has all keys of the set rax and rdx (reversed: of rdx), by is_subset() of set.cpp, with a GIL: nothing that
// is searched changes meanwhile. Uses pc.
void Baseline::compare_sets(bool is_reversed, bool jumps, bool jump_when) {
  const Instruction& in = at();
  Label is_set = a_.make_label(), next = a_.make_label(), yes = a_.make_label(), no = a_.make_label(), done = a_.make_label();
  Reg part = is_reversed ? Reg::rdx : Reg::rax, whole = is_reversed ? Reg::rax : Reg::rdx;
  constexpr Xmm searched = Xmm::x0, end = Xmm::x1;
  need_cell(Reg::rdx, leave());
  a_.alu16(Alu::cmp, Mem{Reg::rdx, at::kKindWord}, kKindSet);
  a_.jump_if(Cond::equal, is_set);
  need_kind(Reg::rdx, kKindFrozenSet, leave());
  a_.bind(is_set);
  a_.load64(Reg::rcx, Mem{part, at::kSetLength});
  a_.alu64(Alu::cmp, Reg::rcx, Mem{whole, at::kSetLength});
  a_.jump_if(Cond::greater, no);
  a_.load64(Reg::r10, Mem{part, at::kSetTable});
  a_.alu64(Alu::test, Reg::r10, Reg::r10);
  a_.jump_if(Cond::equal, yes);
  a_.move_to_xmm(searched, whole);
  a_.load64(Reg::rcx, Mem{Reg::r10, at::kSetMask});
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 2, Reg::rcx, 1});  // twice one more
  a_.load_address(kPc, Mem{Reg::r10, at::kSetEntries});
  a_.load_address(Reg::rcx, Mem{kPc, 0, Reg::rcx, 8});
  a_.move_to_xmm(end, Reg::rcx);
  a_.bind(next);
  a_.move_from_xmm(Reg::rcx, end);
  a_.alu64(Alu::cmp, kPc, Reg::rcx);
  a_.jump_if(Cond::equal, yes);
  a_.load64(Reg::rdx, Mem{kPc, at::kSetKey});
  a_.load64(Reg::r9, Mem{kPc, at::kSetHash});
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(SetEntry)));
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::equal, next);
  a_.alu64(Alu::cmp, Reg::rdx, static_cast<i32>(kSetRemoved.bits()));
  a_.jump_if(Cond::equal, next);
  a_.move_from_xmm(Reg::rax, searched);
  find_in_set(next, no);
  for (bool answer : {true, false}) {
    a_.bind(answer ? yes : no);
    if (!jumps) {
      store_constant(in.a, answer ? Value::kTrueBits : Value::kFalseBits);
    } else if (answer == jump_when) {
      a_.jump(target(static_cast<i16>(in.c)));
    }
    if (answer) a_.jump(done);
  }
  a_.bind(done);
}

// Of strings, tuples, what is equal by identity, or of numbers of both kinds.
void Baseline::compare_others(Cond cond, bool jumps, bool jump_when) {
  const Instruction& in = at();
  Label numbers = a_.make_label(), done = a_.make_label();
  load(Reg::rax, jumps ? in.a : in.b);
  load(Reg::rdx, jumps ? in.b : in.c);
  Label strings = a_.make_label();
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::not_equal, numbers);
  if (noted() & kTuplesSeen) {
    need_cell(Reg::rdx, leave());
    compare_tuples(cond, jumps, jump_when, strings);
    a_.jump(done);
  }
  a_.bind(strings);
  if ((noted() & kSetsSeen) && !objects_are_locked() && (cond == Cond::less_equal || cond == Cond::greater_equal)) {
    Label is_set = a_.make_label(), no_set = a_.make_label();
    need_kind(Reg::rax, kKindSet, no_set);
    a_.jump(is_set);
    a_.bind(no_set);
    no_set = a_.make_label();
    need_kind(Reg::rax, kKindFrozenSet, no_set);
    a_.bind(is_set);
    compare_sets(cond == Cond::greater_equal, jumps, jump_when);
    a_.jump(done);
    a_.bind(no_set);
  }
  if (noted() & kBytesSeen) {
    Label no_bytes = a_.make_label();
    need_kind(Reg::rax, kKindBytes, no_bytes);
    need_cell(Reg::rdx, leave());
    finish_comparison(compare_bytes(cond), jumps, jump_when);
    a_.jump(done);
    a_.bind(no_bytes);
  }
  if (cond == Cond::equal || cond == Cond::not_equal) {
    Label are_texts = a_.make_label();
    a_.alu16(Alu::cmp, Mem{Reg::rax, at::kKindWord}, kKindStr);
    a_.jump_if(Cond::equal, are_texts);
    compare_identities(cond);
    finish_comparison(cond, jumps, jump_when);
    a_.jump(done);
    a_.bind(are_texts);
  }
  need_cell(Reg::rdx, leave());
  finish_comparison(compare_characters(cond), jumps, jump_when);
  a_.jump(done);
  a_.bind(numbers);
  if (cond == Cond::equal || cond == Cond::not_equal) {  // None, bools and small ints equal themselves
    Label differ = a_.make_label();
    a_.alu8(Alu::test, Reg::rax, 2);
    a_.jump_if(Cond::not_equal, differ);
    a_.alu64(Alu::cmp, Reg::rax, Reg::rdx);
    a_.jump_if(Cond::not_equal, differ);
    finish_comparison(cond, jumps, jump_when);
    a_.jump(done);
    a_.bind(differ);
  }
  number_to_float(Reg::rax, Xmm::x0, leave());
  number_to_float(Reg::rdx, Xmm::x1, leave());
  finish_float_comparison(cond, Xmm::x0, Xmm::x1, jumps, jump_when);
  a_.bind(done);
}

// Of what the flags and lengths rcx and rsi belong to: to `otherwise`, with the flags of a difference, if they are no equal texts
// for that alone. How many bytes the characters have to rcx. Uses r8, changes rsi.
void Baseline::need_same_length_and_width(Label otherwise) {
  a_.move(Reg::r8, Reg::rcx);
  a_.alu64(Alu::xor_, Reg::r8, Reg::rsi);
  a_.alu64(Alu::and_, Reg::r8, ~static_cast<i32>(0xFF & ~(7 | Str::kAscii)));  // without flags that tell nothing of the text
  a_.jump_if(Cond::not_equal, otherwise);
  a_.alu32(Alu::and_, Reg::rsi, 7);
  a_.shift64(Shift::shr, Reg::rcx, 8);
  a_.multiply(Reg::rcx, Reg::rsi);
}

static constexpr i32 kMostCompared = 64;  // bytes

static Cond as_unsigned(Cond cond) {
  switch (cond) {
    case Cond::less: return Cond::below;
    case Cond::less_equal: return Cond::below_equal;
    case Cond::greater: return Cond::above;
    case Cond::greater_equal: return Cond::above_equal;
    default: return cond;
  }
}

// The cells rax and rdx, not long strings; for their order, of one byte a character. All else is the handler's. The flags at the
// end are those of comparing the first characters that differ, or else the lengths, as unsigned numbers. Answers the condition
// for that.
Cond Baseline::compare_characters(Cond cond) {
  Label decided = a_.make_label(), at_end = a_.make_label();
  for (Reg text : {Reg::rax, Reg::rdx}) need_kind(text, kKindStr, leave());
  a_.alu64(Alu::cmp, Reg::rax, Reg::rdx);
  a_.jump_if(Cond::equal, decided);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kStrLengthAndFlags});
  bool is_equality = cond == Cond::equal || cond == Cond::not_equal;
  Reg common = Reg::rcx;
  if (is_equality) {
    need_same_length_and_width(decided);
    a_.move(Reg::rsi, Reg::rcx);  // so many each
  } else {
    a_.move(Reg::r8, Reg::rcx);
    a_.alu64(Alu::or_, Reg::r8, Reg::rsi);
    a_.alu8(Alu::test, Reg::r8, 6);  // the widths are 1, 2 or 4
    a_.jump_if(Cond::not_equal, leave());
    a_.shift64(Shift::shr, Reg::rcx, 8);
    a_.shift64(Shift::shr, Reg::rsi, 8);
    common = Reg::rbx;
    Label is_shorter = a_.make_label();
    a_.move(common, Reg::rcx);
    a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
    a_.jump_if(Cond::below, is_shorter);
    a_.move(common, Reg::rsi);
    a_.bind(is_shorter);
  }
  a_.alu64(Alu::cmp, common, kMostCompared);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rax, Mem{Reg::rax, at::kStrData});
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kStrData});
  compare_units(common, is_equality, at_end, decided);
  a_.bind(at_end);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.bind(decided);
  return as_unsigned(cond);
}

// So many bytes at rax and at rdx: to `at_end` if they are the same, or else to `decided`, with the flags of comparing the first
// that differ. Uses r8 to r11.
void Baseline::compare_units(Reg common, bool is_equality, Label at_end, Label decided) {
  Label words = a_.make_label(), bytes = a_.make_label();
  a_.move_constant(Reg::r8, 0);
  // Eight by eight, until some differ or fewer are left.
  a_.bind(words);
  a_.load_address(Reg::r9, Mem{Reg::r8, 8});
  a_.alu64(Alu::cmp, Reg::r9, common);
  a_.jump_if(Cond::above, bytes);
  a_.load64(Reg::r10, Mem{Reg::rax, 0, Reg::r8, 1});
  a_.alu64(Alu::cmp, Reg::r10, Mem{Reg::rdx, 0, Reg::r8, 1});
  a_.jump_if(Cond::not_equal, is_equality ? decided : bytes);
  a_.move(Reg::r8, Reg::r9);
  a_.jump(words);
  a_.bind(bytes);
  a_.alu64(Alu::cmp, Reg::r8, common);
  a_.jump_if(Cond::equal, at_end);
  a_.load8(Reg::r10, Mem{Reg::rax, 0, Reg::r8, 1});
  a_.load8(Reg::r11, Mem{Reg::rdx, 0, Reg::r8, 1});
  a_.alu64(Alu::add, Reg::r8, 1);
  a_.alu32(Alu::cmp, Reg::r10, Reg::r11);
  a_.jump_if(Cond::equal, bytes);
  a_.jump(decided);
}

// The same for bytes objects: rax, and the cell rdx.
Cond Baseline::compare_bytes(Cond cond) {
  Label decided = a_.make_label(), at_end = a_.make_label();
  bool is_equality = cond == Cond::equal || cond == Cond::not_equal;
  need_kind(Reg::rdx, kKindBytes, leave());
  a_.alu64(Alu::cmp, Reg::rax, Reg::rdx);
  a_.jump_if(Cond::equal, decided);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kBytesLength});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kBytesLength});
  a_.move(Reg::rbx, Reg::rcx);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  if (is_equality) {
    a_.jump_if(Cond::not_equal, decided);
  } else {
    Label is_shorter = a_.make_label();
    a_.jump_if(Cond::below, is_shorter);
    a_.move(Reg::rbx, Reg::rsi);
    a_.bind(is_shorter);
  }
  a_.alu64(Alu::cmp, Reg::rbx, kMostCompared);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBytesData});
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kBytesData});
  compare_units(Reg::rbx, is_equality, at_end, decided);
  a_.bind(at_end);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.bind(decided);
  return as_unsigned(cond);
}
bool Baseline::translate_comparison(Op op) {
  const Instruction& in = at();
  i64 compared = static_cast<i16>(in.b);
  auto compare = [&](Cond cond, bool jumps, bool jump_when) {
    u32 a = jumps ? in.a : in.b, b = jumps ? in.b : in.c;
    switch (expected(a, b)) {
      case Operands::Floats: compare_floats(cond, jumps, jump_when); break;
      case Operands::Others: compare_others(cond, jumps, jump_when); break;
      default: compare_ints(cond, jumps, jump_when, nullptr);
    }
    return true;
  };
  switch (op) {
#define COMPARISON(name, cond)                                        \
  case Op::Compare##name: return compare(Cond::cond, false, false);   \
  case Op::JumpUnless##name: return compare(Cond::cond, true, false); \
  case Op::JumpIf##name: return compare(Cond::cond, true, true);      \
  case Op::JumpUnless##name##Int: compare_ints(Cond::cond, true, false, &compared); return true;
    COMPARISON(Lt, less)
    COMPARISON(Le, less_equal)
    COMPARISON(Eq, equal)
    COMPARISON(Ne, not_equal)
    COMPARISON(Gt, greater)
    COMPARISON(Ge, greater_equal)
#undef COMPARISON
    case Op::UnaryNot: {
      Label is_true = a_.make_label(), done = a_.make_label();
      load(Reg::rax, in.b);
      jump_by_truth(in.b, true, is_true);
      store_constant(in.a, Value::kTrueBits);
      a_.jump(done);
      a_.bind(is_true);
      store_constant(in.a, Value::kFalseBits);
      a_.bind(done);
      return true;
    }
    default: return false;
  }
}

}  // namespace baton
