// A collection, from stopped world to resumed one: roots, marking, the weak phase, sweeping, and when the next one is due.
//
// Mark bits are sticky: a minor collection keeps them and marks only cells allocated since the last collection; a full one
// clears them first. Every survivor is marked and has kOld, so no old cell refers to a young one when a collection ends, and
// the remembered set starts empty. Dead cells are found by their missing mark bit; allocation reuses them without their being
// touched.
#include "heap/collect.h"

#include <malloc.h>

#include <cstring>

#include "heap/finalizer_order.h"
#include "heap/generation.h"
#include "heap/heap_internal.h"
#include "heap/marker.h"
#include "heap/reference_census.h"
#include "heap/sanitizers.h"
#include "heap/stack_only.h"
#include "heap/trim.h"
#include "heap/visit_roots.h"
#include "threads/clock.h"
#include "threads/gil_takings.h"
#include "threads/timeline.h"

namespace baton {
namespace {

bool is_minor = false;  // written in a stopped world, read by hooks there

// One collection in progress.
struct Cycle {
  Generation generation;
  const StackOnly* stack_only;  // null: nobody asks
  Marker marker;
  PodVector<Cell*> conservative;          // cells that a C++ stack refers to
  PodVector<StackWord> stack_words;       // by which word, if somebody asked
  PodVector<WeakTable::Entry> dead_weak;  // entries whose target was not reached; no head: it has been told
  u64 cells_before = 0, cells_after = 0;  // allocated cells in the swept blocks
  u64 takings = 0;                        // of the GIL, by all threads so far
  u64 threads = 0;                        // whose stacks were scanned
  u64 buffers_grown_old = 0;              // bytes
  YoungBuffers buffers;
  bool keeps_buffers;
  bool is_traced;

