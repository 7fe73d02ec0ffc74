// The heap verifier (HeapConfig::verify): stops the process at the first broken rule, naming the kinds involved.
//
//   - before a minor collection: every edge from an old to a young cell is in the remembered set (a store without its barrier)
//   - after marking: no word of a live cell refers to a dead one (a field that visit_edges does not name). Cells are zeroed at
//     allocation in this mode, so that slack behind the fields holds nothing.
#include <cstdio>
#include <cstdlib>

#include "heap/collect.h"

namespace baton {
namespace {

struct Edge {
  u64 owner, target;
};

int compare_edges(const void* a, const void* b) {
  const Edge &x = *static_cast<const Edge*>(a), &y = *static_cast<const Edge*>(b);
  if (x.owner != y.owner) return x.owner < y.owner ? -1 : 1;
  if (x.target != y.target) return x.target < y.target ? -1 : 1;
  return 0;
}

const char* name_of(const Cell* cell) {
  const char* name = kind_info(cell->kind()).name;
  return name ? name : "?";
}

void report(const char* what, Cell* owner, Cell* target, u64 offset) {
  fprintf(stderr, "heap verifier: %s: %s (kind %#x) at %p, offset %llu -> %s (kind %#x) at %p\n", what, name_of(owner),
          owner->kind_word(), static_cast<void*>(owner), static_cast<unsigned long long>(offset), name_of(target),
          target->kind_word(), static_cast<void*>(target));
  BATON_CHECK(false, what);
}

constexpr u64 kAnyOwner = 1;

struct Remembered {
  PodVector<Edge> edges;  // sorted
  Cell* owner = nullptr;  // being visited
  bool has(Edge edge) {
    return !edges.empty() && bsearch(&edge, edges.data(), edges.size(), sizeof(Edge), compare_edges) != nullptr;
  }
};

// Where in the owner a reference to target lies; 0 when it is in the header or encoded.
u64 offset_of(Cell* owner, Cell* target) {
  const u64* words = reinterpret_cast<const u64*>(owner);
  usize count = heap_cell_size(owner) / sizeof(u64);
  for (usize i = 1; i < count; ++i) {
    if (words[i] == reinterpret_cast<u64>(target)) return i * sizeof(u64);
  }
  return 0;
}

void check_remembered(EdgeVisitor& visitor, Cell* target) {
  Remembered& remembered = *static_cast<Remembered*>(visitor.context());
  if (target->has_gc_flag(kOld)) return;
  u64 owner = reinterpret_cast<u64>(remembered.owner);
  if (remembered.has({owner, reinterpret_cast<u64>(target)}) || remembered.has({owner, 0})) return;
  if (remembered.has({kAnyOwner, reinterpret_cast<u64>(target)})) return;
  u64 offset = offset_of(remembered.owner, target);
  report("an old cell refers to a young one and is not remembered", remembered.owner, target, offset);
}

// Calls fn for every marked cell, small and large.
template <class Fn>
void for_each_old(Fn fn) {
  for (u32 block = 1; block < heap.end_block; ++block) {
    BlockState state = block_info(block).state;
    if (state == BlockState::Small || state == BlockState::LargeHead) for_each_marked(block, fn);
  }
}

void check_words(Cell* cell) {
  const KindInfo& info = kind_info(cell->kind());
  if (info.has_opaque_words || !info.visit_edges) return;
  const u64* words = reinterpret_cast<const u64*>(cell);
  usize count = heap_cell_size(cell) / sizeof(u64);
  for (usize i = 1; i < count; ++i) {
    if (words[i] & 7 || !words[i]) continue;
    u64 offset = words[i] - kHeapBase;
    if (offset >= u64{heap.end_block} << kBlockShift) continue;
    u32 block = static_cast<u32>(offset >> kBlockShift);
    u32 within = static_cast<u32>(offset & (kBlockBytes - 1));
    const BlockInfo& target_block = block_info(block);
    bool at_start = target_block.state == BlockState::Small       ? within % target_block.cell_bytes == 0
                    : target_block.state == BlockState::LargeHead ? within == 0
                                                                  : target_block.state == BlockState::Free;
    Cell* target = reinterpret_cast<Cell*>(words[i]);
    if (!at_start || is_marked(target)) continue;
    if (target_block.state == BlockState::Free) target = cell;  // nothing to be read there
    report("a live cell holds a reference to a dead one that its visit_edges does not name", cell, target, i * sizeof(u64));
  }
}

}  // namespace

void verify_remembered() {
  Remembered remembered;
  for (MutatorHeap* h = heap.mutators; h; h = h->next) {
    for (void* slot : h->remembered_slots) {
      Cell* owner = cell_containing(reinterpret_cast<u64>(slot));
      if (!owner) fprintf(stderr, "heap verifier: remembered slot %p outside of cells\n", slot);
      BATON_CHECK(owner, "a remembered slot lies in a cell");
      u64 value = *static_cast<u64*>(slot);
      if (!value) continue;
      // Fields in raw storage belong to the cell that names the storage: any owner will do.
      bool in_storage = !kind_info(owner->kind()).visit_edges;
      remembered.edges.push({in_storage ? kAnyOwner : reinterpret_cast<u64>(owner), value});
    }
    for (Cell* cell : h->remembered_cells) remembered.edges.push({reinterpret_cast<u64>(cell), 0});  // all its edges
  }
  if (!remembered.edges.empty()) qsort(remembered.edges.data(), remembered.edges.size(), sizeof(Edge), compare_edges);
  EdgeVisitor visitor(check_remembered, &remembered);
  for_each_old([&](Cell* cell) {
    if (!cell->has_gc_flag(kOld)) return;  // an owner of young buffers
    remembered.owner = cell;
    heap_visit_cell(cell, visitor);
  });
  remembered.edges.release();
}

void verify_visitors() { for_each_old(check_words); }

}  // namespace baton
