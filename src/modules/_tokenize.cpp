// _tokenize: the compiler's own tokenizer as an iterator, for the tests of the tokenize module.
#include <cstdlib>
#include <cstring>

#include "compile/compiler.h"
#include "objects/codecs.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "syntax/tokenizer.h"

namespace baton {

using syntax::Token;
using syntax::TokenKind;

// Source text with its tokenizer, in malloc memory: tokens refer to the text by address.
struct TokenSource {
  syntax::Arena arena;
  char* text = nullptr;
  usize size = 0;
  syntax::Tokenizer* tokenizer = nullptr;
  bool ended = false;
  ~TokenSource() {
    delete tokenizer;
    free(text);
  }
};

class TokenizerIter final : public Cell {
 public:
  void init(TokenSource* source) { source_ = source; }
  void visit_edges(EdgeVisitor&) const {}
  void finalize_native() {
    delete source_;
    source_ = nullptr;
  }
  TokenSource* source_;
};
extern TypeDef tokenizer_iter_def;

// Number of a kind in the token module.
static int token_number(TokenKind kind) {
  switch (kind) {
    case TokenKind::EndMarker: return 0;
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
    default: return 1;  // names and keywords
  }
}

// Lines end with '\n' only, the last one too; followed by the padding that the tokenizer wants.
static bool load_text(TokenSource* source, std::string_view text) {
  source->text = static_cast<char*>(calloc(text.size() + 3 + syntax::kTextPadding, 1));
  if (!source->text) return false;
  usize n = 0;
  for (usize i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
      c = '\n';
    }
    source->text[n++] = c;
  }
  // CPython adds one behind a final "\r\n", too.
  if (n == 0 || source->text[n - 1] != '\n' || text.ends_with("\r\n")) source->text[n++] = '\n';
  source->size = n;
  return true;
}

static Result<Value> tokenizer_iter_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, tokenizer_iter_def.type));
  Value text = n > 1 ? args[1] : keyword_value(args, n, kwnames, "source");
  if (text.is_absent()) return raise_type_error(thread, "tokenizeriter() missing required argument 'source' (pos 1)");
  if (!is<Str>(text)) return raise_type_error(thread, "tokenizeriter() argument 'source' must be str, not {!a}", text);
  Value owner;
  std::string_view utf8 = TRY(str_utf8(thread, text.as<Str>(), &owner));
  KeepAlive keep(owner);
  if (utf8.find('\0') != std::string_view::npos) return raise_value_error(thread, "embedded null character");
  auto* source = new TokenSource;
  if (!load_text(source, utf8)) {
    delete source;
    return raise_memory_error(thread);
  }
  source->tokenizer = new syntax::Tokenizer(source->arena, {source->text, source->size}, syntax::TokenizerOptions{});
  Result<TokenizerIter*> made = make_of<TokenizerIter>(thread, type, source);
  if (made.is_failed()) delete source;
  return made;
}

static Result<Value> tokenizer_iter_next(Thread& thread, TokenizerIter* self) {
  TokenSource* source = self->source_;
  Token token;
  std::string_view line;
  {
    CriticalSection guard(thread, self);
    if (source->ended) return kExhausted;
    token = source->tokenizer->next();
    source->ended = token.kind == TokenKind::EndMarker || token.kind == TokenKind::Error;
    line = source->tokenizer->buffered_text();
  }
  if (token.kind == TokenKind::Error) {
    syntax::TokenizerDone done = source->tokenizer->done();
    bool told = done == syntax::TokenizerDone::Described || done == syntax::TokenizerDone::EofInString ||
                done == syntax::TokenizerDone::Decode;
    if (!told) return kExhausted;  // the parser would word these
    return raise_syntax_error_info(thread, source->tokenizer->error(), intern(thread, "<string>"));
  }
  if (token.kind == TokenKind::EndMarker) return kExhausted;
  bool made_up = token.col_offset < 0 || token.kind == TokenKind::Indent || token.kind == TokenKind::Dedent;
  bool newline = token.kind == TokenKind::Newline;  // begins with the comment before it, and is told without the '\n'
  usize length = made_up ? 0 : newline ? strcspn(source->text + token.start, "\n") : token.end - token.start;
  i32 end_col = made_up ? -1 : newline ? token.col_offset + static_cast<i32>(length) : token.end_col_offset;
  auto text_of = [&](std::string_view s) {
    return decode_utf8(thread, reinterpret_cast<const u8*>(s.data()), s.size(), names.replace);
  };
  Value text = TRY(text_of({source->text + token.start, length}));
  Value shown = TRY(text_of(line));
  return tuple_of(thread, text, Value::of_small_int(token_number(token.kind)), Value::of_small_int(token.lineno),
                  Value::of_small_int(newline ? token.lineno : token.end_lineno),
                  Value::of_small_int(made_up ? -1 : token.col_offset), Value::of_small_int(end_col), shown);
}
static Result<Value> tokenizer_iter_iter(Thread&, Value self) { return self; }

static constinit NativeDef tokenizer_iter_methods[] = {
    native_raw(tokenizer_iter_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<tokenizer_iter_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<tokenizer_iter_next>("__next__($self, /)", "Implement next(self)."),
};
constinit TypeDef tokenizer_iter_def = {.name = "_tokenize.TokenizerIter",
                                        .dynamic_kind = &DynamicKind<TokenizerIter>::value,
                                        .payload_size = sizeof(TokenizerIter),
                                        .methods = tokenizer_iter_methods,
                                        .method_count = count_of(tokenizer_iter_methods),
                                        .kind_info = kind_info_of<TokenizerIter>("_tokenize.TokenizerIter")};
static TypeDef* const tokenize_types[] = {&tokenizer_iter_def};
constinit ModuleDef tokenize_module = {.name = "_tokenize", .types = tokenize_types, .type_count = 1};

}  // namespace baton
