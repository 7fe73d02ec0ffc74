// Loops over built-in iterators: a step of each form, and how a loop head chooses among those it has met.
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

// Steps an iterator of this form, rax, and leaves the item in rsi; at its end goes to `end`, if the end is not the handler's.
void Baseline::step(IteratorForm form, Label end) {
  Label stepped = a_.make_label(), exhausted = a_.make_label();
  a_.load64(Reg::rdx, Mem{Reg::rax, at::kIteratorPosition});
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kIteratorSource});
  bool gives_source_up = form != IteratorForm::Range && form != IteratorForm::ListReverse;
  if (form != IteratorForm::Range) {
    a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
    a_.jump_if(Cond::equal, gives_source_up ? end : leave());
  }
  switch (form) {
    case IteratorForm::Range: step_range(end); break;
    case IteratorForm::Tuple:
      a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kTupleLength});
      a_.jump_if(Cond::above_equal, exhausted);
      a_.load64(Reg::rsi, Mem{Reg::rcx, at::kTupleItems, Reg::rdx, 8});
      break;
    case IteratorForm::List: step_list(exhausted); break;
    case IteratorForm::ListReverse: step_list(leave()); break;
    case IteratorForm::Str: step_str(exhausted); break;
    case IteratorForm::Bytes:
      a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kBytesLength});
      a_.jump_if(Cond::above_equal, exhausted);
      a_.load64(Reg::r11, Mem{Reg::rcx, at::kBytesData});
      a_.load8(Reg::rsi, Mem{Reg::r11, 0, Reg::rdx, 1});
      tag_int(Reg::rsi);
      break;
    default: step_set(exhausted); break;
  }
  a_.alu64(form == IteratorForm::ListReverse ? Alu::sub : Alu::add, Reg::rdx, 1);
  a_.store64(Mem{Reg::rax, at::kIteratorPosition}, Reg::rdx);
  if (!gives_source_up) return;
  a_.jump(stepped);
  a_.bind(exhausted);
  a_.store64(Mem{Reg::rax, at::kIteratorSource}, 0);
  a_.jump(end);
  a_.bind(stepped);
}

static bool has_step(IteratorForm form) {
  switch (form) {
    case IteratorForm::List:
    case IteratorForm::ListReverse:
    case IteratorForm::Tuple:
    case IteratorForm::Range:
    case IteratorForm::Str:
    case IteratorForm::Bytes:
    case IteratorForm::Set: return true;
    default: return false;
  }
}

void Baseline::tag_int(Reg value) {
  a_.shift64(Shift::shl, value, 2);
  a_.alu64(Alu::or_, value, 1);
}

// The steps below: the iterator's source is rcx, its position rdx, which may be changed to that of the item found.

void Baseline::step_range(Label end) {
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rax, at::kIteratorAux});
  a_.jump_if(Cond::greater_equal, end);
  a_.load64(Reg::rsi, Mem{Reg::rcx, at::kRangeStep});
  a_.multiply(Reg::rsi, Reg::rdx);
  a_.alu64(Alu::add, Reg::rsi, Mem{Reg::rcx, at::kRangeStart});
  tag_int(Reg::rsi);
}

// Either way: a position below 0 is above every length.
void Baseline::step_list(Label exhausted) {
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kListLength});
  a_.jump_if(Cond::above_equal, exhausted);
  a_.load64(Reg::rcx, Mem{Reg::rcx, at::kListStorage});
  need_room_in_array(Reg::rcx, Reg::rdx);
  load_present(Reg::rsi, Mem{Reg::rcx, at::kArrayItems, Reg::rdx, 8});
}

void Baseline::step_str(Label exhausted) {
  a_.load64(Reg::r11, Mem{Reg::rcx, at::kStrLengthAndFlags});
  a_.shift64(Shift::shr, Reg::r11, 8);
  a_.alu64(Alu::cmp, Reg::rdx, Reg::r11);
  a_.jump_if(Cond::greater_equal, exhausted);
  load_character(Reg::rsi, Reg::rcx, Reg::rdx);
}

