// What a cell hangs on: the root and the shortest way from there, as a full collection has them. For finding out why something
// lives on. Such a collection takes several times as long, and 16 bytes for each live cell.
#pragma once
#include "heap/cell.h"

namespace baton {

class Mutator;

enum class RootKind : u8 {
  Stack,           // a word on a mutator's C++ stack
  Mutator,         // what the hook scan_mutator visits
  Global,          // what the hook scan_globals visits
  Root,            // a Root ...
  RootVector,      // ... or RootVector
  FinalizerQueue,  // a finaliser is to be called
  Frozen,          // gc.freeze()
};

struct RootPath {
  RootKind kind;
  Mutator* mutator;    // Stack, Mutator
  const void* place;   // Stack: the word; Root, RootVector: itself
  Cell* const* cells;  // from what the root refers to, to the cell in question
  usize length;
};

// Both are called in the stopped world, before anything is freed: they allocate nothing from the heap.
struct RootTrace {
  bool (*is_wanted)(Cell* cell, void* context);
  // Once for each wanted cell that is reachable from roots.
  void (*found)(const RootPath& path, void* context);
  void (*ended)(void* context);  // null: nobody asks
  void* context;
};

// A full collection that is traced, beside whatever trace is in force.
void heap_collect_and_trace(Mutator& mutator, const RootTrace& trace);
// In force in every full collection from now on; set before there are other threads. Null: none.
void heap_trace_collections(const RootTrace* trace);

}  // namespace baton
