// _datetime: arguments, strftime and ISO texts, timestamps and local time.
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstring>
#include <ctime>

#include "base/bigint.h"
#include "base/float_text.h"
#include "modules/datetime_internal.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- arguments

Result<void> parse_named(Thread& thread, const ArgumentNames& names, Value const* args, usize n, Tuple* kwnames, Value* out) {
  usize keywords = kwnames ? static_cast<usize>(kwnames->length()) : 0, total = n + keywords;
  Str* function = names.function ? TRY(format_message(thread, "{}()", names.function)) : intern(thread, "function");
  Str* keyword_function = names.function ? function : intern(thread, "this function");
  if (total > static_cast<usize>(names.count)) {
    return raise_type_error(thread, "{} takes at most {} {}argument{} ({} given)", function, names.count, n ? "" : "keyword ",
                            names.count == 1 ? "" : "s", static_cast<u64>(total));
  }
  if (n > static_cast<usize>(names.max_positional)) {
    return raise_type_error(thread, "{} takes at most {} positional arguments ({} given)", function, names.max_positional,
                            static_cast<u64>(n));
  }
  for (usize i = 0; i < n; ++i) out[i] = args[i];
  for (usize k = 0; k < keywords; ++k) {
    Value name = kwnames->at(static_cast<Index>(k));
    int i = 0;
    while (i < names.count && !str_equals_ascii(name.as<Str>(), names.names[i])) ++i;
    if (i == names.count) return raise_type_error(thread, "'{}' is an invalid keyword argument for {}", name, keyword_function);
    if (out[i].is_present())
      return raise_type_error(thread, "argument for {} given by name ('{}') and position ({})", function, name, i + 1);
    out[i] = args[n + k];
  }
  for (int i = 0; i < names.required; ++i) {
    if (out[i].is_absent())
      return raise_type_error(thread, "{} missing required argument '{}' (pos {})", function, names.names[i], i + 1);
  }
  return ok;
}

Result<void> required_ints(Thread& thread, const char* const* names, const Value* values, int* out) {
  for (int i = 0; i < 3; ++i) {
    if (values[i].is_absent())
      return raise_type_error(thread, "function missing required argument '{}' (pos {})", names[i], i + 1);
    out[i] = TRY(int_argument(thread, values[i], 0));
  }
  return ok;
}

Result<int> int_argument(Thread& thread, Value v, int fallback) {
  if (v.is_absent()) return fallback;
  int out;
  if (!convert_int(thread, v, &out)) return failed;
  return out;
}

// ---------------------------------------------------------------------------------------------------------------- pieces of text

void append_number(StrBuilder& out, i64 value, int width) {
  char text[kI64TextMax + 1];
  usize n = i64_to_decimal(text, value);
  if (static_cast<int>(n) < width) out.append_repeated('0', width - static_cast<int>(n));
  out.append_ascii({text, n});
}

Result<Str*> append_keyword_repr(Thread& thread, Str* text, const char* name, Value value) {
  Str* head = TRY(str_slice(thread, text, 0, text->length() - 1));
  return format_message(thread, "{}, {}={!r})", head, name, value);
}

Result<Str*> time_text(Thread& thread, Hms t, Value timespec) {
  enum { kAuto, kHours, kMinutes, kSeconds, kMilliseconds, kMicroseconds } shown = kAuto;
  if (timespec.is_present()) {
    static constexpr const char* kNames[] = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"};
    int i = 0;
    while (i < 6 && !str_equals_ascii(timespec.as<Str>(), kNames[i])) ++i;
    if (i == 6) return raise_value_error(thread, "Unknown timespec value");
    shown = static_cast<decltype(shown)>(i);
  }
  if (shown == kAuto) shown = t.microsecond ? kMicroseconds : kSeconds;
  StrBuilder out;
  append_number(out, t.hour, 2);
  if (shown >= kMinutes) out.append(':'), append_number(out, t.minute, 2);
  if (shown >= kSeconds) out.append(':'), append_number(out, t.second, 2);
  if (shown == kMilliseconds) out.append('.'), append_number(out, t.microsecond / 1000, 3);
  if (shown == kMicroseconds) out.append('.'), append_number(out, t.microsecond, 6);
  return out.build(thread);
}

