// The dispatch loop's entry points.
#pragma once
#include "interp/frames.h"

namespace baton {

// Runs the frame on top until it returns or fails.
Result<Value> run_frame(Thread& thread, Frame* frame);
// Calls from C++ (PythonCall, objects/object.h): the usual one, and any.
Result<Value> call_function(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames);
Result<Value> call_generally(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames);
// ResumeGenerator (objects/frame.h).
Result<Value> resume_generator_from_native(Thread& thread, Generator* generator, Value sent, Value exception, Value* returned);
// As that with None and no exception, of a generator: its next value, or kExhausted with what it returned in stop_value_.
Result<Value> next_of_generator_from_native(Thread& thread, Generator* generator);

}  // namespace baton
