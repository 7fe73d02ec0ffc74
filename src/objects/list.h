// list: length and a storage array. The array is replaced when it grows, never resized in place; beyond the length it is absent.
#pragma once
#include "objects/tuple.h"

namespace baton {

class List final : public Cell {
 public:
  static constexpr u16 kKind = kKindList;
  static Type* type() { return types.list; }
  void init() { length_ = 0; storage_.init(nullptr); }
  Index length() const { return __atomic_load_n(&length_, __ATOMIC_ACQUIRE); }
  ValueArray* storage() const { return storage_.get(); }
  // The item, or absent when i is out of range (another thread may have shrunk the list).
  Value try_at(Index i) const {
    if (static_cast<u64>(i) >= static_cast<u64>(length())) return Value();
    ValueArray* s = storage_.get();
    return s && i < s->capacity() ? s->at(i) : Value();
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_); }

  Index length_;
  Field<ValueArray> storage_;
};
Result<List*> make_list(Thread& thread, const Value* items = nullptr, Index n = 0);
Result<void> list_append(Thread& thread, List* self, Value item);
Result<void> list_insert_at(Thread& thread, List* self, Index i, Value item);
Result<void> list_extend_from(Thread& thread, List* self, Value iterable);
Result<List*> list_from_iterable(Thread& thread, Value iterable);
// i in range, checked by the caller under the same lock or the GIL.
Result<bool> list_try_set(Thread& thread, List* self, Index i, Value item);   // false: out of range
Result<Tuple*> list_to_tuple(Thread& thread, List* self);

}  // namespace baton
