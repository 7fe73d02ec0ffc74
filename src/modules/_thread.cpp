// _thread: locks, starting threads, thread-local attributes.
//
// A thread's life: start_new_thread makes a Thread and a Boot; run_thread attaches, calls, reports what was raised, releases the
// sentinel (join() waits for it), detaches and frees.
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdio>

#include "interp/interp.h"
#include "modules/foreign_thread.h"
#include "modules/idle_collection.h"
#include "modules/lock_names.h"
#include "modules/lock_waits.h"
#include "modules/os_support.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/main_thread.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/signals.h"
#include "objects/struct_sequence.h"
#include "objects/timeout.h"
#include "objects/type_internal.h"
#include "threads/interruptible_lock.h"
#include "threads/os_thread.h"
#include "threads/relaxed.h"

namespace baton {

static std::string_view hex_address(char (&buffer)[24], Value v) {
  int n = snprintf(buffer, sizeof buffer, "0x%llx", static_cast<unsigned long long>(v.bits()));
  return {buffer, static_cast<usize>(n)};
}

// The nanoseconds to wait: -1 for ever, 0 not at all.
static Result<i64> lock_timeout(Thread& thread, bool blocking, Optional<Value> timeout) {
  i64 ns = -1;
  if (timeout.has_value()) {
    ns = TRY(seconds_to_ns(thread, timeout.value));
    if (!blocking && ns != -1000000000) return raise_value_error(thread, "can't specify a timeout for a non-blocking call");
    if (ns < 0 && ns != -1000000000) return raise_value_error(thread, "timeout value must be positive");
    if (ns < 0) ns = -1;
  }
  return blocking ? ns : 0;
}

// While the interpreter finalises no other thread runs again, so nobody will ever release a lock that is held: a wait without end
// would hang the program (as it does with CPython). What waits then is a finaliser, whose exception is reported.
static Failed raise_lock_is_lost(Thread& thread) {
  return raise_runtime_error(thread, "could not acquire lock at interpreter shutdown, possibly due to daemon threads");
}

// False: timed out. Handlers of signals run while waiting.
static Result<bool> acquire_word(Thread& thread, Value self, InterruptibleLock& lock, i64 timeout_ns) {
  if (lock.try_lock()) [[likely]]
    return true;
  if (timeout_ns == 0) return false;
  if (timeout_ns < 0 && is_finalizing()) return raise_lock_is_lost(thread);
  IdleWait idle(thread, deadline_after(timeout_ns));
  LockWaitNote note(thread, self, timeout_ns < 0);
  bool is_exact = is_called_by_instruction(thread, self);
  bool only_looks = timeout_ns < 0 && is_main_thread(thread);
  auto wait = [&] {
    ExactStack stack(thread, is_exact, self);
    return only_looks ? lock.wait_and_look(thread, note.wake_at(idle.wake_at()))
                      : lock.wait(thread, note.wake_at(idle.wake_at()));
  };
  for (;;) {
    switch (wait()) {
      case LockWait::Acquired: lock_just_taken = true; return true;
      case LockWait::TimedOut:
        note.look();
        if (idle.timed_out(thread, is_exact, self)) return false;
        break;
      case LockWait::Interrupted: TRY(note.while_not_waiting([&] { return check_signals(thread); })); break;
      case LockWait::Again: break;
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------- lock

// A sentinel is what join() waits for: locked until its thread has ended. From then on only joiners take it, for a moment each,
// and threading's Thread._stop() asserts that it is not locked(). So that one joiner's moment doesn't fail another's assertion,
// locked() of such a sentinel answers whether the caller itself holds it.
class Lock final : public Cell {
 public:
  void init() {
    lock_.reset();
    ended_ = false;
    work_ = 0;
    joiner_.store_relaxed(0);
    holder_.store_relaxed(0);
  }
  void visit_edges(EdgeVisitor&) const {}
  BATON_ALWAYS_INLINE void note_acquired(Thread& thread) {
    holder_.store_relaxed(thread.python_ident_);
    if (ended_) [[unlikely]] {
      joiner_.store(thread.id());
      os_work_joined(work_);
    }
  }
  BATON_ALWAYS_INLINE bool unlock() {
    if (ended_) [[unlikely]]
      joiner_.store(0);
    return lock_.unlock();
  }
  bool is_locked_for(Thread& thread) const {
    if (ended_ && joiner_.load() != thread.id()) return false;
    return lock_.is_locked();
  }
  void end_of_thread() {
    work_ = current_os_work();
    ended_ = true;
    lock_.unlock();
  }
  void reset() { init(); }
  bool is_locked() const { return lock_.is_locked(); }

  InterruptibleLock lock_;

 private:
  Relaxed<bool> ended_;  // set once, before the release that the joiners wait for
  u64 work_;             // of the thread that has ended
  Atomic<u32> joiner_;
  Atomic<u64> holder_;  // ident of who took it last, while it is locked

 public:
  u64 holder() const { return lock_.is_locked() ? holder_.load_relaxed() : 0; }
};
extern TypeDef lock_def;

static Result<Lock*> make_lock(Thread& thread) { return make_of<Lock>(thread, TRY(type_from_def(thread, lock_def))); }

static Result<bool> lock_acquire(Thread& thread, Lock* self, int blocking, Optional<Value> timeout) {
  if (timeout.has_value() || !self->lock_.try_lock()) [[unlikely]] {
    i64 ns = TRY(lock_timeout(thread, blocking, timeout));
    if (!TRY(acquire_word(thread, self, self->lock_, ns))) return false;
  }
  self->note_acquired(thread);
  return true;
}
static Result<void> lock_release(Thread& thread, Lock* self) {
  if (!self->unlock()) return raise_runtime_error(thread, "release unlocked lock");
  return ok;
}
// Every `with` ends here: no tuple is made of the arguments, which mean nothing to a lock.
static Result<Value> lock_exit(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Lock* self = n ? cast<Lock>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "lock.__exit__", kwnames));
  TRY(lock_release(thread, self));
  return kNone;
}
static Result<bool> lock_locked(Thread& thread, Lock* self) { return self->is_locked_for(thread); }
static Result<void> lock_at_fork_reinit(Thread&, Lock* self) {
  self->reset();
  return ok;
}
static Result<Str*> lock_repr(Thread& thread, Lock* self) {
  char buffer[24];
  return format_message(thread, "<{} {!T} object at {}>", self->is_locked() ? "locked" : "unlocked", Value(self),
                        hex_address(buffer, Value(self)));
}

#define ACQUIRE_DOC                                                                                                             \
  "Take the lock; answers whether it was taken.\n\nBy default it waits, for as long as it takes, until the lock is free: also " \
  "when\nit is this very thread that holds it. With blocking=False it doesn't wait at\nall, with a timeout no more than so "    \
  "many seconds. Signal handlers run during\nthe wait. acquire_lock() is an old name for acquire()."
#define RELEASE_DOC                                                                                                            \
  "Give the lock back, so that one of the threads that wait for it can go on.\n\nAny thread may do so, not just the one that " \
  "took it. RuntimeError is raised if\nthe lock is free. release_lock() is an old name for release()."
#define LOCKED_DOC "Tell whether somebody holds the lock.\n\nlocked_lock() is an old name for locked()."
static constinit NativeDef lock_methods[] = {
    native<lock_acquire>("acquire($self, /, blocking=True, timeout=<unrepresentable>)", ACQUIRE_DOC),
    native<lock_acquire>("acquire_lock($self, /, blocking=True, timeout=<unrepresentable>)", ACQUIRE_DOC),
    native<lock_release>("release($self, /)", RELEASE_DOC),
    native<lock_release>("release_lock($self, /)", RELEASE_DOC),
    native<lock_locked>("locked($self, /)", LOCKED_DOC),
    native<lock_locked>("locked_lock($self, /)", LOCKED_DOC),
    native<lock_acquire>("__enter__($self, /, blocking=True, timeout=<unrepresentable>)", ACQUIRE_DOC),
    native_raw(lock_exit, "__exit__($self, /, *args)", RELEASE_DOC),
    native<lock_repr>("__repr__($self, /)", "Return repr(self)."),
    native<lock_at_fork_reinit>("_at_fork_reinit($self, /)", nullptr),
};
constinit TypeDef lock_def = {
    .name = "_thread.lock",
    .doc =
        "A lock, which at most one thread can get at a time.\n\nthreading.Lock() makes one. Its methods:\n\nacquire() -- take "
        "the lock; by default, wait while it is taken\nrelease() -- give it back, so that a waiting thread can go on\nlocked() "
        "-- say whether it is taken\n\nLocks don't remember who took them. So any thread may release a lock, and\none that "
        "acquires the same lock twice waits for another to release it,\npossibly for ever.",
    .dynamic_kind = &DynamicKind<Lock>::value,
    .payload_size = sizeof(Lock),
    .flags = kTypeNoInstances | kTypeWeakrefable,
    .methods = lock_methods,
    .method_count = count_of(lock_methods),
    .kind_info = kind_info_of<Lock>("lock"),
};

// ---------------------------------------------------------------------------------------------------------------- RLock

class RLock final : public Cell {
 public:
  void init() {
    lock_.reset();
    owner_ = 0;
    count_ = 0;
  }
  void visit_edges(EdgeVisitor&) const {}
  // Only the owner writes owner_ and count_; others compare owner_ with their own ident.
  bool is_owned_by(Thread& thread) const { return __atomic_load_n(&owner_, __ATOMIC_RELAXED) == thread.python_ident_; }
  void take(Thread& thread, u64 count) {
    __atomic_store_n(&owner_, thread.python_ident_, __ATOMIC_RELAXED);
    count_ = count;
  }
  void let_go() {
    count_ = 0;
    __atomic_store_n(&owner_, u64{0}, __ATOMIC_RELAXED);
    lock_.unlock();
  }
  InterruptibleLock lock_;
  u64 owner_, count_;
};

static Result<Value> rlock_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<RLock>(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}
static Result<bool> rlock_acquire(Thread& thread, RLock* self, int blocking, Optional<Value> timeout) {
  i64 ns = TRY(lock_timeout(thread, blocking, timeout));
  if (self->is_owned_by(thread)) {
    if (self->count_ == UINT64_MAX) return raise_overflow_error(thread, "Internal lock count overflowed");
    ++self->count_;
    return true;
  }
  if (!TRY(acquire_word(thread, self, self->lock_, ns))) return false;
  self->take(thread, 1);
  return true;
}
static Result<void> rlock_release(Thread& thread, RLock* self) {
  if (!self->is_owned_by(thread) || self->count_ == 0) return raise_runtime_error(thread, "cannot release un-acquired lock");
  if (self->count_ == 1)
    self->let_go();
  else
    --self->count_;
  return ok;
}
static Result<Value> rlock_exit(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  RLock* self = n ? cast<RLock>(args[0]) : nullptr;
  if (!self) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  TRY(check_no_keywords(thread, "RLock.__exit__", kwnames));
  TRY(rlock_release(thread, self));
  return kNone;
}
static Result<Value> rlock_release_save(Thread& thread, RLock* self) {
  if (self->count_ == 0) return raise_runtime_error(thread, "cannot release un-acquired lock");
  Value state(TRY(tuple_of(thread, TRY(int_from_u64(thread, self->count_)), TRY(int_from_u64(thread, self->owner_)))));
  self->let_go();
  return state;
}
static Result<void> rlock_acquire_restore(Thread& thread, RLock* self, Tuple* state) {
  u64 count, owner;
  if (state->length() != 2 || !is_exact_int(state->at(0)) || !is_exact_int(state->at(1)) || !int_to_u64(state->at(0), &count) ||
      !int_to_u64(state->at(1), &owner)) {
    return raise_type_error(thread, "_acquire_restore() argument 1 must be a state from _release_save()");
  }
  if (!self->lock_.try_lock()) {
    if (is_finalizing()) return raise_lock_is_lost(thread);
    LockWaitNote note(thread, self, true);
    while (self->lock_.wait(thread, note.wake_at(kForever)) != LockWait::Acquired) {
      note.look();
      // Not interruptible here: the caller relies on owning the lock afterwards. The signal stays pending.
      blocking<BlockCause::Lock>(thread, [] { sleep_os_thread(100000); });
    }
  }
  __atomic_store_n(&self->owner_, owner, __ATOMIC_RELAXED);
  self->count_ = count;
  return ok;
}
static Result<bool> rlock_is_owned(Thread& thread, RLock* self) { return self->is_owned_by(thread) && self->count_ > 0; }
static Result<u64> rlock_recursion_count(Thread& thread, RLock* self) {
  return self->is_owned_by(thread) ? self->count_ : u64{0};
}
static Result<void> rlock_at_fork_reinit(Thread&, RLock* self) {
  self->lock_.reset();
  self->owner_ = self->count_ = 0;
  return ok;
}
static Result<Str*> rlock_repr(Thread& thread, RLock* self) {
  char buffer[24];
  return format_message(thread, "<{} {!T} object owner={} count={} at {}>", self->count_ ? "locked" : "unlocked", Value(self),
                        self->owner_, self->count_, hex_address(buffer, Value(self)));
}

#define RLOCK_ACQUIRE_DOC                                                                                                        \
  "acquire(blocking=True, timeout=-1) -> bool\n\nTake the lock, or take it once more, and return True.\n\nA thread that has "    \
  "the lock already just adds one to its count. While another\nthread has it, the call waits until it is free (signal handlers " \
  "run\nmeanwhile, and may end it by an exception), or with blocking=False\nreturns False at once, with a timeout after so "     \
  "many seconds."
#define RLOCK_RELEASE_DOC                                                                                                  \
  "release()\n\nUndo one acquire(); the last one to be undone frees the lock.\n\nOnly then can a waiting thread have it. " \
  "RuntimeError is raised if the\ncalling thread does not have the lock."
static constinit NativeDef rlock_methods[] = {
    native_raw(rlock_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<rlock_acquire>("acquire($self, /, blocking=True, timeout=<unrepresentable>)", RLOCK_ACQUIRE_DOC),
    native<rlock_release>("release($self, /)", RLOCK_RELEASE_DOC),
    native<rlock_is_owned>("_is_owned($self, /)", "_is_owned() -> bool\n\nFor internal use by `threading.Condition`."),
    native<rlock_recursion_count>("_recursion_count($self, /)",
                                  "_recursion_count() -> int\n\nFor internal use by reentrancy checks."),
    native<rlock_acquire_restore>("_acquire_restore($self, state, /)",
                                  "_acquire_restore(state) -> None\n\nTake the lock again with the count and owner saved by "
                                  "_release_save().\n\nthreading.Condition needs this; nothing else should call it."),
    native<rlock_release_save>("_release_save($self, /)",
                               "_release_save() -> tuple\n\nFor internal use by `threading.Condition`."),
    native<rlock_acquire>("__enter__($self, /, blocking=True, timeout=<unrepresentable>)", RLOCK_ACQUIRE_DOC),
    native_raw(rlock_exit, "__exit__($self, /, *args)", RLOCK_RELEASE_DOC),
    native<rlock_repr>("__repr__($self, /)", "Return repr(self)."),
    native<rlock_at_fork_reinit>("_at_fork_reinit($self, /)", nullptr),
};
constinit TypeDef rlock_def = {
    .name = "_thread.RLock",
    .dynamic_kind = &DynamicKind<RLock>::value,
    .payload_size = sizeof(RLock),
    .flags = kTypeSubclassable | kTypeWeakrefable,
    .methods = rlock_methods,
    .method_count = count_of(rlock_methods),
    .kind_info = kind_info_of<RLock>("rlock"),
};

u64 lock_holder(Value v) {
  if (is<Lock>(v)) return v.as<Lock>()->holder();
  if (is<RLock>(v)) return __atomic_load_n(&v.as<RLock>()->owner_, __ATOMIC_RELAXED);
  return 0;
}

// ---------------------------------------------------------------------------------------------------------------- _local

// Attributes by thread: dicts_ maps Mutator::id() to the thread's dict. All of them are listed, so that a thread that ends takes
// its dicts out.
class Local final : public Cell {
 public:
  void init(Dict* dicts, Tuple* args, Dict* kwargs) {
    dicts_.init(dicts);
    args_.init(args);
    kwargs_.init(kwargs);
    tail_.extra_.init(nullptr);
    previous_ = next_ = nullptr;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(dicts_, args_, kwargs_, tail_.extra_); }
  void finalize_native();
  Field<Dict> dicts_;
  Field<Tuple> args_;
  Field<Dict> kwargs_;
  Local *previous_, *next_;  // guarded by locals_mutex or a stopped world
  ObjectTail tail_;
};
static Mutex locals_mutex;
static Local* first_local = nullptr;

void Local::finalize_native() {
  if (previous_)
    previous_->next_ = next_;
  else if (first_local == this)
    first_local = next_;
  if (next_) next_->previous_ = previous_;
}

static void forget_thread_locals(Thread& thread) {
  RootVector all;
  {
    Guard guard(locals_mutex);
    for (Local* l = first_local; l; l = l->next_) all.push(Value(l));
  }
  Value key = Value::of_small_int(thread.id());
  for (Value v : all)
    if (dict_remove(thread, v.as<Local>()->dicts_.get(), key).is_failed()) thread.clear_pending();
}

static Result<Value> local_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, def.owner->type));
  bool has_arguments = n > 1 || (kwnames && kwnames->length());
  if (has_arguments && type->slot(Slot::init) == types.object->slot(Slot::init))
    return raise_type_error(thread, "Initialization arguments are not supported");
  Dict* dicts = TRY(make_dict(thread));
  TRY(dict_set(thread, dicts, Value::of_small_int(thread.id()), Value(TRY(make_dict(thread)))));
  Tuple* kept = TRY(make_tuple(thread, args + 1, static_cast<Index>(n - 1)));
  Dict* keywords = nullptr;
  if (kwnames && kwnames->length()) {
    keywords = TRY(make_dict(thread));
    for (Index i = 0; i < kwnames->length(); ++i)
      TRY(dict_set(thread, keywords, kwnames->at(i), args[n + static_cast<usize>(i)]));
  }
  Local* made = TRY(make_of<Local>(thread, type, dicts, kept, keywords));
  Guard guard(locals_mutex);
  made->next_ = first_local;
  if (first_local) first_local->previous_ = made;
  first_local = made;
  return Value(made);
}

