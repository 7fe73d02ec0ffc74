// mmap: memory-mapped files.
//
// An object owns its mapping and a duplicate of the descriptor. It exports its buffer; while exported it can be neither closed
// nor resized. Access through it after the file has been cut short is a bus error, as everywhere.
//
// What looks at the memory or at the position holds the object's lock, under which the mapping neither goes nor moves. Who lets
// the GIL go with the mapping in use (flush), and who takes it away (close, resize), has life_ first.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "base/search.h"
#include "interp/interp.h"
#include "modules/os_support.h"
#include "objects/at_this_moment.h"
#include "objects/audit.h"
#include "objects/raw_arguments.h"
#include "objects/sequence_item.h"
#include "objects/work_lock.h"
#include "threads/relaxed.h"

namespace baton {

enum class Access : u8 { Default, Read, Write, Copy };

class MappedFile final : public Cell {
 public:
  void init() {
    data_ = nullptr;
    size_ = position_ = offset_ = 0;
    fd_ = -1;
    exports_.store_relaxed(0);
    life_.init();
    access_ = Access::Default;
    flags_ = 0;
    prot_ = 0;
  }
  void visit_edges(EdgeVisitor&) const {}
  void finalize_native() {
    if (data_) ::munmap(data_, static_cast<usize>(size_));
    if (fd_ >= 0) ::close(fd_);
    data_ = nullptr;
    fd_ = -1;
  }
  bool is_writable() const { return access_ != Access::Read && (access_ != Access::Default || (prot_ & PROT_WRITE)); }

