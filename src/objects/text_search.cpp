// Index-typed front of base/search.h, and slice-like bounds.
#include "objects/text_search.h"

#include "base/search.h"
#include "objects/numbers.h"

namespace baton {

static Index as_index(usize at) { return at == kTextNotFound ? -1 : static_cast<Index>(at); }

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
  usize most = limit == kMaxIndex ? kTextNotFound : static_cast<usize>(limit);
  return static_cast<Index>(
      count_text(static_cast<int>(width), text, static_cast<usize>(n), needle, static_cast<usize>(m), most));
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
