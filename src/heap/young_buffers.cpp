// Which big buffers and which of their owners stay young, and the search for those who refer to them.
#include "heap/young_buffers.h"

#include "heap/large_cells.h"

namespace baton {

static constexpr usize kBufferBytes = usize{64} << 10;  // such a cell counts
static constexpr usize kWorthIt = usize{512} << 10;     // all of them together
static constexpr u32 kMostCollections = 4;              // that a buffer lives through young
static constexpr usize kBytesForEachVisit = 64;         // of buffers: visiting a cell again costs as much as marking it did

static u64 buffer_kinds[(kKindMask + 1) / 64], owner_kinds[(kKindMask + 1) / 64], storage_kinds[(kKindMask + 1) / 64];
static PodVector<Cell*> young_owners;  // of the last collection; touched in a stopped world

// In the flags of young owners: how many collections they have lived through young, as old ones have when they are all set. What
// an old cell has left of it says nothing.
static constexpr u8 kAge = 32 | 64, kOlder = 32;

static bool has(const u64* kinds, u16 kind) { return kinds[kind / 64] >> kind % 64 & 1; }
void heap_large_is_buffer(u16 kind) { buffer_kinds[kind / 64] |= u64{1} << kind % 64; }
void heap_owns_buffers(u16 kind) { owner_kinds[kind / 64] |= u64{1} << kind % 64; }
void heap_is_storage(u16 kind) { storage_kinds[kind / 64] |= u64{1} << kind % 64; }

static Cell* cell_of(u32 block) { return reinterpret_cast<Cell*>(block_address(block)); }
static bool is_large(const Cell* cell) { return block_info(block_of(cell)).state == BlockState::LargeHead; }
static bool is_young(const Cell* cell) { return !cell->has_gc_flag(kOld); }

static bool is_buffer(u32 block) {
  const BlockInfo& info = block_info(block);
  if (info.large_bytes < kBufferBytes || info.next >= kMostCollections || info.flags & kBlockFrozen) return false;
  Cell* cell = cell_of(block);
  return has(buffer_kinds, cell->kind()) && !cell->is_subclass_instance() && !cell->gc_flags();
}

static void grows_old(BlockInfo& info) { info.flags &= static_cast<u8>(~kBlockAging); }

YoungBuffers::~YoungBuffers() {
  slots_.release();
  old_.release();
  visited_.release();
}

bool YoungBuffers::begin() {
  if (heap.stats.collections[0] + heap.stats.collections[1] == 0) return false;  // hardly anything of a beginning dies
  usize bytes = 0;
  for (u32 block : heap.young_large) {
    if (!is_buffer(block)) continue;
    block_info(block).flags |= kBlockAging;
    bytes += block_info(block).large_bytes;
  }
  if (bytes >= kWorthIt) return true;
  for (u32 block : heap.young_large) grows_old(block_info(block));
  return false;
}

void YoungBuffers::note_remembered(MutatorHeap& h) {
  for (void* slot : h.remembered_slots) {
    Value v(__atomic_load_n(static_cast<u64*>(slot), __ATOMIC_RELAXED));
    if (v.is_cell() && is_young(v.cell())) slots_.push(slot);
  }
  old_.append(h.remembered_cells.begin(), h.remembered_cells.size());
}

// Of the candidates those that live, unless finding who refers to them costs more than it is worth.
bool YoungBuffers::choose() {
  usize bytes = 0;
  for (u32 block : heap.young_large) {
    BlockInfo& info = block_info(block);
    if (!(info.flags & kBlockAging)) continue;
    if (is_marked(cell_of(block)))
      bytes += info.large_bytes;
    else
      grows_old(info);
  }
  if (bytes >= (visited_.size() + old_.size()) * kBytesForEachVisit) return bytes > 0;
  for (u32 block : heap.young_large) grows_old(block_info(block));
  return false;
}

// What a big table refers to grows old: the table would be walked through each time.
void YoungBuffers::spare_tables() {
  EdgeVisitor give_up([](EdgeVisitor&, Cell* target) {
    BlockInfo& info = block_info(block_of(target));
    if (info.state == BlockState::LargeHead) grows_old(info);
  });
  for (PodVector<Cell*>* cells : {&old_, &visited_}) {
    for (Cell* cell : *cells)
      if (is_large(cell) && kind_info(cell->kind()).visit_edges) heap_visit_cell(cell, give_up);
  }
}

// Whether a cell refers to a young one.
class YoungEdge {
 public:
  bool in(Cell* cell) {
    found_ = false;
    heap_visit_cell(cell, visitor_);
    return found_;
  }

