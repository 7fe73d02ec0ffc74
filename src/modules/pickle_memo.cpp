// _pickle: the memos of Pickler and Unpickler, and the proxies through which Python code sees them.
#include <cstring>

#include "modules/pickle_internal.h"
#include "objects/numbers.h"
#include "objects/raw_bytes.h"

namespace baton {

static TypeDef pickle_memo_def = {.name = "pickle_memo",
                                  .dynamic_kind = &DynamicKind<PickleMemo>::value,
                                  .payload_size = sizeof(PickleMemo),
                                  .flags = kTypeNoInstances,
                                  .kind_info = kind_info_of<PickleMemo>("pickle_memo"),
                                  .finish = finish_buffer_owner};
static TypeDef unpickle_memo_def = {.name = "unpickle_memo",
                                    .dynamic_kind = &DynamicKind<UnpickleMemo>::value,
                                    .payload_size = sizeof(UnpickleMemo),
                                    .flags = kTypeNoInstances,
                                    .kind_info = kind_info_of<UnpickleMemo>("unpickle_memo"),
                                    .finish = finish_buffer_owner};

Result<PickleMemo*> make_pickle_memo(Thread& thread) {
  return make_of<PickleMemo>(thread, TRY(type_from_def(thread, pickle_memo_def)));
}
Result<UnpickleMemo*> make_unpickle_memo(Thread& thread) {
  return make_of<UnpickleMemo>(thread, TRY(type_from_def(thread, unpickle_memo_def)));
}

// ---------------------------------------------------------------------------------------------------------------- pickling

static constexpr Index kFirstMemoSize = 16, kFewInMemo = 512, kMaxMemoSize = Index{1} << 30;

static void index_add(RawBytes* index, Value object, u32 entry) {
  u32* slots = reinterpret_cast<u32*>(index->data());
  u64 mask = index->capacity() / sizeof(u32) - 1;
  u64 slot = PickleMemo::hash(object) & mask;
  while (slots[slot]) slot = (slot + 1) & mask;
  __atomic_store_n(&slots[slot], entry, __ATOMIC_RELEASE);
}

// Room for twice as many objects, or for more while there are few, and an index of twice that.
BATON_NOINLINE static Result<void> grow(Thread& thread, PickleMemo* memo) {
  ValueArray* old = memo->objects_.get();
  Index capacity = !old ? kFirstMemoSize : old->capacity() < kFewInMemo ? old->capacity() * 4 : old->capacity() * 2;
  if (capacity > kMaxMemoSize) return raise_memory_error(thread);
  ValueArray* objects = TRY(make_value_array(thread, capacity));
  usize index_bytes = static_cast<usize>(capacity) * 2 * sizeof(u32);
  RawBytes* index = TRY(make_raw_bytes(thread, index_bytes));
  memset(index->data(), 0, index_bytes);
  RawBytes* numbers = nullptr;
  if (memo->numbers_.get()) numbers = TRY(make_raw_bytes(thread, static_cast<usize>(capacity) * sizeof(i64)));
  for (Index i = 0; i < memo->count_; ++i) {
    Value object = old->at(i);
    objects->set_at(i, object);
    if (object.is_present()) index_add(index, object, static_cast<u32>(i + 1));
  }
  if (numbers) memcpy(numbers->data(), memo->numbers_->data(), static_cast<usize>(memo->count_) * sizeof(i64));
  memo->objects_.set(memo, objects);
  if (numbers) memo->numbers_.set(memo, numbers);
  memo->index_.set(memo, index);
  return ok;
}

Result<i64> pickle_memo_add(Thread& thread, PickleMemo* memo, Value object) {
  CriticalSection guard(thread, memo);
  ValueArray* objects = memo->objects_.get();
  Index at = memo->count_;
  if (!objects || at == objects->capacity()) [[unlikely]] {
    TRY(grow(thread, memo));
    objects = memo->objects_.get();
  }
  if (object.is_present()) {
    objects->set_at(at, object);
    index_add(memo->index_.get(), object, static_cast<u32>(at + 1));
  }
  if (RawBytes* numbers = memo->numbers_.get()) reinterpret_cast<i64*>(numbers->data())[at] = at;
  __atomic_store_n(&memo->count_, at + 1, __ATOMIC_RELEASE);
  return static_cast<i64>(at);
}

Result<void> pickle_memo_add_numbered(Thread& thread, PickleMemo* memo, Value object, i64 number) {
  i64 at = TRY(pickle_memo_add(thread, memo, object));
  if (number == at && !memo->numbers_.get()) return ok;
  CriticalSection guard(thread, memo);
  if (!memo->numbers_.get()) {
    RawBytes* numbers = TRY(make_raw_bytes(thread, static_cast<usize>(memo->objects_->capacity()) * sizeof(i64)));
    for (i64 i = 0; i < at; ++i) reinterpret_cast<i64*>(numbers->data())[i] = i;
    memo->numbers_.set(memo, numbers);
  }
  reinterpret_cast<i64*>(memo->numbers_->data())[at] = number;
  return ok;
}

Result<PickleMemo*> pickle_memo_copy(Thread& thread, PickleMemo* memo) {
  PickleMemo* copy = TRY(make_pickle_memo(thread));
  for (Index i = 0, n = memo->count(); i < n; ++i)
    TRY(pickle_memo_add_numbered(thread, copy, memo->object_at(i), memo->number_at(i)));
  return copy;
}

// ---------------------------------------------------------------------------------------------------------------- unpickling

static constexpr u64 kSparseFrom = 1024;  // numbers below are always dense

Value UnpickleMemo::find_sparse(u64 number) const {
  Dict* sparse = sparse_.get();
  if (number > static_cast<u64>(Value::kMaxSmallInt)) return Value();
  // An int key that is compared with int keys only: nothing can fail.
  Value found = MUST(dict_find(current_thread(), sparse, Value::of_small_int(static_cast<i64>(number))));
  return found == kNotFound ? Value() : found;
}

// Threads may share an Unpickler: what one puts in is not lost while another one's number makes the memo grow.
static bool put_if_it_fits(Thread& thread, UnpickleMemo* memo, u64 number, Value object) {
  CriticalSection guard(thread, memo);
  ValueArray* objects = memo->objects_.get();
  if (!objects || number >= static_cast<u64>(objects->capacity())) [[unlikely]]
    return false;
  if (objects->at(static_cast<Index>(number)).is_absent()) ++memo->count_;
  objects->set_at(static_cast<Index>(number), object);
  return true;
}

static void replace_if_larger(Thread& thread, UnpickleMemo* memo, ValueArray* larger) {
  CriticalSection guard(thread, memo);
  if (ValueArray* old = memo->objects_.get()) {
    if (old->capacity() >= larger->capacity()) return;
    for (Index i = 0; i < old->capacity(); ++i)
      if (old->at(i).is_present()) larger->set_at(i, old->at(i));
  }
  memo->objects_.set(memo, larger);
}

static Result<void> put_sparse(Thread& thread, UnpickleMemo* memo, Value number, Value object) {
  if (!memo->sparse_.get()) {
    Dict* dict = TRY(make_dict(thread));
    CriticalSection guard(thread, memo);
    if (!memo->sparse_.get()) memo->sparse_.set(memo, dict);
  }
  Dict* sparse = memo->sparse_.get();
  bool is_new = TRY(dict_find(thread, sparse, number)) == kNotFound;
  TRY(dict_set(thread, sparse, number, object));
  CriticalSection guard(thread, memo);
  if (is_new) ++memo->count_;
  return ok;
}

Result<void> unpickle_memo_set(Thread& thread, UnpickleMemo* memo, u64 number, Value object) {
  while (!put_if_it_fits(thread, memo, number, object)) {
    ValueArray* objects = memo->objects_.get();
    u64 capacity = objects ? static_cast<u64>(objects->capacity()) : 0;
    if (number >= kSparseFrom && number / 4 > static_cast<u64>(memo->count_)) {  // a hostile number must not cost memory
      if (number > static_cast<u64>(Value::kMaxSmallInt)) return raise_memory_error(thread);
      return put_sparse(thread, memo, Value::of_small_int(static_cast<i64>(number)), object);
    }
    if (capacity < 32) capacity = 32;
    while (capacity <= number) capacity *= capacity < kFewInMemo ? 4 : 2;
    replace_if_larger(thread, memo, TRY(make_value_array(thread, static_cast<Index>(capacity))));
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- proxies

class MemoProxy : public Cell {
 public:
  void init(Cell* owner) { owner_.init(owner); }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_); }
  Field<Cell> owner_;
};
class PicklerMemoProxy final : public MemoProxy {
 public:
  Pickler* pickler() const { return static_cast<Pickler*>(owner_.get()); }
};
class UnpicklerMemoProxy final : public MemoProxy {
 public:
  Unpickler* unpickler() const { return static_cast<Unpickler*>(owner_.get()); }
};

// {id(object): (number, object)}
static Result<Dict*> memo_as_dict(Thread& thread, PickleMemo* memo) {
  Dict* result = TRY(make_dict(thread));
  for (Index i = 0, n = memo ? memo->count() : 0; i < n; ++i) {
    Value object = memo->object_at(i);
    if (object.is_absent()) continue;
    Value number = TRY(int_from_i64(thread, memo->number_at(i)));
    Value key = TRY(int_from_u64(thread, object_id(object)));
    TRY(dict_set(thread, result, key, Value(TRY(tuple_of(thread, number, object)))));
  }
  return result;
}
static Result<void> pickler_proxy_clear(Thread& thread, PicklerMemoProxy* self) {
  Pickler* pickler = self->pickler();
  if (pickler->memo_.get()) pickler->memo_.set(pickler, TRY(make_pickle_memo(thread)));
  return ok;
}
static Result<Dict*> pickler_proxy_copy(Thread& thread, PicklerMemoProxy* self) {
  return memo_as_dict(thread, self->pickler()->memo_.get());
}
static Result<Value> reduce_as_dict(Thread& thread, Dict* contents) {
  return tuple_of(thread, Value(types.dict), Value(TRY(tuple_of(thread, Value(contents)))));
}
static Result<Value> pickler_proxy_reduce(Thread& thread, PicklerMemoProxy* self) {
  return reduce_as_dict(thread, TRY(pickler_proxy_copy(thread, self)));
}

// {number: object}
static Result<void> unpickler_proxy_clear(Thread& thread, UnpicklerMemoProxy* self) {
  Unpickler* unpickler = self->unpickler();
  if (unpickler->memo_.get()) unpickler->memo_.set(unpickler, TRY(make_unpickle_memo(thread)));
  return ok;
}
static Result<Dict*> unpickler_proxy_copy(Thread& thread, UnpicklerMemoProxy* self) {
  Dict* result = TRY(make_dict(thread));
  UnpickleMemo* memo = self->unpickler()->memo_.get();
  if (!memo) return result;
  if (ValueArray* objects = memo->objects_.get()) {
    for (Index i = 0; i < objects->capacity(); ++i)
      if (Value object = objects->at(i); object.is_present()) TRY(dict_set(thread, result, Value::of_small_int(i), object));
  }
  if (Dict* sparse = memo->sparse_.get()) TRY(dict_update_from(thread, result, Value(sparse)));
  return result;
}
static Result<Value> unpickler_proxy_reduce(Thread& thread, UnpicklerMemoProxy* self) {
  return reduce_as_dict(thread, TRY(unpickler_proxy_copy(thread, self)));
}

static constinit NativeDef pickler_proxy_methods[] = {
    native<pickler_proxy_clear>("clear($self, /)", "Remove all items from memo."),
    native<pickler_proxy_copy>("copy($self, /)", "Copy the memo to a new object."),
    native<pickler_proxy_reduce>("__reduce__($self, /)", "Implement pickle support."),
};
static constinit NativeDef unpickler_proxy_methods[] = {
    native<unpickler_proxy_clear>("clear($self, /)", "Remove all items from memo."),
    native<unpickler_proxy_copy>("copy($self, /)", "Copy the memo to a new object."),
    native<unpickler_proxy_reduce>("__reduce__($self, /)", "Implement pickling support."),
};
static Result<void> finish_proxy(Thread& thread, Type* type) {
  return type_set_attribute(thread, type, intern(thread, "__hash__"), kNone);
}
constinit TypeDef pickler_memo_proxy_def = {.name = "_pickle.PicklerMemoProxy",
                                            .dynamic_kind = &DynamicKind<PicklerMemoProxy>::value,
                                            .payload_size = sizeof(PicklerMemoProxy),
                                            .methods = pickler_proxy_methods,
                                            .method_count = count_of(pickler_proxy_methods),
                                            .kind_info = kind_info_of<PicklerMemoProxy>("_pickle.PicklerMemoProxy"),
                                            .finish = finish_proxy};
constinit TypeDef unpickler_memo_proxy_def = {.name = "_pickle.UnpicklerMemoProxy",
                                              .dynamic_kind = &DynamicKind<UnpicklerMemoProxy>::value,
                                              .payload_size = sizeof(UnpicklerMemoProxy),
                                              .methods = unpickler_proxy_methods,
                                              .method_count = count_of(unpickler_proxy_methods),
                                              .kind_info = kind_info_of<UnpicklerMemoProxy>("_pickle.UnpicklerMemoProxy"),
                                              .finish = finish_proxy};

Result<Value> pickler_get_memo(Thread& thread, Value self) {
  return make_of<PicklerMemoProxy>(thread, TRY(type_from_def(thread, pickler_memo_proxy_def)), self.cell());
}
Result<Value> unpickler_get_memo(Thread& thread, Value self) {
  return make_of<UnpicklerMemoProxy>(thread, TRY(type_from_def(thread, unpickler_memo_proxy_def)), self.cell());
}

static Result<PickleMemo*> pickle_memo_from_dict(Thread& thread, Dict* dict) {
  PickleMemo* memo = TRY(make_pickle_memo(thread));
  Index position = 0;
  for (Value key, value; dict_next(dict, &position, &key, &value);) {
    if (!is<Tuple>(value) || value.as<Tuple>()->length() != 2)
      return raise_type_error(thread, "'memo' values must be 2-item tuples");
    Value number = value.as<Tuple>()->at(0);
    if (!is_int(number)) return raise_type_error(thread, "an integer is required");
    i64 n;
    if (!int_to_i64(int_exact(number), &n)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
    TRY(pickle_memo_add_numbered(thread, memo, value.as<Tuple>()->at(1), n));
  }
  return memo;
}
Result<void> pickler_set_memo(Thread& thread, Value self, Value memo) {
  Pickler* pickler = self.as<Pickler>();
  if (memo.is_absent()) return raise_type_error(thread, "attribute deletion is not supported");
  PickleMemo* made;
  if (PicklerMemoProxy* proxy = cast<PicklerMemoProxy>(memo)) {
    PickleMemo* other = proxy->pickler()->memo_.get();
    made = TRY(other ? pickle_memo_copy(thread, other) : make_pickle_memo(thread));
  } else if (is<Dict>(memo)) {
    made = TRY(pickle_memo_from_dict(thread, memo.as<Dict>()));
  } else {
    return raise_type_error(thread, "'memo' attribute must be a PicklerMemoProxy object or dict, not {!t}", memo);
  }
  pickler->memo_.set(pickler, made);
  return ok;
}

static Result<UnpickleMemo*> unpickle_memo_from_dict(Thread& thread, Dict* dict) {
  UnpickleMemo* memo = TRY(make_unpickle_memo(thread));
  Index position = 0;
  for (Value key, value; dict_next(dict, &position, &key, &value);) {
    if (!is_int(key)) return raise_type_error(thread, "memo key must be integers");
    Value exact = int_exact(key);
    if (int_sign(exact) < 0) return raise_value_error(thread, "memo key must be positive integers.");
    u64 number;
    if (!int_to_u64(exact, &number)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
    TRY(unpickle_memo_set(thread, memo, number, value));
  }
  return memo;
}
Result<void> unpickler_set_memo(Thread& thread, Value self, Value memo) {
  Unpickler* unpickler = self.as<Unpickler>();
  if (memo.is_absent()) return raise_type_error(thread, "attribute deletion is not supported");
  Dict* contents;
  if (UnpicklerMemoProxy* proxy = cast<UnpicklerMemoProxy>(memo))
    contents = TRY(unpickler_proxy_copy(thread, proxy));
  else if (is<Dict>(memo))
    contents = memo.as<Dict>();
  else
    return raise_type_error(thread, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {!t}", memo);
  unpickler->memo_.set(unpickler, TRY(unpickle_memo_from_dict(thread, contents)));
  return ok;
}

}  // namespace baton
