// Items of dicts and members of dicts and sets, by keys that are small ints or strings: the searches of dict_inline.h and
// set_table.h as far as identity tells. Where another key has the same hash, or a string's hash isn't known yet, the rest is the
// handler's, as everything is that is about keys which aren't there but the answer of `in`.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/dict_inline.h"
#include "objects/set_table.h"
#include "threads/gil.h"

namespace baton {

// The hash of the key rdx, which is register n, to r9. Uses rcx.
void Baseline::load_key_hash(u32 n) {
  static_assert(Value::kMaxSmallInt >> 60 == 1);
  Label is_text = a_.make_label(), done = a_.make_label();
  if (!is_int(n)) {
    a_.load_address32(Reg::rcx, Mem{Reg::rdx, -1});
    a_.alu8(Alu::test, Reg::rcx, 3);
    a_.jump_if(Cond::not_equal, is_text);
  }
  a_.move(Reg::r9, Reg::rdx);
  a_.shift64(Shift::sar, Reg::r9, 2);
  a_.move(Reg::rcx, Reg::r9);
  a_.shift64(Shift::sar, Reg::rcx, 60);
  a_.jump_if(Cond::not_equal, leave());  // only small ones from 0 on are their own hash
  if (is_int(n)) return;
  a_.jump(done);
  a_.bind(is_text);
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindStr, leave());
  a_.load64(Reg::r9, Mem{Reg::rdx, at::kStrHash});
  a_.alu64(Alu::test, Reg::r9, Reg::r9);
  a_.jump_if(Cond::equal, leave());
  a_.bind(done);
}

// The entry of the key rdx of hash r9 in the dict rax to r11, and the dict's table to rax. Not there: to `absent`. Uses rcx, rsi,
// rbx, r8, r10.
void Baseline::find_entry(Label absent) {
  static_assert(at::kEntrySize == 24);
  Label has_index = a_.make_label(), next = a_.make_label(), same_hash = a_.make_label();
  load_present(Reg::rax, Mem{Reg::rax, at::kDictTable});
  a_.load_address(Reg::r11, Mem{Reg::rax, at::kTableEntries});
  a_.load32(Reg::r8, Mem{Reg::rax, at::kTableIndexMask});
  a_.alu32(Alu::test, Reg::r8, Reg::r8);
  a_.jump_if(Cond::not_equal, has_index);
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kTableEntryCount});
  a_.bind(next);
  a_.alu32(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, absent);
  a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kEntryHash});
  a_.jump_if(Cond::equal, same_hash);
  a_.alu64(Alu::add, Reg::r11, at::kEntrySize);
  a_.alu32(Alu::sub, Reg::rcx, 1);
  a_.jump(next);
  a_.bind(has_index);
  find_by_index(absent, same_hash);
  a_.bind(same_hash);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::r11, at::kEntryKey});
  a_.jump_if(Cond::not_equal, leave());
}

// The same where there's an index of one or two bytes a slot: the first entry of that hash.
void Baseline::find_by_index(Label absent, Label same_hash) {
  Label is_wide = a_.make_label();
  a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kShortIndexMask));
  a_.jump_if(Cond::above, leave());
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kTableEntryCapacity});
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 0, Reg::rcx, 2});
  a_.load_address(Reg::r10, Mem{Reg::r11, 0, Reg::rcx, 8});
  a_.move(Reg::rbx, Reg::r9);  // see ProbeSequence
  a_.move(Reg::rcx, Reg::r9);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kByteIndexMask));
  a_.jump_if(Cond::above, is_wide);
  for (u8 width : {1, 2}) {
    Label probe = a_.make_label();
    a_.bind(width == 1 ? probe : is_wide);
    Mem slot{Reg::r10, 0, Reg::rcx, width};
    if (width == 1)
      a_.load8(Reg::rsi, slot);
    else
      a_.load16(Reg::rsi, slot);
    a_.alu32(Alu::test, Reg::rsi, Reg::rsi);
    a_.jump_if(Cond::equal, absent);
    a_.load_address(Reg::rsi, Mem{Reg::rsi, 0, Reg::rsi, 2});
    a_.load_address(Reg::r11, Mem{Reg::rax, at::kTableEntries - at::kEntrySize, Reg::rsi, 8});
    a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kEntryHash});
    a_.jump_if(Cond::equal, same_hash);
    a_.shift64(Shift::shr, Reg::rbx, 5);
    a_.load_address(Reg::rcx, Mem{Reg::rcx, 1, Reg::rcx, 4});
    a_.alu64(Alu::add, Reg::rcx, Reg::rbx);
    a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
    a_.jump(width == 1 ? probe : is_wide);
  }
}

