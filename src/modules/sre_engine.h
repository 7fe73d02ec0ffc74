// The regular expression engine: runs the code lists that re._compiler makes (MAGIC 20220615).
//
// A backtracking machine with an explicit stack: no C++ recursion but for lookarounds, atomic groups and possessive repeats,
// whose nesting the pattern bounds. Choice points save where to continue, the text position, the repeat context and the length of
// the trail; marks are changed in place and the trail undoes them. Repeat contexts are immutable records in an arena, so a choice
// point restores one by its index.
#pragma once
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "base/types.h"
#include "modules/sre_analysis.h"

namespace baton::sre {

enum Opcode : u32 {
  FAILURE,
  SUCCESS,
  ANY,
  ANY_ALL,
  ASSERT,
  ASSERT_NOT,
  AT,
  BRANCH,
  CATEGORY,
  CHARSET,
  BIGCHARSET,
  GROUPREF,
  GROUPREF_EXISTS,
  IN,
  INFO,
  JUMP,
  LITERAL,
  MARK,
  MAX_UNTIL,
  MIN_UNTIL,
  NOT_LITERAL,
  NEGATE,
  RANGE,
  REPEAT,
  REPEAT_ONE,
  SUBPATTERN,
  MIN_REPEAT_ONE,
  ATOMIC_GROUP,
  POSSESSIVE_REPEAT,
  POSSESSIVE_REPEAT_ONE,
  GROUPREF_IGNORE,
  IN_IGNORE,
  LITERAL_IGNORE,
  NOT_LITERAL_IGNORE,
  GROUPREF_LOC_IGNORE,
  IN_LOC_IGNORE,
  LITERAL_LOC_IGNORE,
  NOT_LITERAL_LOC_IGNORE,
  GROUPREF_UNI_IGNORE,
  IN_UNI_IGNORE,
  LITERAL_UNI_IGNORE,
  NOT_LITERAL_UNI_IGNORE,
  RANGE_UNI_IGNORE,
};
inline constexpr u32 kMaxRepeat = 0xFFFFFFFF;
inline constexpr i64 kNoMark = -1;

u32 lower_ascii(u32 ch);
bool is_unicode_word(u32 ch);
u32 lower_unicode(u32 ch);
u32 upper_unicode(u32 ch);
u32 lower_locale(u32 ch);
u32 upper_locale(u32 ch);
bool in_category(u32 category, u32 ch);
bool in_charset(const u32* set, u32 ch);

// A growing array of plain records: the first few here, so that short matches allocate nothing, more in malloc memory. push()
// false: out of memory, and the array keeps what it had.
template <class T>
class Stack {
 public:
  Stack() = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  ~Stack() {
    if (data_ != inline_) free(data_);
  }
  bool push(const T& v) {
    if (size_ == capacity_ && !grow()) return false;
    data_[size_++] = v;
    return true;
  }
  T& operator[](usize i) { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  usize size() const { return size_; }
  void resize(usize n) { size_ = n; }

 private:
  static constexpr usize kInline = 16;
  bool grow() {
    usize capacity = capacity_ * 4;
    void* p = realloc(data_ == inline_ ? nullptr : data_, capacity * sizeof(T));
    if (!p) return false;
    if (data_ == inline_) memcpy(p, inline_, sizeof inline_);
    data_ = static_cast<T*>(p);
    capacity_ = capacity;
    return true;
  }
  T* data_ = inline_;
  usize size_ = 0, capacity_ = kInline;
  T inline_[kInline];
};

enum class Outcome : u8 { NoMatch, Match, OutOfMemory, Interrupted };

// Asked every now and then during long matches; true: stop (an exception is pending).
using InterruptCheck = bool (*)(void* context);

template <class Char>
class Matcher {
 public:
  // analysis: the words of sre_analysis.h, or null.
  Matcher(const u32* code, const u32* analysis, u32 groups, const Char* text, i64 begin, i64 start, i64 end)
      : code_(code),
        analysis_(reinterpret_cast<const AnalysisHeader*>(analysis)),
        notes_(analysis ? analysis + analysis_->notes_at : nullptr),
        bitmaps_(analysis ? analysis + analysis_->bitmaps_at : nullptr),
        text_(text),
        begin_(begin),
        end_(end),
        start_(start),
        ptr_(start),
        mark_count_(groups * 2) {
    marks_ = mark_count_ <= kSmallMarks ? small_marks_ : static_cast<i64*>(malloc(mark_count_ * sizeof(i64)));
    reset();
  }
  ~Matcher() {
    if (marks_ != small_marks_) free(marks_);
  }

