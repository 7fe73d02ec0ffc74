// posix: the module: its files' functions put together, and what fits nowhere else (random bytes, names, load, uname).
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "modules/posix_internal.h"
#include "objects/dict.h"
#include "objects/list.h"

namespace baton {

static Result<Value> random_bytes(Thread& t, usize size, u32 flags, bool all) {
  Bytes* bytes = TRY(bytes_allocate(t, size));
  u8* data = bytes_mutable_data(bytes);
  memset(data, 0, size);
  usize got = 0;
  while (got < size) {
    i64 n = TRY(retrying(t, [&] { return ::getrandom(data + got, size - got, flags); }));
    if (n < 0) return raise_errno(t);
    got += static_cast<usize>(n);
    if (!all) break;
  }
  if (got == size) return bytes;
  return bytes_from(t, data, got);
}
static Result<Value> posix_urandom(Thread& t, Index size) {
  if (size < 0) return raise_value_error(t, "negative argument not allowed");
  return random_bytes(t, static_cast<usize>(size), 0, true);
}
static Result<Value> posix_getrandom(Thread& t, Index size, int flags) {
  if (size < 0) {
    errno = EINVAL;
    return raise_errno(t);
  }
  return random_bytes(t, static_cast<usize>(size), static_cast<u32>(flags), false);
}

static Result<Value> posix_strerror(Thread& t, int code) {
  char buffer[256];
  return Value(TRY(str_from_utf8(t, ::strerror_r(code, buffer, sizeof buffer))));
}
static Result<int> posix_umask(Thread&, int mask) { return static_cast<int>(::umask(static_cast<mode_t>(mask))); }
static Result<Value> posix_cpu_count(Thread&) {
  long n = ::sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? kNone : Value::of_small_int(n);
}
static Result<Value> posix_getloadavg(Thread& t) {
  double load[3];
  if (::getloadavg(load, 3) != 3) return raise(t, exceptions.OSError, "Load averages are unobtainable");
  return TRY(tuple_of(t, TRY(make_float(t, load[0])), TRY(make_float(t, load[1])), TRY(make_float(t, load[2]))));
}

static constexpr StructField kUnameFields[] = {{"sysname", "operating system name"},
                                               {"nodename", "name of machine on network (implementation-defined)"},
                                               {"release", "operating system release"},
                                               {"version", "operating system version"},
                                               {"machine", "hardware identifier"}};
static constinit StructSequenceDef uname_result_def =
    struct_sequence("posix.uname_result",
                    "What os.uname() tells about the system.\n\nIt is a tuple of five str: the operating system is sysname, the "
                    "host is\nnodename, release and version belong to the system, and machine is the type\nof hardware. Each can "
                    "be had by its name too.",
                    kUnameFields, 5);
static Result<Value> posix_uname(Thread& t) {
  utsname u;
  if (::uname(&u) < 0) return raise_errno(t);
  const char* parts[5] = {u.sysname, u.nodename, u.release, u.version, u.machine};
  Value v[5];
  for (int i = 0; i < 5; ++i) v[i] = Value(TRY(file_system_text(t, parts[i])));
  return make_struct_sequence(t, uname_result_def, v);
}

static constinit NativeDef posix_functions[] = {
    native<posix_urandom>("urandom($module, size, /)", "Get size random bytes from the operating system, fit for cryptography."),
    native<posix_getrandom>("getrandom($module, /, size, flags=0)", "Obtain a series of random bytes."),
    native<posix_strerror>("strerror($module, code, /)", "Translate an error code to a message string."),
    native<posix_umask>("umask($module, mask, /)", "Set the current numeric umask and return the previous umask."),
    native<posix_cpu_count>("cpu_count($module, /)",
                            "Count the CPUs of the machine, or return None if that is not known.\n\nThe process may be confined "
                            "to fewer of them: len(os.sched_getaffinity(0))\ntells how many it can run on."),
    native<posix_getloadavg>(
        "getloadavg($module, /)",
        "Tell how busy the system has been of late.\n\nThe result is three floats: the mean length of the run queue during "
        "the\npast minute, 5 minutes and 15 minutes. OSError is raised if the system\ncannot tell."),
    native<posix_uname>(
        "uname($module, /)",
        "Describe the operating system and the machine it runs on.\n\nReturns five strings, with these names as in a named "
        "tuple:\n  sysname   name of the operating system\n  nodename  name of the machine in the network\n  release   release "
        "of the system\n  version   version of that release\n  machine   kind of hardware"),
};

// os.py derives supports_dir_fd and friends from these.
static const char* const kHaveFunctions[] = {
    "HAVE_EVENTFD",   "HAVE_FACCESSAT",  "HAVE_FCHDIR",       "HAVE_FCHMOD",    "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",  "HAVE_FEXECVE",    "HAVE_FDOPENDIR",    "HAVE_FPATHCONF", "HAVE_FSTATAT",  "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE", "HAVE_FUTIMENS",   "HAVE_FUTIMES",      "HAVE_FUTIMESAT", "HAVE_LINKAT",   "HAVE_LCHOWN",
    "HAVE_LSTAT",     "HAVE_LUTIMES",    "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",   "HAVE_MKFIFOAT", "HAVE_MKNODAT",
    "HAVE_OPENAT",    "HAVE_READLINKAT", "HAVE_RENAMEAT",     "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};

extern NativeTable posix_config_functions;
extern StructSequenceDef terminal_size_def;
TypeDef* posix_statvfs_type();
Result<Dict*> make_environment(Thread& t);

static Result<void> posix_exec(Thread& t, Module* module) {
  for (NativeTable table : {posix_file_functions, posix_directory_functions, posix_descriptor_functions, posix_fork_functions,
                            posix_process_functions, posix_exec_functions, posix_config_functions}) {
    TRY(module_add_functions(t, module, posix_module, table));
  }
  for (TypeDef* def :
       {&stat_result_def.def, posix_statvfs_type(), &terminal_size_def.def, &uname_result_def.def, &dir_entry_def}) {
    Type* type = TRY(type_from_def(t, *def));
    TRY(module_set(t, module, type->name()->ascii(), Value(type)));
  }
  TRY(add_posix_process_types(t, module));
  TRY(add_posix_config(t, module));
  TRY(module_set(t, module, "environ", Value(TRY(make_environment(t)))));
  TRY(module_set(t, module, "error", Value(exceptions.OSError)));
  List* have = TRY(make_list(t));
  for (const char* name : kHaveFunctions) TRY(list_append(t, have, Value(intern(t, name))));
  return module_set(t, module, "_have_functions", Value(have));
}

ModuleDef posix_module = {
    .name = "posix",
    .doc =
        "System calls, as the C and POSIX standards define them.\n\nThe names and the behaviour are largely those of Unix, whose "
        "manual pages\ntell more, as does the documentation of os, the module to import.",
    .functions = posix_functions,
    .function_count = count_of(posix_functions),
    .exec = posix_exec};

}  // namespace baton
