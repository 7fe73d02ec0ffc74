// array.array, shared by array.cpp (storage, methods) and array_items.cpp (values, pickling).
#pragma once
#include "objects/typed_array.h"

namespace baton {

// The item's value, and its bytes from a value (at most 8), with the item type's errors.
Result<Value> load_item(Thread& thread, const ItemType& item, const u8* from);
Result<void> convert_item(Thread& thread, const ItemType& item, Value v, u8* out);

Array* as_array(Value v);                                                                 // null: not an array
Result<Array*> make_array_of(Thread& thread, Type* type, const ItemType* item, Index n);  // the caller fills in the items
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
