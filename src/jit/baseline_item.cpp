// Items of sequences by their index, lists that grow, and unpacking. Those of dicts are in baseline_dict.cpp, of arrays in
// baseline_array.cpp.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

// The index, a number, is one of a sequence of that length, or counts from its end; else it is the handler's.
// may_change: others may move the end; who counts from it looks after it has read the item whether they may have
// (leave_unless_alone).
void Baseline::need_index(Reg index, Reg length, const i64* constant, bool may_change) {
  if (!constant && !(may_change && objects_are_locked())) {
    Label positive = a_.make_label();
    a_.alu64(Alu::test, index, index);
    a_.jump_if(Cond::no_sign, positive);
    a_.alu64(Alu::add, index, length);
    a_.bind(positive);
  } else if (constant && *constant < 0) {
    a_.alu64(Alu::add, index, length);
  }
  a_.alu64(Alu::cmp, index, length);
  a_.jump_if(Cond::above_equal, leave());
}

// A list's array was loaded behind its length, which is above the index: without a GIL another thread may have put a shorter one
// there meanwhile, or none.
void Baseline::need_room_in_array(Reg array, Reg index) {
  if (!objects_are_locked()) return;
  a_.alu64(Alu::test, array, array);
  a_.jump_if(Cond::equal, leave());
  a_.alu64(Alu::cmp, index, Mem{array, at::kArrayCapacity});
  a_.jump_if(Cond::greater_equal, leave());
}

// Of the list rax by the number rdx, to rax. Uses rcx.
void Baseline::load_item_of_list(const i64* constant) {
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kListLength});
  auto load_indexed = [&] {
    need_index(Reg::rdx, Reg::rcx, constant, true);
    a_.load64(Reg::rax, Mem{Reg::rax, at::kListStorage});
    need_room_in_array(Reg::rax, Reg::rdx);
    load_present(Reg::rax, Mem{Reg::rax, at::kArrayItems, Reg::rdx, 8});
  };
  if (constant || !objects_are_locked()) {
    load_indexed();
    if (constant && *constant < 0) leave_unless_alone();
    return;
  }
  Label from_end = a_.make_label(), loaded = a_.make_label();
  a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
  a_.jump_if(Cond::sign, from_end);
  load_indexed();
  a_.begin_aside(loaded);
  a_.bind(from_end);
  a_.alu64(Alu::add, Reg::rdx, Reg::rcx);
  load_indexed();
  leave_unless_alone();
  a_.jump(loaded);
  a_.end_aside();
  a_.bind(loaded);
}

// What is known to be in register n, or is there now and has been the only one so far: a list or a tuple, or 0.
u16 Baseline::expected_container(u32 i, u32 n) const {
  constexpr u32 kMostFailures = 2;
  if (u16 known = known_kind(n)) return known;
  bool has_failed = code_->compiled_ && code_->compiled_->recompilations >= kMostFailures;
  return noted(i) || has_failed ? u16{0} : kind_now(n);
}

// a[b] of what is expected to be a list, or a tuple, always. False: it may be anything.
bool Baseline::load_item_of_known(const i64* constant) {
  const Instruction& in = at();
  u16 kind = expected_container(in.b);
  if (kind != kKindList && kind != kKindTuple) return false;
  load(Reg::rax, in.b);
  if (!known_kind(in.b)) {
    need_cell(Reg::rax, leave_counted());
    need_kind(Reg::rax, kind, leave_counted());
    know_kind(in.b, kind);
  }
  if (constant) {
    a_.move_constant(Reg::rdx, static_cast<u64>(*constant));
  } else {
    load_operand(Reg::rdx, int_operand(in.c, Reg::rdx));
    a_.shift64(Shift::sar, Reg::rdx, 2);
  }
  if (kind == kKindList) {
    load_item_of_list(constant);
  } else {
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kTupleLength});
    need_index(Reg::rdx, Reg::rcx, constant, false);
    a_.load64(Reg::rax, Mem{Reg::rax, at::kTupleItems, Reg::rdx, 8});
  }
  store_loaded(in.a, Reg::rax);
  return true;
}

