// Classes made by class statements and type(): C3, the metaclass, the layout of instances, __slots__, the namespace, and the
// hooks
// __set_name__ and __init_subclass__. Native types are made in type_native.cpp.
#include "base/unicode.h"
#include "objects/dict.h"
#include "objects/dict_mapping.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/native.h"
#include "objects/object.h"
#include "objects/type.h"
#include "objects/type_internal.h"
#include "objects/weakref.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- MRO

static Failed raise_mro_conflict(Thread& thread, RootVector* sequences, usize count, usize* heads) {
  StrBuilder text;
  text.append_ascii("Cannot create a consistent method resolution\norder (MRO) for bases ");
  bool first = true;
  RootVector shown;
  for (usize i = 0; i < count; ++i) {
    if (heads[i] >= sequences[i].size()) continue;
    Value head = sequences[i][heads[i]];
    bool seen = false;
    for (usize k = 0; k < shown.size(); ++k) seen |= shown[k] == head;
    if (seen) continue;
    shown.push(head);
    if (!first) text.append_ascii(", ");
    first = false;
    text.append(head.as<Type>()->name());
  }
  return raise_type_error(thread, "{}", TRY(text.build(thread)));
}

// C3 linearisation (Barrett et al. 1996).
Result<Tuple*> compute_c3(Thread& thread, Type* type, Tuple* bases) {
  usize n = static_cast<usize>(bases->length());
  for (usize i = 0; i < n; ++i) {
    for (usize k = i + 1; k < n; ++k) {
      if (bases->at(static_cast<Index>(i)) == bases->at(static_cast<Index>(k)))
        return raise_type_error(thread, "duplicate base class {}", bases->at(static_cast<Index>(i)).as<Type>()->name());
    }
  }
  for (usize i = 0; i < n; ++i) {
    Type* base = bases->at(static_cast<Index>(i)).as<Type>();
    if (!base->mro()) return raise_type_error(thread, "Cannot extend an incomplete type '{}'", base->name());
  }
  RootVector result;
  result.push(Value(type));
  if (n == 1) {
    Tuple* mro = bases->at(0).as<Type>()->mro();
    for (Index i = 0; i < mro->length(); ++i) result.push(mro->at(i));
    return make_tuple(thread, result.data(), static_cast<Index>(result.size()));
  }
  auto* sequences = new RootVector[n + 1];
  auto* heads = new usize[n + 1]();
  for (usize i = 0; i < n; ++i) {
    Tuple* mro = bases->at(static_cast<Index>(i)).as<Type>()->mro();
    for (Index k = 0; k < mro->length(); ++k) sequences[i].push(mro->at(k));
  }
  for (usize i = 0; i < n; ++i) sequences[n].push(bases->at(static_cast<Index>(i)));
  Result<Tuple*> answer = failed;
  for (;;) {
    bool done = true;
    Value candidate;
    for (usize i = 0; i <= n && candidate.is_absent(); ++i) {
      if (heads[i] >= sequences[i].size()) continue;
      done = false;
      Value head = sequences[i][heads[i]];
      bool in_tail = false;
      for (usize k = 0; k <= n && !in_tail; ++k) {
        for (usize j = heads[k] + 1; j < sequences[k].size(); ++j)
          if (sequences[k][j] == head) {
            in_tail = true;
            break;
          }
      }
      if (!in_tail) candidate = head;
    }
    if (done) {
      answer = make_tuple(thread, result.data(), static_cast<Index>(result.size()));
      break;
    }
    if (candidate.is_absent()) {
      (void)raise_mro_conflict(thread, sequences, n + 1, heads);
      break;
    }
    result.push(candidate);
    for (usize i = 0; i <= n; ++i)
      if (heads[i] < sequences[i].size() && sequences[i][heads[i]] == candidate) ++heads[i];
  }
  delete[] sequences;
  delete[] heads;
  return answer;
}

static Type* layout_base(Type* type);
static bool extends_layout(Type* derived, Type* base);

