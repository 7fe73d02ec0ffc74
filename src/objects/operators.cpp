// Operators and the other protocols that go through special methods: arithmetic, comparison, truth, hash, items, iteration, text.
#include "objects/operators.h"

#include "base/utf8.h"
#include "objects/at_this_moment.h"
#include "objects/bytes.h"
#include "objects/constant_text.h"
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/dict_views.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/function.h"
#include "objects/generator.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/made_at_run_time.h"
#include "objects/native_room.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- arithmetic

static Value slot_or_absent(Type* type, Slot slot) { return slot == Slot::kCount ? Value() : type->slot(slot); }

// A subclass that overrides the reflected method gets the first say.
static bool reflected_first(Type* left, Type* right, Slot reflected) {
  if (left == right || !right->is_subtype_of(left)) return false;
  Value theirs = right->slot(reflected);
  return theirs.is_present() && theirs != left->slot(reflected);
}

static Function* function_of_two(Value slot) {
  return is_exact<Function>(slot) && slot.as<Function>()->code()->simple_argcount() == 2 ? slot.as<Function>() : nullptr;
}

OperatorMethod find_operator_method(BinaryOp op, bool is_inplace, Value a, Value b) {
  const BinaryInfo& info = kBinary[static_cast<usize>(op)];
  Type *left = type_of(a), *right = type_of(b);
  if (is_inplace) {
    Value slot = slot_or_absent(left, info.inplace);
    if (slot.is_present()) return {function_of_two(slot), OperatorTurn::Inplace};
  }
  if (Function* forward = function_of_two(left->slot(info.forward)))
    return {left == right || !right->is_subtype_of(left) ? forward : nullptr, OperatorTurn::Forward};
  // A number's own method declines what is no number.
  bool is_number = a.is_small_int() || a.is_immediate_float();
  if (is_number && b.is_cell() && b.cell()->kind_word() == (kKindObject | kSubclassBit))
    return {function_of_two(right->slot(info.reflected)), OperatorTurn::Reflected};
  return {nullptr, OperatorTurn::Forward};
}

// A slot that is None blocks the operation (data model: "setting a special method to None").
static Result<Value> try_slot(Thread& thread, Value slot, Value self, Value other) {
  if (slot.is_absent()) return kNotImplemented;
  if (is<MethodDescriptor>(slot)) {  // natives' operators: without the general call's steps
    const NativeDef& def = *slot.as<MethodDescriptor>()->def();
    Value operands[2] = {self, other};
    if (!(def.flags & kNativeClassMethod)) return def.entry(thread, def, operands, 2, nullptr);
  }
  return call_slot(thread, slot, self, other);
}

// Comparison takes a special method that can't be bound (a property that raises, say) for one that isn't there.
static Result<Value> try_compare_slot(Thread& thread, Value slot, Value self, Value other) {
  if (slot.is_absent() || is<Function>(slot) || is<MethodDescriptor>(slot)) return try_slot(thread, slot, self, other);
  Result<Value> bound = call_get(thread, slot, self, type_of(self));
  if (bound.is_failed()) {
    thread.clear_pending();
    return kNotImplemented;
  }
  return call(thread, bound.value(), other);
}

static bool is_sequence_operator(Value slot) {
  return is<MethodDescriptor>(slot) && slot.as<MethodDescriptor>()->def()->sequence_operator;
}

// As try_slot. A sequence isn't asked to repeat itself by what is no integer: it would say so in the words of an explicit call.
static Result<Value> try_operator_slot(Thread& thread, BinaryOp op, Value slot, Value self, Value other) {
  if (op == BinaryOp::Mul && is_sequence_operator(slot) && !has_index(other)) return kNotImplemented;
  return try_slot(thread, slot, self, other);
}

// A class of sequences with a reflected operator of its own answers for both: a sequence's refusal is an error then.
static bool answers_for_both(Type* type, const BinaryInfo& info) {
  Value own = type->slot(info.reflected);
  return is_sequence_operator(type->slot(info.forward)) && own.is_present() && !is_sequence_operator(own);
}

static Result<Value> binary_or_not_implemented(Thread& thread, BinaryOp op, Value a, Value b) {
  const BinaryInfo& info = kBinary[static_cast<usize>(op)];
  Type *left = type_of(a), *right = type_of(b);
  if (left == right) {
    // Same type: the reflected method is not tried after the forward one says no, unless they differ by design (sequence repeat).
    if (answers_for_both(left, info)) return call_slot(thread, left->slot(info.forward), a, b);
    return try_operator_slot(thread, op, left->slot(info.forward), a, b);
  }
  Value forward = left->slot(info.forward), reflected = right->slot(info.reflected);
  if (answers_for_both(left, info) && !reflected_first(left, right, info.reflected)) return call_slot(thread, forward, a, b);
  bool first = (reflected_first(left, right, info.reflected) && !is_sequence_operator(reflected)) ||
               (is_sequence_operator(forward) && !is_sequence_operator(reflected));
  if (first && right != types.int_) {  // int itself says no to every sequence
    Value v = TRY(try_slot(thread, reflected, b, a));
    if (!v.is_not_implemented()) return v;
  }
  Value v = TRY(try_operator_slot(thread, op, forward, a, b));
  if (!v.is_not_implemented() || first) return v;
  return try_operator_slot(thread, op, reflected, b, a);
}

static Failed raise_unsupported(Thread& thread, const char* symbol, Value a, Value b) {
  return raise_type_error(thread, "unsupported operand type(s) for {}: '{!t}' and '{!t}'", symbol, a, b);
}

