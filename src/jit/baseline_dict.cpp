// Items of dicts and members of dicts and sets, by keys that are small ints, strings, or short tuples of such: the searches of
// dict_inline.h and set_table.h as far as identity and, in dicts, the characters of short strings tell. Where another key has the
// same hash, a string's hash isn't known yet, or a table has no room, the rest is the handler's.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/dict_inline.h"
#include "objects/set_table.h"
#include "threads/gil.h"

namespace baton {

// A table without entries and index, with room for as many as make_table() in dict.cpp gives.
// Uses rcx, r8.
void Baseline::allocate_dict_table(Reg to, u32 entries) {
  i32 room = entries <= 4 ? 4 : static_cast<i32>(kLinearEntries);
  allocate(to, sizeof(DictTable) + static_cast<usize>(room) * sizeof(DictEntry));
  store_header(to, header_of(kKindDictTable, 0));
  for (i32 at = sizeof(Cell); at < static_cast<i32>(sizeof(DictTable)); at += 8) a_.store64(Mem{to, at}, 0);
  a_.store32(Mem{to, at::kTableEntryCapacity}, room);
  a_.store32(Mem{to, at::kTableAllStr}, 1);
}

// The hash of the tuple rdx of small ints and strings to r9: see TupleHasher. Uses rcx, rsi, rbx, r8.
void Baseline::load_tuple_hash() {
  constexpr i32 kMostItems = 4;
  Label next = a_.make_label(), is_text = a_.make_label(), hashed = a_.make_label(), finished = a_.make_label(),
        found = a_.make_label();
  need_kind(Reg::rdx, kKindTuple, leave());
  a_.load64(Reg::rbx, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::cmp, Reg::rbx, kMostItems);
  a_.jump_if(Cond::above, leave());
  a_.load_address(Reg::rsi, Mem{Reg::rdx, at::kTupleItems});
  a_.move_constant(Reg::r9, TupleHasher::kPrime5);
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::rbx, 1);
  a_.jump_if(Cond::sign, finished);
  a_.load64(Reg::rcx, Mem{Reg::rsi});
  a_.alu64(Alu::add, Reg::rsi, 8);
  a_.load_address32(Reg::r8, Mem{Reg::rcx, -1});
  a_.alu8(Alu::test, Reg::r8, 3);
  a_.jump_if(Cond::not_equal, is_text);
  a_.shift64(Shift::sar, Reg::rcx, 2);
  a_.move(Reg::r8, Reg::rcx);
  a_.shift64(Shift::sar, Reg::r8, 60);
  a_.alu64(Alu::add, Reg::r8, 1);  // 0 or 1: nothing above but the sign
  a_.alu64(Alu::cmp, Reg::r8, 1);
  a_.jump_if(Cond::above, leave());
  a_.alu64(Alu::cmp, Reg::rcx, -1);
  a_.jump_if(Cond::not_equal, hashed);
  a_.move_constant(Reg::rcx, static_cast<u64>(i64{-2}));
  a_.jump(hashed);
  a_.bind(is_text);
  need_cell(Reg::rcx, leave());
  need_kind(Reg::rcx, kKindStr, leave());
  a_.load64(Reg::rcx, Mem{Reg::rcx, at::kStrHash});
  a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, leave());
  a_.bind(hashed);
  a_.move_constant(Reg::r8, TupleHasher::kPrime2);
  a_.multiply(Reg::rcx, Reg::r8);
  a_.alu64(Alu::add, Reg::r9, Reg::rcx);
  a_.shift64(Shift::rol, Reg::r9, 31);
  a_.move_constant(Reg::r8, TupleHasher::kPrime1);
  a_.multiply(Reg::r9, Reg::r8);
  a_.jump(next);
  a_.bind(finished);
  a_.move_constant(Reg::rcx, TupleHasher::kLengthMask);
  a_.alu64(Alu::xor_, Reg::rcx, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::add, Reg::r9, Reg::rcx);
  a_.alu64(Alu::cmp, Reg::r9, -1);
  a_.jump_if(Cond::not_equal, found);
  a_.move_constant(Reg::r9, static_cast<u64>(TupleHasher::kInsteadOfAllOnes));
  a_.bind(found);
}

