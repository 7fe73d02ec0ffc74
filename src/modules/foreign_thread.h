// Threads that the runtime didn't start and that call into it: from a C library's callback. Implemented in _thread.cpp.
#pragma once
#include "objects/thread.h"

namespace baton {

// Makes the calling OS thread, which is not attached, one of the runtime's: Running, with a thread state of its own.
Thread& attach_foreign_thread();
void detach_foreign_thread(Thread& thread);

}  // namespace baton
