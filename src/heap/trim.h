// Giving free memory back.
#pragma once

namespace baton {

class Mutator;
// Gives free memory back to the system but for a small nursery: after a collection that the program asked for.
void heap_trim(Mutator& mutator);

}  // namespace baton
