// _ssl._SSLContext: settings, and wrapping of sockets and MemoryBIO pairs. What loads certificates is in ssl_context_load.cpp,
// what concerns callbacks in ssl_callbacks.cpp.
#include <unistd.h>

#include <cstdlib>

#include "modules/ssl_internal.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"

namespace baton {

static SslContext* context_of(Value self) { return self.as<SslContext>(); }

void SslContext::finalize_native() {
  SSL_CTX_free(ctx_);
  heap_add_external(-i64{64} << 10);
  if (streams_->keylog_fd >= 0) ::close(streams_->keylog_fd);
  for (ContextStreams::Protocols *p = streams_->protocols, *next; p; p = next) {
    next = p->previous;
    free(p);
  }
  delete streams_;
}

// ---------------------------------------------------------------------------------------------------------------- making

static const SSL_METHOD* method_of(int protocol, const char** deprecated) {
  switch (protocol) {
    case kProtocolTls: *deprecated = "ssl.PROTOCOL_TLS is deprecated"; return TLS_method();
    case kProtocolTls1: *deprecated = "ssl.PROTOCOL_TLSv1 is deprecated"; return TLSv1_method();
    case kProtocolTls1_1: *deprecated = "ssl.PROTOCOL_TLSv1_1 is deprecated"; return TLSv1_1_method();
    case kProtocolTls1_2: *deprecated = "ssl.PROTOCOL_TLSv1_2 is deprecated"; return TLSv1_2_method();
    case kProtocolClient: return TLS_client_method();
    case kProtocolServer: return TLS_server_method();
    default: return nullptr;
  }
}

static void set_defaults(SSL_CTX* ctx) {
  SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_options(ctx, (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE |
                               SSL_OP_ENABLE_MIDDLEBOX_COMPAT | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  static const unsigned char id[] = "Python";
  SSL_CTX_set_session_id_context(ctx, id, sizeof id);
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx), X509_V_FLAG_TRUSTED_FIRST);
  SSL_CTX_set_post_handshake_auth(ctx, 0);
}

static Result<Value> context_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(t, args, n, ssl_context_def.type));
  TRY(check_no_keywords(t, "_SSLContext", kwnames));
  TRY(check_positional(t, "_SSLContext", n - 1, 1, 1));
  int protocol;
  if (!convert_int(t, args[1], &protocol)) return failed;
  const char* deprecated = nullptr;
  const SSL_METHOD* method = method_of(protocol, &deprecated);
  if (!method) return raise_value_error(t, "invalid or unsupported protocol version {}", protocol);
  if (deprecated) TRY(warn(t, exceptions.DeprecationWarning, deprecated, 2));
  SSL_CTX* ctx = blocking<BlockCause::Native>(t, [&] { return SSL_CTX_new(method); });  // may load providers and settings
  if (!ctx) return raise_ssl_queue(t, nullptr, kPlaceContext);
  set_defaults(ctx);
  auto* streams = new ContextStreams;
  Result<SslContext*> made = make_of<SslContext>(t, type, ctx, streams, protocol);
  if (made.is_failed()) {
    SSL_CTX_free(ctx);
    delete streams;
    return failed;
  }
  heap_add_external(t, i64{64} << 10);
  SSL_CTX_set_app_data(ctx, streams);
  if (protocol == kProtocolClient) {
    made.value()->check_hostname_ = true;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- wrapping

static Result<Value> context_wrap_socket(Thread& t, SslContext* self, Value sock, Value at_server, Value server_hostname,
                                         Value owner, Value session) {
  if (!is<Socket>(sock)) return raise_type_error(t, "_wrap_socket() argument 'sock' must be _socket.socket, not {!a}", sock);
  int server_side;
  if (!convert_int(t, at_server, &server_side)) return failed;
  return TRY(make_connection(t, self, sock.as<Socket>(), nullptr, nullptr, server_side, server_hostname, owner, session));
}
static Result<Value> context_wrap_bio(Thread& t, SslContext* self, Value incoming, Value outgoing, int server_side,
                                      Value server_hostname, Value owner, Value session) {
  if (!is<MemoryBio>(incoming))
    return raise_type_error(t, "_wrap_bio() argument 'incoming' must be _ssl.MemoryBIO, not {!a}", incoming);
  if (!is<MemoryBio>(outgoing))
    return raise_type_error(t, "_wrap_bio() argument 'outgoing' must be _ssl.MemoryBIO, not {!a}", outgoing);
  return TRY(make_connection(t, self, nullptr, incoming.as<MemoryBio>(), outgoing.as<MemoryBio>(), server_side, server_hostname,
                             owner, session));
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<void> context_set_ciphers(Thread& t, SslContext* self, Value list) {
  if (!is<Str>(list)) return raise_type_error(t, "set_ciphers() argument must be str, not {!a}", list);
  Value owner;
  std::string_view text = TRY(str_utf8(t, list.as<Str>(), &owner));
  Bytes* copy = TRY(bytes_from(t, text));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  bool good;
  {
    SslGuard guard(t, self->lock_);
    good = SSL_CTX_set_cipher_list(self->ctx_, c_text(copy));
  }
  ERR_clear_error();
  if (!good) return raise_ssl_text(t, "No cipher can be selected.");
  return ok;
}
static Result<Value> context_get_ciphers(Thread& t, SslContext* self) {
  SSL* ssl = SSL_new(self->ctx_);
  if (!ssl) return raise_ssl_queue(t, nullptr, kPlaceContext);
  List* result = TRY(make_list(t));
  STACK_OF(SSL_CIPHER)* ciphers = SSL_get_ciphers(ssl);
  bool good = true;
  for (int i = 0; ciphers && good && i < sk_SSL_CIPHER_num(ciphers); ++i) {
    Result<Value> item = cipher_description(t, sk_SSL_CIPHER_value(ciphers, i));
    good = !item.is_failed() && !list_append(t, result, item.value()).is_failed();
  }
  SSL_free(ssl);
  if (!good) return failed;
  return Value(result);
}
static Result<void> context_set_alpn_protocols(Thread& t, SslContext* self, BufferView protocols) {
  if (protocols.size > UINT32_MAX) return raise_overflow_error(t, "protocols longer than {} bytes", i64{UINT32_MAX});
  auto* copy = static_cast<ContextStreams::Protocols*>(malloc(sizeof(ContextStreams::Protocols) + protocols.size));
  if (!copy) return raise_memory_error(t);
  copy->size = static_cast<unsigned>(protocols.size);
  if (protocols.size) __builtin_memcpy(copy->data, protocols.data, protocols.size);
  SslGuard guard(t, self->lock_);
  copy->previous = self->streams_->protocols;
  __atomic_store_n(&self->streams_->protocols, copy, __ATOMIC_RELEASE);
  if (SSL_CTX_set_alpn_protos(self->ctx_, copy->data, copy->size)) return raise_memory_error(t);
  SSL_CTX_set_alpn_select_cb(self->ctx_, ssl_select_alpn, self->streams_);
  return ok;
}
static Result<Value> context_session_stats(Thread& t, SslContext* self) {
  const struct {
    const char* name;
    long value;
  } rows[] = {{"number", SSL_CTX_sess_number(self->ctx_)},
              {"connect", SSL_CTX_sess_connect(self->ctx_)},
              {"connect_good", SSL_CTX_sess_connect_good(self->ctx_)},
              {"connect_renegotiate", SSL_CTX_sess_connect_renegotiate(self->ctx_)},
              {"accept", SSL_CTX_sess_accept(self->ctx_)},
              {"accept_good", SSL_CTX_sess_accept_good(self->ctx_)},
              {"accept_renegotiate", SSL_CTX_sess_accept_renegotiate(self->ctx_)},
              {"hits", SSL_CTX_sess_hits(self->ctx_)},
              {"misses", SSL_CTX_sess_misses(self->ctx_)},
              {"timeouts", SSL_CTX_sess_timeouts(self->ctx_)},
              {"cache_full", SSL_CTX_sess_cache_full(self->ctx_)}};
  Dict* stats = TRY(make_dict(t));
  for (auto& row : rows) TRY(dict_set_ascii(t, stats, row.name, Value::of_small_int(row.value)));
  return Value(stats);
}
static Result<void> context_set_ecdh_curve(Thread& t, SslContext* self, Value name) {
  Bytes* text = TRY(file_system_bytes(t, name));
  int nid = OBJ_sn2nid(c_text(text));
  if (!nid) return raise_value_error(t, "unknown elliptic curve name {!r}", name);
  SslGuard guard(t, self->lock_);
  if (!SSL_CTX_set1_groups(self->ctx_, &nid, 1)) return raise_ssl_queue(t, nullptr, kPlaceContext);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<int> attribute_int(Thread& t, Value v) {
  int n;
  if (v.is_absent()) return raise_type_error(t, "function takes at least one argument");
  if (!convert_int(t, v, &n)) return failed;
  return n;
}
static Result<bool> attribute_truth(Thread& t, Value v) {
  if (v.is_absent()) return raise_type_error(t, "function takes at least one argument");
  return truth(t, v);
}

static Result<Value> get_options(Thread& t, Value self) { return int_from_u64(t, SSL_CTX_get_options(context_of(self)->ctx_)); }
static Result<void> set_options(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "function takes at least one argument");
  i64 wanted;
  if (!int_to_i64(TRY(to_index(t, v)), &wanted)) return raise_overflow_error(t, "Python int too large to convert to C long");
  SSL_CTX* ctx = context_of(self)->ctx_;
  u64 options = static_cast<u64>(wanted), now = SSL_CTX_get_options(ctx);
  constexpr u64 kVersions =
      SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;
  if (options & ~now & kVersions)
    TRY(warn(t, exceptions.DeprecationWarning, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated", 2));
  SslGuard guard(t, context_of(self)->lock_);
  if (now & ~options) SSL_CTX_clear_options(ctx, now & ~options);
  if (options & ~now) SSL_CTX_set_options(ctx, options & ~now);
  return ok;
}

static Result<Value> get_verify_mode(Thread& t, Value self) {
  // The bits besides "ask at all" and "insist" are set for single connections only.
  int mode = SSL_CTX_get_verify_mode(context_of(self)->ctx_) & (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT);
  return Value::of_small_int(mode & SSL_VERIFY_PEER ? (mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? 2 : 1) : 0);
}
static void apply_verify_mode(SslContext* self, int mode) {
  static const int flags[] = {SSL_VERIFY_NONE, SSL_VERIFY_PEER, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT};
  SSL_CTX_set_verify(self->ctx_, flags[mode], nullptr);
}
static Result<void> set_verify_mode(Thread& t, Value self, Value v) {
  int mode = TRY(attribute_int(t, v));
  if (mode == 0 && context_of(self)->check_hostname_)
    return raise_value_error(t, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
  if (mode < 0 || mode > 2) return raise_value_error(t, "invalid value for verify_mode");
  SslGuard guard(t, context_of(self)->lock_);
  apply_verify_mode(context_of(self), mode);
  return ok;
}
static Result<Value> get_check_hostname(Thread&, Value self) { return Value::of_bool(context_of(self)->check_hostname_); }
static Result<void> set_check_hostname(Thread& t, Value self, Value v) {
  bool check = TRY(attribute_truth(t, v));
  SslContext* context = context_of(self);
  SslGuard guard(t, context->lock_);
  if (check && SSL_CTX_get_verify_mode(context->ctx_) == SSL_VERIFY_NONE) apply_verify_mode(context, 2);
  context->check_hostname_ = check;
  return ok;
}

static Result<Value> get_verify_flags(Thread& t, Value self) {
  return int_from_u64(t, X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(context_of(self)->ctx_)));
}
static Result<void> set_verify_flags(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "function takes at least one argument");
  if (!is_int(v)) return raise_type_error(t, "argument must be int, not {!t}", v);
  // Any int, cut to the width of the library's word.
  i64 signed_flags;
  u64 flags;
  if (!int_to_u64(int_exact(v), &flags)) {
    int_to_i64(int_exact(v), &signed_flags);
    flags = static_cast<u64>(signed_flags);
  }
  SslGuard guard(t, context_of(self)->lock_);
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context_of(self)->ctx_);
  u64 now = X509_VERIFY_PARAM_get_flags(parameters);
  if (now & ~flags && !X509_VERIFY_PARAM_clear_flags(parameters, now & ~flags)) return raise_ssl_queue(t, nullptr, kPlaceContext);
  if (flags & ~now && !X509_VERIFY_PARAM_set_flags(parameters, flags & ~now)) return raise_ssl_queue(t, nullptr, kPlaceContext);
  return ok;
}
static Result<Value> get_host_flags(Thread& t, Value self) { return int_from_u64(t, context_of(self)->host_flags_); }
static Result<void> set_host_flags(Thread& t, Value self, Value v) {
  unsigned flags = static_cast<unsigned>(TRY(attribute_int(t, v)));
  SslGuard guard(t, context_of(self)->lock_);
  context_of(self)->host_flags_ = flags;
  X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(context_of(self)->ctx_), flags);
  return ok;
}

enum VersionNumber : int { kMinimumSupported = -2, kMaximumSupported = -1 };
static const char* deprecated_version(int version) {
  switch (version) {
    case SSL3_VERSION: return "ssl.TLSVersion.SSLv3 is deprecated";
    case TLS1_VERSION: return "ssl.TLSVersion.TLSv1 is deprecated";
    case TLS1_1_VERSION: return "ssl.TLSVersion.TLSv1_1 is deprecated";
    default: return nullptr;
  }
}
enum class Bound : u8 { Minimum, Maximum };
static Result<void> set_version(Thread& t, Value self, Value v, Bound bound) {
  int version = TRY(attribute_int(t, v));
  SslContext* context = context_of(self);
  if (context->protocol_ != kProtocolTls && context->protocol_ != kProtocolClient && context->protocol_ != kProtocolServer)
    return raise_value_error(t, "The context's protocol doesn't support modification of highest and lowest version.");
  if (const char* text = deprecated_version(version)) TRY(warn(t, exceptions.DeprecationWarning, text, 2));
  long number = version;
  // The library takes 0 for "the least (highest) there is"; the other extreme has to be named.
  if (version == kMinimumSupported) number = bound == Bound::Minimum ? 0 : TLS1_VERSION;
  if (version == kMaximumSupported) number = bound == Bound::Minimum ? TLS1_3_VERSION : 0;
  SslGuard guard(t, context->lock_);
  long good = bound == Bound::Minimum ? SSL_CTX_set_min_proto_version(context->ctx_, number)
                                      : SSL_CTX_set_max_proto_version(context->ctx_, number);
  if (good) return ok;
  char hex[16];
  BIO_snprintf(hex, sizeof hex, "%x", version);
  return raise_value_error(t, "Unsupported TLS/SSL version 0x{}", static_cast<const char*>(hex));
}
static Result<Value> get_minimum_version(Thread&, Value self) {
  long version = SSL_CTX_get_min_proto_version(context_of(self)->ctx_);
  return Value::of_small_int(version ? version : kMinimumSupported);
}
static Result<void> set_minimum_version(Thread& t, Value self, Value v) { return set_version(t, self, v, Bound::Minimum); }
static Result<Value> get_maximum_version(Thread&, Value self) {
  long version = SSL_CTX_get_max_proto_version(context_of(self)->ctx_);
  return Value::of_small_int(version ? version : kMaximumSupported);
}
static Result<void> set_maximum_version(Thread& t, Value self, Value v) { return set_version(t, self, v, Bound::Maximum); }

static Result<Value> get_num_tickets(Thread& t, Value self) {
  return int_from_u64(t, SSL_CTX_get_num_tickets(context_of(self)->ctx_));
}
static Result<void> set_num_tickets(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "function takes at least one argument");
  i64 n;
  if (!convert_i64(t, v, &n)) return failed;
  if (n < 0) return raise_value_error(t, "value must be non-negative");
  if (context_of(self)->protocol_ != kProtocolServer) return raise_value_error(t, "SSLContext is not a server context.");
  SslGuard guard(t, context_of(self)->lock_);
  if (!SSL_CTX_set_num_tickets(context_of(self)->ctx_, static_cast<usize>(n)))
    return raise_value_error(t, "failed to set num tickets.");
  return ok;
}
static Result<Value> get_post_handshake_auth(Thread&, Value self) {
  return Value::of_bool(context_of(self)->post_handshake_auth_);
}
static Result<void> set_post_handshake_auth(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_attribute_error_text(t, "cannot delete attribute");
  bool on = TRY(truth(t, v));
  context_of(self)->post_handshake_auth_ = on;
  return ok;
}
static Result<Value> get_protocol(Thread&, Value self) { return Value::of_small_int(context_of(self)->protocol_); }
static Result<Value> get_security_level(Thread&, Value self) {
  return Value::of_small_int(SSL_CTX_get_security_level(context_of(self)->ctx_));
}

