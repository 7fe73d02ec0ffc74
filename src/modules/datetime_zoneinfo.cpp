// _zoneinfo: ZoneInfo, time zones of the IANA database.
//
// A file is found and taken apart by the library's zoneinfo._tzpath and zoneinfo._common. Here are the caches of zones, and what
// is asked of a zone for each datetime: which of its offsets is in force, found by bisection among the transitions, or by the
// rules of a POSIX TZ string for what comes after the last one.
#include <cstdlib>
#include <cstring>

#include "modules/datetime_internal.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

static constexpr i64 kEpochOrdinal = 719163, kHour = 3600;
static constexpr int kStrongCacheSize = 8;

namespace {
// When a rule's change happens in a year, in seconds of local time since the epoch.
struct YearRule {
  enum Kind : u8 { MonthWeekDay, DayWithoutLeap, Day } kind = Day;
  int month = 0, week = 0, day = 0;
  i64 time = 2 * kHour;

  i64 in_year(int year) const {
    i64 first = ymd_to_ordinal({year, 1, 1}) - kEpochOrdinal;
    i64 days;
    if (kind == MonthWeekDay) {
      // The week counts the days of that name in the month; the fifth is the last.
      int first_weekday = static_cast<int>((ymd_to_ordinal({year, month, 1})) % 7);  // Sunday: 0
      int at = 1 + (day - first_weekday + 7) % 7 + (week - 1) * 7;
      while (at > days_in_month(year, month)) at -= 7;
      days = ymd_to_ordinal({year, month, at}) - kEpochOrdinal;
    } else if (kind == DayWithoutLeap) {
      days = first + day - 1 + (day >= 59 && is_leap(year));
    } else {
      days = first + day - 1;  // as CPython counts: day 0 is the last of the year before
    }
    return days * kSecondsPerDay + time;
  }
};

// The numbers of a zone; the objects of its offsets are in ZoneInfo::infos_.
struct ZoneTable {
  enum After : u8 { Nothing, Fixed, Rules };
  u32 transition_count = 0, info_count = 0;  // infos of the file; those of the TZ string follow
  i64* utc = nullptr;                        // transition_count times, then wall[0] and wall[1]
  u32* info_of = nullptr;                    // by transition
  i64* offset = nullptr;                     // of infos, the string's included
  i32 before = -1;                           // info in force before the first transition; -1: none
  After after = Nothing;
  bool is_fixed = false;
  u32 after_info = 0;  // Fixed; with Rules the standard one, the other follows it
  YearRule start, end;

  i64* wall(int fold) const { return utc + static_cast<usize>(transition_count) * static_cast<usize>(fold + 1); }
  static void free_table(ZoneTable* t) {
    if (!t) return;
    free(t->utc);
    free(t->info_of);
    free(t->offset);
    free(t);
  }
};

struct TzString {
  std::string_view standard, daylight;  // names; daylight empty: none
  i64 standard_offset = 0, daylight_offset = 0;
  YearRule start, end;
};

class ZoneInfo final : public Cell {
 public:
  void init() {
    key_.init(kNone);
    file_repr_.init(kNone);
    infos_.init(nullptr);
    table_ = nullptr;
    from_cache_ = false;
    from_file_ = false;
  }
  void finalize_native() { ZoneTable::free_table(table_); }
  void visit_edges(EdgeVisitor& visit) const { visit(key_, file_repr_, infos_); }
  Field<Value> key_, file_repr_;
  Field<Tuple> infos_;  // offset, dst, name of each info
  ZoneTable* table_;
  bool from_cache_, from_file_;
};
enum InfoPart { kOffset, kDst, kName };
}  // namespace

static TypeDef* zone_def();
static Root<Value>* weak_cache = nullptr;  // of ZoneInfo itself; subclasses have an attribute _weak_cache
static Root<Dict>* strong_cache = nullptr;

// ---------------------------------------------------------------------------------------------------------------- TZ strings

