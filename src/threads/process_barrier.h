// A full memory barrier on every processor that runs a thread of this process: what one thread would pay for by a fence at each
// of many steps, the other pays for once.
#pragma once

namespace baton {

// Whether the system has it; asked once.
bool process_barrier_works();
// When it returns, every other thread of the process has passed a full barrier since the call. Only if process_barrier_works().
void process_barrier();

}  // namespace baton
