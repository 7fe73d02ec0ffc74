// Slices by None and small ints: new lists, tuples, strings and bytes that aren't long; and list items replaced by as many
// others. Which of them a place gets is what the interpreter has seen there.
#include "heap/mutator_heap.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/bytes_internal.h"
#include "threads/gil.h"

namespace baton {

static constexpr i32 kMostSliced = 128;  // items or characters of a new cell
static_assert(sizeof(ValueArray) + kMostSliced * sizeof(Value) <= kMaxStepped && sizeof(Str) + 2 * kMostSliced < kMaxStepped);

// The constant that the instructions just before this one leave in a register; absent: none, or not seen at once.
Value Baseline::constant_in(u32 n) const {
  for (u32 k = i_; k-- > 0 && !is_target_[k + 1];) {
    const Instruction& in = instructions_[k];
    Op op = static_cast<Op>(in.op);
    if (op == Op::LoadSmallInt && in.a == n) return Value::of_small_int(in.jump32());
    if (op == Op::LoadConst && in.a == n) return code_->consts()->at(static_cast<Index>(in.wide()));
    if ((op != Op::LoadSmallInt && op != Op::LoadConst && op != Op::Move) || in.a == n) break;
  }
  return Value();
}

// An end of a slice of a sequence of that length, from register n, by the rules for a step of 1: from 0 to the length. Uses rcx.
void Baseline::load_bound(Reg to, u32 n, bool is_start, Reg length) {
  Label is_given = a_.make_label(), is_positive = a_.make_label(), done = a_.make_label();
  Value constant = constant_in(n);
  if (is_start && (constant.is_none() || constant == Value::of_small_int(0))) return a_.move_constant(to, 0);
  if (constant.is_none()) return a_.move(to, length);
  load(to, n);
  if (!is_int(n)) {
    a_.alu64(Alu::cmp, to, static_cast<i32>(Value::kNoneBits));
    a_.jump_if(Cond::not_equal, is_given);
    if (is_start)
      a_.move_constant(to, 0);
    else
      a_.move(to, length);
    a_.jump(done);
    a_.bind(is_given);
    need_int(n, to, leave());
  }
  a_.shift64(Shift::sar, to, 2);
  a_.alu64(Alu::test, to, to);
  a_.jump_if(Cond::no_sign, is_positive);
  a_.alu64(Alu::add, to, length);
  a_.jump_if(Cond::no_sign, done);
  a_.move_constant(to, 0);
  a_.jump(done);
  a_.bind(is_positive);
  a_.alu64(Alu::cmp, to, length);
  a_.jump_if(Cond::less_equal, done);
  a_.move(to, length);
  a_.bind(done);
}

// The start of a slice backwards, at most the last index; -1: none. Uses rcx.
void Baseline::load_last(Reg to, u32 n, Reg length) {
  Label is_positive = a_.make_label(), is_last = a_.make_label(), done = a_.make_label();
  load(to, n);
  a_.alu64(Alu::cmp, to, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::equal, is_last);
  need_int(n, to, leave());
  a_.shift64(Shift::sar, to, 2);
  a_.alu64(Alu::test, to, to);
  a_.jump_if(Cond::no_sign, is_positive);
  a_.alu64(Alu::add, to, length);
  a_.jump_if(Cond::no_sign, done);
  a_.move_constant(to, ~u64{0});
  a_.jump(done);
  a_.bind(is_positive);
  a_.alu64(Alu::cmp, to, length);
  a_.jump_if(Cond::less, done);
  a_.bind(is_last);
  a_.load_address(to, Mem{length, -1});
  a_.bind(done);
}

// In all that follow: of the sequence rax, whose length is r9, from rdx on; the count of items, rsi, may be 0 or less.

void Baseline::slice_of_list(bool is_reversed, Label done) {
  const Instruction& in = at();
  Label next = a_.make_label(), is_empty = a_.make_label(), has_storage = a_.make_label();
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::less_equal, is_empty);
  a_.alu64(Alu::cmp, Reg::rsi, kMostSliced);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rax, Mem{Reg::rax, at::kListStorage});
  a_.load_address(Reg::r10, Mem{Reg::rax, at::kArrayItems, Reg::rdx, 8});
  a_.move(Reg::r8, Reg::rsi);
  a_.shift64(Shift::shl, Reg::r8, 3);
  a_.alu64(Alu::add, Reg::r8, static_cast<i32>(sizeof(ValueArray) + kGranule - 1));
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.move_constant(Reg::r11, header_of(kKindValueArray, 0));
  a_.store64(Mem{Reg::rbx}, Reg::r11);
  a_.store64(Mem{Reg::rbx, at::kArrayCapacity}, Reg::rsi);
  a_.move_constant(Reg::r9, 0);
  a_.bind(next);
  a_.load64(Reg::r8, Mem{Reg::r10, 0, Reg::r9, is_reversed ? u8{0} : u8{8}});
  if (is_reversed) a_.alu64(Alu::sub, Reg::r10, 8);
  a_.store64(Mem{Reg::rbx, at::kArrayItems, Reg::r9, 8}, Reg::r8);
  a_.alu64(Alu::add, Reg::r9, 1);
  a_.alu64(Alu::cmp, Reg::r9, Reg::rsi);
  a_.jump_if(Cond::below, next);
  a_.jump(has_storage);
  a_.bind(is_empty);
  a_.move_constant(Reg::rbx, 0);
  a_.move_constant(Reg::rsi, 0);
  a_.bind(has_storage);
  allocate(Reg::rax, sizeof(List));
  store_header(Reg::rax, header_of(types.list));
  a_.store64(Mem{Reg::rax, at::kListLength}, Reg::rsi);
  a_.store64(Mem{Reg::rax, at::kListStorage}, Reg::rbx);
  store(in.a, Reg::rax);
  a_.jump(done);
}

