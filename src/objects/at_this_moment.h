// Containers as they are at one moment, for natives that take in the whole of one.
//
// With the GIL nobody writes to a container while a native reads it, but for Python code that the native itself calls. Without it
// these give a copy, made under the container's lock, once there is a second thread; before that, and for what nobody can change,
// the container itself. So what a native sees is never half of an update, and no other thread's write makes it raise
// "changed size during iteration".
#pragma once
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/set.h"

namespace baton {

Result<Dict*> dict_at_this_moment(Thread& thread, Dict* self);
Result<Set*> set_at_this_moment(Thread& thread, Set* self);  // with the same table, so in the same order
// Copies of a list, or of a slice of it, as it is at one moment. The parts are plain: see below.
Result<List*> list_copy_whole(Thread& thread, List* self);
Result<List*> list_copy_slice(Thread& thread, List* self, Value start, Value stop, Value step);
// Puts ints in the place of what has __index__, in the order in which Python asks: with those slice_resolve() runs no Python
// code, so it may be called under a lock. What is wrong with the others it says.
Result<void> make_slice_plain(Thread& thread, Value* start, Value* stop, Value* step);
// A copy only if all it holds is plain: other items' Python code may change the list under the native, which is to see that.
Result<List*> list_at_this_moment(Thread& thread, List* self);
// Of a built-in container, a view of a dict, or another one that list() takes in one step (whole_list.h); other values as they
// are, and lists as well: their items are read one by one as Python code that a native calls may change them.
Result<Value> at_this_moment(Thread& thread, Value iterable);
// An iterator over that, for natives that run through it. Of lists: list_at_this_moment().
Result<Value> get_whole_iter(Thread& thread, Value iterable);

}  // namespace baton
