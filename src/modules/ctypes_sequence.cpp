// Array and _Pointer: items by index and slice, what they convert from, and their metaclasses.
#include <cstring>

#include "modules/ctypes_internal.h"

namespace baton {

static u8* item_at(CData* self, CTypeInfo* item, Index i) { return self->data() + i * static_cast<Index>(item->size_); }

// The code of items whose slices are bytes or str; 0: lists.
static char text_code(Type* item) {
  CTypeInfo* info = info_of_type(item);
  if (info->kind_ != CKind::Simple || is_simple_subclass(item)) return 0;
  return info->code_ == 'c' || info->code_ == 'u' ? info->code_ : 0;
}

static Result<Value> read_slice(Thread& thread, CData* self, CData* base, Type* item, const u8* from, SliceRange range) {
  CTypeInfo* info = info_of_type(item);
  char code = text_code(item);
  usize n = static_cast<usize>(range.length);
  if (code == 'c') {
    Bytes* bytes = TRY(bytes_allocate(thread, n));
    u8* to = bytes_mutable_data(bytes);
    for (usize i = 0; i < n; ++i) to[i] = from[range.start + static_cast<Index>(i) * range.step];
    return Value(bytes);
  }
  auto address = [&](usize i) {
    return const_cast<u8*>(from) + (range.start + static_cast<Index>(i) * range.step) * static_cast<Index>(info->size_);
  };
  if (code == 'u') {
    StrBuilder text;
    for (usize i = 0; i < n; ++i) {
      u32 unit;
      memcpy(&unit, address(i), sizeof unit);
      text.append(unit);
    }
    return TRY(text.build(thread));
  }
  List* list = TRY(make_list_with_capacity(thread, range.length));
  for (usize i = 0; i < n; ++i) {
    Index index = range.start + static_cast<Index>(i) * range.step;
    TRY(list_append(thread, list, TRY(read_ctype(thread, item, base, index, address(i)))));
  }
  KeepAlive keep{Value(self)};
  return Value(list);
}

// ---------------------------------------------------------------------------------------------------------------- Array

static Result<Value> array_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(new_cdata(thread, TRY(check_new_type(thread, args, n, ctypes_array_def.type))));
}

static Result<void> array_set(Thread& thread, CData* self, Index i, Value v) {
  if (i < 0 || i >= self->length_) return raise_index_error(thread, "invalid index");
  CTypeInfo* info = info_of(self);
  CTypeInfo* item = info_of_type(info->item_.get());
  return store_ctype(thread, self, info->item_.get(), v, i, item->size_, item_at(self, item, i));
}

static Result<Value> array_init(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  CData* self = args[0].as<CData>();
  for (usize i = 1; i < n; ++i) TRY(array_set(thread, self, static_cast<Index>(i) - 1, args[i]));
  return kNone;
}

static Result<Index> array_len(Thread&, CData* self) { return self->length_; }

static Result<Value> array_getitem(Thread& thread, CData* self, Value key) {
  CTypeInfo* info = info_of(self);
  Type* item = info->item_.get();
  if (is<Slice>(key)) {
    SliceRange range = TRY(slice_resolve(thread, key.as<Slice>(), self->length_));
    return read_slice(thread, self, self, item, self->data(), range);
  }
  if (!has_index(key)) return raise_type_error(thread, "indices must be integers");
  Index i = TRY(to_index_checked(thread, key));
  if (i < 0) i += self->length_;
  if (i < 0 || i >= self->length_) return raise_index_error(thread, "invalid index");
  return read_ctype(thread, item, self, i, item_at(self, info_of_type(item), i));
}

