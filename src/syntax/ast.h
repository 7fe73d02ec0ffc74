// The abstract syntax tree of Python 3.11 as plain structs in an Arena. One struct per ASDL constructor, generated from
// ast.def; the sums are StmtNode, ExprNode, PatternNode, ModNode with a `kind` to switch on and `node->as<BinOp>()` to cast.
//
//   identifiers and strings   std::string_view into the arena; absent = data() == nullptr. Text is UTF-8 in which lone
//                             surrogates are encoded like any other code point (WTF-8). Identifiers are NFKC-normalised;
//                             one parse gives equal identifiers the same data() (an optimisation to use, not to rely on).
//   sequences                 Seq<T>, {data, size}; an item is absent (nullptr) only in Dict.keys and Arguments.kw_defaults.
//   positions                 Span: 1-based lines, UTF-8 byte columns, as CPython.
//
// Trees may be deep (a+a+a+... is left-deep without limit): recursive consumers check their depth.
#pragma once
#include <string_view>

#include "base/check.h"
#include "base/types.h"
#include "syntax/arena.h"

namespace baton::ast {

using syntax::Arena;
using syntax::Seq;
using Identifier = std::string_view;
using Text = std::string_view;

struct Span {
  i32 lineno = 0;
  i32 col_offset = 0;
  i32 end_lineno = 0;
  i32 end_col_offset = 0;
};

enum class Operator : u8 { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv };
enum class BoolOperator : u8 { And, Or };
enum class UnaryOperator : u8 { Invert, Not, UAdd, USub };
enum class CmpOperator : u8 { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };
enum class ExprContext : u8 { Load, Store, Del };

enum class ConstKind : u8 { None, True, False, Ellipsis, Int, BigInt, Float, Complex, Str, Bytes, Tuple, FrozenSet };

// The value of a Constant. Tuple and FrozenSet never come from the parser, but may come from an `ast` object.
// A value of any other type given to compile() is refused before it gets here.
struct ConstValue {
  struct Digits {
    const char* data;  // digits of the base, without prefix and underscores
    u32 size;
    u8 base;        // 2, 8, 10, 16
    bool negative;  // only from `ast` objects
  };
  struct Chars {
    const char* data;
    u32 size;
  };

  ConstKind kind = ConstKind::None;
  union {
    i64 integer = 0;  // Int: fits
    Digits digits;    // BigInt: does not fit an i64
    double real;      // Float; Complex: the real part is complex.real
    struct {
      double real, imag;
    } complex;              // the parser gives real = 0
    Chars chars;            // Str (WTF-8), Bytes
    Seq<ConstValue> items;  // Tuple, FrozenSet
  };

