// Attributes and methods: the forms that a cache holds when the code is compiled become guards and constants.
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

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
      case CacheForm::OwnerVariable: return true;
      default: return has_entry_template(record);
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
      alone([&] {
        if (objects_are_locked()) {
          a_.alu32(Alu::cmp, Mem{object, at::kTypeVersion}, static_cast<i32>(record->type_version_));
          a_.jump_if(Cond::not_equal, leave());
        }
        Mem place = place_of_variable(Reg::rsi, record);
        a_.alu64(Alu::cmp, place, 0);
        a_.jump_if(Cond::equal, leave());
        a_.store64(place, value);
      });
      end_record();
      continue;
    }
    if (is_entry) {
      alone([&] {
        if (objects_are_locked()) need_shape(object, record->shape_, leave());
        find_attribute_entry(object, record);
        a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kEntryValue}, 0);
        a_.jump_if(Cond::equal, leave());
        a_.move(Reg::r8, Reg::rcx);
        need_no_barrier(Reg::rsi, value, Mem{Reg::r8, at::kEntryValue}, leave());
        a_.store64(Mem{Reg::r8, at::kEntryValue}, value);
      });
      end_record();
      continue;
    }
    if (is_overflow) {
      if (is_new_overflow) {
        compiled_->shapes.push(record->next_shape_);
        a_.alu8(Alu::test, Mem{object, at::kGcFlags}, kOld);  // its shape would need a barrier
        a_.jump_if(Cond::not_equal, leave());
      }
      alone([&] {
        if (objects_are_locked()) need_shape(object, record->shape_, leave());
        load_overflow(Reg::rcx, object, record);
        if (is_new_overflow) {
          a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kArrayCapacity}, static_cast<i32>(record->entry_));
          a_.jump_if(Cond::less_equal, leave());
        }
        need_no_barrier(Reg::rcx, value, leave());
        a_.store64(Mem{Reg::rcx, at::kArrayItems + static_cast<i32>(record->entry_ * 8)}, value);
        if (is_new_overflow) a_.store32(Mem{object, at::kShape}, static_cast<i32>(record->next_shape_));
      });
      if (is_new_overflow) change_shape(in.a, record->shape_, record->next_shape_, is_only);
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
    alone([&] {
      if (objects_are_locked()) need_shape(Reg::rax, record->shape_, leave());
      a_.alu64(Alu::cmp, slot, 0);
      a_.jump_if(Cond::equal, leave());
      a_.store64(slot, 0);
      a_.store32(Mem{Reg::rax, at::kShape}, static_cast<i32>(record->next_shape_));
    });
    change_shape(in.a, record->shape_, 0, false);
    a_.jump(done);
    a_.bind(next);
  }
  a_.jump(leave_counted());
  a_.bind(done);
}

// A number of the class with this shape, int's or float's, which is no cell as a rule. Uses rcx.
void Baseline::need_number(Reg value, u32 shape, Label otherwise) {
  Label is_immediate = a_.make_label();
  bool is_of_int = shape == types.int_->instance_shape()->id();
  if (is_of_int) a_.load_address32(Reg::rcx, Mem{value, -1});
  a_.alu8(Alu::test, is_of_int ? Reg::rcx : value, is_of_int ? 3 : 2);
  a_.jump_if(is_of_int ? Cond::equal : Cond::not_equal, is_immediate);
  need_cell(value, otherwise);
  need_shape(value, shape, otherwise);
  a_.bind(is_immediate);
}
bool Baseline::is_shape_of_numbers(u32 shape) {
  return shape == types.int_->instance_shape()->id() || shape == types.float_->instance_shape()->id();
}

// Of the number rax, register b's.
void Baseline::load_method_of_number(CacheRecord* record) {
  const Instruction& in = at();
  need_number(Reg::rax, record->shape_, leave_counted());
  need_version_of(record, true);
  a_.move_constant(Reg::rcx, record->value_.get().bits());
  store(in.a, Reg::rcx);
  store(in.a + 1u, Reg::rax);
  know_callable(in.a, record->value_.get());
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
  if (is_only && records[0]->form_ == CacheForm::Method && is_shape_of_numbers(records[0]->shape_))
    return load_method_of_number(records[0]);
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

}  // namespace baton
