// posix: processes: waiting, signals, identities, scheduling, times and limits of the system.
#include <grp.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/profile.h"
#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"
#include "objects/set.h"
#include "threads/os_thread.h"
#include "threads/report.h"
#include "threads/timeline.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- waiting

static Result<Value> pid_and_status(Thread& t, i64 pid, int status) {
  return TRY(tuple_of(t, Value::of_small_int(pid), Value::of_small_int(status)));
}

// Before a call that waits for one process to end.
static Result<void> idle_until_ended(Thread& t, int pid, int options, NativeEntry caller) {
  if (pid <= 0 || options != 0) return ok;
  IdleWait idle(t, kForever, IdleFor::Event);
  return idle.until_ended(t, pid, is_called_by_instruction(t, caller), Value());
}

static Result<Value> posix_waitpid(Thread& t, int pid, int options) {
  int status = 0;
  TRY(idle_until_ended(t, pid, options, native<posix_waitpid>("waitpid($module, pid, options, /)").entry));
  i64 r = TRY(retrying_or_raise(t, [&] { return ::waitpid(pid, &status, options); }));
  return pid_and_status(t, r, status);
}
static Result<Value> posix_wait(Thread& t) {
  int status = 0;
  i64 r = TRY(retrying_or_raise(t, [&] { return ::wait(&status); }));
  return pid_and_status(t, r, status);
}

static Result<Value> seconds_of(Thread& t, const timeval& tv) {
  return make_float(t, static_cast<double>(tv.tv_sec) + static_cast<double>(tv.tv_usec) * 1e-6);
}
Result<Value> make_rusage(Thread& t, const struct rusage& u) {
  Value type = TRY(get_attr_ascii(t, TRY(import_module(t, "resource")), "struct_rusage"));
  Value v[16];
  v[0] = TRY(seconds_of(t, u.ru_utime));
  v[1] = TRY(seconds_of(t, u.ru_stime));
  const long rest[14] = {u.ru_maxrss,  u.ru_ixrss,   u.ru_idrss,  u.ru_isrss,  u.ru_minflt,   u.ru_majflt, u.ru_nswap,
                         u.ru_inblock, u.ru_oublock, u.ru_msgsnd, u.ru_msgrcv, u.ru_nsignals, u.ru_nvcsw,  u.ru_nivcsw};
  for (int i = 0; i < 14; ++i) v[2 + i] = TRY(int_from_i64(t, rest[i]));
  return call(t, type, Value(TRY(make_tuple(t, v, 16))));
}
static Result<Value> posix_wait4(Thread& t, int pid, int options) {
  int status = 0;
  struct rusage usage = {};
  TRY(idle_until_ended(t, pid, options, native<posix_wait4>("wait4($module, /, pid, options)").entry));
  i64 r = TRY(retrying_or_raise(t, [&] { return ::wait4(pid, &status, options, &usage); }));
  return TRY(tuple_of(t, Value::of_small_int(r), Value::of_small_int(status), TRY(make_rusage(t, usage))));
}
static Result<Value> posix_wait3(Thread& t, int options) { return posix_wait4(t, -1, options); }

static constexpr StructField kWaitidFields[] = {{"si_pid"}, {"si_uid"}, {"si_signo"}, {"si_status"}, {"si_code"}};
static constinit StructSequenceDef waitid_result_def =
    struct_sequence("posix.waitid_result",
                    "What waitid() tells about a child process.\n\nIt is a tuple whose items have names:\nsi_pid, si_uid, "
                    "si_signo, si_status, si_code.",
                    kWaitidFields, 5);
static Result<Value> posix_waitid(Thread& t, int idtype, u32 id, int options) {
  siginfo_t info = {};
  TRY(retrying_or_raise(t, [&] { return ::waitid(static_cast<idtype_t>(idtype), id, &info, options); }));
  if (info.si_pid == 0) return kNone;
  Value v[5] = {Value::of_small_int(info.si_pid), Value::of_small_int(info.si_uid), Value::of_small_int(info.si_signo),
                Value::of_small_int(info.si_status), Value::of_small_int(info.si_code)};
  return make_struct_sequence(t, waitid_result_def, v);
}

