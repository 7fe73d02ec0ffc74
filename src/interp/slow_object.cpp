// Slow paths of operators, attributes, items and building.
#include "interp/inline_cache.h"
#include "interp/slow.h"
#include "objects/at_this_moment.h"
#include "objects/bytes.h"
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/dict_inline.h"
#include "objects/exception.h"
#include "objects/float_arith.h"
#include "objects/iterators.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/operators.h"
#include "objects/set.h"
#include "objects/set_table.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

static Str* name_of(Frame* f, u32 i) { return f->code->names_.get()->at(i).as<Str>(); }

// ---------------------------------------------------------------------------------------------------------------- operators

static Result<Value> int_operation(Thread& t, BinaryOp op, Value a, Value b) {
  switch (op) {
    case BinaryOp::Add: return int_add(t, a, b);
    case BinaryOp::Sub: return int_sub(t, a, b);
    case BinaryOp::Mul: return int_mul(t, a, b);
    case BinaryOp::TrueDiv: return int_truediv(t, a, b);
    case BinaryOp::FloorDiv: return int_floordiv(t, a, b);
    case BinaryOp::Mod: return int_mod(t, a, b);
    case BinaryOp::Pow: return int_pow(t, a, b, kNone);
    case BinaryOp::LShift: return int_lshift(t, a, b);
    case BinaryOp::RShift: return int_rshift(t, a, b);
    case BinaryOp::And: return int_and(t, a, b);
    case BinaryOp::Or: return int_or(t, a, b);
    case BinaryOp::Xor: return int_xor(t, a, b);
    default: return kNotImplemented;
  }
}

static bool may_be_number(Value v) { return !v.is_cell() || v.cell()->kind() == kKindBigInt || v.cell()->kind() == kKindFloat; }
static Value bool_as_int(Value v) { return v.is_bool() ? Value::of_small_int(v.is_true()) : v; }

// Exact bool, int or float operands mixed: the arithmetic that benefits from skipping slots. kNotFound: not this case.
static Result<Value> number_operation(Thread& t, BinaryOp op, Value a, Value b) {
  if (!may_be_number(a) || !may_be_number(b)) return kNotFound;
  if (a.is_bool() || b.is_bool()) {
    if (a.is_bool() && b.is_bool()) {  // these three stay within bool
      if (op == BinaryOp::And) return Value::of_bool(a.is_true() && b.is_true());
      if (op == BinaryOp::Or) return Value::of_bool(a.is_true() || b.is_true());
      if (op == BinaryOp::Xor) return Value::of_bool(a.is_true() != b.is_true());
    }
    a = bool_as_int(a);
    b = bool_as_int(b);
  }
  bool ai = is_exact_int(a), bi = is_exact_int(b);
  if (ai && bi && op != BinaryOp::MatMul) return int_operation(t, op, a, b);
  bool af = is_exact_float(a), bf = is_exact_float(b);
  if ((af || ai) && (bf || bi) && (af || bf)) {
    double x, y;
    if (af)
      x = float_value(a);
    else if (a.is_small_int())
      x = static_cast<double>(a.small_int());
    else
      return kNotFound;
    if (bf)
      y = float_value(b);
    else if (b.is_small_int())
      y = static_cast<double>(b.small_int());
    else
      return kNotFound;
    switch (op) {
      case BinaryOp::Add: return make_float(t, x + y);
      case BinaryOp::Sub: return make_float(t, x - y);
      case BinaryOp::Mul: return make_float(t, x * y);
      case BinaryOp::TrueDiv:
        if (y == 0) return raise_zero_division(t, "float division by zero");
        return make_float(t, x / y);
      case BinaryOp::Mod:
        if (y == 0) return raise_zero_division(t, "float modulo");
        return make_float(t, float_mod(x, y));
      case BinaryOp::FloorDiv:
        if (y == 0) return raise_zero_division(t, "float floor division by zero");
        double remainder;
        return make_float(t, float_floor_div(x, y, &remainder));
      case BinaryOp::Pow: return float_power(t, x, y);
      default: return kNotFound;
    }
  }
  return kNotFound;
}

