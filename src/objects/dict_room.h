// Room for entries that are about to be added, or are known.
#pragma once
#include "objects/fwd.h"

namespace baton {

// The table gets room for `more` entries beyond those that are there, at once instead of by doubling.
Result<void> dict_make_room(Thread& thread, Dict* self, Index more);
// A new dict of so many keys, which are exact strs, each followed by its value; of equal keys the first, with the last one's
// value.
Result<Dict*> dict_of_str_pairs(Thread& thread, const Value* pairs, usize count);
// The same for a dict that has never had a key. False: it has, or a key is something else, and nothing is done.
Result<bool> dict_fill_empty(Thread& thread, Dict* self, const Value* pairs, usize count);

}  // namespace baton