static Result<bool> posix_WCOREDUMP(Thread&, int status) { return WCOREDUMP(status) != 0; }
static Result<bool> posix_WIFCONTINUED(Thread&, int status) { return WIFCONTINUED(status); }
static Result<bool> posix_WIFSTOPPED(Thread&, int status) { return WIFSTOPPED(status); }
static Result<bool> posix_WIFSIGNALED(Thread&, int status) { return WIFSIGNALED(status); }
static Result<bool> posix_WIFEXITED(Thread&, int status) { return WIFEXITED(status); }
static Result<int> posix_WEXITSTATUS(Thread&, int status) { return WEXITSTATUS(status); }
static Result<int> posix_WTERMSIG(Thread&, int status) { return WTERMSIG(status); }
static Result<int> posix_WSTOPSIG(Thread&, int status) { return WSTOPSIG(status); }
static Result<int> posix_waitstatus_to_exitcode(Thread& t, Value v) {
  i64 wide;
  if (!int_to_i64(TRY(to_index(t, v)), &wide) || wide > INT32_MAX || wide < INT32_MIN)
    return raise_overflow_error(t, "Python int too large to convert to C int");
  int status = static_cast<int>(wide);
  if (WIFEXITED(status)) {
    int code = WEXITSTATUS(status);
    if (code < 0) return raise_value_error(t, "invalid WEXITSTATUS: {}", code);
    return code;
  }
  if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    if (number <= 0) return raise_value_error(t, "invalid WTERMSIG: {}", number);
    return -number;
  }
  if (WIFSTOPPED(status)) return raise_value_error(t, "process stopped by delivery of signal {}", WSTOPSIG(status));
  return raise_value_error(t, "invalid wait status: {}", status);
}

// ---------------------------------------------------------------------------------------------------------------- signals,
// groups, sessions

static Result<void> check(Thread& t, i64 r) {
  if (r < 0) return raise_errno(t);
  return ok;
}
static Result<void> posix_kill(Thread& t, int pid, int number) {
  TRY(audit(t, "os.kill", Value::of_small_int(pid), Value::of_small_int(number)));
  TRY(check(t, ::kill(pid, number)));
  return check_signals(t);  // one sent to ourselves is handled before this returns
}
static Result<void> posix_killpg(Thread& t, int group, int number) {
  TRY(audit(t, "os.killpg", Value::of_small_int(group), Value::of_small_int(number)));
  TRY(check(t, ::killpg(group, number)));
  return check_signals(t);
}
static Result<int> posix_pidfd_open(Thread& t, int pid, u32 flags) {
  long fd = ::syscall(SYS_pidfd_open, pid, flags);
  if (fd < 0) return raise_errno(t);
  return static_cast<int>(fd);
}
// Children of multiprocessing end here, too: their accounts are not lost.
[[noreturn]] static void exit_now(int status) {
  finish_gil_report();
  timeline::finish();
  write_profile();
  ::_exit(status);
}
static Result<void> posix__exit(Thread& t, int status) {
  finish_dropped_writers_before_end(t);
  exit_now(status);
}
static Result<void> posix_abort(Thread&) { ::abort(); }

