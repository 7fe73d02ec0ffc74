// Code generation for expressions, conditions, and assignment targets.
#include "compile/codegen.h"

namespace baton::compile {

using namespace ast;

namespace {

constexpr u32 kMaxWindow = 40;  // longer displays are built piece by piece

bool is_constant(const ExprNode* e, ConstKind kind) { return e->is<Constant>() && e->as<Constant>()->value.kind == kind; }
bool is_none(const ExprNode* e) { return is_constant(e, ConstKind::None); }

Op binary_op(Operator op, bool inplace) {
  int family;
  switch (op) {
    case Operator::Add: family = 0; break;
    case Operator::Sub: family = 1; break;
    case Operator::Mult: family = 2; break;
    case Operator::MatMult: family = 3; break;
    case Operator::Div: family = 4; break;
    case Operator::FloorDiv: family = 5; break;
    case Operator::Mod: family = 6; break;
    case Operator::Pow: family = 7; break;
    case Operator::LShift: family = 8; break;
    case Operator::RShift: family = 9; break;
    case Operator::BitAnd: family = 10; break;
    case Operator::BitOr: family = 11; break;
    case Operator::BitXor: family = 12; break;
  }
  return static_cast<Op>(static_cast<int>(inplace ? Op::InplaceAdd : Op::BinaryAdd) + family);
}
static_assert(static_cast<int>(Op::BinaryXor) - static_cast<int>(Op::BinaryAdd) == 12);
static_assert(static_cast<int>(Op::InplaceXor) - static_cast<int>(Op::InplaceAdd) == 12);

const char* type_name(const ConstValue& value) {
  switch (value.kind) {
    case ConstKind::None: return "NoneType";
    case ConstKind::True:
    case ConstKind::False: return "bool";
    case ConstKind::Ellipsis: return "ellipsis";
    case ConstKind::Int:
    case ConstKind::BigInt: return "int";
    case ConstKind::Float: return "float";
    case ConstKind::Complex: return "complex";
    case ConstKind::Str: return "str";
    case ConstKind::Bytes: return "bytes";
    case ConstKind::Tuple: return "tuple";
    case ConstKind::FrozenSet: return "frozenset";
  }
  return "object";
}

// Name of the type that an expression surely has, or null.
const char* inferred_type(const ExprNode* e) {
  switch (e->kind) {
    case ExprKind::Tuple: return "tuple";
    case ExprKind::List:
    case ExprKind::ListComp: return "list";
    case ExprKind::Dict:
    case ExprKind::DictComp: return "dict";
    case ExprKind::Set:
    case ExprKind::SetComp: return "set";
    case ExprKind::GeneratorExp: return "generator";
    case ExprKind::Lambda: return "function";
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue: return "str";
    case ExprKind::Constant: return type_name(e->as<Constant>()->value);
    default: return nullptr;
  }
}

}  // namespace

// ---- operands

bool Codegen::may_assign(const ExprNode* e) const {
  if (!unit_->block->has_walrus || !e) return false;
  return !e->is<Name>() && !e->is<Constant>();
}

i32 Codegen::operand(const ExprNode* e) {
  if (e->is<Name>()) {
    i32 reg = fast_register(e);
    if (reg >= 0) {
      Span saved = unit_->loc;
      set_loc(e->span);
      check_bound(reg);
      set_loc(saved);
      note_line(e);
      return reg;
    }
  } else if (e->is<NamedExpr>()) {
    number_locals(e->as<NamedExpr>()->value);
    i32 reg = fast_register(e->as<NamedExpr>()->target);
    if (reg >= 0) {
      const ExprNode* target = e->as<NamedExpr>()->target;
      if (forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span)) return reg;
      expr(e->as<NamedExpr>()->value, reg);
      unit_->bound.set(reg);
      return reg;
    }
  } else if (e->is<Constant>()) {
    i32 reg = constant_register(e->as<Constant>()->value);
    if (reg >= 0) {
      note_line(e);
      return reg;
    }
  }
  return push(e);
}

// An operand that needs no instruction, on another line than the expression it belongs to: the line shows in traces.
void Codegen::note_line(const ExprNode* e) {
  Span saved = unit_->loc;
  if (e->span.lineno == saved.lineno || !unit_->reachable) return;
  // What comes first on its own line, unless all of it has been on another line so far.
  bool first = unit_->code.empty() || unit_->code.back().span.lineno != saved.lineno;
  if (first && unit_->code.size() != unit_->after_noted_target) emit(Op::Nop);
  set_loc(e->span);
  emit(Op::Nop);
  unit_->loc = saved;
}

