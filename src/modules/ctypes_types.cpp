// ctypes' metaclasses, what they share: attaching information to new classes, the class methods, array and pointer types.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "modules/ctypes_internal.h"
#include "objects/memoryview.h"
#include "objects/new_exception.h"
#include "objects/weakref.h"

namespace baton {

Root<Dict>* pointer_types = nullptr;

static TypeDef ctype_info_def = {.name = "_ctypes.CTypeInfo",
                                 .dynamic_kind = &DynamicKind<CTypeInfo>::value,
                                 .payload_size = sizeof(CTypeInfo),
                                 .flags = kTypeNoInstances,
                                 .kind_info = kind_info_of<CTypeInfo>("ctypes type information")};

void CTypeInfo::finalize_native() {
  free(shape_);
  free(format_);
  if (ffi_ && ffi_->type == FFI_TYPE_STRUCT) {
    free(ffi_->elements);
    free(ffi_);
  }
}

// ---------------------------------------------------------------------------------------------------------------- formats

char* format_text(const char* a, const char* b, const char* c) {
  usize n = strlen(a) + strlen(b) + strlen(c) + 1;
  auto* text = static_cast<char*>(malloc(n));
  BATON_CHECK(text, "memory for a buffer format");
  snprintf(text, n, "%s%s%s", a, b, c);
  return text;
}

char* format_with_shape(int ndim, const Index* shape, const char* before, const char* after) {
  if (ndim == 0) return format_text(before, after);
  usize room = static_cast<usize>(ndim) * 22 + 3, n = 1;
  auto* text = static_cast<char*>(malloc(room));
  BATON_CHECK(text, "memory for a buffer format");
  text[0] = '(';
  for (int i = 0; i < ndim; ++i)
    n += static_cast<usize>(snprintf(text + n, room - n, i + 1 < ndim ? "%ld," : "%ld)", static_cast<long>(shape[i])));
  char* whole = format_text(before, text, after);
  free(text);
  return whole;
}

// ---------------------------------------------------------------------------------------------------------------- new classes

Result<Type*> new_ctype(Thread& thread, Value const* args, usize n, Tuple* kwnames) {
  Value make_class = TRY(call_get(thread, types.type->slot(Slot::new_), kNone, types.type));
  Value made = TRY(call_values(thread, make_class, args, n, kwnames));
  if (!is<Type>(made)) return raise_type_error(thread, "type.__new__() didn't make a class");
  return made.as<Type>();
}

Result<CTypeInfo*> attach_info(Thread& thread, Type* type, CKind kind) {
  Type* cell_type = TRY(type_from_def(thread, ctype_info_def));
  CTypeInfo* info = TRY(make_of<CTypeInfo>(thread, cell_type, kind));
  type->module_state_.set(type, Value(info));
  return info;
}

Result<void> set_metaclass(Thread& thread, Type* type, TypeDef& meta) {
  type->set_shape_id(TRY(type_from_def(thread, meta))->instance_shape()->id());
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- from_param

Result<Value> as_parameter(Thread& thread, Value value) { return find_attr(thread, value, intern(thread, "_as_parameter_")); }

Failed raise_expected_instance(Thread& thread, Type* type, Value got) {
  return raise_type_error(thread, "expected {} instance instead of {!t}", type->name(), got);
}

Result<Value> ctype_from_param(Thread& thread, Type* type, Value value) {
  if (TRY(is_instance(thread, value, Value(type)))) return value;
  if (auto* argument = cast<CArgument>(value)) {
    Value object = argument->object_.get();
    CTypeInfo* info = info_of_type(type);
    Type* item = info ? info->item_.get() : nullptr;
    if (object.is_present() && item && TRY(is_instance(thread, object, Value(item)))) return value;
    return raise_type_error(thread, "expected {} instance instead of pointer to {}", type->name(),
                            object.is_present() ? type_of(object)->name() : intern(thread, "???"));
  }
  Value stand_in = TRY(as_parameter(thread, value));
  if (stand_in != kNotFound) {
    NativeDepth depth(thread, " while processing _as_parameter_");
    TRY(depth.check());
    return ctype_from_param(thread, type, stand_in);
  }
  return raise_expected_instance(thread, type, value);
}

// ---------------------------------------------------------------------------------------------------------------- from memory

static Result<Value> audited_cdata_at(Thread& thread, Type* type, void* address) {
  Value number(TRY(int_from_u64(thread, reinterpret_cast<u64>(address))));
  TRY(audit_event(thread, "ctypes.cdata", &number, 1));
  return TRY(cdata_at(thread, type, address));
}
static Result<void> audit_buffer(Thread& thread, const void* data, usize size, Index offset) {
  Value audited[] = {Value(TRY(int_from_u64(thread, reinterpret_cast<u64>(data)))), Value(TRY(int_from_u64(thread, size))),
                     Value::of_small_int(offset)};
  return audit_event(thread, "ctypes.cdata/buffer", audited, 3);
}

Result<Value> meta_from_address(Thread& thread, Type* type, Value address) {
  if (!is_int(address)) return raise_type_error(thread, "integer expected");
  return audited_cdata_at(thread, type, reinterpret_cast<void*>(low_bits(int_exact(address))));
}

static Result<CTypeInfo*> info_for_buffer(Thread& thread, Type* type, Index offset) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "abstract class");
  if (offset < 0) return raise_value_error(thread, "offset cannot be negative");
  return info;
}
static Result<void> check_buffer_size(Thread& thread, usize have, Index offset, usize need) {
  if (static_cast<usize>(offset) <= have && need <= have - static_cast<usize>(offset)) return ok;
  return raise_value_error(thread, "Buffer size too small ({} instead of at least {} bytes)", u64{have},
                           u64{need + static_cast<usize>(offset)});
}

