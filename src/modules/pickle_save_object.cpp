// _pickle: writing any other object: reducer_override, dispatch tables, __reduce_ex__, and what they answer.
//
// Most instances are of plain classes: no special method has a say, and object.__reduce_ex__ would answer copyreg.__newobj__ with
// the attributes as state. A Plan, found by the instance's shape, tells so without asking; the opcodes are the same.
#include "modules/pickle_save.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/type_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- reducing

Result<Value> PickleSaver::find_reducer(Type* type) {
  if (dispatch_table_.is_absent()) return dict_find(thread_, pickle_globals->dispatch_table.get().as<Dict>(), Value(type));
  if (is_exact<Dict>(dispatch_table_)) return dict_find(thread_, dispatch_table_.as<Dict>(), Value(type));
  Result<Value> found = get_item(thread_, dispatch_table_, Value(type));
  if (!found.is_failed()) return found;
  if (clear_pending_if(thread_, exceptions.KeyError)) return kNotFound;
  return failed;
}

Result<void> PickleSaver::save_object(Value v) {
  Type* type = type_of(v);
  if (reducer_override_.is_present()) {
    Value reduced = TRY(call(thread_, reducer_override_, v));
    if (!reduced.is_not_implemented()) return save_reduced(reduced, v);
  }
  if (type == types.type) return save_type(v.as<Type>());
  if (type == types.function) return save_global(v);
  const Plan& plan = plan_for(v);
  if (plan.kind == PlanKind::Attributes) return save_plain_object(v);
  if (plan.kind == PlanKind::Reduce) return save_reduced(TRY(call(thread_, plan.reduce, v)), v);
  Value reducer = TRY(find_reducer(type));
  if (reducer != kNotFound) return save_reduced(TRY(call(thread_, reducer, v)), v);
  if (is<Type>(v)) return save_global(v);
  Value reduce_ex = TRY(find_attr(thread_, v, names.dunder_reduce_ex));
  if (reduce_ex != kNotFound) return save_reduced(TRY(call(thread_, reduce_ex, Value::of_small_int(protocol_))), v);
  Value reduce = TRY(find_attr(thread_, v, names.dunder_reduce));
  if (reduce == kNotFound) return raise_pickling(thread_, "can't pickle '{!t}' object: {!r}", v, v);
  return save_reduced(TRY(call(thread_, reduce)), v);
}

Result<void> PickleSaver::save_reduced(Value reduced, Value object) {
  if (is<Str>(reduced)) return save_global(object, reduced);
  if (!is<Tuple>(reduced)) return raise_pickling(thread_, "__reduce__ must return a string or tuple");
  return save_reduce(reduced.as<Tuple>(), object);
}

// The callable's name, if it is one that protocol 2 treats specially: "__newobj__", "__newobj_ex__".
static Result<Value> special_name(Thread& thread, Value callable) {
  if (is<Type>(callable) && type_of(callable) == types.type) return Value(callable.as<Type>()->name());
  if (is_exact<Function>(callable)) return callable.as<Function>()->name_.get();
  return find_attr(thread, callable, names.dunder_name);
}

Result<void> PickleSaver::save_reduce(Tuple* parts, Value object) {
  Index n = parts->length();
  if (n < 2 || n > 6) return raise_pickling(thread_, "tuple returned by __reduce__ must contain 2 through 6 elements");
  auto part = [&](Index i) { return i < n && !parts->at(i).is_none() ? parts->at(i) : Value(); };
  Value callable = parts->at(0), args = parts->at(1), state = part(2), items = part(3), pairs = part(4), setter = part(5);
  if (!is_callable(callable)) return raise_pickling(thread_, "first item of the tuple returned by __reduce__ must be callable");
  if (!is<Tuple>(args)) return raise_pickling(thread_, "second item of the tuple returned by __reduce__ must be a tuple");
  if (items.is_present() && !is_iterator(items))
    return raise_pickling(thread_, "fourth element of the tuple returned by __reduce__ must be an iterator, not {!t}", items);
  if (pairs.is_present() && !is_iterator(pairs))
    return raise_pickling(thread_, "fifth element of the tuple returned by __reduce__ must be an iterator, not {!t}", pairs);
  if (setter.is_present() && !is_callable(setter))
    return raise_pickling(thread_, "sixth element of the tuple returned by __reduce__ must be a function, not {!t}", setter);
  TRY(save_call(callable, args.as<Tuple>(), object));
  if (object.is_present()) {
    i64 number = fast_ ? -1 : memo()->find(object);
    if (number >= 0) {  // a recursive tuple: it was written while its arguments were
      out_.op(kOpPop);
      write_get(number);
      return ok;
    }
    TRY(memoize(object));
  }
  if (items.is_present()) TRY(batch_items(items));
  if (pairs.is_present()) TRY(batch_dict_items(pairs));
  if (state.is_present()) TRY(save_state(state, setter, object));
  return ok;
}

