// Giving free memory back, and collecting at a good moment.
#pragma once

namespace baton {

class Mutator;
// Gives free memory back to the system but for a small nursery: after a collection that the program asked for.
void heap_trim(Mutator& mutator);
// Whether half of what is allocated between two minor collections is used up.
bool heap_collection_is_near();

}  // namespace baton
