// The error pass: a packrat matcher of error_grammar.def. It reads the source as often as CPython's parser does, so that it
// arrives at the same mistake first: once without the invalid_ rules, to know how far a parser gets, and then with them.
// What is said about a mistake, and where, depends on how far the tokenizer has been read at that moment; that is why the
// tokens are read lazily here, and never given back between the two passes.
#include "syntax/error_pass.h"

#include <cstdio>
#include <cstdlib>

#include "syntax/error_grammar.h"
#include "syntax/error_reports.h"
#include "syntax/names.h"

namespace baton::syntax {

using namespace ast;

namespace {

constexpr int kMaxLevels = 6000;
// Bound on the work for one source: the grammar backtracks, and some nonsense would take exponential time.
constexpr u64 kMaxSteps = 40'000'000;

struct Val;
using Vals = Seq<Val>;
// What matching an item yields, as far as a message may need it.
struct Val {
  enum Tag : u8 { Nothing, Matched, Tok, Expression, List, Clause, Argument };
  Tag tag = Nothing;
  const void* pointer = nullptr;

  const Token* token() const { return static_cast<const Token*>(pointer); }
  ExprNode* expr() const { return static_cast<ExprNode*>(const_cast<void*>(pointer)); }
  const Vals& list() const { return *static_cast<const Vals*>(pointer); }
  const Comprehension* clause() const { return static_cast<const Comprehension*>(pointer); }
};

struct Memo {
  Memo* next;
  u16 rule;
  bool ok;
  u32 end;
  Val value;
};

class ErrorPass final : public ErrorReporter {
 public:
  ErrorPass(Arena& arena, std::string_view text, const ParseOptions& options, const ErrorSource& source)
      : ErrorReporter(arena, text, options, source), grammar_(ErrorGrammar::get()) {}
  ~ErrorPass() {
    free(memos_);
    free(values_);
  }

  // True: it parses after all. Otherwise error() is set.
  bool run(const char* start_rule);
  const Val& result() const { return result_; }

 private:
  bool match_rule(u32 rule);
  bool match_left_recursive(u32 rule, const GrammarRule& info);
  bool match_choice(u32 choice);
  bool match_alternative(const Alternative& alternative, bool* stop);
  bool match_item(const GrammarItem& item);
  bool match_token(TokenKind kind);
  bool match_soft(std::string_view word);
  bool match_soft_prefix();
  bool match_repeat(const GrammarItem& item, bool at_least_one);
  bool match_gather(const GrammarItem& item);
  bool match_forced(TokenKind kind);
  bool act(const Alternative& alternative, u32 base, u32 start);
  Val special(const Alternative& alternative, u32 base, u32 start);
  bool enter() {
    if (error_indicator_) return false;
    if (++steps_ > kMaxSteps) gave_up_ = error_indicator_ = true;
    if (level_++ == kMaxLevels || static_cast<const void*>(__builtin_frame_address(0)) < options_.stack_limit) {
      raise_memory();
      error_indicator_ = true;
    }
    return !error_indicator_;
  }
  bool leave(bool matched) {
    --level_;
    return matched;
  }

  // ---- memo ----
  Memo* find_memo(u32 position, u32 rule) {
    if (position >= memo_size_) return nullptr;
    for (Memo* memo = memos_[position]; memo; memo = memo->next) {
      if (memo->rule == rule) return memo;
    }
    return nullptr;
  }
  Memo* set_memo(u32 position, u32 rule, bool ok, u32 end, Val value);
  void clear_memos() {
    if (memo_size_) memset(memos_, 0, memo_size_ * sizeof(Memo*));
  }

  // ---- the stack of item values ----
  void push(Val value) {
    if (value_count_ == value_capacity_) {
      value_capacity_ = value_capacity_ ? value_capacity_ * 2 : 256;
      values_ = static_cast<Val*>(realloc(static_cast<void*>(values_), value_capacity_ * sizeof(Val)));
      BATON_CHECK(values_, "out of memory while parsing");
    }
    values_[value_count_++] = value;
  }
  // Replaces everything from `base` on by one value.
  bool yield(u32 base, Val value) {
    value_count_ = base;
    push(value);
    return true;
  }
  Val make_list(u32 base) {
    auto* list = arena_.make<Vals>(make_seq(arena_, values_ + base, value_count_ - base));
    return {Val::List, list};
  }

