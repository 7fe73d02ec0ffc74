// The AST optimiser. Folds what CPython 3.11 folds in its own, so that constants, positions and warnings agree.
#include "compile/optimize.h"

#include <string>
#include <type_traits>
#include <vector>

#include "compile/constants.h"

namespace baton::compile {

using namespace ast;

std::string_view docstring_of(const Seq<StmtNode*>& body) {
  if (body.empty() || !body[0]->is<Expr>()) return {};
  const ExprNode* value = body[0]->as<Expr>()->value;
  if (!value->is<Constant>() || value->as<Constant>()->value.kind != ConstKind::Str) return {};
  return value->as<Constant>()->value.text();
}

namespace {

class Optimizer {
 public:
  Optimizer(Arena& arena, const OptimizeOptions& options, Diagnostics& diagnostics)
      : arena_(arena), options_(options), diagnostics_(diagnostics) {}

  void run(ModNode* mod) {
    switch (mod->kind) {
      case ModKind::Module: fold_docstring_body(mod->as<Module>()->body); break;
      case ModKind::Interactive: fold_body(mod->as<Interactive>()->body); break;
      case ModKind::Expression: fold(mod->as<Expression>()->body); break;
      case ModKind::FunctionType: break;
    }
  }

 private:
  // A first statement that only folding turned into a string must not become a docstring.
  void fold_docstring_body(Seq<StmtNode*>& body) {
    bool has_docstring = docstring_of(body).data();
    fold_body(body);
    if (has_docstring || !docstring_of(body).data()) return;
    auto* statement = body[0]->as<Expr>();
    ExprNode* value = statement->value;
    statement->value = make<JoinedStr>(arena_, value->span, make_seq(arena_, &value, 1));
  }
  void fold_body(const Seq<StmtNode*>& body) {
    for (StmtNode* stmt : body) {
      if (diagnostics_.failed()) return;
      fold(stmt);
    }
  }
  void fold_all(const Seq<ExprNode*>& exprs) {
    for (ExprNode*& expr : exprs) {
      if (expr) fold(expr);
    }
  }
  void fold_optional(ExprNode*& expr) {
    if (expr) fold(expr);
  }
  void fold_keywords(const Seq<Keyword*>& keywords) {
    for (Keyword* keyword : keywords) fold(keyword->value);
  }
  void fold_annotation(ExprNode*& annotation) {
    if (annotation && !options_.future_annotations) fold(annotation);
  }
  void fold_arg(Arg* arg) {
    if (arg) fold_annotation(arg->annotation);
  }
  void fold_arguments(Arguments* args) {
    for (Arg* arg : args->posonlyargs) fold_arg(arg);
    for (Arg* arg : args->args) fold_arg(arg);
    fold_arg(args->vararg);
    for (Arg* arg : args->kwonlyargs) fold_arg(arg);
    fold_all(args->kw_defaults);
    fold_arg(args->kwarg);
    fold_all(args->defaults);
  }

  template <class Function>
  void fold_function(Function& node) {
    fold_arguments(node.args);
    fold_docstring_body(node.body);
    fold_all(node.decorator_list);
    fold_annotation(node.returns);
  }
  template <class Loop>
  void fold_for(Loop& node) {
    fold(node.target);
    fold(node.iter);
    fold_body(node.body);
    fold_body(node.orelse);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(node)>, For>)
      fold_iterable(node.iter);  // `async for` names the type in its error
  }
  template <class WithNode>
  void fold_with(WithNode& node) {
    for (WithItem* item : node.items) {
      fold(item->context_expr);
      fold_optional(item->optional_vars);
    }
    fold_body(node.body);
  }
  template <class TryNode>
  void fold_try(TryNode& node) {
    fold_body(node.body);
    for (ExceptHandler* handler : node.handlers) {
      fold_optional(handler->type);
      fold_body(handler->body);
    }
    fold_body(node.orelse);
    fold_body(node.finalbody);
  }

