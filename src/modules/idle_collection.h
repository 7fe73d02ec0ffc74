// A collection while the whole program waits: what reference counting would have finalised by then is finalised.
//
// A program may wait for what only a finaliser or a weak reference's callback sets going: it drops a ThreadPoolExecutor and joins
// its threads, which end when the executor has died. Where nothing allocates, no collection would ever be due.
#pragma once
#include "objects/thread.h"

namespace baton {

// How many things there are that other processes may wait for and that a finaliser gives up: locks of databases. While there are
// any, time.sleep() is such a wait, too. What finalisers have left to do then is done by give_up_held, if it is set.
extern Atomic<i64> held_until_finalised;
extern Atomic<void (*)(Thread& thread)> give_up_held;
void give_up_what_is_dead(Thread& thread);  // without a collection

// One wait of the main thread. It looks at the clock after 0.1 s, 0.2 s, 0.4 s ... and collects if the process has hardly used a
// processor since the last look. It collects again only if other threads have run since: where the machine is busy they may look
// idle while they still hold what they are about to let go of.
class IdleWait {
 public:
  // deadline: in monotonic_ns(), kForever: none. On other threads this does nothing but keep the deadline.
  IdleWait(Thread& thread, u64 deadline);
  // When to wake up at the latest: the next look, or the deadline.
  u64 wake_at() const { return next_ < deadline_ ? next_ : deadline_; }
  // After a wait that ended at wake_at(): true if that was the deadline. Else it may collect and run finalisers, whose exceptions
  // are reported, and the wait goes on. is_exact, kept: see ExactStack.
  bool timed_out(Thread& thread, bool is_exact, Value kept);

 private:
  void note_collection();
  u64 deadline_, next_, looked_ = 0, cpu_ = 0, collections_ = 0;
  bool collected_ = false;  // since the wait began
  u64 others_ = 0;          // what the other threads had used of a processor then
};

}  // namespace baton