static bool adds_strings(BinaryOp op, Value a, Value b) { return op == BinaryOp::Add && is_exact<Str>(a) && is_exact<Str>(b); }

Value slow_binary(Thread& t, BinaryOp op, Value a, Value b) {
  if (adds_strings(op, a, b)) return value_or_absent(str_concat(t, a.as<Str>(), b.as<Str>()));
  Result<Value> v = number_operation(t, op, a, b);
  if (v.is_failed() || v.value() != kNotFound) return value_or_absent(v);
  return value_or_absent(binary_op(t, op, a, b));
}

Value slow_inplace(Thread& t, BinaryOp op, Value a, Value b) {
  if (adds_strings(op, a, b)) return value_or_absent(str_concat(t, a.as<Str>(), b.as<Str>()));
  Result<Value> v = number_operation(t, op, a, b);
  if (v.is_failed() || v.value() != kNotFound) return value_or_absent(v);
  return value_or_absent(inplace_op(t, op, a, b));
}

Value slow_unary(Thread& t, UnaryOp op, Value a) { return value_or_absent(unary_op(t, op, a)); }
Value slow_compare(Thread& t, CompareOp op, Value a, Value b) { return value_or_absent(rich_compare(t, op, a, b)); }
int slow_compare_truth(Thread& t, CompareOp op, Value a, Value b) {
  if ((op == CompareOp::Eq || op == CompareOp::Ne) && is_exact<Str>(a) && is_exact<Str>(b))
    return str_equal(a.as<Str>(), b.as<Str>()) == (op == CompareOp::Eq);
  Result<bool> v = compare_truth(t, op, a, b);
  return v.is_failed() ? -1 : v.value();
}
Value slow_super(Thread& t) { return value_or_absent(make_super(t)); }
void slow_bad_truth(Thread& t, Value answer) { (void)raise_bad_truth(t, answer); }
i64 slow_length(Thread& t, Value v) {
  Result<Index> n = length_of(t, v);
  return n.is_failed() ? -1 : n.value();
}
i64 slow_checked_length(Thread& t, Value answer) {
  Result<Index> n = checked_length(t, answer);
  return n.is_failed() ? -1 : n.value();
}

// The operator of the instruction, whose first method has answered NotImplemented.
Value slow_finish_declined(Thread& t, const Instruction* pc, EntryKind entry, Value a, Value b) {
  auto behind = [&](Op first) { return static_cast<u16>(pc->op - static_cast<u16>(first)); };
  if (entry == EntryKind::Comparison || entry == EntryKind::ComparisonJump) {
    constexpr u16 kCount = static_cast<u16>(CompareOp::Ge) + 1;
    for (Op first : {Op::CompareLt, Op::JumpUnlessLt, Op::JumpIfLt, Op::JumpUnlessLtInt})
      if (behind(first) < kCount)
        return value_or_absent(finish_declined_comparison(t, static_cast<CompareOp>(behind(first)), a, b));
  }
  OperatorTurn turn = entry == EntryKind::OperatorReflected ? OperatorTurn::Reflected
                      : entry == EntryKind::OperatorInplace ? OperatorTurn::Inplace
                                                            : OperatorTurn::Forward;
  constexpr u16 kCount = static_cast<u16>(BinaryOp::Xor) + 1;
  for (Op first : {Op::BinaryAdd, Op::InplaceAdd})
    if (behind(first) < kCount)
      return value_or_absent(
          finish_declined_operator(t, static_cast<BinaryOp>(behind(first)), first == Op::InplaceAdd, turn, a, b));
  Op op = static_cast<Op>(pc->op);
  bool adds = op == Op::AddInt || op == Op::InplaceAddInt, is_inplace = op == Op::InplaceAddInt || op == Op::InplaceSubInt;
  return value_or_absent(finish_declined_operator(t, adds ? BinaryOp::Add : BinaryOp::Sub, is_inplace, turn, a, b));
}