// An item of a list, tuple, string or bytes by a small int; a dict's and all others' are the handler's.
void Baseline::load_item(const i64* constant) {
  const Instruction& in = at();
  if (noted() & kItemMethodSeen) {
    Label no_method = a_.make_label();
    const Given given[] = {{in.b}, {in.c, constant ? Value::of_small_int(*constant).bits() : 0}};
    enter_item_method(Slot::getitem, given, 2, in.a, EntryKind::Call, no_method);
    a_.bind(no_method);
  }
  if (load_item_of_only_array(constant) || load_item_of_known(constant)) return;
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  Label no_list = a_.make_label(), no_tuple = a_.make_label(), no_str = a_.make_label(), no_bytes = a_.make_label(),
        no_bytearray = a_.make_label(), no_index = a_.make_label(), done = a_.make_label();
  if (constant) {
    a_.move_constant(Reg::rdx, static_cast<u64>(*constant));
  } else {
    load(Reg::rdx, in.c);
    need_int(in.c, Reg::rdx, no_index);
    a_.shift64(Shift::sar, Reg::rdx, 2);
  }
  auto index_below = [&](i32 length_at, bool has_flags = false) {  // in the low byte
    a_.load64(Reg::rcx, Mem{Reg::rax, length_at});
    if (has_flags) a_.shift64(Shift::shr, Reg::rcx, 8);
    need_index(Reg::rdx, Reg::rcx, constant, false);
  };
  if (may_be_array()) load_item_of_arrays(constant, done);
  need_kind(Reg::rax, kKindList, no_list);
  load_item_of_list(constant);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_list);
  need_kind(Reg::rax, kKindTuple, no_tuple);
  index_below(at::kTupleLength);
  a_.load64(Reg::rax, Mem{Reg::rax, at::kTupleItems, Reg::rdx, 8});
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_tuple);
  need_kind(Reg::rax, kKindStr, no_str);
  index_below(at::kStrLengthAndFlags, true);
  load_character(Reg::rcx, Reg::rax, Reg::rdx);
  store(in.a, Reg::rcx);
  a_.jump(done);
  a_.bind(no_str);
  need_kind(Reg::rax, kKindBytes, no_bytes);
  index_below(at::kBytesLength);
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBytesData});
  a_.load8(Reg::rax, Mem{Reg::rax, 0, Reg::rdx, 1});
  tag_int(Reg::rax);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_bytes);
  need_kind(Reg::rax, kKindByteArray, no_bytearray);
  alone([&] {
    index_below(at::kByteArrayLength);
    load_bytearray_data(Reg::rax, Reg::rax);
    a_.load8(Reg::rax, Mem{Reg::rax, 0, Reg::rdx, 1});
  });
  tag_int(Reg::rax);
  store(in.a, Reg::rax);
  a_.jump(done);
  a_.bind(no_bytearray);
  a_.bind(no_index);
  need_dict(Reg::rax, Slot::getitem);
  if (!(noted() & kDictSeen)) {
    a_.jump(leave_counted());
    return a_.bind(done);
  }
  if (constant) {
    if (*constant < 0) a_.jump(leave());
    a_.move_constant(Reg::rdx, Value::of_small_int(*constant).bits());
    a_.move_constant(Reg::r9, static_cast<u64>(*constant));
  } else {
    load(Reg::rdx, in.c);
    load_key_hash(in.c);
  }
  load_dict_item();
  a_.bind(done);
}

// Where the bytes of a bytearray that isn't empty are.
void Baseline::load_bytearray_data(Reg to, Reg array) {
  a_.load64(Reg::rcx, Mem{array, at::kByteArrayStorage});
  a_.alu64(Alu::add, Reg::rcx, Mem{array, at::kByteArrayStart});
  a_.load_address(to, Mem{Reg::rcx, sizeof(RawBytes)});
}

// Register c, from 0 to 255, into the bytearray r9, which is locked, at the index rdx, which is yet tagged.
void Baseline::store_byte() {
  const Instruction& in = at();
  Label is_positive = a_.make_label();
  need_int(in.b, Reg::rdx, leave());
  load(Reg::rsi, in.c);
  need_int(in.c, Reg::rsi, leave());
  a_.shift64(Shift::sar, Reg::rsi, 2);
  a_.alu64(Alu::cmp, Reg::rsi, 255);
  a_.jump_if(Cond::above, leave());
  a_.load64(Reg::r8, Mem{Reg::r9, at::kByteArrayLength});
  a_.shift64(Shift::sar, Reg::rdx, 2);
  a_.jump_if(Cond::no_sign, is_positive);
  a_.alu64(Alu::add, Reg::rdx, Reg::r8);
  a_.bind(is_positive);
  a_.alu64(Alu::cmp, Reg::rdx, Reg::r8);
  a_.jump_if(Cond::above_equal, leave());
  a_.alu8(Alu::cmp, Mem{Reg::r9, at::kByteArrayIsShared}, 0);
  a_.jump_if(Cond::not_equal, leave());
  load_bytearray_data(Reg::r8, Reg::r9);
  a_.store8(Mem{Reg::r8, 0, Reg::rdx, 1}, Reg::rsi);
}

