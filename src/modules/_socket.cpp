// _socket.socket: one endpoint, its life and its operations.
//
// A socket with a timeout is non-blocking for the system; operations wait with poll() first, up to what is left of the time.
// Every call lets go of the GIL and is repeated after a signal whose handler returned (PEP 475).
#include <linux/vm_sockets.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/socket_internal.h"
#include "objects/audit.h"
#include "objects/exception.h"
#include "objects/raw_arguments.h"
#include "threads/brief.h"
#include "threads/short_send.h"

namespace baton {

static i64 default_timeout_ns = -1;  // of new sockets; written under the GIL, a plain word otherwise

Failed raise_timed_out(Thread& t) {
  Value text(TRY(str_from_ascii(t, "timed out")));
  return raise_with_value(t, exceptions.TimeoutError, text);
}

Result<bool> wait_ready(Thread& t, int fd, SocketWait what, const SocketDeadline& deadline) {
  if (fd < 0) return true;  // closed meanwhile: the call itself reports it
  pollfd p{fd, static_cast<short>(what == SocketWait::Read ? POLLIN : POLLOUT), 0};
  IdleWait idle(t, deadline.at, IdleFor::Event);
  for (;;) {
    i64 left = idle.nanoseconds_to_wait(deadline.left());
    i64 ms = left / 1000000 + (left % 1000000 != 0);
    int r = blocking(t, [&] { return ::poll(&p, 1, ms > INT_MAX ? INT_MAX : static_cast<int>(ms)); });
    if (r > 0) return true;
    if (r == 0) {
      if (idle.timed_out(t, false, Value())) return false;
      continue;
    }
    if (errno != EINTR) return raise_errno(t);
    TRY(check_signals(t));
  }
}

// Before a call that waits for data or a connection without a time-out, and would really wait: a wait for what never comes would
// keep back the call's error.
static Result<void> idle_until_readable(Thread& t, Socket* self) {
  return idle_until_readable(t, self->fd_, self, [&] { return is_called_by_instruction(t, self); });
}
static bool waits_for_data(Thread& t, Socket* self, int flags) {
  if (self->timeout_ns_ >= 0 || (flags & ~(MSG_PEEK | MSG_WAITALL)) || !IdleWait::is_worth_it(t)) return false;
  char c;
  return ::recv(self->fd_, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}
static bool waits_for_connection(Socket* self) {
  return self->timeout_ns_ < 0 && (self->type_ == SOCK_STREAM || self->type_ == SOCK_SEQPACKET);
}

// ---------------------------------------------------------------------------------------------------------------- life

static Result<void> set_blocking_mode(Thread& t, Socket* self, bool block) {
  int fd = self->fd_, on = !block;
  if (blocking(t, [&] { return ::ioctl(fd, FIONBIO, &on); }) < 0) return raise_errno(t);
  return ok;
}

static Result<void> adopt(Thread& t, Socket* self, int fd, int family, int type, int proto) {
  self->fd_ = fd;
  if (!self->has_gc_flag(kFinalized)) heap_register_finalizable(t, self);  // one that was closed before may be set up anew
  self->family_ = family;
  self->type_ = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  self->proto_ = proto;
  if (type & SOCK_NONBLOCK) {
    self->timeout_ns_ = 0;
  } else {
    self->timeout_ns_ = default_timeout_ns;
    if (self->timeout_ns_ >= 0) TRY(set_blocking_mode(t, self, false));
  }
  return ok;
}

static Result<Value> socket_new(Thread& t, NativeDef const& def, Value const* args, usize n, Tuple*) {
  Socket* self = TRY(make_of<Socket>(t, TRY(check_new_type(t, args, n, def.owner->type))));
  if (!tail_of(self)) heap_register_finalizable(t, self);  // instances with a tail are registered as they are made
  return Value(self);
}

static Result<void> init_from_descriptor(Thread& t, Socket* self, Value fileno, int family, int type, int proto) {
  int fd;
  if (!convert_int(t, fileno, &fd)) return failed;
  if (fd < 0) return raise_value_error(t, "negative file descriptor");
  SocketAddress address;
  socklen_t length = sizeof address;
  if (::getsockname(fd, &address.plain, &length) < 0) {
    // Sockets of kinds that have no name are fine as long as everything is given.
    if (family == -1) return raise_errno(t);
    if (errno == EBADF || errno == ENOTSOCK) return raise_errno(t);
  } else if (family == -1) {
    family = address.plain.sa_family;
  }
  socklen_t size = sizeof(int);
  int option;
  if (type == -1) {
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &option, &size) < 0) return raise_errno(t);
    type = option;
  }
  if (proto == -1) {
    size = sizeof(int);
    if (::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &option, &size) < 0) return raise_errno(t);
    proto = option;
  }
  return adopt(t, self, fd, family, type, proto);
}

static Result<void> socket_init(Thread& t, Socket* self, int family, int type, int proto, Value fileno) {
  TRY(audit(t, "socket.__new__", Value(self), Value::of_small_int(family), Value::of_small_int(type),
            Value::of_small_int(proto)));
  if (!fileno.is_none()) return init_from_descriptor(t, self, fileno, family, type, proto);
  if (family == -1) family = AF_INET;
  if (type == -1) type = SOCK_STREAM;
  if (proto == -1) proto = 0;
  int fd = blocking(t, [&] { return ::socket(family, type | SOCK_CLOEXEC, proto); });
  if (fd < 0) return raise_errno(t);
  Result<void> r = adopt(t, self, fd, family, type, proto);
  if (r.is_failed()) {
    self->fd_ = -1;
    ::close(fd);
  }
  return r;
}

