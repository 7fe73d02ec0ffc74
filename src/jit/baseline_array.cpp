// Items of array.array by a small int, loaded and stored. Which item types a place has had is what the interpreter has noted.
// Without a GIL loads are lock-free: a number of at most eight bytes that lies at a multiple of its size is read as a whole.
#include <bit>

#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

static i64 arrays_seen(i64 noted) { return (noted >> 1) & ((i64{1} << kItemTypeCount) - 1); }

static bool is_float(const ItemType* item) { return item->code == 'f' || item->code == 'd'; }

// Nothing but arrays of this item type have been here, but for what needed no note, and it seems to be true; or null.
const ItemType* Baseline::only_array(u32 i) const {
  constexpr u32 kMostFailures = 2;
  i64 seen = noted(i);
  bool has_failed = code_->compiled_ && code_->compiled_->recompilations >= kMostFailures;
  if (has_failed || (seen & (kDictSeen | kItemMethodSeen)) || !std::has_single_bit(static_cast<u64>(arrays_seen(seen))))
    return nullptr;
  const ItemType* item = &item_types[std::countr_zero(static_cast<u64>(arrays_seen(seen)))];
  return item->code == 'u' ? nullptr : item;
}
bool Baseline::may_be_array() const { return arrays_seen(noted()) != 0; }

// Uses r8.
void Baseline::need_array(Reg cell, const ItemType* item, Label other_item, Label no_array) {
  need_kind(cell, cell_kind<Array>(), no_array);
  a_.move_constant(Reg::r8, reinterpret_cast<u64>(item));
  a_.alu64(Alu::cmp, Reg::r8, Mem{cell, at::kTypedArrayItem});
  a_.jump_if(Cond::not_equal, other_item);
}

// Of storage rax and index rdx.
Mem Baseline::item_place(const ItemType* item) const { return Mem{Reg::rax, sizeof(RawBytes), Reg::rdx, item->size}; }

// Register a becomes the item rdx, a number, of the array rax. keeps_number: it isn't stored yet. Uses rcx, r8.
void Baseline::load_array_item(const ItemType* item, const i64* constant, bool keeps_number) {
  u32 result = at().a;
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kTypedArrayLength});
  need_index(Reg::rdx, Reg::rcx, constant, true);
  a_.load64(Reg::rax, Mem{Reg::rax, at::kTypedArrayStorage});
  if (objects_are_locked()) {  // another thread may have put less storage there, or none
    a_.alu64(Alu::test, Reg::rax, Reg::rax);
    a_.jump_if(Cond::equal, leave());
    a_.load_address(Reg::rcx, Mem{Reg::rsp, item->size, Reg::rdx, item->size, false});
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kRawBytesCapacity});
    a_.jump_if(Cond::above, leave());
    if (constant && *constant < 0) leave_unless_alone();
  }
  Mem place = item_place(item);
  if (is_float(item)) {
    Xmm to = keeps_number ? know_pending(result) : Xmm::x0;
    item->code == 'd' ? a_.load_double(to, place) : a_.load_single(to, place);
    return keeps_number ? void() : box_into(result, to);
  }
  if (item->is_signed && item->size < 8) {
    a_.load_signed(Reg::rax, place, item->size);
  } else {
    switch (item->size) {
      case 1: a_.load8(Reg::rax, place); break;
      case 2: a_.load16(Reg::rax, place); break;
      case 4: a_.load32(Reg::rax, place); break;
      default: a_.load64(Reg::rax, place); break;
    }
  }
  if (item->size == 8) {  // more bits than a small int has
    a_.move(Reg::rcx, Reg::rax);
    if (item->is_signed) {
      a_.shift64(Shift::shl, Reg::rcx, 1);
      a_.alu64(Alu::xor_, Reg::rcx, Reg::rax);
      a_.shift64(Shift::shr, Reg::rcx, 62);
      a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
    } else {
      a_.shift64(Shift::shr, Reg::rcx, 61);
      a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
    }
    a_.jump_if(Cond::not_equal, leave());
  }
  tag_int(Reg::rax);
  keeps_number ? define_int(result, Reg::rax) : store(result, Reg::rax);
}

