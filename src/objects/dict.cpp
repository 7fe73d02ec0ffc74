// dict, the table: look-up, insertion, removal, growth, iteration. The Python-visible methods are in dict_methods.cpp.
//
// Look-ups take no lock. A writer looks up outside (that may run __eq__), then takes the dict's CriticalSection, checks that the
// table and its used entries are those it searched, and writes; otherwise it starts again. See dict.h and dict_inline.h for what
// never changes within one table.
#include "objects/dict.h"

#include "objects/dict_inline.h"
#include "objects/dict_near.h"
#include "objects/dict_order.h"
#include "objects/dict_room.h"
#include "objects/object.h"
#include "objects/plain_values.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- tables

static u32 usable_entries(u32 index_size) { return index_size / 8 * 5; }

static usize index_bytes(u32 mask) {
  return mask == 0 ? 0 : (usize{mask} + 1) * (mask <= kByteIndexMask ? 1 : mask <= kShortIndexMask ? 2 : 4);
}

// An empty table with room for at least `entries`.
static Result<DictTable*> make_table(Thread& thread, u64 entries) {
  u32 capacity, mask;
  if (entries <= kLinearEntries) {
    capacity = entries <= 4 ? 4 : kLinearEntries;
    mask = 0;
  } else {
    u64 size = 16;
    while (size / 8 * 5 < entries) size *= 2;
    if (size > (u64{1} << 31)) return raise_memory_error(thread);
    capacity = usable_entries(static_cast<u32>(size));
    mask = static_cast<u32>(size) - 1;
  }
  usize bytes = sizeof(DictTable) + capacity * sizeof(DictEntry) + index_bytes(mask);
  auto* table = static_cast<DictTable*>(allocate_cell(thread, bytes, kKindDictTable, 0));
  if (!table) return raise_memory_error(thread);
  table->entry_count_ = 0;
  table->entry_capacity_ = capacity;
  table->index_mask_ = mask;
  table->all_str_ = 1;
  table->deleted_tail_ = 0;
  table->first_live_ = 0;
  table->reserved_ = 0;
  if (mask) __builtin_memset(table->index(), 0, index_bytes(mask));
  return table;
}

namespace {
enum class Slots : u8 { AllLive, SomeDeleted };  // whether the table may have entries of deleted keys
}  // namespace

// Takes the first slot of the hash that names no live entry: without that, a key put in and removed again and again would leave
// a chain that is walked at every look-up until the table is full.
template <Slots slots, class T>
static void index_insert_as(DictTable* table, u64 hash, u32 number) {
  T* index = static_cast<T*>(table->index());
  ProbeSequence p(hash, table->index_mask_);
  for (; u32 taken = index[p.slot]; p.next()) {
    if (slots == Slots::SomeDeleted && table->entries()[taken - 1].value.get().is_absent()) break;
  }
  __atomic_store_n(&index[p.slot], static_cast<T>(number + 1), __ATOMIC_RELEASE);
}

template <Slots slots>
static void index_insert(DictTable* table, u64 hash, u32 number) {
  if (table->index_mask_ == 0) return;
  if (table->index_mask_ <= kByteIndexMask)
    index_insert_as<slots, u8>(table, hash, number);
  else if (table->index_mask_ <= kShortIndexMask)
    index_insert_as<slots, u16>(table, hash, number);
  else
    index_insert_as<slots, u32>(table, hash, number);
}

// Appends to a table with room that may be published. The count is published last: a search that misses the new entry in the
// index has then read an older count, and its writer starts again. (Counted first, two threads could append the same key.) For
// the moment between the two a look-up finds what an iteration does not yet count.
static void append_entry(DictTable* table, u64 hash, Value key, Value value) {
  u32 at = table->entry_count_;
  DictEntry& e = table->entries()[at];
  e.hash = hash;
  e.key.init(key);
  e.value.init(value);
  if (!is_exact<Str>(key)) __atomic_store_n(&table->all_str_, 0, __ATOMIC_RELAXED);
  write_barrier(table, &e.key, Value(), key);
  write_barrier(table, &e.value, Value(), value);
  index_insert<Slots::SomeDeleted>(table, hash, at);
  __atomic_store_n(&table->entry_count_, at + 1, __ATOMIC_RELEASE);
}

namespace {
enum class Chains : u8 { OldestFirst, NewestFirst };  // which of several keys with one hash a look-up meets first
}  // namespace

