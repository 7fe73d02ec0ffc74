// Developer's view of the syntax layer: for each source file one line, the tree as ast.dump(..., include_attributes=True) prints
// it, or the arguments of the SyntaxError. Used by tools/compare_syntax.py to compare with CPython.
//   syntax_dump [--mode exec|eval|single|func_type] [--type-comments] [--incomplete] [--no-imply-dedent] [--bench N] [--quiet]
//   FILE...
// A file of the form @LIST names further files, one per line.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "syntax/dump.h"
#include "syntax/source.h"
#include "syntax/tokenizer.h"

using namespace baton;
using namespace baton::syntax;

static bool read_file(const char* path, std::string& out) {
  FILE* file = fopen(path, "rb");
  if (!file) return false;
  char buffer[65536];
  out.clear();
  while (size_t n = fread(buffer, 1, sizeof buffer, file)) out.append(buffer, n);
  fclose(file);
  return true;
}

static void print_json(std::string_view text) {
  putchar('"');
  for (char c : text) {
    if (c == '"' || c == '\\')
      printf("\\%c", c);
    else if (static_cast<u8>(c) < 32)
      printf("\\u%04x", c);
    else
      putchar(c);
  }
  putchar('"');
}

static void print_error(const SyntaxErrorInfo& error) {
  if (error.kind == ErrorKind::UnicodeDecode) {
    printf("{\"type\": \"UnicodeDecodeError\", \"msg\": \"'utf-8' codec can't decode byte%s",
           error.end_offset - error.offset > 1 ? "s" : "");
    if (error.end_offset - error.offset > 1)
      printf(" in position %d-%d: ", error.offset, error.end_offset - 1);
    else
      printf(" 0x%02x in position %d: ", static_cast<u8>(error.text[error.offset]), error.offset);
    printf("%.*s\"}\n", static_cast<int>(error.message.size()), error.message.data());
    return;
  }
  static const char* const kinds[] = {"SyntaxError", "IndentationError", "TabError", "ValueError",
                                      "MemoryError", "RecursionError",   "?"};
  printf("{\"type\": \"%s\", \"msg\": ", kinds[static_cast<int>(error.kind)]);
  print_json(error.message);
  if (!error.bare && error.kind <= ErrorKind::Tab) {
    printf(", \"lineno\": %d, \"offset\": %d", error.lineno, error.offset);
    if (error.no_end)
      printf(", \"end_lineno\": null, \"end_offset\": null");
    else
      printf(", \"end_lineno\": %d, \"end_offset\": %d", error.end_lineno, error.end_offset);
    printf(", \"text\": ");
    if (error.text.data())
      print_json(error.text);
    else
      printf("null");
  }
  puts("}");
}

int main(int argc, char** argv) {
  ParseOptions options;
  int bench = 0;
  bool quiet = false, warnings = false, no_decode = false;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    std::string_view arg = argv[i];
    if (arg == "--mode") {
      std::string_view mode = argv[++i];
      options.mode = mode == "eval"        ? ParseMode::Eval
                     : mode == "single"    ? ParseMode::Single
                     : mode == "func_type" ? ParseMode::FuncType
                                           : ParseMode::Exec;
    } else if (arg == "--type-comments")
      options.type_comments = true;
    else if (arg == "--incomplete")
      options.allow_incomplete_input = true;
    else if (arg == "--no-imply-dedent")
      options.dont_imply_dedent = true;
    else if (arg == "--bench")
      bench = atoi(argv[++i]);
    else if (arg == "--no-decode")
      no_decode = true;  // the file is the UTF-8 of a str
    else if (arg == "--quiet")
      quiet = true;
    else if (arg == "--warnings")
      warnings = true;
    else if (arg == "--feature-version")
      options.feature_version = atoi(argv[++i]);
    else if (arg[0] == '@') {
      std::string list;
      if (!read_file(argv[i] + 1, list)) return 2;
      for (size_t at = 0; at < list.size();) {
        size_t end = list.find('\n', at);
        if (end == list.npos) end = list.size();
        if (end > at) files.push_back(list.substr(at, end - at));
        at = end + 1;
      }
    } else
      files.emplace_back(arg);
  }
  std::string bytes, out;
  for (const std::string& file : files) {
    if (!read_file(file.c_str(), bytes)) {
      puts("{\"type\": \"unreadable\"}");
      continue;
    }
    Arena arena;
    DecodedSource source;
    if (no_decode)
      source.text = bytes;
    else
      source = decode_source(arena, bytes, file.c_str(), false);
    if (source.status == DecodeStatus::NeedsCodec) {
      printf("{\"type\": \"codec\", \"encoding\": \"%.*s\"}\n", static_cast<int>(source.encoding.size()), source.encoding.data());
      continue;
    }
    if (source.status == DecodeStatus::Error) {
      print_error(source.error);
      continue;
    }
    options.byte_offsets = !no_decode && !source.declared;
    if (bench) {
      double best_parse = 1e9, best_tokens = 1e9;
      std::string padded(source.text);
      padded.append(16, '\0');
      for (int i = 0; i < bench; ++i) {
        auto now = [] { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); };
        double start = now();
        {
          Arena scratch;
          parse(scratch, source.text, file.c_str(), options);
        }
        best_parse = std::min(best_parse, now() - start);
        start = now();
        {
          Arena scratch;
          Tokenizer tokenizer(scratch, {padded.data(), source.text.size()}, {});
          while (true) {
            TokenKind kind = tokenizer.next().kind;
            if (kind == TokenKind::EndMarker || kind == TokenKind::Error) break;
          }
        }
        best_tokens = std::min(best_tokens, now() - start);
      }
      double mb = source.text.size() / 1e6;
      printf("%s: %.3f MB, parse %.3f ms (%.1f MB/s), tokens %.3f ms (%.1f MB/s)\n", file.c_str(), mb, best_parse * 1e3,
             mb / best_parse, best_tokens * 1e3, mb / best_tokens);
      continue;
    }
    ParseResult result = parse(arena, source.text, file.c_str(), options);
    if (warnings) {
      for (const ParseWarning& warning : result.warnings) {
        printf("%d %s: %.*s\n", warning.lineno, warning.kind == WarningKind::Syntax ? "SyntaxWarning" : "DeprecationWarning",
               static_cast<int>(warning.message.size()), warning.message.data());
      }
    }
    if (!result.mod) {
      print_error(result.error);
    } else if (!quiet) {
      out.clear();
      dump(out, result.mod, true);
      puts(out.c_str());
    }
  }
  return 0;
}
