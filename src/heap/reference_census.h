// Counting the references to cells, for whoever asks about many cells in a row.
#pragma once
#include "threads/mutator.h"

namespace baton {

class Cell;

// The world is stopped, and was since a full collection. As heap_count_references(), which looks at every cell; but where one
// place in the program asks again and again, all cells are counted at once, for heap_known_references().
u64 heap_count_references_often(Mutator& mutator, Cell* wanted, const void* place);
// In a stopped world. How many references there are to a cell by the last such census, those in registers and other roots being
// counted now. False: there is no census, it is out of date, another place asked for it, or it has answered for this cell before:
// whoever asks twice wants to see what has changed.
bool heap_known_references(Cell* wanted, const void* place, u64* count);
// A collection begins: cells die, and others come to lie in their places.
void forget_reference_census();

}  // namespace baton
