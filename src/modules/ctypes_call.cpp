// Calling C: what arguments become, the call through libffi, what the result becomes.
//
// A call of a CDLL function is a blocking region: the GIL is free while it runs. Everything the call may look at (text, buffers,
// structures) belongs to cells that this frame holds, and cells never move. PyDLL functions keep the GIL and may raise.
#include <alloca.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "modules/ctypes_internal.h"
#include "objects/exception.h"
#include "threads/mutator.h"

namespace baton {

int& saved_errno() {
  static thread_local int value = 0;
  return value;
}

Failed extend_error(Thread& thread, Type* type, Str* prefix) {
  Exception* error = thread.take_pending();
  if (!error) return failed;
  Value v(reinterpret_cast<u64>(error));
  Result<Str*> text = str_of(thread, v);
  if (text.is_failed()) {
    thread.clear_pending();
    text = intern(thread, "???");
  }
  return raise(thread, type, "{}{}: {}", prefix, type_of(v)->name(), text.value());
}

// ---------------------------------------------------------------------------------------------------------------- arguments

static TypeDef* argument_type() { return &ctypes_argument_def; }

Result<CArgument*> make_argument(Thread& thread, char tag, ffi_type* type, Value object) {
  return make_of<CArgument>(thread, TRY(type_from_def(thread, *argument_type())), tag, type, object);
}

Result<CArgument*> argument_of(Thread& thread, CData* data) {
  CTypeInfo* info = info_of(data);
  char tag = info->kind_ == CKind::Simple ? info->code_ : info->kind_ == CKind::Struct || info->kind_ == CKind::Union ? 'V' : 'P';
  CArgument* argument = TRY(make_argument(thread, tag, info->ffi_, Value(data)));
  switch (info->kind_) {
    case CKind::Simple: memcpy(&argument->value_, data->data(), info->size_); break;
    case CKind::Array: argument->value_.p = data->data(); break;
    case CKind::Pointer:
    case CKind::Function: argument->value_.p = data->pointer(); break;
    default: {
      RawBytes* copy = TRY(make_raw_bytes(thread, data->size_ + 16));
      memcpy(copy->data(), data->data(), data->size_);
      argument->kept_.set(argument, Value(copy));
      argument->value_.p = copy->data();
      argument->size_ = data->size_;
    }
  }
  return argument;
}

static Result<Str*> argument_repr(Thread& thread, CArgument* self) {
  char text[64];
  char tag = self->tag_;
  bool shown_tag = tag >= ' ' && tag < 127 && tag != '\'' && tag != '\\';
  switch (tag) {
    case 'b':
    case 'B': snprintf(text, sizeof text, "<cparam '%c' (%d)>", tag, self->value_.b); break;
    case 'h':
    case 'H': snprintf(text, sizeof text, "<cparam '%c' (%d)>", tag, self->value_.h); break;
    case 'i':
    case 'I': snprintf(text, sizeof text, "<cparam '%c' (%d)>", tag, self->value_.i); break;
    case 'l':
    case 'L':
    case 'q':
    case 'Q': snprintf(text, sizeof text, "<cparam '%c' (%ld)>", tag, static_cast<long>(self->value_.q)); break;
    case 'd':
    case 'f': {
      char tag_text[2] = {tag, 0};
      return format_message(thread, "<cparam '{}' ({!r})>", static_cast<const char*>(tag_text),
                            TRY(make_float(thread, tag == 'd' ? self->value_.d : static_cast<double>(self->value_.f))));
    }
    case 'c': {
      u8 c = static_cast<u8>(self->value_.b);
      bool plain = c >= ' ' && c < 127 && c != '\'' && c != '\\';
      snprintf(text, sizeof text, plain ? "<cparam '%c' ('%c')>" : "<cparam '%c' ('\\x%02x')>", tag, c);
      break;
    }
    case 'z':
    case 'Z':
    case 'P': snprintf(text, sizeof text, "<cparam '%c' (%p)>", tag, self->value_.p); break;
    default:
      snprintf(text, sizeof text, shown_tag ? "<cparam '%c' at %p>" : "<cparam 0x%02x at %p>", static_cast<u8>(tag),
               static_cast<void*>(self));
  }
  return str_from_ascii(thread, text);
}
static Result<Value> get_argument_object(Thread&, Value self) {
  Value object = self.as<CArgument>()->object_.get();
  return object.is_absent() ? kNone : object;
}
static constinit NativeDef argument_methods[] = {native<argument_repr>("__repr__($self, /)", "Return repr(self).")};
static GetSetDef argument_getsets[] = {{"_obj", get_argument_object, nullptr, "the wrapped object", true}};
static constexpr KindInfo argument_kind() {
  KindInfo info = kind_info_of<CArgument>("ctypes argument");
  info.has_opaque_words = true;
  return info;
}
constinit TypeDef ctypes_argument_def = {.name = "CArgObject",
                                         .dynamic_kind = &DynamicKind<CArgument>::value,
                                         .payload_size = sizeof(CArgument),
                                         .flags = kTypeNoInstances,
                                         .methods = argument_methods,
                                         .method_count = 1,
                                         .getsets = argument_getsets,
                                         .getset_count = 1,
                                         .kind_info = argument_kind()};

namespace {
// One argument on the way into C.
struct Prepared {
  alignas(16) CValue value;
  ffi_type* type;
  void* address;  // of what libffi shall read
  Value kept;
  void set_pointer(const void* p, Value owner) {
    value.p = const_cast<void*>(p);
    type = &ffi_type_pointer;
    kept = owner;
  }
};
}  // namespace

static void prepare_data(CData* data, Prepared* out) {
  CTypeInfo* info = info_of(data);
  out->kept = Value(data);
  out->type = info->ffi_;
  switch (info->kind_) {
    case CKind::Simple: memcpy(&out->value, data->data(), info->size_); break;
    case CKind::Array: out->value.p = data->data(); break;
    case CKind::Pointer:
    case CKind::Function: out->value.p = data->pointer(); break;
    default: out->address = data->data();
  }
}

static Result<void> prepare_int(Thread& thread, Value v, Prepared* out) {
  Value exact = int_exact(v);
  i64 n;
  u64 positive;
  if (!int_to_i64(exact, &n) && !int_to_u64(exact, &positive)) return raise_overflow_error(thread, "int too long to convert");
  out->value.bits = low_bits(exact);
  out->type = &ffi_type_sint;
  return ok;
}

static Result<void> prepare(Thread& thread, Value v, usize number, Prepared* out) {
  out->address = &out->value;
  if (CData* data = as_cdata(v)) {
    if (!info_of(data)) return raise_type_error(thread, "abstract class");
    prepare_data(data, out);
    return ok;
  }
  if (auto* argument = cast<CArgument>(v)) {
    out->kept = v;
    out->type = argument->type_;
    out->value = argument->value_;
    if (argument->type_->type == FFI_TYPE_STRUCT) out->address = argument->value_.p;
    return ok;
  }
  if (v.is_none()) {
    out->set_pointer(nullptr, v);
    return ok;
  }
  if (is_int(v)) return prepare_int(thread, v, out);
  if (is<Bytes>(v)) {
    out->set_pointer(v.as<Bytes>()->data(), v);
    return ok;
  }
  if (is<Str>(v)) {
    Value wide = TRY(wide_text(thread, v.as<Str>()));
    out->set_pointer(wide.as<Bytes>()->data(), wide);
    return ok;
  }
  Value stand_in = TRY(as_parameter(thread, v));
  if (stand_in == kNotFound) return raise_type_error(thread, "Don't know how to convert parameter {}", u64{number});
  NativeDepth depth(thread, " while processing _as_parameter_");
  TRY(depth.check());
  return prepare(thread, stand_in, number, out);
}

static Failed raise_argument_error(Thread& thread, usize number) {
  Str* prefix = TRY(format_message(thread, "argument {}: ", u64{number}));
  return extend_error(thread, argument_error->get(), prefix);
}

// ---------------------------------------------------------------------------------------------------------------- results

Result<ffi_type*> ffi_type_of_result(Thread&, Value restype) {
  if (restype.is_absent()) return &ffi_type_sint;
  if (restype.is_none()) return &ffi_type_void;
  if (CTypeInfo* info = info_of_type(restype)) return info->ffi_ ? info->ffi_ : &ffi_type_void;
  return &ffi_type_sint;
}

static Result<Value> result_value(Thread& thread, const CallTarget& target, u8* memory) {
  Value restype = target.restype;
  if (restype.is_none()) return kNone;
  CTypeInfo* info = restype.is_absent() ? nullptr : info_of_type(restype);
  if (!info) {
    int n;
    memcpy(&n, memory, sizeof n);
    if (restype.is_absent()) return Value::of_small_int(n);
    return call(thread, restype, Value::of_small_int(n));
  }
  Value v = TRY(read_ctype(thread, restype.as<Type>(), nullptr, 0, memory));
  if (target.checker.is_absent()) return v;
  return call(thread, target.checker, v);
}

// ---------------------------------------------------------------------------------------------------------------- the call

static void call_keeping_errno(ffi_cif* cif, void* address, void* result, void** values, bool use_errno) {
  if (!use_errno) return ffi_call(cif, FFI_FN(address), result, values);
  int outside = errno;
  errno = saved_errno();
  ffi_call(cif, FFI_FN(address), result, values);
  saved_errno() = errno;
  errno = outside;
}

Result<Value> call_foreign(Thread& thread, const CallTarget& target, Value const* args, usize n) {
  if (n > kMaxArguments) {
    return raise(thread, argument_error->get(), "too many arguments ({}), maximum is {}", u64{n}, u64{kMaxArguments});
  }
  auto* prepared = static_cast<Prepared*>(alloca((n + 1) * sizeof(Prepared) + 16));
  prepared = reinterpret_cast<Prepared*>((reinterpret_cast<usize>(prepared) + 15) & ~usize{15});
  auto** argument_types = static_cast<ffi_type**>(alloca((n + 1) * sizeof(ffi_type*)));
  auto** values = static_cast<void**>(alloca((n + 1) * sizeof(void*)));
  memset(static_cast<void*>(prepared), 0, n * sizeof(Prepared));
  usize typed = target.converters ? static_cast<usize>(target.converters->length()) : 0;
  for (usize i = 0; i < n; ++i) {
    Value v = args[i];
    if (i < typed) {
      Result<Value> converted = call(thread, target.converters->at(static_cast<Index>(i)), v);
      if (converted.is_failed()) return raise_argument_error(thread, i + 1);
      v = converted.value();
    }
    if (prepare(thread, v, i + 1, &prepared[i]).is_failed()) return raise_argument_error(thread, i + 1);
    argument_types[i] = prepared[i].type;
    values[i] = prepared[i].address;
  }
  ffi_type* result_type = TRY(ffi_type_of_result(thread, target.restype));
  CTypeInfo* result_info = target.restype.is_absent() ? nullptr : info_of_type(target.restype);
  usize room = result_info && result_info->size_ > 64 ? result_info->size_ : 64;
  RawBytes* large = room > 64 ? TRY(make_raw_bytes(thread, room)) : nullptr;
  alignas(16) u8 small[64] = {};
  u8* memory = large ? large->data() : small;
  ffi_cif cif;
  if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, static_cast<unsigned>(n), result_type, argument_types) != FFI_OK)
    return raise_runtime_error(thread, "ffi_prep_cif failed");
  bool use_errno = target.flags & kFunctionUseErrno;
  if (target.flags & kFunctionPythonApi) {
    call_keeping_errno(&cif, target.address, memory, values, use_errno);
    if (thread.has_pending()) return failed;
  } else {
    blocking<BlockCause::Native>(thread, [&] { call_keeping_errno(&cif, target.address, memory, values, use_errno); });
  }
  Result<Value> result = result_value(thread, target, memory);
  asm volatile("" : : "r"(prepared), "r"(large) : "memory");  // what the call looked at lived until here
  return result;
}

}  // namespace baton
