// Type: a Python class, built-in or defined in Python. Shape: the attribute layout of a family of objects of one type.
//
// type_of(v) is a tag test, then cell -> shape -> type. A shape's identity (a 32-bit number in each header) is the guard of
// inline caches: it stands for the type and for which slot holds which attribute.
//
// Instance layout:   [native payload, ends at type->tail_offset()] [ObjectTail: overflow or dict] [inline attribute slots]
// (tuples and big payloads: the tail follows the items, see tail_of). __slots__ members come first among the inline slots.
#pragma once
#include "heap/heap.h"
#include "objects/fwd.h"

namespace baton {

// Index of each cached dunder, from slots.def.
enum class Slot : u16 {
#define SLOT(id, text) id,
#include "objects/slots.def"
#undef SLOT
  kCount
};
inline constexpr usize kSlotCount = static_cast<usize>(Slot::kCount);

enum TypeFlag : u32 {
  kTypeHeap = 1 << 0,  // made by a class statement or type()
  kTypeSubclassable = 1 << 1,
  kTypeHasDict = 1 << 2,  // instances have a __dict__ (a tail)
  kTypeWeakrefable = 1 << 3,
  kTypeAbstract = 1 << 4,     // __abstractmethods__ is not empty
  kTypeImmutable = 1 << 5,    // attributes can't be set from Python
  kTypeNoInstances = 1 << 6,  // "cannot create 'X' instances"
  kTypeSequence = 1 << 7,     // matches sequence patterns
  kTypeMapping = 1 << 8,
  kTypeCustomGetattribute = 1 << 9,  // __getattribute__ overridden: no fast lookup
  kTypeHasGetattr = 1 << 10,
  kTypeCustomSetattr = 1 << 11,  // __setattr__ or __delattr__ overridden
  kTypeHasDel = 1 << 12,
  kTypeIsException = 1 << 13,  // derives from BaseException
  kTypeIsType = 1 << 14,       // derives from type
  kTypeIsInt = 1 << 15,
  kTypeIsStr = 1 << 16,
  kTypeIsTuple = 1 << 17,
  kTypeIsList = 1 << 18,
  kTypeIsDict = 1 << 19,
  kTypeIsBytes = 1 << 20,
  kTypeMatchSelf = 1 << 21,  // class pattern with one positional matches the subject itself
  kTypeReady = 1 << 22,
  kTypeNamelessMethods = 1 << 24,  // CPython's twins of its methods parse arguments as "function", not by their names
  kTypeComparesQuietly = 1 << 25,  // comparing two of the type runs no Python code
  kTypeKeysOnly = 1 << 23,         // __getitem__ is a mapping's: iter() and `in` don't try it with 0, 1, 2 ...
};

// Where attributes of an instance beyond its native payload live.
class ObjectTail {
 public:
  // Absent, a ValueArray (overflow slots) or a Dict (dictionary mode: all attributes live there).
  Cell* extra() const { return extra_.get(); }
  Field<Value>* slots() { return reinterpret_cast<Field<Value>*>(this + 1); }
  Field<Cell> extra_;
};

class Shape final : public Cell {
 public:
  static constexpr u16 kKind = kKindShape;
  Type* type() const { return type_.get(); }
  u32 id() const { return Cell::shape_id_of(this); }
  u32 count() const { return count_; }                      // attributes (without __slots__ members)
  u32 inline_capacity() const { return inline_capacity_; }  // inline slots for attributes of instances of this lineage
  bool is_dictionary_mode() const { return dictionary_mode_; }
  // Index of the attribute's slot, or -1. name is interned.
  i32 find(Str* name) const;
  Str* name_at(u32 index) const;
  // The shape with name added at index count(). Takes the type's lock; may allocate. Null: too many, use dictionary mode.
  Result<Shape*> add(Thread& thread, Str* name);
  void visit_edges(EdgeVisitor& visit) const { visit(type_, parent_, name_, names_, transitions_, index_); }