// The cells rdx and rsi are tuples of the same items. Uses rcx, r8.
void Baseline::need_same_items() {
  Label next = a_.make_label(), same = a_.make_label();
  for (Reg tuple : {Reg::rdx, Reg::rsi}) {
    need_cell(tuple, leave());
    need_kind(tuple, kKindTuple, leave());
  }
  a_.load64(Reg::rcx, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rsi, at::kTupleLength});
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::rcx, 1);
  a_.jump_if(Cond::sign, same);
  a_.load64(Reg::r8, Mem{Reg::rdx, at::kTupleItems, Reg::rcx, 8});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rsi, at::kTupleItems, Reg::rcx, 8});
  a_.jump_if(Cond::equal, next);
  a_.jump(leave());
  a_.bind(same);
}

// The hash of the key rdx, which is register n, to r9: a class, say, or an instance of a class that leaves hashing to object, has
// one by its identity. Uses rcx, rsi, rbx, r8.
void Baseline::load_key_hash(u32 n) {
  static_assert(Value::kMaxSmallInt >> 60 == 1);
  Label is_text = a_.make_label(), is_no_text = a_.make_label(), is_tuple = a_.make_label(), done = a_.make_label();
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
  need_kind(Reg::rdx, kKindStr, is_no_text);
  a_.load64(Reg::r9, Mem{Reg::rdx, at::kStrHash});
  a_.alu64(Alu::test, Reg::r9, Reg::r9);
  a_.jump_if(Cond::equal, leave());
  a_.jump(done);
  a_.bind(is_no_text);
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::equal, leave());
  a_.alu16(Alu::cmp, Mem{Reg::rdx, at::kKindWord}, kKindTuple);
  a_.jump_if(Cond::equal, is_tuple);
  load_class(Reg::rcx, Reg::rdx);
  a_.move_constant(Reg::r8, types.object->slot(Slot::hash).bits());
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, at::slot_of(Slot::hash)});
  a_.jump_if(Cond::not_equal, leave());
  a_.move(Reg::r9, Reg::rdx);
  a_.shift64(Shift::rol, Reg::r9, 60);
  a_.jump(done);
  a_.bind(is_tuple);
  load_tuple_hash();
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
  jump_if_hash(same_hash);
  a_.alu64(Alu::add, Reg::r11, at::kEntrySize);
  a_.alu32(Alu::sub, Reg::rcx, 1);
  a_.jump(next);
  a_.bind(has_index);
  find_by_index(absent, same_hash);
  a_.bind(same_hash);
  need_same_key();
}

// The entry r11 is of a key of hash r9, to rsi: not one that was deleted.
void Baseline::jump_if_hash(Label yes) {
  Label no = a_.make_label();
  a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kEntryHash});
  a_.jump_if(Cond::not_equal, no);
  a_.load64(Reg::rsi, Mem{Reg::r11, at::kEntryKey});
  a_.alu64(Alu::cmp, Reg::rsi, static_cast<i32>(kNotFound.bits()));
  a_.jump_if(Cond::not_equal, yes);
  a_.bind(no);
}

// The key rdx is the value rsi, or both are strings, not long ones, of the same characters, or tuples of the same items. Changes
// rdx and rsi, uses rcx, rbx, r8, r10.
void Baseline::need_same_key() {
  constexpr i32 kLongest = 64;
  Label words = a_.make_label(), bytes = a_.make_label(), same = a_.make_label(), no_texts = a_.make_label();
  a_.alu64(Alu::cmp, Reg::rdx, Reg::rsi);
  a_.jump_if(Cond::equal, same);
  for (Reg text : {Reg::rdx, Reg::rsi}) {
    need_cell(text, leave());
    need_kind(text, kKindStr, text == Reg::rdx ? no_texts : leave());
  }
  a_.load64(Reg::r10, Mem{Reg::rsi, at::kStrData});
  a_.load64(Reg::rcx, Mem{Reg::rdx, at::kStrLengthAndFlags});
  a_.load64(Reg::rsi, Mem{Reg::rsi, at::kStrLengthAndFlags});
  need_same_length_and_width(leave());
  a_.alu64(Alu::cmp, Reg::rcx, kLongest);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kStrData});
  a_.move(Reg::rsi, Reg::r10);
  a_.move_constant(Reg::rbx, 0);
  a_.bind(words);
  a_.load_address(Reg::r10, Mem{Reg::rbx, 8});
  a_.alu64(Alu::cmp, Reg::r10, Reg::rcx);
  a_.jump_if(Cond::above, bytes);
  a_.load64(Reg::r8, Mem{Reg::rdx, 0, Reg::rbx, 1});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rsi, 0, Reg::rbx, 1});
  a_.jump_if(Cond::not_equal, leave());
  a_.move(Reg::rbx, Reg::r10);
  a_.jump(words);
  a_.bind(bytes);
  a_.alu64(Alu::cmp, Reg::rbx, Reg::rcx);
  a_.jump_if(Cond::equal, same);
  a_.load8(Reg::r8, Mem{Reg::rdx, 0, Reg::rbx, 1});
  a_.load8(Reg::r10, Mem{Reg::rsi, 0, Reg::rbx, 1});
  a_.alu64(Alu::add, Reg::rbx, 1);
  a_.alu32(Alu::cmp, Reg::r8, Reg::r10);
  a_.jump_if(Cond::equal, bytes);
  a_.jump(leave());
  a_.jump(same);
  a_.bind(no_texts);
  need_same_items();
  a_.bind(same);
}

