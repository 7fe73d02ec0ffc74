// The interactive prompt.
#pragma once
#include "objects/thread.h"

namespace baton {

enum class Greeting : u8 { None, Shown };  // None: after a program (-i)
int run_repl(Thread& thread, Greeting greeting);
extern bool interrupted_by_keyboard;  // a KeyboardInterrupt was reported: the process ends by SIGINT
int handle_uncaught(Thread& thread);  // reports the pending exception; the exit status

}  // namespace baton
