// The parking table behind lock bytes. Internal to this layer.
#pragma once

namespace baton {
// Whoever waited in the parent doesn't exist in the child.
void lock_table_reinit_in_child();
}  // namespace baton