i32 Codegen::operand_before(const ExprNode* e, const ExprNode* later) { return may_assign(later) ? push(e) : operand(e); }

i32 Codegen::operand_before(const ExprNode* e, const Seq<ExprNode*>& later) {
  for (ExprNode* other : later) {
    if (may_assign(other)) return push(e);
  }
  return operand(e);
}

i32 Codegen::expr(const ExprNode* e, i32 dest) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return finish(top(), dest);
  Span saved = unit_->loc;
  bool saved_artificial = unit_->artificial_loc;
  set_loc(e->span);
  i32 result = expr_inner(e, dest);
  unit_->loc = saved;
  unit_->artificial_loc = saved_artificial;
  return result;
}

i32 Codegen::expr_inner(const ExprNode* e, i32 dest) {
  i32 base = top();
  switch (e->kind) {
    case ExprKind::BoolOp: return expr_boolop(e->as<BoolOp>(), dest);
    case ExprKind::NamedExpr: {
      auto* node = e->as<NamedExpr>();
      number_locals(node->value);
      i32 reg = fast_register(node->target);
      if (reg >= 0) {
        if (forbidden_name(node->target->as<Name>()->id, ExprContext::Store, node->target->span)) return finish(base, dest);
        expr(node->value, reg);
        unit_->bound.set(reg);
        return dest == reg ? finish(base, dest) : move_result(reg, base, dest);
      }
      i32 value = push(node->value);
      set_loc(node->target->span);
      store_name(node->target->as<Name>()->id, value);
      return move_result(value, base, dest);
    }
    case ExprKind::BinOp: return expr_binop(e->as<BinOp>(), dest);
    case ExprKind::UnaryOp: return expr_unary(e->as<UnaryOp>(), dest);
    case ExprKind::Lambda: return expr_lambda(e->as<Lambda>(), dest);
    case ExprKind::IfExp: return expr_ifexp(e->as<IfExp>(), dest);
    case ExprKind::Dict: return expr_dict(e->as<Dict>(), dest);
    case ExprKind::Set: return expr_sequence(e, e->as<Set>()->elts, Op::BuildSet, dest);
    case ExprKind::List: return expr_sequence(e, e->as<List>()->elts, Op::BuildList, dest);
    case ExprKind::Tuple: return expr_sequence(e, e->as<Tuple>()->elts, Op::BuildTuple, dest);
    case ExprKind::ListComp: {
      auto* node = e->as<ListComp>();
      return expr_comprehension(e, "<listcomp>", ComprehensionKind::List, node->generators, node->elt, nullptr, dest);
    }
    case ExprKind::SetComp: {
      auto* node = e->as<SetComp>();
      return expr_comprehension(e, "<setcomp>", ComprehensionKind::Set, node->generators, node->elt, nullptr, dest);
    }
    case ExprKind::DictComp: {
      auto* node = e->as<DictComp>();
      return expr_comprehension(e, "<dictcomp>", ComprehensionKind::Dict, node->generators, node->key, node->value, dest);
    }
    case ExprKind::GeneratorExp: {
      auto* node = e->as<GeneratorExp>();
      return expr_comprehension(e, "<genexpr>", ComprehensionKind::Generator, node->generators, node->elt, nullptr, dest);
    }
    case ExprKind::Await: return expr_await(e->as<Await>(), dest);
    case ExprKind::Yield: return expr_yield(e->as<Yield>(), dest);
    case ExprKind::YieldFrom: return expr_yield_from(e->as<YieldFrom>(), dest);
    case ExprKind::Compare: return expr_compare(e->as<Compare>(), dest);
    case ExprKind::Call: return expr_call(e->as<Call>(), dest);
    case ExprKind::FormattedValue: return expr_formatted(e->as<FormattedValue>(), dest);
    case ExprKind::JoinedStr: return expr_joined(e->as<JoinedStr>(), dest);
    case ExprKind::Constant: return load_const(e->as<Constant>()->value, dest);
    case ExprKind::Attribute: return expr_attribute(e->as<Attribute>(), dest);
    case ExprKind::Subscript: return expr_subscript(e->as<Subscript>(), dest);
    case ExprKind::Starred:
      error(e->span, e->as<Starred>()->ctx == ExprContext::Store ? "starred assignment target must be in a list or tuple"
                                                                 : "can't use starred expression here");
      return finish(base, dest);
    case ExprKind::Name: return load_name(e->as<Name>()->id, dest);
    case ExprKind::Slice: return expr_slice(e->as<Slice>(), dest);
  }
  return finish(base, dest);
}

