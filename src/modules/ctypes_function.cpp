// CFuncPtr: functions of C, by address or by name in a library, and Python callables as functions for C. Prototypes, parameter
// flags (in, out, defaults, names), results and their checks.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "modules/ctypes_internal.h"

namespace baton {

enum ParameterFlag : i64 { kIn = 1, kOut = 2, kLcid = 4 };

// ---------------------------------------------------------------------------------------------------------------- prototypes

Result<Tuple*> converters_from(Thread& thread, Value argtypes) {
  Type* type = type_of(argtypes);
  if (!is<Tuple>(argtypes) && !is<List>(argtypes) && type->slot(Slot::iter).is_absent() && type->slot(Slot::getitem).is_absent())
    return raise_type_error(thread, "_argtypes_ must be a sequence of types");
  Tuple* types = TRY(tuple_from_iterable(thread, argtypes));
  if (types->length() > static_cast<Index>(kMaxArguments)) {
    return raise(thread, argument_error->get(), "_argtypes_ has too many arguments ({}), maximum is {}", types->length(),
                 u64{kMaxArguments});
  }
  Tuple* converters = TRY(make_tuple(thread, nullptr, types->length()));
  for (Index i = 0; i < types->length(); ++i) {
    Value converter = TRY(find_attr(thread, types->at(i), intern(thread, "from_param")));
    if (converter == kNotFound) return raise_type_error(thread, "item {} in _argtypes_ has no from_param method", i + 1);
    converters->set_at(i, converter);
  }
  return converters;
}

static bool is_result_type(Value v) { return v.is_none() || info_of_type(v) || is_callable(v); }

static Result<Value> checker_of(Thread& thread, Value restype) {
  Value checker = TRY(find_attr(thread, restype, intern(thread, "_check_retval_")));
  return checker == kNotFound ? Result<Value>(kNone) : Result<Value>(checker);
}

// Absent is stored for "none", and so can be told from None.
static Value none_as_absent(Value v) { return v.is_none() ? Value() : v; }

static Result<Value> function_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(new_ctype(thread, args, n, kwnames));
  if (info_of_type(type)) return type;
  CTypeInfo* info = TRY(attach_info(thread, type, CKind::Function));
  info->size_ = info->align_ = sizeof(void*);
  info->length_ = 1;
  info->pointer_ = true;
  info->ffi_ = &ffi_type_pointer;
  info->format_ = format_text("X{}", "");
  Value flags = TRY(find_attr(thread, Value(type), intern(thread, "_flags_")));
  i64 bits = 0;
  if (flags == kNotFound || !is_int(flags) || !int_to_i64(int_exact(flags), &bits))
    return raise_type_error(thread, "class must define _flags_ which must be an integer");
  info->flags_ = static_cast<u32>(bits);
  Value argtypes = TRY(find_attr(thread, Value(type), intern(thread, "_argtypes_")));
  if (argtypes != kNotFound) {
    info->converters_.set(info, TRY(converters_from(thread, argtypes)));
    info->argtypes_.set(info, argtypes);
  }
  Value restype = TRY(find_attr(thread, Value(type), intern(thread, "_restype_")));
  if (restype != kNotFound) {
    if (!is_result_type(restype)) return raise_type_error(thread, "_restype_ must be a type, a callable, or None");
    info->restype_.set(info, restype);
    info->checker_.set(info, none_as_absent(TRY(checker_of(thread, restype))));
  }
  return type;
}

static constinit NativeDef function_meta_methods[] = {
    native_raw(function_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    CTYPES_META_ROWS(ctype_from_param),
};
constinit TypeDef ctypes_function_meta_def = {.name = "_ctypes.PyCFuncPtrType",
                                              .doc = "metatype for C function pointers",
                                              .base = &type_def,
                                              .flags = kTypeSubclassable,
                                              .methods = function_meta_methods,
                                              .method_count = count_of(function_meta_methods)};

// ---------------------------------------------------------------------------------------------------------------- paramflags

static Failed raise_bad_paramflags(Thread& thread) {
  return raise_type_error(thread, "paramflags must be a sequence of (int [,string [,value]]) tuples");
}

static bool may_be_out_parameter(Value type) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return false;
  if (info->kind_ == CKind::Pointer || info->kind_ == CKind::Array) return true;
  return info->kind_ == CKind::Simple && strchr("PzZ", info->code_);
}

