// Who refers to what: there is nothing to read it from, so every live cell and every precise root is looked at.
#include "heap/heap_internal.h"

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

}  // namespace

u64 heap_count_references(Mutator& mutator, Cell* wanted) {
  Search search{wanted, 0};
  heap_walk_references(
      mutator,
      [](Cell*, Cell* to, void* context) {
        auto* search = static_cast<Search*>(context);
        if (to == search->wanted) ++search->found;
      },
      &search);
  return search.found;
}

void heap_walk_references(Mutator& mutator, void (*on_reference)(Cell* from, Cell* to, void* context), void* context) {
  StopTheWorld world(mutator);
  Walk walk{on_reference, context, nullptr};
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        static_cast<Walk*>(context)->from = cell;
        EdgeVisitor visitor(report, context);
        heap_visit_cell(cell, visitor);
      },
      &walk);
  walk.from = nullptr;
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

}  // namespace baton
