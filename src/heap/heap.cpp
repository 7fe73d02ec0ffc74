// Start-up, kinds, mutators' attachment, statistics and fork: what is neither allocation nor collection.
#include "heap/heap.h"

#include <cstdlib>

#include "heap/heap_internal.h"
#include "threads/gil.h"

namespace baton {

constinit Heap heap;

KindInfo kind_infos[kKindMask + 1];

void register_kind(u16 kind, const KindInfo& info) {
  BATON_CHECK(kind <= kKindMask, "a kind's number fits the header");
  kind_infos[kind] = info;
}

// ---- mutators ----

// Buffers of mutators that are gone, until the next collection takes them.
static constinit MutatorHeap orphaned;

// With a GIL: that of every mutator, for only the GIL's owner allocates. A new thread has nothing to set up, and threads that
// allocate little do not each hold blocks of their own.
static constinit MutatorHeap* shared_heap = nullptr;

static void link(MutatorHeap* h) {
  h->next = heap.mutators;
  if (heap.mutators) heap.mutators->previous = h;
  heap.mutators = h;
}

// Without a GIL: those that no mutator has, with all that is in them. A thread that has just started mostly waits soon, and the
// next one goes on where it was in its blocks: 400 idle threads of which each began a page of each size class took 32 kB each.
// Guarded by heap.mutators_lock, as the count is.
static constinit MutatorHeap* idle_heaps = nullptr;
static u32 idle_heap_count = 0;
static constexpr u32 kMostIdleHeaps = 8;  // that ended threads leave

static void put_idle(Mutator& mutator, MutatorHeap* h) {
  mutator.heap_state = nullptr;
  h->mutator = nullptr;
  h->next_idle = idle_heaps;
  idle_heaps = h;
  ++idle_heap_count;
}

static MutatorHeap* take_idle() {
  MutatorHeap* h = idle_heaps;
  if (!h) return nullptr;
  idle_heaps = h->next_idle;
  --idle_heap_count;
  return h;
}

static void attach(Mutator& mutator) {
  if (mutator.heap_state) return;
  if (mutator_count() > 1) space_small_pages();
  if (shared_heap) {
    mutator.heap_state = shared_heap;
    return;
  }
  Guard guard(heap.mutators_lock);
  MutatorHeap* h = take_idle();
  if (!h) {
    h = new MutatorHeap;
    link(h);
    if (gil_enabled()) shared_heap = h;
  }
  h->mutator = &mutator;
  mutator.heap_state = h;
}

static void waits(Mutator& mutator) {
  MutatorHeap* h = mutator_heap_of(mutator);
  if (!h || h == shared_heap) return;
  Guard guard(heap.mutators_lock);
  put_idle(mutator, h);
}

static void release(MutatorHeap* h) {
  orphaned.remembered_slots.append(h->remembered_slots.begin(), h->remembered_slots.size());
  orphaned.remembered_cells.append(h->remembered_cells.begin(), h->remembered_cells.size());
  orphaned.finalizable.append(h->finalizable.begin(), h->finalizable.size());
  orphaned.native_finalizable.append(h->native_finalizable.begin(), h->native_finalizable.size());
  h->remembered_slots.release();
  h->recent_slots.release();
  h->remembered_cells.release();
  h->finalizable.release();
  h->native_finalizable.release();
  (h->previous ? h->previous->next : heap.mutators) = h->next;
  if (h->next) h->next->previous = h->previous;
  delete h;
}

static void detach(Mutator& mutator) {
  MutatorHeap* h = mutator_heap_of(mutator);
  if (!h) return;
  if (h == shared_heap) {
    mutator.heap_state = nullptr;
    return;
  }
  Guard guard(heap.mutators_lock);
  if (idle_heap_count < kMostIdleHeaps) return put_idle(mutator, h);
  mutator.heap_state = nullptr;
  {
    Guard blocks(heap.lock);
    retire_cursors(*h, AfterRetiring::Listed);
  }
  release(h);
}

void heap_init(const HeapConfig& config, const HeapHooks& hooks) {
  BATON_CHECK(!heap.initialized, "the heap is set up once");
  BATON_CHECK(space_reserve(), "the heap's address range is free");
  heap_configure(config);
  if (config.first_nursery_bytes > heap.nursery_bytes) heap.nursery_bytes = config.first_nursery_bytes;
  heap.hooks = hooks;
  heap.full_threshold = kFullFloor;
  link(&orphaned);
  static constinit ForkMutex fork_mutexes[] = {{heap.mutators_lock}, {heap.lock}, {heap.weak_lock}, {heap.roots_lock}};
  for (ForkMutex& entry : fork_mutexes) register_fork_mutex(entry);
  mutator_hooks.attached = attach;
  mutator_hooks.waits = waits;
  mutator_hooks.detaching = detach;
  for_each_mutator([](Mutator& mutator) { attach(mutator); });
  heap.initialized = true;
}

void heap_configure(const HeapConfig& config) {
  heap.config = config;
  heap.nursery_bytes = config.nursery_bytes;
  heap.stress_countdown = config.stress_every;
  heap.one_cell_gaps = config.stress_every || config.verify || heap.allocation_hook;
  for (MutatorHeap* h = heap.mutators; h; h = h->next) retire_cursors(*h, AfterRetiring::Listed);
}

void heap_set_allocation_hook(Mutator& mutator, AllocationHook hook) {
  StopTheWorld stop(mutator);
  heap.allocation_hook = hook;
  heap_configure(heap.config);
}

// ---- the remembered set ----

// A loop that stores alternately young cells and others into a few old fields (a heap of tuples, say) fills the buffer with their
// addresses: from the first filling on, recent_slots keeps most of them out. Start-up fills it with different ones: sorting
// begins late.
static BATON_COLD void dedupe(MutatorHeap& h) {
  if (h.dedupe_at < kFirstDedupe * 4) {
    h.dedupe_at = kFirstDedupe * 4;
    if (h.recent_slots.empty()) h.recent_slots.append_zeros(kRecentSlots);
    return;
  }
  u64* slots = reinterpret_cast<u64*>(h.remembered_slots.data());
  usize n = h.remembered_slots.size();
  auto compare = [](const void* a, const void* b) {
    u64 x = *static_cast<const u64*>(a), y = *static_cast<const u64*>(b);
    return x < y ? -1 : x > y;
  };
  qsort(slots, n, sizeof(u64), compare);
  usize kept = 0;
  for (usize i = 0; i < n; ++i) {
    if (kept == 0 || slots[kept - 1] != slots[i]) slots[kept++] = slots[i];
  }
  h.remembered_slots.truncate(kept);
  if (kept * 2 > h.dedupe_at) h.dedupe_at *= 2;
}

void remember_field(void* field_address) {
  Mutator* mutator = current_mutator();
  BATON_DCHECK(mutator, "only attached threads store into cells");
  MutatorHeap& h = *mutator_heap_of(*mutator);
  if (!h.recent_slots.empty()) {
    void*& last = recent_place(h, field_address);
    if (last == field_address) return;
    last = field_address;
  }
  h.remembered_slots.push(field_address);
  if (h.remembered_slots.size() >= h.dedupe_at) [[unlikely]]
    dedupe(h);
}

// Asks the mark bit, not the header: the old value may be anywhere in a big heap, its mark bit is likely in the cache.
void remember_replaced_field(const Cell* owner, void* field_address, Value old_value) {
  if (owner->has_gc_flag(kRemembered)) return;
  if (old_value.is_cell()) {
    Cell* old = old_value.cell();
    bool is_old = __atomic_load_n(mark_word(old), __ATOMIC_RELAXED) & mark_mask(old);
    if (!is_old) return;
  }
  remember_field(field_address);
}

void remember_cell(Cell* cell) {
  if (!cell->has_gc_flag(kOld) || cell->has_gc_flag(kRemembered)) return;
  if (gil_enabled())
    cell->add_gc_flag_private(kRemembered);
  else
    cell->add_gc_flag(kRemembered);
  Mutator* mutator = current_mutator();
  BATON_DCHECK(mutator, "only attached threads store into cells");
  mutator_heap_of(*mutator)->remembered_cells.push(cell);
}

void Cell::shape_barrier() {
  if (!shape_cell()->has_gc_flag(kOld)) remember_cell(this);
}

// ---- queries ----

bool heap_is_live_after_mark(const Cell* cell) { return is_marked(cell); }
void heap_set_enabled(bool enabled) { __atomic_store_n(&heap.enabled, enabled, __ATOMIC_RELAXED); }
bool heap_enabled() { return __atomic_load_n(&heap.enabled, __ATOMIC_RELAXED); }
usize heap_frozen_count() { return heap.frozen_cells; }

Cell* heap_find_cell(const void* address) {
  if (Cell* cell = cell_containing(reinterpret_cast<u64>(address))) return cell;
  // In a block that is being allocated from, the cursor is its mutator's affair. Without a GIL it may take another block
  // meanwhile, but not give up this one's cell, which the caller has.
  Guard guard(heap.mutators_lock);
  for (MutatorHeap* h = heap.mutators; h; h = h->next) {
    for (u32 c = 1; c < kClassCount; ++c) {
      u32 block = __atomic_load_n(&h->blocks[c], __ATOMIC_RELAXED);
      if (!block || block != block_of(address)) continue;
      u64 offset = reinterpret_cast<u64>(address) - reinterpret_cast<u64>(block_address(block));
      u64 start = reinterpret_cast<u64>(block_address(block)) + offset / class_bytes(c) * class_bytes(c);
      return start < h->cursors[c].bump ? reinterpret_cast<Cell*>(start) : nullptr;
    }
  }
  return nullptr;
}

void heap_add_external(i64 bytes) {
  __atomic_fetch_add(&heap.external_bytes, bytes, __ATOMIC_RELAXED);
  if (bytes > 0) {
    __atomic_fetch_add(&heap.allocated_since_collection, static_cast<u64>(bytes), __ATOMIC_RELAXED);
    return;
  }
  // What is given back before a collection finds it dead (a closed mapping) brings that collection no nearer.
  u64 back = static_cast<u64>(-bytes), since = __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(&heap.allocated_since_collection, &since, since > back ? since - back : 0, true,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

void heap_add_external(Mutator& mutator, i64 bytes) {
  heap_add_external(bytes);
  if (bytes <= 0 || __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED) <
                        __atomic_load_n(&heap.nursery_bytes, __ATOMIC_RELAXED))
    return;
  // A collection is due: the next allocation of any size takes the slow path, which finds the same gaps again.
  for (AllocationCursor& cursor : mutator_heap_of(mutator)->cursors) cursor.limit = cursor.bump;
}

void heap_for_each_cell(void (*fn)(Cell* cell, void* context), void* context) {
  BATON_DCHECK(world_is_stopped(), "cells are enumerated in a stopped world");
  for (MutatorHeap* h = heap.mutators; h; h = h->next) retire_cursors(*h, AfterRetiring::Listed);
  for (u32 block = 1; block < heap.end_block; ++block) {
    const BlockInfo& info = block_info(block);
    if (info.state == BlockState::LargeHead) {
      fn(reinterpret_cast<Cell*>(block_address(block)), context);
    } else if (info.state == BlockState::Small) {
      auto cell_at = [&](u32 offset) { return reinterpret_cast<Cell*>(block_address(block) + offset); };
      u32 offset = 0;
      for (; offset < info.cursor; offset += info.cell_bytes) fn(cell_at(offset), context);
      // From there on the marked ones.
      const u64* marks = mark_words(block);
      u32 granule = offset / kGranule;
      for (u32 w = granule / 64; w < kMarkWordsPerBlock; ++w) {
        u64 word = w == granule / 64 ? marks[w] >> (granule & 63) << (granule & 63) : marks[w];
        for (; word; word &= word - 1) fn(cell_at((w * 64 + static_cast<u32>(__builtin_ctzll(word))) * kGranule), context);
      }
    }
  }
}

void heap_visit_cell(Cell* cell, EdgeVisitor& visitor) {
  if (cell->shape_id()) visitor.visit(cell->shape_cell());
  if (auto visit = kind_info(cell->kind()).visit_edges) visit(cell, visitor);
  if (cell->is_subclass_instance() && heap.hooks.visit_subclass_tail) heap.hooks.visit_subclass_tail(cell, visitor);
}

u64 heap_full_collections() { return heap.stats.collections[static_cast<int>(Generation::Full)]; }

u64 heap_live_cells() { return heap.old_cells; }

HeapStats heap_stats() {
  HeapStats stats = heap.stats;
  stats.live_bytes = heap.old_bytes;
  stats.cells_live = heap.old_cells;
  stats.committed_bytes = space_committed_bytes();
  stats.allocated_bytes_total = __atomic_load_n(&heap.allocated_total, __ATOMIC_RELAXED);
  return stats;
}

// ---- fork ----

void heap_before_fork(Mutator&) {}  // the locks are registered with the threads layer

// The C library gives the stacks of lost threads to new ones. What lies there of the lists of roots is taken out; the values stay
// roots, for native code that will never go on was using them.
static void move_roots_off(StackBounds stack, RootVector& kept) {
  auto lies_there = [&](void* item) { return static_cast<char*>(item) >= stack.limit && static_cast<char*>(item) < stack.base; };
  for (RootBase* root = heap.roots; root;) {
    RootBase* next = root->next_;
    if (lies_there(root)) {
      kept.push(root->value_);
      unlink_root(root, heap.roots);
    }
    root = next;
  }
  for (RootVector* roots = heap.root_vectors; roots;) {
    RootVector* next = roots->next_;
    if (lies_there(roots)) {
      for (Value v : *roots) kept.push(v);
      unlink_root(roots, heap.root_vectors);
    }
    roots = next;
  }
}

void heap_thread_lost(Mutator& dead) {
  static RootVector* kept = new RootVector;
  move_roots_off(dead.stack(), *kept);
}

void heap_after_fork(Mutator& mutator, bool in_child) {
  {
    Guard guard(heap.lock);
    space_pages_shared();
  }
  begin_small_nursery(in_child);
  if (!in_child) return;
  idle_heaps = nullptr;
  idle_heap_count = 0;
  for (MutatorHeap* h = heap.mutators; h;) {
    MutatorHeap* next = h->next;
    if (h != &orphaned && h != shared_heap && h->mutator != &mutator) {
      retire_cursors(*h, AfterRetiring::Listed);
      release(h);
    }
    h = next;
  }
}

}  // namespace baton
