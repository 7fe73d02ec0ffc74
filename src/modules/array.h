// array.array: the cell and its item types, shared by array.cpp (storage, methods) and array_items.cpp (values, pickling).
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
const ItemType* find_item_type(u32 code);  // null: no such code

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

// The item's value, and its bytes from a value (at most 8), with the item type's errors.
Result<Value> load_item(Thread& thread, const ItemType& item, const u8* from);
Result<void> convert_item(Thread& thread, const ItemType& item, Value v, u8* out);

Array* as_array(Value v);                                                                 // null: not an array
Result<Array*> make_array_of(Thread& thread, Type* type, const ItemType* item, Index n);  // items zeroed
Result<void> array_resize(Thread& thread, Array* self, Index n);
Result<void> array_append_value(Thread& thread, Array* self, Value v);
Result<void> array_append_bytes(Thread& thread, Array* self, const u8* data, usize size);  // ValueError for part of an item
Result<Str*> array_text(Thread& thread, Array* self);                                      // of an array of characters
Result<Bytes*> array_tobytes(Thread& thread, Array* self);
Result<List*> array_tolist(Thread& thread, Array* self);

// array_items.cpp
Result<Value> array_reduce_ex(Thread& thread, Array* self, Value protocol);
Result<Value> array_reconstructor(Thread& thread, Value type, Value typecode, int format, Value items);
extern TypeDef array_array_def;

}  // namespace baton