// A new table with room for `room` entries holding the live ones of `old`; not installed.
template <Chains chains = Chains::OldestFirst>
static Result<DictTable*> compacted(Thread& thread, DictTable* old, u64 room, Index* live) {
  DictTable* fresh = TRY(make_table(thread, room));
  Index count = 0;
  if (old) {
    for (u32 i = old->first_live_, n = old->entry_count(); i < n && fresh->entry_count_ < fresh->entry_capacity_; ++i) {
      const DictEntry& e = old->entries()[i];
      Value value = e.value.get();
      if (value.is_absent()) continue;
      u32 at = fresh->entry_count_++;
      DictEntry& f = fresh->entries()[at];
      f.hash = e.hash;
      f.key.init(e.key.get());
      f.value.init(value);
      if (chains == Chains::OldestFirst) index_insert<Slots::AllLive>(fresh, e.hash, at);
      ++count;
    }
    if (chains == Chains::NewestFirst)
      for (u32 at = fresh->entry_count_; at-- > 0;) index_insert<Slots::AllLive>(fresh, fresh->entries()[at].hash, at);
    fresh->all_str_ = old->all_str();
  }
  if (live) *live = count;
  return fresh;
}

// A new table with the live entries of `old` behind as much room for others that move to the front; not installed. Never a small
// one without an index: there a reader on its way to the end would miss a key that moves to the front.
static Result<DictTable*> with_front_room(Thread& thread, DictTable* old, u64 live) {
  u64 room = live < kLinearEntries ? kLinearEntries : live;
  DictTable* fresh = TRY(make_table(thread, room + live + room / 2));
  for (u32 i = 0; i < room; ++i) {
    DictEntry& e = fresh->entries()[i];
    e.hash = 0;
    e.key.init(kNotFound);
    e.value.init(Value());
  }
  fresh->entry_count_ = fresh->first_live_ = static_cast<u32>(room);
  set_dict_front_room(fresh, static_cast<u32>(room));
  for (u32 i = old->first_live_, n = old->entry_count_; i < n; ++i) {
    const DictEntry& e = old->entries()[i];
    if (e.value.get().is_absent()) continue;
    u32 at = fresh->entry_count_++;
    DictEntry& f = fresh->entries()[at];
    f.hash = e.hash;
    f.key.init(e.key.get());
    f.value.init(e.value.get());
    index_insert<Slots::AllLive>(fresh, e.hash, at);
  }
  fresh->all_str_ = old->all_str();
  return fresh;
}

// Whether a copy is best made of the table as it is: nothing is deleted, and it is as full as a table that has just grown.
static bool is_worth_cloning(const DictTable* table, u64 used) {
  return used == table->entry_count_ && used * 4 >= table->entry_capacity_;
}

// A copy of a table in which nothing is deleted: under the lock of its dict.
static Result<DictTable*> cloned(Thread& thread, DictTable* old) {
  u32 capacity = old->entry_capacity_, count = old->entry_count_;
  usize bytes = sizeof(DictTable) + capacity * sizeof(DictEntry) + index_bytes(old->index_mask_);
  auto* table = static_cast<DictTable*>(allocate_cell(thread, bytes, kKindDictTable, 0));
  if (!table) return raise_memory_error(thread);
  table->entry_count_ = count;
  table->entry_capacity_ = capacity;
  table->index_mask_ = old->index_mask_;
  table->all_str_ = old->all_str();
  table->deleted_tail_ = 0;
  table->first_live_ = 0;
  table->reserved_ = 0;
  __builtin_memcpy(static_cast<void*>(table->entries()), static_cast<const void*>(old->entries()), count * sizeof(DictEntry));
  if (old->index_mask_) __builtin_memcpy(table->index(), old->index(), index_bytes(old->index_mask_));
  return table;
}

Result<Dict*> make_dict(Thread& thread, Index expected) {
  DictTable* table = expected > 0 ? TRY(make_table(thread, static_cast<u64>(expected))) : nullptr;
  Dict* dict = TRY(make<Dict>(thread));
  if (table) dict->table_.set(dict, table);
  return dict;
}

// ---------------------------------------------------------------------------------------------------------------- look-up

Result<u64> key_hash(Thread& thread, Value key) {
  u64 hash;
  if (easy_hash(key, &hash)) return hash;
  return hash_of(thread, key);
}

namespace {
// Where a search ended: a live entry, or (entry < 0) the table and its used entries (dict_order.h) among which there is none.
struct Found {
  DictTable* table = nullptr;
  u32 used = 0;
  i32 entry = -1;
};
enum class Match : u8 { No, Yes, Restart };
}  // namespace

