// _datetime: tzinfo, timezone, and the checked calls of a zone's methods.
#include "modules/datetime_internal.h"
#include "objects/raw_arguments.h"

namespace baton {

static Root<TimeZone>* utc_root = nullptr;  // timezone.utc
Value utc_zone() { return Value(utc_root->get()); }

static bool in_day(DeltaParts d) {  // strictly between -24h and 24h
  __int128 total = d.total(), day = static_cast<__int128>(kSecondsPerDay) * 1000000;
  return total > -day && total < day;
}

// ---------------------------------------------------------------------------------------------------------------- calls of zones

static Result<Value> call_offset(Thread& thread, Value zone, const char* method, Value argument) {
  if (zone.is_none()) return kNone;
  Value answer = TRY(call_method(thread, zone, intern(thread, method), argument));
  if (answer.is_none()) return kNone;
  if (!is<TimeDelta>(answer))
    return raise_type_error(thread, "tzinfo.{}() must return None or timedelta, not '{!t}'", method, answer);
  if (!in_day(answer.as<TimeDelta>()->parts())) {
    return raise_value_error(thread, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).");
  }
  return answer;
}
Result<Value> call_utcoffset(Thread& thread, Value zone, Value argument) {
  if (is_exact<TimeZone>(zone)) return Value(zone.as<TimeZone>()->offset());
  return call_offset(thread, zone, "utcoffset", argument);
}
Result<Value> call_dst(Thread& thread, Value zone, Value argument) {
  if (is_exact<TimeZone>(zone)) return kNone;
  return call_offset(thread, zone, "dst", argument);
}
Result<Value> call_tzname(Thread& thread, Value zone, Value argument) {
  if (zone.is_none()) return kNone;
  Value name = TRY(call_method(thread, zone, intern(thread, "tzname"), argument));
  if (!name.is_none() && !is<Str>(name))
    return raise_type_error(thread, "tzinfo.tzname() must return None or a string, not '{!t}'", name);
  return name;
}

Result<void> check_tzinfo(Thread& thread, Value v) {
  if (v.is_none() || is_tzinfo(v)) return ok;
  return raise_type_error(thread, "tzinfo argument must be None or of a tzinfo subclass, not type '{!t}'", v);
}

// +HH:MM[:SS[.ffffff]]
Result<Str*> offset_text(Thread& thread, DeltaParts offset, const char* separator) {
  __int128 total = offset.total();
  bool negative = total < 0;
  i64 us = static_cast<i64>(negative ? -total : total), seconds = us / 1000000;
  StrBuilder out;
  out.append(negative ? '-' : '+');
  append_number(out, seconds / 3600, 2);
  out.append_ascii(separator);
  append_number(out, seconds / 60 % 60, 2);
  if (seconds % 60 || us % 1000000) {
    out.append_ascii(separator);
    append_number(out, seconds % 60, 2);
  }
  if (us % 1000000) {
    out.append('.');
    append_number(out, us % 1000000, 6);
  }
  return out.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- tzinfo

static Result<Value> tzinfo_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return TRY(make_of<TzInfo>(thread, TRY(check_new_type(thread, args, n, tzinfo_def.type))));
}
static Failed raise_abstract(Thread& thread, const char* method) {
  return raise_not_implemented(thread, "a tzinfo subclass must implement {}()", method);
}
static Result<Value> tzinfo_tzname(Thread& thread, Value self, Value dt) { return raise_abstract(thread, "tzname"); }
static Result<Value> tzinfo_utcoffset(Thread& thread, Value self, Value dt) { return raise_abstract(thread, "utcoffset"); }
static Result<Value> tzinfo_dst(Thread& thread, Value self, Value dt) { return raise_abstract(thread, "dst"); }

static Result<DateTimeCell*> fromutc_argument(Thread& thread, Value self, Value dt) {
  if (!is<DateTimeCell>(dt)) return raise_type_error(thread, "fromutc: argument must be a datetime");
  if (dt.as<DateTimeCell>()->tzinfo() != self) return raise_value_error(thread, "fromutc: dt.tzinfo is not self");
  return dt.as<DateTimeCell>();
}

static Result<Value> tzinfo_fromutc(Thread& thread, Value self, Value dt) {
  DateTimeCell* utc = TRY(fromutc_argument(thread, self, dt));
  Value offset = TRY(call_utcoffset(thread, self, dt));
  if (offset.is_none()) return raise_value_error(thread, "fromutc: non-None utcoffset() result required");
  Value dst = TRY(call_dst(thread, self, dt));
  if (dst.is_none()) return raise_value_error(thread, "fromutc: non-None dst() result required");
  DeltaParts standard =
      TRY(normalise_delta(thread, offset.as<TimeDelta>()->parts().total() - dst.as<TimeDelta>()->parts().total()));
  Value result = TRY(datetime_plus(thread, utc, standard, 1));
  dst = TRY(call_dst(thread, self, result));
  if (dst.is_none()) return raise_value_error(thread, "fromutc: tz.dst() gave inconsistent results; cannot convert");
  if (dst.as<TimeDelta>()->parts().is_zero() || !is<DateTimeCell>(result)) return result;
  return datetime_plus(thread, result.as<DateTimeCell>(), dst.as<TimeDelta>()->parts(), 1);
}

static Result<Value> tzinfo_reduce(Thread& thread, Value self) {
  Value args = Value(empty_tuple());
  Value getinitargs = TRY(find_attr(thread, self, intern(thread, "__getinitargs__")));
  if (getinitargs != kNotFound) args = TRY(call(thread, getinitargs));
  Value state = TRY(call_method(thread, self, names.dunder_getstate));
  return TRY(tuple_of(thread, Value(type_of(self)), args, state));
}

static constinit NativeDef tzinfo_methods[] = {
    native_raw(tzinfo_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<tzinfo_tzname>("tzname($self, dt, /)", "datetime -> string name of time zone."),
    native<tzinfo_utcoffset>("utcoffset($self, dt, /)",
                             "Local time minus UTC at the given datetime: a timedelta, or None.\n\nIt is negative for zones west "
                             "of Greenwich; None means it is unknown.\nSubclasses must define this method."),
    native<tzinfo_dst>("dst($self, dt, /)", "datetime -> DST offset as timedelta positive east of UTC."),
    native<tzinfo_fromutc>("fromutc($self, dt, /)", "datetime in UTC -> datetime in local time."),
    native<tzinfo_reduce>("__reduce__($self, /)", "-> (cls, state)"),
};
constinit TypeDef tzinfo_def = {
    .name = "datetime.tzinfo",
    .doc = "Abstract base class for time zone info objects.",
    .dynamic_kind = &DynamicKind<TzInfo>::value,
    .payload_size = 8,
    .flags = kTypeSubclassable,
    .methods = tzinfo_methods,
    .method_count = count_of(tzinfo_methods),
    .kind_info = {.name = "datetime.tzinfo"},
};

// ---------------------------------------------------------------------------------------------------------------- timezone

Result<Value> make_timezone(Thread& thread, TimeDelta* offset, Value name) {
  if (name.is_absent() && offset->parts().is_zero() && utc_root) return utc_zone();
  if (!in_day(offset->parts())) {
    return raise_value_error(
        thread, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {!r}.",
        Value(offset));
  }
  return TRY(make_of<TimeZone>(thread, timezone_def.type, offset, name));
}

static Result<Value> timezone_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, timezone_def.type));
  static constexpr const char* kNames[] = {"offset", "name"};
  Value values[2];
  usize given = n - 1 + (kwnames ? static_cast<usize>(kwnames->length()) : 0);
  if (given == 0) return raise_type_error(thread, "timezone() missing required argument 'offset' (pos 1)");
  TRY(parse_named(thread, {"timezone", kNames, 2, 0, 2}, args + 1, n - 1, kwnames, values));
  if (values[0].is_absent()) return raise_type_error(thread, "timezone() missing required argument 'offset' (pos 1)");
  if (!is<TimeDelta>(values[0]))
    return raise_type_error(thread, "timezone() argument 1 must be datetime.timedelta, not {}",
                            values[0].is_none() ? Value(intern(thread, "None")) : Value(type_of(values[0])->name()));
  if (values[1].is_present() && !is<Str>(values[1])) {
    return raise_type_error(thread, "timezone() argument 2 must be str, not {}",
                            values[1].is_none() ? Value(intern(thread, "None")) : Value(type_of(values[1])->name()));
  }
  return make_timezone(thread, values[0].as<TimeDelta>(), values[1]);
}

