// _datetime: datetime.
//
// Arithmetic answers instances of self's class by calling it; replace() and unpickling only allocate.
#include <ctime>

#include "base/siphash.h"
#include "modules/datetime_internal.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

Result<Value> make_datetime(Thread& thread, Type* type, Ymd d, Hms t, Value tzinfo, int fold) {
  TRY(check_date(thread, d.year, d.month, d.day));
  TRY(check_time(thread, t, fold));
  TRY(check_tzinfo(thread, tzinfo));
  return TRY(make_of<DateTimeCell>(thread, type, d, t, tzinfo, fold));
}

Result<Value> new_datetime_of(Thread& thread, Type* type, Ymd d, Hms t, Value tzinfo, int fold) {
  if (type == datetime_def.type) return make_datetime(thread, type, d, t, tzinfo, fold);
  Value made = TRY(call(thread, Value(type), Value::of_small_int(d.year), Value::of_small_int(d.month),
                        Value::of_small_int(d.day), Value::of_small_int(t.hour), Value::of_small_int(t.minute),
                        Value::of_small_int(t.second), Value::of_small_int(t.microsecond), tzinfo));
  if (is<DateTimeCell>(made)) made.as<DateTimeCell>()->moment_.set_fold(fold);
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- construction

static constexpr const char* kNames[] = {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"};
static constexpr i64 kStateLength = 10;

// State of a pickle: ten bytes, or text that was read as latin-1; the high bit of the month is fold.
static Result<bool> pickled_state(Thread& thread, Value v, u8 (&out)[kStateLength]) {
  if (is<Bytes>(v) && v.as<Bytes>()->length() == kStateLength) {
    for (int i = 0; i < kStateLength; ++i) out[i] = v.as<Bytes>()->data()[i];
  } else if (is<Str>(v) && v.as<Str>()->length() == kStateLength) {
    Str* s = v.as<Str>();
    u32 month = s->at(2) & 0x7F;
    if (month < 1 || month > 12 || s->at(2) > 255) return false;
    for (int i = 0; i < kStateLength; ++i) {
      if (s->at(i) > 255) {
        return raise_value_error(
            thread,
            "Failed to encode latin1 string when unpickling a datetime object. pickle.load(data, encoding='latin1') is assumed.");
      }
      out[i] = static_cast<u8>(s->at(i));
    }
  } else {
    return false;
  }
  return (out[2] & 0x7F) >= 1 && (out[2] & 0x7F) <= 12;
}

static Result<Value> datetime_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, datetime_def.type));
  u8 s[kStateLength];
  if (n >= 2 && n <= 3 && !kwnames && TRY(pickled_state(thread, args[1], s))) {
    Value tzinfo = n == 3 ? args[2] : kNone;
    if (!tzinfo.is_none() && !is_tzinfo(tzinfo)) return raise_type_error(thread, "bad tzinfo state arg");
    return TRY(make_of<DateTimeCell>(thread, type, Ymd{s[0] * 256 + s[1], s[2] & 0x7F, s[3]},
                                     Hms{s[4], s[5], s[6], s[7] << 16 | s[8] << 8 | s[9]}, tzinfo, s[2] >> 7));
  }
  Value v[9];
  TRY(parse_named(thread, {nullptr, kNames, 9, 0, 8}, args + 1, n - 1, kwnames, v));
  int f[7];
  TRY(required_ints(thread, kNames, v, f));
  for (int i = 3; i < 7; ++i) f[i] = TRY(int_argument(thread, v[i], 0));
  int fold = TRY(int_argument(thread, v[8], 0));
  return make_datetime(thread, type, {f[0], f[1], f[2]}, {f[3], f[4], f[5], f[6]}, v[7].is_present() ? v[7] : kNone, fold);
}

static constexpr i64 kMaxFoldSeconds = 24 * 3600;

