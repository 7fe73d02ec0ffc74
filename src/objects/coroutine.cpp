// coroutine objects and the wrapper that __await__ answers.
#include "objects/exception.h"
#include "objects/generator.h"
#include "objects/generator_kind.h"
#include "objects/raw_arguments.h"

namespace baton {

class CoroutineWrapper final : public Cell {
 public:
  void init(Value coroutine) { coroutine_.init(coroutine); }
  Generator* coroutine() const { return coroutine_.get().as<Generator>(); }
  void visit_edges(EdgeVisitor& visit) const { visit(coroutine_); }

 private:
  Field<Value> coroutine_;
};
extern TypeDef coroutine_wrapper_def;

static Result<Value> coro_send(Thread& thread, Coroutine* self, Value arg) {
  return generator_send(thread, generator_of(self), arg);
}
static Result<Value> throw_into(Thread& thread, Generator* g, Value const* args, usize n) {
  Exception* e = TRY(exception_from_throw_args(thread, args, n));
  Value answer = TRY(generator_throw_with_args(thread, g, e, args, n));
  if (answer == kExhausted) return raise_exhausted(thread);
  return answer;
}
static Result<Value> coro_throw(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Coroutine>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "coroutine.throw", kwnames));
  return throw_into(thread, args[0].as<Generator>(), args + 1, n - 1);
}
static Result<Value> coro_close(Thread& thread, Coroutine* self) { return generator_close(thread, generator_of(self)); }
static Result<Value> coro_await(Thread& thread, Coroutine* self) {
  return make_of<CoroutineWrapper>(thread, TRY(type_from_def(thread, coroutine_wrapper_def)), Value(generator_of(self)));
}
static Result<void> coro_del(Thread& thread, Coroutine* self) {
  generator_finalize(thread, generator_of(self));
  return ok;
}
static Result<Str*> coro_repr(Thread& thread, Coroutine* self) { return generator_repr(thread, "coroutine", generator_of(self)); }
static Result<i64> coro_sizeof(Thread&, Coroutine* self) { return static_cast<i64>(heap_cell_size(generator_of(self))); }
static Result<Value> get_origin(Thread&, Value self) { return self.as<Generator>()->origin_.get(); }

static constexpr const char* kThrowDoc =
    "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or "
    "raise\nStopIteration.";
static constinit NativeDef coroutine_methods[] = {
    native<coro_repr>("__repr__($self, /)", "Return repr(self)."),
    native<coro_del>("__del__($self, /)", nullptr),
    native<coro_await>("__await__($self, /)", "Return an iterator to be used in await expression."),
    native<coro_send>("send($self, arg, /)",
                      "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration."),
    native_raw(coro_throw, "throw($self, typ, val=None, tb=None, /)", kThrowDoc),
    native<coro_close>("close($self, /)", "close() -> raise GeneratorExit inside coroutine."),
    native<coro_sizeof>("__sizeof__($self, /)", "gen.__sizeof__() -> size of gen in memory, in bytes"),
};
static GetSetDef coroutine_getsets[] = {
    {"cr_code", get_generator_code, nullptr, nullptr, true},
    {"cr_origin", get_origin, nullptr, nullptr, true},
    {"__name__", get_generator_name, set_generator_name, "name of the coroutine"},
    {"__qualname__", get_generator_qualname, set_generator_qualname, "qualified name of the coroutine"},
    {"cr_await", get_generator_delegate, nullptr, "object being awaited on, or None"},
    {"cr_running", get_generator_running, nullptr, nullptr},
    {"cr_frame", get_generator_frame, nullptr, nullptr},
    {"cr_suspended", get_generator_suspended, nullptr, nullptr},
};
constinit TypeDef coroutine_def = {.name = "coroutine",
                                   .kind = kKindCoroutine,
                                   .payload_size = sizeof(Generator),
                                   .flags = kTypeNoInstances | kTypeWeakrefable,
                                   .methods = coroutine_methods,
                                   .method_count = count_of(coroutine_methods),
                                   .getsets = coroutine_getsets,
                                   .getset_count = 8,
                                   .kind_info = generator_kind_info("coroutine")};

// ---------------------------------------------------------------------------------------------------------------- wrapper

static Result<Value> wrapper_iter(Thread&, CoroutineWrapper* self) { return Value(self); }
static Result<Value> wrapper_next(Thread& thread, CoroutineWrapper* self) {
  return generator_send(thread, self->coroutine(), kNone);
}
static Result<Value> wrapper_send(Thread& thread, CoroutineWrapper* self, Value arg) {
  return generator_send(thread, self->coroutine(), arg);
}
static Result<Value> wrapper_throw(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<CoroutineWrapper>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "coroutine_wrapper.throw", kwnames));
  return throw_into(thread, args[0].as<CoroutineWrapper>()->coroutine(), args + 1, n - 1);
}
static Result<Value> wrapper_close(Thread& thread, CoroutineWrapper* self) { return generator_close(thread, self->coroutine()); }

static constinit NativeDef wrapper_methods[] = {
    native<wrapper_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<wrapper_next>("__next__($self, /)", "Implement next(self)."),
    native<wrapper_send>("send($self, arg, /)",
                         "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration."),
    native_raw(wrapper_throw, "throw($self, typ, val=None, tb=None, /)", kThrowDoc),
    native<wrapper_close>("close($self, /)", "close() -> raise GeneratorExit inside coroutine."),
};
constinit TypeDef coroutine_wrapper_def = {.name = "coroutine_wrapper",
                                           .doc = "A wrapper object implementing __await__ for coroutines.",
                                           .dynamic_kind = &DynamicKind<CoroutineWrapper>::value,
                                           .payload_size = sizeof(CoroutineWrapper),
                                           .flags = kTypeNoInstances,
                                           .methods = wrapper_methods,
                                           .method_count = count_of(wrapper_methods),
                                           .kind_info = kind_info_of<CoroutineWrapper>("coroutine_wrapper")};

}  // namespace baton
