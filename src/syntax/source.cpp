// Source bytes to text. UTF-8 (with or without a declaration), Latin-1 and ASCII are decoded here, anything else is the codecs'
// business. UTF-8 given to compile() is not validated here: CPython finds bad bytes token by token, and so does the tokenizer.
#include "syntax/source.h"

#include <cstdio>

#include "base/utf8.h"
#include "syntax/text_util.h"

namespace baton::syntax {

bool contains_nul(std::string_view source) { return !source.empty() && memchr(source.data(), 0, source.size()) != nullptr; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// "UTF_8-unix" is utf-8, "latin-1" iso-8859-1; other names stay as they are.
static std::string_view normalized_name(Arena& arena, std::string_view name) {
  char prefix[13];
  usize n = 0;
  for (; n < 12 && n < name.size(); ++n) prefix[n] = name[n] == '_' ? '-' : lower(name[n]);
  std::string_view folded(prefix, n);
  auto is = [&](std::string_view known) {
    return folded == known ||
           (folded.size() > known.size() && folded.substr(0, known.size()) == known && folded[known.size()] == '-');
  };
  if (is("utf-8")) return "utf-8";
  if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1")) return "iso-8859-1";
  return arena.copy(name);
}

std::string_view find_coding_cookie(Arena& arena, std::string_view line) {
  usize i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f')) ++i;
  if (i == line.size() || line[i] != '#') return {};
  for (; i + 6 < line.size(); ++i) {
    if (line.substr(i, 6) != "coding" || (line[i + 6] != ':' && line[i + 6] != '=')) continue;
    usize start = i + 7;
    while (start < line.size() && (line[start] == ' ' || line[start] == '\t')) ++start;
    usize end = start;
    auto in_name = [](char c) {
      return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    while (end < line.size() && in_name(line[end])) ++end;
    if (end > start) return normalized_name(arena, line.substr(start, end - start));
  }
  return {};
}

// Only blanks or a comment: then the cookie may stand on the second line.
static bool is_blank_or_comment(std::string_view line) {
  for (char c : line) {
    if (c == '#' || c == '\n' || c == '\r') return true;
    if (c != ' ' && c != '\t' && c != '\f') return false;
  }
  return true;
}

static std::string_view take_line(std::string_view text) {
  usize i = 0;
  while (i < text.size() && text[i] != '\n' && text[i] != '\r') ++i;
  if (i < text.size()) i += text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n' ? 2 : 1;
  return text.substr(0, i);
}

// SyntaxError(message) with line 0 and offset -1 when compile() was given the bytes, bare when a file is run.
static void fail(Arena& arena, DecodedSource& result, const char* message, bool from_file) {
  result.status = DecodeStatus::Error;
  result.error = {};
  result.error.message = arena.copy(message);
  result.error.bare = from_file;
  result.error.lineno = 0;
  result.error.offset = -1;
  result.error.no_end = true;
}

static std::string_view latin1_to_utf8(Arena& arena, std::string_view bytes) {
  char* out = static_cast<char*>(arena.allocate(bytes.size() * 2 + 1));
  usize size = 0;
  for (char c : bytes) size += utf8_put(static_cast<u8>(c), reinterpret_cast<u8*>(out) + size);
  out[size] = 0;
  return {out, size};
}

DecodedSource decode_source(Arena& arena, std::string_view bytes, const char* filename, bool from_file) {
  DecodedSource result;
  bool bom = bytes.substr(0, 3) == "\xEF\xBB\xBF";
  if (bom) bytes.remove_prefix(3);
  result.body = bytes;
  std::string_view first = take_line(bytes);
  std::string_view encoding = find_coding_cookie(arena, first);
  if (encoding.empty() && is_blank_or_comment(first)) encoding = find_coding_cookie(arena, take_line(bytes.substr(first.size())));
  bool declared = !encoding.empty();
  result.declared = declared || bom;
  result.encoding = declared ? encoding : "utf-8";
  char message[400];
  if (bom && result.encoding != "utf-8") {
    snprintf(message, sizeof message, "encoding problem: %.*s with BOM", static_cast<int>(encoding.size()), encoding.data());
    fail(arena, result, message, from_file);
  } else if (result.encoding == "utf-8") {
    result.text = bytes;
    if (from_file && !declared && !bom) {
      auto* data = reinterpret_cast<const u8*>(bytes.data());
      Utf8Scan scan = utf8_scan(data, bytes.size());
      if (scan.fault != Utf8Fault::kNone) {
        int line = 1;
        for (char c : bytes.substr(0, scan.bytes)) line += c == '\n';
        snprintf(message, sizeof message,
                 "Non-UTF-8 code starting with '\\x%.2x' in file %.200s on line %d, but no encoding declared; "
                 "see https://peps.python.org/pep-0263/ for details",
                 data[scan.bytes], filename, line);
        fail(arena, result, message, true);
      }
    }
  } else if (result.encoding == "iso-8859-1") {
    result.text = latin1_to_utf8(arena, bytes);
  } else if (result.encoding == "ascii" || result.encoding == "us-ascii") {
    result.text = bytes;
    for (usize i = 0; i < bytes.size(); ++i) {
      if (static_cast<u8>(bytes[i]) < 0x80) continue;
      if (from_file) {
        snprintf(message, sizeof message, "encoding problem: %.*s", static_cast<int>(encoding.size()), encoding.data());
      } else {
        snprintf(message, sizeof message, "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in range(128)",
                 static_cast<u8>(bytes[i]), i);
      }
      fail(arena, result, message, from_file);
      break;
    }
  } else {
    result.status = DecodeStatus::NeedsCodec;
  }
  return result;
}

}  // namespace baton::syntax
