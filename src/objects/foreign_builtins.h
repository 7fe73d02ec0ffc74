// `__builtins__` of some globals that is neither a module nor a plain dict: names are asked for by its __getitem__, as CPython
// does.
//
// Frames and functions refer to a dict of builtins, which the caches of globals look into. For any other object it is an empty
// dict of a type of its own that stands for the object; nobody sees it (see shown_builtins).
#pragma once
#include "objects/dict.h"

namespace baton {

Result<Dict*> make_foreign_builtins(Thread& thread, Value mapping);
// What f_builtins and __builtins__ of a function show.
Value shown_builtins(Dict* builtins);
// kNotFound, or what the name means there. Fails with what the object raises but KeyError.
Result<Value> find_builtin(Thread& thread, Dict* builtins, Str* name);

}  // namespace baton
