// Changes of the order within a dict's table, by OrderedDict.move_to_end.
//
// A key that moves to the end is appended, one that moves to the front goes into the last of a row of unused entries before all
// others; then its old entry is deleted. DictTable::reserved_ says how many of the row are left, whether the table has ever had
// some (there first_live_ goes back as well, and only under the lock), and whether keys may have moved in it at all. There a
// look-up that finds nothing holds only if nothing moved or was added meanwhile: the key may have been where it no longer looked.
#pragma once
#include "objects/dict.h"

namespace baton {

inline constexpr u32 kDictHasFront = u32{1} << 31, kDictKeysMove = u32{1} << 30;

inline u32 dict_order_word(const DictTable* table) { return __atomic_load_n(&table->reserved_, __ATOMIC_ACQUIRE); }
inline u32 dict_front_room(const DictTable* table) { return dict_order_word(table) & (kDictKeysMove - 1); }
inline bool dict_has_front(const DictTable* table) { return dict_order_word(table) & kDictHasFront; }
inline bool dict_keys_move(const DictTable* table) { return dict_order_word(table) & kDictKeysMove; }
// Both under the lock, or before the table is installed; a move is told before it begins.
inline void set_dict_front_room(DictTable* table, u32 room) {
  __atomic_store_n(&table->reserved_, room | kDictHasFront | kDictKeysMove, __ATOMIC_RELEASE);
}
inline void set_dict_keys_move(DictTable* table) {
  __atomic_store_n(&table->reserved_, table->reserved_ | kDictKeysMove, __ATOMIC_RELEASE);
}
// Grows with every key that is added and with every change of the order within a table: the same twice, there was none between.
inline u32 dict_used_entries(const DictTable* table) { return table->entry_count() - dict_front_room(table); }

// Takes the first or the last key out, in one step: a tuple of it and its value; kNotFound: the dict is empty.
Result<Value> dict_pop_end(Thread& thread, Dict* self, bool last);

}  // namespace baton
