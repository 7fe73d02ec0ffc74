// Texts of --help and --version. The version line is CPython's ("Python 3.11.2"): tools parse it.
#include "cli/usage.h"

#include <cstdio>

namespace baton {

void print_usage(const char* program) {
  printf("usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n", program);
  fputs(
      "Options (as in CPython 3.11):\n"
      "-b     : warn about str(bytes), bytes == str and the like (-bb: errors)\n"
      "-B     : write no cache files on import; also PYTHONDONTWRITEBYTECODE\n"
      "-c cmd : run the program given as a string (ends the options)\n"
      "-E     : ignore PYTHON* environment variables\n"
      "-h     : this text (also -? and --help)\n"
      "-i     : interactive after the script; also PYTHONINSPECT\n"
      "-I     : isolated from the user's environment (implies -E, -P and -s)\n"
      "-m mod : run a library module as a script (ends the options)\n"
      "-O     : leave out assert and __debug__ code; -OO: docstrings too\n"
      "-P     : put no unsafe path in front of sys.path\n"
      "-q     : no version line in interactive mode\n"
      "-s, -S : no user site directory; no site module\n"
      "-u     : unbuffered stdout and stderr\n"
      "-v     : trace imports\n"
      "-V     : version (also --version)\n"
      "-W arg : warning control; also PYTHONWARNINGS=arg\n"
      "-x     : skip the first line of the source\n"
      "-X opt : see --help-xoptions\n"
      "--check-hash-based-pycs always|default|never\n"
      "--help-env, --help-xoptions, --help-all\n"
      "file   : program read from a script file, a directory or a zip file\n"
      "-      : program read from standard input (default)\n",
      stdout);
}

void print_environment_help() {
  fputs(
      "Environment variables: PYTHONSTARTUP, PYTHONPATH, PYTHONHOME, PYTHONPLATLIBDIR, PYTHONSAFEPATH, PYTHONUTF8, "
      "PYTHONIOENCODING, PYTHONHASHSEED,\n"
      "PYTHONINTMAXSTRDIGITS, PYTHONBREAKPOINT, PYTHONDEVMODE, PYTHONPYCACHEPREFIX, PYTHONFAULTHANDLER, PYTHONWARNINGS, "
      "PYTHONOPTIMIZE,\n"
      "PYTHONUNBUFFERED, PYTHONDONTWRITEBYTECODE, PYTHONNOUSERSITE, PYTHONINSPECT, PYTHONVERBOSE; of Baton: PYTHON_GIL=0|1, "
      "PYTHON_JIT=0|1\n",
      stdout);
}

void print_xoptions_help() {
  fputs(
      "-X gil=0|1           threads in parallel, or under the GIL (default 1); also PYTHON_GIL\n"
      "-X gil_policy=NAME   fair (default), cpython, fifo, seeded\n"
      "-X gil_seed=N        seed of the policy `seeded`\n"
      "-X gil_report[=FILE] at the end, what limited the program: text on standard error, or JSON in a file (baton.gil)\n"
      "-X deadlock_report   threads that wait for each other, or all of them for nobody, are told on standard error; also -X "
      "dev\n"
      "-X timeline=FILE     at the end, what all threads of all processes did when, as JSON for Perfetto or chrome://tracing\n"
      "-X jit=0|1           machine code for code that runs often (default 1); also PYTHON_JIT\n"
      "-X jit_threshold=N   after so many calls and loop iterations (default 1000)\n"
      "-X jit_memory=N      MiB of machine code at most (default 64)\n"
      "-X jit_exits         baton.jit.counters() tells which instructions machine code leaves to handlers\n"
      "-X gc_stress=N       collect at every Nth allocation\n"
      "-X gc_verify         check the heap after each collection\n"
      "-X why_alive=TYPE    after each full collection, what instances of TYPE hang on (baton.heap)\n"
      "-X dis               print the program's bytecode before it runs\n"
      "-X dev, utf8[=0|1], importtime, faulthandler, int_max_str_digits=N, pycache_prefix=PATH, warn_default_encoding, "
      "no_debug_ranges: as in CPython\n",
      stdout);
}

// platform.py parses sys.version as "ver (buildno, date, time) [compiler]".
std::string version_text() {
  return std::string("3.11.2 (Baton 0.1, ") + __DATE__ + ", " + __TIME__ + ") [Clang " + std::to_string(__clang_major__) + "." +
         std::to_string(__clang_minor__) + "]";
}

void print_version(bool verbose) {
  if (verbose)
    printf("Python %s\n", version_text().c_str());
  else
    puts("Python 3.11.2");
}

}  // namespace baton