void Baseline::slice_of_tuple(Label done) {
  const Instruction& in = at();
  Label next = a_.make_label(), is_empty = a_.make_label(), made = a_.make_label();
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::less_equal, is_empty);
  a_.alu64(Alu::cmp, Reg::rsi, Reg::r9);
  a_.jump_if(Cond::equal, made);
  a_.alu64(Alu::cmp, Reg::rsi, kMostSliced);
  a_.jump_if(Cond::above, leave());
  a_.load_address(Reg::r10, Mem{Reg::rax, at::kTupleItems, Reg::rdx, 8});
  a_.move(Reg::r8, Reg::rsi);
  a_.shift64(Shift::shl, Reg::r8, 3);
  a_.alu64(Alu::add, Reg::r8, static_cast<i32>(sizeof(Tuple) + kGranule - 1));
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rax, Reg::r8);
  store_header(Reg::rax, header_of(types.tuple));
  a_.store64(Mem{Reg::rax, at::kTupleLength}, Reg::rsi);
  a_.move_constant(Reg::r9, 0);
  a_.bind(next);
  a_.load64(Reg::r8, Mem{Reg::r10, 0, Reg::r9, 8});
  a_.store64(Mem{Reg::rax, at::kTupleItems, Reg::r9, 8}, Reg::r8);
  a_.alu64(Alu::add, Reg::r9, 1);
  a_.alu64(Alu::cmp, Reg::r9, Reg::rsi);
  a_.jump_if(Cond::below, next);
  a_.jump(made);
  a_.bind(is_empty);
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(empty_tuple()));
  a_.bind(made);
  store(in.a, Reg::rax);
  a_.jump(done);
}

