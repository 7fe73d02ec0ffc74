// Names, attributes, items, loops over containers. Forms that a cache holds when the code is compiled become guards and
// constants.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

// The record is read when the code runs, for what it refers to comes and goes with it.
void Baseline::load_global(bool for_call) {
  const Instruction& in = at();
  Field<Value>& cache = code_->caches()[i_];
  if (!cache.get().is_cell()) return leave_always_counted();
  CacheForm form = cache.get().as<CacheRecord>()->form_;
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(&cache));
  load_present(Reg::rax, Mem{Reg::rax});
  load_of_function(Reg::rcx, at::kFrameGlobals, at::kFunctionGlobals);
  a_.load64(Reg::rcx, Mem{Reg::rcx, at::kDictTable});
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kRecordTable});
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu8(Alu::cmp, Mem{Reg::rax, at::kRecordForm}, static_cast<u8>(form));
  a_.jump_if(Cond::not_equal, leave_counted());
  if (form != CacheForm::Global) {
    a_.load32(Reg::rdx, Mem{Reg::rax, at::kRecordEntryCount});
    a_.alu32(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kTableEntryCount});
    a_.jump_if(Cond::not_equal, leave());
    load_of_function(Reg::rcx, at::kFrameBuiltins, at::kFunctionBuiltins);
    a_.load64(Reg::rcx, Mem{Reg::rcx, at::kDictTable});
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kRecordSecondTable});
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.load64(Reg::rax, Mem{Reg::rax, at::kRecordPlace});
  load_present(Reg::rax, Mem{Reg::rax});
  store(in.a, Reg::rax);
  if (!for_call) return;
  store_constant(in.a + 1u, 0);
  know_absent(in.a + 1u);
}

void Baseline::load_deref() {
  load(Reg::rax, at().b);
  load_present(Reg::rax, Mem{Reg::rax, at::kClosureCellValue});
  store(at().a, Reg::rax);
}

// Of a variable that an inner function has, too. The handler's store is sequentially consistent.
void Baseline::store_deref() {
  if (objects_are_locked()) return leave_always();
  load(Reg::rax, at().a);
  load(Reg::rdx, at().b);
  need_no_barrier(Reg::rax, Reg::rdx, leave());
  a_.store64(Mem{Reg::rax, at::kClosureCellValue}, Reg::rdx);
}

void Baseline::copy_free_variables() {
  const Instruction& in = at();
  if (inlined_)
    load_function(Reg::rax);
  else
    a_.load64(Reg::rax, Mem{kFrame, at::kFrameFunction});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kFunctionClosure});
  for (u32 k = 0; k < in.b; ++k) {
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kTupleItems + static_cast<i32>(k * 8)});
    store(in.a + k, Reg::rcx);
  }
}

// How many items the cell rax has, if it is a built-in container: to rdx, uses rcx.
void Baseline::load_length(Label otherwise) {
  struct Sized {
    u16 kind;
    i32 length_at;
  };
  static constexpr Sized kinds[] = {
      {kKindList, at::kListLength},          {kKindStr, at::kStrLengthAndFlags}, {kKindTuple, at::kTupleLength},
      {kKindDict, at::kDictLength},          {kKindSet, at::kSetLength},         {kKindBytes, at::kBytesLength},
      {kKindByteArray, at::kByteArrayLength}};
  Label done = a_.make_label();
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  for (const Sized& sized : kinds) {
    bool is_last = &sized == std::end(kinds) - 1;
    Label other = is_last ? otherwise : a_.make_label();
    a_.alu32(Alu::cmp, Reg::rcx, sized.kind);
    a_.jump_if(Cond::not_equal, other);
    a_.load64(Reg::rdx, Mem{Reg::rax, sized.length_at});
    if (sized.kind == kKindStr) a_.shift64(Shift::shr, Reg::rdx, 8);
    if (is_last) break;
    a_.jump(done);
    a_.bind(other);
  }
  a_.bind(done);
}

static constexpr u32 kMaxShapes = 4;  // guards of one instruction

// What the module `from` has by the first record of the chain, or else it is the handler's: modules share a shape. Uses rcx.
void Baseline::load_from_module(Reg to, Reg from) {
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(&code_->caches()[i_]));
  load_present(Reg::rcx, Mem{Reg::rcx});
  a_.alu8(Alu::cmp, Mem{Reg::rcx, at::kRecordForm}, static_cast<u8>(CacheForm::Module));
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(to, Mem{from, at::kModuleDict});
  a_.load64(to, Mem{to, at::kDictTable});
  a_.alu64(Alu::cmp, to, Mem{Reg::rcx, at::kRecordTable});
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(to, Mem{Reg::rcx, at::kRecordPlace});
  load_present(to, Mem{to});
}

// A property whose getter or setter is as it was: the record's value is weak.
static bool has_property_template(CacheRecord* record, u32 arguments) {
  if (shape_numbered(record->shape_)->type()->version() != record->type_version_) return false;
  Code* code = record->value_.get().as<Function>()->code();
  return !code->is_lazy() && code->simple_argcount() == arguments;
}