// The character at an index of a string: those up to 255 have a string each, once it has been asked for. Uses rcx,
// r8, r10, r11.
void Baseline::load_character(Reg to, Reg text, Reg index) {
  Label is_wide = a_.make_label(), is_widest = a_.make_label(), is_low = a_.make_label(), found = a_.make_label();
  a_.load64(Reg::r11, Mem{text, at::kStrData});
  a_.alu8(Alu::test, Mem{text, at::kStrLengthAndFlags}, 6);  // the width is 1, 2 or 4
  a_.jump_if(Cond::not_equal, is_wide);
  a_.load8(Reg::r10, Mem{Reg::r11, 0, index, 1});
  a_.bind(is_low);
  a_.move_constant(Reg::r11, reinterpret_cast<u64>(latin1_strings));
  load_present(to, Mem{Reg::r11, 0, Reg::r10, 8});
  a_.jump(found);
  a_.bind(is_wide);
  a_.alu8(Alu::test, Mem{text, at::kStrLengthAndFlags}, 4);
  a_.jump_if(Cond::not_equal, is_widest);
  a_.load16(Reg::r10, Mem{Reg::r11, 0, index, 2});
  a_.alu32(Alu::cmp, Reg::r10, 255);
  a_.jump_if(Cond::below_equal, is_low);
  make_wide_character(Reg::r10);
  a_.move(to, Reg::r10);
  a_.jump(found);
  a_.bind(is_widest);
  a_.load32(Reg::r10, Mem{Reg::r11, 0, index, 4});
  a_.alu32(Alu::cmp, Reg::r10, 255);
  a_.jump_if(Cond::below_equal, is_low);
  a_.jump(leave());
  a_.bind(found);
}

void Baseline::step_set(Label exhausted) {
  if (!objects_are_locked()) return find_in_table(exhausted);
  alone([&] {
    Label ended = a_.make_label(), found = a_.make_label();
    find_in_table(ended);
    a_.jump(found);
    a_.bind(ended);
    a_.move_constant(Reg::rsi, 0);
    a_.bind(found);
  });
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::equal, exhausted);
}

// The next key in the table of the set rcx from the place rdx on.
void Baseline::find_in_table(Label exhausted) {
  Label next = a_.make_label(), empty = a_.make_label(), found = a_.make_label();
  load_present(Reg::r10, Mem{Reg::rcx, at::kSetTable});
  a_.load64(Reg::r11, Mem{Reg::rcx, at::kSetLength});
  a_.alu64(Alu::cmp, Reg::r11, Mem{Reg::rax, at::kIteratorAux});
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(next);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::r10, at::kSetMask});
  a_.jump_if(Cond::above, exhausted);
  a_.load_address(Reg::r11, Mem{Reg::rdx, 0, Reg::rdx, 1});
  a_.load64(Reg::rsi, Mem{Reg::r10, at::kSetEntries + at::kSetKey, Reg::r11, 8});
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::equal, empty);
  a_.alu64(Alu::cmp, Reg::rsi, static_cast<i32>(kSetRemoved.bits()));
  a_.jump_if(Cond::not_equal, found);
  a_.bind(empty);
  a_.alu64(Alu::add, Reg::rdx, 1);
  a_.jump(next);
  a_.bind(found);
}

