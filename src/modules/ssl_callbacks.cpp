// Where OpenSSL calls back: server name (SNI), protocol choice (ALPN), messages, and the log of secrets.
//
// Callbacks come in the middle of an operation, with the GIL released and the connection's lock held. What needs Python returns
// to Running with reenter(); ALPN and the log get by on ContextStreams. An exception of a message callback, or of the log, waits
// in the connection until the operation is over.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/codecs.h"
#include "objects/exception.h"
#include "objects/weakref.h"

namespace baton {

Value weak_target(Value reference) {
  // A weak reference is only ever made by make_weakref().
  return reference.is_none() ? kNone : reference.as<WeakRef>()->get();
}
Value callback_target(SslSocket* self) {
  if (!self->owner_.get().is_none()) return weak_target(self->owner_.get());
  if (!self->socket_.get().is_none()) return weak_target(self->socket_.get());
  return Value(self);
}
// The pending exception waits for the end of the operation, the first one of several.
static void keep_failure(Thread& t, SslSocket* self) {
  Exception* e = t.take_pending();
  if (self->failure_.get().is_none()) self->failure_.set(self, Value(e));
}
static ContextStreams* streams_of(const SSL* ssl) {
  return static_cast<ContextStreams*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
}

// ---------------------------------------------------------------------------------------------------------------- server name

static int call_sni(Thread& t, SslSocket* connection, const char* name, int* alert) {
  SslContext* context = connection->first_context_.get();
  Value callback = context->sni_callback_.get();
  if (callback.is_none()) return SSL_TLSEXT_ERR_OK;
  Value target = callback_target(connection);
  if (target.is_none()) {
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  Value name_value = kNone;
  if (name) {
    Result<Bytes*> bytes = bytes_from(t, name, strlen(name));
    Result<Str*> text = failed;
    if (!bytes.is_failed()) {
      CodecInput input{bytes.value()->data(), static_cast<usize>(bytes.value()->length()), Value(bytes.value())};
      text = decode_ascii(t, input, nullptr);
    }
    if (text.is_failed()) {
      report_unraisable(t, nullptr, bytes.is_failed() ? kNone : Value(bytes.value()));
      *alert = SSL_AD_INTERNAL_ERROR;
      return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    name_value = Value(text.value());
  }
  Result<Value> answer = call(t, callback, target, name_value, Value(context));
  if (answer.is_failed()) {
    report_unraisable(t, nullptr, callback);
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  if (answer.value().is_none()) return SSL_TLSEXT_ERR_OK;
  if (!convert_int(t, answer.value(), alert)) {
    report_unraisable(t, nullptr, answer.value());
    *alert = SSL_AD_INTERNAL_ERROR;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}
static int servername_callback(SSL* ssl, int* alert, void*) {
  Thread& t = current_thread();
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  int answer = SSL_TLSEXT_ERR_ALERT_FATAL;
  reenter(t, [&] { answer = call_sni(t, connection_of(ssl), name, alert); });
  return answer;
}
Result<Value> ssl_get_sni_callback(Thread&, Value self) { return self.as<SslContext>()->sni_callback_.get(); }
Result<void> ssl_set_sni_callback(Thread& t, Value self, Value v) {
  auto* context = self.as<SslContext>();
  if (context->protocol_ == kProtocolClient) return raise_value_error(t, "sni_callback cannot be set on TLS_CLIENT context");
  bool none = v.is_present() && v.is_none(), good = none || (v.is_present() && is_callable(v));
  SslGuard guard(t, context->lock_);
  context->sni_callback_.set(context, good ? v : kNone);
  int (*callback)(SSL*, int*, void*) = good && !none ? servername_callback : nullptr;
  SSL_CTX_set_tlsext_servername_callback(context->ctx_, callback);
  if (!good) return raise_type_error(t, "not a callable object");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- ALPN

int ssl_select_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void* context) {
  auto* streams = static_cast<ContextStreams*>(context);
  ContextStreams::Protocols* protocols = __atomic_load_n(&streams->protocols, __ATOMIC_ACQUIRE);
  if (!protocols || !protocols->size) return SSL_TLSEXT_ERR_NOACK;
  unsigned char* chosen;
  int found = SSL_select_next_proto(&chosen, out_size, protocols->data, protocols->size, in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// ---------------------------------------------------------------------------------------------------------------- messages

// The message's type, where its kind has one; *version: of a record's header.
static int message_type(int content_type, const u8* data, int* version) {
  switch (content_type) {
    case SSL3_RT_CHANGE_CIPHER_SPEC: return SSL3_MT_CHANGE_CIPHER_SPEC;
    case SSL3_RT_ALERT: return data[1];
    case SSL3_RT_HANDSHAKE: return data[0];
    case SSL3_RT_HEADER: *version = data[1] << 8 | data[2]; return data[0];
    case SSL3_RT_INNER_CONTENT_TYPE: return data[0];
    default: return -1;
  }
}
static Result<void> call_msg(Thread& t, SslSocket* connection, bool write, int version, int content_type, int type,
                             const void* data, usize size) {
  Value callback = connection->context_.get()->msg_callback_.get();
  if (callback.is_none()) return ok;
  Value target = callback_target(connection);
  Value direction(intern(t, write ? "write" : "read"));
  Value bytes(TRY(bytes_from(t, data, size)));
  TRY(call(t, callback, target, direction, Value::of_small_int(version), Value::of_small_int(content_type),
           Value::of_small_int(type), bytes));
  return ok;
}
void ssl_msg_callback(int write, int version, int content_type, const void* data, size_t size, SSL* ssl, void*) {
  Thread& t = current_thread();
  if (t.is_running()) return;  // a message of SSL_free or the like: nobody's operation
  int type = message_type(content_type, static_cast<const u8*>(data), &version);
  reenter(t, [&] {
    SslSocket* connection = connection_of(ssl);
    if (call_msg(t, connection, write, version, content_type, type, data, size).is_failed()) keep_failure(t, connection);
  });
}
Result<Value> ssl_get_msg_callback(Thread&, Value self) { return self.as<SslContext>()->msg_callback_.get(); }
Result<void> ssl_set_msg_callback(Thread& t, Value self, Value v) {
  auto* context = self.as<SslContext>();
  bool none = v.is_present() && v.is_none(), good = none || (v.is_present() && is_callable(v));
  SslGuard guard(t, context->lock_);
  context->msg_callback_.set(context, good ? v : kNone);
  SSL_CTX_set_msg_callback(context->ctx_, good && !none ? ssl_msg_callback : nullptr);
  if (!good) return raise_type_error(t, "not a callable object");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- log of secrets

static bool write_all(int fd, const char* text, usize n) {
  while (n) {
    ssize_t written = ::write(fd, text, n);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text += written;
    n -= static_cast<usize>(written);
  }
  return true;
}
static void keylog_callback(const SSL* ssl, const char* line) {
  ContextStreams* streams = streams_of(ssl);
  int error = 0;
  {
    Guard guard(streams->keylog_mutex);
    // One write each, so that several programs can log to one file.
    char text[1024];
    usize n = strlen(line);
    if (streams->keylog_fd >= 0 && n + 1 < sizeof text) {
      memcpy(text, line, n);
      text[n] = '\n';
      if (!write_all(streams->keylog_fd, text, n + 1)) error = errno;
    }
  }
  if (!error) return;
  Thread& t = current_thread();
  reenter(t, [&] {
    SslSocket* connection = connection_of(ssl);
    (void)raise_os_error_with_path(t, error, connection->context_.get()->keylog_filename_.get());
    keep_failure(t, connection);
  });
}
Result<Value> ssl_get_keylog_filename(Thread&, Value self) { return self.as<SslContext>()->keylog_filename_.get(); }

static void replace_keylog(SslContext* context, int fd) {
  Guard guard(context->streams_->keylog_mutex);
  if (context->streams_->keylog_fd >= 0) ::close(context->streams_->keylog_fd);
  context->streams_->keylog_fd = fd;
}
Result<void> ssl_set_keylog_filename(Thread& t, Value self, Value v) {
  static constexpr std::string_view kHeader = "# TLS secrets log file, generated by OpenSSL / Python\n";
  auto* context = self.as<SslContext>();
  if (v.is_absent()) return raise_attribute_error_text(t, "cannot delete attribute");
  {
    SslGuard guard(t, context->lock_);
    SSL_CTX_set_keylog_callback(context->ctx_, nullptr);
    replace_keylog(context, -1);
    context->keylog_filename_.set(context, kNone);
  }
  if (v.is_none()) return ok;
  Bytes* path = TRY(file_system_bytes(t, v));
  const char* text = c_text(path);
  int fd = blocking(t, [&] { return ::open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666); });
  KeepAlive keep{Value(path)};
  if (fd < 0) return raise_os_error_with_path(t, errno, v);
  if (::lseek(fd, 0, SEEK_END) == 0) write_all(fd, kHeader.data(), kHeader.size());
  SslGuard guard(t, context->lock_);
  replace_keylog(context, fd);
  context->keylog_filename_.set(context, v);
  SSL_CTX_set_keylog_callback(context->ctx_, keylog_callback);
  return ok;
}

}  // namespace baton
