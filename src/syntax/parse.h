// The front door of the syntax layer: decoded source text in, AST or a description of the syntax error out.
// Nothing here raises or warns: the caller turns SyntaxErrorInfo and ParseWarning into Python exceptions and warnings.
#pragma once
#include <string_view>

#include "syntax/ast.h"

namespace baton::syntax {

using ast::Text;

enum class ParseMode : u8 { Exec, Eval, Single, FuncType };

// Whether lines come from a prompt: what is behind an error isn't looked at then, and the last line, if empty, was typed so,
// but for the end of all input.
enum class Prompt : u8 { None, GoesOn, Ended };

struct ParseOptions {
  ParseMode mode = ParseMode::Exec;
  bool type_comments = false;           // PyCF_TYPE_COMMENTS
  bool dont_imply_dedent = false;       // PyCF_DONT_IMPLY_DEDENT: no NEWLINE/DEDENTs are made up at the end of input (codeop)
  bool allow_incomplete_input = false;  // PyCF_ALLOW_INCOMPLETE_INPUT: an error at the end of input reads "incomplete input"
  bool barry_as_flufl = false;          // `<>` instead of `!=`; also switched on by the __future__ import itself
  bool byte_offsets = false;            // offsets in errors count bytes: CPython's way with bytes that declare no encoding
  bool from_file = false;               // errors at the end of input have offset 0, where CPython has read a file line by line
  Prompt prompt = Prompt::None;
  i32 max_int_digits = 4300;          // sys.set_int_max_str_digits: a longer decimal literal is an error; 0: no limit
  const void* stack_limit = nullptr;  // recursion stops (ErrorKind::Memory) when the C++ stack grows down to here
  i32 feature_version = 11;           // minor version for PyCF_ONLY_AST callers (ast.parse(feature_version=...))
};

enum class ErrorKind : u8 {
  Syntax,
  Indentation,
  Tab,
  Value,          // e.g. NUL bytes in a source string: ValueError, message only
  Memory,         // MemoryError without text: nesting beyond the parser's limit, as in CPython
  Recursion,      // RecursionError, message only (parse() itself never gives it)
  UnicodeDecode,  // UnicodeDecodeError('utf-8', text, offset, end_offset, message); text is the bytes
};

// The arguments of a SyntaxError as Python sees them. Absent text is None.
struct SyntaxErrorInfo {
  ErrorKind kind = ErrorKind::Syntax;
  bool bare = false;        // SyntaxError(message) without location arguments
  bool no_end = false;      // end_lineno and end_offset are None
  bool incomplete = false;  // the error lies at the end of input (an interactive caller may ask for more)
  Text message;             // WTF-8
  i32 lineno = 0;
  i32 offset = 0;  // 1-based, in characters
  i32 end_lineno = 0;
  i32 end_offset = 0;
  Text text;  // the source line with its newline, as SyntaxError.text
  // Of errors in the source of a whole file: whoever can read the line of the file shows that instead of `text`, and counts
  // the offsets in it (character_offset of the byte offsets, where not `in_bytes`).
  bool line_from_file = false;
  bool in_bytes = false;  // offset and end_offset are the byte offsets
  i32 byte_offset = 0;    // 1-based
  i32 byte_end_offset = 0;
};

// An offset in bytes into a line of UTF-8 as one in characters; what lies beyond the line is one past its end. <= 0 stays.
i32 character_offset(std::string_view line, i32 bytes);

enum class WarningKind : u8 { Deprecation, Syntax };

// If the filters make it an error, raise SyntaxError(message) with `location`'s numbers and text instead.
struct ParseWarning {
  WarningKind kind = WarningKind::Deprecation;
  std::string_view message;
  i32 lineno = 0;  // of the warning
  SyntaxErrorInfo location;
};

struct ParseResult {
  ast::ModNode* mod = nullptr;  // null: see error
  SyntaxErrorInfo error;
  Seq<ParseWarning> warnings;   // in source order; also filled when there is an error
  bool barry_as_flufl = false;  // state after the parse, for a caller that keeps flags between inputs
};

// `source` is UTF-8 (surrogates allowed as WTF-8) and may use any line ending. Everything in the result lives in `arena`;
// `source` itself need not outlive the call.
ParseResult parse(Arena& arena, std::string_view source, const char* filename, const ParseOptions& options);

}  // namespace baton::syntax
