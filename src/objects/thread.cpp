// The list of Python threads, and the C++ stack guard.
#include "objects/thread.h"

#include <charconv>

#include "objects/code.h"
#include "objects/frame.h"
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

static Thread* lost_threads = nullptr;  // written by the only thread of a new process
Thread* first_lost_thread() { return lost_threads; }
void keep_lost_thread(Thread& thread) {
  thread.next_thread_ = lost_threads;
  lost_threads = &thread;
}

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

namespace {

// The end of a text, as far as it fits; what isn't ASCII becomes '?'.
usize copy_tail(char* out, usize room, const Str* text) {
  usize length = static_cast<usize>(text->length()), skipped = length > room ? length - room : 0;
  for (usize i = skipped; i < length; ++i) {
    u32 c = text->at(static_cast<Index>(i));
    *out++ = c >= ' ' && c < 127 ? static_cast<char>(c) : '?';
  }
  return length - skipped;
}

}  // namespace

void describe_thread_place(Mutator& mutator, char* out, usize size) {
  out[0] = 0;
  if (Frame* frame = static_cast<Thread&>(mutator).top_frame_) describe_frame_place(frame, out, size);
}

void describe_frame_place(const Frame* frame, char* out, usize size) {
  out[0] = 0;
  if (size < 128) return;
  usize n = copy_tail(out, 80, frame->code->filename());
  out[n++] = ':';
  n = static_cast<usize>(std::to_chars(out + n, out + n + 12, frame_line(frame)).ptr - out);
  out[n++] = ' ';
  n += copy_tail(out + n, size - n - 1, frame->code->name());
  out[n] = 0;
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