Result<void> PickleSaver::save_call(Value callable, Tuple* args, Value object) {
  if (protocol_ >= 2) {
    Value name = TRY(special_name(thread_, callable));
    if (is<Str>(name)) {
      if (str_equals_ascii(name.as<Str>(), "__newobj__")) return save_newobj(args, object);
      if (str_equals_ascii(name.as<Str>(), "__newobj_ex__")) return save_newobj_ex(args);
    }
  }
  TRY(save(callable));
  TRY(save(Value(args)));
  out_.op(kOpReduce);
  return ok;
}

Result<void> PickleSaver::save_newobj(Tuple* args, Value object) {
  if (args->length() < 1) return raise_pickling(thread_, "__newobj__ arglist is empty");
  Value cls = args->at(0);
  if (!is<Type>(cls)) return raise_pickling(thread_, "args[0] from __newobj__ args is not a type");
  if (object.is_present()) {
    Value object_class = TRY(find_attr(thread_, object, names.dunder_class));
    if (object_class == kNotFound) object_class = Value(type_of(object));
    if (object_class != cls) return raise_pickling(thread_, "args[0] from __newobj__ args has the wrong class");
  }
  TRY(save(cls));
  TRY(save(Value(TRY(tuple_slice(thread_, args, 1, args->length())))));
  out_.op(kOpNewObj);
  return ok;
}

Result<void> PickleSaver::save_newobj_ex(Tuple* parts) {
  if (parts->length() != 3) {
    return raise_pickling(thread_, "length of the NEWOBJ_EX argument tuple must be exactly 3, not {}",
                          static_cast<i64>(parts->length()));
  }
  Value cls = parts->at(0), args = parts->at(1), kwargs = parts->at(2);
  if (!is<Type>(cls)) return raise_pickling(thread_, "first item from NEWOBJ_EX argument tuple must be a class, not {!t}", cls);
  if (!is<Tuple>(args))
    return raise_pickling(thread_, "second item from NEWOBJ_EX argument tuple must be a tuple, not {!t}", args);
  if (!is<Dict>(kwargs))
    return raise_pickling(thread_, "third item from NEWOBJ_EX argument tuple must be a dict, not {!t}", kwargs);
  if (protocol_ >= 4) {
    TRY(save(cls));
    TRY(save(args));
    TRY(save(kwargs));
    out_.op(kOpNewObjEx);
    return ok;
  }
  // functools.partial(cls.__new__, cls, *args, **kwargs)()
  Index n = args.as<Tuple>()->length();
  Tuple* all = TRY(make_tuple(thread_, nullptr, n + 2));
  all->set_at(0, TRY(get_attr_ascii(thread_, cls, "__new__")));
  all->set_at(1, cls);
  for (Index i = 0; i < n; ++i) all->set_at(i + 2, args.as<Tuple>()->at(i));
  TRY(save(TRY(call_tuple_dict(thread_, pickle_globals->partial.get(), all, kwargs.as<Dict>()))));
  TRY(save(Value(empty_tuple())));
  out_.op(kOpReduce);
  return ok;
}

