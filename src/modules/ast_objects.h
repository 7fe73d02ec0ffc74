// The Python side of the syntax tree: the classes of _ast, and trees to and from objects.
#pragma once
#include "compile/compiler.h"
#include "objects/object.h"
#include "syntax/ast.h"

namespace baton {

// An instance of ast.AST or a class derived from it: attributes only.
class AstObject final : public Cell {
 public:
  void init() { tail_.extra_.init(nullptr); }
  void visit_edges(EdgeVisitor& visit) const { visit(tail_.extra_); }
  ObjectTail tail_;
};

// Enumerations of the grammar: one class a member, each with one shared instance.
enum class AstEnum : u8 { Operator, BoolOp, UnaryOp, CmpOp, ExprContext };
struct AstEnumInfo {
  const char* name;  // "operator"
  u8 count;
  const char* const* members;
};
extern const AstEnumInfo ast_enums[5];

// Sums with a class of their own above their alternatives.
enum class AstSum : u8 { Mod, Stmt, Expr, ExceptHandler, Pattern, TypeIgnore, kCount };
const char* name_of(AstSum sum);

// Makes the classes on first use.
Result<void> make_ast_types(Thread& thread);
bool ast_types_made();
Type* ast_base_type();
Type* ast_type(ast::NodeType type);
Type* ast_sum_type(AstSum sum);
Type* ast_enum_type(AstEnum which, u8 member);
Value ast_enum_instance(AstEnum which, u8 member);

Result<Value> ast_to_object(Thread& thread, const ast::ModNode* mod);
// A tree in the arena from objects, not validated. mode: what kind of module is wanted.
Result<ast::ModNode*> ast_from_object(Thread& thread, Value tree, syntax::Arena& arena, syntax::ParseMode mode);

}  // namespace baton