static Result<void> check_paramflag(Thread& thread, Value item, Value type, Index number) {
  Tuple* parts = cast<Tuple>(item);
  i64 flag = 0;
  if (!parts || parts->length() < 1 || parts->length() > 3 || !is_int(parts->at(0)) ||
      !int_to_i64(int_exact(parts->at(0)), &flag))
    return raise_bad_paramflags(thread);
  if (parts->length() > 1 && !parts->at(1).is_none() && !is<Str>(parts->at(1))) return raise_bad_paramflags(thread);
  switch (flag & (kIn | kOut | kLcid)) {
    case 0:
    case kIn:
    case kIn | kLcid:
    case kIn | kOut: return ok;
    case kOut:
      if (may_be_out_parameter(type)) return ok;
      return raise_type_error(thread, "'out' parameter {} must be a pointer type, not {}", number,
                              is<Type>(type) ? type.as<Type>()->name() : type_of(type)->name());
    default: return raise_type_error(thread, "paramflag value {} not supported", flag);
  }
}

// The checked tuple, or null when there are no flags to honour.
static Result<Value> check_paramflags(Thread& thread, Type* type, Value flags) {
  CTypeInfo* info = info_of_type(type);
  if (flags.is_absent() || !info || info->argtypes_.get().is_absent()) return kNone;
  if (flags.is_none()) return kNone;
  if (!is<Tuple>(flags)) return raise_type_error(thread, "paramflags must be a tuple or None");
  Tuple* types = TRY(tuple_from_iterable(thread, info->argtypes_.get()));
  if (types->length() != flags.as<Tuple>()->length())
    return raise_value_error(thread, "paramflags must have the same length as argtypes");
  for (Index i = 0; i < types->length(); ++i) TRY(check_paramflag(thread, flags.as<Tuple>()->at(i), types->at(i), i + 1));
  return flags;
}

// ---------------------------------------------------------------------------------------------------------------- making one

static TypeDef function_state_def = {.name = "_ctypes.FunctionState",
                                     .dynamic_kind = &DynamicKind<CFunctionState>::value,
                                     .payload_size = sizeof(CFunctionState),
                                     .flags = kTypeNoInstances,
                                     .kind_info = kind_info_of<CFunctionState>("ctypes function state")};

static Result<CData*> new_function(Thread& thread, Type* type, const void* address) {
  CData* made = TRY(new_cdata(thread, type));
  CFunctionState* state = TRY(make_of<CFunctionState>(thread, TRY(type_from_def(thread, function_state_def))));
  made->function_.set(made, state);
  made->set_pointer(address);
  return made;
}
// Objects made otherwise (from_address, results of calls) get their state when it is asked for.
static Result<CFunctionState*> state_of(Thread& thread, CData* self) {
  if (!self->function_.get())
    self->function_.set(self, TRY(make_of<CFunctionState>(thread, TRY(type_from_def(thread, function_state_def)))));
  return self->function_.get();
}

static constexpr usize kMaxSymbol = 1024;
// A symbol's name, terminated.
static Result<void> symbol_name(Thread& thread, Value name, char (&out)[kMaxSymbol]) {
  Value owner;
  std::string_view text;
  if (is<Bytes>(name)) {
    text = name.as<Bytes>()->text();
  } else if (is<Str>(name)) {
    text = TRY(str_utf8(thread, name.as<Str>(), &owner));
  } else {
    return raise_type_error(thread, "function name must be string, bytes object or integer");
  }
  if (text.size() >= kMaxSymbol) return raise_value_error(thread, "function name too long");
  text.copy(out, text.size());
  out[text.size()] = 0;
  return ok;
}

static bool is_python_api_name(const char* name) { return strncmp(name, "Py", 2) == 0 || strncmp(name, "_Py", 3) == 0; }

static bool is_main_program(void* handle) {
  void* main_program = dlopen(nullptr, RTLD_NOW);
  if (main_program) dlclose(main_program);  // always there: only the count goes down
  return handle == main_program;
}

