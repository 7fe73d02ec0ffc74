// ast objects to trees, by the field tables. Checks that fields are there and of the right classes; what a tree may mean is for
// compile/ast_validate.cpp.
#include <cstdio>

#include "modules/ast_objects.h"
#include "objects/bytes.h"
#include "objects/fixed_name.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

using namespace ast;
using syntax::Arena;
using syntax::Seq;

namespace {

constexpr int kMostFields = 8;
Root<Str>* field_names[kNodeTypeCount][kMostFields] = {};  // atomic; made when they are first needed

Str* field_name(Thread& thread, NodeType type, int field) {
  Root<Str>** name = &field_names[static_cast<usize>(type)][field];
  if (Root<Str>* made = __atomic_load_n(name, __ATOMIC_ACQUIRE)) [[likely]]
    return made->get();
  return make_fixed_name(thread, info_of(type).fields[field].name, name);
}

class TreeMaker {
 public:
  TreeMaker(Thread& thread, Arena& arena) : thread_(thread), arena_(arena) {}

  Result<ModNode*> mod(Value v) {
    void* made = TRY(sum(AstSum::Mod, v));
    return static_cast<ModNode*>(made);
  }

 private:
  using Made = Result<void>;

  // ---- nodes

  Failed missing(const char* field, const char* owner) {
    return raise_type_error(thread_, "required field \"{}\" missing from {}", field, owner);
  }

  // A text for the message is made only where there is no room left.
  Made check_depth(const char* node) {
    if (static_cast<char*>(__builtin_frame_address(0)) > thread_.native_stack_limit_) [[likely]]
      return ok;
    char where[48];
    snprintf(where, sizeof where, " while traversing '%s' node", node);
    return check_native_depth(thread_, where);
  }

  Made read_int(Value v, i32* out) {
    if (!is_int(v)) return raise_value_error(thread_, "invalid integer value: {!r}", v);
    i64 number;
    if (!int_to_i64(int_exact(v), &number) || number < INT32_MIN || number > INT32_MAX)
      return raise_overflow_error(thread_, "Python int too large to convert to C int");
    *out = static_cast<i32>(number);
    return ok;
  }

  Made read_span(Value v, const char* owner, Span* span) {
    Value line = TRY(find_attr(thread_, v, fixed_name<"lineno">(thread_)));
    if (line == kNotFound) return missing("lineno", owner);
    TRY(read_int(line, &span->lineno));
    Value column = TRY(find_attr(thread_, v, fixed_name<"col_offset">(thread_)));
    if (column == kNotFound) return missing("col_offset", owner);
    TRY(read_int(column, &span->col_offset));
    Value end_line = TRY(find_attr(thread_, v, fixed_name<"end_lineno">(thread_)));
    if (end_line == kNotFound || end_line.is_none())
      span->end_lineno = span->lineno;
    else
      TRY(read_int(end_line, &span->end_lineno));
    Value end_column = TRY(find_attr(thread_, v, fixed_name<"end_col_offset">(thread_)));
    if (end_column == kNotFound || end_column.is_none())
      span->end_col_offset = span->col_offset;
    else
      TRY(read_int(end_column, &span->end_col_offset));
    return ok;
  }

