// _ast: the node classes, made from the field tables of syntax/ast.h, and the entries of compile() for trees.
#include <string>

#include "compile/ast_validate.h"
#include "modules/ast_objects.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

using ast::FieldType;
using ast::NodeInfo;
using ast::NodeType;

static constexpr const char* kOperators[] = {"Add",    "Sub",    "Mult",  "MatMult", "Div",    "Mod",     "Pow",
                                             "LShift", "RShift", "BitOr", "BitXor",  "BitAnd", "FloorDiv"};
static constexpr const char* kBoolOps[] = {"And", "Or"};
static constexpr const char* kUnaryOps[] = {"Invert", "Not", "UAdd", "USub"};
static constexpr const char* kCmpOps[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};
static constexpr const char* kContexts[] = {"Load", "Store", "Del"};
const AstEnumInfo ast_enums[5] = {{"operator", 13, kOperators},
                                  {"boolop", 2, kBoolOps},
                                  {"unaryop", 4, kUnaryOps},
                                  {"cmpop", 10, kCmpOps},
                                  {"expr_context", 3, kContexts}};
static constexpr usize kMostMembers = 13;

static constexpr const char* kSumNames[] = {"mod", "stmt", "expr", "excepthandler", "pattern", "type_ignore"};
const char* name_of(AstSum sum) { return kSumNames[static_cast<usize>(sum)]; }

// Reached from the module and kept as roots: nodes outlive sys.modules['_ast'].
struct AstTypes {
  Root<Type> base;
  Root<Type> nodes[ast::kNodeTypeCount];
  Root<Type> sums[static_cast<usize>(AstSum::kCount)];
  Root<Type> enum_bases[5];
  Root<Type> enum_types[5][kMostMembers];
  Root<Value> enum_instances[5][kMostMembers];
};
static AstTypes* ast_types = nullptr;

bool ast_types_made() { return ast_types != nullptr; }
Type* ast_base_type() { return ast_types->base.get(); }
Type* ast_type(NodeType type) { return ast_types->nodes[static_cast<usize>(type)].get(); }
Type* ast_sum_type(AstSum sum) { return ast_types->sums[static_cast<usize>(sum)].get(); }
Type* ast_enum_type(AstEnum which, u8 member) { return ast_types->enum_types[static_cast<usize>(which)][member].get(); }
Value ast_enum_instance(AstEnum which, u8 member) { return ast_types->enum_instances[static_cast<usize>(which)][member].get(); }

// ---------------------------------------------------------------------------------------------------------------- the base class

extern TypeDef ast_def;

static Result<Value> ast_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return Value(TRY(make_of<AstObject>(thread, TRY(check_new_type(thread, args, n, ast_def.type)))));
}

// Positional arguments are the fields in order; keywords any attributes.
static Result<Value> ast_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<AstObject>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  Value self = args[0];
  Type* type = type_of(self);
  Value fields = TRY(find_attr(thread, Value(type), intern(thread, "_fields")));
  Tuple* names_of_fields = fields == kNotFound ? empty_tuple() : TRY(tuple_from_iterable(thread, fields));
  Index given = static_cast<Index>(n) - 1, count = names_of_fields->length();
  if (given > count)
    return raise_type_error(thread, "{} constructor takes at most {} positional argument{}", type->name(), count,
                            count == 1 ? "" : "s");
  for (Index i = 0; i < given; ++i) {
    Value name = names_of_fields->at(i);
    if (!is<Str>(name)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", name);
    TRY(set_attr(thread, self, TRY(str_intern(thread, name.as<Str>())), args[1 + i]));
  }
  for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
    Value name = kwnames->at(k);
    for (Index i = 0; i < given; ++i) {
      if (TRY(same_or_equal(thread, names_of_fields->at(i), name)))
        return raise_type_error(thread, "{} got multiple values for argument '{}'", type->name(), name);
    }
    TRY(set_attr(thread, self, TRY(str_intern(thread, name.as<Str>())), args[n + static_cast<usize>(k)]));
  }
  return kNone;
}

