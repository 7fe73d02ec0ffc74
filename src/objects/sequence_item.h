// Native types whose iteration gives other items than self[i]: those of CPython that have a sequence's slot of their own beside
// the mapping's.
#pragma once
#include "objects/native.h"

namespace baton {

// The item at an index that is not negative; IndexError at the end.
using SequenceItem = Result<Value> (*)(Thread& thread, Cell* cell, Index i);
// For instances of that very type: in CPython subclasses iterate by __getitem__. At most one type at present.
void register_sequence_item(Type* type, SequenceItem item);

}  // namespace baton
