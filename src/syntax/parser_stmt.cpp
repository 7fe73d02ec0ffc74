// Statements. Each *_statement function starts at its keyword (decorators and `async` are passed in).
#include "syntax/parser.h"

namespace baton::syntax {

using namespace ast;
using enum TokenKind;

static bool is_layout(TokenKind kind) { return kind == Newline || kind == Indent || kind == Dedent || kind == EndMarker; }

Span Parser::statement_span(const Token* first) const {
  const Token* last = tok_ - 1;
  while (last > first && is_layout(last->kind)) --last;
  return {first->lineno, first->col_offset, last->end_lineno, last->end_col_offset};
}

// Pushes statements up to the end of the block or the text.
bool Parser::statements() {
  do {
    if (!statement()) return false;
  } while (!at(Dedent) && !at(EndMarker));
  return true;
}

// Pushes one compound statement or a line of simple ones.
bool Parser::statement() {
  StmtNode* node;
  switch (kind()) {
    case KwIf: node = if_statement(); break;
    case KwDef: node = function_definition(tok_, false, {}); break;
    case KwClass: node = class_definition({}); break;
    case KwFor: node = for_statement(tok_, false); break;
    case KwWith: node = with_statement(tok_, false); break;
    case KwTry: node = try_statement(); break;
    case KwWhile: node = while_statement(); break;
    case At: node = decorated_statement(); break;
    case KwAsync: node = async_statement(); break;
    case TokenKind::Name:
      if (at_match_statement()) {
        Checkpoint start = checkpoint();
        if (StmtNode* match = match_statement()) {
          push(match);
          return true;
        }
        if (stop_ != Stop::Syntax) return false;
        restore(start);
      }
      [[fallthrough]];
    default: return simple_statements();
  }
  if (!node) return false;
  push(node);
  return true;
}

void Parser::restore(const Checkpoint& point) {
  tok_ = point.tok;
  stack_.truncate(point.stack);
  keywords_.truncate(point.keywords);
  words_.truncate(point.words);
  warnings_.truncate(point.warnings);
}

bool Parser::simple_statements() {
  for (;;) {
    StmtNode* node = simple_statement();
    if (!node) return false;
    push(node);
    if (accept(Newline)) return true;
    if (!accept(Semi)) return false;
    if (accept(Newline)) return true;
  }
}

StmtNode* Parser::simple_statement() {
  const Token* first = tok_;
  switch (kind()) {
    case KwReturn: return return_statement();
    case KwImport: return import_statement();
    case KwFrom: return from_statement();
    case KwRaise: return raise_statement();
    case KwPass: ++tok_; return make<Pass>(span_from(first));
    case KwDel: return delete_statement();
    case KwYield: {
      ExprNode* value = yield_expression();
      return value ? make<ast::Expr>(span_from(first), value) : nullptr;
    }
    case KwAssert: return assert_statement();
    case KwBreak: ++tok_; return make<Break>(span_from(first));
    case KwContinue: ++tok_; return make<Continue>(span_from(first));
    case KwGlobal: return names_statement(true);
    case KwNonlocal: return names_statement(false);
    default: return expression_statement();
  }
}

// ---- expressions and assignments ----

StmtNode* Parser::expression_statement() {
  const Token* first = tok_;
  ExprNode* e = star_expressions();
  if (!e) return nullptr;
  switch (kind()) {
    case Newline:
    case Semi: return make<ast::Expr>(span_from(first), e);
    case Equal: return assignment(first, e);
    case Colon: return annotated_assignment(first, e);
    default:
      if (kind() >= PlusEqual && kind() <= DoubleSlashEqual) return augmented_assignment(first, e);
      return nullptr;
  }
}

StmtNode* Parser::annotated_assignment(const Token* first, ExprNode* target) {
  if (!store_single(target)) return nullptr;
  if (too_old(6)) return nullptr;
  ++tok_;
  ExprNode* annotation = expression();
  if (!annotation) return nullptr;
  ExprNode* value = nullptr;
  if (accept(Equal) && !(value = yield_or_star_expressions())) return nullptr;
  i32 simple = target->is<ast::Name>() && !target->parenthesized;
  return make<AnnAssign>(span_from(first), target, annotation, value, simple);
}

StmtNode* Parser::assignment(const Token* first, ExprNode* target) {
  u32 m = mark();
  ExprNode* value = target;
  while (accept(Equal)) {
    if (!store(value)) return nullptr;
    push(value);
    bool is_yield = at(KwYield);
    value = yield_or_star_expressions();
    if (!value || (is_yield && at(Equal))) return nullptr;
  }
  Text comment;
  if (at(TypeComment)) comment = text_of(*tok_++);
  auto targets = take<ExprNode*>(m);
  return make<Assign>(span_from(first), targets, value, comment);
}

StmtNode* Parser::augmented_assignment(const Token* first, ExprNode* target) {
  Operator op;
  switch (kind()) {
    case PlusEqual: op = Operator::Add; break;
    case MinEqual: op = Operator::Sub; break;
    case StarEqual: op = Operator::Mult; break;
    case AtEqual: op = Operator::MatMult; break;
    case SlashEqual: op = Operator::Div; break;
    case PercentEqual: op = Operator::Mod; break;
    case AmperEqual: op = Operator::BitAnd; break;
    case VBarEqual: op = Operator::BitOr; break;
    case CircumflexEqual: op = Operator::BitXor; break;
    case LeftShiftEqual: op = Operator::LShift; break;
    case RightShiftEqual: op = Operator::RShift; break;
    case DoubleStarEqual: op = Operator::Pow; break;
    default: op = Operator::FloorDiv; break;
  }
  if (!store_single(target)) return nullptr;
  if (op == Operator::MatMult && too_old(5)) return nullptr;
  ++tok_;
  ExprNode* value = yield_or_star_expressions();
  return value ? make<AugAssign>(span_from(first), target, op, value) : nullptr;
}

StmtNode* Parser::return_statement() {
  const Token* first = tok_++;
  ExprNode* value = nullptr;
  if (starts_expression(kind()) && !(value = star_expressions())) return nullptr;
  return make<Return>(span_from(first), value);
}

StmtNode* Parser::raise_statement() {
  const Token* first = tok_++;
  ExprNode *exception = nullptr, *cause = nullptr;
  if (starts_expression(kind()) && !at(Star)) {
    if (!(exception = expression())) return nullptr;
    if (accept(KwFrom) && !(cause = expression())) return nullptr;
  }
  return make<Raise>(span_from(first), exception, cause);
}

StmtNode* Parser::assert_statement() {
  const Token* first = tok_++;
  ExprNode* test = expression();
  if (!test) return nullptr;
  ExprNode* message = nullptr;
  if (accept(Comma) && !(message = expression())) return nullptr;
  return make<Assert>(span_from(first), test, message);
}

StmtNode* Parser::delete_statement() {
  const Token* first = tok_++;
  u32 m = mark();
  do {
    ExprNode* target = primary();
    if (!target || !del(target)) return nullptr;
    push(target);
  } while (accept(Comma) && !at(Newline) && !at(Semi));
  if (!at(Newline) && !at(Semi)) return nullptr;
  auto targets = take<ExprNode*>(m);
  return make<Delete>(span_from(first), targets);
}

StmtNode* Parser::names_statement(bool global) {
  const Token* first = tok_++;
  u32 m = words_.size();
  do {
    if (!at(TokenKind::Name)) return nullptr;
    words_.push(identifier(*tok_++));
  } while (accept(Comma));
  auto names = make_seq(arena_, words_.at(m), words_.size() - m);
  words_.truncate(m);
  if (global) return make<Global>(span_from(first), names);
  return make<Nonlocal>(span_from(first), names);
}

// ---- imports ----

// a.b.c as one identifier.
bool Parser::dotted_name(Identifier* name) {
  if (!at(TokenKind::Name)) return false;
  Identifier result = identifier(*tok_++);
  while (accept(Dot)) {
    if (!at(TokenKind::Name)) return false;
    Identifier part = identifier(*tok_++);
    char* joined = static_cast<char*>(arena_.allocate(result.size() + part.size() + 2 + kTextPadding));
    memcpy(joined, result.data(), result.size());
    joined[result.size()] = '.';
    memcpy(joined + result.size() + 1, part.data(), part.size());
    result = {joined, result.size() + part.size() + 1};
  }
  *name = result;
  return true;
}

StmtNode* Parser::import_statement() {
  const Token* first = tok_++;
  u32 m = mark();
  do {
    const Token* start = tok_;
    Identifier name, as_name;
    if (!dotted_name(&name)) return nullptr;
    if (accept(KwAs)) {
      if (!at(TokenKind::Name)) return nullptr;
      as_name = identifier(*tok_++);
    }
    push(make<Alias>(span_from(start), name, as_name));
  } while (accept(Comma));
  auto names = take<Alias*>(m);
  return make<Import>(span_from(first), names);
}

StmtNode* Parser::from_statement() {
  const Token* first = tok_++;
  i32 level = 0;
  for (;; ++tok_) {
    if (at(Dot))
      level += 1;
    else if (at(TokenKind::Ellipsis))
      level += 3;
    else
      break;
  }
  Identifier module;
  if ((level == 0 || !at(KwImport)) && !dotted_name(&module)) return nullptr;
  if (!accept(KwImport)) return nullptr;
  u32 m = mark();
  if (at(Star)) {
    const Token* star = tok_++;
    push(make<Alias>(span_from(star), Identifier("*", 1), Identifier()));
  } else {
    bool parenthesized = accept(LPar);
    do {
      if (parenthesized && at(RPar) && mark() != m) break;
      const Token* start = tok_;
      if (!at(TokenKind::Name)) return nullptr;
      Identifier name = identifier(*tok_++), as_name;
      if (accept(KwAs)) {
        if (!at(TokenKind::Name)) return nullptr;
        as_name = identifier(*tok_++);
      }
      push(make<Alias>(span_from(start), name, as_name));
    } while (accept(Comma));
    if (parenthesized && !accept(RPar)) return nullptr;
  }
  auto names = take<Alias*>(m);
  auto* node = make<ImportFrom>(span_from(first), module, names, level);
  if (future_barry(node)) barry_ = true;
  return node;
}

// `from __future__ import barry_as_FLUFL` changes how the rest is read.
bool Parser::future_barry(const StmtNode* statement) {
  auto* import = statement->as<ImportFrom>();
  if (import->level != 0 || import->module != "__future__") return false;
  for (Alias* alias : import->names) {
    if (alias->name == "barry_as_FLUFL") return true;
  }
  return false;
}

// ---- blocks ----

// At the first token behind ':'.
bool Parser::block(Seq<StmtNode*>* body) {
  u32 m = mark();
  if (accept(Newline)) {
    Depth depth(*this, 7);
    if (depth.exceeded() || !accept(Indent) || at(Dedent) || !statements() || !accept(Dedent)) return false;
  } else if (!simple_statements()) {
    return false;
  }
  *body = take<StmtNode*>(m);
  return true;
}

bool Parser::else_block(Seq<StmtNode*>* body) {
  if (!accept(KwElse)) return true;
  return accept(Colon) && block(body);
}

Text Parser::type_comment() { return at(TypeComment) ? text_of(*tok_++) : Text(); }

// An `elif` is an If alone in the orelse of the one before. The chain is read in a loop and linked from its end.
StmtNode* Parser::if_statement() {
  u32 m = mark();
  do {
    const Token* first = tok_++;
    ExprNode* test = named_expression();
    if (!test || !accept(Colon)) return nullptr;
    Seq<StmtNode*> body;
    if (!block(&body)) return nullptr;
    push(make<If>({first->lineno, first->col_offset, 0, 0}, test, body));
    if ((mark() - m) > static_cast<u32>(kMaxLevels)) {
      too_deep();
      return nullptr;
    }
  } while (at(KwElif));
  Seq<StmtNode*> orelse;
  if (!else_block(&orelse)) return nullptr;
  Span end = statement_span(tok_ - 1);
  const Token* last = tok_ - 1;
  while (is_layout(last->kind)) --last;
  end.end_lineno = last->end_lineno;
  end.end_col_offset = last->end_col_offset;
  StmtNode* node = nullptr;
  for (u32 i = mark(); i-- > m;) {
    auto* branch = static_cast<If*>(*stack_.at(i));
    branch->orelse = node ? make_seq(arena_, &node, 1) : orelse;
    branch->span.end_lineno = end.end_lineno;
    branch->span.end_col_offset = end.end_col_offset;
    node = branch;
  }
  stack_.truncate(m);
  return node;
}

StmtNode* Parser::while_statement() {
  const Token* first = tok_++;
  ExprNode* test = named_expression();
  Seq<StmtNode*> body, orelse;
  if (!test || !accept(Colon) || !block(&body) || !else_block(&orelse)) return nullptr;
  return make<While>(statement_span(first), test, body, orelse);
}

StmtNode* Parser::for_statement(const Token* first, bool is_async) {
  ++tok_;
  ExprNode* target = target_list();
  if (!target || !accept(KwIn)) return nullptr;
  ExprNode* iter = star_expressions();
  if (!iter || !accept(Colon)) return nullptr;
  Text comment = type_comment();
  Seq<StmtNode*> body, orelse;
  if (!block(&body) || !else_block(&orelse)) return nullptr;
  if (is_async) return make<AsyncFor>(statement_span(first), target, iter, body, orelse, comment);
  return make<For>(statement_span(first), target, iter, body, orelse, comment);
}

// `with (` may open a list of items or an expression; the list is tried first.
StmtNode* Parser::with_statement(const Token* first, bool is_async) {
  ++tok_;
  Seq<WithItem*> items;
  Text comment;
  bool parsed = false;
  if (at(LPar)) {
    Checkpoint start = checkpoint();
    ++tok_;
    parsed = with_items(&items, true) && accept(RPar) && accept(Colon);
    if (!parsed) {
      if (stop_ != Stop::Syntax) return nullptr;
      restore(start);
    } else if (too_old(9)) {
      return nullptr;
    }
  }
  if (!parsed) {
    if (!with_items(&items, false) || !accept(Colon)) return nullptr;
    comment = type_comment();
  }
  Seq<StmtNode*> body;
  if (!block(&body)) return nullptr;
  if (is_async) return make<AsyncWith>(statement_span(first), items, body, comment);
  return make<With>(statement_span(first), items, body, comment);
}

bool Parser::with_items(Seq<WithItem*>* items, bool parenthesized) {
  u32 m = mark();
  do {
    if (parenthesized && at(RPar) && mark() != m) break;
    ExprNode* context = expression();
    if (!context) return false;
    ExprNode* target = nullptr;
    if (accept(KwAs)) {
      target = target_item();
      if (!target || !(at(Comma) || at(RPar) || at(Colon))) return false;
    }
    push(make_plain<WithItem>(arena_, context, target));
  } while (accept(Comma));
  *items = take<WithItem*>(m);
  return true;
}

StmtNode* Parser::try_statement() {
  const Token* first = tok_++;
  Seq<StmtNode*> body, orelse, finalbody;
  if (!accept(Colon) || !block(&body)) return nullptr;
  u32 m = mark();
  bool is_star = at(KwExcept) && next_kind() == Star;
  while (at(KwExcept)) {
    if ((next_kind() == Star) != is_star) return nullptr;
    ExceptHandler* handler = except_handler(is_star);
    if (!handler) return nullptr;
    push(handler);
  }
  auto handlers = take<ExceptHandler*>(m);
  if (!handlers.empty() && !else_block(&orelse)) return nullptr;
  if (accept(KwFinally)) {
    if (!accept(Colon) || !block(&finalbody)) return nullptr;
  } else if (handlers.empty()) {
    return nullptr;
  }
  if (is_star) {
    if (too_old(11)) return nullptr;
    return make<TryStar>(statement_span(first), body, handlers, orelse, finalbody);
  }
  return make<Try>(statement_span(first), body, handlers, orelse, finalbody);
}

ExceptHandler* Parser::except_handler(bool is_star) {
  const Token* first = tok_++;
  if (is_star) ++tok_;
  ExprNode* type = nullptr;
  Identifier name;
  if (!at(Colon) || is_star) {
    type = expression();
    if (!type) return nullptr;
    if (accept(KwAs)) {
      if (!at(TokenKind::Name)) return nullptr;
      name = identifier(*tok_++);
    }
  }
  Seq<StmtNode*> body;
  if (!accept(Colon) || !block(&body)) return nullptr;
  return make<ExceptHandler>(statement_span(first), type, name, body);
}

StmtNode* Parser::async_statement() {
  const Token* first = tok_++;
  switch (kind()) {
    case KwDef: return function_definition(first, true, {});
    case KwFor: return too_old(5) ? nullptr : for_statement(first, true);
    case KwWith: return too_old(5) ? nullptr : with_statement(first, true);
    default: return nullptr;
  }
}

// ---- definitions ----

StmtNode* Parser::decorated_statement() {
  u32 m = mark();
  while (accept(At)) {
    ExprNode* decorator = named_expression();
    if (!decorator || !accept(Newline)) return nullptr;
    push(decorator);
  }
  auto decorators = take<ExprNode*>(m);
  const Token* first = tok_;
  switch (kind()) {
    case KwDef: return function_definition(first, false, decorators);
    case KwClass: return class_definition(decorators);
    case KwAsync: ++tok_; return at(KwDef) ? function_definition(first, true, decorators) : nullptr;
    default: return nullptr;
  }
}

StmtNode* Parser::function_definition(const Token* first, bool is_async, Seq<ExprNode*> decorators) {
  if (is_async && too_old(5)) return nullptr;
  ++tok_;
  if (!at(TokenKind::Name)) return nullptr;
  Identifier name = identifier(*tok_++);
  if (!accept(LPar)) return nullptr;
  Arguments* args = parameters(RPar);
  if (!args || !accept(RPar)) return nullptr;
  ExprNode* returns = nullptr;
  if (accept(RArrow) && !(returns = expression())) return nullptr;
  if (!accept(Colon)) return nullptr;
  Text comment = type_comment();
  if (!comment.data() && at(Newline) && next_kind() == TypeComment && tok_[2].kind == Newline && tok_[3].kind == Indent) {
    comment = text_of(tok_[1]);
    tok_ += 2;
  }
  Seq<StmtNode*> body;
  if (!block(&body)) return nullptr;
  if (is_async) return make<AsyncFunctionDef>(statement_span(first), name, args, body, decorators, returns, comment);
  return make<FunctionDef>(statement_span(first), name, args, body, decorators, returns, comment);
}

StmtNode* Parser::class_definition(Seq<ExprNode*> decorators) {
  const Token* first = tok_++;
  if (!at(TokenKind::Name)) return nullptr;
  Identifier name = identifier(*tok_++);
  Seq<ExprNode*> bases;
  Seq<Keyword*> keywords;
  if (accept(LPar)) {
    // A bare generator expression is no list of bases.
    const Token* open = tok_;
    if (!call_arguments(&bases, &keywords) || !accept(RPar)) return nullptr;
    if (bases.size == 1 && bases[0]->is<GeneratorExp>() && bases[0]->span.lineno == open[-1].lineno &&
        bases[0]->span.col_offset == open[-1].col_offset) {
      return nullptr;
    }
  }
  Seq<StmtNode*> body;
  if (!accept(Colon) || !block(&body)) return nullptr;
  return make<ClassDef>(statement_span(first), name, bases, keywords, body, decorators);
}

}  // namespace baton::syntax
