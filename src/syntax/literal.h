// Values of literals: numbers, strings, bytes, f-strings. Shared by the parser and by the error pass, which differ in how an
// expression inside an f-string is parsed and in what becomes of an error: that is LiteralHost.
#pragma once
#include <string_view>

#include "syntax/ast.h"
#include "syntax/token.h"

namespace baton::syntax {

class LiteralHost {
 public:
  // `text` is the expression in parentheses, NUL-padded, in the arena. Positions: its first line is `lineno`, and columns of
  // that line are shifted by `col_offset`. Null: failed, error reported.
  virtual ast::ExprNode* fstring_expression(std::string_view text, i32 lineno, i32 col_offset) = 0;
  // `at` null: at the last token read. The message is in the arena.
  virtual void literal_error(const Token* at, std::string_view message) = 0;
  virtual void literal_warning(const Token& at, std::string_view message) = 0;

  bool check_utf8 = false;  // the source is not valid UTF-8 throughout: literals have to look

 protected:
  ~LiteralHost() = default;
};

// Adjacent STRING tokens (one or more) of the text that starts at `base`. Null: failed, error reported to the host.
ast::ExprNode* concatenate_strings(Arena& arena, LiteralHost& host, const char* base, const Token* tokens, u32 count,
                                   i32 feature_version);

// The value of a NUMBER token. *digits_over gets the number of digits if a decimal integer has more than max_int_digits
// (then the value is meaningless), else 0.
ast::ConstValue parse_number(Arena& arena, std::string_view text, i32 max_int_digits, usize* digits_over);

}  // namespace baton::syntax