  Field<Type> type_;
  Field<Shape> parent_;
  Field<Str> name_;                // the last attribute added
  Field<ValueArray> names_;        // names in order; shared along a lineage, entries beyond count_ belong to descendants
  Field<ValueArray> transitions_;  // children, linear
  Field<RawBytes> index_;          // hash index, made when count_ is large
  u32 count_, inline_capacity_;
  bool dictionary_mode_;
};

// Shared by caches that depend on a type's attributes; invalidated when the class changes.
class Type final : public Cell {
 public:
  static constexpr u16 kKind = kKindType;
  Str* name() const { return name_.get(); }  // __name__, without the module
  Str* qualname() const { return qualname_.get() ? qualname_.get() : name(); }
  Dict* dict() const { return dict_.get(); }
  Tuple* bases() const { return bases_.get(); }
  Tuple* mro() const { return mro_.get(); }
  Type* base() const { return base_.get(); }  // the base that gives the layout
  Shape* instance_shape() const { return instance_shape_.get(); }
  const TypeDef* def() const { return def_; }  // the native definition, own or of the closest native base
  u32 flags() const { return __atomic_load_n(&flags_, __ATOMIC_RELAXED); }
  bool has_flag(u32 flag) const { return flags() & flag; }
  Value slot(Slot s) const { return slots_[static_cast<usize>(s)].get(); }
  // The native __next__ of its instances, or null: the slot in short, for loops.
  const NativeDef* native_next() const { return __atomic_load_n(&native_next_, __ATOMIC_ACQUIRE); }
  u16 instance_kind() const { return instance_kind_; }
  u32 tail_offset() const { return tail_offset_; }  // 0: instances have no tail
  u32 member_slot_count() const { return member_slots_; }
  bool is_subtype_of(const Type* other) const;  // by mro; no __subclasscheck__
  // Bumped whenever an attribute of this class or of a base changes; validates method cache records. 0 is never valid.
  u32 version() const { return __atomic_load_n(&version_, __ATOMIC_ACQUIRE); }
  void visit_edges(EdgeVisitor& visit) const {
    visit(name_, dict_, bases_, mro_, base_, instance_shape_, dictionary_shape_, subclasses_, qualname_, module_state_);
    visit.visit_range(slots_, kSlotCount);
    visit(tail_);
  }
  friend class EdgeVisitor;