Result<Tuple*> compute_type_mro(Thread& thread, Type* type) {
  Type* meta = type_of(Value(type));
  Value custom = type_lookup(meta, names.mro);
  if (meta == types.type || is<MethodDescriptor>(custom)) return compute_c3(thread, type, type->bases());
  Tuple* mro = TRY(tuple_from_iterable(thread, TRY(call_method(thread, Value(type), names.mro))));
  if (mro->length() == 0) return raise_type_error(thread, "type MRO must not be empty");
  Type* layout = layout_base(type);
  for (Index i = 0; i < mro->length(); ++i) {
    if (!is<Type>(mro->at(i))) return raise_type_error(thread, "mro() returned a non-class ('{!t}')", mro->at(i));
    Type* base = mro->at(i).as<Type>();
    if (!extends_layout(layout, layout_base(base)))
      return raise_type_error(thread, "mro() returned base with unsuitable layout ('{}')", base->name());
  }
  return mro;
}

// ---------------------------------------------------------------------------------------------------------------- statements

static Type* layout_base(Type* type) {  // the closest base that added something to the layout
  for (;;) {
    bool same = type->has_flag(kTypeHeap) ? type->base() && type->member_slots_ == type->base()->member_slots_ &&
                                                type->instance_kind_ == (type->base()->instance_kind_ | kSubclassBit)
                                          : type->base() && !type->def_->kind && !type->def_->dynamic_kind;
    if (!same) break;
    type = type->base();
  }
  return type;
}

static bool extends_layout(Type* derived, Type* base) {
  for (Type* t = derived; t; t = t->base())
    if (t == base) return true;
  return false;
}

static Result<Type*> best_base(Thread& thread, Tuple* bases) {
  Type *winner = nullptr, *best = nullptr;
  for (Index i = 0; i < bases->length(); ++i) {
    Value v = bases->at(i);
    if (!is<Type>(v)) return raise_type_error(thread, "bases must be types");
    Type* base = v.as<Type>();
    if (!base->has_flag(kTypeSubclassable))
      return raise_type_error(thread, "type '{}' is not an acceptable base type", TRY(type_qualified_name(thread, base)));
    Type* candidate = layout_base(base);
    if (!winner || (candidate != winner && extends_layout(candidate, winner))) {
      if (!winner || extends_layout(candidate, winner)) {
        winner = candidate;
        best = base;
      }
    } else if (!extends_layout(winner, candidate)) {
      return raise_type_error(thread, "multiple bases have instance lay-out conflict");
    }
  }
  return best;
}

Result<Type*> most_derived_metaclass(Thread& thread, Type* metaclass, Tuple* bases) {
  Type* winner = metaclass;
  for (Index i = 0; i < bases->length(); ++i) {
    Type* candidate = type_of(bases->at(i));
    if (winner->is_subtype_of(candidate)) continue;
    if (candidate->is_subtype_of(winner)) {
      winner = candidate;
      continue;
    }
    return raise_type_error(thread,
                            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                            "metaclasses of all its bases");
  }
  return winner;
}

static Result<Str*> mangle_slot(Thread& thread, Str* class_name, Str* slot) {
  Index n = slot->length();
  if (n < 3 || slot->at(0) != '_' || slot->at(1) != '_' || (slot->at(n - 1) == '_' && slot->at(n - 2) == '_'))
    return str_intern(thread, slot);
  StrBuilder text;
  Index start = 0;
  while (start < class_name->length() && class_name->at(start) == '_') ++start;
  if (start == class_name->length()) return str_intern(thread, slot);
  text.append_ascii("_");
  text.append(class_name, start, class_name->length());
  text.append(slot);
  return str_intern(thread, TRY(text.build(thread)));
}

// Classes can inherit these rows too, from an ordinary base of their metaclass: they show their own dict as every class does.
Result<Value> make_mapping_proxy(Thread& thread, Value mapping);
static Result<Value> heap_get_dict(Thread& thread, Value self) {
  if (is<Type>(self)) return make_mapping_proxy(thread, Value(self.as<Type>()->dict()));
  return generic_get_dict(thread, self);
}
static Result<void> heap_set_dict(Thread& thread, Value self, Value dict) {
  if (is<Type>(self)) return raise_attribute_error_text(thread, "attribute '__dict__' of 'type' objects is not writable");
  return generic_set_dict(thread, self, dict);
}
static GetSetDef heap_dict_getset = {"__dict__", heap_get_dict, heap_set_dict, "dictionary for instance variables (if defined)"};
static Result<Value> get_weakref_list(Thread&, Value self) {
  RootVector links;
  weak_links_of(self, links);
  return links.empty() ? kNone : links[0];
}
static GetSetDef heap_weakref_getset = {"__weakref__", get_weakref_list, nullptr,
                                        "list of weak references to the object (if defined)"};