  void fold(StmtNode* s) {
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (s->kind) {
      case StmtKind::FunctionDef: fold_function(*s->as<FunctionDef>()); break;
      case StmtKind::AsyncFunctionDef: fold_function(*s->as<AsyncFunctionDef>()); break;
      case StmtKind::ClassDef: {
        auto* node = s->as<ClassDef>();
        fold_all(node->bases);
        fold_keywords(node->keywords);
        fold_docstring_body(node->body);
        fold_all(node->decorator_list);
        break;
      }
      case StmtKind::Return: fold_optional(s->as<Return>()->value); break;
      case StmtKind::Delete: fold_all(s->as<Delete>()->targets); break;
      case StmtKind::Assign:
        fold_all(s->as<Assign>()->targets);
        fold(s->as<Assign>()->value);
        break;
      case StmtKind::AugAssign:
        fold(s->as<AugAssign>()->target);
        fold(s->as<AugAssign>()->value);
        break;
      case StmtKind::AnnAssign:
        fold(s->as<AnnAssign>()->target);
        fold_annotation(s->as<AnnAssign>()->annotation);
        fold_optional(s->as<AnnAssign>()->value);
        break;
      case StmtKind::For: fold_for(*s->as<For>()); break;
      case StmtKind::AsyncFor: fold_for(*s->as<AsyncFor>()); break;
      case StmtKind::While:
        fold(s->as<While>()->test);
        fold_body(s->as<While>()->body);
        fold_body(s->as<While>()->orelse);
        break;
      case StmtKind::If:
        fold(s->as<If>()->test);
        fold_body(s->as<If>()->body);
        fold_body(s->as<If>()->orelse);
        break;
      case StmtKind::With: fold_with(*s->as<With>()); break;
      case StmtKind::AsyncWith: fold_with(*s->as<AsyncWith>()); break;
      case StmtKind::Match:
        fold(s->as<Match>()->subject);
        for (MatchCase* match_case : s->as<Match>()->cases) {
          fold(match_case->pattern);
          fold_optional(match_case->guard);
          fold_body(match_case->body);
        }
        break;
      case StmtKind::Raise:
        fold_optional(s->as<Raise>()->exc);
        fold_optional(s->as<Raise>()->cause);
        break;
      case StmtKind::Try: fold_try(*s->as<Try>()); break;
      case StmtKind::TryStar: fold_try(*s->as<TryStar>()); break;
      case StmtKind::Assert:
        fold(s->as<Assert>()->test);
        fold_optional(s->as<Assert>()->msg);
        break;
      case StmtKind::Expr: fold(s->as<Expr>()->value); break;
      default: break;
    }
  }

  void fold(PatternNode* p) {
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (p->kind) {
      case PatternKind::MatchValue: fold(p->as<MatchValue>()->value); break;
      case PatternKind::MatchSingleton:
      case PatternKind::MatchStar: break;
      case PatternKind::MatchSequence: fold_patterns(p->as<MatchSequence>()->patterns); break;
      case PatternKind::MatchMapping:
        fold_all(p->as<MatchMapping>()->keys);
        fold_patterns(p->as<MatchMapping>()->patterns);
        break;
      case PatternKind::MatchClass:
        fold(p->as<MatchClass>()->cls);
        fold_patterns(p->as<MatchClass>()->patterns);
        fold_patterns(p->as<MatchClass>()->kwd_patterns);
        break;
      case PatternKind::MatchAs:
        if (p->as<MatchAs>()->pattern) fold(p->as<MatchAs>()->pattern);
        break;
      case PatternKind::MatchOr: fold_patterns(p->as<MatchOr>()->patterns); break;
    }
  }
  void fold_patterns(const Seq<PatternNode*>& patterns) {
    for (PatternNode* pattern : patterns) fold(pattern);
  }

  void fold_generators(const Seq<Comprehension*>& generators) {
    for (Comprehension* generator : generators) {
      fold(generator->target);
      fold(generator->iter);
      fold_all(generator->ifs);
      if (!generator->is_async) fold_iterable(generator->iter);
    }
  }

