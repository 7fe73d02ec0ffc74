// generator objects: resuming, throwing, closing, finalisation; what coroutines and async generators share with them.
//
// A generator's registers lie behind its cell. While it runs the collector scans them as a frame's; while it is suspended,
// visit_edges does, up to the number of registers that are live at its yield.
#include "objects/generator.h"

#include "objects/async_generator.h"
#include "objects/audit.h"
#include "objects/exception.h"
#include "objects/generator_kind.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

ResumeGenerator resume_generator = nullptr;
Result<Value> (*next_of_generator)(Thread& thread, Generator* generator) = nullptr;
Value (*find_generator_delegate)(Generator* generator) = nullptr;

void Generator::visit_edges(EdgeVisitor& visit) const {
  visit(function_, code_, name_, qualname_, yield_from_, handled_, origin_, finalizer_, frame_object_);
  auto state = static_cast<GeneratorState>(__atomic_load_n(&state_, __ATOMIC_ACQUIRE));
  auto* values = reinterpret_cast<const Value*>(this + 1);
  Code* code = code_.get();
  if (state == GeneratorState::Created) {
    visit.visit_range(values, register_count_);
  } else if (state == GeneratorState::Suspended) {
    u32 live = code->live_top_[frame_.pc - code->instructions()];
    if (live < code->frame_local_count_) live = code->frame_local_count_;
    visit.visit_range(values, live < register_count_ ? live : register_count_);
  }
}

// ---------------------------------------------------------------------------------------------------------------- resuming

static Result<Value> finish_resume(Thread& thread, Result<Value> answer, Value returned) {
  if (!answer.is_failed() && answer.value() == kExhausted) thread.stop_value_ = returned;
  return answer;
}

Result<Value> generator_send(Thread& thread, Generator* g, Value v) {
  Value returned = kNone;
  Result<Value> answer = resume_generator(thread, g, v, Value(), &returned);
  return finish_resume(thread, answer, returned);
}

// What throw() was called with, for a delegate that isn't a generator: it gets the same arguments. Valid during the call.
static thread_local Exception* thrown = nullptr;
static thread_local Tuple* thrown_args = nullptr;

Tuple* original_throw_args(Exception* exception) { return thrown == exception ? thrown_args : nullptr; }

Result<Value> generator_throw_with_args(Thread& thread, Generator* g, Exception* exception, Value const* args, usize n) {
  Tuple* tuple = TRY(make_tuple(thread, args, static_cast<Index>(n)));
  KeepAlive keep{Value(tuple)};
  Exception* previous = thrown;
  Tuple* previous_args = thrown_args;
  thrown = exception;
  thrown_args = tuple;
  Result<Value> answer = generator_throw(thread, g, exception);
  thrown = previous;
  thrown_args = previous_args;
  return answer;
}

Result<Value> generator_throw(Thread& thread, Generator* g, Exception* exception) {
  Value returned = kNone;
  Result<Value> answer = resume_generator(thread, g, kNone, Value(exception), &returned);
  return finish_resume(thread, answer, returned);
}

Result<Exception*> exception_to_throw(Thread& thread, Value type, Value value, Value traceback) {
  if (traceback.is_present() && traceback.is_none()) traceback = Value();
  if (traceback.is_present() && !is<Traceback>(traceback))
    return raise_type_error(thread, "throw() third argument must be a traceback object");
  Exception* e = nullptr;
  if (is<Type>(type) && type.as<Type>()->has_flag(kTypeIsException)) {
    if (is<Exception>(value) && is_instance_of_type(value, type.as<Type>())) {
      e = value.as<Exception>();
    } else {
      // An exception from the class's constructor is thrown instead.
      Result<Value> made = failed;
      if (value.is_absent() || value.is_none())
        made = call(thread, type);
      else if (is<Tuple>(value))
        made = call_values(thread, type, value.as<Tuple>()->items(), static_cast<usize>(value.as<Tuple>()->length()));
      else
        made = call(thread, type, value);
      if (!made.is_failed() && !is<Exception>(made.value())) {
        made = raise_type_error(thread, "calling {!r} should have returned an instance of BaseException, not {!r}", type,
                                Value(type_of(made.value())));
      }
      if (made.is_failed()) return thread.take_pending();
      e = made.value().as<Exception>();
    }
    e->traceback_.set(e, traceback.is_present() ? traceback.as<Traceback>() : nullptr);
    return e;
  }
  if (!is<Exception>(type)) {
    return raise_type_error(thread, "exceptions must be classes or instances deriving from BaseException, not {!t}", type);
  }
  if (value.is_present() && !value.is_none()) return raise_type_error(thread, "instance exception may not have a separate value");
  e = type.as<Exception>();
  if (traceback.is_present()) e->traceback_.set(e, traceback.as<Traceback>());
  return e;
}

Result<Exception*> exception_from_throw_args(Thread& thread, Value const* args, usize n) {
  TRY(check_positional(thread, "throw", n, 1, 3));
  return exception_to_throw(thread, args[0], n > 1 ? args[1] : Value(), n > 2 ? args[2] : Value());
}

