// Field tables of the AST, made from ast.def. Names follow Python's `_fields` and class names.
#include "syntax/ast.h"

#include <iterator>

#pragma clang diagnostic ignored "-Winvalid-offsetof"

namespace baton::ast {

// Where Python's field name is not usable in C++ (Constant.kind would hide ExprNode::kind).
static constexpr const char* python_field_name(std::string_view name, const char* text) {
  return name == "kind_prefix" ? "kind" : text;
}

// Product types are lower case in Python.
static constexpr const char* python_class_name(std::string_view name, const char* text) {
  if (name == "Comprehension") return "comprehension";
  if (name == "Arguments") return "arguments";
  if (name == "Arg") return "arg";
  if (name == "Keyword") return "keyword";
  if (name == "Alias") return "alias";
  if (name == "WithItem") return "withitem";
  if (name == "MatchCase") return "match_case";
  return text;
}

// One array of fields per node, closed by an entry without a name so that nodes without fields are arrays too.
#define F(type, name) {python_field_name(#name, #name), FieldType::type, static_cast<u16>(offsetof(Self, name))},
#define NODE(category, Name, ...)                                                   \
  struct FieldsOf##Name {                                                           \
    using Self = Name;                                                              \
    static constexpr FieldInfo list[] = {__VA_ARGS__{nullptr, FieldType::int_, 0}}; \
  };
#include "syntax/ast.def"
#undef NODE
#undef F

static constexpr bool category_has_span(Category category) { return category != Category::Mod && category != Category::Plain; }

constinit const NodeInfo node_infos[kNodeTypeCount] = {
#define NODE(category, Name, ...)                        \
  {python_class_name(#Name, #Name),                      \
   Category::category,                                   \
   category_has_span(Category::category),                \
   static_cast<u8>(std::size(FieldsOf##Name::list) - 1), \
   sizeof(Name),                                         \
   FieldsOf##Name::list},
#include "syntax/ast.def"
#undef NODE
};

// Kinds are numbered in NodeType's order within their category.
NodeType type_of(const ModNode* node) {
  return static_cast<NodeType>(static_cast<int>(NodeType::Module) + static_cast<int>(node->kind));
}
NodeType type_of(const StmtNode* node) {
  return static_cast<NodeType>(static_cast<int>(NodeType::FunctionDef) + static_cast<int>(node->kind));
}
NodeType type_of(const ExprNode* node) {
  return static_cast<NodeType>(static_cast<int>(NodeType::BoolOp) + static_cast<int>(node->kind));
}
NodeType type_of(const PatternNode* node) {
  return static_cast<NodeType>(static_cast<int>(NodeType::MatchValue) + static_cast<int>(node->kind));
}

const char* name_of(Operator op) {
  static constexpr const char* names[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",     "Pow",
                                          "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv"};
  return names[static_cast<int>(op)];
}
const char* name_of(BoolOperator op) { return op == BoolOperator::And ? "And" : "Or"; }
const char* name_of(UnaryOperator op) {
  static constexpr const char* names[] = {"Invert", "Not", "UAdd", "USub"};
  return names[static_cast<int>(op)];
}
const char* name_of(CmpOperator op) {
  static constexpr const char* names[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};
  return names[static_cast<int>(op)];
}
const char* name_of(ExprContext context) {
  static constexpr const char* names[] = {"Load", "Store", "Del"};
  return names[static_cast<int>(context)];
}

}  // namespace baton::ast