// The datetime of a moment: UTC, or local time, whose second occurrence of an hour gets fold=1.
static Result<Value> datetime_of_instant(Thread& thread, Type* type, Instant instant, bool local, Value tzinfo) {
  BrokenTime b = TRY(broken_time(thread, instant.seconds, local));
  TRY(check_date(thread, b.year, b.month, b.day));
  Ymd d{static_cast<int>(b.year), b.month, b.day};
  Hms t{b.hour, b.minute, b.second, instant.microseconds};
  int fold = 0;
  if (tzinfo.is_none() && local && instant.seconds - kMaxFoldSeconds > -kEpochSeconds) {
    auto seconds_at = [&](i64 moment) { return local_seconds(thread, moment + kEpochSeconds); };
    i64 result = fields_to_seconds(d, t);
    i64 transition = result - TRY(seconds_at(instant.seconds - kMaxFoldSeconds)) - kMaxFoldSeconds;
    if (transition < 0 && TRY(seconds_at(instant.seconds + transition)) == result) fold = 1;
  }
  return new_datetime_of(thread, type, d, t, tzinfo, fold);
}

static Result<Value> attach_zone(Thread& thread, Value made, Value tz) {
  if (tz.is_none()) return made;
  return call_method(thread, tz, intern(thread, "fromutc"), made);
}

static Result<Instant> current_instant(Thread& thread) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return Instant{now.tv_sec, static_cast<int>(now.tv_nsec / 1000)};
}
static Result<Value> datetime_now(Thread& thread, Type* type, Value tz) {
  TRY(check_tzinfo(thread, tz));
  Instant now = TRY(current_instant(thread));
  return attach_zone(thread, TRY(datetime_of_instant(thread, type, now, tz.is_none(), tz)), tz);
}
static Result<Value> datetime_utcnow(Thread& thread, Type* type) {
  return datetime_of_instant(thread, type, TRY(current_instant(thread)), false, kNone);
}
static Result<Value> datetime_fromtimestamp(Thread& thread, Type* type, Value timestamp, Value tz) {
  TRY(check_tzinfo(thread, tz));
  Instant instant = TRY(timestamp_of(thread, timestamp, Rounding::HalfEven));
  return attach_zone(thread, TRY(datetime_of_instant(thread, type, instant, tz.is_none(), tz)), tz);
}
static Result<Value> datetime_utcfromtimestamp(Thread& thread, Type* type, Value timestamp) {
  return datetime_of_instant(thread, type, TRY(timestamp_of(thread, timestamp, Rounding::HalfEven)), false, kNone);
}

static Result<Value> datetime_strptime(Thread& thread, Type* type, Str* string, Str* format) {
  Value function = TRY(get_attr_ascii(thread, TRY(import_module(thread, "_strptime")), "_strptime_datetime"));
  return call(thread, function, Value(type), Value(string), Value(format));
}

static Result<Value> datetime_combine(Thread& thread, Type* type, Value date, Value time, Optional<Value> tzinfo) {
  if (!is_date(date)) return raise_type_error(thread, "combine() argument 1 must be datetime.date, not {!t}", date);
  if (!is<TimeCell>(time)) return raise_type_error(thread, "combine() argument 2 must be datetime.time, not {!t}", time);
  TimeCell* t = time.as<TimeCell>();
  Value zone = tzinfo.has_value() ? tzinfo.value : t->tzinfo();
  TRY(check_tzinfo(thread, zone));
  int fold = type == datetime_def.type ? t->fold() : 0;  // subclasses are called without it
  return new_datetime_of(thread, type, as_date(date)->ymd(), t->hms(), zone, fold);
}

static Result<Value> datetime_fromisoformat(Thread& thread, Type* type, Value text) {
  if (!is<Str>(text)) return raise_type_error(thread, "fromisoformat: argument must be str");
  Str* s = text.as<Str>();
  if (s->length() < 7) return raise_bad_iso(thread, s);
  Index end = iso_date_end(s);
  Ymd d;
  IsoTime time;
  if (end < 0 || end > s->length() || !parse_iso_date(s, 0, end, &d)) return raise_bad_iso(thread, s);
  if (end < s->length() && !parse_iso_time(s, end + 1, s->length(), &time)) return raise_bad_iso(thread, s);
  Value zone = TRY(zone_of_iso(thread, time));
  TRY(check_date(thread, d.year, d.month, d.day));
  TRY(check_time(thread, time.time, 0));
  return new_datetime_of(thread, type, d, time.time, zone, 0);
}

