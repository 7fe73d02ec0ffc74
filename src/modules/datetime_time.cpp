// _datetime: time.
#include "base/siphash.h"
#include "modules/datetime_internal.h"
#include "objects/raw_arguments.h"

namespace baton {

Result<void> check_time(Thread& thread, Hms t, int fold) {
  if (t.hour < 0 || t.hour > 23) return raise_value_error(thread, "hour must be in 0..23");
  if (t.minute < 0 || t.minute > 59) return raise_value_error(thread, "minute must be in 0..59");
  if (t.second < 0 || t.second > 59) return raise_value_error(thread, "second must be in 0..59");
  if (t.microsecond < 0 || t.microsecond > 999999) return raise_value_error(thread, "microsecond must be in 0..999999");
  if (fold != 0 && fold != 1) return raise_value_error(thread, "fold must be either 0 or 1");
  return ok;
}

Result<Value> make_time(Thread& thread, Type* type, Hms t, Value tzinfo, int fold) {
  TRY(check_time(thread, t, fold));
  TRY(check_tzinfo(thread, tzinfo));
  return TRY(make_of<TimeCell>(thread, type, t, tzinfo, fold));
}

Result<Value> new_time_of(Thread& thread, Type* type, Hms t, Value tzinfo, int fold) {
  if (type == time_def.type) return make_time(thread, type, t, tzinfo, fold);
  Value made = TRY(call(thread, Value(type), Value::of_small_int(t.hour), Value::of_small_int(t.minute),
                        Value::of_small_int(t.second), Value::of_small_int(t.microsecond), tzinfo));
  if (is<TimeCell>(made)) made.as<TimeCell>()->moment_.set_fold(fold);
  return made;
}

static constexpr const char* kTimeNames[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold"};
static constexpr i64 kStateLength = 6;

// State of a pickle: six bytes, or text that was read as latin-1; the high bit of the first is fold.
static Result<bool> pickled_state(Thread& thread, Value v, u8 (&out)[kStateLength]) {
  if (is<Bytes>(v) && v.as<Bytes>()->length() == kStateLength) {
    for (int i = 0; i < kStateLength; ++i) out[i] = v.as<Bytes>()->data()[i];
  } else if (is<Str>(v) && v.as<Str>()->length() == kStateLength) {
    Str* s = v.as<Str>();
    if ((s->at(0) & 0x7F) >= 24 || s->at(0) > 255) return false;
    for (int i = 0; i < kStateLength; ++i) {
      if (s->at(i) > 255) {
        return raise_value_error(
            thread,
            "Failed to encode latin1 string when unpickling a time object. pickle.load(data, encoding='latin1') is assumed.");
      }
      out[i] = static_cast<u8>(s->at(i));
    }
  } else {
    return false;
  }
  return (out[0] & 0x7F) < 24;
}

static Result<Value> time_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, time_def.type));
  u8 s[kStateLength];
  if (n >= 2 && n <= 3 && !kwnames && TRY(pickled_state(thread, args[1], s))) {
    Value tzinfo = n == 3 ? args[2] : kNone;
    if (!tzinfo.is_none() && !is_tzinfo(tzinfo)) return raise_type_error(thread, "bad tzinfo state arg");
    return TRY(make_of<TimeCell>(thread, type, Hms{s[0] & 0x7F, s[1], s[2], s[3] << 16 | s[4] << 8 | s[5]}, tzinfo, s[0] >> 7));
  }
  Value v[6];
  TRY(parse_named(thread, {nullptr, kTimeNames, 6, 0, 5}, args + 1, n - 1, kwnames, v));
  Hms t{TRY(int_argument(thread, v[0], 0)), TRY(int_argument(thread, v[1], 0)), TRY(int_argument(thread, v[2], 0)),
        TRY(int_argument(thread, v[3], 0))};
  int fold = TRY(int_argument(thread, v[5], 0));
  return make_time(thread, type, t, v[4].is_present() ? v[4] : kNone, fold);
}

