// A collection that tells what nothing but C++ stacks refers to: leftovers of calls, or what a native is at work with.
#pragma once
#include "heap/cell.h"
#include "threads/mutator.h"

namespace baton {

enum class Generation : u8;

struct StackOnly {
  void* context;
  // Is the collector to ask about this cell, which a word on a C++ stack refers to? It is marked last, then.
  bool (*concerns)(const Cell* cell, void* context);
  // All that the other roots reach is marked (heap_is_live_after_mark), what only the cells asked about lead to isn't yet; all of
  // it lives on, whatever is done here. Nothing may be allocated.
  void (*others_marked)(void* context);
};
// heap_collect() with these questions.
void heap_collect_asking(Mutator& mutator, Generation generation, const StackOnly& stack_only);

}  // namespace baton
