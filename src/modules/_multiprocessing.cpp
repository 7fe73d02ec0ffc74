// _multiprocessing: SemLock, a semaphore or recursive lock shared between processes by name.
//
// count_ and owner_ are this process's: how often this thread holds it. A thread that waits lets go of the GIL; signals are
// handled on the way (PEP 475).
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>

#include <climits>
#include <ctime>

#include "modules/os_support.h"
#include "objects/dict.h"
#include "objects/raw_arguments.h"

namespace baton {

enum SemKind : int { kRecursiveMutex = 0, kSemaphore = 1 };

class SemLock final : public Cell {
 public:
  void init(sem_t* handle, int kind, int max, Value name) {
    handle_ = handle;
    owner_ = 0;
    count_ = 0;
    max_ = max;
    kind_ = kind;
    name_.init(name);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(name_); }
  void finalize_native() {
    if (handle_ != SEM_FAILED) ::sem_close(handle_);
    handle_ = SEM_FAILED;
  }
  int count() const { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }
  bool is_mine() const { return count() > 0 && __atomic_load_n(&owner_, __ATOMIC_RELAXED) == static_cast<u64>(::pthread_self()); }
  // Owner first: who finds the count raised finds its owner, too.
  void note_acquired() {
    __atomic_store_n(&owner_, static_cast<u64>(::pthread_self()), __ATOMIC_RELAXED);
    __atomic_fetch_add(&count_, 1, __ATOMIC_RELEASE);
  }