// What the library calls `name`. Python's own functions are in the main program, for those who keep the GIL.
static Result<void*> address_of_symbol(Thread& thread, Type* type, void* handle, const char* name) {
  dlerror();
  if (void* found = dlsym(handle, name)) return found;
  const char* told = dlerror();
  const std::string problem = told ? told : "symbol is NULL";  // the next dl call frees the text
  if (!is_python_api_name(name)) return raise(thread, exceptions.AttributeError, "{}", std::string_view(problem));
  CTypeInfo* info = info_of_type(type);
  if (info && (info->flags_ & kFunctionPythonApi) && is_main_program(handle))
    if (void* ours = python_api_function(name)) return ours;
  return raise(thread, exceptions.AttributeError, "{} (ctypes.pythonapi: Baton has little of CPython's C API)",
               std::string_view(problem));
}

static Result<Value> function_from_library(Thread& thread, Type* type, Value const* args, usize n) {
  if (n > 2) return raise_type_error(thread, "function takes at most 2 arguments ({} given)", u64{n});
  Tuple* pair = args[0].as<Tuple>();
  if (pair->length() != 2) return raise_type_error(thread, "illegal func_spec argument");
  char name[kMaxSymbol];
  TRY(symbol_name(thread, pair->at(0), name));
  Value dll = pair->at(1);
  Value audited[] = {dll, pair->at(0)};
  TRY(audit_event(thread, "ctypes.dlsym", audited, 2));
  Value handle = TRY(get_attr_ascii(thread, dll, "_handle"));
  if (!is_int(handle)) return raise_type_error(thread, "the _handle attribute of the second argument must be an integer");
  void* address = TRY(address_of_symbol(thread, type, reinterpret_cast<void*>(low_bits(int_exact(handle))), name));
  Value flags = TRY(check_paramflags(thread, type, n > 1 ? args[1] : Value()));
  CData* made = TRY(new_function(thread, type, address));
  CFunctionState* state = made->function_.get();
  if (!flags.is_none()) state->paramflags_.set(state, flags.as<Tuple>());
  TRY(keep_reference(thread, made, 0, dll));
  return made;
}

static Result<Value> function_from_callable(Thread& thread, Type* type, Value callable) {
  if (!is_callable(callable)) return raise_type_error(thread, "argument must be callable or integer function address");
  CTypeInfo* info = info_of_type(type);
  if (!info || !info->converters_.get()) return raise_type_error(thread, "cannot construct instance of this class: no argtypes");
  Tuple* types = TRY(tuple_from_iterable(thread, info->argtypes_.get()));
  Cell* thunk = TRY(make_thunk(thread, callable, types, info->restype_.get(), info->flags_));
  CData* made = TRY(new_function(thread, type, thunk_address(thunk)));
  CFunctionState* state = made->function_.get();
  state->thunk_.set(state, thunk);
  state->callable_.set(state, callable);
  TRY(keep_reference(thread, made, 0, Value(thunk)));
  return made;
}

static Result<Value> function_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, ctypes_function_def.type));
  if (n == 1) return TRY(new_function(thread, type, nullptr));
  if (is<Tuple>(args[1])) return function_from_library(thread, type, args + 1, n - 1);
  if (n != 2) return raise_type_error(thread, "function takes exactly 1 argument ({} given)", u64{n - 1});
  if (is_int(args[1])) return TRY(new_function(thread, type, reinterpret_cast<void*>(low_bits(int_exact(args[1])))));
  return function_from_callable(thread, type, args[1]);
}

// ---------------------------------------------------------------------------------------------------------------- calling

namespace {
// The arguments of one call after the parameter flags had their say.
struct Arguments {
  Tuple* values = nullptr;
  u64 out = 0, in_out = 0;  // bit i: parameter i is part of the result
  Index results = 0;
};
}  // namespace

// The next positional argument, the keyword argument, or the default.
static Result<Value> next_argument(Thread& thread, Tuple* given, Index* used, Value name, Value fallback, Value const* keywords,
                                   Tuple* kwnames) {
  if (*used < given->length()) return given->at((*used)++);
  for (Index i = 0; name.is_present() && kwnames && i < kwnames->length(); ++i) {
    if (!TRY(equals(thread, kwnames->at(i), name))) continue;
    ++*used;
    return keywords[i];
  }
  if (fallback.is_present()) return fallback;
  if (name.is_present()) return raise_type_error(thread, "required argument '{}' missing", name);
  return raise_type_error(thread, "not enough arguments");
}

