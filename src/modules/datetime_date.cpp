// _datetime: date, and the named tuple of isocalendar().
#include "base/siphash.h"
#include "modules/datetime_internal.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

Result<void> check_date(Thread& thread, i64 year, i64 month, i64 day) {
  if (year < kMinYear || year > kMaxYear) return raise_value_error(thread, "year {} is out of range", year);
  if (month < 1 || month > 12) return raise_value_error(thread, "month must be in 1..12");
  if (day < 1 || day > days_in_month(static_cast<int>(year), static_cast<int>(month)))
    return raise_value_error(thread, "day is out of range for month");
  return ok;
}

Result<Value> make_date(Thread& thread, Type* type, Ymd d) {
  TRY(check_date(thread, d.year, d.month, d.day));
  return TRY(make_of<DateCell>(thread, type, d));
}

Result<Value> new_date_of(Thread& thread, Type* type, Ymd d) {
  if (type == date_def.type) return make_date(thread, type, d);
  if (type == datetime_def.type) return make_datetime(thread, type, d, {}, kNone, 0);
  return call(thread, Value(type), Value::of_small_int(d.year), Value::of_small_int(d.month), Value::of_small_int(d.day));
}

// ---------------------------------------------------------------------------------------------------------------- construction

static constexpr const char* kDateNames[] = {"year", "month", "day"};

// The four bytes of pickled state, perhaps as text that was read as latin-1. Absent: these are not state.
static Result<bool> pickled_state(Thread& thread, Value v, u8 (&out)[4]) {
  if (is<Bytes>(v) && v.as<Bytes>()->length() == 4) {
    for (int i = 0; i < 4; ++i) out[i] = v.as<Bytes>()->data()[i];
  } else if (is<Str>(v) && v.as<Str>()->length() == 4) {
    Str* s = v.as<Str>();
    if (s->at(2) < 1 || s->at(2) > 12) return false;
    for (int i = 0; i < 4; ++i) {
      if (s->at(i) > 255) {
        return raise_value_error(
            thread,
            "Failed to encode latin1 string when unpickling a date object. pickle.load(data, encoding='latin1') is assumed.");
      }
      out[i] = static_cast<u8>(s->at(i));
    }
  } else {
    return false;
  }
  return out[2] >= 1 && out[2] <= 12;
}

static Result<Value> date_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, date_def.type));
  u8 state[4];
  if (n == 2 && !kwnames && TRY(pickled_state(thread, args[1], state)))
    return TRY(make_of<DateCell>(thread, type, Ymd{state[0] * 256 + state[1], state[2], state[3]}));
  Value values[3];
  TRY(parse_named(thread, {nullptr, kDateNames, 3, 0, 3}, args + 1, n - 1, kwnames, values));
  int f[3];
  TRY(required_ints(thread, kDateNames, values, f));
  return make_date(thread, type, {f[0], f[1], f[2]});
}

static Result<Value> date_fromtimestamp(Thread& thread, Type* type, Value timestamp) {
  Instant instant = TRY(timestamp_of(thread, timestamp, Rounding::Floor));
  BrokenTime local = TRY(broken_time(thread, instant.seconds, true));
  TRY(check_date(thread, local.year, local.month, local.day));
  return new_date_of(thread, type, {static_cast<int>(local.year), local.month, local.day});
}
static Result<Value> date_today(Thread& thread, Type* type) {
  Value now = TRY(call_time_module(thread, "time", nullptr, 0));
  return call_method(thread, Value(type), intern(thread, "fromtimestamp"), now);
}
static Result<Value> date_fromordinal(Thread& thread, Type* type, int ordinal) {
  if (ordinal < 1) return raise_value_error(thread, "ordinal must be >= 1");
  Ymd d = ordinal_to_ymd(ordinal);
  TRY(check_date(thread, d.year, d.month, d.day));
  return new_date_of(thread, type, d);
}
static Result<Value> date_fromisoformat(Thread& thread, Type* type, Value text) {
  if (!is<Str>(text)) return raise_type_error(thread, "fromisoformat: argument must be str");
  Str* s = text.as<Str>();
  Ymd d;
  Index n = s->length();
  if ((n != 7 && n != 8 && n != 10) || !parse_iso_date(s, 0, n, &d)) return raise_bad_iso(thread, s);
  TRY(check_date(thread, d.year, d.month, d.day));
  return new_date_of(thread, type, d);
}

