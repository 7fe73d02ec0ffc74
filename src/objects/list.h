// list: length and a storage array. The array is replaced when it grows, never resized in place; beyond the length it is absent.
#pragma once
#include "objects/tuple.h"

namespace baton {

class List final : public Cell {
 public:
  static constexpr u16 kKind = kKindList;
  static Type* type() { return types.list; }
  void init() {
    length_ = 0;
    storage_.init(nullptr);
  }
  Index length() const { return __atomic_load_n(&length_, __ATOMIC_ACQUIRE); }
  ValueArray* storage() const { return storage_.get(); }
  // The item, or absent when i is out of range (another thread may have shrunk the list).
  Value try_at(Index i) const {
    if (static_cast<u64>(i) >= static_cast<u64>(length())) return Value();
    ValueArray* s = storage_.get();
    return s && i < s->capacity() ? s->at(i) : Value();
  }
  // The same by an index that may count from the end. Where others may move the end meanwhile that takes the lock (list_at):
  // absent.
  Value try_at_signed(Index i) const {
    if (i >= 0) [[likely]]
      return try_at(i);
    return objects_are_locked() ? Value() : try_at(i + length());
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_); }

  Index length_;
  Field<ValueArray> storage_;
};
Result<List*> make_list(Thread& thread, const Value* items = nullptr, Index n = 0);
Result<List*> make_list_with_capacity(Thread& thread, Index capacity);  // empty
Result<Value> list_get_at(Thread& thread, List* self, Index i);         // IndexError; i may count from the end
Result<void> list_append(Thread& thread, List* self, Value item);
Result<void> list_insert_at(Thread& thread, List* self, Index i, Value item);  // i clamped as by insert()
Result<void> list_extend_from(Thread& thread, List* self, Value iterable);
Result<List*> list_from_iterable(Thread& thread, Value iterable);  // a new list
// i in range, checked by the caller under the same lock or the GIL.
Result<bool> list_try_set(Thread& thread, List* self, Index i, Value item);  // false: out of range
Result<Tuple*> list_to_tuple(Thread& thread, List* self);
// Of a range resolved for its length; assignment resolves the parts itself, again after iterating over `value`.
Result<List*> list_get_range(Thread& thread, List* self, const SliceRange& range);
Result<void> list_set_range(Thread& thread, List* self, Value first, Value last, Value stride, Value value);
Result<List*> list_slice(Thread& thread, List* self, Index start, Index stop);  // clamped already
// Replaces items [start, stop) by items[0..n); bounds are clamped to the list as it is then.
Result<void> list_replace_range(Thread& thread, List* self, Index start, Index stop, const Value* items, Index n);
void list_clear_all(Thread& thread, List* self);
// The last item, removed; absent when the list is empty.
Value list_pop_last(Thread& thread, List* self);
Value list_pop_last_locked(Thread& thread, List* self);  // under the list's lock
// Sorts in place; key is None or a callable.
Result<void> list_sort_in_place(Thread& thread, List* self, Value key, bool reverse);
void list_reverse_in_place(Thread& thread, List* self);

}  // namespace baton