static Result<Value> ast_reduce(Thread& thread, AstObject* self) {
  Dict* dict = TRY(instance_dict(thread, self));
  return tuple_of(thread, Value(type_of(Value(self))), Value(empty_tuple()), Value(dict));
}

static Result<Value> ast_getattribute(Thread& thread, AstObject* self, Str* name) {
  Value v = TRY(generic_find_attr(thread, Value(self), TRY(str_intern(thread, name))));
  return v == kNotFound ? Result<Value>(raise_attribute_error(thread, Value(self), name)) : v;
}
static Result<void> ast_setattr(Thread& thread, AstObject* self, Str* name, Value value) {
  return generic_set_attr(thread, Value(self), TRY(str_intern(thread, name)), value);
}
static Result<void> ast_delattr(Thread& thread, AstObject* self, Str* name) {
  return generic_set_attr(thread, Value(self), TRY(str_intern(thread, name)), Value());
}

static constinit GetSetDef ast_getsets[] = {{"__dict__", generic_get_dict, generic_set_dict, nullptr}};
static constinit NativeDef ast_methods[] = {
    native_raw(ast_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(ast_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    native<ast_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<ast_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),
    native<ast_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),
    native<ast_reduce>("__reduce__($self, /)", nullptr),
};
static Result<void> ast_finish(Thread& thread, Type* type) {
  type->flags_ &= ~kTypeImmutable;
  for (const char* name : {"_fields", "_attributes", "__match_args__"})
    TRY(type_set_attribute(thread, type, intern(thread, name), Value(empty_tuple())));
  return ok;
}
constinit TypeDef ast_def = {
    .name = "ast.AST",
    .dynamic_kind = &DynamicKind<AstObject>::value,
    .payload_size = sizeof(AstObject),
    .flags = kTypeSubclassable | kTypeHasDict,
    .methods = ast_methods,
    .method_count = count_of(ast_methods),
    .getsets = ast_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<AstObject>("ast node"),
    .finish = ast_finish,
};

// ---------------------------------------------------------------------------------------------------------------- the node
// classes

// A field's type as the grammar writes it.
static const char* grammar_text(FieldType type) {
  switch (type) {
    case FieldType::identifier: return "identifier";
    case FieldType::identifier_opt: return "identifier?";
    case FieldType::identifier_seq: return "identifier*";
    case FieldType::string: return "string";
    case FieldType::string_opt: return "string?";
    case FieldType::int_: return "int";
    case FieldType::int_opt: return "int?";
    case FieldType::constant: return "constant";
    case FieldType::expr: return "expr";
    case FieldType::expr_opt: return "expr?";
    case FieldType::expr_seq:
    case FieldType::expr_opt_seq: return "expr*";
    case FieldType::stmt_seq: return "stmt*";
    case FieldType::pattern: return "pattern";
    case FieldType::pattern_opt: return "pattern?";
    case FieldType::pattern_seq: return "pattern*";
    case FieldType::arguments: return "arguments";
    case FieldType::arg_opt: return "arg?";
    case FieldType::arg_seq: return "arg*";
    case FieldType::keyword_seq: return "keyword*";
    case FieldType::alias_seq: return "alias*";
    case FieldType::withitem_seq: return "withitem*";
    case FieldType::handler_seq: return "excepthandler*";
    case FieldType::match_case_seq: return "match_case*";
    case FieldType::comprehension_seq: return "comprehension*";
    case FieldType::type_ignore_seq: return "type_ignore*";
    case FieldType::boolop: return "boolop";
    case FieldType::operator_: return "operator";
    case FieldType::unaryop: return "unaryop";
    case FieldType::cmpop_seq: return "cmpop*";
    case FieldType::expr_context: return "expr_context";
  }
  return "";
}
static bool is_optional(FieldType type) {
  std::string_view text = grammar_text(type);
  return text.back() == '?';
}

static std::string constructor_text(const NodeInfo& info) {
  std::string text = info.name;
  if (!info.field_count) return text;
  for (u8 i = 0; i < info.field_count; ++i)
    text += std::string(i ? ", " : "(") + grammar_text(info.fields[i].type) + " " + info.fields[i].name;
  return text + ")";
}

