// _ssl._SSLSocket: one connection, its making and its operations. What it tells about itself is in ssl_socket_info.cpp.
//
// An operation is tried under the connection's lock with the GIL released; if the library wants the network, the wait is outside
// of both, within the socket's timeout, and then it is tried again. Over MemoryBIOs and non-blocking sockets there is no waiting:
// SSLWantReadError and SSLWantWriteError say what is lacking.
#include <arpa/inet.h>
#include <poll.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/codecs.h"
#include "objects/exception.h"
#include "objects/new_exception.h"
#include "objects/raw_arguments.h"
#include "objects/weakref.h"

namespace baton {

static constexpr i64 kConnectionBytes = i64{40} << 10;  // what the library allocates for one, about

void SslSocket::finalize_native() {
  SSL_free(ssl_);
  heap_add_external(-kConnectionBytes);
}

// ---------------------------------------------------------------------------------------------------------------- errors

// What an attempt came to.
struct Outcome {
  int value;           // what the library's function returned
  int error;           // SSL_ERROR_*
  int system_error;    // errno of the socket's last call
  unsigned long code;  // last entry of the error queue
};

// Raises what a callback left, in front of what is pending.
static Result<void> raise_failure(Thread& t, SslSocket* self) {
  Value failure = self->failure_.get();
  if (failure.is_none()) return ok;
  self->failure_.set(self, kNone);
  if (!t.has_pending()) {
    t.set_pending(failure.as<Exception>());
    return failed;
  }
  Exception* pending = t.take_pending();
  pending->context_.set(pending, failure);
  t.set_pending(pending);
  return failed;
}

static Failed raise_eof(Thread& t, SslPlace place, unsigned long code) {
  return raise_ssl(t, ssl_types->eof.get(), kSslEof, "EOF occurred in violation of protocol", place, code);
}
static Failed raise_syscall(Thread& t, SslSocket* self, const Outcome& outcome, SslPlace place) {
  if (outcome.code) return raise_ssl(t, ssl_types->error.get(), SSL_ERROR_SYSCALL, nullptr, place, outcome.code);
  if (outcome.value == 0 || !self->stream_ || !outcome.system_error) return raise_eof(t, place, 0);
  return raise_os_error(t, outcome.system_error);
}
static Failed raise_protocol(Thread& t, SslSocket* self, const Outcome& outcome, SslPlace place) {
  unsigned long code = outcome.code;
  if (!code) return raise_ssl(t, ssl_types->error.get(), SSL_ERROR_SSL, "A failure in the SSL library occurred", place, 0);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
    if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
      return raise_ssl(t, ssl_types->cert_verification.get(), SSL_ERROR_SSL, nullptr, place, code, self);
    if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return raise_eof(t, place, code);
  }
  return raise_ssl(t, ssl_types->error.get(), SSL_ERROR_SSL, nullptr, place, code);
}
static Failed raise_by_kind(Thread& t, SslSocket* self, const Outcome& outcome, SslPlace place) {
  Type* error = ssl_types->error.get();
  switch (outcome.error) {
    case SSL_ERROR_ZERO_RETURN:
      return raise_ssl(t, ssl_types->zero_return.get(), SSL_ERROR_ZERO_RETURN, "TLS/SSL connection has been closed (EOF)", place,
                       outcome.code);
    case SSL_ERROR_WANT_READ:
      return raise_ssl(t, ssl_types->want_read.get(), SSL_ERROR_WANT_READ, "The operation did not complete (read)", place,
                       outcome.code);
    case SSL_ERROR_WANT_WRITE:
      return raise_ssl(t, ssl_types->want_write.get(), SSL_ERROR_WANT_WRITE, "The operation did not complete (write)", place,
                       outcome.code);
    case SSL_ERROR_WANT_X509_LOOKUP:
      return raise_ssl(t, error, SSL_ERROR_WANT_X509_LOOKUP, "The operation did not complete (X509 lookup)", place, outcome.code);
    case SSL_ERROR_WANT_CONNECT:
      return raise_ssl(t, error, SSL_ERROR_WANT_CONNECT, "The operation did not complete (connect)", place, outcome.code);
    case SSL_ERROR_SYSCALL: return raise_syscall(t, self, outcome, place);
    case SSL_ERROR_SSL: return raise_protocol(t, self, outcome, place);
    default: return raise_ssl(t, error, kSslInvalidCode, "Invalid error code", place, outcome.code);
  }
}
static Failed raise_outcome(Thread& t, SslSocket* self, const Outcome& outcome, SslPlace place) {
  ERR_clear_error();
  (void)raise_by_kind(t, self, outcome, place);
  (void)raise_failure(t, self);
  return failed;
}
static Failed raise_no_socket(Thread& t, SslPlace place) {
  return raise_ssl(t, ssl_types->error.get(), 0, "Underlying socket connection gone", place, 0);
}

