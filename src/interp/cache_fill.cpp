// Filling inline caches: what an instruction has just looked up is looked at again, and kept in a form that the handlers can
// check quickly. Filling is optional: whatever doesn't fit a form is left to the general path.
//
// The record is allocated before the lookups, and the type's version read before them: a class that another thread changes
// meanwhile has another version then, and a flush of caches (a safepoint is needed for it) can't come between lookup and
// store. And the object's class is noted: a data descriptor or a hook that comes to a class nobody noted flushes nothing.
#include "interp/inline_cache.h"
#include "interp/slow.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/super.h"
#include "objects/type_internal.h"
#include "threads/gil.h"

namespace baton {

// The first run of an instruction fills nothing: most of what runs while modules are imported runs once.
static bool may_fill(Frame* f, const Instruction* pc) {
  u8* misses = &f->code->cache_misses_[pc - f->code->instructions()];
  u8 so_far = __atomic_load_n(misses, __ATOMIC_RELAXED);
  if (so_far > kMaxCacheMisses) return false;
  __atomic_store_n(misses, static_cast<u8>(so_far + 1), __ATOMIC_RELAXED);  // one lost among threads does no harm
  return so_far > 0;
}

// Of a place that has many shapes: whether what it has met now is looked at for a shared record. Where that found nothing to keep
// often it is looked at but now and then: properties, methods of descriptors and __getattr__() have no such record.
static bool may_share(Frame* f, const Instruction* pc) {
  constexpr u32 kNowAndThen = 32;
  static Relaxed<u32> asked;
  u8 misses = __atomic_load_n(&f->code->cache_misses_[pc - f->code->instructions()], __ATOMIC_RELAXED);
  if (misses <= kMaxCacheMisses) return false;
  if (misses < 255) return true;
  asked = asked + 1;  // one lost among threads does no harm
  return asked % kNowAndThen == 0;
}
static void note_unshared(Frame* f, const Instruction* pc) {
  u8* misses = &f->code->cache_misses_[pc - f->code->instructions()];
  u8 so_far = __atomic_load_n(misses, __ATOMIC_RELAXED);
  if (so_far < 255) __atomic_store_n(misses, static_cast<u8>(so_far + 1), __ATOMIC_RELAXED);
}

// With a GIL: a record that nothing fitted into, for the next; more than half of those that imports make. Not a root: forgotten
// when a collection begins.
static CacheRecord* unused_record = nullptr;

void forget_unused_cache_record() { unused_record = nullptr; }

static void give_back(CacheRecord* record) {
  if (gil_enabled()) unused_record = record;
}

static CacheRecord* new_record(Thread& t) {
  CacheRecord* record = unused_record;
  if (record)
    unused_record = nullptr;
  else
    record = static_cast<CacheRecord*>(allocate_cell(t, sizeof(CacheRecord), kKindCacheRecord, 0));
  if (!record) {  // a cache is optional
    t.clear_pending();
    return nullptr;
  }
  record->value_.init(Value());
  record->table_.init(nullptr);
  record->second_table_.init(nullptr);
  record->next_.init(nullptr);
  record->place_ = nullptr;
  record->shape_ = record->type_version_ = record->next_shape_ = record->offset_ = 0;
  record->entry_ = record->entry_count_ = 0;
  record->form_ = CacheForm::Slot;
  return record;
}

// Byte offset of an inline attribute slot, or 0.
static u32 inline_offset(Cell* cell, Shape* shape, u32 index) {
  if (index >= shape->inline_capacity()) return 0;
  ObjectTail* tail = tail_of(cell);
  if (!tail || cell->kind() == kKindTuple) return 0;
  usize offset = static_cast<usize>(reinterpret_cast<char*>(attribute_slot(tail, shape, index)) - reinterpret_cast<char*>(cell));
  return offset < (1u << 24) ? static_cast<u32>(offset) : 0;
}

// An attribute beyond the inline slots. False: it is none.
static bool fit_overflow(CacheRecord* record, Cell* cell, Shape* shape, u32 index) {
  ObjectTail* tail = tail_of(cell);
  if (index < shape->inline_capacity() || !tail || cell->kind() == kKindTuple) return false;
  record->form_ = CacheForm::Overflow;
  record->offset_ = static_cast<u32>(reinterpret_cast<char*>(&tail->extra_) - reinterpret_cast<char*>(cell));
  record->entry_ = index - shape->inline_capacity();
  return true;
}

static u32 member_offset(Value object, SlotMember* member) {
  if (object.cell()->kind() == kKindTuple || !is_instance_of_type(object, member->owner())) return 0;
  usize offset = static_cast<usize>(reinterpret_cast<char*>(tail_of(object.cell())->slots() + member->index()) -
                                    reinterpret_cast<char*>(object.cell()));
  return offset < (1u << 24) ? static_cast<u32>(offset) : 0;
}

ValueArray* shared_records[3] = {};

void forget_shared_records() {
  for (ValueArray* records : shared_records)
    for (Index i = 0; records && i < records->capacity(); ++i) records->slots()[i].clear();
}

// Room for shared records of this use. False: there is no memory.
static bool make_shared_records(Thread& t, CacheUse use) {
  static Mutex mutex;
  ValueArray** place = &shared_records[static_cast<u8>(use)];
  if (__atomic_load_n(place, __ATOMIC_ACQUIRE)) return true;
  Result<ValueArray*> made = make_value_array(t, kSharedRecords);
  if (made.is_failed()) {
    t.clear_pending();
    return false;
  }
  auto* root = new Root<ValueArray>(made.value());
  Guard guard(mutex);
  if (*place)
    delete root;  // another thread was quicker
  else
    __atomic_store_n(place, root->get(), __ATOMIC_RELEASE);
  return true;
}

static void share(CacheUse use, CacheRecord* record, Str* name) {
  record->table_.set(record, name);
  shared_records[static_cast<u8>(use)]->set_at(shared_place(record->shape_, name), Value(record));
}

// Puts a record in front of what the cache holds for other shapes; a full chain is dropped.
static void add_to_chain(Thread& t, Frame* f, const Instruction* pc, CacheRecord* fresh) {
  Field<Value>& cache = cache_of(f, pc);
  Value old = cache.get();
  if (old.is_small_int() && cached_shape(old) != fresh->shape_) {
    CacheRecord* first = new_record(t);
    if (!first) return;
    first->shape_ = cached_shape(old);
    first->offset_ = cached_offset(old);
    fresh->next_.set(fresh, first);
  } else if (old.is_cell()) {
    CacheRecord* rest = old.as<CacheRecord>();
    // Same shape: outdated, or a class or module beside others of its kind.
    while (rest && rest->shape_ == fresh->shape_ && rest->form_ < CacheForm::Owner) rest = rest->next_.get();
    u32 length = 0;
    for (CacheRecord* r = rest; r; r = r->next_.get()) ++length;
    if (length < kMaxChain) fresh->next_.set(fresh, rest);
  }
  cache.set(f->code, Value(fresh));
}

static bool is_getter(Value v) { return v.is_cell() && type_of(v)->slot(Slot::get).is_present(); }

static bool found_in_dict(DictTable* table, Dict* dict, Str* name, i32* entry) {
  return table && dict_find_str(dict, name, entry).is_present() && dict->table() == table && *entry >= 0;
}

static bool fit_module(CacheRecord* record, Value object, Str* name) {
  Type* type = type_of(object);
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return false;
  Dict* dict = object.as<Module>()->dict();
  DictTable* table = dict->table();
  i32 entry = -1;
  if (!is_exact<Dict>(Value(dict)) || !found_in_dict(table, dict, name, &entry)) return false;
  record->form_ = CacheForm::Module;
  record->table_.set(record, table);
  record->place_ = &table->entries()[entry].value;
  return true;
}

static bool fit_variable(CacheRecord* record, CacheForm form, Type* holder, Str* name) {
  DictTable* table = holder->dict()->table();
  i32 entry = -1;
  if (!found_in_dict(table, holder->dict(), name, &entry)) return false;
  record->form_ = form;
  record->value_.set(record, Value(holder));
  record->table_.set(record, table);
  record->place_ = &table->entries()[entry].value;
  return true;
}

static bool fit_super(CacheRecord* record, Super* super, Str* name) {
  if (!super->has_instance() || !is<Type>(super->this_class_.get())) return false;
  auto* cls = super->self_class_.get().as<Type>();
  record->type_version_ = cls->version();
  Value method = super_method(super, name);
  if (method.is_absent() || record->type_version_ == 0) return false;
  record->form_ = CacheForm::SuperMethod;
  record->value_.set(record, method);
  record->table_.set(record, super->this_class_.get().cell());
  record->second_table_.set(record, cls);
  return true;
}

// A native class method of a built-in class, such as `datetime.now`: bound once for all places, and kept, as the class is.
static bool fit_native_class_method(Thread& t, CacheRecord* record, Type* type, MethodDescriptor* method) {
  if (type->has_flag(kTypeHeap)) return false;
  static Mutex mutex;
  static auto* kept = new RootVector;  // guarded by mutex
  auto find = [&] {
    for (Value v : *kept)
      if (v.as<NativeFunction>()->def() == method->def() && v.as<NativeFunction>()->self() == Value(type)) return v;
    return Value();
  };
  Result<NativeFunction*> made = make<NativeFunction>(t, method->def(), Value(type), Value());
  if (made.is_failed()) {
    t.clear_pending();
    return false;
  }
  Guard guard(mutex);
  Value bound = find();
  if (bound.is_absent()) kept->push(bound = Value(made.value()));
  record->value_.set(record, bound);
  return true;
}

// Depends on no data descriptor of the name being on the metaclass, as the forms without a version do.
static bool fit_class(Thread& t, CacheRecord* record, Value object, Str* name, bool for_call) {
  Type* type = object.as<Type>();
  Type* meta = type_of(object);
  record->type_version_ = type->version();
  note_instance_name(name);  // such a descriptor clears caches of the name from now on
  Value above = type_lookup(meta, name);
  if (above.is_present() && is_data_descriptor(above)) {  // __name__, say
    if (for_call || !is<GetSet>(above) || !is_instance_of_type(object, above.as<GetSet>()->owner())) return false;
    record->form_ = CacheForm::GetSet;
    record->type_version_ = meta->version();
    record->value_.set(record, above);
    return record->type_version_ != 0;
  }
  Value own = type_lookup(type, name);  // found: then a metaclass's __getattr__(), as enum's has one, isn't asked
  if (own.is_absent() || record->type_version_ == 0) return false;
  if (Type* holder = holder_of_variable(type, name)) return fit_variable(record, CacheForm::OwnerVariable, holder, name);
  record->form_ = CacheForm::Owner;
  if (is_exact<StaticMethod>(own)) {
    own = own.as<StaticMethod>()->callable();
  } else if (is_exact<ClassMethod>(own)) {
    own = own.as<ClassMethod>()->callable();
    if (!for_call || !is_exact<Function>(own)) return false;
    record->form_ = CacheForm::OwnerMethod;
  } else if (is<MethodDescriptor>(own)) {  // without an instance it is itself
    if (own.as<MethodDescriptor>()->def()->flags & kNativeClassMethod)
      return for_call && fit_native_class_method(t, record, type, own.as<MethodDescriptor>());
  } else if (is_getter(own) && !is_exact<Function>(own)) {
    return false;
  }
  record->value_.set(record, own);
  return true;
}

// A value found on the class that is no data descriptor. in_dict: the object is in dictionary mode.
static bool fit_class_value(CacheRecord* record, Value v, bool in_dict, bool for_call) {
  record->form_ = in_dict ? CacheForm::DictClassValue : CacheForm::ClassValue;
  if (is_exact<StaticMethod>(v)) {
    v = v.as<StaticMethod>()->callable();
  } else if (is_exact<Function>(v) ||
             (is<MethodDescriptor>(v) && !(v.as<MethodDescriptor>()->def()->flags & kNativeClassMethod))) {
    record->form_ = in_dict ? CacheForm::DictMethod : CacheForm::Method;
  } else if (is_exact<ClassMethod>(v)) {
    v = v.as<ClassMethod>()->callable();
    if (!for_call || in_dict || !is_exact<Function>(v)) return false;
    record->form_ = CacheForm::ClassMethod;
  } else if (is_getter(v)) {
    return false;
  }
  record->value_.set(record, v);
  return true;
}

// A descriptor whose method is a Python function of three parameters.
static bool fit_python_descriptor(CacheRecord* record, Value descriptor, Slot slot) {
  Type* owner = type_of(descriptor);
  Value method = owner->slot(slot);
  if (!is_exact<Function>(method) || method.as<Function>()->code()->simple_argcount() != 3 || owner->version() == 0) return false;
  record->form_ = CacheForm::Descriptor;
  record->value_.set(record, descriptor);
  record->second_table_.set(record, owner);
  record->entry_ = owner->version();
  return true;
}

static bool fit_data_descriptor(CacheRecord* record, Value object, Value descriptor, bool for_call) {
  if (is<SlotMember>(descriptor)) {
    record->form_ = CacheForm::Slot;
    record->offset_ = member_offset(object, descriptor.as<SlotMember>());
    return record->offset_ != 0;
  }
  if (for_call || type_of(object)->has_flag(kTypeHasGetattr)) return false;  // that is asked after an AttributeError
  if (is_exact<Property>(descriptor)) {
    Value getter = descriptor.as<Property>()->get_.get();
    if (!is_exact<Function>(getter) || getter.as<Function>()->code()->simple_argcount() != 1) return false;
    record->form_ = CacheForm::Property;
    record->value_.set(record, getter);
    return true;
  }
  if (is<GetSet>(descriptor) && is_instance_of_type(object, descriptor.as<GetSet>()->owner())) {
    record->form_ = CacheForm::GetSet;
    record->value_.set(record, descriptor);
    return true;
  }
  if (is_exact<TupleGetter>(descriptor) && is<Tuple>(object)) {
    Index index = descriptor.as<TupleGetter>()->index_;
    if (index < 0 || index > INT32_MAX) return false;
    record->form_ = CacheForm::TupleItem;
    record->offset_ = static_cast<u32>(index);
    return true;
  }
  if (!type_of(descriptor)->has_flag(kTypeHeap) && is<MethodDescriptor>(type_of(descriptor)->slot(Slot::get)) &&
      !is<Property>(descriptor) && !is<GetSet>(descriptor)) {
    record->form_ = CacheForm::NativeGet;
    record->value_.set(record, descriptor);
    return true;
  }
  return fit_python_descriptor(record, descriptor, Slot::get);
}

// Chooses the form for loading object.name.
static bool fit_load(Thread& t, CacheRecord* record, Value object, Str* name, bool for_call) {
  Type* type = type_of(object);
  Shape* shape = object.is_cell() ? shape_of(object.cell()) : type->instance_shape();
  record->shape_ = shape->id();
  record->type_version_ = type->version();
  if (type->has_flag(kTypeCustomGetattribute) || record->type_version_ == 0) return false;
  if (type->find_attribute_) {
    if (for_call && is_exact<Super>(object)) return fit_super(record, object.as<Super>(), name);
    if (is<Module>(object) && type->find_attribute_ == types.module->find_attribute_) return fit_module(record, object, name);
    if (is<Type>(object) && type->find_attribute_ == types.type->find_attribute_)
      return fit_class(t, record, object, name, for_call);
    return false;
  }
  if (shape->is_dictionary_mode()) note_instance_name(name);  // its dict's names are in no shape
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor))
    return object.is_cell() && fit_data_descriptor(record, object, descriptor, for_call);
  bool in_dict = false;
  if (object.is_cell() && type->tail_offset()) {
    Cell* cell = object.cell();
    if (shape->is_dictionary_mode()) {
      if (cell->kind() == kKindTuple || !type->has_flag(kTypeHasDict)) return false;
      in_dict = true;
      auto* dict = static_cast<Dict*>(tail_of(cell)->extra());
      i32 entry = -1;
      if (dict && found_in_dict(dict->table(), dict, name, &entry)) {
        record->form_ = CacheForm::DictEntry;
        record->entry_ = static_cast<u32>(entry);
        return true;
      }
    } else if (i32 index = shape->find(name); index >= 0) {
      record->form_ = CacheForm::Slot;
      record->offset_ = inline_offset(cell, shape, static_cast<u32>(index));
      return record->offset_ != 0 || fit_overflow(record, cell, shape, static_cast<u32>(index));
    }
  }
  if (descriptor.is_absent()) return false;
  if (Type* holder = holder_of_variable(type, name))
    return !in_dict && fit_variable(record, CacheForm::ClassVariable, holder, name);
  bool may_call = !for_call && !in_dict && object.is_cell() && !type->has_flag(kTypeHasGetattr);
  if (may_call && fit_python_descriptor(record, descriptor, Slot::get)) return true;
  return fit_class_value(record, descriptor, in_dict, for_call);
}

