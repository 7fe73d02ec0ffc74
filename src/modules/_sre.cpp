// _sre: Pattern, Match and Scanner objects on the engine of sre_engine.h.
#include "base/unicode.h"
#include "modules/sre_engine.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/signals.h"
#include "objects/tuple.h"

namespace baton {

using sre::Outcome;

extern TypeDef pattern_def, match_def, scanner_def;

class Pattern final : public Cell {
 public:
  void visit_edges(EdgeVisitor& visit) const { visit(pattern_, group_index_, index_group_, code_, analysis_); }
  const u32* code() const { return reinterpret_cast<const u32*>(code_->data()); }
  // The words of modules/sre_analysis.h, or null.
  const u32* analysis() const {
    RawBytes* words = analysis_.get();
    return words ? reinterpret_cast<const u32*>(words->data()) : nullptr;
  }
  bool is_bytes() const { return bytes_; }
  Field<Value> pattern_, group_index_;
  Field<Tuple> index_group_;
  Field<RawBytes> code_;
  usize code_size_;
  Field<RawBytes> analysis_;  // made when the pattern has been used a few times, or on a long text
  u32 uses_;
  Index groups_;
  i64 flags_;
  bool bytes_, any_kind_;  // any_kind_: pattern None (re.Scanner), matches both
};

class Match final : public Cell {
 public:
  static usize size_for(Index groups) { return sizeof(Match) + static_cast<usize>(groups + 1) * 16; }
  void visit_edges(EdgeVisitor& visit) const { visit(string_, pattern_, regs_); }
  i64* marks() { return reinterpret_cast<i64*>(this + 1); }
  i64 group_start(Index i) { return marks()[2 * i]; }
  i64 group_end(Index i) { return marks()[2 * i + 1]; }
  Field<Value> string_, regs_;
  Field<Pattern> pattern_;
  Index pos_, endpos_, last_index_, groups_;  // groups_: with group 0
};

// The text of one call: a str, or the buffer of a bytes-like object.
struct Subject {
  Value string;
  BufferView view;
  const void* data = nullptr;
  Index length = 0;
  u32 width = 1;
  Index start = 0, end = 0;
  bool is_str = false;
  ~Subject() { release_buffer(view); }
};

static constexpr u32 kUsesBeforeAnalysis = 4;
static constexpr Index kLongText = 256;

static Result<void> analyse(Thread& t, Pattern* p) {
  usize size = sre::analysis_size(p->code(), p->code_size_) * sizeof(u32);
  RawBytes* words = TRY(make_raw_bytes(t, size));
  sre::analyse(p->code(), p->code_size_, reinterpret_cast<u32*>(words->data()));
  CriticalSection guard(t, p);
  if (!p->analysis()) p->analysis_.set(p, words);  // what another thread's matcher may be using stays
  return ok;
}

enum class Accepts : u8 { Any, Text, Bytes };

static Result<void> open_text(Thread& t, Value string, Accepts accepts, Subject* s) {
  s->string = string;
  if (is<Str>(string)) {
    if (accepts == Accepts::Bytes) return raise_type_error(t, "cannot use a bytes pattern on a string-like object");
    Str* text = string.as<Str>();
    s->data = text->data();
    s->length = text->length();
    s->width = text->width();
    s->is_str = true;
  } else {
    BufferInfo info;
    if (!string.is_cell() || !TRY(get_buffer(t, string, &info, false)))
      return raise_type_error(t, "expected string or bytes-like object, got '{!t}'", string);
    s->view.data = info.data;
    s->view.size = info.size;
    s->view.owner = string;
    s->view.exported = string.cell();
    if (accepts == Accepts::Text) return raise_type_error(t, "cannot use a string pattern on a bytes-like object");
    s->data = info.data;
    s->length = static_cast<Index>(info.size);
  }
  return ok;
}

static Result<void> open_subject(Thread& t, Pattern* p, Value string, Index pos, Index endpos, Subject* s) {
  TRY(open_text(t, string, p->any_kind_ ? Accepts::Any : p->is_bytes() ? Accepts::Bytes : Accepts::Text, s));
  if (pos < 0) pos = 0;
  if (pos > s->length) pos = s->length;
  if (endpos < 0) endpos = 0;
  if (endpos > s->length) endpos = s->length;
  s->start = pos;
  s->end = endpos;
  if (!p->analysis()) {
    u32 uses = __atomic_load_n(&p->uses_, __ATOMIC_RELAXED);
    if (uses >= kUsesBeforeAnalysis || endpos - pos >= kLongText) return analyse(t, p);
    __atomic_store_n(&p->uses_, uses + 1, __ATOMIC_RELAXED);  // one lost among threads does no harm
  }
  return ok;
}

static Result<Value> slice(Thread& t, Subject& s, Index from, Index to) {
  if (s.is_str) {
    if (from == 0 && to == s.length && is_exact<Str>(s.string)) return s.string;
    return str_slice(t, s.string.as<Str>(), from, to);
  }
  if (from == 0 && to == s.length && is_exact<Bytes>(s.string)) return s.string;
  return bytes_from(t, static_cast<const u8*>(s.data) + from, static_cast<usize>(to - from));
}

// Calls fn(matcher) with the matcher of the subject's width.
template <class F>
static auto with_matcher(Pattern* p, Subject& s, F fn) {
  u32 groups = static_cast<u32>(p->groups_);
  if (s.width == 1) {
    sre::Matcher<u8> m(p->code(), p->analysis(), groups, static_cast<const u8*>(s.data), 0, s.start, s.end);
    return fn(m);
  }
  if (s.width == 2) {
    sre::Matcher<u16> m(p->code(), p->analysis(), groups, static_cast<const u16*>(s.data), 0, s.start, s.end);
    return fn(m);
  }
  sre::Matcher<u32> m(p->code(), p->analysis(), groups, static_cast<const u32*>(s.data), 0, s.start, s.end);
  return fn(m);
}

static Result<bool> check_outcome(Thread& t, Outcome outcome) {
  switch (outcome) {
    case Outcome::Match: return true;
    case Outcome::NoMatch: return false;
    case Outcome::OutOfMemory: return raise_memory_error(t);
    default: return failed;
  }
}

static bool interrupted(void* context) { return check_signals(*static_cast<Thread*>(context)).is_failed(); }

template <class M>
static Result<Value> make_match(Thread& t, Pattern* p, Subject& s, M& m, Index pos, Index endpos) {
  Type* type = TRY(type_from_def(t, match_def));
  Cell* cell = allocate_instance(t, type, Match::size_for(p->groups_));
  if (!cell) return failed;
  auto* match = static_cast<Match*>(cell);
  match->string_.init(s.string);
  match->pattern_.init(p);
  match->regs_.init(Value());
  match->pos_ = pos;
  match->endpos_ = endpos;
  match->last_index_ = m.last_index();
  match->groups_ = p->groups_ + 1;
  match->marks()[0] = m.start();
  match->marks()[1] = m.ptr();
  for (Index i = 1; i <= p->groups_; ++i) {
    i64 from = m.mark(static_cast<u32>(2 * i - 2)), to = m.mark(static_cast<u32>(2 * i - 1));
    bool good = from >= 0 && to >= from;
    match->marks()[2 * i] = good ? from : -1;
    match->marks()[2 * i + 1] = good ? to : -1;
  }
  return match;
}

enum class How { Match, FullMatch, Search };

static Result<Value> match_once(Thread& t, Pattern* p, Value string, Index pos, Index endpos, How how) {
  Subject s;
  TRY(open_subject(t, p, string, pos, endpos, &s));
  if (s.start > s.end) return kNone;
  return with_matcher(p, s, [&](auto& m) -> Result<Value> {
    if (!m.has_memory()) return raise_memory_error(t);
    m.set_interrupt(interrupted, &t);
    Outcome outcome = how == How::Search ? m.search() : m.match(how == How::FullMatch);
    if (!TRY(check_outcome(t, outcome))) return kNone;
    return make_match(t, p, s, m, s.start, s.end);
  });
}

static Result<Value> pattern_match(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  return match_once(t, p, string, pos, endpos, How::Match);
}
static Result<Value> pattern_fullmatch(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  return match_once(t, p, string, pos, endpos, How::FullMatch);
}
static Result<Value> pattern_search(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  return match_once(t, p, string, pos, endpos, How::Search);
}

template <class M>
static Result<Value> group_slice(Thread& t, Subject& s, M& m, Index group, Value missing) {
  if (group == 0) return slice(t, s, m.start(), m.ptr());
  i64 from = m.mark(static_cast<u32>(2 * group - 2)), to = m.mark(static_cast<u32>(2 * group - 1));
  if (from < 0 || to < from) return missing;
  return slice(t, s, from, to);
}

static Result<Value> empty_like(Thread& t, Subject& s) {
  if (s.is_str) return Value(names.empty);
  return bytes_from(t, "", 0);
}

static Result<Value> pattern_findall(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  Subject s;
  TRY(open_subject(t, p, string, pos, endpos, &s));
  List* found = TRY(make_list(t));
  return with_matcher(p, s, [&](auto& m) -> Result<Value> {
    if (!m.has_memory()) return raise_memory_error(t);
    m.set_interrupt(interrupted, &t);
    while (m.start() <= s.end) {
      if (!TRY(check_outcome(t, m.search()))) break;
      Value item;
      if (p->groups_ == 0) {
        item = TRY(group_slice(t, s, m, 0, kNone));
      } else {
        Value empty = TRY(empty_like(t, s));
        if (p->groups_ == 1) {
          item = TRY(group_slice(t, s, m, 1, empty));
        } else {
          Tuple* parts = TRY(make_tuple(t, nullptr, p->groups_));
          for (Index i = 1; i <= p->groups_; ++i) parts->set_at(i - 1, TRY(group_slice(t, s, m, i, empty)));
          item = Value(parts);
        }
      }
      TRY(list_append(t, found, item));
      m.advance();
    }
    return Value(found);
  });
}

static Result<Value> pattern_split(Thread& t, Pattern* p, Value string, Index maxsplit) {
  Subject s;
  TRY(open_subject(t, p, string, 0, kMaxIndex, &s));
  List* parts = TRY(make_list(t));
  return with_matcher(p, s, [&](auto& m) -> Result<Value> {
    if (!m.has_memory()) return raise_memory_error(t);
    m.set_interrupt(interrupted, &t);
    Index last = 0, n = 0;
    while (!maxsplit || n < maxsplit) {
      if (!TRY(check_outcome(t, m.search()))) break;
      TRY(list_append(t, parts, TRY(slice(t, s, last, m.start()))));
      for (Index i = 1; i <= p->groups_; ++i) TRY(list_append(t, parts, TRY(group_slice(t, s, m, i, kNone))));
      ++n;
      last = m.ptr();
      m.advance();
    }
    TRY(list_append(t, parts, TRY(slice(t, s, last, s.length))));
    return Value(parts);
  });
}

static bool has_backslash(Subject& s) {
  for (Index i = 0; i < s.length; ++i) {
    u32 ch = s.width == 1   ? static_cast<const u8*>(s.data)[i]
             : s.width == 2 ? static_cast<const u16*>(s.data)[i]
                            : static_cast<const u32*>(s.data)[i];
    if (ch == '\\') return true;
  }
  return false;
}

static Result<Value> substitute(Thread& t, Pattern* p, Value repl, Value string, Index count, bool with_count) {
  Value filter = repl;
  bool callable = is_callable(repl);
  if (!callable) {
    bool literal;
    {
      Subject template_text;
      literal = open_text(t, repl, Accepts::Any, &template_text).is_failed() ? (t.clear_pending(), false)
                                                                             : !has_backslash(template_text);
    }
    if (!literal) {
      Value re = TRY(import_module(t, "re"));
      filter = TRY(call(t, TRY(get_attr_ascii(t, re, "_subx")), Value(p), repl));
      callable = is_callable(filter);
    }
  }
  Subject s;
  TRY(open_subject(t, p, string, 0, kMaxIndex, &s));
  RootVector pieces;
  Index n = 0;
  TRY(with_matcher(p, s, [&](auto& m) -> Result<Value> {
    if (!m.has_memory()) return raise_memory_error(t);
    m.set_interrupt(interrupted, &t);
    Index last = 0;
    while (!count || n < count) {
      if (!TRY(check_outcome(t, m.search()))) break;
      if (m.start() > last) pieces.push(TRY(slice(t, s, last, m.start())));
      Value item = filter;
      if (callable) item = TRY(call(t, filter, TRY(make_match(t, p, s, m, s.start, s.end))));
      if (!item.is_none()) pieces.push(item);
      last = m.ptr();
      ++n;
      m.advance();
    }
    if (last < s.length || pieces.empty()) pieces.push(TRY(slice(t, s, last, s.length)));
    return kNone;
  }));
  Value result;
  if (pieces.size() == 1 && n == 0) {
    result = pieces[0];
  } else {
    List* list = TRY(make_list(t, pieces.data(), static_cast<Index>(pieces.size())));
    result = TRY(call_method(t, TRY(empty_like(t, s)), names.join, Value(list)));
  }
  if (!with_count) return result;
  return tuple_of(t, result, Value::of_small_int(n));
}
static Result<Value> pattern_sub(Thread& t, Pattern* p, Value repl, Value string, Index count) {
  return substitute(t, p, repl, string, count, false);
}
static Result<Value> pattern_subn(Thread& t, Pattern* p, Value repl, Value string, Index count) {
  return substitute(t, p, repl, string, count, true);
}

// ---------------------------------------------------------------------------------------------------------------- scanner

class SreScanner final : public Cell {
 public:
  void visit_edges(EdgeVisitor& visit) const { visit(pattern_, string_); }
  Field<Pattern> pattern_;
  Field<Value> string_;
  Index pos_, endpos_;
  // Where the next step begins. Changed under the scanner's critical section.
  struct State {
    Index start;
    u32 must_advance, finished;  // no padding: it would be copied, with what lay there on a stack, where the collector looks
    bool operator==(const State&) const = default;
  };
  State state_;
};

static Result<Value> make_scanner(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  Subject s;
  TRY(open_subject(t, p, string, pos, endpos, &s));
  auto* scanner = static_cast<SreScanner*>(allocate_instance(t, TRY(type_from_def(t, scanner_def))));
  if (!scanner) return failed;
  scanner->pattern_.init(p);
  scanner->string_.init(string);
  scanner->pos_ = s.start;
  scanner->endpos_ = s.end;
  scanner->state_ = {s.start, false, false};
  return scanner;
}

static SreScanner::State state_of(Thread& t, SreScanner* self) {
  CriticalSection guard(t, self);
  return self->state_;
}
// False: another thread has taken a step since `before` was read.
static bool take_step(Thread& t, SreScanner* self, const SreScanner::State& before, const SreScanner::State& after) {
  CriticalSection guard(t, self);
  if (!(self->state_ == before)) return false;
  self->state_ = after;
  return true;
}

// One try. kExhausted: another thread was quicker. Matching may run signal handlers, so nothing is locked meanwhile.
static Result<Value> try_scan(Thread& t, SreScanner* self, bool search) {
  SreScanner::State before = state_of(t, self);
  if (before.finished) return kNone;
  Pattern* p = self->pattern_.get();
  Subject s;
  TRY(open_subject(t, p, self->string_.get(), before.start, self->endpos_, &s));
  return with_matcher(p, s, [&](auto& m) -> Result<Value> {
    if (!m.has_memory()) return raise_memory_error(t);
    m.set_interrupt(interrupted, &t);
    if (before.must_advance) m.advance();  // start == ptr: an empty match here is refused
    if (!TRY(check_outcome(t, search ? m.search() : m.match(false))))
      return take_step(t, self, before, {before.start, before.must_advance, true}) ? kNone : kExhausted;
    Value match = TRY(make_match(t, p, s, m, self->pos_, self->endpos_));
    return take_step(t, self, before, {m.ptr(), m.ptr() == m.start(), false}) ? match : kExhausted;
  });
}

// Threads that share a scanner get each match once.
static Result<Value> scan(Thread& t, SreScanner* self, bool search) {
  while (true) {
    Value found = TRY(try_scan(t, self, search));
    if (found != kExhausted) return found;
  }
}
static Result<Value> scanner_match(Thread& t, SreScanner* self) { return scan(t, self, false); }
static Result<Value> scanner_search(Thread& t, SreScanner* self) { return scan(t, self, true); }
static Result<Value> scanner_pattern(Thread&, Value self) { return Value(self.as<SreScanner>()->pattern_.get()); }
static Result<Value> pattern_scanner(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  return make_scanner(t, p, string, pos, endpos);
}
static Result<Value> pattern_finditer(Thread& t, Pattern* p, Value string, Index pos, Index endpos) {
  Value scanner = TRY(make_scanner(t, p, string, pos, endpos));
  return make_callable_iterator(t, TRY(get_attr_ascii(t, scanner, "search")), kNone);
}

// ---------------------------------------------------------------------------------------------------------------- pattern
// attributes

static Result<Value> flags_text(Thread& t, Pattern* p) {
  static constexpr struct {
    const char* name;
    i64 bit;
  } kFlags[] = {{"re.TEMPLATE", 1}, {"re.IGNORECASE", 2}, {"re.LOCALE", 4},  {"re.MULTILINE", 8}, {"re.DOTALL", 16},
                {"re.UNICODE", 32}, {"re.VERBOSE", 64},   {"re.DEBUG", 128}, {"re.ASCII", 256}};
  i64 flags = p->flags_;
  if (!p->is_bytes() && (flags & (4 | 32 | 256)) == 32) flags &= ~i64{32};  // the default for str
  StrBuilder text;
  for (auto& f : kFlags) {
    if (!(flags & f.bit)) continue;
    if (text.length()) text.append_ascii("|");
    text.append_ascii(f.name);
    flags &= ~f.bit;
  }
  if (flags) {
    if (text.length()) text.append_ascii("|");
    text.append(TRY(int_to_text(t, TRY(int_from_i64(t, flags)), 16, true)));
  }
  return text.build(t);
}
static Result<Str*> pattern_repr(Thread& t, Pattern* p) {
  Str* shown = TRY(repr(t, p->pattern_.get()));
  if (shown->length() > 200) shown = TRY(str_slice(t, shown, 0, 200));
  Value flags = TRY(flags_text(t, p));
  if (flags.as<Str>()->length() == 0) return format_message(t, "re.compile({})", shown);
  return format_message(t, "re.compile({}, {})", shown, flags);
}
static bool same_code(Pattern* a, Pattern* b) {
  return a->code_size_ == b->code_size_ && memcmp(a->code(), b->code(), a->code_size_ * 4) == 0;
}
static Result<Value> pattern_eq(Thread& t, Pattern* self, Value other) {
  if (other.is_cell() && !is<Pattern>(other)) return kNotImplemented;
  if (!other.is_cell()) return kNotImplemented;
  auto* b = other.as<Pattern>();
  if (self == b) return kTrue;
  if (self->flags_ != b->flags_ || self->bytes_ != b->bytes_ || !same_code(self, b)) return kFalse;
  return Value::of_bool(TRY(equals(t, self->pattern_.get(), b->pattern_.get())));
}
static Result<i64> pattern_hash(Thread& t, Pattern* self) {
  u64 h = TRY(hash_of(t, self->pattern_.get()));
  for (usize i = 0; i < self->code_size_; ++i) h = (h ^ self->code()[i]) * 0x100000001B3ull;
  h ^= static_cast<u64>(self->flags_) ^ static_cast<u64>(self->groups_) ^ (self->bytes_ ? 1 : 0);
  return static_cast<i64>(h) == -1 ? i64{-2} : static_cast<i64>(h);
}
static Result<Value> return_self(Thread&, Value self) { return self; }
static Result<Value> return_self_memo(Thread&, Value self, Value) { return self; }
static Result<Value> class_getitem(Thread& t, Value cls, Value item) { return call(t, Value(types.generic_alias), cls, item); }
static Result<Value> get_pattern(Thread&, Value self) { return self.as<Pattern>()->pattern_.get(); }
static Result<Value> get_flags(Thread& t, Value self) { return int_from_i64(t, self.as<Pattern>()->flags_); }
static Result<Value> get_groups(Thread& t, Value self) { return int_from_i64(t, self.as<Pattern>()->groups_); }
Result<Value> make_mapping_proxy(Thread& thread, Value mapping);
static Result<Value> get_groupindex(Thread& t, Value self) {
  Value v = self.as<Pattern>()->group_index_.get();
  if (is<Dict>(v)) return make_mapping_proxy(t, v);
  return v;
}

// ---------------------------------------------------------------------------------------------------------------- match objects

static Result<Index> group_number(Thread& t, Match* m, Value group) {
  Index i = -1;
  if (group.is_small_int()) {
    i = group.small_int();
  } else if (is_int(group) || type_of(group)->slot(Slot::index).is_present()) {
    i64 n;
    i = int_to_i64(TRY(to_index(t, group)), &n) ? n : -1;
  } else {
    Value index = m->pattern_->group_index_.get();
    if (is<Dict>(index) && index.as<Dict>()->length()) {
      Result<Value> found = dict_find(t, index.as<Dict>(), group);
      if (found.is_failed()) return failed;
      if (found.value().is_small_int()) i = found.value().small_int();
    }
  }
  if (i < 0 || i >= m->groups_) return raise_index_error(t, "no such group");
  return i;
}

static Result<Value> group_text(Thread& t, Match* m, Index i, Value missing) {
  if (m->group_start(i) < 0) return missing;
  if (Value string = m->string_.get(); is<Str>(string)) {
    auto* text = string.as<Str>();
    if (m->group_start(i) == 0 && m->group_end(i) == text->length() && is_exact<Str>(string)) return string;
    return Value(TRY(str_slice(t, text, m->group_start(i), m->group_end(i))));
  }
  Subject s;
  TRY(open_text(t, m->string_.get(), Accepts::Any, &s));
  Index from = m->group_start(i), to = m->group_end(i);
  if (to > s.length) to = s.length;  // a bytearray may have shrunk
  if (from > to) from = to;
  return slice(t, s, from, to);
}

static Result<Value> match_group(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (kwnames) return raise_type_error(t, "Match.group() takes no keyword arguments");
  auto* m = args[0].as<Match>();
  if (n == 1) return group_text(t, m, 0, kNone);
  if (n == 2) return group_text(t, m, TRY(group_number(t, m, args[1])), kNone);
  constexpr usize kFew = 8;
  if (n - 1 <= kFew) {
    Value few[kFew];
    for (usize i = 1; i < n; ++i) few[i - 1] = TRY(group_text(t, m, TRY(group_number(t, m, args[i])), kNone));
    return make_tuple(t, few, static_cast<Index>(n - 1));
  }
  RootVector parts;
  for (usize i = 1; i < n; ++i) parts.push(TRY(group_text(t, m, TRY(group_number(t, m, args[i])), kNone)));
  return make_tuple(t, parts.data(), static_cast<Index>(parts.size()));
}
static Result<Value> match_getitem(Thread& t, Match* m, Value group) {
  return group_text(t, m, TRY(group_number(t, m, group)), kNone);
}
static Result<Value> match_groups(Thread& t, Match* m, Value fallback) {
  Tuple* parts = TRY(make_tuple(t, nullptr, m->groups_ - 1));
  for (Index i = 1; i < m->groups_; ++i) parts->set_at(i - 1, TRY(group_text(t, m, i, fallback)));
  return Value(parts);
}
static Result<Value> match_groupdict(Thread& t, Match* m, Value fallback) {
  Dict* result = TRY(make_dict(t));
  Value index = m->pattern_->group_index_.get();
  if (is<Dict>(index)) {
    Index position = 0;
    Value key, number;
    while (dict_next(index.as<Dict>(), &position, &key, &number))
      TRY(dict_set(t, result, key, TRY(group_text(t, m, number.small_int(), fallback))));
  }
  return result;
}
static Result<i64> match_start(Thread& t, Match* m, Value group) { return m->group_start(TRY(group_number(t, m, group))); }
static Result<i64> match_end(Thread& t, Match* m, Value group) { return m->group_end(TRY(group_number(t, m, group))); }
static Result<Value> span(Thread& t, Match* m, Index i) {
  return tuple_of(t, Value::of_small_int(m->group_start(i)), Value::of_small_int(m->group_end(i)));
}
static Result<Value> match_span(Thread& t, Match* m, Value group) { return span(t, m, TRY(group_number(t, m, group))); }
static Result<Value> match_expand(Thread& t, Match* m, Value text) {
  Value re = TRY(import_module(t, "re"));
  return call(t, TRY(get_attr_ascii(t, re, "_expand")), Value(m->pattern_.get()), Value(m), text);
}
static Result<Str*> match_repr(Thread& t, Match* m) {
  return format_message(t, "<{} object; span=({}, {}), match={!r}>", TRY(type_qualified_name(t, type_of(Value(m)))),
                        m->group_start(0), m->group_end(0), TRY(group_text(t, m, 0, kNone)));
}
static Result<Value> match_regs(Thread& t, Value self) {
  auto* m = self.as<Match>();
  if (m->regs_.get().is_present()) return m->regs_.get();
  RootVector spans;
  for (Index i = 0; i < m->groups_; ++i) spans.push(TRY(span(t, m, i)));
  Tuple* regs = TRY(make_tuple(t, spans.data(), m->groups_));
  m->regs_.set(m, Value(regs));
  return regs;
}
static Result<Value> match_lastindex(Thread& t, Value self) {
  auto* m = self.as<Match>();
  return m->last_index_ >= 0 ? int_from_i64(t, m->last_index_) : kNone;
}
static Result<Value> match_lastgroup(Thread&, Value self) {
  auto* m = self.as<Match>();
  Tuple* names_list = m->pattern_->index_group_.get();
  if (m->last_index_ < 0 || !names_list || m->last_index_ >= names_list->length()) return kNone;
  return names_list->at(m->last_index_);
}
static Result<Value> match_string(Thread&, Value self) { return self.as<Match>()->string_.get(); }
static Result<Value> match_re(Thread&, Value self) { return Value(self.as<Match>()->pattern_.get()); }
static Result<Value> match_pos(Thread& t, Value self) { return int_from_i64(t, self.as<Match>()->pos_); }
static Result<Value> match_endpos(Thread& t, Value self) { return int_from_i64(t, self.as<Match>()->endpos_); }

static constinit NativeDef pattern_methods[] = {
    native<pattern_match>("match($self, /, string, pos=0, endpos=sys.maxsize)",
                          "Matches zero or more characters at the beginning of the string."),
    native<pattern_fullmatch>("fullmatch($self, /, string, pos=0, endpos=sys.maxsize)", "Matches against all of the string."),
    native<pattern_search>("search($self, /, string, pos=0, endpos=sys.maxsize)",
                           "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn "
                           "None if no position in the string matches."),
    native<pattern_sub>("sub($self, /, repl, string, count=0)",
                        "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string "
                        "by the replacement repl."),
    native<pattern_subn>("subn($self, /, repl, string, count=0)",
                         "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping "
                         "occurrences of pattern with the replacement repl."),
    native<pattern_findall>("findall($self, /, string, pos=0, endpos=sys.maxsize)",
                            "Return a list of all non-overlapping matches of pattern in string."),
    native<pattern_split>("split($self, /, string, maxsplit=0)", "Split string by the occurrences of pattern."),
    native<pattern_finditer>("finditer($self, /, string, pos=0, endpos=sys.maxsize)",
                             "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each "
                             "match, the iterator returns a match object."),
    native<pattern_scanner>("scanner($self, /, string, pos=0, endpos=sys.maxsize)"),
    native<return_self>("__copy__($self, /)"),
    native<return_self_memo>("__deepcopy__($self, memo, /)"),
    native<class_getitem>("__class_getitem__($type, object, /)", "See PEP 585"),
    native<pattern_repr>("__repr__($self, /)", "Return repr(self)."),
    native<pattern_eq>("__eq__($self, value, /)", "Return self==value."),
    native<pattern_hash>("__hash__($self, /)", "Return hash(self)."),
};
static GetSetDef pattern_getsets[] = {
    {"pattern", get_pattern, nullptr, "The pattern string from which the RE object was compiled.", true},
    {"flags", get_flags, nullptr, "The regex matching flags.", true},
    {"groups", get_groups, nullptr, "The number of capturing groups in the pattern.", true},
    {"groupindex", get_groupindex, nullptr, "A dictionary mapping group names to group numbers."}};
TypeDef pattern_def = {.name = "re.Pattern",
                       .doc = "Compiled regular expression object.",
                       .dynamic_kind = &DynamicKind<Pattern>::value,
                       .payload_size = sizeof(Pattern),
                       .flags = kTypeNoInstances | kTypeWeakrefable,
                       .methods = pattern_methods,
                       .method_count = count_of(pattern_methods),
                       .getsets = pattern_getsets,
                       .getset_count = 4,
                       .kind_info = kind_info_of<Pattern>("re.Pattern")};
static constinit NativeDef match_methods[] = {
    native_raw(match_group, "group($self, /, *args)",
               "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the "
               "entire match."),
    native<match_start>("start($self, group=0, /)", "Return index of the start of the substring matched by group."),
    native<match_end>("end($self, group=0, /)", "Return index of the end of the substring matched by group."),
    native<match_span>("span($self, group=0, /)", "For match object m, return the 2-tuple (m.start(group), m.end(group))."),
    native<match_groups>("groups($self, /, default=None)",
                         "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups "
                         "that did not participate in the match."),
    native<match_groupdict>("groupdict($self, /, default=None)",
                            "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup "
                            "name.\n\n  default\n    Is used for groups that did not participate in the match."),
    native<match_expand>(
        "expand($self, /, template)",
        "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."),
    native<match_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<return_self>("__copy__($self, /)"),
    native<return_self_memo>("__deepcopy__($self, memo, /)"),
    native<class_getitem>("__class_getitem__($type, object, /)", "See PEP 585"),
    native<match_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef match_getsets[] = {
    {"string", match_string, nullptr, "The string passed to match() or search().", true},
    {"re", match_re, nullptr, "The regular expression object.", true},
    {"pos", match_pos, nullptr, "The index into the string at which the RE engine started looking for a match.", true},
    {"endpos", match_endpos, nullptr, "The index into the string beyond which the RE engine will not go.", true},
    {"lastindex", match_lastindex, nullptr, "The integer index of the last matched capturing group."},
    {"lastgroup", match_lastgroup, nullptr, "The name of the last matched capturing group."},
    {"regs", match_regs, nullptr, nullptr}};
TypeDef match_def = {.name = "re.Match",
                     .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
                     .dynamic_kind = &DynamicKind<Match>::value,
                     .payload_size = sizeof(Match),
                     .flags = kTypeNoInstances | kTypeKeysOnly,
                     .methods = match_methods,
                     .method_count = count_of(match_methods),
                     .getsets = match_getsets,
                     .getset_count = 7,
                     .kind_info = kind_info_of<Match>("re.Match")};
static constinit NativeDef scanner_methods[] = {native<scanner_match>("match($self, /)"),
                                                native<scanner_search>("search($self, /)")};
static GetSetDef scanner_getsets[] = {{"pattern", scanner_pattern, nullptr, nullptr, true}};
TypeDef scanner_def = {.name = "_sre.SRE_Scanner",
                       .dynamic_kind = &DynamicKind<SreScanner>::value,
                       .payload_size = sizeof(SreScanner),
                       .flags = kTypeNoInstances,
                       .methods = scanner_methods,
                       .method_count = count_of(scanner_methods),
                       .getsets = scanner_getsets,
                       .getset_count = 1,
                       .kind_info = kind_info_of<SreScanner>("_sre.SRE_Scanner")};

// ---------------------------------------------------------------------------------------------------------------- module

struct FreeAtEnd {
  void* memory;
  ~FreeAtEnd() { free(memory); }
};

static Result<Value> sre_compile(Thread& t, Value pattern, i64 flags, List* code, Index groups, Dict* groupindex,
                                 Tuple* indexgroup) {
  usize n = static_cast<usize>(code->length());
  u32* words = static_cast<u32*>(malloc((n + 1) * sizeof(u32)));
  if (!words) return raise_memory_error(t);
  FreeAtEnd free_words{words};
  for (usize i = 0; i < n; ++i) {
    Value v = code->try_at(static_cast<Index>(i));
    u64 word;
    if (!is_int(v)) return raise_type_error(t, "an integer is required");
    if (!int_to_u64(int_exact(v), &word) || word > 0xFFFFFFFF)
      return raise_overflow_error(t, "regular expression code size limit exceeded");
    words[i] = static_cast<u32>(word);
  }
  words[n] = sre::FAILURE;
  RawBytes* storage = TRY(make_raw_bytes(t, (n + 1) * sizeof(u32)));
  memcpy(storage->data(), words, (n + 1) * sizeof(u32));
  if (n == 0 || groups < 0 || groups > 1073741823) return raise_runtime_error(t, "invalid SRE code");
  auto* p = static_cast<Pattern*>(allocate_instance(t, TRY(type_from_def(t, pattern_def))));
  if (!p) return failed;
  p->pattern_.init(pattern);
  p->group_index_.init(Value(groupindex));
  p->index_group_.init(indexgroup);
  p->code_.init(storage);
  p->code_size_ = n;
  p->analysis_.init(nullptr);
  p->uses_ = 0;
  p->groups_ = groups;
  p->flags_ = flags;
  p->any_kind_ = pattern.is_none();
  p->bytes_ = !pattern.is_none() && !is<Str>(pattern);
  return p;
}
static Result<i64> getcodesize(Thread&) { return 4; }
static Result<bool> ascii_iscased(Thread&, int ch) { return static_cast<u32>(ch | 0x20) - 'a' < 26u; }
static Result<i64> ascii_tolower(Thread&, int ch) { return sre::lower_ascii(static_cast<u32>(ch)); }
static Result<bool> unicode_iscased(Thread&, int ch) {
  u32 upper[3];  // also of those whose uppercase is several characters
  unicode_upper(static_cast<u32>(ch), upper);
  return sre::lower_unicode(static_cast<u32>(ch)) != static_cast<u32>(ch) || upper[0] != static_cast<u32>(ch);
}
static Result<i64> unicode_tolower(Thread&, int ch) { return sre::lower_unicode(static_cast<u32>(ch)); }

static constinit NativeDef sre_functions[] = {
    native<sre_compile>("compile(pattern, flags, code, groups, groupindex, indexgroup)"),
    native<getcodesize>("getcodesize()"),
    native<ascii_iscased>("ascii_iscased(character, /)"),
    native<ascii_tolower>("ascii_tolower(character, /)"),
    native<unicode_iscased>("unicode_iscased(character, /)"),
    native<unicode_tolower>("unicode_tolower(character, /)"),
};
static constexpr ModuleConstant sre_constants[] = {
    {"MAGIC", 20220615}, {"CODESIZE", 4}, {"MAXREPEAT", 4294967295}, {"MAXGROUPS", 1073741823}};

static Result<void> sre_exec(Thread& t, Module* module) {
  TRY(type_from_def(t, pattern_def));
  TRY(type_from_def(t, match_def));
  TRY(type_from_def(t, scanner_def));
  return module_set(t, module, "copyright", Value(intern(t, " Baton's engine for the code of re._compiler ")));
}
ModuleDef sre_module = {.name = "_sre",
                        .functions = sre_functions,
                        .function_count = count_of(sre_functions),
                        .constants = sre_constants,
                        .constant_count = 4,
                        .exec = sre_exec};

}  // namespace baton
