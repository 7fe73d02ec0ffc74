// Lines of source files, for tracebacks.
#pragma once
#include "objects/str.h"

namespace baton {

// Reads whole files and keeps the last one: the entries of a traceback often lie in the same file.
class SourceLines {
 public:
  // The line without its end, or null when the file can't be found or is too short. Never fails.
  Str* line(Thread& thread, Str* filename, i64 number);

 private:
  Str* filename_ = nullptr;
  Str* text_ = nullptr;  // of filename_; null: not readable
};

// From now on there are no lines: a process that ends has no modules any more to read files with, and CPython shows none.
void forget_source_lines();

}  // namespace baton
