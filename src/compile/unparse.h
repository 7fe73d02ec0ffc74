// Source text of an expression, as `from __future__ import annotations` stores it: same text as CPython's unparser.
#pragma once
#include <string>

#include "syntax/ast.h"

namespace baton::compile {

// False: nested too deeply. The text is WTF-8.
bool unparse_expression(const ast::ExprNode* e, std::string& text);

}  // namespace baton::compile
