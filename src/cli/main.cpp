// baton: start the runtime, run the program, shut down.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/first_pages.h"
#include "base/profile.h"
#include "cli/locale.h"
#include "cli/repl.h"
#include "cli/startup.h"
#include "interp/runtime.h"
#include "interp/tiers.h"
#include "jit/jit.h"
#include "threads/gil.h"
#include "threads/report.h"
#include "threads/timeline.h"

namespace baton {
int handle_uncaught(Thread& thread);
void on_weak_target_dead(Cell* target, Cell* head);
}  // namespace baton

// The program's name in reports.
static std::string program_label(const baton::Launch& launch) {
  switch (launch.kind) {
    case baton::Launch::File: return launch.text.substr(launch.text.rfind('/') + 1);
    case baton::Launch::ModuleName: return "-m " + launch.text;
    case baton::Launch::Command: return "-c";
    case baton::Launch::Stdin: break;
  }
  return "-";
}

// Where exit() comes to that a C library calls, by way of ctypes or on its own: with what it had registered behind it, and before
// static objects are destroyed, which other threads go on to use. As at main's end.
static void leave_from_exit(int status, void*) {
  fflush(nullptr);
  _exit(status);
}

int main(int argc, char** argv) {
  using namespace baton;
  prepare_first_pages();
  adopt_locale();
  Launch launch = parse_command_line(argc, argv);
  GilOptions gil;
  gil.mode = launch.gil ? GilMode::On : GilMode::Off;
  gil.seed = launch.gil_seed;
  if (!parse_gil_policy(launch.gil_policy.c_str(), &gil.policy)) {
    fprintf(stderr, "baton: -X gil_policy must be fair, cpython, fifo or seeded, not '%s'\n", launch.gil_policy.c_str());
    return 2;
  }
  configure_gil(gil);
  begin_single_threaded();
  init_gil_report(launch.gil_report.c_str(), program_label(launch).c_str());
  timeline::init(launch.timeline.c_str(), program_label(launch).c_str());
  RuntimeOptions options;
  options.hash_seed_given = config.hash_seed_given;
  options.hash_seed = config.hash_seed;
  options.gc_stress = launch.gc_stress;
  options.gc_verify = launch.gc_verify;
  if (!launch.why_alive.empty()) options.why_alive = launch.why_alive.c_str();
  options.on_weak_target_dead = on_weak_target_dead;
  Thread& thread = init_runtime(options);
  on_exit(leave_from_exit, nullptr);
  compile_threshold = launch.jit_options.threshold;
  if (launch.jit) jit_init(launch.jit_options);
  int status;
  if (start_up(thread, launch).is_failed())
    status = handle_uncaught(thread);
  else
    status = run_program(thread, launch);
  status = shut_down(thread, status);
  finish_gil_report();
  timeline::finish();
  if (interrupted_by_keyboard) {  // so that a shell sees the signal
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
  }
  fflush(nullptr);
  write_profile();
  _exit(status);
}