static Result<Value> time_fromisoformat(Thread& thread, Type* type, Value text) {
  if (!is<Str>(text)) return raise_type_error(thread, "fromisoformat: argument must be str");
  Str* s = text.as<Str>();
  IsoTime parsed;
  Index begin = s->length() && s->at(0) == 'T' ? 1 : 0;
  if (!parse_iso_time(s, begin, s->length(), &parsed)) return raise_bad_iso(thread, s);
  Value zone = TRY(zone_of_iso(thread, parsed));
  TRY(check_time(thread, parsed.time, 0));
  if (type == time_def.type) return make_time(thread, type, parsed.time, zone, 0);
  const Hms& t = parsed.time;
  return call(thread, Value(type), Value::of_small_int(t.hour), Value::of_small_int(t.minute), Value::of_small_int(t.second),
              Value::of_small_int(t.microsecond), zone);
}

// ---------------------------------------------------------------------------------------------------------------- comparison,
// hash

static Result<Value> time_utcoffset(Thread& thread, TimeCell* self) { return call_utcoffset(thread, self->tzinfo(), kNone); }

static i64 microseconds_of(Hms t) { return (i64{t.hour} * 3600 + t.minute * 60 + t.second) * 1000000 + t.microsecond; }

template <CompareOp op>
static Result<Value> time_compare(Thread& thread, TimeCell* self, Value value) {
  if (!is<TimeCell>(value)) return kNotImplemented;
  TimeCell* other = value.as<TimeCell>();
  i64 a = microseconds_of(self->hms()), b = microseconds_of(other->hms());
  if (self->tzinfo() != other->tzinfo()) {
    Value x = TRY(time_utcoffset(thread, self)), y = TRY(time_utcoffset(thread, other));
    if (x.is_none() != y.is_none()) {
      if (op == CompareOp::Eq) return kFalse;
      if (op == CompareOp::Ne) return kTrue;
      return raise_type_error(thread, "can't compare offset-naive and offset-aware times");
    }
    if (!x.is_none()) {
      a -= static_cast<i64>(x.as<TimeDelta>()->parts().total());
      b -= static_cast<i64>(y.as<TimeDelta>()->parts().total());
    }
  }
  return Value::of_bool(compare_indexes(op, a, b));
}

// By the moment of day in UTC, fold aside.
static Result<i64> time_hash(Thread& thread, TimeCell* self) {
  if (self->hash_ != -1) return self->hash_;
  Value probe = Value(self);
  if (self->fold()) probe = TRY(new_time_of(thread, time_def.type, self->hms(), self->tzinfo(), 0));
  Value offset = TRY(time_utcoffset(thread, probe.as<TimeCell>()));
  if (offset.is_none()) {
    Hms t = self->hms();
    u8 packed[6] = {static_cast<u8>(t.hour),
                    static_cast<u8>(t.minute),
                    static_cast<u8>(t.second),
                    static_cast<u8>(t.microsecond >> 16),
                    static_cast<u8>(t.microsecond >> 8),
                    static_cast<u8>(t.microsecond)};
    self->hash_ = raw_bytes_hash(packed, sizeof packed);
  } else {
    DeltaParts utc = TRY(normalise_delta(thread, microseconds_of(self->hms()) - offset.as<TimeDelta>()->parts().total()));
    self->hash_ = delta_hash(TRY(make_delta(thread, utc)));
  }
  return self->hash_;
}

// ---------------------------------------------------------------------------------------------------------------- text and the
// rest

static Result<Str*> time_repr(Thread& thread, TimeCell* self) {
  Hms t = self->hms();
  Str* text = t.microsecond
                  ? TRY(format_message(thread, "{!t}({}, {}, {}, {})", Value(self), t.hour, t.minute, t.second, t.microsecond))
              : t.second ? TRY(format_message(thread, "{!t}({}, {}, {})", Value(self), t.hour, t.minute, t.second))
                         : TRY(format_message(thread, "{!t}({}, {})", Value(self), t.hour, t.minute));
  if (!self->tzinfo().is_none()) text = TRY(append_keyword_repr(thread, text, "tzinfo", self->tzinfo()));
  if (self->fold()) text = TRY(append_keyword_repr(thread, text, "fold", Value::of_small_int(1)));
  return text;
}

