// tuple: immutable, items inline. ValueArray: fixed-capacity storage of Values, absent beyond what its owner uses.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class Tuple final : public Cell {
 public:
  static constexpr u16 kKind = kKindTuple;
  static Type* type() { return types.tuple; }
  static usize size_for(const Value*, Index n) { return sizeof(Tuple) + static_cast<usize>(n) * sizeof(Value); }
  void init(const Value* items, Index n) {
    length_ = n;
    for (Index i = 0; i < n; ++i) slots()[i].init(items ? items[i] : kNone);
  }
  Index length() const { return length_; }
  Value at(Index i) const { return slots()[i].get(); }
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
  Field<Value>* slots() { return reinterpret_cast<Field<Value>*>(this + 1); }
  const Field<Value>* slots() const { return reinterpret_cast<const Field<Value>*>(this + 1); }
  void set_at(Index i, Value v) { slots()[i].set(this, v); }  // before it is visible to Python only
  void visit_edges(EdgeVisitor& visit) const { visit.visit_range(slots(), static_cast<usize>(length_)); }

 private:
  Index length_;
};
// items null: filled with None, to be set by set_at before it is published. The empty tuple is one object.
Result<Tuple*> make_tuple(Thread& thread, const Value* items, Index n);
template <class... V>
Result<Tuple*> tuple_of(Thread& thread, V... values) {
  Value items[sizeof...(V) + 1] = {Value(values)...};
  return make_tuple(thread, items, sizeof...(V));
}
Tuple* empty_tuple();
Result<Tuple*> tuple_get_range(Thread& thread, Tuple* self, const SliceRange& range);  // resolved for its length
Result<Tuple*> tuple_slice(Thread& thread, Tuple* self, Index start, Index stop);
Result<Tuple*> tuple_from_iterable(Thread& thread, Value iterable);
Result<i64> tuple_hash(Thread& thread, Tuple* self);

// The descriptor of a named tuple's field (_collections._tuplegetter): here, as inline caches know it.
class TupleGetter final : public Cell {
 public:
  void init(Index index, Value doc) {
    index_ = index;
    doc_.init(doc);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(doc_); }
  Index index_;
  Field<Value> doc_;
};

class ValueArray final : public Cell {
 public:
  static constexpr u16 kKind = kKindValueArray;
  static usize size_for(Index n) { return sizeof(ValueArray) + static_cast<usize>(n) * sizeof(Value); }
  Index capacity() const { return capacity_; }
  Field<Value>* slots() { return reinterpret_cast<Field<Value>*>(this + 1); }
  const Field<Value>* slots() const { return reinterpret_cast<const Field<Value>*>(this + 1); }
  Value at(Index i) const { return slots()[i].get(); }
  void set_at(Index i, Value v) { slots()[i].set(this, v); }
  void visit_edges(EdgeVisitor& visit) const { visit.visit_range(slots(), static_cast<usize>(capacity_)); }
  Index capacity_;
};
Result<ValueArray*> make_value_array(Thread& thread, Index n);  // all absent
// Of value arrays, raw bytes, tables of dict and set: once, before the first is made.
void register_storage_kinds();

}  // namespace baton
