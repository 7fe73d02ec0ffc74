// How often a thread took the GIL: the measure of how often it blocks.
#pragma once
#include "threads/mutator.h"

namespace baton {

// By this thread, since it attached; 0 without a GIL. For any thread, with the mutator known to be alive.
u64 gil_takings(const Mutator& mutator);

}  // namespace baton
