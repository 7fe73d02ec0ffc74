// posix: listing directories (listdir, scandir, DirEntry) and the current directory.
//
// A ScandirIterator owns a DIR*; closing, exhaustion and finalisation close it once.
#include <dirent.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#include "modules/io_writers.h"
#include "modules/posix_internal.h"
#include "objects/audit.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"
#include "objects/work_lock.h"

namespace baton {

// Opens the directory of a path argument; descriptors are duplicated, as closedir() closes what it was given.
static Result<DIR*> open_directory(Thread& t, const PathArg& path) {
  const char* name = path.narrow ? path.narrow : ".";
  DIR* dir;
  if (path.fd != -1) {
    int fd = ::fcntl(path.fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return raise_path_error(t, path);
    dir = blocking(t, [&] { return ::fdopendir(fd); });
    if (!dir) {
      int error = errno;
      ::close(fd);
      errno = error;
      return raise_path_error(t, path);
    }
  } else {
    dir = blocking(t, [&] { return ::opendir(name); });
    if (!dir) {
      int error = errno;
      Value shown = path.object.is_present() ? path.object : Value(TRY(str_from_ascii(t, ".")));
      return raise_os_error_with_path(t, error, shown);
    }
  }
  return dir;
}

static void close_directory(Thread& t, DIR* dir, bool from_fd) {
  blocking(t, [&] {
    if (from_fd) ::rewinddir(dir);  // the position is shared with the caller's descriptor
    return ::closedir(dir);
  });
}

static bool is_dot_name(const char* name) { return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])); }

// Names read at one go without the GIL, each ended by a zero byte.
struct NameBatch {
  char text[8192];
  usize used = 0;
  bool end = false;
  int error = 0;
  void fill(DIR* dir) {
    used = 0;
    while (sizeof text - used > sizeof(dirent::d_name)) {
      errno = 0;
      dirent* entry = ::readdir(dir);
      if (!entry) {
        error = errno;
        end = true;
        return;
      }
      if (is_dot_name(entry->d_name)) continue;
      usize n = strlen(entry->d_name) + 1;
      memcpy(text + used, entry->d_name, n);
      used += n;
    }
  }
};

static Result<Value> posix_listdir(Thread& t, PathFdOrNone path) {
  TRY(audit(t, "os.listdir", path.object.is_present() ? path.object : kNone));
  DIR* dir = TRY(open_directory(t, path));
  Result<List*> made = make_list(t);
  bool good = !made.is_failed();
  NameBatch batch;
  while (good && !batch.end) {
    blocking(t, [&] { batch.fill(dir); });
    for (usize at = 0; good && at < batch.used;) {
      std::string_view text(batch.text + at);
      at += text.size() + 1;
      Result<Value> name = failed;
      if (path.is_bytes)
        name = bytes_from(t, text);
      else
        name = file_system_text(t, text);
      good = !name.is_failed() && !list_append(t, made.value(), name.value()).is_failed();
    }
  }
  close_directory(t, dir, path.fd != -1);
  if (!good) return failed;
  if (batch.error) {
    errno = batch.error;
    return raise_path_error(t, path);
  }
  return made.value();
}

// ---------------------------------------------------------------------------------------------------------------- DirEntry

class DirEntry final : public Cell {
 public:
  void init(Value name, Value path, u64 inode, int type, int dir_fd) {
    name_.init(name);
    path_.init(path);
    stat_.init(Value());
    lstat_.init(Value());
    inode_ = inode;
    type_ = type;
    dir_fd_ = dir_fd;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(name_, path_, stat_, lstat_); }

  Field<Value> name_, path_;
  Field<Value> stat_, lstat_;  // cached results, absent until asked for
  u64 inode_;
  int type_;    // DT_*
  int dir_fd_;  // of scandir(fd), else AT_FDCWD
};

static Result<Value> fetch_stat(Thread& t, DirEntry* self, bool follow) {
  Bytes* path = TRY(file_system_bytes(t, self->path_.get()));
  struct stat st;
  auto look = [&] {
    return blocking(t, [&] { return ::fstatat(self->dir_fd_, c_text(path), &st, follow ? 0 : AT_SYMLINK_NOFOLLOW); });
  };
  int r = look();
  if (r == 0 && status_may_change(t, st)) r = look();
  if (r < 0) return raise_os_error_with_path(t, errno, self->path_.get());
  return make_stat_result(t, st);
}