struct SlotsPlan {
  bool has_slots = false, wants_dict = false, wants_weakref = false;  // what __slots__ says
  RootVector members;                                                 // its other names, mangled, sorted
  bool adds_dict = false, adds_weakref = false;                       // what instances have that the base's don't
};

static bool is_identifier(Str* s) {
  // str.isidentifier lives in the str type; ask through its method to keep one definition.
  if (s->length() == 0) return false;
  if (!s->is_ascii()) {
    for (Index i = 0; i < s->length(); ++i) {
      u32 c = s->at(i);
      if (!(c == '_' || (i ? unicode_is_xid_continue(c) : unicode_is_xid_start(c)))) return false;
    }
  } else {
    for (Index i = 0; i < s->length(); ++i) {
      u32 c = s->at(i);
      bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (i > 0 && c >= '0' && c <= '9');
      if (!good) return false;
    }
  }
  return true;
}

static Result<void> plan_slots(Thread& thread, Str* name, Type* base, Dict* dict, SlotsPlan& plan) {
  Value slots = dict_find_str(dict, names.dunder_slots);
  if (slots.is_absent()) return ok;
  plan.has_slots = true;
  Tuple* list = is<Str>(slots) ? TRY(tuple_of(thread, slots)) : TRY(tuple_from_iterable(thread, slots));
  if (list->length() > 0 && base->instance_kind_ != kKindObject && (base->instance_kind_ & kKindMask) != kKindObject) {
    u16 kind = base->instance_kind_ & kKindMask;
    bool has_items =
        kind == kKindTuple || kind == kKindIntObject || kind == kKindBigInt || kind == kKindBytes || base->has_flag(kTypeIsType);
    if (has_items) {
      return raise_type_error(thread, "nonempty __slots__ not supported for subtype of '{}'", base->name());
    }
  }
  for (Index i = 0; i < list->length(); ++i) {
    Value v = list->at(i);
    if (!is<Str>(v)) return raise_type_error(thread, "__slots__ items must be strings, not '{!t}'", v);
    Str* slot = TRY(str_exact(thread, v.as<Str>()));
    if (!is_identifier(slot)) return raise_type_error(thread, "__slots__ must be identifiers");
    if (str_equals_ascii(slot, "__dict__")) {
      if (base->has_flag(kTypeHasDict) || plan.wants_dict)
        return raise_type_error(thread, "__dict__ slot disallowed: we already got one");
      plan.wants_dict = true;
      continue;
    }
    if (str_equals_ascii(slot, "__weakref__")) {
      if ((base->has_flag(kTypeWeakrefable)) || plan.wants_weakref)
        return raise_type_error(thread, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
      plan.wants_weakref = true;
      continue;
    }
    Str* mangled = TRY(mangle_slot(thread, name, slot));
    Value existing = dict_find_str(dict, mangled);
    if (existing.is_present() && !str_equals_ascii(mangled, "__qualname__") && !str_equals_ascii(mangled, "__classcell__")) {
      return raise_value_error(thread, "{!r} in __slots__ conflicts with class variable", Value(mangled));
    }
    plan.members.push(Value(mangled));
  }
  // In the order of names, so that classes with the same slots have the same layout (__class__ assignment).
  for (usize i = 1; i < plan.members.size(); ++i)
    for (usize k = i; k > 0 && str_compare(plan.members[k].as<Str>(), plan.members[k - 1].as<Str>()) < 0; --k) {
      Value v = plan.members[k];
      plan.members[k] = plan.members[k - 1];
      plan.members[k - 1] = v;
    }
  return ok;
}

static Result<void> call_set_names(Thread& thread, Type* type) {
  RootVector pairs;
  Index position = 0;
  Value key, value;
  while (dict_next(type->dict(), &position, &key, &value)) {
    pairs.push(key);
    pairs.push(value);
  }
  for (usize i = 0; i < pairs.size(); i += 2) {
    Value set_name = TRY(find_special(thread, pairs[i + 1], names.dunder_set_name));
    if (set_name == kNotFound) continue;
    if (call(thread, set_name, Value(type), pairs[i]).is_failed()) {
      Exception* cause = thread.take_pending();
      (void)raise_runtime_error(thread, "Error calling __set_name__ on '{!t}' instance {!r} in '{}'", pairs[i + 1], pairs[i],
                                type->name());
      Exception* error = thread.take_pending();
      if (!error) return failed;
      TRY(set_attr(thread, Value(reinterpret_cast<u64>(error)), intern(thread, "__context__"),
                   Value(reinterpret_cast<u64>(cause))));
      return raise_object_from(thread, Value(reinterpret_cast<u64>(error)), Value(reinterpret_cast<u64>(cause)));
    }
  }
  return ok;
}

static Result<void> call_init_subclass(Thread& thread, Type* type, Value const* keyword_values, Tuple* keyword_names) {
  // super(type, type).__init_subclass__(**kwargs): the first definition after type in its own MRO, bound to type.
  Tuple* mro = type->mro();
  Index own = 0;
  while (own < mro->length() && mro->at(own) != Value(type)) ++own;
  if (own == mro->length()) return raise_type_error(thread, "super(type, obj): obj must be an instance or subtype of type");
  for (Index i = own + 1; i < mro->length(); ++i) {
    Value v = dict_find_str(mro->at(i).as<Type>()->dict(), names.dunder_init_subclass);
    if (v.is_absent()) continue;
    Value bound = TRY(call_get(thread, v, kNone, type));
    TRY(call_values(thread, bound, keyword_values, 0, keyword_names));
    return ok;
  }
  return ok;
}

u32 (*count_self_stores)(Code* const* codes, u32 n) = nullptr;

// What instances of the base have learned to need, or as many attributes as the class's and its bases' __init__ store.
static u32 initial_inline_capacity(Type* base, Tuple* bases, Dict* own) {
  constexpr u32 kLeast = 4, kMostFunctions = 16;
  Code* codes[kMostFunctions];
  u32 n = 0;
  auto add = [&](Dict* dict) {
    Value init = dict_find_str(dict, names.dunder_init);
    if (init.is_present() && is_exact<Function>(init) && n < kMostFunctions) codes[n++] = init.as<Function>()->code();
  };
  add(own);
  for (Index i = 0; i < bases->length(); ++i) {
    Tuple* mro = bases->at(i).as<Type>()->mro();
    for (Index k = 0; mro && k < mro->length(); ++k) {
      if (is<Type>(mro->at(k)) && mro->at(k).as<Type>()->has_flag(kTypeHeap)) add(mro->at(k).as<Type>()->dict());
    }
  }
  u32 capacity = n && count_self_stores ? count_self_stores(codes, n) : 0;
  if (base->has_flag(kTypeHeap) && base->instance_shape()->inline_capacity() > capacity)
    capacity = base->instance_shape()->inline_capacity();
  return capacity > kLeast ? capacity : kLeast;
}

// What the class's bases and flags make of its instances: their traits, their room for a dict and weak references, their layout.
static void lay_out_instances(Thread& thread, Type* type, Tuple* bases, Dict* dict, SlotsPlan& plan) {
  Type* base = type->base();
  constexpr u32 kInherited = kTypeIsException | kTypeIsType | kTypeIsInt | kTypeIsStr | kTypeIsTuple | kTypeIsList | kTypeIsDict |
                             kTypeIsBytes | kTypeSequence | kTypeMapping | kTypeMatchSelf | kTypeHasDict | kTypeWeakrefable;
  type->flags_ = kTypeHeap | kTypeSubclassable | kTypeReady | (base->flags() & kInherited);
  for (Index i = 0; i < bases->length(); ++i) {  // traits may come from any base
    type->flags_ |= bases->at(i).as<Type>()->flags() & (kTypeHasDict | kTypeWeakrefable);
  }
  // Where instances of CPython's base have no fixed size, there is no room for weak references.
  bool sized = !type->has_flag(kTypeIsInt | kTypeIsTuple | kTypeIsBytes);
  if (!sized) type->flags_ &= ~u32{kTypeWeakrefable};
  // What the base doesn't have, also where another of the bases does.
  plan.adds_dict = !base->has_flag(kTypeHasDict) && (!plan.has_slots || plan.wants_dict || type->has_flag(kTypeHasDict));
  plan.adds_weakref =
      sized && !base->has_flag(kTypeWeakrefable) && (!plan.has_slots || plan.wants_weakref || type->has_flag(kTypeWeakrefable));
  if (type->has_flag(kTypeIsType)) plan.adds_dict = false;  // a class keeps its attributes in its own dict, not in a tail
  if (plan.adds_dict) type->flags_ |= kTypeHasDict;
  if (plan.adds_weakref) type->flags_ |= kTypeWeakrefable;

  type->payload_size_ = base->payload_size_;
  u16 kind = base->instance_kind_ & kKindMask;
  if (kind == kKindBigInt) {
    kind = kKindIntObject;
    type->payload_size_ = sizeof(IntObjectLayout);
  }
  if (kind == kKindStr || kind == kKindBytes) type->payload_size_ = kSharedTextSize;
  type->instance_kind_ = kind | kSubclassBit;
  type->tail_offset_ = base->tail_offset_ ? base->tail_offset_ : ((type->payload_size_ + 7) & ~7u);
  type->member_slots_ = base->member_slots_ + static_cast<u32>(plan.members.size());
  u32 capacity = type->has_flag(kTypeHasDict) && kind != kKindType ? initial_inline_capacity(base, bases, dict) : 0;
  type->instance_shape_.set(type, new_shape(thread, type, capacity));
}

// Takes __qualname__ and __classcell__ out of the new class's dict, and gives it __module__.
static Result<void> take_special_names(Thread& thread, Type* type, Dict* dict) {
  Value qualname = dict_find_str(dict, names.dunder_qualname);
  if (qualname.is_present()) {
    if (!is<Str>(qualname)) return raise_type_error(thread, "type __qualname__ must be a str, not {!t}", qualname);
    type->qualname_.set(type, qualname.as<Str>());
    TRY(dict_remove_str(thread, dict, names.dunder_qualname));
  } else {
    type->qualname_.set(type, type->name());
  }
  if (dict_find_str(dict, names.dunder_module).is_absent()) {
    if (Frame* frame = thread.top_frame()) {
      Value module = dict_find_str(frame->globals, names.dunder_name);
      if (module.is_present()) TRY(dict_set_str(thread, dict, names.dunder_module, module));
    }
  }
  Value cell = dict_find_str(dict, names.dunder_classcell);
  if (cell.is_present()) {
    if (!is<ClosureCell>(cell))
      return raise_type_error(thread, "__classcell__ must be a nonlocal cell, not {!r}", Value(type_of(cell)));
    cell.as<ClosureCell>()->set(Value(type));
    TRY(dict_remove_str(thread, dict, names.dunder_classcell));
  }
  return ok;
}

// Methods that are static or class methods without saying so.
static Result<void> wrap_special_methods(Thread& thread, Dict* dict) {
  if (Value v = dict_find_str(dict, names.dunder_new_); v.is_present() && is<Function>(v)) {
    TRY(dict_set_str(thread, dict, names.dunder_new_, Value(TRY(make<StaticMethod>(thread, v)))));
  }
  for (Str* special : {names.dunder_init_subclass, names.dunder_class_getitem}) {
    if (Value v = dict_find_str(dict, special); v.is_present() && is<Function>(v)) {
      TRY(dict_set_str(thread, dict, special, Value(TRY(make<ClassMethod>(thread, v)))));
    }
  }
  return ok;
}

// Descriptors for slots, the instances' dict and weak references; __doc__ and __hash__ where the namespace says nothing of them.
static Result<void> add_descriptors(Thread& thread, Type* type, Dict* dict, const SlotsPlan& plan) {
  u32 first_member = type->member_slots_ - static_cast<u32>(plan.members.size());
  for (usize i = 0; i < plan.members.size(); ++i) {
    Str* member = plan.members[i].as<Str>();
    note_instance_name(member);
    TRY(dict_set_str(thread, dict, member,
                     Value(TRY(make<SlotMember>(thread, type, member, first_member + static_cast<u32>(i))))));
  }
  if (plan.adds_dict && dict_find_str(dict, names.dunder_dict).is_absent())
    TRY(dict_set_str(thread, dict, names.dunder_dict, Value(TRY(make<GetSet>(thread, &heap_dict_getset, type)))));
  if (plan.adds_weakref && dict_find_str(dict, names.dunder_weakref).is_absent())
    TRY(dict_set_str(thread, dict, names.dunder_weakref, Value(TRY(make<GetSet>(thread, &heap_weakref_getset, type)))));
  if (dict_find_str(dict, names.dunder_doc).is_absent()) TRY(dict_set_str(thread, dict, names.dunder_doc, kNone));
  if (dict_find_str(dict, names.dunder_eq).is_present() && dict_find_str(dict, names.dunder_hash).is_absent()) {
    TRY(dict_set_str(thread, dict, names.dunder_hash, kNone));
  }
  return ok;
}

// Sequence or mapping: as the first class along the MRO that is one.
static void take_pattern_trait(Type* type) {
  type->flags_ &= ~(kTypeSequence | kTypeMapping);
  for (Index i = 1; i < type->mro()->length(); ++i) {
    u32 trait = type->mro()->at(i).as<Type>()->flags() & (kTypeSequence | kTypeMapping);
    if (!trait) continue;
    type->flags_ |= trait;
    break;
  }
}

// The class as the __new__ of the metaclass that the bases ask for makes it, where that is not type's; else kNotFound.
static Result<Value> made_by_metaclass(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* namespace_dict,
                                       Value const* keyword_values, Tuple* keyword_names) {
  Value new_slot = metaclass->slot(Slot::new_);
  if (new_slot == types.type->slot(Slot::new_)) return kNotFound;
  RootVector args;
  for (Value v : {Value(metaclass), Value(name), Value(bases), Value(namespace_dict)}) args.push(v);
  for (Index i = 0; keyword_names && i < keyword_names->length(); ++i) args.push(keyword_values[i]);
  return call_values(thread, TRY(call_get(thread, new_slot, kNone, metaclass)), args.data(), 4, keyword_names);
}

// The class itself, when its metaclass and bases are settled.
static Result<Type*> build_class(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* namespace_dict,
                                 Value const* keyword_values, Tuple* keyword_names) {
  Type* base = TRY(best_base(thread, bases));
  Dict* dict = TRY(dict_copy_as_mapping(thread, namespace_dict));
  SlotsPlan plan;
  TRY(plan_slots(thread, name, base, dict, plan));

  Type* type = raw_type(thread);
  type->set_shape_id(metaclass->instance_shape()->id());
  type->set_kind_word(
      kKindType);  // a class's attributes live in its dict, also a metaclass's instance has no tail: no subclass bit
  type->name_.set(type, TRY(str_exact(thread, name)));
  type->bases_.set(type, bases);
  type->base_.set(type, base);
  type->dict_.set(type, dict);
  type->def_ = base->def_;
  type->find_attribute_ = base->find_attribute_;
  type->set_attribute_ = base->set_attribute_;
  lay_out_instances(thread, type, bases, dict, plan);
  TRY(take_special_names(thread, type, dict));
  TRY(wrap_special_methods(thread, dict));
  TRY(add_descriptors(thread, type, dict, plan));
  Tuple* mro_before = type->mro();
  if (Tuple* mro = TRY(compute_type_mro(thread, type)); type->mro() == mro_before) type->mro_.set(type, mro);
  take_pattern_trait(type);
  type->version_ = fresh_version();
  for (Index i = 0; i < bases->length(); ++i) TRY(add_subclass(thread, bases->at(i).as<Type>(), type));
  {
    CriticalSection guard(thread, types.type);
    update_all_slots(type);
  }
  TRY(call_set_names(thread, type));
  TRY(call_init_subclass(thread, type, keyword_values, keyword_names));
  return type;
}

Result<Value> new_class(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* namespace_dict,
                        Value const* keyword_values, Tuple* keyword_names) {
  if (bases->length() == 0) bases = TRY(tuple_of(thread, Value(types.object)));
  for (Index i = 0; i < bases->length(); ++i) {
    if (is<Type>(bases->at(i))) continue;
    if (TRY(find_attr(thread, bases->at(i), names.dunder_mro_entries)) != kNotFound) {
      return raise_type_error(thread, "type() doesn't support MRO entry resolution; use types.new_class()");
    }
  }
  Type* winner = TRY(most_derived_metaclass(thread, metaclass, bases));
  if (winner != metaclass) {
    Value made = TRY(made_by_metaclass(thread, winner, name, bases, namespace_dict, keyword_values, keyword_names));
    if (made != kNotFound) return made;
  }
  return build_class(thread, winner, name, bases, namespace_dict, keyword_values, keyword_names);
}

Result<Type*> make_heap_type(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* namespace_dict,
                             Value const* keyword_values, Tuple* keyword_names) {
  Value made = TRY(new_class(thread, metaclass, name, bases, namespace_dict, keyword_values, keyword_names));
  if (!is<Type>(made)) return raise_type_error(thread, "metaclass did not make a type");
  return made.as<Type>();
}

}  // namespace baton
