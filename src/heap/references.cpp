// Who refers to what: there is nothing to read it from, so every live cell and every precise root is looked at.
//
// One look takes some milliseconds, so a loop over all objects would never end. From the 16th count in a row on that one place in
// the program asks for, each counts the references to all cells besides, in an array with a number for each 16 bytes of the heap,
// and the same place is answered from that, once for each cell. It forgets nothing that is counted in registers; what was stored
// into cells since it was made is missing. It is out of date after a tenth of a second, or ten times what it took to make, and
// with the next collection.
#include <cstdlib>

#include "heap/heap_internal.h"
#include "heap/reference_census.h"
#include "threads/clock.h"

namespace baton {

namespace {

struct Walk {
  void (*on_reference)(Cell* from, Cell* to, void* context);
  void* context;
  Cell* from;
};

void report(EdgeVisitor& visitor, Cell* target) {
  auto* walk = static_cast<Walk*>(visitor.context());
  walk->on_reference(walk->from, target, walk->context);
}

struct Search {
  Cell* wanted;
  u64 found;
};
void find(Cell*, Cell* to, void* context) {
  auto* search = static_cast<Search*>(context);
  if (to == search->wanted) ++search->found;
}

// Guarded by the stopped world.
struct Census {
  u32* counts = nullptr;  // by granule; null: none
  u64 granules = 0;
  u64 until = 0;  // monotonic_ns()
  u64 last_asked = 0;
  const void* place = nullptr;  // that asked last
  u32 in_a_row = 0;
} census;
constexpr u32 kAnswered = u32{1} << 31;  // of a count
constexpr u32 kCountsBefore = 16;
constexpr u64 kPauseNs = 1'000'000'000;  // ends a row of counts
constexpr u64 kLeastNs = 100'000'000, kLifetimes = 10;

void walk_cells(void (*on_reference)(Cell* from, Cell* to, void* context), void* context) {
  Walk walk{on_reference, context, nullptr};
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        static_cast<Walk*>(context)->from = cell;
        EdgeVisitor visitor(report, context);
        heap_visit_cell(cell, visitor);
      },
      &walk);
}

void walk_roots(void (*on_reference)(Cell* from, Cell* to, void* context), void* context) {
  Walk walk{on_reference, context, nullptr};
  EdgeVisitor visitor(report, &walk);
  if (heap.hooks.scan_mutator) {
    for_each_mutator([&](Mutator& other) {
      if (other.state() != MutatorState::New) heap.hooks.scan_mutator(other, visitor);
    });
  }
  if (heap.hooks.scan_globals) heap.hooks.scan_globals(visitor);
  Guard guard(heap.roots_lock);
  for (RootBase* root = heap.roots; root; root = root->next_) visitor.visit(root->value_);
  for (RootVector* roots = heap.root_vectors; roots; roots = roots->next_) {
    if (!roots->empty()) visitor.visit_range(roots->data(), roots->size());
  }
}

void take_census() {
  u64 began = monotonic_ns();
  forget_reference_census();
  census.granules = u64{heap.end_block} << kBlockShift >> 4;
  census.counts = static_cast<u32*>(calloc(census.granules, sizeof(u32)));
  if (!census.counts) return;
  walk_cells([](Cell*, Cell* to, void*) { ++census.counts[heap_offset(to) >> 4]; }, nullptr);
  u64 now = monotonic_ns(), lifetime = (now - began) * kLifetimes;
  census.until = now + (lifetime < kLeastNs ? kLeastNs : lifetime);
}

}  // namespace

u64 heap_count_references(Mutator& mutator, Cell* wanted) {
  StopTheWorld world(mutator);
  Search search{wanted, 0};
  walk_cells(find, &search);
  walk_roots(find, &search);
  return search.found;
}

void heap_walk_references(Mutator& mutator, void (*on_reference)(Cell* from, Cell* to, void* context), void* context) {
  StopTheWorld world(mutator);
  walk_cells(on_reference, context);
  walk_roots(on_reference, context);
}

u64 heap_count_references_often(Mutator& mutator, Cell* wanted, const void* place) {
  u64 now = monotonic_ns();
  census.in_a_row = place == census.place && now - census.last_asked < kPauseNs ? census.in_a_row + 1 : 1;
  census.place = place;
  census.last_asked = now;
  u64 count;
  if (census.in_a_row <= kCountsBefore) return heap_count_references(mutator, wanted);
  take_census();
  return heap_known_references(wanted, place, &count) ? count : heap_count_references(mutator, wanted);
}

bool heap_known_references(Cell* wanted, const void* place, u64* count) {
  u64 granule = heap_offset(wanted) >> 4;
  u64 now = monotonic_ns();
  if (!census.counts || place != census.place || granule >= census.granules || !is_marked(wanted) || now > census.until)
    return false;
  u32& known = census.counts[granule];
  if (known & kAnswered) return false;
  Search search{wanted, 0};
  walk_roots(find, &search);
  *count = known + search.found;
  known |= kAnswered;
  census.last_asked = now;
  return true;
}

void forget_reference_census() {
  free(census.counts);
  census.counts = nullptr;
}

}  // namespace baton
