// What a program calls its locks. A lock has no name; what can be told is where it was found: a variable of a module, an
// attribute of an object in such a variable, a local variable of a running function.
#pragma once
#include "objects/str.h"
#include "objects/thread.h"

namespace baton {

u64 lock_holder(Value v);  // _thread.cpp: the ident of the thread that holds this lock; 0: not a lock, or free

class LockNames {
 public:
  // wanted: which values to note; it runs no Python code.
  using Wanted = bool (*)(Value v, const void* context);
  LockNames(Thread& thread, Wanted wanted, const void* context) : thread_(thread), wanted_(wanted), context_(context) {}

  // Modules that reset their locks in a forked child themselves are left out, by all searches.
  Result<void> search_modules();
  // Local variables of all threads' running functions but the calling one's; with_attributes: also the attributes of objects
  // there.
  Result<void> search_other_threads(bool with_attributes);
  // Of the calling thread.
  Result<void> search_own_frames(bool with_attributes);

  // What was found, each once.
  usize count() const { return locks_.size(); }
  Value lock(usize i) const { return locks_[i]; }
  Str* name(usize i) const { return names_[i].as<Str>(); }
  Str* name_of(Value lock) const;  // null: found nowhere

 private:
  Result<void> look_at(Value v, Str* name);
  Result<void> look_into(Value object, Str* name);
  Result<void> look_at_locals(const RootVector& found, bool with_attributes);
  void collect_locals(Thread& of, RootVector& found) const;
  void add(Value lock, Str* name);

  Thread& thread_;
  Wanted wanted_;
  const void* context_;
  RootVector locks_, names_;
};

}  // namespace baton
