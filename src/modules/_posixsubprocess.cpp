// _posixsubprocess.fork_exec: the child's half of subprocess.Popen.
//
// Everything the child needs is laid out as C data before the fork. Without a preexec_fn (and without ids to change, which glibc
// does for all threads) the child is made with vfork: it shares our memory until it execs, so run_child and what it calls use
// system calls only: no allocation, no locks, no Python.
#include <grp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"

extern char** environ;

namespace baton {

struct ChildPlan {
  char* const* programs;  // absolute paths to try in order, null at the end
  char* const* argv;
  char* const* envp;  // null: ours
  const char* cwd;    // or null
  int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
  bool close_fds, restore_signals, new_session;
  int process_group;  // -1: as it is
  int umask;          // -1
  bool set_gid, set_uid, set_groups;
  gid_t gid;
  uid_t uid;
  const gid_t* groups;
  usize group_count;
  const int* keep;  // sorted
  usize keep_count;
  const sigset_t* signal_mask;  // vfork: to be restored before exec
};

// ---------------------------------------------------------------------------------------------------------------- in the child

static int set_inheritable(int fd) {
  int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return -1;
  return flags & FD_CLOEXEC ? ::fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) : 0;
}

static void close_between(int low, int high) {  // [low, high)
  if (low >= high) return;
  if (::syscall(SYS_close_range, low, high - 1, 0) == 0) return;
  long limit = ::sysconf(_SC_OPEN_MAX);
  if (limit < 0 || limit > 65536) limit = 65536;
  for (int fd = low; fd < high && fd < limit; ++fd) ::close(fd);
}
static void close_others(const ChildPlan& plan) {
  int low = 3;
  for (usize i = 0; i < plan.keep_count; ++i) {
    if (plan.keep[i] < low) continue;
    close_between(low, plan.keep[i]);
    low = plan.keep[i] + 1;
  }
  close_between(low, INT32_MAX);
}

static bool place_descriptor(int from, int to) {
  if (from == to) return set_inheritable(from) == 0;
  if (from == -1) return true;
  return ::dup2(from, to) >= 0;
}

// Puts the pipes' ends at 0, 1 and 2. false: errno says why.
static bool place_streams(ChildPlan& plan) {
  if (plan.p2cwrite != -1 && ::close(plan.p2cwrite) < 0) return false;
  if (plan.c2pread != -1 && ::close(plan.c2pread) < 0) return false;
  if (plan.errread != -1 && ::close(plan.errread) < 0) return false;
  if (::close(plan.errpipe_read) < 0) return false;
  // Sources in the way of targets move up first.
  if (plan.c2pwrite == 0 && (plan.c2pwrite = ::dup(plan.c2pwrite)) < 0) return false;
  while (plan.errwrite == 0 || plan.errwrite == 1) {
    if ((plan.errwrite = ::dup(plan.errwrite)) < 0) return false;
  }
  return place_descriptor(plan.p2cread, 0) && place_descriptor(plan.c2pwrite, 1) && place_descriptor(plan.errwrite, 2);
}

static void restore_default_signals(const ChildPlan& plan) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  if (plan.restore_signals) {
    ::sigaction(SIGPIPE, &action, nullptr);
    ::sigaction(SIGXFSZ, &action, nullptr);
  }
  if (!plan.signal_mask) return;
  // Our handlers must not run in the child, which shares our memory.
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction old;
    if (::sigaction(number, nullptr, &old) < 0 || old.sa_handler == SIG_DFL || old.sa_handler == SIG_IGN) continue;
    ::sigaction(number, &action, nullptr);
  }
  ::sigprocmask(SIG_SETMASK, plan.signal_mask, nullptr);
}