// An object for C to fill: a new one of what the parameter's type points to.
static Result<Value> make_out_object(Thread& thread, Value type) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_runtime_error(thread, "NULL stgdict unexpected");
  if (info->kind_ == CKind::Simple) {
    return raise_type_error(thread, "{} 'out' parameter must be passed as default value", type.as<Type>()->name());
  }
  if (info->kind_ == CKind::Array) return call(thread, type);
  if (!info->item_.get()) return raise_type_error(thread, "Cannot create instance: has no _type_");
  return call(thread, Value(info->item_.get()));
}

static Result<void> apply_paramflags(Thread& thread, Tuple* flags, Tuple* types, Tuple* given, Value const* keywords,
                                     Tuple* kwnames, Arguments* out) {
  Index n = types->length(), used = 0;
  out->values = TRY(make_tuple(thread, nullptr, n));
  for (Index i = 0; i < n; ++i) {
    Tuple* item = flags->at(i).as<Tuple>();
    i64 flag = 0;
    int_to_i64(int_exact(item->at(0)), &flag);
    Value name = item->length() > 1 && !item->at(1).is_none() ? item->at(1) : Value();
    Value fallback = item->length() > 2 ? item->at(2) : Value();
    u64 bit = i < 64 ? u64{1} << i : 0;
    Value v;
    switch (flag & (kIn | kOut | kLcid)) {
      case kIn | kLcid: v = fallback.is_present() ? fallback : Value::of_small_int(0); break;
      case kOut:
        v = fallback.is_present() ? fallback : TRY(make_out_object(thread, types->at(i)));
        out->out |= bit;
        ++out->results;
        break;
      case kIn | kOut:
        out->in_out |= bit;
        ++out->results;
        [[fallthrough]];
      default: v = TRY(next_argument(thread, given, &used, name, fallback, keywords, kwnames));
    }
    out->values->set_at(i, v);
  }
  Index actual = given->length() + (kwnames ? kwnames->length() : 0);
  if (actual != used) return raise_type_error(thread, "call takes exactly {} arguments ({} given)", used, actual);
  return ok;
}

static Result<Value> outcome_of(Thread& thread, Value result, const Arguments& arguments) {
  if (arguments.results == 0) return result;
  Tuple* all = arguments.results > 1 ? TRY(make_tuple(thread, nullptr, arguments.results)) : nullptr;
  Index filled = 0;
  for (Index i = 0; i < arguments.values->length() && i < 64; ++i) {
    Value v = arguments.values->at(i);
    if (arguments.out >> i & 1)
      v = TRY(call_method(thread, v, intern(thread, "__ctypes_from_outparam__")));
    else if (!(arguments.in_out >> i & 1))
      continue;
    if (!all) return v;
    all->set_at(filled++, v);
  }
  return Value(all);
}

