// Look-ups of an interned key that is usually at the same place of its dict.
#pragma once
#include "objects/dict.h"
#include "threads/relaxed.h"

namespace baton {

// dict_find_str() for who asks many dicts, or one again and again: `place` is the entry it was last found in.
Value dict_find_str_near(Dict* self, Str* key, Relaxed<u32>& place);

}  // namespace baton