  // An alternative of a sum. The answer is a pointer in a Result<void*>, so null (for None) is told apart by *absent.
  struct Pointer {
    void* address;
  };
  Result<Pointer> sum_pointer(AstSum which, Value v) {
    if (v.is_none()) return Pointer{nullptr};
    TRY(check_depth(name_of(which)));
    Span span;
    int first = first_of(which), last = last_of(which);
    if (info_of(static_cast<NodeType>(first)).has_span) TRY(read_span(v, name_of(which), &span));
    Type* type = baton::type_of(v);
    for (int i = first; i <= last; ++i)
      if (type == ast_type(static_cast<NodeType>(i))) return Pointer{TRY(fields_of(static_cast<NodeType>(i), v, span)).address};
    for (int i = first; i <= last; ++i) {  // of a class derived from one
      if (!TRY(is_instance(thread_, v, Value(ast_type(static_cast<NodeType>(i)))))) continue;
      return Pointer{TRY(fields_of(static_cast<NodeType>(i), v, span)).address};
    }
    return raise_type_error(thread_, "expected some sort of {}, but got {!r}", name_of(which), v);
  }
  Result<void*> sum(AstSum which, Value v) {
    Pointer p = TRY(sum_pointer(which, v));
    if (!p.address) return raise_type_error(thread_, "expected some sort of {}, but got {!r}", name_of(which), v);
    return p.address;
  }
  static int first_of(AstSum which) {
    switch (which) {
      case AstSum::Mod: return static_cast<int>(NodeType::Module);
      case AstSum::Stmt: return static_cast<int>(NodeType::FunctionDef);
      case AstSum::Expr: return static_cast<int>(NodeType::BoolOp);
      case AstSum::Pattern: return static_cast<int>(NodeType::MatchValue);
      case AstSum::ExceptHandler: return static_cast<int>(NodeType::ExceptHandler);
      default: return static_cast<int>(NodeType::TypeIgnore);
    }
  }
  static int last_of(AstSum which) {
    switch (which) {
      case AstSum::Mod: return static_cast<int>(NodeType::FunctionType);
      case AstSum::Stmt: return static_cast<int>(NodeType::Continue);
      case AstSum::Expr: return static_cast<int>(NodeType::Slice);
      case AstSum::Pattern: return static_cast<int>(NodeType::MatchOr);
      default: return first_of(which);
    }
  }

  // A product: no class check, its fields and then its position are looked up, as CPython does.
  Result<Pointer> product(NodeType type, Value v) {
    TRY(check_depth(info_of(type).name));
    Pointer made = TRY(fields_of(type, v, Span{}));
    if (info_of(type).has_span) TRY(read_span(v, info_of(type).name, &static_cast<LocatedNode*>(made.address)->span));
    return made;
  }

  static void write_header(NodeType type, void* address, const Span& span) {
    int number = static_cast<int>(type);
    switch (info_of(type).category) {
      case Category::Mod:
        static_cast<ModNode*>(address)->kind = static_cast<ModKind>(number - static_cast<int>(NodeType::Module));
        break;
      case Category::Stmt: {
        auto* node = static_cast<StmtNode*>(address);
        node->span = span;
        node->kind = static_cast<StmtKind>(number - static_cast<int>(NodeType::FunctionDef));
        break;
      }
      case Category::Expr: {
        auto* node = static_cast<ExprNode*>(address);
        node->span = span;
        node->kind = static_cast<ExprKind>(number - static_cast<int>(NodeType::BoolOp));
        break;
      }
      case Category::Pattern: {
        auto* node = static_cast<PatternNode*>(address);
        node->span = span;
        node->kind = static_cast<PatternKind>(number - static_cast<int>(NodeType::MatchValue));
        break;
      }
      case Category::Located: static_cast<LocatedNode*>(address)->span = span; break;
      case Category::Plain: break;
    }
  }

  Result<Pointer> fields_of(NodeType type, Value v, const Span& span) {
    const NodeInfo& info = info_of(type);
    BATON_DCHECK(info.field_count <= kMostFields, "their names have room");
    char* address = static_cast<char*>(arena_.allocate(info.size));
    memset(address, 0, info.size);
    write_header(type, address, span);
    for (int i = 0; i < info.field_count; ++i) {
      const FieldInfo& field = info.fields[i];
      Value value = TRY(find_attr(thread_, v, field_name(thread_, type, i)));
      if (value == kNotFound) {
        if (is_optional(field.type)) continue;
        return missing(field.name, info.name);
      }
      TRY(read_field(type, field, value, address + field.offset));
    }
    return Pointer{address};
  }

