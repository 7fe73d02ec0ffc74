// What the files of the _ssl module share.
//
// The library's objects belong to cells and are used under the cell's SslLock, in blocking regions. Data goes through BIOs of our
// own (ssl_bio.cpp) that never wait: a call that lacks data comes back, and waits outside of lock and library; so two threads can
// read and write one connection at once, timeouts and signals (PEP 475) are the sockets' own, and a closed socket's number is
// never used again. Callbacks come from inside the blocking region and return to Running by reenter().
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED  // DH parameters from files, fixed protocol versions: still part of Python's interface
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "modules/os_support.h"
#include "modules/socket_internal.h"
#include "objects/object.h"
#include "threads/mutex.h"
#include "threads/reenter.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- locking

// Held by the thread that uses a connection or context, also while a callback runs Python code, which may use the same object
// again: it counts how often its owner has taken it.
class SslLock {
 public:
  void init() {
    mutex_.reinit_after_fork();
    owner_ = depth_ = 0;
  }

 private:
  friend class SslGuard;
  Mutex mutex_;
  u32 owner_, depth_;  // owner_: Mutator::id(), 0 for none; only the owner itself can find its own number there
};
class SslGuard {
 public:
  SslGuard(Thread& thread, SslLock& lock) : lock_(lock) {
    if (__atomic_load_n(&lock.owner_, __ATOMIC_RELAXED) != thread.id()) {
      if (!lock.mutex_.try_lock()) blocking<BlockCause::Lock>(thread, [&lock] { lock.mutex_.lock(); });
      __atomic_store_n(&lock.owner_, thread.id(), __ATOMIC_RELAXED);
    }
    ++lock.depth_;
  }
  ~SslGuard() {
    if (--lock_.depth_) return;
    __atomic_store_n(&lock_.owner_, 0, __ATOMIC_RELAXED);
    lock_.mutex_.unlock();
  }
  SslGuard(const SslGuard&) = delete;
  SslGuard& operator=(const SslGuard&) = delete;

 private:
  SslLock& lock_;
};

// ---------------------------------------------------------------------------------------------------------------- errors

enum SslErrorNumber : int {  // SSL_ERROR_* as Python has them: the library's, and three more
  kSslEof = 8,
  kSslNoSocket = 9,
  kSslInvalidCode = 10,
};
// The number in "(_ssl.c:992)" names the operation; tools and people compare such texts, so it is the one they know from 3.11.
enum SslPlace : int {
  kPlaceServerContext = 788,
  kPlaceClientContext = 795,
  kPlaceHandshakeNoSocket = 933,
  kPlaceHandshakeTimeout = 975,
  kPlaceHandshake = 992,
  kPlaceCertificate = 1820,
  kPlaceWriteNoSocket = 2321,
  kPlaceWrite = 2393,
  kPlaceReadNoSocket = 2464,
  kPlaceRead = 2546,
  kPlaceShutdownNoSocket = 2592,
  kPlaceShutdown = 2672,
  kPlaceSession = 2700,
  kPlacePostHandshake = 2747,
  kPlaceContext = 3100,
  kPlaceCertChain = 3877,
  kPlacePrivateKey = 3898,
  kPlaceCertData = 3992,
  kPlaceVerifyLocations = 4126,
  kPlaceDhParams = 4174,
  kPlaceMisc = 4300,
};
struct SslTypes {
  Root<Type> error, cert_verification, zero_return, want_read, want_write, syscall, eof;
};
extern SslTypes* ssl_types;
Result<void> add_ssl_errors(Thread& thread, Module* module);  // classes and dicts of names
// SSLError(number, "[LIBRARY: REASON] text (_ssl.c:place)") with its attributes. code: of the library's error queue, or 0.
class SslSocket;
Failed raise_ssl(Thread& thread, Type* type, int number, const char* text, SslPlace place, unsigned long code,
                 SslSocket* connection = nullptr);
