#include "compile/future.h"

#include "compile/codegen.h"

namespace baton::compile {

using namespace ast;

namespace {

bool note_features(const ImportFrom* s, FutureFeatures& features, Diagnostics& diagnostics) {
  Span where = s->span;
  where.end_lineno = 0;  // only the start is reported
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
  for (StmtNode* s : *body) {
    if (done && s->span.lineno > previous_line) return true;
    previous_line = s->span.lineno;
    if (s->is<ImportFrom>() && s->as<ImportFrom>()->module.data() && s->as<ImportFrom>()->module == "__future__" &&
        s->as<ImportFrom>()->level == 0) {
      if (done) {
        diagnostics.syntax_error(s->span, "from __future__ imports must occur at the beginning of the file");
        return false;
      }
      if (!note_features(s->as<ImportFrom>(), features, diagnostics)) return false;
      features.line = s->span.lineno;
    } else if (s->is<Expr>() && !done) {
      const ExprNode* value = s->as<Expr>()->value;
      if (!value->is<Constant>() || value->as<Constant>()->value.kind != ConstKind::Str) done = true;
    } else {
      done = true;
    }
  }
  return true;
}

}  // namespace baton::compile