// Whoever has given up the descriptor has nothing left to do at its end, but for a __del__ of the class's own.
static int give_up_descriptor(Socket* self) {
  int fd = self->fd_.take();
  if (type_lookup(type_of(Value(self)), names.dunder_del) == type_lookup(socket_def.type, names.dunder_del))
    self->remove_gc_flag(kFinalizable);
  return fd;
}

static Result<void> socket_close(Thread& t, Socket* self) {
  int fd = give_up_descriptor(self);
  if (fd == -1) return ok;
  // The peer may have reset the connection already: that is no error of close().
  if (blocking(t, [&] { return ::close(fd); }) < 0 && errno != ECONNRESET) return raise_errno(t);
  return ok;
}
static Result<int> socket_detach(Thread&, Socket* self) { return give_up_descriptor(self); }
static Result<int> socket_fileno(Thread&, Socket* self) { return int{self->fd_}; }

static Result<void> socket_del(Thread& t, Socket* self) {
  if (self->fd_ == -1) return ok;
  Result<Str*> text = format_message(t, "unclosed {!r}", Value(self));
  if (!text.is_failed()) {
    Value module = TRY(import_module(t, "_warnings"));
    if (call_method(t, module, intern(t, "warn"), Value(text.value()), Value(exceptions.ResourceWarning), Value::of_small_int(1),
                    Value(self))
            .is_failed()) {
      if (pending_matches(t, exceptions.Warning))
        report_unraisable(t, nullptr, Value(self));
      else
        t.clear_pending();
    }
  } else {
    t.clear_pending();
  }
  if (self->fd_ != -1) {
    int fd = self->fd_;
    self->fd_ = -1;
    ::close(fd);
  }
  return ok;
}

static Result<Str*> socket_repr(Thread& t, Socket* self) {
  return format_message(t, "<socket object, fd={}, family={}, type={}, proto={}>", int{self->fd_}, self->family_, self->type_,
                        self->proto_);
}

// ---------------------------------------------------------------------------------------------------------------- timeouts

static Result<i64> parse_timeout(Thread& t, Value v) {
  if (v.is_none()) return i64{-1};
  i64 ns = TRY(nanoseconds_from(t, v, TimeRounding::Timeout));
  if (ns < 0) return raise_value_error(t, "Timeout value out of range");
  if (ns / 1000000 > INT_MAX) return raise_overflow_error(t, "timeout doesn't fit into C timeval");
  return ns;
}
static Result<Value> timeout_value(Thread& t, i64 ns) {
  if (ns < 0) return kNone;
  return make_float(t, ns % 1000000000 == 0 ? static_cast<double>(ns / 1000000000) : static_cast<double>(ns) / 1e9);
}
static Result<void> socket_settimeout(Thread& t, Socket* self, Value timeout) {
  i64 ns = TRY(parse_timeout(t, timeout));
  self->timeout_ns_ = ns;
  return set_blocking_mode(t, self, ns < 0);
}
static Result<Value> socket_gettimeout(Thread& t, Socket* self) { return timeout_value(t, self->timeout_ns_); }
static Result<void> socket_setblocking(Thread& t, Socket* self, Value flag) {
  i64 wanted;
  if (!int_to_i64(TRY(to_index(t, flag)), &wanted)) return raise_overflow_error(t, "Python int too large to convert to C long");
  bool block = wanted != 0;
  self->timeout_ns_ = block ? -1 : 0;
  return set_blocking_mode(t, self, block);
}
static Result<bool> socket_getblocking(Thread&, Socket* self) { return self->timeout_ns_ != 0; }

// ---------------------------------------------------------------------------------------------------------------- names and
// connections

static Result<void> socket_bind(Thread& t, Socket* self, Value address) {
  TRY(audit(t, "socket.bind", Value(self), address));
  SocketAddress a;
  socklen_t length = TRY(parse_address(t, self, address, &a, "bind"));
  int fd = self->fd_;
  if (blocking(t, [&] { return ::bind(fd, &a.plain, length); }) < 0) return raise_errno(t);
  return ok;
}

// 0, or the error number; the time running out is EAGAIN. Failed only when a signal handler or poll() fails.
static Result<int> connect_to(Thread& t, Socket* self, const SocketAddress& a, socklen_t length) {
  int fd = self->fd_;
  int r = blocking(t, [&] { return ::connect(fd, &a.plain, length); });
  if (r == 0) return 0;
  int error = errno;
  bool wait;
  if (error == EINTR) {
    // The connection goes on being made in the background.
    TRY(check_signals(t));
    wait = self->timeout_ns_ != 0;
  } else {
    wait = self->timeout_ns_ > 0 && error == EINPROGRESS;
  }
  if (!wait) return error;
  if (self->timeout_ns_ > 0) {
    SocketDeadline deadline(self->timeout_ns_);
    if (!TRY(wait_ready(t, fd, SocketWait::Write, deadline))) return EAGAIN;
  } else {
    pollfd p{fd, POLLOUT, 0};
    i64 n = TRY(retrying(t, [&] { return ::poll(&p, 1, -1); }));
    if (n < 0) return errno;
  }
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return errno;
  return error == EISCONN ? 0 : error;
}
static Result<void> socket_connect(Thread& t, Socket* self, Value address) {
  TRY(audit(t, "socket.connect", Value(self), address));
  SocketAddress a;
  socklen_t length = TRY(parse_address(t, self, address, &a, "connect"));
  int error = TRY(connect_to(t, self, a, length));
  if (error == 0) return ok;
  if (error == EAGAIN && self->timeout_ns_ > 0) return raise_timed_out(t);
  return raise_os_error(t, error);
}
static Result<int> socket_connect_ex(Thread& t, Socket* self, Value address) {
  TRY(audit(t, "socket.connect", Value(self), address));
  SocketAddress a;
  socklen_t length = TRY(parse_address(t, self, address, &a, "connect_ex"));
  return connect_to(t, self, a, length);
}