// ---------------------------------------------------------------------------------------------------------------- arithmetic

static i64 microseconds_of_day(Hms t) { return (i64{t.hour} * 3600 + t.minute * 60 + t.second) * 1000000 + t.microsecond; }
static __int128 total_microseconds(DateTimeCell* self) {
  return static_cast<__int128>(ymd_to_ordinal(self->ymd())) * kSecondsPerDay * 1000000 + microseconds_of_day(self->hms());
}

Result<void> normalise_datetime(Thread& thread, i64 ordinal, i64 us, Ymd* d, Hms* t) {
  constexpr i64 kDay = kSecondsPerDay * 1000000;
  i64 days = us / kDay;
  us %= kDay;
  if (us < 0) {
    us += kDay;
    --days;
  }
  ordinal += days;
  if (ordinal < 1 || ordinal > kMaxOrdinal) return raise_overflow_error(thread, "date value out of range");
  *d = ordinal_to_ymd(static_cast<int>(ordinal));
  i64 seconds = us / 1000000;
  *t = {static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
        static_cast<int>(us % 1000000)};
  return ok;
}

Result<Value> datetime_plus(Thread& thread, DateTimeCell* self, DeltaParts delta, int factor) {
  Ymd d;
  Hms t;
  i64 us = microseconds_of_day(self->hms()) + factor * (i64{delta.seconds} * 1000000 + delta.microseconds);
  TRY(normalise_datetime(thread, ymd_to_ordinal(self->ymd()) + i64{factor} * delta.days, us, &d, &t));
  return new_datetime_of(thread, type_of(Value(self)), d, t, self->tzinfo(), 0);
}

static Result<Value> utcoffset_of(Thread& thread, DateTimeCell* self) {
  return call_utcoffset(thread, self->tzinfo(), Value(self));
}

Result<TimeDelta*> datetime_difference(Thread& thread, DateTimeCell* left, DateTimeCell* right) {
  __int128 difference = total_microseconds(left) - total_microseconds(right);
  if (left->tzinfo() != right->tzinfo()) {
    Value a = TRY(utcoffset_of(thread, left)), b = TRY(utcoffset_of(thread, right));
    if (a.is_none() != b.is_none()) return raise_type_error(thread, "can't subtract offset-naive and offset-aware datetimes");
    if (!a.is_none()) difference -= a.as<TimeDelta>()->parts().total() - b.as<TimeDelta>()->parts().total();
  }
  return delta_of_microseconds(thread, difference);
}

static Result<Value> datetime_add(Thread& thread, DateTimeCell* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return datetime_plus(thread, self, value.as<TimeDelta>()->parts(), 1);
}
static Result<Value> datetime_sub(Thread& thread, DateTimeCell* self, Value value) {
  if (is<DateTimeCell>(value)) return TRY(datetime_difference(thread, self, value.as<DateTimeCell>()));
  if (is<TimeDelta>(value)) return datetime_plus(thread, self, value.as<TimeDelta>()->parts(), -1);
  return kNotImplemented;
}
static Result<Value> datetime_rsub(Thread& thread, DateTimeCell* self, Value value) {
  if (!is<DateTimeCell>(value)) return kNotImplemented;
  return TRY(datetime_difference(thread, value.as<DateTimeCell>(), self));
}

// ---------------------------------------------------------------------------------------------------------------- comparison,
// hash

