// _io.FileIO: an open file descriptor. Reads and writes are single system calls, retried after signals (PEP 475); a descriptor in
// non-blocking mode answers None when it isn't ready.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "modules/idle_collection.h"
#include "modules/io_internal.h"
#include "objects/audit.h"
#include "objects/exception.h"
#include "objects/raw_arguments.h"

namespace baton {

static Failed raise_closed(Thread& t) { return raise_value_error(t, "I/O operation on closed file"); }
static Failed raise_mode(Thread& t, const char* action) {
  return raise_unsupported(t, action[0] == 'r' ? "File not open for reading" : "File not open for writing");
}

// ---------------------------------------------------------------------------------------------------------------- opening

static Result<void> close_descriptor(Thread& t, FileIO* self) {
  int fd;
  {
    CriticalSection guard(t, self);  // of two threads that close the file one closes the descriptor, which may be another's soon
    fd = self->fd_;
    self->fd_ = -1;
  }
  if (fd < 0) return ok;
  int r = blocking(t, [&] { return ::close(fd); });
  if (r < 0 && errno != EINTR) return raise_errno(t);
  return ok;
}

static Failed raise_mode_count(Thread& t) {
  return raise_value_error(t, "Must have exactly one of create/read/write/append mode and at most one plus");
}

static Result<int> parse_mode(Thread& t, FileIO* self, std::string_view mode) {
  bool kind = false, plus = false;
  int flags = 0;
  for (char c : mode) {
    switch (c) {
      case 'x':
        if (kind) return raise_mode_count(t);
        kind = true;
        self->created_ = self->writable_ = true;
        flags |= O_EXCL | O_CREAT;
        break;
      case 'r':
        if (kind) return raise_mode_count(t);
        kind = true;
        self->readable_ = true;
        break;
      case 'w':
        if (kind) return raise_mode_count(t);
        kind = true;
        self->writable_ = true;
        flags |= O_CREAT | O_TRUNC;
        break;
      case 'a':
        if (kind) return raise_mode_count(t);
        kind = true;
        self->writable_ = self->appending_ = true;
        flags |= O_APPEND | O_CREAT;
        break;
      case 'b': break;
      case '+':
        if (plus) return raise_mode_count(t);
        self->readable_ = self->writable_ = plus = true;
        break;
      default: return raise_value_error(t, "invalid mode: {}", mode);
    }
  }
  if (!kind) return raise_mode_count(t);
  flags |= self->readable_ ? (self->writable_ ? O_RDWR : O_RDONLY) : O_WRONLY;
  return flags | O_CLOEXEC;
}

// The descriptor that `name` is, or -1 when it is a path.
static Result<int> descriptor_argument(Thread& t, Value name) {
  if (is_float(name)) return -1;
  if (!is_int(name) && type_of(name)->slot(Slot::index).is_absent()) return -1;
  Value index = TRY(to_index(t, name));
  i64 wide;
  int_to_i64(index, &wide);
  if (wide < 0) return raise_value_error(t, "negative file descriptor");
  if (wide > INT32_MAX) return -1;  // taken for a path, and refused as one
  return static_cast<int>(wide);
}

static Result<int> open_path(Thread& t, Value name, Bytes* path, int flags) {
  for (int attempt = 0;; ++attempt) {
    i64 fd = TRY(retrying(t, [&] { return ::open(c_text(path), flags, 0666); }));
    if (fd >= 0) return static_cast<int>(fd);
    // Files that nobody refers to any more still hold descriptors until a collection finds them.
    if ((errno != EMFILE && errno != ENFILE) || attempt) return raise_os_error_with_path(t, errno, name);
    collect_dropped_files(t);
  }
}

static Result<int> open_with(Thread& t, Value opener, Value name, int flags) {
  Value answer = TRY(call(t, opener, name, Value::of_small_int(flags)));
  if (!is_int(answer)) return raise_type_error(t, "expected integer from opener");
  int fd;
  if (!convert_int(t, int_exact(answer), &fd)) return failed;
  // The opener is to blame: not an OSError, whose errno would be meaningless.
  if (fd < 0) return raise_value_error(t, "opener returned {}", fd);
  int descriptor_flags = ::fcntl(fd, F_GETFD);
  if (descriptor_flags < 0) return raise_errno(t);
  if (!(descriptor_flags & FD_CLOEXEC) && ::fcntl(fd, F_SETFD, descriptor_flags | FD_CLOEXEC) < 0) return raise_errno(t);
  return fd;
}

static Result<void> examine(Thread& t, FileIO* self, Value name) {
  struct stat st;
  int fd = self->fd_;
  int r = blocking(t, [&] { return ::fstat(fd, &st); });
  if (r < 0) {
    if (errno == EBADF) return raise_errno(t);
    return ok;
  }
  if (S_ISDIR(st.st_mode)) return raise_os_error_with_path(t, EISDIR, name);
  self->is_regular_ = S_ISREG(st.st_mode);
  if (self->is_regular_) {
    self->device_ = st.st_dev;
    self->inode_ = st.st_ino;
  }
  if (st.st_blksize > 1) self->blksize_ = static_cast<u32>(st.st_blksize);
  return ok;
}

Result<void> file_io_init(Thread& t, FileIO* self, Value name, std::string_view mode, bool closefd, Value opener) {
  if (self->fd_ >= 0) {
    if (self->closefd_)
      TRY(close_descriptor(t, self));
    else
      self->fd_ = -1;
  }
  int fd = TRY(descriptor_argument(t, name));
  Bytes* path = fd < 0 ? TRY(file_system_bytes(t, name)) : nullptr;
  self->created_ = self->readable_ = self->writable_ = self->appending_ = false;
  self->seekable_ = -1;
  self->is_regular_ = false;
  int flags = TRY(parse_mode(t, self, mode));
  if (has_audit_hooks) TRY(audit(t, "open", name, Value(TRY(str_from_utf8(t, mode))), Value::of_small_int(flags)));
  bool own = false;  // opened here: closed again if something fails
  if (fd >= 0) {
    self->fd_ = fd;
    self->closefd_ = closefd;
  } else {
    self->closefd_ = true;
    if (!closefd) return raise_value_error(t, "Cannot use closefd=False with file name");
    if (flags & (O_TRUNC | O_APPEND)) finish_dropped_writers_of(t, AT_FDCWD, c_text(path));
    self->fd_ = opener.is_none() ? TRY(open_path(t, name, path, flags)) : TRY(open_with(t, opener, name, flags));
    own = true;
  }
  self->blksize_ = kDefaultBufferSize;
  Result<void> result = examine(t, self, name);
  if (!result.is_failed()) result = set_attr(t, Value(self), names.name, name);
  if (!result.is_failed() && self->appending_) {
    i64 end = blocking(t, [&] { return ::lseek(self->fd_, 0, SEEK_END); });
    if (end < 0 && errno != ESPIPE) result = raise_errno(t);
    if (end >= 0 || errno == ESPIPE) self->seekable_ = end >= 0;
  }
  if (result.is_failed()) {
    if (!own) self->fd_ = -1;
    Exception* first = t.take_pending();
    if (self->fd_ >= 0 && close_descriptor(t, self).is_failed()) t.clear_pending();
    t.set_pending(first);
    return failed;
  }
  if (self->readable_ && self->is_regular_ && own) finish_dropped_writers_of(t, self->device_, self->inode_);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- transfers

Result<i64> file_io_read(Thread& t, FileIO* self, u8* data, usize n) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  if (!self->is_regular_) TRY(idle_until_readable(t, fd, Value(), [] { return false; }));
  i64 r = TRY(read_waiting(t, fd, data, n));
  if (r >= 0) return r;
  if (errno == EAGAIN) return kWouldBlock;
  return raise_errno(t);
}

Result<i64> file_io_write(Thread& t, FileIO* self, const u8* data, usize n) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  i64 r = TRY(write_handing_over(t, fd, data, n));
  if (r >= 0) return r;
  if (errno == EAGAIN) return kWouldBlock;
  return raise_errno(t);
}