// Compares the key of an entry whose hash agrees. May run Python.
static Result<i64> match_entry(Thread& thread, Dict* self, DictTable* table, const DictEntry& e, Value key) {
  Value k = e.key.get();
  if (k == key) return e.value.get().is_present() ? static_cast<i64>(Match::Yes) : static_cast<i64>(Match::No);
  if (e.value.get().is_absent()) return static_cast<i64>(Match::No);
  if (is_exact<Str>(k) && is_exact<Str>(key))
    return static_cast<i64>(str_equal(k.as<Str>(), key.as<Str>()) ? Match::Yes : Match::No);
  if (k.is_small_int() && key.is_small_int()) return static_cast<i64>(Match::No);
  bool equal = TRY(equals(thread, k, key));
  if (self->table() != table) return static_cast<i64>(Match::Restart);
  if (equal && e.value.get().is_absent()) return static_cast<i64>(Match::Restart);
  return static_cast<i64>(equal ? Match::Yes : Match::No);
}

// Looks through the entries from `first` on, those that are added meanwhile included.
static Result<Found> scan_any(Thread& thread, Dict* self, DictTable* table, Value key, u64 hash, u32 first, bool* restart) {
  for (u32 i = first;; ++i) {
    u32 count = table->entry_count();
    if (i >= count) return Found{table, count, -1};
    const DictEntry& e = table->entries()[i];
    if (e.hash != hash) continue;
    if (e.key.get() == key && e.value.get().is_present()) return Found{table, count, static_cast<i32>(i)};
    Match match = static_cast<Match>(TRY(match_entry(thread, self, table, e, key)));
    if (match == Match::Yes) return Found{table, count, static_cast<i32>(i)};
    if (match == Match::Restart) {
      *restart = true;
      return Found{};
    }
  }
}

template <class T>
static Result<Found> probe_any(Thread& thread, Dict* self, DictTable* table, Value key, u64 hash, bool* restart) {
  const T* index = static_cast<const T*>(table->index());
  const u32 count = table->entry_count();
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = __atomic_load_n(&index[p.slot], __ATOMIC_ACQUIRE);
    if (number == 0) return scan_any(thread, self, table, key, hash, count, restart);  // what was added since
    const DictEntry& e = table->entries()[number - 1];
    if (e.hash != hash) continue;
    if (e.key.get() == key && e.value.get().is_present()) return Found{table, count, static_cast<i32>(number - 1)};
    Match match = static_cast<Match>(TRY(match_entry(thread, self, table, e, key)));
    if (match == Match::Yes) return Found{table, count, static_cast<i32>(number - 1)};
    if (match == Match::Restart) {
      *restart = true;
      return Found{};
    }
  }
}

static Result<Found> search(Thread& thread, Dict* self, Value key, u64 hash) {
  for (;;) {
    DictTable* table = self->table();
    if (!table) return Found{};
    u32 used = dict_used_entries(table);
    if (i32 entry = table_find_easily(table, key, hash); entry != kUnsure) return Found{table, used, entry};
    bool restart = false;
    Found found = TRY(table->index_mask_ == 0 ? scan_any(thread, self, table, key, hash, table->first_live_, &restart)
                      : table->index_mask_ <= kByteIndexMask  ? probe_any<u8>(thread, self, table, key, hash, &restart)
                      : table->index_mask_ <= kShortIndexMask ? probe_any<u16>(thread, self, table, key, hash, &restart)
                                                              : probe_any<u32>(thread, self, table, key, hash, &restart));
    if (restart) continue;
    if (found.entry >= 0 || !dict_keys_move(table)) return found;
    found.used = used;
    if (dict_used_entries(table) == used) return found;
  }
}

i32 search_moving_str(const DictTable* table, const Str* key, u64 hash) {
  for (;;) {
    u32 used = dict_used_entries(table);
    i32 found = search_str_once(table, key, hash);
    if (found >= 0 || dict_used_entries(table) == used) return found;
  }
}

i32 search_moving_int(const DictTable* table, Value key, u64 hash) {
  for (;;) {
    u32 used = dict_used_entries(table);
    i32 found = search_int_once(table, key, hash);
    if (found != -1 || dict_used_entries(table) == used) return found;
  }
}

Result<Value> dict_find_hashed(Thread& thread, Dict* self, Value key, u64 hash) {
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry < 0) return kNotFound;
    Value v = found.table->entries()[found.entry].value.get();
    if (v.is_present()) return v;
  }
}

