// set and frozenset, the table: look-up, insertion, removal, growth. The Python-visible operations are in set.cpp.
//
// Probing looks at a short run of neighbours, then jumps with the hash's higher bits fed in; sizes and growth are those that make
// sets of small ints come out in the order that people know from CPython. A removed entry's slot is used again by a later key
// that passes it. Writers search without a lock, lock, check that nothing has changed since, and write.
#include "objects/set_table.h"

#include "objects/at_this_moment.h"
#include "objects/dict.h"
#include "objects/dict_inline.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/object.h"
#include "objects/plain_values.h"
#include "objects/tuple.h"

namespace baton {

// The entries are the caller's to fill, before anything else is allocated.
static Result<SetTable*> allocate_table(Thread& thread, u64 slots) {
  if (slots > (u64{1} << 40)) return raise_memory_error(thread);
  auto* table = static_cast<SetTable*>(allocate_cell(thread, sizeof(SetTable) + slots * sizeof(SetEntry), kKindSetTable, 0));
  if (!table) return raise_memory_error(thread);
  table->mask_ = slots - 1;
  table->fill_ = table->adds_ = 0;
  return table;
}
static Result<SetTable*> make_set_table(Thread& thread, u64 slots) {
  SetTable* table = TRY(allocate_table(thread, slots));
  __builtin_memset(static_cast<void*>(table->entries()), 0, slots * sizeof(SetEntry));
  return table;
}
// Slot by slot, of a table to which nobody writes.
static Result<SetTable*> copied_table(Thread& thread, const SetTable* from) {
  SetTable* table = TRY(allocate_table(thread, from->mask_ + 1));
  for (u64 i = 0; i <= from->mask_; ++i) {
    table->entries()[i].hash_ = from->entries()[i].hash_;
    table->entries()[i].key.init(from->entries()[i].key.get());
  }
  table->fill_ = from->fill_;
  return table;
}

// Into an unpublished table without removed entries, a key that is not there.
BATON_ALWAYS_INLINE static void insert_clean(SetTable* table, u64 hash, Value key) {
  SetEntry& first = table->entries()[hash & table->mask_];
  if (first.key.get().is_absent()) {
    first.set_hash(hash);
    first.key.init(key);
    ++table->fill_;
    return;
  }
  probe(table->mask_, hash, [&](u64 i) {
    SetEntry& e = table->entries()[i];
    if (e.key.get().is_present()) return false;
    e.set_hash(hash);
    e.key.init(key);
    ++table->fill_;
    return true;
  });
}

static void insert_all(SetTable* table, const SetTable* from) {
  for (u64 i = 0; i <= from->mask_; ++i) {
    const SetEntry& e = from->entries()[i];
    Value key = e.key.get();
    if (key.is_present() && key != kSetRemoved) insert_clean(table, e.hash(), key);
  }
}

static u64 slots_above(u64 minimum) {
  u64 slots = kMinSlots;
  while (slots <= minimum) slots *= 2;
  return slots;
}

// Installs a larger (or cleaner) table: under the lock.
static Result<void> resize(Thread& thread, Set* self, u64 minimum) {
  SetTable* fresh = TRY(make_set_table(thread, slots_above(minimum)));
  if (SetTable* old = self->table()) insert_all(fresh, old);
  self->table_.set(self, fresh);
  return ok;
}

Result<SetFound> set_search(Thread& thread, Set* self, Value key, u64 hash) {
  if (SetTable* table = self->table()) {
    SetFound found{table, table->adds(), -1, {}};
    i64 place;
    if (search_simply(table, key, hash, &found.slot, &place, &found.key)) return found;
  }
  bool is_text = is_exact<Str>(key), is_number = key.is_small_int();
  for (;;) {
    SetTable* table = self->table();
    if (!table) return SetFound{};
    SetFound found{table, table->adds(), -1, {}};
    bool restart = false, bad = false;
    probe(table->mask_, hash, [&](u64 i) {
      const SetEntry& e = table->entries()[i];
      Value k = e.key.get();
      if (k.is_absent()) return true;
      if (e.hash() != hash || k == kSetRemoved) return false;
      if (k == key || (is_text && is_exact<Str>(k) && str_equal(k.as<Str>(), key.as<Str>()))) {
        found.slot = static_cast<i64>(i);
        found.key = k;
        return true;
      }
      if ((is_text && is_exact<Str>(k)) || (is_number && k.is_small_int())) return false;
      Result<bool> equal = equals(thread, k, key);
      if (equal.is_failed()) {
        bad = true;
        return true;
      }
      if (self->table() != table || e.key.get() != k) {
        restart = true;
        return true;
      }
      if (!equal.value()) return false;
      found.slot = static_cast<i64>(i);
      found.key = k;
      return true;
    });
    if (bad) return failed;
    if (!restart) return found;
  }
}

static void set_length(Set* self, Index n) { __atomic_store_n(&self->length_, n, __ATOMIC_RELEASE); }

// Where a key goes that is in no slot: the last one of a removed key on the way, else the empty one at its end.
static SetEntry* free_place(SetTable* table, u64 hash) {
  SetEntry* place = nullptr;
  probe(table->mask_, hash, [&](u64 i) {
    SetEntry& e = table->entries()[i];
    Value k = e.key.get();
    if (k == kSetRemoved || (k.is_absent() && !place)) place = &e;
    return k.is_absent();
  });
  return place;
}

// A new key into the place found for it, which makes so many; the caller sets the length, also after a failure. Under the lock.
static Result<void> put_uncounted(Thread& thread, Set* self, SetTable* table, SetEntry* place, Value key, u64 hash,
                                  Index length) {
  bool reused = place->key.get() == kSetRemoved;
  place->set_hash(hash);
  place->key.set(table, key);
  // Last: who has seen this count has seen the key, and one who searched before sees another count when it has the lock.
  __atomic_store_n(&table->adds_, table->adds_ + 1, __ATOMIC_RELEASE);
  if (reused) return ok;
  ++table->fill_;
  u64 used = static_cast<u64>(length);
  if (table->fill_ * 5 >= table->mask_ * 3) TRY(resize(thread, self, used > 50000 ? used * 2 : used * 4));
  return ok;
}

// The same, counted; true.
static Result<bool> put(Thread& thread, Set* self, SetTable* table, SetEntry* place, Value key, u64 hash) {
  Index length = self->length_ + 1;
  set_length(self, length);
  TRY(put_uncounted(thread, self, table, place, key, hash, length));
  return true;
}

Result<bool> set_add_hashed(Thread& thread, Set* self, Value key, u64 hash) {
  {
    CriticalSection guard(thread, self);
    if (SetTable* table = self->table()) [[likely]] {
      i64 slot, place;
      if (search_simply(table, key, hash, &slot, &place)) [[likely]] {
        if (slot >= 0) return false;
        return put(thread, self, table, &table->entries()[place], key, hash);
      }
    }
  }
  for (;;) {
    SetFound found = TRY(set_search(thread, self, key, hash));
    if (found.slot >= 0) return false;
    CriticalSection guard(thread, self);
    SetTable* table = self->table();
    if (table != found.table || (table && table->adds_ != found.adds)) continue;
    if (!table) {
      TRY(resize(thread, self, kMinSlots - 1));
      table = self->table();
    }
    return put(thread, self, table, free_place(table, hash), key, hash);
  }
}

Result<bool> set_discard_hashed(Thread& thread, Set* self, Value key, u64 hash) {
  for (;;) {
    SetFound found = TRY(set_search(thread, self, key, hash));
    if (found.slot < 0) return false;
    CriticalSection guard(thread, self);
    if (self->table() != found.table) continue;
    SetEntry& e = found.table->entries()[found.slot];
    if (e.key.get() != found.key) continue;  // removed meanwhile, and perhaps another key's by now
    e.key.set(found.table, kSetRemoved);
    set_length(self, self->length_ - 1);
    return true;
  }
}

Result<bool> set_add_key(Thread& thread, Set* self, Value key) {
  u64 hash;
  if (!easy_hash(key, &hash)) hash = TRY(key_hash(thread, key));
  return set_add_hashed(thread, self, key, hash);
}

// A mutable set as key stands for an equal frozenset.
static Result<Value> hashable_key(Thread& thread, Value key, u64* hash) {
  if (!is<Set>(key) || type_of(key)->slot(Slot::hash) != types.set->slot(Slot::hash)) {
    Result<u64> h = key_hash(thread, key);
    if (!h.is_failed()) {
      *hash = h.value();
      return key;
    }
    if (!is<Set>(key) || !clear_pending_if(thread, exceptions.TypeError)) return failed;
  }
  Set* copy = TRY(set_clone(thread, key.as<Set>(), types.frozenset));
  *hash = TRY(hash_of(thread, Value(copy)));
  return Value(copy);
}

Result<bool> set_contains_key(Thread& thread, Set* self, Value key) {
  u64 hash;
  if (!easy_hash(key, &hash)) key = TRY(hashable_key(thread, key, &hash));
  return TRY(set_search(thread, self, key, hash)).slot >= 0;
}

Result<bool> set_discard_key(Thread& thread, Set* self, Value key) {
  u64 hash;
  key = TRY(hashable_key(thread, key, &hash));
  return set_discard_hashed(thread, self, key, hash);
}

bool set_next(Set* self, Index* position, Value* key) {
  u64 hash;
  return set_next_entry(self, position, key, &hash);
}

void set_clear_all(Thread& thread, Set* self) {
  CriticalSection guard(thread, self);
  set_length(self, 0);
  self->table_.clear();
}

Result<void> set_drop_removed(Thread& thread, Set* self) {
  CriticalSection guard(thread, self);
  SetTable* table = self->table();
  u64 used = static_cast<u64>(self->length_);
  if (!table || table->fill_ - used <= table->mask_ / 4) return ok;
  return resize(thread, self, used > 50000 ? used * 2 : used * 4);
}

Value set_pop_any(Thread& thread, Set* self) {
  CriticalSection guard(thread, self);
  SetTable* table = self->table();
  if (!table || self->length_ == 0) return Value();
  u64 i = self->finger_ & table->mask_;
  while (table->entries()[i].key.get().is_absent() || table->entries()[i].key.get() == kSetRemoved) i = (i + 1) & table->mask_;
  SetEntry& e = table->entries()[i];
  Value key = e.key.get();
  e.key.set(table, kSetRemoved);
  self->finger_ = i + 1;
  set_length(self, self->length_ - 1);
  return key;
}

// ---------------------------------------------------------------------------------------------------------------- whole sets

// Where a key is, or where it goes if it isn't there (*slot < 0), as far as plain_equal() can tell; false: that takes calls.
// Under the set's lock.
static bool search_plainly(const SetTable* table, Value key, u64 hash, i64* slot, i64* place) {
  if (search_simply(table, key, hash, slot, place)) return true;
  bool known = true;
  *slot = *place = -1;
  probe(table->mask_, hash, [&](u64 i) {
    const SetEntry& e = table->entries()[i];
    Value k = e.key.get();
    if (k == kSetRemoved || (k.is_absent() && *place < 0)) *place = static_cast<i64>(i);
    if (k.is_absent()) return true;
    if (k == kSetRemoved || e.hash() != hash) return false;
    PlainEqual equal = plain_equal(k, key);
    if (equal == PlainEqual::Yes) *slot = static_cast<i64>(i);
    known = equal != PlainEqual::Unknown;
    return equal != PlainEqual::No;
  });
  return known;
}

Result<bool> set_select_at_once(Thread& thread, Set* self, Set* other, bool is_in_other, Set* made, bool* is_known) {
  CriticalSection guard(thread, self, other);
  SetTable* table = other->table();
  Index position = 0;
  Value key;
  u64 hash;
  *is_known = true;
  bool any = false;
  while (set_next_entry(self, &position, &key, &hash)) {
    i64 slot = -1, place;
    if (table && !search_plainly(table, key, hash, &slot, &place)) {
      *is_known = false;
      return false;
    }
    if ((slot >= 0) != is_in_other) continue;
    any = true;
    if (!made) return true;
    SetTable* target = made->table();
    if (!target) {
      TRY(resize(thread, made, kMinSlots - 1));
      target = made->table();
    }
    TRY(put(thread, made, target, free_place(target, hash), key, hash));
  }
  return any;
}

Result<void> set_pair_at_this_moment(Thread& thread, Set** a, Set** b) {
  if (!objects_are_locked() || ((*a)->kind() != kKindSet && (*b)->kind() != kKindSet)) return ok;
  Set *first = TRY(make_set(thread)), *second = TRY(make_set(thread));
  CriticalSection guard(thread, *a, *b);
  if (SetTable* table = (*a)->table()) first->table_.set(first, TRY(copied_table(thread, table)));
  if (SetTable* table = (*b)->table()) second->table_.set(second, TRY(copied_table(thread, table)));
  set_length(first, (*a)->length_);
  set_length(second, (*b)->length_);
  *a = first;
  *b = second;
  return ok;
}

void set_remove_at_once(Thread& thread, Set* self, Set* keys, Index* position) {
  CriticalSection guard(thread, self);
  SetTable* table = self->table();
  if (!table) return;
  Index length = self->length_;
  Value key;
  u64 hash;
  for (Index next = *position; set_next_entry(keys, &next, &key, &hash); *position = next) {
    i64 slot, place;
    if (!search_plainly(table, key, hash, &slot, &place)) break;
    if (slot < 0) continue;
    table->entries()[slot].key.set(table, kSetRemoved);
    --length;
  }
  set_length(self, length);  // once: len() takes no lock
}

namespace {
enum class IfThere : u8 { Kept, Removed };
}  // namespace

// Adds the keys of another set, to which nobody writes, in one step, as far as no comparison needs a call; *position says how
// far.
static Result<void> put_all_simply(Thread& thread, Set* self, Set* keys, Index* position, IfThere if_there) {
  CriticalSection guard(thread, self);
  if (!self->table()) TRY(resize(thread, self, kMinSlots - 1));
  Index length = self->length_;
  Value key;
  u64 hash;
  Result<void> done = ok;
  for (Index next = *position; !done.is_failed() && set_next_entry(keys, &next, &key, &hash); *position = next) {
    SetTable* table = self->table();
    i64 slot, place;
    if (!search_plainly(table, key, hash, &slot, &place)) break;
    if (slot < 0) {
      done = put_uncounted(thread, self, table, &table->entries()[place], key, hash, ++length);
    } else if (if_there == IfThere::Removed) {
      table->entries()[slot].key.set(table, kSetRemoved);
      --length;
    }
  }
  set_length(self, length);
  return done;
}

Result<void> set_toggle_at_once(Thread& thread, Set* self, Set* keys, Index* position) {
  return put_all_simply(thread, self, keys, position, IfThere::Removed);
}

static Result<void> merge_set(Thread& thread, Set* self, Set* other) {
  if (self == other || other->length() == 0) return ok;
  {
    CriticalSection guard(thread, self, other);
    SetTable* table = self->table();
    u64 fill = table ? table->fill_ : 0, mask = table ? table->mask_ : kMinSlots - 1,
        incoming = static_cast<u64>(other->length());
    SetTable* from = other->table();
    bool grows = (fill + incoming) * 5 >= mask * 3;
    u64 wanted = (static_cast<u64>(self->length_) + incoming) * 2;
    if (from && self->length_ == 0 && (fill == 0 || grows)) {  // empty: no comparisons needed
      u64 slots = grows ? slots_above(wanted) : mask + 1;
      bool same_slots = from->mask_ == slots - 1 && from->fill_ == incoming;
      SetTable* fresh = same_slots ? TRY(copied_table(thread, from)) : TRY(make_set_table(thread, slots));
      if (!same_slots) insert_all(fresh, from);
      self->table_.set(self, fresh);
      set_length(self, static_cast<Index>(fresh->fill_));
      return ok;
    }
    if (grows)
      TRY(resize(thread, self, wanted));
    else if (!table)
      TRY(resize(thread, self, kMinSlots - 1));
  }
  other = TRY(set_at_this_moment(thread, other));
  Index position = 0;
  if (objects_are_locked()) TRY(put_all_simply(thread, self, other, &position, IfThere::Kept));
  Value key;
  u64 hash;
  while (set_next_entry(other, &position, &key, &hash)) TRY(set_put(thread, self, key, hash));
  return ok;
}

Result<Set*> set_at_this_moment(Thread& thread, Set* self) {
  if (!objects_are_locked() || self->kind() != kKindSet) return self;
  Set* made = TRY(make_set(thread));
  CriticalSection guard(thread, self);
  if (SetTable* table = self->table()) made->table_.set(made, TRY(copied_table(thread, table)));
  set_length(made, self->length_);
  return made;
}

// A table of more slots is too much for the near caches.
static constexpr u64 kLargeMask = 32767;

// Asks the memory for what items further on will need: the cells that have their hashes, then the slots. Either may be absent.
static constexpr Index kCellsAhead = 16, kSlotsAhead = 8;
static void look_ahead(const SetTable* table, Value cell_ahead, Value slot_ahead) {
  if (cell_ahead.is_cell()) __builtin_prefetch(cell_ahead.cell());
  u64 hash;
  if (slot_ahead.is_present() && easy_hash(slot_ahead, &hash)) __builtin_prefetch(&table->entries()[hash & table->mask_], 1);
}

// Adds items from *at on, which nobody changes, in one step: up to the first whose hash or search takes calls, or so many.
static Result<void> add_at_once(Thread& thread, Set* self, const Value* items, Index n, Index* at) {
  constexpr Index kMost = 4096;
  CriticalSection guard(thread, self);
  Index end = n - *at < kMost ? n : *at + kMost;
  for (; *at < end; ++*at) {
    Value v = items[*at];
    u64 hash;
    if (!easy_hash(v, &hash)) return ok;
    if (!self->table()) TRY(resize(thread, self, kMinSlots - 1));
    SetTable* table = self->table();
    if (table->mask_ >= kLargeMask && n - *at > kCellsAhead)
      look_ahead(table, items[*at + kCellsAhead], items[*at + kSlotsAhead]);
    i64 slot, place;
    if (!search_simply(table, v, hash, &slot, &place)) return ok;
    if (slot < 0) TRY(put(thread, self, table, &table->entries()[place], v, hash));
  }
  return ok;
}

Result<void> set_update_from(Thread& thread, Set* self, Value iterable) {
  if (is_any_set(iterable)) return merge_set(thread, self, iterable.as<Set>());
  if (is_exact<Dict>(iterable)) {
    Dict* dict = iterable.as<Dict>();
    u64 incoming = static_cast<u64>(dict->length());
    {
      CriticalSection guard(thread, self);
      SetTable* table = self->table();
      u64 fill = table ? table->fill_ : 0, mask = table ? table->mask_ : kMinSlots - 1;
      if ((fill + incoming) * 5 >= mask * 3) TRY(resize(thread, self, (static_cast<u64>(self->length_) + incoming) * 2));
    }
    Index position = 0;
    Value key, value;
    u64 hash;
    dict = TRY(dict_at_this_moment(thread, dict));
    while (dict_next_hashed(dict, &position, &key, &value, &hash)) TRY(set_put(thread, self, key, hash));
    return ok;
  }
  auto add = [&](Value v) __attribute__((always_inline)) -> Result<void> {
    u64 hash;
    if (!easy_hash(v, &hash)) hash = TRY(key_hash(thread, v));
    return set_put(thread, self, v, hash);
  };
  if (is_exact<List>(iterable) && !objects_are_locked()) {
    for (Index i = 0;; ++i) {
      Value v = iterable.as<List>()->try_at(i);
      if (v.is_absent()) return ok;
      if (SetTable* table = self->table(); table && table->mask_ >= kLargeMask)
        look_ahead(table, iterable.as<List>()->try_at(i + kCellsAhead), iterable.as<List>()->try_at(i + kSlotsAhead));
      TRY(add(v));
    }
  }
  if (is_exact<List>(iterable)) iterable = TRY(list_to_tuple(thread, iterable.as<List>()));
  if (is_exact<Tuple>(iterable)) {
    Tuple* items = iterable.as<Tuple>();
    for (Index i = 0; i < items->length();) {
      Index before = i;
      TRY(add_at_once(thread, self, items->items(), items->length(), &i));
      if (i == before) TRY(add(items->at(i++)));
    }
    return ok;
  }
  Value iterator = TRY(get_whole_iter(thread, iterable));
  for (Steps steps(iterator);;) {
    Value v = TRY(steps.next(thread));
    if (v == kExhausted) return ok;
    TRY(add(v));
  }
}

Result<Set*> set_clone(Thread& thread, Set* self, Type* type) {
  Set* made = TRY(make_of<Set>(thread, type));
  TRY(merge_set(thread, made, self));
  return made;
}

Result<Set*> make_set(Thread& thread) { return make_of<Set>(thread, types.set); }

// There is one empty frozenset.
static Result<Set*> empty_frozenset(Thread& thread) {
  static Set* made = nullptr;
  Set* known = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
  if (known) return known;
  Set* fresh = TRY(make_of<Set>(thread, types.frozenset));
  static Root<Set>& root = *new Root<Set>(fresh);  // as in empty_tuple()
  __atomic_store_n(&made, root.get(), __ATOMIC_RELEASE);
  return root.get();
}
Result<Set*> make_frozenset(Thread& thread, const Value* items, Index n) {
  if (n == 0) return empty_frozenset(thread);
  Set* made = TRY(make_of<Set>(thread, types.frozenset));
  for (Index i = 0; i < n; ++i) TRY(set_add_key(thread, made, items[i]));
  return made;
}

}  // namespace baton
