// OS threads by pthreads, Linux names and ids.
//
// A thread whose work has ended waits a moment for more: starting a thread is then a wake-up instead of a clone with a fresh
// stack (measured, start and join of one: docs/gil.md). While it waits every signal is blocked; with the new work it gets the
// mask of its starter, as a new thread would. A kernel's id stands for the work it did as long as somebody may look at it: only
// after a join does it serve again. Threads of a special stack size, or whose own settings in the kernel were changed (affinity,
// priority), are not kept.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "threads/futex.h"
#include "threads/look_on.h"
#include "threads/mutator.h"
#include "threads/os_thread.h"

extern "C" void* __libc_stack_end;  // glibc: the initial thread's stack pointer at process entry

namespace baton {

namespace {

struct Start {
  void (*entry)(void* context);
  void* context;
  bool keep;  // the thread may take more work afterwards
  u64 serial;
  usize stack_size;
  Start* next = nullptr;  // of spare_starts
};

constexpr u32 kMostIdle = 64;
constexpr u64 kIdleNs = 200000000;

struct IdleThread {
  Atomic<u32> woken{0};
  Start start{};
  sigset_t mask{};
  pthread_t handle{};
  IdleThread* next = nullptr;
};

Mutex idle_mutex;
ForkMutex idle_fork_mutex{idle_mutex};
Atomic<bool> idle_mutex_is_registered{false};
IdleThread* idle_threads = nullptr;  // guarded by idle_mutex, as the count is
u32 idle_count = 0;
// Of fresh threads that have begun, for the next ones: a thread that gave it back to malloc() would get an arena's cache of its
// own for that. Guarded by idle_mutex.
Start* spare_starts = nullptr;
thread_local bool is_private = false;  // settings of its own: not to be kept
Atomic<u64> last_serial{0};
thread_local u64 current_serial = 0;
thread_local bool is_fresh = false;  // started here, and at its first work
// The latest joined work of each remainder: what it misses costs a fresh thread, nothing else.
constexpr usize kJoinedSlots = 256;
Atomic<u64> joined_serials[kJoinedSlots];

bool is_joined(u64 serial) { return joined_serials[serial % kJoinedSlots].load() == serial; }

bool remove_idle(IdleThread* wanted) {
  for (IdleThread** at = &idle_threads; *at; at = &(*at)->next) {
    if (*at != wanted) continue;
    *at = wanted->next;
    --idle_count;
    return true;
  }
  return false;
}

void put_spare(Start* start) {
  Guard guard(idle_mutex);
  start->next = spare_starts;
  spare_starts = start;
}

Start* take_spare() {
  Guard guard(idle_mutex);
  Start* start = spare_starts;
  if (!start) return new Start;
  spare_starts = start->next;
  return start;
}

// False: nothing came, or enough others wait.
bool wait_for_more(Start& start) {
  if (is_private) return false;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  IdleThread me;
  me.handle = pthread_self();
  me.start = start;
  {
    Guard guard(idle_mutex);
    if (idle_count >= kMostIdle) return false;
    me.next = idle_threads;
    idle_threads = &me;
    ++idle_count;
  }
  bool in_time = true;
  while (!me.woken.load_acquire()) {
    if (!in_time) {
      Guard guard(idle_mutex);
      if (remove_idle(&me)) return false;
    }
    in_time = futex_wait(me.woken.address(), 0, in_time ? kIdleNs : kForever);
  }
  start = me.start;
  pthread_sigmask(SIG_SETMASK, &me.mask, nullptr);
  return true;
}

// Of those that were joined: the last one to wait is the first one to go, as its stack is the warmest.
bool start_on_idle_thread(const Start& start, u64* handle) {
  IdleThread* idle;
  {
    Guard guard(idle_mutex);
    for (idle = idle_threads; idle && !is_joined(idle->start.serial);) idle = idle->next;
    if (!idle) return false;
    remove_idle(idle);
  }
  idle->start = start;
  pthread_sigmask(SIG_BLOCK, nullptr, &idle->mask);
  if (handle) *handle = static_cast<u64>(idle->handle);
  const u32* word = idle->woken.address();
  idle->woken.store(1);  // from here on *idle may be gone
  futex_wake(word, 1);
  return true;
}

thread_local StackBounds known_bounds;  // of a thread that was started here: it has them from the start

// From the caller's frame to `size` bytes below the stack's top, less what the thread's own data and the guard page take of it.
// (pthread_getattr_np asks the kernel for the affinity, and for the limits of the process.)
StackBounds bounds_from(char* frame, usize size) {
  constexpr usize kGuardAndMore = usize{64} << 10;
  usize above = static_cast<usize>(reinterpret_cast<char*>(pthread_self()) - frame);
  if (above >= size || above + kGuardAndMore >= size) return {};  // not laid out as expected
  return {frame, frame + above + kGuardAndMore - size};
}

void* run(void* pointer) {
  Start start = *static_cast<Start*>(pointer);
  put_spare(static_cast<Start*>(pointer));
  known_bounds = bounds_from(static_cast<char*>(__builtin_frame_address(0)), start.stack_size);
  is_fresh = true;
  do {
    current_serial = start.serial;
    start.entry(start.context);
    is_fresh = false;
  } while (start.keep && wait_for_more(start));
  return nullptr;
}

constexpr usize kUnlimitedStack = usize{8} << 20;

// pthread_getattr_np would parse /proc/self/maps for the initial thread.
StackBounds initial_stack_bounds() {
  rlimit limit{};
  usize size = kUnlimitedStack;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) size = limit.rlim_cur;
  char* base = static_cast<char*>(__libc_stack_end);
  return {base, base - size};
}

bool lies_within(const StackBounds& bounds, const void* address) {
  auto* place = static_cast<const char*>(address);
  return place <= bounds.base && place > bounds.limit;
}

}  // namespace

