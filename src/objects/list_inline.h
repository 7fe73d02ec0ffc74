// The hot bodies of list for the interpreter and other natives.
#pragma once
#include "objects/list.h"
#include "objects/object.h"

namespace baton {

Result<void> list_append_grow(Thread& thread, List* self, Value item);
// del self[key], with a slice, too.
Result<void> list_delete_item(Thread& thread, List* self, Value key);
// Removes the first item that is this very object; false: there is none. Takes the list's lock, runs no Python.
Result<bool> list_remove_identical(Thread& thread, List* self, Value item);

inline void list_set_length(List* self, Index n) { __atomic_store_n(&self->length_, n, __ATOMIC_RELEASE); }

// Under the list's lock.
BATON_ALWAYS_INLINE Result<void> list_append_locked(Thread& thread, List* self, Value item) {
  Index n = self->length_;
  ValueArray* storage = self->storage();
  if (!storage || n >= storage->capacity()) [[unlikely]]
    return list_append_grow(thread, self, item);
  storage->set_at(n, item);
  list_set_length(self, n + 1);
  return ok;
}

BATON_ALWAYS_INLINE Result<void> list_append_inline(Thread& thread, List* self, Value item) {
  CriticalSection guard(thread, self);
  return list_append_locked(thread, self, item);
}

}  // namespace baton
