// Where marking begins, enumerated once: for the marker, which wants it fast, and for whoever wants to know what a cell hangs on.
// Stopped world.
#pragma once
#include "heap/heap_internal.h"
#include "threads/mutator.h"

namespace baton {

// All roots but those on stacks and in the remembered set. begin(kind, mutator, place) comes before each part's visits.
// kUnmarkedOnly: roots whose cells are marked already may be left out.
template <bool kUnmarkedOnly, class Begin>
void visit_roots(EdgeVisitor& visitor, Begin begin) {
  if (heap.hooks.scan_mutator) {
    for_each_mutator([&](Mutator& mutator) {
      if (mutator.state() == MutatorState::New) return;
      begin(RootKind::Mutator, &mutator, nullptr);
      heap.hooks.scan_mutator(mutator, visitor);
    });
  }
  if (heap.hooks.scan_globals) {
    begin(RootKind::Global, nullptr, nullptr);
    heap.hooks.scan_globals(visitor);
  }
  {
    Guard guard(heap.roots_lock);
    for (RootBase* root = heap.roots; root; root = root->next_) {
      Value v = root->value_;
      if (!v.is_cell() || (kUnmarkedOnly && is_marked(v.cell()))) continue;
      begin(RootKind::Root, nullptr, root);
      visitor.visit(v);
    }
    for (RootVector* roots = heap.root_vectors; roots; roots = roots->next_) {
      if (roots->empty()) continue;
      begin(RootKind::RootVector, nullptr, roots);
      visitor.visit_range(roots->data(), roots->size());
    }
  }
  begin(RootKind::FinalizerQueue, nullptr, nullptr);
  for (usize i = heap.queue_head; i < heap.finalizer_queue.size(); ++i) visitor.visit(heap.finalizer_queue[i]);
}

}  // namespace baton