int slow_truth(Thread& t, Value v) {
  Result<bool> r = truth(t, v);
  return r.is_failed() ? -1 : r.value();
}
Value slow_contains(Thread& t, Value container, Value item, bool negate) {
  Result<bool> r = contains(t, container, item);
  return r.is_failed() ? Value() : Value::of_bool(r.value() != negate);
}

// ---------------------------------------------------------------------------------------------------------------- attributes

Value slow_load_attr(Thread& t, Frame* f, const Instruction* pc, Value object) {
  Str* name = name_of(f, pc->c);
  Result<Value> v = get_attr(t, object, name);
  if (v.is_failed()) return Value();
  cache_loaded_attribute(t, f, pc, object, name);
  return v.value();
}

bool slow_store_attr(Thread& t, Frame* f, const Instruction* pc, Value object, Value v) {
  Str* name = name_of(f, pc->c);
  Shape* before = object.is_cell() ? shape_of(object.cell()) : nullptr;
  if (set_attr(t, object, name, v).is_failed()) return false;
  cache_stored_attribute(t, f, pc, object, name, before);
  return true;
}

bool store_variable(Cell* cls, const CacheRecord* record, Value v) {
  if (static_cast<Type*>(cls)->version() != record->type_version_ || record->variable().is_absent() || !is_plain_attribute(v))
    return false;
  record->place_->set(record->table_.get(), v);
  return true;
}

Value slow_native_attribute(Thread& t, Value getset, Value object) {
  return value_or_absent(getset.as<GetSet>()->def()->get(t, object));
}
Value slow_native_get(Thread& t, Value descriptor, Value object) {
  NativeDef* def = type_of(descriptor)->slot(Slot::get).as<MethodDescriptor>()->def();
  Value args[3] = {descriptor, object, Value(type_of(object))};
  return value_or_absent(def->entry(t, *def, args, 3, nullptr));
}
Value slow_bound_method(Thread& t, Value function, Value self) {
  if (is<MethodDescriptor>(function)) return value_or_absent(call_get(t, function, self, type_of(self)));
  return value_or_absent(make<BoundMethod>(t, function, self));
}

bool slow_store_slot(Thread& t, Cell* object, u32 shape, u32 offset, Value v) {
  CriticalSection guard(t, object);
  if (object->shape_id() != shape) return false;
  slot_at(object, offset).set(object, v);
  return true;
}

bool slow_store_by_record(Thread& t, Cell* object, CacheRecord* record, Value v) {
  CriticalSection guard(t, object);
  return object->shape_id() == record->shape_ && store_by_record(object, record, v);
}

bool slow_store_hinted(Thread& t, Cell* object, Str* name, u32 entry, Value v) {
  ObjectTail* tail = tail_of(object);
  auto* dict = tail ? static_cast<Dict*>(tail->extra()) : nullptr;
  if (!dict) return false;
  CriticalSection guard(t, dict);
  DictTable* table = dict->table();
  if (!table || entry >= table->entry_count() || table->entries()[entry].key.get() != Value(name)) return false;
  if (table->entries()[entry].value.get().is_absent()) return false;
  table->entries()[entry].value.set(table, v);
  return true;
}

bool slow_delete_attr(Thread& t, Frame* f, const Instruction* pc, Value object) {
  Str* name = name_of(f, pc->c);
  Shape* before = object.is_cell() ? shape_of(object.cell()) : nullptr;
  if (delete_attr(t, object, name).is_failed()) return false;
  cache_deleted_attribute(t, f, pc, object, name, before);
  return true;
}

bool slow_load_method(Thread& t, Frame* f, const Instruction* pc, Value object, Value* window) {
  Str* name = name_of(f, pc->c);
  Value callable, self;
  if (load_method(t, object, name, &callable, &self).is_failed()) return false;
  window[0] = callable;
  window[1] = self;
  cache_loaded_method(t, f, pc, object, name);
  return true;
}

