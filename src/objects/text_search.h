// Substring search on units of 1, 2 or 4 bytes, shared by str, bytes and bytearray; and the bounds of slice-like arguments.
#pragma once
#include "objects/object.h"

namespace baton {

// First and last occurrence of the m units `needle` in the n units `text`, both of `width` bytes; -1: none. m == 0 matches at 0
// and at n.
Index search_forward(const void* text, Index n, const void* needle, Index m, u32 width);
Index search_backward(const void* text, Index n, const void* needle, Index m, u32 width);
// Non-overlapping occurrences, at most `limit`.
Index search_count(const void* text, Index n, const void* needle, Index m, u32 width, Index limit = kMaxIndex);

// The length of a text of n units with the first `limit` occurrences of m units replaced by k; -1: it is too long. *hits: how
// many there are; of none the text stays as it is. Where m == k they aren't counted: *hits is 1 if there are any.
Index replaced_length(const void* text, Index n, const void* needle, Index m, Index k, u32 width, Index limit, Index* hits);
// Writes `total` units of it.
void replace_into(void* out, Index total, const void* text, Index n, const void* needle, Index m, const void* fresh, Index k,
                  u32 width, Index limit);

// A start/end argument: None and absent give `fallback`; clips. TypeError "slice indices must be integers or None or have ...".
Result<Index> slice_bound(Thread& thread, Value v, Index fallback);
struct TextBounds {
  Index start, stop;
};  // start may exceed stop: no match then, not even of the empty string
Result<TextBounds> text_bounds(Thread& thread, Value start, Value stop, Index length);
// The same when the values are known already.
inline TextBounds clamp_bounds(Index start, Index stop, Index length) {
  if (stop > length)
    stop = length;
  else if (stop < 0 && (stop += length) < 0)
    stop = 0;
  if (start < 0 && (start += length) < 0) start = 0;
  return {start, stop};
}

}  // namespace baton
