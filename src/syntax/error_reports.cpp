// See error_reports.h.
#include "syntax/error_reports.h"

#include <cstdio>
#include <cstdlib>

#include "base/utf8.h"
#include "syntax/text_util.h"

namespace baton::syntax {

using namespace ast;

TokenList::~TokenList() { free(data_); }

void TokenList::push(const Token* token) {
  if (size_ == capacity_) {
    capacity_ = capacity_ ? capacity_ * 2 : 128;
    data_ = static_cast<const Token**>(realloc(data_, capacity_ * sizeof(Token*)));
    BATON_CHECK(data_, "out of memory while parsing");
  }
  data_[size_++] = token;
}

static TokenizerOptions tokenizer_options(const ParseOptions& options, const ErrorSource& source) {
  TokenizerOptions result;
  if (source.fstring) {
    result.first_lineno = source.starting_lineno;
    result.first_col_offset = source.starting_col_offset;
  } else {
    result.type_comments = options.type_comments;
    result.async_names = options.feature_version < 7;
    result.single = options.mode == ParseMode::Single;
    result.dont_imply_dedent = options.dont_imply_dedent;
  }
  return result;
}

ErrorReporter::ErrorReporter(Arena& arena, std::string_view text, const ParseOptions& options, const ErrorSource& source)
    : arena_(arena),
      text_(text),
      options_(options),
      source_(source),
      tokenizer_(arena, text, tokenizer_options(options, source)),
      barry_(options.barry_as_flufl) {}

ErrorReporter::~ErrorReporter() { free(warnings_); }

// ---- tokens ----

bool ErrorReporter::fill() {
  Token token;
  do token = tokenizer_.next();
  while (token.kind == TokenKind::TypeIgnore);
  // The NEWLINE at the end of what was typed is that of a blank line.
  if (options_.prompt == Prompt::GoesOn && token.kind == TokenKind::Newline && token.col_offset == -1 && text_.ends_with('\n')) {
    token.col_offset = 0;
    token.end_col_offset = 1;
  }
  take_tokenizer_warnings();
  tokens_.push(arena_.make<Token>(token));
  if (token.kind != TokenKind::Error) return true;
  tokenizer_error();
  error_indicator_ = true;
  return false;
}

void ErrorReporter::take_tokenizer_warnings() {
  const Tokenizer::Warnings& numbers = tokenizer_.warnings();
  for (; tokenizer_warnings_seen_ < numbers.size; ++tokenizer_warnings_seen_) {
    const TokenizerWarning& from = numbers.data[tokenizer_warnings_seen_];
    ParseWarning warning;
    warning.kind = WarningKind::Syntax;
    warning.message = from.message;
    warning.lineno = from.lineno;
    warning.location.message = from.message;
    warning.location.lineno = warning.location.end_lineno = from.lineno;
    warning.location.offset = warning.location.end_offset = from.offset;
    warning.location.text = from.text;
    add_warning(warning);
  }
}

void ErrorReporter::take_tokenizer_error() {
  error_ = tokenizer_.error();
  has_error_ = true;
}

void ErrorReporter::tokenizer_error() {
  if (has_error_) return;
  i32 lineno = tokenizer_.lineno();
  switch (tokenizer_.done()) {
    case TokenizerDone::Ok:
    case TokenizerDone::Eof:
      if (tokenizer_.level())
        raise_unclosed_bracket();
      else
        raise_last(ErrorKind::Syntax, "unexpected EOF while parsing");
      break;
    case TokenizerDone::Described:
    case TokenizerDone::EofInString: take_tokenizer_error(); break;
    case TokenizerDone::Dedent: raise_last(ErrorKind::Indentation, "unindent does not match any outer indentation level"); break;
    case TokenizerDone::TabSpace:
      raise_at(ErrorKind::Tab, lineno, 1, lineno, 0, "inconsistent use of tabs and spaces in indentation");
      break;
    case TokenizerDone::TooDeep: raise_at(ErrorKind::Indentation, lineno, 1, lineno, 0, "too many levels of indentation"); break;
    case TokenizerDone::LineContinuation: {
      i32 column = static_cast<i32>(tokenizer_.cursor() - tokenizer_.buffered_text().data()) - 1;
      raise_at(ErrorKind::Syntax, lineno, (column >= 0 ? column : 0) + 1, lineno, 0,
               "unexpected character after line continuation character");
      break;
    }
    case TokenizerDone::Decode:
      raise_last(ErrorKind::Syntax, tokenizer_.error().message);
      if (source_.fstring) error_.offset = error_.end_offset = 0;
      break;
  }
}

ExprNode* ErrorReporter::number_node(const Token& token) {
  if (options_.feature_version < 6 && text_of(token).find('_') != std::string_view::npos) {
    raise_last(ErrorKind::Syntax, "Underscores in numeric literals are only supported in Python 3.6 and greater");
    return nullptr;
  }
  usize digits_over;
  ConstValue value = parse_number(arena_, text_of(token), options_.max_int_digits, &digits_over);
  // Too many digits: the parser has reported that itself, unless a mistake came before it.
  if (digits_over) value = ConstValue::of_int(0);
  return make<Constant>(arena_, Span{token.lineno, token.col_offset, token.end_lineno, token.end_col_offset}, value);
}

// ---- raising ----

void ErrorReporter::raise_memory() {
  error_ = {};
  error_.kind = ErrorKind::Memory;
  has_error_ = true;
}

void ErrorReporter::raise_unclosed_bracket() {
  const auto& open = tokenizer_.innermost_bracket();
  char message[32];
  int length = snprintf(message, sizeof message, "'%c' was never closed", open.bracket);
  raise_at(ErrorKind::Syntax, open.lineno, open.col_offset + 1, open.lineno, 0, {message, static_cast<usize>(length)});
}

void ErrorReporter::raise_known(const Span& span, std::string_view message, const ExprNode* described) {
  usize hole = described ? message.find("%s") : message.npos;
  if (hole != message.npos) {
    const char* name = expression_name(described);
    char* text = static_cast<char*>(arena_.allocate(message.size() + strlen(name) + 1));
    int length = sprintf(text, "%.*s%s%.*s", static_cast<int>(hole), message.data(), name,
                         static_cast<int>(message.size() - hole - 2), message.data() + hole + 2);
    message = {text, static_cast<usize>(length)};
  }
  raise_at(ErrorKind::Syntax, span.lineno, span.col_offset + 1, span.end_lineno, span.end_col_offset + 1, message);
}

// To where the tokenizer has got.
void ErrorReporter::raise_from(const Span& span, std::string_view message) {
  raise_at(ErrorKind::Syntax, span.lineno, span.col_offset + 1, tokenizer_.lineno(),
           static_cast<i32>(tokenizer_.cursor() - tokenizer_.line_start()), message);
}

void ErrorReporter::raise_block(i32 lineno, std::string_view message) {
  char* text = static_cast<char*>(arena_.allocate(message.size() + 16));
  usize hole = message.find("%d");
  if (hole != message.npos) {
    int length = sprintf(text, "%.*s%d", static_cast<int>(hole), message.data(), lineno);
    message = {text, static_cast<usize>(length)};
  }
  raise_last(ErrorKind::Indentation, message);
}

// At the last token read.
void ErrorReporter::raise_last(ErrorKind kind, std::string_view message) {
  if (error_indicator_ && has_error_) return;
  if (tokens_.empty()) return raise_at(kind, 0, 0, 0, -1, message);
  const Token& token = *tokens_.back();
  if (token.kind == TokenKind::Error && tokenizer_.done() == TokenizerDone::Eof && tokenizer_.level() &&
      message != "incomplete input") {
    return raise_unclosed_bracket();
  }
  i32 column, end_column = -1;
  if (token.col_offset == -1) {
    bool at_blank_line = options_.prompt == Prompt::GoesOn && text_.ends_with('\n') && tokenizer_.at_end();
    bool nothing_buffered =
        at_blank_line || (options_.from_file && tokenizer_.done() == TokenizerDone::Eof && !tokenizer_.in_token());
    column = nothing_buffered ? 0 : static_cast<i32>(tokenizer_.cursor() - tokenizer_.line_start());
    // The last line has its newline only once it isn't what is being typed.
    if (options_.prompt == Prompt::GoesOn && !source_.fstring && !text_.ends_with('\n') && tokenizer_.at_end()) ++column;
  } else {
    column = token.col_offset + 1;
  }
  if (token.end_col_offset != -1) end_column = token.end_col_offset + 1;
  raise_at(kind, token.lineno, column, token.end_lineno, end_column, message);
}

// The line to show. CPython shows what its tokenizer has buffered if the error is in the line being read, but for what is typed.
std::string_view ErrorReporter::error_line(i32 lineno) const {
  if (tokenizer_.lineno() <= lineno && (options_.prompt == Prompt::None || source_.fstring)) {
    std::string_view buffered = tokenizer_.buffered_text();
    if (!buffered.empty()) return buffered;
  }
  i32 relative = source_.starting_lineno ? lineno - source_.starting_lineno + 1 : lineno;
  const char* line = text_.data();
  const char* end = line + text_.size();
  for (i32 i = 1; i < relative; ++i) {
    auto* newline = static_cast<const char*>(memchr(line, '\n', end - line));
    if (!newline) break;
    line = newline + 1;
  }
  auto* newline = static_cast<const char*>(memchr(line, '\n', end - line));
  return {line, static_cast<usize>((newline ? newline : end) - line)};
}

i32 character_offset(std::string_view line, i32 bytes) {
  if (bytes <= 0) return bytes;
  i32 size = static_cast<i32>(line.size());
  if (bytes > size) return count_characters(line) + 1;
  return count_characters(line.substr(0, bytes));
}

void ErrorReporter::raise_at(ErrorKind kind, i32 lineno, i32 col_offset, i32 end_lineno, i32 end_col_offset,
                             std::string_view message) {
  if (error_indicator_ && has_error_) return;
  error_ = {};
  error_.kind = kind;
  if (source_.fstring) {
    char* text = static_cast<char*>(arena_.allocate(message.size() + 11));
    int length = sprintf(text, "f-string: %.*s", static_cast<int>(message.size()), message.data());
    message = {text, static_cast<usize>(length)};
    col_offset -= source_.starting_col_offset;
    end_col_offset -= source_.starting_col_offset;
  }
  std::string_view line = error_line(lineno);
  error_.message = arena_.copy(message);
  error_.lineno = lineno;
  error_.end_lineno = end_lineno;
  error_.line_from_file = options_.mode == ParseMode::Exec && !source_.fstring;
  error_.in_bytes = options_.byte_offsets || source_.fstring;
  error_.byte_offset = col_offset;
  error_.byte_end_offset = end_col_offset;
  error_.offset = error_.in_bytes ? col_offset : character_offset(line, col_offset);
  error_.end_offset = error_.in_bytes ? end_col_offset : character_offset(line, end_col_offset);
  error_.text = arena_.copy(replace_invalid(arena_, line));
  has_error_ = true;
}

const char* expression_name(const ExprNode* expr) {
  switch (expr->kind) {
    case ExprKind::Attribute: return "attribute";
    case ExprKind::Subscript: return "subscript";
    case ExprKind::Starred: return "starred";
    case ExprKind::Name: return "name";
    case ExprKind::List: return "list";
    case ExprKind::Tuple: return "tuple";
    case ExprKind::Lambda: return "lambda";
    case ExprKind::Call: return "function call";
    case ExprKind::BoolOp:
    case ExprKind::BinOp:
    case ExprKind::UnaryOp: return "expression";
    case ExprKind::GeneratorExp: return "generator expression";
    case ExprKind::Yield:
    case ExprKind::YieldFrom: return "yield expression";
    case ExprKind::Await: return "await expression";
    case ExprKind::ListComp: return "list comprehension";
    case ExprKind::SetComp: return "set comprehension";
    case ExprKind::DictComp: return "dict comprehension";
    case ExprKind::Dict: return "dict literal";
    case ExprKind::Set: return "set display";
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue: return "f-string expression";
    case ExprKind::Constant:
      switch (static_cast<const Constant*>(expr)->value.kind) {
        case ConstKind::None: return "None";
        case ConstKind::False: return "False";
        case ConstKind::True: return "True";
        case ConstKind::Ellipsis: return "ellipsis";
        default: return "literal";
      }
    case ExprKind::Compare: return "comparison";
    case ExprKind::IfExp: return "conditional expression";
    case ExprKind::NamedExpr: return "named expression";
    case ExprKind::Slice: break;
  }
  return "expression";
}

// The part of a would-be target that cannot be one, or null.
static ExprNode* invalid_target(ExprNode* e, Targets targets) {
  switch (e->kind) {
    case ExprKind::List:
      for (ExprNode* item : static_cast<List*>(e)->elts) {
        if (ExprNode* bad = invalid_target(item, targets)) return bad;
      }
      return nullptr;
    case ExprKind::Tuple:
      for (ExprNode* item : static_cast<Tuple*>(e)->elts) {
        if (ExprNode* bad = invalid_target(item, targets)) return bad;
      }
      return nullptr;
    case ExprKind::Starred: return targets == Targets::Del ? e : invalid_target(static_cast<Starred*>(e)->value, targets);
    case ExprKind::Compare:
      // `for a in b`: what was read as a comparison begins with the target.
      if (targets != Targets::For) return e;
      return static_cast<Compare*>(e)->ops[0] == CmpOperator::In ? invalid_target(static_cast<Compare*>(e)->left, targets)
                                                                 : nullptr;
    case ExprKind::Name:
    case ExprKind::Subscript:
    case ExprKind::Attribute: return nullptr;
    default: return e;
  }
}

void ErrorReporter::raise_invalid_target(ExprNode* target, Targets targets) {
  ExprNode* bad = invalid_target(target, targets);
  if (bad) raise_known(bad->span, targets == Targets::Del ? "cannot delete %s" : "cannot assign to %s", bad);
}

void ErrorReporter::literal_error(const Token* at, std::string_view message) {
  if (at)
    raise_known({at->lineno, at->col_offset, at->end_lineno, at->end_col_offset}, message);
  else
    raise_last(ErrorKind::Syntax, message);
}

// ---- warnings ----

void ErrorReporter::add_warning(const ParseWarning& warning) {
  if (warning_count_ == warning_capacity_) {
    warning_capacity_ = warning_capacity_ ? warning_capacity_ * 2 : 8;
    warnings_ = static_cast<ParseWarning*>(realloc(static_cast<void*>(warnings_), warning_capacity_ * sizeof(ParseWarning)));
    BATON_CHECK(warnings_, "out of memory while parsing");
  }
  warnings_[warning_count_++] = warning;
}

void ErrorReporter::literal_warning(const Token& at, std::string_view message) {
  ParseWarning warning;
  warning.message = message;
  warning.lineno = at.lineno;
  SyntaxErrorInfo& location = warning.location;
  location.message = message;
  location.lineno = at.lineno;
  location.end_lineno = at.end_lineno;
  location.text = replace_invalid(arena_, line_around(text_.data(), text_.data() + text_.size(), text_.data() + at.start));
  location.offset = count_characters(location.text.substr(0, at.col_offset)) + 1;
  location.end_offset = count_characters(location.text.substr(0, at.end_col_offset)) + 1;
  add_warning(warning);
}

void ErrorReporter::adopt_warnings(const ErrorReporter& inner) {
  for (u32 i = 0; i < inner.warning_count_; ++i) add_warning(inner.warnings_[i]);
}

// ---- the end ----

// Interactive input: is there anything but blanks and comments behind the statement?
bool ErrorReporter::text_follows() const {
  const char* p = tokenizer_.cursor();
  const char* end = text_.data() + text_.size();
  for (; p < end; ++p) {
    if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\f') continue;
    if (*p != '#') return true;
    while (p < end && *p != '\n') ++p;
    if (p == end) break;
  }
  return false;
}

// Errors of the tokenizer in the rest of the source take precedence over the parser's.
void ErrorReporter::check_rest_of_source() {
  if (options_.prompt != Prompt::None) return;
  SyntaxErrorInfo before = error_;
  bool had_error = has_error_;
  i32 current_line = tokens_.back()->lineno;
  has_error_ = false;
  bool indicator = error_indicator_;
  error_indicator_ = false;
  for (;;) {
    Token token = tokenizer_.next();
    if (token.kind == TokenKind::EndMarker) break;
    if (token.kind != TokenKind::Error) continue;
    if (tokenizer_.done() == TokenizerDone::Described || tokenizer_.done() == TokenizerDone::EofInString) {
      take_tokenizer_error();
    } else if (tokenizer_.done() == TokenizerDone::Decode) {
      // Here CPython lets the decoding error through as it is.
      std::string_view bytes = tokenizer_.undecodable();
      Utf8Scan scan = utf8_scan(reinterpret_cast<const u8*>(bytes.data()), bytes.size());
      error_ = {};
      error_.kind = ErrorKind::UnicodeDecode;
      error_.text = bytes;
      error_.offset = static_cast<i32>(scan.bytes);
      error_.end_offset = static_cast<i32>(scan.bytes + scan.fault_length);
      error_.message = utf8_fault_text(scan.fault);
      has_error_ = true;
    } else if (tokenizer_.level() && current_line > tokenizer_.innermost_bracket().lineno) {
      raise_unclosed_bracket();
    }
    break;
  }
  take_tokenizer_warnings();
  error_indicator_ = indicator;
  if (!has_error_) {
    error_ = before;
    has_error_ = had_error;
  }
}

void ErrorReporter::finish_error(const Token* last_token) {
  if (has_error_) {
    bool tokenizer_fine = tokenizer_.done() == TokenizerDone::Ok;
    if (tokenizer_fine && error_.kind <= ErrorKind::Tab) check_rest_of_source();
    return;
  }
  error_indicator_ = false;
  if (!last_token) return raise_at(ErrorKind::Syntax, 0, 0, 0, -1, "error at start before reading any input");
  if (last_token->kind == TokenKind::Error && tokenizer_.done() == TokenizerDone::Eof) {
    if (tokenizer_.level()) return raise_unclosed_bracket();
    return raise_last(ErrorKind::Syntax, "unexpected EOF while parsing");
  }
  if (last_token->kind == TokenKind::Indent) return raise_last(ErrorKind::Indentation, "unexpected indent");
  if (last_token->kind == TokenKind::Dedent) return raise_last(ErrorKind::Indentation, "unexpected unindent");
  raise_known({last_token->lineno, last_token->col_offset, last_token->end_lineno, last_token->end_col_offset}, "invalid syntax");
  check_rest_of_source();
}

void ErrorReporter::publish(Arena& arena, ParseResult* result) {
  result->error = error_;
  result->error.message = arena.copy(error_.message);
  if (error_.text.data()) result->error.text = arena.copy(error_.text);
  result->warnings = make_seq(arena, warnings_, warning_count_);
  for (ParseWarning& warning : result->warnings) {
    warning.message = warning.location.message = arena.copy(warning.message);
    warning.location.text = arena.copy(warning.location.text);
  }
}

}  // namespace baton::syntax
