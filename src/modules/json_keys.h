// _json: object keys that were met before.
//
// Documents repeat their keys, within one and from one to the next. A key's bytes are looked up in a small table: if the text
// that was made of the same bytes last is still there it is given again, with its hash; otherwise a new one takes the place. With
// no more than 1024 texts of 32 characters the table is never cleared. Read without a lock, written under the table's.
#pragma once
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

inline constexpr Index kLongestKeptKey = 32;

// Once, before the first look-up.
Result<void> init_json_keys(Thread& thread);
// The characters [at, at + n) of a text of width 1, n <= kLongestKeptKey, as a str.
Result<Str*> json_key(Thread& thread, Str* text, Index at, Index n);

}  // namespace baton
