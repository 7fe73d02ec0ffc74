// The front door of compile/: source text or a tree in, a Code object out, or an exception.
#pragma once
#include <string_view>

#include "objects/code.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

namespace baton {

namespace compile {
class SymbolTable;
}

// compile()'s flags argument. CO_FUTURE_* bits may be among them; those are inherited by the code.
enum CompileFlag : u32 {
  kPyCfDontImplyDedent = 0x200,
  kPyCfOnlyAst = 0x400,
  kPyCfIgnoreCookie = 0x800,
  kPyCfTypeComments = 0x1000,
  kPyCfAllowTopLevelAwait = 0x2000,
  kPyCfAllowIncompleteInput = 0x4000,
  kPyCfFutureMask = 0x1FE0000,
  kPyCfBarryAsBdfl = 0x400000,
};

struct CompileOptions {
  syntax::ParseMode mode = syntax::ParseMode::Exec;
  int optimize = 0;                              // level of -O
  u32 flags = 0;                                 // CompileFlag
  bool from_file = false;                        // the source was read from a file: some SyntaxErrors are described otherwise
  syntax::Prompt prompt = syntax::Prompt::None;  // SyntaxErrors in what was typed are those of its first wrong token
  std::string_view encoding = "utf-8";  // of the source; empty: bytes that declare none, SyntaxErrors' offsets count bytes
  int feature_version = -1;             // minor version of the grammar, for kPyCfOnlyAst; -1: the newest
};

// Compiles text (UTF-8, surrogates allowed). SyntaxErrors carry the line's text.
Result<Code*> compile_source(Thread& thread, std::string_view utf8_source, Str* filename, const CompileOptions& options);
// Compiles source bytes: looks at the byte order mark and coding cookie first.
Result<Code*> compile_bytes(Thread& thread, std::string_view source, Str* filename, const CompileOptions& options);
// Compiles a tree, which is changed (folded) in the process. `arena` owns it and receives what the compiler adds.
Result<Code*> compile_module_ast(Thread& thread, ast::ModNode* mod, syntax::Arena& arena, Str* filename,
                                 const CompileOptions& options);

// The symbol table of a tree, as the _symtable module shows it. Its names live in `arena`.
Result<void> build_symbols(Thread& thread, ast::ModNode* mod, syntax::Arena& arena, Str* filename, const CompileOptions& options,
                           compile::SymbolTable& table);

// Parses only; raises on errors, issues the parser's warnings. The tree lives in `arena`. Null result: exception.
// *flags, if given, receives kPyCfBarryAsBdfl when the source switched it on.
Result<ast::ModNode*> parse_source(Thread& thread, syntax::Arena& arena, std::string_view utf8_source, Str* filename,
                                   const CompileOptions& options, u32* flags = nullptr);
// Decodes source bytes to UTF-8 that lives in `arena` or in *owner. *encoding, if given, receives what a byte order mark or a
// cookie declares; empty: nothing.
Result<std::string_view> decode_source_bytes(Thread& thread, syntax::Arena& arena, std::string_view bytes, Str* filename,
                                             bool from_file, Value* owner, std::string_view* encoding = nullptr);

// The filename argument of compile(): str, bytes, path-like, or (deprecated) any buffer.
Result<Str*> source_filename(Thread& thread, Value v);

// Raises what a parser or decoder error describes. `encoding`: of the file the source may be from; empty: UTF-8.
Failed raise_syntax_error_info(Thread& thread, const syntax::SyntaxErrorInfo& error, Str* filename,
                               std::string_view encoding = {});

// A constant of the tree as an object.
Result<Value> constant_to_value(Thread& thread, const ast::ConstValue& value);

}  // namespace baton
