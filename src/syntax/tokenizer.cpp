// The tokenizer. Invariants: cur_ never stands behind a '\n' without begin_line() having been called for the next line, so
// lineno_ and line_start_ always describe the line cur_ is in; the NUL padding ends every scanning loop.
#include "syntax/tokenizer.h"

#include <cstdarg>
#include <cstdio>

#include "base/unicode.h"
#include "base/utf8.h"
#include "syntax/text_util.h"

namespace baton::syntax {

namespace {

enum CharClass : u8 { kIdStart = 1, kIdPart = 2, kDigit = 4, kHex = 8 };

struct CharTable {
  u8 flags[256] = {};
  constexpr CharTable() {
    for (int c = 0; c < 256; ++c) {
      bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
      if (lower || upper || c == '_' || c >= 128) flags[c] |= kIdStart | kIdPart;
      if (digit) flags[c] |= kIdPart | kDigit | kHex;
      if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) flags[c] |= kHex;
    }
  }
};
constexpr CharTable char_table;

inline bool is(char c, CharClass what) { return char_table.flags[static_cast<u8>(c)] & what; }
inline bool is_digit(char c) { return static_cast<u8>(c - '0') < 10; }

constexpr u64 pack(std::string_view word) {
  u64 packed = 0;
  for (usize i = 0; i < word.size(); ++i) packed |= static_cast<u64>(static_cast<u8>(word[i])) << (8 * i);
  return packed;
}

// `length` <= 8; the text padding makes the load safe.
inline TokenKind keyword_kind(const char* text, usize length) {
  u64 word;
  memcpy(&word, text, 8);
  word &= ~u64{0} >> (64 - 8 * length);
  switch (word) {
#define T(name, text) \
  case pack(text): return TokenKind::name;
    BATON_KEYWORD_TOKENS(T)
#undef T
    default: return TokenKind::Name;
  }
}

}  // namespace

// Enters the line at cur_. False at the end of input.
bool Tokenizer::begin_line() {
  if (cur_ == end_) {
    done_ = TokenizerDone::Eof;
    return false;
  }
  if (!start_) buffer_start_ = cur_;
  line_start_ = last_line_ = cur_;
  ++lineno_;
  return true;
}

static const char* line_end(const char* from, const char* end) {
  auto* newline = static_cast<const char*>(memchr(from, '\n', end - from));
  return newline ? newline + 1 : end;
}

std::string_view Tokenizer::buffered_text() const {
  const char* limit = line_end(last_line_, end_);
  return {buffer_start_, static_cast<usize>(limit - buffer_start_)};
}

TokenKind Tokenizer::syntax_error(i32 col_offset, i32 end_col_offset, const char* format, ...) {
  char buffer[256];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  const char* limit = line_end(line_start_, end_);
  if (limit > line_start_ && limit[-1] == '\n') --limit;
  if (col_offset < 0) {
    col_offset = count_characters({line_start_, static_cast<usize>(cur_ - line_start_)});
  }
  if (end_col_offset < 0) end_col_offset = col_offset;
  error_.kind = ErrorKind::Syntax;
  error_.message = arena_.copy(buffer);
  error_.lineno = error_.end_lineno = lineno_;
  error_.offset = col_offset;
  error_.end_offset = end_col_offset;
  error_.text = arena_.copy(replace_invalid(arena_, {line_start_, static_cast<usize>(limit - line_start_)}));
  return fail(TokenizerDone::Described);
}

// CPython finds most tokens' ends by reading one character more, and may see the end of the input in doing so.
static bool reads_ahead(TokenKind kind) {
  switch (kind) {
    case TokenKind::String:
    case TokenKind::Newline:
    case TokenKind::Ellipsis:
    case TokenKind::DoubleStarEqual:
    case TokenKind::DoubleSlashEqual:
    case TokenKind::LeftShiftEqual:
    case TokenKind::RightShiftEqual:
    case TokenKind::Error: return false;
    default: return true;
  }
}