// Of one byte a character; or forwards of two, where what is taken may be narrower. Empty ones are the handler's.
void Baseline::slice_of_string(bool is_reversed, Label done) {
  const Instruction& in = at();
  Label next = a_.make_label(), is_long = a_.make_label(), is_wide = a_.make_label(), made = a_.make_label();
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::less_equal, leave());
  if (!is_reversed) {
    a_.alu64(Alu::cmp, Reg::rsi, Reg::r9);
    a_.jump_if(Cond::equal, made);
  }
  a_.alu64(Alu::cmp, Reg::rsi, kMostSliced);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::r9, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.load64(Reg::r10, Mem{Reg::rax, at::kStrData});
  a_.alu8(Alu::test, Reg::r9, static_cast<u8>(Str::kAscii));
  a_.jump_if(Cond::equal, is_reversed ? leave() : is_wide);
  a_.alu64(Alu::add, Reg::r10, Reg::rdx);
  a_.alu64(Alu::cmp, Reg::rsi, 1);
  a_.jump_if(Cond::not_equal, is_long);
  a_.load8(Reg::r10, Mem{Reg::r10});
  a_.move_constant(Reg::r11, reinterpret_cast<u64>(latin1_strings));
  load_present(Reg::rax, Mem{Reg::r11, 0, Reg::r10, 8});
  a_.jump(made);
  a_.bind(is_long);
  begin_slice_of_string(Str::kAscii);
  if (is_reversed) {
    a_.bind(next);
    a_.load8(Reg::r8, Mem{Reg::r10});
    a_.store8(Mem{Reg::r11}, Reg::r8);
    a_.alu64(Alu::sub, Reg::r10, 1);
    a_.alu64(Alu::add, Reg::r11, 1);
    a_.alu64(Alu::sub, Reg::rsi, 1);
    a_.jump_if(Cond::not_equal, next);
  } else {
    copy_bytes(Reg::r11, Reg::r10, Reg::rsi);
  }
  a_.move(Reg::rax, Reg::rbx);
  a_.bind(made);
  store(in.a, Reg::rax);
  a_.jump(done);
  if (is_reversed) return;
  a_.bind(is_wide);
  slice_of_wide_string();
  a_.jump(done);
}

// A new string of rsi characters of one byte, rbx; its characters begin at r11. Uses rcx, r8.
void Baseline::begin_slice_of_string(u64 flags) {
  a_.load_address(Reg::r8, Mem{Reg::rsi, static_cast<i32>(sizeof(Str) + 1 + kGranule - 1)});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.move(Reg::rcx, Reg::rsi);
  a_.shift64(Shift::shl, Reg::rcx, 8);
  a_.alu64(Alu::or_, Reg::rcx, static_cast<i32>(1 | flags));
  begin_string(Reg::rbx, Reg::rcx);
  a_.store8(Mem{Reg::rbx, sizeof(Str), Reg::rsi, 1}, u8{0});
}

// rsi characters from rdx on, at least one, of the string whose flags are r9 and whose characters are at r10, not all of them
// ASCII. The result is ASCII or has two bytes a character, or else it is the handler's.
void Baseline::slice_of_wide_string() {
  const Instruction& in = at();
  Label look = a_.make_label(), is_narrow = a_.make_label(), next = a_.make_label(), stored = a_.make_label();
  a_.alu8(Alu::test, Reg::r9, 2);
  a_.jump_if(Cond::equal, leave());
  a_.alu64(Alu::cmp, Reg::rsi, 1);
  a_.jump_if(Cond::equal, leave());
  a_.load_address(Reg::r10, Mem{Reg::r10, 0, Reg::rdx, 2});
  a_.move_constant(Reg::rcx, 0);
  a_.move_constant(Reg::r9, 0);
  a_.bind(look);  // all bits that their characters have
  a_.load16(Reg::r8, Mem{Reg::r10, 0, Reg::rcx, 2});
  a_.alu32(Alu::or_, Reg::r9, Reg::r8);
  a_.alu64(Alu::add, Reg::rcx, 1);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::below, look);
  a_.alu32(Alu::cmp, Reg::r9, 0x80);
  a_.jump_if(Cond::below, is_narrow);
  a_.alu32(Alu::cmp, Reg::r9, 0xFF);
  a_.jump_if(Cond::below_equal, leave());
  a_.load_address(Reg::r8, Mem{Reg::rsi, 0, Reg::rsi, 1});
  a_.alu64(Alu::add, Reg::r8, static_cast<i32>(sizeof(Str) + 2 + kGranule - 1));
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.move(Reg::rcx, Reg::rsi);
  a_.shift64(Shift::shl, Reg::rcx, 8);
  a_.alu64(Alu::or_, Reg::rcx, 2);
  begin_string(Reg::rbx, Reg::rcx);
  a_.move_constant(Reg::r8, 0);
  a_.store16(Mem{Reg::rbx, sizeof(Str), Reg::rsi, 2}, Reg::r8);
  a_.alu64(Alu::add, Reg::rsi, Reg::rsi);
  copy_bytes(Reg::r11, Reg::r10, Reg::rsi);
  a_.jump(stored);
  a_.bind(is_narrow);
  begin_slice_of_string(Str::kAscii);
  a_.move_constant(Reg::rcx, 0);
  a_.bind(next);
  a_.load16(Reg::r8, Mem{Reg::r10, 0, Reg::rcx, 2});
  a_.store8(Mem{Reg::r11, 0, Reg::rcx, 1}, Reg::r8);
  a_.alu64(Alu::add, Reg::rcx, 1);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::below, next);
  a_.bind(stored);
  store(in.a, Reg::rbx);
}

