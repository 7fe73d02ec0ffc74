// Code generation for comprehensions and generator expressions: functions of their own with the first iterator as parameter ".0".
#include "compile/codegen.h"

namespace baton::compile {

using namespace ast;

i32 Codegen::expr_comprehension(const ExprNode* e, std::string_view name, ComprehensionKind kind,
                                const Seq<Comprehension*>& generators, const ExprNode* element, const ExprNode* value, i32 dest) {
  UnitKind outer_kind = unit_->kind;
  const Comprehension* outermost = generators[0];
  const Block* block = symbols_.block_of(e);
  bool is_async = block->coroutine, is_generator = kind == ComprehensionKind::Generator;
  bool top_level_await = is_top_level_await();
  i32 base = top();
  if (is_async && !is_generator && outer_kind != UnitKind::AsyncFunction && outer_kind != UnitKind::Comprehension &&
      !top_level_await) {
    error(e->span, "asynchronous comprehension outside of an asynchronous function");
    return finish(base, dest);
  }
  // [base] function, [base+1] absent, [base+2] iterator
  FunctionExtras extras = push_function_extras({}, e);
  enter_unit(UnitKind::Comprehension, name, e, e->span.lineno);
  unit_->argcount = 1;
  set_loc(e->span);
  i32 container = unit_->top;
  if (!is_generator) {
    Op build = kind == ComprehensionKind::List ? Op::BuildList : kind == ComprehensionKind::Set ? Op::BuildSet : Op::BuildDict;
    emit(build, container, container, 0);
    push_temp();
  }
  ++unit_->loop_depth;
  comprehension_loop(generators, 0, element, value, kind, container);
  if (!is_generator) emit(Op::Return, container);
  std::unique_ptr<FinishedCode> code = leave_unit(is_generator);
  make_function(extras, nullptr, std::move(code), base, kPush);
  emit(Op::LoadAbsent, base + 1);
  push_temp();
  i32 iterable = top();
  i32 source = operand(outermost->iter);
  emit(outermost->is_async ? Op::GetAIter : Op::GetIter, iterable, source);
  top() = iterable;
  push_temp();
  if (is_async && !is_generator) {
    emit(Op::Call, base, 1, base);
    finish(base, kPush);
    return await_temp(0, dest);
  }
  emit(Op::Call, base, 1, target_of(base, dest));
  return finish(base, dest);
}

void Codegen::comprehension_element(const ExprNode* element, const ExprNode* value, ComprehensionKind kind, i32 container) {
  i32 base = top();
  switch (kind) {
    case ComprehensionKind::List: emit(Op::ListAppend, container, operand(element)); break;
    case ComprehensionKind::Set: emit(Op::SetAdd, container, operand(element)); break;
    case ComprehensionKind::Dict: {
      i32 key = operand_before(element, value);
      emit(Op::DictSet, container, key, operand(value));
      break;
    }
    default: {
      i32 item = operand(element);
      if (unit_->block->coroutine) {
        i32 wrapped = top();
        emit(Op::AsyncGenWrap, wrapped, item);
        item = push_temp();
      }
      i32 sent = base;
      emit(Op::Yield, sent, item, is_temporary_from(base, item));
      use_register(sent);
      break;
    }
  }
  top() = base;
}

void Codegen::comprehension_loop(const Seq<Comprehension*>& generators, u32 index, const ExprNode* element, const ExprNode* value,
                                 ComprehensionKind kind, i32 container) {
  if (index == generators.size) return comprehension_element(element, value, kind, container);
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  const Comprehension* generator = generators[index];
  i32 base = top();
  LabelId head = new_label(), end = new_label();
  Span span = unit_->loc;
  if (generator->is_async) {
    i32 iterator = 0;
    if (index > 0) {
      i32 source = operand(generator->iter);
      emit(Op::GetAIter, base, source);
      top() = base;
      iterator = push_temp();
    }
    LabelId handler_label = new_label();
    if (!push_block({FrameBlockKind::AsyncComprehensionGenerator, head})) return;
    bind_loop_head(head);
    BoundSet bound = unit_->bound;
    bool reachable = unit_->reachable;
    i32 item = top(), outer_handler = unit_->handler;
    unit_->handler = new_handler(handler_label, item);
    emit(Op::GetANext, item, iterator);
    push_temp();
    delegate(item, kPush);
    unit_->handler = outer_handler;
    store(generator->target, item);
    top() = item;
    for (ExprNode* condition : generator->ifs) {
      LabelId next = new_label();
      jump_if(condition, next, true);
      emit_jump(Op::JumpBack, head);
      bind(next);
    }
    comprehension_loop(generators, index + 1, element, value, kind, container);
    emit_jump(Op::JumpBack, head);
    pop_block();
    bind_handler(handler_label, bound, reachable);
    top() = item;
    push_temp();
    set_loc(generator->iter->span);
    emit(Op::EndAsyncFor, item);
    set_loc(span);
    top() = base;
    return;
  }
  // `for x in [value]`: an assignment.
  if (index > 0) {
    const Seq<ExprNode*>* items = generator->iter->is<List>()    ? &generator->iter->as<List>()->elts
                                  : generator->iter->is<Tuple>() ? &generator->iter->as<Tuple>()->elts
                                                                 : nullptr;
    if (items && items->size == 1 && !(*items)[0]->is<Starred>()) {
      i32 item = operand((*items)[0]);
      store(generator->target, item);
      top() = base;
      LabelId skip = new_label();
      for (ExprNode* condition : generator->ifs) jump_if(condition, skip, false);
      comprehension_loop(generators, index + 1, element, value, kind, container);
      bind(skip);
      return;
    }
  }
  i32 iterator = 0;
  if (index > 0) {
    i32 source = operand(generator->iter);
    emit(Op::GetIter, base, source);
    top() = base;
    iterator = push_temp();
  }
  bind_loop_head(head);
  i32 fast = fast_register(generator->target);
  if (fast >= 0) {
    emit_jump(Op::ForIter, end, fast, iterator);
    unit_->bound.set(fast);
    forbidden_name(generator->target->as<Name>()->id, ExprContext::Store, generator->target->span);
    note_line(generator->target);
    unit_->after_noted_target = unit_->code.size();
  } else {
    i32 item = top();
    emit_jump(Op::ForIter, end, item, iterator);
    push_temp();
    store(generator->target, item);
    top() = item;
  }
  LabelId next = new_label();
  for (ExprNode* condition : generator->ifs) jump_if(condition, next, false);
  comprehension_loop(generators, index + 1, element, value, kind, container);
  bind(next);
  emit_jump(Op::JumpBack, head);
  bind(end);
  top() = base;
}

}  // namespace baton::compile
