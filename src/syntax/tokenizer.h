// Source text to tokens. One pass, no look-back; tokens refer to the text by offset.
//
// The text must be normalised (only '\n' line ends), free of NUL bytes and followed by kTextPadding NUL bytes. Its address stays
// valid as long as tokens are used. A failure is reported as one Error token. Failures that the tokenizer can describe by itself
// are in error(); for the rest (done() tells which) the position depends on what the parser knows, see parser_errors.cpp.
#pragma once
#include <string_view>

#include "syntax/arena.h"
#include "syntax/parse.h"
#include "syntax/token.h"

namespace baton::syntax {

inline constexpr usize kTextPadding = 8;
inline constexpr int kMaxParenthesisDepth = 200;
inline constexpr int kMaxIndentDepth = 100;

enum class TokenizerDone : u8 {
  Ok,
  Eof,
  Described,    // error() says it all
  EofInString,  // as Described, at the end of input
  Dedent,       // unindent does not match
  TabSpace,     // inconsistent tabs
  TooDeep,      // indentation levels
  LineContinuation,
  Decode,  // bytes that are not UTF-8, described in error()
};

struct TokenizerOptions {
  bool type_comments = false;
  bool single = false;  // at the end of input make up a NEWLINE (and the DEDENTs)
  bool dont_imply_dedent = false;
  bool async_names = false;  // before 3.7: async and await are keywords only in an `async def`
  i32 first_lineno = 1;
  i32 first_col_offset = 0;  // added to columns of the first line (f-string expressions)
};

struct TokenizerWarning {
  std::string_view message;
  i32 lineno = 0;
  i32 offset = 0;  // for the SyntaxError it may become
  std::string_view text;
};

class Tokenizer {
 public:
  Tokenizer(Arena& arena, std::string_view text, const TokenizerOptions& options)
      : arena_(arena),
        options_(options),
        base_(text.data()),
        end_(text.data() + text.size()),
        cur_(base_),
        line_start_(base_),
        last_line_(base_),
        buffer_start_(base_),
        multi_line_start_(base_),
        lineno_(options.first_lineno - 1),
        first_line_(options.first_lineno) {}

  Token next();

  // ---- state, for error reports ----
  TokenizerDone done() const { return done_; }
  const SyntaxErrorInfo& error() const { return error_; }
  std::string_view undecodable() const { return undecodable_; }  // done() is Decode: the name that is not UTF-8
  i32 lineno() const { return lineno_; }
  int level() const { return level_; }
  const char* text_of(const Token& token) const { return base_ + token.start; }
  const char* cursor() const { return cur_; }
  const char* line_start() const { return line_start_; }
  // The text CPython's tokenizer would have buffered: from the line where the current token began, to the end of the
  // current line.
  std::string_view buffered_text() const;
  bool at_end() const { return cur_ == end_; }
  // No more lines are asked for: the end of the text is one, also within brackets.
  void stop_at_end() { stops_at_end_ = true; }
  bool in_token() const { return start_; }  // it has begun, and isn't read to its end
  struct OpenBracket {
    char bracket;
    i32 lineno;
    i32 col_offset;
  };
  const OpenBracket& innermost_bracket() const { return brackets_[level_ - 1]; }

  struct Warnings {
    TokenizerWarning* data = nullptr;
    u32 size = 0, capacity = 0;
  };
  const Warnings& warnings() const { return warnings_; }

 private:
  TokenKind scan(Token& token);
  bool begin_line();
  TokenKind indentation(bool& blank_line);
  bool continuation_line();
  TokenKind identifier(Token& token);
  TokenKind async_or_await(TokenKind kind);
  TokenKind number(Token& token);
  TokenKind radix_number(Token& token, const char* kind, int base);
  TokenKind string(Token& token);
  TokenKind operator_token(Token& token);
  TokenKind comment(Token& token, bool blank_line, bool& found);
  bool decimal_tail();
  bool verify_end_of_number(const char* kind);
  bool verify_identifier();
  TokenKind fail(TokenizerDone done) {
    done_ = done;
    return TokenKind::Error;
  }
  TokenKind syntax_error(i32 col_offset, i32 end_col_offset, const char* format, ...) __attribute__((format(printf, 4, 5)));
  void finish(Token& token, const char* end) {
    token.start = static_cast<u32>(start_ - base_);
    token.end = static_cast<u32>(end - base_);
    has_text_ = true;
  }

  Arena& arena_;
  TokenizerOptions options_;
  const char* base_;
  const char* end_;
  const char* cur_;
  const char* start_ = nullptr;  // of the token being read; null between tokens
  const char* line_start_;
  const char* last_line_;  // start of the last line begun; line_start_ goes back to a string's first line on errors
  const char* buffer_start_;
  const char* multi_line_start_;  // line start of the first line of the string being read
  i32 lineno_;
  i32 first_lineno_ = 0;  // of the string being read
  i32 first_line_;        // lineno whose columns are shifted by options_.first_col_offset
  int level_ = 0;
  int indent_ = 0;
  int pending_ = 0;  // >0: INDENTs to deliver, <0: DEDENTs
  TokenizerDone done_ = TokenizerDone::Ok;
  bool at_line_begin_ = true;
  bool has_text_ = false;
  bool stops_at_end_ = false;
  // With async_names: inside an `async def`, which was at that indentation, and whose first line has ended.
  bool in_async_def_ = false;
  bool async_def_line_ended_ = false;
  int async_def_indent_ = 0;
  bool parsing_started_ = false;
  SyntaxErrorInfo error_;
  std::string_view undecodable_;
  Warnings warnings_;
  OpenBracket brackets_[kMaxParenthesisDepth];
  i32 indents_[kMaxIndentDepth] = {};
  i32 alternate_indents_[kMaxIndentDepth] = {};  // columns if a tab were one wide: tells consistent indentation
};

}  // namespace baton::syntax
