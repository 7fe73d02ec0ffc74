// New cells: tuples, lists, variables of inner functions, iterators of loops. Memory is taken from the thread's cursor for the
// size, as heap_allocate_inline() does; where that is at its end, the instruction is the handler's, which may collect. Between
// taking a cell and filling it nothing leaves the template. New cells are young, so filling them needs no barrier.
#include "heap/mutator_heap.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

usize Baseline::instance_bytes(Type* type) {
  usize slots = type->member_slot_count() + type->instance_shape()->inline_capacity(), tail = type->tail_offset();
  return tail ? tail + sizeof(ObjectTail) + slots * sizeof(Value) : type->payload_size_;
}

// A cell of so many bytes to `to`, for who writes its header. Uses rcx, r8.
void Baseline::allocate(Reg to, usize bytes) {
  static_assert(at::kKindWord == 6 && sizeof(AllocationCursor) == 16 && kGranule == 16);
  i32 granules = static_cast<i32>((bytes + kGranule - 1) / kGranule);
  i32 cursor = at::kCursors + granules * static_cast<i32>(sizeof(AllocationCursor));
  a_.load64(Reg::rcx, Mem{kThread, at::kHeapState});
  a_.load64(to, Mem{Reg::rcx, cursor + at::kCursorBump});
  a_.load_address(Reg::r8, Mem{to, granules * static_cast<i32>(kGranule)});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, cursor + at::kCursorLimit});
  a_.jump_if(Cond::above, leave());
  a_.store64(Mem{Reg::rcx, cursor + at::kCursorBump}, Reg::r8);
}

// A cell of `bytes`, a multiple of a granule and at most kMaxStepped. Uses r11, changes bytes.
void Baseline::allocate_sized(Reg to, Reg bytes) {
  static_assert(sizeof(AllocationCursor) == kGranule);  // so the size is the cursor's place, too
  a_.load64(Reg::r11, Mem{kThread, at::kHeapState});
  a_.alu64(Alu::add, Reg::r11, bytes);
  a_.load64(to, Mem{Reg::r11, at::kCursors + at::kCursorBump});
  a_.alu64(Alu::add, bytes, to);
  a_.alu64(Alu::cmp, bytes, Mem{Reg::r11, at::kCursors + at::kCursorLimit});
  a_.jump_if(Cond::above, leave());
  a_.store64(Mem{Reg::r11, at::kCursors + at::kCursorBump}, bytes);
}

void Baseline::store_header(Reg cell, u64 header) {
  a_.move_constant(Reg::rcx, header);
  a_.store64(Mem{cell}, Reg::rcx);
}

// An instance of a class written in Python whose instances have no native part and no __del__, without attributes.
void Baseline::allocate_instance(Reg to, Type* type) {
  usize bytes = instance_bytes(type);
  allocate(to, bytes);
  store_header(to, header_of(type));
  for (usize at = sizeof(Cell); at + sizeof(Value) <= bytes; at += sizeof(Value)) a_.store64(Mem{to, static_cast<i32>(at)}, 0);
}

static constexpr u32 kMostItems = 16;

void Baseline::build_tuple() {
  const Instruction& in = at();
  if (in.c > kMostItems || types.tuple->tail_offset()) return leave_always();
  if (in.c == 0) return store_constant(in.a, reinterpret_cast<u64>(empty_tuple()));
  allocate(Reg::rax, sizeof(Tuple) + in.c * sizeof(Value));
  store_header(Reg::rax, header_of(types.tuple));
  a_.store64(Mem{Reg::rax, at::kTupleLength}, static_cast<i32>(in.c));
  copy_items(Mem{Reg::rax, at::kTupleItems}, in.b, in.c);
  store(in.a, Reg::rax);
}

// Registers from `first` on into a new cell.
void Baseline::copy_items(Mem to, u32 first, u32 count) {
  for (u32 k = 0; k < count; ++k) {
    load(Reg::rcx, first + k);
    a_.store64(Mem{to.base, to.displacement + static_cast<i32>(k * 8)}, Reg::rcx);
  }
}

