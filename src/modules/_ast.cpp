// _ast: the node classes, made from the field tables of syntax/ast.h; and the conversion between C++ trees and objects.
#include "compile/compiler.h"
#include "modules/ast_convert.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

using namespace ast;

// ---------------------------------------------------------------------------------------------------------------- the class AST

static Result<baton::Tuple*> fields_of(Thread& t, Type* type) {
  Value v = TRY(find_attr(t, Value(type), intern(t, "_fields")));
  if (v == kNotFound) return empty_tuple();
  return tuple_from_iterable(t, v);
}

static Result<Value> ast_new(Thread& t, NativeDef const&, Value const* args, usize, baton::Tuple*) {
  Cell* cell = allocate_instance(t, args[0].as<Type>());
  if (!cell) return failed;
  return Value(cell);
}
static Result<Value> ast_init(Thread& t, NativeDef const&, Value const* args, usize n, baton::Tuple* kwnames) {
  Value self = args[0];
  Type* type = type_of(self);
  baton::Tuple* fields = TRY(fields_of(t, type));
  Index given = static_cast<Index>(n) - 1;
  if (given > fields->length()) {
    return raise_type_error(t, "{} constructor takes at most {} positional argument{}", type->name(), fields->length(), fields->length() == 1 ? "" : "s");
  }
  for (Index i = 0; i < given; ++i) TRY(set_attr(t, self, TRY(str_intern(t, fields->at(i).as<Str>())), args[i + 1]));
  for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
    for (Index i = 0; i < given; ++i) {
      if (TRY(same_or_equal(t, fields->at(i), kwnames->at(k)))) return raise_type_error(t, "{} got multiple values for argument {!r}", type->name(), kwnames->at(k));
    }
    TRY(set_attr(t, self, TRY(str_intern(t, kwnames->at(k).as<Str>())), args[n + static_cast<usize>(k)]));
  }
  return kNone;
}
static Result<Value> ast_reduce(Thread& t, Value self) {
  Value dict = TRY(find_attr(t, self, names.dunder_dict));
  if (dict == kNotFound) return tuple_of(t, Value(type_of(self)), Value(empty_tuple()));
  return tuple_of(t, Value(type_of(self)), Value(empty_tuple()), dict);
}
class AstNode final : public Cell {
 public:
  void visit_edges(EdgeVisitor& visit) const { visit(tail_.extra_); }
  ObjectTail tail_;
};
static constinit NativeDef ast_methods[] = {
    native_raw(ast_new, "__new__(*args, **kwargs)", "Create and return a new object.  See help(type) for accurate signature."),
    native_raw(ast_init, "__init__($self, /, *args, **kwargs)", "Initialize self.  See help(type(self)) for accurate signature."),
    native<ast_reduce>("__reduce__($self, /)"),
};
static GetSetDef ast_getsets[] = {{"__dict__", generic_get_dict, generic_set_dict, nullptr}};
static Result<void> ast_finish(Thread& t, Type* type) {
  for (const char* name : {"_fields", "_attributes", "__match_args__"}) TRY(dict_set_ascii(t, type->dict(), name, Value(empty_tuple())));
  type->flags_ &= ~kTypeImmutable;   // ast.py adds methods and _fields to it
  return ok;
}
static TypeDef ast_def = {.name = "ast.AST", .dynamic_kind = &DynamicKind<AstNode>::value, .payload_size = sizeof(AstNode), .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
                          .methods = ast_methods, .method_count = count_of(ast_methods), .getsets = ast_getsets, .getset_count = 1, .kind_info = kind_info_of<AstNode>("ast.AST"), .finish = ast_finish};

// ---------------------------------------------------------------------------------------------------------------- the node classes

// Types and singletons by name and by number; made with the module, kept for the process.
static Root<baton::Dict>* classes = nullptr;   // name -> class
Type* node_types[kNodeTypeCount];       // also in `classes`
static Root<baton::Dict>* singletons = nullptr;  // "Load" -> ast.Load()

Result<Value> ast_class(Thread& t, std::string_view name) {
  if (!classes) TRY(import_module(t, "_ast"));
  return dict_find_str(classes->get(), intern(t, name));
}

