// _ssl._SSLSocket: what a connection tells about itself, its settings, and SSLSession.
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/weakref.h"

namespace baton {

static SslSocket* connection(Value self) { return self.as<SslSocket>(); }

static Result<Value> text_or_none(Thread& t, const char* text) {
  if (!text) return kNone;
  return TRY(str_from_utf8(t, text));
}

// ---------------------------------------------------------------------------------------------------------------- ciphers

static Result<Value> cipher_tuple(Thread& t, const SSL_CIPHER* cipher) {
  Value name = TRY(text_or_none(t, SSL_CIPHER_get_name(cipher)));
  Value version = TRY(text_or_none(t, SSL_CIPHER_get_version(cipher)));
  return TRY(tuple_of(t, name, version, Value::of_small_int(SSL_CIPHER_get_bits(cipher, nullptr))));
}
static const char* name_of_nid(int nid) { return nid == NID_undef ? nullptr : OBJ_nid2ln(nid); }

Result<Value> cipher_description(Thread& t, const SSL_CIPHER* cipher) {
  char description[512];
  SSL_CIPHER_description(cipher, description, sizeof description - 1);
  usize length = strlen(description);
  while (length && description[length - 1] == '\n') description[--length] = 0;
  int algorithm_bits, strength_bits = SSL_CIPHER_get_bits(cipher, &algorithm_bits);
  Dict* dict = TRY(make_dict(t));
  TRY(dict_set_ascii(t, dict, "id", Value::of_small_int(SSL_CIPHER_get_id(cipher))));
  TRY(dict_set_ascii(t, dict, "name", TRY(text_or_none(t, SSL_CIPHER_get_name(cipher)))));
  TRY(dict_set_ascii(t, dict, "protocol", TRY(text_or_none(t, SSL_CIPHER_get_version(cipher)))));
  TRY(dict_set_ascii(t, dict, "description", TRY(text_or_none(t, description))));
  TRY(dict_set_ascii(t, dict, "strength_bits", Value::of_small_int(strength_bits)));
  TRY(dict_set_ascii(t, dict, "alg_bits", Value::of_small_int(algorithm_bits)));
  TRY(dict_set_ascii(t, dict, "aead", Value::of_bool(SSL_CIPHER_is_aead(cipher))));
  TRY(dict_set_ascii(t, dict, "symmetric", TRY(text_or_none(t, name_of_nid(SSL_CIPHER_get_cipher_nid(cipher))))));
  TRY(dict_set_ascii(t, dict, "digest", TRY(text_or_none(t, name_of_nid(SSL_CIPHER_get_digest_nid(cipher))))));
  TRY(dict_set_ascii(t, dict, "kea", TRY(text_or_none(t, name_of_nid(SSL_CIPHER_get_kx_nid(cipher))))));
  TRY(dict_set_ascii(t, dict, "auth", TRY(text_or_none(t, name_of_nid(SSL_CIPHER_get_auth_nid(cipher))))));
  return Value(dict);
}

Result<Value> ssl_cipher(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  const SSL_CIPHER* cipher = SSL_get_current_cipher(self->ssl_);
  if (!cipher) return kNone;
  return cipher_tuple(t, cipher);
}
Result<Value> ssl_shared_ciphers(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  // A server's list is what the client offers; a client has its own only.
  STACK_OF(SSL_CIPHER)* theirs = SSL_get_client_ciphers(self->ssl_);
  STACK_OF(SSL_CIPHER)* ours = SSL_get_ciphers(self->ssl_);
  if (self->server_side_ && !theirs) return kNone;
  List* result = TRY(make_list(t));
  for (int i = 0; ours && i < sk_SSL_CIPHER_num(ours); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ours, i);
    if (self->server_side_ && sk_SSL_CIPHER_find(theirs, const_cast<SSL_CIPHER*>(cipher)) < 0) continue;
    TRY(list_append(t, result, TRY(cipher_tuple(t, cipher))));
  }
  return Value(result);
}
Result<Value> ssl_version(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  return text_or_none(t, SSL_is_init_finished(self->ssl_) ? SSL_get_version(self->ssl_) : nullptr);
}
Result<Value> ssl_selected_alpn_protocol(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  const unsigned char* name;
  unsigned size;
  SSL_get0_alpn_selected(self->ssl_, &name, &size);
  if (!name) return kNone;
  return TRY(str_from_utf8(t, std::string_view(reinterpret_cast<const char*>(name), size)));
}
Result<Value> ssl_compression(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  const COMP_METHOD* method = SSL_get_current_compression(self->ssl_);
  if (!method || COMP_get_type(method) == NID_undef) return kNone;
  return text_or_none(t, OBJ_nid2sn(COMP_get_type(method)));
}

