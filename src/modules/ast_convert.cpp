// From `ast` objects to the compiler's tree, by the field tables, with the checks compile() makes on hand-made trees.
#include "modules/ast_convert.h"

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/set.h"
#include "objects/tuple.h"

namespace baton {

using namespace ast;

namespace {

class FromObjects {
 public:
  FromObjects(Thread& t, syntax::Arena& arena) : t_(t), arena_(arena) {}

  Result<void*> node(Value v, Category category, const char* what) {
    TRY(check_native_depth(t_, " during compilation"));
    if (v.is_none()) return nullptr_result();
    for (int i = 0; i < kNodeTypeCount; ++i) {
      if (node_infos[i].category == category && is_instance_of_type(v, node_types[i])) return fill(v, static_cast<NodeType>(i));
    }
    return raise_type_error(t_, "expected some sort of {}, but got {!r}", what, v);
  }
  Result<void*> plain(Value v, NodeType type, const char* what) {
    TRY(check_native_depth(t_, " during compilation"));
    if (v.is_none()) return nullptr_result();
    if (!is_instance_of_type(v, node_types[static_cast<int>(type)])) return raise_type_error(t_, "expected some sort of {}, but got {!r}", what, v);
    return fill(v, type);
  }

 private:
  // Result<void*> treats null as failed: an absent node travels as this address.
  static inline char none_marker;
  static Result<void*> nullptr_result() { return static_cast<void*>(&none_marker); }
  static void* unmark(void* p) { return p == &none_marker ? nullptr : p; }

  Result<void*> fill(Value v, NodeType type) {
    const NodeInfo& info = info_of(type);
    char* at = static_cast<char*>(arena_.allocate(info.size));
    memset(at, 0, info.size);
    switch (info.category) {
      case Category::Mod: reinterpret_cast<ModNode*>(at)->kind = static_cast<ModKind>(static_cast<int>(type) - static_cast<int>(NodeType::Module)); break;
      case Category::Stmt: reinterpret_cast<StmtNode*>(at)->kind = static_cast<StmtKind>(static_cast<int>(type) - static_cast<int>(NodeType::FunctionDef)); break;
      case Category::Expr: reinterpret_cast<ExprNode*>(at)->kind = static_cast<ExprKind>(static_cast<int>(type) - static_cast<int>(NodeType::BoolOp)); break;
      case Category::Pattern: reinterpret_cast<PatternNode*>(at)->kind = static_cast<PatternKind>(static_cast<int>(type) - static_cast<int>(NodeType::MatchValue)); break;
      default: break;
    }
    if (info.has_span) TRY(read_span(v, info, reinterpret_cast<Span*>(at)));
    for (int i = 0; i < info.field_count; ++i) {
      const FieldInfo& field = info.fields[i];
      Value value = TRY(find_attr(t_, v, intern(t_, field.name)));
      TRY(read_field(info, field, value, at + field.offset));
    }
    TRY(check_shape(type, info, at));
    for (int i = 0; i < info.field_count; ++i) TRY(check_contexts(type, info.fields[i], at));
    return static_cast<void*>(at);
  }

