// Entry points for C that run Python: closures of libffi.
//
// C may call from a thread that is inside a CDLL call (it takes the GIL back for as long as Python runs), from one that kept the
// GIL (PyDLL), or from a thread of its own (it becomes a thread of the runtime for the length of the call). What the callable
// raises has nobody to go to: it is reported as unraisable and C gets zero.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modules/ctypes_internal.h"
#include "modules/foreign_thread.h"
#include "threads/reenter.h"

namespace baton {

class CThunk final : public Cell {
 public:
  void init(Value callable, Tuple* types, Value restype, u32 flags) {
    callable_.init(callable);
    types_.init(types);
    restype_.init(restype);
    kept_.init(Value());
    flags_ = flags;
    closure_ = nullptr;
    code_ = nullptr;
    ffi_types_ = nullptr;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(callable_, types_, restype_, kept_); }
  void finalize_native() {
    if (closure_) ffi_closure_free(closure_);
    free(ffi_types_);
  }
  Field<Value> callable_;
  Field<Tuple> types_;
  Field<Value> restype_;
  Field<Value> kept_;  // what the last result refers to
  u32 flags_;
  ffi_closure* closure_;
  void* code_;
  ffi_type** ffi_types_;
  ffi_cif cif_;
};
static constexpr KindInfo thunk_kind() {
  KindInfo info = kind_info_of<CThunk>("ctypes callback");
  info.has_opaque_words = true;
  return info;
}
static TypeDef thunk_def = {.name = "_ctypes.CThunkObject",
                            .doc = "CThunkObject",
                            .dynamic_kind = &DynamicKind<CThunk>::value,
                            .payload_size = sizeof(CThunk),
                            .flags = kTypeNoInstances,
                            .kind_info = thunk_kind()};

// ---------------------------------------------------------------------------------------------------------------- the call

static Result<Value> argument_value(Thread& thread, Value type, void* memory) {
  CTypeInfo* info = info_of_type(type);
  if (!info) return raise_type_error(thread, "cannot build parameter");
  return read_ctype(thread, type.as<Type>(), nullptr, 0, static_cast<u8*>(memory));
}

static Result<Value> call_callable(Thread& thread, CThunk* thunk, void** args) {
  Tuple* types = thunk->types_.get();
  RootVector values;
  for (Index i = 0; i < types->length(); ++i) values.push(TRY(argument_value(thread, types->at(i), args[i])));
  return call_values(thread, thunk->callable_.get(), values.data(), values.size());
}

// libffi wants small integers widened to a register.
static void widen(char code, u8* memory) {
  i64 v;
  switch (code) {
    case 'b': v = *reinterpret_cast<i8*>(memory); break;
    case 'h': v = *reinterpret_cast<i16*>(memory); break;
    case 'i': v = *reinterpret_cast<i32*>(memory); break;
    default: return;
  }
  memcpy(memory, &v, sizeof v);
}

static Result<void> store_result(Thread& thread, CThunk* thunk, Value v, u8* memory) {
  CTypeInfo* info = info_of_type(thunk->restype_.get());
  CData* data = as_cdata(v);
  Value keep = kNone;
  if (data && TRY(is_instance(thread, v, thunk->restype_.get())))
    memcpy(memory, data->data(), info->size_);
  else if (info->kind_ == CKind::Simple)
    keep = TRY(store_value(thread, info->code_, info->swapped_, memory, v, info->size_));
  if (info->kind_ == CKind::Simple) widen(info->code_, memory);
  if (keep.is_none()) return ok;
  thunk->kept_.set(thunk, keep);
  if (info->code_ == 'O') return ok;
  return warn(thread, exceptions.RuntimeWarning, "memory leak in callback function.", 1);
}

static void run_python(Thread& thread, CThunk* thunk, ffi_cif* cif, void* result, void** args) {
  Value restype = thunk->restype_.get();
  bool has_result = cif->rtype != &ffi_type_void;
  if (has_result) memset(result, 0, cif->rtype->size > sizeof(ffi_arg) ? cif->rtype->size : sizeof(ffi_arg));
  Result<Value> answer = call_callable(thread, thunk, args);
  if (answer.is_failed())
    return report_unraisable(thread, "Exception ignored on calling ctypes callback function", thunk->callable_.get());
  if (!has_result || !info_of_type(restype)) return;
  if (store_result(thread, thunk, answer.value(), static_cast<u8*>(result)).is_failed()) {
    report_unraisable(thread, "Exception ignored on converting result of ctypes callback function", thunk->callable_.get());
  }
}

static void enter_from_c(ffi_cif* cif, void* result, void** args, void* user_data) {
  auto* thunk = static_cast<CThunk*>(user_data);  // alive as long as the function object, which C must not outlive
  bool use_errno = thunk->flags_ & kFunctionUseErrno;
  int outside = errno;
  if (use_errno) {
    int mine = saved_errno();
    saved_errno() = outside;
    outside = mine;
  }
  if (Mutator* mutator = current_mutator()) {
    auto& thread = static_cast<Thread&>(*mutator);
    if (mutator->is_running())
      run_python(thread, thunk, cif, result, args);
    else
      reenter(*mutator, [&] { run_python(thread, thunk, cif, result, args); });
  } else {
    Thread& thread = attach_foreign_thread();
    run_python(thread, thunk, cif, result, args);
    detach_foreign_thread(thread);
  }
  if (use_errno) {
    int mine = saved_errno();
    saved_errno() = outside;
    outside = mine;
  }
  errno = outside;
}

// ---------------------------------------------------------------------------------------------------------------- making one

// Whether C can be given such a result: nothing, or a simple type's value.
static Result<void> check_result_type(Thread& thread, Value restype) {
  if (restype.is_absent() || restype.is_none()) return ok;
  CTypeInfo* info = info_of_type(restype);
  if (info && info->kind_ == CKind::Simple) return ok;
  return raise_type_error(thread, "invalid result type for callback function");
}

Result<Cell*> make_thunk(Thread& thread, Value callable, Tuple* types, Value restype, u32 flags) {
  TRY(check_result_type(thread, restype));
  if (restype.is_none()) restype = Value();
  Type* type = TRY(type_from_def(thread, thunk_def));
  CThunk* thunk = TRY(make_of<CThunk>(thread, type, callable, types, restype, flags));
  usize n = static_cast<usize>(types->length());
  thunk->ffi_types_ = static_cast<ffi_type**>(calloc(n + 1, sizeof(ffi_type*)));
  thunk->closure_ = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &thunk->code_));
  if (!thunk->ffi_types_ || !thunk->closure_) return raise_memory_error(thread);
  for (usize i = 0; i < n; ++i) {
    CTypeInfo* info = info_of_type(types->at(static_cast<Index>(i)));
    thunk->ffi_types_[i] = info && info->ffi_ ? info->ffi_ : &ffi_type_sint;
  }
  ffi_type* result_type = restype.is_absent() ? &ffi_type_void : info_of_type(restype)->ffi_;
  if (ffi_prep_cif(&thunk->cif_, FFI_DEFAULT_ABI, static_cast<unsigned>(n), result_type, thunk->ffi_types_) != FFI_OK)
    return raise_runtime_error(thread, "ffi_prep_cif failed");
  if (ffi_prep_closure_loc(thunk->closure_, &thunk->cif_, enter_from_c, thunk, thunk->code_) != FFI_OK)
    return raise_runtime_error(thread, "ffi_prep_closure failed");
  return static_cast<Cell*>(thunk);
}

void* thunk_address(Cell* thunk) { return static_cast<CThunk*>(thunk)->code_; }

}  // namespace baton