  void fold(ExprNode*& e) {
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (e->kind) {
      case ExprKind::BoolOp: fold_all(e->as<BoolOp>()->values); break;
      case ExprKind::NamedExpr: fold(e->as<NamedExpr>()->value); break;
      case ExprKind::BinOp:
        fold(e->as<BinOp>()->left);
        fold(e->as<BinOp>()->right);
        fold_binop(e);
        break;
      case ExprKind::UnaryOp:
        fold(e->as<UnaryOp>()->operand);
        fold_unaryop(e);
        break;
      case ExprKind::Lambda:
        fold_arguments(e->as<Lambda>()->args);
        fold(e->as<Lambda>()->body);
        break;
      case ExprKind::IfExp:
        fold(e->as<IfExp>()->test);
        fold(e->as<IfExp>()->body);
        fold(e->as<IfExp>()->orelse);
        break;
      case ExprKind::Dict:
        fold_all(e->as<Dict>()->keys);
        fold_all(e->as<Dict>()->values);
        break;
      case ExprKind::Set: fold_all(e->as<Set>()->elts); break;
      case ExprKind::ListComp:
        fold(e->as<ListComp>()->elt);
        fold_generators(e->as<ListComp>()->generators);
        break;
      case ExprKind::SetComp:
        fold(e->as<SetComp>()->elt);
        fold_generators(e->as<SetComp>()->generators);
        break;
      case ExprKind::DictComp:
        fold(e->as<DictComp>()->key);
        fold(e->as<DictComp>()->value);
        fold_generators(e->as<DictComp>()->generators);
        break;
      case ExprKind::GeneratorExp:
        fold(e->as<GeneratorExp>()->elt);
        fold_generators(e->as<GeneratorExp>()->generators);
        break;
      case ExprKind::Await: fold(e->as<Await>()->value); break;
      case ExprKind::Yield: fold_optional(e->as<Yield>()->value); break;
      case ExprKind::YieldFrom: fold(e->as<YieldFrom>()->value); break;
      case ExprKind::Compare:
        fold(e->as<Compare>()->left);
        fold_all(e->as<Compare>()->comparators);
        fold_compare(e->as<Compare>());
        break;
      case ExprKind::Call:
        fold(e->as<Call>()->func);
        fold_all(e->as<Call>()->args);
        fold_keywords(e->as<Call>()->keywords);
        break;
      case ExprKind::FormattedValue:
        fold(e->as<FormattedValue>()->value);
        fold_optional(e->as<FormattedValue>()->format_spec);
        break;
      case ExprKind::JoinedStr: fold_all(e->as<JoinedStr>()->values); break;
      case ExprKind::Constant: break;
      case ExprKind::Attribute: fold(e->as<Attribute>()->value); break;
      case ExprKind::Subscript:
        fold(e->as<Subscript>()->value);
        fold(e->as<Subscript>()->slice);
        fold_subscript_of(e);
        break;
      case ExprKind::Starred: fold(e->as<Starred>()->value); break;
      case ExprKind::Name:
        if (e->as<Name>()->ctx == ExprContext::Load && e->as<Name>()->id == "__debug__") {
          replace(e, ConstValue::simple(options_.level == 0 ? ConstKind::True : ConstKind::False));
        }
        break;
      case ExprKind::List: fold_all(e->as<List>()->elts); break;
      case ExprKind::Tuple:
        fold_all(e->as<Tuple>()->elts);
        fold_tuple(e);
        break;
      case ExprKind::Slice:
        fold_optional(e->as<Slice>()->lower);
        fold_optional(e->as<Slice>()->upper);
        fold_optional(e->as<Slice>()->step);
        break;
    }
  }

  void replace(ExprNode*& e, const ConstValue& value) { e = make<Constant>(arena_, e->span, value); }

  void fold_binop(ExprNode*& e) {
    auto* node = e->as<BinOp>();
    if (!node->left->is<Constant>()) return;
    const ConstValue& left = node->left->as<Constant>()->value;
    if (node->op == Operator::Mod && node->right->is<Tuple>() && left.kind == ConstKind::Str) {
      fold_format(e, left.text(), node->right->as<Tuple>()->elts);
      return;
    }
    if (!node->right->is<Constant>()) return;
    ConstValue result;
    if (fold_binary(arena_, node->op, left, node->right->as<Constant>()->value, result)) replace(e, result);
  }

  void fold_unaryop(ExprNode*& e) {
    auto* node = e->as<UnaryOp>();
    if (node->operand->is<Constant>()) {
      ConstValue result;
      if (fold_unary(arena_, node->op, node->operand->as<Constant>()->value, result)) replace(e, result);
      return;
    }
    if (node->op != UnaryOperator::Not || !node->operand->is<Compare>()) return;
    auto* compare = node->operand->as<Compare>();
    if (compare->ops.size != 1) return;
    CmpOperator& op = compare->ops[0];
    switch (op) {
      case CmpOperator::Is: op = CmpOperator::IsNot; break;
      case CmpOperator::IsNot: op = CmpOperator::Is; break;
      case CmpOperator::In: op = CmpOperator::NotIn; break;
      case CmpOperator::NotIn: op = CmpOperator::In; break;
      default: return;  // `not a < b` is not `a >= b`
    }
    // The comparison keeps its own position, as in CPython.
    e = compare;
  }

  bool constant_items(const Seq<ExprNode*>& elements, Seq<ConstValue>& items) {
    for (ExprNode* element : elements) {
      if (!element->is<Constant>()) return false;
    }
    items = {arena_.allocate_array<ConstValue>(elements.size + 1), elements.size};
    for (u32 i = 0; i < elements.size; ++i) items[i] = elements[i]->as<Constant>()->value;
    return true;
  }

