// Inline caches: one Field<Value> an instruction, in Code::caches(), at Frame::caches_offset from the instruction.
//
//     absent           empty
//     small int        one instance attribute: shape number (32 bits) and byte offset of its slot in the object (24 bits)
//     CacheRecord      a chain of at most kMaxChain immutable records, newest first; each says by its form what it holds
//
// A cache is replaced by one atomic store. Shape numbers are weak: caches of dead shapes are cleared in the collector's weak
// phase of full collections (shapes are old from birth, so no other frees them). Forms that hold something of a class are guarded
// by the type's version, a number that is never given twice; so a stale record is never used, and need not keep its value alive.
// The forms without a version (slots, transitions) depend on no data descriptor of that name being on the class, and no hook:
// adding one clears the caches of all code that names it.
#pragma once
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/object.h"
#include "objects/thread.h"
#include "objects/tuple.h"
#include "objects/type.h"

namespace baton {

enum class CacheForm : u8 {
  Global,   // table_ is the globals' table, place_ the value's field in it
  Builtin,  // table_ is the globals' table with entry_count_ entries (none of them the name), second_table_ the builtins'
  // Slot to NewOverflow are what StoreAttr stores to by itself: see store_by_record().
  Slot,            // attribute at offset_ of objects of shape_
  Transition,      // a new attribute: at offset_ of objects of shape_, which then get the shape next_shape_
  Overflow,        // attribute entry_ of the array that objects of shape_ have at offset_, beyond their inline slots
  NewOverflow,     // a new attribute there; objects get the shape next_shape_
  Deletion,        // an attribute deleted: at offset_ of objects of shape_, which then get the shape next_shape_
  DictEntry,       // objects in dictionary mode: probably entry_ of their dict is the name
  ClassValue,      // value_, found on the class; objects of shape_ can't have one of their own
  ClassVariable,   // a class's attribute that is a variable (type.cpp), as OwnerVariable; objects of shape_ can't have their own
  DictClassValue,  // the same for objects in dictionary mode: their dict must be searched first
  Method,          // value_ is to be called with the object in front; objects of shape_ can't have one of their own
  DictMethod,      // the same for objects in dictionary mode
  ClassMethod,     // value_ is to be called with the object's class in front
  Property,        // value_: a function to call with the object, and what is stored
  GetSet,          // value_: a native attribute
  TupleItem,       // a named tuple's field: item offset_ of a tuple
  NativeGet,       // value_: another data descriptor with a native __get__
  Descriptor,      // value_: another descriptor, of the class second_table_ of version entry_, whose __get__ (of stores: __set__)
                   // is written in Python
  Owner,           // the object is a class of version type_version_, value_ its attribute
  OwnerMethod,     // the same, value_ is to be called with the class in front
  SuperMethod,  // of a super object: value_ is what its classes behind table_ have, to be called with its self; second_table_ is
                // the class of self, of version type_version_
  OwnerVariable,  // the same of an attribute that is a variable: place_ is its field in table_, that of the class value_
  Module,         // the object is a module, table_ its dict's table, place_ the value's field in it
};

class CacheRecord final : public Cell {
 public:
  static constexpr u16 kKind = kKindCacheRecord;
  void visit_edges(EdgeVisitor& visit) const { visit(table_, second_table_, next_); }

