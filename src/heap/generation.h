// Which collection is running: for hooks that have less to say to a minor one.
#pragma once

namespace baton {

// In a hook that the collector calls: whether it is a minor collection, which never looks into what is old.
bool is_minor_collection();

}  // namespace baton
