// _ssl: the module: random numbers, object identifiers, paths, and the constants. Contexts, connections, certificates, errors and
// BIOs are in the ssl_*.cpp files.
#include <openssl/rand.h>

#include <climits>
#include <cstring>

#include "modules/openssl_support.h"
#include "modules/ssl_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- random numbers

static Result<void> rand_add(Thread& t, Value string, double entropy) {
  if (is<Str>(string)) {
    Value owner;
    std::string_view text = TRY(str_utf8(t, string.as<Str>(), &owner));
    RAND_add(text.data(), static_cast<int>(text.size()), entropy);
    return ok;
  }
  BufferView view;
  if (!convert_buffer(t, string, &view)) return failed;
  for (usize at = 0; at < view.size; at += INT_MAX) {
    usize n = view.size - at;
    RAND_add(view.data + at, n > INT_MAX ? INT_MAX : static_cast<int>(n), entropy);
  }
  release_buffer(view);
  return ok;
}
static Result<Bytes*> random_bytes(Thread& t, int n) {
  if (n < 0) return raise_value_error(t, "num must be positive");
  Bytes* result = TRY(bytes_allocate(t, static_cast<usize>(n)));
  if (RAND_bytes(bytes_mutable_data(result), n) == 1) return result;
  unsigned long code = ERR_get_error();
  Value number = TRY(int_from_u64(t, code));
  const char* reason = ERR_reason_error_string(code);
  Value values[] = {number, reason ? Value(TRY(str_from_utf8(t, reason))) : kNone};
  return raise_with_args(t, ssl_types->error.get(), values, 2);
}
static Result<Bytes*> rand_bytes(Thread& t, int n) { return random_bytes(t, n); }
static Result<Value> rand_pseudo_bytes(Thread& t, int n) {
  TRY(warn(t, exceptions.DeprecationWarning, "ssl.RAND_pseudo_bytes() is deprecated"));
  Bytes* bytes = TRY(random_bytes(t, n));
  return TRY(tuple_of(t, Value(bytes), kTrue));
}
static Result<bool> rand_status(Thread&) { return RAND_status() == 1; }

// ---------------------------------------------------------------------------------------------------------------- identifiers

static Result<Value> describe_object(Thread& t, const ASN1_OBJECT* object) {
  int nid = OBJ_obj2nid(object);
  if (nid == NID_undef) return raise_value_error(t, "Unknown object");
  char oid[128];
  int n = OBJ_obj2txt(oid, sizeof oid, object, 1);
  Value oid_value = n > 0 ? Value(TRY(str_from_utf8(t, oid))) : kNone;
  return TRY(tuple_of(t, Value::of_small_int(nid), Value(TRY(str_from_utf8(t, OBJ_nid2sn(nid)))),
                      Value(TRY(str_from_utf8(t, OBJ_nid2ln(nid)))), oid_value));
}
static Result<Value> txt2obj(Thread& t, Str* txt, bool name) {
  Value owner;
  std::string_view text = TRY(str_utf8(t, txt, &owner));
  Bytes* copy = TRY(bytes_from(t, text));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  ASN1_OBJECT* object = OBJ_txt2obj(c_text(copy), name ? 0 : 1);
  ERR_clear_error();
  if (!object) return raise_value_error(t, "unknown object '{}'", text.substr(0, 100));
  Result<Value> result = describe_object(t, object);
  ASN1_OBJECT_free(object);
  return result;
}
static Result<Value> nid2obj(Thread& t, int nid) {
  if (nid < NID_undef) return raise_value_error(t, "NID must be positive.");
  ASN1_OBJECT* object = OBJ_nid2obj(nid);
  ERR_clear_error();
  if (!object) return raise_value_error(t, "unknown NID {}", nid);
  return describe_object(t, object);
}

static Result<Value> get_default_verify_paths(Thread& t) {
  Value values[4];
  const char* const texts[] = {X509_get_default_cert_file_env(), X509_get_default_cert_file(), X509_get_default_cert_dir_env(),
                               X509_get_default_cert_dir()};
  for (int i = 0; i < 4; ++i) values[i] = Value(TRY(file_system_text(t, texts[i])));
  return TRY(make_tuple(t, values, 4));
}

// ---------------------------------------------------------------------------------------------------------------- module

