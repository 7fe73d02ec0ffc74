// Walks a pattern's code once, when it is compiled. Code that re._compiler doesn't make ends the walk: what is not in the table
// is decided by the engine.
#include "modules/sre_classes.h"

#include <cstring>

#include "modules/sre_engine.h"

namespace baton::sre {

namespace {

bool is_locale_dependent(const u32* set, const u32* end) {
  while (set < end) {
    switch (*set) {
      case FAILURE: return false;
      case NEGATE: ++set; break;
      case LITERAL: set += 2; break;
      case CATEGORY:
        if (set[1] == 8 || set[1] == 9) return true;
        set += 2;
        break;
      case RANGE:
      case RANGE_UNI_IGNORE: set += 3; break;
      case CHARSET: set += 9; break;
      case BIGCHARSET: set += 2 + 64 + set[1] * 8; break;
      default: return true;
    }
  }
  return true;  // no end
}

// Calls visit(pc) for each class (IN and its kin) in code[pc, end). false: something unknown was met.
template <class F>
bool for_each_class(const u32* code, usize pc, usize end, u32 depth, F& visit) {
  if (depth > 100) return false;
  while (pc < end) {
    switch (code[pc]) {
      case FAILURE:
      case SUCCESS:
      case ANY:
      case ANY_ALL:
      case MAX_UNTIL:
      case MIN_UNTIL: pc += 1; break;
      case AT:
      case CATEGORY:
      case GROUPREF:
      case JUMP:
      case LITERAL:
      case NOT_LITERAL:
      case MARK:
      case ATOMIC_GROUP:
      case GROUPREF_IGNORE:
      case LITERAL_IGNORE:
      case NOT_LITERAL_IGNORE:
      case GROUPREF_LOC_IGNORE:
      case LITERAL_LOC_IGNORE:
      case NOT_LITERAL_LOC_IGNORE:
      case GROUPREF_UNI_IGNORE:
      case LITERAL_UNI_IGNORE:
      case NOT_LITERAL_UNI_IGNORE: pc += 2; break;
      case ASSERT:
      case ASSERT_NOT:
      case GROUPREF_EXISTS: pc += 3; break;
      case REPEAT:
      case REPEAT_ONE:
      case MIN_REPEAT_ONE:
      case POSSESSIVE_REPEAT:
      case POSSESSIVE_REPEAT_ONE: pc += 4; break;
      case INFO:
        if (pc + 1 >= end) return false;
        pc += 1 + code[pc + 1];
        break;
      case IN:
      case IN_IGNORE:
      case IN_UNI_IGNORE:
      case IN_LOC_IGNORE: {
        if (pc + 1 >= end || pc + 1 + code[pc + 1] > end) return false;
        usize next = pc + 1 + code[pc + 1];
        if (!is_locale_dependent(code + pc + 2, code + next)) visit(pc);
        pc = next;
        break;
      }
      case BRANCH: {
        usize alternative = pc + 1;
        while (alternative < end && code[alternative]) {
          usize next = alternative + code[alternative];
          if (next > end || !for_each_class(code, alternative + 1, next, depth + 1, visit)) return false;
          alternative = next;
        }
        pc = alternative + 1;
        break;
      }
      default: return false;
    }
  }
  return true;
}

class FirstWalk {
 public:
  FirstWalk(const u32* code, usize n, u32* bitmap) : code_(code), n_(n), bitmap_(bitmap) {}
  bool others() const { return others_; }

  // Adds what a match from pc on can begin with. false: it may be empty, or is too hard to tell.
  bool add(usize pc, u32 depth) {
    while (pc < n_ && depth < 40 && ++steps_ < 400) {
      const u32* at = code_ + pc;
      switch (at[0]) {
        case MARK:
        case AT: pc += 2; break;
        case INFO:
        case JUMP:
        case ASSERT:
        case ASSERT_NOT: pc += 1 + at[1]; break;
        case ANY:
        case ANY_ALL:
        case LITERAL:
        case NOT_LITERAL:
        case CATEGORY:
        case IN:
        case LITERAL_IGNORE:
        case NOT_LITERAL_IGNORE:
        case IN_IGNORE:
        case LITERAL_UNI_IGNORE:
        case NOT_LITERAL_UNI_IGNORE:
        case IN_UNI_IGNORE: return add_item(at);
        case REPEAT_ONE:
        case MIN_REPEAT_ONE:
        case POSSESSIVE_REPEAT_ONE:
          if (!add_item(at + 4)) return false;
          if (at[2] > 0) return true;
          pc += 1 + at[1];
          break;
        case REPEAT:
          if (!add(pc + 4, depth + 1)) return false;
          if (at[2] > 0) return true;
          pc += 1 + at[1] + 1;
          break;
        case ATOMIC_GROUP: return add(pc + 2, depth + 1);
        case BRANCH: {
          for (usize alternative = pc + 1; alternative < n_ && code_[alternative]; alternative += code_[alternative])
            if (!add(alternative + 1, depth + 1)) return false;
          return true;
        }
        default: return false;
      }
    }
    return false;
  }

 private:
  bool add_item(const u32* item) {
    if (item[0] == IN && is_locale_dependent(item + 2, code_ + n_)) return false;
    if (item[0] == CATEGORY && (item[1] == 8 || item[1] == 9)) return false;
    if (item[0] == IN_LOC_IGNORE || item[0] == LITERAL_LOC_IGNORE || item[0] == NOT_LITERAL_LOC_IGNORE) return false;
    for (u32 ch = 0; ch < 256; ++ch)
      if (Matcher<u32>::item_matches(item, ch)) bitmap_[ch >> 5] |= 1u << (ch & 31);
    if (item[0] != LITERAL || item[1] >= 256) others_ = true;
    return true;
  }
  const u32* code_;
  usize n_;
  u32* bitmap_;
  u32 steps_ = 0;
  bool others_ = false;
};

}  // namespace

usize ClassTable::count_classes(const u32* code, usize n) {
  usize count = 0;
  auto visit = [&](usize) { ++count; };
  (void)for_each_class(code, 0, n, 0, visit);
  return count;
}

FirstCharacters ClassTable::fill(const u32* code, usize n, u32* words) {
  memset(words, 0, words_for(n, count_classes(code, n)) * sizeof(u32));
  u32* bitmaps = words + n;
  u32 number = 0;
  auto visit = [&](usize pc) {
    words[pc] = ++number;
    u32* bitmap = bitmaps + number * kBitmapWords;
    for (u32 ch = 0; ch < 256; ++ch)
      if (in_charset(code + pc + 2, ch)) bitmap[ch >> 5] |= 1u << (ch & 31);
  };
  (void)for_each_class(code, 0, n, 0, visit);
  FirstWalk walk(code, n, bitmaps);
  FirstCharacters first;
  first.known = walk.add(0, 0);
  first.others = walk.others();
  return first;
}

}  // namespace baton::sre