static Result<Type*> make_class(Thread& t, baton::Module* module, const char* name, Type* base, baton::Tuple* fields, baton::Tuple* attributes, Str* doc) {
  baton::Dict* ns = TRY(make_dict(t));
  TRY(dict_set_ascii(t, ns, "__module__", Value(intern(t, "ast"))));
  TRY(dict_set_ascii(t, ns, "__doc__", doc ? Value(doc) : kNone));
  if (fields) {
    TRY(dict_set_ascii(t, ns, "_fields", Value(fields)));
    TRY(dict_set_ascii(t, ns, "__match_args__", Value(fields)));
  }
  if (attributes) TRY(dict_set_ascii(t, ns, "_attributes", Value(attributes)));
  baton::Tuple* bases = TRY(tuple_of(t, Value(base)));
  Type* type = TRY(make_heap_type(t, types.type, intern(t, name), bases, ns, nullptr, nullptr));
  TRY(dict_set_ascii(t, classes->get(), name, Value(type)));
  TRY(module_set(t, module, name, Value(type)));
  return type;
}

struct FieldText { const char* type; char suffix; };
static FieldText field_text(FieldType type) {
  switch (type) {
    case FieldType::identifier: return {"identifier", 0};
    case FieldType::identifier_opt: return {"identifier", '?'};
    case FieldType::identifier_seq: return {"identifier", '*'};
    case FieldType::string: return {"string", 0};
    case FieldType::string_opt: return {"string", '?'};
    case FieldType::int_: return {"int", 0};
    case FieldType::int_opt: return {"int", '?'};
    case FieldType::constant: return {"constant", 0};
    case FieldType::expr: return {"expr", 0};
    case FieldType::expr_opt: return {"expr", '?'};
    case FieldType::expr_seq: case FieldType::expr_opt_seq: return {"expr", '*'};
    case FieldType::stmt_seq: return {"stmt", '*'};
    case FieldType::pattern: return {"pattern", 0};
    case FieldType::pattern_opt: return {"pattern", '?'};
    case FieldType::pattern_seq: return {"pattern", '*'};
    case FieldType::arguments: return {"arguments", 0};
    case FieldType::arg_opt: return {"arg", '?'};
    case FieldType::arg_seq: return {"arg", '*'};
    case FieldType::keyword_seq: return {"keyword", '*'};
    case FieldType::alias_seq: return {"alias", '*'};
    case FieldType::withitem_seq: return {"withitem", '*'};
    case FieldType::handler_seq: return {"excepthandler", '*'};
    case FieldType::match_case_seq: return {"match_case", '*'};
    case FieldType::comprehension_seq: return {"comprehension", '*'};
    case FieldType::type_ignore_seq: return {"type_ignore", '*'};
    case FieldType::boolop: return {"boolop", 0};
    case FieldType::operator_: return {"operator", 0};
    case FieldType::unaryop: return {"unaryop", 0};
    case FieldType::cmpop_seq: return {"cmpop", '*'};
    case FieldType::expr_context: return {"expr_context", 0};
  }
  return {"", 0};
}

static Result<void> make_node_class(Thread& t, baton::Module* module, NodeType number, Type* base, baton::Tuple* attributes) {
  const NodeInfo& info = info_of(number);
  RootVector fields;
  StrBuilder doc;
  doc.append_ascii(info.name);
  if (info.field_count) doc.append_ascii("(");
  for (int i = 0; i < info.field_count; ++i) {
    fields.push(Value(intern(t, info.fields[i].name)));
    FieldText text = field_text(info.fields[i].type);
    if (i) doc.append_ascii(", ");
    doc.append_ascii(text.type);
    if (text.suffix) doc.append(static_cast<u32>(text.suffix));
    doc.append_ascii(" ");
    doc.append_ascii(info.fields[i].name);
  }
  if (info.field_count) doc.append_ascii(")");
  baton::Tuple* names_tuple = TRY(make_tuple(t, fields.data(), static_cast<Index>(fields.size())));
  Type* type = TRY(make_class(t, module, info.name, base, names_tuple, base == ast_def.type && info.has_span ? attributes : nullptr, TRY(doc.build(t))));
  for (int i = 0; i < info.field_count; ++i) {
    if (field_text(info.fields[i].type).suffix == '?') TRY(type_set_attribute(t, type, intern(t, info.fields[i].name), kNone));
  }
  if (base == ast_def.type && info.has_span) for (const char* name : {"end_lineno", "end_col_offset"}) TRY(type_set_attribute(t, type, intern(t, name), kNone));
  node_types[static_cast<int>(number)] = type;
  return ok;
}

