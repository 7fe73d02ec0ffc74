// Two clocks. monotonic_ns() is the system's. ticks() is the processor's counter (8 instead of 18 ns a read), for the
// accounting that every blocking call pays for; its rate is measured, so ticks are added up raw and converted when shown.
// Where the counter is not invariant, ticks are nanoseconds.
#pragma once
#include "base/types.h"

namespace baton {

u64 monotonic_ns();
// As it was at the kernel's last tick, some milliseconds ago at most: 4 instead of 20 ns a read.
u64 coarse_monotonic_ns();

inline constexpr u64 saturating_add(u64 a, u64 b) { return a + b < a ? UINT64_MAX : a + b; }

// Called once before the first mutator attaches; takes about 20 us.
void init_clock();

#if defined(__x86_64__)
extern bool ticks_are_ns;
inline u64 ticks() {
  if (ticks_are_ns) [[unlikely]]
    return monotonic_ns();
  return __builtin_ia32_rdtsc();
}
#elif defined(__aarch64__)
inline u64 ticks() {
  u64 value;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
}
#else
inline u64 ticks() { return monotonic_ns(); }
#endif

u64 ticks_to_ns(u64 ticks);
u64 ns_to_ticks(u64 ns);

// Counters of two cores may differ by a few ticks: an interval is never negative.
inline u64 ticks_between(u64 from, u64 to) { return static_cast<i64>(to - from) > 0 ? to - from : 0; }

}  // namespace baton
