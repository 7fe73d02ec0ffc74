// Starting OS threads and naming them. The new thread is not attached: its entry function does that.
#pragma once
#include "base/types.h"

namespace baton {

// Detached, with every signal left as the starter has it. 0, or the error number (EAGAIN when there are too many).
// stack_size 0: the system's default. *handle, if given, receives the thread's current_thread_handle(), before it runs.
int start_os_thread(void (*entry)(void* context), void* context, usize stack_size = 0, u64* handle = nullptr);
// The calling thread's settings in the kernel (affinity, scheduling) are about to be changed: don't let others inherit them.
void keep_os_thread_private();
// The number of what the calling thread was started for, 0 on the initial one; and that nobody looks at that thread's ids any
// more, so that it may serve again.
u64 current_os_work();
void os_work_joined(u64 work);
bool is_fresh_os_thread();  // started by start_os_thread, for the work that it does now: its clock began with it
void forget_idle_threads_in_child();
u64 current_thread_handle();  // what signals are sent to; reused once the thread has ended
u32 current_os_tid();
u32 current_processor();  // the calling thread's, right now
u32 current_process_id();
void name_os_thread(const char* name);  // the calling one; cut to 15 bytes

// What the kernel's scheduler (EEVDF, Linux 6.12 and later; elsewhere nothing happens) takes as the a thread's time slice:
// a thread that wakes up goes before a running one of a longer slice on the same core, and otherwise waits for a tick. Short is
// 0.1 ms, Long 4 ms, Default what the kernel gives by itself, between them. The thread's share of the processor stays the same.
// A child process inherits it: after_fork_child undoes that; whoever forks without it calls this with Default in the child.
enum class TimeSlice : u8 { Default, Short, Long };
// `tid`: a thread of this process, 0 the calling one.
void request_time_slice(u32 tid, TimeSlice slice);
void yield_os_thread();
void sleep_os_thread(u64 ns);

}  // namespace baton