// From the last entry of the error queue, which it clears; text: used if there is none.
Failed raise_ssl_queue(Thread& thread, const char* text, SslPlace place);
inline Failed raise_ssl_text(Thread& thread, const char* text) { return raise(thread, ssl_types->error.get(), "{}", text); }

// ---------------------------------------------------------------------------------------------------------------- BIOs

// Over a socket. The owner sets fd before each operation and reads error after it.
struct SocketStream {
  int fd = -1, error = 0;
  bool eof = false;
};
BIO* make_socket_bio(SocketStream** stream);  // null: no memory

// Bytes waiting between a MemoryBIO object and a connection; counted by the BIO's references.
struct MemoryStream {
  Mutex mutex;
  u8* data = nullptr;
  usize start = 0, size = 0, capacity = 0;  // the bytes are [start, start + size)
  bool eof_written = false;
};
BIO* make_memory_bio();
MemoryStream* memory_stream(BIO* bio);

class MemoryBio final : public Cell {
 public:
  void init(BIO* bio) { bio_ = bio; }
  void finalize_native() { BIO_free(bio_); }
  void visit_edges(EdgeVisitor&) const {}
  BIO* bio_;
};
extern TypeDef memory_bio_def;

// ---------------------------------------------------------------------------------------------------------------- contexts

// What callbacks need of a context without touching the heap; owned by the context's cell.
struct ContextStreams {
  // ALPN protocol list in wire format. A replaced list is kept: a handshake may be reading it.
  struct Protocols {
    Protocols* previous;
    unsigned size;
    u8 data[1];
  };
  Protocols* protocols = nullptr;  // atomic
  Mutex keylog_mutex;
  int keylog_fd = -1;  // guarded by keylog_mutex
};

class SslContext final : public Cell {
 public:
  void init(SSL_CTX* ctx, ContextStreams* streams, int protocol) {
    lock_.init();
    ctx_ = ctx;
    streams_ = streams;
    protocol_ = protocol;
    host_flags_ = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    check_hostname_ = post_handshake_auth_ = false;
    sni_callback_.init(kNone);
    msg_callback_.init(kNone);
    keylog_filename_.init(kNone);
  }
  void finalize_native();
  void visit_edges(EdgeVisitor& visit) const { visit(sni_callback_, msg_callback_, keylog_filename_); }

  SslLock lock_;
  SSL_CTX* ctx_;
  ContextStreams* streams_;
  int protocol_;
  unsigned host_flags_;
  bool check_hostname_, post_handshake_auth_;
  Field<Value> sni_callback_, msg_callback_, keylog_filename_;
};
extern TypeDef ssl_context_def;
enum SslProtocol : int {
  kProtocolTls = 2,
  kProtocolTls1,
  kProtocolTls1_1,
  kProtocolTls1_2,
  kProtocolClient = 16,
  kProtocolServer
};
// ssl_context_load.cpp: methods
Result<void> ssl_load_cert_chain(Thread& thread, SslContext* self, Value certfile, Value keyfile, Value password);
Result<void> ssl_load_dh_params(Thread& thread, SslContext* self, Value path);
Result<void> ssl_load_verify_locations(Thread& thread, SslContext* self, Value cafile, Value capath, Value cadata);
Result<void> ssl_set_default_verify_paths(Thread& thread, SslContext* self);
Result<Value> ssl_cert_store_stats(Thread& thread, SslContext* self);
Result<Value> ssl_get_ca_certs(Thread& thread, SslContext* self, bool binary_form);
// ssl_callbacks.cpp
int ssl_select_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*);
void ssl_msg_callback(int write, int version, int content_type, const void* data, size_t size, SSL* ssl, void*);
Result<Value> ssl_get_sni_callback(Thread& thread, Value self);
Result<void> ssl_set_sni_callback(Thread& thread, Value self, Value v);
Result<Value> ssl_get_msg_callback(Thread& thread, Value self);
Result<void> ssl_set_msg_callback(Thread& thread, Value self, Value v);
Result<Value> ssl_get_keylog_filename(Thread& thread, Value self);
Result<void> ssl_set_keylog_filename(Thread& thread, Value self, Value v);

