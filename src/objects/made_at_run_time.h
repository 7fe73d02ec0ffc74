// Which native types CPython 3.11 makes at run time, as a class statement does, instead of having them in its program.
#pragma once
#include "objects/type.h"

namespace baton {

// Whether CPython has the native type from a specification: its __flags__ and messages are those of a class.
bool is_made_at_run_time(const Type* type);
// Whether such a type also takes new attributes from Python, as time.struct_time does.
bool takes_attributes(const Type* type);

// CPython's PyMapping_Check: whether v has items by keys or slices. deque has them by index only.
bool has_mapping_items(Value v);

}  // namespace baton
