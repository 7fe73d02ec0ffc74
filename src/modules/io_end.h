// Streams at the end of the process.
#pragma once
#include "heap/cell.h"

namespace baton {

// A stream of io's own classes that only reads, from a descriptor that isn't its to close, and is not ahead of its reader:
// closing it writes nothing, closes nothing, moves no offset and warns of nothing. (multiprocessing gives its processes such a
// stdin.) Or a stream that is closed.
bool io_ends_silently(Cell* cell);

}  // namespace baton