static Result<void> socket_listen(Thread& t, Socket* self, Optional<int> backlog) {
  int n = backlog.value_or(SOMAXCONN < 128 ? SOMAXCONN : 128), fd = self->fd_;
  if (n < 0) n = 0;
  if (blocking(t, [&] { return ::listen(fd, n); }) < 0) return raise_errno(t);
  return ok;
}
static Result<Value> socket_accept(Thread& t, Socket* self) {
  SocketAddress a;
  socklen_t length = 0;
  int fd = self->fd_;
  if (waits_for_connection(self)) TRY(idle_until_readable(t, self));
  auto accept = [&] {
    length = sizeof a;
    return ::accept4(fd, &a.plain, &length, SOCK_CLOEXEC);
  };
  i64 accepted = TRY(socket_call(t, self, SocketWait::Read, accept, is_called_by_instruction(t, self)));
  Result<Value> address = address_value(t, a, length, self->proto_);
  Result<Tuple*> pair = failed;
  if (!address.is_failed()) pair = tuple_of(t, Value::of_small_int(accepted), address.value());
  if (pair.is_failed()) ::close(static_cast<int>(accepted));
  return pair;
}
static Result<void> socket_shutdown(Thread& t, Socket* self, int how) {
  int fd = self->fd_;
  if (blocking(t, [&] { return ::shutdown(fd, how); }) < 0) return raise_errno(t);
  return ok;
}
static Result<Value> socket_getsockname(Thread& t, Socket* self) {
  SocketAddress a;
  socklen_t length = sizeof a;
  memset(&a, 0, sizeof a);
  int fd = self->fd_;
  if (blocking(t, [&] { return ::getsockname(fd, &a.plain, &length); }) < 0) return raise_errno(t);
  return address_value(t, a, length, self->proto_);
}
static Result<Value> socket_getpeername(Thread& t, Socket* self) {
  SocketAddress a;
  socklen_t length = sizeof a;
  memset(&a, 0, sizeof a);
  int fd = self->fd_;
  if (blocking(t, [&] { return ::getpeername(fd, &a.plain, &length); }) < 0) return raise_errno(t);
  return address_value(t, a, length, self->proto_);
}

// ---------------------------------------------------------------------------------------------------------------- options

static Result<Value> socket_getsockopt(Thread& t, Socket* self, int level, int option, Optional<int> length) {
  int wanted = length.value_or(0);
  if (wanted == 0) {
    if (self->family_ == AF_VSOCK) {
      u64 value = 0;
      socklen_t size = sizeof value;
      if (::getsockopt(self->fd_, level, option, &value, &size) < 0) return raise_errno(t);
      return int_from_u64(t, value);
    }
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(self->fd_, level, option, &value, &size) < 0) return raise_errno(t);
    return Value::of_small_int(value);
  }
  if (wanted < 0 || wanted > 1024) return raise(t, exceptions.OSError, "getsockopt buflen out of range");
  char buffer[1024];
  socklen_t size = static_cast<socklen_t>(wanted);
  if (::getsockopt(self->fd_, level, option, buffer, &size) < 0) return raise_errno(t);
  return bytes_from(t, buffer, size);
}

static Result<Value> socket_setsockopt(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(t, "_socket.socket.setsockopt", kwnames));
  if (n < 1 || !is<Socket>(args[0])) return raise_type_error(t, "descriptor 'setsockopt' requires a '_socket.socket' object");
  auto* self = args[0].as<Socket>();
  if (n != 4 && n != 5) return raise_type_error(t, "setsockopt() takes exactly 3 arguments ({} given)", static_cast<i64>(n - 1));
  int level, option, r;
  if (!convert_int(t, args[1], &level) || !convert_int(t, args[2], &option)) return failed;
  if (n == 5) {  // setsockopt(level, option, None, length): no value at all
    if (!args[3].is_none()) return raise_type_error(t, "setsockopt() takes exactly 3 arguments (4 given)");
    u32 length;
    if (!convert_u32(t, args[4], &length)) return failed;
    r = ::setsockopt(self->fd_, level, option, nullptr, length);
  } else if (is_int(args[3]) || type_of(args[3])->slot(Slot::index).is_present()) {
    if (self->family_ == AF_VSOCK) {
      u64 value;
      if (!convert_u64(t, args[3], &value)) return failed;
      r = ::setsockopt(self->fd_, level, option, &value, sizeof value);
    } else {
      int value;
      if (!convert_int(t, args[3], &value)) return failed;
      r = ::setsockopt(self->fd_, level, option, &value, sizeof value);
    }
  } else {
    BufferView view;
    if (!convert_buffer(t, args[3], &view)) return failed;
    r = ::setsockopt(self->fd_, level, option, view.data, static_cast<socklen_t>(view.size));
    int error = errno;
    release_buffer(view);
    errno = error;
  }
  if (r < 0) return raise_errno(t);
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- receiving