Result<Value> dict_find(Thread& thread, Dict* self, Value key) {
  if (is_exact<Str>(key)) {
    DictTable* table = self->table();
    if (!table) return kNotFound;
    if (table->all_str()) {
      Value v = dict_find_str_inline(self, key.as<Str>());
      return v.is_present() ? v : kNotFound;
    }
  } else if (key.is_small_int()) {
    DictTable* table = self->table();
    if (!table) return kNotFound;
    i32 entry = table_find_int(table, key, static_cast<u64>(hash_i64(key.small_int())));
    if (entry == -1) return kNotFound;
    Value v = entry >= 0 ? table->entries()[entry].value.get() : Value();
    if (v.is_present()) return v;
  }
  return dict_find_hashed(thread, self, key, TRY(key_hash(thread, key)));
}

Result<Value> dict_find_key(Thread& thread, Dict* self, Value key, u64 hash) {
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry < 0) return kNotFound;
    Value k = found.table->entries()[found.entry].key.get();
    if (k != kNotFound) return k;  // else it was deleted, or moved, since
  }
}

Value dict_find_str(Dict* self, Str* key, i32* entry) { return dict_find_str_inline(self, key, entry); }

// ---------------------------------------------------------------------------------------------------------------- insertion

static void set_length(Dict* self, Index n) { __atomic_store_n(&self->length_, n, __ATOMIC_RELEASE); }

// For how many entries a full table with an index is made, or one of kLinearEntries. First of 10, 20, 40 ...: most dicts that
// outgrow a small one stay small. Big ones grow by four: what isn't used of a table's pages takes no memory, but tables that it
// has outgrown do, till they are collected.
static u64 room_beyond(u64 live) {
  constexpr u64 kDoubles = 1280;
  if (live == kLinearEntries) return live + 1;
  return live < kDoubles ? live * 2 : live * 2 + 1;
}

// Under the lock: adds a key that is not there to so many; the caller sets the length.
static Result<void> insert_uncounted(Thread& thread, Dict* self, Value key, u64 hash, Value value, Index length) {
  DictTable* table = self->table();
  if (!table || table->entry_count_ >= table->entry_capacity_) {
    u64 live = static_cast<u64>(length);
    u64 room = !table ? 4 : live < kLinearEntries ? kLinearEntries : room_beyond(live);
    DictTable* fresh = TRY(compacted(thread, table, room, nullptr));
    self->table_.set(self, fresh);
    table = fresh;
  }
  append_entry(table, hash, key, value);
  return ok;
}

// Under the lock: adds a key that is not there.
static Result<void> insert_new(Thread& thread, Dict* self, Value key, u64 hash, Value value) {
  TRY(insert_uncounted(thread, self, key, hash, value, self->length_));
  set_length(self, self->length_ + 1);
  return ok;
}

Result<void> dict_add_missed(Thread& thread, Dict* self, Value key, u64 hash, Value value) {
  return insert_new(thread, self, key, hash, value);
}

Result<void> dict_make_room(Thread& thread, Dict* self, Index more) {
  CriticalSection guard(thread, self);
  DictTable* table = self->table();
  u64 room = static_cast<u64>(self->length_) + static_cast<u64>(more);
  if (table && room <= table->entry_capacity_) return ok;
  self->table_.set(self, TRY(compacted(thread, table, room, nullptr)));
  return ok;
}

// A table of so many keys, all of them exact strs, each followed by its value; not installed.
static Result<DictTable*> table_of_str_pairs(Thread& thread, const Value* pairs, usize count) {
  DictTable* table = TRY(make_table(thread, count));
  for (usize i = 0; i < count; ++i) {  // allocates nothing: the table is young, and nobody else has it
    Str* key = pairs[2 * i].as<Str>();
    Value value = pairs[2 * i + 1];
    u64 hash = key->cached_hash();
    if (hash == 0) hash = str_hash(key);
    i32 there = search_str_once(table, key, hash);
    if (there >= 0) {
      table->entries()[there].value.init(value);
      continue;
    }
    u32 at = table->entry_count_;
    DictEntry& e = table->entries()[at];
    e.hash = hash;
    e.key.init(Value(key));
    e.value.init(value);
    index_insert<Slots::AllLive>(table, hash, at);
    table->entry_count_ = at + 1;
  }
  return table;
}

Result<Dict*> dict_of_str_pairs(Thread& thread, const Value* pairs, usize count) {
  Dict* dict = TRY(make<Dict>(thread));
  if (count == 0) return dict;
  DictTable* table = TRY(table_of_str_pairs(thread, pairs, count));
  dict->table_.set(dict, table);
  dict->length_ = static_cast<Index>(table->entry_count_);
  return dict;
}