static Result<Str*> iso_text(Thread& thread, TimeCell* self, Value timespec) {
  Str* text = TRY(time_text(thread, self->hms(), timespec));
  Value offset = TRY(time_utcoffset(thread, self));
  if (offset.is_none()) return text;
  return str_concat(thread, text, TRY(offset_text(thread, offset.as<TimeDelta>()->parts(), ":")));
}
static Result<Value> time_isoformat(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  static constexpr const char* kNames[] = {"timespec"};
  Value timespec[1];
  TRY(parse_named(thread, {"isoformat", kNames, 1, 0, 1}, args + 1, n - 1, kwnames, timespec));
  if (timespec[0].is_present() && !is<Str>(timespec[0]))
    return raise_type_error(thread, "isoformat() argument 1 must be str, not {!a}", timespec[0]);
  return TRY(iso_text(thread, args[0].as<TimeCell>(), timespec[0]));
}
static Result<Value> time_str(Thread& thread, TimeCell* self) {
  return call_method(thread, Value(self), intern(thread, "isoformat"));
}

static Result<Value> time_strftime(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  static constexpr const char* kNames[] = {"format"};
  Value format[1];
  TRY(parse_named(thread, {"strftime", kNames, 1, 1, 1}, args + 1, n - 1, kwnames, format));
  if (!is<Str>(format[0])) return raise_type_error(thread, "strftime() argument 1 must be str, not {!a}", format[0]);
  Hms t = args[0].as<TimeCell>()->hms();
  int values[] = {1900, 1, 1, t.hour, t.minute, t.second, 0, 1, -1};
  Value items[9];
  for (int i = 0; i < 9; ++i) items[i] = Value::of_small_int(values[i]);
  return wrap_strftime(thread, args[0], format[0].as<Str>(), Value(TRY(make_tuple(thread, items, 9))), kNone);
}
static Result<Value> time_format(Thread& thread, TimeCell* self, Value format) {
  return format_with_strftime(thread, Value(self), format);
}
static Result<Value> time_tzname(Thread& thread, TimeCell* self) { return call_tzname(thread, self->tzinfo(), kNone); }
static Result<Value> time_dst(Thread& thread, TimeCell* self) { return call_dst(thread, self->tzinfo(), kNone); }

static Result<Value> time_replace(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TimeCell* self = args[0].as<TimeCell>();
  Value v[6];
  TRY(parse_named(thread, {"replace", kTimeNames, 6, 0, 5}, args + 1, n - 1, kwnames, v));
  Hms t = self->hms();
  t.hour = TRY(int_argument(thread, v[0], t.hour));
  t.minute = TRY(int_argument(thread, v[1], t.minute));
  t.second = TRY(int_argument(thread, v[2], t.second));
  t.microsecond = TRY(int_argument(thread, v[3], t.microsecond));
  int fold = TRY(int_argument(thread, v[5], self->fold()));
  return make_time(thread, type_of(args[0]), t, v[4].is_present() ? v[4] : self->tzinfo(), fold);
}

static Result<Value> time_reduce_ex(Thread& thread, TimeCell* self, int protocol) {
  Hms t = self->hms();
  u8 state[] = {static_cast<u8>(t.hour | (protocol > 3 && self->fold() ? 0x80 : 0)),
                static_cast<u8>(t.minute),
                static_cast<u8>(t.second),
                static_cast<u8>(t.microsecond >> 16),
                static_cast<u8>(t.microsecond >> 8),
                static_cast<u8>(t.microsecond)};
  Value bytes = Value(TRY(bytes_from(thread, state, kStateLength)));
  Tuple* arguments = self->tzinfo().is_none() ? TRY(tuple_of(thread, bytes)) : TRY(tuple_of(thread, bytes, self->tzinfo()));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(arguments)));
}
static Result<Value> time_reduce(Thread& thread, TimeCell* self) { return time_reduce_ex(thread, self, 2); }

