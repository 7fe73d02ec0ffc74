// Types: slots, class attributes, subclasses. They are made in type_native.cpp (from native definitions) and type_class.cpp (from
// class statements).
//
// Every class caches the dunders of slots.def as it would find them along its MRO; a change of a class attribute updates the
// slots of the class and its subclasses and gives them new versions, which is what method caches and inline caches check.
#include "objects/type.h"

#include <bit>
#include <cstdlib>

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
u32 fresh_version() { return __atomic_fetch_add(&next_type_version, 1, __ATOMIC_RELAXED); }

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

Type* raw_type(Thread& thread) {
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

// ---------------------------------------------------------------------------------------------------------------- slots

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

void make_slot_names(Thread& thread) {
  usize slot_number = 0;
#define SLOT(id, text)                                                 \
  names.dunder_##id = names.slots[slot_number] = intern(thread, text); \
  index_slot_name(slot_number++);
#include "objects/slots.def"
#undef SLOT
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

// Something in its MRO, or a subclass's place in it, has a __class__ besides object's. Or had: this isn't taken back.
static bool claims_class(Type* type) {
  if (type == types.object || !type->dict()) return false;
  if (type->has_flag(kTypeClaimsClass) || dict_find_str(type->dict(), names.dunder_class).is_present()) return true;
  Tuple* mro = type->mro();
  for (Index i = 1, n = mro ? mro->length() : 0; i < n; ++i)
    if (mro->at(i).as<Type>()->has_flag(kTypeClaimsClass)) return true;
  return false;
}

static void update_flags(Type* type) {
  u32 flags = type->flags();
  auto put = [&](u32 flag, bool on) { flags = on ? flags | flag : flags & ~flag; };
  put(kTypeCustomGetattribute, !is_native_slot(type->slot(Slot::getattribute)));
  put(kTypeHasGetattr, type->slot(Slot::getattr).is_present());
  put(kTypeCustomSetattr, has_custom_setter(type, Slot::setattr) || has_custom_setter(type, Slot::delattr));
  put(kTypeHasDel, type->slot(Slot::del).is_present());
  put(kTypeClaimsClass, claims_class(type));
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
  if (slot == Slot::hash) forget_tuple_hashes();
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
  forget_tuple_hashes();
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
  return holder && is_class_variable(holder, name) && is_plain_attribute(v) ? holder : nullptr;
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

static void note_claimed_class(Type* type) {
  update_flags(type);
  RootVector subclasses;
  collect_subclasses(type, subclasses);
  for (Value v : subclasses) note_claimed_class(v.as<Type>());
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
    if (value.is_present() && !is_special && before.is_present() && is_plain_attribute(before) && is_plain_attribute(value) &&
        dict_find_str(type->dict(), name).is_present() && TRY(note_replaced(thread, type, name)))
      return dict_set_str(thread, type->dict(), name, value);
    if (value.is_absent())
      known = TRY(dict_remove_str(thread, type->dict(), name));
    else
      TRY(dict_set_str(thread, type->dict(), name, value));
    if (known) modified_recursively(type, slot, false);
    if (str_equal(name, names.dunder_class)) note_claimed_class(type);
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

}  // namespace baton