static void report(int fd, const char* text, usize n) {
  while (n > 0) {
    ssize_t w = ::write(fd, text, n);
    if (w <= 0) return;
    text += w;
    n -= static_cast<usize>(w);
  }
}
// "OSError:<errno in hex>:<message>" for the parent, which raises it.
static void report_error(const ChildPlan& plan, int error, const char* message) {
  report(plan.errpipe_write, "OSError:", 8);
  char digits[2 * sizeof(int)];
  char* at = digits + sizeof digits;
  u32 rest = static_cast<u32>(error);
  do {
    *--at = "0123456789ABCDEF"[rest % 16];
    rest /= 16;
  } while (rest);
  report(plan.errpipe_write, at, static_cast<usize>(digits + sizeof digits - at));
  report(plan.errpipe_write, ":", 1);
  report(plan.errpipe_write, message, strlen(message));
}

// Everything before preexec_fn. false: reported.
static bool prepare_child(ChildPlan& plan) {
  for (usize i = 0; i < plan.keep_count; ++i) {
    // errpipe_write stays close-on-exec: its closing tells the parent that exec has happened.
    if (plan.keep[i] != plan.errpipe_write && set_inheritable(plan.keep[i]) < 0) return false;
  }
  if (!place_streams(plan)) return false;
  if (plan.cwd && ::chdir(plan.cwd) < 0) return false;
  if (plan.umask >= 0) ::umask(static_cast<mode_t>(plan.umask));
  restore_default_signals(plan);
  if (plan.new_session && ::setsid() < 0) return false;
  if (plan.process_group >= 0 && ::setpgid(0, plan.process_group) < 0) return false;
  if (plan.set_groups && ::setgroups(plan.group_count, plan.groups) < 0) return false;
  if (plan.set_gid && ::setregid(plan.gid, plan.gid) < 0) return false;
  if (plan.set_uid && ::setreuid(plan.uid, plan.uid) < 0) return false;
  return true;
}

[[noreturn]] static void exec_child(ChildPlan& plan) {
  if (plan.close_fds) close_others(plan);
  int error = 0;
  for (char* const* program = plan.programs; *program; ++program) {
    ::execve(*program, plan.argv, plan.envp ? plan.envp : environ);
    // The first real failure is the one to report; "not here" only if there is nothing better.
    if (errno != ENOENT && errno != ENOTDIR && error == 0) error = errno;
  }
  report_error(plan, error ? error : errno, "");
  ::_exit(255);
}

[[noreturn]] static void fail_child(const ChildPlan& plan) {
  report_error(plan, errno, "noexec");
  ::_exit(255);
}

[[gnu::noinline]] static pid_t start_with_vfork(ChildPlan& plan) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  pid_t pid = ::vfork();
#pragma clang diagnostic pop
  if (pid != 0) return pid;
  if (!prepare_child(plan)) fail_child(plan);
  exec_child(plan);
}

// ---------------------------------------------------------------------------------------------------------------- in the parent

static Result<int> int_argument(Thread& t, Value v) {
  int n;
  if (!convert_int(t, v, &n)) return failed;
  return n;
}

// malloc memory freed at the end of the scope.
template <class T>
struct Scratch {
  T* data = nullptr;
  usize count = 0;
  ~Scratch() { free(data); }
  bool make(usize n) {
    data = static_cast<T*>(calloc(n + 1, sizeof(T)));
    return data != nullptr;
  }
};

static Result<void> parse_kept(Thread& t, Value v, Scratch<int>& out) {
  if (!is<Tuple>(v)) return raise_type_error(t, "fork_exec() argument 4 must be tuple, not {!t}", v);
  Tuple* items = v.as<Tuple>();
  if (!out.make(static_cast<usize>(items->length()))) return raise_memory_error(t);
  int previous = -1;
  for (Index i = 0; i < items->length(); ++i) {
    i64 fd;
    if (!is_int(items->at(i)) || !int_to_i64(int_exact(items->at(i)), &fd) || fd < 0 || fd <= previous || fd > INT32_MAX) {
      return raise_value_error(t, "bad value(s) in fds_to_keep");
    }
    out.data[out.count++] = previous = static_cast<int>(fd);
  }
  return ok;
}

