// _SimpleCData: numbers, characters, pointers to text, void pointers, py_object; and its metaclass.
//
// Direct subclasses of _SimpleCData get from_param methods of their own if they are pointers, and a twin of the other byte order
// (__ctype_be__) if they are numbers. Subclasses of those are "simple subclasses": reading one gives an object, not its value.
#include <cstdio>
#include <cstring>

#include "modules/ctypes_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- from_param

static Result<CArgument*> argument_with_value(Thread& thread, char code, bool swapped, Value v) {
  const SimpleCode* c = find_simple_code(static_cast<u32>(code));
  CArgument* argument = TRY(make_argument(thread, code, c->ffi, Value()));
  Value keep = TRY(store_value(thread, code, swapped, reinterpret_cast<u8*>(&argument->value_), v, c->size));
  argument->object_.set(argument, keep);
  return argument;
}

static Result<Value> simple_from_param(Thread& thread, Type* type, Value value) {
  if (TRY(is_instance(thread, value, Value(type)))) return value;
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "abstract class");
  Result<CArgument*> direct = argument_with_value(thread, info->code_, info->swapped_, value);
  if (!direct.is_failed()) return Value(direct.value());
  thread.clear_pending();  // as CPython 3.11: what was wrong with the value isn't told
  Value stand_in = TRY(as_parameter(thread, value));
  if (stand_in == kNotFound) return raise_type_error(thread, "wrong type");
  NativeDepth depth(thread, " while processing _as_parameter_");
  TRY(depth.check());
  return simple_from_param(thread, type, stand_in);
}

// A pointer to, or an array of, the plain type with this code.
static bool refers_to_code(CTypeInfo* info, char code) {
  if (!info || (info->kind_ != CKind::Array && info->kind_ != CKind::Pointer)) return false;
  CTypeInfo* item = info->item_.get() ? info_of_type(info->item_.get()) : nullptr;
  return item && item->kind_ == CKind::Simple && item->code_ == code;
}

// c_char_p and c_wchar_p; item is the code of what they point to.
static Result<Value> text_pointer_from_param(Thread& thread, Type* type, Value value, char code, char item) {
  if (value.is_none()) return kNone;
  if (code == 'z' ? is<Bytes>(value) : is<Str>(value)) return TRY(argument_with_value(thread, code, false, value));
  if (TRY(is_instance(thread, value, Value(type)))) return value;
  if (CData* data = as_cdata(value); data && refers_to_code(info_of(data), item)) return value;
  if (auto* argument = cast<CArgument>(value)) {
    CData* data = argument->object_.get().is_present() ? as_cdata(argument->object_.get()) : nullptr;
    CTypeInfo* info = data ? info_of(data) : nullptr;
    if (info && info->kind_ == CKind::Simple && info->code_ == item) return value;
  }
  Value stand_in = TRY(as_parameter(thread, value));
  if (stand_in == kNotFound) return raise_type_error(thread, "wrong type");
  NativeDepth depth(thread, " while processing _as_parameter_");
  TRY(depth.check());
  return text_pointer_from_param(thread, type, stand_in, code, item);
}

static Result<Value> pointer_argument(Thread& thread, char tag, void* p, Value object) {
  CArgument* argument = TRY(make_argument(thread, tag, &ffi_type_pointer, object));
  argument->value_.p = p;
  return Value(argument);
}