Token Tokenizer::next() {
  Token token;
  has_text_ = false;
  token.kind = scan(token);
  if (cur_ == end_ && has_text_ && done_ == TokenizerDone::Ok && reads_ahead(token.kind)) done_ = TokenizerDone::Eof;
  if (options_.single && token.kind == TokenKind::EndMarker && parsing_started_) {
    // The last line of interactive input need not be complete.
    token.kind = TokenKind::Newline;
    parsing_started_ = false;
    if (indent_ && !options_.dont_imply_dedent) {
      pending_ = -indent_;
      indent_ = 0;
    }
  } else if (token.kind != TokenKind::TypeIgnore) {
    parsing_started_ = true;
  }
  bool is_string = token.kind == TokenKind::String;
  const char* line = is_string ? multi_line_start_ : line_start_;
  token.level = static_cast<u16>(level_);
  token.lineno = is_string ? first_lineno_ : lineno_;
  token.end_lineno = lineno_;
  token.col_offset = token.end_col_offset = -1;
  if (has_text_) {
    // For a token of several lines the shift goes by its last line, as in CPython.
    i32 shift = lineno_ == first_line_ ? options_.first_col_offset : 0;
    const char* from = base_ + token.start;
    token.col_offset = from >= line ? static_cast<i32>(from - line) + shift : -1;
    token.end_col_offset = static_cast<i32>(base_ + token.end - line_start_) + shift;
  }
  return token;
}

TokenKind Tokenizer::scan(Token& token) {
  if (done_ > TokenizerDone::Eof) return TokenKind::Error;
next_line:
  start_ = nullptr;
  bool blank_line = false;
  if (at_line_begin_) {
    TokenKind kind = indentation(blank_line);
    if (kind == TokenKind::Error) return kind;
  }
  if (pending_ != 0) {
    if (pending_ < 0) return ++pending_, TokenKind::Dedent;
    return --pending_, TokenKind::Indent;
  }
  // A type comment on a line of its own comes before the indentation of its function is known: at its end nothing is decided.
  if (in_async_def_ && !blank_line && *cur_ != '\n' && level_ == 0 && async_def_line_ended_ && async_def_indent_ >= indent_) {
    in_async_def_ = async_def_line_ended_ = false;
  }
again:
  start_ = nullptr;
  while (*cur_ == ' ' || *cur_ == '\t' || *cur_ == '\014') ++cur_;
  start_ = cur_;
  char c = *cur_;
  if (c == '#') {
    bool found = false;
    TokenKind kind = comment(token, blank_line, found);
    if (found) return kind;
    c = *cur_;  // the line's end, whose NEWLINE token begins with the comment
  }
  if (is(c, kIdStart)) return identifier(token);
  switch (c) {
    case 0:
      done_ = TokenizerDone::Eof;
      start_ = nullptr;
      return level_ && !stops_at_end_ ? TokenKind::Error : TokenKind::EndMarker;
    case '\n':
      ++cur_;
      at_line_begin_ = true;
      if (blank_line || level_ > 0) goto next_line;
      finish(token, cur_ - 1);
      if (in_async_def_) async_def_line_ended_ = true;
      return TokenKind::Newline;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return number(token);
    case '\'':
    case '"': return string(token);
    case '\\':
      ++cur_;
      if (!continuation_line()) return TokenKind::Error;
      goto again;
    case '.':
      if (is_digit(cur_[1])) return number(token);
      [[fallthrough]];
    default: return operator_token(token);
  }
}