Result<bool> dict_fill_empty(Thread& thread, Dict* self, const Value* pairs, usize count) {
  if (self->table() || count == 0) return false;
  for (usize i = 0; i < count; ++i)
    if (!is_exact<Str>(pairs[2 * i])) return false;
  DictTable* table = TRY(table_of_str_pairs(thread, pairs, count));
  CriticalSection guard(thread, self);
  if (self->table()) return false;
  self->table_.set(self, table);
  set_length(self, static_cast<Index>(table->entry_count_));
  return true;
}

// Stores under the lock if `found` still describes the dict; false: search again.
static Result<bool> store(Thread& thread, Dict* self, const Found& found, Value key, u64 hash, Value value) {
  CriticalSection guard(thread, self);
  DictTable* table = self->table();
  if (table != found.table) return false;
  if (found.entry >= 0) {
    DictEntry& e = table->entries()[found.entry];
    if (e.value.get().is_absent()) return false;
    e.value.set(table, value);
    return true;
  }
  if (table && dict_used_entries(table) != found.used) return false;
  TRY(insert_new(thread, self, key, hash, value));
  return true;
}

Result<void> dict_set_hashed(Thread& thread, Dict* self, Value key, u64 hash, Value value) {
  if (DictTable* table = self->table(); table && !objects_are_locked()) {
    i32 entry = table_find_easily(table, key, hash);
    if (entry >= 0) {
      table->entries()[entry].value.set(table, value);
      return ok;
    }
    if (entry != kUnsure) return insert_new(thread, self, key, hash, value);
  }
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (TRY(store(thread, self, found, key, hash, value))) return ok;
  }
}

// Number of the live entry of a key, or -1, as far as plain_equal() can tell; otherwise kUnsure. Under the dict's lock.
template <class T>
static i32 probe_plainly(const DictTable* table, Value key, u64 hash) {
  const T* index = static_cast<const T*>(table->index());
  for (ProbeSequence p(hash, table->index_mask_);; p.next()) {
    u32 number = index[p.slot];
    if (number == 0) return -1;
    const DictEntry& e = table->entries()[number - 1];
    if (e.hash != hash || e.value.get().is_absent()) continue;
    PlainEqual equal = plain_equal(e.key.get(), key);
    if (equal != PlainEqual::No) return equal == PlainEqual::Yes ? static_cast<i32>(number - 1) : kUnsure;
  }
}

static i32 scan_plainly(const DictTable* table, Value key, u64 hash) {
  for (u32 i = table->first_live_, n = table->entry_count_; i < n; ++i) {
    const DictEntry& e = table->entries()[i];
    if (e.hash != hash || e.value.get().is_absent()) continue;
    PlainEqual equal = plain_equal(e.key.get(), key);
    if (equal != PlainEqual::No) return equal == PlainEqual::Yes ? static_cast<i32>(i) : kUnsure;
  }
  return -1;
}

static i32 find_plainly(const DictTable* table, Value key, u64 hash) {
  i32 entry = table_find_easily(table, key, hash);
  if (entry != kUnsure) return entry;
  if (table->index_mask_ == 0) return scan_plainly(table, key, hash);
  if (table->index_mask_ <= kByteIndexMask) return probe_plainly<u8>(table, key, hash);
  if (table->index_mask_ <= kShortIndexMask) return probe_plainly<u16>(table, key, hash);
  return probe_plainly<u32>(table, key, hash);
}

PlainEqual dict_equal_at_once(Thread& thread, Dict* a, Dict* b) {
  CriticalSection guard(thread, a, b);
  if (a->length_ != b->length_) return PlainEqual::No;
  if (a->length_ == 0) return PlainEqual::Yes;
  const DictTable *table = a->table(), *other = b->table();
  for (u32 i = table->first_live_, n = table->entry_count_; i < n; ++i) {
    const DictEntry& e = table->entries()[i];
    Value value = e.value.get();
    if (value.is_absent()) continue;
    i32 entry = find_plainly(other, e.key.get(), e.hash);
    if (entry < 0) return entry == kUnsure ? PlainEqual::Unknown : PlainEqual::No;
    PlainEqual equal = plain_equal(value, other->entries()[entry].value.get());
    if (equal != PlainEqual::Yes) return equal;
  }
  return PlainEqual::Yes;
}

