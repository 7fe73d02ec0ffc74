// The texts of None, True and False, which are made once.
#pragma once
#include "objects/str.h"
#include "objects/thread.h"

namespace baton {

inline bool has_constant_text(Value v) { return v.is_bool() || v.is_none(); }
// "None", "True" or "False": of a value that has_constant_text().
Str* constant_text(Thread& thread, Value v);

}  // namespace baton
