// Giving free memory back, and collecting at a good moment.
#pragma once

namespace baton {

class Mutator;
// Gives free memory back to the system but for a small nursery: after a collection that the program asked for.
void heap_trim(Mutator& mutator);
// Whether half of what is allocated between two minor collections is used up.
bool heap_collection_is_near();

// A module is imported: what is allocated now lives. The first collection isn't due before another usual nursery is full, up to
// twice HeapConfig::first_nursery_bytes. After that collection it puts off the next full one till the old cells have grown by 8
// MiB more, as long as they are fewer than 32 MiB.
void heap_is_still_beginning();

}  // namespace baton