  Cycle(Generation g, const StackOnly* asked)
      : generation(g),
        stack_only(asked),
        keeps_buffers(!is_full() && buffers.begin()),
        is_traced(is_full() && (heap.trace || heap.asked_trace)) {
    if (keeps_buffers) marker.tell(buffers);
  }
  ~Cycle() {
    conservative.release();
    stack_words.release();
    dead_weak.release();
  }
  bool is_full() const { return generation == Generation::Full; }
};

// ---- roots ----

BATON_NO_SANITIZE void scan_words(Cycle& cycle, Mutator& mutator, const char* low, const char* high) {
  u64 heap_bytes = u64{heap.end_block} << kBlockShift;
  for (const u64* word = reinterpret_cast<const u64*>(low); word < reinterpret_cast<const u64*>(high); ++word) {
    if (*word - kHeapBase >= heap_bytes || is_poisoned_memory(word)) continue;
    Cell* cell = cell_containing(*word);
    if (!cell) continue;
    cycle.conservative.push(cell);
    if (cycle.is_traced) cycle.stack_words.push({&mutator, word});
  }
}

// [low, high) without the hook's excluded ranges, in order of address.
void scan_stack(Cycle& cycle, Mutator& mutator) {
  MutatorState state = mutator.state();
  if (state == MutatorState::New || state == MutatorState::Dead) return;
  char* low = reinterpret_cast<char*>(reinterpret_cast<u64>(mutator.published_sp()) & ~u64{7});
  char* high = mutator.stack().base;
  BATON_CHECK(low && low <= high, "a stopped mutator has published its stack");
  constexpr usize kMaxRanges = 256;
  void* ranges[kMaxRanges][2];
  usize n = heap.hooks.excluded_stack_ranges ? heap.hooks.excluded_stack_ranges(mutator, ranges, kMaxRanges) : 0;
  while (low < high) {
    // The lowest excluded range that ends above low; few enough for a linear search.
    char *skip_from = high, *skip_to = high;
    for (usize i = 0; i < n; ++i) {
      char *from = static_cast<char*>(ranges[i][0]), *to = static_cast<char*>(ranges[i][1]);
      if (to > low && from < skip_from) skip_from = from, skip_to = to;
    }
    if (skip_from > low) scan_words(cycle, mutator, low, skip_from);
    low = skip_to;
  }
}

void scan_stacks(Cycle& cycle) {
  for_each_mutator([&](Mutator& mutator) {
    cycle.takings += gil_takings(mutator);
    ++cycle.threads;
    scan_stack(cycle, mutator);
  });
}

void push_roots(Cycle& cycle) {
  const StackOnly* asked = cycle.stack_only;
  for (Cell* cell : cycle.conservative) {
    if (!asked || !asked->concerns(cell, asked->context)) cycle.marker.visit(cell);
  }
  // Most of the others are old: a minor collection need not look at their cells.
  visit_roots<true>(cycle.marker, [](RootKind, Mutator*, const void*) {});
}

void mark_stack_only(Cycle& cycle) {
  if (!cycle.stack_only) return;
  cycle.stack_only->others_marked(cycle.stack_only->context);
  for (Cell* cell : cycle.conservative) cycle.marker.visit(cell);
  cycle.marker.drain();
}

void trace(Cycle& cycle) {
  for (const RootTrace* trace : {heap.trace, heap.asked_trace})
    if (trace) trace_roots(*trace, cycle.conservative, cycle.stack_words);
}

template <class Fn>
void for_each_mutator_heap(Fn fn) {
  for (MutatorHeap* h = heap.mutators; h; h = h->next) fn(*h);
}

bool has_open_block(const MutatorHeap& h) {
  for (u32 block : h.blocks) {
    if (block) return true;
  }
  return false;
}

// What is in recent_slots is also among the remembered slots: where they are few, only their places are cleared.
void forget_recent_slots(MutatorHeap& h) {
  if (h.recent_slots.empty()) return;
  if (h.remembered_slots.size() < kRecentSlots / 8) {
    for (void* slot : h.remembered_slots) recent_place(h, slot) = nullptr;
  } else {
    memset(h.recent_slots.data(), 0, kRecentSlots * sizeof(void*));
  }
}

// A minor collection's further roots: what old cells were made to refer to. A full one finds it by itself.
void push_remembered(Cycle& cycle) {
  for_each_mutator_heap([&](MutatorHeap& h) {
    if (!cycle.is_full()) {
      if (cycle.keeps_buffers) cycle.buffers.note_remembered(h);
      for (void* slot : h.remembered_slots) cycle.marker.visit(Value(__atomic_load_n(static_cast<u64*>(slot), __ATOMIC_RELAXED)));
      for (Cell* cell : h.remembered_cells) cycle.marker.visit_cell(cell);
    }
    for (Cell* cell : h.remembered_cells) cell->remove_gc_flag_private(kRemembered);
    forget_recent_slots(h);
    h.remembered_slots.shrink_to(0);
    h.remembered_cells.shrink_to(0);
    h.dedupe_at = kFirstDedupe;
  });
}

// ---- marks ----

u32 count_marks(u32 block) {
  const u64* words = mark_words(block);
  u32 count = 0;
  for (usize i = 0; i < kMarkWordsPerBlock; ++i) count += static_cast<u32>(__builtin_popcountll(words[i]));
  return count;
}

// Cells of a small block that are allocated: all below the cursor, and the marked ones from there on.
u32 count_allocated(u32 block, const BlockInfo& info) {
  const u64* words = mark_words(block);
  u32 granules = info.cursor / kGranule, total = info.cursor / info.cell_bytes;
  for (u32 i = granules / 64; i < kMarkWordsPerBlock; ++i) {
    u64 word = i == granules / 64 ? words[i] >> (granules & 63) : words[i];
    total += static_cast<u32>(__builtin_popcountll(word));
  }
  return total;
}

void clear_marks() {
  for (u32 block = 1; block < heap.end_block; ++block) {
    const BlockInfo& info = block_info(block);
    if (info.state == BlockState::Free || info.state == BlockState::LargeTail) continue;
    if (info.flags & kBlockFrozen)
      memcpy(mark_words(block), frozen_words(block), kMarkWordsPerBlock * sizeof(u64));
    else
      memset(mark_words(block), 0, kMarkWordsPerBlock * sizeof(u64));
  }
}

// Frozen cells keep their marks and so are never visited: their edges are roots of a full collection.
void push_frozen_edges(Cycle& cycle) {
  if (!heap.frozen_cells) return;
  for (u32 block = 1; block < heap.end_block; ++block) {
    if (!(block_info(block).flags & kBlockFrozen)) continue;
    for_each_marked(block, [&](Cell* cell) { cycle.marker.visit_cell(cell); });
  }
}

void count_before(Cycle& cycle) {
  auto count = [&](u32 block) {
    const BlockInfo& info = block_info(block);
    if (info.state == BlockState::Small)
      cycle.cells_before += count_allocated(block, info);
    else if (info.state == BlockState::LargeHead)
      ++cycle.cells_before;
  };
  if (cycle.is_full()) {
    for (u32 block = 1; block < heap.end_block; ++block) count(block);
  } else {
    for (u32 block : heap.touched) count(block);
    for (u32 block : heap.young_large) count(block);
  }
}

// ---- weak references and finalisers ----

// Runs before finalisable cells are resurrected: a weak reference to what only they reach is cleared all the same, and one that
// only they reach is dead itself. So heads that are alive are told now; the others, if something resurrects them, without the
// target: nobody is to be called back.
void find_dead_weak(Cycle& cycle) {
  auto check = [&](u64 target, Cell* head) {
    auto* cell = reinterpret_cast<Cell*>(target);
    if (is_marked(cell)) return;
    heap.weak.remove(cell);
    if (is_marked(head) && heap.hooks.on_weak_target_dead) {
      heap.hooks.on_weak_target_dead(cell, head);
      head = nullptr;
    }
    cycle.dead_weak.push({target, head});
  };
  if (cycle.is_full()) {
    heap.weak.for_each([&](WeakTable::Entry& entry) { check(entry.target, entry.head); });
  } else {
    for (Cell* target : heap.young_weak) {
      if (Cell* head = heap.weak.find(target)) check(reinterpret_cast<u64>(target), head);
    }
  }
}

void clear_dead_weak(Cycle& cycle) {
  for (const WeakTable::Entry& entry : cycle.dead_weak) {
    Cell* target = reinterpret_cast<Cell*>(entry.target);
    target->remove_gc_flag(kHasWeakrefs);
    if (entry.head && is_marked(entry.head) && heap.hooks.on_weak_target_dead)
      heap.hooks.on_weak_target_dead(nullptr, entry.head);
  }
  // Heads that died before their targets.
  auto check = [&](u64 target, Cell* head) {
    if (is_marked(head)) return;
    reinterpret_cast<Cell*>(target)->remove_gc_flag(kHasWeakrefs);
    heap.weak.remove(reinterpret_cast<Cell*>(target));
  };
  if (cycle.is_full()) {
    heap.weak.for_each([&](WeakTable::Entry& entry) { check(entry.target, entry.head); });
    heap.weak.shrink_if_sparse();
  } else {
    for (Cell* target : heap.young_weak) {
      if (Cell* head = heap.weak.find(target)) check(reinterpret_cast<u64>(target), head);
    }
  }
  heap.young_weak.shrink_to(0);
}

// Moves dead finalisable cells to the queue, and everything they reach back to the living.
void queue_finalizable(Cycle& cycle) {
  PodVector<Cell*> dead;
  auto split = [&](PodVector<Cell*>& cells, PodVector<Cell*>& survivors) {
    for (Cell* cell : cells) {
      if (!cell->has_gc_flag(kFinalizable)) continue;  // withdrawn
      (is_marked(cell) ? survivors : dead).push(cell);
    }
  };
  PodVector<Cell*> survivors;
  if (cycle.is_full()) {
    split(heap.old_finalizable, survivors);
    heap.old_finalizable.shrink_to(0);
  }
  for_each_mutator_heap([&](MutatorHeap& h) {
    split(h.finalizable, survivors);
    h.finalizable.shrink_to(0);
  });
  heap.old_finalizable.append(survivors.begin(), survivors.size());
  auto queue = [](Cell* cell) {
    cell->remove_gc_flag(kFinalizable);
    heap.finalizer_queue.push(cell);
  };
  if (dead.size() == 1) {
    cycle.marker.visit(dead[0]);
    cycle.marker.drain();
    queue(dead[0]);
    __atomic_fetch_add(&heap.queued, 1, __ATOMIC_RELEASE);
  } else if (!dead.empty()) {
    FinalizerOrder order;
    for (Cell* cell : order.sort(dead)) queue(cell);
    __atomic_fetch_add(&heap.queued, dead.size(), __ATOMIC_RELEASE);
    if (cycle.keeps_buffers) cycle.buffers.note_old(order.reached());
  }
  dead.release();
  survivors.release();
}

void finalize_native_dead(Cycle& cycle) {
  auto filter = [](PodVector<Cell*>& cells, PodVector<Cell*>& survivors) {
    for (Cell* cell : cells) {
      if (is_marked(cell)) {
        survivors.push(cell);
      } else if (auto finalize = kind_info(cell->kind()).finalize_native) {
        finalize(cell);
      }
    }
  };
  PodVector<Cell*> survivors;
  if (cycle.is_full()) {
    filter(heap.old_native, survivors);
    heap.old_native.shrink_to(0);
  }
  for_each_mutator_heap([&](MutatorHeap& h) {
    filter(h.native_finalizable, survivors);
    h.native_finalizable.shrink_to(0);
  });
  heap.old_native.append(survivors.begin(), survivors.size());
  survivors.release();
}

// ---- sweep ----

// Free cells of a block that stays in use: unreadable for the address sanitizer, or filled in assertion builds.
void poison_free_cells([[maybe_unused]] u32 block, [[maybe_unused]] const BlockInfo& info) {
#if defined(BATON_ASSERTIONS) || defined(BATON_ASAN)
  u32 cells = static_cast<u32>(kBlockBytes / info.cell_bytes);
  for (u32 i = 0; i < cells; ++i) {
    char* cell = block_address(block) + usize{i} * info.cell_bytes;
    if (is_marked(cell)) continue;
#ifndef BATON_ASAN
    memset(cell, kPoisonByte, info.cell_bytes);
#endif
    poison_memory(cell, info.cell_bytes);
  }
#endif
}

void free_blocks(u32 block, u32 count) {
#if defined(BATON_ASSERTIONS) && !defined(BATON_ASAN)
  constexpr u32 kMostFilled = 32;  // filling a huge cell would touch pages that it never did
  memset(block_address(block), kPoisonByte, (count < kMostFilled ? count : 1) * kBlockBytes);
#endif
  space_free_run(block, count);
}

// The gaps in a block that are behind a living cell.
u32 count_gaps(u32 block, u32 cell_bytes) {
  const u64* words = mark_words(block);
  u32 step = cell_bytes / kGranule, gaps = 0;
  for (usize i = 0; i < kMarkWordsPerBlock; ++i) {
    u64 next = words[i] >> step | (i + 1 < kMarkWordsPerBlock ? words[i + 1] << (64 - step) : 0);
    gaps += static_cast<u32>(__builtin_popcountll(words[i] & ~next));
  }
  return gaps;
}

// Whether a block with room is left alone till the next full collection. Where the gaps hold few cells each, looking for the next
// one costs more than the memory is worth, and machine code leaves the instruction every time. What lies idle by that is 2 MiB or
// an eighth of the heap; the more there is, the smaller are the gaps that are left.
bool withhold(u32 block, const BlockInfo& info, u32 live) {
  constexpr u64 kLeast = u64{2} << 20;
  constexpr u32 kLargest = 256, kFewest = 4;  // bytes of a cell, cells in a gap
  if (info.cell_bytes > kLargest || (info.flags & kBlockListed)) return false;
  u64 free = kBlockBytes / info.cell_bytes - live, most = heap.full_threshold / 16;
  if (most < kLeast) most = kLeast;
  if (heap.withheld_bytes > most || free * most >= kFewest * count_gaps(block, info.cell_bytes) * (most - heap.withheld_bytes))
    return false;
  heap.withheld_bytes += free * info.cell_bytes;
  return true;
}

// Returns the number of live cells. A block's old cells keep their marks in a minor collection: those at its beginning needn't be
// walked over again when it is allocated from next.
u32 sweep_small(u32 block, Generation generation) {
  BlockInfo& info = block_info(block);
  u32 live = count_marks(block);
  info.cursor = generation == Generation::Minor ? static_cast<u32>(info.first_gap) : 0;
  info.run = live;
  info.flags &= static_cast<u8>(~(kBlockOwned | kBlockTouched));
  if (info.flags & kBlockFrozen) return live;
  if (live == 0 && !(info.flags & kBlockListed)) {
    free_blocks(block, 1);
    return 0;
  }
  poison_free_cells(block, info);
  // A block with little room costs more to walk than its gaps are worth.
  if (usize{live} * info.cell_bytes <= kBlockBytes / 8 * 7 && !withhold(block, info, live)) list_block(block);
  return live;
}

// True if the cell lives on.
bool sweep_large(u32 block) {
  BlockInfo& info = block_info(block);
  info.cursor = 0;
  if (is_marked(block_address(block))) return true;
  free_blocks(block, info.run);
  return false;
}

void sweep_minor(Cycle& cycle) {
  for (u32 block : heap.touched) {
    BlockInfo& info = block_info(block);
    u32 before = info.run, cell_bytes = info.cell_bytes;
    u32 live = sweep_small(block, Generation::Minor);
    cycle.cells_after += live;
    i64 more = i64{live} - before;  // owners of young buffers die, too
    heap.old_cells += static_cast<u64>(more);
    heap.old_bytes += static_cast<u64>(more * i64{cell_bytes});
  }
  usize kept = 0;
  for (u32 block : heap.young_large) {
    BlockInfo& info = block_info(block);
    if (stays_young(info)) {
      heap.young_large[kept++] = block;
      ++cycle.cells_after;
      continue;
    }
    if (!sweep_large(block)) continue;
    heap.old_large.push(block);
    ++cycle.cells_after;
    ++heap.old_cells;
    heap.old_bytes += info.large_bytes;
    if (info.next) cycle.buffers_grown_old += info.large_bytes;
  }
  heap.young_large.shrink_to(kept);
}

void sweep_full(Cycle& cycle) {
  memset(heap.available, 0, sizeof heap.available);
  heap.old_bytes = heap.old_cells = heap.withheld_bytes = 0;
  for (u32 block = heap.end_block; block-- > 1;) {  // downwards: lists begin with the lowest blocks
    BlockInfo& info = block_info(block);
    if (info.state != BlockState::Small) continue;
    info.flags &= static_cast<u8>(~kBlockListed);
    u32 cell_bytes = info.cell_bytes;
    u32 live = sweep_small(block, Generation::Full);
    heap.old_cells += live;
    heap.old_bytes += u64{live} * cell_bytes;
  }
  heap.old_large.append(heap.young_large.begin(), heap.young_large.size());
  heap.young_large.shrink_to(0);
  usize kept = 0;
  for (u32 block : heap.old_large) {
    if (!sweep_large(block)) continue;
    heap.old_large[kept++] = block;
    ++heap.old_cells;
    heap.old_bytes += block_info(block).large_bytes;
  }
  heap.old_large.shrink_to(kept);
  cycle.cells_after = heap.old_cells;
}

// Gives back what was not needed for some collections. Big buffers come and go: what one collection frees the next few
// megabytes of allocation take, and each new page costs the kernel more than it takes to fill it. Only what is much is given back
// at once.
void give_back_idle_blocks() {
  constexpr u32 kSweepsBetween = 8;
  constexpr u64 kMuch = u64{32} << 20;
  u64 live_blocks = heap.end_block - heap.free_blocks;
  u64 nursery = heap.nursery_bytes > heap.config.nursery_bytes ? heap.nursery_bytes : heap.config.nursery_bytes;
  u32 keep = static_cast<u32>(nursery / kBlockBytes * 2 + live_blocks / 4);
  u32 most = static_cast<u32>(keep + kMuch / kBlockBytes + live_blocks / 2);
  if (heap.backed_free_blocks > most) space_decommit(most);
  if (heap.sweeps_till_decommit-- > 0) return;
  heap.sweeps_till_decommit = kSweepsBetween - 1;
  u32 idle = heap.least_backed_free;
  if (idle > keep + keep / 2) space_decommit(heap.backed_free_blocks - (idle - keep));
  heap.least_backed_free = heap.backed_free_blocks;
}

void sweep(Cycle& cycle) {
  if (cycle.is_full())
    sweep_full(cycle);
  else
    sweep_minor(cycle);
  heap.touched.clear();
  give_back_idle_blocks();
}

// ---- the whole ----

// Where a good part of the nursery survives, a bigger one promotes less that dies soon after; but a minor collection's pause is
// what survives, the survivors lie scattered over as much as the nursery spans, and it should not outweigh what the program
// keeps. By bytes, not by time, so that a run can be repeated. Threads that allocate at the same time stop each other, and all
// wait for the one that collects: they share a nursery of twice one's size for each.
//
// A program that blocks every few allocations finds the caches filled by others. It is better off with a nursery that leaves them
// room; what a collection costs whatever survives is little beside so many system calls, unless there are many stacks to scan.
void tune_nursery(u64 survived, u64 allocating, u64 blocked, u64 threads) {
  constexpr u64 kBytesForEachBlocking = 4096;
  constexpr u64 kGrowBelow = u64{6} << 20, kShrinkAbove = u64{12} << 20, kMost = 8;
  u64 each = heap.config.nursery_bytes, most = each * kMost;
  u64 base = each * (allocating <= 1 ? 1 : allocating * 2 < kMost ? allocating * 2 : kMost);
  if (heap.old_bytes < most) most = heap.old_bytes > base * 2 ? heap.old_bytes : base * 2;
  u64 wanted = heap.nursery_bytes;
  bool is_blocking = allocating <= 1 && blocked >= wanted / kBytesForEachBlocking;
  if (is_blocking) {
    base = each / 16 * (threads < 4 ? threads : 4);
  } else if (wanted < base) {  // not at once: a block that is opened counts in full
    base = wanted * 2;
  }
  if (survived * 32 > wanted && survived < kGrowBelow)
    wanted *= 2;
  else if (is_blocking)
    wanted = base;
  else if (survived * 128 < wanted || survived > kShrinkAbove)
    wanted /= 2;
  heap.nursery_bytes = wanted < base ? base : wanted > most ? most : wanted;
}

// A fork makes the nursery smaller while threads run: outside of a stopped world it is read as they write it.
static u64 nursery_now() { return __atomic_load_n(&heap.nursery_bytes, __ATOMIC_RELAXED); }

bool is_due() { return __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED) >= nursery_now(); }

void run_cycle(Generation generation, const StackOnly* stack_only) {
  u64 started = monotonic_ns();
  heap.collecting = true;
  is_minor = generation == Generation::Minor;
  forget_reference_census();
  Cycle cycle(generation, stack_only);
  u64 allocating = 0;
  for_each_mutator_heap([&](MutatorHeap& h) {
    if (h.mutator && has_open_block(h)) ++allocating;
    retire_cursors(h, AfterRetiring::Unlisted);
  });
  if (heap.hooks.collection_begins) heap.hooks.collection_begins(generation);
  if (!cycle.is_full()) touch_young_owners();
  count_before(cycle);
  scan_stacks(cycle);
  if (heap.config.verify && !cycle.is_full()) verify_remembered();
  if (cycle.is_full()) {
    forget_young_owners();
    clear_marks();
    push_frozen_edges(cycle);
  } else {
    unmark_young_owners();
  }
  push_remembered(cycle);
  push_roots(cycle);
  cycle.marker.drain();
  mark_stack_only(cycle);
  if (cycle.is_traced) trace(cycle);
  find_dead_weak(cycle);
  queue_finalizable(cycle);
  if (heap.hooks.dead_found) {
    heap.hooks.dead_found(cycle.marker);
    cycle.marker.drain();
  }
  clear_dead_weak(cycle);
  if (heap.hooks.clear_dead_caches) heap.hooks.clear_dead_caches(generation);
  if (heap.config.verify) verify_visitors();
  finalize_native_dead(cycle);
  if (cycle.keeps_buffers) cycle.buffers.settle(*heap.mutators);
  u64 old_before = heap.old_bytes;
  bool was_first_nursery = heap.stats.collections[0] + heap.stats.collections[1] == 0;
  bool was_due = is_due();  // or asked for, before a fork: that much of a beginning survives says nothing
  if (was_first_nursery) heap.nursery_bytes = heap.config.nursery_bytes;
  sweep(cycle);
  // Threads that ended took their number with them.
  u64 blocked = cycle.takings > heap.takings_before ? cycle.takings - heap.takings_before : 0;
  heap.takings_before = cycle.takings;
  u64 of_no_weight = old_before + cycle.buffers_grown_old;  // buffers are neither visited nor copied
  if (!cycle.is_full() && (was_due || !was_first_nursery))
    tune_nursery(heap.old_bytes > of_no_weight ? heap.old_bytes - of_no_weight : 0, allocating, blocked, cycle.threads);

  u64 external = external_live_bytes();
  if (cycle.is_full()) {
    u64 live = heap.old_bytes + external;
    heap.full_threshold = live + (live > kFullFloor ? live : kFullFloor);
  }
  __atomic_store_n(&heap.allocated_since_collection, 0, __ATOMIC_RELAXED);
  heap.collecting = false;
  u64 pause = monotonic_ns() - started;
  int g = static_cast<int>(generation);
  HeapStats& stats = heap.stats;
  ++stats.collections[g];
  stats.pause_ns_total[g] += pause;
  if (pause > stats.pause_ns_max[g]) stats.pause_ns_max[g] = pause;
  stats.cells_freed[g] += cycle.cells_before - cycle.cells_after;
  heap.last_pause_ns = pause;
}

struct Request {
  Mutator& mutator;
  Generation generation;
  const StackOnly* stack_only;
};

void collect_in_stopped_world(Mutator& mutator, Generation generation, const StackOnly* stack_only = nullptr) {
  Request request{mutator, generation, stack_only};
  auto body = [](void* context) {
    auto* request = static_cast<Request*>(context);
    run_cycle(request->generation, request->stack_only);
  };
  u64 began = ticks();
  with_published_stack(mutator, body, &request);
  if (!timeline::is_on) return;
  const char* what = generation == Generation::Full ? "collection: full" : "collection: young";
  timeline::note(mutator, TimelineKind::Collection, what, began, ticks());
}

// After the world runs again.
void collection_ended(Mutator& mutator, Generation generation) {
  if (heap_has_finalizable()) mutator.request(kFinalizers);
  if (heap.hooks.collection_ended) heap.hooks.collection_ended(generation, heap.last_pause_ns);
}

// Test mode: counts slow paths, which are all allocations then.
bool stress_is_due() {
  if (!heap.config.stress_every) return false;
  if (__atomic_sub_fetch(&heap.stress_countdown, 1, __ATOMIC_RELAXED) != 0) return false;
  __atomic_store_n(&heap.stress_countdown, heap.config.stress_every, __ATOMIC_RELAXED);
  return true;
}

}  // namespace

