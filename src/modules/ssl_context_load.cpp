// _ssl._SSLContext: certificates, keys, authorities and DH parameters from files and memory.
//
// Files are read with the GIL released, under the context's lock. A password comes from Python, if need be by a call back into it
// from inside the region.
// The DH functions are deprecated in OpenSSL 3, whose new ones read no parameter files in this form.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/dh.h>
#include <openssl/pem.h>

#include <climits>
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/audit.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- passwords

// Lives on the stack for the length of a load.
struct PasswordSource {
  Thread& thread;
  Value callable;           // absent: password is known
  Value password;           // exact bytes, once known
  bool has_failed = false;  // an exception is pending
};

// str, bytes or bytearray to exact bytes; anything else is `otherwise`.
static Result<Value> password_bytes(Thread& t, Value v, const char* otherwise) {
  Bytes* bytes;
  if (is<Str>(v)) {
    bytes = TRY(encode_utf8(t, v.as<Str>(), nullptr));
  } else if (is<Bytes>(v)) {
    bytes = v.as<Bytes>();
  } else if (is<ByteArray>(v)) {
    bytes = TRY(bytes_from(t, v.as<ByteArray>()->data(), static_cast<usize>(v.as<ByteArray>()->length())));
  } else {
    return raise_type_error(t, "{}", otherwise);
  }
  if (bytes->length() > INT_MAX) return raise_value_error(t, "password cannot be longer than {} bytes", INT_MAX);
  return Value(bytes);
}
static Result<void> ask_password(PasswordSource& source, int room) {
  Thread& t = source.thread;
  if (source.callable.is_present())
    source.password = TRY(password_bytes(t, TRY(call(t, source.callable)), "password callback must return a string"));
  if (source.password.as<Bytes>()->length() > room) return raise_value_error(t, "password cannot be longer than {} bytes", room);
  return ok;
}
static int password_callback(char* buffer, int size, int, void* context) {
  auto& source = *static_cast<PasswordSource*>(context);
  int length = -1;
  reenter(source.thread, [&] {
    if (ask_password(source, size).is_failed()) {
      source.has_failed = true;
      return;
    }
    Bytes* password = source.password.as<Bytes>();
    length = static_cast<int>(password->length());
    memcpy(buffer, password->data(), static_cast<usize>(length));
  });
  return length;
}

// ---------------------------------------------------------------------------------------------------------------- own
// certificate

// A path, with the TypeError of a path argument reworded.
static Result<Bytes*> path_argument(Thread& t, Value path, const char* wording) {
  Result<Bytes*> bytes = file_system_bytes(t, path);
  if (bytes.is_failed() && clear_pending_if(t, exceptions.TypeError)) return raise_type_error(t, "{}", wording);
  return bytes;
}

enum class Step : u8 { Chain, Key, Check, Done };
// Where it stopped, with errno; Done: everything is loaded.
static Step load_chain(SSL_CTX* ctx, const char* certificates, const char* key) {
  ERR_clear_error();
  errno = 0;
  if (SSL_CTX_use_certificate_chain_file(ctx, certificates) != 1) return Step::Chain;
  errno = 0;
  if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) return Step::Key;
  errno = 0;
  return SSL_CTX_check_private_key(ctx) == 1 ? Step::Done : Step::Check;
}

Result<void> ssl_load_cert_chain(Thread& t, SslContext* self, Value certfile, Value keyfile, Value password) {
  Bytes* certificates = TRY(path_argument(t, certfile, "certfile should be a valid filesystem path"));
  Bytes* key = keyfile.is_none() ? certificates : TRY(path_argument(t, keyfile, "keyfile should be a valid filesystem path"));
  PasswordSource source{t, Value(), Value()};
  if (is_callable(password))
    source.callable = password;
  else if (!password.is_none())
    source.password = TRY(password_bytes(t, password, "password should be a string or callable"));
  const char *certificate_path = c_text(certificates), *key_path = c_text(key);
  SSL_CTX* ctx = self->ctx_;
  Step step;
  int error;
  {
    SslGuard guard(t, self->lock_);
    pem_password_cb* callback = SSL_CTX_get_default_passwd_cb(ctx);
    void* context = SSL_CTX_get_default_passwd_cb_userdata(ctx);
    if (!password.is_none()) {
      SSL_CTX_set_default_passwd_cb(ctx, password_callback);
      SSL_CTX_set_default_passwd_cb_userdata(ctx, &source);
    }
    step = blocking(t, [&] { return load_chain(ctx, certificate_path, key_path); });
    error = errno;
    SSL_CTX_set_default_passwd_cb(ctx, callback);
    SSL_CTX_set_default_passwd_cb_userdata(ctx, context);
  }
  KeepAlive keep{Value(certificates)}, keep_key{Value(key)};
  if (step == Step::Done) return ok;
  if (source.has_failed) {
    ERR_clear_error();
    return failed;
  }
  if (error && step != Step::Check) {
    ERR_clear_error();
    return raise_os_error(t, error);
  }
  return raise_ssl_queue(t, nullptr, step == Step::Chain ? kPlaceCertChain : kPlacePrivateKey);
}

