// One thread's private place to sleep: unpark() leaves a token that the next park() consumes, so a wake-up is never lost.
// Only the owning thread parks; anybody unparks. It knows nothing of mutators: park inside blocking().
#pragma once
#include "threads/atomic.h"
#include "threads/futex.h"

namespace baton {

class Parker {
 public:
  constexpr Parker() = default;

  // Sleeps until a token is there and takes it. False when the time ran out first.
  bool park(u64 timeout_ns = kForever);
  void unpark() {
    if (word_.exchange(kToken) == kSleeping) futex_wake(word_.address(), 1);
  }
  void reinit_after_fork() { word_.store(kEmpty); }

 private:
  static constexpr u32 kEmpty = 0, kToken = 1, kSleeping = 2;
  Atomic<u32> word_{kEmpty};
};

}  // namespace baton
