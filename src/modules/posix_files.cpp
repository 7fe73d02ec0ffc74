// posix: files by path. stat and its results, links, names, modes, owners, times, extended attributes.
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "heap/clear_stack.h"
#include "modules/io_writers.h"
#include "modules/openssl_support.h"
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
                    "Information on a file, from stat(), lstat() or fstat().\n\nIt is a tuple of ten ints, which are attributes "
                    "too: st_mode, st_ino,\nst_dev, st_nlink, st_uid, st_gid, st_size, st_atime, st_mtime, st_ctime.\nAs "
                    "attributes, the three times are floats.\n\nMore facts are only attributes, and only where the platform has "
                    "them:\nst_blksize, st_blocks, st_rdev, st_flags. The documentation of os.stat()\nexplains them all.",
                    kStatFields, 10);

static constexpr StructField kStatvfsFields[] = {{"f_bsize"},  {"f_frsize"},  {"f_blocks"}, {"f_bfree"},
                                                 {"f_bavail"}, {"f_files"},   {"f_ffree"},  {"f_favail"},
                                                 {"f_flag"},   {"f_namemax"}, {"f_fsid"}};
static constinit StructSequenceDef statvfs_result_def =
    struct_sequence("os.statvfs_result",
                    "Information on a file system, from statvfs() or fstatvfs().\n\nIt is a tuple whose items have names: "
                    "f_bsize, f_frsize, f_blocks, f_bfree,\nf_bavail, f_files, f_ffree, f_favail, f_flag, f_namemax. The "
                    "documentation\nof os.statvfs() explains them.",
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
  auto look = [&] {
    return blocking(t, [&] {
      if (!path.narrow) return ::fstat(path.fd, &st);
      return ::fstatat(dir_fd, path.narrow, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    });
  };
  int r = look();
  if (r == 0 && status_may_change(t, st)) r = look();
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
  auto look = [&] { return retrying_or_raise(t, [&] { return ::fstat(fd, &st); }); };
  TRY(look());
  if (status_may_change(t, st)) TRY(look());
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
  keep_libcrypto_promise();
  return on_path(t, path, [&] { return ::chroot(path.narrow); });
}
static Result<void> posix_truncate(Thread& t, PathOrFd path, OffsetArg length) {
  TRY(audit(t, "os.truncate", path.object, Value(TRY(int_from_i64(t, length.value)))));
  clear_stack_below<4096>();  // of what an open() before may have left, see finish_dropped_writers_of
  if (path.narrow)
    finish_dropped_writers_of(t, AT_FDCWD, path.narrow);
  else
    finish_dropped_writers_of(t, path.fd);
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
        "Get the status of a file: type, size, owner, times and so on.\n\n  path\n    The file, as a string, bytes, path-like "
        "object or the number of an\n    open file descriptor.\n  dir_fd\n    Descriptor of an open directory from which a "
        "relative path is looked\n    up, or None for the current directory.\n  follow_symlinks\n    Whether a link at the end "
        "of path is resolved. False asks for the\n    status of the link.\n\nA path that is a descriptor cannot be combined with "
        "either option. On\nplatforms that lack an option, its use raises NotImplementedError."),
    native<posix_lstat>("lstat($module, /, path, *, dir_fd=None)",
                        "Get the status of a path as stat() does, but of a link and not its target.\n\nThis is short for "
                        "stat(path, follow_symlinks=False)."),
    native<posix_fstat>("fstat($module, /, fd)",
                        "Get the status of the file that is open as descriptor fd.\n\nos.stat(fd) gives the same result."),
    native<posix_statvfs>("statvfs($module, /, path)",
                          "Get information about the file system that holds path.\n\nA string is accepted everywhere.\nSome "
                          "platforms take an open file descriptor as path too; the others raise\nan exception for it."),
    native<posix_fstatvfs>(
        "fstatvfs($module, fd, /)",
        "Get information about the file system of the open descriptor fd.\n\nstatvfs(fd) gives the same result."),
    native<posix_access>(
        "access($module, /, path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
        "Check whether the user may access a path; return True or False.\n\n  path\n    What to check: a string, bytes or "
        "path-like object.\n  mode\n    Either F_OK (does it exist?) or any of R_OK, W_OK and X_OK combined\n    with |.\n  "
        "dir_fd\n    Descriptor of an open directory from which a relative path is looked\n    up, or None for the current "
        "directory.\n  effective_ids\n    True checks with the effective user and group ids. The default is to\n    use the real "
        "ones.\n  follow_symlinks\n    Whether a link at the end of path is resolved. False checks the link.\n\nWhere the "
        "platform lacks one of the three options, its use raises\nNotImplementedError.\n\nSince other system calls go by the "
        "effective ids, a program that runs\nsuid or sgid can find out here what the user who started it is allowed\nto do."),
    native<posix_chmod>(
        "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)",
        "Set the permission bits of a file.\n\n  path\n    The file, as a str, bytes or path-like object. Some platforms take "
        "an\n    open file descriptor too; the others raise an exception for it.\n  mode\n    The new bits, as the operating "
        "system defines them.\n  dir_fd\n    Descriptor of an open directory from which a relative path is looked\n    up, or "
        "None for the current directory.\n  follow_symlinks\n    Whether a link at the end of path is resolved. False changes "
        "the link.\n\nA path that is a descriptor cannot be combined with either option. On\nplatforms that lack an option, its "
        "use raises NotImplementedError."),
    native<posix_fchmod>("fchmod($module, /, fd, mode)",
                         "Set the permission bits of the file that is open as fd.\n\nos.chmod(fd, mode) has the same effect."),
    native<posix_chown>(
        "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
        "Set the numeric owner (uid) and group (gid) of a file.\n\n  path\n    The file, as a string, bytes or path-like object. "
        "Some platforms take\n    an open file descriptor too; the others raise an exception for it.\n  uid, gid\n    The new "
        "ids. -1 leaves the present one in place.\n  dir_fd\n    Descriptor of an open directory from which a relative path is "
        "looked\n    up, or None for the current directory.\n  follow_symlinks\n    Whether a link at the end of path is "
        "resolved. False changes the link.\n\nA path that is a descriptor cannot be combined with either option. On\nplatforms "
        "that lack an option, its use raises NotImplementedError."),
    native<posix_fchown>(
        "fchown($module, /, fd, uid, gid)",
        "Set the numeric owner and group of the file that is open as fd.\n\nos.chown(fd, uid, gid) has the same effect."),
    native<posix_lchown>("lchown($module, /, path, uid, gid)",
                         "Set the numeric owner and group of path itself, even if it is a link.\n\nThis is short for "
                         "os.chown(path, uid, gid, follow_symlinks=False)."),
    native<posix_link>(
        "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)",
        "Give the file src the additional name dst (a hard link).\n\nsrc_dir_fd and dst_dir_fd are descriptors of open "
        "directories; a relative\nsrc or dst is looked up from the matching one. If the platform cannot do\nthis, passing them "
        "raises NotImplementedError.\n\nWith follow_symlinks=False, a symbolic link as src gets the new name\nitself and not the "
        "file behind it. This option, too, raises\nNotImplementedError where it is missing."),
    native<posix_symlink>(
        "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
        "Create a symbolic link called dst that refers to src.\n\ntarget_is_directory matters on Windows only, where a link to a "
        "directory\nneeds it to be true; there the call requires Windows 6.0 and raises\nNotImplementedError on anything "
        "older.\n\ndir_fd, when given, is the descriptor of an open directory from which a\nrelative dst is looked up. If the "
        "platform cannot do this,\nNotImplementedError is raised."),
    native<posix_rename>("rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
                         "Give the file or directory src the new name dst.\n\nsrc_dir_fd and dst_dir_fd are descriptors of open "
                         "directories; a relative\nsrc or dst is looked up from the matching one. If the platform cannot "
                         "do\nthis, passing them raises NotImplementedError."),
    native<posix_rename>(
        "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        "Give the file or directory src the new name dst, even if that is taken.\n\nWhat was at dst before is "
        "replaced.\n\nsrc_dir_fd and dst_dir_fd are descriptors of open directories; a relative\nsrc or dst is looked up from "
        "the matching one. If the platform cannot do\nthis, passing them raises NotImplementedError."),
    native<posix_mkdir>(
        "mkdir($module, /, path, mode=511, *, dir_fd=None)",
        "Make a new directory.\n\nThe umask removes bits from mode before it is applied. Windows disregards\nmode.\n\ndir_fd, "
        "when given, is the descriptor of an open directory: a relative\npath is then looked up from there and not from the "
        "current directory.\nIf the platform cannot do this, NotImplementedError is raised."),
    native<posix_rmdir>("rmdir($module, /, path, *, dir_fd=None)",
                        "Delete a directory, which must be empty.\n\ndir_fd, when given, is the descriptor of an open directory: "
                        "a relative\npath is then looked up from there and not from the current directory.\nIf the platform "
                        "cannot do this, NotImplementedError is raised."),
    native<posix_unlink>("unlink($module, /, path, *, dir_fd=None)",
                         "Delete the file at path. remove() is another name for this.\n\ndir_fd, when given, is the descriptor "
                         "of an open directory: a relative\npath is then looked up from there and not from the current "
                         "directory.\nIf the platform cannot do this, NotImplementedError is raised."),
    native<posix_unlink>("remove($module, /, path, *, dir_fd=None)",
                         "Delete the file at path. unlink() is another name for this.\n\ndir_fd, when given, is the descriptor "
                         "of an open directory: a relative\npath is then looked up from there and not from the current "
                         "directory.\nIf the platform cannot do this, NotImplementedError is raised."),
    native<posix_mkfifo>("mkfifo($module, /, path, mode=438, *, dir_fd=None)",
                         "Make a named pipe, also called a FIFO.\n\ndir_fd, when given, is the descriptor of an open directory: "
                         "a relative\npath is then looked up from there and not from the current directory.\nIf the platform "
                         "cannot do this, NotImplementedError is raised."),
    native<posix_mknod>(
        "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)",
        "Make a file system entry: a plain file, a named pipe or a device.\n\n  mode\n    The permissions, combined with | with "
        "the kind of entry, which is one\n    of S_IFREG, S_IFIFO, S_IFCHR and S_IFBLK.\n  device\n    Number of the device, as "
        "os.makedev() makes it. Only S_IFCHR and\n    S_IFBLK look at it.\n\ndir_fd, when given, is the descriptor of an open "
        "directory: a relative\npath is then looked up from there and not from the current directory.\nIf the platform cannot do "
        "this, NotImplementedError is raised."),
    native<posix_chroot>("chroot($module, /, path)", "Change root directory to path."),
    native<posix_truncate>("truncate($module, /, path, length)",
                           "Cut or extend the file at path to exactly length bytes.\n\nSome platforms take an open file "
                           "descriptor as path too; the others raise\nan exception for it."),
    native<posix_readlink>("readlink($module, /, path, *, dir_fd=None)",
                           "Read the target of a symbolic link, without resolving it further.\n\ndir_fd, when given, is the "
                           "descriptor of an open directory: a relative\npath is then looked up from there and not from the "
                           "current directory.\nIf the platform cannot do this, NotImplementedError is raised."),
    native<posix_utime>(
        "utime($module, /, path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)",
        "Set the times of last access and last modification of a file.\n\n  path\n    The file. A string is accepted everywhere. "
        "Some platforms take an open\n    file descriptor too; the others raise an exception for it.\n  times\n    A tuple "
        "(atime, mtime) in seconds since the epoch, as floats.\n  ns\n    A tuple (atime_ns, mtime_ns) in whole nanoseconds "
        "since the epoch.\n  dir_fd\n    Descriptor of an open directory from which a relative path is looked\n    up, or None "
        "for the current directory.\n  follow_symlinks\n    Whether a link at the end of path is resolved. False changes the "
        "link.\n\nPass times or ns, not both; with neither, the file gets the present time.\n\nA path that is a descriptor "
        "cannot be combined with dir_fd or\nfollow_symlinks. Where the platform lacks one of these two, its use "
        "raises\nNotImplementedError."),
    native<posix_getxattr>("getxattr($module, /, path, attribute, *, follow_symlinks=True)",
                           "Read the extended attribute called attribute of a file.\n\nThe file is given as a string, path-like "
                           "object or open descriptor. With\nfollow_symlinks=False, a link at the end of path is not resolved, "
                           "and the\nattribute of the link is read."),
    native<posix_setxattr>("setxattr($module, /, path, attribute, value, flags=0, *, follow_symlinks=True)",
                           "Give a file an extended attribute, or change the one it has.\n\nThe file is given as a string, "
                           "path-like object or open descriptor. With\nfollow_symlinks=False, a link at the end of path is not "
                           "resolved, and the\nattribute of the link is set."),
    native<posix_removexattr>(
        "removexattr($module, /, path, attribute, *, follow_symlinks=True)",
        "Delete the extended attribute called attribute from a file.\n\nThe file is given as a string, path-like object or open "
        "descriptor. With\nfollow_symlinks=False, a link at the end of path is not resolved, and the\nlink loses the attribute."),
    native<posix_listxattr>("listxattr($module, /, path=None, *, follow_symlinks=True)",
                            "List the names of the extended attributes of a file.\n\nThe file is given as a string, path-like "
                            "object or open descriptor; None\nstands for the current directory. With follow_symlinks=False, a "
                            "link at\nthe end of path is not resolved, and the attributes of the link are\nlisted."),
    native<posix_path_normpath>("_path_normpath($module, /, path)", "Basic path normalization."),
    native<posix_fspath>(
        "fspath($module, /, path)",
        "Convert a path-like object to the str or bytes that it stands for.\n\nstr and bytes objects are returned unchanged. Any "
        "other object must have\nan __fspath__() method, whose result is returned; TypeError is raised if\nit has none."),
    native<posix_major>("major($module, device, /)", "Extracts a device major number from a raw device number."),
    native<posix_minor>("minor($module, device, /)", "Extracts a device minor number from a raw device number."),
    native<posix_makedev>("makedev($module, major, minor, /)", "Combine a major and a minor device number into one raw number."),
};
constinit NativeTable posix_file_functions = {rows, count_of(rows)};
TypeDef* posix_statvfs_type() { return &statvfs_result_def.def; }

}  // namespace baton