// ---- operators

i32 Codegen::expr_boolop(const BoolOp* e, i32 dest) {
  i32 base = top();
  LabelId end = new_label();
  Op jump = e->op == BoolOperator::And ? Op::JumpIfFalse : Op::JumpIfTrue;
  for (u32 i = 0; i < e->values.size; ++i) {
    top() = base;
    bool last = i + 1 == e->values.size;
    if (!last && e->values[i]->is<Constant>()) {
      // It decides, or is as good as not there.
      if (constant_is_true(e->values[i]->as<Constant>()->value) == (e->op == BoolOperator::And)) continue;
      last = true;
    }
    push(e->values[i]);
    if (last) {
      check_without_code(e->values, i + 1);
      break;
    }
    emit_jump(jump, end, base);
  }
  top() = base + 1;
  bind(end);
  return move_result(base, base, dest);
}

// Operands that are never evaluated have errors and warnings, too.
void Codegen::check_without_code(const Seq<ExprNode*>& exprs, u32 first) {
  Unit& unit = *unit_;
  if (first == exprs.size) return;
  BoundSet bound = unit.bound;
  bool reachable = unit.reachable;
  unit.reachable = false;
  for (u32 i = first; i < exprs.size; ++i) evaluate_and_drop(exprs[i]);
  unit.reachable = reachable;
  unit.bound = bound;
}

bool Codegen::small_int_operand(const ExprNode* e, i32* value) const {
  if (!e->is<Constant>() || !constant_is_int(e->as<Constant>()->value, INT16_MIN, INT16_MAX)) return false;
  *value = static_cast<i32>(e->as<Constant>()->value.integer);
  return true;
}

i32 Codegen::emit_binary(Operator op, bool inplace, i32 dst, i32 left, const ExprNode* right) {
  i32 constant;
  if ((op == Operator::Add || op == Operator::Sub) && small_int_operand(right, &constant)) {
    Op form = op == Operator::Add ? (inplace ? Op::InplaceAddInt : Op::AddInt) : (inplace ? Op::InplaceSubInt : Op::SubInt);
    note_line(right);
    emit(form, dst, left, constant);
  } else {
    i32 value = operand(right);
    emit(binary_op(op, inplace), dst, left, value);
  }
  return dst;
}

i32 Codegen::expr_binop(const BinOp* e, i32 dest) {
  i32 base = top();
  i32 left = operand_before(e->left, e->right);
  emit_binary(e->op, false, target_of(base, dest), left, e->right);
  return finish(base, dest);
}

i32 Codegen::expr_unary(const UnaryOp* e, i32 dest) {
  i32 base = top();
  i32 value = operand(e->operand);
  Op op = Op::UnaryNot;
  switch (e->op) {
    case UnaryOperator::Invert: op = Op::UnaryInvert; break;
    case UnaryOperator::Not: op = Op::UnaryNot; break;
    case UnaryOperator::UAdd: op = Op::UnaryPositive; break;
    case UnaryOperator::USub: op = Op::UnaryNegative; break;
  }
  emit(op, target_of(base, dest), value);
  return finish(base, dest);
}

i32 Codegen::expr_ifexp(const IfExp* e, i32 dest) {
  i32 base = top();
  LabelId otherwise = new_label(), end = new_label();
  jump_if(e->test, otherwise, false);
  expr(e->body, dest);
  emit_jump_without_line(Op::Jump, end);
  if (e->body->is<BoolOp>() && !unit_->code.empty() && unit_->code.back().label == end) unit_->code.back().c = kStaysTarget;
  bind(otherwise);
  top() = base;
  expr(e->orelse, dest);
  bind(end);
  return finish(base, dest);
}

void Codegen::check_compare(const Compare* e) {
  auto allowed = [](const ExprNode* e) {
    if (!e->is<Constant>()) return true;
    ConstKind kind = e->as<Constant>()->value.kind;
    return kind == ConstKind::None || kind == ConstKind::True || kind == ConstKind::False || kind == ConstKind::Ellipsis;
  };
  bool left = allowed(e->left);
  for (u32 i = 0; i < e->ops.size; ++i) {
    bool right = allowed(e->comparators[i]);
    if ((e->ops[i] == CmpOperator::Is || e->ops[i] == CmpOperator::IsNot) && !(left && right)) {
      warning(unit_->loc, e->ops[i] == CmpOperator::Is ? "\"is\" with a literal. Did you mean \"==\"?"
                                                       : "\"is not\" with a literal. Did you mean \"!=\"?");
      return;
    }
    left = right;
  }
}

