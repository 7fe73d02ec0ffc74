// Exceptions of _ssl: classes, the names of OpenSSL's errors, and how an entry of its error queue becomes an exception.
#include <cstring>

#include "modules/ssl_internal.h"
#include "objects/exception.h"
#include "objects/exception_details.h"
#include "objects/new_exception.h"

namespace baton {

SslTypes* ssl_types = nullptr;

struct LibraryName {
  int library;
  const char* name;
};
struct ReasonName {
  int library, reason;
  const char* name;
};
static constexpr LibraryName library_names[] = {
#define SSL_LIBRARY(library, name) {library, name},
#define SSL_REASON(library, reason, name)
#include "ssl_errors.inc"
#undef SSL_LIBRARY
#undef SSL_REASON
};
static constexpr ReasonName reason_names[] = {
#define SSL_LIBRARY(library, name)
#define SSL_REASON(library, reason, name) {library, reason, name},
#include "ssl_errors.inc"
#undef SSL_LIBRARY
#undef SSL_REASON
};

static const char* library_name(int library) {
  for (const LibraryName& row : library_names)
    if (row.library == library) return row.name;
  return nullptr;
}
static const char* reason_name(int library, int reason) {
  for (const ReasonName& row : reason_names)
    if (row.library == library && row.reason == reason) return row.name;
  return nullptr;
}

// Why the peer's certificate was refused.
static Result<Str*> verification_text(Thread& t, SslSocket* connection, long code) {
  switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return format_message(t, "Hostname mismatch, certificate is not valid for '{}'.", connection->server_hostname_.get());
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return format_message(t, "IP address mismatch, certificate is not valid for '{}'.", connection->server_hostname_.get());
    default: return str_from_utf8(t, X509_verify_cert_error_string(code));
  }
}
static Result<Value> name_or_none(Thread& t, const char* name) {
  if (!name) return kNone;
  return TRY(str_from_ascii(t, name));
}

Failed raise_ssl(Thread& t, Type* type, int number, const char* text, SslPlace place, unsigned long code, SslSocket* connection) {
  const char *library = nullptr, *reason = nullptr;
  if (code) {
    library = library_name(ERR_GET_LIB(code));
    reason = reason_name(ERR_GET_LIB(code), ERR_GET_REASON(code));
    if (!text) text = ERR_reason_error_string(code);
  }
  if (!text) text = "unknown error";
  Str* refusal = nullptr;
  long verify_code = 0;
  if (connection && type == ssl_types->cert_verification.get()) {
    verify_code = SSL_get_verify_result(connection->ssl_);
    refusal = TRY(verification_text(t, connection, verify_code));
  }
  Str* message;
  if (library && reason && refusal)
    message = TRY(format_message(t, "[{}: {}] {}: {} (_ssl.c:{})", library, reason, text, refusal, static_cast<int>(place)));
  else if (library && reason)
    message = TRY(format_message(t, "[{}: {}] {} (_ssl.c:{})", library, reason, text, static_cast<int>(place)));
  else if (library)
    message = TRY(format_message(t, "[{}] {} (_ssl.c:{})", library, text, static_cast<int>(place)));
  else
    message = TRY(format_message(t, "{} (_ssl.c:{})", text, static_cast<int>(place)));
  Value exception = TRY(call(t, Value(type), Value::of_small_int(number), Value(message)));
  TRY(set_attr(t, exception, intern(t, "reason"), TRY(name_or_none(t, reason))));
  TRY(set_attr(t, exception, intern(t, "library"), TRY(name_or_none(t, library))));
  if (refusal) {
    TRY(set_attr(t, exception, intern(t, "verify_code"), Value::of_small_int(verify_code)));
    TRY(set_attr(t, exception, intern(t, "verify_message"), Value(refusal)));
  }
  return raise_object(t, exception);
}

Failed raise_ssl_queue(Thread& t, const char* text, SslPlace place) {
  unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return raise_ssl(t, ssl_types->error.get(), code ? ERR_GET_REASON(code) : 0, text, place, code);
}

// ---------------------------------------------------------------------------------------------------------------- classes

