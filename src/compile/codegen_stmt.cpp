// Code generation for statements other than functions, classes, try, with and match.
#include "compile/codegen.h"
#include "compile/unparse.h"

namespace baton::compile {

using namespace ast;

void Codegen::body(const Seq<StmtNode*>& stmts, u32 first) {
  for (u32 i = first; i < stmts.size && !diagnostics_.failed(); ++i) stmt(stmts[i]);
}

void Codegen::stmt(const StmtNode* s) {
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  set_loc(s->span);
  stmt_inner(s);
  BATON_DCHECK(diagnostics_.failed() || unit_->top >= unit_->first_temp, "temporaries are balanced");
}

void Codegen::stmt_inner(const StmtNode* s) {
  switch (s->kind) {
    case StmtKind::FunctionDef: return stmt_function(*s->as<FunctionDef>(), s, false);
    case StmtKind::AsyncFunctionDef: return stmt_function(*s->as<AsyncFunctionDef>(), s, true);
    case StmtKind::ClassDef: return stmt_class(s->as<ClassDef>());
    case StmtKind::Return: return stmt_return(s->as<Return>());
    case StmtKind::Delete:
      for (ExprNode* target : s->as<Delete>()->targets) delete_target(target);
      return;
    case StmtKind::Assign: {
      usize before = unit_->code.size();
      stmt_assign(s->as<Assign>());
      if (unit_->code.size() == before) emit(Op::Nop);  // `x = x` is a line, too
      return;
    }
    case StmtKind::AugAssign: return stmt_aug_assign(s->as<AugAssign>());
    case StmtKind::AnnAssign: return stmt_ann_assign(s->as<AnnAssign>());
    case StmtKind::For: return stmt_for(s->as<For>());
    case StmtKind::AsyncFor: return stmt_async_for(s->as<AsyncFor>());
    case StmtKind::While: return stmt_while(s->as<While>());
    case StmtKind::If: return stmt_if(s->as<If>());
    case StmtKind::With: return stmt_with(*s->as<With>(), s, 0, false);
    case StmtKind::AsyncWith: return stmt_with(*s->as<AsyncWith>(), s, 0, true);
    case StmtKind::Match: return stmt_match(s->as<Match>());
    case StmtKind::Raise: return stmt_raise(s->as<Raise>());
    case StmtKind::Try: return stmt_try(*s->as<Try>(), s, false);
    case StmtKind::TryStar: return stmt_try(*s->as<TryStar>(), s, true);
    case StmtKind::Assert: return stmt_assert(s->as<Assert>());
    case StmtKind::Import: return stmt_import(s->as<Import>());
    case StmtKind::ImportFrom: return stmt_import_from(s->as<ImportFrom>());
    case StmtKind::Global:
    case StmtKind::Nonlocal: return;
    case StmtKind::Expr: return stmt_expr(s->as<Expr>());
    case StmtKind::Pass: return emit(Op::Nop);
    case StmtKind::Break: return stmt_break(s);
    case StmtKind::Continue: return stmt_continue(s);
  }
}

void Codegen::evaluate_and_drop(const ExprNode* e) {
  i32 base = top();
  push(e);
  top() = base;
}

void Codegen::stmt_expr(const Expr* s) {
  if (options_.interactive && units_.size() == 1) {
    i32 base = top();
    i32 value = push(s->value);
    emit(Op::PrintExpr, value);
    top() = base;
  } else if (s->value->is<Constant>()) {
    emit(Op::Nop);
  } else {
    evaluate_and_drop(s->value);
    unset_loc();
  }
}

// ---- assignment

void Codegen::stmt_assign(const Assign* s) {
  i32 base = top();
  if (s->targets.size == 1) {
    const ExprNode* target = s->targets[0];
    number_locals(s->value);  // co_varnames is in the order of evaluation: the value before its target
    i32 reg = fast_register(target);
    if (reg >= 0) {
      if (forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span)) return;
      expr(s->value, reg);
      unit_->bound.set(reg);
      top() = base;
      return;
    }
    if (assign_tuples(s)) return;
  }
  if (s->value->is<Constant>()) {
    // a = b = 0: straight into each local.
    bool all_fast = true;
    for (ExprNode* target : s->targets) {
      all_fast =
          all_fast && fast_register(target) >= 0 && !forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span);
    }
    if (all_fast) {
      for (ExprNode* target : s->targets) {
        i32 reg = fast_register(target);
        load_const_into(reg, s->value->as<Constant>()->value);
        unit_->bound.set(reg);
      }
      return;
    }
  }
  bool copy = s->targets.size > 1 && s->value->is<Name>();
  i32 value = copy ? push(s->value) : operand_before(s->value, s->targets);
  for (ExprNode* target : s->targets) store(target, value);
  top() = base;
}

