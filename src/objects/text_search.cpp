// Index-typed front of base/search.h, and slice-like bounds.
#include "objects/text_search.h"

#include "base/search.h"
#include "objects/numbers.h"

namespace baton {

static Index as_index(usize at) { return at == kTextNotFound ? -1 : static_cast<Index>(at); }

static usize as_limit(Index limit) { return limit == kMaxIndex ? kTextNotFound : static_cast<usize>(limit); }

Index search_forward(const void* text, Index n, const void* needle, Index m, u32 width) {
  if (m > n) return -1;
  return as_index(find_text(static_cast<int>(width), text, static_cast<usize>(n), needle, static_cast<usize>(m)));
}

Index search_backward(const void* text, Index n, const void* needle, Index m, u32 width) {
  if (m > n) return -1;
  return as_index(rfind_text(static_cast<int>(width), text, static_cast<usize>(n), needle, static_cast<usize>(m)));
}

Index search_count(const void* text, Index n, const void* needle, Index m, u32 width, Index limit) {
  if (limit <= 0) return 0;
  if (m > n) return 0;
  return static_cast<Index>(
      count_text(static_cast<int>(width), text, static_cast<usize>(n), needle, static_cast<usize>(m), as_limit(limit)));
}

Index replaced_length(const void* text, Index n, const void* needle, Index m, Index k, u32 width, Index limit, Index* hits) {
  if (m == k && m != 0) {
    *hits = limit > 0 && search_forward(text, n, needle, m, width) >= 0;
    return n;
  }
  *hits = search_count(text, n, needle, m, width, limit);
  Index growth, total;
  if (__builtin_mul_overflow(*hits, k - m, &growth) || __builtin_add_overflow(n, growth, &total)) return -1;
  return total;
}

void replace_into(void* out, Index total, const void* text, Index n, const void* needle, Index m, const void* fresh, Index k,
                  u32 width, Index limit) {
  replace_text(static_cast<int>(width), text, static_cast<usize>(n), needle, static_cast<usize>(m), fresh, static_cast<usize>(k),
               as_limit(limit), out, static_cast<usize>(total));
}

Result<Index> slice_bound(Thread& thread, Value v, Index fallback) {
  if (v.is_absent() || v.is_none()) return fallback;
  if (v.is_small_int()) return v.small_int();
  if (!is_int(v) && type_of(v)->slot(Slot::index).is_absent()) {
    return raise_type_error(thread, "slice indices must be integers or None or have an __index__ method");
  }
  return to_index_clipped(thread, v);
}

Result<TextBounds> text_bounds(Thread& thread, Value start, Value stop, Index length) {
  Index first = TRY(slice_bound(thread, start, 0));
  Index last = TRY(slice_bound(thread, stop, kMaxIndex));
  return clamp_bounds(first, last, length);
}

}  // namespace baton
