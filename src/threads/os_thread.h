// Starting OS threads and naming them. The new thread is not attached: its entry function does that.
#pragma once
#include "base/types.h"

namespace baton {

// Detached, with every signal left as the starter has it. 0, or the error number (EAGAIN when there are too many).
// stack_size 0: the system's default.
int start_os_thread(void (*entry)(void* context), void* context, usize stack_size = 0);
u32 current_os_tid();
void name_os_thread(const char* name);  // the calling one; cut to 15 bytes
void yield_os_thread();
void sleep_os_thread(u64 ns);

}  // namespace baton
