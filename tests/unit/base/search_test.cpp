#include "base/search.h"

#include <vector>

#include "base/clock.h"
#include "test.h"

using namespace baton;

namespace {
u32 seed = 12345;
u32 next(u32 bound) {
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % bound;
}

template <class Char>
usize naive_find(const std::vector<Char>& h, const std::vector<Char>& n, bool last) {
  usize found = kTextNotFound;
  for (usize at = 0; at + n.size() <= h.size(); ++at) {
    bool same = true;
    for (usize i = 0; i < n.size(); ++i) same = same && h[at + i] == n[i];
    if (same) {
      found = at;
      if (!last) break;
    }
  }
  return found;
}

template <class Char>
bool agrees_with_naive() {
  for (int round = 0; round < 20000; ++round) {
    u32 alphabet = 1 + next(3);
    std::vector<Char> h(next(round % 50 ? 60 : 600)), n(next(round % 3 ? 5 : 30));
    for (Char& c : h) c = static_cast<Char>('a' + next(alphabet));
    for (Char& c : n) c = static_cast<Char>('a' + next(alphabet));
    if (find_text(h.data(), h.size(), n.data(), n.size()) != naive_find(h, n, false)) return false;
    if (rfind_text(h.data(), h.size(), n.data(), n.size()) != naive_find(h, n, true)) return false;
    usize count = 0;
    for (usize at = 0; n.size() && at + n.size() <= h.size();) {
      std::vector<Char> rest(h.begin() + static_cast<i64>(at), h.end());
      usize found = naive_find(rest, n, false);
      if (found == kTextNotFound) break;
      ++count;
      at += found + n.size();
    }
    if (n.size() && count_text(h.data(), h.size(), n.data(), n.size()) != count) return false;
  }
  return true;
}
}  // namespace

namespace {
// Replaced at the places where count_text() would count, and what is written beyond.
template <class Char>
bool replaces_as_naive() {
  for (int round = 0; round < 20000; ++round) {
    u32 alphabet = 1 + next(3);
    std::vector<Char> text(next(round % 50 ? 60 : 600)), needle(next(4)), fresh(next(4)), expected;
    for (auto* units : {&text, &needle, &fresh})
      for (Char& c : *units) c = static_cast<Char>('a' + next(alphabet));
    usize limit = next(3) ? kTextNotFound : next(5), left = limit;
    auto put = [&](const std::vector<Char>& units) { expected.insert(expected.end(), units.begin(), units.end()); };
    for (usize at = 0; at <= text.size();) {
      bool is_here = left > 0 && at + needle.size() <= text.size();
      for (usize i = 0; is_here && i < needle.size(); ++i) is_here = text[at + i] == needle[i];
      if (is_here) put(fresh), --left;
      if ((!is_here || needle.empty()) && at < text.size()) expected.push_back(text[at]);
      at += is_here && !needle.empty() ? needle.size() : 1;
    }
    usize room = expected.size();
    if (!(round % 7)) expected.resize(room = next(static_cast<u32>(room) + 3), Char{0});
    std::vector<Char> out(room + 1, Char{77});
    replace_text(text.data(), text.size(), needle.data(), needle.size(), fresh.data(), fresh.size(), limit, out.data(), room);
    if (out.back() != 77) return false;
    out.pop_back();
    if (out != expected) return false;
  }
  return true;
}
}  // namespace

TEST(replace_agrees_with_naive) {
  EXPECT(replaces_as_naive<u8>());
  EXPECT(replaces_as_naive<u16>());
  EXPECT(replaces_as_naive<u32>());
}

TEST(search_agrees_with_naive) {
  EXPECT(agrees_with_naive<u8>());
  EXPECT(agrees_with_naive<u16>());
  EXPECT(agrees_with_naive<u32>());
}

TEST(search_is_linear_on_bad_input) {
  // a^n in a^k b a^k and its mirror, which a naive search takes n * k steps for.
  std::vector<u16> h(400000, 'a'), n(20001, 'a');
  n[10000] = 'b';
  i64 before = thread_cpu_time_ns();
  EXPECT(find_text(h.data(), h.size(), n.data(), n.size()) == kTextNotFound);
  EXPECT(rfind_text(h.data(), h.size(), n.data(), n.size()) == kTextNotFound);
  EXPECT(thread_cpu_time_ns() - before < 500000000);
}

TEST(search_compare) {
  u8 a[] = {'a', 0xE9};
  u16 b[] = {'a', 0xE9}, c[] = {'a', 0x100};
  EXPECT(equal_text(1, a, 2, b, 2) && compare_text(1, a, 2, 2, c, 2) < 0 && compare_text(2, c, 2, 1, a, 1) > 0);
  EXPECT(find_char(1, a, 2, 0x1E9) == kTextNotFound && count_char(2, b, 2, 0xE9) == 1 && rfind_char(2, b, 2, 'a') == 0);
}