static Result<void> ast_exec(Thread& t, baton::Module* module) {
  classes = new Root<baton::Dict>(TRY(make_dict(t)));
  singletons = new Root<baton::Dict>(TRY(make_dict(t)));
  Type* root = TRY(type_from_def(t, ast_def));
  TRY(module_set(t, module, "AST", Value(root)));
  TRY(dict_set_ascii(t, classes->get(), "AST", Value(root)));
  baton::Tuple* attributes = TRY(tuple_of(t, Value(intern(t, "lineno")), Value(intern(t, "col_offset")), Value(intern(t, "end_lineno")), Value(intern(t, "end_col_offset"))));
  auto sum = [&](const char* name, bool located) -> Result<Type*> {
    Type* type = TRY(make_class(t, module, name, root, nullptr, located ? attributes : empty_tuple(), nullptr));
    if (located) for (const char* end : {"end_lineno", "end_col_offset"}) TRY(type_set_attribute(t, type, intern(t, end), kNone));
    return type;
  };
  Type *mod = TRY(sum("mod", false)), *stmt = TRY(sum("stmt", true)), *expr = TRY(sum("expr", true)), *pattern = TRY(sum("pattern", true));
  Type *handler = TRY(sum("excepthandler", true)), *ignore = TRY(sum("type_ignore", false));
  if (pattern) {   // a pattern's end is always known
    TRY(type_set_attribute(t, pattern, intern(t, "end_lineno"), Value()));
    TRY(type_set_attribute(t, pattern, intern(t, "end_col_offset"), Value()));
  }
  for (int i = 0; i < kNodeTypeCount; ++i) {
    NodeType number = static_cast<NodeType>(i);
    Type* base = root;
    switch (info_of(number).category) {
      case Category::Mod: base = mod; break;
      case Category::Stmt: base = stmt; break;
      case Category::Expr: base = expr; break;
      case Category::Pattern: base = pattern; break;
      default:
        if (number == NodeType::ExceptHandler) base = handler;
        else if (number == NodeType::TypeIgnore) base = ignore;
    }
    TRY(make_node_class(t, module, number, base, attributes));
  }
  struct Operations { const char* base; std::initializer_list<const char*> list; };
  for (const Operations& group : {Operations{"expr_context", {"Load", "Store", "Del"}}, {"boolop", {"And", "Or"}},
                                  {"operator", {"Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv"}},
                                  {"unaryop", {"Invert", "Not", "UAdd", "USub"}}, {"cmpop", {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"}}}) {
    Type* base = TRY(make_class(t, module, group.base, root, nullptr, empty_tuple(), nullptr));
    for (const char* name : group.list) {
      Type* type = TRY(make_class(t, module, name, base, empty_tuple(), nullptr, intern(t, name)));
      TRY(dict_set_ascii(t, singletons->get(), name, TRY(call_values(t, Value(type), nullptr, 0))));
    }
  }
  TRY(module_set(t, module, "PyCF_ONLY_AST", Value::of_small_int(kPyCfOnlyAst)));
  TRY(module_set(t, module, "PyCF_TYPE_COMMENTS", Value::of_small_int(kPyCfTypeComments)));
  return module_set(t, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", Value::of_small_int(kPyCfAllowTopLevelAwait));
}

ModuleDef ast_module = {.name = "_ast", .exec = ast_exec};

// ---------------------------------------------------------------------------------------------------------------- tree -> objects

namespace {

class ToObjects {
 public:
  explicit ToObjects(Thread& t) : t_(t) {}

  Result<Value> node(NodeType type, const void* address, const Span* span) {
    TRY(check_native_depth(t_, " during ast construction"));
    const NodeInfo& info = info_of(type);
    Cell* cell = allocate_instance(t_, node_types[static_cast<int>(type)]);
    if (!cell) return failed;
    for (int i = 0; i < info.field_count; ++i) {
      Value v = TRY(field(info.fields[i].type, static_cast<const char*>(address) + info.fields[i].offset));
      TRY(instance_set(t_, cell, intern(t_, info.fields[i].name), v));
    }
    if (info.has_span) {
      TRY(instance_set(t_, cell, intern(t_, "lineno"), Value::of_small_int(span->lineno)));
      TRY(instance_set(t_, cell, intern(t_, "col_offset"), Value::of_small_int(span->col_offset)));
      TRY(instance_set(t_, cell, intern(t_, "end_lineno"), Value::of_small_int(span->end_lineno)));
      TRY(instance_set(t_, cell, intern(t_, "end_col_offset"), Value::of_small_int(span->end_col_offset)));
    }
    return Value(cell);
  }
  Result<Value> any(const ModNode* n) { return node(ast::type_of(n), n, nullptr); }

 private:
  Result<Value> any(const StmtNode* n) { return node(ast::type_of(n), n, &n->span); }
  Result<Value> any(const ExprNode* n) { return n ? node(ast::type_of(n), n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const PatternNode* n) { return n ? node(ast::type_of(n), n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const Arguments* n) { return node(NodeType::Arguments, n, nullptr); }
  Result<Value> any(const Arg* n) { return n ? node(NodeType::Arg, n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const Keyword* n) { return node(NodeType::Keyword, n, &n->span); }
  Result<Value> any(const Alias* n) { return node(NodeType::Alias, n, &n->span); }
  Result<Value> any(const WithItem* n) { return node(NodeType::WithItem, n, nullptr); }
  Result<Value> any(const ExceptHandler* n) { return node(NodeType::ExceptHandler, n, &n->span); }
  Result<Value> any(const MatchCase* n) { return node(NodeType::MatchCase, n, nullptr); }
  Result<Value> any(const Comprehension* n) { return node(NodeType::Comprehension, n, nullptr); }
  Result<Value> any(const TypeIgnore* n) { return node(NodeType::TypeIgnore, n, nullptr); }
  Result<Value> any(const Identifier& name) { return name.data() ? Result<Value>(Value(intern(t_, name))) : kNone; }
  Result<Value> any(CmpOperator op) { return operation(name_of(op)); }
  Result<Value> operation(const char* name) { return dict_find_str(singletons->get(), intern(t_, name)); }
  template <class T>
  Result<Value> sequence(const void* value) {
    baton::List* list = TRY(make_list(t_));
    for (const T& item : *static_cast<const Seq<T>*>(value)) TRY(list_append(t_, list, TRY(any(item))));
    return list;
  }
  template <class T>
  Result<Value> single(const void* value) { return any(*static_cast<T const*>(value)); }

  Result<Value> field(FieldType type, const void* value) {
    switch (type) {
      case FieldType::identifier: case FieldType::identifier_opt: return any(*static_cast<const Identifier*>(value));
      case FieldType::string: case FieldType::string_opt: {
        const Text& text = *static_cast<const Text*>(value);
        return text.data() ? Result<Value>(str_from_utf8(t_, text)) : kNone;
      }
      case FieldType::identifier_seq: return sequence<Identifier>(value);
      case FieldType::int_: case FieldType::int_opt: return Value::of_small_int(*static_cast<const i32*>(value));
      case FieldType::constant: return constant_to_value(t_, *static_cast<const ConstValue*>(value));
      case FieldType::expr: case FieldType::expr_opt: return single<ExprNode*>(value);
      case FieldType::expr_seq: case FieldType::expr_opt_seq: return sequence<ExprNode*>(value);
      case FieldType::stmt_seq: return sequence<StmtNode*>(value);
      case FieldType::pattern: case FieldType::pattern_opt: return single<PatternNode*>(value);
      case FieldType::pattern_seq: return sequence<PatternNode*>(value);
      case FieldType::arguments: return single<Arguments*>(value);
      case FieldType::arg_opt: return single<Arg*>(value);
      case FieldType::arg_seq: return sequence<Arg*>(value);
      case FieldType::keyword_seq: return sequence<Keyword*>(value);
      case FieldType::alias_seq: return sequence<Alias*>(value);
      case FieldType::withitem_seq: return sequence<WithItem*>(value);
      case FieldType::handler_seq: return sequence<ExceptHandler*>(value);
      case FieldType::match_case_seq: return sequence<MatchCase*>(value);
      case FieldType::comprehension_seq: return sequence<Comprehension*>(value);
      case FieldType::type_ignore_seq: return sequence<TypeIgnore*>(value);
      case FieldType::boolop: return operation(name_of(*static_cast<const BoolOperator*>(value)));
      case FieldType::operator_: return operation(name_of(*static_cast<const Operator*>(value)));
      case FieldType::unaryop: return operation(name_of(*static_cast<const UnaryOperator*>(value)));
      case FieldType::cmpop_seq: return sequence<CmpOperator>(value);
      case FieldType::expr_context: return operation(name_of(*static_cast<const ExprContext*>(value)));
    }
    return kNone;
  }
  Thread& t_;
};

}  // namespace

Result<Value> compile_to_ast(Thread& t, std::string_view source, bool is_bytes, Str* filename, const CompileOptions& options) {
  TRY(ast_class(t, "AST"));
  syntax::Arena arena;
  Value owner;
  if (is_bytes && !(options.flags & kPyCfIgnoreCookie)) source = TRY(decode_source_bytes(t, arena, source, filename, options.from_file, &owner));
  ModNode* mod = TRY(parse_source(t, arena, source, filename, options));
  return ToObjects(t).any(mod);
}

Result<bool> is_ast_node(Thread&, Value v) { return ast_def.type && is_instance_of_type(v, ast_def.type); }

Result<Code*> compile_ast_object(Thread& t, Value tree, Str* filename, const CompileOptions& options) {
  syntax::Arena arena;
  ModNode* mod = TRY(tree_from_object(t, arena, tree, options.mode));
  return compile_module_ast(t, mod, arena, filename, options);
}

}  // namespace baton