// `a, b = x, y` without a tuple. Locals cannot be observed between the stores, so that values that are locals or constants are
// read when they are stored, unless an earlier store changes them; and the last other value goes straight into its target.
bool Codegen::assign_tuples(const Assign* s) {
  auto elements = [](const ExprNode* e) -> const Seq<ExprNode*>* {
    if (e->is<Tuple>()) return &e->as<Tuple>()->elts;
    if (e->is<List>()) return &e->as<List>()->elts;
    return nullptr;
  };
  const Seq<ExprNode*>* targets = elements(s->targets[0]);
  if (!targets || targets->empty() || targets->size > 16) return false;
  for (ExprNode* target : *targets) {
    if (target->is<Starred>()) return false;
  }
  i32 base = top();
  if (s->value->is<Constant>()) {
    const ConstValue& value = s->value->as<Constant>()->value;
    if (value.kind != ConstKind::Tuple || value.items.size != targets->size) return false;
    for (u32 i = 0; i < targets->size; ++i) {
      i32 fast = fast_register((*targets)[i]);
      if (fast >= 0 && !forbidden_name((*targets)[i]->as<Name>()->id, ExprContext::Store, (*targets)[i]->span)) {
        load_const_into(fast, value.items[i]);
        unit_->bound.set(fast);
      } else {
        store((*targets)[i], load_const(value.items[i], kPush));
      }
      top() = base;
    }
    return true;
  }
  const Seq<ExprNode*>* values = elements(s->value);
  if (!values || values->size != targets->size) return false;
  for (ExprNode* value : *values) {
    if (value->is<Starred>()) return false;
  }
  u32 n = targets->size;
  struct Item {
    i32 source = -1;  // register that holds the value
    const ConstValue* constant = nullptr;
  };
  std::vector<Item> items(n);
  bool all_fast = true;
  for (ExprNode* target : *targets) {
    if (!target->is<Name>()) all_fast = false;
  }
  // Which locals the targets write, and when.
  std::vector<i32> written(n, -1);
  std::vector<i32> sources(n, -1);
  for (u32 i = 0; i < n; ++i) {
    number_locals((*values)[i]);
    sources[i] = fast_register((*values)[i]);
  }
  for (u32 i = 0; i < n; ++i) {
    number_locals((*targets)[i]);
    written[i] = fast_register((*targets)[i]);
    if (written[i] < 0) all_fast = false;
  }
  // Also from within a nested target: `(a, b), c = pair, b`.
  auto writes = [&](auto& self, const ExprNode* target, i32 reg) -> bool {
    if (target->is<Starred>()) return self(self, target->as<Starred>()->value, reg);
    const Seq<ExprNode*>* inner = elements(target);
    if (!inner) return target->is<Name>() ? fast_register(target) == reg : may_assign(target);
    for (ExprNode* part : *inner) {
      if (self(self, part, reg)) return true;
    }
    return false;
  };
  auto written_before = [&](i32 reg, u32 end) {
    for (u32 i = 0; i < end; ++i) {
      if (writes(writes, (*targets)[i], reg)) return true;
    }
    return false;
  };
  auto later_assigns = [&](u32 i) {
    for (u32 j = i + 1; j < n; ++j) {
      if (may_assign((*values)[j])) return true;
    }
    return false;
  };
  i32 last_computed = -1;
  for (u32 i = 0; i < n; ++i) {
    if (sources[i] < 0 && !(*values)[i]->is<Constant>()) last_computed = static_cast<i32>(i);
  }
  for (u32 i = 0; i < n; ++i) {
    const ExprNode* value = (*values)[i];
    if (value->is<Constant>()) {
      items[i].constant = &value->as<Constant>()->value;
    } else if (sources[i] >= 0 && !written_before(sources[i], i) && !later_assigns(i)) {
      items[i].source = operand(value);
    } else if (static_cast<i32>(i) == last_computed && all_fast) {
      // Not if the old value of the target is still to be stored somewhere else, or to be seen: a later value may be unbound.
      bool old_needed = false;
      for (u32 j = 0; j < n; ++j) old_needed = old_needed || (j != i && (sources[j] == written[i] || written[j] == written[i]));
      for (u32 j = i + 1; j < n; ++j) old_needed = old_needed || (sources[j] >= 0 && !unit_->bound.test(sources[j]));
      items[i].source = old_needed ? push(value) : expr(value, written[i]);
    } else {
      items[i].source = push(value);
    }
  }
  for (u32 i = 0; i < n; ++i) {
    const ExprNode* target = (*targets)[i];
    i32 kept_top = top();
    if (items[i].constant) {
      if (written[i] >= 0 && !forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span)) {
        load_const_into(written[i], *items[i].constant);
        unit_->bound.set(written[i]);
      } else {
        store(target, load_const(*items[i].constant, kPush));
      }
    } else {
      store(target, items[i].source);
    }
    top() = kept_top;
  }
  top() = base;
  return true;
}

