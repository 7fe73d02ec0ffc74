// async_generator objects; the awaitables of asend(), athrow(), aclose(); anext() with a default.
//
// What an async generator yields is wrapped, so that asend() can tell it from what an inner await passes to the event loop: a
// wrapped value ends the awaitable (it becomes its result), anything else goes through.
#include "objects/async_generator.h"

#include "objects/exception.h"
#include "objects/generator.h"
#include "objects/generator_kind.h"
#include "objects/raw_arguments.h"

namespace baton {

class AsyncWrapped final : public Cell {
 public:
  void init(Value value) { value_.init(value); }
  Value value() const { return value_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(value_); }

 private:
  Field<Value> value_;
};

class AsyncThrow final : public Cell {  // args absent: aclose()
 public:
  void init(Generator* generator, Value args) {
    generator_.init(Value(generator));
    args_.init(args);
    state_ = AwaitState::Init;
  }
  Generator* generator() const { return generator_.get().as<Generator>(); }
  bool is_close() const { return args_.get().is_absent(); }
  void visit_edges(EdgeVisitor& visit) const { visit(generator_, args_); }

  Field<Value> generator_, args_;
  Relaxed<AwaitState> state_;
};

class AnextAwaitable final : public Cell {
 public:
  void init(Value wrapped, Value default_value) {
    wrapped_.init(wrapped);
    default_.init(default_value);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(wrapped_, default_); }

