// The baseline compiler: machine code from bytecode, one template an instruction. See interp/tiers.h for how code gets in and
// out.
#pragma once
#include "base/types.h"
#include "compile/op_info.h"

namespace baton {

struct JitOptions {
  i32 threshold = 1000;                 // calls of a code object and rounds of its loops before it is compiled
  i32 first_threshold = 2000;           // of the process's first, which brings the compiler into memory: many end before it pays
  usize code_memory = usize{64} << 20;  // bytes for all machine code; when they are used up, what gets hot is interpreted
  bool counts_exits = false;            // machine code counts which instructions it leaves to handlers
};
// Turns compilation on. Before the first Python code runs. Where the system gives no executable memory everything is interpreted.
void jit_init(const JitOptions& options);

struct JitCounters {
  bool enabled = false;
  u64 compiled = 0, recompiled = 0, discarded = 0;  // code objects
  u64 refused = 0;      // the compiler couldn't, but for a lack of memory: mistakes of ours, or too long
  u64 bytes = 0;        // of machine code, now
  u64 nanoseconds = 0;  // spent on compiling
  bool counts_exits = false;
  u64 exits[kOpCount] = {};  // by the instruction that a handler did; without a GIL about so many
};
JitCounters jit_counters();

}  // namespace baton
