// What the files of the _socket module share.
#pragma once
#include <sys/socket.h>

#include "modules/os_support.h"
#include "modules/shared_descriptor.h"
#include "objects/tuple.h"

namespace baton {

extern ModuleDef socket_module;
extern TypeDef socket_def;

class Socket final : public Cell {
 public:
  void init() {
    fd_ = -1;
    family_ = type_ = proto_ = 0;
    timeout_ns_ = -1;
    received_ = 0;
  }
  void visit_edges(EdgeVisitor&) const {}

  SharedDescriptor fd_;
  int family_, type_, proto_;
  i64 timeout_ns_;           // -1: blocking; 0: not blocking; else the time an operation may take
  Relaxed<usize> received_;  // by the last recv()
};

union SocketAddress {
  sockaddr plain;
  sockaddr_storage storage;
  char bytes[sizeof(sockaddr_storage)];
};

// --- addresses. function: the name in messages.
Result<socklen_t> parse_address(Thread& thread, Socket* self, Value address, SocketAddress* out, const char* function);
Result<Value> address_value(Thread& thread, const SocketAddress& address, socklen_t length, int proto);
// Host name or number to an address; may ask the resolver. size is that of *out.
Result<void> resolve_host(Thread& thread, const char* name, SocketAddress* out, socklen_t size, int family);
// Host as bytes: str (IDNA, if it isn't ASCII), bytes, bytearray.
Result<Bytes*> host_bytes(Thread& thread, Value host);
// The same for functions that look a name up: the labels of ASCII names have to be right, too. function: takes no null bytes.
Result<Bytes*> name_bytes(Thread& thread, Value host, const char* function);
Failed raise_gai_error(Thread& thread, int code);
Failed raise_host_error(Thread& thread, int code);

// --- operations
enum class SocketWait : u8 { Read, Write };
struct SocketDeadline {
  i64 timeout_ns;
  u64 at = 0;
  explicit SocketDeadline(i64 timeout) : timeout_ns(timeout) {
    if (timeout > 0) at = monotonic_ns() + static_cast<u64>(timeout);
  }
  i64 left() const {
    u64 now = monotonic_ns();
    return now >= at ? 0 : static_cast<i64>(at - now);
  }
};
Failed raise_timed_out(Thread& thread);
// Waits until the descriptor is ready; false: the time ran out.
Result<bool> wait_ready(Thread& thread, int fd, SocketWait what, const SocketDeadline& deadline);
// Runs a system call on the socket under its timeout; retries after signals. Raises OSError or TimeoutError. is_exact: see
// ExactStack; self is kept.
template <class F>
Result<i64> socket_call(Thread& thread, Socket* self, SocketWait what, const SocketDeadline& deadline, F&& call,
                        bool is_exact = false) {
  for (;;) {
    if (deadline.timeout_ns > 0 && !TRY(wait_ready(thread, self->fd_, what, deadline))) return raise_timed_out(thread);
    i64 r = TRY(retrying_exactly(thread, is_exact, self, call));
    if (r >= 0) {
      if (what == SocketWait::Write) note_hand_over();
      return r;
    }
    if (deadline.timeout_ns > 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    return raise_errno(thread);
  }
}
template <class F>
Result<i64> socket_call(Thread& thread, Socket* self, SocketWait what, F&& call, bool is_exact = false) {
  return socket_call(thread, self, what, SocketDeadline(self->timeout_ns_), call, is_exact);
}

Result<Value> socket_sendmsg(Thread& thread, Socket* self, Value buffers, Value ancillary, int flags, Value address);
Result<Value> socket_sendmsg_afalg(Thread& thread, Socket* self, Value message, Optional<int> op, Optional<Value> iv,
                                   Optional<int> assoclen, int flags);
Result<Value> socket_recvmsg(Thread& thread, Socket* self, i64 size, i64 ancillary_size, int flags);
Result<Value> socket_recvmsg_into(Thread& thread, Socket* self, Value buffers, i64 ancillary_size, int flags);

extern NativeTable socket_database_functions;
Result<void> add_socket_constants(Thread& thread, Module* module);

}  // namespace baton