// The value of the key rdx, whose hash is r9, in rax if that is a dict; else it is the handler's.
void Baseline::load_dict_item() {
  find_entry(leave());
  load_present(Reg::rcx, Mem{Reg::r11, at::kEntryValue});
  store(at().a, Reg::rcx);
}

// Stores register c into the dict r9, in the entry that the key rdx has. With a GIL only.
void Baseline::store_dict_item() {
  const Instruction& in = at();
  need_kind(Reg::r9, kKindDict, leave());
  if (!noted()) return a_.jump(leave_counted());
  a_.move(Reg::rax, Reg::r9);
  load_key_hash(in.b);
  find_entry(leave());
  a_.alu64(Alu::cmp, Mem{Reg::r11, at::kEntryValue}, 0);
  a_.jump_if(Cond::equal, leave());
  load(Reg::rsi, in.c);
  need_no_barrier(Reg::rax, Reg::rsi, leave());
  a_.store64(Mem{Reg::r11, at::kEntryValue}, Reg::rsi);
}

// Whether the key rdx of hash r9 is in the set rax: to one of the labels. Behind the first place and its neighbours it is the
// handler's.
void Baseline::find_in_set(Label yes, Label no) {
  Label neighbour = a_.make_label();
  auto look = [&] {
    a_.load64(Reg::rsi, Mem{Reg::r11, at::kSetKey});
    a_.alu64(Alu::cmp, Reg::rsi, Reg::rdx);
    a_.jump_if(Cond::equal, yes);
    a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
    a_.jump_if(Cond::equal, no);
    a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kSetHash});
    a_.jump_if(Cond::equal, leave());
  };
  load_present(Reg::r10, Mem{Reg::rax, at::kSetTable});
  a_.load64(Reg::r8, Mem{Reg::r10, at::kSetMask});
  a_.move(Reg::rcx, Reg::r9);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.load_address(Reg::r11, Mem{Reg::rcx, 0, Reg::rcx, 1});
  a_.load_address(Reg::r11, Mem{Reg::r10, at::kSetEntries, Reg::r11, 8});
  look();
  a_.load_address(Reg::rsi, Mem{Reg::rcx, static_cast<i32>(kSetNeighbours)});
  a_.alu64(Alu::cmp, Reg::rsi, Reg::r8);
  a_.jump_if(Cond::above, leave());
  a_.move_constant(Reg::rcx, kSetNeighbours);
  a_.bind(neighbour);
  a_.alu64(Alu::add, Reg::r11, static_cast<i32>(sizeof(SetEntry)));
  look();
  a_.alu64(Alu::sub, Reg::rcx, 1);
  a_.jump_if(Cond::not_equal, neighbour);
  a_.jump(leave());
}

void Baseline::contains(bool is_negated) {
  const Instruction& in = at();
  Label yes = a_.make_label(), no = a_.make_label(), done = a_.make_label(), is_dict = a_.make_label(), is_set = a_.make_label();
  load(Reg::rax, in.c);
  load(Reg::rdx, in.b);
  need_cell(Reg::rax, leave());
  load_key_hash(in.b);
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  a_.alu32(Alu::cmp, Reg::rcx, kKindDict);
  a_.jump_if(Cond::equal, is_dict);
  for (u16 kind : {kKindSet, kKindFrozenSet}) {
    a_.alu32(Alu::cmp, Reg::rcx, kind);
    a_.jump_if(Cond::equal, is_set);
  }
  a_.jump(leave());
  a_.bind(is_set);
  find_in_set(yes, no);
  a_.bind(is_dict);
  find_entry(objects_are_locked() ? leave() : no);  // other threads may add entries: see dict_inline.h
  a_.alu64(Alu::cmp, Mem{Reg::r11, at::kEntryValue}, 0);
  a_.jump_if(Cond::equal, leave());
  a_.bind(yes);
  store_constant(in.a, is_negated ? Value::kFalseBits : Value::kTrueBits);
  a_.jump(done);
  a_.bind(no);
  store_constant(in.a, is_negated ? Value::kTrueBits : Value::kFalseBits);
  a_.bind(done);
}

}  // namespace baton
