// What the files of types, shape.cpp, attribute.cpp and native.cpp share and nobody else needs.
#pragma once
#include "objects/object.h"

namespace baton {

Shape* new_shape(Thread& thread, Type* type, u32 inline_capacity);
Shape* dictionary_shape(Thread& thread, Type* type, u32 inline_capacity);
// How many attributes objects of the shape have; those deleted count in Shape::count() still, and have no name.
u32 attribute_count(Shape* shape);
// The field of attribute number index of an object of this shape (not dictionary mode).
Field<Value>* attribute_slot(ObjectTail* tail, Shape* shape, u32 index);
void visit_subclass_tail(Cell* cell, EdgeVisitor& visitor);
// A cell for a type, all fields empty, old from birth. Aborts when there is no memory.
Type* raw_type(Thread& thread);
// make_heap_type() (type.h), but what the __new__ of the metaclass that the bases ask for makes need not be a class.
Result<Value> new_class(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* dict, Value const* keyword_values,
                        Tuple* keyword_names);
// A version that no type has had.
u32 fresh_version();
// Interns the dunders of slots.def, so that slot_for_name() knows them. Once, at start-up.
void make_slot_names(Thread& thread);
// Slot for a dunder name, or Slot::kCount. name is interned.
Slot slot_for_name(Str* name);
// The slot that a row of a native type stands for, if CPython's twin is a slot wrapper there; Slot::kCount for plain methods.
Slot wrapped_slot(Thread& thread, const NativeDef& row);
// Recomputes one slot, or all, of a type from its MRO, with the flags that depend on them.
void update_slot(Type* type, Slot slot);
void update_all_slots(Type* type);
// The class in the type's MRO that has the attribute, if that is stored to again and again, so that the type's version says
// nothing of its value; else null.
Type* holder_of_variable(Type* type, Str* name);
// Whether a value, as a class's attribute, is just that: no descriptor, and bound to nothing.
inline bool is_plain_attribute(Value v) {
  return !v.is_cell() || (type_of(v)->slot(Slot::get).is_absent() && !is_data_descriptor(v));
}
// Before the first instance can have an attribute of this name.
void note_instance_name(Str* name);
Result<Tuple*> compute_type_mro(Thread& thread, Type* type);  // by the metaclass's mro(), which may be the user's
Result<Tuple*> compute_c3(Thread& thread, Type* type, Tuple* bases);
Result<List*> live_subclasses(Thread& thread, Type* type);
Result<void> add_subclass(Thread& thread, Type* base, Type* subclass);
void remove_subclass(Thread& thread, Type* base, Type* subclass);
Result<Value> type_call(Thread& thread, Type* type, const Value* args, usize n, Tuple* kwnames);
Result<Value> object_new_instance(Thread& thread, Type* type);
// type.__getattribute__ semantics: kNotFound when missing.
Result<Value> type_find_attribute(Thread& thread, Value self, Str* name);
Result<void> type_set_attribute_hook(Thread& thread, Value self, Str* name, Value value_or_absent);
Result<Value> generic_get_dict(Thread& thread, Value self);
Result<void> generic_set_dict(Thread& thread, Value self, Value dict_or_absent);
Result<void> native_set_dict(Thread& thread, Value self, Value dict_or_absent);  // the same for native types: no deletion
// How many different attributes these methods store into their first parameter; installed by the interpreter.
extern u32 (*count_self_stores)(Code* const* codes, u32 n);
// A type's flag besides those in type.h: __class__ of its instances isn't object's.
inline constexpr u32 kTypeClaimsClass = 1 << 26;
// Before the hash of a tuple, or of an instance of a subclass, is another one than it has been: see tuple.cpp.
void forget_tuple_hashes();
// Before what an instance of the class has is looked at to fill an inline cache.
void note_cached_type(Type* type);
// Called when a data descriptor or attribute hook appears on a class whose instances may be cached: clears the inline caches of
// the code that names the attribute (null: of all code).
extern void (*flush_inline_caches)(Thread& thread, Str* name);

// Fixed sizes of instances of subclasses of types whose exact cells vary in size.
struct IntObjectLayout {
  u64 header, number;
};
inline constexpr u32 kSharedTextSize = 40;  // Str and Bytes with a buffer: header, length, hash, data, Field<Cell> buffer

}  // namespace baton