// ---------------------------------------------------------------------------------------------------------------- items,
// building

Value slow_get_item(Thread& t, Value object, Value key) { return value_or_absent(get_item(t, object, key)); }
bool slow_set_item(Thread& t, Value object, Value key, Value v) { return !set_item(t, object, key, v).is_failed(); }
bool slow_delete_item(Thread& t, Value object, Value key) { return !delete_item(t, object, key).is_failed(); }
Value slow_build_slice(Thread& t, Value* w) { return value_or_absent(make<Slice>(t, w[0], w[1], w[2])); }

// Slices by None and small ints of exact built-in sequences make no slice object.
static bool is_plain_part(Value v) { return v.is_none() || v.is_small_int(); }
static bool are_plain_parts(const Value* w) { return is_plain_part(w[0]) && is_plain_part(w[1]) && is_plain_part(w[2]); }

static Result<Value> get_slice(Thread& t, Value object, Value* w) {
  if (object.is_cell() && are_plain_parts(w)) {
    Cell* cell = object.cell();
    switch (cell->kind_word()) {
      case kKindList: {
        return Value(TRY(list_copy_slice(t, static_cast<List*>(cell), w[0], w[1], w[2])));
      }
      case kKindTuple: {
        auto* tuple = static_cast<Tuple*>(cell);
        return Value(TRY(tuple_get_range(t, tuple, TRY(slice_resolve(t, w[0], w[1], w[2], tuple->length())))));
      }
      case kKindStr: {
        auto* str = static_cast<Str*>(cell);
        return Value(TRY(str_get_range(t, str, TRY(slice_resolve(t, w[0], w[1], w[2], str->length())))));
      }
      case kKindBytes: {
        auto* bytes = static_cast<Bytes*>(cell);
        SliceRange range = TRY(slice_resolve(t, w[0], w[1], w[2], bytes->length()));
        if (range.step != 1) break;
        if (range.length == bytes->length()) return object;
        return Value(TRY(bytes_from(t, bytes->data() + range.start, static_cast<usize>(range.length > 0 ? range.length : 0))));
      }
      default: break;
    }
  }
  return get_item(t, object, TRY(make<Slice>(t, w[0], w[1], w[2])));
}
Value slow_get_slice(Thread& t, Value object, Value* w) { return value_or_absent(get_slice(t, object, w)); }

static Result<void> set_slice(Thread& t, Value object, Value* w, Value v) {
  if (object.is_cell() && object.cell()->kind_word() == kKindList && are_plain_parts(w)) {
    return list_set_range(t, object.as<List>(), w[0], w[1], w[2], v);
  }
  return set_item(t, object, TRY(make<Slice>(t, w[0], w[1], w[2])), v);
}
bool slow_set_slice(Thread& t, Value object, Value* w, Value v) { return !set_slice(t, object, w, v).is_failed(); }

Value slow_build_tuple(Thread& t, Value* w, u32 n) { return value_or_absent(make_tuple(t, w, n)); }
Value slow_build_list(Thread& t, Value* w, u32 n) { return value_or_absent(make_list(t, w, n)); }

static Result<Value> build_set(Thread& t, Value* w, u32 n) {
  Set* set = TRY(make_set(t));
  for (u32 i = 0; i < n; ++i) TRY(set_add_key(t, set, w[i]));
  return set;
}
Value slow_build_set(Thread& t, Value* w, u32 n) { return value_or_absent(build_set(t, w, n)); }

static Result<Value> build_dict(Thread& t, Value* w, u32 n) {
  Dict* dict = TRY(make_dict(t, n));
  for (u32 i = 0; i < n; ++i) TRY(dict_set(t, dict, w[2 * i], w[2 * i + 1]));
  return dict;
}
Value slow_build_dict(Thread& t, Value* w, u32 n) { return value_or_absent(build_dict(t, w, n)); }