void Codegen::compare_registers(i32 dst, i32 left, CmpOperator op, i32 right) {
  Op code = Op::CompareEq;
  switch (op) {
    case CmpOperator::Eq: code = Op::CompareEq; break;
    case CmpOperator::NotEq: code = Op::CompareNe; break;
    case CmpOperator::Lt: code = Op::CompareLt; break;
    case CmpOperator::LtE: code = Op::CompareLe; break;
    case CmpOperator::Gt: code = Op::CompareGt; break;
    case CmpOperator::GtE: code = Op::CompareGe; break;
    case CmpOperator::Is: code = Op::Is; break;
    case CmpOperator::IsNot: code = Op::IsNot; break;
    case CmpOperator::In: code = Op::Contains; break;
    case CmpOperator::NotIn: code = Op::NotContains; break;
  }
  emit(code, dst, left, right);
}

i32 Codegen::expr_compare(const Compare* e, i32 dest) {
  check_compare(e);
  i32 base = top();
  if (e->ops.size == 1) {
    i32 left = operand_before(e->left, e->comparators[0]);
    i32 right = operand(e->comparators[0]);
    compare_registers(target_of(base, dest), left, e->ops[0], right);
    return finish(base, dest);
  }
  // Result at base; the operand shared by two links above it.
  LabelId end = new_label();
  push(e->left);
  i32 left = base;
  for (u32 i = 0; i < e->ops.size; ++i) {
    bool last = i + 1 == e->ops.size;
    i32 right = last ? operand(e->comparators[i]) : push(e->comparators[i]);
    compare_registers(base, left, e->ops[i], right);
    if (last) break;
    if (right != base + 1) emit(Op::Move, base + 1, right);
    top() = base + 2;
    left = base + 1;
    emit_jump(Op::JumpIfFalse, end, base);
  }
  top() = base + 1;
  bind(end);
  return move_result(base, base, dest);
}

// ---- conditions

void Codegen::jump_compare_registers(i32 left, CmpOperator op, i32 right, LabelId target, bool when) {
  Op code = Op::Nop;
  switch (op) {
    case CmpOperator::Eq: code = when ? Op::JumpIfEq : Op::JumpUnlessEq; break;
    case CmpOperator::NotEq: code = when ? Op::JumpIfNe : Op::JumpUnlessNe; break;
    case CmpOperator::Lt: code = when ? Op::JumpIfLt : Op::JumpUnlessLt; break;
    case CmpOperator::LtE: code = when ? Op::JumpIfLe : Op::JumpUnlessLe; break;
    case CmpOperator::Gt: code = when ? Op::JumpIfGt : Op::JumpUnlessGt; break;
    case CmpOperator::GtE: code = when ? Op::JumpIfGe : Op::JumpUnlessGe; break;
    case CmpOperator::Is: code = when ? Op::JumpIfIs : Op::JumpIfIsNot; break;
    case CmpOperator::IsNot: code = when ? Op::JumpIfIsNot : Op::JumpIfIs; break;
    case CmpOperator::In:
    case CmpOperator::NotIn: {
      i32 result = top();
      compare_registers(result, left, op, right);
      push_temp();
      emit_jump(when ? Op::JumpIfTrue : Op::JumpIfFalse, target, result);
      top() = result;
      return;
    }
  }
  emit_jump(code, target, left, right);
}

void Codegen::jump_compare(const ExprNode* left_expr, CmpOperator op, const ExprNode* right_expr, LabelId target, bool when) {
  i32 base = top();
  i32 left = operand_before(left_expr, right_expr);
  i32 constant;
  if ((op == CmpOperator::Is || op == CmpOperator::IsNot) && is_none(right_expr)) {
    emit_jump((op == CmpOperator::Is) == when ? Op::JumpIfNone : Op::JumpIfNotNone, target, left);
  } else if (op <= CmpOperator::GtE && small_int_operand(right_expr, &constant)) {
    Op code = Op::Nop;
    switch (op) {
      case CmpOperator::Eq: code = Op::JumpUnlessEqInt; break;
      case CmpOperator::NotEq: code = Op::JumpUnlessNeInt; break;
      case CmpOperator::Lt: code = Op::JumpUnlessLtInt; break;
      case CmpOperator::LtE: code = Op::JumpUnlessLeInt; break;
      case CmpOperator::Gt: code = Op::JumpUnlessGtInt; break;
      default: code = Op::JumpUnlessGeInt; break;
    }
    if (!when) {
      emit_jump(code, target, left, constant);
    } else {
      LabelId skip = new_label();
      emit_jump(code, skip, left, constant);
      emit_jump(Op::Jump, target);
      bind(skip);
    }
  } else {
    i32 right = operand(right_expr);
    jump_compare_registers(left, op, right, target, when);
  }
  top() = base;
}