static constexpr usize kStackBuffer = 8192, kSpareBuffer = 256 * 1024;

// Who asks for much mostly gets little: asyncio asks for 256 KiB each time. One buffer of that size waits for its next user, so
// that malloc neither looks for it nor gives it back to the system.
class ReceiveBuffer {
 public:
  explicit ReceiveBuffer(usize size) : is_spare_(size <= kSpareBuffer) {
    if (is_spare_) data_ = spare.exchange(nullptr);
    if (!data_) data_ = static_cast<char*>(malloc(is_spare_ ? kSpareBuffer : size));
  }
  ~ReceiveBuffer() { free(is_spare_ ? spare.exchange(data_) : data_); }
  char* data() const { return data_; }

 private:
  static inline constinit Atomic<char*> spare{nullptr};
  char* data_ = nullptr;
  bool is_spare_;
};

static bool is_no_data(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// A call of recv(2)'s kind, which gets the flags, under the socket's timeout. Who has just handed over looks on first (LookOn).
// A non-blocking socket's call keeps the GIL where there is one thread only. (What is there is asked for, in case somebody has
// changed the descriptor's mode behind the socket's back; the rest goes the usual way.)
// holds_nothing: what it receives goes into no object that only the caller's frames hold.
template <class F>
static Result<i64> receive(Thread& t, Socket* self, int flags, F&& call, bool holds_nothing = false) {
  if (self->timeout_ns_ == 0) {
    if (runs_alone(t)) {
      i64 n = call(flags | MSG_DONTWAIT);
      if (n >= 0) return n;
      if (!is_no_data(errno) && errno != EINTR) return raise_errno(t);
    }
  } else if (!(flags & MSG_WAITALL)) {
    i64 n = -1;
    auto look = [&] {
      n = call(flags | MSG_DONTWAIT);
      return n < 0 && is_no_data(errno) ? Look::Nothing : Look::Found;
    };
    if (ShortSends& sends = short_sends(); sends.expects_answer()) {
      bool is_there = look() == Look::Found;
      sends.note_answer(is_there);
      if (is_there && n < 0) return raise_errno(t);
      if (is_there) return n;
    }
    LookOn looks(t);
    if (looks.is_wanted() && blocking(t, [&] { return looks.until_found(look, false); })) {
      if (n < 0) return raise_errno(t);
      return n;
    }
  }
  bool is_exact = holds_nothing && is_called_by_instruction(t, self);
  return socket_call(t, self, SocketWait::Read, [&] { return call(flags); }, is_exact);
}

template <class F>
static Result<Value> receive_into(Thread& t, Socket* self, char* buffer, int flags, F&& call) {
  i64 n = TRY(receive(t, self, flags, [&](int all_flags) { return call(buffer, all_flags); }, true));
  return bytes_from(t, buffer, static_cast<usize>(n));
}

template <class F>
static Result<Value> receive_bytes(Thread& t, Socket* self, usize size, int flags, F&& call) {
  if (size <= kStackBuffer) {
    char buffer[kStackBuffer];
    return receive_into(t, self, buffer, flags, call);
  }
  ReceiveBuffer buffer(size);
  if (!buffer.data()) return raise_memory_error(t);
  return receive_into(t, self, buffer.data(), flags, call);
}

// Of a stream that had much to read the last time: how many bytes there are to be read now, if they are many. They go straight
// into the bytes object then; for few, what is copied costs less than the question.
static usize much_to_receive(Socket* self, usize most) {
  constexpr usize kMuch = 16384;
  if (self->received_ < kMuch || self->type_ != SOCK_STREAM) return 0;
  int waiting = 0;
  if (::ioctl(self->fd_, FIONREAD, &waiting) < 0 || waiting < static_cast<int>(kMuch)) return 0;
  usize n = static_cast<usize>(waiting);
  return n < most ? n : most;
}

static Result<Value> socket_recv(Thread& t, Socket* self, i64 size, int flags) {
  if (size < 0) return raise_value_error(t, "negative buffersize in recv");
  int fd = self->fd_;
  usize n = static_cast<usize>(size);
  if (n == 0) return bytes_from(t, nullptr, 0);
  if (waits_for_data(t, self, flags)) TRY(idle_until_readable(t, self));
  if (usize much = flags == 0 && n > kStackBuffer ? much_to_receive(self, n) : 0) {
    Bytes* data = TRY(bytes_allocate(t, much));
    u8* to = bytes_mutable_data(data);
    usize got = static_cast<usize>(TRY(receive(t, self, 0, [&](int all_flags) { return ::recv(fd, to, much, all_flags); })));
    self->received_ = got;
    if (got == much) return data;
    return bytes_from(t, to, got);  // another thread was quicker, or an urgent byte lies between
  }
  Value data =
      TRY(receive_bytes(t, self, n, flags, [&](char* buffer, int all_flags) { return ::recv(fd, buffer, n, all_flags); }));
  self->received_ = static_cast<usize>(data.as<Bytes>()->length());
  return data;
}
static Result<i64> socket_recv_into(Thread& t, Socket* self, WritableBuffer buffer, i64 size, int flags) {
  if (size < 0) return raise_value_error(t, "negative buffersize in recv_into");
  usize n = size == 0 ? buffer.size : static_cast<usize>(size);
  if (buffer.size < n) return raise_value_error(t, "buffer too small for requested bytes");
  if (n == 0) return i64{0};
  int fd = self->fd_;
  if (waits_for_data(t, self, flags)) TRY(idle_until_readable(t, fd, Value(), [] { return false; }));
  return receive(t, self, flags, [&](int all_flags) { return ::recv(fd, buffer.bytes(), n, all_flags); });
}
static Result<Value> socket_recvfrom(Thread& t, Socket* self, i64 size, int flags) {
  if (size < 0) return raise_value_error(t, "negative buffersize in recvfrom");
  SocketAddress a;
  memset(&a, 0, sizeof a);
  socklen_t length = 0;
  int fd = self->fd_;
  usize n = static_cast<usize>(size);
  Value data = TRY(receive_bytes(t, self, n, flags, [&](char* buffer, int all_flags) {
    length = sizeof a;
    return ::recvfrom(fd, buffer, n, all_flags, &a.plain, &length);
  }));
  return TRY(tuple_of(t, data, TRY(address_value(t, a, length, self->proto_))));
}
static Result<Value> socket_recvfrom_into(Thread& t, Socket* self, WritableBuffer buffer, i64 size, int flags) {
  if (size < 0) return raise_value_error(t, "negative buffersize in recvfrom_into");
  usize n = size == 0 ? buffer.size : static_cast<usize>(size);
  if (n > buffer.size) return raise_value_error(t, "nbytes is greater than the length of the buffer");
  SocketAddress a;
  memset(&a, 0, sizeof a);
  socklen_t length = 0;
  int fd = self->fd_;
  i64 got = TRY(receive(t, self, flags, [&](int all_flags) {
    length = sizeof a;
    return ::recvfrom(fd, buffer.bytes(), n, all_flags, &a.plain, &length);
  }));
  return TRY(tuple_of(t, Value::of_small_int(got), TRY(address_value(t, a, length, self->proto_))));
}

// ---------------------------------------------------------------------------------------------------------------- sending

// Sends the rest of what a blocking socket took a part of, as the call that sent the part would have gone on: what has gone
// counts if an error, the end of SO_SNDTIMEO or the peer ends the wait, and the error is left for the next call. Answers what was
// sent in all.
template <class F>
static Result<i64> send_rest(Thread& t, Socket* self, usize sent, usize size, int flags, F&& call) {
  timeval limit{};
  socklen_t length = sizeof limit;
  int fd = self->fd_;
  ::getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, &length);  // what isn't known is no limit
  i64 limit_ms = i64{limit.tv_sec} * 1000 + (limit.tv_usec + 999) / 1000;
  pollfd p{fd, POLLOUT, 0};
  int wait_ms = limit_ms <= 0 ? -1 : limit_ms > INT_MAX ? INT_MAX : static_cast<int>(limit_ms);
  while (sent < size) {
    i64 ready = TRY(retrying(t, [&] { return ::poll(&p, 1, wait_ms); }));
    if (ready <= 0 || (p.revents & (POLLERR | POLLHUP | POLLNVAL))) break;
    i64 r = TRY(retrying(t, [&] { return call(sent, flags | MSG_DONTWAIT); }));
    if (r >= 0)
      sent += static_cast<usize>(r);
    else if (!is_no_data(errno))
      break;
  }
  return static_cast<i64>(sent);
}

