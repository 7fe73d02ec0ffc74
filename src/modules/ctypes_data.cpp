// Objects of C memory: making them, what they keep alive, reading and storing by type, the buffer protocol, pickling.
//
// keep_reference writes down, in the outermost object, what a part's memory refers to. The key of an entry names the part: its
// index and those of its bases, in hexadecimal, joined by colons. Objects without parts keep a single value instead of a dict.
#include <cstdio>
#include <cstring>

#include "modules/ctypes_internal.h"
#include "objects/new_exception.h"

namespace baton {

CTypeInfo* info_of_type(Type* type) { return cast<CTypeInfo>(type->module_state_.get()); }
CTypeInfo* info_of_type(Value type) { return is<Type>(type) ? info_of_type(type.as<Type>()) : nullptr; }
CTypeInfo* info_of(CData* object) { return info_of_type(type_of(Value(object))); }

// ---------------------------------------------------------------------------------------------------------------- making

static Result<CTypeInfo*> concrete_info(Thread& thread, Type* type) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "abstract class");
  info->final_ = true;
  return info;
}

static Result<CData*> bare_cdata(Thread& thread, Type* type) {
  CTypeInfo* info = TRY(concrete_info(thread, type));
  CData* made = TRY(make_of<CData>(thread, type, info->size_));
  made->length_ = info->length_;
  return made;
}

static Result<void> give_memory(Thread& thread, CData* object, usize size) {
  if (size > CData::kInline) {
    RawBytes* memory = TRY(make_raw_bytes(thread, size));
    memset(memory->data(), 0, size);
    object->storage_.set(object, memory);
    object->data_ = memory->data();
  }
  object->size_ = size;
  return ok;
}

Result<CData*> new_cdata(Thread& thread, Type* type) {
  CData* made = TRY(bare_cdata(thread, type));
  TRY(give_memory(thread, made, made->size_));
  return made;
}

Result<CData*> cdata_copy(Thread& thread, Type* type, const void* from) {
  CData* made = TRY(new_cdata(thread, type));
  memcpy(made->data(), from, made->size_);
  return made;
}

Result<CData*> cdata_at(Thread& thread, Type* type, const void* address) {
  CData* made = TRY(bare_cdata(thread, type));
  made->data_ = static_cast<u8*>(const_cast<void*>(address));
  return made;
}

Result<CData*> cdata_part(Thread& thread, Type* type, CData* base, Index index, const void* address) {
  CData* made = TRY(cdata_at(thread, type, address));
  made->base_.set(made, base);
  made->index_ = index;
  return made;
}