Result<void> dict_merge_plainly(Thread& thread, Dict* self, Dict* source, Index* position) {
  CriticalSection guard(thread, self);
  Index length = self->length_;
  Result<void> done = ok;
  for (Index next = *position;; *position = next) {
    Value key, value;
    u64 hash;
    if (!dict_next_hashed(source, &next, &key, &value, &hash)) break;
    DictTable* table = self->table();
    i32 entry = table ? find_plainly(table, key, hash) : -1;
    if (entry == kUnsure) break;
    if (entry >= 0) {
      table->entries()[entry].value.set(table, value);
      continue;
    }
    done = insert_uncounted(thread, self, key, hash, value, length);
    if (done.is_failed()) break;
    ++length;
  }
  set_length(self, length);  // once: len() takes no lock
  return done;
}

Result<void> dict_set(Thread& thread, Dict* self, Value key, Value value) {
  return dict_set_hashed(thread, self, key, TRY(key_hash(thread, key)), value);
}

Value dict_find_str_near(Dict* self, Str* key, Relaxed<u32>& place) {
  DictTable* table = self->table();
  u32 at = place;
  if (table && at < table->entry_count() && table->entries()[at].key.get() == Value(key)) {
    Value v = table->entries()[at].value.get();
    if (v.is_present()) return v;  // absent: deleted, and perhaps put in again further on
  }
  i32 entry = -1;
  Value v = dict_find_str(self, key, &entry);
  if (entry >= 0) place = static_cast<u32>(entry);
  return v;
}
Result<void> dict_set_str(Thread& thread, Dict* self, Str* key, Value value) {
  u64 hash = key->cached_hash();
  if (hash == 0) hash = str_hash(key);
  for (;;) {
    Found found;
    found.table = self->table();
    if (found.table) {
      found.used = dict_used_entries(found.table);
      found.entry = table_find_str(found.table, key, hash);
    }
    if (TRY(store(thread, self, found, Value(key), hash, value))) return ok;
  }
}

Result<void> dict_set_ascii(Thread& thread, Dict* self, std::string_view key, Value value) {
  return dict_set_str(thread, self, intern(thread, key), value);
}

Result<Value> dict_insert_hashed(Thread& thread, Dict* self, Value key, u64 hash, Value value) {
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry >= 0) {
      Value v = found.table->entries()[found.entry].value.get();
      if (v.is_present()) return v;
      continue;
    }
    if (TRY(store(thread, self, found, key, hash, value))) return kNotFound;
  }
}
namespace {
enum class Counted : u8 { Done, Stale, NoSmallInt };
}  // namespace

// Counts under the lock if `found` still describes the dict and the count stays a small int.
static Result<i64> count_in_place(Thread& thread, Dict* self, const Found& found, Value key, u64 hash) {
  CriticalSection guard(thread, self);
  DictTable* table = self->table();
  if (table != found.table) return static_cast<i64>(Counted::Stale);
  if (found.entry < 0) {
    if (table && dict_used_entries(table) != found.used) return static_cast<i64>(Counted::Stale);
    TRY(insert_new(thread, self, key, hash, Value::of_small_int(1)));
    return static_cast<i64>(Counted::Done);
  }
  DictEntry& e = table->entries()[found.entry];
  Value old = e.value.get();
  if (old.is_absent()) return static_cast<i64>(Counted::Stale);
  if (!old.is_small_int() || !Value::fits_small_int(old.small_int() + 1)) return static_cast<i64>(Counted::NoSmallInt);
  e.value.set(table, Value::of_small_int(old.small_int() + 1));
  return static_cast<i64>(Counted::Done);
}

Result<void> dict_count(Thread& thread, Dict* self, Value key) {
  u64 hash = TRY(key_hash(thread, key));
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    Counted counted = static_cast<Counted>(TRY(count_in_place(thread, self, found, key, hash)));
    if (counted == Counted::Done) return ok;
    if (counted == Counted::NoSmallInt) break;
  }
  Value old = TRY(dict_find_hashed(thread, self, key, hash)), one = Value::of_small_int(1);
  return dict_set_hashed(thread, self, key, hash, old == kNotFound ? one : TRY(binary_op(thread, BinaryOp::Add, old, one)));
}

Result<Value> dict_set_default(Thread& thread, Dict* self, Value key, Value value) {
  Value present = TRY(dict_insert_hashed(thread, self, key, TRY(key_hash(thread, key)), value));
  return present == kNotFound ? value : present;
}

// ---------------------------------------------------------------------------------------------------------------- removal

// Moves the hint to the first live entry: under the lock.
static void skip_deleted(DictTable* table) {
  u32 i = table->first_live_;
  while (i < table->entry_count_ && table->entries()[i].value.get().is_absent()) ++i;
  table->first_live_ = i;
}

