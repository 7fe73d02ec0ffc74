// _datetime: cells and what its files share.
//
//   datetime_calendar.cpp  days, weeks and ISO text           datetime_delta.cpp  timedelta
//   datetime_zone.cpp      tzinfo, timezone, calls of zones   datetime_date.cpp   date
//   datetime_time.cpp      time                               datetime_datetime.cpp datetime
//   datetime_text.cpp      arguments, strftime, timestamps    (the module is at the end of datetime_datetime.cpp)
#pragma once
#include "objects/bytes.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

inline constexpr int kMinYear = 1, kMaxYear = 9999, kMaxOrdinal = 3652059;
inline constexpr i64 kMaxDeltaDays = 999999999, kSecondsPerDay = 86400;
inline constexpr i64 kEpochSeconds = i64{719163} * kSecondsPerDay;  // 1970-01-01 in seconds since the day before year 1

// ---- plain values
struct Ymd {
  int year, month, day;
};
struct Hms {
  int hour, minute, second, microsecond;
};
struct DeltaParts {  // normalised: 0 <= seconds < 86400, 0 <= microseconds < 10**6
  int days, seconds, microseconds;
  bool is_zero() const { return !days && !seconds && !microseconds; }
  friend bool operator==(const DeltaParts&, const DeltaParts&) = default;
  __int128 total() const { return (static_cast<__int128>(days) * kSecondsPerDay + seconds) * 1000000 + microseconds; }
};

// ---- cells
class TimeDelta final : public Cell {
 public:
  void init(DeltaParts parts) {
    parts_ = parts;
    hash_ = -1;
  }
  const DeltaParts& parts() const { return parts_; }
  DeltaParts parts_;
  i64 hash_;  // -1: not computed
};

class TzInfo final : public Cell {  // base of Python's zone classes
 public:
  void init() {}
};

class TimeZone final : public Cell {
 public:
  void init(TimeDelta* offset, Value name) {
    offset_.init(offset);
    name_.init(name);
  }
  TimeDelta* offset() const { return offset_.get(); }
  Value name() const { return name_.get(); }  // absent: none given
  void visit_edges(EdgeVisitor& visit) const { visit(offset_, name_); }
  Field<TimeDelta> offset_;
  Field<Value> name_;
};

// A day and a time of the day in one word, the larger units in higher bits: its order is that of time. The lowest bit is PEP
// 495's fold.
class PackedMoment {
 public:
  PackedMoment() = default;
  PackedMoment(Ymd d, Hms t, int fold) {
    u64 day = (static_cast<u64>(d.year) << 4 | static_cast<u64>(d.month)) << 5 | static_cast<u64>(d.day);
    u64 second = (static_cast<u64>(t.hour) << 6 | static_cast<u64>(t.minute)) << 6 | static_cast<u64>(t.second);
    bits_ = ((day << 17 | second) << 20 | static_cast<u64>(t.microsecond)) << 1 | static_cast<u64>(fold != 0);
  }
  Ymd ymd() const { return {field(47, 14), field(43, 4), field(38, 5)}; }
  Hms hms() const { return {field(33, 5), field(27, 6), field(21, 6), field(1, 20)}; }
  int fold() const { return field(0, 1); }
  void set_fold(int fold) { bits_ = (bits_ & ~u64{1}) | static_cast<u64>(fold != 0); }
  u64 order() const { return bits_ >> 1; }       // without the fold
  u64 day_order() const { return bits_ >> 38; }  // without the time

 private:
  int field(int shift, int width) const { return static_cast<int>(bits_ >> shift & ((u64{1} << width) - 1)); }
  u64 bits_;
};

class DateCell : public Cell {  // date; the first part of datetime
 public:
  void init(Ymd d) { init_moment(PackedMoment(d, {}, 0)); }
  Ymd ymd() const { return moment_.ymd(); }
  PackedMoment moment_;
  i64 hash_;

 protected:
  void init_moment(PackedMoment moment) {
    moment_ = moment;
    hash_ = -1;
  }
};