  void fold_tuple(ExprNode*& e) {
    if (e->as<Tuple>()->ctx != ExprContext::Load) return;
    ConstValue value = ConstValue::simple(ConstKind::Tuple);
    if (constant_items(e->as<Tuple>()->elts, value.items)) replace(e, value);
  }

  // What is only iterated over or searched needs no fresh list or set.
  void fold_iterable(ExprNode*& e) {
    if (e->is<List>()) {
      auto& elements = e->as<List>()->elts;
      for (ExprNode* element : elements) {
        if (element->is<Starred>()) return;
      }
      ConstValue value = ConstValue::simple(ConstKind::Tuple);
      if (constant_items(elements, value.items)) {
        replace(e, value);
      } else {
        e = make<Tuple>(arena_, e->span, elements, e->as<List>()->ctx);
      }
    } else if (e->is<Set>()) {
      ConstValue value = ConstValue::simple(ConstKind::FrozenSet);
      if (constant_items(e->as<Set>()->elts, value.items)) replace(e, value);
    }
  }

  void fold_compare(Compare* node) {
    CmpOperator last = node->ops.back();
    if (last == CmpOperator::In || last == CmpOperator::NotIn) fold_iterable(node->comparators.back());
  }

  void fold_subscript_of(ExprNode*& e) {
    auto* node = e->as<Subscript>();
    if (node->ctx != ExprContext::Load || !node->value->is<Constant>() || !node->slice->is<Constant>()) return;
    ConstValue result;
    if (fold_subscript(arena_, node->value->as<Constant>()->value, node->slice->as<Constant>()->value, result))
      replace(e, result);
  }

  // '%s: %5r' % (a, b) becomes f'{a!s}: {b!r:>5}' when every directive is one of %s %r %a with at most width and precision.
  void fold_format(ExprNode*& e, std::string_view format, const Seq<ExprNode*>& args) {
    for (ExprNode* arg : args) {
      if (arg->is<Starred>()) return;
    }
    std::vector<ExprNode*> pieces;
    std::string literal;
    u32 next_arg = 0;
    auto flush_literal = [&] {
      if (literal.empty()) return;
      pieces.push_back(make<Constant>(arena_, e->span, ConstValue::of_text(ConstKind::Str, arena_.copy(literal))));
      literal.clear();
    };
    for (usize i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        literal += format[i];
        continue;
      }
      if (++i == format.size()) return;
      if (format[i] == '%') {
        literal += '%';
        continue;
      }
      flush_literal();
      if (next_arg == args.size) return;
      bool left_justified = false;
      for (; i < format.size() && std::string_view("-+ #0").find(format[i]) != std::string_view::npos; ++i) {
        if (format[i] == '-') left_justified = true;
      }
      auto digits = [&](i32& value) {
        usize start = i;
        value = 0;
        while (i < format.size() && format[i] >= '0' && format[i] <= '9') {
          value = value * 10 + (format[i++] - '0');
          if (i - start > 2) return false;
        }
        return true;
      };
      i32 width = -1, precision = -1;
      if (i < format.size() && format[i] >= '0' && format[i] <= '9' && !digits(width)) return;
      if (i < format.size() && format[i] == '.') {
        ++i;
        if (!digits(precision)) return;
      }
      if (i == format.size() || (format[i] != 's' && format[i] != 'r' && format[i] != 'a')) return;
      std::string spec;
      if (!left_justified && width > 0) spec += '>';
      if (width >= 0) spec += std::to_string(width);
      if (precision >= 0) spec += '.' + std::to_string(precision);
      ExprNode* spec_node = nullptr;
      ExprNode* arg = args[next_arg++];
      if (!spec.empty()) spec_node = make<Constant>(arena_, arg->span, ConstValue::of_text(ConstKind::Str, arena_.copy(spec)));
      pieces.push_back(make<FormattedValue>(arena_, arg->span, arg, static_cast<i32>(format[i]), spec_node));
    }
    if (next_arg != args.size) return;
    flush_literal();
    e = make<JoinedStr>(arena_, e->span, make_seq(arena_, pieces.data(), pieces.size()));
  }

  Arena& arena_;
  const OptimizeOptions& options_;
  Diagnostics& diagnostics_;
  u32 depth_ = 0;
};

}  // namespace

bool optimize_ast(ModNode* mod, Arena& arena, const OptimizeOptions& options, Diagnostics& diagnostics) {
  Optimizer(arena, options, diagnostics).run(mod);
  return !diagnostics.failed();
}

}  // namespace baton::compile
