// Operators and comparisons by the native method that native_operators.h has found, and what comes after it has declined.
#include "interp/native_operators.h"
#include "interp/slow.h"

namespace baton {

static Result<Value> ask_native(Thread& t, const NativeDef* def, Value a, Value b) {
  Value operands[2] = {a, b};
  return def->entry(t, *def, operands, 2, nullptr);
}
Value slow_native_binary(Thread& t, const NativeDef* def, BinaryOp op, Value a, Value b) {
  Result<Value> v = ask_native(t, def, a, b);
  if (v.is_failed() || !v.value().is_not_implemented()) [[likely]]
    return value_or_absent(v);
  return value_or_absent(finish_declined_operator(t, op, false, OperatorTurn::Forward, a, b));
}
Value slow_native_inplace(Thread& t, const NativeDef* def, BinaryOp op, Value a, Value b) {
  Result<Value> v = ask_native(t, def, a, b);
  if (v.is_failed() || !v.value().is_not_implemented()) [[likely]]
    return value_or_absent(v);
  bool has_inplace = type_of(a)->slot(operator_slots(op).inplace).is_present();
  OperatorTurn turn = has_inplace ? OperatorTurn::Inplace : OperatorTurn::Forward;
  return value_or_absent(finish_declined_operator(t, op, true, turn, a, b));
}

static Result<Value> compare_by_native(Thread& t, const NativeDef* def, CompareOp op, Value a, Value b) {
  TRY(check_native_depth(t, " in comparison"));
  Value v = TRY(ask_native(t, def, a, b));
  return v.is_not_implemented() ? finish_declined_comparison(t, op, a, b) : Result<Value>(v);
}
Value slow_native_compare(Thread& t, const NativeDef* def, CompareOp op, Value a, Value b) {
  return value_or_absent(compare_by_native(t, def, op, a, b));
}
int slow_native_compare_truth(Thread& t, const NativeDef* def, CompareOp op, Value a, Value b) {
  Result<Value> v = compare_by_native(t, def, op, a, b);
  if (v.is_failed()) return -1;
  return v.value().is_bool() ? v.value().is_true() : slow_truth(t, v.value());
}

}  // namespace baton