// The calling thread's dict; the first use in a thread runs __init__.
static Result<Dict*> local_dict(Thread& thread, Local* self) {
  Value key = Value::of_small_int(thread.id());
  Value known = TRY(dict_find(thread, self->dicts_.get(), key));
  if (known != kNotFound) [[likely]]
    return known.as<Dict>();
  Dict* dict = TRY(make_dict(thread));
  TRY(dict_set(thread, self->dicts_.get(), key, Value(dict)));
  Type* type = type_of(Value(self));
  if (type->slot(Slot::init) == types.object->slot(Slot::init)) return dict;
  Result<Value> initialised = failed;
  Result<Value> init = find_special(thread, Value(self), names.dunder_init);
  if (!init.is_failed()) initialised = call_tuple_dict(thread, init.value(), self->args_.get(), self->kwargs_.get());
  if (initialised.is_failed()) {
    Exception* error = thread.take_pending();
    TRY(dict_remove(thread, self->dicts_.get(), key));
    thread.set_pending(error);
    return failed;
  }
  return dict;
}

static Result<Value> local_find_attribute(Thread& thread, Value self, Str* name) {
  Dict* dict = TRY(local_dict(thread, self.as<Local>()));
  if (name == names.dunder_dict) return dict;
  Type* type = type_of(self);
  Value descriptor = type_lookup(type, name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return call_get(thread, descriptor, self, type);
  if (Value v = dict_find_str(dict, name); v.is_present()) return v;
  return descriptor.is_present() ? call_get(thread, descriptor, self, type) : Result<Value>(kNotFound);
}
static Result<void> local_set_attribute(Thread& thread, Value self, Str* name, Value value) {
  Dict* dict = TRY(local_dict(thread, self.as<Local>()));
  if (name == names.dunder_dict)
    return raise_attribute_error_text(thread, "'{!t}' object attribute '{}' is read-only", self, name);
  Value descriptor = type_lookup(type_of(self), name);
  if (descriptor.is_present() && is_data_descriptor(descriptor)) return generic_set_attr(thread, self, name, value);
  if (value.is_present()) return dict_set_str(thread, dict, name, value);
  if (!TRY(dict_remove_str(thread, dict, name))) return raise_not_settable(thread, self, name);
  return ok;
}
static Result<Str*> attribute_name(Thread& thread, Value key) {
  if (!is<Str>(key)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", key);
  return str_intern(thread, key.as<Str>());
}
static Result<Value> local_getattribute(Thread& thread, Local* self, Value key) {
  Str* name = TRY(attribute_name(thread, key));
  Value v = TRY(local_find_attribute(thread, Value(self), name));
  if (v == kNotFound) return raise_attribute_error(thread, Value(self), name);
  return v;
}
static Result<void> local_setattr(Thread& thread, Local* self, Value key, Value value) {
  return local_set_attribute(thread, Value(self), TRY(attribute_name(thread, key)), value);
}
static Result<void> local_delattr(Thread& thread, Local* self, Value key) {
  return local_set_attribute(thread, Value(self), TRY(attribute_name(thread, key)), Value());
}
static constinit NativeDef local_methods[] = {
    native_raw(local_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<local_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<local_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),
    native<local_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),
};
static constexpr KindInfo local_kind() {
  KindInfo info = kind_info_of<Local>("thread-local data");
  info.has_opaque_words = true;  // its neighbours, which may be dead by now
  return info;
}

constinit TypeDef local_def = {
    .name = "_thread._local",
    .doc = "Thread-local data",
    .dynamic_kind = &DynamicKind<Local>::value,
    .payload_size = sizeof(Local),
    .flags = kTypeSubclassable | kTypeWeakrefable | kTypeHasDict,
    .methods = local_methods,
    .method_count = count_of(local_methods),
    .kind_info = local_kind(),
    .find_attribute = local_find_attribute,
    .set_attribute = local_set_attribute,
};

// ---------------------------------------------------------------------------------------------------------------- threads

// Thread::module_state_.
struct ThreadState {
  Root<Value> sentinel;  // a Lock to release at the end, or absent
};
static ThreadState& thread_state(Thread& thread) {
  if (!thread.module_state_) thread.module_state_ = new ThreadState;
  return *static_cast<ThreadState*>(thread.module_state_);
}

struct Boot {
  Root<Value> function, args, kwargs;
  Thread* thread;
  char name[kThreadNameSize];
};
static Atomic<i64> running_threads{0};
static Atomic<u64> ended_threads{0}, ended_when_counted{0};
static Atomic<usize> next_stack_size{0};
static constexpr usize kStackReserve = usize{256} << 10;  // beyond what was asked for: native frames are larger than CPython's

static void release_sentinel(Thread& thread) {
  auto* state = static_cast<ThreadState*>(thread.module_state_);
  thread.module_state_ = nullptr;
  Value lock = state ? state->sentinel.get() : Value();
  if (lock.is_present())
    lock.as<Lock>()->end_of_thread();
  else
    os_work_joined(current_os_work());  // a raw thread: nobody knows its ids
  delete state;
}

static void call_target(Thread& thread, Boot& boot) {
  Value function = boot.function.get(), kwargs = boot.kwargs.get();
  Result<Value> r = failed;
  {
    // All that the frames from here to the loop work with hangs on boot.
    ExactBase base(thread, is_python_callable(function) && kwargs.is_absent());
    r = call_tuple_dict(thread, function, boot.args.get().as<Tuple>(), kwargs.is_present() ? kwargs.as<Dict>() : nullptr);
  }
  if (!r.is_failed() || clear_pending_if(thread, exceptions.SystemExit)) return;
  report_unraisable(thread, "Exception ignored in thread started by", function);
}

static void begin_thread(Thread& thread, const char* name) {
  thread.python_ident_ = current_thread_handle();
  thread.attach(name);
  init_thread_interpreter(thread);
  link_thread(thread);
}
static void end_thread(Thread* thread) {
  release_sentinel(*thread);
  unlink_thread(*thread);
  leave_thread_interpreter(*thread);
  thread->detach();
  destroy_thread(thread);
}

static void run_thread(void* context) {
  auto* boot = static_cast<Boot*>(context);
  Thread* thread = boot->thread;
  begin_thread(*thread, boot->name);
  call_target(*thread, *boot);
  delete boot;
  forget_thread_locals(*thread);
  running_threads.fetch_add(-1);
  ended_threads.fetch_add(1);
  end_thread(thread);
}

Thread& attach_foreign_thread() {
  Thread* thread = make_thread();
  begin_thread(*thread, nullptr);
  return *thread;
}
void detach_foreign_thread(Thread& thread) {
  forget_thread_locals(thread);
  end_thread(&thread);
}

// What the kernel shows: the name of the threading.Thread, or of the function.
static void name_of_target(Thread& thread, Value function, char (&out)[kThreadNameSize]) {
  Value name = Value(type_of(function)->name());
  if (is<BoundMethod>(function)) {
    Value self = function.as<BoundMethod>()->self();
    function = function.as<BoundMethod>()->function();
    if (self.is_cell() && type_of(self)->has_flag(kTypeHasDict)) {
      Value own = instance_find(self.cell(), intern(thread, "_name"));
      if (is<Str>(own)) name = own;
      if (is<Str>(own)) function = kNone;
    }
  }
  if (is<Function>(function)) name = function.as<Function>()->name_.get();
  Value owner;
  std::string_view text = str_utf8_lossy(thread, name.as<Str>(), &owner);
  usize n = text.size() < kThreadNameSize - 1 ? text.size() : kThreadNameSize - 1;
  text.copy(out, n);
  out[n] = 0;
}

static Result<Value> start_new_thread(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "start_new_thread", kwnames));
  TRY(check_positional(thread, "start_new_thread", n, 2, 3));
  if (!is_callable(args[0])) return raise_type_error(thread, "first arg must be callable");
  if (!is<Tuple>(args[1])) return raise_type_error(thread, "2nd arg must be a tuple");
  if (n > 2 && !is<Dict>(args[2])) return raise_type_error(thread, "optional 3rd arg must be a dictionary");
  // It could never run, and start() would wait for it for ever. (3.11 may hang here; the text is that of later versions.)
  if (is_finalizing()) return raise_runtime_error(thread, "can't create new thread at interpreter shutdown");
  expect_second_thread();
  auto* boot = new Boot;
  boot->function.set(args[0]);
  boot->args.set(args[1]);
  if (n > 2) boot->kwargs.set(args[2]);
  boot->thread = make_thread();
  (void)thread_state(*boot->thread);  // here, so that a thread that only waits has no use for malloc(), and no arena there
  name_of_target(thread, args[0], boot->name);
  running_threads.fetch_add(1);
  usize stack = next_stack_size.load_relaxed();
  u64 ident = 0;
  if (start_os_thread(run_thread, boot, stack ? stack + kStackReserve : 0, &ident) != 0) {
    running_threads.fetch_add(-1);
    delete static_cast<ThreadState*>(boot->thread->module_state_);
    destroy_thread(boot->thread);
    delete boot;
    return raise_runtime_error(thread, "can't start new thread");
  }
  return int_from_u64(thread, ident);
}

