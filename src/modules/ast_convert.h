// Objects of `_ast` classes -> C++ tree, checked.
#pragma once
#include "syntax/ast.h"
#include "syntax/parse.h"
#include "objects/object.h"

namespace baton {

// The tree lives in `arena`. TypeError/ValueError for what compile() would refuse.
Result<ast::ModNode*> tree_from_object(Thread& thread, syntax::Arena& arena, Value tree, syntax::ParseMode mode);
// Class of a node by Python's name; absent if there is none. Imports _ast.
Result<Value> ast_class(Thread& thread, std::string_view name);
extern Type* node_types[ast::kNodeTypeCount];

}  // namespace baton
