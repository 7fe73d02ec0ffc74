// Giving a large cell back before the collector finds it dead.
#pragma once

namespace baton {

class Cell;

// For a buffer that its owner has just replaced: nothing else refers to the cell, nobody is reading it, and its kind has neither
// references nor finaliser. Its memory serves the next allocation; a stale pointer on some C++ stack does no harm. Does nothing
// to small and old cells, nor without a GIL, where readers take no lock.
void heap_free_large(Cell* cell);

}  // namespace baton