  static const ExprContext* context_of(const ExprNode* e) {
    switch (e->kind) {
      case ExprKind::Attribute: return &e->as<ast::Attribute>()->ctx;
      case ExprKind::Subscript: return &e->as<ast::Subscript>()->ctx;
      case ExprKind::Starred: return &e->as<ast::Starred>()->ctx;
      case ExprKind::Name: return &e->as<ast::Name>()->ctx;
      case ExprKind::List: return &e->as<ast::List>()->ctx;
      case ExprKind::Tuple: return &e->as<ast::Tuple>()->ctx;
      default: return nullptr;
    }
  }
  // The context in which the expressions of a field stand.
  static ExprContext expected_context(NodeType type, std::string_view field, const char* at) {
    switch (type) {
      case NodeType::Delete: return ExprContext::Del;
      case NodeType::Assign: return field == "targets" ? ExprContext::Store : ExprContext::Load;
      case NodeType::AugAssign: case NodeType::AnnAssign: case NodeType::For: case NodeType::AsyncFor: case NodeType::Comprehension: case NodeType::NamedExpr:
        return field == "target" ? ExprContext::Store : ExprContext::Load;
      case NodeType::WithItem: return field == "optional_vars" ? ExprContext::Store : ExprContext::Load;
      case NodeType::List: return reinterpret_cast<const ast::List*>(at)->ctx;
      case NodeType::Tuple: return reinterpret_cast<const ast::Tuple*>(at)->ctx;
      case NodeType::Starred: return reinterpret_cast<const ast::Starred*>(at)->ctx;
      default: return ExprContext::Load;
    }
  }
  Result<void> check_context(const ExprNode* e, ExprContext expected) {
    if (!e) return ok;
    const ExprContext* own = context_of(e);
    if (!own) {
      if (expected == ExprContext::Load) return ok;
      return raise_value_error(t_, "expression which can't be assigned to in {} context", name_of(expected));
    }
    if (*own == expected) return ok;
    return raise_value_error(t_, "expression must have {} context but has {} instead", name_of(expected), name_of(*own));
  }
  Result<void> check_contexts(NodeType type, const FieldInfo& field, const char* at) {
    const void* value = at + field.offset;
    ExprContext expected = expected_context(type, field.name, at);
    if (field.type == FieldType::expr || field.type == FieldType::expr_opt) return check_context(*static_cast<ExprNode* const*>(value), expected);
    if (field.type == FieldType::expr_seq || field.type == FieldType::expr_opt_seq) {
      for (const ExprNode* e : *static_cast<const Seq<ExprNode*>*>(value)) TRY(check_context(e, expected));
    }
    return ok;
  }

