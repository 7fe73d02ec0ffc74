// time: clocks, sleeping, calendar times.
#include <pthread.h>

#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/os_support.h"
#include "objects/dict.h"
#include "objects/mappingproxy.h"
#include "objects/struct_sequence.h"

namespace baton {

extern ModuleDef time_module;

static constexpr i64 kSecond = 1000000000;

// ---------------------------------------------------------------------------------------------------------------- clocks

static Result<i64> clock_ns(Thread& t, clockid_t clock) {
  timespec ts;
  if (::clock_gettime(clock, &ts) < 0) return raise_errno(t);
  return ts.tv_sec * kSecond + ts.tv_nsec;
}
static double seconds_of(i64 ns) { return ns % kSecond == 0 ? static_cast<double>(ns / kSecond) : static_cast<double>(ns) / 1e9; }
template <clockid_t kClock>
static Result<double> read_clock(Thread& t) {
  return seconds_of(TRY(clock_ns(t, kClock)));
}
template <clockid_t kClock>
static Result<i64> read_clock_ns(Thread& t) {
  return clock_ns(t, kClock);
}

static Result<double> time_clock_gettime(Thread& t, int clock) { return seconds_of(TRY(clock_ns(t, clock))); }
static Result<i64> time_clock_gettime_ns(Thread& t, int clock) { return clock_ns(t, clock); }
static Result<double> time_clock_getres(Thread& t, int clock) {
  timespec ts;
  if (::clock_getres(clock, &ts) < 0) return raise_errno(t);
  return static_cast<double>(ts.tv_sec) + static_cast<double>(ts.tv_nsec) * 1e-9;
}
static Result<void> set_clock(Thread& t, int clock, i64 ns) {
  i64 seconds = ns / kSecond, rest = ns % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  timespec ts{seconds, rest};
  if (::clock_settime(clock, &ts) < 0) return raise_errno(t);
  return ok;
}
static Result<void> time_clock_settime(Thread& t, int clock, Value time) {
  return set_clock(t, clock, TRY(nanoseconds_from(t, time, TimeRounding::Floor)));
}
static Result<void> time_clock_settime_ns(Thread& t, int clock, i64 ns) { return set_clock(t, clock, ns); }
static Result<int> time_pthread_getcpuclockid(Thread& t, Value ident) {
  if (!is_int(ident)) return raise_type_error(t, "pthread_getcpuclockid() argument 1 must be int, not {!t}", ident);
  u64 id = 0;
  int_to_u64(int_exact(ident), &id);
  clockid_t clock;
  int error = ::pthread_getcpuclockid(static_cast<pthread_t>(id), &clock);
  if (error) return raise_os_error(t, error);
  return clock;
}

static Result<Value> time_get_clock_info(Thread& t, Value name) {
  if (!is<Str>(name)) return raise_type_error(t, "get_clock_info() argument 1 must be str, not {!a}", name);
  struct Info {
    const char *name, *implementation;
    clockid_t clock;
    bool monotonic, adjustable;
  };
  static constexpr Info kInfos[] = {
      {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
      {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
      {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
      {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
      {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false},
  };
  for (const Info& info : kInfos) {
    if (!str_equals_ascii(name.as<Str>(), info.name)) continue;
    double resolution = TRY(time_clock_getres(t, info.clock));
    Dict* dict = TRY(make_dict(t));
    TRY(dict_set_ascii(t, dict, "implementation", Value(intern(t, info.implementation))));
    TRY(dict_set_ascii(t, dict, "monotonic", Value::of_bool(info.monotonic)));
    TRY(dict_set_ascii(t, dict, "adjustable", Value::of_bool(info.adjustable)));
    TRY(dict_set_ascii(t, dict, "resolution", TRY(make_float(t, resolution))));
    return make_simple_namespace(t, dict);
  }
  return raise_value_error(t, "unknown clock");
}

static Result<void> time_sleep(Thread& t, Value seconds) {
  i64 ns = TRY(nanoseconds_from(t, seconds, TimeRounding::Timeout));
  if (ns < 0) return raise_value_error(t, "sleep length must be non-negative");
  i64 deadline;
  if (__builtin_add_overflow(static_cast<i64>(monotonic_ns()), ns, &deadline)) deadline = INT64_MAX;
  give_up_what_is_dead(t);
  // While databases are locked every sleep is looked at, as waits for locks are.
  IdleWait idle(t, static_cast<u64>(deadline), held_until_finalised.load_relaxed() > 0 ? IdleFor::Lock : IdleFor::Event);
  bool is_exact = is_called_by_instruction(t, native<time_sleep>("sleep(seconds, /)").entry);
  for (;;) {
    int error;
    i64 wake = static_cast<i64>(idle.wake_at());
    timespec until{wake / kSecond, wake % kSecond};
    {
      ExactStack stack(t, is_exact);
      error = blocking<BlockCause::Sleep>(t, [&] { return ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr); });
    }
    if (error == 0) {
      if (idle.timed_out(t, is_exact, Value())) return ok;
      continue;
    }
    if (error != EINTR) return raise_os_error(t, error);
    TRY(check_signals(t));
  }
}

// ---------------------------------------------------------------------------------------------------------------- struct_time

static constexpr StructField kTimeFields[] = {{"tm_year", "year, for example, 1993"},
                                              {"tm_mon", "month of year, range [1, 12]"},
                                              {"tm_mday", "day of month, range [1, 31]"},
                                              {"tm_hour", "hours, range [0, 23]"},
                                              {"tm_min", "minutes, range [0, 59]"},
                                              {"tm_sec", "seconds, range [0, 61])"},
                                              {"tm_wday", "day of week, range [0, 6], Monday is 0"},
                                              {"tm_yday", "day of year, range [1, 366]"},
                                              {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
                                              {"tm_zone", "abbreviation of timezone name"},
                                              {"tm_gmtoff", "offset from UTC in seconds"}};
static constinit StructSequenceDef struct_time_def = struct_sequence(
    "time.struct_time",
    "A moment broken down into year, month, day and so on.\n\ngmtime(), localtime() and strptime() return one; asctime(), "
    "mktime() and\nstrftime() take one. It is a tuple of nine ints whose items have names.\n\nSome ranges differ from the struct "
    "of this name in C: tm_year is 2031 for\nthe year 2031, for instance, not 131. Each field has its own description.",
    kTimeFields, 9);

static Result<Value> make_struct_time(Thread& t, const tm& p) {
  Value v[11] = {TRY(int_from_i64(t, i64{p.tm_year} + 1900)),
                 Value::of_small_int(p.tm_mon + 1),
                 Value::of_small_int(p.tm_mday),
                 Value::of_small_int(p.tm_hour),
                 Value::of_small_int(p.tm_min),
                 Value::of_small_int(p.tm_sec),
                 Value::of_small_int((p.tm_wday + 6) % 7),
                 Value::of_small_int(p.tm_yday + 1),
                 Value::of_small_int(p.tm_isdst),
                 Value(TRY(file_system_text(t, p.tm_zone ? p.tm_zone : ""))),
                 Value::of_small_int(p.tm_gmtoff)};
  return make_struct_sequence(t, struct_time_def, v);
}

static Result<i64> seconds_argument(Thread& t, Value v) {
  if (v.is_none()) return static_cast<i64>(::time(nullptr));
  timespec ts;
  TRY(timespec_from(t, v, &ts));
  return static_cast<i64>(ts.tv_sec);
}
static Result<tm> local_time(Thread& t, i64 seconds) {
  tm parts;
  time_t when = seconds;
  errno = 0;
  if (!::localtime_r(&when, &parts)) return raise_os_error(t, errno ? errno : EINVAL);
  return parts;
}
static Result<Value> time_gmtime(Thread& t, Value seconds) {
  time_t when = TRY(seconds_argument(t, seconds));
  tm parts;
  errno = 0;
  if (!::gmtime_r(&when, &parts)) return raise_os_error(t, errno ? errno : EINVAL);
  return make_struct_time(t, parts);
}
static Result<Value> time_localtime(Thread& t, Value seconds) {
  return make_struct_time(t, TRY(local_time(t, TRY(seconds_argument(t, seconds)))));
}

static Result<void> parts_argument(Thread& t, Value v, tm* p, const char* function) {
  memset(p, 0, sizeof *p);
  if (!is<Tuple>(v)) return raise_type_error(t, "Tuple or struct_time argument required");
  Tuple* items = v.as<Tuple>();
  Type* struct_time = TRY(struct_sequence_type(t, struct_time_def));
  bool full = type_of(v) == struct_time;
  if (items->length() != 9) return raise_type_error(t, "{}(): illegal time tuple argument", function);
  int n[9];
  for (Index i = 0; i < 9; ++i)
    if (!convert_int(t, items->at(i), &n[i])) return failed;
  if (n[0] < INT_MIN + 1900) return raise_overflow_error(t, "year out of range");
  p->tm_year = n[0] - 1900;
  p->tm_mon = n[1] - 1;
  p->tm_mday = n[2];
  p->tm_hour = n[3];
  p->tm_min = n[4];
  p->tm_sec = n[5];
  p->tm_wday = (n[6] + 1) % 7;
  p->tm_yday = n[7] - 1;
  p->tm_isdst = n[8];
  if (full) {
    Value offset = TRY(get_attr_ascii(t, v, "tm_gmtoff"));
    Value zone = TRY(get_attr_ascii(t, v, "tm_zone"));
    if (is_int(offset)) {
      i64 gmtoff = 0;
      int_to_i64(int_exact(offset), &gmtoff);
      p->tm_gmtoff = gmtoff;
    }
    if (is<Str>(zone)) {
      // The text must outlive the tm: interned strings do.
      Value owner;
      std::string_view text = str_utf8_lossy(t, zone.as<Str>(), &owner);
      Str* kept = intern(t, text);
      if (kept->is_ascii()) p->tm_zone = kept->ascii().data();
    }
  }
  return ok;
}

static Result<void> check_parts(Thread& t, tm* p) {
  if (p->tm_mon == -1)
    p->tm_mon = 0;
  else if (p->tm_mon < 0 || p->tm_mon > 11)
    return raise_value_error(t, "month out of range");
  if (p->tm_mday == 0)
    p->tm_mday = 1;
  else if (p->tm_mday < 0 || p->tm_mday > 31)
    return raise_value_error(t, "day of month out of range");
  if (p->tm_hour < 0 || p->tm_hour > 23) return raise_value_error(t, "hour out of range");
  if (p->tm_min < 0 || p->tm_min > 59) return raise_value_error(t, "minute out of range");
  if (p->tm_sec < 0 || p->tm_sec > 61) return raise_value_error(t, "seconds out of range");
  if (p->tm_wday < 0) return raise_value_error(t, "day of week out of range");
  if (p->tm_yday == -1)
    p->tm_yday = 0;
  else if (p->tm_yday < 0 || p->tm_yday > 365)
    return raise_value_error(t, "day of year out of range");
  return ok;
}

static Result<Value> format_asctime(Thread& t, const tm& p) {
  static const char* const kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[80];
  snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %lld", kDays[p.tm_wday], kMonths[p.tm_mon], p.tm_mday, p.tm_hour, p.tm_min,
           p.tm_sec, 1900LL + p.tm_year);
  return Value(TRY(str_from_utf8(t, text)));
}
static Result<Value> time_asctime(Thread& t, Optional<Value> parts) {
  tm p;
  if (!parts.has_value()) {
    p = TRY(local_time(t, ::time(nullptr)));
  } else {
    TRY(parts_argument(t, parts.value, &p, "asctime"));
    TRY(check_parts(t, &p));
  }
  return format_asctime(t, p);
}
static Result<Value> time_ctime(Thread& t, Optional<Value> seconds) {
  return format_asctime(t, TRY(local_time(t, TRY(seconds_argument(t, seconds.has_value() ? seconds.value : kNone)))));
}

static Result<double> time_mktime(Thread& t, Value parts) {
  tm p;
  TRY(parts_argument(t, parts, &p, "mktime"));
  p.tm_wday = -1;  // mktime() sets it, unless it fails
  time_t when = ::mktime(&p);
  if (when == static_cast<time_t>(-1) && p.tm_wday == -1) return raise_overflow_error(t, "mktime argument out of range");
  return static_cast<double>(when);
}

static Result<Value> time_strftime(Thread& t, Value format, Optional<Value> parts) {
  if (!is<Str>(format)) return raise_type_error(t, "strftime() argument 1 must be str, not {!a}", format);
  tm p;
  if (!parts.has_value()) {
    p = TRY(local_time(t, ::time(nullptr)));
  } else {
    TRY(parts_argument(t, parts.value, &p, "strftime"));
    TRY(check_parts(t, &p));
  }
  if (p.tm_isdst < -1) p.tm_isdst = -1;
  if (p.tm_isdst > 1) p.tm_isdst = 1;
  Str* s = format.as<Str>();
  if (str_find_unit(s, 0, 0, s->length()) >= 0) return raise_value_error(t, "embedded null character");
  // A unit in front tells an empty result from a buffer too small.
  Str* marked = TRY(str_concat(t, TRY(str_from_ascii(t, "x")), s));
  Bytes* bytes = TRY(file_system_bytes(t, Value(marked)));
  usize length = static_cast<usize>(bytes->length());
  for (usize size = 1024;; size += size) {
    char* buffer = static_cast<char*>(malloc(size));
    if (!buffer) return raise_memory_error(t);
    usize n = ::strftime(buffer, size, c_text(bytes), &p);
    if (n > 0 || size >= 256 * length + 1024) {
      Result<Str*> text = file_system_text(t, std::string_view(buffer + (n > 0), n > 0 ? n - 1 : 0));
      free(buffer);
      return text;
    }
    free(buffer);
  }
}

static Result<Value> time_strptime(Thread& t, Rest args) {
  Value module = TRY(import_module(t, "_strptime"));
  return call_tuple_dict(t, TRY(get_attr_ascii(t, module, "_strptime_time")), args.values, nullptr);
}

// ---------------------------------------------------------------------------------------------------------------- time zone

// Offsets in January and July of this year: the standard and the summer one, whichever the hemisphere.
static Result<void> set_timezone(Thread& t, Module* module) {
  constexpr i64 kYear = (365 * 24 + 6) * 3600;
  i64 start = ::time(nullptr) / kYear * kYear;
  tm january = TRY(local_time(t, start)), july = TRY(local_time(t, start + kYear / 2));
  auto zone_name = [&](const tm& p) { return file_system_text(t, std::string_view(p.tm_zone ? p.tm_zone : "   ").substr(0, 9)); };
  Str* january_name = TRY(zone_name(january));
  Str* july_name = TRY(zone_name(july));
  i64 a = -january.tm_gmtoff, b = -july.tm_gmtoff;
  bool south = a < b;  // summer time in January
  TRY(module_set_int(t, module, "timezone", south ? b : a));
  TRY(module_set_int(t, module, "altzone", south ? a : b));
  TRY(module_set_int(t, module, "daylight", a != b));
  return module_set(t, module, "tzname",
                    Value(TRY(tuple_of(t, Value(south ? july_name : january_name), Value(south ? january_name : july_name)))));
}
static Result<void> time_tzset(Thread& t, Module* module) {
  ::tzset();
  return set_timezone(t, module);
}

static constinit NativeDef time_functions[] = {
    native<read_clock<CLOCK_REALTIME>>("time($module, /)",
                                       "time() -> floating point number\n\nTell the time by the system clock, in seconds since "
                                       "the Epoch. How fine\nthe fraction is depends on the clock."),
    native<read_clock_ns<CLOCK_REALTIME>>("time_ns($module, /)",
                                          "time_ns() -> int\n\nTell what the system clock shows, like time(), but as an integer: "
                                          "whole\nnanoseconds, counted from the Epoch. No precision gets lost this way."),
    native<read_clock<CLOCK_MONOTONIC>>("monotonic($module, /)", "monotonic() -> float\n\nMonotonic clock, cannot go backward."),
    native<read_clock_ns<CLOCK_MONOTONIC>>(
        "monotonic_ns($module, /)",
        "monotonic_ns() -> int\n\nRead a clock that never runs backwards, in whole nanoseconds. What it\ncounts from is not "
        "defined, so only the difference between two readings\nmeans anything."),
    native<read_clock<CLOCK_MONOTONIC>>("perf_counter($module, /)",
                                        "perf_counter() -> float\n\nRead the clock that suits the measuring of short times best, "
                                        "in seconds.\nOnly the difference between two readings means anything."),
    native<read_clock_ns<CLOCK_MONOTONIC>>(
        "perf_counter_ns($module, /)",
        "perf_counter_ns() -> int\n\nRead the clock that suits the measuring of short times best, in whole\nnanoseconds. Only "
        "the difference between two readings means anything."),
    native<read_clock<CLOCK_PROCESS_CPUTIME_ID>>("process_time($module, /)",
                                                 "process_time() -> float\n\nTell how many seconds the CPU has worked for this "
                                                 "process, in the program\nand in the kernel. Time asleep does not count."),
    native<read_clock_ns<CLOCK_PROCESS_CPUTIME_ID>>(
        "process_time_ns($module, /)",
        "process_time_ns() -> int\n\nTell how many nanoseconds the CPU has worked for this process, in the\nprogram and in the "
        "kernel. Time asleep does not count."),
    native<read_clock<CLOCK_THREAD_CPUTIME_ID>>("thread_time($module, /)",
                                                "thread_time() -> float\n\nTell how many seconds the CPU has worked for this "
                                                "thread, in the program\nand in the kernel. Time asleep does not count."),
    native<read_clock_ns<CLOCK_THREAD_CPUTIME_ID>>("thread_time_ns($module, /)",
                                                   "thread_time_ns() -> int\n\nTell how many nanoseconds the CPU has worked for "
                                                   "this thread, in the\nprogram and in the kernel. Time asleep does not count."),
    native<time_clock_gettime>("clock_gettime(clk_id, /)",
                               "clock_gettime(clk_id) -> float\n\nRead a clock of the system, in seconds. clk_id is a CLOCK_ "
                               "constant or a\nresult of pthread_getcpuclockid()."),
    native<time_clock_gettime_ns>("clock_gettime_ns(clk_id, /)",
                                  "clock_gettime_ns(clk_id) -> int\n\nRead a clock of the system, in whole nanoseconds. clk_id "
                                  "is a CLOCK_\nconstant or a result of pthread_getcpuclockid()."),
    native<time_clock_settime>("clock_settime(clk_id, time, /)",
                               "clock_settime(clk_id, time)\n\nPut a clock of the system, clk_id, to a new time in seconds."),
    native<time_clock_settime_ns>(
        "clock_settime_ns(clk_id, time, /)",
        "clock_settime_ns(clk_id, time)\n\nPut a clock of the system, clk_id, to a new time in whole nanoseconds."),
    native<time_clock_getres>("clock_getres(clk_id, /)",
                              "clock_getres(clk_id) -> floating point number\n\nTell how finely a clock of the system, clk_id, "
                              "measures: the length of its\nsteps in seconds."),
    native<time_pthread_getcpuclockid>("pthread_getcpuclockid(thread_id, /)",
                                       "pthread_getcpuclockid(thread_id) -> int\n\nFind the clock that measures the CPU time of "
                                       "a thread. The result is a\nclk_id for clock_gettime()."),
    native<time_get_clock_info>("get_clock_info(name, /)",
                                "get_clock_info(name: str) -> namespace\n\nDescribe a clock of this module by its function's "
                                "name: 'monotonic',\n'perf_counter', 'process_time', 'thread_time' or 'time'. The result "
                                "has\nthe attributes implementation, monotonic, adjustable and resolution."),
    native<time_sleep>("sleep(seconds, /)", "sleep(seconds)\n\nDo nothing for so many seconds; fractions are allowed."),
    native<time_gmtime>(
        "gmtime(seconds=None, /)",
        "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, "
        "tm_isdst)\n\nSplit a time into its parts, in UTC (also known as GMT). seconds counts\nfrom the Epoch; without it, the "
        "time is now.\n\nWhere the platform has them, tm_gmtoff and tm_zone are there as well, but\nonly as attributes."),
    native<time_localtime>(
        "localtime(seconds=None, /)",
        "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                          "
        "tm_sec,tm_wday,tm_yday,tm_isdst)\n\nSplit a time into its parts, as calendars and clocks show them in the\nlocal time "
        "zone. seconds counts from the Epoch and may be a float, whose\nfraction is ignored; without it, the time is now. "
        "tm_isdst is 1 while\ndaylight saving time is in force, 0 if it is not."),
    native<time_asctime>("asctime(tuple=<now>, /)",
                         "asctime([tuple]) -> string\n\nWrite out a time tuple, for instance as 'Thu Feb 29 07:05:09 2024'. If "
                         "no\ntuple is given, localtime() supplies one."),
    native<time_ctime>("ctime(seconds=<now>, /)",
                       "ctime([seconds]) -> string\n\nWrite out a time, counted in seconds from the Epoch, as a local one. "
                       "The\nform is that of asctime(). Without an argument, the time is now."),
    native<time_mktime>("mktime(tuple, /)",
                        "mktime(tuple) -> floating point number\n\nFind the seconds since the Epoch for a tuple in local time, "
                        "which makes\nthis the inverse of localtime(). It is not that of gmtime(): in most time\nzones, "
                        "mktime(gmtime(0)) is the value of time.timezone or time.altzone and\nnot 0."),
    native<time_strftime>(
        "strftime(format, tuple=<now>, /)",
        "strftime(format[, tuple]) -> str\n\nWrite a moment as text in the way that format describes.\n\nCodes in format such as "
        "%Y or %H stand for parts of the moment; the manual\nof the time module lists them.  tuple is a struct_time or has nine "
        "items;\nwithout it the local time of now is written.  A part out of its range\nraises ValueError."),
    native<time_strptime>("strptime(*args)",
                          "strptime(string[, format]) -> struct_time\n\nRead a moment from text that was written in the way "
                          "format describes.\n\nThe codes are those of strftime(); format is '%a %b %d %H:%M:%S %Y' if "
                          "left\nout.  If the text does not fit, or something follows it, ValueError is\nraised."),
    native<time_tzset>(
        "tzset($module, /)",
        "tzset()\n\nMake the time zone in os.environ['TZ'] the local one, in place of the one\nused so far. The variable has the "
        "usual Unix form, described in the manual\npage of tzset, as in 'Asia/Tokyo'. A zone that the system does not "
        "know\nbecomes UTC without any error. If TZ is not set, the system picks the\nzone that it thinks its wall clock is in."),
};

static TypeDef* const time_types[] = {&struct_time_def.def};
static constexpr ModuleConstant kConstants[] = {{"_STRUCT_TM_ITEMS", 11},
                                                {"CLOCK_REALTIME", CLOCK_REALTIME},
                                                {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
                                                {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
                                                {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
                                                {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
                                                {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
                                                {"CLOCK_TAI", CLOCK_TAI}};

static Result<void> time_exec(Thread& t, Module* module) { return set_timezone(t, module); }

ModuleDef time_module = {.name = "time",
                         .doc =
                             "Clocks, sleeping, and conversions between forms of time.\n\nA moment has two forms.  The first is "
                             "a number, int or float: the seconds\nthat have passed since the epoch, 1970-01-01 00:00:00 UTC on "
                             "every\nplatform, which is what gmtime(0) shows.  The second is a struct_time or a\ntuple of nine "
                             "ints, in UTC or in local time:\n\n  year, with all its digits\n  month, 1 to 12\n  day, 1 to 31\n  "
                             "hours, 0 to 23\n  minutes, 0 to 59\n  seconds, 0 to 61\n  day of the week, 0 to 6 from Monday on\n "
                             " day of the year, 1 to 366\n  1 in summer time, 0 outside it, -1 if that is to be found out",
                         .functions = time_functions,
                         .function_count = count_of(time_functions),
                         .types = time_types,
                         .type_count = 1,
                         .constants = kConstants,
                         .constant_count = 8,
                         .exec = time_exec};

}  // namespace baton
