// What to run, from the command line.
#pragma once
#include <string>

#include "base/types.h"
#include "jit/jit.h"
#include "modules/config.h"

namespace baton {

struct Launch {
  enum Kind { Stdin, File, Command, ModuleName } kind = Stdin;
  std::string text;  // file name, command or module name
  bool gil = true;
  std::string gil_policy = "fair", gil_report, timeline, why_alive;
  unsigned long gil_seed = 0;
#if __has_feature(thread_sanitizer)
  bool jit = false;  // what machine code reads of other threads' making is ordered by loads that the sanitizer doesn't see
#else
  bool jit = true;
#endif
  JitOptions jit_options;
  unsigned gc_stress = 0;
  bool gc_verify = false;
};
// Fills `config`. Exits for --help, --version and usage errors.
Launch parse_command_line(int argc, char** argv);

}  // namespace baton
