// What the modules over the operating system share: argument types (paths, descriptors, ids), system calls retried after a
// signal, errors from errno, the fork sequence.
//
// Path arguments follow os.stat's rules: str, bytes, os.PathLike and, where allowed, a descriptor or None. `narrow` points into a
// bytes object (or an ASCII str) that the argument keeps alive; it ends with a zero byte and contains no other.
#pragma once
#include <fcntl.h>
#include <sys/types.h>

#include <cerrno>

#include "interp/interp.h"
#include "objects/bytes.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/signals.h"
#include "objects/str.h"
#include "threads/clock.h"
#include "threads/look_on.h"

namespace baton {

// --- system calls. call() answers like a system call: -1 and errno. Answers its last result, or failed when a handler raised.
template <BlockCause kCause = BlockCause::Io, class F>
Result<i64> retrying(Thread& thread, F&& call) {
  for (;;) {
    i64 r = blocking<kCause>(thread, [&]() -> i64 { return static_cast<i64>(call()); });
    if (r >= 0 || errno != EINTR) return r;
    TRY(check_signals(thread));
  }
}
// The same of a wait during which the thread's stack may be exact, with that object kept: see ExactStack.
template <class F>
Result<i64> retrying_exactly(Thread& thread, bool is_exact, Value kept, F&& call) {
  for (;;) {
    {
      ExactStack stack(thread, is_exact, kept);
      i64 r = blocking<BlockCause::Io>(thread, [&]() -> i64 { return static_cast<i64>(call()); });
      if (r >= 0 || errno != EINTR) return r;
    }
    TRY(check_signals(thread));
  }
}
// read(2) and write(2) so, between threads or processes that take turns: who has written has handed over, and looks on for a
// moment (LookOn) before it sleeps in a read. is_exact: see ExactStack.
Result<i64> read_waiting(Thread& thread, int fd, void* buffer, usize size, bool is_exact = false);
Result<i64> write_handing_over(Thread& thread, int fd, const void* data, usize size);
// As retrying; -1 raises OSError.
template <class F>
Result<i64> retrying_or_raise(Thread& thread, F&& call) {
  i64 r = TRY(retrying(thread, call));
  if (r < 0) return raise_os_error(thread, errno);
  return r;
}
inline Failed raise_errno(Thread& thread) { return raise_os_error(thread, errno); }

// --- paths
enum PathFlag : u32 { kPathPlain = 0, kPathNullable = 1, kPathFd = 2 };
struct PathArg {
  Value object;                  // what was given, for error reports; absent: None
  Value keep;                    // owner of narrow
  const char* narrow = nullptr;  // null: a descriptor, or None
  usize length = 0;
  int fd = -1;
  bool is_bytes = false;
  std::string_view text() const { return {narrow, length}; }
};
template <u32 kFlags>
struct Path : PathArg {};
using PlainPath = Path<kPathPlain>;
using PathOrFd = Path<kPathFd>;
using PathFdOrNone = Path<kPathFd | kPathNullable>;

bool convert_path(Thread& thread, NativeDef const& def, u32 parameter, Value v, u32 flags, PathArg* out);
template <u32 kFlags>
struct Converter<Path<kFlags>> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, Path<kFlags>* out) {
    return convert_path(thread, def, parameter, v, kFlags, out);
  }
};
// Text for the system, as PyUnicode_FSConverter takes it: str, bytes or PathLike; ValueError "embedded null byte".
Result<Bytes*> file_system_bytes(Thread& thread, Value v);
// os.fspath().
Result<Value> fspath(Thread& thread, Value path);
// A zero-terminated copy-free view of an exact Bytes.
inline const char* c_text(Bytes* b) { return reinterpret_cast<const char*>(b->data()); }
inline Failed raise_path_error(Thread& thread, const PathArg& path) {
  return raise_os_error_with_path(thread, errno, path.object);
}
inline Failed raise_path_error(Thread& thread, const PathArg& a, const PathArg& b) {
  return raise_os_error_with_path(thread, errno, a.object, b.object);
}

// --- other arguments
struct DirFd {
  int fd = AT_FDCWD;
};  // None or an integer
struct FdArg {
  int fd = -1;
};  // an integer or an object with fileno()
struct UserId {
  u32 id = 0;
};  // -1 allowed
struct GroupId {
  u32 id = 0;
};
struct OffsetArg {
  i64 value = 0;
};  // off_t
struct ModeArg {
  u32 mode = 0;
};
bool convert_dir_fd(Thread& thread, Value v, DirFd* out);
bool convert_fd(Thread& thread, Value v, FdArg* out);
bool convert_id(Thread& thread, Value v, u32* out, const char* what);
bool convert_offset(Thread& thread, Value v, OffsetArg* out);
#define BATON_OS_CONVERTER(type, call)                                                              \
  template <>                                                                                       \
  struct Converter<type> {                                                                          \
    static bool convert(Thread& thread, NativeDef const&, u32, Value v, type* out) { return call; } \
  };
BATON_OS_CONVERTER(DirFd, convert_dir_fd(thread, v, out))
BATON_OS_CONVERTER(FdArg, convert_fd(thread, v, out))
BATON_OS_CONVERTER(UserId, convert_id(thread, v, &out->id, "uid"))
BATON_OS_CONVERTER(GroupId, convert_id(thread, v, &out->id, "gid"))
BATON_OS_CONVERTER(OffsetArg, convert_offset(thread, v, out))
template <>
struct Converter<ModeArg> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, ModeArg* out) {
    int mode;
    if (!convert_int(thread, v, &mode)) return false;
    out->mode = static_cast<u32>(mode);
    return true;
  }
};
// PyObject_AsFileDescriptor: an int, or fileno() of an object.
Result<int> fd_of(Thread& thread, Value v);

// --- values
Result<Str*> file_system_text(Thread& thread, std::string_view bytes);  // surrogateescape
inline Result<Str*> file_system_text(Thread& thread, const char* bytes) {
  return file_system_text(thread, std::string_view(bytes));
}
// Seconds since the epoch as an int of nanoseconds.
Result<Value> nanoseconds_value(Thread& thread, i64 seconds, i64 nanoseconds);
// Seconds (int or float) to a timespec, rounded down; with CPython's errors.
Result<void> timespec_from(Thread& thread, Value v, timespec* out);
// Seconds as nanoseconds, rounded away from zero (timeouts) or down (points in time).
enum class TimeRounding : u8 { Timeout, Floor };
Result<i64> nanoseconds_from(Thread& thread, Value seconds, TimeRounding rounding);

// --- modules in several files
struct NativeTable {
  NativeDef* rows;
  u32 count;
};
Result<void> module_add_functions(Thread& thread, Module* module, ModuleDef& def, NativeTable table);
Result<void> module_set_int(Thread& thread, Module* module, std::string_view name, i64 value);

// --- fork
// Hooks of native modules, run in the child before any Python code (first registered first).
void register_fork_child_hook(void (*hook)(Thread& thread));
// os.register_at_fork callbacks; errors are reported as unraisable. The answer is for run_after_fork_callbacks. Failed: a
// signal's handler has raised, and there is to be no fork.
Result<Index> run_before_fork_callbacks(Thread& thread);
void run_after_fork_callbacks(Thread& thread, bool in_child, Index registered);
// fork() with the runtime's own preparations and repairs, without the Python callbacks. 0 in the child.
pid_t fork_runtime(Thread& thread);
// What fork_runtime does around its call, for others that fork (forkpty).
void prepare_fork(Thread& thread);
void finish_fork(Thread& thread, bool in_child);

}  // namespace baton