bool share_loaded_attribute(Thread& t, CacheUse use, Value object, Str* name) {
  if (!object.is_cell() || !make_shared_records(t, use)) return false;
  note_cached_type(type_of(object));
  CacheRecord* record = new_record(t);
  if (!record) return false;
  bool fits = fit_load(t, record, object, name, use == CacheUse::Method);
  CacheForm form = record->form_;
  fits = fits &&
         (form == CacheForm::Slot || form == CacheForm::Overflow || form == CacheForm::ClassValue || form == CacheForm::Method);
  fits ? share(use, record, name) : give_back(record);
  return fits;
}

static void cache_load(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name, bool for_call) {
  if (!may_fill(f, pc)) {
    if (may_share(f, pc) && !share_loaded_attribute(t, for_call ? CacheUse::Method : CacheUse::Load, object, name))
      note_unshared(f, pc);
    return;
  }
  note_cached_type(type_of(object));
  CacheRecord* record = new_record(t);
  if (!record) return;
  if (!fit_load(t, record, object, name, for_call)) return give_back(record);
  if (record->form_ == CacheForm::Slot && !for_call) {
    Field<Value>& cache = cache_of(f, pc);
    Value old = cache.get();
    if (old.is_absent() || (old.is_small_int() && cached_shape(old) == record->shape_)) {
      cache.set(f->code, attribute_cache(record->shape_, record->offset_));
      return give_back(record);
    }
  }
  add_to_chain(t, f, pc, record);
}

