// `from __future__ import ...`: which features a module switches on, and the errors of misplaced or unknown ones.
#include "compile/future.h"

#include "compile/codegen.h"
#include "compile/optimize.h"

namespace baton::compile {

using namespace ast;

namespace {

bool note_features(const ImportFrom* s, FutureFeatures& features, Diagnostics& diagnostics) {
  Span where = s->span;
  where.end_lineno = where.lineno;  // only the start is reported, and this
  where.end_col_offset = -1;
  for (Alias* alias : s->names) {
    std::string_view name = alias->name;
    if (name == "nested_scopes" || name == "generators" || name == "division" || name == "absolute_import" ||
        name == "with_statement" || name == "print_function" || name == "unicode_literals" || name == "generator_stop") {
      continue;  // always on
    }
    if (name == "barry_as_FLUFL") {
      features.flags |= kFutureBarryAsBdfl;
    } else if (name == "annotations") {
      features.flags |= kFutureAnnotations;
    } else if (name == "braces") {
      diagnostics.syntax_error(where, "not a chance");
      return false;
    } else {
      diagnostics.syntax_error(where, quoted("future feature ", name.substr(0, 100), " is not defined"));
      return false;
    }
  }
  return true;
}

}  // namespace

bool find_future_features(const ModNode* mod, FutureFeatures& features, Diagnostics& diagnostics) {
  const Seq<StmtNode*>* body = mod->is<Module>()        ? &mod->as<Module>()->body
                               : mod->is<Interactive>() ? &mod->as<Interactive>()->body
                                                        : nullptr;
  if (!body) return true;
  bool done = false;
  i32 previous_line = 0;
  for (u32 i = docstring_of(*body).data() ? 1 : 0; i < body->size; ++i) {
    StmtNode* s = (*body)[i];
    if (done && s->span.lineno > previous_line) return true;
    previous_line = s->span.lineno;
    auto* import = s->is<ImportFrom>() ? s->as<ImportFrom>() : nullptr;
    if (!import || !import->module.data() || import->module != "__future__") {
      done = true;
      continue;
    }
    if (done) {
      Span where = s->span;
      where.end_lineno = 0;
      --where.col_offset;  // as CPython reports it
      diagnostics.syntax_error(where, "from __future__ imports must occur at the beginning of the file");
      return false;
    }
    if (!note_features(import, features, diagnostics)) return false;
    features.line = s->span.lineno;
  }
  return true;
}

}  // namespace baton::compile
