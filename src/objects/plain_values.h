// Values that natives compare without calls: for steps under an object's lock, where no Python code may run.
#pragma once
#include "objects/native.h"

namespace baton {

enum class PlainEqual : u8 { No, Yes, Unknown };
// Whether a is b or a == b, as containers compare. Unknown: telling it may run Python code, allocate or take long.
PlainEqual plain_equal(Value a, Value b);
// Whether truth, hash, comparisons and arithmetic of the value are native and quick: texts, bytes, numbers, None.
bool is_plain_value(Value v);

}  // namespace baton