static Result<i64> iso_component(Thread& thread, Value v) {
  i64 n;
  if (!int_to_i64(TRY(to_index(thread, v)), &n) || n > INT32_MAX || n < INT32_MIN)
    return raise_value_error(thread, "ISO calendar component out of range");
  return n;
}
static Result<Value> date_fromisocalendar(Thread& thread, Type* type, Value year_value, Value week_value, Value day_value) {
  i64 year = TRY(iso_component(thread, year_value)), week = TRY(iso_component(thread, week_value)),
      day = TRY(iso_component(thread, day_value));
  Ymd d;
  switch (iso_week_to_ymd(year, week, day, &d)) {
    case IsoError::Year: return raise_value_error(thread, "Year is out of range: {}", year);
    case IsoError::Week: return raise_value_error(thread, "Invalid week: {}", week);
    case IsoError::Day: return raise_value_error(thread, "Invalid day: {} (range is [1, 7])", day);
    case IsoError::None: break;
  }
  TRY(check_date(thread, d.year, d.month, d.day));
  return new_date_of(thread, type, d);
}

// ---------------------------------------------------------------------------------------------------------------- arithmetic

static Result<Value> date_plus(Thread& thread, DateCell* self, TimeDelta* delta, int factor) {
  i64 ordinal = ymd_to_ordinal(self->ymd()) + i64{factor} * delta->parts().days;
  if (ordinal < 1 || ordinal > kMaxOrdinal) return raise_overflow_error(thread, "date value out of range");
  return new_date_of(thread, type_of(Value(self)), ordinal_to_ymd(static_cast<int>(ordinal)));
}
static Result<Value> date_add(Thread& thread, DateSelf self, Value value) {
  if (is<DateTimeCell>(self.value()) || !is<TimeDelta>(value)) return kNotImplemented;
  return date_plus(thread, self.cell, value.as<TimeDelta>(), 1);
}
static Result<Value> days_between(Thread& thread, Ymd a, Ymd b) {
  return TRY(make_delta(thread, {ymd_to_ordinal(a) - ymd_to_ordinal(b), 0, 0}));
}
static Result<Value> date_sub(Thread& thread, DateSelf self, Value value) {
  if (is<DateTimeCell>(self.value())) return kNotImplemented;
  if (is<DateCell>(value)) return days_between(thread, self.ymd(), as_date(value)->ymd());
  if (is<TimeDelta>(value)) return date_plus(thread, self.cell, value.as<TimeDelta>(), -1);
  return kNotImplemented;
}
static Result<Value> date_rsub(Thread& thread, DateSelf self, Value value) {
  if (is<DateTimeCell>(self.value()) || !is<DateCell>(value)) return kNotImplemented;
  return days_between(thread, as_date(value)->ymd(), self.ymd());
}

template <CompareOp op>
static Result<Value> date_compare(Thread& thread, DateSelf self, Value value) {
  if (!is_date(value)) return kNotImplemented;
  u64 a = self.cell->moment_.day_order(), b = as_date(value)->moment_.day_order();
  return Value::of_bool(compare_indexes(op, a < b ? -1 : a > b, 0));
}

static Result<i64> date_hash(Thread& thread, DateSelf self) {
  DateCell* d = self.cell;
  if (d->hash_ == -1) {
    Ymd at = d->ymd();
    u8 packed[4] = {static_cast<u8>(at.year >> 8), static_cast<u8>(at.year), static_cast<u8>(at.month), static_cast<u8>(at.day)};
    d->hash_ = raw_bytes_hash(packed, sizeof packed);
  }
  return d->hash_;
}

// ---------------------------------------------------------------------------------------------------------------- text and the
// rest

static Result<Str*> date_repr(Thread& thread, DateSelf self) {
  Ymd d = self.ymd();
  return format_message(thread, "{!t}({}, {}, {})", self.value(), d.year, d.month, d.day);
}
static Result<Str*> iso_date_text(Thread& thread, Ymd d) {
  StrBuilder out;
  append_number(out, d.year, 4);
  out.append('-');
  append_number(out, d.month, 2);
  out.append('-');
  append_number(out, d.day, 2);
  return out.build(thread);
}
static Result<Str*> date_isoformat(Thread& thread, DateSelf self) { return iso_date_text(thread, self.ymd()); }
static Result<Value> date_str(Thread& thread, DateSelf self) {
  return call_method(thread, self.value(), intern(thread, "isoformat"));
}
static Result<Str*> date_ctime(Thread& thread, DateSelf self) { return ctime_text(thread, self.ymd(), {}); }

