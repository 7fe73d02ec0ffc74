// Bytes to tree: decoding, tokenizer, parser, error pass. There is a tree or an error, never both, and an error lies in the text.
#include "support.h"
#include "syntax/dump.h"
#include "syntax/parse.h"
#include "syntax/source.h"

using namespace baton;

extern "C" int LLVMFuzzerTestOneInput(const u8* data, usize size) {
  fuzz::Input input(data, size);
  syntax::Arena arena;
  std::string_view text = input.source;
  if (input.bit(7)) {
    syntax::DecodedSource decoded = syntax::decode_source(arena, text, "fuzz", input.bit(6));
    if (decoded.status != syntax::DecodeStatus::Ok) return 0;
    text = decoded.text;
  }
  syntax::ParseOptions options;
  options.mode = static_cast<syntax::ParseMode>(input.choice & 3);
  options.type_comments = input.bit(2);
  options.dont_imply_dedent = input.bit(3);
  options.allow_incomplete_input = input.bit(4);
  options.barry_as_flufl = input.bit(5);
  options.stack_limit = fuzz::stack_limit();
  syntax::ParseResult result = syntax::parse(arena, text, "fuzz", options);
  if (result.mod) {
    fuzz::promise(result.error.message.empty(), "a tree comes without an error");
    return 0;
  }
  if (result.error.kind == syntax::ErrorKind::Memory) return 0;
  fuzz::promise(!result.error.message.empty(), "an error has a message");
  // Offsets may be negative: so are CPython's, in f-strings over several lines.
  return 0;
}
