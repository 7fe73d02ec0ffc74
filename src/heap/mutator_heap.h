// What each mutator that runs owns of the heap, or all of them together where a GIL lets one at a time run: one allocation cursor
// per size class, and the buffers that the collector empties. Only a Running thread touches it while the world runs.
#pragma once
#include "heap/layout.h"
#include "heap/pod_vector.h"
#include "threads/mutator.h"

namespace baton {

inline constexpr usize kFirstDedupe = usize{1} << 14;
inline constexpr usize kRecentSlots = 2048;

struct AllocationCursor {
  u64 bump = 0;   // next free byte
  u64 limit = 0;  // end of the gap; bump == limit: take the slow path
};

struct MutatorHeap {
  AllocationCursor cursors[kClassCount];
  u32 blocks[kClassCount] = {};       // the block each cursor walks; 0: none
  u16 lent[kClassCount] = {};         // bytes that a wider class gave to this one instead of a block of its own
  u64 unflushed_bytes = 0;            // allocated, not yet added to the heap's total
  PodVector<void*> remembered_slots;  // addresses of fields of old cells that may refer to young cells
  // Of many remembered slots, those remembered last, each at a place that its address names: they needn't be put in again.
  // Empty until there are many.
  PodVector<void*> recent_slots;
  PodVector<Cell*> remembered_cells;  // old cells to visit as a whole
  PodVector<Cell*> finalizable;       // registered since the last collection
  PodVector<Cell*> native_finalizable;
  usize dedupe_at = kFirstDedupe;  // remembered_slots is deduplicated when it reaches this size
  Mutator* mutator = nullptr;      // null: nobody's at present
  MutatorHeap *next = nullptr, *previous = nullptr;
  MutatorHeap* next_idle = nullptr;
};

// Where recent_slots, which aren't empty, would have it.
inline void*& recent_place(MutatorHeap& h, void* slot) {
  return h.recent_slots[reinterpret_cast<u64>(slot) / sizeof(u64) % kRecentSlots];
}

BATON_ALWAYS_INLINE MutatorHeap* mutator_heap_of(Mutator& mutator) { return static_cast<MutatorHeap*>(mutator.heap_state); }

}  // namespace baton