static Result<void> parse_groups(Thread& t, Value v, Scratch<gid_t>& out) {
  if (!is<List>(v)) return raise_type_error(t, "setgroups argument must be a list");
  List* list = v.as<List>();
  Index n = list->length();
  if (n > 65536) return raise_value_error(t, "too many extra_groups");
  if (!out.make(static_cast<usize>(n))) return raise_memory_error(t);
  for (Index i = 0; i < n; ++i) {
    Value item = list->try_at(i);
    if (!is_int(item)) return raise_type_error(t, "groups must be integers");
    if (!convert_id(t, item, &out.data[out.count], "gid")) {
      t.clear_pending();
      return raise_value_error(t, "invalid group id");
    }
    ++out.count;
  }
  return ok;
}

// A sequence of bytes, as C strings.
static Result<void> bytes_array(Thread& t, Value sequence, StringArray* out) {
  TRY(length_of(t, sequence));
  Tuple* items = TRY(tuple_from_iterable(t, sequence));
  if (!out->reserve(static_cast<usize>(items->length()))) return raise_memory_error(t);
  for (Index i = 0; i < items->length(); ++i) {
    Value item = items->at(i);
    if (!is<Bytes>(item)) return raise_type_error(t, "expected bytes, {!t} found", item);
    if (memchr(item.as<Bytes>()->data(), 0, static_cast<usize>(item.as<Bytes>()->length())))
      return raise_value_error(t, "embedded null byte");
    if (!out->append(item.as<Bytes>()->text())) return raise_memory_error(t);
  }
  return ok;
}

static Result<pid_t> start_with_fork(Thread& t, ChildPlan& plan, Value preexec) {
  bool calls_python = !preexec.is_none();
  if (!calls_python) {
    // The child runs C only: the runtime need not be made whole in it.
    pid_t pid = ::fork();
    if (pid != 0) return pid;
    if (!prepare_child(plan)) fail_child(plan);
    exec_child(plan);
  }
  Index registered = TRY(run_before_fork_callbacks(t));
  pid_t pid = fork_runtime(t);
  int error = errno;
  if (pid != 0) {
    run_after_fork_callbacks(t, false, registered);
    errno = error;
    return pid;
  }
  run_after_fork_callbacks(t, true, registered);
  if (!prepare_child(plan)) fail_child(plan);
  if (call(t, preexec).is_failed()) {
    t.clear_pending();
    static constexpr char kText[] = "SubprocessError:0:Exception occurred in preexec_fn.";
    report(plan.errpipe_write, kText, sizeof kText - 1);
    ::_exit(255);
  }
  exec_child(plan);
}