Result<i64> file_io_seek(Thread& t, FileIO* self, i64 offset, int whence) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  i64 r = blocking(t, [&] { return ::lseek(fd, offset, whence); });
  if (self->seekable_ < 0) self->seekable_ = r >= 0;
  if (r < 0) return raise_errno(t);
  return r;
}

Result<Value> file_io_readall(Thread& t, FileIO* self) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  usize capacity = kDefaultBufferSize;
  i64 position = -1;
  struct stat st;
  bool sized = blocking(t, [&] {
    position = ::lseek(fd, 0, SEEK_CUR);
    return ::fstat(fd, &st) == 0;
  });
  // One more than the size: a read that fills less proves the end.
  if (sized && position >= 0 && st.st_size > 0 && st.st_size >= position && st.st_size - position < kMaxIndex - 1)
    capacity = static_cast<usize>(st.st_size - position) + 1;
  else if (!sized || position < 0 || st.st_size <= 0)
    capacity = kDefaultBufferSize;
  u8 small[16384];
  if (position < 0) memset(small, 0, sizeof small);  // is scanned while waiting for a pipe
  Bytes* whole = nullptr;
  if (capacity > sizeof small) {
    // A file of known size goes straight into the result; the read after it normally finds the end.
    whole = TRY(bytes_allocate(t, capacity - 1));
    u8* data = bytes_mutable_data(whole);
    usize got = 0;
    while (got < capacity - 1) {
      i64 r = TRY(retrying(t, [&] { return ::read(fd, data + got, capacity - 1 - got); }));
      if (r < 0 && errno != EAGAIN) return raise_errno(t);
      if (r < 0 && !got) return kNone;
      if (r <= 0) return bytes_from(t, data, got);
      got += static_cast<usize>(r);
    }
    capacity = sizeof small;
  }
  u8* buffer = capacity <= sizeof small ? small : static_cast<u8*>(malloc(capacity));
  if (!buffer) return raise_memory_error(t);
  usize size = capacity <= sizeof small ? sizeof small : capacity, used = 0;
  Result<Value> result = failed;
  for (;;) {
    if (used == size) {
      usize wanted = size < (usize{1} << 16) ? size * 2 : size + (size >> 1);
      auto* grown = static_cast<u8*>(buffer == small ? malloc(wanted) : realloc(buffer, wanted));
      if (!grown) {
        result = raise_memory_error(t);
        break;
      }
      if (buffer == small) memcpy(grown, small, used);
      buffer = grown;
      size = wanted;
    }
    Result<i64> r = failed;
    if (position >= 0 || !idle_until_readable(t, fd, false, Value()).is_failed())
      r = retrying(t, [&] { return ::read(fd, buffer + used, size - used); });
    if (r.is_failed()) break;
    if (r.value() == 0) {
      if (whole)
        result = used ? bytes_concat(t, whole->text(), {reinterpret_cast<char*>(buffer), used}) : Result<Bytes*>(whole);
      else
        result = bytes_from(t, buffer, used);
      break;
    }
    if (r.value() < 0) {
      if (errno != EAGAIN)
        result = raise_errno(t);
      else if (whole)
        result = bytes_concat(t, whole->text(), {reinterpret_cast<char*>(buffer), used});
      else if (used)
        result = bytes_from(t, buffer, used);
      else
        result = kNone;
      break;
    }
    used += static_cast<usize>(r.value());
  }
  if (buffer != small) free(buffer);
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Value> file_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return TRY(make_of<FileIO>(t, TRY(check_new_type(t, args, n, def.owner->type))));
}
static Result<void> file_init(Thread& t, FileIO* self, Value file, Str* mode, bool closefd, Value opener) {
  Value owner;
  std::string_view text = TRY(str_utf8(t, mode, &owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  return file_io_init(t, self, file, text, closefd, opener);
}

static Result<Value> file_read(Thread& t, FileIO* self, Value size) {
  i64 n = -1;
  if (!size.is_none()) {
    if (type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    n = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  if (self->fd_ < 0) return raise_closed(t);
  if (!self->readable_) return raise_mode(t, "r");
  if (n < 0) return file_io_readall(t, self);
  u8 small[8192];
  usize wanted = static_cast<usize>(n);
  u8* buffer = wanted <= sizeof small ? small : static_cast<u8*>(malloc(wanted));
  if (!buffer) return raise_memory_error(t);
  Result<i64> got = file_io_read(t, self, buffer, wanted);
  Result<Value> result = failed;
  if (!got.is_failed())
    result =
        got.value() == kWouldBlock ? Result<Value>(kNone) : Result<Value>(bytes_from(t, buffer, static_cast<usize>(got.value())));
  if (buffer != small) free(buffer);
  return result;
}
static Result<Value> file_readall(Thread& t, FileIO* self) { return file_io_readall(t, self); }
static Result<Value> count_or_none(i64 n) { return n == kWouldBlock ? kNone : Value::of_small_int(n); }
static Result<Value> file_readinto(Thread& t, FileIO* self, WritableBuffer buffer) {
  if (self->fd_ < 0) return raise_closed(t);
  if (!self->readable_) return raise_mode(t, "r");
  return count_or_none(TRY(file_io_read(t, self, buffer.bytes(), buffer.size)));
}
static Result<Value> file_write(Thread& t, FileIO* self, BufferView b) {
  if (self->fd_ < 0) return raise_closed(t);
  if (!self->writable_) return raise_mode(t, "w");
  return count_or_none(TRY(file_io_write(t, self, b.data, b.size)));
}
static Result<i64> file_seek(Thread& t, FileIO* self, Value pos, int whence) {
  if (self->fd_ < 0) return raise_closed(t);
  OffsetArg offset;
  if (!convert_offset(t, pos, &offset)) return failed;
  return file_io_seek(t, self, offset.value, whence);
}
static Result<i64> file_tell(Thread& t, FileIO* self) {
  if (self->fd_ < 0) return raise_closed(t);
  return file_io_seek(t, self, 0, SEEK_CUR);
}
static Result<Value> file_truncate(Thread& t, FileIO* self, Value size) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  if (!self->writable_) return raise_mode(t, "w");
  if (size.is_none()) size = TRY(int_from_i64(t, TRY(file_io_seek(t, self, 0, SEEK_CUR))));
  OffsetArg length;
  if (!convert_offset(t, size, &length)) return failed;
  TRY(retrying_or_raise(t, [&] { return ::ftruncate(fd, length.value); }));
  return size;
}
static Result<bool> file_seekable(Thread& t, FileIO* self) {
  if (self->fd_ < 0) return raise_closed(t);
  if (self->seekable_ < 0 && file_io_seek(t, self, 0, SEEK_CUR).is_failed()) {
    t.clear_pending();
    self->seekable_ = 0;
  }
  return self->seekable_ != 0;
}
static Result<bool> file_readable(Thread& t, FileIO* self) {
  if (self->fd_ < 0) return raise_closed(t);
  return self->readable_;
}
static Result<bool> file_writable(Thread& t, FileIO* self) {
  if (self->fd_ < 0) return raise_closed(t);
  return self->writable_;
}
static Result<int> file_fileno(Thread& t, FileIO* self) {
  if (self->fd_ < 0) return raise_closed(t);
  return self->fd_.get();
}
static Result<bool> file_isatty(Thread& t, FileIO* self) {
  int fd = self->fd_;
  if (fd < 0) return raise_closed(t);
  if (self->is_regular_) return false;
  return blocking(t, [&] { return ::isatty(fd); }) == 1;
}

static Result<void> warn_unclosed(Thread& t, FileIO* self, Value source) {
  if (self->fd_ < 0 || !self->closefd_) return ok;
  Exception* pending = t.has_pending() ? t.take_pending() : nullptr;
  Result<Str*> text = format_message(t, "unclosed file {!r}", source);
  Result<void> warned = failed;
  if (!text.is_failed()) {
    Value module = TRY(import_module(t, "_warnings"));
    Result<Value> r = call_method(t, module, intern(t, "warn"), Value(text.value()), Value(exceptions.ResourceWarning),
                                  Value::of_small_int(1), source);
    if (!r.is_failed()) warned = ok;
  }
  // A warning turned into an error has nowhere to go: the object is being finalised.
  if (warned.is_failed()) {
    if (pending_matches(t, exceptions.Warning))
      report_unraisable(t, nullptr, Value(self));
    else
      t.clear_pending();
  }
  if (pending) t.set_pending(pending);
  return ok;
}
static Result<void> file_dealloc_warn(Thread& t, FileIO* self, Value source) { return warn_unclosed(t, self, source); }

static Result<void> file_close(Thread& t, FileIO* self) {
  Result<void> base = io_base_close(t, Value(self));
  Exception* first = base.is_failed() ? t.take_pending() : nullptr;
  if (!self->closefd_) {
    self->fd_ = -1;
    if (first) {
      t.set_pending(first);
      return failed;
    }
    return ok;
  }
  if (self->finalizing_) TRY(warn_unclosed(t, self, Value(self)));
  Result<void> closed = close_descriptor(t, self);
  if (is_exact<FileIO>(Value(self))) self->remove_gc_flag(kFinalizable);  // nothing left to do at its end
  if (first) chain_pending(t, first);
  if (first || closed.is_failed()) return failed;
  return ok;
}

static const char* mode_text(FileIO* self) {
  if (self->created_) return self->readable_ ? "xb+" : "xb";
  if (self->appending_) return self->readable_ ? "ab+" : "ab";
  if (self->readable_) return self->writable_ ? "rb+" : "rb";
  return "wb";
}

static Result<Str*> file_repr(Thread& t, FileIO* self) {
  std::string_view type = "_io.FileIO";
  if (self->fd_ < 0) return format_message(t, "<{} [closed]>", type);
  const char* closefd = self->closefd_ ? "True" : "False";
  Value name = TRY(find_attr(t, Value(self), names.name));
  if (name == kNotFound) return format_message(t, "<{} fd={} mode='{}' closefd={}>", type, self->fd_, mode_text(self), closefd);
  if (TRY(repr_enter(t, Value(self)))) return raise_runtime_error(t, "reentrant call inside {}.__repr__", type_name(Value(self)));
  Result<Str*> text = format_message(t, "<{} name={!r} mode='{}' closefd={}>", type, name, mode_text(self), closefd);
  repr_leave(t, Value(self));
  return text;
}

static Result<Value> file_get_closed(Thread&, Value self) { return Value::of_bool(self.as<FileIO>()->fd_ < 0); }
static Result<Value> file_get_closefd(Thread&, Value self) { return Value::of_bool(self.as<FileIO>()->closefd_); }
static Result<Value> file_get_mode(Thread& t, Value self) { return Value(intern(t, mode_text(self.as<FileIO>()))); }
static Result<Value> file_get_blksize(Thread&, Value self) { return Value::of_small_int(self.as<FileIO>()->blksize_); }
static Result<void> file_set_blksize(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "can't delete numeric/char attribute");
  u32 size;
  if (!convert_u32(t, v, &size)) return failed;
  self.as<FileIO>()->blksize_ = size;
  return ok;
}
static Result<Value> file_get_finalizing(Thread&, Value self) { return Value::of_bool(self.as<FileIO>()->finalizing_); }
static Result<void> file_set_finalizing(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "can't delete numeric/char attribute");
  if (!v.is_bool()) return raise_type_error(t, "attribute value type must be bool");
  self.as<FileIO>()->finalizing_ = v.is_true();
  return ok;
}

static constinit NativeDef file_methods[] = {
    native_raw(file_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<file_init>("__init__($self, /, file, mode='r', closefd=True, opener=None)",
                      "Set up a new instance from the arguments its class documents."),
    native<file_read>("read($self, size=-1, /)",
                      "Return at most size bytes from the file, or b'' at its end.\n\nThere is just one system call, so the "
                      "result can fall short of size. A\nnon-blocking file without data at hand returns None. A negative size, "
                      "the\ndefault, makes this the same as readall()."),
    native<file_readall>("readall($self, /)",
                         "Return everything up to the end of the file, as bytes.\n\nA non-blocking file returns what is there "
                         "already, or None if that is\nnothing. At the end the result is b''."),
    native<file_readinto>("readinto($self, buffer, /)", "Same as RawIOBase.readinto()."),
    native<file_write>("write($self, b, /)",
                       "Write bytes-like object b and return how many of its bytes were accepted.\n\nThere is just one system "
                       "call, so that can be fewer than all. A non-blocking\nfile that is not ready returns None."),
    native<file_seek>(
        "seek($self, pos, whence=0, /)",
        "Move to another place in the file and return it, counted from the start.\n\npos is a number of bytes, and whence the "
        "place to count from:\n\n* 0, SEEK_SET: the start of the file (default); pos is not negative\n* 1, SEEK_CUR: where the "
        "file is now; pos has either sign\n* 2, SEEK_END: the end of the file; pos is mostly negative, though many\n  systems "
        "let you go past the end\n\nSome files, such as pipes, cannot do this."),
    native<file_tell>("tell($self, /)", "Return the present position in the file.\n\nA file that cannot seek may raise OSError."),
    native<file_truncate>("truncate($self, size=None, /)",
                          "Set the length of the file to size bytes and return it.\n\nWithout a size, the file ends at the "
                          "present position, that of tell(). The\nposition does not move."),
    native<file_close>("close($self, /)",
                       "Close the file; no other operation works on it afterwards.\n\nCalling this again does no harm."),
    native<file_seekable>("seekable($self, /)", "True if file supports random-access."),
    native<file_readable>("readable($self, /)", "True if file was opened in a read mode."),
    native<file_writable>("writable($self, /)", "True if file was opened in a write mode."),
    native<file_fileno>("fileno($self, /)", "Return the underlying file descriptor (an integer)."),
    native<file_isatty>("isatty($self, /)", "True if the file is connected to a TTY device."),
    native<file_dealloc_warn>("_dealloc_warn($self, source, /)"),
    native<file_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef file_getsets[] = {
    {"closed", file_get_closed, nullptr, "True if the file is closed"},
    {"closefd", file_get_closefd, nullptr, "True if the file descriptor will be closed by close()."},
    {"mode", file_get_mode, nullptr, "String giving the file mode"},
    {"_blksize", file_get_blksize, file_set_blksize, nullptr, true},
    {"_finalizing", file_get_finalizing, file_set_finalizing, nullptr, true},
};
constinit TypeDef file_io_def = {
    .name = "_io.FileIO",
    .doc =
        "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nAn unbuffered binary stream on a file.\n\nfile is a path or an "
        "open file descriptor; with closefd=False the latter\nstays open when the stream is closed. mode is one of\n 'r'  to "
        "read (the default),\n 'w'  to write, emptying the file if it exists,\n 'x'  to write to a new file; FileExistsError if "
        "it exists,\n 'a'  to write at the end.\nAll but 'r' create a missing file. A '+' after the letter permits reading\nand "
        "writing alike.\n\nopener, if not None, is called as opener(name, flags) in place of os.open,\nand has to return an open "
        "file descriptor.",
    .base = &raw_io_base_def,
    .dynamic_kind = &DynamicKind<FileIO>::value,
    .payload_size = sizeof(FileIO),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = file_methods,
    .method_count = count_of(file_methods),
    .getsets = file_getsets,
    .getset_count = 5,
    .kind_info = kind_info_of<FileIO>("_io.FileIO")};

}  // namespace baton