// ---------------------------------------------------------------------------------------------------------------- the peer

Result<Value> ssl_getpeercert(Thread& t, SslSocket* self, bool der) {
  SslGuard guard(t, self->lock_);
  if (!SSL_is_init_finished(self->ssl_)) return raise_value_error(t, "handshake not done yet");
  X509* certificate = SSL_get0_peer_certificate(self->ssl_);
  if (!certificate) return kNone;
  if (der) return certificate_der(t, certificate);
  if (!(SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(self->ssl_)) & SSL_VERIFY_PEER)) return TRY(make_dict(t));
  return decode_certificate(t, certificate);
}
static Result<Value> chain_list(Thread& t, STACK_OF(X509) * chain, X509* first) {
  List* result = TRY(make_list(t));
  if (first) TRY(list_append(t, result, TRY(make_certificate(t, first))));
  for (int i = 0; i < sk_X509_num(chain); ++i) TRY(list_append(t, result, TRY(make_certificate(t, sk_X509_value(chain, i)))));
  return Value(result);
}
Result<Value> ssl_get_unverified_chain(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(self->ssl_);
  if (!chain) return kNone;
  // What a server gets leaves out the client's own certificate.
  return chain_list(t, chain, self->server_side_ ? SSL_get0_peer_certificate(self->ssl_) : nullptr);
}
Result<Value> ssl_get_verified_chain(Thread& t, SslSocket* self) {
  SslGuard guard(t, self->lock_);
  STACK_OF(X509)* chain = SSL_get0_verified_chain(self->ssl_);
  if (!chain) return kNone;
  return chain_list(t, chain, nullptr);
}
Result<Value> ssl_get_channel_binding(Thread& t, SslSocket* self, Str* cb_type) {
  if (!str_equals_ascii(cb_type, "tls-unique")) return raise_value_error(t, "'{}' channel binding type not implemented", cb_type);
  SslGuard guard(t, self->lock_);
  // The first message of the handshake that both sides authenticate: the client's, but the server's when a session is resumed.
  u8 message[128];
  bool own = !SSL_session_reused(self->ssl_) == !self->server_side_;
  usize n =
      own ? SSL_get_finished(self->ssl_, message, sizeof message) : SSL_get_peer_finished(self->ssl_, message, sizeof message);
  if (n == 0) return kNone;
  return TRY(bytes_from(t, message, n));
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<Value> get_context(Thread&, Value self) { return Value(connection(self)->context_.get()); }
static Result<void> set_context(Thread& t, Value v, Value context) {
  SslSocket* self = connection(v);
  if (context.is_absent() || !is<SslContext>(context)) return raise_type_error(t, "The value must be a SSLContext");
  auto* to = context.as<SslContext>();
  SslGuard guard(t, self->lock_);
  self->context_.set(self, to);
  SSL_set_SSL_CTX(self->ssl_, to->ctx_);
  SSL_set_msg_callback(self->ssl_, to->msg_callback_.get().is_none() ? nullptr : ssl_msg_callback);
  return ok;
}
static Result<Value> get_server_side(Thread&, Value self) { return Value::of_bool(connection(self)->server_side_); }
static Result<Value> get_server_hostname(Thread&, Value self) { return connection(self)->server_hostname_.get(); }
static Result<Value> get_owner(Thread&, Value self) { return weak_target(connection(self)->owner_.get()); }
static Result<void> set_owner_row(Thread& t, Value self, Value owner) {
  return set_owner(t, connection(self), owner.is_absent() ? kNone : owner);
}
static Result<Value> get_session_reused(Thread& t, Value self) {
  SslGuard guard(t, connection(self)->lock_);
  return Value::of_bool(SSL_session_reused(connection(self)->ssl_));
}

// ---------------------------------------------------------------------------------------------------------------- sessions

static Result<Value> get_session(Thread& t, Value v) {
  SslSocket* self = connection(v);
  SSL_SESSION* copy;
  {
    // A copy: with TLS 1.3 a connection changes its session when tickets come in.
    SslGuard guard(t, self->lock_);
    SSL_SESSION* session = SSL_get0_session(self->ssl_);
    if (!session) return kNone;
    copy = SSL_SESSION_dup(session);
  }
  if (!copy) return raise_memory_error(t);
  Result<SslSession*> made = make_of<SslSession>(t, ssl_session_def.type, copy, self->context_.get());
  if (made.is_failed()) SSL_SESSION_free(copy);
  return made.is_failed() ? Result<Value>(failed) : Result<Value>(Value(made.value()));
}
Result<void> set_session(Thread& t, SslSocket* self, Value v) {
  if (v.is_absent() || !is<SslSession>(v)) return raise_type_error(t, "Value is not a SSLSession.");
  auto* session = v.as<SslSession>();
  if (session->context_.get() != self->context_.get()) return raise_value_error(t, "Session refers to a different SSLContext.");
  if (self->server_side_) return raise_value_error(t, "Cannot set session for server-side SSLSocket.");
  SslGuard guard(t, self->lock_);
  if (SSL_is_init_finished(self->ssl_)) return raise_value_error(t, "Cannot set session after handshake.");
  SSL_SESSION* copy = SSL_SESSION_dup(session->session_);
  if (!copy) return raise_memory_error(t);
  int good = SSL_set_session(self->ssl_, copy);
  SSL_SESSION_free(copy);
  if (!good) return raise_ssl_queue(t, nullptr, kPlaceSession);
  return ok;
}
static Result<void> set_session_row(Thread& t, Value self, Value v) { return set_session(t, connection(self), v); }

constinit GetSetDef ssl_socket_getsets[] = {
    {"context", get_context, set_context,
     "The SSLContext of the connection. A server name callback may change it, and with it the certificate that is shown."},
    {"server_side", get_server_side, nullptr, "Whether this is a server-side socket."},
    {"server_hostname", get_server_hostname, nullptr, "The currently set server hostname (for SNI)."},
    {"owner", get_owner, set_owner_row, "The Python object around this one, which callbacks get to see."},
    {"session", get_session, set_session_row, "The SSLSession; can be set before the handshake."},
    {"session_reused", get_session_reused, nullptr, "Was the client session reused during handshake?"},
};

static SSL_SESSION* session_of(Value self) { return self.as<SslSession>()->session_; }
static Result<Value> session_id(Thread& t, Value self) {
  unsigned n;
  const unsigned char* id = SSL_SESSION_get_id(session_of(self), &n);
  return TRY(bytes_from(t, id, n));
}
static Result<Value> session_time(Thread&, Value self) { return Value::of_small_int(SSL_SESSION_get_time(session_of(self))); }
static Result<Value> session_timeout(Thread&, Value self) {
  return Value::of_small_int(SSL_SESSION_get_timeout(session_of(self)));
}
static Result<Value> session_lifetime_hint(Thread& t, Value self) {
  return int_from_u64(t, SSL_SESSION_get_ticket_lifetime_hint(session_of(self)));
}
static Result<Value> session_has_ticket(Thread&, Value self) { return Value::of_bool(SSL_SESSION_has_ticket(session_of(self))); }
template <bool equal>
static Result<Value> session_equal(Thread&, SslSession* self, Value other) {
  if (!is<SslSession>(other)) return kNotImplemented;
  unsigned n, m;
  const unsigned char *a = SSL_SESSION_get_id(self->session_, &n), *b = SSL_SESSION_get_id(session_of(other), &m);
  return Value::of_bool((n == m && memcmp(a, b, n) == 0) == equal);
}
static Result<Value> session_unordered(Thread&, SslSession*, Value) { return kNotImplemented; }
static Result<void> session_finish(Thread& t, Type* type) { return type_set_attribute(t, type, names.dunder_hash, kNone); }

static constinit NativeDef session_methods[] = {
    native<session_unordered>("__lt__($self, value, /)", "Return self<value."),
    native<session_unordered>("__le__($self, value, /)", "Return self<=value."),
    native<session_equal<true>>("__eq__($self, value, /)", "Return self==value."),
    native<session_equal<false>>("__ne__($self, value, /)", "Return self!=value."),
    native<session_unordered>("__gt__($self, value, /)", "Return self>value."),
    native<session_unordered>("__ge__($self, value, /)", "Return self>=value."),
};
static constinit GetSetDef session_getsets[] = {
    {"has_ticket", session_has_ticket, nullptr, "Does the session contain a ticket?"},
    {"id", session_id, nullptr, "Session id"},
    {"ticket_lifetime_hint", session_lifetime_hint, nullptr, "Ticket life time hint."},
    {"time", session_time, nullptr, "Session creation time (seconds since epoch)."},
    {"timeout", session_timeout, nullptr, "Session timeout (delta in seconds)."},
};
constinit TypeDef ssl_session_def = {
    .name = "_ssl.SSLSession",
    .dynamic_kind = &DynamicKind<SslSession>::value,
    .payload_size = sizeof(SslSession),
    .flags = kTypeNoInstances,
    .methods = session_methods,
    .method_count = count_of(session_methods),
    .getsets = session_getsets,
    .getset_count = 5,
    .kind_info = kind_info_of<SslSession>("SSLSession"),
    .finish = session_finish,
};

}  // namespace baton