// ---------------------------------------------------------------------------------------------------------------- the engine

// The socket of a connection that has one: null over MemoryBIOs, failed when the socket object is gone.
static Result<bool> find_socket(Thread& t, SslSocket* self, SslPlace place, Socket** socket) {
  *socket = nullptr;
  if (!self->stream_) return true;
  Value target = weak_target(self->socket_.get());
  if (target.is_none()) return raise_no_socket(t, place);
  *socket = target.as<Socket>();
  return true;
}

template <class F>
static Outcome attempt(Thread& t, SslSocket* self, Socket* socket, F&& operation) {
  SslGuard guard(t, self->lock_);
  SSL* ssl = self->ssl_;
  SocketStream* stream = self->stream_;
  if (stream) {
    stream->fd = socket->fd_;
    stream->error = 0;
  }
  Outcome outcome{};
  blocking(t, [&] {
    ERR_clear_error();
    outcome.value = operation(ssl);
    outcome.error = SSL_get_error(ssl, outcome.value);
    outcome.code = outcome.error == SSL_ERROR_NONE ? 0 : ERR_peek_last_error();
  });
  if (stream) outcome.system_error = stream->error;
  return outcome;
}

// False: the time ran out.
static Result<bool> wait_for_network(Thread& t, int fd, SocketWait what, const SocketDeadline& deadline) {
  if (deadline.timeout_ns > 0) return wait_ready(t, fd, what, deadline);
  pollfd p{fd, static_cast<short>(what == SocketWait::Read ? POLLIN : POLLOUT), 0};
  if (TRY(retrying(t, [&] { return ::poll(&p, 1, -1); })) < 0) return raise_os_error(t, errno);
  return true;
}
static Failed raise_timeout(Thread& t, const char* text) {
  Value message(TRY(str_from_ascii(t, text)));
  return raise_with_value(t, exceptions.TimeoutError, message);
}

struct TimeoutTexts {
  const char *reading, *writing;
};
static constexpr TimeoutTexts kHandshakeTexts = {"_ssl.c:975: The handshake operation timed out",
                                                 "_ssl.c:975: The handshake operation timed out"};
static constexpr TimeoutTexts kReadTexts = {"The read operation timed out", "The read operation timed out"};
static constexpr TimeoutTexts kWriteTexts = {"The write operation timed out", "The write operation timed out"};
static constexpr TimeoutTexts kShutdownTexts = {"The read operation timed out", "The write operation timed out"};

