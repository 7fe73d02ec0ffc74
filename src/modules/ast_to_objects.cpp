// Trees to ast objects, by the field tables.
#include "modules/ast_objects.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/str.h"

namespace baton {

using namespace ast;
using syntax::Seq;

namespace {

class ObjectMaker {
 public:
  explicit ObjectMaker(Thread& thread) : thread_(thread) {}

  Result<Value> node(NodeType type, const void* address, const Span* span) {
    if (check_native_depth(thread_, " during ast construction").is_failed()) return failed;
    const NodeInfo& info = info_of(type);
    Type* cls = ast_type(type);
    AstObject* made = TRY(make_of<AstObject>(thread_, cls));
    for (int i = 0; i < info.field_count; ++i) {
      const FieldInfo& field = info.fields[i];
      Value value = TRY(field_value(field.type, static_cast<const char*>(address) + field.offset));
      TRY(instance_set(thread_, made, intern(thread_, field.name), value));
    }
    if (info.has_span) {
      TRY(instance_set(thread_, made, intern(thread_, "lineno"), Value::of_small_int(span->lineno)));
      TRY(instance_set(thread_, made, intern(thread_, "col_offset"), Value::of_small_int(span->col_offset)));
      TRY(instance_set(thread_, made, intern(thread_, "end_lineno"), Value::of_small_int(span->end_lineno)));
      TRY(instance_set(thread_, made, intern(thread_, "end_col_offset"), Value::of_small_int(span->end_col_offset)));
    }
    return Value(made);
  }
  Result<Value> any(const ModNode* n) { return node(type_of(n), n, nullptr); }

 private:
  Result<Value> any(const StmtNode* n) { return n ? node(type_of(n), n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const ExprNode* n) { return n ? node(type_of(n), n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const PatternNode* n) { return n ? node(type_of(n), n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const Arguments* n) { return node(NodeType::Arguments, n, nullptr); }
  Result<Value> any(const Arg* n) { return n ? node(NodeType::Arg, n, &n->span) : Result<Value>(kNone); }
  Result<Value> any(const Keyword* n) { return node(NodeType::Keyword, n, &n->span); }
  Result<Value> any(const Alias* n) { return node(NodeType::Alias, n, &n->span); }
  Result<Value> any(const WithItem* n) { return node(NodeType::WithItem, n, nullptr); }
  Result<Value> any(const ExceptHandler* n) { return node(NodeType::ExceptHandler, n, &n->span); }
  Result<Value> any(const MatchCase* n) { return node(NodeType::MatchCase, n, nullptr); }
  Result<Value> any(const Comprehension* n) { return node(NodeType::Comprehension, n, nullptr); }
  Result<Value> any(const TypeIgnore* n) { return node(NodeType::TypeIgnore, n, nullptr); }
  Result<Value> any(const Identifier& name) {
    return name.data() ? Result<Value>(Value(intern(thread_, name))) : Result<Value>(kNone);
  }
  Result<Value> any(CmpOperator op) { return ast_enum_instance(AstEnum::CmpOp, static_cast<u8>(op)); }

  template <class T>
  Result<Value> sequence(const void* value) {
    const auto& seq = *static_cast<const Seq<T>*>(value);
    baton::List* list = TRY(make_list_with_capacity(thread_, static_cast<Index>(seq.size)));
    for (const T& item : seq) TRY(list_append(thread_, list, TRY(any(item))));
    return Value(list);
  }
  template <class T>
  Result<Value> single(const void* value) {
    return any(*static_cast<T const*>(value));
  }

  Result<Value> field_value(FieldType type, const void* value) {
    switch (type) {
      case FieldType::identifier:
      case FieldType::identifier_opt: return any(*static_cast<const Identifier*>(value));
      case FieldType::string:
      case FieldType::string_opt: {
        const Text& text = *static_cast<const Text*>(value);
        if (!text.data()) return kNone;
        return Value(TRY(str_from_utf8(thread_, text)));
      }
      case FieldType::identifier_seq: return sequence<Identifier>(value);
      case FieldType::int_:
      case FieldType::int_opt: return Value::of_small_int(*static_cast<const i32*>(value));
      case FieldType::constant: return constant_to_value(thread_, *static_cast<const ConstValue*>(value));
      case FieldType::expr:
      case FieldType::expr_opt: return single<ExprNode*>(value);
      case FieldType::expr_seq:
      case FieldType::expr_opt_seq: return sequence<ExprNode*>(value);
      case FieldType::stmt_seq: return sequence<StmtNode*>(value);
      case FieldType::pattern:
      case FieldType::pattern_opt: return single<PatternNode*>(value);
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
      case FieldType::boolop:
        return ast_enum_instance(AstEnum::BoolOp, static_cast<u8>(*static_cast<const BoolOperator*>(value)));
      case FieldType::operator_:
        return ast_enum_instance(AstEnum::Operator, static_cast<u8>(*static_cast<const Operator*>(value)));
      case FieldType::unaryop:
        return ast_enum_instance(AstEnum::UnaryOp, static_cast<u8>(*static_cast<const UnaryOperator*>(value)));
      case FieldType::cmpop_seq: return sequence<CmpOperator>(value);
      case FieldType::expr_context:
        return ast_enum_instance(AstEnum::ExprContext, static_cast<u8>(*static_cast<const ExprContext*>(value)));
    }
    return kNone;
  }

  Thread& thread_;
};

}  // namespace

Result<Value> ast_to_object(Thread& thread, const ModNode* mod) { return ObjectMaker(thread).any(mod); }

}  // namespace baton