// Steps an iterator over a dict, rax, that hasn't changed, to an entry that is there, as dict_iterator_step does: the key in rsi,
// the value in r9. All else is the handler's.
void Baseline::step_dict() {
  load_present(Reg::rcx, Mem{Reg::rax, at::kIteratorSource});
  a_.load64(Reg::r10, Mem{Reg::rax, at::kIteratorAux});  // the length when the loop began, and how many are left
  a_.move(Reg::r11, Reg::r10);
  a_.shift64(Shift::sar, Reg::r11, 32);
  a_.alu64(Alu::cmp, Reg::r11, Mem{Reg::rcx, at::kDictLength});
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Reg::r10, 0);
  a_.jump_if(Cond::less_equal, leave());
  load_present(Reg::rcx, Mem{Reg::rcx, at::kDictTable});
  a_.load64(Reg::rdx, Mem{Reg::rax, at::kIteratorPosition});
  a_.load32(Reg::r11, Mem{Reg::rcx, at::kTableEntryCount});
  a_.alu64(Alu::cmp, Reg::rdx, Reg::r11);
  a_.jump_if(Cond::greater_equal, leave());
  static_assert(at::kEntrySize == 24);
  a_.load_address(Reg::r11, Mem{Reg::rdx, 0, Reg::rdx, 2});
  a_.load_address(Reg::r11, Mem{Reg::rcx, at::kTableEntries, Reg::r11, 8});
  a_.load64(Reg::rsi, Mem{Reg::r11, at::kEntryKey});
  load_present(Reg::r9, Mem{Reg::r11, at::kEntryValue});
  a_.alu64(Alu::cmp, Reg::rsi, static_cast<i32>(kNotFound.bits()));
  a_.jump_if(Cond::equal, leave());
  a_.alu64(Alu::add, Reg::rdx, 1);
  a_.store64(Mem{Reg::rax, at::kIteratorPosition}, Reg::rdx);
  a_.alu64(Alu::sub, Reg::r10, 1);  // of the low half only: it is positive
  a_.store64(Mem{Reg::rax, at::kIteratorAux}, Reg::r10);
}

// The instruction behind the loop's head, if that takes so many items apart at once, as for_iter_pair does it with two; else
// null.
const Instruction* Baseline::unpacking_of(u32 count) const {
  const Instruction& in = at();
  const Instruction& next = instructions_[i_ + (in.c == 0 ? 2 : 1)];
  bool does =
      static_cast<Op>(next.op) == Op::UnpackSequence && next.b == in.a && next.c == count && in.a >= code_->frame_local_count_;
  return does ? &next : nullptr;
}

// Of the iterator rax. Iterators marked as shared are the handler's once objects are locked. Uses rdx.
void Baseline::need_form(IteratorForm form, Label otherwise) {
  if (gil_enabled() || objects_are_locked()) {
    a_.alu8(Alu::cmp, Mem{Reg::rax, at::kIteratorForm}, static_cast<u8>(form));
  } else {
    a_.load8(Reg::rdx, Mem{Reg::rax, at::kIteratorForm});
    a_.alu32(Alu::and_, Reg::rdx, static_cast<u8>(~Iterator::kSharedMark));
    a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(form));
  }
  a_.jump_if(Cond::not_equal, otherwise);
}

void Baseline::need_iterator(IteratorForm form) {
  load(Reg::rax, at().b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindIterator, leave());
  need_form(form, leave_counted());
}

// Stores a pair where it is unpacked to, and goes on behind that.
void Baseline::store_pair(const Instruction* unpacking, Reg first, Reg second) {
  store(unpacking->a, first);
  store(unpacking->a + 1u, second);
  go_on_behind(unpacking);
}

void Baseline::go_on_behind(const Instruction* unpacking) {
  u32 behind = static_cast<u32>(unpacking - instructions_) + 1;
  is_target_[behind] = 1;
  a_.jump(way_to(behind));
}

// A dict's keys or values, or its items where they are taken apart at once. False: not such a loop.
bool Baseline::loop_over_dict(IteratorForm form) {
  const Instruction& in = at();
  bool is_items = form == IteratorForm::DictItems;
  if (!is_items && form != IteratorForm::DictKeys && form != IteratorForm::DictValues) return false;
  const Instruction* unpacking = is_items ? unpacking_of(2) : nullptr;
  if (is_items && !unpacking) return false;
  need_iterator(form);
  alone([&] { step_dict(); });
  if (is_items) {
    store_pair(unpacking, Reg::rsi, Reg::r9);
  } else {
    store(in.a, form == IteratorForm::DictKeys ? Reg::rsi : Reg::r9);
    a_.jump(way_to(i_ + (in.c == 0 ? 2 : 1)));
  }
  return true;
}

