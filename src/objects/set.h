// set and frozenset: open addressing over {hash, key} entries in one replaceable table.
//
// For lock-free readers: a table is never resized or cleaned in place. A slot's hash is written before its key, also when the
// slot of a removed key is used again, and read after it: a reader that sees the new key sees its hash.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

// The hash is written before the key and read after it. As a removed key's slot is used again, a key and the hash read after it
// may belong to different times: who needs both uses SetTable::read().
struct SetEntry {
  u64 hash() const { return __atomic_load_n(&hash_, __ATOMIC_ACQUIRE); }
  void set_hash(u64 hash) { __atomic_store_n(&hash_, hash, __ATOMIC_RELEASE); }
  u64 hash_;
  Field<Value> key;  // absent: never used; kSetRemoved: was used
};
inline constexpr Value kSetRemoved = kNotFound;

class SetTable final : public Cell {
 public:
  static constexpr u16 kKind = kKindSetTable;
  SetEntry* entries() { return reinterpret_cast<SetEntry*>(this + 1); }
  const SetEntry* entries() const { return reinterpret_cast<const SetEntry*>(this + 1); }
  void visit_edges(EdgeVisitor& visit) const {
    for (u64 i = 0; i <= mask_; ++i) visit(entries()[i].key);
  }
  u64 adds() const { return __atomic_load_n(&adds_, __ATOMIC_ACQUIRE); }
  // The key in slot i, and its hash. Absent or kSetRemoved: none there. Without a lock: the pair is good if neither the key nor
  // the count of additions has changed, for a key can only come back by an addition.
  Value read(u64 i, u64* hash) const {
    const SetEntry& e = entries()[i];
    for (;;) {
      u64 before = adds();
      Value key = e.key.get();
      if (key.is_absent() || key == kSetRemoved) return key;
      *hash = e.hash();
      if (e.key.get() == key && adds() == before) return key;
    }
  }
  u64 mask_;
  u64 fill_;  // used entries, removed ones included
  u64 adds_;  // keys ever put in: tells a writer that its search is out of date
};

inline constexpr u64 kMinSlots = 8;  // of the table of a set that isn't empty

class Set final : public Cell {  // both kinds: kKindSet and kKindFrozenSet
 public:
  static constexpr u16 kKind = kKindSet;
  static Type* type() { return types.set; }
  void init() {
    table_.init(nullptr);
    length_ = 0;
    hash_ = finger_ = 0;
  }
  Index length() const { return __atomic_load_n(&length_, __ATOMIC_ACQUIRE); }
  SetTable* table() const { return table_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(table_); }

  Field<SetTable> table_;
  Index length_;
  u64 hash_;    // of a frozenset, 0: not computed
  u64 finger_;  // where pop() goes on
};
inline bool is_any_set(Value v) { return v.is_cell() && (v.cell()->kind() == kKindSet || v.cell()->kind() == kKindFrozenSet); }
Result<Set*> make_set(Thread& thread);
Result<Set*> make_frozenset(Thread& thread, const Value* items, Index n);
Result<bool> set_add_key(Thread& thread, Set* self, Value key);  // false: was there already
Result<bool> set_contains_key(Thread& thread, Set* self, Value key);
Result<bool> set_discard_key(Thread& thread, Set* self, Value key);
Result<void> set_update_from(Thread& thread, Set* self, Value iterable);
bool set_next(Set* self, Index* position, Value* key);  // position starts at 0; false: end

}  // namespace baton