namespace {
class TzParser {
 public:
  explicit TzParser(std::string_view text) : text_(text) {}
  // Null, or what is wrong with the text (in front of the text itself).
  const char* parse(TzString* out) {
    if (!name(&out->standard)) return "Invalid STD format in";
    if (!offset(&out->standard_offset)) return "Invalid STD offset in";
    if (at_ == text_.size()) return nullptr;
    if (!name(&out->daylight)) return "Invalid DST format in";
    out->daylight_offset = out->standard_offset + kHour;
    if ((at_ == text_.size() || text_[at_] != ',') && !offset(&out->daylight_offset)) return "Invalid DST offset in";
    for (YearRule* r : {&out->start, &out->end}) {
      if (!take(',')) return "Missing transition rules in TZ string:";
      if (!rule(r)) return "Malformed transition rule in TZ string:";
    }
    return at_ == text_.size() ? nullptr : "Extraneous characters at end of TZ string:";
  }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool name(std::string_view* out) {
    usize begin = at_;
    if (take('<')) {
      begin = at_;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '+' || text_[at_] == '-'))
        ++at_;
      *out = text_.substr(begin, at_ - begin);
      return !out->empty() && take('>');
    }
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    *out = text_.substr(begin, at_ - begin);
    return !out->empty();
  }
  bool number(usize most_digits, usize least_digits, int* out) {
    usize n = 0;
    *out = 0;
    for (; n < most_digits && at_ < text_.size() && is_digit(text_[at_]); ++n) *out = *out * 10 + (text_[at_++] - '0');
    return n >= least_digits;
  }
  // [+-]h[hh][:mm[:ss]]
  bool time(int most_hours, i64* out) {
    bool negative = take('-');
    if (!negative) take('+');
    int h, m = 0, s = 0;
    if (!number(3, 1, &h) || h > most_hours) return false;
    if (take(':')) {
      if (!number(2, 2, &m) || m > 59) return false;
      if (take(':') && (!number(2, 2, &s) || s > 59)) return false;
    }
    *out = h * kHour + m * 60 + s;
    if (negative) *out = -*out;
    return true;
  }
  bool offset(i64* out) {  // POSIX counts to the west
    if (!time(24, out) || *out > kSecondsPerDay || *out < -kSecondsPerDay) return false;
    *out = -*out;
    return true;
  }
  bool rule(YearRule* out) {
    if (take('M')) {
      out->kind = YearRule::MonthWeekDay;
      if (!number(2, 1, &out->month) || !take('.') || !number(1, 1, &out->week) || !take('.') || !number(1, 1, &out->day))
        return false;
      if (out->month < 1 || out->month > 12 || out->week < 1 || out->week > 5 || out->day > 6) return false;
    } else {
      out->kind = take('J') ? YearRule::DayWithoutLeap : YearRule::Day;
      if (!number(3, 1, &out->day) || out->day > 365 || (out->kind == YearRule::DayWithoutLeap && out->day < 1)) return false;
    }
    return !take('/') || time(167, &out->time);
  }
  std::string_view text_;
  usize at_ = 0;
};
}  // namespace

// ---------------------------------------------------------------------------------------------------------------- loading

static Result<Value> delta_of_seconds(Thread& thread, i64 seconds) {
  return Value(TRY(delta_of_microseconds(thread, static_cast<__int128>(seconds) * 1000000)));
}
static Result<i64> int_at(Thread& thread, Tuple* items, Index i) {
  i64 n;
  Value exact = i < items->length() ? int_exact(items->at(i)) : Value();
  if (exact.is_absent() || !int_to_i64(exact, &n)) return raise_value_error(thread, "malformed time zone data");
  return n;
}
static Result<Tuple*> tuple_at(Thread& thread, Tuple* parts, Index i) { return tuple_from_iterable(thread, parts->at(i)); }

