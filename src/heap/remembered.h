// The mark of the cells that the next collection visits as a whole, which machine code looks for: who stores into an old cell
// without it leaves that to remember_cell().
#pragma once
#include "heap/cell.h"

namespace baton {

// In remembered_cells already. Set by the cell's own thread or with a read-modify-write, cleared in a stopped world.
inline constexpr GcFlag kRemembered = static_cast<GcFlag>(16);

}  // namespace baton