  // ---- nodes ----
  Span span_from(u32 start) {
    const Token& first = *tokens_[start];
    u32 last = mark_;
    while (last > start + 1 && is_layout(tokens_[last - 1]->kind)) --last;
    if (last == 0) last = 1;
    return {first.lineno, first.col_offset, tokens_[last - 1]->end_lineno, tokens_[last - 1]->end_col_offset};
  }
  static bool is_layout(TokenKind kind) {
    return kind == TokenKind::Newline || kind == TokenKind::Indent || kind == TokenKind::Dedent || kind == TokenKind::EndMarker;
  }
  Val node(ExprKind kind, u32 start) { return {Val::Expression, arena_.make<ExprNode>(span_from(start), kind)}; }
  template <class T, class... Fields>
  Val expression(u32 start, Fields... fields) {
    return {Val::Expression, make<T>(arena_, span_from(start), fields...)};
  }
  Seq<ExprNode*> expressions_of(const Val* first, const Vals* rest);
  Span span_of(const Val& value, bool last);
  const ExprNode* last_item(const Comprehension* clause) { return clause->ifs.empty() ? clause->iter : clause->ifs.back(); }
  Val call_arguments(u32 start, const Vals* positional, const Vals* keywords);
  bool is_legacy(const Val& value) {
    if (value.tag != Val::Expression || !value.expr()->is<Name>()) return false;
    std::string_view id = value.expr()->as<Name>()->id;
    return id == "print" || id == "exec";
  }

  ExprNode* fstring_expression(std::string_view text, i32 lineno, i32 col_offset) override;