// Wording that CPython's sequence slots give when the other operand doesn't fit.
static Failed raise_binary(Thread& thread, BinaryOp op, const char* symbol, Value a, Value b) {
  if (op == BinaryOp::Add || op == BinaryOp::Mul) {
    // Subclasses that override the operator keep the sequence slot of their base.
    auto is_sequence = [](Value v) { return is<List>(v) || is<Tuple>(v) || is<Str>(v) || is<Bytes>(v) || is<ByteArray>(v); };
    auto repeats = [&](Value v) { return is_sequence(v) || is_sequence_operator(type_of(v)->slot(Slot::mul)); };
    // x *= sequence is left to x if its type has sequence slots, whatever they are.
    bool left_decides = symbol == kBinary[static_cast<usize>(op)].inplace_symbol &&
                        (type_of(a)->has_flag(kTypeHeap) || type_of(a)->slot(Slot::len).is_present());
    if (op == BinaryOp::Mul && (repeats(a) || (repeats(b) && !left_decides))) {
      Value other = repeats(a) ? b : a;
      return raise_type_error(thread, "can't multiply sequence by non-int of type '{!t}'", other);
    }
    if (op == BinaryOp::Add && is_sequence(a)) {
      if (is<Bytes>(a) || is<ByteArray>(a)) return raise_type_error(thread, "can't concat {!t} to {!t}", b, a);
      return raise_type_error(thread, "can only concatenate {} (not \"{!t}\") to {}",
                              is<Str>(a)    ? types.str
                              : is<List>(a) ? types.list
                                            : types.tuple,
                              b,
                              is<Str>(a)    ? types.str
                              : is<List>(a) ? types.list
                                            : types.tuple);
    }
  }
  if (op == BinaryOp::RShift && is<NativeFunction>(a) && a.as<NativeFunction>()->def()->name() == "print") {
    return raise_type_error(
        thread, "unsupported operand type(s) for {}: '{!t}' and '{!t}'. Did you mean \"print(<message>, file=<output_stream>)\"?",
        symbol, a, b);
  }
  return raise_unsupported(thread, symbol, a, b);
}

// Sums, differences and products of small ints and floats; absent: take the slots.
static Value quick_arithmetic(BinaryOp op, Value a, Value b) {
  if (both_small_ints(a, b)) {
    i64 n;
    if (op == BinaryOp::Add)
      n = a.small_int() + b.small_int();
    else if (op == BinaryOp::Sub)
      n = a.small_int() - b.small_int();
    else if (op != BinaryOp::Mul || __builtin_mul_overflow(a.small_int(), b.small_int(), &n))
      return Value();
    return Value::fits_small_int(n) ? Value::of_small_int(n) : Value();
  }
  if (a.is_immediate_float() && b.is_immediate_float()) {
    double x = a.immediate_float(), y = b.immediate_float(), z;
    if (op == BinaryOp::Add)
      z = x + y;
    else if (op == BinaryOp::Sub)
      z = x - y;
    else if (op == BinaryOp::Mul)
      z = x * y;
    else
      return Value();
    return Value::try_of_float(z);
  }
  return Value();
}

Result<Value> binary_op(Thread& thread, BinaryOp op, Value a, Value b) {
  if (Value quick = quick_arithmetic(op, a, b); quick.is_present()) return quick;
  if (op == BinaryOp::Mod && is_exact<Str>(a) && (!is<Str>(b) || is_exact<Str>(b))) return str_percent(thread, a.as<Str>(), b);
  if (op == BinaryOp::Pow) return power(thread, a, b, kNone);
  Value v = TRY(binary_or_not_implemented(thread, op, a, b));
  if (v.is_not_implemented()) return raise_binary(thread, op, kBinary[static_cast<usize>(op)].symbol, a, b);
  return v;
}

// Whether CPython's type has the slots of sequences, be they empty: classes have them.
static bool has_sequence_slots(const Type* type) {
  return type->has_flag(kTypeHeap) || type->slot(Slot::len).is_present() || is_made_at_run_time(type);
}

// What x op= y does where x has no in-place operator that took y. A sequence on the right repeats itself for numbers only.
static Result<Value> after_inplace(Thread& thread, BinaryOp op, Value a, Value b) {
  const BinaryInfo& info = kBinary[static_cast<usize>(op)];
  Type* left = type_of(a);
  if (op == BinaryOp::Mul && is_sequence_operator(type_of(b)->slot(info.reflected)) && has_sequence_slots(left) &&
      !answers_for_both(left, info))
    return try_operator_slot(thread, op, left->slot(info.forward), a, b);
  return binary_or_not_implemented(thread, op, a, b);
}

Result<Value> inplace_op(Thread& thread, BinaryOp op, Value a, Value b) {
  const BinaryInfo& info = kBinary[static_cast<usize>(op)];
  Value slot = slot_or_absent(type_of(a), info.inplace);
  if (slot.is_present() && !(op == BinaryOp::Mul && is_sequence_operator(slot) && answers_for_both(type_of(a), info))) {
    if (Value reflected = type_of(b)->slot(info.reflected); is_sequence_operator(slot) && !type_of(a)->has_flag(kTypeHeap) &&
                                                            reflected.is_present() && !is_sequence_operator(reflected)) {
      Value v = TRY(call_slot(thread, reflected, b, a));
      if (!v.is_not_implemented()) return v;
    }
    Value v = TRY(try_operator_slot(thread, op, slot, a, b));
    if (!v.is_not_implemented()) return v;
  }
  Value v = TRY(after_inplace(thread, op, a, b));
  if (v.is_not_implemented()) return raise_binary(thread, op, info.inplace_symbol, a, b);
  return v;
}