class DateTimeCell final : public DateCell {
 public:
  void init(Ymd d, Hms t, Value tzinfo, int fold) {
    init_moment(PackedMoment(d, t, fold));
    tzinfo_.init(tzinfo);
  }
  Hms hms() const { return moment_.hms(); }
  Value tzinfo() const { return tzinfo_.get(); }  // None or a tzinfo
  int fold() const { return moment_.fold(); }
  void visit_edges(EdgeVisitor& visit) const { visit(tzinfo_); }
  Field<Value> tzinfo_;
};

class TimeCell final : public Cell {
 public:
  void init(Hms t, Value tzinfo, int fold) {
    moment_ = PackedMoment({}, t, fold);
    hash_ = -1;
    tzinfo_.init(tzinfo);
  }
  Hms hms() const { return moment_.hms(); }
  Value tzinfo() const { return tzinfo_.get(); }
  int fold() const { return moment_.fold(); }
  void visit_edges(EdgeVisitor& visit) const { visit(tzinfo_); }
  PackedMoment moment_;
  i64 hash_;
  Field<Value> tzinfo_;
};

extern TypeDef timedelta_def, tzinfo_def, timezone_def, date_def, datetime_def, time_def, iso_calendar_def;

inline bool is_date(Value v) { return is<DateCell>(v) || is<DateTimeCell>(v); }
inline DateCell* as_date(Value v) { return v.as<DateCell>(); }
inline bool is_tzinfo(Value v) { return is_instance_of_type(v, tzinfo_def.type); }

// Rows of date apply to datetimes too.
struct DateSelf {
  DateCell* cell;
  Ymd ymd() const { return cell->ymd(); }
  Value value() const { return Value(cell); }
};
template <>
struct Converter<DateSelf> {
  static bool convert(Thread& thread, NativeDef const& def, u32, Value v, DateSelf* out) {
    if (is_date(v)) [[likely]] {
      out->cell = as_date(v);
      return true;
    }
    (void)raise_self_type_error(thread, def, v);
    return false;
  }
};

// ---- calendar
bool is_leap(int year);
int days_in_month(int year, int month);
int days_before_month(int year, int month);
int ymd_to_ordinal(Ymd d);
Ymd ordinal_to_ymd(int ordinal);
inline int weekday_of(Ymd d) { return (ymd_to_ordinal(d) + 6) % 7; }  // Monday: 0
int iso_week1_monday(int year);                                       // its ordinal
struct IsoWeek {
  int year, week, weekday;
};
IsoWeek iso_week_of(Ymd d);
enum class IsoError : u8 { None, Year, Week, Day };
IsoError iso_week_to_ymd(i64 year, i64 week, i64 day, Ymd* out);

// ---- ISO text. False: not in the format.
bool parse_iso_date(const Str* text, Index begin, Index end, Ymd* out);
struct IsoTime {
  Hms time{};
  bool has_zone = false;
  i64 zone_seconds = 0;
  int zone_microseconds = 0;  // with the sign of the offset
};
bool parse_iso_time(const Str* text, Index begin, Index end, IsoTime* out);
Index iso_date_end(const Str* text);  // where the date part of a datetime's text ends
Failed raise_bad_iso(Thread& thread, Str* text);
Result<Value> zone_of_iso(Thread& thread, const IsoTime& time);  // None or a timezone

// ---- construction with checks
Result<void> check_date(Thread& thread, i64 year, i64 month, i64 day);
Result<void> check_time(Thread& thread, Hms t, int fold);
Result<void> check_tzinfo(Thread& thread, Value v);
// Instances of exactly these types, or by calling `type` with the fields if it is a subclass.
Result<Value> new_date_of(Thread& thread, Type* type, Ymd d);
Result<Value> new_datetime_of(Thread& thread, Type* type, Ymd d, Hms t, Value tzinfo, int fold);
Result<Value> new_time_of(Thread& thread, Type* type, Hms t, Value tzinfo, int fold);
// Without the call: subclasses are only allocated.
Result<Value> make_date(Thread& thread, Type* type, Ymd d);
Result<Value> make_datetime(Thread& thread, Type* type, Ymd d, Hms t, Value tzinfo, int fold);
Result<Value> make_time(Thread& thread, Type* type, Hms t, Value tzinfo, int fold);