// enumerate() over what is in the iterator now, a list, a tuple, a string or a range, taken apart at once. False: not such a
// loop.
bool Baseline::loop_over_enumerate(IteratorForm form, Value now) {
  const Instruction& in = at();
  const Instruction* unpacking = unpacking_of(2);
  if (form != IteratorForm::Enumerate || !unpacking) return false;
  IteratorForm inner = IteratorForm::List;
  if (now.is_present()) {
    Value source = now.as<Iterator>()->source();
    inner = is_exact<Iterator>(source) ? source.as<Iterator>()->form() : IteratorForm::Other;
  }
  if (!has_step(inner)) return false;
  need_iterator(form);
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kIteratorExtra}, 0);  // numbers of any size
  a_.jump_if(Cond::not_equal, leave());
  a_.move(Reg::rbx, Reg::rax);
  a_.load64(Reg::r9, Mem{Reg::rbx, at::kIteratorPosition});
  a_.move_constant(Reg::rcx, static_cast<u64>(Value::kMaxSmallInt));
  a_.alu64(Alu::cmp, Reg::r9, Reg::rcx);
  a_.jump_if(Cond::greater_equal, leave());
  load_present(Reg::rax, Mem{Reg::rbx, at::kIteratorSource});
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindIterator, leave());
  Label stepped = a_.make_label();
  std::vector<IteratorForm> forms = {inner};
  for (IteratorForm other : {IteratorForm::List, IteratorForm::Tuple, IteratorForm::Str, IteratorForm::Range})
    if (other != inner) forms.push_back(other);
  for (IteratorForm each : forms) {
    bool is_last = each == forms.back();
    Label next = is_last ? leave() : a_.make_label();
    need_form(each, next);
    step(each, in.c == 0 ? way_to(i_ + 1) : target(static_cast<i16>(in.c)));
    if (is_last) break;
    a_.jump(stepped);
    a_.bind(next);
  }
  a_.bind(stepped);
  a_.alu64(Alu::add, Mem{Reg::rbx, at::kIteratorPosition}, 1);
  tag_int(Reg::r9);
  store_pair(unpacking, Reg::r9, Reg::rsi);
  return true;
}

static bool is_zipped_form(IteratorForm form) {
  return form == IteratorForm::List || form == IteratorForm::Tuple || form == IteratorForm::Range;
}