// ---------------------------------------------------------------------------------------------------------------- type

static constinit GetSetDef context_getsets[] = {
    {"check_hostname", get_check_hostname, set_check_hostname, nullptr},
    {"_host_flags", get_host_flags, set_host_flags, nullptr},
    {"minimum_version", get_minimum_version, set_minimum_version, nullptr},
    {"maximum_version", get_maximum_version, set_maximum_version, nullptr},
    {"num_tickets", get_num_tickets, set_num_tickets, "Control the number of TLSv1.3 session tickets"},
    {"options", get_options, set_options, nullptr},
    {"post_handshake_auth", get_post_handshake_auth, set_post_handshake_auth, nullptr},
    {"protocol", get_protocol, nullptr, nullptr},
    {"verify_flags", get_verify_flags, set_verify_flags, nullptr},
    {"verify_mode", get_verify_mode, set_verify_mode, nullptr},
    {"security_level", get_security_level, nullptr, "The current security level"},
    {"keylog_filename", ssl_get_keylog_filename, ssl_set_keylog_filename, nullptr},
    {"_msg_callback", ssl_get_msg_callback, ssl_set_msg_callback, nullptr},
    {"sni_callback", ssl_get_sni_callback, ssl_set_sni_callback,
     "What is called with the SSLSocket, the server's name as text and the SSLContext when a client names the server it\n"
     "wants (RFC 6066); None for nothing."},
};
static constinit NativeDef context_methods[] = {
    native_raw(context_new, "__new__(type, protocol, /)", "Make an instance; the class's own help describes the arguments."),
    native<context_wrap_socket>("_wrap_socket($self, /, sock, server_side, server_hostname=None, *,\n             "
                                "owner=None, session=None)",
                                nullptr),
    native<context_wrap_bio>("_wrap_bio($self, /, incoming, outgoing, server_side,\n          server_hostname=None, *, "
                             "owner=None, session=None)",
                             nullptr),
    native<context_set_ciphers>("set_ciphers($self, cipherlist, /)", nullptr),
    native<context_set_alpn_protocols>("_set_alpn_protocols($self, protos, /)", nullptr),
    native<ssl_load_cert_chain>("load_cert_chain($self, /, certfile, keyfile=None, password=None)", nullptr),
    native<ssl_load_dh_params>("load_dh_params($self, path, /)", nullptr),
    native<ssl_load_verify_locations>("load_verify_locations($self, /, cafile=None, capath=None, cadata=None)", nullptr),
    native<context_session_stats>("session_stats($self, /)", nullptr),
    native<ssl_set_default_verify_paths>("set_default_verify_paths($self, /)", nullptr),
    native<context_set_ecdh_curve>("set_ecdh_curve($self, name, /)", nullptr),
    native<ssl_cert_store_stats>("cert_store_stats($self, /)",
                                 "How many certificates, authorities' certificates and revocation lists the store holds.\n\n"
                                 "Those in a capath directory count once they have been used."),
    native<ssl_get_ca_certs>("get_ca_certs($self, /, binary_form=False)",
                             "The authorities' certificates that the store holds, as dicts or in DER form.\n\nThose in a capath "
                             "directory appear once they have been used."),
    native<context_get_ciphers>("get_ciphers($self, /)", nullptr),
};
constinit TypeDef ssl_context_def = {
    .name = "_ssl._SSLContext",
    .dynamic_kind = &DynamicKind<SslContext>::value,
    .payload_size = sizeof(SslContext),
    .flags = kTypeSubclassable,
    .methods = context_methods,
    .method_count = count_of(context_methods),
    .getsets = context_getsets,
    .getset_count = sizeof context_getsets / sizeof *context_getsets,
    .kind_info = kind_info_of<SslContext>("_SSLContext"),
};

}  // namespace baton
