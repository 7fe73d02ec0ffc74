// posix: open files by descriptor: reading, writing, positions, locks, pipes, terminals, inheritance.
#include <langinfo.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "heap/clear_stack.h"
#include "heap/large_cells.h"
#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"

namespace baton {

static constexpr usize kStackBuffer = 4096;

static Result<int> posix_open(Thread& t, PlainPath path, int flags, int mode, DirFd dir_fd) {
  TRY(audit(t, "open", path.object, kNone, Value::of_small_int(flags | O_CLOEXEC)));
  clear_stack_below<2048>();  // of what an open() before may have left, see finish_dropped_writers_of
  if (flags & (O_TRUNC | O_APPEND)) finish_dropped_writers_of(t, dir_fd.fd, path.narrow);
  i64 fd = TRY(retrying(t, [&] { return ::openat(dir_fd.fd, path.narrow, flags | O_CLOEXEC, mode); }));
  if (fd < 0) return raise_path_error(t, path);
  if ((flags & O_ACCMODE) != O_WRONLY) finish_dropped_writers_of(t, static_cast<int>(fd));
  return static_cast<int>(fd);
}

static Result<void> posix_close(Thread& t, int fd) {
  // Not retried: after EINTR the descriptor is closed already, and may be somebody else's by now.
  int r = blocking(t, [&] { return ::close(fd); });
  if (r < 0 && errno != EINTR) return raise_errno(t);
  return ok;
}
static Result<void> posix_closerange(Thread& t, int low, int high) {
  blocking(t, [&] {
    if (low < 0) low = 0;
    if (high > low && ::close_range(static_cast<u32>(low), static_cast<u32>(high - 1), 0) == 0) return;
    for (int fd = low; fd < high; ++fd) ::close(fd);
  });
  return ok;
}

// A result of unknown size, read into a buffer outside the heap.
template <class F>
static Result<Value> read_bytes(Thread& t, i64 length, F&& call) {
  if (length < 0) {
    errno = EINVAL;
    return raise_errno(t);
  }
  usize size = static_cast<usize>(length);
  char small[kStackBuffer];
  char* buffer = size <= sizeof small ? small : static_cast<char*>(malloc(size));
  if (!buffer) return raise_memory_error(t);
  Result<i64> n = call(buffer, size);
  Result<Value> result = failed;
  if (!n.is_failed()) {
    if (n.value() < 0)
      result = raise_errno(t);
    else
      result = bytes_from(t, buffer, static_cast<usize>(n.value()));
  }
  if (buffer != small) free(buffer);
  return result;
}

// Of a read of many bytes: how many are there now, if they are many. They go straight into the bytes object then.
static usize much_to_read(int fd, Index length) {
  constexpr Index kMuch = 65536;
  int waiting = 0;
  if (length < kMuch || ::ioctl(fd, FIONREAD, &waiting) < 0 || waiting < kMuch) return 0;
  return static_cast<usize>(waiting < length ? waiting : length);
}

static Result<Value> posix_read(Thread& t, int fd, Index length) {
  auto is_exact = [&] { return is_called_by_instruction(t, native<posix_read>("read($module, fd, length, /)").entry); };
  if (length > 0) TRY(idle_until_readable(t, fd, Value(), is_exact));
  if (usize much = much_to_read(fd, length)) {
    Bytes* data = TRY(bytes_allocate(t, much));
    heap_will_be_filled(data, much);
    u8* to = bytes_mutable_data(data);
    i64 got = TRY(read_waiting(t, fd, to, much));
    if (got < 0) return raise_errno(t);
    if (static_cast<usize>(got) == much) return data;
    return bytes_from(t, to, static_cast<usize>(got));  // others were quicker, or the end came
  }
  return read_bytes(t, length, [&](char* buffer, usize n) { return read_waiting(t, fd, buffer, n, is_exact()); });
}
static Result<Value> posix_pread(Thread& t, int fd, Index length, OffsetArg offset) {
  return read_bytes(t, length,
                    [&](char* buffer, usize n) { return retrying(t, [&] { return ::pread(fd, buffer, n, offset.value); }); });
}
static Result<i64> posix_write(Thread& t, int fd, BufferView data) {
  i64 n = TRY(write_handing_over(t, fd, data.data, data.size));
  if (n < 0) return raise_errno(t);
  return n;
}
static Result<i64> posix_pwrite(Thread& t, int fd, BufferView data, OffsetArg offset) {
  return retrying_or_raise(t, [&] { return ::pwrite(fd, data.data, data.size, offset.value); });
}

// Buffers of readv and friends, exported for the call.
class IoVectors {
 public:
  ~IoVectors() {
    for (usize i = 0; i < count_; ++i) release_buffer(views_[i]);
    free(views_);
    free(vectors_);
  }
  Result<void> fill(Thread& t, const char* function, Value sequence, bool writable) {
    if (type_of(sequence)->slot(Slot::getitem).is_absent() || is<Dict>(sequence))
      return raise_type_error(t, "{}() arg 2 must be a sequence", function);
    Tuple* items = TRY(tuple_from_iterable(t, sequence));
    usize n = static_cast<usize>(items->length());
    if (n == 0) return ok;
    views_ = static_cast<WritableBuffer*>(calloc(n, sizeof(WritableBuffer)));
    vectors_ = static_cast<iovec*>(calloc(n, sizeof(iovec)));
    if (!views_ || !vectors_) return raise_memory_error(t);
    items_ = Value(items);  // the views point into objects that this keeps alive
    for (usize i = 0; i < n; ++i) {
      Value v = items->at(static_cast<Index>(i));
      if (writable ? !convert_writable(t, v, &views_[i]) : !convert_buffer(t, v, &views_[i])) return failed;
      vectors_[i] = {const_cast<u8*>(views_[i].data), views_[i].size};
      ++count_;
    }
    return ok;
  }
  iovec* data() { return vectors_; }
  int count() const { return static_cast<int>(count_); }