// The same where there's an index: the first entry of that hash. In `absent` the free slot is rcx, of the index at r10.
void Baseline::find_by_index(Label absent, Label same_hash) {
  Label is_short = a_.make_label(), is_wide = a_.make_label();
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kTableEntryCapacity});
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 0, Reg::rcx, 2});
  a_.load_address(Reg::r10, Mem{Reg::r11, 0, Reg::rcx, 8});
  a_.move(Reg::rbx, Reg::r9);  // see ProbeSequence
  a_.move(Reg::rcx, Reg::r9);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kByteIndexMask));
  a_.jump_if(Cond::above, is_short);
  for (u8 width : {1, 2, 4}) {
    Label probe = a_.make_label();
    if (width == 2) {
      a_.bind(is_short);
      a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kShortIndexMask));
      a_.jump_if(Cond::above, is_wide);
    } else if (width == 4) {
      a_.bind(is_wide);
    }
    a_.bind(probe);
    Mem slot{Reg::r10, 0, Reg::rcx, width};
    switch (width) {
      case 1: a_.load8(Reg::rsi, slot); break;
      case 2: a_.load16(Reg::rsi, slot); break;
      default: a_.load32(Reg::rsi, slot);
    }
    a_.alu32(Alu::test, Reg::rsi, Reg::rsi);
    a_.jump_if(Cond::equal, absent);
    a_.load_address(Reg::rsi, Mem{Reg::rsi, 0, Reg::rsi, 2});
    a_.load_address(Reg::r11, Mem{Reg::rax, at::kTableEntries - at::kEntrySize, Reg::rsi, 8});
    jump_if_hash(same_hash);
    a_.shift64(Shift::shr, Reg::rbx, 5);
    a_.load_address(Reg::rcx, Mem{Reg::rcx, 1, Reg::rcx, 4});
    a_.alu64(Alu::add, Reg::rcx, Reg::rbx);
    a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
    a_.jump(probe);
  }
}

// The cell is a dict, or where such have been one of a subclass that has its method in the slot from dict; else this leaves. Uses
// rcx and r8.
void Baseline::need_dict(Reg cell, Slot slot) {
  if (!(noted() & kSubclassSeen)) return need_kind(cell, kKindDict, leave());
  Label is_dict = a_.make_label(), no_dict = a_.make_label();
  need_kind(cell, kKindDict, no_dict);
  a_.begin_aside(is_dict);
  a_.bind(no_dict);
  need_subclass(cell, types.dict, kKindDict, slot);
  a_.jump(is_dict);
  a_.end_aside();
  a_.bind(is_dict);
}
// The cell's class is a subclass of the built-in one of this kind, and has its method in the slot from it. Uses rcx and r8.
void Baseline::need_subclass(Reg cell, Type* built_in, u16 kind, Slot slot) {
  need_kind(cell, kind | kSubclassBit, leave());
  load_class(Reg::rcx, cell);
  a_.move_constant(Reg::r8, built_in->slot(slot).bits());
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, at::slot_of(slot)});
  a_.jump_if(Cond::not_equal, leave());
}

// The value of the key rdx, whose hash is r9, in rax if that is a dict; else it is the handler's.
void Baseline::load_dict_item() {
  find_entry(leave());
  load_present(Reg::rcx, Mem{Reg::r11, at::kEntryValue});
  store(at().a, Reg::rcx);
}

// Stores register c, by the key rdx, into the dict r9.
void Baseline::store_dict_item() {
  need_dict(Reg::r9, Slot::setitem);
  if (!noted()) return a_.jump(leave_counted());
  Reg dict = Reg::r11;
  a_.move(dict, Reg::r9);
  load_key_hash(at().b);
  with_lock(dict, Body::Long, [&] { put_into_dict(dict); });
}

