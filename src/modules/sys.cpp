// sys: functions and data. What start-up computes comes from Config (config.h).
#include <dlfcn.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "heap/reference_census.h"
#include "interp/interp.h"
#include "interp/slow.h"
#include "modules/config.h"
#include "modules/modules.h"
#include "objects/audit.h"
#include "objects/code.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/struct_sequence.h"
#include "objects/tuple.h"
#include "threads/mutator.h"
#include "threads/relaxed.h"

namespace baton {

Config config;
int default_optimize_level = 0;
extern u64 bytecode_cache_hash();

// From the command line and the environment: any bytes.
static Result<Value> text(Thread& t, const std::string& s) { return decode_file_system(t, s); }

// ---------------------------------------------------------------------------------------------------------------- exceptions,
// exit

static Result<Value> sys_exc_info(Thread& t) {
  Value e = t.handled();
  if (!is<Exception>(e)) return tuple_of(t, kNone, kNone, kNone);
  Traceback* tb = e.as<Exception>()->traceback();
  return tuple_of(t, Value(type_of(e)), e, tb ? Value(tb) : kNone);
}
static Result<Value> sys_exception(Thread& t) { return t.handled(); }
static Result<Value> sys_exit(Thread& t, Value status) {
  if (is<Tuple>(status))
    return raise_with_args(t, exceptions.SystemExit, status.as<Tuple>()->items(),
                           static_cast<usize>(status.as<Tuple>()->length()));
  return raise_with_args(t, exceptions.SystemExit, &status, status.is_none() ? 0 : 1);
}
static Result<Value> sys_displayhook(Thread& t, Value v) {
  if (v.is_none()) return kNone;
  TRY(dict_set_str(t, runtime.builtins->dict(), names.underscore, kNone));
  Value out = dict_find_str(runtime.sys->dict(), names.stdout_);
  if (out.is_absent() || out.is_none()) return raise_runtime_error(t, "lost sys.stdout");
  Str* shown = TRY(repr(t, v));
  Result<Value> written = call_method(t, out, names.write, Value(shown));
  if (written.is_failed()) {
    if (!clear_pending_if(t, exceptions.UnicodeEncodeError)) return failed;
    Value encoding = TRY(get_attr(t, out, names.encoding));
    Value raw = TRY(call_method(t, Value(shown), intern(t, "encode"), encoding, Value(intern(t, "backslashreplace"))));
    Value buffer = TRY(find_attr(t, out, names.buffer_));
    if (buffer != kNotFound)
      TRY(call_method(t, buffer, names.write, raw));
    else
      TRY(call_method(t, out, names.write, TRY(call_method(t, raw, intern(t, "decode"), encoding, Value(names.strict)))));
  }
  TRY(call_method(t, out, names.write, Value(TRY(str_from_code_point(t, '\n')))));
  TRY(dict_set_str(t, runtime.builtins->dict(), names.underscore, v));
  return kNone;
}
static Result<Value> sys_excepthook(Thread& t, Value type, Value value, Value tb) {
  Value err = dict_find_str(runtime.sys->dict(), names.stderr_);
  if (err.is_absent() || err.is_none()) return kNone;
  if (is<Exception>(value) && is<Traceback>(tb) && !value.as<Exception>()->traceback())
    value.as<Exception>()->traceback_.set(value.cell(), tb.as<Traceback>());
  TRY(print_exception(t, value, err));
  return kNone;
}
static Result<Value> sys_breakpointhook(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  const char* name = config.ignore_environment ? nullptr : getenv("PYTHONBREAKPOINT");
  std::string target = name && *name ? name : "pdb.set_trace";
  if (target == "0") return kNone;
  usize dot = target.rfind('.');
  std::string module = dot == std::string::npos ? "builtins" : target.substr(0, dot);
  std::string attribute = dot == std::string::npos ? target : target.substr(dot + 1);
  Result<Value> hook = failed;
  if (dot != 0) {  // nothing in front of the dot: no module
    Result<Value> imported = import_module(t, module);
    if (imported.is_failed() && !pending_matches(t, exceptions.ImportError)) return failed;
    if (!imported.is_failed()) hook = get_attr_ascii(t, imported.value(), attribute);
  }
  if (hook.is_failed()) {
    if (dot != 0 && !clear_pending_if(t, exceptions.ImportError) && !clear_pending_if(t, exceptions.AttributeError))
      return failed;
    TRY(warn(t, exceptions.RuntimeWarning, "Ignoring unimportable $PYTHONBREAKPOINT: \"" + target + "\"", 1));
    return kNone;
  }
  return call_values(t, hook.value(), args, n, kwnames);
}

// --- unraisable errors
static constexpr StructField unraisable_fields[] = {{"exc_type", "Exception type"},
                                                    {"exc_value", "Exception value"},
                                                    {"exc_traceback", "Exception traceback"},
                                                    {"err_msg", "Error message"},
                                                    {"object", "Object causing the exception"}};
constinit StructSequenceDef unraisable_hook_args = struct_sequence(
    "UnraisableHookArgs", "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.", unraisable_fields, 5);

static Result<Value> sys_unraisablehook(Thread& t, Value args) {
  if (type_of(args) != unraisable_hook_args.def.type)
    return raise_type_error(t, "sys.unraisablehook argument type must be UnraisableHookArgs");
  Value err = dict_find_str(runtime.sys->dict(), names.stderr_);
  if (err.is_absent() || err.is_none()) return kNone;
  Value value = TRY(get_attr_ascii(t, args, "exc_value")), type = TRY(get_attr_ascii(t, args, "exc_type"));
  Value message = TRY(get_attr_ascii(t, args, "err_msg")), object = TRY(get_attr_ascii(t, args, "object"));
  Value tb = TRY(get_attr_ascii(t, args, "exc_traceback"));
  StrBuilder out;
  if (!object.is_none()) {
    if (message.is_none())
      out.append_ascii("Exception ignored in");
    else
      out.append(TRY(str_of(t, message)));
    out.append_ascii(": ");
    Result<Str*> shown = repr(t, object);
    if (shown.is_failed()) {
      t.clear_pending();
      out.append_ascii("<object repr() failed>");
    } else {
      out.append(shown.value());
    }
    out.append_ascii("\n");
  } else if (!message.is_none()) {
    out.append(TRY(str_of(t, message)));
    out.append_ascii(":\n");
  }
  TRY(call_method(t, err, names.write, Value(TRY(out.build(t)))));
  TRY(call_method(t, err, names.write, Value(TRY(ignored_exception_text(t, type, value, tb)))));
  TRY(call_method(t, err, names.flush));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- frames,
// tracing

static Result<Value> sys_getframe(Thread& t, Index depth) {
  Frame* f = t.top_frame();
  for (; f && depth > 0; --depth) f = f->previous;
  if (!f) return raise_value_error(t, "call stack is not deep enough");
  Value frame(TRY(frame_object_of(t, f)));
  TRY(audit(t, "sys._getframe", frame));
  return frame;
}
static Result<Value> sys_current_frames(Thread& t) {
  TRY(audit(t, "sys._current_frames"));
  Dict* result = TRY(make_dict(t));
  StopTheWorld world(t);
  for (Thread* other = first_thread(); other; other = other->next_thread_) {
    if (!other->top_frame_) continue;
    TRY(dict_set(t, result, TRY(int_from_u64(t, other->python_ident_)), Value(TRY(frame_object_of(t, other->top_frame_)))));
  }
  return result;
}
static Result<Value> sys_current_exceptions(Thread& t) {
  TRY(audit(t, "sys._current_exceptions"));
  Dict* result = TRY(make_dict(t));
  StopTheWorld world(t);
  for (Thread* other = first_thread(); other; other = other->next_thread_) {
    Value e = other->handled();
    Value triple = kNone;
    if (is<Exception>(e)) {
      Traceback* tb = e.as<Exception>()->traceback();
      triple = Value(TRY(tuple_of(t, Value(type_of(e)), e, tb ? Value(tb) : kNone)));
    } else {
      triple = Value(TRY(tuple_of(t, kNone, kNone, kNone)));
    }
    TRY(dict_set(t, result, TRY(int_from_u64(t, other->python_ident_)), triple));
  }
  return result;
}
static Result<Value> sys_settrace(Thread& t, Value function) {
  TRY(audit(t, "sys.settrace"));
  set_trace_function(t, function.is_none() ? Value() : function);
  return kNone;
}
static Result<Value> sys_gettrace(Thread& t) { return t.trace_function_.is_present() ? t.trace_function_ : kNone; }
static Result<Value> sys_setprofile(Thread& t, Value function) {
  TRY(audit(t, "sys.setprofile"));
  set_profile_function(t, function.is_none() ? Value() : function);
  return kNone;
}
static Result<Value> sys_getprofile(Thread& t) { return t.profile_function_.is_present() ? t.profile_function_ : kNone; }
static Result<Value> sys_call_tracing(Thread& t, Value function, Tuple* args) {
  int saved = t.tracing_;
  t.tracing_ = 0;
  Result<Value> v = call_tuple_dict(t, function, args, nullptr);
  t.tracing_ = saved;
  return v;
}
static Result<Value> sys_getrecursionlimit(Thread& t) { return int_from_i64(t, t.recursion_limit_); }
static Result<Value> sys_setrecursionlimit(Thread& t, int limit) {
  if (limit < 1) return raise_value_error(t, "recursion limit must be greater or equal than 1");
  if (t.recursion_depth_ >= limit) {
    return raise_recursion_error(t, "cannot set the recursion limit to {} at the recursion depth {}: the limit is too low", limit,
                                 t.recursion_depth_);
  }
  StopTheWorld world(t);  // threads neither come nor go
  for (Thread* other = first_thread(); other; other = other->next_thread_) other->recursion_limit_ = limit;
  default_recursion_limit = limit;
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- the GIL

static Result<Value> sys_setswitchinterval(Thread& t, double seconds) {
  if (!(seconds > 0)) return raise_value_error(t, "switch interval must be strictly positive");
  set_switch_interval_us(static_cast<u64>(seconds * 1e6));
  return kNone;
}
static Result<double> sys_getswitchinterval(Thread&) { return static_cast<double>(switch_interval_us()) * 1e-6; }
static Result<bool> sys_is_gil_enabled(Thread&) { return gil_enabled(); }

// ---------------------------------------------------------------------------------------------------------------- text, sizes,
// limits

static Result<Value> sys_intern(Thread& t, Value v) {
  if (!is<Str>(v)) return raise_type_error(t, "intern() argument must be str, not {!a}", v);
  if (!is_exact<Str>(v)) return raise_type_error(t, "can't intern {!t}", v);
  return str_intern(t, v.as<Str>());
}
// Baton counts nothing while it runs. What isn't a cell is in no count: the answer is that of 3.12's immortal objects.
static Result<Value> sys_getrefcount(Thread& t, Value object) {
  constexpr i64 kImmortal = 4294967295;
  if (!object.is_cell()) return Value::of_small_int(kImmortal);
  bool is_exact = is_called_by_instruction(t, native<sys_getrefcount>("getrefcount(object, /)").entry);
  StopTheWorld world(t);
  const void* place = t.top_frame() ? t.top_frame()->pc : nullptr;
  u64 count;
  if (!heap_known_references(object.cell(), place, &count)) {
    collect_exactly(t, Generation::Full, is_exact);  // references by the dead don't count
    count = heap_count_references_often(t, object.cell(), place);
  }
  return Value::of_small_int(static_cast<i64>(count));
}

static Result<Value> sys_getsizeof(Thread& t, Value object, Optional<Value> fallback) {
  auto measure = [&]() -> Result<Value> {
    Value method = TRY(find_special(t, object, names.dunder_sizeof));
    if (method == kNotFound) return raise_type_error(t, "Type {!t} doesn't define __sizeof__", object);
    Value size = TRY(call(t, method));
    if (!is_int(size)) return raise_type_error(t, "'{!t}' object cannot be interpreted as an integer", size);
    if (int_sign(int_exact(size)) < 0) return raise_value_error(t, "__sizeof__() should return >= 0");
    return int_exact(size);
  };
  Result<Value> size = measure();
  if (size.is_failed() && fallback.has_value() && clear_pending_if(t, exceptions.TypeError)) return fallback.value;
  return size;
}
static Result<Value> sys_getdefaultencoding(Thread& t) { return Value(names.utf8); }
static Result<Value> sys_getfilesystemencoding(Thread& t) { return text(t, config.filesystem_encoding); }
static Result<Value> sys_getfilesystemencodeerrors(Thread& t) { return text(t, config.filesystem_errors); }
static Result<Value> sys_get_int_max_str_digits(Thread& t) { return int_from_i64(t, int_max_str_digits); }
static Result<Value> sys_set_int_max_str_digits(Thread& t, int maxdigits) {
  if (maxdigits != 0 && maxdigits < 640) return raise_value_error(t, "maxdigits must be 0 or larger than 640");
  int_max_str_digits = maxdigits;
  return kNone;
}
static Result<Value> sys_getallocatedblocks(Thread& t) { return int_from_u64(t, heap_stats().cells_live); }
static Result<Value> sys_nothing(Thread&) { return kNone; }
static Relaxed<int> dlopen_flags = RTLD_NOW;
static Result<Value> sys_getdlopenflags(Thread& t) { return int_from_i64(t, dlopen_flags.get()); }
static Result<Value> sys_setdlopenflags(Thread&, int flags) {
  dlopen_flags = flags;
  return kNone;
}
static Result<bool> sys_is_finalizing(Thread&) { return runtime.finalizing; }

// ---------------------------------------------------------------------------------------------------------------- async hooks

static constexpr StructField asyncgen_hook_fields[] = {{"firstiter", nullptr}, {"finalizer", nullptr}};
static constinit StructSequenceDef asyncgen_hooks = struct_sequence("asyncgen_hooks", "", asyncgen_hook_fields, 2);
static Result<Value> sys_set_asyncgen_hooks(Thread& t, Optional<Value> firstiter, Optional<Value> finalizer) {
  auto check = [&](Optional<Value>& v, const char* name) -> Result<void> {
    if (v.has_value() && !v.value.is_none() && !is_callable(v.value))
      return raise_type_error(t, "callable {} expected, got {!t}", name, v.value);
    return ok;
  };
  TRY(check(finalizer, "finalizer"));
  TRY(check(firstiter, "firstiter"));
  if (finalizer.has_value()) TRY(audit(t, "sys.set_asyncgen_hook_finalizer"));
  if (firstiter.has_value()) TRY(audit(t, "sys.set_asyncgen_hook_firstiter"));
  if (finalizer.has_value()) t.async_generator_finalizer_ = finalizer.value.is_none() ? Value() : finalizer.value;
  if (firstiter.has_value()) t.async_generator_firstiter_ = firstiter.value.is_none() ? Value() : firstiter.value;
  return kNone;
}
static Result<Value> sys_get_asyncgen_hooks(Thread& t) {
  Value values[2] = {t.async_generator_firstiter_.is_present() ? t.async_generator_firstiter_ : kNone,
                     t.async_generator_finalizer_.is_present() ? t.async_generator_finalizer_ : kNone};
  return make_struct_sequence(t, asyncgen_hooks, values);
}
static Result<Value> sys_set_coroutine_origin_tracking_depth(Thread& t, int depth) {
  if (depth < 0) return raise_value_error(t, "depth must be >= 0");
  t.coroutine_origin_depth_ = depth;
  return kNone;
}
static Result<Value> sys_get_coroutine_origin_tracking_depth(Thread& t) { return Value::of_small_int(t.coroutine_origin_depth_); }

// ---------------------------------------------------------------------------------------------------------------- audit

static Result<Value> sys_audit(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  if (n == 0) return raise_type_error(t, "audit() missing 1 required positional argument: 'event'");
  if (!has_audit_hooks) return kNone;  // then nothing is looked at, as in 3.11
  if (!is<Str>(args[0])) return raise_type_error(t, "expected str for argument 'event', not {!t}", args[0]);
  Value owner;
  TRY(raise_audit_event(t, TRY(str_utf8(t, args[0].as<Str>(), &owner)), args + 1, n - 1));
  return kNone;
}
static Result<void> sys_addaudithook(Thread& t, Value hook) { return add_audit_hook(t, hook); }

static constinit NativeDef sys_functions[] = {
    native<sys_exc_info>(
        "exc_info()",
        "Tell about the exception being handled: (type, value, traceback).\n\nIt is the one that an except clause caught last, "
        "in this frame or in one\nthat called it. All three are None if there is no such exception."),
    native<sys_exception>("exception()",
                          "Get the exception being handled, or None.\n\nIt is the one that an except clause caught last, in this "
                          "frame or in one\nthat called it."),
    native<sys_exit>("exit(status=None, /)", "Exit the interpreter by raising SystemExit(status)."),
    native<sys_displayhook>("displayhook(object, /)",
                            "Show the value of an expression at the interactive prompt.\n\nIts repr goes to sys.stdout, and the "
                            "value becomes builtins._. Nothing is\ndone for None."),
    native<sys_excepthook>("excepthook(exctype, value, traceback, /)",
                           "Report an exception that nobody caught: print its traceback to sys.stderr."),
    native_raw(sys_breakpointhook, "breakpointhook(*args, **kws)",
               "breakpointhook(*args, **kws)\n\nEnter the debugger. The built-in breakpoint() passes its arguments here."),
    native<sys_unraisablehook>("unraisablehook(unraisable, /)", "Handle an unraisable exception."),
    native<sys_getframe>("_getframe(depth=0, /)", "Return a frame object from the call stack."),
    native<sys_current_frames>("_current_frames()",
                               "Look at what all threads are executing right now.\n\nThe result is a dict: its keys are thread "
                               "identifiers, its values the\ninnermost frames.  It is meant for debuggers."),
    native<sys_current_exceptions>(
        "_current_exceptions()",
        "Look at the exceptions that all threads are handling right now.\n\nThe result is a dict: its keys are thread "
        "identifiers, its values tuples\n(type, exception, traceback) as from sys.exc_info(), with three times None\nfor a "
        "thread that handles none.  It is meant for debuggers."),
    native<sys_settrace>(
        "settrace(function, /)",
        "settrace(function)\n\nHave function called for every call of a Python function, for use by\ndebuggers; it can return "
        "another function to follow the call in detail.\nNone ends tracing. The library manual has more under \"debugger\"."),
    native<sys_gettrace>("gettrace()", "Give the function that settrace() installed in this thread, or None."),
    native<sys_setprofile>("setprofile(function, /)",
                           "setprofile(function)\n\nHave function called at the start and the end of every function call, "
                           "for\nuse by profilers. None ends profiling. The library manual has more under\n\"profilers\"."),
    native<sys_getprofile>("getprofile()", "Return the profiling function set with sys.setprofile."),
    native<sys_call_tracing>("call_tracing(func, args, /)", "Call func(*args), while tracing is enabled."),
    native<sys_getrecursionlimit>("getrecursionlimit()", "Return the current value of the recursion limit."),
    native<sys_setrecursionlimit>("setrecursionlimit(limit, /)", "Set the maximum depth of the Python interpreter stack to n."),
    native<sys_setswitchinterval>(
        "setswitchinterval(interval, /)",
        "Choose how long a thread may run before others get their turn.\n\ninterval is in seconds, and only a goal: an operation "
        "that cannot be\ninterrupted takes longer.  If it is not above zero, ValueError is raised."),
    native<sys_getswitchinterval>("getswitchinterval()",
                                  "Tell after how many seconds threads take turns: see setswitchinterval()."),
    native<sys_is_gil_enabled>("_is_gil_enabled()", "Return True if the GIL is on, False with -X gil=0."),
    native<sys_intern>("intern(string, /)", "``Intern'' the given string."),
    native<sys_getrefcount>("getrefcount(object, /)",
                            "Return how many references to object there are: in live objects, in the\n"
                            "variables of running functions, and the argument of this call. They are counted\n"
                            "by a search of the whole heap, after a collection."),
    native<sys_getsizeof>(
        "getsizeof(object, default=<none>)",
        "getsizeof(object [, default]) -> int\n\nTell how much memory the object itself takes up, in bytes, without the\nobjects "
        "it refers to. If its type cannot say, default is returned; without\na default, that raises TypeError."),
    native<sys_getdefaultencoding>("getdefaultencoding()",
                                   "Name the encoding that str.encode() and others use unless told otherwise."),
    native<sys_getfilesystemencoding>("getfilesystemencoding()",
                                      "Name the encoding in which file names are passed to the system."),
    native<sys_getfilesystemencodeerrors>("getfilesystemencodeerrors()",
                                          "Name the error handler for file names that do not fit their encoding."),
    native<sys_get_int_max_str_digits>("get_int_max_str_digits()",
                                       "Tell how many digits a conversion between int and str may involve.\n\n0 means any "
                                       "number. Bases that are powers of two have no limit."),
    native<sys_set_int_max_str_digits>("set_int_max_str_digits(maxdigits)",
                                       "Limit how many digits a conversion between int and str may involve.\n\n0 means any "
                                       "number. Bases that are powers of two have no limit."),
    native<sys_getallocatedblocks>("getallocatedblocks()", "Return the number of cells alive at the last collection."),
    native<sys_nothing>("_clear_type_cache()", "Clear the internal type lookup cache."),
    native<sys_nothing>("_debugmallocstats()", "Nothing to print: memory is the collector's."),
    native<sys_getdlopenflags>("getdlopenflags()",
                               "Tell how extension modules are loaded: the int that dlopen() gets.\n\nIt is made of the RTLD_ "
                               "constants of the os module, and can be changed by\nsetdlopenflags()."),
    native<sys_setdlopenflags>("setdlopenflags(flags, /)", "Set the flags used by the interpreter for dlopen calls."),
    native<sys_is_finalizing>("is_finalizing()", "Return True if Python is exiting."),
    native<sys_set_asyncgen_hooks>("set_asyncgen_hooks(firstiter=<none>, finalizer=<none>)",
                                   "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet functions that are called with "
                                   "asynchronous generators: firstiter when\none is iterated over for the first time, finalizer "
                                   "when one is about to\ngo away. None removes a hook; a hook that is not mentioned stays."),
    native<sys_get_asyncgen_hooks>("get_asyncgen_hooks()", "Return the installed asynchronous generators hooks."),
    native<sys_set_coroutine_origin_tracking_depth>(
        "set_coroutine_origin_tracking_depth(depth)",
        "Choose how many frames a coroutine remembers of where it was created.\n\nThey are found in its cr_origin attribute.  0 "
        "turns this off; a negative\ndepth raises ValueError.  It concerns only coroutines that this thread\ncreates from now "
        "on."),
    native<sys_get_coroutine_origin_tracking_depth>(
        "get_coroutine_origin_tracking_depth()",
        "Tell how many frames a new coroutine in this thread records as its origin.\n\n0 means that origins are not tracked."),
    native_raw(sys_audit, "audit(event, /, *args)",
               "audit(event, *args)\n\nReport an event, with its arguments, to all audit hooks."),
    native<sys_addaudithook>("addaudithook(hook)", "Adds a new audit hook callback."),
};

// ---------------------------------------------------------------------------------------------------------------- data

#define F(name) {name, nullptr}
static constexpr StructField flags_fields[] = {F("debug"),
                                               F("inspect"),
                                               F("interactive"),
                                               F("optimize"),
                                               F("dont_write_bytecode"),
                                               F("no_user_site"),
                                               F("no_site"),
                                               F("ignore_environment"),
                                               F("verbose"),
                                               F("bytes_warning"),
                                               F("quiet"),
                                               F("hash_randomization"),
                                               F("isolated"),
                                               F("dev_mode"),
                                               F("utf8_mode"),
                                               F("warn_default_encoding"),
                                               F("safe_path"),
                                               F("int_max_str_digits")};
static constinit StructSequenceDef sys_flags_def = struct_sequence(
    "sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.", flags_fields, 18, true);
static constexpr StructField version_fields[] = {F("major"), F("minor"), F("micro"), F("releaselevel"), F("serial")};
static constinit StructSequenceDef version_info_def =
    struct_sequence("sys.version_info", "sys.version_info\n\nVersion information as a named tuple.", version_fields, 5, true);
static constexpr StructField float_fields[] = {F("max"),     F("max_exp"),    F("max_10_exp"), F("min"),
                                               F("min_exp"), F("min_10_exp"), F("dig"),        F("mant_dig"),
                                               F("epsilon"), F("radix"),      F("rounds")};
static constinit StructSequenceDef float_info_def = struct_sequence(
    "sys.float_info", "sys.float_info\n\nA named tuple holding information about the float type.", float_fields, 11);
static constexpr StructField int_fields[] = {F("bits_per_digit"), F("sizeof_digit"), F("default_max_str_digits"),
                                             F("str_digits_check_threshold")};
static constinit StructSequenceDef int_info_def =
    struct_sequence("sys.int_info",
                    "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  "
                    "The attributes are read only.",
                    int_fields, 4);
static constexpr StructField hash_fields[] = {F("width"),     F("modulus"),   F("inf"),       F("nan"),   F("imag"),
                                              F("algorithm"), F("hash_bits"), F("seed_bits"), F("cutoff")};
static constinit StructSequenceDef hash_info_def = struct_sequence(
    "sys.hash_info", "hash_info\n\nA named tuple providing parameters used for computing hashes.", hash_fields, 9);
static constexpr StructField thread_fields[] = {F("name"), F("lock"), F("version")};
static constinit StructSequenceDef thread_info_def = struct_sequence(
    "sys.thread_info", "sys.thread_info\n\nA named tuple holding information about the thread implementation.", thread_fields, 3);
#undef F

static Value n(i64 v) { return Value::of_small_int(v); }

static Result<Value> string_list(Thread& t, const std::vector<std::string>& list) {
  List* result = TRY(make_list(t));
  for (const std::string& s : list) TRY(list_append(t, result, TRY(text(t, s))));
  return result;
}

static Result<Value> make_flags(Thread& t) {
  Value v[18] = {n(config.debug),
                 n(config.inspect),
                 n(config.interactive),
                 n(config.optimize),
                 n(config.dont_write_bytecode),
                 n(config.no_user_site),
                 n(config.no_site),
                 n(config.ignore_environment),
                 n(config.verbose),
                 n(config.bytes_warning),
                 n(config.quiet),
                 n(!(config.hash_seed_given && config.hash_seed == 0)),
                 n(config.isolated),
                 Value::of_bool(config.dev_mode),
                 n(config.utf8_mode),
                 n(config.warn_default_encoding),
                 Value::of_bool(config.safe_path),
                 n(config.int_max_str_digits)};
  return make_struct_sequence(t, sys_flags_def, v);
}

static const char* const kStdlibNames[] = {
#define STDLIB(name) name,
#include "modules/stdlib_names.def"
#undef STDLIB
};

std::string version_text();  // cli/version.cpp

static Result<void> sys_exec(Thread& t, Module* module) {
  auto put = [&](const char* name, Value v) { return module_set(t, module, name, v); };
  for (const char* hook : {"displayhook", "excepthook", "unraisablehook", "breakpointhook"})
    TRY(put((std::string("__") + hook + "__").c_str(), dict_find_str(module->dict(), intern(t, hook))));
  TRY(put("version", TRY(text(t, version_text()))));
  Value version[5] = {n(3), n(11), n(2), Value(intern(t, "final")), n(0)};
  TRY(put("version_info", TRY(make_struct_sequence(t, version_info_def, version))));
  TRY(put("hexversion", n(0x030b02f0)));
  TRY(put("api_version", n(1013)));
  TRY(put("copyright", Value(intern(t, "Copyright (c) the Baton developers."))));
  TRY(put("platform", Value(intern(t, "linux"))));
  TRY(put("byteorder", Value(intern(t, "little"))));
  TRY(put("maxsize", TRY(int_from_i64(t, INT64_MAX))));
  TRY(put("maxunicode", n(0x10FFFF)));
  TRY(put("platlibdir", TRY(text(t, config.platlibdir))));
  TRY(put("abiflags", Value(names.empty)));
  TRY(put("_framework", Value(names.empty)));
  TRY(put("_git", Value(TRY(tuple_of(t, Value(intern(t, "Baton")), Value(names.empty), Value(names.empty))))));
  TRY(put("float_repr_style", Value(intern(t, "short"))));
  Value floats[11] = {TRY(make_float(t, 1.7976931348623157e308)),
                      n(1024),
                      n(308),
                      TRY(make_float(t, 2.2250738585072014e-308)),
                      n(-1021),
                      n(-307),
                      n(15),
                      n(53),
                      TRY(make_float(t, 2.220446049250313e-16)),
                      n(2),
                      n(1)};
  TRY(put("float_info", TRY(make_struct_sequence(t, float_info_def, floats))));
  Value ints[4] = {n(30), n(4), n(4300), n(640)};
  TRY(put("int_info", TRY(make_struct_sequence(t, int_info_def, ints))));
  Value hashes[9] = {
      n(64), TRY(int_from_i64(t, (i64{1} << 61) - 1)), n(314159), n(0), n(1000003), Value(intern(t, "siphash13")), n(64), n(128),
      n(0)};
  TRY(put("hash_info", TRY(make_struct_sequence(t, hash_info_def, hashes))));
  char libpthread[64] = "NPTL";
  confstr(_CS_GNU_LIBPTHREAD_VERSION, libpthread, sizeof libpthread);
  Value threads[3] = {Value(intern(t, "pthread")), Value(intern(t, "semaphore")), Value(intern(t, libpthread))};
  TRY(put("thread_info", TRY(make_struct_sequence(t, thread_info_def, threads))));
  TRY(put("flags", TRY(make_flags(t))));
  Dict* xoptions = TRY(make_dict(t));
  for (auto& [key, value] : config.xoptions)
    TRY(dict_set(t, xoptions, TRY(text(t, key)), value == "\1" ? kTrue : TRY(text(t, value))));
  TRY(put("_xoptions", Value(xoptions)));
  TRY(put("warnoptions", TRY(string_list(t, config.warnoptions))));
  TRY(put("argv", TRY(string_list(t, config.argv))));
  TRY(put("orig_argv", TRY(string_list(t, config.orig_argv))));
  TRY(put("executable", TRY(text(t, config.executable))));
  TRY(put("_base_executable", TRY(text(t, config.base_executable))));
  TRY(put("prefix", TRY(text(t, config.prefix))));
  TRY(put("exec_prefix", TRY(text(t, config.prefix))));
  TRY(put("base_prefix", TRY(text(t, config.base_prefix))));
  TRY(put("base_exec_prefix", TRY(text(t, config.base_prefix))));
  TRY(put("_home", kNone));
  TRY(put("_stdlib_dir", TRY(text(t, config.stdlib_dir))));
  TRY(put("pycache_prefix", config.pycache_prefix.empty() ? kNone : TRY(text(t, config.pycache_prefix))));
  TRY(put("path", TRY(string_list(t, config.module_search_path))));
  TRY(put("meta_path", Value(TRY(make_list(t)))));
  TRY(put("path_hooks", Value(TRY(make_list(t)))));
  TRY(put("path_importer_cache", Value(TRY(make_dict(t)))));
  TRY(put("modules", Value(runtime.modules)));
  TRY(put("builtin_module_names", Value(TRY(builtin_module_names(t)))));
  TRY(put("dont_write_bytecode", Value::of_bool(config.dont_write_bytecode)));
  Set* stdlib = TRY(make_set(t));
  for (const char* name : kStdlibNames) TRY(set_add_key(t, stdlib, Value(intern(t, name))));
  TRY(put("stdlib_module_names", TRY(call(t, Value(types.frozenset), Value(stdlib)))));
  TRY(put("UnraisableHookArgs", Value(TRY(struct_sequence_type(t, unraisable_hook_args)))));
  // sys.implementation is a types.SimpleNamespace; its cache_tag keeps other interpreters' caches apart from ours.
  char tag[32];
  snprintf(tag, sizeof tag, "baton-%08llx", static_cast<unsigned long long>(bytecode_cache_hash() & 0xFFFFFFFF));
  Value implementation = TRY(call_values(t, Value(types.simple_namespace), nullptr, 0));
  TRY(set_attr(t, implementation, names.name, Value(intern(t, "baton"))));
  TRY(set_attr(t, implementation, intern(t, "cache_tag"), Value(intern(t, tag))));
  Value own[5] = {n(0), n(1), n(0), Value(intern(t, "alpha")), n(0)};
  TRY(set_attr(t, implementation, intern(t, "version"), TRY(make_struct_sequence(t, version_info_def, own))));
  TRY(set_attr(t, implementation, intern(t, "hexversion"), n(0x000100a0)));
  TRY(set_attr(t, implementation, intern(t, "_multiarch"), Value(intern(t, "x86_64-linux-gnu"))));
  return put("implementation", implementation);
}

ModuleDef sys_module = {
    .name = "sys",
    .doc =
        "The interpreter's own state, settings and hooks.\n\nHere are the command line, the import path and the loaded modules, "
        "the\nstandard streams, facts about the platform and the version, and functions\nto exit, to trace, and to set limits.",
    .functions = sys_functions,
    .function_count = count_of(sys_functions),
    .exec = sys_exec};

}  // namespace baton
