// Forward search rests on memchr and memmem (linear time); wider units search their bytes and skip misaligned hits.
#include "objects/text_search.h"

#include <cstring>

#include "objects/numbers.h"

namespace baton {

static Index find_wide_unit(const void* text, Index n, const void* needle, u32 width) {
  if (width == 2) {
    u16 unit;
    memcpy(&unit, needle, 2);
    const u16* p = static_cast<const u16*>(text);
    for (Index i = 0; i < n; ++i)
      if (p[i] == unit) return i;
    return -1;
  }
  u32 unit;
  memcpy(&unit, needle, 4);
  const u32* p = static_cast<const u32*>(text);
  for (Index i = 0; i < n; ++i)
    if (p[i] == unit) return i;
  return -1;
}

Index search_forward(const void* text, Index n, const void* needle, Index m, u32 width) {
  if (m > n) return -1;
  if (m == 0) return 0;
  const u8* begin = static_cast<const u8*>(text);
  if (width == 1) {
    const void* hit = m == 1 ? memchr(begin, *static_cast<const u8*>(needle), static_cast<usize>(n))
                             : memmem(begin, static_cast<usize>(n), needle, static_cast<usize>(m));
    return hit ? static_cast<const u8*>(hit) - begin : -1;
  }
  if (m == 1) return find_wide_unit(text, n, needle, width);
  usize size = static_cast<usize>(n) * width, at = 0, needle_size = static_cast<usize>(m) * width;
  while (at + needle_size <= size) {
    const void* hit = memmem(begin + at, size - at, needle, needle_size);
    if (!hit) return -1;
    usize offset = static_cast<usize>(static_cast<const u8*>(hit) - begin);
    if (offset % width == 0) return static_cast<Index>(offset / width);
    at = offset + 1;
  }
  return -1;
}

Index search_backward(const void* text, Index n, const void* needle, Index m, u32 width) {
  if (m > n) return -1;
  if (m == 0) return n;
  const u8* begin = static_cast<const u8*>(text);
  const u8* wanted = static_cast<const u8*>(needle);
  usize size = static_cast<usize>(m) * width;
  if (width == 1) {
    usize left = static_cast<usize>(n - m) + 1;   // candidate starts
    while (left) {
      const void* hit = memrchr(begin, wanted[0], left);
      if (!hit) return -1;
      usize at = static_cast<usize>(static_cast<const u8*>(hit) - begin);
      if (memcmp(begin + at, wanted, size) == 0) return static_cast<Index>(at);
      left = at;
    }
    return -1;
  }
  for (Index i = n - m; i >= 0; --i) {
    const u8* p = begin + static_cast<usize>(i) * width;
    if (p[0] == wanted[0] && p[1] == wanted[1] && memcmp(p, wanted, size) == 0) return i;
  }
  return -1;
}

Index search_count(const void* text, Index n, const void* needle, Index m, u32 width, Index limit) {
  if (limit <= 0) return 0;
  if (m == 0) return n + 1 < limit ? n + 1 : limit;
  if (m == 1 && width == 1 && limit == kMaxIndex) {
    const u8* p = static_cast<const u8*>(text);
    u8 unit = *static_cast<const u8*>(needle);
    Index total = 0;
    for (Index i = 0; i < n; ++i) total += p[i] == unit;
    return total;
  }
  const u8* p = static_cast<const u8*>(text);
  Index total = 0;
  while (total < limit) {
    Index hit = search_forward(p, n, needle, m, width);
    if (hit < 0) break;
    ++total;
    p += static_cast<usize>(hit + m) * width;
    n -= hit + m;
  }
  return total;
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