// A call of send(2)'s kind, which gets where to begin and the flags, under the socket's timeout. Few bytes beside a computing
// thread are sent with the GIL held if that needs no waiting and is the better way (ShortSends), and a non-blocking socket's
// where there is no other thread.
template <class F>
static Result<i64> send_some(Thread& t, Socket* self, const SocketDeadline& deadline, usize size, int flags, F&& call) {
  constexpr usize kFew = 4096;
  ShortSend how = size <= kFew ? how_to_send_shortly() : ShortSend::Usual;
  if ((deadline.timeout_ns == 0 && runs_alone(t)) || how != ShortSend::Usual) {
    auto send = [&] { return call(0, flags | MSG_DONTWAIT); };
    i64 r = how == ShortSend::LetsGo ? blocking(t, send) : send();
    if (r >= 0) note_hand_over();
    if (r >= 0 && (static_cast<usize>(r) == size || deadline.timeout_ns >= 0 || (flags & MSG_DONTWAIT))) return r;
    if (r > 0) return send_rest(t, self, static_cast<usize>(r), size, flags, call);
    if (r < 0 && !is_no_data(errno) && errno != EINTR) return raise_errno(t);
  }
  return socket_call(t, self, SocketWait::Write, deadline, [&] { return call(0, flags); });
}

