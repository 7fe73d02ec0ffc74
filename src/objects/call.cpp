// Calls: one entry for every kind of callable, slot calls, type.__call__.
#include <alloca.h>

#include "objects/call_one.h"
#include "objects/descriptor_text.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/native_room.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/type_internal.h"

namespace baton {

PythonCall call_python_function = nullptr;

// Calls with one value in front of args.
static Result<Value> call_with_self(Thread& thread, Value callable, Value self, const Value* args, usize n, Tuple* kwnames);

// More values than these don't go to the stack.
static constexpr usize kMostOnStack = 1000;
// call(list) with `first` in front of the values.
template <class F>
[[gnu::cold]] BATON_NOINLINE static Result<Value> with_many(Value first, const Value* args, usize total, F call) {
  RootVector list;
  list.reserve(total + 1);
  list.push(first);
  for (usize i = 0; i < total; ++i) list.push(args[i]);
  return call(list.data());
}

static usize total_values(usize n, Tuple* kwnames) { return n + (kwnames ? static_cast<usize>(kwnames->length()) : 0); }

// Mostly one or two: a copy of unknown length is a call.
BATON_ALWAYS_INLINE static void copy_values(Value* to, const Value* from, usize n) {
  if (n <= 2) {
    if (n) to[0] = from[0];
    if (n == 2) to[1] = from[1];
    return;
  }
  for (usize i = 0; i < n; ++i) to[i] = from[i];
}

Result<Value> call_native(Thread& thread, NativeFunction* function, const Value* args, usize n, Tuple* kwnames) {
  NativeDef* def = function->def();
  if (!function->passes_self()) return def->entry(thread, *def, args, n, kwnames);
  usize total = total_values(n, kwnames);
  Value self = def->flags & kNativeModuleArg ? Value(function->module()) : Value(function->self());
  if (total > kMostOnStack)
    return with_many(self, args, total, [&](Value* list) { return def->entry(thread, *def, list, n + 1, kwnames); });
  Value small[8];
  Value* list = total + 1 <= 8 ? small : static_cast<Value*>(alloca((total + 1) * sizeof(Value)));
  list[0] = self;
  copy_values(list + 1, args, total);
  return def->entry(thread, *def, list, n + 1, kwnames);
}

Result<Value> call_descriptor(Thread& thread, MethodDescriptor* method, const Value* args, usize n, Tuple* kwnames) {
  NativeDef* def = method->def();
  if (n == 0) {
    if (type_of(Value(method)) == types.wrapper_descriptor)
      return raise_type_error(thread, "descriptor '{}' of '{}' object needs an argument", def->name(),
                              TRY(type_qualified_name(thread, method->owner())));
    return raise_type_error(thread, "unbound method {}.{}() needs an argument", method->owner()->name(), def->name());
  }
  if (def->flags & kNativeClassMethod) {
    if (!is<Type>(args[0])) {
      return raise_type_error(thread, "descriptor '{}' for type '{}' needs a type, not a '{!t}' as arg 2", def->name(),
                              method->owner()->name(), args[0]);
    }
  } else if (!is_instance_of_type(args[0], method->owner())) {
    const char* text = type_of(Value(method)) == types.wrapper_descriptor
                           ? "descriptor '{}' requires a '{}' object but received a '{!t}'"
                           : "descriptor '{}' for '{}' objects doesn't apply to a '{!t}' object";
    return raise_type_error(thread, text, def->name(), TRY(type_qualified_name(thread, method->owner())), args[0]);
  }
  return def->entry(thread, *def, args, n, kwnames);
}

Result<Value> call_values(Thread& thread, Value callable, const Value* args, usize n, Tuple* kwnames) {
  if (kwnames && kwnames->length() == 0) kwnames = nullptr;
  if (callable.is_cell()) {
    Cell* cell = callable.cell();
    switch (cell->kind()) {
      case kKindFunction: return call_python_function(thread, callable.as<Function>(), args, n, kwnames);
      case kKindNativeFunction:
        if (!has_native_room(thread)) [[unlikely]]
          return raise_calls_too_deep(thread);
        return call_native(thread, callable.as<NativeFunction>(), args, n, kwnames);
      case kKindMethodDescriptor:
        if (!has_native_room(thread)) [[unlikely]]
          return raise_calls_too_deep(thread);
        return call_descriptor(thread, callable.as<MethodDescriptor>(), args, n, kwnames);
      case kKindBoundMethod:
        return call_with_self(thread, callable.as<BoundMethod>()->function(), callable.as<BoundMethod>()->self(), args, n,
                              kwnames);
      case kKindType:
        if (type_of(callable)->slot(Slot::call) == types.type->slot(Slot::call))
          return type_call(thread, callable.as<Type>(), args, n, kwnames);
        break;
      default: break;
    }
  }
  Value slot = type_of(callable)->slot(Slot::call);
  if (slot.is_absent()) return raise_type_error(thread, "'{!t}' object is not callable", callable);
  NativeDepth depth(thread, " while calling a Python object");
  TRY(depth.check());
  if (is<MethodDescriptor>(slot)) {  // native __call__: no need to re-check self's type
    usize total = total_values(n, kwnames);
    NativeDef* def = slot.as<MethodDescriptor>()->def();
    if (total > kMostOnStack)
      return with_many(callable, args, total, [&](Value* list) { return def->entry(thread, *def, list, n + 1, kwnames); });
    Value* list = static_cast<Value*>(alloca((total + 1) * sizeof(Value)));
    list[0] = callable;
    copy_values(list + 1, args, total);
    return def->entry(thread, *def, list, n + 1, kwnames);
  }
  if (is<Function>(slot)) return call_with_self(thread, slot, callable, args, n, kwnames);
  return call_values(thread, TRY(call_get(thread, slot, callable, type_of(callable))), args, n, kwnames);
}

Result<Value> call_one_value(Thread& thread, Value callable, const Value* argument) {
  if (!callable.is_cell()) return call_values(thread, callable, argument, 1);
  switch (callable.cell()->kind()) {
    case kKindFunction: return call_python_function(thread, callable.as<Function>(), argument, 1, nullptr);
    case kKindNativeFunction: {
      NativeFunction* function = callable.as<NativeFunction>();
      if (!function->passes_self()) return function->def()->entry(thread, *function->def(), argument, 1, nullptr);
      return call_native(thread, function, argument, 1, nullptr);
    }
    case kKindMethodDescriptor: return call_descriptor(thread, callable.as<MethodDescriptor>(), argument, 1, nullptr);
    case kKindType:
      if (type_of(callable) == types.type) return type_call(thread, callable.as<Type>(), argument, 1, nullptr);
      [[fallthrough]];
    case kKindBoundMethod: return call_values(thread, callable, argument, 1);
    default: break;
  }
  Value slot = type_of(callable)->slot(Slot::call);
  if (!is<MethodDescriptor>(slot)) return call_values(thread, callable, argument, 1);
  NativeDepth depth(thread, " while calling a Python object");
  TRY(depth.check());
  NativeDef* def = slot.as<MethodDescriptor>()->def();
  Value values[2] = {callable, *argument};
  return def->entry(thread, *def, values, 2, nullptr);
}

static Result<Value> call_with_self(Thread& thread, Value callable, Value self, const Value* args, usize n, Tuple* kwnames) {
  usize total = total_values(n, kwnames);
  if (total > kMostOnStack)
    return with_many(self, args, total, [&](Value* list) { return call_values(thread, callable, list, n + 1, kwnames); });
  Value small[8];
  Value* list = total + 1 <= 8 ? small : static_cast<Value*>(alloca((total + 1) * sizeof(Value)));
  list[0] = self;
  copy_values(list + 1, args, total);
  return call_values(thread, callable, list, n + 1, kwnames);
}

BATON_NOINLINE static Result<Value> call_slot_generally(Thread& thread, Value slot, Value self, const Value* args, usize n) {
  if (slot.is_cell()) {
    u16 kind = slot.cell()->kind();
    if (kind == kKindMethodDescriptor || kind == kKindFunction) {
      if (n > kMostOnStack) return call_values(thread, TRY(call_get(thread, slot, self, type_of(self))), args, n);
      Value small[8];
      Value* list = n + 1 <= 8 ? small : static_cast<Value*>(alloca((n + 1) * sizeof(Value)));
      list[0] = self;
      copy_values(list + 1, args, n);
      if (kind == kKindFunction) return call_python_function(thread, slot.as<Function>(), list, n + 1, nullptr);
      MethodDescriptor* method = slot.as<MethodDescriptor>();
      if (method->def()->flags & kNativeClassMethod) return call_descriptor(thread, method, list, n + 1, nullptr);
      return method->def()->entry(thread, *method->def(), list, n + 1, nullptr);
    }
  }
  return call_values(thread, TRY(call_get(thread, slot, self, type_of(self))), args, n);
}

// The usual methods of slots, with few arguments, first.
Result<Value> call_slot_values(Thread& thread, Value slot, Value self, const Value* args, usize n) {
  constexpr usize kFew = 2;
  if (slot.is_cell() && n <= kFew) [[likely]] {
    u16 kind = slot.cell()->kind();
    NativeDef* def = kind == kKindMethodDescriptor ? slot.as<MethodDescriptor>()->def() : nullptr;
    if (kind == kKindFunction || (def && !(def->flags & kNativeClassMethod))) {
      Value list[1 + kFew];
      list[0] = self;
      if (n > 0) list[1] = args[0];
      if (n > 1) list[2] = args[1];
      if (def) return def->entry(thread, *def, list, n + 1, nullptr);
      return call_python_function(thread, slot.as<Function>(), list, n + 1, nullptr);
    }
  }
  return call_slot_generally(thread, slot, self, args, n);
}

Result<Value> call_tuple_dict(Thread& thread, Value callable, Tuple* args, Dict* kwargs) {
  if (!kwargs || kwargs->length() == 0) return call_values(thread, callable, args->items(), static_cast<usize>(args->length()));
  usize n = static_cast<usize>(args->length()), k = static_cast<usize>(kwargs->length());
  constexpr usize kFew = 16;
  if (n + k <= kFew) {
    // No larger than it must be: what earlier calls left in unused places would live as long as the call takes.
    auto* values = static_cast<Value*>(alloca((n + 2 * k) * sizeof(Value)));
    Value* keys = values + n + k;
    usize at = n, names = 0;
    for (usize i = 0; i < n; ++i) values[i] = args->at(static_cast<Index>(i));
    Index position = 0;
    // Without a GIL the dict may grow meanwhile.
    for (Value key, value; names < k && dict_next(kwargs, &position, &key, &value);) {
      if (!is<Str>(key)) return raise_type_error(thread, "keywords must be strings");
      keys[names++] = Value(TRY(str_exact(thread, key.as<Str>())));
      values[at++] = value;
    }
    return call_values(thread, callable, values, n, TRY(make_tuple(thread, keys, static_cast<Index>(names))));
  }
  RootVector list, keys;
  list.reserve(n + k);
  for (usize i = 0; i < n; ++i) list.push(args->at(static_cast<Index>(i)));
  Index position = 0;
  Value key, value;
  while (dict_next(kwargs, &position, &key, &value)) {
    if (!is<Str>(key)) return raise_type_error(thread, "keywords must be strings");
    keys.push(Value(TRY(str_exact(thread, key.as<Str>()))));
    list.push(value);
  }
  Tuple* kwnames = TRY(make_tuple(thread, keys.data(), static_cast<Index>(keys.size())));
  return call_values(thread, callable, list.data(), n, kwnames);
}

Result<Value> call_method_values(Thread& thread, Value object, Str* name, const Value* args, usize n) {
  TRY(check_native_depth(thread, " while calling a Python object"));  // natives that call each other, or themselves
  Value callable, self;
  TRY(load_method(thread, object, name, &callable, &self));
  if (self.is_absent()) return call_values(thread, callable, args, n);
  return call_with_self(thread, callable, self, args, n, nullptr);
}

bool is_callable(Value v) { return type_of(v)->slot(Slot::call).is_present(); }

// ---------------------------------------------------------------------------------------------------------------- classes

Result<Value> object_new_instance(Thread& thread, Type* type) {
  if ((type->instance_kind() & kKindMask) != kKindObject) {
    Type* maker = type;  // the nearest class whose __new__ isn't written in Python
    while (maker->base() && !is<NativeFunction>(maker->slot(Slot::new_))) maker = maker->base();
    return raise_type_error(thread, "object.__new__({}) is not safe, use {}.__new__()", TRY(type_shown_name(thread, type)),
                            TRY(type_shown_name(thread, maker)));
  }
  if (type->has_flag(kTypeAbstract)) {
    Value names_set = type_lookup(type, names.dunder_abstractmethods);
    List* sorted = TRY(list_from_iterable(thread, names_set));
    TRY(call_method(thread, Value(sorted), names.sort));
    StrBuilder text;
    for (Index i = 0; i < sorted->length(); ++i) {
      if (i) text.append_ascii(", ");
      text.append(TRY(str_of(thread, sorted->try_at(i))));
    }
    return raise_type_error(thread, "Can't instantiate abstract class {} with abstract method{} {}", type->name(),
                            sorted->length() > 1 ? "s" : "", TRY(text.build(thread)));
  }
  Cell* cell = allocate_instance(thread, type);
  if (!cell) return failed;
  return Value(cell);
}

// list: room for the class, then the instance, in front of the arguments.
static BATON_ALWAYS_INLINE Result<Value> construct(Thread& thread, Type* type, const Value* args, usize n, Tuple* kwnames,
                                                   Value* list) {
  Value new_slot = type->slot(Slot::new_);
  if (new_slot.is_absent() || (type->has_flag(kTypeNoInstances) && !type->has_flag(kTypeHeap))) {
    return raise_type_error(thread, "cannot create '{}' instances", TRY(type_shown_name(thread, type)));
  }
  list[0] = Value(type);
  Value instance;
  if (is<NativeFunction>(new_slot)) {
    NativeDef* def = new_slot.as<NativeFunction>()->def();
    instance = TRY(def->entry(thread, *def, list, n + 1, kwnames));
  } else {
    instance = TRY(call_values(thread, TRY(call_get(thread, new_slot, kNone, type)), list, n + 1, kwnames));
  }
  Type* made = type_of(instance);
  if (made != type && !made->is_subtype_of(type)) return instance;
  Value init = made->slot(Slot::init);
  if (init == types.object->slot(Slot::init) && total_values(n, kwnames) == 0) return instance;
  list[0] = instance;
  Value answer;
  if (is<MethodDescriptor>(init)) {
    NativeDef* def = init.as<MethodDescriptor>()->def();
    answer = TRY(def->entry(thread, *def, list, n + 1, kwnames));
  } else if (is<Function>(init)) {
    answer = TRY(call_python_function(thread, init.as<Function>(), list, n + 1, kwnames));
  } else {
    answer = TRY(call_values(thread, TRY(call_get(thread, init, instance, made)), args, n, kwnames));
  }
  if (!answer.is_none()) return raise_type_error(thread, "__init__() should return None, not '{!t}'", answer);
  return instance;
}

Result<Value> type_call(Thread& thread, Type* type, const Value* args, usize n, Tuple* kwnames) {
  if (type == types.type) {
    if (n == 1 && kwnames) return raise_type_error(thread, "type() takes no keyword arguments");
    if (n == 1) return Value(type_of(args[0]));
    if (n != 3) return raise_type_error(thread, "type() takes 1 or 3 arguments");
  }
  TRY(check_native_depth(thread, " while calling a Python object"));
  usize total = total_values(n, kwnames);
  if (total > kMostOnStack)
    return with_many(Value(type), args, total, [&](Value* list) { return construct(thread, type, args, n, kwnames, list); });
  Value small[8];
  Value* list = total + 1 <= 8 ? small : static_cast<Value*>(alloca((total + 1) * sizeof(Value)));
  copy_values(list + 1, args, total);
  return construct(thread, type, args, n, kwnames, list);
}

}  // namespace baton