// A descriptor with methods written in Python, as its class and the object's are now.
static Function* descriptor_function(const CacheRecord* record, Slot slot) {
  if (record->form_ != CacheForm::Descriptor || !record->shape_ ||
      shape_numbered(record->shape_)->type()->version() != record->type_version_)
    return nullptr;
  auto* owner = static_cast<Type*>(record->second_table_.get());
  if (owner->version() != record->entry_ || type_of(record->value_.get()) != owner || !is_exact<Function>(owner->slot(slot)))
    return nullptr;
  auto* function = owner->slot(slot).as<Function>();
  return !function->code()->is_lazy() && function->code()->simple_argcount() == 3 ? function : nullptr;
}

// A method written in Python, by its class as that is now.
static bool is_python_method(CacheRecord* record) {
  return record->form_ == CacheForm::Method && record->shape_ &&
         shape_numbered(record->shape_)->type()->version() == record->type_version_ && is_exact<Function>(record->value_.get()) &&
         !types.method->tail_offset();
}

// type.__name__, of classes of the record's shape.
static bool is_name_getter(CacheRecord* record) {
  if (record->form_ != CacheForm::GetSet || shape_numbered(record->shape_)->type()->version() != record->type_version_)
    return false;
  auto* getset = record->value_.get().as<GetSet>();
  return getset->owner() == types.type && std::string_view(getset->def()->name) == "__name__";
}

// The record's descriptor, which the object's class of that version keeps, is of the class that it was of.
Function* Baseline::need_descriptor(const CacheRecord* record, Slot slot) {
  Cell* descriptor = record->value_.get().cell();
  auto* owner = static_cast<Type*>(record->second_table_.get());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(descriptor));
  need_shape(Reg::rcx, descriptor->shape_id(), leave_counted());
  need_version(owner, record->entry_, leave_counted());
  return owner->slot(slot).as<Function>();
}

// Of an object in dictionary mode: the entry of its dict that the record remembers, to rcx, and the dict's table to rsi, if it is
// that of the instruction's name. Uses r8.
void Baseline::find_attribute_entry(Reg object, CacheRecord* record) {
  i32 tail = static_cast<i32>(shape_numbered(record->shape_)->type()->tail_offset());
  i32 entry = at::kTableEntries + static_cast<i32>(record->entry_) * at::kEntrySize;
  load_present(Reg::rcx, Mem{object, tail + static_cast<i32>(offsetof(ObjectTail, extra_))});
  load_present(Reg::rsi, Mem{Reg::rcx, at::kDictTable});
  a_.alu32(Alu::cmp, Mem{Reg::rsi, at::kTableEntryCount}, static_cast<i32>(record->entry_));
  a_.jump_if(Cond::below_equal, leave());
  a_.move_constant(Reg::r8, code_->names()->at(at().c).bits());
  a_.load_address(Reg::rcx, Mem{Reg::rsi, entry});
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, at::kEntryKey});
  a_.jump_if(Cond::not_equal, leave_counted());
}

// The array of attributes that don't fit into the object: to `to`. An object that other threads have, too, may have a dict there
// by now.
void Baseline::load_overflow(Reg to, Reg object, CacheRecord* record) {
  load_present(to, Mem{object, static_cast<i32>(record->offset_)});
  need_kind(to, kKindValueArray, leave());
}

static bool has_variable_template(CacheRecord* record) {
  if (record->form_ == CacheForm::OwnerVariable) return true;
  return record->form_ == CacheForm::ClassVariable && shape_numbered(record->shape_)->type()->version() == record->type_version_;
}

// Where an attribute of a class, whose version has been looked at, lies that is a variable: in the table that is in `to`. Uses
// r8.
Mem Baseline::place_of_variable(Reg to, CacheRecord* record) {
  auto* holder = record->value_.get().as<Type>();
  a_.move_constant(to, reinterpret_cast<u64>(holder) + at::kTypeDict);  // kept by the class of that version
  a_.load64(to, Mem{to});
  a_.load64(to, Mem{to, at::kDictTable});
  a_.move_constant(Reg::r8, reinterpret_cast<u64>(record->table_.get()));
  a_.alu64(Alu::cmp, to, Reg::r8);
  a_.jump_if(Cond::not_equal, leave_counted());
  return {to, static_cast<i32>(reinterpret_cast<u64>(record->place_) - reinterpret_cast<u64>(record->table_.get()))};
}

static constexpr u32 kLastEntry = 1 << 20;  // of those whose places are constants
static bool has_entry_template(CacheRecord* record) {
  return record->form_ == CacheForm::DictEntry && record->entry_ < kLastEntry;
}