  Field<Value> value_;  // weak: see above
  Field<Cell> table_, second_table_;
  Field<CacheRecord> next_;  // the older record, for other shapes
  Field<Value>* place_;      // inside table_ or second_table_
  // Of OwnerVariable and ClassVariable, whose version has been looked at; absent: look it up.
  Value variable() const { return value_.get().as<Type>()->dict()->table() == table_.get() ? place_->get() : Value(); }
  u32 shape_, type_version_, next_shape_, offset_;
  u32 entry_, entry_count_;
  CacheForm form_;
};

inline Value attribute_cache(u32 shape, u32 offset) { return Value::of_small_int(static_cast<i64>((u64{shape} << 24) | offset)); }
inline u32 cached_shape(Value cache) { return static_cast<u32>(static_cast<u64>(cache.small_int()) >> 24); }
inline u32 cached_offset(Value cache) { return static_cast<u32>(cache.small_int()) & 0xFFFFFF; }
BATON_ALWAYS_INLINE Field<Value>& slot_at(Cell* cell, u32 offset) {
  return *reinterpret_cast<Field<Value>*>(reinterpret_cast<char*>(cell) + offset);
}
BATON_ALWAYS_INLINE Field<Value>& cache_of(Frame* f, const Instruction* pc) {
  return *reinterpret_cast<Field<Value>*>(reinterpret_cast<u64>(pc) + static_cast<u64>(f->caches_offset));
}
// The array of attributes beyond the inline slots, at an offset of objects whose shape has such; null while another thread moves
// them to a dict.
BATON_ALWAYS_INLINE ValueArray* overflow_at(Cell* object, u32 offset) {
  Cell* array = reinterpret_cast<Field<Cell>*>(reinterpret_cast<char*>(object) + offset)->get();
  return array && array->kind_word() == kKindValueArray ? static_cast<ValueArray*>(array) : nullptr;
}
BATON_ALWAYS_INLINE Value overflow_attribute(Cell* object, const CacheRecord* record) {
  ValueArray* array = overflow_at(object, record->offset_);
  return array ? array->at(record->entry_) : Value();
}
// Stores by a record with a slot or an overflow slot into an object of its shape. False: an array has no room yet.
BATON_ALWAYS_INLINE bool store_by_record(Cell* object, const CacheRecord* record, Value v) {
  if (record->form_ == CacheForm::Slot || record->form_ == CacheForm::Transition) [[likely]] {
    slot_at(object, record->offset_).set(object, v);
  } else {
    ValueArray* array = overflow_at(object, record->offset_);
    if (!array || record->entry_ >= array->capacity()) return false;
    array->set_at(record->entry_, v);
  }
  if (record->next_shape_) object->set_shape_id(record->next_shape_);
  return true;
}
// Stores by a record of a class's own variable: a value that is no descriptor, as what was there. False: not that class, or it
// has changed. No other thread may run: a GIL, or one thread.
bool store_variable(Cell* cls, const CacheRecord* record, Value v);
// Value of the attribute name of an object in dictionary mode by the entry number a record remembers; absent: search.
BATON_ALWAYS_INLINE Value hinted_attribute(Cell* object, const Str* name, u32 entry) {
  ObjectTail* tail = reinterpret_cast<ObjectTail*>(reinterpret_cast<char*>(object) + shape_of(object)->type()->tail_offset());
  Cell* dict = tail->extra();
  DictTable* table = dict ? static_cast<Dict*>(dict)->table() : nullptr;
  if (!table || entry >= table->entry_count()) return Value();
  const DictEntry& e = table->entries()[entry];
  return e.key.get() == Value(name) ? e.value.get() : Value();
}

inline constexpr u8 kMaxCacheMisses = 48;
inline constexpr u32 kMaxChain = 8;

// Filling (cache_fill.cpp), after the instruction's general path has succeeded: from the second time on.
void cache_loaded_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name);
void cache_stored_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name, Shape* shape_before);
void cache_deleted_attribute(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name, Shape* shape_before);
void cache_loaded_method(Thread& t, Frame* f, const Instruction* pc, Value object, Str* name);
void cache_global(Thread& t, Frame* f, const Instruction* pc, Str* name);

// Records that places of many shapes share, and getattr() and its like, by shape and name, which is the record's table_; of the
// forms Slot, Overflow, ClassValue and Method, for stores those that store_by_record() knows. An array for each use, made when it
// is first needed and never moved; emptied with the caches.
enum class CacheUse : u8 { Load, Method, Store };
inline constexpr u32 kSharedRecords = 2048;
extern ValueArray* shared_records[3];
constexpr u32 number_of_name(u64 name) { return static_cast<u32>(name >> 4); }
inline u32 shared_place(u32 shape, Str* name) {
  return (shape ^ shape >> 6 ^ number_of_name(reinterpret_cast<u64>(name))) % kSharedRecords;
}
inline CacheRecord* shared_record(CacheUse use, u32 shape, Str* name) {
  ValueArray* records = __atomic_load_n(&shared_records[static_cast<u8>(use)], __ATOMIC_ACQUIRE);
  Value v = records ? records->at(shared_place(shape, name)) : Value();
  if (v.is_absent()) return nullptr;
  auto* record = v.as<CacheRecord>();
  return record->shape_ == shape && record->table_.get() == name ? record : nullptr;
}
void forget_shared_records();
// After a load, or a store, that has succeeded: a record of it for all, if it fits one of the forms. before: the object's shape
// before the store. Tells whether it has one of the forms.
bool share_loaded_attribute(Thread& t, CacheUse use, Value object, Str* name);
bool share_stored_attribute(Thread& t, Value object, Str* name, Shape* before);
// So many shapes have been at this place that its own chain isn't changed any more.
inline bool has_many_shapes(const Code* code, u32 instruction) {
  return __atomic_load_n(&code->cache_misses_[instruction], __ATOMIC_RELAXED) > kMaxCacheMisses;
}

}  // namespace baton