// Arguments of the constructors and of replace(). "function missing required argument 'year' (pos 1)" and friends.
struct ArgumentNames {
  const char* function;  // null: "function"
  const char* const* names;
  int count, required, max_positional;
};
Result<void> parse_named(Thread& thread, const ArgumentNames& names, Value const* args, usize n, Tuple* kwnames, Value* out);
// The first three arguments of the constructors: converted in order, a missing one is reported when its turn comes.
Result<void> required_ints(Thread& thread, const char* const* names, const Value* values, int* out);
Result<int> int_argument(Thread& thread, Value v, int fallback);

// ---- timedelta
Result<DeltaParts> normalise_delta(Thread& thread, __int128 microseconds);
Result<TimeDelta*> make_delta(Thread& thread, DeltaParts parts);
Result<TimeDelta*> delta_of_microseconds(Thread& thread, __int128 microseconds);
i64 delta_hash(TimeDelta* d);

// ---- zones
Value utc_zone();
Result<Value> make_timezone(Thread& thread, TimeDelta* offset, Value name);
Result<Str*> offset_text(Thread& thread, DeltaParts offset, const char* separator);
// What zone.utcoffset(argument) and dst answer, checked: kNone or a TimeDelta. zone may be None.
Result<Value> call_utcoffset(Thread& thread, Value zone, Value argument);
Result<Value> call_dst(Thread& thread, Value zone, Value argument);
Result<Value> call_tzname(Thread& thread, Value zone, Value argument);  // kNone or a Str

// ---- datetime
Result<Value> datetime_plus(Thread& thread, DateTimeCell* self, DeltaParts delta, int factor);
Result<TimeDelta*> datetime_difference(Thread& thread, DateTimeCell* left, DateTimeCell* right);  // both naive or both aware
Result<void> normalise_datetime(Thread& thread, i64 ordinal, i64 microseconds_of_day, Ymd* d,
                                Hms* t);  // OverflowError "date value out of range"

// ---- text
Result<Value> call_time_module(Thread& thread, const char* function, const Value* args, usize n);
Result<Value> struct_time_of(Thread& thread, Ymd d, Hms t, int dst);
Result<Value> wrap_strftime(Thread& thread, Value object, Str* format, Value timetuple, Value zone_argument);
Result<Value> format_with_strftime(Thread& thread, Value self, Value format);
Result<Str*> time_text(Thread& thread, Hms t, Value timespec_or_absent);
Result<Str*> ctime_text(Thread& thread, Ymd d, Hms t);
void append_number(StrBuilder& out, i64 value, int width);
// append ", name=repr" to the text of an object that ends in ')'.
Result<Str*> append_keyword_repr(Thread& thread, Str* text, const char* name, Value value);

// ---- clocks
enum class Rounding : u8 { Floor, HalfEven };
struct Instant {
  i64 seconds;
  int microseconds;
};
Result<Instant> timestamp_of(Thread& thread, Value v, Rounding rounding);
struct BrokenTime {
  i64 year;
  int month, day, hour, minute, second;
  i64 offset;
  char zone[64];
};
Result<BrokenTime> broken_time(Thread& thread, i64 seconds, bool local);
// The local time shown at that moment, both as seconds since year 1.
Result<i64> local_seconds(Thread& thread, i64 seconds);
Result<i64> local_to_seconds(Thread& thread, Ymd d, Hms t, int fold);  // seconds since year 1 of a local time, as UTC
i64 fields_to_seconds(Ymd d, Hms t);
Result<Value> local_timezone_at(Thread& thread, i64 unix_seconds);

}  // namespace baton
