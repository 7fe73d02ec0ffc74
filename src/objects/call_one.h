// callable(argument) for natives that call one thing again and again: keys of sorts, what map() calls.
#pragma once
#include "objects/thread.h"

namespace baton {

// As call_values(thread, callable, argument, 1), with a shorter way to functions and to objects whose type has a native __call__,
// such as operator.itemgetter's.
Result<Value> call_one_value(Thread& thread, Value callable, const Value* argument);

}  // namespace baton