  Field<Value> wrapped_, default_;
};

extern TypeDef async_wrapped_def, async_send_def, async_throw_def, anext_awaitable_def;

Result<Value> async_gen_wrap(Thread& thread, Value value) {
  return make_of<AsyncWrapped>(thread, TRY(type_from_def(thread, async_wrapped_def)), value);
}

bool is_async_wrapped(Value v) { return is<AsyncWrapped>(v); }
Value async_unwrapped(Value wrapped) { return wrapped.as<AsyncWrapped>()->value(); }

// Releases the generator for the next awaitable.
static Failed generator_raised(Thread& thread, Generator* g) {
  if (pending_matches(thread, exceptions.StopAsyncIteration) || pending_matches(thread, exceptions.GeneratorExit)) g->closed_ = 1;
  g->running_async_ = 0;
  return failed;
}
static Failed generator_returned(Thread& thread, Generator* g) {
  thread.stop_value_ = kNone;
  (void)raise_with_args(thread, exceptions.StopAsyncIteration, nullptr, 0);
  return generator_raised(thread, g);
}

// A wrapped value: kExhausted with the value as stop value. Failure and the end release the generator for the next awaitable.
static Result<Value> unwrap(Thread& thread, Generator* g, Result<Value> answer) {
  if (answer.is_failed()) return generator_raised(thread, g);
  if (answer.value() == kExhausted) return generator_returned(thread, g);
  if (is<AsyncWrapped>(answer.value())) {
    g->running_async_ = 0;
    thread.stop_value_ = answer.value().as<AsyncWrapped>()->value();
    return kExhausted;
  }
  return answer;
}

static bool ended(const Result<Value>& answer) { return answer.is_failed() || answer.value() == kExhausted; }
static Result<Value> or_stop(Thread& thread, Result<Value> answer) {
  if (!answer.is_failed() && answer.value() == kExhausted) return raise_exhausted(thread);
  return answer;
}

// ---------------------------------------------------------------------------------------------------------------- asend

Failed async_send_failed(Thread& thread, AsyncSend* send) {
  send->state_ = AwaitState::Closed;
  return generator_raised(thread, send->generator());
}
Failed async_send_returned(Thread& thread, AsyncSend* send) {
  send->state_ = AwaitState::Closed;
  return generator_returned(thread, send->generator());
}

// The interpreter does the same in place where it can (send_to_async_generator).
static Result<Value> asend_step(Thread& thread, AsyncSend* self, Value v) {
  Generator* g = self->generator();
  if (self->state_ == AwaitState::Closed) return raise_runtime_error(thread, "cannot reuse already awaited __anext__()/asend()");
  if (self->state_ == AwaitState::Init) {
    if (g->running_async_) return raise_runtime_error(thread, "anext(): asynchronous generator is already running");
    if (v.is_none()) v = self->value_.get();
    self->state_ = AwaitState::Iterating;
  }
  g->running_async_ = 1;
  Result<Value> answer = unwrap(thread, g, generator_send(thread, g, v));
  if (ended(answer)) self->state_ = AwaitState::Closed;
  return answer;
}
static Result<Value> asend_iter(Thread&, AsyncSend* self) { return Value(self); }
static Result<Value> asend_next(Thread& thread, AsyncSend* self) { return asend_step(thread, self, kNone); }
static Result<Value> asend_send(Thread& thread, AsyncSend* self, Value arg) { return asend_step(thread, self, arg); }
static Result<Value> asend_throw(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<AsyncSend>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "async_generator_asend.throw", kwnames));
  auto* self = args[0].as<AsyncSend>();
  if (self->state_ == AwaitState::Closed) return raise_runtime_error(thread, "cannot reuse already awaited __anext__()/asend()");
  Exception* e = TRY(exception_from_throw_args(thread, args + 1, n - 1));
  Result<Value> answer =
      unwrap(thread, self->generator(), generator_throw_with_args(thread, self->generator(), e, args + 1, n - 1));
  if (ended(answer)) self->state_ = AwaitState::Closed;
  return or_stop(thread, answer);
}
static Result<Value> asend_close(Thread&, AsyncSend* self) {
  self->state_ = AwaitState::Closed;
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- athrow, aclose

static Failed raise_ignored_exit(Thread& thread, AsyncThrow* self) {
  self->generator()->running_async_ = 0;
  self->state_ = AwaitState::Closed;
  return raise_runtime_error(thread, "async generator ignored GeneratorExit");
}

static Result<Value> athrow_failed(Thread& thread, AsyncThrow* self) {
  self->generator()->running_async_ = 0;
  self->state_ = AwaitState::Closed;
  if (self->is_close() &&
      (clear_pending_if(thread, exceptions.StopAsyncIteration) || clear_pending_if(thread, exceptions.GeneratorExit))) {
    thread.stop_value_ = kNone;
    return kExhausted;
  }
  return failed;
}

// The answer of the generator to aclose(): only an inner await may pass something through.
static Result<Value> close_answer(Thread& thread, AsyncThrow* self, Result<Value> answer) {
  if (!answer.is_failed() && answer.value() == kExhausted) {
    thread.stop_value_ = kNone;
    (void)raise_with_args(thread, exceptions.StopAsyncIteration, nullptr, 0);
    return athrow_failed(thread, self);
  }
  if (answer.is_failed()) return athrow_failed(thread, self);
  if (is<AsyncWrapped>(answer.value())) return raise_ignored_exit(thread, self);
  return answer;
}

static Result<Value> athrow_step(Thread& thread, AsyncThrow* self, Value v) {
  Generator* g = self->generator();
  if (self->state_ == AwaitState::Closed) return raise_runtime_error(thread, "cannot reuse already awaited aclose()/athrow()");
  if (generator_is_finished(g)) {
    self->state_ = AwaitState::Closed;
    thread.stop_value_ = kNone;
    return kExhausted;
  }
  if (self->state_ == AwaitState::Init) {
    if (g->running_async_) {
      self->state_ = AwaitState::Closed;
      return raise_runtime_error(thread, "{}(): asynchronous generator is already running",
                                 self->is_close() ? "aclose" : "athrow");
    }
    if (g->closed_) {
      self->state_ = AwaitState::Closed;
      return raise_with_args(thread, exceptions.StopAsyncIteration, nullptr, 0);
    }
    if (!v.is_none()) return raise_runtime_error(thread, "can't send non-None value to a just-started coroutine");
    self->state_ = AwaitState::Iterating;
    g->running_async_ = 1;
    if (self->is_close()) {
      g->closed_ = 1;
      Exception* e = TRY(make_exception(thread, exceptions.GeneratorExit, nullptr, 0));
      return close_answer(thread, self, generator_throw(thread, g, e));
    }
    Tuple* args = self->args_.get().as<Tuple>();
    Index n = args->length();
    Result<void> counted = check_positional(thread, "athrow", static_cast<usize>(n), 1, 3);
    Result<Exception*> e = counted.is_failed() ? Result<Exception*>(failed)
                                               : exception_from_throw_args(thread, args->items(), static_cast<usize>(n));
    if (e.is_failed()) return athrow_failed(thread, self);
    Result<Value> answer = unwrap(thread, g, generator_throw(thread, g, e.value()));
    return answer.is_failed() ? athrow_failed(thread, self) : answer;
  }
  Result<Value> answer = generator_send(thread, g, v);
  return self->is_close() ? close_answer(thread, self, answer) : unwrap(thread, g, answer);
}
static Result<Value> athrow_iter(Thread&, AsyncThrow* self) { return Value(self); }
static Result<Value> athrow_next(Thread& thread, AsyncThrow* self) { return athrow_step(thread, self, kNone); }
static Result<Value> athrow_send(Thread& thread, AsyncThrow* self, Value arg) { return athrow_step(thread, self, arg); }
static Result<Value> athrow_throw(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<AsyncThrow>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "async_generator_athrow.throw", kwnames));
  auto* self = args[0].as<AsyncThrow>();
  if (self->state_ == AwaitState::Closed) return raise_runtime_error(thread, "cannot reuse already awaited aclose()/athrow()");
  Exception* e = TRY(exception_from_throw_args(thread, args + 1, n - 1));
  Result<Value> answer = generator_throw_with_args(thread, self->generator(), e, args + 1, n - 1);
  if (!self->is_close()) return or_stop(thread, unwrap(thread, self->generator(), answer));
  AwaitState state = self->state_;
  answer = close_answer(thread, self, answer);
  self->state_ = state;  // it can be awaited again, as in CPython
  return or_stop(thread, answer);
}
static Result<Value> athrow_close(Thread&, AsyncThrow* self) {
  self->state_ = AwaitState::Closed;
  return kNone;
}