// Only the forking thread is left, and is the main thread now. The others stand still for ever where they were: what their frames
// refer to stays alive, as with CPython, for to finalise it, or to call back its weak references, would be to meet the locks that
// they hold.
static void threads_in_child(Thread& thread) {
  for (Thread* other = first_thread(); other;) {
    Thread* next = other->next_thread_;
    if (other != &thread) {
      delete static_cast<ThreadState*>(other->module_state_);
      other->module_state_ = nullptr;
      unlink_thread(*other);
      keep_lost_thread(*other);
    }
    other = next;
  }
  locals_mutex.reinit_after_fork();
  set_main_thread(thread);
  running_threads.store(0);
}

static Result<Value> thread_get_ident(Thread& thread) { return int_from_u64(thread, thread.python_ident_); }
static Result<u64> thread_get_native_id(Thread&) { return u64{current_os_tid()}; }

// Who counts the threads goes on to look for what is left of those that ended (threading._dangling, weak references): what would
// be gone with reference counts is collected first, once for each time that threads ended.
static Result<i64> thread_count(Thread& thread) {
  constexpr u64 kMostCells = 1'000'000;  // some 5 to 10 ms
  u64 ended = ended_threads.load();
  if (ended_when_counted.load() != ended && heap_enabled() && heap_live_cells() <= kMostCells) {
    ended_when_counted.store(ended);
    collect_exactly(thread, Generation::Full);
    (void)run_finalizers(thread);  // reports its own errors
  }
  return running_threads.load();
}
static Result<Value> thread_exit(Thread& thread) { return raise_with_args(thread, exceptions.SystemExit, nullptr, 0); }
static Result<Value> thread_allocate_lock(Thread& thread) { return make_lock(thread); }