void Codegen::jump_if(const ExprNode* e, LabelId target, bool when) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  switch (e->kind) {
    case ExprKind::UnaryOp:
      if (e->as<UnaryOp>()->op == UnaryOperator::Not) return jump_if(e->as<UnaryOp>()->operand, target, !when);
      break;
    case ExprKind::BoolOp: {
      auto* node = e->as<BoolOp>();
      bool stops_when = node->op == BoolOperator::Or;
      LabelId inner = stops_when != when ? new_label() : target;
      for (u32 i = 0; i + 1 < node->values.size; ++i) jump_if(node->values[i], inner, stops_when);
      jump_if(node->values.back(), target, when);
      if (inner != target) bind(inner);
      return;
    }
    case ExprKind::IfExp: {
      auto* node = e->as<IfExp>();
      LabelId otherwise = new_label(), end = new_label();
      jump_if(node->test, otherwise, false);
      jump_if(node->body, target, when);
      emit_jump(Op::Jump, end);
      bind(otherwise);
      jump_if(node->orelse, target, when);
      bind(end);
      return;
    }
    case ExprKind::Compare: {
      auto* node = e->as<Compare>();
      set_loc(e->span);  // stays in force for what follows in the statement, as in CPython
      check_compare(node);
      if (node->ops.size == 1) {
        jump_compare(node->left, node->ops[0], node->comparators[0], target, when);
      } else {
        i32 base = top();
        LabelId skip = when ? new_label() : target;
        i32 left = operand_before(node->left, node->comparators);
        for (u32 i = 0; i < node->ops.size; ++i) {
          bool last = i + 1 == node->ops.size;
          i32 right = last ? operand(node->comparators[i]) : operand_before(node->comparators[i], node->comparators[i + 1]);
          jump_compare_registers(left, node->ops[i], right, last ? target : skip, last && when);
          left = right;
        }
        if (when) bind(skip);
        top() = base;
      }
      return;
    }
    case ExprKind::Constant:
      if (constant_is_true(e->as<Constant>()->value) == when) emit_jump(Op::Jump, target);
      return;
    default: break;
  }
  i32 base = top();
  i32 value = operand(e);
  emit_jump(when ? Op::JumpIfTrue : Op::JumpIfFalse, target, value);
  top() = base;
}

// ---- displays

i32 Codegen::expr_sequence(const ExprNode* e, const Seq<ExprNode*>& elements, Op build, i32 dest, bool is_call) {
  i32 base = top();
  bool starred = false, constant = elements.size > 2 && build != Op::BuildTuple;
  for (ExprNode* element : elements) {
    starred = starred || element->is<Starred>();
    constant = constant && element->is<Constant>();
  }
  Op add = build == Op::BuildSet ? Op::SetAdd : Op::ListAppend;
  Op extend = build == Op::BuildSet ? Op::SetUpdate : Op::ListExtend;
  if (constant) {
    ConstValue value = ConstValue::simple(build == Op::BuildSet ? ConstKind::FrozenSet : ConstKind::Tuple);
    value.items = {arena_.allocate_array<ConstValue>(elements.size), elements.size};
    for (u32 i = 0; i < elements.size; ++i) value.items[i] = elements[i]->as<Constant>()->value;
    emit(build, base, base, 0);
    push_temp();
    i32 items = load_const(value, kPush);
    emit(extend, base, items, 1);
    return move_result(base, base, dest);
  }
  if (!starred && elements.size <= kMaxWindow) {
    // Locals that follow one another are a window as they are.
    i32 first = elements.size ? fast_register(elements[0]) : -1;
    bool consecutive = first >= 0;
    for (u32 i = 1; i < elements.size && consecutive; ++i)
      consecutive = fast_register(elements[i]) == first + static_cast<i32>(i);
    for (ExprNode* element : elements) {
      if (consecutive) {
        operand(element);
      } else {
        push(element);
      }
    }
    emit(build, target_of(base, dest), consecutive ? first : base, static_cast<i32>(elements.size));
    return finish(base, dest);
  }
  bool begun = false;
  Op container = build == Op::BuildSet ? Op::BuildSet : Op::BuildList;
  i32 pending = 0;
  for (u32 i = 0; i < elements.size; ++i) {
    bool is_star = elements[i]->is<Starred>();
    if (!begun && (is_star || elements.size > kMaxWindow)) {
      emit(container, base, base, pending);
      top() = base;
      push_temp();
      begun = true;
    }
    if (is_star) {
      i32 value = operand(elements[i]->as<Starred>()->value);
      emit(extend, base, value, 1);
      top() = base + 1;
    } else if (begun) {
      i32 value = operand(elements[i]);
      emit(add, base, value);
      top() = base + 1;
    } else {
      push(elements[i]);
      ++pending;
    }
  }
  if (build == Op::BuildTuple) {
    emit(Op::ListToTuple, target_of(base, dest), base);
    return finish(base, dest);
  }
  return move_result(base, base, dest);
}

