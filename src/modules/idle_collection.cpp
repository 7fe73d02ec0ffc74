// Idle collections: when they are worth their pause, and the work itself.
//
// The pause must not be felt when the program goes on just then: bigger heaps wait for the next ordinary collection. All
// these collections together take a hundredth of the time at most.
#include "modules/idle_collection.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "interp/interp.h"
#include "objects/main_thread.h"
#include "objects/signals.h"
#include "objects/weakref.h"
#include "threads/clock.h"
#include "threads/gil.h"
#include "threads/look_on.h"

namespace baton {

static constexpr u64 kFirstLookNs = 100'000'000;
static constexpr u64 kMostCells = 1'000'000;  // some 5 to 10 ms
static constexpr u64 kShareOfTime = 100;
static constexpr u64 kNothingNs = 1'000;  // by so much two clocks may differ that are read one after the other
static constexpr int kMostRounds = 5;     // what finalisers let go of dies in the next one

// Waits for events.
static constexpr u64 kManyWaits = 200;            // in a window of so much time
static constexpr u64 kWindowNs = 100'000'000;     // kManyWaits in it are many
static constexpr u64 kLookAgainNs = 200'000'000;  // from one wait to the next
static constexpr u64 kStaleNs = 10'000'000'000;   // a look so long ago says nothing
static constexpr u64 kMostSeldomNs = 30'000'000'000;
static constexpr u64 kWorkNs = 3'000'000;  // a program that has used so much of a processor may have dropped things
static constexpr u32 kMostInVain = 12;

Atomic<i64> held_until_finalised{0};
Atomic<void (*)(Thread& thread)> give_up_held{nullptr};
Atomic<bool> calls_are_restarted{false};

// The main thread's; times in monotonic_ns().
static u64 next_allowed = 0;
static struct {
  u64 window = 0, waits = 0;                  // this window's beginning, its waits for events
  u64 looked = 0, cpu = 0, collections = 0;   // the last look in such a wait
  u64 collected = 0, cost = 0, cpu_then = 0;  // the last idle collection
  u32 in_vain = 0;                            // since something was finalised
} events;

static u64 cpu_ns(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<u64>(t.tv_sec) * 1'000'000'000 + static_cast<u64>(t.tv_nsec);
}
static u64 process_cpu_ns() { return cpu_ns(CLOCK_PROCESS_CPUTIME_ID); }
static u64 others_cpu_ns() {
  u64 all = process_cpu_ns();
  return all - cpu_ns(CLOCK_THREAD_CPUTIME_ID);
}

u32 IdleWait::waits = 0, IdleWait::skipped = 0;

IdleWait::IdleWait(Thread& thread, u64 deadline, IdleFor what) : deadline_(deadline), next_(kForever), what_(what) {
  if (what == IdleFor::Event ? !is_worth_it(thread) : !is_main_thread(thread)) return;
  u64 now = coarse_monotonic_ns();
  if (what == IdleFor::Lock) {
    next_ = now + kFirstLookNs;  // the first look may come a tick early
    return;
  }
  if (now - events.window > kWindowNs) {
    events.window = now;
    waits = 0;
  }
  if (++waits > kManyWaits) return;
  if (!events.looked || now - events.looked > kStaleNs) {
    events.looked = now;
    events.cpu = process_cpu_ns();
  }
  looked_ = events.looked;
  cpu_ = events.cpu;
  collections_ = heap_full_collections();  // one before this wait may have been too early
  next_ = looked_ + kLookAgainNs;
}

i64 IdleWait::nanoseconds_to_wait(i64 left) const {
  if (!looks() || left == 0) return left;
  u64 now = monotonic_ns();
  return next_ <= now ? 0 : static_cast<i64>(next_ - now);
}

int IdleWait::milliseconds_to_look() const {
  u64 now = monotonic_ns();
  return next_ <= now ? 0 : static_cast<int>((next_ - now + 999'999) / 1'000'000);
}

void give_up_what_is_dead(Thread& thread) {
  if (held_until_finalised.load_relaxed() > 0)
    if (auto* give_up = give_up_held.load_acquire()) give_up(thread);
}

static void collect_and_finalise(Thread& thread, bool is_exact, Value kept) {
  u64 began = cpu_ns(CLOCK_THREAD_CPUTIME_ID);  // on a busy machine the wall clock would count what others do
  if (events.in_vain < kMostInVain) ++events.in_vain;
  for (int round = 0; round < kMostRounds; ++round) {
    collect_exactly(thread, Generation::Full, is_exact, kept);
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    events.in_vain = 0;
    thread.clear_request(kFinalizers);
    MUST(run_finalizers(thread));  // reports what they raise
  }
  give_up_what_is_dead(thread);
  events.cost = cpu_ns(CLOCK_THREAD_CPUTIME_ID) - began;
  events.collected = monotonic_ns();
  events.cpu_then = process_cpu_ns();
  next_allowed = events.collected + events.cost * kShareOfTime;
}

bool IdleWait::may_collect(u64 now, u64 cpu) const {
  if (now < next_allowed) return false;
  if (collected_ && others_cpu_ns() <= others_ + kNothingNs) return false;
  if (what_ == IdleFor::Lock || cpu - events.cpu_then > kWorkNs) return true;
  u64 pause = (events.cost * kShareOfTime) << events.in_vain;
  return now - events.collected >= (pause < kMostSeldomNs ? pause : kMostSeldomNs);
}

bool IdleWait::timed_out(Thread& thread, bool is_exact, Value kept) {
  u64 now = monotonic_ns();
  if (now >= deadline_) return true;
  if (now < next_) return false;
  u64 cpu = process_cpu_ns();
  if (!looked_) {  // short waits pay for nothing of this
    looked_ = now;
    cpu_ = cpu;
    collections_ = heap_full_collections();
    next_ = now + kFirstLookNs;
    return false;
  }
  u64 elapsed = now - looked_;
  bool idle = (cpu - cpu_) * 10 < elapsed;
  if (heap_live_cells() > kMostCells || !heap_enabled() || is_finalizing()) {
    next_ = kForever;
    return false;
  }
  if (heap_full_collections() != collections_) {
    give_up_what_is_dead(thread);
    note_collection();
  } else if (idle && may_collect(now, cpu)) {
    collect_and_finalise(thread, is_exact, kept);
    note_collection();
    now = monotonic_ns();
    cpu = process_cpu_ns();
    if (now >= deadline_) return true;
  }
  looked_ = now;
  cpu_ = cpu;
  next_ = now + elapsed * 2;
  keep_look();
  return false;
}

void IdleWait::keep_look() {
  if (what_ == IdleFor::Event) {
    events.looked = looked_;
    events.cpu = cpu_;
  }
}

void IdleWait::note_collection() {
  collected_ = true;
  collections_ = heap_full_collections();
  others_ = others_cpu_ns();
}

// ---------------------------------------------------------------------------------------------------------------- before a call

static constexpr u64 kLongestNs = 20'000'000'000;  // then the call itself waits; whatever was dropped before has been found

static int wait_for(int fd, int milliseconds) {
  pollfd p{fd, POLLIN, 0};
  return ::poll(&p, 1, milliseconds);
}

BATON_NOINLINE Result<void> IdleWait::until(Thread& thread, int fd, bool is_exact, Value kept) {
  u64 begin = monotonic_ns();
  while (looks() && monotonic_ns() - begin < kLongestNs) {
    int ms = milliseconds_to_look();
    int r;
    {
      ExactStack stack(thread, is_exact, kept);
      LookOn looks_on(thread);
      auto look = [&] { return wait_for(fd, 0) == 0 ? Look::Nothing : Look::Found; };
      r = blocking(thread, [&] { return looks_on.until_found(look, false) ? 1 : wait_for(fd, ms); });
    }
    if (r == 0) {
      timed_out(thread, is_exact, kept);
    } else if (r < 0 && errno == EINTR) {
      TRY(check_signals(thread));
    } else {
      break;  // ready; or the call itself reports what is wrong
    }
  }
  return ok;
}

Result<void> idle_until_readable(Thread& thread, int fd, bool is_exact, Value kept) {
  return IdleWait(thread, kForever, IdleFor::Event).until_readable(thread, fd, is_exact, kept);
}

Result<void> IdleWait::until_readable(Thread& thread, int fd, bool is_exact, Value kept) {
  if (!looks() || calls_are_restarted.load_relaxed() || wait_for(fd, 0) != 0) return ok;
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK)) return ok;
  return until(thread, fd, is_exact, kept);
}

Result<void> IdleWait::until_ended(Thread& thread, int pid, bool is_exact, Value kept) {
  if (!looks() || calls_are_restarted.load_relaxed()) return ok;
  siginfo_t ended{};  // no child: the call itself reports it
  if (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || ended.si_pid) return ok;
  int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));  // closed by exec
  if (fd < 0) return ok;
  Result<void> done = until(thread, fd, is_exact, kept);
  ::close(fd);
  return done;
}

}  // namespace baton