void cache_loaded_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name) {
  cache_load(t, f, pc, object, name, false);
}

void cache_loaded_method(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name) {
  cache_load(t, f, pc, object, name, true);
}

// A class's own attribute was stored to.
static void cache_stored_variable(Thread& t, Frame* f, const Instruction* pc, Type* owner, Str* name) {
  CacheRecord* record = new_record(t);
  if (!record) return;
  record->type_version_ = owner->version();
  note_instance_name(name);  // as fit_class() does, and for its reason
  Value above = type_lookup(type_of(Value(owner)), name);
  bool fits = record->type_version_ && !(above.is_present() && is_data_descriptor(above)) &&
              holder_of_variable(owner, name) == owner && fit_variable(record, CacheForm::OwnerVariable, owner, name);
  if (!fits) return give_back(record);
  record->shape_ = owner->shape_id();
  add_to_chain(t, f, pc, record);
}

// Whether stores to attributes of the object go by its shape or its class's descriptors, so that there may be a record for them.
static bool is_stored_plainly(Value object) {
  Type* type = type_of(object);
  return object.is_cell() && !type->has_flag(kTypeCustomSetattr) && !type->set_attribute_ && object.cell()->kind() != kKindTuple;
}

// Chooses the form for storing to object.name, which has been done. before: the object's shape then. for_any_place: only what
// store_by_record() knows.
static bool fit_store(CacheRecord* record, Value object, Str* name, Shape* before, bool for_any_place) {
  Cell* cell = object.cell();
  Type* type = type_of(object);
  Shape* shape = shape_of(cell);
  record->shape_ = shape->id();
  u32 version = type->version();
  if (shape->is_dictionary_mode()) {
    if (for_any_place) return false;
    note_instance_name(name);
  }
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) {
    if (is<SlotMember>(descriptor)) {
      record->offset_ = member_offset(object, descriptor.as<SlotMember>());
      return record->offset_ != 0;
    }
    if (for_any_place || version == 0) return false;
    record->type_version_ = version;
    if (!is_exact<Property>(descriptor)) return fit_python_descriptor(record, descriptor, Slot::set);
    Value setter = descriptor.as<Property>()->set_.get();
    if (!is_exact<Function>(setter) || setter.as<Function>()->code()->simple_argcount() != 2) return false;
    record->form_ = CacheForm::Property;
    record->value_.set(record, setter);
    return true;
  }
  if (shape->is_dictionary_mode()) {
    if (!type->has_flag(kTypeHasDict) || !type->tail_offset()) return false;
    auto* dict = static_cast<Dict*>(tail_of(cell)->extra());
    i32 entry = -1;
    if (!dict || !found_in_dict(dict->table(), dict, name, &entry)) return false;
    record->form_ = CacheForm::DictEntry;
    record->entry_ = static_cast<u32>(entry);
    return true;
  }
  i32 index = shape->find(name);
  if (index < 0) return false;
  record->offset_ = inline_offset(cell, shape, static_cast<u32>(index));
  bool is_inline = record->offset_ != 0;
  if (!is_inline && !fit_overflow(record, cell, shape, static_cast<u32>(index))) return false;
  if (shape != before) {  // this store has added the attribute
    if (shape->parent_.get() != before || shape->name_.get() != name) return false;
    record->form_ = is_inline ? CacheForm::Transition : CacheForm::NewOverflow;
    record->shape_ = before->id();
    record->next_shape_ = shape->id();
  }
  return true;
}