 private:
  bool found_ = false;
  EdgeVisitor visitor_{[](EdgeVisitor& visitor, Cell* target) { *static_cast<bool*>(visitor.context()) |= is_young(target); },
                       &found_};
};

// All of their kinds that were young till now, be there a buffer behind them or not. Storage comes first: an old object may have
// young storage, for that is found by the edge to it, but not the other way round, as stores into storage may go by the flag of
// the object.
void YoungBuffers::choose_owners() {
  bool has_old_storage = false;
  EdgeVisitor find_old_storage(
      [](EdgeVisitor& visitor, Cell* target) {
        if (has(storage_kinds, target->kind()) && !is_young(target)) *static_cast<bool*>(visitor.context()) = true;
      },
      &has_old_storage);
  for (bool is_storage : {true, false}) {
    for (Cell* cell : visited_) {
      if (!has(owner_kinds, cell->kind()) || has(storage_kinds, cell->kind()) != is_storage) continue;
      u8 age = cell->gc_flags() & kAge;
      if (cell->gc_flags() != (kOld | age) || age == kAge) continue;
      if (is_large(cell) || kind_info(cell->kind()).finalize_native || block_info(block_of(cell)).flags & kBlockFrozen) continue;
      has_old_storage = false;
      heap_visit_cell(cell, find_old_storage);
      if (has_old_storage) continue;
      cell->remove_gc_flag_private(static_cast<GcFlag>(kOld | kAge));
      cell->add_gc_flag_stopped(static_cast<GcFlag>(age + kOlder));
      young_owners.push(cell);
    }
  }
}

void YoungBuffers::remember(MutatorHeap& remembering) {
  YoungEdge edge;
  for (PodVector<Cell*>* cells : {&old_, &visited_}) {
    for (Cell* cell : *cells) {
      if (is_young(cell) || cell->has_gc_flag(kRemembered) || !edge.in(cell)) continue;
      cell->add_gc_flag_stopped(kRemembered);
      remembering.remembered_cells.push(cell);
    }
  }
  // Storage that an old list has left lies among the dead, and with it fields that were stored to before. Buffers that stay young
  // have no mark; the fields in one (the inline caches in a code object's storage) are its owner's.
  for (void* slot : slots_) {
    Cell* holder = cell_containing(reinterpret_cast<u64>(slot));
    if (!holder || !(is_marked(holder) || block_info(block_of(holder)).flags & kBlockAging)) continue;
    Value v(__atomic_load_n(static_cast<u64*>(slot), __ATOMIC_RELAXED));
    if (v.is_cell() && is_young(v.cell())) remembering.remembered_slots.push(slot);
  }
}

void YoungBuffers::settle(MutatorHeap& remembering) {
  if (!choose()) return;
  spare_tables();
  for (u32 block : heap.young_large) {
    if (!(block_info(block).flags & kBlockAging)) continue;
    Cell* cell = cell_of(block);
    *mark_word(cell) &= ~mark_mask(cell);
    cell->remove_gc_flag_private(kOld);
  }
  choose_owners();
  remember(remembering);
}

bool stays_young(BlockInfo& info) {
  if (!(info.flags & kBlockAging)) return false;
  grows_old(info);
  ++info.next;
  return true;
}

void touch_young_owners() {
  for (Cell* cell : young_owners) {
    u32 block = block_of(cell);
    BlockInfo& info = block_info(block);
    info.first_gap = 0;  // the cells below it won't all be marked any more
    if (info.flags & kBlockTouched) continue;
    info.flags |= kBlockTouched;
    heap.touched.push(block);
  }
}

void unmark_young_owners() {
  for (Cell* cell : young_owners) *mark_word(cell) &= ~mark_mask(cell);
  young_owners.clear();
}

void end_of_youth() {
  for (Cell* cell : young_owners) cell->add_gc_flag_stopped(kOld);
  young_owners.clear();
  for (u32 block : heap.young_large) {
    Cell* cell = cell_of(block);
    *mark_word(cell) |= mark_mask(cell);
    cell->add_gc_flag_stopped(kOld);
    block_info(block).cursor = 0;
    heap.old_large.push(block);
    ++heap.old_cells;
    heap.old_bytes += block_info(block).large_bytes;
  }
  heap.young_large.shrink_to(0);
}

void forget_young_owners() { young_owners.clear(); }

}  // namespace baton