static Result<void> check_argument(Thread& thread, const char* method, Value dt) {
  if (dt.is_none() || is<DateTimeCell>(dt)) return ok;
  return raise_type_error(thread, "{}(dt) argument must be a datetime instance or None, not {!t}", method, dt);
}

static Result<Str*> timezone_str(Thread& thread, TimeZone* self) {
  if (self->name().is_present()) return self->name().as<Str>();
  if (Value(self) == utc_zone() || self->offset()->parts().is_zero()) return str_from_ascii(thread, "UTC");
  return str_concat(thread, TRY(str_from_ascii(thread, "UTC")), TRY(offset_text(thread, self->offset()->parts(), ":")));
}
static Result<Str*> timezone_repr(Thread& thread, TimeZone* self) {
  if (Value(self) == utc_zone()) return str_from_ascii(thread, "datetime.timezone.utc");
  if (self->name().is_absent()) return format_message(thread, "{!t}({!r})", Value(self), Value(self->offset()));
  return format_message(thread, "{!t}({!r}, {!r})", Value(self), Value(self->offset()), self->name());
}
static Result<i64> timezone_hash(Thread& thread, TimeZone* self) { return delta_hash(self->offset()); }
static Result<Value> timezone_eq(Thread& thread, TimeZone* self, Value value) {
  if (!is<TimeZone>(value)) return kNotImplemented;
  return Value::of_bool(self->offset()->parts() == value.as<TimeZone>()->offset()->parts());
}
static Result<Value> timezone_ne(Thread& thread, TimeZone* self, Value value) {
  if (!is<TimeZone>(value)) return kNotImplemented;
  return Value::of_bool(!(self->offset()->parts() == value.as<TimeZone>()->offset()->parts()));
}
static Result<Value> timezone_tzname(Thread& thread, TimeZone* self, Value dt) {
  TRY(check_argument(thread, "tzname", dt));
  return Value(TRY(timezone_str(thread, self)));
}
static Result<Value> timezone_utcoffset(Thread& thread, TimeZone* self, Value dt) {
  TRY(check_argument(thread, "utcoffset", dt));
  return Value(self->offset());
}
static Result<Value> timezone_dst(Thread& thread, TimeZone* self, Value dt) {
  TRY(check_argument(thread, "dst", dt));
  return kNone;
}
static Result<Value> timezone_fromutc(Thread& thread, TimeZone* self, Value dt) {
  DateTimeCell* utc = TRY(fromutc_argument(thread, Value(self), dt));
  return datetime_plus(thread, utc, self->offset()->parts(), 1);
}
static Result<Tuple*> timezone_getinitargs(Thread& thread, TimeZone* self) {
  if (self->name().is_absent()) return tuple_of(thread, Value(self->offset()));
  return tuple_of(thread, Value(self->offset()), self->name());
}