  std::string_view text() const { return {chars.data, chars.size}; }
  static ConstValue simple(ConstKind kind) {
    ConstValue v;
    v.kind = kind;
    return v;
  }
  static ConstValue of_int(i64 n) {
    ConstValue v;
    v.kind = ConstKind::Int;
    v.integer = n;
    return v;
  }
  static ConstValue of_float(double x) {
    ConstValue v;
    v.kind = ConstKind::Float;
    v.real = x;
    return v;
  }
  static ConstValue of_complex(double real, double imag) {
    ConstValue v;
    v.kind = ConstKind::Complex;
    v.complex = {real, imag};
    return v;
  }
  static ConstValue of_text(ConstKind kind, std::string_view text) {
    ConstValue v;
    v.kind = kind;
    v.chars = {text.data(), static_cast<u32>(text.size())};
    return v;
  }
};

enum class Category : u8 { Mod, Stmt, Expr, Pattern, Plain, Located };

// Every struct by one number, for the field tables.
enum class NodeType : u8 {
#define NODE(category, Name, ...) Name,
#include "syntax/ast.def"
#undef NODE
};
inline constexpr int kNodeTypeCount = static_cast<int>(NodeType::TypeIgnore) + 1;

#define NODE(category, Name, ...) AST_KIND_##category(Name)
#define AST_KIND_Mod(Name)
#define AST_KIND_Stmt(Name)
#define AST_KIND_Expr(Name)
#define AST_KIND_Pattern(Name)
#define AST_KIND_Plain(Name)
#define AST_KIND_Located(Name)

#undef AST_KIND_Mod
#define AST_KIND_Mod(Name) Name,
enum class ModKind : u8 {
#include "syntax/ast.def"
};
#undef AST_KIND_Mod
#define AST_KIND_Mod(Name)

#undef AST_KIND_Stmt
#define AST_KIND_Stmt(Name) Name,
enum class StmtKind : u8 {
#include "syntax/ast.def"
};
#undef AST_KIND_Stmt
#define AST_KIND_Stmt(Name)

#undef AST_KIND_Expr
#define AST_KIND_Expr(Name) Name,
enum class ExprKind : u8 {
#include "syntax/ast.def"
};
#undef AST_KIND_Expr
#define AST_KIND_Expr(Name)

#undef AST_KIND_Pattern
#define AST_KIND_Pattern(Name) Name,
enum class PatternKind : u8 {
#include "syntax/ast.def"
};
#undef AST_KIND_Pattern
#define AST_KIND_Pattern(Name)

#undef NODE
#undef AST_KIND_Mod
#undef AST_KIND_Stmt
#undef AST_KIND_Expr
#undef AST_KIND_Pattern
#undef AST_KIND_Plain
#undef AST_KIND_Located

// Casting helpers of the sum types.
#define AST_CASTS                                                         \
  template <class T>                                                      \
  T* as() {                                                               \
    BATON_DCHECK(kind == T::kKind, "the cast names the node's own kind"); \
    return static_cast<T*>(this);                                         \
  }                                                                       \
  template <class T>                                                      \
  const T* as() const {                                                   \
    BATON_DCHECK(kind == T::kKind, "the cast names the node's own kind"); \
    return static_cast<const T*>(this);                                   \
  }                                                                       \
  template <class T>                                                      \
  bool is() const {                                                       \
    return kind == T::kKind;                                              \
  }
struct ModNode {
  ModKind kind;
  AST_CASTS
};
struct StmtNode {
  Span span;
  StmtKind kind;
  AST_CASTS
};
struct ExprNode {
  Span span;
  ExprKind kind;
  bool parenthesized = false;  // written as `(expr)`; the span is the inner expression's, as in CPython
  AST_CASTS
};
struct PatternNode {
  Span span;
  PatternKind kind;
  AST_CASTS
};
#undef AST_CASTS
struct PlainNode {};
struct LocatedNode {
  Span span;
};

struct Arguments;
struct Arg;
struct Keyword;
struct Alias;
struct WithItem;
struct ExceptHandler;
struct MatchCase;
struct Comprehension;
struct TypeIgnore;

namespace field {
using identifier = Identifier;
using identifier_opt = Identifier;
using identifier_seq = Seq<Identifier>;
using string = Text;
using string_opt = Text;
using int_ = i32;
using int_opt = i32;  // ImportFrom.level: None counts as 0
using constant = ConstValue;
using expr = ExprNode*;
using expr_opt = ExprNode*;
using expr_seq = Seq<ExprNode*>;
using expr_opt_seq = Seq<ExprNode*>;
using stmt_seq = Seq<StmtNode*>;
using pattern = PatternNode*;
using pattern_opt = PatternNode*;
using pattern_seq = Seq<PatternNode*>;
using arguments = Arguments*;
using arg_opt = Arg*;
using arg_seq = Seq<Arg*>;
using keyword_seq = Seq<Keyword*>;
using alias_seq = Seq<Alias*>;
using withitem_seq = Seq<WithItem*>;
using handler_seq = Seq<ExceptHandler*>;
using match_case_seq = Seq<MatchCase*>;
using comprehension_seq = Seq<Comprehension*>;
using type_ignore_seq = Seq<TypeIgnore*>;
using boolop = BoolOperator;
using operator_ = Operator;
using unaryop = UnaryOperator;
using cmpop_seq = Seq<CmpOperator>;
using expr_context = ExprContext;
}  // namespace field

#define AST_BASE_Mod(Name) : ModNode { \
    static constexpr ModKind kKind = ModKind::Name;
#define AST_BASE_Stmt(Name) : StmtNode { \
    static constexpr StmtKind kKind = StmtKind::Name;
#define AST_BASE_Expr(Name) : ExprNode { \
    static constexpr ExprKind kKind = ExprKind::Name;
#define AST_BASE_Pattern(Name) : PatternNode { \
    static constexpr PatternKind kKind = PatternKind::Name;
#define AST_BASE_Plain(Name) : PlainNode {
#define AST_BASE_Located(Name) : LocatedNode {
#define F(type, name) field::type name;
#define NODE(category, Name, ...)                                                         \
  struct Name AST_BASE_##category(Name) static constexpr NodeType kType = NodeType::Name; \
  static constexpr Category kCategory = Category::category;                               \
  __VA_ARGS__                                                                             \
  }                                                                                       \
  ;
