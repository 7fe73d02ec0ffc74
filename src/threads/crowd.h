// Threads without a GIL that take turns because side by side they would be slower: those that do little but change the same
// objects, whose cache lines travel at every step; and those that have one processor between them, of which each would lock bytes
// for the sake of others that can't run meanwhile. One runs, with the bias (lock_bias.h). The others stand aside, in state
// Parked, and when its turn is over the first of them asks whoever runs to make way: the next one begins when the last one has
// ended, not beside it.
//
// Nothing hangs on the answer. Who gets none goes on beside the others, as does one that need not have stood aside.
#pragma once
#include "threads/mutator.h"

namespace baton {

inline constexpr u32 kMakeWay = 1u << 10;  // beside PollBit's: somebody stands aside and its turn has come

// The mutator runs into a byte that another one has locked. May stand aside: a safepoint.
void crowd_collided(Mutator& mutator, u64 now);
// The mutator takes its locks by bytes, hundreds within a few microseconds each, while all others that run were last seen on its
// own processor. It stands aside at its next poll.
void crowd_shares_processor(Mutator& mutator, u64 now);
// A poll found kMakeWay.
void crowd_polled(Mutator& mutator);
void crowd_reinit_in_child();

}  // namespace baton
