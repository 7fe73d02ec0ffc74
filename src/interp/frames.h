// Frame records: pushing, popping, binding of arguments.
#pragma once
#include "interp/interp.h"
#include "objects/tuple.h"

namespace baton {

inline InterpState& interp_state(Thread& thread) { return *static_cast<InterpState*>(thread.interp_state_); }

// Binds args (n positional, then keyword values) to the parameters of function in registers[0..), which may overlap args from
// below or be the same memory. Clears the remaining locals and installs nothing else. The general case of a call.
Result<void> bind_parameters(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames, Value* registers);
// True when a call with n positional arguments and no keywords needs no binding beyond clearing locals.
inline bool is_simple_call(Code* code, usize n) { return n == code->simple_argcount(); }

// Links a new record, for which there must be room. registers are set by the caller.
BATON_ALWAYS_INLINE Frame* link_frame(Thread& thread, Function* function, Code* code, Value* registers, EntryKind entry) {
  Frame* frame = thread.next_frame_--;  // records grow downwards
  frame->previous = thread.top_frame_;
  frame->function = function;
  frame->code = code;
  frame->registers = registers;
  frame->pc = code->instructions_;
  frame->caches_offset = code->caches_offset_;
  frame->consts = code->consts_.get()->items();
  frame->globals = function->globals();
  frame->builtins = function->builtins();
  frame->locals = Value();
  frame->frame_object = nullptr;
  frame->generator = nullptr;
  frame->stack_top = registers + code->register_count_;
  frame->return_register = 0;
  frame->entry = static_cast<u8>(entry);
  frame->is_traced = 0;
  frame->owns_class_result = 0;
  frame->is_shown = 0;
  frame->trace_line = -1;
  thread.top_frame_ = frame;
  return frame;
}
Frame* push_frame_at_limit(Thread& thread, Function* function, Code* code, Value* registers, EntryKind entry);
// Checks depth and stack limits and links a new record. Null with RecursionError pending.
BATON_ALWAYS_INLINE Frame* push_frame(Thread& thread, Function* function, Code* code, Value* registers, EntryKind entry) {
  if (thread.recursion_depth_ >= thread.recursion_limit_ || registers + code->register_count_ > thread.registers_limit_ ||
      thread.next_frame_ <= thread.frames_limit_) [[unlikely]]
    return push_frame_at_limit(thread, function, code, registers, entry);
  ++thread.recursion_depth_;
  return link_frame(thread, function, code, registers, entry);
}
void detach_frame_object(Thread& thread, Frame* frame);
BATON_ALWAYS_INLINE void pop_frame(Thread& thread, Frame* frame) {
  if (frame->frame_object) [[unlikely]]
    detach_frame_object(thread, frame);
  thread.top_frame_ = frame->previous;
  --thread.recursion_depth_;
  if (!frame->generator) thread.next_frame_ = frame;
}
// Keeps what a FrameObject still needs of a frame that ends.
void detach_frame_object(Thread& thread, Frame* frame);
// The first free register.
inline Value* stack_top(Thread& thread) { return thread.top_frame_ ? thread.top_frame_->stack_top : thread.registers_base_; }
Failed raise_stack_overflow(Thread& thread);

}  // namespace baton