Value slow_build_string(Thread& t, Value* w, u32 n) {
  StrBuilder text;
  for (u32 i = 0; i < n; ++i) text.append(w[i].as<Str>());
  return value_or_absent(text.build(t));
}

static Result<Value> format_piece(Thread& t, Value* w, u32 flags) {
  Value v = w[0];
  switch (flags & 3) {
    case 1: v = Value(TRY(str_of(t, v))); break;
    case 2: v = Value(TRY(repr(t, v))); break;
    case 3: v = Value(TRY(ascii_of(t, v))); break;
    default: break;
  }
  Str* spec = flags & 4 ? w[1].as<Str>() : nullptr;
  return format_value(t, v, spec);
}
Value slow_format_value(Thread& t, Value* w, u32 flags) { return value_or_absent(format_piece(t, w, flags)); }

bool slow_list_append(Thread& t, Value list, Value v) { return !list_append(t, list.as<List>(), v).is_failed(); }
static Result<void> check_starred_argument(Thread& t, Value v) {
  if (has_way_to_iterate(type_of(v))) return ok;
  return raise_type_error(t, "Value after * must be an iterable, not {!t}", v);
}
bool slow_list_extend(Thread& t, Value list, Value v, u32 for_call) {
  if (for_call && check_starred_argument(t, v).is_failed()) return false;
  return !list_extend_from(t, list.as<List>(), v).is_failed();
}
static Result<Value> tuple_extended(Thread& t, Tuple* head, Value v) {
  TRY(check_starred_argument(t, v));
  Tuple* rest = is_exact<Tuple>(v) ? v.as<Tuple>() : TRY(tuple_from_iterable(t, v));
  usize n = static_cast<usize>(head->length()), m = static_cast<usize>(rest->length());
  if (m == 0) return Value(head);
  constexpr usize kFew = 16;
  if (n + m <= kFew) {
    Value items[kFew];
    for (usize i = 0; i < n; ++i) items[i] = head->items()[i];
    for (usize i = 0; i < m; ++i) items[n + i] = rest->items()[i];
    return Value(TRY(make_tuple(t, items, static_cast<Index>(n + m))));
  }
  RootVector items;
  items.reserve(n + m);
  for (usize i = 0; i < n; ++i) items.push(head->items()[i]);
  for (usize i = 0; i < m; ++i) items.push(rest->items()[i]);
  return Value(TRY(make_tuple(t, items.data(), static_cast<Index>(n + m))));
}
Value slow_tuple_extend(Thread& t, Value tuple, Value v) { return value_or_absent(tuple_extended(t, tuple.as<Tuple>(), v)); }
Value slow_list_to_tuple(Thread& t, Value list) { return value_or_absent(list_to_tuple(t, list.as<List>())); }
bool slow_set_add(Thread& t, Value set, Value v) {
  u64 hash;
  if (easy_hash(v, &hash) && set_add_simply(set.as<Set>(), v, hash)) return true;
  return !set_add_key(t, set.as<Set>(), v).is_failed();
}
bool slow_set_update(Thread& t, Value set, Value v) { return !set_update_from(t, set.as<Set>(), v).is_failed(); }
bool slow_dict_set(Thread& t, Value dict, Value key, Value v) { return !dict_set(t, dict.as<Dict>(), key, v).is_failed(); }

static Result<bool> is_mapping_like(Thread& t, Value v) { return is<Dict>(v) || TRY(find_attr(t, v, names.keys)) != kNotFound; }

bool slow_dict_update(Thread& t, Value dict, Value mapping) {
  Result<bool> good = is_mapping_like(t, mapping);
  if (good.is_failed()) return false;
  if (!good.value()) {
    (void)raise_type_error(t, "'{!t}' object is not a mapping", mapping);
    return false;
  }
  return !dict_merge_mapping(t, dict.as<Dict>(), mapping).is_failed();
}