void Codegen::stmt_aug_assign(const AugAssign* s) {
  i32 base = top();
  const ExprNode* target = s->target;
  switch (target->kind) {
    case ExprKind::Name: {
      i32 reg = fast_register(target);
      if (reg >= 0) {
        if (forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span)) return;
        set_loc(target->span);
        check_bound(reg);
        set_loc(s->span);
        i32 left = reg;
        if (may_assign(s->value)) {
          emit(Op::Move, top(), reg);
          left = push_temp();
        }
        emit_binary(s->op, true, reg, left, s->value);
        unit_->bound.set(reg);
      } else {
        set_loc(target->span);
        i32 value = load_name(target->as<Name>()->id, kPush);
        set_loc(s->span);
        emit_binary(s->op, true, value, value, s->value);
        set_loc(target->span);
        store_name(target->as<Name>()->id, value);
      }
      break;
    }
    case ExprKind::Attribute: {
      auto* node = target->as<Attribute>();
      i32 object = operand_before(node->value, s->value);
      set_loc(target->span);
      match_attribute_loc(node);
      i32 name = name_index(mangled(node->attr)), value = top();
      emit(Op::LoadAttr, value, object, name);
      push_temp();
      set_loc(s->span);
      emit_binary(s->op, true, value, value, s->value);
      set_loc(target->span);
      match_attribute_loc(node);
      emit(Op::StoreAttr, object, value, name);
      break;
    }
    case ExprKind::Subscript: {
      auto* node = target->as<Subscript>();
      bool copy = may_assign(s->value);
      i32 object = copy ? push(node->value) : operand_before(node->value, node->slice);
      i32 index = copy ? push(node->slice) : operand(node->slice);
      set_loc(target->span);
      i32 value = top();
      emit(Op::LoadItem, value, object, index);
      push_temp();
      set_loc(s->span);
      emit_binary(s->op, true, value, value, s->value);
      set_loc(target->span);
      emit(Op::StoreItem, object, index, value);
      break;
    }
    default: diagnostics_.error(ErrorKind::System, "invalid node type for augmented assignment"); break;
  }
  top() = base;
}

void Codegen::check_annotation_expr(const ExprNode* e) { evaluate_and_drop(e); }

void Codegen::check_annotation_subscript(const ExprNode* e) {
  switch (e->kind) {
    case ExprKind::Slice:
      for (const ExprNode* part : {e->as<Slice>()->lower, e->as<Slice>()->upper, e->as<Slice>()->step}) {
        if (part) check_annotation_expr(part);
      }
      return;
    case ExprKind::Tuple:
      for (ExprNode* element : e->as<Tuple>()->elts) check_annotation_subscript(element);
      return;
    default: return check_annotation_expr(e);
  }
}