Result<Value> meta_from_buffer(Thread& thread, Type* type, Value source, Index offset) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "abstract class");
  auto* view = TRY(make_memoryview(thread, source)).as<MemoryView>();
  if (view->readonly_) return raise_type_error(thread, "underlying buffer is not writable");
  Index expected = view->itemsize_;
  for (int i = view->ndim_ - 1; i >= 0; --i) {
    if (view->shape()[i] > 1 && view->strides()[i] != expected)
      return raise_type_error(thread, "underlying buffer is not C contiguous");
    expected *= view->shape()[i];
  }
  TRY(info_for_buffer(thread, type, offset));
  TRY(check_buffer_size(thread, static_cast<usize>(view->size_), offset, info->size_));
  TRY(audit_buffer(thread, view->data_, static_cast<usize>(view->size_), offset));
  CData* made = TRY(audited_cdata_at(thread, type, view->data_ + offset)).as<CData>();
  made->owner_.set(made, Value(view));
  TRY(keep_reference(thread, made, -1, Value(view)));
  return made;
}

Result<Value> meta_from_buffer_copy(Thread& thread, Type* type, Value source, Index offset) {
  if (!info_of_type(type)) return raise_type_error(thread, "abstract class");
  ScopedBuffer buffer;
  TRY(buffer.get(thread, source));
  CTypeInfo* info = TRY(info_for_buffer(thread, type, offset));
  TRY(check_buffer_size(thread, buffer.size, offset, info->size_));
  TRY(audit_buffer(thread, buffer.data, buffer.size, offset));
  return TRY(cdata_copy(thread, type, buffer.data + offset));
}

Result<Value> meta_in_dll(Thread& thread, Type* type, Value dll, Str* name) {
  Value audited[] = {dll, Value(name)};
  TRY(audit_event(thread, "ctypes.dlsym", audited, 2));
  Value handle = TRY(get_attr_ascii(thread, dll, "_handle"));
  if (!is_int(handle)) return raise_type_error(thread, "the _handle attribute of the second argument must be an integer");
  Value owner;
  std::string_view text = TRY(str_utf8(thread, name, &owner));
  char symbol[512];
  if (text.size() >= sizeof symbol) return raise_value_error(thread, "symbol name too long");
  text.copy(symbol, text.size());
  symbol[text.size()] = 0;
  dlerror();
  void* address = dlsym(reinterpret_cast<void*>(low_bits(int_exact(handle))), symbol);
  if (!address) {
    const char* problem = dlerror();
    return raise_value_error(thread, "{}", problem ? problem : "symbol is NULL");
  }
  return audited_cdata_at(thread, type, address);
}

// ---------------------------------------------------------------------------------------------------------------- array types

Result<Value> meta_repeat(Thread& thread, Type* type, Value length) {
  if (!has_index(length)) return raise_type_error(thread, "can't multiply sequence by non-int of type '{!t}'", length);
  Index n = TRY(to_index_checked(thread, length, exceptions.OverflowError));
  if (n < 0) return raise_value_error(thread, "Array length must be >= 0, not {}", n);
  return TRY(array_type_of(thread, type, n));
}

// Array types are made once for an item type and length, and forgotten when nobody uses them.
Result<Type*> array_type_of(Thread& thread, Type* item, Index length) {
  CTypeInfo* info = info_of_type(item);
  if (!info) return raise_type_error(thread, "Expected a type object");
  Dict* known = info->arrays_.get();
  Value key = TRY(int_from_i64(thread, length));
  if (!known) info->arrays_.set(info, known = TRY(make_dict(thread)));
  Value found = TRY(dict_find(thread, known, key));
  if (found != kNotFound)
    if (Value type = found.as<WeakRef>()->get(); !type.is_none()) return type.as<Type>();
  Dict* body = TRY(make_dict(thread));
  TRY(dict_set_ascii(thread, body, "_length_", key));
  TRY(dict_set_ascii(thread, body, "_type_", Value(item)));
  Str* name = TRY(format_message(thread, "{}_Array_{}", item->name(), length));
  Value bases(TRY(tuple_of(thread, Value(ctypes_array_def.type))));
  Value made = TRY(call(thread, Value(ctypes_array_meta_def.type), Value(name), bases, Value(body)));
  TRY(dict_set(thread, known, key, TRY(make_weakref(thread, made))));
  return made.as<Type>();
}

// ---------------------------------------------------------------------------------------------------------------- POINTER

Result<Type*> pointer_type_to(Thread& thread, Value target) {
  Dict* cache = pointer_types->get();
  Value known = TRY(dict_find(thread, cache, target));
  if (known != kNotFound) {
    if (!is<Type>(known)) return raise_type_error(thread, "must be a ctypes type");
    return known.as<Type>();
  }
  Value bases(TRY(tuple_of(thread, Value(ctypes_pointer_def.type))));
  Dict* body = TRY(make_dict(thread));
  Value key = target;
  Str* name = nullptr;
  if (is_exact<Str>(target)) {  // incomplete: SetPointerType() finds it by its id
    name = TRY(format_message(thread, "LP_{}", target));
  } else if (is<Type>(target)) {
    name = TRY(format_message(thread, "LP_{}", target.as<Type>()->name()));
    TRY(dict_set_ascii(thread, body, "_type_", target));
  } else {
    return raise_type_error(thread, "must be a ctypes type");
  }
  Value made = TRY(call(thread, Value(ctypes_pointer_meta_def.type), Value(name), bases, Value(body)));
  if (is_exact<Str>(target)) key = TRY(int_from_u64(thread, object_id(made)));
  TRY(dict_set(thread, cache, key, made));
  return made.as<Type>();
}

}  // namespace baton
