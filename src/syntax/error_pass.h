// Finds the message for a source that does not parse. Runs only after the parser has failed, and takes its time.
#pragma once
#include "syntax/parse.h"

namespace baton::syntax {

// `text` is the normalised, padded source. Sets result->error and result->warnings.
void explain_syntax_error(Arena& arena, std::string_view text, bool valid_utf8, const ParseOptions& options, ParseResult* result);

}  // namespace baton::syntax
