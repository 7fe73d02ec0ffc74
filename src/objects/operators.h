// Operators of classes written in Python, for the interpreter, which enters their methods as frames: which method has the first
// say, and what comes after it has declined by NotImplemented.
#pragma once
#include "objects/function.h"
#include "objects/object.h"

namespace baton {

struct BinaryInfo {
  Slot forward, reflected, inplace;
  const char *symbol, *inplace_symbol;
};
inline constexpr BinaryInfo kBinary[] = {
    {Slot::add, Slot::radd, Slot::iadd, "+", "+="},
    {Slot::sub, Slot::rsub, Slot::isub, "-", "-="},
    {Slot::mul, Slot::rmul, Slot::imul, "*", "*="},
    {Slot::matmul, Slot::rmatmul, Slot::imatmul, "@", "@="},
    {Slot::truediv, Slot::rtruediv, Slot::itruediv, "/", "/="},
    {Slot::floordiv, Slot::rfloordiv, Slot::ifloordiv, "//", "//="},
    {Slot::mod, Slot::rmod, Slot::imod, "%", "%="},
    {Slot::pow, Slot::rpow, Slot::ipow, "** or pow()", "**="},
    {Slot::lshift, Slot::rlshift, Slot::ilshift, "<<", "<<="},
    {Slot::rshift, Slot::rrshift, Slot::irshift, ">>", ">>="},
    {Slot::and_, Slot::rand, Slot::iand, "&", "&="},
    {Slot::or_, Slot::ror, Slot::ior, "|", "|="},
    {Slot::xor_, Slot::rxor, Slot::ixor, "^", "^="},
    {Slot::divmod, Slot::rdivmod, Slot::kCount, "divmod()", nullptr},
};
constexpr BinaryInfo operator_slots(BinaryOp op) { return kBinary[static_cast<usize>(op)]; }
constexpr Slot comparison_slot(CompareOp op) {
  constexpr Slot slots[] = {Slot::lt, Slot::le, Slot::eq, Slot::ne, Slot::gt, Slot::ge};
  return slots[static_cast<usize>(op)];
}

enum class OperatorTurn : u8 { Forward, Reflected, Inplace };
struct OperatorMethod {
  Function* function;  // of the two operands, the other one first if it is the reflected one's turn; null: none, or not the first
  OperatorTurn turn;
};
OperatorMethod find_operator_method(BinaryOp op, bool is_inplace, Value a, Value b);
Function* find_comparison_method(CompareOp op, Value a, Value b);

Result<Value> finish_declined_operator(Thread& thread, BinaryOp op, bool is_inplace, OperatorTurn turn, Value a, Value b);
Result<Value> finish_declined_comparison(Thread& thread, CompareOp op, Value a, Value b);
Result<Index> checked_length(Thread& thread, Value answer);  // of __len__
Failed raise_bad_truth(Thread& thread, Value answer);        // of __bool__

}  // namespace baton