static Result<void> array_setitem(Thread& thread, CData* self, Value key, Value value) {
  if (is<Slice>(key)) {
    SliceRange range = TRY(slice_resolve(thread, key.as<Slice>(), self->length_));
    Result<i64> length = length_of(thread, value);
    if (length.is_failed()) (void)thread.take_pending();  // what has no length, or fails to tell it, is of another size
    if (length.is_failed() || length.value() != range.length)
      return raise_value_error(thread, "Can only assign sequence of same size");
    for (Index i = 0; i < range.length; ++i) {
      Value v = TRY(get_item(thread, value, Value::of_small_int(i)));
      TRY(array_set(thread, self, range.start + i * range.step, v));
    }
    return ok;
  }
  if (!has_index(key)) return raise_type_error(thread, "indices must be integer");
  Index i = TRY(to_index_checked(thread, key));
  return array_set(thread, self, i < 0 ? i + self->length_ : i, value);
}

static Result<void> array_delitem(Thread& thread, CData*, Value) {
  return raise_type_error(thread, "Array does not support item deletion");
}

static constinit NativeDef array_methods[] = {
    native_raw(array_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(array_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<array_len>("__len__($self, /)", "Return len(self)."),
    native<array_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<array_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<array_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<class_getitem>("__class_getitem__($type, object, /)", "See PEP 585"),
};
static Result<void> finish_array(Thread& thread, Type* type) { return set_metaclass(thread, type, ctypes_array_meta_def); }
constinit TypeDef ctypes_array_def = {.name = "_ctypes.Array",
                                      .doc = "XXX to be provided",
                                      .base = &ctypes_data_def,
                                      .flags = kTypeSubclassable,
                                      .methods = array_methods,
                                      .method_count = count_of(array_methods),
                                      .finish = finish_array};

// --- what arrays of characters have

static Result<Value> get_raw(Thread& thread, Value self) {
  return bytes_from(thread, self.as<CData>()->data(), self.as<CData>()->size_);
}
static Result<void> set_raw(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_attribute_error_text(thread, "cannot delete attribute");
  BufferView view;
  if (!convert_buffer(thread, v, &view)) return failed;
  CData* data = self.as<CData>();
  bool fits = view.size <= data->size_;
  if (fits) memcpy(data->data(), view.data, view.size);
  release_buffer(view);
  return fits ? Result<void>(ok) : raise_value_error(thread, "byte string too long");
}
static Result<Value> get_char_value(Thread& thread, Value self) {
  return load_char_array(thread, 'c', self.as<CData>()->data(), self.as<CData>()->size_);
}
static Result<void> set_char_value(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete attribute");
  if (!is<Bytes>(v)) return raise_type_error(thread, "bytes expected instead of {!t} instance", v);
  if (static_cast<usize>(v.as<Bytes>()->length()) > self.as<CData>()->size_)
    return raise_value_error(thread, "byte string too long");
  usize n = static_cast<usize>(v.as<Bytes>()->length());
  memcpy(self.as<CData>()->data(), v.as<Bytes>()->data(), n);
  if (n < self.as<CData>()->size_) self.as<CData>()->data()[n] = 0;
  return ok;
}
static Result<Value> get_wide_value(Thread& thread, Value self) {
  return load_char_array(thread, 'u', self.as<CData>()->data(), self.as<CData>()->size_);
}
static Result<void> set_wide_value(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete attribute");
  if (!is<Str>(v)) return raise_type_error(thread, "unicode string expected instead of {!t} instance", v);
  if (static_cast<usize>(v.as<Str>()->length()) > self.as<CData>()->size_ / sizeof(wchar_t))
    return raise_value_error(thread, "string too long");
  TRY(store_char_array(thread, 'u', self.as<CData>()->data(), v, self.as<CData>()->size_));
  return ok;
}
static GetSetDef char_array_getsets[] = {{"raw", get_raw, set_raw, "value"},
                                         {"value", get_char_value, set_char_value, "string value"}};
static GetSetDef wide_array_getsets[] = {{"value", get_wide_value, set_wide_value, "string value"}};

static Result<void> add_getset(Thread& thread, Type* type, const GetSetDef& row) {
  return type_set_attribute(thread, type, intern(thread, row.name), Value(TRY(make<GetSet>(thread, &row, type))));
}

// --- its metaclass

static Result<Index> length_of_class(Thread& thread, Type* type) {
  Value length = TRY(find_attr(thread, Value(type), intern(thread, "_length_")));
  if (length == kNotFound || length.is_none())
    return raise(thread, exceptions.AttributeError, "class must define a '_length_' attribute");
  if (!is_int(length)) return raise_type_error(thread, "The '_length_' attribute must be an integer");
  Value exact = int_exact(length);
  if (int_sign(exact) < 0) return raise_value_error(thread, "The '_length_' attribute must not be negative");
  i64 n;
  if (!int_to_i64(exact, &n)) return raise_overflow_error(thread, "The '_length_' attribute is too large");
  return n;
}

static void set_array_shape(CTypeInfo* info, CTypeInfo* item) {
  info->ndim_ = item->ndim_ + 1;
  info->shape_ = static_cast<Index*>(malloc(sizeof(Index) * static_cast<usize>(info->ndim_)));
  BATON_CHECK(info->shape_, "memory for a shape");
  info->shape_[0] = info->length_;
  for (int i = 0; i < item->ndim_; ++i) info->shape_[i + 1] = item->shape_[i];
}

static Result<Value> array_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(new_ctype(thread, args, n, kwnames));
  if (info_of_type(type)) return type;
  Index length = TRY(length_of_class(thread, type));
  Value item_class = TRY(find_attr(thread, Value(type), intern(thread, "_type_")));
  if (item_class == kNotFound) return raise(thread, exceptions.AttributeError, "class must define a '_type_' attribute");
  CTypeInfo* item = info_of_type(item_class);
  if (!item) return raise_type_error(thread, "_type_ must have storage info");
  Index size;
  if (__builtin_mul_overflow(length, static_cast<Index>(item->size_), &size))
    return raise_overflow_error(thread, "array too large");
  CTypeInfo* info = TRY(attach_info(thread, type, CKind::Array));
  item->final_ = true;
  info->item_.set(info, item_class.as<Type>());
  info->length_ = length;
  info->size_ = static_cast<usize>(size);
  info->align_ = item->align_;
  info->has_pointer_ = item->pointer_ || item->has_pointer_;
  info->format_ = format_text(item->format_ ? item->format_ : "B", "");
  info->ffi_ = &ffi_type_pointer;
  set_array_shape(info, item);
  switch (text_code(info->item_.get())) {
    case 'c':
      for (const GetSetDef& row : char_array_getsets) TRY(add_getset(thread, type, row));
      break;
    case 'u': TRY(add_getset(thread, type, wide_array_getsets[0])); break;
    default: break;
  }
  return type;
}

static constinit NativeDef array_meta_methods[] = {
    native_raw(array_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    CTYPES_META_ROWS(ctype_from_param),
};
constinit TypeDef ctypes_array_meta_def = {.name = "_ctypes.PyCArrayType",
                                           .doc = "metatype for the Array Objects",
                                           .base = &type_def,
                                           .flags = kTypeSubclassable,
                                           .methods = array_meta_methods,
                                           .method_count = count_of(array_meta_methods)};

// ---------------------------------------------------------------------------------------------------------------- _Pointer

static Result<Type*> target_type(Thread& thread, CData* self) {
  Type* item = info_of(self)->item_.get();
  if (!item) return raise_type_error(thread, "Cannot create instance: has no _type_");
  return item;
}

static Result<Value> pointer_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, ctypes_pointer_def.type));
  CTypeInfo* info = info_of_type(type);
  if (!info || !info->item_.get()) return raise_type_error(thread, "Cannot create instance: has no _type_");
  return TRY(new_cdata(thread, type));
}