// The second argument alone, when it is a text.
static Result<Str*> ssl_error_str(Thread& t, Exception* self) {
  Value text = detail_at(self, kOSStrerror);
  if (text.is_present() && is<Str>(text)) return text.as<Str>();
  return str_of(t, Value(self->args()));
}
static constinit NativeDef ssl_error_methods[] = {native<ssl_error_str>("__str__($self, /)", "Return str(self).")};
static constinit TypeDef ssl_error_def = {
    .name = "ssl.SSLError",
    .doc = "An error occurred in the SSL implementation.",
    .flags = kTypeSubclassable | kTypeIsException,
    .methods = ssl_error_methods,
    .method_count = 1,
};

static Result<Type*> verification_error(Thread& t, Type* error) {
  Dict* dict = TRY(make_dict(t));
  TRY(dict_set_str(t, dict, names.dunder_module, Value(intern(t, "ssl"))));
  TRY(dict_set_str(t, dict, names.dunder_doc, Value(TRY(str_from_utf8(t, "A certificate could not be verified.")))));
  Tuple* bases = TRY(tuple_of(t, Value(error), Value(exceptions.ValueError)));
  return make_heap_type(t, types.type, intern(t, "SSLCertVerificationError"), bases, dict, nullptr, nullptr);
}
static Result<void> make_types(Thread& t) {
  if (ssl_types) return ok;
  ssl_error_def.base = exceptions.OSError->def_;
  Type* error = TRY(type_from_def(t, ssl_error_def));
  auto* made = new SslTypes;
  made->error.set(error);
  made->cert_verification.set(TRY(verification_error(t, error)));
  made->zero_return.set(TRY(make_exception_type(t, "ssl.SSLZeroReturnError", error, "SSL/TLS session closed cleanly.")));
  made->want_read.set(
      TRY(make_exception_type(t, "ssl.SSLWantReadError", error, "Non-blocking SSL socket needs to read more data")));
  made->want_write.set(
      TRY(make_exception_type(t, "ssl.SSLWantWriteError", error, "Non-blocking SSL socket needs to write more data")));
  made->syscall.set(TRY(make_exception_type(t, "ssl.SSLSyscallError", error, "System error when attempting SSL operation.")));
  made->eof.set(TRY(make_exception_type(t, "ssl.SSLEOFError", error, "SSL/TLS connection terminated abruptly.")));
  ssl_types = made;
  return ok;
}

static Result<void> add_names(Thread& t, Module* module) {
  Dict* names_by_code = TRY(make_dict(t));
  Dict* codes_by_name = TRY(make_dict(t));
  Dict* libraries = TRY(make_dict(t));
  for (const ReasonName& row : reason_names) {
    Value key(TRY(tuple_of(t, Value::of_small_int(row.library), Value::of_small_int(row.reason))));
    Value name(TRY(str_from_ascii(t, row.name)));
    TRY(dict_set(t, names_by_code, key, name));
    TRY(dict_set(t, codes_by_name, name, key));
  }
  for (const LibraryName& row : library_names)
    TRY(dict_set(t, libraries, Value::of_small_int(row.library), Value(TRY(str_from_ascii(t, row.name)))));
  TRY(module_set(t, module, "err_codes_to_names", Value(names_by_code)));
  TRY(module_set(t, module, "err_names_to_codes", Value(codes_by_name)));
  return module_set(t, module, "lib_codes_to_names", Value(libraries));
}

Result<void> add_ssl_errors(Thread& t, Module* module) {
  TRY(make_types(t));
  const struct {
    const char* name;
    Root<Type>& type;
  } rows[] = {{"SSLError", ssl_types->error},
              {"SSLCertVerificationError", ssl_types->cert_verification},
              {"SSLZeroReturnError", ssl_types->zero_return},
              {"SSLWantReadError", ssl_types->want_read},
              {"SSLWantWriteError", ssl_types->want_write},
              {"SSLSyscallError", ssl_types->syscall},
              {"SSLEOFError", ssl_types->eof}};
  for (auto& row : rows) TRY(module_set(t, module, row.name, Value(row.type.get())));
  return add_names(t, module);
}

}  // namespace baton