static Result<Value> entry_lstat(Thread& t, DirEntry* self) {
  if (self->lstat_.get().is_absent()) {
    Value made = TRY(fetch_stat(t, self, false));
    self->lstat_.set(self, made);
  }
  return self->lstat_.get();
}

static Result<bool> entry_is_symlink(Thread& t, DirEntry* self);

static Result<Value> entry_stat(Thread& t, DirEntry* self, bool follow) {
  if (!follow) return entry_lstat(t, self);
  if (self->stat_.get().is_absent()) {
    Value made = TRY(entry_is_symlink(t, self)) ? TRY(fetch_stat(t, self, true)) : TRY(entry_lstat(t, self));
    self->stat_.set(self, made);
  }
  return self->stat_.get();
}

// Is the entry of this S_IF* type? A file that has vanished is nothing.
static Result<bool> has_mode(Thread& t, DirEntry* self, bool follow, u32 mode) {
  bool is_link = self->type_ == DT_LNK;
  bool need_stat = self->type_ == DT_UNKNOWN || (follow && is_link);
  if (!need_stat) {
    if (is_link) return mode == S_IFLNK;
    return self->type_ == (mode == S_IFDIR ? DT_DIR : mode == S_IFREG ? DT_REG : DT_LNK);
  }
  Result<Value> st = entry_stat(t, self, follow);
  if (st.is_failed()) {
    if (clear_pending_if(t, exceptions.FileNotFoundError)) return false;
    return failed;
  }
  i64 bits = st.value().as<Tuple>()->at(0).small_int();
  return (static_cast<u32>(bits) & S_IFMT) == mode;
}
static Result<bool> entry_is_dir(Thread& t, DirEntry* self, bool follow) { return has_mode(t, self, follow, S_IFDIR); }
static Result<bool> entry_is_file(Thread& t, DirEntry* self, bool follow) { return has_mode(t, self, follow, S_IFREG); }
static Result<bool> entry_is_symlink(Thread& t, DirEntry* self) {
  if (self->type_ != DT_UNKNOWN) return self->type_ == DT_LNK;
  return has_mode(t, self, false, S_IFLNK);
}
static Result<u64> entry_inode(Thread&, DirEntry* self) { return self->inode_; }
static Result<Value> entry_fspath(Thread&, DirEntry* self) { return self->path_.get(); }
static Result<Str*> entry_repr(Thread& t, DirEntry* self) { return format_message(t, "<DirEntry {!r}>", self->name_.get()); }
static Result<Value> entry_class_getitem(Thread& t, Type* type, Value item) { return class_getitem(t, type, item); }
static Result<Value> entry_get_name(Thread&, Value self) { return self.as<DirEntry>()->name_.get(); }
static Result<Value> entry_get_path(Thread&, Value self) { return self.as<DirEntry>()->path_.get(); }

