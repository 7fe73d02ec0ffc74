// The interactive prompt.
#pragma once
#include "objects/thread.h"

namespace baton {

int run_repl(Thread& thread);
int handle_uncaught(Thread& thread);  // reports the pending exception; the exit status

}  // namespace baton