// Register c by the key rdx, which is register b and has the hash r9, into the dict in register a, which is `dict`, too: a key
// that is there, or one for which there's room. What others may be reading without a lock is changed in the order in which
// insert_new() in dict.cpp does it.
void Baseline::put_into_dict(Reg dict) {
  const Instruction& in = at();
  Label absent = a_.make_label(), done = a_.make_label(), has_table = a_.make_label();
  a_.move(Reg::rax, dict);
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kDictTable}, 0);
  a_.jump_if(Cond::not_equal, has_table);
  a_.alu8(Alu::test, Mem{Reg::rax, at::kGcFlags}, kOld);
  a_.jump_if(Cond::not_equal, leave());
  allocate_dict_table(Reg::rsi, 1);
  a_.store64(Mem{Reg::rax, at::kDictTable}, Reg::rsi);
  a_.bind(has_table);
  find_entry(absent);
  a_.alu64(Alu::cmp, Mem{Reg::r11, at::kEntryValue}, 0);
  a_.jump_if(Cond::equal, leave());
  load(Reg::rsi, in.c);
  need_no_barrier(Reg::rax, Reg::rsi, Mem{Reg::r11, at::kEntryValue}, leave());
  a_.store64(Mem{Reg::r11, at::kEntryValue}, Reg::rsi);
  a_.jump(done);
  a_.bind(absent);
  append_entry();
  a_.bind(done);
}

// The key rdx, if it is a string.
void Baseline::jump_if_text(Label yes) {
  Label no = a_.make_label();
  need_cell(Reg::rdx, no);
  a_.alu16(Alu::cmp, Mem{Reg::rdx, at::kKindWord}, kKindStr);
  a_.jump_if(Cond::equal, yes);
  a_.bind(no);
}

// The key rdx, of hash r9, is not in the table rax of the dict in register a: as append_entry() in dict.cpp. Where entries have
// been deleted a table with an index is the handler's, which uses their slots again: else chains would grow of keys that are put
// in and deleted by turns. In an index the free slot is rcx.
void Baseline::append_entry() {
  const Instruction& in = at();
  Label is_indexed = a_.make_label(), is_short = a_.make_label(), is_wide = a_.make_label();
  Label has_room = a_.make_label();
  a_.load32(Reg::rsi, Mem{Reg::rax, at::kTableEntryCount});
  a_.alu32(Alu::test, Reg::r8, Reg::r8);
  a_.jump_if(Cond::equal, has_room);
  load(Reg::rbx, in.a);
  a_.alu64(Alu::cmp, Reg::rsi, Mem{Reg::rbx, at::kDictLength});
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(has_room);
  a_.alu32(Alu::cmp, Reg::rsi, Mem{Reg::rax, at::kTableEntryCapacity});
  a_.jump_if(Cond::above_equal, leave());
  load(Reg::rbx, in.c);
  if (!is_int(in.b)) need_no_barrier(Reg::rax, Reg::rdx, leave());
  need_no_barrier(Reg::rax, Reg::rbx, leave());
  a_.load_address(Reg::r11, Mem{Reg::rsi, 0, Reg::rsi, 2});
  a_.load_address(Reg::r11, Mem{Reg::rax, at::kTableEntries, Reg::r11, 8});
  a_.store64(Mem{Reg::r11, at::kEntryHash}, Reg::r9);
  a_.store64(Mem{Reg::r11, at::kEntryKey}, Reg::rdx);
  a_.store64(Mem{Reg::r11, at::kEntryValue}, Reg::rbx);
  Label is_text = a_.make_label();
  if (!is_int(in.b)) jump_if_text(is_text);
  a_.store32(Mem{Reg::rax, at::kTableAllStr}, 0);
  a_.bind(is_text);
  a_.alu32(Alu::add, Reg::rsi, 1);
  a_.alu32(Alu::test, Reg::r8, Reg::r8);
  a_.jump_if(Cond::equal, is_indexed);
  a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kByteIndexMask));
  a_.jump_if(Cond::above, is_short);
  a_.store8(Mem{Reg::r10, 0, Reg::rcx, 1}, Reg::rsi);
  a_.jump(is_indexed);
  a_.bind(is_short);
  a_.alu32(Alu::cmp, Reg::r8, static_cast<i32>(kShortIndexMask));
  a_.jump_if(Cond::above, is_wide);
  a_.store16(Mem{Reg::r10, 0, Reg::rcx, 2}, Reg::rsi);
  a_.jump(is_indexed);
  a_.bind(is_wide);
  a_.store32(Mem{Reg::r10, 0, Reg::rcx, 4}, Reg::rsi);
  a_.bind(is_indexed);
  a_.store32(Mem{Reg::rax, at::kTableEntryCount}, Reg::rsi);
  load(Reg::rbx, in.a);
  a_.alu64(Alu::add, Mem{Reg::rbx, at::kDictLength}, 1);
}

