// Native types: made from their TypeDefs, all rows at once; the core types at start-up, others when they are first asked for.
//
// The core types need each other, so they are made in two halves: cells with shape and layout first, then names, bases, MROs and
// dicts. What class statements make is in type_class.cpp.
#include <algorithm>
#include <cstdlib>
#include <new>

#include "heap/generation.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/intern_ascii.h"
#include "objects/made_at_run_time.h"
#include "objects/native.h"
#include "objects/object.h"
#include "objects/type.h"
#include "objects/type_internal.h"
#include "threads/gil.h"

namespace baton {

#define TYPE(id, def) extern TypeDef def;
#include "objects/types.def"
#undef TYPE

static RootVector* native_type_roots = nullptr;
static u16 next_dynamic_kind = kKindFirstDynamic;

static Type* base_of_def(const TypeDef& def) {
  if (&def == &object_def) return nullptr;
  return def.base ? def.base->type : types.object;
}

// First half: the cell with its shape and layout, before names and dicts can be made.
static Type* allocate_native_type(Thread& thread, TypeDef& def) {
  Type* type = raw_type(thread);
  if (!native_type_roots) native_type_roots = new RootVector;
  native_type_roots->push(Value(type));
  def.type = type;
  type->def_ = &def;
  type->instance_shape_.set(type, new_shape(thread, type, 0));
  Type* base = base_of_def(def);
  const TypeDef* payload = &def;
  if (!def.kind && !def.dynamic_kind && base) {  // a native subtype with its base's layout
    payload = base->def();
    while (!payload->kind && !payload->dynamic_kind && payload->base) payload = payload->base;
    type->payload_size_ = base->payload_size_;
    type->instance_kind_ = base->instance_kind_ & kKindMask;
    type->tail_offset_ = base->tail_offset_;
    if (base->has_flag(kTypeHasDict)) type->flags_ |= kTypeHasDict;
    if (!def.kind_info.visit_edges) def.kind_info = base->def()->kind_info;
  } else {
    if (def.dynamic_kind) {
      if (!*def.dynamic_kind) __atomic_store_n(def.dynamic_kind, next_dynamic_kind++, __ATOMIC_RELAXED);
      type->instance_kind_ = *def.dynamic_kind;
    } else {
      type->instance_kind_ = def.kind ? def.kind : static_cast<u16>(kKindObject);
    }
    type->payload_size_ = def.payload_size;
    type->tail_offset_ = (def.flags & kTypeHasDict) ? def.payload_size - static_cast<u32>(sizeof(ObjectTail)) : 0;
    if (def.kind_info.visit_edges || def.kind_info.finalize_native || def.kind_info.name)
      register_kind(type->instance_kind_, def.kind_info);
  }
  type->flags_ |= def.flags;
  return type;
}

// Dunder methods that are plain methods in CPython: those without a slot in its type structure, and those it defines beside the
// slot for speed.
static bool is_plain_dunder(Slot slot, const TypeDef& def) {
  switch (slot) {
    case Slot::bytes:
    case Slot::format:
    case Slot::length_hint:
    case Slot::missing:
    case Slot::reversed:
    case Slot::complex:
    case Slot::enter:
    case Slot::exit:
    case Slot::aenter:
    case Slot::aexit:
    case Slot::instancecheck:
    case Slot::subclasscheck: return true;
    case Slot::getitem: return def.type == types.list || def.type == types.dict;
    case Slot::contains: return def.type == types.set || def.type == types.frozenset || def.type == types.dict;
    default: return false;
  }
}

// name: the row's, interned.
static Slot wrapped_slot_of(const NativeDef& row, Str* name) {
  constexpr u16 kNeverWrapped = kNativeStatic | kNativeClassMethod;
  if (!row.owner || (row.flags & kNeverWrapped)) return Slot::kCount;
  Slot slot = slot_for_name(name);
  return slot == Slot::kCount || is_plain_dunder(slot, *row.owner) ? Slot::kCount : slot;
}
Slot wrapped_slot(Thread& thread, const NativeDef& row) {
  return row.name().starts_with("__") ? wrapped_slot_of(row, intern_ascii(thread, row.name())) : Slot::kCount;
}

static bool is_sequence_operator(const NativeDef& row, Slot slot) {
  constexpr Slot kOperators[] = {Slot::add, Slot::iadd, Slot::mul, Slot::rmul, Slot::imul};
  if (std::find(std::begin(kOperators), std::end(kOperators), slot) == std::end(kOperators)) return false;
  const NativeDef* rows = row.owner->methods;
  return std::any_of(rows, rows + row.owner->method_count, [](const NativeDef& other) { return other.name() == "__len__"; });
}

static Result<Value> wrap_method(Thread& thread, Type* type, NativeDef& row, TypeDef& def, Str* name) {
  row.owner = &def;
  Slot slot = wrapped_slot_of(row, name);
  row.sequence_operator = is_sequence_operator(row, slot);
  if (row.flags & kNativeStatic) {
    NativeFunction* f = TRY(make<NativeFunction>(thread, &row, Value(), Value()));
    if (row.name() == "__new__") return f;
    return TRY(make<StaticMethod>(thread, Value(f)));
  }
  MethodDescriptor* d = TRY(make<MethodDescriptor>(thread, &row, type));
  Type* kind = types.method_descriptor;
  if (row.flags & kNativeClassMethod)
    kind = types.classmethod_descriptor;
  else if (slot != Slot::kCount)
    kind = types.wrapper_descriptor;
  if (kind != types.method_descriptor) d->set_shape_id(kind->instance_shape()->id());
  return d;
}

// Rows of methods say whose they are. Where several types are defined by the same ones (struct sequences), all but the first get
// rows of their own.
static Result<void> own_rows(Thread& thread, TypeDef& def) {
  if (def.method_count == 0 || !def.methods[0].owner || def.methods[0].owner == &def) return ok;
  auto* rows = static_cast<NativeDef*>(malloc(def.method_count * sizeof(NativeDef)));
  if (!rows) return raise_memory_error(thread);
  for (u32 i = 0; i < def.method_count; ++i) new (&rows[i]) NativeDef(def.methods[i]);
  def.methods = rows;
  return ok;
}

// Second half: name, bases, MRO, dict.
static Result<void> fill_native_type(Thread& thread, TypeDef& def) {
  TRY(own_rows(thread, def));
  Type* type = def.type;
  type->set_shape_id(types.type->instance_shape()->id());
  std::string_view full = def.name;
  usize dot = full.rfind('.');
  std::string_view name = dot == std::string_view::npos ? full : full.substr(dot + 1);
  std::string_view module = dot == std::string_view::npos ? std::string_view("builtins") : full.substr(0, dot);
  type->name_.set(type, intern(thread, name));
  type->qualname_.set(type, type->name());
  Type* base = base_of_def(def);
  type->base_.set(type, base);
  Dict* dict = TRY(make_dict(thread, def.method_count + def.getset_count + 2));
  type->dict_.set(type, dict);
  type->bases_.set(type, base ? TRY(tuple_of(thread, Value(base))) : empty_tuple());
  if (base) {
    Tuple* base_mro = base->mro();
    Tuple* mro = TRY(make_tuple(thread, nullptr, base_mro->length() + 1));
    mro->set_at(0, Value(type));
    for (Index i = 0; i < base_mro->length(); ++i) mro->set_at(i + 1, base_mro->at(i));
    type->mro_.set(type, mro);
    TRY(add_subclass(thread, base, type));
    type->find_attribute_ = base->find_attribute_;
    type->set_attribute_ = base->set_attribute_;
    constexpr u32 kInherited = kTypeIsException | kTypeIsType | kTypeIsInt | kTypeIsStr | kTypeIsTuple | kTypeIsList |
                               kTypeIsDict | kTypeIsBytes | kTypeSequence | kTypeMapping | kTypeMatchSelf | kTypeWeakrefable;
    type->flags_ |= base->flags() & kInherited;
  } else {
    type->mro_.set(type, TRY(tuple_of(thread, Value(type))));
  }
  if (def.find_attribute) type->find_attribute_ = def.find_attribute;
  if (def.set_attribute) type->set_attribute_ = def.set_attribute;
  type->flags_ |= kTypeImmutable | kTypeReady;
  for (u32 i = 0; i < def.method_count; ++i) {
    NativeDef& row = def.methods[i];
    Str* method_name = intern_ascii(thread, row.name());
    TRY(dict_set_str(thread, dict, method_name, TRY(wrap_method(thread, type, row, def, method_name))));
  }
  for (u32 i = 0; i < def.getset_count; ++i) {
    const GetSetDef& row = def.getsets[i];
    GetSet* g = TRY(make<GetSet>(thread, &row, type));
    if (row.is_member) g->set_shape_id(types.member_descriptor->instance_shape()->id());
    TRY(dict_set_str(thread, dict, intern_ascii(thread, row.name), Value(g)));
  }
  // __doc__ without the text signature in front ("name(args)\n--\n\n").
  if (dict_find_str(dict, names.dunder_doc)
          .is_present()) {  // instances have a __doc__ of their own; the class's is in the TypeDef
  } else if (def.doc) {
    std::string_view doc = def.doc;
    usize marker = doc.find("\n--\n\n");
    if (marker != std::string_view::npos && doc.starts_with(name)) doc = doc.substr(marker + 5);
    TRY(dict_set_str(thread, dict, names.dunder_doc, Value(TRY(str_from_utf8(thread, doc)))));
  } else {
    TRY(dict_set_str(thread, dict, names.dunder_doc, kNone));
  }
  if (module != "builtins" && is_made_at_run_time(type))
    TRY(dict_set_str(thread, dict, names.dunder_module, Value(intern(thread, module))));
  type->version_ = fresh_version();
  // An __eq__ without __hash__ in the same class makes instances unhashable.
  if (dict_find_str(dict, names.dunder_eq).is_present() && dict_find_str(dict, names.dunder_hash).is_absent()) {
    TRY(dict_set_str(thread, dict, names.dunder_hash, kNone));
  }
  update_all_slots(type);
  if (def.finish) TRY(def.finish(thread, type));
  __atomic_store_n(&def.is_whole, true, __ATOMIC_RELEASE);
  return ok;
}

static Result<Type*> make_from_def(Thread& thread, TypeDef& def) {
  if (def.type) return def.type;  // made meanwhile, or being made further up in this thread
  if (def.base) TRY(make_from_def(thread, *def.base));
  allocate_native_type(thread, def);
  TRY(fill_native_type(thread, def));
  return def.type;
}

// One thread at a time makes types, under the lock of `object`; others wait there until the type is whole. Making one may make
// others. (Making runs no Python code.)
static Atomic<Thread*> type_maker{nullptr};
Result<Type*> type_from_def(Thread& thread, TypeDef& def) {
  if (__atomic_load_n(&def.is_whole, __ATOMIC_ACQUIRE)) [[likely]]
    return def.type;
  if (!objects_are_locked() || !types.object || type_maker.load_relaxed() == &thread) return make_from_def(thread, def);
  CriticalSection guard(thread, types.object);
  type_maker.store_relaxed(&thread);
  Result<Type*> made = make_from_def(thread, def);
  type_maker.store_relaxed(nullptr);
  return made;
}

// First halves, bases before what derives from them.
static Type* allocate_core_type(Thread& thread, TypeDef& def) {
  if (def.type) return def.type;
  if (def.base) allocate_core_type(thread, *def.base);
  return allocate_native_type(thread, def);
}

static void fill_core_type(Thread& thread, TypeDef& def) {
  if (def.type->dict()) return;
  if (def.base) fill_core_type(thread, *def.base);
  MUST(fill_native_type(thread, def));  // there is memory for the core types, or no program can start
}

void init_core_types(Thread& thread) {
  types.object = allocate_core_type(thread, object_def);
  types.type = allocate_core_type(thread, type_def);
#define TYPE(id, def) types.id = allocate_core_type(thread, def);
#include "objects/types.def"
#undef TYPE
#define NAME(id, text) names.id = intern(thread, text);
#include "objects/names.def"
#undef NAME
  make_slot_names(thread);
#define TYPE(id, def) fill_core_type(thread, def);
#include "objects/types.def"
#undef TYPE
}

void visit_native_types(EdgeVisitor& visitor) {
  // Each is set once. Once a collection has seen all of them they are old, and of no interest to a minor one.
  static bool all_are_old = false;  // guarded by the stopped world
  if (all_are_old && is_minor_collection()) return;
  bool all = true;
#define TYPE(id, def) all &= types.id != nullptr;
#include "objects/types.def"
#undef TYPE
#define NAME(id, text) all &= names.id != nullptr;
#include "objects/names.def"
#undef NAME
  for (Str* name : names.slots) all &= name != nullptr;
  all_are_old = all;
#define TYPE(id, def) visitor.visit(Value(types.id));
#include "objects/types.def"
#undef TYPE
#define NAME(id, text) visitor.visit(Value(names.id));
#include "objects/names.def"
#undef NAME
  for (Str* name : names.slots) visitor.visit(Value(name));
}

}  // namespace baton
