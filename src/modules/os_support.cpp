// Argument conversions and small values shared by the modules over the operating system.
#include "modules/os_support.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cmath>
#include <ctime>

#include "objects/codecs.h"
#include "objects/dict.h"
#include "threads/mutator.h"

namespace baton {

// --------------------------------------------------------------------------------------------------------- pipes and files

// The descriptor that this thread has found worth looking on at. One that was closed or made non-blocking since costs some
// yields.
static constinit thread_local int watched_fd = -1;

Result<i64> read_waiting(Thread& thread, int fd, void* buffer, usize size, bool is_exact) {
  auto sleep = [&] { return static_cast<i64>(::read(fd, buffer, size)); };
  LookOn looks(thread);
  if (!looks.is_wanted()) return retrying_exactly(thread, is_exact, Value(), sleep);
  i64 got = -1;
  auto look = [&] {
    iovec part{buffer, size};
    got = ::preadv2(fd, &part, 1, -1, RWF_NOWAIT);
    if (got >= 0) return Look::Found;
    if (errno == EAGAIN && watched_fd == fd) return Look::Nothing;
    // One, or a system, that can't be asked so; or a descriptor that never waits.
    watched_fd = errno == EAGAIN && !(::fcntl(fd, F_GETFL) & O_NONBLOCK) ? fd : -1;
    return watched_fd == fd ? Look::Nothing : Look::Useless;
  };
  bool looked = false;
  return retrying_exactly(thread, is_exact, Value(), [&] {
    bool found = !looked && looks.until_found(look, fd != watched_fd);
    looked = true;
    return found ? got : sleep();
  });
}

Result<i64> write_handing_over(Thread& thread, int fd, const void* data, usize size) {
  i64 written = TRY(retrying(thread, [&] { return ::write(fd, data, size); }));
  if (written > 0) note_hand_over();
  return written;
}

// ---------------------------------------------------------------------------------------------------------------- paths

// Name of parameter i (self counted) as the signature's text has it.
static std::string_view parameter_name(NativeDef const& def, u32 parameter) {
  std::string_view list = def.signature.substr(def.name_length + 1u);
  list.remove_suffix(1);
  u32 at = 0;
  while (!list.empty()) {
    usize comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    if (item == "/" || item == "*" || item == "$module") continue;
    if (at++ == parameter) return item.substr(0, item.find('='));
  }
  return "path";
}

static Failed raise_path_type(Thread& thread, NativeDef const& def, u32 parameter, u32 flags, Value v) {
  const char* allowed = flags == (kPathFd | kPathNullable) ? "string, bytes, os.PathLike, integer or None"
                        : flags & kPathFd                  ? "string, bytes, os.PathLike or integer"
                        : flags & kPathNullable            ? "string, bytes, os.PathLike or None"
                                                           : "string, bytes or os.PathLike";
  return raise_type_error(thread, "{}: {} should be {}, not {!n}", def.name(), parameter_name(def, parameter), allowed, v);
}

// Exact bytes whose contents stand inline: followed by a zero byte.
static Result<Bytes*> terminated(Thread& thread, Bytes* b) {
  if (is_exact<Bytes>(Value(b)) && b->data() == reinterpret_cast<const u8*>(b + 1)) return b;
  return bytes_from(thread, b->text());
}

static bool set_narrow_bytes(Thread& thread, Bytes* b, PathArg* out) {
  Result<Bytes*> exact = terminated(thread, b);
  if (exact.is_failed()) return false;
  out->keep = Value(exact.value());
  out->narrow = c_text(exact.value());
  out->length = static_cast<usize>(exact.value()->length());
  return true;
}

static bool set_narrow_text(Thread& thread, Str* s, PathArg* out) {
  if (s->is_ascii() && !(s->length_and_flags() & Str::kShared)) {
    out->keep = Value(s);
    out->narrow = s->ascii().data();
    out->length = s->ascii().size();
    return true;
  }
  Result<Bytes*> bytes = encode_file_system(thread, s);
  return !bytes.is_failed() && set_narrow_bytes(thread, bytes.value(), out);
}

static bool has_null(const PathArg& path) { return __builtin_memchr(path.narrow, 0, path.length) != nullptr; }

static bool convert_path_fd(Thread& thread, Value v, int* fd) {
  Result<Value> index = to_index(thread, v);
  if (index.is_failed()) return false;
  i64 wide;
  int_to_i64(index.value(), &wide);
  if (wide > INT32_MAX) {
    (void)raise_overflow_error(thread, "fd is greater than maximum");
    return false;
  }
  if (wide < INT32_MIN) {
    (void)raise_overflow_error(thread, "fd is less than minimum");
    return false;
  }
  *fd = static_cast<int>(wide);
  return true;
}

bool convert_path(Thread& thread, NativeDef const& def, u32 parameter, Value v, u32 flags, PathArg* out) {
  if (v.is_none() && (flags & kPathNullable)) return true;
  out->object = v;
  Value path = v;
  if (!is<Str>(path) && !is<Bytes>(path) && !((flags & kPathFd) && type_of(v)->slot(Slot::index).is_present())) {
    Result<Value> method = find_special(thread, v, names.dunder_fspath);
    if (method.is_failed()) return false;
    if (method.value() == kNotFound) {
      BufferView view;
      if (has_buffer(v)) {
        Result<Str*> text =
            format_message(thread, "{}: {} should be {}, not {!n}", def.name(), parameter_name(def, parameter),
                           flags & kPathFd ? (flags & kPathNullable ? "string, bytes, os.PathLike, integer or None"
                                                                    : "string, bytes, os.PathLike or integer")
                                           : "string, bytes or os.PathLike",
                           v);
        if (text.is_failed()) return false;
        Value owner;
        if (warn(thread, exceptions.DeprecationWarning, str_utf8_lossy(thread, text.value(), &owner)).is_failed()) return false;
        if (!convert_buffer(thread, v, &view)) return false;
        Result<Bytes*> copy = bytes_from(thread, view.data, view.size);
        release_buffer(view);
        if (copy.is_failed()) return false;
        path = Value(copy.value());
      } else {
        (void)raise_path_type(thread, def, parameter, flags, v);
        return false;
      }
    } else {
      Result<Value> answer = call(thread, method.value());
      if (answer.is_failed()) return false;
      path = answer.value();
      if (!is<Str>(path) && !is<Bytes>(path)) {
        (void)raise_type_error(thread, "expected {!t}.__fspath__() to return str or bytes, not {!t}", v, path);
        return false;
      }
      out->object = path;
    }
  }
  if (is<Str>(path)) {
    if (!set_narrow_text(thread, path.as<Str>(), out)) return false;
    if (!has_null(*out)) return true;
    (void)raise_value_error(thread, "embedded null byte");
    return false;
  }
  if (is<Bytes>(path)) {
    out->is_bytes = true;
    if (!set_narrow_bytes(thread, path.as<Bytes>(), out)) return false;
    if (!has_null(*out)) return true;
    (void)raise_value_error(thread, "{}: embedded null character in {}", def.name(), parameter_name(def, parameter));
    return false;
  }
  return convert_path_fd(thread, path, &out->fd);
}

Result<Value> fspath(Thread& thread, Value path) {
  if (is<Str>(path) || is<Bytes>(path)) return path;
  Value method = TRY(find_special(thread, path, names.dunder_fspath));
  if (method == kNotFound) return raise_type_error(thread, "expected str, bytes or os.PathLike object, not {!n}", path);
  Value answer = TRY(call(thread, method));
  if (is<Str>(answer) || is<Bytes>(answer)) return answer;
  return raise_type_error(thread, "expected {!t}.__fspath__() to return str or bytes, not {!t}", path, answer);
}

Result<Bytes*> file_system_bytes(Thread& thread, Value v) {
  Value path = TRY(fspath(thread, v));
  Bytes* bytes = is<Str>(path) ? TRY(encode_file_system(thread, path.as<Str>())) : path.as<Bytes>();
  bytes = TRY(terminated(thread, bytes));
  if (__builtin_memchr(bytes->data(), 0, static_cast<usize>(bytes->length())))
    return raise_value_error(thread, "embedded null byte");
  return bytes;
}

Result<Str*> file_system_text(Thread& thread, std::string_view bytes) { return decode_file_system(thread, bytes); }

// ---------------------------------------------------------------------------------------------------------------- other
// arguments

bool convert_dir_fd(Thread& thread, Value v, DirFd* out) {
  if (v.is_none()) {
    out->fd = AT_FDCWD;
    return true;
  }
  if (!v.is_small_int() && type_of(v)->slot(Slot::index).is_absent()) {
    (void)raise_type_error(thread, "argument should be integer or None, not {!t}", v);
    return false;
  }
  return convert_path_fd(thread, v, &out->fd);
}

Result<int> fd_of(Thread& thread, Value v) {
  int fd;
  if (is_int(v)) {
    if (!convert_int(thread, int_exact(v), &fd)) return failed;
  } else {
    Value method = TRY(find_attr(thread, v, names.fileno));
    if (method == kNotFound) return raise_type_error(thread, "argument must be an int, or have a fileno() method.");
    Value answer = TRY(call(thread, method));
    if (!is_int(answer)) return raise_type_error(thread, "fileno() returned a non-integer");
    if (!convert_int(thread, int_exact(answer), &fd)) return failed;
  }
  if (fd < 0) return raise_value_error(thread, "file descriptor cannot be a negative integer ({})", fd);
  return fd;
}

bool convert_fd(Thread& thread, Value v, FdArg* out) {
  Result<int> fd = fd_of(thread, v);
  if (fd.is_failed()) return false;
  out->fd = fd.value();
  return true;
}

bool convert_id(Thread& thread, Value v, u32* out, const char* what) {
  if (!v.is_small_int() && type_of(v)->slot(Slot::index).is_absent()) {
    (void)raise_type_error(thread, "{} should be integer, not {!n}", what, v);
    return false;
  }
  Result<Value> index = to_index(thread, v);
  if (index.is_failed()) return false;
  i64 wide;
  bool fits = int_to_i64(index.value(), &wide);
  if (fits && wide == -1) {
    *out = static_cast<u32>(-1);
    return true;
  }
  if (wide < 0) {
    (void)raise_overflow_error(thread, "{} is less than minimum", what);
    return false;
  }
  if (!fits || wide > UINT32_MAX) {
    (void)raise_overflow_error(thread, "{} is greater than maximum", what);
    return false;
  }
  *out = static_cast<u32>(wide);
  return true;
}

bool convert_offset(Thread& thread, Value v, OffsetArg* out) {
  Result<Value> index = to_index(thread, v);
  if (index.is_failed()) return false;
  if (int_to_i64(index.value(), &out->value)) return true;
  (void)raise_overflow_error(thread, "Python int too large to convert to C long");
  return false;
}

// ---------------------------------------------------------------------------------------------------------------- values

Result<Value> nanoseconds_value(Thread& thread, i64 seconds, i64 nanoseconds) {
  i64 total;
  if (!__builtin_mul_overflow(seconds, i64{1000000000}, &total) && !__builtin_add_overflow(total, nanoseconds, &total))
    return int_from_i64(thread, total);
  Value product = TRY(int_mul(thread, TRY(int_from_i64(thread, seconds)), Value::of_small_int(1000000000)));
  return int_add(thread, product, Value::of_small_int(nanoseconds));
}

Result<void> timespec_from(Thread& thread, Value v, timespec* out) {
  if (is_float(v)) {
    double d = float_value(v);
    if (std::isnan(d)) return raise_value_error(thread, "Invalid value NaN (not a number)");
    double whole = std::floor(d);
    double fraction = std::floor((d - whole) * 1e9);
    if (fraction >= 1e9) {
      fraction -= 1e9;
      whole += 1;
    }
    if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
      return raise_overflow_error(thread, "timestamp out of range for platform time_t");
    out->tv_sec = static_cast<time_t>(whole);
    out->tv_nsec = static_cast<long>(fraction);
    return ok;
  }
  i64 seconds;
  if (!int_to_i64(TRY(to_index(thread, v)), &seconds))
    return raise_overflow_error(thread, "timestamp out of range for platform time_t");
  out->tv_sec = seconds;
  out->tv_nsec = 0;
  return ok;
}

Result<i64> nanoseconds_from(Thread& thread, Value v, TimeRounding rounding) {
  if (is_float(v)) {
    double d = float_value(v);
    if (std::isnan(d)) return raise_value_error(thread, "Invalid value NaN (not a number)");
    d *= 1e9;
    d = rounding == TimeRounding::Floor || d < 0 ? std::floor(d) : std::ceil(d);
    if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
      return raise_overflow_error(thread, "timestamp out of range for platform time_t");
    return static_cast<i64>(d);
  }
  i64 seconds, total;
  if (!int_to_i64(TRY(to_index(thread, v)), &seconds) || __builtin_mul_overflow(seconds, i64{1000000000}, &total)) {
    return raise_overflow_error(thread, "timestamp too large to convert to C _PyTime_t");
  }
  return total;
}

// ---------------------------------------------------------------------------------------------------------------- modules

Result<void> module_add_functions(Thread& thread, Module* module, ModuleDef& def, NativeTable table) {
  for (u32 i = 0; i < table.count; ++i) {
    NativeDef& row = table.rows[i];
    row.module = &def;
    TRY(dict_set_str(thread, module->dict(), intern(thread, row.name()),
                     Value(TRY(make<NativeFunction>(thread, &row, Value(module), Value(module))))));
  }
  return ok;
}

Result<void> module_set_int(Thread& thread, Module* module, std::string_view name, i64 value) {
  return module_set(thread, module, name, TRY(int_from_i64(thread, value)));
}

}  // namespace baton