bool is_minor_collection() { return is_minor; }

u64 external_live_bytes() {
  i64 bytes = __atomic_load_n(&heap.external_bytes, __ATOMIC_RELAXED);
  return bytes > 0 ? static_cast<u64>(bytes) : 0;
}

void collect_if_due(Mutator& mutator) {
  BATON_DCHECK(!heap.collecting, "nothing allocates during a collection");
  bool stressed = stress_is_due();
  if ((!stressed && !is_due()) || !heap_enabled()) return;
  Generation generation;
  {
    StopTheWorld stop(mutator);
    if (!stressed && !is_due()) return;  // another thread has just collected
    bool full = heap.old_bytes + external_live_bytes() >= heap.full_threshold;
    if (stressed && ++heap.stress_collections % 16 == 0) full = true;
    generation = full ? Generation::Full : Generation::Minor;
    collect_in_stopped_world(mutator, generation);
  }
  collection_ended(mutator, generation);
}

static void collect(Mutator& mutator, Generation generation, const StackOnly* stack_only) {
  BATON_DCHECK(!heap.collecting, "no collection within a collection");
  {
    StopTheWorld stop(mutator);
    collect_in_stopped_world(mutator, generation, stack_only);
  }
  collection_ended(mutator, generation);
}

void heap_collect(Mutator& mutator, Generation generation) { collect(mutator, generation, nullptr); }

