// Looking on before sleeping, by a thread that waits for the next turn after handing one over.
//
// Two threads that take turns wake each other at every turn: a wake-up, a sleep and the kernel's search for a processor take
// longer than most turns do. So the one that has just handed over doesn't sleep at once: it lets others run (sched_yield) and
// looks again, for kLongestNs at most. On one processor the other thread's whole turn lies within the first yield; on two, no
// processor has to be woken from its idle state. Who releases what a thread looks on at makes no system call.
//
// The kernel puts a thread that yields behind all others, of other programs too: beside a program that computes on the same
// processor each yield takes that one's whole time slice. So a yield that takes too long shuts the gate for the process,
// for four times as long each time (LookOnGate); and a thread whose looking on was in vain several times does it seldom.
#pragma once
#include "threads/atomic.h"
#include "threads/mutator.h"

namespace baton {

// Whether looking on pays, by what came of it; `now` is ticks().
class LookOnGate {
 public:
  static constexpr u64 kTooLongNs = 150000;  // for one yield
  static constexpr u64 kFirstShutNs = 8000000;
  static constexpr u32 kMostSteps = 5;    // of the time that it is shut, each four times the one before: 8 s
  static constexpr u32 kCalmTurns = 256;  // turns in a row after which that time is one step shorter

  // What a thread remembers.
  struct Record {
    u32 in_vain = 0;  // in a row
    u32 skipped = 0;
    u32 turns = 0;
  };
  bool is_open(u64 now) const { return now >= shut_until_.load_relaxed(); }
  // The same, for a thread that looks on seldom if that was in vain.
  bool lets_in(Record& record, u64 now) const;
  void paid(Record& record);
  void was_in_vain(Record& record) { ++record.in_vain; }
  void took_too_long(Record& record, u64 now);

 private:
  Atomic<u64> shut_until_{0};
  Atomic<u32> steps_{0};
};

// The calling thread has released something that another one looks on at, or made another thread ready to run by a system call.
// So has one that has written to a pipe or a socket, of another process maybe.
void note_hand_over();

// For the calling thread, which is Running and about to make a system call that can't wait and is over within microseconds:
// whether it had better keep the GIL. So it is where a computing thread waits, for which a gap is too short to be worth the
// hand-over there and back.
bool keeps_gil_in_short_calls();

// For a computing thread, Running or not, that a wait for the GIL has just ended: lets those run first that wait for this
// processor. Woken together with one that waits for a message, on a processor that was idle or is about to be, it may be the one
// that the kernel runs, until the next tick: who becomes entitled to run meanwhile isn't looked at before. Under a gate of its
// own, as beside another program that computes it would lose the processor for a time slice.
void let_woken_go_first();

// What one look sees: nothing yet; what was waited for; that looking makes no sense.
enum class Look : u8 { Nothing, Found, Useless };

// One wait. Made by a Running mutator; the rest in its blocking region.
class LookOn {
 public:
  static constexpr u64 kLongestNs = 60000;
  enum class Target : u8 { Turn, Gil };  // wanted after a hand-over; by a thread that waits for the GIL, always

  explicit LookOn(Mutator& mutator, Target target = Target::Turn);
  bool is_wanted() const { return wanted_; }
  // In the blocking region. look() is called while nobody has the GIL, and answers with a Look. True: Found; else it is time to
  // sleep. The first look may be left out where it costs a system call and there is hardly anything to see yet.
  template <class Function>
  bool until_found(Function&& look, bool looks_first = true) {
    if (!wanted_ || (!looks_first && !yield())) return false;
    do {
      Look seen = may_go_on() ? look() : Look::Nothing;
      if (seen == Look::Useless) return false;
      if (seen == Look::Nothing) continue;
      paid();
      return true;
    } while (yield());
    return false;
  }

 private:
  bool may_go_on() const;
  // Lets others run. False: long enough.
  bool yield();
  void paid();

  Mutator& mutator_;
  Target target_;
  bool wanted_;
  u64 began_ = 0, last_ = 0;
};

}  // namespace baton