static constinit NativeDef dir_entry_methods[] = {
    native<entry_repr>("__repr__($self, /)", "Return repr(self)."),
    native<entry_is_dir>("is_dir($self, /, *, follow_symlinks=True)",
                         "Return True if the entry is a directory; cached per entry."),
    native<entry_is_file>("is_file($self, /, *, follow_symlinks=True)", "Return True if the entry is a file; cached per entry."),
    native<entry_is_symlink>("is_symlink($self, /)",
                             "Whether this is a symbolic link, even one that leads nowhere.\n\nThe first answer is kept and "
                             "given again by later calls."),
    native<entry_stat>("stat($self, /, *, follow_symlinks=True)", "Return stat_result object for the entry; cached per entry."),
    native<entry_inode>("inode($self, /)", "Return inode of the entry; cached per entry."),
    native<entry_fspath>("__fspath__($self, /)", "Returns the path for the entry."),
    native<entry_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
static GetSetDef dir_entry_members[] = {
    {"name", entry_get_name, nullptr, "Name of the entry within its directory, without any leading path.", true},
    {"path", entry_get_path, nullptr,
     "The directory as given to scandir(), joined with the entry's name.\n\nIt is absolute only if the directory was.", true},
};
constinit TypeDef dir_entry_def = {.name = "posix.DirEntry",
                                   .dynamic_kind = &DynamicKind<DirEntry>::value,
                                   .payload_size = sizeof(DirEntry),
                                   .flags = kTypeNoInstances,
                                   .methods = dir_entry_methods,
                                   .method_count = count_of(dir_entry_methods),
                                   .getsets = dir_entry_members,
                                   .getset_count = 2,
                                   .kind_info = kind_info_of<DirEntry>("posix.DirEntry")};

// ---------------------------------------------------------------------------------------------------------------- scandir

class ScandirIterator final : public Cell {
 public:
  void init(Value path, bool is_bytes, int fd, DIR* dir) {
    path_.init(path);
    reading_.init();
    is_bytes_ = is_bytes;
    fd_ = fd;
    dir_ = dir;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(path_); }
  void finalize_native() {
    if (dir_) ::closedir(dir_);
    dir_ = nullptr;
  }

  Field<Value> path_;  // prefix of the entries' paths; absent for scandir(fd)
  bool is_bytes_;
  int fd_;            // the caller's descriptor, or -1
  WorkLock reading_;  // guards the next
  DIR* dir_;          // null: closed
};

static Result<Value> posix_scandir(Thread& t, PathFdOrNone path) {
  TRY(audit(t, "os.scandir", path.object.is_present() ? path.object : kNone));
  Type* type = TRY(type_from_def(t, scandir_iterator_def));
  Value shown = path.is_bytes ? path.keep : path.object.is_present() ? path.object : Value(TRY(str_from_ascii(t, ".")));
  DIR* dir = TRY(open_directory(t, path));
  Result<ScandirIterator*> made = make_of<ScandirIterator>(t, type, path.fd != -1 ? Value() : shown, path.is_bytes, path.fd, dir);
  if (made.is_failed()) {
    close_directory(t, dir, path.fd != -1);
    return failed;
  }
  heap_register_finalizable(t, made.value());
  return made.value();
}

// The lock is held.
static void close_held(Thread& t, ScandirIterator* self) {
  DIR* dir = self->dir_;
  self->dir_ = nullptr;
  if (dir) close_directory(t, dir, self->fd_ != -1);
  self->remove_gc_flag(kFinalizable);  // nothing left to do at its end
}
static void scandir_close_directory(Thread& t, ScandirIterator* self) {
  WorkGuard guard(t, self->reading_);
  close_held(t, self);
}

static Result<Value> make_entry(Thread& t, ScandirIterator* self, const dirent* entry) {
  std::string_view text = entry->d_name;
  u64 inode = entry->d_ino;
  int kind = entry->d_type;
  Value name = self->is_bytes_ ? Value(TRY(bytes_from(t, text))) : Value(TRY(file_system_text(t, text)));
  Value prefix = self->path_.get(), path = name;
  if (prefix.is_present()) {
    if (is<Bytes>(prefix)) {
      Bytes* head = prefix.as<Bytes>();
      Index n = head->length();
      bool slash = n > 0 && head->data()[n - 1] != '/';
      Bytes* joined = TRY(bytes_allocate(t, static_cast<usize>(n + slash) + text.size()));
      u8* out = bytes_mutable_data(joined);
      memcpy(out, head->data(), static_cast<usize>(n));
      if (slash) out[n] = '/';
      memcpy(out + n + slash, name.as<Bytes>()->data(), static_cast<usize>(name.as<Bytes>()->length()));
      path = Value(joined);
    } else {
      Str* head = prefix.as<Str>();
      StrBuilder joined;
      joined.append(head);
      if (head->length() && head->at(head->length() - 1) != '/') joined.append('/');
      joined.append(name.as<Str>());
      path = Value(TRY(joined.build(t)));
    }
  }
  return TRY(make_of<DirEntry>(t, TRY(type_from_def(t, dir_entry_def)), name, path, inode, kind,
                               self->fd_ != -1 ? self->fd_ : AT_FDCWD));
}

static Result<Value> scandir_next(Thread& t, ScandirIterator* self) {
  WorkGuard guard(t, self->reading_);
  while (DIR* dir = self->dir_) {
    errno = 0;
    dirent* entry = blocking(t, [&] { return ::readdir(dir); });
    if (entry) {
      if (is_dot_name(entry->d_name)) continue;
      Result<Value> made = make_entry(t, self, entry);
      if (made.is_failed()) close_held(t, self);
      return made;
    }
    int error = errno;
    close_held(t, self);
    if (error) {
      if (self->path_.get().is_present()) return raise_os_error_with_path(t, error, self->path_.get());
      return raise_os_error_with_path(t, error, Value::of_small_int(self->fd_));
    }
  }
  return kExhausted;
}

static Result<void> scandir_close(Thread& t, ScandirIterator* self) {
  scandir_close_directory(t, self);
  return ok;
}
static Result<Value> scandir_enter(Thread&, ScandirIterator* self) { return Value(self); }
static Result<void> scandir_exit(Thread& t, ScandirIterator* self, Rest) {
  scandir_close_directory(t, self);
  return ok;
}
static Result<Value> scandir_iter(Thread&, ScandirIterator* self) { return Value(self); }

static Result<void> scandir_del(Thread& t, ScandirIterator* self) {
  if (!self->dir_) return ok;
  Str* text = TRY(format_message(t, "unclosed scandir iterator {!r}", Value(self)));
  Value owner;
  Result<void> warned = warn(t, exceptions.ResourceWarning, str_utf8_lossy(t, text, &owner));
  scandir_close_directory(t, self);
  return warned;
}

static constinit NativeDef scandir_methods[] = {
    native<scandir_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<scandir_next>("__next__($self, /)", "Implement next(self)."),
    native<scandir_del>("__del__($self, /)", "Called when the instance is about to be destroyed."),
    native<scandir_enter>("__enter__($self, /)"),
    native<scandir_exit>("__exit__($self, /, *args)"),
    native<scandir_close>("close($self, /)"),
};
constinit TypeDef scandir_iterator_def = {.name = "posix.ScandirIterator",
                                          .dynamic_kind = &DynamicKind<ScandirIterator>::value,
                                          .payload_size = sizeof(ScandirIterator),
                                          .flags = kTypeNoInstances,
                                          .methods = scandir_methods,
                                          .method_count = count_of(scandir_methods),
                                          .kind_info = kind_info_of<ScandirIterator>("posix.ScandirIterator")};

// ---------------------------------------------------------------------------------------------------------------- current
// directory

// make(name): of the current directory, which mostly fits the stack.
template <class Make>
static Result<Value> with_current_directory(Thread& t, Make make) {
  char room[512];
  if (blocking(t, [&] { return ::getcwd(room, sizeof room); })) return Value(TRY(make(room)));
  char* text = errno == ERANGE ? blocking(t, [] { return ::getcwd(nullptr, 0); }) : nullptr;
  if (!text) return raise_errno(t);
  auto made = make(text);
  free(text);
  return Value(TRY(made));
}
static Result<Value> posix_getcwd(Thread& t) {
  return with_current_directory(t, [&](const char* name) { return file_system_text(t, name); });
}
static Result<Value> posix_getcwdb(Thread& t) {
  return with_current_directory(t, [&](const char* name) { return bytes_from(t, std::string_view(name)); });
}
static Result<void> posix_chdir(Thread& t, PathOrFd path) {
  TRY(audit(t, "os.chdir", path.object));
  int r = blocking(t, [&] { return path.narrow ? ::chdir(path.narrow) : ::fchdir(path.fd); });
  if (r < 0) return raise_path_error(t, path);
  return ok;
}
static Result<void> posix_fchdir(Thread& t, FdArg fd) {
  TRY(audit(t, "os.chdir", Value::of_small_int(fd.fd)));
  TRY(retrying_or_raise(t, [&] { return ::fchdir(fd.fd); }));
  return ok;
}

static constinit NativeDef rows[] = {
    native<posix_listdir>(
        "listdir($module, /, path=None)",
        "List the names of the entries of a directory, in no special order.\n\npath may be a str, bytes or path-like object; "
        "None means '.'. The names\nare bytes if path is bytes, and str otherwise. '.' and '..' are never\namong them.\n\nSome "
        "platforms also accept a descriptor of an open directory as path.\nElsewhere that raises NotImplementedError."),
    native<posix_scandir>(
        "scandir($module, /, path=None)",
        "Iterate over the entries of a directory, as DirEntry objects.\n\npath may be a str, bytes or path-like object; None "
        "means '.'. The names of\nthe entries are bytes if path is bytes, and str otherwise."),
    native<posix_getcwd>("getcwd($module, /)", "Name the current working directory, as a str."),
    native<posix_getcwdb>("getcwdb($module, /)", "Name the current working directory, as bytes."),
    native<posix_chdir>("chdir($module, /, path)",
                        "Make path the current working directory.\n\nA string is accepted everywhere.\nSome platforms take an "
                        "open file descriptor as path too; the others raise\nan exception for it."),
    native<posix_fchdir>("fchdir($module, /, fd)",
                         "Make the directory that is open as fd the current working directory.\n\nos.chdir(fd) has the same "
                         "effect. A descriptor of anything but a directory\nis an error."),
};
constinit NativeTable posix_directory_functions = {rows, count_of(rows)};

}  // namespace baton