static Result<Value> get_contents(Thread& thread, Value object) {
  CData* self = object.as<CData>();
  u8* target = self->pointer();
  if (!target) return raise_value_error(thread, "NULL pointer access");
  return TRY(cdata_part(thread, TRY(target_type(thread, self)), self, 0, target));
}
static Result<void> set_contents(Thread& thread, Value object, Value v) {
  CData* self = object.as<CData>();
  if (v.is_absent()) return raise_type_error(thread, "Pointer does not support item deletion");
  Type* item = TRY(target_type(thread, self));
  if (!TRY(is_instance(thread, v, Value(item))) || !as_cdata(v))
    return raise_type_error(thread, "expected {} instead of {!t}", item->name(), v);
  CData* target = as_cdata(v);
  self->set_pointer(target->data());
  TRY(keep_reference(thread, self, 1, v));
  return keep_reference(thread, self, 0, TRY(kept_objects(thread, target)));
}

static Result<Value> pointer_init(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_positional(thread, "POINTER", n - 1, 0, 1));
  if (n > 1) TRY(set_contents(thread, args[0], args[1]));
  return kNone;
}

static Result<Value> pointer_item(Thread& thread, CData* self, Index i) {
  u8* target = self->pointer();
  if (!target) return raise_value_error(thread, "NULL pointer access");
  Type* item = TRY(target_type(thread, self));
  CTypeInfo* info = info_of_type(item);
  return read_ctype(thread, item, self, i, target + i * static_cast<Index>(info->size_));
}

