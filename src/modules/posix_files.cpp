// posix: files by path. stat and its results, links, names, modes, owners, times, extended attributes.
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- results

static constexpr StructField kStatFields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    {nullptr, "integer time of last access"},
    {nullptr, "integer time of last modification"},
    {nullptr, "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"},
};
constinit StructSequenceDef stat_result_def =
    struct_sequence("os.stat_result",
                    "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  "
                    "(mode, ino, dev, nlink, uid, gid, size, atime, mtime, "
                    "ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.\n\nPosix/windows: If "
                    "your platform supports st_blksize, st_blocks, "
                    "st_rdev,\nor st_flags, they are available as attributes only.\n\nSee os.stat for more information.",
                    kStatFields, 10);

static constexpr StructField kStatvfsFields[] = {{"f_bsize"},  {"f_frsize"},  {"f_blocks"}, {"f_bfree"},
                                                 {"f_bavail"}, {"f_files"},   {"f_ffree"},  {"f_favail"},
                                                 {"f_flag"},   {"f_namemax"}, {"f_fsid"}};
static constinit StructSequenceDef statvfs_result_def =
    struct_sequence("os.statvfs_result",
                    "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a tuple of\n  "
                    "(bsize, frsize, blocks, bfree, bavail, files, ffree, "
                    "favail, flag, namemax),\nor via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.\n\nSee "
                    "os.statvfs for more information.",
                    kStatvfsFields, 10);

static Result<void> set_times(Thread& t, Value* values, int i, const timespec& time) {
  values[7 + i] = TRY(int_from_i64(t, time.tv_sec));
  values[10 + i] = TRY(make_float(t, static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec)));
  values[13 + i] = TRY(nanoseconds_value(t, time.tv_sec, time.tv_nsec));
  return ok;
}

Result<Value> make_stat_result(Thread& t, const struct stat& st) {
  Value v[19];
  v[0] = TRY(int_from_u64(t, st.st_mode));
  v[1] = TRY(int_from_u64(t, st.st_ino));
  v[2] = TRY(int_from_u64(t, st.st_dev));
  v[3] = TRY(int_from_u64(t, st.st_nlink));
  v[4] = TRY(int_from_u64(t, st.st_uid));
  v[5] = TRY(int_from_u64(t, st.st_gid));
  v[6] = TRY(int_from_i64(t, st.st_size));
  TRY(set_times(t, v, 0, st.st_atim));
  TRY(set_times(t, v, 1, st.st_mtim));
  TRY(set_times(t, v, 2, st.st_ctim));
  v[16] = TRY(int_from_i64(t, st.st_blksize));
  v[17] = TRY(int_from_i64(t, st.st_blocks));
  v[18] = TRY(int_from_u64(t, st.st_rdev));
  return make_struct_sequence(t, stat_result_def, v);
}

Result<void> check_path_and_dir_fd(Thread& t, const char* function, const PathArg& path, int dir_fd) {
  if (!path.narrow && dir_fd != AT_FDCWD) return raise_value_error(t, "{}: can't specify dir_fd without matching path", function);
  if (path.fd >= 0 && dir_fd != AT_FDCWD) return raise_value_error(t, "{}: can't specify both dir_fd and fd", function);
  return ok;
}
Result<void> check_fd_and_follow(Thread& t, const char* function, const PathArg& path, bool follow) {
  if (path.fd > 0 && !follow) return raise_value_error(t, "{}: cannot use fd and follow_symlinks together", function);
  return ok;
}