Result<Value> finish_declined_operator(Thread& thread, BinaryOp op, bool is_inplace, OperatorTurn turn, Value a, Value b) {
  const BinaryInfo& info = kBinary[static_cast<usize>(op)];
  Type *left = type_of(a), *right = type_of(b);
  if (turn != OperatorTurn::Reflected) {
    Value v = turn == OperatorTurn::Inplace ? TRY(after_inplace(thread, op, a, b))
              : left != right               ? TRY(try_operator_slot(thread, op, right->slot(info.reflected), b, a))
                                            : kNotImplemented;
    if (!v.is_not_implemented()) return v;
  }
  if (is_inplace) return raise_binary(thread, op, info.inplace_symbol, a, b);
  if (op == BinaryOp::Pow) return raise_unsupported(thread, info.symbol, a, b);
  return raise_binary(thread, op, info.symbol, a, b);
}

Result<Value> power(Thread& thread, Value a, Value b, Value modulus) {
  if (is_exact_int(a) && is_exact_int(b) && (modulus.is_none() || is_exact_int(modulus))) return int_pow(thread, a, b, modulus);
  if (modulus.is_none()) {
    Value v = TRY(binary_or_not_implemented(thread, BinaryOp::Pow, a, b));
    if (v.is_not_implemented()) return raise_unsupported(thread, kBinary[static_cast<usize>(BinaryOp::Pow)].symbol, a, b);
    return v;
  }
  Value slot = type_of(a)->slot(Slot::pow);
  if (slot.is_present()) {
    Value v = TRY(call_slot(thread, slot, a, b, modulus));
    if (!v.is_not_implemented()) return v;
  }
  // The slots of the other operands, of which only those of native numbers accept three.
  if (Value reflected = type_of(b)->slot(Slot::rpow); type_of(b) != type_of(a) && is<MethodDescriptor>(reflected)) {
    Value v = TRY(call_slot(thread, reflected, b, a, modulus));
    if (!v.is_not_implemented()) return v;
  }
  for (Value other : {b, modulus}) {
    if (is_float(other)) return raise_type_error(thread, "pow() 3rd argument not allowed unless all arguments are integers");
    if (is<Complex>(other) && (is_float(a) || is_int(a)) && (is_float(b) || is_int(b) || is<Complex>(b)))
      return raise_value_error(thread, "complex modulo");
  }
  return raise_type_error(thread, "unsupported operand type(s) for ** or pow(): '{!t}', '{!t}', '{!t}'", a, b, modulus);
}

Result<Value> unary_op(Thread& thread, UnaryOp op, Value v) {
  constexpr Slot kSlots[] = {Slot::neg, Slot::pos, Slot::invert};
  constexpr const char* kSymbols[] = {"-", "+", "~"};
  Value slot = type_of(v)->slot(kSlots[static_cast<usize>(op)]);
  if (slot.is_absent())
    return raise_type_error(thread, "bad operand type for unary {}: '{!t}'", kSymbols[static_cast<usize>(op)], v);
  return call_slot(thread, slot, v);
}

// ---------------------------------------------------------------------------------------------------------------- comparison

static constexpr CompareOp kReflected[] = {CompareOp::Gt, CompareOp::Ge, CompareOp::Eq,
                                           CompareOp::Ne, CompareOp::Lt, CompareOp::Le};
static constexpr const char* kCompareSymbols[] = {"<", "<=", "==", "!=", ">", ">="};

static bool int_order(CompareOp op, int c) {
  switch (op) {
    case CompareOp::Lt: return c < 0;
    case CompareOp::Le: return c <= 0;
    case CompareOp::Eq: return c == 0;
    case CompareOp::Ne: return c != 0;
    case CompareOp::Gt: return c > 0;
    case CompareOp::Ge: return c >= 0;
  }
  return false;
}

Function* find_comparison_method(CompareOp op, Value a, Value b) {
  Type *left = type_of(a), *right = type_of(b);
  if (left != right && right->is_subtype_of(left)) return nullptr;  // which has the first say
  return function_of_two(left->slot(comparison_slot(op)));
}

// Where no method has an answer.
static Result<Value> compare_identities(Thread& thread, CompareOp op, Value a, Value b) {
  if (op == CompareOp::Eq) return Value::of_bool(a == b);
  if (op == CompareOp::Ne) return Value::of_bool(!(a == b));
  return raise_type_error(thread, "'{}' not supported between instances of '{!t}' and '{!t}'",
                          kCompareSymbols[static_cast<usize>(op)], a, b);
}

Result<Value> finish_declined_comparison(Thread& thread, CompareOp op, Value a, Value b) {
  Slot reflected = comparison_slot(kReflected[static_cast<usize>(op)]);
  Value v = TRY(try_compare_slot(thread, type_of(b)->slot(reflected), b, a));
  return v.is_not_implemented() ? compare_identities(thread, op, a, b) : Result<Value>(v);
}

static bool compares_by_identity(Type* type) {
  return type->slot(Slot::eq) == types.object->slot(Slot::eq) && type->slot(Slot::ne) == types.object->slot(Slot::ne);
}