// PEP 495: a time whose offset depends on fold equals nothing in another zone.
static Result<bool> offset_depends_on_fold(Thread& thread, DateTimeCell* self, Value offset) {
  Value flipped = TRY(new_datetime_of(thread, datetime_def.type, self->ymd(), self->hms(), self->tzinfo(), !self->fold()));
  Value other = TRY(utcoffset_of(thread, flipped.as<DateTimeCell>()));
  if (other == offset) return false;
  if (other.is_none() || offset.is_none()) return true;
  return !(other.as<TimeDelta>()->parts() == offset.as<TimeDelta>()->parts());
}

template <CompareOp op>
static Result<Value> datetime_compare(Thread& thread, DateTimeCell* self, Value value) {
  constexpr bool kEquality = op == CompareOp::Eq || op == CompareOp::Ne;
  if (!is<DateTimeCell>(value)) {
    if (!is_date(value)) return kNotImplemented;
    if (kEquality) return Value::of_bool(op == CompareOp::Ne);
    return raise_type_error(thread, "can't compare {!t} to {!t}", Value(self), value);
  }
  DateTimeCell* other = value.as<DateTimeCell>();
  if (self->tzinfo() == other->tzinfo()) {
    u64 a = self->moment_.order(), b = other->moment_.order();
    return Value::of_bool(compare_indexes(op, a < b ? -1 : a > b, 0));
  }
  __int128 a = total_microseconds(self), b = total_microseconds(other);
  if (self->tzinfo() != other->tzinfo()) {
    Value x = TRY(utcoffset_of(thread, self)), y = TRY(utcoffset_of(thread, other));
    if (x.is_none() != y.is_none()) {
      if (kEquality) return Value::of_bool(op == CompareOp::Ne);
      return raise_type_error(thread, "can't compare offset-naive and offset-aware datetimes");
    }
    if (!x.is_none()) {
      a -= x.as<TimeDelta>()->parts().total();
      b -= y.as<TimeDelta>()->parts().total();
    }
    if (kEquality && a == b && (TRY(offset_depends_on_fold(thread, self, x)) || TRY(offset_depends_on_fold(thread, other, y))))
      return Value::of_bool(op == CompareOp::Ne);
  }
  return Value::of_bool(compare_indexes(op, a < b ? -1 : a > b, 0));
}

static Result<i64> datetime_hash(Thread& thread, DateTimeCell* self) {
  if (self->hash_ != -1) return self->hash_;
  Value probe = Value(self);
  if (self->fold()) probe = TRY(new_datetime_of(thread, datetime_def.type, self->ymd(), self->hms(), self->tzinfo(), 0));
  Value offset = TRY(utcoffset_of(thread, probe.as<DateTimeCell>()));
  if (offset.is_none()) {
    Ymd d = self->ymd();
    Hms t = self->hms();
    u8 packed[10] = {static_cast<u8>(d.year >> 8),
                     static_cast<u8>(d.year),
                     static_cast<u8>(d.month),
                     static_cast<u8>(d.day),
                     static_cast<u8>(t.hour),
                     static_cast<u8>(t.minute),
                     static_cast<u8>(t.second),
                     static_cast<u8>(t.microsecond >> 16),
                     static_cast<u8>(t.microsecond >> 8),
                     static_cast<u8>(t.microsecond)};
    self->hash_ = raw_bytes_hash(packed, sizeof packed);
  } else {
    DeltaParts utc = TRY(normalise_delta(thread, total_microseconds(self) - offset.as<TimeDelta>()->parts().total()));
    self->hash_ = delta_hash(TRY(make_delta(thread, utc)));
  }
  return self->hash_;
}

// ---------------------------------------------------------------------------------------------------------------- text

static Result<Str*> datetime_repr(Thread& thread, DateTimeCell* self) {
  Ymd d = self->ymd();
  Hms t = self->hms();
  Value v = Value(self);
  Str* text =
      t.microsecond ? TRY(format_message(thread, "{!t}({}, {}, {}, {}, {}, {}, {})", v, d.year, d.month, d.day, t.hour, t.minute,
                                         t.second, t.microsecond))
      : t.second
          ? TRY(format_message(thread, "{!t}({}, {}, {}, {}, {}, {})", v, d.year, d.month, d.day, t.hour, t.minute, t.second))
          : TRY(format_message(thread, "{!t}({}, {}, {}, {}, {})", v, d.year, d.month, d.day, t.hour, t.minute));
  if (self->fold()) text = TRY(append_keyword_repr(thread, text, "fold", Value::of_small_int(1)));
  if (!self->tzinfo().is_none()) text = TRY(append_keyword_repr(thread, text, "tzinfo", self->tzinfo()));
  return text;
}

