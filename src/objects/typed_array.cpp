// The item types of array.array.
#include "objects/typed_array.h"

namespace baton {

constinit const ItemType item_types[kItemTypeCount] = {
    {'b', 1, true, true, 1},    {'B', 1, true, false, 0}, {'u', 4, false, false, 20}, {'h', 2, true, true, 4},
    {'H', 2, true, false, 2},   {'i', 4, true, true, 8},  {'I', 4, true, false, 6},   {'l', 8, true, true, 12},
    {'L', 8, true, false, 10},  {'q', 8, true, true, 12}, {'Q', 8, true, false, 10},  {'f', 4, false, false, 14},
    {'d', 8, false, false, 16},
};
const ItemType* find_item_type(u32 code) {
  for (const ItemType& item : item_types)
    if (static_cast<u32>(item.code) == code) return &item;
  return nullptr;
}

}  // namespace baton