// How far each daylight saving offset is from the standard one that it replaces: compared with the offset before a transition to
// it, else with the one after it. An hour where that tells nothing.
static void find_dst(const ZoneTable& t, const i64* utc_offset, const bool* is_dst, i64* dst) {
  for (u32 i = 1; i < t.transition_count; ++i) {
    u32 info = t.info_of[i];
    if (!is_dst[info] || dst[info] != 0) continue;
    u32 before = t.info_of[i - 1];
    i64 difference = is_dst[before] ? 0 : utc_offset[info] - utc_offset[before];
    if (difference == 0 && info + 1 < t.info_count && i + 1 < t.transition_count) {
      u32 after = t.info_of[i + 1];
      if (!is_dst[after]) difference = utc_offset[info] - utc_offset[after];
    }
    dst[info] = difference;
  }
  for (u32 i = 0; i < t.info_count; ++i)
    if (is_dst[i] && dst[i] == 0) dst[i] = kHour;
}

// In local time a transition happens at two moments, by the clock before and by the one after it: a datetime of fold 0 has passed
// it at the later of them, one of fold 1 at the earlier.
static void find_wall_times(ZoneTable& t) {
  for (u32 i = 0; i < t.transition_count; ++i) {
    i64 before = i ? t.offset[t.info_of[i - 1]] : t.offset[0], after = t.info_count > 1 ? t.offset[t.info_of[i]] : t.offset[0];
    t.wall(0)[i] = t.utc[i] + (before > after ? before : after);
    t.wall(1)[i] = t.utc[i] + (before > after ? after : before);
  }
}

static Result<void> add_info(Thread& thread, List* infos, i64 offset, i64 dst, Value name) {
  TRY(list_append(thread, infos, TRY(delta_of_seconds(thread, offset))));
  TRY(list_append(thread, infos, TRY(delta_of_seconds(thread, dst))));
  return list_append(thread, infos, name);
}

static Result<void> load_table(Thread& thread, ZoneInfo* self, ZoneTable& t, Tuple* parts) {
  Tuple* indexes = TRY(tuple_at(thread, parts, 0));
  Tuple* times = TRY(tuple_at(thread, parts, 1));
  Tuple* offsets = TRY(tuple_at(thread, parts, 2));
  Tuple* dsts = TRY(tuple_at(thread, parts, 3));
  Tuple* names_of_infos = TRY(tuple_at(thread, parts, 4));
  Value tz_text = parts->at(5);
  usize n = static_cast<usize>(times->length()), infos = static_cast<usize>(offsets->length());
  t.utc = static_cast<i64*>(calloc(3 * n + 1, sizeof(i64)));
  t.info_of = static_cast<u32*>(calloc(n + 1, sizeof(u32)));
  t.offset = static_cast<i64*>(calloc(infos + 2, sizeof(i64)));
  struct Scratch {
    bool* is_dst;
    i64* dst;
    ~Scratch() {
      free(is_dst);
      free(dst);
    }
  } scratch{static_cast<bool*>(calloc(infos + 1, 1)), static_cast<i64*>(calloc(infos + 1, sizeof(i64)))};
  if (!t.utc || !t.info_of || !t.offset || !scratch.is_dst || !scratch.dst) return raise_memory_error(thread);
  t.transition_count = static_cast<u32>(n);
  t.info_count = static_cast<u32>(infos);
  for (usize i = 0; i < infos; ++i) {
    t.offset[i] = TRY(int_at(thread, offsets, static_cast<Index>(i)));
    scratch.is_dst[i] = TRY(int_at(thread, dsts, static_cast<Index>(i))) != 0;
    if (t.before < 0 && !scratch.is_dst[i]) t.before = static_cast<i32>(i);
  }
  if (t.before < 0 && infos) t.before = 0;
  for (usize i = 0; i < n; ++i) {
    t.utc[i] = TRY(int_at(thread, times, static_cast<Index>(i)));
    i64 info = TRY(int_at(thread, indexes, static_cast<Index>(i)));
    if (info < 0 || static_cast<usize>(info) >= infos)
      return raise_value_error(thread, "Invalid transition index found while reading TZif: {}", info);
    t.info_of[i] = static_cast<u32>(info);
  }
  find_dst(t, t.offset, scratch.is_dst, scratch.dst);
  if (infos) find_wall_times(t);
  List* list = TRY(make_list(thread));
  for (usize i = 0; i < infos; ++i) {
    Value name = static_cast<Index>(i) < names_of_infos->length() ? names_of_infos->at(static_cast<Index>(i)) : kNone;
    TRY(add_info(thread, list, t.offset[i], scratch.dst[i], name));
  }
  std::string_view text;
  Value owner = tz_text;
  if (is<Bytes>(tz_text))
    text = tz_text.as<Bytes>()->text();
  else if (is<Str>(tz_text))
    text = str_utf8_lossy(thread, tz_text.as<Str>(), &owner);
  if (!text.empty()) {
    TzString rules;
    if (const char* wrong = TzParser(text).parse(&rules)) return raise_value_error(thread, "{} {!r}", wrong, tz_text);
    TRY(add_info(thread, list, rules.standard_offset, 0, Value(TRY(str_from_utf8(thread, rules.standard)))));
    t.after_info = t.info_count;
    t.offset[infos] = rules.standard_offset;
    t.after = ZoneTable::Fixed;
    if (!rules.daylight.empty()) {
      t.after = ZoneTable::Rules;
      t.offset[infos + 1] = rules.daylight_offset;
      t.start = rules.start;
      t.end = rules.end;
      TRY(add_info(thread, list, rules.daylight_offset, rules.daylight_offset - rules.standard_offset,
                   Value(TRY(str_from_utf8(thread, rules.daylight)))));
    }
  } else if (infos == 0) {
    return raise_value_error(thread, "No time zone information found.");
  } else {
    t.after = ZoneTable::Fixed;
    t.after_info = n ? t.info_of[n - 1] : static_cast<u32>(t.before);
  }
  Tuple* all = TRY(list_to_tuple(thread, list));
  // Fixed: the same offset whatever the time. What a file says more than once is the same zone.
  t.is_fixed = infos <= 1 && t.after == ZoneTable::Fixed;
  if (t.is_fixed && infos == 1) {
    for (Index part = 0; part < 3; ++part)
      t.is_fixed = t.is_fixed && TRY(equals(thread, all->at(part), all->at(static_cast<Index>(t.after_info) * 3 + part)));
  }
  self->infos_.set(self, all);
  return ok;
}