static AstSum sum_of(NodeType type, bool* has_sum) {
  *has_sum = true;
  switch (ast::info_of(type).category) {
    case ast::Category::Mod: return AstSum::Mod;
    case ast::Category::Stmt: return AstSum::Stmt;
    case ast::Category::Expr: return AstSum::Expr;
    case ast::Category::Pattern: return AstSum::Pattern;
    default: break;
  }
  if (type == NodeType::ExceptHandler) return AstSum::ExceptHandler;
  if (type == NodeType::TypeIgnore) return AstSum::TypeIgnore;
  *has_sum = false;
  return AstSum::kCount;
}

static Result<Tuple*> tuple_of_names(Thread& thread, const char* const* texts, usize n) {
  RootVector items;
  for (usize i = 0; i < n; ++i) items.push(Value(intern(thread, texts[i])));
  return make_tuple(thread, items.data(), static_cast<Index>(n));
}

static constexpr const char* kAttributes[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};

// own_attributes: the class introduces _attributes (a sum, or a product), rather than inheriting them.
static Result<Type*> make_class(Thread& thread, const char* name, Type* base, Tuple* fields, std::string_view doc,
                                bool own_attributes, bool has_span) {
  Dict* ns = TRY(make_dict(thread));
  TRY(dict_set_ascii(thread, ns, "_fields", Value(fields)));
  TRY(dict_set_ascii(thread, ns, "__match_args__", Value(fields)));
  TRY(dict_set_ascii(thread, ns, "__module__", Value(intern(thread, "ast"))));
  TRY(dict_set_ascii(thread, ns, "__doc__", Value(TRY(str_from_utf8(thread, doc)))));
  if (own_attributes) {
    TRY(dict_set_ascii(thread, ns, "_attributes", Value(TRY(tuple_of_names(thread, kAttributes, has_span ? 4 : 0)))));
    if (has_span) {
      TRY(dict_set_ascii(thread, ns, "end_lineno", kNone));
      TRY(dict_set_ascii(thread, ns, "end_col_offset", kNone));
    }
  }
  return make_heap_type(thread, types.type, intern(thread, name), TRY(tuple_of(thread, Value(base))), ns, nullptr, nullptr);
}

static Result<void> make_sums(Thread& thread, AstTypes& made) {
  for (usize s = 0; s < static_cast<usize>(AstSum::kCount); ++s) {
    std::string doc = std::string(kSumNames[s]) + " = ";
    std::string indent = "\n" + std::string(strlen(kSumNames[s]) + 1, ' ') + "| ";
    bool first = true, has_span = false;
    for (int i = 0; i < ast::kNodeTypeCount; ++i) {
      bool has_sum;
      if (sum_of(static_cast<NodeType>(i), &has_sum) != static_cast<AstSum>(s) || !has_sum) continue;
      if (!first) doc += indent;
      first = false;
      doc += constructor_text(ast::node_infos[i]);
      has_span = ast::node_infos[i].has_span;
    }
    made.sums[s].set(TRY(make_class(thread, kSumNames[s], made.base.get(), empty_tuple(), doc, true, has_span)));
  }
  return ok;
}

static Result<void> make_nodes(Thread& thread, AstTypes& made) {
  for (int i = 0; i < ast::kNodeTypeCount; ++i) {
    const NodeInfo& info = ast::node_infos[i];
    const char* fields[8];
    for (u8 k = 0; k < info.field_count; ++k) fields[k] = info.fields[k].name;
    bool has_sum;
    AstSum sum = sum_of(static_cast<NodeType>(i), &has_sum);
    Type* base = has_sum ? made.sums[static_cast<usize>(sum)].get() : made.base.get();
    Type* type = TRY(make_class(thread, info.name, base, TRY(tuple_of_names(thread, fields, info.field_count)),
                                constructor_text(info), !has_sum, info.has_span));
    for (u8 k = 0; k < info.field_count; ++k) {
      if (is_optional(info.fields[k].type)) TRY(type_set_attribute(thread, type, intern(thread, info.fields[k].name), kNone));
    }
    made.nodes[i].set(type);
  }
  return ok;
}

