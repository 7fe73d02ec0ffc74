// Waits for locks, as others see them, and their list for Python.
#include "modules/lock_waits.h"

#include "modules/config.h"
#include "modules/lock_names.h"
#include "objects/dict.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/raise.h"
#include "objects/str.h"
#include "threads/clock.h"

namespace baton {

static constexpr u64 kBetweenLooksNs = 1'000'000'000;

LockWaitNote::LockWaitNote(Thread& thread, Value what, bool endless) : thread_(thread), outer_(thread.lock_wait_), what_(what) {
  thread.lock_wait_ = {what, coarse_monotonic_ns(), outer_.number + 1, endless};
  if (endless && config.deadlock_report) [[unlikely]]
    next_look_ = monotonic_ns() + kBetweenLooksNs;
}

LockWaitNote::~LockWaitNote() {
  u64 number = thread_.lock_wait_.number;
  thread_.lock_wait_ = outer_;
  thread_.lock_wait_.number = number;  // so that no later wait is taken for this one
}

void LockWaitNote::look_if_due() {
  if (monotonic_ns() < next_look_) return;
  if (!search_) search_ = std::make_unique<DeadlockSearch>();
  search_->look(thread_);
  next_look_ = monotonic_ns() + kBetweenLooksNs;
}

std::vector<LockWaiter> lock_waiters() {
  std::vector<LockWaiter> waiters;
  for (Thread* t = first_thread(); t; t = t->next_thread_)
    if (t->lock_wait_.what.is_present()) waiters.push_back({t, t->lock_wait_, lock_holder(t->lock_wait_.what)});
  return waiters;
}

Result<Str*> python_thread_name(Thread& thread, u64 ident) {
  Value threading = dict_find_str(runtime.modules, intern(thread, "threading"));
  if (threading.is_present() && is<Module>(threading)) {
    Value active = dict_find_str(threading.as<Module>()->dict(), intern(thread, "_active"));
    Value object = is<Dict>(active) ? TRY(dict_find(thread, active.as<Dict>(), TRY(int_from_u64(thread, ident)))) : kNotFound;
    if (object != kNotFound && object.is_cell() && type_of(object)->has_flag(kTypeHasDict)) {
      Value name = instance_find(object.cell(), intern(thread, "_name"));
      if (is<Str>(name)) return name.as<Str>();
    }
  }
  return format_message(thread, "thread {}", ident);
}

}  // namespace baton
