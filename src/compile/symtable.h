// Scopes of a module: which names each block binds and uses, and where each name lives. Values of the flags and scopes are
// CPython's, as the _symtable module shows them.
//
// A Block exists for the module, every class, function, lambda and comprehension; for annotations only while they are postponed
// (and then it isn't among its parent's children). Blocks are found again by the address of their AST node.
#pragma once
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "compile/diagnostics.h"
#include "syntax/ast.h"

namespace baton::compile {

enum SymbolFlag : u32 {
  kDefGlobal = 1,
  kDefLocal = 2,
  kDefParam = 4,
  kDefNonlocal = 8,
  kUse = 16,
  kDefFree = 32,
  kDefFreeClass = 64,
  kDefImport = 128,
  kDefAnnot = 256,
  kDefCompIter = 512,
  kDefBound = kDefLocal | kDefParam | kDefImport,
};
inline constexpr u32 kScopeOffset = 11;

enum class Scope : u8 { Unknown = 0, Local = 1, GlobalExplicit = 2, GlobalImplicit = 3, Free = 4, Cell = 5 };
enum class BlockType : u8 { Function = 0, Class = 1, Module = 2, Annotation = 3 };
enum class ComprehensionKind : u8 { None = 0, List = 1, Dict = 2, Set = 3, Generator = 4 };

struct Symbol {
  std::string_view name;  // mangled
  u32 flags = 0;
  Scope scope = Scope::Unknown;
  bool unbound_here = false;  // by `del`, or at the end of an `except ... as` clause
  u32 packed() const { return flags | static_cast<u32>(scope) << kScopeOffset; }
};

struct Block {
  struct Directive {
    std::string_view name;
    ast::Span span;
  };

  BlockType type = BlockType::Module;
  std::string_view name;
  const void* node = nullptr;
  ast::Span span;
  Block* parent = nullptr;
  std::vector<Symbol> symbols;             // in order of first appearance
  std::vector<std::string_view> varnames;  // parameters
  std::vector<Block*> children;
  std::vector<Directive> directives;
  ComprehensionKind comprehension = ComprehensionKind::None;
  bool nested = false, generator = false, coroutine = false, varargs = false, varkeywords = false, returns_value = false;
  bool needs_class_closure = false;
  bool has_walrus = false;  // binds a name by `:=` here
  bool comp_iter_target = false;
  i32 comp_iter_expr = 0;

  const Symbol* find(std::string_view mangled) const {
    auto it = index_.find(mangled);
    return it == index_.end() ? nullptr : &symbols[it->second];
  }
  Symbol* find(std::string_view mangled) { return const_cast<Symbol*>(static_cast<const Block*>(this)->find(mangled)); }
  Symbol& add(std::string_view mangled) {
    auto [it, fresh] = index_.try_emplace(mangled, static_cast<u32>(symbols.size()));
    if (fresh) symbols.push_back(Symbol{mangled});
    return symbols[it->second];
  }
  Scope scope_of(std::string_view mangled) const {
    const Symbol* symbol = find(mangled);
    return symbol ? symbol->scope : Scope::Unknown;
  }

 private:
  std::unordered_map<std::string_view, u32> index_;
};

class SymbolTable {
 public:
  Block* top() const { return top_; }
  Block* block_of(const void* node) const {
    auto it = by_node_.find(node);
    return it == by_node_.end() ? nullptr : it->second;
  }

 private:
  friend class SymbolTableBuilder;
  Block* top_ = nullptr;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::unordered_map<const void*, Block*> by_node_;
};

struct SymbolTableOptions {
  bool future_annotations = false;
  u32 depth_limit = 3000;
};

// False: see diagnostics. Names in the table point into the AST's arena, to which mangled names are added.
bool build_symbol_table(SymbolTable& table, const ast::ModNode* mod, ast::Arena& arena, const SymbolTableOptions& options,
                        Diagnostics& diagnostics);

// `__name` inside class `private_name` becomes `_Class__name`; any other name is returned as it is.
std::string_view mangle(ast::Arena& arena, std::string_view private_name, std::string_view name);

}  // namespace baton::compile
