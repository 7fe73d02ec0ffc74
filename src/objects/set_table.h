// Between set_table.cpp and set.cpp: searches with a known hash.
#pragma once
#include "objects/set.h"

namespace baton {

// Where a search ended: a slot and the key in it, or (slot < 0) the table and its count of additions in which the key is not.
struct SetFound {
  SetTable* table = nullptr;
  u64 adds = 0;
  i64 slot = -1;
  Value key;
};
Result<SetFound> set_search(Thread& thread, Set* self, Value key, u64 hash);
Result<bool> set_add_hashed(Thread& thread, Set* self, Value key, u64 hash);
Result<bool> set_discard_hashed(Thread& thread, Set* self, Value key, u64 hash);
bool set_next_entry(Set* self, Index* position, Value* key, u64* hash);
void set_clear_all(Thread& thread, Set* self);
Result<void> set_drop_removed(Thread& thread, Set* self);  // a new table if many slots are of removed keys
Value set_pop_any(Thread& thread, Set* self);              // absent: empty
// A new set of this type with the keys of self.
Result<Set*> set_clone(Thread& thread, Set* self, Type* type);

}  // namespace baton