static Result<Str*> iso_text(Thread& thread, DateTimeCell* self, u32 separator, Value timespec) {
  StrBuilder out;
  Ymd d = self->ymd();
  append_number(out, d.year, 4);
  out.append('-');
  append_number(out, d.month, 2);
  out.append('-');
  append_number(out, d.day, 2);
  out.append(separator);
  out.append(TRY(time_text(thread, self->hms(), timespec)));
  Value offset = TRY(utcoffset_of(thread, self));
  if (!offset.is_none()) out.append(TRY(offset_text(thread, offset.as<TimeDelta>()->parts(), ":")));
  return out.build(thread);
}
static Result<Value> datetime_isoformat(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  static constexpr const char* kIsoNames[] = {"sep", "timespec"};
  Value v[2];
  TRY(parse_named(thread, {"isoformat", kIsoNames, 2, 0, 2}, args + 1, n - 1, kwnames, v));
  if (v[0].is_present() && (!is<Str>(v[0]) || v[0].as<Str>()->length() != 1)) {
    return raise_type_error(thread, "isoformat() argument 1 must be a unicode character, not {!a}", v[0]);
  }
  if (v[1].is_present() && !is<Str>(v[1])) return raise_type_error(thread, "isoformat() argument 2 must be str, not {!a}", v[1]);
  return TRY(iso_text(thread, args[0].as<DateTimeCell>(), v[0].is_present() ? v[0].as<Str>()->at(0) : 'T', v[1]));
}
static Result<Value> datetime_str(Thread& thread, DateTimeCell* self) {
  return call_method(thread, Value(self), intern(thread, "isoformat"), Value(TRY(str_from_code_point(thread, ' '))));
}
static Result<Str*> datetime_ctime(Thread& thread, DateTimeCell* self) { return ctime_text(thread, self->ymd(), self->hms()); }

// ---------------------------------------------------------------------------------------------------------------- parts and
// zones

static Result<Value> datetime_date(Thread& thread, DateTimeCell* self) { return make_date(thread, date_def.type, self->ymd()); }
static Result<Value> datetime_time(Thread& thread, DateTimeCell* self) {
  return make_time(thread, time_def.type, self->hms(), kNone, self->fold());
}
static Result<Value> datetime_timetz(Thread& thread, DateTimeCell* self) {
  return make_time(thread, time_def.type, self->hms(), self->tzinfo(), self->fold());
}
static Result<Value> datetime_utcoffset(Thread& thread, DateTimeCell* self) { return utcoffset_of(thread, self); }
static Result<Value> datetime_dst(Thread& thread, DateTimeCell* self) { return call_dst(thread, self->tzinfo(), Value(self)); }
static Result<Value> datetime_tzname(Thread& thread, DateTimeCell* self) {
  return call_tzname(thread, self->tzinfo(), Value(self));
}

static Result<Value> datetime_timetuple(Thread& thread, DateTimeCell* self) {
  Value dst = TRY(datetime_dst(thread, self));
  return struct_time_of(thread, self->ymd(), self->hms(), dst.is_none() ? -1 : !dst.as<TimeDelta>()->parts().is_zero());
}
static Result<Value> datetime_utctimetuple(Thread& thread, DateTimeCell* self) {
  Value offset = TRY(utcoffset_of(thread, self));
  Ymd d = self->ymd();
  Hms t = self->hms();
  if (!offset.is_none()) {
    const DeltaParts& o = offset.as<TimeDelta>()->parts();
    i64 us = microseconds_of_day(t) - (i64{o.seconds} * 1000000 + o.microseconds);
    TRY(normalise_datetime(thread, ymd_to_ordinal(d) - o.days, us, &d, &t));
  }
  return struct_time_of(thread, d, t, 0);
}