static Result<Str*> function_text(Thread& t, Value callable) {
  Value qualname = TRY(find_attr(t, callable, names.dunder_qualname));
  if (qualname == kNotFound || !is<Str>(qualname)) return str_of(t, callable);
  Value module = TRY(find_attr(t, callable, names.dunder_module));
  if (module != kNotFound && is<Str>(module) && !str_equals_ascii(module.as<Str>(), "builtins"))
    return format_message(t, "{}.{}()", module, qualname);
  return format_message(t, "{}()", qualname);
}

static Result<void> merge_keywords(Thread& t, Dict* into, Value mapping, Value callable) {
  if (!TRY(is_mapping_like(t, mapping)))
    return raise_type_error(t, "{} argument after ** must be a mapping, not {!t}", TRY(function_text(t, callable)), mapping);
  auto add = [&](Value key, Value v) -> Result<void> {
    if (TRY(dict_find(t, into, key)) != kNotFound)  // the call itself says that keys must be strings
      return raise_type_error(t, "{} got multiple values for keyword argument '{}'", TRY(function_text(t, callable)), key);
    return dict_set(t, into, key, v);
  };
  if (is_exact<Dict>(mapping)) {
    if (into->length() == 0 && TRY(dict_copy_into_empty(t, into, mapping.as<Dict>()))) return ok;
    Dict* dict = TRY(dict_at_this_moment(t, mapping.as<Dict>()));
    Index position = 0;
    Value key, v;
    while (dict_next(dict, &position, &key, &v)) TRY(add(key, v));
    return ok;
  }
  Value keys = TRY(call_method(t, mapping, names.keys));
  Value iterator = TRY(get_whole_iter(t, keys));
  for (;;) {
    Value key = TRY(iter_next(t, iterator));
    if (key == kExhausted) return ok;
    TRY(add(key, TRY(get_item(t, mapping, key))));
  }
}
bool slow_dict_merge(Thread& t, Value dict, Value mapping, Value callable) {
  return !merge_keywords(t, dict.as<Dict>(), mapping, callable).is_failed();
}

// before, *middle, after = the n items, which nobody changes meanwhile.
static Result<void> unpack_with_star(Thread& t, const Value* items, Index n, u32 before, u32 after, Value* w) {
  Index middle = n - static_cast<Index>(before + after);
  List* list = TRY(make_list(t, items + before, middle));
  for (u32 i = 0; i < before; ++i) w[i] = items[i];
  for (u32 i = 0; i < after; ++i) w[before + 1 + i] = items[static_cast<Index>(before) + middle + i];
  w[before] = Value(list);
  return ok;
}

