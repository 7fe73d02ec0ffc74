// The tokenizer by itself: kinds, positions, layout, and the errors it finds without the parser.
#include "syntax/tokenizer.h"

#include <string>

#include "test.h"

using namespace baton;
using namespace baton::syntax;

namespace {

// Tokens as "kind@line:col-line:col" would be long; kinds and texts are enough for most.
struct Run {
  Arena arena;
  std::string text;
  std::string out;
  SyntaxErrorInfo error;
  TokenizerDone done;
  u32 warnings = 0;

  explicit Run(std::string source, TokenizerOptions options = {}) : text(std::move(source)) {
    usize size = text.size();
    text.append(kTextPadding, '\0');
    Tokenizer tokenizer(arena, {text.data(), size}, options);
    for (;;) {
      Token token = tokenizer.next();
      std::string_view spelled(text.data() + token.start, token.end - token.start);
      switch (token.kind) {
        case TokenKind::Newline: out += "NL "; break;
        case TokenKind::Indent: out += "IN "; break;
        case TokenKind::Dedent: out += "DE "; break;
        case TokenKind::EndMarker: out += "END"; break;
        case TokenKind::Error: out += "ERR"; break;
        case TokenKind::TypeComment: out += "TC[" + std::string(spelled) + "] "; break;
        case TokenKind::TypeIgnore: out += "TI[" + std::string(spelled) + "] "; break;
        default: out += spelled; out += ' ';
      }
      if (token.kind == TokenKind::EndMarker || token.kind == TokenKind::Error) break;
    }
    done = tokenizer.done();
    error = tokenizer.error();
    warnings = tokenizer.warnings().size;
  }
};

bool fails(const char* source, std::string_view message, int offset) {
  Run run(source);
  return run.done >= TokenizerDone::Described && run.error.message == message && run.error.offset == offset;
}

}  // namespace

TEST(tokenizer_layout) {
  EXPECT(Run("a\n").out == "a NL END");
  EXPECT(Run("").out == "END");
  EXPECT(Run("if x:\n  y\n\n  # c\n  z\nw\n").out == "if x : NL IN y NL z NL DE w NL END");
  EXPECT(Run("(a,\n   b)\n").out == "( a , b ) NL END");
  EXPECT(Run("a \\\n  b\n").out == "a b NL END");
  EXPECT(Run("\f  \f\na\n").out == "a NL END");
  EXPECT(Run("if x:\n\ty\n").out == "if x : NL IN y NL DE END");
  EXPECT(Run("if x:\n  y\n z\n").done == TokenizerDone::Dedent);
  EXPECT(Run("if x:\n\ty\n        z\n").done == TokenizerDone::TabSpace);
  EXPECT(Run("a \\b\n").done == TokenizerDone::LineContinuation);
}

TEST(tokenizer_interactive_input_is_completed) {
  TokenizerOptions options;
  options.single = true;
  EXPECT(Run("a", options).out == "a NL END");
  EXPECT(Run("if x:\n  y", options).out == "if x : NL IN y NL DE NL END");
  options.dont_imply_dedent = true;
  EXPECT(Run("if x:\n  y", options).out == "if x : NL IN y NL END");
}

TEST(tokenizer_operators) {
  EXPECT(Run("a**=b//=c>>=d<<=e->f:=g...h!=i<>j@=k\n").out == "a **= b //= c >>= d <<= e -> f := g ... h != i <> j @= k NL END");
  EXPECT(Run("a.b..c\n").out == "a . b . . c NL END");
}

TEST(tokenizer_numbers) {
  EXPECT(Run("0 00 1_000 0xFf 0o17 0b1_0 1. .5 1e5 1.5e-3j 1_0.2_0\n").out ==
         "0 00 1_000 0xFf 0o17 0b1_0 1. .5 1e5 1.5e-3j 1_0.2_0 NL END");
  EXPECT(fails("1_\n", "invalid decimal literal", 2));
  EXPECT(fails("0b12\n", "invalid digit '2' in binary literal", 4));
  EXPECT(fails("0o\n", "invalid octal literal", 2));
  EXPECT(fails("0xg\n", "invalid hexadecimal literal", 2));
  EXPECT(fails("1abc\n", "invalid decimal literal", 1));
  EXPECT(fails("1jx\n", "invalid imaginary literal", 2));
  Run leading("a = 0777\n");
  EXPECT(leading.error.offset == 5 && leading.error.end_offset == 6);
  EXPECT(Run("1if x else y\n").warnings == 1);
}

TEST(tokenizer_strings) {
  EXPECT(Run("'a' \"b\" '''c\nd''' rb'x' Rb\"y\" f'{z}' u'' '\\''\n").out ==
         "'a' \"b\" '''c\nd''' rb'x' Rb\"y\" f'{z}' u'' '\\'' NL END");
  EXPECT(fails("x = 'abc\n", "unterminated string literal (detected at line 1)", 5));
  EXPECT(fails("\n  '''abc\n\n", "unterminated triple-quoted string literal (detected at line 3)", 3));
}

TEST(tokenizer_brackets) {
  EXPECT(fails("(]\n", "closing parenthesis ']' does not match opening parenthesis '('", 2));
  EXPECT(fails("(\n]\n", "closing parenthesis ']' does not match opening parenthesis '(' on line 1", 1));
  EXPECT(fails("a)\n", "unmatched ')'", 2));
  EXPECT(fails(std::string(201, '(').c_str(), "too many nested parentheses", 201));
}

TEST(tokenizer_identifiers) {
  EXPECT(Run("\xC3\xA9t\xC3\xA9 _x\n").out == "\xC3\xA9t\xC3\xA9 _x NL END");
  EXPECT(fails("a\xE2\x82\xAC\n", "invalid character '\xE2\x82\xAC' (U+20AC)", 2));
  EXPECT(fails("\xC2\xA0\n", "invalid non-printable character U+00A0", 1));
  EXPECT(fails("a\x01\n", "invalid non-printable character U+0001", 2));
  EXPECT(Run("\xFF\n").done == TokenizerDone::Decode);
}

TEST(tokenizer_type_comments) {
  TokenizerOptions options;
  options.type_comments = true;
  EXPECT(Run("x = 1 # type: int\n", options).out == "x = 1 TC[int] NL END");
  EXPECT(Run("x = 1 # type: ignore[a]\n", options).out == "x = 1 TI[[a]] NL END");
  EXPECT(Run("# type: ignore\nx\n", options).out == "TI[] x NL END");
  EXPECT(Run("x # type: ignored\n", options).out == "x TC[ignored] NL END");
}
