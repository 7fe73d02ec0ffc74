// Argument checks of natives that take their call raw (constructors that ignore keywords for some subclasses, variadic methods),
// with the texts of CPython's argument helpers; and what all sequence types share: index keys, slice bounds, comparison results.
#pragma once
#include "objects/object.h"

namespace baton {

// "NAME() takes no keyword arguments"
Result<void> check_no_keywords(Thread& thread, const char* name, Tuple* kwnames);
// "NAME expected at most 1 argument, got 2" and friends; n does not count self or the type.
Result<void> check_positional(Thread& thread, const char* name, usize n, usize min, usize max);
// For raw __new__ rows: args[0] is a type derived from `base`, else TypeError as CPython words it.
Result<Type*> check_new_type(Thread& thread, Value const* args, usize n, Type* base);
// For other __new__ rows.
Result<void> check_subtype(Thread& thread, Type* type, Type* base);
// Value of keyword `name` among those after the n positional values, or absent.
Value keyword_value(Value const* args, usize n, Tuple* kwnames, std::string_view name);

inline bool has_index(Value v) { return v.is_small_int() || type_of(v)->slot(Slot::index).is_present(); }
// Bounds of index(value, start, stop): integers only, clipped.
Result<Index> slice_bound(Thread& thread, Value v);
// Clips start/stop of a search to [0, length].
inline void clip_bounds(Index length, Index* start, Index* stop) {
  if (*start < 0) {
    *start += length;
    if (*start < 0) *start = 0;
  }
  if (*stop < 0) {
    *stop += length;
    if (*stop < 0) *stop = 0;
  }
  if (*stop > length) *stop = length;
}
// a OP b for integers.
inline bool compare_indexes(CompareOp op, Index a, Index b) {
  switch (op) {
    case CompareOp::Lt: return a < b;
    case CompareOp::Le: return a <= b;
    case CompareOp::Eq: return a == b;
    case CompareOp::Ne: return a != b;
    case CompareOp::Gt: return a > b;
    default: return a >= b;
  }
}
// types.GenericAlias(type, item), for __class_getitem__ rows.
Result<Value> class_getitem(Thread& thread, Type* type, Value item);

}  // namespace baton
