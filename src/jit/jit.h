// The baseline compiler: machine code from bytecode, one template an instruction. See interp/tiers.h for how code gets in and
// out.
#pragma once
#include "base/types.h"

namespace baton {

// Turns compilation on, for code objects that were called, or whose loops went round, `threshold` times. Before the first Python
// code runs. Where the system gives no executable memory everything is interpreted.
void jit_init(i32 threshold);

struct JitCounters {
  bool enabled = false;
  u64 compiled = 0, recompiled = 0, discarded = 0;  // code objects
  u64 bytes = 0;                                    // of machine code, now
  u64 nanoseconds = 0;                              // spent on compiling
};
JitCounters jit_counters();

}  // namespace baton