static Result<int> posix_getpid(Thread&) { return ::getpid(); }
static Result<int> posix_getppid(Thread&) { return ::getppid(); }
static Result<int> posix_getpgrp(Thread&) { return ::getpgrp(); }
static Result<u64> posix_getuid(Thread&) { return u64{::getuid()}; }
static Result<u64> posix_geteuid(Thread&) { return u64{::geteuid()}; }
static Result<u64> posix_getgid(Thread&) { return u64{::getgid()}; }
static Result<u64> posix_getegid(Thread&) { return u64{::getegid()}; }
static Result<int> posix_getpgid(Thread& t, int pid) {
  int r = ::getpgid(pid);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<int> posix_getsid(Thread& t, int pid) {
  int r = ::getsid(pid);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<void> posix_setpgrp(Thread& t) { return check(t, ::setpgid(0, 0)); }
static Result<void> posix_setpgid(Thread& t, int pid, int group) { return check(t, ::setpgid(pid, group)); }
static Result<void> posix_setsid(Thread& t) { return check(t, ::setsid()); }
static Result<void> posix_setuid(Thread& t, UserId id) { return check(t, ::setuid(id.id)); }
static Result<void> posix_seteuid(Thread& t, UserId id) { return check(t, ::seteuid(id.id)); }
static Result<void> posix_setgid(Thread& t, GroupId id) { return check(t, ::setgid(id.id)); }
static Result<void> posix_setegid(Thread& t, GroupId id) { return check(t, ::setegid(id.id)); }
static Result<void> posix_setreuid(Thread& t, UserId a, UserId b) { return check(t, ::setreuid(a.id, b.id)); }
static Result<void> posix_setregid(Thread& t, GroupId a, GroupId b) { return check(t, ::setregid(a.id, b.id)); }
static Result<void> posix_setresuid(Thread& t, UserId a, UserId b, UserId c) { return check(t, ::setresuid(a.id, b.id, c.id)); }
static Result<void> posix_setresgid(Thread& t, GroupId a, GroupId b, GroupId c) {
  return check(t, ::setresgid(a.id, b.id, c.id));
}
static Result<Value> three_ids(Thread& t, u32 a, u32 b, u32 c) {
  auto boxed = [](u32 id) { return Value::of_small_int(id == static_cast<u32>(-1) ? -1 : static_cast<i64>(id)); };
  return TRY(tuple_of(t, boxed(a), boxed(b), boxed(c)));
}
static Result<Value> posix_getresuid(Thread& t) {
  uid_t a, b, c;
  TRY(check(t, ::getresuid(&a, &b, &c)));
  return three_ids(t, a, b, c);
}
static Result<Value> posix_getresgid(Thread& t) {
  gid_t a, b, c;
  TRY(check(t, ::getresgid(&a, &b, &c)));
  return three_ids(t, a, b, c);
}

static Result<Value> list_of_groups(Thread& t, const gid_t* groups, int n) {
  List* list = TRY(make_list(t));
  for (int i = 0; i < n; ++i) TRY(list_append(t, list, Value::of_small_int(groups[i])));
  return list;
}
static Result<Value> posix_getgroups(Thread& t) {
  int n = ::getgroups(0, nullptr);
  if (n < 0) return raise_errno(t);
  auto* groups = static_cast<gid_t*>(calloc(static_cast<usize>(n) + 1, sizeof(gid_t)));
  if (!groups) return raise_memory_error(t);
  n = ::getgroups(n, groups);
  Result<Value> result = n < 0 ? Result<Value>(raise_errno(t)) : list_of_groups(t, groups, n);
  free(groups);
  return result;
}
static Result<void> posix_setgroups(Thread& t, Value groups) {
  if (type_of(groups)->slot(Slot::getitem).is_absent() || type_of(groups)->slot(Slot::len).is_absent())
    return raise_type_error(t, "setgroups argument must be a sequence");
  Tuple* items = TRY(tuple_from_iterable(t, groups));
  Index n = items->length();
  if (n > 65536) return raise_value_error(t, "too many groups");
  auto* ids = static_cast<gid_t*>(calloc(static_cast<usize>(n) + 1, sizeof(gid_t)));
  if (!ids) return raise_memory_error(t);
  bool good = true;
  for (Index i = 0; i < n && good; ++i) {
    if (!is_int(items->at(i))) {
      (void)raise_type_error(t, "groups must be integers");
      good = false;
    } else {
      good = convert_id(t, items->at(i), &ids[i], "gid");
    }
  }
  int r = good ? ::setgroups(static_cast<usize>(n), ids) : 0;
  int error = errno;
  free(ids);
  if (!good) return failed;
  if (r < 0) return raise_os_error(t, error);
  return ok;
}
static Result<void> posix_initgroups(Thread& t, Value user, GroupId gid) {
  return check(t, ::initgroups(c_text(TRY(file_system_bytes(t, user))), gid.id));
}
static Result<Value> posix_getgrouplist(Thread& t, Str* user, GroupId base) {
  Bytes* name = TRY(file_system_bytes(t, Value(user)));
  int n = 64;
  gid_t* groups = nullptr;
  for (;;) {
    groups = static_cast<gid_t*>(calloc(static_cast<usize>(n), sizeof(gid_t)));
    if (!groups) return raise_memory_error(t);
    int old = n;
    if (::getgrouplist(c_text(name), base.id, groups, &n) >= 0) break;
    free(groups);
    if (n <= old) n = old * 2;
  }
  Result<Value> result = list_of_groups(t, groups, n);
  free(groups);
  return result;
}
static Result<Value> posix_getlogin(Thread& t) {
  char name[256];
  int error = blocking(t, [&] { return ::getlogin_r(name, sizeof name); });
  if (error) return raise_os_error(t, error);
  return file_system_text(t, name);
}

// ---------------------------------------------------------------------------------------------------------------- scheduling

static Result<int> posix_nice(Thread& t, int increment) {
  errno = 0;
  int r = ::nice(increment);
  if (r == -1 && errno) return raise_errno(t);
  return r;
}
static Result<int> posix_getpriority(Thread& t, int which, int who) {
  errno = 0;
  int r = ::getpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who));
  if (errno) return raise_errno(t);
  return r;
}
static Result<void> posix_setpriority(Thread& t, int which, int who, int priority) {
  keep_os_thread_private();
  return check(t, ::setpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who), priority));
}