  sem_t* handle_;
  u64 owner_;  // last thread of this process to acquire it
  int count_, max_, kind_;
  Field<Value> name_;
};

static Result<Bytes*> semaphore_name(Thread& t, Value name) {
  if (!is<Str>(name)) return raise_type_error(t, "argument must be str, not {!a}", name);
  return file_system_bytes(t, name);
}

static Result<Value> semlock_new(Thread& t, Type* type, int kind, int value, int max, Str* name, bool unlink) {
  if (kind != kRecursiveMutex && kind != kSemaphore) return raise_value_error(t, "unrecognized kind");
  Bytes* text = TRY(semaphore_name(t, Value(name)));
  sem_t* handle = ::sem_open(c_text(text), O_CREAT | O_EXCL, 0600, static_cast<u32>(value));
  if (handle == SEM_FAILED) return raise_errno(t);
  if (unlink && ::sem_unlink(c_text(text)) < 0) {
    int error = errno;
    ::sem_close(handle);
    return raise_os_error(t, error);
  }
  Result<SemLock*> made = make_of<SemLock>(t, type, handle, kind, max, unlink ? kNone : Value(name));
  if (made.is_failed()) ::sem_close(handle);
  return made;
}

static Result<Value> semlock_rebuild(Thread& t, Type* type, Value handle, int kind, int max, Value name) {
  sem_t* semaphore;
  if (name.is_none()) {
    u64 address = 0;
    if (!convert_u64(t, handle, &address)) return failed;
    semaphore = reinterpret_cast<sem_t*>(address);
  } else {
    semaphore = ::sem_open(c_text(TRY(semaphore_name(t, name))), 0);
    if (semaphore == SEM_FAILED) return raise_errno(t);
  }
  return TRY(make_of<SemLock>(t, type, semaphore, kind, max, name));
}

static Result<bool> semlock_acquire(Thread& t, SemLock* self, int block, Value timeout) {
  if (self->kind_ == kRecursiveMutex && self->is_mine()) {
    self->note_acquired();
    return true;
  }
  timespec deadline = {};
  bool timed = !timeout.is_none() && block;
  if (timed) {
    double seconds;
    if (!convert_double(t, timeout, &seconds)) return failed;
    if (seconds < 0) seconds = 0;
    ::clock_gettime(CLOCK_REALTIME, &deadline);
    double whole = static_cast<double>(static_cast<i64>(seconds));
    deadline.tv_sec += static_cast<i64>(whole);
    deadline.tv_nsec += static_cast<i64>(1e9 * (seconds - whole) + 0.5);
    deadline.tv_sec += deadline.tv_nsec / 1000000000;
    deadline.tv_nsec %= 1000000000;
  }
  sem_t* handle = self->handle_;
  int r;
  do {
    r = ::sem_trywait(handle);
  } while (r < 0 && errno == EINTR);
  while (r < 0 && block && (errno == EAGAIN || errno == EINTR)) {
    auto look = [handle] { return ::sem_trywait(handle) == 0 ? Look::Found : Look::Nothing; };
    LookOn looks(t);
    r = blocking<BlockCause::Lock>(t, [&] {
      if (looks.until_found(look)) return 0;
      return timed ? ::sem_timedwait(handle, &deadline) : ::sem_wait(handle);
    });
    if (r == 0) break;
    if (errno != EINTR) break;
    TRY(check_signals(t));
    errno = EINTR;
  }
  if (r < 0) {
    if (errno == EAGAIN || errno == ETIMEDOUT) return false;
    return raise_errno(t);
  }
  lock_just_taken = true;
  self->note_acquired();
  return true;
}

static Result<void> semlock_release(Thread& t, SemLock* self) {
  if (self->kind_ == kRecursiveMutex) {
    if (!self->is_mine()) return raise(t, exceptions.AssertionError, "attempt to release recursive lock not owned by thread");
    if (self->count() > 1) {
      __atomic_fetch_sub(&self->count_, 1, __ATOMIC_RELEASE);
      return ok;
    }
  } else {
    int value;
    if (::sem_getvalue(self->handle_, &value) < 0) return raise_errno(t);
    if (value >= self->max_) return raise_value_error(t, "semaphore or lock released too many times");
  }
  __atomic_fetch_sub(&self->count_, 1, __ATOMIC_RELEASE);  // before the next owner counts
  if (::sem_post(self->handle_) == 0) {
    note_hand_over();
    return ok;
  }
  Failed failure = raise_errno(t);
  __atomic_fetch_add(&self->count_, 1, __ATOMIC_RELEASE);
  return failure;
}

static Result<bool> semlock_enter(Thread& t, SemLock* self) { return semlock_acquire(t, self, true, kNone); }
static Result<void> semlock_exit(Thread& t, SemLock* self, Value, Value, Value) { return semlock_release(t, self); }
static Result<int> semlock_count(Thread&, SemLock* self) { return self->count(); }
static Result<bool> semlock_is_mine(Thread&, SemLock* self) { return self->is_mine(); }
static Result<int> semlock_get_value(Thread& t, SemLock* self) {
  int value;
  if (::sem_getvalue(self->handle_, &value) < 0) return raise_errno(t);
  return value < 0 ? 0 : value;
}
static Result<bool> semlock_is_zero(Thread& t, SemLock* self) { return TRY(semlock_get_value(t, self)) == 0; }
static Result<void> semlock_after_fork(Thread&, SemLock* self) {
  self->count_ = 0;
  return Result<void>();
}

static Result<Value> get_handle(Thread& t, Value v) { return int_from_u64(t, reinterpret_cast<u64>(v.as<SemLock>()->handle_)); }
static Result<Value> get_kind(Thread&, Value v) { return Value::of_small_int(v.as<SemLock>()->kind_); }
static Result<Value> get_max(Thread&, Value v) { return Value::of_small_int(v.as<SemLock>()->max_); }
static Result<Value> get_name(Thread&, Value v) { return v.as<SemLock>()->name_.get(); }
static Result<void> finish_semlock(Thread& t, Type* type) {
  return dict_set_ascii(t, type->dict(), "SEM_VALUE_MAX", Value::of_small_int(SEM_VALUE_MAX));
}

static constinit NativeDef semlock_methods[] = {
    native<semlock_new>("__new__(type, kind, value, maxvalue, name, unlink)",
                        "Make an instance; the class's own help describes the arguments."),
    native<semlock_acquire>("acquire($self, /, block=True, timeout=None)", "Acquire the semaphore/lock."),
    native<semlock_release>("release($self, /)", "Release the semaphore/lock."),
    native<semlock_enter>("__enter__($self, /)", "Enter the semaphore/lock."),
    native<semlock_exit>("__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)", "Exit the semaphore/lock."),
    native<semlock_count>("_count($self, /)", "Return how often this process has acquired the lock and not released it."),
    native<semlock_is_mine>("_is_mine($self, /)", "Whether the lock is owned by this thread."),
    native<semlock_get_value>("_get_value($self, /)", "Get the value of the semaphore."),
    native<semlock_is_zero>("_is_zero($self, /)", "Return whether semaphore has value zero."),
    native<semlock_rebuild>("_rebuild($type, handle, kind, maxvalue, name, /)", ""),
    native<semlock_after_fork>("_after_fork($self, /)", "Rezero the net acquisition count after fork()."),
};
static GetSetDef semlock_getsets[] = {{"handle", get_handle, nullptr, "", true},
                                      {"kind", get_kind, nullptr, "", true},
                                      {"maxvalue", get_max, nullptr, "", true},
                                      {"name", get_name, nullptr, "", true}};
static constinit TypeDef semlock_def = {.name = "_multiprocessing.SemLock",
                                        .doc = "Semaphore/Mutex type",
                                        .dynamic_kind = &DynamicKind<SemLock>::value,
                                        .payload_size = sizeof(SemLock),
                                        .flags = kTypeSubclassable,
                                        .methods = semlock_methods,
                                        .method_count = count_of(semlock_methods),
                                        .getsets = semlock_getsets,
                                        .getset_count = 4,
                                        .kind_info = kind_info_of<SemLock>("_multiprocessing.SemLock"),
                                        .finish = finish_semlock};

static Result<void> multiprocessing_sem_unlink(Thread& t, Str* name) {
  if (::sem_unlink(c_text(TRY(semaphore_name(t, Value(name))))) < 0) return raise_errno(t);
  return ok;
}
static constinit NativeDef multiprocessing_functions[] = {native<multiprocessing_sem_unlink>("sem_unlink($module, name, /)")};
static TypeDef* const multiprocessing_types[] = {&semlock_def};
static Result<void> multiprocessing_exec(Thread& t, Module* module) {
  Dict* flags = TRY(make_dict(t));
  TRY(dict_set_ascii(t, flags, "HAVE_SEM_OPEN", Value::of_small_int(1)));
  TRY(dict_set_ascii(t, flags, "HAVE_SEM_TIMEDWAIT", Value::of_small_int(1)));
  return module_set(t, module, "flags", Value(flags));
}
ModuleDef multiprocessing_module = {.name = "_multiprocessing",
                                    .functions = multiprocessing_functions,
                                    .function_count = count_of(multiprocessing_functions),
                                    .types = multiprocessing_types,
                                    .type_count = 1,
                                    .exec = multiprocessing_exec};

}  // namespace baton
