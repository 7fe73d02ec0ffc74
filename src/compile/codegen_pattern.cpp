// Code generation for match statements.
//
// A pattern tests the value in a register and falls through on success; on failure it jumps to context.fail. Parts of the subject
// stay in temporaries until the whole pattern has succeeded (temporaries only grow within a pattern), when the captures are
// bound.
#include "compile/codegen.h"
#include "compile/unparse.h"

namespace baton::compile {

using namespace ast;
using ast::MatchClass;
using ast::MatchMapping;
using ast::MatchSequence;

namespace {

bool is_wildcard(const PatternNode* p) { return p->is<MatchAs>() && !p->as<MatchAs>()->name.data(); }
bool is_star_wildcard(const PatternNode* p) { return p->is<MatchStar>() && !p->as<MatchStar>()->name.data(); }
bool is_wildcard_or_star(const PatternNode* p) { return is_wildcard(p) || is_star_wildcard(p); }

std::string repr_of(std::string_view name) { return quoted("'", name, "'"); }

}  // namespace

void Codegen::stmt_match(const Match* s) {
  i32 base = top();
  i32 subject = push(s->subject);
  u32 cases = s->cases.size;
  MatchCase* last = s->cases[cases - 1];
  bool has_default = is_wildcard(last->pattern) && cases > 1;
  LabelId end = new_label();
  for (u32 i = 0; i < cases - has_default; ++i) {
    MatchCase* match_case = s->cases[i];
    top() = subject + 1;
    set_loc(match_case->pattern->span);
    PatternContext context;
    context.fail = new_label();
    context.allow_irrefutable = match_case->guard || i == cases - 1;
    pattern(match_case->pattern, subject, context);
    if (diagnostics_.failed()) return;
    for (const PatternContext::Capture& capture : context.captures) store_name(capture.name, capture.reg);
    top() = subject + 1;
    if (match_case->guard) jump_if(match_case->guard, context.fail, false);
    body(match_case->body);
    emit_jump(Op::Jump, end);
    bind(context.fail);
    set_loc(match_case->pattern->span);
  }
  top() = subject + 1;
  if (has_default) {
    set_loc(last->pattern->span);
    if (last->guard) {
      jump_if(last->guard, end, false);
    } else {
      emit(Op::Nop);
    }
    body(last->body);
  }
  top() = base;
  bind(end);
}

void Codegen::pattern(const PatternNode* p, i32 subject, PatternContext& context) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  set_loc(p->span);  // stays in force for what follows, as in CPython
  switch (p->kind) {
    case PatternKind::MatchValue: pattern_value(p->as<MatchValue>(), subject, context); break;
    case PatternKind::MatchSingleton: pattern_singleton(p->as<MatchSingleton>(), subject, context); break;
    case PatternKind::MatchSequence: pattern_sequence(p->as<MatchSequence>(), subject, context); break;
    case PatternKind::MatchMapping: pattern_mapping(p->as<MatchMapping>(), subject, context); break;
    case PatternKind::MatchClass: pattern_class(p->as<MatchClass>(), subject, context); break;
    case PatternKind::MatchStar: capture(p, p->as<MatchStar>()->name, subject, context); break;
    case PatternKind::MatchAs: pattern_as(p->as<MatchAs>(), subject, context); break;
    case PatternKind::MatchOr: pattern_or(p->as<MatchOr>(), subject, context); break;
  }
}

// Inside another pattern an irrefutable part is harmless.
void Codegen::subpattern(const PatternNode* p, i32 subject, PatternContext& context) {
  bool allowed = context.allow_irrefutable;
  context.allow_irrefutable = true;
  pattern(p, subject, context);
  context.allow_irrefutable = allowed;
}

void Codegen::capture(const PatternNode* p, std::string_view name, i32 subject, PatternContext& context) {
  if (!name.data()) return;
  if (forbidden_name(name, ExprContext::Store, p->span)) return;
  for (const PatternContext::Capture& other : context.captures) {
    if (other.name == name) return error(unit_->loc, "multiple assignments to name " + repr_of(name) + " in pattern");
  }
  context.captures.push_back({name, subject});
}

void Codegen::pattern_as(const MatchAs* p, i32 subject, PatternContext& context) {
  if (!p->pattern) {
    if (!context.allow_irrefutable) {
      if (p->name.data()) return error(p->span, "name capture " + repr_of(p->name) + " makes remaining patterns unreachable");
      return error(p->span, "wildcard makes remaining patterns unreachable");
    }
    if (!p->name.data()) emit(Op::Nop);  // the line of the case
    return capture(p, p->name, subject, context);
  }
  pattern(p->pattern, subject, context);
  capture(p, p->name, subject, context);
}