bool share_stored_attribute(Thread& t, Value object, Str* name, Shape* before) {
  if (!is_stored_plainly(object) || !make_shared_records(t, CacheUse::Store)) return false;
  note_cached_type(type_of(object));
  CacheRecord* record = new_record(t);
  if (!record) return false;
  bool fits = fit_store(record, object, name, before, true);
  fits ? share(CacheUse::Store, record, name) : give_back(record);
  return fits;
}

void cache_stored_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name, Shape* before) {
  if (!may_fill(f, pc)) {
    if (may_share(f, pc) && !share_stored_attribute(t, object, name, before)) note_unshared(f, pc);
    return;
  }
  Type* type = type_of(object);
  note_cached_type(type);
  if (is<Type>(object) && !type->has_flag(kTypeCustomSetattr) && type->set_attribute_ == types.type->set_attribute_)
    return cache_stored_variable(t, f, pc, object.as<Type>(), name);
  if (!is_stored_plainly(object)) return;
  CacheRecord* record = new_record(t);
  if (!record) return;
  if (!fit_store(record, object, name, before, false)) return give_back(record);
  Field<Value>& cache = cache_of(f, pc);
  if (record->form_ == CacheForm::Slot && cache.get().is_absent()) {
    cache.set(f->code, attribute_cache(record->shape_, record->offset_));
    return give_back(record);
  }
  add_to_chain(t, f, pc, record);
}