Result<Value> stat_path(Thread& t, const char* function, const PathArg& path, int dir_fd, bool follow) {
  TRY(check_path_and_dir_fd(t, function, path, dir_fd));
  TRY(check_fd_and_follow(t, function, path, follow));
  struct stat st;
  int r = blocking(t, [&] {
    if (!path.narrow) return ::fstat(path.fd, &st);
    return ::fstatat(dir_fd, path.narrow, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (r < 0) return raise_path_error(t, path);
  return make_stat_result(t, st);
}

static Result<Value> posix_stat(Thread& t, PathOrFd path, DirFd dir_fd, bool follow) {
  return stat_path(t, "stat", path, dir_fd.fd, follow);
}
static Result<Value> posix_lstat(Thread& t, PlainPath path, DirFd dir_fd) {
  return stat_path(t, "lstat", path, dir_fd.fd, false);
}
static Result<Value> posix_fstat(Thread& t, int fd) {
  struct stat st;
  TRY(retrying_or_raise(t, [&] { return ::fstat(fd, &st); }));
  return make_stat_result(t, st);
}

static Result<Value> make_statvfs_result(Thread& t, const struct statvfs& st) {
  const u64 fields[11] = {st.f_bsize, st.f_frsize, st.f_blocks, st.f_bfree,   st.f_bavail, st.f_files,
                          st.f_ffree, st.f_favail, st.f_flag,   st.f_namemax, st.f_fsid};
  Value v[11];
  for (int i = 0; i < 11; ++i) v[i] = TRY(int_from_u64(t, fields[i]));
  return make_struct_sequence(t, statvfs_result_def, v);
}
static Result<Value> posix_statvfs(Thread& t, PathOrFd path) {
  struct statvfs st;
  i64 r = TRY(retrying(t, [&] { return path.narrow ? ::statvfs(path.narrow, &st) : ::fstatvfs(path.fd, &st); }));
  if (r < 0) return raise_path_error(t, path);
  return make_statvfs_result(t, st);
}
static Result<Value> posix_fstatvfs(Thread& t, int fd) {
  struct statvfs st;
  TRY(retrying_or_raise(t, [&] { return ::fstatvfs(fd, &st); }));
  return make_statvfs_result(t, st);
}

// ---------------------------------------------------------------------------------------------------------------- simple calls
// on paths

// Runs call() without the GIL; OSError with the path on -1.
template <class F>
static Result<void> on_path(Thread& t, const PathArg& path, F&& call) {
  if (blocking(t, call) < 0) return raise_path_error(t, path);
  return ok;
}
template <class F>
static Result<void> on_paths(Thread& t, const PathArg& a, const PathArg& b, F&& call) {
  if (blocking(t, call) < 0) return raise_path_error(t, a, b);
  return ok;
}

static Result<bool> posix_access(Thread& t, PlainPath path, int mode, DirFd dir_fd, bool effective_ids, bool follow) {
  int flags = (effective_ids ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
  return blocking(t, [&] {
           if (dir_fd.fd != AT_FDCWD || flags) return ::faccessat(dir_fd.fd, path.narrow, mode, flags);
           return ::access(path.narrow, mode);
         }) == 0;
}

static Value dir_fd_value(DirFd dir_fd) { return Value::of_small_int(dir_fd.fd == AT_FDCWD ? -1 : dir_fd.fd); }

static Result<void> posix_chmod(Thread& t, PathOrFd path, int mode, DirFd dir_fd, bool follow) {
  TRY(audit(t, "os.chmod", path.object, Value::of_small_int(mode), dir_fd_value(dir_fd)));
  mode_t bits = static_cast<mode_t>(mode);
  int r = blocking(t, [&] {
    if (!path.narrow) return ::fchmod(path.fd, bits);
    if (dir_fd.fd != AT_FDCWD || !follow) return ::fchmodat(dir_fd.fd, path.narrow, bits, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    return ::chmod(path.narrow, bits);
  });
  if (r == 0) return ok;
  if (path.narrow && !follow && (errno == ENOTSUP || errno == EOPNOTSUPP)) {
    if (dir_fd.fd != AT_FDCWD) return raise_value_error(t, "chmod: cannot use dir_fd and follow_symlinks together");
    return raise_not_implemented(t, "chmod: follow_symlinks unavailable on this platform");
  }
  return raise_path_error(t, path);
}
static Result<void> posix_fchmod(Thread& t, int fd, int mode) {
  TRY(audit(t, "os.chmod", Value::of_small_int(fd), Value::of_small_int(mode), Value::of_small_int(-1)));
  TRY(retrying_or_raise(t, [&] { return ::fchmod(fd, static_cast<mode_t>(mode)); }));
  return ok;
}

static Result<void> posix_chown(Thread& t, PathOrFd path, UserId uid, GroupId gid, DirFd dir_fd, bool follow) {
  TRY(check_path_and_dir_fd(t, "chown", path, dir_fd.fd));
  TRY(check_fd_and_follow(t, "chown", path, follow));
  TRY(audit(t, "os.chown", path.object, Value::of_small_int(uid.id), Value::of_small_int(gid.id), dir_fd_value(dir_fd)));
  return on_path(t, path, [&] {
    if (!path.narrow) return ::fchown(path.fd, uid.id, gid.id);
    return ::fchownat(dir_fd.fd, path.narrow, uid.id, gid.id, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
}
static Result<void> posix_fchown(Thread& t, int fd, UserId uid, GroupId gid) {
  TRY(audit(t, "os.chown", Value::of_small_int(fd), Value::of_small_int(uid.id), Value::of_small_int(gid.id),
            Value::of_small_int(-1)));
  TRY(retrying_or_raise(t, [&] { return ::fchown(fd, uid.id, gid.id); }));
  return ok;
}
static Result<void> posix_lchown(Thread& t, PlainPath path, UserId uid, GroupId gid) {
  TRY(audit(t, "os.chown", path.object, Value::of_small_int(uid.id), Value::of_small_int(gid.id), Value::of_small_int(-1)));
  return on_path(t, path, [&] { return ::lchown(path.narrow, uid.id, gid.id); });
}

static Result<void> posix_link(Thread& t, PlainPath src, PlainPath dst, DirFd src_dir, DirFd dst_dir, bool follow) {
  TRY(audit(t, "os.link", src.object, dst.object, dir_fd_value(src_dir), dir_fd_value(dst_dir)));
  return on_paths(t, src, dst, [&] {
    if (src_dir.fd != AT_FDCWD || dst_dir.fd != AT_FDCWD || !follow)
      return ::linkat(src_dir.fd, src.narrow, dst_dir.fd, dst.narrow, follow ? AT_SYMLINK_FOLLOW : 0);
    return ::link(src.narrow, dst.narrow);
  });
}
static Result<void> posix_symlink(Thread& t, PlainPath src, PlainPath dst, bool, DirFd dir_fd) {
  TRY(audit(t, "os.symlink", src.object, dst.object, dir_fd_value(dir_fd)));
  return on_paths(t, src, dst, [&] { return ::symlinkat(src.narrow, dir_fd.fd, dst.narrow); });
}
static Result<void> posix_rename(Thread& t, PlainPath src, PlainPath dst, DirFd src_dir, DirFd dst_dir) {
  TRY(audit(t, "os.rename", src.object, dst.object, dir_fd_value(src_dir), dir_fd_value(dst_dir)));
  return on_paths(t, src, dst, [&] { return ::renameat(src_dir.fd, src.narrow, dst_dir.fd, dst.narrow); });
}
static Result<void> posix_mkdir(Thread& t, PlainPath path, int mode, DirFd dir_fd) {
  TRY(audit(t, "os.mkdir", path.object, Value::of_small_int(mode), dir_fd_value(dir_fd)));
  return on_path(t, path, [&] { return ::mkdirat(dir_fd.fd, path.narrow, static_cast<mode_t>(mode)); });
}
static Result<void> posix_rmdir(Thread& t, PlainPath path, DirFd dir_fd) {
  TRY(audit(t, "os.rmdir", path.object, dir_fd_value(dir_fd)));
  return on_path(t, path, [&] { return ::unlinkat(dir_fd.fd, path.narrow, AT_REMOVEDIR); });
}
static Result<void> posix_unlink(Thread& t, PlainPath path, DirFd dir_fd) {
  TRY(audit(t, "os.remove", path.object, dir_fd_value(dir_fd)));
  return on_path(t, path, [&] { return ::unlinkat(dir_fd.fd, path.narrow, 0); });
}
static Result<void> posix_mkfifo(Thread& t, PlainPath path, int mode, DirFd dir_fd) {
  i64 r = TRY(retrying(t, [&] { return ::mkfifoat(dir_fd.fd, path.narrow, static_cast<mode_t>(mode)); }));
  if (r < 0) return raise_path_error(t, path);
  return ok;
}
static Result<void> posix_mknod(Thread& t, PlainPath path, int mode, u64 device, DirFd dir_fd) {
  i64 r = TRY(retrying(t, [&] { return ::mknodat(dir_fd.fd, path.narrow, static_cast<mode_t>(mode), device); }));
  if (r < 0) return raise_path_error(t, path);
  return ok;
}
static Result<void> posix_chroot(Thread& t, PlainPath path) {
  return on_path(t, path, [&] { return ::chroot(path.narrow); });
}
static Result<void> posix_truncate(Thread& t, PathOrFd path, OffsetArg length) {
  TRY(audit(t, "os.truncate", path.object, Value(TRY(int_from_i64(t, length.value)))));
  i64 r =
      TRY(retrying(t, [&] { return path.narrow ? ::truncate(path.narrow, length.value) : ::ftruncate(path.fd, length.value); }));
  if (r < 0) return raise_path_error(t, path);
  return ok;
}

static Result<Value> posix_readlink(Thread& t, PlainPath path, DirFd dir_fd) {
  char buffer[4097];
  i64 n = blocking(t, [&] { return ::readlinkat(dir_fd.fd, path.narrow, buffer, sizeof buffer - 1); });
  if (n < 0) return raise_path_error(t, path);
  std::string_view text(buffer, static_cast<usize>(n));
  if (path.is_bytes) return bytes_from(t, text);
  return file_system_text(t, text);
}

// ---------------------------------------------------------------------------------------------------------------- times

static Result<void> split_nanoseconds(Thread& t, Value v, timespec* out) {
  Value pair = TRY(binary_op(t, BinaryOp::DivMod, v, Value::of_small_int(1000000000)));
  if (!is<Tuple>(pair) || pair.as<Tuple>()->length() != 2) {
    return raise_type_error(t, "{!t}.__divmod__() must return a 2-tuple, not {!t}", v, pair);
  }
  i64 seconds, nanoseconds;
  if (!int_to_i64(TRY(to_index(t, pair.as<Tuple>()->at(0))), &seconds))
    return raise_overflow_error(t, "timestamp out of range for platform time_t");
  int_to_i64(TRY(to_index(t, pair.as<Tuple>()->at(1))), &nanoseconds);
  *out = {seconds, nanoseconds};
  return ok;
}

static Result<void> posix_utime(Thread& t, PathOrFd path, Value times, Optional<Value> ns, DirFd dir_fd, bool follow) {
  timespec stamps[2];
  bool now = false;
  if (!times.is_none() && ns.has_value())
    return raise_value_error(t, "utime: you may specify either 'times' or 'ns' but not both");
  if (!times.is_none()) {
    if (!is<Tuple>(times) || times.as<Tuple>()->length() != 2)
      return raise_type_error(t, "utime: 'times' must be either a tuple of two ints or None");
    for (int i = 0; i < 2; ++i) TRY(timespec_from(t, times.as<Tuple>()->at(i), &stamps[i]));
  } else if (ns.has_value()) {
    if (!is<Tuple>(ns.value) || ns.value.as<Tuple>()->length() != 2)
      return raise_type_error(t, "utime: 'ns' must be a tuple of two ints");
    for (int i = 0; i < 2; ++i) TRY(split_nanoseconds(t, ns.value.as<Tuple>()->at(i), &stamps[i]));
  } else {
    now = true;
  }
  TRY(check_path_and_dir_fd(t, "utime", path, dir_fd.fd));
  TRY(check_fd_and_follow(t, "utime", path, follow));
  TRY(audit(t, "os.utime", path.object, times, ns.has_value() ? ns.value : kNone, dir_fd_value(dir_fd)));
  const timespec* spec = now ? nullptr : stamps;
  int done = blocking(t, [&] {
    if (!path.narrow) return ::futimens(path.fd, spec);
    return ::utimensat(dir_fd.fd, path.narrow, spec, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (done < 0) return raise_errno(t);  // without the path, as in 3.11
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- extended
// attributes

// Reads an attribute or list whose size is not known: tries growing buffers.
template <class F>
static Result<Value> read_xattr(Thread& t, const PathArg& path, F&& call) {
  static constexpr usize kSizes[] = {128, 65536};
  for (usize size : kSizes) {
    auto* buffer = static_cast<char*>(malloc(size));
    if (!buffer) return raise_memory_error(t);
    ssize_t n = blocking(t, [&] { return call(buffer, size); });
    int error = errno;
    if (n >= 0) {
      Result<Bytes*> bytes = bytes_from(t, buffer, static_cast<usize>(n));
      free(buffer);
      return bytes;
    }
    free(buffer);
    errno = error;
    if (error != ERANGE) return raise_path_error(t, path);
  }
  return raise_path_error(t, path);
}

static Result<Value> posix_getxattr(Thread& t, PathOrFd path, PlainPath attribute, bool follow) {
  TRY(check_fd_and_follow(t, "getxattr", path, follow));
  TRY(audit(t, "os.getxattr", path.object, attribute.object));
  return read_xattr(t, path, [&](char* buffer, usize size) {
    if (!path.narrow) return ::fgetxattr(path.fd, attribute.narrow, buffer, size);
    return follow ? ::getxattr(path.narrow, attribute.narrow, buffer, size)
                  : ::lgetxattr(path.narrow, attribute.narrow, buffer, size);
  });
}
static Result<void> posix_setxattr(Thread& t, PathOrFd path, PlainPath attribute, BufferView value, int flags, bool follow) {
  TRY(check_fd_and_follow(t, "setxattr", path, follow));
  if (has_audit_hooks) {
    Value content(TRY(bytes_from(t, value.data, value.size)));
    TRY(audit(t, "os.setxattr", path.object, attribute.object, content, Value::of_small_int(flags)));
  }
  return on_path(t, path, [&] {
    if (!path.narrow) return ::fsetxattr(path.fd, attribute.narrow, value.data, value.size, flags);
    return follow ? ::setxattr(path.narrow, attribute.narrow, value.data, value.size, flags)
                  : ::lsetxattr(path.narrow, attribute.narrow, value.data, value.size, flags);
  });
}
static Result<void> posix_removexattr(Thread& t, PathOrFd path, PlainPath attribute, bool follow) {
  TRY(check_fd_and_follow(t, "removexattr", path, follow));
  TRY(audit(t, "os.removexattr", path.object, attribute.object));
  return on_path(t, path, [&] {
    if (!path.narrow) return ::fremovexattr(path.fd, attribute.narrow);
    return follow ? ::removexattr(path.narrow, attribute.narrow) : ::lremovexattr(path.narrow, attribute.narrow);
  });
}
static Result<Value> posix_listxattr(Thread& t, PathFdOrNone path, bool follow) {
  TRY(check_fd_and_follow(t, "listxattr", path, follow || path.object.is_absent()));
  TRY(audit(t, "os.listxattr", path.object.is_present() ? path.object : kNone));
  const char* name = path.narrow ? path.narrow : ".";
  Value raw = TRY(read_xattr(t, path, [&](char* buffer, usize size) {
    if (path.fd > -1) return ::flistxattr(path.fd, buffer, size);
    return follow ? ::listxattr(name, buffer, size) : ::llistxattr(name, buffer, size);
  }));
  List* result = TRY(make_list(t));
  std::string_view rest = raw.as<Bytes>()->text();
  while (!rest.empty()) {
    usize end = rest.find('\0');
    TRY(list_append(t, result, Value(TRY(file_system_text(t, rest.substr(0, end))))));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- paths as text

// POSIX rules of os.path.normpath; bytes in, bytes out by the caller.
static Result<Value> posix_path_normpath(Thread& t, Value path) {
  if (!is<Str>(path)) return raise_type_error(t, "_path_normpath() argument 'path' must be str, not {!a}", path);
  Str* s = path.as<Str>();
  Index n = s->length();
  if (n == 0) return Value(TRY(str_from_ascii(t, ".")));
  StrBuilder out;
  Index i = 0, floor = 0;
  if (s->at(0) == '/') {
    bool two = n >= 2 && s->at(1) == '/' && !(n >= 3 && s->at(2) == '/');
    out.append_ascii(two ? "//" : "/");
    floor = two ? 2 : 1;
  }
  while (i < n) {
    while (i < n && s->at(i) == '/') ++i;
    Index start = i;
    while (i < n && s->at(i) != '/') ++i;
    Index length = i - start;
    if (length == 0 || (length == 1 && s->at(start) == '.')) continue;
    bool is_up = length == 2 && s->at(start) == '.' && s->at(start + 1) == '.';
    Index end = out.length();
    if (is_up) {
      // The last component, unless there is none or it is itself "..".
      Index from = end;
      while (from > floor && out.at(from - 1) != '/') --from;
      bool last_is_up = end - from == 2 && out.at(from) == '.' && out.at(from + 1) == '.';
      if (end > floor && !last_is_up) {
        out.truncate(from > floor ? from - 1 : floor);
        continue;
      }
      if (floor > 0) continue;  // "/.." is "/"
    }
    if (out.length() > floor) out.append('/');
    out.append(s, start, i);
  }
  if (out.length() == 0) out.append('.');
  return out.build(t);
}

static Result<Value> posix_fspath(Thread& t, Value path) { return fspath(t, path); }
static Result<u64> posix_major(Thread&, u64 device) { return u64{major(device)}; }
static Result<u64> posix_minor(Thread&, u64 device) { return u64{minor(device)}; }
static Result<u64> posix_makedev(Thread&, int major_number, int minor_number) {
  return static_cast<u64>(makedev(static_cast<u32>(major_number), static_cast<u32>(minor_number)));
}

static constinit NativeDef rows[] = {
    native<posix_stat>(
        "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)",
        "Perform a stat system call on the given path.\n\n  path\n    Path to be examined; can be string, bytes, a path-like "
        "object or\n    open-file-descriptor int.\n  dir_fd\n    If not None, it should be a file descriptor open to a "
        "directory,\n    and path should be a relative string; path will then be relative to\n    that directory.\n  "
        "follow_symlinks\n    If False, and the last element of the path is a symbolic link,\n    stat will examine the symbolic "
        "link itself instead of the file\n    the link points to.\n\ndir_fd and follow_symlinks may not be implemented\n  on "
        "your platform.  If they are unavailable, using them will raise a\n  NotImplementedError.\n\nIt's an error to use dir_fd "
        "or follow_symlinks when specifying path as\n  an open file descriptor."),
    native<posix_lstat>("lstat($module, /, path, *, dir_fd=None)",
                        "Perform a stat system call on the given path, without following symbolic links.\n\nLike stat(), but do "
                        "not follow symbolic links.\nEquivalent to stat(path, follow_symlinks=False)."),
    native<posix_fstat>("fstat($module, /, fd)",
                        "Perform a stat system call on the given file descriptor.\n\nLike stat(), but for an open file "
                        "descriptor.\nEquivalent to os.stat(fd)."),
    native<posix_statvfs>("statvfs($module, /, path)",
                          "Perform a statvfs system call on the given path.\n\npath may always be specified as a string.\nOn "
                          "some platforms, path may also be specified as an open file descriptor.\n  If this functionality is "
                          "unavailable, using it raises an exception."),
    native<posix_fstatvfs>("fstatvfs($module, fd, /)",
                           "Perform an fstatvfs system call on the given fd.\n\nEquivalent to statvfs(fd)."),
    native<posix_access>(
        "access($module, /, path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
        "Use the real uid/gid to test for access to a path.\n\n  path\n    Path to be tested; can be string, bytes, or a "
        "path-like object.\n  mode\n    Operating-system mode bitfield.  Can be F_OK to test existence,\n    or the inclusive-OR "
        "of R_OK, W_OK, and X_OK.\n  dir_fd\n    If not None, it should be a file descriptor open to a directory,\n    and path "
        "should be relative; path will then be relative to that\n    directory.\n  effective_ids\n    If True, access will use "
        "the effective uid/gid instead of\n    the real uid/gid.\n  follow_symlinks\n    If False, and the last element of the "
        "path is a symbolic link,\n    access will examine the symbolic link itself instead of the file\n    the link points "
        "to.\n\ndir_fd, effective_ids, and follow_symlinks may not be implemented\n  on your platform.  If they are unavailable, "
        "using them will raise a\n  NotImplementedError.\n\nNote that most operations will use the effective uid/gid, therefore "
        "this\n  routine can be used in a suid/sgid environment to test if the invoking user\n  has the specified access to the "
        "path."),
    native<posix_chmod>(
        "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)",
        "Change the access permissions of a file.\n\n  path\n    Path to be modified.  May always be specified as a str, bytes, "
        "or a path-like object.\n    On some platforms, path may also be specified as an open file descriptor.\n    If this "
        "functionality is unavailable, using it raises an exception.\n  mode\n    Operating-system mode bitfield.\n  dir_fd\n    "
        "If not None, it should be a file descriptor open to a directory,\n    and path should be relative; path will then be "
        "relative to that\n    directory.\n  follow_symlinks\n    If False, and the last element of the path is a symbolic "
        "link,\n    chmod will modify the symbolic link itself instead of the file\n    the link points to.\n\nIt is an error to "
        "use dir_fd or follow_symlinks when specifying path as\n  an open file descriptor.\ndir_fd and follow_symlinks may not "
        "be implemented on your platform.\n  If they are unavailable, using them will raise a NotImplementedError."),
    native<posix_fchmod>(
        "fchmod($module, /, fd, mode)",
        "Change the access permissions of the file given by file descriptor fd.\n\nEquivalent to os.chmod(fd, mode)."),
    native<posix_chown>(
        "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
        "Change the owner and group id of path to the numeric uid and gid.\\\n\n  path\n    Path to be examined; can be string, "
        "bytes, a path-like object, or open-file-descriptor int.\n  dir_fd\n    If not None, it should be a file descriptor open "
        "to a directory,\n    and path should be relative; path will then be relative to that\n    directory.\n  "
        "follow_symlinks\n    If False, and the last element of the path is a symbolic link,\n    stat will examine the symbolic "
        "link itself instead of the file\n    the link points to.\n\npath may always be specified as a string.\nOn some "
        "platforms, path may also be specified as an open file descriptor.\n  If this functionality is unavailable, using it "
        "raises an exception.\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and path should be "
        "relative; path will then be relative to that directory.\nIf follow_symlinks is False, and the last element of the path "
        "is a symbolic\n  link, chown will modify the symbolic link itself instead of the file the\n  link points to.\nIt is an "
        "error to use dir_fd or follow_symlinks when specifying path as\n  an open file descriptor.\ndir_fd and follow_symlinks "
        "may not be implemented on your platform.\n  If they are unavailable, using them will raise a NotImplementedError."),
    native<posix_fchown>(
        "fchown($module, /, fd, uid, gid)",
        "Change the owner and group id of the file specified by file descriptor.\n\nEquivalent to os.chown(fd, uid, gid)."),
    native<posix_lchown>("lchown($module, /, path, uid, gid)",
                         "Change the owner and group id of path to the numeric uid and gid.\n\nThis function will not follow "
                         "symbolic links.\nEquivalent to os.chown(path, uid, gid, follow_symlinks=False)."),
    native<posix_link>("link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)",
                       "Create a hard link to a file.\n\nIf either src_dir_fd or dst_dir_fd is not None, it should be a file\n  "
                       "descriptor open to a directory, and the respective path string (src or dst)\n  should be relative; the "
                       "path will then be relative to that directory.\nIf follow_symlinks is False, and the last element of src "
                       "is a symbolic\n  link, link will create a link to the symbolic link itself instead of the\n  file the "
                       "link points to.\nsrc_dir_fd, dst_dir_fd, and follow_symlinks may not be implemented on your\n  platform. "
                       " If they are unavailable, using them will raise a\n  NotImplementedError."),
    native<posix_symlink>(
        "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
        "Create a symbolic link pointing to src named dst.\n\ntarget_is_directory is required on Windows if the target is to "
        "be\n  interpreted as a directory.  (On Windows, symlink requires\n  Windows 6.0 or greater, and raises a "
        "NotImplementedError otherwise.)\n  target_is_directory is ignored on non-Windows platforms.\n\nIf dir_fd is not None, "
        "it should be a file descriptor open to a directory,\n  and path should be relative; path will then be relative to that "
        "directory.\ndir_fd may not be implemented on your platform.\n  If it is unavailable, using it will raise a "
        "NotImplementedError."),
    native<posix_rename>("rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
                         "Rename a file or directory.\n\nIf either src_dir_fd or dst_dir_fd is not None, it should be a file\n  "
                         "descriptor open to a directory, and the respective path string (src or dst)\n  should be relative; the "
                         "path will then be relative to that directory.\nsrc_dir_fd and dst_dir_fd, may not be implemented on "
                         "your platform.\n  If they are unavailable, using them will raise a NotImplementedError."),
    native<posix_rename>(
        "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        "Rename a file or directory, overwriting the destination.\n\nIf either src_dir_fd or dst_dir_fd is not None, it should "
        "be a file\n  descriptor open to a directory, and the respective path string (src or dst)\n  should be relative; the "
        "path will then be relative to that directory.\nsrc_dir_fd and dst_dir_fd, may not be implemented on your platform.\n  "
        "If they are unavailable, using them will raise a NotImplementedError."),
    native<posix_mkdir>(
        "mkdir($module, /, path, mode=511, *, dir_fd=None)",
        "Create a directory.\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and path should be "
        "relative; path will then be relative to that directory.\ndir_fd may not be implemented on your platform.\n  If it is "
        "unavailable, using it will raise a NotImplementedError.\n\nThe mode argument is ignored on Windows. Where it is used, "
        "the current umask\nvalue is first masked out."),
    native<posix_rmdir>("rmdir($module, /, path, *, dir_fd=None)",
                        "Remove a directory.\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  "
                        "and path should be relative; path will then be relative to that directory.\ndir_fd may not be "
                        "implemented on your platform.\n  If it is unavailable, using it will raise a NotImplementedError."),
    native<posix_unlink>(
        "unlink($module, /, path, *, dir_fd=None)",
        "Remove a file (same as remove()).\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and "
        "path should be relative; path will then be relative to that directory.\ndir_fd may not be implemented on your "
        "platform.\n  If it is unavailable, using it will raise a NotImplementedError."),
    native<posix_unlink>(
        "remove($module, /, path, *, dir_fd=None)",
        "Remove a file (same as unlink()).\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and "
        "path should be relative; path will then be relative to that directory.\ndir_fd may not be implemented on your "
        "platform.\n  If it is unavailable, using it will raise a NotImplementedError."),
    native<posix_mkfifo>(
        "mkfifo($module, /, path, mode=438, *, dir_fd=None)",
        "Create a \"fifo\" (a POSIX named pipe).\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n "
        " and path should be relative; path will then be relative to that directory.\ndir_fd may not be implemented on your "
        "platform.\n  If it is unavailable, using it will raise a NotImplementedError."),
    native<posix_mknod>(
        "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)",
        "Create a node in the file system.\n\nCreate a node in the file system (file, device special file or named pipe)\nat "
        "path.  mode specifies both the permissions to use and the\ntype of node to be created, being combined (bitwise OR) with "
        "one of\nS_IFREG, S_IFCHR, S_IFBLK, and S_IFIFO.  If S_IFCHR or S_IFBLK is set on mode,\ndevice defines the newly "
        "created device special file (probably using\nos.makedev()).  Otherwise device is ignored.\n\nIf dir_fd is not None, it "
        "should be a file descriptor open to a directory,\n  and path should be relative; path will then be relative to that "
        "directory.\ndir_fd may not be implemented on your platform.\n  If it is unavailable, using it will raise a "
        "NotImplementedError."),
    native<posix_chroot>("chroot($module, /, path)", "Change root directory to path."),
    native<posix_truncate>(
        "truncate($module, /, path, length)",
        "Truncate a file, specified by path, to a specific length.\n\nOn some platforms, path may also be specified as an open "
        "file descriptor.\n  If this functionality is unavailable, using it raises an exception."),
    native<posix_readlink>(
        "readlink($module, /, path, *, dir_fd=None)",
        "Return a string representing the path to which the symbolic link points.\n\nIf dir_fd is not None, it should be a file "
        "descriptor open to a directory,\nand path should be relative; path will then be relative to that directory.\n\ndir_fd "
        "may not be implemented on your platform.  If it is unavailable,\nusing it will raise a NotImplementedError."),
    native<posix_utime>(
        "utime($module, /, path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)",
        "Set the access and modified time of path.\n\npath may always be specified as a string.\nOn some platforms, path may "
        "also be specified as an open file descriptor.\n  If this functionality is unavailable, using it raises an "
        "exception.\n\nIf times is not None, it must be a tuple (atime, mtime);\n    atime and mtime should be expressed as "
        "float seconds since the epoch.\nIf ns is specified, it must be a tuple (atime_ns, mtime_ns);\n    atime_ns and mtime_ns "
        "should be expressed as integer nanoseconds\n    since the epoch.\nIf times is None and ns is unspecified, utime uses "
        "the current time.\nSpecifying tuples for both times and ns is an error.\n\nIf dir_fd is not None, it should be a file "
        "descriptor open to a directory,\n  and path should be relative; path will then be relative to that directory.\nIf "
        "follow_symlinks is False, and the last element of the path is a symbolic\n  link, utime will modify the symbolic link "
        "itself instead of the file the\n  link points to.\nIt is an error to use dir_fd or follow_symlinks when specifying "
        "path\n  as an open file descriptor.\ndir_fd and follow_symlinks may not be available on your platform.\n  If they are "
        "unavailable, using them will raise a NotImplementedError."),
    native<posix_getxattr>(
        "getxattr($module, /, path, attribute, *, follow_symlinks=True)",
        "Return the value of extended attribute attribute on path.\n\npath may be either a string, a path-like object, or an "
        "open file descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, getxattr "
        "will examine the symbolic link itself instead of the file\n  the link points to."),
    native<posix_setxattr>(
        "setxattr($module, /, path, attribute, value, flags=0, *, follow_symlinks=True)",
        "Set extended attribute attribute on path to value.\n\npath may be either a string, a path-like object,  or an open file "
        "descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, setxattr will modify "
        "the symbolic link itself instead of the file\n  the link points to."),
    native<posix_removexattr>(
        "removexattr($module, /, path, attribute, *, follow_symlinks=True)",
        "Remove extended attribute attribute on path.\n\npath may be either a string, a path-like object, or an open file "
        "descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, removexattr will "
        "modify the symbolic link itself instead of the file\n  the link points to."),
    native<posix_listxattr>("listxattr($module, /, path=None, *, follow_symlinks=True)",
                            "Return a list of extended attributes on path.\n\npath may be either None, a string, a path-like "
                            "object, or an open file descriptor.\nif path is None, listxattr will examine the current "
                            "directory.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, "
                            "listxattr will examine the symbolic link itself instead of the file\n  the link points to."),
    native<posix_path_normpath>("_path_normpath($module, /, path)", "Basic path normalization."),
    native<posix_fspath>("fspath($module, /, path)",
                         "Return the file system path representation of the object.\n\nIf the object is str or bytes, then allow "
                         "it to pass through as-is. If the\nobject defines __fspath__(), then return the result of that method. "
                         "All other\ntypes raise a TypeError."),
    native<posix_major>("major($module, device, /)", "Extracts a device major number from a raw device number."),
    native<posix_minor>("minor($module, device, /)", "Extracts a device minor number from a raw device number."),
    native<posix_makedev>("makedev($module, major, minor, /)",
                          "Composes a raw device number from the major and minor device numbers."),
};
constinit NativeTable posix_file_functions = {rows, count_of(rows)};
TypeDef* posix_statvfs_type() { return &statvfs_result_def.def; }

}  // namespace baton
