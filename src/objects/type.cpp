// Types: making them from native definitions and from class statements, MRO, slots, class attributes, subclasses.
//
// Every class caches the dunders of slots.def as it would find them along its MRO; a change of a class attribute updates the
// slots of the class and its subclasses and gives them new versions, which is what method caches and inline caches check.
#include "objects/type.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "base/unicode.h"
#include "heap/generation.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/intern_ascii.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/native.h"
#include "objects/object.h"
#include "objects/type_internal.h"
#include "objects/weakref.h"
#include "threads/gil.h"
#include "threads/mutex.h"

namespace baton {

CoreTypes types;
Names names;
void (*flush_inline_caches)(Thread& thread, Str* name) = nullptr;

static u32 next_type_version = 1;
static u32 fresh_version() { return __atomic_fetch_add(&next_type_version, 1, __ATOMIC_RELAXED); }

#define TYPE(id, def) extern TypeDef def;
#include "objects/types.def"
#undef TYPE

Type* type_of_immediate(Value v) {
  if (v.is_small_int()) return types.int_;
  if (v.is_immediate_float()) return types.float_;
  if (v.is_bool()) return types.bool_;
  if (v.is_none()) return types.none;
  if (v.is_not_implemented()) return types.not_implemented;
  BATON_DCHECK(v == kEllipsis, "type_of of an absent or internal value");
  return types.ellipsis;
}

bool Type::is_subtype_of(const Type* other) const {
  if (this == other) return true;
  Tuple* mro = mro_.get();
  if (!mro) {
    for (const Type* t = this; t; t = t->base())
      if (t == other) return true;
    return other == types.object;
  }
  for (Index i = 0, n = mro->length(); i < n; ++i)
    if (mro->at(i).bits() == reinterpret_cast<u64>(other)) return true;
  return false;
}

// ---------------------------------------------------------------------------------------------------------------- slots

static constexpr const char* kSlotNames[] = {
#define SLOT(id, text) text,
#include "objects/slots.def"
#undef SLOT
};

// Slot numbers + 1 by the address of the interned name, open addressing. Filled with the names.
static constexpr usize kSlotIndexSize = 256;
static u8 slot_index[kSlotIndexSize];
static_assert(kSlotCount < kSlotIndexSize * 3 / 4);
static usize slot_home(Str* name) { return reinterpret_cast<u64>(name) * 0x9E3779B97F4A7C15 >> 56; }
static void index_slot_name(usize slot) {
  usize at = slot_home(names.slots[slot]);
  while (slot_index[at]) at = (at + 1) % kSlotIndexSize;
  slot_index[at] = static_cast<u8>(slot + 1);
}

Slot slot_for_name(Str* name) {
  if (!name->is_ascii() || name->length() < 6 || name->data1()[0] != '_' || name->data1()[1] != '_') return Slot::kCount;
  for (usize at = slot_home(name); slot_index[at]; at = (at + 1) % kSlotIndexSize)
    if (names.slots[slot_index[at] - 1] == name) return static_cast<Slot>(slot_index[at] - 1);
  return Slot::kCount;
}

// The same for a key of a class's dict, which need not be interned.
static Slot slot_for_key(Value key) {
  if (!is_exact<Str>(key)) return Slot::kCount;
  Str* name = key.as<Str>();
  if (!name->is_ascii() || name->length() < 6 || name->data1()[0] != '_' || name->data1()[1] != '_') return Slot::kCount;
  if (name->is_interned()) return slot_for_name(name);
  for (usize i = 0; i < kSlotCount; ++i)
    if (str_equal(names.slots[i], name)) return static_cast<Slot>(i);
  return Slot::kCount;
}

static bool is_native_slot(Value v) { return v.is_absent() || is<MethodDescriptor>(v); }

// The attribute hooks of native types are found by way of their set_attribute_: a heap type that doesn't inherit the method of
// the native type it is laid out as sets attributes through its slot.
static bool has_custom_setter(Type* type, Slot slot) {
  Value v = type->slot(slot);
  if (!is_native_slot(v)) return true;
  Type* native = type;
  while (native->has_flag(kTypeHeap) && native->base()) native = native->base();
  return native != type && v.is_present() && v != native->slot(slot);
}

static void update_flags(Type* type) {
  u32 flags = type->flags();
  auto put = [&](u32 flag, bool on) { flags = on ? flags | flag : flags & ~flag; };
  put(kTypeCustomGetattribute, !is_native_slot(type->slot(Slot::getattribute)));
  put(kTypeHasGetattr, type->slot(Slot::getattr).is_present());
  put(kTypeCustomSetattr, has_custom_setter(type, Slot::setattr) || has_custom_setter(type, Slot::delattr));
  put(kTypeHasDel, type->slot(Slot::del).is_present());
  __atomic_store_n(&type->flags_, flags, __ATOMIC_RELAXED);
}

static void update_native_next(Type* type) {
  Value slot = type->slot(Slot::next);
  const NativeDef* def = is<MethodDescriptor>(slot) ? slot.as<MethodDescriptor>()->def() : nullptr;
  __atomic_store_n(&type->native_next_, def && def->next ? def : nullptr, __ATOMIC_RELEASE);
}

void update_slot(Type* type, Slot slot) {
  usize i = static_cast<usize>(slot);
  type->slots_[i].set(type, type_lookup(type, names.slots[i]));
  if (slot == Slot::next) update_native_next(type);
  if (slot == Slot::getattribute || slot == Slot::getattr || slot == Slot::setattr || slot == Slot::delattr || slot == Slot::del)
    update_flags(type);
}

// The nearest class behind the type in its MRO whose own MRO is the rest of it from there on: its slots are the type's but for
// what the classes before it define. *number: its place. Null: none has been made yet.
static Type* slots_base(Type* type, Index* number) {
  Tuple* mro = type->mro();
  if (!mro || !type->dict() || mro->at(0) != Value(type)) return nullptr;
  for (Index k = 1, n = mro->length(); k < n; ++k) {
    Type* base = mro->at(k).as<Type>();
    Tuple* rest = base->mro();
    if (!base->has_flag(kTypeReady) || !rest || rest->length() != n - k) continue;
    bool is_same = true;
    for (Index i = 0; i < n - k && is_same; ++i) is_same = mro->at(k + i) == rest->at(i);
    if (!is_same) continue;
    *number = k;
    return base;
  }
  return nullptr;
}

void update_all_slots(Type* type) {
  Index number = 0;
  if (Type* base = slots_base(type, &number)) {
    // One entry in the remembered set for a hundred stores.
    for (usize i = 0; i < kSlotCount; ++i) type->slots_[i].set_unremembered(base->slots_[i].get());
    while (number-- > 0) {
      Dict* dict = type->mro()->at(number).as<Type>()->dict();
      Index position = 0;
      Value key, value;
      while (dict && dict_next(dict, &position, &key, &value)) {
        Slot slot = slot_for_key(key);
        if (slot != Slot::kCount) type->slots_[static_cast<usize>(slot)].set_unremembered(value);
      }
    }
    remember_cell(type);
  } else {
    for (usize i = 0; i < kSlotCount; ++i) type->slots_[i].set(type, type_lookup(type, names.slots[i]));
  }
  update_native_next(type);
  update_flags(type);
}

// ---------------------------------------------------------------------------------------------------------------- lookup

struct MethodCacheEntry {
  u32 version;
  Str* name;
  u64 value;
};
static constexpr usize kMethodCacheSize = 1024;
// No synchronisation: under a GIL all threads share one, without it each has its own from its first lookup on. (Not in the
// thread's static storage, which is filled with zeros, and so paid for, at the start of every thread.) Entries are validated by
// version, and versions are never reused, so a stale value is never used.
static MethodCacheEntry shared_method_cache[kMethodCacheSize];
static thread_local MethodCacheEntry* method_cache = nullptr;

static BATON_COLD MethodCacheEntry* choose_method_cache() {
  if (gil_enabled()) return method_cache = shared_method_cache;
  struct Owner {
    MethodCacheEntry* entries = nullptr;
    ~Owner() {
      method_cache = nullptr;
      free(entries);
    }
  };
  static thread_local Owner owner;
  owner.entries = static_cast<MethodCacheEntry*>(calloc(kMethodCacheSize, sizeof(MethodCacheEntry)));
  return method_cache = owner.entries;
}

// Attributes of a class that are variables rather than parts of it: a counter of instances, say. What is stored to such a name
// again and again gives the class no new version, so nobody keeps the value by the version: names with their stores so far, in
// pairs in Type::tail_. Values are plain before and after, neither descriptors nor to be bound.
static constexpr Index kMostVariables = 8;
static constexpr i64 kStoresOfVariable = 3;

// Null: none, or the class has become one of another metaclass, and has its own attributes there.
static ValueArray* variables_of(Type* type) {
  Cell* tail = type->tail_.get();
  return tail && tail->kind_word() == kKindValueArray ? static_cast<ValueArray*>(tail) : nullptr;
}

static bool is_class_variable(Type* type, Str* name) {
  ValueArray* variables = variables_of(type);
  for (Index i = 0; variables && i < variables->capacity(); i += 2)
    if (variables->at(i) == Value(name)) return variables->at(i + 1).small_int() >= kStoresOfVariable;
  return false;
}

static bool is_plain(Value v) { return type_of(v)->slot(Slot::get).is_absent() && !is_data_descriptor(v); }

// A plain value of the class's own is being replaced by another one: notes that. Answers whether it is a variable already.
static Result<bool> note_replaced(Thread& thread, Type* type, Str* name) {
  ValueArray* variables = variables_of(type);
  if (!variables) {
    if (type->tail_.get()) return false;
    variables = TRY(make_value_array(thread, 2 * kMostVariables));
    type->tail_.set(type, variables);
  }
  for (Index i = 0; i < variables->capacity(); i += 2) {
    if (variables->at(i).is_present() && variables->at(i) != Value(name)) continue;
    i64 stores = variables->at(i).is_present() ? variables->at(i + 1).small_int() : 0;
    if (stores >= kStoresOfVariable) return true;
    variables->set_at(i + 1, Value::of_small_int(stores + 1));  // before the version that is given to the class for this store
    variables->set_at(i, Value(name));
    return false;
  }
  return false;
}

// holder: null, or gets the class that has it.
static Value lookup_uncached(Type* type, Str* name, Type** holder) {
  Tuple* mro = type->mro();
  if (!mro) return type->dict() ? dict_find_str(type->dict(), name) : Value();
  for (Index i = 0, n = mro->length(); i < n; ++i) {
    auto* base = mro->at(i).as<Type>();
    Dict* dict = base->dict();
    if (!dict) continue;
    Value v = dict_find_str(dict, name);
    if (v.is_absent()) continue;
    *holder = base;
    return v;
  }
  return Value();
}

Value type_lookup(Type* type, Str* name) {
  u32 version = type->version();
  Type* holder = nullptr;
  MethodCacheEntry* cache = method_cache;
  if (!cache) [[unlikely]] {
    cache = choose_method_cache();
    if (!cache) return lookup_uncached(type, name, &holder);
  }
  MethodCacheEntry& entry = cache[(version * 31 + (reinterpret_cast<u64>(name) >> 4)) & (kMethodCacheSize - 1)];
  if (entry.version == version && entry.name == name && version) return Value(entry.value);
  Value v = lookup_uncached(type, name, &holder);
  if (version && name->is_interned() && !(holder && is_class_variable(holder, name))) entry = {version, name, v.bits()};
  return v;
}

Type* holder_of_variable(Type* type, Str* name) {
  Type* holder = nullptr;
  Value v = lookup_uncached(type, name, &holder);
  return holder && is_class_variable(holder, name) && is_plain(v) ? holder : nullptr;
}

static void collect_subclasses(Type* type, RootVector& out);

// Under the lock of `type` itself, as whatever copies slots from class to class: of two changes to a class, or to a class and its
// base, the one that came last in the dicts must be the last one in the slots, too.
static void modified_recursively(Type* type, Slot slot, bool everything) {
  __atomic_store_n(&type->version_, fresh_version(), __ATOMIC_RELEASE);
  if (everything)
    update_all_slots(type);
  else if (slot != Slot::kCount)
    update_slot(type, slot);
  RootVector subclasses;
  collect_subclasses(type, subclasses);
  for (Value v : subclasses) modified_recursively(v.as<Type>(), slot, everything);
}

// A set of hashes: no false negatives, and few false positives while few of its 64 * kWords bits are set, three for each hash.
template <u32 kWords>
class HashFilter {
 public:
  void add(u64 hash) {
    for_each_bit(hash, [](u64* word, u64 bit) {
      if (!(__atomic_load_n(word, __ATOMIC_ACQUIRE) & bit)) __atomic_fetch_or(word, bit, __ATOMIC_SEQ_CST);
    });
  }
  bool may_hold(u64 hash) {
    bool may = true;
    for_each_bit(hash, [&](u64* word, u64 bit) { may = may && (__atomic_load_n(word, __ATOMIC_ACQUIRE) & bit); });
    return may;
  }

