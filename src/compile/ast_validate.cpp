// See the header. Every check answers false after noting the fault, which is the first one.
#include "compile/ast_validate.h"

#include <cstdarg>
#include <cstdio>

namespace baton {

using namespace ast;
using syntax::Seq;

namespace {

class Validator {
 public:
  explicit Validator(const void* stack_limit) : stack_limit_(stack_limit) {}
  AstFault fault;

  bool module(const ModNode* mod) {
    switch (mod->kind) {
      case ModKind::Module: return statements(mod->as<Module>()->body);
      case ModKind::Interactive: return statements(mod->as<Interactive>()->body);
      case ModKind::Expression: return expression(mod->as<Expression>()->body, ExprContext::Load);
      case ModKind::FunctionType:
        return expressions(mod->as<FunctionType>()->argtypes, ExprContext::Load) && load(mod->as<FunctionType>()->returns);
    }
    return true;
  }

 private:
  __attribute__((format(printf, 2, 3))) bool fail(const char* format, ...) {
    char buffer[400];
    va_list args;
    va_start(args, format);
    vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    fault.kind = AstFault::Kind::Value;
    fault.text = buffer;
    return false;
  }
  bool enough_stack() {
    if (static_cast<const void*>(__builtin_frame_address(0)) > stack_limit_) return true;
    fault.kind = AstFault::Kind::Recursion;
    fault.text = "maximum recursion depth exceeded during compilation";
    return false;
  }
  bool positions(const Span& s) {
    if (s.lineno > s.end_lineno) return fail("AST node line range (%d, %d) is not valid", s.lineno, s.end_lineno);
    if ((s.lineno < 0 && s.end_lineno != s.lineno) || (s.col_offset < 0 && s.col_offset != s.end_col_offset)) {
      return fail("AST node column range (%d, %d) for line range (%d, %d) is not valid", s.col_offset, s.end_col_offset, s.lineno,
                  s.end_lineno);
    }
    if (s.lineno == s.end_lineno && s.col_offset > s.end_col_offset)
      return fail("line %d, column %d-%d is not a valid range", s.lineno, s.col_offset, s.end_col_offset);
    return true;
  }
  bool name(Identifier text) {
    for (const char* reserved : {"None", "True", "False"})
      if (text == reserved) return fail("identifier field can't represent '%s' constant", reserved);
    return true;
  }
  template <class T>
  bool nonempty(const Seq<T>& seq, const char* what, const char* owner) {
    return seq.size ? true : fail("empty %s on %s", what, owner);
  }

  // ---- expressions

  bool load(const ExprNode* e) { return expression(e, ExprContext::Load); }
  bool load_optional(const ExprNode* e) { return !e || load(e); }
  bool expressions(const Seq<ExprNode*>& list, ExprContext context, bool null_ok = false) {
    for (ExprNode* e : list) {
      if (e) {
        if (!expression(e, context)) return false;
      } else if (!null_ok) {
        return fail("None disallowed in expression list");
      }
    }
    return true;
  }
  bool keywords(const Seq<Keyword*>& list) {
    for (Keyword* k : list)
      if (!load(k->value)) return false;
    return true;
  }
  bool comprehensions(const Seq<Comprehension*>& list) {
    if (!list.size) return fail("comprehension with no generators");
    for (Comprehension* c : list) {
      if (!expression(c->target, ExprContext::Store) || !load(c->iter) || !expressions(c->ifs, ExprContext::Load)) return false;
    }
    return true;
  }
  bool args(const Seq<Arg*>& list) {
    for (Arg* a : list)
      if (!positions(a->span) || !load_optional(a->annotation)) return false;
    return true;
  }
  bool arguments(const Arguments* a) {
    if (!args(a->posonlyargs) || !args(a->args)) return false;
    if (a->vararg && !load_optional(a->vararg->annotation)) return false;
    if (!args(a->kwonlyargs)) return false;
    if (a->kwarg && !load_optional(a->kwarg->annotation)) return false;
    if (a->defaults.size > a->posonlyargs.size + a->args.size) return fail("more positional defaults than args on arguments");
    if (a->kw_defaults.size != a->kwonlyargs.size)
      return fail("length of kwonlyargs is not the same as kw_defaults on arguments");
    return expressions(a->defaults, ExprContext::Load) && expressions(a->kw_defaults, ExprContext::Load, true);
  }

