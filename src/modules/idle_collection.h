// A collection while the whole program waits: what reference counting would have finalised by then is finalised.
//
// A program may wait for what only a finaliser or a weak reference's callback sets going: it drops a ThreadPoolExecutor and joins
// its threads, which end when the executor has died; or it drops its end of a pipe and waits for the process that reads the other
// end. Where nothing allocates, no collection would ever be due.
#pragma once
#include "objects/main_thread.h"
#include "objects/thread.h"

namespace baton {

// How many things there are that other processes may wait for and that a finaliser gives up: locks of databases. While there are
// any, time.sleep() is such a wait, too. What finalisers have left to do then is done by give_up_held, if it is set.
extern Atomic<i64> held_until_finalised;
extern Atomic<void (*)(Thread& thread)> give_up_held;
void give_up_what_is_dead(Thread& thread);  // without a collection

// Set for good by signal.siginterrupt(..., False): the kernel goes on with calls after some signals, whose handlers are to run
// when the call is over. Looks would run them earlier.
extern Atomic<bool> calls_are_restarted;

// What a thread waits for. Waits for descriptors, processes and time come in great numbers in programs that exchange messages,
// and as short pieces of a long one in loops that poll: where there are many none of them is looked at, since a time-out costs
// the kernel a timer; and the looks go on from one wait to the next. They collect less and less often as long as that is in vain.
enum class IdleFor : u8 { Lock, Event };

// One wait of the main thread. It looks at the clock after 0.1 s, 0.2 s, 0.4 s ... and collects if the process has hardly used a
// processor since the last look. It collects again only if other threads have run since: where the machine is busy they may look
// idle while they still hold what they are about to let go of.
class IdleWait {
 public:
  // Whether a wait for an event that begins now might have looks; asked for every one, before its IdleWait is made.
  static bool is_worth_it(Thread& thread) { return is_main_thread(thread) && (waits < kManyWaits || (++skipped & kSkips) == 0); }
  // deadline: in monotonic_ns(), kForever: none. On other threads this does nothing but keep the deadline.
  IdleWait(Thread& thread, u64 deadline, IdleFor what = IdleFor::Lock);
  // When to wake up at the latest: the next look, or the deadline.
  u64 wake_at() const { return next_ < deadline_ ? next_ : deadline_; }
  // There is a look to come before the deadline; how many milliseconds from now, rounded up.
  bool looks() const { return next_ < deadline_; }
  int milliseconds_to_look() const;
  // What is left till the deadline (negative: it is kForever), or till the look to come.
  i64 nanoseconds_to_wait(i64 left) const;
  // After a wait that ended at wake_at(): true if that was the deadline. Else it may collect and run finalisers, whose exceptions
  // are reported, and the wait goes on. is_exact, kept: see ExactStack.
  bool timed_out(Thread& thread, bool is_exact, Value kept);
  // Before a system call without a time-out that waits for fd: waits for the same so that there can be looks, until the call
  // needn't wait. Fails if a signal's handler raised. At once if the descriptor doesn't block.
  Result<void> until_readable(Thread& thread, int fd, bool is_exact, Value kept);
  // The same for process pid to end; a child of this process, above zero.
  Result<void> until_ended(Thread& thread, int pid, bool is_exact, Value kept);

 private:
  Result<void> until(Thread& thread, int fd, bool is_exact, Value kept);
  void note_collection();
  void keep_look();
  bool may_collect(u64 now, u64 cpu) const;
  u64 deadline_, next_, looked_ = 0, cpu_ = 0, collections_ = 0;
  bool collected_ = false;  // since the wait began
  IdleFor what_;
  // Waits for events in this window of time, and how many have been skipped since there were many. Of the main thread.
  static constexpr u32 kManyWaits = 200, kSkips = 15;
  static u32 waits, skipped;
  u64 others_ = 0;  // what the other threads had used of a processor then
};

// An IdleWait's until_readable(). Best called before there are big buffers on the stack: what they happen to hold is scanned.
// exact() answers is_exact, if that is asked.
Result<void> idle_until_readable(Thread& thread, int fd, bool is_exact, Value kept);
template <class F>
Result<void> idle_until_readable(Thread& thread, int fd, Value kept, F&& exact) {
  return IdleWait::is_worth_it(thread) ? idle_until_readable(thread, fd, exact(), kept) : Result<void>(ok);
}

}  // namespace baton