  static bool is_optional(FieldType type) {
    switch (type) {
      case FieldType::identifier_opt:
      case FieldType::string_opt:
      case FieldType::int_opt:
      case FieldType::expr_opt:
      case FieldType::pattern_opt:
      case FieldType::arg_opt: return true;
      default: return false;
    }
  }

  // ---- fields

  Failed required(const FieldInfo& field, NodeType owner) {
    return raise_value_error(thread_, "field '{}' is required for {}", field.name, info_of(owner).name);
  }

  Made read_identifier(Value v, Identifier* out) {
    if (v.is_none()) return ok;
    if (!is_exact<Str>(v)) return raise_type_error(thread_, "AST identifier must be of type str");
    Value owner;
    *out = arena_.copy(str_utf8_lossy(thread_, v.as<Str>(), &owner));
    return ok;
  }
  Made read_string(Value v, Text* out) {
    if (is_exact<Bytes>(v)) {
      *out = arena_.copy(v.as<Bytes>()->text());
      return ok;
    }
    if (!is_exact<Str>(v)) return raise_type_error(thread_, "AST string must be of type str");
    Value owner;
    *out = arena_.copy(str_utf8_lossy(thread_, v.as<Str>(), &owner));
    return ok;
  }

  template <class T>
  Made read_sum(AstSum which, const FieldInfo& field, NodeType owner, Value v, char* at, bool optional) {
    Pointer p = TRY(sum_pointer(which, v));
    if (!p.address && !optional) return required(field, owner);
    *reinterpret_cast<T**>(at) = static_cast<T*>(p.address);
    return ok;
  }

  template <class T, class ReadItem>
  Made read_list(const FieldInfo& field, NodeType owner, Value v, char* at, ReadItem read_item) {
    if (!is<baton::List>(v))
      return raise_type_error(thread_, "{} field \"{}\" must be a list, not a {!t}", info_of(owner).name, field.name, v);
    baton::List* list = v.as<baton::List>();
    Index n = list->length();
    Seq<T> seq{n ? arena_.allocate_array<T>(static_cast<usize>(n)) : nullptr, static_cast<u32>(n)};
    for (Index i = 0; i < n; ++i) {
      seq.data[i] = T{};
      Value item = list->try_at(i);
      if (item.is_absent() || list->length() != n) {
        return raise_runtime_error(thread_, "{} field \"{}\" changed size during iteration", info_of(owner).name, field.name);
      }
      TRY(read_item(item, &seq.data[i]));
    }
    if (list->length() != n)
      return raise_runtime_error(thread_, "{} field \"{}\" changed size during iteration", info_of(owner).name, field.name);
    *reinterpret_cast<Seq<T>*>(at) = seq;
    return ok;
  }
  template <class T>
  Made read_sums(AstSum which, const FieldInfo& field, NodeType owner, Value v, char* at) {
    return read_list<T*>(field, owner, v, at, [&](Value item, T** out) -> Made {
      *out = static_cast<T*>(TRY(sum_pointer(which, item)).address);
      return ok;
    });
  }
  template <class T>
  Made read_products(NodeType type, const FieldInfo& field, NodeType owner, Value v, char* at) {
    return read_list<T*>(field, owner, v, at, [&](Value item, T** out) -> Made {
      *out = static_cast<T*>(TRY(product(type, item)).address);
      return ok;
    });
  }

  template <class E>
  Made read_enum(AstEnum which, Value v, E* out) {
    const AstEnumInfo& info = ast_enums[static_cast<usize>(which)];
    for (u8 i = 0; i < info.count; ++i) {
      if (v != ast_enum_instance(which, i)) continue;
      *out = static_cast<E>(i);
      return ok;
    }
    for (u8 i = 0; i < info.count; ++i) {
      if (!TRY(is_instance(thread_, v, Value(ast_enum_type(which, i))))) continue;
      *out = static_cast<E>(i);
      return ok;
    }
    return raise_type_error(thread_, "expected some sort of {}, but got {!r}", info.name, v);
  }