  static const ExprContext* context_of(const ExprNode* e) {
    switch (e->kind) {
      case ExprKind::Attribute: return &e->as<Attribute>()->ctx;
      case ExprKind::Subscript: return &e->as<Subscript>()->ctx;
      case ExprKind::Starred: return &e->as<Starred>()->ctx;
      case ExprKind::Name: return &e->as<Name>()->ctx;
      case ExprKind::List: return &e->as<List>()->ctx;
      case ExprKind::Tuple: return &e->as<Tuple>()->ctx;
      default: return nullptr;
    }
  }

  bool expression(const ExprNode* e, ExprContext wanted) {
    if (!positions(e->span) || !enough_stack()) return false;
    const ExprContext* actual = context_of(e);
    if (e->kind == ExprKind::Name && !name(e->as<Name>()->id)) return false;
    if (actual) {
      if (*actual != wanted) return fail("expression must have %s context but has %s instead", name_of(wanted), name_of(*actual));
    } else if (wanted != ExprContext::Load) {
      return fail("expression which can't be assigned to in %s context", name_of(wanted));
    }
    switch (e->kind) {
      case ExprKind::BoolOp:
        if (e->as<BoolOp>()->values.size < 2) return fail("BoolOp with less than 2 values");
        return expressions(e->as<BoolOp>()->values, ExprContext::Load);
      case ExprKind::BinOp: return load(e->as<BinOp>()->left) && load(e->as<BinOp>()->right);
      case ExprKind::UnaryOp: return load(e->as<UnaryOp>()->operand);
      case ExprKind::Lambda: return arguments(e->as<Lambda>()->args) && load(e->as<Lambda>()->body);
      case ExprKind::IfExp: return load(e->as<IfExp>()->test) && load(e->as<IfExp>()->body) && load(e->as<IfExp>()->orelse);
      case ExprKind::Dict: {
        auto* d = e->as<Dict>();
        if (d->keys.size != d->values.size) return fail("Dict doesn't have the same number of keys as values");
        return expressions(d->keys, ExprContext::Load, true) && expressions(d->values, ExprContext::Load);
      }
      case ExprKind::Set: return expressions(e->as<Set>()->elts, ExprContext::Load);
      case ExprKind::ListComp: return comprehensions(e->as<ListComp>()->generators) && load(e->as<ListComp>()->elt);
      case ExprKind::SetComp: return comprehensions(e->as<SetComp>()->generators) && load(e->as<SetComp>()->elt);
      case ExprKind::GeneratorExp: return comprehensions(e->as<GeneratorExp>()->generators) && load(e->as<GeneratorExp>()->elt);
      case ExprKind::DictComp:
        return comprehensions(e->as<DictComp>()->generators) && load(e->as<DictComp>()->key) && load(e->as<DictComp>()->value);
      case ExprKind::Yield: return load_optional(e->as<Yield>()->value);
      case ExprKind::YieldFrom: return load(e->as<YieldFrom>()->value);
      case ExprKind::Await: return load(e->as<Await>()->value);
      case ExprKind::Compare: {
        auto* c = e->as<Compare>();
        if (!c->comparators.size) return fail("Compare with no comparators");
        if (c->comparators.size != c->ops.size) return fail("Compare has a different number of comparators and operands");
        return expressions(c->comparators, ExprContext::Load) && load(c->left);
      }
      case ExprKind::Call: {
        auto* c = e->as<Call>();
        return load(c->func) && expressions(c->args, ExprContext::Load) && keywords(c->keywords);
      }
      case ExprKind::Constant: return true;
      case ExprKind::JoinedStr: return expressions(e->as<JoinedStr>()->values, ExprContext::Load);
      case ExprKind::FormattedValue:
        return load(e->as<FormattedValue>()->value) && load_optional(e->as<FormattedValue>()->format_spec);
      case ExprKind::Attribute: return load(e->as<Attribute>()->value);
      case ExprKind::Subscript: return load(e->as<Subscript>()->slice) && load(e->as<Subscript>()->value);
      case ExprKind::Starred: return expression(e->as<Starred>()->value, wanted);
      case ExprKind::List: return expressions(e->as<List>()->elts, wanted);
      case ExprKind::Tuple: return expressions(e->as<Tuple>()->elts, wanted);
      case ExprKind::NamedExpr: return load(e->as<NamedExpr>()->value);
      case ExprKind::Slice:
        return load_optional(e->as<Slice>()->lower) && load_optional(e->as<Slice>()->upper) &&
               load_optional(e->as<Slice>()->step);
      case ExprKind::Name: return true;
    }
    return true;
  }