  Result<void> require(bool good, const char* text, const NodeInfo& info) {
    if (good) return ok;
    return raise_value_error(t_, text, info.name);
  }
  // What the compiler relies on and the grammar alone doesn't say.
  Result<void> check_shape(NodeType type, const NodeInfo& info, char* at) {
    switch (type) {
      case NodeType::Compare: {
        auto* n = reinterpret_cast<ast::Compare*>(at);
        TRY(require(n->comparators.size > 0, "{} with no comparators", info));
        return require(n->comparators.size == n->ops.size, "{} has a different number of comparators and operands", info);
      }
      case NodeType::Dict: {
        auto* n = reinterpret_cast<ast::Dict*>(at);
        return require(n->keys.size == n->values.size, "{} doesn't have the same number of keys as values", info);
      }
      case NodeType::BoolOp: return require(reinterpret_cast<ast::BoolOp*>(at)->values.size >= 2, "{} with less than 2 values", info);
      case NodeType::With: return require(reinterpret_cast<ast::With*>(at)->items.size > 0, "empty items on {}", info);
      case NodeType::AsyncWith: return require(reinterpret_cast<ast::AsyncWith*>(at)->items.size > 0, "empty items on {}", info);
      case NodeType::Delete: return require(reinterpret_cast<ast::Delete*>(at)->targets.size > 0, "empty targets on {}", info);
      case NodeType::Assign: return require(reinterpret_cast<ast::Assign*>(at)->targets.size > 0, "empty targets on {}", info);
      case NodeType::Import: return require(reinterpret_cast<ast::Import*>(at)->names.size > 0, "empty names on {}", info);
      case NodeType::ImportFrom: {
        auto* n = reinterpret_cast<ast::ImportFrom*>(at);
        if (n->level < 0) return raise_value_error(t_, "Negative ImportFrom level");
        return require(n->names.size > 0, "empty names on {}", info);
      }
      case NodeType::Global: return require(reinterpret_cast<ast::Global*>(at)->names.size > 0, "empty names on {}", info);
      case NodeType::Nonlocal: return require(reinterpret_cast<ast::Nonlocal*>(at)->names.size > 0, "empty names on {}", info);
      case NodeType::Raise: {
        auto* n = reinterpret_cast<ast::Raise*>(at);
        return require(n->exc || !n->cause, "{} with cause but no exception", info);
      }
      case NodeType::Try: case NodeType::TryStar: {
        auto* n = reinterpret_cast<ast::Try*>(at);
        TRY(require(n->handlers.size || n->finalbody.size, "{} has neither handlers nor finalbody", info));
        return require(n->handlers.size || !n->orelse.size, "{} has orelse but no except handlers", info);
      }
      case NodeType::Match: return require(reinterpret_cast<ast::Match*>(at)->cases.size > 0, "empty cases on {}", info);
      case NodeType::ListComp: case NodeType::SetComp: case NodeType::GeneratorExp:
        return require(reinterpret_cast<ast::ListComp*>(at)->generators.size > 0, "comprehension with no generators", info);
      case NodeType::DictComp: return require(reinterpret_cast<ast::DictComp*>(at)->generators.size > 0, "comprehension with no generators", info);
      case NodeType::Arguments: {
        auto* n = reinterpret_cast<ast::Arguments*>(at);
        TRY(require(n->defaults.size <= n->posonlyargs.size + n->args.size, "more positional defaults than args on arguments", info));
        return require(n->kw_defaults.size == n->kwonlyargs.size, "length of kwonlyargs is not the same as kw_defaults on arguments", info);
      }
      case NodeType::MatchMapping: {
        auto* n = reinterpret_cast<ast::MatchMapping*>(at);
        return require(n->keys.size == n->patterns.size, "MatchMapping doesn't have the same number of keys as patterns", info);
      }
      case NodeType::MatchClass: {
        auto* n = reinterpret_cast<ast::MatchClass*>(at);
        return require(n->kwd_attrs.size == n->kwd_patterns.size, "MatchClass doesn't have the same number of keyword attributes as patterns", info);
      }
      case NodeType::MatchOr: return require(reinterpret_cast<ast::MatchOr*>(at)->patterns.size >= 2, "MatchOr requires at least 2 patterns", info);
      case NodeType::MatchAs: {
        auto* n = reinterpret_cast<ast::MatchAs*>(at);
        return require(!n->pattern || n->name.data(), "MatchAs must specify a target name if a pattern is given", info);
      }
      default: return ok;
    }
  }

  Result<i32> integer(Value v) {
    i64 n;
    if (!is_int(v)) return raise_value_error(t_, "invalid integer value: {!r}", v);
    if (!int_to_i64(int_exact(v), &n) || n > INT32_MAX || n < INT32_MIN) return raise_overflow_error(t_, "Python int too large to convert to C int");
    return static_cast<i32>(n);
  }
  Failed missing(const NodeInfo& info, const char* field) { return raise_type_error(t_, "required field \"{}\" missing from {}", field, info.name); }

  Result<void> read_span(Value v, const NodeInfo& info, Span* span) {
    const char* category = info.category == Category::Stmt ? "stmt" : info.category == Category::Expr ? "expr" : info.category == Category::Pattern ? "pattern" : info.name;
    auto read = [&](const char* name, bool required, i32 fallback) -> Result<i32> {
      Value n = TRY(find_attr(t_, v, intern(t_, name)));
      if (n == kNotFound || (n.is_none() && !required)) {
        if (required) return raise_type_error(t_, "required field \"{}\" missing from {}", name, category);
        return fallback;
      }
      return integer(n);
    };
    span->lineno = TRY(read("lineno", true, 0));
    span->col_offset = TRY(read("col_offset", true, 0));
    bool pattern = info.category == Category::Pattern;
    span->end_lineno = TRY(read("end_lineno", pattern, span->lineno));
    span->end_col_offset = TRY(read("end_col_offset", pattern, span->col_offset));
    if (span->end_lineno < span->lineno) {
      return raise_value_error(t_, "AST node line range ({}, {}) is not valid", span->lineno, span->end_lineno);
    }
    if ((span->lineno < 0 && span->end_lineno != span->lineno) || (span->col_offset < 0 && span->end_col_offset != span->col_offset)) {
      return raise_value_error(t_, "AST node column range ({}, {}) for line range ({}, {}) is not valid", span->col_offset, span->end_col_offset, span->lineno, span->end_lineno);
    }
    if (span->lineno == span->end_lineno && span->end_col_offset < span->col_offset) {
      return raise_value_error(t_, "line {}, column {}-{} is not a valid range", span->lineno, span->col_offset, span->end_col_offset);
    }
    return ok;
  }

