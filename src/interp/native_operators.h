// Operators and comparisons whose left operand is of a class that isn't written in Python (decimal.Decimal, datetime.date, set):
// the native method that is the first to be asked, where that can be told by a few looks. What it declines goes on as ever
// (finish_declined_operator). Numbers and strings have ways of their own, and are left out.
#pragma once
#include "objects/native.h"
#include "objects/operators.h"
#include "objects/tuple.h"

namespace baton {

// Of operands, which are never absent.
BATON_ALWAYS_INLINE bool is_cell_operand(Value v) { return (v.bits() & 7) == 0; }
// Of a class that isn't written in Python, of a kind from `first` on.
BATON_ALWAYS_INLINE bool is_native_operand(Value v, u16 first) {
  return is_cell_operand(v) && static_cast<u16>(v.cell()->kind_word() - first) < kSubclassBit - first;
}
BATON_ALWAYS_INLINE bool same_shape(Value a, Value b) {
  return is_cell_operand(b) && a.cell()->shape_id() == b.cell()->shape_id();
}
// b is no object of a class derived from a's, whose method would come first. a is no plain object().
BATON_ALWAYS_INLINE bool goes_second(Value a, Value b) {
  if (!is_cell_operand(b) || same_shape(a, b)) return true;
  return !b.cell()->is_subclass_instance() && type_of(b)->mro()->length() == 2;  // its own class and object
}
BATON_ALWAYS_INLINE const NativeDef* native_method(Value slot) {
  if (!is_exact<MethodDescriptor>(slot)) return nullptr;
  const NativeDef* def = slot.as<MethodDescriptor>()->def();
  return def->flags & kNativeClassMethod ? nullptr : def;
}

// The method to ask for a op b, or for a op= b; null: look closer. Of + and * of sequences only what they can't decline.
BATON_ALWAYS_INLINE const NativeDef* native_operator(BinaryOp op, bool is_inplace, Value a, Value b) {
  if (!is_native_operand(a, kKindComplex)) return nullptr;
  BinaryInfo slots = operator_slots(op);
  Type* type = type_of(a);
  Value slot = is_inplace ? type->slot(slots.inplace) : Value();
  if (slot.is_absent()) slot = type->slot(slots.forward);
  const NativeDef* def = native_method(slot);
  if (!def) return nullptr;
  if (def->sequence_operator) {
    if (!(op == BinaryOp::Add ? same_shape(a, b) : op == BinaryOp::Mul && b.is_small_int())) return nullptr;
    const NativeDef* reflected = native_method(type->slot(slots.reflected));
    return type->slot(slots.reflected).is_absent() || (reflected && reflected->sequence_operator) ? def : nullptr;
  }
  // What is no sequence may be asked to repeat one.
  if (op == BinaryOp::Mul && is_cell_operand(b) && !same_shape(a, b)) return nullptr;
  return goes_second(a, b) ? def : nullptr;
}

// The method to ask for the comparison of a with b; null: look closer. Tuples are compared without.
BATON_ALWAYS_INLINE const NativeDef* native_comparison(CompareOp op, Value a, Value b) {
  if (!is_native_operand(a, kKindTuple + 1) || b.is_none()) return nullptr;
  Value slot = type_of(a)->slot(comparison_slot(op));
  if (slot == types.object->slot(comparison_slot(op)) || !goes_second(a, b)) return nullptr;
  return native_method(slot);
}

}  // namespace baton