// The entry r11, which has a value, of the table rax of the dict in that register: as remove_entry() in dict.cpp. Uses rcx, r9.
void Baseline::drop_entry(u32 dict) {
  Label done = a_.make_label();
  load(Reg::r9, dict);
  a_.store64(Mem{Reg::r11, at::kEntryValue}, 0);
  a_.store64(Mem{Reg::r11, at::kEntryKey}, static_cast<i32>(kNotFound.bits()));
  a_.alu64(Alu::sub, Mem{Reg::r9, at::kDictLength}, 1);
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kTableFirstLive});  // if that is it, it isn't any more
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 0, Reg::rcx, 2});
  a_.load_address(Reg::rcx, Mem{Reg::rax, at::kTableEntries, Reg::rcx, 8});
  a_.alu64(Alu::cmp, Reg::rcx, Reg::r11);
  a_.jump_if(Cond::not_equal, done);
  a_.alu32(Alu::add, Mem{Reg::rax, at::kTableFirstLive}, 1);
  a_.bind(done);
}

// Out of a dict, by a key that is there. Beside other threads the handler does it.
void Baseline::delete_item() {
  const Instruction& in = at();
  Value now = value_now(in.a);
  if (now.is_present() && !is_exact<Dict>(now)) return leave_always();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindDict, leave());
  load(Reg::rdx, in.b);
  load_key_hash(in.b);
  alone([&] {
    find_entry(leave());
    a_.alu64(Alu::cmp, Mem{Reg::r11, at::kEntryValue}, 0);
    a_.jump_if(Cond::equal, leave());
    drop_entry(in.a);
  });
}

// Of a dict comprehension, which no other thread knows.
void Baseline::dict_set() {
  const Instruction& in = at();
  load(Reg::rdx, in.b);
  load_key_hash(in.b);
  load(Reg::r11, in.a);
  put_into_dict(Reg::r11);
}

// Whether the key rdx of hash r9 is in the set rax: to one of the labels, by probe() of set_table.h. Changes rax. Asked for, pc
// gets the last slot on the way that had a key which was removed; in `no` r11 is the empty one at its end.
void Baseline::find_in_set(Label yes, Label no, RemovedSlots removed) {
  Label probe = a_.make_label(), neighbour = a_.make_label(), far = a_.make_label(), same_hash = a_.make_label();
  auto look = [&] {
    a_.load64(Reg::rsi, Mem{Reg::r11, at::kSetKey});
    a_.alu64(Alu::cmp, Reg::rsi, Reg::rdx);
    a_.jump_if(Cond::equal, yes);
    a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
    a_.jump_if(Cond::equal, no);
    Label another = a_.make_label(), is_key = a_.make_label();
    bool are_kept = removed == RemovedSlots::Kept;
    if (!are_kept) {
      a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kSetHash});
      a_.jump_if(Cond::not_equal, another);
    }
    a_.alu64(Alu::cmp, Reg::rsi, static_cast<i32>(kSetRemoved.bits()));
    a_.jump_if(Cond::not_equal, are_kept ? is_key : same_hash);
    if (are_kept) {
      a_.move(kPc, Reg::r11);
      a_.jump(another);
      a_.bind(is_key);
      a_.alu64(Alu::cmp, Reg::r9, Mem{Reg::r11, at::kSetHash});
      a_.jump_if(Cond::equal, same_hash);
    }
    a_.bind(another);
  };
  a_.load64(Reg::r10, Mem{Reg::rax, at::kSetTable});
  a_.alu64(Alu::test, Reg::r10, Reg::r10);
  a_.jump_if(Cond::equal, no);
  a_.load64(Reg::r8, Mem{Reg::r10, at::kSetMask});
  a_.move(Reg::rbx, Reg::r9);
  a_.move(Reg::rcx, Reg::r9);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.bind(probe);
  a_.load_address(Reg::r11, Mem{Reg::rcx, 0, Reg::rcx, 1});
  a_.load_address(Reg::r11, Mem{Reg::r10, at::kSetEntries, Reg::r11, 8});
  look();
  a_.load_address(Reg::rsi, Mem{Reg::rcx, static_cast<i32>(kSetNeighbours)});
  a_.alu64(Alu::cmp, Reg::rsi, Reg::r8);
  a_.jump_if(Cond::above, far);
  a_.move_constant(Reg::rax, kSetNeighbours);
  a_.bind(neighbour);
  a_.alu64(Alu::add, Reg::r11, static_cast<i32>(sizeof(SetEntry)));
  look();
  a_.alu64(Alu::sub, Reg::rax, 1);
  a_.jump_if(Cond::not_equal, neighbour);
  a_.bind(far);
  a_.shift64(Shift::shr, Reg::rbx, 5);
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 1, Reg::rcx, 4});
  a_.alu64(Alu::add, Reg::rcx, Reg::rbx);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.jump(probe);
  a_.bind(same_hash);
  need_same_key();
  a_.jump(yes);
}