// Bounds of a pointer's slice are as written: there is no length to count from.
static Result<SliceRange> pointer_slice(Thread& thread, Slice* slice) {
  SliceRange range{0, 0, 1, 0};
  if (!slice->step().is_none()) {
    range.step = TRY(to_index_checked(thread, slice->step(), exceptions.ValueError));
    if (range.step == 0) return raise_value_error(thread, "slice step cannot be zero");
  }
  if (!slice->start().is_none())
    range.start = TRY(to_index_checked(thread, slice->start(), exceptions.ValueError));
  else if (range.step < 0)
    return raise_value_error(thread, "slice start is required for step < 0");
  if (slice->stop().is_none()) return raise_value_error(thread, "slice stop is required");
  range.stop = TRY(to_index_checked(thread, slice->stop(), exceptions.ValueError));
  if (range.step > 0 && range.start < range.stop) range.length = (range.stop - range.start - 1) / range.step + 1;
  if (range.step < 0 && range.start > range.stop) range.length = (range.stop - range.start + 1) / range.step + 1;
  return range;
}

static Result<Value> pointer_getitem(Thread& thread, CData* self, Value key) {
  if (is<Slice>(key)) {
    SliceRange range = TRY(pointer_slice(thread, key.as<Slice>()));
    u8* target = self->pointer();
    if (!target && range.length) return raise_value_error(thread, "NULL pointer access");
    return read_slice(thread, self, self, TRY(target_type(thread, self)), target, range);
  }
  if (!has_index(key)) return raise_type_error(thread, "Pointer indices must be integer");
  return pointer_item(thread, self, TRY(to_index_checked(thread, key)));
}

static Result<void> pointer_setitem(Thread& thread, CData* self, Value key, Value v) {
  if (!has_index(key)) {
    if (is<Slice>(key)) return raise_type_error(thread, "'slice' object cannot be interpreted as an integer");
    return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", key);
  }
  Index i = TRY(to_index_checked(thread, key));
  u8* target = self->pointer();
  if (!target) return raise_value_error(thread, "NULL pointer access");
  Type* item = TRY(target_type(thread, self));
  CTypeInfo* info = info_of_type(item);
  return store_ctype(thread, self, item, v, i, info->size_, target + i * static_cast<Index>(info->size_));
}

static Result<void> pointer_delitem(Thread& thread, CData*, Value key) {
  if (!has_index(key)) return raise_type_error(thread, "sequence index must be integer, not '{!t}'", key);
  TRY(to_index_checked(thread, key));
  return raise_type_error(thread, "Pointer does not support item deletion");
}
static Result<bool> pointer_bool(Thread&, CData* self) { return self->pointer() != nullptr; }

