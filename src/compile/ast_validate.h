// Checks of a tree that did not come from the parser: what the grammar's types cannot say (contexts, empty bodies, positions,
// patterns). Messages and their order are those of CPython's validator.
#pragma once
#include <string>

#include "syntax/ast.h"

namespace baton {

struct AstFault {
  enum class Kind : u8 { None, Value, Type, Recursion };
  Kind kind = Kind::None;
  std::string text;
};
// stack_limit: recursion stops when the C++ stack grows down to here.
AstFault validate_ast(const ast::ModNode* mod, const void* stack_limit);

}  // namespace baton