  // ---- patterns

  static bool is_number(const ExprNode* e, bool real, bool imaginary) {
    if (e->kind != ExprKind::Constant) return false;
    ConstKind kind = e->as<Constant>()->value.kind;
    if (real && (kind == ConstKind::Int || kind == ConstKind::BigInt || kind == ConstKind::Float)) return true;
    return imaginary && kind == ConstKind::Complex;
  }
  static bool is_negative_number(const ExprNode* e, bool real, bool imaginary) {
    return e->kind == ExprKind::UnaryOp && e->as<UnaryOp>()->op == UnaryOperator::USub &&
           is_number(e->as<UnaryOp>()->operand, real, imaginary);
  }
  static bool is_complex_sum(const ExprNode* e) {
    auto* b = e->as<BinOp>();
    if (b->op != Operator::Add && b->op != Operator::Sub) return false;
    return (is_number(b->left, true, false) || is_negative_number(b->left, true, false)) && is_number(b->right, false, true);
  }
  bool match_value(const ExprNode* e) {
    if (!load(e)) return false;
    switch (e->kind) {
      case ExprKind::Constant:
        switch (e->as<Constant>()->value.kind) {
          case ConstKind::Int:
          case ConstKind::BigInt:
          case ConstKind::Float:
          case ConstKind::Bytes:
          case ConstKind::Complex:
          case ConstKind::Str: return true;
          default: return fail("unexpected constant inside of a literal pattern");
        }
      case ExprKind::Attribute: return true;
      case ExprKind::UnaryOp:
        if (is_negative_number(e, true, true)) return true;
        break;
      case ExprKind::BinOp:
        if (is_complex_sum(e)) return true;
        break;
      case ExprKind::JoinedStr: return true;
      default: break;
    }
    return fail("patterns may only match literals and attribute lookups");
  }
  bool capture(Identifier text) {
    if (text == "_") return fail("can't capture name '_' in patterns");
    return name(text);
  }
  bool patterns(const Seq<PatternNode*>& list, bool star_ok) {
    for (PatternNode* p : list)
      if (!pattern(p, star_ok)) return false;
    return true;
  }
  bool match_class(const MatchClass* m) {
    if (m->kwd_attrs.size != m->kwd_patterns.size)
      return fail("MatchClass doesn't have the same number of keyword attributes as patterns");
    if (!load(m->cls)) return false;
    const ExprNode* cls = m->cls;
    while (cls->kind == ExprKind::Attribute) cls = cls->as<Attribute>()->value;
    if (cls->kind != ExprKind::Name) return fail("MatchClass cls field can only contain Name or Attribute nodes.");
    for (Identifier attr : m->kwd_attrs)
      if (!name(attr)) return false;
    return patterns(m->patterns, false) && patterns(m->kwd_patterns, false);
  }
  bool match_mapping(const MatchMapping* m) {
    if (m->keys.size != m->patterns.size) return fail("MatchMapping doesn't have the same number of keys as patterns");
    if (m->rest.data() && !capture(m->rest)) return false;
    for (ExprNode* key : m->keys) {
      if (key && key->kind == ExprKind::Constant) {
        ConstKind kind = key->as<Constant>()->value.kind;
        if (kind == ConstKind::None || kind == ConstKind::True || kind == ConstKind::False) continue;
      }
      if (!key) return fail("None disallowed in expression list");
      if (!match_value(key)) return false;
    }
    return patterns(m->patterns, false);
  }
  bool pattern(const PatternNode* p, bool star_ok) {
    if (!p) return fail("None disallowed in pattern list");
    if (!positions(p->span) || !enough_stack()) return false;
    switch (p->kind) {
      case PatternKind::MatchValue: return match_value(p->as<MatchValue>()->value);
      case PatternKind::MatchSingleton: return true;  // checked when it was read
      case PatternKind::MatchSequence: return patterns(p->as<MatchSequence>()->patterns, true);
      case PatternKind::MatchMapping: return match_mapping(p->as<MatchMapping>());
      case PatternKind::MatchClass: return match_class(p->as<MatchClass>());
      case PatternKind::MatchStar:
        if (!star_ok) return fail("can't use MatchStar here");
        return !p->as<MatchStar>()->name.data() || capture(p->as<MatchStar>()->name);
      case PatternKind::MatchAs: {
        auto* m = p->as<MatchAs>();
        if (m->name.data() && !capture(m->name)) return false;
        if (!m->pattern) return true;
        if (!m->name.data()) return fail("MatchAs must specify a target name if a pattern is given");
        return pattern(m->pattern, false);
      }
      case PatternKind::MatchOr:
        if (p->as<MatchOr>()->patterns.size < 2) return fail("MatchOr requires at least 2 patterns");
        return patterns(p->as<MatchOr>()->patterns, false);
    }
    return true;
  }

