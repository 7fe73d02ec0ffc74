// The main thread: the one that handles signals. After a fork it is the thread that forked.
#pragma once
#include "objects/thread.h"

namespace baton {

Thread* main_thread();
void set_main_thread(Thread& thread);
inline bool is_main_thread(Thread& thread) { return main_thread() == &thread; }

// As if the signal had arrived, if it has a handler in Python; set by modules/_signal. False: the number is out of range.
extern bool (*simulate_signal)(int signal_number);

// Of a forked child: a thread that exists in the parent only, unlinked already, joins the lost ones. Its frames are roots for
// good.
void keep_lost_thread(Thread& thread);
Thread* first_lost_thread();  // linked by next_thread_

}  // namespace baton