i32 Codegen::expr_dict(const Dict* e, i32 dest) {
  i32 base = top();
  bool begun = false;
  i32 pending = 0;
  auto begin = [&](i32 target) {
    emit(Op::BuildDict, target, base, pending);
    top() = base;
    begun = true;
  };
  for (u32 i = 0; i < e->values.size; ++i) {
    if (!begun && (!e->keys[i] || e->values.size > kMaxWindow / 2)) {
      begin(base);
      push_temp();
    }
    if (!e->keys[i]) {
      i32 mapping = operand(e->values[i]);
      emit(Op::DictUpdate, base, mapping);
      top() = base + 1;
    } else if (begun) {
      i32 key = operand_before(e->keys[i], e->values[i]);
      i32 value = operand(e->values[i]);
      emit(Op::DictSet, base, key, value);
      top() = base + 1;
    } else {
      push(e->keys[i]);
      push(e->values[i]);
      ++pending;
    }
  }
  if (begun) return move_result(base, base, dest);
  begin(target_of(base, dest));
  return finish(base, dest);
}

i32 Codegen::expr_joined(const JoinedStr* e, i32 dest) {
  i32 base = top();
  u32 pending = 0;
  bool any = false;
  for (ExprNode* value : e->values) {
    if (pending == kMaxWindow) {
      emit(Op::BuildString, base, base, static_cast<i32>(pending));
      top() = base;
      push_temp();
      pending = 1;
    }
    push(value);
    ++pending;
    any = true;
  }
  if (pending == 1 && any) return move_result(base, base, dest);
  emit(Op::BuildString, target_of(base, dest), base, static_cast<i32>(pending));
  return finish(base, dest);
}

i32 Codegen::expr_formatted(const FormattedValue* e, i32 dest) {
  i32 base = top();
  push(e->value);
  i32 mode = 0;
  switch (e->conversion) {
    case 's': mode = 1; break;
    case 'r': mode = 2; break;
    case 'a': mode = 3; break;
    case -1: break;
    case 0: break;
    default: diagnostics_.error(ErrorKind::System, "Unrecognized conversion character " + std::to_string(e->conversion)); break;
  }
  if (e->format_spec) {
    push(e->format_spec);
    mode |= 4;
  }
  emit(Op::FormatValue, target_of(base, dest), base, mode);
  return finish(base, dest);
}

// ---- attributes and items

// An attribute on a later line than the start of the expression is reported where its name stands.
void Codegen::match_attribute_loc(const Attribute* e) {
  Span& loc = unit_->loc;
  if (loc.lineno != e->span.end_lineno) {
    loc.lineno = e->span.end_lineno;
    i32 length = 0;  // in characters, as CPython counts here
    for (char c : e->attr) length += (static_cast<u8>(c) & 0xC0) != 0x80;
    if (length <= e->span.end_col_offset) {
      loc.col_offset = e->span.end_col_offset - length;
    } else {
      loc.col_offset = loc.end_col_offset = -1;
    }
  }
  if (loc.end_lineno < loc.lineno) loc.end_lineno = loc.lineno;
}

i32 Codegen::expr_attribute(const Attribute* e, i32 dest) {
  i32 base = top();
  i32 object = operand(e->value);
  match_attribute_loc(e);
  emit(Op::LoadAttr, target_of(base, dest), object, name_index(mangled(e->attr)));
  return finish(base, dest);
}

