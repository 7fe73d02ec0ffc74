// Native types that are iterated by index, but not by calls of __getitem__: those of CPython that have a sequence's slot of their
// own beside the mapping's, which may give other items than self[i].
#pragma once
#include "objects/native.h"

namespace baton {

// The item at an index that is not negative; IndexError or kExhausted at the end.
using SequenceItem = Result<Value> (*)(Thread& thread, Cell* cell, Index i);
// For instances of that very type: in CPython subclasses iterate by __getitem__. Once for each type.
void register_sequence_item(Type* type, SequenceItem item);

}  // namespace baton
