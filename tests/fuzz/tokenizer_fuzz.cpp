// The tokenizer alone: it ends on every text, and its tokens lie in order inside the text.
#include <algorithm>
#include <string>

#include "support.h"
#include "syntax/tokenizer.h"

using namespace baton;

extern "C" int LLVMFuzzerTestOneInput(const u8* data, usize size) {
  fuzz::Input input(data, size);
  // Normalised as the parser hands it over: '\n' line ends, no NUL bytes, padded.
  std::string text(input.source);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == 0 || c == '\r'; }), text.end());
  usize length = text.size();
  text.append(syntax::kTextPadding, '\0');

  syntax::Arena arena;
  syntax::TokenizerOptions options;
  options.type_comments = input.bit(0);
  options.single = input.bit(1);
  options.dont_imply_dedent = input.bit(2);
  options.async_names = input.bit(3);
  syntax::Tokenizer tokenizer(arena, {text.data(), length}, options);
  usize last_end = 0;
  int depth = 0;
  for (usize n = 0;; ++n) {
    fuzz::promise(n <= 4 * length + 400, "the tokenizer makes progress");
    syntax::Token token = tokenizer.next();
    if (token.kind == syntax::TokenKind::EndMarker || token.kind == syntax::TokenKind::Error) break;
    depth += token.kind == syntax::TokenKind::Indent ? 1 : token.kind == syntax::TokenKind::Dedent ? -1 : 0;
    fuzz::promise(depth >= 0 && depth <= syntax::kMaxIndentDepth, "indents and dedents are balanced");
    fuzz::promise(token.start <= token.end && token.end <= length, "a token lies inside the text");
    fuzz::promise(token.start >= last_end || token.start == token.end, "tokens come in order");
    last_end = std::max<usize>(last_end, token.end);
  }
  return 0;
}
