// array.array: the cell and its item types. The module is in modules/array*.cpp; interpreter and machine code know arrays, too.
#pragma once
#include "objects/bytes.h"
#include "objects/object.h"
#include "threads/relaxed.h"

namespace baton {

// One item type. pickle: number of the machine format in CPython's pickles.
struct ItemType {
  char code;
  u8 size;
  bool is_integer, is_signed;
  u8 pickle;
};
inline constexpr usize kItemTypeCount = 13;
extern const ItemType item_types[kItemTypeCount];
inline u32 number_of(const ItemType* item) { return static_cast<u32>(item - item_types); }  // its index
const ItemType* find_item_type(u32 code);                                                   // null: no such code

class Array final : public Cell {
 public:
  void init(const ItemType* item) {
    item_ = item;
    length_ = 0;
    exports_ = 0;
    storage_.init(nullptr);
  }
  const ItemType* item() const { return item_; }
  Index length() const { return length_; }
  u8* data() const {
    RawBytes* s = storage_.get();
    return s ? s->data() : nullptr;
  }
  u8* at(Index i) const { return data() + i * item_->size; }
  usize byte_size() const { return static_cast<usize>(length()) * item_->size; }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_); }

  const ItemType* item_;
  Relaxed<Index> length_;  // changes under the cell's CriticalSection and only while exports_ is 0
  u32 exports_;
  Field<RawBytes> storage_;  // replaced when it grows; null while nothing was stored
};

}  // namespace baton