// The record that places of many shapes share for this shape and the instruction's name, to rcx. Uses r8. False: this is no such
// place.
bool Baseline::has_shared_records(CacheUse use) const {
  return shared_records[static_cast<u8>(use)] && has_many_shapes(code_, i_);
}
bool Baseline::find_shared_record(CacheUse use, Reg shape) {
  if (!has_shared_records(use)) return false;
  ValueArray* records = shared_records[static_cast<u8>(use)];
  u64 name = code_->names()->at(at().c).bits();
  static_assert((kSharedRecords & (kSharedRecords - 1)) == 0);
  a_.move(Reg::rcx, shape);
  a_.shift64(Shift::shr, Reg::rcx, 6);
  a_.alu32(Alu::xor_, Reg::rcx, shape);
  a_.alu32(Alu::xor_, Reg::rcx, static_cast<i32>(number_of_name(name) % kSharedRecords));
  a_.alu32(Alu::and_, Reg::rcx, static_cast<i32>(kSharedRecords - 1));
  a_.move_constant(Reg::r8, reinterpret_cast<u64>(records) + at::kArrayItems);
  load_present(Reg::rcx, Mem{Reg::r8, 0, Reg::rcx, 8});
  a_.alu32(Alu::cmp, shape, Mem{Reg::rcx, at::kRecordShape});
  a_.jump_if(Cond::not_equal, leave());
  a_.move_constant(Reg::r8, name);
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::rcx, at::kRecordTable});
  a_.jump_if(Cond::not_equal, leave());
  return true;
}

// What the shared record rcx says of the object rax, to rsi; no_form: it is neither a slot nor a value of the class. Uses r8, r9.
void Baseline::load_by_shared_record(Label no_form) {
  Label is_slot = a_.make_label(), done = a_.make_label();
  a_.load8(Reg::r9, Mem{Reg::rcx, at::kRecordForm});
  a_.alu32(Alu::cmp, Reg::r9, static_cast<i32>(CacheForm::Slot));
  a_.jump_if(Cond::equal, is_slot);
  a_.alu32(Alu::cmp, Reg::r9, static_cast<i32>(CacheForm::ClassValue));
  a_.jump_if(Cond::not_equal, no_form);
  load_class(Reg::rsi, Reg::rax);
  a_.load32(Reg::r9, Mem{Reg::rcx, at::kRecordTypeVersion});
  a_.alu32(Alu::cmp, Reg::r9, Mem{Reg::rsi, at::kTypeVersion});
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rsi, Mem{Reg::rcx, at::kRecordValue});
  a_.jump(done);
  a_.bind(is_slot);
  a_.load32(Reg::rsi, Mem{Reg::rcx, at::kRecordOffset});
  load_present(Reg::rsi, Mem{Reg::rax, 0, Reg::rsi, 1});
  a_.bind(done);
}

// __class__ of a cell that has no other one than its class.
void Baseline::load_class_of_instance() {
  load(Reg::rax, at().b);
  need_cell(Reg::rax, leave());
  load_class(Reg::rcx, Reg::rax);
  need_plain_class(Reg::rcx);
  store(at().a, Reg::rcx);
}

// As far as what is known of register n lets them be met.
template <class F>
std::vector<CacheRecord*> Baseline::usable_records(u32 n, F has_way) const {
  std::vector<CacheRecord*> records;
  u32 known = known_shape(n);
  auto* first = code_->caches()[i_].get().as<CacheRecord>();
  for (CacheRecord* record = first; record && records.size() < kMaxShapes; record = record->next_.get())
    if (record->shape_ && (!known || known == record->shape_) && has_way(record)) records.push_back(record);
  return records;
}

// An object whose shape is the record's: else next. shape: its shape, if there are several records; the object is rax.
void Baseline::begin_record(const CacheRecord* record, u32 n, Reg shape, bool is_only, Label next) {
  compiled_->shapes.push(record->shape_);
  if (known_shape(n)) return;
  if (!is_only) {
    a_.alu32(Alu::cmp, shape, static_cast<i32>(record->shape_));
    a_.jump_if(Cond::not_equal, next);
    return;
  }
  need_shape(Reg::rax, record->shape_, next);
  know_shape(n, record->shape_);
}
// That of the record's class: it is known then, if this is the only way.
void Baseline::need_version_of(const CacheRecord* record, bool is_only) {
  Type* type = shape_numbered(record->shape_)->type();
  need_version(type, record->type_version_, leave_counted());
  if (is_only) know_version(type, record->type_version_);
}