  Result<Text> text_of(Value v, const char* what) {
    if (!is<Str>(v) && !(is<Bytes>(v) && std::string_view(what) == "string")) return raise_type_error(t_, "AST {} must be of type str", what);
    Value owner;
    std::string_view s = is<Str>(v) ? str_utf8_lossy(t_, v.as<Str>(), &owner) : v.as<Bytes>()->text();
    return Text(arena_.copy(s));
  }

  template <class T, class F>
  Result<void> sequence(const NodeInfo& info, const FieldInfo& field, Value v, void* out, F convert) {
    if (v == kNotFound) return missing(info, field.name);
    if (!is<baton::List>(v)) return raise_type_error(t_, "{} field \"{}\" must be a list, not a {!t}", info.name, field.name, v);
    baton::List* list = v.as<baton::List>();
    Index n = list->length();
    auto* seq = static_cast<Seq<T>*>(out);
    seq->data = n ? arena_.allocate_array<T>(static_cast<usize>(n)) : nullptr;
    seq->size = static_cast<u32>(n);
    for (Index i = 0; i < n; ++i) {
      Value item = list->try_at(i);
      if (item.is_absent() || list->length() != n) return raise_runtime_error(t_, "{} field \"{}\" changed size during iteration", info.name, field.name);
      seq->data[i] = TRY(convert(item));
    }
    return ok;
  }
  template <class T>
  Result<void> nodes(const NodeInfo& info, const FieldInfo& field, Value v, void* out, Category category, const char* what, bool allow_none) {
    return sequence<T*>(info, field, v, out, [&](Value item) -> Result<T*> {
      void* p = unmark(TRY(node(item, category, what)));
      if (!p && !allow_none) return raise_value_error(t_, "None disallowed in {} list", category == Category::Expr ? "expression" : category == Category::Stmt ? "statement" : "pattern");
      return holder<T>(p);
    });
  }
  template <class T>
  Result<void> plains(const NodeInfo& info, const FieldInfo& field, Value v, void* out, NodeType type, const char* what) {
    return sequence<T*>(info, field, v, out, [&](Value item) -> Result<T*> {
      void* p = unmark(TRY(plain(item, type, what)));
      if (!p) return raise_type_error(t_, "expected some sort of {}, but got None", what);
      return static_cast<T*>(p);
    });
  }
  // A null that is no failure.
  template <class T>
  struct Holder {
    T* p;
    operator Result<T*>() const { return Result<T*>(p); }
  };
  template <class T>
  Result<T*> holder(void* p) { return p ? Result<T*>(static_cast<T*>(p)) : Result<T*>(reinterpret_cast<T*>(&none_marker)); }

  template <class E>
  Result<E> operation(Value v, std::initializer_list<const char*> list, const char* what) {
    int i = 0;
    for (const char* name : list) {
      Value type = TRY(ast_class(t_, name));
      if (is_instance_of_type(v, type.as<Type>())) return static_cast<E>(i);
      ++i;
    }
    return raise_type_error(t_, "expected some sort of {}, but got {!r}", what, v);
  }

