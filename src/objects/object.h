// The object protocols: attributes, calls, operators, iteration, conversion. What a bytecode does in general, these do.
#pragma once
#include "objects/fwd.h"
#include "objects/names.h"
#include "objects/raise.h"
#include "objects/thread.h"
#include "objects/type.h"
#include "threads/lock_byte.h"

namespace baton {

// --- attributes (names interned)
Result<Value> get_attr(Thread& thread, Value object, Str* name);
// kNotFound instead of AttributeError (also when __getattribute__/__getattr__ raised AttributeError).
Result<Value> find_attr(Thread& thread, Value object, Str* name);
Result<Value> get_attr_ascii(Thread& thread, Value object, std::string_view name);
Result<void> set_attr(Thread& thread, Value object, Str* name, Value value);
Result<void> delete_attr(Thread& thread, Value object, Str* name);
// object.__getattribute__ / __setattr__ semantics (descriptors, then instance, then class): kNotFound when missing.
Result<Value> generic_find_attr(Thread& thread, Value object, Str* name);
Result<void> generic_set_attr(Thread& thread, Value object, Str* name, Value value_or_absent);
// For a method call: *callable and *self (absent when callable is complete). Equivalent to get_attr otherwise.
Result<void> load_method(Thread& thread, Value object, Str* name, Value* callable, Value* self);
// Special method lookup: on the type only, bound. kNotFound when there is none.
Result<Value> find_special(Thread& thread, Value object, Str* name);
// descriptor protocol
Result<Value> call_get(Thread& thread, Value descriptor, Value instance_or_none, Type* owner);
bool is_data_descriptor(Value v);

// --- calls
Result<Value> call_values(Thread& thread, Value callable, const Value* args, usize n, Tuple* kwnames = nullptr);
template <class... V>
Result<Value> call(Thread& thread, Value callable, V... args) {
  Value list[sizeof...(V) + 1] = {Value(args)...};
  return call_values(thread, callable, list, sizeof...(V));
}
Result<Value> call_tuple_dict(Thread& thread, Value callable, Tuple* args, Dict* kwargs_or_null);
Result<Value> call_method_values(Thread& thread, Value object, Str* name, const Value* args, usize n);
template <class... V>
Result<Value> call_method(Thread& thread, Value object, Str* name, V... args) {
  Value list[sizeof...(V) + 1] = {Value(args)...};
  return call_method_values(thread, object, name, list, sizeof...(V));
}
// Calls a slot value found on self's type, with self in front. args does not count self.
Result<Value> call_slot_values(Thread& thread, Value slot, Value self, const Value* args, usize n);
template <class... V>
Result<Value> call_slot(Thread& thread, Value slot, Value self, V... args) {
  Value list[sizeof...(V) + 1] = {Value(args)...};
  return call_slot_values(thread, slot, self, list, sizeof...(V));
}
bool is_callable(Value v);
// Installed by the interpreter: runs a Python function.
using PythonCall = Result<Value> (*)(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames);
extern PythonCall call_python_function;

// --- operators
enum class BinaryOp : u8 { Add, Sub, Mul, MatMul, TrueDiv, FloorDiv, Mod, Pow, LShift, RShift, And, Or, Xor, DivMod };
enum class CompareOp : u8 { Lt, Le, Eq, Ne, Gt, Ge };
Result<Value> binary_op(Thread& thread, BinaryOp op, Value a, Value b);
Result<Value> inplace_op(Thread& thread, BinaryOp op, Value a, Value b);
Result<Value> power(Thread& thread, Value a, Value b, Value modulus);
enum class UnaryOp : u8 { Negative, Positive, Invert };
Result<Value> unary_op(Thread& thread, UnaryOp op, Value v);
Result<Value> rich_compare(Thread& thread, CompareOp op, Value a, Value b);
Result<bool> compare_truth(Thread& thread, CompareOp op, Value a, Value b);
Result<Value> tuple_order(Thread& thread, CompareOp op, Tuple* a, Tuple* b);  // of the items, as tuples compare
Result<bool> equals(Thread& thread, Value a, Value b);                        // a == b as truth, without the identity shortcut
Result<bool> same_or_equal_generally(Thread& thread, Value a, Value b);
inline Result<bool> same_or_equal(Thread& thread, Value a, Value b) {  // a is b or a == b, as containers compare
  if (a == b) return true;
  if (both_small_ints(a, b)) return false;
  return same_or_equal_generally(thread, a, b);
}
Result<bool> truth(Thread& thread, Value v);
Result<bool> contains(Thread& thread, Value container, Value item);
Result<u64> hash_of(Thread& thread, Value v);                            // TypeError "unhashable type: 'list'"
Result<bool> is_instance(Thread& thread, Value v, Value type_or_tuple);  // isinstance()
Result<bool> is_subclass(Thread& thread, Value v, Value type_or_tuple);
inline bool is_instance_of_type(Value v, const Type* type) { return type_of(v) == type || type_of(v)->is_subtype_of(type); }

// --- items, length, iteration
Result<Value> get_item(Thread& thread, Value object, Value key);
Result<void> set_item(Thread& thread, Value object, Value key, Value value);
Result<void> delete_item(Thread& thread, Value object, Value key);
Result<Index> length_of(Thread& thread, Value v);
Result<Index> length_hint(Thread& thread, Value v, Index fallback);
Result<Value> get_iter(Thread& thread, Value v);
// The next value, kExhausted, or failed. Never leaves StopIteration pending.
Result<Value> iter_next(Thread& thread, Value iterator);
Result<Value> iter_next_generally(Thread& thread, Value iterator);  // the same without the short cuts of iterators_inline.h
// The same for callers that want the iterator's return value: after kExhausted it is thread.take_stop_value().
Result<Value> iter_next_with_value(Thread& thread, Value iterator);
bool is_iterator(Value v);
Result<Value> make_sequence_iterator(Thread& thread, Value sequence);  // iterators.cpp: the __getitem__ protocol
Result<Value> import_module_value(Thread& thread, std::string_view name);
Result<bool> default_subclasscheck(Thread& thread, Value derived, Value cls);  // type.__subclasscheck__
Result<bool> recursive_isinstance(Thread& thread, Value v, Value cls);         // type.__instancecheck__
// Calls fn(Value) -> Result<bool> (false stops) for each item; fast for exact list and tuple.
template <class F>
Result<void> for_each(Thread& thread, Value iterable, F fn);

// --- text
Result<Str*> repr(Thread& thread, Value v);
Result<Str*> str_of(Thread& thread, Value v);
Result<Str*> ascii_of(Thread& thread, Value v);
Result<Str*> format_value(Thread& thread, Value v, Str* spec_or_null);
Str* type_name(Value v);                                       // name of v's type
Result<Str*> type_qualified_name(Thread& thread, Type* type);  // "module.qualname", builtins without module
// Guard against recursive repr: true = v is being printed already (print "..." instead).
Result<bool> repr_enter(Thread& thread, Value v);
void repr_leave(Thread& thread, Value v);

u64 object_id(Value v);

// --- slices
struct SliceRange {
  Index start, stop, step, length;
};
Result<SliceRange> slice_resolve(Thread& thread, Slice* slice, Index length);
Result<SliceRange> slice_resolve(Thread& thread, Value start, Value stop, Value step, Index length);

class Slice final : public Cell {
 public:
  static constexpr u16 kKind = kKindSlice;
  static Type* type() { return types.slice; }
  void init(Value start, Value stop, Value step) {
    start_.init(start);
    stop_.init(stop);
    step_.init(step);
  }
  Value start() const { return start_.get(); }
  Value stop() const { return stop_.get(); }
  Value step() const { return step_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(start_, stop_, step_); }

 private:
  Field<Value> start_, stop_, step_;
};

template <class F>
Result<void> for_each(Thread& thread, Value iterable, F fn) {
  Value iterator = TRY(get_iter(thread, iterable));
  for (;;) {
    Value item = TRY(iter_next(thread, iterator));
    if (item == kExhausted) return ok;
    if (!TRY(fn(item))) return ok;
  }
}

// Takes the lock byte of an object when the GIL is off; free otherwise. No Python code, no call-out, no blocking under it.
class CriticalSection {
 public:
  BATON_ALWAYS_INLINE CriticalSection(Thread& thread, Cell* cell) : lock_(thread, cell->lock_byte()) {}
  BATON_ALWAYS_INLINE CriticalSection(Thread& thread, Cell* a, Cell* b) : lock_(thread, a->lock_byte(), b->lock_byte()) {}

 private:
  ByteLock lock_;
};

}  // namespace baton
