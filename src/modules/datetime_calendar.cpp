// _datetime: the proleptic Gregorian calendar, ISO weeks, and the parsing of ISO 8601 text.
#include "modules/datetime_internal.h"

namespace baton {

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int days_in_month(int year, int month) {
  static constexpr int kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month];
}
int days_before_month(int year, int month) {
  static constexpr int kBefore[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  return kBefore[month] + (month > 2 && is_leap(year));
}
static int days_before_year(int year) {
  int y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}
int ymd_to_ordinal(Ymd d) { return days_before_year(d.year) + days_before_month(d.year, d.month) + d.day; }

// Counted from the first of March of the year 0 leap days end their years: centuries, years and months come out of one division
// each, as 4 n + 3 over the days of four of them (five months have 153 days).
Ymd ordinal_to_ymd(int ordinal) {
  u32 quarters = static_cast<u32>(ordinal + 305) * 4 + 3;
  u32 century = quarters / 146097, day_of_century = quarters % 146097 / 4;
  u32 rest = day_of_century * 4 + 3, year = century * 100 + rest / 1461, day_of_year = rest % 1461 / 4;
  u32 month = (day_of_year * 5 + 2) / 153, day = day_of_year - (month * 153 + 2) / 5 + 1;
  bool next_year = month >= 10;  // January and February
  return {static_cast<int>(year + next_year), static_cast<int>(next_year ? month - 9 : month + 3), static_cast<int>(day)};
}

int iso_week1_monday(int year) {
  int first = ymd_to_ordinal({year, 1, 1});
  int weekday = (first + 6) % 7;
  int monday = first - weekday;
  return weekday > 3 ? monday + 7 : monday;  // week 1 holds the year's first Thursday
}

IsoWeek iso_week_of(Ymd d) {
  int year = d.year, today = ymd_to_ordinal(d), monday = iso_week1_monday(year);
  int week = (today - monday) / 7, day = (today - monday) % 7;
  if (today < monday) {
    --year;
    monday = iso_week1_monday(year);
    week = (today - monday) / 7;
    day = (today - monday) % 7;
  } else if (week >= 52 && today >= iso_week1_monday(year + 1)) {
    ++year;
    week = 0;
  }
  return {year, week + 1, day + 1};
}

IsoError iso_week_to_ymd(i64 year, i64 week, i64 day, Ymd* out) {
  if (year < kMinYear || year > kMaxYear) return IsoError::Year;
  int y = static_cast<int>(year);
  if (week <= 0 || week >= 53) {
    int first_weekday = weekday_of({y, 1, 1});
    bool long_year = first_weekday == 3 || (first_weekday == 2 && is_leap(y));
    if (week != 53 || !long_year) return IsoError::Week;
  }
  if (day <= 0 || day >= 8) return IsoError::Day;
  int ordinal = iso_week1_monday(y) + static_cast<int>((week - 1) * 7 + day - 1);
  *out = ordinal < 1 ? Ymd{0, 12, 31} : ordinal_to_ymd(ordinal);
  return IsoError::None;
}

// ---------------------------------------------------------------------------------------------------------------- ISO text

namespace {

// A cursor over a part of the text.
struct Cursor {
  const Str* text;
  Index at, end;
  bool done() const { return at >= end; }
  u32 peek() const { return at < end ? text->at(at) : 0; }
  bool accept(u32 c) {
    if (at >= end || text->at(at) != c) return false;
    ++at;
    return true;
  }
  // Exactly n digits.
  bool digits(int n, int* out) {
    if (end - at < n) return false;
    int v = 0;
    for (int i = 0; i < n; ++i) {
      u32 c = text->at(at + i) - '0';
      if (c > 9) return false;
      v = v * 10 + static_cast<int>(c);
    }
    at += n;
    *out = v;
    return true;
  }
};

bool is_digit_at(const Str* text, Index i) { return i < text->length() && text->at(i) - static_cast<u32>('0') <= 9; }

// HH[:?MM[:?SS[{.,}f+]]]
bool parse_clock(Cursor c, Hms* out) {
  *out = {};
  int* parts[] = {&out->hour, &out->minute, &out->second};
  bool separated = false;
  for (int i = 0; i < 3; ++i) {
    if (!c.digits(2, parts[i])) return false;
    if (i == 0) separated = c.peek() == ':';
    if (c.done()) return true;
    if (i == 2) break;
    if (separated && !c.accept(':')) return false;
    if (!separated && (c.peek() == '.' || c.peek() == ',')) return false;
  }
  if (!c.accept('.') && !c.accept(',')) return false;
  if (c.done()) return false;
  int scale = 100000;
  for (; !c.done(); ++c.at) {
    u32 digit = c.peek() - '0';
    if (digit > 9) return false;
    out->microsecond += static_cast<int>(digit) * scale;  // digits beyond the sixth are dropped
    scale /= 10;
  }
  return true;
}

}  // namespace

bool parse_iso_date(const Str* text, Index begin, Index end, Ymd* out) {
  Cursor c{text, begin, end};
  if (!c.digits(4, &out->year)) return false;
  bool separated = c.accept('-');
  if (c.accept('W')) {
    int week, day = 1;
    if (!c.digits(2, &week)) return false;
    if (!c.done()) {
      if (c.accept('-') != separated) return false;
      if (!c.digits(1, &day)) return false;
    }
    return c.done() && iso_week_to_ymd(out->year, week, day, out) == IsoError::None;
  }
  if (!c.digits(2, &out->month)) return false;
  if (c.accept('-') != separated) return false;
  return c.digits(2, &out->day) && c.done();
}

bool parse_iso_time(const Str* text, Index begin, Index end, IsoTime* out) {
  Index zone = begin;
  while (zone < end && text->at(zone) != '+' && text->at(zone) != '-' && text->at(zone) != 'Z') ++zone;
  if (!parse_clock({text, begin, zone}, &out->time)) return false;
  if (zone == end) return true;
  out->has_zone = true;
  if (text->at(zone) == 'Z') return zone + 1 == end;
  Hms offset;
  if (!parse_clock({text, zone + 1, end}, &offset)) return false;
  int sign = text->at(zone) == '-' ? -1 : 1;
  out->zone_seconds = sign * (offset.hour * 3600 + offset.minute * 60 + offset.second);
  out->zone_microseconds = sign * offset.microsecond;
  return true;
}

// Dates have 7, 8 or 10 characters; weeks make it ambiguous, and then a hyphen is preferred to a digit as separator.
Index iso_date_end(const Str* text) {
  Index n = text->length();
  if (n == 7) return 7;
  if (text->at(4) == '-') {
    if (text->at(5) != 'W') return 10;
    if (n > 8 && text->at(8) == '-') {
      if (n == 9) return -1;
      return n > 10 && is_digit_at(text, 10) ? 8 : 10;
    }
    return 8;
  }
  if (text->at(4) != 'W') return 8;
  Index i = 7;
  while (is_digit_at(text, i)) ++i;
  if (i < 9) return i;
  return i % 2 == 0 ? 7 : 8;
}

Failed raise_bad_iso(Thread& thread, Str* text) {
  return raise_value_error(thread, "Invalid isoformat string: {!r}", Value(text));
}

Result<Value> zone_of_iso(Thread& thread, const IsoTime& time) {
  if (!time.has_zone) return kNone;
  __int128 offset = static_cast<__int128>(time.zone_seconds) * 1000000 + time.zone_microseconds;
  if (offset == 0) return utc_zone();
  return make_timezone(thread, TRY(delta_of_microseconds(thread, offset)), Value());
}

}  // namespace baton
