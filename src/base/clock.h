// The system's clocks in nanoseconds.
#pragma once
#include <time.h>

#include "base/types.h"

namespace baton {

inline i64 clock_ns(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<i64>(now.tv_sec) * 1000000000 + now.tv_nsec;
}
inline i64 monotonic_time_ns() { return clock_ns(CLOCK_MONOTONIC); }
inline i64 real_time_ns() { return clock_ns(CLOCK_REALTIME); }
inline i64 thread_cpu_time_ns() { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
inline i64 process_cpu_time_ns() { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace baton