// Of no byte or more than one: those of one are kept by the runtime.
void Baseline::slice_of_bytes(Label done) {
  const Instruction& in = at();
  Label made = a_.make_label(), is_empty = a_.make_label();
  Bytes* empty = kept_empty_bytes();
  a_.alu64(Alu::cmp, Reg::rsi, 1);
  a_.jump_if(Cond::equal, leave());
  a_.jump_if(Cond::less, empty ? is_empty : leave());
  a_.alu64(Alu::cmp, Reg::rsi, Reg::r9);
  a_.jump_if(Cond::equal, made);
  a_.alu64(Alu::cmp, Reg::rsi, kMostSliced);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::r10, Mem{Reg::rax, at::kBytesData});
  a_.alu64(Alu::add, Reg::r10, Reg::rdx);
  a_.load_address(Reg::r8, Mem{Reg::rsi, static_cast<i32>(sizeof(Bytes) + 1 + kGranule - 1)});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rax, Reg::r8);
  store_header(Reg::rax, header_of(types.bytes));
  a_.store64(Mem{Reg::rax, at::kBytesLength}, Reg::rsi);
  a_.store64(Mem{Reg::rax, at::kBytesHash}, 0);
  a_.load_address(Reg::r11, Mem{Reg::rax, sizeof(Bytes)});
  a_.store64(Mem{Reg::rax, at::kBytesData}, Reg::r11);
  a_.store8(Mem{Reg::rax, sizeof(Bytes), Reg::rsi, 1}, u8{0});
  copy_bytes(Reg::r11, Reg::r10, Reg::rsi);
  a_.bind(made);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(is_empty);
  if (!empty) return;
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(empty));
  a_.jump(made);
}