static Result<Value> datetime_timestamp(Thread& thread, DateTimeCell* self) {
  if (self->tzinfo().is_none()) {
    i64 seconds = TRY(local_to_seconds(thread, self->ymd(), self->hms(), self->fold()));
    return make_float(thread, static_cast<double>(seconds - kEpochSeconds) + self->hms().microsecond / 1e6);
  }
  Value offset = TRY(utcoffset_of(thread, self));
  if (offset.is_none()) return raise_type_error(thread, "can't subtract offset-naive and offset-aware datetimes");
  __int128 us =
      total_microseconds(self) - static_cast<__int128>(kEpochSeconds) * 1000000 - offset.as<TimeDelta>()->parts().total();
  // All moments of the calendar are below 2**62 microseconds from 1970.
  return int_truediv(thread, TRY(int_from_i64(thread, static_cast<i64>(us))), Value::of_small_int(1000000));
}

static Result<Value> datetime_replace(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  DateTimeCell* self = args[0].as<DateTimeCell>();
  Value v[9];
  TRY(parse_named(thread, {"replace", kNames, 9, 0, 8}, args + 1, n - 1, kwnames, v));
  Ymd d = self->ymd();
  Hms t = self->hms();
  int* fields[] = {&d.year, &d.month, &d.day, &t.hour, &t.minute, &t.second, &t.microsecond};
  for (int i = 0; i < 7; ++i) *fields[i] = TRY(int_argument(thread, v[i], *fields[i]));
  int fold = TRY(int_argument(thread, v[8], self->fold()));
  return make_datetime(thread, type_of(args[0]), d, t, v[7].is_present() ? v[7] : self->tzinfo(), fold);
}

static Result<Value> datetime_astimezone(Thread& thread, DateTimeCell* self, Value tz) {
  TRY(check_tzinfo(thread, tz));
  auto local_zone = [&]() -> Result<Value> {
    i64 seconds = TRY(local_to_seconds(thread, self->ymd(), self->hms(), self->fold()));
    return local_timezone_at(thread, seconds - kEpochSeconds);
  };
  Value own = self->tzinfo().is_none() ? TRY(local_zone()) : self->tzinfo();
  if (own == tz) return Value(self);
  Value offset = TRY(call_utcoffset(thread, own, Value(self)));
  if (offset.is_none()) {  // naive after all
    own = TRY(local_zone());
    if (own == tz) return Value(self);
    offset = TRY(call_utcoffset(thread, own, Value(self)));
  }
  Value utc = TRY(datetime_plus(thread, self, offset.as<TimeDelta>()->parts(), -1));
  if (!is<DateTimeCell>(utc)) return raise_type_error(thread, "fromutc: argument must be a datetime");
  DateTimeCell* moment = utc.as<DateTimeCell>();
  if (tz.is_none()) {
    i64 seconds = fields_to_seconds(moment->ymd(), moment->hms()) - kEpochSeconds;
    tz = TRY(local_timezone_at(thread, seconds));
  }
  moment->tzinfo_.set(moment, tz);
  return call_method(thread, tz, intern(thread, "fromutc"), utc);
}

static Result<Value> datetime_reduce_ex(Thread& thread, DateTimeCell* self, int protocol) {
  Ymd d = self->ymd();
  Hms t = self->hms();
  u8 state[] = {static_cast<u8>(d.year >> 8),
                static_cast<u8>(d.year),
                static_cast<u8>(d.month | (protocol > 3 && self->fold() ? 0x80 : 0)),
                static_cast<u8>(d.day),
                static_cast<u8>(t.hour),
                static_cast<u8>(t.minute),
                static_cast<u8>(t.second),
                static_cast<u8>(t.microsecond >> 16),
                static_cast<u8>(t.microsecond >> 8),
                static_cast<u8>(t.microsecond)};
  Value bytes = Value(TRY(bytes_from(thread, state, kStateLength)));
  Tuple* arguments = self->tzinfo().is_none() ? TRY(tuple_of(thread, bytes)) : TRY(tuple_of(thread, bytes, self->tzinfo()));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(arguments)));
}
static Result<Value> datetime_reduce(Thread& thread, DateTimeCell* self) { return datetime_reduce_ex(thread, self, 2); }

