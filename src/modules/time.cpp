// time: clocks, sleep, and calendar conversions on glibc.
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <time.h>

#include <cstring>
#include <string>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/signals.h"
#include "objects/struct_sequence.h"
#include "objects/tuple.h"
#include "threads/mutator.h"

namespace baton {

static constexpr i64 kBillion = 1000000000;

// ---------------------------------------------------------------------------------------------------------------- clocks

static Result<i64> clock_ns(Thread& t, clockid_t id) {
  timespec ts;
  if (clock_gettime(id, &ts) != 0) return raise_os_error(t, errno);
  return static_cast<i64>(ts.tv_sec) * kBillion + ts.tv_nsec;
}
static Result<Value> clock_seconds(Thread& t, clockid_t id) { return make_float(t, static_cast<double>(TRY(clock_ns(t, id))) * 1e-9); }

template <clockid_t id>
static Result<Value> seconds(Thread& t) { return clock_seconds(t, id); }
template <clockid_t id>
static Result<i64> nanoseconds(Thread& t) { return clock_ns(t, id); }

static Result<Value> time_clock_gettime(Thread& t, int id) { return clock_seconds(t, id); }
static Result<i64> time_clock_gettime_ns(Thread& t, int id) { return clock_ns(t, id); }
static Result<double> time_clock_getres(Thread& t, int id) {
  timespec ts;
  if (clock_getres(id, &ts) != 0) return raise_os_error(t, errno);
  return static_cast<double>(ts.tv_sec) + static_cast<double>(ts.tv_nsec) * 1e-9;
}
static Result<void> set_clock(Thread& t, int id, i64 ns) {
  timespec ts{static_cast<time_t>(ns / kBillion), static_cast<long>(ns % kBillion)};
  if (clock_settime(id, &ts) != 0) return raise_os_error(t, errno);
  return ok;
}
static Result<void> time_clock_settime(Thread& t, int id, double s) { return set_clock(t, id, static_cast<i64>(s * 1e9)); }
static Result<void> time_clock_settime_ns(Thread& t, int id, i64 ns) { return set_clock(t, id, ns); }
static Result<i64> time_pthread_getcpuclockid(Thread& t, u64 thread_id) {
  clockid_t id;
  int error = pthread_getcpuclockid(static_cast<pthread_t>(thread_id), &id);
  if (error) return raise_os_error(t, error);
  return id;
}

static Result<Value> time_get_clock_info(Thread& t, Str* name) {
  struct Info { const char *name, *implementation; clockid_t id; bool monotonic, adjustable; };
  static constexpr Info kInfos[] = {{"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true}, {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
                                    {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
                                    {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
                                    {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false}};
  for (const Info& info : kInfos) {
    if (!str_equals_ascii(name, info.name)) continue;
    Value ns = TRY(call_values(t, Value(types.simple_namespace), nullptr, 0));
    TRY(set_attr(t, ns, intern(t, "implementation"), Value(intern(t, info.implementation))));
    TRY(set_attr(t, ns, intern(t, "monotonic"), Value::of_bool(info.monotonic)));
    TRY(set_attr(t, ns, intern(t, "adjustable"), Value::of_bool(info.adjustable)));
    timespec ts;
    if (clock_getres(info.id, &ts) != 0) return raise_os_error(t, errno);
    TRY(set_attr(t, ns, intern(t, "resolution"), TRY(make_float(t, static_cast<double>(ts.tv_sec) + static_cast<double>(ts.tv_nsec) * 1e-9))));
    return ns;
  }
  return raise_value_error(t, "unknown clock");
}

// ---------------------------------------------------------------------------------------------------------------- sleep

// Nanoseconds of a duration argument, rounded up.
static Result<i64> duration_ns(Thread& t, Value v) {
  if (is_float(v)) {
    double s = float_value(v);
    if (s != s) return raise_value_error(t, "Invalid value NaN (not a number)");
    double ns = ceil(s * 1e9);
    if (!(ns < 9.2e18 && ns > -9.2e18)) return raise_overflow_error(t, "timestamp too large to convert to C _PyTime_t");
    return static_cast<i64>(ns);
  }
  Value exact = TRY(to_index(t, v));
  i64 s;
  if (!int_to_i64(exact, &s) || s > INT64_MAX / kBillion || s < INT64_MIN / kBillion) return raise_overflow_error(t, "timestamp too large to convert to C _PyTime_t");
  return s * kBillion;
}

static Result<Value> time_sleep(Thread& t, Value duration) {
  i64 ns = TRY(duration_ns(t, duration));
  if (ns < 0) return raise_value_error(t, "sleep length must be non-negative");
  i64 deadline = TRY(clock_ns(t, CLOCK_MONOTONIC));
  if (__builtin_add_overflow(deadline, ns, &deadline)) deadline = INT64_MAX;
  timespec until{static_cast<time_t>(deadline / kBillion), static_cast<long>(deadline % kBillion)};
  for (;;) {
    int error = blocking<BlockCause::Sleep>(t, [&] { return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr); });
    if (error == 0) return kNone;
    if (error != EINTR) return raise_os_error(t, error);
    TRY(check_signals(t));
  }
}

// ---------------------------------------------------------------------------------------------------------------- struct_time

static constexpr StructField struct_time_fields[] = {
    {"tm_year", "year, for example, 1993"}, {"tm_mon", "month of year, range [1, 12]"}, {"tm_mday", "day of month, range [1, 31]"}, {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"}, {"tm_sec", "seconds, range [0, 61])"}, {"tm_wday", "day of week, range [0, 6], Monday is 0"}, {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"}, {"tm_zone", "abbreviation of timezone name"}, {"tm_gmtoff", "offset from UTC in seconds"}};
static constinit StructSequenceDef struct_time_def =
    struct_sequence("time.struct_time", "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by asctime(), mktime() and strftime().  May be considered as a\n sequence of 9 integers.\n\n Note that several fields' values are not the same as those defined by\n the C language standard for struct tm.  For example, the value of the\n field tm_year is the actual year, not year - 1900.  See individual\n fields' descriptions for details.", struct_time_fields, 9);

static Result<Value> from_tm(Thread& t, const tm& v) {
  auto n = [](i64 x) { return Value::of_small_int(x); };
  Value values[11] = {n(i64{v.tm_year} + 1900), n(v.tm_mon + 1), n(v.tm_mday), n(v.tm_hour), n(v.tm_min), n(v.tm_sec), n((v.tm_wday + 6) % 7), n(v.tm_yday + 1), n(v.tm_isdst),
                      Value(TRY(str_from_utf8(t, v.tm_zone ? v.tm_zone : ""))), n(v.tm_gmtoff)};
  return make_struct_sequence(t, struct_time_def, values);
}

// Seconds since the epoch of an optional argument, floored.
static Result<i64> epoch_seconds(Thread& t, Value v) {
  if (v.is_none()) return TRY(clock_ns(t, CLOCK_REALTIME)) / kBillion;
  if (is_float(v)) {
    double s = float_value(v);
    if (s != s) return raise_value_error(t, "Invalid value NaN (not a number)");
    s = floor(s);
    if (!(s < 9.2e18 && s > -9.2e18)) return raise_overflow_error(t, "timestamp out of range for platform time_t");
    return static_cast<i64>(s);
  }
  i64 s;
  if (!int_to_i64(TRY(to_index(t, v)), &s)) return raise_overflow_error(t, "timestamp out of range for platform time_t");
  return s;
}

static Result<Value> broken_down(Thread& t, Value v, tm* (*convert)(const time_t*, tm*)) {
  time_t s = TRY(epoch_seconds(t, v));
  tm out;
  errno = 0;
  if (!convert(&s, &out)) {
    if (errno == EOVERFLOW) return raise_overflow_error(t, "timestamp out of range for platform time_t");
    return raise_os_error(t, errno ? errno : EINVAL);
  }
  return from_tm(t, out);
}
static Result<Value> time_gmtime(Thread& t, Value v) { return broken_down(t, v, gmtime_r); }
static Result<Value> time_localtime(Thread& t, Value v) { return broken_down(t, v, localtime_r); }

// struct tm of a 9-tuple or struct_time; fields unchecked.
static Result<void> to_tm(Thread& t, Value v, tm* out, std::string* zone) {
  memset(out, 0, sizeof *out);
  if (!is<Tuple>(v)) return raise_type_error(t, "Tuple or struct_time argument required");
  Tuple* fields = v.as<Tuple>();
  if (fields->length() != 9) return raise_type_error(t, "function takes exactly 9 arguments ({} given)", fields->length());
  i64 n[9];
  for (int i = 0; i < 9; ++i) {
    if (!is_int(fields->at(i)) && type_of(fields->at(i))->slot(Slot::index).is_absent()) return raise_type_error(t, "'{!t}' object cannot be interpreted as an integer", fields->at(i));
    if (!int_to_i64(TRY(to_index(t, fields->at(i))), &n[i]) || n[i] > INT32_MAX || n[i] < INT32_MIN) {
      return raise_overflow_error(t, n[i] > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum");
    }
  }
  if (n[0] < INT32_MIN + 1900) return raise_overflow_error(t, "year out of range");
  out->tm_year = static_cast<int>(n[0] - 1900);
  out->tm_mon = static_cast<int>(n[1] - 1);
  out->tm_mday = static_cast<int>(n[2]);
  out->tm_hour = static_cast<int>(n[3]);
  out->tm_min = static_cast<int>(n[4]);
  out->tm_sec = static_cast<int>(n[5]);
  out->tm_wday = static_cast<int>((n[6] + 1) % 7);
  out->tm_yday = static_cast<int>(n[7] - 1);
  out->tm_isdst = static_cast<int>(n[8]);
  if (type_of(v) == TRY(struct_sequence_type(t, struct_time_def))) {
    Value offset = TRY(get_attr_ascii(t, v, "tm_gmtoff"));
    if (offset.is_small_int()) out->tm_gmtoff = offset.small_int();
    Value name = TRY(get_attr_ascii(t, v, "tm_zone"));
    if (is<Str>(name)) {
      Value owner;
      *zone = std::string(TRY(str_utf8(t, name.as<Str>(), &owner)));
      out->tm_zone = zone->c_str();
    }
  }
  return ok;
}

// Range checks of asctime and strftime; zero month, day and yearday count as the first.
static Result<void> check_tm(Thread& t, tm* v) {
  if (v->tm_mon == -1) v->tm_mon = 0;
  else if (v->tm_mon < 0 || v->tm_mon > 11) return raise_value_error(t, "month out of range");
  if (v->tm_mday == 0) v->tm_mday = 1;
  else if (v->tm_mday < 0 || v->tm_mday > 31) return raise_value_error(t, "day of month out of range");
  if (v->tm_hour < 0 || v->tm_hour > 23) return raise_value_error(t, "hour out of range");
  if (v->tm_min < 0 || v->tm_min > 59) return raise_value_error(t, "minute out of range");
  if (v->tm_sec < 0 || v->tm_sec > 61) return raise_value_error(t, "seconds out of range");
  if (v->tm_wday < 0) return raise_value_error(t, "day of week out of range");
  if (v->tm_yday == -1) v->tm_yday = 0;
  else if (v->tm_yday < 0 || v->tm_yday > 365) return raise_value_error(t, "day of year out of range");
  return ok;
}

static Result<Value> now_or(Thread& t, Optional<Value> v) { return v.has_value() ? Result<Value>(v.value) : time_localtime(t, kNone); }

static Result<Str*> asctime_text(Thread& t, const tm& v) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char buffer[96];
  int n = snprintf(buffer, sizeof buffer, "%s %s%3d %.2d:%.2d:%.2d %lld", kDays[v.tm_wday], kMonths[v.tm_mon], v.tm_mday, v.tm_hour, v.tm_min, v.tm_sec, static_cast<long long>(v.tm_year) + 1900);
  return str_from_ascii(t, {buffer, static_cast<usize>(n)});
}
static Result<Value> time_asctime(Thread& t, Optional<Value> tuple) {
  tm v;
  std::string zone;
  TRY(to_tm(t, TRY(now_or(t, tuple)), &v, &zone));
  TRY(check_tm(t, &v));
  return asctime_text(t, v);
}
static Result<Value> time_ctime(Thread& t, Value s) {
  time_t at = TRY(epoch_seconds(t, s));
  tm v;
  errno = 0;
  if (!localtime_r(&at, &v)) return raise_overflow_error(t, "timestamp out of range for platform time_t");
  return asctime_text(t, v);
}
static Result<Value> time_mktime(Thread& t, Value tuple) {
  tm v;
  std::string zone;
  TRY(to_tm(t, tuple, &v, &zone));
  v.tm_wday = -1;   // mktime sets it on success: tells -1 from failure
  time_t s = mktime(&v);
  if (s == -1 && v.tm_wday == -1) return raise_overflow_error(t, "mktime argument out of range");
  return make_float(t, static_cast<double>(s));
}

static Result<Value> time_strftime(Thread& t, Str* format, Optional<Value> tuple) {
  tm v;
  std::string zone;
  TRY(to_tm(t, TRY(now_or(t, tuple)), &v, &zone));
  TRY(check_tm(t, &v));
  if (v.tm_isdst < -1) v.tm_isdst = -1;
  else if (v.tm_isdst > 1) v.tm_isdst = 1;
  Value owner;
  std::string_view text = str_utf8_lossy(t, format, &owner);
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  // A space in front tells an empty result from a full buffer.
  std::string pattern = " " + std::string(text);
  std::string buffer(256, '\0');
  for (;;) {
    usize n = strftime(buffer.data(), buffer.size(), pattern.c_str(), &v);
    if (n) return str_from_utf8(t, {buffer.data() + 1, n - 1});
    if (buffer.size() > (usize{1} << 24)) return raise_memory_error(t);
    buffer.resize(buffer.size() * 4);
  }
}
static Result<Value> time_strptime(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value module = TRY(import_module(t, "_strptime"));
  return call_values(t, TRY(get_attr_ascii(t, module, "_strptime_time")), args, n, kwnames);
}

// ---------------------------------------------------------------------------------------------------------------- time zone

static Result<void> set_zone_names(Thread& t, Module* module) {
  tzset();
  // Standard and daylight offsets of this year: what the zone says in January and in July.
  time_t now = ::time(nullptr);
  tm parts;
  localtime_r(&now, &parts);
  auto at_month = [&](int month) {
    tm v{};
    v.tm_year = parts.tm_year;
    v.tm_mon = month;
    v.tm_mday = 1;
    v.tm_hour = 12;
    v.tm_isdst = -1;
    time_t s = mktime(&v);
    tm out;
    localtime_r(&s, &out);
    return out;
  };
  tm january = at_month(0), july = at_month(6);
  std::string january_zone = january.tm_zone ? january.tm_zone : "", july_zone = july.tm_zone ? july.tm_zone : "";
  bool north = january.tm_gmtoff <= july.tm_gmtoff;
  long standard = -(north ? january.tm_gmtoff : july.tm_gmtoff), summer = -(north ? july.tm_gmtoff : january.tm_gmtoff);
  TRY(module_set(t, module, "timezone", Value::of_small_int(standard)));
  TRY(module_set(t, module, "altzone", Value::of_small_int(summer)));
  TRY(module_set(t, module, "daylight", Value::of_small_int(standard != summer)));
  return module_set(t, module, "tzname", Value(TRY(tuple_of(t, Value(TRY(str_from_utf8(t, north ? january_zone : july_zone))), Value(TRY(str_from_utf8(t, north ? july_zone : january_zone)))))));
}
static Result<Value> time_tzset(Thread& t, Module* module) {
  TRY(set_zone_names(t, module));
  return kNone;
}

static constinit NativeDef time_functions[] = {
    native<seconds<CLOCK_REALTIME>>("time()", "time() -> floating point number\n\nReturn the current time in seconds since the Epoch.\nFractions of a second may be present if the system clock provides them."),
    native<nanoseconds<CLOCK_REALTIME>>("time_ns()", "time_ns() -> int\n\nReturn the current time in nanoseconds since the Epoch."),
    native<seconds<CLOCK_MONOTONIC>>("monotonic()", "monotonic() -> float\n\nMonotonic clock, cannot go backward."),
    native<nanoseconds<CLOCK_MONOTONIC>>("monotonic_ns()", "monotonic_ns() -> int\n\nMonotonic clock, cannot go backward, as nanoseconds."),
    native<seconds<CLOCK_MONOTONIC>>("perf_counter()", "perf_counter() -> float\n\nPerformance counter for benchmarking."),
    native<nanoseconds<CLOCK_MONOTONIC>>("perf_counter_ns()", "perf_counter_ns() -> int\n\nPerformance counter for benchmarking as nanoseconds."),
    native<seconds<CLOCK_PROCESS_CPUTIME_ID>>("process_time()", "process_time() -> float\n\nProcess time for profiling: sum of the kernel and user-space CPU time."),
    native<nanoseconds<CLOCK_PROCESS_CPUTIME_ID>>("process_time_ns()", "process_time() -> int\n\nProcess time for profiling as nanoseconds:\nsum of the kernel and user-space CPU time."),
    native<seconds<CLOCK_THREAD_CPUTIME_ID>>("thread_time()", "thread_time() -> float\n\nThread time for profiling: sum of the kernel and user-space CPU time."),
    native<nanoseconds<CLOCK_THREAD_CPUTIME_ID>>("thread_time_ns()", "thread_time() -> int\n\nThread time for profiling as nanoseconds:\nsum of the kernel and user-space CPU time."),
    native<time_clock_gettime>("clock_gettime(clk_id, /)", "Return the time of the specified clock clk_id."),
    native<time_clock_gettime_ns>("clock_gettime_ns(clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds."),
    native<time_clock_getres>("clock_getres(clk_id, /)", "Return the resolution (precision) of the specified clock clk_id."),
    native<time_clock_settime>("clock_settime(clk_id, time, /)", "Set the time of the specified clock clk_id."),
    native<time_clock_settime_ns>("clock_settime_ns(clk_id, time, /)", "Set the time of the specified clock clk_id with nanoseconds."),
    native<time_pthread_getcpuclockid>("pthread_getcpuclockid(thread_id, /)", "Return the clk_id of a thread's CPU time clock."),
    native<time_get_clock_info>("get_clock_info(name, /)", "get_clock_info(name: str) -> dict\n\nGet information of the specified clock."),
    native<time_sleep>("sleep(seconds, /)", "sleep(seconds)\n\nDelay execution for a given number of seconds.  The argument may be\na floating point number for subsecond precision."),
    native<time_gmtime>("gmtime(seconds=None, /)", "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, tm_isdst)\n\nConvert seconds since the Epoch to a time tuple expressing UTC (a.k.a.\nGMT).  When 'seconds' is not passed in, convert the current time instead."),
    native<time_localtime>("localtime(seconds=None, /)", "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                          tm_sec,tm_wday,tm_yday,tm_isdst)\n\nConvert seconds since the Epoch to a time tuple expressing local time.\nWhen 'seconds' is not passed in, convert the current time instead."),
    native<time_asctime>("asctime(tuple=<now>, /)", "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.\nWhen the time tuple is not present, current time as returned by localtime()\nis used."),
    native<time_ctime>("ctime(seconds=None, /)", "ctime(seconds) -> string\n\nConvert a time in seconds since the Epoch to a string in local time.\nThis is equivalent to asctime(localtime(seconds)). When the time tuple is\nnot present, current time as returned by localtime() is used."),
    native<time_mktime>("mktime(tuple, /)", "mktime(tuple) -> floating point number\n\nConvert a time tuple in local time to seconds since the Epoch."),
    native<time_strftime>("strftime(format, tuple=<now>, /)", "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string according to a format specification."),
    native_raw(time_strptime, "strptime(*args, **kwargs)", "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according to a format specification."),
    native<time_tzset>("tzset($module, /)", "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored in\nos.environ['TZ']."),
};
static constexpr ModuleConstant time_constants[] = {{"CLOCK_REALTIME", 0}, {"CLOCK_MONOTONIC", 1}, {"CLOCK_PROCESS_CPUTIME_ID", 2}, {"CLOCK_THREAD_CPUTIME_ID", 3},
                                                    {"CLOCK_MONOTONIC_RAW", 4}, {"CLOCK_BOOTTIME", 7}, {"CLOCK_TAI", 11}, {"_STRUCT_TM_ITEMS", 11}};

static Result<void> time_exec(Thread& t, Module* module) {
  TRY(set_zone_names(t, module));
  return module_set(t, module, "struct_time", Value(TRY(struct_sequence_type(t, struct_time_def))));
}
ModuleDef time_module = {.name = "time", .doc = "This module provides various functions to manipulate time values.", .functions = time_functions, .function_count = count_of(time_functions),
                         .constants = time_constants, .constant_count = 8, .exec = time_exec};

}  // namespace baton