static constexpr StructField kSchedFields[] = {{"sched_priority", "the scheduling priority"}};
static Result<Value> sched_param_new(Thread& t, Type* type, Value priority);
static Result<Value> sched_param_reduce(Thread& t, Value self);
static constinit NativeDef sched_param_methods[] = {
    native<sched_param_new>("__new__(type, sched_priority)", "Make an instance; the class's own help describes the arguments."),
    native<sched_param_reduce>("__reduce__($self, /)"),
};
static Result<void> finish_sched_param(Thread& t, Type* type);
static constinit StructSequenceDef sched_param_def =
    struct_sequence("posix.sched_param",
                    "sched_param(sched_priority)\n--\n\nParameters for the scheduler; so far there is just one.\n\n  "
                    "sched_priority  the priority of the process",
                    kSchedFields, 1);

// A struct sequence whose constructor takes the value itself: __new__ and __reduce__ are replaced once the type exists.
static Result<void> finish_sched_param(Thread& t, Type* type) {
  for (NativeDef& row : sched_param_methods) {
    row.owner = &sched_param_def.def;
    Value wrapper = row.name() == "__new__" ? Value(TRY(make<NativeFunction>(t, &row, Value(), Value())))
                                            : Value(TRY(make<MethodDescriptor>(t, &row, type)));
    TRY(type_set_attribute(t, type, intern(t, row.name()), wrapper));
  }
  return ok;
}
static Result<Value> sched_param_new(Thread& t, Type* type, Value priority) {
  return TRY(make_of<Tuple>(t, type, static_cast<const Value*>(&priority), Index{1}));
}
static Result<Value> sched_param_reduce(Thread& t, Value self) {
  return TRY(tuple_of(t, Value(type_of(self)), Value(TRY(tuple_of(t, self.as<Tuple>()->at(0))))));
}
static Result<sched_param> convert_sched_param(Thread& t, Value v) {
  Type* type = TRY(struct_sequence_type(t, sched_param_def));
  if (!is_instance_of_type(v, type)) return raise_type_error(t, "must have a sched_param object");
  i64 wide;
  if (!int_to_i64(TRY(to_index(t, v.as<Tuple>()->at(0))), &wide))
    return raise_overflow_error(t, "Python int too large to convert to C long");
  if (wide > INT32_MAX || wide < INT32_MIN) return raise_overflow_error(t, "sched_priority out of range");
  sched_param p = {};
  p.sched_priority = static_cast<int>(wide);
  return p;
}
Result<int> posix_scheduler_priority(Thread& t, Value param) { return TRY(convert_sched_param(t, param)).sched_priority; }
static Result<int> posix_sched_get_priority_max(Thread& t, int policy) {
  int r = ::sched_get_priority_max(policy);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<int> posix_sched_get_priority_min(Thread& t, int policy) {
  int r = ::sched_get_priority_min(policy);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<int> posix_sched_getscheduler(Thread& t, int pid) {
  int r = ::sched_getscheduler(pid);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<void> posix_sched_setscheduler(Thread& t, int pid, int policy, Value param) {
  sched_param p = TRY(convert_sched_param(t, param));
  keep_os_thread_private();
  return check(t, ::sched_setscheduler(pid, policy, &p));
}
static Result<Value> posix_sched_getparam(Thread& t, int pid) {
  sched_param p;
  TRY(check(t, ::sched_getparam(pid, &p)));
  Value v = Value::of_small_int(p.sched_priority);
  return make_struct_sequence(t, sched_param_def, &v);
}
static Result<void> posix_sched_setparam(Thread& t, int pid, Value param) {
  sched_param p = TRY(convert_sched_param(t, param));
  keep_os_thread_private();
  return check(t, ::sched_setparam(pid, &p));
}
static Result<double> posix_sched_rr_get_interval(Thread& t, int pid) {
  timespec ts;
  TRY(check(t, ::sched_rr_get_interval(pid, &ts)));
  return static_cast<double>(ts.tv_sec) + 1e-9 * static_cast<double>(ts.tv_nsec);
}
static Result<void> posix_sched_yield(Thread& t) {
  blocking(t, [] { return ::sched_yield(); });
  return ok;
}
static Result<Value> posix_sched_getaffinity(Thread& t, int pid) {
  int cpus = 1024;
  cpu_set_t* mask = nullptr;
  usize size = 0;
  for (;;) {
    size = CPU_ALLOC_SIZE(cpus);
    mask = CPU_ALLOC(cpus);
    if (!mask) return raise_memory_error(t);
    if (::sched_getaffinity(pid, size, mask) == 0) break;
    CPU_FREE(mask);
    if (errno != EINVAL) return raise_errno(t);
    if (cpus > INT32_MAX / 2) return raise_overflow_error(t, "could not allocate a large enough CPU set");
    cpus *= 2;
  }
  List* list = TRY(make_list(t));
  for (int i = 0, left = CPU_COUNT_S(size, mask); left > 0; ++i) {
    if (!CPU_ISSET_S(i, size, mask)) continue;
    --left;
    TRY(list_append(t, list, Value::of_small_int(i)));
  }
  CPU_FREE(mask);
  return call(t, Value(types.set), Value(list));
}
static Result<void> posix_sched_setaffinity(Thread& t, int pid, Value mask) {
  Value iterator = TRY(get_iter(t, mask));
  int cpus = 1024;
  cpu_set_t* bits = CPU_ALLOC(cpus);
  if (!bits) return raise_memory_error(t);
  usize size = CPU_ALLOC_SIZE(cpus);
  CPU_ZERO_S(size, bits);
  Result<void> result = ok;
  for (;;) {
    Result<Value> item = iter_next(t, iterator);
    if (item.is_failed()) {
      result = failed;
      break;
    }
    if (item.value() == kExhausted) break;
    if (!is_int(item.value())) {
      result = raise_type_error(t, "expected an iterator of ints, but iterator yielded {!r}", Value(type_of(item.value())));
      break;
    }
    i64 cpu;
    bool fits = int_to_i64(int_exact(item.value()), &cpu);
    if (cpu < 0) {
      result = raise_value_error(t, "negative CPU number");
      break;
    }
    if (!fits || cpu > INT32_MAX - 1) {
      result = raise_overflow_error(t, "CPU number too large");
      break;
    }
    if (cpu >= cpus) {
      int wider = cpus;
      while (wider <= cpu) wider = wider > INT32_MAX / 2 ? static_cast<int>(cpu) + 1 : wider * 2;
      cpu_set_t* grown = CPU_ALLOC(wider);
      if (!grown) {
        result = raise_memory_error(t);
        break;
      }
      usize grown_size = CPU_ALLOC_SIZE(wider);
      CPU_ZERO_S(grown_size, grown);
      memcpy(grown, bits, size);
      CPU_FREE(bits);
      bits = grown;
      size = grown_size;
      cpus = wider;
    }
    CPU_SET_S(static_cast<usize>(cpu), size, bits);
  }
  keep_os_thread_private();
  if (!result.is_failed() && ::sched_setaffinity(pid, size, bits) < 0) result = raise_errno(t);
  CPU_FREE(bits);
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- times

static constexpr StructField kTimesFields[] = {{"user", "user time"},
                                               {"system", "system time"},
                                               {"children_user", "user time of children"},
                                               {"children_system", "system time of children"},
                                               {"elapsed", "elapsed time since an arbitrary point in the past"}};
static constinit StructSequenceDef times_result_def =
    struct_sequence("posix.times_result",
                    "Times used by this process and its children, from os.times().\n\nIt is a tuple of five floats, in seconds, "
                    "with names: user and system are\nCPU times of the process, children_user and children_system those of "
                    "its\nchildren, and elapsed is real time since some fixed moment.",
                    kTimesFields, 5);
static Result<Value> posix_times(Thread& t) {
  struct tms tms;
  errno = 0;
  clock_t now = ::times(&tms);
  if (now == static_cast<clock_t>(-1)) return raise_errno(t);
  double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const clock_t parts[5] = {tms.tms_utime, tms.tms_stime, tms.tms_cutime, tms.tms_cstime, now};
  Value v[5];
  for (int i = 0; i < 5; ++i) v[i] = TRY(make_float(t, static_cast<double>(parts[i]) / ticks));
  return make_struct_sequence(t, times_result_def, v);
}

Result<void> add_posix_process_types(Thread& t, Module* module) {
  for (StructSequenceDef* def : {&waitid_result_def, &times_result_def, &sched_param_def}) {
    Type* type = TRY(struct_sequence_type(t, *def));
    TRY(module_set(t, module, type->name()->ascii(), Value(type)));
  }
  return finish_sched_param(t, TRY(struct_sequence_type(t, sched_param_def)));
}

static constinit NativeDef rows[] = {
    native<posix_waitpid>("waitpid($module, pid, options, /)",
                          "Wait until the child process pid ends; return (pid, status).\n\noptions changes what to wait for, and "
                          "whether to; Windows ignores it."),
    native<posix_wait>("wait($module, /)", "Wait until any child process ends; return (pid, status)."),
    native<posix_wait3>("wait3($module, /, options)",
                        "Wait until any child process ends; return (pid, status, rusage).\n\nrusage describes the resources that "
                        "the child has used."),
    native<posix_wait4>("wait4($module, /, pid, options)",
                        "Wait until the child process pid ends; return (pid, status, rusage).\n\nrusage describes the resources "
                        "that the child has used."),
    native<posix_waitid>(
        "waitid($module, idtype, id, options, /)",
        "Wait for a change of state in one or more child processes.\n\n  idtype\n    What id stands for: P_PID, P_PGID or "
        "P_ALL.\n  id\n    Number of the process or process group to wait for.\n  options\n    The changes of interest, at least "
        "one of WEXITED, WSTOPPED and\n    WCONTINUED, combined with |. WNOHANG and WNOWAIT may be added.\n\nThe result is a "
        "waitid_result. With WNOHANG it is None if no child has\nanything to report."),
    native<posix_WCOREDUMP>("WCOREDUMP($module, status, /)", "Tell from a wait status whether the process left a core dump."),
    native<posix_WIFCONTINUED>(
        "WIFCONTINUED($module, /, status)",
        "Tell from a wait status whether a stopped process has been resumed.\n\nThis is about stops for job control."),
    native<posix_WIFSTOPPED>("WIFSTOPPED($module, /, status)", "Return True if the process returning status was stopped."),
    native<posix_WIFSIGNALED>("WIFSIGNALED($module, /, status)", "Tell from a wait status whether a signal ended the process."),
    native<posix_WIFEXITED>("WIFEXITED($module, /, status)",
                            "Tell from a wait status whether the process ended by calling exit()."),
    native<posix_WEXITSTATUS>("WEXITSTATUS($module, /, status)", "Return the process return code from status."),
    native<posix_WTERMSIG>("WTERMSIG($module, /, status)", "Extract the number of the fatal signal from a wait status."),
    native<posix_WSTOPSIG>("WSTOPSIG($module, /, status)",
                           "Extract the number of the signal that caused a stop from a wait status."),
    native<posix_waitstatus_to_exitcode>(
        "waitstatus_to_exitcode($module, /, status)",
        "Turn a wait status into a single number, the exit code.\n\nOn Unix, the code is\n\n* WEXITSTATUS(status) for a process "
        "that exited: WIFEXITED(status);\n* the negative signal number, -WTERMSIG(status), for one that was killed\n  by a "
        "signal: WIFSIGNALED(status).\n\nAny other status raises ValueError. A process that has only stopped has no\nexit code, "
        "so do not call this when WIFSTOPPED(status) is true. That needs\na check if the process is traced, or if the status is "
        "from a waitpid()\nwith WUNTRACED.\n\nOn Windows, the code is the status without its lowest 8 bits."),
    native<posix_kill>("kill($module, pid, signal, /)", "Kill a process with a signal."),
    native<posix_killpg>("killpg($module, pgid, signal, /)", "Kill a process group with a signal."),
    native<posix_pidfd_open>("pidfd_open($module, /, pid, flags=0)",
                             "Open a file descriptor that stands for the process pid.\n\nUnlike the pid, it cannot come to mean "
                             "another process, and with it a\nprocess can be managed without the use of signals."),
    native<posix__exit>("_exit($module, /, status)", "End the process at once with this status, skipping all clean-up."),
    native<posix_abort>("abort($module, /)",
                        "Crash the process on purpose; this call does not return.\n\nIt ends in the most abrupt manner the "
                        "system has, with a core dump where\nthose exist."),
    native<posix_getpid>("getpid($module, /)", "Return the current process id."),
    native<posix_getppid>("getppid($module, /)",
                          "Number of the process that started this one.\n\nIf that process is gone, Windows still gives its "
                          "number. Elsewhere the\nresult is 1, the number of 'init'."),
    native<posix_getpgrp>("getpgrp($module, /)", "Return the current process group id."),
    native<posix_getuid>("getuid($module, /)", "Return the current process's user id."),
    native<posix_geteuid>("geteuid($module, /)", "Return the current process's effective user id."),
    native<posix_getgid>("getgid($module, /)", "Return the current process's group id."),
    native<posix_getegid>("getegid($module, /)", "Return the current process's effective group id."),
    native<posix_getpgid>("getpgid($module, /, pid)", "Call the system call getpgid(), and return the result."),
    native<posix_getsid>("getsid($module, pid, /)", "Call the system call getsid(pid) and return the result."),
    native<posix_setpgrp>("setpgrp($module, /)", "Make the current process the leader of its process group."),
    native<posix_setpgid>("setpgid($module, pid, pgrp, /)", "Call the system call setpgid(pid, pgrp)."),
    native<posix_setsid>("setsid($module, /)", "Call the system call setsid()."),
    native<posix_setuid>("setuid($module, uid, /)", "Set the current process's user id."),
    native<posix_seteuid>("seteuid($module, euid, /)", "Set the current process's effective user id."),
    native<posix_setgid>("setgid($module, gid, /)", "Set the current process's group id."),
    native<posix_setegid>("setegid($module, egid, /)", "Set the current process's effective group id."),
    native<posix_setreuid>("setreuid($module, ruid, euid, /)", "Set the current process's real and effective user ids."),
    native<posix_setregid>("setregid($module, rgid, egid, /)", "Set the current process's real and effective group ids."),
    native<posix_setresuid>("setresuid($module, ruid, euid, suid, /)",
                            "Change who the process acts for, by all three of its user ids.\n\nThese are, in this order, the "
                            "real, the effective and the saved one."),
    native<posix_setresgid>("setresgid($module, rgid, egid, sgid, /)",
                            "Change which group the process acts for, by all three of its group ids.\n\nThese are, in this "
                            "order, the real, the effective and the saved one."),
    native<posix_getresuid>("getresuid($module, /)", "User ids of this process, as a tuple (real, effective, saved)."),
    native<posix_getresgid>("getresgid($module, /)", "Group ids of this process, as a tuple (real, effective, saved)."),
    native<posix_getgroups>("getgroups($module, /)", "Return list of supplemental group IDs for the process."),
    native<posix_setgroups>("setgroups($module, groups, /)", "Set the groups of the current process to list."),
    native<posix_initgroups>(
        "initgroups($module, username, gid, /)",
        "Give this process the supplementary groups of a user.\n\nThese are all groups that list the user name as a member, and "
        "the group id\nthat is passed in addition. The work is done by the C function of the same\nname."),
    native<posix_getgrouplist>("getgrouplist($module, user, group, /)",
                               "List the ids of the groups that a user is in.\n\n  user\n    The user's name.\n  group\n    Id "
                               "of the user's base group, which becomes part of the result."),
    native<posix_getlogin>("getlogin($module, /)", "Return the actual login name."),
    native<posix_nice>("nice($module, increment, /)", "Change the niceness of this process by increment; return the new value."),
    native<posix_getpriority>("getpriority($module, /, which, who)", "Return program scheduling priority."),
    native<posix_setpriority>("setpriority($module, /, which, who, priority)", "Set program scheduling priority."),
    native<posix_sched_get_priority_max>("sched_get_priority_max($module, /, policy)",
                                         "Get the maximum scheduling priority for policy."),
    native<posix_sched_get_priority_min>("sched_get_priority_min($module, /, policy)",
                                         "Get the minimum scheduling priority for policy."),
    native<posix_sched_getscheduler>(
        "sched_getscheduler($module, pid, /)",
        "Tell which scheduling policy the process pid has.\n\n0 as pid stands for the process that makes the call."),
    native<posix_sched_setscheduler>("sched_setscheduler($module, pid, policy, param, /)",
                                     "Change the scheduling policy of the process pid.\n\n0 as pid stands for the process that "
                                     "makes the call. param is a\nsched_param for the new policy."),
    native<posix_sched_getparam>("sched_getparam($module, pid, /)",
                                 "Tell which scheduling parameters the process pid has, as a sched_param.\n\n0 as pid stands for "
                                 "the process that makes the call."),
    native<posix_sched_setparam>("sched_setparam($module, pid, param, /)",
                                 "Change the scheduling parameters of the process pid.\n\n0 as pid stands for the process that "
                                 "makes the call. param is a\nsched_param with the new values."),
    native<posix_sched_rr_get_interval>("sched_rr_get_interval($module, pid, /)",
                                        "Length of a round-robin time slice of the process pid.\n\nIt is a float, in seconds."),
    native<posix_sched_yield>("sched_yield($module, /)", "Voluntarily relinquish the CPU."),
    native<posix_sched_getaffinity>("sched_getaffinity($module, pid, /)",
                                    "Tell on which CPUs the process pid may run, as a set of CPU numbers.\n\n0 as pid stands for "
                                    "the process that makes the call."),
    native<posix_sched_setaffinity>("sched_setaffinity($module, pid, mask, /)",
                                    "Confine the process pid to certain CPUs.\n\nmask is an iterable of their numbers."),
    native<posix_times>("times($module, /)",
                        "Tell how much time this process has used so far.\n\nThe result has five floats, in seconds, with these "
                        "names as in a named\ntuple:\n  utime         CPU time of the program itself\n  stime         CPU time "
                        "of the system on its behalf\n  cutime        like utime, for the child processes\n  cstime        like "
                        "stime, for the child processes\n  elapsed_time  time on the clock since some fixed moment"),
};
constinit NativeTable posix_process_functions = {rows, count_of(rows)};

}  // namespace baton
