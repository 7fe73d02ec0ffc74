// Searching runs in two gears. The first looks for positions where the needle's first and last characters both fit, many at a
// time, and compares there. When comparing has cost more than the progress made, the second takes over: Crochemore and Perrin's
// two-way algorithm, linear with constant space. Backward search is the same code on reversed views.
#include "base/search.h"

#include <bit>
#include <cstring>
#include <type_traits>

#include "base/load.h"
#include "base/text_kinds.h"

namespace baton {

namespace {

template <class Char>
struct ForwardView {
  const Char* start;
  Char operator[](usize i) const { return start[i]; }
  ForwardView from(usize i) const { return {start + i}; }
};
template <class Char>
struct BackwardView {
  const Char* end;
  Char operator[](usize i) const { return *(end - 1 - i); }
  BackwardView from(usize i) const { return {end - i}; }
};

// The maximal suffix of the needle in one of the two orders: where it starts, and its period.
struct Factor {
  usize start, period;
};
template <class View>
Factor maximal_suffix(View needle, usize length, bool reversed_order) {
  // `start` is kept one below the suffix, as -1 wraps.
  usize start = static_cast<usize>(-1), at = 0, matched = 1, period = 1;
  while (at + matched < length) {
    auto a = needle[at + matched], b = needle[start + matched];
    if (a == b) {
      if (matched == period) {
        at += period;
        matched = 1;
      } else {
        ++matched;
      }
    } else if (reversed_order ? a > b : a < b) {
      at += matched;
      matched = 1;
      period = at - start;
    } else {
      start = at++;
      matched = period = 1;
    }
  }
  return {start + 1, period};
}

template <class View>
bool is_periodic(View needle, usize prefix, usize period) {
  for (usize i = 0; i < prefix; ++i) {
    if (needle[i] != needle[i + period]) return false;
  }
  return true;
}

template <class View>
usize two_way(View haystack, usize n, View needle, usize m) {
  Factor less = maximal_suffix(needle, m, false), greater = maximal_suffix(needle, m, true);
  Factor factor = less.start > greater.start ? less : greater;
  usize cut = factor.start, period = factor.period;
  bool periodic = cut + period <= m && is_periodic(needle, cut, period);
  if (!periodic) period = (cut > m - cut ? cut : m - cut) + 1;
  usize memory = 0;  // length of the prefix known to match from the last shift; only with a periodic needle
  for (usize at = 0; at + m <= n;) {
    usize i = cut > memory ? cut : memory;
    while (i < m && needle[i] == haystack[at + i]) ++i;
    if (i < m) {
      at += i - cut + 1;
      memory = 0;
      continue;
    }
    i = cut;
    while (i > memory && needle[i - 1] == haystack[at + i - 1]) --i;
    if (i <= memory) return at;
    at += period;
    memory = periodic ? m - period : 0;
  }
  return kTextNotFound;
}

constexpr usize kBlock = 32;

// Does any of the kBlock positions at `at` have both end characters? Vectorises.
template <class View, class Char>
inline bool block_has_candidate(View haystack, usize at, usize last, Char first_char, Char last_char) {
  Char any = 0;
  for (usize i = 0; i < kBlock; ++i)
    any |= static_cast<Char>(int{haystack[at + i] == first_char} & int{haystack[at + i + last] == last_char});
  return any != 0;
}

// The first position from `at` on, and before `end`, where both end characters fit; `end`: there is none.
template <class View, class Char>
inline usize next_candidate(View haystack, usize at, usize end, usize last, Char first_char, Char last_char) {
  if constexpr (std::is_same_v<View, ForwardView<u8>>) {
    // Eight positions at a time: a byte of `differs` is zero where both fit, and the lowest such byte is told exactly.
    constexpr u64 kOnes = 0x0101010101010101;
    for (; at + 8 <= end; at += 8) {
      u64 firsts, lasts;
      memcpy(&firsts, haystack.start + at, 8);
      memcpy(&lasts, haystack.start + at + last, 8);
      u64 differs = (firsts ^ (kOnes * first_char)) | (lasts ^ (kOnes * last_char));
      u64 zeros = (differs - kOnes) & ~differs & (kOnes << 7);
      if (zeros) return at + static_cast<usize>(std::countr_zero(zeros)) / 8;
    }
  }
  while (at < end && (haystack[at] != first_char || haystack[at + last] != last_char)) ++at;
  return at;
}

// m >= 2 and m <= n.
template <class View>
usize search(View haystack, usize n, View needle, usize m) {
  auto first_char = needle[0], last_char = needle[m - 1];
  usize positions = n - m + 1, wasted = 0;
  for (usize at = 0; at < positions;) {
    usize block = positions - at < kBlock ? positions - at : kBlock;
    if (block == kBlock && !block_has_candidate(haystack, at, m - 1, first_char, last_char)) {
      at += kBlock;
      continue;
    }
    for (usize end = at + block; (at = next_candidate(haystack, at, end, m - 1, first_char, last_char)) < end; ++at) {
      usize i = 1;
      while (i + 1 < m && haystack[at + i] == needle[i]) ++i;
      if (i + 1 >= m) return at;
      wasted += i;
      if (wasted > 4 * at + 256) {
        usize rest = two_way(haystack.from(at), n - at, needle, m);
        return rest == kTextNotFound ? rest : rest + at;
      }
    }
  }
  return kTextNotFound;
}

}  // namespace

template <class Char>
usize find_char(const Char* text, usize length, Char wanted) {
  if constexpr (sizeof(Char) == 1) {
    const void* found = length ? memchr(text, wanted, length) : nullptr;
    return found ? static_cast<usize>(static_cast<const Char*>(found) - text) : kTextNotFound;
  } else {
    usize at = 0;
    for (; at + kBlock <= length; at += kBlock) {
      Char any = 0;
      for (usize i = 0; i < kBlock; ++i) any |= static_cast<Char>(text[at + i] == wanted);
      if (any) break;
    }
    if constexpr (sizeof(Char) == 2) {  // four at a time: the lowest that doesn't differ is told exactly
      constexpr u64 kOnes = 0x0001000100010001;
      for (; at + 4 <= length; at += 4) {
        u64 differs = load64(text + at) ^ (kOnes * wanted);
        u64 zeros = (differs - kOnes) & ~differs & (kOnes << 15);
        if (zeros) return at + static_cast<usize>(std::countr_zero(zeros)) / 16;
      }
    }
    for (; at < length; ++at) {
      if (text[at] == wanted) return at;
    }
    return kTextNotFound;
  }
}

template <class Char>
usize rfind_char(const Char* text, usize length, Char wanted) {
  if constexpr (sizeof(Char) == 1) {
    const void* found = length ? memrchr(text, wanted, length) : nullptr;
    return found ? static_cast<usize>(static_cast<const Char*>(found) - text) : kTextNotFound;
  } else {
    usize end = length;
    for (; end >= kBlock; end -= kBlock) {
      Char any = 0;
      for (usize i = 0; i < kBlock; ++i) any |= static_cast<Char>(text[end - kBlock + i] == wanted);
      if (any) break;
    }
    while (end > 0) {
      if (text[--end] == wanted) return end;
    }
    return kTextNotFound;
  }
}

template <class Char>
usize count_char(const Char* text, usize length, Char wanted) {
  usize total = 0;
  // Short blocks keep the inner counter narrow, so that it vectorises at the character's width.
  for (usize at = 0; at < length;) {
    usize block = length - at < 192 ? length - at : 192;
    Char hits = 0;
    for (usize i = 0; i < block; ++i) hits = static_cast<Char>(hits + (text[at + i] == wanted));
    total += hits;
    at += block;
  }
  return total;
}

template <class Char>
usize find_text(const Char* haystack, usize n, const Char* needle, usize m) {
  if (m > n) return kTextNotFound;
  if (m == 0) return 0;
  if (m == 1) return find_char(haystack, n, needle[0]);
  return search(ForwardView<Char>{haystack}, n, ForwardView<Char>{needle}, m);
}

template <class Char>
usize rfind_text(const Char* haystack, usize n, const Char* needle, usize m) {
  if (m > n) return kTextNotFound;
  if (m == 0) return n;
  if (m == 1) return rfind_char(haystack, n, needle[0]);
  usize found = search(BackwardView<Char>{haystack + n}, n, BackwardView<Char>{needle + m}, m);
  return found == kTextNotFound ? found : n - m - found;
}

template <class Char>
usize count_text(const Char* haystack, usize n, const Char* needle, usize m, usize limit) {
  if (m == 0) return n + 1 < limit ? n + 1 : limit;
  if (m > n) return 0;
  if (m == 1 && limit >= n) return count_char(haystack, n, needle[0]);
  usize count = 0;
  while (count < limit) {
    usize found = find_text(haystack, n, needle, m);
    if (found == kTextNotFound) break;
    ++count;
    haystack += found + m;
    n -= found + m;
  }
  return count;
}

// What is as long as what it replaces.
template <class Char>
static void replace_in_place(Char* text, usize n, const Char* needle, usize m, const Char* fresh, usize limit) {
  if (m == 1 && limit >= n) {
    const Char from = *needle, to = *fresh;
    for (usize i = 0; i < n; ++i) text[i] = text[i] == from ? to : text[i];
    return;
  }
  for (usize at; limit > 0 && (at = find_text(text, n, needle, m)) != kTextNotFound; --limit) {
    memcpy(text + at, fresh, m * sizeof(Char));
    text += at + m;
    n -= at + m;
  }
}

template <class Char>
void replace_text(const Char* text, usize n, const Char* needle, usize m, const Char* fresh, usize k, usize limit, Char* out,
                  usize room) {
  auto emit = [&](const Char* from, usize count) {
    if (count > room) count = room;
    if (count) memcpy(out, from, count * sizeof(Char));
    out += count;
    room -= count;
  };
  if (m == k && m != 0 && n == room) {
    Char* start = out;
    emit(text, n);
    return replace_in_place(start, n, needle, m, fresh, limit);
  }
  for (; limit > 0; --limit) {
    usize at = find_text(text, n, needle, m);
    if (at == kTextNotFound) break;
    emit(text, at);
    emit(fresh, k);
    text += at + m;
    n -= at + m;
    if (m) continue;
    if (n == 0) break;
    emit(text++, 1);
    --n;
  }
  emit(text, n);
  if (room) memset(out, 0, room * sizeof(Char));
}

template <class Char>
static bool equal_mixed(const Char* a, int kind_b, const void* b, usize length) {
  return with_kind(kind_b, b, [&](auto* other) {
    for (usize i = 0; i < length; ++i) {
      if (u32{a[i]} != u32{other[i]}) return false;
    }
    return true;
  });
}

#define BATON_INSTANTIATE(Char)                                                                                \
  template usize find_text(const Char*, usize, const Char*, usize);                                            \
  template usize rfind_text(const Char*, usize, const Char*, usize);                                           \
  template usize count_text(const Char*, usize, const Char*, usize, usize);                                    \
  template void replace_text(const Char*, usize, const Char*, usize, const Char*, usize, usize, Char*, usize); \
  template usize find_char(const Char*, usize, Char);                                                          \
  template usize rfind_char(const Char*, usize, Char);                                                         \
  template usize count_char(const Char*, usize, Char);
BATON_INSTANTIATE(u8)
BATON_INSTANTIATE(u16)
BATON_INSTANTIATE(u32)
#undef BATON_INSTANTIATE

namespace {
template <class Char>
const Char* as_kind(const Char*, const void* text) {
  return static_cast<const Char*>(text);
}

// Calls with the wanted character at the text's width, or answers `none` if it doesn't fit.
template <class Call>
usize with_char(int kind, const void* text, u32 wanted, usize none, Call&& call) {
  if (kind < 4 && wanted >> (8 * kind)) return none;
  if (kind == 1) return call(static_cast<const u8*>(text), static_cast<u8>(wanted));
  if (kind == 2) return call(static_cast<const u16*>(text), static_cast<u16>(wanted));
  return call(static_cast<const u32*>(text), wanted);
}
}  // namespace

usize find_text(int kind, const void* haystack, usize n, const void* needle, usize m) {
  return with_kind(kind, haystack, [&](auto* h) { return find_text(h, n, as_kind(h, needle), m); });
}
usize rfind_text(int kind, const void* haystack, usize n, const void* needle, usize m) {
  return with_kind(kind, haystack, [&](auto* h) { return rfind_text(h, n, as_kind(h, needle), m); });
}
usize count_text(int kind, const void* haystack, usize n, const void* needle, usize m, usize limit) {
  return with_kind(kind, haystack, [&](auto* h) { return count_text(h, n, as_kind(h, needle), m, limit); });
}
void replace_text(int kind, const void* text, usize n, const void* needle, usize m, const void* fresh, usize k, usize limit,
                  void* out, usize room) {
  with_kind(kind, out, [&](auto* to) {
    replace_text(as_kind(to, text), n, as_kind(to, needle), m, as_kind(to, fresh), k, limit, to, room);
  });
}
usize find_char(int kind, const void* text, usize length, u32 wanted) {
  return with_char(kind, text, wanted, kTextNotFound, [&](auto* t, auto ch) { return find_char(t, length, ch); });
}
usize rfind_char(int kind, const void* text, usize length, u32 wanted) {
  return with_char(kind, text, wanted, kTextNotFound, [&](auto* t, auto ch) { return rfind_char(t, length, ch); });
}
usize count_char(int kind, const void* text, usize length, u32 wanted) {
  return with_char(kind, text, wanted, 0, [&](auto* t, auto ch) { return count_char(t, length, ch); });
}

bool equal_text(int kind_a, const void* a, int kind_b, const void* b, usize length) {
  if (kind_a == kind_b) return length == 0 || memcmp(a, b, length * static_cast<usize>(kind_a)) == 0;
  return with_kind(kind_a, a, [&](auto* text) { return equal_mixed(text, kind_b, b, length); });
}

int compare_text(int kind_a, const void* a, usize length_a, int kind_b, const void* b, usize length_b) {
  usize common = length_a < length_b ? length_a : length_b;
  if (kind_a == 1 && kind_b == 1) {
    int order = common ? memcmp(a, b, common) : 0;
    if (order) return order < 0 ? -1 : 1;
  } else {
    int order = with_kind(kind_a, a, [&](auto* x) {
      return with_kind(kind_b, b, [&](auto* y) {
        for (usize i = 0; i < common; ++i) {
          if (u32{x[i]} != u32{y[i]}) return u32{x[i]} < u32{y[i]} ? -1 : 1;
        }
        return 0;
      });
    });
    if (order) return order;
  }
  return length_a == length_b ? 0 : length_a < length_b ? -1 : 1;
}

}  // namespace baton
