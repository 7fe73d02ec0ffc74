// Attributes by names that are values: see named_attribute.h.
#include "interp/named_attribute.h"

#include "interp/inline_cache.h"
#include "interp/slow.h"

namespace baton {

// Records are made at one in so many attributes that have none: names and shapes that put out each other's records don't have
// one made each time, and what is asked once in a program has none.
static bool may_share() {
  constexpr u32 kOneIn = 8;
  static u32 asked = 0;  // one lost among threads does no harm
  u32 before = __atomic_load_n(&asked, __ATOMIC_RELAXED);
  __atomic_store_n(&asked, before + 1, __ATOMIC_RELAXED);
  return before % kOneIn == kOneIn - 1;
}

// What a record has of the object's attribute; absent: none has. is_method: it is to be bound to the object.
static Value recorded_attribute(Value object, Str* name, bool* is_method) {
  *is_method = false;
  if (!object.is_cell()) return Value();
  CacheRecord* record = shared_record(CacheUse::Method, object.cell()->shape_id(), name);
  if (!record) return Value();
  switch (record->form_) {
    case CacheForm::Slot: return slot_at(object.cell(), record->offset_).get();
    case CacheForm::Overflow: return overflow_attribute(object.cell(), record);
    case CacheForm::Method: *is_method = true; break;
    case CacheForm::ClassValue: break;
    default: return Value();
  }
  return record->type_version_ == shape_of(object.cell())->type()->version() ? record->value_.get() : Value();
}

// Of an attribute that has been found without a record.
static void share_found(Thread& thread, Value object, Str* name) {
  if (!object.is_cell()) return;
  Type* type = type_of(object);
  if (type->has_flag(kTypeCustomGetattribute | kTypeHasGetattr) || type->find_attribute_ || !may_share()) return;
  (void)share_loaded_attribute(thread, CacheUse::Method, object, name);
}

static Result<Value> bound(Thread& thread, Value method, Value object) {
  Value v = slow_bound_method(thread, method, object);
  if (v.is_absent()) return failed;
  return v;
}

// look_up: get_attr() or find_attr().
template <class LookUp>
static Result<Value> by_record_or(Thread& thread, Value object, Str* name, LookUp look_up) {
  bool is_method = false;
  if (Value v = recorded_attribute(object, name, &is_method); v.is_present()) [[likely]]
    return is_method ? bound(thread, v, object) : Result<Value>(v);
  Value v = TRY(look_up());
  if (v != kNotFound) share_found(thread, object, name);
  return v;
}

Result<Value> get_named_attribute(Thread& thread, Value object, Str* name) {
  return by_record_or(thread, object, name, [&] { return get_attr(thread, object, name); });
}

Result<Value> find_named_attribute(Thread& thread, Value object, Str* name) {
  return by_record_or(thread, object, name, [&] { return find_attr(thread, object, name); });
}

Result<bool> has_named_attribute(Thread& thread, Value object, Str* name) {
  bool is_method = false;
  if (recorded_attribute(object, name, &is_method).is_present()) return true;
  if (TRY(find_attr(thread, object, name)) == kNotFound) return false;
  share_found(thread, object, name);
  return true;
}

Result<void> set_named_attribute(Thread& thread, Value object, Str* name, Value value) {
  Shape* before = nullptr;
  if (object.is_cell()) [[likely]] {
    Cell* cell = object.cell();
    before = shape_of(cell);
    if (CacheRecord* record = shared_record(CacheUse::Store, before->id(), name)) {
      if (!objects_are_locked() ? store_by_record(cell, record, value) : slow_store_by_record(thread, cell, record, value))
        return ok;
    }
  }
  TRY(set_attr(thread, object, name, value));
  if (object.is_cell() && may_share()) (void)share_stored_attribute(thread, object, name, before);
  return ok;
}

}  // namespace baton