static Result<i64> socket_send(Thread& t, Socket* self, BufferView data, int flags) {
  int fd = self->fd_;
  return send_some(t, self, SocketDeadline(self->timeout_ns_), data.size, flags,
                   [&](usize from, int all_flags) { return ::send(fd, data.data + from, data.size - from, all_flags); });
}
static Result<void> socket_sendall(Thread& t, Socket* self, BufferView data, int flags) {
  SocketDeadline deadline(self->timeout_ns_);  // for all of it
  usize sent = 0;
  while (sent < data.size) {
    if (deadline.timeout_ns > 0 && sent > 0 && deadline.left() <= 0) return raise_timed_out(t);
    int fd = self->fd_;
    usize left = data.size - sent;
    sent += static_cast<usize>(TRY(send_some(t, self, deadline, left, flags, [&](usize from, int all_flags) {
      return ::send(fd, data.data + sent + from, left - from, all_flags);
    })));
    TRY(check_signals(t));
  }
  return ok;
}
static Result<Value> socket_sendto(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(t, "_socket.socket.sendto", kwnames));
  if (n < 1 || !is<Socket>(args[0])) return raise_type_error(t, "descriptor 'sendto' requires a '_socket.socket' object");
  auto* self = args[0].as<Socket>();
  if (n != 3 && n != 4) return raise_type_error(t, "sendto() takes 2 or 3 arguments ({} given)", static_cast<i64>(n - 1));
  BufferView data;
  if (!convert_buffer(t, args[1], &data)) return failed;
  int flags = 0;
  SocketAddress a;
  auto steps = [&]() -> Result<i64> {
    if (n == 4 && !convert_int(t, args[2], &flags)) return failed;
    socklen_t length = TRY(parse_address(t, self, args[n - 1], &a, "sendto"));
    TRY(audit(t, "socket.sendto", Value(self), args[n - 1]));
    int fd = self->fd_;
    return send_some(t, self, SocketDeadline(self->timeout_ns_), data.size, flags, [&](usize from, int all_flags) {
      return ::sendto(fd, data.data + from, data.size - from, all_flags, &a.plain, length);
    });
  };
  Result<i64> sent = steps();
  release_buffer(data);
  return int_from_i64(t, TRY(sent));
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> get_family(Thread&, Value v) { return Value::of_small_int(v.as<Socket>()->family_); }
static Result<Value> get_type(Thread&, Value v) { return Value::of_small_int(v.as<Socket>()->type_); }
static Result<Value> get_proto(Thread&, Value v) { return Value::of_small_int(v.as<Socket>()->proto_); }
static Result<Value> get_timeout(Thread& t, Value v) { return timeout_value(t, v.as<Socket>()->timeout_ns_); }

