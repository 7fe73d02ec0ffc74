// New cells: tuples, lists, variables of inner functions, iterators of loops. Memory is taken from the thread's cursor for the
// size, as heap_allocate_inline() does; where that is at its end, the instruction is the handler's, which may collect. Between
// taking a cell and filling it nothing leaves the template. New cells are young, so filling them needs no barrier.
#include "heap/mutator_heap.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/iterator_defs.h"

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

// The list rax and the cell rdx. Long ones are the handler's.
void Baseline::concatenate_lists() {
  constexpr i32 kMost = 100;
  static_assert(sizeof(ValueArray) + kMost * sizeof(Value) + kGranule <= kMaxStepped);
  need_kind(Reg::rdx, kKindList, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kListLength});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kListLength});
  a_.load_address(Reg::r10, Mem{Reg::rcx, 0, Reg::rsi, 1});
  a_.load_address(Reg::r8, Mem{Reg::r10, -1});
  a_.alu64(Alu::cmp, Reg::r8, kMost - 1);  // nor of none
  a_.jump_if(Cond::above, leave());
  a_.move_constant(Reg::r8, sizeof(ValueArray) + kGranule - 1);
  a_.load_address(Reg::r8, Mem{Reg::r8, 0, Reg::r10, 8});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.move_constant(Reg::r11, header_of(kKindValueArray, 0));
  a_.store64(Mem{Reg::rbx}, Reg::r11);
  a_.store64(Mem{Reg::rbx, at::kArrayCapacity}, Reg::r10);
  // Both from their ends: r10 is where the next item goes behind, r8 how many are left.
  for (auto [list, length] : {std::pair{Reg::rdx, Reg::rsi}, {Reg::rax, Reg::rcx}}) {
    Label next = a_.make_label(), copied = a_.make_label();
    a_.load64(Reg::r9, Mem{list, at::kListStorage});
    a_.bind(next);
    a_.alu64(Alu::sub, length, 1);
    a_.jump_if(Cond::sign, copied);
    a_.load64(Reg::r8, Mem{Reg::r9, at::kArrayItems, length, 8});
    a_.alu64(Alu::sub, Reg::r10, 1);
    a_.store64(Mem{Reg::rbx, at::kArrayItems, Reg::r10, 8}, Reg::r8);
    a_.jump(next);
    a_.bind(copied);
  }
  a_.load64(Reg::r10, Mem{Reg::rbx, at::kArrayCapacity});
  allocate(Reg::rax, sizeof(List));
  store_header(Reg::rax, header_of(types.list));
  a_.store64(Mem{Reg::rax, at::kListLength}, Reg::r10);
  a_.store64(Mem{Reg::rax, at::kListStorage}, Reg::rbx);
  store(at().a, Reg::rax);
}

// The items of the tuples rax and rdx, rcx and rsi of them, none of both, to a new tuple in rax. Many are the handler's.
void Baseline::join_tuples() {
  constexpr i32 kMost = 100;
  static_assert(sizeof(Tuple) + kMost * sizeof(Value) + kGranule <= kMaxStepped);
  a_.load_address(Reg::r10, Mem{Reg::rcx, 0, Reg::rsi, 1});
  a_.alu64(Alu::cmp, Reg::r10, kMost);
  a_.jump_if(Cond::above, leave());
  a_.move_constant(Reg::r8, sizeof(Tuple) + kGranule - 1);
  a_.load_address(Reg::r8, Mem{Reg::r8, 0, Reg::r10, 8});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.move_constant(Reg::r11, header_of(types.tuple));
  a_.store64(Mem{Reg::rbx}, Reg::r11);
  a_.store64(Mem{Reg::rbx, at::kTupleLength}, Reg::r10);
  for (auto [tuple, length] : {std::pair{Reg::rdx, Reg::rsi}, {Reg::rax, Reg::rcx}}) {
    Label next = a_.make_label(), copied = a_.make_label();
    a_.bind(next);
    a_.alu64(Alu::sub, length, 1);
    a_.jump_if(Cond::sign, copied);
    a_.load64(Reg::r8, Mem{tuple, at::kTupleItems, length, 8});
    a_.alu64(Alu::sub, Reg::r10, 1);
    a_.store64(Mem{Reg::rbx, at::kTupleItems, Reg::r10, 8}, Reg::r8);
    a_.jump(next);
    a_.bind(copied);
  }
  a_.move(Reg::rax, Reg::rbx);
}