// The key rdx of hash r9 into the set rax, if it isn't there: mostly it is the first to come to its place. The order of what is
// written is that of put_uncounted() in set_table.cpp. Uses pc.
void Baseline::add_to_set() {
  constexpr Xmm set = Xmm::x1;
  Label done = a_.make_label(), empty = a_.make_label(), another = a_.make_label(), not_there = a_.make_label();
  auto put = [&] {
    need_no_barrier(Reg::r10, Reg::rdx, leave());
    a_.store64(Mem{Reg::r11, at::kSetHash}, Reg::r9);
    a_.store64(Mem{Reg::r11, at::kSetKey}, Reg::rdx);
    a_.alu64(Alu::add, Mem{Reg::r10, at::kSetAdds}, 1);
    a_.alu64(Alu::add, Mem{Reg::rax, at::kSetLength}, 1);
  };
  load_present(Reg::r10, Mem{Reg::rax, at::kSetTable});
  a_.load64(Reg::r8, Mem{Reg::r10, at::kSetMask});
  a_.move(Reg::rcx, Reg::r9);
  a_.alu64(Alu::and_, Reg::rcx, Reg::r8);
  a_.alu64(Alu::add, Reg::rcx, Reg::rcx);
  a_.load_address(Reg::r11, Mem{Reg::r10, at::kSetEntries, Reg::rcx, 8});
  a_.load64(Reg::rsi, Mem{Reg::r11, at::kSetKey});
  a_.alu64(Alu::cmp, Reg::rsi, Reg::rdx);
  a_.jump_if(Cond::equal, done);
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::not_equal, another);
  a_.bind(empty);
  a_.load64(Reg::rcx, Mem{Reg::r10, at::kSetFill});
  a_.load_address(Reg::rcx, Mem{Reg::rcx, 5, Reg::rcx, 4});  // five times one more
  a_.load_address(Reg::r8, Mem{Reg::r8, 0, Reg::r8, 2});
  a_.alu64(Alu::cmp, Reg::rcx, Reg::r8);
  a_.jump_if(Cond::above_equal, leave());
  put();
  a_.alu64(Alu::add, Mem{Reg::r10, at::kSetFill}, 1);
  a_.begin_aside(done);
  a_.bind(another);
  a_.move_to_xmm(set, Reg::rax);
  a_.move_constant(kPc, 0);
  find_in_set(done, not_there, RemovedSlots::Kept);
  a_.bind(not_there);
  a_.move_from_xmm(Reg::rax, set);
  a_.alu64(Alu::test, kPc, kPc);
  a_.jump_if(Cond::equal, empty);
  a_.move(Reg::r11, kPc);
  put();
  a_.jump(done);
  a_.end_aside();
  a_.bind(done);
}

// Of a set comprehension, which no other thread knows.
void Baseline::set_add() {
  load(Reg::rdx, at().b);
  load_key_hash(at().b);
  load(Reg::rax, at().a);
  add_to_set();
}