  const ErrorGrammar& grammar_;
  u32 mark_ = 0;
  int level_ = 0;
  u64 steps_ = 0;
  bool gave_up_ = false;
  bool call_invalid_rules_ = false;
  Memo** memos_ = nullptr;
  u32 memo_size_ = 0;
  Val* values_ = nullptr;
  u32 value_count_ = 0, value_capacity_ = 0;
  Val result_;
};

// ---- matching ----

Memo* ErrorPass::set_memo(u32 position, u32 rule, bool ok, u32 end, Val value) {
  if (position >= memo_size_) {
    u32 size = memo_size_ ? memo_size_ * 2 : 128;
    while (size <= position) size *= 2;
    memos_ = static_cast<Memo**>(realloc(memos_, size * sizeof(Memo*)));
    BATON_CHECK(memos_, "out of memory while parsing");
    memset(memos_ + memo_size_, 0, (size - memo_size_) * sizeof(Memo*));
    memo_size_ = size;
  }
  auto* memo = arena_.make<Memo>(memos_[position], static_cast<u16>(rule), ok, end, value);
  memos_[position] = memo;
  return memo;
}

// On success the value is pushed and mark_ is behind the match. On failure mark_ is anywhere; callers reset it.
bool ErrorPass::match_rule(u32 rule) {
  if (!enter()) return leave(false);
  const GrammarRule& info = grammar_.rule(rule);
  if (info.memo || info.left_recursive) {
    if (Memo* memo = find_memo(mark_, rule)) {
      mark_ = memo->end;
      if (memo->ok) push(memo->value);
      return leave(memo->ok);
    }
    if (info.left_recursive) return leave(match_left_recursive(rule, info));
    u32 start = mark_;
    bool ok = match_choice(info.choice);
    if (!error_indicator_) set_memo(start, rule, ok, mark_, ok ? values_[value_count_ - 1] : Val());
    return leave(ok);
  }
  if (info.without_invalid) {
    bool before = call_invalid_rules_;
    call_invalid_rules_ = false;
    bool ok = match_choice(info.choice);
    call_invalid_rules_ = before;
    return leave(ok);
  }
  return leave(match_choice(info.choice));
}

// Grows the match from a failing seed as long as it gets longer.
bool ErrorPass::match_left_recursive(u32 rule, const GrammarRule& info) {
  u32 start = mark_, best_end = mark_;
  u32 base = value_count_;
  Memo* memo = set_memo(start, rule, false, start, {});
  for (;;) {
    mark_ = start;
    bool ok = match_choice(info.choice);
    if (error_indicator_) return false;
    if (!ok || mark_ <= best_end) break;
    best_end = mark_;
    memo->ok = true;
    memo->end = mark_;
    memo->value = values_[value_count_ - 1];
    value_count_ = base;
  }
  mark_ = best_end;
  value_count_ = base;
  if (memo->ok) push(memo->value);
  return memo->ok;
}

bool ErrorPass::match_choice(u32 choice) {
  const Choice& info = grammar_.choice(choice);
  u32 start = mark_, base = value_count_;
  for (u32 i = 0; i < info.count; ++i) {
    const Alternative& alternative = grammar_.alternative(info.first_alternative + i);
    if (alternative.guarded && !call_invalid_rules_) continue;
    bool stop = false;
    if (match_alternative(alternative, &stop)) return true;
    value_count_ = base;
    if (error_indicator_ || stop) return false;
    mark_ = start;
  }
  return false;
}

// *stop: the choice fails as a whole (after a cut, or because the action declined).
bool ErrorPass::match_alternative(const Alternative& alternative, bool* stop) {
  u32 start = mark_, base = value_count_;
  bool cut = false;
  for (u32 i = 0; i < alternative.item_count; ++i) {
    const GrammarItem& item = grammar_.item(alternative.first_item + i);
    if (item.op == ItemOp::Cut) {
      cut = true;
      push({});
    } else if (!match_item(item)) {
      *stop = cut;
      return false;
    }
  }
  if (act(alternative, base, start)) return true;
  *stop = true;
  if (has_error()) error_indicator_ = true;
  return false;
}

bool ErrorPass::match_item(const GrammarItem& item) {
  u32 start = mark_, base = value_count_;
  switch (item.op) {
    case ItemOp::Token: return match_token(static_cast<TokenKind>(item.a));
    case ItemOp::Soft: return match_soft(soft_keywords[item.a]);
    case ItemOp::SoftAny: return match_soft_prefix();
    case ItemOp::Rule: return match_rule(item.a);
    case ItemOp::Group: return enter() ? leave(match_choice(item.a)) : leave(false);
    case ItemOp::Optional:
      if (match_item(grammar_.item(item.a))) return true;
      if (error_indicator_) return false;
      mark_ = start;
      return yield(base, {});
    case ItemOp::Star: return match_repeat(grammar_.item(item.a), false);
    case ItemOp::Plus: return match_repeat(grammar_.item(item.a), true);
    case ItemOp::Gather: return match_gather(item);
    case ItemOp::And:
    case ItemOp::Not: {
      bool matched = match_item(grammar_.item(item.a));
      mark_ = start;
      value_count_ = base;
      if (error_indicator_ || matched != (item.op == ItemOp::And)) return false;
      push({});
      return true;
    }
    case ItemOp::Forced: return match_forced(static_cast<TokenKind>(item.a));
    case ItemOp::Cut: break;
  }
  BATON_UNREACHABLE("cuts are handled by the alternative");
}

bool ErrorPass::match_token(TokenKind kind) {
  if (error_indicator_) return false;
  if (mark_ == tokens_.size() && !fill()) return false;
  const Token* token = tokens_[mark_];
  if (token->kind != kind) return false;
  ++mark_;
  if (kind == TokenKind::Name) {
    push({Val::Expression, make<Name>(arena_, Span{token->lineno, token->col_offset, token->end_lineno, token->end_col_offset},
                                      text_of(*token), ExprContext::Load)});
  } else if (kind == TokenKind::Number) {
    ExprNode* number = number_node(*token);
    if (!number) {
      error_indicator_ = true;
      return false;
    }
    push({Val::Expression, number});
  } else {
    push({Val::Tok, token});
  }
  return true;
}

bool ErrorPass::match_soft(std::string_view word) {
  if (error_indicator_) return false;
  if (mark_ == tokens_.size() && !fill()) return false;
  const Token* token = tokens_[mark_];
  if (token->kind != TokenKind::Name || text_of(*token) != word) return false;
  return match_token(TokenKind::Name);
}

// CPython compares only as many characters as the name has, so `c` and `ma` pass for soft keywords, too.
bool ErrorPass::match_soft_prefix() {
  if (error_indicator_) return false;
  if (mark_ == tokens_.size() && !fill()) return false;
  const Token* token = tokens_[mark_];
  if (token->kind != TokenKind::Name) return false;
  std::string_view name = text_of(*token);
  for (std::string_view word : soft_keywords) {
    if (word.substr(0, name.size()) == name) return match_token(TokenKind::Name);
  }
  return false;
}

bool ErrorPass::match_forced(TokenKind kind) {
  if (error_indicator_) return false;
  if (mark_ == tokens_.size() && !fill()) return false;
  const Token* token = tokens_[mark_];
  if (token->kind == kind) return match_token(kind);
  raise_known(span_of({Val::Tok, token}, false), kind == TokenKind::Colon ? "expected ':'" : "expected '('");
  error_indicator_ = true;
  return false;
}

bool ErrorPass::match_repeat(const GrammarItem& item, bool at_least_one) {
  if (!enter()) return leave(false);
  u32 base = value_count_;
  for (;;) {
    u32 start = mark_;
    if (!match_item(item)) {
      mark_ = start;
      break;
    }
    if (mark_ == start) break;
  }
  if (error_indicator_ || (at_least_one && value_count_ == base)) return leave(false);
  return leave(yield(base, make_list(base)));
}

bool ErrorPass::match_gather(const GrammarItem& item) {
  if (!enter()) return leave(false);
  u32 base = value_count_;
  bool ok = match_item(grammar_.item(item.a));
  while (ok && !error_indicator_) {
    u32 start = mark_, count = value_count_;
    if (!match_item(grammar_.item(item.b)) || (value_count_ = count, !match_item(grammar_.item(item.a)))) {
      mark_ = start;
      value_count_ = count;
      break;
    }
  }
  if (!ok || error_indicator_) return leave(false);
  return leave(yield(base, make_list(base)));
}

// ---- actions ----

// The span of a value; for a list that of its first or last item.
Span ErrorPass::span_of(const Val& value, bool last) {
  switch (value.tag) {
    case Val::Tok:
      return {value.token()->lineno, value.token()->col_offset, value.token()->end_lineno, value.token()->end_col_offset};
    case Val::Expression: return value.expr()->span;
    case Val::List: return value.list().empty() ? Span{} : span_of(last ? value.list().back() : value.list().front(), last);
    default: break;
  }
  BATON_UNREACHABLE("an item with a position");
}

bool ErrorPass::act(const Alternative& alternative, u32 base, u32 start) {
  const Val* v = values_ + base;
  u32 i = alternative.i, j = alternative.j;
  if (options_.feature_version < alternative.version) {
    char message[160];
    int length = snprintf(message, sizeof message, "%.*s only supported in Python 3.%d and greater",
                          static_cast<int>(alternative.feature.size()), alternative.feature.data(), alternative.version);
    raise_last(ErrorKind::Syntax, {message, static_cast<usize>(length)});
    return false;
  }
  switch (alternative.action) {
    case Action::none:
      return yield(base, alternative.item_count == 1 && v[0].tag != Val::Nothing ? v[0] : Val{Val::Matched, nullptr});
    case Action::pass: return yield(base, v[i].tag == Val::Nothing ? Val{Val::Matched, nullptr} : v[i]);
    case Action::node: return yield(base, node(static_cast<ExprKind>(i), start));
    case Action::known:
      raise_known(span_of(v[i], false), alternative.message, v[i].tag == Val::Expression ? v[i].expr() : nullptr);
      return false;
    case Action::range: {
      Span span = span_of(v[i], false), end = span_of(v[j], true);
      raise_known({span.lineno, span.col_offset, end.end_lineno, end.end_col_offset}, alternative.message);
      return false;
    }
    case Action::from: raise_from(span_of(v[i], false), alternative.message); return false;
    case Action::last: raise_last(ErrorKind::Syntax, alternative.message); return false;
    case Action::block: raise_block(span_of(v[i], false).lineno, alternative.message); return false;
    case Action::target:
      raise_invalid_target(v[i].expr(), j == 0 ? Targets::Star : j == 1 ? Targets::Del : Targets::For);
      return false;
    case Action::fail: return false;
    default: {
      Val value = special(alternative, base, start);
      return value.tag != Val::Nothing && yield(base, value);
    }
  }
}

Seq<ExprNode*> ErrorPass::expressions_of(const Val* first, const Vals* rest) {
  u32 count = (first ? 1 : 0) + (rest ? rest->size : 0), n = 0;
  Seq<ExprNode*> result{arena_.allocate_array<ExprNode*>(count), count};
  if (first) result[n++] = first->expr();
  for (u32 i = 0; rest && i < rest->size; ++i) result[n++] = (*rest)[i].expr();
  return result;
}

// The arguments of a call: starred ones among the keywords count as positional.
Val ErrorPass::call_arguments(u32 start, const Vals* positional, const Vals* rest) {
  u32 capacity = (positional ? positional->size : 0) + (rest ? rest->size : 0);
  Seq<ExprNode*> args{arena_.allocate_array<ExprNode*>(capacity), 0};
  Seq<Keyword*> keywords{arena_.allocate_array<Keyword*>(capacity), 0};
  for (u32 i = 0; positional && i < positional->size; ++i) args.data[args.size++] = (*positional)[i].expr();
  for (u32 i = 0; rest && i < rest->size; ++i) {
    const Val& value = (*rest)[i];
    if (value.tag == Val::Expression)
      args.data[args.size++] = value.expr();
    else
      keywords.data[keywords.size++] = static_cast<Keyword*>(const_cast<void*>(value.pointer));
  }
  return expression<Call>(start, static_cast<ExprNode*>(nullptr), args, keywords);
}

Val ErrorPass::special(const Alternative& alternative, u32 base, u32 start) {
  const Val* v = values_ + base;
  const Val matched{Val::Matched, nullptr};
  auto list_or_null = [](const Val& value) { return value.tag == Val::List ? &value.list() : nullptr; };
  switch (alternative.action) {
    case Action::future:
      if (v[4].tag == Val::List && tokens_[start + 1]->kind == TokenKind::Name && text_of(*tokens_[start + 1]) == "__future__") {
        for (const Val& name : v[4].list()) {
          if (name.expr()->as<Name>()->id == "barry_as_FLUFL") barry_ = true;
        }
      }
      return matched;
    case Action::real:
    case Action::imaginary: {
      bool is_imaginary = v[0].expr()->as<Constant>()->value.kind == ConstKind::Complex;
      if (is_imaginary == (alternative.action == Action::imaginary)) return v[0];
      raise_known(v[0].expr()->span,
                  is_imaginary ? "real number required in complex literal" : "imaginary number required in complex literal");
      return {};
    }
    case Action::tuple: return expression<Tuple>(start, expressions_of(&v[0], &v[1].list()), ExprContext::Load);
    case Action::single_tuple: return expression<Tuple>(start, expressions_of(&v[0], nullptr), ExprContext::Load);
    case Action::elements: {
      Seq<ExprNode*> all = expressions_of(&v[0], list_or_null(v[2]));
      auto* list = arena_.make<Vals>(arena_.allocate_array<Val>(all.size), all.size);
      for (u32 i = 0; i < all.size; ++i) list->data[i] = {Val::Expression, all[i]};
      return {Val::List, list};
    }
    case Action::paren_tuple: return expression<Tuple>(start, expressions_of(nullptr, list_or_null(v[1])), ExprContext::Load);
    case Action::list: return expression<List>(start, expressions_of(nullptr, list_or_null(v[1])), ExprContext::Load);
    case Action::starred: return expression<Starred>(start, v[1].expr(), ExprContext::Load);
    case Action::compare: {
      // Only a leading `in` matters (the target of a for).
      static CmpOperator in_op[] = {CmpOperator::In}, other_op[] = {CmpOperator::Eq};
      bool is_in = v[1].list().front().tag == Val::Tok;
      return expression<Compare>(start, v[0].expr(), Seq<CmpOperator>{is_in ? in_op : other_op, 1});
    }
    case Action::barry: {
      bool flufl = text_of(*v[0].token())[0] == '<';
      if (barry_ && !flufl) raise_last(ErrorKind::Syntax, "with Barry as BDFL, use '<>' instead of '!='");
      return flufl == barry_ ? v[0] : Val{};
    }
    case Action::literal: {
      TokenKind kind = v[0].token()->kind;
      ConstKind constant = kind == TokenKind::KwTrue    ? ConstKind::True
                           : kind == TokenKind::KwFalse ? ConstKind::False
                           : kind == TokenKind::KwNone  ? ConstKind::None
                                                        : ConstKind::Ellipsis;
      return expression<Constant>(start, ConstValue::simple(constant));
    }
    case Action::strings: {
      const Vals& list = v[0].list();
      auto* tokens = arena_.allocate_array<Token>(list.size);
      for (u32 i = 0; i < list.size; ++i) tokens[i] = *list[i].token();
      ExprNode* value = concatenate_strings(arena_, *this, text_.data(), tokens, list.size, options_.feature_version);
      return value ? Val{Val::Expression, value} : Val{};
    }
    case Action::async_clause:
    case Action::clause: {
      u32 at = alternative.action == Action::async_clause ? 1 : 0;
      // Items behind the cut: the iterable and the conditions.
      return {Val::Clause, make_plain<Comprehension>(arena_, v[at + 1].expr(), v[at + 4].expr(),
                                                     expressions_of(nullptr, &v[at + 5].list()), static_cast<i32>(at))};
    }
    case Action::args: return call_arguments(start, &v[0].list(), list_or_null(v[1]));
    case Action::kwargs: return call_arguments(start, nullptr, &v[0].list());
    case Action::join: {
      const Vals &a = v[0].list(), &b = v[2].list();
      auto* list = arena_.make<Vals>(arena_.allocate_array<Val>(a.size + b.size), a.size + b.size);
      for (u32 i = 0; i < a.size; ++i) list->data[i] = a[i];
      for (u32 i = 0; i < b.size; ++i) list->data[a.size + i] = b[i];
      return {Val::List, list};
    }
    case Action::keyword:
      return {Val::Argument, make<Keyword>(arena_, span_from(start), v[0].expr()->as<Name>()->id, v[2].expr())};
    case Action::unpacking: return {Val::Argument, make<Keyword>(arena_, span_from(start), Identifier(), v[1].expr())};
    case Action::generator_range: {
      Span from = v[alternative.i].expr()->span, to = last_item(v[alternative.j].list().back().clause())->span;
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset}, "Generator expression must be parenthesized");
      return {};
    }
    case Action::generator_in_call: {
      auto* call = v[0].expr()->as<Call>();
      if (call->args.size <= 1) return {};
      Span from = call->args.back()->span, to = last_item(v[1].list().back().clause())->span;
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset}, "Generator expression must be parenthesized");
      return {};
    }
    case Action::generator_last_target: {
      Span from = v[2].expr()->span, to = v[3].list().back().clause()->target->span;
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset}, "Generator expression must be parenthesized");
      return {};
    }
    case Action::argument_order: {
      bool unpacked = false;
      for (Keyword* keyword : v[0].expr()->as<Call>()->keywords) unpacked |= !keyword->arg.data();
      raise_last(ErrorKind::Syntax, unpacked ? "positional argument follows keyword argument unpacking"
                                             : "positional argument follows keyword argument");
      return {};
    }
    case Action::assign_to_constant: {
      std::string_view word = text_of(*v[0].token());
      char message[40];
      int length = snprintf(message, sizeof message, "cannot assign to %.*s", static_cast<int>(word.size()), word.data());
      Span from = span_of(v[0], false), to = span_of(v[1], false);
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset},
                  arena_.copy({message, static_cast<usize>(length)}));
      return {};
    }
    case Action::legacy: {
      if (!is_legacy(v[0])) return {};
      bool print = v[0].expr()->as<Name>()->id == "print";
      Span from = v[0].expr()->span, to = v[2].expr()->span;
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset},
                  print ? "Missing parentheses in call to 'print'. Did you mean print(...)?"
                        : "Missing parentheses in call to 'exec'. Did you mean exec(...)?");
      return {};
    }
    case Action::forgot_comma: {
      if (is_legacy(v[1]) || tokens_[mark_ - 1]->level == 0) return {};
      Span from = v[1].expr()->span, to = v[2].expr()->span;
      raise_known({from.lineno, from.col_offset, to.end_lineno, to.end_col_offset},
                  "invalid syntax. Perhaps you forgot a comma?");
      return {};
    }
    case Action::key_without_value: {
      Span span = v[0].expr()->span;
      raise_at(ErrorKind::Syntax, span.lineno, span.end_col_offset, span.end_lineno, 0, "':' expected after dictionary key");
      return {};
    }
    default: BATON_UNREACHABLE("an action of the grammar");
  }
}