// The tuple rax and the cell rdx. One that is empty gives the other one.
void Baseline::concatenate_tuples() {
  Label done = a_.make_label(), first_is_empty = a_.make_label();
  need_kind(Reg::rdx, kKindTuple, leave());
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::equal, done);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kTupleLength});
  a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, first_is_empty);
  join_tuples();
  a_.jump(done);
  a_.bind(first_is_empty);
  a_.move(Reg::rax, Reg::rdx);
  a_.bind(done);
  store(at().a, Reg::rax);
}

// The tuple b and the items of another one behind: arguments of a call.
void Baseline::extend_tuple() {
  const Instruction& in = at();
  Label done = a_.make_label();
  if (types.tuple->tail_offset()) return leave_always();
  load(Reg::rax, in.b);
  load(Reg::rdx, in.c);
  need_kind(Reg::rax, kKindTuple, leave());
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindTuple, leave());
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kTupleLength});
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::equal, done);
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kTupleLength});
  join_tuples();
  a_.bind(done);
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

// The value of the entry of globals whose key is `name`, as it was when this was compiled. Uses r8.
void Baseline::load_global_near(Reg to, Reg table, u32 entry, Str* name) {
  i32 place = at::kTableEntries + static_cast<i32>(entry) * at::kEntrySize;
  a_.alu32(Alu::cmp, Mem{table, at::kTableEntryCount}, static_cast<i32>(entry));
  a_.jump_if(Cond::below_equal, leave());
  a_.move_constant(Reg::r8, Value(name).bits());
  a_.alu64(Alu::cmp, Reg::r8, Mem{table, place + at::kEntryKey});
  a_.jump_if(Cond::not_equal, leave());
  load_present(to, Mem{table, place + at::kEntryValue});
}

// In globals that say whose names and builtins they are, as slow_make_function() does it.
void Baseline::make_function() {
  need_frame();
  const Instruction& in = at();
  Code* code = code_->consts()->at(in.b).as<Code>();
  i32 name_entry = -1, builtins_entry = -1;
  (void)dict_find_str(frame_->globals, names.dunder_name, &name_entry);
  Value builtins = dict_find_str(frame_->globals, names.dunder_builtins, &builtins_entry);
  usize bytes = instance_bytes(types.function);
  constexpr i32 kMostEntries = 1 << 20;
  if (name_entry < 0 || builtins_entry < 0 || name_entry > kMostEntries || builtins_entry > kMostEntries || bytes > kMaxStepped ||
      (!is_exact<Module>(builtins) && !is_exact<Dict>(builtins)))
    return leave_always();
  a_.load64(Reg::rdx, Mem{kFrame, at::kFrameGlobals});
  load_present(Reg::rsi, Mem{Reg::rdx, at::kDictTable});
  load_global_near(Reg::r9, Reg::rsi, static_cast<u32>(name_entry), names.dunder_name);
  load_global_near(Reg::r10, Reg::rsi, static_cast<u32>(builtins_entry), names.dunder_builtins);
  need_cell(Reg::r10, leave());
  need_kind(Reg::r10, builtins.cell()->kind_word(), leave());
  if (is_exact<Module>(builtins)) a_.load64(Reg::r10, Mem{Reg::r10, at::kModuleDict});
  allocate(Reg::rax, bytes);
  store_header(Reg::rax, header_of(types.function));
  a_.store64(Mem{Reg::rax, at::kFunctionGlobals}, Reg::rdx);
  a_.store64(Mem{Reg::rax, at::kFunctionBuiltins}, Reg::r10);
  a_.store64(Mem{Reg::rax, at::kFunctionModule}, Reg::r9);
  for (auto [to, cell] : {std::pair<i32, Cell*>{at::kFunctionCode, code},
                          {at::kFunctionName, code->name()},
                          {at::kFunctionQualname, code->qualname()}}) {  // kept by this code
    a_.move_constant(Reg::rcx, reinterpret_cast<u64>(cell));
    a_.store64(Mem{Reg::rax, to}, Reg::rcx);
  }
  const i32 parts[] = {at::kFunctionDefaults, at::kFunctionKwdefaults, at::kFunctionAnnotations, at::kFunctionClosure};
  for (u32 k = 0; k < std::size(parts); ++k) {
    if (in.c == 0xFFFF) {
      a_.store64(Mem{Reg::rax, parts[k]}, 0);
      continue;
    }
    load(Reg::rcx, in.c + k);
    a_.store64(Mem{Reg::rax, parts[k]}, Reg::rcx);
  }
  a_.store64(Mem{Reg::rax, at::kFunctionDoc}, 0);
  for (usize to = at::kFunctionVersion; to + sizeof(Value) <= bytes; to += sizeof(Value))
    a_.store64(Mem{Reg::rax, static_cast<i32>(to)}, 0);
  store(in.a, Reg::rax);
}

