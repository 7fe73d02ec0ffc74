// What a thread and its frames refer to: for the collector, and for telling what something hangs on.
#pragma once
#include "interp/interp.h"
#include "objects/dict.h"

namespace baton {

// Calls out(what, value).
template <class Out>
BATON_ALWAYS_INLINE void for_each_thread_value(Thread& t, Out out) {
  out("pending exception", t.pending_);
  out("handled exception", t.handled_);
  out("returned value of an iterator", t.stop_value_);
  out("trace function", t.trace_function_);
  out("trace object", t.trace_object_);
  out("profile function", t.profile_function_);
  out("profile object", t.profile_object_);
  out("asynchronous exception", t.async_exception_);
  out("context", t.context_);
  out("asynchronous generators' firstiter", t.async_generator_firstiter_);
  out("asynchronous generators' finalizer", t.async_generator_finalizer_);
  out("thread-local attributes", t.thread_dict_);
  out("objects whose repr is running", t.repr_guard_);
  out("running loop", t.current_asyncio_loop_);
  out("running task", t.current_asyncio_task_);
}

// Calls out.one(frame, what, value), and out.registers(frame, from, to) for the registers that are live.
template <class Out>
BATON_ALWAYS_INLINE void for_each_frame_root(Thread& thread, Out& out) {
  bool window_is_callee = false;  // the younger frame's registers begin inside this frame's call window
  for (const Frame* f = thread.top_frame_; f; f = f->previous) {
    out.one(f, "function", Value(reinterpret_cast<u64>(f->function)));
    out.one(f, "code", Value(f->code));
    out.one(f, "globals", Value(f->globals));
    out.one(f, "builtins", Value(f->builtins));
    out.one(f, "locals", f->locals);
    out.one(f, "exception that the generator's caller handles", f->inherited_handled);
    out.one(f, "frame object", Value(reinterpret_cast<u64>(f->frame_object)));
    out.one(f, "generator", Value(reinterpret_cast<u64>(f->generator)));
    if (has_operands_in_front(static_cast<EntryKind>(f->entry))) {
      out.one(f, "left operand", f->registers[-2]);
      out.one(f, "right operand", f->registers[-1]);
    }
    u32 pc = static_cast<u32>(f->pc - f->code->instructions());
    u32 live = pc < f->code->instruction_count_ ? f->code->live_top_[pc] : f->code->frame_local_count_;
    if (live < f->code->frame_local_count_) live = f->code->frame_local_count_;
    out.registers(f, 0, live);
    const Instruction& at = f->code->instructions()[pc];
    Op op = static_cast<Op>(at.op);
    if (op == Op::Call || op == Op::CallKw || op == Op::CallEx) {
      if (at.a >= live) out.registers(f, at.a, at.a + 1u);
      if (!window_is_callee) out.registers(f, at.a, at.a + 2u + (op == Op::CallEx ? 2u : at.b));
    }
    // What is in front of the result of an __enter__ that has been entered: BEFORE_WITH in dispatch.cpp.
    if (window_is_callee && (op == Op::BeforeWith || op == Op::BeforeAsyncWith)) out.registers(f, at.a, at.a + 2u);
    window_is_callee = f->entry == static_cast<u8>(EntryKind::Call) || f->entry == static_cast<u8>(EntryKind::Init);
  }
}

}  // namespace baton
