// `from __future__ import ...` at the top of a module: which features, and where the last such line is.
#pragma once
#include "compile/diagnostics.h"
#include "syntax/ast.h"

namespace baton::compile {

struct FutureFeatures {
  u32 flags = 0;  // CO_FUTURE_*
  i32 line = -1;  // of the last __future__ import
};

bool find_future_features(const ast::ModNode* mod, FutureFeatures& features, Diagnostics& diagnostics);

}  // namespace baton::compile
