// What the command line and the environment said, and where the library is. Filled by cli/, read by sys and start-up.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace baton {

struct Config {
  int debug = 0, inspect = 0, interactive = 0, optimize = 0, dont_write_bytecode = 0, no_user_site = 0, no_site = 0,
      ignore_environment = 0, verbose = 0;
  int bytes_warning = 0, quiet = 0, isolated = 0, dev_mode = 0, utf8_mode = -1 /* not said */, warn_default_encoding = 0,
      safe_path = 0;
  int int_max_str_digits = -1;                           // -1: default
  bool hash_seed_given = false, hash_randomize = false;  // -R
  unsigned long hash_seed = 0;
  bool unbuffered = false, skip_first_line = false, faulthandler = false, deadlock_report = false, import_time = false,
       no_debug_ranges = false, disassemble = false;
  int tracemalloc = 0;  // frames a trace; 0: not tracing
  bool tracemalloc_given = false;
  std::string check_hash_pycs = "default";
  std::string pycache_prefix;
  bool pycache_prefix_given = false;  // by -X
  std::string io_encoding;            // PYTHONIOENCODING
  std::vector<std::string> argv, orig_argv, warnoptions;
  std::vector<std::pair<std::string, std::string>> xoptions;  // value "\1": the option had none (True)
  std::string executable, base_executable, prefix, base_prefix, stdlib_dir, platlibdir = "lib";
  std::vector<std::string> module_search_path;
  std::string filesystem_encoding = "utf-8", filesystem_errors = "surrogateescape", stdio_encoding = "utf-8",
              stdio_errors = "strict";
};
extern Config config;

}  // namespace baton
