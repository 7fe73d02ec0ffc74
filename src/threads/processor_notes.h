// On which processors threads contend with computing ones for a GIL: known to all processes that were forked from one.
//
// A thread that looks on by yielding (look_on.h) shares its processor with whom it waits for, or has it to itself, and then a
// yield costs nothing. Beside a thread that computes it costs a time slice, up to a tick of the kernel; and even a look between
// two of that thread's turns is paid for at the next wake-up, as the kernel counts who has had more than half. The process of
// the computing thread knows that. Its relatives, the peers of its pipes and sockets often, learn it from a page they share.
#pragma once
#include "base/types.h"

namespace baton {

// At start-up, before the first fork. Without memory for the page each process knows of its own threads only.
void share_processor_notes();

// The calling thread, on `processor`, has waited for a GIL for which a computing thread contends too; `now` is ticks().
void note_contention(u32 processor, u64 now);
// Whether one did, in the last 0.1 s before `now`, on the processor that the caller is on.
bool was_contended_here(u64 now);

}  // namespace baton