static Result<Value> void_pointer_from_param(Thread& thread, Type* type, Value value) {
  if (value.is_none()) return kNone;
  if (is_int(value)) return TRY(argument_with_value(thread, 'P', false, value));
  if (is<Bytes>(value)) return TRY(argument_with_value(thread, 'z', false, value));
  if (is<Str>(value)) return TRY(argument_with_value(thread, 'Z', false, value));
  if (TRY(is_instance(thread, value, Value(type)))) return value;
  if (CData* data = as_cdata(value)) {
    CTypeInfo* info = info_of(data);
    if (info->kind_ == CKind::Array || info->kind_ == CKind::Pointer) return value;
    if (info->kind_ == CKind::Function) return pointer_argument(thread, 'P', data->pointer(), value);
    if (info->kind_ == CKind::Simple && (info->code_ == 'z' || info->code_ == 'Z'))
      return pointer_argument(thread, 'Z', data->pointer(), value);
  }
  if (auto* argument = cast<CArgument>(value); argument && argument->tag_ == 'P') return value;
  Value stand_in = TRY(as_parameter(thread, value));
  if (stand_in == kNotFound) return raise_type_error(thread, "wrong type");
  NativeDepth depth(thread, " while processing _as_parameter_");
  TRY(depth.check());
  return void_pointer_from_param(thread, type, stand_in);
}

static Result<Value> char_pointer_from_param(Thread& thread, Type* type, Value value) {
  return text_pointer_from_param(thread, type, value, 'z', 'c');
}
static Result<Value> wide_pointer_from_param(Thread& thread, Type* type, Value value) {
  return text_pointer_from_param(thread, type, value, 'Z', 'u');
}
static constinit NativeDef pointer_rows[] = {
    native<char_pointer_from_param>("from_param($type, value, /)", nullptr),
    native<wide_pointer_from_param>("from_param($type, value, /)", nullptr),
    native<void_pointer_from_param>("from_param($type, value, /)", nullptr),
};

// ---------------------------------------------------------------------------------------------------------------- the metaclass

static Result<const SimpleCode*> code_of_class(Thread& thread, Type* type) {
  Value text = TRY(find_attr(thread, Value(type), intern(thread, "_type_")));
  if (text == kNotFound) return raise(thread, exceptions.AttributeError, "class must define a '_type_' attribute");
  if (!is<Str>(text)) return raise_type_error(thread, "class must define a '_type_' string attribute");
  if (text.as<Str>()->length() != 1)
    return raise_value_error(thread, "class must define a '_type_' attribute which must be a string of length 1");
  u32 code = text.as<Str>()->at(0);
  if (code == 0 || code > 127 || !strchr(kSimpleCodes, static_cast<int>(code))) {
    return raise(thread, exceptions.AttributeError,
                 "class must define a '_type_' attribute which must be\na single character string containing one of '{}'.",
                 kSimpleCodes);
  }
  const SimpleCode* c = find_simple_code(code);
  if (!c) return raise_value_error(thread, "_type_ '{}' not supported", text);
  return c;
}

static Result<CTypeInfo*> attach_simple_info(Thread& thread, Type* type, const SimpleCode& c, bool swapped) {
  CTypeInfo* info = TRY(attach_info(thread, type, CKind::Simple));
  info->code_ = c.code;
  info->swapped_ = swapped;
  info->size_ = c.size;
  info->align_ = c.ffi->alignment;
  info->ffi_ = c.ffi;
  info->pointer_ = strchr("zZPO", c.code) != nullptr;
  char item[3] = {swapped ? '>' : '<', c.format ? c.format : c.code, 0};
  info->format_ = format_text(item, "");
  return info;
}

// The twin that keeps its value in the other byte order.
static Result<void> add_swapped_type(Thread& thread, Type* type, Value const* args, const SimpleCode& c) {
  Str* name = TRY(format_message(thread, "{}_be", args[1]));
  Value copied[] = {args[0], Value(name), args[2], args[3]};
  Type* swapped = TRY(new_ctype(thread, copied, 4, nullptr));
  TRY(attach_simple_info(thread, swapped, c, true));
  Str *le = intern(thread, "__ctype_le__"), *be = intern(thread, "__ctype_be__");
  for (Type* owner : {type, swapped}) {
    TRY(type_set_attribute(thread, owner, le, Value(type)));
    TRY(type_set_attribute(thread, owner, be, Value(swapped)));
  }
  return ok;
}

