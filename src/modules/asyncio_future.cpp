// _asyncio.Future: states, callbacks, results.
//
// What ends a future asks the loop for its callbacks, first registered first; each call_soon may run Python code that changes the
// future, so the callbacks are taken out before the first of them is scheduled.
#include "modules/asyncio_internal.h"
#include "objects/raw_arguments.h"

namespace baton {

Result<void> check_future(Thread& thread, const FutureCell* f) {
  if (f->is_initialized()) [[likely]]
    return ok;
  return raise_runtime_error(thread, "Future object is not initialized.");
}

static bool has_own_finalizer(FutureCell* f) {
  Type* known = is<Task>(Value(f)) ? task_def.type : future_def.type;
  return type_lookup(type_of(Value(f)), names.dunder_del) != type_lookup(known, names.dunder_del);
}

void set_finalizer(Thread& thread, FutureCell* f, bool wanted) {
  if (f->is_subclass_instance() && has_own_finalizer(f)) return;
  if (wanted)
    heap_register_finalizable(thread, f);
  else if (f->has_gc_flag(kFinalizable))
    f->remove_gc_flag(kFinalizable);
}

// ---------------------------------------------------------------------------------------------------------------- beginning

Result<void> initialize_future(Thread& thread, FutureCell* f, Value loop) {
  f->callback_.clear();
  f->callback_context_.clear();
  f->callbacks_.clear();
  f->outcome_.clear();
  f->exception_traceback_.clear();
  f->cancel_message_.clear();
  f->cancelled_error_.clear();
  f->source_traceback_.clear();
  f->state_ = FutureState::Pending;
  f->failed_ = f->blocking_ = f->log_traceback_ = f->must_cancel_ = false;
  f->log_destroy_pending_ = true;
  if (loop.is_none()) loop = TRY(current_event_loop(thread));
  f->loop_.set(f, loop);
  if (!TRY(loop_debugs(thread, loop)) || runtime.finalizing) return ok;
  f->source_traceback_.set(f, TRY(call(thread, TRY(imported(thread, Imported::extract_stack)))));
  return ok;
}

static Result<Value> future_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, def.owner->type));
  if (type != future_def.type) return Value(TRY(make_of<Future>(thread, type)));
  // There's nothing to report at its end before it fails.
  Cell* cell = allocate_cell(thread, sizeof(Future), type->instance_kind(), type->instance_shape()->id());
  if (!cell) return failed;
  static_cast<Future*>(cell)->init();
  return Value(cell);
}
static Result<Value> future_init(Thread& thread, Future* self, Value loop) {
  TRY(initialize_future(thread, self, loop));
  if (self->is_subclass_instance()) set_finalizer(thread, self, false);  // asyncio.gather's
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- callbacks

Result<void> add_callback(Thread& thread, FutureCell* f, Value callback, Value context) {
  if (!f->is_pending()) {
    Value self(f);
    return call_soon(thread, f->loop_.get(), callback, &self, 1, context);
  }
  if (f->callback_.get().is_absent() && !f->callbacks_.get()) {
    f->callback_context_.set(f, context);
    f->callback_.set(f, callback);
    return ok;
  }
  Value pair = Value(TRY(tuple_of(thread, callback, context)));
  if (!f->callbacks_.get()) f->callbacks_.set(f, TRY(make_list(thread)));
  return list_append(thread, f->callbacks_.get(), pair);
}

static Result<void> schedule_callbacks(Thread& thread, FutureCell* f) {
  Value self(f), first = f->callback_.get(), context = f->callback_context_.get();
  List* others = f->callbacks_.get();
  f->callback_.clear();
  f->callback_context_.clear();
  f->callbacks_.clear();
  if (first.is_present()) TRY(call_soon(thread, f->loop_.get(), first, &self, 1, context));
  for (Index i = 0; others && i < others->length(); ++i) {
    Value pair = others->try_at(i);
    if (pair.is_absent()) break;
    TRY(call_soon(thread, f->loop_.get(), pair.as<Tuple>()->at(0), &self, 1, pair.as<Tuple>()->at(1)));
  }
  return ok;
}

Result<Value> future_add_done_callback(Thread& thread, FutureCell* self, Value fn, Optional<Value> context) {
  TRY(check_future(thread, self));
  TRY(add_callback(thread, self, fn, context.has_value() ? context.value : TRY(copy_current_context(thread))));
  return kNone;
}

Result<i64> future_remove_done_callback(Thread& thread, FutureCell* self, Value fn) {
  TRY(check_future(thread, self));
  i64 removed = 0;
  if (Value first = self->callback_.get(); first.is_present() && TRY(same_or_equal(thread, first, fn))) {
    self->callback_.clear();
    self->callback_context_.clear();
    removed = 1;
  }
  List* before = self->callbacks_.get();
  if (!before) return removed;
  List* kept = TRY(make_list(thread));
  for (Index i = 0; i < before->length(); ++i) {  // comparing may change the list
    Value pair = before->try_at(i);
    if (pair.is_absent()) break;
    if (TRY(same_or_equal(thread, pair.as<Tuple>()->at(0), fn)))
      ++removed;
    else
      TRY(list_append(thread, kept, pair));
  }
  // What a comparison has emptied or replaced stays so.
  if (self->callbacks_.get() == before) self->callbacks_.set(self, kept->length() ? kept : nullptr);
  return removed;
}

// ---------------------------------------------------------------------------------------------------------------- ends

Result<void> finish_with_result(Thread& thread, FutureCell* f, Value result) {
  if (!f->is_pending()) return raise_imported(thread, Imported::InvalidStateError, "invalid state");
  f->outcome_.set(f, result);
  f->state_ = FutureState::Finished;
  return schedule_callbacks(thread, f);
}

Result<void> finish_with_exception(Thread& thread, FutureCell* f, Value exception) {
  if (!f->is_pending()) return raise_imported(thread, Imported::InvalidStateError, "invalid state");
  if (is<Type>(exception) && exception.as<Type>()->has_flag(kTypeIsException)) exception = TRY(call(thread, exception));
  if (!is<Exception>(exception)) return raise_type_error(thread, "invalid exception object");
  if (type_of(exception) == exceptions.StopIteration) {
    return raise_type_error(thread, "StopIteration interacts badly with generators and cannot be raised into a Future");
  }
  f->exception_traceback_.set(f, exception.as<Exception>()->traceback());
  f->outcome_.set(f, exception);
  f->failed_ = true;
  f->state_ = FutureState::Finished;
  TRY(schedule_callbacks(thread, f));
  f->log_traceback_ = true;
  set_finalizer(thread, f, true);
  return ok;
}

Result<bool> cancel_future(Thread& thread, FutureCell* f, Value message) {
  f->log_traceback_ = false;
  if (!f->is_pending()) return false;
  f->state_ = FutureState::Cancelled;
  f->cancel_message_.set(f, message);
  TRY(schedule_callbacks(thread, f));
  return true;
}

static Result<Value> make_cancelled_error(Thread& thread, FutureCell* f) {
  if (Value saved = f->cancelled_error_.get(); saved.is_present()) {
    f->cancelled_error_.clear();
    return saved;
  }
  Value type = TRY(imported(thread, Imported::CancelledError));
  Value message = f->cancel_message_.get();
  return message.is_absent() || message.is_none() ? call(thread, type) : call(thread, type, message);
}
static Failed raise_cancelled(Thread& thread, FutureCell* f) {
  Value error = TRY(make_cancelled_error(thread, f));
  raise_exception(thread, error.as<Exception>());
  return failed;
}

Result<bool> take_outcome(Thread& thread, FutureCell* f, Value* out) {
  if (f->state_ == FutureState::Cancelled) return raise_cancelled(thread, f);
  if (f->is_pending()) return raise_imported(thread, Imported::InvalidStateError, "Result is not set.");
  f->log_traceback_ = false;
  *out = f->outcome_.get();
  if (!f->failed_) return false;
  auto* e = out->as<Exception>();
  e->traceback_.set(e, f->exception_traceback_.get());
  f->exception_traceback_.clear();
  return true;
}

Result<Value> future_result(Thread& thread, FutureCell* self) {
  if (!self->is_initialized()) return raise_imported(thread, Imported::InvalidStateError, "Future object is not initialized.");
  Value outcome;
  if (!TRY(take_outcome(thread, self, &outcome))) return outcome;
  raise_exception(thread, outcome.as<Exception>());
  return failed;
}

Result<Value> future_exception(Thread& thread, FutureCell* self) {
  if (!self->is_initialized()) return raise_imported(thread, Imported::InvalidStateError, "Future object is not initialized.");
  if (self->state_ == FutureState::Cancelled) return raise_cancelled(thread, self);
  if (self->is_pending()) return raise_imported(thread, Imported::InvalidStateError, "Exception is not set.");
  if (!self->failed_) return kNone;
  self->log_traceback_ = false;
  return self->outcome_.get();
}

static Result<Value> future_set_result(Thread& thread, FutureCell* self, Value result) {
  TRY(check_future(thread, self));
  TRY(finish_with_result(thread, self, result));
  return kNone;
}
static Result<Value> future_set_exception(Thread& thread, FutureCell* self, Value exception) {
  TRY(check_future(thread, self));
  TRY(finish_with_exception(thread, self, exception));
  return kNone;
}
static Result<bool> future_cancel(Thread& thread, FutureCell* self, Value message) {
  TRY(check_future(thread, self));
  return cancel_future(thread, self, message);
}
Result<bool> future_cancelled(Thread&, FutureCell* self) {
  return self->is_initialized() && self->state_ == FutureState::Cancelled;
}
Result<bool> future_done(Thread&, FutureCell* self) { return self->is_initialized() && !self->is_pending(); }
Result<Value> future_get_loop(Thread& thread, FutureCell* self) {
  TRY(check_future(thread, self));
  return self->loop_.get();
}
Result<Value> future_make_cancelled_error(Thread& thread, FutureCell* self) { return make_cancelled_error(thread, self); }
Result<Value> future_class_getitem(Thread& thread, Type* type, Value item) { return class_getitem(thread, type, item); }

static Result<Value> future_repr(Thread& thread, FutureCell* self) {
  TRY(check_future(thread, self));
  return call(thread, TRY(imported(thread, Imported::future_repr)), Value(self));
}

// ---------------------------------------------------------------------------------------------------------------- finalisation

static Result<void> report_to_loop(Thread& thread, FutureCell* f, Value message, const char* key, Value subject,
                                   Value exception) {
  Dict* context = TRY(make_dict(thread));
  TRY(dict_set_ascii(thread, context, "message", message));
  if (exception.is_present()) TRY(dict_set_ascii(thread, context, "exception", exception));
  TRY(dict_set_ascii(thread, context, key, subject));
  if (Value stack = f->source_traceback_.get(); stack.is_present()) {
    TRY(dict_set_ascii(thread, context, "source_traceback", stack));
  }
  TRY(call_method(thread, f->loop_.get(), intern(thread, "call_exception_handler"), Value(context)));
  return ok;
}

void call_exception_handler(Thread& thread, FutureCell* f, Value message, const char* key, Value subject, Value exception) {
  if (report_to_loop(thread, f, message, key, subject, exception).is_failed()) report_unraisable(thread, nullptr, Value(f));
}

Result<void> report_lost_exception(Thread& thread, FutureCell* f) {
  if (!f->log_traceback_) return ok;
  f->log_traceback_ = false;
  Value message = Value(TRY(format_message(thread, "{} exception was never retrieved", type_of(Value(f)))));
  call_exception_handler(thread, f, message, "future", Value(f), f->outcome_.get());
  return ok;
}
static Result<void> future_del(Thread& thread, FutureCell* self) { return report_lost_exception(thread, self); }

// ---------------------------------------------------------------------------------------------------------------- attributes

static FutureCell* future_of(Value self) { return static_cast<FutureCell*>(self.cell()); }
static Result<Value> or_none(Value v) { return v.is_present() ? v : kNone; }
static Failed raise_no_deletion(Thread& thread) { return raise_attribute_error_text(thread, "cannot delete attribute"); }

Result<Value> get_future_state(Thread& thread, Value self) {
  TRY(check_future(thread, future_of(self)));
  switch (future_of(self)->state_) {
    case FutureState::Pending: return Value(intern(thread, "PENDING"));
    case FutureState::Cancelled: return Value(intern(thread, "CANCELLED"));
    default: return Value(intern(thread, "FINISHED"));
  }
}
Result<Value> get_future_blocking(Thread&, Value self) {
  return Value::of_bool(future_of(self)->is_initialized() && future_of(self)->blocking_);
}
Result<void> set_future_blocking(Thread& thread, Value self, Value v) {
  TRY(check_future(thread, future_of(self)));
  if (v.is_absent()) return raise_no_deletion(thread);
  future_of(self)->blocking_ = TRY(truth(thread, v));
  return ok;
}
Result<Value> get_future_loop(Thread&, Value self) { return or_none(future_of(self)->loop_.get()); }

Result<Value> get_future_callbacks(Thread& thread, Value self) {
  FutureCell* f = future_of(self);
  TRY(check_future(thread, f));
  Value first = f->callback_.get();
  List* others = f->callbacks_.get();
  if (first.is_absent() && !others) return kNone;
  List* list = TRY(make_list(thread));
  if (first.is_present()) TRY(list_append(thread, list, Value(TRY(tuple_of(thread, first, f->callback_context_.get())))));
  if (others) TRY(list_extend_from(thread, list, Value(others)));
  return Value(list);
}
Result<Value> get_future_result(Thread& thread, Value self) {
  TRY(check_future(thread, future_of(self)));
  return future_of(self)->failed_ ? kNone : or_none(future_of(self)->outcome_.get());
}
Result<Value> get_future_exception(Thread& thread, Value self) {
  TRY(check_future(thread, future_of(self)));
  return future_of(self)->failed_ ? future_of(self)->outcome_.get() : kNone;
}
Result<Value> get_future_log_traceback(Thread& thread, Value self) {
  TRY(check_future(thread, future_of(self)));
  return Value::of_bool(future_of(self)->log_traceback_);
}
Result<void> set_future_log_traceback(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_no_deletion(thread);
  if (TRY(truth(thread, v))) return raise_value_error(thread, "_log_traceback can only be set to False");
  future_of(self)->log_traceback_ = false;
  return ok;
}
Result<Value> get_future_source_traceback(Thread&, Value self) { return or_none(future_of(self)->source_traceback_.get()); }
Result<Value> get_future_cancel_message(Thread&, Value self) { return or_none(future_of(self)->cancel_message_.get()); }
Result<void> set_future_cancel_message(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_no_deletion(thread);
  future_of(self)->cancel_message_.set(self.cell(), v);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- await

// Yields the future itself once, to be waited for, and returns its result.
class FutureIterator final : public Cell {
 public:
  void init(FutureCell* future) { future_.init(future); }
  void visit_edges(EdgeVisitor& visit) const { visit(future_); }
  Field<FutureCell> future_;  // null: finished
};

Result<Value> future_await(Thread& thread, FutureCell* self) {
  TRY(check_future(thread, self));
  return make_of<FutureIterator>(thread, TRY(type_from_def(thread, future_iterator_def)), self);
}

static Result<Value> iterator_next(Thread& thread, FutureIterator* self) {
  FutureCell* f = self->future_.get();
  if (!f) {
    thread.stop_value_ = kNone;
    return kExhausted;
  }
  if (f->is_pending()) {
    if (f->blocking_) return raise_runtime_error(thread, "await wasn't used with future");
    f->blocking_ = true;
    return Value(f);
  }
  self->future_.clear();
  thread.stop_value_ = TRY(future_result(thread, f));
  return kExhausted;
}
static Result<Value> iterator_iter(Thread&, FutureIterator* self) { return Value(self); }
static Result<Value> iterator_send(Thread& thread, FutureIterator* self, Value) { return iterator_next(thread, self); }

static Result<Value> exception_for_throw(Thread& thread, Value type, Value value) {
  if (is<Exception>(type)) {
    if (!value.is_none()) return raise_type_error(thread, "instance exception may not have a separate value");
    return type;
  }
  if (!is<Type>(type) || !type.as<Type>()->has_flag(kTypeIsException)) {
    return raise_type_error(thread, "exceptions must be classes deriving BaseException or instances of such a class");
  }
  if (is_instance_of_type(value, type.as<Type>())) return value;
  Value made = value.is_none() ? TRY(call(thread, type)) : TRY(call(thread, type, value));
  if (is<Exception>(made)) return made;
  return raise_type_error(thread, "calling {!r} should have returned an instance of BaseException, not {!r}", type,
                          Value(type_of(made)));
}
static Result<Value> iterator_throw(Thread& thread, FutureIterator* self, Value type, Value value, Value traceback) {
  if (!traceback.is_none() && !is<Traceback>(traceback)) {
    return raise_type_error(thread, "throw() third argument must be a traceback");
  }
  Value exception = TRY(exception_for_throw(thread, type, value));
  self->future_.clear();
  auto* e = exception.as<Exception>();
  if (is<Traceback>(traceback)) e->traceback_.set(e, traceback.as<Traceback>());
  thread.set_pending(e);
  return failed;
}
static Result<Value> iterator_close(Thread&, FutureIterator* self) {
  self->future_.clear();
  return kNone;
}

static constinit NativeDef iterator_methods[] = {
    native<iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<iterator_send>("send($self, value, /)", nullptr),
    native<iterator_throw>("throw($self, typ, val=None, tb=None, /)", nullptr),
    native<iterator_close>("close($self, /)", nullptr),
};
constinit TypeDef future_iterator_def = {
    .name = "_asyncio.FutureIter",
    .dynamic_kind = &DynamicKind<FutureIterator>::value,
    .payload_size = sizeof(FutureIterator),
    .flags = kTypeNoInstances,
    .methods = iterator_methods,
    .method_count = count_of(iterator_methods),
    .kind_info = kind_info_of<FutureIterator>("_asyncio.FutureIter"),
};

static constinit NativeDef future_methods[] = {
    native_raw(future_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<future_init>("__init__($self, /, *, loop=None)", "Set up a new instance from the arguments its class documents."),
    native<future_repr>("__repr__($self, /)", "Return repr(self)."),
    native<future_del>("__del__($self, /)", nullptr),
    BATON_FUTURE_ROWS,
    native<future_get_loop>("get_loop($self, /)", "Return the event loop the Future is bound to."),
    native<future_set_result>(
        "set_result($self, result, /)",
        "Complete the future with result as its outcome.\n\nInvalidStateError is raised if it was complete before."),
    native<future_set_exception>("set_exception($self, exception, /)",
                                 "Complete the future with exception, an exception object or class.\n\nInvalidStateError is "
                                 "raised if it was complete before, TypeError if the\nexception is a StopIteration."),
    native<future_cancel>("cancel($self, /, msg=None)",
                          "Cancel the future, unless it is already finished.\n\nA pending future becomes cancelled, its "
                          "callbacks are scheduled, and the\nresult is True. For any other the result is False and nothing "
                          "happens. msg\nis passed on to the CancelledError that waiters get."),
    native<future_make_cancelled_error>("_make_cancelled_error($self, /)",
                                        "Build the CancelledError that stands for this future's cancellation.\n\nCall it just "
                                        "once for each cancellation: it uses up the exception that was\nsaved for the purpose."),
};
static GetSetDef future_getsets[] = {BATON_FUTURE_GETSETS};
constinit TypeDef future_def = {
    .name = "_asyncio.Future",
    .doc =
        "Future(*, loop=None)\n--\n\nA result that will become available later, for use in an event loop.\n\nIt resembles "
        "concurrent.futures.Future, except that:\n\n- result() and exception() accept no timeout and never wait: on a future\n  "
        "that is still pending they raise an exception;\n\n- callbacks passed to add_done_callback() run from the event loop, "
        "not\n  straight from the code that completes the future;\n\n- wait() and as_completed() of concurrent.futures cannot be "
        "used with it.",
    .dynamic_kind = &DynamicKind<Future>::value,
    .payload_size = sizeof(Future),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = future_methods,
    .method_count = count_of(future_methods),
    .getsets = future_getsets,
    .getset_count = kFutureGetsetCount,
    .kind_info = kind_info_of<Future>("_asyncio.Future"),
};

}  // namespace baton