static Result<void> unpack(Thread& t, Value source, u32 before, i32 after, Value* w) {
  u32 total = before + (after > 0 ? static_cast<u32>(after) : 0);
  if (after < 0 && is_exact<List>(source)) {
    List* list = source.as<List>();
    CriticalSection lock(t, list);  // all as they are at one moment
    if (list->length() == before) {
      for (u32 i = 0; i < before; ++i) w[i] = list->try_at(i);
      return ok;
    }
  }
  if (after < 0 && is<Tuple>(source) && type_of(source)->slot(Slot::iter) == types.tuple->slot(Slot::iter)) {
    Tuple* tuple = source.as<Tuple>();  // of a subclass, as named tuples are
    if (tuple->length() == static_cast<Index>(before)) {
      for (u32 i = 0; i < before; ++i) w[i] = tuple->at(i);
      return ok;
    }
  }
  if (after >= 0 && (is_exact<Tuple>(source) || is_exact<List>(source))) {
    bool in_place = is_exact<List>(source) && source.as<List>()->length() && !objects_are_locked();
    Tuple* tuple = in_place ? nullptr : is_exact<List>(source) ? TRY(list_to_tuple(t, source.as<List>())) : source.as<Tuple>();
    Index n = in_place ? source.as<List>()->length() : tuple->length();
    const Value* items = in_place ? reinterpret_cast<const Value*>(source.as<List>()->storage()->slots()) : tuple->items();
    if (n >= static_cast<Index>(total)) return unpack_with_star(t, items, n, before, static_cast<u32>(after), w);
  }
  if (type_of(source)->slot(Slot::iter).is_absent() && type_of(source)->slot(Slot::getitem).is_absent()) {
    return raise_type_error(t, "cannot unpack non-iterable {!t} object", source);
  }
  Value iterator = TRY(get_whole_iter(t, source));
  constexpr u32 kFew = 8;
  Value few[kFew];
  RootVector many;
  if (before > kFew) many.resize(before);
  Value* items = before > kFew ? many.data() : few;
  Steps steps(iterator);
  for (u32 n = 0; n < before; ++n) {
    Value v = TRY(steps.next(t));
    if (v == kExhausted) {
      if (after < 0)
        return raise_value_error(t, "not enough values to unpack (expected {}, got {})", before, static_cast<i64>(n));
      return raise_value_error(t, "not enough values to unpack (expected at least {}, got {})", total, static_cast<i64>(n));
    }
    items[n] = v;
  }
  if (after < 0) {
    if (TRY(steps.next(t)) != kExhausted) return raise_value_error(t, "too many values to unpack (expected {})", before);
    for (u32 i = 0; i < before; ++i) w[i] = items[i];
    return ok;
  }
  List* rest = TRY(make_list(t));
  TRY(list_extend_from(t, rest, iterator));
  Index have = rest->length();
  if (have < after)
    return raise_value_error(t, "not enough values to unpack (expected at least {}, got {})", total,
                             static_cast<i64>(before) + have);
  for (u32 i = 0; i < before; ++i) w[i] = items[i];
  for (i32 i = 0; i < after; ++i) w[before + 1 + static_cast<u32>(i)] = rest->try_at(have - after + i);
  List* middle = TRY(make_list(
      t, have - after ? rest->storage()->slots() ? reinterpret_cast<const Value*>(rest->storage()->slots()) : nullptr : nullptr,
      have - after));
  w[before] = Value(middle);
  return ok;
}
bool slow_unpack(Thread& t, Value source, u32 before, i32 after, Value* w) {
  return !unpack(t, source, before, after, w).is_failed();
}

// ---------------------------------------------------------------------------------------------------------------- match

namespace {
// The keys or attributes that a pattern has asked for: few and texts as a rule, so that a set isn't needed.
class SeenNames {
 public:
  // false: it was there already.
  Result<bool> add(Thread& t, Value name) {
    if (!set_ && count_ < kFew && is_exact<Str>(name)) {
      for (usize i = 0; i < count_; ++i) {
        if (str_equal(few_.at(i).as<Str>(), name.as<Str>())) return false;
      }
      few_.at(count_++) = name;
      return true;
    }
    if (!set_) {
      set_ = TRY(make_set(t));
      for (usize i = 0; i < count_; ++i) TRY(set_add_key(t, set_, few_.at(i)));
    }
    return set_add_key(t, set_, name);
  }

 private:
  static constexpr usize kFew = 8;
  detail::Uninitialized<Value, kFew> few_;
  usize count_ = 0;
  Set* set_ = nullptr;
};
}  // namespace

static Result<Value> match_keys(Thread& t, Value subject, Value keys) {
  Tuple* list = keys.as<Tuple>();
  bool plain = is_exact<Dict>(subject);
  Value get_method = plain ? Value() : TRY(get_attr(t, subject, names.get));
  // A sentinel nobody else can hold tells "missing" from a stored None.
  Value sentinel = plain ? kNotFound : TRY(call(t, Value(types.object)));
  SeenNames seen;
  Tuple* values = TRY(make_tuple(t, nullptr, list->length()));
  for (Index i = 0; i < list->length(); ++i) {
    Value key = list->at(i);
    if (!TRY(seen.add(t, key))) return raise_value_error(t, "mapping pattern checks duplicate key ({!r})", key);
    Value v = plain ? TRY(dict_find(t, subject.as<Dict>(), key)) : TRY(call(t, get_method, key, sentinel));
    if (v == sentinel) return kNone;
    values->set_at(i, v);
  }
  return Value(values);
}
Value slow_match_keys(Thread& t, Value subject, Value keys) { return value_or_absent(match_keys(t, subject, keys)); }