void Baseline::load_attribute() {
  const Instruction& in = at();
  if (code_->names()->at(in.c) == Value(names.dunder_class)) return load_class_of_instance();
  Value cache = code_->caches()[i_].get();
  if (cache.is_absent()) return leave_always_counted();
  if (call_kinds_[i_] == CallKind::Inlined) return inline_getter();
  load(Reg::rax, in.b);
  if (cache.is_small_int()) {
    need_object(Reg::rax, in.b, cached_shape(cache), leave_counted());
    load_present(Reg::rax, Mem{Reg::rax, static_cast<i32>(cached_offset(cache))});
    private_.only_reads();
    return store_loaded(in.a, Reg::rax);
  }
  auto has_way = [](CacheRecord* record) {
    switch (record->form_) {
      case CacheForm::Slot:
      case CacheForm::Overflow:
      case CacheForm::ClassValue:
      case CacheForm::Module:
      case CacheForm::TupleItem:
      case CacheForm::Owner: return true;
      case CacheForm::Property: return has_property_template(record, 1);
      case CacheForm::Descriptor: return descriptor_function(record, Slot::get) != nullptr;
      default:
        return has_variable_template(record) || is_name_getter(record) || is_python_method(record) || has_entry_template(record);
    }
  };
  std::vector<CacheRecord*> records = usable_records(in.b, has_way);
  bool is_shared = has_shared_records(CacheUse::Load), is_only = records.size() == 1 && !is_shared;
  Label done = a_.make_label();
  if (!known_shape(in.b)) {
    need_cell(Reg::rax, leave_counted());
    if (!is_only) a_.load32(Reg::rdx, Mem{Reg::rax, at::kShape});
  } else if (is_shared) {
    a_.load32(Reg::rdx, Mem{Reg::rax, at::kShape});
  }
  for (CacheRecord* record : records) {
    bool is_slot = record->form_ == CacheForm::Slot, is_value = record->form_ == CacheForm::ClassValue,
         is_item = record->form_ == CacheForm::TupleItem, is_module = record->form_ == CacheForm::Module,
         is_property = record->form_ == CacheForm::Property, is_owner = record->form_ == CacheForm::Owner,
         is_name = is_name_getter(record), is_method = is_python_method(record), is_entry = has_entry_template(record),
         is_overflow = record->form_ == CacheForm::Overflow, is_variable = has_variable_template(record);
    bool is_last = record == records.back() && !is_shared;
    Label next = is_last ? leave_counted() : a_.make_label();
    begin_record(record, in.b, Reg::rdx, is_only, next);
    if (is_slot) {
      load_present(Reg::rax, Mem{Reg::rax, static_cast<i32>(record->offset_)});
    } else if (is_overflow) {
      load_overflow(Reg::rcx, Reg::rax, record);
      load_present(Reg::rax, Mem{Reg::rcx, at::kArrayItems + static_cast<i32>(record->entry_ * 8)});
    } else if (is_value) {
      need_version_of(record, is_only);
      a_.move_constant(Reg::rax, record->value_.get().bits());
    } else if (is_item) {
      need_version_of(record, is_only);
      a_.alu64(Alu::cmp, Mem{Reg::rax, at::kTupleLength}, static_cast<i32>(record->offset_));
      a_.jump_if(Cond::below_equal, leave());
      a_.load64(Reg::rax, Mem{Reg::rax, at::kTupleItems + static_cast<i32>(record->offset_) * 8});
    } else if (is_property) {
      need_version_of(record, is_only);
      a_.move(Reg::rdx, Reg::rax);
      call_property(record->value_.get().as<Function>(), nullptr, nullptr, in.a);
      if (!is_last) a_.bind(next);
      continue;
    } else if (record->form_ == CacheForm::Descriptor) {
      need_version_of(record, is_only);
      Function* getter = need_descriptor(record, Slot::get);
      a_.move(Reg::rdx, Reg::rax);
      call_property(getter, record->value_.get().cell(), nullptr, in.a);
      if (!is_last) a_.bind(next);
      continue;
    } else if (is_method) {
      need_version_of(record, is_only);
      allocate(Reg::rsi, sizeof(BoundMethod));
      store_header(Reg::rsi, header_of(types.method));
      a_.move_constant(Reg::rcx, record->value_.get().bits());
      a_.store64(Mem{Reg::rsi, at::kBoundFunction}, Reg::rcx);
      a_.store64(Mem{Reg::rsi, at::kBoundSelf}, Reg::rax);
      a_.move(Reg::rax, Reg::rsi);
    } else if (is_entry) {
      find_attribute_entry(Reg::rax, record);
      load_present(Reg::rax, Mem{Reg::rcx, at::kEntryValue});
    } else if (is_name) {
      need_version_of(record, is_only);
      load_present(Reg::rax, Mem{Reg::rax, at::kTypeName});
    } else if (is_variable) {
      if (record->form_ == CacheForm::OwnerVariable) {
        a_.alu32(Alu::cmp, Mem{Reg::rax, at::kTypeVersion}, static_cast<i32>(record->type_version_));
        a_.jump_if(Cond::not_equal, next);
      } else {
        need_version_of(record, is_only);
      }
      load_present(Reg::rax, place_of_variable(Reg::rax, record));
    } else if (is_owner) {
      a_.alu32(Alu::cmp, Mem{Reg::rax, at::kTypeVersion}, static_cast<i32>(record->type_version_));
      a_.jump_if(Cond::not_equal, next);
      a_.move_constant(Reg::rax, record->value_.get().bits());
    } else {
      load_from_module(Reg::rax, Reg::rax);
    }
    store(in.a, Reg::rax);
    if (is_last) break;
    a_.jump(done);
    a_.bind(next);
    if (is_module && !is_shared) {
      a_.jump(leave_counted());
      break;
    }
  }
  if (find_shared_record(CacheUse::Load, Reg::rdx)) {
    load_by_shared_record(leave());
    store(in.a, Reg::rsi);
  } else if (records.empty()) {
    a_.jump(leave());
  }
  a_.bind(done);
}

// An attribute of the object, which is of this shape and needs no barrier. next_shape: that it gets by it, or 0.
void Baseline::store_slot(Reg object, Reg value, u32 shape, i32 offset, u32 next_shape) {
  Label is_private = a_.make_label(), done = a_.make_label();
  auto put = [&] {
    a_.store64(Mem{object, offset}, value);
    if (next_shape) a_.store32(Mem{object, at::kShape}, static_cast<i32>(next_shape));
  };
  jump_if_private(object, at().a, is_private);
  with_lock(object, Body::Short, [&] {
    if (objects_are_locked()) need_shape(object, shape, leave());
    put();
  });
  if (private_.has(at().a)) {
    a_.jump(done);
    a_.bind(is_private);
    put();
  }
  a_.bind(done);
}