// ----------------------------------------------------------------------------------------------------------------
// async_generator

Result<bool> (*register_async_generator)(Thread& thread, Value hook, Generator* generator);
void (*forget_async_generator)(Thread& thread, Generator* generator);

static Result<void> init_hooks(Thread& thread, Generator* g) {
  if (g->hooks_inited_) return ok;
  g->hooks_inited_ = 1;
  Value finalizer = thread.async_generator_finalizer_;
  if (finalizer.is_present() && !finalizer.is_none()) g->finalizer_.set(g, finalizer);
  Value first = thread.async_generator_firstiter_;
  if (first.is_absent() || first.is_none()) return ok;
  if (register_async_generator && TRY(register_async_generator(thread, first, g))) return ok;
  TRY(call(thread, first, Value(g)));
  return ok;
}

static Result<Value> ag_aiter(Thread&, AsyncGenerator* self) { return Value(generator_of(self)); }
static Result<Value> make_send(Thread& thread, Generator* g, Value v) {
  TRY(init_hooks(thread, g));
  Type* type = TRY(type_from_def(thread, async_send_def));
  Cell* cell = allocate_cell(thread, sizeof(AsyncSend), type->instance_kind(), type->instance_shape()->id());
  if (!cell) return failed;
  static_cast<AsyncSend*>(cell)->init(g, v);
  return Value(cell);
}
static Result<Value> ag_asend(Thread& thread, AsyncGenerator* self, Value v) { return make_send(thread, generator_of(self), v); }
static Result<Value> ag_anext(Thread& thread, AsyncGenerator* self) { return make_send(thread, generator_of(self), kNone); }
Result<Value> async_generator_anext(Thread& thread, Generator* generator) { return make_send(thread, generator, kNone); }
static Result<Value> make_throw(Thread& thread, AsyncGenerator* self, Value args) {
  Generator* g = generator_of(self);
  TRY(init_hooks(thread, g));
  return make_of<AsyncThrow>(thread, TRY(type_from_def(thread, async_throw_def)), g, args);
}
static Result<Value> ag_aclose(Thread& thread, AsyncGenerator* self) { return make_throw(thread, self, Value()); }
static Result<Value> ag_athrow(Thread& thread, AsyncGenerator* self, Rest args) {
  return make_throw(thread, self, Value(args.values));
}
static Result<void> ag_del(Thread& thread, AsyncGenerator* self) {
  generator_finalize(thread, generator_of(self));
  return ok;
}
static Result<Str*> ag_repr(Thread& thread, AsyncGenerator* self) {
  return generator_repr(thread, "async_generator", generator_of(self));
}
static Result<i64> ag_sizeof(Thread&, AsyncGenerator* self) { return static_cast<i64>(heap_cell_size(generator_of(self))); }
static Result<Value> ag_class_getitem(Thread& thread, Type* type, Value item) { return class_getitem(thread, type, item); }
static Result<Value> get_ag_running(Thread&, Value self) { return Value::of_bool(self.as<Generator>()->running_async_); }

