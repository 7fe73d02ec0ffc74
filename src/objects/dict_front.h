// Room at the front of a dict's table, for keys that move to the front of the order (OrderedDict.move_to_end(last=False)):
// entries that were never used, before all others. DictTable::reserved_ says how many are left, and whether the table has ever
// had some: there first_live_ goes back as well, and only under the lock.
#pragma once
#include "objects/dict.h"

namespace baton {

inline constexpr u32 kDictHasFront = u32{1} << 31;

inline u32 dict_front_word(const DictTable* table) { return __atomic_load_n(&table->reserved_, __ATOMIC_RELAXED); }
inline u32 dict_front_room(const DictTable* table) { return dict_front_word(table) & ~kDictHasFront; }
inline bool dict_has_front(const DictTable* table) { return dict_front_word(table) & kDictHasFront; }
inline void set_dict_front_room(DictTable* table, u32 room) {
  __atomic_store_n(&table->reserved_, room | kDictHasFront, __ATOMIC_RELAXED);
}
// Changes with every change of the order within a table.
inline u32 dict_used_entries(const DictTable* table) { return table->entry_count() - dict_front_room(table); }

}  // namespace baton