void Codegen::check_subscripter(const ExprNode* e, const Span& span) {
  switch (e->kind) {
    case ExprKind::Constant:
      switch (e->as<Constant>()->value.kind) {
        case ConstKind::Str:
        case ConstKind::Bytes:
        case ConstKind::Tuple: return;
        default: break;
      }
      break;
    case ExprKind::Set:
    case ExprKind::SetComp:
    case ExprKind::GeneratorExp:
    case ExprKind::Lambda: break;
    default: return;
  }
  warning(span, quoted("'", inferred_type(e), "' object is not subscriptable; perhaps you missed a comma?"));
}

void Codegen::check_index(const ExprNode* e, const ExprNode* index, const Span& span) {
  const char* index_type = inferred_type(index);
  if (!index_type) return;
  if (index->is<Constant>()) {
    ConstKind kind = index->as<Constant>()->value.kind;
    if (kind == ConstKind::Int || kind == ConstKind::BigInt || kind == ConstKind::True || kind == ConstKind::False) return;
  }
  switch (e->kind) {
    case ExprKind::Constant: {
      ConstKind kind = e->as<Constant>()->value.kind;
      if (kind != ConstKind::Str && kind != ConstKind::Bytes && kind != ConstKind::Tuple) return;
      break;
    }
    case ExprKind::Tuple:
    case ExprKind::List:
    case ExprKind::ListComp:
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue: break;
    default: return;
  }
  warning(span,
          quoted(inferred_type(e), " indices must be integers or slices, not ", index_type) + "; perhaps you missed a comma?");
}

i32 Codegen::expr_subscript(const Subscript* e, i32 dest) {
  check_subscripter(e->value, e->span);
  check_index(e->value, e->slice, e->span);
  i32 base = top();
  i32 object = operand_before(e->value, e->slice);
  i32 constant;
  if (e->slice->kind == ExprKind::Slice) {
    i32 parts = push_slice_parts(e->slice->as<Slice>());
    emit(Op::LoadSlice, target_of(base, dest), object, parts);
  } else if (small_int_operand(e->slice, &constant)) {
    emit(Op::LoadItemInt, target_of(base, dest), object, constant);
  } else {
    i32 index = operand(e->slice);
    emit(Op::LoadItem, target_of(base, dest), object, index);
  }
  return finish(base, dest);
}

// -> the first of three temporaries.
i32 Codegen::push_slice_parts(const Slice* e) {
  i32 base = top();
  for (const ExprNode* part : {e->lower, e->upper, e->step}) {
    if (part) {
      push(part);
    } else {
      load_none(kPush);
    }
  }
  return base;
}

i32 Codegen::expr_slice(const Slice* e, i32 dest) {
  i32 base = push_slice_parts(e);
  emit(Op::BuildSlice, target_of(base, dest), base);
  return finish(base, dest);
}

// ---- yield and await

i32 Codegen::delegate(i32 iterator, i32 dest) {
  i32 base = iterator;
  LabelId again = new_label(), done = new_label();
  i32 value = load_none(kPush);
  bind_loop_head(again);
  emit(Op::Send, value, value == iterator ? iterator : iterator, value);
  emit_jump(Op::Jump, done);
  if (unit_->labels[done].reached) unit_->reachable = true;  // a Send that yields skips the jump
  emit(Op::YieldFrom, value, value, iterator);
  emit_jump(Op::JumpNoPoll, again);
  bind(done);
  return move_result(value, base, dest);
}

i32 Codegen::await_temp(i32 where, i32 dest) {
  i32 awaitable = top() - 1;
  emit(Op::GetAwaitable, awaitable, awaitable, where);
  return delegate(awaitable, dest);
}

i32 Codegen::expr_yield(const Yield* e, i32 dest) {
  if (unit_->block->type != BlockType::Function) {
    error(e->span, "'yield' outside function");
    return finish(top(), dest);
  }
  i32 base = top();
  i32 value = e->value ? operand(e->value) : load_none(kPush);
  if (unit_->block->generator && unit_->block->coroutine) {
    i32 wrapped = top();
    emit(Op::AsyncGenWrap, wrapped, value);
    value = push_temp();
  }
  emit(Op::Yield, target_of(base, dest), value, is_temporary_from(base, value));
  return finish(base, dest);
}

i32 Codegen::expr_yield_from(const YieldFrom* e, i32 dest) {
  if (unit_->block->type != BlockType::Function) {
    error(e->span, "'yield' outside function");
    return finish(top(), dest);
  }
  if (unit_->kind == UnitKind::AsyncFunction) {
    error(e->span, "'yield from' inside async function");
    return finish(top(), dest);
  }
  i32 value = push(e->value);
  emit(Op::GetYieldFromIter, value, value);
  return delegate(value, dest);
}

