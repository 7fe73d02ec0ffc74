// Token kinds and the token record. Operators and keywords are kinds of their own, so that the parser switches on one byte.
#pragma once
#include "base/types.h"

namespace baton::syntax {

// Kinds with a fixed spelling: T(name, text).
#define BATON_OPERATOR_TOKENS(T)                                                                                                \
  T(LPar, "(")                                                                                                                  \
  T(RPar, ")")                                                                                                                  \
  T(LSqb, "[")                                                                                                                  \
  T(RSqb, "]")                                                                                                                  \
  T(LBrace, "{")                                                                                                                \
  T(RBrace, "}")                                                                                                                \
  T(Colon, ":")                                                                                                                 \
  T(Comma, ",") T(Semi, ";") T(Dot, ".") T(Ellipsis, "...") T(At, "@") T(RArrow, "->") T(ColonEqual, ":=") T(Equal, "=")        \
      T(PlusEqual, "+=") T(MinEqual, "-=") T(StarEqual, "*=") T(AtEqual, "@=") T(SlashEqual, "/=") T(PercentEqual, "%=")        \
          T(AmperEqual, "&=") T(VBarEqual, "|=") T(CircumflexEqual, "^=") T(LeftShiftEqual, "<<=") T(RightShiftEqual, ">>=")    \
              T(DoubleStarEqual, "**=") T(DoubleSlashEqual, "//=") T(Tilde, "~") T(DoubleStar, "**") T(Star, "*") T(Slash, "/") \
                  T(DoubleSlash, "//") T(Percent, "%") T(Plus, "+") T(Minus, "-") T(LeftShift, "<<") T(RightShift, ">>")        \
                      T(Amper, "&") T(Circumflex, "^") T(VBar, "|") T(EqEqual, "==") T(NotEqual, "!=") T(Less, "<")             \
                          T(LessEqual, "<=") T(Greater, ">") T(GreaterEqual, ">=")
#define BATON_KEYWORD_TOKENS(T)                                                                                                 \
  T(KwIn, "in")                                                                                                                 \
  T(KwIs, "is")                                                                                                                 \
  T(KwNot, "not")                                                                                                               \
  T(KwAnd, "and")                                                                                                               \
  T(KwOr, "or")                                                                                                                 \
  T(KwIf, "if")                                                                                                                 \
  T(KwElse, "else")                                                                                                             \
  T(KwFor, "for") T(KwAsync, "async") T(KwAwait, "await") T(KwLambda, "lambda") T(KwYield, "yield") T(KwFrom, "from")           \
      T(KwFalse, "False") T(KwNone, "None") T(KwTrue, "True") T(KwAs, "as") T(KwAssert, "assert") T(KwBreak, "break")           \
          T(KwClass, "class") T(KwContinue, "continue") T(KwDef, "def") T(KwDel, "del") T(KwElif, "elif") T(KwExcept, "except") \
              T(KwFinally, "finally") T(KwGlobal, "global") T(KwImport, "import") T(KwNonlocal, "nonlocal") T(KwPass, "pass")   \
                  T(KwRaise, "raise") T(KwReturn, "return") T(KwTry, "try") T(KwWhile, "while") T(KwWith, "with")

enum class TokenKind : u8 {
  EndMarker,
  Name,
  Number,
  String,
  Newline,
  Indent,
  Dedent,
  TypeComment,
  TypeIgnore,
  Unknown,  // a character that begins no token ('$', '?', '!'): the parser says "invalid syntax"
  Error,    // the tokenizer failed here; it is always the last token
#define T(name, text) name,
  BATON_OPERATOR_TOKENS(T) BATON_KEYWORD_TOKENS(T)
#undef T
};
inline constexpr TokenKind kFirstKeyword = TokenKind::KwIn;

struct Token {
  TokenKind kind = TokenKind::EndMarker;
  u16 level = 0;  // open brackets around it (a closing bracket counts as outside)
  u32 start = 0;  // byte offsets into the tokenizer's text
  u32 end = 0;
  i32 lineno = 0;
  i32 col_offset = 0;  // -1: made up by the tokenizer (INDENT, DEDENT, end of input), no text
  i32 end_lineno = 0;
  i32 end_col_offset = 0;
};

}  // namespace baton::syntax
