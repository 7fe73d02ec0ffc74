// The list of all code objects that have instructions, and which names each of them mentions: for clearing caches.
//
// It is asked about thousands of times by programs that change classes at run time (object-relational mappers do for each
// column), and tens of thousands of code objects with their names aren't in the processor's cache. So it is an array, and beside
// each code object lies a filter of its names: an answer is mostly found without a look at the code object.
#pragma once
#include "objects/fwd.h"

namespace baton {

// One code object's place in the list. It stays where it is but for drop_dead_code().
struct ListedCode {
  Code* code;    // null: left the list
  u64 names[2];  // a bit for each name, see code_list.cpp; in a stopped world only
};

// Adds code that has just got its instructions, at most once. Any thread.
void list_code(Code* code);
// Takes it out, as it has none any more. Any thread, with the right to clear its instructions.
void unlist_code(Code* code);
// In the collector's weak phase: takes out what is dead, and frees its machine code.
void drop_dead_code();

// Calls fn for each code object of the list, the newest first. What other threads add or take out meanwhile may be met or not, so
// that who wants all of them stops the world; no collection while it runs. fn doesn't change the list.
void for_each_code(void (*fn)(Code* code));
// The same for those whose instructions may mention the name. In a stopped world.
void for_each_code_that_names(Str* name, void (*fn)(Code* code));

}  // namespace baton