static constinit NativeDef socket_methods[] = {
    native_raw(socket_new, "__new__(type, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<socket_init>("__init__($self, /, family=-1, type=-1, proto=-1, fileno=None)",
                        "Set up a new instance from the arguments its class documents."),
    native<socket_repr>("__repr__($self, /)", "Return repr(self)."),
    native<socket_del>("__del__($self, /)", "Called when the instance is about to be destroyed."),
    native<socket_accept>(
        "_accept($self, /)",
        "Wait for a client and accept its connection.\n\nReturns a pair: the descriptor number of a new socket for the "
        "connection, and\nthe client's address (for IP sockets a tuple that starts with host and port)."),
    native<socket_bind>("bind($self, address, /)",
                        "Give the socket the local address it is reached at.\n\nFor IP sockets, address is a pair (host, port), "
                        "where host names this\nmachine. Raw packet sockets take (ifname, proto, pkttype, hatype, addr), "
                        "of\nwhich the last three may be left out."),
    native<socket_close>("close($self, /)", "Close the socket; afterwards every operation on it fails."),
    native<socket_connect>("connect($self, address, /)",
                           "Connect to a peer.\n\naddress says where it is: for IP sockets, a host and a port in one tuple."),
    native<socket_connect_ex>("connect_ex($self, address, /)",
                              "Connect to the given address and report failure as a number.\n\nWorks as connect() does, except "
                              "that where the system call fails the errno\nvalue is the result. Success gives 0."),
    native<socket_detach>("detach($self, /)",
                          "Give up the file descriptor and return its number.\n\nThe socket object counts as closed from then "
                          "on, while the descriptor stays\nopen for the caller to use and, in the end, close."),
    native<socket_fileno>("fileno($self, /)",
                          "Return the descriptor number that the system knows this socket by.\n\nIt is -1 for a closed socket."),
    native<socket_getpeername>("getpeername($self, /)",
                               "Return the address that the socket is connected to.\n\nFor IP sockets it is a tuple beginning "
                               "with the other side's host and port."),
    native<socket_getsockname>("getsockname($self, /)",
                               "Return the socket's own address.\n\nWhat it looks like is up to the address family: (host, port) "
                               "for IPv4,\n(host, port, flowinfo, scope_id) for IPv6."),
    native<socket_getsockopt>("getsockopt($self, level, option, buffersize=<int>, /)",
                              "getsockopt(level, option[, buffersize]) -> value\n\nRead a socket option.\n\nlevel and option are "
                              "numbers that the system's getsockopt(2) page lists.\nA third argument, buffersize, asks for the "
                              "raw value as bytes, that many at\nmost; when it is absent or 0, the result is an int."),
    native<socket_listen>("listen($self, backlog=<default>, /)",
                          "listen([backlog])\n\nMake this a server socket, ready to accept connections.\n\nThe optional backlog "
                          "says how many connections may queue up before the system\nturns further ones away. Negative values "
                          "count as 0. A sensible number is\nused when you pass none."),
    native<socket_recv>("recv($self, buffersize, flags=0, /)",
                        "Read at most buffersize bytes from the socket and return them.\n\nA blocking socket waits until "
                        "something arrives. An empty result means that\nthe peer has closed its end and nothing is left to read. "
                        "The optional flags\nare those of the system's recv(2)."),
    native<socket_recv_into>(
        "recv_into($self, /, buffer, nbytes=0, flags=0)",
        "Read from the socket straight into a writable buffer.\n\nReturns how many bytes were stored. The optional nbytes limits "
        "the number; 0,\nthe default, means as many as the buffer holds. The optional flags are the\nsame as for recv()."),
    native<socket_recvfrom>("recvfrom($self, buffersize, flags=0, /)",
                            "Read as recv() does and tell who sent the data.\n\nTakes buffersize and optional flags; returns a "
                            "pair of the data and the\nsender's address."),
    native<socket_recvfrom_into>(
        "recvfrom_into($self, /, buffer, nbytes=0, flags=0)",
        "Read into a buffer as recv_into() does and tell who sent the data.\n\nTakes buffer, then optionally nbytes and flags; "
        "returns a pair of the number\nof bytes stored and the sender's address."),
    native<socket_send>(
        "send($self, data, flags=0, /)",
        "Send bytes and return how many of them the system took.\n\nThat can be fewer than len(data), for instance when the "
        "network is slow; the\nrest is for the caller to send again. The optional flags are those of the\nsystem's send(2)."),
    native<socket_sendall>(
        "sendall($self, data, flags=0, /)",
        "Send all of the given bytes, in as many send() calls as it takes.\n\nThe optional flags are those of the system's "
        "send(2). When an exception comes\nout of this, there is no way to know which part of the data went through."),
    native_raw(socket_sendto, "sendto($self, data, flags, address=None, /)",
               "Send bytes to a particular destination.\n\nCalled with data and address, or with data, flags and address; flags "
               "and\nresult are those of send(). An address is (host, port) for IP sockets."),
    native<socket_setblocking>("setblocking($self, flag, /)",
                               "Turn blocking mode on (true flag) or off (false flag).\n\nThe two cases are the same as calling "
                               "settimeout() with None and with 0.0,\nrespectively."),
    native<socket_getblocking>("getblocking($self, /)",
                               "Tell whether operations on the socket may block.\n\nThe result is False only after non-blocking "
                               "mode was chosen, that is, when the\ntimeout is 0."),
    native<socket_settimeout>(
        "settimeout($self, timeout, /)",
        "Limit the time that an operation on the socket may take.\n\ntimeout is a number of seconds, possibly fractional. With "
        "None there is no\nlimit, as after setblocking(True); 0 makes the socket non-blocking, as after\nsetblocking(False)."),
    native<socket_gettimeout>("gettimeout($self, /)",
                              "Return the time limit for operations on this socket.\n\nIt is a float number of seconds, or None "
                              "where there is no limit."),
    native_raw(socket_setsockopt, "setsockopt($self, level, option, value, optlen=None, /)",
               "Change a socket option.\n\nlevel and option are numbers that the system's setsockopt(2) page lists.\nThe value "
               "is an int or a bytes-like object. To pass a null pointer instead,\ngive None followed by a fourth argument, "
               "optlen, the length to report."),
    native<socket_shutdown>("shutdown($self, how, /)",
                            "End one or both directions of the connection.\n\nflag is SHUT_RD for no more receiving, SHUT_WR for "
                            "no more sending, SHUT_RDWR\nfor neither."),
    native<socket_recvmsg>(
        "recvmsg($self, bufsize, ancbufsize=0, flags=0, /)",
        "recvmsg(bufsize[, ancbufsize[, flags]]) -> tuple\n\nRead a message along with its control data.\n\nbufsize limits the "
        "bytes of the message itself, and ancbufsize (0 unless\ngiven) is the room for control data; CMSG_SPACE() and CMSG_LEN() "
        "help to\ncompute it.  flags are those of recv().\n\nThe result is (data, ancdata, msg_flags, address).  ancdata is a "
        "list of\n(cmsg_level, cmsg_type, cmsg_data) tuples, msg_flags tells for example\nwhether something was cut off, and "
        "address is the sender's, if known."),
    native<socket_recvmsg_into>("recvmsg_into($self, buffers, ancbufsize=0, flags=0, /)",
                                "recvmsg_into(buffers[, ancbufsize[, flags]]) -> tuple\n\nRead a message into existing buffers, "
                                "along with its control data.\n\nbuffers is an iterable of writable bytes-like objects, which "
                                "are filled\none after another.  ancbufsize and flags are as for recvmsg().\n\nThe result is "
                                "(nbytes, ancdata, msg_flags, address), where nbytes counts\nthe bytes stored in the buffers."),
    native<socket_sendmsg>(
        "sendmsg($self, buffers, ancdata=None, flags=0, address=None, /)",
        "sendmsg(buffers[, ancdata[, flags[, address]]]) -> int\n\nSend the joined contents of several buffers, with control "
        "data.\n\nbuffers is an iterable of bytes-like objects.  ancdata is an iterable of\n(cmsg_level, cmsg_type, cmsg_data) "
        "tuples, the last item bytes-like.\nflags are those of send(); address, unless None, is where an unconnected\nsocket "
        "sends to.\n\nReturn how many bytes from the buffers were sent."),
    native<socket_sendmsg_afalg>(
        "sendmsg_afalg($self, /, msg=None, *, op=<unset>, iv=<unset>, assoclen=<unset>, flags=0)",
        "sendmsg_afalg([msg], *, op[, iv[, assoclen[, flags]]])\n\nSend data and parameters to an operation socket of the AF_ALG "
        "family.\n\nThe optional msg is a sequence of bytes-like objects; the rest are keyword\narguments: op, the operation to "
        "perform (required), iv, the initialization\nvector, assoclen, how many bytes of associated data there are, and "
        "flags,\nsend flags such as MSG_MORE. Linux only."),
};
static GetSetDef socket_getsets[] = {{"family", get_family, nullptr, "the socket family", true},
                                     {"type", get_type, nullptr, "the socket type", true},
                                     {"proto", get_proto, nullptr, "the socket protocol", true},
                                     {"timeout", get_timeout, nullptr, "the socket timeout"}};
