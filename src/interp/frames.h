// Frame records: pushing, popping, binding of arguments.
#pragma once
#include "interp/interp.h"

namespace baton {

inline InterpState& interp_state(Thread& thread) { return *static_cast<InterpState*>(thread.interp_state_); }

// Binds args (n positional, then keyword values) to the parameters of function in registers[0..), which may overlap args from
// below or be the same memory. Clears the remaining locals and installs nothing else. The general case of a call.
Result<void> bind_parameters(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames, Value* registers);
// True when a call with n positional arguments and no keywords needs no binding beyond clearing locals.
inline bool is_simple_call(Code* code, usize n) {
  return n == code->argcount_ && !(code->flags_ & (kCodeVarArgs | kCodeVarKeywords | kCodeLazy)) && code->kwonly_argcount_ == 0;
}
// Checks depth and stack limits and links a new record. Null with RecursionError pending. registers are set by the caller.
Frame* push_frame(Thread& thread, Function* function, Code* code, Value* registers, EntryKind entry);
void pop_frame(Thread& thread, Frame* frame);
// Keeps what a FrameObject still needs of a frame that ends.
void detach_frame_object(Thread& thread, Frame* frame);
Value* stack_top(Thread& thread);  // first free register
Failed raise_stack_overflow(Thread& thread);

}  // namespace baton
