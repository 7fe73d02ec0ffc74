// placeholder
#include "syntax/error_pass.h"
namespace baton::syntax {
void explain_syntax_error(Arena& arena, std::string_view text, bool valid_utf8, const ParseOptions& options, ParseResult* result) {
  result->error.message = "invalid syntax";
}
}
