// Characters and lines of source text that may hold invalid UTF-8. Internal to the layer.
#pragma once
#include <string_view>

#include "syntax/arena.h"

namespace baton::syntax {

// Number of characters when each invalid sequence counts as one (the codec's "replace" handler). Surrogates are characters.
i32 count_characters(std::string_view text);

// The text with U+FFFD for each invalid sequence; itself if there is none.
std::string_view replace_invalid(Arena& arena, std::string_view text);

// "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte" for text that is not UTF-8, else empty.
std::string_view utf8_decode_message(Arena& arena, std::string_view text);

// The line in [begin, end) that `at` is in, with its line end.
std::string_view line_around(const char* begin, const char* end, const char* at);

}  // namespace baton::syntax
