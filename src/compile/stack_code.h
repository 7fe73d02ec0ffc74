// Baton's register instructions as CPython 3.11's stack instructions, for code objects to show (objects/stack_code.h).
#pragma once

namespace baton {

// Sets the hook of objects/stack_code.h.
void init_stack_code();

}  // namespace baton
