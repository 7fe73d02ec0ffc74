// Counting what refers to a cell: there is no count to read, so every live cell and every precise root is looked at.
#include "heap/heap_internal.h"

namespace baton {

namespace {

struct Search {
  Cell* wanted;
  u64 found;
};

void compare(EdgeVisitor& visitor, Cell* target) {
  auto* search = static_cast<Search*>(visitor.context());
  if (target == search->wanted) ++search->found;
}

}  // namespace

u64 heap_count_references(Mutator& mutator, Cell* wanted) {
  heap_collect(mutator, Generation::Full);  // references by the dead don't count
  StopTheWorld world(mutator);
  Search search{wanted, 0};
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        EdgeVisitor visitor(compare, context);
        heap_visit_cell(cell, visitor);
      },
      &search);
  EdgeVisitor visitor(compare, &search);
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
  return search.found;
}

}  // namespace baton