void Codegen::stmt_ann_assign(const AnnAssign* s) {
  const ExprNode* target = s->target;
  bool future = options_.future_flags & kFutureAnnotations;
  bool evaluates = unit_->kind == UnitKind::Module || unit_->kind == UnitKind::Class;
  i32 base = top();
  if (s->value) {
    number_locals(s->value);
    i32 fast = fast_register(target);
    if (fast >= 0) {
      if (forbidden_name(target->as<Name>()->id, ExprContext::Store, target->span)) return;
      usize before = unit_->code.size();
      expr(s->value, fast);
      if (unit_->code.size() == before) emit(Op::Nop);
      unit_->bound.set(fast);
    } else {
      i32 value = operand(s->value);
      store(target, value);
    }
    top() = base;
  }
  switch (target->kind) {
    case ExprKind::Name: {
      if (forbidden_name(target->as<Name>()->id, ExprContext::Store, s->span)) return;
      if (!s->simple || !evaluates) break;
      i32 value;
      if (future) {
        std::string text;
        if (!unparse_expression(s->annotation, text)) return diagnostics_.recursion_error();
        Span saved = unit_->loc;
        set_loc(s->annotation->span);
        value = load_string(arena_.copy(text), kPush);
        set_loc(saved);
      } else {
        value = push(s->annotation);
      }
      i32 dict = top();
      emit(Op::LoadName, dict, name_index("__annotations__"));
      push_temp();
      i32 key = load_string(mangled(target->as<Name>()->id), kPush);
      emit(Op::StoreItem, dict, key, value);
      break;
    }
    case ExprKind::Attribute:
      if (forbidden_name(target->as<Attribute>()->attr, ExprContext::Store, s->span)) return;
      if (!s->value) check_annotation_expr(target->as<Attribute>()->value);
      break;
    case ExprKind::Subscript:
      if (!s->value) {
        check_annotation_expr(target->as<Subscript>()->value);
        check_annotation_subscript(target->as<Subscript>()->slice);
      }
      break;
    default: diagnostics_.error(ErrorKind::System, "invalid node type for annotated assignment"); break;
  }
  top() = base;
  // Annotations of complex targets are evaluated and dropped.
  if (!s->simple && !future && evaluates) check_annotation_expr(s->annotation);
}

// ---- control flow

void Codegen::stmt_if(const If* s) {
  LabelId otherwise = new_label();
  if (s->test->is<Constant>()) emit(Op::Nop);
  jump_if(s->test, otherwise, false);
  body(s->body);
  if (s->orelse.empty()) {
    bind(otherwise);
    return;
  }
  LabelId end = new_label();
  if (s->body.empty()) {
    emit_jump(Op::Jump, end);
  } else {
    emit_jump_without_line(Op::Jump, end);
  }
  bind(otherwise);
  body(s->orelse);
  bind(end);
}

void Codegen::stmt_while(const While* s) {
  LabelId head = new_label(), otherwise = new_label(), end = new_label();
  bool constant = s->test->is<Constant>();
  if (constant) emit(Op::Nop);
  bind_loop_head(head);
  if (!push_block({FrameBlockKind::WhileLoop, head, end, unit_->handler, -1, top()})) return;
  ++unit_->loop_depth;
  jump_if(s->test, otherwise, false);
  // All on one line: the test again at the end, so that traces show a turn of the loop only when there is one.
  bool one_line = !constant && s->body[0]->span.lineno == s->span.lineno;
  LabelId again = head;
  if (one_line) bind_loop_head(again = new_label());
  body(s->body);
  if (one_line) jump_if(s->test, otherwise, false);
  --unit_->loop_depth;
  if (constant) {
    set_loc(s->span);  // no test will show the line
    emit_jump(Op::JumpBack, again);
  } else {
    emit_jump_without_line(Op::JumpBack, again);
  }
  pop_block();
  bind(otherwise);
  set_loc(s->span);
  body(s->orelse);
  bind(end);
}