static Result<void> load_zone(Thread& thread, ZoneInfo* self, Value file) {
  Value common = TRY(import_module_value(thread, "zoneinfo._common"));
  Value data = TRY(call_method(thread, common, intern(thread, "load_data"), file));
  Tuple* parts = TRY(tuple_from_iterable(thread, data));
  if (parts->length() != 6) return raise_value_error(thread, "malformed time zone data");
  auto* table = static_cast<ZoneTable*>(malloc(sizeof(ZoneTable)));
  if (!table) return raise_memory_error(thread);
  *table = ZoneTable{};
  Result<void> loaded = load_table(thread, self, *table, parts);
  if (loaded.is_failed())
    ZoneTable::free_table(table);
  else
    self->table_ = table;
  return loaded;
}

static Result<ZoneInfo*> new_zone(Thread& thread, Type* type, Value key) {
  Value paths = TRY(import_module_value(thread, "zoneinfo._tzpath"));
  Value path = TRY(call_method(thread, paths, intern(thread, "find_tzfile"), key));
  Value file;
  if (path.is_none()) {
    Value common = TRY(import_module_value(thread, "zoneinfo._common"));
    file = TRY(call_method(thread, common, intern(thread, "load_tzdata"), key));
  } else {
    Value io = TRY(import_module_value(thread, "io"));
    file = TRY(call_method(thread, io, intern(thread, "open"), path, Value(intern(thread, "rb"))));
  }
  ZoneInfo* made = TRY(make_of<ZoneInfo>(thread, type));
  Result<void> loaded = load_zone(thread, made, file);
  Exception* pending = loaded.is_failed() ? thread.take_pending() : nullptr;
  Result<Value> closed = call_method(thread, file, names.close);
  if (pending) {
    if (closed.is_failed()) thread.clear_pending();
    thread.set_pending(pending);
    return failed;
  }
  if (closed.is_failed()) return failed;
  made->key_.set(made, key);
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- caches

static Result<Value> weak_cache_of(Thread& thread, Type* type) {
  if (type == zone_def()->type) return weak_cache->get();
  return get_attr(thread, Value(type), intern(thread, "_weak_cache"));
}
static Result<Value> new_weak_dictionary(Thread& thread) {
  Value module = TRY(import_module_value(thread, "weakref"));
  return call(thread, TRY(get_attr_ascii(thread, module, "WeakValueDictionary")));
}
// The zones used last are kept alive; the last is the newest.
static Result<void> keep_alive(Thread& thread, Value key, Value zone) {
  Dict* dict = strong_cache->get();
  TRY(dict_pop(thread, dict, key));
  TRY(dict_set(thread, dict, key, zone));
  while (dict->length() > kStrongCacheSize) {
    Value first = TRY(iter_next(thread, TRY(get_iter(thread, Value(dict)))));
    if (first == kExhausted) break;
    TRY(dict_pop(thread, dict, first));
  }
  return ok;
}

static Result<Value> zone_new(Thread& thread, Type* type, Value key) {
  TRY(check_subtype(thread, type, zone_def()->type));
  bool own = type == zone_def()->type;
  if (own) {
    Value kept = TRY(dict_find(thread, strong_cache->get(), key));
    if (kept != kNotFound) {
      TRY(keep_alive(thread, key, kept));
      return kept;
    }
  }
  Value cache = TRY(weak_cache_of(thread, type));
  Value zone = TRY(call_method(thread, cache, names.get, key, kNone));
  if (zone.is_none()) {
    ZoneInfo* made = TRY(new_zone(thread, type, key));
    made->from_cache_ = true;
    zone = TRY(call_method(thread, cache, intern(thread, "setdefault"), key, Value(made)));
  }
  if (own) TRY(keep_alive(thread, key, zone));
  return zone;
}
static Result<Value> zone_no_cache(Thread& thread, Type* type, Value key) { return Value(TRY(new_zone(thread, type, key))); }
static Result<Value> zone_from_file(Thread& thread, Type* type, Value file, Value key) {
  ZoneInfo* made = TRY(make_of<ZoneInfo>(thread, type));
  made->from_file_ = true;
  Str* text = TRY(repr(thread, file));
  made->file_repr_.set(made, Value(text));
  TRY(load_zone(thread, made, file));
  made->key_.set(made, key);
  return Value(made);
}
static Result<Value> zone_clear_cache(Thread& thread, Type* type, Value only_keys) {
  Value cache = TRY(weak_cache_of(thread, type));
  bool own = type == zone_def()->type;
  if (only_keys.is_none()) {
    TRY(call_method(thread, cache, intern(thread, "clear")));
    if (own) dict_clear_all(thread, strong_cache->get());
    return kNone;
  }
  TRY(for_each(thread, only_keys, [&](Value key) -> Result<bool> {
    if (own) TRY(dict_pop(thread, strong_cache->get(), key));
    TRY(call_method(thread, cache, intern(thread, "pop"), key, kNone));
    return true;
  }));
  return kNone;
}
static Result<Value> zone_init_subclass(Thread& thread, Type* type, KeywordRest) {
  TRY(set_attr(thread, Value(type), intern(thread, "_weak_cache"), TRY(new_weak_dictionary(thread))));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- the answers

static u32 bisect_right(const i64* times, u32 n, i64 t) {
  u32 low = 0;
  while (low < n) {
    u32 middle = (low + n) / 2;
    if (t < times[middle])
      n = middle;
    else
      low = middle + 1;
  }
  return low;
}
static i64 local_seconds(DateTimeCell* d) {
  Hms t = d->hms();
  return (ymd_to_ordinal(d->ymd()) - kEpochOrdinal) * kSecondsPerDay + t.hour * kHour + t.minute * 60 + t.second;
}
static bool lies_within(i64 start, i64 end, i64 t) { return start < end ? start <= t && t < end : !(end <= t && t < start); }

// The info by the string's rules at a local time.
static i32 info_by_rules(const ZoneTable& t, i64 local, int year, int fold) {
  i64 start = t.start.in_year(year), end = t.end.in_year(year), gain = t.offset[t.after_info + 1] - t.offset[t.after_info];
  // Where the clock is set back, a time comes twice, and where it is set forward never: the fold says which clock counts.
  if (fold == (gain >= 0))
    end -= gain;
  else
    start += gain;
  return static_cast<i32>(t.after_info + lies_within(start, end, local));
}
// -1: the zone can't tell.
static i32 info_at(const ZoneTable& t, Value when) {
  if (!is<DateTimeCell>(when)) return t.is_fixed ? static_cast<i32>(t.after_info) : -1;
  auto* d = when.as<DateTimeCell>();
  i64 local = local_seconds(d);
  const i64* wall = t.wall(d->fold());
  u32 n = t.transition_count;
  if (n && local < wall[0]) return t.before;
  if (n && local <= wall[n - 1]) return static_cast<i32>(t.info_of[bisect_right(wall, n, local) - 1]);
  if (t.after == ZoneTable::Rules) return info_by_rules(t, local, d->ymd().year, d->fold());
  return static_cast<i32>(t.after_info);
}

template <InfoPart part>
static Result<Value> zone_part(Thread& thread, ZoneInfo* self, Value dt) {
  if (!self->table_) return kNone;
  if (!dt.is_none() && !is<DateTimeCell>(dt))
    return raise(thread, exceptions.AttributeError, "'{!t}' object has no attribute 'toordinal'", dt);
  i32 info = info_at(*self->table_, dt);
  return info < 0 ? kNone : self->infos_.get()->at(info * 3 + part);
}

static Result<Value> zone_fromutc(Thread& thread, ZoneInfo* self, Value dt) {
  if (!is<DateTimeCell>(dt)) return raise_type_error(thread, "fromutc: argument must be a datetime");
  auto* d = dt.as<DateTimeCell>();
  if (d->tzinfo() != Value(self)) return raise_value_error(thread, "fromutc: dt.tzinfo is not self");
  const ZoneTable& t = *self->table_;
  i64 now = local_seconds(d);
  u32 n = t.transition_count, info;
  bool fold = false;
  if (n && now < t.utc[0]) {
    info = static_cast<u32>(t.before);
  } else if (n && (now <= t.utc[n - 1] || t.after != ZoneTable::Rules)) {
    // Behind a change that set the clock back, times come for the second time.
    u32 at = bisect_right(t.utc, n, now);
    info = now > t.utc[n - 1] ? t.after_info : t.info_of[at - 1];
    i64 lost =
        at >= 2 ? t.offset[t.info_of[at - 2]] - t.offset[t.info_of[at - 1]] : t.offset[t.before] - t.offset[t.info_of[at - 1]];
    fold = lost > now - t.utc[at - 1];
  } else if (t.after == ZoneTable::Rules) {
    int year = d->ymd().year;
    i64 standard = t.offset[t.after_info], daylight = t.offset[t.after_info + 1];
    i64 start = t.start.in_year(year) - standard, end = t.end.in_year(year) - daylight;
    info = t.after_info + lies_within(start, end, now);
    i64 gain = daylight - standard;
    i64 twice_from = gain > 0 ? end : start;
    fold = twice_from <= now && now < twice_from + (gain > 0 ? gain : -gain);
  } else {
    info = t.after_info;
  }
  Value offset = self->infos_.get()->at(static_cast<Index>(info) * 3 + kOffset);
  Value moved = TRY(datetime_plus(thread, d, offset.as<TimeDelta>()->parts(), 1));
  if (!fold) return moved;
  auto* m = moved.as<DateTimeCell>();
  return new_datetime_of(thread, type_of(moved), m->ymd(), m->hms(), m->tzinfo(), 1);
}

// ---------------------------------------------------------------------------------------------------------------- text, pickling

static Result<Str*> zone_repr(Thread& thread, ZoneInfo* self) {
  Type* own = type_of(Value(self));
  Str* type = own == zone_def()->type ? intern(thread, "zoneinfo.ZoneInfo") : own->name();
  if (!self->key_.get().is_none()) return format_message(thread, "{}(key={!r})", type, self->key_.get());
  return format_message(thread, "{}.from_file({})", type, self->file_repr_.get());
}
static Result<Value> zone_str(Thread& thread, ZoneInfo* self) {
  if (!self->key_.get().is_none()) return self->key_.get();
  return Value(TRY(repr(thread, Value(self))));
}
static Result<Value> zone_reduce(Thread& thread, ZoneInfo* self) {
  if (self->from_file_) {
    Value pickle = TRY(import_module_value(thread, "pickle"));
    Value error = TRY(get_attr_ascii(thread, pickle, "PicklingError"));
    return raise(thread, error.as<Type>(), "Cannot pickle a ZoneInfo file from a file stream.");
  }
  Value unpickle = TRY(get_attr(thread, Value(type_of(Value(self))), intern(thread, "_unpickle")));
  return Value(
      TRY(tuple_of(thread, unpickle, Value(TRY(tuple_of(thread, self->key_.get(), Value::of_small_int(self->from_cache_)))))));
}
static Result<Value> zone_unpickle(Thread& thread, Type* type, Value key, bool from_cache) {
  if (from_cache) return call(thread, Value(type), key);
  return zone_no_cache(thread, type, key);
}
static Result<Value> get_key(Thread&, Value self) { return self.as<ZoneInfo>()->key_.get(); }

static constinit GetSetDef zone_getsets[] = {{"key", get_key, nullptr, nullptr, true}};
static constinit NativeDef zone_methods[] = {
    native<zone_new>("__new__(type, /, key)", "Make an instance; the class's own help describes the arguments."),
    native<zone_repr>("__repr__($self, /)", "Return repr(self)."),
    native<zone_str>("__str__($self, /)", "Return str(self)."),
    native<zone_clear_cache>("clear_cache($type, /, *, only_keys=None)", "Forget the zones of the cache, or those of some keys."),
    native<zone_no_cache>("no_cache($type, /, key)", "A new zone, whether there is one in the cache or not."),
    native<zone_from_file>("from_file($type, file_obj, /, key=None)", "A zone from a file object in binary mode."),
    native<zone_part<kOffset>>("utcoffset($self, dt, /)", "The offset from UTC at a datetime of the zone, as a timedelta."),
    native<zone_part<kDst>>("dst($self, dt, /)", "The part of the offset that is daylight saving, as a timedelta."),
    native<zone_part<kName>>("tzname($self, dt, /)", "The abbreviation in use at a datetime of the zone."),
    native<zone_fromutc>("fromutc($self, dt, /)", "From a datetime in UTC to local time."),
    native<zone_reduce>("__reduce__($self, /)", "What pickle needs to know."),
    native<zone_unpickle>("_unpickle($type, key, from_cache, /)", "The zone that a pickle names."),
    native<zone_init_subclass>("__init_subclass__($type, /, **kwargs)", "Gives a subclass a cache of its own."),
};
static Result<void> zone_finish(Thread& thread, Type* type) {
  zone_def()->type = type;
  weak_cache = new Root<Value>(TRY(new_weak_dictionary(thread)));
  strong_cache = new Root<Dict>(TRY(make_dict(thread)));
  return ok;
}
static constinit TypeDef zoneinfo_def = {
    .name = "zoneinfo.ZoneInfo",
    .doc = nullptr,
    .base = &tzinfo_def,
    .dynamic_kind = &DynamicKind<ZoneInfo>::value,
    .payload_size = sizeof(ZoneInfo),
    .flags = kTypeSubclassable | kTypeWeakrefable | kTypeNamelessMethods,
    .methods = zone_methods,
    .method_count = count_of(zone_methods),
    .getsets = zone_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<ZoneInfo>("zoneinfo.ZoneInfo"),
    .finish = zone_finish,
};
static TypeDef* zone_def() { return &zoneinfo_def; }

static TypeDef* const zoneinfo_types[] = {&zoneinfo_def};
constinit ModuleDef zoneinfo_module = {
    .name = "_zoneinfo",
    .doc = "Time zones of the IANA database.",
    .types = zoneinfo_types,
    .type_count = 1,
};

}  // namespace baton
