// In which order a collection's dead finalisable cells are finalised: as CPython would. Whoever no garbage cycle reaches would
// have been let go of by its last referrer, so it follows those that refer to it. All others are found by the collector there,
// which goes by age; but at the end of the process by how far it is from the main module's globals, as that has survived a
// collection, and was put in the order in which it was reached. Among those, what writes to another on its end goes first
// (heap_note_writes_to): CPython, where the age decides, loses a file's data. Marks and promotes what it walks through. Runs in a
// stopped world on one thread.
#pragma once
#include "heap/heap_internal.h"

namespace baton {

class FinalizerOrder final : public EdgeVisitor {
 public:
  FinalizerOrder() : EdgeVisitor(on_edge) {}
  ~FinalizerOrder();

  // dead: unmarked finalisable cells in order of registration. Afterwards they, and all that they reach, are marked; the result
  // holds the same cells in order.
  const PodVector<Cell*>& sort(const PodVector<Cell*>& dead);
  // What sort() marked.
  const PodVector<Cell*>& reached() const { return reached_; }

 private:
  static void on_edge(EdgeVisitor& visitor, Cell* target);
  void walk_from(Cell* root);
  void count_references();
  void peel();
  void take_from_globals();
  void spread(Cell* cell);
  void put_writers_first(usize from);
  void take(Cell* cell, u32* references);
  u32* find(const Cell* cell);

  PodVector<u64> stack_;
  PodVector<Cell*> reached_;
  PodVector<Cell*> order_;
  // Made only if there is a cycle: of the cells that the walk reached the number of references among them. Found by a bit for
  // each granule of the heap, the number of bits in front of each word of these, and so the cell's own in order of address.
  PodVector<u64> bits_;
  PodVector<u32> before_, references_;
  enum class Phase : u8 { Walking, Counting, Peeling, Spreading } phase_ = Phase::Walking;
  bool met_cycle_ = false;
};

}  // namespace baton