 private:
  WritableBuffer* views_ = nullptr;
  iovec* vectors_ = nullptr;
  usize count_ = 0;
  Value items_;
};

static Result<i64> posix_readv(Thread& t, int fd, Value buffers) {
  IoVectors io;
  TRY(io.fill(t, "readv", buffers, true));
  return retrying_or_raise(t, [&] { return ::readv(fd, io.data(), io.count()); });
}
static Result<i64> posix_writev(Thread& t, int fd, Value buffers) {
  IoVectors io;
  TRY(io.fill(t, "writev", buffers, false));
  return retrying_or_raise(t, [&] { return ::writev(fd, io.data(), io.count()); });
}
static Result<i64> posix_preadv(Thread& t, int fd, Value buffers, OffsetArg offset, int flags) {
  IoVectors io;
  TRY(io.fill(t, "preadv2", buffers, true));
  return retrying_or_raise(t, [&] { return ::preadv2(fd, io.data(), io.count(), offset.value, flags); });
}
static Result<i64> posix_pwritev(Thread& t, int fd, Value buffers, OffsetArg offset, int flags) {
  IoVectors io;
  TRY(io.fill(t, "pwritev2", buffers, false));
  return retrying_or_raise(t, [&] { return ::pwritev2(fd, io.data(), io.count(), offset.value, flags); });
}

static Result<i64> posix_lseek(Thread& t, int fd, OffsetArg position, int how) {
  i64 r = blocking(t, [&] { return ::lseek(fd, position.value, how); });
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<void> posix_ftruncate(Thread& t, int fd, OffsetArg length) {
  TRY(audit(t, "os.truncate", Value::of_small_int(fd), Value(TRY(int_from_i64(t, length.value)))));
  clear_stack_below<4096>();
  finish_dropped_writers_of(t, fd);
  TRY(retrying_or_raise(t, [&] { return ::ftruncate(fd, length.value); }));
  return ok;
}
static Result<void> posix_fsync(Thread& t, FdArg fd) {
  TRY(retrying_or_raise(t, [&] { return ::fsync(fd.fd); }));
  return ok;
}
static Result<void> posix_fdatasync(Thread& t, FdArg fd) {
  TRY(retrying_or_raise(t, [&] { return ::fdatasync(fd.fd); }));
  return ok;
}
static Result<void> posix_sync(Thread& t) {
  blocking(t, [] { ::sync(); });
  return ok;
}
static Result<void> posix_lockf(Thread& t, int fd, int command, OffsetArg length) {
  TRY(audit(t, "os.lockf", Value::of_small_int(fd), Value::of_small_int(command), Value(TRY(int_from_i64(t, length.value)))));
  if (blocking(t, [&] { return ::lockf(fd, command, length.value); }) < 0) return raise_errno(t);
  return ok;
}
// These answer the error number instead of setting errno.
template <class F>
static Result<void> numbered(Thread& t, F&& call) {
  for (;;) {
    int error = blocking(t, call);
    if (error == 0) return ok;
    if (error != EINTR) return raise_os_error(t, error);
    TRY(check_signals(t));
  }
}
static Result<void> posix_posix_fallocate(Thread& t, int fd, OffsetArg offset, OffsetArg length) {
  return numbered(t, [&] { return ::posix_fallocate(fd, offset.value, length.value); });
}
static Result<void> posix_posix_fadvise(Thread& t, int fd, OffsetArg offset, OffsetArg length, int advice) {
  return numbered(t, [&] { return ::posix_fadvise(fd, offset.value, length.value, advice); });
}

static Result<i64> posix_sendfile(Thread& t, int out_fd, int in_fd, Value offset, Index count) {
  if (offset.is_none())
    return retrying_or_raise(t, [&] { return ::sendfile(out_fd, in_fd, nullptr, static_cast<usize>(count)); });
  OffsetArg start;
  if (!convert_offset(t, offset, &start)) return failed;
  return retrying_or_raise(t, [&] { return ::sendfile(out_fd, in_fd, &start.value, static_cast<usize>(count)); });
}

static Result<i64*> optional_offset(Thread& t, Value v, OffsetArg* out) {
  if (!v.is_none() && !convert_offset(t, v, out)) return failed;
  return &out->value;
}
static Result<i64> posix_copy_file_range(Thread& t, int src, int dst, Index count, Value offset_src, Value offset_dst) {
  if (count < 0) return raise_value_error(t, "negative value for 'count' not allowed");
  OffsetArg from, to;
  i64* in = TRY(optional_offset(t, offset_src, &from));
  i64* out = TRY(optional_offset(t, offset_dst, &to));
  return retrying_or_raise(t, [&] {
    return ::copy_file_range(src, offset_src.is_none() ? nullptr : in, dst, offset_dst.is_none() ? nullptr : out,
                             static_cast<usize>(count), 0);
  });
}
static Result<i64> posix_splice(Thread& t, int src, int dst, Index count, Value offset_src, Value offset_dst, u32 flags) {
  if (count < 0) return raise_value_error(t, "negative value for 'count' not allowed");
  OffsetArg from, to;
  i64* in = TRY(optional_offset(t, offset_src, &from));
  i64* out = TRY(optional_offset(t, offset_dst, &to));
  return retrying_or_raise(t, [&] {
    return ::splice(src, offset_src.is_none() ? nullptr : in, dst, offset_dst.is_none() ? nullptr : out,
                    static_cast<usize>(count), flags);
  });
}

// ---------------------------------------------------------------------------------------------------------------- new
// descriptors

static Result<Value> fd_pair(Thread& t, int a, int b) { return TRY(tuple_of(t, Value::of_small_int(a), Value::of_small_int(b))); }

static Result<Value> posix_pipe(Thread& t) {
  int fds[2];
  if (blocking(t, [&] { return ::pipe2(fds, O_CLOEXEC); }) < 0) return raise_errno(t);
  return fd_pair(t, fds[0], fds[1]);
}
static Result<Value> posix_pipe2(Thread& t, int flags) {
  int fds[2];
  if (::pipe2(fds, flags) < 0) return raise_errno(t);
  return fd_pair(t, fds[0], fds[1]);
}
static Result<int> posix_dup(Thread& t, int fd) {
  int r = blocking(t, [&] { return ::fcntl(fd, F_DUPFD_CLOEXEC, 0); });
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<int> posix_dup2(Thread& t, int fd, int fd2, bool inheritable) {
  if (fd < 0 || fd2 < 0) {
    errno = EBADF;
    return raise_errno(t);
  }
  int r = blocking(t, [&] {
    if (inheritable || fd == fd2) return ::dup2(fd, fd2);
    return ::dup3(fd, fd2, O_CLOEXEC);
  });
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<int> posix_memfd_create(Thread& t, Value name, Optional<u32> flags) {
  Bytes* text = TRY(file_system_bytes(t, name));
  int fd = blocking(t, [&] { return ::memfd_create(c_text(text), flags.value_or(MFD_CLOEXEC)); });
  if (fd < 0) return raise_errno(t);
  return fd;
}
static Result<int> posix_eventfd(Thread& t, u32 initial, Optional<int> flags) {
  int fd = blocking(t, [&] { return ::eventfd(initial, flags.value_or(EFD_CLOEXEC)); });
  if (fd < 0) return raise_errno(t);
  return fd;
}
static Result<u64> posix_eventfd_read(Thread& t, FdArg fd) {
  eventfd_t value;
  TRY(retrying_or_raise(t, [&] { return ::eventfd_read(fd.fd, &value); }));
  return static_cast<u64>(value);
}
static Result<void> posix_eventfd_write(Thread& t, FdArg fd, u64 value) {
  TRY(retrying_or_raise(t, [&] { return ::eventfd_write(fd.fd, value); }));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- flags and
// terminals

static Result<bool> posix_get_inheritable(Thread& t, int fd) {
  int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return raise_errno(t);
  return !(flags & FD_CLOEXEC);
}
static Result<void> posix_set_inheritable(Thread& t, int fd, int inheritable) {
  int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return raise_errno(t);
  int wanted = inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC;
  if (wanted != flags && ::fcntl(fd, F_SETFD, wanted) < 0) return raise_errno(t);
  return ok;
}
static Result<bool> posix_get_blocking(Thread& t, int fd) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return raise_errno(t);
  return !(flags & O_NONBLOCK);
}
static Result<void> posix_set_blocking(Thread& t, int fd, bool block) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return raise_errno(t);
  if (::fcntl(fd, F_SETFL, block ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) < 0) return raise_errno(t);
  return ok;
}
static Result<bool> posix_isatty(Thread& t, int fd) {
  return blocking(t, [&] { return ::isatty(fd); }) == 1;
}
static Result<Value> posix_ttyname(Thread& t, int fd) {
  char name[256];
  int error = ::ttyname_r(fd, name, sizeof name);
  if (error) return raise_os_error(t, error);
  return file_system_text(t, name);
}
static Result<Value> posix_ctermid(Thread& t) {
  char name[L_ctermid];
  if (!::ctermid(name)) return raise_errno(t);
  return file_system_text(t, name);
}
static Result<Value> posix_openpty(Thread& t) {
  int master, slave;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) < 0) return raise_errno(t);
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  ::fcntl(slave, F_SETFD, FD_CLOEXEC);
  return fd_pair(t, master, slave);
}
static Result<void> posix_login_tty(Thread& t, FdArg fd) {
  if (::login_tty(fd.fd) < 0) return raise_errno(t);
  return ok;
}
static Result<int> posix_tcgetpgrp(Thread& t, int fd) {
  int r = ::tcgetpgrp(fd);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<void> posix_tcsetpgrp(Thread& t, int fd, int group) {
  if (::tcsetpgrp(fd, group) < 0) return raise_errno(t);
  return ok;
}

static constexpr StructField kTerminalFields[] = {{"columns", "width of the terminal window in characters"},
                                                  {"lines", "height of the terminal window in characters"}};
constinit StructSequenceDef terminal_size_def =
    struct_sequence("os.terminal_size", "A tuple of (columns, lines) for holding terminal window size", kTerminalFields, 2);

static Result<Value> posix_get_terminal_size(Thread& t, Optional<int> fd) {
  winsize size;
  if (::ioctl(fd.value_or(STDOUT_FILENO), TIOCGWINSZ, &size) < 0) return raise_errno(t);
  Value values[2] = {Value::of_small_int(size.ws_col), Value::of_small_int(size.ws_row)};
  return make_struct_sequence(t, terminal_size_def, values);
}

static Result<Value> posix_device_encoding(Thread& t, int fd) {
  if (!blocking(t, [&] { return ::isatty(fd); })) return kNone;
  const char* codeset = ::nl_langinfo(CODESET);
  if (!*codeset) codeset = "UTF-8";
  return Value(TRY(str_from_utf8(t, codeset)));
}

static constinit NativeDef rows[] = {
    native<posix_open>(
        "open($module, /, path, flags, mode=511, *, dir_fd=None)",
        "Open a file at the level of the operating system.\n\nThe result is a file descriptor, an integer.\n\ndir_fd, when "
        "given, is the descriptor of an open directory: a relative\npath is then looked up from there and not from the current "
        "directory.\nIf the platform cannot do this, NotImplementedError is raised."),
    native<posix_close>("close($module, /, fd)", "Close a file descriptor."),
    native<posix_closerange>("closerange($module, fd_low, fd_high, /)",
                             "Close every descriptor from fd_low up to, but not including, fd_high.\n\nNumbers that cannot be "
                             "closed are passed over silently."),
    native<posix_read>("read($module, fd, length, /)", "Read from a file descriptor.  Returns a bytes object."),
    native<posix_pread>("pread($module, fd, length, offset, /)",
                        "Read up to length bytes of the file fd, from position offset on.\n\noffset counts from the start of the "
                        "file. The descriptor's own position\nstays as it is."),
    native<posix_write>("write($module, fd, data, /)", "Write a bytes object to a file descriptor."),
    native<posix_pwrite>("pwrite($module, fd, buffer, offset, /)",
                         "Write buffer into the file fd at position offset.\n\noffset counts from the start of the file, and the "
                         "descriptor's own\nposition stays as it is. Returns how many bytes went out."),
    native<posix_readv>(
        "readv($module, fd, buffers, /)",
        "Read from the descriptor fd into several buffers in turn.\n\nThe buffers are writable bytes-like objects. Each is "
        "filled up before the\nnext one is used. Returns how many bytes came in, which can be fewer than\nthere is room for."),
    native<posix_writev>("writev($module, fd, buffers, /)",
                         "Write several bytes-like objects, given as a sequence, to a descriptor.\n\nThey go out one after the "
                         "other; the result is how many bytes that was."),
    native<posix_preadv>("preadv($module, fd, buffers, offset, flags=0, /)",
                         "Read from position offset of a file into several buffers in turn.\n\nThis is readv() with the explicit "
                         "position of pread(): every writable\nbytes-like object is filled up before the next one is used, and "
                         "the result\nis how many bytes came in, which can be fewer than there is room for.\n\nflags is 0 or "
                         "made of these constants, combined with | (Linux 4.6 and\nlater):\n\n- RWF_HIPRI: poll for completion, "
                         "for lower latency\n- RWF_NOWAIT: do not wait for data that is not at hand yet"),
    native<posix_pwritev>("pwritev($module, fd, buffers, offset, flags=0, /)",
                          "Write several bytes-like objects to a file, from position offset on.\n\nThis is writev() with the "
                          "explicit position of pwrite(). buffers is a\nsequence; each member is written out in full before the "
                          "next one begins.\nThe system may limit its length: see the sysconf() value SC_IOV_MAX.\nReturns the "
                          "number of bytes written overall.\n\nflags is 0 or made of these constants, combined with | (Linux 4.7 "
                          "and\nlater):\n\n- RWF_DSYNC: wait until the data is on the disk\n- RWF_SYNC: wait until data and "
                          "metadata are on the disk\n- RWF_APPEND: write at the end of the file, whatever offset says"),
    native<posix_lseek>("lseek($module, fd, position, how, /)",
                        "Move the read and write position of a file.\n\n  fd\n    Descriptor of the file, for example from "
                        "os.open().\n  position\n    Where to go, as a number of bytes counted from whence.\n  whence\n    The "
                        "origin:\n    - SEEK_SET: the start of the file\n    - SEEK_CUR: the present position\n    - SEEK_END: "
                        "the end of the file\n\nReturns the new position, counted in bytes from the start."),
    native<posix_ftruncate>("ftruncate($module, fd, length, /)", "Cut or extend the file open as fd to exactly length bytes."),
    native<posix_fsync>("fsync($module, /, fd)", "Force write of fd to disk."),
    native<posix_fdatasync>("fdatasync($module, /, fd)", "Flush the data of fd to disk, but not metadata that can wait."),
    native<posix_sync>("sync($module, /)", "Force write of everything to disk."),
    native<posix_lockf>("lockf($module, fd, command, length, /)",
                        "Lock or unlock a section of a file, or test it for a lock.\n\n  fd\n    Descriptor of the open file.\n  "
                        "command\n    F_LOCK, F_TLOCK, F_ULOCK or F_TEST.\n  length\n    Size of the section in bytes. It begins "
                        "at the current position.\n\nThe lock is of the POSIX kind."),
    native<posix_posix_fallocate>("posix_fallocate($module, fd, offset, length, /)",
                                  "Reserve disk space for part of the file open as fd.\n\nAfter the call, the length bytes that "
                                  "begin at offset are sure to have\nroom on the disk; the file grows if it ended before them."),
    native<posix_posix_fadvise>(
        "posix_fadvise($module, fd, offset, length, advice, /)",
        "Tell the kernel how part of a file is going to be used.\n\nWith that knowledge it can tune its caching. The part begins "
        "at offset\nand is length bytes long; advice is one of these constants:\n\n- POSIX_FADV_NORMAL: nothing special\n- "
        "POSIX_FADV_SEQUENTIAL: from front to back\n- POSIX_FADV_RANDOM: in no order\n- POSIX_FADV_NOREUSE: just once\n- "
        "POSIX_FADV_WILLNEED: soon\n- POSIX_FADV_DONTNEED: not in the near future"),
    native<posix_sendfile>("sendfile($module, /, out_fd, in_fd, offset, count)",
                           "Let the kernel copy up to count bytes from in_fd to out_fd.\n\nReturns how many bytes were sent."),
    native<posix_copy_file_range>(
        "copy_file_range($module, /, src, dst, count, offset_src=None, offset_dst=None)",
        "Let the kernel copy up to count bytes between two files.\n\n  src\n    Descriptor to read from.\n  dst\n    Descriptor "
        "to write to.\n  count\n    How many bytes to copy at most.\n  offset_src\n    Where to begin in src. None means its "
        "current position.\n  offset_dst\n    Where to begin in dst. None means its current position."),
    native<posix_splice>(
        "splice($module, /, src, dst, count, offset_src=None, offset_dst=None, flags=0)",
        "Move up to count bytes between a pipe and another descriptor.\n\n  src\n    Descriptor to read from.\n  dst\n    "
        "Descriptor to write to.\n  count\n    How many bytes to move at most.\n  offset_src\n    Where to begin in src. None "
        "means its current position.\n  offset_dst\n    Where to begin in dst. None means its current position.\n  flags\n    "
        "Bits that change details of the operation.\n\nOne of the two is a pipe, and its offset has to be None."),
    native<posix_pipe>("pipe($module, /)", "Make a pipe and return both its ends, as descriptors (read_fd, write_fd)."),
    native<posix_pipe2>("pipe2($module, flags, /)",
                        "Make a pipe whose two descriptors have the given flags from the outset.\n\nflags is O_CLOEXEC, "
                        "O_NONBLOCK or both, combined with |. The result is the\npair (read_fd, write_fd)."),
    native<posix_dup>("dup($module, fd, /)", "Return a duplicate of a file descriptor."),
    native<posix_dup2>("dup2($module, /, fd, fd2, inheritable=True)", "Duplicate file descriptor."),
    native<posix_memfd_create>("memfd_create($module, /, name, flags=MFD_CLOEXEC)", ""),
    native<posix_eventfd>("eventfd($module, /, initval, flags=EFD_CLOEXEC)",
                          "Creates and returns an event notification file descriptor."),
    native<posix_eventfd_read>("eventfd_read($module, /, fd)", "Read eventfd value"),
    native<posix_eventfd_write>("eventfd_write($module, /, fd, value)", "Write eventfd value."),
    native<posix_get_inheritable>("get_inheritable($module, fd, /)",
                                  "Get the close-on-exe flag of the specified file descriptor."),
    native<posix_set_inheritable>("set_inheritable($module, fd, inheritable, /)",
                                  "Set the inheritable flag of the specified file descriptor."),
    native<posix_get_blocking>("get_blocking($module, fd, /)",
                               "Tell whether operations on the descriptor wait until they can proceed.\n\nTrue means that they "
                               "do; False means that O_NONBLOCK is set."),
    native<posix_set_blocking>("set_blocking($module, fd, blocking, /)",
                               "Choose whether operations on the descriptor wait until they can proceed.\n\nA false value for "
                               "blocking sets O_NONBLOCK, a true one removes it."),
    native<posix_isatty>(
        "isatty($module, fd, /)",
        "Tell whether fd is an open descriptor of a terminal.\n\nWith a pseudo-terminal, that is its slave end."),
    native<posix_ttyname>("ttyname($module, fd, /)", "Name the terminal device behind the file descriptor fd, an integer."),
    native<posix_ctermid>("ctermid($module, /)", "Name the device file of the terminal that controls this process."),
    native<posix_openpty>(
        "openpty($module, /)",
        "Make a new pseudo-terminal.\n\nThe result is (master_fd, slave_fd), one open descriptor for each end."),
    native<posix_login_tty>(
        "login_tty($module, fd, /)",
        "Turn the terminal open as fd into that of a new login session.\n\nThe calling process becomes the leader of the "
        "session, with the terminal\nas its controlling one and as standard input, output and error. fd itself\ngets closed."),
    native<posix_tcgetpgrp>("tcgetpgrp($module, fd, /)", "Tell which process group is in the foreground of the terminal fd."),
    native<posix_tcsetpgrp>("tcsetpgrp($module, fd, pgid, /)",
                            "Put the process group pgid in the foreground of the terminal fd."),
    native<posix_get_terminal_size>(
        "get_terminal_size($module, fd=<unrepresentable>, /)",
        "Measure the terminal window; return (columns, lines).\n\nfd is the descriptor to ask about, standard output by default. "
        "OSError is\nraised if it does not belong to a terminal.\n\nPrograms are usually better served by "
        "shutil.get_terminal_size, which is\nbuilt on this one. Systems without a way to measure do not have this\nfunction."),
    native<posix_device_encoding>(
        "device_encoding($module, /, fd)",
        "Name the text encoding of the terminal open as fd.\n\nReturns None if the descriptor is not that of a terminal."),
};
constinit NativeTable posix_descriptor_functions = {rows, count_of(rows)};

}  // namespace baton