bool Baseline::load_item_of_only_array(const i64* constant) {
  const Instruction& in = at();
  const ItemType* item = only_array();
  if (!item) return false;
  load(Reg::rax, in.b);
  if (known_kind(in.b) != cell_kind<Array>()) need_cell(Reg::rax, leave_counted());
  need_array(Reg::rax, item, leave_counted(), leave_counted());
  know_kind(in.b, cell_kind<Array>());
  if (constant) {
    a_.move_constant(Reg::rdx, static_cast<u64>(*constant));
  } else {
    load_operand(Reg::rdx, int_operand(in.c, Reg::rdx));
    a_.shift64(Shift::sar, Reg::rdx, 2);
  }
  load_array_item(item, constant, true);
  return true;
}

// The cell rax may be anything; the index rdx is a number. Goes on behind this if it is no array.
void Baseline::load_item_of_arrays(const i64* constant, Label done) {
  Label no_array = a_.make_label();
  constexpr u32 kMostTypes = 3;
  u32 types = 0;
  for (const ItemType& item : item_types) {
    if (!(noted() & array_seen(number_of(&item))) || item.code == 'u' || ++types > kMostTypes) continue;
    Label other_item = a_.make_label();
    need_array(Reg::rax, &item, other_item, no_array);
    load_array_item(&item, constant, false);
    a_.jump(done);
    a_.bind(other_item);
  }
  a_.bind(no_array);
}

bool Baseline::store_item_of_only_array() {
  const Instruction& in = at();
  const ItemType* item = only_array();
  if (!item) return false;
  load(Reg::rax, in.a);
  if (known_kind(in.a) != cell_kind<Array>()) need_cell(Reg::rax, leave_counted());
  need_array(Reg::rax, item, leave_counted(), leave_counted());
  know_kind(in.a, cell_kind<Array>());
  load_operand(Reg::rdx, int_operand(in.b, Reg::rdx));
  a_.shift64(Shift::sar, Reg::rdx, 2);
  auto find_place = [&] {
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kTypedArrayLength});
    need_index(Reg::rdx, Reg::rcx, nullptr, false);
    a_.load64(Reg::rax, Mem{Reg::rax, at::kTypedArrayStorage});
    return item_place(item);
  };
  if (is_float(item)) {
    Xmm from = Xmm::x0;
    if (is_known_float(in.c)) {
      from = fact(in.c)->xmm;
    } else {
      load(Reg::rsi, in.c);
      number_to_float(Reg::rsi, from, leave());
    }
    with_lock(Reg::rax, Body::Short, [&] {
      Mem place = find_place();
      if (item->code == 'd') {
        a_.store_double(place, from);
      } else {
        a_.move(Xmm::x0, from);
        a_.store_single(place, Xmm::x0);
      }
    });
    return true;
  }
  load(Reg::rsi, in.c);
  need_int(in.c, Reg::rsi, leave_counted());
  a_.shift64(Shift::sar, Reg::rsi, 2);
  if (item->size < 8) {  // is it what its low bits say?
    u8 spare = static_cast<u8>(64 - 8 * item->size);
    a_.move(Reg::r8, Reg::rsi);
    a_.shift64(Shift::shl, Reg::r8, spare);
    a_.shift64(item->is_signed ? Shift::sar : Shift::shr, Reg::r8, spare);
    a_.alu64(Alu::cmp, Reg::r8, Reg::rsi);
    a_.jump_if(Cond::not_equal, leave());
  } else if (!item->is_signed) {
    a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
    a_.jump_if(Cond::sign, leave());
  }
  with_lock(Reg::rax, Body::Short, [&] {
    Mem place = find_place();
    switch (item->size) {
      case 1: a_.store8(place, Reg::rsi); break;
      case 2: a_.store16(place, Reg::rsi); break;
      case 4: a_.store32(place, Reg::rsi); break;
      default: a_.store64(place, Reg::rsi); break;
    }
  });
  return true;
}

}  // namespace baton
