// Shared argument checks; see the header.
#include "objects/raw_arguments.h"

#include "objects/numbers.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

Result<void> check_no_keywords(Thread& thread, const char* name, Tuple* kwnames) {
  if (!kwnames || kwnames->length() == 0) return ok;
  return raise_type_error(thread, "{}() takes no keyword arguments", name);
}

Result<void> check_positional(Thread& thread, const char* name, usize n, usize min, usize max) {
  if (n >= min && n <= max) return ok;
  usize bound = n < min ? min : max;
  return raise_type_error(thread, "{} expected {}{} argument{}, got {}", name,
                          min == max ? ""
                          : n < min  ? "at least "
                                     : "at most ",
                          static_cast<u64>(bound), bound == 1 ? "" : "s", static_cast<u64>(n));
}

// With the module, for native types only.
static Result<Str*> full_name(Thread& thread, Type* type) {
  return type->has_flag(kTypeHeap) ? Result<Str*>(type->name()) : type_qualified_name(thread, type);
}

Result<Type*> check_new_type(Thread& thread, Value const* args, usize n, Type* base) {
  if (n == 0 || !is<Type>(args[0])) {
    Str* name = TRY(full_name(thread, base));
    if (n == 0) return raise_type_error(thread, "{}.__new__(): not enough arguments", name);
    return raise_type_error(thread, "{}.__new__(X): X is not a type object ({!t})", name, args[0]);
  }
  TRY(check_subtype(thread, args[0].as<Type>(), base));
  return args[0].as<Type>();
}

Result<void> check_subtype(Thread& thread, Type* type, Type* base) {
  if (type == base) return ok;
  Type* native = type;
  while (native->has_flag(kTypeHeap)) native = native->base();
  constexpr u16 kKindMask = static_cast<u16>(~kSubclassBit);
  // Instances with a layout of their own are made by their own __new__.
  bool is_made_elsewhere = native != base && ((native->instance_kind() ^ base->instance_kind()) & kKindMask);
  if ((type->has_flag(kTypeNoInstances) || is_made_elsewhere) && type->is_subtype_of(base)) {
    Type* maker = type;  // the nearest class whose __new__ isn't written in Python
    while (maker != native && !is<NativeFunction>(maker->slot(Slot::new_))) maker = maker->base();
    Str *name = TRY(full_name(thread, base)), *given = TRY(full_name(thread, type));
    return raise_type_error(thread, "{}.__new__({}) is not safe, use {}.__new__()", name, given, TRY(full_name(thread, maker)));
  }
  if (type->is_subtype_of(base)) return ok;
  Str *name = TRY(full_name(thread, base)), *given = TRY(full_name(thread, type));
  return raise_type_error(thread, "{}.__new__({}): {} is not a subtype of {}", name, given, given, name);
}

Value keyword_value(Value const* args, usize n, Tuple* kwnames, std::string_view name) {
  if (!kwnames) return Value();
  for (Index i = 0; i < kwnames->length(); ++i) {
    if (is<Str>(kwnames->at(i)) && str_equals_ascii(kwnames->at(i).as<Str>(), name)) return args[n + static_cast<usize>(i)];
  }
  return Value();
}

Result<Index> slice_bound(Thread& thread, Value v) {
  if (v.is_small_int()) return v.small_int();
  if (!has_index(v)) return raise_type_error(thread, "slice indices must be integers or have an __index__ method");
  return to_index_clipped(thread, v);
}

Result<Value> class_getitem(Thread& thread, Type* type, Value item) {
  return call(thread, Value(types.generic_alias), Value(type), item);
}

}  // namespace baton