// zip() of two or three lists, tuples or ranges, taken apart at once. Nothing is stepped before all have an item: the ends are
// the handler's. False: not such a loop.
bool Baseline::loop_over_zip(IteratorForm form, Value now) {
  const Instruction* unpacking = form == IteratorForm::Zip ? unpacking_of(3) : nullptr;
  if (!unpacking && form == IteratorForm::Zip) unpacking = unpacking_of(2);
  if (!unpacking) return false;
  u32 count = unpacking->c;
  IteratorForm likely[3] = {IteratorForm::List, IteratorForm::List, IteratorForm::List};
  if (now.is_present()) {
    Value source = now.as<Iterator>()->source();
    if (!is_exact<Tuple>(source)) return false;  // at its end
    auto* sources = source.as<Tuple>();
    if (sources->length() != static_cast<Index>(count)) return false;
    for (u32 k = 0; k < count; ++k) {
      likely[k] = is_exact<Iterator>(sources->at(k)) ? sources->at(k).as<Iterator>()->form() : IteratorForm::Other;
      if (!is_zipped_form(likely[k])) return false;
    }
  }
  static constexpr Reg items[3] = {Reg::r9, Reg::r10, Reg::r11};
  auto iterator = [](u32 k) { return Mem{Reg::rbx, at::kTupleItems + static_cast<i32>(k * 8)}; };
  need_iterator(form);
  load_present(Reg::rbx, Mem{Reg::rax, at::kIteratorSource});
  a_.alu64(Alu::cmp, Mem{Reg::rbx, at::kTupleLength}, static_cast<i32>(count));
  a_.jump_if(Cond::not_equal, leave());
  for (u32 k = 0; k < count; ++k) {
    a_.load64(Reg::rax, iterator(k));
    need_cell(Reg::rax, leave());
    need_kind(Reg::rax, kKindIterator, leave());
    for (u32 other = 0; other < k; ++other) {  // one iterator twice gives its items in turn
      a_.alu64(Alu::cmp, Reg::rax, iterator(other));
      a_.jump_if(Cond::equal, leave());
    }
    Label found = a_.make_label();
    std::vector<IteratorForm> forms = {likely[k]};
    for (IteratorForm f : {IteratorForm::List, IteratorForm::Tuple, IteratorForm::Range})
      if (f != likely[k]) forms.push_back(f);
    for (IteratorForm f : forms) {
      Label next = f == forms.back() ? leave() : a_.make_label();
      need_form(f, next);
      a_.load64(Reg::rdx, Mem{Reg::rax, at::kIteratorPosition});
      load_present(Reg::rcx, Mem{Reg::rax, at::kIteratorSource});
      switch (f) {
        case IteratorForm::List: step_list(leave()); break;
        case IteratorForm::Range: step_range(leave()); break;
        default:
          a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kTupleLength});
          a_.jump_if(Cond::above_equal, leave());
          a_.load64(Reg::rsi, Mem{Reg::rcx, at::kTupleItems, Reg::rdx, 8});
      }
      if (f == forms.back()) break;
      a_.jump(found);
      a_.bind(next);
    }
    a_.bind(found);
    a_.move(items[k], Reg::rsi);
  }
  for (u32 k = 0; k < count; ++k) {
    a_.load64(Reg::rcx, iterator(k));
    a_.alu64(Alu::add, Mem{Reg::rcx, at::kIteratorPosition}, 1);
  }
  for (u32 k = 0; k < count; ++k) store(unpacking->a + k, items[k]);
  go_on_behind(unpacking);
  return true;
}

// The iterator of a loop that the frame is in now, else absent: other loops may have had the register since.
Value Baseline::iterator_now(u32 loop) const {
  const Instruction& in = instructions_[loop];
  i64 now = frame_->pc - instructions_, end = i64{loop} + 1 + static_cast<i16>(in.c);
  return in.c && now >= loop && now < end ? value_now(in.b) : Value();
}

// Of the kind that is there now, and those that were noted.
std::vector<IteratorForm> Baseline::iterator_forms(u32 loop) const {
  Value now = iterator_now(loop);
  i64 seen = noted(loop);
  std::vector<IteratorForm> wanted;
  if (is_exact<Iterator>(now)) wanted.push_back(now.as<Iterator>()->form());
  if (now.is_absent() && const_cast<Baseline*>(this)->range_kind(loop)) wanted.push_back(IteratorForm::Range);
  for (u8 k = 0; k < 40; ++k) {
    auto form = static_cast<IteratorForm>(k);
    if ((seen & iterator_seen(form)) && (wanted.empty() || wanted[0] != form)) wanted.push_back(form);
  }
  return wanted;
}

