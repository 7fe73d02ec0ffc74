// Comparisons of many values of one built-in class, whose method for it is native: looked up once.
#pragma once
#include "objects/native.h"
#include "objects/object.h"

namespace baton {

// The native method in this slot of a built-in class, which nothing replaces; null: there is none.
inline const NativeDef* native_comparison(Type* type, Slot slot) {
  Value method = type->has_flag(kTypeHeap) ? Value() : type->slot(slot);
  return is<MethodDescriptor>(method) ? method.as<MethodDescriptor>()->def() : nullptr;
}

// Its answer for two values of that class: mostly a bool; NotImplemented leaves it to the general comparison.
inline Result<Value> compare_natively(Thread& thread, const NativeDef* method, Value a, Value b) {
  Value operands[2] = {a, b};
  return method->entry(thread, *method, operands, 2, nullptr);
}

}  // namespace baton