  bool has_memory() const { return marks_ != nullptr; }
  i64 mark(u32 i) const { return marks_[i]; }
  i64 start() const { return start_; }
  i64 ptr() const { return ptr_; }
  i64 last_index() const { return last_index_; }
  // For the next search behind this match: an empty match here again is refused.
  void advance() {
    must_advance_ = ptr_ == start_;
    start_ = ptr_;
  }
  void set_start(i64 at) { start_ = ptr_ = at; }
  void set_interrupt(InterruptCheck check, void* context) {
    interrupt_ = check;
    interrupt_context_ = context;
  }
  i64 end() const { return end_; }

  Outcome match(bool whole) {
    match_all_ = whole;
    reset();
    ptr_ = start_;
    return run_top(start_);
  }

  Outcome search() {
    match_all_ = false;
    const u32* pattern = code_;
    const u32* prefix = nullptr;
    u32 prefix_length = 0;
    const u32* charset = nullptr;
    i64 limit = end_;
    if (pattern[0] == INFO) {
      u32 flags = pattern[2], minimum = pattern[3];
      if (minimum > 1) {
        limit = end_ - static_cast<i64>(minimum) + 1;
        if (limit < start_) limit = start_;
        if (end_ - start_ < static_cast<i64>(minimum)) return Outcome::NoMatch;
      }
      if (flags & 1) {
        prefix_length = pattern[5];
        prefix = pattern + 7;
      } else if (flags & 4)
        charset = pattern + 5;
    }
    if (is_anchored()) limit = start_;
    reset();
    for (i64 at = start_; at <= limit; ++at) {
      if (prefix) {
        at = find_first(prefix[0], at);
        if (at < 0 || at > limit) break;
        bool same = end_ - at >= static_cast<i64>(prefix_length);
        for (u32 i = 1; same && i < prefix_length; ++i) same = text_[at + i] == prefix[i];
        if (!same) continue;
      } else if (analysis_ && analysis_->first_known) {
        at = find_candidate(at, limit < end_ ? limit : end_ - 1);
        if (at < 0) break;
      } else if (charset) {
        while (at < end_ && !in_charset(charset, text_[at])) ++at;
        if (at >= end_) break;
      }
      start_ = ptr_ = at;
      Outcome outcome = run_top(at);
      if (outcome != Outcome::NoMatch) return outcome;
      reset_stacks();  // the marks are undone already
      must_advance_ = false;
    }
    return Outcome::NoMatch;
  }

 private:
  static constexpr u32 kSmallMarks = 32;
  struct RepeatContext {
    u32 pc;
    u32 count;
    i64 last_ptr;
    i32 previous;
  };
  enum Kind : u8 { kAlternative, kAlternatives, kRepeatOne, kMinRepeatOne, kBodyOfMin };
  struct Choice {
    Kind kind;
    u32 pc;
    i64 ptr, low;
    i32 context;
    u32 trail, arena;
    i64 last_index;
  };
  struct TrailEntry {
    u32 mark;
    i64 old_value;
  };

  void reset() {
    for (u32 i = 0; i < mark_count_; ++i) marks_[i] = kNoMark;
    reset_stacks();
  }
  void reset_stacks() {
    last_index_ = -1;
    choices_.resize(0);
    trail_.resize(0);
    arena_.resize(0);
    context_ = -1;
  }

  i64 find_first(u32 ch, i64 at) const {
    if constexpr (sizeof(Char) == 1) {
      if (ch > 255) return -1;
      const void* p = at < end_ ? memchr(text_ + at, static_cast<int>(ch), static_cast<usize>(end_ - at)) : nullptr;
      return p ? static_cast<const Char*>(p) - text_ : -1;
    } else {
      for (; at < end_; ++at)
        if (text_[at] == ch) return at;
      return -1;
    }
  }