void Baseline::store_attribute() {
  const Instruction& in = at();
  Value cache = code_->caches()[i_].get();
  if (cache.is_absent()) return leave_always_counted();
  Reg object = Reg::r9, value = Reg::rdx;
  load(object, in.a);
  load(value, in.b);
  if (cache.is_small_int()) {
    u32 shape = cached_shape(cache);
    need_object(object, in.a, shape, leave_counted());
    need_no_barrier(object, value, Mem{object, static_cast<i32>(cached_offset(cache))}, leave());
    store_slot(object, value, shape, static_cast<i32>(cached_offset(cache)), 0);
    return;
  }
  auto has_way = [this](CacheRecord* record) {
    switch (record->form_) {
      case CacheForm::Slot:
      case CacheForm::Transition: return true;
      case CacheForm::Property: return !is_generator_code(code_) && has_property_template(record, 2);
      case CacheForm::Descriptor: return !is_generator_code(code_) && descriptor_function(record, Slot::set);
      case CacheForm::Overflow:
      case CacheForm::NewOverflow:
      case CacheForm::OwnerVariable: return !objects_are_locked();
      default: return has_entry_template(record) && !objects_are_locked();
    }
  };
  std::vector<CacheRecord*> records = usable_records(in.a, has_way);
  bool is_only = records.size() == 1;
  Label done = a_.make_label();
  if (!known_shape(in.a)) {
    need_cell(object, leave_counted());
    a_.load32(Reg::rcx, Mem{object, at::kShape});
  }
  for (CacheRecord* record : records) {
    bool is_new = record->form_ == CacheForm::Transition, is_entry = has_entry_template(record),
         is_property = record->form_ == CacheForm::Property, is_new_overflow = record->form_ == CacheForm::NewOverflow,
         is_overflow = record->form_ == CacheForm::Overflow || is_new_overflow,
         is_variable = record->form_ == CacheForm::OwnerVariable;
    bool is_last = record == records.back();
    Label next = is_last ? leave_counted() : a_.make_label();
    compiled_->shapes.push(record->shape_);
    if (!known_shape(in.a)) {
      a_.alu32(Alu::cmp, Reg::rcx, static_cast<i32>(record->shape_));
      a_.jump_if(Cond::not_equal, next);
      if (is_only) know_shape(in.a, record->shape_);
    }
    auto end_record = [&] {
      if (is_last) return;
      a_.jump(done);
      a_.bind(next);
    };
    if (record->form_ == CacheForm::Descriptor) {
      need_version_of(record, is_only);
      Function* setter = need_descriptor(record, Slot::set);
      a_.move_to_xmm(Xmm::x0, value);
      a_.move(Reg::rdx, object);
      Xmm stored = Xmm::x0;
      call_property(setter, record->value_.get().cell(), &stored, code_->register_count_);
      if (!is_last) a_.bind(next);
      continue;
    }
    if (is_property) {  // what it returns goes where its own first register was
      need_version_of(record, is_only);
      a_.move_to_xmm(Xmm::x0, value);
      a_.move(Reg::rdx, object);
      Xmm stored = Xmm::x0;
      call_property(record->value_.get().as<Function>(), nullptr, &stored, code_->register_count_);
      if (!is_last) a_.bind(next);
      continue;
    }
    if (is_variable) {
      a_.alu32(Alu::cmp, Mem{object, at::kTypeVersion}, static_cast<i32>(record->type_version_));
      a_.jump_if(Cond::not_equal, next);
      need_int(in.b, value, leave());  // no descriptor, and no barrier
      Mem place = place_of_variable(Reg::rsi, record);
      a_.alu64(Alu::cmp, place, 0);
      a_.jump_if(Cond::equal, leave());
      a_.store64(place, value);
      end_record();
      continue;
    }
    if (is_entry) {
      find_attribute_entry(object, record);
      a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kEntryValue}, 0);
      a_.jump_if(Cond::equal, leave());
      a_.move(Reg::r8, Reg::rcx);
      need_no_barrier(Reg::rsi, value, Mem{Reg::r8, at::kEntryValue}, leave());
      a_.store64(Mem{Reg::r8, at::kEntryValue}, value);
      end_record();
      continue;
    }
    if (is_overflow) {
      if (is_new_overflow) {
        compiled_->shapes.push(record->next_shape_);
        a_.alu8(Alu::test, Mem{object, at::kGcFlags}, kOld);  // its shape would need a barrier
        a_.jump_if(Cond::not_equal, leave());
      }
      load_overflow(Reg::rcx, object, record);
      if (is_new_overflow) {
        a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kArrayCapacity}, static_cast<i32>(record->entry_));
        a_.jump_if(Cond::less_equal, leave());
      }
      need_no_barrier(Reg::rcx, value, leave());
      a_.store64(Mem{Reg::rcx, at::kArrayItems + static_cast<i32>(record->entry_ * 8)}, value);
      if (is_new_overflow) {
        a_.store32(Mem{object, at::kShape}, static_cast<i32>(record->next_shape_));
        change_shape(in.a, record->shape_, record->next_shape_, is_only);
      }
      end_record();
      continue;
    }
    if (is_new) {  // of a young object mostly, which needs no barrier, neither for the value nor for the shape
      compiled_->shapes.push(record->next_shape_);
      a_.alu8(Alu::test, Mem{object, at::kGcFlags}, kOld);
      a_.jump_if(Cond::not_equal, leave());
    } else {
      need_no_barrier(object, value, Mem{object, static_cast<i32>(record->offset_)}, leave());
    }
    store_slot(object, value, record->shape_, static_cast<i32>(record->offset_), is_new ? record->next_shape_ : 0);
    if (is_new) change_shape(in.a, record->shape_, record->next_shape_, is_only);
    end_record();
  }
  if (records.empty()) a_.jump(leave());
  a_.bind(done);
}

