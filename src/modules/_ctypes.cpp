// _ctypes: calling C libraries and sharing memory with them. See ctypes_internal.h for where things are.
//
// Not here: CPython's C API. ctypes.pythonapi loads, as the main program, and has a few of its functions
// (ctypes_python_api.cpp); py_object works as a handle that C code can pass around.
#include <dlfcn.h>

#include <cstring>

#include "modules/ctypes_internal.h"
#include "objects/audit.h"
#include "objects/exception.h"
#include "objects/new_exception.h"
#include "threads/mutator.h"

namespace baton {

Root<Type>* argument_error = nullptr;

Result<void> audit_event(Thread& thread, std::string_view event, Value const* args, usize n) {
  if (!has_audit_hooks) [[likely]]
    return ok;
  return raise_audit_event(thread, event, args, n);
}

// ---------------------------------------------------------------------------------------------------------------- libraries

static Failed raise_dl_error(Thread& thread, const char* otherwise) {
  const char* problem = dlerror();
  Value text(TRY(str_from_utf8(thread, problem ? problem : otherwise)));
  return raise_with_value(thread, exceptions.OSError, text);
}

static Result<Value> ctypes_dlopen(Thread& thread, Value name, int mode) {
  mode |= RTLD_NOW;
  Value owner;
  std::string_view text;
  if (!name.is_none()) {
    Value path = TRY(find_special(thread, name, names.dunder_fspath));
    if (path != kNotFound) name = TRY(call(thread, path));
    if (is<Bytes>(name)) {
      text = name.as<Bytes>()->text();
    } else if (is<Str>(name)) {
      text = TRY(str_utf8(thread, name.as<Str>(), &owner));
    } else {
      return raise_type_error(thread, "expected str, bytes or os.PathLike object, not {!n}", name);
    }
    if (text.find('\0') != std::string_view::npos) return raise_value_error(thread, "embedded null byte");
  }
  Value audited[] = {name};
  TRY(audit_event(thread, "ctypes.dlopen", audited, 1));
  Bytes* terminated = TRY(bytes_from(thread, text));
  const char* file = name.is_none() ? nullptr : reinterpret_cast<const char*>(terminated->data());
  dlerror();
  void* handle = blocking<BlockCause::Io>(thread, [&] { return dlopen(file, mode); });
  KeepAlive keep{Value(terminated)};
  if (!handle) return raise_dl_error(thread, "dlopen() error");
  return int_from_u64(thread, reinterpret_cast<u64>(handle));
}
static Result<int> ctypes_dlclose(Thread& thread, Value handle) {
  auto* library = reinterpret_cast<void*>(TRY(address_from(thread, handle)));
  dlerror();
  if (dlclose(library)) return raise_dl_error(thread, "dlclose() error");
  return 0;
}
static Result<Value> ctypes_dlsym(Thread& thread, Value handle, Value name) {
  auto* library = reinterpret_cast<void*>(TRY(address_from(thread, handle)));
  Value audited[] = {handle, name};
  TRY(audit_event(thread, "ctypes.dlsym/handle", audited, 2));
  Value owner;
  if (!is<Str>(name)) return raise_type_error(thread, "dlsym() argument 2 must be str, not {!a}", name);
  Bytes* terminated = TRY(bytes_from(thread, TRY(str_utf8(thread, name.as<Str>(), &owner))));
  dlerror();
  void* address = dlsym(library, reinterpret_cast<const char*>(terminated->data()));
  KeepAlive keep{Value(terminated)};
  if (!address) return raise_dl_error(thread, "dlsym() error");
  return int_from_u64(thread, reinterpret_cast<u64>(address));
}

static Result<Value> call_by_address(Thread& thread, Value address, Value arguments, u32 flags) {
  CallTarget target{reinterpret_cast<void*>(TRY(address_from(thread, address))), flags, nullptr, Value(), Value()};
  if (!is<Tuple>(arguments)) return raise_type_error(thread, "argument 2 must be tuple, not {!t}", arguments);
  Value audited[] = {address, arguments};
  TRY(audit_event(thread, "ctypes.call_function", audited, 2));
  Tuple* args = arguments.as<Tuple>();
  return call_foreign(thread, target, args->items(), static_cast<usize>(args->length()));
}
static Result<Value> ctypes_call_function(Thread& thread, Value address, Value arguments) {
  return call_by_address(thread, address, arguments, 0);
}
static Result<Value> ctypes_call_cdeclfunction(Thread& thread, Value address, Value arguments) {
  return call_by_address(thread, address, arguments, kFunctionCdecl);
}

// ---------------------------------------------------------------------------------------------------------------- objects

static Result<Value> ctypes_sizeof(Thread& thread, Value v) {
  if (CTypeInfo* info = info_of_type(v)) return int_from_u64(thread, info->size_);
  if (CData* data = as_cdata(v)) return int_from_u64(thread, data->size_);
  return raise_type_error(thread, "this type has no size");
}
static Result<Value> ctypes_alignment(Thread& thread, Value v) {
  CData* data = as_cdata(v);
  CTypeInfo* info = data ? info_of(data) : info_of_type(v);
  if (!info) return raise_type_error(thread, "no alignment info");
  return int_from_u64(thread, info->align_);
}
static Result<Value> ctypes_addressof(Thread& thread, Value v) {
  CData* data = as_cdata(v);
  if (!data) return raise_type_error(thread, "invalid type");
  Value audited[] = {v};
  TRY(audit_event(thread, "ctypes.addressof", audited, 1));
  return int_from_u64(thread, reinterpret_cast<u64>(data->data()));
}
static Result<Value> ctypes_byref(Thread& thread, Value v, Index offset) {
  CData* data = as_cdata(v);
  if (!data) return raise_type_error(thread, "byref() argument must be a ctypes instance, not '{!t}'", v);
  CArgument* argument = TRY(make_argument(thread, 'P', &ffi_type_pointer, v));
  argument->value_.p = data->data() + offset;
  return Value(argument);
}
static Result<void> ctypes_resize(Thread& thread, Value v, Index size) {
  CData* data = as_cdata(v);
  CTypeInfo* info = data ? info_of(data) : nullptr;
  if (!info) return raise_type_error(thread, "excepted ctypes instance");
  if (size < static_cast<Index>(info->size_)) return raise_value_error(thread, "minimum size is {}", u64{info->size_});
  if (!data->owns_memory()) return raise_value_error(thread, "Memory cannot be resized because this object doesn't own it");
  return resize_cdata(thread, data, static_cast<usize>(size));
}
static Result<Value> ctypes_buffer_info(Thread& thread, Value v) {
  CData* data = as_cdata(v);
  CTypeInfo* info = data ? info_of(data) : info_of_type(v);
  if (!info) return raise_type_error(thread, "not a ctypes type or object");
  Tuple* shape = TRY(make_tuple(thread, nullptr, info->ndim_));
  for (int i = 0; i < info->ndim_; ++i) shape->set_at(i, TRY(int_from_i64(thread, info->shape_[i])));
  Value format(TRY(str_from_utf8(thread, info->format_ ? info->format_ : "B")));
  return TRY(tuple_of(thread, format, Value::of_small_int(info->ndim_), Value(shape)));
}
static Result<Value> ctypes_POINTER(Thread& thread, Value v) { return TRY(pointer_type_to(thread, v)); }
static Result<Value> ctypes_pointer(Thread& thread, Value v) {
  Type* type = TRY(pointer_type_to(thread, Value(type_of(v))));
  return call(thread, Value(type), v);
}
static Result<Value> ctypes_unpickle(Thread& thread, Value type, Value state) {
  Value make = TRY(get_attr(thread, type, names.dunder_new_));
  Value made = TRY(call(thread, make, type));
  if (!is<Tuple>(state)) return raise_type_error(thread, "_unpickle() argument 2 must be tuple, not {!t}", state);
  Tuple* parts = state.as<Tuple>();
  TRY(call_method_values(thread, made, intern(thread, "__setstate__"), parts->items(), static_cast<usize>(parts->length())));
  return made;
}

static Result<int> ctypes_get_errno(Thread& thread) {
  TRY(audit_event(thread, "ctypes.get_errno", nullptr, 0));
  return saved_errno();
}
static Result<int> ctypes_set_errno(Thread& thread, int value) {
  Value audited[] = {Value::of_small_int(value)};
  TRY(audit_event(thread, "ctypes.set_errno", audited, 1));
  int old = saved_errno();
  saved_errno() = value;
  return old;
}

// The address of an object is its Value's bits: a handle like py_object's.
static Result<Value> ctypes_PyObj_FromPtr(Thread& thread, Value address) {
  u64 bits = TRY(address_from(thread, address));
  return load_value(thread, 'O', false, reinterpret_cast<const u8*>(&bits), sizeof bits);
}
static Result<Value> ctypes_no_reference_counts(Thread&, Value v) { return v; }

// ---------------------------------------------------------------------------------------------------------------- for ctypes'
// own use
//
// ctypes/__init__.py calls these by address, as PyDLL functions whose py_object arguments and results are Values.

extern "C" {
static u64 ctypes_string_at(const void* address, int size) {
  Thread& thread = current_thread();
  Value args[] = {int_from_u64(thread, reinterpret_cast<u64>(address)).value(), Value::of_small_int(size)};
  if (audit_event(thread, "ctypes.string_at", args, 2).is_failed()) return 0;
  usize n = size < 0 ? strlen(static_cast<const char*>(address)) : static_cast<usize>(size);
  Result<Bytes*> bytes = bytes_from(thread, address, n);
  return bytes.is_failed() ? 0 : Value(bytes.value()).bits();
}
static u64 ctypes_wstring_at(const wchar_t* address, int size) {
  Thread& thread = current_thread();
  Value args[] = {int_from_u64(thread, reinterpret_cast<u64>(address)).value(), Value::of_small_int(size)};
  if (audit_event(thread, "ctypes.wstring_at", args, 2).is_failed()) return 0;
  Result<Value> text = text_from_wide(thread, address, size < 0 ? wcslen(address) : static_cast<usize>(size));
  return text.is_failed() ? 0 : text.value().bits();
}
}

static Result<Value> cast_to(Thread& thread, void* address, Value source, Value type) {
  CTypeInfo* info = info_of_type(type);
  bool good = info && (info->kind_ == CKind::Pointer || info->kind_ == CKind::Function ||
                       (info->kind_ == CKind::Simple && strchr("sPzUZXO", info->code_)));
  if (!good) {
    return raise_type_error(thread, "cast() argument 2 must be a pointer type, not {}",
                            is<Type>(type) ? type.as<Type>()->name() : type_of(type)->name());
  }
  Value made = TRY(call(thread, type));
  CData* result = as_cdata(made);
  if (CData* data = as_cdata(source)) {
    // The result shares what the source keeps alive, and keeps the source itself.
    Value kept = TRY(kept_objects(thread, data));
    if (kept.is_none()) {
      kept = Value(TRY(make_dict(thread)));
      CData* root = outermost(data);
      root->objects_.set(root, kept);
    }
    result->objects_.set(result, kept);
    if (is<Dict>(kept)) {
      Value key = TRY(int_from_u64(thread, reinterpret_cast<u64>(data)));
      TRY(dict_set(thread, kept.as<Dict>(), key, source));
    }
  }
  result->set_pointer(address);
  return made;
}
extern "C" {
static u64 ctypes_cast(void* address, u64 source, u64 type) {
  Result<Value> result = cast_to(current_thread(), address, Value(source), Value(type));
  return result.is_failed() ? 0 : result.value().bits();
}
}

// ---------------------------------------------------------------------------------------------------------------- the module

static constinit NativeDef ctypes_functions[] = {
    native<ctypes_get_errno>("get_errno($module, /)", nullptr),
    native<ctypes_set_errno>("set_errno($module, value, /)", nullptr),
    native<ctypes_POINTER>("POINTER($module, type, /)", nullptr),
    native<ctypes_pointer>("pointer($module, object, /)", nullptr),
    native<ctypes_unpickle>("_unpickle($module, type, state, /)", nullptr),
    native<ctypes_buffer_info>("buffer_info($module, object, /)", "Return buffer interface information"),
    native<ctypes_resize>("resize($module, object, size, /)", "Resize the memory buffer of a ctypes instance"),
    native<ctypes_dlopen>(
        "dlopen($module, name, flag=2, /)",
        "Load the shared library name and return its handle.\n\nflag is RTLD_GLOBAL or RTLD_LOCAL, which is the default."),
    native<ctypes_dlclose>("dlclose($module, handle, /)", "dlclose a library"),
    native<ctypes_dlsym>("dlsym($module, handle, name, /)", "find symbol in shared library"),
    native<ctypes_alignment>(
        "alignment($module, type, /)",
        "Return the alignment, in bytes, that a C type requires.\n\nThe argument is a ctypes type or an instance of one."),
    native<ctypes_sizeof>(
        "sizeof($module, type, /)",
        "Return how many bytes a C type or object takes up in memory.\n\nThe argument is a ctypes type or an instance of one."),
    native<ctypes_byref>("byref($module, object, offset=0, /)",
                         "Return a lightweight pointer to a ctypes instance.\n\nIt can only be passed as an argument to a "
                         "foreign function. offset, 0 unless\ngiven, is a number of bytes added to the address."),
    native<ctypes_addressof>("addressof($module, object, /)",
                             "Return, as an integer, where in memory the data of a ctypes instance lies."),
    native<ctypes_call_function>("call_function($module, address, arguments, /)", nullptr),
    native<ctypes_call_cdeclfunction>("call_cdeclfunction($module, address, arguments, /)", nullptr),
    native<ctypes_PyObj_FromPtr>("PyObj_FromPtr($module, address, /)", nullptr),
    native<ctypes_no_reference_counts>("Py_INCREF($module, object, /)", nullptr),
    native<ctypes_no_reference_counts>("Py_DECREF($module, object, /)", nullptr),
};
static TypeDef* const ctypes_types[] = {&ctypes_structure_def, &ctypes_union_def,  &ctypes_pointer_def,
                                        &ctypes_array_def,     &ctypes_simple_def, &ctypes_function_def};
static constexpr ModuleConstant ctypes_constants[] = {
    {"FUNCFLAG_CDECL", kFunctionCdecl},
    {"FUNCFLAG_USE_ERRNO", kFunctionUseErrno},
    {"FUNCFLAG_USE_LASTERROR", kFunctionUseLastError},
    {"FUNCFLAG_PYTHONAPI", kFunctionPythonApi},
    {"RTLD_LOCAL", RTLD_LOCAL},
    {"RTLD_GLOBAL", RTLD_GLOBAL},
    {"CTYPES_MAX_ARGCOUNT", 1024},
};

static Result<void> add_address(Thread& thread, Module* module, const char* name, const void* address) {
  return module_set(thread, module, name, TRY(int_from_u64(thread, reinterpret_cast<u64>(address))));
}

static Result<void> ctypes_exec(Thread& thread, Module* module) {
  if (!pointer_types) pointer_types = new Root<Dict>(TRY(make_dict(thread)));
  if (!argument_error)
    argument_error = new Root<Type>(TRY(make_exception_type(thread, "ctypes.ArgumentError", exceptions.Exception)));
  TRY(type_from_def(thread, ctypes_argument_def));
  TRY(module_set(thread, module, "_pointer_type_cache", Value(pointer_types->get())));
  TRY(module_set(thread, module, "ArgumentError", Value(argument_error->get())));
  TRY(module_set(thread, module, "__version__", Value(intern(thread, "1.1.0"))));
  TRY(add_address(thread, module, "_memmove_addr", reinterpret_cast<void*>(memmove)));
  TRY(add_address(thread, module, "_memset_addr", reinterpret_cast<void*>(memset)));
  TRY(add_address(thread, module, "_string_at_addr", reinterpret_cast<void*>(ctypes_string_at)));
  TRY(add_address(thread, module, "_wstring_at_addr", reinterpret_cast<void*>(ctypes_wstring_at)));
  return add_address(thread, module, "_cast_addr", reinterpret_cast<void*>(ctypes_cast));
}

constinit ModuleDef ctypes_module = {
    .name = "_ctypes",
    .doc = "Create and manipulate C compatible data types in Python.",
    .functions = ctypes_functions,
    .function_count = count_of(ctypes_functions),
    .types = ctypes_types,
    .type_count = sizeof ctypes_types / sizeof *ctypes_types,
    .constants = ctypes_constants,
    .constant_count = sizeof ctypes_constants / sizeof *ctypes_constants,
    .exec = ctypes_exec,
};

}  // namespace baton
