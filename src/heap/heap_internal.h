// The collector's own state and the functions its source files share. Nothing outside src/heap/ and its tests includes this.
#pragma once
#include "heap/heap.h"
#include "heap/layout.h"
#include "heap/mutator_heap.h"
#include "heap/pod_vector.h"
#include "heap/remembered.h"
#include "heap/root_trace.h"
#include "threads/mutex.h"
#include "threads/relaxed.h"

namespace baton {

// target -> head, open addressing; key 0 is empty, 1 a deleted entry.
class WeakTable {
 public:
  struct Entry {
    u64 target;
    Cell* head;
  };
  Cell* find(const Cell* target) const;
  void set(Cell* target, Cell* head);
  bool remove(const Cell* target);
  usize count() const { return live_; }
  // fn may remove the entry it is given (by remove()), nothing else.
  template <class Fn>
  void for_each(Fn fn) {
    for (usize i = 0; i < capacity_; ++i)
      if (entries_[i].target > 1) fn(entries_[i]);
  }
  void shrink_if_sparse();

 private:
  usize slot_of(u64 target) const;
  void rehash(usize capacity);
  Entry* entries_ = nullptr;
  usize capacity_ = 0, used_ = 0, live_ = 0;  // used_: live and deleted
};

struct Heap {
  HeapConfig config;
  HeapHooks hooks;
  bool initialized = false;
  bool enabled = true;
  bool one_cell_gaps = false;  // stress and verify modes, allocation hook: every allocation takes the slow path
  AllocationHook allocation_hook = nullptr;

  // Blocks. Guarded by lock; what is Relaxed is also read without it.
  Mutex lock;
  u32 reserved_blocks = 0;  // what the address space limit let us reserve
  Relaxed<u32> end_block;   // committed up to here (high-water mark, chunk granularity)
  Relaxed<u32> free_blocks;
  u32 lowest_free_word = 0;    // no free block below 64 * this
  u64* free_map = nullptr;     // bit set: block is free; reserved for kBlockCount bits
  u64* backed_map = nullptr;   // bit set: a free block that may still own memory of the system
  u64* touched_map = nullptr;  // bit set: this process has written to the block's pages since they were new or shared by fork
  Relaxed<u32> backed_free_blocks;
  u32 least_backed_free = 0;  // since memory was last thought of giving back: that many were not needed
  u32 sweeps_till_decommit = 0;
  u32 available[kClassCount] = {};  // lists of blocks with room, through BlockInfo::next
  PodVector<u32> touched;           // small blocks allocated into since the last collection
  PodVector<u32> young_large, old_large;
  u64 physical_limit = 0;  // memory of the machine

  u64 takings_before = 0;  // of the GIL, when the last collection ended
  u64 nursery_bytes = 0;   // a minor collection is due after this much; adapts from the configured size

  // Accounting. Atomics; the rest is written in a stopped world.
  u64 allocated_since_collection = 0;
  u64 allocated_total = 0;
  i64 external_bytes = 0;
  u32 stress_countdown = 0;
  u64 old_bytes = 0, old_cells = 0;  // marked, as of the last collection (plus pretenured)
  u64 full_threshold = 0;            // old_bytes + external_bytes beyond this make the next collection a full one
  u64 withheld_bytes = 0;            // room that isn't allocated from: see withhold()
  u64 frozen_cells = 0;
  HeapStats stats{};

  // Mutators. Guarded by mutators_lock, and stable in a stopped world.
  Mutex mutators_lock;
  MutatorHeap* mutators = nullptr;

  // Weak references and finalisers. Guarded by weak_lock.
  Mutex weak_lock;
  WeakTable weak;
  PodVector<Cell*> young_weak;  // targets whose entry involves a young cell
  PodVector<Cell*> old_finalizable, old_native;
  PodVector<Cell*> finalizer_queue;  // taken from queue_head on
  usize queue_head = 0;
  usize queued = 0;  // atomic

  // Roots: intrusive lists. Guarded by roots_lock.
  Mutex roots_lock;
  RootBase* roots = nullptr;
  RootVector* root_vectors = nullptr;

  const RootTrace* trace = nullptr;        // of every full collection
  const RootTrace* asked_trace = nullptr;  // of the one that is about to begin, by whoever has stopped the world
  bool collecting = false;
  u64 last_pause_ns = 0;
  u32 stress_collections = 0;
};
extern Heap heap;

// A full collection is due after at least this much has grown old: in a small heap it costs a millisecond or two, and what has
// died among the old cells since is room that the young ones need not take anew.
inline constexpr usize kFullFloor = usize{8} << 20;

// Assertion builds fill swept cells with this byte.
inline constexpr u8 kPoisonByte = 0xDB;

// space.cpp: the pool of blocks. Callers hold heap.lock or have stopped the world.
bool space_reserve();
// 0: none left. *untouched: each page of it is still to be faulted in.
u32 space_take_block(bool* untouched);
void space_fault_in(u32 block);                  // all its pages by one call; needs no lock
void space_fault_in_run(u32 first, u32 blocks);  // what of it is new, up to 8 MiB; takes the lock
void space_pages_shared();                       // by fork: the next write to each page faults
// Start-up is over: no more huge pages are taken for it, and what was not used of the last one goes back. Locks heap.lock.
void space_small_pages();
u32 space_take_run(u32 blocks);
bool space_extend_run(u32 end, u32 more);  // takes the blocks from `end` on, if they are free
void space_free_run(u32 first, u32 blocks);
void space_decommit(u32 keep_blocks);
void space_setup_small(u32 block, u32 size_class);
u64 space_committed_bytes();

// collect.cpp
void begin_small_nursery(bool in_child);  // after a fork

// allocate.cpp
void list_block(u32 block);  // makes it available to its class; heap.lock or a stopped world
enum class AfterRetiring : u8 { Listed, Unlisted };
// Publishes the cursors and lets go of the blocks; heap.lock or a stopped world.
void retire_cursors(MutatorHeap& mutator_heap, AfterRetiring after);
bool next_gap(const u64* marks, u32 from, u32 cell_bytes, u32* begin, u32* end);
bool cell_is_allocated(const Cell* cell, u32 block);  // given a cell boundary: marked, or below the published cursor
Cell* cell_containing(u64 address);                   // any word -> the allocated cell that contains this address, or null

// Root and RootVector: takes an item out of its list; under heap.roots_lock, or where no other thread is.
template <class T>
void unlink_root(T* item, T*& first) {
  if (item->previous_)
    item->previous_->next_ = item->next_;
  else
    first = item->next_;
  if (item->next_) item->next_->previous_ = item->previous_;
}

}  // namespace baton
