// The hot bodies of dict: probing a table.
//
// Probing never meets a freed slot: an index slot once set stays set for the table's life, entries of deleted keys are passed
// over. So a probe chain ends at the first empty slot. A slot that names a deleted entry may be given to a new one, perhaps
// before what a reader has already seen of the chain; but new entries stand at the end, so a reader who has missed its key looks
// through the entries added since it began. Where keys move (dict_order.h) it begins again if anything moved.
#pragma once
#include "base/siphash.h"
#include "objects/dict_order.h"
#include "objects/plain_values.h"

namespace baton {

// self[key] = value for a key of this hash that a search has just missed, with a GIL.
Result<void> dict_add_missed(Thread& thread, Dict* self, Value key, u64 hash, Value value);

// self[key] = self.get(key, 0) + 1. May run Python (__hash__, __eq__, __add__).
Result<void> dict_count(Thread& thread, Dict* self, Value key);

inline constexpr u32 kLinearEntries = 8;    // tables up to this size have no index
inline constexpr u32 kByteIndexMask = 255;  // index slots of one byte up to this mask, of two up to kShortIndexMask
inline constexpr u32 kShortIndexMask = 65535;

// Walks the slots of a hash: the perturbation feeds all bits of the hash in (int hashes are the ints themselves).
struct ProbeSequence {
  u32 mask;
  u64 slot, perturb;
  ProbeSequence(u64 hash, u32 mask) : mask(mask), slot(hash & mask), perturb(hash) {}
  void next() {
    perturb >>= 5;
    slot = (slot * 5 + perturb + 1) & mask;
  }
};

BATON_ALWAYS_INLINE bool names_str(const DictEntry& e, const Str* key, u64 hash) {
  if (e.hash != hash) return false;
  Value k = e.key.get();
  return (k == Value(key) || (is_exact<Str>(k) && str_equal(k.as<Str>(), key))) && e.value.get().is_present();
}

// Number of the live entry of a str key among those from `first` on, or -1.
BATON_ALWAYS_INLINE i32 scan_str(const DictTable* table, const Str* key, u64 hash, u32 first) {
  const DictEntry* entries = table->entries();
  for (u32 i = first, n = table->entry_count(); i < n; ++i) {
    if (names_str(entries[i], key, hash)) return static_cast<i32>(i);
  }
  return -1;
}

template <class T>
BATON_ALWAYS_INLINE i32 probe_str(const DictTable* table, const Str* key, u64 hash) {
  const T* index = static_cast<const T*>(table->index());
  const DictEntry* entries = table->entries();
  u32 count = table->entry_count();
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = __atomic_load_n(&index[p.slot], __ATOMIC_ACQUIRE);
    if (number == 0) return scan_str(table, key, hash, count);
    if (names_str(entries[number - 1], key, hash)) return static_cast<i32>(number - 1);
  }
}

BATON_ALWAYS_INLINE i32 search_str_once(const DictTable* table, const Str* key, u64 hash) {
  if (table->index_mask_ == 0) return scan_str(table, key, hash, table->first_live_);
  if (table->index_mask_ <= kByteIndexMask) return probe_str<u8>(table, key, hash);
  if (table->index_mask_ <= kShortIndexMask) return probe_str<u16>(table, key, hash);
  return probe_str<u32>(table, key, hash);
}

// The same in a table where keys move.
i32 search_moving_str(const DictTable* table, const Str* key, u64 hash);

// Number of the live entry of a str key, or -1.
BATON_ALWAYS_INLINE i32 table_find_str(const DictTable* table, const Str* key, u64 hash) {
  i32 found = search_str_once(table, key, hash);
  if (found < 0 && dict_keys_move(table)) [[unlikely]]
    return search_moving_str(table, key, hash);
  return found;
}

BATON_ALWAYS_INLINE Value dict_find_str_inline(Dict* self, Str* key, i32* entry = nullptr) {
  for (;;) {
    DictTable* table = self->table();
    if (!table) return Value();
    u64 hash = key->cached_hash();
    if (hash == 0) [[unlikely]]
      hash = str_hash(key);
    i32 found = table_find_str(table, key, hash);
    if (found < 0) return Value();
    Value v = table->entries()[found].value.get();
    if (v.is_absent()) [[unlikely]]
      continue;  // removed between the two loads
    if (entry) *entry = found;
    return v;
  }
}