Result<void> PickleSaver::save_state(Value state, Value setter, Value object) {
  if (setter.is_absent()) {
    TRY(save(state));
    out_.op(kOpBuild);
    return ok;
  }
  // setter(object, state), its result thrown away
  TRY(save(setter));
  TRY(save(object));
  TRY(save(state));
  out_.op(kOpTuple2);
  out_.op(kOpReduce);
  out_.op(kOpPop);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- plans

// Methods that decide how an instance is reduced. One that stands in the instance itself counts too.
static Str* const* deciding_names() {
  static Str* const list[] = {names.dunder_reduce_ex, names.dunder_reduce, names.dunder_getstate, names.dunder_class};
  return list;
}
static constexpr usize kDecidingNames = 4;

static bool has_own_deciding_name(Cell* object) {
  for (usize i = 0; i < kDecidingNames; ++i)
    if (instance_find(object, deciding_names()[i]).is_present()) return true;
  return false;
}

static Value object_attribute(Str* name) { return dict_find_str(types.object->dict(), name); }

// The instance's state is its __dict__ and nothing else.
Result<bool> PickleSaver::has_plain_attributes(Type* type) {
  if (protocol_ < 2 || !type->has_flag(kTypeHasDict) || type->has_flag(kTypeNoInstances)) return false;
  if ((type->instance_kind() & kKindMask) != kKindObject || type->slot(Slot::new_).is_absent()) return false;
  for (Str* name : {names.dunder_getstate, names.dunder_class})
    if (type_lookup(type, name) != object_attribute(name)) return false;
  for (Str* name : {names.dunder_getnewargs, names.dunder_getnewargs_ex})
    if (type_lookup(type, name).is_present()) return false;
  GetSet* dict = cast<GetSet>(type_lookup(type, names.dunder_dict));
  if (!dict || dict->def()->get != generic_get_dict) return false;
  return type->member_slot_count() == 0;
}

Result<void> PickleSaver::make_plan(Plan& plan, Value v) {
  Shape* shape = shape_of(v.cell());
  Type* type = shape->type();
  plan = Plan();
  if (dispatch_table_.is_present()) return ok;
  Dict* table = pickle_globals->dispatch_table.get().as<Dict>();
  if (TRY(dict_find(thread_, table, Value(type))) != kNotFound) return ok;
  plan.dispatch_table = table->table();
  plan.dispatch_entries = plan.dispatch_table ? plan.dispatch_table->entry_count() : 0;
  plan.version = type->version();
  if (!type->has_flag(kTypeHeap) || type->has_flag(kTypeCustomGetattribute) || type->find_attribute_) return ok;
  if (type->has_flag(kTypeIsType) || type_lookup(type, names.dunder_reduce_ex) != object_attribute(names.dunder_reduce_ex))
    return ok;
  plan.shape = shape;
  if (!shape->is_dictionary_mode() && has_own_deciding_name(v.cell())) return ok;
  Value reduce = type_lookup(type, names.dunder_reduce);
  if (reduce != object_attribute(names.dunder_reduce)) {
    if (!is_exact<Function>(reduce)) return ok;
    plan.reduce = reduce;
    plan.kind = PlanKind::Reduce;
  } else if (TRY(has_plain_attributes(type))) {
    plan.kind = PlanKind::Attributes;
  }
  return ok;
}

const PickleSaver::Plan& PickleSaver::plan_for(Value v) {
  static const Plan general;
  if (!v.is_cell() || persistent_id_.is_present() || fast_) return general;
  Shape* shape = shape_of(v.cell());
  Plan& plan = plans_[(shape->id() ^ shape->id() >> 4) % kPlanCount];
  DictTable* table = pickle_globals->dispatch_table.get().as<Dict>()->table();
  if (plan.shape != shape || plan.version != shape->type()->version() || plan.dispatch_table != table ||
      (table && plan.dispatch_entries != table->entry_count())) {
    if (make_plan(plan, v).is_failed()) {
      thread_.clear_pending();  // general code meets the same failure
      return general;
    }
    if (!plan.shape) return general;
  }
  // Any attribute may stand in the dict of an object in dictionary mode; the others' names are the shape's.
  if (plan.kind != PlanKind::General && shape->is_dictionary_mode() && has_own_deciding_name(v.cell())) return general;
  return plan;
}

Result<void> PickleSaver::save_plain_object(Value v) {
  Cell* object = v.cell();
  TRY(save(Value(type_of(v))));
  TRY(boundary());
  out_.op(kOpEmptyTuple);
  out_.op(kOpNewObj);
  TRY(memoize(v));
  Shape* shape = shape_of(object);
  if (!shape->is_dictionary_mode()) return save_shape_attributes(object, shape);
  Cell* dict = tail_of(object)->extra();
  if (!dict || static_cast<Dict*>(dict)->length() == 0) return ok;
  TRY(save(Value(dict)));
  out_.op(kOpBuild);
  return ok;
}

static Index length_of_dict(Cell* object) {
  Shape* shape = shape_of(object);
  if (!shape->is_dictionary_mode()) return attribute_count(shape);
  Cell* dict = tail_of(object)->extra();
  return dict ? static_cast<Dict*>(dict)->length() : 0;
}

// The attributes of an object without a dict, written as the dict that it doesn't have. Values may run Python code that changes
// the object.
Result<void> PickleSaver::save_shape_attributes(Cell* object, Shape* shape) {
  u32 count = attribute_count(shape);
  if (count == 0) return ok;
  if (count >= static_cast<u32>(kPickleBatch)) {
    TRY(save(Value(TRY(instance_attributes_copy(thread_, object)))));
    out_.op(kOpBuild);
    return ok;
  }
  TRY(boundary());
  out_.op(kOpEmptyDict);
  TRY(memoize(Value()));
  if (count > 1) out_.op(kOpMark);
  for (u32 i = 0; i < shape->count(); ++i) {
    Str* name = shape->name_at(i);
    if (!name) continue;
    Value value;
    if (shape_of(object) == shape) {
      Field<Value>* slot = attribute_slot(tail_of(object), shape, i);
      if (slot) value = slot->get();
    }
    if (value.is_absent()) value = instance_find(object, name);
    if (value.is_absent()) return raise_runtime_error(thread_, "dictionary changed size during iteration");
    TRY(save(Value(name)));
    TRY(save(value));
  }
  if (length_of_dict(object) != count) return raise_runtime_error(thread_, "dictionary changed size during iteration");
  out_.op(count > 1 ? kOpSetItems : kOpSetItem);
  out_.op(kOpBuild);
  return ok;
}

}  // namespace baton
