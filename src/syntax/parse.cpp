// parse(): normalises the source, runs the parser, and when it gives up lets the error pass explain.
#include "syntax/parse.h"

#include "base/utf8.h"
#include "syntax/error_pass.h"
#include "syntax/parser.h"
#include "syntax/source.h"

namespace baton::syntax {

// Copies the source with '\n' line ends, a final line end for whole files, and the padding the tokenizer wants.
static std::string_view normalized_source(Arena& arena, std::string_view source, const ParseOptions& options) {
  char* text = static_cast<char*>(arena.allocate(source.size() + 2 + kTextPadding));
  usize size = 0;
  const char* p = source.data();
  const char* end = p + source.size();
  while (p < end) {
    auto* cr = static_cast<const char*>(memchr(p, '\r', end - p));
    usize run = (cr ? cr : end) - p;
    memcpy(text + size, p, run);
    size += run;
    p += run;
    if (!cr) break;
    text[size++] = '\n';
    p += p + 1 < end && p[1] == '\n' ? 2 : 1;
  }
  // CPython adds one behind a final "\r\n", too, in what it hasn't read from a file itself; positions at the end show it.
  bool one_more = !options.from_file && source.ends_with("\r\n");
  if (options.mode == ParseMode::Exec && (size == 0 || text[size - 1] != '\n' || one_more)) {
    text[size++] = '\n';
  }
  memset(text + size, 0, kTextPadding);
  return {text, size};
}

ParseResult parse(Arena& arena, std::string_view source, const char* filename, const ParseOptions& options) {
  ParseResult result;
  if (contains_nul(source)) {
    result.error.kind = ErrorKind::Value;
    result.error.message = "source code string cannot contain null bytes";
    return result;
  }
  BATON_CHECK(source.size() < (u32{1} << 31) - 64, "source text is below 2 GiB");
  std::string_view text = normalized_source(arena, source, options);
  bool valid_utf8 =
      utf8_scan(reinterpret_cast<const u8*>(text.data()), text.size(), Utf8Surrogates::kPass).fault == Utf8Fault::kNone;
  {
    Parser parser(arena, text, options);
    if (!valid_utf8) parser.set_check_utf8();
    result.mod = parser.parse_mod();
    result.barry_as_flufl = parser.barry_as_flufl();
    result.warnings = parser.warnings();
    if (result.mod) return result;
    if (parser.stop() == Parser::Stop::Described) {
      result.error = parser.error();
      return result;
    }
    if (parser.stop() == Parser::Stop::Depth) {
      result.error.kind = ErrorKind::Memory;
      return result;
    }
  }
  explain_syntax_error(arena, text, valid_utf8, options, &result);
  return result;
}

}  // namespace baton::syntax