static Result<Value> date_strftime(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  static constexpr const char* kNames[] = {"format"};
  Value format[1];
  TRY(parse_named(thread, {"strftime", kNames, 1, 1, 1}, args + 1, n - 1, kwnames, format));
  if (!is<Str>(format[0])) return raise_type_error(thread, "strftime() argument 1 must be str, not {!a}", format[0]);
  Value timetuple = TRY(call_method(thread, args[0], intern(thread, "timetuple")));
  return wrap_strftime(thread, args[0], format[0].as<Str>(), timetuple, args[0]);
}
static Result<Value> date_format(Thread& thread, DateSelf self, Value format) {
  return format_with_strftime(thread, self.value(), format);
}
static Result<Value> date_timetuple(Thread& thread, DateSelf self) { return struct_time_of(thread, self.ymd(), {}, -1); }
// A tuple that is not an exact one.
static Result<Value> new_iso_tuple(Thread& thread, Type* type, const Value* items) {
  Tuple* tuple = TRY(make_of<Tuple>(thread, type, items, Index{3}));
  tuple->set_kind_word(kKindTuple | kSubclassBit);
  return Value(tuple);
}
static Result<Value> date_isocalendar(Thread& thread, DateSelf self) {
  IsoWeek w = iso_week_of(self.ymd());
  Value items[] = {Value::of_small_int(w.year), Value::of_small_int(w.week), Value::of_small_int(w.weekday)};
  return new_iso_tuple(thread, TRY(type_from_def(thread, iso_calendar_def)), items);
}
static Result<int> date_isoweekday(Thread& thread, DateSelf self) { return weekday_of(self.ymd()) + 1; }
static Result<int> date_weekday(Thread& thread, DateSelf self) { return weekday_of(self.ymd()); }
static Result<int> date_toordinal(Thread& thread, DateSelf self) { return ymd_to_ordinal(self.ymd()); }

static Result<Value> date_replace(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value values[3];
  TRY(parse_named(thread, {"replace", kDateNames, 3, 0, 3}, args + 1, n - 1, kwnames, values));
  Ymd d = as_date(args[0])->ymd();
  d.year = TRY(int_argument(thread, values[0], d.year));
  d.month = TRY(int_argument(thread, values[1], d.month));
  d.day = TRY(int_argument(thread, values[2], d.day));
  return make_date(thread, type_of(args[0]), d);
}
static Result<Value> date_reduce(Thread& thread, DateSelf self) {
  Ymd d = self.ymd();
  u8 state[] = {static_cast<u8>(d.year >> 8), static_cast<u8>(d.year), static_cast<u8>(d.month), static_cast<u8>(d.day)};
  Value bytes = Value(TRY(bytes_from(thread, state, 4)));
  return TRY(tuple_of(thread, Value(type_of(self.value())), Value(TRY(tuple_of(thread, bytes)))));
}

static Result<Value> date_year(Thread& thread, Value self) { return Value::of_small_int(as_date(self)->ymd().year); }
static Result<Value> date_month(Thread& thread, Value self) { return Value::of_small_int(as_date(self)->ymd().month); }
static Result<Value> date_day(Thread& thread, Value self) { return Value::of_small_int(as_date(self)->ymd().day); }

static constinit GetSetDef date_getsets[] = {
    {"year", date_year, nullptr, nullptr}, {"month", date_month, nullptr, nullptr}, {"day", date_day, nullptr, nullptr}};