  Result<ConstValue> constant(Value v) {
    if (v.is_none()) return ConstValue::simple(ConstKind::None);
    if (v.is_true()) return ConstValue::simple(ConstKind::True);
    if (v.is_false()) return ConstValue::simple(ConstKind::False);
    if (v == kEllipsis) return ConstValue::simple(ConstKind::Ellipsis);
    if (is_exact_int(v)) {
      ConstValue c;
      if (int_to_i64(v, &c.integer)) {
        c.kind = ConstKind::Int;
        return c;
      }
      Str* digits = TRY(int_to_text(t_, v, 16, false));
      std::string_view text = digits->ascii();
      bool negative = text.front() == '-';
      if (negative) text.remove_prefix(1);
      std::string_view kept = arena_.copy(text);
      c.kind = ConstKind::BigInt;
      c.digits = {kept.data(), static_cast<u32>(kept.size()), 16, negative};
      return c;
    }
    if (is_exact_float(v)) {
      ConstValue c;
      c.kind = ConstKind::Float;
      c.real = float_value(v);
      return c;
    }
    if (is_exact<Complex>(v)) return ConstValue::of_complex(v.as<Complex>()->real(), v.as<Complex>()->imag());
    if (is_exact<Str>(v)) {
      Value owner;
      return ConstValue::of_text(ConstKind::Str, arena_.copy(str_utf8_lossy(t_, v.as<Str>(), &owner)));
    }
    if (is_exact<Bytes>(v)) return ConstValue::of_text(ConstKind::Bytes, arena_.copy(v.as<Bytes>()->text()));
    bool tuple = is_exact<baton::Tuple>(v);
    if (tuple || (v.is_cell() && v.cell()->kind_word() == kKindFrozenSet)) {
      TRY(check_native_depth(t_, " during compilation"));
      baton::Tuple* items = tuple ? v.as<baton::Tuple>() : TRY(tuple_from_iterable(t_, v));
      ConstValue c;
      c.kind = tuple ? ConstKind::Tuple : ConstKind::FrozenSet;
      auto* data = arena_.allocate_array<ConstValue>(static_cast<usize>(items->length()) + 1);
      for (Index i = 0; i < items->length(); ++i) data[i] = TRY(constant(items->at(i)));
      c.items = {data, static_cast<u32>(items->length())};
      return c;
    }
    return raise_type_error(t_, "got an invalid type in Constant: {!t}", v);
  }

