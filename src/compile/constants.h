// Constants while compiling: ast::ConstValue, compared as constants of a code object are (by type and value; 0.0 and -0.0
// differ), and the arithmetic of constant folding. Results live in the arena.
#pragma once
#include "syntax/ast.h"

namespace baton::compile {

bool same_constant(const ast::ConstValue& a, const ast::ConstValue& b);
// Python's ==: 0, False, 0.0 and 0j are equal.
bool equal_constants(const ast::ConstValue& a, const ast::ConstValue& b);
u64 hash_constant(const ast::ConstValue& value);
bool constant_is_true(const ast::ConstValue& value);
bool constant_is_int(const ast::ConstValue& value, i64 low, i64 high);

// False: not to be folded (an error at run time, too large a result, or not worth it).
bool fold_binary(ast::Arena& arena, ast::Operator op, const ast::ConstValue& left, const ast::ConstValue& right,
                 ast::ConstValue& result);
bool fold_unary(ast::Arena& arena, ast::UnaryOperator op, const ast::ConstValue& operand, ast::ConstValue& result);
bool fold_subscript(ast::Arena& arena, const ast::ConstValue& object, const ast::ConstValue& index, ast::ConstValue& result);

}  // namespace baton::compile