  Outcome run_top(i64 at) {
    u32 pc = code_[0] == INFO ? 1 + code_[1] : 0;
    i64 end_ptr = at;
    Outcome outcome = run(pc, at, true, &end_ptr);
    if (outcome == Outcome::Match) ptr_ = end_ptr;
    return outcome;
  }

  bool set_mark(u32 i, i64 value) {
    if (!trail_.push({i, marks_[i]})) return false;
    marks_[i] = value;
    return true;
  }
  void undo(usize trail, i64 last_index) {
    while (trail_.size() > trail) {
      TrailEntry e = trail_.back();
      trail_.resize(trail_.size() - 1);
      marks_[e.mark] = e.old_value;
    }
    last_index_ = last_index;
  }
  bool push_choice(Kind kind, u32 pc, i64 ptr, i64 low, i32 context) {
    return choices_.push(
        {kind, pc, ptr, low, context, static_cast<u32>(trail_.size()), static_cast<u32>(arena_.size()), last_index_});
  }

  static bool is_word(u32 ch) { return ch < 128 && (lower_ascii(ch) - 'a' < 26u || ch - '0' < 10u || ch == '_'); }
  bool at_position(u32 where, i64 p) const;
  // The pattern begins with \A, or with ^ without MULTILINE: only the beginning of the text can match.
  bool is_anchored() const {
    const u32* at = code_;
    if (at[0] == INFO) at += 1 + at[1];
    while (at[0] == MARK) at += 2;
    return at[0] == AT && (at[1] == 0 || at[1] == 2);
  }
  // The first place in [at, last] where a match may begin, or -1. last is inside the text.
  i64 find_candidate(i64 at, i64 last) const {
    auto* filter = reinterpret_cast<const u8*>(analysis_ + 1);
    auto mask = [&](u32 place, Char ch) -> u32 {
      if constexpr (sizeof(Char) > 1)
        if (ch >= 256) return place || analysis_->first_others ? 0xFF : 0;
      return filter[place * 256 + ch];
    };
    const u32 depth = analysis_->filter_depth;
    for (; at <= last; ++at) {
      u32 possible = mask(0, text_[at]);
      if (!possible) continue;
      for (u32 place = 1; place < depth && at + place < end_; ++place) possible &= mask(place, text_[at + place]);
      if (possible) return at;
    }
    return -1;
  }
  u32 note_of(const u32* at) const { return notes_ ? notes_[at - code_] : 0; }
  const u32* bitmap_of(u32 note) const { return bitmaps_ + ((note >> 3) - 1) * kBitmapWords; }
  BATON_ALWAYS_INLINE bool in_set(u32 note, u32 ch) const {
    if (sizeof(Char) > 1 && ch >= 256) return note & kOthers;
    return (bitmap_of(note)[ch >> 5] >> (ch & 31)) & 1;
  }
  // What the note is about may begin at p.
  bool may_begin_at(u32 note, i64 p) const { return p < end_ && in_set(note, text_[p]); }
  // item: an IN or IN_IGNORE of the code.
  BATON_ALWAYS_INLINE bool in_class(const u32* item, u32 ch) const {
    u32 note = note_of(item);
    if (note && ch < 256) [[likely]]
      return (bitmap_of(note)[ch >> 5] >> (ch & 31)) & 1;
    return in_charset(item + 2, ch);
  }
  bool matches_one(const u32* item, u32 ch) const {
    switch (item[0]) {
      case IN: return in_class(item, ch);
      case IN_IGNORE: return in_class(item, lower_ascii(ch));
      case IN_UNI_IGNORE: return in_class(item, lower_unicode(ch));
      default: return item_matches(item, ch);
    }
  }

