// Between set_table.cpp and set.cpp: searches with a known hash.
#pragma once
#include "objects/set.h"
#include "objects/str.h"
#include "threads/gil.h"

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
void set_clear_all(Thread& thread, Set* self);
Result<void> set_drop_removed(Thread& thread, Set* self);  // a new table if many slots are of removed keys
Value set_pop_any(Thread& thread, Set* self);              // absent: empty
// A new set of this type with the keys of self.
Result<Set*> set_clone(Thread& thread, Set* self, Type* type);

// Without a GIL, several sets at the same moment. Adds to `made`, which nobody else knows, the keys of self that are in the other
// set, or are not; null: stops at the first. Were there any? *is_known false: telling takes calls, `made` is half done.
Result<bool> set_select_at_once(Thread& thread, Set* self, Set* other, bool is_in_other, Set* made, bool* is_known);
Result<void> set_pair_at_this_moment(Thread& thread, Set** a, Set** b);
// Removes the keys of a set to which nobody writes, from *position on, in one step up to the first whose search takes calls;
// *position says where that is.
void set_remove_at_once(Thread& thread, Set* self, Set* keys, Index* position);
// The same, but what isn't there is added.
Result<void> set_toggle_at_once(Thread& thread, Set* self, Set* keys, Index* position);

inline constexpr u64 kSetNeighbours = 9;

// Slots in probing order. visit(slot) answers true to stop.
template <class F>
BATON_ALWAYS_INLINE void probe(u64 mask, u64 hash, F visit) {
  u64 i = hash & mask, perturb = hash;
  for (;;) {
    if (visit(i)) return;
    if (i + kSetNeighbours <= mask) {
      for (u64 j = 1; j <= kSetNeighbours; ++j) {
        if (visit(i + j)) return;
      }
    }
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

// A search that needs no comparison by call: every key of the hash is the key itself, or both are texts. false: look closer.
// *slot: where the key is, or -1. *place: where a key that isn't there goes, see free_place(). *found: the key in the slot.
BATON_ALWAYS_INLINE bool search_simply(const SetTable* table, Value key, u64 hash, i64* slot, i64* place,
                                       Value* found = nullptr) {
  bool simple = true;
  *slot = *place = -1;
  probe(table->mask_, hash, [&](u64 i) {
    const SetEntry& e = table->entries()[i];
    Value k = e.key.get();
    if (k == key) {
      if (found) *found = k;
      *slot = static_cast<i64>(i);
      return true;
    }
    if (k.is_absent()) {
      if (*place < 0) *place = static_cast<i64>(i);
      return true;
    }
    if (k == kSetRemoved) {
      *place = static_cast<i64>(i);
      return false;
    }
    if (e.hash() != hash) return false;
    if (is_exact<Str>(k) && is_exact<Str>(key)) {
      if (!str_equal(k.as<Str>(), key.as<Str>())) return false;
      if (found) *found = k;
      *slot = static_cast<i64>(i);
      return true;
    }
    simple = false;
    return true;
  });
  return simple;
}

// Adds a key that is the first to come to its slot, into a table with room, or finds it there: what most additions are. false:
// neither, or other threads may write; see set_add_hashed().
BATON_ALWAYS_INLINE bool set_add_simply(Set* self, Value key, u64 hash) {
  SetTable* table = self->table();
  if (!table || objects_are_locked()) return false;
  SetEntry& e = table->entries()[hash & table->mask_];
  Value there = e.key.get();
  if (there == key) return true;
  if (there.is_present() || (table->fill_ + 1) * 5 >= table->mask_ * 3) return false;
  e.set_hash(hash);
  e.key.set(table, key);
  ++table->adds_;
  ++table->fill_;
  __atomic_store_n(&self->length_, self->length_ + 1, __ATOMIC_RELEASE);
  return true;
}
// set_add_hashed() for who doesn't ask whether the key was there.
BATON_ALWAYS_INLINE Result<void> set_put(Thread& thread, Set* self, Value key, u64 hash) {
  if (!set_add_simply(self, key, hash)) TRY(set_add_hashed(thread, self, key, hash));
  return ok;
}

// The next key, from position 0 on, and its hash; false: the end.
BATON_ALWAYS_INLINE bool set_next_entry(Set* self, Index* position, Value* key, u64* hash) {
  SetTable* table = self->table();
  if (!table) return false;
  bool alone = !objects_are_locked();
  for (u64 i = static_cast<u64>(*position); i <= table->mask_; ++i) {
    const SetEntry& e = table->entries()[i];
    Value k = e.key.get();
    if (k.is_present() && k != kSetRemoved && !alone) k = table->read(i, hash);
    if (k.is_absent() || k == kSetRemoved) continue;
    if (alone) *hash = e.hash();
    *key = k;
    *position = static_cast<Index>(i) + 1;
    return true;
  }
  *position = static_cast<Index>(table->mask_) + 1;
  return false;
}

// set_search() for who wants to know whether it's there.
BATON_ALWAYS_INLINE Result<bool> set_has(Thread& thread, Set* self, Value key, u64 hash) {
  SetTable* table = self->table();
  if (!table) return false;
  i64 slot, place;
  if (search_simply(table, key, hash, &slot, &place)) [[likely]]
    return slot >= 0;
  return TRY(set_search(thread, self, key, hash)).slot >= 0;
}

}  // namespace baton