// Without running anything: a generator that was never started has nothing to clean up.
static bool finish_unstarted(Thread& thread, Generator* g) {
  if (g->frame_object_.get()) return false;
  u8 state = static_cast<u8>(GeneratorState::Created);
  if (!__atomic_compare_exchange_n(&g->state_, &state, static_cast<u8>(GeneratorState::Finished), false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return false;
  for (u32 i = 0; i < g->register_count_; ++i) g->registers()[i] = Value();
  g->remove_gc_flag(kFinalizable);
  async_generator_ends(thread, g);
  return true;
}

static const char* kind_word_of(Generator* g) {
  return g->kind() == kKindCoroutine ? "coroutine" : g->kind() == kKindAsyncGenerator ? "async generator" : "generator";
}

static Result<Value> close_in_context(Thread& thread, Generator* g, Value context) {
  if (generator_is_finished(g)) return kNone;
  Exception* exit = TRY(make_exception(thread, exceptions.GeneratorExit, nullptr, 0));
  exit->context_.set(exit, context);
  Value returned;
  Result<Value> answer = resume_generator(thread, g, kNone, Value(exit), &returned);
  if (answer.is_failed()) {
    if (clear_pending_if(thread, exceptions.StopIteration) || clear_pending_if(thread, exceptions.GeneratorExit)) return kNone;
    return failed;
  }
  if (answer.value() == kExhausted) return kNone;
  return raise_runtime_error(thread, "{} ignored GeneratorExit", kind_word_of(g));
}

// Unlike that of throw(), the exception of close() happens while its caller handles something.
Result<Value> generator_close(Thread& thread, Generator* g) {
  bool is_told = thread.trace_function_.is_present() || thread.profile_function_.is_present();  // that it begins, and raises
  if (!is_told && finish_unstarted(thread, g)) return kNone;
  return close_in_context(thread, g, thread.handled());
}

// ---------------------------------------------------------------------------------------------------------------- finalisation

// Through the warnings module if it can, else by itself. Whatever goes wrong is reported.
static void warn_never_awaited(Thread& thread, Generator* g) {
  bool warned = false;
  Result<Value> hook = kNotFound;
  if (!runtime.finalizing) {  // when modules end it can't
    Result<Value> warnings = import_module(thread, "warnings");
    hook = warnings.is_failed() ? Result<Value>(failed)
                                : find_attr(thread, warnings.value(), intern(thread, "_warn_unawaited_coroutine"));
  }
  if (!hook.is_failed() && hook.value() != kNotFound) {
    Result<Value> answer = call(thread, hook.value(), Value(g));
    warned = !answer.is_failed() || pending_matches(thread, exceptions.RuntimeWarning);
  }
  if (thread.has_pending()) report_unraisable(thread, nullptr, Value(g));
  if (warned) return;
  Result<Str*> text = format_message(thread, "coroutine '{}' was never awaited", g->qualname_.get());
  Value owner;
  if (text.is_failed() || warn(thread, exceptions.RuntimeWarning, str_utf8_lossy(thread, text.value(), &owner), 1).is_failed()) {
    report_unraisable(thread, nullptr, Value(g));
  }
}

void generator_finalize(Thread& thread, Generator* g) {
  if (generator_is_finished(g)) return;
  // Dead and yet running: on a thread that a fork left behind.
  if (g->is_in(GeneratorState::Running)) return;
  Exception* pending = thread.has_pending() ? thread.take_pending() : nullptr;
  Result<Value> answer = kNone;
  Value finalizer = g->finalizer_.get();
  if (g->kind() == kKindAsyncGenerator && !finalizer.is_none() && !g->closed_) {
    answer = call(thread, finalizer, Value(g));
  } else if (g->kind() == kKindCoroutine && g->is_in(GeneratorState::Created)) {
    warn_never_awaited(thread, g);
    finish_unstarted(thread, g);
  } else if (!finish_unstarted(thread, g)) {
    // A trace function isn't told of one in which nothing is to run: it would be told at any time.
    bool runs = g->frame_.code->find_handler(frame_pc(&g->frame_)) || g->yield_from_.get().is_present();
    thread.tracing_ += !runs;
    answer = close_in_context(thread, g, kNone);
    thread.tracing_ -= !runs;
  }
  if (answer.is_failed()) report_unraisable(thread, nullptr, Value(g));
  if (pending) thread.pending_ = Value(reinterpret_cast<u64>(pending));
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Generator* cell_of(Value self) { return self.as<Generator>(); }

Result<Str*> generator_repr(Thread& thread, const char* kind, Generator* g) {
  return format_message(thread, "<{} object {} at {}>", kind, g->qualname_.get(), TRY(format_address(thread, Value(g))));
}

Result<Value> generator_frame(Thread& thread, Generator* g) {
  if (generator_is_finished(g)) return kNone;
  return frame_object_of(thread, &g->frame_);
}

Result<Value> get_generator_name(Thread&, Value self) { return cell_of(self)->name_.get(); }
Result<void> set_generator_name(Thread& thread, Value self, Value v) {
  if (!is<Str>(v)) return raise_type_error(thread, "__name__ must be set to a string object");
  cell_of(self)->name_.set(self.cell(), v);
  return ok;
}
Result<Value> get_generator_qualname(Thread&, Value self) { return cell_of(self)->qualname_.get(); }
Result<void> set_generator_qualname(Thread& thread, Value self, Value v) {
  if (!is<Str>(v)) return raise_type_error(thread, "__qualname__ must be set to a string object");
  cell_of(self)->qualname_.set(self.cell(), v);
  return ok;
}
Result<Value> get_generator_delegate(Thread&, Value self) {
  Value v = find_generator_delegate(cell_of(self));
  return v.is_present() ? v : kNone;
}
// gi_code, cr_code, ag_code and the like.
static Result<void> audit_attribute(Thread& thread, Value self, const char* of_generator, const char* of_coroutine,
                                    const char* of_async_generator) {
  Generator* g = cell_of(self);
  bool is_coroutine = g->code_.get()->has_flag(kCodeCoroutine), is_async = g->code_.get()->has_flag(kCodeAsyncGenerator);
  return audit_read(thread, self, is_coroutine ? of_coroutine : is_async ? of_async_generator : of_generator);
}
Result<Value> get_generator_frame(Thread& thread, Value self) {
  TRY(audit_attribute(thread, self, "gi_frame", "cr_frame", "ag_frame"));
  return generator_frame(thread, cell_of(self));
}
Result<Value> get_generator_running(Thread&, Value self) { return Value::of_bool(cell_of(self)->is_in(GeneratorState::Running)); }
Result<Value> get_generator_suspended(Thread&, Value self) {
  return Value::of_bool(cell_of(self)->is_in(GeneratorState::Suspended));
}
Result<Value> get_generator_code(Thread& thread, Value self) {
  TRY(audit_attribute(thread, self, "gi_code", "cr_code", "ag_code"));
  return Value(cell_of(self)->code_.get());
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> gen_iter(Thread&, Generator* self) { return Value(self); }
static Result<Value> gen_next(Thread& thread, Generator* self) { return generator_send(thread, self, kNone); }
static Result<Value> gen_send(Thread& thread, Generator* self, Value arg) { return generator_send(thread, self, arg); }
static Result<Value> gen_throw(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Generator>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "generator.throw", kwnames));
  Exception* e = TRY(exception_from_throw_args(thread, args + 1, n - 1));
  Value answer = TRY(generator_throw_with_args(thread, args[0].as<Generator>(), e, args + 1, n - 1));
  if (answer == kExhausted) return raise_exhausted(thread);
  return answer;
}
static Result<Value> gen_close(Thread& thread, Generator* self) { return generator_close(thread, self); }
static Result<void> gen_del(Thread& thread, Generator* self) {
  generator_finalize(thread, self);
  return ok;
}
static Result<Str*> gen_repr(Thread& thread, Generator* self) { return generator_repr(thread, "generator", self); }
static Result<i64> gen_sizeof(Thread&, Generator* self) { return static_cast<i64>(heap_cell_size(self)); }

static constinit NativeDef generator_methods[] = {
    native<gen_repr>("__repr__($self, /)", "Return repr(self)."),
    native<gen_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<gen_next>("__next__($self, /)", "Implement next(self)."),
    native<gen_del>("__del__($self, /)", nullptr),
    native<gen_send>("send($self, arg, /)",
                     "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration."),
    native_raw(gen_throw, "throw($self, typ, val=None, tb=None, /)",
               "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or "
               "raise\nStopIteration."),
    native<gen_close>("close($self, /)", "close() -> raise GeneratorExit inside generator."),
    native<gen_sizeof>("__sizeof__($self, /)", "gen.__sizeof__() -> size of gen in memory, in bytes"),
};
static GetSetDef generator_getsets[] = {
    {"gi_code", get_generator_code, nullptr, nullptr, true},
    {"__name__", get_generator_name, set_generator_name, "name of the generator"},
    {"__qualname__", get_generator_qualname, set_generator_qualname, "qualified name of the generator"},
    {"gi_yieldfrom", get_generator_delegate, nullptr, "object being iterated by yield from, or None"},
    {"gi_running", get_generator_running, nullptr, nullptr},
    {"gi_frame", get_generator_frame, nullptr, nullptr},
    {"gi_suspended", get_generator_suspended, nullptr, nullptr},
};
constinit TypeDef generator_def = {.name = "generator",
                                   .kind = kKindGenerator,
                                   .payload_size = sizeof(Generator),
                                   .flags = kTypeNoInstances | kTypeWeakrefable,
                                   .methods = generator_methods,
                                   .method_count = count_of(generator_methods),
                                   .getsets = generator_getsets,
                                   .getset_count = 7,
                                   .kind_info = generator_kind_info("generator")};

}  // namespace baton