// Reads the blanks at the start of a line and turns changes of indentation into pending INDENT and DEDENT tokens.
TokenKind Tokenizer::indentation(bool& blank_line) {
  i32 column = 0, alternate = 0, continued_column = 0;
  at_line_begin_ = false;
  bool any = begin_line();
  if (any) {
    for (;; ++cur_) {
      char c = *cur_;
      if (c == ' ') {
        ++column, ++alternate;
      } else if (c == '\t') {
        column = (column / 8 + 1) * 8;
        ++alternate;
      } else if (c == '\014') {
        column = alternate = 0;
      } else if (c == '\\') {
        // A backslash cannot split the indentation over lines: what counts stands before the first one.
        if (!continued_column) continued_column = column;
        ++cur_;
        if (!continuation_line()) return TokenKind::Error;
        --cur_;
      } else {
        break;
      }
    }
    if (*cur_ == '#' || *cur_ == '\n') blank_line = true;
    if (cur_ == end_) done_ = TokenizerDone::Eof;
  }
  if (blank_line || level_ > 0) return TokenKind::Newline;
  if (continued_column) column = alternate = continued_column;
  if (column == indents_[indent_]) {
    if (alternate != alternate_indents_[indent_]) {
      cur_ = line_end(line_start_, end_);
      return fail(TokenizerDone::TabSpace);
    }
  } else if (column > indents_[indent_]) {
    if (indent_ + 1 >= kMaxIndentDepth) {
      cur_ = line_end(line_start_, end_);
      return fail(TokenizerDone::TooDeep);
    }
    if (alternate <= alternate_indents_[indent_]) {
      cur_ = line_end(line_start_, end_);
      return fail(TokenizerDone::TabSpace);
    }
    ++pending_;
    ++indent_;
    indents_[indent_] = column;
    alternate_indents_[indent_] = alternate;
  } else {
    while (indent_ > 0 && column < indents_[indent_]) {
      --pending_;
      --indent_;
    }
    if (column != indents_[indent_]) {
      cur_ = line_end(line_start_, end_);
      return fail(TokenizerDone::Dedent);
    }
    if (alternate != alternate_indents_[indent_]) {
      cur_ = line_end(line_start_, end_);
      return fail(TokenizerDone::TabSpace);
    }
  }
  return TokenKind::Newline;
}

// Behind a backslash: the line must end here, and another must follow.
bool Tokenizer::continuation_line() {
  if (*cur_ != '\n') {
    if (*cur_) ++cur_;
    fail(TokenizerDone::LineContinuation);
    return false;
  }
  ++cur_;
  return begin_line();
}

// At '#'. Goes to the end of the line; with type comments on, a `# type:` comment is a token (found).
TokenKind Tokenizer::comment(Token& token, bool blank_line, bool& found) {
  const char* from = cur_;
  auto* newline = static_cast<const char*>(memchr(cur_, '\n', end_ - cur_));
  cur_ = newline ? newline : end_;
  if (!options_.type_comments) return TokenKind::Newline;
  const char* p = from;
  const char* prefix = "# type: ";
  const char* limit = newline ? cur_ + 1 : cur_;  // the blank of the prefix may be missing before the line's end
  for (; *prefix && p < limit; ++prefix) {
    if (*prefix == ' ') {
      while (*p == ' ' || *p == '\t') ++p;
    } else if (*prefix == *p) {
      ++p;
    } else {
      break;
    }
  }
  if (*prefix) return TokenKind::Newline;
  found = true;
  const char* ignore_end = p + 6;
  bool is_ignore =
      cur_ >= ignore_end && memcmp(p, "ignore", 6) == 0 && !(cur_ > ignore_end && is(*ignore_end, kIdPart) && *ignore_end != '_');
  start_ = is_ignore ? ignore_end : p;
  finish(token, cur_);
  if (!is_ignore) return TokenKind::TypeComment;
  if (blank_line && *cur_ == '\n') {
    // Alone on its line: the line end goes with it.
    ++cur_;
    at_line_begin_ = true;
  }
  return TokenKind::TypeIgnore;
}

TokenKind Tokenizer::identifier(Token& token) {
  const char* p = cur_;
  // String prefixes: any mix of one b, r, u, f as far as the combination is legal.
  bool saw_b = false, saw_r = false, saw_u = false, saw_f = false;
  for (;; ++p) {
    char c = *p | 0x20;
    if (c == 'b' && !(saw_b || saw_u || saw_f))
      saw_b = true;
    else if (c == 'u' && !(saw_b || saw_u || saw_r || saw_f))
      saw_u = true;
    else if (c == 'r' && !(saw_r || saw_u))
      saw_r = true;
    else if (c == 'f' && !(saw_f || saw_b || saw_u))
      saw_f = true;
    else
      break;
    if (p[1] == '"' || p[1] == '\'') {
      cur_ = p + 1;
      return string(token);
    }
  }
  u8 seen = 0;
  p = cur_;
  while (is(*p, kIdPart)) seen |= static_cast<u8>(*p++);
  cur_ = p;
  if (seen & 0x80) {
    if (!verify_identifier()) return TokenKind::Error;
    finish(token, cur_);
    return TokenKind::Name;
  }
  finish(token, p);
  usize length = p - start_;
  if (length > 8 || length < 2) return TokenKind::Name;
  TokenKind kind = keyword_kind(start_, length);
  if (options_.async_names && (kind == TokenKind::KwAsync || kind == TokenKind::KwAwait)) [[unlikely]]
    return async_or_await(kind);
  return kind;
}

