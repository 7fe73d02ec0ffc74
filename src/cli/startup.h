// From a bare runtime to one that can import, and the way down at exit.
#pragma once
#include "cli/command_line.h"
#include "objects/thread.h"

namespace baton {

// builtins, sys, importlib, standard streams, site. failed: exception pending (start-up is hopeless).
Result<void> start_up(Thread& thread, const Launch& launch);
// Runs what the command line asked for. The exit status.
int run_program(Thread& thread, const Launch& launch);
// The standard streams that start_up opened, their buffers and files.
RootVector& standard_stream_parts();
// Threads, atexit, streams. Returns the exit status (120 when flushing failed).
int shut_down(Thread& thread, int status);

}  // namespace baton
