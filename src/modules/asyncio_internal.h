// What the files of _asyncio share: the cells of Future and Task, and what one asks of the other.
//
// Both are driven by one thread, the loop's; another thread may look at them, or break the rule, without harm to the heap.
#pragma once
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/weakref.h"

namespace baton {

enum class FutureState : u8 { Pending, Cancelled, Finished };

class FutureCell : public Cell {
 public:
  void init() {
    loop_.init(Value());
    callback_.init(Value());
    callback_context_.init(Value());
    callbacks_.init(nullptr);
    outcome_.init(Value());
    exception_traceback_.init(nullptr);
    cancel_message_.init(Value());
    cancelled_error_.init(Value());
    source_traceback_.init(Value());
    state_ = FutureState::Pending;
    failed_ = blocking_ = log_traceback_ = must_cancel_ = false;
    log_destroy_pending_ = true;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(loop_, callback_, callback_context_, callbacks_, outcome_, exception_traceback_, cancel_message_, cancelled_error_,
          source_traceback_);
  }
  bool is_initialized() const { return loop_.get().is_present(); }
  bool is_pending() const { return state_ == FutureState::Pending; }

  Field<Value> loop_;                         // absent: __init__ has not run
  Field<Value> callback_, callback_context_;  // the first callback, as most futures have one only
  Field<List> callbacks_;                     // (callback, context) of the others, in order; null: none
  Field<Value> outcome_;                      // the result, or the exception if failed_
  Field<Traceback> exception_traceback_;      // as it was when the exception was set; result() puts it back
  Field<Value> cancel_message_;               // absent: none was given
  Field<Value> cancelled_error_;              // of a task: the CancelledError that ended it, for the first who asks
  Field<Value> source_traceback_;             // debug mode: the stack that made the future
  FutureState state_;
  bool failed_;         // finished with an exception
  bool blocking_;       // yielded by its iterator, not yet seen by the task
  bool log_traceback_;  // an exception that nobody has asked for
  // Of tasks; here because there is room.
  bool must_cancel_;          // cancel() came while the next step was scheduled
  bool log_destroy_pending_;  // complain when collected unfinished
};

class Future final : public FutureCell {
 public:
  void init() {
    FutureCell::init();
    tail_.extra_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const {
    FutureCell::visit_edges(visit);
    visit(tail_.extra_);
  }
  ObjectTail tail_;
};

class Task final : public FutureCell {
 public:
  void init() {
    FutureCell::init();
    coroutine_.init(Value());
    context_.init(Value());
    name_.init(Value());
    awaited_.init(Value());
    step_.init(Value());
    wakeup_.init(Value());
    registration_.init(Value());
    cancel_requests_ = 0;
    tail_.extra_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const {
    FutureCell::visit_edges(visit);
    visit(coroutine_, context_, name_, awaited_, step_, wakeup_, registration_, tail_.extra_);
  }
  Field<Value> coroutine_, context_;
  Field<Value> name_;     // a str; an int n stands for "Task-n"
  Field<Value> awaited_;  // the future whose end wakes the task; absent: a step is scheduled or running
  // Callables for the loop, made once: they have no state but the task.
  Field<Value> step_, wakeup_;
  Field<Value> registration_;  // its reference in _all_tasks, when that was made here
  i64 cancel_requests_;
  ObjectTail tail_;
};

extern TypeDef future_def, task_def, future_iterator_def, step_caller_def;

inline bool is_task(Value v) { return is<Task>(v); }
inline bool is_future(Value v) { return is<Future>(v) || is<Task>(v); }
inline bool is_exact_future(Value v) { return is_exact<Future>(v) || is_exact<Task>(v); }

// A parameter FutureCell* takes instances of both.
template <>
struct Converter<FutureCell*> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, FutureCell** out) {
    if (is_future(v)) [[likely]] {
      *out = static_cast<FutureCell*>(v.cell());
      return true;
    }
    (void)raise_argument_kind(thread, def, parameter, "_asyncio.Future", v);
    return false;
  }
};

// Rows of Future that Task's table has too: a table owns its rows.
#define BATON_FUTURE_ROWS                                                                                                      \
  native<future_result>("result($self, /)",                                                                                    \
                        "Return what the future was completed with.\n\nIf it holds an exception, that exception is raised "    \
                        "instead. A cancelled\nfuture raises CancelledError, and a pending one InvalidStateError."),           \
      native<future_exception>("exception($self, /)",                                                                          \
                               "Return the exception the future holds, or None if it holds a result.\n\nA cancelled future "   \
                               "raises CancelledError; one that is still pending raises\nInvalidStateError."),                 \
      native<future_add_done_callback>(                                                                                        \
          "add_done_callback($self, fn, /, *, context=<unrepresentable>)",                                                     \
          "Have fn called, with the future as its only argument, upon completion.\n\nOn a future that has already completed, " \
          "the event loop's call_soon()\nschedules the call at once. The keyword context chooses the contextvars\ncontext to " \
          "run fn in; without it, the current one is used."),                                                                  \
      native<future_remove_done_callback>(                                                                                     \
          "remove_done_callback($self, fn, /)",                                                                                \
          "Drop every registration of fn as a completion callback.\n\nThe result says how many registrations there were."),    \
      native<future_cancelled>("cancelled($self, /)", "Return True if the future was cancelled."),                             \
      native<future_done>(                                                                                                     \
          "done($self, /)",                                                                                                    \
          "Tell whether the future is finished.\n\nIt is once it has a result or an exception, or has been cancelled."),       \
      native<future_await>("__await__($self, /)", "Return an iterator to be used in await expression."),                       \
      native<future_await>("__iter__($self, /)", "Implement iter(self)."),                                                     \
      native<future_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585")

Result<Value> future_result(Thread& thread, FutureCell* self);
Result<Value> future_exception(Thread& thread, FutureCell* self);
Result<Value> future_add_done_callback(Thread& thread, FutureCell* self, Value fn, Optional<Value> context);
Result<i64> future_remove_done_callback(Thread& thread, FutureCell* self, Value fn);
Result<bool> future_cancelled(Thread& thread, FutureCell* self);
Result<bool> future_done(Thread& thread, FutureCell* self);
Result<Value> future_get_loop(Thread& thread, FutureCell* self);
Result<Value> future_await(Thread& thread, FutureCell* self);
Result<Value> future_class_getitem(Thread& thread, Type* type, Value item);
Result<Value> future_make_cancelled_error(Thread& thread, FutureCell* self);

// Attributes of both.
#define BATON_FUTURE_GETSETS                                                                                    \
  {"_state", get_future_state, nullptr, nullptr},                                                               \
      {"_asyncio_future_blocking", get_future_blocking, set_future_blocking, nullptr},                          \
      {"_loop", get_future_loop, nullptr, nullptr}, {"_callbacks", get_future_callbacks, nullptr, nullptr},     \
      {"_result", get_future_result, nullptr, nullptr}, {"_exception", get_future_exception, nullptr, nullptr}, \
      {"_log_traceback", get_future_log_traceback, set_future_log_traceback, nullptr},                          \
      {"_source_traceback", get_future_source_traceback, nullptr, nullptr}, {                                   \
    "_cancel_message", get_future_cancel_message, set_future_cancel_message, nullptr                            \
  }
inline constexpr u32 kFutureGetsetCount = 9;
Result<Value> get_future_state(Thread& thread, Value self);
Result<Value> get_future_blocking(Thread& thread, Value self);
Result<void> set_future_blocking(Thread& thread, Value self, Value v);
Result<Value> get_future_loop(Thread& thread, Value self);
Result<Value> get_future_callbacks(Thread& thread, Value self);
Result<Value> get_future_result(Thread& thread, Value self);
Result<Value> get_future_exception(Thread& thread, Value self);
Result<Value> get_future_log_traceback(Thread& thread, Value self);
Result<void> set_future_log_traceback(Thread& thread, Value self, Value v);
Result<Value> get_future_source_traceback(Thread& thread, Value self);
Result<Value> get_future_cancel_message(Thread& thread, Value self);
Result<void> set_future_cancel_message(Thread& thread, Value self, Value v);

// --- what stepping a task needs of futures
Result<void> check_future(Thread& thread, const FutureCell* f);  // RuntimeError unless __init__ has run
Result<void> initialize_future(Thread& thread, FutureCell* f, Value loop);
Result<void> add_callback(Thread& thread, FutureCell* f, Value callback, Value context);
Result<void> finish_with_result(Thread& thread, FutureCell* f, Value result);
Result<void> finish_with_exception(Thread& thread, FutureCell* f, Value exception);
Result<bool> cancel_future(Thread& thread, FutureCell* f, Value message);  // false: was done already
// How a finished future ended: true with the exception to raise in *out, or false with the result. Failed when it isn't finished,
// or was cancelled.
Result<bool> take_outcome(Thread& thread, FutureCell* f, Value* out);
Result<void> report_lost_exception(Thread& thread, FutureCell* f);
// loop.call_exception_handler({"message": message, key: subject, ...}); errors are reported as unraisable.
void call_exception_handler(Thread& thread, FutureCell* f, Value message, const char* key, Value subject, Value exception);
// Finalisers cost at every collection: a future gives its up while there is nothing to report.
void set_finalizer(Thread& thread, FutureCell* f, bool wanted);

// --- _asyncio.cpp
Result<Value> running_loop(Thread& thread);  // None: none
Result<Value> current_event_loop(Thread& thread);
Result<void> enter_task(Thread& thread, Value loop, Value task);
Result<void> leave_task(Thread& thread, Value loop, Value task);
Result<void> register_task(Thread& thread, Task* task);
void forget_registration(Thread& thread, Task* task);
// An attribute of a module of the asyncio package, imported on first use.
enum class Imported : u8 {
  CancelledError,
  InvalidStateError,
  future_repr,
  task_repr,
  task_get_stack,
  task_print_stack,
  iscoroutine,
  get_event_loop_policy,
  extract_stack,
  base_event_loop,
  handle,
  kCount
};
Result<Value> imported(Thread& thread, Imported what);
Failed raise_imported(Thread& thread, Imported type, const char* text);

// --- asyncio_loop.cpp
Result<void> learn_loop_names(Thread& thread);  // once, before the others
Result<void> call_soon(Thread& thread, Value loop, Value callback, const Value* args, usize n, Value context);  // n: 0 or 1
Result<bool> loop_debugs(Thread& thread, Value loop);  // bool(loop.get_debug())

// --- asyncio_task.cpp
Result<void> step_task(Thread& thread, Task* task, Value exception);  // exception: absent for none
Result<Value> make_step_caller(Thread& thread, Task* task, Value exception);

// --- _contextvars.cpp
Result<Value> copy_current_context(Thread& thread);

}  // namespace baton