// The items are complete before the list is taken, as that may leave.
void Baseline::build_list() {
  const Instruction& in = at();
  if (in.c > kMostItems || types.list->tail_offset()) return leave_always();
  if (in.c) {
    allocate(Reg::rdx, sizeof(ValueArray) + in.c * sizeof(Value));
    store_header(Reg::rdx, header_of(kKindValueArray, 0));
    a_.store64(Mem{Reg::rdx, at::kArrayCapacity}, static_cast<i32>(in.c));
    copy_items(Mem{Reg::rdx, at::kArrayItems}, in.b, in.c);
  } else {
    a_.move_constant(Reg::rdx, 0);
  }
  static_assert(sizeof(List) == 24);
  allocate(Reg::rax, sizeof(List));
  store_header(Reg::rax, header_of(types.list));
  a_.store64(Mem{Reg::rax, at::kListLength}, static_cast<i32>(in.c));
  a_.store64(Mem{Reg::rax, at::kListStorage}, Reg::rdx);
  store(in.a, Reg::rax);
}

void Baseline::make_cell() {
  if (types.cell->tail_offset()) return leave_always();
  allocate(Reg::rax, sizeof(ClosureCell));
  store_header(Reg::rax, header_of(types.cell));
  load(Reg::rdx, at().a);
  a_.store64(Mem{Reg::rax, at::kClosureCellValue}, Reg::rdx);
  store(at().a, Reg::rax);
}

// A new iterator over the list, tuple or range rax in its place; generators and iterators are their own.
void Baseline::get_iter() {
  const Instruction& in = at();
  struct Sequence {
    u16 kind;
    IteratorForm form;
    TypeDef* iterator;
    Value extra;
  };
  const Sequence sequences[] = {{kKindList, IteratorForm::List, &list_iterator_def, Value()},
                                {kKindTuple, IteratorForm::Tuple, &tuple_iterator_def, Value()},
                                {kKindRange, IteratorForm::Range, &range_iterator_def, Value::of_small_int(0)}};
  Label is_iterator = a_.make_label(), is_new = a_.make_label();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rdx, Mem{Reg::rax, at::kKindWord});
  a_.move_constant(Reg::r11, 0);  // aux_
  for (const Sequence& sequence : sequences) {
    Type* type = __atomic_load_n(&sequence.iterator->is_whole, __ATOMIC_ACQUIRE) ? sequence.iterator->type : nullptr;
    if (!type || type->tail_offset()) continue;  // there has been none yet
    Label other = a_.make_label();
    a_.alu32(Alu::cmp, Reg::rdx, sequence.kind);
    a_.jump_if(Cond::not_equal, other);
    if (sequence.form == IteratorForm::Range) {
      a_.alu8(Alu::cmp, Mem{Reg::rax, at::kRangeIsSmall}, 0);
      a_.jump_if(Cond::equal, leave());
      a_.load64(Reg::r11, Mem{Reg::rax, at::kRangeLength});
    }
    a_.move_constant(Reg::r9, header_of(type));
    a_.move_constant(Reg::r10, static_cast<u64>(sequence.form));
    a_.move_constant(Reg::rsi, sequence.extra.bits());
    a_.jump(is_new);
    a_.bind(other);
  }
  for (u16 kind : {kKindGenerator, kKindIterator}) {
    a_.alu32(Alu::cmp, Reg::rdx, kind);
    a_.jump_if(Cond::equal, is_iterator);
  }
  a_.jump(leave());
  a_.bind(is_new);
  allocate(Reg::rdx, sizeof(Iterator));
  a_.store64(Mem{Reg::rdx}, Reg::r9);
  a_.store64(Mem{Reg::rdx, at::kIteratorSource}, Reg::rax);
  a_.store64(Mem{Reg::rdx, at::kIteratorExtra}, Reg::rsi);
  a_.store64(Mem{Reg::rdx, at::kIteratorPosition}, 0);
  a_.store64(Mem{Reg::rdx, at::kIteratorAux}, Reg::r11);
  static_assert(at::kIteratorForm + 8 == sizeof(Iterator));
  a_.store64(Mem{Reg::rdx, at::kIteratorForm}, Reg::r10);
  a_.move(Reg::rax, Reg::rdx);
  a_.bind(is_iterator);
  store(in.a, Reg::rax);
}

bool Baseline::translate_build(Op op) {
  switch (op) {
    case Op::BuildTuple: build_tuple(); return true;
    case Op::BuildList: build_list(); return true;
    case Op::MakeCell: make_cell(); return true;
    case Op::GetIter: get_iter(); return true;
    default: return false;
  }
}

}  // namespace baton