static Result<void> make_enums(Thread& thread, AstTypes& made) {
  for (usize e = 0; e < 5; ++e) {
    const AstEnumInfo& info = ast_enums[e];
    std::string doc = std::string(info.name) + " = ";
    for (u8 i = 0; i < info.count; ++i) doc += std::string(i ? " | " : "") + info.members[i];
    made.enum_bases[e].set(TRY(make_class(thread, info.name, made.base.get(), empty_tuple(), doc, true, false)));
    for (u8 i = 0; i < info.count; ++i) {
      Type* type =
          TRY(make_class(thread, info.members[i], made.enum_bases[e].get(), empty_tuple(), info.members[i], false, false));
      made.enum_types[e][i].set(type);
      made.enum_instances[e][i].set(Value(TRY(make_of<AstObject>(thread, type))));
    }
  }
  return ok;
}

Result<void> make_ast_types(Thread& thread) {
  if (ast_types) return ok;
  auto* made = new AstTypes;
  made->base.set(TRY(type_from_def(thread, ast_def)));
  TRY(make_sums(thread, *made));
  TRY(make_nodes(thread, *made));
  TRY(make_enums(thread, *made));
  ast_types = made;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- compile()

Result<Value> compile_to_ast(Thread& thread, std::string_view source, bool is_bytes, Str* filename,
                             const CompileOptions& options) {
  TRY(make_ast_types(thread));
  syntax::Arena arena;
  Value owner;
  CompileOptions own = options;
  if (is_bytes) {
    own.encoding = {};
    if (!(options.flags & kPyCfIgnoreCookie))
      source = TRY(decode_source_bytes(thread, arena, source, filename, false, &owner, &own.encoding));
  }
  ast::ModNode* mod = TRY(parse_source(thread, arena, source, filename, own));
  Result<Value> tree = ast_to_object(thread, mod);
  KeepAlive keep(owner);
  return tree;
}

Result<Code*> compile_ast_object(Thread& thread, Value tree, Str* filename, const CompileOptions& options) {
  TRY(audit(thread, "compile", tree, kNone));
  syntax::Arena arena;
  ast::ModNode* mod = TRY(ast_from_object(thread, tree, arena, options.mode));
  AstFault fault = validate_ast(mod, thread.native_stack_limit_);
  if (fault.kind == AstFault::Kind::Value) return raise_value_error(thread, "{}", std::string_view(fault.text));
  if (fault.kind == AstFault::Kind::Type) return raise_type_error(thread, "{}", std::string_view(fault.text));
  if (fault.kind == AstFault::Kind::Recursion) return raise_recursion_error(thread, "{}", std::string_view(fault.text));
  return compile_module_ast(thread, mod, arena, filename, options);
}

Result<bool> is_ast_node(Thread& thread, Value v) {
  if (!ast_types) return false;
  return is_instance(thread, v, Value(ast_base_type()));
}

static Result<void> ast_exec(Thread& thread, Module* module) {
  TRY(make_ast_types(thread));
  auto put = [&](Type* type) -> Result<void> { return dict_set_str(thread, module->dict(), type->name(), Value(type)); };
  TRY(put(ast_types->base.get()));
  for (auto& type : ast_types->nodes) TRY(put(type.get()));
  for (auto& type : ast_types->sums) TRY(put(type.get()));
  for (usize e = 0; e < 5; ++e) {
    TRY(put(ast_types->enum_bases[e].get()));
    for (u8 i = 0; i < ast_enums[e].count; ++i) TRY(put(ast_types->enum_types[e][i].get()));
  }
  return ok;
}

static constexpr ModuleConstant ast_constants[] = {{"PyCF_ONLY_AST", kPyCfOnlyAst},
                                                   {"PyCF_TYPE_COMMENTS", kPyCfTypeComments},
                                                   {"PyCF_ALLOW_TOP_LEVEL_AWAIT", kPyCfAllowTopLevelAwait}};
ModuleDef ast_module = {.name = "_ast", .constants = ast_constants, .constant_count = 3, .exec = ast_exec};

}  // namespace baton