  // ---- statements

  bool statements(const Seq<StmtNode*>& list) {
    for (StmtNode* s : list) {
      if (!s) return fail("None disallowed in statement list");
      if (!statement(s)) return false;
    }
    return true;
  }
  bool body(const Seq<StmtNode*>& list, const char* owner) { return nonempty(list, "body", owner) && statements(list); }
  template <class T>
  bool function(const T* f, const char* owner) {
    return body(f->body, owner) && arguments(f->args) && expressions(f->decorator_list, ExprContext::Load) &&
           load_optional(f->returns);
  }
  template <class T>
  bool for_loop(const T* f, const char* owner) {
    return expression(f->target, ExprContext::Store) && load(f->iter) && body(f->body, owner) && statements(f->orelse);
  }
  template <class T>
  bool with(const T* w, const char* owner) {
    if (!nonempty(w->items, "items", owner)) return false;
    for (WithItem* item : w->items) {
      if (!load(item->context_expr) || (item->optional_vars && !expression(item->optional_vars, ExprContext::Store)))
        return false;
    }
    return body(w->body, owner);
  }
  template <class T>
  bool try_statement(const T* t, const char* owner) {
    if (!body(t->body, owner)) return false;
    if (!t->handlers.size && !t->finalbody.size) return fail("%s has neither except handlers nor finalbody", owner);
    if (!t->handlers.size && t->orelse.size) return fail("%s has orelse but no except handlers", owner);
    for (ExceptHandler* h : t->handlers) {
      if (!h) return fail("None disallowed in handler list");
      if (!positions(h->span) || !load_optional(h->type) || !body(h->body, "ExceptHandler")) return false;
    }
    return (!t->finalbody.size || statements(t->finalbody)) && (!t->orelse.size || statements(t->orelse));
  }
  bool match(const Match* m) {
    if (!load(m->subject) || !nonempty(m->cases, "cases", "Match")) return false;
    for (MatchCase* c : m->cases)
      if (!pattern(c->pattern, false) || !load_optional(c->guard) || !body(c->body, "match_case")) return false;
    return true;
  }