void cache_deleted_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name, Shape* before) {
  Type* type = type_of(object);
  note_cached_type(type);
  if (!object.is_cell() || type->has_flag(kTypeCustomSetattr) || type->set_attribute_ || object.cell()->kind() == kKindTuple)
    return;
  Cell* cell = object.cell();
  Shape* shape = shape_of(cell);
  if (before->is_dictionary_mode() || shape->is_dictionary_mode() || shape->type() != before->type() || !may_fill(f, pc)) return;
  CacheRecord* record = new_record(t);
  if (!record) return;
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return;
  i32 index = before->find(name);
  if (index < 0) return;
  record->form_ = CacheForm::Deletion;
  record->shape_ = before->id();
  record->next_shape_ = shape->id();
  record->offset_ = inline_offset(cell, before, static_cast<u32>(index));
  if (record->offset_) add_to_chain(t, f, pc, record);
}

void cache_global(Thread& t, Frame* f, const Instruction* pc, Str* name) {
  DictTable* table = f->globals->table();
  if (!table || !is_exact<Dict>(Value(f->globals)) || !may_fill(f, pc)) return;
  CacheRecord* record = new_record(t);
  if (!record) return;
  table = f->globals->table();
  record->entry_count_ = table->entry_count();
  i32 entry = -1;
  if (found_in_dict(table, f->globals, name, &entry)) {
    record->form_ = CacheForm::Global;
    record->place_ = &table->entries()[entry].value;
  } else {
    DictTable* builtins = f->builtins->table();
    if (dict_find_str(f->globals, name).is_present() || !found_in_dict(builtins, f->builtins, name, &entry)) return;
    record->form_ = CacheForm::Builtin;
    record->second_table_.set(record, builtins);
    record->place_ = &builtins->entries()[entry].value;
  }
  record->table_.set(record, table);
  cache_of(f, pc).set(f->code, Value(record));
}

}  // namespace baton