  Result<void> read_field(const NodeInfo& info, const FieldInfo& field, Value v, void* out) {
    bool optional = field.type == FieldType::identifier_opt || field.type == FieldType::string_opt || field.type == FieldType::int_opt || field.type == FieldType::expr_opt ||
                    field.type == FieldType::pattern_opt || field.type == FieldType::arg_opt;
    if (optional && (v == kNotFound || v.is_none())) return ok;   // zeroed memory is absent
    if (v == kNotFound) return missing(info, field.name);
    auto required = [&](void* p) -> Result<void> {
      if (!p && !optional) return raise_value_error(t_, "field '{}' is required for {}", field.name, info.name);
      *static_cast<void**>(out) = p;
      return ok;
    };
    switch (field.type) {
      case FieldType::identifier:
        if (v.is_none()) return raise_value_error(t_, "field '{}' is required for {}", field.name, info.name);
        [[fallthrough]];
      case FieldType::identifier_opt: {
        Text text = TRY(text_of(v, "identifier"));
        if (info.name == std::string_view("Name") && (text == "None" || text == "True" || text == "False")) return raise_value_error(t_, "identifier field can't represent '{}' constant", std::string_view(text));
        *static_cast<Text*>(out) = text;
        return ok;
      }
      case FieldType::string: case FieldType::string_opt: *static_cast<Text*>(out) = TRY(text_of(v, "string")); return ok;
      case FieldType::identifier_seq: return sequence<Identifier>(info, field, v, out, [&](Value item) -> Result<Identifier> { return TRY(text_of(item, "identifier")); });
      case FieldType::int_: case FieldType::int_opt: *static_cast<i32*>(out) = TRY(integer(v)); return ok;
      case FieldType::constant: *static_cast<ConstValue*>(out) = TRY(constant(v)); return ok;
      case FieldType::expr: case FieldType::expr_opt: return required(unmark(TRY(node(v, Category::Expr, "expr"))));
      case FieldType::pattern: case FieldType::pattern_opt: return required(unmark(TRY(node(v, Category::Pattern, "pattern"))));
      case FieldType::arguments: return required(unmark(TRY(plain(v, NodeType::Arguments, "arguments"))));
      case FieldType::arg_opt: return required(unmark(TRY(plain(v, NodeType::Arg, "arg"))));
      case FieldType::expr_seq: case FieldType::expr_opt_seq: {
        TRY(nodes<ExprNode>(info, field, v, out, Category::Expr, "expr", field.type == FieldType::expr_opt_seq));
        auto* seq = static_cast<Seq<ExprNode*>*>(out);
        for (u32 i = 0; i < seq->size; ++i) seq->data[i] = static_cast<ExprNode*>(unmark(seq->data[i]));
        return ok;
      }
      case FieldType::stmt_seq: {
        TRY(nodes<StmtNode>(info, field, v, out, Category::Stmt, "stmt", false));
        std::string_view name = field.name;
        if (name == "body" && static_cast<Seq<StmtNode*>*>(out)->size == 0 && info.category != Category::Mod) return raise_value_error(t_, "empty body on {}", info.name);
        return ok;
      }
      case FieldType::pattern_seq: return nodes<PatternNode>(info, field, v, out, Category::Pattern, "pattern", false);
      case FieldType::arg_seq: return plains<Arg>(info, field, v, out, NodeType::Arg, "arg");
      case FieldType::keyword_seq: return plains<Keyword>(info, field, v, out, NodeType::Keyword, "keyword");
      case FieldType::alias_seq: return plains<Alias>(info, field, v, out, NodeType::Alias, "alias");
      case FieldType::withitem_seq: return plains<WithItem>(info, field, v, out, NodeType::WithItem, "withitem");
      case FieldType::handler_seq: return plains<ExceptHandler>(info, field, v, out, NodeType::ExceptHandler, "excepthandler");
      case FieldType::match_case_seq: return plains<MatchCase>(info, field, v, out, NodeType::MatchCase, "match_case");
      case FieldType::comprehension_seq: return plains<Comprehension>(info, field, v, out, NodeType::Comprehension, "comprehension");
      case FieldType::type_ignore_seq: return plains<TypeIgnore>(info, field, v, out, NodeType::TypeIgnore, "type_ignore");
      case FieldType::boolop: *static_cast<BoolOperator*>(out) = TRY(operation<BoolOperator>(v, {"And", "Or"}, "boolop")); return ok;
      case FieldType::operator_:
        *static_cast<Operator*>(out) =
            TRY(operation<Operator>(v, {"Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv"}, "operator"));
        return ok;
      case FieldType::unaryop: *static_cast<UnaryOperator*>(out) = TRY(operation<UnaryOperator>(v, {"Invert", "Not", "UAdd", "USub"}, "unaryop")); return ok;
      case FieldType::cmpop_seq:
        return sequence<CmpOperator>(info, field, v, out, [&](Value item) -> Result<CmpOperator> {
          return TRY(operation<CmpOperator>(item, {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"}, "cmpop"));
        });
      case FieldType::expr_context: *static_cast<ExprContext*>(out) = TRY(operation<ExprContext>(v, {"Load", "Store", "Del"}, "expr_context")); return ok;
    }
    return ok;
  }

  Thread& t_;
  syntax::Arena& arena_;
};

}  // namespace

Result<ModNode*> tree_from_object(Thread& t, syntax::Arena& arena, Value tree, syntax::ParseMode mode) {
  const char* expected = mode == syntax::ParseMode::Eval ? "Expression" : mode == syntax::ParseMode::Single ? "Interactive" : "Module";
  Value type = TRY(ast_class(t, expected));
  if (!is_instance_of_type(tree, type.as<Type>())) return raise_type_error(t, "expected {} node, got {!t}", expected, tree);
  return static_cast<ModNode*>(TRY(FromObjects(t, arena).node(tree, Category::Mod, "mod")));
}

}  // namespace baton
