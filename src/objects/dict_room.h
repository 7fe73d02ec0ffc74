// Room for entries that are about to be added.
#pragma once
#include "objects/fwd.h"

namespace baton {

// The table gets room for `more` entries beyond those that are there, at once instead of by doubling.
Result<void> dict_make_room(Thread& thread, Dict* self, Index more);

}  // namespace baton
