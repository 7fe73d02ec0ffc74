// Who waits for which lock, and who holds it: known of every thread while it waits (baton.gil.waits()), and with -X
// deadlock_report looked at every second by those who wait without a limit.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "objects/thread.h"

namespace baton {

// The search for a deadlock, on behalf of a thread that waits without a limit (deadlock.cpp).
class DeadlockSearch {
 public:
  // What was there at the last look, too, is told on standard error, once. Raises nothing; runs no Python code.
  void look(Thread& thread);
  using Members = std::vector<std::pair<u32, u64>>;  // Mutator::id() of each thread, and the number of its wait

 private:
  Members last_;
};

// One wait of the calling thread for a lock or a queue, from before it first blocks. Waits nest: handlers of signals run
// meanwhile.
class LockWaitNote {
 public:
  LockWaitNote(Thread& thread, Value what, bool endless);
  ~LockWaitNote();
  LockWaitNote(const LockWaitNote&) = delete;
  LockWaitNote& operator=(const LockWaitNote&) = delete;

  // When to wake up at the latest, in monotonic_ns(): the given time, or that of the next look.
  u64 wake_at(u64 deadline) const { return next_look_ < deadline ? next_look_ : deadline; }
  // After a wait that ended at wake_at(): looks for a deadlock if it is time. Raises nothing; runs no Python code.
  void look() {
    if (next_look_ != kNever) [[unlikely]]
      look_if_due();
  }
  // A signal's handlers run: the thread doesn't wait.
  template <class F>
  auto while_not_waiting(F handlers) {
    thread_.lock_wait_.what = Value();
    auto result = handlers();
    thread_.lock_wait_.what = what_;
    return result;
  }

 private:
  static constexpr u64 kNever = ~u64{0};
  void look_if_due();

  Thread& thread_;
  LockWaitState outer_;
  Value what_;
  u64 next_look_ = kNever;
  std::unique_ptr<DeadlockSearch> search_;  // from the first look
};

// A waiting thread, as others see it. In a stopped world, and as long as it waits.
struct LockWaiter {
  Thread* thread;
  LockWaitState state;
  u64 holder;  // ident of the thread that has the lock; 0: nobody, or unknown
};
std::vector<LockWaiter> lock_waiters();  // all that wait, in the order of first_thread(); the world is stopped

// The name of the threading.Thread with this ident, or "thread IDENT". Runs no Python code.
Result<Str*> python_thread_name(Thread& thread, u64 ident);

}  // namespace baton