  Made read_field(NodeType owner, const FieldInfo& field, Value v, char* at) {
    switch (field.type) {
      case FieldType::identifier:
        TRY(read_identifier(v, reinterpret_cast<Identifier*>(at)));
        if (!reinterpret_cast<Identifier*>(at)->data()) return required(field, owner);
        return ok;
      case FieldType::identifier_opt: return read_identifier(v, reinterpret_cast<Identifier*>(at));
      case FieldType::string: return read_string(v, reinterpret_cast<Text*>(at));
      case FieldType::string_opt: return v.is_none() ? Made(ok) : read_string(v, reinterpret_cast<Text*>(at));
      case FieldType::identifier_seq:
        return read_list<Identifier>(field, owner, v, at,
                                     [&](Value item, Identifier* out) { return read_identifier(item, out); });
      case FieldType::int_: return read_int(v, reinterpret_cast<i32*>(at));
      case FieldType::int_opt: return v.is_none() ? Made(ok) : read_int(v, reinterpret_cast<i32*>(at));
      case FieldType::constant:
        if (owner == NodeType::MatchSingleton && !v.is_none() && !v.is_bool()) {
          return raise_value_error(thread_, "MatchSingleton can only contain True, False and None");
        }
        return read_constant(v, reinterpret_cast<ConstValue*>(at));
      case FieldType::expr: return read_sum<ExprNode>(AstSum::Expr, field, owner, v, at, false);
      case FieldType::expr_opt: return read_sum<ExprNode>(AstSum::Expr, field, owner, v, at, true);
      case FieldType::expr_seq:
      case FieldType::expr_opt_seq: return read_sums<ExprNode>(AstSum::Expr, field, owner, v, at);
      case FieldType::stmt_seq: return read_sums<StmtNode>(AstSum::Stmt, field, owner, v, at);
      case FieldType::pattern: return read_sum<PatternNode>(AstSum::Pattern, field, owner, v, at, false);
      case FieldType::pattern_opt: return read_sum<PatternNode>(AstSum::Pattern, field, owner, v, at, true);
      case FieldType::pattern_seq: return read_sums<PatternNode>(AstSum::Pattern, field, owner, v, at);
      case FieldType::arguments:
        *reinterpret_cast<Arguments**>(at) = static_cast<Arguments*>(TRY(product(NodeType::Arguments, v)).address);
        return ok;
      case FieldType::arg_opt:
        if (!v.is_none()) *reinterpret_cast<Arg**>(at) = static_cast<Arg*>(TRY(product(NodeType::Arg, v)).address);
        return ok;
      case FieldType::arg_seq: return read_products<Arg>(NodeType::Arg, field, owner, v, at);
      case FieldType::keyword_seq: return read_products<Keyword>(NodeType::Keyword, field, owner, v, at);
      case FieldType::alias_seq: return read_products<Alias>(NodeType::Alias, field, owner, v, at);
      case FieldType::withitem_seq: return read_products<WithItem>(NodeType::WithItem, field, owner, v, at);
      case FieldType::match_case_seq: return read_products<MatchCase>(NodeType::MatchCase, field, owner, v, at);
      case FieldType::comprehension_seq: return read_products<Comprehension>(NodeType::Comprehension, field, owner, v, at);
      case FieldType::handler_seq: return read_sums<ExceptHandler>(AstSum::ExceptHandler, field, owner, v, at);
      case FieldType::type_ignore_seq: return read_sums<TypeIgnore>(AstSum::TypeIgnore, field, owner, v, at);
      case FieldType::boolop: return read_enum(AstEnum::BoolOp, v, reinterpret_cast<BoolOperator*>(at));
      case FieldType::operator_: return read_enum(AstEnum::Operator, v, reinterpret_cast<Operator*>(at));
      case FieldType::unaryop: return read_enum(AstEnum::UnaryOp, v, reinterpret_cast<UnaryOperator*>(at));
      case FieldType::cmpop_seq:
        return read_list<CmpOperator>(field, owner, v, at,
                                      [&](Value item, CmpOperator* out) { return read_enum(AstEnum::CmpOp, item, out); });
      case FieldType::expr_context: return read_enum(AstEnum::ExprContext, v, reinterpret_cast<ExprContext*>(at));
    }
    return ok;
  }