void Codegen::pattern_value(const MatchValue* p, i32 subject, PatternContext& context) {
  const ExprNode* value = p->value;
  if (!value->is<Constant>() && !value->is<Attribute>()) {
    return error(p->span, "patterns may only match literals and attribute lookups");
  }
  i32 base = top(), constant;
  if (small_int_operand(value, &constant)) {
    emit_jump(Op::JumpUnlessEqInt, context.fail, subject, constant);
  } else {
    i32 reg = operand(value);
    emit_jump(Op::JumpUnlessEq, context.fail, subject, reg);
  }
  top() = base;
}

void Codegen::pattern_singleton(const MatchSingleton* p, i32 subject, PatternContext& context) {
  i32 base = top();
  if (p->value.kind == ConstKind::None) {
    emit_jump(Op::JumpIfNotNone, context.fail, subject);
  } else {
    i32 reg = load_const(p->value, kPush);
    emit_jump(Op::JumpIfIsNot, context.fail, subject, reg);
  }
  top() = base;
}

void Codegen::fail_unless_length(i32 subject, CmpOperator op, i32 length, PatternContext& context) {
  i32 base = top();
  emit(Op::GetLen, base, subject);
  push_temp();
  if (length <= INT16_MAX) {
    emit_jump(op == CmpOperator::Eq ? Op::JumpUnlessEqInt : Op::JumpUnlessGeInt, context.fail, base, length);
  } else {
    i32 reg = load_const(ConstValue::of_int(length), kPush);
    emit_jump(op == CmpOperator::Eq ? Op::JumpUnlessEq : Op::JumpUnlessGe, context.fail, base, reg);
  }
  top() = base;
}

void Codegen::pattern_sequence(const MatchSequence* p, i32 subject, PatternContext& context) {
  i32 size = static_cast<i32>(p->patterns.size), star = -1;
  bool only_wildcard = true, star_wildcard = false;
  for (i32 i = 0; i < size; ++i) {
    const PatternNode* item = p->patterns[i];
    if (item->is<MatchStar>()) {
      if (star >= 0) return error(p->span, "multiple starred names in sequence pattern");
      star_wildcard = is_star_wildcard(item);
      only_wildcard = only_wildcard && star_wildcard;
      star = i;
      continue;
    }
    only_wildcard = only_wildcard && is_wildcard(item);
  }
  i32 base = top();
  emit(Op::MatchSequence, base, subject);
  push_temp();
  emit_jump(Op::JumpIfFalse, context.fail, base);
  top() = base;
  if (star < 0) {
    fail_unless_length(subject, CmpOperator::Eq, size, context);
  } else if (size > 1) {
    fail_unless_length(subject, CmpOperator::GtE, size - 1, context);
  }
  if (only_wildcard) return;
  if (star_wildcard) {
    for (i32 i = 0; i < size; ++i) {
      const PatternNode* item = p->patterns[i];
      if (i == star || is_wildcard_or_star(item)) continue;
      i32 reg = top();
      if (i < star) {
        emit(Op::LoadItemInt, reg, subject, i);
      } else {
        emit(Op::GetLen, reg, subject);
        push_temp();
        emit(Op::SubInt, reg, reg, size - i);
        emit(Op::LoadItem, reg, subject, reg);
        top() = reg;
      }
      push_temp();
      subpattern(item, reg, context);
    }
    return;
  }
  i32 first = top();
  if (star < 0) {
    emit(Op::UnpackSequence, first, subject, size);
  } else {
    if (star > 0xFF || size - star - 1 > 0xFF) return error(p->span, "too many expressions in star-unpacking sequence pattern");
    emit(Op::UnpackEx, first, subject, star | (size - star - 1) << 8);
  }
  reserve_registers(size);
  top() = first + size;
  for (i32 i = 0; i < size; ++i) subpattern(p->patterns[i], first + i, context);
}

