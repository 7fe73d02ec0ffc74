// Room on the C++ stack, asked for where natives call natives without leaving frames that count: iterators of iterators,
// callables of callables.
#pragma once
#include "base/check.h"
#include "objects/raise.h"
#include "objects/thread.h"

namespace baton {

BATON_ALWAYS_INLINE bool has_native_room(Thread& thread) {
  return static_cast<char*>(__builtin_frame_address(0)) > thread.native_stack_limit_;
}

BATON_COLD inline Failed raise_calls_too_deep(Thread& thread) {
  return raise_recursion_error(thread, "maximum recursion depth exceeded while calling a Python object");
}

}  // namespace baton