static Result<Value> simple_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(new_ctype(thread, args, n, kwnames));
  if (info_of_type(type)) return type;
  const SimpleCode* c = TRY(code_of_class(thread, type));
  TRY(attach_simple_info(thread, type, *c, false));
  if (args[0] == Value(ctypes_simple_meta_def.type) && c->can_swap) TRY(add_swapped_type(thread, type, args, *c));
  if (type->base() != ctypes_simple_def.type) return type;
  int row = c->code == 'z' ? 0 : c->code == 'Z' ? 1 : c->code == 'P' ? 2 : -1;
  if (row >= 0) {
    MethodDescriptor* method = TRY(make<MethodDescriptor>(thread, &pointer_rows[row], type));
    method->set_shape_id(types.classmethod_descriptor->instance_shape()->id());
    TRY(type_set_attribute(thread, type, intern(thread, "from_param"), Value(method)));
  }
  return type;
}

static constinit NativeDef simple_meta_methods[] = {
    native_raw(simple_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    CTYPES_META_ROWS(simple_from_param),
};
constinit TypeDef ctypes_simple_meta_def = {.name = "_ctypes.PyCSimpleType",
                                            .doc = "metatype for the PyCSimpleType Objects",
                                            .base = &type_def,
                                            .flags = kTypeSubclassable,
                                            .methods = simple_meta_methods,
                                            .method_count = count_of(simple_meta_methods)};

// ---------------------------------------------------------------------------------------------------------------- objects

static Result<Value> get_value(Thread& thread, Value self) {
  CData* data = self.as<CData>();
  CTypeInfo* info = info_of(data);
  return load_value(thread, info->code_, info->swapped_, data->data(), info->size_);
}
static Result<void> set_value(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete attribute");
  CData* data = self.as<CData>();
  CTypeInfo* info = info_of(data);
  Value keep = TRY(store_value(thread, info->code_, info->swapped_, data->data(), v, info->size_));
  return keep_reference(thread, data, 0, keep);
}

static Result<Value> simple_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(new_cdata(thread, TRY(check_new_type(thread, args, n, ctypes_simple_def.type))));
}
static Result<Value> simple_init(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "__init__", kwnames));
  TRY(check_positional(thread, "__init__", n - 1, 0, 1));
  if (n > 1) TRY(set_value(thread, args[0], args[1]));
  return kNone;
}
static Result<bool> simple_bool(Thread&, CData* self) {
  for (usize i = 0; i < self->size_; ++i)
    if (self->data()[i]) return true;
  return false;
}
static Result<Value> simple_repr(Thread& thread, CData* self) {
  Type* type = type_of(Value(self));
  if (type->base() != ctypes_simple_def.type) {
    char address[24];
    snprintf(address, sizeof address, "%p", static_cast<void*>(self));
    return TRY(format_message(thread, "<{} object at {}>", type->name(), static_cast<const char*>(address)));
  }
  return TRY(format_message(thread, "{}({!r})", type->name(), TRY(get_value(thread, Value(self)))));
}
static Result<Value> simple_from_outparam(Thread& thread, Value self) {
  if (is_simple_subclass(type_of(self))) return self;
  return get_value(thread, self);
}

static constinit NativeDef simple_methods[] = {
    native_raw(simple_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(simple_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<simple_bool>("__bool__($self, /)", "True if self else False"),
    native<simple_repr>("__repr__($self, /)", "Return repr(self)."),
    native<simple_from_outparam>("__ctypes_from_outparam__($self, /)", nullptr),
};
static GetSetDef simple_getsets[] = {{"value", get_value, set_value, "current value"}};
static Result<void> finish_simple(Thread& thread, Type* type) { return set_metaclass(thread, type, ctypes_simple_meta_def); }
constinit TypeDef ctypes_simple_def = {.name = "_ctypes._SimpleCData",
                                       .doc = "XXX to be provided",
                                       .base = &ctypes_data_def,
                                       .flags = kTypeSubclassable,
                                       .methods = simple_methods,
                                       .method_count = count_of(simple_methods),
                                       .getsets = simple_getsets,
                                       .getset_count = 1,
                                       .finish = finish_simple};

}  // namespace baton
