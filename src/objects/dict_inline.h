// The hot bodies of dict: probing a table.
//
// Probing never meets a freed slot: an index slot once set stays set for the table's life, entries of deleted keys are passed
// over. So a probe chain ends at the first empty slot, and a key put in later stands after everything a reader has already seen.
#pragma once
#include "base/siphash.h"
#include "objects/dict.h"

namespace baton {

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

template <class T>
BATON_ALWAYS_INLINE i32 probe_str(const DictTable* table, const Str* key, u64 hash) {
  const T* index = static_cast<const T*>(table->index());
  const DictEntry* entries = table->entries();
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = __atomic_load_n(&index[p.slot], __ATOMIC_ACQUIRE);
    if (number == 0) return -1;
    const DictEntry& e = entries[number - 1];
    if (e.hash != hash) continue;
    Value k = e.key.get();
    if (k == Value(key) || (is_exact<Str>(k) && str_equal(k.as<Str>(), key))) {
      if (e.value.get().is_present()) return static_cast<i32>(number - 1);
    }
  }
}

// Number of the live entry of a str key, or -1.
BATON_ALWAYS_INLINE i32 table_find_str(const DictTable* table, const Str* key, u64 hash) {
  if (table->index_mask_ == 0) {
    const DictEntry* entries = table->entries();
    for (u32 i = 0, n = table->entry_count(); i < n; ++i) {
      const DictEntry& e = entries[i];
      if (e.hash != hash) continue;
      Value k = e.key.get();
      if ((k == Value(key) || (is_exact<Str>(k) && str_equal(k.as<Str>(), key))) && e.value.get().is_present())
        return static_cast<i32>(i);
    }
    return -1;
  }
  if (table->index_mask_ <= kByteIndexMask) return probe_str<u8>(table, key, hash);
  if (table->index_mask_ <= kShortIndexMask) return probe_str<u16>(table, key, hash);
  return probe_str<u32>(table, key, hash);
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

template <class T>
BATON_ALWAYS_INLINE i32 probe_identical(const DictTable* table, Value key, u64 hash) {
  const T* index = static_cast<const T*>(table->index());
  const DictEntry* entries = table->entries();
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = __atomic_load_n(&index[p.slot], __ATOMIC_ACQUIRE);
    if (number == 0) return -1;
    const DictEntry& e = entries[number - 1];
    if (e.key.get() == key && e.value.get().is_present()) return static_cast<i32>(number - 1);
  }
}

// Number of the live entry whose key is this very value; -1: none, though one may be equal to it.
BATON_ALWAYS_INLINE i32 table_find_identical(const DictTable* table, Value key, u64 hash) {
  if (table->index_mask_ == 0) {
    const DictEntry* entries = table->entries();
    for (u32 i = 0, n = table->entry_count(); i < n; ++i) {
      if (entries[i].key.get() == key && entries[i].value.get().is_present()) return static_cast<i32>(i);
    }
    return -1;
  }
  if (table->index_mask_ <= kByteIndexMask) return probe_identical<u8>(table, key, hash);
  if (table->index_mask_ <= kShortIndexMask) return probe_identical<u16>(table, key, hash);
  return probe_identical<u32>(table, key, hash);
}

// The value of a small int that is in the dict as itself; absent: look closer.
BATON_ALWAYS_INLINE Value dict_find_small_int(Dict* self, Value key) {
  DictTable* table = self->table();
  if (!table) return Value();
  i32 found = table_find_identical(table, key, static_cast<u64>(hash_i64(key.small_int())));
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
