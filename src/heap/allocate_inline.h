// The allocation fast path: load cursor, add, compare, store. Include it where cells are made often; heap_allocate() in heap.h
// is the same out of line.
#pragma once
#include "heap/heap.h"
#include "heap/mutator_heap.h"

namespace baton {

Cell* heap_allocate_slow(Mutator& mutator, usize bytes, u16 kind, u32 shape, u32 flags);

inline constexpr u64 kCacheLineBytes = 64;

// Brings what the class's next cell will be written to into the cache. The nursery is larger than the second-level cache, and a
// class's gaps lie anywhere: stores that miss fill the store buffer, and what is loaded right after a cell was made waits behind
// them.
BATON_ALWAYS_INLINE void prefetch_next_cell(u64 next, u64 bytes) {
  for (u64 line = next; line < next + bytes; line += kCacheLineBytes) __builtin_prefetch(reinterpret_cast<void*>(line), 1);
}

BATON_ALWAYS_INLINE Cell* heap_allocate_inline(Mutator& mutator, usize bytes, u16 kind, u32 shape, u32 flags = kAllocDefault) {
  if (bytes <= kMaxStepped && flags == 0) [[likely]] {
    u32 size_class = static_cast<u32>((bytes + kGranule - 1) / kGranule);
    AllocationCursor& cursor = mutator_heap_of(mutator)->cursors[size_class];
    u64 start = cursor.bump;
    u64 next = start + size_class * kGranule;
    if (next <= cursor.limit) [[likely]] {
      cursor.bump = next;
      Cell* cell = reinterpret_cast<Cell*>(start);
      cell->init_header(shape, kind);
      prefetch_next_cell(next, size_class * kGranule);
      return cell;
    }
  }
  return heap_allocate_slow(mutator, bytes, kind, shape, flags);
}

}  // namespace baton
