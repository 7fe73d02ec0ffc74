// The mark stack: explicit, growable, no recursion. A cell gets its mark when it is pushed, so that it is pushed once however
// many refer to it; it is visited a few steps after it was popped and prefetched. Runs in a stopped world on one thread.
#pragma once
#include "heap/heap_internal.h"
#include "heap/young_buffers.h"

namespace baton {

class Marker final : public EdgeVisitor {
 public:
  Marker();
  ~Marker();

  // Marks everything reachable from what has been visited so far.
  void drain();
  // From now on drain() tells whom it visits.
  void tell(YoungBuffers& buffers) { told_ = &buffers; }
  // All edges of a cell that is marked already: its shape, its fields, the attribute slots of a subclass instance.
  BATON_ALWAYS_INLINE void visit_cell(Cell* cell) {
    if (u32 shape = cell->shape_id()) {
      if (shape != last_shape_) {
        last_shape_ = shape;
        add(cell->shape_cell());
      }
    }
    u16 word = cell->kind_word();
    const KindInfo& info = kind_info(word & kKindMask);
    if (info.visit_edges) info.visit_edges(cell, *this);
    if (word & kSubclassBit && heap.hooks.visit_subclass_tail) heap.hooks.visit_subclass_tail(cell, *this);
  }

 private:
  static void grow(EdgeVisitor& visitor, Cell* target);
  void double_stack();  // which is full
  template <bool kTelling>
  void drain_telling();
  BATON_ALWAYS_INLINE void visit_marked(Cell* cell) {
    check_edge(cell);
    if (!cell->has_gc_flag(kOld)) cell->add_gc_flag_stopped(kOld);
    visit_cell(cell);
  }
  // Assertion builds: an edge leads to the start of a cell.
  void check_edge([[maybe_unused]] const Cell* cell) {
#ifdef BATON_ASSERTIONS
    BATON_DCHECK(heap_offset(cell) < u64{heap.end_block} << kBlockShift, "an edge leads into the heap");
    const BlockInfo& info = block_info(block_of(cell));
    u32 within = static_cast<u32>(reinterpret_cast<u64>(cell) & (kBlockBytes - 1));
    BATON_DCHECK(
        info.state == BlockState::LargeHead ? within == 0 : info.state == BlockState::Small && within % info.cell_bytes == 0,
        "an edge leads to the start of a cell");
    BATON_DCHECK(cell->gc_flags() != kPoisonByte, "an edge leads to a live cell");
#endif
  }

  Cell** base_;
  YoungBuffers* told_ = nullptr;
  u32 last_shape_ = 0;
};

}  // namespace baton