  Field<Str> name_, qualname_;
  Field<Dict> dict_;
  Field<Tuple> bases_, mro_;
  Field<Type> base_;
  Field<Shape> instance_shape_, dictionary_shape_;
  Field<Cell> subclasses_;     // TypeList: direct subclasses, weakly; or null
  Field<Value> module_state_;  // free for the native module that made the type
  Field<Value> slots_[kSlotCount];
  TypeDef* def_;
  const NativeDef* native_next_ = nullptr;
  // Lookup hook of native types with attributes of their own (module, type, super ...), inherited; null: generic.
  // Answers the value, kNotFound, or failed.
  Result<Value> (*find_attribute_)(Thread& thread, Value self, Str* name);
  Result<void> (*set_attribute_)(Thread& thread, Value self, Str* name, Value value_or_absent);
  u32 flags_, version_;
  u32 tail_offset_, member_slots_, payload_size_;
  u32 sweep_epoch_ = 0;  // of clear_dead_subclasses
  u16 instance_kind_;    // kind word of instances, kSubclassBit included
  Field<Cell> tail_;     // attributes of the class object set by a metaclass with a __dict__ are in dict_; unused otherwise
};

// --- core type objects: types.list is the Type of list. Filled by init_core_types from types.def.
struct CoreTypes {
#define TYPE(id, def) Type* id;
#include "objects/types.def"
#undef TYPE
};
extern CoreTypes types;

Type* type_of_immediate(Value v);
inline Type* type_of(Value v) {
  if (v.is_cell()) return static_cast<Shape*>(v.cell()->shape_cell())->type();
  return type_of_immediate(v);
}
inline Shape* shape_of(const Cell* cell) { return static_cast<Shape*>(cell->shape_cell()); }

// --- kinds
// Kind number of cells of C++ type T: a constant for core types, assigned at registration for types of native modules.
template <class T>
struct DynamicKind {
  static inline u16 value = 0;
};
template <class T>
inline u16 cell_kind() {
  static_assert(sizeof(T) > 0, "include the header that defines the cell class");
  if constexpr (requires { T::kKind; })
    return T::kKind;
  else
    return __atomic_load_n(&DynamicKind<T>::value, __ATOMIC_RELAXED);  // another thread may import the module just now
}
// Instances of subclasses included.
template <class T>
inline bool is(Value v) {
  return v.is_cell() && v.cell()->kind() == cell_kind<T>();
}
// The built-in type itself only.
template <class T>
inline bool is_exact(Value v) {
  return v.is_cell() && v.cell()->kind_word() == cell_kind<T>();
}
// T* or null.
template <class T>
inline T* cast(Value v) {
  return is<T>(v) ? static_cast<T*>(v.cell()) : nullptr;
}

// --- allocation. make<T>(thread, args...): a cell of its built-in type; T::init(args...) must set every field and allocate
// nothing. T may declare `static usize size_for(args...)` when its size varies. make_of for instances of a given (sub)type.
Cell* allocate_cell(Thread& thread, usize bytes, u16 kind_word, u32 shape_id, u32 flags = 0);
// An instance of `type` with the payload size `payload` (0: the type's own) and an empty tail. Header and tail are set, the
// payload is not: the caller initialises it at once. Registers __del__. Null with MemoryError pending.
Cell* allocate_instance(Thread& thread, Type* type, usize payload = 0);
Failed raise_memory_error(Thread& thread);

// Type object of C++ cell class T, for make<T>: specialised through T::type() for core types.
template <class T, class... Args>
Result<T*> make_of(Thread& thread, Type* type, Args... args) {
  usize payload = 0;
  if constexpr (requires { T::size_for(args...); }) payload = T::size_for(args...);
  Cell* cell = allocate_instance(thread, type, payload);
  if (!cell) [[unlikely]]
    return failed;
  static_cast<T*>(cell)->init(args...);
  return static_cast<T*>(cell);
}
template <class T, class... Args>
Result<T*> make(Thread& thread, Args... args) {
  Type* type = T::type();
  if constexpr (!requires(T* t) { t->finalize_native(); }) {
    if (type->tail_offset() == 0) [[likely]] {
      usize bytes = sizeof(T);
      if constexpr (requires { T::size_for(args...); }) bytes = T::size_for(args...);
      Cell* cell = allocate_cell(thread, bytes, type->instance_kind(), type->instance_shape()->id());
      if (!cell) [[unlikely]]
        return failed;
      static_cast<T*>(cell)->init(args...);
      return static_cast<T*>(cell);
    }
  }
  return make_of<T>(thread, type, args...);
}

// The tail of an instance of a type with one, or null.
ObjectTail* tail_of(Cell* cell);

// --- definitions of native types
struct GetSetDef {
  const char* name;
  Result<Value> (*get)(Thread& thread, Value self);
  Result<void> (*set)(Thread& thread, Value self, Value value_or_absent);  // null: read-only
  const char* doc;
  bool is_member = false;  // shown as member_descriptor, as CPython's struct members are
};

struct TypeDef {
  const char* name;           // "list", or with its module: "collections.deque"
  const char* doc = nullptr;  // with "name(args)\n--\n\n" in front when the class has a text signature
  TypeDef* base = nullptr;    // null: object
  u16 kind = 0;               // 0 with payload_size set: a dynamic kind is assigned to *dynamic_kind
  u16* dynamic_kind = nullptr;
  u32 payload_size = 8;  // bytes before the tail, header included
  u32 flags = 0;         // TypeFlag
  NativeDef* methods = nullptr;
  u32 method_count = 0;
  GetSetDef* getsets = nullptr;
  u32 getset_count = 0;
  KindInfo kind_info = {};
  Result<Value> (*find_attribute)(Thread& thread, Value self, Str* name) = nullptr;
  Result<void> (*set_attribute)(Thread& thread, Value self, Str* name, Value value_or_absent) = nullptr;
  Result<void> (*finish)(Thread& thread, Type* type) = nullptr;  // adds class attributes that are not methods
  Type* type = nullptr;                                          // the Type, once made (kept as a root)
  bool is_whole = false;                                         // set last, for type_from_def
};
template <usize N>
constexpr u32 count_of(const NativeDef (&)[N]) {
  return N;
}
template <class T>
constexpr KindInfo kind_info_of(const char* name) {
  KindInfo info{name, [](Cell* cell, EdgeVisitor& visitor) { static_cast<T*>(cell)->visit_edges(visitor); }, nullptr};
  if constexpr (requires(T* t) { t->finalize_native(); })
    info.finalize_native = [](Cell* cell) { static_cast<T*>(cell)->finalize_native(); };
  return info;
}

// The Type of a native definition, made on first use (with its bases).
Result<Type*> type_from_def(Thread& thread, TypeDef& def);
// The metaclass of a class statement: the most derived one of `metaclass` and those of the bases. TypeError: there is none.
Result<Type*> most_derived_metaclass(Thread& thread, Type* metaclass, Tuple* bases);
// type(name, bases, dict): metaclass calculation, MRO, __slots__, __set_name__, __init_subclass__ (keywords may be null).
Result<Type*> make_heap_type(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* dict, Value const* keyword_values,
                             Tuple* keyword_names);

// --- class attributes
// Lookup along the MRO; absent when there is none. Never fails, never runs Python. name is interned.
Value type_lookup(Type* type, Str* name);
// Sets or deletes (absent) a class attribute: updates slots of the type and its subclasses, invalidates dependants.
Result<void> type_set_attribute(Thread& thread, Type* type, Str* name, Value value_or_absent);
// Must be called after any change of a class by other means.
void type_modified(Thread& thread, Type* type);

// --- attributes of instances by shape (no descriptors): the layer below get_attr.
// Value or absent. name is interned.
Value instance_find(Cell* object, Str* name);
Result<void> instance_set(Thread& thread, Cell* object, Str* name, Value value);
Result<bool> instance_delete(Thread& thread, Cell* object, Str* name);  // false: was not there
// The instance's __dict__, made on demand: moves the object to dictionary mode. Null Result only on MemoryError.
Result<Dict*> instance_dict(Thread& thread, Cell* object);
Result<void> instance_set_dict(Thread& thread, Cell* object, Dict* dict);
// A copy of the attributes as a new dict (for __reduce_ex__), without changing the object's mode.
Result<Dict*> instance_attributes_copy(Thread& thread, Cell* object);
Result<void> assign_class(Thread& thread, Cell* object, Type* type);  // obj.__class__ = type

}  // namespace baton