// Under the lock.
static Value remove_entry(Dict* self, DictTable* table, u32 entry) {
  DictEntry& e = table->entries()[entry];
  Value old = e.value.get();
  if (old.is_absent()) return old;
  e.value.clear();
  e.key.set(table, kNotFound);  // so that it can die; after the value, so that who reads the key first sees a pair or no value
  set_length(self, self->length_ - 1);
  if (entry == table->first_live_) skip_deleted(table);
  return old;
}

// Removes the entry if `found` is still right. *again: search again.
static Value take_found(Thread& thread, Dict* self, const Found& found, bool* again) {
  CriticalSection guard(thread, self);
  if (self->table() != found.table) {
    *again = true;
    return Value();
  }
  Value old = remove_entry(self, found.table, static_cast<u32>(found.entry));
  if (old.is_absent()) *again = true;
  return old;
}

Result<Value> dict_pop_hashed(Thread& thread, Dict* self, Value key, u64 hash) {
  if (DictTable* table = self->table(); table && !objects_are_locked()) {
    i32 entry = table_find_easily(table, key, hash);
    if (entry >= 0) return remove_entry(self, table, static_cast<u32>(entry));
    if (entry != kUnsure) return kNotFound;
  }
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry < 0) return kNotFound;
    bool again = false;
    Value old = take_found(thread, self, found, &again);
    if (!again) return old;
  }
}

Result<Value> dict_pop(Thread& thread, Dict* self, Value key) {
  return dict_pop_hashed(thread, self, key, TRY(key_hash(thread, key)));
}

Result<bool> dict_remove_hashed(Thread& thread, Dict* self, Value key, u64 hash) {
  return TRY(dict_pop_hashed(thread, self, key, hash)) != kNotFound;
}

Result<bool> dict_remove(Thread& thread, Dict* self, Value key) { return TRY(dict_pop(thread, self, key)) != kNotFound; }

Result<bool> dict_remove_str(Thread& thread, Dict* self, Str* key) {
  u64 hash = str_hash(key);
  for (;;) {
    Found found;
    found.table = self->table();
    if (!found.table) return false;
    found.entry = table_find_str(found.table, key, hash);
    if (found.entry < 0) return false;
    bool again = false;
    take_found(thread, self, found, &again);
    if (!again) return true;
  }
}

void dict_clear_all(Thread& thread, Dict* self) {
  CriticalSection guard(thread, self);
  set_length(self, 0);
  self->table_.clear();
}

Result<Value> dict_pop_end(Thread& thread, Dict* self, bool last) {
  Tuple* pair = TRY(make_tuple(thread, nullptr, 2));  // first: nothing is taken out if that fails
  CriticalSection guard(thread, self);
  Index position = last ? -1 : 0;
  Value key, value;
  if (!(last ? dict_previous(self, &position, &key, &value) : dict_next(self, &position, &key, &value))) return kNotFound;
  remove_entry(self, self->table(), static_cast<u32>(last ? position : position - 1));
  pair->set_at(0, key);
  pair->set_at(1, value);
  return Value(pair);
}

// ---------------------------------------------------------------------------------------------------------------- order

bool dict_next_hashed(Dict* self, Index* position, Value* key, Value* value, u64* hash) {
  DictTable* table = self->table();
  if (!table) return false;
  u32 n = table->entry_count(), i = static_cast<u32>(*position);
  u32 first = table->first_live_;
  if (i < first) i = first;
  bool may_skip = !dict_has_front(table) || !objects_are_locked();
  for (; i < n; ++i) {
    const DictEntry& e = table->entries()[i];
    Value k = e.key.get(), v = e.value.get();
    if (v.is_absent() || k == kNotFound) {
      if (i == first && may_skip) table->first_live_ = first = i + 1;
      continue;
    }
    *key = k;
    *value = v;
    *hash = e.hash;
    *position = static_cast<Index>(i) + 1;
    return true;
  }
  *position = n;
  return false;
}

bool dict_next(Dict* self, Index* position, Value* key, Value* value) {
  u64 hash;
  return dict_next_hashed(self, position, key, value, &hash);
}

bool dict_previous(Dict* self, Index* position, Value* key, Value* value) {
  DictTable* table = self->table();
  if (!table) return false;
  u32 n = table->entry_count();
  Index i = *position < 0 || *position > static_cast<Index>(n) ? static_cast<Index>(n) : *position;
  u64 hint = table->deleted_tail_;
  if (i == static_cast<Index>(n) && hint >> 32 == n) i = static_cast<u32>(hint);
  bool from_end = *position < 0;
  for (--i; i >= 0; --i) {
    const DictEntry& e = table->entries()[i];
    Value k = e.key.get(), v = e.value.get();
    if (v.is_absent() || k == kNotFound) continue;
    if (from_end) {  // remember the deleted tail, for repeated popitem()
      table->deleted_tail_ = (static_cast<u64>(n) << 32) | (static_cast<u32>(i) + 1);
    }
    *key = k;
    *value = v;
    *position = i;
    return true;
  }
  *position = 0;
  return false;
}

