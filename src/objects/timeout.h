// Timeouts given by Python code: seconds as an int or a float.
#pragma once
#include "objects/native.h"

namespace baton {

// Nanoseconds, rounded away from zero. OverflowError when it does not fit, ValueError for nan, TypeError for what is no number.
Result<i64> seconds_to_ns(Thread& thread, Value seconds);
// monotonic_ns() + ns, or kForever when ns < 0.
u64 deadline_after(i64 ns);

}  // namespace baton