void Codegen::pattern_mapping(const MatchMapping* p, i32 subject, PatternContext& context) {
  i32 size = static_cast<i32>(p->keys.size);
  bool rest = p->rest.data();
  i32 base = top();
  emit(Op::MatchMapping, base, subject);
  push_temp();
  emit_jump(Op::JumpIfFalse, context.fail, base);
  top() = base;
  if (!size && !rest) return;
  if (size) fail_unless_length(subject, CmpOperator::GtE, size, context);
  // The keys must be distinct as far as can be seen.
  for (i32 i = 0; i < size; ++i) {
    const ExprNode* key = p->keys[i];
    if (!key->is<Constant>() && !key->is<Attribute>()) {
      return error(p->span, "mapping pattern keys may only match literals and attribute lookups");
    }
    for (i32 j = 0; j < i && key->is<Constant>(); ++j) {
      if (p->keys[j]->is<Constant>() && equal_constants(p->keys[j]->as<Constant>()->value, key->as<Constant>()->value)) {
        std::string text;
        unparse_expression(key, text);
        return error(p->span, "mapping pattern checks duplicate key (" + text + ")");
      }
    }
  }
  i32 keys = top();
  bool constant = true;
  for (ExprNode* key : p->keys) constant = constant && key->is<Constant>();
  if (constant) {
    ConstValue tuple = ConstValue::simple(ConstKind::Tuple);
    tuple.items = {arena_.allocate_array<ConstValue>(p->keys.size + 1), p->keys.size};
    for (i32 i = 0; i < size; ++i) tuple.items[i] = p->keys[i]->as<Constant>()->value;
    load_const(tuple, kPush);
  } else {
    for (ExprNode* key : p->keys) push(key);
    emit(Op::BuildTuple, keys, keys, size);
    top() = keys;
    push_temp();
  }
  i32 values = top();
  emit(Op::MatchKeys, values, subject, keys);
  push_temp();
  emit_jump(Op::JumpIfNone, context.fail, values);
  i32 first = top();
  if (size) {
    emit(Op::UnpackSequence, first, values, size);
    reserve_registers(size);
    top() = first + size;
    for (i32 i = 0; i < size; ++i) subpattern(p->patterns[i], first + i, context);
  }
  if (rest) {
    i32 reg = top();
    emit(Op::CopyDictWithoutKeys, reg, subject, keys);
    push_temp();
    capture(p, p->rest, reg, context);
  }
}

void Codegen::pattern_class(const MatchClass* p, i32 subject, PatternContext& context) {
  i32 positional = static_cast<i32>(p->patterns.size), keywords = static_cast<i32>(p->kwd_patterns.size);
  for (i32 i = 0; i < keywords; ++i) {
    Identifier attribute = p->kwd_attrs[i];
    if (forbidden_name(attribute, ExprContext::Store, p->span)) return;
    for (i32 j = i + 1; j < keywords; ++j) {
      if (p->kwd_attrs[j] == attribute) {
        return error(p->kwd_patterns[j]->span, quoted("attribute name repeated in class pattern: ", attribute, ""));
      }
    }
  }
  i32 base = top();
  emit(Op::Move, base, subject);
  push_temp();
  push(p->cls);
  ConstValue names = ConstValue::simple(ConstKind::Tuple);
  names.items = {arena_.allocate_array<ConstValue>(p->kwd_attrs.size + 1), p->kwd_attrs.size};
  for (i32 i = 0; i < keywords; ++i) names.items[i] = ConstValue::of_text(ConstKind::Str, p->kwd_attrs[i]);
  load_const(names, kPush);
  emit(Op::MatchClass, base, base, positional);
  top() = base;
  push_temp();
  emit_jump(Op::JumpIfNone, context.fail, base);
  i32 count = positional + keywords, first = top();
  if (!count) {
    top() = base;
    return;
  }
  emit(Op::UnpackSequence, first, base, count);
  reserve_registers(count);
  top() = first + count;
  for (i32 i = 0; i < count; ++i) {
    const PatternNode* item = i < positional ? p->patterns[i] : p->kwd_patterns[i - positional];
    if (is_wildcard(item)) continue;
    subpattern(item, first + i, context);
  }
}

// Every alternative leaves its captures in the same registers, in the order of the first alternative.
void Codegen::pattern_or(const MatchOr* p, i32 subject, PatternContext& context) {
  i32 base = top();
  LabelId end = new_label();
  std::vector<std::string_view> names;
  u32 count = p->patterns.size;
  for (u32 i = 0; i < count; ++i) {
    top() = base;
    set_loc(p->patterns[i]->span);
    PatternContext inner;
    bool last = i + 1 == count;
    inner.fail = last ? context.fail : new_label();
    inner.allow_irrefutable = last && context.allow_irrefutable;
    pattern(p->patterns[i], subject, inner);
    if (diagnostics_.failed()) return;
    if (i == 0) {
      for (const PatternContext::Capture& item : inner.captures) names.push_back(item.name);
    }
    bool same = inner.captures.size() == names.size();
    std::vector<i32> registers;
    for (usize k = 0; same && k < names.size(); ++k) {
      bool found = false;
      for (const PatternContext::Capture& item : inner.captures) {
        if (item.name != names[k]) continue;
        registers.push_back(item.reg);
        found = true;
      }
      same = found;
    }
    if (!same) return error(unit_->loc, "alternative patterns bind different names");
    i32 above = top();
    for (i32 reg : registers) {
      emit(Op::Move, top(), reg);
      push_temp();
    }
    for (i32 k = 0; k < static_cast<i32>(registers.size()); ++k) {
      emit(Op::Move, base + k, above + k);
      use_register(base + k);
    }
    emit_jump(Op::Jump, end);
    if (!last) bind(inner.fail);
  }
  top() = base + static_cast<i32>(names.size());
  bind(end);
  for (usize k = 0; k < names.size(); ++k) capture(p, names[k], base + static_cast<i32>(k), context);
}

}  // namespace baton::compile