static Result<Value> function_call(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !as_cdata(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  CData* self = args[0].as<CData>();
  CFunctionState* state = self->function_.get();
  CTypeInfo* info = info_of(self);
  CallTarget target;
  target.address = self->pointer();
  target.flags = info->flags_;
  bool own_types = state && state->argtypes_.get().is_present();
  target.converters = own_types ? state->converters_.get() : info->converters_.get();
  bool own_result = state && state->restype_.get().is_present();
  target.restype = own_result ? state->restype_.get() : info->restype_.get();
  target.checker = own_result ? state->checker_.get() : info->checker_.get();
  if (!target.address) return raise_value_error(thread, "attempt to call a NULL function pointer");
  Arguments arguments;
  Tuple* flags = state ? state->paramflags_.get() : nullptr;
  Value const* values = args + 1;
  usize count = n - 1;
  if (flags && target.converters && target.converters->length()) {
    Tuple* types = TRY(tuple_from_iterable(thread, own_types ? state->argtypes_.get() : info->argtypes_.get()));
    Tuple* given = TRY(make_tuple(thread, values, static_cast<Index>(count)));
    if (types->length() > flags->length()) return raise_value_error(thread, "paramflags must have the same length as argtypes");
    TRY(apply_paramflags(thread, flags, types, given, args + n, kwnames, &arguments));
    values = arguments.values->items();
    count = static_cast<usize>(arguments.values->length());
  }
  if (target.converters && static_cast<usize>(target.converters->length()) > count) {
    Index required = target.converters->length();
    return raise_type_error(thread, "this function takes at least {} argument{} ({} given)", required, required == 1 ? "" : "s",
                            u64{count});
  }
  Value result = TRY(call_foreign(thread, target, values, count));
  Value errcheck = state ? state->errcheck_.get() : Value();
  if (errcheck.is_present()) {
    if (!arguments.values) arguments.values = TRY(make_tuple(thread, values, static_cast<Index>(count)));
    Value checked = TRY(call(thread, errcheck, result, args[0], Value(arguments.values)));
    if (checked != Value(arguments.values)) return checked;  // the arguments unchanged: go on as usual
  }
  return outcome_of(thread, result, arguments);
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<Value> get_restype(Thread&, Value object) {
  CData* self = object.as<CData>();
  CFunctionState* state = self->function_.get();
  Value v = state && state->restype_.get().is_present() ? state->restype_.get() : info_of(self)->restype_.get();
  return v.is_present() ? v : kNone;
}
static Result<void> set_restype(Thread& thread, Value object, Value v) {
  CFunctionState* state = TRY(state_of(thread, object.as<CData>()));
  if (v.is_absent()) {
    state->restype_.set(state, Value());
    state->checker_.set(state, Value());
    return ok;
  }
  if (!is_result_type(v)) return raise_type_error(thread, "restype must be a type, a callable, or None");
  Value checker = none_as_absent(TRY(checker_of(thread, v)));
  state->checker_.set(state, checker);
  state->restype_.set(state, v);
  return ok;
}
static Result<Value> get_argtypes(Thread&, Value object) {
  CData* self = object.as<CData>();
  CFunctionState* state = self->function_.get();
  Value v = state && state->argtypes_.get().is_present() ? state->argtypes_.get() : info_of(self)->argtypes_.get();
  return v.is_present() ? v : kNone;
}
static Result<void> set_argtypes(Thread& thread, Value object, Value v) {
  CFunctionState* state = TRY(state_of(thread, object.as<CData>()));
  if (v.is_absent() || v.is_none()) {
    state->argtypes_.set(state, Value());
    state->converters_.set(state, nullptr);
    return ok;
  }
  state->converters_.set(state, TRY(converters_from(thread, v)));
  state->argtypes_.set(state, v);
  return ok;
}
static Result<Value> get_errcheck(Thread&, Value object) {
  CFunctionState* state = object.as<CData>()->function_.get();
  return state && state->errcheck_.get().is_present() ? state->errcheck_.get() : kNone;
}
static Result<void> set_errcheck(Thread& thread, Value object, Value v) {
  if (v.is_present() && !is_callable(v)) return raise_type_error(thread, "the errcheck attribute must be callable");
  CFunctionState* state = TRY(state_of(thread, object.as<CData>()));
  state->errcheck_.set(state, v);
  return ok;
}

static Result<bool> function_bool(Thread&, CData* self) { return self->pointer() != nullptr; }
static Result<Value> function_repr(Thread& thread, CData* self) {
  char address[24];
  snprintf(address, sizeof address, "%p", static_cast<void*>(self));
  return TRY(format_message(thread, "<{} object at {}>", type_of(Value(self))->name(), static_cast<const char*>(address)));
}

static constinit NativeDef function_methods[] = {
    native_raw(function_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(function_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<function_bool>("__bool__($self, /)", "True if self else False"),
    native<function_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef function_getsets[] = {
    {"errcheck", get_errcheck, set_errcheck, "a function to check for errors"},
    {"restype", get_restype, set_restype, "specify the result type"},
    {"argtypes", get_argtypes, set_argtypes, "specify the argument types"},
};
static Result<void> finish_function(Thread& thread, Type* type) { return set_metaclass(thread, type, ctypes_function_meta_def); }
constinit TypeDef ctypes_function_def = {.name = "_ctypes.CFuncPtr",
                                         .doc = "Function Pointer",
                                         .base = &ctypes_data_def,
                                         .flags = kTypeSubclassable,
                                         .methods = function_methods,
                                         .method_count = count_of(function_methods),
                                         .getsets = function_getsets,
                                         .getset_count = 3,
                                         .finish = finish_function};

}  // namespace baton