// Whether the character rdx, a string of one, is in the short string rax, both of one byte a character.
void Baseline::find_character(Label yes, Label no) {
  constexpr i32 kLongest = 40;  // the handler's search has wider steps
  Label next = a_.make_label();
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindStr, leave());
  a_.load64(Reg::rcx, Mem{Reg::rdx, at::kStrLengthAndFlags});
  a_.load64(Reg::r10, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.move(Reg::r8, Reg::rcx);
  a_.alu64(Alu::or_, Reg::r8, Reg::r10);
  a_.alu8(Alu::test, Reg::r8, 6);  // the widths are 1, 2 or 4
  a_.jump_if(Cond::not_equal, leave());
  a_.shift64(Shift::shr, Reg::rcx, 8);
  a_.alu64(Alu::cmp, Reg::rcx, 1);
  a_.jump_if(Cond::not_equal, leave());
  a_.shift64(Shift::shr, Reg::r10, 8);
  a_.alu64(Alu::cmp, Reg::r10, kLongest);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::rcx, Mem{Reg::rdx, at::kStrData});
  a_.load8(Reg::rcx, Mem{Reg::rcx});
  a_.load64(Reg::r9, Mem{Reg::rax, at::kStrData});
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::r10, 1);
  a_.jump_if(Cond::sign, no);
  a_.load8(Reg::r8, Mem{Reg::r9, 0, Reg::r10, 1});
  a_.alu32(Alu::cmp, Reg::r8, Reg::rcx);
  a_.jump_if(Cond::equal, yes);
  a_.jump(next);
}

// Whether rdx, a small int or a string, is among the r10 items from r9 on, as far as identity, ints, and lengths, hashes and
// single characters of strings tell. Many are the handler's.
void Baseline::find_among(Label yes, Label no) {
  constexpr i32 kMostSearched = 1000;
  Label is_text = a_.make_label(), next_int = a_.make_label(), next_text = a_.make_label(), by_hash = a_.make_label();
  a_.alu64(Alu::cmp, Reg::r10, kMostSearched);
  a_.jump_if(Cond::above, leave());
  a_.load_address32(Reg::rcx, Mem{Reg::rdx, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::not_equal, is_text);
  auto step = [&](Label next) {
    a_.bind(next);
    a_.alu64(Alu::sub, Reg::r10, 1);
    a_.jump_if(Cond::sign, no);
    a_.load64(Reg::r11, Mem{Reg::r9});
    a_.alu64(Alu::add, Reg::r9, 8);
    a_.alu64(Alu::cmp, Reg::r11, Reg::rdx);
    a_.jump_if(Cond::equal, yes);
  };
  step(next_int);
  a_.load_address32(Reg::rcx, Mem{Reg::r11, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::equal, next_int);
  a_.jump(leave());
  a_.bind(is_text);
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindStr, leave());
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kStrLengthAndFlags});
  a_.shift64(Shift::shr, Reg::rsi, 8);
  step(next_text);
  need_cell(Reg::r11, leave());
  a_.alu64(Alu::test, Reg::r11, Reg::r11);
  a_.jump_if(Cond::equal, leave());
  need_kind(Reg::r11, kKindStr, leave());
  a_.load64(Reg::rcx, Mem{Reg::r11, at::kStrLengthAndFlags});
  a_.move(Reg::r8, Reg::rcx);
  a_.shift64(Shift::shr, Reg::rcx, 8);
  a_.alu64(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, next_text);
  a_.alu64(Alu::cmp, Reg::rsi, 1);
  a_.jump_if(Cond::not_equal, by_hash);
  a_.alu64(Alu::or_, Reg::r8, Mem{Reg::rdx, at::kStrLengthAndFlags});
  a_.alu8(Alu::test, Reg::r8, 6);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rcx, Mem{Reg::r11, at::kStrData});
  a_.load8(Reg::rcx, Mem{Reg::rcx});
  a_.load64(Reg::r8, Mem{Reg::rdx, at::kStrData});
  a_.load8(Reg::r8, Mem{Reg::r8});
  a_.alu32(Alu::cmp, Reg::r8, Reg::rcx);
  a_.jump_if(Cond::equal, yes);
  a_.jump(next_text);
  a_.bind(by_hash);
  a_.load64(Reg::rcx, Mem{Reg::r11, at::kStrHash});
  a_.load64(Reg::r8, Mem{Reg::rdx, at::kStrHash});
  for (Reg hash : {Reg::rcx, Reg::r8}) {
    a_.alu64(Alu::test, hash, hash);
    a_.jump_if(Cond::equal, leave());
  }
  a_.alu64(Alu::cmp, Reg::r8, Reg::rcx);
  a_.jump_if(Cond::equal, leave());
  a_.jump(next_text);
}

