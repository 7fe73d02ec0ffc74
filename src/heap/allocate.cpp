// Allocation: the slow path behind the size-class cursors, large cells, and the way back from an address to its cell.
//
// A cursor walks the gaps between marked cells of one block. Cells below a block's cursor are allocated (marked or not); above
// it only marked ones are. A mutator's cursors are published to the blocks (retire_cursors) whenever the world stops for a
// collection.
#include <cstring>

#include "heap/allocate_inline.h"
#include "heap/collect.h"
#include "heap/heap_internal.h"
#include "heap/large_cells.h"
#include "heap/sanitizers.h"
#include "threads/gil.h"

namespace baton {
namespace {

void flush_allocated(MutatorHeap& h) {
  __atomic_fetch_add(&heap.allocated_since_collection, h.unflushed_bytes, __ATOMIC_RELAXED);
  __atomic_fetch_add(&heap.allocated_total, h.unflushed_bytes, __ATOMIC_RELAXED);
  h.unflushed_bytes = 0;
}

void count_allocated(MutatorHeap& h, u64 bytes) {
  h.unflushed_bytes += bytes;
  if (h.unflushed_bytes >= kBlockBytes) flush_allocated(h);
}

void open_gap(MutatorHeap& h, u32 size_class, u32 block, u32 begin, u32 end) {
  u32 cell_bytes = class_bytes(size_class);
  if (heap.one_cell_gaps) end = begin + cell_bytes;
  char* base = block_address(block);
  unpoison_memory(base + begin, end - begin);
  if (heap.config.verify) memset(base + begin, 0, end - begin);  // so that the verifier finds no stale word in a cell's slack
  h.cursors[size_class] = {reinterpret_cast<u64>(base + begin), reinterpret_cast<u64>(base + end)};
  count_allocated(h, end - begin);
}

// A block with room for the class, set up and owned by the caller; 0: out of memory. *is_first: for the first time since the last
// collection.
u32 acquire_block(u32 size_class, bool* untouched, bool* is_first) {
  Guard guard(heap.lock);
  u32 block = heap.available[size_class];
  if (block) {
    heap.available[size_class] = block_info(block).next;
  } else {
    block = space_take_block(untouched);
    if (!block) return 0;
    space_setup_small(block, size_class);
  }
  BlockInfo& info = block_info(block);
  info.next = 0;
  info.flags &= static_cast<u8>(~kBlockListed);
  *is_first = !(info.flags & kBlockTouched);
  if (*is_first) {
    heap.touched.push(block);
    info.first_gap = 0;
  }
  info.flags |= kBlockOwned | kBlockTouched;
  return block;
}

// Publishes how far the mutator got in its current block of the class and lets go of it.
void leave_block(MutatorHeap& h, u32 size_class, u32 cursor) {
  BlockInfo& info = block_info(h.blocks[size_class]);
  info.cursor = cursor;
  info.flags &= static_cast<u8>(~kBlockOwned);
  __atomic_store_n(&h.blocks[size_class], 0, __ATOMIC_RELAXED);  // see heap_find_cell
  h.cursors[size_class] = {};
}

// Moves the class's cursor to the next gap. False: out of memory.
bool refill(MutatorHeap& h, u32 size_class) {
  u32 cell_bytes = class_bytes(size_class);
  u32 begin, end;
  bool is_hot = false;  // it has just filled a block
  if (u32 block = h.blocks[size_class]) {
    u32 from = static_cast<u32>(h.cursors[size_class].bump - reinterpret_cast<u64>(block_address(block)));
    if (next_gap(mark_words(block), from, cell_bytes, &begin, &end)) {
      open_gap(h, size_class, block, begin, end);
      return true;
    }
    leave_block(h, size_class, kBlockBytes);
    is_hot = true;
  }
  bool untouched = false, is_first = false;
  while (u32 block = acquire_block(size_class, &untouched, &is_first)) {
    __atomic_store_n(&h.blocks[size_class], block, __ATOMIC_RELAXED);
    // A class that fills blocks will fill this one: one call costs half of the faults, page by page.
    if (is_hot && untouched) space_fault_in(block);
    BlockInfo& info = block_info(block);
    if (next_gap(mark_words(block), info.cursor, cell_bytes, &begin, &end)) {
      if (is_first) info.first_gap = begin;
      open_gap(h, size_class, block, begin, end);
      return true;
    }
    leave_block(h, size_class, kBlockBytes);
  }
  return false;
}

// Most of the hundred classes between 256 bytes and half a block hold two or three cells in a small program, each in a block of
// its own: a class uses up kMostLent bytes of a wider one's cells before it gets one. Halves the span of such a heap.
u32 lending_class(MutatorHeap& h, u32 size_class) {
  constexpr u32 kMostLent = 16384;
  u32 wider = wider_class(size_class);
  if (wider == size_class || h.blocks[size_class]) return size_class;
  u32 lent = h.lent[size_class] + class_bytes(wider);
  if (lent > kMostLent) return size_class;
  h.lent[size_class] = static_cast<u16>(lent);
  return wider;
}

u32 blocks_for(usize bytes) { return static_cast<u32>((bytes + kBlockBytes - 1) >> kBlockShift); }

// More than the machine has would be promised by the system and end in its killing us.
bool is_absurd(usize bytes) {
  return bytes > (usize{64} << 20) && heap.physical_limit && bytes + space_committed_bytes() > heap.physical_limit;
}

void set_up_tail(u32 first, u32 from, u32 to) {
  for (u32 i = from; i < to; ++i) {
    BlockInfo& tail = block_info(first + i);
    tail = BlockInfo{};
    tail.run = i;
    tail.state = BlockState::LargeTail;
  }
}

Cell* allocate_large_once(MutatorHeap& h, usize bytes) {
  u32 blocks = blocks_for(bytes);
  u32 first;
  {
    Guard guard(heap.lock);
    first = space_take_run(blocks);
    if (!first) return nullptr;
    set_up_tail(first, 1, blocks);
    BlockInfo& head = block_info(first);
    head = BlockInfo{};
    head.run = blocks;
    head.large_bytes = bytes;
    head.cursor = 1;
    head.state = BlockState::LargeHead;
    heap.young_large.push(first);
  }
  unpoison_memory(block_address(first), bytes);
  if (heap.config.verify) memset(block_address(first), 0, bytes);
  count_allocated(h, bytes);
  return reinterpret_cast<Cell*>(block_address(first));
}

Cell* allocate_large(Mutator& mutator, usize bytes) {
  bytes = (bytes + kGranule - 1) & ~(kGranule - 1);
  if (bytes > kHeapSize) return nullptr;
  if (is_absurd(bytes)) return nullptr;
  collect_if_due(mutator);
  if (Cell* cell = allocate_large_once(*mutator_heap_of(mutator), bytes)) return cell;
  heap_collect(mutator, Generation::Full);
  return allocate_large_once(*mutator_heap_of(mutator), bytes);
}

// An old cell from birth: what it refers to may be young, so it is visited as a whole in the next collection.
void pretenure(MutatorHeap& h, Cell* cell) {
  // The block is this mutator's, and so is the word of mark bits: others only read it.
  u64* word = mark_word(cell);
  __atomic_store_n(word, __atomic_load_n(word, __ATOMIC_RELAXED) | mark_mask(cell), __ATOMIC_RELAXED);
  cell->add_gc_flag_private(static_cast<GcFlag>(kOld | kRemembered));
  h.remembered_cells.push(cell);
}

}  // namespace

// The first granule at or after i, where a cell begins, without a mark; or any at or after limit.
static u32 skip_marked(const u64* marks, u32 i, u32 step, u32 limit) {
  if (step > 32 || (step & (step - 1))) {
    while (i < limit && (marks[i >> 6] >> (i & 63) & 1)) i += step;
    return i;
  }
  u64 starts = ~u64{0} / ((u64{1} << step) - 1);  // where cells begin in a word, the same in each
  u32 word = i >> 6;
  u64 unmarked = ~marks[word] & starts & ~u64{0} << (i & 63);
  while (unmarked == 0 && ++word < kMarkWordsPerBlock) unmarked = ~marks[word] & starts;
  return unmarked ? word * 64 + static_cast<u32>(__builtin_ctzll(unmarked)) : limit;
}

bool next_gap(const u64* marks, u32 from, u32 cell_bytes, u32* begin, u32* end) {
  u32 step = cell_bytes / kGranule;
  u32 limit = static_cast<u32>(kBlockBytes / cell_bytes) * step;
  if (from / kGranule >= limit) return false;
  u32 i = skip_marked(marks, from / kGranule, step, limit);
  if (i >= limit) return false;
  *begin = i * kGranule;
  u32 word = i >> 6;
  u64 rest = marks[word] >> (i & 63) << (i & 63);
  while (rest == 0 && ++word < kMarkWordsPerBlock) rest = marks[word];
  u32 next = rest ? word * 64 + static_cast<u32>(__builtin_ctzll(rest)) : limit;
  *end = next * kGranule;
  return true;
}

Cell* heap_allocate_slow(Mutator& mutator, usize bytes, u16 kind, u32 shape, u32 flags) {
  BATON_DCHECK(bytes >= sizeof(Cell), "a cell has room for its header");
  Cell* cell;
  if (bytes > kMaxSmall) {
    cell = allocate_large(mutator, bytes);
    if (!cell) return nullptr;
  } else {
    u32 size_class = class_of(bytes);
    MutatorHeap* h = mutator_heap_of(mutator);
    if (h->cursors[size_class].bump == h->cursors[size_class].limit) size_class = lending_class(*h, size_class);
    u32 cell_bytes = class_bytes(size_class);
    if (h->cursors[size_class].bump == h->cursors[size_class].limit) {
      collect_if_due(mutator);
      h = mutator_heap_of(mutator);
      if (!refill(*h, size_class)) {
        heap_collect(mutator, Generation::Full);
        h = mutator_heap_of(mutator);
        if (!refill(*h, size_class)) return nullptr;
      }
    }
    AllocationCursor& cursor = h->cursors[size_class];
    cell = reinterpret_cast<Cell*>(cursor.bump);
    cursor.bump += cell_bytes;
  }
  cell->init_header(shape, kind);
  if (flags) [[unlikely]] {
    MutatorHeap* h = mutator_heap_of(mutator);
    if (flags & kAllocPretenured) pretenure(*h, cell);
    if (flags & kAllocNativeFinalizer) h->native_finalizable.push(cell);
  }
  if (heap.allocation_hook) [[unlikely]]
    heap.allocation_hook(mutator, cell, bytes);
  return cell;
}

Cell* heap_allocate(Mutator& mutator, usize bytes, u16 kind, u32 shape, u32 flags) {
  return heap_allocate_inline(mutator, bytes, kind, shape, flags);
}

void heap_free_large(Cell* cell) {
  constexpr usize kMostSearched = 64;  // it was made a short while ago
  u32 block = block_of(cell);
  if (!gil_enabled() || block_info(block).state != BlockState::LargeHead || is_marked(cell)) return;
  Guard guard(heap.lock);
  usize n = heap.young_large.size();
  for (usize i = n; i-- > 0 && n - i <= kMostSearched;) {
    if (heap.young_large[i] != block) continue;
    heap.young_large[i] = heap.young_large[n - 1];
    heap.young_large.truncate(n - 1);
    u64 bytes = block_info(block).large_bytes;
    u64 since = __atomic_load_n(&heap.allocated_since_collection, __ATOMIC_RELAXED);
    __atomic_store_n(&heap.allocated_since_collection, since > bytes ? since - bytes : 0, __ATOMIC_RELAXED);
    space_free_run(block, block_info(block).run);
    return;
  }
}

bool heap_grow_large(Mutator& mutator, Cell* cell, usize bytes) {
  bytes = (bytes + kGranule - 1) & ~(kGranule - 1);
  u32 first = block_of(cell);
  BlockInfo& head = block_info(first);
  if (head.state != BlockState::LargeHead || heap.allocation_hook || bytes > kHeapSize) return false;
  usize before = head.large_bytes;
  BATON_DCHECK(bytes >= before, "a cell only grows");
  if (is_absurd(bytes - before)) return false;
  u32 had = head.run, needed = blocks_for(bytes);
  {
    Guard guard(heap.lock);
    if (!space_extend_run(first + had, needed - had)) return false;
    set_up_tail(first, had, needed);
    head.run = needed;
    head.large_bytes = bytes;
  }
  char* fresh = reinterpret_cast<char*>(cell) + before;
  unpoison_memory(fresh, bytes - before);
  if (heap.config.verify) memset(fresh, 0, bytes - before);
  count_allocated(*mutator_heap_of(mutator), bytes - before);
  return true;
}

void heap_will_be_filled(Cell* cell, usize bytes) {
  u32 block = block_of(cell), blocks = static_cast<u32>(bytes >> kBlockShift);
  if (blocks && block_info(block).state == BlockState::LargeHead) space_fault_in_run(block, blocks);
}

bool heap_shrink_large(Cell* cell, usize bytes) {
  bytes = (bytes + kGranule - 1) & ~(kGranule - 1);
  u32 first = block_of(cell);
  BlockInfo& head = block_info(first);
  if (head.state != BlockState::LargeHead || bytes <= kMaxSmall || bytes > head.large_bytes) return false;
  Guard guard(heap.lock);
  u32 had = head.run, needed = blocks_for(bytes);
  head.run = needed;
  head.large_bytes = bytes;
  if (had > needed) space_free_run(first + needed, had - needed);
  return true;
}

void list_block(u32 block) {
  BlockInfo& info = block_info(block);
  if (info.flags & kBlockListed) return;
  info.flags |= kBlockListed;
  info.next = heap.available[info.size_class];
  heap.available[info.size_class] = block;
}

void retire_cursors(MutatorHeap& h, AfterRetiring after) {
  for (u32 c = 1; c < kClassCount; ++c) {
    u32 block = h.blocks[c];
    if (!block) continue;
    leave_block(h, c, static_cast<u32>(h.cursors[c].bump - reinterpret_cast<u64>(block_address(block))));
    if (after == AfterRetiring::Listed) list_block(block);
  }
  flush_allocated(h);
}

usize heap_cell_size(const Cell* cell) {
  const BlockInfo& info = block_info(block_of(cell));
  return info.state == BlockState::Small ? info.cell_bytes : info.large_bytes;
}

bool cell_is_allocated(const Cell* cell, u32 block) {
  const BlockInfo& info = block_info(block);
  if (info.state == BlockState::LargeHead) return info.cursor || is_marked(cell);
  u32 offset = static_cast<u32>(reinterpret_cast<u64>(cell) & (kBlockBytes - 1));
  return offset < info.cursor || is_marked(cell);
}

Cell* cell_containing(u64 address) {
  u64 offset = address - kHeapBase;
  if (offset >= u64{heap.end_block} << kBlockShift) return nullptr;
  u32 block = static_cast<u32>(offset >> kBlockShift);
  const BlockInfo* info = &block_info(block);
  if (info->state == BlockState::Small) {
    u32 within = static_cast<u32>(offset & (kBlockBytes - 1));
    u32 index = static_cast<u32>((u64{within} * info->reciprocal) >> 32);
    u32 start = index * info->cell_bytes;
    if (start + info->cell_bytes > kBlockBytes) return nullptr;  // the slack at the block's end
    Cell* cell = reinterpret_cast<Cell*>(block_address(block) + start);
    return cell_is_allocated(cell, block) ? cell : nullptr;
  }
  if (info->state == BlockState::Free) return nullptr;
  if (info->state == BlockState::LargeTail) {
    block -= info->run;
    info = &block_info(block);
  }
  if (address - reinterpret_cast<u64>(block_address(block)) >= info->large_bytes) return nullptr;
  Cell* cell = reinterpret_cast<Cell*>(block_address(block));
  return cell_is_allocated(cell, block) ? cell : nullptr;
}

}  // namespace baton