// A new iterator over the built-in container rax in its place; generators and iterators are their own.
void Baseline::get_iter() {
  const Instruction& in = at();
  struct Container {
    u16 kind;
    IteratorForm form;
    TypeDef* iterator;
    Value extra = Value();
  };
  const Container containers[] = {{kKindList, IteratorForm::List, &list_iterator_def},
                                  {kKindTuple, IteratorForm::Tuple, &tuple_iterator_def},
                                  {kKindRange, IteratorForm::Range, &range_iterator_def, Value::of_small_int(0)},
                                  {kKindDict, IteratorForm::DictKeys, &dict_key_iterator_def},
                                  {kKindStr, IteratorForm::Str, &str_ascii_iterator_def},
                                  {kKindSet, IteratorForm::Set, &set_iterator_def},
                                  {kKindBytes, IteratorForm::Bytes, &bytes_iterator_def}};
  Label is_iterator = a_.make_label(), is_new = a_.make_label();
  get_iter_by_method();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rdx, Mem{Reg::rax, at::kKindWord});
  a_.move_constant(Reg::r11, 0);  // aux_
  for (const Container& container : containers) {
    Type* type = made_type(*container.iterator);
    if (!type || type->tail_offset()) {  // there has been none yet
      a_.alu32(Alu::cmp, Reg::rdx, container.kind);
      a_.jump_if(Cond::equal, leave_counted());
      continue;
    }
    Label other = a_.make_label();
    a_.alu32(Alu::cmp, Reg::rdx, container.kind);
    a_.jump_if(Cond::not_equal, other);
    switch (container.form) {
      case IteratorForm::Range:
        a_.alu8(Alu::cmp, Mem{Reg::rax, at::kRangeIsSmall}, 0);
        a_.jump_if(Cond::equal, leave());
        a_.load64(Reg::r11, Mem{Reg::rax, at::kRangeLength});
        break;
      case IteratorForm::DictKeys: load_dict_lengths(Reg::rax); break;
      case IteratorForm::Set: a_.load64(Reg::r11, Mem{Reg::rax, at::kSetLength}); break;
      case IteratorForm::Str:
        a_.alu8(Alu::test, Mem{Reg::rax, at::kStrLengthAndFlags}, static_cast<u8>(Str::kAscii));
        a_.jump_if(Cond::equal, leave());
        break;
      default: break;
    }
    a_.move_constant(Reg::r9, header_of(type));
    a_.move_constant(Reg::r10, static_cast<u64>(container.form));
    a_.move_constant(Reg::rsi, container.extra.bits());
    a_.jump(is_new);
    a_.bind(other);
  }
  for (u16 kind : {kKindGenerator, kKindIterator}) {
    a_.alu32(Alu::cmp, Reg::rdx, kind);
    a_.jump_if(Cond::equal, is_iterator);
  }
  get_iter_of_view(is_new);
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

