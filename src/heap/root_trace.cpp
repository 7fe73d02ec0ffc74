// The trace: all that is marked is walked through once more, breadth first, each cell with a note of who led to it.
#include "heap/root_trace.h"

#include "heap/collect.h"
#include "heap/visit_roots.h"

namespace baton {
namespace {

class Tracer {
 public:
  void run(const RootTrace& trace, const PodVector<Cell*>& cells, const PodVector<StackWord>& stack_words) {
    usize words = usize{heap.end_block} * kMarkWordsPerBlock;
    seen_.reserve(words);
    seen_.truncate(words);
    memset(seen_.data(), 0, words * sizeof(u64));
    EdgeVisitor visitor([](EdgeVisitor& v, Cell* target) { static_cast<Tracer*>(v.context())->reach(target); }, this);
    visit_all_roots(visitor, cells, stack_words);
    from_root_ = false;
    for (usize i = 0; i < queue_.size(); ++i) {
      from_ = static_cast<u32>(i);
      heap_visit_cell(queue_[i].cell, visitor);
    }
    for (usize i = 0; i < queue_.size(); ++i)
      if (trace.is_wanted(queue_[i].cell, trace.context)) report(trace, i);
    if (trace.ended) trace.ended(trace.context);
  }
  ~Tracer() {
    seen_.release();
    queue_.release();
    roots_.release();
    path_.release();
  }
  usize count() const { return queue_.size(); }

 private:
  struct Step {
    Cell* cell;
    u32 from;  // number of the step, or of the root, that led here
    bool is_from_root;
  };
  struct Place {
    RootKind kind;
    Mutator* mutator;
    const void* place;
  };

  void begin(RootKind kind, Mutator* mutator, const void* place) {
    from_ = static_cast<u32>(roots_.size());
    roots_.push({kind, mutator, place});
  }
  void reach(Cell* cell) {
    u64& word = seen_[heap_offset(cell) >> 10];
    if (word & mark_mask(cell)) return;
    word |= mark_mask(cell);
    queue_.push({cell, from_, from_root_});
  }
  // What is exact comes first: of several roots of one cell it says more.
  void visit_all_roots(EdgeVisitor& visitor, const PodVector<Cell*>& cells, const PodVector<StackWord>& stack_words) {
    from_root_ = true;
    visit_roots<false>(visitor, [this](RootKind kind, Mutator* mutator, const void* place) { begin(kind, mutator, place); });
    for (usize i = 0; i < cells.size(); ++i) {
      begin(RootKind::Stack, stack_words[i].mutator, stack_words[i].word);
      reach(cells[i]);
    }
    if (!heap.frozen_cells) return;
    begin(RootKind::Frozen, nullptr, nullptr);
    for (u32 block = 1; block < heap.end_block; ++block) {
      if (block_info(block).flags & kBlockFrozen) for_each_bit(frozen_words(block), block, [&](Cell* cell) { reach(cell); });
    }
  }
  void report(const RootTrace& trace, usize step) {
    path_.clear();
    usize at = step;
    for (; !queue_[at].is_from_root; at = queue_[at].from) path_.push(queue_[at].cell);
    path_.push(queue_[at].cell);
    for (usize i = 0, k = path_.size() - 1; i < k; ++i, --k) std::swap(path_[i], path_[k]);
    const Place& root = roots_[queue_[at].from];
    trace.found({root.kind, root.mutator, root.place, path_.data(), path_.size()}, trace.context);
  }

  PodVector<u64> seen_;  // as the mark words
  PodVector<Step> queue_;
  PodVector<Place> roots_;
  PodVector<Cell*> path_;
  u32 from_ = 0;
  bool from_root_ = false;
};

}  // namespace

void trace_roots(const RootTrace& trace, const PodVector<Cell*>& cells, const PodVector<StackWord>& words) {
  Tracer tracer;
  tracer.run(trace, cells, words);
#ifdef BATON_ASSERTIONS
  usize marked = 0;
  for (u32 block = 1; block < heap.end_block; ++block) {
    BlockState state = block_info(block).state;
    if (state == BlockState::Small || state == BlockState::LargeHead) for_each_marked(block, [&](Cell*) { ++marked; });
  }
  BATON_CHECK(tracer.count() == marked, "a trace reaches what marking reached");
#endif
}

void heap_trace_collections(const RootTrace* trace) { heap.trace = trace; }

void heap_collect_and_trace(Mutator& mutator, const RootTrace& trace) {
  StopTheWorld stop(mutator);
  heap.asked_trace = &trace;
  heap_collect(mutator, Generation::Full);
  heap.asked_trace = nullptr;
}

}  // namespace baton