// Waits if that is what it takes to go on: true: try again; false: the outcome stands.
static Result<bool> wait_to_retry(Thread& t, Socket* socket, const Outcome& outcome, const SocketDeadline& deadline,
                                  const TimeoutTexts& texts) {
  bool reading = outcome.error == SSL_ERROR_WANT_READ;
  if (!reading && outcome.error != SSL_ERROR_WANT_WRITE) return false;
  if (!socket || deadline.timeout_ns == 0) return false;
  if (socket->fd_ < 0) return raise_ssl_text(t, "Underlying socket has been closed.");
  SocketWait what = reading ? SocketWait::Read : SocketWait::Write;
  if (TRY(wait_for_network(t, socket->fd_, what, deadline))) return true;
  return raise_timeout(t, reading ? texts.reading : texts.writing);
}
// Tries until it is done or fails otherwise than for want of the network.
template <class F>
static Result<void> drive(Thread& t, SslSocket* self, Socket* socket, const TimeoutTexts& texts, Outcome* outcome,
                          F&& operation) {
  SocketDeadline deadline(socket ? socket->timeout_ns_ : 0);
  do {
    *outcome = attempt(t, self, socket, operation);
    TRY(check_signals(t));
  } while (TRY(wait_to_retry(t, socket, *outcome, deadline, texts)));
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- operations

static Result<void> connection_do_handshake(Thread& t, SslSocket* self) {
  Socket* socket;
  TRY(find_socket(t, self, kPlaceHandshakeNoSocket, &socket));
  Outcome outcome;
  TRY(drive(t, self, socket, kHandshakeTexts, &outcome, [](SSL* ssl) { return SSL_do_handshake(ssl); }));
  if (outcome.value < 1) return raise_outcome(t, self, outcome, kPlaceHandshake);
  self->first_context_.set(self, self->context_.get());  // a server name callback may have changed it: the old one can go
  return raise_failure(t, self);
}

static Result<i64> connection_write(Thread& t, SslSocket* self, BufferView data) {
  Socket* socket;
  TRY(find_socket(t, self, kPlaceWriteNoSocket, &socket));
  if (socket && socket->timeout_ns_ > 0) {
    if (socket->fd_ < 0) return raise_ssl_text(t, "Underlying socket has been closed.");
    if (!TRY(wait_for_network(t, socket->fd_, SocketWait::Write, SocketDeadline(socket->timeout_ns_))))
      return raise_timeout(t, kWriteTexts.writing);
  }
  usize written = 0;
  Outcome outcome;
  TRY(drive(t, self, socket, kWriteTexts, &outcome, [&](SSL* ssl) { return SSL_write_ex(ssl, data.data, data.size, &written); }));
  if (outcome.value == 0) return raise_outcome(t, self, outcome, kPlaceWrite);
  TRY(raise_failure(t, self));
  return static_cast<i64>(written);
}

static Result<usize> read_into(Thread& t, SslSocket* self, Socket* socket, u8* buffer, usize size) {
  usize count = 0;
  bool closed_by_peer = false;
  Outcome outcome;
  TRY(drive(t, self, socket, kReadTexts, &outcome, [&](SSL* ssl) {
    int value = SSL_read_ex(ssl, buffer, size, &count);
    closed_by_peer = SSL_get_shutdown(ssl) == SSL_RECEIVED_SHUTDOWN;
    return value;
  }));
  if (outcome.value == 0) {
    if (outcome.error != SSL_ERROR_ZERO_RETURN || !closed_by_peer) return raise_outcome(t, self, outcome, kPlaceRead);
    count = 0;
  }
  TRY(raise_failure(t, self));
  return count;
}
static Result<Value> connection_read(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(t, "_ssl._SSLSocket.read", kwnames));
  if (n == 0 || !is<SslSocket>(args[0])) return raise_type_error(t, "descriptor 'read' requires a '_ssl._SSLSocket' object");
  auto* self = args[0].as<SslSocket>();
  if (n != 2 && n != 3) return raise_type_error(t, "_ssl._SSLSocket.read requires 1 to 2 arguments");
  i64 size;
  if (!convert_i64(t, args[1], &size)) return failed;
  ScopedBuffer buffer;
  if (n == 3 && buffer.get_writable(t, args[2]).is_failed()) {
    if (!clear_pending_if(t, exceptions.TypeError)) return failed;
    return raise_type_error(t, "read() argument 2 must be read-write bytes-like object, not {!t}", args[2]);
  }
  if (n == 2 && size < 0) return raise_value_error(t, "size should not be negative");
  Socket* socket;
  TRY(find_socket(t, self, kPlaceReadNoSocket, &socket));
  if (n == 3) {
    if (size <= 0 || static_cast<usize>(size) > buffer.size) {
      size = static_cast<i64>(buffer.size);
      if (size == 0) return Value::of_small_int(0);
    }
    return Value::of_small_int(static_cast<i64>(TRY(read_into(t, self, socket, buffer.bytes(), static_cast<usize>(size)))));
  }
  if (size == 0) return TRY(bytes_from(t, nullptr, 0));
  Bytes* result = TRY(bytes_allocate(t, static_cast<usize>(size)));
  usize count = TRY(read_into(t, self, socket, bytes_mutable_data(result), static_cast<usize>(size)));
  if (count == static_cast<usize>(size)) return Value(result);
  return TRY(bytes_from(t, result->data(), count));
}
static Result<int> connection_pending(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  return SSL_pending(self->ssl_);
}

