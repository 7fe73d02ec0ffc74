// What a process that ends may still have to run: finalisers, and callbacks of weak references. Stopped world. And what decides
// about the order of finalisers.
#pragma once
#include "heap/cell.h"

namespace baton {

// True if fn is for one of the cells whose finaliser is registered and still to run.
bool heap_any_finalizable(bool (*fn)(Cell* cell));
// True if fn is for the list of weak references of one of the targets that have some.
bool heap_any_weak_list(bool (*fn)(Cell* head));
// From now on what only these globals keep alive is finalised as they have it. is_reversed: kinds of cells that CPython walks
// through from the end.
void heap_note_last_globals(Cell* globals, bool (*is_reversed)(u16 kind));
// In any collection: the cell that this one writes to when it is finalised, or null, follows it. It looks at the cell only.
void heap_note_writes_to(Cell* (*writes_to)(Cell* cell));

}  // namespace baton
