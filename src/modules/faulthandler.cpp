// faulthandler: tracebacks written by signal handlers and a watchdog thread.
//
// What runs in a signal handler reads frames and code objects where they are, allocates nothing and writes with write(2). Other
// threads' frames may change meanwhile: each step is checked against the depth limit, and a torn frame costs a wrong line at
// worst.
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "interp/frames.h"
#include "modules/modules.h"
#include "objects/code.h"
#include "objects/dict.h"
#include "objects/frame.h"
#include "objects/main_thread.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/timeout.h"
#include "threads/clock.h"
#include "threads/mutex.h"
#include "threads/os_thread.h"

namespace baton {

static constexpr int kMostFrames = 100, kMostThreads = 100, kMostText = 500;

// ---------------------------------------------------------------------------------------------------------------- writing

static void put(int fd, const char* text, usize n) {
  while (n) {
    ssize_t done = ::write(fd, text, n);
    if (done < 0) {
      if (errno == EINTR) continue;
      return;
    }
    text += done;
    n -= static_cast<usize>(done);
  }
}
static void put(int fd, const char* text) { put(fd, text, strlen(text)); }
static void put_number(int fd, u64 value, u32 base, int width) {
  char buffer[32];
  int at = sizeof buffer;
  do {
    buffer[--at] = "0123456789abcdef"[value % base];
    value /= base;
    --width;
  } while (value || width > 0);
  put(fd, buffer + at, static_cast<usize>(static_cast<int>(sizeof buffer) - at));
}
static void put_text(int fd, const Str* s) {
  Index n = s->length() < kMostText ? s->length() : kMostText;
  for (Index i = 0; i < n; ++i) {
    u32 c = s->at(i);
    if (c >= ' ' && c < 127) {
      char one = static_cast<char>(c);
      put(fd, &one, 1);
    } else {
      put(fd, c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
      put_number(fd, c, 16, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
    }
  }
  if (n < s->length()) put(fd, "...");
}

static void put_frames(int fd, Thread& thread, bool is_current = false) {
  int depth = 0;
  // Finalisers run as a part of collections only.
  if (is_current && thread.interp_state_ && interp_state(thread).spared_until) put(fd, "  Garbage-collecting\n");
  for (Frame* f = thread.top_frame_; f; f = f->previous) {
    if (depth++ == kMostFrames) return put(fd, "  ...\n");
    put(fd, "  File \"");
    put_text(fd, f->code->filename());
    put(fd, "\", line ");
    i32 line = frame_line(f);
    if (line >= 0)
      put_number(fd, static_cast<u64>(line), 10, 0);
    else
      put(fd, "???");
    put(fd, " in ");
    put_text(fd, f->code->name());
    put(fd, "\n");
  }
  if (!depth) put(fd, "  <no Python frame>\n");
}

static void put_all_threads(int fd, Mutator* current) {
  int count = 0;
  for (Thread* t = first_thread(); t; t = t->next_thread_) {
    if (count) put(fd, "\n");
    if (count++ == kMostThreads) return put(fd, "...\n");
    put(fd, t == current ? "Current thread 0x" : "Thread 0x");
    put_number(fd, t->python_ident_, 16, 16);
    put(fd, " (most recent call first):\n");
    put_frames(fd, *t, t == current);
  }
}

static bool copy_ascii(const Str* text, char* out, usize room) {
  Index n = text->length();
  if (n >= static_cast<Index>(room)) return false;
  for (Index i = 0; i < n; ++i) {
    if (text->at(i) >= 128) return false;
    out[i] = static_cast<char>(text->at(i));
  }
  out[n] = 0;
  return true;
}
// A name of sys, found without interning.
static Value sys_value(std::string_view name) {
  Index position = 0;
  Value key, value;
  while (dict_next(runtime.sys->dict(), &position, &key, &value))
    if (is<Str>(key) && str_equals_ascii(key.as<Str>(), name)) return value;
  return Value();
}
static bool is_library_name(Value names, std::string_view name) {
  if (!is_any_set(names)) return false;
  Index position = 0;
  Value key;
  while (set_next(names.as<Set>(), &position, &key))
    if (is<Str>(key) && str_equals_ascii(key.as<Str>(), name)) return true;
  return false;
}
// Native modules that are imported and don't belong to the library.
static void put_extension_modules(int fd) {
  if (!runtime.modules || !runtime.sys) return;
  Value library = sys_value("stdlib_module_names");
  Index position = 0;
  Value key, module;
  u64 count = 0;
  while (dict_next(runtime.modules, &position, &key, &module)) {
    char name[64];
    if (!is<Str>(key) || !is<Module>(module) || !copy_ascii(key.as<Str>(), name, sizeof name)) continue;
    if (!find_builtin_module(name) || is_library_name(library, name)) continue;
    put(fd, count++ ? ", " : "\nExtension modules: ");
    put(fd, name);
  }
  if (!count) return;
  put(fd, " (total: ");
  put_number(fd, count, 10, 0);
  put(fd, ")\n");
}

static void put_traceback(int fd, bool all_threads) {
  auto* current = static_cast<Thread*>(current_mutator());
  if (all_threads) return put_all_threads(fd, current);
  put(fd, "Stack (most recent call first):\n");
  if (current)
    put_frames(fd, *current);
  else
    put(fd, "  <no Python frame>\n");
}

// ---------------------------------------------------------------------------------------------------------------- the file
// argument

static Result<int> descriptor_of(Thread& thread, Value file) {
  if (file.is_absent() || file.is_none()) {
    file = dict_find_str(runtime.sys->dict(), names.stderr_);
    if (file.is_absent()) return raise_runtime_error(thread, "unable to get sys.stderr");
    if (file.is_none()) return raise_runtime_error(thread, "sys.stderr is None");
  } else if (is_int(file)) {
    int fd;
    if (!convert_int(thread, file, &fd)) return failed;
    if (fd < 0) return raise_value_error(thread, "file is not a valid file descripter");
    return fd;
  }
  Value number = TRY(call_method(thread, file, names.fileno));
  i64 fd = -1;
  if (!is_int(number) || !int_to_i64(int_exact(number), &fd) || fd < 0 || fd > INT32_MAX)
    return raise_runtime_error(thread, "file.fileno() is not a valid file descriptor");
  if (call_method(thread, file, names.flush).is_failed()) thread.clear_pending();
  return static_cast<int>(fd);
}

// Keeps a file object alive as long as its descriptor is used.
struct Output {
  Root<Value>* file = nullptr;
  int fd = -1;
  bool all_threads = true;
  void set(Value f, int descriptor, bool all) {
    if (!file) file = new Root<Value>;
    file->set(f.is_absent() ? kNone : f);
    fd = descriptor;
    all_threads = all;
  }
  void clear() {
    if (file) file->set(kNone);
  }
};

static Result<void> dump_traceback(Thread& thread, Value file, bool all_threads) {
  int fd = TRY(descriptor_of(thread, file));
  put_traceback(fd, all_threads);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- fatal signals

struct FatalSignal {
  int number;
  const char* text;
  struct sigaction previous;
  bool installed;
};
static FatalSignal fatal_signals[] = {{SIGBUS, "Bus error", {}, false},
                                      {SIGILL, "Illegal instruction", {}, false},
                                      {SIGFPE, "Floating point exception", {}, false},
                                      {SIGABRT, "Aborted", {}, false},
                                      {SIGSEGV, "Segmentation fault", {}, false}};
static Output fatal_output;
static bool fatal_enabled = false;

static void on_fatal_signal(int number) {
  if (!fatal_enabled) return;
  int saved = errno;
  for (FatalSignal& s : fatal_signals) {
    if (s.number != number) continue;
    if (s.installed) sigaction(number, &s.previous, nullptr);
    s.installed = false;
    put(fatal_output.fd, "Fatal Python error: ");
    put(fatal_output.fd, s.text);
    put(fatal_output.fd, "\n\n");
    break;
  }
  static volatile sig_atomic_t reentrant = 0;
  if (!reentrant) {
    reentrant = 1;
    put_traceback(fatal_output.fd, fatal_output.all_threads);
    put_extension_modules(fatal_output.fd);
    reentrant = 0;
  }
  errno = saved;
  ::raise(number);
}

static void install_fatal_handlers() {
  static char* alternate = nullptr;
  if (!alternate) {
    constexpr usize kStack = 64 << 10;
    alternate = static_cast<char*>(malloc(kStack));
    stack_t stack{};
    stack.ss_sp = alternate;
    stack.ss_size = kStack;
    sigaltstack(&stack, nullptr);
  }
  for (FatalSignal& s : fatal_signals) {
    if (s.installed) continue;
    struct sigaction action{};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    s.installed = sigaction(s.number, &action, &s.previous) == 0;
  }
}

static Result<void> enable(Thread& thread, Value file, bool all_threads) {
  int fd = TRY(descriptor_of(thread, file));
  fatal_output.set(file, fd, all_threads);
  fatal_enabled = true;
  install_fatal_handlers();
  return ok;
}
static void remove_fatal_handlers() {
  fatal_enabled = false;
  for (FatalSignal& s : fatal_signals) {
    if (s.installed) sigaction(s.number, &s.previous, nullptr);
    s.installed = false;
  }
}
static Result<bool> disable(Thread&) {
  bool was = fatal_enabled;
  remove_fatal_handlers();
  fatal_output.clear();
  return was;
}
static Result<bool> is_enabled(Thread&) { return fatal_enabled; }

// ---------------------------------------------------------------------------------------------------------------- the watchdog

// One watchdog at a time. It knows nothing of mutators: it only reads frames.
struct Watchdog {
  Mutex mutex;
  CondVar changed;
  bool running = false, cancelled = false;
  u64 timeout_ns = 0;
  bool repeat = false, exit = false;
  char header[64] = {};
};
static Watchdog watchdog;
static Output watchdog_output;

static void run_watchdog(void*) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  watchdog.mutex.lock();
  do {
    u64 deadline = monotonic_ns() + watchdog.timeout_ns;
    while (!watchdog.cancelled) {
      u64 now = monotonic_ns();
      if (now >= deadline) break;
      watchdog.changed.wait(watchdog.mutex, deadline - now);
    }
    if (watchdog.cancelled) break;
    put(watchdog_output.fd, watchdog.header);
    put_all_threads(watchdog_output.fd, nullptr);
    if (watchdog.exit) _exit(1);
  } while (watchdog.repeat);
  watchdog.running = false;
  watchdog.changed.notify_all();
  watchdog.mutex.unlock();
}

static void stop_watchdog(Thread& thread) {
  blocking<BlockCause::Lock>(thread, [] {
    watchdog.mutex.lock();
    watchdog.cancelled = true;
    watchdog.changed.notify_all();
    while (watchdog.running) watchdog.changed.wait(watchdog.mutex);
    watchdog.mutex.unlock();
  });
  watchdog_output.clear();
}

static Result<void> dump_traceback_later(Thread& thread, Value timeout, bool repeat, Value file, bool exit) {
  i64 ns = TRY(seconds_to_ns(thread, timeout));
  if (ns <= 0) return raise_value_error(thread, "timeout must be greater than 0");
  int fd = TRY(descriptor_of(thread, file));
  stop_watchdog(thread);
  watchdog_output.set(file, fd, true);
  watchdog.timeout_ns = static_cast<u64>(ns);
  watchdog.repeat = repeat;
  watchdog.exit = exit;
  watchdog.cancelled = false;
  u64 us = (static_cast<u64>(ns) + 999) / 1000, seconds = us / 1000000;
  int n = snprintf(watchdog.header, sizeof watchdog.header, "Timeout (%llu:%02llu:%02llu",
                   static_cast<unsigned long long>(seconds / 3600), static_cast<unsigned long long>(seconds / 60 % 60),
                   static_cast<unsigned long long>(seconds % 60));
  if (us % 1000000)
    n += snprintf(watchdog.header + n, sizeof watchdog.header - static_cast<usize>(n), ".%06llu",
                  static_cast<unsigned long long>(us % 1000000));
  snprintf(watchdog.header + n, sizeof watchdog.header - static_cast<usize>(n), ")!\n");
  watchdog.running = true;
  if (start_os_thread(run_watchdog, nullptr, 0) != 0) {
    watchdog.running = false;
    return raise_runtime_error(thread, "unable to start watchdog thread");
  }
  return ok;
}
static Result<void> cancel_dump_traceback_later(Thread& thread) {
  stop_watchdog(thread);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- user signals

struct UserSignal {
  bool enabled, chain;
  Output output;
  struct sigaction previous;
};
static UserSignal* user_signals = nullptr;  // by number
static constexpr int kSignals = 65;

static int install_user(int number, bool chain, struct sigaction* previous);
static void on_user_signal(int number) {
  UserSignal& user = user_signals[number];
  if (!user.enabled) return;
  int saved = errno;
  put_traceback(user.output.fd, user.output.all_threads);
  if (user.chain) {
    sigaction(number, &user.previous, nullptr);
    errno = saved;
    ::raise(number);
    saved = errno;
    install_user(number, true, nullptr);
  }
  errno = saved;
}
static int install_user(int number, bool chain, struct sigaction* previous) {
  struct sigaction action{};
  action.sa_handler = on_user_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0);
  return sigaction(number, &action, previous);
}

static Result<void> check_user_signal(Thread& thread, int number) {
  for (FatalSignal& s : fatal_signals)
    if (s.number == number) return raise_runtime_error(thread, "signal {} cannot be registered, use enable() instead", number);
  if (number < 1 || number >= kSignals) return raise_value_error(thread, "signal number out of range");
  return ok;
}
static Result<void> register_signal(Thread& thread, int number, Value file, bool all_threads, bool chain) {
  TRY(check_user_signal(thread, number));
  int fd = TRY(descriptor_of(thread, file));
  if (!user_signals) user_signals = new UserSignal[kSignals]{};
  UserSignal& user = user_signals[number];
  if (!user.enabled && install_user(number, chain, &user.previous) != 0) return raise_os_error(thread, errno);
  user.output.set(file, fd, all_threads);
  user.chain = chain;
  user.enabled = true;
  return ok;
}
static Result<bool> unregister_signal(Thread& thread, int number) {
  TRY(check_user_signal(thread, number));
  if (!user_signals || !user_signals[number].enabled) return false;
  UserSignal& user = user_signals[number];
  user.enabled = false;
  sigaction(number, &user.previous, nullptr);
  user.output.clear();
  return true;
}

// ---------------------------------------------------------------------------------------------------------------- crashing on
// purpose

static void no_core_dump() {
  rlimit none{0, 0};
  rlimit old;
  if (getrlimit(RLIMIT_CORE, &old) == 0) {
    none.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_CORE, &none);
  }
}
static Result<Value> crash(Thread& thread, int number, bool release_gil) {
  no_core_dump();
  if (release_gil)
    blocking(thread, [number] { ::raise(number); });
  else
    ::raise(number);
  return kNone;
}
static Result<Value> crash_read_null(Thread&) {
  no_core_dump();
  volatile int* null = nullptr;
  return Value::of_small_int(*null);
}
static Result<Value> crash_sigsegv(Thread& thread, bool release_gil) { return crash(thread, SIGSEGV, release_gil); }
static Result<Value> crash_sigabrt(Thread&) {
  no_core_dump();
  abort();
}
static Result<Value> crash_sigfpe(Thread& thread) { return crash(thread, SIGFPE, false); }
// A fatal error on a thread that Python does not know.
static void fail_on_c_thread(void*) {
  remove_fatal_handlers();
  put(2, "Fatal Python error: faulthandler_fatal_error_thread: in new thread\nPython runtime state: initialized\n\n");
  put_all_threads(2, nullptr);
  put_extension_modules(2);
  abort();
}
static Result<Value> crash_on_c_thread(Thread& thread) {
  no_core_dump();
  if (start_os_thread(fail_on_c_thread, nullptr, 0) != 0) return raise_runtime_error(thread, "unable to start the thread");
  blocking(thread, [] {
    for (;;) ::pause();
  });
  return kNone;
}
// Never returns: the stack ends first.
[[gnu::noinline]] static u64 recurse(volatile u64* depth) {
  volatile char block[4096];
  block[0] = 1;
  *depth = *depth + 1;
  return *depth ? recurse(depth) + static_cast<u64>(block[0]) : 0;
}
static Result<Value> crash_stack_overflow(Thread&) {
  no_core_dump();
  volatile u64 depth = 0;
  return Value::of_small_int(static_cast<i64>(recurse(&depth)));
}

static constinit NativeDef faulthandler_functions[] = {
    native<enable>("enable(file=None, all_threads=True)",
                   "Print tracebacks when the program crashes.\n\nThis covers the signals SIGSEGV, SIGFPE, SIGABRT, SIGBUS and "
                   "SIGILL. file,\nsys.stderr by default, is a file object or a descriptor and has to stay open.\nPass a false "
                   "all_threads (default True) to see no thread but the current one."),
    native<disable>("disable()", "disable(): disable the fault handler"),
    native<is_enabled>("is_enabled()", "is_enabled()->bool: check if the handler is enabled"),
    native<dump_traceback>("dump_traceback(file=None, all_threads=True)",
                           "Print tracebacks now.\n\nfile, sys.stderr by default, is a file object or a descriptor. Pass a "
                           "false\nall_threads (default True) to see no thread but the current one."),
    native<dump_traceback_later>(
        "dump_traceback_later(timeout, repeat=False, file=None, exit=False)",
        "Print the tracebacks of all threads once some time has passed.\n\ntimeout is in seconds; a true repeat (default False) "
        "does it again after each\nsuch period. A true exit (default False) ends the process with status 1 after\nprinting, "
        "without any clean-up. file, sys.stderr by default, is a file object\nor a descriptor and has to stay open. A second "
        "call replaces the first."),
    native<cancel_dump_traceback_later>("cancel_dump_traceback_later()",
                                        "Stop the timer that dump_traceback_later() started, if it is running."),
    native<register_signal>(
        "register(signum, file=None, all_threads=True, chain=False)",
        "Print tracebacks whenever a signal comes in.\n\nsignum is the signal's number. file, sys.stderr by default, is a file "
        "object\nor a descriptor and has to stay open. Pass a false all_threads (default True)\nto see no thread but the current "
        "one. A true chain (default False) runs the\nprevious handler too. Not available on Windows."),
    native<unregister_signal>("unregister(signum, /)",
                              "Undo register() for a signal, given by its number.\n\nThe result tells whether there was anything "
                              "to undo. Not available on Windows."),
    native<crash_read_null>("_read_null()",
                            "Crash on purpose by following a null pointer, for tests.\n\nThe system answers with SIGSEGV or, on "
                            "some platforms, SIGBUS."),
    native<crash_sigsegv>("_sigsegv(release_gil=False, /)", "_sigsegv(release_gil=False): raise a SIGSEGV signal"),
    native<crash_sigabrt>("_sigabrt()", "_sigabrt(): raise a SIGABRT signal"),
    native<crash_on_c_thread>("_fatal_error_c_thread()",
                              "_fatal_error_c_thread(): fatal error in a thread that Python does not know"),
    native<crash_sigfpe>("_sigfpe()", "_sigfpe(): raise a SIGFPE signal"),
    native<crash_stack_overflow>("_stack_overflow()", "_stack_overflow(): recursive call to raise a stack overflow"),
};

ModuleDef faulthandler_module = {.name = "faulthandler",
                                 .doc = "faulthandler module.",
                                 .functions = faulthandler_functions,
                                 .function_count = count_of(faulthandler_functions)};

}  // namespace baton
