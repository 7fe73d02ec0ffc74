// The parser proper: recursive descent over an array of tokens, precedence climbing for operators. It builds the tree of a
// correct program as fast as it can and knows nothing about error messages: on the first thing that does not fit it gives up,
// and the error pass (error_pass.h) finds out what to say. Internal to the layer.
//
// Conventions: a function that returns a pointer returns null for "does not parse"; then nothing else of the parser's state
// counts, unless the caller has a Checkpoint to return to. Every function starts at tok_ and leaves tok_ behind what it parsed.
#pragma once
#include "syntax/ast.h"
#include "syntax/literal.h"
#include "syntax/names.h"
#include "syntax/parse.h"
#include "syntax/tokenizer.h"

namespace baton::syntax {

// Growing stack of trivially copyable items; sequences are collected on it and then copied to the arena.
template <class T>
class ScratchStack {
 public:
  ScratchStack() = default;
  ScratchStack(const ScratchStack&) = delete;
  ScratchStack& operator=(const ScratchStack&) = delete;
  ~ScratchStack();
  void push(T item) {
    if (size_ == capacity_) [[unlikely]]
      grow();
    data_[size_++] = item;
  }
  u32 size() const { return size_; }
  T* at(u32 index) { return data_ + index; }
  void truncate(u32 size) { size_ = size; }

 private:
  void grow();
  T* data_ = nullptr;
  u32 size_ = 0;
  u32 capacity_ = 0;
};

// All tokens of a text. The array ends with EndMarker or Error.
class TokenArray {
 public:
  TokenArray() = default;
  TokenArray(const TokenArray&) = delete;
  TokenArray& operator=(const TokenArray&) = delete;
  ~TokenArray();
  // Type-ignore comments are put into `ignores` instead.
  void fill(Tokenizer& tokenizer, usize text_size, ScratchStack<void*>& ignores, Arena& arena);
  const Token* data() const { return data_ + 1; }  // data()[-1] exists: it looks like a NEWLINE

 private:
  Token* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};

class Parser final : LiteralHost {
 public:
  Parser(Arena& arena, std::string_view text, const ParseOptions& options);

  // Null: failed. Then `stop()` tells whether the error pass is to find the reason.
  ast::ModNode* parse_mod();

  enum class Stop : u8 { Syntax, Depth, Described };
  Stop stop() const { return stop_; }
  const SyntaxErrorInfo& error() const { return error_; }
  Seq<ParseWarning> warnings();
  void set_check_utf8() { check_utf8 = true; }
  bool barry_as_flufl() const { return barry_; }

 private:
  using ExprNode = ast::ExprNode;
  using StmtNode = ast::StmtNode;
  using PatternNode = ast::PatternNode;
  using Span = ast::Span;
  template <class T>
  using Sequence = Seq<T>;

  // ---- tokens ----
  TokenKind kind() const { return tok_->kind; }
  TokenKind next_kind() const { return tok_[1].kind; }
  bool at(TokenKind kind) const { return tok_->kind == kind; }
  bool accept(TokenKind kind) {
    if (tok_->kind != kind) return false;
    ++tok_;
    return true;
  }
  std::string_view text_of(const Token& token) const { return {text_ + token.start, token.end - token.start}; }
  bool at_word(std::string_view word) const { return at(TokenKind::Name) && text_of(*tok_) == word; }
  ast::Identifier identifier(const Token& token) { return names_.intern(text_of(token)); }
  // From `first` to the last token consumed.
  Span span_from(const Token* first) const {
    return {first->lineno, first->col_offset, tok_[-1].end_lineno, tok_[-1].end_col_offset};
  }
  // For statements: the line ends and dedents consumed last do not count.
  Span statement_span(const Token* first) const;

  // ---- sequences: mark() .. take(mark) ----
  u32 mark() const { return stack_.size(); }
  void push(void* item) { stack_.push(item); }
  template <class T>
  Seq<T> take(u32 mark) {
    Seq<T> seq = ast::make_seq(arena_, reinterpret_cast<T*>(stack_.at(mark)), stack_.size() - mark);
    stack_.truncate(mark);
    return seq;
  }
  template <class T, class... Fields>
  T* make(Span span, Fields... fields) {
    return ast::make<T>(arena_, span, fields...);
  }

  struct Checkpoint {
    const Token* tok;
    u32 stack, keywords, words, warnings;
  };
  Checkpoint checkpoint() const { return {tok_, stack_.size(), keywords_.size(), words_.size(), warnings_.size()}; }
  void restore(const Checkpoint& point);

  // Counts nesting in units of CPython's parser levels.
  class Depth {
   public:
    Depth(Parser& parser, int levels) : parser_(parser), levels_(levels) { parser.depth_ += levels; }
    ~Depth() { parser_.depth_ -= levels_; }
    bool exceeded() const { return parser_.depth_ > kMaxLevels ? parser_.too_deep() : parser_.stack_low() && parser_.too_deep(); }

   private:
    Parser& parser_;
    int levels_;
  };
  static constexpr int kMaxLevels = 6000;
  bool stack_low() const { return static_cast<const void*>(__builtin_frame_address(0)) < options_.stack_limit; }
  bool too_deep() {
    stop_ = Stop::Depth;
    return true;
  }
  // The syntax is younger than feature_version: does not parse. The error pass finds the message.
  bool too_old(int minor) const { return options_.feature_version < minor; }