// The index is a small int. is_number: the value is no cell.
void Baseline::put_into_list(Reg list, Reg index, Reg value, bool is_number) {
  a_.shift64(Shift::sar, index, 2);
  with_lock(list, Body::Short, [&] {
    a_.load64(Reg::rcx, Mem{list, at::kListLength});
    Label positive = a_.make_label();
    a_.alu64(Alu::test, index, index);
    a_.jump_if(Cond::no_sign, positive);
    a_.alu64(Alu::add, index, Reg::rcx);
    a_.bind(positive);
    a_.alu64(Alu::cmp, index, Reg::rcx);
    a_.jump_if(Cond::above_equal, leave());
    a_.load64(Reg::r8, Mem{list, at::kListStorage});
    if (!is_number) need_no_barrier(Reg::r8, value, Mem{Reg::r8, at::kArrayItems, index, 8}, leave());
    a_.store64(Mem{Reg::r8, at::kArrayItems, index, 8}, value);
  });
}

void Baseline::store_item() {
  const Instruction& in = at();
  Reg list = Reg::r9, index = Reg::rdx, value = Reg::rsi;
  Label no_list = a_.make_label(), done = a_.make_label();
  if ((noted() & kItemMethodSeen) && !is_generator_code(code_)) {
    Label no_method = a_.make_label();
    const Given given[] = {{in.a}, {in.b}, {in.c}};
    // What it returns goes where its own first register was.
    enter_item_method(Slot::setitem, given, 3, code_->register_count_, EntryKind::Call, no_method);
    a_.bind(no_method);
  }
  if (store_item_of_only_array()) return;
  bool is_list = expected_container(in.a) == kKindList;
  if (is_list) list = Reg::rax;
  load(list, in.a);
  if (is_list) {
    if (!known_kind(in.a)) {
      need_cell(list, leave_counted());
      need_kind(list, kKindList, leave_counted());
      know_kind(in.a, kKindList);
    }
    load_operand(index, int_operand(in.b, index));
    bool is_number = is_int(in.c) || is_known_float(in.c);
    if (is_int(in.c))
      load_operand(value, int_operand(in.c, value));
    else
      load_boxed(value, in.c);
    return put_into_list(list, index, value, is_number);
  }
  load(index, in.b);
  need_cell(list, leave());
  need_kind(list, kKindList, no_list);
  need_int(in.b, index, leave());
  load(value, in.c);
  put_into_list(list, index, value, false);
  a_.jump(done);
  a_.bind(no_list);
  Label no_bytearray = a_.make_label();
  need_kind(list, kKindByteArray, no_bytearray);
  with_lock(list, Body::Long, [&] { store_byte(); });
  a_.jump(done);
  a_.bind(no_bytearray);
  store_dict_item();
  a_.bind(done);
}

// Of a list display or comprehension, which no other thread knows.
void Baseline::append_to_list() {
  load(Reg::rax, at().a);
  append(at().b);
}

// Register n to the list rax, which others may be reading: they find the item where they find the length, in either array.
void Baseline::append(u32 n) {
  Label grows = a_.make_label(), done = a_.make_label();
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kListStorage});
  a_.load64(Reg::rdx, Mem{Reg::rax, at::kListLength});
  a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, grows);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kArrayCapacity});
  a_.jump_if(Cond::greater_equal, grows);
  load(Reg::rsi, n);
  need_no_barrier(Reg::rcx, Reg::rsi, leave());
  a_.store64(Mem{Reg::rcx, at::kArrayItems, Reg::rdx, 8}, Reg::rsi);
  a_.begin_aside(done);
  a_.bind(grows);
  grow_list();
  load(Reg::r9, n);
  a_.store64(Mem{Reg::rsi, at::kArrayItems, Reg::rdx, 8}, Reg::r9);
  a_.store64(Mem{Reg::rax, at::kListStorage}, Reg::rsi);
  a_.jump(done);
  a_.end_aside();
  a_.bind(done);
  a_.alu64(Alu::add, Reg::rdx, 1);
  a_.store64(Mem{Reg::rax, at::kListLength}, Reg::rdx);
}

