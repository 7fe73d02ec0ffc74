// The engine's loop, character classes, and its three instantiations.
#include "modules/sre_engine.h"

#include <bit>
#include <cctype>

#include "base/unicode.h"

namespace baton::sre {

u32 lower_ascii(u32 ch) { return ch - 'A' < 26u ? ch | 0x20 : ch; }
u32 lower_unicode(u32 ch) { return ch < 128 ? lower_ascii(ch) : unicode_simple_lower(ch); }
u32 upper_unicode(u32 ch) { return unicode_simple_upper(ch); }
u32 lower_locale(u32 ch) { return ch < 256 ? static_cast<u32>(tolower(static_cast<int>(ch))) : ch; }
u32 upper_locale(u32 ch) { return ch < 256 ? static_cast<u32>(toupper(static_cast<int>(ch))) : ch; }

static bool ascii_word(u32 ch) { return ch < 128 && (lower_ascii(ch) - 'a' < 26u || ch - '0' < 10u || ch == '_'); }
static bool ascii_space(u32 ch) { return ch == ' ' || ch - 9 < 5u; }
static bool locale_word(u32 ch) { return ch < 256 && (isalnum(static_cast<int>(ch)) || ch == '_'); }
// Of the characters below 256.
static constexpr u32 kLatinWords[8] = {0, 0x03FF0000, 0x87FFFFFE, 0x07FFFFFE, 0, 0x762C0400, 0xFF7FFFFF, 0xFF7FFFFF};
bool is_unicode_word(u32 ch) { return ch < 256 ? (kLatinWords[ch >> 5] >> (ch & 31)) & 1 : unicode_is_alnum(ch); }

bool in_category(u32 category, u32 ch) {
  switch (category) {
    case 0: return ch - '0' < 10u;
    case 1: return !(ch - '0' < 10u);
    case 2: return ascii_space(ch);
    case 3: return !ascii_space(ch);
    case 4: return ascii_word(ch);
    case 5: return !ascii_word(ch);
    case 6: return ch == '\n';
    case 7: return ch != '\n';
    case 8: return locale_word(ch);
    case 9: return !locale_word(ch);
    case 10: return unicode_is_decimal(ch);
    case 11: return !unicode_is_decimal(ch);
    case 12: return unicode_is_space(ch);
    case 13: return !unicode_is_space(ch);
    case 14: return is_unicode_word(ch);
    case 15: return !is_unicode_word(ch);
    case 16: return unicode_is_linebreak(ch);
    case 17: return !unicode_is_linebreak(ch);
    default: return false;
  }
}

bool in_charset(const u32* set, u32 ch) {
  bool positive = true;
  for (;;) {
    switch (*set++) {
      case FAILURE: return !positive;
      case LITERAL:
        if (ch == *set) return positive;
        ++set;
        break;
      case CATEGORY:
        if (in_category(*set, ch)) return positive;
        ++set;
        break;
      case CHARSET:
        if (ch < 256 && (set[ch >> 5] & (1u << (ch & 31)))) return positive;
        set += 8;
        break;
      case RANGE:
        if (set[0] <= ch && ch <= set[1]) return positive;
        set += 2;
        break;
      case RANGE_UNI_IGNORE: {
        if (set[0] <= ch && ch <= set[1]) return positive;
        u32 upper = upper_unicode(ch);
        if (set[0] <= upper && upper <= set[1]) return positive;
        set += 2;
        break;
      }
      case NEGATE: positive = !positive; break;
      case BIGCHARSET: {
        u32 blocks = *set++;
        if (ch < 65536) {
          u32 block = reinterpret_cast<const u8*>(set)[ch >> 8];
          if (set[64 + block * 8 + ((ch & 255) >> 5)] & (1u << (ch & 31))) return positive;
        }
        set += 64 + blocks * 8;
        break;
      }
      default: return false;  // not a charset: re._compiler never makes one
    }
  }
}

template <class Char>
bool Matcher<Char>::at_position(u32 where, i64 p) const {
  auto boundary = [&](auto word) {
    if (begin_ == end_) return false;
    bool before = p > begin_ && word(text_[p - 1]);
    bool here = p < end_ && word(text_[p]);
    return before != here;
  };
  auto no_boundary = [&](auto word) {
    if (begin_ == end_) return false;
    bool before = p > begin_ && word(text_[p - 1]);
    bool here = p < end_ && word(text_[p]);
    return before == here;
  };
  switch (where) {
    case 0:
    case 2: return p == begin_;
    case 1: return p == begin_ || text_[p - 1] == '\n';
    case 3: return boundary(ascii_word);
    case 4: return no_boundary(ascii_word);
    case 5: return p == end_ || (p + 1 == end_ && text_[p] == '\n');
    case 6: return p == end_ || text_[p] == '\n';
    case 7: return p == end_;
    case 8: return boundary(locale_word);
    case 9: return no_boundary(locale_word);
    case 10: return boundary(is_unicode_word);
    case 11: return no_boundary(is_unicode_word);
    default: return false;
  }
}

#define OOM_UNLESS(condition) \
  if (!(condition)) return Outcome::OutOfMemory

template <class Char>
Outcome Matcher<Char>::run(u32 pc, i64 p, bool top, i64* end_ptr) {
  usize base = choices_.size();
  usize trail_base = trail_.size();
  i64 last_index_base = last_index_;
  const u32* const code = code_;
  for (;;) {
    const u32* at = code + pc;
    switch (at[0]) {
      case FAILURE: goto backtrack;
      case SUCCESS:
        if (top && ((match_all_ && p != end_) || (must_advance_ && p == start_))) goto backtrack;
        *end_ptr = p;
        choices_.resize(base);
        return Outcome::Match;
      case AT:
        if (!at_position(at[1], p)) goto backtrack;
        pc += 2;
        continue;
      case ANY:
      case ANY_ALL:
        if (p >= end_ || !matches_one(at, text_[p])) goto backtrack;
        ++p;
        ++pc;
        continue;
      case LITERAL:
        if (p >= end_ || text_[p] != at[1]) goto backtrack;
        ++p;
        pc += 2;
        continue;
      case NOT_LITERAL:
      case CATEGORY:
      case LITERAL_IGNORE:
      case NOT_LITERAL_IGNORE:
      case LITERAL_UNI_IGNORE:
      case NOT_LITERAL_UNI_IGNORE:
      case LITERAL_LOC_IGNORE:
      case NOT_LITERAL_LOC_IGNORE:
        if (p >= end_ || !matches_one(at, text_[p])) goto backtrack;
        ++p;
        pc += 2;
        continue;
      case IN:
      case IN_IGNORE:
      case IN_UNI_IGNORE:
      case IN_LOC_IGNORE:
        if (p >= end_ || !matches_one(at, text_[p])) goto backtrack;
        ++p;
        pc += 1 + at[1];
        continue;
      case JUMP:
      case INFO: pc += 1 + at[1]; continue;
      case MARK: {
        u32 i = at[1];
        OOM_UNLESS(set_mark(i, p));
        if (i & 1) last_index_ = i / 2 + 1;
        pc += 2;
        continue;
      }
      case BRANCH: {
        // Alternatives that can't match here are passed over.
        if (u32 note = note_of(at)) {
          const BranchWords& branch = branches()[note - 1];
          u32 possible = p >= end_                              ? branch.mask_at_end
                         : sizeof(Char) > 1 && text_[p] >= 256u ? branch.mask_of_others
                                                                : branch.masks[text_[p]];
          if (!possible) goto backtrack;
          pc = branch.alternatives[std::countr_zero(possible)];
          possible &= possible - 1;
          if (possible) OOM_UNLESS(push_choice(kAlternatives, note - 1, p, possible, context_));
          continue;
        }
        u32 alternative = pc + 1;
        u32 chosen = 0;
        while (code[alternative]) {
          const u32* first = code + alternative + 1;
          bool possible = !((first[0] == LITERAL && (p >= end_ || text_[p] != first[1])) ||
                            (first[0] == IN && (p >= end_ || !in_class(first, text_[p]))));
          u32 next = alternative + code[alternative];
          if (possible) {
            chosen = alternative + 1;
            if (code[next]) OOM_UNLESS(push_choice(kAlternative, next, p, 0, context_));
            break;
          }
          alternative = next;
        }
        if (!chosen) goto backtrack;
        pc = chosen;
        continue;
      }
      case REPEAT_ONE: {
        u32 minimum = at[2], maximum = at[3];
        u32 tail = pc + 1 + at[1];
        i64 n = count_item(at + 4, p, maximum);
        if (n < static_cast<i64>(minimum)) goto backtrack;
        i64 low = p + static_cast<i64>(minimum);
        p += n;
        if (u32 note = note_of(at)) {  // go back to where the tail may begin
          if (note & (sizeof(Char) == 1 ? kDisjointBelow : kDisjoint)) {
            if (!may_begin_at(note, p)) goto backtrack;
            pc = tail;
            continue;
          }
          while (!may_begin_at(note, p))
            if (--p < low) goto backtrack;
        } else if (code[tail] == LITERAL) {
          u32 wanted = code[tail + 1];
          while (p >= end_ || text_[p] != wanted)
            if (--p < low) goto backtrack;
        }
        if (p > low) OOM_UNLESS(push_choice(kRepeatOne, pc, p, low, context_));
        pc = tail;
        continue;
      }
      case MIN_REPEAT_ONE: {
        u32 minimum = at[2];
        if (minimum) {
          i64 n = count_item(at + 4, p, minimum);
          if (n < static_cast<i64>(minimum)) goto backtrack;
          p += n;
        }
        i64 remaining = at[3] == kMaxRepeat ? INT64_MAX : static_cast<i64>(at[3]) - minimum;
        if (u32 note = note_of(at); note && !go_where_may_begin(note, at, &p, &remaining)) goto backtrack;
        if (remaining > 0) OOM_UNLESS(push_choice(kMinRepeatOne, pc, p, remaining, context_));
        pc += 1 + at[1];
        continue;
      }
      case POSSESSIVE_REPEAT_ONE: {
        i64 n = count_item(at + 4, p, at[3]);
        if (n < static_cast<i64>(at[2])) goto backtrack;
        p += n;
        pc += 1 + at[1];
        continue;
      }
      case REPEAT:
        OOM_UNLESS(arena_.push({pc, 0xFFFFFFFF, -1, context_}));
        context_ = static_cast<i32>(arena_.size() - 1);
        pc += 1 + at[1];
        continue;
      case MAX_UNTIL: {
        RepeatContext c = arena_[static_cast<usize>(context_)];
        const u32* repeat = code + c.pc;
        u32 count = c.count + 1;
        if (count < repeat[2]) {
          OOM_UNLESS(arena_.push({c.pc, count, c.last_ptr, c.previous}));
          context_ = static_cast<i32>(arena_.size() - 1);
          pc = c.pc + 4;
          continue;
        }
        u32 note = note_of(repeat);
        if ((count < repeat[3] || repeat[3] == kMaxRepeat) && p != c.last_ptr && (!note || may_begin_at(note, p))) {
          OOM_UNLESS(push_choice(kAlternative, pc, p, 1, c.previous));
          OOM_UNLESS(arena_.push({c.pc, count, p, c.previous}));
          context_ = static_cast<i32>(arena_.size() - 1);
          pc = c.pc + 4;
          continue;
        }
        context_ = c.previous;
        ++pc;
        continue;
      }
      case MIN_UNTIL: {
        RepeatContext c = arena_[static_cast<usize>(context_)];
        const u32* repeat = code + c.pc;
        u32 count = c.count + 1;
        if (count < repeat[2]) {
          OOM_UNLESS(arena_.push({c.pc, count, c.last_ptr, c.previous}));
          context_ = static_cast<i32>(arena_.size() - 1);
          pc = c.pc + 4;
          continue;
        }
        if ((count < repeat[3] || repeat[3] == kMaxRepeat) && p != c.last_ptr)
          OOM_UNLESS(push_choice(kBodyOfMin, c.pc, p, count, context_));
        context_ = c.previous;
        ++pc;
        continue;
      }
      case POSSESSIVE_REPEAT: {
        u32 minimum = at[2], maximum = at[3], count = 0;
        u32 body = pc + 4, tail = pc + 1 + at[1] + 1;
        bool good = true;
        i64 previous = -1;
        while (count < maximum || maximum == kMaxRepeat) {
          if (count >= minimum && p == previous) break;
          i64 after = p;
          Outcome outcome = run_nested(body, p, &after);
          if (outcome == Outcome::OutOfMemory || outcome == Outcome::Interrupted) return outcome;
          if (outcome == Outcome::NoMatch) {
            good = count >= minimum;
            break;
          }
          previous = p;
          p = after;
          ++count;
        }
        if (!good) goto backtrack;
        pc = tail;
        continue;
      }
      case ATOMIC_GROUP: {
        i64 after = p;
        Outcome outcome = run_nested(pc + 2, p, &after);
        if (outcome == Outcome::OutOfMemory || outcome == Outcome::Interrupted) return outcome;
        if (outcome == Outcome::NoMatch) goto backtrack;
        p = after;
        pc += 1 + at[1];
        continue;
      }
      case ASSERT:
      case ASSERT_NOT: {
        i64 from = p - static_cast<i64>(at[2]);
        bool negative = at[0] == ASSERT_NOT;
        if (from < begin_) {
          if (!negative) goto backtrack;
          pc += 1 + at[1];
          continue;
        }
        usize trail = trail_.size();
        i64 last_index = last_index_;
        i64 after = from;
        Outcome outcome = run_nested(pc + 3, from, &after);
        if (outcome == Outcome::OutOfMemory || outcome == Outcome::Interrupted) return outcome;
        if (negative) {
          if (outcome == Outcome::Match) {
            undo(trail, last_index);
            goto backtrack;
          }
        } else if (outcome == Outcome::NoMatch) {
          goto backtrack;
        }
        pc += 1 + at[1];
        continue;
      }
      case GROUPREF:
      case GROUPREF_IGNORE:
      case GROUPREF_LOC_IGNORE:
      case GROUPREF_UNI_IGNORE: {
        i64 from = marks_[2 * at[1]], to = marks_[2 * at[1] + 1];
        if (from < 0 || to < from) goto backtrack;
        for (i64 i = from; i < to; ++i, ++p) {
          if (p >= end_ || !same_text(at[0], text_[p], text_[i])) goto backtrack;
        }
        pc += 2;
        continue;
      }
      case GROUPREF_EXISTS: {
        i64 from = marks_[2 * at[1]], to = marks_[2 * at[1] + 1];
        if (from < 0 || to < from)
          pc += 1 + at[2];
        else
          pc += 3;
        continue;
      }
      default: goto backtrack;  // not made by re._compiler
    }
  backtrack:
    if (choices_.size() == base) {
      undo(trail_base, last_index_base);
      return Outcome::NoMatch;
    }
    if (interrupt_ && (++steps_ & 0xFFFF) == 0 && interrupt_(interrupt_context_)) return Outcome::Interrupted;
    Choice& c = choices_.back();
    undo(c.trail, c.last_index);
    arena_.resize(c.arena);
    context_ = c.context;
    switch (c.kind) {
      case kAlternative:
        if (c.low) {  // behind a greedy repeat: its tail
          pc = c.pc + 1;
          p = c.ptr;
          choices_.resize(choices_.size() - 1);
          continue;
        }
        {
          u32 alternative = c.pc;
          p = c.ptr;
          u32 next = alternative + code[alternative];
          pc = alternative + 1;
          if (code[next])
            c.pc = next;
          else
            choices_.resize(choices_.size() - 1);
        }
        continue;
      case kAlternatives: {
        u64 possible = static_cast<u64>(c.low);
        p = c.ptr;
        pc = branches()[c.pc].alternatives[std::countr_zero(possible)];
        possible &= possible - 1;
        if (possible)
          c.low = static_cast<i64>(possible);
        else
          choices_.resize(choices_.size() - 1);
        continue;
      }
      case kRepeatOne: {
        i64 q = c.ptr - 1;
        u32 tail = c.pc + 1 + code[c.pc + 1];
        if (u32 note = note_of(code + c.pc)) {
          while (q >= c.low && !in_set(note, text_[q])) --q;
        } else if (code[tail] == LITERAL) {
          u32 wanted = code[tail + 1];
          while (q >= c.low && text_[q] != wanted) --q;
        }
        if (q < c.low) {
          choices_.resize(choices_.size() - 1);
          goto backtrack;
        }
        pc = tail;
        p = q;
        if (q > c.low)
          c.ptr = q;
        else
          choices_.resize(choices_.size() - 1);
        continue;
      }
      case kMinRepeatOne: {
        const u32* repeat = code + c.pc;
        if (c.ptr >= end_ || !matches_one(repeat + 4, text_[c.ptr])) {
          choices_.resize(choices_.size() - 1);
          goto backtrack;
        }
        p = ++c.ptr;
        --c.low;
        if (u32 note = note_of(repeat)) {
          if (!go_where_may_begin(note, repeat, &p, &c.low)) {
            choices_.resize(choices_.size() - 1);
            goto backtrack;
          }
          c.ptr = p;
        }
        pc = c.pc + 1 + repeat[1];
        if (c.low == 0) choices_.resize(choices_.size() - 1);
        continue;
      }
      case kBodyOfMin: {
        RepeatContext old = arena_[static_cast<usize>(c.context)];
        u32 count = static_cast<u32>(c.low);
        p = c.ptr;
        u32 repeat = c.pc;
        choices_.resize(choices_.size() - 1);
        OOM_UNLESS(arena_.push({repeat, count, p, old.previous}));
        context_ = static_cast<i32>(arena_.size() - 1);
        pc = repeat + 4;
        continue;
      }
    }
  }
}

template class Matcher<u8>;
template class Matcher<u16>;
template class Matcher<u32>;

}  // namespace baton::sre
