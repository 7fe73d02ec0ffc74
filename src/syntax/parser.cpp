// The parser's frame: token array, start rules, f-string sub-parses, warnings.
#include "syntax/parser.h"

#include <cstdio>
#include <cstdlib>

#include "syntax/text_util.h"

namespace baton::syntax {

using namespace ast;
using enum TokenKind;

template <class T>
ScratchStack<T>::~ScratchStack() {
  free(data_);
}

template <class T>
void ScratchStack<T>::grow() {
  capacity_ = capacity_ ? capacity_ * 2 : 64;
  data_ = static_cast<T*>(realloc(static_cast<void*>(data_), capacity_ * sizeof(T)));
  BATON_CHECK(data_, "out of memory while parsing");
}

template class ScratchStack<void*>;
template class ScratchStack<Keyword*>;
template class ScratchStack<Identifier>;
template class ScratchStack<ParseWarning>;

TokenArray::~TokenArray() { free(data_); }

void TokenArray::fill(Tokenizer& tokenizer, usize text_size, ScratchStack<void*>& ignores, Arena& arena) {
  capacity_ = text_size / 4 + 16;
  data_ = static_cast<Token*>(malloc(capacity_ * sizeof(Token)));
  BATON_CHECK(data_, "out of memory while parsing");
  data_[0] = {};
  data_[0].kind = Newline;
  size_ = 1;
  for (;;) {
    if (size_ == capacity_) {
      capacity_ += capacity_ / 2 + 16;
      data_ = static_cast<Token*>(realloc(data_, capacity_ * sizeof(Token)));
      BATON_CHECK(data_, "out of memory while parsing");
    }
    Token token = tokenizer.next();
    if (token.kind == TokenKind::TypeIgnore) {
      const char* text = tokenizer.text_of(token);
      ignores.push(make_plain<ast::TypeIgnore>(arena, token.lineno, Text(text, token.end - token.start)));
      continue;
    }
    data_[size_++] = token;
    if (token.kind == EndMarker || token.kind == Error) return;
  }
}

static TokenizerOptions tokenizer_options(const ParseOptions& options) {
  TokenizerOptions result;
  result.type_comments = options.type_comments;
  result.async_names = options.feature_version < 7;
  result.single = options.mode == ParseMode::Single;
  result.dont_imply_dedent = options.dont_imply_dedent;
  return result;
}

Parser::Parser(Arena& arena, std::string_view text, const ParseOptions& options)
    : arena_(arena),
      options_(options),
      text_(text.data()),
      text_size_(text.size()),
      names_(arena),
      tokenizer_(arena, text, tokenizer_options(options)),
      barry_(options.barry_as_flufl) {
  tokens_.fill(tokenizer_, text.size(), ignores_, arena_);
  tok_ = tokens_.data();
}

ModNode* Parser::parse_mod() {
  u32 m = mark();
  switch (options_.mode) {
    case ParseMode::Exec: {
      if (!at(EndMarker) && (!statements() || !at(EndMarker))) return nullptr;
      auto body = take<StmtNode*>(m);
      return make_plain<Module>(arena_, body,
                                make_seq(arena_, reinterpret_cast<ast::TypeIgnore**>(ignores_.at(0)), ignores_.size()));
    }
    case ParseMode::Single: return parse_interactive();
    case ParseMode::Eval: {
      ExprNode* e = expressions();
      if (!e) return nullptr;
      while (accept(Newline)) {
      }
      return at(EndMarker) ? make_plain<Expression>(arena_, e) : nullptr;
    }
    case ParseMode::FuncType: return parse_function_type();
  }
  BATON_UNREACHABLE("a ParseMode");
}

// One statement: a line of simple ones, or a compound one closed by an empty line.
ModNode* Parser::parse_interactive() {
  u32 m = mark();
  if (at(EndMarker)) return nullptr;
  if (at(Newline)) {
    const Token* first = tok_++;
    push(make<Pass>({first->lineno, first->col_offset, first->end_lineno, first->end_col_offset}));
  } else {
    bool compound = false;
    switch (kind()) {
      case KwIf:
      case KwDef:
      case KwClass:
      case KwFor:
      case KwWith:
      case KwTry:
      case KwWhile:
      case At:
      case KwAsync: compound = true; break;
      default: break;
    }
    if (!statement()) return nullptr;
    if (!compound) {
      auto* node = static_cast<StmtNode*>(*stack_.at(m));
      compound = node->is<Match>();
    }
    if (compound && !accept(Newline)) return nullptr;
  }
  // Nothing but comments may follow. (A NEWLINE without text was made up at the end of input.)
  const Token& last = tok_[-1];
  for (const char* p = text_ + (last.col_offset == -1 ? text_size_ : last.end); p < text_ + text_size_;) {
    if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\f') {
      ++p;
    } else if (*p == '#') {
      while (p < text_ + text_size_ && *p != '\n') ++p;
    } else {
      return nullptr;
    }
  }
  auto body = take<StmtNode*>(m);
  return make_plain<Interactive>(arena_, body);
}

