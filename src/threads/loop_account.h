// What asyncio's event loops did with their threads' time, while a report is kept (-X gil_report): how many callbacks they ran,
// which took so long that everything else on the loop had to wait, and where in the program.
//
// A callback is timed from the moment the loop calls it until it returns, whatever it did meanwhile: computed, slept, read a
// file. Where it spent the longest of its intervals (accounting.h) is looked up as that ends. Off, a callback tests one flag.
#pragma once
#include "threads/accounting.h"

namespace baton {

class Mutator;

// From here on a callback is slow, and told of one by one.
inline constexpr u64 kSlowCallbackNs = 50000000;

// Of a process. Plain data.
struct LoopAccount {
  u64 callbacks = 0, slow = 0;  // slow: of kSlowCallbackNs and more
  u64 busy_ns = 0, slow_ns = 0, longest_ns = 0;
  char longest_what[kPlaceSize] = {};  // the longest callback: a task's name and coroutine, or the function
  char longest_at[kPlaceSize] = {};    // "file:line function" where it spent most of it (may be empty)
};

namespace loop_account {
// Constant between start-up and the end of the process.
extern bool is_on;
// Of all loops of this process.
LoopAccount total();
void reset();
void reset_in_child();
}  // namespace loop_account

// One callback of an event loop, from its construction to its destruction on the loop's thread. Only while loop_account::is_on.
class LoopCallback final : public TurnWatcher {
 public:
  explicit LoopCallback(Mutator& mutator);
  ~LoopCallback();
  LoopCallback(const LoopCallback&) = delete;
  LoopCallback& operator=(const LoopCallback&) = delete;
  // The callback that this thread is in; null: none, or none is timed.
  static LoopCallback* of(const Mutator& mutator);

  void turn(Activity closed, u64 begin, u64 end, Activity next) override;
  // Whether it has taken so long by now that it will be told of.
  bool is_slow() const;
  // What it is, and where in the program it is now; the first to tell is believed. Texts of kPlaceSize at most are kept.
  void describe(const char* what, const char* at);

 private:
  Mutator& mutator_;
  u64 began_, last_turn_;
  u64 longest_ = 0;  // interval, in ticks
  char what_[kPlaceSize] = {};
  char at_[kPlaceSize] = {};      // where the longest interval ended
  char end_at_[kPlaceSize] = {};  // where the callback ended
};

}  // namespace baton
