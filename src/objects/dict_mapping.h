// Dicts taken as mappings: a subclass may iterate, and look items up, its own way.
#pragma once
#include "objects/fwd.h"

namespace baton {

// A plain dict of what `self` is as a mapping: its items, or those its keys() and __getitem__ name, where a subclass has an
// __iter__ of its own. May run Python.
Result<Dict*> dict_copy_as_mapping(Thread& thread, Dict* self);

}  // namespace baton
