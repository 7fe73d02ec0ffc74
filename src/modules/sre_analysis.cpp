// Walks a pattern's code and fills the words of sre_analysis.h. Everything here errs on one side: a set may hold too much.
#include "modules/sre_analysis.h"

#include <cstring>

#include "modules/sre_engine.h"

namespace baton::sre {

namespace {

constexpr u32 kMaxBranches = 8;  // with a table

struct Set {
  u32 bits[kBitmapWords] = {};
  bool others = false;

  void add(u32 ch) {
    if (ch < 256)
      bits[ch >> 5] |= 1u << (ch & 31);
    else
      others = true;
  }
  bool has(u32 ch) const { return (bits[ch >> 5] >> (ch & 31)) & 1; }
  void add_all() {
    memset(bits, 0xFF, sizeof bits);
    others = true;
  }
  void add(const Set& other) {
    for (u32 i = 0; i < kBitmapWords; ++i) bits[i] |= other.bits[i];
    others |= other.others;
  }
  bool meets_below_256(const Set& other) const {
    for (u32 i = 0; i < kBitmapWords; ++i)
      if (bits[i] & other.bits[i]) return true;
    return false;
  }
};

bool is_of_locale(u32 category) { return category == 8 || category == 9; }

const Set& category_set(u32 category) {
  static const auto sets = [] {
    struct Sets {
      Set of[18];
    } made;
    for (u32 i = 0; i < 18; ++i) {
      if (is_of_locale(i)) continue;
      for (u32 ch = 0; ch < 256; ++ch)
        if (in_category(i, ch)) made.of[i].add(ch);
      made.of[i].others = i != 0 && i != 2 && i != 4 && i != 6;  // the ASCII ones
    }
    return made;
  }();
  return sets.of[category];
}

// Adds what the charset at `set` holds; false: it depends on the locale, or isn't one. What is hit first decides, as in
// in_charset().
bool add_charset(const u32* set, const u32* end, Set* result) {
  Set decided, sum;
  bool positive = true;
  auto decide = [&](const Set& hit) {
    for (u32 i = 0; i < kBitmapWords; ++i) {
      if (positive) sum.bits[i] |= hit.bits[i] & ~decided.bits[i];
      decided.bits[i] |= hit.bits[i];
    }
    if (positive) sum.others |= hit.others;
  };
  while (set < end) {
    Set hit;
    switch (*set) {
      case FAILURE:
        if (!positive) {
          hit.add_all();
          positive = true;
          decide(hit);
        }
        result->add(sum);
        return true;
      case NEGATE:
        positive = !positive;
        ++set;
        continue;
      case LITERAL:
        hit.add(set[1]);
        set += 2;
        break;
      case CATEGORY:
        if (is_of_locale(set[1]) || set[1] >= 18) return false;
        hit = category_set(set[1]);
        set += 2;
        break;
      case RANGE:
        for (u32 ch = set[1]; ch <= set[2] && ch < 256; ++ch) hit.add(ch);
        hit.others = set[2] >= 256;
        set += 3;
        break;
      case RANGE_UNI_IGNORE:
        for (u32 ch = 0; ch < 256; ++ch) {
          u32 upper = upper_unicode(ch);
          if ((set[1] <= ch && ch <= set[2]) || (set[1] <= upper && upper <= set[2])) hit.add(ch);
        }
        hit.others = true;
        set += 3;
        break;
      case CHARSET:
        memcpy(hit.bits, set + 1, sizeof hit.bits);
        set += 9;
        break;
      case BIGCHARSET: {
        u32 block = reinterpret_cast<const u8*>(set + 2)[0];
        memcpy(hit.bits, set + 2 + 64 + block * 8, sizeof hit.bits);
        hit.others = true;
        set += 2 + 64 + set[1] * 8;
        break;
      }
      default: return false;
    }
    decide(hit);
  }
  return false;  // no end
}

// Calls visit(pc) for each instruction in code[pc, end) that may have a note. false: something unknown was met.
template <class F>
bool for_each_noted(const u32* code, usize pc, usize end, u32 depth, F& visit) {
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
      case POSSESSIVE_REPEAT_ONE:
        if (pc + 1 >= end || pc + 1 + code[pc + 1] > end) return false;
        visit(pc);
        pc += 4;
        break;
      case INFO:
        if (pc + 1 >= end) return false;
        pc += 1 + code[pc + 1];
        break;
      case IN:
      case IN_IGNORE:
      case IN_UNI_IGNORE:
      case IN_LOC_IGNORE:
        if (pc + 1 >= end || pc + 1 + code[pc + 1] > end) return false;
        visit(pc);
        pc += 1 + code[pc + 1];
        break;
      case BRANCH: {
        visit(pc);
        usize alternative = pc + 1;
        while (alternative < end && code[alternative]) {
          usize next = alternative + code[alternative];
          if (next > end || !for_each_noted(code, alternative + 1, next, depth + 1, visit)) return false;
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

bool is_class(u32 op) { return op == IN || op == IN_IGNORE || op == IN_UNI_IGNORE || op == IN_LOC_IGNORE; }
bool has_set(u32 op) { return (is_class(op) && op != IN_LOC_IGNORE) || op == REPEAT || op == REPEAT_ONE || op == MIN_REPEAT_ONE; }

u32 count_alternatives(const u32* code, usize n, usize branch) {
  u32 count = 0;
  for (usize at = branch + 1; at < n && code[at]; at += code[at]) ++count;
  return count;
}

struct Sizes {
  u32 sets = 0, branches = 0;
};
Sizes count_notes(const u32* code, usize n) {
  Sizes sizes;
  auto visit = [&](usize pc) {
    if (has_set(code[pc])) ++sizes.sets;
    if (code[pc] == BRANCH && sizes.branches < kMaxBranches && count_alternatives(code, n, pc) <= kMaxAlternatives)
      ++sizes.branches;
  };
  (void)for_each_noted(code, 0, n, 0, visit);
  return sizes;
}
u32 offset_of_notes() { return (sizeof(AnalysisHeader) + kMaxFilterDepth * 256) / sizeof(u32); }

class Analyser {
 public:
  Analyser(const u32* code, usize n, u32* words) : code_(code), n_(n), words_(words) {}

  void run() {
    Sizes sizes = count_notes(code_, n_);
    auto* header = reinterpret_cast<AnalysisHeader*>(words_);
    header->notes_at = offset_of_notes();
    header->bitmaps_at = header->notes_at + static_cast<u32>(n_);
    header->branches_at = header->bitmaps_at + sizes.sets * kBitmapWords;
    notes_ = words_ + header->notes_at;
    bitmaps_ = words_ + header->bitmaps_at;
    branches_ = reinterpret_cast<BranchWords*>(words_ + header->branches_at);
    find_untils();
    auto visit = [&](usize pc) { note(pc, sizes.branches); };
    (void)for_each_noted(code_, 0, n_, 0, visit);
    find_untils(true);
    fill_filter(header);
  }

 private:
  // While the analysis lasts the note of an UNTIL says where its REPEAT is (+ 1).
  void find_untils(bool forget = false) {
    auto visit = [&](usize pc) {
      if (code_[pc] != REPEAT) return;
      usize until = pc + 1 + code_[pc + 1];
      if (until < n_ && (code_[until] == MAX_UNTIL || code_[until] == MIN_UNTIL))
        notes_[until] = forget ? 0 : static_cast<u32>(pc) + 1;
    };
    (void)for_each_noted(code_, 0, n_, 0, visit);
  }

  void note(usize pc, u32 branches) {
    const u32* at = code_ + pc;
    Set set;
    switch (at[0]) {
      case IN:
      case IN_IGNORE:
      case IN_UNI_IGNORE:
        if (add_charset(at + 2, at + 1 + at[1], &set)) notes_[pc] = keep(set);
        break;
      case REPEAT_ONE:
      case MIN_REPEAT_ONE: {
        if (!first_of(pc + 1 + at[1], &set)) break;
        notes_[pc] = keep(set);
        Set item;
        if (!add_item(at + 4, &item) || item.meets_below_256(set)) break;
        notes_[pc] |= kDisjointBelow;
        if (!item.others || !set.others) notes_[pc] |= kDisjoint;
        break;
      }
      case REPEAT:
        if (first_of(pc + 4, &set)) notes_[pc] = keep(set);
        break;
      case BRANCH:
        if (branch_count_ < branches && count_alternatives(code_, n_, pc) <= kMaxAlternatives) note_branch(pc);
        break;
      default: break;
    }
  }

  void note_branch(usize pc) {
    BranchWords* branch = branches_ + branch_count_++;
    u32 i = 0;
    for (usize at = pc + 1; at < n_ && code_[at]; at += code_[at], ++i) {
      branch->alternatives[i] = static_cast<u32>(at) + 1;
      u32 bit = 1u << i;
      Set set;
      if (!first_of(at + 1, &set)) {
        set.add_all();
        branch->mask_at_end |= bit;
      }
      for (u32 ch = 0; ch < 256; ++ch)
        if (set.has(ch)) branch->masks[ch] |= bit;
      if (set.others) branch->mask_of_others |= bit;
    }
    notes_[pc] = branch_count_;
  }

  u32 keep(const Set& set) {
    memcpy(bitmaps_ + set_count_++ * kBitmapWords, set.bits, sizeof set.bits);
    return (set_count_ << 3) | (set.others ? kOthers : 0);
  }

  // What one character of a single-character item can be. false: it depends on the locale.
  bool add_item(const u32* item, Set* set) const {
    switch (item[0]) {
      case ANY_ALL: set->add_all(); return true;
      case LITERAL: set->add(item[1]); return true;
      case IN: return add_charset(item + 2, code_ + n_, set);
      case CATEGORY:
        if (is_of_locale(item[1]) || item[1] >= 18) return false;
        set->add(category_set(item[1]));
        return true;
      case IN_IGNORE:
      case IN_UNI_IGNORE: {
        Set lower;
        if (!add_charset(item + 2, code_ + n_, &lower)) return false;
        break;
      }
      case ANY:
      case NOT_LITERAL:
      case LITERAL_IGNORE:
      case NOT_LITERAL_IGNORE:
      case LITERAL_UNI_IGNORE:
      case NOT_LITERAL_UNI_IGNORE: break;
      default: return false;
    }
    for (u32 ch = 0; ch < 256; ++ch)
      if (Matcher<u32>::item_matches(item, ch)) set->add(ch);
    set->others = true;
    return true;
  }

  bool first_of(usize pc, Set* set) {
    steps_ = 0;
    return add_first(pc, 0, set);
  }
  // Adds what a match from pc on can begin with. false: it may be empty, or is too hard to tell.
  bool add_first(usize pc, u32 depth, Set* set) {
    while (pc < n_ && depth < 40 && ++steps_ < 200) {
      const u32* at = code_ + pc;
      switch (at[0]) {
        case MARK:
        case AT: pc += 2; break;
        case INFO:
        case JUMP:
        case ASSERT:
        case ASSERT_NOT: pc += 1 + at[1]; break;
        case REPEAT_ONE:
        case MIN_REPEAT_ONE:
        case POSSESSIVE_REPEAT_ONE:
          if (!add_item(at + 4, set)) return false;
          if (at[2] > 0) return true;
          pc += 1 + at[1];
          break;
        case REPEAT:
          if (!add_first(pc + 4, depth + 1, set)) return false;
          if (at[2] > 0) return true;
          pc += 1 + at[1] + 1;
          break;
        case MAX_UNTIL:
        case MIN_UNTIL:  // once more, or on
          if (!notes_[pc] || !add_first(notes_[pc] - 1 + 4, depth + 1, set)) return false;
          pc += 1;
          break;
        case ATOMIC_GROUP: return add_first(pc + 2, depth + 1, set);
        case BRANCH:
          for (usize alternative = pc + 1; alternative < n_ && code_[alternative]; alternative += code_[alternative])
            if (!add_first(alternative + 1, depth + 1, set)) return false;
          return true;
        default: return add_item(at, set);
      }
    }
    return false;
  }

  // ------------------------------------------------------------------------------------------------------------ the filter

  void fill_filter(AnalysisHeader* header) {
    filter_ = reinterpret_cast<u8*>(header + 1);
    Set first;
    if (!first_of(0, &first)) return;
    header->first_known = 1;
    header->first_others = first.others;
    header->filter_depth = 1;
    usize pc = 0;
    while (pc < n_ && (code_[pc] == INFO || code_[pc] == MARK || code_[pc] == AT))
      pc += code_[pc] == INFO ? 1 + code_[pc + 1] : 2;
    steps_ = 0;
    if (pc < n_ && code_[pc] == BRANCH) {
      u32 i = 0;
      for (usize at = pc + 1; at < n_ && code_[at]; at += code_[at], ++i)
        add_paths(at + 1, 0, static_cast<u8>(1u << (i < 7 ? i : 7)), 0);
    } else {
      add_paths(pc, 0, 1, 0);
    }
    for (u32 ch = 0; ch < 256; ++ch)
      if (!first.has(ch)) filter_[ch] = 0;
    // Places where most of a text's characters may stand sort nothing out.
    while (header->filter_depth < kMaxFilterDepth && is_selective(header->filter_depth)) ++header->filter_depth;
  }
  bool is_selective(u32 place) const {
    u32 possible = 0;
    for (u32 ch = 0x20; ch < 0x7F; ++ch) possible += filter_[place * 256 + ch] != 0;
    return possible < 32;
  }

  void allow(u32 place, u8 bit, const Set& set) {
    for (u32 ch = 0; ch < 256; ++ch)
      if (set.has(ch)) filter_[place * 256 + ch] |= bit;
  }
  void allow_all_from(u32 place, u8 bit) {
    for (u32 i = place * 256; i < kMaxFilterDepth * 256; ++i) filter_[i] |= bit;
  }
  // Adds, for the places from `place` on, the characters of every way through the code from pc on.
  void add_paths(usize pc, u32 place, u8 bit, u32 depth) {
    while (place < kMaxFilterDepth) {
      if (pc >= n_ || depth >= 12 || ++steps_ > 300) return allow_all_from(place, bit);
      const u32* at = code_ + pc;
      switch (at[0]) {
        case MARK:
        case AT: pc += 2; break;
        case INFO:
        case JUMP:
        case ASSERT:
        case ASSERT_NOT: pc += 1 + at[1]; break;
        case BRANCH:
          for (usize alternative = pc + 1; alternative < n_ && code_[alternative]; alternative += code_[alternative])
            add_paths(alternative + 1, place, bit, depth + 1);
          return;
        case REPEAT_ONE:
        case MIN_REPEAT_ONE:
        case POSSESSIVE_REPEAT_ONE: {
          Set item;
          if (!add_item(at + 4, &item)) return allow_all_from(place, bit);
          for (u32 count = 0;; ++count) {
            if (count >= at[2]) add_paths(pc + 1 + at[1], place, bit, depth + 1);
            if (count == at[3] || place == kMaxFilterDepth) return;
            allow(place++, bit, item);
          }
        }
        default: {
          Set item;
          if (!add_item(at, &item)) return allow_all_from(place, bit);
          allow(place++, bit, item);
          pc += at[0] == ANY || at[0] == ANY_ALL ? 1 : is_class(at[0]) ? 1 + at[1] : 2;
        }
      }
    }
  }

  const u32* code_;
  usize n_;
  u32* words_;
  u32 *notes_ = nullptr, *bitmaps_ = nullptr;
  BranchWords* branches_ = nullptr;
  u8* filter_ = nullptr;
  u32 set_count_ = 0, branch_count_ = 0, steps_ = 0;
};

}  // namespace

usize analysis_size(const u32* code, usize n) {
  Sizes sizes = count_notes(code, n);
  return offset_of_notes() + n + sizes.sets * kBitmapWords + sizes.branches * sizeof(BranchWords) / sizeof(u32);
}

void analyse(const u32* code, usize n, u32* words) {
  memset(words, 0, analysis_size(code, n) * sizeof(u32));
  Analyser(code, n, words).run();
}

}  // namespace baton::sre