static Result<Value> datetime_hour(Thread& thread, Value self) {
  return Value::of_small_int(self.as<DateTimeCell>()->hms().hour);
}
static Result<Value> datetime_minute(Thread& thread, Value self) {
  return Value::of_small_int(self.as<DateTimeCell>()->hms().minute);
}
static Result<Value> datetime_second(Thread& thread, Value self) {
  return Value::of_small_int(self.as<DateTimeCell>()->hms().second);
}
static Result<Value> datetime_microsecond(Thread& thread, Value self) {
  return Value::of_small_int(self.as<DateTimeCell>()->hms().microsecond);
}
static Result<Value> datetime_tzinfo(Thread& thread, Value self) { return self.as<DateTimeCell>()->tzinfo(); }
static Result<Value> datetime_fold(Thread& thread, Value self) { return Value::of_small_int(self.as<DateTimeCell>()->fold()); }

static constinit GetSetDef datetime_getsets[] = {
    {"hour", datetime_hour, nullptr, nullptr},     {"minute", datetime_minute, nullptr, nullptr},
    {"second", datetime_second, nullptr, nullptr}, {"microsecond", datetime_microsecond, nullptr, nullptr},
    {"tzinfo", datetime_tzinfo, nullptr, nullptr}, {"fold", datetime_fold, nullptr, nullptr},
};
static constinit NativeDef datetime_methods[] = {
    native_raw(datetime_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<datetime_repr>("__repr__($self, /)", "Return repr(self)."),
    native<datetime_hash>("__hash__($self, /)", "Return hash(self)."),
    native<datetime_str>("__str__($self, /)", "Return str(self)."),
    native<datetime_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<datetime_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<datetime_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<datetime_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<datetime_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<datetime_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<datetime_add>("__add__($self, value, /)", "Return self+value."),
    native<datetime_add>("__radd__($self, value, /)", "Return value+self."),
    native<datetime_sub>("__sub__($self, value, /)", "Return self-value."),
    native<datetime_rsub>("__rsub__($self, value, /)", "Return value-self."),
    native<datetime_now>("now($type, /, tz=None)",
                         "The current date and time.\n\nWith a tzinfo object as tz, the result is aware and in that zone. "
                         "Without\none (None) it is naive, in the system's own zone."),
    native<datetime_utcnow>("utcnow($type, /)", "Return a new datetime representing UTC day and time."),
    native<datetime_fromtimestamp>("fromtimestamp($type, /, timestamp, tz=None)",
                                   "timestamp[, tz] -> tz's local time from POSIX timestamp."),
    native_tuple<datetime_utcfromtimestamp>("utcfromtimestamp($type, timestamp, /)",
                                            "Construct a naive UTC datetime from a POSIX timestamp."),
    native_tuple<datetime_strptime>("strptime($type, string, format, /)",
                                    "Read a datetime from text laid out as format says.\n\nThe format codes are those of "
                                    "time.strptime(). ValueError if the text does\nnot fit."),
    native<datetime_combine>("combine($type, /, date, time, tzinfo=<unrepresentable>)",
                             "date, time -> datetime with same date and time fields"),
    native<datetime_fromisoformat>("fromisoformat($type, string, /)",
                                   "string -> datetime from a string in most ISO 8601 formats"),
    native<datetime_date>("date($self, /)", "Return date object with same year, month and day."),
    native<datetime_time>("time($self, /)", "Return time object with same time but with tzinfo=None."),
    native<datetime_timetz>("timetz($self, /)", "Return time object with same time and tzinfo."),
    native<datetime_ctime>("ctime($self, /)", "Return ctime() style string."),
    native<datetime_timetuple>("timetuple($self, /)", "Return time tuple, compatible with time.localtime()."),
    native<datetime_timestamp>("timestamp($self, /)", "Return POSIX timestamp as float."),
    native<datetime_utctimetuple>("utctimetuple($self, /)", "Return UTC time tuple, compatible with time.localtime()."),
    native_raw(
        datetime_isoformat, "isoformat($self, /, sep='T', timespec='auto')",
        "The date and time as ISO 8601 text, such as '2031-07-04T17:05:09+02:00'.\n\nsep is the character between the two "
        "halves, 'T' by default. Microseconds\nare left out if zero, and so is the offset of a naive datetime. To choose\nthe "
        "precision, pass 'hours', 'minutes', 'seconds', 'milliseconds' or\n'microseconds' as timespec ('auto' is the default)."),
    native<datetime_utcoffset>("utcoffset($self, /)", "Return self.tzinfo.utcoffset(self)."),
    native<datetime_tzname>("tzname($self, /)", "Return self.tzinfo.tzname(self)."),
    native<datetime_dst>("dst($self, /)", "Return self.tzinfo.dst(self)."),
    native_raw(datetime_replace, "replace($self, /, year, month, day, hour, minute, second, microsecond, tzinfo, *, fold)",
               "Return datetime with new specified fields."),
    native<datetime_astimezone>("astimezone($self, /, tz=None)", "tz -> convert to local time in new timezone tz\n"),
    native<datetime_reduce_ex>("__reduce_ex__($self, proto, /)", "__reduce_ex__(proto) -> (cls, state)"),
    native<datetime_reduce>("__reduce__($self, /)", "__reduce__() -> (cls, state)"),
};
static Result<void> datetime_finish(Thread& thread, Type* type) {
  datetime_def.type = type;
  TRY(type_set_attribute(thread, type, intern(thread, "min"), TRY(make_datetime(thread, type, {1, 1, 1}, {}, kNone, 0))));
  TRY(type_set_attribute(thread, type, intern(thread, "max"),
                         TRY(make_datetime(thread, type, {9999, 12, 31}, {23, 59, 59, 999999}, kNone, 0))));
  return type_set_attribute(thread, type, intern(thread, "resolution"), Value(TRY(make_delta(thread, {0, 0, 1}))));
}
constinit TypeDef datetime_def = {
    .name = "datetime.datetime",
    .doc =
        "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nA date together with a time of "
        "day.\n\nOnly the date is obligatory; the parts of the time are zero if left out. All\nare ints but tzinfo, which names "
        "the zone with an instance of a subclass of\ntzinfo; None, the default, means a naive datetime.",
    .base = &date_def,
    .dynamic_kind = &DynamicKind<DateTimeCell>::value,
    .payload_size = sizeof(DateTimeCell),
    .flags = kTypeSubclassable,
    .methods = datetime_methods,
    .method_count = count_of(datetime_methods),
    .getsets = datetime_getsets,
    .getset_count = 6,
    .kind_info = kind_info_of<DateTimeCell>("datetime.datetime"),
    .finish = datetime_finish,
};

// ---------------------------------------------------------------------------------------------------------------- the module

static TypeDef* const datetime_types[] = {&timedelta_def, &tzinfo_def, &timezone_def, &date_def, &time_def, &datetime_def};
static constexpr ModuleConstant datetime_constants[] = {{"MINYEAR", kMinYear}, {"MAXYEAR", kMaxYear}};
static Result<void> module_exec(Thread& thread, Module* module) { return module_set(thread, module, "UTC", utc_zone()); }
constinit ModuleDef datetime_module = {
    .name = "_datetime",
    .doc = "Fast implementation of the datetime type.",
    .types = datetime_types,
    .type_count = 6,
    .constants = datetime_constants,
    .constant_count = 2,
    .exec = module_exec,
};

}  // namespace baton