static constinit NativeDef async_generator_methods[] = {
    native<ag_repr>("__repr__($self, /)", "Return repr(self)."),
    native<ag_del>("__del__($self, /)", nullptr),
    native<ag_aiter>("__aiter__($self, /)", "Return an awaitable, that resolves in asynchronous iterator."),
    native<ag_anext>("__anext__($self, /)", "Return a value or raise StopAsyncIteration."),
    native<ag_asend>("asend($self, v, /)", "asend(v) -> send 'v' in generator."),
    native<ag_athrow>("athrow($self, *args)", "athrow(typ[,val[,tb]]) -> raise exception in generator."),
    native<ag_aclose>("aclose($self, /)", "aclose() -> raise GeneratorExit inside generator."),
    native<ag_sizeof>("__sizeof__($self, /)", "gen.__sizeof__() -> size of gen in memory, in bytes"),
    native<ag_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
static GetSetDef async_generator_getsets[] = {
    {"ag_running", get_ag_running, nullptr, nullptr, true},
    {"ag_code", get_generator_code, nullptr, nullptr, true},
    {"__name__", get_generator_name, set_generator_name, "name of the async generator"},
    {"__qualname__", get_generator_qualname, set_generator_qualname, "qualified name of the async generator"},
    {"ag_await", get_generator_delegate, nullptr, "object being awaited on, or None"},
    {"ag_frame", get_generator_frame, nullptr, nullptr},
    {"ag_suspended", get_generator_suspended, nullptr, nullptr},
};
constinit TypeDef async_generator_def = {.name = "async_generator",
                                         .kind = kKindAsyncGenerator,
                                         .payload_size = sizeof(Generator),
                                         .flags = kTypeNoInstances | kTypeWeakrefable,
                                         .methods = async_generator_methods,
                                         .method_count = count_of(async_generator_methods),
                                         .getsets = async_generator_getsets,
                                         .getset_count = 6,
                                         .kind_info = generator_kind_info("async_generator")};

// ---------------------------------------------------------------------------------------------------------------- anext()

Result<Value> awaitable_iterator(Thread& thread, Value v) {
  auto is_iterable_coroutine = [](Value x) {
    return is_exact<Generator>(x) && x.as<Generator>()->code_->has_flag(kCodeIterableCoroutine);
  };
  if (is<Coroutine>(v) || is_iterable_coroutine(v)) return v;
  Value slot = type_of(v)->slot(Slot::await);
  if (slot.is_absent()) return raise_type_error(thread, "object {!t} can't be used in 'await' expression", v);
  Value iterator = TRY(call_slot(thread, slot, v));
  if (is<Coroutine>(iterator) || is_iterable_coroutine(iterator))
    return raise_type_error(thread, "__await__() returned a coroutine");
  if (!is_iterator(iterator)) return raise_type_error(thread, "__await__() returned non-iterator of type '{!t}'", iterator);
  return iterator;
}

Result<Value> make_anext_awaitable(Thread& thread, Value awaitable, Value default_value) {
  return make_of<AnextAwaitable>(thread, TRY(type_from_def(thread, anext_awaitable_def)), awaitable, default_value);
}

static Result<Value> anext_iterator(Thread& thread, AnextAwaitable* self) {
  Value iterator = TRY(awaitable_iterator(thread, self->wrapped_.get()));
  if (is_iterator(iterator)) return iterator;
  return call_method(thread, iterator, names.dunder_await);
}

// StopAsyncIteration means the default.
static Result<Value> or_default(Thread& thread, AnextAwaitable* self, Result<Value> answer) {
  if (!answer.is_failed() || !clear_pending_if(thread, exceptions.StopAsyncIteration)) return answer;
  thread.stop_value_ = self->default_.get();
  return kExhausted;
}
static Result<Value> anext_iter(Thread&, AnextAwaitable* self) { return Value(self); }
static Result<Value> anext_next(Thread& thread, AnextAwaitable* self) {
  Value iterator = TRY(anext_iterator(thread, self));
  return or_default(thread, self, iter_next_with_value(thread, iterator));
}
static Result<Value> anext_send(Thread& thread, AnextAwaitable* self, Value arg) {
  Value iterator = TRY(anext_iterator(thread, self));
  return or_default(thread, self, call_method(thread, iterator, names.send, arg));
}
static Result<Value> anext_throw(Thread& thread, AnextAwaitable* self, Rest args) {
  Value iterator = TRY(anext_iterator(thread, self));
  Tuple* list = args.values;
  return or_default(thread, self,
                    call_method_values(thread, iterator, names.throw_, list->items(), static_cast<usize>(list->length())));
}
static Result<Value> anext_close(Thread& thread, AnextAwaitable* self) {
  Value iterator = TRY(anext_iterator(thread, self));
  return or_default(thread, self, call_method(thread, iterator, names.close));
}

// ---------------------------------------------------------------------------------------------------------------- their types

static constexpr const char* kIterDoc = "Implement iter(self).";
static constexpr const char* kNextDoc = "Implement next(self).";
static constexpr const char* kAwaitDoc = "Return an iterator to be used in await expression.";
static constexpr const char* kSendDoc =
    "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.";
static constexpr const char* kThrowDoc =
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\nStopIteration.";
static constexpr const char* kCloseDoc = "close() -> raise GeneratorExit inside generator.";

static constinit NativeDef async_send_methods[] = {
    native<asend_iter>("__iter__($self, /)", kIterDoc),
    native<asend_next>("__next__($self, /)", kNextDoc),
    native<asend_iter>("__await__($self, /)", kAwaitDoc),
    native<asend_send>("send($self, arg, /)", kSendDoc),
    native_raw(asend_throw, "throw($self, typ, val=None, tb=None, /)", kThrowDoc),
    native<asend_close>("close($self, /)", kCloseDoc),
};
static constinit NativeDef async_throw_methods[] = {
    native<athrow_iter>("__iter__($self, /)", kIterDoc),
    native<athrow_next>("__next__($self, /)", kNextDoc),
    native<athrow_iter>("__await__($self, /)", kAwaitDoc),
    native<athrow_send>("send($self, arg, /)", kSendDoc),
    native_raw(athrow_throw, "throw($self, typ, val=None, tb=None, /)", kThrowDoc),
    native<athrow_close>("close($self, /)", kCloseDoc),
};
static constinit NativeDef anext_methods[] = {
    native<anext_iter>("__iter__($self, /)", kIterDoc),
    native<anext_next>("__next__($self, /)", kNextDoc),
    native<anext_iter>("__await__($self, /)", kAwaitDoc),
    native<anext_send>("send($self, arg, /)",
                       "send(arg) -> send 'arg' into the wrapped iterator,\nreturn next yielded value or raise StopIteration."),
    native<anext_throw>(
        "throw($self, *args)",
        "throw(typ[,val[,tb]]) -> raise exception in the wrapped iterator,\nreturn next yielded value or raise StopIteration."),
    native<anext_close>("close($self, /)", kCloseDoc),
};
constinit TypeDef async_wrapped_def = {.name = "async_generator_wrapped_value",
                                       .dynamic_kind = &DynamicKind<AsyncWrapped>::value,
                                       .payload_size = sizeof(AsyncWrapped),
                                       .flags = kTypeNoInstances,
                                       .kind_info = kind_info_of<AsyncWrapped>("async_generator_wrapped_value")};
constinit TypeDef async_send_def = {.name = "async_generator_asend",
                                    .dynamic_kind = &DynamicKind<AsyncSend>::value,
                                    .payload_size = sizeof(AsyncSend),
                                    .flags = kTypeNoInstances,
                                    .methods = async_send_methods,
                                    .method_count = count_of(async_send_methods),
                                    .kind_info = kind_info_of<AsyncSend>("async_generator_asend")};
constinit TypeDef async_throw_def = {.name = "async_generator_athrow",
                                     .dynamic_kind = &DynamicKind<AsyncThrow>::value,
                                     .payload_size = sizeof(AsyncThrow),
                                     .flags = kTypeNoInstances,
                                     .methods = async_throw_methods,
                                     .method_count = count_of(async_throw_methods),
                                     .kind_info = kind_info_of<AsyncThrow>("async_generator_athrow")};
constinit TypeDef anext_awaitable_def = {.name = "anext_awaitable",
                                         .dynamic_kind = &DynamicKind<AnextAwaitable>::value,
                                         .payload_size = sizeof(AnextAwaitable),
                                         .flags = kTypeNoInstances,
                                         .methods = anext_methods,
                                         .method_count = count_of(anext_methods),
                                         .kind_info = kind_info_of<AnextAwaitable>("anext_awaitable")};

}  // namespace baton
