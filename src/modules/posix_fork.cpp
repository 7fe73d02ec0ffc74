// fork: os.register_at_fork callbacks, and the runtime's steps around fork(2) for everybody who forks.
//
// Before: Python callbacks, last registered first. Around the call: the heap's and the threads layer's pair. In the child the
// forking thread is the only one; native hooks (main thread, signals, import lock) run first, then the Python callbacks in order.
#include <pty.h>
#include <unistd.h>

#include "heap/trim.h"
#include "interp/frames.h"
#include "interp/interp.h"
#include "interp/signals_wait.h"
#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "objects/weakref.h"

namespace baton {

static constexpr usize kMaxHooks = 16;
static void (*child_hooks[kMaxHooks])(Thread& thread);
static usize child_hook_count = 0;

void register_fork_child_hook(void (*hook)(Thread& thread)) {
  for (usize i = 0; i < child_hook_count; ++i)
    if (child_hooks[i] == hook) return;
  BATON_CHECK(child_hook_count < kMaxHooks, "at most 16 native fork hooks");
  child_hooks[child_hook_count++] = hook;
}

void hold_import_lock_for_fork(Thread& t);  // _imp.cpp
void release_import_lock_after_fork(Thread& t, bool in_child);

void prepare_fork(Thread& t) {
  hold_import_lock_for_fork(t);
  heap_before_fork(t);
  before_fork(t);
}

void finish_fork(Thread& t, bool in_child) {
  if (in_child)
    after_fork_child(t, [](Mutator& dead, void*) { heap_thread_lost(dead); });
  else
    after_fork_parent(t);
  heap_after_fork(t, in_child);
  if (in_child)
    for (usize i = 0; i < child_hook_count; ++i) child_hooks[i](t);
  release_import_lock_after_fork(t, in_child);
}

pid_t fork_runtime(Thread& t) {
  prepare_fork(t);
  pid_t pid = ::fork();
  int error = errno;
  finish_fork(t, pid == 0);
  errno = error;
  return pid;
}

// ---------------------------------------------------------------------------------------------------------------- Python
// callbacks

// Tuples (before, after in parent, after in child), None where there is none; appended to, never changed. Made by the first
// registration.
static Root<List>* callbacks;
enum { kBefore, kAfterParent, kAfterChild };

// The callbacks of that kind among the first `count` registrations; later ones, too, if they have no `before`: another thread may
// register while this one runs what comes before the fork, and must not see its lock released that was never taken.
static void run_callbacks(Thread& t, int which, Index count) {
  if (!callbacks) return;
  SignalsWait wait(t);
  Index n = which == kBefore ? count : callbacks->get()->length();
  for (Index i = 0; i < n; ++i) {
    Value entry = callbacks->get()->try_at(which == kBefore ? n - 1 - i : i);
    if (entry.is_absent()) return;
    Value callback = entry.as<Tuple>()->at(which);
    if (callback.is_none() || (i >= count && !entry.as<Tuple>()->at(kBefore).is_none())) continue;
    if (call(t, callback).is_failed()) report_unraisable(t, nullptr, callback);
  }
}
Result<Index> run_before_fork_callbacks(Thread& t) {
  Index count = callbacks ? callbacks->get()->length() : 0;
  run_callbacks(t, kBefore, count);
  if (!(t.poll_bits() & kSignal) || !run_signal_handlers) return count;
  // A signal that has come meanwhile is handled before there is a child, which would not know of it. Only once: it may be the
  // callbacks that raise it.
  run_callbacks(t, kAfterParent, count);
  t.clear_request(kSignal);
  TRY(run_signal_handlers(t));
  count = callbacks ? callbacks->get()->length() : 0;
  run_callbacks(t, kBefore, count);
  return count;
}
void run_after_fork_callbacks(Thread& t, bool in_child, Index count) {
  run_callbacks(t, in_child ? kAfterChild : kAfterParent, count);
}

static Result<void> posix_register_at_fork(Thread& t, Optional<Value> before, Optional<Value> in_child,
                                           Optional<Value> in_parent) {
  struct {
    const char* name;
    Optional<Value> callback;
    int list;
  } rows[] = {
      {"before", before, kBefore}, {"after_in_child", in_child, kAfterChild}, {"after_in_parent", in_parent, kAfterParent}};
  if (!before.has_value() && !in_child.has_value() && !in_parent.has_value())
    return raise_type_error(t, "At least one argument is required.");
  for (auto& row : rows) {
    if (row.callback.has_value() && !is_callable(row.callback.value))
      return raise_type_error(t, "'{}' must be callable, not {!t}", row.name, row.callback.value);
  }
  Value entry[3] = {kNone, kNone, kNone};
  for (auto& row : rows)
    if (row.callback.has_value()) entry[row.list] = row.callback.value;
  Tuple* made = TRY(make_tuple(t, entry, 3));
  if (!callbacks) callbacks = new Root<List>(TRY(make_list(t)));
  TRY(list_append(t, callbacks->get(), Value(made)));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- fork, forkpty

Result<void> warn_about_held_locks(Thread& thread);  // fork_locks.cpp

// What is young now would be moved among the old cells (its headers written, so that its pages are copied) by the parent and by
// each child, in a collection of its own: better once, while the pages are nobody else's. And what is dead already is finalised
// once, by the parent. Not for little: the pause of a collection that wasn't due would be a good part of a short fork's time.
static void collect_before_fork(Thread& t) {
  finish_dropped_writers(t);
  if (!heap_collection_is_near()) return;
  heap_collect(t, Generation::Minor);
  if (interp_state(t).spared_until || (!heap_has_finalizable() && !has_queued_weakref_callbacks())) return;
  t.clear_request(kFinalizers);
  MUST(run_finalizers(t));  // reports what they raise
}

static Result<int> posix_fork(Thread& t) {
  TRY(audit(t, "os.fork"));
  TRY(warn_about_held_locks(t));
  collect_before_fork(t);
  Index registered = TRY(run_before_fork_callbacks(t));
  pid_t pid = fork_runtime(t);
  int error = errno;
  run_after_fork_callbacks(t, pid == 0, registered);
  if (pid < 0) return raise_os_error(t, error);
  return pid;
}

static Result<Value> posix_forkpty(Thread& t) {
  TRY(audit(t, "os.forkpty"));
  TRY(warn_about_held_locks(t));
  collect_before_fork(t);
  Index registered = TRY(run_before_fork_callbacks(t));
  int master = -1;
  prepare_fork(t);
  pid_t pid = ::forkpty(&master, nullptr, nullptr, nullptr);
  int error = errno;
  finish_fork(t, pid == 0);
  run_after_fork_callbacks(t, pid == 0, registered);
  if (pid < 0) return raise_os_error(t, error);
  return TRY(tuple_of(t, Value::of_small_int(pid), Value::of_small_int(master)));
}

static constinit NativeDef rows[] = {
    native<posix_register_at_fork>(
        "register_at_fork($module, /, *, before=<unrepresentable>, after_in_child=<unrepresentable>, "
        "after_in_parent=<unrepresentable>)",
        "Have functions called whenever this process forks.\n\nAll are optional and called without arguments:\n\n  before\n    "
        "Called in the parent ahead of fork(), the one registered last going\n    first.\n  after_in_child\n    Called in the "
        "new process, in order of registration.\n  after_in_parent\n    Called in the old process afterwards, in order of "
        "registration."),
    native<posix_fork>("fork($module, /)",
                       "Split the process in two: parent and child.\n\nBoth return from this call, the parent with the process "
                       "id of the child,\nthe child with 0."),
    native<posix_forkpty>("forkpty($module, /)",
                          "Split the process as fork() does, with a new terminal for the child.\n\nReturns (pid, master_fd). pid "
                          "is 0 in the child and the child's process id\nin the parent. In both, master_fd is the descriptor of "
                          "the new\npseudo-terminal, which controls the child."),
};
constinit NativeTable posix_fork_functions = {rows, count_of(rows)};

}  // namespace baton