i32 Codegen::expr_await(const Await* e, i32 dest) {
  if (!is_top_level_await()) {
    if (unit_->block->type != BlockType::Function) {
      error(e->span, "'await' outside function");
      return finish(top(), dest);
    }
    if (unit_->kind != UnitKind::AsyncFunction && unit_->kind != UnitKind::Comprehension) {
      error(e->span, "'await' outside async function");
      return finish(top(), dest);
    }
  }
  push(e->value);
  return await_temp(0, dest);
}

// ---- targets

void Codegen::store(const ExprNode* target, i32 value) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  Span saved = unit_->loc;
  set_loc(target->span);
  i32 base = top();
  switch (target->kind) {
    case ExprKind::Name: store_name(target->as<Name>()->id, value); break;
    case ExprKind::Attribute: {
      auto* node = target->as<Attribute>();
      i32 object = operand(node->value);
      match_attribute_loc(node);
      if (forbidden_name(node->attr, ExprContext::Store, unit_->loc)) break;
      emit(Op::StoreAttr, object, value, name_index(mangled(node->attr)));
      break;
    }
    case ExprKind::Subscript: {
      auto* node = target->as<Subscript>();
      i32 object = operand_before(node->value, node->slice);
      if (node->slice->kind == ExprKind::Slice) {
        emit(Op::StoreSlice, object, push_slice_parts(node->slice->as<Slice>()), value);
      } else {
        emit(Op::StoreItem, object, operand(node->slice), value);
      }
      break;
    }
    case ExprKind::Tuple: store_unpack(target->as<Tuple>()->elts, value); break;
    case ExprKind::List: store_unpack(target->as<List>()->elts, value); break;
    case ExprKind::Starred: error(target->span, "starred assignment target must be in a list or tuple"); break;
    default: diagnostics_.error(ErrorKind::System, "expression is not an assignment target"); break;
  }
  top() = base;
  set_loc(saved);
}

void Codegen::store_unpack(const Seq<ExprNode*>& targets, i32 value) {
  i32 base = top();
  i32 count = static_cast<i32>(targets.size), star = -1;
  for (i32 i = 0; i < count; ++i) {
    if (!targets[i]->is<Starred>()) continue;
    if (star >= 0) return error(unit_->loc, "multiple starred expressions in assignment");
    star = i;
    if (i > 0xFF || count - i - 1 > 0xFF) return error(unit_->loc, "too many expressions in star-unpacking assignment");
  }
  if (star < 0) {
    // Straight into locals that follow one another.
    i32 first = count ? fast_register(targets[0]) : -1;
    bool consecutive = first >= 0;
    for (i32 i = 1; i < count && consecutive; ++i) consecutive = fast_register(targets[i]) == first + i;
    if (consecutive) {
      emit(Op::UnpackSequence, first, value, count);
      for (i32 i = 0; i < count; ++i) {
        if (forbidden_name(targets[i]->as<Name>()->id, ExprContext::Store, targets[i]->span)) return;
        unit_->bound.set(first + i);
      }
      return;
    }
    emit(Op::UnpackSequence, base, value, count);
  } else {
    emit(Op::UnpackEx, base, value, star | (count - star - 1) << 8);
  }
  reserve_registers(count);
  top() = base + count;
  for (i32 i = 0; i < count; ++i) store(i == star ? targets[i]->as<Starred>()->value : targets[i], base + i);
  top() = base;
}

void Codegen::delete_target(const ExprNode* target) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  Span saved = unit_->loc;
  set_loc(target->span);
  i32 base = top();
  switch (target->kind) {
    case ExprKind::Name: delete_name(target->as<Name>()->id); break;
    case ExprKind::Attribute: {
      auto* node = target->as<Attribute>();
      i32 object = operand(node->value);
      match_attribute_loc(node);
      emit(Op::DeleteAttr, object, 0, name_index(mangled(node->attr)));
      break;
    }
    case ExprKind::Subscript: {
      auto* node = target->as<Subscript>();
      i32 object = operand_before(node->value, node->slice);
      i32 index = operand(node->slice);
      emit(Op::DeleteItem, object, index);
      break;
    }
    case ExprKind::Tuple:
      for (ExprNode* element : target->as<Tuple>()->elts) delete_target(element);
      break;
    case ExprKind::List:
      for (ExprNode* element : target->as<List>()->elts) delete_target(element);
      break;
    default: diagnostics_.error(ErrorKind::System, "expression cannot be deleted"); break;
  }
  top() = base;
  set_loc(saved);
}

}  // namespace baton::compile