Result<void> ssl_load_dh_params(Thread& t, SslContext* self, Value path) {
  Bytes* name = TRY(file_system_bytes(t, path));
  if (has_audit_hooks) TRY(audit(t, "open", path, Value(intern(t, "rb")), Value::of_small_int(0)));
  const char* text = c_text(name);
  DH* parameters = nullptr;
  int error = 0;
  blocking(t, [&] {
    ERR_clear_error();
    errno = 0;
    if (BIO* file = BIO_new_file(text, "rb")) {
      errno = 0;
      parameters = PEM_read_bio_DHparams(file, nullptr, nullptr, nullptr);
      error = errno;
      BIO_free(file);
    } else {
      error = errno;
    }
  });
  if (!parameters) {
    if (!error) return raise_ssl_queue(t, nullptr, kPlaceDhParams);
    ERR_clear_error();
    return raise_os_error_with_path(t, error, path);
  }
  bool good;
  {
    SslGuard guard(t, self->lock_);
    good = SSL_CTX_set_tmp_dh(self->ctx_, parameters);
  }
  DH_free(parameters);
  if (!good) return raise_ssl_queue(t, nullptr, kPlaceDhParams);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- authorities

static X509* next_certificate(BIO* bio, int form) {
  if (form == SSL_FILETYPE_ASN1) return d2i_X509_bio(bio, nullptr);
  // No password is ever asked for: certificates aren't encrypted.
  return PEM_read_bio_X509(bio, nullptr, [](char*, int, int, void*) { return 0; }, nullptr);
}
static bool is_end_of_input(unsigned long code, int form) {
  if (form == SSL_FILETYPE_ASN1) return ERR_GET_LIB(code) == ERR_LIB_ASN1 && ERR_GET_REASON(code) == ASN1_R_HEADER_TOO_LONG;
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}
static Result<void> add_certificates(Thread& t, SslContext* self, std::string_view data, int form) {
  if (data.empty()) return raise_value_error(t, "Empty certificate data");
  if (data.size() > INT_MAX) return raise_overflow_error(t, "Certificate data is too long.");
  BIO* bio = BIO_new_mem_buf(data.data(), static_cast<int>(data.size()));
  if (!bio) return raise_ssl_queue(t, nullptr, kPlaceCertData);
  int loaded = 0;
  unsigned long code = 0;
  bool good = true;
  {
    SslGuard guard(t, self->lock_);
    ERR_clear_error();
    X509_STORE* store = SSL_CTX_get_cert_store(self->ctx_);
    while (X509* certificate = next_certificate(bio, form)) {
      int added = X509_STORE_add_cert(store, certificate);
      X509_free(certificate);
      if (!added) {
        code = ERR_peek_last_error();
        good = ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_CERT_ALREADY_IN_HASH_TABLE;
        if (!good) break;
        ERR_clear_error();
      }
      ++loaded;
    }
    if (good) code = ERR_peek_last_error();
    BIO_free(bio);
  }
  if (good && loaded == 0) {
    ERR_clear_error();
    return raise_ssl(t, ssl_types->error.get(), 0,
                     form == SSL_FILETYPE_PEM ? "no start line: cadata does not contain a certificate"
                                              : "not enough data: cadata does not contain a certificate",
                     kPlaceCertData, 0);
  }
  if (good && (code == 0 || is_end_of_input(code, form))) {
    ERR_clear_error();
    return ok;
  }
  return raise_ssl_queue(t, nullptr, kPlaceCertData);
}
static Result<void> add_certificate_data(Thread& t, SslContext* self, Value cadata) {
  constexpr const char* kWording = "cadata should be an ASCII string or a bytes-like object";
  if (is<Str>(cadata)) {
    if (!cadata.as<Str>()->is_ascii()) return raise_type_error(t, "{}", kWording);
    return add_certificates(t, self, cadata.as<Str>()->ascii(), SSL_FILETYPE_PEM);
  }
  BufferView view;
  if (!convert_buffer(t, cadata, &view)) {
    if (!clear_pending_if(t, exceptions.TypeError)) return failed;
    return raise_type_error(t, "{}", kWording);
  }
  Result<void> result = add_certificates(t, self, view.text(), SSL_FILETYPE_ASN1);
  release_buffer(view);
  return result;
}

Result<void> ssl_load_verify_locations(Thread& t, SslContext* self, Value cafile, Value capath, Value cadata) {
  if (cafile.is_none() && capath.is_none() && cadata.is_none())
    return raise_type_error(t, "cafile, capath and cadata cannot be all omitted");
  Bytes *file = nullptr, *directory = nullptr;
  if (!cafile.is_none()) file = TRY(path_argument(t, cafile, "cafile should be a valid filesystem path"));
  if (!capath.is_none()) directory = TRY(path_argument(t, capath, "capath should be a valid filesystem path"));
  if (!cadata.is_none()) TRY(add_certificate_data(t, self, cadata));
  if (!file && !directory) return ok;
  const char *file_path = file ? c_text(file) : nullptr, *directory_path = directory ? c_text(directory) : nullptr;
  int good, error;
  {
    SslGuard guard(t, self->lock_);
    SSL_CTX* ctx = self->ctx_;
    good = blocking(t, [&] {
      ERR_clear_error();
      errno = 0;
      return SSL_CTX_load_verify_locations(ctx, file_path, directory_path);
    });
    error = errno;
  }
  KeepAlive keep_file{file ? Value(file) : kNone}, keep_directory{directory ? Value(directory) : kNone};
  if (good == 1) return ok;
  if (!error) return raise_ssl_queue(t, nullptr, kPlaceVerifyLocations);
  ERR_clear_error();
  return raise_os_error(t, error);
}
Result<void> ssl_set_default_verify_paths(Thread& t, SslContext* self) {
  SslGuard guard(t, self->lock_);
  SSL_CTX* ctx = self->ctx_;
  if (blocking(t, [&] { return SSL_CTX_set_default_verify_paths(ctx); })) return ok;
  return raise_ssl_queue(t, nullptr, kPlaceVerifyLocations);
}

// The store's objects with a reference each, so that others may add to the store meanwhile.
class StoreObjects {
 public:
  explicit StoreObjects(SSL_CTX* ctx) {
    X509_STORE* store = SSL_CTX_get_cert_store(ctx);
    X509_STORE_lock(store);
    objects_ = sk_X509_OBJECT_deep_copy(
        X509_STORE_get0_objects(store),
        [](const X509_OBJECT* from) -> X509_OBJECT* {
          X509_OBJECT* copy = X509_OBJECT_new();
          if (!copy) return nullptr;
          if (X509* certificate = X509_OBJECT_get0_X509(from))
            X509_OBJECT_set1_X509(copy, certificate);
          else if (X509_CRL* list = X509_OBJECT_get0_X509_CRL(const_cast<X509_OBJECT*>(from)))
            X509_OBJECT_set1_X509_CRL(copy, list);
          return copy;
        },
        X509_OBJECT_free);
    X509_STORE_unlock(store);
  }
  ~StoreObjects() { sk_X509_OBJECT_pop_free(objects_, X509_OBJECT_free); }
  StoreObjects(const StoreObjects&) = delete;
  StoreObjects& operator=(const StoreObjects&) = delete;
  int count() const { return objects_ ? sk_X509_OBJECT_num(objects_) : 0; }
  const X509_OBJECT* at(int i) const { return sk_X509_OBJECT_value(objects_, i); }

 private:
  STACK_OF(X509_OBJECT) * objects_;
};

Result<Value> ssl_cert_store_stats(Thread& t, SslContext* self) {
  int certificates = 0, lists = 0, authorities = 0;
  StoreObjects objects(self->ctx_);
  for (int i = 0; i < objects.count(); ++i) {
    switch (X509_OBJECT_get_type(objects.at(i))) {
      case X509_LU_X509:
        ++certificates;
        if (X509_check_ca(X509_OBJECT_get0_X509(objects.at(i)))) ++authorities;
        break;
      case X509_LU_CRL: ++lists; break;
      default: break;
    }
  }
  Dict* stats = TRY(make_dict(t));
  TRY(dict_set_ascii(t, stats, "x509", Value::of_small_int(certificates)));
  TRY(dict_set_ascii(t, stats, "crl", Value::of_small_int(lists)));
  TRY(dict_set_ascii(t, stats, "x509_ca", Value::of_small_int(authorities)));
  return Value(stats);
}
Result<Value> ssl_get_ca_certs(Thread& t, SslContext* self, bool binary_form) {
  List* result = TRY(make_list(t));
  StoreObjects objects(self->ctx_);
  for (int i = 0; i < objects.count(); ++i) {
    X509* certificate = X509_OBJECT_get0_X509(objects.at(i));
    if (!certificate || !X509_check_ca(certificate)) continue;
    TRY(list_append(t, result, TRY(binary_form ? certificate_der(t, certificate) : decode_certificate(t, certificate))));
  }
  return Value(result);
}

}  // namespace baton
