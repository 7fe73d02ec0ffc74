// A text in JSON: quoted, with what has to be escaped.
#pragma once
#include <string>

namespace baton {

// Appends `text`, which is UTF-8.
void put_json_text(std::string& out, const char* text);

}  // namespace baton