  WorkLock life_;
  Relaxed<u8*> data_;  // null: closed
  Relaxed<i64> size_, position_;
  i64 offset_;
  Relaxed<int> fd_;  // -1: anonymous
  Atomic<u32> exports_;
  int flags_, prot_;
  Access access_;
};

static Result<void> check(Thread& t, MappedFile* self) {
  if (!self->data_) return raise_value_error(t, "mmap closed or invalid");
  return ok;
}
static Result<void> check_writable(Thread& t, MappedFile* self) {
  if (!self->is_writable()) return raise_type_error(t, "mmap can't modify a readonly memory map.");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- life

static Result<Value> mmap_new(Thread& t, Type* type, int fileno, Value length, int flags, int prot, int access,
                              Value offset_value) {
  i64 size, offset;
  if (!convert_index(t, length, &size)) return failed;
  if (size < 0) return raise_overflow_error(t, "memory mapped length must be positive");
  OffsetArg parsed;
  if (!convert_offset(t, offset_value, &parsed)) return failed;
  offset = parsed.value;
  TRY(audit(t, "mmap.__new__", Value::of_small_int(fileno), length, Value::of_small_int(access), offset_value));
  if (offset < 0) return raise_overflow_error(t, "memory mapped offset must be positive");
  if (access != 0 && (flags != MAP_SHARED || prot != (PROT_WRITE | PROT_READ)))
    return raise_value_error(t, "mmap can't specify both access and flags, prot.");
  switch (access) {
    case 0: break;
    case 1:
      flags = MAP_SHARED;
      prot = PROT_READ;
      break;
    case 2:
      flags = MAP_SHARED;
      prot = PROT_READ | PROT_WRITE;
      break;
    case 3:
      flags = MAP_PRIVATE;
      prot = PROT_READ | PROT_WRITE;
      break;
    default: return raise_value_error(t, "mmap invalid access parameter.");
  }
  if (access == 0 && (prot & PROT_READ) && !(prot & PROT_WRITE)) access = 1;
  bool anonymous = fileno == -1;
  if (!anonymous) {
    struct stat st;
    int r = blocking(t, [&] { return ::fstat(fileno, &st); });
    if (r == 0 && S_ISREG(st.st_mode)) {
      if (size == 0) {
        if (st.st_size == 0) return raise_value_error(t, "cannot mmap an empty file");
        if (offset >= st.st_size) return raise_value_error(t, "mmap offset is greater than file size");
        size = st.st_size - offset;
      } else if (offset > st.st_size || st.st_size - offset < size) {
        return raise_value_error(t, "mmap length is greater than file size");
      }
    }
  }
  MappedFile* self = TRY(make_of<MappedFile>(t, type));
  self->access_ = static_cast<Access>(access);
  if (anonymous) {
    flags |= MAP_ANONYMOUS;
  } else {
    self->fd_ = ::fcntl(fileno, F_DUPFD_CLOEXEC, 0);
    if (self->fd_ < 0) return raise_errno(t);
  }
  void* data = blocking(t, [&] { return ::mmap(nullptr, static_cast<usize>(size), prot, flags, self->fd_, offset); });
  if (data == MAP_FAILED) return raise_errno(t);
  self->data_ = static_cast<u8*>(data);
  self->size_ = size;
  self->offset_ = offset;
  self->flags_ = flags;
  self->prot_ = prot;
  return Value(self);
}
static Result<Value> mmap_new_defaults(Thread& t, Type* type, int fileno, Value length, Optional<int> flags, Optional<int> prot,
                                       int access, Value offset) {
  return mmap_new(t, type, fileno, length, flags.value_or(MAP_SHARED), prot.value_or(PROT_WRITE | PROT_READ), access, offset);
}

// Called by an instruction it keeps nothing but self. A view that a call before left behind on the C++ stack would cost a full
// collection, and more.
static bool give_back_dead_views(Thread& t, MappedFile* self) {
  ExactStack stack(t, is_called_by_instruction(t, self), self);
  return collect_dead_exports(t, self);
}

// With views in use, a BufferError of this text; outside of the object's locks.
static Result<void> check_exports(Thread& t, MappedFile* self, const char* text) {
  if (self->exports_.load() > 0 && (!give_back_dead_views(t, self) || self->exports_.load() > 0))
    return raise_buffer_error(t, "{}", text);
  return ok;
}

static Result<void> mmap_close(Thread& t, MappedFile* self) {
  constexpr const char* kInUse = "cannot close exported pointers exist";
  TRY(check_exports(t, self, kInUse));
  WorkGuard life(t, self->life_);
  u8* data;
  usize size;
  int fd;
  {
    CriticalSection guard(t, self);
    if (self->exports_.load() > 0) return raise_buffer_error(t, "{}", kInUse);  // since we looked
    data = self->data_;
    size = static_cast<usize>(self->size_);
    fd = self->fd_;
    self->data_ = nullptr;
    self->fd_ = -1;
  }
  blocking(t, [&] {
    if (fd >= 0) ::close(fd);
    if (data) ::munmap(data, size);
  });
  return ok;
}

static Result<Str*> mmap_repr(Thread& t, MappedFile* self) {
  Str* name = TRY(type_qualified_name(t, type_of(Value(self))));
  if (!self->data_) return format_message(t, "<{} closed=True>", name);
  static const char* const kNames[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
  return format_message(t, "<{} closed=False, access={}, length={}, pos={}, offset={}>", name,
                        kNames[static_cast<int>(self->access_)], self->size_.get(), self->position_.get(), self->offset_);
}

// ---------------------------------------------------------------------------------------------------------------- as a file

// The object's lock is held.
static Result<Value> take(Thread& t, MappedFile* self, i64 n) {
  u8* from = self->data_ + self->position_;
  self->position_ += n;
  return bytes_from(t, from, static_cast<usize>(n));
}
static i64 remaining(MappedFile* self) { return self->position_ < self->size_ ? self->size_ - self->position_ : 0; }

static Result<Value> mmap_read(Thread& t, MappedFile* self, Value size) {
  TRY(check(t, self));
  i64 n = -1;
  if (!size.is_none()) {
    if (type_of(size)->slot(Slot::index).is_absent())
      return raise_type_error(t, "argument should be integer or None, not '{!t}'", size);
    n = TRY(to_index_checked(t, size, exceptions.OverflowError));
  }
  CriticalSection guard(t, self);
  TRY(check(t, self));
  i64 have = remaining(self);
  return take(t, self, n < 0 || n > have ? have : n);
}
static Result<Value> mmap_readline(Thread& t, MappedFile* self) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  i64 have = remaining(self);
  u8* start = self->data_ + self->position_;
  auto* end = have ? static_cast<u8*>(memchr(start, '\n', static_cast<usize>(have))) : nullptr;
  return take(t, self, end ? end - start + 1 : have);
}
static Result<Value> mmap_read_byte(Thread& t, MappedFile* self) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  i64 at = self->position_;
  if (at >= self->size_) return raise_value_error(t, "read byte out of range");
  self->position_ = at + 1;
  return Value::of_small_int(self->data_[at]);
}
static Result<i64> mmap_write(Thread& t, MappedFile* self, BufferView data) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  TRY(check_writable(t, self));
  i64 n = static_cast<i64>(data.size);
  if (self->position_ > self->size_ || self->size_ - self->position_ < n) return raise_value_error(t, "data out of range");
  memmove(self->data_ + self->position_, data.data, data.size);
  self->position_ += n;
  return n;
}
static Result<void> mmap_write_byte(Thread& t, MappedFile* self, Value byte) {
  TRY(check(t, self));
  i64 n;
  bool fits = int_to_i64(TRY(to_index(t, byte)), &n);
  if (!fits || n > 255) return raise_overflow_error(t, "unsigned byte integer is greater than maximum");
  if (n < 0) return raise_overflow_error(t, "unsigned byte integer is less than minimum");
  CriticalSection guard(t, self);
  TRY(check(t, self));
  TRY(check_writable(t, self));
  i64 at = self->position_;
  if (at >= self->size_) return raise_value_error(t, "write byte out of range");
  self->data_[at] = static_cast<u8>(n);
  self->position_ = at + 1;
  return ok;
}
static Result<i64> mmap_tell(Thread& t, MappedFile* self) {
  TRY(check(t, self));
  return self->position_.get();
}
static Result<void> mmap_seek(Thread& t, MappedFile* self, i64 distance, int whence) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  i64 base;
  switch (whence) {
    case 0: base = 0; break;
    case 1: base = self->position_; break;
    case 2: base = self->size_; break;
    default: return raise_value_error(t, "unknown seek type");
  }
  i64 target;
  if (__builtin_add_overflow(base, distance, &target) || target < 0 || target > self->size_)
    return raise_value_error(t, "seek out of range");
  self->position_ = target;
  return ok;
}
static Result<Value> mmap_size(Thread& t, MappedFile* self) {
  TRY(check(t, self));
  struct stat st;
  int fd = self->fd_;
  if (blocking(t, [&] { return ::fstat(fd, &st); }) < 0) return raise_errno(t);
  return int_from_i64(t, st.st_size);
}

