// fcntl: file control, ioctl, locks.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "modules/os_support.h"
#include "objects/audit.h"

namespace baton {

static constexpr usize kBufferSize = 1024;

// str or bytes-like, copied into buffer with a zero behind. false: the argument is something else.
static Result<bool> copy_argument(Thread& t, Value v, char* buffer, usize* size, const char* too_long) {
  Bytes* bytes = nullptr;
  if (is<Str>(v)) {
    Value owner;
    std::string_view text = TRY(str_utf8(t, v.as<Str>(), &owner));
    bytes = TRY(bytes_from(t, text));
  } else if (has_buffer(v)) {
    BufferView view;
    if (!convert_buffer(t, v, &view)) return failed;
    Result<Bytes*> copy = bytes_from(t, view.data, view.size);
    release_buffer(view);
    bytes = TRY(copy);
  } else {
    return false;
  }
  *size = static_cast<usize>(bytes->length());
  if (*size > kBufferSize) return raise_value_error(t, "{}", too_long);
  memcpy(buffer, bytes->data(), *size);
  buffer[*size] = 0;
  return true;
}

// An int as the kernel wants it: 32 bits, signed or unsigned.
static Result<u32> masked_int(Thread& t, Value v) {
  i64 wide;
  if (!int_to_i64(TRY(to_index(t, v)), &wide)) {
    u64 positive;
    if (!int_to_u64(TRY(to_index(t, v)), &positive))
      return raise_overflow_error(t, "Python int too large to convert to C unsigned int");
    wide = static_cast<i64>(positive);
  }
  return static_cast<u32>(wide);
}

// Arguments of audit events: None for what was left out.
static Value given(const Optional<Value>& v) { return v.has_value() ? v.value : kNone; }

static Result<Value> fcntl_fcntl(Thread& t, FdArg fd, int command, Optional<Value> given_arg) {
  TRY(audit(t, "fcntl.fcntl", Value::of_small_int(fd.fd), Value::of_small_int(command), given(given_arg)));
  Value arg = given_arg.value_or(Value::of_small_int(0));
  char buffer[kBufferSize + 1];
  usize size = 0;
  if (TRY(copy_argument(t, arg, buffer, &size, "fcntl string arg too long"))) {
    TRY(retrying_or_raise(t, [&] { return ::fcntl(fd.fd, command, buffer); }));
    return bytes_from(t, buffer, size);
  }
  u32 number = TRY(masked_int(t, arg));
  i64 r = TRY(retrying_or_raise(t, [&] { return ::fcntl(fd.fd, command, static_cast<int>(number)); }));
  return int_from_i64(t, r);
}

static Result<Value> fcntl_ioctl(Thread& t, FdArg fd, Value request_value, Optional<Value> given_arg, bool mutate) {
  u32 request = TRY(masked_int(t, request_value));
  TRY(audit(t, "fcntl.ioctl", Value::of_small_int(fd.fd), Value::of_small_int(request), given(given_arg)));
  Value arg = given_arg.value_or(Value::of_small_int(0));
  char buffer[kBufferSize + 1];
  // A writable buffer, changed in place; small ones through a copy, as the kernel may write more than they hold.
  BufferInfo info;
  bool exported = !is<Str>(arg) && !is<Bytes>(arg) && has_buffer(arg);
  if (exported) {
    Result<bool> got = get_buffer(t, arg, &info, true);
    if (got.is_failed()) {
      t.clear_pending();
      exported = false;
    } else if (info.readonly) {
      release_exported(arg.cell());
      exported = false;
    }
  }
  if (exported) {
    bool small = info.size <= kBufferSize;
    u8* data = info.data;
    if (mutate && small) {
      memcpy(buffer, data, info.size);
      buffer[info.size] = 0;
      data = reinterpret_cast<u8*>(buffer);
    } else if (!mutate) {
      if (!small) {
        release_exported(arg.cell());
        return raise_value_error(t, "ioctl string arg too long");
      }
      memcpy(buffer, info.data, info.size);
      buffer[info.size] = 0;
      data = reinterpret_cast<u8*>(buffer);
    }
    int r = blocking(t, [&] { return ::ioctl(fd.fd, request, data); });
    int error = errno;
    if (mutate && small) memcpy(info.data, buffer, info.size);
    release_exported(arg.cell());
    if (r < 0) return raise_os_error(t, error);
    if (mutate) return Value::of_small_int(r);
    return bytes_from(t, buffer, info.size);
  }
  usize size = 0;
  if (TRY(copy_argument(t, arg, buffer, &size, "ioctl string arg too long"))) {
    int r = blocking(t, [&] { return ::ioctl(fd.fd, request, buffer); });
    if (r < 0) return raise_errno(t);
    return bytes_from(t, buffer, size);
  }
  if (type_of(arg)->slot(Slot::index).is_absent())
    return raise_type_error(t,
                            "ioctl requires a file or file descriptor, an integer and optionally an integer or buffer argument");
  u32 number = TRY(masked_int(t, arg));
  int r = blocking(t, [&] { return ::ioctl(fd.fd, request, static_cast<int>(number)); });
  if (r < 0) return raise_errno(t);
  return Value::of_small_int(r);
}

static Result<void> fcntl_flock(Thread& t, FdArg fd, int operation) {
  TRY(audit(t, "fcntl.flock", Value::of_small_int(fd.fd), Value::of_small_int(operation)));
  TRY(retrying_or_raise(t, [&] { return ::flock(fd.fd, operation); }));
  return ok;
}

static Result<void> fcntl_lockf(Thread& t, FdArg fd, int command, Optional<Value> length, Optional<Value> start, int whence) {
  TRY(audit(t, "fcntl.lockf", Value::of_small_int(fd.fd), Value::of_small_int(command), given(length), given(start),
            Value::of_small_int(whence)));
  struct flock lock = {};
  if (command == LOCK_UN)
    lock.l_type = F_UNLCK;
  else if (command & LOCK_SH)
    lock.l_type = F_RDLCK;
  else if (command & LOCK_EX)
    lock.l_type = F_WRLCK;
  else
    return raise_value_error(t, "unrecognized lockf argument");
  OffsetArg from, count;
  if (!convert_offset(t, start.value_or(Value::of_small_int(0)), &from) ||
      !convert_offset(t, length.value_or(Value::of_small_int(0)), &count))
    return failed;
  lock.l_start = from.value;
  lock.l_len = count.value;
  lock.l_whence = static_cast<short>(whence);
  int operation = command & LOCK_NB ? F_SETLK : F_SETLKW;
  TRY(retrying_or_raise(t, [&] { return ::fcntl(fd.fd, operation, &lock); }));
  return ok;
}

static constinit NativeDef fcntl_functions[] = {
    native<fcntl_fcntl>(
        "fcntl($module, fd, cmd, arg=0, /)",
        "Carry out a control operation on an open file.\n\nfd is a descriptor or an object with fileno(). cmd is one of this "
        "module's\nconstants, which have their names from C and differ between systems.\n\nThe type of arg decides what comes "
        "back. For an int, by default 0, it is the\nint that the system call returned. For bytes or str, of at most 1024\nbytes, "
        "it is bytes of the same length: the system gets a copy to write to.\nFailure raises OSError."),
    native<fcntl_ioctl>(
        "ioctl($module, fd, request, arg=0, mutate_flag=True, /)",
        "Carry out a device operation on an open file.\n\nfd is a descriptor or an object with fileno(). request is a number "
        "from this\nmodule or termios, under its C name; which ones exist differs between systems.\n\nWhat arg is decides what "
        "happens:\n\n- With an int, 0 by default, the system receives that number, and you get the\n  int that the call "
        "returned.\n- With a writable buffer, such as an array or bytearray, the system works on\n  the buffer itself, where you "
        "find the outcome. Again you get the call's int.\n- With bytes, str or another read-only buffer of up to 1024 bytes, the "
        "system\n  works on a copy, and you get that copy back as bytes.\n\nA false mutate_flag (True by default) has writable "
        "buffers treated like\nread-only ones; for anything else it has no meaning. Failure raises OSError."),
    native<fcntl_flock>("flock($module, fd, operation, /)",
                        "Lock or unlock a whole open file with flock(2).\n\nfd is a descriptor or an object with fileno(). "
                        "operation is LOCK_SH, LOCK_EX\nor LOCK_UN, the first two possibly combined with LOCK_NB so as not to "
                        "wait.\nSome systems do this by means of fcntl()."),
    native<fcntl_lockf>(
        "lockf($module, fd, cmd, len=0, start=0, whence=0, /)",
        "Lock or unlock a file, or a range of its bytes, with fcntl() locks.\n\nfd is a descriptor or an object with fileno(). "
        "cmd is what to do:\n\n    LOCK_SH - lock for reading; others can do the same\n    LOCK_EX - lock for this process "
        "alone\n    LOCK_UN - give up the lock\n\nLocking waits until it is possible. With cmd | LOCK_NB it raises "
        "OSError\ninstead; its errno is EAGAIN on some systems and EACCES on others, so programs\nhave to expect both.\n\nThe "
        "range begins at byte start and is len bytes long; with 0, the default, it\nhas no end. whence tells from where start "
        "counts, as in seek():\n\n    0 - from the beginning (SEEK_SET), the default\n    1 - from where the file stands now "
        "(SEEK_CUR)\n    2 - from the end (SEEK_END)"),
};

static constexpr ModuleConstant kConstants[] = {
    {"LOCK_SH", LOCK_SH},
    {"LOCK_EX", LOCK_EX},
    {"LOCK_NB", LOCK_NB},
    {"LOCK_UN", LOCK_UN},
    {"LOCK_MAND", 32},
    {"LOCK_READ", 64},
    {"LOCK_WRITE", 128},
    {"LOCK_RW", 192},
    {"F_DUPFD", F_DUPFD},
    {"F_DUPFD_CLOEXEC", F_DUPFD_CLOEXEC},
    {"F_GETFD", F_GETFD},
    {"F_SETFD", F_SETFD},
    {"F_GETFL", F_GETFL},
    {"F_SETFL", F_SETFL},
    {"F_GETLK", F_GETLK},
    {"F_SETLK", F_SETLK},
    {"F_SETLKW", F_SETLKW},
    {"F_OFD_GETLK", F_OFD_GETLK},
    {"F_OFD_SETLK", F_OFD_SETLK},
    {"F_OFD_SETLKW", F_OFD_SETLKW},
    {"F_GETOWN", F_GETOWN},
    {"F_SETOWN", F_SETOWN},
    {"F_GETSIG", F_GETSIG},
    {"F_SETSIG", F_SETSIG},
    {"F_RDLCK", F_RDLCK},
    {"F_WRLCK", F_WRLCK},
    {"F_UNLCK", F_UNLCK},
    {"F_GETLK64", F_GETLK64},
    {"F_SETLK64", F_SETLK64},
    {"F_SETLKW64", F_SETLKW64},
    {"FASYNC", FASYNC},
    {"F_SETLEASE", F_SETLEASE},
    {"F_GETLEASE", F_GETLEASE},
    {"F_NOTIFY", F_NOTIFY},
    {"F_EXLCK", F_EXLCK},
    {"F_SHLCK", F_SHLCK},
    {"F_SETPIPE_SZ", F_SETPIPE_SZ},
    {"F_GETPIPE_SZ", F_GETPIPE_SZ},
    {"FD_CLOEXEC", FD_CLOEXEC},
    {"DN_ACCESS", DN_ACCESS},
    {"DN_MODIFY", DN_MODIFY},
    {"DN_CREATE", DN_CREATE},
    {"DN_DELETE", DN_DELETE},
    {"DN_RENAME", DN_RENAME},
    {"DN_ATTRIB", DN_ATTRIB},
    {"DN_MULTISHOT", DN_MULTISHOT},
    {"F_ADD_SEALS", F_ADD_SEALS},
    {"F_GET_SEALS", F_GET_SEALS},
    {"F_SEAL_SEAL", F_SEAL_SEAL},
    {"F_SEAL_SHRINK", F_SEAL_SHRINK},
    {"F_SEAL_GROW", F_SEAL_GROW},
    {"F_SEAL_WRITE", F_SEAL_WRITE},
};

ModuleDef fcntl_module = {
    .name = "fcntl",
    .doc =
        "The Unix calls that control open files: fcntl(), ioctl() and file locks.\n\nThey take file descriptors, as returned by "
        "fileno() methods, or objects that\nhave such a method, like files and sockets.",
    .functions = fcntl_functions,
    .function_count = count_of(fcntl_functions),
    .constants = kConstants,
    .constant_count = sizeof kConstants / sizeof *kConstants};

}  // namespace baton
