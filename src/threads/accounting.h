// What every thread did with its time, always on: two clock reads a blocking call or switch, none a bytecode.
// Each counter has one writer (the thread itself); readers on other threads see values at most one interval old,
// to which the snapshot adds the interval still open.
#pragma once
#include "threads/atomic.h"

namespace baton {
class Mutator;

// Why a thread is off the GIL (and, without a GIL, not running Python).
enum class BlockCause : u8 { Io, Lock, Sleep, Native };
inline constexpr usize kBlockCauses = 4;
const char* block_cause_name(BlockCause cause);

inline constexpr usize kHolderSlots = 8;
inline constexpr usize kThreadNameSize = 48;
inline constexpr usize kPlaceSize = 160;    // "file:line function"
inline constexpr usize kEndedThreads = 64;  // of those that have ended, so many are remembered one by one

// ---- snapshots: plain structs ----

struct HolderWait {
  u32 thread_id;  // Mutator::id() of the thread that held the GIL
  u64 ns;
};

struct ThreadAccount {
  u32 id;
  u32 os_tid;
  char name[kThreadNameSize];
  bool alive;
  bool is_io_bound;            // by the moving average of its hold times
  u64 attached_ns;             // since attach(), or reset_accounts()
  u64 cpu_ns;                  // of the processor, by the system's clock of this thread
  u64 running_ns;              // holding the GIL; free-threaded: not blocked
  u64 waiting_ns;              // wanting the GIL
  u64 stopped_ns;              // free-threaded: stopped for the collector and the like, or waiting for an object's lock
  u64 off_ns[kBlockCauses];    // by BlockCause
  u64 forced_switches;         // gave the GIL up because it was asked to
  u64 voluntary_switches;      // let go before a blocking call while somebody waited
  u64 acquisitions;            // of the GIL, contended or not
  u64 contended_acquisitions;  // of these, with a wait
  u64 longest_hold_ns;
  u64 longest_wait_ns;
  u64 longest_kept_ns;       // the longest part of a hold during which somebody waited,
  char kept_at[kPlaceSize];  // and where in the program it ended (may be empty)
  usize holder_count;
  HolderWait holders[kHolderSlots];  // who held the GIL while this thread waited, largest first
  u64 waiting_for_others_ns;         // the same for holders beyond the table
  u64 waiting_for_nobody_ns;         // the GIL was free or being handed over
};

struct GilAccount {
  bool enabled;
  const char* policy;
  u64 interval_us;
  u64 switches;  // the holder changed
  u64 forced_switches;
  u64 waiters;     // now
  u64 threads;     // attached now
  u64 elapsed_ns;  // since the start of the process, its fork or reset_accounts()
};

// The calling thread's or, with the thread known to be alive, any thread's account.
ThreadAccount thread_account(const Mutator& mutator);
// Up to `capacity` accounts of attached threads; answers how many threads there are.
usize thread_accounts(ThreadAccount* out, usize capacity);
// Sum over the threads that have detached; its id says how many they are.
ThreadAccount detached_account();
// Those of them that ran and waited most, kEndedThreads at most; answers how many.
usize ended_accounts(ThreadAccount* out);
GilAccount gil_account();
u64 os_thread_cpu_ns(u32 os_tid);  // of any thread of this process; 0 when it is gone
// All accounts begin anew. A thread in the middle of a hold may still report its longest one from before.
void reset_accounts();
// Of the process, in a forked child: only the calling thread is left, and begins anew.
void reset_accounts_in_child(Mutator& mutator);

// ---- the counters inside a Mutator, in ticks ----

// What an interval of a thread's life counts as. BlockedFirst + a BlockCause: off the GIL for that cause.
enum class Activity : u8 { None, Running, WaitingForGil, Stopped, BlockedFirst, kCount = BlockedFirst + kBlockCauses };
inline constexpr Activity blocked_for(BlockCause cause) {
  return static_cast<Activity>(static_cast<u8>(Activity::BlockedFirst) + static_cast<u8>(cause));
}

struct HolderSlot {
  Atomic<u32> id{0};
  Atomic<u64> ticks{0};
};

class LoopCallback;
class ThreadTimeline;

// Is told of the intervals of one thread, by that thread, while it is in the list of the thread's counters.
class TurnWatcher {
 public:
  // An interval of kind `closed` has ended, and one of kind `next` begun. In ticks.
  virtual void turn(Activity closed, u64 begin, u64 end, Activity next) = 0;
  TurnWatcher* next_watcher = nullptr;

 protected:
  ~TurnWatcher() = default;
};
void tell_watchers(TurnWatcher& first, Activity closed, u64 begin, u64 end, Activity next);

struct Counters {
  Atomic<u64> attached_at{0};
  u64 cpu_base = 0;      // ns on the kernel's clock of the OS thread at attach(): it may have served others before
  Atomic<u64> since{0};  // start of the open interval
  Atomic<Activity> activity{Activity::None};
  Atomic<u64> spent[static_cast<usize>(Activity::kCount)];
  Atomic<u64> forced{0}, voluntary{0}, acquisitions{0}, contended{0};
  Atomic<u64> longest_hold{0}, longest_wait{0}, longest_kept{0};
  char kept_at[kPlaceSize] = {};       // written and read by the GIL's owner
  ThreadTimeline* timeline = nullptr;  // null: none is kept. Owned
  TurnWatcher* watchers = nullptr;     // the timeline, and the callback
  LoopCallback* callback = nullptr;    // of an event loop, under way. (loop_account.h)
  ThreadAccount* base = nullptr;       // what reset_accounts() found: subtracted. Guarded by the registry's mutex
  HolderSlot holders[kHolderSlots];
  Atomic<u64> other_holders{0}, nobody{0};

  // Closes the open interval at `now` and opens one of another kind. Only the owner calls it.
  BATON_ALWAYS_INLINE u64 turn(Activity next, u64 now) {
    u64 start = since.load_relaxed();
    u64 interval = static_cast<i64>(now - start) > 0 ? now - start : 0;
    Activity closed = activity.load_relaxed();
    spent[static_cast<usize>(closed)].owner_add(interval);
    activity.store_relaxed(next);
    since.store_relaxed(now);
    if (watchers) [[unlikely]]
      tell_watchers(*watchers, closed, start, now, next);
    return interval;
  }
  u64 total(Activity kind) const { return spent[static_cast<usize>(kind)].load_relaxed(); }
  void add_holder_wait(u32 id, u64 ticks);
};

}  // namespace baton