static Result<Value> thread_set_sentinel(Thread& thread) {
  Lock* lock = TRY(make_lock(thread));
  thread_state(thread).sentinel.set(Value(lock));
  return Value(lock);
}

static Result<Value> thread_stack_size_raw(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "stack_size", kwnames));
  TRY(check_positional(thread, "stack_size", n, 0, 1));
  usize old = next_stack_size.load_relaxed();
  if (n) {
    Index size = TRY(to_index_checked(thread, args[0], exceptions.OverflowError));
    if (size < 0) return raise_value_error(thread, "size must be 0 or a positive value");
    if (size != 0 && size < 32768) return raise_value_error(thread, "size not valid: {} bytes", size);
    next_stack_size.store_relaxed(static_cast<usize>(size));
  }
  return int_from_u64(thread, old);
}

static Result<void> thread_interrupt_main(Thread& thread, int signum) {
  if (!simulate_signal || !simulate_signal(signum)) return raise_value_error(thread, "signal number out of range");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- excepthook

static constexpr StructField except_hook_fields[] = {{"exc_type", "Exception type"},
                                                     {"exc_value", "Exception value"},
                                                     {"exc_traceback", "Exception traceback"},
                                                     {"thread", "Thread"}};
static constinit StructSequenceDef except_hook_args_def =
    struct_sequence("_thread._ExceptHookArgs",
                    "What threading.excepthook() is told about an exception.\n\nIt is a tuple whose items have names:\nexc_type, "
                    "exc_value, exc_traceback, thread.",
                    except_hook_fields, 4);

static Result<Value> excepthook_file(Thread& thread, Value thread_object) {
  Value file = dict_find_str(runtime.sys->dict(), names.stderr_);
  if (file.is_present() && !file.is_none()) return file;
  if (thread_object.is_none()) return kNone;
  // sys.stderr is gone at shutdown: the one the Thread saved.
  return get_attr_ascii(thread, thread_object, "_stderr");
}

static Result<Value> thread_excepthook(Thread& thread, Value args) {
  Type* type = TRY(struct_sequence_type(thread, except_hook_args_def));
  if (type_of(args) != type) return raise_type_error(thread, "_thread.excepthook argument type must be ExceptHookArgs");
  Tuple* items = args.as<Tuple>();
  Value exc_type = items->at(0), value = items->at(1), tb = items->at(2), thread_object = items->at(3);
  if (exc_type == Value(exceptions.SystemExit)) return kNone;
  Value file = TRY(excepthook_file(thread, thread_object));
  if (file.is_none()) return kNone;
  Value name = kNone;
  if (!thread_object.is_none()) {
    name = TRY(find_attr(thread, thread_object, names.name));
    if (name == kNotFound) name = kNone;
  }
  Value shown = name.is_none() ? TRY(int_from_u64(thread, thread.python_ident_)) : name;
  TRY(call_method(thread, file, names.write, Value(TRY(format_message(thread, "Exception in thread {}:\n", shown)))));
  if (is<Exception>(value) && is<Traceback>(tb)) value.as<Exception>()->traceback_.set(value.cell(), tb.as<Traceback>());
  TRY(print_exception(thread, value, file));
  TRY(call_method(thread, file, names.flush));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- the module

#define START_DOC                                                                                                                \
  "start_new_thread(function, args[, kwargs]) -> int\n\nRun a function in a new thread and return that thread's "                \
  "identifier.\n\nTakes the function, a tuple of positional arguments "                                                          \
  "and, optionally, a dict of\nkeyword arguments. The thread ends when the function does. What the function\nreturns is thrown " \
  "away; an exception that escapes from it is reported with its\ntraceback, or silently ignored in the case of "                 \
  "SystemExit.\n\nstart_new() is an old name for start_new_thread()."
#define ALLOCATE_DOC                                                                                                            \
  "Make a lock, initially unlocked, and return it.\n\nhelp(_thread.LockType) describes its methods. allocate() is an old name " \
  "for\nallocate_lock()."
#define EXIT_DOC                                                                                                         \
  "End the current thread by raising SystemExit.\n\nNothing is reported, and code that catches the exception keeps the " \
  "thread\ngoing. exit_thread() is an old name for exit()."
static constinit NativeDef thread_functions[] = {
    native_raw(start_new_thread, "start_new_thread(function, args, kwargs=<unrepresentable>, /)", START_DOC),
    native_raw(start_new_thread, "start_new(function, args, kwargs=<unrepresentable>, /)", START_DOC),
    native<thread_allocate_lock>("allocate_lock()", ALLOCATE_DOC),
    native<thread_allocate_lock>("allocate()", ALLOCATE_DOC),
    native<thread_exit>("exit()", EXIT_DOC),
    native<thread_exit>("exit_thread()", EXIT_DOC),
    native<thread_interrupt_main>(
        "interrupt_main(signum=2, /)",
        "Make the main thread act as though a signal had come in.\n\nThe one optional, positional argument is the signal's "
        "number, SIGINT unless\ngiven. The handler installed for it then runs in the main thread, whichever\nthread calls this; "
        "for SIGINT, that means KeyboardInterrupt unless the program\nhas set another handler. A signal that is ignored or left "
        "to the system's\ndefault action has no effect."),
    native<thread_get_ident>(
        "get_ident()",
        "Return a number that identifies the current thread.\n\nIt is never 0, and no two threads alive at the same time share "
        "it, so it makes\na good key for data that belongs to one thread. Read no meaning into the value\nitself: even where "
        "threads seem to be counted 1, 2, 3, nothing guarantees it.\nOnce a thread has ended, a later one may get its number."),
    native<thread_get_native_id>("get_native_id()",
                                 "Return the number by which the operating system knows this thread.\n\nIt is an int, not "
                                 "negative, that no other live thread on the whole system has."),
    native<thread_count>("_count()",
                         "Count the Python threads that are running, the main one left out.\n\nThreads count from their start, "
                         "by start_new_thread() or threading.Thread,\nuntil they end. This is internal; programs should look "
                         "at\nthreading.enumerate()."),
    native_raw(
        thread_stack_size_raw, "stack_size(size=0, /)",
        "stack_size([size]) -> int\n\nTell, and with an argument change, how big the stacks of new threads are.\n\nThe result is "
        "the size in bytes that was set before, 0 standing for the\ndefault.  size applies to threads started from now on; it is "
        "0 for the\ndefault, or 32768 or more.  Any other size raises ValueError and changes\nnothing."),
    native<thread_set_sentinel>("_set_sentinel()",
                                "Return a lock that tells when the current thread is really over.\n\nThe lock is released after "
                                "the interpreter has let go of the thread's state.\nFor the threading module's own use."),
    native<thread_excepthook>(
        "_excepthook(args, /)",
        "Report an exception that escaped from Thread.run().\n\nThe one argument is a sequence of four: exc_type, exc_value, "
        "exc_traceback and\nthe thread object. This is what threading.excepthook is by default."),
};

static Result<void> thread_exec(Thread& thread, Module* module) {
  register_fork_child_hook(threads_in_child);
  TRY(module_set(thread, module, "LockType", Value(TRY(type_from_def(thread, lock_def)))));
  TRY(module_set(thread, module, "RLock", Value(TRY(type_from_def(thread, rlock_def)))));
  TRY(module_set(thread, module, "_local", Value(TRY(type_from_def(thread, local_def)))));
  TRY(module_set(thread, module, "_ExceptHookArgs", Value(TRY(struct_sequence_type(thread, except_hook_args_def)))));
  TRY(module_set(thread, module, "error", Value(exceptions.RuntimeError)));
  return module_set(thread, module, "TIMEOUT_MAX", TRY(make_float(thread, 9223372036.0)));
}

ModuleDef thread_module = {.name = "_thread",
                           .doc =
                               "Threads and locks in their basic form.\n\nMost programs are better off with the threading "
                               "module, which is built on\nthis one.",
                           .functions = thread_functions,
                           .function_count = count_of(thread_functions),
                           .exec = thread_exec};

}  // namespace baton