// ---------------------------------------------------------------------------------------------------------------- connections

class SslSession final : public Cell {
 public:
  void init(SSL_SESSION* session, SslContext* context) {
    session_ = session;
    context_.init(context);
  }
  void finalize_native() { SSL_SESSION_free(session_); }
  void visit_edges(EdgeVisitor& visit) const { visit(context_); }
  SSL_SESSION* session_;
  Field<SslContext> context_;
};
extern TypeDef ssl_session_def;

class SslSocket final : public Cell {
 public:
  void init(SSL* ssl, SslContext* context, SocketStream* stream, Value socket, bool server_side) {
    lock_.init();
    ssl_ = ssl;
    stream_ = stream;
    server_side_ = server_side;
    seen_shutdown_ = false;
    context_.init(context);
    first_context_.init(context);
    socket_.init(socket);
    owner_.init(kNone);
    server_hostname_.init(kNone);
    failure_.init(kNone);
  }
  void finalize_native();
  void visit_edges(EdgeVisitor& visit) const { visit(context_, first_context_, socket_, owner_, server_hostname_, failure_); }

  SslLock lock_;
  SSL* ssl_;
  SocketStream* stream_;  // of ssl_'s BIO; null: over MemoryBIOs
  bool server_side_, seen_shutdown_;
  Field<SslContext> context_, first_context_;  // first_context_: whose SNI callback is called
                                               // during the handshake
  Field<Value> socket_, owner_;                // weak references, or None
  Field<Value> server_hostname_;               // str or None
  Field<Value> failure_;                       // exception of a callback, raised when the operation is over; or None
};
extern TypeDef ssl_socket_def;
// ssl_socket_info.cpp: what a connection tells
Result<Value> ssl_cipher(Thread& thread, SslSocket* self);
Result<Value> ssl_shared_ciphers(Thread& thread, SslSocket* self);
Result<Value> ssl_version(Thread& thread, SslSocket* self);
Result<Value> ssl_selected_alpn_protocol(Thread& thread, SslSocket* self);
Result<Value> ssl_compression(Thread& thread, SslSocket* self);
Result<Value> ssl_getpeercert(Thread& thread, SslSocket* self, bool der);
Result<Value> ssl_get_channel_binding(Thread& thread, SslSocket* self, Str* cb_type);
Result<Value> ssl_get_unverified_chain(Thread& thread, SslSocket* self);
Result<Value> ssl_get_verified_chain(Thread& thread, SslSocket* self);
extern GetSetDef ssl_socket_getsets[];
inline constexpr u32 kSslSocketGetSets = 6;

// The connection of a callback; its cell is alive as its operation is running.
inline SslSocket* connection_of(const SSL* ssl) { return static_cast<SslSocket*>(SSL_get_app_data(ssl)); }
// What callbacks get as the connection: the owner, else the connection itself. None: it is gone.
Value callback_target(SslSocket* self);
// What a weak reference, or None, refers to.
Value weak_target(Value reference_or_none);
Result<SslSocket*> make_connection(Thread& thread, SslContext* context, Socket* socket, MemoryBio* incoming, MemoryBio* outgoing,
                                   bool server_side, Value server_hostname, Value owner, Value session);
Result<void> set_session(Thread& thread, SslSocket* self, Value session);
Result<void> set_owner(Thread& thread, SslSocket* self, Value owner);

// ---------------------------------------------------------------------------------------------------------------- certificates

extern TypeDef certificate_def;
Result<Value> decode_certificate(Thread& thread, X509* certificate);  // the dict of getpeercert()
Result<Value> certificate_der(Thread& thread, X509* certificate);
Result<Value> make_certificate(Thread& thread, X509* certificate);  // takes a reference of its own
Result<Value> decode_certificate_file(Thread& thread, Value path);
Result<Value> cipher_description(Thread& thread, const SSL_CIPHER* cipher);  // for get_ciphers()

}  // namespace baton