// The iterator's position is in a register, or in rdx.
void Baseline::step_known_range(const Fact& range, Label end) {
  const Instruction& in = at();
  bool is_here = range.is_in_register();
  Reg position = is_here ? range.gpr : Reg::rdx;
  a_.load64(Reg::rax, place(in.b));
  if (!is_here) a_.load64(position, Mem{Reg::rax, at::kIteratorPosition});
  a_.alu64(Alu::cmp, position, Mem{Reg::rax, at::kIteratorAux});
  a_.jump_if(Cond::greater_equal, end);
  if (range.kind == kRangeByOnes) a_.load64(Reg::rsi, Mem{Reg::rax, at::kIteratorSource});
  if (!is_here) {
    a_.load_address(Reg::rcx, Mem{position, 1});
    a_.store64(Mem{Reg::rax, at::kIteratorPosition}, Reg::rcx);
  }
  Reg result = begin_int(in.a);
  if (range.kind == kRangeFromZero) {
    a_.load_address(result, Mem{Reg::rsp, 1, position, 4, false});
  } else {
    a_.load64(Reg::rsi, Mem{Reg::rsi, at::kRangeStart});
    a_.alu64(Alu::add, Reg::rsi, position);
    a_.load_address(result, Mem{Reg::rsp, 1, Reg::rsi, 4, false});
  }
  if (is_here) {
    given_ |= 1u << static_cast<u8>(position);
    a_.alu64(Alu::add, position, 1);
    for (Fact& each : facts_)
      if (each.reg == range.reg) each.is_pending = true;
  }
  define_int(in.a, result);
}

// Lists and ranges aren't noted: where nothing is there, for both.
void Baseline::for_iter() {
  const Instruction& in = at();
  if (const Fact* known = fact(in.b); known && known->is_range() && in.c != 0)
    return step_known_range(Fact(*known), target(static_cast<i16>(in.c)));
  Label goes_on = a_.make_label();
  Label end = in.c == 0 ? way_to(i_ + 1) : target(static_cast<i16>(in.c));
  Value now = iterator_now(i_);
  i64 seen = noted();
  std::vector<IteratorForm> wanted = iterator_forms(i_);
  bool is_one_form = wanted.size() == 1 && (now.is_absent() || is_exact<Iterator>(now));
  if (is_one_form && (loop_over_dict(wanted[0]) || loop_over_enumerate(wanted[0], now) || loop_over_zip(wanted[0], now))) return;
  if (now.is_absent() && wanted != std::vector{IteratorForm::Range})
    wanted.insert(wanted.end(), {IteratorForm::List, IteratorForm::Range});
  std::vector<IteratorForm> forms;
  for (IteratorForm form : wanted)
    if (has_step(form)) forms.push_back(form);
  bool is_generator = (seen & kGeneratorSeen) || is_exact<Generator>(now);
  if (forms.empty() && !is_generator) return leave_always();
  Label no_iterator = is_generator && !forms.empty() ? a_.make_label() : leave();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  if (!forms.empty()) need_kind(Reg::rax, kKindIterator, no_iterator);
  for (IteratorForm form : forms) {
    bool is_last = form == forms.back();
    // Forms that have no step may come again and again.
    Label other = !is_last ? a_.make_label() : forms.size() == wanted.size() ? leave_counted() : leave();
    need_form(form, other);
    step(form, end);
    if (is_last) break;
    a_.jump(goes_on);
    a_.bind(other);
  }
  if (!forms.empty()) {
    a_.bind(goes_on);
    bool is_range = forms.size() == 1 && forms[0] == IteratorForm::Range;
    if (is_range)
      define_int(in.a, Reg::rsi);
    else if (in.c != 0)
      store_loaded(in.a, Reg::rsi);
    else
      store(in.a, Reg::rsi);
    a_.jump(way_to(i_ + (in.c == 0 ? 2 : 1)));
  }
  if (!is_generator) return;
  Facts facts = facts_;  // of those who got an item
  if (!forms.empty()) a_.bind(no_iterator);
  need_kind(Reg::rax, kKindGenerator, leave());
  a_.move_constant(Reg::r9, Value::kNoneBits);
  resume(EntryKind::ForIter);
  facts_ = forms.empty() ? Facts() : facts;
}

}  // namespace baton