static Result<Value> connection_shutdown(Thread& t, SslSocket* self) {
  Socket* socket;
  TRY(find_socket(t, self, kPlaceShutdownNoSocket, &socket));
  if (socket && socket->fd_ < 0) return raise_no_socket(t, kPlaceShutdownNoSocket);
  SocketDeadline deadline(socket ? socket->timeout_ns_ : 0);
  Outcome outcome;
  int sent = 0;
  for (;;) {
    outcome = attempt(t, self, socket, [&](SSL* ssl) {
      // Beyond the peer's notice there may be plain text on the wire, which is not ours to read.
      if (self->seen_shutdown_) SSL_set_read_ahead(ssl, 0);
      return SSL_shutdown(ssl);
    });
    TRY(check_signals(t));
    if (outcome.value > 0) break;
    if (outcome.value == 0) {
      // Our notice is sent; once more to receive the peer's, but not for ever.
      if (++sent > 1) break;
      self->seen_shutdown_ = true;
      continue;
    }
    if (!TRY(wait_to_retry(t, socket, outcome, deadline, kShutdownTexts))) break;
  }
  if (outcome.value < 0) return raise_outcome(t, self, outcome, kPlaceShutdown);
  TRY(raise_failure(t, self));
  return socket ? Value(socket) : kNone;
}
static Result<void> connection_verify_client(Thread& t, SslSocket* self) {
  int good;
  {
    SslGuard guard(t, self->lock_);
    ERR_clear_error();
    good = SSL_verify_client_post_handshake(self->ssl_);
  }
  if (!good) return raise_ssl_queue(t, nullptr, kPlacePostHandshake);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- making

// The host as ASCII bytes without a zero in them.
static Result<Bytes*> ascii_host(Thread& t, Value host) {
  Bytes* bytes;
  if (is<Str>(host))
    bytes = TRY(encode_ascii(t, host.as<Str>(), nullptr));
  else if (is<Bytes>(host))
    bytes = host.as<Bytes>();
  else if (is<ByteArray>(host))
    bytes = TRY(bytes_from(t, host.as<ByteArray>()->data(), static_cast<usize>(host.as<ByteArray>()->length())));
  else
    return raise_type_error(t, "argument must be str, not {!a}", host);
  if (bytes->text().find('\0') != std::string_view::npos)
    return raise_type_error(t, "argument must be encoded string without null bytes, not {!t}", host);
  return bytes_from(t, bytes->text());
}
static Result<void> configure_host(Thread& t, SslSocket* self, SslContext* context, Value server_hostname) {
  Bytes* host = TRY(ascii_host(t, server_hostname));
  if (host->length() == 0 || host->text()[0] == '.')
    return raise_value_error(t, "server_hostname cannot be an empty string or start with a leading dot.");
  self->server_hostname_.set(self, Value(TRY(str_from_utf8(t, host->text()))));
  unsigned char address[16];
  int address_size = ::inet_pton(AF_INET, c_text(host), address) == 1    ? 4
                     : ::inet_pton(AF_INET6, c_text(host), address) == 1 ? 16
                                                                         : 0;
  // Addresses are no server names (RFC 6066).
  if (!address_size && !SSL_set_tlsext_host_name(self->ssl_, c_text(host))) return raise_ssl_queue(t, nullptr, kPlaceMisc);
  if (!context->check_hostname_) return ok;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(self->ssl_);
  int good = address_size ? X509_VERIFY_PARAM_set1_ip(parameters, address, static_cast<usize>(address_size))
                          : X509_VERIFY_PARAM_set1_host(parameters, c_text(host), static_cast<usize>(host->length()));
  if (!good) return raise_ssl_queue(t, nullptr, kPlaceMisc);
  return ok;
}
static void configure_later_authentication(SslContext* context, SSL* ssl, bool server_side) {
  if (!context->post_handshake_auth_) return;
  if (!server_side) {
    SSL_set_post_handshake_auth(ssl, 1);
    return;
  }
  // Without asking for a certificate at all the flag would change the handshake.
  int mode = SSL_get_verify_mode(ssl);
  if (mode & SSL_VERIFY_PEER) SSL_set_verify(ssl, mode | SSL_VERIFY_POST_HANDSHAKE, SSL_get_verify_callback(ssl));
}
static bool attach_bios(SSL* ssl, MemoryBio* incoming, MemoryBio* outgoing, SocketStream** stream) {
  *stream = nullptr;
  if (incoming) {
    BIO_up_ref(incoming->bio_);
    BIO_up_ref(outgoing->bio_);
    SSL_set_bio(ssl, incoming->bio_, outgoing->bio_);
    return true;
  }
  BIO* bio = make_socket_bio(stream);
  if (!bio) return false;
  SSL_set_bio(ssl, bio, bio);
  return true;
}

Result<void> set_owner(Thread& t, SslSocket* self, Value owner) {
  Value reference = owner.is_none() ? kNone : TRY(make_weakref(t, owner));
  self->owner_.set(self, reference);
  return ok;
}

Result<SslSocket*> make_connection(Thread& t, SslContext* context, Socket* socket, MemoryBio* incoming, MemoryBio* outgoing,
                                   bool server_side, Value server_hostname, Value owner, Value session) {
  if (server_side && context->protocol_ == kProtocolClient)
    return raise_ssl(t, ssl_types->error.get(), 0, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context",
                     kPlaceServerContext, 0);
  if (!server_side && context->protocol_ == kProtocolServer)
    return raise_ssl(t, ssl_types->error.get(), 0, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context",
                     kPlaceClientContext, 0);
  Value reference = socket ? TRY(make_weakref(t, Value(socket))) : kNone;
  SSL* ssl;
  {
    SslGuard guard(t, context->lock_);
    ssl = SSL_new(context->ctx_);
  }
  if (!ssl) return raise_ssl_queue(t, nullptr, kPlaceMisc);
  SocketStream* stream;
  if (!attach_bios(ssl, incoming, outgoing, &stream)) {
    SSL_free(ssl);
    return raise_memory_error(t);
  }
  Result<SslSocket*> made = make_of<SslSocket>(t, ssl_socket_def.type, ssl, context, stream, reference, server_side);
  if (made.is_failed()) {
    SSL_free(ssl);
    return failed;
  }
  heap_add_external(t, kConnectionBytes);
  SslSocket* self = made.value();
  SSL_set_app_data(ssl, self);
  X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(ssl), context->host_flags_);
  SSL_set_mode(ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  configure_later_authentication(context, ssl, server_side);
  if (!server_hostname.is_none()) TRY(configure_host(t, self, context, server_hostname));
  if (server_side)
    SSL_set_accept_state(ssl);
  else
    SSL_set_connect_state(ssl);
  if (!owner.is_none()) TRY(set_owner(t, self, owner));
  if (!session.is_none()) TRY(set_session(t, self, session));
  return self;
}

static Result<Value> connection_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  TRY(check_new_type(t, args, n, ssl_socket_def.type));
  return raise_type_error(t, "cannot create '_ssl._SSLSocket' instances");
}