static constinit NativeDef timezone_methods[] = {
    native_raw(timezone_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<timezone_repr>("__repr__($self, /)", "Return repr(self)."),
    native<timezone_hash>("__hash__($self, /)", "Return hash(self)."),
    native<timezone_str>("__str__($self, /)", "Return str(self)."),
    native<timezone_eq>("__eq__($self, value, /)", "Return self==value."),
    native<timezone_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<timezone_tzname>(
        "tzname($self, dt, /)",
        "The name given to timezone(), or else one made from the offset.\n\nA made-up name is 'UTC' alone for a zero offset; "
        "otherwise a sign and\nHH:MM follow, as in 'UTC-03:30'. Seconds are added where needed."),
    native<timezone_utcoffset>("utcoffset($self, dt, /)", "Return fixed offset."),
    native<timezone_dst>("dst($self, dt, /)", "Return None."),
    native<timezone_fromutc>("fromutc($self, dt, /)", "datetime in UTC -> datetime in local time."),
    native<timezone_getinitargs>("__getinitargs__($self, /)", "pickle support"),
};
static Result<void> timezone_finish(Thread& thread, Type* type) {
  timezone_def.type = type;
  TimeDelta* zero = TRY(make_delta(thread, {0, 0, 0}));
  utc_root = new Root<TimeZone>(TRY(make_of<TimeZone>(thread, type, zero, Value())));
  TRY(type_set_attribute(thread, type, intern(thread, "utc"), utc_zone()));
  TimeDelta* least = TRY(make_delta(thread, {-1, 60, 0}));
  TRY(type_set_attribute(thread, type, intern(thread, "min"), Value(TRY(make_of<TimeZone>(thread, type, least, Value())))));
  TimeDelta* most = TRY(make_delta(thread, {0, 86340, 0}));
  return type_set_attribute(thread, type, intern(thread, "max"), Value(TRY(make_of<TimeZone>(thread, type, most, Value()))));
}
constinit TypeDef timezone_def = {
    .name = "datetime.timezone",
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .base = &tzinfo_def,
    .dynamic_kind = &DynamicKind<TimeZone>::value,
    .payload_size = sizeof(TimeZone),
    .methods = timezone_methods,
    .method_count = count_of(timezone_methods),
    .kind_info = kind_info_of<TimeZone>("datetime.timezone"),
    .finish = timezone_finish,
};

}  // namespace baton