// ---------------------------------------------------------------------------------------------------------------- as memory

static Result<i64> find_in(Thread& t, MappedFile* self, BufferView& needle, Optional<i64> start, Optional<i64> end,
                           bool reverse) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  const i64 size = self->size_;
  auto clamp = [size](i64 at) {
    if (at < 0) at += size;
    return at < 0 ? 0 : at > size ? size : at;
  };
  i64 from = clamp(start.value_or(self->position_)), to = clamp(end.value_or(size));
  i64 n = static_cast<i64>(needle.size);
  if (to - from < n) return i64{-1};
  std::string_view hay(reinterpret_cast<char*>(self->data_ + from), static_cast<usize>(to - from));
  usize at = reverse ? hay.rfind(needle.text()) : hay.find(needle.text());
  return at == std::string_view::npos ? i64{-1} : from + static_cast<i64>(at);
}
static Result<i64> mmap_find(Thread& t, MappedFile* self, BufferView needle, Optional<i64> start, Optional<i64> end) {
  return find_in(t, self, needle, start, end, false);
}
static Result<i64> mmap_rfind(Thread& t, MappedFile* self, BufferView needle, Optional<i64> start, Optional<i64> end) {
  return find_in(t, self, needle, start, end, true);
}

static Result<void> mmap_flush(Thread& t, MappedFile* self, i64 offset, Optional<i64> size) {
  WorkGuard life(t, self->life_);
  TRY(check(t, self));
  i64 n = size.value_or(self->size_);
  if (n < 0 || offset < 0 || offset > self->size_ || self->size_ - offset < n)
    return raise_value_error(t, "flush values out of range");
  if (!self->is_writable() || self->access_ == Access::Copy) return ok;
  u8* from = self->data_ + offset;
  if (blocking(t, [&] { return ::msync(from, static_cast<usize>(n), MS_SYNC); }) < 0) return raise_errno(t);
  return ok;
}
static Result<void> mmap_madvise(Thread& t, MappedFile* self, int option, i64 start, Optional<i64> length) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  i64 n = length.value_or(self->size_);
  if (start < 0 || start >= self->size_) return raise_value_error(t, "madvise start out of bounds");
  if (n < 0) return raise_value_error(t, "madvise length invalid");
  i64 end;
  if (__builtin_add_overflow(start, n, &end)) return raise_overflow_error(t, "madvise length too large");
  if (end > self->size_) n = self->size_ - start;
  if (::madvise(self->data_ + start, static_cast<usize>(n), option) != 0) return raise_errno(t);
  return ok;
}
static Result<void> mmap_move(Thread& t, MappedFile* self, i64 to, i64 from, i64 n) {
  CriticalSection guard(t, self);
  TRY(check(t, self));
  TRY(check_writable(t, self));
  if (to < 0 || from < 0 || n < 0 || self->size_ - to < n || self->size_ - from < n)
    return raise_value_error(t, "source, destination, or count out of range");
  memmove(self->data_ + to, self->data_ + from, static_cast<usize>(n));
  return ok;
}
static Result<void> mmap_resize(Thread& t, MappedFile* self, i64 size) {
  constexpr const char* kInUse = "mmap can't resize with extant buffers exported.";
  TRY(check(t, self));
  TRY(check_exports(t, self, kInUse));
  WorkGuard life(t, self->life_);
  CriticalSection guard(t, self);
  TRY(check(t, self));
  if (self->exports_.load() > 0) return raise_buffer_error(t, "{}", kInUse);  // since we looked
  if (self->access_ != Access::Write && self->access_ != Access::Default)
    return raise_type_error(t, "mmap can't resize a readonly or copy-on-write memory map.");
  if (size < 0 || INT64_MAX - size < self->offset_) return raise_value_error(t, "new size out of range");
  // A mapping that was cut from anonymous memory but is shared can't grow in place.
  if (self->fd_ == -1 && !(self->flags_ & MAP_PRIVATE) && size > self->size_)
    return raise_value_error(t, "mmap: can't expand a shared anonymous mapping on Linux");
  if (self->fd_ != -1 && ::ftruncate(self->fd_, self->offset_ + size) < 0) return raise_errno(t);
  void* moved = ::mremap(self->data_, static_cast<usize>(self->size_), static_cast<usize>(size), MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return raise_errno(t);
  self->data_ = static_cast<u8*>(moved);
  self->size_ = size;
  return ok;
}

static Result<i64> mmap_len(Thread& t, MappedFile* self) {
  TRY(check(t, self));
  return self->size_.get();
}
// Where the byte is that an index means.
static Result<i64> checked_offset(Thread& t, MappedFile* self, Value key) {
  i64 i = TRY(to_index_checked(t, key));
  if (i < 0) i += self->size_;
  if (i < 0 || i >= self->size_) return raise_index_error(t, "mmap index out of range");
  return i;
}
// Bounds of a slice as ints: they mean the mapping as it is under its lock.
struct PlainSlice {
  explicit PlainSlice(Slice* slice) : start(slice->start()), stop(slice->stop()), step(slice->step()) {}
  Result<void> settle(Thread& t) { return make_slice_plain(t, &start, &stop, &step); }
  Result<SliceRange> of(Thread& t, MappedFile* self) { return slice_resolve(t, start, stop, step, self->size_); }
  Value start, stop, step;
};
static Result<Value> mmap_getitem(Thread& t, MappedFile* self, Value key) {
  TRY(check(t, self));
  if (has_index(key)) {
    i64 i = TRY(checked_offset(t, self, key));
    CriticalSection guard(t, self);
    TRY(check(t, self));
    if (i >= self->size_) return raise_index_error(t, "mmap index out of range");
    return Value::of_small_int(self->data_[i]);
  }
  if (!is<Slice>(key)) return raise_type_error(t, "mmap indices must be integers");
  PlainSlice slice(key.as<Slice>());
  TRY(slice.settle(t));
  CriticalSection guard(t, self);
  TRY(check(t, self));
  SliceRange r = TRY(slice.of(t, self));
  if (r.step == 1) return bytes_from(t, self->data_ + r.start, static_cast<usize>(r.length));
  Bytes* out = TRY(bytes_allocate(t, static_cast<usize>(r.length)));
  for (Index i = 0; i < r.length; ++i) bytes_mutable_data(out)[i] = self->data_[r.start + i * r.step];
  return out;
}
static Result<void> mmap_setitem(Thread& t, MappedFile* self, Value key, Value value) {
  TRY(check(t, self));
  TRY(check_writable(t, self));
  if (has_index(key)) {
    i64 i = TRY(checked_offset(t, self, key));
    if (!has_index(value)) return raise_type_error(t, "mmap item value must be an int");
    i64 byte = TRY(to_index_checked(t, value, exceptions.TypeError));
    if (byte < 0 || byte > 255) return raise_value_error(t, "mmap item value must be in range(0, 256)");
    CriticalSection guard(t, self);
    TRY(check(t, self));
    if (i >= self->size_) return raise_index_error(t, "mmap index out of range");
    self->data_[i] = static_cast<u8>(byte);
    return ok;
  }
  if (!is<Slice>(key)) return raise_type_error(t, "mmap indices must be integer");
  PlainSlice slice(key.as<Slice>());
  TRY(slice.settle(t));
  BufferView view;
  if (!convert_buffer(t, value, &view)) return failed;
  auto store = [&]() -> Result<void> {
    CriticalSection guard(t, self);
    TRY(check(t, self));
    SliceRange r = TRY(slice.of(t, self));
    if (static_cast<Index>(view.size) != r.length) return raise_index_error(t, "mmap slice assignment is wrong size");
    u8* data = self->data_;
    if (r.step == 1)
      memmove(data + r.start, view.data, view.size);
    else
      for (Index i = 0; i < r.length; ++i) data[r.start + i * r.step] = view.data[i];
    return ok;
  };
  Result<void> result = store();
  release_buffer(view);
  return result;
}
static Result<void> mmap_delitem(Thread& t, MappedFile* self, Value key) {
  TRY(check(t, self));
  TRY(check_writable(t, self));
  if (has_index(key)) {
    TRY(checked_offset(t, self, key));
    return raise_type_error(t, "mmap doesn't support item deletion");
  }
  if (!is<Slice>(key)) return raise_type_error(t, "mmap indices must be integer");
  TRY(slice_resolve(t, key.as<Slice>(), self->size_));
  return raise_type_error(t, "mmap object doesn't support slice deletion");
}
static Result<Value> mmap_enter(Thread& t, MappedFile* self) {
  TRY(check(t, self));
  return Value(self);
}
static Result<void> mmap_exit(Thread& t, MappedFile* self, Rest) { return mmap_close(t, self); }
static Result<Value> mmap_get_closed(Thread&, Value self) { return Value::of_bool(!self.as<MappedFile>()->data_); }
static Result<i64> mmap_sizeof(Thread&, MappedFile*) { return static_cast<i64>(sizeof(MappedFile)); }

static Result<bool> get_mmap_buffer(Thread& t, Cell* cell, BufferInfo* out, bool writable) {
  auto* self = static_cast<MappedFile*>(cell);
  CriticalSection guard(t, self);
  TRY(check(t, self));
  if (writable && !self->is_writable()) return raise_buffer_error(t, "Object is not writable.");
  self->exports_.fetch_add(1);
  *out = {self->data_, static_cast<usize>(self->size_), !self->is_writable(), "B", 1, 1, nullptr, nullptr};
  return true;
}
static void release_mmap_buffer(Cell* cell) { static_cast<MappedFile*>(cell)->exports_.fetch_add(~u32{0}); }
static Result<Value> mmap_item(Thread& t, Cell* cell, Index i) {
  auto* self = static_cast<MappedFile*>(cell);
  CriticalSection guard(t, self);
  TRY(check(t, self));
  if (i >= self->size_) return raise_index_error(t, "mmap index out of range");
  return bytes_from(t, self->data_ + i, 1);
}
static Result<void> finish_mmap(Thread&, Type* type) {
  register_sequence_item(type, mmap_item);
  register_buffer_kind(type->instance_kind(), get_mmap_buffer, release_mmap_buffer);
  return Result<void>();
}

static constinit NativeDef mmap_methods[] = {
    native<mmap_new_defaults>("__new__(type, fileno, length, flags=<shared>, prot=<read and write>, access=0, offset=0)",
                              "Make an instance; the class's own help describes the arguments."),
    native<mmap_close>("close($self, /)"),
    native<mmap_find>("find($self, sub, start=<position>, end=<length>, /)"),
    native<mmap_rfind>("rfind($self, sub, start=<position>, end=<length>, /)"),
    native<mmap_flush>("flush($self, offset=0, size=<length>, /)"),
    native<mmap_madvise>("madvise($self, option, start=0, length=<length>, /)"),
    native<mmap_move>("move($self, dest, src, count, /)"),
    native<mmap_read>("read($self, n=None, /)"),
    native<mmap_read_byte>("read_byte($self, /)"),
    native<mmap_readline>("readline($self, /)"),
    native<mmap_resize>("resize($self, newsize, /)"),
    native<mmap_seek>("seek($self, pos, whence=0, /)"),
    native<mmap_size>("size($self, /)"),
    native<mmap_tell>("tell($self, /)"),
    native<mmap_write>("write($self, bytes, /)"),
    native<mmap_write_byte>("write_byte($self, byte, /)"),
    native<mmap_enter>("__enter__($self, /)"),
    native<mmap_exit>("__exit__($self, /, *args)"),
    native<mmap_sizeof>("__sizeof__($self, /)"),
    native<mmap_repr>("__repr__($self, /)", "Return repr(self)."),
    native<mmap_len>("__len__($self, /)", "Return len(self)."),
    native<mmap_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<mmap_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<mmap_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
};
static GetSetDef mmap_getsets[] = {{"closed", mmap_get_closed, nullptr, nullptr}};
static constinit TypeDef mmap_def = {
    .name = "mmap.mmap",
    .doc =
        "Windows: mmap(fileno, length[, tagname[, access[, offset]]])\nUnix: mmap(fileno, length[, flags[, prot[, access[, "
        "offset]]]])\n\nA file, or a part of it, that is read and changed as if it were memory.\n\nfileno is the file's "
        "descriptor (on Windows, too); -1 asks for memory that\nbelongs to no file. length is in bytes, and 0 stands for the "
        "whole file at\nits present size. On Windows a file shorter than length grows to it, and\nmapping an empty file with "
        "length 0 is an error.\n\nOn Unix, flags says who sees changes. With MAP_SHARED, the default, they go\nto the file and "
        "to every process that maps it. With MAP_PRIVATE this\nprocess works on copies of the pages it changes, and the file "
        "stays as it\nis.",
    .dynamic_kind = &DynamicKind<MappedFile>::value,
    .payload_size = sizeof(MappedFile),
    .flags = kTypeSubclassable | kTypeWeakrefable,
    .methods = mmap_methods,
    .method_count = count_of(mmap_methods),
    .getsets = mmap_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<MappedFile>("mmap.mmap"),
    .finish = finish_mmap};

#define CONSTANT(name) {#name, name}
static constexpr ModuleConstant kConstants[] = {
    CONSTANT(PROT_EXEC),      CONSTANT(PROT_READ),        CONSTANT(PROT_WRITE),     CONSTANT(MAP_SHARED),
    CONSTANT(MAP_PRIVATE),    CONSTANT(MAP_DENYWRITE),    CONSTANT(MAP_EXECUTABLE), CONSTANT(MAP_ANON),
    CONSTANT(MAP_ANONYMOUS),  CONSTANT(MAP_POPULATE),     CONSTANT(MAP_STACK),      {"ACCESS_DEFAULT", 0},
    {"ACCESS_READ", 1},       {"ACCESS_WRITE", 2},        {"ACCESS_COPY", 3},       CONSTANT(MADV_NORMAL),
    CONSTANT(MADV_RANDOM),    CONSTANT(MADV_SEQUENTIAL),  CONSTANT(MADV_WILLNEED),  CONSTANT(MADV_DONTNEED),
    CONSTANT(MADV_REMOVE),    CONSTANT(MADV_DONTFORK),    CONSTANT(MADV_DOFORK),    CONSTANT(MADV_HWPOISON),
    CONSTANT(MADV_MERGEABLE), CONSTANT(MADV_UNMERGEABLE), CONSTANT(MADV_HUGEPAGE),  CONSTANT(MADV_NOHUGEPAGE),
    CONSTANT(MADV_DONTDUMP),  CONSTANT(MADV_DODUMP),      CONSTANT(MADV_FREE)};
static TypeDef* const mmap_types[] = {&mmap_def};

static Result<void> mmap_exec(Thread& t, Module* module) {
  TRY(module_set(t, module, "error", Value(exceptions.OSError)));
  TRY(module_set_int(t, module, "PAGESIZE", ::sysconf(_SC_PAGESIZE)));
  return module_set_int(t, module, "ALLOCATIONGRANULARITY", ::sysconf(_SC_PAGESIZE));
}
ModuleDef mmap_module = {.name = "mmap",
                         .types = mmap_types,
                         .type_count = 1,
                         .constants = kConstants,
                         .constant_count = sizeof kConstants / sizeof *kConstants,
                         .exec = mmap_exec};

}  // namespace baton