Result<void> resize_cdata(Thread& thread, CData* object, usize size) {
  if (size <= (object->storage_.get() ? object->storage_->capacity() : CData::kInline)) {
    object->size_ = size;
    return ok;
  }
  RawBytes* memory = TRY(make_raw_bytes(thread, size));
  memset(memory->data(), 0, size);
  memcpy(memory->data(), object->data(), object->size_);
  object->storage_.set(object, memory);
  __atomic_store_n(&object->data_, memory->data(), __ATOMIC_RELEASE);
  object->size_ = size;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- keeping

CData* outermost(CData* object) {
  while (object->base_.get()) object = object->base_.get();
  return object;
}

Result<Value> kept_objects(Thread& thread, CData* object) {
  CData* root = outermost(object);
  if (root->objects_.get().is_absent()) {
    Value fresh = root->length_ ? Value(TRY(make_dict(thread))) : kNone;
    root->objects_.compare_exchange(root, Value(), fresh);
  }
  return root->objects_.get();
}

static Result<Str*> place_of(Thread& thread, CData* object, Index index) {
  char text[256];
  int n = snprintf(text, sizeof text, "%x", static_cast<u32>(index));
  for (; object->base_.get(); object = object->base_.get()) {
    if (n > static_cast<int>(sizeof text) - 20) return raise_value_error(thread, "ctypes object structure too deep");
    n += snprintf(text + n, sizeof text - static_cast<usize>(n), ":%x", static_cast<u32>(object->index_));
  }
  return str_from_ascii(thread, {text, static_cast<usize>(n)});
}

Result<void> keep_reference(Thread& thread, CData* object, Index index, Value keep) {
  if (keep.is_none()) return ok;
  Value kept = TRY(kept_objects(thread, object));
  if (!is_exact<Dict>(kept)) {
    CData* root = outermost(object);
    root->objects_.set(root, keep);
    return ok;
  }
  return dict_set(thread, kept.as<Dict>(), Value(TRY(place_of(thread, object, index))), keep);
}

// ---------------------------------------------------------------------------------------------------------------- by type

bool is_simple_subclass(Type* type) {
  return ctypes_simple_meta_def.type && is_instance_of_type(Value(type), ctypes_simple_meta_def.type) &&
         type->base() != ctypes_simple_def.type;
}

Result<Value> read_ctype(Thread& thread, Type* type, CData* base, Index index, u8* address) {
  CTypeInfo* info = info_of_type(type);
  if (info->kind_ == CKind::Simple && !is_simple_subclass(type))
    return load_value(thread, info->code_, info->swapped_, address, info->size_);
  if (base) return TRY(cdata_part(thread, type, base, index, address));
  return TRY(cdata_copy(thread, type, address));
}

// A tuple stands for an object made of its items.
static Result<Value> write_tuple(Thread& thread, CData* object, Type* type, Tuple* items, usize size, u8* address) {
  Result<Value> made = call_tuple_dict(thread, Value(type), items, nullptr);
  if (made.is_failed()) {
    Str* prefix = TRY(format_message(thread, "({}) ", type->name()));
    return extend_error(thread, exceptions.RuntimeError, prefix);
  }
  return write_ctype(thread, object, type, made.value(), size, address);
}

static Failed raise_incompatible(Thread& thread, Value got, Type* type) {
  return raise_type_error(thread, "incompatible types, {!t} instance instead of {} instance", got, type->name());
}

Result<Value> write_ctype(Thread& thread, CData* object, Type* type, Value value, usize size, u8* address) {
  CTypeInfo* info = info_of_type(type);
  CData* source = as_cdata(value);
  if (!source) {
    if (info->kind_ == CKind::Simple) return store_value(thread, info->code_, info->swapped_, address, value, size);
    if (is<Tuple>(value)) return write_tuple(thread, object, type, value.as<Tuple>(), size, address);
    if (info->kind_ == CKind::Pointer && value.is_none()) {
      memset(address, 0, sizeof(void*));
      return kNone;
    }
    return raise_type_error(thread, "expected {} instance, got {!t}", type->name(), value);
  }
  if (TRY(is_instance(thread, value, Value(type)))) {
    memmove(address, source->data(), size > 0xFFFF && info->kind_ == CKind::Simple ? info->size_ : size);
    return kept_objects(thread, source);
  }
  CTypeInfo* given = info_of(source);
  if (info->kind_ == CKind::Pointer && given && given->kind_ == CKind::Array) {
    if (given->item_.get() != info->item_.get()) return raise_incompatible(thread, value, type);
    u8* target = source->data();
    memcpy(address, &target, sizeof target);
    return TRY(tuple_of(thread, TRY(kept_objects(thread, source)), value));  // the array itself, and what it keeps
  }
  return raise_incompatible(thread, value, type);
}

Result<void> store_ctype(Thread& thread, CData* object, Type* type, Value value, Index index, usize size, u8* address) {
  Value keep = TRY(write_ctype(thread, object, type, value, size, address));
  return keep_reference(thread, object, index, keep);
}

// ---------------------------------------------------------------------------------------------------------------- buffers

static Result<bool> cdata_buffer(Thread& thread, Cell* cell, BufferInfo* out, bool) {
  auto* self = static_cast<CData*>(cell);
  CTypeInfo* info = info_of(self);
  CTypeInfo* item = info;
  while (item->kind_ == CKind::Array) item = info_of_type(item->item_.get());
  Index itemsize = static_cast<Index>(info->kind_ == CKind::Array ? item->size_ : self->size_);
  *out = {self->data(), self->size_, false, info->format_ ? info->format_ : "B", itemsize, info->ndim_, info->shape_, nullptr};
  return true;
}
static void cdata_release(Cell*) {}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Value> cdata_hash(Thread& thread, CData* self) { return raise_type_error(thread, "unhashable type"); }

static Result<Value> cdata_reduce(Thread& thread, CData* self) {
  CTypeInfo* info = info_of(self);
  if (info->pointer_ || info->has_pointer_)
    return raise_value_error(thread, "ctypes objects containing pointers cannot be pickled");
  Value unpickle = TRY(get_attr_ascii(thread, TRY(import_module(thread, "_ctypes")), "_unpickle"));
  Value attributes = TRY(find_attr(thread, Value(self), names.dunder_dict));
  if (attributes == kNotFound) attributes = Value(TRY(make_dict(thread)));
  Value memory(TRY(bytes_from(thread, self->data(), self->size_)));
  Value state(TRY(tuple_of(thread, attributes, memory)));
  return TRY(tuple_of(thread, unpickle, Value(TRY(tuple_of(thread, Value(type_of(Value(self))), state)))));
}

static Result<void> cdata_setstate(Thread& thread, CData* self, Value attributes, Value bytes) {
  if (!is<Dict>(attributes)) return raise_type_error(thread, "argument 1 must be dict, not {!a}", attributes);
  ScopedBuffer memory;
  Value text_owner;
  if (is<Str>(bytes)) {
    std::string_view text = TRY(str_utf8(thread, bytes.as<Str>(), &text_owner));
    memory.data = reinterpret_cast<const u8*>(text.data());
    memory.size = text.size();
  } else {
    TRY(memory.get(thread, bytes));
  }
  usize n = memory.size < self->size_ ? memory.size : self->size_;
  memcpy(self->data(), memory.data, n);
  KeepAlive keep_text(text_owner);
  Value own = TRY(get_attr(thread, Value(self), names.dunder_dict));
  if (!is<Dict>(own)) {
    return raise_type_error(thread, "{!r}.__dict__ must be a dictionary, not {}", Value(type_of(Value(self))),
                            type_of(own)->name());
  }
  return dict_update_from(thread, own.as<Dict>(), attributes);
}

static Result<Value> cdata_from_outparam(Thread&, Value self) { return self; }

static Result<Value> get_b_base(Thread&, Value self) {
  CData* base = self.as<CData>()->base_.get();
  return base ? Value(base) : kNone;
}
static Result<Value> get_b_needsfree(Thread&, Value self) { return Value::of_small_int(self.as<CData>()->owns_memory() ? 1 : 0); }
static Result<Value> get_objects(Thread&, Value self) {
  Value kept = self.as<CData>()->objects_.get();
  return kept.is_absent() ? kNone : kept;
}

static constinit NativeDef cdata_methods[] = {
    native<cdata_hash>("__hash__($self, /)", "Return hash(self)."),
    native<cdata_reduce>("__reduce__($self, /)", nullptr),
    native<cdata_setstate>("__setstate__($self, dict, memory, /)", nullptr),
    native<cdata_from_outparam>("__ctypes_from_outparam__($self, /)", nullptr),
};
static GetSetDef cdata_getsets[] = {
    {"_b_base_", get_b_base, nullptr, "the base object", true},
    {"_b_needsfree_", get_b_needsfree, nullptr, "whether the object owns the memory or not", true},
    {"_objects", get_objects, nullptr, "internal objects tree (NEVER CHANGE THIS OBJECT!)", true},
};
static Result<void> finish_cdata(Thread&, Type* type) {
  register_buffer_kind(DynamicKind<CData>::value, cdata_buffer, cdata_release);
  return ok;
}
static constexpr KindInfo cdata_kind() {
  KindInfo info = kind_info_of<CData>("ctypes object");
  info.has_opaque_words = true;  // C memory inside
  return info;
}
constinit TypeDef ctypes_data_def = {
    .name = "_ctypes._CData",
    .doc = "XXX to be provided",
    .dynamic_kind = &DynamicKind<CData>::value,
    .payload_size = sizeof(CData),
    .flags = kTypeSubclassable | kTypeNoInstances,
    .methods = cdata_methods,
    .method_count = count_of(cdata_methods),
    .getsets = cdata_getsets,
    .getset_count = sizeof cdata_getsets / sizeof *cdata_getsets,
    .kind_info = cdata_kind(),
    .finish = finish_cdata,
};

}  // namespace baton