static Result<Value> time_hour(Thread& thread, Value self) { return Value::of_small_int(self.as<TimeCell>()->hms().hour); }
static Result<Value> time_minute(Thread& thread, Value self) { return Value::of_small_int(self.as<TimeCell>()->hms().minute); }
static Result<Value> time_second(Thread& thread, Value self) { return Value::of_small_int(self.as<TimeCell>()->hms().second); }
static Result<Value> time_microsecond(Thread& thread, Value self) {
  return Value::of_small_int(self.as<TimeCell>()->hms().microsecond);
}
static Result<Value> time_tzinfo(Thread& thread, Value self) { return self.as<TimeCell>()->tzinfo(); }
static Result<Value> time_fold(Thread& thread, Value self) { return Value::of_small_int(self.as<TimeCell>()->fold()); }

static constinit GetSetDef time_getsets[] = {
    {"hour", time_hour, nullptr, nullptr},     {"minute", time_minute, nullptr, nullptr},
    {"second", time_second, nullptr, nullptr}, {"microsecond", time_microsecond, nullptr, nullptr},
    {"tzinfo", time_tzinfo, nullptr, nullptr}, {"fold", time_fold, nullptr, nullptr},
};
static constinit NativeDef time_methods[] = {
    native_raw(time_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<time_repr>("__repr__($self, /)", "Return repr(self)."),
    native<time_hash>("__hash__($self, /)", "Return hash(self)."),
    native<time_str>("__str__($self, /)", "Return str(self)."),
    native<time_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<time_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<time_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<time_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<time_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<time_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native_raw(time_isoformat, "isoformat($self, /, timespec='auto')",
               "The time as ISO 8601 text, such as '17:05:09.250000+02:00'.\n\nMicroseconds are left out if zero, and so is the "
               "offset of a naive time. To\nchoose the precision, pass 'hours', 'minutes', 'seconds', 'milliseconds' "
               "or\n'microseconds' as timespec ('auto' is the default)."),
    native_raw(time_strftime, "strftime($self, /, format)", "format -> strftime() style string."),
    native_tuple<time_format>("__format__($self, format, /)", "Formats self with strftime."),
    native<time_utcoffset>("utcoffset($self, /)", "Return self.tzinfo.utcoffset(self)."),
    native<time_tzname>("tzname($self, /)", "Return self.tzinfo.tzname(self)."),
    native<time_dst>("dst($self, /)", "Return self.tzinfo.dst(self)."),
    native_raw(time_replace, "replace($self, /, hour, minute, second, microsecond, tzinfo, *, fold)",
               "Return time with new specified fields."),
    native<time_fromisoformat>("fromisoformat($type, string, /)", "string -> time from a string in ISO 8601 format"),
    native<time_reduce_ex>("__reduce_ex__($self, proto, /)", "__reduce_ex__(proto) -> (cls, state)"),
    native<time_reduce>("__reduce__($self, /)", "__reduce__() -> (cls, state)"),
};
static Result<void> time_finish(Thread& thread, Type* type) {
  time_def.type = type;
  TRY(type_set_attribute(thread, type, intern(thread, "min"), TRY(make_time(thread, type, {}, kNone, 0))));
  TRY(type_set_attribute(thread, type, intern(thread, "max"), TRY(make_time(thread, type, {23, 59, 59, 999999}, kNone, 0))));
  return type_set_attribute(thread, type, intern(thread, "resolution"), Value(TRY(make_delta(thread, {0, 0, 1}))));
}
constinit TypeDef time_def = {
    .name = "datetime.time",
    .doc =
        "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nA time of day, not tied to any "
        "date.\n\nParts left out are zero; those given have to be ints. tzinfo names the zone\nwith an instance of a subclass of "
        "tzinfo; None, the default, means a naive\ntime.",
    .dynamic_kind = &DynamicKind<TimeCell>::value,
    .payload_size = sizeof(TimeCell),
    .flags = kTypeSubclassable,
    .methods = time_methods,
    .method_count = count_of(time_methods),
    .getsets = time_getsets,
    .getset_count = 6,
    .kind_info = kind_info_of<TimeCell>("datetime.time"),
    .finish = time_finish,
};

}  // namespace baton
