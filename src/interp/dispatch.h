// The dispatch loop's entry points.
#pragma once
#include "interp/frames.h"

namespace baton {

// Runs the frame on top until it returns or fails.
Result<Value> run_frame(Thread& thread, Frame* frame);
// ResumeGenerator (objects/frame.h).
Result<Value> resume_generator_from_native(Thread& thread, Generator* generator, Value sent, Value exception, Value* returned);

}  // namespace baton
