// What an object hangs on, in words: a root, and the objects on the way from there.
#pragma once
#include <string>

#include "objects/thread.h"

namespace baton {

struct RootPath;

// Lines: the root, then the objects, each with the name by which the one before it refers to it. In a stopped world.
std::string root_path_text(const RootPath& path);
// -X why_alive: from now on each full collection writes to standard error what instances of types of this name ("name",
// "module.name") hang on.
void report_roots_of(const char* type_name);
// What the wanted cell hangs on, found by a full collection; empty if on nothing. is_exact: see ExactStack.
std::string roots_of(Thread& thread, bool (*is_wanted)(Cell* cell, void* context), void* context, bool is_exact);

}  // namespace baton