static Result<Value> fork_exec(Thread& t, NativeDef const&, Value const* a, usize n, Tuple* kwnames) {
  if (kwnames && kwnames->length()) return raise_type_error(t, "_posixsubprocess.fork_exec() takes no keyword arguments");
  if (n != 23) return raise_type_error(t, "fork_exec() takes exactly 23 arguments ({} given)", static_cast<i64>(n));
  ChildPlan plan{};
  plan.close_fds = TRY(truth(t, a[2]));
  Scratch<int> keep;
  TRY(parse_kept(t, a[3], keep));
  int* const descriptors[] = {&plan.p2cread, &plan.p2cwrite, &plan.c2pread,      &plan.c2pwrite,
                              &plan.errread, &plan.errwrite, &plan.errpipe_read, &plan.errpipe_write};
  for (int i = 0; i < 8; ++i) *descriptors[i] = TRY(int_argument(t, a[6 + i]));
  plan.restore_signals = TRY(truth(t, a[14]));
  plan.new_session = TRY(truth(t, a[15]));
  plan.process_group = TRY(int_argument(t, a[16]));
  plan.umask = TRY(int_argument(t, a[20]));
  Value preexec = a[21];
  bool allow_vfork = TRY(truth(t, a[22]));
  if (plan.close_fds && plan.errpipe_write < 3) return raise_value_error(t, "errpipe_write must be >= 3");

  StringArray programs, argv, envp;
  TRY(bytes_array(t, a[1], &programs));
  if (!a[0].is_none()) {
    if (!is<Tuple>(a[0]) && !is<List>(a[0])) {
      TRY(length_of(t, a[0]));
      if (type_of(a[0])->slot(Slot::getitem).is_absent()) return raise_type_error(t, "argv must be a tuple");
    }
    TRY(fill_string_array(t, a[0], &argv));
    if (!argv.reserve(0)) return raise_memory_error(t);
  }
  if (!a[5].is_none()) {
    TRY(bytes_array(t, a[5], &envp));
    if (!envp.reserve(0)) return raise_memory_error(t);
    plan.envp = envp.data();
  }
  if (!programs.reserve(0)) return raise_memory_error(t);
  Bytes* cwd = a[4].is_none() ? nullptr : TRY(file_system_bytes(t, a[4]));
  Scratch<gid_t> groups;
  if (!a[18].is_none()) {
    TRY(parse_groups(t, a[18], groups));
    plan.set_groups = true;
  }
  if (!a[17].is_none()) {
    if (!convert_id(t, a[17], &plan.gid, "gid")) return failed;
    plan.set_gid = true;
  }
  if (!a[19].is_none()) {
    if (!convert_id(t, a[19], &plan.uid, "uid")) return failed;
    plan.set_uid = true;
  }
  plan.programs = programs.data();
  plan.argv = argv.data();
  plan.cwd = cwd ? c_text(cwd) : nullptr;
  plan.groups = groups.data;
  plan.group_count = groups.count;
  plan.keep = keep.data;
  plan.keep_count = keep.count;

  finish_dropped_writers(t);
  pid_t pid;
  if (allow_vfork && preexec.is_none() && !plan.set_gid && !plan.set_uid && !plan.set_groups) {
    // No signal may run a handler of ours in the child.
    sigset_t all, old;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &old);
    plan.signal_mask = &old;
    pid = blocking<BlockCause::Native>(t, [&] { return start_with_vfork(plan); });
    int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
    errno = error;
  } else {
    pid = TRY(start_with_fork(t, plan, preexec));
  }
  KeepAlive keep_cwd{Value(cwd)};
  if (pid < 0) return raise_errno(t);
  return Value::of_small_int(pid);
}

static constinit NativeDef subprocess_functions[] = {
    native_raw(fork_exec, "fork_exec(*args)",
               "Fork, and run another program in the child; return the child's PID.\n\nThe arguments, all of them required and "
               "without names, are in this order:\n\n  args                       the new program's argument list\n  "
               "executable_list            paths to try to execute, one after the other\n  close_fds, pass_fds        if the "
               "first is true, close all descriptors\n                             above 2 but those in the second, a sorted "
               "tuple\n  cwd, env                   directory and environment; None: unchanged\n  p2cread, p2cwrite,         the "
               "descriptors of the pipes for standard\n  c2pread, c2pwrite,         input, output and error; -1: none\n  "
               "errread, errwrite\n  errpipe_read,              the pipe through which the child reports that\n  errpipe_write   "
               "           it failed, in the form that subprocess.py reads\n  restore_signals            put signals that Python "
               "ignores back to default\n  call_setsid                start a new session\n  pgid_to_set                process "
               "group to enter; -1: unchanged\n  gid, extra_groups, uid     identity to take on; None: unchanged\n  umask        "
               "              file mode mask; -1: unchanged\n  preexec_fn                 called last but for closing and exec; "
               "or None\n  allow_vfork                permission to use vfork()\n\nIn the child the unneeded ends of the pipes "
               "are closed and the others moved\ninto place. Exceptions are raised for errors in the parent alone.\n\nWith "
               "threads, preexec_fn is unsafe: now and then the child may hang in a\ndeadlock whose cause is hard to find."),
};
ModuleDef posixsubprocess_module = {.name = "_posixsubprocess",
                                    .doc = "A POSIX helper for the subprocess module.",
                                    .functions = subprocess_functions,
                                    .function_count = count_of(subprocess_functions)};

}  // namespace baton