Result<Str*> ctime_text(Thread& thread, Ymd d, Hms t) {
  static constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  StrBuilder out;
  out.append_ascii(kDays[weekday_of(d)]);
  out.append(' ');
  out.append_ascii(kMonths[d.month - 1]);
  out.append_ascii(d.day < 10 ? "  " : " ");
  append_number(out, d.day, 0);
  out.append(' ');
  t.microsecond = 0;
  out.append(TRY(time_text(thread, t, Value())));
  out.append(' ');
  append_number(out, d.year, 4);
  return out.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- strftime

Result<Value> call_time_module(Thread& thread, const char* function, const Value* args, usize n) {
  return call_values(thread, TRY(get_attr_ascii(thread, TRY(import_module(thread, "time")), function)), args, n);
}

Result<Value> struct_time_of(Thread& thread, Ymd d, Hms t, int dst) {
  int values[] = {d.year, d.month, d.day, t.hour, t.minute, t.second, weekday_of(d), days_before_month(d.year, d.month) + d.day,
                  dst};
  Value items[9];
  for (int i = 0; i < 9; ++i) items[i] = Value::of_small_int(values[i]);
  Value tuple = Value(TRY(make_tuple(thread, items, 9)));
  return call_time_module(thread, "struct_time", &tuple, 1);
}

static Value zone_of(Value object) {
  if (is<DateTimeCell>(object)) return object.as<DateTimeCell>()->tzinfo();
  if (is<TimeCell>(object)) return object.as<TimeCell>()->tzinfo();
  return kNone;
}

// What the C library's strftime does not know: %z, %Z and %f are replaced here.
Result<Value> wrap_strftime(Thread& thread, Value object, Str* format, Value timetuple, Value zone_argument) {
  Value owner;
  TRY(str_utf8(thread, format, &owner));  // lone surrogates can't be formatted
  Value zone = zone_of(object);
  StrBuilder out;
  Index n = format->length();
  for (Index i = 0; i < n; ++i) {
    u32 c = format->at(i);
    if (c == 0) break;  // the end, as for the C library
    u32 code = c == '%' && i + 1 < n ? format->at(i + 1) : 0;
    if (code == 'z') {
      Value offset = TRY(call_utcoffset(thread, zone, zone_argument));
      if (!offset.is_none()) out.append(TRY(offset_text(thread, offset.as<TimeDelta>()->parts(), "")));
    } else if (code == 'Z') {
      Value name = TRY(call_tzname(thread, zone, zone_argument));
      if (!name.is_none()) {  // its percent signs are no codes
        Value escaped =
            TRY(call_method(thread, name, intern(thread, "replace"), Value(intern(thread, "%")), Value(intern(thread, "%%"))));
        if (!is<Str>(escaped)) return raise_type_error(thread, "tzname.replace() did not return a string");
        out.append(escaped.as<Str>());
      }
    } else if (code == 'f') {
      append_number(out,
                    is<DateTimeCell>(object) ? object.as<DateTimeCell>()->hms().microsecond
                    : is<TimeCell>(object)   ? object.as<TimeCell>()->hms().microsecond
                                             : 0,
                    6);
    } else {
      out.append(c);
      if (code) out.append(code), ++i;
      continue;
    }
    ++i;
  }
  Value args[] = {Value(TRY(out.build(thread))), timetuple};
  return call_time_module(thread, "strftime", args, 2);
}

Result<Value> format_with_strftime(Thread& thread, Value self, Value format) {
  if (!is<Str>(format)) return raise_type_error(thread, "__format__() argument 1 must be str, not {!a}", format);
  if (format.as<Str>()->length() == 0) return TRY(str_of(thread, self));
  return call_method(thread, self, intern(thread, "strftime"), format);
}

// ---------------------------------------------------------------------------------------------------------------- clocks

static Failed raise_out_of_range(Thread& thread) {
  return raise_overflow_error(thread, "timestamp out of range for platform time_t");
}

Result<Instant> timestamp_of(Thread& thread, Value v, Rounding rounding) {
  if (!is_float(v)) {
    i64 seconds;
    if (!int_to_i64(TRY(to_index(thread, v)), &seconds)) return raise_out_of_range(thread);
    return Instant{seconds, 0};
  }
  double d = float_value(v);
  if (std::isnan(d)) return raise_value_error(thread, "Invalid value NaN (not a number)");
  double whole = 0, micro = 0;
  if (rounding == Rounding::Floor) {
    whole = std::floor(d);
  } else {
    double fraction = std::modf(d, &whole);
    micro = float_round_to_integral(fraction * 1e6);
    if (micro >= 1e6) {
      micro -= 1e6;
      whole += 1.0;
    } else if (micro < 0) {
      micro += 1e6;
      whole -= 1.0;
    }
  }
  if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) return raise_out_of_range(thread);
  return Instant{static_cast<i64>(whole), static_cast<int>(micro)};
}