Result<Value> rich_compare(Thread& thread, CompareOp op, Value a, Value b) {
  if (both_small_ints(a, b))
    return Value::of_bool(int_order(op, a.small_int() < b.small_int() ? -1 : a.small_int() > b.small_int()));
  if (a.is_immediate_float() && b.is_immediate_float()) {
    double x = a.immediate_float(), y = b.immediate_float();
    if (x == x && y == y) [[likely]]  // nans are in no order
      return Value::of_bool(int_order(op, x < y ? -1 : x > y));
  }
  Type *left = type_of(a), *right = type_of(b);
  if (left == right && left == types.str) {
    if (op == CompareOp::Eq) return Value::of_bool(str_equal(a.as<Str>(), b.as<Str>()));
    if (op == CompareOp::Ne) return Value::of_bool(!str_equal(a.as<Str>(), b.as<Str>()));
    return Value::of_bool(int_order(op, str_compare(a.as<Str>(), b.as<Str>())));
  }
  if (left == right && left == types.tuple) return tuple_order(thread, op, a.as<Tuple>(), b.as<Tuple>());
  if ((op == CompareOp::Eq || op == CompareOp::Ne) && (a.is_none() || b.is_none()) && !left->has_flag(kTypeHeap) &&
      !right->has_flag(kTypeHeap)) {
    return Value::of_bool((a == b) == (op == CompareOp::Eq));
  }
  if ((op == CompareOp::Eq || op == CompareOp::Ne) && compares_by_identity(left) && compares_by_identity(right))
    return Value::of_bool((a == b) == (op == CompareOp::Eq));
  TRY(check_native_depth(thread, " in comparison"));
  Slot forward = comparison_slot(op);
  Slot reflected = comparison_slot(kReflected[static_cast<usize>(op)]);
  bool tried_reflected = false;
  if (left != right && right->is_subtype_of(left)) {
    tried_reflected = true;
    Value v = TRY(try_compare_slot(thread, right->slot(reflected), b, a));
    if (!v.is_not_implemented()) return v;
  }
  Value v = TRY(try_compare_slot(thread, left->slot(forward), a, b));
  if (!v.is_not_implemented()) return v;
  return tried_reflected ? compare_identities(thread, op, a, b) : finish_declined_comparison(thread, op, a, b);
}

Result<bool> compare_truth(Thread& thread, CompareOp op, Value a, Value b) {
  Value v = TRY(rich_compare(thread, op, a, b));
  if (v.is_bool()) return v.is_true();
  return truth(thread, v);
}

Result<bool> equals(Thread& thread, Value a, Value b) { return compare_truth(thread, CompareOp::Eq, a, b); }

Result<bool> same_or_equal_generally(Thread& thread, Value a, Value b) {
  if (a.is_immediate_float() && b.is_immediate_float()) return a.immediate_float() == b.immediate_float();
  if (is_exact<Str>(a) && is_exact<Str>(b)) return str_equal(a.as<Str>(), b.as<Str>());
  return compare_truth(thread, CompareOp::Eq, a, b);
}

// By the type's __len__ as the caller found it: another thread may have taken it from the class since.
static Result<Index> length_by(Thread& thread, Value slot, Value v);

Failed raise_bad_truth(Thread& thread, Value answer) {
  return raise_type_error(thread, "__bool__ should return bool, returned {!t}", answer);
}

Result<bool> truth(Thread& thread, Value v) {
  if (v.is_bool()) return v.is_true();
  if (v.is_none()) return false;
  if (v.is_small_int()) return v.small_int() != 0;
  if (v.is_immediate_float()) return v.immediate_float() != 0;
  if (!v.is_cell()) {
    if (v.is_not_implemented())
      TRY(warn(thread, exceptions.DeprecationWarning, "NotImplemented should not be used in a boolean context"));
    return true;
  }
  switch (v.cell()->kind_word()) {
    case kKindStr: return v.as<Str>()->length() != 0;
    case kKindList: return v.as<List>()->length() != 0;
    case kKindTuple: return v.as<Tuple>()->length() != 0;
    case kKindDict: return v.as<Dict>()->length() != 0;
    case kKindBytes: return v.as<Bytes>()->length() != 0;
    case kKindByteArray: return v.as<ByteArray>()->length() != 0;
    default: break;
  }
  Type* type = type_of(v);
  if (Value slot = type->slot(Slot::bool_); slot.is_present()) {
    Value answer = TRY(call_slot(thread, slot, v));
    if (!answer.is_bool()) return raise_bad_truth(thread, answer);
    return answer.is_true();
  }
  if (Value slot = type->slot(Slot::len); slot.is_present()) return TRY(length_by(thread, slot, v)) != 0;
  return true;
}

// object.__hash__.
static u64 identity_hash(Value v) {
  u64 id = object_id(v);
  u64 h = (id >> 4) | (id << 60);
  return h == static_cast<u64>(-1) ? static_cast<u64>(-2) : h;
}

Result<u64> hash_of(Thread& thread, Value v) {
  if (v.is_small_int() || v.is_bool()) return int_hash(int_exact(v));
  if (v.is_immediate_float()) return float_hash(v.immediate_float());
  if (is_exact<Str>(v)) return str_hash(v.as<Str>());
  if (is_exact<Tuple>(v)) return static_cast<u64>(TRY(tuple_hash(thread, v.as<Tuple>())));
  Type* type = type_of(v);
  Value slot = type->slot(Slot::hash);
  if (slot.is_absent() || slot.is_none()) return raise_type_error(thread, "unhashable type: '{!t}'", v);
  if (slot == types.object->slot(Slot::hash)) return identity_hash(v);
  if (NativeDef* def = is<MethodDescriptor>(slot) ? slot.as<MethodDescriptor>()->def() : nullptr; def && def->integer) {
    i64 raw = TRY(def->integer(thread, *def, v));
    return static_cast<u64>(raw == -1 ? -2 : raw);
  }
  Value h = TRY(call_slot(thread, slot, v));
  if (!is_int(h)) return raise_type_error(thread, "__hash__ method should return an integer");
  i64 raw;
  Value exact = int_exact(h);
  u64 result;
  if (int_to_i64(exact, &raw))
    result = static_cast<u64>(raw);
  else
    result = int_hash(exact);
  return result == static_cast<u64>(-1) ? static_cast<u64>(-2) : result;
}