void Baseline::delete_attribute() {
  const Instruction& in = at();
  Value cache = code_->caches()[i_].get();
  if (objects_are_locked()) return leave_always();
  if (!cache.is_cell()) return leave_always_counted();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, leave_counted());
  Label done = a_.make_label();
  u32 shapes = 0;
  a_.load32(Reg::rcx, Mem{Reg::rax, at::kShape});
  for (auto* record = cache.as<CacheRecord>(); record && shapes < kMaxShapes; record = record->next_.get()) {
    ++shapes;
    Label next = a_.make_label();
    a_.alu32(Alu::cmp, Reg::rcx, static_cast<i32>(record->shape_));
    a_.jump_if(Cond::not_equal, next);
    compiled_->shapes.push(record->shape_);
    compiled_->shapes.push(record->next_shape_);
    a_.alu8(Alu::test, Mem{Reg::rax, at::kGcFlags}, kOld);
    a_.jump_if(Cond::not_equal, leave());
    Mem slot{Reg::rax, static_cast<i32>(record->offset_)};
    a_.alu64(Alu::cmp, slot, 0);
    a_.jump_if(Cond::equal, leave());
    a_.store64(slot, 0);
    a_.store32(Mem{Reg::rax, at::kShape}, static_cast<i32>(record->next_shape_));
    change_shape(in.a, record->shape_, 0, false);
    a_.jump(done);
    a_.bind(next);
  }
  a_.jump(leave_counted());
  a_.bind(done);
}