// A new array for one more than the rdx items of the list rax in its array rcx, or null, which is full: to rsi, for who puts it
// there. As list_append_grow() in list.cpp, which does it for long ones. Uses r8 to r11.
void Baseline::grow_list() {
  constexpr i32 kMost = 64, kFirst = 4;
  static_assert(sizeof(ValueArray) + 2 * kMost * sizeof(Value) <= kMaxStepped);
  Label has_more = a_.make_label(), next = a_.make_label(), clear = a_.make_label(), copied = a_.make_label();
  a_.alu64(Alu::cmp, Reg::rdx, kMost);
  a_.jump_if(Cond::above, leave());
  a_.load_address(Reg::r10, Mem{Reg::rdx, 0, Reg::rdx, 1});
  a_.alu64(Alu::cmp, Reg::rdx, kFirst);
  a_.jump_if(Cond::above_equal, has_more);
  a_.move_constant(Reg::r10, kFirst);
  a_.bind(has_more);
  a_.move_constant(Reg::r8, sizeof(ValueArray) + kGranule - 1);
  a_.load_address(Reg::r8, Mem{Reg::r8, 0, Reg::r10, 8});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rsi, Reg::r8);
  a_.move_constant(Reg::r11, header_of(kKindValueArray, 0));
  a_.store64(Mem{Reg::rsi}, Reg::r11);
  a_.store64(Mem{Reg::rsi, at::kArrayCapacity}, Reg::r10);
  a_.bind(clear);
  a_.alu64(Alu::sub, Reg::r10, 1);
  a_.store64(Mem{Reg::rsi, at::kArrayItems, Reg::r10, 8}, 0);
  a_.alu64(Alu::cmp, Reg::r10, Reg::rdx);
  a_.jump_if(Cond::above, clear);
  a_.bind(next);
  a_.alu64(Alu::sub, Reg::r10, 1);
  a_.jump_if(Cond::sign, copied);
  a_.load64(Reg::r8, Mem{Reg::rcx, at::kArrayItems, Reg::r10, 8});
  a_.store64(Mem{Reg::rsi, at::kArrayItems, Reg::r10, 8}, Reg::r8);
  a_.jump(next);
  a_.bind(copied);
  need_no_barrier(Reg::rax, Reg::rsi, leave());
}

// Of a tuple or a list, or where such have been of a subclass of tuple that has its __iter__() from it.
void Baseline::unpack_sequence() {
  constexpr u32 kMostUnpacked = 32;
  const Instruction& in = at();
  if (in.c > kMostUnpacked) return leave_always();
  Label no_tuple = a_.make_label(), is_tuple = a_.make_label(), found = a_.make_label();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindTuple, no_tuple);
  a_.bind(is_tuple);
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kTupleLength}, in.c);
  a_.jump_if(Cond::not_equal, leave());
  a_.load_address(Reg::rdx, Mem{Reg::rax, at::kTupleItems});
  auto take = [&] {
    for (u32 k = 0; k < in.c; ++k) {
      a_.load64(Reg::rcx, Mem{Reg::rdx, static_cast<i32>(k * 8)});
      store(in.a + k, Reg::rcx);
    }
  };
  if (objects_are_locked()) {
    take();
  }
  a_.jump(found);
  a_.bind(no_tuple);
  if (noted() & kSubclassSeen) {
    Label no_subclass = a_.make_label();
    need_kind(Reg::rax, kKindTuple | kSubclassBit, no_subclass);
    need_subclass(Reg::rax, types.tuple, kKindTuple, Slot::iter);
    a_.jump(is_tuple);
    a_.bind(no_subclass);
  }
  need_kind(Reg::rax, kKindList, leave());
  alone([&] {
    a_.alu64(Alu::cmp, Mem{Reg::rax, at::kListLength}, in.c);
    a_.jump_if(Cond::not_equal, leave());
    load_present(Reg::rdx, Mem{Reg::rax, at::kListStorage});
    a_.alu64(Alu::add, Reg::rdx, at::kArrayItems);
    if (objects_are_locked()) take();
  });
  a_.bind(found);
  if (!objects_are_locked()) take();
}

}  // namespace baton
