// Registers the kinds of internal storage, which no Python type describes: arrays and tables behind list, dict and set.
#include "heap/large_cells.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/set.h"
#include "objects/tuple.h"

namespace baton {

void register_weak_list_kind();

void register_storage_kinds() {
  register_weak_list_kind();
  register_kind(kKindTypeList, KindInfo{.name = "type list", .has_opaque_words = true});
  register_kind(kKindValueArray, kind_info_of<ValueArray>("value array"));
  KindInfo dict_table = kind_info_of<DictTable>("dict table");
  dict_table.has_opaque_words = true;  // the index: eight entry numbers in a word may look like an address
  register_kind(kKindDictTable, dict_table);
  register_kind(kKindSetTable, kind_info_of<SetTable>("set table"));
  register_kind(kKindRawBytes, KindInfo{"raw bytes", nullptr, nullptr});
  heap_large_is_buffer(kKindRawBytes);
  heap_large_is_buffer(kKindBytes);  // subclass instances are small
  for (u16 kind : {kKindRawBytes, kKindBytes, kKindByteArray, kKindMemoryView, kKindTuple, kKindValueArray, kKindNativeFunction,
                   kKindBoundMethod})
    heap_owns_buffers(kind);
  for (u16 kind : {kKindValueArray, kKindDictTable, kKindSetTable}) heap_is_storage(kind);
}

}  // namespace baton
