// The match statement and its patterns. `match`, `case` and `_` are ordinary names elsewhere.
#include "syntax/parser.h"

namespace baton::syntax {

using namespace ast;
using enum TokenKind;

// At a name: may this be a match statement? Decides the common cases without trying.
bool Parser::at_match_statement() const {
  if (tok_->end - tok_->start != 5 || text_of(*tok_) != "match") return false;
  switch (next_kind()) {
    case TokenKind::Name:
    case Number:
    case String:
    case LPar:
    case LSqb:
    case LBrace:
    case TokenKind::Ellipsis:
    case Plus:
    case Minus:
    case Tilde:
    case KwNot:
    case KwAwait:
    case KwLambda:
    case KwFalse:
    case KwNone:
    case KwTrue:
    case Star: return true;
    default: return false;
  }
}

StmtNode* Parser::match_statement() {
  const Token* first = tok_++;
  const Token* subject_start = tok_;
  ExprNode* subject = star_named_expression();
  if (!subject) return nullptr;
  if (at(Comma)) {
    u32 m = mark();
    push(subject);
    while (accept(Comma)) {
      if (at(Colon)) break;
      if (!(subject = star_named_expression())) return nullptr;
      push(subject);
    }
    auto elts = take<ExprNode*>(m);
    subject = make<Tuple>(span_from(subject_start), elts, ExprContext::Load);
  } else if (subject->is<Starred>()) {
    return nullptr;
  }
  if (!accept(Colon) || !accept(Newline) || !accept(Indent)) return nullptr;
  if (too_old(10)) return nullptr;
  u32 m = mark();
  do {
    MatchCase* item = match_case();
    if (!item) return nullptr;
    push(item);
  } while (!at(Dedent));
  ++tok_;
  auto cases = take<MatchCase*>(m);
  return make<Match>(statement_span(first), subject, cases);
}

MatchCase* Parser::match_case() {
  if (!at_word("case")) return nullptr;
  ++tok_;
  PatternNode* pattern = patterns();
  if (!pattern) return nullptr;
  ExprNode* guard = nullptr;
  if (accept(KwIf) && !(guard = named_expression())) return nullptr;
  Seq<StmtNode*> body;
  if (!accept(Colon) || !block(&body)) return nullptr;
  return make_plain<MatchCase>(arena_, pattern, guard, body);
}

// The whole pattern of a case: here a sequence needs no brackets.
PatternNode* Parser::patterns() {
  const Token* first = tok_;
  PatternNode* item = maybe_star_pattern();
  if (!item || (!at(Comma) && !item->is<MatchStar>())) return item;
  if (!at(Comma)) return nullptr;
  u32 m = mark();
  push(item);
  while (accept(Comma)) {
    if (at(Colon) || at(KwIf)) break;
    if (!(item = maybe_star_pattern())) return nullptr;
    push(item);
  }
  auto items = take<PatternNode*>(m);
  return make<MatchSequence>(span_from(first), items);
}

PatternNode* Parser::maybe_star_pattern() {
  if (!at(Star)) return as_pattern();
  const Token* first = tok_++;
  Identifier name;
  if (!at(TokenKind::Name)) return nullptr;
  if (!at_word("_")) {
    if (!pattern_capture_name(&name)) return nullptr;
  } else {
    ++tok_;
  }
  return make<MatchStar>(span_from(first), name);
}

// A name that binds: not `_`, and not the start of something longer.
bool Parser::pattern_capture_name(Identifier* name) {
  if (!at(TokenKind::Name) || at_word("_")) return false;
  TokenKind next = next_kind();
  if (next == Dot || next == LPar || next == Equal) return false;
  *name = identifier(*tok_++);
  return true;
}

PatternNode* Parser::as_pattern() {
  const Token* first = tok_;
  PatternNode* pattern = or_pattern();
  if (!pattern || !accept(KwAs)) return pattern;
  Identifier name;
  if (!pattern_capture_name(&name)) return nullptr;
  return make<MatchAs>(span_from(first), pattern, name);
}

PatternNode* Parser::or_pattern() {
  const Token* first = tok_;
  PatternNode* pattern = closed_pattern();
  if (!pattern || !at(VBar)) return pattern;
  u32 m = mark();
  push(pattern);
  while (accept(VBar)) {
    if (!(pattern = closed_pattern())) return nullptr;
    push(pattern);
  }
  auto alternatives = take<PatternNode*>(m);
  return make<MatchOr>(span_from(first), alternatives);
}

PatternNode* Parser::closed_pattern() {
  Depth depth(*this, 8);
  if (depth.exceeded()) return nullptr;
  const Token* first = tok_;
  switch (kind()) {
    case Number:
    case Minus:
    case String:
    case KwNone:
    case KwTrue:
    case KwFalse: return literal_pattern();
    case LPar:
    case LSqb: return sequence_pattern();
    case LBrace: return mapping_pattern();
    case TokenKind::Name: break;
    default: return nullptr;
  }
  if (at_word("_")) {  // whatever follows: `_(x)` and `_.x` are no patterns
    ++tok_;
    return make<MatchAs>(span_from(first), nullptr, Identifier());
  }
  if (next_kind() == Dot || next_kind() == LPar) {
    ExprNode* value = name_or_attribute();
    if (!value) return nullptr;
    if (at(LPar)) return class_pattern(first, value);
    if (at(Equal)) return nullptr;
    return make<MatchValue>(span_from(first), value);
  }
  if (next_kind() == Equal) return nullptr;
  Identifier name = identifier(*tok_++);
  return make<MatchAs>(span_from(first), nullptr, name);
}

PatternNode* Parser::literal_pattern() {
  const Token* first = tok_;
  switch (kind()) {
    case KwNone: ++tok_; return make<MatchSingleton>(span_from(first), ConstValue::simple(ConstKind::None));
    case KwTrue: ++tok_; return make<MatchSingleton>(span_from(first), ConstValue::simple(ConstKind::True));
    case KwFalse: ++tok_; return make<MatchSingleton>(span_from(first), ConstValue::simple(ConstKind::False));
    default: break;
  }
  ExprNode* value = literal_expression();
  return value ? make<MatchValue>(span_from(first), value) : nullptr;
}

// Numbers (also `1 + 2j`), strings, and as mapping keys the singletons.
ExprNode* Parser::literal_expression() {
  switch (kind()) {
    case String: return strings();
    case KwNone:
    case KwTrue:
    case KwFalse: return atom();
    case Number:
    case Minus: break;
    default: return nullptr;
  }
  const Token* first = tok_;
  ExprNode* left = signed_number();
  if (!left || !(at(Plus) || at(Minus))) return left;
  auto op = at(Plus) ? Operator::Add : Operator::Sub;
  ++tok_;
  auto is_imaginary = [](ExprNode* e) { return e->is<Constant>() && e->as<Constant>()->value.kind == ConstKind::Complex; };
  ExprNode* real = left->is<UnaryOp>() ? left->as<UnaryOp>()->operand : left;
  if (!at(Number) || is_imaginary(real)) return nullptr;
  ExprNode* right = number();
  if (!right || !is_imaginary(right)) return nullptr;
  return make<BinOp>(span_from(first), left, op, right);
}

ExprNode* Parser::signed_number() {
  const Token* first = tok_;
  bool negative = accept(Minus);
  if (!at(Number)) return nullptr;
  ExprNode* value = number();
  if (!value || !negative) return value;
  return make<UnaryOp>(span_from(first), UnaryOperator::USub, value);
}

ExprNode* Parser::name_or_attribute() {
  const Token* first = tok_;
  ExprNode* value = name();
  while (accept(Dot)) {
    if (!at(TokenKind::Name)) return nullptr;
    Identifier attr = identifier(*tok_++);
    value = make<Attribute>(span_from(first), value, attr, ExprContext::Load);
  }
  return value;
}

// [ ... ] and ( ... ). A single pattern in parentheses without a comma is just that pattern.
PatternNode* Parser::sequence_pattern() {
  const Token* first = tok_;
  TokenKind closer = at(LPar) ? RPar : RSqb;
  ++tok_;
  u32 m = mark();
  bool comma = false;
  while (!at(closer)) {
    PatternNode* item = maybe_star_pattern();
    if (!item) return nullptr;
    push(item);
    comma = accept(Comma);
    if (!comma) break;
  }
  if (!accept(closer)) return nullptr;
  auto items = take<PatternNode*>(m);
  if (closer == RPar && items.size == 1 && !comma) return items[0]->is<MatchStar>() ? nullptr : items[0];
  return make<MatchSequence>(span_from(first), items);
}

PatternNode* Parser::mapping_pattern() {
  const Token* first = tok_++;
  u32 m = mark();
  Identifier rest;
  bool seen_rest = false;
  while (!at(RBrace)) {
    if (seen_rest) return nullptr;
    if (accept(DoubleStar)) {
      if (!pattern_capture_name(&rest)) return nullptr;
      seen_rest = true;
    } else {
      ExprNode* key;
      if (at(TokenKind::Name)) {
        key = next_kind() == Dot ? name_or_attribute() : nullptr;
      } else {
        key = literal_expression();
      }
      if (!key || !accept(Colon)) return nullptr;
      PatternNode* value = as_pattern();
      if (!value) return nullptr;
      push(key);
      push(value);
    }
    if (!accept(Comma)) break;
  }
  if (!accept(RBrace)) return nullptr;
  u32 count = (mark() - m) / 2;
  Seq<ExprNode*> keys{arena_.allocate_array<ExprNode*>(count), count};
  Seq<PatternNode*> values{arena_.allocate_array<PatternNode*>(count), count};
  for (u32 i = 0; i < count; ++i) {
    keys[i] = static_cast<ExprNode*>(*stack_.at(m + 2 * i));
    values[i] = static_cast<PatternNode*>(*stack_.at(m + 2 * i + 1));
  }
  stack_.truncate(m);
  return make<MatchMapping>(span_from(first), keys, values, rest);
}

// At '(' behind the class. Positional patterns come first.
PatternNode* Parser::class_pattern(const Token* first, ExprNode* cls) {
  ++tok_;
  u32 m = mark(), names_mark = words_.size();
  u32 positional = 0;
  while (!at(RPar)) {
    if (at(TokenKind::Name) && next_kind() == Equal) {
      words_.push(identifier(*tok_));
      tok_ += 2;
    } else {
      if (words_.size() != names_mark) return nullptr;
      ++positional;
    }
    PatternNode* item = as_pattern();
    if (!item) return nullptr;
    push(item);
    if (!accept(Comma)) break;
  }
  if (!accept(RPar)) return nullptr;
  auto names = make_seq(arena_, words_.at(names_mark), words_.size() - names_mark);
  words_.truncate(names_mark);
  auto all = take<PatternNode*>(m);
  Seq<PatternNode*> patterns{all.data, positional}, keyword_patterns{all.data + positional, all.size - positional};
  return make<MatchClass>(span_from(first), cls, patterns, names, keyword_patterns);
}

}  // namespace baton::syntax
