// Start-up, kinds, mutators' attachment, statistics and fork: what is neither allocation nor collection.
#include "heap/heap.h"

#include <sched.h>

#include "heap/heap_internal.h"

namespace baton {

constinit Heap heap;

static KindInfo kinds[kKindMask + 1];

void register_kind(u16 kind, const KindInfo& info) {
  BATON_CHECK(kind <= kKindMask, "a kind's number fits the header");
  kinds[kind] = info;
}
const KindInfo& kind_info(u16 kind) { return kinds[kind]; }

void heap_init(const HeapConfig& config, const HeapHooks& hooks) {
  BATON_CHECK(!heap.initialized, "the heap is set up once");
  heap.config = config;
  heap.hooks = hooks;
  BATON_CHECK(space_reserve(), "the heap's address range is free");
  heap.stress_countdown = config.stress_every;
  heap.one_cell_gaps = config.stress_every || config.verify;
  heap.initialized = true;
}

static thread_local MutatorHeap* current_heap = nullptr;

static BATON_NOINLINE MutatorHeap* make_mutator_heap(Mutator& mutator) {
  BATON_CHECK(heap.initialized, "heap_init comes before the first allocation");
  MutatorHeap* h = new MutatorHeap;
  h->mutator = &mutator;
  HeapLockGuard guard(heap.mutators_lock);
  h->next = heap.mutators;
  if (heap.mutators) heap.mutators->previous = h;
  heap.mutators = h;
  current_heap = h;
  return h;
}

MutatorHeap* mutator_heap_of(Mutator& mutator) { return current_heap ? current_heap : make_mutator_heap(mutator); }

void remember_field(void* field_address) {
  if (current_heap) current_heap->remembered_slots.push(field_address);
}

void collect_if_due(Mutator&) {}

void heap_collect(Mutator& mutator, Generation generation) {
  (void)mutator;
  ++heap.stats.collections[static_cast<int>(generation)];
}

bool heap_is_live_after_mark(const Cell* cell) { return is_marked(cell); }
void heap_set_enabled(bool enabled) { __atomic_store_n(&heap.enabled, enabled, __ATOMIC_RELAXED); }
bool heap_enabled() { return __atomic_load_n(&heap.enabled, __ATOMIC_RELAXED); }
void heap_freeze() {}
void heap_unfreeze() {}
usize heap_frozen_count() { return heap.frozen_cells; }

void heap_add_external(Mutator&, i64 bytes) { __atomic_fetch_add(&heap.external_bytes, bytes, __ATOMIC_RELAXED); }

Cell* heap_find_cell(const void* address) { return cell_containing(reinterpret_cast<u64>(address)); }

void heap_for_each_cell(void (*fn)(Cell* cell, void* context), void* context) {
  for (MutatorHeap* h = heap.mutators; h; h = h->next) retire_cursors(*h);
  for (u32 block = 1; block < heap.end_block; ++block) {
    const BlockInfo& info = block_info(block);
    if (info.state == BlockState::LargeHead) {
      Cell* cell = reinterpret_cast<Cell*>(block_address(block));
      if (cell_is_allocated(cell, block)) fn(cell, context);
    } else if (info.state == BlockState::Small) {
      for (u32 offset = 0; offset + info.cell_bytes <= kBlockBytes; offset += info.cell_bytes) {
        Cell* cell = reinterpret_cast<Cell*>(block_address(block) + offset);
        if (cell_is_allocated(cell, block)) fn(cell, context);
      }
    }
  }
}

HeapStats heap_stats() {
  HeapStats stats = heap.stats;
  stats.live_bytes = heap.old_bytes;
  stats.cells_live = heap.old_cells;
  stats.committed_bytes = space_committed_bytes();
  stats.allocated_bytes_total = __atomic_load_n(&heap.allocated_total, __ATOMIC_RELAXED);
  return stats;
}

void heap_before_fork(Mutator&) {
  heap.mutators_lock.lock();
  heap.weak_lock.lock();
  heap.lock.lock();
  lock_roots();
}

void heap_after_fork(Mutator&, bool in_child) {
  (void)in_child;
  unlock_roots();
  heap.lock.unlock();
  heap.weak_lock.unlock();
  heap.mutators_lock.unlock();
}

}  // namespace baton
