// A depth-first walk that yields the reverse post-order; and, if it met a cycle, a topological sort of what it reached: the cells
// that this never gets to are those that a cycle reaches.
#include "heap/finalizer_order.h"

#include <utility>

#include "heap/exit_scan.h"

namespace baton {

static constexpr u32 kTaken = ~u32{0};
static constexpr u32 kMostReferences = kTaken - 1;  // or more: not counted any further
static constexpr u64 kLeaving = 1;                  // on a stack entry: the cell's descendants are done

static Cell* last_globals = nullptr;  // not to be looked into unless a walk has reached it

static bool (*is_reversed)(u16 kind) = nullptr;

void heap_note_last_globals(Cell* globals, bool (*reversed)(u16 kind)) {
  last_globals = globals;
  is_reversed = reversed;
}

static Cell* (*cell_written_to)(Cell* cell) = nullptr;

void heap_note_writes_to(Cell* (*writes_to)(Cell* cell)) { cell_written_to = writes_to; }

template <class T>
static void reverse(PodVector<T>& items, usize from) {
  for (usize i = from, k = items.size(); i + 1 < k; ++i, --k) std::swap(items[i], items[k - 1]);
}

FinalizerOrder::~FinalizerOrder() {
  stack_.release();
  reached_.release();
  order_.release();
  bits_.release();
  before_.release();
  references_.release();
}

void FinalizerOrder::on_edge(EdgeVisitor& visitor, Cell* target) {
  auto& self = static_cast<FinalizerOrder&>(visitor);
  if (self.phase_ == Phase::Walking) {
    if (!is_marked(target))
      self.stack_.push(reinterpret_cast<u64>(target));
    else if (target->has_gc_flag(kOnPath))
      self.met_cycle_ = true;
    return;
  }
  u32* references = self.find(target);
  if (!references) return;
  if (self.phase_ == Phase::Counting) {
    *references += *references < kMostReferences;
  } else if (self.phase_ == Phase::Spreading) {
    if (*references == kTaken) return;
    self.take(target, references);
    if (target->shape_id())
      self.stack_.push(reinterpret_cast<u64>(target));
    else
      self.spread(target);
  } else if (*references < kMostReferences && --*references == 0) {
    self.stack_.push(reinterpret_cast<u64>(target));
  }
}

// A cell that is pushed again before it was visited is reached on the way to its end first, which is what puts it in front of
// those that refer to it.
void FinalizerOrder::walk_from(Cell* root) {
  stack_.push(reinterpret_cast<u64>(root));
  while (!stack_.empty()) {
    u64 bits = stack_.pop();
    auto* cell = reinterpret_cast<Cell*>(bits & ~kLeaving);
    if (bits & kLeaving) {
      cell->remove_gc_flag_private(kOnPath);
      if (cell->has_gc_flag(kFinalizable)) order_.push(cell);
      continue;
    }
    if (is_marked(cell)) continue;
    *mark_word(cell) |= mark_mask(cell);
    cell->add_gc_flag_stopped(static_cast<GcFlag>(kOld | kOnPath));
    reached_.push(cell);
    stack_.push(bits | kLeaving);
    heap_visit_cell(cell, *this);
  }
}

u32* FinalizerOrder::find(const Cell* cell) {
  usize w = heap_offset(cell) >> 10;
  u64 mask = mark_mask(cell);
  if (!(bits_[w] & mask)) return nullptr;
  return &references_[before_[w] + static_cast<usize>(__builtin_popcountll(bits_[w] & (mask - 1)))];
}

void FinalizerOrder::count_references() {
  usize words = usize{heap.end_block} * kMarkWordsPerBlock;
  bits_.append_zeros(words);
  for (Cell* cell : reached_) bits_[heap_offset(cell) >> 10] |= mark_mask(cell);
  before_.reserve(words);
  u32 before = 0;
  for (u64 word : bits_) {
    before_.push(before);
    before += static_cast<u32>(__builtin_popcountll(word));
  }
  references_.append_zeros(reached_.size());
  phase_ = Phase::Counting;
  for (Cell* cell : reached_) heap_visit_cell(cell, *this);
}

// Afterwards the references that are left are those of cells that a cycle reaches.
void FinalizerOrder::peel() {
  phase_ = Phase::Peeling;
  for (Cell* cell : reached_)
    if (*find(cell) == 0) stack_.push(reinterpret_cast<u64>(cell));
  while (!stack_.empty()) heap_visit_cell(reinterpret_cast<Cell*>(stack_.pop()), *this);
}

void FinalizerOrder::take(Cell* cell, u32* references) {
  *references = kTaken;
  if (cell->has_gc_flag(kFinalizable)) order_.push(cell);
}

// Breadth first. Storage behind objects is no step of its own.
void FinalizerOrder::take_from_globals() {
  u32* globals = last_globals ? find(last_globals) : nullptr;
  if (!globals || *globals == 0) return;
  phase_ = Phase::Spreading;
  take(last_globals, globals);
  stack_.push(reinterpret_cast<u64>(last_globals));
  for (usize i = 0; i < stack_.size(); ++i) spread(reinterpret_cast<Cell*>(stack_[i]));
  stack_.clear();
}

void FinalizerOrder::spread(Cell* cell) {
  usize taken = order_.size(), met = stack_.size();
  heap_visit_cell(cell, *this);
  if (!is_reversed(cell->kind())) return;
  reverse(order_, taken);
  reverse(stack_, met);
}

// Of the cells from that position on. Each has its position in place of its references.
void FinalizerOrder::put_writers_first(usize from) {
  if (!cell_written_to) return;
  for (usize i = from; i < order_.size(); ++i) {
    *find(order_[i]) = static_cast<u32>(i);
    Cell* writer = order_[i];
    for (usize at = i; Cell* below = cell_written_to(writer); writer = below) {
      u32* position = find(below);
      if (!position || *position < from || *position >= at || order_[*position] != below) break;
      std::swap(order_[*position], order_[at]);
      std::swap(*position, *find(writer));
    }
  }
}

const PodVector<Cell*>& FinalizerOrder::sort(const PodVector<Cell*>& dead) {
  for (usize i = dead.size(); i-- > 0;) walk_from(dead[i]);
  reverse(order_, 0);
  if (!met_cycle_) return order_;
  count_references();
  peel();
  usize n = 0;
  for (Cell* cell : order_)
    if (*find(cell) == 0) order_[n++] = cell;
  order_.truncate(n);
  take_from_globals();
  for (Cell* cell : dead)
    if (u32* references = find(cell); *references != 0 && *references != kTaken) take(cell, references);
  put_writers_first(n);
  return order_;
}

}  // namespace baton
