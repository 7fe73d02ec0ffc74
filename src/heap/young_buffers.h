// Big buffers stay young for some minor collections, and so do the small objects between them and who uses them.
//
// A program that passes big messages has two or three of them at any moment, and a collection that comes often finds these alive.
// Were they old then, as all that survives, they would only die in a full collection, after 8 MiB of them; and with them whatever
// an old, dead stream or view refers to. Where a minor collection finds big buffers alive
//   - the buffers lose their marks again when all is marked: they hold no references, so nothing else changes;
//   - owners, young cells of a few kinds, keep their marks (the mark tells that a small cell is allocated) but not kOld, so that
//     barriers take them for young. The next collection begins by taking their marks off;
//   - old cells that refer to either are visited as a whole by the next collection. Whatever has grown old in this one is looked
//   at
//     for that, whoever marked it: what only dead objects with a finaliser reach is marked by FinalizerOrder, and a buffer among
//     that was freed while such an object was about to be finalised, or had come back to life;
//   - a remembered field is remembered again only in a living old cell: the memory of a dead one is free after the sweep;
//   - an object whose storage is old grows old, too, as stores into storage may ask the object.
// What is old between collections stays old: machine code and caches rely on that.
#pragma once
#include "heap/heap_internal.h"

namespace baton {

// In one minor collection, of which all functions are told in this order.
class YoungBuffers {
 public:
  ~YoungBuffers();
  // Before anything is marked. False: there are none worth it, and the rest isn't called.
  bool begin();
  void note_remembered(MutatorHeap& h);  // before it is visited
  void note_visited(Cell* cell) { visited_.push(cell); }
  void note_old(const PodVector<Cell*>& cells) { old_.append(cells.begin(), cells.size()); }  // marked by another than the marker
  // When all is marked.
  void settle(MutatorHeap& remembering);

 private:
  bool choose();
  void spare_tables();
  void choose_owners();
  void remember(MutatorHeap& remembering);
  PodVector<void*> slots_;    // remembered, and what they hold was young
  PodVector<Cell*> old_;      // remembered, or they have grown old whatever they refer to
  PodVector<Cell*> visited_;  // young till now
};

// In the sweep: true, and it is told to nobody else, if the large cell stays young.
bool stays_young(BlockInfo& info);

// The owners that the last collection left are young cells like others in a minor collection: the sweep is to look at their
// blocks before cells are counted, and they have no marks from when it is known what stacks refer to.
void touch_young_owners();
void unmark_young_owners();
// They and the buffers are old from now on: before all that is alive is frozen.
void end_of_youth();
// A full collection begins: all that survives it is old.
void forget_young_owners();

}  // namespace baton
