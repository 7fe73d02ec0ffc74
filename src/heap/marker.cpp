// Marking itself: the loop over the mark stack.
#include "heap/marker.h"

#include <cstdlib>

namespace baton {

static constexpr usize kFirstEntries = usize{1} << 15;

// The last stack, unless it grew big: a minor collection is short, and fresh pages for the stack were a good part of it. Guarded
// by the stopped world.
static Cell** kept_stack = nullptr;

Marker::Marker() : EdgeVisitor(grow) {
  base_ = kept_stack ? kept_stack : static_cast<Cell**>(malloc(kFirstEntries * sizeof(Cell*)));
  kept_stack = nullptr;
  BATON_CHECK(base_, "the system has memory for the mark stack");
  top_ = base_;
  limit_ = base_ + kFirstEntries;
}

Marker::~Marker() {
  if (limit_ - base_ == static_cast<i64>(kFirstEntries) && !kept_stack)
    kept_stack = base_;
  else
    free(base_);
}

BATON_COLD void Marker::double_stack() {
  usize used = static_cast<usize>(top_ - base_);
  Cell** bigger = static_cast<Cell**>(realloc(static_cast<void*>(base_), used * 2 * sizeof(Cell*)));
  BATON_CHECK(bigger, "the system has memory for the mark stack");
  base_ = bigger;
  top_ = bigger + used;
  limit_ = bigger + used * 2;
}

BATON_COLD void Marker::grow(EdgeVisitor& visitor, Cell* target) {
  Marker& marker = static_cast<Marker&>(visitor);
  marker.double_stack();
  marker.add(target);
}

template <bool kTelling>
void Marker::drain_telling() {
  constexpr u32 kAhead = 8;
  Cell* ring[kAhead] = {};
  u32 at = 0;
  auto exchange = [&](Cell* next) {
    Cell* cell = ring[at];
    ring[at] = next;
    at = (at + 1) % kAhead;
    if (!cell) return;
    if constexpr (kTelling) told_->note_visited(cell);
    visit_marked(cell);
  };
  u32 idle = 0;  // how many of the ring's places were emptied since the stack was
  do {
    while (top_ != base_) {
      Cell* next = *--top_;
      __builtin_prefetch(next, 1);
      exchange(next);
      idle = 0;
    }
    exchange(nullptr);
    ++idle;
  } while (idle < kAhead || top_ != base_);
}

void Marker::drain() {
  if (told_) [[unlikely]]
    drain_telling<true>();
  else
    drain_telling<false>();
}

}  // namespace baton