u64 current_thread_handle() { return static_cast<u64>(pthread_self()); }

void keep_os_thread_private() { is_private = true; }
u64 current_os_work() { return current_serial; }
bool is_fresh_os_thread() { return is_fresh; }
void os_work_joined(u64 work) { joined_serials[work % kJoinedSlots].store(work); }

void forget_idle_threads_in_child() {
  idle_threads = nullptr;
  idle_count = 0;
}

int start_os_thread(void (*entry)(void* context), void* context, usize stack_size, u64* handle) {
  if (idle_mutex_is_registered.try_change(false, true)) register_fork_mutex(idle_fork_mutex);
  Start wanted{entry, context, stack_size == 0, last_serial.fetch_add(1) + 1, 0};
  if (wanted.keep && start_on_idle_thread(wanted, handle)) {
    note_hand_over();
    return 0;
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int failed = stack_size ? pthread_attr_setstacksize(&attributes, stack_size) : 0;
  if (!failed) {
    pthread_attr_getstacksize(&attributes, &wanted.stack_size);
    Start* start = take_spare();
    *start = wanted;
    pthread_t thread;
    failed = pthread_create(&thread, &attributes, run, start);
    if (failed)
      put_spare(start);
    else if (handle)
      *handle = static_cast<u64>(thread);
  }
  pthread_attr_destroy(&attributes);
  if (!failed) note_hand_over();
  return failed;
}

StackBounds current_stack_bounds() {
  char here;
  if (known_bounds.base && lies_within(known_bounds, &here)) return known_bounds;
  StackBounds initial = initial_stack_bounds();
  // By address, not by thread id: in a child forked from a worker the only thread runs on that worker's stack.
  if (lies_within(initial, &here)) return initial;
  pthread_attr_t attributes;
  StackBounds bounds;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void* lowest = nullptr;
    usize size = 0;
    pthread_attr_getstack(&attributes, &lowest, &size);
    pthread_attr_destroy(&attributes);
    bounds = {static_cast<char*>(lowest) + size, static_cast<char*>(lowest)};
  }
  BATON_CHECK(lies_within(bounds, &here), "the thread's stack bounds contain its frames");
  known_bounds = bounds;
  return bounds;
}

u32 current_process_id() { return static_cast<u32>(getpid()); }
u32 current_processor() { return static_cast<u32>(sched_getcpu()); }
u32 current_os_tid() { return static_cast<u32>(syscall(SYS_gettid)); }

void name_os_thread(const char* name) {
  char cut[16];
  strncpy(cut, name, 15);
  cut[15] = 0;
  prctl(PR_SET_NAME, cut, 0, 0, 0);
}

namespace {

// struct sched_attr of sched_setattr(2), version 0, which the C library doesn't declare.
struct SchedAttributes {
  u32 size, policy;
  u64 flags;
  i32 nice;
  u32 priority;
  u64 runtime, deadline, period;
};
constexpr u64 kShortSliceNs = 100000;  // the least the kernel grants
constexpr u64 kLongSliceNs = 4000000;  // above the kernel's own, 0.7 ms * (1 + log2 of the processors)
Atomic<bool> slices_were_used{false};  // else there is nothing to give back

}  // namespace

void request_time_slice(u32 tid, TimeSlice slice) {
  if (slice == TimeSlice::Default && !slices_were_used.load_relaxed()) return;
  int saved = errno;
  SchedAttributes attributes{};
  bool ordinary = syscall(SYS_sched_getattr, tid, &attributes, sizeof attributes, 0) == 0 && attributes.policy == 0;
  if (ordinary) {  // a thread under a policy of the user's choosing is left alone
    attributes.size = sizeof attributes;
    attributes.runtime = slice == TimeSlice::Short ? kShortSliceNs : slice == TimeSlice::Long ? kLongSliceNs : 0;
    if (slice != TimeSlice::Default) slices_were_used.store_relaxed(true);
    syscall(SYS_sched_setattr, tid, &attributes, 0);  // a refusal costs nothing but the wish
  }
  errno = saved;
}

void yield_os_thread() { sched_yield(); }

void sleep_os_thread(u64 ns) {
  timespec left{static_cast<time_t>(ns / 1000000000), static_cast<long>(ns % 1000000000)};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace baton