void Codegen::stmt_for(const For* s) {
  i32 base = top();
  LabelId head = new_label(), otherwise = new_label(), end = new_label();
  i32 source = operand(s->iter);
  emit(Op::GetIter, base, source);
  top() = base;
  i32 iterator = push_temp();
  if (!push_block({FrameBlockKind::ForLoop, head, end, unit_->handler, -1, base})) return;
  bind_loop_head(head);
  ++unit_->loop_depth;
  i32 fast = fast_register(s->target);
  if (fast >= 0) {
    emit_jump(Op::ForIter, otherwise, fast, iterator);
    unit_->bound.set(fast);
    forbidden_name(s->target->as<Name>()->id, ExprContext::Store, s->target->span);
    note_line(s->target);
    unit_->after_noted_target = unit_->code.size();
  } else {
    i32 item = top();
    emit_jump(Op::ForIter, otherwise, item, iterator);
    push_temp();
    store(s->target, item);
    top() = item;
  }
  body(s->body);
  --unit_->loop_depth;
  unset_loc();
  emit_jump(Op::JumpBack, head);
  pop_block();
  bind(otherwise);
  top() = base;
  body(s->orelse);
  bind(end);
}

void Codegen::stmt_async_for(const AsyncFor* s) {
  if (!is_top_level_await() && unit_->kind != UnitKind::AsyncFunction) {
    return error(s->span, "'async for' outside async function");
  }
  i32 base = top();
  LabelId head = new_label(), end = new_label(), handler_label = new_label();
  i32 source = operand(s->iter);
  emit(Op::GetAIter, base, source);
  top() = base;
  i32 iterator = push_temp(), item = top();
  if (!push_block({FrameBlockKind::ForLoop, head, end, unit_->handler, -1, base})) return;
  bind_loop_head(head);
  BoundSet bound = unit_->bound;
  bool reachable = unit_->reachable;
  i32 outer_handler = unit_->handler;
  unit_->handler = new_handler(handler_label, item);
  emit(Op::GetANext, item, iterator);
  push_temp();
  delegate(item, kPush);
  unit_->handler = outer_handler;
  ++unit_->loop_depth;
  store(s->target, item);
  top() = item;
  body(s->body);
  --unit_->loop_depth;
  emit_jump_without_line(Op::JumpBack, head);
  pop_block();
  bind_handler(handler_label, bound, reachable);
  top() = item;
  push_temp();
  set_loc(s->iter->span);
  emit(Op::EndAsyncFor, item);
  top() = base;
  body(s->orelse);
  bind(end);
}

void Codegen::stmt_return(const Return* s) {
  if (unit_->block->type != BlockType::Function) return error(s->span, "'return' outside function");
  if (s->value && unit_->block->coroutine && unit_->block->generator)
    return error(s->span, "'return' with value in async generator");
  i32 base = top();
  bool constant = !s->value || s->value->is<Constant>();
  ConstValue value = s->value && constant ? s->value->as<Constant>()->value : ConstValue::simple(ConstKind::None);
  i32 result = -1;
  bool unwinds = leaving_needs_code();
  if (!constant) {
    result = unwinds ? push(s->value) : operand(s->value);
  } else if (s->value) {
    set_loc(s->value->span);
    emit(Op::Nop);
  }
  if (!s->value || s->value->span.lineno != s->span.lineno) {
    set_loc(s->span);
    emit(Op::Nop);
  }
  FrameBlock storage;
  unwind(result, nullptr, &storage);
  if (constant) {
    emit(Op::ReturnConst, 0, const_index(value));
  } else {
    emit(Op::Return, result);
  }
  top() = base;
}

// The jump is outside of the blocks that have been left: what it raises (at a poll) is not theirs.
void Codegen::leave_to(Op op, LabelId target, i32 handler) {
  i32 inside = unit_->handler;
  unit_->handler = handler;
  emit_jump_without_line(op, target);
  unit_->handler = inside;
}

void Codegen::stmt_break(const StmtNode* s) {
  i32 base = top();
  emit(Op::Nop);
  FrameBlock storage;
  FrameBlock* loop = nullptr;
  unwind(-1, &loop, &storage);
  if (!loop) return error(s->span, "'break' outside loop");
  leave_to(Op::Jump, loop->exit, loop->outer_handler);
  top() = base;
}

void Codegen::stmt_continue(const StmtNode* s) {
  i32 base = top();
  emit(Op::Nop);
  FrameBlock storage;
  FrameBlock* loop = nullptr;
  unwind(-1, &loop, &storage);
  if (!loop) return error(s->span, "'continue' not properly in loop");
  leave_to(Op::JumpBack, loop->head, loop->outer_handler);
  top() = base;
}