// The list rax, as a whole.
void Baseline::find_in_locked_list(Label yes, Label no) {
  Label is_in = a_.make_label(), is_not_in = a_.make_label(), is_known = a_.make_label();
  alone([&] {
    a_.load64(Reg::r10, Mem{Reg::rax, at::kListLength});
    a_.load64(Reg::r9, Mem{Reg::rax, at::kListStorage});
    a_.alu64(Alu::add, Reg::r9, at::kArrayItems);
    find_among(is_in, is_not_in);
    a_.bind(is_in);
    a_.move_constant(Reg::r8, 1);
    a_.jump(is_known);
    a_.bind(is_not_in);
    a_.move_constant(Reg::r8, 0);
    a_.bind(is_known);
  });
  a_.alu64(Alu::test, Reg::r8, Reg::r8);
  a_.jump_if(Cond::equal, no);
  a_.jump(yes);
}

// In what has been searched here: dicts and sets, strings, tuples and lists.
void Baseline::contains(bool is_negated) {
  const Instruction& in = at();
  i64 seen = noted();
  bool has_tables = seen & kTablesSearched, has_texts = seen & kTextsSearched, has_items = seen & kItemsSearched;
  if (seen == 0) return leave_always_counted();
  Label yes = a_.make_label(), no = a_.make_label(), done = a_.make_label(), is_dict = a_.make_label(), is_set = a_.make_label(),
        is_str = a_.make_label(), is_tuple = a_.make_label(), is_list = a_.make_label(), among = a_.make_label();
  if (seen & kMethodSearched) {
    Label no_method = a_.make_label();
    const Given given[] = {{in.c}, {in.b}};
    enter_item_method(Slot::contains, given, 2, 0, EntryKind::Contained, no_method);
    a_.bind(no_method);
  }
  load(Reg::rax, in.c);
  load(Reg::rdx, in.b);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::r11, Mem{Reg::rax, at::kKindWord});
  auto jump_if_kind = [&](u16 kind, Label to) {
    a_.alu32(Alu::cmp, Reg::r11, kind);
    a_.jump_if(Cond::equal, to);
  };
  if (has_texts) jump_if_kind(kKindStr, is_str);
  if (has_items) jump_if_kind(kKindTuple, is_tuple);
  if (has_items) jump_if_kind(kKindList, is_list);
  if (has_tables) {
    load_key_hash(in.b);
    jump_if_kind(kKindDict, is_dict);
    for (u16 kind : {kKindSet, kKindFrozenSet}) jump_if_kind(kind, is_set);
  }
  a_.jump(leave_counted());
  if (has_texts) {
    a_.bind(is_str);
    find_character(yes, no);
  }
  if (has_items) {
    a_.bind(is_list);
    if (objects_are_locked()) {
      find_in_locked_list(yes, no);
    } else {
      a_.load64(Reg::r10, Mem{Reg::rax, at::kListLength});
      a_.load64(Reg::r9, Mem{Reg::rax, at::kListStorage});
      a_.alu64(Alu::add, Reg::r9, at::kArrayItems);
      a_.jump(among);
    }
    a_.bind(is_tuple);
    a_.load64(Reg::r10, Mem{Reg::rax, at::kTupleLength});
    a_.load_address(Reg::r9, Mem{Reg::rax, at::kTupleItems});
    a_.bind(among);
    find_among(yes, no);
  }
  if (has_tables) {
    a_.bind(is_set);
    find_in_set(yes, no);
    a_.bind(is_dict);
    Label is_absent = objects_are_locked() ? a_.make_label() : no;
    a_.alu64(Alu::cmp, Mem{Reg::rax, at::kDictTable}, 0);
    a_.jump_if(Cond::equal, no);
    find_entry(is_absent);  // other threads may add entries: see dict_inline.h
    a_.alu64(Alu::cmp, Mem{Reg::r11, at::kEntryValue}, 0);
    a_.jump_if(Cond::equal, leave());
    if (objects_are_locked()) {
      a_.jump(yes);
      a_.bind(is_absent);
      leave_unless_alone();
      a_.jump(no);
    }
  }
  a_.bind(yes);
  store_constant(in.a, is_negated ? Value::kFalseBits : Value::kTrueBits);
  a_.jump(done);
  a_.bind(no);
  store_constant(in.a, is_negated ? Value::kTrueBits : Value::kFalseBits);
  a_.bind(done);
}

}  // namespace baton
