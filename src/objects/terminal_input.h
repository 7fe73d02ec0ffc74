// Lines from a terminal, with editing where a module offers it: what input() and the interactive prompt read with.
#pragma once
#include "objects/thread.h"

namespace baton {

// Installed by modules/readline: shows the prompt (zero-terminated, in the terminal's encoding) and answers the line without its
// newline as a str, or None at the end of input. Standard input and output are terminals. Failed: a signal's handler raised.
extern Result<Value> (*read_terminal_line)(Thread& thread, const char* prompt);

// Waits until `descriptor` can be read, without the GIL. A signal ends the wait even if it arrived before it began, so that none
// is left waiting for the next key. True: readable, or at its end; false: handlers have run, the caller looks anew; failed: a
// handler raised, or the descriptor can't be waited for. Takes no lock.
Result<bool> wait_for_input(Thread& thread, int descriptor);

}  // namespace baton
