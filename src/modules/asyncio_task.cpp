// _asyncio.Task: stepping a coroutine.
//
//     step    the coroutine runs to its next await: scheduled by call_soon, or called by the loop through a wakeup
//     wakeup  a future that the task awaits has ended: its failure is thrown into the coroutine
//
// A coroutine of our own is resumed without Python calls or exceptions: an end comes as kExhausted with the value in the thread.
// While a task isn't done either a step is scheduled and awaited_ is absent, or one of awaited_'s callbacks is the wakeup.
#include "modules/asyncio_internal.h"
#include "modules/config.h"
#include "objects/generator.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "threads/clock.h"
#include "threads/loop_account.h"
#include "threads/timeline.h"

namespace baton {

static bool is_cancelled_error(Thread& thread, Value exception) {
  Result<Value> type = imported(thread, Imported::CancelledError);
  if (type.is_failed()) {
    thread.clear_pending();  // no asyncio package, no such exception
    return false;
  }
  return is_instance_of_type(exception, type.value().as<Type>());
}

// ---------------------------------------------------------------------------------------------------------------- scheduling

static Result<Value> step_callable(Thread& thread, Task* task) {
  if (Value known = task->step_.get(); known.is_present()) return known;
  Value made = TRY(make_step_caller(thread, task, Value()));
  task->step_.set(task, made);
  return made;
}
static Result<void> schedule_step(Thread& thread, Task* task) {
  return call_soon(thread, task->loop_.get(), TRY(step_callable(thread, task)), nullptr, 0, task->context_.get());
}

// The task did something wrong: it hears of it in its next step.
template <class... A>
static Result<void> schedule_error(Thread& thread, Task* task, const char* format, A... args) {
  Value text = Value(TRY(format_message(thread, format, args...)));
  Value error = Value(TRY(make_exception(thread, exceptions.RuntimeError, &text, 1)));
  Value caller = TRY(make_step_caller(thread, task, error));
  return call_soon(thread, task->loop_.get(), caller, nullptr, 0, task->context_.get());
}

static Result<Value> wake_task(Thread& thread, Task* self, Value future);
static constinit NativeDef wakeup_row = native<wake_task>("task_wakeup($self, future, /)", "Wakeup");

static Result<Value> wakeup_callable(Thread& thread, Task* task) {
  if (Value known = task->wakeup_.get(); known.is_present()) return known;
  __atomic_store_n(&wakeup_row.owner, &task_def, __ATOMIC_RELAXED);
  Value made = Value(TRY(make<NativeFunction>(thread, &wakeup_row, Value(task), Value())));
  task->wakeup_.set(task, made);
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- awaiting

static Result<Value> call_cancel(Thread& thread, Value future, Value message) {
  static Root<Tuple> keywords;
  if (!keywords.get()) keywords.set(TRY(tuple_of(thread, Value(names.msg))));
  Value callable, self;
  TRY(load_method(thread, future, names.cancel, &callable, &self));
  if (message.is_absent()) message = kNone;
  Value args[2] = {self, message};
  if (self.is_absent()) return call_values(thread, callable, args + 1, 0, keywords.get());
  return call_values(thread, callable, args, 1, keywords.get());
}

static Result<void> start_waiting(Thread& thread, Task* task, Value future) {
  task->awaited_.set(task, future);
  if (!task->must_cancel_) return ok;
  // Cancelled before it came to waiting.
  if (TRY(truth(thread, TRY(call_cancel(thread, future, task->cancel_message_.get()))))) task->must_cancel_ = false;
  return ok;
}

static Result<Value> loop_of(Thread& thread, Value future) {
  Value getter = TRY(find_attr(thread, future, names.get_loop));
  if (getter != kNotFound) return call(thread, getter);
  return get_attr(thread, future, intern(thread, "_loop"));
}

static Result<void> wait_for_future(Thread& thread, Task* task, FutureCell* f) {
  if (f == task) return schedule_error(thread, task, "Task cannot await on itself: {!r}", Value(task));
  if (f->loop_.get() != task->loop_.get()) {
    return schedule_error(thread, task, "Task {!r} got Future {!r} attached to a different loop", Value(task), Value(f));
  }
  if (!f->blocking_) {
    return schedule_error(thread, task, "yield was used instead of yield from in task {!r} with {!r}", Value(task), Value(f));
  }
  f->blocking_ = false;
  TRY(check_future(thread, f));
  TRY(add_callback(thread, f, TRY(wakeup_callable(thread, task)), task->context_.get()));
  return start_waiting(thread, task, Value(f));
}

// Anything else with the attribute _asyncio_future_blocking is a future too.
static Result<void> wait_for_foreign(Thread& thread, Task* task, Value future, Value blocking) {
  static Root<Tuple> keywords;
  if (!keywords.get()) keywords.set(TRY(tuple_of(thread, Value(names.context))));
  bool is_blocking = TRY(truth(thread, blocking));
  if (TRY(loop_of(thread, future)) != task->loop_.get()) {
    return schedule_error(thread, task, "Task {!r} got Future {!r} attached to a different loop", Value(task), future);
  }
  if (!is_blocking) {
    return schedule_error(thread, task, "yield was used instead of yield from in task {!r} with {!r}", Value(task), future);
  }
  if (future == Value(task)) return schedule_error(thread, task, "Task cannot await on itself: {!r}", Value(task));
  TRY(set_attr(thread, future, names.asyncio_future_blocking, kFalse));
  Value adder = TRY(get_attr(thread, future, names.add_done_callback));
  Value args[2] = {TRY(wakeup_callable(thread, task)), task->context_.get()};
  TRY(call_values(thread, adder, args, 1, keywords.get()));
  return start_waiting(thread, task, future);
}

static Result<void> handle_yield(Thread& thread, Task* task, Value yielded) {
  if (is_exact_future(yielded)) return wait_for_future(thread, task, static_cast<FutureCell*>(yielded.cell()));
  if (yielded.is_none()) return schedule_step(thread, task);
  Value blocking = TRY(find_attr(thread, yielded, names.asyncio_future_blocking));
  if (blocking != kNotFound && !blocking.is_none()) return wait_for_foreign(thread, task, yielded, blocking);
  if (is<Generator>(yielded)) {
    return schedule_error(thread, task, "yield was used instead of yield from for generator in task {!r} with {!r}", Value(task),
                          yielded);
  }
  return schedule_error(thread, task, "Task got bad yield: {!r}", yielded);
}

// ---------------------------------------------------------------------------------------------------------------- a step

static bool is_native_coroutine(Value v) { return v.is_cell() && (v.cell()->kind() == kKindCoroutine || is_exact<Generator>(v)); }

static Result<Value> exhausted_by_exception(Thread& thread) {
  if (!pending_matches(thread, exceptions.StopIteration)) return failed;
  thread.stop_value_ = stop_iteration_value(thread.take_pending());
  return kExhausted;
}

// The coroutine's next yield, or kExhausted with the thread's stop value.
static Result<Value> advance(Thread& thread, Value coroutine, Value exception) {
  if (is_native_coroutine(coroutine)) [[likely]] {
    auto* g = coroutine.as<Generator>();
    return exception.is_absent() ? generator_send(thread, g, kNone) : generator_throw(thread, g, exception.as<Exception>());
  }
  Result<Value> answer = failed;
  if (exception.is_present())
    answer = call_method(thread, coroutine, names.throw_, exception);
  else if (is_iterator(coroutine))
    return iter_next_with_value(thread, coroutine);
  else
    answer = call_method(thread, coroutine, names.send, kNone);
  return answer.is_failed() ? exhausted_by_exception(thread) : answer;
}

static Result<void> end_with_value(Thread& thread, Task* task, Value value) {
  if (!task->must_cancel_) return finish_with_result(thread, task, value);
  // Cancelled right before it came to its end.
  task->must_cancel_ = false;
  TRY(cancel_future(thread, task, task->cancel_message_.get()));
  return ok;
}

static Result<void> end_with_error(Thread& thread, Task* task) {
  Exception* e = thread.take_pending();
  if (is_cancelled_error(thread, Value(e))) {
    task->cancelled_error_.set(task, Value(e));
    TRY(cancel_future(thread, task, Value()));
    return ok;
  }
  TRY(finish_with_exception(thread, task, Value(e)));
  if (!is_instance_of_type(Value(e), exceptions.KeyboardInterrupt) && !is_instance_of_type(Value(e), exceptions.SystemExit))
    return ok;
  thread.set_pending(e);  // the loop ends too
  return failed;
}

static Result<void> settle(Thread& thread, Task* task) {
  if (task->is_pending()) return ok;
  forget_registration(thread, task);
  if (!task->log_traceback_) set_finalizer(thread, task, false);
  return ok;
}

static Result<void> step_entered(Thread& thread, Task* task, Value exception) {
  if (!task->is_pending()) {
    Value text = Value(TRY(format_message(thread, "__step(): already done: {!r} {!r}", Value(task),
                                          exception.is_present() ? exception : Value(names.empty))));
    return raise_with_value(thread, TRY(imported(thread, Imported::InvalidStateError)).as<Type>(), text);
  }
  if (task->must_cancel_) {
    if (exception.is_absent() || !is_cancelled_error(thread, exception))
      exception = TRY(future_make_cancelled_error(thread, task));
    task->must_cancel_ = false;
  }
  task->awaited_.clear();
  Value coroutine = task->coroutine_.get();
  if (coroutine.is_absent()) return raise_runtime_error(thread, "uninitialized Task object");
  Result<Value> answer = advance(thread, coroutine, exception);
  if (answer.is_failed()) {
    TRY(end_with_error(thread, task));
    return settle(thread, task);
  }
  if (answer.value() == kExhausted) {
    TRY(end_with_value(thread, task, thread.take_stop_value()));
    return settle(thread, task);
  }
  return handle_yield(thread, task, answer.value());
}

static void append_text(Thread& thread, Value v, std::string& out) {
  Value owner;
  if (is<Str>(v)) out += str_utf8_lossy(thread, v.as<Str>(), &owner);
}

// "name: coroutine". Runs no Python.
static std::string describe_task(Thread& thread, Task* task) {
  std::string out;
  Value name = task->name_.get();
  if (name.is_small_int()) out = "Task-" + std::to_string(name.small_int());
  append_text(thread, name, out);
  if (Value coroutine = task->coroutine_.get(); is_generator_kind(coroutine)) {
    out += ": ";
    append_text(thread, static_cast<Generator*>(coroutine.cell())->qualname_.get(), out);
  }
  return out;
}

static Result<void> step_in_loop(Thread& thread, Task* task, Value exception) {
  Value loop = task->loop_.get();
  TRY(enter_task(thread, loop, Value(task)));
  if (step_entered(thread, task, exception).is_failed()) {
    Exception* e = thread.take_pending();
    Result<void> left = leave_task(thread, loop, Value(task));
    if (left.is_failed()) {
      Exception* second = thread.pending();
      if (second != e && second->context_.get().is_none()) second->context_.set(second, Value(e));
      return failed;
    }
    thread.set_pending(e);
    return failed;
  }
  return leave_task(thread, loop, Value(task));
}

// Where the coroutine is suspended: in the innermost of those it awaits that isn't the library's. Empty: it has ended.
static void describe_suspended_place(Value coroutine, char* out) {
  out[0] = 0;
  for (; is_generator_kind(coroutine); coroutine = find_generator_delegate(static_cast<Generator*>(coroutine.cell()))) {
    auto* g = static_cast<Generator*>(coroutine.cell());
    if (generator_is_finished(g)) return;
    bool is_of_library = g->frame_.code->filename()->ascii().starts_with(config.stdlib_dir);
    if (!out[0] || !is_of_library) describe_frame_place(&g->frame_, out, kPlaceSize);
  }
}

// A step that took long is told of in the report.
static void tell_slow_step(Thread& thread, Task* task, const std::string& what) {
  LoopCallback* callback = LoopCallback::of(thread);
  if (!callback || !callback->is_slow()) return;
  char place[kPlaceSize];
  describe_suspended_place(task->coroutine_.get(), place);
  callback->describe(what.c_str(), place);
}

// Never inlined: see call_of_loop() in _contextvars.cpp.
BATON_COLD static Result<void> step_watched(Thread& thread, Task* task, Value exception) {
  u64 began = ticks();
  std::string what = describe_task(thread, task);
  Result<void> stepped = step_in_loop(thread, task, exception);
  if (timeline::is_on) timeline::note(thread, TimelineKind::TaskStep, what.c_str(), began, ticks());
  if (loop_account::is_on) tell_slow_step(thread, task, what);
  return stepped;
}

Result<void> step_task(Thread& thread, Task* task, Value exception) {
  if (timeline::is_on || loop_account::is_on) [[unlikely]]
    return step_watched(thread, task, exception);
  return step_in_loop(thread, task, exception);
}

static Result<Value> wake_task(Thread& thread, Task* self, Value future) {
  Value outcome;
  bool raised = false;
  if (is_exact_future(future)) {
    Result<bool> taken = take_outcome(thread, static_cast<FutureCell*>(future.cell()), &outcome);
    raised = taken.is_failed() || taken.value();
    if (taken.is_failed()) outcome = Value(thread.take_pending());
  } else if (call_method(thread, future, names.result).is_failed()) {
    raised = true;
    outcome = Value(thread.take_pending());
  }
  TRY(step_task(thread, self, raised ? outcome : Value()));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- step caller

// What the loop calls to step a task.
class StepCaller final : public Cell {
 public:
  void init(Task* task, Value exception) {
    task_.init(task);
    exception_.init(exception);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(task_, exception_); }
  Field<Task> task_;
  Field<Value> exception_;  // to be thrown into the coroutine; absent: none
};

Result<Value> make_step_caller(Thread& thread, Task* task, Value exception) {
  return make_of<StepCaller>(thread, TRY(type_from_def(thread, step_caller_def)), task, exception);
}

static Result<Value> step_caller_call(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<StepCaller>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (kwnames && kwnames->length()) return raise_type_error(thread, "function takes no keyword arguments");
  if (n > 1) return raise_type_error(thread, "function takes no positional arguments");
  auto* self = args[0].as<StepCaller>();
  TRY(step_task(thread, self->task_.get(), self->exception_.get()));
  return kNone;
}
static Result<Value> get_step_self(Thread&, Value self) { return Value(self.as<StepCaller>()->task_.get()); }

static constinit NativeDef step_caller_methods[] = {
    native_raw(step_caller_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
};
static GetSetDef step_caller_getsets[] = {{"__self__", get_step_self, nullptr, nullptr}};
constinit TypeDef step_caller_def = {
    .name = "TaskStepMethWrapper",
    .dynamic_kind = &DynamicKind<StepCaller>::value,
    .payload_size = sizeof(StepCaller),
    .flags = kTypeNoInstances,
    .methods = step_caller_methods,
    .method_count = count_of(step_caller_methods),
    .getsets = step_caller_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<StepCaller>("TaskStepMethWrapper"),
};

// ---------------------------------------------------------------------------------------------------------------- Task:
// beginning

static Result<Value> task_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, def.owner->type));
  return Value(TRY(make_of<Task>(thread, type)));
}

static Result<bool> is_coroutine(Thread& thread, Value v) {
  if (v.is_cell() && v.cell()->kind() == kKindCoroutine) return true;
  return truth(thread, TRY(call(thread, TRY(imported(thread, Imported::iscoroutine)), v)));
}

static i64 next_task_number() {
  static i64 last = 0;
  return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}
static Result<Value> name_from(Thread& thread, Value v) {
  return is_exact<Str>(v) ? Result<Value>(v) : Result<Value>(str_of(thread, v));
}

static Result<Value> task_init(Thread& thread, Task* self, Value coroutine, Value loop, Value name, Value context) {
  TRY(initialize_future(thread, self, loop));
  if (!TRY(is_coroutine(thread, coroutine))) {
    self->log_destroy_pending_ = false;
    return raise_type_error(thread, "a coroutine was expected, got {!r}", coroutine);
  }
  self->context_.set(self, context.is_none() ? TRY(copy_current_context(thread)) : context);
  self->awaited_.clear();
  self->must_cancel_ = false;
  self->cancel_requests_ = 0;
  self->coroutine_.set(self, coroutine);
  self->name_.set(self, name.is_none() ? Value::of_small_int(next_task_number()) : TRY(name_from(thread, name)));
  TRY(schedule_step(thread, self));
  TRY(register_task(thread, self));
  return kNone;
}

static Result<void> task_del(Thread& thread, Task* self) {
  if (self->is_pending() && self->log_destroy_pending_ && self->is_initialized()) {
    Value message = Value(intern(thread, "Task was destroyed but it is pending!"));
    call_exception_handler(thread, self, message, "task", Value(self), Value());
  }
  return report_lost_exception(thread, self);
}

// ---------------------------------------------------------------------------------------------------------------- Task: methods

static Result<bool> task_cancel(Thread& thread, Task* self, Value message) {
  self->log_traceback_ = false;
  if (!self->is_pending()) return false;
  ++self->cancel_requests_;
  if (Value awaited = self->awaited_.get(); awaited.is_present()) {
    // It stays awaited: a task may ignore its cancellation, and be cancelled again later.
    if (TRY(truth(thread, TRY(call_cancel(thread, awaited, message))))) return true;
  }
  self->must_cancel_ = true;
  self->cancel_message_.set(self, message);
  return true;
}
static Result<i64> task_cancelling(Thread&, Task* self) { return self->cancel_requests_; }
static Result<i64> task_uncancel(Thread&, Task* self) {
  if (self->cancel_requests_ > 0) --self->cancel_requests_;
  return self->cancel_requests_;
}

static Result<Value> task_get_stack(Thread& thread, Task* self, Value limit) {
  return call(thread, TRY(imported(thread, Imported::task_get_stack)), Value(self), limit);
}
static Result<Value> task_print_stack(Thread& thread, Task* self, Value limit, Value file) {
  return call(thread, TRY(imported(thread, Imported::task_print_stack)), Value(self), limit, file);
}
static Result<Value> task_set_result(Thread& thread, Task*, Value) {
  return raise_runtime_error(thread, "Task does not support set_result operation");
}
static Result<Value> task_set_exception(Thread& thread, Task*, Value) {
  return raise_runtime_error(thread, "Task does not support set_exception operation");
}
static Result<Value> task_get_coro(Thread&, Task* self) {
  Value v = self->coroutine_.get();
  return v.is_present() ? v : kNone;
}
static Result<Value> task_get_name(Thread& thread, Task* self) {
  Value name = self->name_.get();
  if (!name.is_small_int()) return name.is_present() ? name : kNone;
  Value text = Value(TRY(format_message(thread, "Task-{}", name)));
  self->name_.set(self, text);
  return text;
}
static Result<Value> task_set_name(Thread& thread, Task* self, Value value) {
  self->name_.set(self, TRY(name_from(thread, value)));
  return kNone;
}
static Result<Value> task_repr(Thread& thread, Task* self) {
  TRY(check_future(thread, self));
  return call(thread, TRY(imported(thread, Imported::task_repr)), Value(self));
}

static Result<Value> get_task_coro(Thread& thread, Value self) { return task_get_coro(thread, self.as<Task>()); }
static Result<Value> get_task_awaited(Thread&, Value self) {
  Value v = self.as<Task>()->awaited_.get();
  return v.is_present() ? v : kNone;
}
static Result<Value> get_task_must_cancel(Thread&, Value self) { return Value::of_bool(self.as<Task>()->must_cancel_); }
static Result<Value> get_task_log_destroy(Thread&, Value self) { return Value::of_bool(self.as<Task>()->log_destroy_pending_); }
static Result<void> set_task_log_destroy(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_attribute_error_text(thread, "cannot delete attribute");
  self.as<Task>()->log_destroy_pending_ = TRY(truth(thread, v));
  return ok;
}

static constinit NativeDef task_methods[] = {
    native_raw(task_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<task_init>("__init__($self, /, coro, *, loop=None, name=None, context=None)",
                      "Set up a new instance from the arguments its class documents."),
    native<task_repr>("__repr__($self, /)", "Return repr(self)."),
    native<task_del>("__del__($self, /)", nullptr),
    BATON_FUTURE_ROWS,
    native<task_set_result>("set_result($self, result, /)", nullptr),
    native<task_set_exception>("set_exception($self, exception, /)", nullptr),
    native<task_cancel>(
        "cancel($self, /, msg=None)",
        "Ask the task to stop by raising CancelledError in its coroutine.\n\nThe exception, carrying msg if given, appears at "
        "the point where the\ncoroutine waits, the next time the event loop runs it. The request adds one\nto the counter that "
        "cancelling() reports. True is returned, or False, without\nany effect, if the task has finished.\n\nA coroutine may "
        "catch the exception in order to clean up, to stop later, or\nto ignore the request altogether; it may end with a result "
        "or with some other\nexception. So, other than with a plain future, success is not certain, and\ncancelled() does not "
        "turn true yet. It does when the coroutine ends by\nletting a CancelledError out, even one that did not come from here."),
    native<task_cancelling>(
        "cancelling($self, /)",
        "Return how many cancellation requests are outstanding.\n\nEach cancel() adds one; each uncancel() takes one off."),
    native<task_uncancel>("uncancel($self, /)",
                          "Take back one cancellation request and return how many are left.\n\nA task that handles "
                          "CancelledError and means to carry on should call this,\nso that a later cancel() is seen as new."),
    native<future_make_cancelled_error>("_make_cancelled_error($self, /)",
                                        "Build the CancelledError that stands for this task's cancellation.\n\nCall it just once "
                                        "for each cancellation: it uses up the exception that was\nsaved for the purpose."),
    native<task_get_stack>(
        "get_stack($self, /, *, limit=None)",
        "Return a list of frames that shows where the task's coroutine is.\n\n- Unfinished coroutine: the stack at the point "
        "where it waits. Only a single\n  frame can be had for a suspended coroutine.\n- Coroutine that failed: the frames of "
        "the exception's traceback.\n- Coroutine that returned, or was cancelled: nothing, the list is empty.\n\nOlder frames "
        "come before newer ones. limit caps their number (None means no\ncap). As in the traceback module, a stack is cut down "
        "to its newest frames,\na traceback to its oldest."),
    native<task_print_stack>("print_stack($self, /, *, limit=None, file=None)",
                             "Print where the task's coroutine is, in the style of the traceback module.\n\nThe frames are those "
                             "of get_stack(limit=limit). The text goes to the stream\nfile, by default sys.stderr."),
    native<task_get_coro>("get_coro($self, /)", nullptr),
    native<task_get_name>("get_name($self, /)", nullptr),
    native<task_set_name>("set_name($self, value, /)", nullptr),
};
static GetSetDef task_getsets[] = {
    BATON_FUTURE_GETSETS,
    {"_log_destroy_pending", get_task_log_destroy, set_task_log_destroy, nullptr},
    {"_must_cancel", get_task_must_cancel, nullptr, nullptr},
    {"_coro", get_task_coro, nullptr, nullptr},
    {"_fut_waiter", get_task_awaited, nullptr, nullptr},
};
constinit TypeDef task_def = {
    .name = "_asyncio.Task",
    .doc = "Task(coro, *, loop=None, name=None, context=None)\n--\n\nA coroutine wrapped in a Future.",
    .base = &future_def,
    .dynamic_kind = &DynamicKind<Task>::value,
    .payload_size = sizeof(Task),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = task_methods,
    .method_count = count_of(task_methods),
    .getsets = task_getsets,
    .getset_count = kFutureGetsetCount + 4,
    .kind_info = kind_info_of<Task>("_asyncio.Task"),
};

}  // namespace baton