  bool statement(const StmtNode* s) {
    if (!positions(s->span) || !enough_stack()) return false;
    switch (s->kind) {
      case StmtKind::FunctionDef: return function(s->as<FunctionDef>(), "FunctionDef");
      case StmtKind::AsyncFunctionDef: return function(s->as<AsyncFunctionDef>(), "AsyncFunctionDef");
      case StmtKind::ClassDef: {
        auto* c = s->as<ClassDef>();
        return body(c->body, "ClassDef") && expressions(c->bases, ExprContext::Load) && keywords(c->keywords) &&
               expressions(c->decorator_list, ExprContext::Load);
      }
      case StmtKind::Return: return load_optional(s->as<Return>()->value);
      case StmtKind::Delete:
        return nonempty(s->as<Delete>()->targets, "targets", "Delete") && expressions(s->as<Delete>()->targets, ExprContext::Del);
      case StmtKind::Assign:
        return nonempty(s->as<Assign>()->targets, "targets", "Assign") &&
               expressions(s->as<Assign>()->targets, ExprContext::Store) && load(s->as<Assign>()->value);
      case StmtKind::AugAssign:
        return expression(s->as<AugAssign>()->target, ExprContext::Store) && load(s->as<AugAssign>()->value);
      case StmtKind::AnnAssign: {
        auto* a = s->as<AnnAssign>();
        if (a->target->kind != ExprKind::Name && a->simple) {
          fail("AnnAssign with simple non-Name target");
          fault.kind = AstFault::Kind::Type;
          return false;
        }
        return expression(a->target, ExprContext::Store) && load_optional(a->value) && load(a->annotation);
      }
      case StmtKind::For: return for_loop(s->as<For>(), "For");
      case StmtKind::AsyncFor: return for_loop(s->as<AsyncFor>(), "AsyncFor");
      case StmtKind::While:
        return load(s->as<While>()->test) && body(s->as<While>()->body, "While") && statements(s->as<While>()->orelse);
      case StmtKind::If: return load(s->as<If>()->test) && body(s->as<If>()->body, "If") && statements(s->as<If>()->orelse);
      case StmtKind::With: return with(s->as<With>(), "With");
      case StmtKind::AsyncWith: return with(s->as<AsyncWith>(), "AsyncWith");
      case StmtKind::Match: return match(s->as<Match>());
      case StmtKind::Raise: {
        auto* r = s->as<Raise>();
        if (r->exc) return load(r->exc) && load_optional(r->cause);
        return r->cause ? fail("Raise with cause but no exception") : true;
      }
      case StmtKind::Try: return try_statement(s->as<Try>(), "Try");
      case StmtKind::TryStar: return try_statement(s->as<TryStar>(), "TryStar");
      case StmtKind::Assert: return load(s->as<Assert>()->test) && load_optional(s->as<Assert>()->msg);
      case StmtKind::Import: return nonempty(s->as<Import>()->names, "names", "Import");
      case StmtKind::ImportFrom:
        if (s->as<ImportFrom>()->level < 0) return fail("Negative ImportFrom level");
        return nonempty(s->as<ImportFrom>()->names, "names", "ImportFrom");
      case StmtKind::Global: return nonempty(s->as<Global>()->names, "names", "Global");
      case StmtKind::Nonlocal: return nonempty(s->as<Nonlocal>()->names, "names", "Nonlocal");
      case StmtKind::Expr: return load(s->as<Expr>()->value);
      case StmtKind::Pass:
      case StmtKind::Break:
      case StmtKind::Continue: return true;
    }
    return true;
  }

  const void* stack_limit_;
};

}  // namespace

AstFault validate_ast(const ModNode* mod, const void* stack_limit) {
  Validator validator(stack_limit);
  validator.module(mod);
  return static_cast<AstFault&&>(validator.fault);
}

}  // namespace baton