 public:
  // Whether one character matches a single-character item, by the code alone.
  static bool item_matches(const u32* item, u32 ch) {
    switch (item[0]) {
      case ANY: return ch != '\n';
      case ANY_ALL: return true;
      case LITERAL: return ch == item[1];
      case NOT_LITERAL: return ch != item[1];
      case IN: return in_charset(item + 2, ch);
      case CATEGORY: return in_category(item[1], ch);
      case LITERAL_IGNORE: return lower_ascii(ch) == item[1];
      case NOT_LITERAL_IGNORE: return lower_ascii(ch) != item[1];
      case IN_IGNORE: return in_charset(item + 2, lower_ascii(ch));
      case LITERAL_UNI_IGNORE: return lower_unicode(ch) == item[1];
      case NOT_LITERAL_UNI_IGNORE: return lower_unicode(ch) != item[1];
      case IN_UNI_IGNORE: return in_charset(item + 2, lower_unicode(ch));
      case LITERAL_LOC_IGNORE: return ch == item[1] || lower_locale(ch) == item[1] || upper_locale(ch) == item[1];
      case NOT_LITERAL_LOC_IGNORE: return !(ch == item[1] || lower_locale(ch) == item[1] || upper_locale(ch) == item[1]);
      case IN_LOC_IGNORE: {
        if (in_charset(item + 2, ch)) return true;
        u32 lower = lower_locale(ch), upper = upper_locale(ch);
        return (lower != ch && in_charset(item + 2, lower)) || (upper != ch && upper != lower && in_charset(item + 2, upper));
      }
      default: return false;
    }
  }

 private:
  // How many times the item matches from p on, at most `most`.
  i64 count_item(const u32* item, i64 p, u32 most) const {
    i64 last = most == kMaxRepeat || end_ - p < static_cast<i64>(most) ? end_ : p + static_cast<i64>(most);
    i64 at = p;
    switch (item[0]) {
      case ANY_ALL: return last - p;
      case ANY:
        while (at < last && text_[at] != '\n') ++at;
        return at - p;
      case LITERAL:
        while (at < last && text_[at] == item[1]) ++at;
        return at - p;
      case NOT_LITERAL:
        while (at < last && text_[at] != item[1]) ++at;
        return at - p;
      case IN: {
        if (u32 note = note_of(item); note && sizeof(Char) == 1) {
          const u32* bitmap = bitmap_of(note);
          while (at < last && (bitmap[text_[at] >> 5] >> (text_[at] & 31)) & 1) ++at;
          return at - p;
        }
        while (at < last && in_class(item, text_[at])) ++at;
        return at - p;
      }
      default:
        while (at < last && matches_one(item, text_[at])) ++at;
        return at - p;
    }
  }

  const BranchWords* branches() const {
    return reinterpret_cast<const BranchWords*>(reinterpret_cast<const u32*>(analysis_) + analysis_->branches_at);
  }
  // A lazy repeat goes on to where its tail may begin. false: it can't so far.
  bool go_where_may_begin(u32 note, const u32* repeat, i64* p, i64* remaining) const {
    while (!may_begin_at(note, *p)) {
      if (*remaining == 0 || *p >= end_ || !matches_one(repeat + 4, text_[*p])) return false;
      ++*p;
      --*remaining;
    }
    return true;
  }

  bool same_text(u32 opcode, u32 a, u32 b) const {
    switch (opcode) {
      case GROUPREF_IGNORE: return lower_ascii(a) == lower_ascii(b);
      case GROUPREF_LOC_IGNORE: return lower_locale(a) == lower_locale(b);
      case GROUPREF_UNI_IGNORE: return lower_unicode(a) == lower_unicode(b);
      default: return a == b;
    }
  }

  // Runs from pc until SUCCESS. Choice points made inside are dropped at the end; marks stay on success, are undone on failure.
  Outcome run(u32 pc, i64 p, bool top, i64* end_ptr);
  Outcome run_nested(u32 pc, i64 p, i64* end_ptr) {
    i32 context = context_;
    Outcome outcome = run(pc, p, false, end_ptr);
    context_ = context;
    return outcome;
  }

  const u32* code_;
  const AnalysisHeader* analysis_;
  const u32 *notes_, *bitmaps_;
  const Char* text_;
  i64 begin_, end_, start_, ptr_;
  u32 mark_count_;
  i64* marks_;
  i64 small_marks_[kSmallMarks];
  i64 last_index_ = -1;
  bool match_all_ = false, must_advance_ = false;
  i32 context_ = -1;
  Stack<Choice> choices_;
  Stack<TrailEntry> trail_;
  Stack<RepeatContext> arena_;
  InterruptCheck interrupt_ = nullptr;
  void* interrupt_context_ = nullptr;
  u32 steps_ = 0;
};

}  // namespace baton::sre
