// A code object's own tables behind the entries of its co_exceptiontable, so types.CodeType can make a function that was pickled
// by value (cloudpickle, dill) in a process that has never compiled it. They look like the beginning of one more entry, a number
// that never ends: what reads the table in 3.11's format drops it.
#pragma once
#include <string>
#include <string_view>

#include "objects/code.h"

namespace baton {

// Set by compile/code_image.cpp.
struct CodeTablesHooks {
  // Appends to out.
  void (*write)(Thread& thread, const Code* code, std::string& out) = nullptr;
  // Code with these tables and everything else from `parts` (whose tables and register_count are set); None: they were written by
  // another version, or for another number of variables, constants or names. Raises ValueError for tables that are damaged.
  Result<Value> (*read)(Thread& thread, std::string_view tables, CodeParts parts) = nullptr;
};
extern CodeTablesHooks code_tables_hooks;

// Appends the code's tables to the entries in `table`.
void append_code_tables(Thread& thread, const Code* code, std::string& table);
// What is behind the entries, as the hook wrote it; perhaps nothing.
std::string code_tables_of(std::string_view table);
// The entries alone.
std::string_view exception_entries_of(std::string_view table);

}  // namespace baton
