// _abc: the machinery of abc.ABCMeta. Each class's registry and caches are sets of weak references to classes; references to dead
// classes are dropped when a set has doubled.
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/weakref.h"
#include "threads/relaxed.h"

namespace baton {

static u64 invalidation_counter = 0;  // atomic
static Root<Str>* impl_name = nullptr;

class AbcData final : public Cell {
 public:
  enum Which : u8 { kRegistry, kCache, kNegative, kCount };
  void init() {
    for (auto& set : sets_) set.init(nullptr);
    for (auto& n : prune_at_) n = 32;
    negative_version_ = __atomic_load_n(&invalidation_counter, __ATOMIC_RELAXED);
  }
  void visit_edges(EdgeVisitor& visit) const {
    for (auto& set : sets_) visit(set);
  }
  Field<Set> sets_[kCount];  // null: empty. Set under the cell's lock
  Relaxed<u32> prune_at_[kCount];
  Relaxed<u64> negative_version_;  // what is in the negative cache was found out since then; changed under the lock
};
extern TypeDef abc_data_def;

static Result<Value> abc_data_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return Value(TRY(make_of<AbcData>(thread, TRY(check_new_type(thread, args, n, TRY(type_from_def(thread, abc_data_def)))))));
}

static Result<AbcData*> data_of(Thread& thread, Value self) {
  Value data = TRY(get_attr(thread, self, impl_name->get()));
  if (!is<AbcData>(data)) return raise_type_error(thread, "_abc_impl is set to a wrong type");
  return data.as<AbcData>();
}

static Result<bool> has_class(Thread& thread, AbcData* data, AbcData::Which which, Value cls) {
  Set* set = data->sets_[which].get();
  if (!set || set->length() == 0) return false;
  Value reference = existing_weakref(cls);  // the sets have no others
  return reference.is_present() && TRY(set_contains_key(thread, set, reference));
}

// In place: other threads may add to the set meanwhile.
static Result<void> prune(Thread& thread, AbcData* data, AbcData::Which which, Set* set) {
  RootVector dead;
  Index position = 0;
  Value key;
  while (set_next(set, &position, &key))
    if (!key.as<WeakRef>()->target()) dead.push(key);
  for (Value reference : dead) TRY(set_discard_key(thread, set, reference));
  data->prune_at_[which] = set->length() < 16 ? 32 : static_cast<u32>(set->length()) * 2;
  return ok;
}

