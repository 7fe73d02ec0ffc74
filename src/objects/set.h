// set and frozenset: open addressing over {hash, key} entries in one replaceable table.
//
// For lock-free readers: a table is never resized or cleaned in place. A slot's hash is written before its key, also when the
// slot of a removed key is used again, and read after it: a reader that sees the new key sees its hash.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

struct SetEntry {
  u64 hash;
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
  u64 mask_;
  u64 fill_;  // used entries, removed ones included
  u64 adds_;  // keys ever put in: tells a writer that its search is out of date
};

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
