// posix: starting programs: execv, execve, posix_spawn, system; and the environment.
#include <sched.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "modules/environment.h"
#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/list.h"

extern char** environ;

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- arrays of C
// strings

StringArray::~StringArray() {
  for (usize i = 0; i < size_; ++i) free(items_[i]);
  free(items_);
}
bool StringArray::reserve(usize n) {
  if (n + 1 <= capacity_) return true;
  auto* grown = static_cast<char**>(realloc(items_, (n + 1) * sizeof(char*)));
  if (!grown) return false;
  items_ = grown;
  capacity_ = n + 1;
  items_[size_] = nullptr;
  return true;
}
bool StringArray::append(std::string_view text) {
  if (size_ + 2 > capacity_ && !reserve(capacity_ * 2 + 4)) return false;
  char* copy = static_cast<char*>(malloc(text.size() + 1));
  if (!copy) return false;
  memcpy(copy, text.data(), text.size());
  copy[text.size()] = 0;
  items_[size_++] = copy;
  items_[size_] = nullptr;
  return true;
}

Result<void> fill_string_array(Thread& t, Value sequence, StringArray* out) {
  Tuple* items = TRY(tuple_from_iterable(t, sequence));
  if (!out->reserve(static_cast<usize>(items->length()))) return raise_memory_error(t);
  for (Index i = 0; i < items->length(); ++i) {
    if (!out->append(TRY(file_system_bytes(t, items->at(i)))->text())) return raise_memory_error(t);
  }
  return ok;
}