  // ---- expressions (parser_expr.cpp) ----
  static bool starts_expression(TokenKind kind);
  ExprNode* star_expressions();
  ExprNode* star_expression();
  ExprNode* star_named_expression();
  ExprNode* named_expression();
  ExprNode* expression();
  ExprNode* expressions();
  ExprNode* conditional_tail(const Token* first, ExprNode* body);
  ExprNode* binary(int min_precedence);
  ExprNode* not_expression(const Token* first);
  ExprNode* boolean_chain(const Token* first, ExprNode* left);
  ExprNode* comparison_chain(const Token* first, ExprNode* left);
  ExprNode* unary();
  ExprNode* primary();
  ExprNode* trailers(const Token* first, ExprNode* value);
  ExprNode* atom();
  ExprNode* name();
  ExprNode* number();
  ExprNode* strings();
  ExprNode* parenthesized();
  ExprNode* list_display();
  ExprNode* brace_display();
  ExprNode* dict_rest(const Token* first, ExprNode* key, ExprNode* value);
  ExprNode* generator(const Token* first, ExprNode* element);
  bool comprehension_clauses(Seq<ast::Comprehension*>* clauses);
  ExprNode* call(const Token* first, ExprNode* function);
  bool call_arguments(Seq<ExprNode*>* args, Seq<ast::Keyword*>* keywords);
  ExprNode* subscript(const Token* first, ExprNode* value);
  ExprNode* slices();
  ExprNode* slice();
  ExprNode* lambda();
  ExprNode* yield_expression();
  ExprNode* yield_or_star_expressions();
  bool is_comparison_operator() const;
  bool at_comprehension() const { return at(TokenKind::KwFor) || (at(TokenKind::KwAsync) && next_kind() == TokenKind::KwFor); }
  ast::Arguments* parameters(TokenKind closer);
  ast::Arg* parameter(bool annotated, bool starred);

  // ---- targets ----
  bool store(ExprNode* target);
  bool store_single(ExprNode* target);  // a name, attribute or subscript
  bool del(ExprNode* target);
  ExprNode* target_item();
  ExprNode* target_list();

  // ---- statements (parser_stmt.cpp) ----
  bool statements();
  bool statement();
  bool simple_statements();
  StmtNode* simple_statement();
  StmtNode* expression_statement();
  StmtNode* annotated_assignment(const Token* first, ExprNode* target);
  StmtNode* assignment(const Token* first, ExprNode* target);
  StmtNode* augmented_assignment(const Token* first, ExprNode* target);
  StmtNode* return_statement();
  StmtNode* import_statement();
  StmtNode* from_statement();
  StmtNode* names_statement(bool global);
  StmtNode* delete_statement();
  StmtNode* assert_statement();
  StmtNode* raise_statement();
  bool dotted_name(ast::Identifier* name);
  bool block(Seq<StmtNode*>* body);
  bool else_block(Seq<StmtNode*>* body);
  ast::Text type_comment();
  StmtNode* if_statement();
  StmtNode* while_statement();
  StmtNode* for_statement(const Token* first, bool is_async);
  StmtNode* with_statement(const Token* first, bool is_async);
  bool with_items(Seq<ast::WithItem*>* items, bool parenthesized);
  ast::WithItem* with_item(bool checked);
  StmtNode* try_statement();
  ast::ExceptHandler* except_handler(bool is_star);
  StmtNode* async_statement();
  StmtNode* decorated_statement();
  StmtNode* function_definition(const Token* first, bool is_async, Seq<ExprNode*> decorators);
  StmtNode* class_definition(Seq<ExprNode*> decorators);
  bool future_barry(const StmtNode* statement);

  // ---- match (parser_pattern.cpp) ----
  bool at_match_statement() const;
  StmtNode* match_statement();
  ast::MatchCase* match_case();
  PatternNode* patterns();
  PatternNode* maybe_star_pattern();
  PatternNode* as_pattern();
  PatternNode* or_pattern();
  PatternNode* closed_pattern();
  PatternNode* literal_pattern();
  ExprNode* literal_expression();
  ExprNode* signed_number();
  ExprNode* name_or_attribute();
  PatternNode* sequence_pattern();
  PatternNode* mapping_pattern();
  PatternNode* class_pattern(const Token* first, ExprNode* cls);
  bool pattern_capture_name(ast::Identifier* name);

  // ---- start rules (parse.cpp) ----
  ast::ModNode* parse_interactive();
  ast::ModNode* parse_function_type();

  // ---- LiteralHost ----
  ExprNode* fstring_expression(std::string_view text, i32 lineno, i32 col_offset) override;
  void literal_error(const Token* at, std::string_view message) override {}  // the error pass comes to it again
  void literal_warning(const Token& at, std::string_view message) override;
  void add_tokenizer_warnings(const Tokenizer& tokenizer);

  Arena& arena_;
  const ParseOptions& options_;
  const Token* tok_ = nullptr;
  const char* text_;
  usize text_size_;
  NameTable names_;
  TokenArray tokens_;
  Tokenizer tokenizer_;
  ScratchStack<void*> stack_;
  ScratchStack<ast::Keyword*> keywords_;
  ScratchStack<ast::Identifier> words_;
  ScratchStack<ParseWarning> warnings_;
  ScratchStack<void*> ignores_;
  int depth_ = 0;
  bool barry_;
  Stop stop_ = Stop::Syntax;
  SyntaxErrorInfo error_;
};

}  // namespace baton::syntax