constinit TypeDef socket_def = {
    .name = "_socket.socket",
    .doc =
        "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\nsocket(family=-1, type=-1, proto=-1, fileno=None) "
        "-> socket object\n\nOne end of a connection, or a port for single messages.\n\n  family\n    Kind of addresses, such as "
        "AF_INET (the default), AF_INET6 or AF_UNIX.\n  type\n    SOCK_STREAM (the default) for a stream of bytes, SOCK_DGRAM "
        "for\n    separate datagrams, or another SOCK_ constant.\n  proto\n    Protocol number; 0, the default, lets the system "
        "choose.\n  fileno\n    Descriptor of an open socket to wrap.  The other three are then asked\n    of the system, except "
        "those that are given.\n\nA new descriptor is not inherited by child processes.",
    .dynamic_kind = &DynamicKind<Socket>::value,
    .payload_size = sizeof(Socket),
    .flags = kTypeSubclassable,
    .methods = socket_methods,
    .method_count = count_of(socket_methods),
    .getsets = socket_getsets,
    .getset_count = 4,
    .kind_info = kind_info_of<Socket>("_socket.socket")};

// ---------------------------------------------------------------------------------------------------------------- module

static Result<Value> socket_socketpair(Thread& t, Optional<int> family, Optional<int> type, int proto) {
  int fds[2], f = family.value_or(AF_UNIX), kind = type.value_or(SOCK_STREAM);
  if (blocking(t, [&] { return ::socketpair(f, kind | SOCK_CLOEXEC, proto, fds); }) < 0) return raise_errno(t);
  Value ends[2];
  for (int i = 0; i < 2; ++i) {
    Result<Socket*> made = make_of<Socket>(t, socket_def.type);
    Result<void> r = failed;
    if (!made.is_failed()) {
      heap_register_finalizable(t, made.value());
      r = adopt(t, made.value(), fds[i], f, kind, proto);
      ends[i] = Value(made.value());
    }
    if (r.is_failed()) {
      ::close(fds[1]);
      if (i == 0) ::close(fds[0]);
      return failed;
    }
  }
  return TRY(tuple_of(t, ends[0], ends[1]));
}
static Result<void> socket_close_fd(Thread& t, int fd) {
  if (blocking(t, [&] { return ::close(fd); }) < 0 && errno != ECONNRESET) return raise_errno(t);
  return ok;
}
static Result<int> socket_dup(Thread& t, int fd) {
  int r = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (r < 0) return raise_errno(t);
  return r;
}
static Result<Value> socket_getdefaulttimeout(Thread& t) { return timeout_value(t, default_timeout_ns); }
static Result<void> socket_setdefaulttimeout(Thread& t, Value timeout) {
  default_timeout_ns = TRY(parse_timeout(t, timeout));
  return ok;
}

static constinit NativeDef socket_functions[] = {
    native<socket_socketpair>(
        "socketpair(family=<unix>, type=<stream>, proto=0, /)",
        "socketpair([family[, type[, proto]]]) -> (socket, socket)\n\nReturn two new sockets that are connected to each "
        "other.\n\nUp to three arguments, family, type and proto, are like those of socket(),\nbut without a family it is "
        "AF_UNIX where the platform has it, AF_INET if not.\nThe pair comes from the system's socketpair() call."),
    native<socket_close_fd>("close(fd, /)",
                            "Close a socket given by its descriptor number.\n\nTakes one integer and returns None. Prefer it to "
                            "os.close() for sockets:\nthere are systems where sockets are not ordinary file descriptors."),
    native<socket_dup>(
        "dup(fd, /)",
        "Duplicate a socket given by its descriptor number.\n\nTakes one integer and returns the number of the new descriptor. "
        "It does for\nsockets what os.dup() does for files, including on systems where os.dup()\nrefuses a socket."),
    native<socket_getdefaulttimeout>(
        "getdefaulttimeout($module, /)",
        "Tell which timeout newly created sockets start with.\n\nThe result is a float number of seconds, or None if they have "
        "no time limit.\nIt is None until setdefaulttimeout() changes it."),
    native<socket_setdefaulttimeout>(
        "setdefaulttimeout(timeout, /)",
        "Choose the timeout that sockets created from now on start with.\n\ntimeout is a number of seconds; with None, which is "
        "what the module starts\nout with, new sockets have no time limit."),
};
static TypeDef* const socket_types[] = {&socket_def};

Result<void> add_socket_exceptions(Thread& t, Module* module);

static Result<void> socket_exec(Thread& t, Module* module) {
  TRY(module_add_functions(t, module, socket_module, socket_database_functions));
  TRY(module_set(t, module, "SocketType", Value(socket_def.type)));
  TRY(module_set(t, module, "has_ipv6", kTrue));
  TRY(module_set(t, module, "error", Value(exceptions.OSError)));
  TRY(module_set(t, module, "timeout", Value(exceptions.TimeoutError)));
  TRY(add_socket_exceptions(t, module));
  return add_socket_constants(t, module);
}
ModuleDef socket_module = {.name = "_socket",
                           .doc = "The native part of the socket module, which documents it.",
                           .functions = socket_functions,
                           .function_count = count_of(socket_functions),
                           .types = socket_types,
                           .type_count = 1,
                           .exec = socket_exec};

}  // namespace baton