static constexpr ModuleConstant constants[] = {
    {"SSL_ERROR_ZERO_RETURN", SSL_ERROR_ZERO_RETURN},
    {"SSL_ERROR_WANT_READ", SSL_ERROR_WANT_READ},
    {"SSL_ERROR_WANT_WRITE", SSL_ERROR_WANT_WRITE},
    {"SSL_ERROR_WANT_X509_LOOKUP", SSL_ERROR_WANT_X509_LOOKUP},
    {"SSL_ERROR_SYSCALL", SSL_ERROR_SYSCALL},
    {"SSL_ERROR_SSL", SSL_ERROR_SSL},
    {"SSL_ERROR_WANT_CONNECT", SSL_ERROR_WANT_CONNECT},
    {"SSL_ERROR_EOF", kSslEof},
    {"SSL_ERROR_INVALID_ERROR_CODE", kSslInvalidCode},
    {"CERT_NONE", 0},
    {"CERT_OPTIONAL", 1},
    {"CERT_REQUIRED", 2},
    {"VERIFY_DEFAULT", 0},
    {"VERIFY_CRL_CHECK_LEAF", X509_V_FLAG_CRL_CHECK},
    {"VERIFY_CRL_CHECK_CHAIN", X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL},
    {"VERIFY_X509_STRICT", X509_V_FLAG_X509_STRICT},
    {"VERIFY_ALLOW_PROXY_CERTS", X509_V_FLAG_ALLOW_PROXY_CERTS},
    {"VERIFY_X509_TRUSTED_FIRST", X509_V_FLAG_TRUSTED_FIRST},
    {"VERIFY_X509_PARTIAL_CHAIN", X509_V_FLAG_PARTIAL_CHAIN},
#define ALERT(name) {"ALERT_DESCRIPTION_" #name, SSL_AD_##name}
    ALERT(CLOSE_NOTIFY),
    ALERT(UNEXPECTED_MESSAGE),
    ALERT(BAD_RECORD_MAC),
    ALERT(RECORD_OVERFLOW),
    ALERT(DECOMPRESSION_FAILURE),
    ALERT(HANDSHAKE_FAILURE),
    ALERT(BAD_CERTIFICATE),
    ALERT(UNSUPPORTED_CERTIFICATE),
    ALERT(CERTIFICATE_REVOKED),
    ALERT(CERTIFICATE_EXPIRED),
    ALERT(CERTIFICATE_UNKNOWN),
    ALERT(ILLEGAL_PARAMETER),
    ALERT(UNKNOWN_CA),
    ALERT(ACCESS_DENIED),
    ALERT(DECODE_ERROR),
    ALERT(DECRYPT_ERROR),
    ALERT(PROTOCOL_VERSION),
    ALERT(INSUFFICIENT_SECURITY),
    ALERT(INTERNAL_ERROR),
    ALERT(USER_CANCELLED),
    ALERT(NO_RENEGOTIATION),
    ALERT(UNSUPPORTED_EXTENSION),
    ALERT(CERTIFICATE_UNOBTAINABLE),
    ALERT(UNRECOGNIZED_NAME),
    ALERT(BAD_CERTIFICATE_STATUS_RESPONSE),
    ALERT(BAD_CERTIFICATE_HASH_VALUE),
    ALERT(UNKNOWN_PSK_IDENTITY),
#undef ALERT
    {"PROTOCOL_SSLv23", kProtocolTls},
    {"PROTOCOL_TLS", kProtocolTls},
    {"PROTOCOL_TLS_CLIENT", kProtocolClient},
    {"PROTOCOL_TLS_SERVER", kProtocolServer},
    {"PROTOCOL_TLSv1", kProtocolTls1},
    {"PROTOCOL_TLSv1_1", kProtocolTls1_1},
    {"PROTOCOL_TLSv1_2", kProtocolTls1_2},
    {"OP_ALL", static_cast<i64>(SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS)},
    {"OP_NO_SSLv2", SSL_OP_NO_SSLv2},
    {"OP_NO_SSLv3", static_cast<i64>(SSL_OP_NO_SSLv3)},
    {"OP_NO_TLSv1", static_cast<i64>(SSL_OP_NO_TLSv1)},
    {"OP_NO_TLSv1_1", static_cast<i64>(SSL_OP_NO_TLSv1_1)},
    {"OP_NO_TLSv1_2", static_cast<i64>(SSL_OP_NO_TLSv1_2)},
    {"OP_NO_TLSv1_3", static_cast<i64>(SSL_OP_NO_TLSv1_3)},
    {"OP_CIPHER_SERVER_PREFERENCE", static_cast<i64>(SSL_OP_CIPHER_SERVER_PREFERENCE)},
    {"OP_SINGLE_DH_USE", SSL_OP_SINGLE_DH_USE},
    {"OP_NO_TICKET", static_cast<i64>(SSL_OP_NO_TICKET)},
    {"OP_SINGLE_ECDH_USE", SSL_OP_SINGLE_ECDH_USE},
    {"OP_NO_COMPRESSION", static_cast<i64>(SSL_OP_NO_COMPRESSION)},
    {"OP_ENABLE_MIDDLEBOX_COMPAT", static_cast<i64>(SSL_OP_ENABLE_MIDDLEBOX_COMPAT)},
    {"OP_NO_RENEGOTIATION", static_cast<i64>(SSL_OP_NO_RENEGOTIATION)},
    {"OP_IGNORE_UNEXPECTED_EOF", static_cast<i64>(SSL_OP_IGNORE_UNEXPECTED_EOF)},
    {"HOSTFLAG_ALWAYS_CHECK_SUBJECT", X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT},
    {"HOSTFLAG_NEVER_CHECK_SUBJECT", X509_CHECK_FLAG_NEVER_CHECK_SUBJECT},
    {"HOSTFLAG_NO_WILDCARDS", X509_CHECK_FLAG_NO_WILDCARDS},
    {"HOSTFLAG_NO_PARTIAL_WILDCARDS", X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS},
    {"HOSTFLAG_MULTI_LABEL_WILDCARDS", X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS},
    {"HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS},
    {"ENCODING_PEM", 1},
    {"ENCODING_DER", 2},
    {"PROTO_MINIMUM_SUPPORTED", -2},
    {"PROTO_MAXIMUM_SUPPORTED", -1},
    {"PROTO_SSLv3", SSL3_VERSION},
    {"PROTO_TLSv1", TLS1_VERSION},
    {"PROTO_TLSv1_1", TLS1_1_VERSION},
    {"PROTO_TLSv1_2", TLS1_2_VERSION},
    {"PROTO_TLSv1_3", TLS1_3_VERSION},
};
// What the library can do, at the version that the build found.
static constexpr struct {
  const char* name;
  bool value;
} abilities[] = {{"HAS_SNI", true},     {"HAS_TLS_UNIQUE", true}, {"HAS_ECDH", true},   {"HAS_NPN", false},
                 {"HAS_ALPN", true},    {"HAS_SSLv2", false},     {"HAS_SSLv3", false}, {"HAS_TLSv1", true},
                 {"HAS_TLSv1_1", true}, {"HAS_TLSv1_2", true},    {"HAS_TLSv1_3", true}};

static Result<Value> version_tuple(Thread& t, unsigned long number) {
  // 0xMNN00PP0: major, minor, patch. The fourth place of the tuple is the patch too, as Python 3.11 reads it.
  return TRY(tuple_of(t, Value::of_small_int(number >> 28 & 0xF), Value::of_small_int(number >> 20 & 0xFF),
                      Value::of_small_int(number >> 12 & 0xFF), Value::of_small_int(number >> 4 & 0xFF),
                      Value::of_small_int(number & 0xF)));
}

static Result<void> ssl_exec(Thread& t, Module* module) {
  TRY(load_libssl(t));
  TRY(add_ssl_errors(t, module));
  for (auto& ability : abilities) TRY(module_set(t, module, ability.name, Value::of_bool(ability.value)));
  TRY(module_set(t, module, "_DEFAULT_CIPHERS", Value(TRY(str_from_ascii(t, OSSL_default_cipher_list())))));
  unsigned long number = OpenSSL_version_num();
  TRY(module_set(t, module, "OPENSSL_VERSION_NUMBER", TRY(int_from_u64(t, number))));
  TRY(module_set(t, module, "OPENSSL_VERSION_INFO", TRY(version_tuple(t, number))));
  TRY(module_set(t, module, "OPENSSL_VERSION", Value(TRY(str_from_utf8(t, OpenSSL_version(OPENSSL_VERSION))))));
  return module_set(t, module, "_OPENSSL_API_VERSION", TRY(version_tuple(t, OPENSSL_VERSION_NUMBER)));
}

static constinit NativeDef functions[] = {
    native<decode_certificate_file>("_test_decode_cert($module, path, /)", nullptr),
    native<rand_add>("RAND_add($module, string, entropy, /)",
                     "Feed extra randomness to OpenSSL's random number generator.\n\nstring holds the data, as str or bytes. "
                     "entropy, a float, states how much\nrandomness is in it at the least; RFC 4086 has the background."),
    native<rand_bytes>("RAND_bytes($module, n, /)", "Generate n cryptographically strong pseudo-random bytes."),
    native<rand_pseudo_bytes>("RAND_pseudo_bytes($module, n, /)",
                              "Get n random bytes and a bool that says whether they suit cryptography.\n\nBoth come as a tuple.  "
                              "This function is deprecated: use RAND_bytes()."),
    native<rand_status>("RAND_status($module, /)", "Whether the library's generator has been seeded with enough data."),
    native<get_default_verify_paths>("get_default_verify_paths($module, /)",
                                     "Where the default authorities' certificates are looked for.\n\nThe values are "
                                     "'cert_file_env', 'cert_file', 'cert_dir_env', 'cert_dir'."),
    native<txt2obj>("txt2obj($module, /, txt, name=False)",
                    "Find an ASN.1 object from its OID in dotted form.\n\nReturns a tuple of NID, short name, long name and OID. "
                    "If name is true, txt\nmay be one of the two names instead. Raises ValueError for unknown objects."),
    native<nid2obj>("nid2obj($module, nid, /)",
                    "Find an ASN.1 object from its NID, OpenSSL's number for it.\n\nReturns a tuple of NID, short name, long "
                    "name and OID. Raises ValueError for\nunknown numbers."),
};
static TypeDef* const ssl_type_defs[] = {&ssl_context_def, &ssl_socket_def, &memory_bio_def, &ssl_session_def, &certificate_def};
constinit ModuleDef ssl_module = {
    .name = "_ssl",
    .doc = "The native part of the ssl module, for encrypted sockets.",
    .functions = functions,
    .function_count = count_of(functions),
    .types = ssl_type_defs,
    .type_count = 5,
    .constants = constants,
    .constant_count = sizeof constants / sizeof *constants,
    .exec = ssl_exec,
};

}  // namespace baton
