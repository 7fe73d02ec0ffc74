// Databases of the C library (users, groups, services, protocols): looking an entry up, without memory that threads share, and
// listing them.
#pragma once
#include <cstdlib>

#include "modules/os_support.h"
#include "objects/list.h"
#include "objects/work_lock.h"

namespace baton {

// Held while a database is listed: the C library keeps the position, and the entry it answers, in memory of the process's.
extern WorkLock database_listing;

// The id as Python shows it; -1 for the one that stands for none.
inline Value account_id(u32 id) { return Value::of_small_int(id == static_cast<u32>(-1) ? -1 : static_cast<i64>(id)); }

// Runs find(entry, buffer, size, result), which answers an errno, without the GIL and with a buffer that grows as long as it says
// ERANGE; make(thread, entry) makes the answer. kNotFound when there is no such entry.
template <class Entry, class Make, class Find>
Result<Value> look_up_entry(Thread& t, Make&& make, Find&& find) {
  constexpr usize kFirst = 1024, kMost = usize{1} << 24;
  for (usize size = kFirst;; size *= 2) {
    char* buffer = static_cast<char*>(malloc(size));
    if (!buffer) return raise_memory_error(t);
    Entry entry, *found = nullptr;
    int error = blocking(t, [&] { return find(&entry, buffer, size, &found); });
    Result<Value> made = found ? make(t, *found) : Result<Value>(kNotFound);
    free(buffer);
    if (found || error != ERANGE || size > kMost) return made;
  }
}

// A list of what make(thread, entry) makes of each entry, between first() and last().
template <class Make>
Result<Value> list_entries(Thread& t, Make&& make, void (*first)(), auto* (*next)(), void (*last)()) {
  List* list = TRY(make_list(t));
  WorkGuard guard(t, database_listing);
  first();
  Result<void> added = ok;
  while (auto* entry = next()) {
    Result<Value> made = make(t, *entry);
    added = made.is_failed() ? failed : list_append(t, list, made.value());
    if (added.is_failed()) break;
  }
  last();
  if (added.is_failed()) return failed;
  return list;
}

}  // namespace baton