Result<Dict*> dict_copy_of(Thread& thread, Dict* self) {
  DictTable* table = self->table();
  if (!table || self->length() == 0) return make<Dict>(thread);
  Index live = 0;
  DictTable* fresh;
  {
    CriticalSection guard(thread, self);
    table = self->table();
    if (!table) return make<Dict>(thread);
    u64 used = static_cast<u64>(self->length_);
    if (is_worth_cloning(table, used)) {
      fresh = TRY(cloned(thread, table));
      live = self->length_;
    } else {
      fresh = TRY(compacted(thread, table, used > 0 ? used : 1, &live));
    }
  }
  Dict* made = TRY(make<Dict>(thread));
  made->table_.set(made, fresh);
  made->length_ = live;
  return made;
}

Result<bool> dict_copy_into_empty(Thread& thread, Dict* self, Dict* other) {
  CriticalSection guard(thread, self, other);
  DictTable* table = other->table();
  if (self->length_ != 0 || !table) return false;
  Index live = other->length_;
  u64 used = static_cast<u64>(live);
  DictTable* fresh =
      is_worth_cloning(table, used) ? TRY(cloned(thread, table)) : TRY(compacted(thread, table, used > 0 ? used : 1, &live));
  self->table_.set(self, fresh);
  set_length(self, live);
  return true;
}

// Into the last of the unused entries at the start: under the lock. The key is there twice for a moment, and its new index slot
// lies behind the old one: a look-up that finds the old entry deleted meets the new one further on.
static void move_to_front(DictTable* table, u32 entry) {
  DictEntry& old = table->entries()[entry];
  u32 at = dict_front_room(table) - 1;
  DictEntry& e = table->entries()[at];
  e.hash = old.hash;
  e.key.set(table, old.key.get());
  e.value.set(table, old.value.get());
  index_insert<Slots::AllLive>(table, e.hash, at);
  set_dict_front_room(table, at);
  table->first_live_ = at;
  old.value.clear();
  old.key.set(table, kNotFound);
}

Result<Value> dict_find_and_move_to_end(Thread& thread, Dict* self, Value key, u64 hash) {
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry < 0) return kNotFound;
    CriticalSection guard(thread, self);
    DictTable* table = self->table();
    if (table != found.table) continue;
    DictEntry& e = table->entries()[found.entry];
    Value k = e.key.get(), v = e.value.get();
    if (v.is_absent()) continue;
    if (static_cast<u32>(found.entry) + 1 == table->entry_count_) return v;
    if (table->entry_count_ >= table->entry_capacity_) {
      // Whoever moves keys to the end uses the dict as a cache: what was asked for last is asked for again first.
      u64 room = static_cast<u64>(self->length_) * 2 + 1;
      self->table_.set(self, TRY(compacted<Chains::NewestFirst>(thread, table, room, nullptr)));
      continue;  // search again in the new table
    }
    set_dict_keys_move(table);
    append_entry(table, hash, k, v);  // first: a look-up that finds the old entry deleted looks at what was added since
    e.value.clear();
    e.key.set(table, kNotFound);
    if (static_cast<u32>(found.entry) == table->first_live_) skip_deleted(table);
    return v;
  }
}

Result<bool> dict_move_to_end(Thread& thread, Dict* self, Value key, bool last) {
  u64 hash = TRY(key_hash(thread, key));
  if (last) return TRY(dict_find_and_move_to_end(thread, self, key, hash)) != kNotFound;
  for (;;) {
    Found found = TRY(search(thread, self, key, hash));
    if (found.entry < 0) return false;
    CriticalSection guard(thread, self);
    DictTable* table = self->table();
    if (table != found.table || table->entries()[found.entry].value.get().is_absent()) continue;
    skip_deleted(table);
    if (static_cast<u32>(found.entry) == table->first_live_) return true;
    if (dict_front_room(table) == 0) {
      self->table_.set(self, TRY(with_front_room(thread, table, static_cast<u64>(self->length_))));
      continue;  // search again in the new table
    }
    move_to_front(table, static_cast<u32>(found.entry));
    return true;
  }
}

}  // namespace baton