 private:
  template <class F>
  void for_each_bit(u64 hash, F fn) {
    constexpr int kBits = std::countr_zero(kWords);
    for (int i = 0; i < 3; ++i, hash >>= kBits + 6) fn(&words_[hash % kWords], u64{1} << (hash >> kBits & 63));
  }
  u64 words_[kWords];
};

// Names that instances' shapes and __slots__ hold: what an inline cache may know an offset of. (One bit of 4096 for each name
// flushed all caches for one in eight of the hundreds of names that enum sets.)
static HashFilter<256> instance_names;
void note_instance_name(Str* name) { instance_names.add(str_hash(name)); }

// Classes an instance of which filled an inline cache, by address.
static HashFilter<1024> cached_types;
static u64 address_hash(Type* type) { return (reinterpret_cast<u64>(type) >> 4) * 0x9E37'79B9'7F4A'7C15 >> 16; }
void note_cached_type(Type* type) { cached_types.add(address_hash(type)); }

// Whether an inline cache may know how attributes of instances of the class or of its subclasses are found. After the change that
// makes this wrong: who fills a cache notes the class before it looks.
static bool may_be_cached(Type* type) {
  if (cached_types.may_hold(address_hash(type))) return true;
  RootVector subclasses;
  collect_subclasses(type, subclasses);
  for (Value v : subclasses)
    if (may_be_cached(v.as<Type>())) return true;
  return false;
}

void type_modified(Thread& thread, Type* type) {
  CriticalSection guard(thread, types.type);
  modified_recursively(type, Slot::kCount, true);
}

Result<void> type_set_attribute(Thread& thread, Type* type, Str* name, Value value) {
  Slot slot = slot_for_name(name);
  bool was_data = false, known = true;
  {
    CriticalSection guard(thread, types.type);
    Value before = type_lookup(type, name);
    was_data = before.is_present() && is_data_descriptor(before);
    bool is_special = slot != Slot::kCount || (name->length() > 1 && name->at(0) == '_' && name->at(1) == '_');
    if (value.is_present() && !is_special && before.is_present() && is_plain(before) && is_plain(value) &&
        dict_find_str(type->dict(), name).is_present() && TRY(note_replaced(thread, type, name)))
      return dict_set_str(thread, type->dict(), name, value);
    if (value.is_absent())
      known = TRY(dict_remove_str(thread, type->dict(), name));
    else
      TRY(dict_set_str(thread, type->dict(), name, value));
    if (known) modified_recursively(type, slot, false);
  }
  if (!known) return raise_not_settable(thread, Value(type), name);
  bool hooks = slot == Slot::getattribute || slot == Slot::setattr || slot == Slot::delattr || slot == Slot::getattr;
  bool matters =
      hooks || was_data || (value.is_present() && is_data_descriptor(value) && instance_names.may_hold(str_hash(name)));
  if (!matters || !flush_inline_caches) return ok;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (may_be_cached(type)) flush_inline_caches(thread, hooks ? nullptr : name);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- subclasses

// Direct subclasses, weakly: the collector's visit stops at the list. Heap types are old from birth, so only full collections
// find them dead; clear_dead_subclasses drops those. Replaced when it grows.
class TypeList final : public Cell {
 public:
  static constexpr u16 kKind = kKindTypeList;
  u32 count() const { return __atomic_load_n(&count_, __ATOMIC_RELAXED); }
  u32 count_, capacity_;  // count_ is written under subclasses_mutex
  Type** entries() { return reinterpret_cast<Type**>(this + 1); }
};
static Mutex subclasses_mutex;  // nothing allocates under it

static TypeList* type_list(Type* type) { return static_cast<TypeList*>(type->subclasses_.get()); }

Result<void> add_subclass(Thread& thread, Type* base, Type* subclass) {
  for (;;) {
    TypeList* list = type_list(base);
    TypeList* fresh = nullptr;
    u32 wanted = list ? list->count() + 1 : 1;
    if (!list || list->capacity_ < wanted) {
      u32 capacity = wanted < 4 ? 4 : wanted * 2;
      fresh = static_cast<TypeList*>(allocate_cell(thread, sizeof(TypeList) + capacity * sizeof(Type*), kKindTypeList, 0));
      if (!fresh) return raise_memory_error(thread);
      fresh->count_ = 0;
      fresh->capacity_ = capacity;
    }
    Guard guard(subclasses_mutex);
    list = type_list(base);
    if (fresh && (!list || list->count_ < fresh->capacity_)) {
      for (u32 i = 0; list && i < list->count_; ++i) fresh->entries()[i] = list->entries()[i];
      fresh->count_ = list ? list->count_ : 0;
      base->subclasses_.set(base, fresh);
      list = fresh;
    }
    if (!list || list->count_ >= list->capacity_) continue;  // another thread was quicker
    list->entries()[list->count_] = subclass;
    __atomic_store_n(&list->count_, list->count_ + 1, __ATOMIC_RELEASE);
    return ok;
  }
}

void remove_subclass(Thread&, Type* base, Type* subclass) {
  Guard guard(subclasses_mutex);
  TypeList* list = type_list(base);
  if (!list) return;
  u32 kept = 0;
  for (u32 i = 0; i < list->count_; ++i)
    if (list->entries()[i] != subclass) list->entries()[kept++] = list->entries()[i];
  __atomic_store_n(&list->count_, kept, __ATOMIC_RELEASE);
}

Result<List*> live_subclasses(Thread& thread, Type* type) {
  RootVector found;
  collect_subclasses(type, found);
  return make_list(thread, found.data(), static_cast<Index>(found.size()));
}

static void collect_subclasses(Type* type, RootVector& out) {
  Guard guard(subclasses_mutex);
  if (TypeList* list = type_list(type))
    for (u32 i = 0; i < list->count_; ++i) out.push(Value(list->entries()[i]));
}

static u32 subclasses_epoch = 0;
// Writes only what changes, and notes only where several ways may lead: a write copies a page that is shared since a fork.
static void clear_dead_subclasses_of(Type* type) {
  if (Tuple* bases = type->bases(); bases && bases->length() > 1) {
    if (type->sweep_epoch_ == subclasses_epoch) return;
    type->sweep_epoch_ = subclasses_epoch;
  }
  TypeList* list = type_list(type);
  if (!list) return;
  u32 kept = 0;
  for (u32 i = 0; i < list->count_; ++i) {
    Type* subclass = list->entries()[i];
    if (!heap_is_live_after_mark(subclass)) continue;
    if (kept != i) list->entries()[kept] = subclass;
    ++kept;
    clear_dead_subclasses_of(subclass);
  }
  if (kept != list->count_) list->count_ = kept;
}
// In the weak phase of a full collection.
void clear_dead_subclasses() {
  ++subclasses_epoch;
  if (types.object) clear_dead_subclasses_of(types.object);
}

// ---------------------------------------------------------------------------------------------------------------- native types

static Type* raw_type(Thread& thread) {
  auto* type = static_cast<Type*>(
      allocate_cell(thread, sizeof(Type), kKindType, types.type ? types.type->instance_shape()->id() : 0, kAllocPretenured));
  BATON_CHECK(type, "out of memory for a type");
  type->name_.init(nullptr);
  type->qualname_.init(nullptr);
  type->dict_.init(nullptr);
  type->bases_.init(nullptr);
  type->mro_.init(nullptr);
  type->base_.init(nullptr);
  type->instance_shape_.init(nullptr);
  type->dictionary_shape_.init(nullptr);
  type->subclasses_.init(nullptr);
  type->module_state_.init(Value());
  for (auto& slot : type->slots_) slot.init(Value());
  type->native_next_ = nullptr;
  type->def_ = nullptr;
  type->find_attribute_ = nullptr;
  type->set_attribute_ = nullptr;
  type->flags_ = 0;
  type->version_ = 0;
  type->tail_offset_ = 0;
  type->member_slots_ = 0;
  type->payload_size_ = 8;
  type->instance_kind_ = 0;
  type->sweep_epoch_ = 0;
  type->tail_.init(nullptr);
  return type;
}

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
      if (!*def.dynamic_kind) {
        *def.dynamic_kind = next_dynamic_kind++;
      }
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

// Second half: name, bases, MRO, dict.
static Result<void> fill_native_type(Thread& thread, TypeDef& def) {
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
  if (module != "builtins") TRY(dict_set_str(thread, dict, names.dunder_module, Value(intern(thread, module))));
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

void init_core_types(Thread& thread) {
  auto allocate = [&](TypeDef& def) -> Type* {
    if (def.type) return def.type;
    return allocate_native_type(thread, def);
  };
  types.object = allocate(object_def);
  types.type = allocate(type_def);
#define TYPE(id, def) types.id = nullptr;
  CoreTypes made = types;
#undef TYPE
#define TYPE(id, def)                                                                        \
  {                                                                                          \
    for (TypeDef* b = def.base; b; b = b->base) made.object = allocate(object_def), (void)0; \
    if (def.base && !def.base->type) allocate(*def.base);                                    \
    made.id = allocate(def);                                                                 \
  }
#include "objects/types.def"
#undef TYPE
  types = made;
#define NAME(id, text) names.id = intern(thread, text);
#include "objects/names.def"
#undef NAME
  usize slot_number = 0;
#define SLOT(id, text)                                                 \
  names.dunder_##id = names.slots[slot_number] = intern(thread, text); \
  index_slot_name(slot_number++);
#include "objects/slots.def"
#undef SLOT
  (void)kSlotNames;
#define TYPE(id, def)                                         \
  for (TypeDef* b = def.base; b; b = b->base)                 \
    if (!b->type->dict()) MUST(fill_native_type(thread, *b)); \
  if (!def.type->dict()) MUST(fill_native_type(thread, def));
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
  Type* layout = layout_base(type);
  for (Index i = 0; i < mro->length(); ++i) {
    if (!is<Type>(mro->at(i))) return raise_type_error(thread, "mro() returned a non-class ('{!t}')", mro->at(i));
    Type* base = mro->at(i).as<Type>();
    if (!extends_layout(layout, layout_base(base)))
      return raise_type_error(thread, "mro() returned base with unsuitable layout ('{}')", base->name());
  }
  return mro;
}

// ---------------------------------------------------------------------------------------------------------------- class
// statements

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

static Result<Type*> calculate_metaclass(Thread& thread, Type* metaclass, Tuple* bases) {
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
  bool has_slots = false, wants_dict = false, wants_weakref = false;
  RootVector members;
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
    if (kind == kKindTuple || kind == kKindIntObject || kind == kKindBigInt || kind == kKindBytes) {
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
    usize n = keyword_names ? static_cast<usize>(keyword_names->length()) : 0;
    return call_values(thread, bound, keyword_values, n ? 0 : 0, n ? keyword_names : nullptr).is_failed() ? Result<void>(failed)
                                                                                                          : Result<void>(ok);
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

Result<Type*> make_heap_type(Thread& thread, Type* metaclass, Str* name, Tuple* bases, Dict* namespace_dict,
                             Value const* keyword_values, Tuple* keyword_names) {
  if (bases->length() == 0) bases = TRY(tuple_of(thread, Value(types.object)));
  for (Index i = 0; i < bases->length(); ++i) {
    if (is<Type>(bases->at(i))) continue;
    if (TRY(find_attr(thread, bases->at(i), names.dunder_mro_entries)) != kNotFound) {
      return raise_type_error(thread, "type() doesn't support MRO entry resolution; use types.new_class()");
    }
  }
  Type* winner = TRY(calculate_metaclass(thread, metaclass, bases));
  if (winner != metaclass) {
    Value new_slot = winner->slot(Slot::new_);
    if (new_slot != types.type->slot(Slot::new_)) {
      RootVector args;
      for (Value v : {Value(winner), Value(name), Value(bases), Value(namespace_dict)}) args.push(v);
      for (Index i = 0; keyword_names && i < keyword_names->length(); ++i) args.push(keyword_values[i]);
      Value made = TRY(call_values(thread, TRY(call_get(thread, new_slot, kNone, winner)), args.data(), 4, keyword_names));
      if (!is<Type>(made)) return raise_type_error(thread, "metaclass did not make a type");
      return made.as<Type>();
    }
    metaclass = winner;
  }
  Type* base = TRY(best_base(thread, bases));
  Dict* dict = TRY(dict_copy_of(thread, namespace_dict));
  SlotsPlan plan;
  TRY(plan_slots(thread, name, base, dict, plan));

  Type* type = raw_type(thread);
  type->set_shape_id(metaclass->instance_shape()->id());
  type->set_kind_word(metaclass == types.type
                          ? static_cast<u16>(kKindType)
                          : static_cast<u16>(kKindType | (metaclass->has_flag(kTypeHeap) ? kSubclassBit : 0)));
  // A class's own attributes live in its dict, so a metaclass instance needs no tail: the subclass bit stays off.
  type->set_kind_word(kKindType);
  type->name_.set(type, TRY(str_exact(thread, name)));
  type->bases_.set(type, bases);
  type->base_.set(type, base);
  type->dict_.set(type, dict);
  type->def_ = base->def_;
  type->find_attribute_ = base->find_attribute_;
  type->set_attribute_ = base->set_attribute_;
  constexpr u32 kInherited = kTypeIsException | kTypeIsType | kTypeIsInt | kTypeIsStr | kTypeIsTuple | kTypeIsList | kTypeIsDict |
                             kTypeIsBytes | kTypeSequence | kTypeMapping | kTypeMatchSelf | kTypeHasDict | kTypeWeakrefable;
  type->flags_ = kTypeHeap | kTypeSubclassable | kTypeReady | (base->flags() & kInherited);
  for (Index i = 0; i < bases->length(); ++i) {  // traits may come from any base
    type->flags_ |= bases->at(i).as<Type>()->flags() & (kTypeHasDict | kTypeWeakrefable);
  }
  // Where instances of CPython's base have no fixed size, there is no room for weak references.
  bool sized = !type->has_flag(kTypeIsInt | kTypeIsTuple | kTypeIsBytes);
  if (!sized) type->flags_ &= ~u32{kTypeWeakrefable};
  bool add_dict = !plan.has_slots ? !type->has_flag(kTypeHasDict) : plan.wants_dict;
  bool add_weakref = sized && (!plan.has_slots ? !type->has_flag(kTypeWeakrefable) : plan.wants_weakref);
  if (type->has_flag(kTypeIsType)) add_dict = false;  // a class keeps its attributes in its own dict, not in a tail
  if (add_dict) type->flags_ |= kTypeHasDict;
  if (add_weakref) type->flags_ |= kTypeWeakrefable;

  type->payload_size_ = base->payload_size_;
  u16 kind = base->instance_kind_ & kKindMask;
  if (kind == kKindBigInt) {
    kind = kKindIntObject;
    type->payload_size_ = sizeof(IntObjectLayout);
  }
  if (kind == kKindStr || kind == kKindBytes) type->payload_size_ = kSharedTextSize;
  type->instance_kind_ = kind | kSubclassBit;
  type->tail_offset_ = base->tail_offset_ ? base->tail_offset_ : ((type->payload_size_ + 7) & ~7u);
  type->member_slots_ = base->member_slots_;
  u32 first_member = type->member_slots_;
  type->member_slots_ += static_cast<u32>(plan.members.size());
  u32 capacity = type->has_flag(kTypeHasDict) && kind != kKindType ? initial_inline_capacity(base, bases, dict) : 0;
  type->instance_shape_.set(type, new_shape(thread, type, capacity));

  // --- the namespace
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
  if (Value v = dict_find_str(dict, names.dunder_new_); v.is_present() && is<Function>(v)) {
    TRY(dict_set_str(thread, dict, names.dunder_new_, Value(TRY(make<StaticMethod>(thread, v)))));
  }
  for (Str* special : {names.dunder_init_subclass, names.dunder_class_getitem}) {
    if (Value v = dict_find_str(dict, special); v.is_present() && is<Function>(v)) {
      TRY(dict_set_str(thread, dict, special, Value(TRY(make<ClassMethod>(thread, v)))));
    }
  }
  Value cell = dict_find_str(dict, names.dunder_classcell);
  if (cell.is_present()) {
    if (!is<ClosureCell>(cell))
      return raise_type_error(thread, "__classcell__ must be a nonlocal cell, not {!r}", Value(type_of(cell)));
    cell.as<ClosureCell>()->set(Value(type));
    TRY(dict_remove_str(thread, dict, names.dunder_classcell));
  }
  for (usize i = 0; i < plan.members.size(); ++i) {
    Str* member = plan.members[i].as<Str>();
    note_instance_name(member);
    TRY(dict_set_str(thread, dict, member,
                     Value(TRY(make<SlotMember>(thread, type, member, first_member + static_cast<u32>(i))))));
  }
  if (add_dict && dict_find_str(dict, names.dunder_dict).is_absent())
    TRY(dict_set_str(thread, dict, names.dunder_dict, Value(TRY(make<GetSet>(thread, &heap_dict_getset, type)))));
  if (add_weakref && dict_find_str(dict, names.dunder_weakref).is_absent())
    TRY(dict_set_str(thread, dict, names.dunder_weakref, Value(TRY(make<GetSet>(thread, &heap_weakref_getset, type)))));
  if (dict_find_str(dict, names.dunder_doc).is_absent()) TRY(dict_set_str(thread, dict, names.dunder_doc, kNone));
  if (dict_find_str(dict, names.dunder_eq).is_present() && dict_find_str(dict, names.dunder_hash).is_absent()) {
    TRY(dict_set_str(thread, dict, names.dunder_hash, kNone));
  }
  if (Value m = dict_find_str(dict, names.dunder_abstractmethods); m.is_present()) {
    if (TRY(truth(thread, m))) type->flags_ |= kTypeAbstract;
  }
  Tuple* mro_before = type->mro();
  if (Tuple* mro = TRY(compute_type_mro(thread, type)); type->mro() == mro_before) type->mro_.set(type, mro);
  // Sequence or mapping: as the first class along the MRO that is one.
  type->flags_ &= ~(kTypeSequence | kTypeMapping);
  for (Index i = 1; i < type->mro()->length(); ++i) {
    u32 trait = type->mro()->at(i).as<Type>()->flags() & (kTypeSequence | kTypeMapping);
    if (!trait) continue;
    type->flags_ |= trait;
    break;
  }
  type->version_ = fresh_version();
  for (Index i = 0; i < bases->length(); ++i) TRY(add_subclass(thread, bases->at(i).as<Type>(), type));
  {
    CriticalSection guard(thread, types.type);
    update_all_slots(type);
  }
  // A base other than the layout base may bring a lookup hook (super-types of metaclasses).
  TRY(call_set_names(thread, type));
  TRY(call_init_subclass(thread, type, keyword_values, keyword_names));
  return type;
}

}  // namespace baton