void heap_collect_asking(Mutator& mutator, Generation generation, const StackOnly& stack_only) {
  collect(mutator, generation, &stack_only);
}

static bool is_in_first_nursery() { return heap.stats.collections[0] + heap.stats.collections[1] == 0; }

// The first collection of a process is worth having before a fork much earlier than it would be due.
bool heap_collection_is_near() {
  u64 first = heap.config.first_nursery_bytes;
  u64 enough = (is_in_first_nursery() && first ? first : nursery_now()) / 2;
  return heap_enabled() && __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED) >= enough;
}

// Modules, functions and classes stay: a full collection among them finds nothing.
static void put_off_full_collection() {
  constexpr u64 kMost = kFullFloor * 4;
  u64 live = heap.old_bytes + external_live_bytes();
  if (live >= kMost || live + kFullFloor <= __atomic_load_n(&heap.full_threshold, __ATOMIC_RELAXED)) return;
  __atomic_store_n(&heap.full_threshold, live + kFullFloor, __ATOMIC_RELAXED);
}

void heap_is_still_beginning() {
  if (!is_in_first_nursery()) return put_off_full_collection();
  u64 since = __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED);
  u64 wanted = since + heap.config.nursery_bytes, most = heap.config.first_nursery_bytes * 2;
  if (wanted > most) wanted = most;
  if (nursery_now() < wanted) __atomic_store_n(&heap.nursery_bytes, wanted, __ATOMIC_RELAXED);
}