static constinit NativeDef date_methods[] = {
    native_raw(date_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<date_repr>("__repr__($self, /)", "Return repr(self)."),
    native<date_hash>("__hash__($self, /)", "Return hash(self)."),
    native<date_str>("__str__($self, /)", "Return str(self)."),
    native<date_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<date_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<date_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<date_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<date_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<date_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<date_add>("__add__($self, value, /)", "Return self+value."),
    native<date_add>("__radd__($self, value, /)", "Return value+self."),
    native<date_sub>("__sub__($self, value, /)", "Return self-value."),
    native<date_rsub>("__rsub__($self, value, /)", "Return value-self."),
    native<date_fromtimestamp>(
        "fromtimestamp($type, timestamp, /)",
        "The local date at a moment given in seconds since the epoch.\n\ntimestamp may be an int or a float, such as time.time() "
        "returns. Moments\nthe platform can't represent raise OverflowError, ValueError or OSError."),
    native_tuple<date_fromordinal>("fromordinal($type, ordinal, /)",
                                   "int -> date corresponding to a proleptic Gregorian ordinal."),
    native<date_fromisoformat>("fromisoformat($type, string, /)", "str -> Construct a date from a string in ISO 8601 format."),
    native<date_fromisocalendar>("fromisocalendar($type, year, week, day)",
                                 "The date that falls on a day of an ISO 8601 week.\n\nTakes what isocalendar() gives: year, "
                                 "week and day (1 is Monday). Numbers\nout of range raise ValueError."),
    native<date_today>("today($type, /)",
                       "Today according to the local clock.\n\nCalls fromtimestamp() of the class with the current time, so a "
                       "subclass\n(datetime is one) gets an instance of its own."),
    native<date_ctime>("ctime($self, /)", "Return ctime() style string."),
    native_raw(date_strftime, "strftime($self, /, format)", "format -> strftime() style string."),
    native_tuple<date_format>("__format__($self, format, /)", "Formats self with strftime."),
    native<date_timetuple>("timetuple($self, /)", "Return time tuple, compatible with time.localtime()."),
    native<date_isocalendar>("isocalendar($self, /)",
                             "The date in the ISO 8601 week calendar: year, week and weekday.\n\nThese are the names of the "
                             "result's fields too; weekday 1 is Monday."),
    native<date_isoformat>("isoformat($self, /)", "Return string in ISO 8601 format, YYYY-MM-DD."),
    native<date_isoweekday>("isoweekday($self, /)", "Number of the weekday, from 1 for Monday to 7 for Sunday."),
    native<date_toordinal>("toordinal($self, /)",
                           "Count of days up to this date, with 0001-01-01 as number 1.\n\nThe Gregorian calendar is taken to "
                           "have applied all along."),
    native<date_weekday>("weekday($self, /)", "Number of the weekday, from 0 for Monday to 6 for Sunday."),
    native_raw(date_replace, "replace($self, /, year, month, day)", "Return date with new specified fields."),
    native<date_reduce>("__reduce__($self, /)", "__reduce__() -> (cls, state)"),
};
static Result<void> date_finish(Thread& thread, Type* type) {
  date_def.type = type;
  TRY(type_set_attribute(thread, type, intern(thread, "min"), TRY(make_date(thread, type, {1, 1, 1}))));
  TRY(type_set_attribute(thread, type, intern(thread, "max"), TRY(make_date(thread, type, {9999, 12, 31}))));
  return type_set_attribute(thread, type, intern(thread, "resolution"), Value(TRY(make_delta(thread, {1, 0, 0}))));
}
constinit TypeDef date_def = {
    .name = "datetime.date",
    .doc = "date(year, month, day) --> date object",
    .dynamic_kind = &DynamicKind<DateCell>::value,
    .payload_size = sizeof(DateCell),
    .flags = kTypeComparesQuietly | kTypeSubclassable,
    .methods = date_methods,
    .method_count = count_of(date_methods),
    .getsets = date_getsets,
    .getset_count = 3,
    .kind_info = {.name = "datetime.date"},
    .finish = date_finish,
};

// ----------------------------------------------------------------------------------------------------------------
// IsoCalendarDate

static Result<Value> iso_new(Thread& thread, Type* type, Value year, Value week, Value weekday) {
  Value items[] = {year, week, weekday};
  return new_iso_tuple(thread, type, items);
}
static Result<Str*> iso_repr(Thread& thread, Tuple* self) {
  return format_message(thread, "{!t}(year={!r}, week={!r}, weekday={!r})", Value(self), self->at(0), self->at(1), self->at(2));
}
static Result<Value> iso_reduce(Thread& thread, Tuple* self) {
  Value items[] = {self->at(0), self->at(1), self->at(2)};
  Value plain = Value(TRY(make_tuple(thread, items, 3)));
  return TRY(tuple_of(thread, Value(types.tuple), Value(TRY(tuple_of(thread, plain)))));
}
template <int i>
static Result<Value> iso_item(Thread& thread, Value self) {
  return self.as<Tuple>()->at(i);
}
static constinit GetSetDef iso_getsets[] = {
    {"year", iso_item<0>, nullptr, nullptr}, {"week", iso_item<1>, nullptr, nullptr}, {"weekday", iso_item<2>, nullptr, nullptr}};
static constinit NativeDef iso_methods[] = {
    native<iso_new>("__new__(type, year, week, weekday)", "Make an instance; the class's own help describes the arguments."),
    native<iso_repr>("__repr__($self, /)", "Return repr(self)."),
    native<iso_reduce>("__reduce__($self, /)"),
};
extern TypeDef tuple_def;
constinit TypeDef iso_calendar_def = {
    .name = "datetime.IsoCalendarDate",
    .doc =
        "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed either as a tuple of\n  "
        "((year, week, weekday))\nor via the "
        "object attributes as named in the above tuple.",
    .base = &tuple_def,
    .flags = kTypeIsTuple,
    .methods = iso_methods,
    .method_count = count_of(iso_methods),
    .getsets = iso_getsets,
    .getset_count = 3,
};

}  // namespace baton