void Codegen::stmt_raise(const Raise* s) {
  i32 base = top();
  if (!s->exc) {
    emit(Op::RaiseBare);
  } else if (s->cause) {
    i32 exception = operand_before(s->exc, s->cause);
    i32 cause = operand(s->cause);
    emit(Op::RaiseFrom, exception, cause);
  } else {
    i32 exception = operand(s->exc);
    emit(Op::Raise, exception);
  }
  top() = base;
}

void Codegen::stmt_assert(const Assert* s) {
  bool always_true = s->test->is<Tuple>() && !s->test->as<Tuple>()->elts.empty();
  if (s->test->is<Constant>()) {
    const ConstValue& value = s->test->as<Constant>()->value;
    always_true = value.kind == ConstKind::Tuple && !value.items.empty();
  }
  if (always_true) warning(s->span, "assertion is always true, perhaps remove parentheses?");
  if (options_.optimize) return;
  if (s->test->is<Constant>() && constant_is_true(s->test->as<Constant>()->value)) emit(Op::Nop);  // a line without code
  i32 base = top();
  LabelId end = new_label();
  jump_if(s->test, end, true);
  emit(Op::LoadAssertionError, base);
  push_temp();
  if (s->msg) {
    emit(Op::LoadAbsent, base + 1);
    push_temp();
    push(s->msg);
    emit(Op::Call, base, 1, base);
  }
  top() = base + 1;
  emit(Op::Raise, base);
  top() = base;
  bind(end);
}

// ---- imports

void Codegen::stmt_import(const Import* s) {
  for (Alias* alias : s->names) {
    i32 base = top();
    load_const(ConstValue::of_int(0), kPush);
    load_none(kPush);
    emit(Op::ImportName, base, base, name_index(mangled(alias->name)));
    top() = base + 1;
    usize dot = alias->name.find('.');
    if (!alias->asname.data()) {
      store_name(alias->name.substr(0, dot), base);
    } else {
      i32 module = base;
      while (dot != std::string_view::npos) {
        usize start = dot + 1;
        dot = alias->name.find('.', start);
        i32 next = dot == std::string_view::npos ? base + 1 : base;
        emit(Op::ImportFrom, next, module,
             name_index(alias->name.substr(start, dot == std::string_view::npos ? dot : dot - start)));
        if (next != base) push_temp();
        module = next;
      }
      store_name(alias->asname, module);
    }
    top() = base;
  }
}

void Codegen::stmt_import_from(const ImportFrom* s) {
  if (s->span.lineno > options_.future_line && s->module.data() && s->module == "__future__") {
    return error(s->span, "from __future__ imports must occur at the beginning of the file");
  }
  i32 base = top();
  ConstValue names = ConstValue::simple(ConstKind::Tuple);
  names.items = {arena_.allocate_array<ConstValue>(s->names.size), s->names.size};
  for (u32 i = 0; i < s->names.size; ++i) names.items[i] = ConstValue::of_text(ConstKind::Str, s->names[i]->name);
  load_const(ConstValue::of_int(s->level), kPush);
  load_const(names, kPush);
  emit(Op::ImportName, base, base, name_index(s->module.data() ? mangled(s->module) : ""));
  top() = base + 1;
  for (u32 i = 0; i < s->names.size; ++i) {
    Alias* alias = s->names[i];
    if (i == 0 && alias->name == "*") {
      emit(Op::ImportStar, base);
      break;
    }
    std::string_view stored = alias->asname.data() ? alias->asname : alias->name;
    i32 name = name_index(mangled(alias->name)), fast = -1;
    if (access_of(mangled(stored), &fast) == Access::Fast && !forbidden_name(stored, ExprContext::Store, s->span)) {
      emit(Op::ImportFrom, fast, base, name);
      unit_->bound.set(fast);
    } else {
      emit(Op::ImportFrom, base + 1, base, name);
      push_temp();
      store_name(stored, base + 1);
      top() = base + 1;
    }
  }
  top() = base;
}

}  // namespace baton::compile
