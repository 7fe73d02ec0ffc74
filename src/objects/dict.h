// dict: compact and insertion-ordered. Table = entries in insertion order plus an index from hash to entry number.
//
// For lock-free readers and for caches: an entry's key never changes to another key; a deleted entry's value becomes absent and
// then its key kNotFound; re-insertion appends. A table is never resized in place. So (table, entry index) stays a valid name for
// a key as long as dict->table() is that table and the value is present, and "no key was added" is table->entry_count()
// unchanged.
#pragma once
#include "objects/str.h"
#include "threads/relaxed.h"

namespace baton {

struct DictEntry {
  u64 hash;
  Field<Value> key, value;  // value absent: deleted
};

class DictTable final : public Cell {
 public:
  static constexpr u16 kKind = kKindDictTable;
  u32 entry_count() const { return __atomic_load_n(&entry_count_, __ATOMIC_ACQUIRE); }  // used entries, deleted ones included
  u32 entry_capacity() const { return entry_capacity_; }
  bool all_str() const { return __atomic_load_n(&all_str_, __ATOMIC_RELAXED); }
  DictEntry* entries() { return reinterpret_cast<DictEntry*>(this + 1); }
  const DictEntry* entries() const { return reinterpret_cast<const DictEntry*>(this + 1); }
  void* index() { return entries() + entry_capacity_; }
  const void* index() const { return entries() + entry_capacity_; }
  void visit_edges(EdgeVisitor& visit) const { visit.visit_pairs(entries(), entry_count()); }
  u32 entry_count_, entry_capacity_;
  u32 index_mask_;             // 0: no index, scan the entries
  u32 all_str_;                // every key ever put in is an exact str
  Relaxed<u64> deleted_tail_;  // hint, one word as readers write it: entries [low half, high half) are deleted
  Relaxed<u32> first_live_;    // hint, likewise: all entries before it are deleted
  u32 reserved_;
  // entries, then the index: entry number + 1, or 0, in 1, 2 or 4 bytes
};

class Dict final : public Cell {
 public:
  static constexpr u16 kKind = kKindDict;
  static Type* type() { return types.dict; }
  void init() {
    table_.init(nullptr);
    length_ = 0;
  }
  Index length() const { return __atomic_load_n(&length_, __ATOMIC_ACQUIRE); }
  DictTable* table() const { return table_.get(); }  // null while empty from birth
  void visit_edges(EdgeVisitor& visit) const { visit(table_); }

  Field<DictTable> table_;
  Index length_;  // present entries
};

Result<Dict*> make_dict(Thread& thread, Index expected = 0);
// kNotFound or the value. May run Python (__hash__, __eq__).
Result<Value> dict_find(Thread& thread, Dict* self, Value key);
Result<Value> dict_find_hashed(Thread& thread, Dict* self, Value key, u64 hash);
Result<void> dict_set(Thread& thread, Dict* self, Value key, Value value);
Result<void> dict_set_hashed(Thread& thread, Dict* self, Value key, u64 hash, Value value);
Result<bool> dict_remove(Thread& thread, Dict* self, Value key);  // false: not there
Result<bool> dict_remove_hashed(Thread& thread, Dict* self, Value key, u64 hash);
Result<Value> dict_pop(Thread& thread, Dict* self, Value key);  // kNotFound or the value
Result<Value> dict_pop_hashed(Thread& thread, Dict* self, Value key, u64 hash);
// Adds the key if it is not there: kNotFound, or the value that is.
Result<Value> dict_insert_hashed(Thread& thread, Dict* self, Value key, u64 hash, Value value);
Result<Value> dict_set_default(Thread& thread, Dict* self, Value key, Value value);
void dict_clear_all(Thread& thread, Dict* self);
Result<Dict*> dict_copy_of(Thread& thread, Dict* self);
// Makes an empty dict a copy of the other; false: it isn't empty.
Result<bool> dict_copy_into_empty(Thread& thread, Dict* self, Dict* other);
Result<void> dict_update_from(Thread& thread, Dict* self, Value mapping_or_pairs);  // dict.update semantics
Result<void> dict_merge_mapping(Thread& thread, Dict* self, Value mapping);         // mapping only ({**m})
// Exact-str keys: never run Python. Absent when there is none. *entry: the entry's index in dict->table(), for caches.
Value dict_find_str(Dict* self, Str* key, i32* entry = nullptr);
Result<void> dict_set_str(Thread& thread, Dict* self, Str* key, Value value);
Result<bool> dict_remove_str(Thread& thread, Dict* self, Str* key);
Result<void> dict_set_ascii(Thread& thread, Dict* self, std::string_view key, Value value);  // interns the key
// Iteration in insertion order over what is there: position starts at 0; false: end. Safe against changes (may miss or see new).
bool dict_next(Dict* self, Index* position, Value* key, Value* value);
// The same with the key's hash as it was when the key was put in.
bool dict_next_hashed(Dict* self, Index* position, Value* key, Value* value, u64* hash);
// The same from the end: position starts at -1.
bool dict_previous(Dict* self, Index* position, Value* key, Value* value);
// hash of a key: hash_of() with short cuts.
Result<u64> key_hash(Thread& thread, Value key);
// The key object stored for an equal key (kNotFound: none), for OrderedDict and interning.
Result<Value> dict_find_key(Thread& thread, Dict* self, Value key, u64 hash);
// dict == dict.
Result<bool> dict_equal(Thread& thread, Dict* a, Dict* b);
// Rows that OrderedDict and defaultdict share.
Result<Str*> dict_repr(Thread& thread, Dict* self);
// What dict() and update() do with their arguments (name: for messages); args don't count self.
Result<void> dict_update_from_call(Thread& thread, const char* name, Dict* self, Value const* args, usize n, Tuple* kwnames);
// Moves an existing key to the end or the front of the order. false: not there.
Result<bool> dict_move_to_end(Thread& thread, Dict* self, Value key, bool last);
// The key's value, by one search; the key is the last one then. kNotFound: not there.
Result<Value> dict_find_and_move_to_end(Thread& thread, Dict* self, Value key, u64 hash);

}  // namespace baton
