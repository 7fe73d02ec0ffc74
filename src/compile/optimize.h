// Rewrites the tree before it is compiled, as CPython's AST optimiser does: constant folding and a few identities. Works in
// place.
#pragma once
#include "compile/diagnostics.h"
#include "syntax/ast.h"

namespace baton::compile {

struct OptimizeOptions {
  int level = 0;                    // -O
  bool future_annotations = false;  // annotations stay as written
  u32 depth_limit = 3000;
};

bool optimize_ast(ast::ModNode* mod, ast::Arena& arena, const OptimizeOptions& options, Diagnostics& diagnostics);

// The text of the docstring statement that a body starts with, or an absent view.
std::string_view docstring_of(const ast::Seq<ast::StmtNode*>& body);

}  // namespace baton::compile