// Where an __iter__() has been that is a generator function.
void Baseline::get_iter_by_method() {
  const Instruction& in = at();
  if (!(noted() & kItemMethodSeen)) return;
  Label no_method = a_.make_label();
  const Given given[] = {{in.b}};
  enter_item_method(Slot::iter, given, 1, in.a, EntryKind::Call, no_method);
  a_.bind(no_method);
}

// Of anything but a generator, and what has such an __iter__(), it is the handler's.
void Baseline::get_yield_from_iter() {
  const Instruction& in = at();
  get_iter_by_method();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindGenerator, leave());
  store(in.a, Reg::rax);
}

// What an iterator over the dict keeps of its length, to r11: see pack_lengths() in dict_views.cpp. Uses rcx.
void Baseline::load_dict_lengths(Reg dict) {
  a_.load32(Reg::rcx, Mem{dict, at::kDictLength});
  a_.move(Reg::r11, Reg::rcx);
  a_.shift64(Shift::shl, Reg::r11, 32);
  a_.alu64(Alu::or_, Reg::r11, Reg::rcx);
}

// The same for a view of a dict in rax, whose kind is rdx; all else is the handler's.
void Baseline::get_iter_of_view(Label is_new) {
  struct View {
    TypeDef *view, *iterator;
    IteratorForm form;
  };
  const View views[] = {{&dict_items_def, &dict_item_iterator_def, IteratorForm::DictItems},
                        {&dict_values_def, &dict_value_iterator_def, IteratorForm::DictValues},
                        {&dict_keys_def, &dict_key_iterator_def, IteratorForm::DictKeys}};
  a_.alu32(Alu::cmp, Reg::rdx, kKindDictView);
  a_.jump_if(Cond::not_equal, leave());
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kShape});
  a_.load64(Reg::rdx, Mem{Reg::rax, at::kDictViewDict});
  need_kind(Reg::rdx, kKindDict, leave());
  for (const View& view : views) {
    Type *type = made_type(*view.view), *iterator = made_type(*view.iterator);
    if (!type) continue;
    Label other = a_.make_label();
    a_.alu32(Alu::cmp, Reg::rcx, static_cast<i32>(type->instance_shape()->id()));
    if (!iterator || iterator->tail_offset()) {
      a_.jump_if(Cond::equal, leave_counted());
      continue;
    }
    a_.jump_if(Cond::not_equal, other);
    a_.move_constant(Reg::r9, header_of(iterator));
    a_.move_constant(Reg::r10, static_cast<u64>(view.form));
    a_.move_constant(Reg::rsi, 0);
    a_.move(Reg::rax, Reg::rdx);
    load_dict_lengths(Reg::rax);
    a_.jump(is_new);
    a_.bind(other);
  }
  a_.jump(leave());
}

// A dict of a few pairs whose keys have different hashes: so they are different. In rax.
void Baseline::build_dict() {
  const Instruction& in = at();
  constexpr u32 kMostPairs = 5;
  if (in.c > kMostPairs || types.dict->tail_offset()) return leave_always();
  if (in.c) allocate_dict_table(Reg::r10, in.c);  // without entries until all are there
  for (u32 k = 0; k < in.c; ++k) {
    auto field = [&](u32 entry, i32 at) {
      return Mem{Reg::r10, at::kTableEntries + static_cast<i32>(entry) * at::kEntrySize + at};
    };
    u32 key = in.b + 2 * k;
    Label is_text = a_.make_label();
    load(Reg::rdx, key);
    load_key_hash(key);
    for (u32 earlier = 0; earlier < k; ++earlier) {
      a_.alu64(Alu::cmp, Reg::r9, field(earlier, at::kEntryHash));
      a_.jump_if(Cond::equal, leave());
    }
    load(Reg::rcx, key + 1);
    a_.store64(field(k, at::kEntryHash), Reg::r9);
    a_.store64(field(k, at::kEntryKey), Reg::rdx);
    a_.store64(field(k, at::kEntryValue), Reg::rcx);
    if (!is_int(key)) jump_if_text(is_text);
    a_.store32(Mem{Reg::r10, at::kTableAllStr}, 0);
    a_.bind(is_text);
  }
  if (in.c) a_.store32(Mem{Reg::r10, at::kTableEntryCount}, static_cast<i32>(in.c));
  allocate(Reg::rax, sizeof(Dict));
  store_header(Reg::rax, header_of(types.dict));
  if (in.c)
    a_.store64(Mem{Reg::rax, at::kDictTable}, Reg::r10);
  else
    a_.store64(Mem{Reg::rax, at::kDictTable}, 0);
  a_.store64(Mem{Reg::rax, at::kDictLength}, static_cast<i32>(in.c));
  static_assert(sizeof(Dict) == sizeof(Cell) + 16);
  store(in.a, Reg::rax);
}