u64 object_id(Value v) { return v.bits(); }

// ---------------------------------------------------------------------------------------------------------------- isinstance

static Result<bool> recursive_issubclass(Thread& thread, Value derived, Value cls);

static Result<Value> bases_of(Thread& thread, Value cls) {
  Value bases = TRY(find_attr(thread, cls, names.dunder_bases));
  return bases != kNotFound && is<Tuple>(bases) ? bases : kNotFound;
}

static Result<bool> abstract_issubclass(Thread& thread, Value derived, Value cls) {
  NativeDepth depth(thread, " in __issubclass__");
  TRY(depth.check());
  if (derived == cls) return true;
  Value bases = TRY(bases_of(thread, derived));
  if (bases == kNotFound) return false;
  Tuple* list = bases.as<Tuple>();
  for (Index i = 0; i < list->length(); ++i)
    if (TRY(abstract_issubclass(thread, list->at(i), cls))) return true;
  return false;
}

static Result<void> check_class(Thread& thread, Value cls, const char* text) {
  if (TRY(bases_of(thread, cls)) == kNotFound) return raise_type_error(thread, "{}", text);
  return ok;
}

Result<bool> recursive_isinstance(Thread& thread, Value v, Value cls) {
  if (is<Type>(cls)) {
    if (is_instance_of_type(v, cls.as<Type>())) return true;
    Type* type = type_of(v);
    if (!type->has_flag(kTypeCustomGetattribute) && !type->find_attribute_ &&
        type_lookup(type, names.dunder_class) == type_lookup(types.object, names.dunder_class))
      return false;  // __class__ is as it is
    Value claimed = TRY(find_attr(thread, v, names.dunder_class));
    if (claimed != kNotFound && is<Type>(claimed) && claimed.as<Type>() != type_of(v))
      return claimed.as<Type>()->is_subtype_of(cls.as<Type>());
    return false;
  }
  TRY(check_class(thread, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union"));
  Value claimed = TRY(find_attr(thread, v, names.dunder_class));
  if (claimed == kNotFound) return false;
  return abstract_issubclass(thread, claimed, cls);
}

static Result<bool> recursive_issubclass(Thread& thread, Value derived, Value cls) {
  if (is<Type>(cls) && is<Type>(derived)) return derived.as<Type>()->is_subtype_of(cls.as<Type>());
  TRY(check_class(thread, derived, "issubclass() arg 1 must be a class"));
  TRY(check_class(thread, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"));
  return abstract_issubclass(thread, derived, cls);
}

Result<bool> default_subclasscheck(Thread& thread, Value derived, Value cls) {
  return recursive_issubclass(thread, derived, cls);
}

Result<bool> is_instance(Thread& thread, Value v, Value cls) {
  if (Value(type_of(v)) == cls) return true;
  if (is<Type>(cls) && type_of(cls) == types.type) return recursive_isinstance(thread, v, cls);
  if (is<Tuple>(cls)) {
    NativeDepth depth(thread, " in __instancecheck__");
    TRY(depth.check());
    Tuple* list = cls.as<Tuple>();
    for (Index i = 0; i < list->length(); ++i)
      if (TRY(is_instance(thread, v, list->at(i)))) return true;
    return false;
  }
  Value check = type_of(cls)->slot(Slot::instancecheck);
  if (check.is_present()) {
    NativeDepth depth(thread, " in __instancecheck__");
    TRY(depth.check());
    return truth(thread, TRY(call_slot(thread, check, cls, v)));
  }
  return recursive_isinstance(thread, v, cls);
}

Result<bool> is_subclass(Thread& thread, Value derived, Value cls) {
  if (is<Type>(cls) && type_of(cls) == types.type) {
    if (derived == cls) return true;
    return recursive_issubclass(thread, derived, cls);
  }
  if (is<Tuple>(cls)) {
    NativeDepth depth(thread, " in __subclasscheck__");
    TRY(depth.check());
    Tuple* list = cls.as<Tuple>();
    for (Index i = 0; i < list->length(); ++i)
      if (TRY(is_subclass(thread, derived, list->at(i)))) return true;
    return false;
  }
  Value check = type_of(cls)->slot(Slot::subclasscheck);
  if (check.is_present()) {
    NativeDepth depth(thread, " in __subclasscheck__");
    TRY(depth.check());
    return truth(thread, TRY(call_slot(thread, check, cls, derived)));
  }
  return recursive_issubclass(thread, derived, cls);
}

// ---------------------------------------------------------------------------------------------------------------- items, length

static Result<Value> str_subscript_value(Thread& thread, Str* text, Value key) {
  if (key.is_small_int()) {
    i64 i = key.small_int(), n = text->length();
    if (i < 0) i += n;
    if (static_cast<u64>(i) < static_cast<u64>(n)) return Value(TRY(str_item(thread, text, i)));
  }
  return Value(TRY(str_subscript(thread, text, key)));
}

Result<Value> get_item(Thread& thread, Value object, Value key) {
  if (is_exact<List>(object) && key.is_small_int()) return list_get_at(thread, object.as<List>(), key.small_int());
  if (is_exact<Dict>(object)) {
    Value v = TRY(dict_find(thread, object.as<Dict>(), key));
    if (v == kNotFound) return raise_key_error(thread, key);
    return v;
  }
  if (is_exact<Str>(object)) return str_subscript_value(thread, object.as<Str>(), key);
  if (is_exact<Bytes>(object) && key.is_small_int()) {
    i64 i = key.small_int(), n = object.as<Bytes>()->length();
    if (i < 0) i += n;
    if (static_cast<u64>(i) < static_cast<u64>(n)) return Value::of_small_int(object.as<Bytes>()->data()[i]);
  }
  Value slot = type_of(object)->slot(Slot::getitem);
  if (slot.is_present()) return call_slot(thread, slot, object, key);
  if (is<Type>(object)) {
    if (object == Value(types.type))
      return call(thread, TRY(get_attr_ascii(thread, TRY(import_module_value(thread, "types")), "GenericAlias")), object, key);
    Value method = TRY(find_attr(thread, object, names.dunder_class_getitem));
    if (method != kNotFound && !method.is_none()) return call(thread, method, key);
    return raise_type_error(thread, "type '{}' is not subscriptable", object.as<Type>()->name());
  }
  return raise_type_error(thread, "'{!t}' object is not subscriptable", object);
}

// What can't be stored into is asked for its item as a sequence first, if it is one of any kind and the key an index: then it is
// the key that may be at fault.
static Result<bool> is_sequence_with_index(Thread& thread, Value object, Value key) {
  Type* type = type_of(object);
  if (!has_sequence_slots(type) || !has_index(key)) return false;
  TRY(to_index_checked(thread, key));
  return true;
}

Result<void> set_item(Thread& thread, Value object, Value key, Value value) {
  if (is_exact<Dict>(object)) return dict_set(thread, object.as<Dict>(), key, value);
  Value slot = type_of(object)->slot(Slot::setitem);
  if (slot.is_absent()) {
    TRY(is_sequence_with_index(thread, object, key));
    return raise_type_error(thread, "'{!t}' object does not support item assignment", object);
  }
  TRY(call_slot(thread, slot, object, key, value));
  return ok;
}

Result<void> delete_item(Thread& thread, Value object, Value key) {
  if (is_exact<Dict>(object)) {
    if (!TRY(dict_remove(thread, object.as<Dict>(), key))) return raise_key_error(thread, key);
    return ok;
  }
  if (is_exact<List>(object)) return list_delete_item(thread, object.as<List>(), key);
  Value slot = type_of(object)->slot(Slot::delitem);
  if (slot.is_absent()) {
    if (TRY(is_sequence_with_index(thread, object, key)))
      return raise_type_error(thread, "'{!t}' object doesn't support item deletion", object);
    return raise_type_error(thread, "'{!t}' object does not support item deletion", object);
  }
  TRY(call_slot(thread, slot, object, key));
  return ok;
}

Result<Index> checked_length(Thread& thread, Value answer) {
  Value exact = TRY(to_index(thread, answer));
  i64 n;
  bool fits = int_to_i64(exact, &n);
  if (int_sign(exact) < 0) return raise_value_error(thread, "__len__() should return >= 0");
  if (!fits) return raise_overflow_error(thread, "cannot fit '{!t}' into an index-sized integer", answer);
  return n;
}

Result<Index> length_of(Thread& thread, Value v) {
  if (v.is_cell()) {
    switch (v.cell()->kind_word()) {
      case kKindStr: return v.as<Str>()->length();
      case kKindList: return v.as<List>()->length();
      case kKindTuple: return v.as<Tuple>()->length();
      case kKindDict: return v.as<Dict>()->length();
      case kKindBytes: return v.as<Bytes>()->length();
      case kKindByteArray: return v.as<ByteArray>()->length();
      case kKindSet:
      case kKindFrozenSet: return reinterpret_cast<Set*>(v.cell())->length();
      default: break;
    }
  }
  Value slot = type_of(v)->slot(Slot::len);
  if (slot.is_absent()) return raise_type_error(thread, "object of type '{!t}' has no len()", v);
  return length_by(thread, slot, v);
}

static Result<Index> length_by(Thread& thread, Value slot, Value v) {
  NativeDef* def = is<MethodDescriptor>(slot) ? slot.as<MethodDescriptor>()->def() : nullptr;
  if (def && def->integer && !(def->flags & kNativeClassMethod)) {
    Index n = TRY(def->integer(thread, *def, v));
    if (n >= 0) [[likely]]  // another method may stand under the name
      return n;
    return raise_value_error(thread, "__len__() should return >= 0");
  }
  return checked_length(thread, TRY(call_slot(thread, slot, v)));
}

Result<Index> length_hint(Thread& thread, Value v, Index fallback) {
  Type* type = type_of(v);
  if (type->slot(Slot::len).is_present()) {
    Result<Index> n = length_of(thread, v);
    if (!n.is_failed()) return n;
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
  }
  Value slot = type->slot(Slot::length_hint);
  if (slot.is_absent()) return fallback;
  Result<Value> hint = call_slot(thread, slot, v);
  if (hint.is_failed()) {
    if (clear_pending_if(thread, exceptions.TypeError)) return fallback;
    return failed;
  }
  if (hint.value().is_not_implemented()) return fallback;
  if (!is_int(hint.value())) return raise_type_error(thread, "__length_hint__ must be an integer, not {!t}", hint.value());
  i64 n;
  int_to_i64(int_exact(hint.value()), &n);
  if (n < 0) return raise_value_error(thread, "__length_hint__() should return >= 0");
  return n;
}

Result<bool> contains(Thread& thread, Value container, Value item) {
  if (is_exact<Dict>(container)) return TRY(dict_find(thread, container.as<Dict>(), item)) != kNotFound;
  if (is_exact<Str>(container) && is_exact<Str>(item)) {
    auto* text = container.as<Str>();
    return str_find_in(text, item.as<Str>(), 0, text->length()) >= 0;
  }
  if (is_any_set(container) && !container.cell()->is_subclass_instance())
    return set_contains_key(thread, container.as<Set>(), item);
  if (is_exact<Tuple>(container)) {
    auto* tuple = container.as<Tuple>();
    for (Index i = 0, n = tuple->length(); i < n; ++i)
      if (TRY(same_or_equal(thread, tuple->at(i), item))) return true;
    return false;
  }
  Value slot = type_of(container)->slot(Slot::contains);
  if (slot.is_none()) return raise_type_error(thread, "'{!t}' object is not a container", container);
  if (slot.is_present()) return truth(thread, TRY(call_slot(thread, slot, container, item)));
  Value iterator;
  {
    Result<Value> i = get_whole_iter(thread, container);
    if (i.is_failed()) {
      if (clear_pending_if(thread, exceptions.TypeError))
        return raise_type_error(thread, "argument of type '{!t}' is not iterable", container);
      return failed;
    }
    iterator = i.value();
  }
  for (;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return false;
    if (TRY(same_or_equal(thread, v, item))) return true;
  }
}

// ---------------------------------------------------------------------------------------------------------------- iteration

// An iterator that a container's __iter__ has just made belongs to the caller of get_iter. One over something else may have been
// around: a proxy's is what its object gives.
static void keep_private(Iterator* it, Value container) {
  if (it->source() == container || is<DictView>(container)) it->set_private();
}

Result<Value> get_iter(Thread& thread, Value v) {
  Type* type = type_of(v);
  Value slot = type->slot(Slot::iter);
  if (slot.is_absent()) {
    if (type->slot(Slot::getitem).is_present() && !is<Dict>(v) && !(type->flags() & kTypeKeysOnly))
      return make_sequence_iterator(thread, v);
    return raise_type_error(thread, "'{!t}' object is not iterable", v);
  }
  if (slot.is_none()) return raise_type_error(thread, "'{!t}' object is not iterable", v);
  if (v.is_cell() && (v.cell()->kind_word() == kKindIterator || v.cell()->kind_word() == kKindGenerator)) return v;
  Value iterator;
  if (is<MethodDescriptor>(slot)) {
    NativeDef* def = slot.as<MethodDescriptor>()->def();
    iterator = TRY(def->entry(thread, *def, &v, 1, nullptr));
    if (!gil_enabled() && is_exact<Iterator>(iterator)) keep_private(iterator.as<Iterator>(), v);
  } else {
    iterator = TRY(call_slot(thread, slot, v));
  }
  if (!is_iterator(iterator)) return raise_type_error(thread, "iter() returned non-iterator of type '{!t}'", iterator);
  return iterator;
}

bool is_iterator(Value v) { return type_of(v)->slot(Slot::next).is_present(); }

Result<Value> iter_next_with_value(Thread& thread, Value iterator) {
  Value slot = type_of(iterator)->slot(Slot::next);
  if (slot.is_absent()) return raise_type_error(thread, "'{!t}' object is not an iterator", iterator);
  const NativeDef* def = type_of(iterator)->native_next();
  Result<Value> v = def ? def->next(thread, *def, iterator) : call_slot(thread, slot, iterator);
  if (v.is_failed() && pending_matches(thread, exceptions.StopIteration)) [[unlikely]] {
    thread.stop_value_ = stop_iteration_value(thread.take_pending());
    return kExhausted;
  }
  return v;
}

Result<Value> iter_next(Thread& thread, Value iterator) {
  if (is_exact<Iterator>(iterator)) {
    Value v = iterator_step(iterator.as<Iterator>());
    if (v.is_present()) return v;
  }
  return iter_next_generally(thread, iterator);
}

Result<Value> exhausted_if_stopped(Thread& thread) {
  if (!pending_matches(thread, exceptions.StopIteration)) return failed;
  thread.clear_pending();
  thread.stop_value_ = kNone;
  return kExhausted;
}

Result<Value> iter_next_generally(Thread& thread, Value iterator) {
  if (is_exact<Generator>(iterator)) {
    Result<Value> v = next_of_generator(thread, iterator.as<Generator>());
    if (!v.is_failed() && v.value() == kExhausted) thread.stop_value_ = kNone;
    return v;
  }
  if (is_exact<Iterator>(iterator) && iterator.as<Iterator>()->form_ == IteratorForm::DictItems) {
    Value pair[2];
    if (dict_iterator_step(iterator.as<Iterator>(), &pair[0], &pair[1])) return Value(TRY(make_tuple(thread, pair, 2)));
  }
  if (const NativeDef* def = type_of(iterator)->native_next()) {
    if (!has_native_room(thread)) [[unlikely]]
      return raise_calls_too_deep(thread);
    Result<Value> v = def->next(thread, *def, iterator);
    if (!v.is_failed()) [[likely]] {
      if (v.value() == kExhausted) thread.stop_value_ = kNone;
      return v;
    }
    return exhausted_if_stopped(thread);
  }
  Result<Value> v = iter_next_with_value(thread, iterator);
  if (!v.is_failed() && v.value() == kExhausted) thread.stop_value_ = kNone;
  return v;
}

// ---------------------------------------------------------------------------------------------------------------- text

Str* type_name(Value v) { return type_of(v)->name(); }

Result<Str*> type_qualified_name(Thread& thread, Type* type) {
  if (!type->has_flag(kTypeHeap) && type->def()) {
    std::string_view full = type->def()->name;
    return full.find('.') == full.npos ? type->name() : intern(thread, full);
  }
  Value module = type->dict() ? dict_find_str(type->dict(), names.dunder_module) : Value();
  if (!is<Str>(module) || str_equals_ascii(module.as<Str>(), "builtins")) return type->name();
  return format_message(thread, "{}.{}", module, type->has_flag(kTypeHeap) ? type->qualname_.get() : type->name());
}

Result<Str*> type_shown_name(Thread& thread, Type* type) {
  if (type->has_flag(kTypeHeap)) return type->name();
  return type_qualified_name(thread, type);
}

Result<Str*> repr(Thread& thread, Value v) {
  if (v.is_absent()) return str_from_ascii(thread, "<NULL>");
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  Value slot = type_of(v)->slot(Slot::repr);
  Value text = TRY(call_slot(thread, slot, v));
  if (!is<Str>(text)) return raise_type_error(thread, "__repr__ returned non-string (type {!t})", text);
  return text.as<Str>();
}

Result<Str*> str_of(Thread& thread, Value v) {
  if (is_exact<Str>(v)) return v.as<Str>();
  if (v.is_small_int()) return int_to_text(thread, v, 10, false);
  if (has_constant_text(v)) return constant_text(thread, v);
  TRY(check_native_depth(thread, " while getting the str of an object"));
  Type* type = type_of(v);
  Value slot = type->slot(Slot::str);
  if (slot == types.object->slot(Slot::str)) slot = type->slot(Slot::repr);  // what object.__str__ does; the errors are str's
  Value text = TRY(call_slot(thread, slot, v));
  if (!is<Str>(text)) return raise_type_error(thread, "__str__ returned non-string (type {!t})", text);
  return text.as<Str>();
}

// Of the escape of a character, 0 if it is ASCII.
static int escape_digits(u32 c) { return c < 0x80 ? 0 : c < 0x100 ? 2 : c < 0x10000 ? 4 : 8; }

Result<Str*> ascii_of(Thread& thread, Value v) {
  Str* text = TRY(repr(thread, v));
  if (text->is_ascii()) return text;
  Index length = 0;
  with_kind(static_cast<int>(text->width()), text->data(), [&](auto* units) {
    for (Index i = 0; i < text->length(); ++i) length += 1 + escape_digits(units[i]) + (units[i] >= 0x80);
  });
  Str* out = TRY(str_allocate(thread, length, 1, true));
  with_kind(static_cast<int>(text->width()), text->data(), [&](auto* units) {
    u8* at = static_cast<u8*>(str_mutable_data(out));
    for (Index i = 0; i < text->length(); ++i) {
      u32 c = units[i];
      int digits = escape_digits(c);
      *at++ = digits ? '\\' : static_cast<u8>(c);
      if (!digits) continue;
      *at++ = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
      for (int k = digits - 1; k >= 0; --k) *at++ = static_cast<u8>("0123456789abcdef"[(c >> (4 * k)) & 15]);
    }
  });
  return out;
}

Result<Str*> format_value(Thread& thread, Value v, Str* spec) {
  if (!spec || spec->length() == 0) {
    if (is_exact<Str>(v)) return v.as<Str>();
    if (v.is_small_int()) return int_to_text(thread, v, 10, false);
    if (has_constant_text(v)) return constant_text(thread, v);
    if (!spec) spec = names.empty;
  }
  Value slot = type_of(v)->slot(Slot::format);
  if (slot.is_absent()) return raise_type_error(thread, "Type {!t} doesn't define __format__", v);
  Value text = TRY(call_slot(thread, slot, v, Value(spec)));
  if (!is<Str>(text)) return raise_type_error(thread, "__format__ must return a str, not {!t}", text);
  return text.as<Str>();
}

Result<bool> repr_enter(Thread& thread, Value v) {
  if (thread.repr_guard_.is_absent()) thread.repr_guard_ = Value(TRY(make_list(thread)));
  List* running = thread.repr_guard_.as<List>();
  for (Index i = running->length() - 1; i >= 0; --i)
    if (running->try_at(i) == v) return true;
  // Nested containers count against the recursion limit as calls do.
  if (running->length() + thread.recursion_depth_ > thread.recursion_limit_) {
    return raise_recursion_error(thread, "maximum recursion depth exceeded while getting the repr of an object");
  }
  TRY(list_append(thread, running, v));
  return false;
}

void repr_leave(Thread& thread, Value v) {
  List* running = thread.repr_guard_.as<List>();
  for (Index i = running->length() - 1; i >= 0; --i) {
    if (running->try_at(i) != v) continue;
    for (Index k = i; k + 1 < running->length(); ++k) running->storage()->set_at(k, running->try_at(k + 1));
    running->storage()->slots()[running->length() - 1].clear();
    --running->length_;
    return;
  }
}

}  // namespace baton