#include "syntax/ast.def"
#undef NODE
#undef F
#undef AST_BASE_Mod
#undef AST_BASE_Stmt
#undef AST_BASE_Expr
#undef AST_BASE_Pattern
#undef AST_BASE_Plain
#undef AST_BASE_Located

// make<BinOp>(arena, span, left, op, right): all fields in order; trailing ones may be left out (absent, empty, zero).
template <class T, class... Fields>
T* make(Arena& arena, Span span, Fields... fields) {
  if constexpr (T::kCategory == Category::Located) {
    return arena.make<T>(LocatedNode{span}, fields...);
  } else if constexpr (T::kCategory == Category::Stmt) {
    return arena.make<T>(StmtNode{span, T::kKind}, fields...);
  } else if constexpr (T::kCategory == Category::Expr) {
    return arena.make<T>(ExprNode{span, T::kKind}, fields...);
  } else {
    static_assert(T::kCategory == Category::Pattern, "a node with a position");
    return arena.make<T>(PatternNode{span, T::kKind}, fields...);
  }
}
template <class T, class... Fields>
T* make_plain(Arena& arena, Fields... fields) {
  if constexpr (T::kCategory == Category::Mod) {
    return arena.make<T>(ModNode{T::kKind}, fields...);
  } else {
    static_assert(T::kCategory == Category::Plain, "a node without a position");
    return arena.make<T>(PlainNode{}, fields...);
  }
}

template <class T>
Seq<T> make_seq(Arena& arena, const T* items, usize count) {
  Seq<T> seq{count ? arena.allocate_array<T>(count) : nullptr, static_cast<u32>(count)};
  if (count) memcpy(static_cast<void*>(seq.data), static_cast<const void*>(items), count * sizeof(T));
  return seq;
}

// ---- Reflection: what `_ast`, the dump and the object converters walk. ----

enum class FieldType : u8 {
  identifier,
  identifier_opt,
  identifier_seq,
  string,
  string_opt,
  int_,
  int_opt,
  constant,
  expr,
  expr_opt,
  expr_seq,
  expr_opt_seq,
  stmt_seq,
  pattern,
  pattern_opt,
  pattern_seq,
  arguments,
  arg_opt,
  arg_seq,
  keyword_seq,
  alias_seq,
  withitem_seq,
  handler_seq,
  match_case_seq,
  comprehension_seq,
  type_ignore_seq,
  boolop,
  operator_,
  unaryop,
  cmpop_seq,
  expr_context,
};

struct FieldInfo {
  const char* name;  // as in `_fields`
  FieldType type;
  u16 offset;
};
struct NodeInfo {
  const char* name;  // Python's class name: "BinOp", "comprehension", "match_case"
  Category category;
  bool has_span;
  u8 field_count;
  u16 size;
  const FieldInfo* fields;
};

extern const NodeInfo node_infos[kNodeTypeCount];
inline const NodeInfo& info_of(NodeType type) { return node_infos[static_cast<int>(type)]; }
NodeType type_of(const ModNode* node);
NodeType type_of(const StmtNode* node);
NodeType type_of(const ExprNode* node);
NodeType type_of(const PatternNode* node);

// Python's class names of the operator enums ("Add", "NotIn", "Load").
const char* name_of(Operator op);
const char* name_of(BoolOperator op);
const char* name_of(UnaryOperator op);
const char* name_of(CmpOperator op);
const char* name_of(ExprContext context);

}  // namespace baton::ast
