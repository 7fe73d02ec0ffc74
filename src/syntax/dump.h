// The tree as text, exactly as ast.dump(tree, include_attributes=...) of Python 3.11 prints it.
#pragma once
#include <string>

#include "syntax/ast.h"

namespace baton::syntax {

// Appends to `out`. Recursive: for trees of ordinary depth (tools and tests).
void dump(std::string& out, const ast::ModNode* mod, bool include_attributes);

}  // namespace baton::syntax