static Result<Value> match_class(Thread& t, Value* w, u32 positional) {
  Value subject = w[0], cls = w[1];
  Tuple* keyword_names = w[2].as<Tuple>();
  if (!is<Type>(cls)) return raise_type_error(t, "called match pattern must be a type");
  if (!TRY(is_instance(t, subject, cls))) return kNone;
  Type* type = cls.as<Type>();
  Index found = 0;
  Tuple* values = TRY(make_tuple(t, nullptr, static_cast<Index>(positional) + keyword_names->length()));
  SeenNames seen;
  auto attribute = [&](Value name) -> Result<Value> {
    if (!TRY(seen.add(t, name)))
      return raise_type_error(t, "{}() got multiple sub-patterns for attribute {!r}", type->name(), name);
    return find_attr(t, subject, TRY(str_intern(t, name.as<Str>())));
  };
  if (positional) {
    Value match_args = TRY(find_attr(t, cls, names.dunder_match_args));
    bool match_self = false;
    Index allowed;
    if (match_args != kNotFound) {
      if (!is_exact<Tuple>(match_args))
        return raise_type_error(t, "{}.__match_args__ must be a tuple (got {!t})", TRY(type_shown_name(t, type)), match_args);
      allowed = match_args.as<Tuple>()->length();
    } else {
      match_self = type->has_flag(kTypeMatchSelf);
      allowed = match_self ? 1 : 0;
    }
    if (static_cast<Index>(positional) > allowed) {
      return raise_type_error(t, "{}() accepts {} positional sub-pattern{} ({} given)", TRY(type_shown_name(t, type)), allowed,
                              allowed == 1 ? "" : "s", positional);
    }
    if (match_self) {
      values->set_at(found++, subject);
    } else {
      for (u32 i = 0; i < positional; ++i) {
        Value name = match_args.as<Tuple>()->at(i);
        if (!is_exact<Str>(name)) return raise_type_error(t, "__match_args__ elements must be strings (got {!t})", name);
        Value v = TRY(attribute(name));
        if (v == kNotFound) return kNone;
        values->set_at(found++, v);
      }
    }
  }
  for (Index i = 0; i < keyword_names->length(); ++i) {
    Value v = TRY(attribute(keyword_names->at(i)));
    if (v == kNotFound) return kNone;
    values->set_at(found++, v);
  }
  return Value(values);
}
Value slow_match_class(Thread& t, Value* w, u32 positional) { return value_or_absent(match_class(t, w, positional)); }

Value slow_get_len(Thread& t, Value v) {
  Result<Index> n = length_of(t, v);
  return n.is_failed() ? Value() : Value::of_small_int(n.value());
}

static Result<Value> copy_without(Thread& t, Value mapping, Value keys) {
  Dict* dict = TRY(make_dict(t));
  TRY(dict_merge_mapping(t, dict, mapping));
  for (Index i = 0; i < keys.as<Tuple>()->length(); ++i)
    if (Value key = keys.as<Tuple>()->at(i); !TRY(dict_remove(t, dict, key))) return raise_key_error(t, key);
  return dict;
}
Value slow_copy_dict_without(Thread& t, Value mapping, Value keys) { return value_or_absent(copy_without(t, mapping, keys)); }

bool slow_print_expr(Thread& t, Value v) {
  Value hook = dict_find_str(runtime.sys->dict(), intern(t, "displayhook"));
  if (hook.is_absent()) {
    (void)raise_runtime_error(t, "lost sys.displayhook");
    return false;
  }
  return !call(t, hook, v).is_failed();
}

}  // namespace baton
