// See the header.
#include "threads/json_text.h"

#include <cstdio>

namespace baton {

void put_json_text(std::string& out, const char* text) {
  out += '"';
  for (; *text; ++text) {
    auto c = static_cast<unsigned char>(*text);
    if (c == '"' || c == '\\') out += '\\';
    if (c >= ' ') {
      out += static_cast<char>(c);
      continue;
    }
    char escape[8];
    snprintf(escape, sizeof escape, "\\u%04x", c);
    out += escape;
  }
  out += '"';
}

}  // namespace baton
