// resource: limits and usage.
#include <sys/resource.h>
#include <unistd.h>

#include "modules/os_support.h"
#include "objects/audit.h"
#include "objects/struct_sequence.h"

namespace baton {

static constexpr StructField kFields[] = {{"ru_utime", "user time used"},
                                          {"ru_stime", "system time used"},
                                          {"ru_maxrss", "max. resident set size"},
                                          {"ru_ixrss", "shared memory size"},
                                          {"ru_idrss", "unshared data size"},
                                          {"ru_isrss", "unshared stack size"},
                                          {"ru_minflt", "page faults not requiring I/O"},
                                          {"ru_majflt", "page faults requiring I/O"},
                                          {"ru_nswap", "number of swap outs"},
                                          {"ru_inblock", "block input operations"},
                                          {"ru_oublock", "block output operations"},
                                          {"ru_msgsnd", "IPC messages sent"},
                                          {"ru_msgrcv", "IPC messages received"},
                                          {"ru_nsignals", "signals received"},
                                          {"ru_nvcsw", "voluntary context switches"},
                                          {"ru_nivcsw", "involuntary context switches"}};
static constinit StructSequenceDef struct_rusage_def =
    struct_sequence("resource.struct_rusage",
                    "Resources used by processes or a thread, from getrusage().\n\nIt is a tuple whose items have names:\n  "
                    "ru_utime, ru_stime (CPU times in seconds, floats), ru_maxrss, ru_ixrss,\n  ru_idrss, ru_isrss, ru_minflt, "
                    "ru_majflt, ru_nswap, ru_inblock,\n  ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw.",
                    kFields, 16);

static double seconds(const timeval& tv) { return static_cast<double>(tv.tv_sec) + static_cast<double>(tv.tv_usec) * 1e-6; }

static Result<Value> resource_getrusage(Thread& t, int who) {
  struct rusage u;
  if (::getrusage(static_cast<__rusage_who_t>(who), &u) < 0) {
    if (errno == EINVAL) return raise_value_error(t, "invalid who parameter");
    return raise_errno(t);
  }
  const long rest[14] = {u.ru_maxrss,  u.ru_ixrss,   u.ru_idrss,  u.ru_isrss,  u.ru_minflt,   u.ru_majflt, u.ru_nswap,
                         u.ru_inblock, u.ru_oublock, u.ru_msgsnd, u.ru_msgrcv, u.ru_nsignals, u.ru_nvcsw,  u.ru_nivcsw};
  Value v[16] = {TRY(make_float(t, seconds(u.ru_utime))), TRY(make_float(t, seconds(u.ru_stime)))};
  for (int i = 0; i < 14; ++i) v[2 + i] = TRY(int_from_i64(t, rest[i]));
  return make_struct_sequence(t, struct_rusage_def, v);
}

static Result<Value> limit_value(Thread& t, rlim_t limit) {
  if (limit == RLIM_INFINITY) return Value::of_small_int(-1);
  return int_from_u64(t, limit);
}
static Result<Value> limit_pair(Thread& t, const rlimit& l) {
  return TRY(tuple_of(t, TRY(limit_value(t, l.rlim_cur)), TRY(limit_value(t, l.rlim_max))));
}

static Result<rlim_t> limit_number(Thread& t, Value v) {
  Value index = TRY(to_index(t, v));
  i64 n;
  if (int_to_i64(index, &n)) return static_cast<rlim_t>(n);
  return raise_overflow_error(t, "Python int too large to convert to C long");
}
static Result<void> parse_limits(Thread& t, Value limits, rlimit* out) {
  Tuple* pair = TRY(tuple_from_iterable(t, limits));
  if (pair->length() != 2) return raise_value_error(t, "expected a tuple of 2 integers");
  out->rlim_cur = TRY(limit_number(t, pair->at(0)));
  out->rlim_max = TRY(limit_number(t, pair->at(1)));
  return ok;
}
static Result<void> check_resource(Thread& t, int which) {
  if (which < 0 || which >= RLIM_NLIMITS) return raise_value_error(t, "invalid resource specified");
  return ok;
}

static Result<Value> resource_getrlimit(Thread& t, int which) {
  TRY(check_resource(t, which));
  rlimit l;
  if (::getrlimit(static_cast<__rlimit_resource_t>(which), &l) < 0) return raise_errno(t);
  return limit_pair(t, l);
}
static Result<void> resource_setrlimit(Thread& t, int which, Value limits) {
  TRY(check_resource(t, which));
  TRY(audit(t, "resource.setrlimit", Value::of_small_int(which), limits));
  rlimit l;
  TRY(parse_limits(t, limits, &l));
  if (::setrlimit(static_cast<__rlimit_resource_t>(which), &l) == 0) return ok;
  if (errno == EINVAL) return raise_value_error(t, "current limit exceeds maximum limit");
  if (errno == EPERM) return raise_value_error(t, "not allowed to raise maximum limit");
  return raise_errno(t);
}
static Result<Value> resource_prlimit(Thread& t, int pid, int which, Optional<Value> limits) {
  TRY(check_resource(t, which));
  TRY(audit(t, "resource.prlimit", Value::of_small_int(pid), Value::of_small_int(which),
            limits.has_value() ? limits.value : kNone));
  rlimit before, after;
  bool change = limits.has_value();
  if (change) TRY(parse_limits(t, limits.value, &after));
  if (::prlimit(pid, static_cast<__rlimit_resource>(which), change ? &after : nullptr, &before) < 0) {
    if (errno == EINVAL) return raise_value_error(t, "current limit exceeds maximum limit");
    return raise_errno(t);
  }
  return limit_pair(t, before);
}
static Result<int> resource_getpagesize(Thread&) { return ::getpagesize(); }

static constinit NativeDef resource_functions[] = {
    native<resource_getrusage>("getrusage($module, who, /)"),
    native<resource_getrlimit>("getrlimit($module, resource, /)"),
    native<resource_setrlimit>("setrlimit($module, resource, limits, /)"),
    native<resource_prlimit>("prlimit(pid, resource, limits=<unchanged>, /)",
                             "prlimit(pid, resource, [limits])\n\nThe limits of a process, as they were, and other ones for it."),
    native<resource_getpagesize>("getpagesize($module, /)"),
};
static constexpr ModuleConstant kConstants[] = {
    {"RLIMIT_CPU", RLIMIT_CPU},         {"RLIMIT_FSIZE", RLIMIT_FSIZE},
    {"RLIMIT_DATA", RLIMIT_DATA},       {"RLIMIT_STACK", RLIMIT_STACK},
    {"RLIMIT_CORE", RLIMIT_CORE},       {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_OFILE", RLIMIT_OFILE},     {"RLIMIT_AS", RLIMIT_AS},
    {"RLIMIT_RSS", RLIMIT_RSS},         {"RLIMIT_NPROC", RLIMIT_NPROC},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},       {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
    {"RLIMIT_RTTIME", RLIMIT_RTTIME},   {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
    {"RUSAGE_SELF", RUSAGE_SELF},       {"RUSAGE_CHILDREN", RUSAGE_CHILDREN},
    {"RUSAGE_THREAD", RUSAGE_THREAD},   {"RLIM_INFINITY", -1},
};
static TypeDef* const resource_types[] = {&struct_rusage_def.def};

static Result<void> resource_exec(Thread& t, Module* module) { return module_set(t, module, "error", Value(exceptions.OSError)); }

ModuleDef resource_module = {.name = "resource",
                             .functions = resource_functions,
                             .function_count = count_of(resource_functions),
                             .types = resource_types,
                             .type_count = 1,
                             .constants = kConstants,
                             .constant_count = sizeof kConstants / sizeof *kConstants,
                             .exec = resource_exec};

}  // namespace baton