inline constexpr i32 kUnsure = -2;

// Whether an entry's key is this small int. *unsure: it is something else of the same hash.
BATON_ALWAYS_INLINE bool holds_int(const DictEntry& e, Value key, u64 hash, bool* unsure) {
  Value k = e.key.get();
  if (k == key) return e.value.get().is_present();
  if (e.hash == hash && !k.is_small_int() && k != kNotFound) *unsure = true;
  return false;
}

BATON_ALWAYS_INLINE i32 scan_int(const DictTable* table, Value key, u64 hash, u32 first, bool unsure) {
  const DictEntry* entries = table->entries();
  for (u32 i = first, n = table->entry_count(); i < n; ++i) {
    if (holds_int(entries[i], key, hash, &unsure)) return static_cast<i32>(i);
  }
  return unsure ? kUnsure : -1;
}

template <class T>
BATON_ALWAYS_INLINE i32 probe_int(const DictTable* table, Value key, u64 hash) {
  const T* index = static_cast<const T*>(table->index());
  const DictEntry* entries = table->entries();
  u32 count = table->entry_count();
  bool unsure = false;
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = __atomic_load_n(&index[p.slot], __ATOMIC_ACQUIRE);
    if (number == 0) return scan_int(table, key, hash, count, unsure);
    if (holds_int(entries[number - 1], key, hash, &unsure)) return static_cast<i32>(number - 1);
  }
}

BATON_ALWAYS_INLINE i32 search_int_once(const DictTable* table, Value key, u64 hash) {
  if (table->index_mask_ == 0) return scan_int(table, key, hash, table->first_live_, false);
  if (table->index_mask_ <= kByteIndexMask) return probe_int<u8>(table, key, hash);
  if (table->index_mask_ <= kShortIndexMask) return probe_int<u16>(table, key, hash);
  return probe_int<u32>(table, key, hash);
}

// The same in a table where keys move.
i32 search_moving_int(const DictTable* table, Value key, u64 hash);

// Number of the live entry whose key is this small int; -1: no key equals it; kUnsure: one that is no int has its hash.
BATON_ALWAYS_INLINE i32 table_find_int(const DictTable* table, Value key, u64 hash) {
  i32 found = search_int_once(table, key, hash);
  if (found == -1 && dict_keys_move(table)) [[unlikely]]
    return search_moving_int(table, key, hash);
  return found;
}

// Number of the live entry of a key, or -1, if that can be told without a call; otherwise kUnsure.
BATON_ALWAYS_INLINE i32 table_find_easily(const DictTable* table, Value key, u64 hash) {
  if (is_exact<Str>(key)) return table->all_str() ? table_find_str(table, key.as<Str>(), hash) : kUnsure;
  return key.is_small_int() ? table_find_int(table, key, hash) : kUnsure;
}

// Stores the items of source, which nobody else changes, from *position on in one step, up to the first whose key's Python code
// may have to run; *position says where that is.
Result<void> dict_merge_plainly(Thread& thread, Dict* self, Dict* source, Index* position);

// a == b of both dicts at the same moment; Unknown: that takes calls.
PlainEqual dict_equal_at_once(Thread& thread, Dict* a, Dict* b);

// The value of a small int that is in the dict as itself; absent: look closer.
BATON_ALWAYS_INLINE Value dict_find_small_int(Dict* self, Value key) {
  DictTable* table = self->table();
  if (!table) return Value();
  i32 found = table_find_int(table, key, static_cast<u64>(hash_i64(key.small_int())));
  return found < 0 ? Value() : table->entries()[found].value.get();
}

// The hash of keys that need no call; false for others.
BATON_ALWAYS_INLINE bool easy_hash(Value key, u64* hash) {
  if (key.is_small_int()) {
    *hash = static_cast<u64>(hash_i64(key.small_int()));
    return true;
  }
  if (is_exact<Str>(key)) {
    u64 h = key.as<Str>()->cached_hash();
    *hash = h ? h : str_hash(key.as<Str>());
    return true;
  }
  return false;
}

}  // namespace baton
