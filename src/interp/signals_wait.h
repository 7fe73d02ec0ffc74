// Python code that C++ runs on its own account, and whose exceptions are reported and forgotten: what a signal's handler or an
// asynchronous exception raises there would be lost, a Ctrl-C for instance. It waits for the end of that code, if that isn't far
// away.
#pragma once
#include "interp/interp.h"
#include "threads/clock.h"

namespace baton {

class SignalsWait {
 public:
  explicit SignalsWait(Thread& thread) : state_(interp_state(thread)), outer_(state_.spared_until) {
    if (!outer_) state_.spared_until = monotonic_ns() + kMostNs;
  }
  ~SignalsWait() { state_.spared_until = outer_; }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  static constexpr u64 kMostNs = 200'000'000;
  InterpState& state_;
  u64 outer_;
};

}  // namespace baton
