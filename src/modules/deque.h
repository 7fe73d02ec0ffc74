// What other modules may do with a collections.deque.
#pragma once
#include "objects/object.h"

namespace baton {

bool is_exact_deque(Value v);
Result<void> append_to_deque(Thread& thread, Value deque, Value v);  // deque: is_exact_deque

}  // namespace baton
