// Copies of containers as they are at one moment, and which native containers make lists of their items in one step.
#include "objects/at_this_moment.h"

#include "objects/bytes.h"
#include "objects/dict_views.h"
#include "objects/iterators.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/ordered_dict.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"
#include "objects/ways_by_type.h"
#include "objects/whole_list.h"

namespace baton {

static constinit WaysByType<WholeList> whole_lists;
static constinit WaysByType<ListFiller> list_fillers;

void register_whole_list(Type* type, WholeList make) { whole_lists.add(type, make); }
WholeList whole_list_of(const Type* type) { return whole_lists.of(type); }

void register_list_filler(Type* type, ListFiller fill) { list_fillers.add(type, fill); }
ListFiller list_filler_of(const Type* type) {
  if (type == map_def.type) return map_fill_list;
  if (type == filter_def.type) return filter_fill_list;
  return list_fillers.of(type);
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
