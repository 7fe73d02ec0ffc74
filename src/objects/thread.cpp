// The list of Python threads, and the C++ stack guard.
#include "objects/thread.h"

#include "objects/main_thread.h"
#include "objects/raise.h"
#include "threads/mutex.h"
#include "threads/os_thread.h"

namespace baton {

static Thread* threads = nullptr;
static Mutex thread_list_mutex;
static Thread* the_main_thread = nullptr;  // the first one linked; after a fork the one that forked
i64 default_recursion_limit = 1000;
bool (*simulate_signal)(int signal_number) = nullptr;

Thread* main_thread() { return the_main_thread; }
void set_main_thread(Thread& thread) { the_main_thread = &thread; }

Thread* first_thread() { return threads; }

void link_thread(Thread& thread) {
  if (!thread.python_ident_) thread.python_ident_ = current_thread_handle();
  Guard guard(thread_list_mutex);
  if (!the_main_thread) the_main_thread = &thread;
  thread.next_thread_ = threads;
  thread.recursion_limit_ = default_recursion_limit;
  threads = &thread;
}

void unlink_thread(Thread& thread) {
  Guard guard(thread_list_mutex);
  for (Thread** at = &threads; *at; at = &(*at)->next_thread_) {
    if (*at == &thread) {
      *at = thread.next_thread_;
      return;
    }
  }
}

Result<void> check_native_depth(Thread& thread, const char* where) {
  if (static_cast<char*>(__builtin_frame_address(0)) > thread.native_stack_limit_) [[likely]]
    return ok;
  return raise_recursion_error(thread, "maximum recursion depth exceeded{}", where);
}

Result<void> NativeDepth::check() {
  if (thread_.recursion_depth_ > thread_.recursion_limit_) [[unlikely]]
    return raise_recursion_error(thread_, "maximum recursion depth exceeded{}", where_);
  return check_native_depth(thread_, where_);
}

}  // namespace baton
