// _tokenize: the tokenizer's own tokens, one by one. The iterator keeps its text and tokenizer in plain memory.
//
// An error that the tokenizer can't describe by itself (the parser would) ends the tokens, as in CPython 3.11.
#include <string>

#include "compile/compiler.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "syntax/tokenizer.h"

namespace baton {

using syntax::TokenKind;

namespace {

struct Scan {
  syntax::Arena arena;
  std::string text;  // normalised and padded
  usize size;
  syntax::Tokenizer tokenizer;
  bool ended = false;

  explicit Scan(std::string_view source)
      : text(normalized(source)), size(text.size() - syntax::kTextPadding), tokenizer(arena, {text.data(), size}, {}) {}

  static std::string normalized(std::string_view source) {
    std::string out;
    out.reserve(source.size() + 1 + syntax::kTextPadding);
    for (usize i = 0; i < source.size(); ++i) {
      if (source[i] != '\r') {
        out += source[i];
        continue;
      }
      out += '\n';
      if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    }
    // CPython adds one behind a final "\r\n", too.
    if (out.empty() || out.back() != '\n' || source.ends_with("\r\n")) out += '\n';
    out.append(syntax::kTextPadding, '\0');
    return out;
  }
};

// Numbers as in the library's token.py.
int type_number(TokenKind kind) {
  switch (kind) {
    case TokenKind::EndMarker: return 0;
    case TokenKind::Name: return 1;
    case TokenKind::Number: return 2;
    case TokenKind::String: return 3;
    case TokenKind::Newline: return 4;
    case TokenKind::Indent: return 5;
    case TokenKind::Dedent: return 6;
    case TokenKind::LPar: return 7;
    case TokenKind::RPar: return 8;
    case TokenKind::LSqb: return 9;
    case TokenKind::RSqb: return 10;
    case TokenKind::Colon: return 11;
    case TokenKind::Comma: return 12;
    case TokenKind::Semi: return 13;
    case TokenKind::Plus: return 14;
    case TokenKind::Minus: return 15;
    case TokenKind::Star: return 16;
    case TokenKind::Slash: return 17;
    case TokenKind::VBar: return 18;
    case TokenKind::Amper: return 19;
    case TokenKind::Less: return 20;
    case TokenKind::Greater: return 21;
    case TokenKind::Equal: return 22;
    case TokenKind::Dot: return 23;
    case TokenKind::Percent: return 24;
    case TokenKind::LBrace: return 25;
    case TokenKind::RBrace: return 26;
    case TokenKind::EqEqual: return 27;
    case TokenKind::NotEqual: return 28;
    case TokenKind::LessEqual: return 29;
    case TokenKind::GreaterEqual: return 30;
    case TokenKind::Tilde: return 31;
    case TokenKind::Circumflex: return 32;
    case TokenKind::LeftShift: return 33;
    case TokenKind::RightShift: return 34;
    case TokenKind::DoubleStar: return 35;
    case TokenKind::PlusEqual: return 36;
    case TokenKind::MinEqual: return 37;
    case TokenKind::StarEqual: return 38;
    case TokenKind::SlashEqual: return 39;
    case TokenKind::PercentEqual: return 40;
    case TokenKind::AmperEqual: return 41;
    case TokenKind::VBarEqual: return 42;
    case TokenKind::CircumflexEqual: return 43;
    case TokenKind::LeftShiftEqual: return 44;
    case TokenKind::RightShiftEqual: return 45;
    case TokenKind::DoubleStarEqual: return 46;
    case TokenKind::DoubleSlash: return 47;
    case TokenKind::DoubleSlashEqual: return 48;
    case TokenKind::At: return 49;
    case TokenKind::AtEqual: return 50;
    case TokenKind::RArrow: return 51;
    case TokenKind::Ellipsis: return 52;
    case TokenKind::ColonEqual: return 53;
    case TokenKind::Unknown: return 54;
    case TokenKind::KwAwait: return 55;
    case TokenKind::KwAsync: return 56;
    case TokenKind::TypeIgnore: return 57;
    case TokenKind::TypeComment: return 58;
    default: return 1;  // the other keywords are names
  }
}

}  // namespace

class TokenizerIter final : public Cell {
 public:
  void init() { scan_ = nullptr; }
  void finalize_native() {
    delete scan_;
    scan_ = nullptr;
  }
  Scan* scan_;  // one thread at a time: guarded by the cell's lock byte
};

extern TypeDef tokenizer_iter_def;

static Result<Value> tokenizer_iter_new(Thread& t, Type* type, Str* source) {
  Value owner;
  std::string_view text = TRY(str_utf8(t, source, &owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  auto* self = TRY(make_of<TokenizerIter>(t, type));
  self->scan_ = new Scan(text);
  return Value(self);
}

static Result<Value> end_of_tokens(Scan* scan) {
  scan->ended = true;
  return kExhausted;
}

static Result<Value> tokenizer_iter_next(Thread& t, TokenizerIter* self) {
  Scan* scan = self->scan_;
  syntax::Token token;
  std::string_view line;
  {
    CriticalSection guard(t, self);
    if (scan->ended) return kExhausted;
    token = scan->tokenizer.next();
    line = scan->tokenizer.buffered_text();
  }
  if (token.kind == TokenKind::EndMarker) return end_of_tokens(scan);
  if (token.kind == TokenKind::Error) {
    scan->ended = true;
    syntax::TokenizerDone done = scan->tokenizer.done();
    if (done == syntax::TokenizerDone::Described || done == syntax::TokenizerDone::EofInString)
      return raise_syntax_error_info(t, scan->tokenizer.error(), intern(t, "<string>"));
    return kExhausted;
  }
  std::string_view text;
  if (token.col_offset >= 0) text = {scan->text.data() + token.start, token.end - token.start};
  if (token.kind == TokenKind::Newline && text.ends_with('\n')) text.remove_suffix(1);
  Value fields[7] = {Value(TRY(str_from_utf8(t, text))),    Value::of_small_int(type_number(token.kind)),
                     Value::of_small_int(token.lineno),     Value::of_small_int(token.end_lineno),
                     Value::of_small_int(token.col_offset), Value::of_small_int(token.end_col_offset),
                     Value(TRY(str_from_utf8(t, line)))};
  return Value(TRY(make_tuple(t, fields, 7)));
}

static Result<Value> tokenizer_iter_iter(Thread&, Value self) { return self; }

static constinit NativeDef tokenizer_iter_methods[] = {
    native<tokenizer_iter_new>("__new__(type, source)",
                               "Create and return a new object.  See help(type) for accurate signature."),
    native<tokenizer_iter_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<tokenizer_iter_next>("__next__($self, /)", "Implement next(self)."),
};
constinit TypeDef tokenizer_iter_def = {
    .name = "_tokenize.TokenizerIter",
    .dynamic_kind = &DynamicKind<TokenizerIter>::value,
    .payload_size = sizeof(TokenizerIter),
    .methods = tokenizer_iter_methods,
    .method_count = count_of(tokenizer_iter_methods),
    .kind_info = {.name = "_tokenize.TokenizerIter",
                  .finalize_native = [](Cell* cell) { static_cast<TokenizerIter*>(cell)->finalize_native(); }},
};

static TypeDef* const tokenize_types[] = {&tokenizer_iter_def};
ModuleDef tokenize_module = {.name = "_tokenize", .types = tokenize_types, .type_count = 1};

}  // namespace baton
