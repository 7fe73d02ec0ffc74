// Expressions. Operators are one precedence-climbing loop; everything else follows the grammar's own rules.
#include <cstdio>

#include "syntax/parser.h"
#include "syntax/text_util.h"

namespace baton::syntax {

using namespace ast;
using enum TokenKind;

namespace {

enum Precedence : u8 { kNone, kOr, kAnd, kNot, kCompare, kBitOr, kBitXor, kBitAnd, kShift, kSum, kTerm };

struct KindTables {
  u8 precedence[256] = {};
  u8 op[256] = {};
  bool starts[256] = {};
  constexpr KindTables() {
    auto set = [this](TokenKind kind, u8 level, Operator o = Operator::Add) {
      precedence[static_cast<int>(kind)] = level;
      op[static_cast<int>(kind)] = static_cast<u8>(o);
    };
    set(KwOr, kOr);
    set(KwAnd, kAnd);
    for (TokenKind kind : {EqEqual, TokenKind::NotEqual, Less, LessEqual, Greater, GreaterEqual, KwIn, KwIs, KwNot})
      set(kind, kCompare);
    set(VBar, kBitOr, Operator::BitOr);
    set(Circumflex, kBitXor, Operator::BitXor);
    set(Amper, kBitAnd, Operator::BitAnd);
    set(LeftShift, kShift, Operator::LShift);
    set(RightShift, kShift, Operator::RShift);
    set(Plus, kSum, Operator::Add);
    set(Minus, kSum, Operator::Sub);
    set(Star, kTerm, Operator::Mult);
    set(Slash, kTerm, Operator::Div);
    set(DoubleSlash, kTerm, Operator::FloorDiv);
    set(Percent, kTerm, Operator::Mod);
    set(At, kTerm, Operator::MatMult);
    for (TokenKind kind : {TokenKind::Name, Number, String, LPar, LSqb, LBrace, TokenKind::Ellipsis, Plus, Minus, Tilde, KwNot,
                           KwAwait, KwLambda, KwFalse, KwNone, KwTrue, Star}) {
      starts[static_cast<int>(kind)] = true;
    }
  }
};
constexpr KindTables tables;

inline int precedence_of(TokenKind kind) { return tables.precedence[static_cast<int>(kind)]; }

}  // namespace

bool Parser::starts_expression(TokenKind kind) { return tables.starts[static_cast<int>(kind)]; }

// ---- lists of expressions ----

ExprNode* Parser::star_expressions() {
  const Token* first = tok_;
  ExprNode* e = star_expression();
  if (!e || !at(Comma)) return e;
  u32 m = mark();
  push(e);
  while (accept(Comma)) {
    if (!starts_expression(kind())) break;
    if (!(e = star_expression())) return nullptr;
    push(e);
  }
  auto elts = take<ExprNode*>(m);
  return make<Tuple>(span_from(first), elts, ExprContext::Load);
}

ExprNode* Parser::star_expression() {
  if (!at(Star)) return expression();
  const Token* first = tok_++;
  ExprNode* value = binary(kBitOr);
  return value ? make<Starred>(span_from(first), value, ExprContext::Load) : nullptr;
}

ExprNode* Parser::star_named_expression() { return at(Star) ? star_expression() : named_expression(); }

ExprNode* Parser::expressions() {
  const Token* first = tok_;
  ExprNode* e = expression();
  if (!e || !at(Comma)) return e;
  u32 m = mark();
  push(e);
  while (accept(Comma)) {
    if (!starts_expression(kind())) break;
    if (!(e = expression())) return nullptr;
    push(e);
  }
  auto elts = take<ExprNode*>(m);
  return make<Tuple>(span_from(first), elts, ExprContext::Load);
}

ExprNode* Parser::named_expression() {
  if (!at(TokenKind::Name) || next_kind() != ColonEqual) return expression();
  if (too_old(8)) return nullptr;
  const Token* first = tok_;
  ExprNode* target = name();
  target->as<ast::Name>()->ctx = ExprContext::Store;
  ++tok_;
  ExprNode* value = expression();
  return value ? make<NamedExpr>(span_from(first), target, value) : nullptr;
}

ExprNode* Parser::expression() {
  if (at(KwLambda)) return lambda();
  const Token* first = tok_;
  ExprNode* e = binary(kOr);
  return e && at(KwIf) ? conditional_tail(first, e) : e;
}

ExprNode* Parser::conditional_tail(const Token* first, ExprNode* body) {
  Depth depth(*this, 1);
  if (depth.exceeded()) return nullptr;
  ++tok_;
  ExprNode* test = binary(kOr);
  if (!test || !accept(KwElse)) return nullptr;
  ExprNode* orelse = expression();
  return orelse ? make<IfExp>(span_from(first), test, body, orelse) : nullptr;
}

ExprNode* Parser::yield_expression() {
  const Token* first = tok_++;
  if (accept(KwFrom)) {
    ExprNode* value = expression();
    return value ? make<YieldFrom>(span_from(first), value) : nullptr;
  }
  ExprNode* value = nullptr;
  if (starts_expression(kind()) && !(value = star_expressions())) return nullptr;
  return make<Yield>(span_from(first), value);
}

ExprNode* Parser::yield_or_star_expressions() { return at(KwYield) ? yield_expression() : star_expressions(); }

ExprNode* Parser::lambda() {
  Depth depth(*this, 2);
  if (depth.exceeded()) return nullptr;
  const Token* first = tok_++;
  Arguments* args = parameters(Colon);
  if (!args || !accept(Colon)) return nullptr;
  ExprNode* body = expression();
  return body ? make<Lambda>(span_from(first), args, body) : nullptr;
}

// ---- operators ----

ExprNode* Parser::binary(int min_precedence) {
  const Token* first = tok_;
  ExprNode* left;
  if (at(KwNot)) {
    if (min_precedence > kNot) return nullptr;
    left = not_expression(first);
  } else {
    left = unary();
  }
  while (left) {
    int precedence = precedence_of(kind());
    if (precedence < min_precedence || precedence == kNone) return left;
    if (precedence > kCompare) {
      auto op = static_cast<Operator>(tables.op[static_cast<int>(kind())]);
      if (op == Operator::MatMult && too_old(5)) return nullptr;
      ++tok_;
      ExprNode* right = binary(precedence + 1);
      if (!right) return nullptr;
      left = make<BinOp>(span_from(first), left, op, right);
    } else if (precedence == kCompare) {
      if (!is_comparison_operator()) return left;
      left = comparison_chain(first, left);
    } else {
      left = boolean_chain(first, left);
    }
  }
  return nullptr;
}

ExprNode* Parser::not_expression(const Token* first) {
  Depth depth(*this, 1);
  if (depth.exceeded()) return nullptr;
  ++tok_;
  ExprNode* operand = binary(kNot);
  return operand ? make<UnaryOp>(span_from(first), UnaryOperator::Not, operand) : nullptr;
}

ExprNode* Parser::boolean_chain(const Token* first, ExprNode* left) {
  TokenKind op = kind();
  u32 m = mark();
  push(left);
  while (accept(op)) {
    ExprNode* right = binary(op == KwOr ? kAnd : kNot);
    if (!right) return nullptr;
    push(right);
  }
  auto values = take<ExprNode*>(m);
  return make<BoolOp>(span_from(first), op == KwOr ? BoolOperator::Or : BoolOperator::And, values);
}

// `not` only together with `in`; `!=` and `<>` exclude each other.
bool Parser::is_comparison_operator() const {
  if (at(KwNot)) return next_kind() == KwIn;
  if (at(TokenKind::NotEqual)) return (text_of(*tok_)[0] == '<') == barry_;
  return true;
}

ExprNode* Parser::comparison_chain(const Token* first, ExprNode* left) {
  u32 m = mark();
  u8 inline_ops[4];
  u32 count = 0;
  Seq<CmpOperator> ops;
  u32 capacity = 0;
  while (precedence_of(kind()) == kCompare && is_comparison_operator()) {
    CmpOperator op;
    switch (tok_++->kind) {
      case EqEqual: op = CmpOperator::Eq; break;
      case TokenKind::NotEqual: op = CmpOperator::NotEq; break;
      case Less: op = CmpOperator::Lt; break;
      case LessEqual: op = CmpOperator::LtE; break;
      case Greater: op = CmpOperator::Gt; break;
      case GreaterEqual: op = CmpOperator::GtE; break;
      case KwIn: op = CmpOperator::In; break;
      case KwNot:
        op = CmpOperator::NotIn;
        ++tok_;
        break;
      default: op = accept(KwNot) ? CmpOperator::IsNot : CmpOperator::Is; break;
    }
    ExprNode* right = binary(kBitOr);
    if (!right) return nullptr;
    push(right);
    if (count < sizeof inline_ops) {
      inline_ops[count] = static_cast<u8>(op);
    } else {
      if (count >= capacity) {
        capacity = count * 4;
        auto* grown = arena_.allocate_array<CmpOperator>(capacity);
        memcpy(grown, count == sizeof inline_ops ? static_cast<void*>(inline_ops) : static_cast<void*>(ops.data), count);
        ops.data = grown;
      }
      ops.data[count] = op;
    }
    ++count;
  }
  if (count <= sizeof inline_ops) ops.data = make_seq(arena_, reinterpret_cast<CmpOperator*>(inline_ops), count).data;
  ops.size = count;
  auto comparators = take<ExprNode*>(m);
  return make<Compare>(span_from(first), left, ops, comparators);
}

// factor, power and await: `-x ** -y` is -(x ** (-y)).
ExprNode* Parser::unary() {
  const Token* first = tok_;
  TokenKind k = kind();
  if (k == Minus || k == Plus || k == Tilde) {
    Depth depth(*this, 1);
    if (depth.exceeded()) return nullptr;
    ++tok_;
    ExprNode* operand = unary();
    auto op = k == Minus ? UnaryOperator::USub : k == Plus ? UnaryOperator::UAdd : UnaryOperator::Invert;
    return operand ? make<UnaryOp>(span_from(first), op, operand) : nullptr;
  }
  ExprNode* base;
  if (k == KwAwait) {
    if (too_old(5)) return nullptr;
    ++tok_;
    base = primary();
    if (base) base = make<Await>(span_from(first), base);
  } else {
    base = primary();
  }
  if (!base || !at(DoubleStar)) return base;
  Depth depth(*this, 2);
  if (depth.exceeded()) return nullptr;
  ++tok_;
  ExprNode* exponent = unary();
  return exponent ? make<BinOp>(span_from(first), base, Operator::Pow, exponent) : nullptr;
}

// ---- primaries ----

ExprNode* Parser::primary() {
  const Token* first = tok_;
  ExprNode* value = atom();
  if (!value) return nullptr;
  TokenKind k = kind();
  return k == LPar || k == Dot || k == LSqb ? trailers(first, value) : value;
}

ExprNode* Parser::trailers(const Token* first, ExprNode* value) {
  while (value) {
    switch (kind()) {
      case Dot: {
        if (next_kind() != TokenKind::Name) return nullptr;
        Identifier attr = identifier(tok_[1]);
        tok_ += 2;
        value = make<Attribute>(span_from(first), value, attr, ExprContext::Load);
        break;
      }
      case LPar: value = call(first, value); break;
      case LSqb: value = subscript(first, value); break;
      default: return value;
    }
  }
  return nullptr;
}

ExprNode* Parser::atom() {
  const Token* first = tok_;
  switch (kind()) {
    case TokenKind::Name: return name();
    case Number: return number();
    case String: return strings();
    case LPar: return parenthesized();
    case LSqb: return list_display();
    case LBrace: return brace_display();
    case KwTrue: ++tok_; return make<Constant>(span_from(first), ConstValue::simple(ConstKind::True), Text());
    case KwFalse: ++tok_; return make<Constant>(span_from(first), ConstValue::simple(ConstKind::False), Text());
    case KwNone: ++tok_; return make<Constant>(span_from(first), ConstValue::simple(ConstKind::None), Text());
    case TokenKind::Ellipsis: ++tok_; return make<Constant>(span_from(first), ConstValue::simple(ConstKind::Ellipsis), Text());
    default: return nullptr;
  }
}

ExprNode* Parser::name() {
  const Token* first = tok_++;
  return make<ast::Name>(span_from(first), identifier(*first), ExprContext::Load);
}

ExprNode* Parser::number() {
  const Token* first = tok_++;
  std::string_view text = text_of(*first);
  if (too_old(6) && text.find('_') != text.npos) return nullptr;
  usize digits_over;
  ConstValue value = parse_number(arena_, text, options_.max_int_digits, &digits_over);
  if (digits_over) {
    // No columns: nobody wants to see thousands of digits.
    char message[300];
    int length = snprintf(message, sizeof message,
                          "Exceeds the limit (%d digits) for integer string conversion: value has %zu digits; "
                          "use sys.set_int_max_str_digits() to increase the limit"
                          " - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
                          options_.max_int_digits, digits_over);
    stop_ = Stop::Described;
    error_ = {};
    error_.message = arena_.copy({message, static_cast<usize>(length)});
    error_.lineno = first->lineno;
    error_.end_lineno = first->end_lineno;
    error_.text = line_around(text_, text_ + text_size_, text_ + first->start);
    return nullptr;
  }
  return make<Constant>(span_from(first), value, Text());
}

ExprNode* Parser::strings() {
  const Token* first = tok_;
  do ++tok_;
  while (at(String));
  return concatenate_strings(arena_, *this, text_, first, static_cast<u32>(tok_ - first), options_.feature_version);
}

// ( ... ): a group, a tuple or a generator expression.
ExprNode* Parser::parenthesized() {
  Depth depth(*this, 27);
  if (depth.exceeded()) return nullptr;
  const Token* first = tok_++;
  if (accept(RPar)) return make<Tuple>(span_from(first), Seq<ExprNode*>(), ExprContext::Load);
  if (at(KwYield)) {
    ExprNode* e = yield_expression();
    if (!e || !accept(RPar)) return nullptr;
    e->parenthesized = true;
    return e;
  }
  ExprNode* e = star_named_expression();
  if (!e) return nullptr;
  if (at(Comma)) {
    u32 m = mark();
    push(e);
    while (accept(Comma)) {
      if (at(RPar)) break;
      if (!(e = star_named_expression())) return nullptr;
      push(e);
    }
    if (!accept(RPar)) return nullptr;
    auto elts = take<ExprNode*>(m);
    return make<Tuple>(span_from(first), elts, ExprContext::Load);
  }
  if (e->is<Starred>()) return nullptr;
  if (accept(RPar)) {
    e->parenthesized = true;
    return e;
  }
  return at_comprehension() ? generator(first, e) : nullptr;
}

ExprNode* Parser::generator(const Token* first, ExprNode* element) {
  Seq<Comprehension*> clauses;
  if (!comprehension_clauses(&clauses) || !accept(RPar)) return nullptr;
  return make<GeneratorExp>(span_from(first), element, clauses);
}

ExprNode* Parser::list_display() {
  Depth depth(*this, 27);
  if (depth.exceeded()) return nullptr;
  const Token* first = tok_++;
  u32 m = mark();
  while (!at(RSqb)) {
    ExprNode* e = star_named_expression();
    if (!e) return nullptr;
    if (at_comprehension()) {
      if (mark() != m || e->is<Starred>()) return nullptr;
      Seq<Comprehension*> clauses;
      if (!comprehension_clauses(&clauses) || !accept(RSqb)) return nullptr;
      return make<ListComp>(span_from(first), e, clauses);
    }
    push(e);
    if (!accept(Comma)) break;
  }
  if (!accept(RSqb)) return nullptr;
  auto elts = take<ExprNode*>(m);
  return make<List>(span_from(first), elts, ExprContext::Load);
}

ExprNode* Parser::brace_display() {
  Depth depth(*this, 27);
  if (depth.exceeded()) return nullptr;
  const Token* first = tok_++;
  if (accept(RBrace)) return make<Dict>(span_from(first), Seq<ExprNode*>(), Seq<ExprNode*>());
  if (accept(DoubleStar)) {
    ExprNode* value = binary(kBitOr);
    return value ? dict_rest(first, nullptr, value) : nullptr;
  }
  ExprNode* e = star_named_expression();
  if (!e) return nullptr;
  if (at(Colon) && !e->is<Starred>() && (!e->is<NamedExpr>() || e->parenthesized)) {
    ++tok_;
    ExprNode* value = expression();
    if (!value) return nullptr;
    if (!at_comprehension()) return dict_rest(first, e, value);
    Seq<Comprehension*> clauses;
    if (!comprehension_clauses(&clauses) || !accept(RBrace)) return nullptr;
    return make<DictComp>(span_from(first), e, value, clauses);
  }
  if (at_comprehension()) {
    if (e->is<Starred>()) return nullptr;
    Seq<Comprehension*> clauses;
    if (!comprehension_clauses(&clauses) || !accept(RBrace)) return nullptr;
    return make<SetComp>(span_from(first), e, clauses);
  }
  u32 m = mark();
  push(e);
  while (accept(Comma)) {
    if (at(RBrace)) break;
    if (!(e = star_named_expression())) return nullptr;
    push(e);
  }
  if (!accept(RBrace)) return nullptr;
  auto elts = take<ExprNode*>(m);
  return make<Set>(span_from(first), elts);
}

// Keys and values are collected alternately. A null key is `**value`.
ExprNode* Parser::dict_rest(const Token* first, ExprNode* key, ExprNode* value) {
  u32 m = mark();
  push(key);
  push(value);
  while (accept(Comma)) {
    if (at(RBrace)) break;
    if (accept(DoubleStar)) {
      key = nullptr;
      value = binary(kBitOr);
    } else {
      key = expression();
      if (!key || !accept(Colon)) return nullptr;
      value = expression();
    }
    if (!value) return nullptr;
    push(key);
    push(value);
  }
  if (!accept(RBrace)) return nullptr;
  u32 count = (mark() - m) / 2;
  Seq<ExprNode*> keys{arena_.allocate_array<ExprNode*>(count), count}, values{arena_.allocate_array<ExprNode*>(count), count};
  for (u32 i = 0; i < count; ++i) {
    keys[i] = static_cast<ExprNode*>(*stack_.at(m + 2 * i));
    values[i] = static_cast<ExprNode*>(*stack_.at(m + 2 * i + 1));
  }
  stack_.truncate(m);
  return make<Dict>(span_from(first), keys, values);
}

bool Parser::comprehension_clauses(Seq<Comprehension*>* clauses) {
  u32 m = mark();
  while (at_comprehension()) {
    bool is_async = accept(KwAsync);
    if (is_async && too_old(6)) return false;
    ++tok_;
    ExprNode* target = target_list();
    if (!target || !accept(KwIn)) return false;
    ExprNode* iter = binary(kOr);
    if (!iter) return false;
    u32 conditions = mark();
    while (accept(KwIf)) {
      ExprNode* condition = binary(kOr);
      if (!condition) return false;
      push(condition);
    }
    auto ifs = take<ExprNode*>(conditions);
    push(make_plain<Comprehension>(arena_, target, iter, ifs, static_cast<i32>(is_async)));
  }
  *clauses = take<Comprehension*>(m);
  return true;
}

// ---- calls and subscripts ----

ExprNode* Parser::call(const Token* first, ExprNode* function) {
  Depth depth(*this, 27);
  if (depth.exceeded()) return nullptr;
  Seq<ExprNode*> args;
  Seq<Keyword*> keywords;
  ++tok_;
  if (!call_arguments(&args, &keywords) || !accept(RPar)) return nullptr;
  return make<Call>(span_from(first), function, args, keywords);
}

// Behind '(' and up to ')'. A generator expression may stand alone without its own parentheses.
bool Parser::call_arguments(Seq<ExprNode*>* args, Seq<Keyword*>* keywords) {
  const Token* open = tok_ - 1;
  u32 m = mark(), keyword_mark = keywords_.size();
  bool unpacked = false;  // a `**mapping` was seen: no more `*iterable`
  while (!at(RPar)) {
    const Token* first = tok_;
    if (accept(Star)) {
      if (unpacked) return false;
      ExprNode* value = expression();
      if (!value) return false;
      push(make<Starred>(span_from(first), value, ExprContext::Load));
    } else if (accept(DoubleStar)) {
      ExprNode* value = expression();
      if (!value) return false;
      unpacked = true;
      keywords_.push(make<Keyword>(span_from(first), Identifier(), value));
    } else if (at(TokenKind::Name) && next_kind() == Equal) {
      Identifier arg = identifier(*tok_);
      tok_ += 2;
      ExprNode* value = expression();
      if (!value) return false;
      keywords_.push(make<Keyword>(span_from(first), arg, value));
    } else {
      if (keywords_.size() != keyword_mark) return false;
      ExprNode* e = named_expression();
      if (!e) return false;
      if (at_comprehension()) {
        if (mark() != m) return false;
        Seq<Comprehension*> clauses;
        if (!comprehension_clauses(&clauses) || !at(RPar)) return false;
        ++tok_;
        Span span = span_from(open);
        --tok_;
        ExprNode* generator = make<GeneratorExp>(span, e, clauses);
        *args = make_seq(arena_, &generator, 1);
        return true;
      }
      push(e);
    }
    if (!accept(Comma)) break;
  }
  *args = take<ExprNode*>(m);
  *keywords = make_seq(arena_, keywords_.at(keyword_mark), keywords_.size() - keyword_mark);
  keywords_.truncate(keyword_mark);
  return true;
}

ExprNode* Parser::subscript(const Token* first, ExprNode* value) {
  Depth depth(*this, 27);
  if (depth.exceeded()) return nullptr;
  ++tok_;
  ExprNode* index = slices();
  if (!index || !accept(RSqb)) return nullptr;
  return make<Subscript>(span_from(first), value, index, ExprContext::Load);
}

ExprNode* Parser::slices() {
  const Token* first = tok_;
  ExprNode* e = slice();
  if (!e || (!at(Comma) && !e->is<Starred>())) return e;
  u32 m = mark();
  push(e);
  while (accept(Comma)) {
    if (at(RSqb)) break;
    if (!(e = slice())) return nullptr;
    push(e);
  }
  auto elts = take<ExprNode*>(m);
  return make<Tuple>(span_from(first), elts, ExprContext::Load);
}

ExprNode* Parser::slice() {
  const Token* first = tok_;
  if (accept(Star)) {
    ExprNode* value = expression();
    return value ? make<Starred>(span_from(first), value, ExprContext::Load) : nullptr;
  }
  ExprNode* lower = nullptr;
  if (!at(Colon)) {
    lower = named_expression();
    if (!lower || !at(Colon)) return lower;
    if (lower->is<NamedExpr>() && !lower->parenthesized) return nullptr;
  }
  ++tok_;
  ExprNode *upper = nullptr, *step = nullptr;
  auto ends = [this] { return at(Colon) || at(Comma) || at(RSqb); };
  if (!ends() && !(upper = expression())) return nullptr;
  if (accept(Colon) && !ends() && !(step = expression())) return nullptr;
  return make<Slice>(span_from(first), lower, upper, step);
}

// ---- parameters of def (closer ')') and lambda (closer ':') ----

Arg* Parser::parameter(bool annotated, bool starred) {
  const Token* first = tok_;
  if (!accept(TokenKind::Name)) return nullptr;
  ExprNode* annotation = nullptr;
  if (annotated && accept(Colon)) {
    annotation = starred ? star_expression() : expression();
    if (!annotation) return nullptr;
  }
  return make<Arg>(span_from(first), identifier(*first), annotation, Text());
}

Arguments* Parser::parameters(TokenKind closer) {
  bool annotated = closer == RPar;
  auto* result = make_plain<Arguments>(arena_);
  if (at(closer)) return result;
  // Collected: parameters on stack_ up to the first '*', with defaults on their own; keyword-only ones alternate with defaults.
  u32 m = mark();
  u32 default_count = 0;
  ExprNode* inline_defaults[16];
  ExprNode** defaults = inline_defaults;
  u32 default_capacity = 16;
  bool seen_slash = false, seen_star = false, bare_star = false;
  u32 kwonly_mark = 0;
  auto comment = [&](Arg* arg) {
    if (annotated && at(TypeComment)) arg->type_comment = text_of(*tok_++);
  };
  // Behind a parameter: ',' (a type comment may follow it), or the closer (a type comment may stand before it).
  auto separator = [&](Arg* arg) {
    if (accept(Comma)) {
      comment(arg);
      return true;
    }
    comment(arg);
    return at(closer);
  };
  auto close_positional = [&] {
    auto args = take<Arg*>(m);
    result->args = args;
  };
  while (!at(closer)) {
    if (at(Slash)) {
      if (seen_slash || seen_star || mark() == m) return nullptr;
      if (too_old(8)) return nullptr;
      seen_slash = true;
      ++tok_;
      result->posonlyargs = take<Arg*>(m);
      if (!accept(Comma) && !at(closer)) return nullptr;
    } else if (at(DoubleStar)) {
      ++tok_;
      Arg* arg = parameter(annotated, false);
      if (!arg || bare_star || !separator(arg) || !at(closer)) return nullptr;
      result->kwarg = arg;
    } else if (at(Star)) {
      if (seen_star) return nullptr;
      seen_star = true;
      close_positional();
      kwonly_mark = mark();
      ++tok_;
      if (accept(Comma)) {
        bare_star = true;
        if (at(closer)) return nullptr;
      } else {
        Arg* arg = parameter(annotated, true);
        if (!arg || !separator(arg)) return nullptr;
        result->vararg = arg;
      }
    } else {
      Arg* arg = parameter(annotated, false);
      if (!arg) return nullptr;
      ExprNode* value = nullptr;
      if (accept(Equal) && !(value = expression())) return nullptr;
      push(arg);
      bare_star = false;
      if (seen_star) {
        push(value);
      } else if (value) {
        if (default_count == default_capacity) {
          auto** grown = arena_.allocate_array<ExprNode*>(default_capacity * 2);
          memcpy(grown, defaults, default_count * sizeof(ExprNode*));
          defaults = grown;
          default_capacity *= 2;
        }
        defaults[default_count++] = value;
      } else if (default_count) {
        return nullptr;
      }
      if (!separator(arg)) return nullptr;
    }
  }
  if (bare_star) return nullptr;
  if (!seen_star) {
    close_positional();
  } else {
    u32 count = (mark() - kwonly_mark) / 2;
    result->kwonlyargs = {arena_.allocate_array<Arg*>(count), count};
    result->kw_defaults = {arena_.allocate_array<ExprNode*>(count), count};
    for (u32 i = 0; i < count; ++i) {
      result->kwonlyargs[i] = static_cast<Arg*>(*stack_.at(kwonly_mark + 2 * i));
      result->kw_defaults[i] = static_cast<ExprNode*>(*stack_.at(kwonly_mark + 2 * i + 1));
    }
    stack_.truncate(kwonly_mark);
  }
  result->defaults = make_seq(arena_, defaults, default_count);
  return result;
}

// ---- targets ----

// Makes a parsed expression an assignment target. False: it is none.
bool Parser::store(ExprNode* target) {
  switch (target->kind) {
    case ExprKind::Name: target->as<ast::Name>()->ctx = ExprContext::Store; return true;
    case ExprKind::Attribute: target->as<Attribute>()->ctx = ExprContext::Store; return true;
    case ExprKind::Subscript: target->as<Subscript>()->ctx = ExprContext::Store; return true;
    case ExprKind::Starred: {
      auto* starred = target->as<Starred>();
      starred->ctx = ExprContext::Store;
      return !starred->value->is<Starred>() && store(starred->value);
    }
    case ExprKind::Tuple:
      target->as<Tuple>()->ctx = ExprContext::Store;
      for (ExprNode* e : target->as<Tuple>()->elts) {
        if (!store(e)) return false;
      }
      return true;
    case ExprKind::List:
      target->as<List>()->ctx = ExprContext::Store;
      for (ExprNode* e : target->as<List>()->elts) {
        if (!store(e)) return false;
      }
      return true;
    default: return false;
  }
}

bool Parser::store_single(ExprNode* target) {
  return (target->is<ast::Name>() || target->is<Attribute>() || target->is<Subscript>()) && store(target);
}

bool Parser::del(ExprNode* target) {
  switch (target->kind) {
    case ExprKind::Name: target->as<ast::Name>()->ctx = ExprContext::Del; return true;
    case ExprKind::Attribute: target->as<Attribute>()->ctx = ExprContext::Del; return true;
    case ExprKind::Subscript: target->as<Subscript>()->ctx = ExprContext::Del; return true;
    case ExprKind::Tuple:
      target->as<Tuple>()->ctx = ExprContext::Del;
      for (ExprNode* e : target->as<Tuple>()->elts) {
        if (!del(e)) return false;
      }
      return true;
    case ExprKind::List:
      target->as<List>()->ctx = ExprContext::Del;
      for (ExprNode* e : target->as<List>()->elts) {
        if (!del(e)) return false;
      }
      return true;
    default: return false;
  }
}

// One target where `in` may follow (for) or a ',' separates items (with).
ExprNode* Parser::target_item() {
  const Token* first = tok_;
  bool starred = accept(Star);
  ExprNode* e = primary();
  if (!e) return nullptr;
  if (starred) e = make<Starred>(span_from(first), e, ExprContext::Store);
  return store(e) ? e : nullptr;
}

ExprNode* Parser::target_list() {
  const Token* first = tok_;
  ExprNode* e = target_item();
  if (!e || !at(Comma)) return e;
  u32 m = mark();
  push(e);
  while (accept(Comma)) {
    if (!starts_expression(kind())) break;
    if (!(e = target_item())) return nullptr;
    push(e);
  }
  auto elts = take<ExprNode*>(m);
  return make<Tuple>(span_from(first), elts, ExprContext::Store);
}

}  // namespace baton::syntax