void Baseline::load_slice() {
  const Instruction& in = at();
  i64 seen = noted();
  if (!seen) return leave_always_counted();
  bool is_reversed = seen & kSlicedBackwards;
  auto need = [&](u32 n, Value wanted) {
    if (constant_in(n) == wanted) return;
    a_.alu64(Alu::cmp, reg(n), static_cast<i32>(wanted.bits()));
    a_.jump_if(Cond::not_equal, leave());
  };
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave_counted());
  if (is_reversed) {
    need(in.c + 1u, kNone);
    need(in.c + 2u, Value::of_small_int(-1));
  } else {
    need(in.c + 2u, kNone);
  }
  struct Sliced {
    SlicesSeen seen;
    u16 kind;
    i32 length_at;
  };
  static constexpr Sliced kinds[] = {{kStrSliced, kKindStr, at::kStrLengthAndFlags},
                                     {kListSliced, kKindList, at::kListLength},
                                     {kTupleSliced, kKindTuple, at::kTupleLength},
                                     {kBytesSliced, kKindBytes, at::kBytesLength}};
  Label done = a_.make_label();
  for (const Sliced& sliced : kinds) {
    if (!(seen & sliced.seen)) continue;
    if (is_reversed && sliced.kind != kKindList && sliced.kind != kKindStr) continue;
    Label other = a_.make_label();
    need_kind(Reg::rax, sliced.kind, other);
    auto load_range = [&] {
      a_.load64(Reg::r9, Mem{Reg::rax, sliced.length_at});
      if (sliced.kind == kKindStr) a_.shift64(Shift::shr, Reg::r9, 8);
      if (is_reversed) {
        load_last(Reg::rdx, in.c, Reg::r9);
        a_.load_address(Reg::rsi, Mem{Reg::rdx, 1});
      } else {
        load_bound(Reg::rdx, in.c, true, Reg::r9);
        load_bound(Reg::rsi, in.c + 1u, false, Reg::r9);
        a_.alu64(Alu::sub, Reg::rsi, Reg::rdx);
      }
    };
    if (sliced.seen != kListSliced) load_range();
    switch (sliced.seen) {
      case kListSliced:
        alone([&] {
          Label sliced_here = a_.make_label();
          load_range();
          slice_of_list(is_reversed, sliced_here);
          a_.bind(sliced_here);
        });
        a_.jump(done);
        break;
      case kTupleSliced: slice_of_tuple(done); break;
      case kStrSliced: slice_of_string(is_reversed, done); break;
      default: slice_of_bytes(done);
    }
    a_.bind(other);
  }
  // Kinds that no template is for may come again and again.
  a_.jump(leave());
  a_.bind(done);
}

// Items of a list are replaced by as many of another one.
void Baseline::store_slice() {
  const Instruction& in = at();
  Label next = a_.make_label();
  load(Reg::rax, in.a);
  load(Reg::rbx, in.c);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindList, leave());
  need_cell(Reg::rbx, leave());
  need_kind(Reg::rbx, kKindList, leave());
  a_.alu64(Alu::cmp, Reg::rax, Reg::rbx);
  a_.jump_if(Cond::equal, leave());
  if (!constant_in(in.b + 2u).is_none()) {
    a_.alu64(Alu::cmp, reg(in.b + 2u), static_cast<i32>(Value::kNoneBits));
    a_.jump_if(Cond::not_equal, leave());
  }
  alone([&] {
    a_.load64(Reg::r9, Mem{Reg::rax, at::kListLength});
    load_bound(Reg::rdx, in.b, true, Reg::r9);
    load_bound(Reg::rsi, in.b + 1u, false, Reg::r9);
    a_.alu64(Alu::sub, Reg::rsi, Reg::rdx);
    a_.jump_if(Cond::less_equal, leave());
    a_.alu64(Alu::cmp, Reg::rsi, Mem{Reg::rbx, at::kListLength});
    a_.jump_if(Cond::not_equal, leave());
    a_.load64(Reg::rax, Mem{Reg::rax, at::kListStorage});
    a_.alu8(Alu::test, Mem{Reg::rax, at::kGcFlags}, kOld);  // each item would have to be looked at
    a_.jump_if(Cond::not_equal, leave());
    a_.load64(Reg::rbx, Mem{Reg::rbx, at::kListStorage});
    a_.load_address(Reg::r10, Mem{Reg::rax, at::kArrayItems, Reg::rdx, 8});
    a_.move_constant(Reg::r9, 0);
    a_.bind(next);
    a_.load64(Reg::r8, Mem{Reg::rbx, at::kArrayItems, Reg::r9, 8});
    a_.store64(Mem{Reg::r10, 0, Reg::r9, 8}, Reg::r8);
    a_.alu64(Alu::add, Reg::r9, 1);
    a_.alu64(Alu::cmp, Reg::r9, Reg::rsi);
    a_.jump_if(Cond::below, next);
  });
}

bool Baseline::translate_slice(Op op) {
  switch (op) {
    case Op::LoadSlice: load_slice(); return true;
    case Op::StoreSlice: store_slice(); return true;
    default: return false;
  }
}

}  // namespace baton
