// The command line and the PYTHON* environment, into Config.
#include "cli/command_line.h"

#include <langinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/locale.h"
#include "cli/usage.h"

namespace baton {

static const char* env(const char* name) {
  if (config.ignore_environment) return nullptr;
  const char* v = getenv(name);
  return v && *v ? v : nullptr;
}

// The level a variable asks for, if that is more than `now`: a number, or 1 for any other text.
static int env_level(const char* name, int now) {
  const char* v = env(name);
  if (!v) return now;
  char* end;
  errno = 0;
  long n = strtol(v, &end, 10);
  if (*end || errno || n < 0 || n > INT_MAX) n = 1;
  return n > now ? static_cast<int>(n) : now;
}

[[noreturn]] static void fatal(const std::string& text, const char* state = "preinitialized") {
  fprintf(stderr, "Fatal Python error: %s\nPython runtime state: %s\n\n", text.c_str(), state);
  exit(1);
}

static int parse_digits_limit(const char* text, const char* source) {
  char* end;
  long v = strtol(text, &end, 10);
  if (*end || (v != 0 && v < 640))
    fatal(std::string("config_init_int_max_str_digits: ") + source + ": invalid limit; must be >= 640 or 0 for unlimited.");
  return static_cast<int>(v);
}

static std::string absolute_path(const std::string& path) {
  if (!path.empty() && path[0] == '/') return path;
  char cwd[PATH_MAX];
  if (!getcwd(cwd, sizeof cwd)) return path;
  return std::string(cwd) + "/" + path;
}

static std::string find_executable(const char* argv0) {
  std::string name = argv0 ? argv0 : "";
  if (name.find('/') != std::string::npos) return absolute_path(name);
  if (const char* path = getenv("PATH")) {
    std::string rest = path;
    while (!name.empty()) {
      usize colon = rest.find(':');
      std::string candidate = rest.substr(0, colon) + "/" + name;
      if (access(candidate.c_str(), X_OK) == 0) return absolute_path(candidate);
      if (colon == std::string::npos) break;
      rest = rest.substr(colon + 1);
    }
  }
  char self[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  return n > 0 ? std::string(self, static_cast<usize>(n)) : name;
}

static bool is_file(const std::string& path) { return access(path.c_str(), R_OK) == 0; }
static std::string parent(const std::string& path) {
  usize slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

static std::string trimmed(std::string s) {
  while (!s.empty() && strchr(" \t\r\n", s.front())) s.erase(0, 1);
  while (!s.empty() && strchr(" \t\r\n", s.back())) s.pop_back();
  return s;
}

static bool read_lines(const std::string& path, std::vector<std::string>& lines) {
  FILE* f = fopen(path.c_str(), "r");
  if (!f) return false;
  std::string line;
  for (int c; (c = fgetc(f)) != EOF;) {
    if (c != '\n') {
      line.push_back(static_cast<char>(c));
      continue;
    }
    lines.push_back(std::move(line));
    line.clear();
  }
  if (!line.empty()) lines.push_back(std::move(line));
  fclose(f);
  return true;
}

// Without ".", ".." and empty parts, as text: links are not looked at.
static std::string normalized(const std::string& path) {
  std::vector<std::string> parts;
  for (usize at = 0; at <= path.size();) {
    usize slash = path.find('/', at);
    if (slash == std::string::npos) slash = path.size();
    std::string part = path.substr(at, slash - at);
    at = slash + 1;
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string result;
  for (const std::string& part : parts) result += "/" + part;
  return result.empty() ? "/" : result;
}

// A file EXECUTABLE._pth says what sys.path is, and that nothing else has a say in it.
static bool read_pth_file() {
  std::vector<std::string> lines;
  if (!read_lines(config.executable + "._pth", lines)) return false;
  std::string directory = parent(config.executable);
  config.isolated = config.ignore_environment = config.safe_path = config.no_site = 1;
  for (const std::string& whole : lines) {
    std::string line = trimmed(whole.substr(0, whole.find('#')));
    if (line == "import site")
      config.no_site = 0;
    else if (line.starts_with("import "))
      fprintf(stderr, "unsupported 'import' line in ._pth file\n");
    else if (!line.empty())
      config.module_search_path.push_back(normalized(line[0] == '/' ? line : directory + "/" + line));
  }
  return true;
}

// The `home` of a pyvenv.cfg beside the executable or one level up; empty when there is none.
static std::string venv_home(const std::string& executable, std::string* venv_prefix) {
  std::string directory = parent(executable);
  for (const std::string& candidate : {directory + "/pyvenv.cfg", parent(directory) + "/pyvenv.cfg"}) {
    FILE* f = fopen(candidate.c_str(), "r");
    if (!f) continue;
    char line[PATH_MAX + 64];
    std::string home;
    while (fgets(line, sizeof line, f)) {
      std::string text = line;
      usize eq = text.find('=');
      if (eq == std::string::npos) continue;
      if (trimmed(text.substr(0, eq)) == "home") home = trimmed(text.substr(eq + 1));
    }
    fclose(f);
    *venv_prefix = parent(candidate);
    return home;
  }
  return "";
}

// The prefix whose lib/python3.11 holds the library: PYTHONHOME, the executable's own tree, then the installed one.
static void compute_paths() {
  bool path_is_given = read_pth_file();
  std::string home = env("PYTHONHOME") ? env("PYTHONHOME") : "";
  usize colon = home.find(':');
  if (colon != std::string::npos) home.resize(colon);
  std::string venv_prefix;
  std::string base_bin = venv_home(config.executable, &venv_prefix);
  config.base_executable = config.executable;
  if (!base_bin.empty()) {
    usize slash = config.executable.rfind('/');
    std::string candidate = base_bin + config.executable.substr(slash);
    char real[PATH_MAX];
    if (is_file(candidate))
      config.base_executable = candidate;
    else if (realpath(config.executable.c_str(), real))
      config.base_executable = real;
  }
  std::string prefix = home;
  if (prefix.empty()) {
    for (std::string at = parent(config.base_executable); at != "/"; at = parent(at)) {
      if (is_file(at + "/lib/python3.11/os.py")) {
        prefix = at;
        break;
      }
    }
  }
  if (prefix.empty()) {
    for (const char* candidate : {"/usr", "/usr/local"})
      if (is_file(std::string(candidate) + "/lib/python3.11/os.py")) {
        prefix = candidate;
        break;
      }
  }
  if (prefix.empty()) {
    fprintf(
        stderr,
        "baton: the Python 3.11 standard library was not found (lib/python3.11/os.py below PYTHONHOME, the executable or /usr); "
        "install Debian's libpython3.11-stdlib\n");
    exit(1);
  }
  if (const char* v = env("PYTHONPLATLIBDIR")) config.platlibdir = v;
  config.prefix = config.base_prefix = prefix;
  config.stdlib_dir = prefix + "/lib/python3.11";
  if (path_is_given) {
    config.prefix = config.base_prefix = parent(config.executable);
    return;
  }
  auto& path = config.module_search_path;
  if (const char* v = env("PYTHONPATH")) {
    std::string rest = v;
    for (;;) {
      usize c = rest.find(':');
      path.push_back(rest.substr(0, c));
      if (c == std::string::npos) break;
      rest = rest.substr(c + 1);
    }
  }
  path.push_back(prefix + "/lib/python311.zip");
  path.push_back(config.stdlib_dir);
  path.push_back(config.stdlib_dir + "/lib-dynload");
}

static int parse_frame_count(const std::string& text, const char* option) {
  char* end;
  long n = strtol(text.c_str(), &end, 10);
  if (text.empty() || *end || n < 0 || n > 65535)
    fatal(std::string("config_init_tracemalloc: ") + option + ": invalid number of frames");
  return static_cast<int>(n);
}

static void add_xoption(const std::string& text, Launch& launch) {
  usize eq = text.find('=');
  std::string key = text.substr(0, eq), value = eq == std::string::npos ? "\1" : text.substr(eq + 1);
  for (usize i = 0; i < config.xoptions.size(); ++i)
    if (config.xoptions[i].first == key) config.xoptions.erase(config.xoptions.begin() + static_cast<long>(i--));
  config.xoptions.emplace_back(key, value);
  auto number = [&](unsigned long fallback) { return value == "\1" ? fallback : strtoul(value.c_str(), nullptr, 10); };
  if (key == "gil") {
    if (value != "0" && value != "1") fatal("config_read_gil: PYTHON_GIL / -X gil must be \"0\" or \"1\"");
    launch.gil = value == "1";
  } else if (key == "gil_policy")
    launch.gil_policy = value == "\1" ? "" : value;
  else if (key == "gil_seed")
    launch.gil_seed = number(0);
  else if (key == "gil_report")
    launch.gil_report = value == "\1" ? "-" : value;
  else if (key == "deadlock_report")
    config.deadlock_report = true;
  else if (key == "timeline") {
    if (value == "\1" || value.empty()) fatal("config_init_timeline: -X timeline needs a file: -X timeline=FILE");
    launch.timeline = value;
  } else if (key == "jit") {
    if (value != "0" && value != "1") fatal("config_read_jit: PYTHON_JIT / -X jit must be \"0\" or \"1\"");
    launch.jit = value == "1";
  } else if (key == "jit_threshold")
    launch.jit_options.first_threshold = launch.jit_options.threshold = static_cast<i32>(std::clamp(number(1), 1ul, 1ul << 30));
  else if (key == "jit_memory")
    launch.jit_options.code_memory = number(64) << 20;
  else if (key == "jit_exits")
    launch.jit_options.counts_exits = true;
  else if (key == "gc_stress")
    launch.gc_stress = static_cast<unsigned>(number(1));
  else if (key == "gc_verify")
    launch.gc_verify = true;
  else if (key == "why_alive") {
    if (value == "\1" || value.empty()) fatal("config_init_why_alive: -X why_alive needs the name of a type: -X why_alive=TYPE");
    launch.why_alive = value;
  } else if (key == "dis")
    config.disassemble = true;
  else if (key == "dev")
    config.dev_mode = 1;
  else if (key == "faulthandler")
    config.faulthandler = true;
  else if (key == "utf8") {
    if (value != "\1" && value != "0" && value != "1")
      fatal("preconfig_init_utf8_mode: invalid -X utf8 option value", "preinitializing");
    config.utf8_mode = value != "0";
  } else if (key == "tracemalloc") {
    config.tracemalloc_given = true;
    config.tracemalloc = value == "\1" ? 1 : parse_frame_count(value, "-X tracemalloc=NFRAME");
  } else if (key == "importtime")
    config.import_time = true;
  else if (key == "pycache_prefix")
    config.pycache_prefix_given = true, config.pycache_prefix = value == "\1" ? "" : value;
  else if (key == "warn_default_encoding")
    config.warn_default_encoding = 1;
  else if (key == "no_debug_ranges")
    config.no_debug_ranges = true;
  else if (key == "int_max_str_digits")
    config.int_max_str_digits = parse_digits_limit(value.c_str(), "-X int_max_str_digits");
  else if (key == "frozen_modules" && value != "\1" && value != "" && value != "on" && value != "off")
    fatal("bad value for option -X frozen_modules (expected \"on\" or \"off\")");
}

// UTF-8 mode, the encodings of file names and streams, and how streams treat what they can't decode. The C locale turns UTF-8
// mode on; without it, it means ASCII. Locales that stand for "no locale" get streams that carry any bytes.
static void choose_encodings() {
  if (config.utf8_mode < 0) config.utf8_mode = started_in_c_locale();
  const char* locale = setlocale(LC_CTYPE, nullptr);
  std::string_view name = locale ? locale : "C";
  bool carries_bytes = config.utf8_mode;
  for (const char* neutral : {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"}) carries_bytes |= name == neutral;
  config.stdio_errors = carries_bytes ? "surrogateescape" : "strict";
  if (config.utf8_mode) return;
  const char* codeset = nl_langinfo(CODESET);
  if (!strcmp(codeset, "ANSI_X3.4-1968"))
    config.filesystem_encoding = "ascii";
  else if (*codeset && strcmp(codeset, "UTF-8"))
    config.filesystem_encoding = codeset;
  config.stdio_encoding = config.filesystem_encoding;
}

static void read_environment(Launch& launch) {
  config.inspect = env_level("PYTHONINSPECT", config.inspect);
  config.debug = env_level("PYTHONDEBUG", config.debug);
  config.verbose = env_level("PYTHONVERBOSE", config.verbose);
  config.optimize = env_level("PYTHONOPTIMIZE", config.optimize);
  if (env_level("PYTHONDONTWRITEBYTECODE", 0)) config.dont_write_bytecode = 1;
  if (env("PYTHONPROFILEIMPORTTIME")) config.import_time = true;
  if (env_level("PYTHONNOUSERSITE", 0)) config.no_user_site = 1;
  if (env_level("PYTHONUNBUFFERED", 0)) config.unbuffered = true;
  if (env("PYTHONSAFEPATH")) config.safe_path = 1;
  if (env("PYTHONDEVMODE")) config.dev_mode = 1;
  if (env("PYTHONFAULTHANDLER")) config.faulthandler = true;
  if (env("PYTHONNODEBUGRANGES")) config.no_debug_ranges = true;
  if (env("PYTHONWARNDEFAULTENCODING")) config.warn_default_encoding = 1;
  if (const char* v = env("PYTHONMALLOC")) {
    bool known = false;  // of CPython's allocators: none is there to be chosen
    for (const char* name : {"default", "debug", "pymalloc", "pymalloc_debug", "malloc", "malloc_debug"})
      known |= !strcmp(v, name);
    if (!known) fatal("preconfig_init_allocator: PYTHONMALLOC: unknown allocator", "preinitializing");
  }
  if (const char* v = env("PYTHONUTF8"); v && config.utf8_mode < 0) {
    if (strcmp(v, "0") && strcmp(v, "1"))
      fatal("preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value", "preinitializing");
    config.utf8_mode = *v == '1';
  }
  if (const char* v = env("PYTHONTRACEMALLOC"); v && !config.tracemalloc_given)
    config.tracemalloc = parse_frame_count(v, "PYTHONTRACEMALLOC");
  if (const char* v = env("PYTHONPYCACHEPREFIX"))
    if (!config.pycache_prefix_given) config.pycache_prefix = v;
  if (const char* v = env("PYTHONIOENCODING")) config.io_encoding = v;
  if (const char* v = env("PYTHONINTMAXSTRDIGITS")) {
    int limit = parse_digits_limit(v, "PYTHONINTMAXSTRDIGITS");
    if (config.int_max_str_digits < 0) config.int_max_str_digits = limit;
  }
  if (const char* v = env("PYTHONHASHSEED"); v && !config.hash_randomize) {
    if (strcmp(v, "random") != 0) {
      char* end;
      unsigned long n = strtoul(v, &end, 10);
      if (*end || n > 4294967295ul || *v == '-')
        fatal("config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]");
      config.hash_seed_given = true;
      config.hash_seed = n;
    }
  }
  // A variable PYTHON_<NAME>=0|1 that an -X option of the same name overrides.
  auto switch_by_variable = [&](const char* variable, const char* option, bool& setting) {
    const char* v = env(variable);
    if (!v) return;
    for (auto& x : config.xoptions)
      if (x.first == option) return;
    if (strcmp(v, "0") && strcmp(v, "1"))
      fatal(std::string("config_read_") + option + ": " + variable + " must be \"0\" or \"1\"");
    setting = *v == '1';
  };
  switch_by_variable("PYTHON_GIL", "gil", launch.gil);
  switch_by_variable("PYTHON_JIT", "jit", launch.jit);
  choose_encodings();
  std::vector<std::string> warnings;
  if (config.dev_mode) warnings.push_back("default");
  if (const char* v = env("PYTHONWARNINGS")) {
    std::string rest = v;
    for (;;) {
      usize c = rest.find(',');
      warnings.push_back(rest.substr(0, c));
      if (c == std::string::npos) break;
      rest = rest.substr(c + 1);
    }
  }
  for (auto& w : config.warnoptions) warnings.push_back(w);
  if (config.bytes_warning > 1)
    warnings.push_back("error::BytesWarning");
  else if (config.bytes_warning)
    warnings.push_back("default::BytesWarning");
  config.warnoptions = warnings;
}

[[noreturn]] static void usage_error(const char* program, const std::string& text) {
  fprintf(stderr, "%s\nusage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n",
          text.c_str(), program);
  exit(2);
}

Launch parse_command_line(int argc, char** argv) {
  Launch launch;
  for (int i = 0; i < argc; ++i) config.orig_argv.push_back(argv[i]);
  config.executable = find_executable(argc ? argv[0] : nullptr);
  const char* program = argc ? argv[0] : "baton";
  int i = 1;
  bool done = false;
  int version = 0;
  while (i < argc && !done) {
    const char* arg = argv[i];
    if (arg[0] != '-' || !arg[1]) break;
    if (!strcmp(arg, "--")) {
      ++i;
      break;
    }
    if (arg[1] == '-') {
      std::string name = arg + 2;
      if (name == "help") {
        print_usage(program);
        exit(0);
      }
      if (name == "version") {
        version = version ? version : 1;
        ++i;
        continue;
      }
      if (name == "help-env") {
        print_environment_help();
        exit(0);
      }
      if (name == "help-xoptions") {
        print_xoptions_help();
        exit(0);
      }
      if (name == "help-all") {
        print_usage(program);
        print_environment_help();
        print_xoptions_help();
        exit(0);
      }
      if (name == "check-hash-based-pycs") {
        if (i + 1 >= argc) usage_error(program, "Argument expected for the --check-hash-based-pycs options");
        std::string v = argv[i + 1];
        if (v != "always" && v != "never" && v != "default") {
          usage_error(program, "--check-hash-based-pycs must be one of 'default', 'always', or 'never'");
        }
        config.check_hash_pycs = v;
        i += 2;
        continue;
      }
      usage_error(program, std::string("unknown option ") + arg);
    }
    for (const char* p = arg + 1; *p; ++p) {
      char c = *p;
      if (c == 'c' || c == 'm' || c == 'W' || c == 'X') {
        std::string value;
        if (p[1])
          value = p + 1;
        else if (i + 1 < argc)
          value = argv[++i];
        else
          usage_error(program, std::string("Argument expected for the -") + c + " option");
        if (c == 'W')
          config.warnoptions.push_back(value);
        else if (c == 'X')
          add_xoption(value, launch);
        else {
          launch.kind = c == 'c' ? Launch::Command : Launch::ModuleName;
          launch.text = value;
          done = true;
        }
        break;
      }
      switch (c) {
        case 'b': ++config.bytes_warning; break;
        case 'B': config.dont_write_bytecode = 1; break;
        case 'd': ++config.debug; break;
        case 'E': config.ignore_environment = 1; break;
        case 'h':
        case '?': print_usage(program); exit(0);
        case 'i': config.inspect = config.interactive = 1; break;
        case 'I': config.isolated = config.ignore_environment = config.no_user_site = config.safe_path = 1; break;
        case 'O': ++config.optimize; break;
        case 'P': config.safe_path = 1; break;
        case 'q': config.quiet = 1; break;
        case 'R': config.hash_randomize = true; break;
        case 's': config.no_user_site = 1; break;
        case 'S': config.no_site = 1; break;
        case 't': break;
        case 'u': config.unbuffered = true; break;
        case 'v': ++config.verbose; break;
        case 'V': ++version; break;
        case 'x': config.skip_first_line = true; break;
        case 'J': usage_error(program, "-J is reserved for Jython");
        default: usage_error(program, std::string("Unknown option: -") + c);
      }
    }
    ++i;
  }
  if (version) {
    print_version(version > 1);
    exit(0);
  }
  if (launch.kind == Launch::Stdin && i < argc) {
    if (strcmp(argv[i], "-") != 0) {
      launch.kind = Launch::File;
      launch.text = argv[i];
    }
    for (; i < argc; ++i) config.argv.push_back(argv[i]);
  } else {
    config.argv.push_back(launch.kind == Launch::Command ? "-c" : launch.kind == Launch::ModuleName ? "-m" : "");
    for (; i < argc; ++i) config.argv.push_back(argv[i]);
  }
  read_environment(launch);
  if (config.dev_mode) config.faulthandler = config.deadlock_report = true;
  compute_paths();
  return launch;
}

}  // namespace baton
