// OS threads by pthreads, Linux names and ids.
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "threads/mutator.h"
#include "threads/os_thread.h"

extern "C" void* __libc_stack_end;  // glibc: the initial thread's stack pointer at process entry

namespace baton {

namespace {

struct Start {
  void (*entry)(void* context);
  void* context;
};

void* run(void* pointer) {
  Start start = *static_cast<Start*>(pointer);
  delete static_cast<Start*>(pointer);
  start.entry(start.context);
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

int start_os_thread(void (*entry)(void* context), void* context, usize stack_size, u64* handle) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int failed = stack_size ? pthread_attr_setstacksize(&attributes, stack_size) : 0;
  if (!failed) {
    auto* start = new Start{entry, context};
    pthread_t thread;
    failed = pthread_create(&thread, &attributes, run, start);
    if (failed)
      delete start;
    else if (handle)
      *handle = static_cast<u64>(thread);
  }
  pthread_attr_destroy(&attributes);
  return failed;
}

StackBounds current_stack_bounds() {
  char here;
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
  return bounds;
}

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
bool short_slice_was_used = false;     // relaxed atomic accesses: without it there is nothing to give back

}  // namespace

void request_time_slice(TimeSlice slice) {
  if (slice == TimeSlice::Default && !__atomic_load_n(&short_slice_was_used, __ATOMIC_RELAXED)) return;
  int saved = errno;
  SchedAttributes attributes{};
  bool ordinary = syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) == 0 && attributes.policy == 0;
  if (ordinary) {  // a thread under a policy of the user's choosing is left alone
    attributes.size = sizeof attributes;
    attributes.runtime = slice == TimeSlice::Short ? kShortSliceNs : 0;
    if (slice == TimeSlice::Short) __atomic_store_n(&short_slice_was_used, true, __ATOMIC_RELAXED);
    syscall(SYS_sched_setattr, 0, &attributes, 0);  // a refusal costs nothing but the wish
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
