// From source bytes to UTF-8 text: BOM, PEP 263 coding cookies, NUL bytes.
#pragma once
#include <string_view>

#include "syntax/arena.h"
#include "syntax/parse.h"

namespace baton::syntax {

enum class DecodeStatus : u8 {
  Ok,          // `text` is UTF-8
  NeedsCodec,  // decode `body` with the codec named `encoding`, then parse the resulting text
  Error,       // `error` holds a SyntaxError
};

struct DecodedSource {
  DecodeStatus status = DecodeStatus::Ok;
  std::string_view text;      // UTF-8 without BOM; may point into `bytes`
  std::string_view body;      // the bytes after the BOM
  bool declared = false;      // by a BOM or cookie; if not, bytes given to compile() want ParseOptions::byte_offsets
  std::string_view encoding;  // normalised: "utf-8", "iso-8859-1", or the name as in the cookie
  SyntaxErrorInfo error;
};

// For source given as bytes. A str source is not decoded: its UTF-8 goes to parse() straight away (the cookie is ignored).
// `from_file` selects the texts CPython uses when it reads a file itself.
DecodedSource decode_source(Arena& arena, std::string_view bytes, const char* filename, bool from_file);

// The cookie of a line ("" if none), normalised as above.
std::string_view find_coding_cookie(Arena& arena, std::string_view line);

// compile() refuses such sources: ValueError "source code string cannot contain null bytes".
bool contains_nul(std::string_view source);

}  // namespace baton::syntax