static constinit NativeDef pointer_methods[] = {
    native_raw(pointer_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(pointer_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<pointer_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<pointer_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<pointer_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<pointer_bool>("__bool__($self, /)", "True if self else False"),
};
static GetSetDef pointer_getsets[] = {{"contents", get_contents, set_contents, "the object this pointer points to (read-write)"}};
static Result<void> finish_pointer(Thread& thread, Type* type) { return set_metaclass(thread, type, ctypes_pointer_meta_def); }
constinit TypeDef ctypes_pointer_def = {.name = "_ctypes._Pointer",
                                        .doc = "XXX to be provided",
                                        .base = &ctypes_data_def,
                                        .flags = kTypeSubclassable,
                                        .methods = pointer_methods,
                                        .method_count = count_of(pointer_methods),
                                        .getsets = pointer_getsets,
                                        .getset_count = 1,
                                        .finish = finish_pointer};

// --- its metaclass

static Result<void> set_target(Thread& thread, CTypeInfo* info, Value target) {
  if (!is<Type>(target)) return raise_type_error(thread, "_type_ must be a type");
  CTypeInfo* item = info_of_type(target);
  if (!item) return raise_type_error(thread, "_type_ must have storage info");
  info->item_.set(info, target.as<Type>());
  free(info->format_);
  info->format_ = format_with_shape(item->ndim_, item->shape_, "&", item->format_ ? item->format_ : "X{}");
  return ok;
}

static Result<Value> pointer_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(new_ctype(thread, args, n, kwnames));
  if (info_of_type(type)) return type;
  CTypeInfo* info = TRY(attach_info(thread, type, CKind::Pointer));
  info->size_ = info->align_ = sizeof(void*);
  info->length_ = 1;
  info->pointer_ = true;
  info->ffi_ = &ffi_type_pointer;
  // Only the class's own _type_ counts: a subclass of a pointer type points to nothing yet.
  Value target = dict_find_str(type->dict(), intern(thread, "_type_"));
  if (target.is_present()) TRY(set_target(thread, info, target));
  return type;
}

static Result<void> pointer_set_type(Thread& thread, Type* type, Value target) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "abstract class");
  TRY(set_target(thread, info, target));
  return type_set_attribute(thread, type, intern(thread, "_type_"), target);
}

// Also what the pointer may point to: None, an object of the target type (its address), arrays of it.
static Result<Value> pointer_from_param(Thread& thread, Type* type, Value value) {
  if (value.is_none()) return kNone;
  CTypeInfo* info = info_of_type(type);
  Type* item = info ? info->item_.get() : nullptr;
  if (!item) return raise_type_error(thread, "Cannot create instance: has no _type_");
  CData* data = as_cdata(value);
  if (data && TRY(is_instance(thread, value, Value(item)))) {
    CArgument* argument = TRY(make_argument(thread, 'P', &ffi_type_pointer, value));
    argument->value_.p = data->data();
    return Value(argument);
  }
  CTypeInfo* given = data ? info_of(data) : nullptr;
  if (given && (given->kind_ == CKind::Pointer || given->kind_ == CKind::Array) && given->item_.get() &&
      TRY(is_subclass(thread, Value(given->item_.get()), Value(item))))
    return value;
  return ctype_from_param(thread, type, value);
}

static constinit NativeDef pointer_meta_methods[] = {
    native_raw(pointer_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<pointer_set_type>("set_type($self, type, /)", nullptr),
    CTYPES_META_ROWS(pointer_from_param),
};
constinit TypeDef ctypes_pointer_meta_def = {.name = "_ctypes.PyCPointerType",
                                             .doc = "metatype for the Pointer Objects",
                                             .base = &type_def,
                                             .flags = kTypeSubclassable,
                                             .methods = pointer_meta_methods,
                                             .method_count = count_of(pointer_meta_methods)};

}  // namespace baton
