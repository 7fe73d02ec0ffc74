// Code generation for try, with and the unwinding of blocks by return, break and continue.
//
// A handler finds the exception in its register e (the height of the temporaries where its region began), saves the handled
// exception in e+1 (PushExc) and covers itself with a cleanup that restores it:
//
//     e:    PushExc e+1, e         clean:  PopExc e+1
//           ... handler ...                Reraise e+2
//           PopExc e+1
//
// Finally bodies are compiled once for each way out of the try: falling out, raising, and every return, break or continue.
#include "compile/codegen.h"

namespace baton::compile {

using namespace ast;

namespace {
constexpr usize kMaxBlocks = 20;
}

// ---- frame blocks

bool Codegen::push_block(FrameBlock block) {
  if (unit_->blocks.size() >= kMaxBlocks) {
    error(unit_->loc, "too many statically nested blocks");
    return false;
  }
  unit_->blocks.push_back(block);
  return true;
}

bool Codegen::leaving_needs_code() const {
  for (const FrameBlock& block : unit_->blocks) {
    switch (block.kind) {
      case FrameBlockKind::FinallyTry:
      case FrameBlockKind::FinallyEnd:
      case FrameBlockKind::With:
      case FrameBlockKind::AsyncWith:
      case FrameBlockKind::HandlerCleanup: return true;
      default: break;
    }
  }
  return false;
}

void Codegen::unbind_exception_name(std::string_view name) {
  i32 base = top(), reg = -1;
  if (access_of(mangled(name), &reg) == Access::Fast) {
    // `name = None; del name`
    if (unit_->reachable) const_index(ConstValue::simple(ConstKind::None));
    emit(Op::LoadAbsent, reg);
    unit_->bound.clear(reg);
    return;
  }
  store_name(name, load_none(kPush));
  top() = base;
  delete_name(name);
}

// Emits what leaving `block` takes. preserved: register of a value to be kept (a temporary at the top), or -1.
void Codegen::unwind_one(const FrameBlock& block, i32 preserved) {
  unit_->handler = block.outer_handler;
  if (preserved < unit_->first_temp) unit_->top = block.top > unit_->first_temp ? block.top : unit_->first_temp;
  switch (block.kind) {
    case FrameBlockKind::WhileLoop:
    case FrameBlockKind::ForLoop:
    case FrameBlockKind::TryExcept:
    case FrameBlockKind::PopValue:
    case FrameBlockKind::ExceptionHandler:
    case FrameBlockKind::ExceptionGroupHandler:
    case FrameBlockKind::AsyncComprehensionGenerator: return;
    case FrameBlockKind::FinallyTry: {
      Span saved = unit_->loc;
      if (preserved >= 0 && !push_block({FrameBlockKind::PopValue, -1, -1, unit_->handler, -1, top()})) return;
      body(*block.finalbody);
      if (preserved >= 0) pop_block();
      set_loc(saved);
      unset_loc();  // what follows belongs to the finally body's last line
      if (!unit_->code.empty()) unit_->loc = unit_->code.back().span;
      return;
    }
    case FrameBlockKind::FinallyEnd: emit(Op::PopExc, block.reg); return;
    case FrameBlockKind::HandlerCleanup:
      emit(Op::PopExc, block.reg);
      if (block.name.data()) unbind_exception_name(block.name);
      return;
    case FrameBlockKind::With:
    case FrameBlockKind::AsyncWith: {
      set_loc(block.span);
      if (preserved < unit_->first_temp) {
        unit_->top = block.reg + 2;
        call_exit_with_nones(block.reg, block.kind == FrameBlockKind::AsyncWith, true);
      } else {
        call_exit_with_nones(block.reg, block.kind == FrameBlockKind::AsyncWith, false);
      }
      // The position stays in force for what follows, as in CPython.
      return;
    }
  }
}

// Leaves all blocks (return), or those inside the innermost loop (*loop is set to it, kept in storage).
void Codegen::unwind(i32 preserved, FrameBlock** loop, FrameBlock* storage) {
  Unit& unit = *unit_;
  if (unit.blocks.empty()) return;
  FrameBlock block = unit.blocks.back();
  if (block.kind == FrameBlockKind::ExceptionGroupHandler) {
    return error(unit.loc, "'break', 'continue' and 'return' cannot appear in an except* block");
  }
  if (loop && (block.kind == FrameBlockKind::WhileLoop || block.kind == FrameBlockKind::ForLoop)) {
    *storage = block;
    storage->outer_handler = unit.handler;  // what is in force now
    *loop = storage;
    return;
  }
  i32 handler = unit.handler;
  unit.blocks.pop_back();
  unwind_one(block, preserved);
  unwind(preserved, loop, storage);
  unit.blocks.push_back(block);
  unit.handler = handler;
}

// ---- try

// The cleanup of a handler: reached with another exception while `saved` still holds the outer handled exception.
void Codegen::emit_cleanup(LabelId label, i32 saved, const BoundSet& bound, bool reachable) {
  bind_handler(label, bound, reachable);
  unit_->top = saved + 1;
  i32 exception = push_temp();
  emit(Op::PopExc, saved);
  emit(Op::Reraise, exception, 1);
}

template <class TryNode>
void Codegen::stmt_try(const TryNode& node, const StmtNode* s, bool star) {
  if (node.finalbody.empty()) return try_except(node.body, node.handlers, node.orelse, star, s->span);
  Unit& unit = *unit_;
  i32 base = top(), outer_handler = unit.handler;
  LabelId handler_label = new_label(), cleanup_label = new_label(), end = new_label();
  emit(Op::Nop);
  BoundSet bound = unit.bound;
  bool reachable = unit.reachable;
  FrameBlock block{FrameBlockKind::FinallyTry, -1, -1, outer_handler, -1, base};
  block.finalbody = &node.finalbody;
  if (!push_block(block)) return;
  unit.handler = new_handler(handler_label, base);
  if (node.handlers.empty()) {
    body(node.body);
  } else {
    try_except(node.body, node.handlers, node.orelse, star, s->span);
  }
  unit.handler = outer_handler;
  pop_block();
  body(node.finalbody);
  emit_jump_without_line(Op::Jump, end);

  bind_handler(handler_label, bound, reachable);
  top() = base;
  i32 exception = push_temp(), saved = top();
  unset_loc();
  emit(Op::PushExc, saved, exception);
  push_temp();
  if (!push_block({FrameBlockKind::FinallyEnd, -1, -1, outer_handler, saved, saved + 1})) return;
  unit.handler = new_handler(cleanup_label, saved + 1);
  BoundSet handler_bound = unit.bound;
  body(node.finalbody);
  emit(Op::Reraise, exception);  // at the place of the last statement, as is the cleanup
  pop_block();
  unit.handler = outer_handler;
  emit_cleanup(cleanup_label, saved, handler_bound, reachable);
  top() = base;
  bind(end);
}
template void Codegen::stmt_try(const Try&, const StmtNode*, bool);
template void Codegen::stmt_try(const TryStar&, const StmtNode*, bool);

void Codegen::try_except(const Seq<StmtNode*>& try_body, const Seq<ExceptHandler*>& handlers, const Seq<StmtNode*>& orelse,
                         bool star, const Span& span) {
  Unit& unit = *unit_;
  i32 base = top(), outer_handler = unit.handler;
  LabelId handler_label = new_label(), cleanup_label = new_label(), end = new_label();
  set_loc(span);
  emit(Op::Nop);
  BoundSet bound = unit.bound;
  bool reachable = unit.reachable;
  if (!push_block({FrameBlockKind::TryExcept, -1, -1, outer_handler, -1, base})) return;
  unit.handler = new_handler(handler_label, base);
  body(try_body);
  pop_block();
  unit.handler = outer_handler;
  // The else block of `except*` comes last, as in CPython: that is the order in which its locals are numbered.
  LabelId otherwise = star && !orelse.empty() ? new_label() : end;
  if (otherwise == end && !orelse.empty()) body(orelse);
  emit_jump_without_line(Op::Jump, otherwise);

  bind_handler(handler_label, bound, reachable);
  top() = base;
  i32 exception = push_temp(), saved = top();
  // A bare `except:` has no other instruction to show its line.
  if (!handlers.empty() && !handlers[0]->type) {
    set_loc(handlers[0]->span);
  } else {
    unset_loc();
  }
  emit(Op::PushExc, saved, exception);
  push_temp();
  BoundSet handler_bound = unit.bound;
  FrameBlockKind kind = star ? FrameBlockKind::ExceptionGroupHandler : FrameBlockKind::ExceptionHandler;
  if (!push_block({kind, -1, -1, outer_handler, saved, base})) return;
  unit.handler = new_handler(cleanup_label, saved + 1);
  if (star) {
    except_star_handlers(handlers, exception, saved, outer_handler, end);
  } else {
    except_handlers(handlers, exception, saved, outer_handler, end);
  }
  pop_block();
  unit.handler = outer_handler;
  unit.reachable = false;
  emit_cleanup(cleanup_label, saved, handler_bound, reachable);
  top() = base;
  if (otherwise != end) {
    bind(otherwise);
    body(orelse);
  }
  bind(end);
}

void Codegen::except_handlers(const Seq<ExceptHandler*>& handlers, i32 exception, i32 saved, i32 outer_handler, LabelId end) {
  Unit& unit = *unit_;
  i32 cleanup_handler = unit.handler;
  for (u32 i = 0; i < handlers.size; ++i) {
    ExceptHandler* handler = handlers[i];
    set_loc(handler->span);
    if (!handler->type && i + 1 < handlers.size) return error(handler->span, "default 'except:' must be last");
    LabelId next = new_label();
    top() = saved + 1;
    if (!handler->type && i > 0) emit(Op::Nop);
    if (handler->type) {
      i32 type = operand(handler->type);
      i32 matched = saved + 1;
      emit(Op::CheckExcMatch, matched, exception, type);
      top() = matched;
      push_temp();
      emit_jump(Op::JumpIfFalse, next, matched);
      top() = saved + 1;
    }
    FrameBlock block{FrameBlockKind::HandlerCleanup, -1, -1, outer_handler, saved, saved + 1};
    block.name = handler->name;
    if (handler->name.data()) {
      LabelId named_cleanup = new_label();
      store_name(handler->name, exception);
      BoundSet bound = unit.bound;
      bool reachable = unit.reachable;
      if (!push_block(block)) return;
      unit.handler = new_handler(named_cleanup, saved + 1);
      body(handler->body);
      pop_block();
      unit.handler = outer_handler;
      unset_loc();
      emit(Op::PopExc, saved);
      top() = exception;
      unbind_exception_name(handler->name);
      emit_jump(Op::Jump, end);
      unit.handler = cleanup_handler;
      bind_handler(named_cleanup, bound, reachable);
      top() = saved + 1;
      i32 raised = push_temp();
      unset_loc();
      unbind_exception_name(handler->name);
      emit(Op::Reraise, raised, 1);
    } else {
      if (!push_block(block)) return;
      body(handler->body);
      pop_block();
      unit.handler = outer_handler;
      unset_loc();
      emit(Op::PopExc, saved);
      emit_jump(Op::Jump, end);
      unit.handler = cleanup_handler;
    }
    top() = saved + 1;
    bind(next);
  }
  set_loc(handlers.back()->span);
  unset_loc();
  emit(Op::Reraise, exception);
}

// Registers above `saved`: results (list of what handlers raised), rest (what is still unhandled), match.
void Codegen::except_star_handlers(const Seq<ExceptHandler*>& handlers, i32 exception, i32 saved, i32 outer_handler,
                                   LabelId end) {
  Unit& unit = *unit_;
  i32 cleanup_handler = unit.handler;
  top() = saved + 1;
  i32 results = top();
  emit(Op::BuildList, results, results, 0);
  push_temp();
  i32 rest = top();
  emit(Op::Move, rest, exception);
  push_temp();
  i32 match = rest + 1;
  for (u32 i = 0; i < handlers.size; ++i) {
    ExceptHandler* handler = handlers[i];
    set_loc(handler->span);
    LabelId next = new_label();
    top() = match;
    i32 type = operand(handler->type);
    emit(Op::CheckEgMatch, rest, rest, type);
    top() = match;
    push_temp();
    emit_jump(Op::JumpIfNone, next, match);
    LabelId handler_cleanup = new_label();
    if (handler->name.data()) store_name(handler->name, match);
    FrameBlock block{FrameBlockKind::HandlerCleanup, -1, -1, outer_handler, saved, saved + 1};
    block.name = handler->name;
    BoundSet bound = unit.bound;
    bool reachable = unit.reachable;
    top() = match;
    if (!push_block(block)) return;
    unit.handler = new_handler(handler_cleanup, match);
    body(handler->body);
    pop_block();
    unit.handler = cleanup_handler;
    unset_loc();
    if (handler->name.data()) unbind_exception_name(handler->name);
    emit_jump(Op::Jump, next);
    bind_handler(handler_cleanup, bound, reachable);
    top() = match;
    i32 raised = push_temp();
    unset_loc();
    if (handler->name.data()) unbind_exception_name(handler->name);
    emit(Op::ListAppend, results, raised);
    top() = match;
    bind(next);
  }
  set_loc(handlers.back()->span);
  unset_loc();
  emit(Op::ListAppend, results, rest);
  i32 remaining = match;
  emit(Op::PrepReraiseStar, remaining, exception, results);
  top() = remaining;
  push_temp();
  LabelId reraise = new_label();
  emit_jump(Op::JumpIfNotNone, reraise, remaining);
  unit.handler = outer_handler;
  emit(Op::PopExc, saved);
  emit_jump(Op::Jump, end);
  bind(reraise);
  emit(Op::PopExc, saved);
  emit(Op::Reraise, remaining);
  unit.handler = cleanup_handler;
}

// ---- with

// __exit__(None, None, None) through the window [exit, self]. in_place: nothing above the window is needed any more.
void Codegen::call_exit_with_nones(i32 window, bool is_async, bool in_place) {
  i32 base = top(), call = window;
  if (!in_place) {
    call = top();
    emit(Op::Move, call, window);
    push_temp();
    emit(Op::Move, call + 1, window + 1);
    push_temp();
  }
  for (int i = 0; i < 3; ++i) load_none(kPush);
  i32 result = call + 2;
  emit(Op::Call, call, 3, result);
  top() = result;
  push_temp();
  if (is_async) await_temp(2, kPush);
  top() = base;
}

template <class WithNode>
void Codegen::stmt_with(const WithNode& node, const StmtNode* s, u32 index, bool is_async) {
  if (is_async && !is_top_level_await() && unit_->kind != UnitKind::AsyncFunction) {
    return error(s->span, "'async with' outside async function");
  }
  Unit& unit = *unit_;
  WithItem* item = node.items[index];
  i32 window = top(), outer_handler = unit.handler;
  LabelId handler_label = new_label(), cleanup_label = new_label(), suppress = new_label(), end = new_label();
  i32 manager = operand(item->context_expr);
  set_loc(s->span);
  emit(is_async ? Op::BeforeAsyncWith : Op::BeforeWith, window, manager);
  top() = window;
  for (int i = 0; i < 3; ++i) push_temp();
  i32 entered = window + 2;
  if (is_async) await_temp(1, kPush);
  FrameBlock block{is_async ? FrameBlockKind::AsyncWith : FrameBlockKind::With, -1, -1, outer_handler, window, window};
  block.span = s->span;
  BoundSet bound = unit.bound;
  bool reachable = unit.reachable;
  if (!push_block(block)) return;
  unit.handler = new_handler(handler_label, entered);
  if (item->optional_vars) store(item->optional_vars, entered);
  top() = entered;
  if (index + 1 == node.items.size) {
    body(node.body);
  } else {
    stmt_with(node, s, index + 1, is_async);
  }
  pop_block();
  unit.handler = outer_handler;
  set_loc(s->span);
  top() = entered;
  call_exit_with_nones(window, is_async, true);
  emit_jump(Op::Jump, end);

  bind_handler(handler_label, bound, reachable);
  top() = entered;
  i32 exception = push_temp(), saved = top();
  emit(Op::PushExc, saved, exception);
  push_temp();
  BoundSet handler_bound = unit.bound;
  unit.handler = new_handler(cleanup_label, saved + 1);
  i32 call = top();
  emit(Op::Move, call, window);
  push_temp();
  emit(Op::Move, call + 1, window + 1);
  push_temp();
  reserve_registers(3);
  emit(Op::WithExcept, call, call, exception);
  top() = call;
  push_temp();
  if (is_async) await_temp(2, kPush);
  emit_jump(Op::JumpIfTrue, suppress, call);
  emit(Op::Reraise, exception, 1);
  unit.handler = outer_handler;
  unset_loc();
  emit_cleanup(cleanup_label, saved, handler_bound, reachable);
  set_loc(s->span);
  top() = saved + 1;
  bind(suppress);
  emit(Op::PopExc, saved);
  top() = window;
  bind(end);
  unset_loc();
}
template void Codegen::stmt_with(const With&, const StmtNode*, u32, bool);
template void Codegen::stmt_with(const AsyncWith&, const StmtNode*, u32, bool);

}  // namespace baton::compile