TokenKind Tokenizer::async_or_await(TokenKind kind) {
  if (in_async_def_) return kind;
  if (kind == TokenKind::KwAwait) return TokenKind::Name;
  Tokenizer ahead(*this);
  if (ahead.next().kind != TokenKind::KwDef) return TokenKind::Name;
  in_async_def_ = true;
  async_def_indent_ = indent_;
  return kind;
}

bool Tokenizer::verify_identifier() {
  const u8* p = reinterpret_cast<const u8*>(start_);
  usize size = cur_ - start_;
  if (std::string_view fault = utf8_decode_message(arena_, {start_, size}); !fault.empty()) {
    syntax_error(-1, -1, "(unicode error) %.*s", static_cast<int>(fault.size()), fault.data());
    undecodable_ = {start_, size};
    fail(TokenizerDone::Decode);
    return false;
  }
  for (usize at = 0; at < size;) {
    usize length;
    u32 ch = utf8_get(p + at, &length);
    bool good = at == 0 ? ch == '_' || unicode_is_xid_start(ch) : unicode_is_xid_continue(ch);
    if (!good) {
      cur_ = start_ + at + length;
      if (unicode_is_printable(ch)) {
        syntax_error(-1, -1, "invalid character '%.*s' (U+%04X)", static_cast<int>(length), start_ + at, ch);
      } else {
        syntax_error(-1, -1, "invalid non-printable character U+%04X", ch);
      }
      return false;
    }
    at += length;
  }
  return true;
}

// Digits with single underscores between them; cur_ stands on a digit or behind the digits.
bool Tokenizer::decimal_tail() {
  for (;;) {
    while (is_digit(*cur_)) ++cur_;
    if (*cur_ != '_') return true;
    ++cur_;
    if (!is_digit(*cur_)) {
      syntax_error(-1, -1, "invalid decimal literal");
      return false;
    }
  }
}

// A number must not run into a name. Directly behind it the keywords that can follow an expression are let through with a
// warning.
bool Tokenizer::verify_end_of_number(const char* kind) {
  const char* p = cur_;
  char c = *p;
  if (!is(c, kIdPart)) return true;
  auto word = [p](std::string_view text) { return memcmp(p, text.data(), text.size()) == 0 && !is(p[text.size()], kIdPart); };
  bool keyword = false;
  switch (c) {
    case 'a': keyword = word("and"); break;
    case 'e': keyword = word("else"); break;
    case 'f': keyword = word("for"); break;
    case 'i': keyword = p[1] == 'f' || p[1] == 'n' || p[1] == 's'; break;
    case 'o': keyword = word("or"); break;
    case 'n': keyword = word("not"); break;
    default: break;
  }
  if (!keyword) {
    syntax_error(-1, -1, "invalid %s literal", kind);
    return false;
  }
  if (warnings_.size == warnings_.capacity) {
    u32 capacity = warnings_.capacity ? warnings_.capacity * 2 : 4;
    auto* grown = arena_.allocate_array<TokenizerWarning>(capacity);
    for (u32 i = 0; i < warnings_.size; ++i) grown[i] = warnings_.data[i];
    warnings_ = {grown, warnings_.size, capacity};
  }
  char message[48];
  int length = snprintf(message, sizeof message, "invalid %s literal", kind);
  TokenizerWarning& warning = warnings_.data[warnings_.size++];
  warning = {};
  warning.message = arena_.copy({message, static_cast<usize>(length)});
  warning.lineno = lineno_;
  warning.offset = count_characters({line_start_, static_cast<usize>(cur_ - line_start_)});
  const char* limit = line_end(line_start_, end_);
  if (limit > line_start_ && limit[-1] == '\n') --limit;
  warning.text = replace_invalid(arena_, {line_start_, static_cast<usize>(limit - line_start_)});
  return true;
}