static constinit NativeDef connection_methods[] = {
    native_raw(connection_new, "__new__(type, /)", "Make an instance; the class's own help describes the arguments."),
    native<connection_do_handshake>("do_handshake($self, /)", nullptr),
    native<connection_write>(
        "write($self, b, /)",
        "Send the content of a bytes-like object through the encrypted channel.\n\nThe result tells how many bytes were taken."),
    native_raw(connection_read, "read($self, /, *args)",
               "read(size, [buffer])\n\nReceive and decrypt no more than size bytes.\n\nThey are returned as bytes; given a "
               "writable buffer, they go there instead,\nand the result is their number."),
    native<connection_pending>("pending($self, /)", "How many bytes are decrypted already and wait to be read."),
    native<ssl_getpeercert>("getpeercert($self, der=False, /)",
                            "The peer's certificate: None without one, an empty dict if it wasn't verified, else a dict.\n\nWith "
                            "der true: the certificate in DER form, verified or not."),
    native<ssl_get_channel_binding>("get_channel_binding($self, /, cb_type='tls-unique')",
                                    "Channel binding data of the connection (RFC 5929), None before the handshake.\n\nOnly "
                                    "'tls-unique' is supported; ValueError for others."),
    native<ssl_cipher>("cipher($self, /)", nullptr),
    native<ssl_shared_ciphers>("shared_ciphers($self, /)", nullptr),
    native<ssl_version>("version($self, /)", nullptr),
    native<ssl_selected_alpn_protocol>("selected_alpn_protocol($self, /)", nullptr),
    native<ssl_compression>("compression($self, /)", nullptr),
    native<connection_shutdown>("shutdown($self, /)", "Does the SSL shutdown handshake with the remote end."),
    native<connection_verify_client>("verify_client_post_handshake($self, /)", "Initiate TLS 1.3 post-handshake authentication"),
    native<ssl_get_unverified_chain>("get_unverified_chain($self, /)", nullptr),
    native<ssl_get_verified_chain>("get_verified_chain($self, /)", nullptr),
};
constinit TypeDef ssl_socket_def = {
    .name = "_ssl._SSLSocket",
    .dynamic_kind = &DynamicKind<SslSocket>::value,
    .payload_size = sizeof(SslSocket),
    .methods = connection_methods,
    .method_count = count_of(connection_methods),
    .getsets = ssl_socket_getsets,
    .getset_count = kSslSocketGetSets,
    .kind_info = kind_info_of<SslSocket>("_SSLSocket"),
};

}  // namespace baton
