// Waiting on a 32-bit word, as the kernel offers it. Spurious returns are allowed: callers re-check.
#pragma once
#include "base/types.h"

namespace baton {

inline constexpr u64 kForever = UINT64_MAX;

// Sleeps while *word == expected, at most timeout_ns. False only when the time ran out. Keeps errno.
bool futex_wait(const u32* word, u32 expected, u64 timeout_ns = kForever);
// The same until monotonic_ns() is `deadline`: no clock need be read to wait.
bool futex_wait_until(const u32* word, u32 expected, u64 deadline);
// Wakes up to `count` sleepers. The word's memory need not be mapped any more. Keeps errno.
void futex_wake(const u32* word, int count);

}  // namespace baton