TokenKind Tokenizer::radix_number(Token& token, const char* kind, int base) {
  auto valid = [base](char c) { return base == 16 ? is(c, kHex) : static_cast<u8>(c - '0') < base; };
  do {
    if (*cur_ == '_') ++cur_;
    if (!valid(*cur_)) {
      if (base != 16 && is_digit(*cur_)) {
        char digit = *cur_++;
        return syntax_error(-1, -1, "invalid digit '%c' in %s literal", digit, kind);
      }
      return syntax_error(-1, -1, "invalid %s literal", kind);
    }
    while (valid(*cur_)) ++cur_;
  } while (*cur_ == '_');
  if (base != 16 && is_digit(*cur_)) {
    char digit = *cur_++;
    return syntax_error(-1, -1, "invalid digit '%c' in %s literal", digit, kind);
  }
  if (!verify_end_of_number(kind)) return TokenKind::Error;
  finish(token, cur_);
  return TokenKind::Number;
}

TokenKind Tokenizer::number(Token& token) {
  bool leading_zero_number = false;
  const char* zeros_end = nullptr;
  if (*cur_ == '0') {
    char mark = cur_[1] | 0x20;
    if (mark == 'x' || mark == 'o' || mark == 'b') {
      cur_ += 2;
      if (mark == 'x') return radix_number(token, "hexadecimal", 16);
      return mark == 'o' ? radix_number(token, "octal", 8) : radix_number(token, "binary", 2);
    }
    // Zeros; then either a float, or an error (C's octal notation).
    for (;;) {
      if (*cur_ == '_') {
        ++cur_;
        if (!is_digit(*cur_)) return syntax_error(-1, -1, "invalid decimal literal");
      }
      if (*cur_ != '0') break;
      ++cur_;
    }
    zeros_end = *cur_ ? cur_ + 1 : cur_;  // CPython has read one character further
    if (is_digit(*cur_)) {
      leading_zero_number = true;
      if (!decimal_tail()) return TokenKind::Error;
    }
  } else if (*cur_ != '.') {
    if (!decimal_tail()) return TokenKind::Error;
  }
  bool is_float = false;
  if (*cur_ == '.') {
    is_float = true;
    ++cur_;
    if (is_digit(*cur_) && !decimal_tail()) return TokenKind::Error;
  }
  if ((*cur_ | 0x20) == 'e') {
    const char* exponent = cur_++;
    if (*cur_ == '+' || *cur_ == '-') {
      ++cur_;
      if (!is_digit(*cur_)) return syntax_error(-1, -1, "invalid decimal literal");
    } else if (!is_digit(*cur_)) {
      // Not an exponent: `1else`, or an error.
      cur_ = exponent;
      if (!verify_end_of_number("decimal")) return TokenKind::Error;
      finish(token, cur_);
      return TokenKind::Number;
    }
    is_float = true;
    if (!decimal_tail()) return TokenKind::Error;
  }
  if ((*cur_ | 0x20) == 'j') {
    ++cur_;
    if (!verify_end_of_number("imaginary")) return TokenKind::Error;
  } else if (leading_zero_number && !is_float) {
    return syntax_error(static_cast<i32>(start_ + 1 - line_start_), static_cast<i32>(zeros_end - line_start_),
                        "leading zeros in decimal integer literals are not permitted; "
                        "use an 0o prefix for octal integers");
  } else if (!verify_end_of_number("decimal")) {
    return TokenKind::Error;
  }
  finish(token, cur_);
  return TokenKind::Number;
}

// At the opening quote; start_ is at the prefix.
TokenKind Tokenizer::string(Token& token) {
  char quote = *cur_++;
  first_lineno_ = lineno_;
  multi_line_start_ = line_start_;
  int quote_size = 1, end_quotes = 0;
  if (*cur_ == quote) {
    if (cur_[1] == quote) {
      quote_size = 3;
      cur_ += 2;
    } else {
      ++cur_;
      if (cur_ == end_) done_ = TokenizerDone::Eof;  // a third quote was looked for
      finish(token, cur_);
      return TokenKind::String;
    }
  }
  while (end_quotes != quote_size) {
    char c = *cur_;
    if (c == 0 || (c == '\n' && quote_size == 1)) {
      // The report points at the opening quote.
      bool at_end = c == 0;
      i32 detected = lineno_;
      cur_ = start_ + 1;
      line_start_ = multi_line_start_;
      lineno_ = first_lineno_;
      if (quote_size == 3) {
        syntax_error(-1, -1, "unterminated triple-quoted string literal (detected at line %d)", detected);
      } else {
        syntax_error(-1, -1, "unterminated string literal (detected at line %d)", detected);
      }
      if (at_end) done_ = TokenizerDone::EofInString;
      return TokenKind::Error;
    }
    ++cur_;
    if (c == quote) {
      ++end_quotes;
      continue;
    }
    end_quotes = 0;
    if (c == '\\' && *cur_) c = *cur_++;
    if (c == '\n' && cur_ != end_) begin_line();
  }
  finish(token, cur_);
  return TokenKind::String;
}