// Each page of the nursery is a fault and a copy to both now, and what the parent's has grown to says nothing of the child. It
// doubles with each collection till it has the usual size.
void begin_small_nursery(bool in_child) {
  if (!in_child && nursery_now() > heap.config.nursery_bytes) return;
  if (is_in_first_nursery()) return;  // all that is young would be copied
  u64 small = heap.config.nursery_bytes / 4;
  u64 since = __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED);
  if (nursery_now() > since + small) __atomic_store_n(&heap.nursery_bytes, since + small, __ATOMIC_RELAXED);
}

void heap_trim(Mutator& mutator) {
  StopTheWorld stop(mutator);
  heap.nursery_bytes = heap.config.nursery_bytes;
  space_decommit(static_cast<u32>(heap.nursery_bytes / 4 / kBlockBytes));
  malloc_trim(0);  // the collector's own lists grow and go
}

// ---- gc.freeze ----

void heap_freeze() {
  Mutator* mutator = current_mutator();
  BATON_CHECK(mutator, "gc.freeze is called by an attached thread");
  StopTheWorld stop(*mutator);
  collect_in_stopped_world(*mutator, Generation::Minor);
  end_of_youth();  // from here every live cell is marked
  memset(heap.available, 0, sizeof heap.available);
  heap.frozen_cells = 0;
  for (u32 block = 1; block < heap.end_block; ++block) {
    BlockInfo& info = block_info(block);
    if (info.state == BlockState::Free || info.state == BlockState::LargeTail) continue;
    memcpy(frozen_words(block), mark_words(block), kMarkWordsPerBlock * sizeof(u64));
    info.flags = static_cast<u8>((info.flags & ~kBlockListed) | kBlockFrozen);
    heap.frozen_cells += count_marks(block);
  }
}

void heap_unfreeze() {
  Mutator* mutator = current_mutator();
  BATON_CHECK(mutator, "gc.unfreeze is called by an attached thread");
  StopTheWorld stop(*mutator);
  heap.frozen_cells = 0;
  for (u32 block = 1; block < heap.end_block; ++block) block_info(block).flags &= static_cast<u8>(~kBlockFrozen);
}

}  // namespace baton
