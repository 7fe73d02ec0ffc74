// What an owner of a large cell can do besides waiting for the collector: give it back early, or make it larger where it lies.
#pragma once
#include "base/types.h"

namespace baton {

class Cell;
class Mutator;

// For a buffer that its owner has just replaced: nothing else refers to the cell, nobody is reading it, and its kind has neither
// references nor finaliser. Its memory serves the next allocation; a stale pointer on some C++ stack does no harm. Does nothing
// to small and old cells, nor without a GIL, where readers take no lock.
void heap_free_large(Cell* cell);

// Makes a large cell without references, young or old, at least `bytes` long if the blocks behind it are free; what is new is
// undefined. Never collects. False: nothing has changed (the cell is small, its neighbours are in use, or allocations are traced,
// which a hook is told once). The caller keeps others from growing the same cell.
bool heap_grow_large(Mutator& mutator, Cell* cell, usize bytes);

// Cuts a large cell without references to `bytes`, if it stays a large one, and frees the blocks behind. False: nothing has
// changed. The caller keeps others from reading what is cut off.
bool heap_shrink_large(Cell* cell, usize bytes);

// The first `bytes` of a large cell that has just been made are about to be written: what is new of that memory is asked for by
// one call, which costs a third of the faults. Nothing for small cells.
void heap_will_be_filled(Cell* cell, usize bytes);

// Of the kinds of cells, for young_buffers.h: large ones of the first hold no references but that to their shape; small ones of
// the second refer to buffers, or to what does, and are in no table of the runtime that a minor collection looks at in part.
void heap_large_is_buffer(u16 kind);
void heap_owns_buffers(u16 kind);
// Cells of the kind hold what an object refers to, and whoever stores into them may ask that object whether it is old.
void heap_is_storage(u16 kind);

}  // namespace baton