TokenKind Tokenizer::operator_token(Token& token) {
  using enum TokenKind;
  char c = *cur_++;
  auto one = [&](TokenKind kind) {
    finish(token, cur_);
    return kind;
  };
  auto more = [&](int extra, TokenKind kind) {
    cur_ += extra;
    finish(token, cur_);
    return kind;
  };
  char d = *cur_;
  switch (c) {
    case '(':
    case '[':
    case '{':
      if (level_ >= kMaxParenthesisDepth) return syntax_error(-1, -1, "too many nested parentheses");
      brackets_[level_++] = {c, lineno_, static_cast<i32>(start_ - line_start_)};
      return one(c == '(' ? LPar : c == '[' ? LSqb : LBrace);
    case ')':
    case ']':
    case '}': {
      if (!level_) return syntax_error(-1, -1, "unmatched '%c'", c);
      const OpenBracket& open = brackets_[--level_];
      if (c - open.bracket != (c == ')' ? 1 : 2)) {
        if (open.lineno != lineno_) {
          return syntax_error(-1, -1, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c,
                              open.bracket, open.lineno);
        }
        return syntax_error(-1, -1, "closing parenthesis '%c' does not match opening parenthesis '%c'", c, open.bracket);
      }
      return one(c == ')' ? RPar : c == ']' ? RSqb : RBrace);
    }
    case ':': return d == '=' ? more(1, ColonEqual) : one(Colon);
    case ',': return one(Comma);
    case ';': return one(Semi);
    case '.':
      if (d == '.' && cur_ + 1 == end_) done_ = TokenizerDone::Eof;  // the third dot was looked for
      return d == '.' && cur_[1] == '.' ? more(2, Ellipsis) : one(Dot);
    case '@': return d == '=' ? more(1, AtEqual) : one(At);
    case '=': return d == '=' ? more(1, EqEqual) : one(Equal);
    case '+': return d == '=' ? more(1, PlusEqual) : one(Plus);
    case '-': return d == '=' ? more(1, MinEqual) : d == '>' ? more(1, RArrow) : one(Minus);
    case '%': return d == '=' ? more(1, PercentEqual) : one(Percent);
    case '&': return d == '=' ? more(1, AmperEqual) : one(Amper);
    case '|': return d == '=' ? more(1, VBarEqual) : one(VBar);
    case '^': return d == '=' ? more(1, CircumflexEqual) : one(Circumflex);
    case '~': return one(Tilde);
    case '*':
      if (d == '*') return cur_[1] == '=' ? more(2, DoubleStarEqual) : more(1, DoubleStar);
      return d == '=' ? more(1, StarEqual) : one(Star);
    case '/':
      if (d == '/') return cur_[1] == '=' ? more(2, DoubleSlashEqual) : more(1, DoubleSlash);
      return d == '=' ? more(1, SlashEqual) : one(Slash);
    case '<':
      if (d == '<') return cur_[1] == '=' ? more(2, LeftShiftEqual) : more(1, LeftShift);
      return d == '=' ? more(1, LessEqual) : d == '>' ? more(1, NotEqual) : one(Less);
    case '>':
      if (d == '>') return cur_[1] == '=' ? more(2, RightShiftEqual) : more(1, RightShift);
      return d == '=' ? more(1, GreaterEqual) : one(Greater);
    case '!':
      if (d == '=') return more(1, NotEqual);
      break;
    default:
      if (static_cast<u8>(c) < 32 || c == 127)
        return syntax_error(-1, -1, "invalid non-printable character U+%04X", static_cast<u8>(c));
      break;
  }
  return one(Unknown);
}

}  // namespace baton::syntax