// A set for so many keys, to rax, with its table, empty, in r10 if there are any. Uses rcx, r11.
void Baseline::make_set(u32 count) {
  if (count) {
    allocate(Reg::r10, sizeof(SetTable) + kMinSlots * sizeof(SetEntry));
    store_header(Reg::r10, header_of(kKindSetTable, 0));
    a_.store64(Mem{Reg::r10, at::kSetMask}, static_cast<i32>(kMinSlots - 1));
    a_.store64(Mem{Reg::r10, at::kSetFill}, static_cast<i32>(0));
    a_.store64(Mem{Reg::r10, at::kSetAdds}, static_cast<i32>(0));
    for (u32 k = 0; k < kMinSlots * sizeof(SetEntry); k += sizeof(Value))
      a_.store64(Mem{Reg::r10, at::kSetEntries + static_cast<i32>(k)}, 0);
  }
  allocate(Reg::rax, sizeof(Set));
  store_header(Reg::rax, header_of(types.set));
  for (usize at = sizeof(Cell); at < sizeof(Set); at += sizeof(Value)) a_.store64(Mem{Reg::rax, static_cast<i32>(at)}, 0);
}

// A set display of none or few keys. Those that don't all come to places of their own are the handler's.
void Baseline::build_set() {
  const Instruction& in = at();
  constexpr u32 kMostKeys = 3;
  if (in.c > kMostKeys || types.set->tail_offset()) return leave_always();
  make_set(in.c);
  if (in.c) a_.store64(Mem{Reg::rax, at::kSetTable}, Reg::r10);
  a_.move_to_xmm(Xmm::x0, Reg::rax);
  for (u32 k = 0; k < in.c; ++k) {
    load(Reg::rdx, in.b + k);
    load_key_hash(in.b + k);
    a_.move_from_xmm(Reg::rax, Xmm::x0);
    a_.load64(Reg::r10, Mem{Reg::rax, at::kSetTable});
    a_.move(Reg::rcx, Reg::r9);
    a_.alu64(Alu::and_, Reg::rcx, static_cast<i32>(kMinSlots - 1));
    a_.alu64(Alu::add, Reg::rcx, Reg::rcx);
    a_.load_address(Reg::r11, Mem{Reg::r10, at::kSetEntries, Reg::rcx, 8});
    a_.alu64(Alu::cmp, Mem{Reg::r11, at::kSetKey}, 0);
    a_.jump_if(Cond::not_equal, leave());
    a_.store64(Mem{Reg::r11, at::kSetHash}, Reg::r9);
    a_.store64(Mem{Reg::r11, at::kSetKey}, Reg::rdx);
    a_.alu64(Alu::add, Mem{Reg::r10, at::kSetAdds}, 1);
    a_.alu64(Alu::add, Mem{Reg::r10, at::kSetFill}, 1);
    a_.alu64(Alu::add, Mem{Reg::rax, at::kSetLength}, 1);
  }
  store(in.a, Reg::rax);
}

bool Baseline::translate_build(Op op) {
  switch (op) {
    case Op::BuildSet: build_set(); return true;
    case Op::BuildTuple: build_tuple(); return true;
    case Op::BuildList: build_list(); return true;
    case Op::BuildDict: build_dict(); return true;
    case Op::MakeCell: make_cell(); return true;
    case Op::MakeFunction: make_function(); return true;
    case Op::TupleExtend: extend_tuple(); return true;
    case Op::GetIter: get_iter(); return true;
    case Op::GetYieldFromIter: get_yield_from_iter(); return true;
    default: return false;
  }
}

}  // namespace baton