// ---- the two passes ----

ExprNode* ErrorPass::fstring_expression(std::string_view text, i32 lineno, i32 col_offset) {
  if (level_ > kMaxLevels - 60) {
    raise_memory();
    return nullptr;
  }
  // CPython's tokenizer adds the line end. The buffer has room for it.
  const_cast<char*>(text.data())[text.size()] = '\n';
  ErrorSource source;
  source.fstring = true;
  source.starting_lineno = lineno;
  source.starting_col_offset = col_offset;
  ErrorPass inner(arena_, {text.data(), text.size() + 1}, options_, source);
  inner.check_utf8 = check_utf8;
  inner.level_ = level_ + 30;
  inner.barry_ = barry_;
  if (inner.run("fstring")) {
    adopt_warnings(inner);
    return inner.result().tag == Val::Expression ? inner.result().expr() : arena_.make<ExprNode>(Span{}, ExprKind::Constant);
  }
  adopt_warnings(inner);
  adopt_error(inner);
  return nullptr;
}

bool ErrorPass::run(const char* start_rule) {
  u32 rule = grammar_.find(start_rule);
  if (match_rule(rule)) {
    result_ = values_[value_count_ - 1];
    if (options_.mode == ParseMode::Single && !source_.fstring && text_follows()) {
      raise_last(ErrorKind::Syntax, "multiple statements found while compiling a single statement");
      return false;
    }
    return true;
  }
  if (options_.allow_incomplete_input && at_end_of_source()) {
    clear_error();
    raise_last(ErrorKind::Syntax, "incomplete input");
    mark_incomplete();
    return false;
  }
  if (has_error() && error().kind == ErrorKind::Memory) return false;
  const Token* last = tokens_.empty() ? nullptr : tokens_.back();
  if (!gave_up_) {
    clear_memos();
    mark_ = 0;
    level_ = 0;
    value_count_ = 0;
    call_invalid_rules_ = true;
    if (options_.prompt != Prompt::None) tokenizer_.stop_at_end();
    match_rule(rule);
  }
  finish_error(last);
  return false;
}

}  // namespace

void explain_syntax_error(Arena& arena, std::string_view text, bool valid_utf8, const ParseOptions& options,
                          ParseResult* result) {
  Arena scratch;
  ErrorPass pass(scratch, text, options, {});
  pass.check_utf8 = !valid_utf8;
  static const char* const start_rules[] = {"file", "eval", "interactive", "func_type"};
  bool parses = pass.run(start_rules[static_cast<int>(options.mode)]);
  if (parses) {
    // The two parsers disagree. That is a bug here, but the program is still refused in an orderly way.
    pass.raise_last(ErrorKind::Syntax, "invalid syntax");
  }
  pass.publish(arena, result);
}

}  // namespace baton::syntax
