// See the header. mutex is never held across a safepoint, nor while anything else is locked.
#include "threads/crowd.h"

#include "threads/clock.h"
#include "threads/gil_core.h"
#include "threads/lock_bias.h"
#include "threads/os_thread.h"

namespace baton {

namespace {

// Long beside what it costs to change (a wake-up, a revoked bias), short beside the GIL's interval.
constexpr u64 kTurnNs = 300000;
constexpr u64 kAnswerNs = 50000;  // how long one who has asked looks for the answer
// One that stood aside on account of its processor, in vain, doesn't do so again for that long.
constexpr u64 kApartNs = 20000000;

// How long it holds, for all, that threads run into one another: until then one collision will do. Then they have to show it
// again.
constexpr u64 kKnownNs = 10000000;
constinit Atomic<u64> known_until{0};

// What a thread has seen of others. Collisions are with bytes that others held: not every lock that another processor's thread
// took last is one, but where that is so all the time they come about.
struct Crowd {
  static constexpr u32 kMost = 3;
  static constexpr u64 kSoonNs = 100000;  // collisions further apart than this are accidents
  // Who takes a lock less often than this does enough between its locks to gain from running beside others.
  static constexpr u64 kDenseNs = 250;
  static constexpr u64 kStayNs = 30000;  // whoever has just come back stays for so long
  u64 last = 0, duration = 0, came_back = 0, apart_until = 0;
  u32 last_taken = 0, taken = 0, collisions = 0;
  bool is_member = false;         // it has stood aside on account of objects
  bool shares_processor = false;  // found, and to be acted upon
  bool is_too_dense(u64 now, u32 taken_now) {
    u64 gap = ticks_between(last, now);
    u32 locks = (taken_now - last_taken) % LockBias::kStride + 1;
    last = now;
    last_taken = taken_now;
    if (now < known_until.load_relaxed()) return ticks_between(came_back, now) > ns_to_ticks(kStayNs);
    if (gap >= ns_to_ticks(kSoonNs)) {
      duration = taken = collisions = 0;
      return false;
    }
    duration += gap;
    taken += locks;
    if (++collisions < kMost) return false;
    bool is_dense = duration < ns_to_ticks(kDenseNs) * taken;
    duration = taken = collisions = 0;
    if (is_dense) known_until.store_relaxed(now + ns_to_ticks(kKnownNs));
    return is_dense;
  }
};
constinit thread_local Crowd crowd;

enum class Reason : u8 { Objects, Processor };
enum Answer : u32 { kNone, kWayMade, kSideBySide };

// A thread that stands aside, on its own stack.
struct Aside {
  Reason reason;
  bool makes_way;  // it was asked to
  bool asks = false;
  u32 processor = 0;  // where it ran when it asked
  Atomic<u32> answer{kNone};
  Aside* next = nullptr;
};
// Guarded by mutex: the queue, what its members ask, and when the turn of the one that runs began.
constinit Mutex mutex;
Aside* first_aside = nullptr;
u64 turn_began = 0;

void answer_first(Answer answer, u64 now) {
  Aside* first = first_aside;
  first_aside = first->next;
  turn_began = now;
  const u32* word = first->answer.address();
  first->answer.store(answer);  // from here on *first may be gone
  futex_wake(word, 1);
}

// How many are before it; it is in the queue.
u32 place_of(const Aside& me) {
  u32 place = 0;
  for (Aside* at = first_aside; at != &me; at = at->next) ++place;
  return place;
}

void append(Aside& me) {
  Aside** place = &first_aside;
  while (*place) place = &(*place)->next;
  *place = &me;
}

// False: it has asked in vain, and has left the queue.
bool wait_or_ask(Aside& me) {
  u64 wait_ns = 0;
  {
    Guard guard(mutex);
    if (me.answer.load_relaxed() != kNone) return true;
    u64 now = ticks();
    u64 spent = ticks_to_ns(ticks_between(turn_began, now)), due = kTurnNs * (place_of(me) + 1);
    if (spent < due) {
      wait_ns = due - spent;
    } else if (first_aside != &me) {
      wait_ns = kTurnNs;
    } else if (me.asks) {
      first_aside = me.next;
      turn_began = now;
      return false;
    } else {
      me.asks = true;
      me.processor = current_processor();
    }
  }
  if (wait_ns) {
    futex_wait(me.answer.address(), kNone, wait_ns);
    return true;
  }
  for_each_mutator([](Mutator& other) {
    if (other.is_running()) other.request(kMakeWay);
  });
  u64 asked = ticks();
  while (me.answer.load_acquire() == kNone && ticks_to_ns(ticks_between(asked, ticks())) < kAnswerNs) yield_os_thread();
  return true;
}

// The body of a parked_call.
void stand(void* pointer) {
  Aside& me = *static_cast<Aside*>(pointer);
  {
    Guard guard(mutex);
    u64 now = ticks();
    if (me.makes_way) {
      if (!first_aside) return;  // whoever asked has gone on meanwhile
      answer_first(kWayMade, now);
    } else if (!first_aside) {
      turn_began = now;
    }
    append(me);
  }
  while (me.answer.load_acquire() == kNone && wait_or_ask(me)) {
  }
}

void stand_aside(Mutator& mutator, Reason reason, bool makes_way) {
  if (mutator.lock_bytes_held()) return;
  Aside me{reason, makes_way};
  LockBias::step_aside(mutator);
  parked_call(mutator, stand, &me);
  LockBias::stop_aside(mutator);
  u64 now = ticks();
  crowd.came_back = now;
  if (me.answer.load_relaxed() == kWayMade)
    LockBias::look_soon(mutator);
  else if (reason == Reason::Processor)
    crowd.apart_until = now + ns_to_ticks(kApartNs);
  crowd.is_member = reason == Reason::Objects && me.answer.load_relaxed() != kSideBySide;
}

}  // namespace

void crowd_collided(Mutator& mutator, u64 now) {
  if (crowd.is_too_dense(now, LockBias::taken(mutator))) stand_aside(mutator, Reason::Objects, false);
}

void crowd_shares_processor(Mutator& mutator, u64 now) {
  if (now < crowd.apart_until) return;
  crowd.shares_processor = true;
  mutator.request(kMakeWay);
}

void crowd_polled(Mutator& mutator) {
  mutator.clear_request(kMakeWay);
  if (crowd.shares_processor) {
    crowd.shares_processor = false;
    return stand_aside(mutator, Reason::Processor, false);
  }
  Reason reason;
  {
    Guard guard(mutex);
    if (!first_aside || !first_aside->asks || is_finalizing()) return;  // the others don't run any more then
    u64 now = ticks();
    reason = first_aside->reason;
    bool makes_way;
    if (reason == Reason::Processor) {
      makes_way = current_processor() == first_aside->processor;
    } else {
      // Whom the others ran into needn't have run into them: it has the bias, since they are aside.
      if (!crowd.is_member && !LockBias::has_bias(mutator)) return;
      makes_way = now < known_until.load_relaxed();
      if (!makes_way) crowd.is_member = false;
    }
    if (!makes_way) return answer_first(kSideBySide, now);
  }
  stand_aside(mutator, reason, true);
}

void crowd_reinit_in_child() {
  mutex.reinit_after_fork();
  first_aside = nullptr;
}

}  // namespace baton
