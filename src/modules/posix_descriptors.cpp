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

#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"

namespace baton {

static constexpr usize kStackBuffer = 4096;

static Result<int> posix_open(Thread& t, PlainPath path, int flags, int mode, DirFd dir_fd) {
  TRY(audit(t, "open", path.object, kNone, Value::of_small_int(flags | O_CLOEXEC)));
  i64 fd = TRY(retrying(t, [&] { return ::openat(dir_fd.fd, path.narrow, flags | O_CLOEXEC, mode); }));
  if (fd < 0) return raise_path_error(t, path);
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
  Result<i64> n = retrying(t, [&] { return call(buffer, size); });
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

static Result<Value> posix_read(Thread& t, int fd, Index length) {
  return read_bytes(t, length, [&](char* buffer, usize n) { return ::read(fd, buffer, n); });
}
static Result<Value> posix_pread(Thread& t, int fd, Index length, OffsetArg offset) {
  return read_bytes(t, length, [&](char* buffer, usize n) { return ::pread(fd, buffer, n, offset.value); });
}
static Result<i64> posix_write(Thread& t, int fd, BufferView data) {
  return retrying_or_raise(t, [&] { return ::write(fd, data.data, data.size); });
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
        "Open a file for low level IO.  Returns a file descriptor (integer).\n\nIf dir_fd is not None, it should be a file "
        "descriptor open to a directory,\n  and path should be relative; path will then be relative to that directory.\ndir_fd "
        "may not be implemented on your platform.\n  If it is unavailable, using it will raise a NotImplementedError."),
    native<posix_close>("close($module, /, fd)", "Close a file descriptor."),
    native<posix_closerange>("closerange($module, fd_low, fd_high, /)",
                             "Closes all file descriptors in [fd_low, fd_high), ignoring errors."),
    native<posix_read>("read($module, fd, length, /)", "Read from a file descriptor.  Returns a bytes object."),
    native<posix_pread>(
        "pread($module, fd, length, offset, /)",
        "Read a number of bytes from a file descriptor starting at a particular offset.\n\nRead length bytes from file "
        "descriptor fd, starting at offset bytes from\nthe beginning of the file.  The file offset remains unchanged."),
    native<posix_write>("write($module, fd, data, /)", "Write a bytes object to a file descriptor."),
    native<posix_pwrite>(
        "pwrite($module, fd, buffer, offset, /)",
        "Write bytes to a file descriptor starting at a particular offset.\n\nWrite buffer to fd, starting at offset bytes from "
        "the beginning of\nthe file.  Returns the number of bytes writte.  Does not change the\ncurrent file offset."),
    native<posix_readv>("readv($module, fd, buffers, /)",
                        "Read from a file descriptor fd into an iterable of buffers.\n\nThe buffers should be mutable buffers "
                        "accepting bytes.\nreadv will transfer data into each buffer until it is full\nand then move on to the "
                        "next buffer in the sequence to hold\nthe rest of the data.\n\nreadv returns the total number of bytes "
                        "read,\nwhich may be less than the total capacity of all the buffers."),
    native<posix_writev>("writev($module, fd, buffers, /)",
                         "Iterate over buffers, and write the contents of each to a file descriptor.\n\nReturns the total number "
                         "of bytes written.\nbuffers must be a sequence of bytes-like objects."),
    native<posix_preadv>(
        "preadv($module, fd, buffers, offset, flags=0, /)",
        "Reads from a file descriptor into a number of mutable bytes-like objects.\n\nCombines the functionality of readv() and "
        "pread(). As readv(), it will\ntransfer data into each buffer until it is full and then move on to the next\nbuffer in "
        "the sequence to hold the rest of the data. Its fourth argument,\nspecifies the file offset at which the input operation "
        "is to be performed. It\nwill return the total number of bytes read (which can be less than the total\ncapacity of all "
        "the objects).\n\nThe flags argument contains a bitwise OR of zero or more of the following flags:\n\n- RWF_HIPRI\n- "
        "RWF_NOWAIT\n\nUsing non-zero flags requires Linux 4.6 or newer."),
    native<posix_pwritev>(
        "pwritev($module, fd, buffers, offset, flags=0, /)",
        "Writes the contents of bytes-like objects to a file descriptor at a given offset.\n\nCombines the functionality of "
        "writev() and pwrite(). All buffers must be a sequence\nof bytes-like objects. Buffers are processed in array order. "
        "Entire contents of first\nbuffer is written before proceeding to second, and so on. The operating system may\nset a "
        "limit (sysconf() value SC_IOV_MAX) on the number of buffers that can be used.\nThis function writes the contents of "
        "each object to the file descriptor and returns\nthe total number of bytes written.\n\nThe flags argument contains a "
        "bitwise OR of zero or more of the following flags:\n\n- RWF_DSYNC\n- RWF_SYNC\n- RWF_APPEND\n\nUsing non-zero flags "
        "requires Linux 4.7 or newer."),
    native<posix_lseek>("lseek($module, fd, position, whence, /)",
                        "Set the position of a file descriptor.  Return the new position.\n\n  fd\n    An open file descriptor, "
                        "as returned by os.open().\n  position\n    Position, interpreted relative to 'whence'.\n  whence\n    "
                        "The relative position to seek from. Valid values are:\n    - SEEK_SET: seek from the start of the "
                        "file.\n    - SEEK_CUR: seek from the current file position.\n    - SEEK_END: seek from the end of the "
                        "file.\n\nThe return value is the number of bytes relative to the beginning of the file."),
    native<posix_ftruncate>("ftruncate($module, fd, length, /)",
                            "Truncate a file, specified by file descriptor, to a specific length."),
    native<posix_fsync>("fsync($module, /, fd)", "Force write of fd to disk."),
    native<posix_fdatasync>("fdatasync($module, /, fd)", "Force write of fd to disk without forcing update of metadata."),
    native<posix_sync>("sync($module, /)", "Force write of everything to disk."),
    native<posix_lockf>("lockf($module, fd, command, length, /)",
                        "Apply, test or remove a POSIX lock on an open file descriptor.\n\n  fd\n    An open file descriptor.\n  "
                        "command\n    One of F_LOCK, F_TLOCK, F_ULOCK or F_TEST.\n  length\n    The number of bytes to lock, "
                        "starting at the current position."),
    native<posix_posix_fallocate>(
        "posix_fallocate($module, fd, offset, length, /)",
        "Ensure a file has allocated at least a particular number of bytes on disk.\n\nEnsure that the file specified by fd "
        "encompasses a range of bytes\nstarting at offset bytes from the beginning and continuing for length bytes."),
    native<posix_posix_fadvise>(
        "posix_fadvise($module, fd, offset, length, advice, /)",
        "Announce an intention to access data in a specific pattern.\n\nAnnounce an intention to access data in a specific "
        "pattern, thus allowing\nthe kernel to make optimizations.\nThe advice applies to the region of the file specified by fd "
        "starting at\noffset and continuing for length bytes.\nadvice is one of POSIX_FADV_NORMAL, "
        "POSIX_FADV_SEQUENTIAL,\nPOSIX_FADV_RANDOM, POSIX_FADV_NOREUSE, POSIX_FADV_WILLNEED, or\nPOSIX_FADV_DONTNEED."),
    native<posix_sendfile>("sendfile($module, /, out_fd, in_fd, offset, count)",
                           "Copy count bytes from file descriptor in_fd to file descriptor out_fd."),
    native<posix_copy_file_range>("copy_file_range($module, /, src, dst, count, offset_src=None, offset_dst=None)",
                                  "Copy count bytes from one file descriptor to another.\n\n  src\n    Source file descriptor.\n "
                                  " dst\n    Destination file descriptor.\n  count\n    Number of bytes to copy.\n  offset_src\n "
                                  "   Starting offset in src.\n  offset_dst\n    Starting offset in dst.\n\nIf offset_src is "
                                  "None, then src is read from the current position;\nrespectively for offset_dst."),
    native<posix_splice>(
        "splice($module, /, src, dst, count, offset_src=None, offset_dst=None, flags=0)",
        "Transfer count bytes from one pipe to a descriptor or vice versa.\n\n  src\n    Source file descriptor.\n  dst\n    "
        "Destination file descriptor.\n  count\n    Number of bytes to copy.\n  offset_src\n    Starting offset in src.\n  "
        "offset_dst\n    Starting offset in dst.\n  flags\n    Flags to modify the semantics of the call.\n\nIf offset_src is "
        "None, then src is read from the current position;\nrespectively for offset_dst. The offset associated to the "
        "file\ndescriptor that refers to a pipe must be None."),
    native<posix_pipe>("pipe($module, /)", "Create a pipe.\n\nReturns a tuple of two file descriptors:\n  (read_fd, write_fd)"),
    native<posix_pipe2>(
        "pipe2($module, flags, /)",
        "Create a pipe with flags set atomically.\n\nReturns a tuple of two file descriptors:\n  (read_fd, write_fd)\n\nflags "
        "can be constructed by ORing together one or more of these values:\nO_NONBLOCK, O_CLOEXEC."),
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
                               "Get the blocking mode of the file descriptor.\n\nReturn False if the O_NONBLOCK flag is set, "
                               "True if the flag is cleared."),
    native<posix_set_blocking>("set_blocking($module, fd, blocking, /)",
                               "Set the blocking mode of the specified file descriptor.\n\nSet the O_NONBLOCK flag if blocking "
                               "is False,\nclear the O_NONBLOCK flag otherwise."),
    native<posix_isatty>("isatty($module, fd, /)",
                         "Return True if the fd is connected to a terminal.\n\nReturn True if the file descriptor is an open "
                         "file descriptor\nconnected to the slave end of a terminal."),
    native<posix_ttyname>(
        "ttyname($module, fd, /)",
        "Return the name of the terminal device connected to 'fd'.\n\n  fd\n    Integer file descriptor handle."),
    native<posix_ctermid>("ctermid($module, /)", "Return the name of the controlling terminal for this process."),
    native<posix_openpty>("openpty($module, /)",
                          "Open a pseudo-terminal.\n\nReturn a tuple of (master_fd, slave_fd) containing open file "
                          "descriptors\nfor both the master and slave ends."),
    native<posix_login_tty>(
        "login_tty($module, fd, /)",
        "Prepare the tty of which fd is a file descriptor for a new login session.\n\nMake the calling process a session leader; "
        "make the tty the\ncontrolling tty, the stdin, the stdout, and the stderr of the\ncalling process; close fd."),
    native<posix_tcgetpgrp>("tcgetpgrp($module, fd, /)",
                            "Return the process group associated with the terminal specified by fd."),
    native<posix_tcsetpgrp>("tcsetpgrp($module, fd, pgid, /)",
                            "Set the process group associated with the terminal specified by fd."),
    native<posix_get_terminal_size>(
        "get_terminal_size($module, fd=<unrepresentable>, /)",
        "Return the size of the terminal window as (columns, lines).\n\nThe optional argument fd (default standard output) "
        "specifies\nwhich file descriptor should be queried.\n\nIf the file descriptor is not connected to a terminal, an "
        "OSError\nis thrown.\n\nThis function will only be defined if an implementation is\navailable for this "
        "system.\n\nshutil.get_terminal_size is the high-level function which should\nnormally be used, os.get_terminal_size is "
        "the low-level implementation."),
    native<posix_device_encoding>("device_encoding($module, /, fd)",
                                  "Return a string describing the encoding of a terminal's file descriptor.\n\nThe file "
                                  "descriptor must be attached to a terminal.\nIf the device is not a terminal, return None."),
};
constinit NativeTable posix_descriptor_functions = {rows, count_of(rows)};

}  // namespace baton
