// Copies of containers as they are at one moment, and which native containers make lists of their items in one step.
#include "objects/at_this_moment.h"

#include "objects/bytes.h"
#include "objects/dict_views.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/ordered_dict.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "objects/whole_list.h"

namespace baton {

// Written by the modules as they are imported, one after the other; a type is stored before the number that includes it.
static constexpr usize kMostWholeLists = 8;
static struct {
  Root<Type>* type;
  WholeList make;
} whole_lists[kMostWholeLists];
static usize whole_list_count = 0;  // atomic

void register_whole_list(Type* type, WholeList make) {
  usize n = whole_list_count;
  BATON_CHECK(n < kMostWholeLists, "there is room for every type that makes whole lists");
  whole_lists[n] = {new Root<Type>(type), make};
  __atomic_store_n(&whole_list_count, n + 1, __ATOMIC_RELEASE);
}

WholeList whole_list_of(const Type* type) {
  for (usize i = 0, n = __atomic_load_n(&whole_list_count, __ATOMIC_ACQUIRE); i < n; ++i)
    if (whole_lists[i].type->get() == type) return whole_lists[i].make;
  return nullptr;
}

Result<Dict*> dict_at_this_moment(Thread& thread, Dict* self) {
  return objects_are_locked() ? dict_copy_of(thread, self) : Result<Dict*>(self);
}

// Does it iterate as the built-in type does, whatever its class?
static bool iterates_as(Value v, Type* type) { return type_of(v)->slot(Slot::iter) == type->slot(Slot::iter); }

Result<Value> at_this_moment(Thread& thread, Value iterable) {
  if (!objects_are_locked() || !iterable.is_cell()) return iterable;
  if (is<Dict>(iterable)) {
    if (iterates_as(iterable, types.dict)) return Value(TRY(dict_copy_of(thread, iterable.as<Dict>())));
    return type_of(iterable) == ordered_dict_def.type ? Value(TRY(ordered_dict_copy(thread, iterable.as<Dict>()))) : iterable;
  }
  if (is<DictView>(iterable)) {
    Type* type = type_of(iterable);
    Dict* dict = iterable.as<DictView>()->dict();
    if (type == types.dict_keys || type == types.dict_values || type == types.dict_items)
      return Value(TRY(make_of<DictView>(thread, type, TRY(dict_copy_of(thread, dict)))));
    if (type_of(Value(dict)) != ordered_dict_def.type) return iterable;
    return Value(TRY(make_of<DictView>(thread, type, TRY(ordered_dict_copy(thread, dict)))));
  }
  if (is<Set>(iterable)) {
    if (!iterates_as(iterable, types.set)) return iterable;
    return Value(TRY(set_at_this_moment(thread, iterable.as<Set>())));
  }
  if (is_exact<ByteArray>(iterable)) {
    auto* bytes = iterable.as<ByteArray>();
    CriticalSection guard(thread, bytes);
    return Value(TRY(bytes_from(thread, bytes->data(), static_cast<usize>(bytes->length()))));
  }
  if (WholeList make = whole_list_of(type_of(iterable))) return Value(TRY(make(thread, iterable)));
  return iterable;
}

Result<void> make_slice_plain(Thread& thread, Value* start, Value* stop, Value* step) {
  for (Value* part : {step, start, stop}) {
    if (part->is_none() || part->is_small_int()) continue;
    if (!has_index(*part)) return ok;
    *part = TRY(to_index(thread, *part));
    if (part == step && *part == Value::of_small_int(0)) return ok;
  }
  return ok;
}

Result<List*> list_at_this_moment(Thread& thread, List* self) {
  if (!objects_are_locked()) return self;
  List* copy = TRY(list_copy_whole(thread, self));
  for (Index i = 0; i < copy->length(); ++i)
    if (!is_plain_value(copy->try_at(i))) return self;
  return copy;
}

Result<Value> get_whole_iter(Thread& thread, Value iterable) {
  if (is_exact<List>(iterable)) return get_iter(thread, Value(TRY(list_at_this_moment(thread, iterable.as<List>()))));
  return get_iter(thread, TRY(at_this_moment(thread, iterable)));
}

}  // namespace baton