  // ---- constants

  Made read_text(ConstKind kind, std::string_view text, ConstValue* out) {
    *out = ConstValue::of_text(kind, arena_.copy(text));
    return ok;
  }

  Made read_constants(ConstKind kind, const Value* items, usize n, ConstValue* out) {
    *out = ConstValue::simple(kind);
    out->items = Seq<ConstValue>{n ? arena_.allocate_array<ConstValue>(n) : nullptr, static_cast<u32>(n)};
    for (usize i = 0; i < n; ++i) {
      ConstValue one;
      TRY(read_constant(items[i], &one));
      out->items.data[i] = one;
    }
    return ok;
  }

  Made read_constant(Value v, ConstValue* out) {
    TRY(check_native_depth(thread_, " during compilation"));
    if (v.is_none())
      *out = ConstValue::simple(ConstKind::None);
    else if (v.is_true())
      *out = ConstValue::simple(ConstKind::True);
    else if (v.is_false())
      *out = ConstValue::simple(ConstKind::False);
    else if (v == kEllipsis)
      *out = ConstValue::simple(ConstKind::Ellipsis);
    else if (is_exact_int(v))
      return read_number(v, out);
    else if (is_exact_float(v))
      *out = ConstValue::of_float(float_value(v));
    else if (is_exact<Complex>(v))
      *out = ConstValue::of_complex(v.as<Complex>()->real(), v.as<Complex>()->imag());
    else if (is_exact<Str>(v)) {
      Value owner;
      return read_text(ConstKind::Str, str_utf8_lossy(thread_, v.as<Str>(), &owner), out);
    } else if (is_exact<Bytes>(v)) {
      return read_text(ConstKind::Bytes, v.as<Bytes>()->text(), out);
    } else if (type_of(v) == types.tuple) {
      return read_constants(ConstKind::Tuple, v.as<baton::Tuple>()->items(), static_cast<usize>(v.as<baton::Tuple>()->length()),
                            out);
    } else if (type_of(v) == types.frozenset) {
      RootVector items;
      Index position = 0;
      Value key;
      while (set_next(v.as<baton::Set>(), &position, &key)) items.push(key);
      return read_constants(ConstKind::FrozenSet, items.data(), items.size(), out);
    } else {
      return raise_type_error(thread_, "got an invalid type in Constant: {!t}", v);
    }
    return ok;
  }

  Made read_number(Value v, ConstValue* out) {
    i64 small;
    if (int_to_i64(v, &small)) {
      *out = ConstValue::of_int(small);
      return ok;
    }
    bool negative = int_sign(v) < 0;
    Value positive = negative ? TRY(int_neg(thread_, v)) : v;
    Str* digits = TRY(int_to_text(thread_, positive, 16, false));
    std::string_view text = arena_.copy(digits->ascii());
    *out = ConstValue::simple(ConstKind::BigInt);
    out->digits = {text.data(), static_cast<u32>(text.size()), 16, negative};
    return ok;
  }

  Thread& thread_;
  Arena& arena_;
};

}  // namespace

Result<ModNode*> ast_from_object(Thread& thread, Value tree, Arena& arena, syntax::ParseMode mode) {
  NodeType wanted = mode == syntax::ParseMode::Eval     ? NodeType::Expression
                    : mode == syntax::ParseMode::Single ? NodeType::Interactive
                                                        : NodeType::Module;
  if (!TRY(is_instance(thread, tree, Value(ast_type(wanted)))))
    return raise_type_error(thread, "expected {} node, got {!t}", info_of(wanted).name, tree);
  return TreeMaker(thread, arena).mod(tree);
}

}  // namespace baton