void Baseline::load_method() {
  const Instruction& in = at();
  Value cache = code_->caches()[i_].get();
  if (!cache.is_cell()) return leave_always_counted();
  load(Reg::rax, in.b);
  auto has_way = [](CacheRecord* record) {
    switch (record->form_) {
      case CacheForm::Method:
      case CacheForm::OwnerMethod:
      case CacheForm::SuperMethod:
      case CacheForm::Owner:
      case CacheForm::Module:
      case CacheForm::ClassMethod:
      case CacheForm::Slot:
      case CacheForm::ClassValue:
      case CacheForm::Overflow: return true;
      default: return false;
    }
  };
  std::vector<CacheRecord*> records = usable_records(in.b, has_way);
  bool is_shared = has_shared_records(CacheUse::Method), is_only = records.size() == 1 && !is_shared;
  if (!known_shape(in.b)) need_cell(Reg::rax, leave_counted());
  if (is_shared || (!is_only && !known_shape(in.b))) a_.load32(Reg::rdx, Mem{Reg::rax, at::kShape});
  Label done = a_.make_label();
  for (CacheRecord* record : records) {
    CacheForm form = record->form_;
    bool has_self = form == CacheForm::Method || form == CacheForm::OwnerMethod || form == CacheForm::SuperMethod,
         is_module = form == CacheForm::Module, is_owner = form == CacheForm::Owner || form == CacheForm::OwnerMethod,
         is_class_method = form == CacheForm::ClassMethod;
    bool is_last = record == records.back() && !is_shared;
    Label next = is_last ? leave_counted() : a_.make_label();
    begin_record(record, in.b, Reg::rdx, is_only, next);
    if (form == CacheForm::Slot) {
      load_present(Reg::rcx, Mem{Reg::rax, static_cast<i32>(record->offset_)});
    } else if (form == CacheForm::Overflow) {
      load_overflow(Reg::rcx, Reg::rax, record);
      load_present(Reg::rcx, Mem{Reg::rcx, at::kArrayItems + static_cast<i32>(record->entry_ * 8)});
    } else if (form == CacheForm::SuperMethod) {
      Mem self_class{Reg::rax, at::kSuperSelfClass};
      a_.move_constant(Reg::rsi, reinterpret_cast<u64>(record->second_table_.get()));
      a_.alu64(Alu::cmp, Reg::rsi, self_class);
      a_.jump_if(Cond::not_equal, next);
      a_.alu32(Alu::cmp, Mem{Reg::rsi, at::kTypeVersion}, static_cast<i32>(record->type_version_));
      a_.jump_if(Cond::not_equal, leave_counted());
      a_.move_constant(Reg::rcx, reinterpret_cast<u64>(record->table_.get()));
      a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kSuperThisClass});
      a_.jump_if(Cond::not_equal, next);
      a_.load64(Reg::rax, Mem{Reg::rax, at::kSuperSelf});
      a_.alu64(Alu::cmp, Reg::rax, Reg::rsi);
      a_.jump_if(Cond::equal, leave());
      a_.move_constant(Reg::rcx, record->value_.get().bits());
    } else if (is_module) {
      load_from_module(Reg::rsi, Reg::rax);
      a_.move(Reg::rcx, Reg::rsi);
    } else {
      if (is_owner) {
        a_.alu32(Alu::cmp, Mem{Reg::rax, at::kTypeVersion}, static_cast<i32>(record->type_version_));
        a_.jump_if(Cond::not_equal, next);
      } else {
        need_version_of(record, is_only);
      }
      a_.move_constant(Reg::rcx, record->value_.get().bits());
    }
    bool is_of_shape = form == CacheForm::Method;
    store(in.a, Reg::rcx);
    if (has_self)
      store(in.a + 1u, Reg::rax);
    else
      store_constant(in.a + 1u, is_class_method ? reinterpret_cast<u64>(shape_numbered(record->shape_)->type()) : 0);
    if (is_only) {
      bool is_constant = is_of_shape || is_class_method || form == CacheForm::ClassValue;
      if (is_constant) know_callable(in.a, record->value_.get());
      if (is_of_shape) know_shape(in.a + 1u, record->shape_);
      if (!has_self && !is_class_method) know_absent(in.a + 1u);
    }
    if (is_last) break;
    a_.jump(done);
    a_.bind(next);
    if (is_module && !is_shared) {
      a_.jump(leave_counted());
      break;
    }
  }
  if (find_shared_record(CacheUse::Method, Reg::rdx)) {
    Label is_method = a_.make_label();
    a_.alu8(Alu::cmp, Mem{Reg::rcx, at::kRecordForm}, static_cast<u8>(CacheForm::Method));
    a_.jump_if(Cond::equal, is_method);
    load_by_shared_record(leave());
    store(in.a, Reg::rsi);
    store_constant(in.a + 1u, 0);
    a_.jump(done);
    a_.bind(is_method);
    load_class(Reg::rsi, Reg::rax);
    a_.load32(Reg::r9, Mem{Reg::rcx, at::kRecordTypeVersion});
    a_.alu32(Alu::cmp, Reg::r9, Mem{Reg::rsi, at::kTypeVersion});
    a_.jump_if(Cond::not_equal, leave());
    a_.load64(Reg::rcx, Mem{Reg::rcx, at::kRecordValue});
    store(in.a, Reg::rcx);
    store(in.a + 1u, Reg::rax);
  } else if (records.empty()) {
    a_.jump(leave());
  }
  a_.bind(done);
}

// The index, a number, is one of a sequence of that length, or counts from its end; else it is the handler's.
void Baseline::need_index(Reg index, Reg length, const i64* constant, bool is_list) {
  if (is_list && objects_are_locked()) {
    // Counted from an end that others may move: under the lock, by the handler.
    if (constant && *constant < 0) a_.jump(leave());
  } else if (!constant) {
    Label positive = a_.make_label();
    a_.alu64(Alu::test, index, index);
    a_.jump_if(Cond::no_sign, positive);
    a_.alu64(Alu::add, index, length);
    a_.bind(positive);
  } else if (*constant < 0) {
    a_.alu64(Alu::add, index, length);
  }
  a_.alu64(Alu::cmp, index, length);
  a_.jump_if(Cond::above_equal, leave());
}

// Of the list rax by the number rdx, to rax. Uses rcx.
void Baseline::load_item_of_list(const i64* constant) {
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kListLength});
  need_index(Reg::rdx, Reg::rcx, constant, true);
  a_.load64(Reg::rax, Mem{Reg::rax, at::kListStorage});
  if (objects_are_locked()) {  // another thread may have put a shorter array there
    a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rax, at::kArrayCapacity});
    a_.jump_if(Cond::greater_equal, leave());
  }
  load_present(Reg::rax, Mem{Reg::rax, at::kArrayItems, Reg::rdx, 8});
}

// What is known to be in register n, or is there now and has been the only one so far: a list or a tuple, or 0.
u16 Baseline::expected_container(u32 i, u32 n) const {
  constexpr u32 kMostFailures = 2;
  if (u16 known = known_kind(n)) return known;
  bool has_failed = code_->compiled_ && code_->compiled_->recompilations >= kMostFailures;
  return noted(i) || has_failed || objects_are_locked() ? u16{0} : kind_now(n);
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
  if (!objects_are_locked()) {
    need_kind(Reg::rax, kKindByteArray, no_bytearray);
    index_below(at::kByteArrayLength);
    load_bytearray_data(Reg::rax, Reg::rax);
    a_.load8(Reg::rax, Mem{Reg::rax, 0, Reg::rdx, 1});
    tag_int(Reg::rax);
    store(in.a, Reg::rax);
    a_.jump(done);
  }
  a_.bind(no_bytearray);
  a_.bind(no_index);
  need_kind(Reg::rax, kKindDict, leave());
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

// Register c, from 0 to 255, into the bytearray r9 at the index rdx, which is yet tagged. With a GIL only.
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
  if (is_list && !objects_are_locked()) list = Reg::rax;
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
  if (!objects_are_locked()) {
    Label no_bytearray = a_.make_label();
    need_kind(list, kKindByteArray, no_bytearray);
    store_byte();
    a_.jump(done);
    a_.bind(no_bytearray);
  }
  store_dict_item();
  a_.bind(done);
}