// Sets `to`. False: `version` is of an answer that no longer holds for the negative cache.
static Result<bool> find_set_to_add_to(Thread& thread, AbcData* data, AbcData::Which which, u64 version, Set*& to) {
  for (;;) {
    Set* made = data->sets_[which].get() ? nullptr : TRY(make_set(thread));
    CriticalSection guard(thread, data);
    if (which == AbcData::kNegative && data->negative_version_ != version) return false;
    if (!data->sets_[which].get()) {
      if (!made) continue;  // it has just been cleared
      data->sets_[which].set(data, made);
    }
    to = data->sets_[which].get();
    return true;
  }
}
static Result<void> add_class(Thread& thread, AbcData* data, AbcData::Which which, Value cls, u64 version = 0) {
  Set* set = nullptr;
  if (!TRY(find_set_to_add_to(thread, data, which, version, set))) return ok;
  if (set->length() >= static_cast<Index>(data->prune_at_[which])) TRY(prune(thread, data, which, set));
  TRY(set_add_key(thread, set, TRY(make_weakref(thread, cls))));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- set-up

static Result<bool> is_abstract(Thread& thread, Value v) {
  Value flag = TRY(find_attr(thread, v, names.dunder_isabstractmethod));
  if (flag == kNotFound) return false;
  return truth(thread, flag);
}

static Result<void> compute_abstract_methods(Thread& thread, Value self) {
  Set* abstracts = TRY(make_set(thread));
  Value ns = TRY(get_attr(thread, self, names.dunder_dict));
  Value items = TRY(list_from_iterable(thread, TRY(call_method(thread, ns, names.items))));
  for (Index i = 0;; ++i) {
    Value pair = items.as<List>()->try_at(i);
    if (pair.is_absent()) break;
    if (!is<Tuple>(pair) || pair.as<Tuple>()->length() != 2)
      return raise_type_error(thread, "Iteration over items() returned item which is not a 2-tuple");
    if (TRY(is_abstract(thread, pair.as<Tuple>()->at(1)))) TRY(set_add_key(thread, abstracts, pair.as<Tuple>()->at(0)));
  }
  Value bases = TRY(get_attr(thread, self, names.dunder_bases));
  if (!is<Tuple>(bases)) return raise_type_error(thread, "__bases__ is not tuple");
  for (Index i = 0; i < bases.as<Tuple>()->length(); ++i) {
    Value inherited = TRY(find_attr(thread, bases.as<Tuple>()->at(i), names.dunder_abstractmethods));
    if (inherited == kNotFound) continue;
    TRY(for_each(thread, inherited, [&](Value name) -> Result<bool> {
      if (!is<Str>(name)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", name);
      Value v = TRY(find_attr(thread, self, TRY(str_intern(thread, name.as<Str>()))));
      if (v != kNotFound && TRY(is_abstract(thread, v))) TRY(set_add_key(thread, abstracts, name));
      return true;
    }));
  }
  Value frozen = TRY(call(thread, Value(types.frozenset), Value(abstracts)));
  return set_attr(thread, self, names.dunder_abstractmethods, frozen);
}

static constexpr u32 kCollectionFlags = kTypeSequence | kTypeMapping;

static Result<void> abc_init(Thread& thread, Value self) {
  TRY(compute_abstract_methods(thread, self));
  AbcData* data = TRY(make_of<AbcData>(thread, TRY(type_from_def(thread, abc_data_def))));
  TRY(set_attr(thread, self, impl_name->get(), Value(data)));
  if (!is<Type>(self)) return ok;
  Type* type = self.as<Type>();
  Str* flags_name = intern(thread, "__abc_tpflags__");
  Value flags = dict_find_str(type->dict(), flags_name);
  if (flags.is_present() && flags.is_small_int()) {
    u32 wanted = ((flags.small_int() & 32) ? kTypeSequence : 0u) | ((flags.small_int() & 64) ? kTypeMapping : 0u);
    if (wanted == kCollectionFlags)
      return raise_type_error(thread, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    if (wanted) type->flags_ = (type->flags_ & ~kCollectionFlags) | wanted;
    TRY(type_set_attribute(thread, type, flags_name, Value()));
  }
  return ok;
}

static Result<void> set_collection_flags(Thread& thread, Type* type, u32 flags) {
  if (type->has_flag(kTypeImmutable) || (type->flags() & kCollectionFlags) == flags) return ok;
  type->flags_ = (type->flags_ & ~kCollectionFlags) | flags;
  Value subclasses = TRY(call_method(thread, Value(types.type), intern(thread, "__subclasses__"), Value(type)));
  for (Index i = 0; is<List>(subclasses); ++i) {
    Value v = subclasses.as<List>()->try_at(i);
    if (v.is_absent()) break;
    if (is<Type>(v)) TRY(set_collection_flags(thread, v.as<Type>(), flags));
  }
  return ok;
}

static Result<Value> abc_register(Thread& thread, Value self, Value subclass) {
  if (!is<Type>(subclass)) return raise_type_error(thread, "Can only register classes");
  if (TRY(is_subclass(thread, subclass, self))) return subclass;
  if (TRY(is_subclass(thread, self, subclass))) return raise_runtime_error(thread, "Refusing to create an inheritance cycle");
  AbcData* data = TRY(data_of(thread, self));
  TRY(add_class(thread, data, AbcData::kRegistry, subclass));
  __atomic_add_fetch(&invalidation_counter, 1, __ATOMIC_SEQ_CST);
  if (is<Type>(self))
    if (u32 flags = self.as<Type>()->flags() & kCollectionFlags) TRY(set_collection_flags(thread, subclass.as<Type>(), flags));
  return subclass;
}

// ---------------------------------------------------------------------------------------------------------------- checks

static Result<Value> subclasscheck(Thread& thread, Value self, Value cls) {
  return call_method(thread, self, names.dunder_subclasscheck, cls);
}

static Result<Value> abc_instancecheck(Thread& thread, Value self, Value instance) {
  AbcData* data = TRY(data_of(thread, self));
  Value cls = TRY(get_attr(thread, instance, names.dunder_class));
  if (TRY(has_class(thread, data, AbcData::kCache, cls))) return kTrue;
  Value type(type_of(instance));
  if (type == cls) {
    if (data->negative_version_ == __atomic_load_n(&invalidation_counter, __ATOMIC_RELAXED) &&
        TRY(has_class(thread, data, AbcData::kNegative, cls)))
      return kFalse;
    return subclasscheck(thread, self, cls);
  }
  Value result = TRY(subclasscheck(thread, self, cls));
  if (TRY(truth(thread, result))) return result;
  return subclasscheck(thread, self, type);
}

static Result<Value> remember_yes(Thread& thread, AbcData* data, Value cls) {
  TRY(add_class(thread, data, AbcData::kCache, cls));
  return kTrue;
}

static Result<bool> in_registry(Thread& thread, AbcData* data, Value cls) {
  if (TRY(has_class(thread, data, AbcData::kRegistry, cls))) return true;
  Set* registry = data->sets_[AbcData::kRegistry].get();
  if (!registry) return false;
  RootVector copy;
  Index position = 0;
  Value key;
  while (set_next(registry, &position, &key)) copy.push(key);
  for (Value v : copy) {
    Value registered = v.as<WeakRef>()->get();
    if (!registered.is_none() && TRY(is_subclass(thread, cls, registered))) return true;
  }
  return false;
}

static Result<Value> abc_subclasscheck(Thread& thread, Value self, Value cls) {
  if (!is<Type>(cls)) return raise_type_error(thread, "issubclass() arg 1 must be a class");
  AbcData* data = TRY(data_of(thread, self));
  if (TRY(has_class(thread, data, AbcData::kCache, cls))) return kTrue;
  u64 version = __atomic_load_n(&invalidation_counter, __ATOMIC_SEQ_CST);
  if (data->negative_version_ < version) {
    CriticalSection guard(thread, data);
    if (data->negative_version_ < version) {
      data->sets_[AbcData::kNegative].clear();
      data->negative_version_ = version;
    }
  } else if (TRY(has_class(thread, data, AbcData::kNegative, cls))) {
    return kFalse;
  }
  Value hooked = TRY(call_method(thread, self, names.dunder_subclasshook, cls));
  if (hooked.is_true()) return remember_yes(thread, data, cls);
  if (hooked.is_false()) {
    TRY(add_class(thread, data, AbcData::kNegative, cls, version));
    return kFalse;
  }
  if (hooked != kNotImplemented)
    return raise(thread, exceptions.AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
  if (is<Type>(self) && cls.as<Type>()->is_subtype_of(self.as<Type>())) return remember_yes(thread, data, cls);
  if (TRY(in_registry(thread, data, cls))) return remember_yes(thread, data, cls);
  Value subclasses = TRY(call_method(thread, self, intern(thread, "__subclasses__")));
  if (!is<List>(subclasses)) return raise_type_error(thread, "__subclasses__() must return a list");
  for (Index i = 0;; ++i) {
    Value v = subclasses.as<List>()->try_at(i);
    if (v.is_absent()) break;
    if (TRY(is_subclass(thread, cls, v))) return remember_yes(thread, data, cls);
  }
  TRY(add_class(thread, data, AbcData::kNegative, cls, version));
  return kFalse;
}

// ---------------------------------------------------------------------------------------------------------------- debugging

static Result<Value> abc_get_cache_token(Thread& thread) {
  return int_from_u64(thread, __atomic_load_n(&invalidation_counter, __ATOMIC_RELAXED));
}

static Result<Value> abc_get_dump(Thread& thread, Value self) {
  AbcData* data = TRY(data_of(thread, self));
  Value copies[3];
  for (u32 i = 0; i < 3; ++i) {
    if (Set* set = data->sets_[i].get()) TRY(prune(thread, data, static_cast<AbcData::Which>(i), set));
    Set* copy = TRY(make_set(thread));
    if (data->sets_[i].get()) TRY(set_update_from(thread, copy, Value(data->sets_[i].get())));
    copies[i] = Value(copy);
  }
  return tuple_of(thread, copies[0], copies[1], copies[2], TRY(int_from_u64(thread, data->negative_version_.get())));
}
static Result<void> abc_reset_registry(Thread& thread, Value self) {
  AbcData* data = TRY(data_of(thread, self));
  CriticalSection guard(thread, data);
  data->sets_[AbcData::kRegistry].clear();
  return ok;
}
static Result<void> abc_reset_caches(Thread& thread, Value self) {
  AbcData* data = TRY(data_of(thread, self));
  CriticalSection guard(thread, data);
  data->sets_[AbcData::kCache].clear();
  data->sets_[AbcData::kNegative].clear();
  return ok;
}

static constinit NativeDef abc_data_methods[] = {
    native_raw(abc_data_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
};
constinit TypeDef abc_data_def = {
    .name = "_abc._abc_data",
    .doc = "Internal state held by ABC machinery.",
    .dynamic_kind = &DynamicKind<AbcData>::value,
    .payload_size = sizeof(AbcData),
    .methods = abc_data_methods,
    .method_count = count_of(abc_data_methods),
    .kind_info = kind_info_of<AbcData>("abc data"),
};

static constinit NativeDef abc_functions[] = {
    native<abc_init>("_abc_init($module, self, /)",
                     "Prepare a class to serve as an abstract base class.\n\nComputes its set of abstract methods and gives it "
                     "an empty registry and\nempty caches. ABCMeta calls this; nothing outside the abc module should."),
    native<abc_register>(
        "_abc_register($module, self, subclass, /)",
        "Make subclass a virtual subclass of the abstract class self.\n\nThis does the work of ABCMeta.register(), which is what "
        "programs should use;\nthe function itself belongs to the abc module alone."),
    native<abc_instancecheck>("_abc_instancecheck($module, self, instance, /)",
                              "Tell whether instance belongs to the abstract class self.\n\nABCMeta.__instancecheck__() relies "
                              "on this. Other modules should use\nisinstance() instead of calling it."),
    native<abc_subclasscheck>(
        "_abc_subclasscheck($module, self, subclass, /)",
        "Tell whether subclass derives, really or virtually, from the ABC self.\n\nABCMeta.__subclasscheck__() relies on this. "
        "Other modules should use\nissubclass() instead of calling it."),
    native<abc_get_cache_token>("get_cache_token($module, /)",
                                "Return a token that changes whenever a virtual subclass is registered.\n\nCompare two tokens "
                                "with == to learn whether any ABC's register() ran between\nthe two calls, as a cache of "
                                "subclass checks has to know. Nothing else about\na token is specified."),
    native<abc_get_dump>("_get_dump($module, self, /)",
                         "Return the internal state of the abstract class self, for debugging.\n\nThe result is a tuple of "
                         "copies of the registry, the positive cache and the\nnegative cache, and the version of the negative "
                         "cache. To see it in readable\nform, call the class's _dump_registry() method."),
    native<abc_reset_registry>("_reset_registry($module, self, /)",
                               "Forget all virtual subclasses registered with the abstract class self.\n\nIt exists for the "
                               "reference leak tests (refleak.py), which alone should\ncall it."),
    native<abc_reset_caches>("_reset_caches($module, self, /)",
                             "Empty the positive and negative subclass caches of the abstract class self.\n\nIt exists for the "
                             "reference leak tests (refleak.py), which alone should\ncall it."),
};

static Result<void> abc_exec(Thread& thread, Module*) {
  if (!impl_name) impl_name = new Root<Str>(intern(thread, "_abc_impl"));
  return ok;
}

ModuleDef abc_module = {.name = "_abc",
                        .doc = "Module contains faster C implementation of abc.ABCMeta",
                        .functions = abc_functions,
                        .function_count = count_of(abc_functions),
                        .exec = abc_exec};

}  // namespace baton