// (int, *str, **Any) -> float
ModNode* Parser::parse_function_type() {
  if (!accept(LPar)) return nullptr;
  u32 m = mark();
  bool starred = false, double_starred = false;
  while (!at(RPar)) {
    if (double_starred) return nullptr;
    if (at(Star)) {
      if (starred) return nullptr;
      starred = true;
      ++tok_;
    } else if (at(DoubleStar)) {
      double_starred = true;
      ++tok_;
    } else if (starred) {
      return nullptr;
    }
    ExprNode* e = expression();
    if (!e) return nullptr;
    push(e);
    if (!accept(Comma)) break;
    if (at(RPar)) return nullptr;
  }
  if (!accept(RPar) || !accept(RArrow)) return nullptr;
  auto types = take<ExprNode*>(m);
  ExprNode* returns = expression();
  if (!returns) return nullptr;
  while (accept(Newline)) {
  }
  return at(EndMarker) ? make_plain<FunctionType>(arena_, types, returns) : nullptr;
}

// Reads the tokens of the expression and parses them in place of the current ones.
ExprNode* Parser::fstring_expression(std::string_view text, i32 lineno, i32 col_offset) {
  Depth depth(*this, 30);
  if (depth.exceeded()) return nullptr;
  TokenizerOptions options;
  options.first_lineno = lineno;
  options.first_col_offset = col_offset;
  Tokenizer tokenizer(arena_, text, options);
  Token inline_tokens[24];
  Token* tokens = text.size() + 4 <= std::size(inline_tokens) ? inline_tokens
                                                              : static_cast<Token*>(malloc((text.size() + 4) * sizeof(Token)));
  BATON_CHECK(tokens, "out of memory while parsing");
  usize count = 0;
  tokens[count++].kind = Newline;
  do {
    BATON_DCHECK(count < text.size() + 4, "a token has at least one character");
    tokens[count] = tokenizer.next();
  } while (tokens[count].kind != EndMarker && tokens[count].kind != Error && ++count);

  const Token* outer_tok = tok_;
  const char* outer_text = text_;
  usize outer_size = text_size_;
  tok_ = tokens + 1;
  text_ = text.data();
  text_size_ = text.size();
  ExprNode* e = star_expressions();
  add_tokenizer_warnings(tokenizer);
  tok_ = outer_tok;
  text_ = outer_text;
  text_size_ = outer_size;
  if (tokens != inline_tokens) free(tokens);
  return e;
}

void Parser::literal_warning(const Token& at, std::string_view message) {
  ParseWarning warning;
  warning.message = message;
  warning.lineno = at.lineno;
  SyntaxErrorInfo& location = warning.location;
  location.message = message;
  location.lineno = at.lineno;
  location.end_lineno = at.end_lineno;
  location.text = replace_invalid(arena_, line_around(text_, text_ + text_size_, text_ + at.start));
  location.offset = count_characters(location.text.substr(0, at.col_offset)) + 1;
  location.end_offset = count_characters(location.text.substr(0, at.end_col_offset)) + 1;
  warnings_.push(warning);
}

// The tokenizer's warnings and the literals', by line.
Seq<ParseWarning> Parser::warnings() {
  add_tokenizer_warnings(tokenizer_);
  return make_seq(arena_, warnings_.at(0), warnings_.size());
}

void Parser::add_tokenizer_warnings(const Tokenizer& tokenizer) {
  for (u32 i = 0; i < tokenizer.warnings().size; ++i) {
    const TokenizerWarning& from = tokenizer.warnings().data[i];
    ParseWarning warning;
    warning.kind = WarningKind::Syntax;
    warning.message = from.message;
    warning.lineno = from.lineno;
    warning.location.message = from.message;
    warning.location.lineno = warning.location.end_lineno = from.lineno;
    warning.location.offset = warning.location.end_offset = from.offset;
    warning.location.text = from.text;
    u32 at = warnings_.size();
    warnings_.push(warning);
    while (at > 0 && warnings_.at(at - 1)->lineno > warning.lineno) {
      *warnings_.at(at) = *warnings_.at(at - 1);
      --at;
    }
    *warnings_.at(at) = warning;
  }
}

}  // namespace baton::syntax