// Of a list display or comprehension, which no other thread knows.
void Baseline::append_to_list() {
  load(Reg::rax, at().a);
  append(at().b);
}

// Register n to the list rax; where others may be reading, if there is room.
void Baseline::append(u32 n) {
  Label grows = objects_are_locked() ? leave() : a_.make_label(), done = a_.make_label();
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kListStorage});
  a_.load64(Reg::rdx, Mem{Reg::rax, at::kListLength});
  a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, grows);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kArrayCapacity});
  a_.jump_if(Cond::greater_equal, grows);
  load(Reg::rsi, n);
  need_no_barrier(Reg::rcx, Reg::rsi, leave());
  a_.store64(Mem{Reg::rcx, at::kArrayItems, Reg::rdx, 8}, Reg::rsi);
  if (!objects_are_locked()) {
    a_.jump(done);
    a_.bind(grows);
    grow_list();
    load(Reg::r9, n);
    a_.store64(Mem{Reg::rsi, at::kArrayItems, Reg::rdx, 8}, Reg::r9);
    a_.store64(Mem{Reg::rax, at::kListStorage}, Reg::rsi);
    a_.bind(done);
  }
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

// Of a tuple, or with a GIL of a list.
void Baseline::unpack_sequence() {
  constexpr u32 kMostUnpacked = 32;
  const Instruction& in = at();
  if (in.c > kMostUnpacked) return leave_always();
  Label no_tuple = objects_are_locked() ? leave() : a_.make_label(), found = a_.make_label();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindTuple, no_tuple);
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kTupleLength}, in.c);
  a_.jump_if(Cond::not_equal, leave());
  a_.load_address(Reg::rdx, Mem{Reg::rax, at::kTupleItems});
  if (!objects_are_locked()) {
    a_.jump(found);
    a_.bind(no_tuple);
    need_kind(Reg::rax, kKindList, leave());
    a_.alu64(Alu::cmp, Mem{Reg::rax, at::kListLength}, in.c);
    a_.jump_if(Cond::not_equal, leave());
    load_present(Reg::rdx, Mem{Reg::rax, at::kListStorage});
    a_.alu64(Alu::add, Reg::rdx, at::kArrayItems);
  }
  a_.bind(found);
  for (u32 k = 0; k < in.c; ++k) {
    a_.load64(Reg::rcx, Mem{Reg::rdx, static_cast<i32>(k * 8)});
    store(in.a + k, Reg::rcx);
  }
}

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
    case IteratorForm::Bytes: return true;
    case IteratorForm::Set: return !objects_are_locked();
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
  if (objects_are_locked()) {
    a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kArrayCapacity});
    a_.jump_if(Cond::greater_equal, leave());
  }
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
  step_dict();
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
  bool is_one_form = wanted.size() == 1 && (now.is_absent() || is_exact<Iterator>(now)) && !objects_are_locked();
  if (is_one_form && (loop_over_dict(wanted[0]) || loop_over_enumerate(wanted[0], now) || loop_over_zip(wanted[0], now))) return;
  if (now.is_absent() && wanted != std::vector{IteratorForm::Range})
    wanted.insert(wanted.end(), {IteratorForm::List, IteratorForm::Range});
  std::vector<IteratorForm> forms;
  for (IteratorForm form : wanted)
    if (has_step(form)) forms.push_back(form);
  bool is_generator = !objects_are_locked() && ((seen & kGeneratorSeen) || is_exact<Generator>(now));
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

bool Baseline::translate_object(Op op) {
  i64 constant = static_cast<i16>(at().c);
  switch (op) {
    case Op::LoadGlobal: load_global(false); return true;
    case Op::LoadGlobalCallee: load_global(true); return true;
    case Op::LoadDeref: load_deref(); return true;
    case Op::StoreDeref: store_deref(); return true;
    case Op::CopyFreeVars: copy_free_variables(); return true;
    case Op::LoadAttr: load_attribute(); return true;
    case Op::StoreAttr: store_attribute(); return true;
    case Op::DeleteAttr: delete_attribute(); return true;
    case Op::LoadMethod: load_method(); return true;
    case Op::LoadItem: load_item(nullptr); return true;
    case Op::LoadItemInt: load_item(&constant); return true;
    case Op::StoreItem: store_item(); return true;
    case Op::Contains: contains(false); return true;
    case Op::NotContains: contains(true); return true;
    case Op::DictSet: dict_set(); return true;
    case Op::SetAdd: set_add(); return true;
    case Op::ListAppend: append_to_list(); return true;
    case Op::UnpackSequence: unpack_sequence(); return true;
    case Op::ForIter: for_iter(); return true;
    default: return false;
  }
}

}  // namespace baton