Result<void> fill_environment(Thread& t, Value mapping, const char* not_mapping, StringArray* out) {
  if (!is<Dict>(mapping) &&
      (type_of(mapping)->slot(Slot::getitem).is_absent() || TRY(find_attr(t, mapping, names.keys)) == kNotFound)) {
    return raise_type_error(t, "{}", not_mapping);
  }
  Value keys = TRY(call_method(t, mapping, names.keys));
  Value values = TRY(call_method(t, mapping, names.values));
  if (!is<List>(keys)) keys = Value(TRY(list_from_iterable(t, keys)));
  if (!is<List>(values)) values = Value(TRY(list_from_iterable(t, values)));
  Index n = keys.as<List>()->length();
  if (!out->reserve(static_cast<usize>(n))) return raise_memory_error(t);
  for (Index i = 0; i < n; ++i) {
    Bytes* key = TRY(file_system_bytes(t, keys.as<List>()->try_at(i)));
    Bytes* value = TRY(file_system_bytes(t, values.as<List>()->try_at(i)));
    // An '=' at the front is how some systems mark hidden entries: allowed.
    if (key->length() == 0 || memchr(key->data() + 1, '=', static_cast<usize>(key->length()) - 1))
      return raise_value_error(t, "illegal environment variable name");
    Bytes* head = TRY(bytes_concat(t, key->text(), "="));
    Bytes* entry = TRY(bytes_concat(t, head->text(), value->text()));
    if (!out->append(entry->text())) return raise_memory_error(t);
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- exec

static Result<void> fill_argv(Thread& t, const char* prefix, Value argv, StringArray* out) {
  if (!is<List>(argv) && !is<Tuple>(argv)) return raise_type_error(t, "{} must be a tuple or list", prefix);
  Index n = is<List>(argv) ? argv.as<List>()->length() : argv.as<Tuple>()->length();
  if (n < 1) return raise_value_error(t, "{} must not be empty", prefix);
  TRY(fill_string_array(t, argv, out));
  if (!out->data()[0][0]) return raise_value_error(t, "{} first element cannot be empty", prefix);
  return ok;
}

static Result<void> posix_execv(Thread& t, PlainPath path, Value argv) {
  TRY(audit(t, "os.exec", path.object, argv, kNone));
  StringArray args;
  TRY(fill_argv(t, "execv() arg 2", argv, &args));
  finish_dropped_writers_before_end(t);
  ::execv(path.narrow, args.data());
  return raise_errno(t);  // without the name, as CPython has it
}

static Result<void> posix_execve(Thread& t, PathOrFd path, Value argv, Value env) {
  TRY(audit(t, "os.exec", path.object, argv, env));
  StringArray args, environment;
  if (!is<List>(argv) && !is<Tuple>(argv)) return raise_type_error(t, "execve: argv must be a tuple or list");
  TRY(fill_argv(t, "execve: argv", argv, &args));
  TRY(fill_environment(t, env, "execve: environment must be a mapping object", &environment));
  if (!environment.reserve(0)) return raise_memory_error(t);
  finish_dropped_writers_before_end(t);
  if (path.fd > -1)
    ::fexecve(path.fd, args.data(), environment.data());
  else
    ::execve(path.narrow, args.data(), environment.data());
  return raise_path_error(t, path);
}

static Result<int> posix_system(Thread& t, Value command) {
  Bytes* text = TRY(file_system_bytes(t, command));
  TRY(audit(t, "os.system", Value(text)));
  finish_dropped_writers(t);
  return blocking(t, [&] { return ::system(c_text(text)); });
}

// ---------------------------------------------------------------------------------------------------------------- posix_spawn

// Attributes and file actions, destroyed with the object.
struct SpawnPlan {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  SpawnPlan() {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
};

static Result<sigset_t> signal_set(Thread& t, Value iterable) {
  sigset_t set;
  sigemptyset(&set);
  TRY(for_each(t, iterable, [&](Value item) -> Result<bool> {
    i64 number;
    bool fits = int_to_i64(TRY(to_index(t, item)), &number);
    if (!fits || number < 1 || number >= NSIG)
      return raise_value_error(t, "signal number {} out of range [1; {}]", item, NSIG - 1);
    sigaddset(&set, static_cast<int>(number));
    return true;
  }));
  return set;
}

static Result<int> int_item(Thread& t, Tuple* action, Index i) {
  int v;
  if (!convert_int(t, action->at(i), &v)) return failed;
  return v;
}

static Result<void> add_file_action(Thread& t, SpawnPlan& plan, Value v, RootVector* keep) {
  if (!is<Tuple>(v) || v.as<Tuple>()->length() == 0)
    return raise_type_error(t, "Each file_actions element must be a non-empty tuple");
  Tuple* action = v.as<Tuple>();
  i64 tag;
  if (!int_to_i64(TRY(to_index(t, action->at(0))), &tag)) tag = -1;
  Index n = action->length();
  int error = 0;
  switch (tag) {
    case 0: {
      if (n != 5) return raise_type_error(t, "A open file_action tuple must have 5 elements");
      int fd = TRY(int_item(t, action, 1));
      Bytes* path = TRY(file_system_bytes(t, action->at(2)));
      int flags = TRY(int_item(t, action, 3));
      int mode = TRY(int_item(t, action, 4));
      keep->push(Value(path));
      error = ::posix_spawn_file_actions_addopen(&plan.actions, fd, c_text(path), flags, static_cast<mode_t>(mode));
      break;
    }
    case 1:
      if (n != 2) return raise_type_error(t, "A close file_action tuple must have 2 elements");
      error = ::posix_spawn_file_actions_addclose(&plan.actions, TRY(int_item(t, action, 1)));
      break;
    case 2: {
      if (n != 3) return raise_type_error(t, "A dup2 file_action tuple must have 3 elements");
      int from = TRY(int_item(t, action, 1));
      error = ::posix_spawn_file_actions_adddup2(&plan.actions, from, TRY(int_item(t, action, 2)));
      break;
    }
    default: return raise_type_error(t, "Unknown file_actions identifier");
  }
  if (error) return raise_os_error(t, error);
  return ok;
}

Result<int> posix_scheduler_priority(Thread& t, Value param);

static Result<int> spawn(Thread& t, const char* function, bool search, PlainPath& path, Value argv, Value env, Value file_actions,
                         Optional<int> setpgroup, int resetids, int setsid, Value setsigmask, Value setsigdef,
                         Optional<Value> scheduler) {
  StringArray args, environment;
  if (!is<List>(argv) && !is<Tuple>(argv)) return raise_type_error(t, "{}: argv must be a tuple or list", function);
  Value prefix(TRY(format_message(t, "{}: argv", function)));
  TRY(fill_argv(t, prefix.as<Str>()->ascii().data(), argv, &args));
  bool inherit = env.is_none();
  if (!inherit) {
    TRY(fill_environment(t, env, TRY(format_message(t, "{}: environment must be a mapping object", function))->ascii().data(),
                         &environment));
    if (!environment.reserve(0)) return raise_memory_error(t);
  }
  SpawnPlan plan;
  RootVector keep;
  bool has_actions = false;
  if (!file_actions.is_none()) {
    if (type_of(file_actions)->slot(Slot::iter).is_absent() && type_of(file_actions)->slot(Slot::getitem).is_absent())
      return raise_type_error(t, "file_actions must be a sequence or None");
    TRY(for_each(t, file_actions, [&](Value v) -> Result<bool> {
      has_actions = true;
      TRY(add_file_action(t, plan, v, &keep));
      return true;
    }));
  }
  short flags = 0;
  if (setpgroup.has_value()) {
    int error = ::posix_spawnattr_setpgroup(&plan.attributes, setpgroup.value);
    if (error) return raise_os_error(t, error);
    flags |= POSIX_SPAWN_SETPGROUP;
  }
  if (resetids) flags |= POSIX_SPAWN_RESETIDS;
  if (setsid) flags |= POSIX_SPAWN_SETSID;
  sigset_t mask = TRY(signal_set(t, setsigmask));
  if (TRY(length_of(t, setsigmask)) > 0) {
    ::posix_spawnattr_setsigmask(&plan.attributes, &mask);
    flags |= POSIX_SPAWN_SETSIGMASK;
  }
  sigset_t defaults = TRY(signal_set(t, setsigdef));
  if (TRY(length_of(t, setsigdef)) > 0) {
    ::posix_spawnattr_setsigdefault(&plan.attributes, &defaults);
    flags |= POSIX_SPAWN_SETSIGDEF;
  }
  if (scheduler.has_value()) {
    if (!is<Tuple>(scheduler.value)) return raise_system_error(t, "new style getargs format but argument is not a tuple");
    Tuple* pair = scheduler.value.as<Tuple>();
    if (pair->length() != 2) return raise_type_error(t, "A scheduler tuple must have two elements");
    if (!pair->at(0).is_none()) {
      int policy;
      if (!convert_int(t, pair->at(0), &policy)) return failed;
      int error = ::posix_spawnattr_setschedpolicy(&plan.attributes, policy);
      if (error) return raise_os_error(t, error);
      flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    sched_param param = {};
    param.sched_priority = TRY(posix_scheduler_priority(t, pair->at(1)));
    int error = ::posix_spawnattr_setschedparam(&plan.attributes, &param);
    if (error) return raise_os_error(t, error);
    flags |= POSIX_SPAWN_SETSCHEDPARAM;
  }
  ::posix_spawnattr_setflags(&plan.attributes, flags);
  TRY(audit(t, "os.posix_spawn", path.object, argv, env));
  finish_dropped_writers(t);
  pid_t pid = 0;
  auto* call = search ? &::posix_spawnp : &::posix_spawn;
  int error = call(&pid, path.narrow, has_actions ? &plan.actions : nullptr, &plan.attributes, args.data(),
                   inherit ? environ : environment.data());
  if (error) {
    errno = error;
    return raise_path_error(t, path);
  }
  return pid;
}
static Result<int> posix_posix_spawn(Thread& t, PlainPath path, Value argv, Value env, Value actions, Optional<int> group,
                                     int resetids, int setsid, Value mask, Value defaults, Optional<Value> scheduler) {
  return spawn(t, "posix_spawn", false, path, argv, env, actions, group, resetids, setsid, mask, defaults, scheduler);
}
static Result<int> posix_posix_spawnp(Thread& t, PlainPath path, Value argv, Value env, Value actions, Optional<int> group,
                                      int resetids, int setsid, Value mask, Value defaults, Optional<Value> scheduler) {
  return spawn(t, "posix_spawnp", true, path, argv, env, actions, group, resetids, setsid, mask, defaults, scheduler);
}

// ---------------------------------------------------------------------------------------------------------------- environment

static Result<void> posix_putenv(Thread& t, Value name, Value value) {
  Bytes* key = TRY(file_system_bytes(t, name));
  Bytes* text = TRY(file_system_bytes(t, value));
  if (memchr(key->data(), '=', static_cast<usize>(key->length())))
    return raise_value_error(t, "illegal environment variable name");
  TRY(audit(t, "os.putenv", Value(key), Value(text)));
  if (!key->length()) return raise_os_error(t, EINVAL);
  if (!set_environment_variable(key->text(), text->text())) return raise_memory_error(t);
  return ok;
}
static Result<void> posix_unsetenv(Thread& t, Value name) {
  Bytes* key = TRY(file_system_bytes(t, name));
  TRY(audit(t, "os.unsetenv", Value(key)));
  if (!key->length() || key->text().find('=') != std::string_view::npos) return raise_os_error(t, EINVAL);
  remove_environment_variable(key->text());
  return ok;
}

Result<Dict*> make_environment(Thread& t) {
  Dict* dict = TRY(make_dict(t));
  for (char** entry = environ; entry && *entry; ++entry) {
    const char* equals = strchr(*entry, '=');
    if (!equals) continue;
    Value key(TRY(bytes_from(t, *entry, static_cast<usize>(equals - *entry))));
    Value value(TRY(bytes_from(t, std::string_view(equals + 1))));
    TRY(dict_set_default(t, dict, key, value));  // the first of several wins
  }
  return dict;
}

static constinit NativeDef rows[] = {
    native<posix_execv>(
        "execv($module, path, argv, /)",
        "Run another program in this process; the present one is gone.\n\n  path\n    File that holds the program.\n  argv\n    "
        "Its arguments, a tuple or list of strings.\n\nThe call returns only by raising an exception."),
    native<posix_execve>(
        "execve($module, /, path, argv, env)",
        "Run another program in this process, with an environment of its own.\n\n  path\n    File that holds the program.\n  "
        "argv\n    Its arguments, a tuple or list of strings.\n  env\n    Its environment variables, a dict of strings.\n\nThe "
        "present program is gone: the call returns only by raising an\nexception."),
    native<posix_system>("system($module, /, command)", "Execute the command in a subshell."),
    native<posix_posix_spawn>(
        "posix_spawn($module, path, argv, env, /, *, file_actions=(), setpgroup=<unrepresentable>, resetids=False, setsid=False, "
        "setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)",
        "Start a program in a new process and return the process id.\n\n  path\n    File that holds the program.\n  argv\n    "
        "Its arguments, a tuple or list of strings.\n  env\n    Its environment variables, a dict of strings.\n  file_actions\n  "
        "  What to do with descriptors beforehand, a sequence of tuples.\n  setpgroup\n    Process group for the new process "
        "(POSIX_SPAWN_SETPGROUP).\n  resetids\n    True sets the flag POSIX_SPAWN_RESETIDS.\n  setsid\n    True sets the flag "
        "POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP.\n  setsigmask\n    Signals to block in the new process "
        "(POSIX_SPAWN_SETSIGMASK).\n  setsigdef\n    Signals to put back to their defaults (POSIX_SPAWN_SETSIGDEF).\n  "
        "scheduler\n    A pair: the scheduling policy, or None to leave that alone, and the\n    scheduling parameters."),
    native<posix_posix_spawnp>(
        "posix_spawnp($module, path, argv, env, /, *, file_actions=(), setpgroup=<unrepresentable>, resetids=False, "
        "setsid=False, setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)",
        "Start a program found on PATH in a new process; return the process id.\n\n  path\n    Name of the program, or the file "
        "that holds it.\n  argv\n    Its arguments, a tuple or list of strings.\n  env\n    Its environment variables, a dict of "
        "strings.\n  file_actions\n    What to do with descriptors beforehand, a sequence of tuples.\n  setpgroup\n    Process "
        "group for the new process (POSIX_SPAWN_SETPGROUP).\n  resetids\n    True sets the flag POSIX_SPAWN_RESETIDS.\n  "
        "setsid\n    True sets the flag POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP.\n  setsigmask\n    Signals to block in the "
        "new process (POSIX_SPAWN_SETSIGMASK).\n  setsigdef\n    Signals to put back to their defaults "
        "(POSIX_SPAWN_SETSIGDEF).\n  scheduler\n    A pair: the scheduling policy, or None to leave that alone, and the\n    "
        "scheduling parameters."),
    native<posix_putenv>("putenv($module, name, value, /)", "Change or add an environment variable."),
    native<posix_unsetenv>("unsetenv($module, name, /)", "Delete an environment variable."),
};
constinit NativeTable posix_exec_functions = {rows, count_of(rows)};

}  // namespace baton