Result<BrokenTime> broken_time(Thread& thread, i64 seconds, bool local) {
  time_t t = seconds;
  struct tm parts;
  errno = 0;
  if (!(local ? localtime_r(&t, &parts) : gmtime_r(&t, &parts))) return raise_os_error(thread, errno ? errno : EINVAL);
  BrokenTime out{
      i64{parts.tm_year} + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_gmtoff, {}};
  if (out.second > 59) out.second = 59;  // leap seconds
  if (parts.tm_zone) strncpy(out.zone, parts.tm_zone, sizeof out.zone - 1);
  return out;
}

i64 fields_to_seconds(Ymd d, Hms t) { return i64{ymd_to_ordinal(d)} * kSecondsPerDay + t.hour * 3600 + t.minute * 60 + t.second; }

Result<i64> local_seconds(Thread& thread, i64 seconds) {
  time_t t = seconds - kEpochSeconds;
  struct tm parts;
  errno = 0;
  if (!localtime_r(&t, &parts)) return raise_os_error(thread, errno ? errno : EINVAL);
  i64 year = i64{parts.tm_year} + 1900;
  if (year < kMinYear || year > kMaxYear) return raise_value_error(thread, "year {} is out of range", year);
  int second = parts.tm_sec > 59 ? 59 : parts.tm_sec;  // leap seconds
  return fields_to_seconds({static_cast<int>(year), parts.tm_mon + 1, parts.tm_mday}, {parts.tm_hour, parts.tm_min, second, 0});
}

// Inverts local time: where a clock time occurs twice fold picks one, where it doesn't exist fold picks the side.
Result<i64> local_to_seconds(Thread& thread, Ymd d, Hms time, int fold) {
  i64 t = fields_to_seconds(d, time);
  i64 a = TRY(local_seconds(thread, t)) - t;
  i64 u1 = t - a;
  i64 t1 = TRY(local_seconds(thread, u1));
  i64 b;
  if (t1 == t) {
    i64 u2 = fold ? u1 + kSecondsPerDay : u1 - kSecondsPerDay;
    b = TRY(local_seconds(thread, u2)) - u2;
    if (a == b) return u1;
  } else {
    b = t1 - u1;
  }
  i64 u2 = t - b;
  i64 t2 = TRY(local_seconds(thread, u2));
  if (t2 == t) return u2;
  if (t1 == t) return u1;
  return fold ? (u1 < u2 ? u1 : u2) : (u1 > u2 ? u1 : u2);
}

Result<Value> local_timezone_at(Thread& thread, i64 unix_seconds) {
  BrokenTime local = TRY(broken_time(thread, unix_seconds, true));
  TimeDelta* offset = TRY(delta_of_microseconds(thread, static_cast<__int128>(local.offset) * 1000000));
  return make_timezone(thread, offset, Value(TRY(str_from_utf8(thread, local.zone))));
}

}  // namespace baton
