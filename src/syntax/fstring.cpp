// Formatted string literals the way 3.11 reads them: the STRING token is one piece of text, its expressions are cut out by
// counting brackets and quotes and parsed on their own, in parentheses. Nodes other than the expressions all carry the span of
// the whole concatenation.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "syntax/string_literal.h"
#include "syntax/tokenizer.h"

namespace baton::syntax {

using ast::ConstKind;
using ast::ConstValue;
using ast::ExprNode;

FStringBuilder::FStringBuilder(Arena& arena, LiteralHost& host, const char* base, const Token& first, const Token& last,
                               i32 feature_version)
    : arena_(arena),
      host_(host),
      base_(base),
      first_(&first),
      feature_version_(feature_version),
      span_{first.lineno, first.col_offset, last.end_lineno, last.end_col_offset},
      pending_(arena),
      nodes_(inline_nodes_),
      capacity_(std::size(inline_nodes_)) {}

FStringBuilder::~FStringBuilder() {
  if (nodes_ != inline_nodes_) free(nodes_);
}

bool FStringBuilder::fail(const char* format, ...) {
  char buffer[256];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  host_.literal_error(nullptr, arena_.copy(buffer));
  return false;
}

void FStringBuilder::append(ExprNode* node) {
  if (size_ == capacity_) {
    auto** grown = static_cast<ExprNode**>(malloc(capacity_ * 2 * sizeof(ExprNode*)));
    BATON_CHECK(grown, "out of memory while parsing");
    memcpy(grown, nodes_, size_ * sizeof(ExprNode*));
    if (nodes_ != inline_nodes_) free(nodes_);
    nodes_ = grown;
    capacity_ *= 2;
  }
  nodes_[size_++] = node;
}

void FStringBuilder::flush_literal() {
  if (pending_.empty()) return;
  append(
      ast::make<ast::Constant>(arena_, span_, ConstValue::of_text(ConstKind::Str, pending_.take()), string_kind(base_, *first_)));
}

ExprNode* FStringBuilder::join() {
  flush_literal();
  return ast::make<ast::JoinedStr>(arena_, span_, ast::make_seq(arena_, nodes_, size_));
}

ExprNode* FStringBuilder::finish() { return join(); }

bool FStringBuilder::add_fstring(const Token& token, std::string_view body, bool raw) {
  Scan scan{&token, body.data(), body.data() + body.size(), raw};
  if (!parse_parts(scan, 0)) return false;
  if (scan.at < scan.end - 1) return fail("f-string: unexpected end of string");
  return true;
}

// Literals and expressions in turn, up to the end (depth 0) or the '}' that closes a format spec.
bool FStringBuilder::parse_parts(Scan& scan, int depth) {
  for (;;) {
    switch (literal_part(scan, depth)) {
      case Step::Failed: return false;
      case Step::Again: continue;
      case Step::End: return true;
      case Step::Expression:
        if (!expression_part(scan, depth)) return false;
    }
  }
}

// Adds the text up to the next expression. Again: it ended at a doubled brace, of which one was added.
FStringBuilder::Step FStringBuilder::literal_part(Scan& scan, int depth) {
  const char* start = scan.at;
  const char* s = start;
  bool doubled = false;
  while (s < scan.end) {
    char c = *s++;
    if (c == '\\' && !scan.raw && s < scan.end) {
      c = *s++;
      if (c == 'N') {
        // The braces of \N{name} are not an expression's.
        if (s < scan.end && *s++ == '{') {
          while (s < scan.end && *s++ != '}') {
          }
        }
        continue;
      }
      if (c == '{') warn_invalid_escape(arena_, host_, *scan.token, s - 1);
    }
    if (c != '{' && c != '}') continue;
    if (depth == 0) {
      if (s < scan.end && *s == c) {
        doubled = true;
        break;
      }
      if (c == '}') {
        fail("f-string: single '}' is not allowed");
        return Step::Failed;
      }
    }
    --s;
    break;
  }
  if (s != start) {
    std::string_view text;
    if (!decode_text(arena_, host_, *scan.token, {start, static_cast<usize>(s - start)}, scan.raw, &text, true))
      return Step::Failed;
    pending_.add(text);
  }
  scan.at = doubled ? s + 1 : s;
  if (doubled) return Step::Again;
  return scan.at >= scan.end || *scan.at == '}' ? Step::End : Step::Expression;
}

// Finds where the expression that starts at scan.at ends, and moves there. Null: failed.
const char* FStringBuilder::find_expression_end(Scan& scan) {
  char brackets[kMaxParenthesisDepth];
  int depth = 0;
  char quote = 0;
  bool triple = false;
  const char*& s = scan.at;
  const char* end = scan.end;
  for (; s < end; ++s) {
    char c = *s;
    if (c == '\\') return fail("f-string expression part cannot include a backslash"), nullptr;
    if (quote) {
      if (c != quote) continue;
      if (!triple) {
        quote = 0;
      } else if (s + 2 < end && s[1] == c && s[2] == c) {
        s += 2;
        quote = 0;
      }
      continue;
    }
    switch (c) {
      case '\'':
      case '"':
        quote = c;
        triple = s + 2 < end && s[1] == c && s[2] == c;
        if (triple) s += 2;
        continue;
      case '(':
      case '[':
      case '{':
        if (depth >= kMaxParenthesisDepth) return fail("f-string: too many nested parenthesis"), nullptr;
        brackets[depth++] = c;
        continue;
      case '#': return fail("f-string expression part cannot include '#'"), nullptr;
      case '!':
      case ':':
      case '=':
      case '<':
      case '>':
        if (depth) continue;
        if (s + 1 < end && s[1] == '=' && c != ':') {
          ++s;  // != == <= >=
          continue;
        }
        if (c == '<' || c == '>') continue;
        break;
      case '}':
        if (!depth) break;
        [[fallthrough]];
      case ')':
      case ']': {
        if (!depth) return fail("f-string: unmatched '%c'", c), nullptr;
        char open = brackets[--depth];
        if (c - open != (c == ')' ? 1 : 2)) {
          return fail("f-string: closing parenthesis '%c' does not match opening parenthesis '%c'", c, open), nullptr;
        }
        continue;
      }
      default: continue;
    }
    break;
  }
  if (quote) return fail("f-string: unterminated string"), nullptr;
  if (depth) return fail("f-string: unmatched '%c'", brackets[depth - 1]), nullptr;
  if (s >= end) return fail("f-string: expecting '}'"), nullptr;
  return s;
}

// Parses text[start, end) on its own. Positions: the first line is shifted as if the '(' stood where the '{' is.
ExprNode* FStringBuilder::compile_expression(const Scan& scan, const char* start, const char* end) {
  const char* s = start;
  while (s < end && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\f')) ++s;
  if (s == end) {
    if (*end == '!' || *end == ':' || *end == '=') return fail("f-string: expression required before '%c'", *end), nullptr;
    return fail("f-string: empty expression not allowed"), nullptr;
  }
  usize length = end - start;
  char* text = static_cast<char*>(arena_.allocate(length + 3 + kTextPadding));  // room for a line end, which the error pass adds
  text[0] = '(';
  memcpy(text + 1, start, length);
  text[length + 1] = ')';
  memset(text + length + 2, 0, kTextPadding + 1);

  const char* brace = start - 1;
  const char* token_text = base_ + scan.token->start;
  i32 lines = 0;
  const char* line = token_text;
  for (const char* p = token_text; p < brace; ++p) {
    if (*p == '\n') {
      ++lines;
      line = p + 1;
    }
  }
  // Directly before a line end (blanks aside) the '{' does not count: the first line holds nothing to shift.
  const char* q = start;
  while (*q == ' ' || *q == '\t' || *q == '\f') ++q;
  i32 column = *q == '\n' || *q == '}' ? 0 : static_cast<i32>(brace - line);
  i32 shift = lines ? column : scan.token->col_offset + column;
  return host_.fstring_expression({text, length + 2}, scan.token->lineno + lines, shift);
}

bool FStringBuilder::expression_part(Scan& scan, int depth) {
  if (depth >= 2) return fail("f-string: expressions nested too deeply");
  const char* start = ++scan.at;
  const char* end = find_expression_end(scan);
  if (!end) return false;
  ExprNode* value = compile_expression(scan, start, end);
  if (!value) return false;
  const char*& s = scan.at;
  bool self_documenting = false;
  std::string_view source;
  if (*s == '=') {
    if (feature_version_ < 8) return fail("f-string: self documenting expressions are only supported in Python 3.8 and greater");
    ++s;
    while (*s == ' ' || (*s >= '\t' && *s <= '\r')) ++s;
    if (s >= scan.end) return fail("f-string: expecting '}'");
    self_documenting = true;
    source = {start, static_cast<usize>(s - start)};
  }
  i32 conversion = -1;
  if (*s == '!') {
    ++s;
    if (s >= scan.end) return fail("f-string: expecting '}'");
    conversion = static_cast<u8>(*s++);
    if (conversion != 's' && conversion != 'r' && conversion != 'a') {
      return fail("f-string: invalid conversion character: expected 's', 'r', or 'a'");
    }
  }
  if (s >= scan.end) return fail("f-string: expecting '}'");
  ExprNode* spec = nullptr;
  if (*s == ':') {
    ++s;
    if (s >= scan.end) return fail("f-string: expecting '}'");
    spec = format_spec(scan, depth + 1);
    if (!spec) return false;
  }
  if (s >= scan.end || *s != '}') return fail("f-string: expecting '}'");
  ++s;
  if (self_documenting && !spec && conversion == -1) conversion = 'r';
  if (self_documenting) pending_.add(source);
  flush_literal();
  append(ast::make<ast::FormattedValue>(arena_, span_, value, conversion, spec));
  return true;
}

// A format spec is an f-string of its own, closed by the '}' of its expression.
ExprNode* FStringBuilder::format_spec(Scan& scan, int depth) {
  FStringBuilder nested(arena_, host_, base_, *first_, *first_, feature_version_);
  nested.span_ = span_;
  if (!nested.parse_parts(scan, depth)) return nullptr;
  if (scan.at >= scan.end || *scan.at != '}') return fail("f-string: expecting '}'"), nullptr;
  // What ends the spec spans the token it is in, not the concatenation (as CPython has it).
  const Token& token = *scan.token;
  nested.first_ = &token;
  nested.span_ = {token.lineno, token.col_offset, token.end_lineno, token.end_col_offset};
  return nested.join();
}

}  // namespace baton::syntax
