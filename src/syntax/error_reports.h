// Tokens, positions and texts of syntax errors: the part of the error pass that does not know the grammar.
// Where CPython's numbers follow from the state of its tokenizer, so do these.
#pragma once
#include "syntax/literal.h"
#include "syntax/parse.h"
#include "syntax/tokenizer.h"

namespace baton::syntax {

struct ErrorSource {
  bool fstring = false;  // the text is an expression cut out of an f-string
  i32 starting_lineno = 0;
  i32 starting_col_offset = 0;
};

// Growing array of pointers to tokens.
class TokenList {
 public:
  TokenList() = default;
  TokenList(const TokenList&) = delete;
  TokenList& operator=(const TokenList&) = delete;
  ~TokenList();
  void push(const Token* token);
  const Token* operator[](u32 i) const { return data_[i]; }
  const Token* back() const { return data_[size_ - 1]; }
  u32 size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  const Token** data_ = nullptr;
  u32 size_ = 0, capacity_ = 0;
};

enum class Targets : u8 { Star, Del, For };

class ErrorReporter : public LiteralHost {
 public:
  ErrorReporter(Arena& arena, std::string_view text, const ParseOptions& options, const ErrorSource& source);
  const SyntaxErrorInfo& error() const { return error_; }
  // Copies what is needed out of the scratch arena.
  void publish(Arena& arena, ParseResult* result);
  void raise_last(ErrorKind kind, std::string_view message);

 protected:
  ~ErrorReporter();
  bool has_error() const { return has_error_; }
  void clear_error() {
    has_error_ = false;
    error_ = {};
  }
  void mark_incomplete() { error_.incomplete = true; }

  // Reads one more token. False: the tokenizer failed, the error is set.
  bool fill();
  std::string_view text_of(const Token& token) const { return text_.substr(token.start, token.end - token.start); }
  ast::ExprNode* number_node(const Token& token);

  // Positions in `span` are 0-based columns in bytes. "%s" in the message becomes the name of `described`.
  void raise_known(const ast::Span& span, std::string_view message, const ast::ExprNode* described = nullptr);
  void raise_from(const ast::Span& span, std::string_view message);
  void raise_block(i32 lineno, std::string_view message);
  void raise_invalid_target(ast::ExprNode* target, Targets targets);
  void raise_memory();
  // The common end of all reports. Columns are 1-based, in bytes; -1 stays -1.
  void raise_at(ErrorKind kind, i32 lineno, i32 col_offset, i32 end_lineno, i32 end_col_offset, std::string_view message);

  bool at_end_of_source() const {
    return tokenizer_.done() == TokenizerDone::Eof || tokenizer_.done() == TokenizerDone::EofInString;
  }
  bool text_follows() const;
  void finish_error(const Token* last_token);
  void adopt_error(const ErrorReporter& inner) {
    error_ = inner.error_;
    has_error_ = true;
  }
  void adopt_warnings(const ErrorReporter& inner);

  void literal_error(const Token* at, std::string_view message) override;
  void literal_warning(const Token& at, std::string_view message) override;

  Arena& arena_;
  std::string_view text_;
  const ParseOptions& options_;
  ErrorSource source_;
  Tokenizer tokenizer_;
  TokenList tokens_;
  bool error_indicator_ = false;
  bool barry_;

 private:
  void tokenizer_error();
  void raise_unclosed_bracket();
  void check_rest_of_source();
  void take_tokenizer_error();
  void take_tokenizer_warnings();
  std::string_view error_line(i32 lineno) const;
  void add_warning(const ParseWarning& warning);

  SyntaxErrorInfo error_;
  bool has_error_ = false;
  ParseWarning* warnings_ = nullptr;
  u32 warning_count_ = 0, warning_capacity_ = 0, tokenizer_warnings_seen_ = 0;
};

// What an expression is called in messages: "function call", "literal".
const char* expression_name(const ast::ExprNode* expr);

}  // namespace baton::syntax
